/* test_validate_types.c: what the types of populations call for, types CSVs, and spikes in CSVs. */
#include "validate_matrix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AA "/edges/A__A__chemical"

/* ---- required attributes ------------------------------------------------------------------------------------ */

/* How many attributes of edges with that type the base circuit lacks, UINT64_MAX where the type is unknown. */
static uint64_t lacking(const char *type, const char *expected)
{
    base_circuit circuit;
    sna_findings findings = SNA_FINDINGS;
    const sna_finding *missing, *unknown;
    char text[160];
    uint64_t count = 0;

    base_circuit_make(&circuit);
    /* Without types CSVs, as the family of the extension has it. */
    write_text(circuit.config, "");
    (void)snprintf(text, sizeof text, "\"A__A__chemical\": {\"type\": \"%s\"}", type);
    {
        sna_string config = SNA_STRING;
        assert_done(sna_string_format(&config,
                                      "{\"networks\": {\"nodes\": [{\"nodes_file\": \"nodes.h5\", \"populations\":"
                                      " {\"A\": {\"type\": \"biophysical\"}, \"V\": {\"type\": \"virtual\"}}}],"
                                      " \"edges\": [{\"edges_file\": \"edges.h5\", \"populations\": {%s}}]}}",
                                      text));
        write_text(circuit.config, config.text);
        sna_string_free(&config);
    }
    assert_done(sna_validate(&findings, (const char *const[]){circuit.config}, 1,
                             &(sna_validate_options){.strict = SNA_STRICT_EXT, .examples = 16}));
    missing = find(&findings, "population.missing-attribute", AA);
    unknown = sna_findings_find(&findings, "population.type");
    count = unknown != NULL ? UINT64_MAX : missing == NULL ? 0 : missing->count;
    if (missing != NULL && expected != NULL) {
        bool found = false;
        for (uint64_t i = 0; i < missing->examples.count; i++)
            found = found || strcmp(missing->examples.text[i], expected) == 0;
        assert_true(found);
    }
    sna_findings_free(&findings);
    base_circuit_remove(&circuit);
    return count;
}

/* The base circuit's edges have all that chemical ones need. Numbers are those of the schemas of bluepysnap 3.1. */
static void test_edge_types(void **state)
{
    (void)state;
    assert_int_equal(lacking("chemical", NULL), 0);
    assert_int_equal(lacking("chemical_synapse", NULL), 0);
    assert_int_equal(lacking("electrical", "afferent_junction_id"), 1);
    assert_int_equal(lacking("electrical_synapse", "afferent_junction_id"), 1);
    assert_int_equal(lacking("glialglial", NULL), 0);
    assert_int_equal(lacking("synapse_astrocyte", "synapse_id"), 8);
    assert_int_equal(lacking("endfoot", "endfoot_id"), 10);
    assert_int_equal(lacking("neuromodulatory", "neuromod_dtc"), 2);
    assert_int_equal(lacking("point_process", NULL), 0);
    assert_int_equal(lacking("Exp2Syn_synapse", "tau1"), 3);
    assert_int_equal(lacking("brian2_synapse", "model_template"), 1);
    assert_int_equal(lacking("TM_synapse", "tau_rec"), 5);
    assert_true(lacking("telepathic", NULL) == UINT64_MAX);
}

/* Each attribute of the glial list is missed when it is gone. */
static void test_glial_attributes(void **state)
{
    static const char *const ends[] = {"afferent", "efferent"};
    static const char *const names[] = {"center_x",     "center_y",   "center_z",      "surface_x",
                                        "surface_y",    "surface_z",  "section_id",    "section_pos",
                                        "section_type", "segment_id", "segment_offset"};
    base_circuit circuit;

    (void)state;
    base_circuit_make(&circuit);
    change_text(circuit.config, "{\"type\": \"chemical\"}", "{\"type\": \"glialglial\"}");
    change_text(circuit.config, "      \"edge_types_file\": \"$NETWORK_DIR/edge_types.csv\",\n", "");
    for (size_t end = 0; end < 2; end++)
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            char place[160], name[64];
            hid_t file;
            sna_findings findings;
            const sna_finding *missing;
            (void)snprintf(name, sizeof name, "%s_%s", ends[end], names[i]);
            (void)snprintf(place, sizeof place, AA "/0/%s", name);
            file = base_open(circuit.edges);
            base_drop(file, place);
            base_close(file);
            validate(&circuit, SNA_STRICT_EXT, &findings);
            missing = find(&findings, "population.missing-attribute", AA);
            if (missing == NULL)
                print_findings(&findings);
            assert_non_null(missing);
            assert_int_equal(missing->count, end * (sizeof names / sizeof *names) + i + 1);
            sna_findings_free(&findings);
        }
    base_circuit_remove(&circuit);
}

/* ---- faults ------------------------------------------------------------------------------------------------- */

/* The edges of each population have a types CSV of their own: a row that none uses is one too many. */
static void row_unused(const base_circuit *c)
{
    char *path = NULL;

    assert_done(sna_path_join(&path, c->folder, "more_types.csv"));
    write_text(path, "edge_type_id target_query\n200 *\n201 *\n\n202 *\n");
    change_text(c->config,
                "\"edges\": [{\n"
                "      \"edges_file\": \"$NETWORK_DIR/edges.h5\",\n"
                "      \"edge_types_file\": \"$NETWORK_DIR/edge_types.csv\",\n"
                "      \"populations\": {\"A__A__chemical\": {\"type\": \"chemical\"}, ",
                "\"edges\": [{\n"
                "      \"edges_file\": \"$NETWORK_DIR/edges.h5\",\n"
                "      \"edge_types_file\": \"$NETWORK_DIR/more_types.csv\",\n"
                "      \"populations\": {\"A__A__chemical\": {\"type\": \"chemical\"}}\n"
                "    }, {\n"
                "      \"edges_file\": \"$NETWORK_DIR/edges.h5\",\n"
                "      \"edge_types_file\": \"$NETWORK_DIR/edge_types.csv\",\n"
                "      \"populations\": {");
    free(path);
}

/* With a types CSV the circuit is of the other family, which owes less. */
static void without_types(const base_circuit *c)
{
    change_text(c->config, "      \"node_types_file\": \"$NETWORK_DIR/node_types.csv\",\n", "");
    change_text(c->node_sets, "\"ei\": \"e\"", "\"model_type\": \"biophysical\"");
}

static void doubles(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);
    double x[BASE_A] = {0};

    without_types(c);
    base_put(file, "/nodes/A/0/x", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, &(hsize_t){BASE_A}, x);
    base_close(file);
}

/* Two populations of one file: the fault of each is its own, whichever comes first. */
static void first_of_two_broken(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    without_types(c);
    base_drop(file, "/nodes/A/0/mtype");
    base_close(file);
}

static void second_of_two_broken(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_drop(file, "/nodes/V/0/model_type");
    base_close(file);
}

static const fault faults[] = {
    {"type used by none", row_unused, "types.unused-row", "more_types.csv", WARNING, "", 0},
    {"float64 for float32", doubles, "attribute.precision", "/nodes/A", NOTE, "", SNA_STRICT_EXT},
    {"first of two populations", first_of_two_broken, "population.missing-attribute", "/nodes/A", WARNING, "",
     SNA_STRICT_EXT},
    {"second of two populations", second_of_two_broken, "population.missing-attribute", "/nodes/V", WARNING, "", 0},
};

static void test_faults(void **state)
{
    (void)state;
    check_faults(faults, sizeof faults / sizeof *faults);
}

/* The line of the first unused type is named, and both are counted. */
static void test_unused_rows(void **state)
{
    base_circuit circuit;
    sna_findings findings;
    const sna_finding *found;

    (void)state;
    base_circuit_make(&circuit);
    row_unused(&circuit);
    validate(&circuit, 0, &findings);
    found = find(&findings, "types.unused-row", "more_types.csv");
    assert_non_null(found);
    assert_int_equal(found->count, 2);
    assert_int_equal(found->line, 3);
    assert_string_equal(found->examples.text[1], "202 in line 5");
    sna_findings_free(&findings);
    base_circuit_remove(&circuit);
}

/* ---- spikes as CSV ------------------------------------------------------------------------------------------ */

static void test_spikes_csv(void **state)
{
    static const struct {
        const char *name, *text, *code; /* "": nothing is wrong */
        sna_severity severity;
        uint64_t count;
    } cases[] = {
        {"good", "timestamps population node_ids\n0.5 A 3\n1.5 V 0\n", "", NOTE, 0},
        {"without header", "0.5 A 3\n1.5 A 4\n", "", NOTE, 0},
        {"id outside", "timestamps population node_ids\n0.5 A 3\n1.5 A 10\n2 A 11\n", "spikes.id", ERROR, 2},
        {"time is text", "timestamps population node_ids\n0.5 A 3\nlate A 4\n", "results.invalid", ERROR, 1},
        {"id is text", "timestamps population node_ids\n0.5 A three\n", "results.invalid", ERROR, 1},
        {"id negative", "timestamps population node_ids\n0.5 A -1\n", "results.invalid", ERROR, 1},
        {"no ids", "timestamps population\n0.5 A\n", "results.invalid", ERROR, 1},
        {"row short", "timestamps population node_ids\n0.5 A\n", "results.invalid", ERROR, 1},
        {"time not finite", "timestamps population node_ids\ninf A 3\n0.5 A 3\n", "spikes.time", ERROR, 1},
        {"time negative", "timestamps population node_ids\n-0.5 A 3\n-1 A 3\n", "spikes.time-negative", WARNING, 2},
        {"population not given", "timestamps population node_ids\n0.5 B 3\n", "", NOTE, 0},
        {"not a spike file", "apples pears\n1 2\n", "file.unknown", ERROR, 1},
        {"unterminated quote", "timestamps population node_ids\n0.5 \"A 3\n", "", ERROR, 0},
    };
    base_circuit circuit;
    char *path = NULL;

    (void)state;
    base_circuit_make(&circuit);
    assert_done(sna_path_join(&path, circuit.folder, "spikes.csv"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const paths[] = {circuit.nodes, path};
        sna_findings findings = SNA_FINDINGS;
        const sna_finding *found;
        write_text(path, cases[i].text);
        assert_done(sna_validate(&findings, paths, 2, NULL));
        found = find(&findings, cases[i].code, "spikes.csv");
        if (cases[i].code[0] != '\0' &&
            (found == NULL || found->severity != cases[i].severity || found->count != cases[i].count)) {
            print_error("%s: expected %s, found:\n", cases[i].name, cases[i].code);
            print_findings(&findings);
            assert_non_null(NULL);
        }
        if (cases[i].code[0] == '\0')
            assert_int_equal(sna_findings_number(&findings, ERROR) > 0, cases[i].severity == ERROR);
        sna_findings_free(&findings);
    }
    free(path);
    base_circuit_remove(&circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_edge_types), cmocka_unit_test(test_glial_attributes),
                                       cmocka_unit_test(test_faults), cmocka_unit_test(test_unused_rows),
                                       cmocka_unit_test(test_spikes_csv)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
