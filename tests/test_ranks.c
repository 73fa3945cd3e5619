/* test_ranks.c: networks that several processes build (MPI): the same as that of one, whatever their number; and what
 * is left when something goes wrong for one of them. */
#include "support.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROGRAM SONATINA_BINARY_DIR "/sonatina"

/* For Open MPI: as root, and more processes than processors, are fine for a test; and on a busy machine a second may
 * not be enough to stop in, before it kills. */
static const char *const settings[] = {"OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1",
                                       "OMPI_MCA_rmaps_base_oversubscribe=1", "OMPI_MCA_hwloc_base_binding_policy=none",
                                       NULL};

/* sonatina network build SPEC -o OUT [more], by so many processes; NULL: without mpirun. The report is in OUT.report.
 */
static void build(sna_process *result, const char *ranks, const char *spec, const char *out, const char *more)
{
    char *command = NULL;

    assert_done(sna_text_format(&command, "%s%s %s network build '%s' -o '%s' --format csv %s > '%s.report'",
                                ranks == NULL ? "exec" : "exec mpirun -n ", ranks == NULL ? "" : ranks, PROGRAM, spec,
                                out, more, out));
    assert_done(sna_process_run(result, (const char *[]){"/bin/sh", "-c", command, NULL}, NULL, settings, NULL));
    free(command);
}

static unsigned count(const char *text, const char *part)
{
    unsigned found = 0;

    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        found++;
    return found;
}

/* Both folders hold the same: by `network diff`, and dataset by dataset with another reader. */
static void assert_same(const char *one, const char *several)
{
    char *config[2] = {NULL, NULL}, *report[2] = {NULL, NULL}, *name = NULL, *script = NULL;
    uint64_t size;
    run_result result;
    sna_process python;

    assert_done(sna_path_join(&config[0], one, "circuit_config.json"));
    assert_done(sna_path_join(&config[1], several, "circuit_config.json"));
    run_words(&result, "network", "diff", config[0], config[1], NULL);
    assert_int_equal(result.status, 0);
    run_free(&result);
    run_words(&result, "network", "validate", "--strict", config[1], NULL);
    assert_int_equal(result.status, 0);
    run_free(&result);
    for (unsigned i = 0; i < 2; i++) {
        assert_done(sna_text_format(&name, "%s.report", i == 0 ? one : several));
        assert_done(sna_file_read(&report[i], &size, name));
        assert_true(size > 0);
        free(name);
    }
    /* One process prints it; build_report.json, which is compared below, has the numbers without times. */
    assert_int_equal(count(report[0], "\n"), count(report[1], "\n"));
    if (has_h5py()) {
        script = test_source_path("tests/same_files.py");
        assert_non_null(script);
        assert_done(sna_process_run(&python, (const char *[]){"/usr/bin/python3", script, one, several, NULL}, NULL,
                                    NULL, NULL));
        assert_contains(sna_string_text(&python.output), "the same");
        sna_process_free(&python);
        free(script);
    } else {
        print_message("skipped comparing with h5py: /usr/bin/python3 has none\n");
    }
    for (unsigned i = 0; i < 2; i++) {
        free(config[i]);
        free(report[i]);
    }
}

static void compare(const char *spec, const char *more)
{
    static const char *const ranks[] = {NULL, "1", "2", "3"};
    char *folder = test_folder(), *out[4];

    for (unsigned i = 0; i < 4; i++) {
        sna_process result;
        assert_done(sna_path_join(&out[i], folder, ranks[i] == NULL ? "alone" : ranks[i]));
        build(&result, ranks[i], spec, out[i], more);
        assert_int_equal(result.exit_status, 0);
        sna_process_free(&result);
        if (i > 0)
            assert_same(out[0], out[i]);
    }
    for (unsigned i = 0; i < 4; i++)
        free(out[i]);
    test_folder_remove(folder);
}

static void examples(void **state)
{
    static const char *const names[] = {"examples/network/first.json", "examples/network/connectors.json",
                                        "examples/column/column.json"};

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        char *spec = test_source_path(names[i]);
        assert_non_null(spec);
        compare(spec, "");
        free(spec);
    }
}

/* Ranges that go on from one process to the next, processes without a target, no edges at all, values from a list,
 * gap ids, several edges of one pair, and an index that takes many passes. */
static void odd_networks(void **state)
{
    char *folder = test_folder(), *spec = NULL, *list = NULL;
    sna_string text = SNA_STRING;

    (void)state;
    assert_done(sna_string_append(&text, "source_node_id,target_node_id,tag\n"));
    for (unsigned i = 0; i < 4000; i++)
        assert_done(sna_string_format(&text, "%u,%u,%u\n", i, i, 100000 + i));
    list = test_file(folder, "tags.csv", sna_string_text(&text));
    sna_string_free(&text);
    spec = test_file(
        folder, "odd.json",
        "{\"sonatina\": 1, \"seed\": 7, \"populations\": {\n"
        " \"one\": {\"nodes\": [{\"count\": 1}]}, \"few\": {\"nodes\": [{\"count\": 2}]},\n"
        " \"many\": {\"positions\": {\"box\": {\"min\": [0, 0, 0], \"max\": [300, 300, 300]}},\n"
        "  \"nodes\": [{\"pop_name\": \"a\", \"count\": 3000}, {\"pop_name\": \"b\", \"count\": 1000}]}},\n"
        "\"edges\": [\n"
        " {\"source\": {\"population\": \"one\"}, \"target\": {\"population\": \"many\"},\n"
        "  \"connector\": {\"type\": \"all_to_all\", \"n_syn\": 40}, \"per_edge\": {\"delay\": {\"uniform\": [1, "
        "2]}}},\n"
        " {\"source\": {\"population\": \"many\"}, \"target\": {\"population\": \"few\"},\n"
        "  \"connector\": {\"type\": \"all_to_all\"}},\n"
        " {\"source\": {\"population\": \"few\"}, \"target\": {\"population\": \"one\"},\n"
        "  \"connector\": {\"type\": \"unidirectional\", \"p\": 0}},\n"
        " {\"name\": \"r\", \"source\": {\"population\": \"many\", \"pop_name\": \"a\"},\n"
        "  \"target\": {\"population\": \"many\", \"pop_name\": \"a\"},\n"
        "  \"connector\": {\"type\": \"reciprocal\", \"p0\": 0.02, \"rho\": 0.5, \"n_syn\": {\"uniform\": [1, 4]}},\n"
        "  \"per_edge\": {\"delay\": {\"distance_delay\": {}}, \"tag\": 1}},\n"
        " {\"source\": {\"population\": \"many\", \"pop_name\": \"a\"}, \"target\": {\"population\": \"many\", "
        "\"pop_name\": \"a\"},\n"
        "  \"connector\": {\"type\": \"gap_junction\", \"p_non\": 0.001, \"p_uni\": 0.1, \"p_rec\": 0.5, \"chemical\": "
        "\"r\"},\n"
        "  \"properties\": {\"delay\": 0}},\n"
        " {\"source\": {\"population\": \"many\"}, \"target\": {\"population\": \"many\"},\n"
        "  \"connector\": {\"type\": \"one_to_one\"}, \"per_edge\": {\"tag\": {\"csv\": \"tags.csv\", \"column\": "
        "\"tag\"}, \"delay\": 2}},\n"
        " {\"source\": {\"population\": \"many\", \"pop_name\": \"b\"}, \"target\": {\"population\": \"many\"},\n"
        "  \"connector\": {\"type\": \"fixed_total\", \"n\": 50000}, \"per_edge\": {\"delay\": 1, \"tag\": 3}},\n"
        " {\"source\": {\"population\": \"many\", \"pop_name\": \"b\"}, \"target\": {\"population\": \"many\", "
        "\"pop_name\": \"b\"},\n"
        "  \"connector\": {\"type\": \"fixed_outdegree\", \"k\": 20, \"allow_multiple\": true}}]}");
    compare(spec, "--memory 6M");
    free(list);
    free(spec);
    test_folder_remove(folder);
}

/* Values in the order of synapses: each process starts where the ones before it end. */
static void lists(void **state)
{
    char *folder = test_folder(), *spec = NULL;
    sna_string text = SNA_STRING;

    (void)state;
    assert_done(sna_string_append(&text,
                                  "{\"sonatina\": 1, \"populations\": {\"a\": {\"nodes\": [{\"count\": 9000}]}},\n"
                                  "\"edges\": [{\"source\": {\"population\": \"a\"}, \"target\": "
                                  "{\"population\": \"a\"}, \"connector\": {\"type\": \"one_to_one\", "
                                  "\"n_syn\": 2},\n\"per_edge\": {\"number\": {\"list\": [0"));
    for (unsigned i = 1; i < 18000; i++)
        assert_done(sna_string_format(&text, ", %u", i));
    assert_done(sna_string_append(&text, "]}}},\n {\"source\": {\"population\": \"a\"}, \"target\": {\"population\": "
                                         "\"a\"}, \"connector\": {\"type\": \"fixed_indegree\", \"k\": 30}, "
                                         "\"per_edge\": {\"number\": 5}}]}"));
    spec = test_file(folder, "list.json", sna_string_text(&text));
    sna_string_free(&text);
    compare(spec, "");
    free(spec);
    test_folder_remove(folder);
}

/* ---- faults ------------------------------------------------------------------------------------------------- */

/* Three processes build; one sentence says what is wrong, and nothing is left. */
static void fails(const char *text, const char *more, int status, const char *sentence)
{
    char *folder = test_folder(), *spec = test_file(folder, "spec.json", text), *out = NULL;
    sna_process result;

    assert_done(sna_path_join(&out, folder, "network"));
    build(&result, "3", spec, out, more);
    assert_contains(sna_string_text(&result.output), sentence);
    assert_int_equal(count(sna_string_text(&result.output), "sonatina: "), 1);
    assert_int_equal(result.exit_status, status);
    assert_int_equal(test_folder_count(folder), 2); /* the specification and the empty report */
    sna_process_free(&result);
    free(out);
    free(spec);
    test_folder_remove(folder);
}

#define CELLS "{\"sonatina\": 1, \"populations\": {\"a\": {\"nodes\": [{\"count\": 3000}]}}, \"edges\": ["
#define A_TO_A "\"source\": {\"population\": \"a\"}, \"target\": {\"population\": \"a\"}, "

static void faults(void **state)
{
    (void)state;
    fails(CELLS "]}x", "", 3, "not valid JSON at `x`");
    fails(CELLS "{" A_TO_A "\"connector\": {\"type\": \"all_to_all\"}}]}", "--compress 5", 1,
          "several processes cannot compress the files that they write together");
    /* Found by one of them only: the one whose synapse is the sixth. */
    fails(CELLS "{" A_TO_A
                "\"connector\": {\"type\": \"one_to_one\"}, \"per_edge\": {\"x\": {\"list\": [1, 2, 3, 4, 5]}}}]}",
          "", 3, "edges[0].per_edge.x: lists 5 values, but there are more synapses");
    fails(CELLS "{" A_TO_A "\"connector\": {\"type\": \"one_to_one\"}, "
                "\"per_edge\": {\"x\": {\"choose\": {\"p\": [0.5, 0.5], \"values\": [\"u\", \"v\"]}}}}]}",
          "", 1, "HDF5 cannot write texts from several processes");
}

static void options(void **state)
{
    sna_process result;

    (void)state;
    assert_done(sna_process_run(
        &result,
        (const char *[]){"/usr/bin/env", "mpirun", "-n", "3", PROGRAM, "network", "build", "nowhere.json", NULL}, NULL,
        settings, NULL));
    assert_int_equal(result.exit_status, 2);
    assert_int_equal(count(sna_string_text(&result.output), "where to?"), 1);
    sna_process_free(&result);
    assert_done(sna_process_run(
        &result, (const char *[]){"/usr/bin/env", "mpirun", "-n", "2", PROGRAM, "network", "build", "--help", NULL},
        NULL, settings, NULL));
    assert_int_equal(result.exit_status, 0);
    assert_int_equal(count(sna_string_text(&result.output), "Example:"), 1);
    sna_process_free(&result);
}

/* What mpirun does when it is interrupted: each process is asked to stop, and killed soon after. */
static void interrupted(void **state)
{
    static const int signals[] = {SIGINT, SIGTERM};

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        char *folder = test_folder(), *out = NULL,
             *spec = test_file(folder, "spec.json",
                               CELLS "{" A_TO_A "\"connector\": {\"type\": \"unidirectional\", \"p\": 0.9}, "
                                     "\"per_edge\": {\"delay\": {\"normal\": {\"mean\": 1, \"sd\": 0.1}}}}]}");
        sna_list names = SNA_LIST;
        pid_t child;
        int status = 0;
        unsigned waited = 0;

        assert_done(sna_path_join(&out, folder, "network"));
        child = fork();
        if (child == 0) {
            for (unsigned k = 0; settings[k] != NULL; k++)
                (void)putenv((char *)(uintptr_t)settings[k]);
            (void)!freopen("/dev/null", "w", stdout);
            (void)!freopen("/dev/null", "w", stderr);
            (void)execlp("mpirun", "mpirun", "-n", "2", PROGRAM, "network", "build", spec, "-o", out, (char *)NULL);
            _exit(127);
        }
        assert_true(child > 0);
        /* Until the edges file is there. */
        while ((access(out, F_OK) != 0 || test_folder_count(out) < 2) && waited++ < 3000)
            (void)nanosleep(&(struct timespec){0, 10000000}, NULL);
        assert_int_equal(kill(child, signals[i]), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(!WIFEXITED(status) || WEXITSTATUS(status) != 0);
        /* Nothing has its name; a busy machine may have been killed before it had removed what has none yet. */
        if (access(out, F_OK) == 0) {
            assert_done(sna_path_list(&names, out, ""));
            for (uint64_t k = 0; k < names.count; k++)
                assert_int_equal(names.text[k][0], '.');
        }
        sna_list_free(&names);
        free(spec);
        free(out);
        test_folder_remove(folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples), cmocka_unit_test(odd_networks), cmocka_unit_test(lists),
        cmocka_unit_test(faults),   cmocka_unit_test(options),      cmocka_unit_test(interrupted),
    };
    return cmocka_run_group_tests_name("ranks", tests, NULL, NULL);
}
