/* bench_sonata.c: reading, querying, indexing and validating 1e7 edges among 1e5 cells, against plain HDF5. */
#include "bench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <hdf5.h>

#include "sonata/sonata.h"

static int read_column(hid_t file, const char *name)
{
    int status = 0;
    const hid_t data = H5Dopen2(file, name, H5P_DEFAULT);
    const hid_t space = H5Dget_space(data);
    const hssize_t count = H5Sget_simple_extent_npoints(space);
    uint64_t *ids = malloc((size_t)(count > 0 ? count : 1) * sizeof *ids);

    if (ids == NULL || data < 0 || H5Dread(data, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, ids) < 0)
        status = sna_error(SNA_EIO, "%s cannot be read", name);
    free(ids);
    (void)H5Sclose(space);
    (void)H5Dclose(data);
    return status;
}

int bench_read_ids(void *context)
{
    const read_job *self = context;
    const hid_t file = H5Fopen(self->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    int status = read_column(file, "/edges/cells_to_cells/source_node_id");

    if (status == 0)
        status = read_column(file, "/edges/cells_to_cells/target_node_id");
    (void)H5Fclose(file);
    return status;
}

int bench_stream_ids(void *context)
{
    const read_job *self = context;
    const sna_edge_request request = {.parts = SNA_EDGE_SOURCE | SNA_EDGE_TARGET};
    sna_edges *edges = NULL;
    sna_edge_stream *stream = NULL;
    sna_edge_block block = {0};
    uint64_t sum = 0;
    int status = sna_edges_open(&edges, self->path, NULL, NULL, NULL);

    if (status == 0)
        status = sna_edge_stream_open(&stream, edges, &request);
    while (status == 0 && (status = sna_edge_stream_next(stream, &block)) == 0 && block.count > 0) {
        for (uint64_t i = 0; i < block.count; i++)
            sum += block.source[i] ^ block.target[i];
    }
    if (status == 0 && sum == 0)
        status = sna_error(SNA_EFORMAT, "%s: no edges", self->path);
    sna_edge_stream_close(stream);
    sna_edges_close(edges);
    return status;
}

/* Opens the edges and one index, then asks: all of it is timed, so `queries` 0 gives what to take off. */
static int query(const read_job *self, sna_direction direction, bool fetch)
{
    const uint64_t step = 7919; /* scattered over the ids */
    sna_edge_request request = {.parts = SNA_EDGE_TARGET};
    sna_edges *edges = NULL;
    int status = sna_edges_open(&edges, self->path, NULL, NULL, NULL);

    if (status == 0)
        status = sna_edges_load_index(edges, direction);
    for (uint64_t i = 0; i < self->queries && status == 0; i++) {
        const uint64_t node = i * step % self->nodes;
        sna_selection rows = SNA_SELECTION;
        sna_edge_stream *stream = NULL;
        sna_edge_block block = {0};

        status = direction == SNA_AFFERENT ? sna_edges_afferent(edges, &node, 1, &rows)
                                           : sna_edges_efferent(edges, &node, 1, &rows);
        if (status == 0 && fetch) {
            request.selection = &rows;
            status = sna_edge_stream_open(&stream, edges, &request);
            while (status == 0 && (status = sna_edge_stream_next(stream, &block)) == 0 && block.count > 0) {
            }
            sna_edge_stream_close(stream);
        }
        sna_selection_free(&rows);
    }
    sna_edges_close(edges);
    return status;
}

static int query_afferent(void *context)
{
    return query(context, SNA_AFFERENT, false);
}

int bench_query_efferent(void *context)
{
    return query(context, SNA_EFFERENT, true);
}

static int build_indices(void *context)
{
    const read_job *self = context;

    return sna_index_write(self->copy, "cells_to_cells", self->nodes, self->nodes, true, NULL);
}

int bench_time_queries(bench *self, read_job *work, const char *name, int (*function)(void *), uint64_t queries,
                       double limit_seconds)
{
    measurement none, many;
    char peer[64];
    int status;

    work->queries = 0;
    status = bench_function(&none, 3, function, work);
    work->queries = queries;
    if (status == 0)
        status = bench_function(&many, 3, function, work);
    many.seconds = (many.seconds - none.seconds) / (double)queries;
    (void)snprintf(peer, sizeof peer, "limit: %g us", limit_seconds * 1e6);
    return status != 0 ? status : bench_report(self, name, many, peer, limit_seconds, 1);
}

/* One dataset whole, as it is stored. */
static herr_t read_dataset(hid_t parent, const char *name, const H5O_info_t *about, void *context)
{
    herr_t result = 0;

    (void)context;
    if (about->type == H5O_TYPE_DATASET) {
        const hid_t data = H5Dopen2(parent, name, H5P_DEFAULT), type = H5Dget_type(data), space = H5Dget_space(data);
        const hssize_t count = H5Sget_simple_extent_npoints(space);
        void *values = malloc((size_t)(count > 0 ? count : 1) * H5Tget_size(type));

        result = values == NULL ? -1 : H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
        free(values);
        (void)H5Sclose(space);
        (void)H5Tclose(type);
        (void)H5Dclose(data);
    }
    return result;
}

/* Everything in a file once. */
static int read_everything(void *context)
{
    const read_job *self = context;
    const hid_t file = H5Fopen(self->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    const int status = H5Ovisit(file, H5_INDEX_NAME, H5_ITER_NATIVE, read_dataset, NULL) < 0
                           ? sna_error(SNA_EIO, "%s cannot be read", self->path)
                           : 0;

    (void)H5Fclose(file);
    return status;
}

int bench_sonata(bench *self)
{
    static const char spec[] =
        "{\"sonatina\": 1, \"seed\": 1, \"populations\": {\"cells\": {\"nodes\": [\n"
        "  {\"pop_name\": \"A\", \"count\": 100000, \"model_type\": \"virtual\"}]}},\n"
        " \"edges\": [{\"source\": {\"population\": \"cells\"}, \"target\": {\"population\": \"cells\"},\n"
        "  \"connector\": {\"type\": \"unidirectional\", \"p\": 0.001}, \"properties\": {\"syn_weight\": 1.0}}]}\n";
    int status = 0;
    char *path = NULL, *network = NULL, *edges = NULL, *config = NULL, *copy = NULL;
    measurement build, ours, peer;
    read_job work = {.nodes = 100000};

    status = sna_path_join(&path, self->folder, "sparse.json");
    if (status == 0)
        status = sna_path_join(&network, self->folder, "sparse");
    if (status == 0)
        status = sna_path_join(&edges, network, "cells_cells_edges.h5");
    if (status == 0)
        status = sna_path_join(&config, network, "circuit_config.json");
    if (status == 0)
        status = sna_path_join(&copy, self->folder, "copy.h5");
    if (status == 0)
        status = sna_file_write(path, spec, strlen(spec));
    if (status == 0) {
        const char *const argv[] = {self->program, "network", "build", path, "-o", network, NULL};
        status = bench_program(&build, 1, argv);
    }
    if (status == 0) {
        const char *const argv[] = {"cp", edges, copy, NULL};
        status = bench_program(&build, 1, argv);
    }
    work.path = edges;
    work.copy = copy;
    if (status == 0)
        status = bench_function(&peer, 5, bench_read_ids, &work);
    if (status == 0)
        status = bench_function(&ours, 5, bench_stream_ids, &work);
    if (status == 0)
        status = bench_report(self, "stream source and target ids, 1e7 edges", ours, "H5Dread of both id columns",
                              peer.seconds, 1.2);
    if (status == 0)
        status = bench_time_queries(self, &work, "afferent query of one node, index in memory", query_afferent, 20000,
                                    10e-6);
    if (status == 0)
        status = bench_time_queries(self, &work, "efferent query, target ids of 100 scattered edges",
                                    bench_query_efferent, 2000, 1.5e-3);
    if (status == 0)
        status = bench_function(&ours, 2, build_indices, &work);
    if (status == 0)
        status = bench_report(self, "both indices of 1e7 edges into a copy of the file", ours, "limit: 1 s", 1, 1);
    if (status == 0)
        status = bench_report_memory(self, "both indices, memory", ours, 250);
    if (status == 0)
        status = bench_function(&peer, 3, read_everything, &work);
    if (status == 0) {
        const char *const argv[] = {self->program, "network", "validate", config, NULL};
        status = bench_program(&ours, 3, argv);
    }
    if (status == 0)
        status = bench_report(self, "network validate, 1e7 edges with both indices", ours, "H5Dread of every dataset",
                              peer.seconds, 3);
    free(path);
    free(network);
    free(edges);
    free(config);
    free(copy);
    return status;
}
