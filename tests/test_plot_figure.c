/* test_plot_figure.c: figures as pictures: every kind in every format, what is on them, sizes, kept scripts. */
#include "plot_pictures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void every_kind_in_every_format(void **state)
{
    (void)state;
    for (int kind = 0; kind < PICTURE_KINDS; kind++) {
        sna_figure *figure = picture_kind(kind);
        char *text;
        picture_image png;

        assert_done(sna_figure_write(figure, "a.png", NULL));
        assert_done(sna_figure_write(figure, "a.svg", NULL));
        assert_done(sna_figure_write(figure, "a.PDF", NULL));
        png = picture_read_png("a.png");
        assert_in_range(png.width, 200, 4000);
        assert_in_range(png.height, 200, 4000);
        /* White ground, and at least a thousand pixels of something. */
        assert_true(picture_count_colour(&png, 0xFFFFFF) > (size_t)png.width * png.height / 10);
        assert_true(picture_count_colour(&png, 0xFFFFFF) < (size_t)png.width * png.height - 1000);
        free(png.pixel);
        text = picture_read_text("a.svg");
        assert_contains(text, "<svg");
        assert_contains(text, "DejaVu Sans, Verdana, sans-serif\" font-weight=\"bold\"");
        assert_null(strstr(text, "GNUPLOT"));
        assert_null(strstr(text, "using 1:2"));
        free(text);
        text = picture_read_text("a.PDF");
        assert_memory_equal(text, "%PDF-", 5);
        free(text);
        sna_figure_free(figure);
    }
    assert_int_equal(test_folder_count("."), 3);
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
    sna_figure *figure = picture_lines();
    char *text, label[64];
    (void)state;

    assert_done(sna_figure_write(figure, "a.svg", NULL));
    text = picture_read_text("a.svg");
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        (void)snprintf(label, sizeof label, "<text>%s</text>", wanted[i]);
        assert_contains(text, label);
    }
    /* The shared axis is named once. */
    assert_int_equal(picture_count_text(text, ">Time (ms)<"), 1);
    free(text);
    sna_figure_free(figure);
}

static void kept_script_draws_the_same_picture(void **state)
{
    (void)state;
    for (int kind = 0; kind < PICTURE_KINDS; kind++) {
        sna_figure *figure = picture_kind(kind);
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

static void sizes_are_kept(void **state)
{
    static const int kind[] = {0, 1, 2, 3, 4, 6};
    unsigned width = 0, height = 0;
    (void)state;

    for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
        sna_figure *figure = picture_kind(kind[i]);

        assert_done(sna_figure_set_size(figure, 900, 700));
        assert_done(sna_figure_write(figure, "a.png", NULL));
        picture_png_size("a.png", &width, &height);
        assert_int_equal(width, 1800);
        assert_int_equal(height, 1400);
        sna_figure_free(figure);
    }
}

static void rendered_svgs_can_share_a_page(void **state)
{
    sna_figure *figure = picture_lines();
    char *bytes = NULL;
    uint64_t size = 0;
    (void)state;

    assert_done(sna_figure_render(figure, SNA_PICTURE_SVG, "f1-", &bytes, &size));
    assert_int_equal(strlen(bytes), size);
    assert_memory_equal(bytes, "<svg", 4);
    assert_contains(bytes, "<title>Response</title>");
    assert_contains(bytes, "id='f1-gpDot'");
    assert_int_equal(picture_count_text(bytes, " id='"), picture_count_text(bytes, " id='f1-"));
    assert_int_equal(picture_count_text(bytes, " id=\""), picture_count_text(bytes, " id=\"f1-"));
    assert_int_equal(picture_count_text(bytes, "xlink:href='#"), picture_count_text(bytes, "xlink:href='#f1-"));
    assert_int_equal(picture_count_text(bytes, "url(#"), picture_count_text(bytes, "url(#f1-"));
    free(bytes);
    sna_figure_free(figure);
    assert_int_equal(test_folder_count("."), 0);
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
            panel = picture_panel(figure, NULL);
            sna_panel_set_log(panel, SNA_AXIS_X, log == 1);
            sna_panel_set_log(panel, SNA_AXIS_Y, log == 1);
            assert_done(sna_panel_add_line(panel, NULL, data[i], data[i], 2));
            assert_done(sna_panel_add_points(panel, NULL, data[i], data[i], 2));
            assert_done(sna_panel_add_bars(panel, NULL, data[i], data[i], 1, 2));
            assert_done(sna_panel_add_band(panel, NULL, data[i], data[i], data[i], 2));
            assert_done(sna_panel_add_errors(panel, NULL, data[i], data[i], data[i], 2));
            assert_done(sna_figure_write(figure, "a.svg", NULL));
            sna_figure_free(figure);
        }
    }
    assert_done(sna_figure_create(&figure, "no points"));
    assert_done(sna_panel_add_line(picture_panel(figure, NULL), NULL, NULL, NULL, 0));
    assert_done(sna_panel_add_cloud(picture_panel(figure, NULL), NULL, NULL, 1, NULL, NULL, NULL, NULL, 0));
    assert_done(sna_figure_write(figure, "a.svg", NULL));
    sna_figure_free(figure);
    assert_done(sna_figure_raster(&figure, "no spikes", &(sna_raster){.groups = 1, .start = NAN, .stop = NAN}));
    assert_done(sna_figure_write(figure, "a.svg", NULL));
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
    char *svg;
    double width = 0, height = 0;
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
    panel = picture_panel(figure, text);
    assert_done(sna_panel_add_groups(panel, NULL, names, GROUPS, x, x, group, GROUPS));
    assert_done(sna_panel_set_names(panel, SNA_AXIS_Y, names, GROUPS));
    assert_done(sna_panel_set_axis(panel, SNA_AXIS_X, text, text));
    assert_done(sna_panel_set_diagram(picture_panel(figure, NULL), node, NODES, link, NODES));
    assert_done(sna_table_create(&table, text, text));
    assert_done(sna_table_add_column(table, text, text, SNA_INTEGER));
    for (int i = 0; i < 300; i++)
        assert_done(sna_table_add_row(table, text));
    assert_done(sna_panel_set_table(picture_panel(figure, NULL), table));
    assert_done(sna_panel_set_heat_map(picture_panel(figure, NULL), table, NULL));
    /* As SVG, which is quick at any size. */
    assert_done(sna_figure_write(figure, "a.svg", NULL));
    svg = picture_read_text("a.svg");
    assert_int_equal(sscanf(strstr(svg, "viewBox=\""), "viewBox=\"0 0 %lf %lf\"", &width, &height), 2);
    assert_in_range((int)width, 500, 16384);
    assert_in_range((int)height, 500, 16384);
    free(svg);
    sna_figure_free(figure);
    sna_table_free(table);
    /* One long column is a picture too, until it is not. */
    assert_done(sna_table_create(&table, "long", "row"));
    assert_done(sna_table_add_column(table, "value", NULL, SNA_INTEGER));
    for (int i = 0; i < 8000; i++)
        assert_done(sna_table_add_row(table, "r"));
    assert_done(sna_figure_heat_map(&figure, NULL, table, NULL));
    assert_done(sna_figure_write(figure, "a.svg", NULL));
    sna_figure_free(figure);
    assert_done(sna_table_add_row(table, "one too many"));
    assert_int_equal(sna_figure_heat_map(&figure, NULL, table, NULL), SNA_EINVAL);
    sna_table_free(table);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PICTURE_TEST(every_kind_in_every_format),         PICTURE_TEST(all_labels_of_lines_are_there),
        PICTURE_TEST(kept_script_draws_the_same_picture), PICTURE_TEST(sizes_are_kept),
        PICTURE_TEST(rendered_svgs_can_share_a_page),     PICTURE_TEST(empty_and_odd_data_draw_axes),
        PICTURE_TEST(large_things_stay_drawable),
    };
    return cmocka_run_group_tests_name("plot_figure", tests, NULL, NULL);
}
