/* node_writer.c: nodes files. */
#include "sonata/h5write.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/h5file.h"

typedef struct {
    uint32_t number;
    uint64_t rows;
    hid_t id, dynamics, library;
    char *place;
    sna_list names; /* of attributes written */
} node_group;

struct sna_node_writer {
    sna_h5_output file;
    char *place;
    hid_t population;
    unsigned compress;
    uint64_t count;
    uint32_t *group_of; /* [count] numbers; NULL: all in group 0 */
    node_group *group;  /* [groups] */
    uint64_t groups, group_capacity;
    bool has_ids, has_types, finished;
};

static int open_group(sna_node_writer *self, uint32_t number, node_group **out)
{
    int status = 0;
    char name[16];
    node_group *grown = NULL;

    *out = NULL;
    for (uint64_t i = 0; i < self->groups; i++)
        if (self->group[i].number == number) {
            *out = &self->group[i];
            goto out;
        }
    grown = sna_grow(self->group, &self->group_capacity, self->groups + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->group = grown;
    grown = &self->group[self->groups];
    *grown = (node_group){.number = number,
                          .id = H5I_INVALID_HID,
                          .dynamics = H5I_INVALID_HID,
                          .library = H5I_INVALID_HID,
                          .names = SNA_LIST};
    snprintf(name, sizeof name, "%" PRIu32, number);
    status = sna_text_format(&grown->place, "%s/%s", self->place, name);
    if (status == 0)
        status = sna_h5_write_group(&self->file, self->population, name, grown->place, &grown->id);
    self->groups++;
    *out = grown;
out:
    return status;
}

/* The group of an attribute: one that nodes are in. */
static int find_group(sna_node_writer *self, uint32_t number, node_group **out)
{
    int status = 0;

    *out = NULL;
    if (self->groups == 0) { /* nothing was said: all in group 0 */
        status = open_group(self, 0, out);
        if (status != 0)
            goto out;
        (*out)->rows = self->count;
    }
    for (uint64_t i = 0; i < self->groups; i++)
        if (self->group[i].number == number) {
            *out = &self->group[i];
            goto out;
        }
    *out = NULL;
    status = sna_error(SNA_EINVAL, "%s: no node is in group %" PRIu32, self->file.path, number);
out:
    return status;
}

int sna_node_writer_open(sna_node_writer **out, sna_outputs *outputs, const char *path, const char *population,
                         uint64_t count, const sna_write_options *options)
{
    int status = 0;
    hid_t root = H5I_INVALID_HID;
    sna_node_writer *self = NULL;

    *out = NULL;
    status = sna_h5_check_name(population, "a node population");
    if (status == 0)
        status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->population = self->file.id = H5I_INVALID_HID;
    self->count = count;
    self->compress = options != NULL ? options->compress : 0;
    status = sna_text_format(&self->place, "/nodes/%s", population);
    if (status == 0)
        status = sna_h5_output_create(&self->file, outputs, path);
    if (status == 0)
        status = sna_h5_write_group(&self->file, self->file.id, "nodes", "/nodes", &root);
    if (status == 0)
        status = sna_h5_write_group(&self->file, root, population, self->place, &self->population);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_h5_close_group(&root);
    sna_node_writer_close(self);
    return status;
}

/* Writes a column at once. */
static int write_column(sna_node_writer *self, hid_t parent, const char *place, const char *name, sna_storage storage,
                        uint32_t width, sna_values values, uint64_t count)
{
    sna_column_writer column;
    int status = sna_column_writer_open(&column, &self->file, parent, place, name, storage, width, self->compress);

    if (status != 0)
        goto out;
    status = sna_column_writer_values(&column, values, count);
    if (status == 0)
        status = sna_column_writer_finish(&column);
    sna_column_writer_close(&column);
out:
    return status;
}

/* A column of the population whose values are made here, node by node. */
typedef enum { NODE_NUMBERS, NO_TYPES, GROUP_NUMBERS, GROUP_ROWS } made_column;

static int write_made(sna_node_writer *self, const char *name, sna_storage storage, made_column what)
{
    int status = 0;
    sna_column_writer column;

    status =
        sna_column_writer_open(&column, &self->file, self->population, self->place, name, storage, 1, self->compress);
    if (status != 0)
        goto out;
    for (uint64_t g = 0; g < self->groups; g++)
        self->group[g].rows = 0;
    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        const uint32_t number = self->group_of != NULL ? self->group_of[i] : 0;
        node_group *group = self->group;
        int64_t value = -1;
        while (group->number != number)
            group++;
        if (what == NODE_NUMBERS)
            value = (int64_t)i;
        else if (what == GROUP_NUMBERS)
            value = number;
        else if (what == GROUP_ROWS)
            value = (int64_t)group->rows++;
        status = sna_column_writer_integers(&column, &value, 1);
    }
    if (status == 0)
        status = sna_column_writer_finish(&column);
    sna_column_writer_close(&column);
out:
    return status;
}

static int compare_ids(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

int sna_node_writer_ids(sna_node_writer *self, const uint64_t *id)
{
    int status = 0;
    uint64_t *sorted = NULL;

    if (self->has_ids) {
        status = sna_error(SNA_EINVAL, "%s: node ids are given twice", self->file.path);
        goto out;
    }
    status = sna_allocate(&sorted, self->count, sizeof *sorted);
    if (status != 0)
        goto out;
    if (self->count > 0) {
        memcpy(sorted, id, (size_t)self->count * sizeof *sorted);
        qsort(sorted, self->count, sizeof *sorted, compare_ids);
    }
    for (uint64_t i = 1; i < self->count; i++)
        if (sorted[i] == sorted[i - 1]) {
            status = sna_error(SNA_EINVAL, "%s: two nodes have the id %" PRIu64, self->file.path, sorted[i]);
            goto out;
        }
    status = write_column(self, self->population, self->place, "node_id", SNA_U64, 1,
                          (sna_values){.integer = (const int64_t *)id}, self->count);
    self->has_ids = true;
out:
    free(sorted);
    return status;
}

int sna_node_writer_type_ids(sna_node_writer *self, const int64_t *type_id)
{
    int status = 0;

    if (self->has_types)
        status = sna_error(SNA_EINVAL, "%s: node types are given twice", self->file.path);
    else
        status = write_column(self, self->population, self->place, "node_type_id", SNA_I64, 1,
                              (sna_values){.integer = type_id}, self->count);
    self->has_types = true;
    return status;
}

int sna_node_writer_groups(sna_node_writer *self, const uint32_t *group)
{
    int status = 0;

    if (self->groups > 0) {
        status = sna_error(SNA_EINVAL, "%s: groups are given twice, or after an attribute", self->file.path);
        goto out;
    }
    status = sna_allocate(&self->group_of, self->count, sizeof *self->group_of);
    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        node_group *g = NULL;
        status = open_group(self, group[i], &g);
        if (status == 0) {
            self->group_of[i] = group[i];
            g->rows++;
        }
    }
out:
    return status;
}

/* Notes the name of an attribute: it must be a good one, and new. */
static int take_name(sna_node_writer *self, node_group *group, const char *name, const char *last)
{
    int status = sna_h5_check_name(last, "an attribute of nodes");

    if (status == 0 && (strcmp(name, "dynamics_params") == 0 || strcmp(name, "@library") == 0))
        status = sna_error(SNA_EINVAL, "an attribute cannot be called %s: that is a group", name);
    if (status == 0 && sna_list_find(&group->names, name) >= 0)
        status = sna_error(SNA_EINVAL, "%s: attribute `%s` of group %" PRIu32 " is given twice", self->file.path, name,
                           group->number);
    if (status == 0)
        status = sna_list_add(&group->names, name);
    return status;
}

int sna_node_writer_attribute(sna_node_writer *self, uint32_t group, const char *name, sna_storage storage,
                              uint32_t width, sna_values values)
{
    static const char prefix[] = "dynamics_params/";
    int status = 0;
    const bool is_parameter = strncmp(name, prefix, sizeof prefix - 1) == 0;
    const char *last = is_parameter ? name + sizeof prefix - 1 : name;
    char *place = NULL;
    node_group *g = NULL;

    status = find_group(self, group, &g);
    if (status == 0)
        status = take_name(self, g, name, last);
    if (status == 0)
        status = sna_text_format(&place, "%s%s", g->place, is_parameter ? "/dynamics_params" : "");
    if (status == 0 && is_parameter && g->dynamics < 0)
        status = sna_h5_write_group(&self->file, g->id, "dynamics_params", place, &g->dynamics);
    if (status == 0)
        status = sna_error_in(sna_storage_check(storage, values, g->rows, width, name), "%s", self->file.path);
    if (status == 0)
        status = write_column(self, is_parameter ? g->dynamics : g->id, place, last, storage, width, values, g->rows);
    free(place);
    return status;
}

int sna_node_writer_enumeration(sna_node_writer *self, uint32_t group, const char *name, const uint32_t *code,
                                const sna_list *texts)
{
    int status = 0;
    int64_t *wide = NULL;
    char *place = NULL;
    node_group *g = NULL;

    status = find_group(self, group, &g);
    if (status == 0)
        status = take_name(self, g, name, name);
    if (status == 0)
        status = sna_allocate(&wide, g->rows, sizeof *wide);
    for (uint64_t i = 0; status == 0 && i < g->rows; i++) {
        wide[i] = code[i];
        if (code[i] >= texts->count)
            status =
                sna_error(SNA_ERANGE, "%s: `%s`, row %" PRIu64 ": code %" PRIu32 ", but there are %" PRIu64 " texts",
                          self->file.path, name, i, code[i], texts->count);
    }
    if (status == 0)
        status = write_column(self, g->id, g->place, name, SNA_U32, 1, (sna_values){.integer = wide}, g->rows);
    if (status == 0)
        status = sna_text_format(&place, "%s/@library", g->place);
    if (status == 0 && g->library < 0)
        status = sna_h5_write_group(&self->file, g->id, "@library", place, &g->library);
    if (status == 0)
        status = write_column(self, g->library, place, name, SNA_UTF8, 1,
                              (sna_values){.text = (const char *const *)texts->text}, texts->count);
    free(place);
    free(wide);
    return status;
}

static void close_groups(sna_node_writer *self)
{
    for (uint64_t i = 0; i < self->groups; i++) {
        sna_h5_close_group(&self->group[i].library);
        sna_h5_close_group(&self->group[i].dynamics);
        sna_h5_close_group(&self->group[i].id);
    }
    sna_h5_close_group(&self->population);
}

int sna_node_writer_finish(sna_node_writer *self)
{
    int status = 0;
    node_group *g = NULL;

    if (self->finished) {
        status = sna_error(SNA_EINVAL, "%s is finished already", self->file.path);
        goto out;
    }
    self->finished = true;
    if (self->groups == 0)
        status = open_group(self, 0, &g);
    if (status == 0 && !self->has_ids)
        status = write_made(self, "node_id", SNA_U64, NODE_NUMBERS);
    if (status == 0 && !self->has_types)
        status = write_made(self, "node_type_id", SNA_I64, NO_TYPES);
    if (status == 0)
        status = write_made(self, "node_group_id", SNA_U32, GROUP_NUMBERS);
    if (status == 0)
        status = write_made(self, "node_group_index", SNA_U64, GROUP_ROWS);
    close_groups(self);
    if (status == 0)
        status = sna_h5_output_finish(&self->file);
out:
    return status;
}

void sna_node_writer_close(sna_node_writer *self)
{
    if (self == NULL)
        return;
    sna_h5_quiet();
    close_groups(self);
    for (uint64_t i = 0; i < self->groups; i++) {
        sna_list_free(&self->group[i].names);
        free(self->group[i].place);
    }
    free(self->group);
    free(self->group_of);
    sna_h5_output_free(&self->file);
    free(self->place);
    free(self);
}
