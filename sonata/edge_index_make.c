/* edge_index_make.c: an index in memory for edges that have none in their file. */
#include "sonata/edges.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Streams the ids of one side through `take`. */
static int each_block(sna_edges *self, sna_direction direction,
                      int (*take)(void *, const uint64_t *, uint64_t, uint64_t), void *context)
{
    int status = 0;
    const sna_edge_request request = {.parts = direction == SNA_AFFERENT ? SNA_EDGE_TARGET : SNA_EDGE_SOURCE};
    sna_edge_stream *stream = NULL;
    sna_edge_block block = {0};

    status = sna_edge_stream_open(&stream, self, &request);
    while (status == 0) {
        status = sna_edge_stream_next(stream, &block);
        if (status != 0 || block.count == 0)
            break;
        status = take(context, direction == SNA_AFFERENT ? block.target : block.source, block.first, block.count);
        if (status == 0)
            status = sna_check_cancelled();
    }
    sna_edge_stream_close(stream);
    return status;
}

typedef struct {
    uint64_t last, most;
    bool sorted;
    uint64_t *start, *next, *edge;
} id_pass;

static int look(void *context, const uint64_t *id, uint64_t first, uint64_t count)
{
    id_pass *pass = context;

    (void)first;
    for (uint64_t i = 0; i < count; i++) {
        pass->sorted = pass->sorted && id[i] >= pass->last;
        pass->last = id[i];
        if (id[i] > pass->most)
            pass->most = id[i];
    }
    return 0;
}

static int count_edges(void *context, const uint64_t *id, uint64_t first, uint64_t count)
{
    id_pass *pass = context;

    (void)first;
    for (uint64_t i = 0; i < count; i++) {
        if (id[i] > pass->most)
            return sna_error(SNA_EIO, "the file changes while it is read");
        pass->start[id[i] + 1]++;
    }
    return 0;
}

static int place_edges(void *context, const uint64_t *id, uint64_t first, uint64_t count)
{
    id_pass *pass = context;

    for (uint64_t i = 0; i < count; i++) {
        if (id[i] > pass->most || pass->next[id[i]] >= pass->start[id[i] + 1])
            return sna_error(SNA_EIO, "the file changes while it is read");
        pass->edge[pass->next[id[i]]++] = first + i;
    }
    return 0;
}

int sna_edge_index_make(sna_edges *self, sna_direction direction)
{
    int status = 0;
    const uint64_t edges = self->population.count;
    sna_edge_index *index = &self->index[direction];
    id_pass pass = {.sorted = true};
    uint64_t nodes = 0;

    status = each_block(self, direction, look, &pass);
    if (status == 0)
        status = sna_notes_add(self->population.notes, "index.built", self->population.file->path,
                               self->population.place, "there is no usable index by %s; one was made in memory",
                               direction == SNA_AFFERENT ? "target" : "source");
    if (status != 0)
        goto out;
    nodes = edges == 0 ? 0 : pass.most + 1;
    /* Far more possible ids than edges: a table by id would be mostly air. */
    if (edges > 0 && pass.most / 16 > edges + 65536) {
        index->scan = true;
        index->source = SNA_INDEX_BUILT;
        goto out;
    }
    status = sna_allocate(&pass.start, nodes + 1, sizeof *pass.start);
    if (status == 0)
        status = each_block(self, direction, count_edges, &pass);
    if (status != 0)
        goto out;
    for (uint64_t n = 0; n < nodes; n++)
        pass.start[n + 1] += pass.start[n];
    if (!pass.sorted) {
        status = sna_allocate(&pass.next, nodes, sizeof *pass.next);
        if (status == 0)
            status = sna_allocate(&pass.edge, edges, sizeof *pass.edge);
        if (status != 0)
            goto out;
        memcpy(pass.next, pass.start, (size_t)nodes * sizeof *pass.next);
        status = each_block(self, direction, place_edges, &pass);
        if (status != 0)
            goto out;
    }
    index->node_count = nodes;
    index->start = pass.start;
    index->edge = pass.edge;
    index->source = SNA_INDEX_BUILT;
    pass.start = pass.edge = NULL;
out:
    free(pass.start);
    free(pass.next);
    free(pass.edge);
    return status;
}
