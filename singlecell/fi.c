/* fi.c: how often a cell fires for how much current. */
#include "internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CURRENTS = 100000, SEARCH_POINTS = 8 };

/* ---- the grid ------------------------------------------------------------------------------------------------- */

/* `value` as a whole number of units of 10^-digits; false when it does not fit. */
static bool scale(double value, int digits, int64_t *out)
{
    const long double scaled = (long double)value * powl(10, digits);

    if (fabsl(scaled) > 9e15L)
        return false;
    *out = (int64_t)roundl(scaled);
    return true;
}

/* Digits behind the decimal point of the shortest text of a number; above 12 the number was not typed. */
static int decimal_digits(double value)
{
    char text[SNA_NUMBER_SIZE];
    const char *point, *exponent;
    int digits = 0;

    (void)sna_number_text(text, value);
    exponent = strpbrk(text, "eE");
    point = strchr(text, '.');
    if (point != NULL)
        digits = (int)(exponent == NULL ? strlen(point) - 1 : (size_t)(exponent - point) - 1);
    if (exponent != NULL)
        digits -= atoi(exponent + 1);
    return digits < 0 ? 0 : digits;
}

int sna_fi_grid(double **current, uint64_t *count, double start, double stop, double increment)
{
    int status = 0, digits = 0;
    const double given[] = {start, stop, increment};
    int64_t first, last, step;
    uint64_t n;

    *current = NULL;
    *count = 0;
    for (int i = 0; i < 3; i++) {
        const int own = isfinite(given[i]) ? decimal_digits(given[i]) : 99;
        digits = own > digits ? own : digits;
    }
    if (digits > 12 || !scale(start, digits, &first) || !scale(stop, digits, &last) ||
        !scale(increment, digits, &step)) {
        status = sna_error(SNA_EINVAL,
                           "start, stop and increment of the currents must be plain decimal numbers, found %g, %g and "
                           "%g",
                           start, stop, increment);
        goto out;
    }
    if (step == 0 && first != last) {
        status = sna_error(SNA_EINVAL, "the increment of the current must not be 0");
        goto out;
    }
    if (step != 0 && (last - first) / step < 0) {
        status = sna_error(SNA_EINVAL, "steps of %g pA do not lead from %g to %g pA", increment, start, stop);
        goto out;
    }
    n = step == 0 ? 1 : (uint64_t)((last - first) / step) + 1;
    if (n > MOST_CURRENTS) {
        status = sna_error(SNA_EINVAL, "%" PRIu64 " currents are too many (at most %d)", n, MOST_CURRENTS);
        goto out;
    }
    status = sna_allocate(current, n, sizeof **current);
    /* Both parts are exact, so the quotient is the double nearest to the decimal number. */
    for (uint64_t i = 0; i < n && status == 0; i++)
        (*current)[i] = (double)(first + (int64_t)i * step) / pow(10, digits);
    if (status == 0)
        *count = n;
out:
    return status;
}

/* ---- counting ------------------------------------------------------------------------------------------------- */

static int simulate(sna_cell_simulation *out, sna_cell_stimulus **used, const sna_cell_model *model,
                    const sna_cell_setup *setup, const sna_fi_options *options, const double *current, uint64_t count)
{
    int status = 0;

    status = sna_allocate(used, count, sizeof **used);
    for (uint64_t i = 0; i < count && status == 0; i++)
        (*used)[i] = (sna_cell_stimulus){.amplitude = current[i] / 1000,
                                         .delay = options->delay,
                                         .duration = options->duration,
                                         .stop = options->delay + options->duration};
    if (status == 0)
        status = sna_cell_simulate(out, model, setup, *used, count);
    return status;
}

/* Spikes in the stimulus and in the whole run. */
static int count_spikes(const sna_cell_trace *trace, const sna_fi_options *options, uint64_t *inside, uint64_t *all)
{
    double *time = NULL;
    const int status = sna_spikes_detect(&time, all, trace, options->threshold);

    *inside = 0;
    for (uint64_t i = 0; status == 0 && i < *all; i++)
        *inside += time[i] >= options->delay && time[i] <= options->delay + options->duration;
    free(time);
    return status;
}

/* Narrows the interval in which the cell starts to fire. Each round tries the same number of currents on any machine,
 * so that the answer does not depend on it. */
static int search_rheobase(double *low, double *high, const sna_cell_model *model, const sna_cell_setup *setup,
                           const sna_fi_options *options)
{
    int status = 0;

    while (status == 0 && fabs(*high - *low) > options->rheobase_precision) {
        double current[SEARCH_POINTS], from = *low, to = *high;
        sna_cell_simulation round = {0};
        sna_cell_stimulus *used = NULL;
        bool fires = false;
        for (int i = 0; i < SEARCH_POINTS; i++)
            current[i] = from + (to - from) * (i + 1) / (SEARCH_POINTS + 1);
        if (current[0] == from || current[SEARCH_POINTS - 1] == to)
            break; /* there are no more numbers between the two */
        status = simulate(&round, &used, model, setup, options, current, SEARCH_POINTS);
        for (int i = 0; i < SEARCH_POINTS && status == 0 && !fires; i++) {
            uint64_t inside = 0, all = 0;
            status = count_spikes(&round.trace[i], options, &inside, &all);
            fires = inside > 0;
            *(fires ? high : low) = current[i];
        }
        free(used);
        sna_cell_simulation_free(&round);
    }
    return status;
}

/* ---- numbers -------------------------------------------------------------------------------------------------- */

/* What was counted at each current. */
typedef struct {
    double *current, *inside, *all, *rate; /* [count] */
    uint64_t count;
} curve;

/* Least-squares line through the points from the first that fires up to the highest rate, Hz/pA. */
static double slope_of(const curve *self)
{
    uint64_t first = 0, top = 0;
    double x = 0, y = 0, xx = 0, xy = 0, n;

    while (first < self->count && self->rate[first] <= 0)
        first++;
    for (uint64_t i = 0; i < self->count; i++)
        top = self->rate[i] > self->rate[top] ? i : top;
    if (first >= self->count || top <= first)
        return NAN;
    n = (double)(top - first + 1);
    for (uint64_t i = first; i <= top; i++) {
        x += self->current[i] / n;
        y += self->rate[i] / n;
    }
    for (uint64_t i = first; i <= top; i++) {
        xx += (self->current[i] - x) * (self->current[i] - x);
        xy += (self->current[i] - x) * (self->rate[i] - y);
    }
    return xy / xx;
}

static int measure(curve *self, const sna_cell_simulation *run, const sna_fi_options *options)
{
    int status = 0;

    status = sna_allocate(&self->inside, self->count, sizeof *self->inside);
    if (status == 0)
        status = sna_allocate(&self->all, self->count, sizeof *self->all);
    if (status == 0)
        status = sna_allocate(&self->rate, self->count, sizeof *self->rate);
    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        uint64_t inside = 0, all = 0;
        status = count_spikes(&run->trace[i], options, &inside, &all);
        self->inside[i] = (double)inside;
        self->all[i] = (double)all;
        self->rate[i] = 1000 * (double)inside / options->duration;
    }
    return status;
}

static int add_rheobase(sna_cell_result *out, const curve *self, const sna_cell_model *model,
                        const sna_cell_setup *setup, const sna_fi_options *options)
{
    int status = 0;
    uint64_t first = 0;
    double low = NAN, high = NAN;
    char number[SNA_NUMBER_SIZE];

    while (first < self->count && self->inside[first] <= 0)
        first++;
    if (first < self->count) {
        high = self->current[first];
        low = first > 0 ? self->current[first - 1] : NAN;
    }
    if (options->rheobase && !isnan(low))
        status = search_rheobase(&low, &high, model, setup, options);
    if (status == 0)
        status = sna_record_real(out->record, "rheobase", "Rheobase (lowest current seen to fire)", "pA", high);
    if (status == 0)
        status = sna_record_real(out->record, "rheobase_low", "  highest below it that does not", "pA", low);
    if (status == 0 && first == self->count)
        status = sna_record_add_note(out->record, "no current of the grid makes the cell fire");
    if (status == 0 && first == 0 && self->count > 0)
        status = sna_record_add_note(out->record,
                                     "the cell fires at the first current, %s pA, already: its rheobase is not in the "
                                     "grid",
                                     sna_number_round(number, self->current[0], 9));
    return status;
}

static int add_numbers(sna_cell_result *out, const curve *self, const sna_cell_model *model,
                       const sna_cell_setup *setup, const sna_fi_options *options)
{
    int status = 0;
    sna_record *record = out->record;

    status = sna_record_array(record, "current", "Currents", "pA", self->current, self->count);
    if (status == 0)
        status = sna_record_array(record, "spike_count", "Spikes in the stimulus", NULL, self->inside, self->count);
    if (status == 0)
        status = sna_record_array(record, "spike_count_total", "Spikes in the whole run", NULL, self->all, self->count);
    if (status == 0)
        status = sna_record_array(record, "rate", "Rate in the stimulus", "Hz", self->rate, self->count);
    if (status == 0)
        status = add_rheobase(out, self, model, setup, options);
    if (status == 0)
        status = sna_record_real(record, "slope", "Slope up to the highest rate", "Hz/pA", slope_of(self));
    if (status == 0)
        status = sna_record_real(record, "delay", "Current from", "ms", options->delay);
    if (status == 0)
        status = sna_record_real(record, "duration", "  for", "ms", options->duration);
    if (status == 0)
        status = sna_record_real(record, "detection", "Spikes rise through", "mV", options->threshold);
    return status;
}

static int make_table(sna_table **out, const curve *self)
{
    int status = 0;

    status = sna_table_create(out, "Firing rate and current", NULL);
    if (status == 0)
        status = sna_table_add_column(*out, "current", "pA", SNA_REAL);
    if (status == 0)
        status = sna_table_add_column(*out, "spike_count", NULL, SNA_INTEGER);
    if (status == 0)
        status = sna_table_add_column(*out, "spike_count_total", NULL, SNA_INTEGER);
    if (status == 0)
        status = sna_table_add_column(*out, "rate", "Hz", SNA_REAL);
    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        status = sna_table_add_row(*out, NULL);
        if (status == 0)
            status = sna_table_set_real(*out, i, 0, self->current[i]);
        if (status == 0)
            status = sna_table_set_integer(*out, i, 1, (int64_t)self->inside[i]);
        if (status == 0)
            status = sna_table_set_integer(*out, i, 2, (int64_t)self->all[i]);
        if (status == 0)
            status = sna_table_set_real(*out, i, 3, self->rate[i]);
    }
    return status;
}

int sna_cell_fi(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup,
                const sna_fi_options *options)
{
    int status = 0;
    curve self = {NULL, NULL, NULL, NULL, 0};
    sna_cell_stimulus *used = NULL;

    memset(out, 0, sizeof *out);
    status = sna_cell_check_times(options->delay, options->duration, 0);
    if (status == 0 && (!isfinite(options->threshold) || (options->rheobase && !(options->rheobase_precision > 0))))
        status = sna_error(SNA_EINVAL, "the threshold must be a number and the precision of the rheobase above 0 pA");
    if (status == 0)
        status = sna_fi_grid(&self.current, &self.count, options->start, options->stop, options->increment);
    if (status == 0)
        status = simulate(&out->simulation, &used, model, setup, options, self.current, self.count);
    if (status == 0)
        status = measure(&self, &out->simulation, options);
    if (status == 0)
        status = sna_record_create(&out->record, "Firing rate and current");
    if (status == 0)
        status = add_numbers(out, &self, model, setup, options);
    if (status == 0)
        status = make_table(&out->table, &self);
    if (status == 0)
        status = sna_cell_result_add_conditions(out, model, setup);
    if (status == 0)
        status = sna_cell_result_add_stimuli(out, used);
    free(used);
    free(self.current);
    free(self.inside);
    free(self.all);
    free(self.rate);
    return status;
}
