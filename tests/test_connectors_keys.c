/* test_connectors_keys.c: keys of a specification whose effect can be told exactly. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connectors/connectors.h"

enum { NODES = 40 };

/* 40 nodes "n" in a box; `more` stands behind the populations. */
static sna_network *make(const char *folder, const char *edges, const char *more)
{
    char *text = NULL;
    sna_network *network = NULL;

    assert_done(sna_text_format(&text,
                                "{\"sonatina\": 1, \"seed\": 6, \"populations\": {\"n\": {\"positions\": {\"box\": "
                                "{\"min\": [0, 0, 0], \"max\": [100, 100, 100]}}, \"nodes\": [{\"t\": 1, \"count\": "
                                "25}, {\"t\": 2, \"count\": 15}]}}%s, \"edges\": [%s]}",
                                more, edges));
    assert_done(sna_network_parse(&network, text, strlen(text), "spec.json", folder, NULL));
    free(text);
    return network;
}

#define N "{\"population\": \"n\"}"
#define T(t) "{\"population\": \"n\", \"t\": " #t "}"
#define BETWEEN(from, to, connector) \
    "{\"name\": \"e\", \"source\": " from ", \"target\": " to ", \"connector\": " connector "}"

static void draw(const sna_network *network, uint64_t projection, sna_edge_list *out)
{
    *out = SNA_EDGE_LIST;
    assert_done(sna_network_draw(network, projection, 0, sna_network_targets(network, projection), out));
}

static double reported(const sna_network *network, const char *column)
{
    sna_table *report = NULL;
    double value;

    assert_done(sna_network_report(network, &report));
    value = sna_table_real(report, 0, (uint64_t)sna_table_find_column(report, column));
    sna_table_free(report);
    return value;
}

static void assert_noted(const sna_network *network, const char *part)
{
    sna_table *report = NULL;
    bool found = false;

    assert_done(sna_network_report(network, &report));
    for (uint64_t i = 0; i < sna_table_notes(report); i++)
        found = found || strstr(sna_table_note(report, i), part) != NULL;
    if (!found)
        print_error("no note has: %s\n", part);
    assert_true(found);
    sna_table_free(report);
}

static double between(const double a[3], const double b[3], unsigned axes)
{
    double sum = 0;

    for (unsigned d = 0; d < 3; d++)
        sum += axes >> d & 1 ? (a[d] - b[d]) * (a[d] - b[d]) : 0;
    return sqrt(sum);
}

/* With probability 1 in a range, exactly the pairs in that range are connected, however the distance is measured. */
static void distances_are_measured(void **state)
{
    static const struct {
        const char *name;
        unsigned axes;
    } metric[] = {
        {"spherical", 7}, {"cylindrical_z", 3}, {"cylindrical_y", 5}, {"cylindrical_x", 6}, {"x", 1}, {"y", 2},
        {"z", 4}};

    (void)state;
    for (unsigned m = 0; m < sizeof metric / sizeof *metric; m++) {
        char *entry = NULL;
        sna_network *network;
        const double(*at)[3];
        sna_edge_list list;
        uint64_t k = 0, pairs = 0;
        assert_done(sna_text_format(&entry,
                                    BETWEEN(N, N,
                                            "{\"type\": \"unidirectional\", \"p\": {\"uniform\": 1, \"range\": "
                                            "[20, 60], \"distance\": \"%s\"}}"),
                                    metric[m].name));
        network = make(NULL, entry, "");
        at = sna_network_positions(network, 0);
        draw(network, 0, &list);
        for (uint64_t t = 0; t < NODES; t++) {
            for (uint64_t s = 0; s < NODES; s++) {
                const double d = between(at[s], at[t], metric[m].axes);
                if (s == t || d < 20 || d > 60)
                    continue;
                pairs++;
                assert_true(k < list.count && list.source[k] == s && list.target[k] == t);
                k++;
            }
        }
        assert_int_equal(k, list.count);
        assert_true(reported(network, "possible") == (double)pairs);
        assert_true(reported(network, "expected") == (double)pairs);
        sna_edge_list_free(&list);
        sna_network_free(network);
        free(entry);
    }
}

/* rho = (n pr - sum p0 p1) / sum sqrt(p0 (1 - p0) p1 (1 - p1)) over the n pairs in the windows; without any, over those
 * that can connect. */
static void windows_choose_pairs(void **state)
{
    static const struct {
        const char *keys;
        double forward[2], backward[2];
        bool can;  /* only pairs that can connect */
        double pr; /* such that no pair's is clipped */
    } each[] = {{"", {0, INFINITY}, {0, INFINITY}, true, 0.06},
                {", \"pr_range_forward\": [0, 50]", {0, 50}, {0, INFINITY}, false, 0.1},
                {", \"pr_range_forward\": [10, 70], \"pr_range_backward\": [0, 40]", {10, 70}, {0, 40}, false, 0.09}};

    (void)state;
    for (unsigned i = 0; i < sizeof each / sizeof *each; i++) {
        char *entry = NULL;
        sna_network *network;
        const double(*at)[3];
        double n = 0, product = 0, spread = 0;
        assert_done(sna_text_format(
            &entry,
            BETWEEN(T(1), T(2),
                    "{\"type\": \"reciprocal\", \"p0\": {\"exponential\": {\"scale\": 60, \"pmax\": 0.5}}, \"p1\": "
                    "{\"gaussian\": {\"mean\": 10, \"sd\": 40, \"pmax\": 0.4}, \"range\": [0, 80], \"distance\": "
                    "\"cylindrical_z\"}, \"pr\": %g%s}"),
            each[i].pr, each[i].keys));
        network = make(NULL, entry, "");
        at = sna_network_positions(network, 0);
        for (unsigned s = 0; s < 25; s++) {
            for (unsigned t = 25; t < NODES; t++) {
                const double d0 = between(at[s], at[t], 7), d1 = between(at[s], at[t], 3);
                const double p0 = 0.5 * exp(-d0 / 60),
                             p1 = d1 <= 80 ? 0.4 * exp(-(d1 - 10) * (d1 - 10) / (2 * 40 * 40)) : 0;
                if (d0 < each[i].forward[0] || d0 > each[i].forward[1] || d1 < each[i].backward[0] ||
                    d1 > each[i].backward[1] || (each[i].can && !(p0 > 0 && p1 > 0)))
                    continue;
                n++;
                product += p0 * p1;
                spread += sqrt(p0 * (1 - p0) * p1 * (1 - p1));
            }
        }
        assert_true(fabs(reported(network, "rho_expected") - (n * each[i].pr - product) / spread) < 1e-9);
        sna_network_free(network);
        free(entry);
    }
}

static void assert_same_edges(const char *a, const char *b)
{
    sna_network *first = make(NULL, a, ""), *second = make(NULL, b, "");
    sna_edge_list one, other;

    assert_int_equal(sna_network_projections(first), sna_network_projections(second));
    for (uint64_t p = 0; p < sna_network_projections(first); p++) {
        draw(first, p, &one);
        draw(second, p, &other);
        assert_true(one.count > 0);
        assert_int_equal(one.count, other.count);
        assert_memory_equal(one.source, other.source, one.count * sizeof *one.source);
        assert_memory_equal(one.target, other.target, one.count * sizeof *one.target);
        sna_edge_list_free(&one);
        sna_edge_list_free(&other);
    }
    sna_network_free(first);
    sna_network_free(second);
}

/* Several ways of saying the same. */
static void ways_to_say_how_pairs_go_together(void **state)
{
    (void)state;
    assert_same_edges(BETWEEN(N, N, "{\"type\": \"reciprocal\", \"p0\": 0.2, \"nrr\": 2}"),
                      BETWEEN(N, N, "{\"type\": \"reciprocal\", \"p0\": 0.2, \"pr\": {\"nrr\": 2}}"));
    assert_same_edges(BETWEEN(N, N, "{\"type\": \"reciprocal\", \"p0\": 0.2, \"nrr\": 2}"),
                      BETWEEN(N, N, "{\"type\": \"reciprocal\", \"p0\": 0.2, \"pr\": 0.08}"));
    assert_same_edges(
        BETWEEN(T(1), T(2),
                "{\"type\": \"reciprocal\", \"p0\": 0.2, \"p1\": 0.3, \"nrr\": {\"steps\": [[50, 2], [200, "
                "1]]}}"),
        BETWEEN(T(1), T(2),
                "{\"type\": \"reciprocal\", \"p0\": 0.2, \"p1\": 0.3, \"pr\": {\"nrr\": {\"steps\": [[50, "
                "2], [200, 1]]}}}"));
    assert_same_edges(
        BETWEEN(T(1), T(2),
                "{\"type\": \"reciprocal\", \"p0\": 0.2, \"p1\": 0.3, \"nrr\": {\"steps\": [[50, 2], [200, "
                "1]]}}"),
        BETWEEN(T(1), T(2),
                "{\"type\": \"reciprocal\", \"p0\": 0.2, \"p1\": 0.3, \"pr\": {\"steps\": [[50, 0.12], "
                "[200, 0.06]]}}"));
    /* One number of synapses for both directions, or one each. */
    assert_same_edges(BETWEEN(T(1), T(2),
                              "{\"type\": \"reciprocal\", \"p0\": 0.2, \"p1\": 0.3, \"rho\": 0, \"n_syn\": "
                              "2}"),
                      BETWEEN(T(1), T(2),
                              "{\"type\": \"reciprocal\", \"p0\": 0.2, \"p1\": 0.3, \"rho\": 0, "
                              "\"n_syn0\": 2, \"n_syn1\": 2}"));
}

/* NRR 2 with p 0.2 and 0.3 is pr 0.12; pr 0.15 there is rho 0.49099. */
static void published_values(void **state)
{
    sna_network *network = make(NULL,
                                BETWEEN(T(1), T(2),
                                        "{\"type\": \"reciprocal\", \"p0\": 0.2, \"p1\": 0.3, "
                                        "\"nrr\": 2}"),
                                "");
    static const double r2[] = {50, 100, 150, 200, 300}, mean[] = {0.223, 0.160, 0.097, 0.054, 0.018};

    (void)state;
    assert_true(fabs(reported(network, "reciprocal_expected") - 0.12 * 25 * 15) < 1e-9);
    sna_network_free(network);
    network = make(NULL, BETWEEN(T(1), T(2), "{\"type\": \"reciprocal\", \"p0\": 0.2, \"p1\": 0.3, \"pr\": 0.15}"), "");
    assert_true(fabs(reported(network, "rho_expected") - 0.49099) < 5e-6);
    sna_network_free(network);
    /* Of pmax 0.25 and sd 80, the mean within a radius; the last digit of one is rounded up there. */
    for (unsigned i = 0; i < 5; i++)
        assert_true(fabs(0.25 / sna_gaussian_peak(1, 0, 80, 0, r2[i], 3) - mean[i]) < 0.0011);
}

/* pr by distance that two probabilities do not allow is clipped for those pairs, and counted. */
static void clipping_is_counted(void **state)
{
    sna_network *network = make(
        NULL, BETWEEN(N, N, "{\"type\": \"reciprocal\", \"p0\": 0.2, \"pr\": {\"steps\": [[40, 0.3], [200, 0.1]]}}"),
        "");
    const double(*at)[3] = sna_network_positions(network, 0);
    double pairs = 0, both = 0;
    char *note = NULL;

    (void)state;
    for (unsigned s = 0; s < NODES; s++) {
        for (unsigned t = s + 1; t < NODES; t++) {
            const bool near = between(at[s], at[t], 7) <= 40;
            pairs += near;
            both += near ? 0.2 : 0.1;
        }
    }
    assert_true(pairs > 10);
    assert_true(fabs(reported(network, "reciprocal_expected") - both) < 1e-9);
    assert_true(fabs(reported(network, "expected") - 0.2 * NODES * (NODES - 1)) < 1e-9);
    assert_done(sna_text_format(&note, "e: pr was clipped to what p0 and p1 allow for %.0f pairs", pairs));
    assert_noted(network, note);
    free(note);
    sna_network_free(network);
    /* A mean that would need more than 1 in the middle: the peak is 1.154 there. */
    network = make(NULL,
                   BETWEEN(N, N,
                           "{\"type\": \"unidirectional\", \"p\": {\"gaussian\": {\"sd\": 80, \"ptotal\": "
                           "0.25, \"within\": [0, 200]}}}"),
                   "");
    assert_noted(network,
                 "e: at distances from 0 to 42.87 um the probability would be above 1"); /* 80 sqrt(2 ln 1.1544) */
    sna_network_free(network);
}

static void nodes_connect_to_themselves(void **state)
{
    static const char *const connector[] = {"{\"type\": \"reciprocal\", \"p0\": {\"steps\": [[0, 1]]}, \"rho\": 0%s}",
                                            "{\"type\": \"unidirectional\", \"p\": {\"steps\": [[0, 1]]}%s}"};

    (void)state;
    for (unsigned k = 0; k < 4; k++) {
        char *entry = NULL, *whole = NULL;
        sna_network *network;
        sna_edge_list list;
        assert_done(sna_text_format(&entry, connector[k / 2], k % 2 == 0 ? "" : ", \"autapses\": true"));
        assert_done(sna_text_format(&whole, BETWEEN(N, N, "%s"), entry));
        network = make(NULL, whole, "");
        draw(network, 0, &list);
        assert_int_equal(list.count, k % 2 == 0 ? 0 : NODES);
        for (uint64_t i = 0; i < list.count; i++)
            assert_int_equal(list.source[i], list.target[i]);
        assert_true(reported(network, "expected") == (double)list.count);
        sna_edge_list_free(&list);
        sna_network_free(network);
        free(entry);
        free(whole);
    }
}

static void files_are_found(void **state)
{
    char *folder = test_folder();
    sna_network *network;
    sna_edge_list list;

    (void)state;
    free(test_file(folder, "pairs.csv", "source_node_id,target_node_id\n0,3\n24,0\n"));
    free(test_file(folder, "sets.json",
                   "{\"second\": {\"population\": \"n\", \"t\": 2}, \"some\": {\"node_id\": [3, 7, 30]},"
                   " \"all of them\": [\"second\", \"some\"]}"));
    /* Relative ids are positions among the nodes that are selected. */
    network = make(folder,
                   BETWEEN(T(1), T(2),
                           "{\"type\": \"from_file\", \"csv\": \"pairs.csv\", \"ids\": "
                           "\"relative\"}"),
                   "");
    draw(network, 0, &list);
    assert_int_equal(list.count, 2);
    assert_memory_equal(list.source, ((uint64_t[]){24, 0}), 2 * sizeof *list.source);
    assert_memory_equal(list.target, ((uint64_t[]){25, 28}), 2 * sizeof *list.target);
    sna_edge_list_free(&list);
    sna_network_free(network);
    /* Sets from a file, and a condition beside a set. */
    network = make(folder,
                   BETWEEN("{\"population\": \"n\", \"node_set\": \"all of them\"}",
                           "{\"population\": \"n\", \"node_set\": \"some\", \"t\": 1}", "{\"type\": \"all_to_all\"}"),
                   ", \"node_sets_file\": \"sets.json\"");
    draw(network, 0, &list);
    assert_int_equal(sna_network_targets(network, 0), 2);
    assert_int_equal(list.count, 2 * 17 - 2);
    assert_int_equal(list.source[0], 7); /* 3 is the target */
    assert_int_equal(list.target[0], 3);
    sna_edge_list_free(&list);
    sna_network_free(network);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_are_measured),
        cmocka_unit_test(windows_choose_pairs),
        cmocka_unit_test(ways_to_say_how_pairs_go_together),
        cmocka_unit_test(published_values),
        cmocka_unit_test(clipping_is_counted),
        cmocka_unit_test(nodes_connect_to_themselves),
        cmocka_unit_test(files_are_found),
    };
    return cmocka_run_group_tests_name("connectors_keys", tests, NULL, NULL);
}
