/* cell_morphology.c: the picture of a morphology. */
#include "cell_common.h"

#include <string.h>

/* Kinds of sections by how their names begin; each has a colour. */
static const struct {
    const char *begin, *name;
    unsigned colour;
} KINDS[] = {
    {"soma", "soma", 7}, {"axon", "axon", 4}, {"apic", "apical", 5}, {"dend", "dendrite", 2}, {"", "other", 6}};
enum { KIND_COUNT = sizeof KINDS / sizeof *KINDS };

static int kind_of(const char *section)
{
    int kind = 0;

    while (strncmp(section, KINDS[kind].begin, strlen(KINDS[kind].begin)) != 0)
        kind++;
    return kind;
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
        status = sna_panel_set_axis(panel, SNA_AXIS_X, "x", "um");
    if (status == 0)
        status = sna_panel_set_axis(panel, SNA_AXIS_Y, "y", "um");
    if (status == 0)
        status = sna_panel_set_size(panel, 480, 480);
    if (status != 0)
        goto out;
    sna_panel_set_equal(panel, true);
    for (uint64_t first = 0, end; first < cell->points && status == 0; first = end) {
        double width = 0;
        const char *name = sna_table_row_label(cell->sections, cell->section[first]);
        const int kind = kind_of(name == NULL ? "" : name);
        sna_style style = {.colour = kind == 0 ? SNA_BLACK : SNA_COLOUR(KINDS[kind].colour)};
        for (end = first; end < cell->points && cell->section[end] == cell->section[first]; end++)
            width += cell->diameter[end];
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
