/* nodes.c: the nodes file and types CSV of a population. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

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

static int write_positions(const sna_population *self, sna_node_writer *writer)
{
    static const char *const name[] = {"x", "y", "z"};
    int status = 0;
    double *value = NULL;

    if (self->position == NULL)
        goto out;
    status = sna_allocate(&value, self->count, sizeof *value);
    for (unsigned d = 0; d < 3 && status == 0; d++) {
        for (uint64_t i = 0; i < self->count; i++)
            value[i] = self->position[i][d];
        status = sna_node_writer_attribute(writer, 0, name[d], SNA_F32, 1, (sna_values){.real = value});
    }
out:
    free(value);
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
        status = write_positions(self, writer);
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
