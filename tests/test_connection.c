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

/* A kind of `connection` with its options, as CSV. */
static void check_kind(const char *config, const char *expected, const char *const *words)
{
    const char *argv[16] = {"connection", words[0],           config,     "--sids",
                            "pop_name",   "--no-prepend-pop", "--format", "csv"};
    run_result result;
    int count = 8;

    for (int w = 1; words[w] != NULL; w++)
        argv[count++] = words[w];
    run_program(&result, NULL, NULL, argv);
    check_output(&result, expected);
    run_free(&result);
}

#define CHECK(config, expected, ...) check_kind((config), (expected), (const char *const[]){__VA_ARGS__, NULL})

static void test_kinds(void **state)
{
    char *folder = test_folder(), *config = micro_network(folder, true);

    (void)state;
    CHECK(config, "source,A,B\nA,50,50\nB,16.666666666666668,0\n", "percent", "--no-gap");
    CHECK(config, "source,A,B\nA,100,50\nB,50,0\n", "percent", "--method", "any");
    CHECK(config, "source,A,B\nA,100,100\nB,33.333333333333336,0\n", "percent", "--method", "innervation");
    CHECK(config, "source,A,B\nA,1,1.5\nB,0.3333333333333333,0\n", "convergence", "--no-gap");
    CHECK(config, "source,A,B\nA,1,1.5\nB,1,\n", "convergence", "--no-gap", "--connected-only");
    CHECK(config, "source,A mean,A std,B mean,B std\nA,1,1,2,0\nB,0.5,0.7071067811865476,0,0\n", "divergence",
          "--no-gap", "--method", "mean+std", "--count", "synapses");
    CHECK(config, "source,A,B\nA,66.66666666666667,0\nB,0,0\n", "gap");
    CHECK(config, "source,A,B\nA,1.3333333333333333,0\nB,0,0\n", "gap", "--method", "convergence");
    CHECK(config,
          "source,target,low,high,pairs,connected,probability,interval_low,interval_high,pairs_error\n"
          "A,A,0,35,2,2,1,0.34238022750665303,1,0\nA,B,0,35,0,0,,,,0\nB,A,0,35,0,0,,,,0\nB,B,0,35,0,0,,,,0\n",
          "probability", "--bins", "0,35", "--no-gap");
    CHECK(config,
          "source,target,low,high,cells\nA,A,-0.5,0.5,0\nA,A,0.5,1.5,3\nA,A,1.5,2.5,0\n"
          "A,B,-0.5,0.5,0\nA,B,0.5,1.5,1\nA,B,1.5,2.5,1\nB,A,-0.5,0.5,2\nB,A,0.5,1.5,1\nB,A,1.5,2.5,0\n"
          "B,B,-0.5,0.5,2\nB,B,0.5,1.5,0\nB,B,1.5,2.5,0\n",
          "histogram", "--no-gap");
    /* With gap junctions: 0-1 a second time, and 1-2. */
    CHECK(config,
          "source,target,low,high,cells\nA,A,-0.5,0.5,0\nA,A,0.5,1.5,1\nA,A,1.5,2.5,2\n"
          "A,B,-0.5,0.5,0\nA,B,0.5,1.5,1\nA,B,1.5,2.5,1\nB,A,-0.5,0.5,2\nB,A,0.5,1.5,1\nB,A,1.5,2.5,0\n"
          "B,B,-0.5,0.5,2\nB,B,0.5,1.5,0\nB,B,1.5,2.5,0\n",
          "histogram");
    CHECK(config, "source,A,B\nA,5,3\nB,1,0\n", "total");
    CHECK(config, "source,A,B\nA,4,3\nB,1,0\n", "total", "--count", "pairs");
    CHECK(config, "source,A,B\nA,33.333333333333336,33.333333333333336\nB,0,0\n", "percent", "--method", "uni",
          "--no-gap");
    CHECK(config, "source,A,B\nA,66.66666666666667,33.333333333333336\nB,0,0\n", "percent", "--method", "uni");
    CHECK(config, "source,A,B\nA,33.333333333333336,16.666666666666668\nB,16.666666666666668,0\n", "percent",
          "--method", "bi");
    CHECK(config, "source,A,B\nA,1.6666666666666667,1.5\nB,0.3333333333333333,0\n", "convergence");
    CHECK(config, "source,A,B\nA,1.6666666666666667,1\nB,0.5,0\n", "divergence");
    CHECK(config,
          "source,target,low,high,pairs,connected,probability,interval_low,interval_high,pairs_error\n"
          "A,A,35,60,4,2,0.5,0.15003898915214953,0.8499610108478505,0\n"
          "A,B,35,60,2,2,1,0.34238022750665303,1,0\n"
          "B,A,35,60,2,1,0.5,0.09453120573423074,0.9054687942657693,0\nB,B,35,60,0,0,,,,0\n",
          "probability", "--bins", "35,60");
    CHECK(config,
          "source,target,count,missing,mean,std,min,quartile_1,median,quartile_3,max\n"
          "A,A,5,0,36,8.94427190999916,30,30,30,40,50\nA,B,3,0,72.0042716970477,31.194186735137112,50,"
          "54.1547594742265,58.309518948453004,83.00640754557153,107.70329614269008\nB,A,1,0,50,,50,50,50,50,50\n"
          "B,B,0,0,,,,,,,\n",
          "distance");
    CHECK(config, "source,target,dynamics_params,count\nA,A,AA.json,3\nA,A,,2\nA,B,AB.json,3\nB,A,BA.json,1\n",
          "property", "--property", "dynamics_params");
    free(config);
    test_folder_remove(folder);
}

static void test_all(void **state)
{
    char *folder = test_folder(), *config = micro_network(folder, true), *output = NULL, *path = NULL, *text = NULL;
    uint64_t size = 0;
    run_result result;

    (void)state;
    assert_done(sna_path_join(&output, folder, "tables"));
    run_words(&result, "connection", "all", config, "--sids", "pop_name", "-o", output, NULL);
    check_output(&result, "");
    run_free(&result);
    assert_done(sna_path_join(&path, output, "percent_total.csv"));
    assert_done(sna_file_read(&text, &size, path));
    assert_contains(text, "source,m_A,m_B\nm_A,66.66666666666667,50\n");
    free(text);
    free(path);
    assert_true(test_folder_count(output) > 20);
    run_words(&result, "connection", "all", config, "--format", "json", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "\"delay_distance\"");
    assert_contains(result.out, "\"gap_percent\"");
    run_free(&result);
    free(output);
    free(config);
    test_folder_remove(folder);
}

static void test_kind_refusals(void **state)
{
    static const struct {
        const char *word[3];
        int status;
        const char *says;
    } bad[] = {
        {{"percent", "--method", "both"}, 2, "total, any, uni, bi, innervation"},
        {{"convergence", "--method", "average"}, 2, "mean, std, min, max, median"},
        {{"gap", "--method", "mean std"}, 2, "percent, convergence"},
        {{"probability", "--bins", "0"}, 2, "--bins"},
        {{"probability", "--bins", "5,3"}, 2, "must ascend"},
        {{"probability", "--bins", "0,5,inf"}, 2, "must be finite"},
        {{"probability", "--axis", "w"}, 2, "x,y,z"},
        {{"probability", "--fit", "line"}, 2, "gaussian, exponential"},
        {{"histogram", "--of", "edges"}, 2, "target or source"},
        {{"property", "--property", "dely"}, 1, "did you mean `delay`?"},
        {{"distance", "--axis", ""}, 2, "x,y,z"},
    };
    char *folder = test_folder(), *config = micro_network(folder, false);

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        run_result result;
        run_words(&result, "connection", bad[i].word[0], config, bad[i].word[1], bad[i].word[2], NULL);
        if (result.status != bad[i].status)
            fail_msg("%s %s %s: status %d", bad[i].word[0], bad[i].word[1], bad[i].word[2], result.status);
        assert_string_equal(result.out, "");
        assert_contains(result.err, bad[i].says);
        run_free(&result);
    }
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
        cmocka_unit_test(test_total),      cmocka_unit_test(test_total_refusals), cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_all),        cmocka_unit_test(test_kind_refusals),  cmocka_unit_test(test_picture),
        cmocka_unit_test(test_characters), cmocka_unit_test(test_info),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
