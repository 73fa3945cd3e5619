/* record.c: what all results of protocols have in common: conditions, provenance, labels, traces as files. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

const char *sna_cell_origin_name(sna_cell_origin origin)
{
    switch (origin) {
    case SNA_FROM_USER:
        return "option";
    case SNA_FROM_MODEL:
        return "model";
    case SNA_FROM_FIT:
        return "fit";
    case SNA_FROM_CONFIG:
        return "config";
    case SNA_FROM_NEURON:
        break;
    }
    return "NEURON's default";
}

static int add_origins(sna_record *conditions, const sna_cell_simulation *run, bool variable)
{
    int status = 0;
    sna_record *from = NULL;

    status = sna_record_create(&from, NULL);
    if (status == 0)
        status = sna_record_text(from, "celsius", "Temperature", sna_cell_origin_name(run->celsius_from));
    if (status == 0)
        status = sna_record_text(from, "v_init", "Initial voltage", sna_cell_origin_name(run->v_init_from));
    if (status == 0 && !variable)
        status = sna_record_text(from, "dt", "Time step", sna_cell_origin_name(run->dt_from));
    if (status != 0) {
        sna_record_free(from);
        return status;
    }
    return sna_record_record(conditions, "from", "Where they come from", from);
}

static int make_conditions(sna_record **out, const sna_cell_simulation *run, const sna_cell_setup *setup)
{
    int status = 0;
    const bool variable = setup->cvode_atol > 0;

    status = sna_record_create(out, NULL);
    if (status == 0)
        status = sna_record_real(*out, "celsius", "Temperature", "degC", run->celsius);
    if (status == 0)
        status = sna_record_real(*out, "v_init", "Initial voltage", "mV", run->v_init);
    if (status == 0)
        status = sna_record_real(*out, "dt", "Time step", "ms", variable ? NAN : run->dt);
    if (status == 0)
        status = sna_record_text(*out, "integrator", "Integrator", variable ? "variable step (CVODE)" : "fixed step");
    if (status == 0 && variable)
        status = sna_record_real(*out, "cvode_atol", "Absolute tolerance", NULL, setup->cvode_atol);
    if (status == 0)
        status = sna_record_text(*out, "inject", "Current into", run->inject);
    if (status == 0)
        status = sna_record_text(*out, "record", "Voltage of", run->record);
    if (status == 0)
        status = add_origins(*out, run, variable);
    return status;
}

/* The hoc files and their hashes. */
static int add_hoc(sna_record *out, const sna_cell_model *model)
{
    int status = 0;
    sna_string files = SNA_STRING, hashes = SNA_STRING;
    char hash[65];

    for (uint64_t i = 0; i < model->hoc.count && status == 0; i++) {
        status = sna_string_format(&files, "%s%s", i == 0 ? "" : ", ", model->hoc.text[i]);
        if (status == 0)
            status = sna_hash_file(model->hoc.text[i], hash);
        if (status == 0)
            status = sna_string_format(&hashes, "%s%s", i == 0 ? "" : ", ", hash);
    }
    if (status == 0)
        status = sna_record_text(out, "hoc", "Hoc files", files.text);
    if (status == 0)
        status = sna_record_text(out, "hoc_sha256", "Their SHA-256", hashes.text);
    sna_string_free(&hashes);
    sna_string_free(&files);
    return status;
}

/* A file of the model and its hash, under `name` and name_sha256. */
static int add_file(sna_record *out, const char *name, const char *label, const char *path)
{
    int status = 0;
    char hash[65], key[64];

    status = sna_record_text(out, name, label, path);
    if (status == 0)
        status = sna_hash_file(path, hash);
    (void)snprintf(key, sizeof key, "%s_sha256", name);
    if (status == 0)
        status = sna_record_text(out, key, "Its SHA-256", hash);
    return status;
}

static int add_list(sna_record *out, const char *name, const char *label, const sna_list *list)
{
    int status = 0;
    sna_string text = SNA_STRING;

    if (list->count == 0)
        goto out;
    status = sna_list_join(list, list->count, &text);
    if (status == 0)
        status = sna_record_text(out, name, label, sna_string_text(&text));
out:
    sna_string_free(&text);
    return status;
}

/* Where the model comes from and how it was made. */
static int add_model(sna_record *out, const sna_cell_model *model)
{
    int status = 0;

    if (model->config != NULL)
        status = add_file(out, "config", "Config", model->config);
    if (status == 0 && model->node != NULL)
        status = sna_record_text(out, "node", "Node", model->node);
    if (status == 0 && model->swc != NULL)
        status = add_file(out, "swc", "Morphology", model->swc);
    if (status == 0 && model->swc != NULL)
        status = sna_record_text(out, "nseg", "Segments", model->nseg_one ? "one a section" : "d-lambda rule");
    if (status == 0 && model->fit != NULL)
        status = add_file(out, "fit", "Fit", model->fit);
    if (status == 0 && model->fit != NULL)
        status = sna_record_text(out, "processing", "Applied as", sna_processing_name(model->processing));
    if (status == 0)
        status = add_list(out, "insert", "Inserted", &model->insert);
    if (status == 0)
        status = add_list(out, "set", "Set", &model->set);
    if (status == 0 && model->swc == NULL)
        status = sna_record_text(out, "template", "Template", model->template_name);
    if (status == 0 && model->swc == NULL)
        status = add_hoc(out, model);
    return status;
}

int sna_cell_make_provenance(sna_record **out, const char *neuron, const char *library, const sna_cell_model *model)
{
    int status = 0;

    status = sna_record_create(out, NULL);
    if (status == 0)
        status = sna_record_text(*out, "sonatina", "Sonatina", sna_version());
    if (status == 0)
        status = sna_record_text(*out, "neuron", "NEURON", neuron);
    if (status == 0)
        status = sna_record_text(*out, "neuron_library", "NEURON's library", library);
    if (status == 0)
        status = add_model(*out, model);
    if (status == 0 && model->swc == NULL && model->arguments[0] != '\0')
        status = sna_record_text(*out, "arguments", "Arguments", model->arguments);
    if (status == 0 && model->post_init != NULL)
        status = sna_record_text(*out, "post_init", "Call after construction", model->post_init);
    if (status == 0 && model->mod_folder != NULL)
        status = sna_record_text(*out, "mod_folder", "Mod files", model->mod_folder);
    if (status == 0 && model->mechanisms != NULL)
        status = sna_record_text(*out, "mechanisms", "Mechanism library", model->mechanisms);
    return status;
}

int sna_cell_result_add_conditions(sna_cell_result *self, const sna_cell_model *model, const sna_cell_setup *setup)
{
    int status = 0;
    sna_record *child = NULL, *given;

    if (setup->brief)
        goto out;
    status = make_conditions(&child, &self->simulation, setup);
    if (status != 0)
        goto out;
    given = child;
    child = NULL; /* taken over, also when it fails */
    status = sna_record_record(self->record, "conditions", "Conditions", given);
    if (status == 0)
        status = sna_cell_make_provenance(&child, self->simulation.neuron, self->simulation.neuron_library, model);
    if (status != 0)
        goto out;
    given = child;
    child = NULL;
    status = sna_record_record(self->record, "provenance", "Provenance", given);
    for (uint64_t i = 0; i < model->notes.count && status == 0; i++)
        status = sna_record_add_note(self->record, "%s", model->notes.text[i]);
    if (status == 0 && self->simulation.retried)
        status = sna_record_add_note(self->record,
                                     "the cells failed when they were simulated together and were run again one "
                                     "by one: if they share state (GLOBAL variables, random streams), use "
                                     "--isolate");
out:
    sna_record_free(child);
    return status;
}

int sna_cell_result_add_stimuli(sna_cell_result *self, const sna_cell_stimulus *stimulus)
{
    int status = 0;
    const uint64_t traces = self->simulation.traces;

    status = sna_allocate(&self->label, traces, sizeof *self->label);
    if (status == 0)
        status = sna_allocate(&self->current, traces, sizeof *self->current);
    for (uint64_t k = 0; k < traces && status == 0; k++) {
        const sna_cell_trace *trace = &self->simulation.trace[k];
        const sna_cell_stimulus *one = &stimulus[k];
        char number[SNA_NUMBER_SIZE];
        /* 0.3 nA are 300 pA, not 299.99999999999994. */
        if (one->synapse != NULL)
            status = sna_text_copy(&self->label[k], one->synapse->mechanism);
        else
            status = sna_text_format(&self->label[k], "%s pA", sna_number_round(number, 1000 * one->amplitude, 12));
        if (status == 0)
            status = sna_allocate(&self->current[k], trace->count, sizeof **self->current);
        if (status != 0)
            break;
        if (one->wave != NULL)
            one->wave(self->current[k], trace->count, self->simulation.dt, one->context);
        for (uint64_t i = 0; i < trace->count; i++) {
            const double t = trace->time[i];
            if (one->synapse != NULL)
                self->current[k][i] = trace->current == NULL ? NAN : 1000 * trace->current[i];
            else if (one->wave != NULL)
                self->current[k][i] *= 1000;
            else
                self->current[k][i] =
                    t >= one->delay - 1e-6 && t < one->delay + one->duration - 1e-6 ? 1000 * one->amplitude : 0;
        }
    }
    return status;
}

int sna_cell_result_check_rest(sna_cell_result *self, const sna_cell_trace *trace, double onset, double allowed)
{
    const double before = onset > 50 ? onset - 50 : 0;
    const double drift = sna_trace_at(trace, onset) - sna_trace_at(trace, before);
    char moved[SNA_NUMBER_SIZE], from[SNA_NUMBER_SIZE];

    if (onset <= 0)
        return sna_record_add_note(self->record, "the current starts at t = 0: the cell had no time to come to rest");
    if (fabs(drift) * 50 <= allowed * (onset - before)) /* as if it went on for 50 ms */
        return 0;
    return sna_record_add_note(self->record,
                               "the cell was not at rest when the current started: its voltage moved by %s mV "
                               "in the last %s ms before; a later start (--inj-delay) or another v_init helps",
                               sna_number_round(moved, drift, 3), sna_number_round(from, onset - before, 6));
}

int sna_cell_check_times(double delay, double duration, double stop)
{
    if (!isfinite(delay) || delay < 0)
        return sna_error(SNA_EINVAL, "the current must start at 0 ms or later, found %g", delay);
    if (!isfinite(duration) || duration <= 0)
        return sna_error(SNA_EINVAL, "the current must last longer than 0 ms, found %g", duration);
    if (!isfinite(stop) || stop < 0)
        return sna_error(SNA_EINVAL, "the end of the simulation must be a time in ms, found %g", stop);
    return 0;
}

/* ---- traces -------------------------------------------------------------------------------------------------------
 */

static void write_number(FILE *stream, double value)
{
    char number[SNA_NUMBER_SIZE];

    (void)fputs(sna_number_text(number, value), stream);
}

/* One trace: time,voltage,current and the fit where there is one. */
static void write_single(const sna_cell_result *self, FILE *stream)
{
    const sna_cell_trace *trace = &self->simulation.trace[0];
    uint64_t k = 0;

    (void)fprintf(stream, "time,voltage,current%s\n", self->fit_count > 0 ? ",fit" : "");
    for (uint64_t i = 0; i < trace->count; i++) {
        write_number(stream, trace->time[i]);
        (void)fputc(',', stream);
        write_number(stream, trace->voltage[i]);
        (void)fputc(',', stream);
        write_number(stream, self->current[0][i]);
        if (self->fit_count > 0) {
            (void)fputc(',', stream);
            while (k < self->fit_count && self->fit_time[k] < trace->time[i] - 1e-6)
                k++;
            if (k < self->fit_count && fabs(self->fit_time[k] - trace->time[i]) < 1e-6)
                write_number(stream, self->fit_voltage[k]);
        }
        (void)fputc('\n', stream);
    }
}

/* Several: a column of voltages for each, with its own times where they differ. */
static void write_several(const sna_cell_result *self, FILE *stream)
{
    const sna_cell_simulation *run = &self->simulation;
    uint64_t longest = 0;
    const bool common = run->dt > 0;

    if (common)
        (void)fputs("time", stream);
    for (uint64_t k = 0; k < run->traces; k++) {
        if (common)
            (void)fprintf(stream, ",voltage %s", self->label[k]);
        else
            (void)fprintf(stream, "%stime %s,voltage %s", k == 0 ? "" : ",", self->label[k], self->label[k]);
        longest = run->trace[k].count > longest ? run->trace[k].count : longest;
    }
    (void)fputc('\n', stream);
    for (uint64_t i = 0; i < longest; i++) {
        if (common)
            write_number(stream, run->trace[0].time[i]);
        for (uint64_t k = 0; k < run->traces; k++) {
            const sna_cell_trace *trace = &run->trace[k];
            if (common || k > 0)
                (void)fputc(',', stream);
            if (!common) {
                if (i < trace->count)
                    write_number(stream, trace->time[i]);
                (void)fputc(',', stream);
            }
            if (i < trace->count)
                write_number(stream, trace->voltage[i]);
        }
        (void)fputc('\n', stream);
    }
}

int sna_cell_result_write_traces(const sna_cell_result *self, const char *path)
{
    int status = 0;
    sna_outputs *outputs = NULL;
    const char *temporary;
    FILE *stream = NULL;

    status = sna_outputs_create(&outputs);
    if (status == 0)
        status = sna_outputs_add(outputs, path, &temporary);
    if (status == 0)
        status = sna_stream_open(&stream, temporary);
    if (status != 0)
        goto out;
    if (self->simulation.traces == 1)
        write_single(self, stream);
    else if (self->simulation.traces > 1)
        write_several(self, stream);
    status = sna_stream_close(stream, path);
    if (status == 0)
        status = sna_outputs_commit(outputs);
out:
    sna_outputs_free(outputs);
    return status;
}

void sna_cell_result_free(sna_cell_result *self)
{
    for (uint64_t i = 0; i < self->simulation.traces; i++) {
        if (self->label != NULL)
            free(self->label[i]);
        if (self->current != NULL)
            free(self->current[i]);
    }
    free(self->label);
    free(self->current);
    free(self->fit_time);
    free(self->fit_voltage);
    sna_record_free(self->record);
    sna_table_free(self->table);
    sna_cell_simulation_free(&self->simulation);
    memset(self, 0, sizeof *self);
}
