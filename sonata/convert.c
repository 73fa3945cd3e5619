/* convert.c: what a file or config holds, in another dialect. */
#include "sonata/convert.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int sna_conversion_wrote(sna_conversion *self, const char *what, const char *population, uint64_t count,
                         const char *path)
{
    const uint64_t row = sna_table_rows(self->done);
    int status = sna_table_add_row(self->done, NULL);

    if (status == 0)
        status = sna_table_set_text(self->done, row, 0, what);
    if (status == 0)
        status = sna_table_set_text(self->done, row, 1, population);
    if (status == 0)
        status = sna_table_set_integer(self->done, row, 2, (int64_t)count);
    if (status == 0)
        status = sna_table_set_text(self->done, row, 3, path);
    return status;
}

static bool is_folder(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static bool ends_in_h5(const char *path)
{
    const size_t length = strlen(path);

    return length > 3 && strcmp(path + length - 3, ".h5") == 0;
}

/* A single file wanted: its folder is made, and it must not be a folder itself. */
static int prepare_file(const sna_conversion *self, const char *path)
{
    int status = 0;
    char *folder = NULL;

    if (is_folder(path))
        status = sna_error(SNA_EINVAL, "%s is a folder, but one file will be written: name it", path);
    if (status == 0)
        status = sna_path_folder(&folder, path);
    if (status == 0)
        status = sna_outputs_folder(self->outputs, folder);
    free(folder);
    return status;
}

/* The only population of a nodes or edges file, into a file. */
static int convert_one_population(sna_conversion *self, const char *from, const char *path)
{
    int status = 0;
    sna_circuit *circuit = NULL;
    sna_nodes *nodes = NULL;
    sna_edges *edges = NULL;

    status = sna_circuit_open(&circuit, from);
    if (status != 0)
        goto out;
    if (sna_circuit_config(circuit) != NULL ||
        sna_circuit_node_populations(circuit) + sna_circuit_edge_populations(circuit) != 1) {
        status = sna_error(SNA_EINVAL,
                           "%s holds more than one population, and each gets a file of its own: give a folder "
                           "instead of %s",
                           from, path);
        goto out;
    }
    status = prepare_file(self, path);
    if (status != 0)
        goto out;
    if (sna_circuit_node_populations(circuit) == 1) {
        status = sna_circuit_nodes_at(circuit, 0, &nodes);
        if (status == 0)
            status = sna_convert_nodes(self, nodes, path);
        goto out;
    }
    status = sna_circuit_edges_at(circuit, 0, &edges);
    if (status == 0 && (sna_edges_source_population(edges) == NULL || sna_edges_target_population(edges) == NULL))
        status = sna_error(SNA_EFORMAT, "%s does not say of which populations the nodes of %s are", from,
                           sna_edges_name(edges));
    if (status == 0)
        status = sna_convert_edges(self, edges, NULL, NULL, sna_edges_source_population(edges),
                                   sna_edges_target_population(edges), path);
out:
    sna_circuit_close(circuit);
    return status;
}

/* Each population of a report into a file: `to` itself where there is one, else to/POPULATION.h5. */
static int convert_reports(sna_conversion *self, const char *from, const char *to)
{
    int status = 0;
    char *path = NULL, *name = NULL;
    sna_list populations = SNA_LIST;

    status = sna_populations_list(&populations, from, "report");
    if (status != 0)
        goto out;
    if (populations.count <= 1) {
        status = prepare_file(self, to);
        if (status == 0)
            status = sna_convert_report(self, from, populations.count == 0 ? NULL : populations.text[0], to);
        goto out;
    }
    if (ends_in_h5(to)) {
        status = sna_error(SNA_EINVAL,
                           "%s holds %" PRIu64 " populations, and each gets a file of its own: give a folder "
                           "instead of %s",
                           from, populations.count, to);
        goto out;
    }
    status = sna_outputs_folder(self->outputs, to);
    for (uint64_t i = 0; i < populations.count && status == 0; i++) {
        status = sna_text_format(&name, "%s.h5", populations.text[i]);
        if (status == 0)
            status = sna_path_join(&path, to, name);
        if (status == 0)
            status = sna_convert_report(self, from, populations.text[i], path);
        free(name);
        free(path);
        name = path = NULL;
    }
out:
    free(name);
    free(path);
    sna_list_free(&populations);
    return status;
}

static int make_table(sna_table **out)
{
    static const char *const names[] = {"what", "population", "count", "file"};
    int status = sna_table_create(out, NULL, NULL);

    for (size_t i = 0; i < sizeof names / sizeof *names && status == 0; i++)
        status = sna_table_add_column(*out, names[i], NULL, i == 2 ? SNA_INTEGER : SNA_TEXT);
    return status;
}

static int convert(sna_conversion *self, const char *from, const char *to)
{
    int status = 0;
    sna_file_kind kind = SNA_FILE_NETWORK;

    status = sna_file_kind_of(from, &kind);
    if (status != 0)
        goto out;
    switch (kind) {
    case SNA_FILE_NETWORK:
        status = ends_in_h5(to) ? convert_one_population(self, from, to) : sna_convert_network(self, from, to);
        break;
    case SNA_FILE_SPIKES:
        status = prepare_file(self, to);
        if (status == 0)
            status = sna_convert_spikes(self, from, to);
        break;
    case SNA_FILE_REPORT:
        status = convert_reports(self, from, to);
        break;
    case SNA_FILE_GAPS:
        status = prepare_file(self, to);
        if (status == 0)
            status = sna_convert_gaps(self, from, to);
        break;
    case SNA_FILE_POTENTIAL:
        status = sna_error(SNA_EUNSUPPORTED,
                           "%s holds extracellular potentials, which are not converted: there is one "
                           "layout of them only",
                           from);
        break;
    }
out:
    return status;
}

int sna_convert(const char *from, const char *to, const sna_convert_options *options, sna_table **done)
{
    int status = 0;
    sna_conversion self = {.dialect = options->dialect, .write = options->write, .population = options->population};

    *done = NULL;
    status = make_table(&self.done);
    if (status == 0)
        status = sna_outputs_create(&self.outputs);
    if (status == 0)
        status = convert(&self, from, to);
    if (status == 0)
        status = sna_outputs_commit(self.outputs);
    if (status == 0) {
        *done = self.done;
        self.done = NULL;
    }
    sna_outputs_free(self.outputs);
    sna_table_free(self.done);
    return status;
}
