/* test_plot_connection.c: the options that draw, on the commands `connection KIND` and `plot connection KIND`. */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "micro_network.h"

static char *folder, *config;

static int set_up(void **state)
{
    (void)state;
    folder = test_folder();
    config = micro_network(folder, true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(config);
    test_folder_remove(folder);
    return 0;
}

static void need_gnuplot(void)
{
    char *path = NULL;

    if (sna_process_find(&path, "gnuplot") != 0) {
        print_message("skipped: gnuplot is not installed\n");
        skip();
    }
    free(path);
}

/* The text of a file below `folder`; free() it. */
static char *text_of(const char *name)
{
    char *path = NULL, *text = NULL;
    uint64_t size = 0;

    assert_done(sna_path_join(&path, folder, name));
    assert_done(sna_file_read(&text, &size, path));
    free(path);
    return text;
}

static const char *in_folder(char *buffer, size_t size, const char *name)
{
    (void)snprintf(buffer, size, "%s/%s", folder, name);
    return buffer;
}

/* Every kind draws the same script from both commands, and `connection` prints the same table as without a drawing. */
static void test_same_as_connection(void **state)
{
    static const char *const kind[] = {"total",       "percent",   "convergence", "divergence", "gap",
                                       "probability", "histogram", "property",    "distance",   "delay-distance"};
    char one[512], two[512];

    (void)state;
    (void)in_folder(one, sizeof one, "one.gp");
    (void)in_folder(two, sizeof two, "two.gp");
    for (size_t k = 0; k < sizeof kind / sizeof *kind; k++) {
        const char *const property = strcmp(kind[k], "property") == 0 ? "--property=delay" : "--no-prepend-pop";
        run_result plain, drawn, alone;
        char *first, *second, *place;

        run_words(&plain, "connection", kind[k], config, "--sids", "pop_name", property, NULL);
        run_words(&drawn, "connection", kind[k], config, "--sids", "pop_name", property, "--script", one, NULL);
        run_words(&alone, "plot", "connection", kind[k], config, "--sids", "pop_name", property, "--script", two, NULL);
        if (drawn.status != 0 || alone.status != 0)
            fail_msg("%s: %s%s", kind[k], drawn.err, alone.err);
        assert_string_equal(drawn.out, plain.out);
        assert_string_equal(alone.out, "");
        first = text_of("one.gp");
        second = text_of("two.gp");
        place = strstr(second, "two.png");
        assert_non_null(place);
        memcpy(place, "one", 3);
        assert_string_equal(first, second);
        free(first);
        free(second);
        run_free(&plain);
        run_free(&drawn);
        run_free(&alone);
    }
}

/* The numbers of the matrix stand in the script, at the places of the cells. */
static void test_numbers(void **state)
{
    char *text, path[512];
    run_result result;
    const char *at;
    static const char *const number[] = {"'5'", "'3'", "'1'", "'0'"}; /* A to A, A to B, B to A, B to B */

    (void)state;
    run_words(&result, "plot", "connection", "total", config, "--sids", "pop_name", "--title", "How many", "--script",
              in_folder(path, sizeof path, "total.gp"), NULL);
    assert_int_equal(result.status, 0);
    run_free(&result);
    text = text_of("total.gp");
    assert_contains(text, "set label 'How many'");
    at = text;
    for (int i = 0; i < 4; i++) {
        char label[32];
        (void)snprintf(label, sizeof label, "set label %s at", number[i]);
        at = strstr(at, label);
        assert_non_null(at);
    }
    free(text);
}

static void test_characters(void **state)
{
    run_result ascii, alone;

    (void)state;
    run_words(&ascii, "connection", "total", config, "--sids", "pop_name", "--ascii", NULL);
    run_words(&alone, "plot", "connection", "total", config, "--sids", "pop_name", NULL);
    assert_int_equal(ascii.status, 0);
    assert_contains(ascii.out, "m_A");
    assert_string_equal(ascii.out, alone.out);
    run_free(&ascii);
    run_free(&alone);
}

static void test_files(void **state)
{
    static const char *const name[] = {"a.png", "a.svg", "a.pdf"};
    static const char *const start[] = {"\x89PNG", "<?xml", "%PDF-"};

    (void)state;
    need_gnuplot();
    for (int i = 0; i < 3; i++) {
        char path[512], *text;
        run_result result;

        run_words(&result, "plot", "connection", "percent", config, "-o", in_folder(path, sizeof path, name[i]), NULL);
        if (result.status != 0)
            fail_msg("%s", result.err);
        assert_string_equal(result.out, "");
        assert_string_equal(result.err, "");
        run_free(&result);
        text = text_of(name[i]);
        assert_memory_equal(text, start[i], strlen(start[i]));
        free(text);
    }
}

/* Width and height stand in the head of a PNG file, twice as many pixels as asked for. */
static void test_size(void **state)
{
    char path[512], *text;
    run_result result;
    uint32_t side[2] = {0, 0};

    (void)state;
    need_gnuplot();
    run_words(&result, "connection", "total", config, "--plot", in_folder(path, sizeof path, "size.png"), "--size",
              "700x500", NULL);
    assert_int_equal(result.status, 0);
    run_free(&result);
    text = text_of("size.png");
    for (int k = 0; k < 2; k++) {
        for (int i = 0; i < 4; i++)
            side[k] = side[k] << 8 | (unsigned char)text[16 + 4 * k + i];
    }
    assert_int_equal(side[0], 1400);
    assert_int_equal(side[1], 1000);
    free(text);
}

static void test_no_display(void **state)
{
    static const char *const nothing[] = {"DISPLAY=", "WAYLAND_DISPLAY=", NULL};
    const char *const words[] = {"plot", "connection", "total", config, "--show", NULL};
    run_result result;

    (void)state;
    run_program(&result, NULL, nothing, words);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "there is no display to open a window on");
    run_free(&result);
}

static void test_help(void **state)
{
    run_result result;

    (void)state;
    run_words(&result, "plot", "connection", "--help", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "delay-distance");
    run_free(&result);
    run_words(&result, "plot", "connection", "percent", "--help", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "sonatina plot connection percent [OPTION...] CONFIG");
    assert_contains(result.out, "--output=FILE");
    run_free(&result);
}

static void test_refusals(void **state)
{
    static const struct {
        const char *word[4];
        int status;
        const char *says;
    } bad[] = {
        {{NULL}, 2, "KIND is missing"},
        {{"--sids", "pop_name"}, 2, "KIND is missing"},
        {{"totals"}, 2, "did you mean `total`"},
        {{"total", "--output", "a.gif"}, 2, ".png, .svg or .pdf"},
        {{"total", "--size", "12"}, 2, "1200x800"},
        {{"total", "--size", "x12"}, 2, "--size"},
        {{"total", "--size", "0x9"}, 2, "from 1 to 16384"},
        {{"total", "--format", "csv"}, 2, "unrecognized option"},
        {{"total", "--script", "total.png"}, 2, "is no picture"},
        {{"total", "--sids", "popname"}, 1, "did you mean `pop_name`"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *words[8] = {"plot", "connection"};
        int count = 2;
        run_result result;

        for (int w = 0; w < 4 && bad[i].word[w] != NULL; w++) {
            words[count++] = bad[i].word[w];
            if (w == 0 && bad[i].word[0][0] != '-')
                words[count++] = config;
        }
        run_program(&result, folder, NULL, words);
        if (result.status != bad[i].status)
            fail_msg("case %zu: status %d: %s", i, result.status, result.err);
        assert_string_equal(result.out, "");
        assert_contains(result.err, bad[i].says);
        run_free(&result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_as_connection),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_characters),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_size),
        cmocka_unit_test(test_no_display),
        cmocka_unit_test(test_help),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
