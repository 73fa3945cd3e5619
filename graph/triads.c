/* triads.c: how often each kind of triad occurs. igraph counts them too, but takes a minute of one processor where this
 * takes two seconds (1e6 edges), and every random graph that a network is compared with needs a census. */
#include "graph/internal.h"

#include <omp.h>
#include <stdlib.h>

/* How two vertices are connected, seen from the first. */
enum { OUT = 1, IN = 2, BOTH = OUT | IN };

/* ---- kinds -------------------------------------------------------------------------------------------------- */

/* Kinds in igraph's order: 003 012 102 021D 021U 021C 111D 111U 030T 030C 201 120D 120U 120C 210 300. `way[i][j]` says
 * how i is connected with j. */
static int kind_of(const int way[3][3])
{
    int mutual = 0, single = 0, alone = 0, ends[3] = {0, 0, 0}, outs[3] = {0, 0, 0};

    for (int i = 0; i < 3; i++) {
        const int j = (i + 1) % 3, k = (i + 2) % 3;
        mutual += way[i][j] == BOTH;
        single += way[i][j] == OUT || way[i][j] == IN;
        outs[i] = (way[i][j] == OUT) + (way[i][k] == OUT);
        ends[i] = (way[i][j] == OUT || way[i][j] == IN) + (way[i][k] == OUT || way[i][k] == IN);
        if (way[j][k] == BOTH)
            alone = i; /* of one mutual connection, the third vertex */
    }
    if (mutual == 0 && single == 2) { /* 021: by the vertex that both have */
        const int middle = ends[0] == 2 ? 0 : ends[1] == 2 ? 1 : 2;
        return outs[middle] == 2 ? 3 : outs[middle] == 0 ? 4 : 5;
    }
    if (mutual == 0 && single == 3) /* 030: round, or not */
        return outs[0] == 1 && outs[1] == 1 && outs[2] == 1 ? 9 : 8;
    if (mutual == 1 && single == 1) /* 111: to the mutual connection, or from it */
        return outs[alone] == 1 ? 6 : 7;
    if (mutual == 1 && single == 2) /* 120: from the third vertex, to it, or through it */
        return outs[alone] == 2 ? 11 : outs[alone] == 0 ? 12 : 13;
    if (mutual == 0)
        return single; /* 003, 012 */
    return mutual == 1 ? 2 : mutual == 3 ? 15 : single == 0 ? 10 : 14;
}

static int turned(int way)
{
    return (way & OUT) << 1 | (way & IN) >> 1;
}

/* Of vertices u, v, w: kinds by (u with v) + 4 (u with w) + 16 (v with w). */
static void list_kinds(int kind[64])
{
    for (int code = 0; code < 64; code++) {
        const int uv = code & 3, uw = code >> 2 & 3, vw = code >> 4;
        const int way[3][3] = {{0, uv, uw}, {turned(uv), 0, vw}, {turned(uw), turned(vw), 0}};
        kind[code] = kind_of(way);
    }
}

/* ---- neighbours --------------------------------------------------------------------------------------------- */

/* For each vertex those that it is connected with, ascending: vertex << 2 | how. */
typedef struct {
    uint64_t vertices;
    uint64_t *first; /* [vertices + 1] */
    uint64_t *entry;
} neighbours;

static int compare_entries(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static int list_neighbours(neighbours *out, const igraph_t *graph)
{
    int status = 0;
    const igraph_integer_t edges = igraph_ecount(graph);
    uint64_t *next = NULL, written = 0;

    out->vertices = (uint64_t)igraph_vcount(graph);
    status = sna_allocate(&out->first, out->vertices + 1, sizeof *out->first);
    if (status == 0)
        status = sna_allocate(&next, out->vertices + 1, sizeof *next);
    if (status == 0)
        status = sna_allocate(&out->entry, 2 * (uint64_t)edges, sizeof *out->entry);
    if (status != 0)
        goto out;
    for (igraph_integer_t e = 0; e < edges; e++) {
        out->first[IGRAPH_FROM(graph, e) + 1]++;
        out->first[IGRAPH_TO(graph, e) + 1]++;
    }
    for (uint64_t v = 0; v < out->vertices; v++) {
        out->first[v + 1] += out->first[v];
        next[v] = out->first[v];
    }
    for (igraph_integer_t e = 0; e < edges; e++) {
        const uint64_t from = (uint64_t)IGRAPH_FROM(graph, e), to = (uint64_t)IGRAPH_TO(graph, e);
        out->entry[next[from]++] = to << 2 | OUT;
        out->entry[next[to]++] = from << 2 | IN;
    }
    for (uint64_t v = 0; v < out->vertices; v++) {
        const uint64_t begin = out->first[v], end = next[v];
        if (end - begin > 1)
            qsort(out->entry + begin, end - begin, sizeof *out->entry, compare_entries);
        out->first[v] = written;
        for (uint64_t i = begin; i < end; i++) {
            /* Out and in are neighbours in the list, and become one. */
            if (i > begin && out->entry[i] >> 2 == out->entry[i - 1] >> 2)
                out->entry[written - 1] |= BOTH;
            else
                out->entry[written++] = out->entry[i];
        }
    }
    out->first[out->vertices] = written;
out:
    free(next);
    return status;
}

static void free_neighbours(neighbours *self)
{
    free(self->first);
    free(self->entry);
}

/* ---- the census --------------------------------------------------------------------------------------------- */

/* All triads in which u and v = entry >> 2 are the connected pair that comes first (Batagelj & Mrvar 2001). */
static void count_pair(const neighbours *all, const int kind[64], uint64_t u, uint64_t entry, uint64_t count[16])
{
    const uint64_t v = entry >> 2;
    const unsigned uv = entry & 3;
    uint64_t i = all->first[u], j = all->first[v], others = 0;
    const uint64_t end_i = all->first[u + 1], end_j = all->first[v + 1];

    while (i < end_i || j < end_j) {
        const uint64_t of_u = i < end_i ? all->entry[i] : UINT64_MAX, of_v = j < end_j ? all->entry[j] : UINT64_MAX;
        const uint64_t a = of_u >> 2, b = of_v >> 2, w = a < b ? a : b;
        const bool with_u = a == w, with_v = b == w;
        i += with_u;
        j += with_v;
        if (w == u || w == v)
            continue;
        others++;
        /* A triad of three connected pairs, or two, is seen from each of them: once is enough. */
        if (v < w || (u < w && !with_u))
            count[kind[uv + 4 * (with_u ? of_u & 3 : 0) + 16 * (with_v ? of_v & 3 : 0)]]++;
    }
    count[uv == BOTH ? 2 : 1] += all->vertices - others - 2;
}

int sna_triads_count(const igraph_t *graph, double out[16])
{
    int status = 0, kind[64];
    neighbours all = {0, NULL, NULL};
    uint64_t count[16] = {0};
    const double n = (double)igraph_vcount(graph);

    status = list_neighbours(&all, graph);
    if (status != 0)
        goto out;
    list_kinds(kind);
#pragma omp parallel num_threads(sna_threads())
    {
        uint64_t own[16] = {0};
#pragma omp for schedule(dynamic, 16)
        for (uint64_t u = 0; u < all.vertices; u++) {
            for (uint64_t i = all.first[u]; i < all.first[u + 1] && !sna_cancelled(); i++) {
                if (all.entry[i] >> 2 > u)
                    count_pair(&all, kind, u, all.entry[i], own);
            }
        }
#pragma omp critical(sna_triads_merge)
        for (int k = 0; k < 16; k++)
            count[k] += own[k];
    }
    status = sna_check_cancelled();
    out[0] = n * (n - 1) * (n - 2) / 6;
    for (int k = 1; k < 16; k++) {
        out[k] = (double)count[k];
        out[0] -= out[k];
    }
out:
    free_neighbours(&all);
    return status;
}
