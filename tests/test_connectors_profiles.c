/* test_connectors_profiles.c: over 200 seeds, how gap junctions and the synapses that depend on them vary with the
 * distance, against their exact probabilities; and that both directions of a pair are the same however they are asked
 * for. */
#include "draws.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BINS = 8 };
static const double width = 50;

static unsigned bin_of(double d)
{
    return (unsigned)fmin(d / width, BINS - 1);
}

static double gaussian(double d)
{
    return 0.5 * exp(-d * d / (2 * 70 * 70));
}

static double steps(double d)
{
    return d <= 60 ? 0.9 : d <= 200 ? 0.3 : 0;
}

/* Junctions of pairs of a class, by distance. */
typedef struct {
    double made[BINS], mean[BINS], variance[BINS];
} profile;

static void add_pair(profile *self, double d, double p, unsigned made)
{
    self->made[bin_of(d)] += made;
    self->mean[bin_of(d)] += p;
    self->variance[bin_of(d)] += p * (1 - p);
}

static void add_profile(chi_square *self, const profile *seen)
{
    for (unsigned k = 0; k < BINS; k++) {
        if (seen->variance[k] > 8)
            add_normal(self, seen->made[k], seen->mean[k], seen->variance[k]);
        else
            assert_true(seen->mean[k] > 0 || seen->made[k] <= 0);
    }
}

/* Gap junctions of their own, within a set of nodes and between two. */
static void gaps_have_their_profile(void **state)
{
    enum { N = 90, M = 60, NODES = N + M };
    static const char connector[] = "{\"type\": \"gap_junction\", \"p\": {\"gaussian\": {\"sd\": 70, \"pmax\": 0.5}}}";
    uint8_t *gap = malloc(NODES * NODES);

    (void)state;
    assert_non_null(gap);
    for (unsigned same = 0; same < 2; same++) {
        profile seen = {{0}, {0}, {0}};
        chi_square total = {0, 0}, by_distance = {0, 0};
        char *entry = NULL;
        assert_done(
            sna_text_format(&entry, "{\"source\": " A ", \"target\": %s, \"connector\": %s}", same ? A : B, connector));
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            sna_network *network = make(N, M, seed, entry);
            const double(*at)[3] = sna_network_positions(network, 0);
            double made = 0, mean = 0, variance = 0;
            matrix(network, 0, NODES, gap);
            for (unsigned s = 0; s < N; s++) {
                for (unsigned t = same ? 0 : N; t < (same ? N : NODES); t++) {
                    const double d = distance(at[s], at[t], 7), p = gaussian(d);
                    const unsigned has = gap[s * NODES + t];
                    if (same && s >= t) {
                        assert_int_equal(has, 0);
                        continue;
                    }
                    add_pair(&seen, d, p, has);
                    made += has;
                    mean += p;
                    variance += p * (1 - p);
                }
            }
            add_normal(&total, made, mean, variance);
            sna_network_free(network);
        }
        add_profile(&by_distance, &seen);
        check(&total, same ? "gap junctions" : "gap junctions between two sets");
        check(&by_distance, same ? "gap junctions by distance" : "gap junctions between two sets by distance");
        free(entry);
    }
    free(gap);
}

/* Each class of pairs by another function of the distance. */
static void correlated_gaps_have_their_profiles(void **state)
{
    enum { N = 90 };
    static const char *const name[] = {"pairs without synapses", "one-way pairs", "two-way pairs"};
    profile seen[3] = {{{0}, {0}, {0}}};
    uint8_t *gap = malloc(N * N), *edge = malloc(N * N);

    (void)state;
    assert_true(gap != NULL && edge != NULL);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        sna_network *network = make(N, 1, seed,
                                    ENTRY("gap", A, A,
                                          "{\"type\": \"gap_junction\", \"p_non\": {\"gaussian\": {\"sd\": 70, "
                                          "\"pmax\": 0.5}}, \"p_uni\": "
                                          "{\"steps\": [[60, 0.9], [200, 0.3]]}, \"p_rec\": 0.7, \"chemical\": "
                                          "\"chem\"}") ", " ENTRY("chem", A, A,
                                                                  "{\"type\": \"reciprocal\", \"p0\": 0.3, \"rho\": "
                                                                  "0.2}"));
        const double(*at)[3] = sna_network_positions(network, 0);
        matrix(network, 0, N, gap);
        matrix(network, 1, N, edge);
        for (unsigned s = 0; s < N; s++) {
            for (unsigned t = s + 1; t < N; t++) {
                const unsigned class = (unsigned)edge[s * N + t] + edge[t * N + s];
                const double d = distance(at[s], at[t], 7);
                add_pair(&seen[class], d, class == 0 ? gaussian(d) : class == 1 ? steps(d) : 0.7, gap[s * N + t]);
            }
        }
        sna_network_free(network);
    }
    for (unsigned class = 0; class < 3; class ++) {
        chi_square by_distance = {0, 0};
        add_profile(&by_distance, &seen[class]);
        check(&by_distance, name[class]);
    }
    free(gap);
    free(edge);
}

/* Synapses within one set of nodes: the ways in which pairs with and without gap junctions are connected. */
static void conditional_synapses_have_their_profile(void **state)
{
    enum { N = 80 };
    double seen[2][BINS][4] = {{{0}}}, expected[2][BINS][4] = {{{0}}};
    uint8_t *gap = malloc(N * N), *edge = malloc(N * N);
    chi_square total = {0, 0}, ways = {0, 0};

    (void)state;
    assert_true(gap != NULL && edge != NULL);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        sna_network *network = make(
            N, 1, seed,
            ENTRY("chem", A, A,
                  "{\"type\": \"gap_conditional_reciprocal\", \"gap\": \"gap\", \"p0_elec\": {\"steps\": [[60, 0.9], "
                  "[200, 0.3]]}, \"pr_elec\": 0.1, \"p0_nonelec\": {\"gaussian\": {\"sd\": 70, \"pmax\": 0.5}}, "
                  "\"pr_nonelec\": 0.05}") ", " ENTRY("gap", A, A, "{\"type\": \"gap_junction\", \"p\": 0.2}"));
        const double(*at)[3] = sna_network_positions(network, 0);
        double made = 0, mean = 0, variance = 0;
        matrix(network, 0, N, edge);
        matrix(network, 1, N, gap);
        for (unsigned s = 0; s < N; s++) {
            for (unsigned t = s + 1; t < N; t++) {
                const double d = distance(at[s], at[t], 7);
                const unsigned has = gap[s * N + t], way = edge[s * N + t] + 2U * edge[t * N + s], bin = bin_of(d);
                const double p = has ? steps(d) : gaussian(d), both = sna_reciprocal_clip(p, p, has ? 0.1 : 0.05);
                const double of_way[4] = {1 - 2 * p + both, p - both, p - both, both};
                seen[has][bin][way]++;
                for (unsigned k = 0; k < 4; k++)
                    expected[has][bin][k] += of_way[k];
                made += (way & 1) + (way >> 1);
                mean += 2 * p;
                variance += 2 * p * (1 - p) + 2 * (both - p * p);
            }
        }
        add_normal(&total, made, mean, variance);
        sna_network_free(network);
    }
    for (unsigned has = 0; has < 2; has++) {
        for (unsigned b = 0; b < BINS; b++) {
            double pairs = 0, part[4];
            for (unsigned k = 0; k < 4; k++)
                pairs += seen[has][b][k];
            for (unsigned k = 0; k < 4; k++)
                part[k] = pairs > 0 ? fmax(expected[has][b][k], 0) / pairs : 0;
            if (pairs > 0)
                add_classes(&ways, seen[has][b], part, 4, pairs);
        }
    }
    check(&total, "conditional synapses");
    check(&ways, "conditional synapses by distance");
    free(gap);
    free(edge);
}

/* The backward direction is the same as an entry of its own, whose number of synapses may differ. */
static void reverses_are_the_backward_direction(void **state)
{
#define FORWARD                                                                                              \
    "{\"type\": \"reciprocal\", \"p0\": {\"gaussian\": {\"sd\": 70, \"pmax\": 0.5}}, \"p1\": 0.2, \"rho\": " \
    "0.3, \"n_syn1\": 4}"
    sna_network *both = make(120, 80, 3, ENTRY("e", A, B, FORWARD)),
                *apart = make(120, 80, 3,
                              "{\"name\": \"back\", \"connector\": {\"type\": \"reverse_of\", \"name\": \"e\", "
                              "\"n_syn\": 3}}, " ENTRY("e", A, B, FORWARD));
    static const uint64_t of_both[] = {0, 1}, of_apart[] = {1, 0};

    (void)state;
    assert_int_equal(sna_network_projections(apart), 2);
    for (unsigned k = 0; k < 2; k++) {
        sna_edge_list a = SNA_EDGE_LIST, b = SNA_EDGE_LIST;
        assert_done(sna_network_draw(both, of_both[k], 0, sna_network_targets(both, of_both[k]), &a));
        assert_done(sna_network_draw(apart, of_apart[k], 0, sna_network_targets(apart, of_apart[k]), &b));
        assert_true(a.count > 200);
        assert_int_equal(a.count, b.count);
        assert_memory_equal(a.source, b.source, a.count * sizeof *a.source);
        assert_memory_equal(a.target, b.target, a.count * sizeof *a.target);
        assert_int_equal(a.synapses[0], k == 0 ? 1 : 4);
        assert_int_equal(b.synapses[0], k == 0 ? 1 : 3);
        sna_edge_list_free(&a);
        sna_edge_list_free(&b);
    }
    sna_network_free(both);
    sna_network_free(apart);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaps_have_their_profile),
        cmocka_unit_test(correlated_gaps_have_their_profiles),
        cmocka_unit_test(conditional_synapses_have_their_profile),
        cmocka_unit_test(reverses_are_the_backward_direction),
    };
    return cmocka_run_group_tests_name("connectors_profiles", tests, NULL, NULL);
}
