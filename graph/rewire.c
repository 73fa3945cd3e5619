/* rewire.c: random graphs in which every cell keeps its mutual connections by number, not only its degrees. */
#include "graph/internal.h"

#include <inttypes.h>
#include <stdlib.h>

/* ---- which pairs are connected ------------------------------------------------------------------------------ */

/* A set of ordered pairs: open addressing, linear probing, at most half full. */
typedef struct {
    uint64_t *key; /* [mask + 1] pair + 1; 0: free */
    uint64_t mask;
} pair_set;

static uint64_t key_of(uint64_t source, uint64_t target)
{
    return (source << 32 | target) + 1;
}

static uint64_t place_of(const pair_set *self, uint64_t key)
{
    return (key * UINT64_C(0x9e3779b97f4a7c15) >> 20) & self->mask;
}

static bool has_pair(const pair_set *self, uint64_t source, uint64_t target)
{
    const uint64_t key = key_of(source, target);
    uint64_t at = place_of(self, key);

    while (self->key[at] != 0 && self->key[at] != key)
        at = (at + 1) & self->mask;
    return self->key[at] == key;
}

static void add_pair(pair_set *self, uint64_t source, uint64_t target)
{
    const uint64_t key = key_of(source, target);
    uint64_t at = place_of(self, key);

    while (self->key[at] != 0)
        at = (at + 1) & self->mask;
    self->key[at] = key;
}

/* A pair that is there; those behind it move up, so that no gap breaks their chain (Knuth, TAOCP 6.4, algorithm R). */
static void remove_pair(pair_set *self, uint64_t source, uint64_t target)
{
    const uint64_t key = key_of(source, target);
    uint64_t gap = place_of(self, key), at;

    while (self->key[gap] != key)
        gap = (gap + 1) & self->mask;
    for (at = (gap + 1) & self->mask; self->key[at] != 0; at = (at + 1) & self->mask) {
        const uint64_t home = place_of(self, self->key[at]);
        if (((at - home) & self->mask) >= ((at - gap) & self->mask)) {
            self->key[gap] = self->key[at];
            gap = at;
        }
    }
    self->key[gap] = 0;
}

/* ---- swaps -------------------------------------------------------------------------------------------------- */

typedef struct {
    uint32_t source, target;
} link;

struct sna_rewiring {
    igraph_integer_t vertices;
    link *single, *mutual; /* connected one way; both ways (each pair once) */
    uint64_t singles, mutuals;
    pair_set pairs;
};

int sna_rewiring_create(sna_rewiring **out, const igraph_t *simple)
{
    int status = 0;
    sna_rewiring *self = NULL;
    const uint64_t edges = (uint64_t)igraph_ecount(simple);
    uint64_t room = 16;

    *out = NULL;
    if ((uint64_t)igraph_vcount(simple) > UINT32_MAX || edges > UINT64_MAX / 64)
        return sna_error(SNA_EUNSUPPORTED, "a graph of %" PRIu64 " edges is too large to be rewired", edges);
    while (room < 2 * edges)
        room *= 2;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        return status;
    status = sna_allocate(&self->pairs.key, room, sizeof *self->pairs.key);
    if (status == 0)
        status = sna_allocate(&self->single, edges, sizeof *self->single);
    if (status == 0)
        status = sna_allocate(&self->mutual, edges, sizeof *self->mutual);
    if (status != 0)
        goto out;
    self->pairs.mask = room - 1;
    self->vertices = igraph_vcount(simple);
    for (igraph_integer_t e = 0; e < igraph_ecount(simple); e++)
        add_pair(&self->pairs, (uint64_t)IGRAPH_FROM(simple, e), (uint64_t)IGRAPH_TO(simple, e));
    for (igraph_integer_t e = 0; e < igraph_ecount(simple); e++) {
        const link each = {(uint32_t)IGRAPH_FROM(simple, e), (uint32_t)IGRAPH_TO(simple, e)};
        if (!has_pair(&self->pairs, each.target, each.source))
            self->single[self->singles++] = each;
        else if (each.source < each.target)
            self->mutual[self->mutuals++] = each;
    }
    *out = self;
    self = NULL;
out:
    sna_rewiring_free(self);
    return status;
}

void sna_rewiring_free(sna_rewiring *self)
{
    if (self == NULL)
        return;
    free(self->pairs.key);
    free(self->single);
    free(self->mutual);
    free(self);
}

static bool are_apart(const pair_set *pairs, uint64_t one, uint64_t other)
{
    return one != other && !has_pair(pairs, one, other) && !has_pair(pairs, other, one);
}

/* Two connections of one kind exchange their targets, unless that would connect a cell with itself or a pair anew. */
static void swap(sna_rewiring *self, link *list, uint64_t count, bool mutual, sna_random *random)
{
    link *first = &list[sna_random_below(random, count)], *second = &list[sna_random_below(random, count)];
    const link a = *first;
    link b = *second;

    if (mutual && (sna_random_bits(random) & 1) != 0) /* it has no direction: take either */
        b = (link){b.target, b.source};
    if (!are_apart(&self->pairs, a.source, b.target) || !are_apart(&self->pairs, b.source, a.target))
        return;
    remove_pair(&self->pairs, a.source, a.target);
    remove_pair(&self->pairs, b.source, b.target);
    add_pair(&self->pairs, a.source, b.target);
    add_pair(&self->pairs, b.source, a.target);
    if (mutual) {
        remove_pair(&self->pairs, a.target, a.source);
        remove_pair(&self->pairs, b.target, b.source);
        add_pair(&self->pairs, b.target, a.source);
        add_pair(&self->pairs, a.target, b.source);
    }
    *first = (link){a.source, b.target};
    *second = (link){b.source, a.target};
}

void sna_rewiring_swap(sna_rewiring *self, uint64_t tries, sna_random *random)
{
    const uint64_t all = self->singles + self->mutuals;

    for (uint64_t t = 0; t < tries && all > 0; t++) {
        if (sna_random_below(random, all) < self->singles)
            swap(self, self->single, self->singles, false, random);
        else
            swap(self, self->mutual, self->mutuals, true, random);
    }
}

int sna_rewiring_graph(const sna_rewiring *self, igraph_t *out)
{
    int status = 0;
    igraph_vector_int_t ends;
    igraph_integer_t at = 0;

    status = sna_igraph_status(igraph_vector_int_init(&ends, (igraph_integer_t)(2 * self->singles + 4 * self->mutuals)),
                               "a random graph");
    if (status != 0)
        return status;
    for (uint64_t i = 0; i < self->singles; i++) {
        VECTOR(ends)[at++] = self->single[i].source;
        VECTOR(ends)[at++] = self->single[i].target;
    }
    for (uint64_t i = 0; i < self->mutuals; i++) {
        VECTOR(ends)[at++] = self->mutual[i].source;
        VECTOR(ends)[at++] = self->mutual[i].target;
        VECTOR(ends)[at++] = self->mutual[i].target;
        VECTOR(ends)[at++] = self->mutual[i].source;
    }
    status = sna_igraph_status(igraph_create(out, &ends, self->vertices, IGRAPH_DIRECTED), "a random graph");
    igraph_vector_int_destroy(&ends);
    return status;
}
