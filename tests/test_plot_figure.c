/* test_plot_figure.c: figures as pictures: what is on them, that texts stay texts, and what happens when it fails. */
#include "support.h"

#include "plot/plot.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* ---- reading pictures --------------------------------------------------------------------------------------- */

typedef struct {
    unsigned width, height, channels;
    unsigned char *pixel; /* [height * width * channels] */
} image;

static unsigned big_endian(const unsigned char *at)
{
    return (unsigned)at[0] << 24 | (unsigned)at[1] << 16 | (unsigned)at[2] << 8 | at[3];
}

static unsigned char paeth(int left, int up, int corner)
{
    const int p = left + up - corner, a = abs(p - left), b = abs(p - up), c = abs(p - corner);

    return (unsigned char)(a <= b && a <= c ? left : b <= c ? up : corner);
}

/* An 8 bit PNG without interlacing, as gnuplot writes them. */
static image read_png(const char *path)
{
    char *file = NULL;
    uint64_t size = 0;
    unsigned char *packed, *raw;
    size_t packed_size = 0, stride;
    uLongf raw_size;
    image self = {0, 0, 0, NULL};

    assert_done(sna_file_read(&file, &size, path));
    assert_true(size > 57 && memcmp(file, "\x89PNG\r\n\x1a\n", 8) == 0);
    packed = malloc(size);
    assert_non_null(packed);
    for (uint64_t at = 8; at + 12 <= size;) {
        const unsigned char *chunk = (const unsigned char *)file + at;
        const unsigned length = big_endian(chunk);

        if (memcmp(chunk + 4, "IHDR", 4) == 0) {
            static const unsigned channels[] = {1, 0, 3, 1, 2, 0, 4};
            self.width = big_endian(chunk + 8);
            self.height = big_endian(chunk + 12);
            assert_int_equal(chunk[16], 8);
            assert_true(chunk[17] < 7);
            self.channels = channels[chunk[17]];
        } else if (memcmp(chunk + 4, "IDAT", 4) == 0) {
            memcpy(packed + packed_size, chunk + 8, length);
            packed_size += length;
        }
        at += 12 + length;
    }
    stride = (size_t)self.width * self.channels;
    raw_size = (uLongf)((stride + 1) * self.height);
    raw = malloc(raw_size);
    self.pixel = calloc(stride * self.height, 1);
    assert_true(raw != NULL && self.pixel != NULL);
    assert_int_equal(uncompress(raw, &raw_size, packed, (uLong)packed_size), Z_OK);
    for (size_t y = 0; y < self.height; y++) {
        const unsigned char *in = raw + y * (stride + 1);
        unsigned char *out = self.pixel + y * stride;

        for (size_t x = 0; x < stride; x++) {
            const int left = x >= self.channels ? out[x - self.channels] : 0;
            const int up = y > 0 ? self.pixel[(y - 1) * stride + x] : 0;
            const int corner = x >= self.channels && y > 0 ? self.pixel[(y - 1) * stride + x - self.channels] : 0;
            const int guess = in[0] == 1   ? left
                              : in[0] == 2 ? up
                              : in[0] == 3 ? (left + up) / 2
                              : in[0] == 4 ? paeth(left, up, corner)
                                           : 0;
            out[x] = (unsigned char)(in[1 + x] + guess);
        }
    }
    free(raw);
    free(packed);
    free(file);
    return self;
}

/* How many pixels have a colour (within 3 of each channel). */
static size_t count_colour(const image *self, unsigned rgb)
{
    size_t count = 0;

    for (size_t i = 0; i < (size_t)self->width * self->height; i++) {
        const unsigned char *p = self->pixel + i * self->channels;
        count += abs(p[0] - (int)(rgb >> 16 & 255)) < 4 && abs(p[1] - (int)(rgb >> 8 & 255)) < 4 &&
                 abs(p[2] - (int)(rgb & 255)) < 4;
    }
    return count;
}

/* Not inlined: gcc 12 takes the pointer it returns for one to its own variable. */
static __attribute__((noinline)) char *read_text(const char *path)
{
    char *text = NULL;
    uint64_t size = 0;

    assert_done(sna_file_read(&text, &size, path));
    return text;
}

static size_t count_text(const char *text, const char *part)
{
    size_t count = 0;

    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        count++;
    return count;
}

/* ---- figures ------------------------------------------------------------------------------------------------ */

static sna_table *make_matrix(uint64_t rows, uint64_t columns)
{
    sna_table *table = NULL;
    char name[32];

    assert_done(sna_table_create(&table, "Total connections", "source"));
    for (uint64_t c = 0; c < columns; c++) {
        (void)snprintf(name, sizeof name, "target_%d", (int)c);
        assert_done(sna_table_add_column(table, name, NULL, SNA_INTEGER));
    }
    for (uint64_t r = 0; r < rows; r++) {
        (void)snprintf(name, sizeof name, "source_%d", (int)r);
        assert_done(sna_table_add_row(table, name));
        for (uint64_t c = 0; c < columns; c++)
            assert_done(sna_table_set_integer(table, r, c, (int64_t)(100 * r + c)));
    }
    return table;
}

static sna_figure *make_heat(uint64_t rows, uint64_t columns)
{
    const sna_heat_options options = {.value_label = "Connections", .row_label = "Source", .column_label = "Target"};
    sna_table *table = make_matrix(rows, columns);
    sna_figure *figure = NULL;

    assert_done(sna_figure_heat_map(&figure, NULL, table, &options));
    sna_table_free(table);
    return figure;
}

static sna_panel *add_panel(sna_figure *figure, const char *title)
{
    sna_panel *panel = NULL;

    assert_done(sna_figure_add_panel(figure, title, &panel));
    return panel;
}

static sna_figure *make_lines(void)
{
    double x[50], y[50], low[50], high[50];
    sna_figure *figure = NULL;
    sna_panel *panel;

    for (int i = 0; i < 50; i++) {
        x[i] = i;
        y[i] = sin(i * 0.2);
        low[i] = y[i] - 0.2;
        high[i] = y[i] + 0.2;
    }
    assert_done(sna_figure_create(&figure, "Response"));
    panel = add_panel(figure, "Upper");
    assert_done(sna_panel_set_axis(panel, SNA_AXIS_X, "Time", "ms"));
    assert_done(sna_panel_set_axis(panel, SNA_AXIS_Y, "Potential", "mV"));
    assert_done(sna_panel_add_band(panel, &(sna_style){.colour = SNA_COLOUR(0)}, x, low, high, 50));
    assert_done(sna_panel_add_line(panel, &(sna_style){.name = "model"}, x, y, 50));
    assert_done(sna_panel_add_line(panel, &(sna_style){.name = "fit", .dash = SNA_DOTTED}, x, low, 50));
    assert_done(sna_panel_add_points(panel, &(sna_style){.name = "data"}, x, high, 50));
    assert_done(sna_panel_add_errors(panel, NULL, x, low, high, 50));
    assert_done(sna_panel_add_rule(panel, NULL, SNA_AXIS_Y, 0.5));
    assert_done(sna_panel_add_text(panel, 10, 0, "annotation"));
    panel = add_panel(figure, "Lower");
    assert_done(sna_panel_set_axis(panel, SNA_AXIS_X, "Time", "ms"));
    assert_done(sna_panel_add_bars(panel, &(sna_style){.name = "bars"}, x, high, 0, 50));
    assert_done(sna_panel_add_steps(panel, NULL, x, y, 50));
    assert_done(sna_panel_add_histogram(panel, NULL, x, high, 49));
    assert_done(sna_panel_add_outline(panel, NULL, x, high, 49));
    sna_figure_share_axes(figure, true, false);
    assert_done(sna_figure_add_note(figure, "a note of %d words", 5));
    return figure;
}

static sna_figure *make_space(void)
{
    double place[3][30], way[3][30];
    uint32_t group[30];
    const char *const name[] = {"PN", "PV"};
    sna_figure *figure = NULL;
    sna_panel *panel;

    for (int i = 0; i < 30; i++) {
        for (int k = 0; k < 3; k++) {
            place[k][i] = (i * (7 + 4 * k)) % 30;
            way[k][i] = k - 1;
        }
        group[i] = (uint32_t)i % 2;
    }
    assert_done(sna_figure_create(&figure, "Positions"));
    panel = add_panel(figure, NULL);
    assert_done(sna_panel_set_axis(panel, SNA_AXIS_X, "x", "um"));
    assert_done(sna_panel_set_axis(panel, SNA_AXIS_Y, "y", "um"));
    assert_done(sna_panel_set_axis(panel, SNA_AXIS_Z, "depth", "um"));
    assert_done(sna_panel_add_cloud(panel, NULL, name, 2, place[0], place[1], place[2], group, 30));
    assert_done(sna_panel_add_arrows(panel, &(sna_style){.name = "axes"}, place[0], place[1], place[2], way[0], way[1],
                                     way[2], 0, 30));
    return figure;
}

static sna_figure *make_diagram(void)
{
    const sna_diagram_node node[] = {{"PN", "80 cells", 0, 80}, {"PV", NULL, 0, 20}, {"SOM", NULL, 0, 10}};
    const sna_diagram_link link[] = {{0, 1, 3, "30 %", SNA_END_ARROW},
                                     {1, 0, 1, "10 %", SNA_END_BAR},
                                     {0, 0, 2, "20 %", SNA_END_ARROW},
                                     {1, 2, 1, "gap", SNA_END_PLAIN}};
    sna_figure *figure = NULL;

    assert_done(sna_figure_create(&figure, "Network"));
    assert_done(sna_panel_set_diagram(add_panel(figure, NULL), node, 3, link, 4));
    return figure;
}

static sna_figure *make_sheet(void)
{
    sna_table *table = make_matrix(4, 3);
    sna_figure *figure = NULL;

    assert_done(sna_figure_create(&figure, "Cells"));
    assert_done(sna_panel_set_table(add_panel(figure, NULL), table));
    sna_table_free(table);
    return figure;
}

static sna_figure *make_raster(uint64_t count)
{
    double *time = malloc(count * sizeof *time), *row = malloc(count * sizeof *row);
    uint32_t *group = malloc(count * sizeof *group);
    const char *const name[] = {"PN", "PV"};
    const uint64_t cells[] = {80, 20};
    sna_figure *figure = NULL;

    assert_true(time != NULL && row != NULL && group != NULL);
    for (uint64_t i = 0; i < count; i++) {
        time[i] = (double)((i * 7919) % 100000) / 100;
        row[i] = (double)((i * 31) % 100);
        group[i] = row[i] >= 80;
    }
    assert_done(sna_figure_raster(&figure, "Spikes",
                                  &(sna_raster){.time = time,
                                                .row = row,
                                                .group = group,
                                                .count = count,
                                                .name = name,
                                                .cells = cells,
                                                .groups = 2,
                                                .start = 0,
                                                .stop = 1000,
                                                .rows = 100}));
    free(time);
    free(row);
    free(group);
    return figure;
}

static sna_figure *make_grid(void)
{
    const char *const name[] = {"PN", "PV"};
    const double edge[] = {0, 1, 2, 3}, height[] = {3, 5, 2};
    sna_figure *figure = NULL;

    assert_done(sna_figure_grid(&figure, "Weights", name, 2, name, 2));
    for (uint64_t i = 0; i < 3; i++) /* the last stays empty */
        assert_done(sna_panel_add_histogram(sna_figure_panel(figure, i), NULL, edge, height, 3));
    return figure;
}

static sna_figure *make_kind(int kind)
{
    switch (kind) {
    case 0:
        return make_heat(3, 2);
    case 1:
        return make_lines();
    case 2:
        return make_space();
    case 3:
        return make_diagram();
    case 4:
        return make_sheet();
    case 5:
        return make_raster(500);
    default:
        return make_grid();
    }
}

enum { KINDS = 7 };

/* A test in a new empty folder, which is the current one. */
typedef struct {
    char *folder, *before;
} place;

static int enter(void **state)
{
    place *self = calloc(1, sizeof *self);

    assert_non_null(self);
    self->folder = test_folder();
    self->before = getcwd(NULL, 0);
    assert_non_null(self->before);
    assert_int_equal(chdir(self->folder), 0);
    *state = self;
    return 0;
}

static int leave(void **state)
{
    place *self = *state;

    assert_int_equal(chdir(self->before), 0);
    test_folder_remove(self->folder);
    free(self->before);
    free(self);
    return 0;
}

/* ---- tests -------------------------------------------------------------------------------------------------- */

static void every_kind_in_every_format(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        sna_figure *figure = make_kind(kind);
        char *text;
        image png;

        assert_done(sna_figure_write(figure, "a.png", NULL));
        assert_done(sna_figure_write(figure, "a.svg", NULL));
        assert_done(sna_figure_write(figure, "a.PDF", NULL));
        png = read_png("a.png");
        assert_in_range(png.width, 200, 4000);
        assert_in_range(png.height, 200, 4000);
        /* White ground, and at least a thousand pixels of something. */
        assert_true(count_colour(&png, 0xFFFFFF) > (size_t)png.width * png.height / 10);
        assert_true(count_colour(&png, 0xFFFFFF) < (size_t)png.width * png.height - 1000);
        free(png.pixel);
        text = read_text("a.svg");
        assert_contains(text, "<svg");
        assert_contains(text, "DejaVu Sans, Verdana, sans-serif\" font-weight=\"bold\"");
        assert_null(strstr(text, "GNUPLOT"));
        assert_null(strstr(text, "using 1:2"));
        free(text);
        text = read_text("a.PDF");
        assert_memory_equal(text, "%PDF-", 5);
        free(text);
        sna_figure_free(figure);
    }
    assert_int_equal(test_folder_count("."), 3);
}

static void heat_maps_name_and_number_every_cell(void **state)
{
    static const uint64_t size[][2] = {{1, 1}, {2, 2}, {3, 12}, {12, 3}, {10, 10}, {60, 60}};
    (void)state;

    for (size_t k = 0; k < sizeof size / sizeof *size; k++) {
        sna_figure *figure = make_heat(size[k][0], size[k][1]);
        char *text, wanted[64];

        assert_done(sna_figure_write(figure, "a.svg", NULL));
        text = read_text("a.svg");
        assert_contains(text, ">Total connections<");
        assert_contains(text, ">Connections<");
        assert_contains(text, ">Source<");
        assert_contains(text, ">Target<");
        for (uint64_t r = 0; r < size[k][0]; r++) {
            (void)snprintf(wanted, sizeof wanted, ">source_%d<", (int)r);
            assert_contains(text, wanted);
            for (uint64_t c = 0; c < size[k][1]; c++) {
                (void)snprintf(wanted, sizeof wanted, ">target_%d<", (int)c);
                assert_contains(text, wanted);
                (void)snprintf(wanted, sizeof wanted, ">%d<", (int)(100 * r + c));
                assert_contains(text, wanted);
            }
        }
        free(text);
        sna_figure_free(figure);
    }
}

static void heat_maps_of_all_sizes_make_pictures(void **state)
{
    static const uint64_t size[] = {2, 10, 60, 130};
    unsigned before = 0;
    (void)state;

    for (size_t k = 0; k < sizeof size / sizeof *size; k++) {
        sna_figure *figure = make_heat(size[k], size[k]);
        image png;

        assert_done(sna_figure_write(figure, "a.png", NULL));
        png = read_png("a.png");
        assert_true(png.width > before && png.width < 8000 && png.height < 8000);
        before = png.width;
        /* The ends of the colour map, as cells and not only as dots. */
        assert_true(count_colour(&png, 0xF8F8E6) > 200 || count_colour(&png, 0xF9F7E5) > 200);
        free(png.pixel);
        sna_figure_free(figure);
    }
}

static void numbers_are_light_on_dark_and_dark_on_light(void **state)
{
    sna_table *table = make_matrix(1, 2);
    sna_figure *figure = NULL;
    char *text;
    (void)state;

    assert_done(sna_table_set_integer(table, 0, 0, 0));
    assert_done(sna_table_set_integer(table, 0, 1, 777));
    assert_done(sna_figure_heat_map(&figure, NULL, table, NULL));
    assert_done(sna_figure_write(figure, "a.svg", "a.gp"));
    text = read_text("a.gp");
    assert_contains(text, "set label '777' ");
    assert_contains(strstr(text, "set label '777' "), "tc rgb '#ffffff'\n");
    assert_contains(text, "set label '0' ");
    assert_true(strstr(strstr(text, "set label '0' "), "'#000000'") < strchr(strstr(text, "set label '0' "), '\n'));
    free(text);
    sna_figure_free(figure);
    sna_table_free(table);
}

static void missing_cells_are_marked(void **state)
{
    sna_table *table = NULL;
    sna_figure *figure = NULL;
    char *text;
    image png;
    (void)state;

    assert_done(sna_table_create(&table, "Partly", "source"));
    assert_done(sna_table_add_column(table, "t", "%", SNA_REAL));
    assert_done(sna_table_add_column(table, "name", NULL, SNA_TEXT)); /* not a number: left out */
    assert_done(sna_table_add_column(table, "u", "%", SNA_REAL));
    assert_done(sna_table_add_row(table, "s"));
    assert_done(sna_table_set_real(table, 0, 0, 12.345));
    assert_done(sna_figure_heat_map(&figure, NULL, table, NULL));
    assert_done(sna_figure_write(figure, "a.svg", NULL));
    assert_done(sna_figure_write(figure, "a.png", NULL));
    text = read_text("a.svg");
    assert_contains(text, ">12.3<");
    assert_contains(text, ">no value<");
    assert_null(strstr(text, ">nan<"));
    assert_null(strstr(text, ">name<"));
    free(text);
    png = read_png("a.png");
    assert_true(count_colour(&png, 0xE4E4E4) > 5000);
    free(png.pixel);
    sna_figure_free(figure);
    sna_table_free(table);
}

static void all_labels_of_lines_are_there(void **state)
{
    static const char *const wanted[] = {"Response",
                                         "Upper",
                                         "Lower",
                                         "model",
                                         "fit",
                                         "data",
                                         "Time (ms)",
                                         "annotation",
                                         "bars",
                                         "Potential (mV)",
                                         "a note of 5 words",
                                         "40"};
    sna_figure *figure = make_lines();
    char *text, label[64];
    (void)state;

    assert_done(sna_figure_write(figure, "a.svg", NULL));
    text = read_text("a.svg");
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        (void)snprintf(label, sizeof label, "<text>%s</text>", wanted[i]);
        assert_contains(text, label);
    }
    /* The shared axis is named once. */
    assert_int_equal(count_text(text, ">Time (ms)<"), 1);
    free(text);
    sna_figure_free(figure);
}

/* Texts that would be commands, formats, markup or mistakes to gnuplot, a shell or XML. */
static const char *const hostile[] = {
    "`touch pwned`",
    "'; system('touch pwned'); '",
    "\"; system \"touch pwned\"; \"",
    "'.system(\"touch pwned\").'",
    "@GPVAL_VERSION ${HOME} $(touch pwned)",
    "{/Symbol a}_b^c ~d &{e} %d %s %n %%",
    "back\\slash \\n \\",
    "<b>&amp;\"'</b></text></svg>",
    "END\nEND\n!touch pwned\n",
    "# comment ; ! touch pwned",
    "\xff\xfe\x80 broken",
    "\033[31mred\007",
    "μ ± Ω 神経 🧠",
    "",
    " ",
};

static sna_figure *make_hostile(const char *text)
{
    const sna_diagram_node node[] = {{text, text, 0, 0}, {text, text, 0, 0}};
    const sna_diagram_link link[] = {{0, 1, 1, text, SNA_END_ARROW}, {0, 0, 1, text, SNA_END_ARROW}};
    const double x[] = {0, 1}, y[] = {1, 2};
    const char *const names[] = {text, text};
    const sna_heat_options options = {.value_label = text, .unit = text, .row_label = text, .column_label = text};
    sna_table *table = NULL;
    sna_figure *figure = NULL;
    sna_panel *panel;

    assert_done(sna_table_create(&table, text, text));
    assert_done(sna_table_add_column(table, text, text, SNA_REAL));
    assert_done(sna_table_add_column(table, "text", NULL, SNA_TEXT));
    assert_done(sna_table_add_row(table, text));
    assert_done(sna_table_set_real(table, 0, 0, 1));
    assert_done(sna_table_set_text(table, 0, 1, text));
    assert_done(sna_figure_create(&figure, text));
    assert_done(sna_figure_set_columns(figure, 2));
    panel = add_panel(figure, text);
    for (int axis = 0; axis < 2; axis++)
        assert_done(sna_panel_set_axis(panel, (sna_axis)axis, text, text));
    assert_done(sna_panel_set_names(panel, SNA_AXIS_X, names, 2));
    assert_done(sna_panel_add_line(panel, &(sna_style){.name = text}, x, y, 2));
    assert_done(sna_panel_add_text(panel, 0, 1, text));
    assert_done(sna_panel_add_groups(panel, NULL, names, 2, x, y, NULL, 2));
    assert_done(sna_panel_set_heat_map(add_panel(figure, text), table, &options));
    assert_done(sna_panel_set_table(add_panel(figure, text), table));
    assert_done(sna_panel_set_diagram(add_panel(figure, text), node, 2, link, 2));
    assert_done(sna_figure_add_note(figure, "%s", text));
    sna_table_free(table);
    return figure;
}

static void texts_stay_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        sna_figure *figure = make_hostile(hostile[i]);
        char *text;

        assert_done(sna_figure_write(figure, "a.svg", "a.gp"));
        assert_done(sna_figure_write(figure, "a.png", NULL));
        assert_done(sna_figure_write(figure, "a.pdf", NULL));
        text = read_text("a.svg");
        if (i == 0)
            assert_true(count_text(text, "`touch pwned`") >= 20);
        if (i == 4)
            assert_contains(text, "@GPVAL_VERSION ${HOME} $(touch pwned)");
        if (i == 5) {
            assert_contains(text, "{/Symbol a}_b^c ~d &amp;{e} %d %s %n %%");
        }
        if (i == 7)
            assert_int_equal(count_text(text, "</svg>"), 1);
        if (i == 10)
            assert_contains(text, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD broken");
        if (i == 11)
            assert_null(strchr(text, '\033'));
        if (i == 12)
            assert_contains(text, "μ ± Ω 神経 🧠");
        free(text);
        sna_figure_free(figure);
        /* a.svg, a.gp, a.png, a.pdf, and nothing that a text made. */
        assert_int_equal(test_folder_count("."), 4);
    }
}

static void names_of_files_stay_names(void **state)
{
    static const char *const name[] = {
        "|touch pwned; cat > x.png",
        "`touch pwned`.svg",
        "$(touch pwned).pdf",
        "a'b\"c.svg",
        "new\nline.png",
        "~.png",
        "-d.png",
        "a b%d\\n.svg",
        "'.system(\"touch pwned\").'.png",
        "神経.svg",
    };
    sna_figure *figure = make_heat(1, 1);
    const uint64_t count = sizeof name / sizeof *name;
    (void)state;

    for (size_t i = 0; i < count; i++) {
        assert_done(sna_figure_write(figure, name[i], NULL));
        assert_int_equal(access(name[i], F_OK), 0);
    }
    assert_int_equal(test_folder_count("."), count);
    /* The kept scripts draw the same files again. */
    for (size_t i = 0; i < count; i++) {
        sna_process process;
        const char *const argv[] = {"gnuplot", "-d", "kept", NULL};

        assert_done(sna_figure_write(figure, name[i], "kept"));
        assert_int_equal(unlink(name[i]), 0);
        assert_done(sna_process_run(&process, argv, NULL, NULL, NULL));
        assert_int_equal(process.exit_status, 0);
        sna_process_free(&process);
        assert_int_equal(access(name[i], F_OK), 0);
    }
    assert_int_equal(test_folder_count("."), count + 1);
    sna_figure_free(figure);
}

static void kept_script_draws_the_same_picture(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        sna_figure *figure = make_kind(kind);
        const char *const argv[] = {"gnuplot", "-d", "a.gp", NULL};
        sna_process process;
        char *first = NULL, *second = NULL;
        uint64_t first_size = 0, second_size = 0;

        assert_done(sna_figure_write(figure, "a.png", "a.gp"));
        assert_done(sna_file_read(&first, &first_size, "a.png"));
        assert_int_equal(unlink("a.png"), 0);
        assert_done(sna_process_run(&process, argv, NULL, NULL, NULL));
        assert_string_equal(sna_string_text(&process.output), "");
        sna_process_free(&process);
        assert_done(sna_file_read(&second, &second_size, "a.png"));
        assert_int_equal(first_size, second_size);
        assert_memory_equal(first, second, first_size);
        free(first);
        free(second);
        sna_figure_free(figure);
    }
}

/* Runs with another PATH. */
static int write_with_path(const sna_figure *figure, const char *search, const char *path)
{
    char *before = NULL;
    int status;

    assert_done(sna_text_copy(&before, getenv("PATH")));
    assert_int_equal(setenv("PATH", search, 1), 0);
    status = sna_figure_write(figure, path, "script.gp");
    assert_int_equal(setenv("PATH", before, 1), 0);
    free(before);
    return status;
}

static void without_gnuplot_a_sentence_says_what_to_install(void **state)
{
    sna_figure *figure = make_heat(2, 2);
    (void)state;

    assert_int_equal(write_with_path(figure, "", "a.png"), SNA_EMISSING);
    assert_contains(sna_error_message(), "gnuplot-nox");
    assert_contains(sna_error_message(), "a.png");
    assert_int_equal(test_folder_count("."), 0);
    sna_figure_free(figure);
}

static void a_failing_gnuplot_leaves_what_was_there(void **state)
{
    static const struct {
        const char *program, *wanted;
    } failing[] = {
        {"#!/bin/sh\necho '\"/dev/stdin\" line 7: out of luck'; exit 3\n", "status 3: out of luck"},
        {"#!/bin/sh\ncat > /dev/null; exit 0\n", "did not finish"},
        {"#!/bin/sh\ncat > /dev/null; kill -9 $$\n", "signal 9"},
    };
    sna_figure *figure = make_heat(2, 2);
    (void)state;

    for (size_t i = 0; i < sizeof failing / sizeof *failing; i++) {
        char *program = test_file(".", "gnuplot", failing[i].program), *old = test_file(".", "a.png", "old"), *text;

        assert_int_equal(chmod(program, 0755), 0);
        assert_int_equal(write_with_path(figure, ".:/bin:/usr/bin", "a.png"), SNA_EEXTERNAL);
        assert_contains(sna_error_message(), failing[i].wanted);
        text = read_text("a.png");
        assert_string_equal(text, "old");
        assert_int_equal(test_folder_count("."), 2);
        free(text);
        free(program);
        free(old);
    }
    sna_figure_free(figure);
}

static void what_cannot_be_written_leaves_nothing(void **state)
{
    sna_figure *figure = make_heat(2, 2), *empty = NULL;
    char *file = test_file(".", "file", "not a folder");
    (void)state;

    assert_int_equal(sna_figure_write(figure, "nowhere/a.png", NULL), SNA_EIO);
    assert_contains(sna_error_message(), "nowhere/a.png");
    assert_int_equal(sna_figure_write(figure, "file/a.png", NULL), SNA_EIO);
    assert_int_equal(sna_figure_write(figure, "a.png", "nowhere/a.gp"), SNA_EIO);
    assert_int_equal(sna_figure_write(figure, "a.jpg", NULL), SNA_EINVAL);
    assert_contains(sna_error_message(), ".png, .svg or .pdf");
    assert_int_equal(sna_figure_write(figure, ".png", NULL), SNA_EINVAL);
    assert_done(sna_figure_create(&empty, "nothing"));
    assert_int_equal(sna_figure_write(empty, "a.png", NULL), SNA_EINVAL);
    assert_int_equal(test_folder_count("."), 1);
    sna_figure_free(empty);
    sna_figure_free(figure);
    free(file);
}

static void settings_of_the_user_do_not_count(void **state)
{
    sna_figure *figure = make_heat(2, 2);
    char *plain = NULL, *other = NULL, *settings;
    uint64_t plain_size = 0, other_size = 0;
    const char *const home = getenv("HOME");
    char *before = NULL;
    (void)state;

    assert_done(sna_figure_write(figure, "a.png", NULL));
    assert_done(sna_file_read(&plain, &plain_size, "a.png"));
    assert_done(sna_text_copy(&before, home == NULL ? "" : home));
    settings = test_file(".", ".gnuplot", "set terminal dumb\nset title 'mine'\nsystem('touch pwned')\n");
    assert_int_equal(setenv("HOME", ".", 1), 0);
    assert_int_equal(setenv("GNUTERM", "nonsense", 1), 0);
    assert_done(sna_figure_write(figure, "a.png", NULL));
    assert_int_equal(unsetenv("GNUTERM"), 0);
    assert_int_equal(setenv("HOME", before, 1), 0);
    assert_done(sna_file_read(&other, &other_size, "a.png"));
    assert_int_equal(plain_size, other_size);
    assert_memory_equal(plain, other, plain_size);
    assert_int_equal(access("pwned", F_OK), -1);
    free(plain);
    free(other);
    free(before);
    free(settings);
    sna_figure_free(figure);
}

static void numbers_have_points_in_every_locale(void **state)
{
    sna_figure *figure;
    char *text;
    (void)state;

    if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL && setlocale(LC_ALL, "fr_FR.UTF-8") == NULL) {
        print_message("skipped: no locale with a decimal comma is installed\n");
        skip();
    }
    figure = make_lines();
    assert_done(sna_figure_write(figure, "a.svg", NULL));
    (void)setlocale(LC_ALL, "C");
    text = read_text("a.svg");
    assert_contains(text, ">0.5<");
    assert_null(strstr(text, ">0,5<"));
    free(text);
    sna_figure_free(figure);
}

static void long_traces_are_thinned_to_what_can_be_seen(void **state)
{
    enum { COUNT = 1000000 };
    double *value = calloc(COUNT, sizeof *value);
    sna_figure *figure = NULL;
    char *text;
    (void)state;

    assert_non_null(value);
    for (int i = 0; i < COUNT; i++)
        value[i] = sin(i * 1e-4);
    value[123456] = 57.25; /* one sample wide */
    value[765432] = -31.5;
    value[500000] = NAN;
    value[500001] = INFINITY;
    assert_done(sna_figure_create(&figure, NULL));
    assert_done(sna_panel_add_trace(add_panel(figure, NULL), NULL, 0, 0.025, value, COUNT));
    assert_done(sna_figure_write(figure, "a.png", "a.gp"));
    text = read_text("a.gp");
    assert_true(strlen(text) < 200000);
    assert_contains(text, " 57.25\n");
    assert_contains(text, " -31.5\n");
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "inf"));
    free(text);
    sna_figure_free(figure);
    free(value);
}

static void rasters_of_many_spikes_stay_small(void **state)
{
    sna_figure *figure = make_raster(1000000);
    char *text;
    image png;
    (void)state;

    assert_done(sna_figure_write(figure, "a.png", "a.gp"));
    text = read_text("a.gp");
    assert_true(strlen(text) < 8000000);
    assert_contains(text, "'Rate (Hz)'");
    free(text);
    png = read_png("a.png");
    assert_true(count_colour(&png, 0x0072B2) > 100000); /* the first group fills four fifths */
    assert_true(count_colour(&png, 0xD55E00) > 20000);
    free(png.pixel);
    sna_figure_free(figure);
}

static void empty_and_odd_data_draw_axes(void **state)
{
    const double nan_only[] = {NAN, NAN}, same[] = {3, 3}, huge[] = {-1e308, 1e308}, tiny[] = {1e-300, 2e-300},
                 negative[] = {-1, -2};
    const double *const data[] = {nan_only, same, huge, tiny, negative};
    sna_figure *figure = NULL;
    (void)state;

    for (size_t i = 0; i < sizeof data / sizeof *data; i++) {
        for (int log = 0; log < 2; log++) {
            sna_panel *panel;

            assert_done(sna_figure_create(&figure, "odd"));
            panel = add_panel(figure, NULL);
            sna_panel_set_log(panel, SNA_AXIS_X, log == 1);
            sna_panel_set_log(panel, SNA_AXIS_Y, log == 1);
            assert_done(sna_panel_add_line(panel, NULL, data[i], data[i], 2));
            assert_done(sna_panel_add_points(panel, NULL, data[i], data[i], 2));
            assert_done(sna_panel_add_bars(panel, NULL, data[i], data[i], 1, 2));
            assert_done(sna_panel_add_band(panel, NULL, data[i], data[i], data[i], 2));
            assert_done(sna_panel_add_errors(panel, NULL, data[i], data[i], data[i], 2));
            assert_done(sna_figure_write(figure, "a.png", NULL));
            sna_figure_free(figure);
        }
    }
    assert_done(sna_figure_create(&figure, "no points"));
    assert_done(sna_panel_add_line(add_panel(figure, NULL), NULL, NULL, NULL, 0));
    assert_done(sna_panel_add_cloud(add_panel(figure, NULL), NULL, NULL, 1, NULL, NULL, NULL, NULL, 0));
    assert_done(sna_figure_write(figure, "a.png", NULL));
    sna_figure_free(figure);
    assert_done(sna_figure_raster(&figure, "no spikes", &(sna_raster){.groups = 1, .start = NAN, .stop = NAN}));
    assert_done(sna_figure_write(figure, "a.png", NULL));
    sna_figure_free(figure);
}

static void large_things_stay_drawable(void **state)
{
    enum { LONG = 5000, GROUPS = 150, NODES = 120 };
    char *text = calloc(LONG + 1, 1);
    const char *names[GROUPS];
    double x[GROUPS];
    uint32_t group[GROUPS];
    sna_diagram_node node[NODES];
    sna_diagram_link link[NODES];
    sna_figure *figure = NULL;
    sna_table *table = NULL;
    sna_panel *panel;
    image png;
    (void)state;

    assert_non_null(text);
    memset(text, 'm', LONG);
    for (uint32_t i = 0; i < GROUPS; i++) {
        names[i] = text;
        x[i] = i;
        group[i] = i;
    }
    for (uint64_t i = 0; i < NODES; i++) {
        node[i] = (sna_diagram_node){text, text, 0, 0};
        link[i] = (sna_diagram_link){i, (i * 7 + 3) % NODES, 1, i % 5 == 0 ? text : "5 %", SNA_END_ARROW};
    }
    assert_done(sna_figure_create(&figure, text));
    panel = add_panel(figure, text);
    assert_done(sna_panel_add_groups(panel, NULL, names, GROUPS, x, x, group, GROUPS));
    assert_done(sna_panel_set_names(panel, SNA_AXIS_Y, names, GROUPS));
    assert_done(sna_panel_set_axis(panel, SNA_AXIS_X, text, text));
    assert_done(sna_panel_set_diagram(add_panel(figure, NULL), node, NODES, link, NODES));
    assert_done(sna_table_create(&table, text, text));
    assert_done(sna_table_add_column(table, text, text, SNA_INTEGER));
    for (int i = 0; i < 300; i++)
        assert_done(sna_table_add_row(table, text));
    assert_done(sna_panel_set_table(add_panel(figure, NULL), table));
    assert_done(sna_panel_set_heat_map(add_panel(figure, NULL), table, NULL));
    assert_done(sna_figure_write(figure, "a.png", NULL));
    png = read_png("a.png");
    assert_in_range(png.width, 1000, 8000);
    assert_in_range(png.height, 1000, 32000);
    free(png.pixel);
    assert_done(sna_figure_write(figure, "a.svg", NULL));
    sna_figure_free(figure);
    sna_table_free(table);
    /* One long column is a picture too, until it is not. */
    assert_done(sna_table_create(&table, "long", "row"));
    assert_done(sna_table_add_column(table, "value", NULL, SNA_INTEGER));
    for (int i = 0; i < 8000; i++)
        assert_done(sna_table_add_row(table, "r"));
    assert_done(sna_figure_heat_map(&figure, NULL, table, NULL));
    assert_done(sna_figure_write(figure, "a.png", NULL));
    sna_figure_free(figure);
    assert_done(sna_table_add_row(table, "one too many"));
    assert_int_equal(sna_figure_heat_map(&figure, NULL, table, NULL), SNA_EINVAL);
    sna_table_free(table);
    free(text);
}

static void sizes_are_kept(void **state)
{
    static const int kind[] = {0, 1, 2, 3, 4, 6};
    (void)state;

    for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
        sna_figure *figure = make_kind(kind[i]);
        image png;

        assert_done(sna_figure_set_size(figure, 1200, 900));
        assert_done(sna_figure_write(figure, "a.png", NULL));
        png = read_png("a.png");
        assert_int_equal(png.width, 2400);
        assert_int_equal(png.height, 1800);
        free(png.pixel);
        sna_figure_free(figure);
    }
}

static void mistakes_are_errors(void **state)
{
    const double x[] = {1, 2}, bad[] = {2, 1};
    const uint32_t group[] = {0, 5};
    const sna_diagram_node node[] = {{"a", NULL, 0, 0}};
    sna_figure *figure = NULL;
    sna_panel *panel;
    sna_table *table = NULL;
    (void)state;

    assert_done(sna_figure_create(&figure, NULL));
    assert_int_equal(sna_figure_set_columns(figure, 0), SNA_EINVAL);
    assert_int_equal(sna_figure_set_size(figure, -1, 10), SNA_EINVAL);
    assert_int_equal(sna_figure_set_size(figure, NAN, 10), SNA_EINVAL);
    assert_int_equal(sna_figure_set_size(figure, 1e9, 10), SNA_EINVAL);
    panel = add_panel(figure, NULL);
    assert_int_equal(sna_panel_set_range(panel, SNA_AXIS_X, 2, 1), SNA_EINVAL);
    assert_int_equal(sna_panel_set_range(panel, SNA_AXIS_X, 2, INFINITY), SNA_EINVAL);
    assert_int_equal(sna_panel_set_axis(panel, (sna_axis)7, "x", NULL), SNA_EINVAL);
    assert_int_equal(sna_panel_set_size(panel, 0, 10), SNA_EINVAL);
    assert_int_equal(sna_panel_set_view(panel, 0, 91), SNA_EINVAL);
    assert_int_equal(sna_panel_add_trace(panel, NULL, 0, 0, x, 2), SNA_EINVAL);
    assert_int_equal(sna_panel_add_line(panel, NULL, NULL, x, 2), SNA_EINVAL);
    assert_int_equal(sna_panel_add_line(panel, &(sna_style){.size = -1}, x, x, 2), SNA_EINVAL);
    assert_int_equal(sna_panel_add_histogram(panel, NULL, bad, x, 1), SNA_EINVAL);
    assert_int_equal(sna_panel_add_bars(panel, NULL, x, x, -1, 2), SNA_EINVAL);
    assert_int_equal(sna_panel_add_rule(panel, NULL, SNA_AXIS_Z, 1), SNA_EINVAL);
    assert_int_equal(sna_panel_add_text(panel, NAN, 1, "t"), SNA_EINVAL);
    assert_int_equal(sna_panel_add_groups(panel, NULL, NULL, 2, x, x, group, 2), SNA_ERANGE);
    assert_done(sna_panel_add_line(panel, NULL, x, x, 2));
    assert_int_equal(sna_panel_add_cloud(panel, NULL, NULL, 1, x, x, x, NULL, 2), SNA_EINVAL);
    assert_contains(sna_error_message(), "layers over x and y");
    panel = add_panel(figure, NULL);
    assert_int_equal(sna_panel_add_arrows(panel, NULL, x, x, x, x, x, x, 2, 2), SNA_EINVAL);
    assert_int_equal(sna_panel_set_diagram(panel, node, 0, NULL, 0), SNA_EINVAL);
    assert_int_equal(sna_panel_set_diagram(panel, node, 1, (sna_diagram_link[]){{0, 1, 1, NULL, SNA_END_ARROW}}, 1),
                     SNA_ERANGE);
    assert_int_equal(sna_panel_set_diagram(panel, node, 1, (sna_diagram_link[]){{0, 0, -1, NULL, SNA_END_ARROW}}, 1),
                     SNA_EINVAL);
    assert_done(sna_table_create(&table, NULL, NULL));
    assert_int_equal(sna_panel_set_heat_map(panel, table, NULL), SNA_EINVAL);
    assert_int_equal(sna_panel_set_table(panel, table), SNA_EINVAL);
    sna_table_free(table);
    table = make_matrix(2, 2);
    assert_done(sna_panel_set_heat_map(panel, table, NULL));
    assert_int_equal(sna_panel_set_heat_map(panel, table, NULL), SNA_EINVAL);
    assert_int_equal(sna_panel_add_line(panel, NULL, x, x, 2), SNA_EINVAL);
    sna_table_free(table);
    sna_figure_free(figure);
    assert_int_equal(sna_figure_raster(&figure, NULL, &(sna_raster){.groups = 0, .start = 0, .stop = 1}), SNA_EINVAL);
    assert_int_equal(sna_figure_raster(&figure, NULL, &(sna_raster){.groups = 1, .start = 1, .stop = 1}), SNA_EINVAL);
    assert_int_equal(
        sna_figure_raster(
            &figure, NULL,
            &(sna_raster){.time = x, .row = x, .group = group, .count = 2, .groups = 2, .start = NAN, .stop = NAN}),
        SNA_ERANGE);
    assert_null(figure);
    assert_int_equal(sna_figure_grid(&figure, NULL, NULL, 0, NULL, 3), SNA_EINVAL);
    sna_figure_free(NULL);
}

static void histograms_count_everything_once(void **state)
{
    double value[1000], *edge = NULL, *count = NULL, total = 0;
    uint64_t bins = 0;
    (void)state;

    for (int i = 0; i < 1000; i++)
        value[i] = i % 10;
    assert_done(sna_histogram_count(&edge, &count, &bins, NAN, NAN, value, 1000));
    /* Whole numbers: bins around them, and as many in each. */
    assert_int_equal(bins, 10);
    for (uint64_t i = 0; i < bins; i++) {
        assert_true(edge[i] == (double)i - 0.5);
        assert_true(count[i] == 100);
    }
    free(edge);
    free(count);
    value[0] = NAN;
    value[1] = INFINITY;
    bins = 4;
    assert_done(sna_histogram_count(&edge, &count, &bins, 0, 8, value, 1000));
    assert_int_equal(bins, 4);
    assert_true(edge[0] == 0 && edge[4] == 8);
    /* 0 .. 8 are 9 of 10 values; one 0 and one 1 are not finite; the last bin holds its upper end. */
    assert_true(count[0] == 198 && count[1] == 200 && count[3] == 300);
    free(edge);
    free(count);
    bins = 0;
    for (int i = 0; i < 1000; i++)
        value[i] = 0.5 + i * 0.001;
    assert_done(sna_histogram_count(&edge, &count, &bins, NAN, NAN, value, 1000));
    /* Freedman and Diaconis: 2 * 0.4995 / 10 = 0.0999 wide over 0.999. */
    assert_int_equal(bins, 10);
    for (uint64_t i = 0; i < bins; i++)
        total += count[i];
    assert_true(total == 1000);
    free(edge);
    free(count);
    bins = 0;
    assert_int_equal(sna_histogram_count(&edge, &count, &bins, NAN, NAN, value, 0), SNA_EINVAL);
    assert_int_equal(sna_histogram_count(&edge, &count, &bins, 2, 1, value, 3), SNA_EINVAL);
    assert_null(edge);
    bins = 0;
    assert_done(sna_histogram_count(&edge, &count, &bins, NAN, NAN, (double[]){2.5, 2.5}, 2));
    assert_int_equal(bins, 1);
    assert_true(count[0] == 2 && edge[0] < 2.5 && edge[1] > 2.5);
    free(edge);
    free(count);
}

static void no_window_without_a_display(void **state)
{
    sna_figure *figure = make_heat(2, 2);
    (void)state;

    assert_int_equal(unsetenv("DISPLAY"), 0);
    assert_int_equal(unsetenv("WAYLAND_DISPLAY"), 0);
    assert_int_equal(sna_figure_show(figure), SNA_EMISSING);
    assert_contains(sna_error_message(), "DISPLAY");
    sna_figure_free(figure);
}

/* With a program in place of gnuplot that keeps what it is told. */
static void a_window_is_one_of_those_gnuplot_has(void **state)
{
    static const char *const answer[] = {" png svg x11 wxt ", " png svg "};
    sna_figure *figure = make_heat(2, 2);
    char *before = NULL;
    (void)state;

    assert_done(sna_text_copy(&before, getenv("PATH")));
    assert_int_equal(setenv("DISPLAY", ":0", 1), 0);
    for (int i = 0; i < 2; i++) {
        char *text = NULL, *program;
        int status;

        assert_done(sna_text_format(&text, "#!/bin/sh\ncat > told\necho '%s'\n", answer[i]));
        program = test_file(".", "gnuplot", text);
        free(text);
        assert_int_equal(chmod(program, 0755), 0);
        assert_int_equal(setenv("PATH", ".:/bin:/usr/bin", 1), 0);
        status = sna_figure_show(figure);
        assert_int_equal(setenv("PATH", before, 1), 0);
        text = read_text("told");
        if (i == 0) {
            assert_done(status);
            assert_contains(text, "set terminal wxt noenhanced persist size ");
            assert_contains(text, "'target_1'");
            assert_null(strstr(text, "set output '"));
        } else {
            assert_int_equal(status, SNA_EMISSING);
            assert_contains(sna_error_message(), "gnuplot-qt");
        }
        free(text);
        free(program);
    }
    assert_int_equal(unsetenv("DISPLAY"), 0);
    free(before);
    sna_figure_free(figure);
}

static void rendered_svgs_can_share_a_page(void **state)
{
    sna_figure *figure = make_lines();
    char *bytes = NULL;
    uint64_t size = 0;
    (void)state;

    assert_done(sna_figure_render(figure, SNA_PICTURE_SVG, "f1-", &bytes, &size));
    assert_int_equal(strlen(bytes), size);
    assert_memory_equal(bytes, "<svg", 4);
    assert_contains(bytes, "<title>Response</title>");
    assert_contains(bytes, "id='f1-gpDot'");
    assert_int_equal(count_text(bytes, " id='"), count_text(bytes, " id='f1-"));
    assert_int_equal(count_text(bytes, " id=\""), count_text(bytes, " id=\"f1-"));
    assert_int_equal(count_text(bytes, "xlink:href='#"), count_text(bytes, "xlink:href='#f1-"));
    assert_int_equal(count_text(bytes, "url(#"), count_text(bytes, "url(#f1-"));
    free(bytes);
    sna_figure_free(figure);
    assert_int_equal(test_folder_count("."), 0);
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter, leave)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(every_kind_in_every_format),
        IN_FOLDER(heat_maps_name_and_number_every_cell),
        IN_FOLDER(heat_maps_of_all_sizes_make_pictures),
        IN_FOLDER(numbers_are_light_on_dark_and_dark_on_light),
        IN_FOLDER(missing_cells_are_marked),
        IN_FOLDER(all_labels_of_lines_are_there),
        IN_FOLDER(texts_stay_texts),
        IN_FOLDER(names_of_files_stay_names),
        IN_FOLDER(kept_script_draws_the_same_picture),
        IN_FOLDER(without_gnuplot_a_sentence_says_what_to_install),
        IN_FOLDER(a_failing_gnuplot_leaves_what_was_there),
        IN_FOLDER(what_cannot_be_written_leaves_nothing),
        IN_FOLDER(settings_of_the_user_do_not_count),
        IN_FOLDER(numbers_have_points_in_every_locale),
        IN_FOLDER(long_traces_are_thinned_to_what_can_be_seen),
        IN_FOLDER(rasters_of_many_spikes_stay_small),
        IN_FOLDER(empty_and_odd_data_draw_axes),
        IN_FOLDER(large_things_stay_drawable),
        IN_FOLDER(sizes_are_kept),
        IN_FOLDER(rendered_svgs_can_share_a_page),
        IN_FOLDER(no_window_without_a_display),
        IN_FOLDER(a_window_is_one_of_those_gnuplot_has),
        cmocka_unit_test(mistakes_are_errors),
        cmocka_unit_test(histograms_count_everything_once),
    };
    return cmocka_run_group_tests_name("plot_figure", tests, NULL, NULL);
}
