/* connection_distance.c: sonatina connection distance */
#include "connection.h"

static const char doc[] = "How long connections are: distance between source and target cell, by pair of groups.\v"
                          "Every row of the edges file counts; connections of a cell with itself are left out.\n\n"
                          "Example:\n  sonatina connection distance config.json --sids pop_name --axis x,y";

enum { KEY_AXIS = 0x1307, KEY_HISTOGRAM, KEY_BINS };

static const struct argp_option option[] = {
    {"axis", KEY_AXIS, "AXES", 0, "Axes along which distance is measured, such as x,z (default: all there are)", 1},
    {"histogram", KEY_HISTOGRAM, NULL, 0, "Print the histograms that --plot draws", 1},
    {"bins", KEY_BINS, "N", 0, "Bins (default: by Freedman and Diaconis)", 1},
    {0}};

typedef struct {
    connection_options shared;
    bool histogram;
    uint64_t bins;
} distance_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    distance_options *options = state->input;

    switch (key) {
    case KEY_AXIS:
        options->shared.request.axes = connection_axes(state, text);
        return 0;
    case KEY_HISTOGRAM:
        options->histogram = true;
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
    distance_options *options = input;

    options->shared.request.measure = SNA_MEASURE_DISTANCE;
}

static int make(const void *input, const sna_survey *survey, connection_result *out)
{
    const distance_options *options = input;

    return connection_make_values(&options->shared, survey, NULL, options->bins, options->histogram, out);
}

static const distance_options defaults = {.bins = 0};
const connection_kind connection_kind_distance = {.name = "distance",
                                                  .doc = doc,
                                                  .option = option,
                                                  .parse = parse,
                                                  .defaults = &defaults,
                                                  .size = sizeof defaults,
                                                  .measure = measure,
                                                  .make = make};
