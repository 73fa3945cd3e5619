/* bins.c: bins of histograms. */
#include "connectivity/internal.h"

#include <math.h>

enum { MOST_BINS = 100 };
/* Of values that are not alike, relative to the largest; each of MOST_BINS bins is some tens of doubles wide then. */
static const double LEAST_SPREAD = 1e-12;

int sna_bins_make(double **edge, uint64_t *bins, double low, double high, bool whole, double count, double quartile_1,
                  double quartile_3)
{
    int status = 0;
    double step, largest;

    *edge = NULL;
    if (!(low <= high) || !isfinite(low) || !isfinite(high)) {
        status = sna_error(SNA_EINVAL, "there are no values to make bins for");
        goto out;
    }
    if (*bins == 0 && whole && high - low < MOST_BINS) {
        *bins = (uint64_t)(high - low) + 1;
        low -= 0.5;
        high += 0.5;
    } else if (*bins == 0) {
        const double width = 2 * (quartile_3 - quartile_1) / cbrt(count);
        const double wanted = width > 0 ? ceil((high - low) / width) : 1;
        *bins = wanted < 1 ? 1 : wanted > MOST_BINS ? MOST_BINS : (uint64_t)wanted;
    }
    /* All alike, rounding aside: bins around them. */
    largest = fmax(fabs(low), fabs(high));
    if (high - low <= largest * fmax(LEAST_SPREAD, (double)*bins * LEAST_SPREAD / MOST_BINS)) {
        const double half = largest > 0 && largest < 1 ? largest / 2 : 0.5;
        low -= half;
        high += half;
    }
    status = sna_allocate(edge, *bins + 1, sizeof **edge);
    if (status != 0)
        goto out;
    step = (high - low) / (double)*bins;
    for (uint64_t b = 0; b < *bins; b++)
        (*edge)[b] = low + (double)b * step;
    (*edge)[*bins] = high;
out:
    return status;
}

uint64_t sna_bins_find(const double *edge, uint64_t bins, double value)
{
    uint64_t low = 0, high = bins;

    if (!(value >= edge[0] && value <= edge[bins]))
        return bins;
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        if (edge[middle] <= value)
            low = middle;
        else
            high = middle;
    }
    return low;
}
