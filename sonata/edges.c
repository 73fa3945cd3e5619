/* edges.c: edge populations: opening, and the populations at both ends. */
#include "sonata/edges.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The population names in "A_to_B" or "A__B__kind"; *part is NULL where the name has neither form. */
static int part_of_name(char **part, const char *name, bool is_source)
{
    int status = 0;
    const char *cut = strstr(name, "_to_"), *rest = NULL, *end = NULL;

    *part = NULL;
    if (cut != NULL && cut != name) {
        rest = cut + strlen("_to_");
        end = rest + strlen(rest);
    } else if ((cut = strstr(name, "__")) != NULL && cut != name) {
        rest = cut + strlen("__");
        end = strstr(rest, "__");
    }
    if (rest == NULL || end == NULL || end == rest)
        goto out;
    if (is_source)
        status = sna_text_format(part, "%.*s", (int)(cut - name), name);
    else
        status = sna_text_format(part, "%.*s", (int)(end - rest), rest);
out:
    return status;
}

static int read_end(sna_edges *self, const sna_dataset *dataset, bool is_source, char **out)
{
    int status = 0;
    sna_population *population = &self->population;

    status = sna_h5_text_attribute(out, dataset->id, "node_population");
    if (status != 0 || *out != NULL)
        goto out;
    status = sna_h5_text_attribute(out, dataset->id, "network");
    if (status == 0 && *out != NULL) {
        status = sna_notes_add(population->notes, "edges.network-attribute", population->file->path, dataset->place,
                               "the population of the nodes is in the old attribute `network`");
        goto out;
    }
    if (status == 0)
        status = part_of_name(out, population->name, is_source);
    if (status == 0)
        status = sna_notes_add(population->notes, "edges.no-node-population", population->file->path, dataset->place,
                               *out != NULL ? "there is no attribute node_population; the name of the edges says `%s`"
                                            : "there is no attribute node_population%s",
                               *out != NULL ? *out : "");
out:
    return status;
}

int sna_edges_open_in(sna_edges **out, sna_h5_file *file, const char *types_file, const char *population,
                      sna_notes *notes)
{
    static const char *const known[] = {"source_node_id", "target_node_id",   "edge_id", "edge_type_id",
                                        "edge_group_id",  "edge_group_index", "indices", "indicies",
                                        "incidies",       "index_pointer",    NULL};
    int status = 0;
    sna_edges *self = NULL;
    sna_dataset *source = NULL, *target = NULL;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->population.id = H5I_INVALID_HID;
    status = sna_population_open(&self->population, file, "edges", "edge", population, types_file, known, notes);
    if (status == 0)
        status = sna_population_dataset(&self->population, "source_node_id", true, UINT64_MAX, &source);
    if (status != 0)
        goto out;
    self->population.count = source->rows;
    status = sna_population_dataset(&self->population, "target_node_id", true, self->population.count, &target);
    if (status == 0 && target->rows != source->rows)
        status = sna_error(SNA_EFORMAT, "%s: %s: source_node_id has %" PRIu64 " rows, but target_node_id has %" PRIu64,
                           file->path, self->population.place, source->rows, target->rows);
    if (status == 0)
        status = sna_rows_check(&self->population);
    if (status == 0)
        status = read_end(self, source, true, &self->source_population);
    if (status == 0)
        status = read_end(self, target, false, &self->target_population);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_dataset_close(source);
    sna_dataset_close(target);
    sna_edges_close(self);
    return status;
}

int sna_edges_open(sna_edges **out, const char *path, const char *types_file, const char *population, sna_notes *notes)
{
    int status = 0;
    char *name = NULL;
    sna_h5_file *file = NULL;

    *out = NULL;
    status = sna_h5_open(&file, path);
    if (status == 0)
        status = sna_population_choose(&name, file, "edges", population);
    if (status == 0)
        status = sna_edges_open_in(out, file, types_file, name, notes);
    free(name);
    sna_h5_release(file);
    return status;
}

const char *sna_edges_name(const sna_edges *self)
{
    return self->population.name;
}

const char *sna_edges_file(const sna_edges *self)
{
    return self->population.file->path;
}

uint64_t sna_edges_count(const sna_edges *self)
{
    return self->population.count;
}

const sna_types *sna_edges_types(const sna_edges *self)
{
    return self->population.types;
}

const char *sna_edges_source_population(const sna_edges *self)
{
    return self->source_population;
}

const char *sna_edges_target_population(const sna_edges *self)
{
    return self->target_population;
}

uint64_t sna_edges_attributes(const sna_edges *self)
{
    return self->population.attribute_count;
}

const sna_attribute *sna_edges_attribute(const sna_edges *self, uint64_t index)
{
    return index < self->population.attribute_count ? &self->population.attribute[index] : NULL;
}

const sna_attribute *sna_edges_find_attribute(const sna_edges *self, const char *name)
{
    return sna_population_find(&self->population, name);
}

void sna_edges_close(sna_edges *self)
{
    if (self == NULL)
        return;
    sna_edge_index_free(&self->index[SNA_AFFERENT]);
    sna_edge_index_free(&self->index[SNA_EFFERENT]);
    free(self->source_population);
    free(self->target_population);
    sna_population_close(&self->population);
    free(self);
}
