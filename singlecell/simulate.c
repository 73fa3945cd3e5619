/* simulate.c: runs a cell under one or many currents and brings the traces home. */
#include "cell.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* More would be a slip of the unit: 2.5 hours of model time at 0.05 ms. */
static const double MOST_STEPS = 2e8;
static const double WAVE_STEP = 0.025; /* ms, with variable steps */

/* What the callbacks in the NEURON processes know. */
typedef struct {
    const sna_cell_model *model;
    const sna_cell_setup *setup;
    const sna_cell_stimulus *stimulus;
    const char *inject, *record;
    double celsius, v_init, dt; /* NEURON's own, before the model was loaded */
} study;

/* Bits of what a job delivers as "conditions". */
enum { AT_CELSIUS, AT_V_INIT, AT_DT, AT_CELSIUS_FROM, AT_V_INIT_FROM, AT_DT_FROM, CONDITIONS };

/* ---- in the NEURON processes ----------------------------------------------------------------------------------- */

static int prepare(sna_neuron *neuron, void *context)
{
    int status = 0;
    study *self = context;

    status = sna_cell_prepare(neuron);
    if (status == 0)
        status = sna_neuron_number(neuron, &self->celsius, "celsius");
    if (status == 0)
        status = sna_neuron_number(neuron, &self->v_init, "v_init");
    if (status == 0)
        status = sna_neuron_number(neuron, &self->dt, "dt");
    if (status == 0)
        status = sna_cell_load(neuron, self->model);
    return status;
}

/* What the user said, else what came with the model. */
static sna_cell_condition wanted_condition(double user, sna_cell_condition model)
{
    return isnan(user) ? model : (sna_cell_condition){user, SNA_FROM_USER};
}

/* Sets a hoc variable when a value is wanted; else keeps what the hoc files have set. */
static int set_condition(sna_neuron *neuron, const char *name, sna_cell_condition wanted, double original,
                         double *value, double *from)
{
    int status = 0;
    char text[SNA_NUMBER_SIZE];

    if (!isnan(wanted.value)) {
        status = sna_neuron_execute(neuron, "%s = %s\n", name, sna_number_text(text, wanted.value));
        *from = wanted.from;
    }
    if (status == 0)
        status = sna_neuron_number(neuron, value, "%s", name);
    if (status == 0 && isnan(wanted.value))
        *from = *value == original ? SNA_FROM_NEURON : SNA_FROM_MODEL;
    return status;
}

static int set_conditions(sna_neuron *neuron, const study *self, double conditions[CONDITIONS])
{
    int status = 0;
    char text[SNA_NUMBER_SIZE];
    const bool variable = self->setup->cvode_atol > 0;

    status = set_condition(neuron, "celsius", wanted_condition(self->setup->celsius, self->model->celsius),
                           self->celsius, &conditions[AT_CELSIUS], &conditions[AT_CELSIUS_FROM]);
    if (status == 0)
        status = set_condition(neuron, "v_init", wanted_condition(self->setup->v_init, self->model->v_init),
                               self->v_init, &conditions[AT_V_INIT], &conditions[AT_V_INIT_FROM]);
    if (status == 0)
        status = set_condition(neuron, "dt", wanted_condition(self->setup->dt, self->model->dt), self->dt,
                               &conditions[AT_DT], &conditions[AT_DT_FROM]);
    if (status != 0)
        goto out;
    if (variable) {
        if (conditions[AT_DT_FROM] == SNA_FROM_NEURON || conditions[AT_DT_FROM] == SNA_FROM_MODEL)
            conditions[AT_DT] = WAVE_STEP;
        status = sna_neuron_execute(neuron, "{ cvode_active(1) cvode.atol(%s) }\n",
                                    sna_number_text(text, self->setup->cvode_atol));
        goto out;
    }
    if (!(conditions[AT_DT] > 0)) {
        status = sna_error(SNA_EEXTERNAL, "the model sets the time step dt to %g ms", conditions[AT_DT]);
        goto out;
    }
    /* Without steps_per_ms stdinit would set dt back. */
    status = sna_neuron_execute(neuron, "{ cvode_active(0) }\nsteps_per_ms = 1 / dt\n");
out:
    return status;
}

/* The number of steps to `stop`, which must be the same for all. */
static int count_steps(double stop, double step, uint64_t *steps)
{
    const double exact = stop / step;

    if (!(exact < MOST_STEPS))
        return sna_error(SNA_EINVAL, "%g ms in steps of %g ms are more steps than make sense", stop, step);
    *steps = (uint64_t)(exact + 0.5);
    return 0;
}

/* NEURON goes on with NaN without a word. */
static int check_voltage(const double *voltage, uint64_t count, double dt)
{
    for (uint64_t i = 0; i < count; i++) {
        if (!isfinite(voltage[i])) {
            if (dt > 0)
                return sna_error(SNA_EEXTERNAL,
                                 "the membrane voltage is not a number from t = %g ms on: the model is unstable "
                                 "(a smaller dt may help) or a mechanism divides by zero",
                                 (double)i * dt);
            return sna_error(SNA_EEXTERNAL, "the membrane voltage is not a number from sample %" PRIu64 " on", i);
        }
    }
    return 0;
}

static int deliver_trace(sna_neuron *neuron, uint64_t job, uint64_t place, bool variable, double dt)
{
    int status = 0;
    const double *value;
    uint64_t count;
    char name[64];

    (void)snprintf(name, sizeof name, "sna_traces_.o(%" PRIu64 ")", place);
    status = sna_neuron_vector(neuron, &value, &count, name);
    if (status == 0)
        status = check_voltage(value, count, variable ? 0 : dt);
    if (status == 0)
        status = sna_neuron_deliver(neuron, job, "voltage", value, count);
    return status;
}

static int deliver_current(sna_neuron *neuron, uint64_t job)
{
    int status = 0;
    const double *value;
    uint64_t count;

    status = sna_neuron_vector(neuron, &value, &count, "sna_current_");
    if (status == 0 && count > 0)
        status = sna_neuron_deliver(neuron, job, "current", value, count);
    return status;
}

/* Makes the cells of a batch with their currents and recordings; sites[0] and [1] are where. */
static int make_cells(sna_neuron *neuron, const study *self, uint64_t first, uint64_t count,
                      double conditions[CONDITIONS], char *sites[2])
{
    int status = 0;
    char text[SNA_NUMBER_SIZE];
    const bool variable = self->setup->cvode_atol > 0;
    sna_cell_site inject, record;
    double celsius;
    uint64_t steps = 0;

    status = sna_cell_site_parse(&inject, self->inject);
    if (status == 0)
        status = sna_cell_site_parse(&record, self->record);
    /* Some templates compute with celsius while they are made; it is set again afterwards, when they may have set it.
     */
    celsius = wanted_condition(self->setup->celsius, self->model->celsius).value;
    if (status == 0 && !isnan(celsius))
        status = sna_neuron_execute(neuron, "celsius = %s\n", sna_number_text(text, celsius));
    for (uint64_t i = 0; i < count && status == 0; i++) {
        const sna_cell_stimulus *stimulus = &self->stimulus[first + i];
        status = sna_cell_create(neuron, self->model);
        if (status == 0)
            status = set_conditions(neuron, self, conditions);
        if (status == 0)
            status = count_steps(stimulus->stop, conditions[AT_DT], &steps);
        free(sites[0]);
        free(sites[1]);
        sites[0] = sites[1] = NULL;
        if (status == 0)
            status = sna_cell_go_to(neuron, self->inject, "injection", &sites[0]);
        if (status == 0)
            status = stimulus->synapse != NULL
                         ? sna_cell_stimulate(neuron, inject.position, stimulus)
                         : sna_cell_inject(neuron, inject.position, stimulus, conditions[AT_DT], steps, !variable);
        if (status == 0)
            status = sna_cell_go_to(neuron, self->record, "recording", &sites[1]);
        if (status == 0)
            status = sna_cell_record(neuron, record.position);
    }
    return status;
}

static int run_fixed(sna_neuron *neuron, double stop, double dt)
{
    int status = 0;
    double now = 0;
    uint64_t steps = 0;

    status = count_steps(stop, dt, &steps);
    if (status == 0)
        status = sna_neuron_execute(neuron, "{ stdinit() }\n");
    if (status == 0)
        status = sna_neuron_number(neuron, &now, "dt");
    if (status == 0 && now != dt)
        status = sna_error(SNA_EEXTERNAL,
                           "the model changed the time step from %g to %g ms while it was initialised: a time "
                           "step must be 1/n ms or a whole number of ms, unless the model takes care of it",
                           dt, now);
    if (status == 0)
        status = sna_neuron_steps(neuron, steps);
    return status;
}

static int run_variable(sna_neuron *neuron, double stop, uint64_t job)
{
    int status = 0;
    const double *value;
    uint64_t count;

    status = sna_neuron_execute(neuron, "sna_times_ = new Vector()\n{ sna_times_.record(&t) }\n{ stdinit() }\n");
    if (status == 0)
        status = sna_neuron_solve(neuron, stop);
    if (status == 0)
        status = sna_neuron_vector(neuron, &value, &count, "sna_times_");
    if (status == 0)
        status = sna_neuron_deliver(neuron, job, "time", value, count);
    return status;
}

static int run(sna_neuron *neuron, uint64_t first, uint64_t count, void *context)
{
    int status = 0;
    const study *self = context;
    const bool variable = self->setup->cvode_atol > 0;
    double conditions[CONDITIONS] = {0};
    char *sites[2] = {NULL, NULL};

    status = make_cells(neuron, self, first, count, conditions, sites);
    if (status != 0)
        goto out;
    sna_neuron_doing(neuron, "simulating the cell %s", self->model->template_name);
    if (variable)
        status = run_variable(neuron, self->stimulus[first].stop, first);
    else
        status = run_fixed(neuron, self->stimulus[first].stop, conditions[AT_DT]);
    for (uint64_t i = 0; i < count && status == 0; i++) {
        status = deliver_trace(neuron, first + i, i, variable, conditions[AT_DT]);
        /* A synapse is the stimulus of single runs. */
        if (status == 0 && self->stimulus[first + i].synapse != NULL)
            status = deliver_current(neuron, first + i);
        if (status == 0)
            status = sna_neuron_deliver(neuron, first + i, "conditions", conditions, CONDITIONS);
        if (status == 0)
            status = sna_neuron_deliver_text(neuron, first + i, "inject", sites[0]);
        if (status == 0)
            status = sna_neuron_deliver_text(neuron, first + i, "record", sites[1]);
    }
out:
    free(sites[0]);
    free(sites[1]);
    return status;
}

/* ---- in the process that asked ---------------------------------------------------------------------------------- */

static int check_setup(const sna_cell_setup *setup)
{
    if (isinf(setup->celsius) || isinf(setup->v_init))
        return sna_error(SNA_EINVAL, "the conditions must be finite numbers");
    if (!isnan(setup->dt) && !(setup->dt > 0 && setup->dt <= 1000))
        return sna_error(SNA_EINVAL, "the time step must be above 0 and at most 1000 ms, found %g", setup->dt);
    if (!(setup->cvode_atol >= 0) || isinf(setup->cvode_atol))
        return sna_error(SNA_EINVAL, "the tolerance of the variable step must be above 0, found %g", setup->cvode_atol);
    if (!(setup->timeout >= 0))
        return sna_error(SNA_EINVAL, "the time limit must not be negative, found %g", setup->timeout);
    return 0;
}

static sna_cell_origin origin(double code)
{
    return code > SNA_FROM_NEURON && code <= SNA_FROM_USER ? (sna_cell_origin)code : SNA_FROM_NEURON;
}

/* A trace of variable steps on the grid of its wave. The integrator stops at each corner of the wave, so this takes
 * samples and hardly has to interpolate. */
static int make_even(sna_cell_trace *trace, double step, double stop)
{
    int status = 0;
    const uint64_t count = (uint64_t)(stop / step + 0.5) + 1;
    sna_cell_trace even = {.count = count};

    status = sna_allocate(&even.time, count, sizeof *even.time);
    if (status == 0)
        status = sna_allocate(&even.voltage, count, sizeof *even.voltage);
    for (uint64_t i = 0; i < count && status == 0; i++) {
        even.time[i] = (double)i * step;
        even.voltage[i] = sna_trace_at(trace, even.time[i]);
    }
    if (status == 0) {
        const sna_cell_trace old = *trace;
        *trace = even;
        even = old;
    }
    free(even.time);
    free(even.voltage);
    return status;
}

static int take_trace(sna_cell_simulation *self, uint64_t job, const sna_neuron_results *results,
                      const sna_cell_stimulus *stimulus)
{
    int status = 0;
    uint64_t count = 0, times = 0, currents = 0;
    const double *current = sna_neuron_results_array(results, job, "current", &currents);
    const double *voltage = sna_neuron_results_array(results, job, "voltage", &count);
    const double *time = sna_neuron_results_array(results, job, "time", &times);
    sna_cell_trace *trace = &self->trace[job];

    if (voltage == NULL || (time != NULL && times < count)) {
        status = sna_error(SNA_EEXTERNAL, "NEURON delivered no trace");
        goto out;
    }
    status = sna_allocate(&trace->time, count, sizeof *trace->time);
    if (status == 0)
        status = sna_allocate(&trace->voltage, count, sizeof *trace->voltage);
    if (status != 0)
        goto out;
    memcpy(trace->voltage, voltage, (size_t)count * sizeof *voltage);
    if (current != NULL && currents == count) {
        status = sna_allocate(&trace->current, count, sizeof *trace->current);
        if (status != 0)
            goto out;
        memcpy(trace->current, current, (size_t)count * sizeof *current);
    }
    for (uint64_t i = 0; i < count; i++)
        trace->time[i] = time != NULL ? time[i] : (double)i * self->dt;
    trace->count = count;
    /* The last variable step reaches beyond the end. */
    while (time != NULL && trace->count > 1 && trace->time[trace->count - 1] > stimulus->stop + 1e-9)
        trace->count--;
    if (time != NULL && stimulus->wave != NULL)
        status = make_even(trace, self->dt, stimulus->stop);
out:
    return status;
}

static int take_results(sna_cell_simulation *self, const sna_neuron_results *results, const study *asked,
                        uint64_t stimuli)
{
    int status = 0;
    uint64_t count = 0;
    const double *conditions = sna_neuron_results_array(results, 0, "conditions", &count);
    const char *inject = sna_neuron_results_text(results, 0, "inject");
    const char *record = sna_neuron_results_text(results, 0, "record");

    if (conditions == NULL || count != CONDITIONS || inject == NULL || record == NULL) {
        status = sna_error(SNA_EEXTERNAL, "NEURON delivered nothing");
        goto out;
    }
    self->celsius = conditions[AT_CELSIUS];
    self->v_init = conditions[AT_V_INIT];
    self->dt = conditions[AT_DT];
    self->celsius_from = origin(conditions[AT_CELSIUS_FROM]);
    self->v_init_from = origin(conditions[AT_V_INIT_FROM]);
    self->dt_from = origin(conditions[AT_DT_FROM]);
    status = sna_text_copy(&self->inject, inject);
    if (status == 0)
        status = sna_text_copy(&self->record, record);
    if (status == 0)
        status = sna_text_copy(&self->neuron, sna_neuron_results_version(results));
    if (status == 0)
        status = sna_text_copy(&self->neuron_library, sna_neuron_results_library(results));
    if (status == 0)
        status = sna_allocate(&self->trace, stimuli, sizeof *self->trace);
    if (status != 0)
        goto out;
    self->traces = stimuli;
    for (uint64_t i = 0; i < stimuli && status == 0; i++)
        status = take_trace(self, i, results, &asked->stimulus[i]);
    if (status == 0 && asked->setup->cvode_atol > 0 && asked->stimulus[0].wave == NULL)
        self->dt = 0;
out:
    return status;
}

int sna_cell_simulate(sna_cell_simulation *out, const sna_cell_model *model, const sna_cell_setup *setup,
                      const sna_cell_stimulus *stimulus, uint64_t stimuli)
{
    int status = 0;
    study self = {.model = model, .setup = setup, .stimulus = stimulus};
    const char *mechanisms[1] = {model->mechanisms};
    sna_neuron_plan plan = {.library = model->neuron,
                            .mechanisms = mechanisms,
                            /* a morphology's are loaded behind NEURON's reader, see sna_cell_load */
                            .mechanism_count = model->mechanisms != NULL && model->definition == NULL,
                            .jobs = stimuli,
                            .workers = setup->jobs,
                            .isolate =
                                setup->isolate || setup->cvode_atol > 0 || (stimuli > 0 && stimulus[0].synapse != NULL),
                            .timeout = setup->timeout,
                            .progress_label = "simulating",
                            .prepare = prepare,
                            .run = run,
                            .context = &self};
    sna_neuron_results *results = NULL;
    sna_cell_site site;
    char number[SNA_NUMBER_SIZE];

    memset(out, 0, sizeof *out);
    self.inject = setup->inject == NULL ? "soma(0.5)" : setup->inject;
    self.record = setup->record == NULL ? "soma(0.5)" : setup->record;
    status = check_setup(setup);
    if (status == 0)
        status = sna_cell_site_parse(&site, self.inject);
    if (status == 0)
        status = sna_cell_site_parse(&site, self.record);
    if (status != 0 || stimuli == 0)
        goto out;
    plan.progress_total = stimulus[0].stop * (double)stimuli;
    status = sna_neuron_run(&results, &plan);
    if (status != 0 && status != SNA_ETIMEOUT && status != SNA_ECANCELLED && results != NULL && stimuli > 1) {
        const uint64_t failed = sna_neuron_results_first_failure(results);
        if (failed < stimuli)
            status = sna_error_in(status, "at %s pA", sna_number_round(number, 1000 * stimulus[failed].amplitude, 12));
    }
    if (results != NULL) {
        out->retried = sna_neuron_results_retried(results);
        if (sna_text_copy(&out->log, sna_neuron_results_log(results)) != 0 && status == 0)
            status = SNA_ENOMEM;
    }
    if (status == 0)
        status = take_results(out, results, &self, stimuli);
out:
    sna_neuron_results_free(results);
    return status;
}

void sna_cell_simulation_free(sna_cell_simulation *self)
{
    for (uint64_t i = 0; i < self->traces; i++) {
        free(self->trace[i].time);
        free(self->trace[i].voltage);
        free(self->trace[i].current);
    }
    free(self->trace);
    free(self->inject);
    free(self->record);
    free(self->neuron);
    free(self->neuron_library);
    free(self->log);
    memset(self, 0, sizeof *self);
}
