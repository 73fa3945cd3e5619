/* print_heat.c: heat maps as characters: numbers where they fit, shades where they do not. */
#include "print.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { NAME_MOST = 24, HEAD_MOST = 12 };

typedef struct {
    const sna_plot_heat *heat;
    const sna_screen *screen;
    FILE *stream;
    uint64_t name, cell, number; /* columns of row names, of a cell, of a number in it (0: shades only) */
    bool shaded;                 /* a shade stands behind each number */
    uint64_t from, to;           /* the columns of the matrix printed now */
} sheet;

static double part_of(const sna_plot_heat *heat, double value)
{
    const double t = (value - heat->low) / (heat->high - heat->low);

    return fmin(1, fmax(0, t));
}

/* Empty for the low end, full for the high end; with two-sided colours the distance from the middle. */
static const char *shade(const sna_plot_heat *heat, double value, bool unicode)
{
    static const char *const block[] = {" ", "░", "▒", "▓", "█"};
    static const char *const letter[] = {" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"};
    const double t = heat->diverging ? fabs(2 * part_of(heat, value) - 1) : part_of(heat, value);
    const int levels = unicode ? 5 : 10;
    /* What is not at the end itself does not look empty. */
    const int level = t <= 0 ? 0 : (int)fmin(levels - 1, 1 + floor(t * (levels - 1)));

    return unicode ? block[level] : letter[level];
}

static uint64_t widest(const sna_list *list, uint64_t most)
{
    uint64_t width = 1;

    for (uint64_t i = 0; i < list->count; i++) {
        const uint64_t own = sna_lettering_columns(list->text[i]);
        width = own > width ? own : width;
    }
    return width > most ? most : width;
}

static uint32_t cell_colour(const sna_plot_heat *heat, double value)
{
    const double t = part_of(heat, value);

    return heat->diverging ? sna_colour_diverging(t) : sna_colour_sequential(t);
}

static void print_cell(const sheet *self, uint64_t row, uint64_t column)
{
    const uint64_t i = row * self->heat->columns + column;
    const double value = self->heat->value[i];
    const bool missing = isnan(value), colour = self->screen->colour && !missing;
    const char *text = missing ? (self->screen->unicode ? "·" : "?") : self->heat->text.text[i];
    const uint64_t pad = self->number == 0 ? 0 : self->cell - self->number - self->shaded;

    if (colour) {
        const uint32_t rgb = cell_colour(self->heat, value);
        (void)fprintf(self->stream, "\033[48;5;%u;38;5;%um", sna_colour_terminal(rgb),
                      sna_colour_contrast(rgb) == 0 ? 16 : 231);
    }
    sna_print_repeat(self->stream, " ", pad - (colour && pad > 0));
    if (self->number > 0) {
        sna_print_cut(self->stream, text, self->number, ALIGN_RIGHT, self->screen->unicode);
        if (colour && pad > 0)
            (void)fputc(' ', self->stream);
        else if (self->shaded)
            (void)fputs(missing ? " " : shade(self->heat, value, self->screen->unicode), self->stream);
    } else {
        for (uint64_t k = 0; k < self->cell; k++)
            (void)fputs(missing ? text : colour ? " " : shade(self->heat, value, self->screen->unicode), self->stream);
    }
    if (colour)
        (void)fputs("\033[0m", self->stream);
}

/* Names over their columns: along, where all fit, else downwards. */
static void print_heads(const sheet *self)
{
    const sna_list *name = &self->heat->column_name;
    const uint64_t longest = widest(name, UINT64_MAX), tall = longest > HEAD_MOST ? HEAD_MOST : longest;

    if (longest < self->cell) {
        sna_print_repeat(self->stream, " ", self->name + 1);
        for (uint64_t c = self->from; c < self->to; c++)
            sna_print_cut(self->stream, name->text[c], self->cell, ALIGN_RIGHT, self->screen->unicode);
        (void)fputc('\n', self->stream);
        return;
    }
    for (uint64_t line = 0; line < tall; line++) {
        sna_print_repeat(self->stream, " ", self->name + 1);
        for (uint64_t c = self->from; c < self->to; c++) {
            const uint64_t own = sna_lettering_columns(name->text[c]);
            const uint64_t above = own < tall ? tall - own : 0;
            const char *at = name->text[c];
            char one[8] = " ";

            /* The last letters stand next to the matrix: they tell names of one kind apart. */
            for (uint64_t skip = own > tall ? own - tall : 0; skip > 0; skip--)
                (void)sna_lettering_next(&at);
            for (uint64_t k = above; k <= line; k++) {
                const char *before = at;
                if (sna_lettering_next(&at) != 0)
                    (void)snprintf(one, sizeof one, "%.*s", (int)(at - before), before);
            }
            sna_print_cut(self->stream, line < above ? " " : one, self->cell, ALIGN_CENTRE, self->screen->unicode);
        }
        (void)fputc('\n', self->stream);
    }
}

/* How exactly an end of the colours is said. */
static double end_step(const sna_plot_heat *heat, double end)
{
    return end == floor(end) ? 1 : (heat->high - heat->low) / 100;
}

static void print_key(const sheet *self)
{
    const sna_plot_heat *heat = self->heat;
    const double largest = fmax(fabs(heat->low), fabs(heat->high));
    const char *last = NULL;
    char low[64], high[64];

    sna_scale_number(low, sizeof low, heat->low, end_step(heat, heat->low), largest);
    sna_scale_number(high, sizeof high, heat->high, end_step(heat, heat->high), largest);
    (void)fputc('\n', self->stream);
    sna_print_cut(self->stream, low, sna_lettering_columns(low), ALIGN_LEFT, self->screen->unicode);
    (void)fputc(' ', self->stream);
    for (int i = 0; i <= 24; i++) {
        const double value = heat->low + (heat->high - heat->low) * i / 24;
        const char *now = shade(heat, value, self->screen->unicode);

        if (self->screen->colour)
            (void)fprintf(self->stream, "\033[48;5;%um \033[0m", sna_colour_terminal(cell_colour(heat, value)));
        else if (last == NULL || strcmp(last, now) != 0)
            (void)fputs(now, self->stream);
        last = now;
    }
    (void)fputc(' ', self->stream);
    sna_print_cut(self->stream, high, sna_lettering_columns(high), ALIGN_LEFT, self->screen->unicode);
    if (heat->value_label != NULL)
        (void)fprintf(self->stream, "  %s", heat->value_label);
    if (heat->missing)
        (void)fprintf(self->stream, "  (%s no value)", self->screen->unicode ? "·" : "?");
    (void)fputc('\n', self->stream);
}

int sna_print_heat(const sna_plot_heat *heat, FILE *stream, const sna_screen *screen)
{
    sheet self = {.heat = heat, .screen = screen, .stream = stream};
    const uint64_t width = screen->width, number = widest(&heat->text, UINT64_MAX);
    uint64_t room, each;

    self.name = widest(&heat->row_name, width / 3 < NAME_MOST ? width / 3 : NAME_MOST);
    room = width - self.name - 1;
    if (heat->numbers && heat->columns <= room / (number + 1)) {
        const uint64_t named = widest(&heat->column_name, UINT64_MAX) + 1;
        self.number = number;
        self.shaded = !screen->colour && heat->columns <= room / (number + 2);
        self.cell = number + (screen->colour && heat->columns <= room / (number + 2) ? 2 : 1) + self.shaded;
        if (named > self.cell && heat->columns <= room / named)
            self.cell = named;
    } else {
        self.cell = heat->columns <= room / 3 ? 3 : heat->columns <= room / 2 ? 2 : 1;
    }
    each = room / self.cell;
    if (heat->row_label != NULL || heat->column_label != NULL)
        (void)fprintf(stream, "%s %s %s\n", heat->row_label == NULL ? "" : heat->row_label,
                      screen->unicode ? "→" : "->", heat->column_label == NULL ? "" : heat->column_label);
    for (self.from = 0; self.from < heat->columns; self.from = self.to) {
        self.to = self.from + each < heat->columns ? self.from + each : heat->columns;
        if (self.from > 0)
            (void)fprintf(stream, "\n");
        if (heat->columns > each)
            (void)fprintf(stream, "Columns %" PRIu64 " to %" PRIu64 " of %" PRIu64 "\n", self.from + 1, self.to,
                          heat->columns);
        print_heads(&self);
        for (uint64_t r = 0; r < heat->rows; r++) {
            sna_print_cut(stream, heat->row_name.text[r], self.name, ALIGN_RIGHT, screen->unicode);
            (void)fputc(' ', stream);
            for (uint64_t c = self.from; c < self.to; c++)
                print_cell(&self, r, c);
            (void)fputc('\n', stream);
        }
    }
    print_key(&self);
    return 0;
}
