/* validate_nodes.c: one node population. */
#include "sonata/validate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- ids ---------------------------------------------------------------------------------------------------- */

bool sna_id_set_has(const sna_id_set *self, uint64_t id)
{
    uint64_t low = 0, high = self->count;

    if (self->are_rows)
        return id < self->count;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (self->id[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < self->count && self->id[low] == id;
}

static int compare_ids(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Keeps ids that are not the rows, sorted, and finds those that are there twice. */
static int keep_ids(sna_validator *self, sna_checked_population *population, sna_dataset *column)
{
    int status = 0;
    bool readable = true, ascending = true;
    sna_tally negative = {0}, fraction = {0}, twice = {0};
    uint64_t *id = NULL;
    const uint64_t count = population->count;
    const sna_place where = {population->file->path, column->place, 0};

    status = sna_allocate(&id, count, sizeof *id);
    for (uint64_t first = 0; first < count && status == 0 && readable; first += SNA_CHECK_ROWS) {
        const uint64_t left = count - first, now = left < SNA_CHECK_ROWS ? left : SNA_CHECK_ROWS;
        status = sna_check_ids(self, column, first, now, id + first, &readable);
    }
    if (status != 0 || !readable)
        goto out;
    for (uint64_t i = 0; i < count; i++) {
        ascending = ascending && (i == 0 || id[i - 1] < id[i]);
        if (id[i] == SNA_NO_ID && column->raw == SNA_RAW_FLOAT)
            sna_tally_row(&fraction, i);
        else if (id[i] > INT64_MAX)
            sna_tally_add(&negative, "row %" PRIu64 ": %" PRId64, i, (int64_t)id[i]);
    }
    if (!ascending)
        qsort(id, count, sizeof *id, compare_ids);
    for (uint64_t i = 1; i < count; i++)
        if (id[i] == id[i - 1] && id[i] != SNA_NO_ID)
            sna_tally_add(&twice, "id %" PRId64, (int64_t)id[i]);
    status = sna_find(self, "dataset.not-integers", where, &fraction, "%" PRIu64 " %s no whole numbers", fraction.count,
                      sna_plural(fraction.count, "id is", "ids are"));
    if (status == 0)
        status = sna_find(self, "nodes.negative-id", where, &negative, "%" PRIu64 " %s negative", negative.count,
                          sna_plural(negative.count, "id is", "ids are"));
    if (status == 0)
        status = sna_find(self, "nodes.duplicate-id", where, &twice, "%" PRIu64 " %s an id that another one has",
                          twice.count, sna_plural(twice.count, "node has", "nodes have"));
    if (status == 0 && fraction.count + negative.count + twice.count == 0)
        status = sna_find(self, "nodes.ids-not-rows", where, NULL, "the ids are not 0, 1, 2...");
    if (status == 0) {
        population->ids = (sna_id_set){true, false, count, id};
        id = NULL;
    }
out:
    free(id);
    return status;
}

static int check_ids(sna_validator *self, sna_checked_population *population, sna_dataset *column)
{
    int status = 0;
    bool readable = true, are_rows = true;
    uint64_t *id = NULL;

    population->ids = (sna_id_set){true, true, population->count, NULL};
    if (column == NULL || self->options.headers_only)
        goto out;
    status = sna_allocate(&id, SNA_CHECK_ROWS, sizeof *id);
    for (uint64_t first = 0; first < population->count && status == 0 && readable && are_rows;
         first += SNA_CHECK_ROWS) {
        const uint64_t left = population->count - first, now = left < SNA_CHECK_ROWS ? left : SNA_CHECK_ROWS;
        uint64_t different = 0;
        status = sna_check_ids(self, column, first, now, id, &readable);
        for (uint64_t i = 0; i < now && status == 0 && readable; i++)
            different |= id[i] ^ (first + i);
        are_rows = different == 0;
    }
    if (status == 0 && !readable)
        population->ids.known = false;
    else if (status == 0 && !are_rows) {
        population->ids.known = false;
        status = keep_ids(self, population, column);
    }
out:
    free(id);
    return status;
}

/* ---- the population ----------------------------------------------------------------------------------------- */

/* Without any of the usual columns, the first dataset of the first group says how many nodes there are. */
static int size_of_groups(sna_validator *self, const sna_checked_population *population, sna_checked_body *body,
                          bool *found)
{
    int status = 0;
    hid_t group = H5I_INVALID_HID;
    sna_list names = SNA_LIST;
    sna_checked_body inner = {.id = H5I_INVALID_HID, .place = body->place};

    status = sna_check_group(self, population->file, body->id, "0", body->place, false, &group);
    if (status != 0 || group < 0)
        goto out;
    if (sna_h5_children(&names, population->file->h5, group, body->place) != 0)
        goto out; /* found when the links were walked */
    for (uint64_t i = 0; i < names.count && status == 0 && !*found; i++) {
        const char *const one[] = {names.text[i], NULL};
        inner.id = group;
        status = sna_check_size(self, population, &inner, one, found);
    }
    body->count = inner.count;
out:
    sna_list_free(&names);
    sna_h5_close_group(&group);
    return status;
}

int sna_check_nodes(sna_validator *self, sna_checked_population *population)
{
    static const char *const columns[] = {"node_type_id", "node_id", "node_group_id", "node_group_index", NULL};
    int status = 0;
    bool sized = false;
    const uint64_t errors = sna_validator_errors(self);
    sna_checked_body body = {.one = "node", .id = H5I_INVALID_HID};

    status = sna_text_format(&body.place, "/nodes/%s", population->name);
    if (status == 0)
        status =
            sna_check_group(self, population->file, population->file->h5->id, body.place, body.place, true, &body.id);
    if (status != 0 || body.id < 0)
        goto out;
    status = sna_check_size(self, population, &body, columns, &sized);
    if (status == 0 && !sized && sna_validator_errors(self) == errors)
        status = size_of_groups(self, population, &body, &sized);
    if (status == 0 && !sized && sna_validator_errors(self) == errors)
        status = sna_find(self, "nodes.no-size", (sna_place){population->file->path, body.place, 0}, NULL,
                          "nothing says how many nodes there are: there is neither node_type_id nor node_id");
    if (status != 0 || !sized)
        goto out;
    population->count = body.count;
    status = sna_check_body(self, population, &body);
    if (status == 0)
        status = check_ids(self, population, body.own_id);
    if (status == 0)
        status = sna_check_groups(self, population, &body);
    if (status == 0)
        status = sna_check_types(self, population, &body);
    if (status == 0)
        status = sna_check_values(self, population, &body);
    population->sound = !body.broken && !population->file->foreign;
    if (status == 0)
        status = sna_check_meaning(self, population, true);
out:
    sna_checked_body_free(&body);
    return status;
}
