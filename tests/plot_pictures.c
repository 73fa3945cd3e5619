/* plot_pictures.c: figures of every kind, and looking into the pictures that they make. */
#include "plot_pictures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static unsigned big_endian(const unsigned char *at)
{
    return (unsigned)at[0] << 24 | (unsigned)at[1] << 16 | (unsigned)at[2] << 8 | at[3];
}

static unsigned char paeth(int left, int up, int corner)
{
    const int p = left + up - corner, a = abs(p - left), b = abs(p - up), c = abs(p - corner);

    return (unsigned char)(a <= b && a <= c ? left : b <= c ? up : corner);
}

picture_image picture_read_png(const char *path)
{
    char *file = NULL;
    uint64_t size = 0;
    unsigned char *packed, *raw;
    size_t packed_size = 0, stride;
    uLongf raw_size;
    picture_image self = {0, 0, 0, NULL};

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

void picture_png_size(const char *path, unsigned *width, unsigned *height)
{
    unsigned char head[24];
    FILE *stream = fopen(path, "rb");

    assert_non_null(stream);
    assert_int_equal(fread(head, 1, sizeof head, stream), sizeof head);
    (void)fclose(stream);
    assert_memory_equal(head, "\x89PNG\r\n\x1a\n", 8);
    *width = big_endian(head + 16);
    *height = big_endian(head + 20);
}

size_t picture_count_colour(const picture_image *self, unsigned rgb)
{
    size_t count = 0;

    for (size_t i = 0; i < (size_t)self->width * self->height; i++) {
        const unsigned char *p = self->pixel + i * self->channels;
        count += abs(p[0] - (int)(rgb >> 16 & 255)) < 4 && abs(p[1] - (int)(rgb >> 8 & 255)) < 4 &&
                 abs(p[2] - (int)(rgb & 255)) < 4;
    }
    return count;
}

char *picture_read_text(const char *path)
{
    char *text = NULL;
    uint64_t size = 0;

    assert_done(sna_file_read(&text, &size, path));
    return text;
}

size_t picture_count_text(const char *text, const char *part)
{
    size_t count = 0;

    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        count++;
    return count;
}

/* ---- figures ------------------------------------------------------------------------------------------------ */

sna_table *picture_matrix(uint64_t rows, uint64_t columns)
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

sna_figure *picture_heat(uint64_t rows, uint64_t columns)
{
    const sna_heat_options options = {.value_label = "Connections", .row_label = "Source", .column_label = "Target"};
    sna_table *table = picture_matrix(rows, columns);
    sna_figure *figure = NULL;

    assert_done(sna_figure_heat_map(&figure, NULL, table, &options));
    sna_table_free(table);
    return figure;
}

sna_panel *picture_panel(sna_figure *figure, const char *title)
{
    sna_panel *panel = NULL;

    assert_done(sna_figure_add_panel(figure, title, &panel));
    return panel;
}

sna_figure *picture_lines(void)
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
    panel = picture_panel(figure, "Upper");
    assert_done(sna_panel_set_axis(panel, SNA_AXIS_X, "Time", "ms"));
    assert_done(sna_panel_set_axis(panel, SNA_AXIS_Y, "Potential", "mV"));
    assert_done(sna_panel_add_band(panel, &(sna_style){.colour = SNA_COLOUR(0)}, x, low, high, 50));
    assert_done(sna_panel_add_line(panel, &(sna_style){.name = "model"}, x, y, 50));
    assert_done(sna_panel_add_line(panel, &(sna_style){.name = "fit", .dash = SNA_DOTTED}, x, low, 50));
    assert_done(sna_panel_add_points(panel, &(sna_style){.name = "data"}, x, high, 50));
    assert_done(sna_panel_add_errors(panel, NULL, x, low, high, 50));
    assert_done(sna_panel_add_rule(panel, NULL, SNA_AXIS_Y, 0.5));
    assert_done(sna_panel_add_text(panel, 10, 0, "annotation"));
    panel = picture_panel(figure, "Lower");
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
    panel = picture_panel(figure, NULL);
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
    assert_done(sna_panel_set_diagram(picture_panel(figure, NULL), node, 3, link, 4));
    return figure;
}

static sna_figure *make_sheet(void)
{
    sna_table *table = picture_matrix(4, 3);
    sna_figure *figure = NULL;

    assert_done(sna_figure_create(&figure, "Cells"));
    assert_done(sna_panel_set_table(picture_panel(figure, NULL), table));
    sna_table_free(table);
    return figure;
}

sna_figure *picture_raster(uint64_t count)
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

sna_figure *picture_kind(int kind)
{
    switch (kind) {
    case 0:
        return picture_heat(3, 2);
    case 1:
        return picture_lines();
    case 2:
        return make_space();
    case 3:
        return make_diagram();
    case 4:
        return make_sheet();
    case 5:
        return picture_raster(500);
    default:
        return make_grid();
    }
}

typedef struct {
    char *folder, *before;
} place;

int picture_enter(void **state)
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

int picture_leave(void **state)
{
    place *self = *state;

    assert_int_equal(chdir(self->before), 0);
    test_folder_remove(self->folder);
    free(self->before);
    free(self);
    return 0;
}
