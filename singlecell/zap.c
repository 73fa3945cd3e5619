/* zap.c: impedance from the response to a chirp. */
#include "internal.h"

#include <complex.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_fft_real.h>
#include <stdlib.h>
#include <string.h>

static const double PI = 3.14159265358979323846;
static const char *const CHIRPS[] = {"linear", "exponential"};

int sna_chirp_parse(sna_chirp *out, const char *name)
{
    for (int i = 0; i < 2; i++) {
        if (strcmp(name, CHIRPS[i]) == 0) {
            *out = (sna_chirp)i;
            return 0;
        }
    }
    return sna_error(SNA_EINVAL, "the chirp must be linear or exponential, found `%s`", name);
}

const char *sna_chirp_name(sna_chirp chirp)
{
    return CHIRPS[chirp];
}

/* ---- the stimulus --------------------------------------------------------------------------------------------- */

/* Instantaneous frequency f0 + (f1 - f0) s / T, or f0 (f1 / f0)^(s / T), s from the onset; nA. */
static void chirp_wave(double *current, uint64_t count, double step, const void *context)
{
    const sna_zap_options *options = context;
    const double first = round(options->delay / step), last = round((options->delay + options->duration) / step);
    const double total = (last - first) * step, f0 = options->fstart / 1000, f1 = options->fend / 1000; /* ms, 1/ms */
    const double growth = options->chirp == SNA_CHIRP_EXPONENTIAL ? log(f1 / f0) / total : 0;

    for (uint64_t i = 0; i < count; i++) {
        const double s = ((double)i - first) * step;
        double phase;
        current[i] = 0;
        if ((double)i < first || (double)i > last)
            continue;
        if (options->chirp == SNA_CHIRP_LINEAR || growth == 0)
            phase = PI * (2 * f0 + (f1 - f0) * s / total) * s;
        else
            phase = 2 * PI * f0 / growth * expm1(growth * s);
        current[i] = options->amplitude / 1000 * sin(phase);
    }
}

/* ---- the transform -------------------------------------------------------------------------------------------- */

/* The next number without prime factors above 5, for which the transform is quick. */
static uint64_t smooth_length(uint64_t count)
{
    for (uint64_t n = count;; n++) {
        uint64_t rest = n;
        while (rest % 2 == 0)
            rest /= 2;
        while (rest % 3 == 0)
            rest /= 3;
        while (rest % 5 == 0)
            rest /= 5;
        if (rest == 1)
            return n;
    }
}

/* In place: the real transform in GSL's half-complex order. */
static int transform(double *data, uint64_t length)
{
    int status = 0;
    gsl_fft_real_wavetable *table = gsl_fft_real_wavetable_alloc((size_t)length);
    gsl_fft_real_workspace *work = gsl_fft_real_workspace_alloc((size_t)length);

    if (table == NULL || work == NULL)
        status = sna_error(SNA_ENOMEM, "no memory for a Fourier transform of %llu samples", (unsigned long long)length);
    else if (gsl_fft_real_transform(data, 1, (size_t)length, table, work) != GSL_SUCCESS)
        status = sna_error(SNA_EEXTERNAL, "the Fourier transform of %llu samples failed", (unsigned long long)length);
    if (table != NULL)
        gsl_fft_real_wavetable_free(table);
    if (work != NULL)
        gsl_fft_real_workspace_free(work);
    return status;
}

/* Bin k > 0 of a half-complex array. */
static double complex bin(const double *data, uint64_t length, uint64_t k)
{
    return data[2 * k - 1] + I * (2 * k < length ? data[2 * k] : 0);
}

int sna_impedance(double **frequency, double **real, double **imaginary, uint64_t *bins, const double *voltage,
                  const double *current, uint64_t count, double step, bool held, double low, double high)
{
    int status = 0;
    const uint64_t length = smooth_length(count > 0 ? count : 1);
    const double spacing = 1000 / ((double)length * step); /* Hz */
    double *v = NULL, *i = NULL;
    uint64_t first, last;
    gsl_error_handler_t *const handler = gsl_set_error_handler_off();

    *frequency = *real = *imaginary = NULL;
    *bins = 0;
    first = low > spacing ? (uint64_t)ceil(low / spacing - 1e-9) : 1;
    last = high > 0 ? (uint64_t)floor(high / spacing + 1e-9) : 0;
    last = last > length / 2 ? length / 2 : last;
    if (count < 2 || !(step > 0) || last < first) {
        status = sna_error(SNA_EINVAL, "there is no frequency from %g to %g Hz in %llu samples of %g ms", low, high,
                           (unsigned long long)count, step);
        goto out;
    }
    status = sna_allocate(&v, length, sizeof *v);
    if (status == 0)
        status = sna_allocate(&i, length, sizeof *i);
    if (status == 0)
        status = sna_allocate(frequency, last - first + 1, sizeof **frequency);
    if (status == 0)
        status = sna_allocate(real, last - first + 1, sizeof **real);
    if (status == 0)
        status = sna_allocate(imaginary, last - first + 1, sizeof **imaginary);
    if (status != 0)
        goto out;
    memcpy(v, voltage, (size_t)count * sizeof *v);
    memcpy(i, current, (size_t)count * sizeof *i);
    status = transform(v, length);
    if (status == 0)
        status = transform(i, length);
    for (uint64_t k = first; k <= last && status == 0; k++) {
        const double f = (double)k * spacing, x = PI * f * step / 1000, sinc = sin(x) / x;
        /* The spectrum of the current between the samples: a staircase, or straight lines. */
        const double complex shape = held ? sinc * cexp(-I * x) : sinc * sinc;
        const double complex z = bin(v, length, k) / (bin(i, length, k) * shape);
        (*frequency)[k - first] = f;
        (*real)[k - first] = creal(z);
        (*imaginary)[k - first] = cimag(z);
    }
    if (status == 0)
        *bins = last - first + 1;
out:
    (void)gsl_set_error_handler(handler);
    free(v);
    free(i);
    if (status != 0) {
        free(*frequency);
        free(*real);
        free(*imaginary);
        *frequency = *real = *imaginary = NULL;
    }
    return status;
}

/* ---- the protocol --------------------------------------------------------------------------------------------- */

typedef struct {
    double *frequency, *real, *imaginary, *magnitude, *phase; /* [count] */
    uint64_t count;
    double resonance, resonance_impedance;
    bool inside; /* the resonance is not at an end of the band */
} spectrum;

/* The highest |Z|; between bins by the parabola through the three around it. */
static void find_resonance(spectrum *self)
{
    uint64_t top = 0;

    for (uint64_t k = 0; k < self->count; k++)
        top = self->magnitude[k] > self->magnitude[top] ? k : top;
    self->resonance = self->frequency[top];
    self->resonance_impedance = self->magnitude[top];
    self->inside = top > 0 && top + 1 < self->count;
    if (self->inside) {
        const double a = self->magnitude[top - 1], b = self->magnitude[top], c = self->magnitude[top + 1];
        const double bend = a - 2 * b + c, shift = bend < 0 ? (a - c) / (2 * bend) : 0;
        self->resonance += shift * (self->frequency[top + 1] - self->frequency[top]);
        self->resonance_impedance = b - (a - c) * shift / 4;
    }
}

static int measure(spectrum *self, const sna_cell_simulation *run, const double *current,
                   const sna_zap_options *options, bool held)
{
    int status = 0;
    const sna_cell_trace *trace = &run->trace[0];
    const uint64_t first = sna_trace_find(trace, options->delay);
    const double low = fmin(options->fstart, options->fend), high = fmax(options->fstart, options->fend);
    double *voltage = NULL, *nanoampere = NULL;
    const uint64_t count = trace->count - first;

    status = sna_allocate(&voltage, count, sizeof *voltage);
    if (status == 0)
        status = sna_allocate(&nanoampere, count, sizeof *nanoampere);
    for (uint64_t k = 0; k < count && status == 0; k++) {
        voltage[k] = trace->voltage[first + k] - trace->voltage[first];
        nanoampere[k] = current[first + k] / 1000;
    }
    if (status == 0)
        status = sna_impedance(&self->frequency, &self->real, &self->imaginary, &self->count, voltage, nanoampere,
                               count, run->dt, held, low, high);
    if (status == 0)
        status = sna_allocate(&self->magnitude, self->count, sizeof *self->magnitude);
    if (status == 0)
        status = sna_allocate(&self->phase, self->count, sizeof *self->phase);
    for (uint64_t k = 0; k < self->count && status == 0; k++) {
        self->magnitude[k] = hypot(self->real[k], self->imaginary[k]);
        self->phase[k] = atan2(self->imaginary[k], self->real[k]);
    }
    if (status == 0)
        find_resonance(self);
    free(voltage);
    free(nanoampere);
    return status;
}

static int add_warnings(sna_cell_result *out, const spectrum *self, const sna_zap_options *options)
{
    int status = 0;
    const sna_cell_trace *trace = &out->simulation.trace[0];
    const double rest = sna_trace_at(trace, options->delay);
    const double left = trace->voltage[trace->count - 1] - rest;
    double *spike = NULL, largest = 0;
    uint64_t spikes = 0;
    char number[SNA_NUMBER_SIZE];

    for (uint64_t i = sna_trace_find(trace, options->delay); i < trace->count; i++)
        largest = fmax(largest, fabs(trace->voltage[i] - rest));
    status = sna_cell_result_check_rest(out, trace, options->delay, 0.01 * largest);
    if (status == 0)
        status = sna_spikes_detect(&spike, &spikes, trace, -10);
    if (status == 0 && spikes > 0)
        status = sna_record_add_note(out->record,
                                     "the cell fired %llu spikes: its response is not linear, and these numbers are no "
                                     "impedance; use a smaller current",
                                     (unsigned long long)spikes);
    if (status == 0 && spikes == 0 && fabs(left) > 0.01 * largest)
        status = sna_record_add_note(out->record,
                                     "%s mV of the response were left at the end: a longer --tail makes the lowest "
                                     "frequencies more exact",
                                     sna_number_round(number, left, 3));
    if (status == 0 && !self->inside)
        status = sna_record_add_note(out->record,
                                     "the impedance is largest at an end of the band: there is no resonance inside it");
    free(spike);
    return status;
}

static int add_numbers(sna_cell_result *out, const spectrum *self, const sna_zap_options *options)
{
    int status = 0;
    sna_record *record = out->record;

    status = sna_record_real(record, "resonance_frequency", "Resonance frequency", "Hz", self->resonance);
    if (status == 0)
        status = sna_record_real(record, "resonance_impedance", "Impedance there", "MOhm", self->resonance_impedance);
    if (status == 0)
        status = sna_record_real(record, "resonance_strength", "  relative to the lowest frequency", NULL,
                                 self->resonance_impedance / self->magnitude[0]);
    if (status == 0)
        status = sna_record_array(record, "frequency", "Frequencies", "Hz", self->frequency, self->count);
    if (status == 0)
        status = sna_record_array(record, "impedance", "Impedance", "MOhm", self->magnitude, self->count);
    if (status == 0)
        status = sna_record_array(record, "phase", "Phase", "rad", self->phase, self->count);
    if (status == 0)
        status = sna_record_real(record, "v_rest", "Voltage when the current starts", "mV",
                                 sna_trace_at(&out->simulation.trace[0], options->delay));
    if (status == 0)
        status = sna_record_text(record, "chirp", "Chirp", sna_chirp_name(options->chirp));
    if (status == 0)
        status = sna_record_real(record, "current", "Current", "pA", options->amplitude);
    if (status == 0)
        status = sna_record_real(record, "fstart", "  from", "Hz", options->fstart);
    if (status == 0)
        status = sna_record_real(record, "fend", "  to", "Hz", options->fend);
    if (status == 0)
        status = sna_record_real(record, "delay", "  starting at", "ms", options->delay);
    if (status == 0)
        status = sna_record_real(record, "duration", "  for", "ms", options->duration);
    return status;
}

static int make_table(sna_table **out, const spectrum *self)
{
    static const char *const columns[][2] = {
        {"frequency", "Hz"}, {"impedance", "MOhm"}, {"phase", "rad"}, {"real", "MOhm"}, {"imaginary", "MOhm"}};
    int status = 0;

    status = sna_table_create(out, "Impedance", NULL);
    for (int c = 0; c < 5 && status == 0; c++)
        status = sna_table_add_column(*out, columns[c][0], columns[c][1], SNA_REAL);
    for (uint64_t k = 0; k < self->count && status == 0; k++) {
        const double value[] = {self->frequency[k], self->magnitude[k], self->phase[k], self->real[k],
                                self->imaginary[k]};
        status = sna_table_add_row(*out, NULL);
        for (uint64_t c = 0; c < 5 && status == 0; c++)
            status = sna_table_set_real(*out, k, c, value[c]);
    }
    return status;
}

static int check_options(const sna_zap_options *options)
{
    if (!isfinite(options->amplitude) || options->amplitude == 0)
        return sna_error(SNA_EINVAL, "the chirp needs a current that is not 0 pA");
    if (!isfinite(options->fstart) || !isfinite(options->fend) || options->fstart < 0 || options->fend < 0 ||
        (options->fstart == options->fend && options->chirp == SNA_CHIRP_LINEAR))
        return sna_error(SNA_EINVAL,
                         "the chirp must go from one frequency to another, both 0 Hz or above, found %g and %g",
                         options->fstart, options->fend);
    if (options->chirp == SNA_CHIRP_EXPONENTIAL &&
        (options->fstart <= 0 || options->fend <= 0 || options->fstart == options->fend))
        return sna_error(SNA_EINVAL, "an exponential chirp needs two frequencies above 0 Hz, found %g and %g",
                         options->fstart, options->fend);
    if (!isfinite(options->tail) || options->tail < 0)
        return sna_error(SNA_EINVAL, "the silence after the chirp must be a time in ms, found %g", options->tail);
    return 0;
}

int sna_cell_zap(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup,
                 const sna_zap_options *options)
{
    int status = 0;
    const double end = options->delay + options->duration + options->tail;
    const sna_cell_stimulus stimulus = {.amplitude = options->amplitude / 1000,
                                        .delay = options->delay,
                                        .duration = options->duration,
                                        .stop = options->stop > end ? options->stop : end,
                                        .wave = chirp_wave,
                                        .context = options};
    spectrum self = {0};

    memset(out, 0, sizeof *out);
    status = sna_cell_check_times(options->delay, options->duration, options->stop);
    if (status == 0)
        status = check_options(options);
    if (status == 0)
        status = sna_cell_simulate(&out->simulation, model, setup, &stimulus, 1);
    if (status == 0)
        status = sna_record_create(&out->record, "Impedance");
    if (status == 0)
        status = sna_cell_result_add_stimuli(out, &stimulus);
    if (status == 0)
        status = measure(&self, &out->simulation, out->current[0], options, setup->cvode_atol <= 0);
    if (status == 0)
        status = add_numbers(out, &self, options);
    if (status == 0)
        status = make_table(&out->table, &self);
    if (status == 0)
        status = sna_cell_result_add_conditions(out, model, setup);
    if (status == 0)
        status = add_warnings(out, &self, options);
    free(self.frequency);
    free(self.real);
    free(self.imaginary);
    free(self.magnitude);
    free(self.phase);
    return status;
}
