/* test_graph.c: the graph library and its commands, against the network of five cells and against networkx. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/graph.h"
#include "micro_network.h"

typedef struct {
    char *folder, *config;
    sna_circuit *circuit;
    sna_graph *graph;
} micro;

static micro make_micro(bool gap_junctions, uint64_t seed)
{
    micro self = {.folder = test_folder()};
    const sna_graph_request request = {.seed = seed};

    self.config = micro_network(self.folder, gap_junctions);
    assert_done(sna_circuit_open(&self.circuit, self.config));
    assert_done(sna_graph_create(&self.graph, self.circuit, &request));
    return self;
}

static void micro_free(micro *self)
{
    sna_graph_free(self->graph);
    sna_circuit_close(self->circuit);
    free(self->config);
    test_folder_remove(self->folder);
}

static void check(const sna_record *record, const char *name, double expected)
{
    const double found = sna_record_get_real(record, name);

    if (isnan(expected) ? !isnan(found) : !(fabs(found - expected) < 1e-12))
        fail_msg("%s is %.17g, expected %.17g", name, found, expected);
}

static void test_summary(void **state)
{
    micro it = make_micro(true, 0);
    sna_record *record = NULL;
    const sna_record *part;

    (void)state;
    assert_int_equal(sna_graph_vertices(it.graph), 5);
    /* 0-1 1-0 0-2 0-3 1-3 2-4 3-0 and the gap junction 1-2; 0-1 is there already. */
    assert_int_equal(sna_graph_edges(it.graph), 8);
    assert_done(sna_graph_summary(it.graph, true, 0, &record));
    check(record, "rows", 9);
    check(record, "gap_junctions", 2);
    check(record, "self_connections", 0);
    check(record, "density", 8.0 / 20);
    check(record, "reciprocity", 4.0 / 8);
    part = sna_record_get_record(record, "weak_components");
    check(part, "count", 1);
    check(part, "largest", 5);
    /* 0 1 3 reach one another; 2 and 4 do not get back. */
    part = sna_record_get_record(record, "strong_components");
    check(part, "count", 3);
    check(part, "largest", 3);
    /* In-degrees 2 1 2 2 1, out-degrees 3 3 1 1 0. */
    part = sna_record_get_record(record, "in_degree");
    check(part, "mean", 1.6);
    check(part, "sd", sqrt(1.2 / 4));
    part = sna_record_get_record(record, "out_degree");
    check(part, "max", 3);
    check(part, "sd", sqrt(7.2 / 4));
    /* Without directions: 0-1 0-2 0-3 1-2 1-3 2-4, triangles 0-1-2 and 0-1-3, 10 pairs of neighbours. */
    check(record, "clustering", 6.0 / 10);
    /* Distances from 0: 1 1 1 2, from 1: 1 1 1 2, from 2: 1, from 3: 1 2 2 3. */
    part = sna_record_get_record(record, "path_length");
    check(part, "mean", 19.0 / 13);
    check(part, "reachable", 100 * 13.0 / 20);
    check(part, "longest", 3);
    sna_record_free(record);
    micro_free(&it);
}

static void test_table(void **state)
{
    micro it = make_micro(false, 0);
    sna_table *table = NULL;

    (void)state;
    assert_done(sna_graph_table(it.graph, &table));
    assert_string_equal(sna_table_column_name(table, 3), "A incoming Connections");
    assert_string_equal(sna_table_column_name(table, 4), "B incoming Connections");
    assert_int_equal(sna_table_rows(table), 5);
    assert_string_equal(sna_table_text(table, 0, 0), "m");
    assert_string_equal(sna_table_text(table, 3, 2), "B");
    assert_int_equal(sna_table_integer(table, 0, 3), 1);
    assert_int_equal(sna_table_integer(table, 0, 4), 1);
    assert_int_equal(sna_table_integer(table, 3, 3), 2);
    assert_int_equal(sna_table_integer(table, 4, 3), 1);
    sna_table_free(table);
    micro_free(&it);
}

static void test_motifs(void **state)
{
    micro it = make_micro(false, 7), again = make_micro(false, 7);
    sna_table *table = NULL, *same = NULL;
    double all = 0;

    (void)state;
    assert_done(sna_graph_motifs(it.graph, 20, NULL, &table));
    assert_done(sna_graph_motifs(again.graph, 20, "degrees", &same));
    assert_int_equal(sna_table_rows(table), 16);
    for (uint64_t k = 0; k < 16; k++) {
        const double mean = sna_table_real(table, k, 2);
        all += sna_table_real(table, k, 1);
        /* The same seed gives the same random graphs. */
        assert_true(mean == sna_table_real(same, k, 2) || (isnan(mean) && isnan(sna_table_real(same, k, 2))));
    }
    assert_true(all == 10); /* of five cells */
    /* 0-1-3: 0 <-> 1, 0 <-> 3, 1 -> 3. */
    assert_string_equal(sna_table_row_label(table, 14), "210");
    assert_true(sna_table_real(table, 14, 1) == 1);
    sna_table_free(table);
    sna_table_free(same);
    micro_free(&it);
    micro_free(&again);
}

static void test_communities(void **state)
{
    static const char *const method[] = {"louvain", "leiden", "infomap"};
    micro it = make_micro(false, 1);
    sna_table *table = NULL, *members = NULL;

    (void)state;
    for (size_t m = 0; m < 3; m++) {
        int64_t cells = 0;
        assert_done(sna_graph_communities(it.graph, method[m], &table, &members));
        for (uint64_t c = 0; c < sna_table_rows(table); c++) {
            cells += sna_table_integer(table, c, 0);
            assert_int_equal(sna_table_integer(table, c, 0),
                             sna_table_integer(table, c, 3) + sna_table_integer(table, c, 4));
        }
        assert_int_equal(cells, 5);
        assert_int_equal(sna_table_rows(members), 5);
        sna_table_free(table);
        sna_table_free(members);
    }
    assert_int_equal(sna_graph_communities(it.graph, "walktrap", &table, NULL), SNA_EINVAL);
    assert_contains(sna_error_message(), "louvain, leiden, infomap");
    micro_free(&it);
}

static void test_centrality(void **state)
{
    micro it = make_micro(true, 0);
    sna_table *table = NULL;
    double rank = 0;

    (void)state;
    assert_done(sna_graph_centrality(it.graph, 0, NULL, 0, &table));
    for (uint64_t v = 0; v < 5; v++)
        rank += sna_table_real(table, v, 5);
    assert_true(fabs(rank - 1) < 1e-9);
    assert_true(sna_table_real(table, 3, 3) == 2 && sna_table_real(table, 3, 4) == 1);
    /* Through 2: all paths to 4, from 0, 1 and 3. */
    assert_true(fabs(sna_table_real(table, 2, 6) - 3.0 / 12) < 1e-12);
    /* 0 is reached from 1 and 3 by one edge, from 2 and 4 not at all. */
    assert_true(fabs(sna_table_real(table, 0, 7) - 2.0 / 4) < 1e-12);
    sna_table_free(table);
    assert_done(sna_graph_centrality(it.graph, 0, "out_degree", 1, &table));
    assert_int_equal(sna_table_rows(table), 1);
    assert_int_equal(sna_table_integer(table, 0, 1), 0);
    sna_table_free(table);
    assert_int_equal(sna_graph_centrality(it.graph, 0, "degree", 0, &table), SNA_EINVAL);
    micro_free(&it);
}

static void test_export(void **state)
{
    micro it = make_micro(true, 0);
    char *path = NULL, *text = NULL;
    uint64_t size = 0;

    (void)state;
    assert_done(sna_path_join(&path, it.folder, "graph.csv"));
    assert_done(sna_graph_export(it.graph, path));
    assert_done(sna_file_read(&text, &size, path));
    assert_contains(text, "\nm,0,m,1,1,1,,false\nm,0,m,1,1,1,,true\nm,0,m,2,1,1,,false\nm,0,m,3,1,2,,false\n");
    free(text);
    free(path);
    assert_int_equal(sna_graph_export(it.graph, "graph.dot"), SNA_EINVAL);
    assert_contains(sna_error_message(), ".graphml, .gml, .csv");
    assert_done(sna_path_join(&path, it.folder, "none/graph.gml"));
    assert_int_equal(sna_graph_export(it.graph, path), SNA_EIO);
    free(path);
    micro_free(&it);
}

/* Reads what was exported with networkx and compares the numbers with networkx's own. */
static const char reader[] =
    "import csv, json, math, sys\n"
    "import networkx as nx\n"
    "s = json.load(open(sys.argv[1]))\n"
    "a = nx.read_graphml(sys.argv[2]); b = nx.read_gml(sys.argv[3])\n"
    "def near(x, y): assert abs(x - y) < 1e-9, (x, y)\n"
    "assert nx.is_directed(a) and nx.is_directed(b)\n"
    "assert a.number_of_edges() == b.number_of_edges()\n"
    "for g in a, b:\n"
    "    assert sum(d['multiplicity'] for _, _, d in g.edges(data=True)) == s['rows']\n"
    "assert len({(d['population'], d['node_id']) for _, d in a.nodes(data=True)}) == s['vertices']\n"
    "for _, d in a.nodes(data=True): assert f\"{d['population']} {d['node_id']}\" in b\n"
    /* What each edge carries, against the list of edges; names in GML have letters only. */
    "for g in b,:\n"
    "    for _, d in g.nodes(data=True): d['node_id'] = d['nodeid']\n"
    "    for _, _, d in g.edges(data=True): d['gap_junction'] = d['gapjunction']\n"
    "def ends(g, u, v): return (g.nodes[u]['population'], int(g.nodes[u]['node_id']), g.nodes[v]['population'], "
    "int(g.nodes[v]['node_id']))\n"
    "rows = sorted((r['source_population'], int(r['source_node_id']), r['target_population'], "
    "int(r['target_node_id']),\n"
    "        int(r['multiplicity']), int(r['nsyns']), r['weight'], r['gap_junction'] == 'true') for r in "
    "csv.DictReader(open(sys.argv[4])))\n"
    "for g in a, b:\n"
    "    edges = sorted(ends(g, u, v) + (int(d['multiplicity']), int(d['nsyns']), str(d.get('weight', '')), "
    "bool(d['gap_junction']))\n"
    "                   for u, v, d in g.edges(data=True))\n"
    "    assert len(edges) == len(rows)\n"
    "    for e, r in zip(edges, rows):\n"
    "        assert e[:6] == r[:6] and e[7] == r[7], (e, r)\n"
    "        if r[6]: near(float(e[6]), float(r[6]))\n"
    "        else: assert e[6] in ('', 'nan', 'NAN'), (e, r)\n"
    "g = nx.DiGraph(a)\n"
    "assert (g.number_of_nodes(), g.number_of_edges()) == (s['vertices'], s['edges'])\n"
    "loops = nx.number_of_selfloops(g)\n"
    "assert loops == s['self_connections']\n"
    "near(s['weak_components']['count'], nx.number_weakly_connected_components(g))\n"
    "near(s['weak_components']['largest'], max(map(len, nx.weakly_connected_components(g))))\n"
    "near(s['strong_components']['count'], nx.number_strongly_connected_components(g))\n"
    "near(s['strong_components']['largest'], max(map(len, nx.strongly_connected_components(g))))\n"
    "near(s['in_degree']['max'], max(d for _, d in g.in_degree()))\n"
    "near(s['out_degree']['max'], max(d for _, d in g.out_degree()))\n"
    "near(s['in_degree']['mean'], g.number_of_edges() / g.number_of_nodes())\n"
    "g.remove_edges_from(list(nx.selfloop_edges(g)))\n"
    "near(s['density'], nx.density(g))\n"
    "near(s['reciprocity'], nx.overall_reciprocity(g))\n"
    "u = g.to_undirected()\n"
    "near(s['clustering'], nx.transitivity(u))\n"
    "d = [v for x, row in nx.all_pairs_shortest_path_length(g) for y, v in row.items() if v > 0]\n"
    "near(s['path_length']['mean'], sum(d) / len(d))\n"
    "near(s['path_length']['longest'], max(d))\n";

static void compare_with_networkx(const char *config)
{
    char *folder = test_folder(), *summary = NULL, *graphml = NULL, *gml = NULL, *list = NULL, *script = NULL;
    run_result result;
    sna_process process;

    assert_done(sna_path_join(&graphml, folder, "graph.graphml"));
    assert_done(sna_path_join(&gml, folder, "graph.gml"));
    assert_done(sna_path_join(&list, folder, "graph.csv"));
    run_words(&result, "graph", "export", config, "-o", list, NULL);
    assert_int_equal(result.status, 0);
    run_free(&result);
    run_words(&result, "graph", "export", config, "-o", graphml, NULL);
    assert_string_equal(result.err, "");
    assert_int_equal(result.status, 0);
    run_free(&result);
    run_words(&result, "graph", "export", config, "-o", gml, NULL);
    assert_int_equal(result.status, 0);
    run_free(&result);
    /* Every cell is a source, so that path lengths are exact. */
    run_words(&result, "graph", "summary", config, "--samples", "100000", "--format", "json", NULL);
    assert_int_equal(result.status, 0);
    summary = test_file(folder, "summary.json", result.out);
    run_free(&result);
    script = test_file(folder, "compare.py", reader);
    {
        const char *const argv[] = {"/usr/bin/python3", script, summary, graphml, gml, list, NULL};
        assert_done(sna_process_run(&process, argv, NULL, NULL, NULL));
        if (process.exit_status != 0)
            fail_msg("%s:\n%s", config, sna_string_text(&process.output));
        sna_process_free(&process);
    }
    free(summary);
    free(graphml);
    free(gml);
    free(list);
    free(script);
    test_folder_remove(folder);
}

static void test_networkx(void **state)
{
    static const char *const network[] = {"synthetic_small", "bmtool_bmplot", "readme_all", "bmtk_point_120cells"};
    const char *const ask[] = {"/usr/bin/python3", "-c", "import networkx", NULL};
    char *folder = test_folder(), *config = micro_network(folder, true);
    sna_process process;
    bool there = false;

    (void)state;
    if (sna_process_run(&process, ask, NULL, NULL, NULL) == 0) {
        there = process.exit_status == 0;
        sna_process_free(&process);
    }
    if (there)
        compare_with_networkx(config);
    for (size_t n = 0; n < sizeof network / sizeof *network && there; n++) {
        char *relative = NULL, *path = NULL;
        assert_done(sna_text_format(&relative, "data/networks/%s/circuit_config.json", network[n]));
        path = test_shared_path(relative);
        if (path != NULL)
            compare_with_networkx(path);
        free(path);
        free(relative);
    }
    free(config);
    test_folder_remove(folder);
    if (!there) {
        print_message("skipped: /usr/bin/python3 has no networkx\n");
        skip();
    }
}

static void test_commands(void **state)
{
    char *folder = test_folder(), *config = micro_network(folder, false);
    run_result result;

    (void)state;
    run_words(&result, "graph", "summary", config, "--brief", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "Reciprocity");
    run_free(&result);
    run_words(&result, "graph", "table", config, "--format", "csv", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out,
                    "population,node_id,Node Label,A incoming Connections,B incoming Connections\nm,0,A,1,1\n");
    run_free(&result);
    run_words(&result, "graph", "motifs", config, "--random", "5", NULL);
    assert_int_equal(result.status, 0);
    run_free(&result);
    run_words(&result, "graph", "communities", config, "--members", NULL);
    assert_int_equal(result.status, 0);
    run_free(&result);
    run_words(&result, "graph", "centrality", config, "--sort", "rank", NULL);
    assert_int_equal(result.status, 2);
    run_free(&result);
    run_words(&result, "graph", "summary", config, "--label", "layer", NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "no population has a property `layer`");
    run_free(&result);
    free(config);
    test_folder_remove(folder);
}

static void test_degrees(void **state)
{
    static const int64_t in[] = {2, 1, 1, 2, 1}, out[] = {3, 2, 1, 1, 0}; /* see micro_network.h */
    char *folder = test_folder(), *config = micro_network(folder, true);
    const sna_graph_request request = {.seed = 0};
    sna_circuit *circuit = NULL;
    sna_graph *graph = NULL;
    sna_table *table = NULL;

    (void)state;
    assert_done(sna_circuit_open(&circuit, config));
    assert_done(sna_graph_create(&graph, circuit, &request));
    assert_done(sna_graph_degrees(graph, &table));
    assert_int_equal(sna_table_rows(table), 5);
    for (uint64_t i = 0; i < 5; i++) {
        /* The gap junctions join 0 and 1, which are connected already, and 1 and 2. */
        assert_int_equal(sna_table_integer(table, i, 1), i);
        assert_int_equal(sna_table_integer(table, i, 3), in[i] + (i == 2));
        assert_int_equal(sna_table_integer(table, i, 4), out[i] + (i == 1));
    }
    sna_table_free(table);
    sna_graph_free(graph);
    sna_circuit_close(circuit);
    free(config);
    test_folder_remove(folder);
}

/* Each command prints the same with and without a picture, and the picture holds its numbers. */
static void test_pictures(void **state)
{
    static const struct {
        const char *name, *holds;
    } kind[] = {{"summary", "in_degree"},
                {"table", "A incoming Connections"},
                {"motifs", "'021D'"},
                {"communities", "edges_leaving"},
                {"centrality", "pagerank"}};
    char *folder = test_folder(), *config = micro_network(folder, false), *script = NULL;

    (void)state;
    assert_done(sna_path_join(&script, folder, "graph.gp"));
    for (size_t k = 0; k < sizeof kind / sizeof *kind; k++) {
        run_result plain, drawn, ascii;
        char *text = NULL;
        uint64_t size = 0;
        run_words(&plain, "graph", kind[k].name, config, NULL);
        run_words(&drawn, "graph", kind[k].name, config, "--script", script, NULL);
        run_words(&ascii, "graph", kind[k].name, config, "--ascii", NULL);
        if (drawn.status != 0 || ascii.status != 0)
            fail_msg("%s: %s%s", kind[k].name, drawn.err, ascii.err);
        assert_string_equal(plain.out, drawn.out);
        assert_true(strcmp(plain.out, ascii.out) != 0);
        assert_done(sna_file_read(&text, &size, script));
        assert_contains(text, kind[k].holds);
        if (k == 0) /* three cells with one input, two with two */
            assert_contains(text, "\n0.5 0 0.5 1.5 0 3\n1.5 0 1.5 2.5 0 2\n");
        free(text);
        run_free(&plain);
        run_free(&drawn);
        run_free(&ascii);
    }
    free(script);
    free(config);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_summary),     cmocka_unit_test(test_table),      cmocka_unit_test(test_motifs),
        cmocka_unit_test(test_communities), cmocka_unit_test(test_centrality), cmocka_unit_test(test_export),
        cmocka_unit_test(test_networkx),    cmocka_unit_test(test_commands),   cmocka_unit_test(test_degrees),
        cmocka_unit_test(test_pictures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
