/* space.c: panels in three dimensions, seen from far away (parallel projection). */
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where a point lies as seen: to the right, up and towards the eye. */
typedef struct {
    double right, up, near;
} seen;

typedef struct {
    const sna_plot_place *place;
    double cosine_z, sine_z, cosine_x, sine_x;
    double side[3];         /* of the box, the longest 1 */
    double unit, left, top; /* pixels of side 1, and of the middle of the box */
    double nearest, farthest;
} eye;

/* From places 0 .. 1 along the three axes. */
static seen eye_turn(const eye *self, double x, double y, double z)
{
    const double a = (x - 0.5) * self->side[0], b = (y - 0.5) * self->side[1], c = (z - 0.5) * self->side[2];
    const double right = a * self->cosine_z - b * self->sine_z, away = a * self->sine_z + b * self->cosine_z;

    return (seen){right, c * self->cosine_x + away * self->sine_x, c * self->sine_x - away * self->cosine_x};
}

/* The same in pixels. */
static seen eye_see(const eye *self, double x, double y, double z)
{
    const seen turned = eye_turn(self, x, y, z);

    return (seen){self->left + turned.right * self->unit, self->top - turned.up * self->unit, turned.near};
}

static eye eye_make(const sna_plot_place *place)
{
    enum { ROOM = 62 }; /* for numbers and labels around the box */
    const sna_panel *panel = place->panel;
    const double z = -panel->azimuth * M_PI / 180, x = panel->elevation * M_PI / 180;
    eye self = {
        .place = place, .cosine_z = cos(z), .sine_z = sin(z), .cosine_x = cos(x), .sine_x = sin(x), .side = {1, 1, 1}};
    double longest = 0, shortest = INFINITY, low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};

    for (int i = 0; i < 3; i++) {
        const double span = place->scale[i].high - place->scale[i].low;
        longest = fmax(longest, span);
        shortest = fmin(shortest, span);
    }
    /* One unit as long in every direction, unless that would make the box a sheet and nobody asked for it. */
    if (panel->equal_set ? panel->equal : longest < 12 * shortest) {
        for (int i = 0; i < 3; i++)
            self.side[i] = fmax(1e-3, (place->scale[i].high - place->scale[i].low) / longest);
    }
    self.nearest = -INFINITY;
    self.farthest = INFINITY;
    for (int corner = 0; corner < 8; corner++) {
        const seen at = eye_turn(&self, corner & 1, corner >> 1 & 1, corner >> 2 & 1);
        low[0] = fmin(low[0], at.right);
        high[0] = fmax(high[0], at.right);
        low[1] = fmin(low[1], at.up);
        high[1] = fmax(high[1], at.up);
        self.nearest = fmax(self.nearest, at.near);
        self.farthest = fmin(self.farthest, at.near);
    }
    self.unit = fmin(fmax(20, place->width - 2 * ROOM - 20) / (high[0] - low[0]),
                     fmax(20, place->height - ROOM - 16) / (high[1] - low[1]));
    self.left = place->left + place->width / 2 + 12 - self.unit * (low[0] + high[0]) / 2;
    self.top = place->top + 8 + (place->height - ROOM - 16) / 2 + self.unit * (low[1] + high[1]) / 2;
    return self;
}

/* ---- the box ------------------------------------------------------------------------------------------------ */

/* For each axis the end (0 or 1) of the face that lies behind everything. */
static void back_faces(const eye *self, int back[3])
{
    for (int i = 0; i < 3; i++) {
        double place[3] = {0.5, 0.5, 0.5};
        seen low, high;

        place[i] = 0;
        low = eye_turn(self, place[0], place[1], place[2]);
        place[i] = 1;
        high = eye_turn(self, place[0], place[1], place[2]);
        back[i] = high.near < low.near;
    }
}

static void draw_segment(const eye *self, sna_plot_canvas *canvas, const double from[3], const double to[3],
                         double width, uint32_t rgb)
{
    const seen a = eye_see(self, from[0], from[1], from[2]), b = eye_see(self, to[0], to[1], to[2]);

    sna_canvas_line(canvas, a.right, a.up, b.right, b.up, width, SNA_SOLID, rgb);
}

/* Grid lines at the ticks of `axis` on the back face across `across`. */
static void draw_grid(const eye *self, sna_plot_canvas *canvas, const int back[3], int axis, int across)
{
    const sna_plot_scale *scale = &self->place->scale[axis];
    const int along = 3 - axis - across;

    for (uint64_t i = 0; i < scale->ticks; i++) {
        double from[3], to[3];

        from[axis] = to[axis] = sna_scale_place(scale, scale->tick[i]);
        from[across] = to[across] = back[across];
        from[along] = 0;
        to[along] = 1;
        draw_segment(self, canvas, from, to, 0.7, FAINT);
    }
}

/* The edge along `axis` that its numbers stand at: of the four, x and y take the lower one in front, z the leftmost. */
static void label_edge(const eye *self, const int back[3], int axis, double from[3], double to[3])
{
    if (axis < 2) {
        from[1 - axis] = to[1 - axis] = 1 - back[1 - axis];
        from[2] = to[2] = self->sine_x >= 0 ? 0 : 1;
    } else {
        double leftmost = INFINITY;
        for (int corner = 0; corner < 4; corner++) {
            const seen at = eye_turn(self, corner & 1, corner >> 1, 0.5);
            if (at.right < leftmost) {
                leftmost = at.right;
                from[0] = to[0] = corner & 1;
                from[1] = to[1] = corner >> 1;
            }
        }
    }
    from[axis] = 0;
    to[axis] = 1;
}

static void draw_axis(const eye *self, sna_plot_canvas *canvas, const int back[3], int axis)
{
    const sna_plot_scale *scale = &self->place->scale[axis];
    const seen middle = eye_see(self, 0.5, 0.5, 0.5);
    double from[3], to[3], length, away[2], widest = 0, angle;
    seen a, b;

    label_edge(self, back, axis, from, to);
    a = eye_see(self, from[0], from[1], from[2]);
    b = eye_see(self, to[0], to[1], to[2]);
    length = hypot(b.right - a.right, b.up - a.up);
    if (length < 12) /* seen end on */
        return;
    sna_canvas_line(canvas, a.right, a.up, b.right, b.up, 0.9, SNA_SOLID, INK);
    /* Square to the edge, away from the box. */
    away[0] = (b.up - a.up) / length;
    away[1] = -(b.right - a.right) / length;
    if (away[0] * ((a.right + b.right) / 2 - middle.right) + away[1] * ((a.up + b.up) / 2 - middle.up) < 0) {
        away[0] = -away[0];
        away[1] = -away[1];
    }
    for (uint64_t i = 0; i < scale->ticks; i++) {
        const double part = sna_scale_place(scale, scale->tick[i]);
        const double x = a.right + part * (b.right - a.right), y = a.up + part * (b.up - a.up);
        const sna_plot_align align = away[0] > 0.35 ? ALIGN_LEFT : away[0] < -0.35 ? ALIGN_RIGHT : ALIGN_CENTRE;

        sna_canvas_line(canvas, x, y, x + 5 * away[0], y + 5 * away[1], 0.8, SNA_SOLID, INK);
        sna_canvas_text(canvas, x + 9 * away[0], y + (9 + 0.35 * SIZE_TICK * fabs(away[1])) * away[1],
                        scale->name.text[i], SIZE_TICK, align, 0, INK, false);
        widest = fmax(widest, sna_lettering_width(scale->name.text[i], SIZE_TICK, false) * fabs(away[0]) +
                                  SIZE_TICK * fabs(away[1]));
    }
    if (self->place->axis_label[axis] == NULL)
        return;
    angle = atan2(a.up - b.up, b.right - a.right) * 180 / M_PI;
    if (angle > 91)
        angle -= 180;
    if (angle < -89)
        angle += 180;
    sna_canvas_text(canvas, (a.right + b.right) / 2 + (widest + 24) * away[0],
                    (a.up + b.up) / 2 + (widest + 24) * away[1], self->place->axis_label[axis], SIZE_LABEL,
                    ALIGN_CENTRE, round(angle), INK, false);
}

static void draw_box(const eye *self, sna_plot_canvas *canvas)
{
    int back[3];

    back_faces(self, back);
    for (int axis = 0; axis < 3; axis++) {
        for (int across = 0; across < 3; across++) {
            if (across != axis)
                draw_grid(self, canvas, back, axis, across);
        }
    }
    /* The edges of the three back faces: those with at least one coordinate at the back. */
    for (int axis = 0; axis < 3; axis++) {
        const int u = (axis + 1) % 3, v = (axis + 2) % 3;
        for (int corner = 0; corner < 4; corner++) {
            double from[3], to[3];

            from[axis] = 0;
            to[axis] = 1;
            from[u] = to[u] = corner & 1;
            from[v] = to[v] = corner >> 1;
            if ((corner & 1) == back[u] || corner >> 1 == back[v])
                draw_segment(self, canvas, from, to, 0.8, 0xBFBFBFu);
        }
    }
    for (int axis = 0; axis < 3; axis++)
        draw_axis(self, canvas, back, axis);
}

/* ---- layers ------------------------------------------------------------------------------------------------- */

typedef struct {
    float right, up, near;
    uint32_t rgb;
    uint8_t mark;
} spot;

static int compare_near(const void *a, const void *b)
{
    const float left = ((const spot *)a)->near, right = ((const spot *)b)->near;

    return (left < right) - (left > right); /* the nearest first */
}

/* Farther things are paler. */
static uint32_t misted(const eye *self, uint32_t rgb, double near)
{
    return sna_colour_pale(rgb, 0.5 + 0.5 * (near - self->farthest) / fmax(1e-9, self->nearest - self->farthest));
}

static int collect_spots(const eye *self, const sna_plot_layer *layer, spot *out, uint64_t *count)
{
    const sna_plot_scale *scale = self->place->scale;

    for (uint64_t i = 0; i < layer->count; i++) {
        const double x = sna_scale_place(&scale[0], layer->data[0][i]),
                     y = sna_scale_place(&scale[1], layer->data[1][i]),
                     z = sna_scale_place(&scale[2], layer->data[2][i]);
        const uint32_t group = layer->group == NULL ? 0 : layer->group[i];
        seen at;

        if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1 && z >= 0 && z <= 1))
            continue;
        at = eye_see(self, x, y, z);
        out[(*count)++] =
            (spot){(float)at.right, (float)at.up, (float)at.near,
                   layer->groups > 1 ? sna_colour_palette(group) : layer->rgb, (uint8_t)sna_group_mark(layer, group)};
    }
    return 0;
}

static int draw_clouds(const eye *self, const sna_panel *panel, double fineness, sna_plot_canvas *canvas)
{
    int status = 0;
    spot *all = NULL;
    uint64_t most = 0, count = 0, kept = 0;
    double size = 0;
    sna_thin_grid grid = {0};

    for (uint64_t k = 0; k < panel->layers; k++) {
        if (panel->layer[k].kind == LAYER_CLOUD) {
            most += panel->layer[k].count;
            size = fmax(size, panel->layer[k].size);
        }
    }
    if (most == 0)
        goto out;
    if (size == 0)
        size = most <= 200 ? 8 : most <= 2000 ? 5.5 : most <= 20000 ? 3.5 : 2;
    status = sna_allocate(&all, most, sizeof *all);
    if (status == 0)
        status = sna_thin_grid_create(&grid, self->place->width, self->place->height, fmin(fineness, 4 / size));
    for (uint64_t k = 0; k < panel->layers && status == 0; k++) {
        if (panel->layer[k].kind == LAYER_CLOUD)
            status = collect_spots(self, &panel->layer[k], all, &count);
    }
    if (status != 0)
        goto out;
    if (count > 0)
        qsort(all, (size_t)count, sizeof *all, compare_near);
    /* What is hidden by something nearer at the same place is left out. */
    for (uint64_t i = 0; i < count; i++) {
        if (sna_thin_grid_take(&grid, all[i].right - self->place->left, all[i].up - self->place->top))
            all[kept++] = all[i];
    }
    for (uint64_t i = kept; i > 0; i--)
        sna_canvas_mark(canvas, all[i - 1].right, all[i - 1].up, (sna_mark)all[i - 1].mark, size,
                        misted(self, all[i - 1].rgb, all[i - 1].near));
out:
    sna_thin_grid_free(&grid);
    free(all);
    return status;
}

/* A shaft and two strokes of a head in the plane of the picture. */
static void draw_arrow(const eye *self, const sna_plot_layer *layer, uint64_t i, double width, sna_plot_canvas *canvas)
{
    const sna_plot_scale *scale = self->place->scale;
    double from[3], to[3], length;
    seen a, b;

    for (int k = 0; k < 3; k++) {
        from[k] = sna_scale_place(&scale[k], layer->data[k][i]);
        to[k] = sna_scale_place(&scale[k], layer->data[k][i] + layer->data[3 + k][i]);
        if (!(from[k] >= 0 && from[k] <= 1 && isfinite(to[k])))
            return;
    }
    a = eye_see(self, from[0], from[1], from[2]);
    b = eye_see(self, to[0], to[1], to[2]);
    sna_canvas_line(canvas, a.right, a.up, b.right, b.up, width, SNA_SOLID, layer->rgb);
    length = hypot(b.right - a.right, b.up - a.up) * layer->value;
    if (length > 1) {
        const double angle = atan2(b.up - a.up, b.right - a.right), spread = 0.42;
        sna_canvas_path(
            canvas,
            (const double[]){b.right - length * cos(angle - spread), b.right, b.right - length * cos(angle + spread)},
            (const double[]){b.up - length * sin(angle - spread), b.up, b.up - length * sin(angle + spread)}, 3, width,
            SNA_SOLID, layer->rgb);
    }
}

void sna_space_draw(const sna_plot_place *place, double fineness, sna_plot_canvas *canvas)
{
    const sna_panel *panel = place->panel;
    const eye self = eye_make(place);
    int status;

    draw_box(&self, canvas);
    status = draw_clouds(&self, panel, fineness, canvas);
    for (uint64_t k = 0; k < panel->layers; k++) {
        const sna_plot_layer *layer = &panel->layer[k];
        const double width = layer->size > 0 ? layer->size : layer->count > 500 ? 0.8 : 1.3;

        for (uint64_t i = 0; i < layer->count && layer->kind == LAYER_ARROWS; i++)
            draw_arrow(&self, layer, i, width, canvas);
    }
    if (canvas->status == 0)
        canvas->status = status;
}
