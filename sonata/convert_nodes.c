/* convert_nodes.c: node populations and types, written in another dialect. */
#include "sonata/convert.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- types -------------------------------------------------------------------------------------------------- */

int sna_convert_types(sna_conversion *self, const sna_types *types, const char *id_column, const char *path)
{
    int status = 0;
    sna_table *table = NULL;

    /* Texts as they stand in the file: a number keeps its digits. */
    status = sna_table_create(&table, NULL, NULL);
    if (status == 0)
        status = sna_table_add_column(table, id_column, NULL, SNA_INTEGER);
    for (uint64_t c = 0; c < sna_types_columns(types) && status == 0; c++)
        status = sna_table_add_column(table, sna_types_column(types, c)->name, NULL, SNA_TEXT);
    for (uint64_t row = 0; row < sna_types_count(types) && status == 0; row++) {
        status = sna_table_add_row(table, NULL);
        if (status == 0)
            status = sna_table_set_integer(table, row, 0, sna_types_id(types, row));
        for (uint64_t c = 0; c < sna_types_columns(types) && status == 0; c++)
            if (sna_types_text(types, row, c) != NULL)
                status = sna_table_set_text(table, row, c + 1, sna_types_text(types, row, c));
    }
    if (status == 0)
        status = sna_types_write(self->outputs, path, table);
    if (status == 0)
        status = sna_conversion_wrote(self, "types", "", sna_types_count(types), path);
    sna_table_free(table);
    return status;
}

/* ---- rows --------------------------------------------------------------------------------------------------- */

/* libsonata takes ids to be rows: where ids are 0 .. count-1 in another order, rows are put in the order of ids. *order
 * is NULL where rows stay where they are. */
static int order_rows(const sna_conversion *self, const sna_nodes *nodes, uint64_t **order)
{
    int status = 0;
    bool is_permutation = true;
    const uint64_t count = sna_nodes_count(nodes);

    *order = NULL;
    if (sna_nodes_ids_are_rows(nodes) || self->dialect == SNA_DIALECT_ALLEN)
        goto out;
    for (uint64_t id = 0; id < count && is_permutation; id++)
        is_permutation = sna_nodes_row(nodes, id) >= 0;
    if (!is_permutation) {
        status = sna_table_add_note(self->done,
                                    "The node ids of %s are not 0 to %" PRIu64
                                    ": readers of the BBP family, which take ids to be rows, will find other nodes.",
                                    sna_nodes_name(nodes), count - 1);
        goto out;
    }
    status = sna_allocate(order, count, sizeof **order);
    for (uint64_t id = 0; id < count && status == 0; id++)
        (*order)[id] = (uint64_t)sna_nodes_row(nodes, id);
    if (status == 0)
        status = sna_table_add_note(self->done, "The nodes of %s were put in the order of their ids.",
                                    sna_nodes_name(nodes));
out:
    return status;
}

static uint64_t row_at(const uint64_t *order, uint64_t i)
{
    return order == NULL ? i : order[i];
}

static int write_ids(sna_nodes *nodes, const uint64_t *order, sna_node_writer *writer)
{
    int status = 0;
    const uint64_t count = sna_nodes_count(nodes);
    const int64_t *type = NULL;
    int64_t *types = NULL;
    uint64_t *ids = NULL;

    status = sna_nodes_type_ids(nodes, &type);
    if (status == 0)
        status = sna_allocate(&types, count, sizeof *types);
    for (uint64_t i = 0; i < count && status == 0; i++)
        types[i] = type[row_at(order, i)];
    if (status == 0)
        status = sna_node_writer_type_ids(writer, types);
    if (status != 0 || sna_nodes_ids_are_rows(nodes) || order != NULL)
        goto out;
    status = sna_allocate(&ids, count, sizeof *ids);
    for (uint64_t i = 0; i < count && status == 0; i++)
        ids[i] = sna_nodes_id(nodes, i);
    if (status == 0)
        status = sna_node_writer_ids(writer, ids);
out:
    free(types);
    free(ids);
    return status;
}

/* ---- attributes --------------------------------------------------------------------------------------------- */

/* The rows of one group, or of all. */
typedef struct {
    int64_t group;   /* position in the population, or SNA_ALL_GROUPS */
    uint32_t number; /* to be written under */
    uint64_t *row;   /* [count] */
    uint64_t count;
} member_list;

static bool misses(const sna_column *column, const member_list *members)
{
    for (uint64_t i = 0; i < members->count; i++)
        if (sna_column_is_missing(column, members->row[i]))
            return true;
    return false;
}

static bool all_miss(const sna_column *column, const member_list *members)
{
    for (uint64_t i = 0; i < members->count; i++)
        if (!sna_column_is_missing(column, members->row[i]))
            return false;
    return members->count > 0;
}

/* An enumeration of one group stays one, with its texts and codes. */
static int write_enumeration(sna_nodes *nodes, const member_list *members, const char *name, sna_node_writer *writer)
{
    int status = 0;
    const sna_column *codes = NULL;
    const sna_list *texts = NULL;
    uint32_t *code = NULL;

    status = sna_nodes_codes(nodes, name, &codes);
    if (status == 0)
        status = sna_nodes_library(nodes, name, &texts);
    if (status == 0)
        status = sna_allocate(&code, members->count, sizeof *code);
    for (uint64_t i = 0; i < members->count && status == 0; i++)
        code[i] = (uint32_t)sna_column_integer(codes, members->row[i]);
    if (status == 0)
        status = sna_node_writer_enumeration(writer, members->number, name, code, texts);
    free(code);
    return status;
}

/* Does an attribute go into the file, for these rows? Attributes of the types CSV alone do where BBP's readers, which
 * do not look into it, should find them: all of them in their dialect, in both those that every node has (a node
 * without one would have an empty value for BMTK). */
static bool is_wanted(const sna_conversion *self, const sna_attribute *attribute, const sna_column_plan *plan,
                      const sna_column *column, const member_list *members)
{
    if (plan->has)
        return true;
    if (members->group != SNA_ALL_GROUPS || !sna_column_can_be_dataset(attribute->name) || all_miss(column, members))
        return false;
    return self->dialect == SNA_DIALECT_BBP || (self->dialect == SNA_DIALECT_BOTH && !misses(column, members));
}

static int write_attribute(const sna_conversion *self, sna_nodes *nodes, const sna_attribute *attribute,
                           const member_list *members, sna_value_room *room, sna_node_writer *writer)
{
    int status = 0;
    const char *name = attribute->name;
    const sna_column *column = NULL;
    sna_column_plan plan = {0};

    status = sna_column_plan_make(&nodes->population, members->group, name, &plan);
    if (status == 0 && attribute->storage == SNA_NOT_SUPPORTED)
        status = sna_error(SNA_EUNSUPPORTED, "%s: `%s` of %s is of a type that cannot be read, so it cannot be written",
                           sna_nodes_file(nodes), name, sna_nodes_name(nodes));
    if (status == 0)
        status = sna_nodes_column(nodes, name, &column);
    if (status != 0 || !is_wanted(self, attribute, &plan, column, members))
        goto out;
    if (column->type == SNA_INTEGER && misses(column, members))
        plan.storage = SNA_F64;
    if (self->dialect == SNA_DIALECT_BBP && attribute->enumeration && nodes->population.group_count == 1 &&
        (attribute->origin & SNA_FROM_TYPES) == 0 && !misses(column, members)) {
        status = write_enumeration(nodes, members, name, writer);
        goto out;
    }
    status = sna_value_room_fill(room, column, members->row, members->count, plan.storage);
    if (status == 0)
        status = sna_node_writer_attribute(writer, members->number, name, plan.storage, column->width, room->values);
    if (status == 0 && column->width > 1 && self->dialect != SNA_DIALECT_ALLEN)
        status =
            sna_table_add_note(self->done, "`%s` of %s has %" PRIu32 " values a row, which libsonata does not read.",
                               name, sna_nodes_name(nodes), column->width);
out:
    return status;
}

static int write_members(const sna_conversion *self, sna_nodes *nodes, const member_list *members,
                         sna_node_writer *writer)
{
    int status = 0;
    sna_value_room room = {0};

    for (uint64_t i = 0; i < sna_nodes_attributes(nodes) && status == 0; i++)
        status = write_attribute(self, nodes, sna_nodes_attribute(nodes, i), members, &room, writer);
    sna_value_room_free(&room);
    return status;
}

/* The groups as they are: BMTK reads them. */
static int write_groups(const sna_conversion *self, sna_nodes *nodes, sna_node_writer *writer)
{
    int status = 0;
    const uint64_t count = sna_nodes_count(nodes);
    const uint32_t *group = NULL;
    const uint64_t *index = NULL;
    member_list members = {0};

    status = sna_nodes_groups(nodes, &group, &index);
    if (status == 0)
        status = sna_node_writer_groups(writer, group);
    if (status == 0)
        status = sna_allocate(&members.row, count, sizeof *members.row);
    for (uint64_t g = 0; g < nodes->population.group_count && status == 0; g++) {
        members.group = (int64_t)g;
        members.number = nodes->population.group[g].number;
        members.count = 0;
        for (uint64_t i = 0; i < count; i++)
            if (group[i] == members.number)
                members.row[members.count++] = i;
        if (members.count > 0)
            status = write_members(self, nodes, &members, writer);
    }
    free(members.row);
    return status;
}

static int write_merged(const sna_conversion *self, sna_nodes *nodes, const uint64_t *order, sna_node_writer *writer)
{
    int status = 0;
    member_list members = {.group = SNA_ALL_GROUPS, .count = sna_nodes_count(nodes)};

    status = sna_allocate(&members.row, members.count, sizeof *members.row);
    for (uint64_t i = 0; i < members.count && status == 0; i++)
        members.row[i] = row_at(order, i);
    if (status == 0)
        status = write_members(self, nodes, &members, writer);
    if (status == 0 && nodes->population.group_count > 1)
        status = sna_table_add_note(self->done, "The %" PRIu64 " groups of %s became one: libsonata reads no more.",
                                    nodes->population.group_count, sna_nodes_name(nodes));
    free(members.row);
    return status;
}

int sna_convert_nodes(sna_conversion *self, sna_nodes *nodes, const char *path)
{
    int status = 0;
    uint64_t *order = NULL;
    sna_node_writer *writer = NULL;

    status = order_rows(self, nodes, &order);
    if (status == 0)
        status = sna_node_writer_open(&writer, self->outputs, path, sna_nodes_name(nodes), sna_nodes_count(nodes),
                                      &self->write);
    if (status == 0)
        status = write_ids(nodes, order, writer);
    if (status == 0)
        status = self->dialect == SNA_DIALECT_ALLEN && nodes->population.group_count > 1
                     ? write_groups(self, nodes, writer)
                     : write_merged(self, nodes, order, writer);
    if (status == 0)
        status = sna_node_writer_finish(writer);
    for (uint64_t i = 0; i < nodes->population.extra.count && status == 0; i++)
        status = sna_table_add_note(self->done, "`%s` of %s is not part of SONATA and was left out.",
                                    nodes->population.extra.text[i], sna_nodes_name(nodes));
    if (status == 0)
        status = sna_conversion_wrote(self, "nodes", sna_nodes_name(nodes), sna_nodes_count(nodes), path);
    sna_node_writer_close(writer);
    free(order);
    return status;
}
