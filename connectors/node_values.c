/* node_values.c: properties that differ from node to node. */
#include "node_values.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const sna_node_column *sna_node_values_find(const sna_population *population, const char *name)
{
    for (uint64_t c = 0; c < population->columns; c++) {
        if (strcmp(population->column[c].name, name) == 0)
            return &population->column[c];
    }
    return NULL;
}

bool sna_node_type_generates(const sna_node_type *type, const char *name)
{
    uint64_t column;

    return sna_generators_find(&type->generators, name, &column) != NULL;
}

static int find_column(sna_population *population, const sna_json *json, const cJSON *item, const sna_generated *from)
{
    int status = 0;
    sna_node_column *column = NULL, *grown;

    for (uint64_t c = 0; c < population->columns && column == NULL; c++) {
        if (strcmp(population->column[c].name, from->name) == 0)
            column = &population->column[c];
    }
    if (column == NULL) {
        grown = realloc(population->column, (population->columns + 1) * sizeof *population->column);
        if (grown == NULL) {
            status = sna_error(SNA_ENOMEM, "no memory for the properties of nodes");
            goto out;
        }
        population->column = grown;
        population->column[population->columns++] =
            (sna_node_column){.name = from->name, .type = from->type, .storage = from->storage};
    } else if ((column->type == SNA_TEXT) != (from->type == SNA_TEXT)) {
        status = sna_json_error(json, item, SNA_EFORMAT, "another type of %s gives `%s` %s, this one %s",
                                population->name, from->name, column->type == SNA_TEXT ? "texts" : "numbers",
                                from->type == SNA_TEXT ? "texts" : "numbers");
    } else if (column->type != from->type) {
        column->type = SNA_REAL;
        column->storage = SNA_F64;
    } else if (column->storage != from->storage) {
        column->storage = from->type == SNA_INTEGER ? SNA_I64 : from->type == SNA_REAL ? SNA_F64 : SNA_UTF8;
    }
out:
    return status;
}

static int make_columns(const sna_network *network, sna_population *population)
{
    int status = 0;

    for (uint64_t t = 0; t < population->types; t++) {
        const sna_generators *generators = &population->type[t].generators;
        for (uint64_t g = 0; g < generators->count; g++) {
            for (uint64_t c = 0; c < generators->item[g].columns && status == 0; c++)
                status =
                    find_column(population, network->json, generators->item[g].item, &generators->item[g].column[c]);
        }
    }
    for (uint64_t c = 0; c < population->columns && status == 0; c++) {
        sna_node_column *column = &population->column[c];
        if (column->type == SNA_INTEGER)
            status = sna_allocate(&column->integer, population->count, sizeof *column->integer);
        else if (column->type == SNA_REAL)
            status = sna_allocate(&column->real, population->count, sizeof *column->real);
        else
            status = sna_allocate(&column->text, population->count, sizeof *column->text);
    }
    return status;
}

static int draw_type(const sna_network *network, sna_population *population, const sna_node_type *type, uint64_t g)
{
    sna_generator *generator = &type->generators.item[g];
    char *name = NULL;
    int status = 0;

    if (sna_generator_counts(generator) && generator->values != type->count) {
        status = sna_json_error(network->json, generator->item, SNA_EFORMAT,
                                "lists %" PRIu64 " values, but there are %" PRIu64 " nodes of this type",
                                generator->values, type->count);
        goto out;
    }
    status = sna_text_format(&name, "nodes/%s/%s", population->name, generator->item->string);
    if (status != 0)
        goto out;
    generator->purpose = sna_random_purpose(name);
    for (uint64_t id = type->first; id < type->end; id++) {
        sna_value value[SNA_COLUMNS_MOST];
        sna_random random;
        sna_generator_start(generator, &random, network->seed, id, 0, 0);
        sna_generator_draw(generator, &random, id - type->first, NULL, NULL, value);
        for (uint64_t c = 0; c < population->columns; c++) {
            sna_node_column *column = &population->column[c];
            for (uint64_t k = 0; k < generator->columns; k++) {
                const bool integer = generator->column[k].type == SNA_INTEGER;
                if (strcmp(column->name, generator->column[k].name) != 0)
                    continue;
                if (column->integer != NULL)
                    column->integer[id] = value[k].integer;
                else if (column->real != NULL)
                    column->real[id] = integer ? (double)value[k].integer : value[k].real;
                else
                    column->text[id] = value[k].text;
            }
        }
    }
out:
    free(name);
    return status;
}

int sna_node_values_make(sna_network *network, sna_population *population)
{
    int status = make_columns(network, population);

    for (uint64_t t = 0; t < population->types && status == 0; t++) {
        const sna_node_type *type = &population->type[t];
        for (uint64_t g = 0; g < type->generators.count && status == 0; g++)
            status = draw_type(network, population, type, g);
    }
    return status;
}

void sna_node_values_free(sna_population *population)
{
    for (uint64_t c = 0; c < population->columns; c++) {
        free(population->column[c].integer);
        free(population->column[c].real);
        free(population->column[c].text);
    }
    free(population->column);
    population->column = NULL;
    population->columns = 0;
}
