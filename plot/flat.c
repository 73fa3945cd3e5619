/* flat.c: the layers of a panel over x and y, as one gnuplot plot. */
#include "internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static const double LINE_WIDTH = 1.5, MARK_SIZE = 6, DOT_SIZE = 1.5;

/* Significant digits that tell places a tenth of a pixel apart. */
static int digits_for(const sna_plot_scale *scale, double pixels)
{
    const double largest = fmax(fabs(scale->low), fabs(scale->high)), span = scale->high - scale->low;
    const double digits = scale->log ? 6 : ceil(log10(fmax(1, largest / span) * pixels * 20));

    return (int)fmin(17, fmax(4, digits));
}

typedef struct {
    const sna_plot_place *place;
    const sna_plot_layer *layer;
    sna_plot_script *script;
    int x_digits, y_digits;
    double fineness;
} flat_pen;

static void put_pair(const flat_pen *pen, double x, double y)
{
    sna_script_put(pen->script, "%.*g %.*g", pen->x_digits, x, pen->y_digits, y);
}

static void put_line(const flat_pen *pen)
{
    const sna_plot_layer *layer = pen->layer;
    const sna_plot_scale *x = &pen->place->scale[0], *y = &pen->place->scale[1];
    uint64_t *keep = NULL, kept = 0;
    int status = sna_thin_line(&keep, &kept, layer, x, (uint64_t)(pen->place->width * pen->fineness));

    for (uint64_t i = 0; i < kept && status == 0; i++) {
        const double at = sna_layer_x(layer, keep[i]), value = layer->data[1][keep[i]];

        if (isfinite(sna_scale_place(x, at)) && isfinite(sna_scale_place(y, value)))
            put_pair(pen, at, value);
        sna_script_put(pen->script, "\n"); /* a blank line is a gap */
    }
    if (status != 0)
        pen->script->status = status;
    free(keep);
}

static void put_points(const flat_pen *pen, double diameter)
{
    const sna_plot_layer *layer = pen->layer;
    const sna_plot_place *place = pen->place;
    sna_thin_grid grid;
    /* Marks a quarter of their diameter apart can be told apart; a quarter of a pixel cannot be seen at all. */
    const double fineness = fmin(pen->fineness, 4 / fmin(diameter, 4));
    int status = sna_thin_grid_create(&grid, place->width, place->height, fineness);

    for (uint64_t i = 0; i < layer->count && status == 0 && pen->script->status == 0; i++) {
        const double x = layer->data[0][i], y = layer->data[1][i];

        if (!sna_thin_grid_take(&grid, sna_scale_place(&place->scale[0], x) * place->width,
                                sna_scale_place(&place->scale[1], y) * place->height))
            continue;
        put_pair(pen, x, y);
        if (layer->groups > 0) {
            const uint32_t group = layer->group == NULL ? 0 : layer->group[i];
            sna_script_put(pen->script, " %d %" PRIu32, sna_mark_type(sna_group_mark(layer, group)),
                           sna_colour_palette(group));
        }
        sna_script_put(pen->script, "\n");
    }
    if (status != 0)
        pen->script->status = status;
    sna_thin_grid_free(&grid);
}

/* Very many dots cover each other: what is sent are the runs of covered pixels. */
static bool as_runs(const sna_plot_layer *layer)
{
    enum { MANY = 20000 };

    return layer->kind == LAYER_POINTS && layer->mark == SNA_MARK_DOT && layer->count > MANY;
}

static void put_runs(const flat_pen *pen)
{
    const sna_plot_layer *layer = pen->layer;
    const sna_plot_place *place = pen->place;
    const uint64_t columns = (uint64_t)place->width, rows = (uint64_t)place->height;
    uint32_t *cell = NULL; /* group + 1, 0: nothing there */
    int status = sna_allocate(&cell, columns * rows, sizeof *cell);

    for (uint64_t i = 0; i < layer->count && status == 0; i++) {
        const double x = sna_scale_place(&place->scale[0], layer->data[0][i]),
                     y = sna_scale_place(&place->scale[1], layer->data[1][i]);

        if (x >= 0 && x <= 1 && y >= 0 && y <= 1) {
            const uint64_t column = (uint64_t)fmin(x * (double)columns, (double)columns - 1),
                           row = (uint64_t)fmin(y * (double)rows, (double)rows - 1);
            cell[row * columns + column] = 1 + (layer->group == NULL ? 0 : layer->group[i]);
        }
    }
    for (uint64_t row = 0; row < rows && status == 0; row++) {
        for (uint64_t from = 0, to; from < columns; from = to) {
            const uint32_t here = cell[row * columns + from];
            double left, right, low, high;

            for (to = from + 1; to < columns && cell[row * columns + to] == here; to++) {
            }
            if (here == 0)
                continue;
            left = sna_scale_value(&place->scale[0], (double)from / (double)columns);
            right = sna_scale_value(&place->scale[0], (double)to / (double)columns);
            /* A little taller than a row, so that no seam shows between two. */
            low = sna_scale_value(&place->scale[1], ((double)row - 0.15) / (double)rows);
            high = sna_scale_value(&place->scale[1], ((double)row + 1.15) / (double)rows);
            put_pair(pen, left, low);
            sna_script_put(pen->script, " %.*g %.*g %.*g %.*g %" PRIu32 "\n", pen->x_digits, left, pen->x_digits, right,
                           pen->y_digits, low, pen->y_digits, high,
                           layer->groups > 0 ? sna_colour_palette(here - 1) : layer->rgb);
        }
    }
    if (status != 0)
        pen->script->status = status;
    free(cell);
}

/* Long bands are joined bin by bin to the lowest and highest of each. */
static void put_band(const flat_pen *pen)
{
    const sna_plot_layer *layer = pen->layer;
    const sna_plot_scale *scale = &pen->place->scale[0];
    const double bins = pen->place->width * pen->fineness;
    const bool thin = (double)layer->count > 4 * bins;
    double bin = NAN, low = 0, high = 0, at = 0;
    bool open = false;

    for (uint64_t i = 0; i < layer->count; i++) {
        const double x = layer->data[0][i], l = layer->data[1][i], h = layer->data[2][i];
        const double here = thin ? floor(sna_scale_place(scale, x) * bins) : (double)i;
        const bool good = isfinite(sna_scale_place(scale, x)) && isfinite(sna_scale_place(&pen->place->scale[1], l)) &&
                          isfinite(sna_scale_place(&pen->place->scale[1], h));

        if (open && (!good || here != bin)) {
            put_pair(pen, at, low);
            sna_script_put(pen->script, " %.*g\n%s", pen->y_digits, high, good ? "" : "\n");
            open = false;
        }
        if (!good)
            continue;
        low = open ? fmin(low, l) : l;
        high = open ? fmax(high, h) : h;
        at = open ? at : x;
        bin = here;
        open = true;
    }
    if (open) {
        put_pair(pen, at, low);
        sna_script_put(pen->script, " %.*g\n", pen->y_digits, high);
    }
}

static void put_errors(const flat_pen *pen)
{
    enum { CAP = 3 }; /* half its breadth in pixels */
    const sna_plot_layer *layer = pen->layer;
    const sna_plot_scale *scale = &pen->place->scale[0];

    for (uint64_t i = 0; i < layer->count; i++) {
        const double low = layer->data[1][i], high = layer->data[2][i];

        const double place = sna_scale_place(scale, layer->data[0][i]), cap = CAP / pen->place->width;

        if (!isfinite(place) || !isfinite(sna_scale_place(&pen->place->scale[1], low)) ||
            !isfinite(sna_scale_place(&pen->place->scale[1], high)))
            continue;
        put_pair(pen, layer->data[0][i], low);
        sna_script_put(pen->script, " 0 %.*g\n", pen->y_digits, high - low);
        for (int end = 0; end < 2; end++) {
            const double left = sna_scale_value(scale, place - cap), right = sna_scale_value(scale, place + cap);
            put_pair(pen, left, end == 0 ? low : high);
            sna_script_put(pen->script, " %.*g 0\n", pen->x_digits, right - left);
        }
    }
}

static void put_boxes(const flat_pen *pen)
{
    const sna_plot_layer *layer = pen->layer;
    const sna_plot_scale *y = &pen->place->scale[1];

    for (uint64_t i = 0; i < layer->count; i++) {
        const double left = layer->data[0][i], right = layer->data[1][i], height = layer->data[2][i];
        const double foot = y->log ? y->low : 0;

        if (!isfinite(sna_scale_place(&pen->place->scale[0], left)) ||
            !isfinite(sna_scale_place(&pen->place->scale[0], right)) || !isfinite(sna_scale_place(y, height)) ||
            height == foot)
            continue;
        put_pair(pen, left, foot);
        sna_script_put(pen->script, " %.*g %.*g %.*g %.*g\n", pen->x_digits, left, pen->x_digits, right, pen->y_digits,
                       fmin(foot, height), pen->y_digits, fmax(foot, height));
    }
}

static void put_rule(const flat_pen *pen)
{
    const sna_plot_layer *layer = pen->layer;
    const sna_plot_scale *along = &pen->place->scale[layer->axis == SNA_AXIS_X ? 1 : 0];

    const double length = along->high - along->low;

    if (layer->axis == SNA_AXIS_X)
        sna_script_put(pen->script, "%.17g %.17g 0 %.17g\n", layer->value, along->low, length);
    else
        sna_script_put(pen->script, "%.17g %.17g %.17g 0\n", along->low, layer->value, length);
}

static double mark_size(const sna_plot_layer *layer)
{
    return layer->size > 0 ? layer->size : layer->mark == SNA_MARK_DOT ? DOT_SIZE : MARK_SIZE;
}

static void put_data(const flat_pen *pen)
{
    switch (pen->layer->kind) {
    case LAYER_LINE:
        put_line(pen);
        break;
    case LAYER_POINTS:
        if (as_runs(pen->layer))
            put_runs(pen);
        else
            put_points(pen, mark_size(pen->layer));
        break;
    case LAYER_BAND:
        put_band(pen);
        break;
    case LAYER_ERRORS:
        put_errors(pen);
        break;
    case LAYER_BOXES:
        put_boxes(pen);
        break;
    case LAYER_RULE:
        put_rule(pen);
        break;
    case LAYER_TEXT:
    case LAYER_CLOUD:
    case LAYER_ARROWS:
        break;
    }
}

static void put_style(const sna_plot_layer *layer, double bar_pixels, sna_plot_script *script)
{
    const double width = layer->size > 0 ? layer->size : LINE_WIDTH;

    switch (layer->kind) {
    case LAYER_LINE:
        sna_script_put(script, "using 1:2 with lines lw %g dt %s lc rgb '#%06" PRIx32 "'", width,
                       sna_dash_type(layer->dash), layer->rgb);
        break;
    case LAYER_ERRORS:
    case LAYER_RULE:
        sna_script_put(script, "using 1:2:3:4 with vectors nohead lw %g dt %s lc rgb '#%06" PRIx32 "'",
                       layer->kind == LAYER_RULE && layer->size == 0 ? 1.0 : width, sna_dash_type(layer->dash),
                       layer->rgb);
        break;
    case LAYER_POINTS:
        if (as_runs(layer))
            sna_script_put(script, "using 1:2:3:4:5:6:7 with boxxyerror fs solid 1 noborder lc rgb variable");
        else if (layer->groups > 0)
            sna_script_put(script, "using 1:2:3:4 with points pt variable ps %g*P lc rgb variable", mark_size(layer));
        else
            sna_script_put(script, "using 1:2 with points pt %d ps %g*P lw 1.3 lc rgb '#%06" PRIx32 "'",
                           sna_mark_type(layer->mark), mark_size(layer), layer->rgb);
        break;
    case LAYER_BAND:
        sna_script_put(script,
                       "using 1:2:3 with filledcurves fs transparent solid 0.25 noborder fc rgb '#%06" PRIx32 "'",
                       layer->rgb);
        break;
    case LAYER_BOXES:
        /* A white hairline parts bars that touch, where they are wide enough for one. */
        sna_script_put(script, "using 1:2:3:4:5:6 with boxxyerror fs solid 1 ");
        if (bar_pixels > 4)
            sna_script_put(script, "border lc rgb 'white' lw 0.8 ");
        else
            sna_script_put(script, "noborder ");
        sna_script_put(script, "fc rgb '#%06" PRIx32 "'", layer->rgb);
        break;
    case LAYER_TEXT:
    case LAYER_CLOUD:
    case LAYER_ARROWS:
        break;
    }
}

/* The narrowest bar in pixels. */
static double bar_pixels(const sna_plot_place *place, const sna_plot_layer *layer)
{
    double least = INFINITY;

    for (uint64_t i = 0; i < layer->count && layer->kind == LAYER_BOXES; i++)
        least = fmin(least, fabs(sna_scale_place(&place->scale[0], layer->data[1][i]) -
                                 sna_scale_place(&place->scale[0], layer->data[0][i])) *
                                place->width);
    return least;
}

/* Bands lie behind bars, bars behind everything else. */
static int depth(sna_layer_kind kind)
{
    return kind == LAYER_BAND ? 0 : kind == LAYER_BOXES ? 1 : 2;
}

static void set_range(sna_plot_script *script, const char *axis, const sna_plot_scale *scale)
{
    sna_script_put(script, "set %srange [%.17g:%.17g]\n%s logscale %s\n", axis,
                   scale->reversed ? scale->high : scale->low, scale->reversed ? scale->low : scale->high,
                   scale->log ? "set" : "unset", axis);
}

void sna_flat_draw(const sna_plot_place *place, uint64_t index, const sna_plot_layout *layout, double fineness,
                   sna_plot_script *script)
{
    const sna_panel *panel = place->panel;
    bool first = true;

    for (uint64_t k = 0; k < panel->layers; k++) {
        const flat_pen pen = {place,
                              &panel->layer[k],
                              script,
                              digits_for(&place->scale[0], place->width * fineness),
                              digits_for(&place->scale[1], place->height * fineness),
                              fineness};

        if (panel->layer[k].kind == LAYER_TEXT)
            continue;
        sna_script_put(script, "$p%" PRIu64 "_%" PRIu64 " << END\n", index, k);
        put_data(&pen);
        sna_script_put(script, "END\n");
    }
    sna_script_area(script, place, layout);
    set_range(script, "x", &place->scale[0]);
    set_range(script, "y", &place->scale[1]);
    for (int level = 0; level < 3; level++) {
        for (uint64_t k = 0; k < panel->layers; k++) {
            const sna_plot_layer *layer = &panel->layer[k];

            if (layer->kind == LAYER_TEXT || depth(layer->kind) != level)
                continue;
            sna_script_put(script, "%s$p%" PRIu64 "_%" PRIu64 " ", first ? "plot " : ", \\\n  ", index, k);
            put_style(layer, bar_pixels(place, layer), script);
            first = false;
        }
    }
    sna_script_put(script, "%s\nunset logscale\n", first ? "" : "\n");
}
