/* layer.c: the data of a panel, copied as they are added. */
#include "internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static sna_mark turn_mark(uint64_t turn)
{
    static const sna_mark mark[] = {SNA_MARK_DISC, SNA_MARK_SQUARE, SNA_MARK_TRIANGLE, SNA_MARK_DIAMOND};

    return mark[turn % (sizeof mark / sizeof *mark)];
}

sna_mark sna_group_mark(const sna_plot_layer *layer, uint64_t group)
{
    return layer->mark == SNA_MARK_DISC ? turn_mark(group / 8) : layer->mark;
}

/* Makes room for a layer of `count` points in `arrays` arrays. It counts only when the caller has filled it and
 * increments self->layers; until then the room is free to be used again. */
static int layer_start(sna_panel *self, sna_plot_layer **out, sna_panel_kind panel, sna_layer_kind kind,
                       const sna_style *style, uint64_t count)
{
    static const sna_style plain = {0};
    int status = 0;
    sna_plot_layer *grown, *layer = NULL;

    *out = NULL;
    if (style == NULL)
        style = &plain;
    if (!isfinite(style->size) || style->size < 0) {
        status = sna_error(SNA_EINVAL, "a line or mark of %g pixels", style->size);
        goto out;
    }
    status = sna_panel_claim(self, panel);
    if (status != 0)
        goto out;
    grown = sna_grow(self->layer, &self->capacity, self->layers + 1, sizeof *self->layer);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->layer = grown;
    layer = &grown[self->layers];
    *layer = (sna_plot_layer){.kind = kind,
                              .count = count,
                              .size = style->size,
                              .dash = style->dash,
                              .mark = style->mark,
                              .group_name = SNA_LIST};
    status = sna_lettering_name(&layer->name, style->name);
    if (status != 0)
        goto out;
    if (layer->mark == SNA_MARK_AUTO)
        layer->mark = turn_mark(style->colour == 0 ? self->next_colour / 8 : 0);
    if (kind == LAYER_LINE && style->colour == 0 && style->dash == SNA_SOLID && self->next_colour / 8 % 2 == 1)
        layer->dash = SNA_DASHED;
    layer->rgb = sna_colour_resolve(style->colour, &self->next_colour);
    *out = layer;
out:
    return status;
}

static void layer_drop(sna_plot_layer *layer)
{
    if (layer == NULL)
        return;
    free(layer->name);
    free(layer->text);
    free(layer->group);
    sna_list_free(&layer->group_name);
    for (int i = 0; i < LAYER_ARRAYS; i++)
        free(layer->data[i]);
    *layer = (sna_plot_layer){0};
}

static int layer_copy(sna_plot_layer *layer, int index, const double *value, uint64_t count)
{
    int status = 0;

    if (count > 0 && value == NULL)
        return sna_error(SNA_EINVAL, "a layer of %" PRIu64 " points has no values", count);
    status = sna_allocate(&layer->data[index], count, sizeof *value);
    if (status == 0 && count > 0)
        memcpy(layer->data[index], value, (size_t)count * sizeof *value);
    return status;
}

/* A layer whose data are `arrays` arrays of `count`. */
static int add_plain(sna_panel *self, sna_panel_kind panel, sna_layer_kind kind, const sna_style *style,
                     const double *const *array, int arrays, uint64_t count, sna_plot_layer **out)
{
    sna_plot_layer *layer = NULL;
    int status = layer_start(self, &layer, panel, kind, style, count);

    for (int i = 0; i < arrays && status == 0; i++)
        status = layer_copy(layer, i, array[i], count);
    if (status == 0)
        self->layers++;
    else
        layer_drop(layer);
    if (out != NULL)
        *out = status == 0 ? layer : NULL;
    return status;
}

int sna_panel_add_line(sna_panel *self, const sna_style *style, const double *x, const double *y, uint64_t count)
{
    return add_plain(self, PANEL_FLAT, LAYER_LINE, style, (const double *[]){x, y}, 2, count, NULL);
}

int sna_panel_add_trace(sna_panel *self, const sna_style *style, double start, double step, const double *y,
                        uint64_t count)
{
    sna_plot_layer *layer = NULL;
    int status;

    if (!isfinite(start) || !isfinite(step) || step <= 0)
        return sna_error(SNA_EINVAL, "a trace with samples at %g + i * %g", start, step);
    status = layer_start(self, &layer, PANEL_FLAT, LAYER_LINE, style, count);
    if (status == 0)
        status = layer_copy(layer, 1, y, count);
    if (status == 0) {
        layer->start = start;
        layer->step = step;
        self->layers++;
    } else {
        layer_drop(layer);
    }
    return status;
}

/* The corners of steps are points of a line. */
int sna_panel_add_steps(sna_panel *self, const sna_style *style, const double *x, const double *y, uint64_t count)
{
    sna_plot_layer *layer = NULL;
    const uint64_t corners = count == 0 ? 0 : 2 * count - 1;
    int status = layer_start(self, &layer, PANEL_FLAT, LAYER_LINE, style, corners);

    for (int i = 0; i < 2 && status == 0; i++)
        status = sna_allocate(&layer->data[i], corners, sizeof *x);
    if (status == 0) {
        for (uint64_t i = 0; i < corners; i++) {
            layer->data[0][i] = x[(i + 1) / 2];
            layer->data[1][i] = y[i / 2];
        }
        self->layers++;
    } else {
        layer_drop(layer);
    }
    return status;
}

int sna_panel_add_points(sna_panel *self, const sna_style *style, const double *x, const double *y, uint64_t count)
{
    return add_plain(self, PANEL_FLAT, LAYER_POINTS, style, (const double *[]){x, y}, 2, count, NULL);
}

int sna_panel_add_band(sna_panel *self, const sna_style *style, const double *x, const double *low, const double *high,
                       uint64_t count)
{
    return add_plain(self, PANEL_FLAT, LAYER_BAND, style, (const double *[]){x, low, high}, 3, count, NULL);
}

int sna_panel_add_errors(sna_panel *self, const sna_style *style, const double *x, const double *low,
                         const double *high, uint64_t count)
{
    return add_plain(self, PANEL_FLAT, LAYER_ERRORS, style, (const double *[]){x, low, high}, 3, count, NULL);
}

static int compare_real(const void *a, const void *b)
{
    const double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

/* The smallest distance of two different finite values, 1 when there are not two. */
static int smallest_step(double *out, const double *x, uint64_t count)
{
    double *sorted = NULL, least = INFINITY;
    uint64_t finite = 0;
    int status = sna_allocate(&sorted, count, sizeof *sorted);

    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < count; i++) {
        if (isfinite(x[i]))
            sorted[finite++] = x[i];
    }
    if (finite > 1)
        qsort(sorted, (size_t)finite, sizeof *sorted, compare_real);
    for (uint64_t i = 1; i < finite; i++) {
        if (sorted[i] > sorted[i - 1])
            least = fmin(least, sorted[i] - sorted[i - 1]);
    }
    *out = isfinite(least) ? least : 1;
out:
    free(sorted);
    return status;
}

int sna_panel_add_bars(sna_panel *self, const sna_style *style, const double *x, const double *y, double width,
                       uint64_t count)
{
    sna_plot_layer *layer = NULL;
    int status = 0;

    if (!isfinite(width) || width < 0)
        return sna_error(SNA_EINVAL, "bars of width %g", width);
    if (width == 0) {
        status = smallest_step(&width, x, count);
        width *= 0.8;
    }
    if (status == 0)
        status = layer_start(self, &layer, PANEL_FLAT, LAYER_BOXES, style, count);
    for (int i = 0; i < 2 && status == 0; i++)
        status = sna_allocate(&layer->data[i], count, sizeof *x);
    if (status == 0)
        status = layer_copy(layer, 2, y, count);
    if (status == 0) {
        for (uint64_t i = 0; i < count; i++) {
            layer->data[0][i] = x[i] - width / 2;
            layer->data[1][i] = x[i] + width / 2;
        }
        self->layers++;
    } else {
        layer_drop(layer);
    }
    return status;
}

static int check_edges(const double *edge, uint64_t count)
{
    for (uint64_t i = 0; i <= count && count > 0; i++) {
        if (!isfinite(edge[i]) || (i > 0 && edge[i] <= edge[i - 1]))
            return sna_error(SNA_EINVAL,
                             "the edges of a histogram must be finite and ascend, but edge %" PRIu64 " is %g", i,
                             edge[i]);
    }
    return 0;
}

int sna_panel_add_histogram(sna_panel *self, const sna_style *style, const double *edge, const double *height,
                            uint64_t count)
{
    int status = check_edges(edge, count);

    if (status == 0)
        status = add_plain(self, PANEL_FLAT, LAYER_BOXES, style,
                           (const double *[]){edge, count == 0 ? edge : edge + 1, height}, 3, count, NULL);
    return status;
}

int sna_panel_add_outline(sna_panel *self, const sna_style *style, const double *edge, const double *height,
                          uint64_t count)
{
    sna_plot_layer *layer = NULL;
    const uint64_t corners = count == 0 ? 0 : 2 * count + 2;
    int status = check_edges(edge, count);

    if (status == 0)
        status = layer_start(self, &layer, PANEL_FLAT, LAYER_LINE, style, corners);
    for (int i = 0; i < 2 && status == 0; i++)
        status = sna_allocate(&layer->data[i], corners, sizeof *edge);
    if (status == 0) {
        for (uint64_t i = 0; i < corners; i++) {
            layer->data[0][i] = edge[i / 2];
            layer->data[1][i] = i == 0 || i + 1 == corners ? 0 : height[(i - 1) / 2];
        }
        self->layers++;
    } else {
        layer_drop(layer);
    }
    return status;
}

int sna_panel_add_rule(sna_panel *self, const sna_style *style, sna_axis axis, double value)
{
    sna_plot_layer *layer = NULL;
    int status;

    if ((axis != SNA_AXIS_X && axis != SNA_AXIS_Y) || !isfinite(value))
        return sna_error(SNA_EINVAL, "a rule at %g of axis number %d", value, (int)axis);
    status = layer_start(self, &layer, PANEL_FLAT, LAYER_RULE, style, 0);
    if (status == 0) {
        layer->axis = axis;
        layer->value = value;
        self->layers++;
    }
    return status;
}

int sna_panel_add_text(sna_panel *self, double x, double y, const char *text)
{
    sna_plot_layer *layer = NULL;
    const sna_style style = {.colour = SNA_BLACK};
    int status;

    if (!isfinite(x) || !isfinite(y))
        return sna_error(SNA_EINVAL, "a text at (%g, %g)", x, y);
    status = layer_start(self, &layer, PANEL_FLAT, LAYER_TEXT, &style, 0);
    if (status == 0)
        status = sna_lettering_copy(&layer->text, text);
    if (status == 0) {
        layer->place[0] = x;
        layer->place[1] = y;
        self->layers++;
    } else {
        layer_drop(layer);
    }
    return status;
}

static int check_groups(const uint32_t *group, uint64_t groups, uint64_t count)
{
    for (uint64_t i = 0; group != NULL && i < count; i++) {
        if (group[i] >= groups)
            return sna_error(SNA_ERANGE, "point %" PRIu64 " is in group %" PRIu32 ", but there are %" PRIu64, i,
                             group[i], groups);
    }
    return 0;
}

static int add_grouped(sna_panel *self, sna_panel_kind panel, sna_layer_kind kind, const sna_style *style,
                       const char *const *name, uint64_t groups, const double *const *array, int arrays,
                       const uint32_t *group, uint64_t count)
{
    sna_plot_layer *layer = NULL;
    int status = check_groups(group, groups, count);

    if (status == 0 && groups == 0)
        status = sna_error(SNA_EINVAL, "points in no group");
    if (status == 0)
        status = layer_start(self, &layer, panel, kind, style, count);
    for (int i = 0; i < arrays && status == 0; i++)
        status = layer_copy(layer, i, array[i], count);
    for (uint64_t i = 0; i < groups && name != NULL && status == 0; i++)
        status = sna_lettering_add_name(&layer->group_name, name[i]);
    if (status == 0 && group != NULL) {
        status = sna_allocate(&layer->group, count, sizeof *group);
        if (status == 0 && count > 0)
            memcpy(layer->group, group, (size_t)count * sizeof *group);
    }
    if (status == 0) {
        layer->groups = groups;
        self->layers++;
    } else {
        layer_drop(layer);
    }
    return status;
}

int sna_panel_add_groups(sna_panel *self, const sna_style *style, const char *const *name, uint64_t groups,
                         const double *x, const double *y, const uint32_t *group, uint64_t count)
{
    return add_grouped(self, PANEL_FLAT, LAYER_POINTS, style, name, groups, (const double *[]){x, y}, 2, group, count);
}

int sna_panel_add_cloud(sna_panel *self, const sna_style *style, const char *const *name, uint64_t groups,
                        const double *x, const double *y, const double *z, const uint32_t *group, uint64_t count)
{
    return add_grouped(self, PANEL_SPACE, LAYER_CLOUD, style, name, groups, (const double *[]){x, y, z}, 3, group,
                       count);
}

int sna_panel_add_arrows(sna_panel *self, const sna_style *style, const double *x, const double *y, const double *z,
                         const double *dx, const double *dy, const double *dz, double head, uint64_t count)
{
    sna_plot_layer *layer = NULL;
    int status;

    if (!(head >= 0 && head <= 1))
        return sna_error(SNA_EINVAL, "the head of an arrow is a part of it between 0 and 1, not %g", head);
    status =
        add_plain(self, PANEL_SPACE, LAYER_ARROWS, style, (const double *[]){x, y, z, dx, dy, dz}, 6, count, &layer);
    if (status == 0)
        layer->value = head == 0 ? 0.25 : head;
    return status;
}

double sna_layer_x(const sna_plot_layer *layer, uint64_t i)
{
    return layer->data[0] == NULL ? layer->start + (double)i * layer->step : layer->data[0][i];
}
