/* connection_gap.c: sonatina connection gap */
#include "connection.h"

#include <string.h>

static const char doc[] = "Gap junctions between groups of cells.\v"
                          "Methods: percent, cell pairs that a gap junction joins of all cell pairs; convergence "
                          "(mean), std, min, max, median, "
                          "mean+std, number of cells of the source group that a cell of the target group is joined "
                          "with, whichever end of the "
                          "row it is.\n\n"
                          "Example:\n  sonatina connection gap config.json --sids pop_name --method convergence";

enum { KEY_METHOD = 0x1303, KEY_CONNECTED };

static const struct argp_option option[] = {
    {"method", KEY_METHOD, "METHOD", 0, "percent (default), convergence, std, min, max, median or mean+std", 1},
    {"connected-only", KEY_CONNECTED, NULL, 0, "Leave cells without gap junctions out of the mean (and so on)", 1},
    {0}};

typedef struct {
    connection_options shared;
    bool percent, connected_only;
    sna_summary summary;
} gap_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    gap_options *options = state->input;

    switch (key) {
    case KEY_METHOD:
        options->percent = strcmp(text, "percent") == 0;
        options->summary = SNA_SUMMARY_MEAN;
        if (!options->percent && strcmp(text, "convergence") != 0 && sna_summary_parse(&options->summary, text) != 0)
            argp_error(state,
                       "--method: `%s` is no method; there is: percent, convergence, std, min, max, median, mean+std",
                       text);
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
    gap_options *options = input;

    options->shared.request.measure = SNA_MEASURE_GAP;
}

static int make(const void *input, const sna_survey *survey, connection_result *out)
{
    const gap_options *options = input;
    int status = options->percent
                     ? sna_survey_gap_percent(survey, &out->table)
                     : sna_survey_gap_degree(survey, options->summary, options->connected_only, &out->table);

    if (status == 0)
        status = connection_draw_summary(&options->shared, out->table,
                                         options->percent ? SNA_SUMMARY_MEAN : options->summary, &out->figure);
    return status;
}

static const gap_options defaults = {.percent = true};
const connection_kind connection_kind_gap = {.name = "gap",
                                             .doc = doc,
                                             .option = option,
                                             .parse = parse,
                                             .defaults = &defaults,
                                             .size = sizeof defaults,
                                             .measure = measure,
                                             .make = make};
