/* time_unit.h: units of time in files. Private to sonata/. */
#ifndef SNA_TIME_UNIT_H
#define SNA_TIME_UNIT_H

#include <stdbool.h>

/* How many ms one `unit` is; false for a word that is no unit of time. */
bool sna_time_unit(const char *unit, double *to_ms);

#endif
