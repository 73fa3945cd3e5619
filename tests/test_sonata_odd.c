/* test_sonata_odd.c: files that are unusual, old, huge or wrong: what can be read is read rightly and noted, the rest
 * is refused with a sentence. */
#include "support.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "h5_make.h"
#include "sonata/sonata.h"

/* A scratch file of the test. */
typedef struct {
    char *folder, *path;
    sna_notes notes;
} scratch;

static int set_up(void **state)
{
    scratch *s = calloc(1, sizeof *s);

    s->folder = test_folder();
    assert_done(sna_path_join(&s->path, s->folder, "file.h5"));
    s->notes = SNA_NOTES;
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    scratch *s = *state;

    sna_notes_free(&s->notes);
    test_folder_remove(s->folder);
    free(s->path);
    free(s);
    return 0;
}

static const int64_t zeros[64];
static const int64_t rows_up[] = {0, 1, 2, 3, 4, 5, 6, 7};

/* ---- nodes -------------------------------------------------------------------------------------------------- */

static sna_nodes *open_nodes(scratch *s)
{
    sna_nodes *nodes = NULL;

    assert_done(sna_nodes_open(&nodes, s->path, NULL, NULL, &s->notes));
    return nodes;
}

static void check_reals(sna_nodes *nodes, const char *name, const double *expected)
{
    const sna_column *column = NULL;

    assert_done(sna_nodes_column(nodes, name, &column));
    for (uint64_t i = 0; i < sna_nodes_count(nodes); i++) {
        if (isnan(expected[i]) ? !sna_column_is_missing(column, i) : sna_column_real(column, i) != expected[i])
            print_error("%s, row %" PRIu64 ": %g, expected %g\n", name, i, sna_column_real(column, i), expected[i]);
        assert_true(isnan(expected[i]) ? sna_column_is_missing(column, i) : sna_column_real(column, i) == expected[i]);
    }
}

/* The group index is honoured. */
static void test_group_index(void **state)
{
    scratch *s = *state;
    const hid_t file = h5_new(s->path);
    sna_nodes *nodes;

    h5_integers(file, "/nodes/p/node_type_id", H5T_STD_I32LE, 3, (int64_t[]){-1, -1, -1});
    h5_integers(file, "/nodes/p/node_group_id", H5T_STD_U8LE, 3, zeros);
    h5_integers(file, "/nodes/p/node_group_index", H5T_STD_U16LE, 3, (int64_t[]){2, 0, 1});
    h5_reals(file, "/nodes/p/0/x", H5T_IEEE_F64LE, 3, (double[]){10, 11, 12});
    h5_done(file);
    nodes = open_nodes(s);
    check_reals(nodes, "x", (double[]){12, 10, 11});
    assert_non_null(sna_notes_find(&s->notes, "group.index-not-identity"));
    assert_non_null(sna_notes_find(&s->notes, "file.magic-missing"));
    sna_nodes_close(nodes);
}

/* The only group may have any number; without group id and index it still is the only one. */
static void test_only_group(void **state)
{
    scratch *s = *state;
    const hid_t file = h5_new(s->path);
    sna_nodes *nodes;
    const uint32_t *group = NULL;
    const uint64_t *index = NULL;

    h5_integers(file, "/nodes/p/node_type_id", H5T_STD_I32LE, 2, (int64_t[]){-1, -1});
    h5_reals(file, "/nodes/p/2/x", H5T_IEEE_F64LE, 2, (double[]){5, 6});
    h5_done(file);
    nodes = open_nodes(s);
    check_reals(nodes, "x", (double[]){5, 6});
    assert_done(sna_nodes_groups(nodes, &group, &index));
    assert_int_equal(group[1], 2);
    assert_int_equal(index[1], 1);
    sna_nodes_close(nodes);
}

/* Several groups without an index: members are counted. A group that does not exist has nothing. */
static void test_counted_groups(void **state)
{
    scratch *s = *state;
    const hid_t file = h5_new(s->path);
    sna_nodes *nodes;

    h5_array(file, "/nodes/p/node_type_id", H5T_STD_U64LE, H5T_NATIVE_UINT64, 6, 0,
             (int64_t[]){-1, -1, -1, -1, -1, -1});
    /* Whole numbers stored as floating point occur. */
    h5_integers(file, "/nodes/p/node_group_id", H5T_IEEE_F64LE, 6, (int64_t[]){0, 1, 0, 1, 7, 0});
    h5_reals(file, "/nodes/p/0/x", H5T_IEEE_F32LE, 3, (double[]){1, 2, 3});
    h5_integers(file, "/nodes/p/1/x", H5T_STD_I16BE, 2, (int64_t[]){-10, 20});
    h5_done(file);
    nodes = open_nodes(s);
    check_reals(nodes, "x", (double[]){1, -10, 2, 20, NAN, 3});
    assert_non_null(sna_notes_find(&s->notes, "group.unknown-id"));
    assert_non_null(sna_notes_find(&s->notes, "group.no-index"));
    assert_non_null(sna_notes_find(&s->notes, "attribute.mixed-types"));
    assert_non_null(sna_notes_find(&s->notes, "dataset.float-integers"));
    assert_non_null(sna_notes_find(&s->notes, "dataset.big-endian"));
    {
        const int64_t *type = NULL;
        assert_done(sna_nodes_type_ids(nodes, &type));
        assert_int_equal(type[3], -1); /* the bits of -1 in an unsigned column */
    }
    sna_nodes_close(nodes);
}

/* node_id maps ids to rows, in node sets too. */
static void test_node_ids(void **state)
{
    scratch *s = *state;
    const hid_t file = h5_new(s->path);
    sna_nodes *nodes;
    sna_node_sets *sets = NULL;
    sna_selection found = SNA_SELECTION;
    uint64_t row[3];
    static const char text[] = "{\"a\": {\"node_id\": [7, 18446744073709551615, 8]}, \"b\": {\"node_ids\": 9}}";

    h5_integers(file, "/nodes/p/node_type_id", H5T_STD_U8LE, 3, zeros);
    h5_integers(file, "/nodes/p/node_id", H5T_STD_U64BE, 3, (int64_t[]){5, 7, 9});
    h5_group(file, "/nodes/p/0");
    h5_done(file);
    nodes = open_nodes(s);
    assert_false(sna_nodes_ids_are_rows(nodes));
    assert_done(sna_nodes_rows(nodes, (uint64_t[]){9, 5, 7}, 3, row));
    assert_true(row[0] == 2 && row[1] == 0 && row[2] == 1);
    assert_int_equal(sna_nodes_rows(nodes, (uint64_t[]){9, 6}, 2, row), SNA_ERANGE);
    assert_contains(sna_error_message(), "has no node with id 6");
    assert_done(sna_node_sets_create(&sets));
    assert_done(sna_node_sets_parse(sets, text, strlen(text), "sets", NULL, NULL));
    assert_done(sna_node_sets_select(sets, "a", nodes, true, &found));
    assert_int_equal(found.count, 1);
    assert_true(found.range[0].first == 1 && found.range[0].end == 2);
    assert_done(sna_node_sets_select(sets, "b", nodes, true, &found));
    assert_true(found.count == 1 && found.range[0].first == 2);
    sna_selection_free(&found);
    sna_node_sets_free(sets);
    sna_nodes_close(nodes);
}

/* Every type of value that can be met. */
static void test_types(void **state)
{
    scratch *s = *state;
    const hid_t file = h5_new(s->path);
    const hid_t boolean = H5Tenum_create(H5T_STD_I8LE), pair = H5Tcreate(H5T_COMPOUND, 8),
                half = H5Tcopy(H5T_IEEE_F32LE);
    const hid_t odd = H5Tcopy(H5T_STD_U32LE);
    const uint64_t huge[2] = {1, UINT64_MAX};
    const char *const names[2] = {"aa", "b"}, *const some[2] = {"x", NULL};
    signed char truth = 0;
    sna_nodes *nodes;
    const sna_column *column = NULL;

    assert_true(H5Tenum_insert(boolean, "FALSE", &truth) >= 0);
    truth = 1;
    assert_true(H5Tenum_insert(boolean, "TRUE", &truth) >= 0);
    assert_true(H5Tinsert(pair, "a", 0, H5T_STD_I64LE) >= 0);
    /* IEEE half precision, as h5py describes it. */
    assert_true(H5Tset_fields(half, 15, 10, 5, 0, 10) >= 0 && H5Tset_size(half, 2) >= 0 && H5Tset_ebias(half, 15) >= 0);
    assert_true(H5Tset_precision(odd, 24) >= 0 && H5Tset_size(odd, 3) >= 0);
    h5_integers(file, "/nodes/p/node_type_id", H5T_STD_I64BE, 2, (int64_t[]){-1, -1});
    h5_integers(file, "/nodes/p/0/i64be", H5T_STD_I64BE, 2, (int64_t[]){-5, INT64_MAX});
    h5_integers(file, "/nodes/p/0/u16be", H5T_STD_U16BE, 2, (int64_t[]){5, 65535});
    h5_integers(file, "/nodes/p/0/u24", odd, 2, (int64_t[]){5, 0xABCDEF});
    h5_reals(file, "/nodes/p/0/f32be", H5T_IEEE_F32BE, 2, (double[]){0.5, -3});
    h5_reals(file, "/nodes/p/0/f16", half, 2, (double[]){0.5, -2.25});
    h5_reals(file, "/nodes/p/0/long_double", H5T_NATIVE_LDOUBLE, 2, (double[]){0.1, -3});
    h5_integers(file, "/nodes/p/0/flag", boolean, 0, NULL);
    H5Ldelete(file, "/nodes/p/0/flag", H5P_DEFAULT);
    h5_array(file, "/nodes/p/0/flag", boolean, boolean, 2, 0, (signed char[]){1, 0});
    h5_array(file, "/nodes/p/0/huge", H5T_STD_U64LE, H5T_NATIVE_UINT64, 2, 0, huge);
    h5_array(file, "/nodes/p/0/pair", pair, pair, 2, 0, (int64_t[]){1, 2});
    h5_array(file, "/nodes/p/0/positions", H5T_IEEE_F32LE, H5T_NATIVE_DOUBLE, 2, 3, (double[]){1, 2, 3, 4, 5, 6});
    h5_texts(file, "/nodes/p/0/null_padded", 2, H5T_STR_NULLPAD, 2, names);
    h5_texts(file, "/nodes/p/0/space_padded", 5, H5T_STR_SPACEPAD, 2, names);
    h5_texts(file, "/nodes/p/0/variable", 0, H5T_STR_NULLTERM, 2, some);
    h5_reals(file, "/nodes/p/0/short", H5T_IEEE_F64LE, 1, (double[]){8});
    h5_done(file);
    nodes = open_nodes(s);
    assert_done(sna_nodes_column(nodes, "i64be", &column));
    assert_true(column->integer[0] == -5 && column->integer[1] == INT64_MAX);
    check_reals(nodes, "u16be", (double[]){5, 65535});
    check_reals(nodes, "u24", (double[]){5, 0xABCDEF});
    check_reals(nodes, "f32be", (double[]){0.5, -3});
    check_reals(nodes, "f16", (double[]){0.5, -2.25});
    check_reals(nodes, "long_double", (double[]){0.1, -3});
    check_reals(nodes, "short", (double[]){8, NAN});
    assert_non_null(sna_notes_find(&s->notes, "attribute.short"));
    assert_done(sna_nodes_column(nodes, "flag", &column));
    assert_true(sna_column_is_true(column, 0) && !sna_column_is_true(column, 1));
    assert_int_equal(sna_nodes_find_attribute(nodes, "f16")->storage, SNA_F16);
    assert_int_equal(sna_nodes_column(nodes, "huge", &column), SNA_ERANGE);
    assert_contains(sna_error_message(), "/nodes/p/0/huge: row 1 is not below 2^63");
    assert_int_equal(sna_nodes_column(nodes, "pair", &column), SNA_EUNSUPPORTED);
    assert_non_null(sna_notes_find(&s->notes, "attribute.unsupported"));
    for (int i = 0; i < 2; i++) {
        assert_done(sna_nodes_column(nodes, i == 0 ? "null_padded" : "space_padded", &column));
        assert_string_equal(sna_column_text(column, 0), "aa");
        assert_string_equal(sna_column_text(column, 1), "b");
    }
    assert_done(sna_nodes_column(nodes, "variable", &column));
    assert_string_equal(sna_column_text(column, 0), "x");
    assert_true(sna_column_is_missing(column, 1));
    {
        const double(*position)[3] = NULL;
        unsigned dimensions = 0;
        assert_done(sna_nodes_positions(nodes, &position, &dimensions));
        assert_int_equal(dimensions, 3);
        assert_true(position[1][0] == 4 && position[1][2] == 6);
    }
    sna_nodes_close(nodes);
    H5Tclose(boolean);
    H5Tclose(pair);
    H5Tclose(half);
    H5Tclose(odd);
}

/* Node sets on values of all types. */
static void test_node_sets(void **state)
{
    static const char text[] = "{\"flag\": {\"flag\": true}, \"noflag\": {\"flag\": [false]}, \"one\": {\"x\": 1.0},"
                               " \"tenth\": {\"y\": 0.1}, \"window\": {\"x\": {\"$gte\": 1, \"$lt\": 3}},"
                               " \"text\": {\"name\": {\"$regex\": \"^n\\\\d(?:a|b)$\"}}, \"both\": [\"flag\", \"p\"],"
                               " \"elsewhere\": {\"population\": \"q\", \"nothing\": 1}, \"absent\": {\"nothing\": 1},"
                               " \"loop\": [\"pool\"], \"pool\": [\"loop\"], \"gids\": [2, 0]}";
    scratch *s = *state;
    const hid_t file = h5_new(s->path), boolean = H5Tenum_create(H5T_STD_I8LE);
    signed char truth = 0;
    sna_node_sets *sets = NULL;
    sna_nodes *nodes;
    sna_selection found = SNA_SELECTION;

    assert_true(H5Tenum_insert(boolean, "FALSE", &truth) >= 0);
    truth = 1;
    assert_true(H5Tenum_insert(boolean, "TRUE", &truth) >= 0);
    h5_integers(file, "/nodes/p/node_type_id", H5T_STD_I32LE, 4, zeros);
    h5_array(file, "/nodes/p/0/flag", boolean, boolean, 4, 0, (signed char[]){1, 0, 1, 0});
    h5_reals(file, "/nodes/p/0/x", H5T_IEEE_F64LE, 4, (double[]){0, 1, 2, 3});
    h5_reals(file, "/nodes/p/0/y", H5T_IEEE_F32LE, 4, (double[]){0.1, 0.2, 0.1, 0.3});
    h5_texts(file, "/nodes/p/0/name", 0, H5T_STR_NULLTERM, 4, (const char *const[]){"n1a", "n2c", "n3b", "xn1a"});
    h5_done(file);
    H5Tclose(boolean);
    nodes = open_nodes(s);
    assert_done(sna_node_sets_create(&sets));
    assert_done(sna_node_sets_parse(sets, text, strlen(text), "sets", NULL, &s->notes));
    assert_non_null(sna_notes_find(&s->notes, "node-sets.id-list"));
#define IS(set, ...)                                                             \
    do {                                                                         \
        const uint64_t rows[] = {__VA_ARGS__};                                   \
        uint64_t n = 0;                                                          \
        assert_done(sna_node_sets_select(sets, set, nodes, false, &found));      \
        for (uint64_t r = 0; r < found.count; r++)                               \
            for (uint64_t i = found.range[r].first; i < found.range[r].end; i++) \
                assert_int_equal(i, rows[n++]);                                  \
        assert_int_equal(n, sizeof rows / sizeof *rows);                         \
    } while (0)
    IS("flag", 0, 2);
    IS("noflag", 1, 3);
    IS("one", 1);
    IS("tenth", 0, 2); /* single precision */
    IS("window", 1, 2);
    IS("text", 0, 2);
    IS("both", 0, 1, 2, 3); /* the population's name is a set */
    IS("gids", 0, 2);
    IS("all", 0, 1, 2, 3);
#undef IS
    assert_done(sna_node_sets_select(sets, "elsewhere", nodes, true, &found));
    assert_int_equal(found.count, 0);
    assert_done(sna_node_sets_select(sets, "absent", nodes, false, &found));
    assert_int_equal(found.count, 0);
    assert_int_equal(sna_node_sets_select(sets, "absent", nodes, true, &found), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "node set `absent`");
    assert_int_equal(sna_node_sets_select(sets, "loop", nodes, false, &found), SNA_EFORMAT);
    assert_int_equal(sna_node_sets_check(sets, NULL), SNA_EFORMAT);
    assert_int_equal(sna_node_sets_select(sets, "flagg", nodes, false, &found), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "is it `flag`?");
    sna_selection_free(&found);
    sna_node_sets_free(sets);
    sna_nodes_close(nodes);
}

/* A chain of sets far deeper than any recursion could go, and one where every set names the one before twice. */
static void test_deep_node_sets(void **state)
{
    enum { DEPTH = 3000 };
    scratch *s = *state;
    sna_string text = SNA_STRING;
    sna_node_sets *sets = NULL;
    sna_nodes *nodes;
    sna_selection found = SNA_SELECTION;
    const hid_t file = h5_new(s->path);

    h5_integers(file, "/nodes/p/node_type_id", H5T_STD_I32LE, 4, zeros);
    h5_group(file, "/nodes/p/0");
    h5_done(file);
    assert_done(sna_string_append(&text, "{\"s0\": {\"node_id\": 2}"));
    for (int i = 1; i <= DEPTH; i++)
        assert_done(sna_string_format(&text, ", \"s%d\": [\"s%d\", \"s%d\"]", i, i - 1, i - 1));
    assert_done(sna_string_append(&text, "}"));
    assert_done(sna_node_sets_create(&sets));
    assert_done(sna_node_sets_parse(sets, text.text, text.length, "sets", NULL, NULL));
    assert_done(sna_node_sets_check(sets, NULL));
    nodes = open_nodes(s);
    assert_done(sna_node_sets_select(sets, "s3000", nodes, true, &found));
    assert_true(found.count == 1 && found.range[0].first == 2);
    sna_selection_free(&found);
    sna_nodes_close(nodes);
    sna_node_sets_free(sets);
    sna_string_free(&text);
}

/* ---- edges -------------------------------------------------------------------------------------------------- */

/* Edges whose ids are given; no types, groups or index. */
static hid_t start_edges(scratch *s, uint64_t count, const int64_t *source, const int64_t *target)
{
    const hid_t file = h5_new(s->path);

    h5_integers(file, "/edges/a_to_b/source_node_id", H5T_STD_U64LE, count, source);
    h5_integers(file, "/edges/a_to_b/target_node_id", H5T_STD_U64LE, count, target);
    return file;
}

static sna_edges *open_edges(scratch *s)
{
    sna_edges *edges = NULL;

    assert_done(sna_edges_open(&edges, s->path, NULL, NULL, &s->notes));
    return edges;
}

static void check_afferent(sna_edges *edges, uint64_t node, uint64_t count, const uint64_t *rows)
{
    sna_selection found = SNA_SELECTION;
    uint64_t n = 0;

    assert_done(sna_edges_afferent(edges, &node, 1, &found));
    for (uint64_t r = 0; r < found.count; r++)
        for (uint64_t i = found.range[r].first; i < found.range[r].end; i++, n++) {
            assert_true(n < count);
            assert_int_equal(i, rows[n]);
        }
    assert_int_equal(n, count);
    sna_selection_free(&found);
}

/* No index at all: one is made, and both ends' populations come from the name. */
static void test_no_index(void **state)
{
    scratch *s = *state;
    sna_edges *edges;
    sna_selection found = SNA_SELECTION;

    h5_done(start_edges(s, 5, (int64_t[]){3, 1, 3, 0, 1}, (int64_t[]){2, 0, 0, 2, 2}));
    edges = open_edges(s);
    assert_string_equal(sna_edges_source_population(edges), "a");
    assert_string_equal(sna_edges_target_population(edges), "b");
    assert_non_null(sna_notes_find(&s->notes, "edges.no-node-population"));
    assert_false(sna_edges_has_index(edges, SNA_AFFERENT));
    check_afferent(edges, 2, 3, (uint64_t[]){0, 3, 4});
    check_afferent(edges, 1, 0, NULL);
    check_afferent(edges, UINT64_MAX, 0, NULL);
    assert_int_equal(sna_edges_index_source(edges, SNA_AFFERENT), SNA_INDEX_BUILT);
    assert_non_null(sna_notes_find(&s->notes, "index.built"));
    assert_done(sna_edges_connecting(edges, (uint64_t[]){3, 1}, 2, (uint64_t[]){2}, 1, &found));
    assert_int_equal(sna_selection_rows(&found), 2);
    assert_true(found.range[0].first == 0 && found.range[1].first == 4);
    sna_selection_free(&found);
    sna_edges_close(edges);
}

/* Ids that are far apart: no table, but the answer. */
static void test_far_ids(void **state)
{
    scratch *s = *state;
    sna_edges *edges;
    const int64_t far = INT64_C(1) << 60;

    h5_done(start_edges(s, 3, zeros, (int64_t[]){far, 5, far}));
    edges = open_edges(s);
    check_afferent(edges, (uint64_t)far, 2, (uint64_t[]){0, 2});
    check_afferent(edges, 5, 1, (uint64_t[]){1});
    sna_edges_close(edges);
}

static void add_index(hid_t file, const char *group, const char *nodes, const char *ranges, uint64_t node_rows,
                      const int64_t *node, uint64_t range_rows, const int64_t *range, hid_t type)
{
    char *path = NULL;

    assert_done(sna_text_format(&path, "/edges/a_to_b/%s/target_to_source/%s", group, nodes));
    h5_array(file, path, type, H5T_NATIVE_INT64, node_rows, 2, node);
    free(path);
    assert_done(sna_text_format(&path, "/edges/a_to_b/%s/target_to_source/%s", group, ranges));
    h5_array(file, path, type, H5T_NATIVE_INT64, range_rows, 2, range);
    free(path);
}

/* Every spelling; negative, empty and missing rows; slices in any order. */
static void test_index_forms(void **state)
{
    static const struct {
        const char *group, *nodes, *ranges;
        bool noted;
    } spellings[] = {{"indices", "node_id_to_ranges", "range_to_edge_id", false},
                     {"indices", "node_id_to_range", "range_to_edge_id", true},
                     {"indicies", "node_id_to_range", "range_to_edge_id", true},
                     {"incidies", "node_id_to_ranges", "range_id_edge_id", true}};
    /* Node 0: range 1; 1: [-1, 1) is nothing; 2: ranges 2 and 3; 3: empty; 4: range 0; 5 is past the table. */
    const int64_t node[] = {1, 2, -1, 1, 2, 4, 3, 3, 0, 1}, range[] = {5, 6, 0, 2, 2, 3, 4, 5};
    scratch *s = *state;

    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        for (int load = 0; load < 2; load++) {
            const hid_t file = start_edges(s, 6, zeros, (int64_t[]){0, 0, 2, 1, 2, 4});
            sna_edges *edges;
            add_index(file, spellings[i].group, spellings[i].nodes, spellings[i].ranges, 5, node, 4, range,
                      H5T_STD_I64LE);
            h5_done(file);
            edges = open_edges(s);
            assert_true(sna_edges_has_index(edges, SNA_AFFERENT));
            if (load)
                assert_done(sna_edges_load_index(edges, SNA_AFFERENT));
            check_afferent(edges, 0, 2, (uint64_t[]){0, 1});
            check_afferent(edges, 1, 0, NULL);
            check_afferent(edges, 2, 2, (uint64_t[]){2, 4});
            check_afferent(edges, 3, 0, NULL);
            check_afferent(edges, 4, 1, (uint64_t[]){5});
            check_afferent(edges, 5, 0, NULL);
            assert_int_equal(sna_edges_index_source(edges, SNA_AFFERENT), load ? SNA_INDEX_LOADED : SNA_INDEX_FILE);
            assert_int_equal(sna_notes_find(&s->notes, "index.spelling") != NULL, spellings[i].noted);
            sna_edges_close(edges);
            sna_notes_free(&s->notes);
        }
}

/* An index that points past the edges is cut; one of the wrong shape is not used. */
static void test_bad_index(void **state)
{
    scratch *s = *state;
    hid_t file = start_edges(s, 4, zeros, (int64_t[]){0, 0, 1, 1});
    sna_edges *edges;

    add_index(file, "indices", "node_id_to_ranges", "range_to_edge_id", 2, (int64_t[]){0, 1, 1, 9}, 2,
              (int64_t[]){0, 2, 2, 400}, H5T_STD_U64LE);
    h5_done(file);
    for (int load = 0; load < 2; load++) {
        edges = open_edges(s);
        if (load)
            assert_done(sna_edges_load_index(edges, SNA_AFFERENT));
        check_afferent(edges, 1, 2, (uint64_t[]){2, 3});
        assert_non_null(sna_notes_find(&s->notes, "index.out-of-range"));
        sna_edges_close(edges);
        sna_notes_free(&s->notes);
    }
    file = start_edges(s, 4, zeros, (int64_t[]){0, 0, 1, 1});
    h5_integers(file, "/edges/a_to_b/indices/target_to_source/node_id_to_ranges", H5T_STD_U64LE, 4, zeros);
    h5_integers(file, "/edges/a_to_b/indices/target_to_source/range_to_edge_id", H5T_STD_U64LE, 4, zeros);
    h5_done(file);
    edges = open_edges(s);
    check_afferent(edges, 1, 2, (uint64_t[]){2, 3});
    assert_non_null(sna_notes_find(&s->notes, "index.invalid"));
    assert_int_equal(sna_edges_index_source(edges, SNA_AFFERENT), SNA_INDEX_BUILT);
    sna_edges_close(edges);
}

/* The index of 2018. */
static void test_index_pointer(void **state)
{
    scratch *s = *state;
    const hid_t file = start_edges(s, 4, zeros, (int64_t[]){0, 0, 2, 2});
    sna_edges *edges;

    h5_integers(file, "/edges/a_to_b/index_pointer", H5T_STD_I32LE, 4, (int64_t[]){0, 2, 2, 4});
    h5_done(file);
    edges = open_edges(s);
    check_afferent(edges, 2, 2, (uint64_t[]){2, 3});
    check_afferent(edges, 1, 0, NULL);
    assert_int_equal(sna_edges_index_source(edges, SNA_AFFERENT), SNA_INDEX_LOADED);
    sna_edges_close(edges);
}

static void test_no_edges(void **state)
{
    scratch *s = *state;
    sna_edges *edges;
    sna_edge_stream *stream = NULL;
    sna_edge_block block;
    const sna_edge_request request = {.parts = SNA_EDGE_SOURCE | SNA_EDGE_TYPE};

    h5_done(start_edges(s, 0, NULL, NULL));
    edges = open_edges(s);
    assert_done(sna_edge_stream_open(&stream, edges, &request));
    assert_done(sna_edge_stream_next(stream, &block));
    assert_int_equal(block.count, 0);
    sna_edge_stream_close(stream);
    check_afferent(edges, 0, 0, NULL);
    sna_edges_close(edges);
}

/* Negative ids, ids of words, lengths that differ, groups without ids. */
static void test_bad_edges(void **state)
{
    scratch *s = *state;
    hid_t file = h5_new(s->path);
    sna_edges *edges = NULL;
    sna_edge_stream *stream = NULL;
    sna_edge_block block;
    sna_selection rows = SNA_SELECTION;
    sna_edge_request request = {.parts = SNA_EDGE_SOURCE};

    h5_integers(file, "/edges/e/source_node_id", H5T_STD_I64LE, 3, (int64_t[]){0, 1, -1});
    h5_integers(file, "/edges/e/target_node_id", H5T_STD_U64LE, 3, zeros);
    h5_done(file);
    edges = open_edges(s);
    assert_null(sna_edges_source_population(edges));
    assert_done(sna_edge_stream_open(&stream, edges, &request));
    assert_int_equal(sna_edge_stream_next(stream, &block), SNA_ERANGE);
    assert_contains(sna_error_message(), "/edges/e/source_node_id: row 2 is -1, which cannot be an id");
    sna_edge_stream_close(stream);
    assert_done(sna_selection_add(&rows, 1, 4));
    request.selection = &rows;
    assert_int_equal(sna_edge_stream_open(&stream, edges, &request), SNA_ERANGE);
    request = (sna_edge_request){.attribute = (const char *const[]){"weight"}, .attribute_count = 1};
    assert_int_equal(sna_edge_stream_open(&stream, edges, &request), SNA_ENOTFOUND);
    sna_selection_free(&rows);
    sna_edges_close(edges);

    file = h5_new(s->path);
    h5_integers(file, "/edges/e/source_node_id", H5T_STD_I64LE, 3, zeros);
    h5_integers(file, "/edges/e/target_node_id", H5T_STD_U64LE, 2, zeros);
    h5_done(file);
    assert_int_equal(sna_edges_open(&edges, s->path, NULL, NULL, NULL), SNA_EFORMAT);
    assert_contains(sna_error_message(), "target_node_id has 2 rows, but the population has 3 edges");

    file = h5_new(s->path);
    h5_texts(file, "/edges/e/source_node_id", 0, H5T_STR_NULLTERM, 1, (const char *const[]){"1"});
    h5_integers(file, "/edges/e/target_node_id", H5T_STD_U64LE, 1, zeros);
    h5_done(file);
    assert_int_equal(sna_edges_open(&edges, s->path, NULL, NULL, NULL), SNA_EFORMAT);
    assert_contains(sna_error_message(), "whole numbers are expected, but its type is string");

    file = start_edges(s, 2, zeros, zeros);
    h5_group(file, "/edges/a_to_b/0");
    h5_group(file, "/edges/a_to_b/1");
    h5_done(file);
    assert_int_equal(sna_edges_open(&edges, s->path, NULL, NULL, NULL), SNA_EFORMAT);
    assert_contains(sna_error_message(), "2 groups but no edge_group_id");
    assert_null(edges);
}

/* 5e9 rows: positions past 2^32 everywhere. Nothing of it is in the file. */
static void test_huge(void **state)
{
    const uint64_t count = UINT64_C(5000000000);
    scratch *s = *state;
    hid_t file = h5_new(s->path);
    hid_t space, creation, dataset;
    const hsize_t extent = count;
    sna_edges *edges;
    sna_edge_stream *stream = NULL;
    sna_edge_block block;
    sna_selection rows = SNA_SELECTION;
    const sna_edge_request request = {.parts = SNA_EDGE_SOURCE | SNA_EDGE_TARGET | SNA_EDGE_TYPE,
                                      .attribute = (const char *const[]){"nsyns"},
                                      .attribute_count = 1,
                                      .selection = &rows};
    const hsize_t row = count - 3, one = 1;
    const uint64_t value = 77;

    h5_constant(file, "/edges/a_to_b/source_node_id", H5T_STD_U64LE, count, 12);
    h5_constant(file, "/edges/a_to_b/edge_type_id", H5T_STD_U32LE, count, 100);
    h5_constant(file, "/edges/a_to_b/0/nsyns", H5T_STD_U8LE, count, 3);
    /* A contiguous one with one value near its end: a sparse file. */
    space = H5Screate_simple(1, &extent, NULL);
    creation = H5Pcreate(H5P_DATASET_CREATE);
    assert_true(H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER) >= 0);
    dataset =
        H5Dcreate2(file, "/edges/a_to_b/target_node_id", H5T_STD_U64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    assert_true(H5Sselect_hyperslab(space, H5S_SELECT_SET, &row, NULL, &one, NULL) >= 0);
    {
        const hid_t memory = H5Screate_simple(1, &one, NULL);
        assert_true(H5Dwrite(dataset, H5T_NATIVE_UINT64, memory, space, H5P_DEFAULT, &value) >= 0);
        H5Sclose(memory);
    }
    H5Dclose(dataset);
    H5Pclose(creation);
    H5Sclose(space);
    h5_done(file);

    edges = open_edges(s);
    assert_true(sna_edges_count(edges) == count);
    assert_done(sna_selection_add(&rows, count - 5, count));
    assert_done(sna_selection_add(&rows, UINT64_C(4294967296), UINT64_C(4294967298)));
    assert_done(sna_edge_stream_open(&stream, edges, &request));
    assert_done(sna_edge_stream_next(stream, &block));
    assert_int_equal(block.count, 7);
    for (uint64_t i = 0; i < 7; i++) {
        assert_int_equal(block.source[i], 12);
        assert_int_equal(block.type[i], 100);
        assert_int_equal(block.target[i], i == 2 ? 77 : 0);
        assert_int_equal(sna_column_integer(&block.column[0], i), 3);
    }
    assert_true(block.row[4] == count - 1 && block.row[5] == UINT64_C(4294967296));
    sna_edge_stream_close(stream);
    sna_selection_free(&rows);
    sna_edges_close(edges);
}

/* Compressed, chunked in odd sizes, in the other byte order, with a fill value: all the same to the reader. */
static void test_layouts(void **state)
{
    enum { COUNT = 100000 };
    scratch *s = *state;
    int64_t *value = calloc(COUNT, sizeof *value);

    for (int64_t i = 0; i < COUNT; i++)
        value[i] = i * 7 % 1013;
    for (int variant = 0; variant < 6; variant++) {
        const hid_t file = h5_new(s->path), creation = H5Pcreate(H5P_DATASET_CREATE);
        const hsize_t extent = COUNT, chunk = variant == 1 ? 1000 : variant == 2 ? 333 : 50001;
        const hid_t space = H5Screate_simple(1, &extent, NULL);
        hid_t dataset;
        sna_edges *edges;
        sna_edge_stream *stream = NULL;
        sna_edge_block block;
        sna_selection rows = SNA_SELECTION;
        sna_edge_request request = {.parts = SNA_EDGE_SOURCE, .block = 777};

        if (variant > 0)
            assert_true(H5Pset_chunk(creation, 1, &chunk) >= 0);
        if (variant == 2 || variant == 4)
            assert_true(H5Pset_shuffle(creation) >= 0 && H5Pset_deflate(creation, 2) >= 0);
        h5_group(file, "/edges/e");
        dataset = H5Dcreate2(file, "/edges/e/source_node_id", variant == 3 ? H5T_STD_U32BE : H5T_STD_I16LE, space,
                             H5P_DEFAULT, creation, H5P_DEFAULT);
        assert_true(H5Dwrite(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) >= 0);
        H5Dclose(dataset);
        h5_constant(file, "/edges/e/target_node_id", H5T_STD_U64LE, COUNT, 4);
        h5_done(file);
        H5Sclose(space);
        H5Pclose(creation);
        edges = open_edges(s);
        for (int pass = 0; pass < 2; pass++) {
            uint64_t seen = 0;
            request.selection = pass == 0 ? NULL : &rows;
            for (uint64_t i = 0; pass == 1 && i < COUNT; i += 997)
                assert_done(sna_selection_add(&rows, COUNT - 1 - i, COUNT - i));
            assert_done(sna_edge_stream_open(&stream, edges, &request));
            for (;;) {
                assert_done(sna_edge_stream_next(stream, &block));
                if (block.count == 0)
                    break;
                for (uint64_t i = 0; i < block.count; i++, seen++)
                    assert_true((int64_t)block.source[i] == value[pass == 0 ? seen : COUNT - 1 - seen * 997]);
            }
            assert_int_equal(seen, pass == 0 ? COUNT : (COUNT + 996) / 997);
            sna_edge_stream_close(stream);
        }
        sna_selection_free(&rows);
        sna_edges_close(edges);
    }
    free(value);
}

/* A filter that this HDF5 does not have is named. */
static void test_unknown_filter(void **state)
{
    scratch *s = *state;
    const hid_t file = h5_new(s->path), creation = H5Pcreate(H5P_DATASET_CREATE);
    const hsize_t extent = 10;
    const hid_t space = H5Screate_simple(1, &extent, NULL);
    hid_t dataset;
    sna_edges *edges;
    sna_edge_stream *stream = NULL;
    sna_edge_block block;
    const sna_edge_request request = {.parts = SNA_EDGE_SOURCE};
    const char bytes[4] = {1, 2, 3, 4};
    const hsize_t at = 0;

    assert_true(H5Pset_chunk(creation, 1, &extent) >= 0);
    assert_true(H5Pset_filter(creation, 32000, H5Z_FLAG_OPTIONAL, 0, NULL) >= 0);
    h5_group(file, "/edges/e");
    dataset = H5Dcreate2(file, "/edges/e/source_node_id", H5T_STD_U64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    assert_true(dataset >= 0);
    assert_true(H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, &at, sizeof bytes, bytes) >= 0);
    H5Dclose(dataset);
    h5_integers(file, "/edges/e/target_node_id", H5T_STD_U64LE, 10, zeros);
    h5_done(file);
    H5Sclose(space);
    H5Pclose(creation);
    edges = open_edges(s);
    assert_done(sna_edge_stream_open(&stream, edges, &request));
    assert_int_equal(sna_edge_stream_next(stream, &block), SNA_EUNSUPPORTED);
    assert_contains(sna_error_message(), "compressed with filter 32000");
    sna_edge_stream_close(stream);
    sna_edges_close(edges);
}

/* ---- files that are none ------------------------------------------------------------------------------------ */

static void test_no_file(void **state)
{
    scratch *s = *state;
    sna_nodes *nodes = NULL;
    hid_t file;

    assert_int_equal(sna_nodes_open(&nodes, s->path, NULL, NULL, NULL), SNA_ENOTFOUND);
    assert_int_equal(sna_nodes_open(&nodes, s->folder, NULL, NULL, NULL), SNA_EFORMAT);
    assert_done(sna_file_write(s->path, "", 0));
    assert_int_equal(sna_nodes_open(&nodes, s->path, NULL, NULL, NULL), SNA_EFORMAT);
    assert_contains(sna_error_message(), "the file is empty");
    assert_done(sna_file_write(s->path, "node_id\n1\n", 10));
    assert_int_equal(sna_nodes_open(&nodes, s->path, NULL, NULL, NULL), SNA_EFORMAT);
    assert_contains(sna_error_message(), "not an HDF5 file");
    file = h5_new(s->path);
    h5_integers(file, "/nodes/p/node_type_id", H5T_STD_I32LE, 8, rows_up);
    h5_integers(file, "/nodes/q/node_type_id", H5T_STD_I32LE, 8, rows_up);
    h5_done(file);
    assert_int_equal(sna_nodes_open(&nodes, s->path, NULL, NULL, NULL), SNA_EINVAL);
    assert_contains(sna_error_message(), "2 populations, name one of them: p, q");
    assert_int_equal(sna_nodes_open(&nodes, s->path, NULL, "r", NULL), SNA_ENOTFOUND);
    assert_int_equal(sna_nodes_open(&nodes, s->path, NULL, "p/node_type_id", NULL), SNA_ENOTFOUND);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_group_index),    TEST(test_only_group),  TEST(test_counted_groups), TEST(test_node_ids),
        TEST(test_types),          TEST(test_node_sets),   TEST(test_deep_node_sets), TEST(test_no_index),
        TEST(test_far_ids),        TEST(test_index_forms), TEST(test_bad_index),      TEST(test_index_pointer),
        TEST(test_no_edges),       TEST(test_bad_edges),   TEST(test_huge),           TEST(test_layouts),
        TEST(test_unknown_filter), TEST(test_no_file),
    };

    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
