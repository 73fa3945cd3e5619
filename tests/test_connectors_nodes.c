/* test_connectors_nodes.c: where nodes are placed, and values that differ from node to node and synapse to synapse. */
#include "support.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connectors/connectors.h"
#include "sonata/sonata.h"

static const double pi = 3.14159265358979323846;

static sna_network *place(const char *positions, unsigned count)
{
    char *text = NULL;
    sna_network *network = NULL;

    assert_done(
        sna_text_format(&text,
                        "{\"sonatina\": 1, \"seed\": 4, \"populations\": {\"n\": {\"positions\": %s, \"nodes\": "
                        "[{\"count\": %u}]}}}",
                        positions, count));
    assert_done(sna_network_parse(&network, text, strlen(text), "spec.json", NULL, NULL));
    free(text);
    return network;
}

static void refused(const char *populations, const char *part)
{
    char *text = NULL;
    sna_network *network = NULL;

    assert_done(sna_text_format(&text, "{\"sonatina\": 1, \"populations\": %s}", populations));
    assert_int_equal(sna_network_parse(&network, text, strlen(text), "spec.json", NULL, NULL), SNA_EFORMAT);
    assert_contains(sna_error_message(), part);
    free(text);
}

/* Mean and mean square of each coordinate against those of the shape, by their standard errors; and is every node in
 * it? */
static void check_shape(const char *positions, bool (*inside)(const double[3]), const double mean[3],
                        const double square[3])
{
    enum { COUNT = 20000 };
    sna_network *network = place(positions, COUNT);
    const double(*at)[3] = sna_network_positions(network, 0);

    for (unsigned d = 0; d < 3; d++) {
        double first = 0, second = 0, fourth = 0;
        for (unsigned i = 0; i < COUNT; i++) {
            const double off = at[i][d] - mean[d];
            assert_true(inside(at[i]));
            assert_true(at[i][d] == (double)(float)at[i][d]);
            first += off / COUNT;
            second += off * off / COUNT;
            fourth += off * off * off * off / COUNT;
        }
        assert_true(fabs(first) <= 4.5 * sqrt(square[d] / COUNT) + 1e-4);
        assert_true(fabs(second - square[d]) <= 4.5 * sqrt(fmax(0, fourth - second * second) / COUNT) + 1e-3);
    }
    sna_network_free(network);
}

static bool in_box(const double at[3])
{
    return at[0] >= -10 && at[0] <= 30 && at[1] >= 5 && at[1] <= 6 && at[2] == 7;
}

static bool in_ball(const double at[3])
{
    return (at[0] - 1) * (at[0] - 1) + at[1] * at[1] + at[2] * at[2] <= 100.001;
}

static bool in_ellipsoid(const double at[3])
{
    return at[0] * at[0] / 100 + at[1] * at[1] / 400 + at[2] * at[2] / 25 <= 1.00001;
}

static bool in_cylinder(const double at[3])
{
    return at[0] * at[0] + at[1] * at[1] <= 400.01 && fabs(at[2]) <= 15.0001;
}

static bool in_column(const double at[3])
{
    const double r = at[0] * at[0] + at[2] * at[2];

    return r >= 24.99 && r <= 100.01 && fabs(at[1] - 50) <= 20.0001;
}

static void shapes_are_filled_evenly(void **state)
{
    (void)state;
    check_shape("{\"box\": {\"min\": [-10, 5, 7], \"max\": [30, 6, 7]}}", in_box, (const double[]){10, 5.5, 7},
                (const double[]){1600 / 12.0, 1 / 12.0, 0});
    check_shape("{\"sphere\": {\"center\": [1, 0, 0], \"radius\": 10}}", in_ball, (const double[]){1, 0, 0},
                (const double[]){20, 20, 20});
    check_shape("{\"ellipsoid\": {\"radii\": [10, 20, 5]}}", in_ellipsoid, (const double[]){0, 0, 0},
                (const double[]){20, 80, 5});
    check_shape("{\"cylinder\": {\"radius\": 20, \"height\": 30}}", in_cylinder, (const double[]){0, 0, 0},
                (const double[]){100, 100, 75});
    check_shape("{\"columnar\": {\"center\": [0, 50, 0], \"height\": 40, \"min_radius\": 5, \"max_radius\": 10}}",
                in_column, (const double[]){0, 50, 0}, (const double[]){125 / 4.0, 1600 / 12.0, 125 / 4.0});
}

static void grids_and_lists(void **state)
{
    sna_network *network =
        place("{\"grid\": {\"origin\": [1, 2, 3], \"spacing\": [10, 20, 30], \"size\": [2, 3, 2]}}", 9);
    const double(*at)[3] = sna_network_positions(network, 0);
    double sum = 0;

    (void)state;
    assert_true(at[0][0] == 1 && at[0][1] == 2 && at[0][2] == 3);
    assert_true(at[1][0] == 11 && at[1][1] == 2 && at[2][0] == 1 && at[2][1] == 22 && at[8][2] == 33 && at[8][1] == 22);
    sna_network_free(network);
    network = place("{\"grid\": {\"spacing\": 5, \"size\": [2, 3, 2], \"shuffle\": true}, \"min_distance\": 5}", 12);
    at = sna_network_positions(network, 0);
    for (unsigned i = 0; i < 12; i++)
        sum += at[i][0] + 10 * at[i][1] + 100 * at[i][2];
    assert_true(sum == 12 * (2.5 + 10 * 5 + 100 * 2.5)); /* every point once */
    sna_network_free(network);
    network = place("{\"list\": [[1, 2, 3], [4, 5, 6.5]]}", 2);
    assert_true(sna_network_positions(network, 0)[1][2] == 6.5);
    sna_network_free(network);
    refused("{\"n\": {\"positions\": {\"list\": [[1, 2, 3]]}, \"nodes\": [{\"count\": 2}]}}",
            "lists 1 positions, but there are 2 nodes");
    refused("{\"n\": {\"positions\": {\"grid\": {\"spacing\": 5, \"size\": [2, 2, 2]}}, \"nodes\": [{\"count\": 9}]}}",
            "the grid has 8 points, but there are 9 nodes");
    refused("{\"n\": {\"positions\": {\"list\": [[1, 2, 3], [1, 2, 4]], \"min_distance\": 2}, \"nodes\": [{\"count\": "
            "2}]}}",
            "1 of the 2 nodes are closer than this");
    refused("{\"n\": {\"positions\": {\"csv\": \"nowhere.csv\"}, \"nodes\": [{\"count\": 2}]}}",
            "there is no file nowhere.csv");
}

static double closest(const sna_network *network, uint64_t p, uint64_t q)
{
    const double(*a)[3] = sna_network_positions(network, p), (*b)[3] = sna_network_positions(network, q);
    double least = INFINITY;

    for (uint64_t i = 0; i < sna_network_nodes(network, p); i++) {
        for (uint64_t k = p == q ? i + 1 : 0; k < sna_network_nodes(network, q); k++)
            least = fmin(least, (a[i][0] - b[k][0]) * (a[i][0] - b[k][0]) + (a[i][1] - b[k][1]) * (a[i][1] - b[k][1]) +
                                    (a[i][2] - b[k][2]) * (a[i][2] - b[k][2]));
    }
    return sqrt(least);
}

static void nodes_keep_their_distance(void **state)
{
    sna_network *network =
        place("{\"box\": {\"min\": [0, 0, 0], \"max\": [200, 200, 200]}, \"min_distance\": 16}", 1200);

    (void)state;
    assert_true(closest(network, 0, 0) >= 16);
    sna_network_free(network);
    network = place("{\"cylinder\": {\"radius\": 100, \"height\": 0}, \"min_distance\": 10}", 200);
    assert_true(closest(network, 0, 0) >= 10);
    sna_network_free(network);
}

/* Random sequential addition stops at a coverage of 0.547 in the plane (Feder 1980) and 0.384 in space (Cooper 1988).
 * At a wall, where centres may lie on it, more fit, but not as many as if all nodes were within it. */
static void how_many_fit(void **state)
{
    const double d = 4;
    double least, most;
    sna_network *network = NULL;
    const char *text = "{\"sonatina\": 1, \"populations\": {\"n\": {\"positions\": {\"box\": {\"min\": [0, 0, 0], "
                       "\"max\": [200, 200, 0]}, \"min_distance\": 4}, \"nodes\": [{\"count\": 10000}]}}}";
    uint64_t fit = 0;

    (void)state;
    assert_int_equal(sna_network_parse(&network, text, strlen(text), "spec.json", NULL, NULL), SNA_EFORMAT);
    assert_contains(sna_error_message(),
                    "populations.n.positions.min_distance: is too large: of the 10000 nodes only ");
    fit = strtoull(strstr(sna_error_message(), "only ") + 5, NULL, 10);
    least = (double)fit * pi * d * d / 4 / (204.0 * 204.0);
    most = (double)fit * pi * d * d / 4 / (200.0 * 200.0);
    assert_true(least < 0.55 && least > 0.53 && most > 0.547 && most < 0.58);
    text =
        "{\"sonatina\": 1, \"populations\": {\"n\": {\"positions\": {\"box\": {\"min\": [0, 0, 0], \"max\": [60, 60, "
        "60]}, \"min_distance\": 4}, \"nodes\": [{\"count\": 10000}]}}}";
    assert_int_equal(sna_network_parse(&network, text, strlen(text), "spec.json", NULL, NULL), SNA_EFORMAT);
    fit = strtoull(strstr(sna_error_message(), "only ") + 5, NULL, 10);
    least = (double)fit * pi * d * d * d / 6 / (64.0 * 64.0 * 64.0);
    most = (double)fit * pi * d * d * d / 6 / (60.0 * 60.0 * 60.0);
    assert_true(least < 0.384 && least > 0.35 && most > 0.384 && most < 0.45);
}

static void shells_go_around(void **state)
{
    sna_network *network = NULL;
    const char *text =
        "{\"sonatina\": 1, \"populations\": {\"core\": {\"positions\": {\"box\": {\"min\": [0, 0, 0], \"max\": [100, "
        "100, 50]}, \"min_distance\": 6}, \"count\": 500, \"nodes\": [{\"t\": \"x\", \"share\": 3}, {\"t\": \"y\", "
        "\"share\": 1}]}, \"shell\": {\"positions\": {\"around\": \"core\", \"width\": [50, 50, 0], \"same_density\": "
        "true, \"min_distance\": 6}, \"nodes\": [{\"t\": \"x\", \"share\": 3}, {\"t\": \"y\", \"share\": 1}]}}, "
        "\"edges\": [{\"name\": \"a\", \"source\": {\"population\": \"core\", \"t\": \"x\"}, \"target\": "
        "{\"population\": \"core\", \"t\": [\"x\"]}, \"connector\": {\"type\": \"reciprocal\", \"p0\": 0.1, \"pr\": "
        "0.05, \"n_syn\": 3}}, {\"name\": \"b\", \"source\": {\"population\": \"core\", \"t\": \"x\"}, \"target\": "
        "{\"population\": \"core\", \"t\": \"y\"}, \"connector\": {\"type\": \"reciprocal\", \"p0\": 0.2, \"p1\": 0.3, "
        "\"rho\": 0, \"n_syn0\": 2, \"n_syn1\": 4}}, {\"edges_from_shell\": \"shell\", \"of\": \"all\"}]}";
    const double(*at)[3];
    static const char *const name[] = {"a", "b", "b", "a from shell", "b from shell", "b (backward) from shell"};
    static const double p[] = {0.1, 0.2, 0.3}, sources[] = {1125, 1125, 375};
    static const uint64_t synapses[] = {3, 2, 4};
    sna_edge_list list = SNA_EDGE_LIST;

    (void)state;
    assert_done(sna_network_parse(&network, text, strlen(text), "spec.json", NULL, NULL));
    assert_int_equal(sna_network_nodes(network, 1), 1500); /* four times the area, less the core's */
    at = sna_network_positions(network, 1);
    for (uint64_t i = 0; i < 1500; i++) {
        assert_true(!(at[i][0] > 0.01 && at[i][0] < 99.99 && at[i][1] > 0.01 && at[i][1] < 99.99));
        assert_true(at[i][0] >= -50 && at[i][0] <= 150 && at[i][1] >= -50 && at[i][1] <= 150 && at[i][2] >= 0);
    }
    assert_true(closest(network, 1, 1) >= 6 && closest(network, 0, 1) >= 6);
    assert_int_equal(sna_network_projections(network), 6);
    for (uint64_t i = 0; i < 6; i++)
        assert_string_equal(sna_network_projection(network, i), name[i]);
    for (uint64_t i = 0; i < 3; i++) {
        const double pairs = sources[i] * (double)sna_network_targets(network, 3 + i);
        assert_done(sna_network_draw(network, 3 + i, 0, sna_network_targets(network, 3 + i), &list));
        assert_true(fabs((double)list.count - p[i] * pairs) < 4.5 * sqrt(pairs * p[i] * (1 - p[i])));
        assert_int_equal(list.synapses[0], synapses[i]);
    }
    sna_edge_list_free(&list);
    sna_network_free(network);
    refused("{\"s\": {\"positions\": {\"around\": \"core\", \"width\": [1, 1, 1]}, \"nodes\": [{\"count\": 1}]}, "
            "\"core\": {\"positions\": {\"box\": {\"min\": [0, 0, 0], \"max\": [1, 1, 1]}}, \"nodes\": [{\"count\": "
            "1}]}}",
            "must name a population that stands before this one");
}

/* ---- values ------------------------------------------------------------------------------------------------- */

typedef struct {
    double mean, sd, least, most, count;
} moments;

static moments measure(const double *value, uint64_t count)
{
    moments m = {0, 0, INFINITY, -INFINITY, (double)count};

    for (uint64_t i = 0; i < count; i++) {
        m.mean += value[i] / m.count;
        m.least = fmin(m.least, value[i]);
        m.most = fmax(m.most, value[i]);
    }
    for (uint64_t i = 0; i < count; i++)
        m.sd += (value[i] - m.mean) * (value[i] - m.mean) / m.count;
    m.sd = sqrt(m.sd);
    return m;
}

static void assert_near(double value, double expected, double error)
{
    if (!(fabs(value - expected) <= error))
        print_error("%g is not %g within %g\n", value, expected, error);
    assert_true(fabs(value - expected) <= error);
}

/* One attribute of all edges, as numbers. */
static double *read_edges(sna_edges *edges, const char *name, uint64_t *count)
{
    const char *const names[] = {name};
    const sna_edge_request request = {.attribute = names, .attribute_count = 1};
    sna_edge_stream *stream = NULL;
    sna_edge_block block;
    double *value = calloc(sna_edges_count(edges) + 1, sizeof *value);

    assert_non_null(value);
    *count = 0;
    assert_done(sna_edge_stream_open(&stream, edges, &request));
    for (;;) {
        assert_done(sna_edge_stream_next(stream, &block));
        if (block.count == 0)
            break;
        for (uint64_t i = 0; i < block.count; i++)
            value[(*count)++] = sna_column_real(&block.column[0], i);
    }
    sna_edge_stream_close(stream);
    return value;
}

static void build(const char *folder, const char *name, const char *text)
{
    sna_network *network = NULL;
    char *path = NULL;

    assert_done(sna_network_parse(&network, text, strlen(text), "spec.json", folder, NULL));
    assert_done(sna_path_join(&path, folder, name));
    assert_done(sna_network_build(network, path, false));
    free(path);
    sna_network_free(network);
}

static const char values_spec[] =
    "{\"sonatina\": 1, \"seed\": 11, \"populations\": {\"n\": {\"positions\": {\"box\": {\"min\": [0, 0, 0], \"max\": "
    "[900, 900, 900]}}, \"nodes\": [{\"pop_name\": \"A\", \"count\": 200}]}}, \"edges\": [{\"source\": "
    "{\"population\": "
    "\"n\"}, \"target\": {\"population\": \"n\"}, \"connector\": {\"type\": \"all_to_all\", \"n_syn\": 2}, "
    "\"per_edge\": {"
    "\"uniform\": {\"uniform\": [-1, 3]}, \"whole\": {\"uniform_integer\": [-2, 2]}, "
    "\"normal\": {\"normal\": {\"mean\": 2, \"sd\": 0.5}}, "
    "\"clipped\": {\"normal\": {\"mean\": 0, \"sd\": 1, \"clip\": [-0.5, 0.5]}}, "
    "\"syn_weight\": {\"lognormal\": {\"mean\": 1.5, \"sd\": 0.75}, \"storage\": \"float64\"}, "
    "\"*section\": {\"choose\": {\"p\": [0.9, 0.1], \"afferent_section_id\": [1, 2], \"afferent_section_pos\": [0.4, "
    "0.6]}}, "
    "\"delay\": {\"distance_delay\": {\"sd\": 0}}, \"noisy\": {\"constant_delay\": {}}, "
    "\"far\": {\"distance\": \"cylindrical_z\"}, \"same\": 7}}]}";

static void synapses_have_values(void **state)
{
    char *folder = test_folder(), *path = NULL;
    sna_edges *edges = NULL;
    sna_nodes *nodes = NULL;
    double *value, *id, *position;
    const double(*at)[3];
    unsigned dimensions;
    uint64_t count;
    moments m;

    (void)state;
    build(folder, "net", values_spec);
    assert_done(sna_path_join(&path, folder, "net/n_n_edges.h5"));
    assert_done(sna_edges_open(&edges, path, NULL, NULL, NULL));
    assert_null(sna_edges_find_attribute(edges, "nsyns")); /* a row a synapse */
    assert_int_equal(sna_edges_count(edges), 2 * 200 * 199);
    value = read_edges(edges, "uniform", &count);
    m = measure(value, count);
    assert_near(m.mean, 1, 4.5 * sqrt(16 / 12.0 / m.count));
    assert_true(m.least >= -1 && m.most <= 3 && m.least < -0.99 && m.most > 2.99);
    assert_true(value[0] != value[1]); /* synapses of one pair differ */
    free(value);
    value = read_edges(edges, "whole", &count);
    m = measure(value, count);
    assert_near(m.mean, 0, 4.5 * sqrt(2 / m.count));
    assert_true(m.least == -2 && m.most == 2);
    free(value);
    value = read_edges(edges, "normal", &count);
    m = measure(value, count);
    assert_near(m.mean, 2, 4.5 * 0.5 / sqrt(m.count));
    assert_near(m.sd, 0.5, 4.5 * 0.5 / sqrt(2 * m.count));
    free(value);
    value = read_edges(edges, "clipped", &count);
    m = measure(value, count);
    assert_true(m.least == -0.5 && m.most == 0.5);
    free(value);
    value = read_edges(edges, "syn_weight", &count);
    m = measure(value, count);
    assert_near(m.mean, 1.5, 4.5 * 0.75 / sqrt(m.count));
    assert_near(m.sd, 0.75, 0.02); /* of the value itself, not of its logarithm */
    assert_int_equal(sna_edges_find_attribute(edges, "syn_weight")->storage, SNA_F64);
    free(value);
    value = read_edges(edges, "noisy", &count);
    m = measure(value, count);
    assert_near(m.mean, 0.9, 1e-2); /* 100 um / 1000 + 0.8; clipping moves it a little */
    assert_near(m.sd, 0.2, 5e-3);
    assert_true(m.least == (double)0.2F && m.most <= 2);
    free(value);

    /* Chosen together. */
    id = read_edges(edges, "afferent_section_id", &count);
    position = read_edges(edges, "afferent_section_pos", &count);
    m = measure(id, count);
    assert_near(m.mean, 1.1, 4.5 * 0.3 / sqrt(m.count));
    for (uint64_t i = 0; i < count; i++)
        assert_true(position[i] == (id[i] == 1 ? (double)0.4F : (double)0.6F));
    free(id);
    free(position);

    /* By the places of the nodes as they stand in the file. */
    free(path);
    assert_done(sna_path_join(&path, folder, "net/n_nodes.h5"));
    assert_done(sna_nodes_open(&nodes, path, NULL, NULL, NULL));
    assert_done(sna_nodes_positions(nodes, &at, &dimensions));
    id = read_edges(edges, "source_node_id", &count);
    position = read_edges(edges, "target_node_id", &count);
    value = read_edges(edges, "delay", &count);
    for (uint64_t i = 0; i < count; i++) {
        const double *a = at[(uint64_t)id[i]], *b = at[(uint64_t)position[i]];
        const double d =
            sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]));
        assert_near(value[i], fmin(2, 0.8 + d / 1000), 1e-6);
    }
    free(value);
    value = read_edges(edges, "far", &count);
    for (uint64_t i = 0; i < count; i++) {
        const double *a = at[(uint64_t)id[i]], *b = at[(uint64_t)position[i]];
        assert_near(value[i], hypot(a[0] - b[0], a[1] - b[1]), 1e-3);
    }
    free(value);
    free(id);
    free(position);
    value = read_edges(edges, "same", &count);
    m = measure(value, count);
    assert_true(m.least == 7 && m.most == 7);
    free(value);
    sna_nodes_close(nodes);
    sna_edges_close(edges);
    free(path);
    test_folder_remove(folder);
}

/* Entries of one file with different properties: one group where all can be filled, several where not. */
static void groups(void **state)
{
    static const char format[] =
        "{\"sonatina\": 1, \"populations\": {\"n\": {\"nodes\": [{\"pop_name\": \"A\", \"count\": 20}]}}, \"edges\": ["
        "{\"source\": {\"population\": \"n\"}, \"target\": {\"population\": \"n\"}, \"connector\": {\"type\": "
        "\"unidirectional\", \"p\": 0.5, \"n_syn\": 3}, \"properties\": {%s}}, "
        "{\"source\": {\"population\": \"n\"}, \"target\": {\"population\": \"n\"}, \"connector\": {\"type\": "
        "\"unidirectional\", \"p\": 0.5, \"n_syn\": 2}, \"per_edge\": {\"delay\": {\"uniform\": [5, 6]}}}]}";
    char *folder = test_folder();

    (void)state;
    for (unsigned k = 0; k < 2; k++) {
        char *text = NULL, *path = NULL, *types = NULL;
        sna_edges *edges = NULL;
        double *group, *synapses, *delay, *type, rows[2] = {0, 0};
        uint64_t count;
        assert_done(sna_text_format(&text, format, k == 0 ? "\"delay\": 1.5" : ""));
        build(folder, k == 0 ? "one" : "two", text);
        assert_done(sna_path_join(&path, folder, k == 0 ? "one/n_n_edges.h5" : "two/n_n_edges.h5"));
        assert_done(sna_path_join(&types, folder, k == 0 ? "one/n_n_edge_types.csv" : "two/n_n_edge_types.csv"));
        assert_done(sna_edges_open(&edges, path, types, NULL, NULL));
        group = read_edges(edges, "edge_group_id", &count);
        type = read_edges(edges, "edge_type_id", &count);
        synapses = read_edges(edges, "nsyns", &count);
        delay = read_edges(edges, "delay", &count);
        for (uint64_t i = 0; i < count; i++) {
            const bool second = type[i] == 101;
            rows[second]++;
            assert_true(group[i] == (k == 1 && second));
            assert_true(second ? delay[i] >= 5 && delay[i] <= 6 : k == 0 ? delay[i] == 1.5 : isnan(delay[i]));
            assert_true(second ? (k == 0 ? synapses[i] == 1 : isnan(synapses[i])) : synapses[i] == 3);
        }
        assert_true(rows[0] > 0 && rows[1] > 0 && fmod(rows[1], 2) == 0);
        free(group);
        free(type);
        free(synapses);
        free(delay);
        sna_edges_close(edges);
        free(text);
        free(path);
        free(types);
    }
    test_folder_remove(folder);
}

static void nodes_have_values(void **state)
{
    char *folder = test_folder(), *path = NULL, *types = NULL;
    char *csv = test_file(folder, "tuning.csv", "name,deg\na,10\nb,20.5\nc,30\n");
    const sna_column *column = NULL;
    sna_nodes *nodes = NULL;

    (void)state;
    build(folder, "net",
          "{\"sonatina\": 1, \"populations\": {\"n\": {\"nodes\": [{\"pop_name\": \"A\", \"count\": 3, \"per_node\": "
          "{\"tuning\": {\"csv\": \"tuning.csv\", \"column\": \"deg\"}, \"letter\": {\"list\": [\"x\", \"y\", \"z\"]}, "
          "\"rotation_angle_yaxis\": {\"uniform\": [0, 6.28]}}}, {\"pop_name\": \"B\", \"count\": 2, \"tuning\": 7, "
          "\"letter\": \"b\"}]}}, \"edges\": [{\"source\": {\"population\": \"n\", \"letter\": [\"z\", \"b\"]}, "
          "\"target\": {\"population\": \"n\", \"tuning\": 20.5}, \"connector\": {\"type\": \"all_to_all\"}}]}");
    assert_done(sna_path_join(&path, folder, "net/n_nodes.h5"));
    assert_done(sna_path_join(&types, folder, "net/n_node_types.csv"));
    assert_done(sna_nodes_open(&nodes, path, types, NULL, NULL));
    assert_done(sna_nodes_column(nodes, "tuning", &column));
    assert_true(sna_column_real(column, 0) == 10 && sna_column_real(column, 1) == 20.5 &&
                sna_column_real(column, 4) == 7);
    assert_done(sna_nodes_column(nodes, "letter", &column));
    assert_string_equal(sna_column_text(column, 2), "z");
    assert_string_equal(sna_column_text(column, 3), "b");
    assert_done(sna_nodes_column(nodes, "rotation_angle_yaxis", &column));
    assert_true(sna_column_real(column, 0) > 0 && sna_column_real(column, 3) == 0);
    sna_nodes_close(nodes);
    free(path);
    assert_done(sna_path_join(&path, folder, "net/n_n_edges.h5"));
    {
        sna_edges *edges = NULL;
        double *source;
        uint64_t count;
        assert_done(sna_edges_open(&edges, path, NULL, NULL, NULL));
        source = read_edges(edges, "source_node_id", &count);
        assert_int_equal(count, 3);
        assert_true(source[0] == 2 && source[1] == 3 && source[2] == 4);
        free(source);
        sna_edges_close(edges);
    }
    free(path);
    free(types);
    free(csv);
    test_folder_remove(folder);
}

/* A population of another network, selected by what its files say, and by a node set. */
static void existing_populations(void **state)
{
    char *folder = test_folder();
    sna_network *network = NULL;
    sna_edge_list list = SNA_EDGE_LIST;
    const char *text =
        "{\"sonatina\": 1, \"populations\": {\"lgn\": {\"nodes_file\": \"old/lgn_nodes.h5\", \"node_types_file\": "
        "\"old/lgn_node_types.csv\"}, \"v1\": {\"positions\": {\"box\": {\"min\": [0, 0, 0], \"max\": [9, 9, 9]}}, "
        "\"nodes\": [{\"count\": 4, \"layer\": \"L4\"}, {\"count\": 2, \"layer\": \"L5\"}]}}, \"node_sets\": {\"L4\": "
        "{\"population\": \"v1\", \"layer\": \"L4\"}, \"some\": [\"L4\", \"one\"], \"one\": {\"node_id\": [5]}}, "
        "\"edges\": [{\"source\": {\"population\": \"lgn\", \"kind\": \"on\"}, \"target\": {\"population\": \"v1\", "
        "\"node_set\": \"some\"}, \"connector\": {\"type\": \"unidirectional\", \"p\": {\"uniform\": 1, \"range\": [0, "
        "100]}}}]}";

    (void)state;
    build(folder, "old",
          "{\"sonatina\": 1, \"populations\": {\"lgn\": {\"positions\": {\"box\": {\"min\": [0, 0, 0], \"max\": [9, 9, "
          "9]}}, \"nodes\": [{\"count\": 3, \"kind\": \"on\"}, {\"count\": 4, \"kind\": \"off\"}]}}}");
    assert_done(sna_network_parse(&network, text, strlen(text), "spec.json", folder, NULL));
    assert_int_equal(sna_network_nodes(network, 0), 7);
    assert_done(sna_network_draw(network, 0, 0, sna_network_targets(network, 0), &list));
    assert_int_equal(list.count, 15);
    assert_int_equal(list.target[14], 5);
    assert_int_equal(list.source[14], 2);
    sna_edge_list_free(&list);
    sna_network_free(network);
    build(folder, "new", text);
    {
        char *config = NULL;
        sna_circuit *circuit = NULL;
        sna_edges *edges = NULL;
        sna_nodes *source = NULL, *target = NULL;
        sna_node_sets *sets = NULL;
        sna_selection rows = SNA_SELECTION;
        assert_done(sna_path_join(&config, folder, "new/circuit_config.json"));
        assert_done(sna_circuit_open(&circuit, config));
        assert_done(sna_circuit_edges(circuit, "lgn_to_v1", &edges));
        assert_done(sna_circuit_ends(circuit, edges, &source, &target));
        assert_int_equal(sna_nodes_count(source), 7);
        assert_done(sna_circuit_node_sets(circuit, &sets));
        assert_done(sna_node_sets_select(sets, "some", target, true, &rows));
        assert_int_equal(sna_selection_rows(&rows), 5);
        sna_selection_free(&rows);
        sna_circuit_close(circuit);
        free(config);
    }
    test_folder_remove(folder);
}

/* Pairs and values from files; what does not fit is refused with its line. */
static void files_give_edges(void **state)
{
    static const char format[] =
        "{\"sonatina\": 1, \"populations\": {\"n\": {\"nodes\": [{\"t\": 1, \"count\": 4}, {\"t\": 2, \"count\": "
        "3}]}}, "
        "\"edges\": [{\"source\": {\"population\": \"n\", \"t\": 1}, \"target\": {\"population\": \"n\", \"t\": 2}, "
        "\"connector\": {\"type\": \"from_file\", \"csv\": \"pairs.csv\", \"ids\": \"%s\"}, \"per_edge\": {%s}}]}";
    char *folder = test_folder(), *text = NULL;
    char *pairs = test_file(folder, "pairs.csv", "target_node_id,source_node_id,n_syn\n6,0,2\n4,3,1\n4,1,1\n");
    char *weights = test_file(folder, "w.csv", "source_node_id,target_node_id,w\n1,4,0.25\n0,6,1.5\n3,4,4\n");
    sna_network *network = NULL;
    sna_edge_list list = SNA_EDGE_LIST;
    static const struct {
        const char *csv, *part;
    } bad[] = {{"source_node_id,target_node_id\n0,4\n0,7\n", "pairs.csv:3: target_node_id 7 is none of the 3 nodes"},
               {"source_node_id,target_node_id\n0,4\n4,4\n", "pairs.csv:3: source_node_id 4 is none of the 4 nodes"},
               {"source_node_id,target_node_id\n0,4\n0,x\n", "found x"},
               {"source_node_id,target_node_id\n0,4\n1,5\n0,4\n", "pairs.csv:4: repeats the pair of line 2"},
               {"source_node_id,target_node_id,n_syn\n0,4,0\n", "n_syn must be from 1"},
               {"source,target\n0,4\n", "needs the columns source_node_id and target_node_id"}};

    (void)state;
    assert_done(
        sna_text_format(&text, format, "absolute",
                        "\"w\": {\"csv\": \"w.csv\", \"column\": \"w\"}, \"order\": {\"list\": [10, 20, 30, 40]}"));
    assert_done(sna_network_parse(&network, text, strlen(text), "spec.json", folder, NULL));
    assert_done(sna_network_draw(network, 0, 0, 3, &list));
    assert_memory_equal(list.source, ((uint64_t[]){1, 3, 0}), 3 * sizeof *list.source);
    assert_memory_equal(list.target, ((uint64_t[]){4, 4, 6}), 3 * sizeof *list.target);
    assert_memory_equal(list.synapses, ((uint64_t[]){1, 1, 2}), 3 * sizeof *list.synapses);
    sna_edge_list_free(&list);
    sna_network_free(network);
    build(folder, "net", text);
    {
        char *path = NULL;
        sna_edges *edges = NULL;
        double *w, *order;
        uint64_t count;
        assert_done(sna_path_join(&path, folder, "net/n_n_edges.h5"));
        assert_done(sna_edges_open(&edges, path, NULL, NULL, NULL));
        w = read_edges(edges, "w", &count);
        order = read_edges(edges, "order", &count);
        assert_int_equal(count, 4);
        assert_true(w[0] == 0.25 && w[1] == 4 && w[2] == 1.5 && w[3] == 1.5);
        assert_true(order[0] == 10 && order[3] == 40);
        free(w);
        free(order);
        free(path);
        sna_edges_close(edges);
    }
    free(text);
    /* A list that is too short or too long, found while building: nothing stays behind. */
    for (unsigned k = 0; k < 2; k++) {
        char *path = NULL;
        assert_done(sna_text_format(&text, format, "absolute",
                                    k == 0 ? "\"x\": {\"list\": [1, 2, 3]}" : "\"x\": {\"list\": [1, 2, 3, 4, 5]}"));
        assert_done(sna_network_parse(&network, text, strlen(text), "spec.json", folder, NULL));
        assert_done(sna_path_join(&path, folder, "bad"));
        assert_int_equal(sna_network_build(network, path, false), SNA_EFORMAT);
        assert_contains(sna_error_message(),
                        k == 0 ? "lists 3 values, but there are more" : "lists 5 values, but there are 4");
        assert_int_equal(test_folder_count(folder), 3);
        free(path);
        sna_network_free(network);
        free(text);
    }
    assert_done(sna_text_format(&text, format, "absolute", ""));
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        free(pairs);
        pairs = test_file(folder, "pairs.csv", bad[i].csv);
        assert_int_equal(sna_network_parse(&network, text, strlen(text), "spec.json", folder, NULL), SNA_EFORMAT);
        assert_contains(sna_error_message(), bad[i].part);
    }
    free(text);
    free(pairs);
    free(weights);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_are_filled_evenly),
        cmocka_unit_test(grids_and_lists),
        cmocka_unit_test(nodes_keep_their_distance),
        cmocka_unit_test(how_many_fit),
        cmocka_unit_test(shells_go_around),
        cmocka_unit_test(synapses_have_values),
        cmocka_unit_test(groups),
        cmocka_unit_test(nodes_have_values),
        cmocka_unit_test(existing_populations),
        cmocka_unit_test(files_give_edges),
    };
    return cmocka_run_group_tests_name("connectors_nodes", tests, NULL, NULL);
}
