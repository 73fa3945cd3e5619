/* report.c: what stands on the page, in its order. */
#include "report/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_CELLS = 20000,
    MOST_PANELS = 64,
    MOST_VALUES = 1 << 20,
    MOST_FINDINGS = 200,
    MOST_OPEN_ROWS = 12,
    MOST_PRINTED_ROWS = 100
};

/* The page while it is made. */
typedef struct {
    const sna_connectivity_report *wanted;
    sna_circuit *circuit;
    sna_page *page;
    bool interactive; /* charts by script, else pictures */
    sna_survey_request request;
    sna_inventory what;
    sna_survey *survey;
    char *built;                                      /* the builder's report; NULL: none */
    sna_string matrices, degrees, properties, single; /* data for the script: members of lists; further keys */
} maker;

/* ---- parts ------------------------------------------------------------------------------------------------------ */

/* Tables of numbers that a chart shows are folded away on a screen, and printed with it if they are short. */
static int fold(maker *self, const char *summary, bool printed)
{
    int status = sna_page_add_html(self->page, printed ? "<details class=\"paper\"><summary>" : "<details><summary>");

    if (status == 0)
        status = sna_page_add_html(self->page, summary);
    return status == 0 ? sna_page_add_html(self->page, "</summary>\n") : status;
}

static int unfold(maker *self)
{
    return sna_page_add_html(self->page, "</details>\n");
}

static int add_chart(maker *self, const char *id)
{
    int status = 0;
    char *html = NULL;

    if (!self->interactive)
        return 0;
    status = sna_text_format(&html,
                             "<div class=\"chart\" id=\"chart-%s\"><noscript>This chart needs JavaScript; its numbers "
                             "are in the tables below.</noscript></div>\n",
                             id);
    if (status == 0)
        status = sna_page_add_html(self->page, html);
    free(html);
    return status;
}

static int collect(sna_string *list, const char *name, const sna_table *table)
{
    int status = list->length > 0 ? sna_string_append(list, ",\n") : 0;

    return status == 0 ? sna_data_table(list, name, table) : status;
}

/* A figure of one panel a block, where there are not too many of them to see anything. `figure` is freed. */
static int add_picture(maker *self, int status, sna_figure *figure)
{
    if (status == 0)
        status = sna_page_add_figure(self->page, figure, NULL, NULL);
    sna_figure_free(figure);
    return status;
}

static bool too_many_panels(const maker *self)
{
    return sna_survey_sources(self->survey) * sna_survey_targets(self->survey) > MOST_PANELS;
}

static bool is_empty(const sna_table *table)
{
    return sna_table_rows(table) == 0;
}

static int add_histogram(maker *self, const char *name, const char *title, const char *label, sna_string *list,
                         const sna_table *table)
{
    int status = 0;
    sna_figure *figure = NULL;
    double all = 0;

    for (uint64_t row = 0; row < sna_table_rows(table); row++)
        all += sna_table_real(table, row, 4);
    if (self->interactive)
        return collect(list, name, table);
    if (!(all > 0))
        return 0;
    if (too_many_panels(self))
        return sna_page_add_paragraph(self->page, "%s: no picture, there are more than %d blocks.", title, MOST_PANELS);
    status = sna_histogram_figure(&figure, table, title, label, NULL);
    return add_picture(self, status, figure);
}

/* ---- what the network is ---------------------------------------------------------------------------------------- */

static int add_network(maker *self)
{
    int status = 0;
    uint64_t cells = 0, edges = 0;
    sna_table *table = NULL;
    int (*const make[])(sna_circuit *, sna_table **) = {sna_circuit_node_table, sna_circuit_edge_table,
                                                        sna_circuit_cell_table};
    const uint64_t node_populations = sna_circuit_node_populations(self->circuit),
                   edge_populations = sna_circuit_edge_populations(self->circuit);

    for (uint64_t p = 0; p < node_populations && status == 0; p++) {
        sna_nodes *nodes = NULL;
        status = sna_circuit_nodes_at(self->circuit, p, &nodes);
        cells += status == 0 ? sna_nodes_count(nodes) : 0;
    }
    for (uint64_t p = 0; p < edge_populations && status == 0; p++) {
        sna_edges *population = NULL;
        status = sna_circuit_edges_at(self->circuit, p, &population);
        edges += status == 0 ? sna_edges_count(population) : 0;
    }
    if (status == 0)
        status = sna_page_add_heading(self->page, 2, "The network");
    if (status == 0)
        status = sna_page_add_paragraph(self->page,
                                        "%" PRIu64 " cells in %" PRIu64 " node population%s, %" PRIu64
                                        " edges in %" PRIu64 " edge population%s.",
                                        cells, node_populations, node_populations == 1 ? "" : "s", edges,
                                        edge_populations, edge_populations == 1 ? "" : "s");
    for (size_t i = 0; i < sizeof make / sizeof *make && status == 0; i++) {
        status = make[i](self->circuit, &table);
        if (status == 0 && !is_empty(table))
            status = sna_page_add_table(self->page, table);
        if (status == 0)
            sna_table_free(table);
        table = NULL;
    }
    return status;
}

static int add_finding(sna_table *table, const sna_finding *finding)
{
    const char *const text[] = {sna_severity_name(finding->severity), finding->code, sna_path_name(finding->file),
                                finding->place, finding->found};
    const uint64_t row = sna_table_rows(table);
    int status = sna_table_add_row(table, NULL);

    for (uint64_t c = 0; c < sizeof text / sizeof *text && status == 0; c++)
        status = sna_table_set_text(table, row, c, text[c]);
    return status;
}

/* One line a finding, the worst first; what to do about it is in the validator. */
static int findings_table(sna_table **out, const sna_findings *findings)
{
    static const char *const column[] = {"severity", "code", "file", "place", "found"};
    static const sna_severity order[] = {SNA_SEVERITY_ERROR, SNA_SEVERITY_WARNING, SNA_SEVERITY_NOTE};
    int status = 0;
    sna_table *table = NULL;

    *out = NULL;
    status = sna_table_create(&table, "Findings", NULL);
    for (size_t c = 0; c < sizeof column / sizeof *column && status == 0; c++)
        status = sna_table_add_column(table, column[c], NULL, SNA_TEXT);
    for (size_t s = 0; s < sizeof order / sizeof *order; s++) {
        for (uint64_t i = 0; i < findings->count && sna_table_rows(table) < MOST_FINDINGS && status == 0; i++) {
            if (findings->finding[i].severity == order[s])
                status = add_finding(table, &findings->finding[i]);
        }
    }
    if (status == 0 && findings->count > MOST_FINDINGS)
        status = sna_table_add_note(table, "The first %d of %" PRIu64 "; `sonatina network validate` prints all.",
                                    MOST_FINDINGS, findings->count);
    if (status != 0) {
        sna_table_free(table);
        return status;
    }
    *out = table;
    return 0;
}

static int add_validation(maker *self)
{
    int status = 0;
    sna_findings findings = SNA_FINDINGS;
    sna_table *table = NULL;

    if (self->wanted->config == NULL)
        return 0;
    status = sna_validate(&findings, &self->wanted->config, 1, NULL);
    if (status == 0)
        status = sna_page_add_heading(self->page, 2, "Validation");
    if (status == 0 && findings.count == 0)
        status = sna_page_add_paragraph(self->page, "Nothing was found wrong with the files.");
    if (status == 0 && findings.count > 0) {
        status = sna_page_add_paragraph(self->page, "Errors: %" PRIu64 ", warnings: %" PRIu64 ", notes: %" PRIu64 ".",
                                        sna_findings_number(&findings, SNA_SEVERITY_ERROR),
                                        sna_findings_number(&findings, SNA_SEVERITY_WARNING),
                                        sna_findings_number(&findings, SNA_SEVERITY_NOTE));
        if (status == 0)
            status = findings_table(&table, &findings);
        if (status == 0)
            status = sna_page_add_table(self->page, table);
    }
    sna_table_free(table);
    sna_findings_free(&findings);
    return status;
}

static int add_built(maker *self)
{
    const int status = sna_built_find(&self->built, self->wanted->config);

    return status == 0 && self->built != NULL ? sna_built_add(self->page, self->built, self->circuit) : status;
}

/* ---- matrices --------------------------------------------------------------------------------------------------- */

typedef enum { TOTAL, PERCENT, RECEIVED, MADE, GAP_PERCENT, GAP_DEGREE } matrix_kind;

/* `which` is a sna_count, sna_percent or sna_summary. */
static const struct {
    const char *name;
    matrix_kind kind;
    int which;
    bool first; /* among the pictures that a page without switches shows at once */
} matrix[] = {
    {"total_rows", TOTAL, SNA_COUNT_ROWS, true},
    {"total_pairs", TOTAL, SNA_COUNT_PAIRS, false},
    {"total_synapses", TOTAL, SNA_COUNT_SYNAPSES, false},
    {"percent_total", PERCENT, SNA_PERCENT_TOTAL, true},
    {"percent_any", PERCENT, SNA_PERCENT_ANY, false},
    {"percent_uni", PERCENT, SNA_PERCENT_UNI, false},
    {"percent_bi", PERCENT, SNA_PERCENT_BI, true},
    {"percent_innervation", PERCENT, SNA_PERCENT_INNERVATION, false},
    {"convergence_mean", RECEIVED, SNA_SUMMARY_MEAN, true},
    {"convergence_std", RECEIVED, SNA_SUMMARY_SD, false},
    {"convergence_min", RECEIVED, SNA_SUMMARY_MIN, false},
    {"convergence_max", RECEIVED, SNA_SUMMARY_MAX, false},
    {"convergence_median", RECEIVED, SNA_SUMMARY_MEDIAN, false},
    {"divergence_mean", MADE, SNA_SUMMARY_MEAN, true},
    {"divergence_std", MADE, SNA_SUMMARY_SD, false},
    {"divergence_min", MADE, SNA_SUMMARY_MIN, false},
    {"divergence_max", MADE, SNA_SUMMARY_MAX, false},
    {"divergence_median", MADE, SNA_SUMMARY_MEDIAN, false},
    {"gap_percent", GAP_PERCENT, 0, true},
    {"gap_convergence", GAP_DEGREE, SNA_SUMMARY_MEAN, false},
};

static bool has_matrix(const maker *self, size_t m)
{
    const bool gap = matrix[m].kind == GAP_PERCENT || matrix[m].kind == GAP_DEGREE;
    const bool synapses = matrix[m].kind == TOTAL && matrix[m].which == SNA_COUNT_SYNAPSES;

    return (!gap || self->what.gaps) && (!synapses || self->what.synapses);
}

static int make_matrix(const maker *self, size_t m, sna_table **out)
{
    const int which = matrix[m].which;

    switch (matrix[m].kind) {
    case TOTAL:
        return sna_survey_total(self->survey, (sna_count)which, out);
    case PERCENT:
        return sna_survey_percent(self->survey, (sna_percent)which, out);
    case RECEIVED:
        return sna_survey_degree(self->survey, SNA_AFFERENT, SNA_COUNT_ROWS, (sna_summary)which, false, out);
    case MADE:
        return sna_survey_degree(self->survey, SNA_EFFERENT, SNA_COUNT_ROWS, (sna_summary)which, false, out);
    case GAP_PERCENT:
        return sna_survey_gap_percent(self->survey, out);
    case GAP_DEGREE:
        break;
    }
    return sna_survey_gap_degree(self->survey, (sna_summary)which, false, out);
}

/* The picture or the data of a matrix, and its table. */
static int put_matrix(maker *self, size_t m)
{
    sna_table *table = NULL;
    sna_figure *figure = NULL;
    sna_heat_options look = {.row_label = "Source", .column_label = "Target"};
    int status = make_matrix(self, m, &table);

    if (status == 0 && self->interactive) {
        status = collect(&self->matrices, matrix[m].name, table);
    } else if (status == 0 && !is_empty(table) && sna_table_columns(table) > 0) {
        look.unit = sna_table_column_unit(table, 0);
        status = sna_figure_heat_map(&figure, NULL, table, &look);
        status = add_picture(self, status, figure);
    }
    if (status == 0)
        status = sna_page_add_table(self->page, table);
    sna_table_free(table);
    return status;
}

/* All of them; or only the first ones, or only the others. */
static int put_matrices(maker *self, bool first, bool others)
{
    int status = 0;

    for (size_t m = 0; m < sizeof matrix / sizeof *matrix && status == 0; m++) {
        if (has_matrix(self, m) && (matrix[m].first ? first : others))
            status = put_matrix(self, m);
    }
    return status;
}

static int add_matrices(maker *self)
{
    int status = 0;
    const bool pictures = !self->interactive && sna_page_is_html(self->page);

    status = sna_page_add_heading(self->page, 2, "Connections between groups");
    if (status == 0)
        status = add_chart(self, "matrices");
    if (status == 0 && pictures)
        status = put_matrices(self, true, false);
    if (status == 0)
        status = fold(self, pictures ? "More matrices" : "All matrices as tables", true);
    if (status == 0)
        status = put_matrices(self, !pictures, true);
    return status == 0 ? unfold(self) : status;
}

/* ---- distributions ---------------------------------------------------------------------------------------------- */

static int add_degrees(maker *self)
{
    static const struct {
        const char *name, *title, *label;
        sna_direction direction;
    } kind[] = {{"convergence", "Connections that a target cell receives", "Connections received", SNA_AFFERENT},
                {"divergence", "Connections that a source cell makes", "Connections made", SNA_EFFERENT}};
    int status = 0;

    status = sna_page_add_heading(self->page, 2, "Degree distributions");
    if (status == 0)
        status = add_chart(self, "degrees");
    for (size_t i = 0; i < sizeof kind / sizeof *kind && status == 0; i++) {
        sna_table *table = NULL;
        status = sna_survey_degree_histogram(self->survey, kind[i].direction, SNA_COUNT_ROWS, 0, &table);
        if (status != 0)
            break;
        status = add_histogram(self, kind[i].name, kind[i].title, kind[i].label, &self->degrees, table);
        if (status == 0)
            status = fold(self, kind[i].title, false);
        if (status == 0)
            status = sna_page_add_table(self->page, table);
        if (status == 0)
            status = unfold(self);
        sna_table_free(table);
    }
    return status;
}

static int add_probability(maker *self)
{
    int status = 0;
    sna_table *table = NULL;
    sna_figure *figure = NULL;

    if (!self->what.positions)
        return 0;
    status = sna_survey_probability(self->survey, &table);
    if (status == SNA_ENOTFOUND)
        return 0;
    if (status != 0)
        return status;
    status = sna_page_add_heading(self->page, 2, "Connection probability by distance");
    if (status == 0)
        status = add_chart(self, "probability");
    if (status == 0 && self->interactive) {
        status = sna_string_append(&self->single, ",\n\"probability\":");
        if (status == 0)
            status = sna_data_table(&self->single, "probability", table);
    } else if (status == 0 && !is_empty(table) && !too_many_panels(self)) {
        status = sna_probability_figure(&figure, table, NULL, NULL);
        status = add_picture(self, status, figure);
    }
    if (status == 0)
        status = fold(self, "Probabilities with their 95 % intervals", false);
    if (status == 0)
        status = sna_page_add_table(self->page, table);
    if (status == 0)
        status = unfold(self);
    sna_table_free(table);
    return status;
}

/* One row a block; many would be in the way of what follows, and are folded away. `what` is a well-known name. */
static int put_summary(maker *self, const sna_table *table, const char *what)
{
    int status = 0;
    const bool folded = sna_table_rows(table) > MOST_OPEN_ROWS;

    if (folded)
        status = fold(self, what, sna_table_rows(table) <= MOST_PRINTED_ROWS);
    if (status == 0)
        status = sna_page_add_table(self->page, table);
    return status == 0 && folded ? unfold(self) : status;
}

/* Of a property, or of the length of connections (NULL). */
static int add_values(maker *self, const char *property)
{
    int status = 0;
    sna_table *summary = NULL, *histogram = NULL;
    const char *name = property != NULL ? property : "length of connections (um)";

    status = sna_survey_values(self->survey, property, &summary);
    if (status == SNA_ENOTFOUND)
        return 0;
    if (status != 0)
        return status;
    if (property == NULL || !sna_survey_values_are_texts(self->survey, property)) {
        status = sna_survey_values_histogram(self->survey, property, 0, &histogram);
        if (status == 0)
            status = add_histogram(self, name, name, name, &self->properties, histogram);
        else if (status == SNA_ENOTFOUND)
            status = 0;
        else
            goto out;
        sna_table_free(histogram);
    }
    if (status == 0)
        status = put_summary(self, summary, property != NULL ? property : "Length of connections");
out:
    sna_table_free(summary);
    return status;
}

static int add_properties(maker *self)
{
    int status = 0;

    if (self->what.properties == 0 && !self->what.positions)
        return 0;
    status = sna_page_add_heading(self->page, 2, "Properties of connections");
    if (status == 0)
        status = add_chart(self, "properties");
    for (uint64_t p = 0; p < self->what.properties && status == 0; p++)
        status = add_values(self, self->what.property[p]);
    if (status == 0 && self->what.positions)
        status = add_values(self, NULL);
    return status;
}

static int draw_places(maker *self, const sna_places *places, const sna_cells *cells)
{
    int status = 0;
    const char **name = NULL;
    sna_figure *figure = NULL;

    status = sna_cells_labels(cells, &name);
    if (status == 0) {
        const sna_scene scene = {.name = name,
                                 .groups = cells->groups,
                                 .x = places->x,
                                 .y = places->y,
                                 .z = places->z,
                                 .group = places->group,
                                 .count = places->count,
                                 .views = SNA_VIEWS_SPACE,
                                 .flat = places->dimensions < 3};
        status = sna_figure_scene(&figure, "Positions of cells", &scene);
        status = add_picture(self, status, figure);
    }
    free(name);
    return status;
}

static int add_positions(maker *self)
{
    int status = 0;
    const sna_cell_request request = {.groups = self->request.source_groups};
    sna_cells cells = {.count = 0};
    sna_places places = {.count = 0};

    status = sna_cells_choose(&cells, self->circuit, &request);
    if (status == 0)
        status =
            sna_places_collect(&places, &cells, self->wanted->most_cells > 0 ? self->wanted->most_cells : MOST_CELLS);
    if (status != 0 || places.count == 0)
        goto out;
    status = sna_page_add_heading(self->page, 2, "Positions");
    if (status == 0 && places.count < places.all)
        status = sna_page_add_paragraph(self->page,
                                        "Down-sampled: %" PRIu64 " of %" PRIu64 " cells that have positions are shown.",
                                        places.count, places.all);
    if (status == 0)
        status = add_chart(self, "positions");
    if (status == 0 && self->interactive) {
        status = sna_string_append(&self->single, ",\n\"positions\":");
        if (status == 0)
            status = sna_data_places(&self->single, &places, &cells);
    } else if (status == 0) {
        status = draw_places(self, &places, &cells);
    }
out:
    sna_places_free(&places);
    sna_cells_free(&cells);
    return status;
}

/* ---- the rest --------------------------------------------------------------------------------------------------- */

static int add_graph(maker *self)
{
    int status = 0;

    if (self->wanted->graph == NULL && self->wanted->graph_note == NULL)
        return 0;
    status = sna_page_add_heading(self->page, 2, "The network as a graph");
    if (status == 0 && self->wanted->graph_note != NULL)
        status = sna_page_add_paragraph(self->page, "%s", self->wanted->graph_note);
    if (status == 0 && self->wanted->graph != NULL)
        status = sna_page_add_record(self->page, self->wanted->graph);
    return status;
}

static int add_origin(maker *self)
{
    int status = 0;
    sna_table *table = NULL;

    status = sna_page_add_heading(self->page, 2, "How this report was made");
    if (status == 0)
        status = sna_page_add_paragraph(self->page, "By sonatina %s, from the files below.", sna_version());
    if (status == 0 && self->wanted->command != NULL)
        status = sna_page_add_code(self->page, self->wanted->command);
    if (status == 0)
        status = sna_origin_files(&table, self->circuit, self->wanted->config, self->built);
    if (status == 0)
        status = sna_page_add_table(self->page, table);
    sna_table_free(table);
    return status;
}

static int add_scripts(maker *self)
{
    int status = 0;
    sna_string data = SNA_STRING;
    char *plotly = NULL;
    uint64_t size = 0;

    if (!self->interactive)
        return 0;
    status = sna_string_format(&data, "{\"matrices\":[%s],\n\"degrees\":[%s],\n\"properties\":[%s]%s}",
                               sna_string_text(&self->matrices), sna_string_text(&self->degrees),
                               sna_string_text(&self->properties), sna_string_text(&self->single));
    if (status == 0)
        status = sna_page_add_data(self->page, "report-data", data.text);
    if (status == 0)
        status = sna_file_read(&plotly, &size, self->wanted->plotly);
    if (status == 0) {
        status = sna_page_add_script(self->page, plotly, size);
        status = sna_error_in(status, "%s", self->wanted->plotly);
    }
    if (status == 0)
        status = sna_page_add_script(self->page, sna_report_script, strlen(sna_report_script));
    free(plotly);
    sna_string_free(&data);
    return status;
}

static int measure(maker *self)
{
    int status = sna_survey_choose_groups(&self->request, self->circuit);

    if (status == 0)
        status = sna_survey_inventory(&self->what, self->circuit, &self->request);
    if (status != 0)
        return status;
    self->request.measure = self->what.measure;
    self->request.property = self->what.property;
    self->request.properties = self->what.properties;
    if (self->request.most_values == 0)
        self->request.most_values = MOST_VALUES;
    return sna_survey_run(&self->survey, self->circuit, &self->request);
}

static int make_title(char **out, const sna_connectivity_report *wanted)
{
    int status = 0;
    char *real = NULL, *folder = NULL;

    *out = NULL;
    if (wanted->title != NULL || wanted->config == NULL)
        return sna_text_copy(out, wanted->title != NULL ? wanted->title : "Connectivity report");
    status = sna_path_real(&real, wanted->config);
    if (status == 0)
        status = sna_path_folder(&folder, real);
    if (status == 0)
        status = sna_text_format(out, "Connectivity of %s", sna_path_name(folder));
    free(real);
    free(folder);
    return status;
}

/* A folder that is not there is better known before the work than after it. */
static int check_folder(const char *path)
{
    char *folder = NULL, *real = NULL;
    int status = sna_path_folder(&folder, path);

    if (status == 0)
        status = sna_error_in(sna_path_real(&real, folder), "the report cannot be written");
    free(folder);
    free(real);
    return status;
}

int sna_connectivity_report_write(const sna_connectivity_report *self, sna_circuit *circuit, const char *path)
{
    int (*const part[])(maker *) = {add_network, add_validation,  add_built,      add_matrices,
                                    add_degrees, add_probability, add_properties, add_positions,
                                    add_graph,   add_origin,      add_scripts};
    int status = 0;
    char *title = NULL;
    maker make = {.wanted = self, .circuit = circuit, .request = self->survey};

    make.matrices = make.degrees = make.properties = make.single = SNA_STRING;
    status = check_folder(path);
    if (status == 0)
        status = make_title(&title, self);
    if (status == 0)
        status = sna_page_create(&make.page, path, title);
    if (status != 0)
        goto out;
    make.interactive = self->plotly != NULL && sna_page_is_html(make.page);
    status = sna_page_add_style(make.page, sna_report_style);
    if (status == 0)
        status = measure(&make);
    for (size_t i = 0; i < sizeof part / sizeof *part && status == 0; i++)
        status = part[i](&make);
    if (status == 0)
        status = sna_page_write(make.page);
out:
    free(title);
    free(make.built);
    sna_page_free(make.page);
    sna_survey_free(make.survey);
    sna_string_free(&make.matrices);
    sna_string_free(&make.degrees);
    sna_string_free(&make.properties);
    sna_string_free(&make.single);
    return status;
}
