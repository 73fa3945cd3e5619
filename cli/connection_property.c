/* connection_property.c: sonatina connection property */
#include "commands.h"
#include "connection.h"

static const char doc[] = "Any property of connections (syn_weight, delay, nsyns, dynamics_params...) by pair of "
                          "groups: count, mean, standard "
                          "deviation, quartiles.\v"
                          "Of a property that is text, how often each text occurs.\n\n"
                          "Example:\n  sonatina connection property config.json --property delay --sids pop_name";

enum { KEY_PROPERTY = 0x1306, KEY_HISTOGRAM, KEY_BINS };

static const struct argp_option option[] = {
    {"property", KEY_PROPERTY, "NAME", 0, "The property (default syn_weight)", 1},
    {"histogram", KEY_HISTOGRAM, NULL, 0, "Print the histograms that --plot draws", 1},
    {"bins", KEY_BINS, "N", 0, "Bins (default: one a number where these are few, else by Freedman and Diaconis)", 1},
    {0}};

typedef struct {
    connection_options shared;
    const char *property;
    bool histogram;
    uint64_t bins;
} property_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    property_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->shared;
        return 0;
    case KEY_PROPERTY:
        options->property = text;
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

int connection_property(int argc, char **argv)
{
    static const struct argp_child children[] = {{&connection_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {.options = option, .parser = parse, .doc = doc, .children = children};
    int status = 0;
    property_options options = {.property = "syn_weight"};
    sna_circuit *circuit = NULL;
    sna_survey *survey = NULL;
    sna_table *table = NULL;
    sna_table *bins = NULL;
    sna_figure *figure = NULL;

    status = command_parse(&argp, argc, argv, &options);
    if (status != 0)
        goto out;
    options.shared.request.property = &options.property;
    options.shared.request.properties = 1;
    status = connection_survey(&options.shared, &circuit, &survey);
    if (status == 0)
        status = sna_survey_values(survey, options.property, &table);
    if (status == 0 && (options.histogram || connection_draws(&options.shared)))
        status = sna_survey_values_histogram(survey, options.property, options.bins, &bins);
    if (status == 0 && connection_draws(&options.shared))
        status = sna_histogram_figure(&figure, bins, options.shared.picture.title, options.property, NULL);
    if (status == 0)
        status = connection_show_figure(&options.shared, options.histogram ? bins : table, figure);
out:
    sna_table_free(table);
    sna_table_free(bins);
    sna_survey_free(survey);
    sna_circuit_close(circuit);
    return status;
}
