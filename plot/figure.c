/* figure.c: figures, their panels and axes. */
#include "internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { SIDE_MOST = 16384 };

int sna_figure_create(sna_figure **out, const char *title)
{
    int status = 0;
    sna_figure *self = NULL;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->columns = 1;
    self->row_name = self->column_name = self->note = SNA_LIST;
    status = sna_lettering_copy(&self->title, title);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_figure_free(self);
    return status;
}

static void layer_free(sna_plot_layer *self)
{
    free(self->name);
    for (int i = 0; i < LAYER_ARRAYS; i++)
        free(self->data[i]);
    free(self->group);
    sna_list_free(&self->group_name);
    free(self->text);
}

static void panel_free(sna_panel *self)
{
    if (self == NULL)
        return;
    free(self->title);
    for (int i = 0; i < 3; i++) {
        free(self->axis[i].label);
        free(self->axis[i].unit);
        sna_list_free(&self->axis[i].name);
    }
    for (uint64_t i = 0; i < self->layers; i++)
        layer_free(&self->layer[i]);
    free(self->layer);
    sna_heat_free(&self->heat);
    sna_sheet_free(&self->sheet);
    sna_diagram_free(&self->diagram);
    free(self);
}

void sna_figure_free(sna_figure *self)
{
    if (self == NULL)
        return;
    for (uint64_t i = 0; i < self->panels; i++)
        panel_free(self->panel[i]);
    free(self->panel);
    free(self->title);
    sna_list_free(&self->row_name);
    sna_list_free(&self->column_name);
    sna_list_free(&self->note);
    free(self);
}

int sna_figure_set_title(sna_figure *self, const char *title)
{
    char *copy = NULL;
    const int status = sna_lettering_copy(&copy, title);

    if (status == 0) {
        free(self->title);
        self->title = copy;
    }
    return status;
}

int sna_figure_set_columns(sna_figure *self, uint64_t columns)
{
    if (columns == 0)
        return sna_error(SNA_EINVAL, "a figure needs at least one column of panels");
    self->columns = columns;
    return 0;
}

static bool is_side(double length)
{
    return length >= 0 && length <= SIDE_MOST;
}

int sna_figure_set_size(sna_figure *self, double width, double height)
{
    if (!is_side(width) || !is_side(height))
        return sna_error(SNA_EINVAL, "a figure of %g x %g pixels: sides are from 0 to %d", width, height, SIDE_MOST);
    self->width = width;
    self->height = height;
    return 0;
}

void sna_figure_share_axes(sna_figure *self, bool x, bool y)
{
    self->share_x = x;
    self->share_y = y;
}

int sna_figure_add_note(sna_figure *self, const char *format, ...)
{
    int status = 0, length;
    char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        text = NULL;
        status = sna_error(SNA_ENOMEM, "no memory for a note");
    }
    if (status == 0)
        status = sna_lettering_add(&self->note, text);
    free(text);
    return status;
}

int sna_figure_add_panel(sna_figure *self, const char *title, sna_panel **out)
{
    int status = 0;
    sna_panel *panel = NULL, **grown;

    *out = NULL;
    status = sna_allocate(&panel, 1, sizeof *panel);
    if (status != 0)
        goto out;
    for (int i = 0; i < 3; i++)
        panel->axis[i] = (sna_plot_axis){.low = NAN, .high = NAN, .name = SNA_LIST};
    panel->azimuth = -37.5;
    panel->elevation = 25;
    status = sna_lettering_copy(&panel->title, title);
    if (status != 0)
        goto out;
    grown = sna_grow(self->panel, &self->capacity, self->panels + 1, sizeof *self->panel);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->panel = grown;
    self->panel[self->panels++] = *out = panel;
    panel = NULL;
out:
    panel_free(panel);
    return status;
}

uint64_t sna_figure_panels(const sna_figure *self)
{
    return self->panels;
}

sna_panel *sna_figure_panel(sna_figure *self, uint64_t index)
{
    return index < self->panels ? self->panel[index] : NULL;
}

int sna_panel_claim(sna_panel *self, sna_panel_kind kind)
{
    static const char *const content[] = {"nothing",  "layers over x and y", "layers in space", "a heat map", "a table",
                                          "a diagram"};
    const bool layered = kind == PANEL_FLAT || kind == PANEL_SPACE;

    if (self->kind != PANEL_EMPTY && (self->kind != kind || !layered))
        return sna_error(SNA_EINVAL, "the panel holds %s and cannot take %s too", content[self->kind], content[kind]);
    self->kind = kind;
    return 0;
}

/* ---- axes --------------------------------------------------------------------------------------------------- */

static int check_axis(sna_axis axis)
{
    return (int)axis < 0 || (int)axis > 2 ? sna_error(SNA_EINVAL, "there is no axis number %d", (int)axis) : 0;
}

int sna_panel_set_axis(sna_panel *self, sna_axis axis, const char *label, const char *unit)
{
    char *new_label = NULL, *new_unit = NULL;
    int status = check_axis(axis);

    if (status == 0)
        status = sna_lettering_copy(&new_label, label);
    if (status == 0)
        status = sna_lettering_copy(&new_unit, unit);
    if (status != 0)
        goto out;
    free(self->axis[axis].label);
    free(self->axis[axis].unit);
    self->axis[axis].label = new_label;
    self->axis[axis].unit = new_unit;
    new_label = new_unit = NULL;
out:
    free(new_label);
    free(new_unit);
    return status;
}

int sna_panel_set_range(sna_panel *self, sna_axis axis, double low, double high)
{
    int status = check_axis(axis);

    if (status == 0 && (isinf(low) || isinf(high) || low >= high))
        status = sna_error(SNA_EINVAL, "an axis cannot go from %g to %g", low, high);
    if (status == 0) {
        self->axis[axis].low = low;
        self->axis[axis].high = high;
    }
    return status;
}

void sna_panel_set_log(sna_panel *self, sna_axis axis, bool log)
{
    if (check_axis(axis) == 0)
        self->axis[axis].log = log;
}

void sna_panel_set_reversed(sna_panel *self, sna_axis axis, bool reversed)
{
    if (check_axis(axis) == 0)
        self->axis[axis].reversed = reversed;
}

int sna_panel_set_names(sna_panel *self, sna_axis axis, const char *const *name, uint64_t count)
{
    sna_list fresh = SNA_LIST;
    int status = check_axis(axis);

    for (uint64_t i = 0; i < count && status == 0; i++)
        status = sna_lettering_add_name(&fresh, name[i]);
    if (status != 0)
        goto out;
    sna_list_free(&self->axis[axis].name);
    self->axis[axis].name = fresh;
    self->axis[axis].named = true;
    fresh = SNA_LIST;
out:
    sna_list_free(&fresh);
    return status;
}

int sna_panel_set_size(sna_panel *self, double width, double height)
{
    if (!is_side(width) || !is_side(height) || width < 1 || height < 1)
        return sna_error(SNA_EINVAL, "a panel of %g x %g pixels: sides are from 1 to %d", width, height, SIDE_MOST);
    self->width = width;
    self->height = height;
    return 0;
}

void sna_panel_set_equal(sna_panel *self, bool equal)
{
    self->equal = equal;
    self->equal_set = true;
}

int sna_panel_set_view(sna_panel *self, double azimuth, double elevation)
{
    if (!isfinite(azimuth) || !(elevation >= -90 && elevation <= 90))
        return sna_error(SNA_EINVAL, "a view from %g degrees about z and %g degrees above the horizon (-90 .. 90)",
                         azimuth, elevation);
    self->azimuth = azimuth;
    self->elevation = elevation;
    return 0;
}
