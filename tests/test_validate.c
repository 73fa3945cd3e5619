/* test_validate.c: the validator finds, names and survives each fault that is put into a circuit without any. */
#include "validate_base.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AA "/edges/A__A__chemical"
#define VA "/edges/V__A__chemical"

enum { EVERY = SNA_STRICT_GUIDE | SNA_STRICT_EXT | SNA_STRICT_BMTK };

/* ---- the faults --------------------------------------------------------------------------------------------- */

static void index_first_range(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    /* Target 0 has edges 0-2: its range now ends at 4. */
    base_set_integer(file, AA "/indices/target_to_source/range_to_edge_id", 1, 4);
    base_close(file);
}

static void index_second_range(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    /* Source 0 has edges 0, 3, 6...: its second range becomes that of another edge, which is source 3's. */
    base_set_integer(file, AA "/indices/source_to_target/range_to_edge_id", 2, 4);
    base_set_integer(file, AA "/indices/source_to_target/range_to_edge_id", 3, 5);
    base_close(file);
}

static void index_uncovered(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_set_integer(file, AA "/indices/target_to_source/node_id_to_ranges", 9, 4); /* node 4: start = end */
    base_close(file);
}

static void index_negative_row(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);
    int64_t slice[2 * BASE_A];

    for (int i = 0; i < BASE_A; i++) {
        slice[2 * i] = i == 3 ? -1 : i;
        slice[2 * i + 1] = i + 1;
    }
    base_drop(file, AA "/indices/target_to_source/node_id_to_range");
    base_put(file, AA "/indices/target_to_source/node_id_to_ranges", H5T_STD_I64LE, H5T_NATIVE_INT64, 2,
             (hsize_t[]){BASE_A, 2}, slice);
    base_close(file);
}

static void index_rows_short(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);
    const int64_t slice[] = {0, 1, 1, 2, 2, 3, 3, 4};

    base_drop(file, AA "/indices/target_to_source/node_id_to_range");
    base_put(file, AA "/indices/target_to_source/node_id_to_ranges", H5T_STD_U64LE, H5T_NATIVE_INT64, 2,
             (hsize_t[]){4, 2}, slice);
    base_close(file);
}

static void index_beyond(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_set_integer(file, AA "/indices/target_to_source/range_to_edge_id", 19, 1000);
    base_close(file);
}

static void index_slice_beyond(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_set_integer(file, AA "/indices/target_to_source/node_id_to_ranges", 19, 77);
    base_close(file);
}

static void index_shared_slices(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);
    int64_t slice[2 * BASE_A];

    for (int i = 0; i < BASE_A; i++) {
        slice[2 * i] = 0;
        slice[2 * i + 1] = BASE_A;
    }
    base_put(file, AA "/indices/target_to_source/node_id_to_ranges", H5T_STD_U64LE, H5T_NATIVE_INT64, 2,
             (hsize_t[]){BASE_A, 2}, slice);
    base_drop(file, AA "/indices/target_to_source/node_id_to_range");
    base_close(file);
}

static void index_missing(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_drop(file, AA "/indices");
    base_close(file);
}

static void index_one_side(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_drop(file, AA "/indices/source_to_target");
    base_close(file);
}

static void index_spelling(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_drop(file, AA "/indices/source_to_target/node_id_to_ranges");
    base_close(file);
}

static void index_spelling_bmtk(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_drop(file, AA "/indices/source_to_target/node_id_to_range");
    base_close(file);
}

static void index_group_spelling(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    assert_true(H5Lmove(file, AA "/indices", file, AA "/indicies", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    base_close(file);
}

static void index_leftover(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_put_reals(file, AA "/indices/cache/part", 3, 0, 0);
    base_close(file);
}

static void index_three_columns(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_put(file, AA "/indices/source_to_target/range_to_edge_id", H5T_STD_U64LE, H5T_NATIVE_INT64, 2,
             (hsize_t[]){4, 3}, NULL);
    base_close(file);
}

static void index_of_reals(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_put(file, AA "/indices/source_to_target/range_to_edge_id", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 2,
             (hsize_t[]){2, 2}, (double[]){0.5, 1, 1, NAN});
    base_close(file);
}

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

    base_drop(file, "/nodes/A/0/mtype");
    base_close(file);
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

static void write_text(const char *path, const char *text)
{
    assert_done(sna_file_write(path, text, strlen(text)));
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

/* Replaces a part of the config. */
static void change_config(const base_circuit *c, const char *old, const char *new)
{
    char *text = NULL, *at;
    uint64_t size = 0;
    sna_string changed = SNA_STRING;

    assert_done(sna_file_read(&text, &size, c->config));
    at = strstr(text, old);
    assert_non_null(at);
    *at = '\0';
    assert_done(sna_string_format(&changed, "%s%s%s", text, new, at + strlen(old)));
    write_text(c->config, changed.text);
    sna_string_free(&changed);
    free(text);
}

static void config_no_json(const base_circuit *c)
{
    change_config(c, "\"networks\"", "networks");
}

static void config_key_twice(const base_circuit *c)
{
    change_config(c, "\"networks\"", "\"networks\": {}, \"networks\"");
}

static void config_unknown_key(const base_circuit *c)
{
    change_config(c, "\"networks\"", "\"componets\": {}, \"networks\"");
}

static void config_wrong_type(const base_circuit *c)
{
    change_config(c, "{\"type\": \"virtual\"}", "{\"type\": 3}");
}

static void config_variable_undefined(const base_circuit *c)
{
    change_config(c, "$NETWORK_DIR/edges.h5", "$NETWROK_DIR/edges.h5");
}

static void config_variable_cycle(const base_circuit *c)
{
    change_config(c, "\"$NETWORK_DIR\": \".\"", "\"$NETWORK_DIR\": \"$B/x\", \"$B\": \"$NETWORK_DIR/y\"");
}

static void config_variable_prefix(const base_circuit *c)
{
    change_config(c, "\"$NETWORK_DIR\": \".\"", "\"$NETWORK_DIR\": \".\", \"$NETWORK\": \".\"");
}

static void config_variable_braces(const base_circuit *c)
{
    change_config(c, "$NETWORK_DIR/edges.h5", "${NETWORK_DIR}/edges.h5");
}

static void config_variable_number(const base_circuit *c)
{
    change_config(c, "\"$NETWORK_DIR\": \".\"", "\"$NETWORK_DIR\": \".\", \"$N\": 3");
}

static void config_absolute(const base_circuit *c)
{
    change_config(c, "\"$NETWORK_DIR\": \".\"", "\"$NETWORK_DIR\": \".\", \"$ELSEWHERE\": \"/opt/models\"");
}

static void config_file_missing(const base_circuit *c)
{
    change_config(c, "$NETWORK_DIR/edges.h5", "$NETWORK_DIR/edge.h5");
}

static void config_population_absent(const base_circuit *c)
{
    change_config(c, "\"V\": {\"type\": \"virtual\"}", "\"V\": {\"type\": \"virtual\"}, \"W\": {}");
}

static void config_population_unlisted(const base_circuit *c)
{
    change_config(c, ", \"V__A__chemical\": {\"type\": \"chemical\"}", "");
}

static void config_population_twice(const base_circuit *c)
{
    change_config(c, "\"nodes\": [{",
                  "\"nodes\": [{\"nodes_file\": \"$NETWORK_DIR/nodes.h5\", \"populations\": "
                  "{\"A\": {\"type\": \"biophysical\"}}}, {");
}

static void config_populations_missing(const base_circuit *c)
{
    change_config(c,
                  "\"populations\": {\"A__A__chemical\": {\"type\": \"chemical\"}, \"V__A__chemical\": {\"type\": "
                  "\"chemical\"}}",
                  "\"name\": \"all of them\"");
}

static void config_no_networks(const base_circuit *c)
{
    write_text(c->config, "{\"manifest\": {}}");
}

static void config_bad_type(const base_circuit *c)
{
    change_config(c, "{\"type\": \"virtual\"}", "{\"type\": \"virtuel\"}");
}

static void config_no_file(const base_circuit *c)
{
    change_config(c, "\"edges_file\"", "\"edge_file\"");
}

/* ---- hostile files ------------------------------------------------------------------------------------------ */

static void truncated(const base_circuit *c)
{
    assert_int_equal(truncate(c->edges, 3000), 0);
}

static void empty_file(const base_circuit *c)
{
    assert_int_equal(truncate(c->edges, 0), 0);
}

static void no_hdf5(const base_circuit *c)
{
    write_text(c->nodes, "this is a text, not HDF5\n");
}

static void rank_two_ids(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_put(file, AA "/source_node_id", H5T_STD_U64LE, H5T_NATIVE_INT64, 2, (hsize_t[]){BASE_AA, 2}, NULL);
    base_close(file);
}

static void rank_three_attribute(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_put(file, "/nodes/A/0/x", H5T_IEEE_F32LE, H5T_NATIVE_DOUBLE, 3, (hsize_t[]){BASE_A, 2, 2}, NULL);
    base_close(file);
}

static void compound_attribute(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes), type = H5Tcreate(H5T_COMPOUND, 8);

    assert_true(H5Tinsert(type, "a", 0, H5T_STD_I32LE) >= 0 && H5Tinsert(type, "b", 4, H5T_STD_I32LE) >= 0);
    base_put(file, "/nodes/A/0/x", type, type, 1, &(hsize_t){BASE_A}, NULL);
    H5Tclose(type);
    base_close(file);
}

static void put_group(hid_t file, const char *place)
{
    base_drop(file, place);
    H5Gclose(H5Gcreate2(file, place, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

static void group_for_dataset(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    put_group(file, AA "/target_node_id");
    base_close(file);
}

static void dataset_for_group(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_drop(file, "/nodes/A/0");
    base_put_reals(file, "/nodes/A/0", BASE_A, 0, 0);
    base_close(file);
}

static void dataset_for_population(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_drop(file, "/nodes/V");
    base_put_reals(file, "/nodes/V", BASE_V, 0, 0);
    base_close(file);
}

static void dataset_for_index(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);

    base_drop(file, AA "/indices");
    base_put_reals(file, AA "/indices", 3, 0, 0);
    base_close(file);
}

/* A dataset of `rows` rows that takes no room in the file. */
static void put_hollow(hid_t file, const char *place, hsize_t rows)
{
    const hid_t space = H5Screate_simple(1, &rows, &(hsize_t){H5S_UNLIMITED});
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    hid_t dataset;

    base_drop(file, place);
    assert_true(H5Pset_chunk(creation, 1, &(hsize_t){1 << 20}) >= 0);
    dataset = H5Dcreate2(file, place, H5T_STD_U64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    assert_true(dataset >= 0);
    H5Dclose(dataset);
    H5Pclose(creation);
    H5Sclose(space);
}

static void huge_edges(const base_circuit *c)
{
    const hid_t file = base_open(c->edges);
    static const char *const columns[] = {"source_node_id", "target_node_id", "edge_type_id", "edge_group_id",
                                          "edge_group_index"};

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        char place[128];
        (void)snprintf(place, sizeof place, AA "/%s", columns[i]);
        put_hollow(file, place, (hsize_t)1 << 50);
    }
    base_close(file);
}

static void huge_index(const base_circuit *c)
{
    const hid_t file = base_open(c->edges), creation = H5Pcreate(H5P_DATASET_CREATE);
    const hid_t space = H5Screate_simple(2, (hsize_t[]){(hsize_t)1 << 44, 2}, NULL);

    base_drop(file, AA "/indices/target_to_source/range_to_edge_id");
    assert_true(H5Pset_chunk(creation, 2, (hsize_t[]){1 << 20, 2}) >= 0);
    H5Dclose(H5Dcreate2(file, AA "/indices/target_to_source/range_to_edge_id", H5T_STD_U64LE, space, H5P_DEFAULT,
                        creation, H5P_DEFAULT));
    H5Sclose(space);
    H5Pclose(creation);
    base_close(file);
}

static void huge_attribute(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    put_hollow(file, "/nodes/A/0/x", (hsize_t)1 << 50);
    base_close(file);
}

static void huge_nodes(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);
    static const char *const columns[] = {"node_id", "node_type_id", "node_group_id", "node_group_index"};

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        char place[128];
        (void)snprintf(place, sizeof place, "/nodes/A/%s", columns[i]);
        put_hollow(file, place, (hsize_t)1 << 45);
    }
    base_close(file);
}

static void soft_circle(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    assert_true(H5Lcreate_soft("/nodes/A/0/b", file, "/nodes/A/0/a", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    assert_true(H5Lcreate_soft("/nodes/A/0/a", file, "/nodes/A/0/b", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    base_close(file);
}

static void soft_dangling(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_drop(file, "/nodes/A/node_id");
    assert_true(H5Lcreate_soft("/nowhere", file, "/nodes/A/node_id", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    base_close(file);
}

static void hard_circle(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    assert_true(H5Lcreate_hard(file, "/nodes", file, "/nodes/A/0/all", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    base_close(file);
}

static void external_link(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_drop(file, "/nodes/A/0/x");
    assert_true(H5Lcreate_external("/etc/passwd", "/x", file, "/nodes/A/0/x", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    base_close(file);
}

static void external_population(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_drop(file, "/nodes/A");
    assert_true(H5Lcreate_external("other.h5", "/nodes/A", file, "/nodes/A", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    base_close(file);
}

static void external_storage(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes), creation = H5Pcreate(H5P_DATASET_CREATE);
    const hid_t space = H5Screate_simple(1, &(hsize_t){BASE_A}, NULL);

    base_drop(file, "/nodes/A/0/x");
    assert_true(H5Pset_external(creation, "/etc/hostname", 0, BASE_A * 4) >= 0);
    H5Dclose(H5Dcreate2(file, "/nodes/A/0/x", H5T_IEEE_F32LE, space, H5P_DEFAULT, creation, H5P_DEFAULT));
    H5Pclose(creation);
    H5Sclose(space);
    base_close(file);
}

/* The bytes of a contiguous dataset moved past the end of the file: its address is changed where the file has it. */
static void damaged_chunk(const base_circuit *c)
{
    hid_t file = base_open(c->nodes), creation = H5Pcreate(H5P_DATASET_CREATE), space, dataset;
    const float x[BASE_A] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    haddr_t address = 0;
    hsize_t size = 0;
    FILE *stream;

    base_drop(file, "/nodes/A/0/x");
    space = H5Screate_simple(1, &(hsize_t){BASE_A}, NULL);
    assert_true(H5Pset_chunk(creation, 1, &(hsize_t){BASE_A}) >= 0 && H5Pset_deflate(creation, 6) >= 0);
    dataset = H5Dcreate2(file, "/nodes/A/0/x", H5T_IEEE_F32LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    assert_true(H5Dwrite(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, x) >= 0);
    assert_true(H5Fflush(file, H5F_SCOPE_GLOBAL) >= 0);
    assert_true(H5Dget_chunk_info(dataset, space, 0, NULL, NULL, &address, &size) >= 0);
    H5Dclose(dataset);
    H5Sclose(space);
    H5Pclose(creation);
    base_close(file);
    stream = fopen(c->nodes, "r+b");
    assert_non_null(stream);
    assert_int_equal(fseek(stream, (long)address, SEEK_SET), 0);
    for (hsize_t i = 0; i < size; i++)
        (void)fputc(0xff, stream);
    (void)fclose(stream);
}

/* ---- the matrix --------------------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    void (*inject)(const base_circuit *circuit);
    const char *code, *place; /* what must be found, and a part of where (HDF5 path, key path, or file) */
    sna_severity severity;
    const char *errors; /* codes of the errors that come with it, "" for none */
    unsigned strict;    /* under which it is an error; 0 for one that is always what `severity` says */
} fault;

#define ERROR SNA_SEVERITY_ERROR
#define WARNING SNA_SEVERITY_WARNING
#define NOTE SNA_SEVERITY_NOTE

static const fault faults[] = {
    {"index: first range", index_first_range, "index.twice", AA "/indices/target_to_source", ERROR, "index.wrong-node",
     0},
    {"index: second range", index_second_range, "index.wrong-node", AA "/indices/source_to_target", ERROR,
     "index.uncovered index.twice", 0},
    {"index: uncovered", index_uncovered, "index.uncovered", AA "/indices/target_to_source", ERROR, "", 0},
    {"index: negative row", index_negative_row, "index.uncovered", AA "/indices/target_to_source", ERROR, "", 0},
    {"index: too few rows", index_rows_short, "index.rows-short", AA "/indices/target_to_source/node_id_to_ranges",
     ERROR, "", 0},
    {"index: range beyond", index_beyond, "index.range", AA "/indices/target_to_source/range_to_edge_id", ERROR,
     "index.uncovered", 0},
    {"index: slice beyond", index_slice_beyond, "index.slice", AA "/indices/target_to_source/node_id_to_ranges", ERROR,
     "index.uncovered", 0},
    {"index: shared slices", index_shared_slices, "index.slice", AA "/indices/target_to_source/node_id_to_ranges",
     ERROR, "index.twice index.wrong-node index.uncovered", 0},
    {"index: missing", index_missing, "index.missing", AA, NOTE, "", SNA_STRICT_EXT | SNA_STRICT_BMTK},
    {"index: one side", index_one_side, "index.one-side", AA "/indices", WARNING, "", SNA_STRICT_EXT},
    {"index: node_id_to_range", index_spelling, "index.spelling", AA "/indices/source_to_target", NOTE, "",
     SNA_STRICT_EXT},
    {"index: node_id_to_ranges only", index_spelling_bmtk, "index.spelling-bmtk", AA "/indices/source_to_target", NOTE,
     "", SNA_STRICT_BMTK},
    {"index: indicies", index_group_spelling, "index.spelling", AA "/indicies", NOTE, "", SNA_STRICT_EXT},
    {"index: leftover", index_leftover, "index.leftover", AA "/indices", NOTE, "", 0},
    {"index: three columns", index_three_columns, "dataset.rank", AA "/indices/source_to_target/range_to_edge_id",
     ERROR, "", 0},
    {"index: reals", index_of_reals, "dataset.float-integers", AA "/indices/source_to_target/range_to_edge_id", WARNING,
     "index.range index.slice index.uncovered", SNA_STRICT_EXT},
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
    {"node id twice", node_id_twice, "nodes.duplicate-id", "/nodes/A/node_id", ERROR, "edges.source-id edges.target-id",
     0},
    {"node ids from 1", node_ids_from_one, "nodes.ids-not-rows", "/nodes/A/node_id", NOTE,
     "edges.source-id edges.target-id", SNA_STRICT_EXT},
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
    {"config: no JSON", config_no_json, "json.invalid", "circuit_config.json", ERROR, "", 0},
    {"config: key twice", config_key_twice, "json.invalid", "circuit_config.json", ERROR, "", 0},
    {"config: unknown key", config_unknown_key, "config.unknown-key", "componets", NOTE, "", 0},
    {"config: wrong type", config_wrong_type, "config.type", "networks.nodes[0].populations.V.type", ERROR, "", 0},
    {"config: undefined variable", config_variable_undefined, "config.variable-undefined",
     "networks.edges[0].edges_file", ERROR, "", 0},
    {"config: circle", config_variable_cycle, "config.variable-cycle", "manifest.$NETWORK_DIR", ERROR, "", 0},
    {"config: prefix", config_variable_prefix, "config.variable-prefix", "manifest.$NETWORK_DIR", WARNING, "",
     SNA_STRICT_EXT},
    {"config: braces", config_variable_braces, "config.variable-braces", "networks.edges[0].edges_file", NOTE, "",
     SNA_STRICT_EXT},
    {"config: number", config_variable_number, "config.variable-type", "manifest.$N", WARNING, "", SNA_STRICT_EXT},
    {"config: absolute path", config_absolute, "config.absolute-path", "circuit_config.json", NOTE, "", 0},
    {"config: file missing", config_file_missing, "file.missing", "networks.edges[0]", ERROR, "", 0},
    {"config: population absent", config_population_absent, "config.population-absent",
     "networks.nodes[0].populations.W", ERROR, "", 0},
    {"config: population unlisted", config_population_unlisted, "config.population-not-listed", "networks.edges[0]",
     WARNING, "", SNA_STRICT_EXT},
    {"config: population twice", config_population_twice, "config.population-twice", "networks.nodes[1].populations.A",
     ERROR, "", 0},
    {"config: no populations", config_populations_missing, "config.populations-missing", "networks", NOTE, "",
     SNA_STRICT_EXT},
    {"config: no networks", config_no_networks, "config.no-networks", "circuit_config.json", ERROR, "", 0},
    {"config: bad type", config_bad_type, "population.type", "networks.nodes[0].populations.V", WARNING, "",
     SNA_STRICT_EXT},
    {"config: no file", config_no_file, "config.key", "networks.edges[0]", ERROR, "", 0},
    {"truncated", truncated, "file.unreadable", "edges.h5", ERROR, "", 0},
    {"empty", empty_file, "file.unreadable", "edges.h5", ERROR, "", 0},
    {"no HDF5", no_hdf5, "file.unreadable", "nodes.h5", ERROR, "", 0},
    {"rank of ids", rank_two_ids, "dataset.rank", AA "/source_node_id", ERROR, "", 0},
    {"rank of an attribute", rank_three_attribute, "attribute.unreadable", "/nodes/A/0/x", ERROR, "", 0},
    {"compound", compound_attribute, "attribute.unreadable", "/nodes/A/0/x", ERROR, "", 0},
    {"group for dataset", group_for_dataset, "dataset.wrong-kind", AA "/target_node_id", ERROR, "", 0},
    {"dataset for group", dataset_for_group, "dataset.wrong-kind", "/nodes/A/0", ERROR, "", 0},
    {"dataset for population", dataset_for_population, "dataset.wrong-kind", "/nodes/V", ERROR,
     "config.population-absent edges.unknown-population", 0},
    {"dataset for index", dataset_for_index, "dataset.wrong-kind", AA "/indices", ERROR, "", 0},
    {"huge edges", huge_edges, "dataset.extent", AA, ERROR, "", 0},
    {"huge index", huge_index, "dataset.extent", AA "/indices/target_to_source/range_to_edge_id", ERROR, "", 0},
    {"huge attribute", huge_attribute, "attribute.length", "/nodes/A/0/x", ERROR, "", 0},
    {"huge nodes", huge_nodes, "dataset.extent", "/nodes/A", ERROR, "", 0},
    {"soft circle", soft_circle, "link.dangling", "/nodes/A/0/a", ERROR, "", 0},
    {"soft link to nowhere", soft_dangling, "link.dangling", "/nodes/A/node_id", ERROR, "", 0},
    {"hard circle", hard_circle, "link.cycle", "/nodes/A/0/all", WARNING, "", 0},
    {"external link", external_link, "link.external", "/nodes/A/0/x", ERROR, "", 0},
    {"external population", external_population, "link.external", "/nodes/A", ERROR, "edges.unknown-population", 0},
    {"external storage", external_storage, "dataset.external-storage", "/nodes/A/0/x", ERROR, "", 0},
    {"damaged chunk", damaged_chunk, "dataset.unreadable", "/nodes/A/0/x", ERROR, "", 0},
};

enum { FAULTS = sizeof faults / sizeof *faults };

static void print_findings(const sna_findings *findings)
{
    for (uint64_t i = 0; i < findings->count; i++)
        print_error("  %s %s %s: %s: %s\n", sna_severity_name(findings->finding[i].severity), findings->finding[i].code,
                    findings->finding[i].file, findings->finding[i].place, findings->finding[i].found);
}

/* Validates the circuit; fails the test when that ends early. */
static void validate(const base_circuit *c, unsigned strict, sna_findings *findings)
{
    const char *const path[] = {c->config};
    const sna_validate_options options = {.strict = strict};

    *findings = SNA_FINDINGS;
    assert_done(sna_validate(findings, path, 1, &options));
}

/* The finding with that code whose place (or, for a part of a name, file) is right. */
static const sna_finding *find(const sna_findings *findings, const char *code, const char *place)
{
    for (uint64_t i = 0; i < findings->count; i++) {
        const sna_finding *finding = &findings->finding[i];
        if (strcmp(finding->code, code) == 0 &&
            (strcmp(finding->place, place) == 0 || strcmp(sna_path_name(finding->file), place) == 0))
            return finding;
    }
    return NULL;
}

static bool is_found(const fault *f)
{
    base_circuit circuit;
    sna_findings findings;
    const sna_finding *found;
    bool good = true;

    base_circuit_make(&circuit);
    f->inject(&circuit);
    validate(&circuit, 0, &findings);
    found = find(&findings, f->code, f->place);
    good = f->code[0] == '\0' || (found != NULL && found->severity == f->severity && found->found[0] != '\0');
    /* No error but the one that is meant, and those that it entails. */
    for (uint64_t i = 0; i < findings.count; i++) {
        const char *code = findings.finding[i].code;
        if (findings.finding[i].severity == ERROR && strcmp(code, f->code) != 0 && strstr(f->errors, code) == NULL)
            good = false;
    }
    if (!good) {
        print_error("%s: expected %s %s at %s, found:\n", f->name, sna_severity_name(f->severity), f->code, f->place);
        print_findings(&findings);
    }
    sna_findings_free(&findings);
    if (good && f->strict != 0) {
        validate(&circuit, f->strict, &findings);
        found = find(&findings, f->code, f->place);
        good = found != NULL && found->severity == ERROR;
        if (!good)
            print_error("%s: no error under strictness %u\n", f->name, f->strict);
        sna_findings_free(&findings);
    }
    base_circuit_remove(&circuit);
    return good;
}

static void every_fault_is_found(void **state)
{
    size_t missed = 0;

    (void)state;
    for (size_t i = 0; i < FAULTS; i++)
        missed += !is_found(&faults[i]);
    assert_int_equal(missed, 0);
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
    edge_attribute_short(&circuit);
    id_outside(&circuit);
    node_attribute_short(&circuit);
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
    id_outside(&circuit);
    delay_negative(&circuit);
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
    index_uncovered(&circuit);
    index_spelling(&circuit);
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
    assert_contains(result.err, "guide, ext or bmtk");
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
        cmocka_unit_test(clean_circuit_is_clean),  cmocka_unit_test(kinds_are_complete),
        cmocka_unit_test(every_fault_is_found),    cmocka_unit_test(options_are_kept),
        cmocka_unit_test(findings_say_what_to_do), cmocka_unit_test(command_prints_and_fails),
        cmocka_unit_test(real_circuits_are_valid), cmocka_unit_test(fixtures_show_their_faults),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
