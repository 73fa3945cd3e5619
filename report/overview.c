/* overview.c: a network in one picture. */
#include "report/internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PLACES = 5000, MOST_LINES = 8, MOST_OUTLINES = 8, SIDE_MOST = 40 };

/* The picture while it is made. */
typedef struct {
    sna_circuit *circuit;
    sna_survey_request request;
    sna_inventory what;
    sna_survey *survey;
    sna_figure *figure;
} maker;

static int add_scheme(maker *self)
{
    int status = 0;
    sna_table *nodes = NULL, *links = NULL;
    sna_panel *panel = NULL;

    status = sna_survey_scheme(self->survey, &nodes, &links);
    /* Above some number of groups a diagram is a knot, and the matrices say more. */
    if (status == 0 && sna_table_rows(nodes) > 0 && sna_table_rows(nodes) <= 24) {
        status = sna_figure_add_panel(self->figure, "Groups and connections", &panel);
        if (status == 0)
            status = sna_panel_set_scheme(panel, nodes, links, "rows");
        if (status == 0)
            status = sna_scheme_explain(self->figure, links, "rows");
    }
    sna_table_free(nodes);
    sna_table_free(links);
    return status;
}

static int add_places(maker *self)
{
    int status = 0;
    const sna_cell_request request = {.groups = self->request.source_groups, .bare_labels = self->request.bare_labels};
    sna_cells cells = {.count = 0};
    sna_places places = {.count = 0};
    const char **name = NULL;
    sna_scene scene = {.groups = 0};

    status = sna_cells_choose(&cells, self->circuit, &request);
    if (status == 0)
        status = sna_places_collect(&places, &cells, MOST_PLACES);
    if (status == 0)
        status = sna_cells_labels(&cells, &name);
    if (status != 0 || places.count == 0)
        goto out;
    scene = (sna_scene){.name = name,
                        .groups = cells.groups,
                        .x = places.x,
                        .y = places.y,
                        .z = places.z,
                        .group = places.group,
                        .count = places.count,
                        .flat = places.dimensions < 3};
    status = sna_figure_add_scene(self->figure, "Positions", &scene);
    if (status == 0 && places.count < places.all)
        status = sna_figure_add_note(self->figure, "Positions: %" PRIu64 " of %" PRIu64 " cells are shown.",
                                     places.count, places.all);
out:
    free(name);
    sna_places_free(&places);
    sna_cells_free(&cells);
    return status;
}

/* Takes the table of a call that returned `status`. */
static int add_matrix(maker *self, int status, sna_table *const *table, const char *title, const sna_heat_options *look)
{
    sna_panel *panel = NULL;

    if (status != 0)
        return status;
    if (sna_table_rows(*table) > 0 && sna_table_columns(*table) > 0) {
        status = sna_figure_add_panel(self->figure, title, &panel);
        if (status == 0)
            status = sna_panel_set_heat_map(panel, *table, look);
    }
    sna_table_free(*table);
    return status;
}

static int add_matrices(maker *self)
{
    const bool large = sna_survey_sources(self->survey) > SIDE_MOST || sna_survey_targets(self->survey) > SIDE_MOST;
    const sna_heat_options percent = {.value_label = "Probability",
                                      .unit = "%",
                                      .row_label = "Source",
                                      .column_label = "Target",
                                      .no_numbers = large},
                           mean = {.value_label = "Connections",
                                   .row_label = "Source",
                                   .column_label = "Target",
                                   .no_numbers = large};
    sna_table *table = NULL;
    int status = add_matrix(self, sna_survey_percent(self->survey, SNA_PERCENT_TOTAL, &table), &table,
                            "Connection probability", &percent);

    if (status == 0)
        status = add_matrix(
            self, sna_survey_degree(self->survey, SNA_AFFERENT, SNA_COUNT_ROWS, SNA_SUMMARY_MEAN, false, &table),
            &table, "Mean convergence", &mean);
    return status;
}

/* How many connections the cells of a target group receive from all source groups; free() them. */
static int total_inputs(const maker *self, uint64_t target, double **value, uint64_t *values)
{
    int status = 0;
    double *part = NULL;
    uint64_t parts = 0;

    *value = NULL;
    *values = sna_survey_target(self->survey, target)->count;
    status = sna_allocate(value, *values, sizeof **value);
    for (uint64_t a = 0; a < sna_survey_sources(self->survey) && status == 0; a++) {
        status = sna_survey_degree_values(self->survey, SNA_AFFERENT, SNA_COUNT_ROWS, a, target, &part, &parts);
        for (uint64_t i = 0; i < parts && status == 0; i++)
            (*value)[i] += part[i];
        free(part);
        part = NULL;
    }
    return status;
}

/* Do a source and a target group hold the same cells? */
static bool is_same(const sna_group *a, const sna_group *b)
{
    return strcmp(a->population, b->population) == 0 && strcmp(a->value, b->value) == 0;
}

/* The number of a target group in the diagram, which its colour goes by: sources first, then what is not among them. */
static uint64_t group_number(const maker *self, uint64_t target)
{
    const uint64_t sources = sna_survey_sources(self->survey);
    uint64_t new_ones = 0;

    for (uint64_t b = 0; b <= target; b++) {
        uint64_t a = 0;
        while (a < sources && !is_same(sna_survey_source(self->survey, a), sna_survey_target(self->survey, b)))
            a++;
        if (b == target && a < sources)
            return a;
        new_ones += a == sources;
    }
    return sources + new_ones - 1;
}

/* Distributions of the connections that cells receive, an outline a group; shares, since groups differ in size. */
static int add_inputs(maker *self)
{
    int status = 0;
    sna_panel *panel = NULL;
    const uint64_t groups = sna_survey_targets(self->survey);
    uint64_t drawn = 0;

    for (uint64_t b = 0; b < groups && drawn < MOST_OUTLINES && status == 0; b++) {
        double *value = NULL, *edge = NULL, *count = NULL, all = 0;
        uint64_t values = 0, bins = 0;
        const sna_style style = {.name = sna_survey_target(self->survey, b)->label,
                                 .colour = SNA_COLOUR(group_number(self, b))};
        status = total_inputs(self, b, &value, &values);
        for (uint64_t i = 0; i < values && status == 0; i++)
            all += value[i];
        if (status == 0 && all > 0 && panel == NULL) {
            status = sna_figure_add_panel(self->figure, "Connections that cells receive", &panel);
            if (status == 0)
                status = sna_panel_set_size(panel, 380, 220);
            if (status == 0)
                status = sna_panel_set_axis(panel, SNA_AXIS_X, "Connections", NULL);
            if (status == 0)
                status = sna_panel_set_axis(panel, SNA_AXIS_Y, "Cells", "%");
        }
        if (status == 0 && all > 0)
            status = sna_histogram_count(&edge, &count, &bins, NAN, NAN, value, values);
        for (uint64_t i = 0; i < bins && status == 0; i++)
            count[i] *= 100 / (double)values;
        if (status == 0 && all > 0) {
            status = sna_panel_add_outline(panel, &style, edge, count, bins);
            drawn++;
        }
        free(value);
        free(edge);
        free(count);
    }
    if (status == 0 && drawn == MOST_OUTLINES && groups > drawn)
        status = sna_figure_add_note(self->figure, "Connections received: the first %d groups with any are shown.",
                                     MOST_OUTLINES);
    return status;
}

/* ---- probability by distance ------------------------------------------------------------------------------------ */

/* Rows of the table of probabilities that are of one block, and how many connected pairs they count. */
typedef struct {
    uint64_t first, end;
    int64_t connected;
} block_rows;

static int compare_blocks(const void *a, const void *b)
{
    const block_rows *x = a, *y = b;

    return x->connected != y->connected ? (x->connected < y->connected ? 1 : -1)
                                        : (x->first > y->first) - (x->first < y->first);
}

static int list_blocks(block_rows **out, uint64_t *count, const sna_table *table)
{
    int status = sna_allocate(out, sna_table_rows(table), sizeof **out);

    *count = 0;
    for (uint64_t row = 0; row < sna_table_rows(table) && status == 0; row++) {
        const bool same = row > 0 && strcmp(sna_table_text(table, row, 0), sna_table_text(table, row - 1, 0)) == 0 &&
                          strcmp(sna_table_text(table, row, 1), sna_table_text(table, row - 1, 1)) == 0;
        if (!same)
            (*out)[(*count)++] = (block_rows){row, row, 0};
        (*out)[*count - 1].end = row + 1;
        (*out)[*count - 1].connected += sna_table_integer(table, row, 5);
    }
    if (status == 0 && *count > 0)
        qsort(*out, *count, sizeof **out, compare_blocks);
    return status;
}

static int add_line(sna_panel *panel, const sna_table *table, const block_rows *block)
{
    int status = 0;
    const uint64_t rows = block->end - block->first;
    double *number = NULL;
    char *name = NULL;
    sna_style style = {.size = 2};

    status = sna_text_format(&name, "%s → %s", sna_table_text(table, block->first, 0),
                             sna_table_text(table, block->first, 1));
    style.name = name;
    if (status == 0)
        status = sna_allocate(&number, 2 * rows, sizeof *number);
    for (uint64_t i = 0; i < rows && status == 0; i++) {
        const uint64_t row = block->first + i;
        number[i] = 0.5 * (sna_table_real(table, row, 2) + sna_table_real(table, row, 3));
        number[rows + i] = sna_table_is_missing(table, row, 6) ? NAN : sna_table_real(table, row, 6);
    }
    if (status == 0)
        status = sna_panel_add_line(panel, &style, number, number + rows, rows);
    free(name);
    free(number);
    return status;
}

/* The blocks with most connected pairs, in the order of the table. */
static int add_distances(maker *self)
{
    int status = 0;
    sna_table *table = NULL;
    block_rows *block = NULL;
    uint64_t blocks = 0, shown = 0;
    sna_panel *panel = NULL;

    if (!self->what.positions)
        return 0;
    status = sna_survey_probability(self->survey, &table);
    if (status == 0)
        status = list_blocks(&block, &blocks, table);
    while (status == 0 && shown < blocks && shown < MOST_LINES && block[shown].connected > 0) {
        if (shown == 0) {
            status = sna_figure_add_panel(self->figure, "Probability by distance", &panel);
            if (status == 0)
                status = sna_panel_set_size(panel, 380, 220);
            if (status == 0)
                status = sna_panel_set_axis(panel, SNA_AXIS_X, "Distance", "um");
            if (status == 0)
                status = sna_panel_set_axis(panel, SNA_AXIS_Y, "Probability", NULL);
            if (status == 0)
                status = sna_panel_set_range(panel, SNA_AXIS_Y, 0, NAN);
        }
        if (status == 0)
            status = add_line(panel, table, &block[shown++]);
    }
    if (status == 0 && shown == MOST_LINES && blocks > shown && block[shown].connected > 0)
        status = sna_figure_add_note(
            self->figure, "Probability by distance: the %d blocks with most connected pairs are shown.", MOST_LINES);
    free(block);
    sna_table_free(table);
    return status;
}

/* ---- all of it ----------------------------------------------------------------------------------------------------
 */

static int measure(maker *self)
{
    int status = sna_survey_choose_groups(&self->request, self->circuit);

    if (status == 0)
        status = sna_survey_inventory(&self->what, self->circuit, &self->request);
    if (status != 0)
        return status;
    self->request.no_gap = true; /* they have lines of their own in the diagram */
    self->request.measure = SNA_MEASURE_PAIRS | SNA_MEASURE_CONVERGENCE | (self->what.gaps ? SNA_MEASURE_GAP : 0u) |
                            (self->what.positions ? SNA_MEASURE_PROBABILITY : 0u);
    self->request.property = self->what.property;
    self->request.properties = self->what.properties;
    return sna_survey_run(&self->survey, self->circuit, &self->request);
}

static int add_counts(maker *self)
{
    uint64_t cells = 0, rows = 0;

    for (uint64_t b = 0; b < sna_survey_targets(self->survey); b++) {
        cells += sna_survey_target(self->survey, b)->count;
        for (uint64_t a = 0; a < sna_survey_sources(self->survey); a++)
            rows += sna_survey_block(self->survey, a, b)->rows;
    }
    return sna_figure_add_note(self->figure, "%" PRIu64 " connections%s onto %" PRIu64 " cells.", rows,
                               self->what.gaps ? " (gap junctions not counted)" : "", cells);
}

int sna_overview_figure(sna_figure **out, sna_circuit *circuit, const sna_survey_request *request, const char *title)
{
    int (*const part[])(maker *) = {add_scheme, add_places, add_matrices, add_inputs, add_distances, add_counts};
    int status = 0;
    maker make = {.circuit = circuit, .request = *request};

    *out = NULL;
    status = measure(&make);
    if (status == 0)
        status = sna_figure_create(&make.figure, title);
    if (status == 0)
        status = sna_figure_set_columns(make.figure, 2);
    for (size_t i = 0; i < sizeof part / sizeof *part && status == 0; i++)
        status = part[i](&make);
    if (status != 0)
        goto out;
    *out = make.figure;
    make.figure = NULL;
out:
    sna_figure_free(make.figure);
    sna_survey_free(make.survey);
    return status;
}
