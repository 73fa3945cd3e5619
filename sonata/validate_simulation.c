/* validate_simulation.c: a simulation config: run, inputs, reports, output. */
#include "sonata/validate.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- small things ------------------------------------------------------------------------------------------- */

static bool is_file(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), end_length = strlen(end);

    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static const char *text_of(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

    return cJSON_IsString(item) ? item->valuestring : NULL;
}

static double real_of(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

    return cJSON_IsNumber(item) ? item->valuedouble : (double)NAN;
}

static int find_at(sna_validator *self, const char *key, const char *code, const char *format, ...) SNA_PRINTF(4, 5);

/* A finding at a key path of the config. */
static int find_at(sna_validator *self, const char *key, const char *code, const char *format, ...)
{
    int status = 0;
    char *text = NULL, *sentence = NULL;
    sna_place where;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&sentence, format, arguments) < 0) {
        sentence = NULL;
        status = sna_error(SNA_ENOMEM, "no memory for a finding");
    }
    va_end(arguments);
    if (status == 0)
        status = sna_config_place(self->config, key, &where, &text);
    if (status == 0)
        status = sna_find(self, code, where, NULL, "%s", sentence);
    free(text);
    free(sentence);
    return status;
}

/* ---- run ---------------------------------------------------------------------------------------------------- */

typedef struct {
    double start, stop, dt; /* NaN where unknown */
} run_times;

static int check_run(sna_validator *self, run_times *times)
{
    int status = 0;
    const cJSON *run = sna_config_find(self->config, "run");

    *times = (run_times){(double)NAN, (double)NAN, (double)NAN};
    if (run == NULL) {
        status = find_at(self, "run", "config.key", "`run` is missing");
        goto out;
    }
    times->start = real_of(run, "tstart");
    times->stop = real_of(run, "tstop");
    times->dt = real_of(run, "dt");
    if (isnan(times->start))
        times->start = 0;
    if (isnan(times->stop))
        times->stop = times->start + real_of(run, "duration"); /* BMTK's other way to say it */
    if (isnan(times->stop) && cJSON_GetObjectItemCaseSensitive(run, "tstop") == NULL)
        status = find_at(self, "run", "config.key", "`tstop` is missing");
    if (status == 0 && cJSON_GetObjectItemCaseSensitive(run, "dt") == NULL)
        status = find_at(self, "run", "config.key", "`dt` is missing");
    if (status == 0 && times->stop <= times->start)
        status = find_at(self, "run.tstop", "config.value", "the run ends at %g ms, but starts at %g ms", times->stop,
                         times->start);
    if (status == 0 && times->dt <= 0)
        status = find_at(self, "run.dt", "config.value", "the time step is %g ms", times->dt);
    if (status == 0 && cJSON_GetObjectItemCaseSensitive(run, "random_seed") == NULL)
        status = find_at(self, "run", "simulation.key-ext", "`random_seed` is missing");
out:
    return status;
}

/* ---- node sets ---------------------------------------------------------------------------------------------- */

/* A value that names a node set; objects and lists are sets that stand there themselves. */
static int check_set_name(sna_validator *self, const cJSON *item, const char *key)
{
    int status = 0;

    if (!cJSON_IsString(item) || sna_is_node_set(self, item->valuestring))
        goto out;
    status = find_at(self, key, "simulation.node-set", "there is no node set or population `%s`", item->valuestring);
out:
    return status;
}

static int check_set_member(sna_validator *self, const cJSON *object, const char *place, const char *name)
{
    char *key = NULL;
    int status = sna_text_format(&key, "%s.%s", place, name);

    if (status == 0)
        status = check_set_name(self, cJSON_GetObjectItemCaseSensitive(object, name), key);
    free(key);
    return status;
}

/* ---- inputs ------------------------------------------------------------------------------------------------- */

/* What the extension wants of a module. */
static const struct {
    const char *module, *types, *required; /* words separated by spaces */
} modules[] = {{"linear", "current_clamp", "amp_start"},
               {"relative_linear", "current_clamp", "percent_start"},
               {"pulse", "current_clamp", "amp_start width frequency"},
               {"sinusoidal", "current_clamp", "amp_start frequency"},
               {"subthreshold", "current_clamp", "percent_less"},
               {"hyperpolarizing", "current_clamp", ""},
               {"synapse_replay", "spikes", "spike_file"},
               {"seclamp", "voltage_clamp", "voltage"},
               {"noise", "current_clamp", ""},
               {"shot_noise", "current_clamp conductance", "rise_time decay_time rate amp_mean amp_var"},
               {"absolute_shot_noise", "current_clamp conductance", "rise_time decay_time mean sigma"},
               {"relative_shot_noise", "current_clamp conductance", "rise_time decay_time mean_percent sd_percent"},
               {"ornstein_uhlenbeck", "current_clamp conductance", "tau mean sigma"},
               {"relative_ornstein_uhlenbeck", "current_clamp conductance", "tau mean_percent sd_percent"}};

enum { MODULES = sizeof modules / sizeof *modules };

static int missing_keys(const cJSON *input, const char *words, sna_string *out)
{
    sna_list list = SNA_LIST;
    int status = sna_list_split(&list, words, ' ');

    for (uint64_t i = 0; i < list.count && status == 0; i++)
        if (cJSON_GetObjectItemCaseSensitive(input, list.text[i]) == NULL)
            status = sna_string_format(out, "%s%s", out->length > 0 ? ", " : "", list.text[i]);
    sna_list_free(&list);
    return status;
}

/* Keys of inputs of the extension; modules that it does not know are BMTK's. */
static int check_module(sna_validator *self, const cJSON *input, const char *key)
{
    int status = 0;
    size_t m = 0;
    sna_list types = SNA_LIST;
    sna_string missing = SNA_STRING;
    const char *module = text_of(input, "module"), *type = text_of(input, "input_type");

    while (module != NULL && m < MODULES && strcmp(modules[m].module, module) != 0)
        m++;
    if (module == NULL || m == MODULES)
        goto out;
    status = missing_keys(input, modules[m].required, &missing);
    if (status == 0)
        status = missing_keys(input, "node_set delay duration", &missing);
    if (status == 0 && strcmp(module, "noise") == 0 &&
        cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(input, "mean")) ==
            cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(input, "mean_percent")))
        status = sna_string_format(&missing, "%seither mean or mean_percent", missing.length > 0 ? ", " : "");
    if (status == 0 && missing.length > 0)
        status = find_at(self, key, "simulation.key-ext", "an input of the module %s needs: %s", module,
                         sna_string_text(&missing));
    if (status == 0)
        status = sna_list_split(&types, modules[m].types, ' ');
    if (status == 0 && type != NULL && sna_list_find(&types, type) < 0)
        status = find_at(self, key, "simulation.input-type", "the module %s is for %s, not %s", module,
                         modules[m].types, type);
out:
    sna_list_free(&types);
    sna_string_free(&missing);
    return status;
}

/* The spikes that an input brings. */
static int check_spike_file(sna_validator *self, const char *path, const char *key)
{
    int status = 0;
    char *text = NULL;
    sna_place where;
    sna_checked_file *file = NULL;

    if (ends_with(path, ".csv") || ends_with(path, ".txt") || ends_with(path, ".nwb")) {
        if (ends_with(path, ".csv"))
            status = sna_check_spikes_csv(self, path);
        goto out;
    }
    status = sna_config_place(self->config, key, &where, &text);
    if (status == 0)
        status = sna_check_open(self, path, where, &file);
    if (status == 0 && file != NULL)
        status = sna_check_spikes(self, file);
out:
    free(text);
    return status;
}

/* In BMTK, spikes are played into the nodes of the set: those must be virtual. */
static int check_spike_nodes(sna_validator *self, const cJSON *input, const char *key)
{
    int status = 0;
    const cJSON *set = cJSON_GetObjectItemCaseSensitive(input, "node_set");
    const char *name = cJSON_IsString(set) ? set->valuestring : text_of(set, "population");
    const sna_checked_population *nodes = name == NULL ? NULL : sna_checked_nodes(self, name);

    if (nodes != NULL && nodes->type != NULL && strcmp(nodes->type, "virtual") != 0)
        status = find_at(self, key, "simulation.spikes-target",
                         "spikes are played into the population `%s`, which is %s", name, nodes->type);
    return status;
}

static int check_input_file(sna_validator *self, const cJSON *input, const char *place, const char *name)
{
    int status = 0;
    char *key = NULL;
    const char *path = text_of(input, name), *type = text_of(input, "input_type");
    const char *module = text_of(input, "module");
    const bool is_spikes = type != NULL && strcmp(type, "spikes") == 0;

    if (path == NULL || path[0] == '\0')
        goto out;
    status = sna_text_format(&key, "%s.%s", place, name);
    if (status == 0 && !is_file(path))
        status = find_at(self, key, "file.missing", "there is no file %s", path);
    else if (status == 0 && is_spikes)
        status = check_spike_file(self, path, key);
    if (status == 0 && is_spikes && module != NULL && strcmp(module, "synapse_replay") != 0)
        status = check_spike_nodes(self, input, place);
out:
    free(key);
    return status;
}

static int check_inputs(sna_validator *self, const run_times *times)
{
    int status = 0;
    const cJSON *inputs = sna_config_find(self->config, "inputs");

    for (const cJSON *input = cJSON_IsObject(inputs) ? inputs->child : NULL; input != NULL && status == 0;
         input = input->next) {
        char *place = NULL;
        const double delay = real_of(input, "delay");
        if (!cJSON_IsObject(input) || cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(input, "enabled")))
            continue;
        status = sna_text_format(&place, "inputs.%s", input->string);
        if (status == 0 && text_of(input, "input_type") == NULL)
            status = find_at(self, place, "config.key", "`input_type` is missing");
        if (status == 0 && text_of(input, "module") == NULL)
            status = find_at(self, place, "config.key", "`module` is missing");
        if (status == 0)
            status = check_set_member(self, input, place, "node_set");
        if (status == 0 && text_of(input, "source") != NULL)
            status = check_set_member(self, input, place, "source");
        if (status == 0)
            status = check_module(self, input, place);
        if (status == 0)
            status = check_input_file(self, input, place, "input_file");
        if (status == 0)
            status = check_input_file(self, input, place, "spike_file");
        if (status == 0 && real_of(input, "duration") < 0)
            status = find_at(self, place, "config.value", "`duration` is %g", real_of(input, "duration"));
        if (status == 0 && delay > times->stop)
            status = find_at(self, place, "simulation.window", "it starts at %g ms, but the run ends at %g ms", delay,
                             times->stop);
        free(place);
    }
    return status;
}

/* ---- reports ------------------------------------------------------------------------------------------------ */

/* The time window and step of a report against those of the run. */
static int check_report_times(sna_validator *self, const cJSON *report, const char *place, const run_times *times)
{
    int status = 0;
    const double start = real_of(report, "start_time"), end = real_of(report, "end_time"), dt = real_of(report, "dt");
    const double steps = dt / times->dt;

    if (start >= end)
        status = find_at(self, place, "config.value", "it starts at %g ms and ends at %g ms", start, end);
    if (status == 0 && dt <= 0)
        status = find_at(self, place, "config.value", "its time step is %g ms", dt);
    if (status == 0 && (start < times->start - 1e-9 || end > times->stop + 1e-9))
        status = find_at(self, place, "simulation.window", "it goes from %g to %g ms, the run from %g to %g ms", start,
                         end, times->start, times->stop);
    if (status == 0 && dt > 0 && times->dt > 0 && dt < times->dt * (1 - 1e-9))
        status = find_at(self, place, "simulation.report-dt", "its time step, %g ms, is below that of the run, %g ms",
                         dt, times->dt);
    else if (status == 0 && dt > 0 && times->dt > 0 && fabs(steps - round(steps)) > 1e-6 * steps)
        status = find_at(self, place, "simulation.report-dt",
                         "its time step, %g ms, is no multiple of that of the run, %g ms", dt, times->dt);
    return status;
}

/* A report that a run has written is looked at, too. */
static int check_result(sna_validator *self, const char *path, bool is_spikes)
{
    int status = 0;
    sna_checked_file *file = NULL;

    if (!is_file(path) || (!ends_with(path, ".h5") && !ends_with(path, ".hdf5")))
        goto out;
    status = sna_check_open(self, path, (sna_place){NULL, NULL, 0}, &file);
    if (status != 0 || file == NULL)
        goto out;
    if (is_spikes)
        status = sna_check_spikes(self, file);
    else if (H5Lexists(file->h5->id, "ecp", H5P_DEFAULT) > 0)
        status = sna_check_ecp(self, file);
    else
        status = sna_check_reports(self, file);
out:
    return status;
}

static int check_report(sna_validator *self, const cJSON *report, const run_times *times, sna_list *files)
{
    int status = 0;
    char *place = NULL, *file = NULL;
    sna_string missing = SNA_STRING;

    status = sna_text_format(&place, "reports.%s", report->string);
    if (status == 0)
        status = check_set_member(self, report, place, "cells");
    if (status == 0)
        status = check_report_times(self, report, place, times);
    if (status == 0)
        status = missing_keys(report, "type variable_name dt start_time end_time", &missing);
    if (status == 0 && missing.length > 0)
        status = find_at(self, place, "simulation.key-ext", "a report needs: %s", sna_string_text(&missing));
    if (status == 0)
        status = sna_config_report_file(self->config, report->string, &file);
    if (status == 0 && sna_list_find(files, file) >= 0)
        status = find_at(self, place, "simulation.output-collision", "another output is written to %s, too", file);
    else if (status == 0)
        status = sna_list_add(files, file);
    if (status == 0)
        status = check_result(self, file, false);
    sna_string_free(&missing);
    free(file);
    free(place);
    return status;
}

static int check_reports(sna_validator *self, const run_times *times)
{
    int status = 0;
    sna_list files = SNA_LIST;
    const cJSON *reports = sna_config_find(self->config, "reports");
    const char *spikes = sna_config_text(self->config, "output.spikes_file");

    if (spikes != NULL && spikes[0] != '\0') {
        status = sna_list_add(&files, spikes);
        if (status == 0)
            status = check_result(self, spikes, true);
    }
    for (const cJSON *report = cJSON_IsObject(reports) ? reports->child : NULL; report != NULL && status == 0;
         report = report->next)
        if (cJSON_IsObject(report) && !cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(report, "enabled")))
            status = check_report(self, report, times, &files);
    sna_list_free(&files);
    return status;
}

/* ---- the rest ----------------------------------------------------------------------------------------------- */

/* Members of a list or an object, by a function. */
static int check_each(sna_validator *self, const char *section, const char *const *sets)
{
    int status = 0;
    uint64_t number = 0;
    const cJSON *list = sna_config_find(self->config, section);

    for (const cJSON *item = cJSON_IsArray(list) || cJSON_IsObject(list) ? list->child : NULL;
         item != NULL && status == 0; item = item->next, number++) {
        char *place = NULL;
        if (item->string != NULL)
            status = sna_text_format(&place, "%s.%s", section, item->string);
        else
            status = sna_text_format(&place, "%s[%" PRIu64 "]", section, number);
        for (size_t i = 0; sets[i] != NULL && status == 0; i++)
            status = check_set_member(self, item, place, sets[i]);
        free(place);
    }
    return status;
}

static int check_output(sna_validator *self)
{
    static const char *const orders[] = {"none", "by_id", "by_time", "id", "time", "gid", "by_gid", NULL};
    int status = 0;
    size_t i = 0;
    const char *order = sna_config_text(self->config, "output.spikes_sort_order");

    if (!cJSON_IsObject(sna_config_find(self->config, "output"))) {
        status = find_at(self, "output", "simulation.key-ext", "there is no `output`");
        goto out;
    }
    if (sna_config_text(self->config, "output.output_dir") == NULL)
        status = find_at(self, "output", "config.key", "`output_dir` is missing");
    while (order != NULL && orders[i] != NULL && strcmp(orders[i], order) != 0)
        i++;
    if (status == 0 && order != NULL && orders[i] == NULL)
        status = find_at(self, "output.spikes_sort_order", "config.value",
                         "`%s` is no order of spikes (none, by_id, by_time)", order);
out:
    return status;
}

int sna_check_simulation(sna_validator *self)
{
    static const char *const of_modifications[] = {"node_set", NULL}, *const of_connections[] = {"source", "target",
                                                                                                 NULL};
    int status = 0;
    run_times times;
    const cJSON *set = sna_config_find(self->config, "node_set");

    if (sna_config_find(self->config, "run") == NULL && sna_config_find(self->config, "inputs") == NULL &&
        sna_config_find(self->config, "reports") == NULL)
        goto out; /* a circuit config */
    status = check_run(self, &times);
    if (status == 0 && set != NULL)
        status = check_set_name(self, set, "node_set");
    if (status == 0)
        status = check_each(self, "conditions.modifications", of_modifications);
    if (status == 0)
        status = check_each(self, "connection_overrides", of_connections);
    if (status == 0)
        status = check_inputs(self, &times);
    if (status == 0)
        status = check_output(self);
    if (status == 0)
        status = check_reports(self, &times);
out:
    return status;
}
