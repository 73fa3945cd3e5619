/* test_network_build.c: `sonatina network build`, its files read back by another reader (h5py). */
#include "support.h"

#include <stdlib.h>
#include <string.h>

static const char spec[] =
    "{\n"
    "  // comments are fine\n"
    "  \"sonatina\": 1, \"seed\": 5,\n"
    "  \"populations\": {\n"
    "    \"cortex\": {\"positions\": {\"box\": {\"min\": [-10, 0, 5], \"max\": [10, 20, 6]}}, \"count\": 150,\n"
    "      \"nodes\": [{\"pop_name\": \"PN\", \"share\": 2, \"model_type\": \"biophysical\", \"ei\": null},\n"
    "                {\"pop_name\": \"FSI\", \"share\": 1, \"model_type\": \"biophysical\", \"ei\": \"i\"}]},\n"
    "    \"input\": {\"nodes\": [{\"pop_name\": \"tON\", \"count\": 40, \"model_type\": \"virtual\"}]}\n"
    "  },\n"
    "  \"edges\": [\n"
    "    {\"name\": \"PN2all\", \"source\": {\"population\": \"cortex\", \"pop_name\": \"PN\"},\n"
    "     \"target\": {\"population\": \"cortex\"}, \"connector\": {\"type\": \"unidirectional\", \"p\": 0.2},\n"
    "     \"properties\": {\"syn_weight\": 0.5, \"target_sections\": [\"basal\", \"apical\"]}},\n"
    "    {\"name\": \"all2FSI\", \"source\": {\"population\": \"cortex\"},\n"
    "     \"target\": {\"population\": \"cortex\", \"pop_name\": [\"FSI\"]},\n"
    "     \"connector\": {\"type\": \"unidirectional\", \"p\": 0.3, \"n_syn\": {\"uniform\": [2, 6]}},\n"
    "     \"properties\": {\"delay\": 1.5}},\n"
    "    {\"name\": \"in\", \"source\": {\"population\": \"input\"}, \"target\": {\"population\": \"cortex\"},\n"
    "     \"connector\": {\"type\": \"unidirectional\", \"p\": 0.1, \"n_syn\": 300}}\n"
    "  ]\n"
    "}\n";

static void make(run_result *result, const char *folder, const char *name, const char *text)
{
    char *file = test_file(folder, "spec.json", text), *out = NULL;

    assert_done(sna_path_join(&out, folder, name));
    run_words(result, "network", "build", file, "-o", out, NULL);
    free(out);
    free(file);
}

static const char reader[] =
    "import sys, json, h5py, numpy as np\n"
    "d = sys.argv[1] + '/'\n"
    "n = h5py.File(d + 'cortex_nodes.h5')\n"
    "assert n.attrs['magic'] == 0x0A7A and list(n.attrs['version']) == [0, 1]\n"
    "p = n['nodes/cortex']\n"
    "assert list(p['node_id']) == list(range(150))\n"
    "assert list(p['node_type_id']) == [100] * 100 + [101] * 50\n"
    "assert not p['node_group_id'][()].any() and list(p['node_group_index']) == list(range(150))\n"
    "for c, lo, hi in (('x', -10, 10), ('y', 0, 20), ('z', 5, 6)):\n"
    "    v = p['0/' + c][()]\n"
    "    assert v.dtype == np.float32 and v.min() >= lo and v.max() <= hi and v.std() > (hi - lo) / 5, c\n"
    "e = h5py.File(d + 'cortex_cortex_edges.h5')['edges/cortex_to_cortex']\n"
    "s, t, k, m = (e[x][()] for x in ('source_node_id', 'target_node_id', 'edge_type_id', '0/nsyns'))\n"
    "assert e['source_node_id'].attrs['node_population'] == 'cortex'\n"
    "assert all(np.lexsort((k, s, t)) == np.arange(len(s))), 'order'\n"
    "assert not (s == t).any() and set(k) == {100, 101}\n"
    "a, b = k == 100, k == 101\n"
    "assert s[a].max() < 100 and t[b].min() >= 100 and set(m[a]) == {1} and set(m[b]) == {2, 3, 4, 5, 6}\n"
    "assert len(set(zip(s, t, k))) == len(s)\n"
    "assert abs(a.sum() - 0.2 * (100 * 150 - 100)) < 5 * (0.16 * 14900) ** .5\n"
    "assert abs(b.sum() - 0.3 * (150 * 50 - 50)) < 5 * (0.21 * 7450) ** .5\n"
    "for name, ids in (('source_to_target', s), ('target_to_source', t)):\n"
    "    i = e['indices/' + name]\n"
    "    nr, re = i['node_id_to_ranges'][()], i['range_to_edge_id'][()]\n"
    "    assert (i['node_id_to_range'][()] == nr).all() and len(nr) == 150\n"
    "    for node in range(150):\n"
    "        rows = [r for lo, hi in re[nr[node, 0]:nr[node, 1]] for r in range(lo, hi)]\n"
    "        assert rows == list(np.nonzero(ids == node)[0]), (name, node)\n"
    "i = h5py.File(d + 'input_cortex_edges.h5')['edges/input_to_cortex']\n"
    "assert set(i['0/nsyns'][()]) == {300} and i['source_node_id'].attrs['node_population'] == 'input'\n"
    "lines = [l.split(' ', 3) for l in open(d + 'cortex_node_types.csv').read().splitlines()]\n"
    "assert lines == [['node_type_id', 'pop_name', 'model_type', 'ei'], ['100', 'PN', 'biophysical', 'NULL'],\n"
    "                 ['101', 'FSI', 'biophysical', 'i']], lines\n"
    "text = open(d + 'cortex_cortex_edge_types.csv').read()\n"
    "assert text == ('edge_type_id target_query source_query syn_weight target_sections delay\\n'\n"
    "    '100 * pop_name==\\'PN\\' 0.5 \"[\\'basal\\', \\'apical\\']\" NULL\\n'\n"
    "    '101 pop_name==\\'FSI\\' * NULL NULL 1.5\\n'), text\n"
    "c = json.load(open(d + 'circuit_config.json'))['networks']\n"
    "assert len(c['nodes']) == 2 and len(c['edges']) == 2\n"
    "assert c['nodes'][1]['populations'] == {'input': {'type': 'virtual'}}\n"
    "r = json.load(open(d + 'build_report.json'))\n"
    "assert r['build_report'] == 1 and r['seed'] == '5' and r['specification'] == 'spec.json'\n"
    "assert [(x['population'], x['nodes'], x['built']) for x in r['nodes']['rows']] == [\n"
    "    ('cortex', 150, True), ('input', 40, True)]\n"
    "assert 'draw_time' not in r['edges']['rows'][0]\n"
    "rows = {x['entry']: x for x in r['edges']['rows']}\n"
    "x, ti, si = rows['all2FSI'], t[b] - 100, s[b]\n"
    "assert (x['possible'], x['expected'], x['made'], x['synapses']) == (7450, 2235, b.sum(), m[b].sum())\n"
    "assert abs(x['deviation'] - (b.sum() - 2235) / (7450 * .21) ** .5) < 1e-9 and x['p'] == b.sum() / 7450\n"
    "for side, ids, n in (('in', ti, 50), ('out', si, 150)):\n"
    "    k = np.bincount(ids.astype(int), minlength=n)\n"
    "    assert abs(x[side + '_degree_mean'] - k.mean()) < 1e-9\n"
    "    assert abs(x[side + '_degree_sd'] - k.std(ddof=1)) < 1e-9\n"
    "assert rows['in']['synapses'] == 300 * rows['in']['made'] and x['rho'] is None\n"
    "print('read')\n";

static void files_are_what_was_asked_for(void **state)
{
    char *folder = test_folder(), *out = NULL;
    run_result result;
    sna_process python = {.exit_status = -1};
    const char *argv[] = {"/usr/bin/python3", "-c", reader, NULL, NULL};

    (void)state;
    make(&result, folder, "net", spec);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "PN2all");
    assert_contains(result.err, "edges in");
    run_free(&result);
    assert_done(sna_path_join(&out, folder, "net"));
    assert_int_equal(test_folder_count(out), 10);
    argv[3] = out;
    if (has_h5py()) {
        assert_done(sna_process_run(&python, argv, NULL, NULL, NULL));
        assert_contains(sna_string_text(&python.output), "read");
        assert_int_equal(python.exit_status, 0);
    } else {
        print_message("skipped reading with h5py: /usr/bin/python3 has none\n");
    }
    sna_process_free(&python);
    free(out);
    test_folder_remove(folder);
}

static void hash_folder(const char *folder, char hex[65])
{
    sna_list names = SNA_LIST;
    sna_hash *hash = NULL;

    assert_done(sna_hash_create(&hash));
    assert_done(sna_path_list(&names, folder, ""));
    assert_true(names.count > 0);
    for (uint64_t i = 0; i < names.count; i++) {
        char *path = NULL, one[65];
        assert_done(sna_path_join(&path, folder, names.text[i]));
        assert_done(sna_hash_file(path, one));
        sna_hash_add_text(hash, names.text[i]);
        sna_hash_add_text(hash, one);
        free(path);
    }
    sna_hash_finish(hash, hex);
    sna_hash_free(hash);
    sna_list_free(&names);
}

static void same_seed_same_bytes(void **state)
{
    static const char *const threads[] = {"1", "2", "5"};
    char *folder = test_folder(), *file = test_file(folder, "spec.json", spec), *out = NULL, first[65], next[65];
    run_result result;

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        assert_done(sna_path_join(&out, folder, threads[i]));
        run_words(&result, "network", "build", file, "-o", out, "--threads", threads[i], NULL);
        assert_int_equal(result.status, 0);
        run_free(&result);
        hash_folder(out, i == 0 ? first : next);
        if (i > 0)
            assert_string_equal(first, next);
        free(out);
    }
    assert_done(sna_path_join(&out, folder, "1"));
    run_words(&result, "network", "build", file, "-o", out, NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "is there already");
    run_free(&result);
    hash_folder(out, next);
    assert_string_equal(first, next);
    run_words(&result, "network", "build", file, "-o", out, "--force", NULL);
    assert_int_equal(result.status, 0);
    run_free(&result);
    hash_folder(out, next);
    assert_string_equal(first, next);
    run_words(&result, "network", "build", file, "-o", out, "--force", "--seed", "6", NULL);
    assert_int_equal(result.status, 0);
    run_free(&result);
    hash_folder(out, next);
    assert_string_not_equal(first, next);
    free(out);
    free(file);
    test_folder_remove(folder);
}

/* Folders are named relative to the network, wherever the specification calls them from. */
static void components_are_named(void **state)
{
    char *folder = test_folder(), *synapses = NULL, *text = NULL, *config = NULL;
    uint64_t size = 0;
    run_result result;

    (void)state;
    assert_done(sna_path_join(&synapses, folder, "synapses"));
    assert_done(sna_path_make_folder(synapses));
    make(&result, folder, "net",
         "{\"sonatina\": 1, \"components\": {\"synaptic_models_dir\": \"synapses\", \"morphologies_dir\": "
         "\"/nowhere/at/all\"}, \"populations\": {\"a\": {\"nodes\": [{\"count\": 1}]}}}");
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "components.morphologies_dir: there is no folder /nowhere/at/all");
    run_free(&result);
    assert_done(sna_path_join(&config, folder, "net/circuit_config.json"));
    assert_done(sna_file_read(&text, &size, config));
    assert_contains(text, "\"synaptic_models_dir\": \"$BASE_DIR/../synapses\"");
    assert_contains(text, "\"morphologies_dir\": \"/nowhere/at/all\"");
    assert_null(strchr(text, '\t'));
    free(text);
    make(&result, folder, "net2",
         "{\"sonatina\": 1, \"components\": {\"synapses_dir\": \"synapses\"}, \"populations\": {\"a\": "
         "{\"nodes\": [{\"count\": 1}]}}}");
    assert_int_equal(result.status, 3);
    assert_contains(result.err, "components.synapses_dir: unknown key");
    assert_contains(result.err, "synaptic_models_dir");
    run_free(&result);
    free(config);
    free(synapses);
    test_folder_remove(folder);
}

static void bad_input_leaves_nothing(void **state)
{
    char *folder = test_folder();
    run_result result;

    (void)state;
    make(&result, folder, "net", "{\"sonatina\": 1, \"populations\": {\"a\": {\"nodes\": [{\"count\": -1}]}}}");
    assert_int_equal(result.status, 3);
    assert_contains(result.err, "populations.a.nodes[0].count: ");
    assert_string_equal(result.out, "");
    run_free(&result);
    assert_int_equal(test_folder_count(folder), 1); /* the specification */
    run_words(&result, "network", "build", "nowhere.json", "-o", "x", NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "nowhere.json");
    run_free(&result);
    run_words(&result, "network", "build", "nowhere.json", NULL);
    assert_int_equal(result.status, 2);
    run_free(&result);
    run_words(&result, "network", "build", "nowhere.json", "-o", "x", "--memory", "12Q", NULL);
    assert_int_equal(result.status, 2);
    assert_contains(result.err, "--memory");
    run_free(&result);
    test_folder_remove(folder);
}

/* Files of an earlier build that this one does not replace stay, and are named. */
static void what_stays_is_named(void **state)
{
    char *folder = test_folder(), *out = NULL;
    run_result result;

    (void)state;
    make(&result, folder, "net", spec);
    assert_int_equal(result.status, 0);
    assert_null(strstr(result.out, "another network"));
    run_free(&result);
    assert_done(sna_path_join(&out, folder, "net"));
    free(test_file(folder, "spec.json",
                   "{\"sonatina\": 1, \"populations\": {\"cortex\": {\"nodes\": [{\"count\": 1}]}}}"));
    {
        char *file = NULL;
        assert_done(sna_path_join(&file, folder, "spec.json"));
        run_words(&result, "network", "build", file, "-o", out, NULL);
        assert_int_equal(result.status, 1);
        assert_contains(result.err, "is there already; it is replaced only when that is asked for (--force)");
        run_free(&result);
        run_words(&result, "network", "build", file, "-o", out, "--force", NULL);
        free(file);
    }
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "holds files of another network, which this one has no part in: input_nodes.h5, "
                                "input_node_types.csv, cortex_cortex_edges.h5, input_cortex_edges.h5");
    run_free(&result);
    free(out);
    test_folder_remove(folder);
}

static void dry_run_and_formats(void **state)
{
    char *folder = test_folder(), *file = test_file(folder, "spec.json", spec);
    run_result result;

    (void)state;
    run_words(&result, "network", "build", file, "--dry-run", "--format", "csv", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "entry,class,source,target,possible,expected,sd,made,deviation,p,");
    assert_contains(result.out, "PN2all,,cortex,cortex,14900,2980,");
    assert_contains(result.out, "in,,input,cortex,6000,600,");
    run_free(&result);
    assert_int_equal(test_folder_count(folder), 1);
    run_words(&result, "network", "build", "--help", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "Example:");
    run_free(&result);
    free(file);
    test_folder_remove(folder);
}

/* mpirun starts a program that knows nothing of it as often as it is told: the copies must not get in each other's way.
 */
static void not_one_of_several(void **state)
{
    char *folder = test_folder(), *file = test_file(folder, "spec.json", spec);
    run_result result;

    (void)state;
#ifdef SONATINA_MPI
    print_message("skipped: this build can be one of several processes\n");
    (void)result;
#else
    run_program(&result, folder, (const char *[]){"OMPI_COMM_WORLD_SIZE=2", NULL},
                (const char *[]){"network", "build", "spec.json", "-o", "net", NULL});
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "this is one of 2 processes, but the program was built without MPI");
    run_free(&result);
    assert_int_equal(test_folder_count(folder), 1);
#endif
    free(file);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_what_was_asked_for), cmocka_unit_test(same_seed_same_bytes),
        cmocka_unit_test(components_are_named),         cmocka_unit_test(bad_input_leaves_nothing),
        cmocka_unit_test(dry_run_and_formats),          cmocka_unit_test(not_one_of_several),
        cmocka_unit_test(what_stays_is_named),
    };
    return cmocka_run_group_tests_name("network_build", tests, NULL, NULL);
}
