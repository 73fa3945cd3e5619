/* test_plot_failure.c: drawing that fails: no gnuplot, a broken one, no display, no room, calls that make no sense. */
#include "plot_pictures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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
    sna_figure *figure = picture_heat(2, 2);
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
    sna_figure *figure = picture_heat(2, 2);
    (void)state;

    for (size_t i = 0; i < sizeof failing / sizeof *failing; i++) {
        char *program = test_file(".", "gnuplot", failing[i].program), *old = test_file(".", "a.png", "old"), *text;

        assert_int_equal(chmod(program, 0755), 0);
        assert_int_equal(write_with_path(figure, ".:/bin:/usr/bin", "a.png"), SNA_EEXTERNAL);
        assert_contains(sna_error_message(), failing[i].wanted);
        text = picture_read_text("a.png");
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
    sna_figure *figure = picture_heat(2, 2), *empty = NULL;
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

static void no_window_without_a_display(void **state)
{
    sna_figure *figure = picture_heat(2, 2);
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
    sna_figure *figure = picture_heat(2, 2);
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
        text = picture_read_text("told");
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
    panel = picture_panel(figure, NULL);
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
    panel = picture_panel(figure, NULL);
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
    table = picture_matrix(2, 2);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        PICTURE_TEST(without_gnuplot_a_sentence_says_what_to_install),
        PICTURE_TEST(a_failing_gnuplot_leaves_what_was_there),
        PICTURE_TEST(what_cannot_be_written_leaves_nothing),
        PICTURE_TEST(no_window_without_a_display),
        PICTURE_TEST(a_window_is_one_of_those_gnuplot_has),
        cmocka_unit_test(mistakes_are_errors),
    };
    return cmocka_run_group_tests_name("plot_failure", tests, NULL, NULL);
}
