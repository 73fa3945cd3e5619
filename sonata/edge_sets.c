/* edge_sets.c: two edge populations as multisets, whatever their order.
 *
 * An edge is known by two 64-bit hashes: one of its nodes, one of its nodes and all its values. Both files are gone
 * through once for each share of the first hash that fits the memory; the edges of a share are sorted by hash and
 * walked together. Edges that are there on one side only are told, those between the same nodes as changed. */
#include "sonata/diff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    uint64_t nodes, whole, row;
} edge_key;

typedef struct {
    edge_key *key;
    uint64_t count, capacity;
} key_list;

/* Hashes of the texts of one attribute, by code. */
typedef struct {
    uint64_t *hash;
    uint64_t count, capacity;
} text_hashes;

/* The finaliser of SplitMix64 (Steele, Lea & Flood 2014). */
static uint64_t mix(uint64_t x)
{
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static uint64_t hash_text(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return mix(hash);
}

/* Equal numbers have equal hashes, whole reals those of integers (see sna_value_is_equal). */
static uint64_t hash_real(double value)
{
    uint64_t bits = 0;

    if (value >= -0x1p63 && value < 0x1p63 && value == floor(value))
        return mix((uint64_t)(int64_t)value);
    memcpy(&bits, &value, sizeof bits);
    return mix(bits ^ UINT64_C(0x5851f42d4c957f2d));
}

static int grow_texts(text_hashes *self, const sna_list *texts)
{
    uint64_t *grown = NULL;

    if (self->count >= texts->count)
        return 0;
    grown = sna_grow(self->hash, &self->capacity, texts->count, sizeof *grown);
    if (grown == NULL)
        return SNA_ENOMEM;
    self->hash = grown;
    for (; self->count < texts->count; self->count++)
        self->hash[self->count] = hash_text(texts->text[self->count]);
    return 0;
}

/* What an attribute adds to the hash of an edge: 0 for nothing, so that an attribute that is not there adds the same.
 */
static uint64_t hash_value(const sna_column *column, uint64_t row, const text_hashes *texts, uint64_t name)
{
    uint64_t hash = 0;

    if (sna_value_is_nothing(column, row))
        return 0;
    for (uint32_t k = 0; k < column->width; k++) {
        const uint64_t at = row * column->width + k;
        uint64_t value = 0;
        if (column->type == SNA_TEXT)
            value = column->texts->text[column->code[at]][0] == '\0' ? 0 : texts->hash[column->code[at]];
        else if (column->type == SNA_REAL)
            value = isnan(column->real[at]) ? 0 : hash_real(column->real[at]);
        else
            value = mix((uint64_t)column->integer[at]);
        hash = mix(hash ^ value ^ (k + 1) * UINT64_C(0x9e3779b97f4a7c15));
    }
    return mix(hash ^ name);
}

/* ---- a share of one side ------------------------------------------------------------------------------------ */

typedef struct {
    sna_edges *edges;
    const sna_list *attributes;
    const uint64_t *name;   /* [attributes] hashes of their names */
    text_hashes *texts;     /* [attributes] */
    uint64_t shares, share; /* edges with nodes % shares == share */
} side_pass;

static int take_block(const side_pass *pass, const sna_edge_block *block, key_list *out)
{
    int status = 0;

    for (uint64_t k = 0; k < pass->attributes->count && status == 0; k++)
        if (block->column[k].type == SNA_TEXT)
            status = grow_texts(&pass->texts[k], block->column[k].texts);
    for (uint64_t i = 0; i < block->count && status == 0; i++) {
        const uint64_t nodes = mix(mix(block->source[i] + UINT64_C(0x9e3779b97f4a7c15)) ^ block->target[i]);
        uint64_t whole = 0;
        edge_key *grown = NULL;
        if (nodes % pass->shares != pass->share)
            continue;
        for (uint64_t k = 0; k < pass->attributes->count; k++)
            whole += hash_value(&block->column[k], i, &pass->texts[k], pass->name[k]);
        grown = sna_grow(out->key, &out->capacity, out->count + 1, sizeof *grown);
        if (grown == NULL) {
            status = SNA_ENOMEM;
            break;
        }
        out->key = grown;
        out->key[out->count++] = (edge_key){nodes, whole, block->first + i};
    }
    return status;
}

static int read_side(const side_pass *pass, key_list *out)
{
    int status = 0;
    const sna_edge_request request = {.parts = SNA_EDGE_SOURCE | SNA_EDGE_TARGET,
                                      .attribute = (const char *const *)pass->attributes->text,
                                      .attribute_count = pass->attributes->count};
    sna_edge_stream *stream = NULL;
    sna_edge_block block = {0};

    out->count = 0;
    /* Codes of texts are those of this stream. */
    for (uint64_t k = 0; k < pass->attributes->count; k++)
        pass->texts[k].count = 0;
    status = sna_edge_stream_open(&stream, pass->edges, &request);
    while (status == 0) {
        status = sna_edge_stream_next(stream, &block);
        if (status != 0 || block.count == 0)
            break;
        status = take_block(pass, &block, out);
        if (status == 0)
            status = sna_check_cancelled();
    }
    sna_edge_stream_close(stream);
    return status;
}

/* ---- both together ------------------------------------------------------------------------------------------ */

static int compare_keys(const void *a, const void *b)
{
    const edge_key *x = a, *y = b;

    if (x->nodes != y->nodes)
        return x->nodes < y->nodes ? -1 : 1;
    if (x->whole != y->whole)
        return x->whole < y->whole ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* Drops from both lists what is in both; both are sorted. What is left keeps its order. */
static void drop_common(key_list *a, key_list *b)
{
    uint64_t i = 0, j = 0, kept_a = 0, kept_b = 0;

    while (i < a->count || j < b->count) {
        const bool take_a =
            j >= b->count || (i < a->count && (a->key[i].nodes != b->key[j].nodes ? a->key[i].nodes < b->key[j].nodes
                                                                                  : a->key[i].whole < b->key[j].whole));
        if (i < a->count && j < b->count && a->key[i].nodes == b->key[j].nodes && a->key[i].whole == b->key[j].whole) {
            i++;
            j++;
        } else if (take_a) {
            a->key[kept_a++] = a->key[i++];
        } else {
            b->key[kept_b++] = b->key[j++];
        }
    }
    a->count = kept_a;
    b->count = kept_b;
}

/* Tells what is left: edges between the same nodes as changed, as long as both sides have one. */
static int tell(const key_list *a, const key_list *b, const sna_edge_set_watcher *watcher)
{
    int status = 0;
    uint64_t i = 0, j = 0;

    while ((i < a->count || j < b->count) && status == 0) {
        if (i < a->count && j < b->count && a->key[i].nodes == b->key[j].nodes) {
            status = watcher->changed(watcher->context, a->key[i].row, b->key[j].row);
            i++;
            j++;
        } else if (j >= b->count || (i < a->count && a->key[i].nodes < b->key[j].nodes)) {
            status = watcher->only(watcher->context, 0, a->key[i++].row);
        } else {
            status = watcher->only(watcher->context, 1, b->key[j++].row);
        }
    }
    return status;
}

int sna_edge_sets_compare(sna_edges *const edges[2], const sna_list attributes[2], const sna_attribute_pairs *pairs,
                          uint64_t memory, const sna_edge_set_watcher *watcher)
{
    int status = 0;
    uint64_t *names[2] = {NULL, NULL};
    text_hashes *texts[2] = {NULL, NULL};
    key_list keys[2] = {{NULL, 0, 0}, {NULL, 0, 0}};
    const uint64_t total = sna_edges_count(edges[0]) + sna_edges_count(edges[1]);
    /* Growing doubles a list, and holds the old one meanwhile. */
    const uint64_t shares = total / (memory / sizeof(edge_key) / 3 + 1) + 1;

    for (int side = 0; side < 2 && status == 0; side++) {
        status = sna_allocate(&names[side], attributes[side].count, sizeof *names[side]);
        if (status == 0)
            status = sna_allocate(&texts[side], attributes[side].count, sizeof *texts[side]);
    }
    for (uint64_t i = 0; i < pairs->count && status == 0; i++)
        for (int side = 0; side < 2; side++)
            if (pairs->pair[i].in[side] >= 0)
                names[side][pairs->pair[i].in[side]] = hash_text(pairs->pair[i].name);
    for (uint64_t share = 0; share < shares && status == 0; share++) {
        for (int side = 0; side < 2 && status == 0; side++) {
            const side_pass pass = {edges[side], &attributes[side], names[side], texts[side], shares, share};
            status = read_side(&pass, &keys[side]);
            if (status == 0 && keys[side].count > 1)
                qsort(keys[side].key, keys[side].count, sizeof *keys[side].key, compare_keys);
        }
        if (status == 0) {
            drop_common(&keys[0], &keys[1]);
            status = tell(&keys[0], &keys[1], watcher);
        }
    }
    for (int side = 0; side < 2; side++) {
        for (uint64_t k = 0; texts[side] != NULL && k < attributes[side].count; k++)
            free(texts[side][k].hash);
        free(texts[side]);
        free(names[side]);
        free(keys[side].key);
    }
    return status;
}
