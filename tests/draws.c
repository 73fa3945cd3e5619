/* draws.c: networks that are drawn over and over, and the chi-square distribution to hold them against. */
#include "draws.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double least = 1e-4;

sna_network *make(unsigned a, unsigned b, uint64_t seed, const char *edges)
{
    char *text = NULL;
    sna_network *network = NULL;
    const sna_network_options options = {.seed = &seed};

    assert_done(sna_text_format(&text,
                                "{\"sonatina\": 1, \"populations\": {\"n\": {\"positions\": {\"box\": {\"min\": [0, 0, "
                                "0], \"max\": [400, 400, 400]}}, \"nodes\": [{\"pop_name\": \"A\", \"count\": %u}, "
                                "{\"pop_name\": \"B\", \"count\": %u}]}}, \"edges\": [%s]}",
                                a, b, edges));
    assert_done(sna_network_parse(&network, text, strlen(text), "spec.json", NULL, &options));
    free(text);
    return network;
}

void matrix(const sna_network *network, uint64_t projection, unsigned nodes, uint8_t *out)
{
    sna_edge_list list = SNA_EDGE_LIST;

    memset(out, 0, (size_t)nodes * nodes);
    assert_done(sna_network_draw(network, projection, 0, sna_network_targets(network, projection), &list));
    for (uint64_t i = 0; i < list.count; i++) {
        assert_true(list.source[i] < nodes && list.target[i] < nodes);
        assert_true(i == 0 || list.target[i] > list.target[i - 1] ||
                    (list.target[i] == list.target[i - 1] && list.source[i] > list.source[i - 1]));
        out[list.source[i] * nodes + list.target[i]] = 1;
    }
    sna_edge_list_free(&list);
}

void add_normal(chi_square *self, double value, double mean, double variance)
{
    if (variance <= 0) {
        assert_true(fabs(value - mean) < 1e-9);
        return;
    }
    self->sum += (value - mean) * (value - mean) / variance;
    self->count++;
}

void add_classes(chi_square *self, const double *seen, const double *p, unsigned classes, double total)
{
    double rest_seen = 0, rest_p = 0;
    unsigned used = 0;

    for (unsigned k = 0; k < classes; k++) {
        if (total * p[k] < 8) {
            rest_seen += seen[k];
            rest_p += p[k];
            continue;
        }
        self->sum += (seen[k] - total * p[k]) * (seen[k] - total * p[k]) / (total * p[k]);
        used++;
    }
    if (total * rest_p >= 8) {
        self->sum += (rest_seen - total * rest_p) * (rest_seen - total * rest_p) / (total * rest_p);
        used++;
    }
    self->count += used > 0 ? used - 1 : 0;
}

void check(const chi_square *self, const char *what)
{
    const double q = gsl_cdf_chisq_Q(self->sum, self->count), p = gsl_cdf_chisq_P(self->sum, self->count);

    if (!(q > least && p > least))
        print_error("%s: chi-square %g with %g degrees of freedom, upper tail %g, lower tail %g\n", what, self->sum,
                    self->count, q, p);
    assert_true(q > least && p > least);
}

double distance(const double a[3], const double b[3], unsigned axes)
{
    double sum = 0;

    for (unsigned d = 0; d < 3; d++)
        sum += axes >> d & 1 ? (a[d] - b[d]) * (a[d] - b[d]) : 0;
    return sqrt(sum);
}
