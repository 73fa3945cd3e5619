/* traces.c: figures of what is recorded over time. */
#include "internal.h"

#include <inttypes.h>
#include <math.h>

/* More names than this in a legend hide what they explain. */
enum { LEGEND_MOST = 24, PANELS_MOST = 64 };

int sna_figure_traces(sna_figure **out, const char *title, const sna_curve *curve, uint64_t curves, const char *label,
                      const char *unit, bool apart)
{
    int status = 0;
    sna_figure *figure = NULL;
    sna_panel *panel = NULL;
    const uint64_t panels = apart ? curves : 1;

    *out = NULL;
    if (curves == 0 || panels > PANELS_MOST) {
        status =
            sna_error(SNA_EINVAL, "%" PRIu64 " traces to draw (at least one; at most %d apart)", curves, PANELS_MOST);
        goto out;
    }
    status = sna_figure_create(&figure, title);
    for (uint64_t p = 0; p < panels && status == 0; p++) {
        status = sna_figure_add_panel(figure, NULL, &panel);
        if (status == 0)
            status = sna_panel_set_size(panel, 760, apart ? fmax(60, fmin(200, 900 / (double)panels)) : 360);
        if (status == 0)
            status = sna_panel_set_axis(panel, SNA_AXIS_X, "Time", "ms");
        if (status == 0)
            status = sna_panel_set_axis(panel, SNA_AXIS_Y, apart && panels > 4 ? NULL : label, unit);
        for (uint64_t i = apart ? p : 0; i < (apart ? p + 1 : curves) && status == 0; i++) {
            const sna_style style = {.name = apart || curves <= LEGEND_MOST ? curve[i].name : NULL,
                                     .size = 1.2,
                                     .colour = apart ? SNA_COLOUR(i) : 0};
            status = sna_panel_add_line(panel, &style, curve[i].time, curve[i].value, curve[i].count);
        }
    }
    if (status == 0 && !apart && curves > LEGEND_MOST)
        status = sna_figure_add_note(figure, "%" PRIu64 " traces, too many to name.", curves);
    if (status != 0)
        goto out;
    sna_figure_share_axes(figure, true, false);
    *out = figure;
    figure = NULL;
out:
    sna_figure_free(figure);
    return status;
}
