/* connection_histogram.c: sonatina connection histogram */
#include "connection.h"

#include <string.h>

static const char doc[] =
    "How many cells have how many connections: in-degrees by source group, or out-degrees by target group.\v"
    "Cells without connections count. One row a pair of groups and bin.\n\n"
    "Example:\n  sonatina connection histogram config.json --sids pop_name --plot h.png";

enum { KEY_OF = 0x1305, KEY_COUNT, KEY_BINS };

static const struct argp_option option[] = {
    {"of", KEY_OF, "CELLS", 0,
     "target: connections that target cells receive (default); source: that source cells make", 1},
    {"count", KEY_COUNT, "WHAT", 0, "Count rows (default), pairs or synapses", 1},
    {"bins", KEY_BINS, "N", 0, "Bins (default: one a number where these are few, else by Freedman and Diaconis)", 1},
    {0}};

typedef struct {
    connection_options shared;
    sna_direction direction;
    sna_count count;
    uint64_t bins;
} histogram_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    histogram_options *options = state->input;

    switch (key) {
    case KEY_OF:
        if (strcmp(text, "target") != 0 && strcmp(text, "source") != 0)
            argp_error(state, "--of: must be target or source, found `%s`", text);
        options->direction = text[0] == 't' ? SNA_AFFERENT : SNA_EFFERENT;
        return 0;
    case KEY_COUNT:
        if (sna_count_parse(&options->count, text) != 0)
            command_bad_value(state, "--count");
        return 0;
    case KEY_BINS:
        options->bins = connection_bins(state, text);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void measure(void *input)
{
    histogram_options *options = input;

    options->shared.request.measure =
        (options->direction == SNA_AFFERENT ? SNA_MEASURE_CONVERGENCE : SNA_MEASURE_DIVERGENCE) |
        (options->count == SNA_COUNT_PAIRS ? SNA_MEASURE_PAIRS : 0u) |
        (options->count == SNA_COUNT_SYNAPSES ? SNA_MEASURE_SYNAPSES : 0u);
}

static int make(const void *input, const sna_survey *survey, connection_result *out)
{
    const histogram_options *options = input;
    int status = sna_survey_degree_histogram(survey, options->direction, options->count, options->bins, &out->table);

    if (status == 0 && picture_wanted(&options->shared.picture))
        status = sna_histogram_figure(&out->figure, out->table, NULL, "Connections", NULL);
    return status;
}

static const histogram_options defaults = {.direction = SNA_AFFERENT};
const connection_kind connection_kind_histogram = {.name = "histogram",
                                                   .doc = doc,
                                                   .option = option,
                                                   .parse = parse,
                                                   .defaults = &defaults,
                                                   .size = sizeof defaults,
                                                   .measure = measure,
                                                   .make = make};
