/* connection_degree.c: sonatina connection convergence, and divergence */
#include "connection.h"

static const char convergence_doc[] =
    "Connections that a cell of each target group receives from each source group.\v"
    "Cells without connections count, so the mean is connections over cells; --connected-only leaves them out, as "
    "bmtool "
    "does.\n\n"
    "Example:\n  sonatina connection convergence config.json --sids pop_name --plot c.png";
static const char divergence_doc[] =
    "Connections that a cell of each source group makes to each target group.\v"
    "Cells without connections count, so the mean is connections over cells; --connected-only leaves them out, as "
    "bmtool "
    "does.\n\n"
    "Example:\n  sonatina connection divergence config.json --sids pop_name --count synapses";

enum { KEY_METHOD = 0x1309, KEY_COUNT, KEY_CONNECTED };

static const struct argp_option option[] = {
    {"method", KEY_METHOD, "METHOD", 0, "mean (default), std, min, max, median or mean+std", 1},
    {"count", KEY_COUNT, "WHAT", 0, "Count rows (default), pairs or synapses", 1},
    {"connected-only", KEY_CONNECTED, NULL, 0, "Leave cells without connections out", 1},
    {0}};

typedef struct {
    connection_options shared;
    sna_direction direction;
    sna_summary summary;
    sna_count count;
    bool connected_only;
} degree_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    degree_options *options = state->input;

    switch (key) {
    case KEY_METHOD:
        if (sna_summary_parse(&options->summary, text) != 0)
            command_bad_value(state, "--method");
        return 0;
    case KEY_COUNT:
        if (sna_count_parse(&options->count, text) != 0)
            command_bad_value(state, "--count");
        return 0;
    case KEY_CONNECTED:
        options->connected_only = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void measure(void *input)
{
    degree_options *options = input;

    options->shared.request.measure =
        (options->direction == SNA_AFFERENT ? SNA_MEASURE_CONVERGENCE : SNA_MEASURE_DIVERGENCE) |
        (options->count == SNA_COUNT_PAIRS ? SNA_MEASURE_PAIRS : 0u) |
        (options->count == SNA_COUNT_SYNAPSES ? SNA_MEASURE_SYNAPSES : 0u);
}

static int make(const void *input, const sna_survey *survey, connection_result *out)
{
    const degree_options *options = input;
    int status = sna_survey_degree(survey, options->direction, options->count, options->summary,
                                   options->connected_only, &out->table);

    if (status == 0)
        status = connection_draw_summary(&options->shared, out->table, options->summary, &out->figure);
    return status;
}

static const degree_options afferent = {.direction = SNA_AFFERENT}, efferent = {.direction = SNA_EFFERENT};
const connection_kind connection_kind_convergence = {.name = "convergence",
                                                     .doc = convergence_doc,
                                                     .option = option,
                                                     .parse = parse,
                                                     .defaults = &afferent,
                                                     .size = sizeof afferent,
                                                     .measure = measure,
                                                     .make = make};
const connection_kind connection_kind_divergence = {.name = "divergence",
                                                    .doc = divergence_doc,
                                                    .option = option,
                                                    .parse = parse,
                                                    .defaults = &efferent,
                                                    .size = sizeof efferent,
                                                    .measure = measure,
                                                    .make = make};
