/* nodes.c: the nodes file and types CSV of a population. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "node_values.h"

static int write_types(const sna_population *self, const char *path, sna_outputs *outputs)
{
    int status = 0;
    sna_table *table = NULL;
    const sna_constants **row = NULL;

    status = sna_allocate(&row, self->types, sizeof *row);
    if (status == 0)
        status = sna_table_create(&table, NULL, NULL);
    if (status == 0)
        status = sna_table_add_column(table, "node_type_id", NULL, SNA_INTEGER);
    for (uint64_t i = 0; i < self->types && status == 0; i++) {
        row[i] = &self->type[i].constant;
        status = sna_table_add_row(table, NULL);
        if (status == 0)
            status = sna_table_set_integer(table, i, 0, SNA_FIRST_TYPE_ID + (int64_t)i);
    }
    if (status == 0)
        status = sna_constants_table(table, row, self->types);
    if (status == 0)
        status = sna_types_write(outputs, path, table);
    free(row);
    sna_table_free(table);
    return status;
}

/* ---- groups ------------------------------------------------------------------------------------------------- */

/* Nodes of different types may have different properties of their own. Where every type can fill every column all nodes
 * go into one group, which is all that some readers read; else into one for each set of columns, as BMTK does. */

static bool has_place(const sna_population *self, const sna_node_type *type)
{
    return type->count > 0 && self->position != NULL && !isnan(self->position[type->first][0]);
}

/* A rotation that a type does not have is one by nothing. */
static bool is_rotation(const char *name)
{
    return strncmp(name, "rotation_angle_", strlen("rotation_angle_")) == 0;
}

static bool can_fill(const sna_node_type *type, const sna_node_column *column)
{
    const sna_constant *constant = sna_constants_find(&type->constant, column->name);

    if (sna_node_type_generates(type, column->name) || type->count == 0)
        return true;
    if (constant != NULL && !constant->missing)
        return column->type == SNA_TEXT      ? constant->type == SNA_TEXT
               : column->type == SNA_INTEGER ? constant->type == SNA_INTEGER
                                             : constant->type == SNA_INTEGER || constant->type == SNA_REAL;
    return is_rotation(column->name) && column->type != SNA_TEXT;
}

/* Same positions and generated properties? */
static bool same_columns(const sna_population *self, const sna_node_type *a, const sna_node_type *b)
{
    if (has_place(self, a) != has_place(self, b))
        return false;
    for (uint64_t c = 0; c < self->columns; c++) {
        if (sna_node_type_generates(a, self->column[c].name) != sna_node_type_generates(b, self->column[c].name))
            return false;
    }
    return true;
}

/* The group of each type, and how many there are. */
static uint32_t find_groups(const sna_population *self, uint32_t *group)
{
    bool one = true;
    uint32_t groups = 0;

    for (uint64_t t = 0; t < self->types && one; t++) {
        const sna_node_type *type = &self->type[t];
        one = self->position == NULL || type->count == 0 || has_place(self, type);
        for (uint64_t c = 0; c < self->columns && one; c++)
            one = can_fill(type, &self->column[c]);
    }
    for (uint64_t t = 0; t < self->types; t++) {
        uint64_t like = 0;
        while (!one && like < t && !same_columns(self, &self->type[like], &self->type[t]))
            like++;
        group[t] = one ? 0 : like < t ? group[like] : groups++;
    }
    return one ? 1 : groups;
}

/* ---- attributes --------------------------------------------------------------------------------------------- */

static void take_constant(const sna_node_column *column, const sna_constant *constant, uint64_t at, int64_t *integer,
                          double *real, const char **text)
{
    if (column->type == SNA_INTEGER)
        integer[at] = constant != NULL ? constant->integer : 0;
    else if (column->type == SNA_REAL)
        real[at] = constant != NULL ? constant->real : 0;
    else
        text[at] = constant != NULL ? constant->text : NULL;
}

/* One column for the nodes of a group, in their order. */
static int write_column(const sna_population *self, const sna_node_column *column, const uint32_t *group,
                        uint32_t number, sna_node_writer *writer)
{
    int64_t *integer = NULL;
    double *real = NULL;
    const char **text = NULL;
    uint64_t count = 0;
    sna_values values = {.integer = NULL};
    bool any = false;
    int status = 0;

    if (column->type == SNA_INTEGER)
        status = sna_allocate(&integer, self->count, sizeof *integer);
    else if (column->type == SNA_REAL)
        status = sna_allocate(&real, self->count, sizeof *real);
    else
        status = sna_allocate(&text, self->count, sizeof *text);
    for (uint64_t t = 0; t < self->types && status == 0; t++) {
        const sna_node_type *type = &self->type[t];
        const sna_constant *constant = sna_constants_find(&type->constant, column->name);
        const bool generates = sna_node_type_generates(type, column->name);
        if (group[t] != number || type->count == 0)
            continue;
        any = any || generates;
        for (uint64_t id = type->first; id < type->end; id++, count++) {
            if (!generates)
                take_constant(column, constant, count, integer, real, text);
            else if (integer != NULL)
                integer[count] = column->integer[id];
            else if (real != NULL)
                real[count] = column->real[id];
            else
                text[count] = column->text[id];
        }
    }
    if (integer != NULL)
        values.integer = integer;
    else if (real != NULL)
        values.real = real;
    else
        values.text = text;
    if (status == 0 && any)
        status = sna_node_writer_attribute(writer, number, column->name, column->storage, 1, values);
    free(integer);
    free(real);
    free(text);
    return status;
}

static int write_positions(const sna_population *self, const uint32_t *group, uint32_t number, sna_node_writer *writer)
{
    static const char *const name[] = {"x", "y", "z"};
    double *value = NULL;
    int status = 0;

    if (self->position == NULL)
        goto out;
    status = sna_allocate(&value, self->count, sizeof *value);
    for (unsigned d = 0; d < 3 && status == 0; d++) {
        uint64_t count = 0;
        for (uint64_t t = 0; t < self->types; t++) {
            const sna_node_type *type = &self->type[t];
            if (group[t] != number || !has_place(self, type))
                continue;
            for (uint64_t id = type->first; id < type->end; id++)
                value[count++] = self->position[id][d];
        }
        if (count > 0)
            status = sna_node_writer_attribute(writer, number, name[d], SNA_F32, 1, (sna_values){.real = value});
    }
out:
    free(value);
    return status;
}

static int write_groups(const sna_population *self, sna_node_writer *writer)
{
    uint32_t *group = NULL, *of_node = NULL;
    uint32_t groups;
    int status = sna_allocate(&group, self->types, sizeof *group);

    if (status != 0)
        goto out;
    groups = find_groups(self, group);
    if (groups > 1) {
        status = sna_allocate(&of_node, self->count, sizeof *of_node);
        for (uint64_t t = 0; t < self->types && status == 0; t++) {
            for (uint64_t id = self->type[t].first; id < self->type[t].end; id++)
                of_node[id] = group[t];
        }
        if (status == 0)
            status = sna_node_writer_groups(writer, of_node);
    }
    for (uint32_t number = 0; number < groups && status == 0; number++) {
        status = write_positions(self, group, number, writer);
        for (uint64_t c = 0; c < self->columns && status == 0; c++)
            status = write_column(self, &self->column[c], group, number, writer);
    }
out:
    free(group);
    free(of_node);
    return status;
}

static int write_nodes(const sna_network *network, const sna_population *self, const char *path, sna_outputs *outputs)
{
    int status = 0;
    sna_node_writer *writer = NULL;
    int64_t *type_id = NULL;
    const sna_write_options options = {.compress = network->options.compress};

    status = sna_allocate(&type_id, self->count, sizeof *type_id);
    for (uint64_t i = 0; i < self->types && status == 0; i++) {
        for (uint64_t id = self->type[i].first; id < self->type[i].end; id++)
            type_id[id] = SNA_FIRST_TYPE_ID + (int64_t)i;
    }
    if (status == 0)
        status = sna_node_writer_open(&writer, outputs, path, self->name, self->count, &options);
    if (status == 0)
        status = sna_node_writer_type_ids(writer, type_id);
    if (status == 0)
        status = write_groups(self, writer);
    if (status == 0)
        status = sna_node_writer_finish(writer);
    sna_node_writer_close(writer);
    free(type_id);
    return status;
}

int sna_population_write(const sna_network *self, uint64_t index, const char *nodes, const char *types,
                         sna_outputs *outputs)
{
    const sna_population *population = &self->population[index];
    int status = write_types(population, types, outputs);

    if (status == 0)
        status = write_nodes(self, population, nodes, outputs);
    return status;
}

const char *sna_population_model_type(const sna_population *self)
{
    const sna_constant *first = NULL;

    for (uint64_t i = 0; i < self->types; i++) {
        const sna_constant *type = sna_constants_find(&self->type[i].constant, "model_type");
        if (type == NULL || type->missing || type->type != SNA_TEXT)
            return NULL;
        if (first != NULL && strcmp(first->text, type->text) != 0)
            return NULL;
        first = type;
    }
    return first == NULL ? NULL : first->text;
}
