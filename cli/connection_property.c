/* connection_property.c: sonatina connection property */
#include "connection.h"

#include <math.h>

static const char doc[] = "Any property of connections (syn_weight, delay, nsyns, dynamics_params...) by pair of "
                          "groups: count, mean, standard "
                          "deviation, quartiles.\v"
                          "Of a property that is text, how often each text occurs. --report takes values of a "
                          "simulation instead: a report of connections, at a time or from one time to another.\n\n"
                          "Example:\n  sonatina connection property config.json --property delay --sids pop_name";

enum { KEY_PROPERTY = 0x1306, KEY_HISTOGRAM, KEY_BINS, KEY_REPORT, KEY_TIME, KEY_COMPARE };

static const struct argp_option option[] = {
    {"property", KEY_PROPERTY, "NAME", 0, "The property (default syn_weight)", 1},
    {"histogram", KEY_HISTOGRAM, NULL, 0, "Print the histograms that --plot draws", 1},
    {"bins", KEY_BINS, "N", 0, "Bins (default: one a number where these are few, else by Freedman and Diaconis)", 1},
    {"report", KEY_REPORT, "FILE", 0, "Take values from this report; needs one source and one target population", 2},
    {"time", KEY_TIME, "MS", 0, "With --report: at this time", 2},
    {"time-compare", KEY_COMPARE, "MS", 0, "With --report: the change from --time to this time", 2},
    {0}};

typedef struct {
    connection_options shared;
    const char *property, *report;
    double time, compare; /* ms; NaN: not given */
    bool histogram;
    uint64_t bins;
} property_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    property_options *options = state->input;

    switch (key) {
    case KEY_PROPERTY:
        options->property = text;
        return 0;
    case KEY_HISTOGRAM:
        options->histogram = true;
        return 0;
    case KEY_BINS:
        options->bins = connection_bins(state, text);
        return 0;
    case KEY_REPORT:
        options->report = text;
        return 0;
    case KEY_TIME:
        options->time = command_real(state, "--time", text);
        return 0;
    case KEY_COMPARE:
        options->compare = command_real(state, "--time-compare", text);
        return 0;
    case ARGP_KEY_END:
        if ((options->report != NULL) != !isnan(options->time) || (options->report == NULL && !isnan(options->compare)))
            argp_error(state, "--report and --time belong together, --time-compare to both");
        if (options->report != NULL && (options->histogram || picture_wanted(&options->shared.picture)))
            argp_error(state, "values of a report come as a table only");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void measure(void *input)
{
    property_options *options = input;

    options->shared.request.property = &options->property;
    options->shared.request.properties = options->report == NULL;
}

static int make(const void *input, const sna_survey *survey, connection_result *out)
{
    const property_options *options = input;

    if (options->report != NULL)
        return sna_survey_report(survey, options->report, options->time, options->compare, &out->table);
    return connection_make_values(&options->shared, survey, options->property, options->bins, options->histogram, out);
}

static const property_options defaults = {.property = "syn_weight", .time = NAN, .compare = NAN};
const connection_kind connection_kind_property = {.name = "property",
                                                  .doc = doc,
                                                  .option = option,
                                                  .parse = parse,
                                                  .defaults = &defaults,
                                                  .size = sizeof defaults,
                                                  .measure = measure,
                                                  .make = make};
