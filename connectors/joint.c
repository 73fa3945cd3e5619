/* joint.c: a pair of nodes whose two directions go together. */
#include "joint.h"

#include <math.h>

#include "spec.h"

/* ---- reading ------------------------------------------------------------------------------------------------ */

/* One of pr, rho and nrr says how the two directions go together. */
static int read_rule(sna_joint *self, const sna_fields *fields, const char *pr, bool rules)
{
    static const char *const only_nrr[] = {"nrr", NULL};
    const char *const keys[] = {pr, "rho", "nrr"};
    const cJSON *item = NULL;
    unsigned which = 0;
    int status = 0;

    for (unsigned i = 0; i < (rules ? 3 : 1); i++) {
        const cJSON *next = sna_fields_find(fields, keys[i]);
        if (next != NULL && item != NULL) {
            status = sna_fields_error(fields, keys[i], "there is `%s` already, one of the two must go", item->string);
            goto out;
        }
        which = next != NULL ? i : which;
        item = next != NULL ? next : item;
    }
    if (item == NULL) {
        status = rules ? sna_fields_error(fields, NULL, "needs one of `pr`, `rho` and `nrr`")
                       : sna_fields_error(fields, NULL, "the key `%s` is missing", pr);
    } else if (which == 1) {
        self->rule = SNA_RULE_RHO;
        status = sna_json_real(fields->json, item, &self->rho);
        if (status == 0 && !(self->rho >= -1 && self->rho <= 1))
            status = sna_fields_error(fields, "rho", "is a correlation and must be from -1 to 1");
    } else {
        self->rule = which == 2 ? SNA_RULE_FACTOR : SNA_RULE_PR;
        if (self->rule == SNA_RULE_PR && sna_json_member(item, "nrr") != NULL) {
            self->rule = SNA_RULE_FACTOR;
            status = sna_spec_one_key(fields->json, item, only_nrr, &item);
        }
        if (status == 0)
            status = sna_probability_read(&self->pr, fields->json, item, self->rule == SNA_RULE_FACTOR);
    }
out:
    return status;
}

int sna_joint_read(sna_joint *out, const sna_fields *fields, const char *p0, const char *p1, const char *pr, bool rules)
{
    const cJSON *forward = NULL, *backward = sna_fields_find(fields, p1);
    int status = sna_fields_require(fields, p0, &forward);

    *out = (sna_joint){.has_p1 = backward != NULL};
    if (status == 0)
        status = sna_probability_read(&out->p0, fields->json, forward, false);
    if (status == 0)
        status = sna_probability_read(&out->p1, fields->json, backward != NULL ? backward : forward, false);
    if (status == 0)
        status = read_rule(out, fields, pr, rules);
    out->constant = sna_probability_is_constant(&out->p0) && sna_probability_is_constant(&out->p1) &&
                    (out->rule == SNA_RULE_RHO || sna_probability_is_constant(&out->pr));
    return status;
}

void sna_joint_free(sna_joint *self)
{
    sna_probability_free(&self->p0);
    sna_probability_free(&self->p1);
    sna_probability_free(&self->pr);
}

/* Constants that cannot go together are refused, with what can. */
static int check_constant(const sna_joint *self, const sna_fields *fields, const char *pr)
{
    const sna_joint_pair p = sna_joint_at(self, NULL, NULL);
    const double low = fmax(0, p.p0 + p.p1 - 1), high = fmin(p.p0, p.p1);
    char text[5][SNA_NUMBER_SIZE];
    int status = 0;

    if (fabs(p.raw - p.pr) <= 1e-12)
        goto out;
    (void)sna_number_text(text[0], p.p0);
    (void)sna_number_text(text[1], p.p1);
    if (self->rule == SNA_RULE_RHO)
        status =
            sna_fields_error(fields, "rho", "is not possible with p0 = %s and p1 = %s: it must be from %s to %s",
                             text[0], text[1], sna_number_round(text[2], sna_rho_from_reciprocal(p.p0, p.p1, low), 9),
                             sna_number_round(text[3], sna_rho_from_reciprocal(p.p0, p.p1, high), 9));
    else
        status = sna_fields_error(fields, sna_fields_find(fields, pr) != NULL ? pr : "nrr",
                                  "pr = %s is not possible with p0 = %s and p1 = %s: it must be from %s to %s",
                                  sna_number_round(text[4], p.raw, 9), text[0], text[1],
                                  sna_number_round(text[2], low, 9), sna_number_round(text[3], high, 9));
out:
    return status;
}

int sna_joint_check(const sna_joint *self, const sna_ends *ends, const sna_fields *fields, const char *p0,
                    const char *p1, const char *pr)
{
    const double all = (double)ends->source.count * (double)ends->target.count;
    int status = 0;

    if (!ends->same && !self->has_p1)
        status = sna_fields_error(fields, NULL, "the key `%s` is missing: source and target differ", p1);
    else if (ends->same && self->has_p1 &&
             !cJSON_Compare(sna_fields_find(fields, p0), sna_fields_find(fields, p1), true))
        status = sna_fields_error(fields, p1, "source and target are the same nodes, so this is %s: leave it out", p0);
    else if (!ends->same && ends->one_population && sna_ends_pairs(ends, false) < all)
        status = sna_fields_error(fields, NULL,
                                  "source and target share some nodes, but are not the same: a pair of those would be "
                                  "drawn twice. Split the entry");
    else if (!self->constant)
        status = sna_ends_need_positions(ends, fields, p0);
    else
        status = check_constant(self, fields, pr);
    return status;
}

/* ---- probabilities ------------------------------------------------------------------------------------------ */

static double value(const sna_probability *p, const double *source, const double *target)
{
    return sna_probability_is_constant(p) ? p->peak : sna_probability_at(p, sna_distance(p->axes, source, target));
}

sna_joint_pair sna_joint_at(const sna_joint *self, const double *source, const double *target)
{
    sna_joint_pair at = {.p0 = value(&self->p0, source, target), .p1 = value(&self->p1, source, target)};

    switch (self->rule) {
    case SNA_RULE_RHO:
        at.raw = at.p0 * at.p1 + self->rho * sqrt(at.p0 * (1 - at.p0) * at.p1 * (1 - at.p1));
        break;
    case SNA_RULE_FACTOR:
        at.raw = at.p0 * at.p1 * value(&self->pr, source, target);
        break;
    default:
        at.raw = value(&self->pr, source, target);
        break;
    }
    at.pr = sna_reciprocal_clip(at.p0, at.p1, at.raw);
    return at;
}

unsigned sna_joint_decide(const sna_joint_pair *pair, double at)
{
    if (at < pair->pr)
        return SNA_FORWARD | SNA_BACKWARD;
    if (at < pair->p0)
        return SNA_FORWARD;
    return at < pair->p0 + pair->p1 - pair->pr ? SNA_BACKWARD : 0;
}

double sna_joint_bound(const sna_joint *self, const sna_lattice *lattice, const int64_t offset[3])
{
    double low, high, p0, p1;

    if (self->constant) {
        const sna_joint_pair p = sna_joint_at(self, NULL, NULL);
        return p.p0 + p.p1 - p.pr;
    }
    sna_lattice_distances(lattice, offset, self->p0.axes, &low, &high);
    p0 = sna_probability_most(&self->p0, low, high);
    sna_lattice_distances(lattice, offset, self->p1.axes, &low, &high);
    p1 = sna_probability_most(&self->p1, low, high);
    return fmin(1, p0 + p1);
}

int sna_joint_make_pairs(const sna_joint *self, sna_pairing *pairs, const sna_ends *ends, sna_near_bound bound,
                         const double blocks[2])
{
    /* Before drawing, what pairs less likely than this add is not summed: less than a thousandth of an edge. Where
     * pairs are drawn, those too far for more than about two of them to be picked for a node are not looked for cell by
     * cell.
     */
    const double level = blocks == NULL || self->constant
                             ? 1e-3 / ((double)ends->source.count * (double)ends->target.count)
                             : 2 / fmax((double)ends->source.count, (double)ends->target.count);
    const double length = fmin(sna_probability_length(&self->p0), sna_probability_length(&self->p1));
    /* Neither direction reaches half the level there, so both together do not reach it. */
    const double reach = fmax(sna_probability_reach(&self->p0, level / 2), sna_probability_reach(&self->p1, level / 2));
    int status = 0;

    sna_pairing_free(pairs);
    pairs->lattice = SNA_LATTICE_FLAT;
    if (self->constant) {
        status = sna_grid_create_flat(&pairs->source, &ends->source);
        if (status == 0)
            status = sna_grid_create_flat(&pairs->target, &ends->target);
    } else {
        sna_near_choose(&pairs->lattice, self->p0.axes | self->p1.axes, length, &ends->source, &ends->target, reach,
                        level, bound, pairs->context, blocks);
        status = sna_grid_create(&pairs->source, &pairs->lattice, &ends->source);
        if (status == 0)
            status = sna_grid_create(&pairs->target, &pairs->lattice, &ends->target);
    }
    if (status == 0)
        status = sna_near_create(&pairs->near, &pairs->lattice, reach, level, bound, pairs->context);
    if (self->constant)
        pairs->near.level = 0;
    return status;
}

/* ---- what to expect ----------------------------------------------------------------------------------------- */

void sna_joint_values(const sna_joint_pair *p, double out[SNA_JOINT_SUMS])
{
    out[SNA_SUM_POSSIBLE0] = p->p0 > 0;
    out[SNA_SUM_POSSIBLE1] = p->p1 > 0;
    out[SNA_SUM_P0] = p->p0;
    out[SNA_SUM_P1] = p->p1;
    out[SNA_SUM_VARIANCE0] = p->p0 * (1 - p->p0);
    out[SNA_SUM_VARIANCE1] = p->p1 * (1 - p->p1);
    out[SNA_SUM_COVARIANCE] = p->pr - p->p0 * p->p1;
    out[SNA_SUM_PR] = p->pr;
    out[SNA_SUM_VARIANCE_PR] = p->pr * (1 - p->pr);
    out[SNA_SUM_SPREAD] = sqrt(out[SNA_SUM_VARIANCE0] * out[SNA_SUM_VARIANCE1]);
    out[SNA_SUM_CLIPPED] = fabs(p->pr - p->raw) > 1e-12;
}

static void values(const void *context, const double source[3], const double target[3], double *out)
{
    const sna_joint_pair p = sna_joint_at(context, source, target);

    sna_joint_values(&p, out);
}

int sna_joint_sums(const sna_joint *self, const sna_pairing *pairs, const sna_ends *ends, double sum[SNA_JOINT_SUMS],
                   double error[SNA_JOINT_SUMS])
{
    const double n = (double)ends->source.count, m = (double)ends->target.count;
    const double count = ends->same ? n * (n - 1) / 2 : n * m;
    int status = 0;

    if (self->constant) {
        const sna_joint_pair p = sna_joint_at(self, NULL, NULL);
        sna_joint_values(&p, sum);
        for (unsigned i = 0; i < SNA_JOINT_SUMS; i++) {
            sum[i] *= count;
            error[i] = 0;
        }
    } else {
        status = sna_sums_take(&(sna_sums){.ends = ends,
                                           .lattice = &pairs->lattice,
                                           .near = &pairs->near,
                                           .source = &pairs->source,
                                           .unordered = ends->same,
                                           .values = values,
                                           .context = self,
                                           .sums = SNA_JOINT_SUMS},
                               sum, error);
    }
    return status;
}

void sna_joint_expect(const sna_ends *ends, const double sum[SNA_JOINT_SUMS], const double error[SNA_JOINT_SUMS],
                      sna_expectation expected[2])
{
    for (unsigned d = 0; d < 2; d++) {
        expected[d].possible = sum[SNA_SUM_POSSIBLE0 + d];
        expected[d].edges = sum[SNA_SUM_P0 + d];
        expected[d].variance = sum[SNA_SUM_VARIANCE0 + d];
        expected[d].error = error[SNA_SUM_P0 + d];
        expected[d].reciprocal = d == 0 ? sum[SNA_SUM_PR] : NAN;
        expected[d].reciprocal_variance = d == 0 ? sum[SNA_SUM_VARIANCE_PR] : NAN;
        expected[d].reciprocal_error = d == 0 ? error[SNA_SUM_PR] : 0;
        expected[d].independent = sum[SNA_SUM_PR] - sum[SNA_SUM_COVARIANCE];
        expected[d].spread = sum[SNA_SUM_SPREAD];
        expected[d].clipped = d == 0 ? sum[SNA_SUM_CLIPPED] : 0;
    }
    if (ends->same) {
        /* Each unordered pair can give two edges, which go together. */
        expected[0].possible *= 2;
        expected[0].edges *= 2;
        expected[0].variance = 2 * sum[SNA_SUM_VARIANCE0] + 2 * sum[SNA_SUM_COVARIANCE];
        expected[0].error *= 2;
    }
}
