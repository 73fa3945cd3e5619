/* convert_edges.c: edge populations and gap junctions, written in another dialect, block by block. */
#include "sonata/convert.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The attributes of one group of what is written. */
typedef struct {
    uint32_t number;
    uint64_t *column;     /* [count] which of what is read */
    sna_storage *storage; /* [count] */
    uint64_t count;
    sna_value_room *room; /* [count] */
    sna_values *values;   /* [count] */
} written_group;

typedef struct {
    sna_conversion *conversion;
    sna_edges *edges;
    const char **name; /* [names] attributes that are read; the group id last where groups are kept */
    uint64_t names;
    bool keeps_groups;
    written_group *group; /* [groups] */
    uint64_t groups;
    sna_edge_writer *writer;
} edge_copy;

/* ---- planning ----------------------------------------------------------------------------------------------- */

/* Where `name` stands among what is read, added when it is not there. Room was made for all attributes. */
static uint64_t read_name(edge_copy *self, const char *name)
{
    uint64_t at = 0;

    while (at < self->names && strcmp(self->name[at], name) != 0)
        at++;
    if (at == self->names)
        self->name[self->names++] = name;
    return at;
}

static int plan_attribute(edge_copy *self, const sna_attribute *attribute, int64_t which, written_group *group)
{
    int status = 0;
    sna_column_plan plan = {0};
    const bool from_types = self->conversion->dialect == SNA_DIALECT_BBP && which == SNA_ALL_GROUPS &&
                            sna_column_can_be_dataset(attribute->name);

    status = sna_column_plan_make(&self->edges->population, which, attribute->name, &plan);
    if (status != 0)
        goto out;
    if (attribute->storage == SNA_NOT_SUPPORTED || attribute->width > 1) {
        status = sna_error(SNA_EUNSUPPORTED, "%s: `%s` of %s %s, so it cannot be written", sna_edges_file(self->edges),
                           attribute->name, sna_edges_name(self->edges),
                           attribute->width > 1 ? "has several values an edge" : "is of a type that cannot be read");
        goto out;
    }
    /* Queries say how edges were made; they say nothing of an edge. */
    if (!plan.has &&
        (!from_types || strcmp(attribute->name, "source_query") == 0 || strcmp(attribute->name, "target_query") == 0))
        goto out;
    if (!plan.complete && plan.storage != SNA_UTF8 && !sna_storage_is_real(plan.storage))
        plan.storage = SNA_F64;
    group->column[group->count] = read_name(self, attribute->name);
    group->storage[group->count++] = plan.storage;
    status = sna_edge_writer_attribute(self->writer, group->number, attribute->name, plan.storage);
out:
    return status;
}

static int plan_group(edge_copy *self, int64_t which, written_group *group)
{
    int status = 0;
    const uint64_t most = sna_edges_attributes(self->edges);

    group->number = which == SNA_ALL_GROUPS ? 0 : self->edges->population.group[which].number;
    status = sna_allocate(&group->column, most, sizeof *group->column);
    if (status == 0)
        status = sna_allocate(&group->storage, most, sizeof *group->storage);
    if (status == 0)
        status = sna_allocate(&group->room, most, sizeof *group->room);
    if (status == 0)
        status = sna_allocate(&group->values, most, sizeof *group->values);
    for (uint64_t i = 0; i < most && status == 0; i++)
        status = plan_attribute(self, sna_edges_attribute(self->edges, i), which, group);
    return status;
}

static int plan(edge_copy *self)
{
    int status = 0;
    const uint64_t groups = self->edges->population.group_count;

    self->keeps_groups = self->conversion->dialect == SNA_DIALECT_ALLEN && groups > 1;
    self->groups = self->keeps_groups ? groups : 1;
    status = sna_allocate(&self->name, sna_edges_attributes(self->edges) + 1, sizeof *self->name);
    if (status == 0)
        status = sna_allocate(&self->group, self->groups, sizeof *self->group);
    for (uint64_t g = 0; g < self->groups && status == 0; g++)
        status = plan_group(self, self->keeps_groups ? (int64_t)g : SNA_ALL_GROUPS, &self->group[g]);
    if (status == 0 && self->keeps_groups)
        (void)read_name(self, "edge_group_id");
    if (status == 0 && groups > 1 && !self->keeps_groups)
        status = sna_table_add_note(self->conversion->done,
                                    "The %" PRIu64 " groups of %s became one: libsonata reads no more.", groups,
                                    sna_edges_name(self->edges));
    return status;
}

/* ---- copying ------------------------------------------------------------------------------------------------ */

static written_group *group_of(edge_copy *self, int64_t number)
{
    for (uint64_t g = 0; g < self->groups; g++)
        if ((int64_t)self->group[g].number == number)
            return &self->group[g];
    return NULL;
}

/* Writes edges first .. end-1 of a block, all of one group whose rooms are filled for the rows from `base` on. */
static int append(edge_copy *self, written_group *group, const sna_edge_block *block, uint64_t first, uint64_t end,
                  uint64_t base)
{
    for (uint64_t i = 0; i < group->count; i++)
        group->values[i] = sna_value_room_from(&group->room[i], group->storage[i], first - base);
    return sna_edge_writer_append(self->writer, group->number, end - first, block->source + first,
                                  block->target + first, block->type + first, group->values);
}

static int fill(written_group *group, const sna_edge_block *block, const uint64_t *row, uint64_t count)
{
    int status = 0;

    for (uint64_t i = 0; i < group->count && status == 0; i++)
        status = sna_value_room_fill(&group->room[i], &block->column[group->column[i]], row, count, group->storage[i]);
    return status;
}

/* Runs of edges of one group, as they stand. */
static int copy_runs(edge_copy *self, const sna_edge_block *block)
{
    int status = 0;
    enum { AT_ONCE = 4096 };
    uint64_t row[AT_ONCE];
    const sna_column *number = &block->column[self->names - 1];

    for (uint64_t first = 0; first < block->count && status == 0;) {
        const int64_t wanted = sna_column_is_missing(number, first) ? -1 : sna_column_integer(number, first);
        written_group *group = group_of(self, wanted);
        uint64_t end = first;
        if (group == NULL)
            return sna_error(SNA_EFORMAT, "%s: edge %" PRIu64 " of %s is in no group", sna_edges_file(self->edges),
                             block->first + first, sna_edges_name(self->edges));
        while (end < block->count && end - first < AT_ONCE && !sna_column_is_missing(number, end) &&
               sna_column_integer(number, end) == wanted) {
            row[end - first] = end;
            end++;
        }
        status = fill(group, block, row, end - first);
        if (status == 0)
            status = append(self, group, block, first, end, first);
        first = end;
    }
    return status;
}

static int copy_edges(edge_copy *self)
{
    int status = 0;
    sna_progress progress;
    const sna_edge_request request = {.parts = SNA_EDGE_SOURCE | SNA_EDGE_TARGET | SNA_EDGE_TYPE,
                                      .attribute = self->name,
                                      .attribute_count = self->names};
    sna_edge_stream *stream = NULL;
    sna_edge_block block = {0};

    sna_progress_start(&progress, sna_edges_name(self->edges), "edges", sna_edges_count(self->edges));
    status = sna_edge_stream_open(&stream, self->edges, &request);
    while (status == 0) {
        status = sna_edge_stream_next(stream, &block);
        if (status != 0 || block.count == 0)
            break;
        if (self->keeps_groups) {
            status = copy_runs(self, &block);
        } else {
            status = fill(&self->group[0], &block, NULL, block.count);
            if (status == 0)
                status = append(self, &self->group[0], &block, 0, block.count, 0);
        }
        sna_progress_update(&progress, block.first + block.count);
        if (status == 0)
            status = sna_check_cancelled();
    }
    sna_progress_end(&progress);
    sna_edge_stream_close(stream);
    return status;
}

/* ---- the nodes at the ends ---------------------------------------------------------------------------------- */

/* Rows that the index needs: one past the largest id. */
static uint64_t id_limit(const sna_nodes *nodes)
{
    uint64_t limit = 0;

    for (uint64_t i = 0; i < sna_nodes_count(nodes); i++)
        limit = sna_nodes_id(nodes, i) >= limit ? sna_nodes_id(nodes, i) + 1 : limit;
    return limit;
}

/* Without the nodes, the edges say what ids there are. */
static int scan_limits(sna_edges *edges, uint64_t *source, uint64_t *target)
{
    int status = 0;
    const sna_edge_request request = {.parts = SNA_EDGE_SOURCE | SNA_EDGE_TARGET};
    sna_edge_stream *stream = NULL;
    sna_edge_block block = {0};

    *source = *target = 0;
    status = sna_edge_stream_open(&stream, edges, &request);
    while (status == 0) {
        status = sna_edge_stream_next(stream, &block);
        if (status != 0 || block.count == 0)
            break;
        for (uint64_t i = 0; i < block.count; i++) {
            *source = block.source[i] >= *source ? block.source[i] + 1 : *source;
            *target = block.target[i] >= *target ? block.target[i] + 1 : *target;
        }
    }
    sna_edge_stream_close(stream);
    return status;
}

static void free_copy(edge_copy *self)
{
    for (uint64_t g = 0; self->group != NULL && g < self->groups; g++) {
        written_group *group = &self->group[g];
        for (uint64_t i = 0; i < group->count; i++)
            sna_value_room_free(&group->room[i]);
        free(group->column);
        free(group->storage);
        free(group->room);
        free(group->values);
    }
    free(self->group);
    free(self->name);
    sna_edge_writer_close(self->writer);
}

int sna_convert_edges(sna_conversion *self, sna_edges *edges, const sna_nodes *source, const sna_nodes *target,
                      const char *source_name, const char *target_name, const char *path)
{
    int status = 0;
    uint64_t sources = 0, targets = 0;
    edge_copy copy = {.conversion = self, .edges = edges};

    if (source == NULL || target == NULL)
        status = scan_limits(edges, &sources, &targets);
    if (source != NULL)
        sources = id_limit(source);
    if (target != NULL)
        targets = id_limit(target);
    if (status == 0)
        status = sna_edge_writer_open(&copy.writer, self->outputs, path, sna_edges_name(edges), source_name, sources,
                                      target_name, targets, &self->write);
    if (status == 0)
        status = plan(&copy);
    if (status == 0)
        status = copy_edges(&copy);
    if (status == 0)
        status = sna_edge_writer_finish(copy.writer);
    for (uint64_t i = 0; i < edges->population.extra.count && status == 0; i++)
        status = sna_table_add_note(self->done, "`%s` of %s is not part of SONATA and was left out.",
                                    edges->population.extra.text[i], sna_edges_name(edges));
    if (status == 0)
        status = sna_conversion_wrote(self, "edges", sna_edges_name(edges), sna_edges_count(edges), path);
    free_copy(&copy);
    return status;
}

/* ---- gap junctions ------------------------------------------------------------------------------------------ */

int sna_convert_gaps(sna_conversion *self, const char *from, const char *path)
{
    int status = 0;
    sna_gaps gaps = {0};
    sna_gap_writer *writer = NULL;

    status = sna_gaps_read(&gaps, from, NULL);
    if (status == 0)
        status = sna_gap_writer_open(&writer, self->outputs, path, &self->write);
    if (status == 0)
        status = sna_gap_writer_append(writer, gaps.count, gaps.source, gaps.target, gaps.source_gap, gaps.target_gap);
    if (status == 0)
        status = sna_gap_writer_finish(writer);
    if (status == 0)
        status = sna_conversion_wrote(self, "gap junctions", "", gaps.count, path);
    sna_gap_writer_close(writer);
    sna_gaps_free(&gaps);
    return status;
}
