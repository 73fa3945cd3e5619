/* test_examples.c: the networks of examples/ build, are valid by the strictest rules, and are what their READMEs say.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

/* test_examples.py counts edges in the files. */
static void check_numbers(const char *name, const char *folder)
{
    char *script = test_source_path("tests/test_examples.py");
    sna_process python = {.exit_status = -1};

    assert_non_null(script);
    assert_done(
        sna_process_run(&python, (const char *[]){"/usr/bin/python3", script, name, folder, NULL}, NULL, NULL, NULL));
    assert_contains(sna_string_text(&python.output), "as expected");
    assert_int_equal(python.exit_status, 0);
    sna_process_free(&python);
    free(script);
}

/* A built network is valid, `network info` shows each of the texts, and its numbers are right. */
static void look(const char *out, const char *name, const char *const *texts)
{
    char *config = NULL;
    run_result result;

    assert_done(sna_path_join(&config, out, "circuit_config.json"));
    run_words(&result, "network", "validate", "--strict", config, NULL);
    assert_contains(result.out, "0 errors");
    assert_int_equal(result.status, 0);
    run_free(&result);
    run_words(&result, "network", "info", config, "--format", "csv", NULL);
    assert_int_equal(result.status, 0);
    for (unsigned i = 0; texts[i] != NULL; i++)
        assert_contains(result.out, texts[i]);
    run_free(&result);
    if (name != NULL && has_h5py())
        check_numbers(name, out);
    else if (name != NULL)
        print_message("skipped counting edges: /usr/bin/python3 has no h5py\n");
    free(config);
}

static void build_and_look(const char *specification, const char *name, const char *seed, const char *const *texts)
{
    char *folder = test_folder(), *spec = test_source_path(specification), *out = NULL;
    run_result result;

    assert_non_null(spec);
    assert_done(sna_path_join(&out, folder, "network"));
    run_words(&result, "network", "build", spec, "-o", out, "--seed", seed, NULL);
    assert_int_equal(result.status, 0);
    assert_null(strstr(result.out, "standard deviations from")); /* no entry is marked */
    run_free(&result);
    look(out, name, texts);
    free(out);
    free(spec);
    test_folder_remove(folder);
}

static void first(void **state)
{
    static const char *const texts[] = {"background_to_cortex", "cortex_to_cortex", "hoc:RSPyramidal", NULL};

    (void)state;
    build_and_look("examples/network/first.json", NULL, "1", texts);
}

static void connectors(void **state)
{
    static const char *const seeds[] = {"1", "2", "3"}, *const texts[] = {"background_to_cortex", "is_gap_junction",
                                                                          "PopB", NULL};

    (void)state;
    for (unsigned i = 0; i < 3; i++)
        build_and_look("examples/network/connectors.json", "connectors", seeds[i], texts);
}

static void column(void **state)
{
    static const char *const texts[] = {"shell_to_cortex", "thalamus_to_cortex", "baseline_to_cortex",
                                        "rotation_angle_yaxis", NULL};

    (void)state;
    build_and_look("examples/column/column.json", "column", "1", texts);
}

/* Runs the program of examples/connector on a specification; what it printed is in the result, free it. */
static void run_small_world(sna_process *result, const char *spec, const char *out)
{
    assert_done(sna_process_run(result, (const char *[]){SONATINA_SMALL_WORLD, spec, out, NULL}, NULL, NULL, NULL));
}

static void connector_of_ones_own(void **state)
{
    static const char *const texts[] = {"ring_to_ring", NULL};
    static const char wrong[] =
        "{\"sonatina\": 1, \"populations\": {\"a\": {\"nodes\": [{\"count\": 9}]}}, \"edges\": [\n"
        "{\"source\": {\"population\": \"a\"}, \"target\": {\"population\": \"a\"},\n"
        "\"connector\": {\"type\": \"small_world\", \"neighbours\": 10, \"rewire\": 0.5}}]}";
    char *folder = test_folder(), *spec = test_source_path("examples/connector/ring.json"), *out = NULL, *file;
    sna_process result;

    (void)state;
    assert_non_null(spec);
    assert_done(sna_path_join(&out, folder, "network"));
    run_small_world(&result, spec, out);
    assert_int_equal(result.exit_status, 0);
    assert_contains(sna_string_text(&result.output), "PV2PV");
    sna_process_free(&result);
    look(out, "ring", texts);
    file = test_file(folder, "wrong.json", wrong);
    run_small_world(&result, file, folder);
    assert_int_equal(result.exit_status, 1);
    assert_contains(sna_string_text(&result.output),
                    "wrong.json:3: edges[0].connector.neighbours: must be less than the number of nodes, 9");
    sna_process_free(&result);
    free(file);
    free(out);
    free(spec);
    test_folder_remove(folder);
}

/* The two programs of examples/reading read the same network, each in its own way. */
static void reading(void **state)
{
    static const char *const nodes[] = {"12", "1700", "1999"};
    char *folder = test_folder(), *spec = test_source_path("examples/column/column.json"),
         *script = test_source_path("examples/reading/inputs.py"), *out = NULL, *config = NULL;
    run_result result;

    (void)state;
    assert_non_null(spec);
    assert_non_null(script);
    assert_done(sna_path_join(&out, folder, "network"));
    assert_done(sna_path_join(&config, out, "circuit_config.json"));
    run_words(&result, "network", "build", spec, "-o", out, NULL);
    assert_int_equal(result.status, 0);
    run_free(&result);
    for (unsigned i = 0; i < 3; i++) {
        sna_process c = {.exit_status = -1}, python = {.exit_status = -1};
        assert_done(
            sna_process_run(&c, (const char *[]){SONATINA_INPUTS, config, "cortex", nodes[i], NULL}, NULL, NULL, NULL));
        assert_int_equal(c.exit_status, 0);
        assert_contains(sna_string_text(&c.output), "edges_from,pop_name,edges,synapses,mean_weight\n");
        assert_contains(sna_string_text(&c.output), "\nbaseline_to_cortex,base,1,1,");
        if (has_h5py()) {
            assert_done(sna_process_run(&python,
                                        (const char *[]){"/usr/bin/python3", script, config, "cortex", nodes[i], NULL},
                                        NULL, NULL, NULL));
            assert_string_equal(sna_string_text(&c.output), sna_string_text(&python.output));
            sna_process_free(&python);
        }
        sna_process_free(&c);
    }
    free(config);
    free(out);
    free(script);
    free(spec);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first),   cmocka_unit_test(connectors),
        cmocka_unit_test(column),  cmocka_unit_test(connector_of_ones_own),
        cmocka_unit_test(reading),
    };
    return cmocka_run_group_tests_name("examples", tests, NULL, NULL);
}
