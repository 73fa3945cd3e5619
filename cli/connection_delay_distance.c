/* connection_delay_distance.c: sonatina connection delay-distance */
#include "commands.h"
#include "connection.h"

static const char doc[] =
    "Delay of connections over the distance between source and target cell: the line through them by pair of groups.\v"
    "The velocity is the inverse of the line's slope.\n\n"
    "Example:\n  sonatina connection delay-distance config.json --sids pop_name --plot d.png";

enum { KEY_AXIS = 0x1308 };

static const struct argp_option option[] = {
    {"axis", KEY_AXIS, "AXES", 0, "Axes along which distance is measured, such as x,z (default: all there are)", 1},
    {0}};

typedef struct {
    connection_options shared;
} delay_distance_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    delay_distance_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->shared;
        return 0;
    case KEY_AXIS:
        options->shared.request.axes = connection_axes(state, text);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int connection_delay_distance(int argc, char **argv)
{
    static const struct argp_child children[] = {{&connection_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {.options = option, .parser = parse, .doc = doc, .children = children};
    int status = 0;
    delay_distance_options options = {.shared = {.config = NULL}};
    sna_circuit *circuit = NULL;
    sna_survey *survey = NULL;
    sna_table *table = NULL;
    sna_figure *figure = NULL;

    status = command_parse(&argp, argc, argv, &options);
    if (status != 0)
        goto out;
    options.shared.request.measure = SNA_MEASURE_DELAY;
    status = connection_survey(&options.shared, &circuit, &survey);
    if (status == 0)
        status = sna_survey_delay(survey, &table);
    if (status == 0 && connection_draws(&options.shared))
        status = sna_delay_figure(&figure, survey, options.shared.picture.title);
    if (status == 0)
        status = connection_show_figure(&options.shared, table, figure);
out:
    sna_table_free(table);
    sna_survey_free(survey);
    sna_circuit_close(circuit);
    return status;
}
