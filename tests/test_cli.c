/* test_cli.c: the program's own words: help, version, unknown commands, exit statuses. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

static void help_goes_to_stdout(void **state)
{
    static const char *const ask[] = {"--help", "-h", "help"};
    run_result result;

    (void)state;
    for (size_t i = 0; i < sizeof ask / sizeof *ask; i++) {
        run_words(&result, ask[i], NULL);
        assert_int_equal(result.status, 0);
        assert_contains(result.out, "Usage: sonatina GROUP COMMAND");
        assert_contains(result.out, "Exit status: 0 done");
        assert_string_equal(result.err, "");
        run_free(&result);
    }
    run_words(&result, NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "Usage: sonatina");
    run_free(&result);
}

static void version_names_libraries(void **state)
{
    run_result result;

    (void)state;
    run_words(&result, "--version", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "sonatina ");
    assert_contains(result.out, sna_version());
    assert_contains(result.out, "HDF5 1.");
    assert_contains(result.out, "GSL ");
    assert_contains(result.out, "\nNEURON");
    run_free(&result);
    {
        static const char *const none[] = {"SONATINA_NEURON=/nowhere", NULL};
        static const char *const words[] = {"--version", NULL};
        run_program(&result, NULL, none, words);
        assert_int_equal(result.status, 0);
        assert_contains(result.out, "\nNEURON: /nowhere");
        run_free(&result);
    }
}

static void unknown_words_are_usage_errors(void **state)
{
    run_result result;

    (void)state;
    run_words(&result, "--frobnicate", NULL);
    assert_int_equal(result.status, 2);
    assert_contains(result.err, "unknown option `--frobnicate`");
    run_free(&result);
    run_words(&result, "xyzzy", NULL);
    assert_int_equal(result.status, 2);
    assert_contains(result.err, "unknown command `xyzzy`");
    assert_string_equal(result.out, "");
    run_free(&result);
    run_words(&result, "hlep", NULL);
    assert_int_equal(result.status, 2);
    assert_contains(result.err, "did you mean `help`?");
    run_free(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_goes_to_stdout),
        cmocka_unit_test(version_names_libraries),
        cmocka_unit_test(unknown_words_are_usage_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
