/* everything.c: every table of a survey at once. */
#include "connectivity/internal.h"

#include <stdlib.h>
#include <string.h>

static const char *const known_property[] = {"syn_weight", "delay", "nsyns", "conductance", "dynamics_params"};
enum { KNOWN_PROPERTIES = sizeof known_property / sizeof *known_property };
_Static_assert(sizeof known_property / sizeof *known_property == SNA_INVENTORY_PROPERTIES,
               "room for each property that is known");

static bool has(const sna_links *links, const char *name)
{
    for (uint64_t i = 0; i < links->count; i++) {
        if (sna_edges_find_attribute(links->link[i].edges, name) != NULL)
            return true;
    }
    return false;
}

/* Is there a population whose cells have positions on each side, so that some distances exist? */
static int look_for_positions(sna_circuit *circuit, const sna_links *links, const sna_survey_request *request,
                              bool *out)
{
    int status = 0;
    sna_side source = {0}, target = {0};

    *out = false;
    status = sna_sides_choose(&source, &target, circuit, links, request);
    for (uint64_t p = 0; p < source.populations && status == 0 && !*out; p++) {
        for (uint64_t q = 0; q < target.populations && status == 0 && !*out; q++) {
            sna_nodes *from = NULL, *to = NULL;
            sna_span span;
            if (!source.population[p].chosen || !target.population[q].chosen)
                continue;
            status = sna_circuit_nodes_at(circuit, p, &from);
            if (status == 0)
                status = sna_circuit_nodes_at(circuit, q, &to);
            if (status == 0)
                status = sna_span_open(&span, from, to, request->axes);
            *out = status == 0 && !sna_span_is_empty(&span);
        }
    }
    sna_side_free(&source);
    sna_side_free(&target);
    return status;
}

int sna_survey_choose_groups(sna_survey_request *request, sna_circuit *circuit)
{
    int status = 0;
    uint64_t having = 0;
    const uint64_t populations = sna_circuit_node_populations(circuit);
    const bool all = request->sources == NULL && request->targets == NULL;

    if (request->source_groups == NULL)
        request->source_groups = request->target_groups;
    if (request->source_groups != NULL)
        return 0;
    for (uint64_t p = 0; p < populations && status == 0; p++) {
        sna_nodes *nodes = NULL;
        status = sna_circuit_nodes_at(circuit, p, &nodes);
        having += status == 0 && sna_nodes_find_attribute(nodes, "pop_name") != NULL;
    }
    request->source_groups = having > 0 && (all || having == populations) ? "pop_name" : "node_type_id";
    return status;
}

int sna_survey_inventory(sna_inventory *out, sna_circuit *circuit, const sna_survey_request *request)
{
    int status = 0;
    sna_links links = {NULL, 0};

    memset(out, 0, sizeof *out);
    status = sna_links_list(&links, circuit, request->edges);
    if (status == 0)
        status = look_for_positions(circuit, &links, request, &out->positions);
    for (uint64_t i = 0; i < links.count && status == 0; i++) {
        const char *kind = sna_circuit_edge_property(circuit, links.link[i].index, "type");
        out->gaps = out->gaps || (kind != NULL && strncmp(kind, "electrical", strlen("electrical")) == 0);
    }
    out->gaps = out->gaps || has(&links, "is_gap_junction");
    out->synapses = has(&links, "nsyns");
    out->delays = out->positions && has(&links, "delay");
    for (int k = 0; k < KNOWN_PROPERTIES; k++) {
        if (has(&links, known_property[k]))
            out->property[out->properties++] = known_property[k];
    }
    out->measure = SNA_MEASURE_PAIRS | SNA_MEASURE_CONVERGENCE | SNA_MEASURE_DIVERGENCE | SNA_MEASURE_INNERVATION |
                   (out->synapses ? SNA_MEASURE_SYNAPSES : 0u) | (out->gaps ? SNA_MEASURE_GAP : 0u) |
                   (out->positions ? SNA_MEASURE_PROBABILITY | SNA_MEASURE_DISTANCE : 0u) |
                   (out->delays ? SNA_MEASURE_DELAY : 0u);
    sna_links_free(&links);
    return status;
}

/* ---- tables ------------------------------------------------------------------------------------------------- */

typedef struct {
    const sna_survey *survey;
    sna_record *record;
    sna_list *names;
} collection;

/* Takes the table (by address: its value is not known before the call that makes it) of a function that returned
 * `status`. A table that only says that there is nothing to say is left
 * out. */
static int put(collection *self, int status, const char *name, sna_table *const *table)
{
    if (status == SNA_ENOTFOUND)
        return 0;
    if (status == 0)
        status = sna_list_add(self->names, name);
    if (status == 0)
        return sna_record_table(self->record, name, sna_table_title(*table), *table);
    sna_table_free(*table);
    return status;
}

static int put_totals(collection *self, const sna_inventory *what)
{
    static const char *const name[] = {"total_rows", "total_pairs", "total_synapses"};
    int status = 0;
    sna_table *table = NULL;

    for (int c = 0; c < 3 && status == 0; c++) {
        if (c != SNA_COUNT_SYNAPSES || what->synapses)
            status = put(self, sna_survey_total(self->survey, (sna_count)c, &table), name[c], &table);
    }
    for (int p = 0; p < SNA_PERCENT_METHODS && status == 0; p++) {
        char text[64];
        (void)snprintf(text, sizeof text, "percent_%s", sna_percent_name((sna_percent)p));
        status = put(self, sna_survey_percent(self->survey, (sna_percent)p, &table), text, &table);
    }
    return status;
}

static int put_degrees(collection *self, sna_direction direction)
{
    int status = 0;
    const char *kind = direction == SNA_AFFERENT ? "convergence" : "divergence";
    sna_table *table = NULL;
    char text[64];

    for (int s = SNA_SUMMARY_MEAN; s <= SNA_SUMMARY_MEDIAN && status == 0; s++) {
        (void)snprintf(text, sizeof text, "%s_%s", kind, sna_summary_name((sna_summary)s));
        status = put(self, sna_survey_degree(self->survey, direction, SNA_COUNT_ROWS, (sna_summary)s, false, &table),
                     text, &table);
    }
    (void)snprintf(text, sizeof text, "histogram_%s", kind);
    if (status == 0)
        status =
            put(self, sna_survey_degree_histogram(self->survey, direction, SNA_COUNT_ROWS, 0, &table), text, &table);
    return status;
}

static int put_gaps(collection *self)
{
    int status = 0;
    sna_table *table = NULL;

    status = put(self, sna_survey_gap_percent(self->survey, &table), "gap_percent", &table);
    if (status == 0)
        status =
            put(self, sna_survey_gap_degree(self->survey, SNA_SUMMARY_MEAN, false, &table), "gap_convergence", &table);
    return status;
}

static int put_distributions(collection *self, const sna_inventory *what)
{
    int status = 0;
    sna_table *table = NULL;
    char text[64];

    for (uint64_t p = 0; p < what->properties && status == 0; p++) {
        (void)snprintf(text, sizeof text, "property_%s", what->property[p]);
        status = put(self, sna_survey_values(self->survey, what->property[p], &table), text, &table);
    }
    if (status == 0 && what->positions)
        status = put(self, sna_survey_probability(self->survey, &table), "probability", &table);
    if (status == 0 && what->positions)
        status = put(self, sna_survey_values(self->survey, NULL, &table), "distance", &table);
    if (status == 0 && what->delays)
        status = put(self, sna_survey_delay(self->survey, &table), "delay_distance", &table);
    return status;
}

int sna_survey_everything(sna_circuit *circuit, const sna_survey_request *request, sna_record **out, sna_list *names)
{
    enum { MOST_VALUES = 1 << 20 };
    int status = 0;
    sna_survey_request all = *request;
    sna_inventory what;
    sna_survey *survey = NULL;
    sna_record *record = NULL;
    collection tables;

    *out = NULL;
    status = sna_survey_inventory(&what, circuit, request);
    if (status != 0)
        goto out;
    all.measure = what.measure;
    all.property = what.property;
    all.properties = what.properties;
    all.most_values = all.most_values > 0 ? all.most_values : MOST_VALUES;
    status = sna_survey_run(&survey, circuit, &all);
    if (status == 0)
        status = sna_record_create(&record, NULL);
    tables = (collection){survey, record, names};
    if (status == 0)
        status = put_totals(&tables, &what);
    if (status == 0)
        status = put_degrees(&tables, SNA_AFFERENT);
    if (status == 0)
        status = put_degrees(&tables, SNA_EFFERENT);
    if (status == 0 && what.gaps)
        status = put_gaps(&tables);
    if (status == 0)
        status = put_distributions(&tables, &what);
    if (status != 0)
        goto out;
    *out = record;
    record = NULL;
out:
    sna_record_free(record);
    sna_survey_free(survey);
    return status;
}
