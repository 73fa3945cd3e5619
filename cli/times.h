/* times.h: options of commands that print what happens over time. */
#ifndef SNA_CLI_TIMES_H
#define SNA_CLI_TIMES_H

#include <argp.h>
#include <math.h>

#include "command.h"
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

/* What commands that print spikes or reports take. Start from NO_SERIES_OPTIONS; free `nodes`. */
typedef struct {
    output_options output;
    const char *file, *population;
    sna_selection nodes;
    bool has_nodes;
    time_window times;
    uint64_t limit; /* rows */
} series_options;
#define NO_SERIES_OPTIONS                                                                           \
    {                                                                                               \
        .output = {SNA_FORMAT_TEXT}, .nodes = SNA_SELECTION, .times = ANY_TIME, .limit = UINT64_MAX \
    }
enum { SERIES_POPULATION = 0x2001, SERIES_NODES, SERIES_TIMES, SERIES_LIMIT, SERIES_OF_COMMAND };
/* The part of an argp parser for --population, --nodes, --times, --limit, the file and the child output_argp; `which`
 * asks for a file where none is given. Other keys are ARGP_ERR_UNKNOWN. */
error_t series_parse(series_options *options, const char *which, int key, char *text, struct argp_state *state);

#endif
