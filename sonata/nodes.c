/* nodes.c: node populations: opening, ids and types. node_columns.c reads their attributes. */
#include "sonata/nodes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- how many ----------------------------------------------------------------------------------------------- */

/* The number of nodes: rows of node_type_id, else of node_id, else of the first dataset of the first group. */
static int count_nodes(sna_population *self)
{
    static const char *const names[] = {"node_type_id", "node_id", "node_group_id", "node_group_index"};
    int status = 0;
    char *place = NULL;
    sna_dataset *dataset = NULL;

    for (size_t i = 0; i < sizeof names / sizeof *names && dataset == NULL && status == 0; i++)
        status = sna_population_dataset(self, names[i], false, UINT64_MAX, &dataset);
    for (uint64_t g = 0; g < self->group_count && dataset == NULL && status == 0; g++) {
        const sna_group *group = &self->group[g];
        if (group->attributes.count == 0)
            continue;
        status = sna_text_format(&place, "%s/%s", group->place, group->attributes.text[0]);
        if (status == 0)
            status = sna_dataset_open(&dataset, self->file, group->id, group->attributes.text[0], place);
        if (status == 0)
            status = sna_notes_add(self->notes, "nodes.no-type-id", self->file->path, self->place,
                                   "there is neither node_type_id nor node_id; nodes are counted by %s", place);
    }
    if (status == 0 && dataset == NULL)
        status = sna_notes_add(self->notes, "nodes.no-size", self->file->path, self->place,
                               "nothing says how many nodes there are; the population is taken to be empty");
    if (status == 0)
        self->count = dataset == NULL ? 0 : dataset->rows;
    sna_dataset_close(dataset);
    free(place);
    return status;
}

/* ---- ids ---------------------------------------------------------------------------------------------------- */

static int compare_places(const void *a, const void *b)
{
    const sna_node_place *x = a, *y = b;

    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static int read_ids(sna_nodes *self)
{
    int status = 0;
    bool are_rows = true;
    sna_population *population = &self->population;
    sna_dataset *dataset = NULL;

    status = sna_population_dataset(population, "node_id", false, population->count, &dataset);
    if (status != 0 || dataset == NULL)
        goto out;
    status = sna_allocate(&self->id, population->count, sizeof *self->id);
    if (status == 0)
        status = sna_dataset_ids(dataset, 0, population->count, self->id);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < population->count && are_rows; i++)
        are_rows = self->id[i] == i;
    if (are_rows) {
        free(self->id);
        self->id = NULL;
        goto out;
    }
    status = sna_notes_add(population->notes, "nodes.ids-not-rows", population->file->path, dataset->place,
                           "node ids are not 0, 1, 2...; they are mapped to rows (libsonata takes them to be rows)");
    if (status == 0)
        status = sna_allocate(&self->by_id, population->count, sizeof *self->by_id);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < population->count; i++)
        self->by_id[i] = (sna_node_place){self->id[i], i};
    qsort(self->by_id, population->count, sizeof *self->by_id, compare_places);
    for (uint64_t i = 1; i < population->count && status == 0; i++)
        if (self->by_id[i].id == self->by_id[i - 1].id)
            status = sna_notes_add(population->notes, "nodes.duplicate-id", population->file->path, dataset->place,
                                   "node id %" PRIu64 " is there more than once; it stands for its first node",
                                   self->by_id[i].id);
out:
    sna_dataset_close(dataset);
    return status;
}

bool sna_nodes_ids_are_rows(const sna_nodes *self)
{
    return self->id == NULL;
}

uint64_t sna_nodes_id(const sna_nodes *self, uint64_t row)
{
    return self->id == NULL || row >= self->population.count ? row : self->id[row];
}

int64_t sna_nodes_row(const sna_nodes *self, uint64_t id)
{
    uint64_t low = 0, high = self->population.count;

    if (self->id == NULL)
        return id < self->population.count ? (int64_t)id : -1;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (self->by_id[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < self->population.count && self->by_id[low].id == id ? (int64_t)self->by_id[low].row : -1;
}

int sna_nodes_rows(const sna_nodes *self, const uint64_t *id, uint64_t count, uint64_t *row)
{
    int status = 0;

    for (uint64_t i = 0; i < count; i++) {
        const int64_t at = sna_nodes_row(self, id[i]);
        if (at < 0) {
            status =
                sna_error(SNA_ERANGE, "%s: population %s has no node with id %" PRIu64 " (it has %" PRIu64 " nodes)",
                          self->population.file->path, self->population.name, id[i], self->population.count);
            goto out;
        }
        row[i] = (uint64_t)at;
    }
out:
    return status;
}

/* ---- opening ------------------------------------------------------------------------------------------------ */

int sna_nodes_open_in(sna_nodes **out, sna_h5_file *file, const char *types_file, const char *population,
                      sna_notes *notes)
{
    static const char *const known[] = {"node_id", "node_type_id", "node_group_id", "node_group_index", NULL};
    int status = 0;
    sna_nodes *self = NULL;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->population.id = H5I_INVALID_HID;
    status = sna_population_open(&self->population, file, "nodes", "node", population, types_file, known, notes);
    if (status == 0)
        status = count_nodes(&self->population);
    if (status == 0)
        status = sna_rows_check(&self->population);
    if (status == 0)
        status = read_ids(self);
    if (status != 0)
        goto out;
    sna_rows_open(&self->rows, &self->population);
    self->all = (sna_range){0, self->population.count};
    status = sna_rows_set(&self->rows, &self->all, self->population.count > 0 ? 1 : 0);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_nodes_close(self);
    return status;
}

int sna_nodes_open(sna_nodes **out, const char *path, const char *types_file, const char *population, sna_notes *notes)
{
    int status = 0;
    char *name = NULL;
    sna_h5_file *file = NULL;

    *out = NULL;
    status = sna_h5_open(&file, path);
    if (status == 0)
        status = sna_population_choose(&name, file, "nodes", population);
    if (status == 0)
        status = sna_nodes_open_in(out, file, types_file, name, notes);
    free(name);
    sna_h5_release(file);
    return status;
}

const char *sna_nodes_name(const sna_nodes *self)
{
    return self->population.name;
}

const char *sna_nodes_file(const sna_nodes *self)
{
    return self->population.file->path;
}

uint64_t sna_nodes_count(const sna_nodes *self)
{
    return self->population.count;
}

const sna_types *sna_nodes_types(const sna_nodes *self)
{
    return self->population.types;
}

int sna_nodes_type_ids(sna_nodes *self, const int64_t **out)
{
    return sna_rows_types(&self->rows, out);
}

int sna_nodes_groups(sna_nodes *self, const uint32_t **group, const uint64_t **index)
{
    int status = 0;
    const sna_column *column = NULL;

    /* Kept as numbers of groups: positions in the list of groups are nobody else's business. */
    *group = NULL;
    *index = NULL;
    status = sna_rows_members(&self->rows);
    if (status == 0 && self->group_number == NULL) {
        status = sna_allocate(&self->group_number, self->population.count, sizeof *self->group_number);
        if (status == 0)
            status = sna_nodes_column(self, "node_group_id", &column);
        for (uint64_t i = 0; i < self->population.count && status == 0; i++)
            self->group_number[i] = (uint32_t)sna_column_integer(column, i);
    }
    if (status == 0) {
        *group = self->group_number;
        *index = self->rows.index;
    }
    return status;
}

uint64_t sna_nodes_attributes(const sna_nodes *self)
{
    return self->population.attribute_count;
}

const sna_attribute *sna_nodes_attribute(const sna_nodes *self, uint64_t index)
{
    return index < self->population.attribute_count ? &self->population.attribute[index] : NULL;
}

const sna_attribute *sna_nodes_find_attribute(const sna_nodes *self, const char *name)
{
    return sna_population_find(&self->population, name);
}

void sna_nodes_close(sna_nodes *self)
{
    if (self == NULL)
        return;
    for (uint64_t i = 0; i < self->columns; i++) {
        free(self->column[i]->name);
        sna_column_room_free(&self->column[i]->room);
        free(self->column[i]);
    }
    free(self->column);
    for (uint64_t i = 0; i < self->label_count; i++) {
        free(self->labels[i]->name);
        sna_dictionary_free(&self->labels[i]->texts);
        free(self->labels[i]->code);
        free(self->labels[i]);
    }
    free(self->labels);
    for (uint64_t i = 0; i < self->libraries; i++) {
        sna_list_free(self->library[i]);
        free(self->library[i]);
    }
    free(self->library);
    sna_list_free(&self->library_names);
    free(self->position);
    free(self->group_number);
    free(self->id);
    free(self->by_id);
    sna_rows_close(&self->rows);
    sna_population_close(&self->population);
    free(self);
}
