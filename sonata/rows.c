/* rows.c: a block of rows of a population: their types, and which row of which group each one is. */
#include "sonata/population.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SCAN_ROWS = 65536 };

/* Opens the column `what` of the population, such as node_group_id; NULL where the file has none. */
static int open_column(const sna_rows *self, const char *what, sna_dataset **out)
{
    char name[32];

    snprintf(name, sizeof name, "%s_%s", self->population->one, what);
    return sna_population_dataset(self->population, name, false, self->population->count, out);
}

static int open_type(sna_rows *self)
{
    int status = 0;

    if (!self->type_opened)
        status = open_column(self, "type_id", &self->type_id);
    self->type_opened = self->type_opened || status == 0;
    return status;
}

static int open_groups(sna_rows *self)
{
    int status = 0;

    if (self->groups_opened)
        goto out;
    status = open_column(self, "group_id", &self->group_id);
    if (status == 0)
        status = open_column(self, "group_index", &self->group_index);
    if (status == 0)
        status = sna_allocate(&self->running, self->population->group_count, sizeof *self->running);
    self->groups_opened = status == 0;
out:
    return status;
}

void sna_rows_open(sna_rows *self, sna_population *population)
{
    *self = (sna_rows){.population = population};
}

int sna_rows_check(sna_population *population)
{
    int status = 0;
    const char *one = population->one;
    sna_rows rows;

    sna_rows_open(&rows, population);
    status = open_type(&rows);
    if (status == 0)
        status = open_groups(&rows);
    if (status == 0 && rows.group_id == NULL && population->group_count > 1)
        status = sna_error(SNA_EFORMAT, "%s: %s has %" PRIu64 " groups but no %s_group_id to say which row is in which",
                           population->file->path, population->place, population->group_count, one);
    if (status == 0 && rows.type_id == NULL)
        status = sna_notes_add(population->notes, "population.no-type-id", population->file->path, population->place,
                               "there is no %s_type_id; every %s is taken to have no type", one, one);
    sna_rows_close(&rows);
    return status;
}

int sna_rows_set(sna_rows *self, const sna_range *run, uint64_t runs)
{
    int status = 0;

    self->run = run;
    self->runs = runs;
    self->count = 0;
    self->types_read = self->members_read = false;
    for (uint64_t r = 0; r < runs; r++)
        self->count += run[r].end - run[r].first;
    if (self->count > self->capacity) {
        free(self->type);
        free(self->group);
        free(self->index);
        self->type = NULL;
        self->group = NULL;
        self->index = NULL;
        self->capacity = self->count;
    }
    return status;
}

int sna_rows_types(sna_rows *self, const int64_t **type)
{
    int status = 0;

    *type = NULL;
    if (!self->types_read) {
        status = open_type(self);
        if (status == 0 && self->type == NULL)
            status = sna_allocate(&self->type, self->capacity, sizeof *self->type);
        if (status != 0)
            goto out;
        if (self->type_id == NULL)
            for (uint64_t i = 0; i < self->count; i++)
                self->type[i] = -1;
        else if (self->type_id->storage == SNA_U64)
            /* Some writers put -1 into an unsigned column: same bits. Ids past 2^63 - 1 do not occur otherwise. */
            status = sna_dataset_id_runs(self->type_id, self->run, self->runs, (uint64_t *)self->type);
        else
            status = sna_dataset_runs(self->type_id, self->run, self->runs, SNA_INTEGER, NULL, self->type);
        if (status != 0)
            goto out;
        self->types_read = true;
    }
    *type = self->type;
out:
    return status;
}

/* ---- groups ------------------------------------------------------------------------------------------------- */

static uint32_t position_of(const sna_population *population, int64_t number)
{
    for (uint64_t g = 0; g < population->group_count; g++)
        if ((int64_t)population->group[g].number == number)
            return (uint32_t)g;
    return SNA_NO_GROUP;
}

static int note_no_group(const sna_rows *self, int64_t number)
{
    const sna_population *population = self->population;

    return sna_notes_add(population->notes, "group.unknown-id", population->file->path, self->group_id->place,
                         "group %" PRId64 " does not exist; its rows have no attributes of a group", number);
}

static void set_groups(sna_rows *self, uint32_t position)
{
    /* Mostly every block is in the first group, like the one before it. */
    if (position == 0 && self->groups_are_first)
        return;
    for (uint64_t i = 0; i < self->capacity; i++)
        self->group[i] = position;
    self->groups_are_first = position == 0;
}

/* Numbers of groups to positions in the list of groups; *first says that all are in the first one. */
static int find_groups(sna_rows *self, const int64_t *number, bool *first)
{
    int status = 0;
    int64_t last = self->count > 0 ? number[0] : -1, different = 0;
    uint32_t position = position_of(self->population, last);

    for (uint64_t i = 0; i < self->count; i++)
        different |= number[i] ^ last;
    *first = different == 0 && position == 0;
    if (different == 0) {
        set_groups(self, position);
        if (position == SNA_NO_GROUP && self->count > 0)
            status = note_no_group(self, last);
        goto out;
    }
    self->groups_are_first = false;
    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        if (number[i] != last || i == 0) {
            last = number[i];
            position = position_of(self->population, last);
            if (position == SNA_NO_GROUP)
                status = note_no_group(self, last);
        }
        self->group[i] = position;
    }
out:
    return status;
}

/* Counts the members of each group before `row`, from where the last count ended. */
static int count_to(sna_rows *self, uint64_t row, int64_t *scratch)
{
    int status = 0;

    if (row < self->counted) {
        memset(self->running, 0, (size_t)self->population->group_count * sizeof *self->running);
        self->counted = 0;
    }
    while (self->counted < row && status == 0) {
        const uint64_t left = row - self->counted;
        const uint64_t now = left < SCAN_ROWS ? left : SCAN_ROWS;
        status = sna_dataset_integers(self->group_id, self->counted, now, scratch);
        for (uint64_t i = 0; i < now && status == 0; i++) {
            const uint32_t position = position_of(self->population, scratch[i]);
            if (position != SNA_NO_GROUP)
                self->running[position]++;
        }
        self->counted += now;
    }
    return status;
}

/* Without a group index, a row's index is the number of rows of its group before it. */
static int count_indices(sna_rows *self)
{
    int status = 0;
    uint64_t at = 0;
    int64_t *scratch = NULL;

    status = sna_allocate(&scratch, SCAN_ROWS, sizeof *scratch);
    for (uint64_t r = 0; r < self->runs && status == 0; r++) {
        status = count_to(self, self->run[r].first, scratch);
        for (uint64_t row = self->run[r].first; row < self->run[r].end && status == 0; row++, at++) {
            self->index[at] = UINT64_MAX;
            if (self->group[at] != SNA_NO_GROUP)
                self->index[at] = self->running[self->group[at]]++;
        }
        if (status == 0)
            self->counted = self->run[r].end;
    }
    free(scratch);
    return status;
}

static bool is_identity(const sna_rows *self)
{
    uint64_t at = 0, different = 0;

    for (uint64_t r = 0; r < self->runs; r++)
        for (uint64_t row = self->run[r].first; row < self->run[r].end; row++)
            different |= self->index[at++] ^ row;
    return different == 0;
}

int sna_rows_members(sna_rows *self)
{
    int status = 0;
    bool one_group = true;
    int64_t *number = NULL;
    sna_population *population = self->population;

    if (self->members_read)
        goto out;
    self->all_identity = false;
    status = open_groups(self);
    if (status == 0 && self->group == NULL) {
        self->groups_are_first = true; /* zeroed */
        status = sna_allocate(&self->group, self->capacity, sizeof *self->group);
        if (status == 0)
            status = sna_allocate(&self->index, self->capacity, sizeof *self->index);
    }
    if (status != 0)
        goto out;
    if (self->group_id != NULL) {
        /* The room of the indices, which are read next, serves for the numbers. */
        number = (int64_t *)self->index;
        status = sna_dataset_runs(self->group_id, self->run, self->runs, SNA_INTEGER, NULL, number);
        if (status == 0)
            status = find_groups(self, number, &one_group);
        if (status != 0)
            goto out;
        one_group = one_group && population->group_count == 1;
    } else {
        set_groups(self, population->group_count == 0 ? SNA_NO_GROUP : 0);
        one_group = population->group_count == 1;
    }
    if (self->group_index != NULL) {
        status = sna_dataset_id_runs(self->group_index, self->run, self->runs, self->index);
        if (status != 0)
            goto out;
        self->all_identity = one_group && is_identity(self);
        if (one_group && !self->all_identity)
            status = sna_notes_add(population->notes, "group.index-not-identity", population->file->path,
                                   self->group_index->place,
                                   "rows of the group are in another order than the population's; libsonata ignores "
                                   "that");
    } else if (population->group_count <= 1) {
        self->all_identity = one_group;
        for (uint64_t r = 0, at = 0; r < self->runs; r++)
            for (uint64_t row = self->run[r].first; row < self->run[r].end; row++)
                self->index[at++] = row;
    } else {
        status = count_indices(self);
        if (status == 0)
            status = sna_notes_add(population->notes, "group.no-index", population->file->path, population->place,
                                   "there is no %s_group_index; rows of a group are counted", population->one);
    }
    if (status == 0)
        self->members_read = true;
out:
    return status;
}

void sna_rows_close(sna_rows *self)
{
    sna_dataset_close(self->type_id);
    sna_dataset_close(self->group_id);
    sna_dataset_close(self->group_index);
    free(self->type);
    free(self->group);
    free(self->index);
    free(self->running);
    *self = (sna_rows){0};
}
