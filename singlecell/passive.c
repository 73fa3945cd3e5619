/* passive.c: input resistance, time constant and sag from a step of current. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

static const char *const METHODS[] = {"simple", "exp", "exp2"};
enum { METHOD_COUNT = 3 };

int sna_tau_method_parse(sna_tau_method *out, const char *name)
{
    for (int i = 0; i < METHOD_COUNT; i++) {
        if (strcmp(name, METHODS[i]) == 0) {
            *out = (sna_tau_method)i;
            return 0;
        }
    }
    return sna_error(SNA_EINVAL, "the method for the time constant must be simple, exp or exp2, found `%s`", name);
}

const char *sna_tau_method_name(sna_tau_method method)
{
    return METHODS[method];
}

/* The samples of a pulse: time from onset, voltage; the first is exactly at onset. */
typedef struct {
    double *time, *voltage;
    uint64_t count;
} pulse;

static int cut_pulse(pulse *out, const sna_cell_trace *trace, double onset, double end)
{
    int status = 0;
    const uint64_t first = sna_trace_find(trace, onset);
    const uint64_t behind = sna_trace_find(trace, end + 2e-6); /* the sample at the end belongs to it */

    *out = (pulse){NULL, NULL, 0};
    if (trace->count == 0 || onset < trace->time[0] - 1e-6 || end > trace->time[trace->count - 1] + 1e-6 ||
        behind < first + 5) {
        status = sna_error(SNA_EINVAL, "the pulse from %g to %g ms is not in the trace, or has fewer than 5 samples",
                           onset, end);
        goto out;
    }
    status = sna_allocate(&out->time, behind - first + 1, sizeof *out->time);
    if (status == 0)
        status = sna_allocate(&out->voltage, behind - first + 1, sizeof *out->voltage);
    if (status != 0)
        goto out;
    out->voltage[0] = sna_trace_at(trace, onset);
    out->count = 1;
    for (uint64_t i = first; i < behind; i++) {
        if (trace->time[i] - onset < 1e-6)
            continue;
        out->time[out->count] = trace->time[i] - onset;
        out->voltage[out->count++] = trace->voltage[i];
    }
out:
    return status;
}

/* The time at which the voltage has made 1 - 1/e of its way, between two samples. */
static double simple_tau(const pulse *self, double v_rest, double v_final)
{
    const double target = v_rest + (1 - exp(-1)) * (v_final - v_rest), sign = v_final > v_rest ? 1 : -1;

    if (v_final == v_rest)
        return NAN;
    for (uint64_t i = 1; i < self->count; i++) {
        const double before = self->voltage[i - 1], after = self->voltage[i];
        if (sign * (after - target) >= 0)
            return self->time[i - 1] + (self->time[i] - self->time[i - 1]) * (target - before) / (after - before);
    }
    return NAN;
}

/* The slowest exponential that charges the membrane (its amplitude has the sign of V_rest - V_final: what is still
 * missing of the way) and is not empty. One of the other sign is sag, however slow it is. */
static void choose_membrane(sna_exponential_fit *fit, double v_rest, double v_final)
{
    const double sign = v_rest > v_final ? 1 : -1;
    double sum = 0;
    int best = -1;

    for (int k = 0; k < fit->components; k++)
        sum += fabs(fit->component[k].amplitude);
    for (int charging = 1; charging >= 0 && best < 0; charging--) {
        for (int k = 0; k < fit->components; k++) {
            const sna_exponential *one = &fit->component[k];
            if (fabs(one->amplitude) >= 0.01 * sum && (!charging || sign * one->amplitude > 0) &&
                (best < 0 || one->tau > fit->component[best].tau))
                best = k;
        }
    }
    fit->membrane = best < 0 ? 0 : best;
}

/* Where two exponentials do not describe the response (a membrane that swings: the best pair has equal time constants
 * and amplitudes that cancel), what is left is one exponential through the way to the peak. */
static int fit_rise(sna_passive_measure *out, const pulse *self, uint64_t peak, double guess)
{
    int status = 0;
    sna_exponential_fit rise;

    if (peak < 10)
        return 0;
    status = sna_fit_exponentials(&rise, self->time, self->voltage, peak + 1, 1, guess);
    if (status == 0 && rise.converged) {
        out->tau = rise.component[0].tau;
        out->tau_from_rise = true;
    }
    return status;
}

static int fit_tau(sna_passive_measure *out, const pulse *self, uint64_t peak, sna_tau_method method)
{
    int status = 0;
    const double simple = simple_tau(self, out->v_rest, out->v_final);
    const double span = self->time[self->count - 1];

    out->tau = simple;
    if (method == SNA_TAU_SIMPLE)
        goto out;
    status = sna_fit_exponentials(&out->fit, self->time, self->voltage, self->count, method == SNA_TAU_EXP ? 1 : 2,
                                  simple > 0 ? simple : span / 10);
    if (status != 0)
        goto out;
    choose_membrane(&out->fit, out->v_rest, out->v_final);
    out->tau = out->fit.component[out->fit.membrane].tau;
    if (out->fit.degenerate)
        status = fit_rise(out, self, peak, simple > 0 ? simple : span / 10);
out:
    return status;
}

int sna_passive_measure_trace(sna_passive_measure *out, const sna_cell_trace *trace, double onset, double end,
                              double current, sna_tau_method method)
{
    int status = 0;
    const double sign = current > 0 ? 1 : -1;
    pulse self = {NULL, NULL, 0};
    uint64_t peak = 0;

    memset(out, 0, sizeof *out);
    if (!isfinite(current) || current == 0) {
        status = sna_error(SNA_EINVAL, "the passive protocol needs a current that is not 0");
        goto out;
    }
    status = cut_pulse(&self, trace, onset, end);
    if (status != 0)
        goto out;
    for (uint64_t i = 1; i < self.count; i++) {
        if (sign * self.voltage[i] > sign * self.voltage[peak])
            peak = i;
    }
    out->v_rest = self.voltage[0];
    out->v_final = sna_trace_at(trace, end);
    out->v_peak = self.voltage[peak];
    out->peak_time = self.time[peak];
    out->r_in = (out->v_final - out->v_rest) / current;
    out->r_in_peak = (out->v_peak - out->v_rest) / current;
    out->v_sag = out->v_peak - out->v_final;
    out->sag_ratio = out->v_peak == out->v_rest ? NAN : out->v_sag / (out->v_peak - out->v_rest);
    out->drift = out->v_rest - sna_trace_at(trace, onset > 50 ? onset - 50 : 0);
    out->late_drift = out->v_final - sna_trace_at(trace, end - (end - onset) / 10);
    status = fit_tau(out, &self, peak, method);
    if (status == 0)
        out->c_m = 1000 * out->tau / out->r_in; /* ms / MOhm = nF */
out:
    free(self.time);
    free(self.voltage);
    return status;
}

/* ---- the protocol --------------------------------------------------------------------------------------------- */

static int add_fit(sna_record *record, const sna_passive_measure *measure, sna_tau_method method)
{
    int status = 0;
    sna_record *fit = NULL;
    const sna_exponential_fit *all = &measure->fit;
    char key[64], label[64];

    status = sna_record_create(&fit, NULL);
    if (status == 0)
        status = sna_record_text(fit, "function", "Function",
                                 method == SNA_TAU_EXP ? "v(t) = plateau + amplitude_1 exp(-t/tau_1)"
                                                       : "v(t) = plateau + amplitude_1 exp(-t/tau_1) + amplitude_2 "
                                                         "exp(-t/tau_2)");
    if (status == 0)
        status = sna_record_real(fit, "plateau", "Plateau", "mV", all->plateau);
    for (int k = 0; k < all->components && status == 0; k++) {
        const sna_exponential *one = &all->component[k];
        (void)snprintf(key, sizeof key, "amplitude_%d", k + 1);
        (void)snprintf(label, sizeof label, "Amplitude %d", k + 1);
        status = sna_record_real(fit, key, label, "mV", one->amplitude);
        (void)snprintf(key, sizeof key, "amplitude_%d_error", k + 1);
        (void)snprintf(label, sizeof label, "  standard error");
        if (status == 0)
            status = sna_record_real(fit, key, label, "mV", one->amplitude_error);
        (void)snprintf(key, sizeof key, "tau_%d", k + 1);
        (void)snprintf(label, sizeof label, "Time constant %d", k + 1);
        if (status == 0)
            status = sna_record_real(fit, key, label, "ms", one->tau);
        (void)snprintf(key, sizeof key, "tau_%d_error", k + 1);
        (void)snprintf(label, sizeof label, "  standard error");
        if (status == 0)
            status = sna_record_real(fit, key, label, "ms", one->tau_error);
    }
    if (status == 0 && !measure->tau_from_rise)
        status = sna_record_integer(fit, "membrane", "The membrane's is number", NULL, all->membrane + 1);
    if (status == 0)
        status = sna_record_real(fit, "rms", "Residual (rms)", "mV", all->rms);
    if (status == 0)
        status = sna_record_boolean(fit, "converged", "Converged", all->converged);
    if (status != 0) {
        sna_record_free(fit);
        return status;
    }
    return sna_record_record(record, "fit", "Fit", fit);
}

/* What a reader should know before trusting the numbers. */
static int add_warnings(sna_cell_result *out, const sna_passive_measure *measure, const sna_passive_options *options)
{
    int status = 0;
    const sna_cell_trace *trace = &out->simulation.trace[0];
    const double step = fabs(measure->v_final - measure->v_rest), current = options->amplitude / 1000;
    double *spike = NULL;
    uint64_t spikes = 0;
    char number[SNA_NUMBER_SIZE];

    status = sna_cell_result_check_rest(out, trace, options->delay, 0.01 * step);
    if (status == 0 && fabs(measure->late_drift) > 0.01 * step)
        status = sna_record_add_note(out->record,
                                     "the voltage had not settled at the end of the pulse: it moved by %s mV in the "
                                     "last tenth; r_in holds for this duration only",
                                     sna_number_round(number, measure->late_drift, 3));
    if (status == 0)
        status = sna_spikes_detect(&spike, &spikes, trace, -10);
    if (status == 0 && spikes > 0)
        status = sna_record_add_note(out->record, "the cell fired %llu spikes: its response is not passive",
                                     (unsigned long long)spikes);
    if (status == 0 && measure->r_in < 0)
        status = sna_record_add_note(out->record,
                                     "the voltage moved against the current (%s nA): these are not the passive "
                                     "properties of a membrane",
                                     sna_number_round(number, current, 6));
    if (status == 0 && options->method != SNA_TAU_SIMPLE && !measure->fit.converged && !measure->fit.degenerate)
        status = sna_record_add_note(out->record, "the fit did not converge");
    if (status == 0 && measure->fit.degenerate)
        status = sna_record_add_note(out->record,
                                     "two exponentials do not describe this response: their time constants are nearly "
                                     "equal or their amplitudes cancel%s",
                                     measure->tau_from_rise
                                         ? "; the time constant is that of one exponential through the way to "
                                           "the peak"
                                         : "");
    free(spike);
    return status;
}

static int add_numbers(sna_cell_result *out, const sna_passive_measure *measure, const sna_passive_options *options)
{
    int status = 0;
    sna_record *record = out->record;

    status = sna_record_real(record, "v_rest", "Resting voltage", "mV", measure->v_rest);
    if (status == 0)
        status = sna_record_real(record, "r_in", "Input resistance", "MOhm", measure->r_in);
    if (status == 0)
        status = sna_record_real(record, "r_in_peak", "Input resistance at the peak", "MOhm", measure->r_in_peak);
    if (status == 0)
        status = sna_record_real(record, "tau", "Membrane time constant", "ms", measure->tau);
    if (status == 0)
        status = sna_record_text(record, "tau_method", "  by the method", sna_tau_method_name(options->method));
    if (status == 0)
        status = sna_record_real(record, "c_m", "Membrane capacitance", "pF", measure->c_m);
    if (status == 0)
        status = sna_record_real(record, "v_sag", "Sag", "mV", measure->v_sag);
    if (status == 0)
        status = sna_record_real(record, "sag_ratio", "Sag ratio", NULL, measure->sag_ratio);
    if (status == 0)
        status = sna_record_real(record, "v_final", "Voltage at the end of the pulse", "mV", measure->v_final);
    if (status == 0)
        status = sna_record_real(record, "v_peak", "Peak of the response", "mV", measure->v_peak);
    if (status == 0)
        status = sna_record_real(record, "peak_time", "  after", "ms", measure->peak_time);
    if (status == 0)
        status = sna_record_real(record, "current", "Current", "pA", options->amplitude);
    if (status == 0)
        status = sna_record_real(record, "delay", "  from", "ms", options->delay);
    if (status == 0)
        status = sna_record_real(record, "duration", "  for", "ms", options->duration);
    if (status == 0 && measure->fit.components > 0)
        status = add_fit(record, measure, options->method);
    return status;
}

/* The fitted curve at the samples of the pulse. */
static int draw_fit(sna_cell_result *out, const sna_passive_measure *measure, double onset, double end)
{
    int status = 0;
    const sna_cell_trace *trace = &out->simulation.trace[0];
    const uint64_t first = sna_trace_find(trace, onset), behind = sna_trace_find(trace, end + 2e-6);

    status = sna_allocate(&out->fit_time, behind - first, sizeof *out->fit_time);
    if (status == 0)
        status = sna_allocate(&out->fit_voltage, behind - first, sizeof *out->fit_voltage);
    for (uint64_t i = first; i < behind && status == 0; i++) {
        double v = measure->fit.plateau;
        for (int k = 0; k < measure->fit.components; k++)
            v += measure->fit.component[k].amplitude * exp(-(trace->time[i] - onset) / measure->fit.component[k].tau);
        out->fit_time[out->fit_count] = trace->time[i];
        out->fit_voltage[out->fit_count++] = v;
    }
    return status;
}

int sna_cell_passive(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup,
                     const sna_passive_options *options)
{
    int status = 0;
    const double end = options->delay + options->duration;
    const sna_cell_stimulus stimulus = {.amplitude = options->amplitude / 1000,
                                        .delay = options->delay,
                                        .duration = options->duration,
                                        .stop = options->stop > end ? options->stop : end};
    sna_passive_measure measure;

    memset(out, 0, sizeof *out);
    status = sna_cell_check_times(options->delay, options->duration, options->stop);
    if (status == 0 && (!isfinite(options->amplitude) || options->amplitude == 0))
        status = sna_error(SNA_EINVAL, "the passive protocol needs a current that is not 0 pA");
    if (status == 0)
        status = sna_cell_simulate(&out->simulation, model, setup, &stimulus, 1);
    if (status == 0)
        status = sna_passive_measure_trace(&measure, &out->simulation.trace[0], options->delay, end, stimulus.amplitude,
                                           options->method);
    if (status == 0)
        status = sna_record_create(&out->record, "Passive properties");
    if (status == 0)
        status = add_numbers(out, &measure, options);
    if (status == 0)
        status = sna_cell_result_add_conditions(out, model, setup);
    if (status == 0)
        status = sna_cell_result_add_stimuli(out, &stimulus);
    if (status == 0)
        status = add_warnings(out, &measure, options);
    if (status == 0 && measure.fit.components > 0)
        status = draw_fit(out, &measure, options->delay, end);
    return status;
}
