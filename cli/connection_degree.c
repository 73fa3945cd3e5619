/* connection_degree.c: sonatina connection convergence, and divergence */
#include "commands.h"
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
    sna_summary summary;
    sna_count count;
    bool connected_only;
} degree_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    degree_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->shared;
        return 0;
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

static int run(int argc, char **argv, sna_direction direction, const char *doc)
{
    static const struct argp_child children[] = {{&connection_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {.options = option, .parser = parse, .doc = doc, .children = children};
    int status = 0;
    degree_options options = {.summary = SNA_SUMMARY_MEAN};
    sna_circuit *circuit = NULL;
    sna_survey *survey = NULL;
    sna_table *table = NULL;

    status = command_parse(&argp, argc, argv, &options);
    if (status != 0)
        goto out;
    options.shared.request.measure = (direction == SNA_AFFERENT ? SNA_MEASURE_CONVERGENCE : SNA_MEASURE_DIVERGENCE) |
                                     (options.count == SNA_COUNT_PAIRS ? SNA_MEASURE_PAIRS : 0u) |
                                     (options.count == SNA_COUNT_SYNAPSES ? SNA_MEASURE_SYNAPSES : 0u);
    status = connection_survey(&options.shared, &circuit, &survey);
    if (status == 0)
        status = sna_survey_degree(survey, direction, options.count, options.summary, options.connected_only, &table);
    if (status == 0)
        status = connection_show_summary(&options.shared, table, options.summary);
out:
    sna_table_free(table);
    sna_survey_free(survey);
    sna_circuit_close(circuit);
    return status;
}

int connection_convergence(int argc, char **argv)
{
    return run(argc, argv, SNA_AFFERENT, convergence_doc);
}

int connection_divergence(int argc, char **argv)
{
    return run(argc, argv, SNA_EFFERENT, divergence_doc);
}
