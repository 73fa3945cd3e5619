/* connection_delay_distance.c: sonatina connection delay-distance */
#include "connection.h"

static const char doc[] =
    "Delay of connections over the distance between source and target cell: the line through them by pair of groups.\v"
    "The velocity is the inverse of the line's slope.\n\n"
    "Example:\n  sonatina connection delay-distance config.json --sids pop_name --plot d.png";

enum { KEY_AXIS = 0x1308, MOST_POINTS = 2000 };

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
    case KEY_AXIS:
        options->shared.request.axes = connection_axes(state, text);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void measure(void *input)
{
    delay_distance_options *options = input;

    options->shared.request.measure = SNA_MEASURE_DELAY;
}

static int make(const void *input, const sna_survey *survey, connection_result *out)
{
    const delay_distance_options *options = input;
    int status = 0;
    sna_table *points = NULL;

    status = sna_survey_delay(survey, &out->table);
    if (status == 0 && picture_wanted(&options->shared.picture))
        status = sna_survey_delay_points(survey, MOST_POINTS, &points);
    if (status == 0 && points != NULL)
        status = sna_delay_figure(&out->figure, out->table, points, NULL);
    sna_table_free(points);
    return status;
}

static const delay_distance_options defaults = {.shared = {.config = NULL}};
const connection_kind connection_kind_delay_distance = {.name = "delay-distance",
                                                        .doc = doc,
                                                        .option = option,
                                                        .parse = parse,
                                                        .defaults = &defaults,
                                                        .size = sizeof defaults,
                                                        .measure = measure,
                                                        .make = make};
