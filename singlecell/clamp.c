/* clamp.c: the response to one step of current: spikes, their times and their shapes. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* Statistics of the intervals between spikes; NaN where there are too few. */
typedef struct {
    double first, last, mean, sd, cv, adaptation;
} intervals;

static intervals measure_intervals(const double *time, uint64_t count)
{
    intervals out = {NAN, NAN, NAN, NAN, NAN, NAN};
    const double n = (double)count - 1;
    double squares = 0, change = 0;

    if (count < 2)
        return out;
    out.first = time[1] - time[0];
    out.last = time[count - 1] - time[count - 2];
    out.mean = (time[count - 1] - time[0]) / n;
    for (uint64_t i = 1; i < count; i++) {
        const double off = time[i] - time[i - 1] - out.mean;
        squares += off * off;
    }
    if (count > 2) {
        out.sd = sqrt(squares / (n - 1));
        out.cv = out.sd / out.mean;
        for (uint64_t i = 2; i < count; i++) {
            const double before = time[i - 1] - time[i - 2], after = time[i] - time[i - 1];
            change += (after - before) / (after + before);
        }
        out.adaptation = change / (n - 1);
    }
    return out;
}

static int make_table(sna_table **out, const sna_spike *spike, uint64_t count)
{
    static const struct {
        const char *name, *unit;
    } columns[] = {{"time", "ms"},      {"isi", "ms"},        {"threshold", "mV"}, {"peak", "mV"},
                   {"amplitude", "mV"}, {"half_width", "ms"}, {"ahp", "mV"},       {"ahp_time", "ms"}};
    enum { COLUMNS = sizeof columns / sizeof *columns };
    int status = 0;

    status = sna_table_create(out, "Spikes", "spike");
    for (uint64_t c = 0; c < COLUMNS && status == 0; c++)
        status = sna_table_add_column(*out, columns[c].name, columns[c].unit, SNA_REAL);
    for (uint64_t i = 0; i < count && status == 0; i++) {
        const double value[COLUMNS] = {spike[i].time,      i == 0 ? NAN : spike[i].time - spike[i - 1].time,
                                       spike[i].threshold, spike[i].peak,
                                       spike[i].amplitude, spike[i].half_width,
                                       spike[i].ahp,       spike[i].ahp_time};
        char label[32];
        (void)snprintf(label, sizeof label, "%llu", (unsigned long long)(i + 1));
        status = sna_table_add_row(*out, label);
        for (uint64_t c = 0; c < COLUMNS && status == 0; c++) {
            if (!isnan(value[c]))
                status = sna_table_set_real(*out, i, c, value[c]);
        }
    }
    return status;
}

/* The mean of one property over the spikes that have it. */
static double mean_of(const sna_spike *spike, uint64_t count, size_t member)
{
    double sum = 0;
    uint64_t n = 0;

    for (uint64_t i = 0; i < count; i++) {
        double value;
        memcpy(&value, (const char *)&spike[i] + member, sizeof value);
        if (!isnan(value)) {
            sum += value;
            n++;
        }
    }
    return n > 0 ? sum / (double)n : NAN;
}

static int add_numbers(sna_cell_result *out, const sna_clamp_options *options, const double *time, uint64_t count,
                       const sna_spike *spike)
{
    int status = 0;
    sna_record *record = out->record;
    uint64_t first = 0, last;
    intervals isi;
    const struct {
        const char *name, *label, *unit;
        size_t member;
    } means[] = {{"threshold_mean", "Mean threshold", "mV", offsetof(sna_spike, threshold)},
                 {"peak_mean", "Mean peak", "mV", offsetof(sna_spike, peak)},
                 {"amplitude_mean", "Mean amplitude", "mV", offsetof(sna_spike, amplitude)},
                 {"half_width_mean", "Mean half-width", "ms", offsetof(sna_spike, half_width)},
                 {"ahp_mean", "Mean after-hyperpolarisation", "mV", offsetof(sna_spike, ahp)}};

    while (first < count && time[first] < options->delay)
        first++;
    last = first;
    while (last < count && time[last] <= options->delay + options->duration)
        last++;
    isi = measure_intervals(time + first, last - first);
    status = sna_record_integer(record, "spike_count", "Spikes", NULL, (int64_t)count);
    if (status == 0)
        status = sna_record_array(record, "spike_times", "Spike times", "ms", time, count);
    if (status == 0)
        status =
            sna_record_integer(record, "spike_count_stimulus", "Spikes in the stimulus", NULL, (int64_t)(last - first));
    if (status == 0)
        status = sna_record_real(record, "rate", "Rate in the stimulus", "Hz",
                                 1000 * (double)(last - first) / options->duration);
    if (status == 0)
        status = sna_record_real(record, "latency", "Latency of the first spike", "ms",
                                 last > first ? time[first] - options->delay : NAN);
    if (status == 0)
        status = sna_record_real(record, "isi_mean", "Mean interval", "ms", isi.mean);
    if (status == 0)
        status = sna_record_real(record, "isi_sd", "Its standard deviation", "ms", isi.sd);
    if (status == 0)
        status = sna_record_real(record, "isi_cv", "Its coefficient of variation", NULL, isi.cv);
    if (status == 0)
        status = sna_record_real(record, "isi_first", "First interval", "ms", isi.first);
    if (status == 0)
        status = sna_record_real(record, "isi_last", "Last interval", "ms", isi.last);
    if (status == 0)
        status = sna_record_real(record, "adaptation_index", "Adaptation index", NULL, isi.adaptation);
    for (size_t i = 0; i < sizeof means / sizeof *means && status == 0; i++)
        status = sna_record_real(record, means[i].name, means[i].label, means[i].unit,
                                 mean_of(spike, count, means[i].member));
    if (status == 0)
        status = sna_record_real(record, "v_rest", "Voltage when the current starts", "mV",
                                 sna_trace_at(&out->simulation.trace[0], options->delay));
    if (status == 0)
        status = sna_record_real(record, "current", "Current", "pA", options->amplitude);
    if (status == 0)
        status = sna_record_real(record, "delay", "  from", "ms", options->delay);
    if (status == 0)
        status = sna_record_real(record, "duration", "  for", "ms", options->duration);
    if (status == 0)
        status = sna_record_real(record, "detection", "Spikes rise through", "mV", options->threshold);
    return status;
}

int sna_cell_clamp(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup,
                   const sna_clamp_options *options)
{
    int status = 0;
    const double end = options->delay + options->duration;
    const sna_cell_stimulus stimulus = {.amplitude = options->amplitude / 1000,
                                        .delay = options->delay,
                                        .duration = options->duration,
                                        .stop = options->stop > end ? options->stop : end};
    double *time = NULL;
    sna_spike *spike = NULL;
    uint64_t count = 0;

    memset(out, 0, sizeof *out);
    status = sna_cell_check_times(options->delay, options->duration, options->stop);
    if (status == 0 && (!isfinite(options->amplitude) || !isfinite(options->threshold) || !(options->slope > 0)))
        status = sna_error(SNA_EINVAL,
                           "current and threshold must be numbers, and the slope of the spike threshold above 0");
    if (status == 0)
        status = sna_cell_simulate(&out->simulation, model, setup, &stimulus, 1);
    if (status == 0)
        status = sna_spikes_detect(&time, &count, &out->simulation.trace[0], options->threshold);
    if (status == 0)
        status =
            sna_spikes_measure(&spike, &out->simulation.trace[0], time, count, options->threshold, options->slope, end);
    if (status == 0)
        status = sna_record_create(&out->record, "Current clamp");
    if (status == 0)
        status = add_numbers(out, options, time, count, spike);
    if (status == 0)
        status = make_table(&out->table, spike, count);
    if (status == 0)
        status = sna_cell_result_add_conditions(out, model, setup);
    if (status == 0)
        status = sna_cell_result_add_stimuli(out, &stimulus);
    free(spike);
    free(time);
    return status;
}
