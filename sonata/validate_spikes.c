/* validate_spikes.c: spike files. */
#include "sonata/validate.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- node ids of results ------------------------------------------------------------------------------------ */

int sna_id_check_open(sna_validator *self, const char *population, sna_place where, sna_id_check *out)
{
    int status = 0;
    const sna_checked_population *nodes = NULL;

    *out = (sna_id_check){0};
    if (population[0] != '\0')
        nodes = sna_checked_nodes(self, population);
    else if (self->nodes_complete && self->nodes.count == 1)
        nodes = &self->nodes.population[0];
    if (nodes != NULL && nodes->ids.known)
        out->ids = &nodes->ids;
    else if (nodes == NULL && self->nodes_complete && population[0] != '\0')
        status = sna_find(self, "results.unknown-population", where, NULL, "the circuit has no node population `%s`",
                          population);
    return status;
}

void sna_id_check_add(sna_id_check *self, const sna_dataset *column, uint64_t first, const uint64_t *id, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        if (id[i] == SNA_NO_ID && column->raw == SNA_RAW_FLOAT)
            sna_tally_row(&self->fraction, first + i);
        else if (id[i] > INT64_MAX || (self->ids != NULL && !sna_id_set_has(self->ids, id[i])))
            sna_tally_add(&self->outside, "row %" PRIu64 ": %" PRId64, first + i, (int64_t)id[i]);
}

int sna_id_check_report(sna_validator *self, const sna_id_check *check, const char *code, sna_place where)
{
    int status = sna_find(self, "dataset.not-integers", where, &check->fraction, "%" PRIu64 " %s no whole numbers",
                          check->fraction.count, sna_plural(check->fraction.count, "id is", "ids are"));

    if (status == 0)
        status = sna_find(self, code, where, &check->outside,
                          check->ids == NULL ? "%" PRIu64 " %s negative" : "%" PRIu64 " %s not in the node population",
                          check->outside.count, sna_plural(check->outside.count, "id is", "ids are"));
    return status;
}

/* ---- one population ----------------------------------------------------------------------------------------- */

typedef struct {
    sna_validator *validator;
    const char *file, *place, *name;
    sna_dataset *node, *time;
    sna_spike_order claim;
    uint64_t *id;  /* [SNA_CHECK_ROWS] */
    double *value; /* [SNA_CHECK_ROWS] */
    sna_id_check ids;
    sna_tally bad_time, negative, falls;
    uint64_t last_id;
    double last_time;
} spike_pass;

static void look_at_spikes(spike_pass *pass, uint64_t first, uint64_t count)
{
    sna_id_check_add(&pass->ids, pass->node, first, pass->id, count);
    for (uint64_t i = 0; i < count; i++) {
        const double time = pass->value[i];
        const bool is_first = first + i == 0;
        if (!isfinite(time))
            sna_tally_value(&pass->bad_time, first + i, time);
        else if (time < 0)
            sna_tally_value(&pass->negative, first + i, time);
        if (!is_first && ((pass->claim == SNA_ORDER_TIME && time < pass->last_time) ||
                          (pass->claim == SNA_ORDER_ID && pass->id[i] < pass->last_id)))
            sna_tally_row(&pass->falls, first + i);
        pass->last_time = time;
        pass->last_id = pass->id[i];
    }
}

static int report_spikes(spike_pass *pass)
{
    sna_validator *self = pass->validator;
    const sna_place times = {pass->file, pass->time->place, 0}, where = {pass->file, pass->place, 0};
    int status = sna_id_check_report(self, &pass->ids, "spikes.id", (sna_place){pass->file, pass->node->place, 0});

    if (status == 0)
        status = sna_find(self, "spikes.time", times, &pass->bad_time, "%" PRIu64 " %s not finite",
                          pass->bad_time.count, sna_plural(pass->bad_time.count, "time is", "times are"));
    if (status == 0)
        status = sna_find(self, "spikes.time-negative", times, &pass->negative, "%" PRIu64 " %s before 0",
                          pass->negative.count, sna_plural(pass->negative.count, "spike is", "spikes are"));
    if (status == 0)
        status = sna_find(self, "spikes.sorting-false", where, &pass->falls,
                          "`sorting` says that spikes are sorted by %s, but %" PRIu64 " %s out of order",
                          pass->claim == SNA_ORDER_TIME ? "time" : "node id", pass->falls.count,
                          sna_plural(pass->falls.count, "is", "are"));
    return status;
}

static int run_pass(spike_pass *pass)
{
    int status = 0;
    bool readable = true;
    const uint64_t rows = pass->node->rows;

    status = sna_allocate(&pass->id, SNA_CHECK_ROWS, sizeof *pass->id);
    if (status == 0)
        status = sna_allocate(&pass->value, SNA_CHECK_ROWS, sizeof *pass->value);
    for (uint64_t first = 0; first < rows && status == 0 && readable; first += SNA_CHECK_ROWS) {
        const uint64_t left = rows - first, count = left < SNA_CHECK_ROWS ? left : SNA_CHECK_ROWS;
        status = sna_check_ids(pass->validator, pass->node, first, count, pass->id, &readable);
        if (status == 0 && readable)
            status = sna_check_reals(pass->validator, pass->time, first, count, pass->value, &readable);
        if (status == 0 && readable)
            look_at_spikes(pass, first, count);
        if (status == 0)
            status = sna_check_cancelled();
    }
    if (status == 0 && readable)
        status = report_spikes(pass);
    free(pass->id);
    free(pass->value);
    return status;
}

/* Opens one of the two columns of spikes. */
static int open_column(sna_validator *self, const sna_checked_file *file, hid_t group, const char *place,
                       const char *name, unsigned what, sna_dataset **out)
{
    char *full = NULL;
    int status = sna_text_format(&full, "%s/%s", place, name);

    if (status == 0)
        status = sna_check_column(self, file, group, name, full, what | SNA_COLUMN_REQUIRED | SNA_COLUMN_DENSE, 1,
                                  SNA_ANY_ROWS, out);
    free(full);
    return status;
}

/* The spikes in a group: /spikes/NAME, or /spikes itself in the layout of 2018. */
static int check_population(sna_validator *self, const sna_checked_file *file, hid_t group, const char *place,
                            const char *name, sna_spike_order claim)
{
    int status = 0;
    bool foreign = false, has_node = false, has_time = false;
    spike_pass *pass = NULL;
    const char *ids =
        sna_checked_kind(file, group, "node_ids", &foreign) == SNA_H5_NONE && name[0] == '\0' ? "gids" : "node_ids";

    status = sna_allocate(&pass, 1, sizeof *pass);
    if (status != 0)
        goto out;
    *pass = (spike_pass){.validator = self, .file = file->path, .place = place, .name = name, .claim = claim};
    has_node = sna_checked_kind(file, group, ids, &foreign) != SNA_H5_NONE || foreign;
    has_time = sna_checked_kind(file, group, "timestamps", &foreign) != SNA_H5_NONE || foreign;
    if (!has_node && !has_time) {
        status = sna_find(self, "spikes.empty-group", (sna_place){file->path, place, 0}, NULL,
                          "there is nothing in the group: no spikes");
        goto out;
    }
    status = open_column(self, file, group, place, ids, SNA_COLUMN_INTEGER, &pass->node);
    if (status == 0)
        status = open_column(self, file, group, place, "timestamps", SNA_COLUMN_NUMBER, &pass->time);
    if (status != 0 || pass->node == NULL || pass->time == NULL)
        goto out;
    if (pass->node->rows != pass->time->rows) {
        status = sna_find(self, "spikes.length", (sna_place){file->path, place, 0}, NULL,
                          "%" PRIu64 " node ids for %" PRIu64 " times", pass->node->rows, pass->time->rows);
        goto out;
    }
    status = sna_id_check_open(self, name, (sna_place){file->path, place, 0}, &pass->ids);
    if (status == 0 && H5Aexists(group, "sorting") <= 0 && H5Aexists(pass->node->id, "sorting") <= 0)
        status = sna_find(self, "spikes.sorting-missing", (sna_place){file->path, place, 0}, NULL,
                          "there is no attribute `sorting`");
    if (status == 0 && !self->options.headers_only)
        status = run_pass(pass);
out:
    if (pass != NULL) {
        sna_dataset_close(pass->node);
        sna_dataset_close(pass->time);
    }
    free(pass);
    return status;
}

/* ---- the file ----------------------------------------------------------------------------------------------- */

/* What the reader says of a population's order; none where it has no such population. */
static sna_spike_order claim_of(const sna_spikes *spikes, const char *name)
{
    for (uint64_t i = 0; spikes != NULL && i < sna_spikes_populations(spikes); i++)
        if (strcmp(sna_spikes_population(spikes, i), name) == 0)
            return sna_spikes_order(spikes, i);
    return SNA_ORDER_NONE;
}

static int check_groups(sna_validator *self, const sna_checked_file *file, hid_t root, const sna_spikes *spikes)
{
    sna_list names = SNA_LIST;
    int status = sna_h5_children(&names, file->h5, root, "/spikes");

    if (status == SNA_EFORMAT)
        status = 0; /* found when the links were walked */
    for (uint64_t i = 0; i < names.count && status == 0; i++) {
        char *place = NULL;
        hid_t group = H5I_INVALID_HID;
        status = sna_text_format(&place, "/spikes/%s", names.text[i]);
        if (status == 0)
            status = sna_check_group(self, file, root, names.text[i], place, true, &group);
        if (status == 0 && group >= 0)
            status = check_population(self, file, group, place, names.text[i], claim_of(spikes, names.text[i]));
        sna_h5_close_group(&group);
        free(place);
    }
    sna_list_free(&names);
    return status;
}

int sna_check_spikes(sna_validator *self, sna_checked_file *file)
{
    int status = 0;
    bool foreign = false, refused = false;
    hid_t root = H5I_INVALID_HID;
    sna_notes notes = SNA_NOTES;
    sna_spikes *spikes = NULL;
    char *sentence = NULL;
    const uint64_t errors = sna_validator_errors(self);

    status = sna_check_root(self, file);
    if (status == 0)
        status = sna_check_group(self, file, file->h5->id, "spikes", "/spikes", true, &root);
    if (status != 0 || root < 0)
        goto out;
    if (!file->foreign) {
        status = sna_spikes_open(&spikes, file->path, &notes);
        if (status == SNA_ENOMEM)
            goto out;
        refused = status != 0;
        status = sna_text_copy(&sentence, refused ? sna_error_message() : "");
        if (status != 0)
            goto out;
    }
    if (sna_checked_kind(file, root, "timestamps", &foreign) == SNA_H5_DATASET)
        status = check_population(self, file, root, "/spikes", "", claim_of(spikes, ""));
    else
        status = check_groups(self, file, root, spikes);
    /* What the reader refuses though no check found anything is a finding all the same. */
    if (status == 0 && refused && sna_validator_errors(self) == errors)
        status = sna_find(self, "results.invalid", (sna_place){file->path, "/spikes", 0}, NULL, "%s", sentence);
    if (status == 0)
        status = sna_find_notes(self, &notes);
out:
    free(sentence);
    sna_spikes_close(spikes);
    sna_notes_free(&notes);
    sna_h5_close_group(&root);
    return status;
}

int sna_check_spikes_csv(sna_validator *self, const char *path)
{
    sna_notes notes = SNA_NOTES;
    sna_spikes *spikes = NULL;
    const sna_place where = {path, NULL, 0};
    int status = sna_spikes_open(&spikes, path, &notes);

    if (status == SNA_EFORMAT || status == SNA_EIO || status == SNA_ENOTFOUND) {
        status = sna_find(self, "results.invalid", where, NULL, "%s", sna_error_message());
        goto out;
    }
    for (uint64_t p = 0; p < (spikes == NULL ? 0 : sna_spikes_populations(spikes)) && status == 0; p++) {
        sna_id_check *check = NULL;
        sna_spike_list list = {0};
        sna_tally bad = {0}, negative = {0};
        const sna_dataset none = {.raw = SNA_RAW_UNSIGNED};
        status = sna_allocate(&check, 1, sizeof *check);
        if (status == 0)
            status = sna_id_check_open(self, sna_spikes_population(spikes, p), where, check);
        for (uint64_t first = 0; first < sna_spikes_count(spikes, p) && status == 0; first += list.count) {
            sna_spike_list_free(&list);
            status = sna_spikes_block(spikes, p, first, SNA_CHECK_ROWS, &list);
            if (status != 0 || list.count == 0)
                break;
            sna_id_check_add(check, &none, first, list.node, list.count);
            for (uint64_t i = 0; i < list.count; i++)
                if (!isfinite(list.time[i]))
                    sna_tally_value(&bad, first + i, list.time[i]);
                else if (list.time[i] < 0)
                    sna_tally_value(&negative, first + i, list.time[i]);
        }
        if (status == 0)
            status = sna_id_check_report(self, check, "spikes.id", where);
        if (status == 0)
            status = sna_find(self, "spikes.time", where, &bad, "%" PRIu64 " %s not finite", bad.count,
                              sna_plural(bad.count, "time is", "times are"));
        if (status == 0)
            status = sna_find(self, "spikes.time-negative", where, &negative, "%" PRIu64 " %s negative", negative.count,
                              sna_plural(negative.count, "time is", "times are"));
        sna_spike_list_free(&list);
        free(check);
    }
    if (status == 0)
        status = sna_find_notes(self, &notes);
out:
    sna_spikes_close(spikes);
    sna_notes_free(&notes);
    return status;
}
