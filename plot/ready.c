/* ready.c: figures that are asked for often: histograms counted, grids of small panels, rasters. */
#include "internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- counting ----------------------------------------------------------------------------------------------- */

static int compare_real(const void *a, const void *b)
{
    const double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

/* The value below which `part` of the sorted values lie, by linear interpolation. */
static double quantile(const double *sorted, uint64_t count, double part)
{
    const double at = part * (double)(count - 1);
    const uint64_t below = (uint64_t)at;

    return below + 1 < count ? sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below])
                             : sorted[count - 1];
}

/* Width 2 IQR / n^(1/3) (Freedman & Diaconis 1981, Z. Wahrscheinlichkeitstheorie verw. Gebiete 57:453). */
static uint64_t choose_bins(const double *sorted, uint64_t count, double low, double high)
{
    const double spread = quantile(sorted, count, 0.75) - quantile(sorted, count, 0.25);
    const double width = 2 * spread / cbrt((double)count);
    double bins = width > 0 ? ceil((high - low) / width - 1e-9) : 10;

    bins = high > low ? fmax(1, fmin(100, bins)) : 1;
    return (uint64_t)bins;
}

int sna_histogram_count(double **edge, double **count, uint64_t *bins, double low, double high, const double *value,
                        uint64_t values)
{
    enum { FEW = 20 };
    int status = 0;
    double *sorted = NULL, width;
    uint64_t finite = 0;
    bool whole = true, chosen = *bins == 0;

    *edge = *count = NULL;
    status = sna_allocate(&sorted, values, sizeof *sorted);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < values; i++) {
        if (!isfinite(value[i]))
            continue;
        sorted[finite++] = value[i];
        whole = whole && value[i] == floor(value[i]);
    }
    if (finite == 0 && (isnan(low) || isnan(high))) {
        status = sna_error(SNA_EINVAL, "a histogram needs a finite value");
        goto out;
    }
    if (finite > 0)
        qsort(sorted, (size_t)finite, sizeof *sorted, compare_real);
    low = isnan(low) ? sorted[0] : low;
    high = isnan(high) ? sorted[finite - 1] : high;
    if (!(low <= high) || isinf(low) || isinf(high)) {
        status = sna_error(SNA_EINVAL, "a histogram cannot go from %g to %g", low, high);
        goto out;
    }
    if (chosen && whole && finite > 0 && high - low < 1e15) {
        /* Bins around whole numbers, each of the same number of them; one where they are few. */
        const double least = high - low >= FEW ? (high - low + 1) / (double)choose_bins(sorted, finite, low, high) : 1;
        width = fmax(fmax(1, floor(least)), ceil((high - low + 1) / 100));
        low = floor(low) - 0.5;
        *bins = (uint64_t)ceil((high + 0.5 - low) / width);
    } else {
        if (chosen)
            *bins = finite > 0 ? choose_bins(sorted, finite, low, high) : 1;
        if (high == low) {
            const double room = low == 0 ? 0.5 : 0.05 * fabs(low);
            low -= room;
            high += room;
        }
        width = (high - low) / (double)*bins;
    }
    status = sna_allocate(edge, *bins + 1, sizeof **edge);
    if (status == 0)
        status = sna_allocate(count, *bins, sizeof **count);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i <= *bins; i++)
        (*edge)[i] = i == *bins && !(chosen && whole) ? high : low + (double)i * width;
    for (uint64_t i = 0; i < finite; i++) {
        const double place = floor((sorted[i] - low) / width);
        const uint64_t last = *bins - 1;

        if (sorted[i] < low || sorted[i] > (*edge)[*bins])
            continue;
        (*count)[place < (double)last ? (uint64_t)place : last]++;
    }
out:
    if (status != 0) {
        free(*edge);
        free(*count);
        *edge = *count = NULL;
    }
    free(sorted);
    return status;
}

/* ---- grids -------------------------------------------------------------------------------------------------- */

int sna_figure_grid(sna_figure **out, const char *title, const char *const *row, uint64_t rows,
                    const char *const *column, uint64_t columns)
{
    int status = 0;
    sna_figure *figure = NULL;
    sna_panel *panel = NULL;
    uint64_t panels;
    /* Smaller panels the more there are. */
    const double most = (double)(rows > columns ? rows : columns), side = fmax(64, fmin(240, 900 / fmax(1, most)));

    *out = NULL;
    if (rows == 0 || columns == 0 || rows > 100 || columns > 100) {
        status = sna_error(SNA_EINVAL, "a grid of %" PRIu64 " x %" PRIu64 " panels (1 to 100 each way)", rows, columns);
        goto out;
    }
    panels = rows * columns;
    status = sna_figure_create(&figure, title);
    if (status == 0)
        status = sna_figure_set_columns(figure, columns);
    for (uint64_t i = 0; i < rows && status == 0; i++)
        status = sna_lettering_add_name(&figure->row_name, row[i]);
    for (uint64_t i = 0; i < columns && status == 0; i++)
        status = sna_lettering_add_name(&figure->column_name, column[i]);
    for (uint64_t i = 0; i < panels && status == 0; i++) {
        status = sna_figure_add_panel(figure, NULL, &panel);
        if (status == 0)
            status = sna_panel_set_size(panel, side, fmax(48, side * 0.75));
    }
    if (status != 0)
        goto out;
    sna_figure_share_axes(figure, true, true);
    *out = figure;
    figure = NULL;
out:
    sna_figure_free(figure);
    return status;
}

/* ---- rasters ------------------------------------------------------------------------------------------------ */

static int check_raster(const sna_raster *raster)
{
    if (raster->groups == 0)
        return sna_error(SNA_EINVAL, "a raster needs a group");
    if (!isfinite(raster->bin) || raster->bin < 0 || isinf(raster->start) || isinf(raster->stop) ||
        raster->start >= raster->stop)
        return sna_error(SNA_EINVAL, "a raster from %g to %g ms with rates in bins of %g ms", raster->start,
                         raster->stop, raster->bin);
    if (raster->count > 0 && (raster->time == NULL || raster->row == NULL))
        return sna_error(SNA_EINVAL, "a raster of %" PRIu64 " spikes has no times or no rows", raster->count);
    for (uint64_t i = 0; i < raster->count && raster->group != NULL; i++) {
        if (raster->group[i] >= raster->groups)
            return sna_error(SNA_ERANGE, "spike %" PRIu64 " is in group %" PRIu32 ", but there are %" PRIu64, i,
                             raster->group[i], raster->groups);
    }
    return 0;
}

/* 1, 2 or 5 times a power of ten near 1/100 of the duration. */
static double choose_bin(double duration)
{
    const double ideal = duration / 100, unit = pow(10, floor(log10(ideal))), part = ideal / unit;

    return unit * (part < 1.5 ? 1 : part < 3.5 ? 2 : part < 7.5 ? 5 : 10);
}

static int add_rates(sna_panel *panel, const sna_raster *raster, double start, double stop, double bin)
{
    int status = 0;
    const double wanted = ceil((stop - start) / bin - 1e-9);
    const uint64_t groups = raster->cells == NULL ? 1 : raster->groups;
    double *edge = NULL, *rate = NULL;
    uint64_t bins;

    if (wanted * (double)groups > 1e8) {
        status = sna_error(SNA_EINVAL, "rates in bins of %g ms from %g to %g ms are too many", bin, start, stop);
        goto out;
    }
    bins = (uint64_t)fmax(1, wanted);
    status = sna_allocate(&edge, bins + 1, sizeof *edge);
    if (status == 0)
        status = sna_allocate(&rate, bins * groups, sizeof *rate);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i <= bins; i++)
        edge[i] = fmin(start + (double)i * bin, stop);
    for (uint64_t i = 0; i < raster->count; i++) {
        const double time = raster->time[i];
        const uint64_t group = groups > 1 && raster->group != NULL ? raster->group[i] : 0;

        if (time >= start && time <= stop)
            rate[group * bins + (uint64_t)fmin((time - start) / bin, (double)bins - 1)]++;
    }
    for (uint64_t g = 0; g < groups && status == 0; g++) {
        const sna_style style = {.colour = groups > 1 || raster->groups == 1 ? SNA_COLOUR(g) : SNA_RGB(0x606060u),
                                 .size = 1.2};
        const double cells = raster->cells == NULL ? 1 : (double)raster->cells[g];

        for (uint64_t i = 0; i < bins; i++) {
            const double seconds = (edge[i + 1] - edge[i]) / 1000;
            rate[g * bins + i] = cells > 0 && seconds > 0 ? rate[g * bins + i] / seconds / cells : 0;
        }
        status = sna_panel_add_outline(panel, &style, edge, rate + g * bins, bins);
    }
out:
    free(edge);
    free(rate);
    return status;
}

/* The time that is shown, and the width of the bins. Ends that follow the data are ends of bins, so that no part of a
 * bin shows a rate that is much too high; the start is 0 where that is near. */
static void choose_times(const sna_raster *raster, double *start, double *stop, double *bin)
{
    double first = INFINITY, last = -INFINITY;

    for (uint64_t i = 0; i < raster->count; i++) {
        first = fmin(first, raster->time[i]);
        last = fmax(last, raster->time[i]);
    }
    *start = !isnan(raster->start) ? raster->start : first <= last ? first : 0;
    *stop = !isnan(raster->stop) ? raster->stop : first <= last ? last : *start + 1;
    if (isnan(raster->start) && *start > 0 && *start < 0.1 * *stop)
        *start = 0;
    if (*stop <= *start)
        *stop = *start + 1;
    *bin = raster->bin > 0 ? raster->bin : choose_bin(*stop - *start);
    if (isnan(raster->start))
        *start = floor(*start / *bin) * *bin;
    if (isnan(raster->stop))
        *stop = *start + fmax(1, ceil((*stop - *start) / *bin - 1e-9)) * *bin;
}

int sna_figure_raster(sna_figure **out, const char *title, const sna_raster *raster)
{
    int status = 0;
    sna_figure *figure = NULL;
    sna_panel *spikes = NULL, *rates = NULL;
    double start, stop, bin;
    const char *const label = raster->row_label == NULL ? "Cell" : raster->row_label;
    const sna_style dot = {.mark = SNA_MARK_DOT, .size = raster->count <= 500 ? 3 : raster->count <= 20000 ? 2 : 1.3};

    *out = NULL;
    status = check_raster(raster);
    if (status != 0)
        goto out;
    choose_times(raster, &start, &stop, &bin);
    status = sna_figure_create(&figure, title);
    if (status == 0)
        status = sna_figure_add_panel(figure, NULL, &spikes);
    if (status == 0)
        status = sna_panel_set_size(spikes, 760, 360);
    if (status == 0)
        status = sna_panel_set_axis(spikes, SNA_AXIS_Y, label, NULL);
    if (status == 0)
        status = sna_panel_set_range(spikes, SNA_AXIS_X, start, stop);
    if (status == 0 && raster->rows > 0)
        status = sna_panel_set_range(spikes, SNA_AXIS_Y, -0.5, raster->rows - 0.5);
    if (status == 0)
        status = sna_panel_add_groups(spikes, &dot, raster->groups > 1 ? raster->name : NULL, raster->groups,
                                      raster->time, raster->row, raster->group, raster->count);
    if (status == 0)
        status = sna_figure_add_panel(figure, NULL, &rates);
    if (status == 0)
        status = sna_panel_set_size(rates, 760, 110);
    if (status == 0)
        status = sna_panel_set_range(rates, SNA_AXIS_X, start, stop);
    if (status == 0)
        status = sna_panel_set_axis(rates, SNA_AXIS_X, "Time", "ms");
    if (status == 0)
        status = sna_panel_set_axis(rates, SNA_AXIS_Y, raster->cells == NULL ? "Spikes" : "Rate",
                                    raster->cells == NULL ? "1/s" : "Hz");
    if (status == 0)
        status = add_rates(rates, raster, start, stop, bin);
    if (status != 0)
        goto out;
    sna_figure_share_axes(figure, true, false);
    *out = figure;
    figure = NULL;
out:
    sna_figure_free(figure);
    return status;
}
