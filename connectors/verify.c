/* verify.c: does a network that was built hold what its specification says? Its edges are read and counted anew. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "connector.h"
#include "found.h"
#include "verify.h"

enum { FAULTS_MOST = 20 };

/* One edges file while it is gone through. */
typedef struct {
    sna_network *network;
    uint64_t file;
    sna_list *faults;
    uint32_t **in, **out;  /* [projections][targets], [sources] degrees */
    sna_progress progress; /* rows of all files */
} count;

static const sna_edge_file *file_of(const count *self)
{
    return &self->network->file[self->file];
}

static int fault(count *self, const char *format, ...) SNA_PRINTF(2, 3);

/* "SOURCE_TARGET_edges.h5: sentence" */
static int fault(count *self, const char *format, ...)
{
    const sna_network *network = self->network;
    char *text = NULL, *whole = NULL;
    int status = 0;
    va_list arguments;

    if (self->faults->count >= FAULTS_MOST)
        return 0;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    status = text == NULL
                 ? sna_error(SNA_ENOMEM, "no memory for a fault")
                 : sna_text_format(&whole, "%s_to_%s: %s", network->population[file_of(self)->source_population].name,
                                   network->population[file_of(self)->target_population].name, text);
    if (status == 0)
        status = sna_list_add(self->faults, whole);
    free(text);
    free(whole);
    return status;
}

/* ---- what the connectors promise ---------------------------------------------------------------------------- */

/* The value of a key that was checked when the entry was read. */
static bool says(const sna_entry *entry, const char *key)
{
    const cJSON *item = entry->shell == NULL ? sna_fields_find(&entry->fields, key) : NULL;

    return cJSON_IsTrue(item);
}

static bool may_connect_itself(const sna_entry *entry)
{
    if (entry->connector == &sna_gap_junction || entry->connector == &sna_gap_conditional_reciprocal)
        return false;
    for (const char *const *key = entry->connector->keys; *key != NULL; key++) {
        if (strcmp(*key, "autapses") == 0)
            return says(entry, *key);
    }
    return true;
}

/* Numbers of synapses come with the pairs. */
static bool has_own_synapses(const sna_entry *entry)
{
    return entry->connector == &sna_from_file;
}

/* How many edges these synapses are; 0 where that is impossible. */
static uint64_t edges_of(const sna_projection *projection, const sna_found_edge *edge)
{
    const sna_count *n_syn = projection->n_syn;
    const bool apart = projection->entry->generators.count == 0;

    if (apart || !says(projection->drawer, "allow_multiple"))
        return has_own_synapses(projection->drawer) || sna_count_allows(n_syn, edge->synapses) ? 1 : 0;
    if (projection->made.merged)
        return 1;
    return edge->synapses % n_syn->low == 0 ? edge->synapses / n_syn->low : 0;
}

/* ---- edges -------------------------------------------------------------------------------------------------- */

static int take(void *context, const sna_found_edge *edge)
{
    count *self = context;
    sna_projection *projection;
    const sna_entry *drawer;
    uint64_t source, target, edges;
    int status = 0;

    if (!edge->ordered)
        status =
            fault(self, "row %" PRIu64 " does not come behind the one before it, by target, then source", edge->row);
    if (edge->projection == UINT64_MAX) {
        status = fault(self, "row %" PRIu64 ": edge type %" PRId64 " is none that the specification has here",
                       edge->row, edge->type_id);
        goto out;
    }
    projection = &self->network->projection[edge->projection];
    drawer = projection->drawer;
    source = sna_members_find(projection->source, edge->source);
    target = sna_members_find(projection->target, edge->target);
    if (source == UINT64_MAX || target == UINT64_MAX) {
        status = fault(self, "row %" PRIu64 ": node %" PRIu64 " is no %s of %s", edge->row,
                       source == UINT64_MAX ? edge->source : edge->target, source == UINT64_MAX ? "source" : "target",
                       projection->entry->label);
        goto out;
    }
    edges = edges_of(projection, edge);
    if (edges == 0) {
        status = fault(self,
                       "row %" PRIu64 ": %" PRIu64 " synapses from node %" PRIu64 " to node %" PRIu64
                       ", which %s cannot have",
                       edge->row, edge->synapses, edge->source, edge->target, projection->entry->label);
        edges = 1;
    }
    if (status == 0 && edge->repeated && !says(drawer, "allow_multiple"))
        status = fault(self, "row %" PRIu64 ": %s has an edge from node %" PRIu64 " to node %" PRIu64 " already",
                       edge->row, projection->entry->label, edge->source, edge->target);
    if (status == 0 && edge->source == edge->target && drawer->ends.one_population && !may_connect_itself(drawer))
        status = fault(self, "row %" PRIu64 ": %s connects node %" PRIu64 " to itself", edge->row,
                       projection->entry->label, edge->source);
    projection->made.edges += edges;
    projection->made.synapses += edge->synapses;
    self->in[edge->projection][target] += (uint32_t)edges;
    self->out[edge->projection][source] += (uint32_t)edges;
    if (projection->classes != NULL)
        projection->made
            .in_class[drawer->connector->class_of(drawer->state, &drawer->ends, edge->source, edge->target)] += edges;
out:
    self->network->rows += edge->rows;
    if (self->network->rows % 65536 < edge->rows)
        sna_progress_update(&self->progress, self->network->rows);
    return status;
}

static double squares(const uint32_t *degree, uint64_t nodes)
{
    double sum = 0;

    for (uint64_t i = 0; i < nodes; i++)
        sum += (double)degree[i] * (double)degree[i];
    return sum;
}

/* All have the same degree, where the connector says so. */
static int check_degrees(count *self, uint64_t index, const uint32_t *degree, uint64_t nodes, const char *what)
{
    const sna_projection *projection = &self->network->projection[index];
    const uint64_t k = (uint64_t)(projection->expected.edges / (double)nodes + 0.5);
    int status = 0;

    for (uint64_t i = 0; i < nodes && !projection->made.merged; i++) {
        if (degree[i] != k) {
            status = fault(self, "%s %" PRIu64 " of %s has %" PRIu32 " edges, not %" PRIu64, what,
                           sna_members_id(what[0] == 't' ? projection->target : projection->source, i),
                           projection->entry->label, degree[i], k);
            break;
        }
    }
    return status;
}

static int count_file(count *self)
{
    const sna_edge_file *file = file_of(self);
    int status = 0;

    for (uint64_t i = 0; i < file->projections && status == 0; i++) {
        const uint64_t index = file->projection[i];
        const sna_projection *projection = &self->network->projection[index];
        status = sna_allocate(&self->in[index], projection->target->count, sizeof **self->in);
        if (status == 0)
            status = sna_allocate(&self->out[index], projection->source->count, sizeof **self->out);
    }
    if (status == 0)
        status = sna_found_edges(self->network, self->file, take, self);
    for (uint64_t i = 0; i < file->projections && status == 0; i++) {
        const uint64_t index = file->projection[i];
        sna_projection *projection = &self->network->projection[index];
        projection->made.in_squares = squares(self->in[index], projection->target->count);
        projection->made.out_squares = squares(self->out[index], projection->source->count);
        if (projection->drawer->connector == &sna_fixed_indegree)
            status = check_degrees(self, index, self->in[index], projection->target->count, "target");
        else if (projection->drawer->connector == &sna_fixed_outdegree)
            status = check_degrees(self, index, self->out[index], projection->source->count, "source");
    }
    for (uint64_t i = 0; i < file->projections; i++) {
        const uint64_t index = file->projection[i];
        free(self->in[index]);
        free(self->out[index]);
        self->in[index] = self->out[index] = NULL;
    }
    return status;
}

int sna_network_verify(sna_network *self, sna_list *faults)
{
    count at = {.network = self, .faults = faults};
    int status = 0;

    self->built = false;
    self->rows = 0;
    if (self->circuit == NULL) {
        status = sna_error(SNA_EINVAL, "which network? The specification was read without one");
        goto out;
    }
    status = sna_allocate(&at.in, self->projections, sizeof *at.in);
    if (status == 0)
        status = sna_allocate(&at.out, self->projections, sizeof *at.out);
    for (uint64_t i = 0; i < self->projections; i++) {
        sna_projection *projection = &self->projection[i];
        /* Synapse by synapse, several edges of one pair look like one: only a constant number tells them apart. */
        const bool merged = projection->entry->generators.count > 0 && projection->n_syn->kind != SNA_COUNT_CONSTANT &&
                            says(projection->drawer, "allow_multiple");
        projection->made = (sna_made){.seconds = NAN, .merged = merged};
    }
    sna_progress_start(&at.progress, "verifying", "rows", sna_found_rows(self));
    for (; at.file < self->files && status == 0; at.file++)
        status = count_file(&at);
    sna_progress_end(&at.progress);
    for (uint64_t i = 0; i < self->entries && status == 0; i++)
        status = sna_verify_reciprocal(self, i);
    self->built = status == 0;
out:
    free(at.in);
    free(at.out);
    return status;
}
