/* print_flat.c: lines, points and bars as dots of Braille letters, or as ASCII letters. */
#include "print.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LETTER_WIDTH = 8, LINE_HEIGHT = 16 }; /* what a character stands for in pixels, for the choice of ticks */

/* A drawing of dots: 2 x 4 to a character in Braille, 1 x 1 in ASCII. */
typedef struct {
    uint64_t columns, rows; /* characters */
    uint64_t across, down;  /* dots of a character */
    uint8_t *dots;          /* [rows * columns] Braille bits, or the number of the layer + 1 */
    uint32_t *rgb;
} dots;

static void set_dot(dots *self, int64_t x, int64_t y, uint32_t rgb, uint64_t layer)
{
    /* Braille's numbering: the lower pair came later. */
    static const uint8_t bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    uint64_t place;

    if (x < 0 || y < 0 || (uint64_t)x >= self->columns * self->across || (uint64_t)y >= self->rows * self->down)
        return;
    place = (uint64_t)y / self->down * self->columns + (uint64_t)x / self->across;
    if (self->across == 2)
        self->dots[place] |= bit[(uint64_t)y % 4][(uint64_t)x % 2];
    else
        self->dots[place] = (uint8_t)(1 + layer % 8);
    self->rgb[place] = rgb;
}

/* Bresenham's line, cut to what can be seen before it is walked. */
static void set_line(dots *self, double x0, double y0, double x1, double y1, uint32_t rgb, uint64_t layer)
{
    const double wide = (double)(self->columns * self->across), tall = (double)(self->rows * self->down);
    double from = 0, to = 1, steps;
    const double start[2] = {x0, y0}, way[2] = {x1 - x0, y1 - y0}, limit[2] = {wide, tall};

    for (int i = 0; i < 2; i++) {
        if (way[i] == 0) {
            if (start[i] < -1 || start[i] > limit[i])
                return;
            continue;
        }
        from = fmax(from, fmin((-1 - start[i]) / way[i], (limit[i] - start[i]) / way[i]));
        to = fmin(to, fmax((-1 - start[i]) / way[i], (limit[i] - start[i]) / way[i]));
    }
    if (!(from <= to))
        return;
    steps = fmin(1e4, ceil(fmax(fabs(way[0]), fabs(way[1])) * (to - from)) + 1);
    for (int i = 0; i <= (int)steps; i++) {
        const double t = from + (to - from) * i / steps;
        set_dot(self, (int64_t)floor(x0 + t * way[0]), (int64_t)floor(y0 + t * way[1]), rgb, layer);
    }
}

typedef struct {
    const sna_plot_scale *x, *y;
    dots *dots;
    double width, height; /* in dots */
    uint64_t layer;
} pen;

static double dot_x(const pen *self, double value)
{
    return sna_scale_place(self->x, value) * (self->width - 1) + 0.5;
}

static double dot_y(const pen *self, double value)
{
    return (1 - sna_scale_place(self->y, value)) * (self->height - 1) + 0.5;
}

static int draw_line(const pen *self, const sna_plot_layer *layer)
{
    uint64_t *keep = NULL, kept = 0;
    int status = sna_thin_line(&keep, &kept, layer, self->x, (uint64_t)self->width);
    double last_x = NAN, last_y = NAN;

    for (uint64_t i = 0; i < kept && status == 0; i++) {
        const double x = dot_x(self, sna_layer_x(layer, keep[i])), y = dot_y(self, layer->data[1][keep[i]]);

        if (isfinite(x) && isfinite(y) && isfinite(last_x) && isfinite(last_y) &&
            (layer->dash == SNA_SOLID || i % 2 == 0))
            set_line(self->dots, last_x, last_y, x, y, layer->rgb, self->layer);
        last_x = x;
        last_y = y;
    }
    free(keep);
    return status;
}

static void draw_points(const pen *self, const sna_plot_layer *layer)
{
    for (uint64_t i = 0; i < layer->count; i++) {
        const double x = dot_x(self, layer->data[0][i]), y = dot_y(self, layer->data[1][i]);
        const uint32_t group = layer->group == NULL ? 0 : layer->group[i];

        if (fabs(x) < 1e6 && fabs(y) < 1e6)
            set_dot(self->dots, (int64_t)floor(x), (int64_t)floor(y),
                    layer->groups > 1 ? sna_colour_palette(group) : layer->rgb,
                    self->layer + (layer->groups > 1 ? group : 0));
    }
}

static void draw_boxes(const pen *self, const sna_plot_layer *layer)
{
    for (uint64_t i = 0; i < layer->count; i++) {
        const double left = dot_x(self, layer->data[0][i]), right = dot_x(self, layer->data[1][i]);
        const double top = dot_y(self, layer->data[2][i]), foot = dot_y(self, self->y->log ? self->y->low : 0);

        if (!isfinite(left) || !isfinite(right) || !isfinite(top) || layer->data[2][i] == 0)
            continue;
        for (int64_t x = (int64_t)fmax(0, ceil(left)); (double)x < fmin(self->width, fmax(left + 1, right)); x++)
            set_line(self->dots, (double)x, foot, (double)x, top, layer->rgb, self->layer);
    }
}

/* Bands as their two edges, error bars as upright lines. */
static void draw_spans(const pen *self, const sna_plot_layer *layer)
{
    for (uint64_t i = 0; i < layer->count; i++) {
        const double x = dot_x(self, layer->data[0][i]), low = dot_y(self, layer->data[1][i]),
                     high = dot_y(self, layer->data[2][i]);

        if (!(fabs(x) < 1e6) || !(fabs(low) < 1e6) || !(fabs(high) < 1e6))
            continue;
        if (layer->kind == LAYER_ERRORS) {
            set_line(self->dots, x, low, x, high, layer->rgb, self->layer);
        } else {
            set_dot(self->dots, (int64_t)floor(x), (int64_t)floor(low), layer->rgb, self->layer);
            set_dot(self->dots, (int64_t)floor(x), (int64_t)floor(high), layer->rgb, self->layer);
        }
    }
}

static void draw_rule(const pen *self, const sna_plot_layer *layer)
{
    const bool upright = layer->axis == SNA_AXIS_X;
    const double at = upright ? dot_x(self, layer->value) : dot_y(self, layer->value);
    const int64_t length = (int64_t)(upright ? self->height : self->width);

    for (int64_t i = 0; i < length && fabs(at) < 1e6; i += 2)
        set_dot(self->dots, upright ? (int64_t)floor(at) : i, upright ? i : (int64_t)floor(at), layer->rgb,
                self->layer);
}

static int draw_layer(const pen *self, const sna_plot_layer *layer)
{
    int status = 0;

    switch (layer->kind) {
    case LAYER_LINE:
        status = draw_line(self, layer);
        break;
    case LAYER_POINTS:
    case LAYER_CLOUD:
        draw_points(self, layer);
        break;
    case LAYER_BOXES:
        draw_boxes(self, layer);
        break;
    case LAYER_BAND:
    case LAYER_ERRORS:
        draw_spans(self, layer);
        break;
    case LAYER_RULE:
        draw_rule(self, layer);
        break;
    case LAYER_ARROWS:
        for (uint64_t i = 0; i < layer->count; i++)
            set_line(self->dots, dot_x(self, layer->data[0][i]), dot_y(self, layer->data[1][i]),
                     dot_x(self, layer->data[0][i] + layer->data[3][i]),
                     dot_y(self, layer->data[1][i] + layer->data[4][i]), layer->rgb, self->layer);
        break;
    case LAYER_TEXT:
        break;
    }
    return status;
}

/* ---- printing ----------------------------------------------------------------------------------------------- */

static const char letters[] = "*+ox.#%@";

static void print_sample(FILE *stream, const sna_screen *screen, uint32_t rgb, uint64_t layer)
{
    if (screen->colour)
        (void)fprintf(stream, "\033[38;5;%um", sna_colour_terminal(rgb));
    if (screen->unicode)
        (void)fputs("━━", stream);
    else
        (void)fputc(letters[layer % 8], stream);
    if (screen->colour)
        (void)fputs("\033[0m", stream);
    (void)fputc(' ', stream);
}

/* Names of layers, as many to a line as fit. */
static void print_legend(const sna_panel *panel, FILE *stream, const sna_screen *screen)
{
    uint64_t used = 0;

    for (uint64_t k = 0; k < panel->layers; k++) {
        const sna_plot_layer *layer = &panel->layer[k];
        const uint64_t names = layer->group_name.count > 0 ? layer->group_name.count : layer->name != NULL;

        for (uint64_t g = 0; g < names; g++) {
            const bool grouped = layer->group_name.count > 0;
            const char *name = grouped ? layer->group_name.text[g] : layer->name;
            const uint64_t own = sna_lettering_columns(name) + 5;

            if (name[0] == '\0')
                continue;
            if (used > 0 && used + own > screen->width) {
                (void)fputc('\n', stream);
                used = 0;
            }
            print_sample(stream, screen, grouped ? sna_colour_palette(g) : layer->rgb, k + g);
            sna_print_cut(stream, name, sna_lettering_columns(name), ALIGN_LEFT, screen->unicode);
            (void)fputs("  ", stream);
            used += own;
        }
    }
    if (used > 0)
        (void)fputc('\n', stream);
}

static void print_row(const dots *self, uint64_t row, FILE *stream, const sna_screen *screen)
{
    uint32_t now = UINT32_MAX;

    for (uint64_t c = 0; c < self->columns; c++) {
        const uint8_t cell = self->dots[row * self->columns + c];
        const uint32_t rgb = self->rgb[row * self->columns + c];

        if (screen->colour && cell != 0 && rgb != now) {
            (void)fprintf(stream, "\033[38;5;%um", sna_colour_terminal(rgb == 0 ? 0x808080u : rgb));
            now = rgb;
        }
        if (cell == 0)
            (void)fputc(' ', stream);
        else if (self->across == 2) /* U+2800 + cell */
            (void)fprintf(stream, "\xE2%c%c", 0xA0 | cell >> 6, 0x80 | (cell & 0x3F));
        else
            (void)fputc(letters[cell - 1], stream);
    }
    if (now != UINT32_MAX)
        (void)fputs("\033[0m", stream);
}

/* The index of the tick on a character row or column, or -1. */
static int64_t tick_at(const sna_plot_scale *scale, uint64_t place, uint64_t places, bool downwards)
{
    for (uint64_t i = 0; i < scale->ticks; i++) {
        const double part = sna_scale_place(scale, scale->tick[i]);
        const double at = (downwards ? 1 - part : part) * ((double)places - 1);

        if ((uint64_t)fmax(0, floor(at + 0.5)) == place)
            return (int64_t)i;
    }
    return -1;
}

static void print_x_axis(const sna_plot_scale *x, uint64_t margin, uint64_t columns, FILE *stream,
                         const sna_screen *screen)
{
    uint64_t at = 0;

    sna_print_repeat(stream, " ", margin);
    (void)fputs(screen->unicode ? "└" : "+", stream);
    for (uint64_t c = 0; c < columns; c++)
        (void)fputs(tick_at(x, c, columns, false) >= 0 ? (screen->unicode ? "┴" : "+") : (screen->unicode ? "─" : "-"),
                    stream);
    (void)fputc('\n', stream);
    sna_print_repeat(stream, " ", margin + 1);
    for (uint64_t c = 0; c < columns; c++) {
        const int64_t tick = tick_at(x, c, columns, false);
        uint64_t width, start;

        if (tick < 0)
            continue;
        width = sna_lettering_columns(x->name.text[tick]);
        start = c > width / 2 ? c - width / 2 : 0;
        if (start < at || (at > 0 && start == at) || start + width > columns + 6)
            continue;
        sna_print_repeat(stream, " ", start - at);
        sna_print_cut(stream, x->name.text[tick], width, ALIGN_LEFT, screen->unicode);
        at = start + width;
    }
    (void)fputc('\n', stream);
}

static int print_label(const sna_plot_axis *axis, const char *before, uint64_t indent, FILE *stream,
                       const sna_screen *screen)
{
    char *label = NULL;
    int status = sna_lettering_axis(&label, axis->label, axis->unit);

    if (status == 0 && label != NULL) {
        sna_print_repeat(stream, " ", indent);
        (void)fputs(before, stream);
        sna_print_cut(stream, label, sna_lettering_columns(label), ALIGN_LEFT, screen->unicode);
        (void)fputc('\n', stream);
    }
    free(label);
    return status;
}

/* A panel lower than others is lower here too. */
static uint64_t rows_for(const sna_panel *panel, const sna_screen *screen)
{
    const double part = panel->height > 0 && panel->height < 300 ? panel->height / 300 : 1;

    return (uint64_t)fmax(5, round(part * screen->height));
}

int sna_print_flat(const sna_panel *panel, sna_plot_extent x, sna_plot_extent y, FILE *stream, const sna_screen *screen)
{
    int status = 0;
    sna_plot_scale scale[2] = {{.low = 0}, {.low = 0}};
    dots drawing = {
        .rows = rows_for(panel, screen), .across = screen->unicode ? 2 : 1, .down = screen->unicode ? 4 : 1};
    uint64_t margin = 1;
    pen tool;

    status =
        sna_scale_settle(&scale[1], &panel->axis[1], y, (double)drawing.rows * LINE_HEIGHT, 3 * LINE_HEIGHT, false);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < scale[1].ticks; i++) {
        const uint64_t own = sna_lettering_columns(scale[1].name.text[i]);
        margin = own > margin ? own : margin;
    }
    margin = margin > screen->width / 3 ? screen->width / 3 : margin;
    drawing.columns = screen->width - margin - 3;
    status =
        sna_scale_settle(&scale[0], &panel->axis[0], x, (double)drawing.columns * LETTER_WIDTH, 9 * LETTER_WIDTH, true);
    if (status == 0)
        status = sna_allocate(&drawing.dots, drawing.rows * drawing.columns, sizeof *drawing.dots);
    if (status == 0)
        status = sna_allocate(&drawing.rgb, drawing.rows * drawing.columns, sizeof *drawing.rgb);
    tool = (pen){&scale[0],
                 &scale[1],
                 &drawing,
                 (double)(drawing.columns * drawing.across),
                 (double)(drawing.rows * drawing.down),
                 0};
    for (uint64_t k = 0; k < panel->layers && status == 0; k++) {
        tool.layer = k;
        status = draw_layer(&tool, &panel->layer[k]);
    }
    if (status != 0)
        goto out;
    print_legend(panel, stream, screen);
    status = print_label(&panel->axis[1], "", 0, stream, screen);
    for (uint64_t r = 0; r < drawing.rows && status == 0; r++) {
        const int64_t tick = tick_at(&scale[1], r, drawing.rows, true);

        sna_print_cut(stream, tick < 0 ? "" : scale[1].name.text[tick], margin, ALIGN_RIGHT, screen->unicode);
        (void)fputs(tick >= 0 ? (screen->unicode ? "┤" : "+") : (screen->unicode ? "│" : "|"), stream);
        print_row(&drawing, r, stream, screen);
        (void)fputc('\n', stream);
    }
    if (status == 0) {
        print_x_axis(&scale[0], margin, drawing.columns, stream, screen);
        status = print_label(&panel->axis[0], "", margin + 1, stream, screen);
    }
    if (status == 0 && panel->kind == PANEL_SPACE)
        (void)fputs("(seen from above)\n", stream);
out:
    free(drawing.dots);
    free(drawing.rgb);
    sna_scale_free(&scale[0]);
    sna_scale_free(&scale[1]);
    return status;
}
