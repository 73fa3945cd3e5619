/* validate_meaning.c: what the attributes of a population say: which ones its type calls for, which models its nodes
 * are. Values come through the reader, from the groups and from the types CSV. */
#include "sonata/edges.h"
#include "sonata/nodes.h"
#include "sonata/validate.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- required attributes ------------------------------------------------------------------------------------ */

/* Types of populations that the extension knows, with the attributes that it prescribes for them, as bluepysnap 3.1
 * (whose schemas these are) checks them: of both ends of an edge, the extension's text has more. Types without a schema
 * (point neurons of any model, single compartments) owe what the guide wants; TM_synapse is from the text. */
typedef struct {
    const char *type;
    const char *required[28]; /* NULL-terminated */
} type_rule;

#define CENTER_AND_SURFACE(end) \
    end "_center_x", end "_center_y", end "_center_z", end "_surface_x", end "_surface_y", end "_surface_z"
#define SECTION_AND_SEGMENT(end) \
    end "_section_id", end "_section_pos", end "_section_type", end "_segment_id", end "_segment_offset"
#define TSODYKS_MARKRAM "decay_time", "depression_time", "facilitation_time", "u_syn", "n_rrp_vesicles"
#define ORIENTATION "orientation_w", "orientation_x", "orientation_y", "orientation_z"

static const type_rule node_rules[] = {
    {"biophysical",
     {"x", "y", "z", ORIENTATION, "morphology", "model_template", "model_type", "morph_class", "etype", "mtype",
      "synapse_class", "dynamics_params/threshold_current", "dynamics_params/holding_current", NULL}},
    {"virtual", {"model_type", NULL}},
    {"single_compartment", {"model_type", NULL}},
    {"point_neuron", {"model_type", NULL}},
    {"point_process",
     {"x", "y", "z", ORIENTATION, "morphology", "model_template", "model_type", "etype", "mtype", "synapse_class",
      NULL}},
    {"brian2_point", {"model_template", "model_type", "synapse_class", NULL}},
    {"astrocyte", {"x", "y", "z", "radius", "mtype", "morphology", "model_type", "model_template", NULL}},
    {"vasculature",
     {"start_x", "start_y", "start_z", "end_x", "end_y", "end_z", "start_diameter", "end_diameter", "start_node",
      "end_node", "type", "section_id", "segment_id", "model_type", NULL}},
    {NULL, {NULL}}};

static const type_rule edge_rules[] = {
    {"chemical",
     {CENTER_AND_SURFACE("afferent"), SECTION_AND_SEGMENT("afferent"), TSODYKS_MARKRAM, "conductance", "spine_length",
      "syn_type_id", "delay", NULL}},
    {"electrical",
     {CENTER_AND_SURFACE("afferent"), SECTION_AND_SEGMENT("afferent"), "afferent_junction_id", "conductance",
      "spine_length", NULL}},
    {"synapse_astrocyte",
     {"astrocyte_section_id", "astrocyte_segment_id", "astrocyte_segment_offset", "astrocyte_section_pos",
      "astrocyte_center_x", "astrocyte_center_y", "astrocyte_center_z", "synapse_id", NULL}},
    {"endfoot",
     {"endfoot_id", "endfoot_surface_x", "endfoot_surface_y", "endfoot_surface_z", "vasculature_section_id",
      "vasculature_segment_id", "astrocyte_section_id", "endfoot_compartment_length", "endfoot_compartment_diameter",
      "endfoot_compartment_perimeter", NULL}},
    {"glialglial",
     {CENTER_AND_SURFACE("afferent"), SECTION_AND_SEGMENT("afferent"), CENTER_AND_SURFACE("efferent"),
      SECTION_AND_SEGMENT("efferent"), "spine_length", NULL}},
    {"neuromodulatory",
     {"afferent_section_id", "afferent_section_pos", "afferent_segment_id", "delay", "neuromod_strength",
      "neuromod_dtc", NULL}},
    {"point_process", {"afferent_section_id", "afferent_section_pos", "conductance", "delay", NULL}},
    {"Exp2Syn_synapse",
     {"afferent_section_id", "afferent_section_pos", "conductance", "delay", "tau1", "tau2", "erev", NULL}},
    {"brian2_synapse", {"model_template", NULL}},
    {"TM_synapse", {"U", "delay", "receptor", "tau_fac", "tau_rec", "weight", NULL}},
    {NULL, {NULL}}};

/* The short list for chemical edges from virtual nodes. */
static const type_rule from_virtual = {"chemical",
                                       {"afferent_center_x", "afferent_center_y", "afferent_center_z",
                                        SECTION_AND_SEGMENT("afferent"), TSODYKS_MARKRAM, "conductance", "syn_type_id",
                                        "delay", NULL}};

/* What the guide prescribes whatever the type. */
static const type_rule guide_rule = {"node", {"model_type", NULL}};

static const type_rule *find_rule(const type_rule *rule, const char *type)
{
    while (rule->type != NULL && strcmp(rule->type, type) != 0)
        rule++;
    return rule->type == NULL ? NULL : rule;
}

/* The type that the config gives a population, with the extension's default, in its present spelling; NULL where it
 * lists no populations. */
static const char *configured_type(const sna_checked_population *population, bool is_nodes)
{
    static const char *const former[][2] = {{"chemical_synapse", "chemical"}, {"electrical_synapse", "electrical"}};
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(population->settings, "type");
    const char *type = cJSON_IsString(item) ? item->valuestring : is_nodes ? "biophysical" : "chemical";

    if (population->settings == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof former / sizeof *former; i++)
        if (!is_nodes && strcmp(type, former[i][0]) == 0)
            type = former[i][1];
    return type;
}

static int check_required(sna_validator *self, const sna_checked_population *checked, const sna_population *population,
                          const type_rule *rule)
{
    int status = 0;
    sna_list missing = SNA_LIST;
    sna_string text = SNA_STRING;
    sna_tally none = {0};

    for (size_t i = 0; rule->required[i] != NULL && status == 0; i++)
        if (sna_population_find(population, rule->required[i]) == NULL) {
            status = sna_list_add(&missing, rule->required[i]);
            none.most = SNA_TALLY_MOST;
            sna_tally_add(&none, "%s", rule->required[i]);
        }
    if (status == 0)
        status = sna_list_join(&missing, 6, &text);
    if (status == 0 && missing.count > 0)
        status = sna_find(self, "population.missing-attribute", (sna_place){checked->file->path, population->place, 0},
                          &none, "%" PRIu64 " of the attributes of a %s population %s missing: %s", missing.count,
                          rule->type, sna_plural(missing.count, "is", "are"), sna_string_text(&text));
    sna_string_free(&text);
    sna_list_free(&missing);
    return status;
}

/* The extension has all its fractions in single precision. */
static int check_precision(sna_validator *self, const sna_checked_population *checked, const sna_population *population,
                           const type_rule *rule)
{
    sna_tally doubles = {.most = SNA_TALLY_MOST};

    for (size_t i = 0; rule->required[i] != NULL; i++) {
        const sna_attribute *attribute = sna_population_find(population, rule->required[i]);
        if (attribute != NULL && attribute->storage == SNA_F64 && attribute->origin != SNA_FROM_TYPES)
            sna_tally_add(&doubles, "%s", rule->required[i]);
    }
    return sna_find(self, "attribute.precision", (sna_place){checked->file->path, population->place, 0}, &doubles,
                    "%" PRIu64 " of the attributes %s stored as float64", doubles.count,
                    sna_plural(doubles.count, "is", "are"));
}

static int check_type(sna_validator *self, const sna_checked_population *checked, const sna_population *population,
                      const sna_edges *edges)
{
    int status = 0;
    const bool is_nodes = edges == NULL;
    const char *type = configured_type(checked, is_nodes);
    const type_rule *rule = is_nodes ? &guide_rule : NULL;
    const sna_checked_population *source =
        is_nodes || edges->source_population == NULL ? NULL : sna_checked_nodes(self, edges->source_population);

    if (type == NULL && (self->options.strict & SNA_STRICT_EXT) != 0)
        type = is_nodes ? checked->type : "chemical";
    if (type != NULL) {
        rule = find_rule(is_nodes ? node_rules : edge_rules, type);
        if (rule == NULL)
            status = sna_find(self, "population.type",
                              (sna_place){self->config == NULL ? checked->file->path : sna_config_file(self->config),
                                          checked->key, 0},
                              NULL, "`%s` is no type of a population of %s", type, is_nodes ? "nodes" : "edges");
        /* A types CSV belongs to the other family: its circuits do not owe the extension's attributes. */
        if (rule != NULL && checked->types_file != NULL && (self->options.strict & SNA_STRICT_EXT) == 0)
            rule = is_nodes ? &guide_rule : NULL;
        if (rule != NULL && strcmp(type, "chemical") == 0 && source != NULL && source->type != NULL &&
            strcmp(source->type, "virtual") == 0)
            rule = &from_virtual;
    }
    if (status == 0 && rule != NULL)
        status = check_required(self, checked, population, rule);
    if (status == 0 && rule != NULL && rule != &guide_rule)
        status = check_precision(self, checked, population, rule);
    return status;
}

/* ---- model_type --------------------------------------------------------------------------------------------- */

typedef struct {
    uint64_t *of_code; /* [capacity] rows with each text */
    uint64_t capacity, missing, first_missing;
} text_counts;

static int count_texts(text_counts *self, const sna_column *column, uint64_t first)
{
    int status = 0;
    uint64_t *grown = sna_grow(self->of_code, &self->capacity, column->texts->count, sizeof *grown);

    if (grown == NULL && column->texts->count > 0) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->of_code = grown;
    for (uint64_t i = 0; i < column->count; i++)
        if (column->missing != NULL && column->missing[i]) {
            if (self->missing++ == 0)
                self->first_missing = first + i;
        } else {
            self->of_code[column->code[i]]++;
        }
out:
    return status;
}

static bool is_known_model(const char *text)
{
    static const char *const known[] = {
        "biophysical", "virtual",     "single_compartment", "point_neuron", "point_process", "point_soma", "population",
        "astrocyte",   "vasculature", "lgnmodel",           "point",        "brian2_point",  NULL};

    for (size_t i = 0; known[i] != NULL; i++)
        if (strcmp(text, known[i]) == 0)
            return true;
    return false;
}

static int judge_models(sna_validator *self, sna_checked_population *checked, const char *place,
                        const text_counts *counts, const sna_list *texts)
{
    int status = 0;
    sna_tally kinds = {0}, unknown = {0}, other = {0};
    const char *only = NULL, *type = configured_type(checked, true);
    uint64_t rows = 0, different = 0;
    const sna_place where = {checked->file->path, place, 0};

    for (uint64_t c = 0; c < texts->count; c++) {
        const char *text = texts->text[c];
        if (counts->of_code[c] == 0)
            continue;
        only = text;
        sna_tally_add(&kinds, "%.40s: %" PRIu64, text, counts->of_code[c]);
        if (text[0] != '\0' && !is_known_model(text)) {
            rows += counts->of_code[c];
            sna_tally_add(&unknown, "%.40s: %" PRIu64, text, counts->of_code[c]);
        }
        if (type != NULL && strcmp(text, type) != 0) {
            different += counts->of_code[c];
            sna_tally_add(&other, "%.40s: %" PRIu64, text, counts->of_code[c]);
        }
    }
    if (counts->missing > 0)
        status =
            sna_find(self, "nodes.empty-text", where, NULL, "%" PRIu64 " %s no model_type (first: row %" PRIu64 ")",
                     counts->missing, sna_plural(counts->missing, "node has", "nodes have"), counts->first_missing);
    if (status == 0)
        status = sna_find(self, "nodes.model-type", where, &unknown, "the model_type of %" PRIu64 " %s is not known",
                          rows, sna_plural(rows, "node", "nodes"));
    if (status == 0 && kinds.count > 1)
        status = sna_find(self, "nodes.model-type-mixed", where, &kinds, "nodes have %" PRIu64 " different model_types",
                          kinds.count);
    if (status == 0)
        status = sna_find(self, "nodes.model-type-config", where, &other,
                          "the config says that the population is `%s`, but %" PRIu64 " %s not",
                          type == NULL ? "" : type, different, sna_plural(different, "node is", "nodes are"));
    if (status == 0 && kinds.count == 1 && counts->missing == 0 && only != NULL)
        status = sna_text_copy(&checked->type, only);
    return status;
}

static int check_models(sna_validator *self, sna_checked_population *checked, sna_population *population)
{
    int status = 0;
    sna_rows rows = {0};
    text_counts counts = {0};
    sna_attribute_reader *reader = NULL;
    const sna_column *column = NULL;
    const sna_attribute *attribute = sna_population_find(population, "model_type");

    if (attribute == NULL || attribute->type != SNA_TEXT || attribute->width != 1)
        goto out;
    status = sna_attribute_reader_open(&reader, population, "model_type", false);
    if (status == 0)
        sna_rows_open(&rows, population);
    for (uint64_t first = 0; first < population->count && status == 0; first += SNA_CHECK_ROWS) {
        const uint64_t left = population->count - first;
        const sna_range run = {first, first + (left < SNA_CHECK_ROWS ? left : SNA_CHECK_ROWS)};
        status = sna_rows_set(&rows, &run, 1);
        if (status == 0)
            status = sna_attribute_reader_fill(reader, &rows);
        column = sna_attribute_reader_column(reader);
        if (status == 0)
            status = count_texts(&counts, column, first);
    }
    if (status == 0 && column != NULL)
        status = judge_models(self, checked, population->place, &counts, column->texts);
out:
    sna_attribute_reader_close(reader);
    sna_rows_close(&rows);
    free(counts.of_code);
    return status;
}

/* ---- through the reader ------------------------------------------------------------------------------------- */

/* What the reader refuses though no check found anything is a finding all the same. */
static int refused(sna_validator *self, const sna_checked_population *checked, bool is_nodes, int status)
{
    char *place = NULL;
    int again = 0;

    if (status == 0 || status == SNA_ENOMEM || status == SNA_ECANCELLED)
        return status;
    again = sna_text_format(&place, "/%s/%s", is_nodes ? "nodes" : "edges", checked->name);
    if (again == 0)
        again = sna_find(self, "population.unreadable", (sna_place){checked->file->path, place, 0}, NULL, "%s",
                         sna_error_message());
    free(place);
    return again;
}

int sna_check_meaning(sna_validator *self, sna_checked_population *population, bool is_nodes)
{
    int status = 0;
    sna_notes notes = SNA_NOTES;
    sna_nodes *nodes = NULL;
    sna_edges *edges = NULL;

    if (!population->sound)
        goto out;
    if (is_nodes)
        status = sna_nodes_open_in(&nodes, population->file->h5, population->types_file, population->name, &notes);
    else
        status = sna_edges_open_in(&edges, population->file->h5, population->types_file, population->name, &notes);
    if (status != 0) {
        population->sound = false;
        status = refused(self, population, is_nodes, status);
        goto out;
    }
    if (is_nodes && !self->options.headers_only)
        status = refused(self, population, is_nodes, check_models(self, population, &nodes->population));
    if (status == 0)
        status = check_type(self, population, is_nodes ? &nodes->population : &edges->population, edges);
    if (status == 0)
        status = sna_find_notes(self, &notes);
out:
    sna_nodes_close(nodes);
    sna_edges_close(edges);
    sna_notes_free(&notes);
    return status;
}

int sna_checked_nodes_open(sna_validator *self, sna_checked_population *population, sna_nodes **out)
{
    int status = 0;

    *out = NULL;
    if (population->sound && population->nodes == NULL) {
        status =
            sna_nodes_open_in(&population->nodes, population->file->h5, population->types_file, population->name, NULL);
        if (status != 0) {
            population->sound = false;
            status = refused(self, population, true, status);
        }
    }
    *out = population->nodes;
    return status;
}
