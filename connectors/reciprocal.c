/* reciprocal.c: pairs whose two directions are correlated. */
#include <math.h>
#include <stdlib.h>

#include "joint.h"
#include "spec.h"

typedef struct {
    sna_joint joint;
    bool estimate; /* a constant pr is the mean over pairs whose p depends on the distance */
    bool autapses, has_window[2], same;
    double window[2][2]; /* forward, backward: distances of the pairs that pr is the mean of */
    sna_pairing pairs;
} reciprocal;

static int read_window(reciprocal *self, const sna_fields *fields, unsigned direction, const char *key)
{
    const cJSON *item = sna_fields_find(fields, key);
    int status = 0;

    if (item == NULL)
        goto out;
    status = sna_spec_read_pair(fields->json, item, self->window[direction]);
    if (status == 0 && !self->estimate)
        status = sna_fields_error(fields, key,
                                  "picks the pairs that a constant `pr` is the mean of, but `pr` is no such constant");
    self->has_window[direction] = true;
out:
    return status;
}

static int create(void **state, const sna_fields *fields)
{
    reciprocal *self = NULL;
    int status = sna_allocate(&self, 1, sizeof *self);

    *state = self;
    if (status == 0)
        status = sna_joint_read(&self->joint, fields, "p0", "p1", "pr", true);
    if (status == 0)
        status = sna_fields_boolean(fields, "autapses", false, &self->autapses);
    if (status != 0)
        goto out;
    self->estimate =
        self->joint.rule == SNA_RULE_PR && !self->joint.constant && sna_probability_is_constant(&self->joint.pr);
    status = read_window(self, fields, 0, "pr_range_forward");
    if (status == 0)
        status = read_window(self, fields, 1, "pr_range_backward");
out:
    return status;
}

static unsigned decide(const void *context, uint64_t source_id, uint64_t target_id, const double *source,
                       const double *target, double at)
{
    const reciprocal *self = context;
    const sna_joint_pair p = sna_joint_at(&self->joint, source, target);

    if (self->same && source_id == target_id)
        return at < p.p0 ? SNA_FORWARD : 0;
    return sna_joint_decide(&p, at);
}

static double bound(const void *context, const int64_t offset[3], double *least)
{
    const reciprocal *self = context;

    *least = 0; /* which way has to be decided anyway */
    return sna_joint_bound(&self->joint, &self->pairs.lattice, offset);
}

/* For the estimate of rho: is it a pair that pr is the mean of, p0 p1, and what rho is multiplied with. */
static void estimate_values(const void *context, const double source[3], const double target[3], double *out)
{
    const reciprocal *self = context;
    const sna_probability *const p[2] = {&self->joint.p0, &self->joint.p1};
    const double distance[2] = {sna_distance(p[0]->axes, source, target), sna_distance(p[1]->axes, source, target)};
    const double p0 = sna_probability_at(p[0], distance[0]), p1 = sna_probability_at(p[1], distance[1]);
    bool counts = p0 > 0 && p1 > 0;

    if (self->has_window[0] || self->has_window[1]) {
        counts = true;
        for (unsigned d = 0; d < 2; d++)
            counts = counts &&
                     !(self->has_window[d] && (distance[d] < self->window[d][0] || distance[d] > self->window[d][1]));
    }
    out[0] = counts;
    out[1] = counts ? p0 * p1 : 0;
    out[2] = counts ? sqrt(p0 * (1 - p0) * p1 * (1 - p1)) : 0;
}

/* A window may hold pairs that nothing connects: they count too. */
static double estimate_bound(const void *context, const int64_t offset[3], double *least)
{
    const reciprocal *self = context;
    const unsigned axes[2] = {self->joint.p0.axes, self->joint.p1.axes};
    bool inside = true;

    if (!self->has_window[0] && !self->has_window[1])
        return bound(context, offset, least);
    for (unsigned d = 0; d < 2; d++) {
        double low, high;
        sna_lattice_distances(&self->pairs.lattice, offset, axes[d], &low, &high);
        inside = inside && !(self->has_window[d] && (low > self->window[d][1] || high < self->window[d][0]));
    }
    *least = 0;
    return inside ? 1 : 0;
}

/* rho so that pr is the mean over the pairs that count: (n pr - sum p0 p1) / sum sqrt(p0 (1 - p0) p1 (1 - p1)). */
static int estimate_rho(reciprocal *self, const sna_ends *ends, const sna_fields *fields)
{
    const double pr = self->joint.pr.peak;
    double sum[3], error[3];
    sna_near near = {0};
    int status = 0;

    status = sna_near_create(&near, &self->pairs.lattice, INFINITY, 0, estimate_bound, self);
    if (status == 0)
        status = sna_sums_take(&(sna_sums){.ends = ends,
                                           .lattice = &self->pairs.lattice,
                                           .near = &near,
                                           .source = &self->pairs.source,
                                           .unordered = self->same,
                                           .values = estimate_values,
                                           .context = self,
                                           .sums = 3},
                               sum, error);
    if (status == 0 && !(sum[0] > 0))
        status = sna_fields_error(fields, "pr", "is the mean over pairs that can connect, but no pair can");
    if (status != 0)
        goto out;
    self->joint.rule = SNA_RULE_RHO;
    self->joint.rho = sum[2] > 0 ? (pr * sum[0] - sum[1]) / sum[2] : 0;
out:
    sna_near_free(&near);
    return status;
}

static int prepare(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    reciprocal *self = state;
    double sum[SNA_JOINT_SUMS] = {0}, error[SNA_JOINT_SUMS] = {0};
    int status = 0;

    self->same = ends->same;
    self->pairs = (sna_pairing){.decide = decide, .context = self, .autapses = self->autapses};
    if (!ends->same && self->autapses)
        status = sna_fields_error(fields, "autapses", "source and target are not the same nodes");
    if (status == 0)
        status = sna_joint_check(&self->joint, ends, fields, "p0", "p1", "pr");
    if (status == 0)
        status = sna_joint_make_pairs(&self->joint, &self->pairs, ends, bound, NULL);
    if (status == 0 && self->estimate)
        status = estimate_rho(self, ends, fields);
    if (status == 0)
        status = sna_joint_sums(&self->joint, &self->pairs, ends, sum, error);
    if (status != 0)
        goto out;
    sna_joint_expect(ends, sum, error, expected);
    sna_probability_cut(&self->joint.p0, expected[0].cut);
    sna_probability_cut(&self->joint.p1, expected[1].cut);
    if (self->autapses) {
        const double n = (double)ends->source.count;
        const double p = self->joint.constant ? self->joint.p0.peak : sna_probability_at(&self->joint.p0, 0);
        expected[0].possible += p > 0 ? n : 0;
        expected[0].edges += n * p;
        expected[0].variance += n * p * (1 - p);
    }
out:
    return status;
}

static int ready(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    reciprocal *self = state;
    const double blocks[2] = {ceil((double)ends->source.count / (double)ends->source_block),
                              ceil((double)ends->target.count / (double)ends->target_block)};

    (void)fields;
    (void)expected;
    return sna_joint_make_pairs(&self->joint, &self->pairs, ends, bound, blocks);
}

static int draw(const void *state, const sna_ends *ends, bool backward, uint64_t first, uint64_t end, sna_rows *out)
{
    const reciprocal *self = state;

    return sna_pairing_draw(&self->pairs, ends, backward, first, end, out);
}

static void destroy(void *state)
{
    reciprocal *self = state;

    if (self == NULL)
        return;
    sna_joint_free(&self->joint);
    sna_pairing_free(&self->pairs);
    free(self);
}

const sna_probability *sna_reciprocal_probability(const void *state, bool backward)
{
    const reciprocal *self = state;

    return backward ? &self->joint.p1 : &self->joint.p0;
}

double sna_reciprocal_rho(const void *state)
{
    const reciprocal *self = state;

    return self->estimate ? self->joint.rho : NAN;
}

static const char *const keys[] = {
    "p0", "p1", "pr", "rho", "nrr", "autapses", "n_syn", "n_syn0", "n_syn1", "pr_range_forward", "pr_range_backward",
    NULL};

const sna_connector sna_reciprocal = {.type = "reciprocal",
                                      .keys = keys,
                                      .pairs = true,
                                      .create = create,
                                      .prepare = prepare,
                                      .ready = ready,
                                      .draw = draw,
                                      .free = destroy};
