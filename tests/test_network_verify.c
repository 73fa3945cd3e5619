/* test_network_verify.c: `sonatina network verify` counts in the files what the build counted while it drew, and tells
 * a network from one that another specification would have given. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#define A "{\"population\": \"n\", \"pop_name\": \"A\"}"
#define B "{\"population\": \"n\", \"pop_name\": \"B\"}"
#define POPULATIONS(a, b)                                                                                              \
    "{\"sonatina\": 1, \"seed\": 1, \"populations\": {\"n\": {\"positions\": {\"box\": {\"min\": [0, 0, 0], \"max\": " \
    "[200, 200, 200]}}, \"nodes\": [{\"pop_name\": \"A\", \"count\": " #a "}, {\"pop_name\": \"B\", \"count\": " #b    \
    ", \"per_node\": {\"kind\": {\"uniform_integer\": [0, 1]}}}]}, \"v\": {\"nodes\": [{\"count\": 90}]}}, "           \
    "\"edges\": ["
#define ENTRY(name, from, to, connector) \
    "{\"name\": \"" name "\", \"source\": " from ", \"target\": " to ", \"connector\": " connector "}"

typedef struct {
    char *folder, *network;
} place;

static place make_place(void)
{
    place at = {.folder = test_folder()};

    assert_done(sna_path_join(&at.network, at.folder, "network"));
    return at;
}

static void free_place(place *at)
{
    free(at->network);
    test_folder_remove(at->folder);
}

static void build(const place *at, const char *spec, run_result *result)
{
    char *file = test_file(at->folder, "built.json", spec);

    /* Verifying must not need the seed. */
    run_words(result, "network", "build", file, "-o", at->network, "--force", "--seed", "8", "--format", "json", NULL);
    assert_int_equal(result->status, 0);
    free(file);
}

static void verify(const place *at, const char *spec, run_result *result)
{
    char *file = test_file(at->folder, "asked.json", spec);

    run_words(result, "network", "verify", file, at->network, "--format", "json", NULL);
    free(file);
}

/* Every kind of connector, rows of pairs and rows of synapses. */
static const char all_kinds[] = POPULATIONS(60, 50)
    ENTRY("uni", A, B, "{\"type\": \"unidirectional\", \"p\": 0.2, \"n_syn\": {\"uniform\": [1, 4]}}") ", " ENTRY(
        "rec", A, A,
        "{\"type\": \"reciprocal\", \"p0\": {\"gaussian\": {\"sd\": 80, \"pmax\": 0.5}}, \"rho\": 0.4, "
        "\"autapses\": true}") ", " ENTRY("both", A, B,
                                          "{\"type\": \"reciprocal\", \"p0\": 0.3, \"p1\": 0.2, \"pr\": 0.15}") ", "
                                                                                                                "{\"nam"
                                                                                                                "e"
                                                                                                                "\": "
                                                                                                                "\"back"
                                                                                                                "\", "
                                                                                                                "\"conn"
                                                                                                                "e"
                                                                                                                "ctor\""
                                                                                                                ":"
                                                                                                                " {"
                                                                                                                "\"type"
                                                                                                                "\": "
                                                                                                                "\"reve"
                                                                                                                "r"
                                                                                                                "se_"
                                                                                                                "of\", "
                                                                                                                "\"name"
                                                                                                                "\": "
                                                                                                                "\"both"
                                                                                                                "\", "
                                                                                                                "\"n_"
                                                                                                                "syn\":"
                                                                                                                " "
                                                                                                                "{\"poi"
                                                                                                                "s"
                                                                                                                "son\":"
                                                                                                                " "
                                                                                                                "2}}, "
                                                                                                                "\"per_"
                                                                                                                "edge\""
                                                                                                                ":"
                                                                                                                " {"
                                                                                                                "\"dela"
                                                                                                                "y"
                                                                                                                "\": "
                                                                                                                "{\"uni"
                                                                                                                "f"
                                                                                                                "orm\":"
                                                                                                                " "
                                                                                                                "[1, "
                                                                                                                "2]}}},"
                                                                                                                " " ENTRY(
                                                                                                                    "ga"
                                                                                                                    "p",
                                                                                                                    A,
                                                                                                                    A,
                                                                                                                    "{"
                                                                                                                    "\""
                                                                                                                    "ty"
                                                                                                                    "p"
                                                                                                                    "e"
                                                                                                                    "\""
                                                                                                                    ": "
                                                                                                                    "\""
                                                                                                                    "g"
                                                                                                                    "ap"
                                                                                                                    "_"
                                                                                                                    "ju"
                                                                                                                    "n"
                                                                                                                    "ct"
                                                                                                                    "i"
                                                                                                                    "on"
                                                                                                                    "\""
                                                                                                                    ","
                                                                                                                    " "
                                                                                                                    "\""
                                                                                                                    "p_"
                                                                                                                    "no"
                                                                                                                    "n"
                                                                                                                    "\""
                                                                                                                    ":"
                                                                                                                    " 0"
                                                                                                                    "."
                                                                                                                    "1,"
                                                                                                                    " "
                                                                                                                    "\""
                                                                                                                    "p"
                                                                                                                    "_u"
                                                                                                                    "n"
                                                                                                                    "i"
                                                                                                                    "\""
                                                                                                                    ": "
                                                                                                                    "0."
                                                                                                                    "5,"
                                                                                                                    " "
                                                                                                                    "\""
                                                                                                                    "p"
                                                                                                                    "_r"
                                                                                                                    "e"
                                                                                                                    "c"
                                                                                                                    "\""
                                                                                                                    ": "
                                                                                                                    "1,"
                                                                                                                    " "
                                                                                                                    "\""
                                                                                                                    "c"
                                                                                                                    "he"
                                                                                                                    "m"
                                                                                                                    "ic"
                                                                                                                    "a"
                                                                                                                    "l"
                                                                                                                    "\""
                                                                                                                    ": "
                                                                                                                    "\""
                                                                                                                    "r"
                                                                                                                    "ec"
                                                                                                                    "\""
                                                                                                                    "}") ", " ENTRY("gap0",
                                                                                                                                    B,
                                                                                                                                    B,
                                                                                                                                    "{\"type\": \"gap_junction\", \"p\": 0.3}") ", " ENTRY("cond",
                                                                                                                                                                                           B,
                                                                                                                                                                                           B,
                                                                                                                                                                                           "{\"type\": \"gap_conditional_reciprocal\", \"gap\": \"gap0\", \"p0_elec\": 0.5, \"pr_elec\": "
                                                                                                                                                                                           "0.4, \"p0_nonelec\": 0.1, \"pr_nonelec\": 0.05}") ", " ENTRY("kind",
                                                                                                                                                                                                                                                         B,
                                                                                                                                                                                                                                                         "{\"population\": \"n\", \"kind\": 1}", "{\"type\": \"unidirectional\", \"p\": 0.3}") ", " ENTRY("one",
                                                                                                                                                                                                                                                                                                                                                          "{\"population\": \"v\"}",
                                                                                                                                                                                                                                                                                                                                                          A, "{\"type\": \"one_to_one\"}") ", " ENTRY("all",
                                                                                                                                                                                                                                                                                                                                                                                                      "{\"population\": \"v\"}",
                                                                                                                                                                                                                                                                                                                                                                                                      B,
                                                                                                                                                                                                                                                                                                                                                                                                      "{\"type\": \"all_to_all\"}") ", "
                                                                                                                                                                                                                                                                                                                                                                                                                                    "{\"name\": \"in\", \"source\": " A
                                                                                                                                                                                                                                                                                                                                                                                                                                    ", \"target\": " B
                                                                                                                                                                                                                                                                                                                                                                                                                                    ", \"connector\": {\"type\": \"fixed_indegree\", \"k\": 70, "
                                                                                                                                                                                                                                                                                                                                                                                                                                    "\"allow_multiple\": true, \"n_syn\": 2}, \"per_edge\": {\"delay\": {\"uniform\": [1, 2]}}}, "
                                                                                                                                                                                                                                                                                                                                                                                                                                    "{\"name\": \"merged\", \"source\": " A
                                                                                                                                                                                                                                                                                                                                                                                                                                    ", \"target\": " B
                                                                                                                                                                                                                                                                                                                                                                                                                                    ", \"connector\": {\"type\": \"fixed_indegree\", \"k\": "
                                                                                                                                                                                                                                                                                                                                                                                                                                    "70, \"allow_multiple\": true, \"n_syn\": {\"uniform\": [1, 3]}}, \"per_edge\": {\"delay\": {\"uniform\": [1, 2]}}}, " ENTRY(
                                                                                                                                                                                                                                                                                                                                                                                                                                        "out", B, A, "{\"type\": \"fixed_outdegree\", \"k\": 7}") ", " ENTRY("total",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             B,
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             A,
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             "{\"type\": \"fixed_total\", \"n\": 100}") "]}";

static cJSON *rows_of(const char *text)
{
    cJSON *whole = cJSON_Parse(text), *rows = cJSON_DetachItemFromObject(whole, "rows");

    assert_non_null(rows);
    cJSON_Delete(whole);
    for (cJSON *row = rows->child; row != NULL; row = row->next)
        cJSON_DeleteItemFromObject(row, "draw_time");
    return rows;
}

/* The counts of the build, made while drawing, and those of the files. */
static void counts_are_the_same(void **state)
{
    place at = make_place();
    run_result built, verified;
    cJSON *a, *b;
    unsigned rows = 0;

    (void)state;
    build(&at, all_kinds, &built);
    verify(&at, all_kinds, &verified);
    assert_string_equal(verified.err, "");
    assert_int_equal(verified.status, 0);
    assert_contains(verified.out, "merged: several edges between two nodes cannot be told apart");
    a = rows_of(built.out);
    b = rows_of(verified.out);
    for (cJSON *x = a->child, *y = b->child; x != NULL; x = x->next, y = y->next, rows++) {
        assert_non_null(y);
        if (strcmp(cJSON_GetObjectItem(x, "entry")->valuestring, "merged") == 0) {
            assert_true(cJSON_Compare(cJSON_GetObjectItem(x, "synapses"), cJSON_GetObjectItem(y, "synapses"), true));
            continue;
        }
        if (!cJSON_Compare(x, y, true))
            print_error("%s\n%s\n", cJSON_PrintUnformatted(x), cJSON_PrintUnformatted(y));
        assert_true(cJSON_Compare(x, y, true));
    }
    assert_int_equal(rows, 19); /* 14 entries, three classes of gap junctions and two of what depends on them */
    cJSON_Delete(a);
    cJSON_Delete(b);
    run_free(&built);
    run_free(&verified);
    free_place(&at);
}

/* What another specification would not have given. */
static void contradictions_are_found(void **state)
{
#define ONE(connector) POPULATIONS(60, 50) ENTRY("e", A, A, connector) "]}"
#define TO(connector) POPULATIONS(60, 50) ENTRY("e", A, B, connector) "]}"
    static const struct {
        const char *built, *asked, *out, *err;
    } each[] = {
        /* by chance */
        {ONE("{\"type\": \"unidirectional\", \"p\": 0.2}"), ONE("{\"type\": \"unidirectional\", \"p\": 0.3}"),
         "e: the edges are -", ""},
        {ONE("{\"type\": \"reciprocal\", \"p0\": 0.2, \"rho\": 0}"),
         ONE("{\"type\": \"reciprocal\", \"p0\": 0.2, \"rho\": 0.8}"), "e: the pairs connected both ways are -", ""},
        {TO("{\"type\": \"unidirectional\", \"p\": 0.2, \"n_syn\": {\"uniform\": [1, 3]}}"),
         TO("{\"type\": \"unidirectional\", \"p\": 0.2, \"n_syn\": {\"choose\": {\"p\": [0.1, 0.1, 0.8], \"n\": [1, 2, "
            "3]}}}"),
         "e: the synapses are -", ""},
        /* whatever the chance */
        {ONE("{\"type\": \"unidirectional\", \"p\": 0.5, \"autapses\": true}"),
         ONE("{\"type\": \"unidirectional\", \"p\": 0.5}"), "", "n_to_n: row "},
        {TO("{\"type\": \"unidirectional\", \"p\": 0.2, \"n_syn\": 2}"),
         TO("{\"type\": \"unidirectional\", \"p\": 0.2, \"n_syn\": 3}"), "", "2 synapses from node"},
        {TO("{\"type\": \"unidirectional\", \"p\": 0.2}"), ONE("{\"type\": \"unidirectional\", \"p\": 0.2}"), "",
         "is no target of e"},
        {TO("{\"type\": \"fixed_indegree\", \"k\": 70, \"allow_multiple\": true}"),
         TO("{\"type\": \"fixed_indegree\", \"k\": 50}"), "", "e has an edge from node "},
        {TO("{\"type\": \"fixed_total\", \"n\": 500}"), TO("{\"type\": \"fixed_indegree\", \"k\": 10}"), "",
         "edges, not 10"},
        {TO("{\"type\": \"fixed_total\", \"n\": 600}"), TO("{\"type\": \"fixed_outdegree\", \"k\": 10}"), "",
         "edges, not 10"},
        {POPULATIONS(60, 50)
             ENTRY("e", A, A, "{\"type\": \"all_to_all\"}") ", " ENTRY("f", A, B, "{\"type\": \"all_to_all\"}") "]}",
         ONE("{\"type\": \"all_to_all\"}"), "", "edge type 101 is none that the specification has here"},
        {TO("{\"type\": \"all_to_all\"}"), POPULATIONS(61, 50) ENTRY("e", A, B, "{\"type\": \"all_to_all\"}") "]}", "",
         "n: has 110 nodes, the specification says 111"},
        {TO("{\"type\": \"all_to_all\"}"), POPULATIONS(50, 60) ENTRY("e", A, B, "{\"type\": \"all_to_all\"}") "]}", "",
         "node 50 is of type 100, the specification makes it one of 101"},
        {TO("{\"type\": \"all_to_all\"}"),
         POPULATIONS(60, 50) ENTRY("e", "{\"population\": \"v\"}", A, "{\"type\": \"all_to_all\"}") "]}", "",
         "there is no edge population `v_to_n`"},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof each / sizeof *each; i++) {
        place at = make_place();
        run_result result;
        build(&at, each[i].built, &result);
        run_free(&result);
        verify(&at, each[i].built, &result);
        assert_int_equal(result.status, 0);
        assert_string_equal(result.err, "");
        run_free(&result);
        verify(&at, each[i].asked, &result);
        if (result.status != 3)
            print_error("%u: status %d\n", i, result.status);
        assert_int_equal(result.status, 3);
        assert_contains(result.out, each[i].out);
        assert_contains(result.err, each[i].err);
        run_free(&result);
        free_place(&at);
    }
}

/* Classes of gap junctions by the synapses in the files. */
static void classes_are_compared(void **state)
{
#define GAPS(uni, rec)                                                                                                \
    ONE("{\"type\": \"reciprocal\", \"p0\": 0.3, \"rho\": 0.3}}, {\"name\": \"g\", \"source\": " A ", \"target\": " A \
        ", \"connector\": {\"type\": \"gap_junction\", \"p_non\": 0.2, \"p_uni\": " #uni ", \"p_rec\": " #rec         \
        ", \"chemical\": \"e\"}")
    place at = make_place();
    run_result result;

    (void)state;
    build(&at, GAPS(0.5, 0.9), &result);
    run_free(&result);
    verify(&at, GAPS(0.5, 0.9), &result);
    assert_int_equal(result.status, 0);
    run_free(&result);
    verify(&at, GAPS(0.9, 0.5), &result);
    assert_int_equal(result.status, 3);
    assert_contains(result.out, "g: the edges of pairs with synapses one way are -");
    assert_contains(result.out, "g: the edges of pairs with synapses both ways are ");
    run_free(&result);
    free_place(&at);
}

/* Little memory: the files are gone through several times. */
static void memory_is_bounded(void **state)
{
    place at = make_place();
    char *file;
    cJSON *a, *b;
    run_result result;

    (void)state;
    build(&at,
          POPULATIONS(600, 50) ENTRY("e", A, A, "{\"type\": \"reciprocal\", \"p0\": 0.5, \"rho\": 0.3}") ", " ENTRY(
              "f", A, B, "{\"type\": \"reciprocal\", \"p0\": 0.9, \"p1\": 0.8, \"rho\": 0.3}") "]}",
          &result);
    a = rows_of(result.out);
    run_free(&result);
    assert_done(sna_path_join(&file, at.folder, "built.json"));
    run_words(&result, "network", "verify", file, at.network, "--format", "json", "--memory", "1M", NULL);
    assert_int_equal(result.status, 0);
    b = rows_of(result.out);
    assert_true(cJSON_Compare(a, b, true));
    run_free(&result);
    run_words(&result, "network", "verify", file, NULL);
    assert_int_equal(result.status, 2);
    run_free(&result);
    run_words(&result, "network", "verify", file, "nowhere", NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "nowhere");
    run_free(&result);
    cJSON_Delete(a);
    cJSON_Delete(b);
    free(file);
    free_place(&at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_the_same),
        cmocka_unit_test(contradictions_are_found),
        cmocka_unit_test(classes_are_compared),
        cmocka_unit_test(memory_is_bounded),
    };
    return cmocka_run_group_tests_name("network_verify", tests, NULL, NULL);
}
