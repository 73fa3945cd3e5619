/* connection_percent.c: sonatina connection percent */
#include "commands.h"
#include "connection.h"

static const char doc[] =
    "Share of the possible connections between groups of cells that exist, in percent.\v"
    "Methods: total, connected (source, target) pairs of all (the connection probability); any, uni, bi, cell pairs "
    "connected in at least one, in one, in both directions (between groups uni is from source to target only); "
    "innervation, target cells with any input. A cell with itself is no pair, and parallel rows count once.\n\n"
    "Example:\n  sonatina connection percent config.json --sids pop_name --method bi --no-gap";

enum { KEY_METHOD = 0x1302 };

static const struct argp_option option[] = {
    {"method", KEY_METHOD, "METHOD", 0, "total (default), any, uni, bi or innervation", 1}, {0}};

typedef struct {
    connection_options shared;
    sna_percent method;
} percent_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    percent_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->shared;
        return 0;
    case KEY_METHOD:
        if (sna_percent_parse(&options->method, text) != 0)
            command_bad_value(state, "--method");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int connection_percent(int argc, char **argv)
{
    static const struct argp_child children[] = {{&connection_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {.options = option, .parser = parse, .doc = doc, .children = children};
    int status = 0;
    percent_options options = {.method = SNA_PERCENT_TOTAL};
    sna_circuit *circuit = NULL;
    sna_survey *survey = NULL;
    sna_table *table = NULL;
    const sna_heat_options heat = {.value_label = "Percent", .unit = "%"};

    status = command_parse(&argp, argc, argv, &options);
    if (status != 0)
        goto out;
    options.shared.request.measure =
        options.method == SNA_PERCENT_INNERVATION ? SNA_MEASURE_INNERVATION : SNA_MEASURE_PAIRS;
    status = connection_survey(&options.shared, &circuit, &survey);
    if (status == 0)
        status = sna_survey_percent(survey, options.method, &table);
    if (status == 0)
        status = connection_show(&options.shared, table, NULL, &heat);
out:
    sna_table_free(table);
    sna_survey_free(survey);
    sna_circuit_close(circuit);
    return status;
}
