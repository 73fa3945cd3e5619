/* spikes.c: action potentials in a voltage trace. */
#include "internal.h"

#include <stdlib.h>

static const double AHP_WINDOW = 100; /* ms */

uint64_t sna_trace_find(const sna_cell_trace *self, double time)
{
    uint64_t low = 0, high = self->count;

    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (self->time[middle] < time - 1e-6)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

double sna_trace_at(const sna_cell_trace *self, double time)
{
    const uint64_t i = sna_trace_find(self, time);
    double part;

    if (self->count == 0)
        return NAN;
    if (i >= self->count)
        return self->voltage[self->count - 1];
    if (i == 0 || self->time[i] - time < 1e-6)
        return self->voltage[i];
    part = (time - self->time[i - 1]) / (self->time[i] - self->time[i - 1]);
    return self->voltage[i - 1] + part * (self->voltage[i] - self->voltage[i - 1]);
}

/* The time between samples i - 1 and i at which the line between them is at `level`. */
static double crossing(const sna_cell_trace *self, uint64_t i, double level)
{
    const double before = self->voltage[i - 1], after = self->voltage[i];

    return self->time[i - 1] + (self->time[i] - self->time[i - 1]) * (level - before) / (after - before);
}

int sna_spikes_detect(double **time, uint64_t *count, const sna_cell_trace *trace, double threshold)
{
    int status = 0;
    double *found = NULL;
    uint64_t capacity = 0, n = 0;

    *time = NULL;
    *count = 0;
    for (uint64_t i = 1; i < trace->count; i++) {
        double *grown;
        if (trace->voltage[i - 1] > threshold || !(trace->voltage[i] > threshold))
            continue;
        grown = sna_grow(found, &capacity, n + 1, sizeof *found);
        if (grown == NULL) {
            status = SNA_ENOMEM;
            goto out;
        }
        found = grown;
        found[n++] = crossing(trace, i, threshold);
    }
    *time = found;
    *count = n;
    found = NULL;
out:
    free(found);
    return status;
}

static double slope_at(const sna_cell_trace *self, uint64_t i)
{
    return (self->voltage[i] - self->voltage[i - 1]) / (self->time[i] - self->time[i - 1]);
}

/* Threshold: from the steepest ascent before the peak back to where dV/dt was below `slope`. dV/dt belongs to the
 * middle of two samples; the place where it is `slope` is found on the line between two middles. */
static void measure_threshold(sna_spike *spike, const sna_cell_trace *self, uint64_t first, uint64_t peak, double slope)
{
    uint64_t steepest = first + 1, i;

    spike->threshold = spike->threshold_time = NAN;
    if (peak <= first)
        return;
    for (i = first + 1; i <= peak; i++) {
        if (slope_at(self, i) > slope_at(self, steepest))
            steepest = i;
    }
    if (!(slope_at(self, steepest) >= slope))
        return;
    for (i = steepest; i > first + 1; i--) {
        const double below = slope_at(self, i - 1), above = slope_at(self, i);
        if (below < slope) {
            const double from = (self->time[i - 2] + self->time[i - 1]) / 2,
                         to = (self->time[i - 1] + self->time[i]) / 2;
            spike->threshold_time = from + (to - from) * (slope - below) / (above - below);
            spike->threshold = sna_trace_at(self, spike->threshold_time);
            return;
        }
    }
}

/* Width at threshold + amplitude / 2 between the rise before the peak and the fall after it. */
static double measure_width(const sna_spike *spike, const sna_cell_trace *self, uint64_t first, uint64_t peak,
                            uint64_t last)
{
    const double level = spike->threshold + spike->amplitude / 2;
    uint64_t up = peak, down = peak + 1;

    if (isnan(level))
        return NAN;
    while (up > first && self->voltage[up - 1] > level)
        up--;
    while (down <= last && self->voltage[down] > level)
        down++;
    if (up == first || down > last)
        return NAN;
    return crossing(self, down, level) - crossing(self, up, level);
}

int sna_spikes_measure(sna_spike **spike, const sna_cell_trace *trace, const double *time, uint64_t count,
                       double threshold, double slope, double end)
{
    int status = 0;
    sna_spike *measured = NULL;
    uint64_t *peak = NULL, first = 0;

    *spike = NULL;
    status = sna_allocate(&measured, count, sizeof *measured);
    if (status == 0)
        status = sna_allocate(&peak, count, sizeof *peak);
    if (status != 0)
        goto out;
    for (uint64_t k = 0; k < count; k++) {
        sna_spike *one = &measured[k];
        uint64_t i = sna_trace_find(trace, time[k]);
        *one = (sna_spike){.time = time[k]};
        if (i < trace->count && trace->voltage[i] <= threshold)
            i++; /* the crossing lies just before this sample */
        peak[k] = i;
        for (; i < trace->count && trace->voltage[i] > threshold; i++) {
            if (trace->voltage[i] > trace->voltage[peak[k]])
                peak[k] = i;
        }
        one->peak = trace->voltage[peak[k]];
        one->peak_time = trace->time[peak[k]];
        measure_threshold(one, trace, first, peak[k], slope);
        one->amplitude = one->peak - one->threshold;
        first = peak[k];
    }
    for (uint64_t k = 0; k < count; k++) {
        sna_spike *one = &measured[k];
        double limit = one->peak_time + AHP_WINDOW;
        uint64_t last, lowest = peak[k];
        if (k + 1 < count) {
            const double next = isnan(measured[k + 1].threshold_time) ? time[k + 1] : measured[k + 1].threshold_time;
            limit = next < limit ? next : limit;
        }
        if (one->time <= end && end < limit)
            limit = end;
        last = sna_trace_find(trace, limit);
        if (last >= trace->count)
            last = trace->count - 1;
        one->half_width = measure_width(one, trace, k == 0 ? 0 : peak[k - 1], peak[k], last);
        for (uint64_t i = peak[k]; i <= last; i++) {
            if (trace->voltage[i] < trace->voltage[lowest])
                lowest = i;
        }
        one->ahp = one->threshold - trace->voltage[lowest];
        one->ahp_time = trace->time[lowest] - one->peak_time;
        if (lowest == peak[k]) /* nothing of it is in the trace */
            one->ahp = one->ahp_time = NAN;
    }
    *spike = measured;
    measured = NULL;
out:
    free(peak);
    free(measured);
    return status;
}
