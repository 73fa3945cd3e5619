/* cell_morphology.c: the picture of a morphology. */
#include "cell_common.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Kinds of sections by how their names begin; each has a colour. */
static const struct {
    const char *begin, *name;
    unsigned colour;
} KINDS[] = {
    {"soma", "soma", 7}, {"axon", "axon", 4}, {"apic", "apical", 5}, {"dend", "dendrite", 2}, {"", "other", 6}};
enum { SOMA, KIND_COUNT = sizeof KINDS / sizeof *KINDS };

static int kind_of(const sna_cell_description *cell, uint64_t point)
{
    const char *name = sna_table_row_label(cell->sections, cell->section[point]);
    int kind = 0;

    while (strncmp(name == NULL ? "" : name, KINDS[kind].begin, strlen(KINDS[kind].begin)) != 0)
        kind++;
    return kind;
}

/* Extends [low, high] by where the cone between two points is at x, seen along z. */
static void extend_cone(const sna_cell_description *cell, uint64_t from, double x, double *low, double *high)
{
    const double dx = cell->x[from + 1] - cell->x[from], dy = cell->y[from + 1] - cell->y[from];
    const double length = hypot(dx, dy);
    double corner[4][2];

    if (!(length > 0))
        return;
    for (int i = 0; i < 4; i++) {
        const uint64_t end = from + (i == 1 || i == 2);
        const double side = (i < 2 ? 1 : -1) * cell->diameter[end] / 2 / length;
        corner[i][0] = cell->x[end] - side * dy;
        corner[i][1] = cell->y[end] + side * dx;
    }
    for (int i = 0; i < 4; i++) {
        const double *a = corner[i], *b = corner[(i + 1) % 4];
        double y;
        if (!((a[0] <= x && x <= b[0]) || (b[0] <= x && x <= a[0])))
            continue;
        y = a[0] == b[0] ? a[1] : a[1] + (x - a[0]) / (b[0] - a[0]) * (b[1] - a[1]);
        *low = fmin(*low, y);
        *high = fmax(*high, y);
    }
}

/* The soma as an area, to scale. */
static int add_soma(sna_panel *panel, const sna_cell_description *cell)
{
    enum { COLUMNS = 256 };
    const sna_style style = {.name = KINDS[SOMA].name, .colour = SNA_BLACK};
    double x[COLUMNS], low[COLUMNS], high[COLUMNS], left = INFINITY, right = -INFINITY;
    uint64_t count = 0;

    for (uint64_t i = 0; i < cell->points; i++) {
        if (kind_of(cell, i) == SOMA) {
            left = fmin(left, cell->x[i] - cell->diameter[i] / 2);
            right = fmax(right, cell->x[i] + cell->diameter[i] / 2);
        }
    }
    for (int k = 0; k < COLUMNS && left < right; k++) {
        double bottom = INFINITY, top = -INFINITY;
        const double at = left + (right - left) * (k + 0.5) / COLUMNS;
        for (uint64_t i = 0; i + 1 < cell->points; i++) {
            if (cell->section[i] == cell->section[i + 1] && kind_of(cell, i) == SOMA)
                extend_cone(cell, i, at, &bottom, &top);
        }
        if (bottom < top) {
            x[count] = at;
            low[count] = bottom;
            high[count++] = top;
        }
    }
    return count > 1 ? sna_panel_add_band(panel, &style, x, low, high, count) : 0;
}

/* The axes with some air around the cell. */
static int set_ranges(sna_panel *panel, const sna_cell_description *cell)
{
    static const sna_axis axes[] = {SNA_AXIS_X, SNA_AXIS_Y};
    int status = 0;
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY}, air;

    for (uint64_t i = 0; i < cell->points; i++) {
        for (int k = 0; k < 2; k++) {
            const double at = k == 0 ? cell->x[i] : cell->y[i];
            low[k] = fmin(low[k], at - cell->diameter[i] / 2);
            high[k] = fmax(high[k], at + cell->diameter[i] / 2);
        }
    }
    air = 0.03 * fmax(high[0] - low[0], high[1] - low[1]);
    for (int k = 0; k < 2 && status == 0 && low[k] < high[k]; k++)
        status = sna_panel_set_range(panel, axes[k], low[k] - air, high[k] + air);
    return status;
}

int cell_figure_morphology(sna_figure **out, const sna_cell_description *cell)
{
    int status = 0;
    sna_panel *panel = NULL;
    bool named[KIND_COUNT] = {false};

    status = sna_figure_create(out, NULL);
    if (status == 0)
        status = sna_figure_add_panel(*out, NULL, &panel);
    if (status == 0)
        status = sna_panel_set_axis(panel, SNA_AXIS_X, "x", "µm");
    if (status == 0)
        status = sna_panel_set_axis(panel, SNA_AXIS_Y, "y", "µm");
    if (status == 0)
        status = sna_panel_set_size(panel, 480, 480);
    if (status == 0)
        status = set_ranges(panel, cell);
    if (status == 0)
        status = add_soma(panel, cell);
    if (status != 0)
        goto out;
    sna_panel_set_equal(panel, true);
    for (uint64_t first = 0, end; first < cell->points && status == 0; first = end) {
        double width = 0;
        const int kind = kind_of(cell, first);
        sna_style style = {.colour = SNA_COLOUR(KINDS[kind].colour)};
        for (end = first; end < cell->points && cell->section[end] == cell->section[first]; end++)
            width += cell->diameter[end];
        if (kind == SOMA)
            continue;
        width /= (double)(end - first);
        /* Thicker branches are drawn thicker; to scale, most would be invisible. */
        style.size = width < 1 ? 1 : width > 4 ? 4 : width;
        style.name = named[kind] ? NULL : KINDS[kind].name;
        named[kind] = true;
        status = sna_panel_add_line(panel, &style, cell->x + first, cell->y + first, end - first);
    }
out:
    return status;
}
