/* validate.c: looks at configs and files: what each of them is, and which checks it calls for. */
#include "sonata/validate.h"
#include "sonata/crash.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- small things ------------------------------------------------------------------------------------------- */

uint64_t sna_validator_errors(const sna_validator *self)
{
    return sna_findings_number(self->findings, SNA_SEVERITY_ERROR);
}

const char *sna_plural(uint64_t count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}

static void free_populations(sna_checked_populations *list)
{
    for (uint64_t i = 0; i < list->count; i++) {
        free(list->population[i].name);
        free(list->population[i].types_file);
        free(list->population[i].key);
        free(list->population[i].type);
        free(list->population[i].ids.id);
        sna_nodes_close(list->population[i].nodes);
    }
    free(list->population);
    *list = (sna_checked_populations){NULL, 0, 0};
}

/* Forgets the circuit that was looked at. */
static void clear(sna_validator *self)
{
    free_populations(&self->nodes);
    free_populations(&self->edges);
    for (uint64_t i = 0; i < self->files; i++) {
        sna_h5_release(self->file[i]->h5);
        free(self->file[i]->path);
        free(self->file[i]);
    }
    free(self->file);
    self->file = NULL;
    self->files = self->file_capacity = 0;
    sna_node_sets_free(self->sets);
    self->sets = NULL;
    sna_config_free(self->config);
    self->config = NULL;
    self->nodes_complete = false;
}

/* ---- what a file is ----------------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), end_length = strlen(end);

    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* HDF5 by its content, or (a damaged one) by its name. */
static bool is_hdf5(const sna_validator *self, const char *path)
{
    bool is = false;

    if (self->skip != NULL && sna_list_find(self->skip, path) >= 0)
        return true; /* only such a file is ever left alone */
    sna_crash_enter(path, "");
    is = H5Fis_hdf5(path) > 0;
    sna_crash_leave();
    return is || ends_with(path, ".h5") || ends_with(path, ".hdf5") || ends_with(path, ".nwb") ||
           ends_with(path, ".sonata");
}

static bool has_group(const sna_checked_file *file, const char *name)
{
    bool foreign = false;

    return sna_checked_kind(file, file->h5->id, name, &foreign) != SNA_H5_NONE || foreign;
}

/* What a file is, by what lies at its root. The first of several wins; nodes and edges may be together. */
static const struct {
    const char *name, *beside; /* `beside` must be there too, NULL for nothing */
    int (*check)(sna_validator *self, sna_checked_file *file);
} results[] = {{"spikes", NULL, sna_check_spikes},
               {"report", NULL, sna_check_reports},
               {"ecp", NULL, sna_check_ecp},
               {"mapping", NULL, sna_check_reports},
               {"source_ids", "target_ids", sna_check_gaps},
               {"gid", "node_id", sna_check_gids}};

enum { RESULTS = sizeof results / sizeof *results };

/* An HDF5 file that was given by itself: its populations join the circuit, what else it is waits for them. */
static int collect_hdf5(sna_validator *self, const char *path)
{
    int status = 0;
    sna_checked_file *file = NULL;
    static const char *const kinds[] = {"nodes", "edges"};

    status = sna_check_open(self, path, (sna_place){NULL, NULL, 0}, &file);
    for (size_t i = 0; file != NULL && i < sizeof kinds / sizeof *kinds && status == 0; i++)
        if (has_group(file, kinds[i])) {
            status = sna_check_root(self, file);
            if (status == 0)
                status = sna_check_listed(self, file, kinds[i], NULL, NULL, (sna_place){path, NULL, 0});
        }
    return status;
}

static int check_results(sna_validator *self, const char *path)
{
    int status = 0;
    bool known = false;
    sna_checked_file *file = NULL;

    status = sna_check_open(self, path, (sna_place){NULL, NULL, 0}, &file);
    if (status != 0 || file == NULL)
        goto out;
    known = has_group(file, "nodes") || has_group(file, "edges");
    for (size_t i = 0; i < RESULTS && status == 0; i++)
        if (has_group(file, results[i].name) && (results[i].beside == NULL || has_group(file, results[i].beside)) &&
            (!known || i < 3)) {
            known = true;
            status = results[i].check(self, file);
        }
    if (status == 0 && !known)
        status = sna_find(self, "file.unknown", (sna_place){path, "/", 0}, NULL,
                          "there is neither /nodes nor /edges, /spikes, /report nor /ecp in it");
out:
    return status;
}

/* A CSV by its header: types, or spikes. */
static int check_csv(sna_validator *self, const char *path)
{
    static const char *const columns[] = {"node_type_id", "edge_type_id"};
    const char *column = NULL, *first = NULL;
    bool is_spikes = false;
    double number = 0;
    sna_csv *csv = NULL;
    int status = sna_csv_read(&csv, path, ' ');

    if (status == SNA_EFORMAT) {
        status = sna_find(self, "types.invalid", (sna_place){path, NULL, 0}, NULL, "%s", sna_error_message());
        goto out;
    }
    if (status != 0)
        goto out;
    for (size_t i = 0; i < 2 && column == NULL && sna_csv_rows(csv) > 0; i++)
        if (sna_csv_column(csv, columns[i]) >= 0)
            column = columns[i];
    first = sna_csv_rows(csv) > 0 ? sna_csv_field(csv, 0, 0) : NULL;
    is_spikes = first != NULL && (strstr(first, "timestamps") != NULL || sna_number_parse(&number, first) == 0);
    if (column != NULL)
        status = sna_check_types_file(self, path, column);
    else if (is_spikes)
        status = sna_check_spikes_csv(self, path);
    else
        status = sna_find(self, "file.unknown", (sna_place){path, NULL, 0}, NULL,
                          "the first line has neither node_type_id, edge_type_id nor timestamps");
out:
    sna_csv_free(csv);
    return status;
}

/* Does a JSON file hold node sets? A config has at least one of its keys. */
static bool is_node_sets(const char *path)
{
    static const char *const keys[] = {"networks", "network", "circuit",  "simulation",
                                       "manifest", "run",     "metadata", "components"};
    sna_json *json = NULL;
    bool is_config = sna_json_read(&json, path) != 0 || !cJSON_IsObject(sna_json_root(json));

    for (size_t i = 0; i < sizeof keys / sizeof *keys && !is_config; i++)
        is_config = sna_json_member(sna_json_root(json), keys[i]) != NULL;
    sna_json_free(json);
    return !is_config;
}

/* A file that is neither HDF5 nor CSV; it stands for itself. */
static int check_json(sna_validator *self, const char *path)
{
    return is_node_sets(path) ? sna_check_node_sets_file(self, path) : sna_check_config(self, path);
}

/* ---- the whole ---------------------------------------------------------------------------------------------- */

int sna_validate_here(sna_findings *out, const char *const *path, uint64_t count, const sna_validate_options *options,
                      const sna_list *skip, int (*send)(const sna_finding *finding))
{
    int status = 0;
    sna_validator self = {.findings = out, .send = send, .skip = skip, .options = *options};

    sna_h5_quiet();
    /* HDF5 files first: those given side by side are one circuit, with results of it (CSV too). */
    for (uint64_t i = 0; i < count && status == 0; i++)
        if (is_hdf5(&self, path[i]))
            status = collect_hdf5(&self, path[i]);
    self.nodes_complete = false;
    if (status == 0)
        status = sna_check_populations(&self);
    for (uint64_t i = 0; i < count && status == 0; i++)
        if (is_hdf5(&self, path[i]))
            status = check_results(&self, path[i]);
    for (uint64_t i = 0; i < count && status == 0; i++)
        if (!is_hdf5(&self, path[i]) && ends_with(path[i], ".csv"))
            status = check_csv(&self, path[i]);
    clear(&self);
    for (uint64_t i = 0; i < count && status == 0; i++)
        if (!is_hdf5(&self, path[i]) && !ends_with(path[i], ".csv")) {
            status = check_json(&self, path[i]);
            clear(&self);
        }
    if (self.stopped && status == SNA_ECANCELLED)
        status = 0;
    clear(&self);
    return status;
}

int sna_validate(sna_findings *out, const char *const *path, uint64_t count, const sna_validate_options *options)
{
    int status = 0;
    sna_validate_options own = {0};

    if (options != NULL)
        own = *options;
    if (own.examples == 0)
        own.examples = 5;
    if (own.examples > SNA_TALLY_MOST)
        own.examples = SNA_TALLY_MOST;
    if (count == 0)
        status = sna_error(SNA_EINVAL, "there is nothing to validate: name a config or files");
    for (uint64_t i = 0; i < count && status == 0; i++)
        if (access(path[i], F_OK) != 0)
            status = sna_error(SNA_ENOTFOUND, "%s: %s", path[i], strerror(errno));
    if (status != 0)
        goto out;
    if (own.isolate)
        status = sna_validate_isolated(out, path, count, &own);
    else
        status = sna_validate_here(out, path, count, &own, NULL, NULL);
out:
    return status;
}
