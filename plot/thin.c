/* thin.c: fewer points that draw the same picture. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>

/* The first, lowest, highest and last point of one bin, in the order of their index. */
typedef struct {
    uint64_t first, low, high, last;
    bool any;
} bin_points;

static void bin_flush(bin_points *bin, uint64_t *keep, uint64_t *kept)
{
    const uint64_t a = bin->low < bin->high ? bin->low : bin->high, b = bin->low < bin->high ? bin->high : bin->low;
    const uint64_t order[] = {bin->first, a, b, bin->last};

    for (int i = 0; i < 4 && bin->any; i++) {
        if (*kept == 0 || i == 0 || order[i] != keep[*kept - 1])
            keep[(*kept)++] = order[i];
    }
    bin->any = false;
}

static bool ascends(const sna_plot_layer *layer)
{
    double last = -INFINITY;

    for (uint64_t i = 0; layer->data[0] != NULL && i < layer->count; i++) {
        if (isnan(layer->data[0][i]))
            continue;
        if (layer->data[0][i] < last)
            return false;
        last = layer->data[0][i];
    }
    return true;
}

int sna_thin_line(uint64_t **keep, uint64_t *kept, const sna_plot_layer *layer, const sna_plot_scale *x, uint64_t bins)
{
    int status = 0;
    const double *y = layer->data[1];
    const uint64_t most = 4 * (bins + 2);
    const bool whole = layer->count <= most || !ascends(layer);
    bin_points bin = {0};
    double now = NAN;
    uint64_t gaps = 0;

    *kept = 0;
    for (uint64_t i = 0; i < layer->count && !whole; i++)
        gaps += !isfinite(y[i]) || isnan(sna_scale_place(x, sna_layer_x(layer, i)));
    status = sna_allocate(keep, whole ? layer->count : most + 5 * (gaps + 1), sizeof **keep);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < layer->count; i++) {
        double place;

        if (whole) {
            (*keep)[(*kept)++] = i;
            continue;
        }
        /* All that lies left or right of the axis is one bin each, so that lines enter and leave where they do. */
        place = floor(fmin(fmax(sna_scale_place(x, sna_layer_x(layer, i)), -1e-9), 1 + 1e-9) * (double)bins);
        if (!isfinite(y[i]) || isnan(place)) {
            bin_flush(&bin, *keep, kept);
            if (*kept > 0 && isfinite(y[(*keep)[*kept - 1]]))
                (*keep)[(*kept)++] = i; /* one gap is as good as many */
            now = NAN;
            continue;
        }
        if (place != now)
            bin_flush(&bin, *keep, kept);
        now = place;
        if (!bin.any)
            bin = (bin_points){i, i, i, i, true};
        if (y[i] < y[bin.low])
            bin.low = i;
        if (y[i] > y[bin.high])
            bin.high = i;
        bin.last = i;
    }
    bin_flush(&bin, *keep, kept);
out:
    return status;
}

int sna_thin_grid_create(sna_thin_grid *self, double width, double height, double fineness)
{
    int status = 0;

    *self = (sna_thin_grid){.columns = (uint64_t)(width * fineness) + 1,
                            .rows = (uint64_t)(height * fineness) + 1,
                            .width = width,
                            .height = height};
    status = sna_allocate(&self->bit, (self->columns * self->rows + 63) / 64, sizeof *self->bit);
    return status;
}

bool sna_thin_grid_take(sna_thin_grid *self, double x, double y)
{
    uint64_t place, mask;
    bool fresh;

    if (!(x >= 0 && x <= self->width && y >= 0 && y <= self->height))
        return false;
    place = (uint64_t)(x / self->width * (double)(self->columns - 1)) +
            self->columns * (uint64_t)(y / self->height * (double)(self->rows - 1));
    mask = (uint64_t)1 << (place & 63);
    fresh = (self->bit[place >> 6] & mask) == 0;
    self->bit[place >> 6] |= mask;
    return fresh;
}

void sna_thin_grid_free(sna_thin_grid *self)
{
    free(self->bit);
    *self = (sna_thin_grid){0};
}
