/* script.c: a figure as a gnuplot script that holds its data. */
#include "internal.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

double sna_target_fineness(sna_plot_target target, double width, double height)
{
    /* A PNG has two pixels for one of ours, as long as that makes no more than 10^8 or 32000 on a side. */
    if (target == TARGET_PNG)
        return fmax(0.25, fmin(2, fmin(sqrt(1e8 / (width * height)), 32000 / fmax(width, height))));
    return target == TARGET_WINDOW ? 2 : 1;
}

/* Sizes are in our pixels everywhere: fontscale makes each terminal's unit of letters the pixel, P does it for marks.
 */
static void put_terminal(sna_plot_script *script, sna_plot_target target, const char *output, double width,
                         double height)
{
    const double scale = sna_target_fineness(target, width, height);

    switch (target) {
    case TARGET_PNG:
        sna_script_put(
            script,
            "set terminal pngcairo noenhanced rounded size %.0f,%.0f fontscale %.4g linewidth %.4g pointscale %.4g "
            "font 'DejaVu Sans,12' background rgb 'white'\nP = 0.155\n",
            width * scale, height * scale, 0.75 * scale, scale, scale);
        break;
    case TARGET_SVG:
        sna_script_put(
            script,
            "set terminal svg noenhanced rounded size %.0f,%.0f fixed font 'DejaVu Sans,12' background rgb 'white'\n"
            "P = 0.11\n",
            width, height);
        break;
    case TARGET_PDF:
        sna_script_put(script,
                       "set terminal pdfcairo noenhanced rounded size %.6gin,%.6gin fontscale 0.5625 linewidth 1.5 "
                       "font 'DejaVu Sans,12' "
                       "background rgb 'white'\nP = 0.11\n",
                       width / 96, height / 96);
        break;
    case TARGET_WINDOW:
        sna_script_put(
            script,
            "set terminal %s noenhanced persist size %.0f,%.0f font 'DejaVu Sans,9' title 'sonatina'\nP = 0.155\n",
            output, width, height);
        return;
    }
    sna_script_put(script, "set output ");
    sna_script_quote(script, output);
    sna_script_put(script, "\n");
}

void sna_script_area(sna_plot_script *script, const sna_plot_place *place, const sna_plot_layout *layout)
{
    sna_script_put(script, "set lmargin at screen %.7g\nset rmargin at screen %.7g\n", place->left / layout->width,
                   (place->left + place->width) / layout->width);
    sna_script_put(script, "set tmargin at screen %.7g\nset bmargin at screen %.7g\n", 1 - place->top / layout->height,
                   1 - (place->top + place->height) / layout->height);
}

static void draw_titles(const sna_plot_layout *layout, const sna_figure *figure, sna_plot_canvas *canvas)
{
    if (layout->title != NULL)
        sna_canvas_text(canvas, layout->title_left,
                        layout->title_top + 0.625 * SIZE_TITLE * (double)sna_lettering_lines(layout->title),
                        layout->title, SIZE_TITLE, ALIGN_LEFT, 0, 0x000000u, true);
    if (layout->note != NULL)
        sna_canvas_text(canvas, 12, layout->note_top + 0.625 * SIZE_NOTE * (double)sna_lettering_lines(layout->note),
                        layout->note, SIZE_NOTE, ALIGN_LEFT, 0, 0x606060u, false);
    for (uint64_t i = 0; i < figure->row_name.count; i++)
        sna_canvas_text(canvas, layout->row_name_x, layout->row_middle[i], figure->row_name.text[i], SIZE_LABEL,
                        ALIGN_CENTRE, 90, 0x000000u, true);
    for (uint64_t i = 0; i < figure->column_name.count; i++)
        sna_canvas_text(canvas, layout->column_middle[i], layout->column_name_y, figure->column_name.text[i],
                        SIZE_LABEL, ALIGN_CENTRE, 0, 0x000000u, true);
}

static void draw_place(const sna_plot_place *place, double fineness, sna_plot_canvas *canvas)
{
    const sna_panel *panel = place->panel;

    if (panel->title != NULL) {
        const double legend = place->legend.count > 0 && !place->legend.beside ? 22 : 0;
        const double middle = 0.625 * SIZE_PANEL * (double)sna_lettering_lines(panel->title);
        sna_canvas_text(canvas, place->left, place->top - 8 - legend - middle, panel->title, SIZE_PANEL, ALIGN_LEFT, 0,
                        0x000000u, true);
    }
    switch (panel->kind) {
    case PANEL_FLAT:
        sna_axes_draw(place, canvas);
        sna_legend_draw(place, canvas);
        for (uint64_t k = 0; k < panel->layers; k++) {
            const sna_plot_layer *layer = &panel->layer[k];
            const double x = sna_scale_place(&place->scale[0], layer->place[0]),
                         y = sna_scale_place(&place->scale[1], layer->place[1]);
            if (layer->kind == LAYER_TEXT && x >= 0 && x <= 1 && y >= 0 && y <= 1)
                sna_canvas_text(canvas, place->left + x * place->width,
                                place->top + (1 - y) * place->height - 0.6 * SIZE_TICK, layer->text, SIZE_TICK,
                                ALIGN_LEFT, 0, INK, false);
        }
        break;
    case PANEL_SPACE:
        sna_space_draw(place, fineness, canvas);
        sna_legend_draw(place, canvas);
        break;
    case PANEL_HEAT:
        sna_heat_draw(place, canvas);
        break;
    case PANEL_SHEET:
        sna_sheet_draw(place, canvas);
        break;
    case PANEL_DIAGRAM:
        sna_diagram_draw(place, canvas);
        break;
    case PANEL_EMPTY:
        break;
    }
}

int sna_figure_script(sna_string *out, const sna_figure *self, sna_plot_target target, const char *output)
{
    int status = 0;
    sna_plot_layout layout = {0};
    sna_plot_script script = PLOT_SCRIPT;
    /* Windows of qt and wxt count letters in points; the files' scripts have a fontscale instead. */
    const bool points = target == TARGET_WINDOW && strcmp(output, "x11") != 0;
    sna_plot_canvas canvas = {.label = PLOT_SCRIPT, .letter = points ? 0.75 : 1};
    /* Numbers have a decimal point, whatever the locale of the program. */
    const locale_t plain = sna_plot_locale();
    locale_t before = (locale_t)0;
    double fineness;

    if (plain == (locale_t)0) {
        status = sna_error(SNA_ENOMEM, "no memory for the C locale");
        goto out;
    }
    before = uselocale(plain);
    status = sna_layout_make(&layout, self);
    if (status != 0)
        goto out;
    fineness = sna_target_fineness(target, layout.width, layout.height);
    sna_script_put(&script, "# Draws one figure: gnuplot -d THIS_FILE\nset encoding utf8\n");
    put_terminal(&script, target, output, layout.width, layout.height);
    sna_script_put(
        &script,
        "set termoption noenhanced\nset multiplot\nunset border\nunset tics\nunset key\nset clip one\nset clip two\n");
    for (uint64_t i = 0; i < layout.panels; i++) {
        if (layout.place[i].panel->kind == PANEL_FLAT)
            sna_flat_draw(&layout.place[i], i, &layout, fineness, &script);
        draw_place(&layout.place[i], fineness, &canvas);
        status = sna_check_cancelled();
        if (status != 0)
            goto out;
    }
    draw_titles(&layout, self, &canvas);
    sna_canvas_write(&canvas, &script, layout.width, layout.height);
    sna_script_put(&script, "unset multiplot\nunset output\n");
    status = script.status;
    if (status == 0)
        status = sna_string_append_bytes(out, sna_string_text(&script.text), script.text.length);
out:
    sna_canvas_free(&canvas);
    sna_string_free(&script.text);
    sna_layout_free(&layout);
    if (before != (locale_t)0)
        (void)uselocale(before);
    return status;
}
