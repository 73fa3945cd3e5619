/* fit.c: one or two exponentials through the charging curve of a membrane. */
#include "internal.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <gsl/gsl_vector.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_COMPONENTS = 2, COARSE = 400, ITERATIONS = 60 };

/* Samples with weights. The model is value(0) + sum of a_k (exp(-t / tau_k) - 1): it starts at the first value exactly.
 * Parameters: a_k and log tau_k, so that a time constant stays positive. */
typedef struct {
    const double *time, *value; /* [count] */
    double *weight;             /* [count] square roots of the weights */
    uint64_t count;
    int components;
} samples;

static int residuals(const gsl_vector *x, void *data, gsl_vector *f)
{
    const samples *self = data;
    double amplitude[MOST_COMPONENTS], rate[MOST_COMPONENTS];

    for (int k = 0; k < self->components; k++) {
        amplitude[k] = gsl_vector_get(x, (size_t)(2 * k));
        rate[k] = exp(-gsl_vector_get(x, (size_t)(2 * k + 1)));
    }
    for (uint64_t i = 0; i < self->count; i++) {
        double model = self->value[0];
        for (int k = 0; k < self->components; k++)
            model += amplitude[k] * expm1(-self->time[i] * rate[k]);
        gsl_vector_set(f, (size_t)i, self->weight[i] * (model - self->value[i]));
    }
    return GSL_SUCCESS;
}

static int derivatives(const gsl_vector *x, void *data, gsl_matrix *j)
{
    const samples *self = data;

    for (int k = 0; k < self->components; k++) {
        const double amplitude = gsl_vector_get(x, (size_t)(2 * k));
        const double rate = exp(-gsl_vector_get(x, (size_t)(2 * k + 1)));
        for (uint64_t i = 0; i < self->count; i++) {
            const double s = self->time[i] * rate, decay = exp(-s);
            gsl_matrix_set(j, (size_t)i, (size_t)(2 * k), self->weight[i] * expm1(-s));
            gsl_matrix_set(j, (size_t)i, (size_t)(2 * k + 1), self->weight[i] * amplitude * s * decay);
        }
    }
    return GSL_SUCCESS;
}

/* The best amplitudes for given time constants (a linear problem of at most two unknowns). */
static void best_amplitudes(const samples *self, const double *tau, double *amplitude)
{
    double m00 = 0, m01 = 0, m11 = 0, b0 = 0, b1 = 0, determinant;

    for (uint64_t i = 0; i < self->count; i++) {
        const double w = self->weight[i], y = w * (self->value[i] - self->value[0]);
        const double e0 = w * expm1(-self->time[i] / tau[0]);
        const double e1 = self->components > 1 ? w * expm1(-self->time[i] / tau[1]) : 0;
        m00 += e0 * e0;
        m01 += e0 * e1;
        m11 += e1 * e1;
        b0 += e0 * y;
        b1 += e1 * y;
    }
    determinant = m00 * m11 - m01 * m01;
    if (self->components == 1 || !(determinant > 1e-12 * m00 * m11)) {
        amplitude[0] = m00 > 0 ? b0 / m00 : 0;
        amplitude[1] = 0;
    } else {
        amplitude[0] = (b0 * m11 - b1 * m01) / determinant;
        amplitude[1] = (b1 * m00 - b0 * m01) / determinant;
    }
}

/* Levenberg-Marquardt from the given parameters, which are replaced. `covariance` may be NULL. */
static int solve(const samples *self, double *parameter, double *sum_of_squares, bool *converged,
                 gsl_matrix *covariance)
{
    int status = 0, info = 0, code;
    const size_t p = (size_t)(2 * self->components);
    gsl_multifit_nlinear_parameters how = gsl_multifit_nlinear_default_parameters();
    gsl_multifit_nlinear_fdf problem = {.f = residuals, .df = derivatives, .n = (size_t)self->count, .p = p};
    gsl_multifit_nlinear_workspace *work =
        gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &how, (size_t)self->count, p);
    gsl_vector_view start = gsl_vector_view_array(parameter, p);
    gsl_vector *f;

    if (work == NULL) {
        status = sna_error(SNA_ENOMEM, "out of memory for a fit of %llu samples", (unsigned long long)self->count);
        goto out;
    }
    problem.params = (void *)(uintptr_t)self;
    code = gsl_multifit_nlinear_init(&start.vector, &problem, work);
    if (code == GSL_SUCCESS)
        code = gsl_multifit_nlinear_driver(ITERATIONS, 1e-10, 1e-12, 0, NULL, NULL, &info, work);
    if (code == GSL_ENOMEM) {
        status = sna_error(SNA_ENOMEM, "out of memory for a fit");
        goto out;
    }
    *converged = code == GSL_SUCCESS;
    for (size_t i = 0; i < p; i++)
        parameter[i] = gsl_vector_get(gsl_multifit_nlinear_position(work), i);
    f = gsl_multifit_nlinear_residual(work);
    *sum_of_squares = 0;
    for (uint64_t i = 0; i < self->count; i++)
        *sum_of_squares += gsl_vector_get(f, (size_t)i) * gsl_vector_get(f, (size_t)i);
    if (covariance != NULL && gsl_multifit_nlinear_covar(gsl_multifit_nlinear_jac(work), 0, covariance) != GSL_SUCCESS)
        gsl_matrix_set_all(covariance, NAN);
out:
    gsl_multifit_nlinear_free(work);
    return status;
}

/* About COARSE of the samples, dense at the start, where exponentials differ; each stands for its neighbours. */
static int coarsen(samples *out, double **storage, const samples *fine)
{
    int status = 0;
    uint64_t n = 0;
    double *time, *value, *weight;

    *out = (samples){.components = fine->components};
    status =
        sna_allocate(storage, UINT64_C(3) * (fine->count < 3 * COARSE ? fine->count : 3 * COARSE), sizeof **storage);
    if (status != 0)
        goto out;
    time = *storage;
    value = time + (fine->count < 3 * COARSE ? fine->count : 3 * COARSE);
    weight = value + (value - time);
    for (uint64_t i = 0; i < fine->count && n < (uint64_t)(value - time);) {
        const uint64_t step = 1 + i / (COARSE / 4);
        time[n] = fine->time[i];
        value[n] = fine->value[i];
        weight[n] = fine->weight[i] * sqrt((double)step);
        n++;
        i += step;
    }
    out->time = time;
    out->value = value;
    out->weight = weight;
    out->count = n;
out:
    return status;
}

/* The best of several starts on the coarse samples. */
static int find_start(const samples *fine, double guess, double parameter[2 * MOST_COMPONENTS])
{
    static const double ratio[][2] = {{1, 0.1}, {1, 0.3}, {1, 3}, {1, 10}, {0.5, 2}, {0.3, 1}, {3, 10}};
    int status = 0;
    double *storage = NULL, best = INFINITY;
    samples coarse;

    status = coarsen(&coarse, &storage, fine);
    for (size_t i = 0; i < (fine->components == 1 ? 1 : sizeof ratio / sizeof *ratio) && status == 0; i++) {
        const double tau[2] = {guess * ratio[i][0], guess * ratio[i][1]};
        double amplitude[2], trial[2 * MOST_COMPONENTS], squares = INFINITY;
        bool converged = false;
        best_amplitudes(&coarse, tau, amplitude);
        for (int k = 0; k < fine->components; k++) {
            trial[2 * k] = amplitude[k];
            trial[2 * k + 1] = log(tau[k]);
        }
        status = solve(&coarse, trial, &squares, &converged, NULL);
        if (status == 0 && isfinite(squares) && squares < best) {
            best = squares;
            memcpy(parameter, trial, sizeof trial);
        }
    }
    if (status == 0 && !isfinite(best))
        status = sna_error(SNA_EEXTERNAL, "the exponentials cannot be fitted: the trace is not of that kind");
    free(storage);
    return status;
}

/* Square roots of the time that each sample stands for, relative to the mean; exactly 1 on an even grid. */
static void set_weights(double *weight, const double *time, uint64_t count)
{
    const double mean = (time[count - 1] - time[0]) / (double)(count - 1);
    bool even = true;

    for (uint64_t i = 0; i < count; i++) {
        const double before = i > 0 ? time[i] - time[i - 1] : time[1] - time[0];
        const double after = i + 1 < count ? time[i + 1] - time[i] : before;
        even = even && fabs(before - mean) < 1e-6 * mean;
        weight[i] = sqrt((before + after) / 2 / mean);
    }
    for (uint64_t i = 0; i < count && even; i++)
        weight[i] = 1;
}

static void describe(sna_exponential_fit *out, const double *parameter, const gsl_matrix *covariance,
                     double sum_of_squares, const samples *all)
{
    const double free_samples = (double)all->count - 2.0 * all->components;
    const double variance = free_samples > 0 ? sum_of_squares / free_samples : NAN;
    double sum = 0, plain = 0, low = all->value[0], high = all->value[0];

    out->components = all->components;
    out->plateau = all->value[0];
    out->rms = sqrt(sum_of_squares / (double)all->count);
    /* Noise-free data are met exactly; the steps that then only follow the rounding never get small. */
    for (uint64_t i = 0; i < all->count; i++) {
        low = fmin(low, all->value[i]);
        high = fmax(high, all->value[i]);
    }
    out->converged = out->converged || out->rms < 1e-9 * (high - low);
    for (int k = 0; k < all->components; k++) {
        sna_exponential *one = &out->component[k];
        const size_t i = (size_t)(2 * k);
        one->amplitude = parameter[2 * k];
        one->tau = exp(parameter[2 * k + 1]);
        one->amplitude_error = sqrt(variance * gsl_matrix_get(covariance, i, i));
        one->tau_error = one->tau * sqrt(variance * gsl_matrix_get(covariance, i + 1, i + 1));
        out->plateau -= one->amplitude;
        sum += one->amplitude;
        plain += fabs(one->amplitude);
    }
    if (all->components == 2 && out->component[0].tau > out->component[1].tau) {
        const sna_exponential slow = out->component[0];
        out->component[0] = out->component[1];
        out->component[1] = slow;
    }
    if (all->components == 2) {
        const double ratio = out->component[0].tau / out->component[1].tau;
        out->degenerate = plain > 20 * fabs(sum) || (ratio > 0.98 && ratio < 1 / 0.98);
    }
}

int sna_fit_exponentials(sna_exponential_fit *out, const double *time, const double *value, uint64_t count,
                         int components, double guess)
{
    int status = 0;
    samples all = {.time = time, .value = value, .count = count, .components = components};
    double parameter[2 * MOST_COMPONENTS] = {0}, squares = 0;
    gsl_matrix *covariance = NULL;
    gsl_error_handler_t *const handler = gsl_set_error_handler_off(); /* GSL's own ends the program */

    memset(out, 0, sizeof *out);
    if (components < 1 || components > MOST_COMPONENTS || count < 2 * (uint64_t)components + 1) {
        status = sna_error(SNA_EINVAL, "%llu samples are too few for a fit", (unsigned long long)count);
        goto out;
    }
    status = sna_allocate(&all.weight, count, sizeof *all.weight);
    if (status != 0)
        goto out;
    set_weights(all.weight, time, count);
    status = find_start(&all, guess, parameter);
    if (status != 0)
        goto out;
    covariance = gsl_matrix_calloc((size_t)(2 * components), (size_t)(2 * components));
    if (covariance == NULL) {
        status = sna_error(SNA_ENOMEM, "out of memory for a fit");
        goto out;
    }
    status = solve(&all, parameter, &squares, &out->converged, covariance);
    if (status == 0)
        describe(out, parameter, covariance, squares, &all);
out:
    gsl_matrix_free(covariance);
    free(all.weight);
    (void)gsl_set_error_handler(handler);
    return status;
}
