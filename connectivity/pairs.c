/* pairs.c: brings the edges between two populations together by unordered pair of cells.
 *
 * An edge becomes one 64-bit key: cell of P, cell of Q, gap junction or not, direction. Sorted, equal pairs are
 * neighbours. Keys and the room to sort them take 16 bytes an edge; where that is more than allowed, a first pass over
 * the edges counts how the keys are spread, and each further one takes a range of them. */
#include "connectivity/internal.h"

#include <inttypes.h>
#include <omp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { DIRECTION_BIT = 1, GAP_BIT = 2, FLAG_BITS = 2 };
enum { SPREAD_BITS = 12, SPREAD = 1 << SPREAD_BITS }; /* of the counting pass */
enum { BATCH = 2048, KEY_ROOM = 16 /* bytes a key */ };
enum {
    MOST_BUCKET_BITS = 10,
    BUCKET_KEYS = 1 << 14,
    MOST_DIGIT_BITS = 11,
    MOST_DIGITS = 1 << MOST_DIGIT_BITS,
    FEW = 32
};

struct sna_pairs {
    bool same;             /* P is Q */
    unsigned q_bits, bits; /* of a row of Q; of a whole key */
    uint64_t memory;
    uint64_t *key, *room; /* [capacity] */
    uint64_t capacity;
    atomic_uint_least64_t count;
    uint64_t *spread;    /* [SPREAD] keys by their first bits, or NULL where one pass does */
    bool counting;       /* this pass counts only */
    unsigned first, end; /* the part of `spread` that this pass takes */
};

static unsigned bits_for(uint64_t count)
{
    unsigned bits = 0;

    while (bits < 64 && count > 1 && (count - 1) >> bits != 0)
        bits++;
    return bits;
}

int sna_pairs_create(sna_pairs **out, uint64_t nodes_p, uint64_t nodes_q, bool same, uint64_t edges, uint64_t memory)
{
    int status = 0;
    sna_pairs *self = NULL;
    const unsigned p_bits = bits_for(nodes_p), q_bits = bits_for(nodes_q);

    *out = NULL;
    if (p_bits + q_bits + FLAG_BITS > 64) {
        status = sna_error(SNA_EUNSUPPORTED, "pairs of %" PRIu64 " and %" PRIu64 " cells are too many to tell apart",
                           nodes_p, nodes_q);
        goto out;
    }
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->same = same;
    self->q_bits = q_bits;
    self->bits = p_bits + q_bits + FLAG_BITS;
    self->memory = memory > 0 ? memory : UINT64_C(1) << 30;
    self->end = SPREAD;
    if (edges > self->memory / KEY_ROOM) {
        self->counting = true;
        status = sna_allocate(&self->spread, SPREAD, sizeof *self->spread);
    } else {
        self->capacity = edges;
    }
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_pairs_free(self);
    return status;
}

bool sna_pairs_more(const sna_pairs *self)
{
    return self->counting || self->first < SPREAD;
}

int sna_pairs_begin(sna_pairs *self)
{
    int status = 0;

    atomic_store(&self->count, 0);
    if (self->counting)
        goto out;
    if (self->spread != NULL) {
        /* As many parts as fit; at least one, however full it is. */
        uint64_t keys = self->spread[self->first];
        self->end = self->first + 1;
        while (self->end < SPREAD && keys + self->spread[self->end] <= self->memory / KEY_ROOM)
            keys += self->spread[self->end++];
        self->capacity = keys;
    }
    free(self->key);
    free(self->room);
    self->key = self->room = NULL;
    status = sna_allocate(&self->key, self->capacity, sizeof *self->key);
    if (status == 0)
        status = sna_allocate(&self->room, self->capacity, sizeof *self->room);
out:
    return status;
}

static unsigned part_of(const sna_pairs *self, uint64_t key)
{
    return (unsigned)(self->bits > SPREAD_BITS ? key >> (self->bits - SPREAD_BITS) : key);
}

static int store(sna_pairs *self, const uint64_t *key, unsigned count)
{
    int status = 0;
    const uint64_t at = atomic_fetch_add_explicit(&self->count, count, memory_order_relaxed);

    if (at + count > self->capacity)
        status = sna_error(SNA_EIO, "the edges changed while they were read");
    else
        memcpy(self->key + at, key, count * sizeof *key);
    return status;
}

static void count_spread(sna_pairs *self, const uint64_t *key, unsigned count)
{
#pragma omp critical(sna_pairs_spread)
    for (unsigned k = 0; k < count; k++)
        self->spread[part_of(self, key[k])]++;
}

int sna_pairs_add(sna_pairs *self, const uint64_t *source, const uint64_t *target, const uint8_t *gap, uint64_t count,
                  bool reversed)
{
    int status = 0;
    uint64_t key[BATCH];
    const bool partial = self->spread != NULL && !self->counting;

    for (uint64_t done = 0; done < count && status == 0; done += BATCH) {
        const unsigned most = count - done < BATCH ? (unsigned)(count - done) : BATCH;
        unsigned kept = 0;
        for (unsigned k = 0; k < most; k++) {
            const uint64_t from = source[done + k], to = target[done + k];
            const bool swap = self->same ? from > to : reversed;
            const uint64_t i = swap ? to : from, j = swap ? from : to;
            key[k] = (i << self->q_bits | j) << FLAG_BITS | (swap ? DIRECTION_BIT : 0u) |
                     (gap != NULL && gap[done + k] ? GAP_BIT : 0u);
        }
        kept = most;
        if (partial) {
            kept = 0;
            for (unsigned k = 0; k < most; k++) {
                const unsigned part = part_of(self, key[k]);
                key[kept] = key[k];
                kept += part >= self->first && part < self->end;
            }
        }
        if (self->counting)
            count_spread(self, key, kept);
        else
            status = store(self, key, kept);
    }
    return status;
}

/* ---- sorting ------------------------------------------------------------------------------------------------ */

/* Sorts `key` [count], which differ in their last `bits` bits only; `room` [count] is scratch. The result is where the
 * function says. */
static uint64_t *sort_bucket(uint64_t *key, uint64_t *room, uint64_t count, unsigned bits)
{
    const unsigned rounds = (bits + MOST_DIGIT_BITS - 1) / MOST_DIGIT_BITS;
    const unsigned digit = rounds > 0 ? (bits + rounds - 1) / rounds : 0;
    const uint64_t digits = UINT64_C(1) << digit;

    if (count <= FEW) {
        for (uint64_t i = 1; i < count; i++) {
            const uint64_t moved = key[i];
            uint64_t at = i;
            for (; at > 0 && key[at - 1] > moved; at--)
                key[at] = key[at - 1];
            key[at] = moved;
        }
        return key;
    }
    for (unsigned round = 0; round < rounds; round++) {
        const unsigned shift = round * digit;
        uint64_t start[MOST_DIGITS] = {0}, sum = 0;
        uint64_t *swap = key;
        for (uint64_t i = 0; i < count; i++)
            start[key[i] >> shift & (digits - 1)]++;
        if (start[key[0] >> shift & (digits - 1)] == count)
            continue; /* all alike in this digit */
        for (uint64_t d = 0; d < digits; d++) {
            const uint64_t here = start[d];
            start[d] = sum;
            sum += here;
        }
        for (uint64_t i = 0; i < count; i++)
            room[start[key[i] >> shift & (digits - 1)]++] = key[i];
        key = room;
        room = swap;
    }
    return key;
}

/* `least` was taken off each key. */
static int visit_sorted(const sna_pairs *self, const uint64_t *key, uint64_t count, uint64_t least, unsigned thread,
                        sna_pair_visitor visit, void *context)
{
    int status = 0;
    const uint64_t q_mask = (UINT64_C(1) << self->q_bits) - 1;

    for (uint64_t at = 0; at < count && status == 0;) {
        const uint64_t which = (key[at] + least) >> FLAG_BITS;
        uint32_t seen[4] = {0, 0, 0, 0};
        sna_pair pair = {.i = which >> self->q_bits, .j = which & q_mask};
        for (; at < count && (key[at] + least) >> FLAG_BITS == which; at++)
            seen[key[at] & (DIRECTION_BIT | GAP_BIT)]++;
        pair.forward = seen[0];
        pair.backward = seen[DIRECTION_BIT];
        pair.gap_forward = seen[GAP_BIT];
        pair.gap_backward = seen[GAP_BIT | DIRECTION_BIT];
        status = visit(context, thread, &pair);
    }
    return status;
}

/* The keys, less `least`, in buckets of ascending first bits, into `room`: bucket b starts at start[b] [buckets + 1].
 * Each slice of the keys counts, and then fills, its own part of every bucket. */
static int distribute(sna_pairs *self, uint64_t count, unsigned slices, uint64_t least, unsigned shift,
                      uint64_t buckets, uint64_t *start)
{
    int status = 0;
    uint64_t *place = NULL; /* [slices][buckets] */
    uint64_t sum = 0;

    status = sna_allocate(&place, slices * buckets, sizeof *place);
    if (status != 0)
        goto out;
#pragma omp parallel for num_threads(slices) schedule(static)
    for (unsigned s = 0; s < slices; s++) {
        for (uint64_t i = count * s / slices; i < count * (s + 1) / slices; i++)
            place[s * buckets + ((self->key[i] - least) >> shift)]++;
    }
    for (uint64_t b = 0; b < buckets; b++) {
        start[b] = sum;
        for (unsigned s = 0; s < slices; s++) {
            const uint64_t here = place[s * buckets + b];
            place[s * buckets + b] = sum;
            sum += here;
        }
    }
    start[buckets] = sum;
#pragma omp parallel for num_threads(slices) schedule(static)
    for (unsigned s = 0; s < slices; s++) {
        for (uint64_t i = count * s / slices; i < count * (s + 1) / slices; i++)
            self->room[place[s * buckets + ((self->key[i] - least) >> shift)]++] = self->key[i] - least;
    }
out:
    free(place);
    return status;
}

static int sort_and_visit(sna_pairs *self, unsigned threads, sna_pair_visitor visit, void *context)
{
    int status = 0;
    const uint64_t count = atomic_load(&self->count);
    uint64_t least = UINT64_MAX, most = 0, *start = NULL, buckets = 1;
    unsigned shift = FLAG_BITS;
    sna_failure failure = {0, ""};

    if (count == 0)
        goto out;
#pragma omp parallel for num_threads(threads) reduction(min : least) reduction(max : most)
    for (uint64_t i = 0; i < count; i++) {
        least = self->key[i] < least ? self->key[i] : least;
        most = self->key[i] > most ? self->key[i] : most;
    }
    /* A boundary never falls between the keys of one pair. */
    least &= ~(uint64_t)(DIRECTION_BIT | GAP_BIT);
    while ((most - least) >> shift >= 1u << MOST_BUCKET_BITS || ((most - least) >> shift) * BUCKET_KEYS > count)
        shift++;
    buckets = ((most - least) >> shift) + 1;
    status = sna_allocate(&start, buckets + 1, sizeof *start);
    if (status != 0)
        goto out;
    status = distribute(self, count, threads, least, shift, buckets, start);
    if (status != 0)
        goto out;
#pragma omp parallel for num_threads(threads) schedule(dynamic, 4)
    for (uint64_t b = 0; b < buckets; b++) {
        const uint64_t size = start[b + 1] - start[b];
        const uint64_t *sorted;
        int own = sna_check_cancelled();
        if (own == 0 && size > 0) {
            sorted = sort_bucket(self->room + start[b], self->key + start[b], size, shift);
            own = visit_sorted(self, sorted, size, least, (unsigned)omp_get_thread_num(), visit, context);
        }
        if (own != 0) {
#pragma omp critical(sna_pairs_failure)
            sna_failure_note(&failure, own);
        }
    }
    status = sna_failure_raise(&failure);
out:
    free(start);
    return status;
}

int sna_pairs_end(sna_pairs *self, unsigned threads, sna_pair_visitor visit, void *context)
{
    int status = 0;

    if (self->counting) {
        self->counting = false;
        self->end = 0;
    } else {
        status = sort_and_visit(self, threads, visit, context);
        if (self->spread == NULL)
            self->end = SPREAD;
    }
    self->first = self->end;
    return status;
}

void sna_pairs_free(sna_pairs *self)
{
    if (self == NULL)
        return;
    free(self->key);
    free(self->room);
    free(self->spread);
    free(self);
}
