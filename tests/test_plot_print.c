/* test_plot_print.c: figures as characters: they fit the terminal, in the letters it has, and hold the numbers. */
#include "support.h"

#include "plot/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The figure as printed; free() it. */
static char *print(const sna_figure *figure, sna_screen screen)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);

    assert_non_null(stream);
    assert_done(sna_figure_print(figure, stream, &screen));
    assert_int_equal(fclose(stream), 0);
    return text;
}

/* Columns of a line, escape sequences aside, one a code point (these tests use no wide letters). */
static unsigned columns_of(const char *line, size_t length)
{
    unsigned columns = 0;

    for (size_t i = 0; i < length; i++) {
        if (line[i] == '\033') {
            while (i < length && line[i] != 'm')
                i++;
        } else {
            columns += ((unsigned char)line[i] & 0xC0) != 0x80;
        }
    }
    return columns;
}

static void check_width(const char *text, unsigned most)
{
    while (*text != '\0') {
        const size_t length = strcspn(text, "\n");

        if (columns_of(text, length) > most)
            fail_msg("a line of %u columns, but there are %u: %.*s", columns_of(text, length), most, (int)length, text);
        text += length + (text[length] == '\n');
    }
}

static void check_ascii(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text >= 0x80 || *text == '\033')
            fail_msg("not ASCII: %.20s", text);
    }
}

static sna_figure *make_heat(uint64_t rows, uint64_t columns, bool missing)
{
    const sna_heat_options options = {.value_label = "Connections", .row_label = "Source", .column_label = "Target"};
    sna_table *table = NULL;
    sna_figure *figure = NULL;
    char name[32];

    assert_done(sna_table_create(&table, "Total", "source"));
    for (uint64_t c = 0; c < columns; c++) {
        (void)snprintf(name, sizeof name, "t%d", (int)c);
        assert_done(sna_table_add_column(table, name, NULL, SNA_INTEGER));
    }
    for (uint64_t r = 0; r < rows; r++) {
        (void)snprintf(name, sizeof name, "s%d", (int)r);
        assert_done(sna_table_add_row(table, name));
        for (uint64_t c = 0; c < columns; c++) {
            if (!missing || r != c)
                assert_done(sna_table_set_integer(table, r, c, (int64_t)(10 * r + c)));
        }
    }
    assert_done(sna_figure_heat_map(&figure, NULL, table, &options));
    sna_table_free(table);
    return figure;
}

static void small_matrices_are_printed_exactly(void **state)
{
    sna_figure *figure = make_heat(2, 3, true);
    char *text;
    (void)state;

    text = print(figure, (sna_screen){.width = 80, .unicode = true});
    assert_string_equal(text, "Total\n"
                              "\n"
                              "Source → Target\n"
                              "     t0  t1  t2\n"
                              "s0   ·   1░  2░\n"
                              "s1  10█  ·  12█\n"
                              "\n"
                              "0  ░▒▓█ 12  Connections  (· no value)\n");
    free(text);
    text = print(figure, (sna_screen){.width = 80});
    check_ascii(text);
    assert_contains(text, "Source -> Target\n");
    assert_contains(text, "s1  10%  ?  12@\n");
    assert_contains(text, "0  .:-=+*#%@ 12  Connections  (? no value)\n");
    free(text);
    sna_figure_free(figure);
}

static void matrices_fit_the_terminal(void **state)
{
    static const uint64_t size[] = {1, 2, 10, 25, 60, 100, 200};
    static const unsigned width[] = {30, 40, 80, 200};
    (void)state;

    for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
        sna_figure *figure = make_heat(size[i], size[i], false);

        for (size_t k = 0; k < sizeof width / sizeof *width; k++) {
            for (int look = 0; look < 4; look++) {
                char *text = print(figure, (sna_screen){.width = width[k], .unicode = look % 2, .colour = look / 2});
                char last[16];

                check_width(text, width[k] < 45 ? 45 : width[k]); /* the key may need 45 */
                (void)snprintf(last, sizeof last, "\ns%d ", (int)size[i] - 1);
                if (size[i] > 10 && look < 2)
                    assert_contains(text, last);
                if (size[i] == 200 && width[k] == 80)
                    assert_contains(text, "Columns 1 to 75 of 200\n");
                if (look == 0)
                    check_ascii(text);
                free(text);
            }
        }
        sna_figure_free(figure);
    }
}

static void numbers_stand_in_cells_where_they_fit(void **state)
{
    sna_figure *figure = make_heat(10, 10, false);
    char *text = print(figure, (sna_screen){.width = 80, .unicode = true});
    char wanted[16];
    (void)state;

    for (int value = 10; value < 100; value++) {
        (void)snprintf(wanted, sizeof wanted, " %d", value);
        assert_contains(text, wanted);
    }
    free(text);
    text = print(figure, (sna_screen){.width = 80, .unicode = true, .colour = true});
    assert_contains(text, "\033[48;5;");
    assert_contains(text, " 99 \033[0m");
    free(text);
    sna_figure_free(figure);
}

static sna_figure *make_lines(void)
{
    double x[200], y[200], high[200];
    uint32_t group[200];
    const char *const name[] = {"left", "right"};
    sna_figure *figure = NULL;
    sna_panel *panel = NULL;

    for (int i = 0; i < 200; i++) {
        x[i] = i;
        y[i] = -70 + 20 * sin(i * 0.05);
        high[i] = y[i] + 5;
        group[i] = i >= 100;
    }
    assert_done(sna_figure_create(&figure, "Traces"));
    assert_done(sna_figure_add_panel(figure, "Soma", &panel));
    assert_done(sna_panel_set_axis(panel, SNA_AXIS_X, "Time", "ms"));
    assert_done(sna_panel_set_axis(panel, SNA_AXIS_Y, "v", "mV"));
    assert_done(sna_panel_add_line(panel, &(sna_style){.name = "model"}, x, y, 200));
    assert_done(sna_panel_add_band(panel, &(sna_style){.name = "band"}, x, y, high, 200));
    assert_done(sna_panel_add_errors(panel, NULL, x, y, high, 20));
    assert_done(sna_panel_add_rule(panel, NULL, SNA_AXIS_X, 50));
    assert_done(sna_panel_add_rule(panel, NULL, SNA_AXIS_Y, -60));
    assert_done(sna_panel_add_groups(panel, NULL, name, 2, x, high, group, 200));
    assert_done(sna_figure_add_panel(figure, "Bars", &panel));
    assert_done(sna_panel_add_bars(panel, NULL, x, high, 0, 20));
    assert_done(sna_figure_add_panel(figure, "Space", &panel));
    assert_done(sna_panel_add_cloud(panel, NULL, name, 2, x, y, high, group, 200));
    assert_done(sna_panel_add_arrows(panel, NULL, x, y, high, x, y, high, 0, 10));
    return figure;
}

static void lines_have_axes_and_fit(void **state)
{
    static const unsigned width[] = {30, 80, 150};
    sna_figure *figure = make_lines();
    (void)state;

    for (size_t k = 0; k < sizeof width / sizeof *width; k++) {
        for (int look = 0; look < 4; look++) {
            char *text =
                print(figure, (sna_screen){.width = width[k], .height = 12, .unicode = look % 2, .colour = look / 2});

            check_width(text, width[k]);
            assert_contains(text, "Traces");
            assert_contains(text, "Time (ms)");
            assert_contains(text, "v (mV)");
            assert_contains(text, "model");
            assert_contains(text, "right");
            assert_contains(text, look % 2 ? "−60" : "-60");
            assert_contains(text, "(seen from above)");
            if (look == 0)
                check_ascii(text);
            free(text);
        }
    }
    sna_figure_free(figure);
}

/* A line from corner to corner goes through every column of dots, one row up at each. */
static void lines_go_where_the_data_go(void **state)
{
    const double x[] = {0, 1}, y[] = {0, 1};
    sna_figure *figure = NULL;
    sna_panel *panel = NULL;
    char *text, *line;
    int rows = 0, last = 1000;
    (void)state;

    assert_done(sna_figure_create(&figure, NULL));
    assert_done(sna_figure_add_panel(figure, NULL, &panel));
    assert_done(sna_panel_set_range(panel, SNA_AXIS_Y, 0, 1));
    assert_done(sna_panel_add_line(panel, NULL, x, y, 2));
    text = print(figure, (sna_screen){.width = 60, .height = 10});
    for (line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char *bar = strpbrk(line, "|+"), *dot = strchr(line, '*');

        if (bar == NULL || dot == NULL)
            continue;
        rows++;
        assert_true(dot - bar < last);
        last = (int)(dot - bar);
    }
    assert_int_equal(rows, 10);
    assert_int_equal(last, 1);
    free(text);
    sna_figure_free(figure);
}

static void odd_data_print(void **state)
{
    const double odd[][2] = {{NAN, NAN}, {3, 3}, {-1e308, 1e308}, {1e-300, 2e-300}, {-1, -2}, {INFINITY, 0}};
    (void)state;

    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        for (int log = 0; log < 2; log++) {
            sna_figure *figure = NULL;
            sna_panel *panel = NULL;
            char *text;

            assert_done(sna_figure_create(&figure, NULL));
            assert_done(sna_figure_add_panel(figure, NULL, &panel));
            sna_panel_set_log(panel, SNA_AXIS_X, log == 1);
            sna_panel_set_log(panel, SNA_AXIS_Y, log == 1);
            assert_done(sna_panel_set_range(panel, SNA_AXIS_X, NAN, 1));
            assert_done(sna_panel_add_line(panel, NULL, odd[i], odd[i], 2));
            assert_done(sna_panel_add_points(panel, NULL, odd[i], odd[i], 2));
            assert_done(sna_panel_add_bars(panel, NULL, odd[i], odd[i], 1, 2));
            assert_done(sna_panel_add_band(panel, NULL, odd[i], odd[i], odd[i], 2));
            text = print(figure, (sna_screen){.width = 50, .unicode = true});
            check_width(text, 50);
            free(text);
            sna_figure_free(figure);
        }
    }
}

static void tables_and_diagrams_are_lists(void **state)
{
    const sna_diagram_node node[] = {{"PN", "80 cells", 0, 0}, {"PV", NULL, 0, 0}};
    const sna_diagram_link link[] = {
        {0, 1, 4, "40 %", SNA_END_ARROW}, {1, 0, 2, "20 %", SNA_END_BAR}, {1, 1, 0, NULL, SNA_END_PLAIN}};
    sna_figure *figure = NULL;
    sna_panel *panel = NULL;
    sna_table *table = NULL;
    char *text;
    (void)state;

    assert_done(sna_table_create(&table, NULL, "cell"));
    assert_done(sna_table_add_column(table, "rate", "Hz", SNA_REAL));
    assert_done(sna_table_add_column(table, "type", NULL, SNA_TEXT));
    assert_done(sna_table_add_row(table, "first"));
    assert_done(sna_table_set_real(table, 0, 0, 12.5));
    assert_done(sna_table_set_text(table, 0, 1, "regular"));
    assert_done(sna_table_add_row(table, "second"));
    assert_done(sna_figure_create(&figure, NULL));
    assert_done(sna_figure_add_panel(figure, NULL, &panel));
    assert_done(sna_panel_set_diagram(panel, node, 2, link, 3));
    assert_done(sna_figure_add_panel(figure, "Cells", &panel));
    assert_done(sna_panel_set_table(panel, table));
    text = print(figure, (sna_screen){.width = 60});
    assert_string_equal(text, "PN -> PV  40 %  ##############################\n"
                              "PV -| PN  20 %  ###############\n"
                              "PV -- PV        \n"
                              "\n"
                              "Cells\n"
                              "cell    rate (Hz)  type   \n"
                              "first        12.5  regular\n"
                              "second          -  -      \n");
    free(text);
    sna_table_free(table);
    sna_figure_free(figure);
}

/* What a text holds must not move the cursor or recolour the terminal. */
static void texts_cannot_steer_the_terminal(void **state)
{
    const char *const nasty = "\033[2J\033]0;owned\007\r\b name";
    const double x[] = {0, 1};
    sna_figure *figure = NULL;
    sna_panel *panel = NULL;
    char *text;
    (void)state;

    assert_done(sna_figure_create(&figure, nasty));
    assert_done(sna_figure_add_panel(figure, nasty, &panel));
    assert_done(sna_panel_set_axis(panel, SNA_AXIS_X, nasty, nasty));
    assert_done(sna_panel_add_line(panel, &(sna_style){.name = nasty}, x, x, 2));
    assert_done(sna_figure_add_note(figure, "%s", nasty));
    text = print(figure, (sna_screen){.width = 60, .unicode = true});
    assert_null(strpbrk(text, "\033\007\r\b"));
    assert_contains(text, "owned");
    free(text);
    sna_figure_free(figure);
}

static void the_screen_is_what_the_environment_says(void **state)
{
    sna_screen screen;
    FILE *stream = tmpfile();
    (void)state;

    assert_non_null(stream);
    assert_int_equal(unsetenv("COLUMNS"), 0);
    assert_int_equal(setenv("LC_ALL", "C", 1), 0);
    sna_screen_detect(&screen, stream);
    assert_int_equal(screen.width, 80);
    assert_false(screen.colour);
    assert_false(screen.unicode);
    assert_int_equal(setenv("COLUMNS", "132", 1), 0);
    assert_int_equal(setenv("LC_ALL", "en_GB.utf8", 1), 0);
    sna_screen_detect(&screen, stream);
    assert_int_equal(screen.width, 132);
    assert_true(screen.unicode);
    assert_int_equal(setenv("COLUMNS", "many", 1), 0);
    assert_int_equal(unsetenv("LC_ALL"), 0);
    assert_int_equal(unsetenv("LC_CTYPE"), 0);
    assert_int_equal(setenv("LANG", "C.UTF-8", 1), 0);
    sna_screen_detect(&screen, stream);
    assert_int_equal(screen.width, 80);
    assert_true(screen.unicode);
    (void)fclose(stream);
}

static void a_full_disk_is_an_error(void **state)
{
    sna_figure *figure = make_heat(60, 60, false);
    FILE *stream = fopen("/dev/full", "w");
    (void)state;

    if (stream == NULL)
        skip();
    assert_int_equal(setvbuf(stream, NULL, _IONBF, 0), 0);
    assert_int_equal(sna_figure_print(figure, stream, NULL), SNA_EIO);
    (void)fclose(stream);
    sna_figure_free(figure);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_matrices_are_printed_exactly),
        cmocka_unit_test(matrices_fit_the_terminal),
        cmocka_unit_test(numbers_stand_in_cells_where_they_fit),
        cmocka_unit_test(lines_have_axes_and_fit),
        cmocka_unit_test(lines_go_where_the_data_go),
        cmocka_unit_test(odd_data_print),
        cmocka_unit_test(tables_and_diagrams_are_lists),
        cmocka_unit_test(texts_cannot_steer_the_terminal),
        cmocka_unit_test(the_screen_is_what_the_environment_says),
        cmocka_unit_test(a_full_disk_is_an_error),
    };
    return cmocka_run_group_tests_name("plot_print", tests, NULL, NULL);
}
