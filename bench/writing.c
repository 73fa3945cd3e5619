/* writing.c: building networks, and the peer of that: as many bytes, by HDF5, in one piece. */
#include "bench.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <hdf5.h>

int bench_folder_bytes(const char *path, uint64_t *out)
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

int bench_plain_write(bench *self, measurement *out, unsigned repeats, uint64_t bytes)
{
    plain_write job = {NULL, bytes};
    char *path = NULL;
    int status = sna_path_join(&path, self->folder, "plain.h5");

    job.path = path;
    if (status == 0)
        status = bench_function(out, repeats, write_plainly, &job);
    if (status == 0 && remove(path) != 0)
        status = sna_error(SNA_EIO, "%s: %s", path, strerror(errno));
    free(path);
    return status;
}

int bench_timed_build(bench *self, measurement *out, unsigned repeats, const char *name, const char *spec,
                      const char *option, char **network)
{
    int status = 0;
    char *path = NULL;

    *network = NULL;
    status = sna_path_join(network, self->folder, name);
    if (status == 0)
        status = sna_text_format(&path, "%s.json", *network);
    if (status == 0)
        status = sna_file_write(path, spec, strlen(spec));
    if (status == 0) {
        const char *const argv[] = {self->program, "network", "build", path, "-o", *network, "--force", option, NULL};
        status = bench_program(out, repeats, argv);
    }
    free(path);
    return status;
}

int bench_build(bench *self, const char *name, const char *spec, char **config)
{
    char *network = NULL;
    measurement unused;
    int status = bench_timed_build(self, &unused, 1, name, spec, NULL, &network);

    *config = NULL;
    if (status == 0)
        status = sna_path_join(config, network, "circuit_config.json");
    free(network);
    return status;
}
