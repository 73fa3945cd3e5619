/* test_validate_populations.c: faults of nodes, edges and types. */
#include "validate_matrix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AA "/edges/A__A__chemical"
#define VA "/edges/V__A__chemical"

static void edge_attribute_short(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_put_reals(file, AA "/0/syn_weight", BASE_AA - 2, 0.5, 0);
    base_close(file);
}

static void node_attribute_short(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_put_reals(file, "/nodes/A/0/x", BASE_A - 1, 0, 1);
    base_close(file);
}

static void parameter_short(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_put_reals(file, "/nodes/A/0/dynamics_params/holding_current", 3, 0, 1);
    base_close(file);
}

static void ends_differ(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_put(file, AA "/target_node_id", H5T_STD_U64LE, H5T_NATIVE_INT64, 1, &(hsize_t){2}, (int64_t[]){0, 1});
    base_put_attribute(file, AA "/target_node_id", "node_population", "A");
    base_close(file);
}

static void source_missing(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_drop(file, AA "/source_node_id");
    base_close(file);
}

static void id_outside(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_set_integer(file, VA "/source_node_id", 5, 4); /* V has 4 nodes */
    base_close(file);
}

static void id_negative(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);
    int64_t target[BASE_VA];

    for (int e = 0; e < BASE_VA; e++)
        target[e] = e == 11 ? -3 : e / 2;
    base_put(file, VA "/target_node_id", H5T_STD_I64LE, H5T_NATIVE_INT64, 1, &(hsize_t){BASE_VA}, target);
    base_put_attribute(file, VA "/target_node_id", "node_population", "A");
    base_close(file);
}

static void id_fraction(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);
    double target[BASE_VA];

    for (int e = 0; e < BASE_VA; e++)
        target[e] = e == 4 ? 2.5 : e / 2;
    base_put(file, VA "/target_node_id", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, &(hsize_t){BASE_VA}, target);
    base_put_attribute(file, VA "/target_node_id", "node_population", "A");
    base_close(file);
}

static void population_unknown(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_put_attribute(file, AA "/source_node_id", "node_population", "cortex");
    base_close(file);
}

static void population_attribute_missing(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_put_attribute(file, AA "/source_node_id", "node_population", NULL);
    base_close(file);
}

static void library_code(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_set_integer(file, "/nodes/A/0/layer", 7, 2);
    base_close(file);
}

static void library_orphan(const base_circuit *c)
{
    static const char *const texts[] = {"a", "b"};
    const hid_t file = base_open(c->nodes);

    base_put_texts(file, "/nodes/A/0/@library/depth", 2, texts);
    base_close(file);
}

static void library_duplicate(const base_circuit *c)
{
    static const char *const texts[] = {"L4", "L5", "L4"};
    const hid_t file = base_open(c->nodes);

    base_put_texts(file, "/nodes/A/0/@library/layer", 3, texts);
    base_close(file);
}

static void library_of_numbers(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_put_reals(file, "/nodes/A/0/@library/layer", 2, 4, 1);
    base_close(file);
}

static void group_index_beyond(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_set_integer(file, "/nodes/A/node_group_index", 6, 10);
    base_close(file);
}

static void group_index_twice(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_set_integer(file, "/nodes/A/node_group_index", 6, 5);
    base_close(file);
}

static void group_index_swapped(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_set_integer(file, "/nodes/A/node_group_index", 6, 5);
    base_set_integer(file, "/nodes/A/node_group_index", 5, 6);
    base_close(file);
}

static void group_unknown(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_set_integer(file, AA "/edge_group_id", 8, 3);
    base_close(file);
}

static void groups_without_ids(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_put_reals(file, "/nodes/A/1/x", 2, 0, 0);
    base_drop(file, "/nodes/A/node_group_id");
    base_close(file);
}

static void node_id_twice(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_set_integer(file, "/nodes/A/node_id", 6, 5);
    base_close(file);
}

static void node_ids_from_one(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    for (uint64_t i = 0; i < BASE_A; i++)
        base_set_integer(file, "/nodes/A/node_id", i, (int64_t)i + 1);
    base_close(file);
}

static void position_nan(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_set_real(file, "/nodes/A/0/y", 3, NAN);
    base_close(file);
}

static void quaternion_zero(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_set_real(file, "/nodes/A/0/orientation_w", 2, 0);
    base_close(file);
}

static void quaternion_long(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_set_real(file, "/nodes/A/0/orientation_x", 2, 1);
    base_close(file);
}

static void quaternion_partial(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_drop(file, "/nodes/A/0/orientation_z");
    base_close(file);
}

static void two_rotations(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_put_reals(file, "/nodes/A/0/rotation_angle_zaxis", BASE_A, 0, 0.1);
    base_close(file);
}

static void angle_in_degrees(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_put_reals(file, "/nodes/V/0/rotation_angle_yaxis", BASE_V, 0, 90);
    base_close(file);
}

static void section_pos(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_set_real(file, AA "/0/afferent_section_pos", 4, 3.0);
    base_close(file);
}

static void section_id(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_set_integer(file, AA "/0/efferent_section_id", 4, -1);
    base_close(file);
}

static void delay_negative(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_set_real(file, AA "/0/delay", 9, -0.5);
    base_close(file);
}

static void delay_nan(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_set_real(file, AA "/0/delay", 9, NAN);
    base_close(file);
}

static void weight_infinite(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_set_real(file, AA "/0/syn_weight", 9, INFINITY);
    base_close(file);
}

static void model_mixed(const base_circuit *c)
{
    static const char *const models[] = {"virtual", "virtual", "point_neuron", "virtual"};
    const hid_t file = base_open(c->nodes);

    base_put_texts(file, "/nodes/V/0/model_type", BASE_V, models);
    base_close(file);
}

static void model_unknown(const base_circuit *c)
{
    static const char *const models[] = {"virtual", "virtual", "virtal", "virtual"};
    const hid_t file = base_open(c->nodes);

    base_put_texts(file, "/nodes/V/0/model_type", BASE_V, models);
    base_close(file);
}

static void model_not_config(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_fill_texts(file, "/nodes/V/0/model_type", BASE_V, "biophysical");
    base_close(file);
}

static void magic_wrong(const base_circuit *c)
{
    const uint32_t magic = 0x0A7B;
    const hid_t file = base_open(c->nodes), attribute = H5Aopen(file, "magic", H5P_DEFAULT);

    assert_true(H5Awrite(attribute, H5T_NATIVE_UINT32, &magic) >= 0);
    H5Aclose(attribute);
    base_close(file);
}

static void magic_missing(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    assert_true(H5Adelete(file, "magic") >= 0);
    assert_true(H5Adelete(file, "version") >= 0);
    base_close(file);
}

static void stray_root(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_put_reals(file, "/pop_name", 3, 0, 0);
    base_close(file);
}

static void big_endian(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);
    int64_t index[BASE_A];

    for (int i = 0; i < BASE_A; i++)
        index[i] = i;
    base_put(file, "/nodes/A/node_group_index", H5T_STD_U64BE, H5T_NATIVE_INT64, 1, &(hsize_t){BASE_A}, index);
    base_close(file);
}

static void group_ids_of_reals(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);
    const double zero[BASE_A] = {0};

    base_put(file, "/nodes/A/node_group_id", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, &(hsize_t){BASE_A}, zero);
    base_close(file);
}

static void ids_of_text(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_fill_texts(file, "/nodes/A/node_id", BASE_A, "0");
    base_close(file);
}

static void column_long(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_put(file, "/nodes/A/node_type_id", H5T_STD_I64LE, H5T_NATIVE_INT64, 1, &(hsize_t){12}, NULL);
    base_close(file);
}

static void type_id_missing(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_drop(file, "/nodes/A/node_type_id");
    base_close(file);
}

static void group_columns_missing(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_drop(file, "/nodes/A/node_group_id");
    base_drop(file, "/nodes/A/node_group_index");
    base_close(file);
}

static void attribute_missing(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    char *text = NULL, *types = NULL;
    uint64_t size = 0;

    base_drop(file, "/nodes/A/0/mtype");
    base_close(file);
    /* A population with a types CSV is held to the other family's rules: this one has none. */
    assert_done(sna_file_read(&text, &size, c->config));
    types = strstr(text, "\"node_types_file\"");
    assert_non_null(types);
    memset(types, ' ', strcspn(types, ",") + 1);
    assert_done(sna_file_write(c->config, text, size));
    free(text);
}

static void attribute_of_numbers(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_put_reals(file, "/nodes/A/0/mtype", BASE_A, 0, 1);
    base_close(file);
}

static void attribute_of_texts(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_fill_texts(file, "/nodes/A/0/z", BASE_A, "3");
    base_close(file);
}

static void two_groups(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_put_reals(file, "/nodes/V/1/x", 2, 0, 1);
    base_fill_texts(file, "/nodes/V/1/model_type", 2, "virtual");
    base_fill_texts(file, "/nodes/V/0/model_type", 2, "virtual");
    base_fill_texts(file, "/nodes/V/0/model_template", 2, "NULL");
    for (uint64_t i = 2; i < 4; i++) {
        base_set_integer(file, "/nodes/V/node_group_id", i, 1);
        base_set_integer(file, "/nodes/V/node_group_index", i, (int64_t)i - 2);
    }
    base_close(file);
}

static void type_unknown(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_set_integer(file, "/nodes/A/node_type_id", 3, 999);
    base_close(file);
}

static void edges_unsorted(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_set_integer(file, VA "/target_node_id", 0, 5);
    base_set_integer(file, VA "/target_node_id", 11, 0);
    base_put_index(file, "V__A__chemical", BASE_V, BASE_A);
    base_close(file);
}

static void type_twice(const base_circuit *c)
{
    write_text(c->node_types, "node_type_id pop_name\n100 Exc\n101 virtual\n100 Inh\n");
}

static void type_unused(const base_circuit *c)
{
    write_text(c->edge_types, "edge_type_id target_query\n200 *\n201 *\n");
}

static void types_ragged(const base_circuit *c)
{
    write_text(c->node_types, "node_type_id pop_name ei\n100 Exc e\n101 virtual cells of the thalamus\n");
}

static void types_without_id(const base_circuit *c)
{
    write_text(c->node_types, "type pop_name ei\n100 Exc e\n");
}

static void types_of_others(const base_circuit *c)
{
    write_text(c->node_types, "node_type_id population ei\n100 V e\n101 V e\n");
}

static void types_missing(const base_circuit *c)
{
    assert_int_equal(unlink(c->node_types), 0);
}

/* ---- the matrix --------------------------------------------------------------------------------------------- */

static const fault faults[] = {
    {"edge attribute short", edge_attribute_short, "attribute.length", AA "/0/syn_weight", ERROR, "", 0},
    {"node attribute short", node_attribute_short, "attribute.length", "/nodes/A/0/x", ERROR, "", 0},
    {"parameter short", parameter_short, "attribute.length", "/nodes/A/0/dynamics_params/holding_current", ERROR, "",
     0},
    {"ends differ", ends_differ, "dataset.length", AA "/target_node_id", ERROR, "", 0},
    {"source missing", source_missing, "dataset.missing", AA "/source_node_id", ERROR, "", 0},
    {"id outside", id_outside, "edges.source-id", VA "/source_node_id", ERROR,
     "index.rows-short index.wrong-node index.uncovered", 0},
    {"id negative", id_negative, "edges.target-id", VA "/target_node_id", ERROR, "index.wrong-node", 0},
    {"id fraction", id_fraction, "dataset.not-integers", VA "/target_node_id", ERROR, "", 0},
    {"population unknown", population_unknown, "edges.unknown-population", AA "/source_node_id", ERROR, "", 0},
    {"no node_population", population_attribute_missing, "edges.no-node-population", AA "/source_node_id", WARNING, "",
     SNA_STRICT_GUIDE},
    {"library code", library_code, "library.code-range", "/nodes/A/0/layer", ERROR, "", 0},
    {"library orphan", library_orphan, "library.orphan", "/nodes/A/0/@library/depth", NOTE, "", 0},
    {"library duplicate", library_duplicate, "library.duplicate", "/nodes/A/0/@library/layer", NOTE, "", 0},
    {"library of numbers", library_of_numbers, "library.type", "/nodes/A/0/@library/layer", ERROR, "", 0},
    {"group index beyond", group_index_beyond, "group.index-range", "/nodes/A/node_group_index", ERROR, "", 0},
    {"group index twice", group_index_twice, "group.index-duplicate", "/nodes/A/node_group_index", WARNING, "",
     SNA_STRICT_EXT},
    {"group index swapped", group_index_swapped, "group.index-not-identity", "/nodes/A/node_group_index", NOTE, "",
     SNA_STRICT_EXT},
    {"group unknown", group_unknown, "group.unknown-id", AA "/edge_group_id", ERROR, "attribute.length", 0},
    {"groups without ids", groups_without_ids, "group.ids-missing", "/nodes/A", ERROR, "", 0},
    {"node id twice", node_id_twice, "nodes.duplicate-id", "/nodes/A/node_id", ERROR,
     "edges.source-id edges.target-id spikes.id report.id", 0},
    {"node ids from 1", node_ids_from_one, "nodes.ids-not-rows", "/nodes/A/node_id", NOTE,
     "edges.source-id edges.target-id spikes.id report.id", SNA_STRICT_EXT},
    {"position NaN", position_nan, "nodes.coordinate", "/nodes/A/0/y", WARNING, "", SNA_STRICT_EXT},
    {"quaternion zero", quaternion_zero, "nodes.quaternion-zero", "/nodes/A/0", ERROR, "", 0},
    {"quaternion long", quaternion_long, "nodes.quaternion-norm", "/nodes/A/0", WARNING, "", 0},
    {"quaternion partial", quaternion_partial, "nodes.quaternion-partial", "/nodes/A/0", WARNING, "", SNA_STRICT_EXT},
    {"two rotations", two_rotations, "nodes.two-rotations", "/nodes/A/0", WARNING, "", SNA_STRICT_EXT},
    {"degrees", angle_in_degrees, "nodes.angle", "/nodes/V/0/rotation_angle_yaxis", WARNING, "", SNA_STRICT_EXT},
    {"section_pos 3.0", section_pos, "edges.section-pos", AA "/0/afferent_section_pos", WARNING, "", SNA_STRICT_EXT},
    {"section_id -1", section_id, "edges.section-id", AA "/0/efferent_section_id", WARNING, "", SNA_STRICT_EXT},
    {"delay negative", delay_negative, "edges.delay", AA "/0/delay", WARNING, "", SNA_STRICT_EXT},
    {"delay NaN", delay_nan, "edges.delay", AA "/0/delay", WARNING, "", SNA_STRICT_EXT},
    {"weight infinite", weight_infinite, "edges.weight", AA "/0/syn_weight", WARNING, "", SNA_STRICT_EXT},
    {"model_type mixed", model_mixed, "nodes.model-type-mixed", "/nodes/V", NOTE, "", SNA_STRICT_EXT},
    {"model_type unknown", model_unknown, "nodes.model-type", "/nodes/V", WARNING, "", SNA_STRICT_EXT},
    {"model_type not the config's", model_not_config, "nodes.model-type-config", "/nodes/V", WARNING, "",
     SNA_STRICT_EXT},
    {"magic wrong", magic_wrong, "file.magic-wrong", "/", WARNING, "", SNA_STRICT_GUIDE},
    {"magic missing", magic_missing, "file.magic-missing", "/", NOTE, "", SNA_STRICT_GUIDE},
    {"stray dataset", stray_root, "file.stray-root", "/", NOTE, "", 0},
    {"big endian", big_endian, "dataset.big-endian", "/nodes/A/node_group_index", WARNING, "", SNA_STRICT_GUIDE},
    {"group ids of reals", group_ids_of_reals, "dataset.float-integers", "/nodes/A/node_group_id", WARNING, "",
     SNA_STRICT_EXT},
    {"ids of text", ids_of_text, "dataset.type", "/nodes/A/node_id", ERROR, "", 0},
    {"column long", column_long, "dataset.length", "/nodes/A/node_type_id", ERROR, "", 0},
    {"type id missing", type_id_missing, "population.no-type-id", "/nodes/A", NOTE, "", SNA_STRICT_GUIDE},
    {"group columns missing", group_columns_missing, "group.index-missing", "/nodes/A", NOTE, "", SNA_STRICT_BMTK},
    {"attribute missing", attribute_missing, "population.missing-attribute", "/nodes/A", WARNING, "", SNA_STRICT_EXT},
    {"attribute of numbers", attribute_of_numbers, "attribute.text", "/nodes/A/0/mtype", WARNING, "", SNA_STRICT_EXT},
    {"attribute of texts", attribute_of_texts, "attribute.number", "/nodes/A/0/z", WARNING, "", SNA_STRICT_EXT},
    {"two groups", two_groups, "group.several", "/nodes/V", NOTE, "", SNA_STRICT_EXT},
    {"type unknown", type_unknown, "types.unknown-id", "/nodes/A/node_type_id", ERROR, "", 0},
    {"edges unsorted", edges_unsorted, "edges.unsorted", VA, WARNING, "", 0},
    {"type twice", type_twice, "types.duplicate-id", "node_types.csv", ERROR, "", 0},
    {"type unused", type_unused, "", "", NOTE, "", 0}, /* shared by two populations: nothing to find */
    {"types ragged", types_ragged, "types.invalid", "node_types.csv", ERROR, "", 0},
    {"types without id", types_without_id, "types.invalid", "node_types.csv", ERROR, "", 0},
    {"types of others", types_of_others, "types.population", "/nodes/A/node_type_id", WARNING, "", SNA_STRICT_GUIDE},
    {"types missing", types_missing, "file.missing", "node_types.csv", ERROR, "", 0},
};

static void faults_of_populations_are_found(void **state)
{
    (void)state;
    check_faults(faults, sizeof faults / sizeof *faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults_of_populations_are_found)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
