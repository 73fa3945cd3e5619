/* synaptic.c: the response to a train of synaptic events. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

int sna_cell_synaptic_events(uint64_t *out, const sna_synaptic_options *options)
{
    const double interval = 1000 / options->frequency, room = options->stop - options->delay;

    *out = 0;
    if (!isfinite(options->frequency) || options->frequency < 0 || options->frequency > 1e6)
        return sna_error(SNA_EINVAL, "the frequency must be from 0 to 1e6 Hz, found %g", options->frequency);
    if (!isfinite(options->delay) || options->delay < 0)
        return sna_error(SNA_EINVAL, "the first event must come at 0 ms or later, found %g", options->delay);
    if (!isfinite(options->stop) || !(options->stop > 0))
        return sna_error(SNA_EINVAL, "the end of the simulation must be above 0 ms, found %g", options->stop);
    if (options->frequency > 0)
        *out = (uint64_t)((room > 0 ? room : 0) / interval) + 1;
    return 0;
}

static int check(const sna_synaptic_options *options)
{
    int status = 0;

    if (!isfinite(options->weight))
        status = sna_error(SNA_EINVAL, "the weight must be a number, found %g", options->weight);
    else if (!(options->noise >= 0 && options->noise <= 1))
        status = sna_error(SNA_EINVAL, "the noise must be from 0 (regular) to 1 (random), found %g", options->noise);
    else if (!isfinite(options->threshold))
        status = sna_error(SNA_EINVAL, "the threshold must be a number, found %g", options->threshold);
    else if (!sna_hoc_is_name(options->mechanism))
        status = sna_error(SNA_EINVAL, "`%s` cannot be the name of a point process", options->mechanism);
    for (uint64_t i = 0; i < options->parameter_count && status == 0; i++)
        status = sna_cell_check_setting(options->parameter[i]);
    return status;
}

/* The largest deflection from `rest` in [from, to], and when it was. */
static double find_peak(const sna_cell_trace *trace, double rest, double from, double to, double *when)
{
    double best = 0;

    *when = NAN;
    for (uint64_t i = sna_trace_find(trace, from); i < trace->count && trace->time[i] <= to; i++) {
        if (fabs(trace->voltage[i] - rest) > fabs(best)) {
            best = trace->voltage[i] - rest;
            *when = trace->time[i];
        }
    }
    return isnan(*when) ? NAN : best;
}

/* Those that were set, in a record of their own: a mechanism may call one of them `delay`. */
static int add_parameters(sna_record *record, const sna_synaptic_options *options)
{
    int status = 0;
    sna_record *parameters = NULL;

    status = options->parameter_count > 0 ? sna_record_create(&parameters, NULL) : 0;
    for (uint64_t i = 0; i < options->parameter_count && status == 0; i++) {
        char *name = NULL;
        double value = NAN;
        const char *equals = strchr(options->parameter[i], '=');
        status = sna_text_format(&name, "%.*s", (int)(equals - options->parameter[i]), options->parameter[i]);
        if (status == 0)
            status = sna_number_parse(&value, equals + 1);
        if (status == 0)
            status = sna_record_real(parameters, name, NULL, NULL, value);
        free(name);
    }
    if (status == 0 && parameters != NULL) {
        status = sna_record_record(record, "parameters", "Parameters of the synapse", parameters);
        parameters = NULL;
    }
    sna_record_free(parameters);
    return status;
}

static int add_numbers(sna_cell_result *out, const sna_synaptic_options *options, uint64_t events, const double *time,
                       uint64_t count)
{
    int status = 0;
    sna_record *record = out->record;
    const sna_cell_trace *trace = &out->simulation.trace[0];
    const double interval = 1000 / options->frequency, rest = sna_trace_at(trace, options->delay);
    /* The last event that has a whole interval before the end. */
    const double whole = floor((options->stop - options->delay) / interval + 1e-9);
    const double last = options->delay + fmax(whole - 1, 0) * interval;
    const bool regular = options->noise == 0 && events > 0;
    double when = NAN, late = NAN, first_peak = NAN, last_peak = NAN, highest = -INFINITY, lowest = INFINITY;

    if (regular)
        first_peak = find_peak(trace, rest, options->delay, fmin(options->delay + interval, options->stop), &when);
    if (regular)
        last_peak = find_peak(trace, rest, last, fmin(last + interval, options->stop), &late);
    for (uint64_t i = 0; i < trace->count; i++) {
        highest = fmax(highest, trace->voltage[i]);
        lowest = fmin(lowest, trace->voltage[i]);
    }
    status = sna_record_integer(record, "events", regular || events == 0 ? "Events" : "Events, at most", NULL,
                                (int64_t)events);
    if (status == 0)
        status = sna_record_real(record, "v_rest", "Voltage at the first event", "mV", rest);
    if (status == 0)
        status = sna_record_real(record, "amplitude", "Response to the first event", "mV", first_peak);
    if (status == 0)
        status = sna_record_real(record, "time_to_peak", "  its peak after", "ms", when - options->delay);
    if (status == 0)
        status = sna_record_real(record, "amplitude_last", "Response to the last whole interval", "mV", last_peak);
    if (status == 0)
        status = sna_record_real(record, "v_max", "Highest voltage", "mV", highest);
    if (status == 0)
        status = sna_record_real(record, "v_min", "Lowest voltage", "mV", lowest);
    if (status == 0)
        status = sna_record_integer(record, "spike_count", "Spikes", NULL, (int64_t)count);
    if (status == 0)
        status = sna_record_array(record, "spike_times", "Spike times", "ms", time, count);
    if (status == 0)
        status = sna_record_text(record, "synapse", "Synapse", options->mechanism);
    if (status == 0)
        status = add_parameters(record, options);
    if (status == 0)
        status = sna_record_real(record, "frequency", "Frequency", "Hz", options->frequency);
    if (status == 0)
        status = sna_record_real(record, "weight", "Weight", "uS", options->weight);
    if (status == 0)
        status = sna_record_real(record, "delay", "First event at", "ms", options->delay);
    if (status == 0)
        status = sna_record_real(record, "noise", "Noise", NULL, options->noise);
    if (status == 0 && options->noise > 0)
        status = sna_record_integer(record, "seed", "Seed", NULL, (int64_t)options->seed);
    if (status == 0)
        status = sna_record_real(record, "detection", "Spikes rise through", "mV", options->threshold);
    return status;
}

int sna_cell_synaptic(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup,
                      const sna_synaptic_options *options)
{
    int status = 0;
    sna_cell_synapse synapse = {.mechanism = options->mechanism,
                                .parameter = options->parameter,
                                .parameter_count = options->parameter_count,
                                .interval = options->frequency > 0 ? 1000 / options->frequency : 1e9,
                                .weight = options->weight,
                                .noise = options->noise,
                                .seed = options->seed};
    const sna_cell_stimulus stimulus = {.delay = options->delay, .stop = options->stop, .synapse = &synapse};
    double *time = NULL;
    uint64_t count = 0;

    memset(out, 0, sizeof *out);
    status = sna_cell_synaptic_events(&synapse.events, options);
    if (status == 0)
        status = check(options);
    if (status == 0)
        status = sna_cell_simulate(&out->simulation, model, setup, &stimulus, 1);
    if (status == 0)
        status = sna_spikes_detect(&time, &count, &out->simulation.trace[0], options->threshold);
    if (status == 0)
        status = sna_record_create(&out->record, "Synaptic input");
    if (status == 0)
        status = add_numbers(out, options, synapse.events, time, count);
    if (status == 0 && synapse.events > 0)
        status = sna_cell_result_check_rest(out, &out->simulation.trace[0], options->delay, 0.1);
    if (status == 0)
        status = sna_cell_result_add_conditions(out, model, setup);
    if (status == 0)
        status = sna_cell_result_add_stimuli(out, &stimulus);
    free(time);
    return status;
}
