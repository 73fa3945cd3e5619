/* scene.c: figures of cells in space. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

static const char *const axis_name[] = {"x", "y", "z"};

static const double *coordinate(const sna_scene *scene, sna_axis axis)
{
    return axis == SNA_AXIS_X ? scene->x : axis == SNA_AXIS_Y ? scene->y : scene->z;
}

/* Larger where there are few. */
static double dot_size(uint64_t count)
{
    return count <= 300 ? 6 : count <= 3000 ? 4.5 : count <= 20000 ? 3 : 2;
}

/* How far the cells reach along each axis; 0 without cells. */
static void find_reach(const sna_scene *scene, double reach[3])
{
    for (int k = 0; k < 3; k++) {
        sna_plot_extent extent = EXTENT_NONE;
        for (uint64_t i = 0; i < scene->count; i++)
            sna_extent_add(&extent, coordinate(scene, (sna_axis)k)[i], false);
        reach[k] = extent.high > extent.low ? extent.high - extent.low : 0;
    }
}

/* Pixels along each axis, at one scale, so that the planes fit beside and above each other; what is very short is made
 * long enough for an axis. */
static void find_sides(const sna_scene *scene, double side[3])
{
    double reach[3], scale;

    find_reach(scene, reach);
    scale = fmin(640 / fmax(1e-9, reach[0] + reach[2]), 560 / fmax(1e-9, reach[1] + reach[2]));
    if (scene->flat)
        scale = 480 / fmax(1e-9, fmax(reach[0], reach[1]));
    for (int k = 0; k < 3; k++)
        side[k] = fmin(480, fmax(100, reach[k] * scale));
}

/* What the cells look like from along the third axis. */
static int add_plane(sna_figure *figure, const char *title, const sna_scene *scene, sna_axis across, sna_axis up,
                     const double side[3], bool named)
{
    int status = 0;
    const sna_style dot = {.size = dot_size(scene->count)};
    sna_panel *panel = NULL;

    status = sna_figure_add_panel(figure, title, &panel);
    if (status == 0)
        status = sna_panel_set_size(panel, side[across], side[up]);
    if (status == 0)
        status = sna_panel_set_axis(panel, SNA_AXIS_X, axis_name[across], "um");
    if (status == 0)
        status = sna_panel_set_axis(panel, SNA_AXIS_Y, axis_name[up], "um");
    if (status != 0)
        goto out;
    sna_panel_set_equal(panel, true);
    status = sna_panel_add_groups(panel, &dot, named ? scene->name : NULL, scene->groups, coordinate(scene, across),
                                  coordinate(scene, up), scene->group, scene->count);
out:
    return status;
}

/* The arrows of one group, in its colour: those that point somewhere. */
static int add_arrows(sna_panel *panel, const sna_scene *scene, uint32_t group, double length)
{
    int status = 0;
    const sna_style style = {.colour = SNA_COLOUR(group), .size = 1.2};
    double *number = NULL, *column[6];
    uint64_t count = 0;

    status = sna_allocate(&number, 6 * scene->count, sizeof *number);
    if (status != 0)
        goto out;
    for (uint64_t k = 0; k < 6; k++)
        column[k] = number + k * scene->count;
    for (uint64_t i = 0; i < scene->count; i++) {
        const double from[3] = {scene->x[i], scene->y[i], scene->z[i]},
                     way[3] = {scene->dx[i], scene->dy[i], scene->dz[i]};
        const double scale = length / sqrt(way[0] * way[0] + way[1] * way[1] + way[2] * way[2]);
        if ((scene->group != NULL ? scene->group[i] : 0) != group || !isfinite(scale))
            continue;
        for (int k = 0; k < 3; k++) {
            column[k][count] = from[k];
            column[k + 3][count] = way[k] * scale;
        }
        count++;
    }
    if (count > 0)
        status = sna_panel_add_arrows(panel, &style, column[0], column[1], column[2], column[3], column[4], column[5],
                                      scene->head, count);
out:
    free(number);
    return status;
}

/* A twenty-fifth of the diagonal of the box around the cells, but no more than their distance on a cubic grid. */
static double arrow_length(const sna_scene *scene)
{
    double square = 0, volume = 1, reach[3];

    if (scene->length > 0)
        return scene->length;
    find_reach(scene, reach);
    for (int k = 0; k < 3; k++) {
        square += reach[k] * reach[k];
        volume *= reach[k] > 0 ? reach[k] : 1;
    }
    return square > 0 ? fmax(sqrt(square) / 25, fmin(sqrt(square) / 8, 0.6 * cbrt(volume / (double)scene->count))) : 1;
}

static int add_space(sna_figure *figure, const char *title, const sna_scene *scene, double width, double height)
{
    int status = 0;
    const bool turned = scene->dx != NULL;
    const sna_style dot = {.size = turned ? 0.7 * dot_size(scene->count) : dot_size(scene->count)};
    const double length = turned ? arrow_length(scene) : 0;
    sna_panel *panel = NULL;

    status = sna_figure_add_panel(figure, title, &panel);
    if (status == 0)
        status = sna_panel_set_size(panel, width, height);
    for (int k = 0; k < 3 && status == 0; k++)
        status = sna_panel_set_axis(panel, (sna_axis)k, axis_name[k], "um");
    if (status == 0 && (scene->azimuth != 0 || scene->elevation != 0))
        status = sna_panel_set_view(panel, scene->azimuth, scene->elevation);
    if (status == 0)
        status = sna_panel_add_cloud(panel, &dot, scene->name, scene->groups, scene->x, scene->y, scene->z,
                                     scene->group, scene->count);
    for (uint32_t g = 0; turned && g < scene->groups && status == 0; g++)
        status = add_arrows(panel, scene, g, length);
    return status;
}

/* The names of groups that have cells, "" for the others. */
static int list_names(const char ***out, const sna_scene *scene)
{
    int status = sna_allocate(out, scene->groups, sizeof(const char *));

    for (uint64_t g = 0; g < scene->groups && status == 0; g++)
        (*out)[g] = "";
    for (uint64_t i = 0; i < scene->count && status == 0; i++) {
        const uint64_t group = scene->group != NULL ? scene->group[i] : 0;
        if (group < scene->groups)
            (*out)[group] = scene->name[group];
    }
    return status;
}

/* The three projections as in a technical drawing, so that neighbours share an axis, and the view in space beside them.
 */
static int add_views(sna_figure *figure, const sna_scene *scene)
{
    int status = 0;
    const bool space = scene->views != SNA_VIEWS_PLANES && !scene->flat,
               planes = scene->views != SNA_VIEWS_SPACE && !scene->flat;

    double side[3];

    find_sides(scene, side);
    if (planes)
        status = sna_figure_set_columns(figure, 2);
    if (status == 0 && (planes || scene->flat))
        status = add_plane(figure, NULL, scene, SNA_AXIS_X, SNA_AXIS_Y, side, scene->flat);
    if (status == 0 && planes)
        status = add_plane(figure, NULL, scene, SNA_AXIS_Z, SNA_AXIS_Y, side, !space);
    if (status == 0 && planes)
        status = add_plane(figure, NULL, scene, SNA_AXIS_X, SNA_AXIS_Z, side, false);
    if (status == 0 && space)
        status = add_space(figure, NULL, scene, planes ? fmax(300, side[2]) : 560, planes ? fmax(260, side[2]) : 480);
    return status;
}

int sna_figure_add_scene(sna_figure *self, const char *title, const sna_scene *scene)
{
    int status = 0;
    const char **name = NULL;
    sna_scene named = *scene;
    double side[3];

    if (scene->name != NULL) {
        status = list_names(&name, scene);
        named.name = name;
    }
    find_sides(scene, side);
    if (status == 0)
        status = scene->flat ? add_plane(self, title, &named, SNA_AXIS_X, SNA_AXIS_Y, side, true)
                             : add_space(self, title, &named, 420, 360);
    free(name);
    return status;
}

int sna_figure_scene(sna_figure **out, const char *title, const sna_scene *scene)
{
    int status = 0;
    const char **name = NULL;
    sna_scene named = *scene;
    sna_figure *figure = NULL;

    *out = NULL;
    if (!(scene->length >= 0) || isinf(scene->length)) {
        status = sna_error(SNA_EINVAL, "arrows of a length of %g um", scene->length);
        goto out;
    }
    status = sna_figure_create(&figure, title);
    if (status == 0 && scene->name != NULL) {
        status = list_names(&name, scene);
        named.name = name;
    }
    if (status == 0)
        status = add_views(figure, &named);
    if (status != 0)
        goto out;
    *out = figure;
    figure = NULL;
out:
    free(name);
    sna_figure_free(figure);
    return status;
}
