/* test_validate.c: a circuit without faults, the options, the command, and real circuits. */
#include "validate_matrix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AA "/edges/A__A__chemical"
#define VA "/edges/V__A__chemical"

enum { EVERY = SNA_STRICT_GUIDE | SNA_STRICT_EXT | SNA_STRICT_BMTK };

/* ---- four faults -------------------------------------------------------------------------------------------- */

static void short_weights(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_put_reals(file, AA "/0/syn_weight", BASE_AA - 2, 0.5, 0);
    base_close(file);
}

static void stray_source(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_set_integer(file, VA "/source_node_id", 5, 4); /* V has 4 nodes */
    base_close(file);
}

static void early_synapse(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_set_real(file, AA "/0/delay", 9, -0.5);
    base_close(file);
}

static void poor_index(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_set_integer(file, AA "/indices/target_to_source/node_id_to_ranges", 9, 4); /* node 4: start = end */
    base_drop(file, AA "/indices/source_to_target/node_id_to_ranges");
    base_close(file);
}

/* ---- without faults ----------------------------------------------------------------------------------------- */

static void clean_circuit_is_clean(void **state)
{
    base_circuit circuit;
    sna_findings findings;

    (void)state;
    base_circuit_make(&circuit);
    validate(&circuit, EVERY, &findings);
    if (sna_findings_number(&findings, ERROR) + sna_findings_number(&findings, WARNING) > 0)
        print_findings(&findings);
    assert_int_equal(sna_findings_number(&findings, ERROR), 0);
    assert_int_equal(sna_findings_number(&findings, WARNING), 0);
    assert_non_null(sna_findings_find(&findings, "edges.statistics"));
    assert_non_null(sna_findings_find(&findings, "config.dialect"));
    sna_findings_free(&findings);
    base_circuit_remove(&circuit);
}

/* Every kind is documented, in order, and every code that the validator uses is a kind. */
static void kinds_are_complete(void **state)
{
    static const char *const files[] = {"body",    "column",   "config", "edges", "file",   "groups",   "index",
                                        "meaning", "networks", "nodes",  "types", "values", "variables"};
    uint64_t uses = 0;

    (void)state;
    for (uint64_t i = 0; sna_finding_kind_at(i) != NULL; i++) {
        const sna_finding_kind *kind = sna_finding_kind_at(i);
        if (i > 0)
            assert_true(strcmp(sna_finding_kind_at(i - 1)->code, kind->code) < 0);
        assert_ptr_equal(sna_finding_kind_find(kind->code), kind);
        if (kind->severity != NOTE)
            assert_true(kind->expected[0] != '\0');
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *relative = NULL, *path = NULL, *text = NULL;
        uint64_t size = 0;
        assert_done(sna_text_format(&relative, "sonata/validate_%s.c", files[i]));
        path = test_source_path(relative);
        assert_done(sna_file_read(&text, &size, path));
        for (const char *at = strstr(text, "sna_find(self, \""); at != NULL; at = strstr(at + 1, "sna_find(self, \"")) {
            char code[64];
            const char *start = strchr(at, '"') + 1;
            (void)snprintf(code, sizeof code, "%.*s", (int)strcspn(start, "\""), start);
            if (sna_finding_kind_find(code) == NULL)
                print_error("%s: `%s` is no kind of finding\n", path, code);
            assert_non_null(sna_finding_kind_find(code));
            uses++;
        }
        free(text);
        free(path);
        free(relative);
    }
    assert_true(uses > 60);
}

static void options_are_kept(void **state)
{
    base_circuit circuit;
    sna_findings findings = SNA_FINDINGS;
    const char *path[2];

    (void)state;
    base_circuit_make(&circuit);
    path[0] = circuit.config;
    short_weights(&circuit);
    stray_source(&circuit);
    assert_done(sna_validate(&findings, path, 1, &(sna_validate_options){.stop_at_error = true}));
    assert_int_equal(sna_findings_number(&findings, ERROR), 1);
    sna_findings_free(&findings);
    /* Headers do not tell ids, but shapes. */
    assert_done(sna_validate(&findings, path, 1, &(sna_validate_options){.headers_only = true}));
    assert_null(sna_findings_find(&findings, "edges.source-id"));
    assert_non_null(sna_findings_find(&findings, "attribute.length"));
    sna_findings_free(&findings);
    /* Files side by side are a circuit; an edges file alone cannot be compared with its nodes. */
    path[0] = circuit.edges;
    path[1] = circuit.nodes;
    assert_done(sna_validate(&findings, path, 2, NULL));
    assert_non_null(sna_findings_find(&findings, "edges.source-id"));
    assert_null(sna_findings_find(&findings, "edges.no-id-check"));
    sna_findings_free(&findings);
    assert_done(sna_validate(&findings, path, 1, NULL));
    assert_null(sna_findings_find(&findings, "edges.source-id"));
    assert_non_null(sna_findings_find(&findings, "edges.no-id-check"));
    sna_findings_free(&findings);
    assert_int_equal(sna_validate(&findings, path, 0, NULL), SNA_EINVAL);
    path[0] = "/nonexistent/config.json";
    assert_int_equal(sna_validate(&findings, path, 1, NULL), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "/nonexistent/config.json");
    base_circuit_remove(&circuit);
}

/* An offender is named with its row and value, and a finding says what to do. */
static void findings_say_what_to_do(void **state)
{
    base_circuit circuit;
    sna_findings findings;
    const sna_finding *found;

    (void)state;
    base_circuit_make(&circuit);
    stray_source(&circuit);
    early_synapse(&circuit);
    validate(&circuit, 0, &findings);
    found = sna_findings_find(&findings, "edges.source-id");
    assert_non_null(found);
    assert_int_equal(found->count, 1);
    assert_string_equal(found->file, circuit.edges);
    assert_contains(found->found, "1 id is not in the node population `V`");
    assert_string_equal(found->examples.text[0], "edge 5: 4");
    assert_contains(found->mend, "correct the ids");
    found = sna_findings_find(&findings, "edges.delay");
    assert_non_null(found);
    assert_string_equal(found->examples.text[0], "row 9: -0.5");
    sna_findings_free(&findings);
    base_circuit_remove(&circuit);
}

/* ---- the command -------------------------------------------------------------------------------------------- */

static void command_prints_and_fails(void **state)
{
    base_circuit circuit;
    run_result result;

    (void)state;
    base_circuit_make(&circuit);
    run_words(&result, "network", "validate", circuit.config, NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "0 errors, 0 warnings");
    assert_string_equal(result.err, "");
    run_free(&result);
    run_words(&result, "network", "validate", "--strict", "--level", "warning", circuit.config, NULL);
    assert_int_equal(result.status, 0);
    run_free(&result);
    poor_index(&circuit);
    run_words(&result, "network", "validate", circuit.config, NULL);
    assert_int_equal(result.status, 3);
    assert_contains(result.out, "error index.uncovered");
    assert_contains(result.out, "sonatina network index");
    assert_contains(result.out, "note index.spelling");
    assert_contains(result.out, "1 error, 0 warnings");
    run_free(&result);
    run_words(&result, "network", "validate", "--strict=ext", "--format", "json", circuit.config, NULL);
    assert_int_equal(result.status, 3);
    assert_contains(result.out, "\"index.uncovered\"");
    assert_contains(result.out, "\"severity\"");
    run_free(&result);
    run_words(&result, "network", "validate", "--format", "csv", "--level=error", circuit.config, NULL);
    assert_int_equal(result.status, 3);
    assert_contains(result.out, "severity,code,file,place,line,count,found,expected,mend,examples");
    assert_null(strstr(result.out, "note,"));
    run_free(&result);
    run_words(&result, "network", "validate", "--strict=bbp", circuit.config, NULL);
    assert_int_equal(result.status, 2);
    assert_contains(result.err, "guide, ext, bmtk, own or all");
    run_free(&result);
    run_words(&result, "network", "validate", "/nonexistent/a.json", NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "/nonexistent/a.json");
    run_free(&result);
    run_words(&result, "network", "validate", "--kinds", "--format", "md", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "index.uncovered");
    run_free(&result);
    base_circuit_remove(&circuit);
}

/* ---- real circuits ------------------------------------------------------------------------------------------ */

/* Circuits of both families that simulators run: no error in any of them. */
static void real_circuits_are_valid(void **state)
{
    static const char *const configs[] = {"networks/bmtk_bio_14cells",
                                          "networks/bmtk_bio_450cells_compact",
                                          "networks/bmtk_bio_intfire_ring",
                                          "networks/bmtk_point_120cells",
                                          "networks/bmtk_pop_2pops",
                                          "networks/bmtool_bmplot",
                                          "networks/readme_all",
                                          "networks/readme_correlated_gap",
                                          "networks/readme_unidirection",
                                          "networks/sonata_5_cells_iclamp",
                                          "networks/sonata_9_cells",
                                          "networks/synthetic_small",
                                          "bbp"};
    char *shared = test_shared_path("data");

    (void)state;
    if (shared == NULL)
        skip();
    for (size_t i = 0; i < sizeof configs / sizeof *configs; i++) {
        char *path = NULL;
        sna_findings findings = SNA_FINDINGS;
        assert_done(sna_text_format(&path, "%s/%s/circuit_config.json", shared, configs[i]));
        assert_done(sna_validate(&findings, (const char *const[]){path}, 1, NULL));
        if (sna_findings_number(&findings, ERROR) > 0)
            print_findings(&findings);
        assert_int_equal(sna_findings_number(&findings, ERROR), 0);
        sna_findings_free(&findings);
        free(path);
    }
    free(shared);
}

/* libsonata's fixtures have faults on purpose: each is found. */
static void fixtures_show_their_faults(void **state)
{
    sna_findings findings = SNA_FINDINGS;
    char *path = test_shared_path("data/libsonata/config/circuit_config.json");

    (void)state;
    if (path == NULL)
        skip();
    assert_done(sna_validate(&findings, (const char *const[]){path}, 1, NULL));
    assert_non_null(find(&findings, "library.code-range", "/nodes/nodes-A/0/E-mapping-bad"));
    assert_non_null(find(&findings, "library.orphan", "/nodes/nodes-A/0/@library/E-mapping-ugly"));
    assert_non_null(find(&findings, "nodes.no-size", "/nodes/nodes-B"));
    assert_non_null(find(&findings, "edges.no-size", "/edges/edges-AC"));
    assert_non_null(find(&findings, "attribute.length", "/edges/edges-AB/0/A-enum"));
    assert_null(find(&findings, "library.code-range", "/nodes/nodes-A/0/E-mapping-good"));
    sna_findings_free(&findings);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_circuit_is_clean),     cmocka_unit_test(kinds_are_complete),
        cmocka_unit_test(options_are_kept),           cmocka_unit_test(findings_say_what_to_do),
        cmocka_unit_test(command_prints_and_fails),   cmocka_unit_test(real_circuits_are_valid),
        cmocka_unit_test(fixtures_show_their_faults),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
