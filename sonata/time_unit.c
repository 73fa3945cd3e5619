/* time_unit.c: units of time in files, and times as frames. */
#include "sonata/time_unit.h"

#include <math.h>
#include <stddef.h>
#include <strings.h>

bool sna_time_unit(const char *unit, double *to_ms)
{
    static const struct {
        const char *word;
        double to_ms;
    } words[] = {{"ms", 1},    {"msec", 1},    {"millisecond", 1},    {"milliseconds", 1},
                 {"s", 1000},  {"sec", 1000},  {"second", 1000},      {"seconds", 1000},
                 {"us", 1e-3}, {"usec", 1e-3}, {"microseconds", 1e-3}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(unit, words[i].word) == 0) {
            *to_ms = words[i].to_ms;
            return true;
        }
    return false;
}

void sna_time_window(double origin, double step, uint64_t frames, double start, double stop, uint64_t *first,
                     uint64_t *count)
{
    /* A frame that rounding puts a hair outside is meant. */
    const double hair = 1e-6;
    const double low = isnan(start) ? 0 : ceil((start - origin) / step - hair);
    const double high = isnan(stop) ? (double)frames : floor((stop - origin) / step + hair) + 1;

    *first = low <= 0 ? 0 : low >= (double)frames ? frames : (uint64_t)low;
    *count = high <= (double)*first ? 0 : high >= (double)frames ? frames - *first : (uint64_t)high - *first;
}
