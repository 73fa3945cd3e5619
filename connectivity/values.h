/* values.h: numbers that edges have (a property, a length), gathered by block in bounded memory. Private to
 * connectivity/. */
#ifndef SNA_CONNECTIVITY_VALUES_H
#define SNA_CONNECTIVITY_VALUES_H

#include "base/base.h"

/* The values of all blocks. Counts, sums and extremes are exact. So are values that are among the first 2^16 different
 * ones; of others up to `most` are kept, and beyond that every second, fourth... edge's, chosen by its number. */
typedef struct sna_values_store sna_values_store;

/* `pairs`: each value comes with a second one (delay with distance), and their sums of products are kept. */
int sna_values_create(sna_values_store **out, uint64_t blocks, uint64_t most, bool pairs) SNA_CHECK_RESULT;

/* Adds `count` edges, numbered `first` onwards for the purpose of choosing: value[i] (NaN: missing; -infinity: has
 * none, not counted) in block[i], or in none where that is UINT32_MAX. `other` is NULL unless created with `pairs`. In
 * the order of edges, from one thread. */
int sna_values_add(sna_values_store *self, uint64_t first, uint64_t count, const uint32_t *block, const double *value,
                   const double *other) SNA_CHECK_RESULT;
/* Sorts what was kept; nothing may be added after. */
int sna_values_finish(sna_values_store *self) SNA_CHECK_RESULT;

/* Of one block. */
typedef struct {
    uint64_t count, missing;
    double mean, sd, min, max; /* NaN for none; sd is of a sample (n - 1) */
} sna_moments;
sna_moments sna_values_moments(const sna_values_store *self, uint64_t block);
/* The value with a share `q` (0 .. 1) of all below it, interpolated (Hyndman & Fan 1996, type 7); NaN for none. */
double sna_values_quantile(const sna_values_store *self, uint64_t block, double q);
/* Adds to count[bins] how many values lie in each of the bins with the given edges [bins + 1]; the last is closed. */
void sna_values_histogram(const sna_values_store *self, uint64_t block, const double *edge, uint64_t bins,
                          double *count);
/* Smallest and largest of all blocks, NaN for none, and whether all values kept are whole numbers. */
void sna_values_range(const sna_values_store *self, double *low, double *high, bool *whole);
/* Values kept stand for this many each; 1 where all were. */
uint64_t sna_values_thinning(const sna_values_store *self);
/* The first value kept of a block, and how many there are: value, weight. */
typedef struct {
    double value, other;
    uint64_t weight;
    uint32_t block, hash;
} sna_kept;
const sna_kept *sna_values_kept(const sna_values_store *self, uint64_t block, uint64_t *count);

/* Least squares of `value` (y) on `other` (x) over a block. */
typedef struct {
    uint64_t count;
    double mean_x, mean_y, slope, intercept, correlation; /* NaN where they do not exist */
} sna_line;
sna_line sna_values_line(const sna_values_store *self, uint64_t block);
void sna_values_free(sna_values_store *self);

#endif
