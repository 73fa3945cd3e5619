/* time_unit.h: units of time in files, and times as frames. Private to sonata/. */
#ifndef SNA_TIME_UNIT_H
#define SNA_TIME_UNIT_H

#include <stdbool.h>
#include <stdint.h>

/* How many ms one `unit` is; false for a word that is no unit of time. */
bool sna_time_unit(const char *unit, double *to_ms);
/* Of frames at origin + i * step (ms), those in [start, stop] (NaN: no limit): first and number. */
void sna_time_window(double origin, double step, uint64_t frames, double start, double stop, uint64_t *first,
                     uint64_t *count);

#endif
