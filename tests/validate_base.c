/* validate_base.c: the circuit without a fault, and tools to break it. */
#include "validate_base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

hid_t base_open(const char *path)
{
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);

    assert_true(file >= 0);
    return file;
}

void base_close(hid_t file)
{
    assert_true(H5Fclose(file) >= 0);
}

void base_drop(hid_t file, const char *place)
{
    assert_true(H5Ldelete(file, place, H5P_DEFAULT) >= 0);
}

/* Does the place exist, whatever above it does not? */
static bool is_there(hid_t file, const char *place)
{
    bool there = true;
    char *copy = NULL;

    assert_done(sna_text_copy(&copy, place));
    for (char *at = strchr(copy + 1, '/'); there; at = strchr(at + 1, '/')) {
        if (at != NULL)
            *at = '\0';
        there = H5Lexists(file, copy, H5P_DEFAULT) > 0;
        if (at == NULL)
            break;
        *at = '/';
    }
    free(copy);
    return there;
}

static hid_t create(hid_t file, const char *place, hid_t type, hid_t space)
{
    const hid_t link = H5Pcreate(H5P_LINK_CREATE);
    hid_t dataset;

    if (is_there(file, place))
        base_drop(file, place);
    assert_true(H5Pset_create_intermediate_group(link, 1) >= 0);
    dataset = H5Dcreate2(file, place, type, space, link, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(dataset >= 0);
    H5Pclose(link);
    return dataset;
}

void base_put(hid_t file, const char *place, hid_t file_type, hid_t memory_type, int rank, const hsize_t *extent,
              const void *values)
{
    const hid_t space = H5Screate_simple(rank, extent, NULL);
    const hid_t dataset = create(file, place, file_type, space);

    if (values != NULL)
        assert_true(H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    H5Dclose(dataset);
    H5Sclose(space);
}

static hid_t text_type(void)
{
    const hid_t type = H5Tcopy(H5T_C_S1);

    assert_true(H5Tset_size(type, H5T_VARIABLE) >= 0 && H5Tset_cset(type, H5T_CSET_UTF8) >= 0);
    return type;
}

void base_put_texts(hid_t file, const char *place, uint64_t count, const char *const *text)
{
    const hid_t type = text_type();

    base_put(file, place, type, type, 1, &(hsize_t){count}, text);
    H5Tclose(type);
}

void base_fill_texts(hid_t file, const char *place, uint64_t count, const char *text)
{
    const char *list[64];

    assert_true(count <= 64);
    for (uint64_t i = 0; i < count; i++)
        list[i] = text;
    base_put_texts(file, place, count, list);
}

void base_put_reals(hid_t file, const char *place, uint64_t count, double value, double step)
{
    double list[64];

    assert_true(count <= 64);
    for (uint64_t i = 0; i < count; i++)
        list[i] = value + (double)i * step;
    base_put(file, place, H5T_IEEE_F32LE, H5T_NATIVE_DOUBLE, 1, &(hsize_t){count}, list);
}

static void put_integers(hid_t file, const char *place, hid_t type, uint64_t count, int64_t value, int64_t step)
{
    int64_t list[64];

    assert_true(count <= 64);
    for (uint64_t i = 0; i < count; i++)
        list[i] = value + (int64_t)i * step;
    base_put(file, place, type, H5T_NATIVE_INT64, 1, &(hsize_t){count}, list);
}

static void set_value(hid_t file, const char *place, uint64_t at, hid_t type, const void *value)
{
    const hid_t dataset = H5Dopen2(file, place, H5P_DEFAULT), space = H5Dget_space(dataset);
    hsize_t extent[4] = {0}, coordinate[4] = {0};
    const int rank = H5Sget_simple_extent_dims(space, extent, NULL);
    const hid_t memory = H5Screate_simple(1, &(hsize_t){1}, NULL);

    assert_true(rank == 1 || rank == 2);
    coordinate[0] = rank == 1 ? at : at / extent[1];
    coordinate[1] = rank == 1 ? 0 : at % extent[1];
    assert_true(H5Sselect_elements(space, H5S_SELECT_SET, 1, coordinate) >= 0);
    assert_true(H5Dwrite(dataset, type, memory, space, H5P_DEFAULT, value) >= 0);
    H5Sclose(memory);
    H5Sclose(space);
    H5Dclose(dataset);
}

void base_set_real(hid_t file, const char *place, uint64_t at, double value)
{
    set_value(file, place, at, H5T_NATIVE_DOUBLE, &value);
}

void base_set_integer(hid_t file, const char *place, uint64_t at, int64_t value)
{
    set_value(file, place, at, H5T_NATIVE_INT64, &value);
}

void base_put_attribute(hid_t file, const char *place, const char *name, const char *text)
{
    const hid_t object = H5Oopen(file, place, H5P_DEFAULT), space = H5Screate(H5S_SCALAR), type = text_type();
    hid_t attribute;

    if (H5Aexists(object, name) > 0)
        assert_true(H5Adelete(object, name) >= 0);
    if (text != NULL) {
        attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
        assert_true(H5Awrite(attribute, type, &text) >= 0);
        H5Aclose(attribute);
    }
    H5Tclose(type);
    H5Sclose(space);
    H5Oclose(object);
}

/* ---- the circuit -------------------------------------------------------------------------------------------- */

static void put_magic(hid_t file)
{
    const uint32_t magic = 0x0A7A, version[2] = {0, 1};
    const hid_t one = H5Screate(H5S_SCALAR), two = H5Screate_simple(1, &(hsize_t){2}, NULL);
    hid_t attribute = H5Acreate2(file, "magic", H5T_STD_U32LE, one, H5P_DEFAULT, H5P_DEFAULT);

    assert_true(H5Awrite(attribute, H5T_NATIVE_UINT32, &magic) >= 0);
    H5Aclose(attribute);
    attribute = H5Acreate2(file, "version", H5T_STD_U32LE, two, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Awrite(attribute, H5T_NATIVE_UINT32, version) >= 0);
    H5Aclose(attribute);
    H5Sclose(one);
    H5Sclose(two);
}

/* Columns that every population has; `one` is "node" or "edge". */
static void put_columns(hid_t file, const char *population, const char *one, uint64_t count, int64_t type)
{
    char place[128];

    (void)snprintf(place, sizeof place, "%s/%s_type_id", population, one);
    put_integers(file, place, H5T_STD_I64LE, count, type, 0);
    (void)snprintf(place, sizeof place, "%s/%s_group_id", population, one);
    put_integers(file, place, H5T_STD_U32LE, count, 0, 0);
    (void)snprintf(place, sizeof place, "%s/%s_group_index", population, one);
    put_integers(file, place, H5T_STD_U64LE, count, 0, 1);
}

static void make_nodes(const char *path)
{
    static const char *const texts[][2] = {{"morphology", "cell"},        {"model_template", "hoc:Cell"},
                                           {"model_type", "biophysical"}, {"morph_class", "PYR"},
                                           {"etype", "cADpyr"},           {"mtype", "L5_TPC"},
                                           {"synapse_class", "EXC"}};
    static const char *const coordinates[] = {"x", "y", "z", "orientation_x", "orientation_y", "orientation_z"};
    static const char *const layers[] = {"L4", "L5"};
    char place[128];
    const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);

    assert_true(file >= 0);
    put_magic(file);
    put_integers(file, "/nodes/A/node_id", H5T_STD_U64LE, BASE_A, 0, 1);
    put_columns(file, "/nodes/A", "node", BASE_A, 100);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        (void)snprintf(place, sizeof place, "/nodes/A/0/%s", texts[i][0]);
        base_fill_texts(file, place, BASE_A, texts[i][1]);
    }
    for (size_t i = 0; i < sizeof coordinates / sizeof *coordinates; i++) {
        (void)snprintf(place, sizeof place, "/nodes/A/0/%s", coordinates[i]);
        base_put_reals(file, place, BASE_A, i < 3 ? 10 * (double)i : 0, i < 3 ? 1.5 : 0);
    }
    base_put_reals(file, "/nodes/A/0/orientation_w", BASE_A, 1, 0);
    put_integers(file, "/nodes/A/0/layer", H5T_STD_U32LE, BASE_A, 0, 0);
    base_put_texts(file, "/nodes/A/0/@library/layer", 2, layers);
    base_put_reals(file, "/nodes/A/0/dynamics_params/holding_current", BASE_A, -0.1, 0.001);
    base_put_reals(file, "/nodes/A/0/dynamics_params/threshold_current", BASE_A, 0.2, 0.001);
    put_integers(file, "/nodes/V/node_id", H5T_STD_U64LE, BASE_V, 0, 1);
    put_columns(file, "/nodes/V", "node", BASE_V, 101);
    base_fill_texts(file, "/nodes/V/0/model_type", BASE_V, "virtual");
    base_fill_texts(file, "/nodes/V/0/model_template", BASE_V, "NULL");
    base_close(file);
}

static int64_t integer_at(hid_t file, const char *place, int64_t *list, uint64_t count, uint64_t at)
{
    const hid_t dataset = H5Dopen2(file, place, H5P_DEFAULT);

    assert_true(count <= 64);
    assert_true(H5Dread(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, list) >= 0);
    H5Dclose(dataset);
    return list[at];
}

static uint64_t rows_of(hid_t file, const char *place)
{
    const hid_t dataset = H5Dopen2(file, place, H5P_DEFAULT), space = H5Dget_space(dataset);
    hsize_t extent[2] = {0};

    H5Sget_simple_extent_dims(space, extent, NULL);
    H5Sclose(space);
    H5Dclose(dataset);
    return extent[0];
}

static void put_side(hid_t file, const char *population, const char *end, const char *side, uint64_t nodes)
{
    int64_t id[64], slice[128] = {0}, range[128];
    uint64_t ranges = 0;
    char place[160], both[160];
    uint64_t count;

    (void)snprintf(place, sizeof place, "/edges/%s/%s_node_id", population, end);
    count = rows_of(file, place);
    (void)integer_at(file, place, id, count, 0);
    assert_true(nodes <= 64);
    for (uint64_t n = 0; n < nodes; n++) {
        slice[2 * n] = (int64_t)ranges;
        for (uint64_t e = 0; e < count; e++) {
            if (id[e] != (int64_t)n)
                continue;
            if (e > 0 && id[e - 1] == (int64_t)n) {
                range[2 * ranges - 1]++;
            } else {
                range[2 * ranges] = (int64_t)e;
                range[2 * ranges + 1] = (int64_t)e + 1;
                ranges++;
            }
        }
        slice[2 * n + 1] = (int64_t)ranges;
    }
    (void)snprintf(place, sizeof place, "/edges/%s/indices/%s/node_id_to_ranges", population, side);
    base_put(file, place, H5T_STD_U64LE, H5T_NATIVE_INT64, 2, (hsize_t[]){nodes, 2}, slice);
    (void)snprintf(both, sizeof both, "/edges/%s/indices/%s/node_id_to_range", population, side);
    if (is_there(file, both))
        base_drop(file, both);
    assert_true(H5Lcreate_hard(file, place, file, both, H5P_DEFAULT, H5P_DEFAULT) >= 0);
    (void)snprintf(place, sizeof place, "/edges/%s/indices/%s/range_to_edge_id", population, side);
    base_put(file, place, H5T_STD_U64LE, H5T_NATIVE_INT64, 2, (hsize_t[]){ranges, 2}, range);
}

void base_put_index(hid_t file, const char *population, uint64_t sources, uint64_t targets)
{
    put_side(file, population, "source", "source_to_target", sources);
    put_side(file, population, "target", "target_to_source", targets);
}

/* Edges to each target in turn, from sources that ascend within a target. */
static void put_edges(hid_t file, const char *population, const char *source_population, uint64_t count,
                      uint64_t sources)
{
    static const char *const attributes[] = {"afferent_center_x",
                                             "afferent_center_y",
                                             "afferent_center_z",
                                             "afferent_surface_x",
                                             "afferent_surface_y",
                                             "afferent_surface_z",
                                             "afferent_section_pos",
                                             "afferent_section_type",
                                             "afferent_segment_id",
                                             "afferent_segment_offset",
                                             "efferent_center_x",
                                             "efferent_center_y",
                                             "efferent_center_z",
                                             "efferent_surface_x",
                                             "efferent_surface_y",
                                             "efferent_surface_z",
                                             "efferent_section_pos",
                                             "efferent_section_type",
                                             "efferent_segment_id",
                                             "efferent_segment_offset",
                                             "conductance",
                                             "decay_time",
                                             "depression_time",
                                             "facilitation_time",
                                             "u_syn",
                                             "n_rrp_vesicles",
                                             "spine_length",
                                             "syn_type_id",
                                             "delay",
                                             "syn_weight"};
    int64_t source[64], target[64];
    char place[160];
    const uint64_t each = count / BASE_A + (count % BASE_A > 0);

    assert_true(count <= 64);
    for (uint64_t e = 0; e < count; e++) {
        target[e] = (int64_t)(e / each);
        source[e] = (int64_t)(e % each * 3 % sources);
    }
    (void)snprintf(place, sizeof place, "/edges/%s/source_node_id", population);
    base_put(file, place, H5T_STD_U64LE, H5T_NATIVE_INT64, 1, &(hsize_t){count}, source);
    base_put_attribute(file, place, "node_population", source_population);
    (void)snprintf(place, sizeof place, "/edges/%s/target_node_id", population);
    base_put(file, place, H5T_STD_U64LE, H5T_NATIVE_INT64, 1, &(hsize_t){count}, target);
    base_put_attribute(file, place, "node_population", "A");
    (void)snprintf(place, sizeof place, "/edges/%s", population);
    put_columns(file, place, "edge", count, 200);
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        (void)snprintf(place, sizeof place, "/edges/%s/0/%s", population, attributes[i]);
        base_put_reals(file, place, count, 0.5, 0.01);
    }
    (void)snprintf(place, sizeof place, "/edges/%s/0/afferent_section_id", population);
    put_integers(file, place, H5T_STD_I32LE, count, 0, 1);
    (void)snprintf(place, sizeof place, "/edges/%s/0/efferent_section_id", population);
    put_integers(file, place, H5T_STD_I32LE, count, 0, 1);
    base_put_index(file, population, sources, BASE_A);
}

static void make_edges(const char *path)
{
    const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);

    assert_true(file >= 0);
    put_magic(file);
    put_edges(file, "A__A__chemical", "A", BASE_AA, BASE_A);
    put_edges(file, "V__A__chemical", "V", BASE_VA, BASE_V);
    base_close(file);
}

/* An enumeration over uint8: none, by_id, by_time. */
static void put_sorting(hid_t file, const char *place, uint8_t value)
{
    static const char *const names[] = {"none", "by_id", "by_time"};
    const hid_t type = H5Tenum_create(H5T_STD_U8LE), space = H5Screate(H5S_SCALAR);
    const hid_t object = H5Oopen(file, place, H5P_DEFAULT);
    hid_t attribute;

    for (uint8_t i = 0; i < 3; i++)
        assert_true(H5Tenum_insert(type, names[i], &i) >= 0);
    attribute = H5Acreate2(object, "sorting", type, space, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Awrite(attribute, type, &value) >= 0);
    H5Aclose(attribute);
    H5Oclose(object);
    H5Sclose(space);
    H5Tclose(type);
}

static void make_spikes(const char *path, const char *population, uint64_t nodes)
{
    double time[BASE_SPIKES];
    int64_t node[BASE_SPIKES];
    char place[128];
    const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);

    assert_true(file >= 0);
    put_magic(file);
    for (uint64_t i = 0; i < BASE_SPIKES; i++) {
        time[i] = 0.5 * (double)i;
        node[i] = (int64_t)(i * 3 % nodes);
    }
    (void)snprintf(place, sizeof place, "/spikes/%s/timestamps", population);
    base_put(file, place, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, &(hsize_t){BASE_SPIKES}, time);
    base_put_attribute(file, place, "units", "ms");
    (void)snprintf(place, sizeof place, "/spikes/%s/node_ids", population);
    base_put(file, place, H5T_STD_U64LE, H5T_NATIVE_INT64, 1, &(hsize_t){BASE_SPIKES}, node);
    (void)snprintf(place, sizeof place, "/spikes/%s", population);
    put_sorting(file, place, 2);
    base_close(file);
}

/* Two compartments of each node of A. */
static void make_report(const char *path)
{
    double data[BASE_FRAMES * 2 * BASE_A];
    const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);

    assert_true(file >= 0);
    put_magic(file);
    for (size_t i = 0; i < sizeof data / sizeof *data; i++)
        data[i] = -65 + 0.01 * (double)i;
    base_put(file, "/report/A/data", H5T_IEEE_F32LE, H5T_NATIVE_DOUBLE, 2, (hsize_t[]){BASE_FRAMES, 2 * BASE_A}, data);
    base_put_attribute(file, "/report/A/data", "units", "mV");
    put_integers(file, "/report/A/mapping/node_ids", H5T_STD_U64LE, BASE_A, 0, 1);
    put_integers(file, "/report/A/mapping/index_pointers", H5T_STD_U64LE, BASE_A + 1, 0, 2);
    assert_true(H5Lcreate_hard(file, "/report/A/mapping/index_pointers", file, "/report/A/mapping/index_pointer",
                               H5P_DEFAULT, H5P_DEFAULT) >= 0);
    put_integers(file, "/report/A/mapping/element_ids", H5T_STD_U32LE, 2 * BASE_A, 0, 1);
    base_put(file, "/report/A/mapping/time", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, &(hsize_t){3},
             (double[]){0, 2.0, 0.1});
    base_put_attribute(file, "/report/A/mapping/time", "units", "ms");
    base_close(file);
}

static void make_configs(base_circuit *circuit)
{
    circuit->config = test_file(
        circuit->folder, "circuit_config.json",
        "{\n"
        "  \"manifest\": {\"$NETWORK_DIR\": \".\", \"$MODELS\": \"./models\"},\n"
        "  \"components\": {\n"
        "    \"morphologies_dir\": \"$MODELS/morphologies\",\n"
        "    \"biophysical_neuron_models_dir\": \"$MODELS/cells\",\n"
        "    \"synaptic_models_dir\": \"$MODELS/synapses\"\n"
        "  },\n"
        "  \"node_sets_file\": \"$NETWORK_DIR/node_sets.json\",\n"
        "  \"networks\": {\n"
        "    \"nodes\": [{\n"
        "      \"nodes_file\": \"$NETWORK_DIR/nodes.h5\",\n"
        "      \"node_types_file\": \"$NETWORK_DIR/node_types.csv\",\n"
        "      \"populations\": {\"A\": {\"type\": \"biophysical\"}, \"V\": {\"type\": \"virtual\"}}\n"
        "    }],\n"
        "    \"edges\": [{\n"
        "      \"edges_file\": \"$NETWORK_DIR/edges.h5\",\n"
        "      \"edge_types_file\": \"$NETWORK_DIR/edge_types.csv\",\n"
        "      \"populations\": {\"A__A__chemical\": {\"type\": \"chemical\"}, \"V__A__chemical\": {\"type\": "
        "\"chemical\"}}\n"
        "    }]\n"
        "  }\n"
        "}\n");
    circuit->simulation = test_file(
        circuit->folder, "simulation_config.json",
        "{\n"
        "  \"manifest\": {\"$OUTPUT_DIR\": \"./output\"},\n"
        "  \"network\": \"./circuit_config.json\",\n"
        "  \"target_simulator\": \"NEURON\",\n"
        "  \"run\": {\"tstop\": 100.0, \"dt\": 0.05, \"random_seed\": 7},\n"
        "  \"conditions\": {\"celsius\": 34, \"v_init\": -70,\n"
        "    \"modifications\": [{\"name\": \"quiet\", \"node_set\": \"Excitatory\", \"type\": \"ttx\"}]},\n"
        "  \"output\": {\"output_dir\": \"$OUTPUT_DIR\", \"spikes_file\": \"spikes.h5\", \"spikes_sort_order\": "
        "\"by_time\"},\n"
        "  \"inputs\": {\n"
        "    \"noise\": {\"input_type\": \"current_clamp\", \"module\": \"noise\", \"mean\": 0.1, \"delay\": 0,\n"
        "      \"duration\": 50, \"node_set\": \"Excitatory\"},\n"
        "    \"thalamus\": {\"input_type\": \"spikes\", \"module\": \"sonata\", \"input_file\": \"./input.h5\",\n"
        "      \"node_set\": \"V\"}\n"
        "  },\n"
        "  \"reports\": {\n"
        "    \"voltage\": {\"cells\": \"Excitatory\", \"variable_name\": \"v\", \"type\": \"compartment\",\n"
        "      \"start_time\": 0, \"end_time\": 2.0, \"dt\": 0.1}\n"
        "  }\n"
        "}\n");
    circuit->node_types = test_file(circuit->folder, "node_types.csv",
                                    "node_type_id pop_name ei\n100 Exc e\n101 \"virtual cells\" NULL\n");
    circuit->edge_types =
        test_file(circuit->folder, "edge_types.csv", "edge_type_id target_query dynamics_params\n200 * AMPA.json\n");
    circuit->node_sets = test_file(circuit->folder, "node_sets.json",
                                   "{\n"
                                   "  \"Excitatory\": {\"population\": \"A\", \"ei\": \"e\"},\n"
                                   "  \"Upper\": {\"layer\": [\"L4\"], \"x\": {\"$lt\": 100}},\n"
                                   "  \"Few\": {\"population\": \"A\", \"node_id\": [1, 2, 3]},\n"
                                   "  \"Both\": [\"Few\", \"Upper\"]\n"
                                   "}\n");
}

/* A file of the components, in a folder that is made. */
static void make_component(const base_circuit *circuit, const char *folder, const char *name, const char *text)
{
    char *path = NULL;

    assert_done(sna_path_join(&path, circuit->folder, folder));
    assert_done(sna_path_make_folder(path));
    free(test_file(path, name, text));
    free(path);
}

void base_circuit_make(base_circuit *circuit)
{
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    circuit->folder = test_folder();
    make_configs(circuit);
    make_component(circuit, "models/morphologies", "cell.swc", "1 1 0 0 0 5 -1\n");
    make_component(circuit, "models/cells", "Cell.hoc", "begintemplate Cell\nendtemplate Cell\n");
    make_component(circuit, "models/synapses", "AMPA.json", "{\"tau1\": 0.1}\n");
    make_component(circuit, "output", "log.txt", "done\n");
    assert_done(sna_path_join(&circuit->nodes, circuit->folder, "nodes.h5"));
    assert_done(sna_path_join(&circuit->edges, circuit->folder, "edges.h5"));
    assert_done(sna_path_join(&circuit->input, circuit->folder, "input.h5"));
    assert_done(sna_path_join(&circuit->spikes, circuit->folder, "output/spikes.h5"));
    assert_done(sna_path_join(&circuit->report, circuit->folder, "output/voltage.h5"));
    make_nodes(circuit->nodes);
    make_edges(circuit->edges);
    make_spikes(circuit->input, "V", BASE_V);
    make_spikes(circuit->spikes, "A", BASE_A);
    make_report(circuit->report);
}

void base_circuit_remove(base_circuit *circuit)
{
    test_folder_remove(circuit->folder);
    free(circuit->config);
    free(circuit->simulation);
    free(circuit->nodes);
    free(circuit->edges);
    free(circuit->node_types);
    free(circuit->edge_types);
    free(circuit->node_sets);
    free(circuit->input);
    free(circuit->spikes);
    free(circuit->report);
    *circuit = (base_circuit){0};
}
