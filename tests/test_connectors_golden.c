/* test_connectors_golden.c: formulas and drawn networks against what bmtool computes and draws
 * (../shared/golden/connectors), where bmtool is right. */
#include "support.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "connectors/connectors.h"
#include "connectors/probability.h"

static void assert_close(double value, double expected, double relative)
{
    if (!(fabs(value - expected) <= relative * fmax(1e-300, fabs(expected))))
        print_error("%.17g is not %.17g\n", value, expected);
    assert_true(fabs(value - expected) <= relative * fmax(1e-300, fabs(expected)));
}

static sna_json *open_golden(const char *name)
{
    char *relative = NULL, *path;
    sna_json *json = NULL;

    assert_done(sna_text_format(&relative, "golden/connectors/%s", name));
    path = test_shared_path(relative);
    free(relative);
    if (path == NULL)
        return NULL;
    assert_done(sna_json_read(&json, path));
    free(path);
    return json;
}

static double number(const cJSON *object, const char *key, double fallback)
{
    const cJSON *item = sna_json_member(object, key);

    return cJSON_IsNumber(item) ? item->valuedouble : fallback;
}

/* The same function in our own words: pmax or ptotal of a Gaussian, with its range. */
static void make_gaussian(sna_probability *out, const cJSON *args)
{
    const cJSON *kind = sna_json_member(args, "dist_type"), *total = sna_json_member(args, "ptotal"),
                *within = sna_json_member(args, "ptotal_dist_range");
    const bool flat = kind != NULL && strcmp(kind->valuestring, "cylindrical") == 0;
    char *text = NULL, *peak = NULL;
    sna_json *json = NULL;

    if (total != NULL)
        assert_done(sna_text_format(&peak, "\"ptotal\": %.17g, \"within\": [%.17g, %.17g]", total->valuedouble,
                                    within->child->valuedouble, within->child->next->valuedouble));
    else
        assert_done(sna_text_format(&peak, "\"pmax\": %.17g", number(args, "pmax", 1)));
    assert_done(sna_text_format(&text,
                                "{\"gaussian\": {\"mean\": %.17g, \"sd\": %.17g, %s}, \"range\": [%.17g, %.17g], "
                                "\"distance\": \"%s\"}",
                                number(args, "mean", 0), number(args, "stdev", 1), peak, number(args, "min_dist", 0),
                                number(args, "max_dist", 0), flat ? "cylindrical_z" : "spherical"));
    assert_done(sna_json_parse(&json, text, strlen(text), "p"));
    assert_done(sna_probability_read(out, json, sna_json_root(json), false));
    sna_json_free(json);
    free(peak);
    free(text);
}

static void gaussians_are_the_same(void **state)
{
    sna_json *json = open_golden("connectors_functions.json");
    unsigned cases = 0;

    (void)state;
    if (json == NULL)
        skip();
    for (const cJSON *each = sna_json_member(sna_json_root(json), "GaussianDropoff")->child; each != NULL;
         each = each->next) {
        const cJSON *d = sna_json_member(each, "distance")->child, *p = sna_json_member(each, "__call__(d)")->child;
        sna_probability function;
        make_gaussian(&function, sna_json_member(each, "args"));
        assert_close(function.peak, number(each, "pmax", NAN), 1e-12);
        for (; d != NULL; d = d->next, p = p->next) {
            const double value = sna_probability_at(&function, d->valuedouble);
            assert_close(value, p->valuedouble, 1e-12);
            /* A bound over a stretch of distances is never below the values in it. */
            assert_true(sna_probability_most(&function, d->valuedouble * 0.9, d->valuedouble * 1.1) >= value);
            assert_true(sna_probability_least(&function, d->valuedouble * 0.9, d->valuedouble * 1.1) <= value);
        }
        sna_probability_free(&function);
        cases++;
    }
    assert_int_equal(cases, 6);
    sna_json_free(json);
}

/* Figures of bmtool for ptotal = 0.25, sd = 80. */
static void peaks_have_their_values(void **state)
{
    (void)state;
    assert_close(sna_gaussian_peak(0.25, 0, 80, 0, 150, 3), 0.643354796709213, 1e-13);
    assert_close(sna_gaussian_peak(0.25, 0, 80, 0, 150, 2), 0.5310108839088149, 1e-13);
    assert_close(sna_gaussian_peak(0.25, 30, 80, 10, 150, 3), 0.4307379577262715, 1e-13);
    assert_close(sna_gaussian_peak(0.25, 30, 80, 10, 150, 2), 0.38224353030642694, 1e-13);
    assert_close(sna_gaussian_peak(0.25, 0, 80, 0, 200, 3), 1.1544249064595165, 1e-13);
    assert_close(sna_gaussian_peak(0.25, 0, 80, 0, 50, 3), 0.2807, 1e-3);
    assert_close(sna_gaussian_peak(0.25, 0, 80, 0, 100, 3), 0.3911, 1e-3);
    /* Against the integral itself, by the midpoint rule, along a line, on a disc and in a ball. */
    for (unsigned dimensions = 1; dimensions <= 3; dimensions++) {
        const double peak = sna_gaussian_peak(0.1, 40, 25, 20, 90, dimensions), steps = 200000;
        double mean = 0, whole = 0;
        for (double i = 0; i < steps; i++) {
            const double r = 20 + 70 * (i + 0.5) / steps, weight = pow(r, dimensions - 1);
            mean += weight * peak * exp(-(r - 40) * (r - 40) / (2 * 25 * 25));
            whole += weight;
        }
        assert_close(mean / whole, 0.1, 1e-8);
    }
}

static void correlations_are_the_same(void **state)
{
    sna_json *json = open_golden("connectors_functions.json");
    uint64_t part[4];

    (void)state;
    if (json == NULL)
        skip();
    for (const cJSON *each = sna_json_member(sna_json_root(json), "pr_2_rho")->child; each != NULL; each = each->next)
        assert_true(fabs(sna_rho_from_reciprocal(number(each, "p0", 0), number(each, "p1", 0), number(each, "pr", 0)) -
                         number(each, "rho", NAN)) < 1e-14);
    for (const cJSON *each = sna_json_member(sna_json_root(json), "rho_2_pr")->child; each != NULL; each = each->next)
        assert_true(fabs(sna_reciprocal_from_rho(number(each, "p0", 0), number(each, "p1", 0), number(each, "rho", 0)) -
                         number(each, "pr", NAN)) < 1e-15);
    for (const cJSON *each = sna_json_member(sna_json_root(json), "num_prop")->child; each != NULL; each = each->next) {
        const cJSON *result = sna_json_member(each, "result"), *ratio = sna_json_member(each, "ratio");
        double share[4];
        uint64_t count = 0;
        if (!cJSON_IsNumber(ratio->child))
            continue; /* a matrix: the same in rows, in test_connectors_spec */
        for (const cJSON *item = ratio->child; item != NULL; item = item->next)
            share[count++] = item->valuedouble;
        sna_proportions(part, share, count, (uint64_t)number(each, "N", 0));
        count = 0;
        for (const cJSON *item = result->child; item != NULL; item = item->next)
            assert_int_equal(part[count++], (uint64_t)item->valuedouble);
    }
    sna_json_free(json);
    /* There and back again, and clipped. */
    assert_close(sna_reciprocal_from_rho(0.3, 0.4, sna_rho_from_reciprocal(0.3, 0.4, 0.18)), 0.18, 1e-14);
    assert_close(sna_reciprocal_from_rho(0.2, 0.3, 5), 0.2, 1e-15);
    assert_close(sna_reciprocal_clip(0.9, 0.8, 0.1), 0.7, 1e-15);
}

/* ---- drawn networks ----------------------------------------------------------------------------------------- */

enum { N_MOST = 500, MEASURES = 8 };

/* One of bmtool's test cases in our words, and what is counted in it. */
typedef struct {
    const char *name, *edges;
    bool placed; /* nodes are where those of bmtool were */
    void (*measure)(const sna_network *network, unsigned n, double *out);
    const char *measures[MEASURES + 1];
} golden_case;

static uint8_t *draw(const sna_network *network, uint64_t projection, unsigned nodes)
{
    uint8_t *edge = calloc((size_t)nodes * nodes, 1);
    sna_edge_list list = SNA_EDGE_LIST;

    assert_non_null(edge);
    assert_done(sna_network_draw(network, projection, 0, sna_network_targets(network, projection), &list));
    for (uint64_t i = 0; i < list.count; i++)
        edge[list.source[i] * nodes + list.target[i]]++;
    sna_edge_list_free(&list);
    return edge;
}

static void count_forward(const sna_network *network, unsigned n, double *out)
{
    uint8_t *edge = draw(network, 0, 2 * n);
    double square = 0;

    out[0] = 0;
    for (unsigned t = n; t < 2 * n; t++) {
        double in = 0;
        for (unsigned s = 0; s < n; s++)
            in += edge[s * 2 * n + t];
        out[0] += in;
        square += in * in;
    }
    out[1] = sqrt(square / n - out[0] * out[0] / n / n); /* NumPy's std */
    free(edge);
}

static void count_recurrent(const sna_network *network, unsigned n, double *out)
{
    uint8_t *edge = draw(network, 0, 2 * n);

    out[0] = out[1] = out[2] = out[3] = 0;
    for (unsigned s = 0; s < n; s++) {
        for (unsigned t = 0; t < n; t++) {
            const unsigned there = edge[s * 2 * n + t], back = edge[t * 2 * n + s];
            out[0] += there;
            out[1] += s == t && there;
            out[2] += s < t && there && back;
            out[3] += s < t && (there || back);
        }
    }
    free(edge);
}

static void count_both_ways(const sna_network *network, unsigned n, double *out)
{
    uint8_t *forward = draw(network, 0, 2 * n), *backward = draw(network, 1, 2 * n);

    out[0] = out[1] = out[2] = 0;
    for (unsigned s = 0; s < n; s++) {
        for (unsigned t = n; t < 2 * n; t++) {
            out[0] += forward[s * 2 * n + t];
            out[1] += backward[t * 2 * n + s];
            out[2] += forward[s * 2 * n + t] && backward[t * 2 * n + s];
        }
    }
    free(forward);
    free(backward);
}

static void count_gaps(const sna_network *network, unsigned n, double *out)
{
    uint8_t *edge = draw(network, 0, 2 * n), *gap = draw(network, 1, 2 * n);

    memset(out, 0, 6 * sizeof *out);
    for (unsigned s = 0; s < n; s++) {
        for (unsigned t = s + 1; t < n; t++) {
            const unsigned kind = edge[s * 2 * n + t] + edge[t * 2 * n + s];
            out[2 * kind]++;
            out[2 * kind + 1] += gap[s * 2 * n + t];
        }
    }
    free(edge);
    free(gap);
}

static void count_rows(const sna_network *network, unsigned n, double *out)
{
    uint8_t *gap = draw(network, 0, 2 * n);

    out[0] = out[1] = 0;
    for (unsigned s = 0; s < 2 * n; s++) {
        for (unsigned t = 0; t < 2 * n; t++) {
            out[0] += gap[s * 2 * n + t];
            out[1] += s >= t && gap[s * 2 * n + t];
        }
    }
    free(gap);
}

static void count_conditional(const sna_network *network, unsigned n, double *out)
{
    uint8_t *gap = draw(network, 0, 2 * n), *edge = draw(network, 1, 2 * n);

    memset(out, 0, 6 * sizeof *out);
    for (unsigned s = 0; s < n; s++) {
        for (unsigned t = s + 1; t < n; t++) {
            const unsigned kind = edge[s * 2 * n + t] + edge[t * 2 * n + s], base = gap[s * 2 * n + t] ? 0 : 3;
            out[base]++;
            out[base + 1] += kind == 1;
            out[base + 2] += kind == 2;
        }
    }
    free(gap);
    free(edge);
}

/* Forward connections in all, and in bins of 50 um. */
static void count_profile(const sna_network *network, unsigned n, double *out)
{
    const double(*at)[3] = sna_network_positions(network, 0);
    uint8_t *edge = draw(network, 0, 2 * n);

    memset(out, 0, MEASURES * sizeof *out);
    for (unsigned s = 0; s < n; s++) {
        for (unsigned t = n; t < 2 * n; t++) {
            double square = 0;
            for (unsigned d = 0; d < 3; d++)
                square += (at[s][d] - at[t][d]) * (at[s][d] - at[t][d]);
            if (edge[s * 2 * n + t] == 0)
                continue;
            assert_true(sqrt(square) <= 300);
            out[0]++;
            out[1 + (unsigned)(sqrt(square) / 50)]++;
        }
    }
    free(edge);
}

#define A "{\"population\": \"n\", \"pop_name\": \"A\"}"
#define B "{\"population\": \"n\", \"pop_name\": \"B\"}"
#define ENTRY(name, from, to, connector) \
    "{\"name\": \"" name "\", \"source\": " from ", \"target\": " to ", \"connector\": " connector "}"

/* The probability by distance of all of bmtool's cases that have one. */
#define DROPOFF "{\"gaussian\": {\"sd\": 126.77, \"ptotal\": 0.1538, \"within\": [0, 50]}, \"range\": [0, 300]}"

static const golden_case cases[] = {
    {"unidirection_AB",
     ENTRY("e", A, B, "{\"type\": \"unidirectional\", \"p\": 0.15}"),
     false,
     count_forward,
     {"connections", "conv_std", NULL}},
    {"unidirection_AA",
     ENTRY("e", A, A, "{\"type\": \"unidirectional\", \"p\": 0.1, \"autapses\": true}"),
     false,
     count_recurrent,
     {"connections", "autapses", "reciprocal_pairs", "connected_pairs", NULL}},
    {"reciprocal_AA",
     ENTRY("e", A, A, "{\"type\": \"reciprocal\", \"p0\": 0.15, \"pr\": 0.06767705087}"),
     false,
     count_recurrent,
     {"connections", "autapses", "reciprocal_pairs", "connected_pairs", NULL}},
    {"reciprocal_AA_rho",
     ENTRY("e", A, A, "{\"type\": \"reciprocal\", \"p0\": 0.15, \"rho\": 0.354329810745098}"),
     false,
     count_recurrent,
     {"connections", "autapses", "reciprocal_pairs", "connected_pairs", NULL}},
    {"reciprocal_AB",
     ENTRY("e", A, B, "{\"type\": \"reciprocal\", \"p0\": 0.22, \"p1\": 0.36, \"pr\": 0.17}"),
     false,
     count_both_ways,
     {"forward", "backward", "reciprocal_pairs", NULL}},
    {"reciprocal_AB_symmetric",
     ENTRY("e", A, B, "{\"type\": \"reciprocal\", \"p0\": 0.15, \"p1\": 0.15, \"pr\": 0.06767705087}"),
     false,
     count_both_ways,
     {"forward", "backward", "reciprocal_pairs", NULL}},
    {"correlated_gap",
     ENTRY("e", A, A, "{\"type\": \"reciprocal\", \"p0\": 0.15, \"pr\": 0.06}") ", " ENTRY(
         "g", A, A,
         "{\"type\": \"gap_junction\", \"p_non\": 0.1228, \"p_uni\": 0.56, \"p_rec\": 1, \"chemical\": \"e\"}"),
     false,
     count_gaps,
     {"pairs_non", "gaps_non", "pairs_uni", "gaps_uni", "pairs_rec", "gaps_rec", NULL}},
    {"gap",
     ENTRY("g", A, A, "{\"type\": \"gap_junction\", \"p\": 0.1}"),
     false,
     count_rows,
     {"gap_rows", "gap_rows_below_or_on_diagonal", NULL}},
    {"gap_conditional_reciprocal",
     ENTRY("g", A, A, "{\"type\": \"gap_junction\", \"p\": 0.08}") ", " ENTRY(
         "e", A, A,
         "{\"type\": \"gap_conditional_reciprocal\", \"gap\": \"g\", \"p0_elec\": 0.5, \"pr_elec\": 0.25, "
         "\"p0_nonelec\": 0.125, \"pr_nonelec\": 0.03}"),
     false,
     count_conditional,
     {"elec_pairs", "elec_uni", "elec_recp", "nonelec_pairs", "nonelec_uni", "nonelec_recp", NULL}},
    {"unidirection_distance",
     ENTRY("e", A, B, "{\"type\": \"unidirectional\", \"p\": " DROPOFF "}"),
     true,
     count_profile,
     {"connections", "conn_0_50", "conn_50_100", "conn_100_150", "conn_150_200", "conn_200_250", "conn_250_300",
      "conn_300_350", NULL}},
    /* There pr = 0.15 asks for a rho above 1, of which 1 is left: all pairs are connected both ways. */
    {"reciprocal_distance_AA",
     ENTRY("e", A, A, "{\"type\": \"reciprocal\", \"p0\": " DROPOFF ", \"pr\": 0.15}"),
     true,
     count_recurrent,
     {"connections", "autapses", "reciprocal_pairs", "connected_pairs", NULL}},
    {"reciprocal_distance_AA_pr001",
     ENTRY("e", A, A, "{\"type\": \"reciprocal\", \"p0\": " DROPOFF ", \"pr\": 0.01}"),
     true,
     count_recurrent,
     {"connections", "autapses", "reciprocal_pairs", "connected_pairs", NULL}},
    {"reciprocal_distance_NRR_AA",
     ENTRY("e", A, A, "{\"type\": \"reciprocal\", \"p0\": " DROPOFF ", \"nrr\": 3}"),
     true,
     count_recurrent,
     {"connections", "autapses", "reciprocal_pairs", "connected_pairs", NULL}},
};

/* NumPy's default_rng(7).uniform(0, 500, (2 n, 3)), which is where bmtool's nodes were, as a CSV file; NULL without
 * NumPy. free() the path. */
static char *make_positions(const char *folder, unsigned n)
{
    static const char script[] =
        "import sys, numpy\n"
        "p = numpy.random.default_rng(7).uniform(0, 500, (2 * int(sys.argv[2]), 3))\n"
        "numpy.savetxt(sys.argv[1], p, delimiter=',', header='x,y,z', comments='', fmt='%.17g')\n";
    char *path = NULL, number[16];
    sna_process python = {.exit_status = -1};

    (void)snprintf(number, sizeof number, "%u", n);
    assert_done(sna_path_join(&path, folder, "positions.csv"));
    if (sna_process_run(&python, (const char *[]){"/usr/bin/python3", "-c", script, path, number, NULL}, NULL, NULL,
                        NULL) != 0 ||
        python.exit_status != 0) {
        print_message("skipped cases with distances: /usr/bin/python3 has no NumPy\n");
        free(path);
        path = NULL;
    }
    sna_process_free(&python);
    return path;
}

/* What is known before drawing is known exactly: the expected number of connections, and the rho that is estimated. */
static void compare_expected(const sna_network *network, const cJSON *golden)
{
    const cJSON *expected = sna_json_member(sna_json_member(golden, "expected"), "connections"),
                *rho = sna_json_member(sna_json_member(golden, "observed"), "rho");
    sna_table *report = NULL;

    assert_done(sna_network_report(network, &report));
    if (expected != NULL)
        assert_close(sna_table_real(report, 0, (uint64_t)sna_table_find_column(report, "expected")),
                     number(expected, "mean", NAN), 1e-6);
    /* Where it is not cut off. */
    if (rho != NULL && number(rho, "mean", NAN) < 1)
        assert_close(sna_table_real(report, 0, (uint64_t)sna_table_find_column(report, "rho_expected")),
                     number(rho, "mean", NAN), 1e-5);
    sna_table_free(report);
}

/* Means over 50 seeds of each against those of bmtool, by their standard errors. */
static void compare(const golden_case *self, unsigned n, const cJSON *golden, const char *positions)
{
    enum { SEEDS = 50 };
    const cJSON *observed = sna_json_member(golden, "observed");
    const double golden_seeds = n == 100 ? 50 : 20;
    double sum[MEASURES] = {0}, square[MEASURES] = {0};
    char *text = NULL, *place = NULL;

    assert_done(sna_text_format(&place, "\"positions\": {\"csv\": \"%s\"}, ", positions == NULL ? "" : positions));
    assert_done(
        sna_text_format(&text,
                        "{\"sonatina\": 1, \"populations\": {\"n\": {%s\"nodes\": [{\"pop_name\": \"A\", \"count\": "
                        "%u}, {\"pop_name\": \"B\", \"count\": %u}]}}, \"edges\": [%s]}",
                        self->placed ? place : "", n, n, self->edges));
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        const sna_network_options options = {.seed = &seed};
        sna_network *network = NULL;
        double value[MEASURES] = {0};
        assert_done(sna_network_parse(&network, text, strlen(text), "spec.json", NULL, &options));
        if (seed == 0)
            compare_expected(network, golden);
        self->measure(network, n, value);
        for (unsigned i = 0; self->measures[i] != NULL; i++) {
            sum[i] += value[i];
            square[i] += value[i] * value[i];
        }
        sna_network_free(network);
    }
    for (unsigned i = 0; self->measures[i] != NULL; i++) {
        const cJSON *theirs = sna_json_member(observed, self->measures[i]);
        const double mean = sum[i] / SEEDS, variance = fmax(0, square[i] / SEEDS - mean * mean);
        const double their_mean = number(theirs, "mean", NAN), their_sd = number(theirs, "std", NAN);
        const double error = sqrt(variance / SEEDS + their_sd * their_sd / golden_seeds);
        if (!(fabs(mean - their_mean) <= 4.5 * error + 1e-9))
            print_error("%s/N=%u: %s is %g, bmtool's %g, standard error %g\n", self->name, n, self->measures[i], mean,
                        their_mean, error);
        assert_true(fabs(mean - their_mean) <= 4.5 * error + 1e-9);
    }
    free(text);
    free(place);
}

static void networks_are_alike(void **state)
{
    sna_json *json = open_golden("connectors_stats.json");

    (void)state;
    if (json == NULL)
        skip();
    for (unsigned k = 0; k < 2; k++) {
        static const unsigned size[] = {100, N_MOST};
        char *folder = test_folder(), *positions = make_positions(folder, size[k]);
        for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
            char *key = NULL;
            const cJSON *golden;
            assert_done(sna_text_format(&key, "%s/N=%u", cases[i].name, size[k]));
            golden = sna_json_member(sna_json_root(json), key);
            assert_non_null(golden);
            if (!cases[i].placed || positions != NULL)
                compare(&cases[i], size[k], golden, positions);
            free(key);
        }
        free(positions);
        test_folder_remove(folder);
    }
    sna_json_free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaussians_are_the_same),
        cmocka_unit_test(peaks_have_their_values),
        cmocka_unit_test(correlations_are_the_same),
        cmocka_unit_test(networks_are_alike),
    };
    return cmocka_run_group_tests_name("connectors_golden", tests, NULL, NULL);
}
