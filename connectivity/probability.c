/* probability.c: connection probability by distance, and curves fitted to it. */
#include "connectivity/internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the table ---------------------------------------------------------------------------------------------- */

/* The interval of a share k / n (Wilson 1927) at 95 %. */
static void wilson(double k, double n, double *low, double *high)
{
    const double z = 1.959963984540054, p = k / n;
    const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));

    *low = k <= 0 ? 0 : fmax(0, middle - half);
    *high = k >= n ? 1 : fmin(1, middle + half);
}

static int check_measured(const sna_survey *self)
{
    bool any = false;

    if ((self->measure & SNA_MEASURE_PROBABILITY) == 0)
        return sna_error(SNA_EINVAL, "the survey did not look at distances");
    for (uint64_t b = 0; b < self->proximities.blocks; b++)
        any = any || self->proximities.block[b].bins > 0;
    return any ? 0
               : sna_error(SNA_ENOTFOUND,
                           "the cells chosen have no positions (along the axes asked for), so there is no "
                           "distance between them");
}

static int add_bin(const sna_survey *self, sna_table *table, uint64_t block, uint64_t bin)
{
    int status = 0;
    const sna_proximity *proximity = &self->proximities.block[block];
    const uint64_t row = sna_table_rows(table), targets = self->target.groups;
    const double n = proximity->possible[bin];
    /* More connections than a sample says there are pairs are all of them. */
    const double k = fmin((double)proximity->connected[bin], n);
    double trials = n, low = NAN, high = NAN;

    status = sna_table_add_row(table, NULL);
    if (status == 0)
        status = sna_table_set_text(table, row, 0, self->source.group[block / targets].label);
    if (status == 0)
        status = sna_table_set_text(table, row, 1, self->target.group[block % targets].label);
    if (status == 0)
        status = sna_table_set_real(table, row, 2, proximity->edge[bin]);
    if (status == 0)
        status = sna_table_set_real(table, row, 3, proximity->edge[bin + 1]);
    if (status == 0)
        status = sna_table_set_integer(table, row, 4, (int64_t)(n + 0.5));
    if (status == 0)
        status = sna_table_set_integer(table, row, 5, (int64_t)proximity->connected[bin]);
    if (status == 0)
        status = sna_table_set_real(table, row, 9, proximity->error[bin]);
    if (status != 0 || n <= 0)
        goto out;
    if (proximity->error[bin] > 0 && k > 0 && k < n) {
        /* Both errors together are those of fewer pairs: p (1 - p) / trials = p (1 - p) / n + (p error / n)^2. */
        const double p = k / n, apart = p * proximity->error[bin] / n;
        trials = p * (1 - p) / (p * (1 - p) / n + apart * apart);
    }
    wilson(k / n * trials, trials, &low, &high);
    status = sna_table_set_real(table, row, 6, k / n);
    if (status == 0)
        status = sna_table_set_real(table, row, 7, low);
    if (status == 0)
        status = sna_table_set_real(table, row, 8, high);
out:
    return status;
}

int sna_survey_probability(const sna_survey *self, sna_table **out)
{
    static const struct {
        const char *name, *unit;
        sna_type type;
    } column[] = {{"source", NULL, SNA_TEXT},      {"target", NULL, SNA_TEXT},       {"low", "um", SNA_REAL},
                  {"high", "um", SNA_REAL},        {"pairs", NULL, SNA_INTEGER},     {"connected", NULL, SNA_INTEGER},
                  {"probability", NULL, SNA_REAL}, {"interval_low", NULL, SNA_REAL}, {"interval_high", NULL, SNA_REAL},
                  {"pairs_error", NULL, SNA_REAL}};
    int status = 0;
    sna_table *table = NULL;
    uint64_t without = 0, samples = 0;

    *out = NULL;
    status = check_measured(self);
    if (status == 0)
        status = sna_table_create(&table, "Connection probability by distance", NULL);
    for (size_t c = 0; c < sizeof column / sizeof *column && status == 0; c++)
        status = sna_table_add_column(table, column[c].name, column[c].unit, column[c].type);
    for (uint64_t b = 0; b < self->proximities.blocks && status == 0; b++) {
        const sna_proximity *proximity = &self->proximities.block[b];
        without += proximity->bins == 0;
        samples = proximity->samples > 0 ? proximity->samples : samples;
        for (uint64_t bin = 0; bin < proximity->bins && status == 0; bin++)
            status = add_bin(self, table, b, bin);
    }
    if (status == 0)
        status = sna_table_add_note(table, "Pairs of different cells; the interval is of 95 %% (Wilson).");
    if (status == 0 && without > 0)
        status =
            sna_table_add_note(table, "%" PRIu64 " blocks have cells without positions and are left out.", without);
    if (status == 0 && samples == 0)
        status = sna_table_add_note(table, "The distances of all pairs were computed.");
    if (status == 0 && samples > 0)
        status = sna_table_add_note(table,
                                    "Too many pairs to compute all distances: where pairs_error is not 0, their number "
                                    "is estimated from %" PRIu64 " random pairs of the block, and pairs_error is its "
                                    "standard error, which the interval has in it.",
                                    samples);
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}

/* ---- fits --------------------------------------------------------------------------------------------------- */

static const char *const fit_names[] = {"gaussian", "exponential"};

int sna_fit_parse(sna_fit *out, const char *name)
{
    for (size_t i = 0; i < sizeof fit_names / sizeof *fit_names; i++) {
        if (strcmp(name, fit_names[i]) == 0) {
            *out = (sna_fit)i;
            return 0;
        }
    }
    return sna_error(SNA_EINVAL, "`%s` is no curve to fit; there is: gaussian, exponential", name);
}

const char *sna_fit_name(sna_fit fit)
{
    return fit_names[fit];
}

/* log p = a - b x with x = d^2 or d: a binomial model with a logarithmic link, whose likelihood is concave. */
typedef struct {
    uint64_t points;
    const double *x, *n, *k; /* [points] */
} binomial_data;

typedef struct {
    double a, b, var_a, var_b, deviance;
} binomial_fit;

/* -infinity outside p < 1. */
static double likelihood(const binomial_data *data, double a, double b)
{
    double sum = 0;

    for (uint64_t i = 0; i < data->points; i++) {
        const double eta = a - b * data->x[i];
        if (eta >= 0)
            return -INFINITY;
        sum += data->k[i] * eta + (data->n[i] - data->k[i]) * log(-expm1(eta));
    }
    return sum;
}

/* Newton's method with the step halved until the likelihood rises. False where it does not settle. */
static bool fit_binomial(const binomial_data *data, binomial_fit *out)
{
    double all_k = 0, all_n = 0, now, full = 0, a, b = 0;

    for (uint64_t i = 0; i < data->points; i++) {
        all_k += data->k[i];
        all_n += data->n[i];
        if (data->k[i] > 0)
            full += data->k[i] * log(data->k[i] / data->n[i]);
        if (data->k[i] < data->n[i])
            full += (data->n[i] - data->k[i]) * log1p(-data->k[i] / data->n[i]);
    }
    if (data->points < 2 || all_k <= 0 || all_k >= all_n)
        return false;
    a = log(all_k / all_n);
    now = likelihood(data, a, b);
    for (int round = 0; round < 200; round++) {
        double ga = 0, gb = 0, haa = 0, hab = 0, hbb = 0, step = 1, da, db, determinant, next = now;
        for (uint64_t i = 0; i < data->points; i++) {
            const double eta = a - b * data->x[i], p = exp(eta), odds = p / -expm1(eta);
            const double slope = data->k[i] - (data->n[i] - data->k[i]) * odds;
            const double curve = (data->n[i] - data->k[i]) * odds / -expm1(eta);
            ga += slope;
            gb -= slope * data->x[i];
            haa += curve;
            hab -= curve * data->x[i];
            hbb += curve * data->x[i] * data->x[i];
        }
        determinant = haa * hbb - hab * hab;
        if (!(determinant > 0))
            return false;
        da = (hbb * ga - hab * gb) / determinant;
        db = (haa * gb - hab * ga) / determinant;
        for (int halving = 0; halving < 60; halving++, step /= 2) {
            next = likelihood(data, a + step * da, b + step * db);
            if (next >= now)
                break;
        }
        if (!(next >= now))
            step = 0;
        a += step * da;
        b += step * db;
        *out = (binomial_fit){a, b, hbb / determinant, haa / determinant, 2 * (full - next)};
        if (step == 0 || fabs(next - now) <= 1e-12 * (1 + fabs(now)))
            return isfinite(a) && isfinite(b);
        now = next;
    }
    return false;
}

/* Fills x, n, k from the bins that have pairs. */
static uint64_t collect(const sna_proximity *self, sna_fit fit, double *x, double *n, double *k)
{
    uint64_t points = 0;

    for (uint64_t b = 0; b < self->bins; b++) {
        if (self->possible[b] <= 0)
            continue;
        x[points] = fit == SNA_FIT_GAUSSIAN ? self->mean[b] * self->mean[b] : self->mean[b];
        n[points] = self->possible[b];
        k[points] = fmin((double)self->connected[b], n[points]);
        points++;
    }
    return points;
}

static int fit_block(const sna_proximity *self, sna_fit fit, sna_table *table, uint64_t row)
{
    int status = 0;
    double *room = NULL;
    binomial_data data = {0, NULL, NULL, NULL};
    binomial_fit found;

    status = sna_allocate(&room, 3 * self->bins, sizeof *room);
    if (status != 0)
        goto out;
    if (self->bins > 0) {
        data = (binomial_data){0, room, room + self->bins, room + 2 * self->bins};
        data.points = collect(self, fit, room, room + self->bins, room + 2 * self->bins);
    }
    if (fit_binomial(&data, &found) && found.b > 0) {
        /* sigma = (2 b)^(-1/2), lambda = 1 / b; errors by the delta method. */
        const double length = fit == SNA_FIT_GAUSSIAN ? 1 / sqrt(2 * found.b) : 1 / found.b;
        const double length_error =
            sqrt(found.var_b) * (fit == SNA_FIT_GAUSSIAN ? length / (2 * found.b) : length * length);
        const double value[] = {exp(found.a), length, exp(found.a) * sqrt(found.var_a), length_error, found.deviance};
        for (uint64_t c = 0; c < 5 && status == 0; c++)
            status = sna_table_set_real(table, row, 2 + c, value[c]);
        if (status == 0)
            status = sna_table_set_integer(table, row, 7, (int64_t)data.points - 2);
    }
out:
    free(room);
    return status;
}

int sna_survey_probability_fit(const sna_survey *self, sna_fit fit, sna_table **out)
{
    int status = 0;
    sna_table *table = NULL;
    const char *length = fit == SNA_FIT_GAUSSIAN ? "sigma" : "lambda";
    const char *length_error = fit == SNA_FIT_GAUSSIAN ? "sigma_error" : "lambda_error";

    *out = NULL;
    status = check_measured(self);
    if (status == 0)
        status = sna_table_create(
            &table, fit == SNA_FIT_GAUSSIAN ? "Fit of p_max exp(-d^2 / (2 sigma^2))" : "Fit of p_max exp(-d / lambda)",
            NULL);
    if (status == 0)
        status = sna_table_add_column(table, "source", NULL, SNA_TEXT);
    if (status == 0)
        status = sna_table_add_column(table, "target", NULL, SNA_TEXT);
    if (status == 0)
        status = sna_table_add_column(table, "p_max", NULL, SNA_REAL);
    if (status == 0)
        status = sna_table_add_column(table, length, "um", SNA_REAL);
    if (status == 0)
        status = sna_table_add_column(table, "p_max_error", NULL, SNA_REAL);
    if (status == 0)
        status = sna_table_add_column(table, length_error, "um", SNA_REAL);
    if (status == 0)
        status = sna_table_add_column(table, "deviance", NULL, SNA_REAL);
    if (status == 0)
        status = sna_table_add_column(table, "degrees_of_freedom", NULL, SNA_INTEGER);
    for (uint64_t b = 0; b < self->proximities.blocks && status == 0; b++) {
        status = sna_table_add_row(table, NULL);
        if (status == 0)
            status = sna_table_set_text(table, b, 0, self->source.group[b / self->target.groups].label);
        if (status == 0)
            status = sna_table_set_text(table, b, 1, self->target.group[b % self->target.groups].label);
        if (status == 0)
            status = fit_block(&self->proximities.block[b], fit, table, b);
    }
    if (status == 0)
        status =
            sna_table_add_note(table, "Maximum likelihood over bins; nothing where the probability does not fall with "
                                      "distance.");
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}
