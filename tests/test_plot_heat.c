/* test_plot_heat.c: heat maps as pictures. */
#include "plot_pictures.h"

#include <stdlib.h>
#include <string.h>

static void heat_maps_name_and_number_every_cell(void **state)
{
    static const uint64_t size[][2] = {{1, 1}, {2, 2}, {3, 12}, {12, 3}, {10, 10}, {60, 60}};
    (void)state;

    for (size_t k = 0; k < sizeof size / sizeof *size; k++) {
        sna_figure *figure = picture_heat(size[k][0], size[k][1]);
        char *text, wanted[64];

        assert_done(sna_figure_write(figure, "a.svg", NULL));
        text = picture_read_text("a.svg");
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
        sna_figure *figure = picture_heat(size[k], size[k]);
        picture_image png;

        /* Above 100 x 100 cells are sent as an image; a smaller one is as good to look at. */
        if (size[k] > 100)
            assert_done(sna_figure_set_size(figure, 700, 700));
        assert_done(sna_figure_write(figure, "a.png", NULL));
        png = picture_read_png("a.png");
        assert_true((png.width > before || size[k] > 100) && png.width < 8000 && png.height < 8000);
        before = png.width;
        /* The ends of the colour map, as cells and not only as dots. */
        assert_true(picture_count_colour(&png, 0xF8F8E6) > 200 || picture_count_colour(&png, 0xF9F7E5) > 200);
        free(png.pixel);
        sna_figure_free(figure);
    }
}

static void numbers_are_light_on_dark_and_dark_on_light(void **state)
{
    sna_table *table = picture_matrix(1, 2);
    sna_figure *figure = NULL;
    char *text;
    (void)state;

    assert_done(sna_table_set_integer(table, 0, 0, 0));
    assert_done(sna_table_set_integer(table, 0, 1, 777));
    assert_done(sna_figure_heat_map(&figure, NULL, table, NULL));
    assert_done(sna_figure_write(figure, "a.svg", "a.gp"));
    text = picture_read_text("a.gp");
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
    picture_image png;
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
    text = picture_read_text("a.svg");
    assert_contains(text, ">12.3<");
    assert_contains(text, ">no value<");
    assert_null(strstr(text, ">nan<"));
    assert_null(strstr(text, ">name<"));
    free(text);
    png = picture_read_png("a.png");
    assert_true(picture_count_colour(&png, 0xE4E4E4) > 5000);
    free(png.pixel);
    sna_figure_free(figure);
    sna_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PICTURE_TEST(heat_maps_name_and_number_every_cell),
        PICTURE_TEST(heat_maps_of_all_sizes_make_pictures),
        PICTURE_TEST(numbers_are_light_on_dark_and_dark_on_light),
        PICTURE_TEST(missing_cells_are_marked),
    };
    return cmocka_run_group_tests_name("plot_heat", tests, NULL, NULL);
}
