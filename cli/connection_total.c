/* connection_total.c: sonatina connection total */
#include "commands.h"
#include "connection.h"

static const char doc[] =
    "Number of connections of each group of source cells to each group of target cells.\v"
    "One row of the edges file is a connection. --count pairs counts (source, target) pairs however many rows connect "
    "them, --count synapses adds up nsyns.\n\n"
    "Example:\n  sonatina connection total config.json --sids pop_name --plot total.png";

enum { KEY_COUNT = 0x1301 };

static const struct argp_option option[] = {
    {"count", KEY_COUNT, "WHAT", 0, "Count rows (default), pairs or synapses", 1}, {0}};

typedef struct {
    connection_options shared;
    sna_count count;
} total_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    total_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->shared;
        return 0;
    case KEY_COUNT:
        if (sna_count_parse(&options->count, text) != 0)
            command_bad_value(state, "--count");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int connection_total(int argc, char **argv)
{
    static const struct argp_child children[] = {{&connection_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {.options = option, .parser = parse, .doc = doc, .children = children};
    static const unsigned measure[] = {0, SNA_MEASURE_PAIRS, SNA_MEASURE_SYNAPSES};
    int status = 0;
    total_options options = {.count = SNA_COUNT_ROWS};
    sna_circuit *circuit = NULL;
    sna_survey *survey = NULL;
    sna_table *table = NULL;

    status = command_parse(&argp, argc, argv, &options);
    if (status != 0)
        goto out;
    options.shared.request.measure = measure[options.count];
    status = connection_survey(&options.shared, &circuit, &survey);
    if (status == 0)
        status = sna_survey_total(survey, options.count, &table);
    if (status == 0)
        status = connection_show(&options.shared, table, NULL, NULL);
out:
    sna_table_free(table);
    sna_survey_free(survey);
    sna_circuit_close(circuit);
    return status;
}
