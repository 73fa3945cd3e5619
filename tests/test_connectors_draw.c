/* test_connectors_draw.c: over 200 seeds, what each connector draws against its exact distribution. Seeds are fixed, so
 * these tests always give the same answer; a chi-square of a correct connector is above its 1e-4 quantile here. */
#include "draws.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- unidirectional ----------------------------------------------------------------------------------------- */

static void unidirectional_is_binomial(void **state)
{
    enum { N = 60, M = 40, NODES = N + M };
    const double p = 0.15;
    uint8_t *edge = malloc(NODES * NODES);
    double p_in[N + 1], p_out[N + 1];
    double seen_in[N + 1] = {0}, seen_out[M + 1] = {0};
    chi_square total = {0, 0}, indegree = {0, 0}, outdegree = {0, 0};

    (void)state;
    assert_non_null(edge);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        sna_network *network = make(N, M, seed, ENTRY("e", A, B, "{\"type\": \"unidirectional\", \"p\": 0.15}"));
        unsigned count = 0;
        matrix(network, 0, NODES, edge);
        for (unsigned t = N; t < NODES; t++) {
            unsigned k = 0;
            for (unsigned s = 0; s < N; s++)
                k += edge[s * NODES + t];
            seen_in[k]++;
            count += k;
        }
        for (unsigned s = 0; s < N; s++) {
            unsigned k = 0;
            for (unsigned t = N; t < NODES; t++)
                k += edge[s * NODES + t];
            seen_out[k]++;
        }
        add_normal(&total, count, N * M * p, N * M * p * (1 - p));
        sna_network_free(network);
    }
    for (unsigned k = 0; k <= N; k++)
        p_in[k] = gsl_ran_binomial_pdf(k, p, N);
    for (unsigned k = 0; k <= M; k++)
        p_out[k] = gsl_ran_binomial_pdf(k, p, M);
    add_classes(&indegree, seen_in, p_in, N + 1, (double)SEEDS * M);
    add_classes(&outdegree, seen_out, p_out, M + 1, (double)SEEDS * N);
    check(&total, "edges");
    check(&indegree, "in-degrees");
    check(&outdegree, "out-degrees");
    free(edge);
}

static double gaussian(double d)
{
    return 0.6 * exp(-d * d / (2 * 70 * 70));
}

static double in_range(double d)
{
    return d >= 30 && d <= 150 ? 0.3 : 0;
}

static double table(double d)
{
    return d <= 100 ? 0.5 - 0.4 * d / 100 : d <= 250 ? 0.1 * (250 - d) / 150 : 0;
}

static double steps(double d)
{
    return d <= 50 ? 0.8 : d <= 120 ? 0.2 : d <= 300 ? 0.02 : 0;
}

static double exponential(double d)
{
    return 0.7 * exp(-d / 60);
}

/* Edges in 40 bins of distance against the sums of the probabilities of their pairs. */
static void check_profile(const char *connector, double (*p)(double), unsigned axes)
{
    enum { N = 150, BINS = 40 };
    chi_square profile = {0, 0}, total = {0, 0};
    char *entry = NULL;
    uint8_t *edge = malloc(N * N);

    assert_non_null(edge);
    assert_done(sna_text_format(&entry, "{\"source\": " A ", \"target\": " A ", \"connector\": %s}", connector));
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        sna_network *network = make(N, 1, seed, entry);
        const double(*at)[3] = sna_network_positions(network, 0);
        double mean[BINS] = {0}, variance[BINS] = {0}, count[BINS] = {0}, sum = 0, spread = 0, made = 0;
        matrix(network, 0, N, edge);
        for (unsigned s = 0; s < N; s++) {
            for (unsigned t = 0; t < N; t++) {
                const double d = distance(at[s], at[t], axes);
                const unsigned bin = (unsigned)(d / 700 * BINS);
                if (s == t) {
                    assert_int_equal(edge[s * N + t], 0);
                    continue;
                }
                mean[bin] += p(d);
                variance[bin] += p(d) * (1 - p(d));
                count[bin] += edge[s * N + t];
            }
        }
        for (unsigned k = 0; k < BINS; k++) {
            if (variance[k] > 8)
                add_normal(&profile, count[k], mean[k], variance[k]);
            sum += mean[k];
            spread += variance[k];
            made += count[k];
        }
        add_normal(&total, made, sum, spread);
        sna_network_free(network);
    }
    check(&profile, connector);
    check(&total, connector);
    free(edge);
    free(entry);
}

static void distances_have_their_profile(void **state)
{
    (void)state;
    check_profile("{\"type\": \"unidirectional\", \"p\": {\"gaussian\": {\"sd\": 70, \"pmax\": 0.6}}}", gaussian, 7);
    check_profile("{\"type\": \"unidirectional\", \"p\": {\"uniform\": 0.3, \"range\": [30, 150]}}", in_range, 7);
    check_profile("{\"type\": \"unidirectional\", \"p\": {\"table\": [[0, 0.5], [100, 0.1], [250, 0]]}}", table, 7);
    check_profile("{\"type\": \"unidirectional\", \"p\": {\"steps\": [[50, 0.8], [120, 0.2], [300, 0.02]]}}", steps, 7);
    check_profile("{\"type\": \"unidirectional\", \"p\": {\"exponential\": {\"scale\": 60, \"pmax\": 0.7}, "
                  "\"distance\": \"cylindrical_z\"}}",
                  exponential, 3);
    check_profile("{\"type\": \"unidirectional\", \"p\": {\"gaussian\": {\"sd\": 70, \"pmax\": 0.6}, \"distance\": "
                  "\"x\"}}",
                  gaussian, 1);
}

/* ---- reciprocal --------------------------------------------------------------------------------------------- */

/* Which way each pair is connected, by the probabilities of the four ways; summed over seeds, and for each seed the
 * number of edges. `p` gives p0, p1 and pr at a distance. */
static void check_pairs(const char *connector, bool same, void (*p)(double d, double out[3]), double width)
{
    enum { N = 90, M = 60, NODES = N + M, BINS = 8 };
    double seen[BINS][4] = {{0}}, expected[BINS][4] = {{0}};
    chi_square edges = {0, 0}, ways = {0, 0};
    uint8_t *forward = malloc(NODES * NODES), *backward = malloc(NODES * NODES);
    char *entry = NULL;

    assert_true(forward != NULL && backward != NULL);
    assert_done(
        sna_text_format(&entry, "{\"source\": " A ", \"target\": %s, \"connector\": %s}", same ? A : B, connector));
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        sna_network *network = make(N, M, seed, entry);
        const double(*at)[3] = sna_network_positions(network, 0);
        double mean = 0, variance = 0, made = 0;
        assert_int_equal(sna_network_projections(network), same ? 1 : 2);
        matrix(network, 0, NODES, forward);
        if (same)
            memcpy(backward, forward, NODES * NODES);
        else
            matrix(network, 1, NODES, backward);
        for (unsigned s = 0; s < N; s++) {
            for (unsigned t = same ? s + 1 : N; t < (same ? N : NODES); t++) {
                const double d = distance(at[s], at[t], 7);
                const unsigned bin = (unsigned)fmin(d / width, BINS - 1);
                const unsigned way = forward[s * NODES + t] + 2U * backward[t * NODES + s];
                double q[3];
                p(d, q);
                seen[bin][way]++;
                expected[bin][0] += 1 - q[0] - q[1] + q[2];
                expected[bin][1] += q[0] - q[2];
                expected[bin][2] += q[1] - q[2];
                expected[bin][3] += q[2];
                mean += q[0] + q[1];
                variance += q[0] * (1 - q[0]) + q[1] * (1 - q[1]) + 2 * (q[2] - q[0] * q[1]);
                made += (way & 1) + (way >> 1);
            }
            assert_int_equal(forward[s * NODES + s], 0);
        }
        add_normal(&edges, made, mean, variance);
        sna_network_free(network);
    }
    for (unsigned b = 0; b < BINS; b++) {
        double total = 0, part[4];
        for (unsigned k = 0; k < 4; k++)
            total += seen[b][k];
        for (unsigned k = 0; k < 4; k++)
            part[k] = total > 0 ? fmax(expected[b][k], 0) / total : 0;
        if (total > 0)
            add_classes(&ways, seen[b], part, 4, total);
    }
    check(&edges, connector);
    check(&ways, connector);
    free(forward);
    free(backward);
    free(entry);
}

static void constant_pr(double d, double out[3])
{
    (void)d;
    out[0] = out[1] = 0.15;
    out[2] = 0.06767705087;
}

static void two_constants(double d, double out[3])
{
    (void)d;
    out[0] = 0.22;
    out[1] = 0.36;
    out[2] = 0.17;
}

static void never_both(double d, double out[3])
{
    (void)d;
    out[0] = 0.3;
    out[1] = 0.4;
    out[2] = 0;
}

static void two_distances(double d, double out[3])
{
    out[0] = gaussian(d);
    out[1] = steps(d);
    out[2] = sna_reciprocal_from_rho(out[0], out[1], 0.5);
}

static void three_times(double d, double out[3])
{
    out[0] = out[1] = table(d);
    out[2] = sna_reciprocal_clip(out[0], out[1], 3 * out[0] * out[1]);
}

static void reciprocal_pairs_are_joint(void **state)
{
    (void)state;
    check_pairs("{\"type\": \"reciprocal\", \"p0\": 0.15, \"pr\": 0.06767705087}", true, constant_pr, 1e9);
    check_pairs("{\"type\": \"reciprocal\", \"p0\": 0.22, \"p1\": 0.36, \"pr\": 0.17}", false, two_constants, 1e9);
    check_pairs("{\"type\": \"reciprocal\", \"p0\": 0.3, \"p1\": 0.4, \"pr\": 0}", false, never_both, 1e9);
    check_pairs("{\"type\": \"reciprocal\", \"p0\": {\"gaussian\": {\"sd\": 70, \"pmax\": 0.6}}, \"p1\": {\"steps\": "
                "[[50, 0.8], [120, 0.2], [300, 0.02]]}, \"rho\": 0.5}",
                false, two_distances, 50);
    check_pairs("{\"type\": \"reciprocal\", \"p0\": {\"table\": [[0, 0.5], [100, 0.1], [250, 0]]}, \"nrr\": 3}", true,
                three_times, 50);
}

/* A constant pr of a distance-dependent p is the mean over the pairs that can connect. */
static void constant_pr_is_a_mean(void **state)
{
    enum { N = 200 };
    chi_square mean = {0, 0};
    uint8_t *edge = malloc(N * N);

    (void)state;
    assert_non_null(edge);
    for (uint64_t seed = 0; seed < 60; seed++) {
        sna_network *network =
            make(N, 1, seed,
                 ENTRY("e", A, A,
                       "{\"type\": \"reciprocal\", \"p0\": {\"gaussian\": {\"sd\": 80, \"pmax\": 0.5}, "
                       "\"range\": [0, 200]}, \"pr\": 0.1}"));
        const double(*at)[3] = sna_network_positions(network, 0);
        double pairs = 0, both = 0;
        matrix(network, 0, N, edge);
        for (unsigned s = 0; s < N; s++) {
            for (unsigned t = s + 1; t < N; t++) {
                pairs += distance(at[s], at[t], 7) <= 200;
                both += edge[s * N + t] && edge[t * N + s];
            }
        }
        /* Each pair's own pr differs from the mean, which makes the variance a little smaller than this. */
        add_normal(&mean, both, 0.1 * pairs, 0.1 * 0.87 * pairs);
        sna_network_free(network);
    }
    check(&mean, "mean pr");
    free(edge);
}

/* ---- gap junctions ------------------------------------------------------------------------------------------ */

static void gap_junctions_follow_synapses(void **state)
{
    enum { N = 90 };
    static const double p[] = {0.1228, 0.56, 1};
    double seen[3][2] = {{0}};
    uint8_t *gap = malloc(N * N), *edge = malloc(N * N);
    chi_square fractions = {0, 0};

    (void)state;
    assert_true(gap != NULL && edge != NULL);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        sna_network *network =
            make(N, 1, seed,
                 ENTRY("gap", A, A,
                       "{\"type\": \"gap_junction\", \"p_non\": 0.1228, \"p_uni\": 0.56, \"p_rec\": 1, \"chemical\": "
                       "\"chem\"}") ", " ENTRY("chem", A, A, "{\"type\": \"reciprocal\", \"p0\": 0.15, \"pr\": 0.06}"));
        matrix(network, 0, N, gap);
        matrix(network, 1, N, edge);
        for (unsigned s = 0; s < N; s++) {
            for (unsigned t = 0; t < N; t++) {
                if (s >= t)
                    assert_int_equal(gap[s * N + t], 0);
                else
                    seen[edge[s * N + t] + edge[t * N + s]][gap[s * N + t]]++;
            }
        }
        sna_network_free(network);
    }
    for (unsigned k = 0; k < 3; k++)
        add_normal(&fractions, seen[k][1], p[k] * (seen[k][0] + seen[k][1]),
                   p[k] * (1 - p[k]) * (seen[k][0] + seen[k][1]));
    check(&fractions, "gap fractions");
    free(gap);
    free(edge);
}

/* Whatever draws the chemical synapses; here they are not symmetric in how they are drawn. */
static void gap_junctions_follow_any_connector(void **state)
{
    enum { N = 60 };
    uint8_t *gap = malloc(N * N), *edge = malloc(N * N);

    (void)state;
    assert_true(gap != NULL && edge != NULL);
    for (uint64_t seed = 0; seed < 20; seed++) {
        sna_network *network =
            make(N, 1, seed,
                 ENTRY("gap", A, A,
                       "{\"type\": \"gap_junction\", \"p_non\": 0, \"p_uni\": 1, \"p_rec\": 0, \"chemical\": "
                       "\"chem\"}") ", " ENTRY("chem", A, A, "{\"type\": \"fixed_outdegree\", \"k\": 13}"));
        matrix(network, 0, N, gap);
        matrix(network, 1, N, edge);
        for (unsigned s = 0; s < N; s++) {
            for (unsigned t = s + 1; t < N; t++)
                assert_int_equal(gap[s * N + t], edge[s * N + t] + edge[t * N + s] == 1);
        }
        sna_network_free(network);
    }
    free(gap);
    free(edge);
}

static void synapses_follow_gap_junctions(void **state)
{
    enum { N = 70, M = 60, NODES = N + M };
    static const double with[4] = {0.4, 0, 0.1, 0.5}, without[4] = {1 - 0.2 - 0.05 + 0.02, 0.18, 0.03, 0.02};
    double seen[2][4] = {{0}}, total[2] = {0};
    uint8_t *gap = malloc(NODES * NODES), *forward = malloc(NODES * NODES), *backward = malloc(NODES * NODES);
    chi_square ways = {0, 0};

    (void)state;
    assert_true(gap != NULL && forward != NULL && backward != NULL);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        sna_network *network = make(
            N, M, seed,
            ENTRY("chem", A, B,
                  "{\"type\": \"gap_conditional_reciprocal\", \"gap\": \"gap\", \"p0_elec\": 0.5, \"p1_elec\": 0.6, "
                  "\"pr_elec\": 0.5, \"p0_nonelec\": 0.2, \"p1_nonelec\": 0.05, \"pr_nonelec\": "
                  "0.02}") ", " ENTRY("gap", A, B, "{\"type\": \"gap_junction\", \"p\": 0.1}"));
        matrix(network, 0, NODES, forward);
        matrix(network, 1, NODES, backward);
        matrix(network, 2, NODES, gap);
        for (unsigned s = 0; s < N; s++) {
            for (unsigned t = N; t < NODES; t++) {
                const unsigned has = gap[s * NODES + t];
                seen[has][forward[s * NODES + t] + 2U * backward[t * NODES + s]]++;
                total[has]++;
            }
        }
        sna_network_free(network);
    }
    add_classes(&ways, seen[0], without, 4, total[0]);
    add_classes(&ways, seen[1], with, 4, total[1]);
    assert_true(seen[1][1] == 0);
    check(&ways, "synapses of pairs with and without gap junctions");
    free(gap);
    free(forward);
    free(backward);
}

/* ---- exact numbers ------------------------------------------------------------------------------------------ */

/* Every pair must be drawn equally often. */
static void check_even(const char *connector, bool in, bool out, unsigned degree)
{
    enum { N = 30 };
    double *seen = calloc(N * N, sizeof *seen), *p = calloc(N * N, sizeof *p);
    uint8_t *edge = malloc(N * N);
    chi_square even = {0, 0};
    char *entry = NULL;
    double total = 0;

    assert_true(seen != NULL && p != NULL && edge != NULL);
    assert_done(sna_text_format(&entry, "{\"source\": " A ", \"target\": " A ", \"connector\": %s}", connector));
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        sna_network *network = make(N, 1, seed, entry);
        matrix(network, 0, N, edge);
        for (unsigned a = 0; a < N; a++) {
            unsigned ins = 0, outs = 0;
            for (unsigned b = 0; b < N; b++) {
                seen[a * N + b] += edge[a * N + b];
                total += edge[a * N + b];
                outs += edge[a * N + b];
                ins += edge[b * N + a];
            }
            assert_true(!in || ins == degree);
            assert_true(!out || outs == degree);
        }
        sna_network_free(network);
    }
    for (unsigned a = 0; a < N; a++) {
        assert_true(seen[a * N + a] == 0);
        for (unsigned b = 0; b < N; b++)
            p[a * N + b] = a == b ? 0 : 1.0 / (N * (N - 1));
    }
    /* A pair is drawn once a seed at most, which makes the sum smaller than that of independent draws. */
    add_classes(&even, seen, p, N * N, total);
    even.sum /= 1 - total / SEEDS / (N * (N - 1));
    check(&even, connector);
    free(seen);
    free(p);
    free(edge);
    free(entry);
}

static void exact_numbers(void **state)
{
    (void)state;
    check_even("{\"type\": \"fixed_indegree\", \"k\": 7}", true, false, 7);
    check_even("{\"type\": \"fixed_indegree\", \"k\": 20}", true, false, 20);
    check_even("{\"type\": \"fixed_outdegree\", \"k\": 7}", false, true, 7);
    check_even("{\"type\": \"fixed_total\", \"n\": 200}", false, false, 0);
}

/* Of fixed_total, the number of edges of a target is hypergeometric. */
static void total_is_hypergeometric(void **state)
{
    enum { N = 40, M = 25, EDGES = 300 };
    double seen[N + 1] = {0}, p[N + 1], total = 0;
    chi_square degrees = {0, 0};

    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        sna_network *network = make(N, M, seed, ENTRY("e", A, B, "{\"type\": \"fixed_total\", \"n\": 300}"));
        for (unsigned t = 0; t < M; t++) {
            sna_edge_list list = SNA_EDGE_LIST;
            assert_done(sna_network_draw(network, 0, t, t + 1, &list));
            seen[list.count]++;
            total++;
            sna_edge_list_free(&list);
        }
        sna_network_free(network);
    }
    for (unsigned k = 0; k <= N; k++)
        p[k] = gsl_ran_hypergeometric_pdf(k, N, N * (M - 1), EDGES);
    add_classes(&degrees, seen, p, N + 1, total);
    check(&degrees, "degrees of fixed_total");
}

static void parallel_edges(void **state)
{
    sna_network *network = make(5, 1, 3,
                                ENTRY("e", A, A,
                                      "{\"type\": \"fixed_indegree\", \"k\": 40, \"allow_multiple\": true, \"n_syn\": "
                                      "{\"uniform\": [1, 1000000]}}"));
    sna_edge_list list = SNA_EDGE_LIST;

    (void)state;
    assert_done(sna_network_draw(network, 0, 0, 5, &list));
    assert_int_equal(list.count, 200);
    for (uint64_t i = 0; i < list.count; i++) {
        assert_int_equal(list.target[i], i / 40);
        assert_int_not_equal(list.source[i], list.target[i]);
        /* Several edges between the same two nodes have numbers of synapses of their own. */
        if (i > 0 && list.target[i] == list.target[i - 1] && list.source[i] == list.source[i - 1])
            assert_int_not_equal(list.synapses[i], list.synapses[i - 1]);
    }
    sna_edge_list_free(&list);
    sna_network_free(network);
}

/* ---- the rest ----------------------------------------------------------------------------------------------- */

static void sequences(void **state)
{
    sna_network *network = make(
        6, 9, 1,
        ENTRY("second", B, "{\"population\": \"n\", \"node_id\": [12, 13]}", "{\"type\": \"one_to_one\", \"continue\": \"first\"}") ", " ENTRY(
            "first", B, A,
            "{\"type\": \"one_to_one\", \"offset\": 1}") ", " ENTRY("parts", A, B,
                                                                    "{\"type\": \"one_to_one\", \"partition\": "
                                                                    "\"source\", \"offset\": 2}") ", " ENTRY("all", A,
                                                                                                             "{\"popula"
                                                                                                             "tion\": "
                                                                                                             "\"n\"}",
                                                                                                             "{\"type\""
                                                                                                             ": "
                                                                                                             "\"all_to_"
                                                                                                             "all\", "
                                                                                                             "\"n_"
                                                                                                             "syn\": "
                                                                                                             "2}"));
    sna_edge_list list = SNA_EDGE_LIST;

    (void)state;
    assert_done(sna_network_draw(network, 0, 0, 2, &list));
    assert_int_equal(list.count, 2);
    assert_int_equal(list.source[0], 6 + 7);
    assert_int_equal(list.source[1], 6 + 8);
    assert_done(sna_network_draw(network, 1, 0, 6, &list));
    assert_int_equal(list.count, 6);
    for (unsigned i = 0; i < 6; i++) {
        assert_int_equal(list.target[i], i);
        assert_int_equal(list.source[i], 7 + i);
    }
    assert_done(sna_network_draw(network, 2, 0, 9, &list));
    assert_int_equal(list.count, 6);
    assert_int_equal(list.source[0], 0);
    assert_int_equal(list.target[0], 8);
    assert_done(sna_network_draw(network, 3, 0, 15, &list));
    assert_int_equal(list.count, 6 * 15 - 6);
    assert_int_equal(list.synapses[80], 2);
    sna_edge_list_free(&list);
    sna_network_free(network);
}

static void synapse_numbers(void **state)
{
    static const double choose[] = {0, 0.2, 0, 0.5, 0.3};
    static const char *const n_syn[] = {"{\"uniform\": [2, 6]}", "{\"poisson\": 2.5}",
                                        "{\"choose\": {\"p\": [0.2, 0.5, 0.3], \"n\": [1, 3, 4]}}"};

    (void)state;
    for (unsigned k = 0; k < 3; k++) {
        chi_square numbers = {0, 0};
        double seen[32] = {0}, p[32] = {0};
        char *entry = NULL;
        sna_edge_list list = SNA_EDGE_LIST;
        sna_network *network;
        assert_done(sna_text_format(
            &entry, "{\"source\": " A ", \"target\": " A ", \"connector\": {\"type\": \"all_to_all\", \"n_syn\": %s}}",
            n_syn[k]));
        network = make(150, 1, 5, entry);
        assert_done(sna_network_draw(network, 0, 0, 150, &list));
        for (uint64_t i = 0; i < list.count; i++) {
            assert_true(list.synapses[i] >= 1 && list.synapses[i] < 32);
            seen[list.synapses[i]]++;
        }
        for (unsigned n = 1; n < 32; n++)
            p[n] = k == 0   ? (n >= 2 && n <= 6 ? 0.2 : 0)
                   : k == 1 ? gsl_ran_poisson_pdf(n, 2.5) + (n == 1 ? gsl_ran_poisson_pdf(0, 2.5) : 0)
                   : n < 5  ? choose[n]
                            : 0;
        add_classes(&numbers, seen, p, 32, (double)list.count);
        check(&numbers, n_syn[k]);
        sna_edge_list_free(&list);
        sna_network_free(network);
        free(entry);
    }
}

/* Ranges of targets may be drawn in any order and size; the edges are the same. */
static void ranges_are_independent(void **state)
{
    sna_network *network = make(
        300, 200, 8,
        ENTRY("a", A, A, "{\"type\": \"reciprocal\", \"p0\": 0.1, \"pr\": 0.05}") ", " ENTRY(
            "b", A, B,
            "{\"type\": \"reciprocal\", \"p0\": {\"gaussian\": {\"sd\": 80, \"pmax\": 0.5}}, \"p1\": 0.1, \"nrr\": "
            "2}") ", " ENTRY("c", B, A, "{\"type\": \"fixed_outdegree\", \"k\": 12}"));

    (void)state;
    for (uint64_t p = 0; p < sna_network_projections(network); p++) {
        const uint64_t targets = sna_network_targets(network, p);
        sna_edge_list all = SNA_EDGE_LIST, part = SNA_EDGE_LIST;
        uint64_t count = 0;
        assert_done(sna_network_draw(network, p, 0, targets, &all));
        for (uint64_t first = 0; first < targets; first += 37) {
            const uint64_t end = first + 37 < targets ? first + 37 : targets;
            assert_done(sna_network_draw(network, p, first, end, &part));
            assert_true(count + part.count <= all.count);
            assert_true(part.count == 0 ||
                        memcmp(part.source, all.source + count, part.count * sizeof *part.source) == 0);
            count += part.count;
        }
        assert_int_equal(count, all.count);
        sna_edge_list_free(&all);
        sna_edge_list_free(&part);
    }
    sna_network_free(network);
}

/* A kind of connector that a program brings: each source goes to the node `step` behind it. */
static int ring_create(void **state, const sna_fields *fields)
{
    uint64_t *step = NULL;
    int status = sna_allocate(&step, 1, sizeof *step);

    *state = step;
    if (status == 0)
        status = sna_fields_unsigned(fields, "step", 1, step);
    return status;
}

static int ring_prepare(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    (void)state;
    (void)fields;
    expected->possible = expected->edges = (double)ends->target.count;
    expected->variance = 0;
    return 0;
}

static int ring_draw(const void *state, const sna_ends *ends, bool backward, uint64_t first, uint64_t end,
                     sna_rows *out)
{
    const uint64_t n = ends->source.count, step = *(const uint64_t *)state % n;
    int status = 0;

    (void)backward;
    for (uint64_t t = first; t < end && status == 0; t++) {
        status = sna_rows_add(out, (t + n - step) % n);
        if (status == 0)
            status = sna_rows_end(out);
    }
    return status;
}

static void programs_bring_connectors(void **state)
{
    static const char *const keys[] = {"step", NULL};
    static const sna_connector ring = {
        .type = "ring", .keys = keys, .create = ring_create, .prepare = ring_prepare, .draw = ring_draw, .free = free};
    const sna_connector *const more[] = {&ring, NULL};
    static const char text[] =
        "{\"sonatina\": 1, \"populations\": {\"n\": {\"nodes\": [{\"count\": 5}]}}, \"edges\": "
        "[{\"source\": {\"population\": \"n\"}, \"target\": {\"population\": \"n\"}, \"connector\": "
        "{\"type\": \"ring\", \"step\": 2}}]}";
    const sna_network_options options = {.connectors = more};
    sna_network *network = NULL;
    sna_edge_list list = SNA_EDGE_LIST;

    (void)state;
    assert_int_equal(sna_network_parse(&network, text, strlen(text), "spec.json", NULL, NULL), SNA_EFORMAT);
    assert_done(sna_network_parse(&network, text, strlen(text), "spec.json", NULL, &options));
    assert_done(sna_network_draw(network, 0, 0, 5, &list));
    assert_memory_equal(list.source, ((uint64_t[]){3, 4, 0, 1, 2}), 5 * sizeof *list.source);
    sna_edge_list_free(&list);
    sna_network_free(network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unidirectional_is_binomial),
        cmocka_unit_test(distances_have_their_profile),
        cmocka_unit_test(reciprocal_pairs_are_joint),
        cmocka_unit_test(constant_pr_is_a_mean),
        cmocka_unit_test(gap_junctions_follow_synapses),
        cmocka_unit_test(gap_junctions_follow_any_connector),
        cmocka_unit_test(synapses_follow_gap_junctions),
        cmocka_unit_test(exact_numbers),
        cmocka_unit_test(total_is_hypergeometric),
        cmocka_unit_test(parallel_edges),
        cmocka_unit_test(sequences),
        cmocka_unit_test(synapse_numbers),
        cmocka_unit_test(ranges_are_independent),
        cmocka_unit_test(programs_bring_connectors),
    };
    return cmocka_run_group_tests_name("connectors_draw", tests, NULL, NULL);
}
