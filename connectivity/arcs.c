/* arcs.c: the edges of a network as one list of arcs between cells. */
#include "connectivity/internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char weight_name[] = "syn_weight";

/* The edges as they come; sorting them by arc keeps the order of equal ones, so that sums do not depend on it. */
typedef struct {
    uint64_t key; /* source, target, gap */
    uint64_t synapses;
    double weight;
} row;

typedef struct {
    sna_arcs *arcs;
    row *row; /* [count] */
    uint64_t count, capacity;
    unsigned bits;                       /* of a cell's number */
    uint64_t first_source, first_target; /* of the populations being read */
    bool weighted, no_gap;
} collection;

static int take_rows(void *context, unsigned thread, const sna_edge_rows *rows)
{
    int status = 0;
    collection *self = context;
    row *grown = sna_grow(self->row, &self->capacity, self->count + rows->count, sizeof *grown);

    (void)thread; /* there is one only */
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->row = grown;
    for (uint64_t i = 0; i < rows->count; i++) {
        const uint64_t source = self->first_source + rows->source[i], target = self->first_target + rows->target[i];
        const bool gap = rows->gap != NULL && rows->gap[i];
        if (gap && self->no_gap)
            continue;
        self->row[self->count++] = (row){
            .key = (source << self->bits | target) << 1 | gap,
            .synapses = rows->synapses != NULL ? rows->synapses[i] : 1,
            .weight = self->weighted ? sna_column_real(&rows->column[0], i) : NAN,
        };
    }
out:
    return status;
}

/* By key, equal ones in the order they have: least digit first. */
static int sort_rows(collection *self)
{
    enum { DIGIT = 11, DIGITS = 1 << DIGIT };
    int status = 0;
    row *room = NULL;

    status = sna_allocate(&room, self->count, sizeof *room);
    if (status != 0)
        goto out;
    for (unsigned shift = 0; shift < 2 * self->bits + 1; shift += DIGIT) {
        uint64_t start[DIGITS] = {0}, sum = 0;
        row *swap = self->row;
        for (uint64_t i = 0; i < self->count; i++)
            start[self->row[i].key >> shift & (DIGITS - 1)]++;
        for (unsigned d = 0; d < DIGITS; d++) {
            const uint64_t here = start[d];
            start[d] = sum;
            sum += here;
        }
        for (uint64_t i = 0; i < self->count; i++)
            room[start[self->row[i].key >> shift & (DIGITS - 1)]++] = self->row[i];
        self->row = room;
        room = swap;
    }
out:
    free(room);
    return status;
}

static int make_arcs(collection *self)
{
    int status = 0;
    uint64_t different = 0, arc = 0;
    const uint64_t mask = (UINT64_C(1) << self->bits) - 1;
    sna_arcs *arcs = self->arcs;

    status = sort_rows(self);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < self->count; i++)
        different += i == 0 || self->row[i].key != self->row[i - 1].key;
    status = sna_allocate(&arcs->arc, different, sizeof *arcs->arc);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < self->count; arc++) {
        const uint64_t key = self->row[i].key;
        sna_arc *out = &arcs->arc[arc];
        *out = (sna_arc){.source = key >> (self->bits + 1), .target = key >> 1 & mask, .weight = NAN, .gap = key & 1};
        for (; i < self->count && self->row[i].key == key; i++) {
            out->rows++;
            out->synapses += self->row[i].synapses;
            if (!isnan(self->row[i].weight))
                out->weight = isnan(out->weight) ? self->row[i].weight : out->weight + self->row[i].weight;
        }
    }
    arcs->count = different;
out:
    return status;
}

/* Numbers the cells of every population that is on one of the sides; `place` [populations of the circuit] is where each
 * is in the list. */
static int number_cells(sna_arcs *self, sna_circuit *circuit, const sna_side *source, const sna_side *target,
                        uint64_t *place)
{
    int status = 0;

    status = sna_allocate(&self->nodes, source->populations, sizeof(sna_nodes *));
    if (status == 0)
        status = sna_allocate(&self->first, source->populations + 1, sizeof *self->first);
    for (uint64_t p = 0; p < source->populations && status == 0; p++) {
        sna_nodes *nodes = NULL;
        if (!source->population[p].chosen && !target->population[p].chosen)
            continue;
        status = sna_circuit_nodes_at(circuit, p, &nodes);
        if (status == 0) {
            place[p] = self->populations;
            self->nodes[self->populations] = nodes;
            self->first[self->populations + 1] = self->first[self->populations] + sna_nodes_count(nodes);
            self->populations++;
        }
    }
    return status;
}

static int read_link(collection *self, sna_circuit *circuit, const sna_link *link, const uint64_t *place)
{
    int status = 0;
    const sna_attribute *weight = sna_edges_find_attribute(link->edges, weight_name);
    const char *const attribute[] = {weight_name};
    const sna_scan scan = {.circuit = circuit,
                           .link = link,
                           .source = self->arcs->nodes[place[link->source]],
                           .target = self->arcs->nodes[place[link->target]],
                           .gap = true,
                           .synapses = true,
                           .attribute = attribute,
                           .attributes = weight != NULL && weight->type != SNA_TEXT,
                           .threads = 1,
                           .context = self,
                           .take = take_rows};

    self->weighted = scan.attributes > 0;
    self->first_source = self->arcs->first[place[link->source]];
    self->first_target = self->arcs->first[place[link->target]];
    status = sna_scan_run(&scan);
    return status;
}

int sna_arcs_collect(sna_arcs *out, sna_circuit *circuit, const sna_survey_request *request)
{
    int status = 0;
    sna_links links = {NULL, 0};
    sna_side source = {0}, target = {0};
    collection all = {.arcs = out, .no_gap = request->no_gap};
    uint64_t *place = NULL;

    memset(out, 0, sizeof *out);
    status = sna_links_list(&links, circuit, request->edges);
    if (status == 0)
        status = sna_sides_choose(&source, &target, circuit, &links, request);
    if (status == 0)
        status = sna_allocate(&place, source.populations, sizeof *place);
    if (status == 0)
        status = number_cells(out, circuit, &source, &target, place);
    while (status == 0 && all.bits < 64 && sna_arcs_cells(out) >> all.bits != 0)
        all.bits++;
    if (status == 0 && all.bits > 31)
        status = sna_error(SNA_EUNSUPPORTED, "a graph of %" PRIu64 " cells is too large", sna_arcs_cells(out));
    for (uint64_t i = 0; i < links.count && status == 0; i++) {
        const sna_link *link = &links.link[i];
        if (source.population[link->source].chosen && target.population[link->target].chosen)
            status = read_link(&all, circuit, link, place);
    }
    if (status == 0)
        status = make_arcs(&all);
    if (status != 0)
        sna_arcs_free(out);
    free(all.row);
    free(place);
    sna_side_free(&source);
    sna_side_free(&target);
    sna_links_free(&links);
    return status;
}

uint64_t sna_arcs_cells(const sna_arcs *self)
{
    return self->first != NULL ? self->first[self->populations] : 0;
}

uint64_t sna_arcs_population(const sna_arcs *self, uint64_t cell)
{
    uint64_t low = 0, high = self->populations;

    /* Behind the last population that starts at or before the cell. */
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        if (self->first[middle] <= cell)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void sna_arcs_free(sna_arcs *self)
{
    free(self->nodes);
    free(self->first);
    free(self->arc);
    memset(self, 0, sizeof *self);
}
