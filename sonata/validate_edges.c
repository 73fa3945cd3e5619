/* validate_edges.c: one edge population: one pass over the ids at both ends, compared with nodes and indices. */
#include "sonata/validate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_STAMPS = 1 << 27 }; /* nodes that repeated pairs are looked for among: half a gibibyte */

/* ---- one end ------------------------------------------------------------------------------------------------ */

/* What is known of the ids at one end, edge by edge. */
typedef struct {
    const char *name; /* "source", "target" */
    sna_dataset *column;
    char *population;        /* what the file says, NULL without */
    const sna_id_set *nodes; /* NULL when unknown */
    uint64_t *id;            /* [SNA_CHECK_ROWS] */
    bool sorted;             /* so far */
    uint64_t last, largest;  /* largest id below 2^63 */
    uint64_t *seen;          /* [seen_words] a bit for each id below 64 * seen_words */
    uint64_t seen_words;
    sna_tally outside, fraction;
} edge_end;

static int open_end(sna_validator *self, const sna_checked_population *population, sna_checked_body *body,
                    edge_end *end)
{
    int status = 0;
    char name[32], *place = NULL;

    snprintf(name, sizeof name, "%s_node_id", end->name);
    status = sna_text_format(&place, "%s/%s", body->place, name);
    if (status == 0)
        status =
            sna_check_column(self, population->file, body->id, name, place,
                             SNA_COLUMN_REQUIRED | SNA_COLUMN_INTEGER | SNA_COLUMN_DENSE, 1, body->count, &end->column);
    if (status == 0 && end->column == NULL)
        body->broken = true;
    if (status == 0 && end->column != NULL)
        status = sna_h5_text_attribute(&end->population, end->column->id, "node_population");
    free(place);
    return status;
}

/* The population of nodes at this end, and whether it exists. */
static int check_population(sna_validator *self, const sna_checked_population *population, edge_end *end)
{
    int status = 0;
    char *network = NULL;
    const sna_checked_population *nodes = NULL;
    const sna_place where = {population->file->path, end->column->place, 0};

    if (end->population == NULL) {
        status = sna_h5_text_attribute(&network, end->column->id, "network");
        if (status == 0)
            status =
                sna_find(self, "edges.no-node-population", where, NULL, "there is no attribute node_population%s%s%s",
                         network != NULL ? "; the old attribute `network` says `" : "", network != NULL ? network : "",
                         network != NULL ? "`" : "");
        end->population = network;
        network = NULL;
    }
    if (status != 0)
        goto out;
    if (end->population != NULL)
        nodes = sna_checked_nodes(self, end->population);
    else if (self->nodes_complete && self->nodes.count == 1)
        nodes = &self->nodes.population[0]; /* the only candidate */
    if (nodes == NULL && end->population != NULL && self->nodes_complete)
        status = sna_find(self, "edges.unknown-population", where, NULL, "there is no node population `%s`",
                          end->population);
    else if (nodes == NULL)
        status = sna_find(self, "edges.no-id-check", where, NULL,
                          "the nodes%s%s%s were not given: ids were not compared with them",
                          end->population != NULL ? " `" : "", end->population != NULL ? end->population : "",
                          end->population != NULL ? "`" : "");
    if (nodes != NULL && nodes->ids.known)
        end->nodes = &nodes->ids;
out:
    free(network);
    return status;
}

/* Where ids end up in the digest and the bitmaps: past 2^63 they are none. */
static bool is_id(uint64_t id)
{
    return id <= INT64_MAX;
}

/* The largest of a block, counting what is no id as well, and whether the ids ascend on from the block before. */
static uint64_t scan_ids(edge_end *end, uint64_t count)
{
    uint64_t largest = 0, falls = 0, last = end->last;

    for (uint64_t i = 0; i < count; i++) {
        const uint64_t id = end->id[i];
        largest = id > largest ? id : largest;
        falls += id < last;
        last = id;
    }
    end->sorted = end->sorted && falls == 0;
    end->last = last;
    return largest;
}

static void check_outside(edge_end *end, uint64_t first, uint64_t count, uint64_t largest)
{
    if (is_id(largest) && (end->nodes == NULL || (end->nodes->are_rows && largest < end->nodes->count)))
        return;
    for (uint64_t i = 0; i < count; i++) {
        const uint64_t id = end->id[i];
        if (id == SNA_NO_ID && end->column->raw == SNA_RAW_FLOAT)
            sna_tally_row(&end->fraction, first + i);
        else if (!is_id(id) || (end->nodes != NULL && !sna_id_set_has(end->nodes, id)))
            sna_tally_add(&end->outside, "edge %" PRIu64 ": %" PRId64, first + i, (int64_t)id);
    }
}

/* A bit for an id; a file whose ids are wild gets no more room than its nodes need. */
static void see(edge_end *end, uint64_t id)
{
    if (id < end->seen_words * 64)
        end->seen[id >> 6] |= (uint64_t)1 << (id & 63);
}

static uint64_t count_seen(const edge_end *end)
{
    uint64_t seen = 0;

    for (uint64_t i = 0; i < end->seen_words; i++)
        seen += (uint64_t)__builtin_popcountll(end->seen[i]);
    return seen;
}

/* Room for ids that may occur: those of the nodes, or as many as there are edges. */
static int make_seen(edge_end *end, uint64_t edges)
{
    uint64_t limit = edges < MOST_STAMPS ? MOST_STAMPS : edges;

    if (end->nodes != NULL && end->nodes->are_rows)
        limit = end->nodes->count;
    else if (end->nodes != NULL && end->nodes->count > 0 && end->nodes->id[end->nodes->count - 1] < limit)
        limit = end->nodes->id[end->nodes->count - 1] + 1;
    end->seen_words = limit / 64 + 1;
    return sna_allocate(&end->seen, end->seen_words, sizeof *end->seen);
}

/* ---- repeated pairs ----------------------------------------------------------------------------------------- */

/* While one end is sorted, its edges come together: a stamp for each node of the other end says which of those edges
 * was the last with that node. */
typedef struct {
    bool possible;
    uint32_t *stamp; /* [size] */
    uint64_t size, capacity;
    uint32_t run; /* which node of the sorted end this is, counted from 1 */
    uint64_t last;
    bool started;
    uint64_t repeated;
} pair_check;

/* Nodes with a stamp are nodes that edges have. */
static void see_stamped(const pair_check *self, edge_end *other)
{
    for (uint64_t i = 0; i < self->size; i++)
        if (self->stamp[i] != 0)
            see(other, i);
}

/* *counted becomes true where the block was gone through: its ids are as good as seen then. */
static int count_repeated(pair_check *self, edge_end *sorted, edge_end *other, uint64_t count, uint64_t largest,
                          bool *counted)
{
    int status = 0;

    if (!self->possible)
        goto out;
    if (!sorted->sorted || largest >= MOST_STAMPS) {
        self->possible = false;
        goto out;
    }
    if (largest >= self->size) {
        uint32_t *grown = sna_grow(self->stamp, &self->capacity, largest + 1, sizeof *grown);
        if (grown == NULL) {
            status = SNA_ENOMEM;
            goto out;
        }
        self->stamp = grown;
        self->size = self->capacity;
    }
    for (uint64_t i = 0; i < count; i++) {
        if (sorted->id[i] != self->last || !self->started) {
            self->started = true;
            self->last = sorted->id[i];
            see(sorted, self->last);
            if (++self->run == 0) { /* more than 2^32 - 1 nodes: start over */
                see_stamped(self, other);
                memset(self->stamp, 0, (size_t)self->size * sizeof *self->stamp);
                self->run = 1;
            }
        }
        self->repeated += self->stamp[other->id[i]] == self->run;
        self->stamp[other->id[i]] = self->run;
    }
    *counted = true;
out:
    return status;
}

/* ---- the pass ----------------------------------------------------------------------------------------------- */

typedef struct {
    edge_end end[2]; /* source, target */
    pair_check by_target, by_source;
    sna_checked_index index[2];
    bool same_population, readable;
    uint64_t self_loops;
    char first_loop[SNA_TALLY_SIZE];
} edge_pass;

static void count_self_loops(edge_pass *pass, uint64_t first, uint64_t count)
{
    const uint64_t *source = pass->end[0].id, *target = pass->end[1].id;
    uint64_t loops = 0;

    for (uint64_t i = 0; i < count; i++)
        loops += source[i] == target[i];
    for (uint64_t i = 0; i < count && loops > 0 && pass->self_loops == 0; i++)
        if (source[i] == target[i]) {
            snprintf(pass->first_loop, sizeof pass->first_loop, "edge %" PRIu64 ": node %" PRIu64, first + i,
                     source[i]);
            break;
        }
    pass->self_loops += loops;
}

static int look_at_block(edge_pass *pass, uint64_t first, uint64_t count)
{
    int status = 0;
    bool counted = false;
    uint64_t largest[2];

    for (unsigned k = 0; k < 2; k++) {
        edge_end *end = &pass->end[k];
        largest[k] = scan_ids(end, count);
        check_outside(end, first, count, largest[k]);
        if (is_id(largest[k]) && largest[k] > end->largest)
            end->largest = largest[k];
        if (pass->index[k].usable)
            sna_run_digest_add(&pass->index[k].actual, first, end->id, count);
    }
    if (!is_id(largest[0]) || !is_id(largest[1])) {
        pass->by_source.possible = pass->by_target.possible = false;
        for (unsigned k = 0; k < 2; k++)
            for (uint64_t i = 0; i < count; i++)
                if (is_id(pass->end[k].id[i]) && pass->end[k].id[i] > pass->end[k].largest)
                    pass->end[k].largest = pass->end[k].id[i];
    }
    /* Mostly one of the two ends with the first block. */
    status = count_repeated(&pass->by_target, &pass->end[1], &pass->end[0], count, largest[0], &counted);
    if (status == 0)
        status = count_repeated(&pass->by_source, &pass->end[0], &pass->end[1], count, largest[1], &counted);
    for (unsigned k = 0; k < 2 && !counted; k++)
        for (uint64_t i = 0; i < count; i++)
            see(&pass->end[k], pass->end[k].id[i]);
    if (pass->same_population)
        count_self_loops(pass, first, count);
    return status;
}

static int run_pass(sna_validator *self, const sna_checked_body *body, edge_pass *pass)
{
    int status = 0;
    sna_progress progress;

    sna_progress_start(&progress, "checking edges", "edges", body->count);
    for (uint64_t first = 0; first < body->count && status == 0 && pass->readable; first += SNA_CHECK_ROWS) {
        const uint64_t left = body->count - first, count = left < SNA_CHECK_ROWS ? left : SNA_CHECK_ROWS;
        for (unsigned k = 0; k < 2 && status == 0 && pass->readable; k++)
            status = sna_check_ids(self, pass->end[k].column, first, count, pass->end[k].id, &pass->readable);
        if (status == 0 && pass->readable)
            status = look_at_block(pass, first, count);
        if (status == 0)
            status = sna_check_cancelled();
        sna_progress_update(&progress, first + count);
    }
    sna_progress_end(&progress);
    return status;
}

/* ---- what the pass says ------------------------------------------------------------------------------------- */

static int report_end(sna_validator *self, const sna_checked_population *population, const edge_end *end)
{
    int status = 0;
    const sna_place where = {population->file->path, end->column->place, 0};

    status = sna_find(self, "dataset.not-integers", where, &end->fraction, "%" PRIu64 " %s no whole numbers",
                      end->fraction.count, sna_plural(end->fraction.count, "id is", "ids are"));
    if (status == 0)
        status = sna_find(self, end->name[0] == 's' ? "edges.source-id" : "edges.target-id", where, &end->outside,
                          end->nodes == NULL ? "%" PRIu64 " %s negative or past 2^63%s"
                                             : "%" PRIu64 " %s not in the node population `%s`",
                          end->outside.count, sna_plural(end->outside.count, "id is", "ids are"),
                          end->nodes == NULL        ? ""
                          : end->population == NULL ? "(the only one)"
                                                    : end->population);
    return status;
}

static int report_pass(sna_validator *self, const sna_checked_population *population, const sna_checked_body *body,
                       edge_pass *pass)
{
    int status = 0;
    const edge_end *source = &pass->end[0], *target = &pass->end[1];
    const pair_check *pairs = pass->by_target.possible ? &pass->by_target : &pass->by_source;
    const sna_place where = {population->file->path, body->place, 0};
    const uint64_t repeated = pairs->possible ? pairs->repeated : 0;

    for (unsigned k = 0; k < 2 && status == 0; k++)
        status = report_end(self, population, &pass->end[k]);
    if (status == 0 && !source->sorted && !target->sorted)
        status = sna_find(self, "edges.unsorted", where, NULL, "the edges are sorted neither by target nor by source");
    if (pass->self_loops > 0 && status == 0)
        status = sna_find(self, "edges.self-loops", where, NULL, "%" PRIu64 " %s a node with itself (first: %s)",
                          pass->self_loops, sna_plural(pass->self_loops, "edge connects", "edges connect"),
                          pass->first_loop);
    if (repeated > 0 && status == 0)
        status = sna_find(self, "edges.repeated-pairs", where, NULL,
                          "%" PRIu64 " %s a pair of nodes that an earlier one connects", repeated,
                          sna_plural(repeated, "edge connects", "edges connect"));
    if (status == 0)
        status = sna_find(self, "edges.statistics", where, NULL,
                          "%" PRIu64 " %s from %" PRIu64 " %s to %" PRIu64 " %s, sorted by %s", body->count,
                          sna_plural(body->count, "edge", "edges"), count_seen(source),
                          sna_plural(count_seen(source), "source", "sources"), count_seen(target),
                          sna_plural(count_seen(target), "target", "targets"),
                          target->sorted && source->sorted ? "both ends"
                          : target->sorted                 ? "target"
                          : source->sorted                 ? "source"
                                                           : "neither");
    return status;
}

static int check_pass(sna_validator *self, const sna_checked_population *population, sna_checked_body *body,
                      edge_pass *pass)
{
    int status = 0;

    for (unsigned k = 0; k < 2 && status == 0; k++) {
        edge_end *end = &pass->end[k];
        status = sna_allocate(&end->id, SNA_CHECK_ROWS, sizeof *end->id);
        if (status == 0)
            status = make_seen(end, body->count);
        pass->index[k].actual = SNA_RUN_DIGEST;
    }
    if (status == 0)
        status = run_pass(self, body, pass);
    if (status != 0)
        goto out;
    see_stamped(&pass->by_target, &pass->end[0]);
    see_stamped(&pass->by_source, &pass->end[1]);
    if (!pass->readable) {
        body->broken = true;
        goto out;
    }
    body->broken = body->broken || pass->end[0].fraction.count > 0 || pass->end[1].fraction.count > 0;
    status = report_pass(self, population, body, pass);
    for (unsigned k = 0; k < 2 && status == 0; k++) {
        pass->index[k].largest_id = pass->end[k].largest;
        pass->index[k].any_edge = body->count > 0;
        if (pass->index[k].usable && pass->end[k].fraction.count == 0)
            status = sna_check_index(
                self, population, &pass->index[k], pass->end[k].column, body->count,
                pass->end[k].nodes != NULL && pass->end[k].nodes->are_rows ? pass->end[k].nodes->count : SNA_ANY_ROWS);
    }
out:
    return status;
}

static void free_pass(edge_pass *pass)
{
    for (unsigned k = 0; k < 2; k++) {
        sna_dataset_close(pass->end[k].column);
        free(pass->end[k].population);
        free(pass->end[k].id);
        free(pass->end[k].seen);
        sna_checked_index_free(&pass->index[k]);
    }
    free(pass->by_target.stamp);
    free(pass->by_source.stamp);
    free(pass);
}

/* ---- the population ----------------------------------------------------------------------------------------- */

int sna_check_edges(sna_validator *self, sna_checked_population *population)
{
    static const char *const columns[] = {"source_node_id", "target_node_id",   "edge_type_id",
                                          "edge_group_id",  "edge_group_index", NULL};
    int status = 0;
    bool sized = false;
    edge_pass *pass = NULL;
    const uint64_t errors = sna_validator_errors(self);
    sna_checked_body body = {.one = "edge", .id = H5I_INVALID_HID};

    status = sna_allocate(&pass, 1, sizeof *pass);
    if (status != 0)
        goto out;
    *pass = (edge_pass){.end = {{.name = "source", .sorted = true}, {.name = "target", .sorted = true}},
                        .by_target.possible = true,
                        .by_source.possible = true,
                        .readable = true};
    status = sna_text_format(&body.place, "/edges/%s", population->name);
    if (status == 0)
        status =
            sna_check_group(self, population->file, population->file->h5->id, body.place, body.place, true, &body.id);
    if (status != 0 || body.id < 0)
        goto out;
    status = sna_check_size(self, population, &body, columns, &sized);
    if (status == 0 && !sized && sna_validator_errors(self) == errors)
        status = sna_find(self, "edges.no-size", (sna_place){population->file->path, body.place, 0}, NULL,
                          "nothing says how many edges there are: there is no source_node_id");
    if (status != 0 || !sized)
        goto out;
    population->count = body.count;
    status = sna_check_body(self, population, &body);
    for (unsigned k = 0; k < 2 && status == 0; k++)
        status = open_end(self, population, &body, &pass->end[k]);
    if (status != 0)
        goto out;
    if (pass->end[0].column != NULL && pass->end[1].column != NULL) {
        for (unsigned k = 0; k < 2 && status == 0; k++)
            status = check_population(self, population, &pass->end[k]);
        if (status == 0)
            status = sna_check_index_open(self, population, body.id, body.place, body.count, pass->index);
        pass->same_population = pass->end[0].population != NULL && pass->end[1].population != NULL &&
                                strcmp(pass->end[0].population, pass->end[1].population) == 0;
        if (status == 0 && !self->options.headers_only)
            status = check_pass(self, population, &body, pass);
    }
    if (status == 0)
        status = sna_check_groups(self, population, &body);
    if (status == 0)
        status = sna_check_types(self, population, &body);
    if (status == 0)
        status = sna_check_values(self, population, &body);
    population->sound = !body.broken && !population->file->foreign;
    if (status == 0)
        status = sna_check_meaning(self, population, false);
out:
    if (pass != NULL)
        free_pass(pass);
    sna_checked_body_free(&body);
    return status;
}
