/* gap_junction.c: electrical coupling of unordered pairs, each stored as one edge (from the lower to the higher id
 * where both ends are the same nodes). With `chemical`, a pair's probability depends on how many chemical synapses that
 * entry made between the two: none, in one direction, in both. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "independent.h"

/* Pairs by their chemical synapses: none, in one direction, in both. */
enum { NONE, ONE_WAY, BOTH_WAYS, CLASSES };

typedef struct {
    sna_independent pick; /* p, or p_non */
    sna_probability p_uni, p_rec;
    bool correlated;
    uint64_t purpose; /* of the random numbers for pairs with chemical synapses */
    bool classes;     /* pairs can be told apart by their chemical synapses */
    sna_expectation expected[CLASSES];
} gap_junction;

static int create(void **state, const sna_fields *fields)
{
    static const char *const names[] = {"p_non", "p_uni", "p_rec"};
    gap_junction *self = NULL;
    const cJSON *item = NULL;
    int status = sna_allocate(&self, 1, sizeof *self);

    *state = self;
    if (status != 0)
        goto out;
    self->correlated = sna_fields_find(fields, "chemical") != NULL;
    if (!self->correlated) {
        status = sna_fields_require(fields, "p", &item);
        for (unsigned i = 0; i < 3 && status == 0; i++) {
            if (sna_fields_find(fields, names[i]) != NULL)
                status = sna_fields_error(fields, names[i], "needs `chemical`, the name of an edge entry, beside it");
        }
        if (status == 0)
            status = sna_probability_read(&self->pick.p, fields->json, item, false);
        goto out;
    }
    if (sna_fields_find(fields, "p") != NULL)
        status = sna_fields_error(fields, "p",
                                  "is for gap junctions of their own; with `chemical` give p_non, p_uni "
                                  "and p_rec");
    for (unsigned i = 0; i < 3 && status == 0; i++) {
        sna_probability *const out[] = {&self->pick.p, &self->p_uni, &self->p_rec};
        status = sna_fields_require(fields, names[i], &item);
        if (status == 0)
            status = sna_probability_read(out[i], fields->json, item, false);
    }
out:
    return status;
}

static const char *needs(const void *state)
{
    const gap_junction *self = state;

    return self->correlated ? "chemical" : NULL;
}

/* A pair of two nodes that are both among both ends is looked at once: with the lower id as the source. */
static bool is_pair(const sna_ends *ends, uint64_t source_id, uint64_t target_id)
{
    if (source_id == target_id)
        return false;
    return source_id < target_id || sna_members_find(&ends->source, target_id) == UINT64_MAX ||
           sna_members_find(&ends->target, source_id) == UINT64_MAX;
}

static double pairs_of(const sna_ends *ends)
{
    const double all = (double)ends->source.count * (double)ends->target.count;
    const double selves = all - sna_ends_pairs(ends, false); /* nodes that are among both ends */

    return all - selves - selves * (selves - 1) / 2;
}

static int prepare(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    gap_junction *self = state;
    const sna_probability *const p[] = {&self->pick.p, &self->p_uni, &self->p_rec};
    static const char *const names[] = {"p_non", "p_uni", "p_rec"};
    double most = 0;
    int status = 0;

    self->purpose = ends->purpose ^ sna_random_purpose("chemical");
    if (!ends->one_population)
        status = sna_fields_error(fields, NULL,
                                  "gap junctions couple nodes of one population, but source and target "
                                  "are of two");
    for (unsigned i = 0; i < (self->correlated ? 3 : 1) && status == 0; i++) {
        if (!sna_probability_is_constant(p[i]))
            status = sna_ends_need_positions(ends, fields, self->correlated ? names[i] : "p");
        most = fmax(most, fmin(p[i]->peak, 1));
    }
    if (status == 0)
        status = sna_independent_prepare(&self->pick, ends);
    /* An upper limit, until the chemical edges are known. */
    expected->possible = pairs_of(ends);
    expected->edges = expected->possible * most;
    return status;
}

static double value(const sna_probability *p, const sna_ends *ends, uint64_t source_id, uint64_t target_id)
{
    if (sna_probability_is_constant(p))
        return p->peak;
    return sna_probability_at(
        p, sna_distance(p->axes, ends->source.position[source_id], ends->target.position[target_id]));
}

/* The nodes that have a chemical synapse with the target, either way, ascending; `both` where there is one each way. */
typedef struct {
    const uint32_t *in, *out;
    uint64_t ins, outs;
} partners;

static bool next_partner(partners *self, uint64_t *id, bool *both)
{
    const uint64_t in = self->ins > 0 ? *self->in : UINT64_MAX, out = self->outs > 0 ? *self->out : UINT64_MAX;

    if (self->ins == 0 && self->outs == 0)
        return false;
    *id = in < out ? in : out;
    *both = in == out;
    /* Parallel edges count once. */
    for (; self->ins > 0 && *self->in == *id; self->ins--)
        self->in++;
    for (; self->outs > 0 && *self->out == *id; self->outs--)
        self->out++;
    return true;
}

static partners find_partners(const sna_ends *ends, uint64_t id)
{
    partners found;

    found.in = sna_adjacency_nodes(ends->other, id, false, &found.ins);
    found.out = sna_adjacency_nodes(ends->other, id, true, &found.outs);
    return found;
}

static void add_pair(sna_expectation *self, double p, double sign)
{
    self->possible += p > 0 ? sign : 0;
    self->edges += sign * p;
    self->variance += sign * p * (1 - p);
}

static void add_class(sna_expectation *self, const sna_expectation *class)
{
    self->possible += class->possible;
    self->edges += class->edges;
    self->variance += class->variance;
    self->error += class->error;
}

/* Pairs without chemical synapses have p_non; what the others differ from that is added for each. */
static int ready(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    gap_junction *self = state;
    const bool simple =
        ends->same || sna_ends_pairs(ends, false) >= (double)ends->source.count * (double)ends->target.count;
    int status = 0;

    (void)fields;
    if (!simple) {
        /* Ends that overlap: an upper limit is all there is. */
        expected->edges = expected->variance = NAN;
        if (self->pick.constant && !self->correlated) {
            expected->edges = expected->possible * self->pick.p.peak;
            expected->variance = expected->edges * (1 - self->pick.p.peak);
        }
        goto out;
    }
    status = sna_independent_expect(&self->pick, ends, false, ends->same, expected);
    self->classes = self->correlated;
    memset(self->expected, 0, sizeof self->expected);
    for (uint64_t t = 0; self->correlated && status == 0 && t < ends->target.count; t++) {
        const uint64_t target_id = sna_members_id(&ends->target, t);
        partners near = find_partners(ends, target_id);
        uint64_t id;
        bool both;
        while (next_partner(&near, &id, &both)) {
            double p, p_non;
            if (sna_members_find(&ends->source, id) == UINT64_MAX || !is_pair(ends, id, target_id))
                continue;
            p = value(both ? &self->p_rec : &self->p_uni, ends, id, target_id);
            p_non = value(&self->pick.p, ends, id, target_id);
            add_pair(&self->expected[both ? BOTH_WAYS : ONE_WAY], p, 1);
            add_pair(&self->expected[NONE], p_non, -1);
        }
    }
    /* What is left of all pairs by p_non, without those that have synapses; and all classes together. */
    if (self->correlated && status == 0) {
        add_class(&self->expected[NONE], expected);
        *expected = SNA_EXPECT_NOTHING;
        expected->possible = expected->edges = expected->variance = 0;
        for (unsigned c = 0; c < CLASSES; c++)
            add_class(expected, &self->expected[c]);
    }
out:
    return status;
}

/* Takes out of the row what was picked with p_non but is no pair, or has chemical synapses, and decides on the latter.
 */
static int correct_row(const gap_junction *self, const sna_ends *ends, uint64_t target_id, uint64_t first,
                       sna_rows *out)
{
    partners near = {NULL, NULL, 0, 0};
    uint64_t kept = first, id = UINT64_MAX;
    bool both = false, more = false;
    sna_random random;
    int status = 0;

    if (self->correlated) {
        near = find_partners(ends, target_id);
        more = next_partner(&near, &id, &both);
    }
    for (uint64_t i = first; i < out->count; i++) {
        const uint64_t source_id = sna_members_id(&ends->source, out->source[i]);
        while (more && id < source_id)
            more = next_partner(&near, &id, &both);
        if (!(more && id == source_id) && is_pair(ends, source_id, target_id))
            out->source[kept++] = out->source[i];
    }
    out->count = kept;
    if (!self->correlated)
        goto out;
    near = find_partners(ends, target_id);
    while (status == 0 && next_partner(&near, &id, &both)) {
        const uint64_t source = sna_members_find(&ends->source, id);
        if (source == UINT64_MAX || !is_pair(ends, id, target_id))
            continue;
        sna_random_start(&random, ends->seed, self->purpose, id, target_id);
        if (sna_random_uniform(&random) < value(both ? &self->p_rec : &self->p_uni, ends, id, target_id))
            status = sna_rows_add(out, source);
    }
    if (status == 0)
        status = sna_rows_sort(out, first);
out:
    return status;
}

static int draw(const void *state, const sna_ends *ends, bool backward, uint64_t first, uint64_t end, sna_rows *out)
{
    const gap_junction *self = state;
    int status = 0;

    (void)backward;
    for (uint64_t t = first; t < end && status == 0; t++) {
        const uint64_t id = sna_members_id(&ends->target, t), start = out->count;
        status = sna_independent_draw(&self->pick, ends, id, ends->same ? t : ends->source.count, UINT64_MAX, out);
        if (status == 0)
            status = correct_row(self, ends, id, start, out);
        if (status == 0)
            status = sna_rows_end(out);
    }
    return status;
}

static const char *const *classes(const void *state)
{
    static const char *const names[] = {"no synapse", "synapses one way", "synapses both ways", NULL};
    const gap_junction *self = state;

    return self->classes ? names : NULL;
}

static unsigned class_of(const void *state, const sna_ends *ends, uint64_t source, uint64_t target)
{
    (void)state;
    return (unsigned)sna_adjacency_connects(ends->other, source, target) +
           (unsigned)sna_adjacency_connects(ends->other, target, source);
}

static const sna_expectation *class_expected(const void *state)
{
    const gap_junction *self = state;

    return self->expected;
}

static void destroy(void *state)
{
    gap_junction *self = state;

    if (self == NULL)
        return;
    sna_independent_free(&self->pick);
    sna_probability_free(&self->p_uni);
    sna_probability_free(&self->p_rec);
    free(self);
}

static const char *const keys[] = {"p", "p_non", "p_uni", "p_rec", "chemical", NULL};

const sna_connector sna_gap_junction = {.type = "gap_junction",
                                        .keys = keys,
                                        .create = create,
                                        .prepare = prepare,
                                        .needs = needs,
                                        .ready = ready,
                                        .draw = draw,
                                        .classes = classes,
                                        .class_of = class_of,
                                        .class_expected = class_expected,
                                        .free = destroy};
