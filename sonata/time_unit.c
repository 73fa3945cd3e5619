/* time_unit.c: units of time in files. */
#include "sonata/time_unit.h"

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
