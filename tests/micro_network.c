/* micro_network.c: a network of five cells whose every statistic can be worked out by hand. */
#include "support.h"

#include "micro_network.h"

#include <stdlib.h>

#include <hdf5.h>

static void write_values(hid_t group, const char *name, hid_t stored, hid_t given, const void *values, hsize_t count)
{
    const hid_t space = H5Screate_simple(1, &count, NULL);
    const hid_t data = H5Dcreate2(group, name, stored, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

    assert_true(data >= 0);
    assert_true(H5Dwrite(data, given, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    (void)H5Dclose(data);
    (void)H5Sclose(space);
}

static void write_ids(hid_t group, const char *name, const uint64_t *values, hsize_t count)
{
    write_values(group, name, H5T_STD_U64LE, H5T_NATIVE_UINT64, values, count);
}

static void name_population(hid_t group, const char *dataset)
{
    const hid_t data = H5Dopen2(group, dataset, H5P_DEFAULT), type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    hid_t attribute;

    assert_true(H5Tset_size(type, 1) >= 0);
    attribute = H5Acreate2(data, "node_population", type, space, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(attribute >= 0 && H5Awrite(attribute, type, "m") >= 0);
    (void)H5Aclose(attribute);
    (void)H5Sclose(space);
    (void)H5Tclose(type);
    (void)H5Dclose(data);
}

static hid_t make_group(hid_t parent, const char *path)
{
    const hid_t links = H5Pcreate(H5P_LINK_CREATE);
    hid_t group;

    assert_true(H5Pset_create_intermediate_group(links, 1) >= 0);
    group = H5Gcreate2(parent, path, links, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(group >= 0);
    (void)H5Pclose(links);
    return group;
}

static void write_nodes(const char *path)
{
    static const uint64_t type[] = {1, 1, 1, 2, 2};
    static const double x[] = {0, 30, 0, 0, 100}, y[] = {0, 0, 40, 0, 0}, z[] = {0, 0, 0, 50, 0};
    const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    hid_t population, group;

    assert_true(file >= 0);
    population = make_group(file, "nodes/m");
    group = make_group(population, "0");
    write_ids(population, "node_type_id", type, 5);
    write_values(group, "x", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, x, 5);
    write_values(group, "y", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, y, 5);
    write_values(group, "z", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, z, 5);
    (void)H5Gclose(group);
    (void)H5Gclose(population);
    assert_true(H5Fclose(file) >= 0);
}

static void write_edges(const char *path, bool gap_junctions)
{
    static const uint64_t source[] = {0, 1, 0, 0, 1, 2, 3, 0, 1}, target[] = {1, 0, 2, 3, 3, 4, 0, 1, 2};
    static const uint64_t type[] = {100, 100, 100, 101, 101, 101, 102, 103, 103};
    static const uint64_t synapses[] = {1, 1, 1, 2, 2, 2, 1, 1, 1};
    static const double delay[] = {1, 1.5, 2, 3, 3.5, 4, 5, 0, 0};
    const hsize_t count = gap_junctions ? 9 : 7;
    const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    hid_t population, group;

    assert_true(file >= 0);
    population = make_group(file, "edges/m_to_m");
    group = make_group(population, "0");
    write_ids(population, "source_node_id", source, count);
    write_ids(population, "target_node_id", target, count);
    write_ids(population, "edge_type_id", type, count);
    name_population(population, "source_node_id");
    name_population(population, "target_node_id");
    write_ids(group, "nsyns", synapses, count);
    write_values(group, "delay", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, delay, count);
    (void)H5Gclose(group);
    (void)H5Gclose(population);
    assert_true(H5Fclose(file) >= 0);
}

char *micro_network(const char *folder, bool gap_junctions)
{
    char *nodes = NULL, *edges = NULL;

    assert_done(sna_path_join(&nodes, folder, "nodes.h5"));
    assert_done(sna_path_join(&edges, folder, "edges.h5"));
    write_nodes(nodes);
    write_edges(edges, gap_junctions);
    free(nodes);
    free(edges);
    free(test_file(folder, "node_types.csv", "node_type_id pop_name model_type\n1 A biophysical\n2 B biophysical\n"));
    free(test_file(folder, "edge_types.csv",
                   gap_junctions ? "edge_type_id dynamics_params is_gap_junction\n"
                                   "100 AA.json NULL\n101 AB.json NULL\n102 BA.json NULL\n"
                                   "103 NULL True\n"
                                 : "edge_type_id dynamics_params\n"
                                   "100 AA.json\n101 AB.json\n102 BA.json\n"));
    free(test_file(
        folder, "node_sets.json",
        "{\"first\": {\"node_id\": [0, 1]}, \"second\": {\"pop_name\": \"B\"}, \"mixed\": {\"node_id\": [1, 3]},\n"
        " \"nobody\": {\"pop_name\": \"C\"}}\n"));
    return test_file(
        folder, "circuit_config.json",
        "{\"manifest\": {\"$DIR\": \".\"}, \"node_sets_file\": \"$DIR/node_sets.json\", \"networks\": {\n"
        " \"nodes\": [{\"nodes_file\": \"$DIR/nodes.h5\", \"node_types_file\": \"$DIR/node_types.csv\"}],\n"
        " \"edges\": [{\"edges_file\": \"$DIR/edges.h5\", \"edge_types_file\": \"$DIR/edge_types.csv\"}]}}\n");
}
