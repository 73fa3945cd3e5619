/* test_network_mistakes.c: what people get wrong in a specification: one sentence with its place each, exit status 3,
 * and nothing left behind. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *populations; /* NULL: one of 5 nodes at places, "a" */
    const char *edges;       /* entries, NULL without */
    const char *part[3];     /* of the sentence */
} mistake;

/* The specification must be refused by the command, which must leave only it in its folder. */
static void refuse(const mistake *self)
{
    static const char *const usual = "\"a\": {\"positions\": {\"box\": {\"min\": [0, 0, 0], \"max\": [9, 9, 9]}}, "
                                     "\"nodes\": [{\"t\": 1, \"count\": 3}, {\"t\": 2, \"count\": 2}]}";
    char *folder = test_folder(), *text = NULL, *file, *out = NULL;
    const uint64_t files = 2; /* and ids.csv */
    run_result result;

    free(test_file(folder, "ids.csv", "source_node_id,target_node_id,w\n0,9,1\n"));
    assert_done(sna_text_format(&text, "{\"sonatina\": 1, \"populations\": {%s}, \"edges\": [%s]}",
                                self->populations == NULL ? usual : self->populations,
                                self->edges == NULL ? "" : self->edges));
    file = test_file(folder, "spec.json", text);
    assert_done(sna_path_join(&out, folder, "network"));
    run_words(&result, "network", "build", file, "-o", out, NULL);
    if (result.status != 3)
        print_error("status %d: %s\n%s\n", result.status, text, result.err);
    assert_int_equal(result.status, 3);
    assert_string_equal(result.out, "");
    for (unsigned i = 0; i < 3 && self->part[i] != NULL; i++)
        assert_contains(result.err, self->part[i]);
    /* One line. */
    assert_true(strchr(result.err, '\n') == NULL || strchr(result.err, '\n')[1] == '\0');
    assert_int_equal(test_folder_count(folder), files);
    run_free(&result);
    /* Checking says the same. */
    run_words(&result, "network", "check", file, NULL);
    assert_int_equal(result.status, 3);
    assert_contains(result.err, self->part[0]);
    run_free(&result);
    free(text);
    free(file);
    free(out);
    test_folder_remove(folder);
}

static void refuse_all(const mistake *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        refuse(&list[i]);
}
#define REFUSE_ALL(list) refuse_all(list, sizeof list / sizeof *list)

#define N "{\"population\": \"a\"}"
#define T(t) "{\"population\": \"a\", \"t\": " #t "}"
#define WITH(connector) "{\"source\": " N ", \"target\": " N ", \"connector\": " connector "}"
#define APART(connector) "{\"source\": " T(1) ", \"target\": " T(2) ", \"connector\": " connector "}"
#define UNI(p) WITH("{\"type\": \"unidirectional\", \"p\": " p "}")
#define VALUE(value)                                                                                                 \
    "{\"source\": " N ", \"target\": " N ", \"connector\": {\"type\": \"all_to_all\"}, \"per_edge\": {\"w\": " value \
    "}}"
#define PLACED(positions) "\"a\": {\"positions\": " positions ", \"nodes\": [{\"count\": 5}]}"

static void probabilities(void **state)
{
    static const mistake list[] = {
        {NULL, UNI("1.5"), {"edges[0].connector.p: ", "from 0 to 1, found 1.5"}},
        {NULL, UNI("-0.1"), {"edges[0].connector.p: ", "from 0 to 1, found -0.1"}},
        {NULL, UNI("\"0.1\""), {"edges[0].connector.p: ", "must be a number or a function of distance"}},
        {NULL, UNI("{\"uniform\": 2}"), {"edges[0].connector.p.uniform: ", "found 2"}},
        {NULL, UNI("{\"uniform\": 0.2, \"gaussian\": {}}"), {"edges[0].connector.p.gaussian: ", "a second function"}},
        {NULL, UNI("{\"range\": [0, 10]}"), {"edges[0].connector.p: ", "needs one of uniform, gaussian"}},
        {NULL, UNI("{\"uniform\": 0.2, \"range\": [10, 5]}"), {"edges[0].connector.p.range: "}},
        {NULL,
         UNI("{\"uniform\": 0.2, \"distance\": \"diagonal\"}"),
         {"edges[0].connector.p.distance: ", "must be spherical, cylindrical_z", "found diagonal"}},
        {NULL, UNI("{\"gaussian\": {\"sd\": 0, \"pmax\": 1}}"), {"edges[0].connector.p.gaussian.sd: ", "above 0"}},
        {NULL, UNI("{\"gaussian\": {\"sd\": 5}}"), {"edges[0].connector.p.gaussian: ", "either `pmax`"}},
        {NULL, UNI("{\"gaussian\": {\"sd\": 5, \"ptotal\": 0.2}}"), {"`ptotal` is a mean over distances: give them"}},
        {NULL, UNI("{\"gaussian\": {\"sd\": 5, \"pmax\": 0.2, \"within\": [0, 5]}}"), {"goes with `ptotal`"}},
        {NULL, UNI("{\"exponential\": {\"scale\": 5}}"), {"edges[0].connector.p.exponential: ", "pmax"}},
        {NULL, UNI("{\"table\": [[0, 0.2], [0, 0.3]]}"), {"edges[0].connector.p.table[1]: ", "ascend"}},
        {NULL, UNI("{\"steps\": [[10, 1.2]]}"), {"edges[0].connector.p.steps[0][1]: ", "found 1.2"}},
        {NULL, UNI("{\"steps\": []}"), {"edges[0].connector.p.steps: ", "must list pairs"}},
        {"\"a\": {\"nodes\": [{\"count\": 5}]}",
         UNI("{\"uniform\": 0.2, \"range\": [0, 5]}"),
         {"edges[0].connector.p: ", "depends on the distance, but the population of the source has no positions"}},
        {NULL,
         WITH("{\"type\": \"reciprocal\", \"p0\": 0.2, \"pr\": 0.3}"),
         {"edges[0].connector.pr: ", "pr = 0.3 is not possible", "from 0 to 0.2"}},
        {NULL,
         APART("{\"type\": \"reciprocal\", \"p0\": 0.8, \"p1\": 0.7, \"pr\": 0.3}"),
         {"edges[0].connector.pr: ",
          "pr = 0.3 is not possible with p0 = 0.8 and p1 = 0.7: it must be from 0.5 to 0.7"}},
        {NULL,
         WITH("{\"type\": \"reciprocal\", \"p0\": 0.2, \"rho\": -0.5}"),
         {"edges[0].connector.rho: ", "is not possible with p0 = 0.2", "from -0.25 to 1"}},
        {NULL, WITH("{\"type\": \"reciprocal\", \"p0\": 0.2, \"rho\": 1.5}"), {"edges[0].connector.rho: ", "-1 to 1"}},
        {NULL,
         WITH("{\"type\": \"reciprocal\", \"p0\": 0.2, \"nrr\": 6}"),
         {"edges[0].connector.nrr: ", "not possible"}},
        {NULL,
         WITH("{\"type\": \"reciprocal\", \"p0\": 0.2, \"nrr\": -1}"),
         {"edges[0].connector.nrr: ", "at least 0"}},
        {NULL, WITH("{\"type\": \"reciprocal\", \"p0\": 0.2}"), {"edges[0].connector: ", "needs one of `pr`, `rho`"}},
        {NULL, WITH("{\"type\": \"reciprocal\", \"p0\": 0.2, \"pr\": 0.1, \"rho\": 0}"), {"there is `pr` already"}},
        {NULL, WITH("{\"type\": \"reciprocal\", \"p0\": 0.2, \"p1\": 0.3, \"pr\": 0.1}"), {"edges[0].connector.p1: "}},
        {NULL, APART("{\"type\": \"reciprocal\", \"p0\": 0.2, \"pr\": 0.1}"), {"the key `p1` is missing"}},
        {NULL,
         WITH("{\"type\": \"reciprocal\", \"p0\": 0.2, \"pr\": 0.1, \"pr_range_forward\": [0, 5]}"),
         {"edges[0].connector.pr_range_forward: ", "`pr` is no such constant"}},
        {NULL,
         "{\"source\": " N ", \"target\": " T(1) ", \"connector\": {\"type\": \"reciprocal\", \"p0\": 0.2, \"p1\": "
                                                 "0.2, \"rho\": 0}}",
         {"edges[0].connector: ", "share some nodes"}},
    };

    (void)state;
    REFUSE_ALL(list);
}

static void other_entries(void **state)
{
    static const mistake list[] = {
        {NULL,
         WITH("{\"type\": \"gap_junction\", \"p_non\": 0, \"p_uni\": 1, \"p_rec\": 1, \"chemical\": \"syn\"}"),
         {"edges[0].connector.chemical: ", "there is no edge entry `syn`", "there are: none"}},
        {NULL,
         WITH("{\"type\": \"gap_junction\", \"p_non\": 0, \"p_uni\": 1, \"p_rec\": 1}"),
         {"the key `p` is missing"}},
        {NULL,
         WITH("{\"type\": \"gap_junction\", \"p\": 0.1, \"p_uni\": 1}"),
         {"edges[0].connector.p_uni: ", "needs `chemical`"}},
        {NULL,
         WITH("{\"type\": \"gap_conditional_reciprocal\", \"gap\": \"g\", \"p0_elec\": 0.5, \"pr_elec\": 0.2, "
              "\"p0_nonelec\": 0.1, \"pr_nonelec\": 0}"),
         {"edges[0].connector.gap: ", "there is no edge entry `g`"}},
        {NULL,
         "{\"name\": \"g\", \"source\": " N ", \"target\": " N ", \"connector\": {\"type\": \"gap_junction\", "
         "\"p_non\": 0, \"p_uni\": 1, \"p_rec\": 1, \"chemical\": \"g\"}}",
         {"edges[0]: ", "depends, through the entries that it names, on itself"}},
        {NULL, "{\"connector\": {\"type\": \"reverse_of\", \"name\": \"x\"}}", {"there is no edge entry `x`"}},
        {NULL,
         "{\"name\": \"u\", \"source\": " N ", \"target\": " N ", \"connector\": {\"type\": \"all_to_all\"}}, "
         "{\"connector\": {\"type\": \"reverse_of\", \"name\": \"u\"}}",
         {"edges[1].connector.name: ", "u has no backward direction"}},
        {NULL,
         "{\"name\": \"o\", \"source\": " T(1) ", \"target\": " T(
             2) ", \"connector\": {\"type\": \"one_to_one\"}}, "
                "{\"source\": " T(1) ", \"target\": " T(
                    2) ", \"connector\": {\"type\": \"one_to_one\", \"continue\": \"o\"}}",
         {"edges[1]"}},
        {NULL, "{\"edges_from_shell\": \"a\", \"of\": \"all\"}", {"edges[0].edges_from_shell: ", "a is no shell"}},
        {NULL, WITH("{\"type\": \"fixed_indegree\", \"k\": 5}"), {"edges[0].connector.k: ", "asks for 5 different"}},
        {NULL,
         WITH("{\"type\": \"fixed_total\", \"n\": 21}"),
         {"edges[0].connector.n: ", "asks for 21 edges, but there "
                                    "are 20 pairs"}},
        {NULL,
         WITH("{\"type\": \"from_file\", \"csv\": \"none.csv\"}"),
         {"edges[0].connector.csv: ", "there is no file"}},
        {NULL, WITH("{\"type\": \"from_file\", \"csv\": \"ids.csv\"}"), {"ids.csv:2: ", "target_node_id 9 is none of"}},
        {NULL,
         WITH("{\"type\": \"from_file\", \"csv\": \"ids.csv\", \"ids\": \"relative\"}"),
         {"ids.csv:2: ", "target_node_id 9 is not below 5"}},
        {NULL, WITH("{\"type\": \"from_file\", \"csv\": \"ids.csv\", \"ids\": \"rel\"}"), {"edges[0].connector.ids: "}},
        {NULL, VALUE("{\"csv\": \"none.csv\", \"column\": \"w\"}"), {"edges[0].per_edge.w.csv: ", "there is no file"}},
        {NULL, VALUE("{\"csv\": \"ids.csv\", \"column\": \"v\"}"), {"edges[0].per_edge.w.column: ", "no column v"}},
        {NULL, VALUE("{\"normal\": {\"mean\": 1, \"sd\": -1}}"), {"edges[0].per_edge.w.normal"}},
        {NULL, VALUE("{\"uniform\": [2, 1]}"), {"edges[0].per_edge.w.uniform: ", "found [2, 1]"}},
        {NULL, VALUE("{\"lognormal\": {\"mean\": 0, \"sd\": 1}}"), {"edges[0].per_edge.w.lognormal"}},
        {NULL, VALUE("{\"choose\": {\"p\": [0.5, 0.4], \"n\": [1, 2]}}"), {"add up to 1, they add up to 0.9"}},
        {NULL, VALUE("{\"uniform\": [0, 1], \"storage\": \"int32\"}"), {"edges[0].per_edge.w.storage: "}},
        {NULL, VALUE("{\"unifrom\": [0, 1]}"), {"edges[0].per_edge.w.unifrom: ", "did you mean `uniform`"}},
        {"\"a\": {\"nodes\": [{\"count\": 5}]}",
         VALUE("{\"distance\": \"spherical\"}"),
         {"edges[0].per_edge.w", "depends on the distance"}},
    };

    (void)state;
    REFUSE_ALL(list);
}

static void populations(void **state)
{
    static const mistake list[] = {
        {PLACED("{\"box\": {\"min\": [0, 0, 0], \"max\": [9, 9, 9]}, \"min_distance\": 90}"),
         NULL,
         {"populations.a.positions.min_distance: ", "is too large: of the 5 nodes only 1"}},
        {PLACED("{\"csv\": \"none.csv\"}"), NULL, {"populations.a.positions.csv: ", "there is no file"}},
        {PLACED("{\"csv\": \"ids.csv\"}"), NULL, {"ids.csv:1: ", "needs the columns x, y and z"}},
        {PLACED("{\"list\": [[0, 0, 0]]}"), NULL, {"populations.a.positions"}},
        {PLACED("{\"grid\": {\"shape\": [1, 1, 2], \"pitch\": 5}}"), NULL, {"populations.a.positions"}},
        {PLACED("{\"sphere\": {\"radius\": -3}}"), NULL, {"populations.a.positions.sphere.radius: "}},
        {PLACED("{\"around\": \"b\", \"width\": [1, 1, 1]}") ", \"b\": {\"nodes\": [{\"count\": 2}]}",
         NULL,
         {"populations.a.positions.around: ", "must name a population that stands before this one"}},
        {PLACED("{\"around\": \"a\", \"width\": [1, 1, 1]}"), NULL, {"populations.a.positions.around: "}},
        {"\"a\": {\"nodes_file\": \"none.h5\"}", NULL, {"populations.a.nodes_file: ", "none.h5"}},
        {"\"a\": {\"nodes\": [{\"count\": 2, \"per_node\": {\"v\": {\"csv\": \"none.csv\", \"column\": \"v\"}}}]}",
         NULL,
         {"populations.a.nodes[0].per_node.v.csv: ", "there is no file"}},
        {"\"a\": {\"nodes\": [{\"count\": 2, \"per_node\": {\"v\": {\"list\": [1, 2, 3]}}}]}",
         NULL,
         {"populations.a.nodes[0].per_node.v", "lists 3 values, but there are 2 nodes"}},
        {"\"a\": {\"nodes\": [{\"count\": 2, \"per_node\": {\"v\": {\"constant_delay\": {}}}}]}",
         NULL,
         {"populations.a.nodes[0].per_node.v.constant_delay: ", "is for edges, not for nodes"}},
        {"\"a\": {\"nodes\": [{\"count\": 2}]}",
         "{\"source\": {\"population\": \"b\"}, \"target\": " N ", \"connector\": {\"type\": \"all_to_all\"}}",
         {"edges[0].source.population: ", "there is no population `b`"}},
        {"\"a\": {\"nodes\": [{\"count\": 2}]}",
         "{\"source\": {\"population\": \"a\", \"node_set\": \"s\"}, \"target\": " N
         ", \"connector\": {\"type\": \"all_to_all\"}}",
         {"edges[0].source.node_set: ", "there is no node set `s`"}},
    };

    (void)state;
    REFUSE_ALL(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(probabilities),
        cmocka_unit_test(other_entries),
        cmocka_unit_test(populations),
    };
    return cmocka_run_group_tests_name("network_mistakes", tests, NULL, NULL);
}
