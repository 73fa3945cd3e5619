/* layout.c: where everything of a figure goes: sizes of panels, margins for what is written around them, the grid. */
#include "internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE_LEFT, SIDE_RIGHT, SIDE_TOP, SIDE_BOTTOM };
enum { EDGE = 12, GAP = 14, FLAT_WIDTH = 560, FLAT_HEIGHT = 300, SPACE_WIDTH = 560, SPACE_HEIGHT = 460 };
enum { LEGEND_ROW = 19, LEGEND_MOST = 80 };

/* ---- extents ------------------------------------------------------------------------------------------------ */

static void add_array(sna_plot_extent *self, const double *value, uint64_t count, bool log)
{
    for (uint64_t i = 0; i < count && value != NULL; i++)
        sna_extent_add(self, value[i], log);
}

static void add_arrows(sna_plot_extent *self, const sna_plot_layer *layer, sna_axis axis)
{
    for (uint64_t i = 0; i < layer->count; i++) {
        sna_extent_add(self, layer->data[axis][i], false);
        sna_extent_add(self, layer->data[axis][i] + layer->data[3 + axis][i], false);
    }
}

sna_plot_extent sna_panel_extent(const sna_panel *self, sna_axis axis)
{
    sna_plot_extent extent = EXTENT_NONE;
    const bool log = self->axis[axis].log;

    for (uint64_t k = 0; k < self->layers; k++) {
        const sna_plot_layer *layer = &self->layer[k];

        switch (layer->kind) {
        case LAYER_LINE:
            if (axis == SNA_AXIS_X && layer->data[0] == NULL && layer->count > 0) {
                sna_extent_add(&extent, sna_layer_x(layer, 0), log);
                sna_extent_add(&extent, sna_layer_x(layer, layer->count - 1), log);
            } else {
                add_array(&extent, layer->data[axis], layer->count, log);
            }
            extent.pad = extent.pad || axis == SNA_AXIS_Y;
            break;
        case LAYER_BAND:
        case LAYER_ERRORS:
            add_array(&extent, layer->data[axis], layer->count, log);
            if (axis == SNA_AXIS_Y)
                add_array(&extent, layer->data[2], layer->count, log);
            extent.pad = extent.pad || axis == SNA_AXIS_Y || layer->kind == LAYER_ERRORS;
            break;
        case LAYER_BOXES:
            add_array(&extent, layer->data[axis == SNA_AXIS_X ? 0 : 2], layer->count, log);
            if (axis == SNA_AXIS_X)
                add_array(&extent, layer->data[1], layer->count, log);
            extent.pad = true;
            extent.zero = extent.zero || axis == SNA_AXIS_Y;
            break;
        case LAYER_RULE:
            if (layer->axis == axis)
                sna_extent_add(&extent, layer->value, log);
            break;
        case LAYER_TEXT:
            sna_extent_add(&extent, layer->place[axis], log);
            break;
        case LAYER_ARROWS:
            add_arrows(&extent, layer, axis);
            break;
        case LAYER_POINTS:
        case LAYER_CLOUD:
            add_array(&extent, layer->data[axis], layer->count, log);
            extent.pad = true;
            break;
        }
    }
    return extent;
}

/* ---- legends ------------------------------------------------------------------------------------------------ */

static int legend_add(sna_plot_legend *self, uint64_t *capacity, sna_legend_entry entry)
{
    sna_legend_entry *grown = sna_grow(self->entry, capacity, self->count + 1, sizeof *self->entry);

    if (grown == NULL)
        return SNA_ENOMEM;
    self->entry = grown;
    self->entry[self->count++] = entry;
    return 0;
}

static int legend_collect(sna_plot_legend *self, const sna_panel *panel)
{
    int status = 0;
    uint64_t capacity = 0, left_out = 0;

    for (uint64_t k = 0; k < panel->layers && status == 0; k++) {
        const sna_plot_layer *layer = &panel->layer[k];
        const bool grouped = layer->group_name.count > 0;
        const uint64_t names = grouped ? layer->group_name.count : layer->name != NULL;

        for (uint64_t g = 0; g < names && status == 0; g++) {
            sna_legend_entry entry = {layer->name, layer->rgb, layer->kind, layer->dash, layer->mark, layer->size};

            if (grouped) {
                entry.name = layer->group_name.text[g];
                entry.rgb = sna_colour_palette(g);
                entry.mark = sna_group_mark(layer, g);
            }
            if (entry.name[0] == '\0')
                continue;
            if (self->count < LEGEND_MOST)
                status = legend_add(self, &capacity, entry);
            else
                left_out++;
        }
    }
    if (left_out > 0 && status == 0) {
        (void)snprintf(self->more, sizeof self->more, "and %" PRIu64 " more", left_out);
        status = legend_add(self, &capacity, (sna_legend_entry){.name = self->more, .kind = LAYER_TEXT});
    }
    return status;
}

static double sample_width(const sna_legend_entry *entry)
{
    if (entry->kind == LAYER_TEXT)
        return 0;
    return entry->kind == LAYER_POINTS || entry->kind == LAYER_CLOUD ? 10
           : entry->kind == LAYER_BOXES || entry->kind == LAYER_BAND ? 16
                                                                     : 22;
}

static double entry_width(const sna_legend_entry *entry)
{
    return sample_width(entry) + 6 + sna_lettering_width(entry->name, SIZE_TICK, false) + 16;
}

/* In a row above the panel where that fits, else in columns beside it. */
static void legend_arrange(sna_plot_legend *self, double width, double height)
{
    double total = 0, widest = 0;

    for (uint64_t i = 0; i < self->count; i++) {
        total += entry_width(&self->entry[i]);
        widest = fmax(widest, entry_width(&self->entry[i]));
    }
    self->beside = total > width;
    self->rows = (uint64_t)fmax(4, floor(height / LEGEND_ROW));
    self->column_width = widest;
    if (self->count > 0)
        self->width = self->beside ? widest * ceil((double)self->count / (double)self->rows) : total;
}

static void draw_sample(const sna_legend_entry *entry, double x, double y, sna_plot_canvas *canvas)
{
    const double width = sample_width(entry);

    switch (entry->kind) {
    case LAYER_BOXES:
    case LAYER_BAND:
        sna_canvas_box(canvas, x, y - 5, x + width, y + 5,
                       sna_colour_pale(entry->rgb, entry->kind == LAYER_BAND ? 0.25 : 1));
        break;
    case LAYER_POINTS:
    case LAYER_CLOUD:
        sna_canvas_mark(canvas, x + width / 2, y, entry->mark, fmax(7, fmin(10, entry->size)), entry->rgb);
        break;
    case LAYER_TEXT:
        break;
    default:
        sna_canvas_line(canvas, x, y, x + width, y, entry->size > 0 ? entry->size : 1.5, entry->dash, entry->rgb);
    }
}

void sna_legend_draw(const sna_plot_place *place, sna_plot_canvas *canvas)
{
    const sna_plot_legend *legend = &place->legend;
    double x = place->left, y = place->top - 14;

    for (uint64_t i = 0; i < legend->count; i++) {
        const sna_legend_entry *entry = &legend->entry[i];

        if (legend->beside) {
            const uint64_t column = i / legend->rows, row = i % legend->rows;

            x = place->left + place->width + 18 + (double)column * legend->column_width;
            y = place->top + LEGEND_ROW * ((double)row + 0.5);
        }
        draw_sample(entry, x, y, canvas);
        sna_canvas_text(canvas, x + sample_width(entry) + 6, y, entry->name, SIZE_TICK, ALIGN_LEFT, 0, INK, false);
        x += entry_width(entry);
    }
}

/* ---- one panel ---------------------------------------------------------------------------------------------- */

static int axis_label(sna_plot_place *place, sna_axis axis, double room)
{
    int status = 0;
    char *text = NULL;
    sna_string wrapped = SNA_STRING;

    free(place->axis_label[axis]);
    place->axis_label[axis] = NULL;
    status = sna_lettering_axis(&text, place->panel->axis[axis].label, place->panel->axis[axis].unit);
    if (status == 0 && text != NULL)
        status = sna_lettering_wrap(&wrapped, text, SIZE_LABEL, false, room);
    if (status == 0 && text != NULL) {
        place->axis_label[axis] = wrapped.text;
        wrapped = SNA_STRING;
    }
    sna_string_free(&wrapped);
    free(text);
    return status;
}

static double label_room(const char *label)
{
    return label == NULL ? 0 : 1.25 * SIZE_LABEL * (double)sna_lettering_lines(label) + 5;
}

static void title_margin(sna_plot_place *place)
{
    place->margin[SIDE_TOP] = 8;
    if (place->panel->title != NULL)
        place->margin[SIDE_TOP] += 1.25 * SIZE_PANEL * (double)sna_lettering_lines(place->panel->title) + 6;
    if (place->legend.count > 0 && !place->legend.beside)
        place->margin[SIDE_TOP] += LEGEND_ROW + 3;
}

static int flat_measure(sna_plot_place *place, double sx, double sy, sna_plot_extent x, sna_plot_extent y)
{
    const sna_panel *panel = place->panel;
    int status = 0;
    double tick_x = 70, overhang = 0;

    place->width = floor(fmax(60, (panel->width > 0 ? panel->width : FLAT_WIDTH) * sx));
    place->height = floor(fmax(40, (panel->height > 0 ? panel->height : FLAT_HEIGHT) * sy));
    if (place->width < 300)
        tick_x = 45;
    for (int i = 0; i < 2; i++)
        sna_scale_free(&place->scale[i]);
    status = sna_scale_settle(&place->scale[0], &panel->axis[0], x, place->width, tick_x, true);
    if (status == 0)
        status =
            sna_scale_settle(&place->scale[1], &panel->axis[1], y, place->height, place->height < 150 ? 30 : 45, false);
    if (status != 0)
        goto out;
    if (panel->equal && !place->scale[0].log && !place->scale[1].log) {
        const double across = place->scale[0].high - place->scale[0].low,
                     up = place->scale[1].high - place->scale[1].low;
        const double unit = fmin(place->width / across, place->height / up);

        place->width = fmax(40, round(unit * across));
        place->height = fmax(40, round(unit * up));
        sna_scale_free(&place->scale[0]);
        status = sna_scale_settle(&place->scale[0], &panel->axis[0], x, place->width, tick_x, true);
        if (status != 0)
            goto out;
    }
    if (place->show_x)
        status = axis_label(place, SNA_AXIS_X, fmax(place->width, 120));
    if (status == 0 && place->show_y)
        status = axis_label(place, SNA_AXIS_Y, fmax(place->height, 50));
    if (status != 0)
        goto out;
    legend_arrange(&place->legend, place->width, place->height);
    if (place->scale[0].ticks > 0 && place->show_x)
        overhang = sna_lettering_width(place->scale[0].name.text[place->scale[0].ticks - 1], SIZE_TICK, false) / 2;
    title_margin(place);
    place->margin[SIDE_LEFT] = 8 + label_room(place->axis_label[1]) +
                               (place->show_y ? sna_scale_name_width(&place->scale[1], SIZE_TICK) + 10 : 4);
    place->margin[SIDE_BOTTOM] = 6 + label_room(place->axis_label[0]) + (place->show_x ? SIZE_TICK * 1.25 + 9 : 0);
    place->margin[SIDE_RIGHT] = fmax(8, overhang) + (place->legend.beside ? place->legend.width + 14 : 0);
out:
    return status;
}

static int space_measure(sna_plot_place *place, double sx, double sy)
{
    const sna_panel *panel = place->panel;
    int status = 0;

    place->width = floor(fmax(80, (panel->width > 0 ? panel->width : SPACE_WIDTH) * sx));
    place->height = floor(fmax(80, (panel->height > 0 ? panel->height : SPACE_HEIGHT) * sy));
    for (int i = 0; i < 3 && status == 0; i++) {
        sna_plot_extent extent = sna_panel_extent(panel, (sna_axis)i);
        extent.pad = true;
        sna_scale_free(&place->scale[i]);
        status = sna_scale_settle(&place->scale[i], &panel->axis[i], extent, fmin(place->width, place->height) * 0.6,
                                  60, false);
        if (status == 0)
            status = axis_label(place, (sna_axis)i, place->width);
    }
    legend_arrange(&place->legend, place->width, place->height);
    title_margin(place);
    place->margin[SIDE_LEFT] = place->margin[SIDE_BOTTOM] = 4;
    place->margin[SIDE_RIGHT] = 4 + (place->legend.beside ? place->legend.width + 14 : 0);
    return status;
}

static int panel_measure(sna_plot_place *place, double sx, double sy, sna_plot_extent x, sna_plot_extent y)
{
    int status = 0;

    switch (place->panel->kind) {
    case PANEL_EMPTY:
    case PANEL_FLAT:
        status = flat_measure(place, sx, sy, x, y);
        break;
    case PANEL_SPACE:
        status = space_measure(place, sx, sy);
        break;
    case PANEL_HEAT:
        status = sna_heat_measure(place, fmin(sx, sy));
        break;
    case PANEL_SHEET:
        status = sna_sheet_measure(place, fmin(sx, sy));
        break;
    case PANEL_DIAGRAM:
        status = sna_diagram_measure(place, fmin(sx, sy));
        break;
    }
    if (status == 0 && place->panel->kind >= PANEL_HEAT && place->panel->title != NULL)
        place->margin[SIDE_TOP] += 1.25 * SIZE_PANEL * (double)sna_lettering_lines(place->panel->title) + 6;
    return status;
}

/* ---- the grid ----------------------------------------------------------------------------------------------- */

typedef struct {
    uint64_t columns, rows;
    double *before, *area, *after;  /* [columns]: left margins, widths, right margins */
    double *above, *height, *below; /* [rows] */
    double left, top, bottom;       /* around all panels */
    double sum_width, sum_area_width, sum_height, sum_area_height;
} grid;

static void grid_add_up(grid *self, const sna_plot_layout *layout)
{
    memset(self->before, 0, (size_t)(3 * (self->columns + self->rows)) * sizeof(double));
    for (uint64_t i = 0; i < layout->panels; i++) {
        const sna_plot_place *place = &layout->place[i];
        const uint64_t c = i % self->columns, r = i / self->columns;

        self->before[c] = fmax(self->before[c], place->margin[SIDE_LEFT]);
        self->area[c] = fmax(self->area[c], place->width);
        self->after[c] = fmax(self->after[c], place->margin[SIDE_RIGHT]);
        self->above[r] = fmax(self->above[r], place->margin[SIDE_TOP]);
        self->height[r] = fmax(self->height[r], place->height);
        self->below[r] = fmax(self->below[r], place->margin[SIDE_BOTTOM]);
    }
    self->sum_width = self->left + EDGE;
    self->sum_height = self->top + self->bottom;
    self->sum_area_width = self->sum_area_height = 0;
    for (uint64_t c = 0; c < self->columns; c++) {
        self->sum_area_width += self->area[c];
        self->sum_width += ceil(self->before[c]) + self->area[c] + ceil(self->after[c]) + (c > 0 ? GAP : 0);
    }
    for (uint64_t r = 0; r < self->rows; r++) {
        self->sum_area_height += self->height[r];
        self->sum_height += ceil(self->above[r]) + self->height[r] + ceil(self->below[r]) + (r > 0 ? GAP : 0);
    }
}

void sna_share_extents(const sna_figure *figure, sna_plot_extent *x, sna_plot_extent *y)
{
    for (uint64_t i = 0; i < figure->panels; i++) {
        x[i] = sna_panel_extent(figure->panel[i], SNA_AXIS_X);
        y[i] = sna_panel_extent(figure->panel[i], SNA_AXIS_Y);
    }
    for (uint64_t i = 0; i < figure->panels && figure->share_x; i++) {
        if (i >= figure->columns) /* the last of a column knows all above it */
            x[i] = sna_extent_union(x[i], x[i - figure->columns]);
    }
    for (uint64_t i = figure->panels; i > figure->columns && figure->share_x; i--)
        x[i - 1 - figure->columns] = x[i - 1];
    for (uint64_t i = 0; i < figure->panels && figure->share_y; i++) {
        if (i % figure->columns > 0)
            y[i] = sna_extent_union(y[i], y[i - 1]);
    }
    for (uint64_t i = figure->panels; i > 1 && figure->share_y; i--) {
        if ((i - 1) % figure->columns > 0)
            y[i - 2] = y[i - 1];
    }
}

/* Wraps title and note to the width and takes their room from top and bottom. */
static int layout_texts(sna_plot_layout *self, const sna_figure *figure, grid *cells)
{
    int status = 0;
    sna_string text = SNA_STRING;
    const double room = fmax(cells->sum_width - 2 * EDGE, 220);

    free(self->title);
    free(self->note);
    self->title = self->note = NULL;
    cells->top = EDGE / 2.0;
    cells->bottom = EDGE / 2.0;
    cells->left = EDGE / 2.0;
    if (figure->title != NULL && figure->title[0] != '\0') {
        status = sna_lettering_wrap(&text, figure->title, SIZE_TITLE, true, room);
        if (status != 0)
            goto out;
        self->title = text.text;
        text = SNA_STRING;
        self->title_top = EDGE;
        cells->top = EDGE + 1.25 * SIZE_TITLE * (double)sna_lettering_lines(self->title) + 4;
    }
    for (uint64_t i = 0; i < figure->note.count && status == 0; i++) {
        if (i > 0)
            status = sna_string_append(&text, "\n");
        if (status == 0)
            status = sna_lettering_wrap(&text, figure->note.text[i], SIZE_NOTE, false, room);
    }
    if (status != 0)
        goto out;
    if (figure->note.count > 0) {
        self->note = text.text;
        text = SNA_STRING;
        cells->bottom += 1.25 * SIZE_NOTE * (double)sna_lettering_lines(self->note) + 6;
    }
    if (figure->column_name.count > 0) {
        uint64_t most = 1;
        for (uint64_t i = 0; i < figure->column_name.count; i++)
            most = sna_lettering_lines(figure->column_name.text[i]) > most
                       ? sna_lettering_lines(figure->column_name.text[i])
                       : most;
        self->column_name_y = cells->top + 0.625 * SIZE_LABEL * (double)most + 2;
        cells->top += 1.25 * SIZE_LABEL * (double)most + 2;
    }
    if (figure->row_name.count > 0) {
        self->row_name_x = cells->left + SIZE_LABEL;
        cells->left += 1.5 * SIZE_LABEL;
    }
out:
    sna_string_free(&text);
    return status;
}

/* Whole pixels may add up to a little more than was asked for: the edges take it. */
static double picture_side(double needed, double wanted)
{
    return wanted > 0 && needed <= wanted + 4 ? wanted : needed;
}

/* The left margin that axes of a column share, so that their labels are in line; whole-panel contents aside, whose
 * margins may be much larger. */
static double axis_margin(const grid *cells, const sna_plot_layout *self, uint64_t column)
{
    double widest = 0;

    for (uint64_t i = column; i < self->panels; i += cells->columns) {
        if (self->place[i].panel->kind <= PANEL_SPACE)
            widest = fmax(widest, self->place[i].margin[SIDE_LEFT]);
    }
    return widest;
}

static void grid_settle(grid *cells, sna_plot_layout *self, const sna_figure *figure)
{
    double x = cells->left, y = cells->top;

    for (uint64_t c = 0; c < cells->columns; c++) {
        const double margin = axis_margin(cells, self, c);
        x = ceil(x + cells->before[c]);
        for (uint64_t i = c; i < self->panels; i += cells->columns) {
            self->place[i].left = x;
            if (self->place[i].panel->kind > PANEL_SPACE)
                continue;
            self->place[i].margin[SIDE_LEFT] = margin;
            if (!self->place[i].panel->equal)
                self->place[i].width = cells->area[c];
        }
        self->column_middle[c] = x + cells->area[c] / 2;
        if (c == 0)
            self->title_left = x;
        x += cells->area[c] + ceil(cells->after[c]) + GAP;
    }
    for (uint64_t r = 0; r < cells->rows; r++) {
        y = ceil(y + cells->above[r]);
        for (uint64_t i = r * cells->columns; i < (r + 1) * cells->columns && i < self->panels; i++)
            self->place[i].top = y;
        self->row_middle[r] = y + cells->height[r] / 2;
        y += cells->height[r] + ceil(cells->below[r]) + GAP;
    }
    self->width = ceil(fmax(cells->sum_width, 240));
    self->height = ceil(cells->sum_height);
    self->width = picture_side(self->width, figure->width);
    self->height = picture_side(self->height, figure->height);
    if (self->title != NULL) {
        const double own = sna_lettering_width(self->title, SIZE_TITLE, true);
        if (self->title_left + own > self->width - EDGE)
            self->title_left = fmax(EDGE, self->width - EDGE - own);
    }
    self->note_top = self->height - cells->bottom + 3;
}

/* Axes that panels share are numbered at the lowest panel of a column that has anything on it, and at the leftmost of a
 * row. */
static bool is_lowest(const sna_figure *figure, uint64_t panel, uint64_t columns)
{
    if (figure->panel[panel]->kind == PANEL_EMPTY)
        return false;
    for (uint64_t i = panel + columns; i < figure->panels; i += columns) {
        if (figure->panel[i]->kind != PANEL_EMPTY)
            return false;
    }
    return true;
}

static bool is_leftmost(const sna_figure *figure, uint64_t panel, uint64_t column)
{
    if (figure->panel[panel]->kind == PANEL_EMPTY)
        return false;
    for (uint64_t i = panel - column; i < panel; i++) {
        if (figure->panel[i]->kind != PANEL_EMPTY)
            return false;
    }
    return true;
}

int sna_layout_make(sna_plot_layout *self, const sna_figure *figure)
{
    int status = 0;
    sna_plot_extent *x = NULL, *y = NULL;
    grid cells = {.columns = figure->columns, .left = EDGE, .top = EDGE, .bottom = EDGE};
    double sx = 1, sy = 1;
    uint64_t column = 0;

    *self = (sna_plot_layout){.panels = figure->panels};
    if (figure->panels == 0) {
        status = sna_error(SNA_EINVAL, "a figure without panels cannot be drawn");
        goto out;
    }
    if (cells.columns > figure->panels)
        cells.columns = figure->panels;
    cells.rows = (figure->panels + cells.columns - 1) / cells.columns;
    status = sna_allocate(&self->place, figure->panels, sizeof *self->place);
    if (status == 0)
        status = sna_allocate(&x, figure->panels, sizeof *x);
    if (status == 0)
        status = sna_allocate(&y, figure->panels, sizeof *y);
    if (status == 0)
        status = sna_allocate(&cells.before, 3 * (cells.columns + cells.rows), sizeof *cells.before);
    if (status == 0)
        status = sna_allocate(&self->row_middle, cells.rows, sizeof *self->row_middle);
    if (status == 0)
        status = sna_allocate(&self->column_middle, cells.columns, sizeof *self->column_middle);
    if (status != 0)
        goto out;
    cells.area = cells.before + cells.columns;
    cells.after = cells.area + cells.columns;
    cells.above = cells.after + cells.columns;
    cells.height = cells.above + cells.rows;
    cells.below = cells.height + cells.rows;
    sna_share_extents(figure, x, y);
    for (uint64_t i = 0; i < self->panels; i++) {
        self->place[i].panel = figure->panel[i];
        self->place[i].show_x = !figure->share_x || is_lowest(figure, i, cells.columns);
        self->place[i].show_y = !figure->share_y || is_leftmost(figure, i, column);
        column = column + 1 == cells.columns ? 0 : column + 1;
        status = legend_collect(&self->place[i].legend, figure->panel[i]);
        if (status != 0)
            goto out;
    }
    /* Margins depend on sizes (numbers get closer, legends move) and, in a picture of given size, sizes on margins:
     * three rounds settle it. */
    for (int round = 0; round < 3 && status == 0; round++) {
        for (uint64_t i = 0; i < self->panels && status == 0; i++)
            status = panel_measure(&self->place[i], sx, sy, x[i], y[i]);
        if (status == 0) {
            grid_add_up(&cells, self);
            status = layout_texts(self, figure, &cells);
        }
        if (status != 0)
            goto out;
        grid_add_up(&cells, self);
        if (figure->width > 0)
            sx *= fmax(0.02, (figure->width - (cells.sum_width - cells.sum_area_width)) / cells.sum_area_width);
        if (figure->height > 0)
            sy *= fmax(0.02, (figure->height - (cells.sum_height - cells.sum_area_height)) / cells.sum_area_height);
        if (figure->width == 0 && figure->height == 0)
            break;
    }
    grid_settle(&cells, self, figure);
out:
    free(cells.before);
    free(x);
    free(y);
    return status;
}

void sna_layout_free(sna_plot_layout *self)
{
    for (uint64_t i = 0; i < self->panels && self->place != NULL; i++) {
        sna_plot_place *place = &self->place[i];
        for (int k = 0; k < 3; k++) {
            sna_scale_free(&place->scale[k]);
            free(place->axis_label[k]);
        }
        free(place->legend.entry);
    }
    free(self->place);
    free(self->title);
    free(self->note);
    free(self->row_middle);
    free(self->column_middle);
    *self = (sna_plot_layout){0};
}
