/* index_file.c: building or replacing the indices of an edges file, through a copy that takes its place. */
#include "sonata/edges.h"
#include "sonata/index_write.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Ids of one side: how many edges each node has. */
typedef struct {
    uint64_t *count; /* [capacity] */
    uint64_t capacity, nodes, last;
    bool sorted;
} side;

static int count_ids(side *s, const uint64_t *id, uint64_t n)
{
    int status = 0;

    for (uint64_t i = 0; i < n && status == 0; i++) {
        if (id[i] >= s->nodes) {
            uint64_t *grown =
                id[i] >= UINT64_MAX / 16 ? NULL : sna_grow(s->count, &s->capacity, id[i] + 1, sizeof *grown);
            if (grown == NULL) {
                status = sna_error(SNA_ENOMEM, "no memory for the index of nodes up to id %" PRIu64, id[i]);
                break;
            }
            s->count = grown;
            s->nodes = id[i] + 1;
        }
        s->count[id[i]]++;
        s->sorted = s->sorted && id[i] >= s->last;
        s->last = id[i];
    }
    return status;
}

static int make_side(side *s, uint64_t nodes)
{
    uint64_t *grown = NULL;

    *s = (side){.sorted = true, .nodes = nodes};
    if (nodes == 0)
        return 0;
    grown = sna_grow(NULL, &s->capacity, nodes, sizeof *grown);
    s->count = grown;
    return grown == NULL ? SNA_ENOMEM : 0;
}

static int count_edges(sna_edges *edges, side *source, side *target)
{
    int status = 0;
    const sna_edge_request request = {.parts = SNA_EDGE_SOURCE | SNA_EDGE_TARGET};
    sna_edge_stream *stream = NULL;
    sna_edge_block block = {0};

    status = sna_edge_stream_open(&stream, edges, &request);
    while (status == 0) {
        status = sna_edge_stream_next(stream, &block);
        if (status != 0 || block.count == 0)
            break;
        status = count_ids(source, block.source, block.count);
        if (status == 0)
            status = count_ids(target, block.target, block.count);
        if (status == 0)
            status = sna_check_cancelled();
    }
    sna_edge_stream_close(stream);
    return status;
}

/* Copies what is left of one descriptor to another through memory. */
static int copy_bytes(int in, int out, const char *path)
{
    int status = 0;
    char *block = NULL;
    const size_t size = (size_t)1 << 20;

    status = sna_allocate(&block, size, 1);
    while (status == 0) {
        const ssize_t n = read(in, block, size);
        ssize_t done = 0;
        if (n == 0)
            break;
        while (n > 0 && done < n) {
            const ssize_t now = write(out, block + done, (size_t)(n - done));
            if (now < 0 && errno != EINTR)
                break;
            done += now > 0 ? now : 0;
        }
        if ((n < 0 && errno != EINTR) || (n > 0 && done < n))
            status = sna_error(SNA_EIO, "%s: cannot copy it: %s", path, strerror(errno));
    }
    free(block);
    return status;
}

static int copy_file(const char *from, const char *to)
{
    int status = 0;
    const int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_TRUNC | O_CLOEXEC);

    if (in < 0 || out < 0) {
        status = sna_error(SNA_EIO, "%s: cannot copy it: %s", from, strerror(errno));
        goto out;
    }
    /* The kernel copies without us, or shares the blocks, where it can. */
    while (copy_file_range(in, NULL, out, NULL, (size_t)1 << 30, 0) > 0)
        ;
    status = copy_bytes(in, out, from);
out:
    if (in >= 0)
        (void)close(in);
    if (out >= 0 && close(out) != 0 && status == 0)
        status = sna_error(SNA_EIO, "%s: cannot copy it: %s", from, strerror(errno));
    return status;
}

/* Removes the indices that are there, and makes an empty group for the new ones. */
static int clear_indices(sna_h5_output *file, hid_t population, const char *place, hid_t *indices)
{
    static const char *const spellings[] = {"indices", "indicies", "incidies"};
    int status = 0;

    for (size_t i = 0; i < sizeof spellings / sizeof *spellings && status == 0; i++)
        if (H5Lexists(population, spellings[i], H5P_DEFAULT) > 0 &&
            H5Ldelete(population, spellings[i], H5P_DEFAULT) < 0)
            status = sna_h5_write_error(file, place);
    if (status == 0)
        status = sna_h5_write_group(file, population, "indices", place, indices);
    return status;
}

static int build_side(sna_h5_output *file, hid_t population, hid_t indices, const char *place, uint64_t edges,
                      sna_direction direction, const side *s, const sna_write_options *options)
{
    const sna_index_job job = {.file = file,
                               .population = population,
                               .indices = indices,
                               .place = place,
                               .direction = direction,
                               .edge_count = edges,
                               .node_count = s->nodes,
                               .count = s->count,
                               .sorted = s->sorted,
                               .memory = options != NULL ? options->memory : 0,
                               .compress = options != NULL ? options->compress : 0};

    return sna_index_build(&job);
}

/* Works on the copy. */
static int build_in(sna_h5_output *file, const char *population, uint64_t edges, const side *source, const side *target,
                    const sna_write_options *options)
{
    int status = 0;
    char *group_place = NULL, *place = NULL;
    hid_t access = H5I_INVALID_HID, group = H5I_INVALID_HID, indices = H5I_INVALID_HID;

    access = sna_h5_access();
    if (access >= 0)
        file->id = H5Fopen(file->temporary, H5F_ACC_RDWR, access);
    if (file->id < 0) {
        status = sna_h5_write_error(file, "/");
        goto out;
    }
    status = sna_text_format(&group_place, "/edges/%s", population);
    if (status == 0)
        status = sna_text_format(&place, "/edges/%s/indices", population);
    if (status != 0)
        goto out;
    group = H5Gopen2(file->id, group_place, H5P_DEFAULT);
    if (group < 0)
        status = sna_h5_write_error(file, group_place);
    if (status == 0)
        status = clear_indices(file, group, place, &indices);
    if (status == 0)
        status = build_side(file, group, indices, place, edges, SNA_AFFERENT, target, options);
    if (status == 0)
        status = build_side(file, group, indices, place, edges, SNA_EFFERENT, source, options);
out:
    sna_h5_close_group(&indices);
    sna_h5_close_group(&group);
    if (access >= 0)
        H5Pclose(access);
    if (status == 0)
        status = sna_h5_output_finish(file);
    free(group_place);
    free(place);
    return status;
}

int sna_index_write(const char *path, const char *population, uint64_t source_count, uint64_t target_count,
                    bool replace, const sna_write_options *options)
{
    int status = 0;
    uint64_t count = 0;
    char *name = NULL;
    const char *temporary = NULL;
    side source = {0}, target = {0};
    sna_edges *edges = NULL;
    sna_outputs *outputs = NULL;
    sna_h5_output file = {.id = H5I_INVALID_HID};

    status = sna_edges_open(&edges, path, NULL, population, NULL);
    if (status != 0)
        goto out;
    if (!replace && (sna_edges_has_index(edges, SNA_AFFERENT) || sna_edges_has_index(edges, SNA_EFFERENT))) {
        status = sna_error(SNA_EINVAL, "%s: edges `%s` have an index already", path, sna_edges_name(edges));
        goto out;
    }
    count = sna_edges_count(edges);
    status = sna_text_copy(&name, sna_edges_name(edges));
    if (status == 0)
        status = make_side(&source, source_count);
    if (status == 0)
        status = make_side(&target, target_count);
    if (status == 0)
        status = count_edges(edges, &source, &target);
    sna_edges_close(edges);
    edges = NULL;
    if (status == 0)
        status = sna_outputs_create(&outputs);
    if (status == 0)
        status = sna_outputs_add(outputs, path, &temporary);
    if (status == 0)
        status = copy_file(path, temporary);
    if (status == 0)
        status = sna_text_copy(&file.path, path);
    if (status == 0)
        status = sna_text_copy(&file.temporary, temporary);
    if (status == 0)
        status = build_in(&file, name, count, &source, &target, options);
    if (status == 0)
        status = sna_outputs_commit(outputs);
out:
    sna_h5_output_free(&file);
    sna_outputs_free(outputs);
    sna_edges_close(edges);
    free(source.count);
    free(target.count);
    free(name);
    return status;
}
