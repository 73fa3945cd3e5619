/* edge_values.c: properties and lengths of edges, gathered by block while the edges are read.
 *
 * Threads put the values of a chunk aside; chunks are added up one after the other in their order, so that the sums do
 * not depend on how many threads there are. */
#include "connectivity/internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_MOST = 4 << 20, MOST_TEXTS = 10000 };
enum { LINK_SHIFT = 44 }; /* edges are numbered link << LINK_SHIFT | row */

/* A chunk on its way. */
typedef struct {
    uint64_t first, count;
    uint32_t *block;  /* [SNA_SCAN_CHUNK] */
    double **value;   /* [values][SNA_SCAN_CHUNK] */
    double *distance; /* [SNA_SCAN_CHUNK], NULL where nobody asks */
    int64_t **text; /* [values][text_capacity] position in `texts` plus 1 of each code of the stream; 0: not met yet */
    uint64_t *text_capacity;
    const sna_list **texts; /* [values] the stream's */
} chunk;

struct sna_edge_values {
    sna_survey *survey;
    sna_edge_value *value; /* [values] */
    uint64_t values;
    chunk *chunk; /* [threads] */
    unsigned threads, axes;
    bool no_gap, lengths;
    const sna_link *link; /* being read */
    sna_span span;
    const char **attribute; /* [attributes] of it */
    uint64_t attributes;
    int64_t *column; /* [values] of the stream, -1: the population lacks it */
};

/* ---- what to gather ----------------------------------------------------------------------------------------- */

static int unknown_property(const sna_links *links, const char *name)
{
    int status = 0;
    sna_list all = SNA_LIST;
    sna_string known = SNA_STRING;

    for (uint64_t i = 0; i < links->count; i++) {
        const sna_edges *edges = links->link[i].edges;
        for (uint64_t k = 0; k < sna_edges_attributes(edges) && status == 0; k++) {
            const char *attribute = sna_edges_attribute(edges, k)->name;
            if (sna_list_find(&all, attribute) < 0)
                status = sna_list_add(&all, attribute);
        }
    }
    if (status == 0)
        status = sna_list_join(&all, 40, &known);
    if (status == 0) {
        const char *guess = sna_closest(name, (const char *const *)all.text, all.count);
        status = sna_error(SNA_ENOTFOUND, "no edge population has a property `%s`%s%s%s; there is: %s", name,
                           guess != NULL ? "; did you mean `" : "", guess != NULL ? guess : "",
                           guess != NULL ? "`?" : "", all.count > 0 ? sna_string_text(&known) : "none");
    }
    sna_list_free(&all);
    sna_string_free(&known);
    return status;
}

static bool has_attribute(const sna_edges *edges, const char *name)
{
    static const char *const own[] = {"edge_type_id", "edge_group_id", "edge_id", "source_node_id", "target_node_id"};

    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (strcmp(own[i], name) == 0)
            return true;
    }
    return sna_edges_find_attribute(edges, name) != NULL;
}

/* Texts, or numbers; all populations that have it must agree. */
static int find_type(const sna_links *links, sna_edge_value *value)
{
    int status = 0;
    bool any = false;

    for (uint64_t i = 0; i < links->count && status == 0; i++) {
        const sna_edges *edges = links->link[i].edges;
        const sna_attribute *attribute = sna_edges_find_attribute(edges, value->name);
        const bool text = attribute != NULL && attribute->type == SNA_TEXT;
        if (!has_attribute(edges, value->name))
            continue;
        if (any && text != value->text)
            status = sna_error(SNA_EUNSUPPORTED,
                               "property `%s` is text in some edge populations and a number in others; "
                               "choose one with --edges",
                               value->name);
        value->text = text;
        any = true;
    }
    if (status == 0 && !any)
        status = unknown_property(links, value->name);
    return status;
}

static int add_value(sna_edge_values *self, sna_value_kind kind, const char *name, const sna_links *links,
                     const sna_survey_request *request)
{
    int status = 0;
    sna_edge_value *value = &self->value[self->values];
    const uint64_t blocks = self->survey->source.groups * self->survey->target.groups;

    *value = (sna_edge_value){.kind = kind, .name = name, .texts = SNA_LIST};
    self->values++;
    if (name != NULL)
        status = find_type(links, value);
    if (status == 0 && kind == SNA_VALUE_DELAY && value->text)
        status = sna_error(SNA_EFORMAT, "the property `delay` is text, expected ms");
    if (status == 0)
        status =
            sna_values_create(&value->store, blocks, request->most_values > 0 ? request->most_values : DEFAULT_MOST,
                              kind == SNA_VALUE_DELAY);
    self->lengths = self->lengths || kind != SNA_VALUE_PROPERTY;
    return status;
}

static int make_chunk(chunk *self, uint64_t values, bool lengths)
{
    int status = 0;

    status = sna_allocate(&self->block, SNA_SCAN_CHUNK, sizeof *self->block);
    if (status == 0)
        status = sna_allocate(&self->value, values, sizeof(double *));
    if (status == 0)
        status = sna_allocate(&self->text, values, sizeof(int64_t *));
    if (status == 0)
        status = sna_allocate(&self->text_capacity, values, sizeof *self->text_capacity);
    if (status == 0)
        status = sna_allocate(&self->texts, values, sizeof(const sna_list *));
    for (uint64_t v = 0; v < values && status == 0; v++)
        status = sna_allocate(&self->value[v], SNA_SCAN_CHUNK, sizeof **self->value);
    if (status == 0 && lengths)
        status = sna_allocate(&self->distance, SNA_SCAN_CHUNK, sizeof *self->distance);
    return status;
}

int sna_edge_values_create(sna_edge_values **out, sna_survey *survey, const sna_survey_request *request,
                           const sna_links *links, unsigned threads)
{
    int status = 0;
    sna_edge_values *self = NULL;
    const unsigned of_space = SNA_MEASURE_DISTANCE | SNA_MEASURE_DELAY;

    *out = NULL;
    if (request->properties == 0 && (request->measure & of_space) == 0)
        return 0;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->survey = survey;
    self->threads = threads;
    self->axes = request->axes;
    self->no_gap = request->no_gap;
    status = sna_allocate(&self->value, request->properties + 2, sizeof *self->value);
    if (status == 0)
        status = sna_allocate(&self->column, request->properties + 2, sizeof *self->column);
    if (status == 0)
        status = sna_allocate(&self->attribute, request->properties + 2, sizeof(const char *));
    for (uint64_t p = 0; p < request->properties && status == 0; p++)
        status = add_value(self, SNA_VALUE_PROPERTY, request->property[p], links, request);
    if (status == 0 && (request->measure & SNA_MEASURE_DISTANCE) != 0)
        status = add_value(self, SNA_VALUE_DISTANCE, NULL, links, request);
    if (status == 0 && (request->measure & SNA_MEASURE_DELAY) != 0)
        status = add_value(self, SNA_VALUE_DELAY, "delay", links, request);
    if (status == 0)
        status = sna_allocate(&self->chunk, threads, sizeof *self->chunk);
    for (unsigned t = 0; t < threads && status == 0; t++)
        status = make_chunk(&self->chunk[t], self->values, self->lengths);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_edge_values_free(self);
    return status;
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

int sna_edge_values_begin(sna_edge_values *self, const sna_link *link, const char *const **attribute,
                          uint64_t *attributes)
{
    int status = 0;
    sna_nodes *source = self->survey->source.population[link->source].nodes;
    sna_nodes *target = self->survey->target.population[link->target].nodes;

    self->link = link;
    self->attributes = 0;
    for (uint64_t v = 0; v < self->values; v++) {
        const char *name = self->value[v].name;
        self->column[v] = -1;
        if (name != NULL && has_attribute(link->edges, name)) {
            self->column[v] = (int64_t)self->attributes;
            self->attribute[self->attributes++] = name;
        }
    }
    /* Each thread has a stream of its own, and each stream its own codes of texts. */
    for (unsigned t = 0; t < self->threads; t++) {
        for (uint64_t v = 0; v < self->values; v++) {
            for (uint64_t i = 0; i < self->chunk[t].text_capacity[v]; i++)
                self->chunk[t].text[v][i] = 0;
        }
    }
    if (self->lengths)
        status = sna_span_open(&self->span, source, target, self->axes);
    *attribute = self->attribute;
    *attributes = self->attributes;
    return status;
}

static void take_property(const sna_column *column, bool text, uint64_t count, double *out)
{
    for (uint64_t i = 0; i < count; i++) {
        if (column->missing != NULL && column->missing[i])
            out[i] = NAN;
        else
            out[i] = text ? (double)column->code[i * column->width] : sna_column_real(column, i);
        if (!isfinite(out[i]))
            out[i] = NAN;
    }
}

static int take_block(sna_edge_values *self, chunk *own, const sna_edge_rows *rows)
{
    int status = 0;
    const sna_survey *survey = self->survey;
    const sna_side_population *source = &survey->source.population[self->link->source];
    const sna_side_population *target = &survey->target.population[self->link->target];
    const uint64_t at = own->count;

    if (at + rows->count > SNA_SCAN_CHUNK) {
        status = sna_error(SNA_EIO, "the edges changed while they were read");
        goto out;
    }
    for (uint64_t i = 0; i < rows->count; i++) {
        const uint64_t a = source->group[rows->source[i]], b = target->group[rows->target[i]];
        const bool in = a < survey->source.groups && b < survey->target.groups;
        const bool out_of = !in || (self->no_gap && rows->gap != NULL && rows->gap[i]);
        own->block[at + i] = out_of ? UINT32_MAX : (uint32_t)(a * survey->target.groups + b);
    }
    for (uint64_t i = 0; self->lengths && i < rows->count; i++) {
        const bool self_pair = self->link->source == self->link->target && rows->source[i] == rows->target[i];
        own->distance[at + i] =
            self_pair ? -INFINITY : sna_span_distance(&self->span, rows->source[i], rows->target[i]);
    }
    for (uint64_t v = 0; v < self->values; v++) {
        double *out = own->value[v] + at;
        if (self->column[v] >= 0) {
            const sna_column *column = &rows->column[self->column[v]];
            take_property(column, self->value[v].text, rows->count, out);
            own->texts[v] = column->texts;
        } else if (self->value[v].kind == SNA_VALUE_DISTANCE) {
            memcpy(out, own->distance + at, rows->count * sizeof *out);
        } else {
            for (uint64_t i = 0; i < rows->count; i++)
                out[i] = NAN;
        }
    }
    if (at == 0)
        own->first = (self->link->index << LINK_SHIFT) + rows->first;
    own->count += rows->count;
out:
    return status;
}

int sna_edge_values_take(sna_edge_values *self, unsigned thread, const sna_edge_rows *rows)
{
    return take_block(self, &self->chunk[thread], rows);
}

/* The position in `texts` of the value of a code. */
static int place_text(sna_edge_value *value, chunk *own, uint64_t v, uint64_t code, double *out)
{
    int status = 0;

    if (code >= own->text_capacity[v]) {
        int64_t *grown = sna_grow(own->text[v], &own->text_capacity[v], code + 1, sizeof *grown);
        if (grown == NULL) {
            status = SNA_ENOMEM;
            goto out;
        }
        own->text[v] = grown;
    }
    if (own->text[v][code] == 0) {
        const char *text = own->texts[v]->text[code];
        int64_t found = sna_list_find(&value->texts, text);
        if (found < 0 && value->texts.count >= MOST_TEXTS)
            status =
                sna_error(SNA_EUNSUPPORTED, "property `%s` has more than %d different texts", value->name, MOST_TEXTS);
        else if (found < 0)
            status = sna_list_add(&value->texts, text);
        if (status != 0)
            goto out;
        own->text[v][code] = (found < 0 ? (int64_t)value->texts.count - 1 : found) + 1;
    }
    *out = (double)(own->text[v][code] - 1);
out:
    return status;
}

int sna_edge_values_chunk(sna_edge_values *self, unsigned thread)
{
    int status = 0;
    chunk *own = &self->chunk[thread];

    for (uint64_t v = 0; v < self->values && status == 0; v++) {
        sna_edge_value *value = &self->value[v];
        for (uint64_t i = 0; value->text && self->column[v] >= 0 && i < own->count && status == 0; i++) {
            if (!isnan(own->value[v][i]) && own->block[i] != UINT32_MAX)
                status = place_text(value, own, v, (uint64_t)own->value[v][i], &own->value[v][i]);
        }
        if (status == 0)
            status = sna_values_add(value->store, own->first, own->count, own->block, own->value[v],
                                    value->kind == SNA_VALUE_DELAY ? own->distance : NULL);
    }
    own->count = 0;
    return status;
}

int sna_edge_values_finish(sna_edge_values *self)
{
    int status = 0;

    for (uint64_t v = 0; v < self->values && status == 0; v++)
        status = sna_values_finish(self->value[v].store);
    return status;
}

const sna_edge_value *sna_edge_values_find(const sna_edge_values *self, sna_value_kind kind, const char *name)
{
    for (uint64_t v = 0; self != NULL && v < self->values; v++) {
        const sna_edge_value *value = &self->value[v];
        if (value->kind == kind && (kind != SNA_VALUE_PROPERTY || strcmp(value->name, name) == 0))
            return value;
    }
    return NULL;
}

static void free_chunk(chunk *self, uint64_t values)
{
    for (uint64_t v = 0; v < values; v++) {
        if (self->value != NULL)
            free(self->value[v]);
        if (self->text != NULL)
            free(self->text[v]);
    }
    free(self->value);
    free(self->text);
    free(self->text_capacity);
    free(self->texts);
    free(self->block);
    free(self->distance);
}

void sna_edge_values_free(sna_edge_values *self)
{
    if (self == NULL)
        return;
    for (unsigned t = 0; self->chunk != NULL && t < self->threads; t++)
        free_chunk(&self->chunk[t], self->values);
    for (uint64_t v = 0; v < self->values; v++) {
        sna_values_free(self->value[v].store);
        sna_list_free(&self->value[v].texts);
    }
    free(self->chunk);
    free(self->value);
    free(self->column);
    free(self->attribute);
    free(self);
}
