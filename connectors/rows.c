/* rows.c: the sources of one target after another. */
#include <stdlib.h>
#include <string.h>

#include "connector.h"

int sna_rows_grow(sna_rows *self)
{
    uint64_t *grown = sna_grow(self->source, &self->capacity, self->count + 1, sizeof *self->source);

    if (grown == NULL)
        return SNA_ENOMEM;
    self->source = grown;
    return 0;
}

int sna_rows_add_synapses(sna_rows *self, uint64_t source, uint64_t synapses)
{
    if (self->synapse_capacity <= self->count) {
        uint64_t *grown = sna_grow(self->synapses, &self->synapse_capacity, self->count + 1, sizeof *self->synapses);
        if (grown == NULL)
            return SNA_ENOMEM;
        self->synapses = grown;
    }
    self->synapses[self->count] = synapses;
    return sna_rows_add(self, source);
}

int sna_rows_end(sna_rows *self)
{
    if (self->rows == self->row_capacity) {
        uint64_t *grown = sna_grow(self->end, &self->row_capacity, self->rows + 1, sizeof *self->end);
        if (grown == NULL)
            return SNA_ENOMEM;
        self->end = grown;
    }
    self->end[self->rows++] = self->count;
    return 0;
}

void sna_rows_clear(sna_rows *self)
{
    self->rows = self->count = 0;
    self->reciprocal = 0;
}

void sna_rows_free(sna_rows *self)
{
    free(self->end);
    free(self->source);
    free(self->synapses);
    *self = SNA_ROWS;
}

static void insertion_sort(uint64_t *value, uint64_t count)
{
    for (uint64_t i = 1; i < count; i++) {
        const uint64_t moving = value[i];
        uint64_t k = i;
        for (; k > 0 && value[k - 1] > moving; k--)
            value[k] = value[k - 1];
        value[k] = moving;
    }
}

/* Least significant digit first, 11 bits a pass: as many passes as the largest value has digits. */
static void radix_sort(uint64_t *value, uint64_t *other, uint64_t count, uint64_t most)
{
    enum { BITS = 11, SIZE = 1 << BITS };
    uint64_t *from = value, *to = other;

    for (unsigned shift = 0; shift < 64 && most >> shift != 0; shift += BITS) {
        uint64_t place[SIZE] = {0}, sum = 0;
        uint64_t *swap;
        for (uint64_t i = 0; i < count; i++)
            place[from[i] >> shift & (SIZE - 1)]++;
        for (unsigned d = 0; d < SIZE; d++) {
            const uint64_t n = place[d];
            place[d] = sum;
            sum += n;
        }
        for (uint64_t i = 0; i < count; i++)
            to[place[from[i] >> shift & (SIZE - 1)]++] = from[i];
        swap = from;
        from = to;
        to = swap;
    }
    if (from != value)
        memcpy(value, from, count * sizeof *value);
}

/* Runs of 24 by insertion, then merged two by two. */
static void merge_sort(uint64_t *value, uint64_t *other, uint64_t count)
{
    enum { RUN = 24 };
    uint64_t *from = value, *to = other;

    for (uint64_t i = 0; i < count; i += RUN)
        insertion_sort(value + i, count - i < RUN ? count - i : RUN);
    for (uint64_t width = RUN; width < count; width *= 2) {
        uint64_t *swap;
        for (uint64_t i = 0; i < count; i += 2 * width) {
            const uint64_t middle = i + width < count ? i + width : count,
                           end = i + 2 * width < count ? i + 2 * width : count;
            uint64_t a = i, b = middle;
            for (uint64_t k = i; k < end; k++)
                to[k] = b == end || (a < middle && from[a] <= from[b]) ? from[a++] : from[b++];
        }
        swap = from;
        from = to;
        to = swap;
    }
    if (from != value)
        memcpy(value, from, count * sizeof *value);
}

void sna_ids_sort(uint64_t *value, uint64_t *other, uint64_t count)
{
    uint64_t most = 0;

    /* Clearing and summing 2048 counters a digit pays from about a thousand values on. */
    if (count < 1024) {
        merge_sort(value, other, count);
        return;
    }
    for (uint64_t i = 0; i < count; i++)
        most = value[i] > most ? value[i] : most;
    radix_sort(value, other, count, most);
}

int sna_rows_reserve(sna_rows *self, uint64_t count)
{
    while (self->capacity < count) {
        uint64_t *grown = sna_grow(self->source, &self->capacity, count, sizeof *self->source);
        if (grown == NULL)
            return SNA_ENOMEM;
        self->source = grown;
    }
    return 0;
}

int sna_rows_sort(sna_rows *self, uint64_t first)
{
    const uint64_t count = self->count - first;
    int status = 0;

    if (count > 1)
        status = sna_rows_reserve(self, self->count + count);
    if (status == 0 && count > 1)
        sna_ids_sort(self->source + first, self->source + self->count, count);
    return status;
}
