/* scheme.c: groups of cells and what connects them, drawn from two tables. */
#include "internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The columns of a table of links. */
typedef struct {
    uint64_t source, target, effect, value;
    int64_t pairs; /* -1: none */
} link_columns;

static int find_column(const sna_table *table, const char *name, uint64_t *out)
{
    const int64_t column = sna_table_find_column(table, name);

    *out = (uint64_t)column;
    return column >= 0 ? 0
                       : sna_error(SNA_EINVAL, "the table `%s` has no column `%s` to draw",
                                   sna_table_title(table) != NULL ? sna_table_title(table) : "", name);
}

static int find_node(const sna_table *nodes, const char *label, uint64_t *out)
{
    for (*out = 0; *out < sna_table_rows(nodes); (*out)++) {
        if (label != NULL && strcmp(sna_table_row_label(nodes, *out), label) == 0)
            return 0;
    }
    return sna_error(SNA_ENOTFOUND, "a link names `%s`, which is no node of the diagram", label != NULL ? label : "");
}

/* "80 cells" and the like, one text a node. */
static int list_notes(sna_list *out, const sna_table *nodes, uint64_t cells)
{
    int status = 0;

    for (uint64_t i = 0; i < sna_table_rows(nodes) && status == 0; i++) {
        const int64_t count = sna_table_integer(nodes, i, cells);
        char text[40];
        (void)snprintf(text, sizeof text, "%" PRId64 " cell%s", count, count == 1 ? "" : "s");
        status = sna_list_add(out, text);
    }
    return status;
}

static int make_links(sna_diagram_link *link, uint64_t *count, sna_list *labels, const sna_table *nodes,
                      const sna_table *links, const link_columns *column)
{
    int status = 0;
    char text[SNA_NUMBER_SIZE];

    for (uint64_t i = 0; i < sna_table_rows(links) && status == 0; i++) {
        const char *const effect = sna_table_text(links, i, column->effect);
        const bool missing = sna_table_is_missing(links, i, column->value);
        const double value = missing ? 0 : sna_table_real(links, i, column->value);
        sna_diagram_link *own = &link[*count];
        if (!missing && !(value > 0))
            continue;
        status = find_node(nodes, sna_table_text(links, i, column->source), &own->source);
        if (status == 0)
            status = find_node(nodes, sna_table_text(links, i, column->target), &own->target);
        if (!missing)
            (void)sna_number_round(text, value, 3);
        else if (column->pairs >= 0 && !sna_table_is_missing(links, i, (uint64_t)column->pairs))
            (void)snprintf(text, sizeof text, "%" PRId64 " pairs",
                           sna_table_integer(links, i, (uint64_t)column->pairs));
        else
            text[0] = '\0';
        if (status == 0)
            status = sna_list_add(labels, text);
        own->weight = value;
        own->end = effect == NULL                        ? SNA_END_ARROW
                   : strcmp(effect, "inhibits") == 0     ? SNA_END_BAR
                   : strcmp(effect, "gap junction") == 0 ? SNA_END_PLAIN
                                                         : SNA_END_ARROW;
        (*count)++;
    }
    for (uint64_t i = 0; i < *count && status == 0; i++)
        link[i].label = labels->text[i];
    return status;
}

int sna_panel_set_scheme(sna_panel *self, const sna_table *nodes, const sna_table *links, const char *value)
{
    int status = 0;
    link_columns column;
    uint64_t cells = 0, count = 0;
    sna_list notes = SNA_LIST, labels = SNA_LIST;
    sna_diagram_node *node = NULL;
    sna_diagram_link *link = NULL;

    status = find_column(nodes, "cells", &cells);
    if (status == 0)
        status = find_column(links, "source", &column.source);
    if (status == 0)
        status = find_column(links, "target", &column.target);
    if (status == 0)
        status = find_column(links, "effect", &column.effect);
    if (status == 0)
        status = find_column(links, value, &column.value);
    column.pairs = sna_table_find_column(links, "pairs");
    if (status == 0)
        status = sna_allocate(&node, sna_table_rows(nodes), sizeof *node);
    if (status == 0)
        status = sna_allocate(&link, sna_table_rows(links), sizeof *link);
    if (status == 0)
        status = list_notes(&notes, nodes, cells);
    if (status == 0)
        status = make_links(link, &count, &labels, nodes, links, &column);
    for (uint64_t i = 0; i < notes.count && status == 0; i++) {
        node[i].name = sna_table_row_label(nodes, i);
        node[i].note = notes.text[i];
        node[i].size = (double)sna_table_integer(nodes, i, cells);
    }
    if (status == 0)
        status = sna_panel_set_diagram(self, node, sna_table_rows(nodes), link, count);
    free(node);
    free(link);
    sna_list_free(&notes);
    sna_list_free(&labels);
    return status;
}

static bool has_effect(const sna_table *links, uint64_t column, const char *effect)
{
    for (uint64_t i = 0; i < sna_table_rows(links); i++) {
        const char *const own = sna_table_text(links, i, column);
        if (effect == NULL ? own == NULL : own != NULL && strcmp(own, effect) == 0)
            return true;
    }
    return false;
}

/* Of the kinds of lines that there are. */
int sna_scheme_explain(sna_figure *figure, const sna_table *links, const char *value)
{
    int status = 0;
    uint64_t effect = 0;
    sna_string text = SNA_STRING;

    status = find_column(links, "effect", &effect);
    if (status == 0)
        status = sna_string_format(&text, "Areas of circles: cells. Widths of lines: %s.",
                                   strcmp(value, "rows") == 0 ? "connections" : value);
    if (status == 0 && has_effect(links, effect, "excites") && !has_effect(links, effect, NULL))
        status = sna_string_append(&text, " Arrows excite.");
    if (status == 0 && has_effect(links, effect, "inhibits"))
        status = sna_string_append(&text, " Bars inhibit.");
    if (status == 0 && has_effect(links, effect, NULL))
        status = sna_string_append(&text, has_effect(links, effect, "excites") || has_effect(links, effect, "inhibits")
                                              ? " Arrows excite, or it is not known what they do."
                                              : " What connections do (excite, inhibit) is not known.");
    if (status == 0 && has_effect(links, effect, "gap junction"))
        status = sna_string_append(&text, " Dashed lines are gap junctions.");
    if (status == 0)
        status = sna_figure_add_note(figure, "%s", sna_string_text(&text));
    sna_string_free(&text);
    return status;
}

int sna_scheme_figure(sna_figure **out, const sna_table *nodes, const sna_table *links, const char *value,
                      const char *title)
{
    int status = 0;
    sna_figure *figure = NULL;
    sna_panel *panel = NULL;

    *out = NULL;
    status = sna_figure_create(&figure, title);
    if (status == 0)
        status = sna_figure_add_panel(figure, NULL, &panel);
    if (status == 0)
        status = sna_panel_set_scheme(panel, nodes, links, value);
    if (status == 0)
        status = sna_scheme_explain(figure, links, value);
    if (status != 0)
        goto out;
    *out = figure;
    figure = NULL;
out:
    sna_figure_free(figure);
    return status;
}
