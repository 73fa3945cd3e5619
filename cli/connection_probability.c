/* connection_probability.c: sonatina connection probability */
#include "connection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char doc[] =
    "Connection probability by distance between the cells.\v"
    "Pairs of different cells; parallel rows count once. Without edges of bins given, each pair of groups has --bins "
    "of "
    "them from its smallest to its largest distance (from 0 within a group). The interval is of 95 % (Wilson). Above "
    "1.5e9 pairs (55,000 cells) the numbers of pairs are estimated from random ones; a note says so, and pairs_error "
    "is "
    "the standard error of the estimate (0: all pairs were looked at).\n\n"
    "Example:\n  sonatina connection probability config.json --sids pop_name --fit gaussian";

enum { KEY_BINS = 0x1304, KEY_AXIS, KEY_FIT, KEY_EXACT };

static const struct argp_option option[] = {
    {"bins", KEY_BINS, "N", 0, "Bins of distance (default 8), or their edges in um, separated by commas", 1},
    {"axis", KEY_AXIS, "AXES", 0, "Axes along which distance is measured, such as x,z (default: all there are)", 1},
    {"exact", KEY_EXACT, NULL, 0, "Compute the distances of all pairs, however many there are", 1},
    {"fit", KEY_FIT, "CURVE", 0, "Fit a gaussian or exponential curve, and print that", 1},
    {0}};

typedef struct {
    connection_options shared;
    sna_fit fit;
    bool fitted;
    double *edges; /* of bins */
} probability_options;

/* A number, or at least two ascending edges. */
static void parse_bins(probability_options *options, const char *text, const struct argp_state *state)
{
    sna_list list = SNA_LIST;

    if (strchr(text, ',') == NULL) {
        options->shared.request.bins = connection_bins(state, text);
        return;
    }
    if (sna_list_split(&list, text, ',') != 0 || sna_allocate(&options->edges, list.count, sizeof *options->edges) != 0)
        command_bad_value(state, "--bins");
    for (uint64_t i = 0; i < list.count; i++) {
        options->edges[i] = command_real(state, "--bins", list.text[i]);
        if (!isfinite(options->edges[i]))
            argp_error(state, "--bins: edges must be finite, found %s", list.text[i]);
        if (i > 0 && !(options->edges[i] > options->edges[i - 1]))
            argp_error(state, "--bins: edges must ascend, found %s after %s", list.text[i], list.text[i - 1]);
    }
    if (list.count < 2)
        argp_error(state, "--bins: at least two edges are needed");
    options->shared.request.bins = list.count - 1;
    options->shared.request.bin_edges = options->edges;
    sna_list_free(&list);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    probability_options *options = state->input;

    switch (key) {
    case KEY_BINS:
        parse_bins(options, text, state);
        return 0;
    case KEY_AXIS:
        options->shared.request.axes = connection_axes(state, text);
        return 0;
    case KEY_EXACT:
        options->shared.request.most_distances = UINT64_MAX;
        return 0;
    case KEY_FIT:
        if (sna_fit_parse(&options->fit, text) != 0)
            command_bad_value(state, "--fit");
        options->fitted = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void release(void *input)
{
    probability_options *options = input;

    free(options->edges);
}

static void measure(void *input)
{
    probability_options *options = input;

    options->shared.request.measure = SNA_MEASURE_PROBABILITY;
}

static int make(const void *input, const sna_survey *survey, connection_result *out)
{
    const probability_options *options = input;
    int status = 0;
    sna_table *table = NULL, *fits = NULL;

    status = sna_survey_probability(survey, &table);
    if (status == 0 && options->fitted)
        status = sna_survey_probability_fit(survey, options->fit, &fits);
    if (status == 0 && picture_wanted(&options->shared.picture))
        status = sna_probability_figure(&out->figure, table, fits, NULL);
    if (status != 0 || fits == NULL) {
        sna_table_free(fits);
        out->table = table;
    } else {
        sna_table_free(table);
        out->table = fits;
    }
    return status;
}

static const probability_options defaults = {.fitted = false};
const connection_kind connection_kind_probability = {.name = "probability",
                                                     .doc = doc,
                                                     .option = option,
                                                     .parse = parse,
                                                     .defaults = &defaults,
                                                     .size = sizeof defaults,
                                                     .measure = measure,
                                                     .make = make,
                                                     .release = release};
