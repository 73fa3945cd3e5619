/* pairing.c: pairs of nodes whose two directions are drawn together, though each is asked for on its own. */
#include "pairing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connector.h"

/* Nodes of one cell and one block of ids: members start .. end-1 of their grid. */
typedef struct {
    uint64_t start, end;
    uint64_t name; /* for the random numbers: different for every part of an end */
} part;

/* What is being drawn: the edges that end on one block of nodes, the near ones; those of the other end are far. */
typedef struct {
    const sna_pairing *pairs;
    const sna_ends *ends;
    bool backward;
    const sna_members *near, *far;
    const sna_grid *near_grid, *far_grid;
    uint64_t near_block, far_block; /* ids in a block */
    uint64_t first;                 /* position of the first target */
    struct hit {
        uint64_t target, source;
    } * hit; /* [count] positions among near and far nodes */
    uint64_t count, capacity, reciprocal;
} drawing;

static uint64_t grid_id(const sna_members *members, const sna_grid *grid, uint64_t k)
{
    return sna_members_id(members, grid->member[k]);
}

/* Where the part of a cell ends that starts at member `start`; `end` is the cell's. Members of a cell ascend. */
static uint64_t part_end(const sna_members *members, const sna_grid *grid, uint64_t block, uint64_t start, uint64_t end)
{
    const uint64_t number = grid_id(members, grid, start) / block;
    uint64_t low = start + 1, high, step = 1;

    /* Steps that double, then halving: parts are short as a rule. */
    for (high = low; high < end && grid_id(members, grid, high) / block == number; high += step, step *= 2)
        low = high + 1;
    high = high < end ? high : end;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (grid_id(members, grid, middle) / block == number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A near and a far node, by their positions in the ends. */
static int add_hit(drawing *self, uint64_t near, uint64_t far)
{
    if (self->count == self->capacity) {
        struct hit *grown = sna_grow(self->hit, &self->capacity, self->count + 1, sizeof *self->hit);
        if (grown == NULL)
            return SNA_ENOMEM;
        self->hit = grown;
    }
    self->hit[self->count++] = (struct hit){near, far};
    return 0;
}

static unsigned decide(const drawing *self, const sna_grid *source, uint64_t s, const sna_grid *target, uint64_t t,
                       double value)
{
    const sna_pairing *pairs = self->pairs;
    const uint64_t source_id = grid_id(&self->ends->source, source, s),
                   target_id = grid_id(&self->ends->target, target, t);
    double here[3], there[3];

    if (source->place == NULL)
        return pairs->decide(pairs->context, source_id, target_id, NULL, NULL, value);
    for (unsigned d = 0; d < 3; d++) {
        here[d] = (double)source->place[s][d];
        there[d] = (double)target->place[t][d];
    }
    return pairs->decide(pairs->context, source_id, target_id, here, there, value);
}

/* All pairs of two different parts. `flipped`: the far part comes second in the stream's order, as target. */
static int draw_parts(drawing *self, const part *near, const part *far, const sna_near_cell *cell)
{
    const bool far_is_source = self->ends->same ? far->name < near->name : !self->backward;
    const part *source = far_is_source ? far : near, *target = far_is_source ? near : far;
    const sna_grid *source_grid = far_is_source ? self->far_grid : self->near_grid,
                   *target_grid = far_is_source ? self->near_grid : self->far_grid;
    const unsigned wanted = far_is_source ? SNA_FORWARD : SNA_BACKWARD;
    const uint64_t width = target->end - target->start, pairs = (source->end - source->start) * width;
    sna_random random;
    sna_near_picker picker;
    int status = 0;

    sna_random_start(&random, self->ends->seed, self->ends->purpose, source->name, target->name);
    sna_near_start(&picker, &random);
    for (uint64_t next = 0; next < pairs && status == 0; next++) {
        uint64_t s, t;
        unsigned found;
        next += sna_near_pick(&picker, cell->rate, pairs - next);
        if (next >= pairs)
            break;
        s = source->start + next / width;
        t = target->start + next % width;
        found = decide(self, source_grid, s, target_grid, t, sna_random_uniform(&random) * cell->bound);
        if ((found & wanted) != 0)
            status = far_is_source ? add_hit(self, target_grid->member[t], source_grid->member[s])
                                   : add_hit(self, source_grid->member[s], target_grid->member[t]);
        self->reciprocal += far_is_source && found == (SNA_FORWARD | SNA_BACKWARD);
    }
    return status;
}

/* All pairs within one part: a node with those behind it, and with itself where that is allowed. */
static int draw_within(drawing *self, const part *at, const sna_near_cell *cell)
{
    const sna_grid *grid = self->near_grid;
    sna_random random;
    sna_near_picker picker;
    int status = 0;

    sna_random_start(&random, self->ends->seed, self->ends->purpose, at->name, at->name);
    sna_near_start(&picker, &random);
    for (uint64_t s = at->start; s < at->end; s++) {
        for (uint64_t t = s + !self->pairs->autapses; t < at->end; t++) {
            unsigned found;
            t += sna_near_pick(&picker, cell->rate, at->end - t);
            if (t >= at->end)
                break;
            found = decide(self, grid, s, grid, t, sna_random_uniform(&random) * cell->bound);
            if ((found & SNA_FORWARD) != 0)
                status = add_hit(self, grid->member[t], grid->member[s]);
            if (status == 0 && s != t && (found & SNA_BACKWARD) != 0)
                status = add_hit(self, grid->member[s], grid->member[t]);
            if (status != 0)
                goto out;
            self->reciprocal += s != t && found == (SNA_FORWARD | SNA_BACKWARD);
        }
    }
out:
    return status;
}

/* One part of the targets with every part of the other end that is near it. */
static int draw_part(drawing *self, const part *near, uint64_t cell)
{
    const sna_pairing *pairs = self->pairs;
    const uint64_t cells = pairs->lattice.total;
    int64_t at[3];
    int status = 0;

    sna_lattice_split(&pairs->lattice, cell, at);
    for (uint64_t i = 0; i < pairs->near.count; i++) {
        const sna_near_cell *other = &pairs->near.cell[i];
        const int64_t there[3] = {at[0] + other->offset[0], at[1] + other->offset[1], at[2] + other->offset[2]};
        uint64_t c, start, end;
        if (!sna_lattice_inside(&pairs->lattice, there))
            continue;
        c = sna_lattice_join(&pairs->lattice, there);
        end = self->far_grid->start[c + 1];
        for (start = self->far_grid->start[c]; start < end && status == 0;) {
            const uint64_t number = grid_id(self->far, self->far_grid, start) / self->far_block;
            const part far = {start, part_end(self->far, self->far_grid, self->far_block, start, end),
                              number * cells + c};
            if (self->ends->same && far.name == near->name)
                status = draw_within(self, near, other);
            else
                status = draw_parts(self, near, &far, other);
            start = far.end;
        }
    }
    return status;
}

/* Nodes of one block of ids, by their positions in an end. */
typedef struct {
    uint64_t first, end, number;
} id_block;

/* Are the two nodes in cells that are not near one another? */
static bool is_far(const sna_pairing *pairs, uint64_t source, uint64_t target)
{
    int64_t from[3], to[3];

    sna_lattice_split(&pairs->lattice, pairs->target.cell[target], from);
    sna_lattice_split(&pairs->lattice, pairs->source.cell[source], to);
    for (unsigned d = 0; d < 3; d++)
        to[d] -= from[d];
    return sna_near_find(&pairs->near, to) == NULL;
}

/* Pairs of two blocks whose cells are not near: picked from all pairs of the two with the level that none of them
 * reaches. */
static int draw_far_blocks(drawing *self, const id_block *near, const id_block *far)
{
    const sna_pairing *pairs = self->pairs;
    const sna_ends *ends = self->ends;
    const bool within = ends->same && near->number == far->number;
    const bool far_is_source = ends->same ? far->number < near->number : !self->backward;
    const id_block *source = far_is_source ? far : near, *target = far_is_source ? near : far;
    const uint64_t width = target->end - target->first, count = (source->end - source->first) * width;
    const double log_none = log1p(-pairs->near.level);
    sna_random random;
    int status = 0;

    sna_random_start(&random, ends->seed, ends->purpose ^ sna_random_purpose("far"), source->number, target->number);
    for (uint64_t next = 0; status == 0; next++) {
        const uint64_t gap = sna_random_skip(&random, log_none);
        uint64_t s, t, source_id, target_id;
        unsigned found;
        if (gap >= count - next)
            break;
        next += gap;
        s = source->first + next / width;
        t = target->first + next % width;
        if ((within && (s > t || (s == t && !pairs->autapses))) || !is_far(pairs, s, t))
            continue;
        source_id = sna_members_id(&ends->source, s);
        target_id = sna_members_id(&ends->target, t);
        found = pairs->decide(pairs->context, source_id, target_id, ends->source.position[source_id],
                              ends->target.position[target_id], sna_random_uniform(&random) * pairs->near.level);
        if ((found & SNA_FORWARD) != 0 && (within || far_is_source))
            status = add_hit(self, t, s);
        if (status == 0 && (found & SNA_BACKWARD) != 0 && s != t && (within || !far_is_source))
            status = add_hit(self, s, t);
        self->reciprocal += (within || far_is_source) && found == (SNA_FORWARD | SNA_BACKWARD) && !(within && s == t);
    }
    return status;
}

/* One block of the near nodes with every block of the far ones. */
static int draw_far(drawing *self, const id_block *near)
{
    id_block far = {0, 0, 0};
    int status = 0;

    for (; far.first < self->far->count && status == 0; far.first = far.end) {
        far.number = sna_members_id(self->far, far.first) / self->far_block;
        far.end = sna_members_from(self->far, (far.number + 1) * self->far_block);
        status = draw_far_blocks(self, near, &far);
    }
    return status;
}

/* The members of a cell whose ids lie in first_id .. end_id-1: *start .. *end-1. */
static void find_range(const sna_members *members, const sna_grid *grid, uint64_t cell, uint64_t first_id,
                       uint64_t end_id, uint64_t *start, uint64_t *end)
{
    uint64_t bound[2] = {first_id, end_id};
    uint64_t *out[2] = {start, end};

    for (unsigned k = 0; k < 2; k++) {
        uint64_t low = grid->start[cell], high = grid->start[cell + 1];
        while (low < high) {
            const uint64_t middle = low + (high - low) / 2;
            if (grid_id(members, grid, middle) < bound[k])
                low = middle + 1;
            else
                high = middle;
        }
        *out[k] = low;
    }
}

/* The nodes at first .. end-1 of the near end, which are those of one block of ids. */
static int draw_block(drawing *self, uint64_t first, uint64_t end)
{
    const uint64_t count = end - first, cells = self->pairs->lattice.total;
    const uint64_t number = sna_members_id(self->near, first) / self->near_block;
    uint64_t *cell = NULL;
    int status = sna_allocate(&cell, 2 * count, sizeof *cell);

    if (status != 0)
        goto out;
    memcpy(cell, self->near_grid->cell + first, count * sizeof *cell);
    sna_ids_sort(cell, cell + count, count);
    for (uint64_t i = 0; i < count && status == 0; i++) {
        part near = {.name = number * cells + cell[i]};
        if (i > 0 && cell[i] == cell[i - 1])
            continue;
        find_range(self->near, self->near_grid, cell[i], number * self->near_block, (number + 1) * self->near_block,
                   &near.start, &near.end);
        status = draw_part(self, &near, cell[i]);
    }
    if (status == 0 && self->pairs->near.level > 0)
        status = draw_far(self, &(id_block){first, end, number});
out:
    free(cell);
    return status;
}

/* Sorts the hits of a block into rows: by target as they come, then each row by source where it needs it. */
static int write_rows(const drawing *self, uint64_t first, uint64_t end, sna_rows *out)
{
    const uint64_t base = out->count, row_base = out->rows;
    uint64_t *cursor = NULL, *other = NULL;
    uint64_t longest = 0;
    int status = sna_allocate(&cursor, end - first + 1, sizeof *cursor);

    if (status == 0)
        status = sna_rows_reserve(out, base + self->count);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < self->count; i++)
        cursor[self->hit[i].target - first + 1]++;
    for (uint64_t t = first; t < end; t++) {
        longest = cursor[t - first + 1] > longest ? cursor[t - first + 1] : longest;
        cursor[t - first + 1] += cursor[t - first];
    }
    status = sna_allocate(&other, longest, sizeof *other);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < self->count; i++)
        out->source[base + cursor[self->hit[i].target - first]++] = self->hit[i].source;
    /* The cursors have moved to the ends of their rows. */
    for (uint64_t t = first; t < end && status == 0; t++) {
        const uint64_t start = out->count;
        bool sorted = true;
        out->count = base + cursor[t - first];
        for (uint64_t i = start + 1; i < out->count && sorted; i++)
            sorted = out->source[i - 1] < out->source[i];
        if (!sorted)
            sna_ids_sort(out->source + start, other, out->count - start);
        status = sna_rows_end(out);
    }
    if (status != 0) {
        out->count = base;
        out->rows = row_base;
    }
out:
    free(other);
    free(cursor);
    return status;
}

int sna_pairing_draw(const sna_pairing *self, const sna_ends *ends, bool backward, uint64_t first, uint64_t end,
                     sna_rows *out)
{
    drawing at = {.pairs = self, .ends = ends, .backward = backward};
    int status = 0;

    at.near = backward ? &ends->source : &ends->target;
    at.far = backward ? &ends->target : &ends->source;
    at.near_grid = backward ? &self->source : &self->target;
    at.far_grid = backward ? &self->target : &self->source;
    at.near_block = backward ? ends->source_block : ends->target_block;
    at.far_block = backward ? ends->target_block : ends->source_block;
    while (first < end && status == 0) {
        const uint64_t number = sna_members_id(at.near, first) / at.near_block;
        const uint64_t last = sna_members_from(at.near, (number + 1) * at.near_block);
        at.count = at.reciprocal = 0;
        status = draw_block(&at, first, last);
        if (status == 0)
            status = write_rows(&at, first, last, out);
        out->reciprocal += at.reciprocal;
        first = last;
    }
    free(at.hit);
    return status;
}

void sna_pairing_free(sna_pairing *self)
{
    sna_grid_free(&self->source);
    sna_grid_free(&self->target);
    sna_near_free(&self->near);
}
