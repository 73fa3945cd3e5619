/* graph.c: from the edges of a network to an igraph graph. */
#include "graph/internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- labels ------------------------------------------------------------------------------------------------- */

static int add_label(sna_graph *self, const char *text, uint32_t *index)
{
    int status = 0;
    int64_t found = sna_list_find(&self->labels, text);

    if (found < 0) {
        status = sna_list_add(&self->labels, text);
        found = (int64_t)self->labels.count - 1;
    }
    *index = (uint32_t)found;
    return status;
}

/* A population without the property labels its cells by its own name. */
static int label_population(sna_graph *self, uint64_t population, const char *property)
{
    int status = 0;
    sna_nodes *nodes = self->arcs.nodes[population];
    uint32_t *label = self->label + self->arcs.first[population], *of_text = NULL, whole = 0;
    const uint32_t *code = NULL;
    const sna_list *texts = NULL;

    if (strcmp(property, "node_type_id") != 0 && sna_nodes_find_attribute(nodes, property) == NULL) {
        status = add_label(self, sna_nodes_name(nodes), &whole);
        for (uint64_t i = 0; i < sna_nodes_count(nodes) && status == 0; i++)
            label[i] = whole;
        goto out;
    }
    status = sna_nodes_labels(nodes, property, &code, &texts);
    if (status == 0)
        status = sna_allocate(&of_text, texts->count, sizeof *of_text);
    for (uint64_t t = 0; status == 0 && t < texts->count; t++)
        status = add_label(self, texts->text[t][0] == '\0' ? "(none)" : texts->text[t], &of_text[t]);
    for (uint64_t i = 0; status == 0 && i < sna_nodes_count(nodes); i++)
        label[i] = of_text[code[i]];
out:
    free(of_text);
    return status;
}

static int label_cells(sna_graph *self, const char *asked)
{
    int status = 0;
    const char *property = asked != NULL ? asked : "pop_name";
    bool any = false;

    for (uint64_t p = 0; p < self->arcs.populations; p++)
        any = any || strcmp(property, "node_type_id") == 0 ||
              sna_nodes_find_attribute(self->arcs.nodes[p], property) != NULL;
    if (!any && asked != NULL) {
        status = sna_error(SNA_ENOTFOUND, "no population has a property `%s` to label its cells by", asked);
        goto out;
    }
    status = sna_allocate(&self->label, sna_arcs_cells(&self->arcs), sizeof *self->label);
    for (uint64_t p = 0; p < self->arcs.populations && status == 0; p++)
        status = label_population(self, p, any ? property : "node_type_id");
out:
    return status;
}

/* ---- the graph ---------------------------------------------------------------------------------------------- */

/* Pairs of ends for igraph_create: each connected pair once, with or without self connections. */
static int list_ends(const sna_graph *self, bool loops, igraph_vector_int_t *out)
{
    int status = 0;
    igraph_integer_t at = 0;

    status = sna_igraph_status(igraph_vector_int_resize(out, 2 * (igraph_integer_t)self->arcs.count), "edges");
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < self->arcs.count; i++) {
        const sna_arc *arc = &self->arcs.arc[i];
        const bool again = i > 0 && arc[-1].source == arc->source && arc[-1].target == arc->target;
        if (again || (arc->source == arc->target && !loops))
            continue;
        VECTOR(*out)[at++] = (igraph_integer_t)arc->source;
        VECTOR(*out)[at++] = (igraph_integer_t)arc->target;
    }
    status = sna_igraph_status(igraph_vector_int_resize(out, at), "edges");
out:
    return status;
}

static int make(const sna_graph *self, bool loops, igraph_t *out)
{
    int status = 0;
    igraph_vector_int_t ends;

    status = sna_igraph_status(igraph_vector_int_init(&ends, 0), "edges");
    if (status != 0)
        return status;
    status = list_ends(self, loops, &ends);
    if (status == 0)
        status =
            sna_igraph_status(igraph_create(out, &ends, (igraph_integer_t)sna_arcs_cells(&self->arcs), IGRAPH_DIRECTED),
                              "making the graph");
    igraph_vector_int_destroy(&ends);
    return status;
}

int sna_graph_simple(const sna_graph *self, igraph_t *out)
{
    return make(self, false, out);
}

int sna_graph_undirected(const sna_graph *self, igraph_t *out)
{
    int status = 0;

    status = make(self, false, out);
    if (status == 0) {
        status =
            sna_igraph_status(igraph_to_undirected(out, IGRAPH_TO_UNDIRECTED_COLLAPSE, NULL), "dropping directions");
        if (status != 0)
            igraph_destroy(out);
    }
    return status;
}

int sna_graph_sample(const sna_graph *self, const char *purpose, uint64_t vertices, uint64_t count,
                     igraph_vector_int_t *out)
{
    int status = 0;
    sna_random random;
    uint64_t left = count < vertices ? count : vertices;
    igraph_integer_t at = 0;

    status = sna_igraph_status(igraph_vector_int_resize(out, (igraph_integer_t)left), "sampling");
    sna_random_start(&random, self->seed, sna_random_purpose(purpose), 0, 0);
    /* Selection sampling (Knuth, TAOCP 3.4.2, algorithm S). */
    for (uint64_t v = 0; v < vertices && left > 0 && status == 0; v++) {
        if (sna_random_below(&random, vertices - v) < left) {
            VECTOR(*out)[at++] = (igraph_integer_t)v;
            left--;
        }
    }
    return status;
}

int sna_graph_create(sna_graph **out, sna_circuit *circuit, const sna_graph_request *request)
{
    int status = 0;
    sna_graph *self = NULL;
    sna_igraph_guard guard;
    const sna_survey_request choice = {
        .sources = request->sources, .targets = request->targets, .edges = request->edges, .no_gap = request->no_gap};

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        return status;
    self->seed = request->seed;
    status = sna_arcs_collect(&self->arcs, circuit, &choice);
    if (status == 0)
        status = label_cells(self, request->label);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < self->arcs.count; i++) {
        const sna_arc *arc = &self->arcs.arc[i];
        const bool again = i > 0 && arc[-1].source == arc->source && arc[-1].target == arc->target;
        self->self_connections += arc->source == arc->target && !again;
    }
    status = sna_igraph_enter(&guard, self->seed, "graph");
    if (status == 0)
        status = make(self, true, &self->directed);
    self->made = status == 0;
    sna_igraph_leave(&guard);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_graph_free(self);
    return status;
}

uint64_t sna_graph_vertices(const sna_graph *self)
{
    return sna_arcs_cells(&self->arcs);
}

uint64_t sna_graph_edges(const sna_graph *self)
{
    return (uint64_t)igraph_ecount(&self->directed);
}

void sna_graph_free(sna_graph *self)
{
    if (self == NULL)
        return;
    if (self->made)
        igraph_destroy(&self->directed);
    sna_arcs_free(&self->arcs);
    sna_list_free(&self->labels);
    free(self->label);
    free(self);
}
