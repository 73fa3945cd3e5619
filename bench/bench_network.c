/* bench_network.c: building 1e7 edges against writing the same bytes, and counting them against reading the ids. */
#include "bench.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <hdf5.h>

/* All regular files of a folder, in bytes. */
static int folder_bytes(const char *path, uint64_t *out)
{
    int status = 0;
    DIR *stream = opendir(path);

    *out = 0;
    if (stream == NULL)
        return sna_error(SNA_EIO, "%s: %s", path, strerror(errno));
    for (const struct dirent *entry = readdir(stream); entry != NULL && status == 0; entry = readdir(stream)) {
        char *file = NULL;
        struct stat about;
        status = sna_path_join(&file, path, entry->d_name);
        if (status == 0 && stat(file, &about) == 0 && S_ISREG(about.st_mode))
            *out += (uint64_t)about.st_blocks * 512;
        free(file);
    }
    (void)closedir(stream);
    return status;
}

typedef struct {
    const char *path;
    uint64_t bytes;
} plain_write;

/* The peer of a build: the same number of bytes as one contiguous dataset, written in blocks and flushed. */
static int write_plainly(void *context)
{
    const plain_write *job = context;
    enum { BLOCK = 1 << 20 };
    int status = 0;
    uint64_t *block = NULL;
    const hsize_t total = job->bytes / sizeof *block, step = BLOCK;
    hid_t file = H5I_INVALID_HID, space = H5I_INVALID_HID, memory = H5I_INVALID_HID, data = H5I_INVALID_HID;
    sna_outputs *outputs = NULL;
    const char *temporary = NULL;

    status = sna_allocate(&block, BLOCK, sizeof *block);
    if (status == 0)
        status = sna_outputs_create(&outputs);
    if (status == 0)
        status = sna_outputs_add(outputs, job->path, &temporary);
    if (status != 0)
        goto out;
    file = H5Fcreate(temporary, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    space = H5Screate_simple(1, &total, NULL);
    memory = H5Screate_simple(1, &step, NULL);
    data = H5Dcreate2(file, "data", H5T_NATIVE_UINT64, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    for (hsize_t at = 0; at + step <= total; at += step) {
        for (hsize_t i = 0; i < step; i++)
            block[i] = at + i;
        if (H5Sselect_hyperslab(space, H5S_SELECT_SET, &at, NULL, &step, NULL) < 0 ||
            H5Dwrite(data, H5T_NATIVE_UINT64, memory, space, H5P_DEFAULT, block) < 0) {
            status = sna_error(SNA_EIO, "%s: writing failed", job->path);
            goto out;
        }
    }
out:
    if (data >= 0)
        (void)H5Dclose(data);
    if (memory >= 0)
        (void)H5Sclose(memory);
    if (space >= 0)
        (void)H5Sclose(space);
    if (file >= 0 && H5Fclose(file) < 0 && status == 0)
        status = sna_error(SNA_EIO, "%s: closing failed", job->path);
    if (status == 0)
        status = sna_outputs_commit(outputs);
    sna_outputs_free(outputs);
    free(block);
    return status;
}

/* The peer of counting: both id columns read whole. */
static int read_ids(void *context)
{
    static const char *const column[] = {"/edges/cells_to_cells/source_node_id",
                                         "/edges/cells_to_cells/target_node_id"};
    int status = 0;
    uint64_t *ids = NULL;
    const hid_t file = H5Fopen(context, H5F_ACC_RDONLY, H5P_DEFAULT);

    for (size_t i = 0; i < 2 && status == 0; i++) {
        const hid_t data = H5Dopen2(file, column[i], H5P_DEFAULT);
        const hid_t space = H5Dget_space(data);
        const hssize_t count = H5Sget_simple_extent_npoints(space);

        ids = malloc((size_t)(count > 0 ? count : 1) * sizeof *ids);
        if (ids == NULL || data < 0 || H5Dread(data, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, ids) < 0)
            status = sna_error(SNA_EIO, "%s: %s cannot be read", (const char *)context, column[i]);
        free(ids);
        (void)H5Sclose(space);
        (void)H5Dclose(data);
    }
    (void)H5Fclose(file);
    return status;
}

/* Other kinds of `connection` on the same network. */
typedef struct {
    const char *name, *kind, *option, *value;
    double limit, limit_mib;
} connection_kind;

/* Looking for the way back of each connection may take 24 bytes an edge; everything else, 200 MiB. */
#define bytes_24 (24 * 1e7 / (1 << 20))
static const connection_kind kinds[] = {
    {"connection convergence, 1e7 edges", "convergence", "--method", "mean", 1.5, 200},
    {"connection percent, both directions, 1e7 edges", "percent", "--method", "bi", 6, bytes_24},
    {"connection all, 1e7 edges", "all", "--format", "csv", 10, bytes_24},
};

static int measure_kind(bench *self, const connection_kind *kind, const char *config, double peer)
{
    int status = 0;
    char *memory = NULL;
    measurement ours;
    const char *const argv[] = {self->program, "connection", kind->kind,  config, "--sids",
                                "pop_name",    kind->option, kind->value, NULL};

    status = bench_program(&ours, 5, argv);
    if (status == 0)
        status = bench_report(self, kind->name, ours, "H5Dread of both id columns", peer, kind->limit);
    if (status == 0)
        status = sna_text_format(&memory, "%s, memory", kind->name);
    if (status == 0)
        status = bench_report_memory(self, memory, ours, kind->limit_mib);
    free(memory);
    return status;
}

int bench_network(bench *self)
{
    /* 10,000 cells of four kinds; p = 0.1 over all ordered pairs is 1e7 edges. */
    static const char spec[] =
        "{\"sonatina\": 1, \"seed\": 1, \"populations\": {\"cells\": {\"nodes\": [\n"
        "  {\"pop_name\": \"A\", \"count\": 4000, \"model_type\": \"virtual\"},\n"
        "  {\"pop_name\": \"B\", \"count\": 3000, \"model_type\": \"virtual\"},\n"
        "  {\"pop_name\": \"C\", \"count\": 2000, \"model_type\": \"virtual\"},\n"
        "  {\"pop_name\": \"D\", \"count\": 1000, \"model_type\": \"virtual\"}]}},\n"
        " \"edges\": [{\"source\": {\"population\": \"cells\"}, \"target\": {\"population\": \"cells\"},\n"
        "  \"connector\": {\"type\": \"unidirectional\", \"p\": 0.1}, \"properties\": {\"syn_weight\": 1.0}}]}\n";
    int status = 0;
    char *path = NULL, *network = NULL, *edges = NULL, *config = NULL, *plain = NULL;
    uint64_t bytes = 0;
    measurement build, total, peer_write, peer_read;

    status = sna_path_join(&path, self->folder, "spec.json");
    if (status == 0)
        status = sna_path_join(&network, self->folder, "network");
    if (status == 0)
        status = sna_path_join(&edges, network, "cells_cells_edges.h5");
    if (status == 0)
        status = sna_path_join(&config, network, "circuit_config.json");
    if (status == 0)
        status = sna_path_join(&plain, self->folder, "plain.h5");
    if (status == 0)
        status = sna_file_write(path, spec, strlen(spec));
    if (status == 0) {
        const char *const argv[] = {self->program, "network", "build", path, "-o", network, "--force", NULL};
        status = bench_program(&build, 3, argv);
    }
    if (status == 0)
        status = folder_bytes(network, &bytes);
    if (status == 0) {
        plain_write job = {plain, bytes};
        status = bench_function(&peer_write, 3, write_plainly, &job);
    }
    if (status == 0)
        status = bench_report(self, "network build, 1e7 edges, both indices", build, "H5Dwrite of the same bytes",
                              peer_write.seconds, 3);
    if (status == 0) {
        const char *const argv[] = {self->program, "connection", "total",    config, "--sids",
                                    "pop_name",    "--tids",     "pop_name", NULL};
        status = bench_program(&total, 5, argv);
    }
    if (status == 0)
        status = bench_function(&peer_read, 5, read_ids, edges);
    if (status == 0)
        status = bench_report(self, "connection total, 1e7 edges, 4 labels", total, "H5Dread of both id columns",
                              peer_read.seconds, 1.5);
    if (status == 0)
        status = bench_report_memory(self, "connection total, 1e7 edges, memory", total, 200);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds && status == 0; k++)
        status = measure_kind(self, &kinds[k], config, peer_read.seconds);
    free(path);
    free(network);
    free(edges);
    free(config);
    free(plain);
    return status;
}
