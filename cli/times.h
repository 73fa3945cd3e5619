/* times.h: options of commands that print what happens over time. */
#ifndef SNA_CLI_TIMES_H
#define SNA_CLI_TIMES_H

#include <argp.h>
#include <math.h>

#include "sonata/sonata.h"

/* From START to STOP (ms), both included; NaN for no limit. */
typedef struct {
    double start, stop;
} time_window;
#define ANY_TIME ((time_window){(double)NAN, (double)NAN})

/* Inside an argp parser: "100:200", "100:", ":200"; ends the program on anything else. */
time_window command_times(const struct argp_state *state, const char *option, const char *text);
/* Inside an argp parser: ids such as 0-9,12, sorted, into an empty selection; ends the program on anything else. */
void command_ids(const struct argp_state *state, const char *option, const char *text, sna_selection *out);

#endif
