/* frame.c: the axes of a flat panel. */
#include "internal.h"

#include <math.h>

enum { TICK = 5, MINOR = 3 };
static const double THIN = 0.8;

static void draw_x(const sna_plot_place *place, sna_plot_canvas *canvas)
{
    const sna_plot_scale *scale = &place->scale[0];
    const double y = place->top + place->height;

    sna_canvas_line(canvas, place->left, y, place->left + place->width, y, THIN, SNA_SOLID, INK);
    for (uint64_t i = 0; i < scale->ticks; i++) {
        const double x = place->left + sna_scale_place(scale, scale->tick[i]) * place->width;
        sna_canvas_line(canvas, x, y, x, y + TICK, THIN, SNA_SOLID, INK);
        if (place->show_x)
            sna_canvas_text(canvas, x, y + TICK + 3 + 0.6 * SIZE_TICK, scale->name.text[i], SIZE_TICK, ALIGN_CENTRE, 0,
                            INK, false);
    }
    for (uint64_t i = 0; i < scale->minors; i++) {
        const double x = place->left + sna_scale_place(scale, scale->minor[i]) * place->width;
        sna_canvas_line(canvas, x, y, x, y + MINOR, THIN, SNA_SOLID, INK);
    }
    if (place->axis_label[0] != NULL && place->show_x) {
        const double middle = 0.625 * SIZE_LABEL * (double)sna_lettering_lines(place->axis_label[0]);
        sna_canvas_text(canvas, place->left + place->width / 2, y + TICK + 4 + 1.25 * SIZE_TICK + 4 + middle,
                        place->axis_label[0], SIZE_LABEL, ALIGN_CENTRE, 0, INK, false);
    }
}

static void draw_y(const sna_plot_place *place, sna_plot_canvas *canvas)
{
    const sna_plot_scale *scale = &place->scale[1];
    const double x = place->left;

    sna_canvas_line(canvas, x, place->top, x, place->top + place->height, THIN, SNA_SOLID, INK);
    for (uint64_t i = 0; i < scale->ticks; i++) {
        const double y = place->top + (1 - sna_scale_place(scale, scale->tick[i])) * place->height;
        sna_canvas_line(canvas, x - TICK, y, x, y, THIN, SNA_SOLID, INK);
        if (place->show_y)
            sna_canvas_text(canvas, x - TICK - 4, y, scale->name.text[i], SIZE_TICK, ALIGN_RIGHT, 0, INK, false);
    }
    for (uint64_t i = 0; i < scale->minors; i++) {
        const double y = place->top + (1 - sna_scale_place(scale, scale->minor[i])) * place->height;
        sna_canvas_line(canvas, x - MINOR, y, x, y, THIN, SNA_SOLID, INK);
    }
    if (place->axis_label[1] != NULL && place->show_y) {
        const double middle = 0.625 * SIZE_LABEL * (double)sna_lettering_lines(place->axis_label[1]);
        sna_canvas_text(canvas, x - place->margin[0] + 6 + middle, place->top + place->height / 2, place->axis_label[1],
                        SIZE_LABEL, ALIGN_CENTRE, 90, INK, false);
    }
}

void sna_axes_draw(const sna_plot_place *place, sna_plot_canvas *canvas)
{
    draw_x(place, canvas);
    draw_y(place, canvas);
}
