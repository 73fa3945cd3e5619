/* reciprocal.c: pairs whose two directions are correlated. A pair is connected forward with p0, backward with p1 and both
 * ways with pr, so that both marginals are exact whatever pr is; pr is clipped to what p0 and p1 allow. */
#include <math.h>
#include <stdlib.h>

#include "connector.h"
#include "pairs.h"
#include "probability.h"
#include "spec.h"
#include "sums.h"

typedef struct {
    sna_probability p0, p1;
    enum { RULE_PR, RULE_RHO, RULE_FACTOR } rule;
    sna_probability pr;        /* RULE_PR: pr; RULE_FACTOR: how many times p0 p1 */
    double rho;                /* RULE_RHO */
    bool estimate;             /* a constant pr is the mean of pairs whose p depends on the distance */
    bool autapses, has_window[2];
    double window[2][2];       /* forward, backward: distances of the pairs that pr is the mean of */
    bool same, constant;
    sna_pairs pairs;
} reciprocal;

/* ---- reading ------------------------------------------------------------------------------------------------ */

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

/* One of pr, rho and nrr says how the two directions go together. */
static int read_rule(reciprocal *self, const sna_fields *fields)
{
    static const char *const keys[] = {"pr", "rho", "nrr"}, *const only_nrr[] = {"nrr", NULL};
    const cJSON *item = NULL;
    int status = 0;

    for (unsigned i = 0; i < 3; i++) {
        const cJSON *next = sna_fields_find(fields, keys[i]);
        if (next != NULL && item != NULL)
            return sna_fields_error(fields, keys[i], "there is `%s` already, one of the two must go", item->string);
        item = next != NULL ? next : item;
    }
    if (item == NULL) {
        status = sna_fields_error(fields, NULL, "needs one of `pr`, `rho` and `nrr`");
    } else if (item->string[0] == 'r') {
        self->rule = RULE_RHO;
        status = sna_json_real(fields->json, item, &self->rho);
        if (status == 0 && !(self->rho >= -1 && self->rho <= 1))
            status = sna_fields_error(fields, "rho", "is a correlation and must be from -1 to 1");
    } else {
        self->rule = item->string[0] == 'n' ? RULE_FACTOR : RULE_PR;
        if (self->rule == RULE_PR && sna_json_member(item, "nrr") != NULL) {
            self->rule = RULE_FACTOR;
            status = sna_spec_one_key(fields->json, item, only_nrr, &item);
        }
        if (status == 0)
            status = sna_probability_read(&self->pr, fields->json, item, self->rule == RULE_FACTOR);
    }
    return status;
}

static int create(void **state, const sna_fields *fields)
{
    reciprocal *self = NULL;
    const cJSON *p0 = NULL, *p1;
    int status = sna_allocate(&self, 1, sizeof *self);

    *state = self;
    if (status == 0)
        status = sna_fields_require(fields, "p0", &p0);
    if (status == 0)
        status = sna_probability_read(&self->p0, fields->json, p0, false);
    if (status == 0) {
        p1 = sna_fields_find(fields, "p1");
        status = sna_probability_read(&self->p1, fields->json, p1 != NULL ? p1 : p0, false);
    }
    if (status == 0)
        status = read_rule(self, fields);
    if (status == 0)
        status = sna_fields_boolean(fields, "autapses", false, &self->autapses);
    if (status != 0)
        goto out;
    self->constant = sna_probability_is_constant(&self->p0) && sna_probability_is_constant(&self->p1) &&
                     (self->rule == RULE_RHO || sna_probability_is_constant(&self->pr));
    self->estimate = self->rule == RULE_PR && !self->constant && sna_probability_is_constant(&self->pr);
    status = read_window(self, fields, 0, "pr_range_forward");
    if (status == 0)
        status = read_window(self, fields, 1, "pr_range_backward");
out:
    return status;
}

/* ---- probabilities ------------------------------------------------------------------------------------------ */

typedef struct {
    double p0, p1, pr, raw; /* raw: pr before it was clipped */
} pair;

static double value(const sna_probability *p, const double *source, const double *target)
{
    return sna_probability_is_constant(p) ? p->peak : sna_probability_at(p, sna_distance(p->axes, source, target));
}

static pair pair_at(const reciprocal *self, const double *source, const double *target)
{
    pair at = {.p0 = value(&self->p0, source, target), .p1 = value(&self->p1, source, target)};

    switch (self->rule) {
    case RULE_RHO:
        at.raw = at.p0 * at.p1 + self->rho * sqrt(at.p0 * (1 - at.p0) * at.p1 * (1 - at.p1));
        break;
    case RULE_FACTOR:
        at.raw = at.p0 * at.p1 * value(&self->pr, source, target);
        break;
    default:
        at.raw = value(&self->pr, source, target);
        break;
    }
    at.pr = sna_reciprocal_clip(at.p0, at.p1, at.raw);
    return at;
}

static unsigned decide(const void *context, uint64_t source_id, uint64_t target_id, const double *source,
                       const double *target, double at)
{
    const reciprocal *self = context;
    const pair p = pair_at(self, source, target);

    if (self->same && source_id == target_id)
        return at < p.p0 ? SNA_FORWARD : 0;
    if (at < p.pr)
        return SNA_FORWARD | SNA_BACKWARD;
    if (at < p.p0)
        return SNA_FORWARD;
    return at < p.p0 + p.p1 - p.pr ? SNA_BACKWARD : 0;
}

/* The largest probability that a pair is connected at all. */
static double bound(const void *context, const int64_t offset[3], bool *exact)
{
    const reciprocal *self = context;
    double low, high, p0, p1;

    *exact = false; /* which way has to be decided anyway */
    if (self->constant) {
        const pair p = pair_at(self, NULL, NULL);
        return p.p0 + p.p1 - p.pr;
    }
    sna_lattice_distances(&self->pairs.lattice, offset, self->p0.axes, &low, &high);
    p0 = sna_probability_most(&self->p0, low, high);
    sna_lattice_distances(&self->pairs.lattice, offset, self->p1.axes, &low, &high);
    p1 = sna_probability_most(&self->p1, low, high);
    return fmin(1, p0 + p1);
}

/* ---- what to expect ----------------------------------------------------------------------------------------- */

enum { SUM_POSSIBLE0, SUM_POSSIBLE1, SUM_P0, SUM_P1, SUM_VARIANCE0, SUM_VARIANCE1, SUM_COVARIANCE, SUM_PR,
       SUM_VARIANCE_PR, SUM_CLIPPED, SUMS };

static void add_pair(const pair *p, double *out)
{
    out[SUM_POSSIBLE0] = p->p0 > 0;
    out[SUM_POSSIBLE1] = p->p1 > 0;
    out[SUM_P0] = p->p0;
    out[SUM_P1] = p->p1;
    out[SUM_VARIANCE0] = p->p0 * (1 - p->p0);
    out[SUM_VARIANCE1] = p->p1 * (1 - p->p1);
    out[SUM_COVARIANCE] = p->pr - p->p0 * p->p1;
    out[SUM_PR] = p->pr;
    out[SUM_VARIANCE_PR] = p->pr * (1 - p->pr);
    out[SUM_CLIPPED] = fabs(p->pr - p->raw) > 1e-12;
}

static void values(const void *context, const double source[3], const double target[3], double *out)
{
    const pair p = pair_at(context, source, target);

    add_pair(&p, out);
}

/* For the estimate of rho: is it a pair that pr is the mean of, p0 p1, and what rho is multiplied with. */
static void estimate_values(const void *context, const double source[3], const double target[3], double *out)
{
    const reciprocal *self = context;
    const double d0 = sna_distance(self->p0.axes, source, target), d1 = sna_distance(self->p1.axes, source, target);
    const double p0 = sna_probability_at(&self->p0, d0), p1 = sna_probability_at(&self->p1, d1);
    bool counts = p0 > 0 && p1 > 0;

    if (self->has_window[0] || self->has_window[1])
        counts = !(self->has_window[0] && (d0 < self->window[0][0] || d0 > self->window[0][1])) &&
                 !(self->has_window[1] && (d1 < self->window[1][0] || d1 > self->window[1][1]));
    out[0] = counts;
    out[1] = counts ? p0 * p1 : 0;
    out[2] = counts ? sqrt(p0 * (1 - p0) * p1 * (1 - p1)) : 0;
}

static double reach(const reciprocal *self, double level)
{
    return fmax(sna_probability_reach(&self->p0, level), sna_probability_reach(&self->p1, level));
}

/* Pairs less likely than this are not drawn: of all pairs together they would add less than a thousandth of an edge. */
static double least(const sna_ends *ends)
{
    return 1e-3 / ((double)ends->source.count * (double)ends->target.count);
}

/* Lattice, grids and near cells for drawing pairs of parts, or (blocks NULL) for sums over pairs. */
static int make_pairs(reciprocal *self, const sna_ends *ends, const double blocks[2])
{
    const double level = least(ends);
    const double length = fmin(sna_probability_length(&self->p0), sna_probability_length(&self->p1));
    int status = 0;

    sna_pairs_free(&self->pairs);
    self->pairs.decide = decide;
    self->pairs.context = self;
    self->pairs.autapses = self->same && self->autapses;
    self->pairs.lattice = SNA_LATTICE_FLAT;
    if (self->constant) {
        status = sna_grid_create_flat(&self->pairs.source, &ends->source);
        if (status == 0)
            status = sna_grid_create_flat(&self->pairs.target, &ends->target);
    } else {
        sna_near_choose(&self->pairs.lattice, self->p0.axes | self->p1.axes, length, &ends->source, &ends->target,
                        reach(self, level), level, bound, self, blocks);
        status = sna_grid_create(&self->pairs.source, &self->pairs.lattice, &ends->source);
        if (status == 0)
            status = sna_grid_create(&self->pairs.target, &self->pairs.lattice, &ends->target);
    }
    if (status == 0)
        status = sna_near_create(&self->pairs.near, &self->pairs.lattice, reach(self, level), level, bound, self);
    return status;
}

static sna_sums sums_over(const reciprocal *self, const sna_ends *ends, sna_pair_values each, unsigned count)
{
    return (sna_sums){.ends = ends,
                      .lattice = &self->pairs.lattice,
                      .near = &self->pairs.near,
                      .source = &self->pairs.source,
                      .unordered = self->same,
                      .values = each,
                      .context = self,
                      .sums = count};
}

/* A window may hold pairs that nothing connects: they count too. */
static double estimate_bound(const void *context, const int64_t offset[3], bool *exact)
{
    const reciprocal *self = context;
    const unsigned axes[2] = {self->p0.axes, self->p1.axes};
    bool inside = true;

    if (!self->has_window[0] && !self->has_window[1])
        return bound(context, offset, exact);
    for (unsigned d = 0; d < 2; d++) {
        double low, high;
        sna_lattice_distances(&self->pairs.lattice, offset, axes[d], &low, &high);
        inside = inside && !(self->has_window[d] && (low > self->window[d][1] || high < self->window[d][0]));
    }
    *exact = false;
    return inside ? 1 : 0;
}

/* rho so that pr is the mean over the pairs that count: (n pr - sum p0 p1) / sum sqrt(p0 (1 - p0) p1 (1 - p1)). */
static int estimate_rho(reciprocal *self, const sna_ends *ends, const sna_fields *fields)
{
    const double pr = self->pr.peak;
    double sum[3], error[3];
    sna_sums sums;
    sna_near near = {0};
    int status = 0;

    status = sna_near_create(&near, &self->pairs.lattice, INFINITY, 0, estimate_bound, self);
    sums = sums_over(self, ends, estimate_values, 3);
    sums.near = &near;
    if (status == 0)
        status = sna_sums_take(&sums, sum, error);
    if (status == 0 && !(sum[0] > 0))
        status = sna_fields_error(fields, "pr", "is the mean over pairs that can connect, but no pair can");
    if (status != 0)
        goto out;
    self->rule = RULE_RHO;
    self->rho = sum[2] > 0 ? (pr * sum[0] - sum[1]) / sum[2] : 0;
out:
    sna_near_free(&near);
    return status;
}

static int check_constant(const reciprocal *self, const sna_fields *fields)
{
    const pair p = pair_at(self, NULL, NULL);
    const double low = fmax(0, p.p0 + p.p1 - 1), high = fmin(p.p0, p.p1);
    const char *key = self->rule == RULE_RHO ? "rho" : sna_fields_find(fields, "pr") != NULL ? "pr" : "nrr";
    char text[4][SNA_NUMBER_SIZE];

    if (fabs(p.raw - p.pr) <= 1e-12)
        return 0;
    if (self->rule == RULE_RHO)
        return sna_fields_error(fields, key,
                                "is not possible with p0 = %s and p1 = %s: it must be from %s to %s",
                                sna_number_text(text[0], p.p0), sna_number_text(text[1], p.p1),
                                sna_number_round(text[2], sna_rho_from_reciprocal(p.p0, p.p1, low), 9),
                                sna_number_round(text[3], sna_rho_from_reciprocal(p.p0, p.p1, high), 9));
    return sna_fields_error(fields, key,
                            "pr = %s is not possible with p0 = %s and p1 = %s: it must be from %s to %s",
                            sna_number_round(text[0], p.raw, 9), sna_number_text(text[1], p.p0),
                            sna_number_text(text[2], p.p1), sna_number_round(text[3], low, 9),
                            sna_number_round((char[SNA_NUMBER_SIZE]){0}, high, 9));
}

/* Turns the sums over pairs into what to expect of each direction. */
static void expect(const reciprocal *self, const sna_ends *ends, const double *sum, const double *error,
                   sna_expectation expected[2])
{
    const double selves = self->same && self->autapses ? (double)ends->source.count : 0;
    const double p_self = self->constant ? self->p0.peak : sna_probability_at(&self->p0, 0);

    for (unsigned d = 0; d < 2; d++) {
        expected[d].possible = sum[SUM_POSSIBLE0 + d];
        expected[d].edges = sum[SUM_P0 + d];
        expected[d].variance = sum[SUM_VARIANCE0 + d];
        expected[d].error = error[SUM_P0 + d];
        expected[d].reciprocal = d == 0 ? sum[SUM_PR] : NAN;
        expected[d].reciprocal_variance = d == 0 ? sum[SUM_VARIANCE_PR] : NAN;
        expected[d].clipped = d == 0 ? sum[SUM_CLIPPED] : 0;
    }
    if (!self->same)
        return;
    /* Each unordered pair can give two edges, which go together. */
    expected[0].possible = 2 * sum[SUM_POSSIBLE0] + (p_self > 0 ? selves : 0);
    expected[0].edges = 2 * sum[SUM_P0] + selves * p_self;
    expected[0].variance = 2 * sum[SUM_VARIANCE0] + 2 * sum[SUM_COVARIANCE] + selves * p_self * (1 - p_self);
    expected[0].error = 2 * error[SUM_P0];
}

static int prepare(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    reciprocal *self = state;
    const double n = (double)ends->source.count, m = (double)ends->target.count;
    double sum[SUMS] = {0}, error[SUMS] = {0};
    int status = 0;

    self->same = ends->same;
    if (!ends->same && sna_fields_find(fields, "p1") == NULL)
        status = sna_fields_error(fields, NULL, "the key `p1` is missing: source and target differ");
    else if (ends->same && sna_fields_find(fields, "p1") != NULL &&
             !cJSON_Compare(sna_fields_find(fields, "p0"), sna_fields_find(fields, "p1"), true))
        status = sna_fields_error(fields, "p1", "source and target are the same nodes, so p1 is p0: leave it out");
    else if (!ends->same && self->autapses)
        status = sna_fields_error(fields, "autapses", "source and target are not the same nodes");
    else if (!ends->same && ends->one_population && sna_ends_pairs(ends, false) < n * m)
        status = sna_fields_error(fields, NULL,
                                  "source and target share some nodes, but are not the same: a pair of those would be "
                                  "drawn twice. Split the entry");
    if (status == 0 && !self->constant)
        status = sna_ends_need_positions(ends, fields, "p0");
    if (status == 0 && self->constant)
        status = check_constant(self, fields);
    if (status == 0)
        status = make_pairs(self, ends, NULL);
    if (status == 0 && self->estimate)
        status = estimate_rho(self, ends, fields);
    if (status != 0)
        goto out;
    if (self->constant) {
        const pair p = pair_at(self, NULL, NULL);
        const double pairs = self->same ? n * (n - 1) / 2 : n * m;
        add_pair(&p, sum);
        for (unsigned i = 0; i < SUMS; i++)
            sum[i] *= pairs;
    } else {
        const sna_sums sums = sums_over(self, ends, values, SUMS);
        status = sna_sums_take(&sums, sum, error);
    }
    if (status == 0)
        expect(self, ends, sum, error, expected);
out:
    return status;
}

static int ready(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    const double blocks[2] = {ceil((double)ends->source.count / (double)ends->source_block),
                              ceil((double)ends->target.count / (double)ends->target_block)};

    (void)fields;
    (void)expected;
    return make_pairs(state, ends, blocks);
}

static int draw(const void *state, const sna_ends *ends, bool backward, uint64_t first, uint64_t end, sna_rows *out)
{
    const reciprocal *self = state;

    return sna_pairs_draw(&self->pairs, ends, backward, first, end, out);
}

static void destroy(void *state)
{
    reciprocal *self = state;

    if (self == NULL)
        return;
    sna_probability_free(&self->p0);
    sna_probability_free(&self->p1);
    sna_probability_free(&self->pr);
    sna_pairs_free(&self->pairs);
    free(self);
}

const sna_probability *sna_reciprocal_probability(const void *state, bool backward)
{
    const reciprocal *self = state;

    return backward ? &self->p1 : &self->p0;
}

static const char *const keys[] = {"p0",       "p1",     "pr",     "rho",    "nrr",
                                   "autapses", "n_syn",  "n_syn0", "n_syn1", "pr_range_forward",
                                   "pr_range_backward", NULL};

const sna_connector sna_reciprocal = {.type = "reciprocal",
                                      .keys = keys,
                                      .pairs = true,
                                      .create = create,
                                      .prepare = prepare,
                                      .ready = ready,
                                      .draw = draw,
                                      .free = destroy};
