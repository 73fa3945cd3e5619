/* print.c: figures as characters in a terminal. */
#include "print.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_LEAST = 30, WIDTH_DEFAULT = 80, WIDTH_MOST = 1000, HEIGHT_DEFAULT = 18 };

/* ---- the screen --------------------------------------------------------------------------------------------- */

static bool is_set(const char *value)
{
    return value != NULL && value[0] != '\0';
}

/* The first of the locale's variables that is set decides, as for setlocale. */
static bool speaks_unicode(void)
{
    static const char *const name[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *value = NULL;

    for (size_t i = 0; i < sizeof name / sizeof *name && !is_set(value); i++)
        value = getenv(name[i]);
    return is_set(value) && (strcasestr(value, "UTF-8") != NULL || strcasestr(value, "UTF8") != NULL);
}

void sna_screen_detect(sna_screen *self, FILE *stream)
{
    const char *columns = getenv("COLUMNS"), *terminal = getenv("TERM");
    const int descriptor = fileno(stream);
    const bool interactive = descriptor >= 0 && isatty(descriptor);
    struct winsize size = {0};
    uint64_t width = 0;

    *self = (sna_screen){.width = WIDTH_DEFAULT, .height = HEIGHT_DEFAULT, .unicode = speaks_unicode()};
    if (interactive && ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        self->width = size.ws_col;
    else if (is_set(columns) && sna_unsigned_parse(&width, columns) == 0 && width > 0 && width <= WIDTH_MOST)
        self->width = (unsigned)width;
    self->colour = interactive && !is_set(getenv("NO_COLOR")) && is_set(terminal) && strcmp(terminal, "dumb") != 0;
}

void sna_print_repeat(FILE *stream, const char *text, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        (void)fputs(text, stream);
}

/* What stands for a character where only ASCII can be shown; one letter for one column. */
static const char *plain_letter(uint32_t c)
{
    static const struct {
        uint32_t character;
        const char *letter;
    } known[] = {{0x2212, "-"}, {0x2013, "-"}, {0x2014, "-"}, {0xB5, "u"}, {0x3BC, "u"}, {0xD7, "x"},
                 {0xB7, "."},   {0xB2, "2"},   {0xB3, "3"},   {0xB0, "o"}, {0x2019, "'"}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].character == c)
            return known[i].letter;
    }
    if (c == 0x2070 || (c >= 0x2074 && c < 0x207A)) { /* superscript digits */
        static const char *const digit[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
        return digit[c - 0x2070];
    }
    return c == 0x207B ? "-" : "?";
}

void sna_print_cut(FILE *stream, const char *text, uint64_t width, sna_plot_align align, bool unicode)
{
    const uint64_t own = sna_lettering_columns(text);
    uint64_t used = 0;
    const char *at = text;
    const uint64_t room = own <= width || width == 0 ? width : width - 1;

    if (align != ALIGN_LEFT && own < width)
        sna_print_repeat(stream, " ", align == ALIGN_RIGHT ? width - own : (width - own) / 2);
    for (;;) {
        const char *before = at;
        const uint32_t c = sna_lettering_next(&at);
        char one[8] = "";

        if (c == 0 || c == '\n')
            break;
        (void)snprintf(one, sizeof one, "%.*s", (int)(at - before), before);
        if (used + sna_lettering_columns(one) > room)
            break;
        used += sna_lettering_columns(one);
        /* What a terminal of another alphabet cannot show. */
        (void)fputs(c < 0x80 || unicode ? one : plain_letter(c), stream);
    }
    if (own > width && width > 0) {
        (void)fputs(unicode ? "…" : "~", stream);
        used++;
    }
    if (align == ALIGN_LEFT && used < width)
        sna_print_repeat(stream, " ", width - used);
    else if (align == ALIGN_CENTRE && own < width)
        sna_print_repeat(stream, " ", width - own - (width - own) / 2);
}

/* ---- panels that are texts ---------------------------------------------------------------------------------- */

static int print_sheet(const sna_plot_sheet *sheet, FILE *stream, const sna_screen *screen)
{
    int status = 0;
    uint64_t *width = NULL;

    status = sna_allocate(&width, sheet->columns, sizeof *width);
    if (status != 0)
        goto out;
    for (uint64_t c = 0; c < sheet->columns; c++) {
        width[c] = sna_lettering_columns(sheet->heading.text[c]);
        for (uint64_t r = 0; r < sheet->rows; r++) {
            const uint64_t own = sna_lettering_columns(sheet->text.text[r * sheet->columns + c]);
            width[c] = own > width[c] ? own : width[c];
        }
    }
    for (uint64_t r = 0; r <= sheet->rows; r++) {
        for (uint64_t c = 0; c < sheet->columns; c++) {
            const char *text = r == 0 ? sheet->heading.text[c] : sheet->text.text[(r - 1) * sheet->columns + c];
            (void)fputs(c == 0 ? "" : "  ", stream);
            sna_print_cut(stream, text, width[c], sheet->right[c] ? ALIGN_RIGHT : ALIGN_LEFT, screen->unicode);
        }
        (void)fputc('\n', stream);
    }
    for (uint64_t i = 0; i < sheet->note.count; i++)
        (void)fprintf(stream, "%s\n", sheet->note.text[i]);
out:
    free(width);
    return status;
}

/* A diagram as a list of its links with bars for their weights. */
static int print_diagram(const sna_plot_diagram *diagram, FILE *stream, const sna_screen *screen)
{
    uint64_t name = 1, label = 0, bar;
    double largest = 0;

    for (uint64_t i = 0; i < diagram->nodes; i++) {
        const uint64_t own = sna_lettering_columns(diagram->node[i].name);
        name = own > name ? own : name;
    }
    for (uint64_t i = 0; i < diagram->links; i++) {
        const uint64_t own = diagram->link[i].label == NULL ? 0 : sna_lettering_columns(diagram->link[i].label);
        label = own > label ? own : label;
        largest = fmax(largest, diagram->link[i].weight);
    }
    name = name > screen->width / 4 ? screen->width / 4 : name;
    label = label > screen->width / 4 ? screen->width / 4 : label;
    bar = screen->width > 2 * name + label + 8 ? screen->width - 2 * name - label - 8 : 0;
    bar = bar > 30 ? 30 : bar;
    for (uint64_t i = 0; i < diagram->links; i++) {
        const sna_drawn_link *link = &diagram->link[i];
        const char *const arrow[] = {[SNA_END_ARROW] = screen->unicode ? "→" : "->",
                                     [SNA_END_BAR] = screen->unicode ? "⊣" : "-|",
                                     [SNA_END_PLAIN] = screen->unicode ? "─" : "--"};

        sna_print_cut(stream, diagram->node[link->source].name, name, ALIGN_RIGHT, screen->unicode);
        (void)fprintf(stream, " %s ", arrow[link->end]);
        sna_print_cut(stream, diagram->node[link->target].name, name, ALIGN_LEFT, screen->unicode);
        (void)fputs("  ", stream);
        sna_print_cut(stream, link->label == NULL ? "" : link->label, label, ALIGN_RIGHT, screen->unicode);
        (void)fputs("  ", stream);
        if (largest > 0)
            sna_print_repeat(stream, screen->unicode ? "█" : "#",
                             (uint64_t)llround(link->weight / largest * (double)bar));
        (void)fputc('\n', stream);
    }
    return 0;
}

/* ---- figures ------------------------------------------------------------------------------------------------ */

static void print_title(FILE *stream, const char *title, const sna_screen *screen)
{
    if (title == NULL || title[0] == '\0')
        return;
    (void)fputs(screen->colour ? "\033[1m" : "", stream);
    for (const char *line = title; line != NULL; line = strchr(line, '\n') == NULL ? NULL : strchr(line, '\n') + 1) {
        sna_print_cut(stream, line, sna_lettering_columns(line), ALIGN_LEFT, screen->unicode);
        (void)fputc('\n', stream);
    }
    (void)fputs(screen->colour ? "\033[0m" : "", stream);
}

int sna_figure_print(const sna_figure *self, FILE *stream, const sna_screen *wanted)
{
    int status = 0;
    sna_screen screen;
    sna_plot_extent *x = NULL, *y = NULL;

    sna_screen_detect(&screen, stream);
    if (wanted != NULL)
        screen = *wanted;
    screen.width = screen.width < WIDTH_LEAST ? WIDTH_LEAST : screen.width > WIDTH_MOST ? WIDTH_MOST : screen.width;
    screen.height = screen.height == 0    ? HEIGHT_DEFAULT
                    : screen.height < 4   ? 4
                    : screen.height > 500 ? 500
                                          : screen.height;
    status = sna_allocate(&x, self->panels, sizeof *x);
    if (status == 0)
        status = sna_allocate(&y, self->panels, sizeof *y);
    if (status != 0)
        goto out;
    sna_share_extents(self, x, y);
    print_title(stream, self->title, &screen);
    for (uint64_t i = 0; i < self->panels && status == 0; i++) {
        const sna_panel *panel = self->panel[i];
        const uint64_t row = i / self->columns, column = i % self->columns;

        if (i > 0 || self->title != NULL)
            (void)fputc('\n', stream);
        if (row < self->row_name.count && column < self->column_name.count)
            (void)fprintf(stream, "%s %s %s\n", self->row_name.text[row], screen.unicode ? "→" : "->",
                          self->column_name.text[column]);
        print_title(stream, panel->title, &screen);
        switch (panel->kind) {
        case PANEL_EMPTY:
            (void)fputs("(nothing)\n", stream);
            break;
        case PANEL_FLAT:
        case PANEL_SPACE:
            status = sna_print_flat(panel, x[i], y[i], stream, &screen);
            break;
        case PANEL_HEAT:
            status = sna_print_heat(&panel->heat, stream, &screen);
            break;
        case PANEL_SHEET:
            status = print_sheet(&panel->sheet, stream, &screen);
            break;
        case PANEL_DIAGRAM:
            status = print_diagram(&panel->diagram, stream, &screen);
            break;
        }
    }
    for (uint64_t i = 0; i < self->note.count && status == 0; i++)
        (void)fprintf(stream, "%s%s\n", i == 0 ? "\n" : "", self->note.text[i]);
    if (status == 0 && ferror(stream))
        status = sna_error(SNA_EIO, "writing the drawing failed: %s", strerror(errno));
out:
    free(x);
    free(y);
    return status;
}
