/* canvas.c: lines, areas, marks and texts at pixels, and how they are said to gnuplot. */
#include "internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void script_put(plot_script *self, const char *format, ...)
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

void script_quote(plot_script *self, const char *text)
{
    /* Between single quotes gnuplot expands nothing: no backquotes, no backslashes, no macros. Only the quote itself has to
     * be doubled, and a newline (file names may have one) goes outside. */
    sna_string quoted = SNA_STRING;

    if (self->status != 0)
        return;
    self->status = sna_string_append(&quoted, "'");
    for (; *text != '\0' && self->status == 0; text++) {
        if (*text == '\'')
            self->status = sna_string_append(&quoted, "''");
        else if (*text == '\n')
            self->status = sna_string_append(&quoted, "'.\"\\n\".'");
        else
            self->status = sna_string_append_bytes(&quoted, text, 1);
    }
    if (self->status == 0)
        self->status = sna_string_append(&quoted, "'");
    if (self->status == 0)
        self->status = sna_string_append(&self->text, quoted.text);
    sna_string_free(&quoted);
}

int mark_type(sna_mark mark)
{
    static const int type[] = {[SNA_MARK_AUTO] = 7,     [SNA_MARK_DISC] = 7,   [SNA_MARK_SQUARE] = 5,
                               [SNA_MARK_TRIANGLE] = 9, [SNA_MARK_DIAMOND] = 13, [SNA_MARK_CIRCLE] = 6,
                               [SNA_MARK_CROSS] = 2,    [SNA_MARK_DOT] = 7};

    return (size_t)mark < sizeof type / sizeof *type ? type[mark] : 7;
}

const char *dash_type(sna_dash dash)
{
    return dash == SNA_DASHED ? "(12,10)" : dash == SNA_DOTTED ? "(1.5,7)" : "solid";
}

typedef enum { ITEM_LINE, ITEM_PATH, ITEM_POLYGON, ITEM_BOX, ITEM_MARK, ITEM_CELL } item_kind;

struct canvas_item {
    item_kind kind;
    uint32_t rgb;
    double width; /* of a line, or of marks */
    sna_dash dash;
    plot_script data;
};

/* The last item where it is drawn the same way, so that it can take more data, else a new one; NULL after a failure. */
static plot_script *canvas_item_for(plot_canvas *self, item_kind kind, uint32_t rgb, double width, sna_dash dash)
{
    canvas_item *last, *grown;

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
    *last = (canvas_item){kind, rgb, width, dash, PLOT_SCRIPT};
    return &last->data;
}

void canvas_path(plot_canvas *self, const double *x, const double *y, uint64_t count, double width, sna_dash dash,
                 uint32_t rgb)
{
    plot_script *data = canvas_item_for(self, ITEM_PATH, rgb, width, dash);

    for (uint64_t i = 0; data != NULL && i < count; i++)
        script_put(data, "%.2f %.2f\n", x[i], y[i]);
    if (data != NULL)
        script_put(data, "\n");
}

void canvas_line(plot_canvas *self, double x0, double y0, double x1, double y1, double width, sna_dash dash,
                 uint32_t rgb)
{
    plot_script *data = canvas_item_for(self, ITEM_LINE, rgb, width, dash);

    if (data != NULL)
        script_put(data, "%.2f %.2f %.2f %.2f\n", x0, y0, x1 - x0, y1 - y0);
}

void canvas_polygon(plot_canvas *self, const double *x, const double *y, uint64_t count, uint32_t rgb)
{
    plot_script *data = canvas_item_for(self, ITEM_POLYGON, rgb, 0, SNA_SOLID);

    for (uint64_t i = 0; data != NULL && i < count; i++)
        script_put(data, "%.2f %.2f\n", x[i], y[i]);
    if (data != NULL)
        script_put(data, "\n");
}

void canvas_box(plot_canvas *self, double x0, double y0, double x1, double y1, uint32_t rgb)
{
    plot_script *data = canvas_item_for(self, ITEM_BOX, 0, 0, SNA_SOLID);

    if (data != NULL)
        script_put(data, "%.2f %.2f %.2f %.2f %.2f %.2f %" PRIu32 "\n", (x0 + x1) / 2, (y0 + y1) / 2, x0, x1, y0, y1, rgb);
}

void canvas_disc(plot_canvas *self, double x, double y, double radius, uint32_t rgb)
{
    /* A polygon: gnuplot's own circles have coarse rims in SVG. */
    enum { CORNERS = 120 };
    double px[CORNERS + 1], py[CORNERS + 1];

    for (int i = 0; i <= CORNERS; i++) {
        px[i] = x + radius * cos(2 * M_PI * i / CORNERS);
        py[i] = y + radius * sin(2 * M_PI * i / CORNERS);
    }
    canvas_polygon(self, px, py, CORNERS + 1, rgb);
}

void canvas_mark(plot_canvas *self, double x, double y, sna_mark mark, double size, uint32_t rgb)
{
    plot_script *data = canvas_item_for(self, ITEM_MARK, 0, size, SNA_SOLID);

    if (data != NULL)
        script_put(data, "%.2f %.2f %d %" PRIu32 "\n", x, y, mark_type(mark), rgb);
}

void canvas_cell(plot_canvas *self, double x, double y, uint32_t rgb)
{
    plot_script *data = canvas_item_for(self, ITEM_CELL, 0, 0, SNA_SOLID);

    if (data != NULL)
        script_put(data, "%.3f %.3f %u %u %u\n", x, y, (unsigned)(rgb >> 16 & 0xFFu), (unsigned)(rgb >> 8 & 0xFFu),
                   (unsigned)(rgb & 0xFFu));
}

void canvas_text(plot_canvas *self, double x, double y, const char *text, double size, plot_align align, double angle,
                 uint32_t rgb, bool bold)
{
    static const char *const side[] = {"left", "center", "right"};
    const double leading = 1.25 * size, radians = angle * M_PI / 180;
    const uint64_t lines = lettering_lines(text);
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
            script_put(&self->label, "set label ");
            script_quote(&self->label, line);
            script_put(&self->label, " at first %.2f,%.2f %s front", x + down * sin(radians), y + down * cos(radians), side[align]);
            if (angle != 0)
                script_put(&self->label, " rotate by %g", angle);
            script_put(&self->label, " font 'DejaVu Sans%s,%g' tc rgb '#%06" PRIx32 "'\n", bold ? ":Bold" : "", size, rgb);
        }
        free(line);
        text += length + (text[length] == '\n');
    }
}

static void write_style(const canvas_item *item, uint64_t index, plot_script *script)
{
    script_put(script, "$c%" PRIu64 " ", index);
    switch (item->kind) {
    case ITEM_LINE: /* as vectors: gnuplot frays the start of a path */
        script_put(script, "using 1:2:3:4 with vectors nohead lw %g dt %s lc rgb '#%06" PRIx32 "'", item->width,
                   dash_type(item->dash), item->rgb);
        break;
    case ITEM_PATH:
        script_put(script, "using 1:2 with lines lw %g dt %s lc rgb '#%06" PRIx32 "'", item->width, dash_type(item->dash),
                   item->rgb);
        break;
    case ITEM_POLYGON:
        script_put(script, "using 1:2 with filledcurves closed fs solid 1 noborder fc rgb '#%06" PRIx32 "'", item->rgb);
        break;
    case ITEM_BOX:
        script_put(script, "using 1:2:3:4:5:6:7 with boxxyerror fs solid 1 noborder lc rgb variable");
        break;
    case ITEM_MARK:
        script_put(script, "using 1:2:3:4 with points pt variable ps %g*P lw 1.3 lc rgb variable", item->width);
        break;
    case ITEM_CELL:
        script_put(script, "using 1:2:3:4:5 with rgbimage");
        break;
    }
}

void canvas_write(plot_canvas *self, plot_script *script, double width, double height)
{
    if (script->status == 0)
        script->status = self->status != 0 ? self->status : self->label.status;
    for (uint64_t i = 0; i < self->count && script->status == 0; i++) {
        const plot_script *data = &self->item[i].data;

        script_put(script, "$c%" PRIu64 " << END\n", i);
        if (script->status == 0)
            script->status = data->status != 0 ? data->status : sna_string_append(&script->text, sna_string_text(&data->text));
        script_put(script, "END\n");
    }
    /* In pixels, y downwards, over the whole picture. */
    script_put(script, "set lmargin at screen 0\nset rmargin at screen 1\nset tmargin at screen 1\nset bmargin at screen 0\n"
                       "set xrange [0:%g]\nset yrange [%g:0]\n", width, height);
    if (script->status == 0)
        script->status = sna_string_append(&script->text, sna_string_text(&self->label.text));
    script_put(script, "plot ");
    for (uint64_t i = 0; i < self->count; i++) {
        script_put(script, "%s", i == 0 ? "" : ", \\\n  ");
        write_style(&self->item[i], i, script);
    }
    script_put(script, "%s\nunset label\n", self->count == 0 ? "NaN" : "");
}

void canvas_free(plot_canvas *self)
{
    for (uint64_t i = 0; i < self->count; i++)
        sna_string_free(&self->item[i].data.text);
    free(self->item);
    sna_string_free(&self->label.text);
    *self = (plot_canvas){0};
}
