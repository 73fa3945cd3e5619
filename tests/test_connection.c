/* test_connection.c: the commands `network info` and `connection ...`, run as a user does. */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "micro_network.h"

static void check_output(const run_result *result, const char *expected)
{
    if (result->status != 0)
        fail_msg("status %d: %s", result->status, result->err);
    assert_string_equal(result->err, "");
    assert_string_equal(result->out, expected);
}

static void test_total(void **state)
{
    char *folder = test_folder(), *config = micro_network(folder, true);
    run_result result;

    (void)state;
    run_words(&result, "connection", "total", config, "--sids", "pop_name", "--tids", "pop_name", "--format", "csv",
              NULL);
    check_output(&result, "source,m_A,m_B\nm_A,5,3\nm_B,1,0\n");
    run_free(&result);
    run_words(&result, "connection", "total", config, "--sids", "pop_name", "--no-prepend-pop", "--no-gap", "--format",
              "csv", NULL);
    check_output(&result, "source,A,B\nA,3,3\nB,1,0\n");
    run_free(&result);
    run_words(&result, "connection", "total", config, "--sources", "m", "--targets", "m", "--count", "synapses",
              "--format", "csv", "--no-gap", NULL);
    check_output(&result, "source,m_1,m_2\nm_1,3,6\nm_2,1,0\n");
    run_free(&result);
    run_words(&result, "connection", "total", config, "--tids", "pop_name", "--count", "pairs", "--format", "json",
              NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "\"m_A\": 4");
    run_free(&result);
    free(config);
    test_folder_remove(folder);
}

static void test_total_refusals(void **state)
{
    char *folder = test_folder(), *config = micro_network(folder, false);
    run_result result;

    (void)state;
    run_words(&result, "connection", "total", config, "--sources", "n", NULL);
    assert_int_equal(result.status, 1);
    assert_string_equal(result.out, "");
    assert_contains(result.err, "there is: m");
    run_free(&result);
    run_words(&result, "connection", "total", config, "--sids", "popname", NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "did you mean `pop_name`?");
    run_free(&result);
    run_words(&result, "connection", "total", config, "--count", "spines", NULL);
    assert_int_equal(result.status, 2);
    assert_contains(result.err, "rows, pairs, synapses");
    run_free(&result);
    run_words(&result, "connection", "total", NULL);
    assert_int_equal(result.status, 2);
    assert_contains(result.err, "CONFIG is missing");
    run_free(&result);
    run_words(&result, "connection", "total", config, config, NULL);
    assert_int_equal(result.status, 2);
    run_free(&result);
    run_words(&result, "connection", "total", "no/such/config.json", NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "no/such/config.json");
    run_free(&result);
    run_words(&result, "connection", "total", config, "--plot", "total.bmp", NULL);
    assert_int_equal(result.status, 2);
    run_free(&result);
    free(config);
    test_folder_remove(folder);
}

static void test_picture(void **state)
{
    char *folder = test_folder(), *config = micro_network(folder, false), *picture = NULL, *plain = NULL;
    struct stat about;
    run_result result;

    (void)state;
    if (sna_process_find(&plain, "gnuplot") != 0) {
        print_message("skipped: gnuplot is not installed\n");
        free(config);
        test_folder_remove(folder);
        skip();
    }
    assert_done(sna_path_join(&picture, folder, "total.svg"));
    run_words(&result, "connection", "total", config, "--sids", "pop_name", "--plot", picture, "--format", "csv", NULL);
    check_output(&result, "source,m_A,m_B\nm_A,3,3\nm_B,1,0\n");
    run_free(&result);
    assert_int_equal(stat(picture, &about), 0);
    assert_true(about.st_size > 1000);
    free(plain);
    free(picture);
    free(config);
    test_folder_remove(folder);
}

static void test_characters(void **state)
{
    char *folder = test_folder(), *config = micro_network(folder, false);
    run_result result;

    (void)state;
    run_words(&result, "connection", "total", config, "--sids", "pop_name", "--count", "synapses", "--ascii", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "m_A");
    assert_contains(result.out, "6");
    run_free(&result);
    free(config);
    test_folder_remove(folder);
}

static void test_info(void **state)
{
    char *folder = test_folder(), *config = micro_network(folder, true);
    run_result result;

    (void)state;
    run_words(&result, "network", "info", config, NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "Node populations");
    assert_contains(result.out, "m_to_m");
    assert_contains(result.out, "is_gap_junction");
    run_free(&result);
    run_words(&result, "network", "info", config, "--format", "json", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "\"edges\": 9");
    run_free(&result);
    free(config);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_total),      cmocka_unit_test(test_total_refusals), cmocka_unit_test(test_picture),
        cmocka_unit_test(test_characters), cmocka_unit_test(test_info),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
