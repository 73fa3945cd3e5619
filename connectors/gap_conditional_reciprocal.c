/* gap_conditional_reciprocal.c: chemical synapses whose probabilities depend on whether the pair has a gap junction.
 * All pairs are drawn as those without one; what this gives for pairs with one is left out, and these are drawn by
 * themselves: there are few. */
#include <math.h>
#include <stdlib.h>

#include "joint.h"

enum { WITHOUT, WITH, CLASSES };

typedef struct {
    sna_joint without, with; /* a gap junction */
    sna_pairing pairs;
    const sna_adjacency *gaps;
    uint64_t purpose; /* of the random numbers for pairs with one */
    sna_expectation expected[CLASSES];
} conditional;

static int create(void **state, const sna_fields *fields)
{
    conditional *self = NULL;
    const cJSON *gap = NULL;
    int status = sna_allocate(&self, 1, sizeof *self);

    *state = self;
    if (status == 0)
        status = sna_fields_require(fields, "gap", &gap);
    if (status == 0)
        status = sna_joint_read(&self->with, fields, "p0_elec", "p1_elec", "pr_elec", false);
    if (status == 0)
        status = sna_joint_read(&self->without, fields, "p0_nonelec", "p1_nonelec", "pr_nonelec", false);
    return status;
}

static const char *needs(const void *state)
{
    (void)state;
    return "gap";
}

static bool has_gap(const conditional *self, uint64_t a, uint64_t b)
{
    return sna_adjacency_connects(self->gaps, a, b) || sna_adjacency_connects(self->gaps, b, a);
}

static unsigned decide(const void *context, uint64_t source_id, uint64_t target_id, const double *source,
                       const double *target, double at)
{
    const conditional *self = context;
    const sna_joint_pair p = sna_joint_at(&self->without, source, target);
    const unsigned found = sna_joint_decide(&p, at);

    return found != 0 && has_gap(self, source_id, target_id) ? 0 : found;
}

static double bound(const void *context, const int64_t offset[3], double *least)
{
    const conditional *self = context;

    *least = 0;
    return sna_joint_bound(&self->without, &self->pairs.lattice, offset);
}

static int prepare(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    conditional *self = state;
    double sum[SNA_JOINT_SUMS] = {0}, error[SNA_JOINT_SUMS] = {0};
    int status = 0;

    self->purpose = ends->purpose ^ sna_random_purpose("gap");
    self->pairs = (sna_pairing){.decide = decide, .context = self};
    status = sna_joint_check(&self->with, ends, fields, "p0_elec", "p1_elec", "pr_elec");
    if (status == 0)
        status = sna_joint_check(&self->without, ends, fields, "p0_nonelec", "p1_nonelec", "pr_nonelec");
    if (status == 0)
        status = sna_joint_make_pairs(&self->without, &self->pairs, ends, bound, NULL);
    if (status == 0)
        status = sna_joint_sums(&self->without, &self->pairs, ends, sum, error);
    if (status == 0)
        sna_joint_expect(ends, sum, error, expected);
    return status;
}

/* Nodes that one has gap junctions with, in one of the two orders in which they are stored. */
typedef struct {
    const uint32_t *list;
    uint64_t left;
} partners;

static uint64_t next_partner(partners *self)
{
    const uint64_t id = *self->list++;

    self->left--;
    return id;
}

static const double *place(const sna_members *members, uint64_t id)
{
    return members->position == NULL ? NULL : members->position[id];
}

/* The probabilities of pairs with gap junctions, in place of those they have without. */
static int ready(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    conditional *self = state;
    const double blocks[2] = {ceil((double)ends->source.count / (double)ends->source_block),
                              ceil((double)ends->target.count / (double)ends->target_block)};
    double sum[SNA_JOINT_SUMS] = {0}, error[SNA_JOINT_SUMS] = {0}, with_gap[SNA_JOINT_SUMS] = {0};
    int status = 0;

    (void)fields;
    self->gaps = ends->other;
    status = sna_joint_sums(&self->without, &self->pairs, ends, sum, error);
    for (uint64_t t = 0; status == 0 && t < ends->target.count; t++) {
        const uint64_t target_id = sna_members_id(&ends->target, t);
        for (unsigned outward = 0; outward < 2; outward++) {
            partners near;
            near.list = sna_adjacency_nodes(self->gaps, target_id, outward == 1, &near.left);
            while (near.left > 0) {
                const uint64_t source_id = next_partner(&near);
                double in[SNA_JOINT_SUMS], out[SNA_JOINT_SUMS];
                sna_joint_pair with, without;
                if (sna_members_find(&ends->source, source_id) == UINT64_MAX || (ends->same && source_id >= target_id))
                    continue;
                with = sna_joint_at(&self->with, place(&ends->source, source_id), place(&ends->target, target_id));
                without =
                    sna_joint_at(&self->without, place(&ends->source, source_id), place(&ends->target, target_id));
                sna_joint_values(&with, in);
                sna_joint_values(&without, out);
                for (unsigned i = 0; i < SNA_JOINT_SUMS; i++) {
                    with_gap[i] += in[i];
                    sum[i] -= out[i];
                }
            }
        }
    }
    if (status == 0) {
        static const double exact[SNA_JOINT_SUMS] = {0};
        sna_expectation both[2];
        sna_joint_expect(ends, sum, error, both);
        self->expected[WITHOUT] = both[0];
        sna_joint_expect(ends, with_gap, exact, both);
        self->expected[WITH] = both[0];
        for (unsigned i = 0; i < SNA_JOINT_SUMS; i++)
            sum[i] += with_gap[i];
        sna_joint_expect(ends, sum, error, expected);
    }
    if (status == 0)
        status = sna_joint_make_pairs(&self->without, &self->pairs, ends, bound, blocks);
    return status;
}

/* Adds to the row of a node (a target; with `backward`, a source) the partners it has gap junctions with and an edge
 * from. */
static int add_partners(const conditional *self, const sna_ends *ends, bool backward, uint64_t id, sna_rows *out)
{
    const sna_members *far = backward ? &ends->target : &ends->source;
    int status = 0;

    for (unsigned outward = 0; outward < 2; outward++) {
        partners near;
        near.list = sna_adjacency_nodes(self->gaps, id, outward == 1, &near.left);
        while (near.left > 0 && status == 0) {
            const uint64_t other = next_partner(&near), at = sna_members_find(far, other);
            /* As it is drawn: the lower id is the source where both ends are the same. */
            const bool flipped = ends->same ? id < other : backward;
            const uint64_t source = flipped ? id : other, target = flipped ? other : id;
            sna_joint_pair p;
            sna_random random;
            unsigned found;
            if (at == UINT64_MAX)
                continue;
            p = sna_joint_at(&self->with, place(&ends->source, source), place(&ends->target, target));
            sna_random_start(&random, ends->seed, self->purpose, source, target);
            found = sna_joint_decide(&p, sna_random_uniform(&random));
            if ((found & (flipped ? SNA_BACKWARD : SNA_FORWARD)) != 0)
                status = sna_rows_add(out, at);
            out->reciprocal += !flipped && found == (SNA_FORWARD | SNA_BACKWARD);
        }
    }
    return status;
}

static int draw(const void *state, const sna_ends *ends, bool backward, uint64_t first, uint64_t end, sna_rows *out)
{
    const conditional *self = state;
    const sna_members *near = backward ? &ends->source : &ends->target;
    sna_rows without = SNA_ROWS;
    int status = sna_pairing_draw(&self->pairs, ends, backward, first, end, &without);

    for (uint64_t t = first, k = 0; t < end && status == 0; t++) {
        const uint64_t start = out->count;
        for (; k < without.end[t - first] && status == 0; k++)
            status = sna_rows_add(out, without.source[k]);
        if (status == 0)
            status = add_partners(self, ends, backward, sna_members_id(near, t), out);
        if (status == 0)
            status = sna_rows_sort(out, start);
        if (status == 0)
            status = sna_rows_end(out);
    }
    out->reciprocal += without.reciprocal;
    sna_rows_free(&without);
    return status;
}

static const char *const *classes(const void *state)
{
    static const char *const names[] = {"no gap junction", "gap junction", NULL};

    (void)state;
    return names;
}

static unsigned class_of(const void *state, const sna_ends *ends, uint64_t source, uint64_t target)
{
    (void)ends;
    return has_gap(state, source, target) ? WITH : WITHOUT;
}

static const sna_expectation *class_expected(const void *state)
{
    const conditional *self = state;

    return self->expected;
}

static void destroy(void *state)
{
    conditional *self = state;

    if (self == NULL)
        return;
    sna_joint_free(&self->with);
    sna_joint_free(&self->without);
    sna_pairing_free(&self->pairs);
    free(self);
}

static const char *const keys[] = {"gap",        "p0_elec", "p1_elec", "pr_elec", "p0_nonelec", "p1_nonelec",
                                   "pr_nonelec", "n_syn",   "n_syn0",  "n_syn1",  NULL};

const sna_connector sna_gap_conditional_reciprocal = {.type = "gap_conditional_reciprocal",
                                                      .keys = keys,
                                                      .pairs = true,
                                                      .create = create,
                                                      .prepare = prepare,
                                                      .needs = needs,
                                                      .ready = ready,
                                                      .draw = draw,
                                                      .classes = classes,
                                                      .class_of = class_of,
                                                      .class_expected = class_expected,
                                                      .free = destroy};
