/* test_connectors_spec.c: what a specification may say, and the sentence for what it may not. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "connectors/connectors.h"

static const char populations[] = "\"sonatina\": 1, \"populations\": {"
                                  "\"cortex\": {\"nodes\": [{\"pop_name\": \"PN\", \"count\": 8, \"layer\": 5},"
                                  " {\"pop_name\": \"FSI\", \"count\": 2, \"layer\": 5}]}, "
                                  "\"input\": {\"nodes\": [{\"pop_name\": \"tON\", \"count\": 3}]}}";

static int parse(sna_network **out, const char *text)
{
    return sna_network_parse(out, text, strlen(text), "spec.json", NULL, NULL);
}

/* The specification must be refused with a sentence that has all the parts (NULL-terminated). */
static void refused(const char *text, const char *const *part)
{
    sna_network *network = NULL;
    const int status = parse(&network, text);

    if (status != SNA_EFORMAT)
        print_error("status %d for %s\n", status, text);
    assert_int_equal(status, SNA_EFORMAT);
    assert_null(network);
    for (; *part != NULL; part++)
        assert_contains(sna_error_message(), *part);
}

static void refused_populations(const char *text, const char *first, const char *second)
{
    char *whole = NULL;
    const char *part[] = {"spec.json:1: ", first, second, NULL};

    assert_done(sna_text_format(&whole, "{\"sonatina\": 1, \"populations\": %s}", text));
    refused(whole, part);
    free(whole);
}

static void refused_edges(const char *text, const char *first, const char *second)
{
    char *whole = NULL;
    const char *part[] = {"spec.json:1: ", first, second, NULL};

    assert_done(sna_text_format(&whole, "{%s, \"edges\": %s}", populations, text));
    refused(whole, part);
    free(whole);
}

static void top_level(void **state)
{
    const char *no_version[] = {"the key `sonatina` is missing", NULL}, *version[] = {"sonatina: ", "must be 1", NULL},
               *key[] = {"sed: unknown key", "did you mean `seed`", "allowed here: sonatina, seed", NULL},
               *none[] = {"the key `populations` is missing", NULL}, *seed[] = {"seed: must be a whole number", NULL},
               *broken[] = {"spec.json:2", NULL};

    (void)state;
    refused("{}", no_version);
    refused("{\"sonatina\": 2}", version);
    refused("{\"sonatina\": 1, \"sed\": 3}", key);
    refused("{\"sonatina\": 1}", none);
    refused("{\"sonatina\": 1, \"seed\": -1, \"populations\": {}}", seed);
    refused("{\"sonatina\": 1,\n \"populations\": }", broken);
}

static void bad_populations(void **state)
{
    (void)state;
    refused_populations("{}", "populations: ", "at least one population");
    refused_populations("{\"a\": {\"nodes\": []}}", "populations.a.nodes: ", "at least one node type");
    refused_populations("{\"a\": {\"nodez\": []}}", "populations.a.nodez: ", "did you mean `nodes`");
    refused_populations("{\"a\": {\"nodes\": [{\"count\": -4}]}}", "populations.a.nodes[0].count: ", "found -4");
    refused_populations("{\"a\": {\"nodes\": [{\"count\": 2.5}]}}", "populations.a.nodes[0].count: ", "found 2.5");
    refused_populations("{\"a\": {\"nodes\": [{\"count\": \"8\"}]}}",
                        "populations.a.nodes[0].count: ", "the text \"8\"");
    refused_populations("{\"a\": {\"nodes\": [{\"cuont\": 8}]}}", "populations.a.nodes[0]: ", "needs `count`");
    refused_populations("{\"a\": {\"nodes\": [{\"count\": 8, \"share\": 1}]}}", "populations.a.nodes[0]: ", "both");
    refused_populations("{\"a\": {\"nodes\": [{\"share\": 8}]}}", "populations.a: ", "needs a `count` to divide");
    refused_populations("{\"a\": {\"count\": 9, \"nodes\": [{\"count\": 8}]}}",
                        "populations.a.count: ", "is 9, but the counts of the types add up to 8");
    refused_populations("{\"a\": {\"count\": 0, \"nodes\": [{\"count\": 0}]}}", "populations.a: ", "has no nodes");
    refused_populations("{\"a\": {\"count\": 5, \"nodes\": [{\"share\": 0}]}}", "populations.a: ", "shares");
    refused_populations("{\"a/b\": {\"nodes\": [{\"count\": 8}]}}", "populations.a/b: ", "slashes");
    refused_populations("{\"a\": {\"nodes\": [{\"count\": 8, \"node_id\": 1}]}}",
                        "populations.a.nodes[0].node_id: ", "the files use themselves");
    refused_populations("{\"a\": {\"nodes\": [{\"count\": 8, \"tag\": {\"b\": 1}}]}}",
                        "populations.a.nodes[0].tag: ", "one value or a list");
    refused_populations("{\"a\": {\"positions\": {\"bxo\": 1}, \"nodes\": [{\"count\": 8}]}}",
                        "populations.a.positions.bxo: ", "box");
    refused_populations("{\"a\": {\"positions\": {\"box\": {\"min\": [0, 0, 1], \"max\": [1, 1, 0]}}, \"nodes\": "
                        "[{\"count\": 8}]}}",
                        "populations.a.positions.box: ", "`min` is above `max` in z");
    refused_populations("{\"a\": {\"positions\": {\"box\": {\"min\": [0, 0], \"max\": [1, 1, 0]}}, \"nodes\": "
                        "[{\"count\": 8}]}}",
                        "populations.a.positions.box.min: ", "a list of 3 numbers, found 2");
}

#define CORTEX "{\"population\": \"cortex\"}"

static void bad_edges(void **state)
{
    (void)state;
    refused_edges("[{\"target\": " CORTEX "}]", "edges[0]: ", "the key `source` is missing");
    refused_edges("[{\"source\": {\"population\": \"cortx\"}, \"target\": " CORTEX "}]",
                  "edges[0].source.population: ", "did you mean `cortex`?; there are: cortex, input");
    refused_edges("[{\"source\": " CORTEX ", \"target\": " CORTEX "}]", "edges[0]: ", "`connector` is missing");
    refused_edges("[{\"source\": " CORTEX ", \"target\": " CORTEX ", \"conector\": {}}]",
                  "edges[0].conector: ", "did you mean `connector`");
    refused_edges("[{\"source\": " CORTEX ", \"target\": " CORTEX ", \"connector\": {\"p\": 1}}]",
                  "edges[0].connector: ", "the key `type` is missing");
    refused_edges("[{\"source\": " CORTEX ", \"target\": " CORTEX
                  ", \"connector\": {\"type\": \"unidirektional\", \"p\": 1}}]",
                  "edges[0].connector.type: ", "did you mean `unidirectional`?");
    refused_edges("[{\"source\": " CORTEX ", \"target\": " CORTEX
                  ", \"connector\": {\"type\": \"unidirectional\", \"p\": 1.5}}]",
                  "edges[0].connector.p: ", "from 0 to 1, found 1.5");
    refused_edges("[{\"source\": " CORTEX ", \"target\": " CORTEX
                  ", \"connector\": {\"type\": \"unidirectional\", \"p\": 0.5, \"q\": 1}}]",
                  "edges[0].connector.q: ", "allowed here: type, p, n_syn, autapses");
    refused_edges("[{\"source\": " CORTEX ", \"target\": " CORTEX
                  ", \"connector\": {\"type\": \"unidirectional\", \"p\": 0.5, \"n_syn\": 0}}]",
                  "edges[0].connector.n_syn: ", "from 1 to");
    refused_edges("[{\"source\": " CORTEX ", \"target\": " CORTEX
                  ", \"connector\": {\"type\": \"unidirectional\", \"p\": 0.5, \"n_syn\": {\"choose\": {\"p\": [0.5], "
                  "\"n\": [1]}}}}]",
                  "edges[0].connector.n_syn.choose.p: ", "add up to 1, they add up to 0.5");
    refused_edges("[{\"source\": {\"population\": \"cortex\", \"pop_name\": \"LTS\"}, \"target\": " CORTEX
                  ", \"connector\": {\"type\": \"unidirectional\", \"p\": 0.5}}]",
                  "edges[0].source: ", "no node of cortex matches");
    refused_edges("[{\"source\": " CORTEX ", \"target\": {\"population\": \"cortex\", \"pop_nmae\": \"PN\"}"
                  ", \"connector\": {\"type\": \"unidirectional\", \"p\": 0.5}}]",
                  "edges[0].target.pop_nmae: ", "did you mean `pop_name`?; there are: pop_name, layer");
    refused_edges("[{\"source\": " CORTEX ", \"target\": " CORTEX ", \"use\": \"none\"}]",
                  "edges[0].use: ", "there is no rule `none`");
    refused_edges("[{\"name\": \"a\", \"source\": " CORTEX ", \"target\": " CORTEX
                  ", \"connector\": {\"type\": \"unidirectional\", \"p\": 0.5}},"
                  " {\"name\": \"a\", \"source\": " CORTEX ", \"target\": " CORTEX "}]",
                  "edges[1].name: ", "an earlier entry has the name a too");
    refused_edges(
        "[{\"source\": " CORTEX ", \"target\": " CORTEX
        ", \"connector\": {\"type\": \"unidirectional\", \"p\": 0.5}, \"properties\": {\"edge_type_id\": 1}}]",
        "edges[0].properties.edge_type_id: ", "the files use themselves");
}

static void proportions(void **state)
{
    static const double equal[] = {1, 1, 1}, decimal[] = {0.8, 0.2}, four[] = {1, 2, 3, 4}, mixed[] = {5, 3, 2, 7},
                        column[] = {87, 9, 4};
    uint64_t part[4];

    (void)state;
    sna_proportions(part, equal, 3, 100);
    assert_memory_equal(part, ((uint64_t[]){33, 34, 33}), 3 * sizeof *part);
    sna_proportions(part, equal, 3, 9);
    assert_memory_equal(part, ((uint64_t[]){3, 3, 3}), 3 * sizeof *part);
    sna_proportions(part, decimal, 2, 127);
    assert_memory_equal(part, ((uint64_t[]){102, 25}), 2 * sizeof *part);
    sna_proportions(part, four, 4, 1001);
    assert_memory_equal(part, ((uint64_t[]){100, 200, 301, 400}), 4 * sizeof *part);
    sna_proportions(part, mixed, 4, 17);
    assert_memory_equal(part, ((uint64_t[]){5, 3, 2, 7}), 4 * sizeof *part);
    sna_proportions(part, column, 3, 3000);
    assert_memory_equal(part, ((uint64_t[]){2610, 270, 120}), 3 * sizeof *part);
    sna_proportions(part, column, 3, 0);
    assert_memory_equal(part, ((uint64_t[]){0, 0, 0}), 3 * sizeof *part);
}

static void shares_and_counts_add_up(void **state)
{
    sna_network *network = NULL;

    (void)state;
    assert_done(parse(&network, "{\"sonatina\": 1, \"seed\": 9, \"populations\": {\"a\": {\"count\": 127, \"nodes\": ["
                                "{\"n\": 1, \"share\": 0.8}, {\"n\": 2, \"share\": 0.2}]}, "
                                "\"b\": {\"count\": 10, \"nodes\": [{\"count\": 4}, {\"share\": 1}]}}}"));
    assert_int_equal(sna_network_seed(network), 9);
    assert_int_equal(sna_network_populations(network), 2);
    assert_string_equal(sna_network_population(network, 1), "b");
    assert_int_equal(sna_network_nodes(network, 0), 127);
    assert_int_equal(sna_network_nodes(network, 1), 10);
    assert_int_equal(sna_network_projections(network), 0);
    assert_null(sna_network_positions(network, 0));
    sna_network_free(network);
}

/* A list is any of, several keys are all of; numbers and texts differ. */
static void selectors(void **state)
{
    sna_network *network = NULL;
    sna_edge_list list = SNA_EDGE_LIST;

    (void)state;
    assert_done(parse(
        &network,
        "{\"sonatina\": 1, \"populations\": {\"a\": {\"nodes\": [{\"count\": 2, \"t\": \"x\", \"l\": 1}, "
        "{\"count\": 3, \"t\": \"y\", \"l\": 2, \"on\": true}, {\"count\": 4, \"t\": \"x\", \"l\": 2}]}}, \"edges\": ["
        "{\"source\": {\"population\": \"a\", \"t\": [\"x\", \"z\"]}, \"target\": {\"population\": \"a\", \"t\": "
        "\"x\", "
        "\"l\": 2}, \"connector\": {\"type\": \"unidirectional\", \"p\": 1, \"autapses\": true}},"
        "{\"source\": {\"population\": \"a\", \"on\": true}, \"target\": {\"population\": \"a\", \"l\": 1}, "
        "\"connector\": {\"type\": \"unidirectional\", \"p\": 1, \"n_syn\": 3}}]}"));
    assert_string_equal(sna_network_projection(network, 0), "edges[0]");
    assert_int_equal(sna_network_targets(network, 0), 4);
    assert_done(sna_network_draw(network, 0, 1, 2, &list));
    assert_int_equal(list.count, 6);
    assert_memory_equal(list.source, ((uint64_t[]){0, 1, 5, 6, 7, 8}), 6 * sizeof *list.source);
    assert_int_equal(list.target[0], 6);
    assert_int_equal(list.synapses[5], 1);
    assert_done(sna_network_draw(network, 1, 0, 2, &list));
    assert_int_equal(list.count, 6);
    assert_memory_equal(list.source, ((uint64_t[]){2, 3, 4, 2, 3, 4}), 6 * sizeof *list.source);
    assert_memory_equal(list.target, ((uint64_t[]){0, 0, 0, 1, 1, 1}), 6 * sizeof *list.target);
    assert_int_equal(list.synapses[0], 3);
    assert_int_equal(sna_network_draw(network, 1, 0, 3, &list), SNA_ERANGE);
    sna_edge_list_free(&list);
    sna_network_free(network);
}

/* An entry takes from the rule what it does not say itself. */
static void rules(void **state)
{
    sna_network *network = NULL;
    sna_edge_list list = SNA_EDGE_LIST;

    (void)state;
    assert_done(parse(&network,
                      "{\"sonatina\": 1, \"populations\": {\"a\": {\"nodes\": [{\"count\": 3}]}}, "
                      "\"rules\": {\"r\": {\"connector\": {\"type\": \"unidirectional\", \"p\": 0, \"n_syn\": "
                      "4}}}, \"edges\": [{\"source\": {\"population\": \"a\"}, \"target\": {\"population\": "
                      "\"a\"}, \"use\": \"r\", \"connector\": {\"p\": 1}}]}"));
    assert_done(sna_network_draw(network, 0, 0, 3, &list));
    assert_int_equal(list.count, 6); /* no autapses */
    assert_int_equal(list.synapses[0], 4);
    sna_edge_list_free(&list);
    sna_network_free(network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(top_level),   cmocka_unit_test(bad_populations),          cmocka_unit_test(bad_edges),
        cmocka_unit_test(proportions), cmocka_unit_test(shares_and_counts_add_up), cmocka_unit_test(selectors),
        cmocka_unit_test(rules),
    };
    return cmocka_run_group_tests_name("connectors_spec", tests, NULL, NULL);
}
