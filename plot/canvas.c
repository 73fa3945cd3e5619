/* canvas.c: lines, areas, marks and texts at pixels, and how they are said to gnuplot. */
#include "internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void sna_script_put(sna_plot_script *self, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    int length;

    if (self->status != 0)
        return;
    va_start(arguments, format);
    length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof line)
        self->status = sna_error(SNA_EINVAL, "a line of the gnuplot script is too long");
    else
        self->status = sna_string_append_bytes(&self->text, line, (uint64_t)length);
}

void sna_script_quote(sna_plot_script *self, const char *text)
{
    /* Between single quotes gnuplot expands nothing, but it does not read a doubled quote right everywhere. What could
     * mean something stands apart in double quotes, as an octal number. */
    static const char special[] = "'\"\\`@$\n";

    sna_script_put(self, "'");
    while (*text != '\0' && self->status == 0) {
        const size_t plain = strcspn(text, special);

        self->status = sna_string_append_bytes(&self->text, text, plain);
        text += plain;
        if (*text != '\0')
            sna_script_put(self, "'.\"\\%03o\".'", (unsigned)(unsigned char)*text++);
    }
    sna_script_put(self, "'");
}

int sna_mark_type(sna_mark mark)
{
    static const int type[] = {
        [SNA_MARK_AUTO] = 7,     [SNA_MARK_DISC] = 7,   [SNA_MARK_SQUARE] = 5, [SNA_MARK_TRIANGLE] = 9,
        [SNA_MARK_DIAMOND] = 13, [SNA_MARK_CIRCLE] = 6, [SNA_MARK_CROSS] = 2,  [SNA_MARK_DOT] = 7};

    return (size_t)mark < sizeof type / sizeof *type ? type[mark] : 7;
}

const char *sna_dash_type(sna_dash dash)
{
    return dash == SNA_DASHED ? "(12,10)" : dash == SNA_DOTTED ? "(1.5,7)" : "solid";
}

typedef enum { ITEM_LINE, ITEM_PATH, ITEM_POLYGON, ITEM_BOX, ITEM_MARK, ITEM_CELL } item_kind;

struct sna_canvas_item {
    item_kind kind;
    uint32_t rgb;
    double width; /* of a line, or of marks */
    sna_dash dash;
    sna_plot_script data;
};

/* The last item where it is drawn the same way, so that it can take more data, else a new one; NULL after a failure. */
static sna_plot_script *canvas_item_for(sna_plot_canvas *self, item_kind kind, uint32_t rgb, double width,
                                        sna_dash dash)
{
    sna_canvas_item *last, *grown;

    if (self->status != 0)
        return NULL;
    last = self->count > 0 ? &self->item[self->count - 1] : NULL;
    if (last != NULL && last->kind == kind && last->rgb == rgb && last->width == width && last->dash == dash)
        return &last->data;
    grown = sna_grow(self->item, &self->capacity, self->count + 1, sizeof *self->item);
    if (grown == NULL) {
        self->status = SNA_ENOMEM;
        return NULL;
    }
    self->item = grown;
    last = &self->item[self->count++];
    *last = (sna_canvas_item){kind, rgb, width, dash, PLOT_SCRIPT};
    return &last->data;
}

void sna_canvas_path(sna_plot_canvas *self, const double *x, const double *y, uint64_t count, double width,
                     sna_dash dash, uint32_t rgb)
{
    sna_plot_script *data = canvas_item_for(self, ITEM_PATH, rgb, width, dash);

    for (uint64_t i = 0; data != NULL && i < count; i++)
        sna_script_put(data, "%.2f %.2f\n", x[i], y[i]);
    if (data != NULL)
        sna_script_put(data, "\n");
}

void sna_canvas_line(sna_plot_canvas *self, double x0, double y0, double x1, double y1, double width, sna_dash dash,
                     uint32_t rgb)
{
    sna_plot_script *data = canvas_item_for(self, ITEM_LINE, rgb, width, dash);

    if (data != NULL)
        sna_script_put(data, "%.2f %.2f %.2f %.2f\n", x0, y0, x1 - x0, y1 - y0);
}

void sna_canvas_polygon(sna_plot_canvas *self, const double *x, const double *y, uint64_t count, uint32_t rgb)
{
    sna_plot_script *data = canvas_item_for(self, ITEM_POLYGON, rgb, 0, SNA_SOLID);

    for (uint64_t i = 0; data != NULL && i < count; i++)
        sna_script_put(data, "%.2f %.2f\n", x[i], y[i]);
    if (data != NULL)
        sna_script_put(data, "\n");
}

void sna_canvas_box(sna_plot_canvas *self, double x0, double y0, double x1, double y1, uint32_t rgb)
{
    sna_plot_script *data = canvas_item_for(self, ITEM_BOX, 0, 0, SNA_SOLID);

    if (data != NULL)
        sna_script_put(data, "%.2f %.2f %.2f %.2f %.2f %.2f %" PRIu32 "\n", (x0 + x1) / 2, (y0 + y1) / 2, x0, x1, y0,
                       y1, rgb);
}

void sna_canvas_disc(sna_plot_canvas *self, double x, double y, double radius, uint32_t rgb)
{
    /* A polygon: gnuplot's own circles have coarse rims in SVG. */
    enum { CORNERS = 120 };
    double px[CORNERS + 1], py[CORNERS + 1];

    for (int i = 0; i <= CORNERS; i++) {
        px[i] = x + radius * cos(2 * M_PI * i / CORNERS);
        py[i] = y + radius * sin(2 * M_PI * i / CORNERS);
    }
    sna_canvas_polygon(self, px, py, CORNERS + 1, rgb);
}

void sna_canvas_mark(sna_plot_canvas *self, double x, double y, sna_mark mark, double size, uint32_t rgb)
{
    sna_plot_script *data = canvas_item_for(self, ITEM_MARK, 0, size, SNA_SOLID);

    if (data != NULL)
        sna_script_put(data, "%.2f %.2f %d %" PRIu32 "\n", x, y, sna_mark_type(mark), rgb);
}

void sna_canvas_cell(sna_plot_canvas *self, double x, double y, uint32_t rgb)
{
    sna_plot_script *data = canvas_item_for(self, ITEM_CELL, 0, 0, SNA_SOLID);

    if (data != NULL)
        sna_script_put(data, "%.3f %.3f %u %u %u\n", x, y, (unsigned)(rgb >> 16 & 0xFFu), (unsigned)(rgb >> 8 & 0xFFu),
                       (unsigned)(rgb & 0xFFu));
}

void sna_canvas_text(sna_plot_canvas *self, double x, double y, const char *text, double size, sna_plot_align align,
                     double angle, uint32_t rgb, bool bold)
{
    static const char *const side[] = {"left", "center", "right"};
    const double leading = 1.25 * size, radians = angle * M_PI / 180;
    const uint64_t lines = sna_lettering_lines(text);
    char *line = NULL;

    if (self->status != 0)
        return;
    for (uint64_t i = 0; i < lines; i++) {
        const size_t length = strcspn(text, "\n");
        const double down = leading * ((double)i - (double)(lines - 1) / 2);

        line = strndup(text, length);
        if (line == NULL) {
            self->status = sna_error(SNA_ENOMEM, "no memory for a label");
            return;
        }
        if (length > 0) {
            sna_script_put(&self->label, "set label ");
            sna_script_quote(&self->label, line);
            sna_script_put(&self->label, " at first %.2f,%.2f %s front", x + down * sin(radians),
                           y + down * cos(radians), side[align]);
            if (angle != 0)
                sna_script_put(&self->label, " rotate by %g", angle);
            sna_script_put(&self->label, " font 'DejaVu Sans%s,%g' tc rgb '#%06" PRIx32 "'\n", bold ? ":Bold" : "",
                           size * self->letter, rgb);
        }
        free(line);
        text += length + (text[length] == '\n');
    }
}

static void write_style(const sna_canvas_item *item, uint64_t index, sna_plot_script *script)
{
    sna_script_put(script, "$c%" PRIu64 " ", index);
    switch (item->kind) {
    case ITEM_LINE: /* as vectors: gnuplot frays the start of a path */
        sna_script_put(script, "using 1:2:3:4 with vectors nohead lw %g dt %s lc rgb '#%06" PRIx32 "'", item->width,
                       sna_dash_type(item->dash), item->rgb);
        break;
    case ITEM_PATH:
        sna_script_put(script, "using 1:2 with lines lw %g dt %s lc rgb '#%06" PRIx32 "'", item->width,
                       sna_dash_type(item->dash), item->rgb);
        break;
    case ITEM_POLYGON:
        sna_script_put(script, "using 1:2 with filledcurves closed fs solid 1 noborder fc rgb '#%06" PRIx32 "'",
                       item->rgb);
        break;
    case ITEM_BOX:
        sna_script_put(script, "using 1:2:3:4:5:6:7 with boxxyerror fs solid 1 noborder lc rgb variable");
        break;
    case ITEM_MARK:
        sna_script_put(script, "using 1:2:3:4 with points pt variable ps %g*P lw 1.3 lc rgb variable", item->width);
        break;
    case ITEM_CELL:
        sna_script_put(script, "using 1:2:3:4:5 with rgbimage");
        break;
    }
}

void sna_canvas_write(sna_plot_canvas *self, sna_plot_script *script, double width, double height)
{
    if (script->status == 0)
        script->status = self->status != 0 ? self->status : self->label.status;
    for (uint64_t i = 0; i < self->count && script->status == 0; i++) {
        const sna_plot_script *data = &self->item[i].data;

        sna_script_put(script, "$c%" PRIu64 " << END\n", i);
        if (script->status == 0)
            script->status =
                data->status != 0 ? data->status : sna_string_append(&script->text, sna_string_text(&data->text));
        sna_script_put(script, "END\n");
    }
    /* In pixels, y downwards, over the whole picture. */
    sna_script_put(
        script,
        "set lmargin at screen 0\nset rmargin at screen 1\nset tmargin at screen 1\nset bmargin at screen 0\n"
        "set xrange [0:%g]\nset yrange [%g:0]\n",
        width, height);
    if (script->status == 0)
        script->status = sna_string_append(&script->text, sna_string_text(&self->label.text));
    sna_script_put(script, "plot ");
    for (uint64_t i = 0; i < self->count; i++) {
        sna_script_put(script, "%s", i == 0 ? "" : ", \\\n  ");
        write_style(&self->item[i], i, script);
    }
    sna_script_put(script, "%s\nunset label\n", self->count == 0 ? "NaN" : "");
}

void sna_canvas_free(sna_plot_canvas *self)
{
    for (uint64_t i = 0; i < self->count; i++)
        sna_string_free(&self->item[i].data.text);
    free(self->item);
    sna_string_free(&self->label.text);
    *self = (sna_plot_canvas){0};
}
