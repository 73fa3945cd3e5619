/* connection_distance.c: sonatina connection distance */
#include "commands.h"
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
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->shared;
        return 0;
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

int connection_distance(int argc, char **argv)
{
    static const struct argp_child children[] = {{&connection_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {.options = option, .parser = parse, .doc = doc, .children = children};
    int status = 0;
    distance_options options = {.histogram = false};
    sna_circuit *circuit = NULL;
    sna_survey *survey = NULL;
    sna_table *table = NULL;
    sna_table *bins = NULL;
    sna_figure *figure = NULL;

    status = command_parse(&argp, argc, argv, &options);
    if (status != 0)
        goto out;
    options.shared.request.measure = SNA_MEASURE_DISTANCE;
    status = connection_survey(&options.shared, &circuit, &survey);
    if (status == 0)
        status = sna_survey_values(survey, NULL, &table);
    if (status == 0 && (options.histogram || connection_draws(&options.shared)))
        status = sna_survey_values_histogram(survey, NULL, options.bins, &bins);
    if (status == 0 && connection_draws(&options.shared))
        status = sna_histogram_figure(&figure, bins, options.shared.picture.title, "Distance", "um");
    if (status == 0)
        status = connection_show_figure(&options.shared, options.histogram ? bins : table, figure);
out:
    sna_table_free(table);
    sna_table_free(bins);
    sna_survey_free(survey);
    sna_circuit_close(circuit);
    return status;
}
