/* test_plot_texts.c: texts and names of files stay what they are, whatever stands in them. */
#include "plot_pictures.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
    panel = picture_panel(figure, text);
    for (int axis = 0; axis < 2; axis++)
        assert_done(sna_panel_set_axis(panel, (sna_axis)axis, text, text));
    assert_done(sna_panel_set_names(panel, SNA_AXIS_X, names, 2));
    assert_done(sna_panel_add_line(panel, &(sna_style){.name = text}, x, y, 2));
    assert_done(sna_panel_add_text(panel, 0, 1, text));
    assert_done(sna_panel_add_groups(panel, NULL, names, 2, x, y, NULL, 2));
    assert_done(sna_panel_set_heat_map(picture_panel(figure, text), table, &options));
    assert_done(sna_panel_set_table(picture_panel(figure, text), table));
    assert_done(sna_panel_set_diagram(picture_panel(figure, text), node, 2, link, 2));
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
        /* The script is the same for each format but for its first lines: some texts will do for the others. */
        if (i % 4 == 0) {
            assert_done(sna_figure_write(figure, "a.png", NULL));
            assert_done(sna_figure_write(figure, "a.pdf", NULL));
        }
        text = picture_read_text("a.svg");
        if (i == 0)
            assert_true(picture_count_text(text, "`touch pwned`") >= 20);
        if (i == 4)
            assert_contains(text, "@GPVAL_VERSION ${HOME} $(touch pwned)");
        if (i == 5) {
            assert_contains(text, "{/Symbol a}_b^c ~d &amp;{e} %d %s %n %%");
        }
        if (i == 7)
            assert_int_equal(picture_count_text(text, "</svg>"), 1);
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
    sna_figure *figure = picture_heat(1, 1);
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

static void settings_of_the_user_do_not_count(void **state)
{
    sna_figure *figure = picture_heat(2, 2);
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
    figure = picture_lines();
    assert_done(sna_figure_write(figure, "a.svg", NULL));
    (void)setlocale(LC_ALL, "C");
    text = picture_read_text("a.svg");
    assert_contains(text, ">0.5<");
    assert_null(strstr(text, ">0,5<"));
    free(text);
    sna_figure_free(figure);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PICTURE_TEST(texts_stay_texts),
        PICTURE_TEST(names_of_files_stay_names),
        PICTURE_TEST(settings_of_the_user_do_not_count),
        PICTURE_TEST(numbers_have_points_in_every_locale),
    };
    return cmocka_run_group_tests_name("plot_texts", tests, NULL, NULL);
}
