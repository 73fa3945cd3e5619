/* bench_compress.c: compressed edges: writing, reading all, reading scattered ones, against HDF5 with its own filters.
 */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

#include <hdf5.h>

#include "sonata/sonata.h"

enum { LEVEL = 4, MOST_DATASETS = 16, CHUNK = 32768 };

/* The datasets of an edges file in memory, and where the peer writes them. */
typedef struct {
    struct {
        void *values;
        hid_t type;
        hsize_t extent[2];
        int rank;
    } dataset[MOST_DATASETS];
    size_t count;
    char *path;
} content;

/* For H5Ovisit, which comes to a dataset once, whatever names it has. */
static herr_t load_dataset(hid_t root, const char *name, const H5O_info_t *about, void *context)
{
    content *self = context;
    hid_t data, space;
    hsize_t values = 1;
    herr_t result = 0;

    if (about->type != H5O_TYPE_DATASET)
        return 0;
    if (self->count == MOST_DATASETS)
        return -1;
    data = H5Dopen2(root, name, H5P_DEFAULT);
    /* Constant columns take no room in the file: the peer is spared them. */
    if (H5Dget_storage_size(data) == 0) {
        (void)H5Dclose(data);
        return 0;
    }
    space = H5Dget_space(data);
    self->dataset[self->count].type = H5Dget_type(data);
    self->dataset[self->count].rank = H5Sget_simple_extent_dims(space, self->dataset[self->count].extent, NULL);
    for (int d = 0; d < self->dataset[self->count].rank; d++)
        values *= self->dataset[self->count].extent[d];
    self->dataset[self->count].values = malloc((size_t)values * H5Tget_size(self->dataset[self->count].type) + 1);
    if (self->dataset[self->count].values == NULL || H5Dread(data, self->dataset[self->count].type, H5S_ALL, H5S_ALL,
                                                             H5P_DEFAULT, self->dataset[self->count].values) < 0)
        result = -1;
    self->count++;
    (void)H5Sclose(space);
    (void)H5Dclose(data);
    return result;
}

static void unload(content *self)
{
    for (size_t i = 0; i < self->count; i++) {
        free(self->dataset[i].values);
        (void)H5Tclose(self->dataset[i].type);
    }
    free(self->path);
    *self = (content){.count = 0};
}

/* The peer of building: nothing is drawn, the same datasets are there and are written with the same filters. */
static int write_with_filters(void *context)
{
    const content *self = context;
    int status = 0;
    const hid_t file = H5Fcreate(self->path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);

    for (size_t i = 0; i < self->count && status == 0; i++) {
        const hsize_t *extent = self->dataset[i].extent;
        const hsize_t chunk[2] = {extent[0] < CHUNK ? extent[0] : CHUNK, extent[1]};
        const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
        const hid_t space = H5Screate_simple(self->dataset[i].rank, extent, NULL);
        hid_t data;
        char name[32];

        (void)snprintf(name, sizeof name, "%zu", i);
        (void)H5Pset_chunk(creation, self->dataset[i].rank, chunk);
        (void)H5Pset_shuffle(creation);
        (void)H5Pset_deflate(creation, LEVEL);
        data = H5Dcreate2(file, name, self->dataset[i].type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
        if (H5Dwrite(data, self->dataset[i].type, H5S_ALL, H5S_ALL, H5P_DEFAULT, self->dataset[i].values) < 0)
            status = sna_error(SNA_EIO, "%s: writing failed", self->path);
        (void)H5Dclose(data);
        (void)H5Sclose(space);
        (void)H5Pclose(creation);
    }
    if (H5Fclose(file) < 0 && status == 0)
        status = sna_error(SNA_EIO, "%s: closing failed", self->path);
    return status;
}

static int load(content *self, const char *folder, const char *edges)
{
    const hid_t file = H5Fopen(edges, H5F_ACC_RDONLY, H5P_DEFAULT);
    int status = sna_path_join(&self->path, folder, "filters.h5");

    if (status == 0 && H5Ovisit(file, H5_INDEX_NAME, H5_ITER_NATIVE, load_dataset, self) < 0)
        status = sna_error(SNA_EIO, "%s cannot be read", edges);
    (void)H5Fclose(file);
    return status;
}

int bench_compress(bench *self)
{
    /* 5,000 cells, 5e6 edges, weights that differ. */
    static const char spec[] =
        "{\"sonatina\": 1, \"seed\": 1, \"populations\": {\"cells\": {\"nodes\": [\n"
        "  {\"pop_name\": \"A\", \"count\": 50000, \"model_type\": \"virtual\"}]}},\n"
        " \"edges\": [{\"source\": {\"population\": \"cells\"}, \"target\": {\"population\": \"cells\"},\n"
        "  \"connector\": {\"type\": \"unidirectional\", \"p\": 0.002},\n"
        "  \"per_edge\": {\"syn_weight\": {\"uniform\": [0.5, 2.0]}}}]}\n";
    char *network = NULL, *edges = NULL, *config = NULL;
    content all = {.count = 0};
    read_job work = {.nodes = 50000};
    measurement ours, peer;
    int status = bench_timed_build(self, &ours, 3, "deflated", spec, "--compress=4", &network);

    if (status == 0)
        status = sna_path_join(&edges, network, "cells_cells_edges.h5");
    if (status == 0)
        status = sna_path_join(&config, network, "circuit_config.json");
    if (status == 0)
        status = load(&all, self->folder, edges);
    if (status == 0)
        status = bench_function(&peer, 3, write_with_filters, &all);
    unload(&all);
    if (status == 0)
        status = bench_report(self, "network build --compress=4, 5e6 edges", ours,
                              "H5Dwrite of what it has drawn, same filters", peer.seconds, 1);
    work.path = edges;
    if (status == 0)
        status = bench_function(&peer, 5, bench_read_ids, &work);
    if (status == 0)
        status = bench_function(&ours, 5, bench_stream_ids, &work);
    if (status == 0)
        status = bench_report(self, "stream source and target ids, 5e6 edges, deflated", ours,
                              "H5Dread of both id columns", peer.seconds, 0.8);
    if (status == 0)
        status = bench_time_queries(self, &work, "efferent query, target ids of 100 scattered edges, deflated",
                                    bench_query_efferent, 300, 6e-3);
    free(network);
    free(edges);
    free(config);
    return status;
}
