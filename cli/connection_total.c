/* connection_total.c: sonatina connection total */
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
    case KEY_COUNT:
        if (sna_count_parse(&options->count, text) != 0)
            command_bad_value(state, "--count");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void measure(void *input)
{
    static const unsigned wanted[] = {0, SNA_MEASURE_PAIRS, SNA_MEASURE_SYNAPSES};
    total_options *options = input;

    options->shared.request.measure = wanted[options->count];
}

static int make(const void *input, const sna_survey *survey, connection_result *out)
{
    const total_options *options = input;
    int status = sna_survey_total(survey, options->count, &out->table);

    if (status == 0)
        status = connection_draw_matrix(&options->shared, out->table, NULL, &out->figure);
    return status;
}

static const total_options defaults = {.count = SNA_COUNT_ROWS};
const connection_kind connection_kind_total = {.name = "total",
                                               .doc = doc,
                                               .option = option,
                                               .parse = parse,
                                               .defaults = &defaults,
                                               .size = sizeof defaults,
                                               .measure = measure,
                                               .make = make};
