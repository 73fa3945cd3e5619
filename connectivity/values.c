/* values.c: numbers that edges have, gathered by block in bounded memory. */
#include "connectivity/values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_BITS = 17, TABLE_SIZE = 1 << TABLE_BITS, MOST_DIFFERENT = TABLE_SIZE / 2 };

/* Sums are taken about the first value, which keeps their differences (Chan, Golub & LeVeque 1983, shifted data). */
typedef struct {
    uint64_t count, missing;
    double shift, sum, squares, min, max;
    double shift_x, sum_x, squares_x, products;
} block_sums;

struct sna_values_store {
    uint64_t blocks, most;
    bool pairs;
    block_sums *sums; /* [blocks] */
    sna_kept *table;  /* [TABLE_SIZE] by value, weight 0: free; NULL with pairs */
    uint64_t different;
    sna_kept *kept; /* [kept_count]; after finish sorted by block and value, with the table's */
    uint64_t kept_count, capacity;
    unsigned level;  /* edges are kept whose hash ends in so many zeros */
    uint64_t *first; /* [blocks + 1] after finish: where each block starts in `kept` */
};

int sna_values_create(sna_values_store **out, uint64_t blocks, uint64_t most, bool pairs)
{
    int status = 0;
    sna_values_store *self = NULL;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->blocks = blocks;
    self->most = most;
    self->pairs = pairs;
    status = sna_allocate(&self->sums, blocks, sizeof *self->sums);
    if (status == 0 && !pairs)
        status = sna_allocate(&self->table, TABLE_SIZE, sizeof *self->table);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_values_free(self);
    return status;
}

/* Mixes the bits of a number well (the finalizer of MurmurHash3). */
static uint64_t mix(uint64_t bits)
{
    bits ^= bits >> 33;
    bits *= UINT64_C(0xff51afd7ed558ccd);
    bits ^= bits >> 33;
    bits *= UINT64_C(0xc4ceb9fe1a85ec53);
    return bits ^ bits >> 33;
}

/* Counts a value in the table of different ones; false where it is not there and there is no room. */
static bool tabulate(sna_values_store *self, uint32_t block, double value)
{
    uint64_t bits, at;

    memcpy(&bits, &value, sizeof bits);
    at = mix(bits + block * UINT64_C(0x9e3779b97f4a7c15)) & (TABLE_SIZE - 1);
    while (self->table[at].weight > 0 && !(self->table[at].block == block && self->table[at].value == value))
        at = (at + 1) & (TABLE_SIZE - 1);
    if (self->table[at].weight == 0) {
        if (self->different >= MOST_DIFFERENT)
            return false;
        self->different++;
        self->table[at] = (sna_kept){.value = value, .block = block};
    }
    self->table[at].weight++;
    return true;
}

/* Keeps every second one of those kept so far. */
static void thin(sna_values_store *self)
{
    uint64_t left = 0;

    self->level++;
    for (uint64_t i = 0; i < self->kept_count; i++) {
        self->kept[left] = self->kept[i];
        left += (self->kept[i].hash & ((1u << self->level) - 1)) == 0;
    }
    self->kept_count = left;
}

static int keep(sna_values_store *self, uint64_t edge, uint32_t block, double value, double other)
{
    int status = 0;
    const uint32_t hash = (uint32_t)mix(edge);

    if ((hash & ((1u << self->level) - 1)) != 0)
        goto out;
    while (self->kept_count >= self->most && self->level < 31)
        thin(self);
    if ((hash & ((1u << self->level) - 1)) != 0)
        goto out;
    if (self->kept_count == self->capacity) {
        sna_kept *grown = sna_grow(self->kept, &self->capacity, self->kept_count + 1, sizeof *grown);
        if (grown == NULL) {
            status = SNA_ENOMEM;
            goto out;
        }
        self->kept = grown;
    }
    self->kept[self->kept_count++] = (sna_kept){.value = value, .other = other, .block = block, .hash = hash};
out:
    return status;
}

int sna_values_add(sna_values_store *self, uint64_t first, uint64_t count, const uint32_t *block, const double *value,
                   const double *other)
{
    int status = 0;

    for (uint64_t i = 0; i < count && status == 0; i++) {
        const double y = value[i], x = other != NULL ? other[i] : 0;
        block_sums *sums;
        if (block[i] == UINT32_MAX || y == -INFINITY || x == -INFINITY)
            continue;
        sums = &self->sums[block[i]];
        if (!isfinite(y) || !isfinite(x)) {
            sums->missing++;
            continue;
        }
        if (sums->count++ == 0) {
            sums->shift = sums->min = sums->max = y;
            sums->shift_x = x;
        }
        sums->sum += y - sums->shift;
        sums->squares += (y - sums->shift) * (y - sums->shift);
        sums->min = y < sums->min ? y : sums->min;
        sums->max = y > sums->max ? y : sums->max;
        if (other != NULL) {
            sums->sum_x += x - sums->shift_x;
            sums->squares_x += (x - sums->shift_x) * (x - sums->shift_x);
            sums->products += (x - sums->shift_x) * (y - sums->shift);
        }
        if (self->table == NULL || !tabulate(self, block[i], y))
            status = keep(self, first + i, block[i], y, x);
    }
    return status;
}

static int compare_kept(const void *a, const void *b)
{
    const sna_kept *x = a, *y = b;

    if (x->block != y->block)
        return x->block < y->block ? -1 : 1;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return x->other != y->other ? (x->other < y->other ? -1 : 1) : (x->hash > y->hash) - (x->hash < y->hash);
}

int sna_values_finish(sna_values_store *self)
{
    int status = 0;

    for (uint64_t i = 0; i < self->kept_count; i++)
        self->kept[i].weight = UINT64_C(1) << self->level;
    if (self->table != NULL) {
        sna_kept *grown = sna_grow(self->kept, &self->capacity, self->kept_count + self->different + 1, sizeof *grown);
        if (grown == NULL) {
            status = SNA_ENOMEM;
            goto out;
        }
        self->kept = grown;
        for (uint64_t t = 0; t < TABLE_SIZE; t++) {
            if (self->table[t].weight > 0)
                self->kept[self->kept_count++] = self->table[t];
        }
        free(self->table);
        self->table = NULL;
    }
    if (self->kept_count > 0)
        qsort(self->kept, self->kept_count, sizeof *self->kept, compare_kept);
    status = sna_allocate(&self->first, self->blocks + 1, sizeof *self->first);
    if (status != 0)
        goto out;
    for (uint64_t b = 0, at = 0; b <= self->blocks; b++) {
        while (at < self->kept_count && self->kept[at].block < b)
            at++;
        self->first[b] = at;
    }
out:
    return status;
}

sna_moments sna_values_moments(const sna_values_store *self, uint64_t block)
{
    const block_sums *sums = &self->sums[block];
    const double n = (double)sums->count;
    sna_moments out = {.count = sums->count, .missing = sums->missing, .mean = NAN, .sd = NAN, .min = NAN, .max = NAN};

    if (sums->count > 0) {
        out.mean = sums->shift + sums->sum / n;
        out.min = sums->min;
        out.max = sums->max;
    }
    if (sums->count > 1) /* rounding can take what should be nothing below 0 */
        out.sd = sqrt(fmax(0, sums->squares - sums->sum * sums->sum / n) / (n - 1));
    return out;
}

const sna_kept *sna_values_kept(const sna_values_store *self, uint64_t block, uint64_t *count)
{
    *count = self->first[block + 1] - self->first[block];
    return self->kept + self->first[block];
}

/* The value at a rank (0 ..) among all that the kept ones stand for. */
static double at_rank(const sna_kept *kept, uint64_t count, uint64_t rank)
{
    uint64_t i = 0;

    while (i + 1 < count && rank >= kept[i].weight)
        rank -= kept[i++].weight;
    return kept[i].value;
}

double sna_values_quantile(const sna_values_store *self, uint64_t block, double q)
{
    uint64_t count, total = 0, low;
    const sna_kept *kept = sna_values_kept(self, block, &count);
    double rank, below, above;

    for (uint64_t i = 0; i < count; i++)
        total += kept[i].weight;
    if (total == 0)
        return NAN;
    rank = q * (double)(total - 1);
    low = (uint64_t)rank;
    below = at_rank(kept, count, low);
    above = low + 1 < total ? at_rank(kept, count, low + 1) : below;
    return below + (rank - (double)low) * (above - below);
}

void sna_values_histogram(const sna_values_store *self, uint64_t block, const double *edge, uint64_t bins,
                          double *count)
{
    uint64_t values, bin = 0;
    const sna_kept *kept = sna_values_kept(self, block, &values);

    for (uint64_t i = 0; i < values; i++) {
        if (kept[i].value < edge[0] || kept[i].value > edge[bins])
            continue;
        /* Both ascend. */
        while (bin + 1 < bins && kept[i].value >= edge[bin + 1])
            bin++;
        count[bin] += (double)kept[i].weight;
    }
}

void sna_values_range(const sna_values_store *self, double *low, double *high, bool *whole)
{
    *low = *high = NAN;
    *whole = true;
    for (uint64_t b = 0; b < self->blocks; b++) {
        if (self->sums[b].count > 0) {
            *low = fmin(*low, self->sums[b].min);
            *high = fmax(*high, self->sums[b].max);
        }
    }
    for (uint64_t i = 0; i < self->kept_count && *whole; i++)
        *whole = self->kept[i].value == floor(self->kept[i].value);
}

uint64_t sna_values_thinning(const sna_values_store *self)
{
    return UINT64_C(1) << self->level;
}

sna_line sna_values_line(const sna_values_store *self, uint64_t block)
{
    const block_sums *sums = &self->sums[block];
    const double n = (double)sums->count;
    sna_line out = {sums->count, NAN, NAN, NAN, NAN, NAN};
    double xx, yy, xy;

    if (sums->count == 0)
        return out;
    out.mean_x = sums->shift_x + sums->sum_x / n;
    out.mean_y = sums->shift + sums->sum / n;
    xx = sums->squares_x - sums->sum_x * sums->sum_x / n;
    yy = sums->squares - sums->sum * sums->sum / n;
    xy = sums->products - sums->sum * sums->sum_x / n;
    /* What is left of rounding must not look like a spread. */
    if (sums->count > 1 && xx > 1e-12 * sums->squares_x && xx > 0) {
        out.slope = xy / xx;
        out.intercept = out.mean_y - out.slope * out.mean_x;
        if (yy > 1e-12 * sums->squares && yy > 0)
            out.correlation = xy / sqrt(xx * yy);
    }
    return out;
}

void sna_values_free(sna_values_store *self)
{
    if (self == NULL)
        return;
    free(self->sums);
    free(self->table);
    free(self->kept);
    free(self->first);
    free(self);
}
