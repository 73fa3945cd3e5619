/* blocks.c: figures of tables that say something of each block (a source and a target), a panel each. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The blocks of a table whose columns `source` and `target` say which: its labels in order of first appearance. */
typedef struct {
    sna_list source, target;
} block_names;

static int add_name(sna_list *self, const char *name)
{
    return name == NULL || sna_list_find(self, name) >= 0 ? 0 : sna_list_add(self, name);
}

static int find_names(block_names *out, const sna_table *table)
{
    int status = 0;

    *out = (block_names){SNA_LIST, SNA_LIST};
    for (uint64_t row = 0; row < sna_table_rows(table) && status == 0; row++) {
        status = add_name(&out->source, sna_table_text(table, row, 0));
        if (status == 0)
            status = add_name(&out->target, sna_table_text(table, row, 1));
    }
    if (status == 0 && (out->source.count == 0 || out->target.count == 0))
        status = sna_error(SNA_EINVAL, "the table `%s` has nothing to draw",
                           sna_table_title(table) != NULL ? sna_table_title(table) : "");
    return status;
}

static void free_names(block_names *self)
{
    sna_list_free(&self->source);
    sna_list_free(&self->target);
}

/* Rows of a table from `first` on that are of the same block; NULL panel for rows of none. */
static uint64_t next_block(const sna_table *table, uint64_t first, const block_names *names, sna_figure *figure,
                           sna_panel **panel)
{
    const char *source = sna_table_text(table, first, 0), *target = sna_table_text(table, first, 1);
    uint64_t end = first;

    while (end < sna_table_rows(table) && strcmp(sna_table_text(table, end, 0), source) == 0 &&
           strcmp(sna_table_text(table, end, 1), target) == 0)
        end++;
    *panel = sna_figure_panel(figure, (uint64_t)sna_list_find(&names->source, source) * names->target.count +
                                          (uint64_t)sna_list_find(&names->target, target));
    return end;
}

static int make_grid(sna_figure **out, const block_names *names, const char *title)
{
    return sna_figure_grid(out, title, (const char *const *)names->source.text, names->source.count,
                           (const char *const *)names->target.text, names->target.count);
}

/* The same labels on the axes of all panels; the figure shows those at the sides. */
static int name_axes(sna_figure *figure, const char *x, const char *x_unit, const char *y, const char *y_unit)
{
    int status = 0;

    for (uint64_t p = 0; p < sna_figure_panels(figure) && status == 0; p++) {
        status = sna_panel_set_axis(sna_figure_panel(figure, p), SNA_AXIS_X, x, x_unit);
        if (status == 0)
            status = sna_panel_set_axis(sna_figure_panel(figure, p), SNA_AXIS_Y, y, y_unit);
    }
    return status;
}

static int add_notes(sna_figure *figure, const sna_table *table)
{
    int status = 0;

    for (uint64_t i = 0; i < sna_table_notes(table) && status == 0; i++)
        status = sna_figure_add_note(figure, "%s", sna_table_note(table, i));
    return status;
}

int sna_histogram_figure(sna_figure **out, const sna_table *table, const char *title, const char *label,
                         const char *unit)
{
    int status = 0;
    block_names names = {SNA_LIST, SNA_LIST};
    sna_figure *figure = NULL;
    sna_panel *panel = NULL;
    double *edge = NULL, *height = NULL;
    uint64_t end;

    *out = NULL;
    status = find_names(&names, table);
    if (status == 0)
        status = make_grid(&figure, &names, title != NULL ? title : sna_table_title(table));
    if (status == 0)
        status = name_axes(figure, label, unit,
                           strcmp(sna_table_column_name(table, 4), "cells") == 0 ? "Cells" : "Connections", NULL);
    if (status == 0)
        status = sna_allocate(&edge, sna_table_rows(table) + 1, sizeof *edge);
    if (status == 0)
        status = sna_allocate(&height, sna_table_rows(table), sizeof *height);
    for (uint64_t row = 0; row < sna_table_rows(table) && status == 0; row = end) {
        double all = 0;
        end = next_block(table, row, &names, figure, &panel);
        for (uint64_t r = row; r < end; r++) {
            edge[r - row] = sna_table_real(table, r, 2);
            height[r - row] = sna_table_real(table, r, 4);
            all += height[r - row];
        }
        edge[end - row] = sna_table_real(table, end - 1, 3);
        if (all > 0)
            status = sna_panel_add_histogram(panel, NULL, edge, height, end - row);
    }
    if (status == 0)
        status = add_notes(figure, table);
    if (status != 0)
        goto out;
    *out = figure;
    figure = NULL;
out:
    sna_figure_free(figure);
    free_names(&names);
    free(edge);
    free(height);
    return status;
}

/* ---- probability -------------------------------------------------------------------------------------------- */

static double fitted(const sna_table *fits, uint64_t row, double distance)
{
    const double p_max = sna_table_real(fits, row, 2), length = sna_table_real(fits, row, 3);

    return strcmp(sna_table_column_name(fits, 3), "sigma") == 0
               ? p_max * exp(-distance * distance / (2 * length * length))
               : p_max * exp(-distance / length);
}

/* The fit of the block that row `row` of the probabilities is of. */
static int add_curve(sna_panel *panel, const sna_table *fits, const char *source, const char *target, double low,
                     double high)
{
    enum { POINTS = 100 };
    int status = 0;
    double x[POINTS], y[POINTS];
    const sna_style style = {.colour = SNA_COLOUR(1)};

    for (uint64_t row = 0; row < sna_table_rows(fits); row++) {
        if (strcmp(sna_table_text(fits, row, 0), source) != 0 || strcmp(sna_table_text(fits, row, 1), target) != 0 ||
            sna_table_is_missing(fits, row, 2))
            continue;
        for (int i = 0; i < POINTS; i++) {
            x[i] = low + (high - low) * i / (POINTS - 1);
            y[i] = fitted(fits, row, x[i]);
        }
        status = sna_panel_add_line(panel, &style, x, y, POINTS);
        break;
    }
    return status;
}

int sna_probability_figure(sna_figure **out, const sna_table *table, const sna_table *fits, const char *title)
{
    int status = 0;
    block_names names = {SNA_LIST, SNA_LIST};
    sna_figure *figure = NULL;
    sna_panel *panel = NULL;
    double *number = NULL; /* [4][rows]: x, p, low, high */
    const uint64_t rows = sna_table_rows(table);
    const sna_style style = {.colour = SNA_COLOUR(0)};
    uint64_t end;

    *out = NULL;
    status = find_names(&names, table);
    if (status == 0)
        status = make_grid(&figure, &names, title != NULL ? title : sna_table_title(table));
    if (status == 0)
        status = name_axes(figure, "Distance", "um", "Probability", NULL);
    if (status == 0)
        status = sna_allocate(&number, 4 * rows, sizeof *number);
    for (uint64_t row = 0; row < rows && status == 0; row = end) {
        double *const x = number, *const p = x + rows, *const low = p + rows, *const high = low + rows;
        uint64_t points = 0;
        end = next_block(table, row, &names, figure, &panel);
        for (uint64_t r = row; r < end; r++) {
            if (sna_table_is_missing(table, r, 6))
                continue;
            x[points] = 0.5 * (sna_table_real(table, r, 2) + sna_table_real(table, r, 3));
            p[points] = sna_table_real(table, r, 6);
            low[points] = sna_table_real(table, r, 7);
            high[points++] = sna_table_real(table, r, 8);
        }
        if (points == 0)
            continue;
        status = sna_panel_set_range(panel, SNA_AXIS_Y, 0, NAN);
        if (status == 0)
            status = sna_panel_add_band(panel, &style, x, low, high, points);
        if (status == 0)
            status = sna_panel_add_line(panel, &style, x, p, points);
        if (status == 0)
            status = sna_panel_add_points(panel, &style, x, p, points);
        if (status == 0 && fits != NULL)
            status = add_curve(panel, fits, sna_table_text(table, row, 0), sna_table_text(table, row, 1),
                               sna_table_real(table, row, 2), sna_table_real(table, end - 1, 3));
    }
    if (status == 0)
        status = add_notes(figure, table);
    if (status == 0)
        status = sna_figure_add_note(figure, "The bands are the intervals.%s",
                                     fits != NULL ? " The fit is in another colour." : "");
    if (status != 0)
        goto out;
    *out = figure;
    figure = NULL;
out:
    sna_figure_free(figure);
    free_names(&names);
    free(number);
    return status;
}

/* ---- delay -------------------------------------------------------------------------------------------------- */

/* The points of a block, rows first .. end - 1 of a table, and its line from the other table. */
static int add_delays(sna_panel *panel, const sna_table *points, uint64_t first, uint64_t end, const sna_table *lines)
{
    int status = 0;
    const uint64_t count = end - first;
    const sna_style marks = {.colour = SNA_COLOUR(0), .mark = SNA_MARK_DOT}, line = {.colour = SNA_COLOUR(1)};
    const int64_t slope_column = sna_table_find_column(lines, "slope"),
                  start_column = sna_table_find_column(lines, "intercept");
    double *x = NULL, *y, low = INFINITY, high = -INFINITY;

    if (slope_column < 0 || start_column < 0)
        return sna_error(SNA_EINVAL, "a table of lines has columns slope and intercept");
    status = sna_allocate(&x, 2 * count, sizeof *x);
    if (status != 0)
        goto out;
    y = x + count;
    for (uint64_t i = 0; i < count; i++) {
        x[i] = sna_table_real(points, first + i, 2);
        y[i] = sna_table_real(points, first + i, 3);
        low = fmin(low, x[i]);
        high = fmax(high, x[i]);
    }
    status = sna_panel_add_points(panel, &marks, x, y, count);
    for (uint64_t row = 0; row < sna_table_rows(lines) && status == 0; row++) {
        const double slope = sna_table_real(lines, row, (uint64_t)slope_column),
                     start = sna_table_real(lines, row, (uint64_t)start_column);
        const double ends[2] = {low, high}, height[2] = {start + slope * low, start + slope * high};
        if (strcmp(sna_table_text(lines, row, 0), sna_table_text(points, first, 0)) == 0 &&
            strcmp(sna_table_text(lines, row, 1), sna_table_text(points, first, 1)) == 0 && isfinite(slope))
            status = sna_panel_add_line(panel, &line, ends, height, 2);
    }
out:
    free(x);
    return status;
}

int sna_delay_figure(sna_figure **out, const sna_table *lines, const sna_table *points, const char *title)
{
    int status = 0;
    block_names names = {SNA_LIST, SNA_LIST};
    sna_figure *figure = NULL;
    sna_panel *panel = NULL;
    uint64_t end;

    *out = NULL;
    status = find_names(&names, lines);
    if (status == 0)
        status = make_grid(&figure, &names, title != NULL ? title : sna_table_title(lines));
    if (status == 0)
        status = name_axes(figure, "Distance", "um", "Delay", "ms");
    for (uint64_t row = 0; status == 0 && row < sna_table_rows(points); row = end) {
        end = next_block(points, row, &names, figure, &panel);
        status = add_delays(panel, points, row, end, lines);
    }
    if (status == 0)
        status = add_notes(figure, points);
    if (status != 0)
        goto out;
    *out = figure;
    figure = NULL;
out:
    sna_figure_free(figure);
    free_names(&names);
    return status;
}
