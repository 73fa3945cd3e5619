/* build.c: all files of a network, appearing together. */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "internal.h"

/* folder/<a><b><c>; an existing file is an error unless it may be replaced. free() the path. */
static int output_path(char **out, const char *folder, bool replace, const char *format, ...) SNA_PRINTF(4, 5);

static int output_path(char **out, const char *folder, bool replace, const char *format, ...)
{
    int status = 0;
    char *name = NULL;
    va_list arguments;

    *out = NULL;
    va_start(arguments, format);
    if (vasprintf(&name, format, arguments) < 0)
        name = NULL;
    va_end(arguments);
    if (name == NULL)
        return sna_error(SNA_ENOMEM, "no memory for a file name");
    status = sna_path_join(out, folder, name);
    if (status == 0 && sna_rank() == 0 && !replace && access(*out, F_OK) == 0)
        status = sna_error(SNA_EIO, "%s is there already; it is replaced only when that is asked for (--force)", *out);
    free(name);
    return status;
}

static int write_population(const sna_network *self, uint64_t index, const char *folder, bool replace,
                            sna_outputs *outputs, sna_config_writer *config)
{
    const sna_population *population = &self->population[index];
    int status = 0;
    char *nodes = NULL, *types = NULL;

    if (population->nodes != NULL) {
        status =
            sna_config_writer_nodes(config, population->nodes_file, population->types_file, population->name, NULL);
        goto out;
    }
    status = output_path(&nodes, folder, replace, "%s_nodes.h5", population->name);
    if (status == 0)
        status = output_path(&types, folder, replace, "%s_node_types.csv", population->name);
    if (status == 0 && sna_rank() == 0)
        status = sna_population_write(self, index, nodes, types, outputs);
    if (status == 0)
        status = sna_config_writer_nodes(config, nodes, types, population->name, sna_population_model_type(population));
out:
    free(nodes);
    free(types);
    return status;
}

static int write_edges(sna_network *self, uint64_t index, const char *folder, bool replace, sna_outputs *outputs,
                       sna_config_writer *config, sna_progress *progress)
{
    const sna_edge_file *file = &self->file[index];
    const char *source = self->population[file->source_population].name,
               *target = self->population[file->target_population].name;
    int status = 0;
    char *edges = NULL, *types = NULL, *gaps = NULL, *name = NULL;

    status = sna_text_format(&name, "%s_to_%s", source, target);
    if (status == 0)
        status = output_path(&edges, folder, replace, "%s_%s_edges.h5", source, target);
    if (status == 0)
        status = output_path(&types, folder, replace, "%s_%s_edge_types.csv", source, target);
    if (status == 0 && file->has_gaps)
        status = output_path(&gaps, folder, replace, "%s_gap_juncs.h5", source);
    status = sna_ranks_agree(status);
    if (status == 0)
        status = sna_edge_file_write(self, index, edges, types, gaps, outputs, progress);
    if (status == 0)
        status = sna_config_writer_edges(config, edges, types, name, "chemical");
    if (status == 0 && gaps != NULL)
        status = sna_config_writer_gaps(config, gaps);
    status = sna_ranks_agree(status);
    free(gaps);
    free(edges);
    free(types);
    free(name);
    return status;
}

/* The named node sets, for whoever simulates the network. */
static int write_node_sets(const sna_network *self, const char *folder, bool replace, sna_outputs *outputs,
                           sna_config_writer *config)
{
    char *path = NULL;
    const char *temporary = NULL;
    int status = 0;

    if (self->sets == NULL)
        goto out;
    status = output_path(&path, folder, replace, "node_sets.json");
    if (status == 0)
        status = sna_outputs_add(outputs, path, &temporary);
    if (status == 0)
        status = sna_json_write(self->sets, temporary);
    if (status == 0)
        status = sna_config_writer_node_sets(config, path);
out:
    free(path);
    return status;
}

/* A folder that the specification names relative to itself is named relative to the network, so that the two can move
 * together. */
static int add_component(const sna_network *self, unsigned which, const char *folder, sna_config_writer *config)
{
    const char *key = sna_component_keys[which], *name = self->component[which];
    char *component = NULL, *from = NULL, *to = NULL, *relative = NULL, *path = NULL;
    int status = sna_path_join(&component, self->folder, name);

    if (status != 0)
        goto out;
    if (name[0] == '/' || sna_path_real(&to, component) != 0) {
        status = sna_config_writer_component(config, key, component);
        goto out;
    }
    status = sna_path_real(&from, folder);
    if (status == 0)
        status = sna_path_relative(&relative, from, to);
    if (status == 0)
        status = sna_path_join(&path, folder, relative);
    if (status == 0)
        status = sna_config_writer_component(config, key, path);
out:
    free(component);
    free(from);
    free(to);
    free(relative);
    free(path);
    return status;
}

static int write_report(sna_network *self, const char *folder, bool replace, sna_outputs *outputs)
{
    char *path = NULL;
    int status = output_path(&path, folder, replace, SNA_BUILD_REPORT);

    self->built = true;
    if (status == 0)
        status = sna_network_write_report(self, path, outputs);
    free(path);
    return status;
}

/* What the ranks do not share, when all of them have come so far: files that rank 0 writes. */
static int write_rest(sna_network *self, const char *folder, bool replace, sna_outputs *outputs,
                      sna_config_writer *config, const char *config_path)
{
    int status = write_node_sets(self, folder, replace, outputs, config);

    for (unsigned k = 0; k < SNA_COMPONENTS && status == 0; k++) {
        if (self->component[k] != NULL)
            status = add_component(self, k, folder, config);
    }
    if (status == 0)
        status = sna_config_writer_write(config, outputs, config_path);
    if (status == 0)
        status = write_report(self, folder, replace, outputs);
    if (status == 0)
        status = sna_check_cancelled();
    if (status == 0)
        status = sna_outputs_commit(outputs);
    return status;
}

static void forget_last_build(sna_network *self)
{
    self->built = false;
    self->rows = 0;
    for (uint64_t i = 0; i < self->projections; i++)
        self->projection[i].made = (sna_made){0};
}

/* Edges that are expected in all, for the progress line. */
static uint64_t expected_edges(const sna_network *self)
{
    double edges = 0;

    for (uint64_t i = 0; i < self->projections; i++) {
        const double more = self->projection[i].expected.edges;
        edges += isfinite(more) ? more : 0;
    }
    return (uint64_t)edges;
}

int sna_network_build(sna_network *self, const char *folder, bool replace)
{
    int status = 0;
    sna_outputs *outputs = NULL;
    sna_config_writer *config = NULL;
    char *config_path = NULL;
    sna_progress progress;

    forget_last_build(self);
    sna_progress_start(&progress, "building", "edges", expected_edges(self) / sna_ranks());
    status = sna_outputs_create(&outputs);
    if (status == 0 && sna_rank() == 0)
        status = sna_outputs_folder(outputs, folder);
    if (status == 0 && sna_ranks() > 1 && self->options.compress > 0)
        status = sna_error(SNA_EUNSUPPORTED, "several processes cannot compress the files that they write together: "
                                             "build with one process, or without --compress");
    if (status == 0)
        status = sna_config_writer_create(&config);
    if (status == 0)
        status = output_path(&config_path, folder, replace, "circuit_config.json");
    for (uint64_t i = 0; i < self->populations && status == 0; i++)
        status = write_population(self, i, folder, replace, outputs, config);
    status = sna_ranks_agree(status);
    for (uint64_t i = 0; i < self->files && status == 0; i++)
        status = write_edges(self, i, folder, replace, outputs, config, &progress);
    if (status == 0 && sna_rank() == 0)
        status = write_rest(self, folder, replace, outputs, config, config_path);
    status = sna_ranks_agree(status);
    self->built = status == 0;
    if (status == 0)
        status = sna_network_note_left_behind(self, folder);
    sna_progress_end(&progress);
    sna_config_writer_free(config);
    sna_outputs_free(outputs);
    free(config_path);
    return status;
}
