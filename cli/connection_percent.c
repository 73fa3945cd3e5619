/* connection_percent.c: sonatina connection percent */
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
    case KEY_METHOD:
        if (sna_percent_parse(&options->method, text) != 0)
            command_bad_value(state, "--method");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void measure(void *input)
{
    percent_options *options = input;

    options->shared.request.measure =
        options->method == SNA_PERCENT_INNERVATION ? SNA_MEASURE_INNERVATION : SNA_MEASURE_PAIRS;
}

static int make(const void *input, const sna_survey *survey, connection_result *out)
{
    static const sna_heat_options heat = {.value_label = "Percent", .unit = "%"};
    const percent_options *options = input;
    int status = sna_survey_percent(survey, options->method, &out->table);

    if (status == 0)
        status = connection_draw_matrix(&options->shared, out->table, &heat, &out->figure);
    return status;
}

static const percent_options defaults = {.method = SNA_PERCENT_TOTAL};
const connection_kind connection_kind_percent = {.name = "percent",
                                                 .doc = doc,
                                                 .option = option,
                                                 .parse = parse,
                                                 .defaults = &defaults,
                                                 .size = sizeof defaults,
                                                 .measure = measure,
                                                 .make = make};
