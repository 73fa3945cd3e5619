/* heat.c: annotated heat maps. */
#include "internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS_MOST = 4000000, SIDE_MOST = 8000, NAME_ROOM = 240, BAR_GAP = 18, BAR_WIDTH = 14, READABLE = 7 };
static const uint32_t MISSING = 0xE4E4E4u, HATCH = 0xB4B4B4u;

void sna_heat_free(sna_plot_heat *self)
{
    free(self->value);
    sna_list_free(&self->text);
    sna_list_free(&self->row_name);
    sna_list_free(&self->column_name);
    free(self->value_label);
    free(self->row_label);
    free(self->column_label);
    *self = (sna_plot_heat){0};
}

/* ---- taking the table over ---------------------------------------------------------------------------------- */

static bool is_number(const sna_table *table, uint64_t column)
{
    const sna_type type = sna_table_column_type(table, column);

    return type == SNA_INTEGER || type == SNA_REAL;
}

/* How the numbers of a map are written. */
typedef struct {
    int digits;     /* significant */
    bool whole;     /* all are whole numbers */
    double largest; /* of their magnitudes */
} number_style;

/* Whole numbers as they are; others with so many significant digits, zeros at the end kept, so that 79 stands as 79.0
 * among 83.5 and 56.1, but small ones with at most one decimal more than the largest. From a million on, and where all
 * are below a thousandth, as a power of ten. */
static void number_text(char *buffer, size_t size, double value, const number_style *style)
{
    const double magnitude = fabs(value);
    const bool finite = isfinite(value), powers = magnitude >= 1e6 || style->largest < 1e-3;
    const int power = magnitude > 0 && finite ? (int)floor(log10(magnitude) + 1e-12) : 0;
    const int top = style->largest > 0 ? (int)floor(log10(style->largest) + 1e-12) : 0;
    const int last = powers ? power - (style->digits > 3 ? 3 : style->digits) + 1 : power - style->digits + 1;
    const int least = powers ? last : top - style->digits;

    if (!finite || value == 0 || (style->whole && !powers))
        sna_scale_number(buffer, size, value, 1, magnitude);
    else if (powers)
        sna_scale_number(buffer, size, value, pow(10, last), magnitude);
    else
        sna_scale_decimal(buffer, size, value, last < least ? -least : last < 0 ? -last : 0);
}

static int heat_cells(sna_plot_heat *heat, const sna_table *table, const sna_heat_options *options,
                      const uint64_t *column)
{
    int status = 0;
    number_style style = {.digits = options->digits > 0 ? options->digits : 3, .whole = true};

    for (uint64_t i = 0; i < heat->rows * heat->columns; i++) {
        const double value = sna_table_real(table, i / heat->columns, column[i % heat->columns]);
        style.whole = style.whole && (!isfinite(value) || value == floor(value));
        style.largest = isfinite(value) ? fmax(style.largest, fabs(value)) : style.largest;
    }

    for (uint64_t r = 0; r < heat->rows && status == 0; r++) {
        status = sna_lettering_add(&heat->row_name, sna_table_row_label(table, r));
        for (uint64_t c = 0; c < heat->columns && status == 0; c++) {
            const char *own = options->text == NULL ? NULL : sna_table_text(options->text, r, column[c]);
            const double value = sna_table_is_missing(table, r, column[c]) ? NAN : sna_table_real(table, r, column[c]);
            char text[64] = "";

            heat->value[r * heat->columns + c] = value;
            heat->missing = heat->missing || isnan(value);
            if (!isnan(value))
                number_text(text, sizeof text, value, &style);
            status = sna_lettering_add(&heat->text, isnan(value) || own == NULL ? text : own);
        }
    }
    return status;
}

static void heat_range(sna_plot_heat *heat, const sna_heat_options *options)
{
    sna_plot_extent extent = EXTENT_NONE;

    for (uint64_t i = 0; i < heat->rows * heat->columns; i++)
        sna_extent_add(&extent, heat->value[i], false);
    if (extent.low > extent.high)
        extent.low = extent.high = 0;
    heat->low = fmin(extent.low, extent.low >= 0 ? 0 : extent.low);
    heat->high = extent.high;
    heat->diverging =
        options->map == SNA_MAP_DIVERGING || (options->map == SNA_MAP_AUTO && extent.low < 0 && extent.high > 0);
    if (options->low != 0 || options->high != 0) {
        heat->low = options->low;
        heat->high = options->high;
    } else if (heat->diverging) {
        heat->high = fmax(fabs(extent.low), fabs(extent.high));
        heat->low = -heat->high;
    }
    if (heat->high <= heat->low)
        heat->high = heat->low + 1;
}

int sna_panel_set_heat_map(sna_panel *self, const sna_table *table, const sna_heat_options *options)
{
    static const sna_heat_options plain = {0};
    int status = 0;
    sna_plot_heat heat = {.rows = sna_table_rows(table), .numbers = true};
    uint64_t *column = NULL;
    const uint64_t all = sna_table_columns(table);

    if (options == NULL)
        options = &plain;
    if (!isfinite(options->low) || !isfinite(options->high) || options->low > options->high) {
        status = sna_error(SNA_EINVAL, "a colour scale cannot go from %g to %g", options->low, options->high);
        goto out;
    }
    if (options->text != NULL &&
        (sna_table_rows(options->text) != heat.rows || sna_table_columns(options->text) != all)) {
        status = sna_error(SNA_EINVAL,
                           "a heat map of %" PRIu64 " x %" PRIu64 " cells cannot be labelled with a table of %" PRIu64
                           " x %" PRIu64,
                           heat.rows, all, sna_table_rows(options->text), sna_table_columns(options->text));
        goto out;
    }
    status = sna_allocate(&column, all, sizeof *column);
    for (uint64_t c = 0; c < all && status == 0; c++) {
        if (!is_number(table, c))
            continue;
        column[heat.columns++] = c;
        status = sna_lettering_add(&heat.column_name, sna_table_column_name(table, c));
    }
    if (status == 0 && (heat.rows == 0 || heat.columns == 0))
        status = sna_error(SNA_EINVAL,
                           "a heat map needs a table with a row and a column of numbers; this one has %" PRIu64
                           " rows and %" PRIu64 " columns of numbers",
                           heat.rows, heat.columns);
    if (status == 0 && (heat.rows > SIDE_MOST || heat.columns > SIDE_MOST || heat.rows > CELLS_MOST / heat.columns))
        status = sna_error(SNA_EINVAL,
                           "a heat map of %" PRIu64 " x %" PRIu64
                           " cells is too large to draw (at most %d cells, %d on a side)",
                           heat.rows, heat.columns, CELLS_MOST, SIDE_MOST);
    if (status == 0)
        status = sna_allocate(&heat.value, heat.rows * heat.columns, sizeof *heat.value);
    if (status == 0)
        status = heat_cells(&heat, table, options, column);
    if (status == 0) {
        char *label = NULL;
        status = sna_lettering_axis(&label, options->value_label, options->unit);
        if (status == 0)
            status = sna_lettering_copy(&heat.value_label, label);
        free(label);
    }
    if (status == 0)
        status = sna_lettering_copy(&heat.row_label, options->row_label);
    if (status == 0)
        status = sna_lettering_copy(&heat.column_label, options->column_label);
    if (status != 0)
        goto out;
    heat.numbers = !options->no_numbers;
    heat_range(&heat, options);
    status = sna_panel_claim(self, PANEL_HEAT);
    if (status != 0)
        goto out;
    self->heat = heat;
    heat = (sna_plot_heat){0};
out:
    free(column);
    sna_heat_free(&heat);
    return status;
}

int sna_figure_heat_map(sna_figure **out, const char *title, const sna_table *table, const sna_heat_options *options)
{
    int status = 0;
    sna_figure *figure = NULL;
    sna_panel *panel = NULL;

    *out = NULL;
    status = sna_figure_create(&figure, title != NULL ? title : sna_table_title(table));
    if (status == 0)
        status = sna_figure_add_panel(figure, NULL, &panel);
    if (status == 0)
        status = sna_panel_set_heat_map(panel, table, options);
    if (status != 0)
        goto out;
    *out = figure;
    figure = NULL;
out:
    sna_figure_free(figure);
    return status;
}

/* ---- measuring ---------------------------------------------------------------------------------------------- */

static double widest_of(const sna_list *list, double size)
{
    double widest = 0;

    for (uint64_t i = 0; i < list->count; i++)
        widest = fmax(widest, sna_lettering_width(list->text[i], size, false));
    return widest;
}

/* The largest size, from 12 down, in which every text fits in a cell; 0 when none that can be read does. */
static double font_for(const sna_plot_heat *heat, double cell_width, double cell_height)
{
    const double widest = widest_of(&heat->text, 1);
    uint64_t lines = 1;
    double font;

    for (uint64_t i = 0; i < heat->text.count; i++) {
        const uint64_t own = sna_lettering_lines(heat->text.text[i]);
        lines = own > lines ? own : lines;
    }
    font = fmin((cell_width - 4) / fmax(widest, 1e-9), (cell_height - 2) / (1.25 * (double)lines));
    font = floor(fmin(font, 12) * 2) / 2;
    return font >= READABLE ? font : 0;
}

int sna_heat_measure(sna_plot_place *place, double scale)
{
    const sna_plot_heat *heat = &place->panel->heat;
    int status = 0;
    const double many = (double)(heat->rows > heat->columns ? heat->rows : heat->columns);
    /* From 100 pixels for a few cells to 26 at 60 x 60, and then so that the picture stays below 2400. */
    double cell = fmin(110 / (1 + many / 12) + 8, fmax(1, floor(2400 / many))), names, slanted;
    const sna_plot_axis bar = {.low = heat->low, .high = heat->high};

    cell = fmax(1, floor(cell * scale));
    place->cell_width = place->cell_height = cell;
    place->font = 0;
    if (heat->numbers) {
        double wide = cell;
        place->font = font_for(heat, cell, cell);
        while (place->font == 0 && wide < 1.7 * cell && cell >= 16) {
            wide++;
            place->font = font_for(heat, wide, cell);
        }
        place->cell_width = place->font == 0 ? cell : wide;
    }
    place->width = place->cell_width * (double)heat->columns;
    place->height = place->cell_height * (double)heat->rows;
    place->label_font = fmax(READABLE, fmin(SIZE_TICK, floor(cell * 0.7)));
    names = fmin(NAME_ROOM, widest_of(&heat->column_name, place->label_font));
    place->slant = names + 8 > place->cell_width;
    slanted = place->slant ? names * M_SQRT1_2 + place->label_font : 1.25 * place->label_font;
    place->margin[0] = 10 + fmin(NAME_ROOM, widest_of(&heat->row_name, place->label_font)) +
                       (heat->row_label == NULL ? 0 : 1.25 * SIZE_LABEL + 6);
    /* The first slanted name reaches out to the left. */
    if (place->slant && heat->column_name.count > 0)
        place->margin[0] =
            fmax(place->margin[0],
                 fmin(NAME_ROOM, sna_lettering_width(heat->column_name.text[0], place->label_font, false)) * M_SQRT1_2 -
                     place->cell_width / 2 + 8);
    place->margin[2] = 8;
    place->margin[3] = 10 + slanted + (heat->column_label == NULL ? 0 : 1.25 * SIZE_LABEL + 6);
    sna_scale_free(&place->scale[2]);
    status = sna_scale_settle(&place->scale[2], &bar, EXTENT_NONE, fmax(60, fmin(place->height, 400)), 32, false);
    place->margin[1] = BAR_GAP + BAR_WIDTH + 9 +
                       fmax(sna_scale_name_width(&place->scale[2], SIZE_TICK) +
                                (heat->value_label == NULL ? 4 : 1.25 * SIZE_LABEL + 14),
                            heat->missing ? 58 : 0);
    return status;
}

/* ---- drawing ------------------------------------------------------------------------------------------------ */

static uint32_t cell_colour(const sna_plot_heat *heat, double value)
{
    const double t = (value - heat->low) / (heat->high - heat->low);

    return heat->diverging ? sna_colour_diverging(t) : sna_colour_sequential(t);
}

/* Slanting lines x + y = i * spacing through a box, on one grid for all boxes. */
static void hatch(sna_plot_canvas *canvas, double x0, double y0, double x1, double y1)
{
    const double spacing = 7;
    const int64_t first = (int64_t)ceil((x0 + y0) / spacing), last = (int64_t)floor((x1 + y1) / spacing);

    for (int64_t i = first; i <= last; i++) {
        const double sum = (double)i * spacing, left = fmax(x0, sum - y1), right = fmin(x1, sum - y0);

        if (right > left)
            sna_canvas_line(canvas, left, sum - left, right, sum - right, 0.8, SNA_SOLID, HATCH);
    }
}

/* Small cells have no frames and no hatching: they are sent as an image. */
static bool as_image(const sna_plot_heat *heat)
{
    return heat->rows * heat->columns > 10000 && heat->rows > 1 && heat->columns > 1;
}

static void draw_cell(const sna_plot_place *place, uint64_t row, uint64_t column, sna_plot_canvas *canvas)
{
    const sna_plot_heat *heat = &place->panel->heat;
    const uint64_t i = row * heat->columns + column;
    const double w = place->cell_width, h = place->cell_height;
    /* A hairline between large cells; small ones reach under the next, so that no seam shows when scaled. */
    const double over = w >= 12 && h >= 12 ? -1 : 0.5;
    const double x = place->left + (double)column * w, y = place->top + (double)row * h;
    const uint32_t rgb = isnan(heat->value[i]) ? MISSING : cell_colour(heat, heat->value[i]);

    if (as_image(heat))
        sna_canvas_cell(canvas, x + w / 2, y + h / 2, rgb);
    else
        sna_canvas_box(canvas, x, y, fmin(x + w + over, place->left + place->width),
                       fmin(y + h + over, place->top + place->height), rgb);
    if (place->font > 0 && !isnan(heat->value[i]))
        sna_canvas_text(canvas, x + w / 2, y + h / 2, heat->text.text[i], place->font, ALIGN_CENTRE, 0,
                        sna_colour_contrast(rgb), false);
}

static void draw_cells(const sna_plot_place *place, sna_plot_canvas *canvas)
{
    const sna_plot_heat *heat = &place->panel->heat;
    const double w = place->cell_width, h = place->cell_height;

    for (uint64_t r = 0; r < heat->rows; r++) {
        for (uint64_t c = 0; c < heat->columns; c++)
            draw_cell(place, r, c, canvas);
    }
    for (uint64_t r = 0; r < heat->rows && !as_image(heat); r++) {
        for (uint64_t c = 0; c < heat->columns; c++) {
            const double x = place->left + (double)c * w, y = place->top + (double)r * h;
            if (isnan(heat->value[r * heat->columns + c]))
                hatch(canvas, x, y, x + w - 1, y + h - 1);
        }
    }
}

static void draw_name(sna_plot_canvas *canvas, double x, double y, const char *name, double size, sna_plot_align align,
                      double angle)
{
    char *shortened = NULL;

    if (canvas->status == 0)
        canvas->status = sna_lettering_shorten(&shortened, name, size, NAME_ROOM);
    if (canvas->status == 0)
        sna_canvas_text(canvas, x, y, shortened, size, align, angle, INK, false);
    free(shortened);
}

static void draw_names(const sna_plot_place *place, sna_plot_canvas *canvas)
{
    const sna_plot_heat *heat = &place->panel->heat;
    const double foot = place->top + place->height, size = place->label_font;
    const uint64_t each_row = (uint64_t)ceil(size * 1.15 / place->cell_height),
                   each_column = place->slant ? (uint64_t)ceil(size * 1.3 / place->cell_width) : 1;
    const double widest_row = fmin(NAME_ROOM, widest_of(&heat->row_name, size));

    for (uint64_t r = 0; r < heat->rows; r += each_row)
        draw_name(canvas, place->left - 6, place->top + ((double)r + 0.5) * place->cell_height, heat->row_name.text[r],
                  size, ALIGN_RIGHT, 0);
    for (uint64_t c = 0; c < heat->columns; c += each_column) {
        const double x = place->left + ((double)c + 0.5) * place->cell_width;
        if (place->slant)
            draw_name(canvas, x + size * 0.35, foot + 6 + size * 0.35, heat->column_name.text[c], size, ALIGN_RIGHT,
                      45);
        else
            draw_name(canvas, x, foot + 6 + size * 0.6, heat->column_name.text[c], size, ALIGN_CENTRE, 0);
    }
    if (heat->row_label != NULL)
        sna_canvas_text(canvas, place->left - 6 - widest_row - 6 - 0.6 * SIZE_LABEL, place->top + place->height / 2,
                        heat->row_label, SIZE_LABEL, ALIGN_CENTRE, 90, INK, false);
    if (heat->column_label != NULL)
        sna_canvas_text(canvas, place->left + place->width / 2, foot + place->margin[3] - 4 - 0.6 * SIZE_LABEL,
                        heat->column_label, SIZE_LABEL, ALIGN_CENTRE, 0, INK, false);
}

static void draw_bar(const sna_plot_place *place, sna_plot_canvas *canvas)
{
    const sna_plot_heat *heat = &place->panel->heat;
    const sna_plot_scale *scale = &place->scale[2];
    const double x = place->left + place->width + BAR_GAP;
    const double tall = place->height - (heat->missing ? 30 : 0), height = floor(fmax(50, fmin(tall, 400))),
                 foot = place->top + height;

    /* A step to the pixel; each reaches under the next, so that no seam shows where a viewer scales the picture. */
    for (int i = 0; i < (int)height; i++)
        sna_canvas_box(canvas, x, fmax(place->top, foot - i - 2), x + BAR_WIDTH, foot - i,
                       cell_colour(heat, heat->low + (heat->high - heat->low) * (i + 0.5) / height));
    for (uint64_t i = 0; i < scale->ticks; i++) {
        const double y = foot - sna_scale_place(scale, scale->tick[i]) * height;
        sna_canvas_line(canvas, x + BAR_WIDTH, y, x + BAR_WIDTH + 4, y, 0.8, SNA_SOLID, INK);
        sna_canvas_text(canvas, x + BAR_WIDTH + 8, y, scale->name.text[i], SIZE_TICK, ALIGN_LEFT, 0, INK, false);
    }
    if (heat->missing) {
        sna_canvas_box(canvas, x, foot + 16, x + BAR_WIDTH, foot + 30, MISSING);
        hatch(canvas, x, foot + 16, x + BAR_WIDTH, foot + 30);
        sna_canvas_text(canvas, x + BAR_WIDTH + 8, foot + 23, "no value", SIZE_TICK, ALIGN_LEFT, 0, INK, false);
    }
    if (heat->value_label != NULL)
        sna_canvas_text(canvas, x + BAR_WIDTH + 18 + sna_scale_name_width(scale, SIZE_TICK) + 0.6 * SIZE_LABEL,
                        place->top + height / 2, heat->value_label, SIZE_LABEL, ALIGN_CENTRE, 90, INK, false);
}

void sna_heat_draw(const sna_plot_place *place, sna_plot_canvas *canvas)
{
    draw_cells(place, canvas);
    draw_names(place, canvas);
    draw_bar(place, canvas);
}
