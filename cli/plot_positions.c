/* plot_positions.c: sonatina plot positions, and plot rotation */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "plot.h"

static const char positions_doc[] =
    "Draws cells where they are: in three dimensions, and seen along each axis.\v"
    "Cells without a position are left out. Of more than --max-cells cells so many are drawn, chosen at equal steps, "
    "and the picture says so. Cells with two coordinates are drawn in their plane.\n\n"
    "Example:\n  sonatina plot positions config.json --group-by pop_name -o positions.png";
static const char rotation_doc[] =
    "Draws which way cells are turned: an arrow at each, that --init-vector becomes when it is turned as the cell is.\v"
    "Turned by orientation_w, _x, _y, _z, or by rotation_angle_zaxis, _yaxis, _xaxis in this order, about the axes of "
    "the world. Of more than --max-cells cells so many are drawn, chosen at equal steps.\n\n"
    "Example:\n  sonatina plot rotation config.json --init-vector 0,1,0 -o rotation.png";

enum {
    KEY_VIEWS = 0x2201,
    KEY_VIEW,
    KEY_CELLS,
    KEY_VECTOR,
    KEY_LENGTH,
    KEY_HEAD,
    MOST_CELLS = 20000,
    MOST_ARROWS = 1000
};

static const struct argp_option positions_option[] = {
    {"views", KEY_VIEWS, "VIEWS", 0, "all (default), 3d, or planes: the three projections", 1},
    {"view", KEY_VIEW, "AZIMUTH,ELEVATION", 0, "Seen from there, in degrees (default -37.5,25)", 1},
    {"max-cells", KEY_CELLS, "N", 0, "Draw so many cells at most (default 20000)", 1},
    {0}};
static const struct argp_option rotation_option[] = {
    {"view", KEY_VIEW, "AZIMUTH,ELEVATION", 0, "Seen from there, in degrees (default -37.5,25)", 1},
    {"max-cells", KEY_CELLS, "N", 0, "Draw so many cells at most (default 1000)", 1},
    {"init-vector", KEY_VECTOR, "X,Y,Z", 0, "What is turned (default 1,0,0)", 1},
    {"quiver-length", KEY_LENGTH, "UM", 0, "Length of the arrows (default: one that suits)", 1},
    {"arrow-length-ratio", KEY_HEAD, "PART", 0, "Part of an arrow that is its head (default 0.25)", 1},
    {0}};

typedef struct {
    plot_options shared;
    bool turned;
    sna_views views;
    double azimuth, elevation, length, head, vector[3];
    uint64_t most;
} positions_options;

/* So many numbers, separated by commas. */
static void parse_numbers(double *out, uint64_t count, const char *option, const char *text,
                          const struct argp_state *state)
{
    sna_list list = SNA_LIST;

    if (sna_list_split(&list, text, ',') != 0)
        command_bad_value(state, option);
    if (list.count != count)
        argp_error(state, "%s: %" PRIu64 " numbers, separated by commas, are expected, found %s", option, count, text);
    for (uint64_t i = 0; i < count; i++)
        out[i] = command_real(state, option, list.text[i]);
    sna_list_free(&list);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    positions_options *options = state->input;
    double view[2];

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->shared;
        return 0;
    case KEY_VIEWS:
        if (strcmp(text, "all") == 0)
            options->views = SNA_VIEWS_ALL;
        else if (strcmp(text, "3d") == 0)
            options->views = SNA_VIEWS_SPACE;
        else if (strcmp(text, "planes") == 0)
            options->views = SNA_VIEWS_PLANES;
        else
            argp_error(state, "--views: must be all, 3d or planes, found `%s`", text);
        return 0;
    case KEY_VIEW:
        parse_numbers(view, 2, "--view", text, state);
        if (!isfinite(view[0]) || !(view[1] >= -90 && view[1] <= 90))
            argp_error(state, "--view: the elevation is from -90 to 90 degrees, found %s", text);
        options->azimuth = view[0] == 0 ? 360 : view[0]; /* straight from the front, not the default */
        options->elevation = view[1];
        return 0;
    case KEY_CELLS:
        options->most = command_unsigned(state, "--max-cells", text);
        if (options->most == 0)
            argp_error(state, "--max-cells: must be at least 1");
        return 0;
    case KEY_VECTOR:
        parse_numbers(options->vector, 3, "--init-vector", text, state);
        if (options->vector[0] == 0 && options->vector[1] == 0 && options->vector[2] == 0)
            argp_error(state, "--init-vector: 0,0,0 points nowhere");
        return 0;
    case KEY_LENGTH:
        options->length = command_real(state, "--quiver-length", text);
        if (!(options->length > 0))
            argp_error(state, "--quiver-length: must be above 0 um, found %s", text);
        return 0;
    case KEY_HEAD:
        options->head = command_real(state, "--arrow-length-ratio", text);
        if (!(options->head > 0 && options->head <= 1))
            argp_error(state, "--arrow-length-ratio: must be above 0 and at most 1, found %s", text);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int draw(const positions_options *options, const sna_cells *cells, const sna_places *places)
{
    int status = 0;
    const char **name = NULL;
    sna_figure *figure = NULL;
    const picture_options *const picture = &options->shared.picture;
    /* In characters, the view in space is that from above, which is one of the planes. */
    const bool characters = picture->ascii && picture->file == NULL && !picture->show;

    status = sna_cells_labels(cells, &name);
    if (status == 0) {
        const sna_scene scene = {.name = name,
                                 .groups = cells->groups,
                                 .x = places->x,
                                 .y = places->y,
                                 .z = places->z,
                                 .dx = places->dx,
                                 .dy = places->dy,
                                 .dz = places->dz,
                                 .group = places->group,
                                 .count = places->count,
                                 .length = options->length,
                                 .head = options->head,
                                 .azimuth = options->azimuth,
                                 .elevation = options->elevation,
                                 .views =
                                     characters && options->views == SNA_VIEWS_ALL ? SNA_VIEWS_PLANES : options->views,
                                 .flat = places->dimensions < 3 && !options->turned};
        status = sna_figure_scene(&figure, options->turned ? "Orientation of cells" : "Positions of cells", &scene);
    }
    if (status == 0 && places->count < places->all)
        status = sna_figure_add_note(figure, "Down-sampled: %" PRIu64 " of %" PRIu64 " cells are shown.", places->count,
                                     places->all);
    if (status == 0 && places->all < cells->count)
        status = sna_figure_add_note(figure, "%" PRIu64 " cell%s have no position.", cells->count - places->all,
                                     cells->count - places->all == 1 ? "" : "s");
    if (status == 0)
        status = picture_draw(picture, figure);
    free(name);
    sna_figure_free(figure);
    return status;
}

static int run(int argc, char **argv, positions_options *options, const struct argp_option *option, const char *doc)
{
    static const struct argp_child children[] = {{&plot_cells_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {
        .options = option, .parser = parse, .args_doc = "CONFIG", .doc = doc, .children = children};
    int status = 0;
    sna_circuit *circuit = NULL;
    sna_cells cells = {.count = 0};
    sna_places places = {.count = 0};

    status = command_parse(&argp, argc, argv, options);
    if (status == 0)
        status = sna_circuit_open(&circuit, options->shared.file);
    if (status == 0)
        status = sna_cells_choose(&cells, circuit, &options->shared.cells);
    if (status == 0)
        status = sna_places_collect(&places, &cells, options->most);
    if (status == 0 && places.count == 0)
        status =
            sna_error(SNA_ENOTFOUND, "none of the %" PRIu64 " cells chosen has a position: x, y and z, or positions",
                      cells.count);
    if (status == 0 && options->turned)
        status = sna_places_turn(&places, &cells, options->vector);
    if (status == 0)
        status = draw(options, &cells, &places);
    sna_places_free(&places);
    sna_cells_free(&cells);
    sna_circuit_close(circuit);
    return status;
}

int plot_positions(int argc, char **argv)
{
    positions_options options = {.most = MOST_CELLS};

    return run(argc, argv, &options, positions_option, positions_doc);
}

int plot_rotation(int argc, char **argv)
{
    positions_options options = {.turned = true, .views = SNA_VIEWS_SPACE, .most = MOST_ARROWS, .vector = {1, 0, 0}};

    return run(argc, argv, &options, rotation_option, rotation_doc);
}
