/* adjacency.c: the edges of one entry within a population, held in memory for an entry that depends on them. */
#include <inttypes.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "found.h"

struct sna_adjacency {
    uint64_t nodes, count;
    uint64_t *start[2]; /* [nodes + 1] of the edges that come in, of those that go out */
    uint32_t *node[2];  /* [count] the other end */
};

const uint32_t *sna_adjacency_nodes(const sna_adjacency *self, uint64_t id, bool outward, uint64_t *count)
{
    *count = self->start[outward][id + 1] - self->start[outward][id];
    return self->node[outward] + self->start[outward][id];
}

bool sna_adjacency_connects(const sna_adjacency *self, uint64_t source, uint64_t target)
{
    uint64_t low = self->start[1][source], high = self->start[1][source + 1];
    const uint64_t end = high;

    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (self->node[1][middle] < target)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && self->node[1][low] == target;
}

void sna_adjacency_free(sna_adjacency *self)
{
    if (self == NULL)
        return;
    for (unsigned k = 0; k < 2; k++) {
        free(self->start[k]);
        free(self->node[k]);
    }
    free(self);
}

/* An edge list that grows, as two columns of 32-bit ids. */
typedef struct {
    uint32_t (*edge)[2]; /* source, target */
    uint64_t count, capacity;
} edges;

static int reserve(edges *self, uint64_t count)
{
    uint32_t(*grown)[2] = self->edge;

    while (self->capacity < self->count + count) {
        grown = sna_grow(self->edge, &self->capacity, self->count + count, sizeof *self->edge);
        if (grown == NULL)
            return SNA_ENOMEM;
        self->edge = grown;
    }
    return 0;
}

static int append(edges *self, const sna_edge_list *list)
{
    const int status = reserve(self, list->count);

    if (status != 0)
        return status;
    for (uint64_t i = 0; i < list->count; i++) {
        self->edge[self->count][0] = (uint32_t)list->source[i];
        self->edge[self->count++][1] = (uint32_t)list->target[i];
    }
    return 0;
}

/* Draws a projection, block by block on all threads. */
static int draw_projection(edges *out, const sna_network *self, uint64_t index)
{
    const sna_projection *projection = &self->projection[index];
    const uint64_t block =
        projection->block > self->file[projection->file].block ? projection->block : self->file[projection->file].block;
    const uint64_t nodes = self->population[projection->target_population].count;
    const int64_t blocks = (int64_t)((nodes + block - 1) / block);
    int status = 0;
    char *message = NULL;

#pragma omp parallel num_threads(blocks > 1 ? sna_threads() : 1)
    {
        sna_edge_list list = SNA_EDGE_LIST;

#pragma omp for ordered schedule(dynamic, 1)
        for (int64_t b = 0; b < blocks; b++) {
            const uint64_t first = sna_members_from(projection->target, (uint64_t)b * block),
                           end = sna_members_from(projection->target, (uint64_t)(b + 1) * block);
            int code = sna_check_cancelled();
            if (code == 0)
                code = sna_network_draw(self, index, first, end, &list);
#pragma omp ordered
            if (status == 0) {
                status = code == 0 ? append(out, &list) : code;
                if (status != 0)
                    message = strdup(sna_error_message());
            }
        }
        sna_edge_list_free(&list);
    }
    if (status != 0)
        status = sna_error(status, "%s", message == NULL ? "out of memory" : message);
    free(message);
    return status;
}

/* The edges of one projection among those of a file. */
typedef struct {
    edges *list;
    uint64_t projection, nodes;
} selection;

static int take_found(void *context, const sna_found_edge *edge)
{
    selection *self = context;
    int status;

    /* What is wrong with edges is said by who checks them. */
    if (edge->projection != self->projection || edge->source >= self->nodes || edge->target >= self->nodes)
        return 0;
    status = reserve(self->list, 1);
    if (status == 0) {
        self->list->edge[self->list->count][0] = (uint32_t)edge->source;
        self->list->edge[self->list->count++][1] = (uint32_t)edge->target;
    }
    return status;
}

static int find_projection(edges *out, const sna_network *self, uint64_t index)
{
    const sna_projection *projection = &self->projection[index];
    selection chosen = {
        .list = out, .projection = index, .nodes = self->population[projection->source_population].count};

    return sna_found_edges(self, projection->file, take_found, &chosen);
}

/* Sorts the edges by one end. */
static int index_by(sna_adjacency *self, const edges *list, bool outward)
{
    int status = sna_allocate(&self->start[outward], self->nodes + 1, sizeof **self->start);
    uint64_t *start = self->start[outward];

    if (status == 0)
        status = sna_allocate(&self->node[outward], list->count, sizeof **self->node);
    if (status != 0)
        goto out;
    start = self->start[outward];
    for (uint64_t i = 0; i < list->count; i++)
        start[list->edge[i][!outward] + 1]++;
    for (uint64_t n = 0; n < self->nodes; n++)
        start[n + 1] += start[n];
    for (uint64_t i = 0; i < list->count; i++)
        self->node[outward][start[list->edge[i][!outward]]++] = list->edge[i][outward];
    for (uint64_t n = self->nodes; n > 0; n--)
        start[n] = start[n - 1];
    start[0] = 0;
out:
    return status;
}

static int compare(const void *a, const void *b)
{
    const uint32_t va = *(const uint32_t *)a, vb = *(const uint32_t *)b;

    return (va > vb) - (va < vb);
}

static void sort_rows(sna_adjacency *self)
{
    for (unsigned k = 0; k < 2; k++) {
        for (uint64_t n = 0; n < self->nodes; n++) {
            uint32_t *row = self->node[k] + self->start[k][n];
            const uint64_t count = self->start[k][n + 1] - self->start[k][n];
            bool sorted = true;
            for (uint64_t i = 1; i < count && sorted; i++)
                sorted = row[i - 1] <= row[i];
            if (!sorted)
                qsort(row, count, sizeof *row, compare);
        }
    }
}

int sna_adjacency_create(sna_adjacency **out, const sna_network *self, uint64_t index)
{
    const sna_entry *entry = &self->entry[index];
    sna_adjacency *adjacency = NULL;
    edges list = {NULL, 0, 0};
    double expected = 0;
    int status = 0;

    for (uint64_t i = 0; i < self->projections; i++)
        expected += self->projection[i].drawer == entry ? self->projection[i].expected.edges : 0;
    if (self->population[entry->source.population].count > UINT32_MAX) {
        status =
            sna_json_error(self->json, entry->item, SNA_EUNSUPPORTED,
                           "another entry depends on this one, which works up to %" PRIu32 " nodes only", UINT32_MAX);
        goto out;
    }
    /* 8 bytes an edge in the list, which grows by doubling, and 8 in both orders. */
    if (expected * 24 > (double)self->options.memory) {
        status =
            sna_json_error(self->json, entry->item, SNA_ENOMEM,
                           "another entry depends on the %.0f edges of this one, which takes %.0f MiB of memory, but "
                           "only %.0f MiB may be used (--memory)",
                           expected, expected * 24 / 0x1p20, (double)self->options.memory / 0x1p20);
        goto out;
    }
    status = sna_allocate(&adjacency, 1, sizeof *adjacency);
    for (uint64_t i = 0; i < self->projections && status == 0; i++) {
        if (self->projection[i].drawer == entry)
            status = self->circuit != NULL ? find_projection(&list, self, i) : draw_projection(&list, self, i);
    }
    if (status != 0)
        goto out;
    adjacency->nodes = self->population[entry->source.population].count;
    adjacency->count = list.count;
    status = index_by(adjacency, &list, false);
    if (status == 0)
        status = index_by(adjacency, &list, true);
    if (status != 0)
        goto out;
    sort_rows(adjacency);
    *out = adjacency;
    adjacency = NULL;
out:
    free(list.edge);
    sna_adjacency_free(adjacency);
    return status;
}
