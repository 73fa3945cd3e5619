/* edge_writer.c: edges files, appended to block by block. */
#include "sonata/edge_writer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/h5file.h"
#include "sonata/h5share.h"
#include "sonata/index_write.h"

static int open_column(sna_edge_writer *self, sna_column_writer *column, const char *name, sna_storage storage)
{
    return sna_column_writer_open(column, &self->file, self->population, self->place, name, storage, 1,
                                  self->options.compress);
}

int sna_edge_writer_open(sna_edge_writer **out, sna_outputs *outputs, const char *path, const char *population,
                         const char *source_population, uint64_t source_count, const char *target_population,
                         uint64_t target_count, const sna_write_options *options)
{
    int status = 0;
    hid_t root = H5I_INVALID_HID;
    sna_edge_writer *self = NULL;

    *out = NULL;
    status = sna_h5_check_name(population, "an edge population");
    if (status == 0)
        status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->population = H5I_INVALID_HID;
    self->file.id = H5I_INVALID_HID;
    self->options = options != NULL ? *options : (sna_write_options){0};
    self->source_count = source_count;
    self->target_count = target_count;
    self->sources_sorted = self->targets_sorted = true;
    status = sna_text_format(&self->place, "/edges/%s", population);
    if (status == 0)
        status = sna_text_copy(&self->source_population, source_population);
    if (status == 0)
        status = sna_text_copy(&self->target_population, target_population);
    if (status == 0)
        status = sna_allocate(&self->source_edges, source_count, sizeof *self->source_edges);
    if (status == 0)
        status = sna_allocate(&self->target_edges, target_count, sizeof *self->target_edges);
    if (status == 0)
        status = self->options.shared && sna_rank() > 0 ? sna_h5_scratch_create(&self->file, path)
                                                        : sna_h5_output_create(&self->file, outputs, path);
    if (status == 0)
        status = sna_h5_write_group(&self->file, self->file.id, "edges", "/edges", &root);
    if (status == 0)
        status = sna_h5_write_group(&self->file, root, population, self->place, &self->population);
    if (status == 0)
        status = open_column(self, &self->source, "source_node_id", SNA_U64);
    if (status == 0)
        status = open_column(self, &self->target, "target_node_id", SNA_U64);
    if (status == 0)
        status = open_column(self, &self->type, "edge_type_id", SNA_I64);
    if (status == 0)
        status = open_column(self, &self->group_id, "edge_group_id", SNA_U32);
    if (status == 0)
        status = open_column(self, &self->group_index, "edge_group_index", SNA_U64);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_h5_close_group(&root);
    sna_edge_writer_close(self);
    return status;
}

/* ---- groups ------------------------------------------------------------------------------------------------- */

/* The group of that number, made when there is none. */
static int group_of(sna_edge_writer *self, uint32_t number, sna_edge_group **out)
{
    int status = 0;
    char name[16];
    sna_edge_group *grown = NULL;

    *out = NULL;
    for (uint64_t i = 0; i < self->groups; i++)
        if (self->group[i].number == number) {
            *out = &self->group[i];
            goto out;
        }
    if (self->share != NULL) {
        status = sna_error(SNA_EINVAL, "%s: group %" PRIu32 " was not declared before the file was shared",
                           self->file.path, number);
        goto out;
    }
    grown = sna_grow(self->group, &self->group_capacity, self->groups + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->group = grown;
    grown = &self->group[self->groups];
    *grown = (sna_edge_group){.number = number, .id = H5I_INVALID_HID, .dynamics = H5I_INVALID_HID};
    snprintf(name, sizeof name, "%" PRIu32, number);
    status = sna_text_format(&grown->place, "%s/%s", self->place, name);
    if (status == 0)
        status = sna_h5_write_group(&self->file, self->population, name, grown->place, &grown->id);
    self->groups++;
    *out = grown;
out:
    return status;
}

int sna_edge_writer_need_group(sna_edge_writer *self)
{
    sna_edge_group *g = NULL;

    return self->groups == 0 ? group_of(self, 0, &g) : 0;
}

int sna_edge_writer_attribute(sna_edge_writer *self, uint32_t group, const char *name, sna_storage storage)
{
    static const char prefix[] = "dynamics_params/";
    int status = 0;
    const bool is_parameter = strncmp(name, prefix, sizeof prefix - 1) == 0;
    const char *last = is_parameter ? name + sizeof prefix - 1 : name;
    char *place = NULL;
    sna_edge_group *g = NULL;
    sna_column_writer *grown = NULL;

    status = sna_h5_check_name(last, "an attribute of edges");
    if (status == 0 && self->count > 0)
        status = sna_error(SNA_EINVAL, "%s: attribute `%s` is declared after the first edge", self->file.path, name);
    if (status == 0)
        status = group_of(self, group, &g);
    if (status != 0)
        goto out;
    status = sna_text_format(&place, "%s%s", g->place, is_parameter ? "/dynamics_params" : "");
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < g->attributes; i++)
        if (strncmp(g->attribute[i].place, place, strlen(place)) == 0 &&
            strcmp(g->attribute[i].place + strlen(place) + 1, last) == 0) {
            status = sna_error(SNA_EINVAL, "%s: attribute `%s` of group %" PRIu32 " is declared twice", self->file.path,
                               name, group);
            goto out;
        }
    if (strcmp(name, "dynamics_params") == 0) {
        status = sna_error(SNA_EINVAL, "an attribute cannot be called dynamics_params: that is a group of parameters");
        goto out;
    }
    if (is_parameter && g->dynamics < 0)
        status = sna_h5_write_group(&self->file, g->id, "dynamics_params", place, &g->dynamics);
    if (status != 0)
        goto out;
    grown = sna_grow(g->attribute, &g->capacity, g->attributes + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    g->attribute = grown;
    status = sna_column_writer_open(&g->attribute[g->attributes], &self->file, is_parameter ? g->dynamics : g->id,
                                    place, last, storage, 1, self->options.compress);
    if (status == 0)
        g->attributes++;
out:
    free(place);
    return status;
}

/* ---- edges -------------------------------------------------------------------------------------------------- */

static int check_ids(const sna_edge_writer *self, const uint64_t *id, uint64_t count, bool is_source)
{
    int status = 0;
    const uint64_t nodes = is_source ? self->source_count : self->target_count;

    for (uint64_t i = 0; i < count; i++)
        if (id[i] >= nodes) {
            status = sna_error(SNA_ERANGE, "%s: edge %" PRIu64 ": %s node %" PRIu64 ", but `%s` has %" PRIu64 " nodes",
                               self->file.path, self->count + i, is_source ? "source" : "target", id[i],
                               is_source ? self->source_population : self->target_population, nodes);
            break;
        }
    return status;
}

static void count_ids(uint64_t *edges, const uint64_t *id, uint64_t count, bool *sorted, uint64_t *last)
{
    bool ascends = *sorted;
    uint64_t before = *last;

    for (uint64_t i = 0; i < count; i++) {
        edges[id[i]]++;
        ascends = ascends && id[i] >= before;
        before = id[i];
    }
    *sorted = ascends;
    *last = before;
}

/* first, first + 1... into a column. */
static int append_rows(sna_column_writer *column, uint64_t first, uint64_t count)
{
    int status = 0;
    int64_t row[1024];

    while (count > 0 && status == 0) {
        const uint64_t now = count < sizeof row / sizeof *row ? count : sizeof row / sizeof *row;
        for (uint64_t i = 0; i < now; i++)
            row[i] = (int64_t)(first + i);
        status = sna_column_writer_integers(column, row, now);
        first += now;
        count -= now;
    }
    return status;
}

int sna_edge_writer_append(sna_edge_writer *self, uint32_t group, uint64_t count, const uint64_t *source,
                           const uint64_t *target, const int64_t *type_id, const sna_values *values)
{
    int status = 0;
    sna_edge_group *g = NULL;

    if (count == 0)
        goto out;
    status = group_of(self, group, &g);
    /* Checked first: a block is taken whole or not at all. */
    if (status == 0)
        status = check_ids(self, source, count, true);
    if (status == 0)
        status = check_ids(self, target, count, false);
    for (uint64_t i = 0; status == 0 && i < g->attributes; i++) {
        status = sna_storage_check(g->attribute[i].storage, values[i], count, 1, g->attribute[i].name);
        status = sna_error_in(status, "%s: edges from %" PRIu64 " on", self->file.path, self->count);
    }
    if (status != 0)
        goto out;
    if (self->share != NULL) {
        sna_edge_share_count(self, source, target, count);
    } else {
        count_ids(self->source_edges, source, count, &self->sources_sorted, &self->last_source);
        count_ids(self->target_edges, target, count, &self->targets_sorted, &self->last_target);
    }
    status = sna_column_writer_ids(&self->source, source, count);
    if (status == 0)
        status = sna_column_writer_ids(&self->target, target, count);
    if (status == 0)
        status = sna_column_writer_integers(&self->type, type_id, count);
    if (status == 0)
        status = sna_column_writer_repeat(&self->group_id, group, count);
    if (status == 0)
        status = append_rows(&self->group_index, g->rows, count);
    for (uint64_t i = 0; status == 0 && i < g->attributes; i++)
        status = sna_column_writer_values(&g->attribute[i], values[i], count);
    self->count += count;
    g->rows += count;
    self->failed = self->failed || status != 0;
out:
    return status;
}

uint64_t sna_edge_writer_count(const sna_edge_writer *self)
{
    return self->share != NULL ? sna_edge_share_total(self) : self->count;
}

sna_column_writer *sna_edge_writer_column(sna_edge_writer *self, uint64_t i)
{
    sna_column_writer *const own[SNA_EDGE_OWN_COLUMNS] = {&self->source, &self->target, &self->type, &self->group_id,
                                                          &self->group_index};

    if (i < SNA_EDGE_OWN_COLUMNS)
        return own[i];
    i -= SNA_EDGE_OWN_COLUMNS;
    for (uint64_t g = 0; g < self->groups; g++) {
        if (i < self->group[g].attributes)
            return &self->group[g].attribute[i];
        i -= self->group[g].attributes;
    }
    return NULL;
}

/* ---- the end ------------------------------------------------------------------------------------------------ */

int sna_edge_writer_read_back(const sna_column_writer *column, uint64_t first, uint64_t count, uint64_t *out)
{
    int status = 0;
    char reason[SNA_H5_REASON_SIZE];
    const hsize_t offset = first, extent = count;
    const hid_t space = H5Dget_space(column->dataset), memory = H5Screate_simple(1, &extent, NULL);

    if (space < 0 || memory < 0 || H5Sselect_hyperslab(space, H5S_SELECT_SET, &offset, NULL, &extent, NULL) < 0 ||
        H5Dread(column->dataset, H5T_NATIVE_UINT64, memory, space, H5P_DEFAULT, out) < 0)
        status = sna_error(SNA_EIO, "%s: %s: cannot read back what was written: %s", column->file->path, column->place,
                           sna_h5_reason(reason));
    if (memory >= 0)
        H5Sclose(memory);
    if (space >= 0)
        H5Sclose(space);
    return status;
}

static int build_indices(sna_edge_writer *self)
{
    int status = 0;
    char *place = NULL;
    hid_t indices = H5I_INVALID_HID;
    sna_index_job job = {.file = &self->file,
                         .edge_count = self->count,
                         .population = self->population,
                         .memory = self->options.memory,
                         .compress = self->options.compress};

    status = sna_text_format(&place, "%s/indices", self->place);
    if (status == 0)
        status = sna_h5_write_group(&self->file, self->population, "indices", place, &indices);
    if (status != 0)
        goto out;
    job.indices = indices;
    job.place = place;
    job.direction = SNA_AFFERENT;
    job.node_count = self->target_count;
    job.count = self->target_edges;
    job.sorted = self->targets_sorted;
    status = sna_index_build(&job);
    if (status != 0)
        goto out;
    free(self->target_edges);
    self->target_edges = NULL;
    job.direction = SNA_EFFERENT;
    job.node_count = self->source_count;
    job.count = self->source_edges;
    job.sorted = self->sources_sorted;
    status = sna_index_build(&job);
out:
    sna_h5_close_group(&indices);
    free(place);
    return status;
}

int sna_edge_writer_name_populations(sna_edge_writer *self)
{
    int status = sna_h5_write_text_attribute(&self->file, self->source.dataset, self->source.place, "node_population",
                                             self->source_population);

    if (status == 0)
        status = sna_h5_write_text_attribute(&self->file, self->target.dataset, self->target.place, "node_population",
                                             self->target_population);
    return status;
}

void sna_edge_writer_close_groups(sna_edge_writer *self)
{
    for (uint64_t i = 0; i < self->groups; i++) {
        sna_h5_close_group(&self->group[i].dynamics);
        sna_h5_close_group(&self->group[i].id);
    }
    sna_h5_close_group(&self->population);
}

int sna_edge_writer_finish(sna_edge_writer *self)
{
    int status = 0;

    if (self->finished || self->failed) {
        status = sna_error(SNA_EINVAL, "%s %s", self->file.path,
                           self->finished ? "is finished already" : "cannot be finished: writing it failed before");
        goto out;
    }
    self->finished = true;
    if (self->share != NULL) {
        status = sna_edge_share_finish(self);
        goto out;
    }
    status = sna_edge_writer_need_group(self);
    if (status == 0)
        status = sna_column_writer_finish(&self->source);
    if (status == 0)
        status = sna_column_writer_finish(&self->target);
    if (status == 0)
        status = sna_edge_writer_name_populations(self);
    if (status == 0)
        status = sna_column_writer_finish(&self->type);
    if (status == 0)
        status = sna_column_writer_finish(&self->group_id);
    if (status == 0)
        status = sna_column_writer_finish(&self->group_index);
    for (uint64_t i = 0; i < self->groups; i++)
        for (uint64_t k = 0; status == 0 && k < self->group[i].attributes; k++) {
            status = sna_column_writer_finish(&self->group[i].attribute[k]);
            sna_column_writer_close(&self->group[i].attribute[k]);
        }
    if (status == 0)
        status = build_indices(self);
    sna_column_writer_close(&self->source);
    sna_column_writer_close(&self->target);
    sna_column_writer_close(&self->type);
    sna_column_writer_close(&self->group_id);
    sna_column_writer_close(&self->group_index);
    sna_edge_writer_close_groups(self);
    if (status == 0)
        status = sna_h5_output_finish(&self->file);
out:
    return status;
}

void sna_edge_writer_close(sna_edge_writer *self)
{
    if (self == NULL)
        return;
    sna_column_writer_close(&self->source);
    sna_column_writer_close(&self->target);
    sna_column_writer_close(&self->type);
    sna_column_writer_close(&self->group_id);
    sna_column_writer_close(&self->group_index);
    for (uint64_t i = 0; i < self->groups; i++) {
        sna_edge_group *g = &self->group[i];
        for (uint64_t k = 0; k < g->attributes; k++)
            sna_column_writer_close(&g->attribute[k]);
        free(g->attribute);
        sna_h5_close_group(&g->dynamics);
        sna_h5_close_group(&g->id);
        free(g->place);
    }
    free(self->group);
    sna_h5_close_group(&self->population);
    sna_h5_output_free(&self->file);
    sna_edge_share_free(self->share);
    free(self->source_edges);
    free(self->target_edges);
    free(self->source_population);
    free(self->target_population);
    free(self->place);
    free(self);
}
