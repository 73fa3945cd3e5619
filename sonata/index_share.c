/* index_share.c: the index of one direction of an edges file that several processes write.
 *
 * A range is a run of edges, one behind the other, that end on (or start from) the same node. Each rank finds the
 * ranges among its own edges and sends them to the rank that owns the node; that one puts them in order and writes
 * them. Nodes are shared out so that every rank owns about as many ranges. What an owner holds at a time is bounded:
 * where its ranges are more than the memory takes, all ranks go through their edges again for the next part of the
 * nodes. */
#include "sonata/index_share.h"

#include <inttypes.h>
#include <stdlib.h>

#include "sonata/edge_writer.h"
#include "sonata/h5file.h"
#include "sonata/index_write.h"

enum {
    BLOCK = 1 << 16, /* edges read between two exchanges */
    WORDS = 3        /* of a range that is sent: node, first edge, end */
};

void sna_index_part_count(sna_index_part *self, uint64_t *ranges, const uint64_t *id, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        if (self->count == 0) {
            self->first_id = id[i];
            ranges[id[i]]++;
        } else if (id[i] != self->last_id) {
            self->lead = self->lead == 0 ? self->count : self->lead;
            ranges[id[i]]++;
        }
        self->last_id = id[i];
        self->count++;
    }
}

/* ---- ranges across the borders of ranks --------------------------------------------------------------------- */

/* A range belongs to the rank where it begins. `all`: every rank's part. */
static void mend_borders(sna_index_share *self, const sna_index_part *all)
{
    const unsigned ranks = sna_ranks(), own = sna_rank();
    const sna_index_part *mine = &all[own];

    self->skip = self->more = self->most = 0;
    for (unsigned r = 0; r < ranks; r++)
        self->most = all[r].count > self->most ? all[r].count : self->most;
    if (mine->count == 0)
        return;
    for (unsigned r = own; r > 0; r--) {
        if (all[r - 1].count == 0)
            continue;
        if (all[r - 1].last_id == mine->first_id) {
            self->skip = mine->lead > 0 ? mine->lead : mine->count;
            self->ranges[mine->first_id]--;
        }
        break;
    }
    for (unsigned r = own + 1; r < ranks; r++) {
        if (all[r].count == 0)
            continue;
        if (all[r].first_id != mine->last_id)
            break;
        self->more += all[r].lead > 0 ? all[r].lead : all[r].count;
        if (all[r].lead > 0)
            break;
    }
}

int sna_index_share_prepare(sna_index_share *self)
{
    enum { NUMBERS = sizeof(sna_index_part) / sizeof(uint64_t) };
    const uint64_t mine[NUMBERS] = {self->part->count, self->part->first_id, self->part->last_id, self->part->lead};
    uint64_t *numbers = NULL;
    sna_index_part *all = NULL;
    int status = sna_allocate(&numbers, (uint64_t)sna_ranks() * NUMBERS, sizeof *numbers);

    if (status == 0)
        status = sna_allocate(&all, sna_ranks(), sizeof *all);
    if (status == 0)
        status = sna_allocate(&self->start, self->node_count + 1, sizeof *self->start);
    status = sna_ranks_agree(status);
    if (status == 0)
        status = sna_ranks_gather(mine, NUMBERS, numbers);
    if (status != 0)
        goto out;
    for (unsigned r = 0; r < sna_ranks(); r++)
        all[r] = (sna_index_part){.count = numbers[NUMBERS * r],
                                  .first_id = numbers[NUMBERS * r + 1],
                                  .last_id = numbers[NUMBERS * r + 2],
                                  .lead = numbers[NUMBERS * r + 3]};
    mend_borders(self, all);
    status = sna_ranks_sum(self->ranges, self->node_count);
    for (uint64_t n = 0; n < self->node_count; n++)
        self->start[n + 1] = self->start[n] + self->ranges[n];
out:
    free(all);
    free(numbers);
    return status;
}

/* ---- the tables --------------------------------------------------------------------------------------------- */

static const char *name_of(const sna_index_share *self)
{
    return self->direction == SNA_AFFERENT ? "target_to_source" : "source_to_target";
}

/* Columns for both tables; nothing is made yet. `group`: where, or invalid. free() the place. */
static int open_tables(const sna_index_share *self, hid_t group, sna_column_writer *nodes, sna_column_writer *ranges,
                       char **place)
{
    int status = sna_text_format(place, "%s/indices/%s", self->place, name_of(self));

    if (status == 0)
        status = sna_column_writer_open(nodes, self->file, group, *place, "node_id_to_ranges", SNA_U64, 2, 0);
    if (status == 0)
        status = sna_column_writer_open(ranges, self->file, group, *place, "range_to_edge_id", SNA_U64, 2, 0);
    return status;
}

int sna_index_share_reserve(sna_index_share *self)
{
    sna_column_writer nodes = {0}, ranges = {0};
    hid_t groups = H5I_INVALID_HID, indices = H5I_INVALID_HID, group = H5I_INVALID_HID;
    char *place = NULL;
    int status = 0;

    sna_h5_quiet();
    groups = H5Gopen2(self->file->id, self->place, H5P_DEFAULT);
    if (groups < 0)
        status = sna_h5_write_error(self->file, self->place);
    else if (H5Lexists(groups, "indices", H5P_DEFAULT) > 0)
        indices = H5Gopen2(groups, "indices", H5P_DEFAULT);
    else
        indices = H5Gcreate2(groups, "indices", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (status == 0 && indices < 0)
        status = sna_h5_write_error(self->file, self->place);
    if (status == 0)
        status = sna_h5_write_group(self->file, indices, name_of(self), self->place, &group);
    if (status == 0)
        status = open_tables(self, group, &nodes, &ranges, &place);
    if (status == 0)
        status = sna_column_writer_reserve(&nodes, self->node_count);
    if (status == 0)
        status = sna_column_writer_reserve(&ranges, self->start[self->node_count]);
    /* The other family's spelling is another name of the same table. */
    if (status == 0 &&
        H5Lcreate_hard(group, "node_id_to_ranges", group, "node_id_to_range", H5P_DEFAULT, H5P_DEFAULT) < 0)
        status = sna_h5_write_error(self->file, place);
    sna_column_writer_close(&nodes);
    sna_column_writer_close(&ranges);
    sna_h5_close_group(&group);
    sna_h5_close_group(&indices);
    sna_h5_close_group(&groups);
    free(place);
    return status;
}

/* ---- sending ------------------------------------------------------------------------------------------------ */

typedef struct {
    uint64_t node, first, end;
} range;

/* What has come from one rank, in the order of edges. */
typedef struct {
    range *item;
    uint64_t count, capacity;
} inbox;

typedef struct {
    sna_index_share *index;
    sna_column_writer nodes, ranges;
    uint64_t most;        /* ranges that an owner takes at a time */
    uint64_t *low, *high; /* [ranks] nodes low .. high-1 of each owner are indexed in this pass */
    uint64_t *bound;      /* [ranks + 1] nodes of the owners */
    uint64_t *id;         /* [BLOCK] */
    range *found;         /* [BLOCK + 1] ranges in the edges that were read */
    uint64_t founds;
    uint64_t *out, *out_count, *place; /* [WORDS * (BLOCK + 1)], [ranks], [ranks] */
    uint64_t *in, in_capacity, *in_count;
    inbox *box;      /* [ranks] */
    int64_t *sorted; /* [2 * ranges of the pass] */
    uint64_t *next;  /* [nodes of the pass] */
} job;

/* The first node before which there are at least so many ranges. */
static uint64_t node_at(const sna_index_share *self, uint64_t ranges)
{
    uint64_t low = 0, high = self->node_count;

    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (self->start[middle] < ranges)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void share_nodes(job *self)
{
    const sna_index_share *index = self->index;
    const unsigned ranks = sna_ranks();
    const uint64_t all = index->start[index->node_count];

    for (unsigned r = 1; r < ranks; r++)
        self->bound[r] = node_at(index, all / ranks * r);
    self->bound[ranks] = index->node_count;
    for (unsigned r = 0; r < ranks; r++)
        self->high[r] = self->bound[r];
}

/* The largest end, up to `most_end`, so that the nodes low .. end-1 have no more than `most` ranges; at least low + 1.
 */
static uint64_t end_of_pass(const uint64_t *start, uint64_t low, uint64_t most_end, uint64_t most)
{
    uint64_t end = low + 1, above = most_end + 1;

    while (above - end > 1) {
        const uint64_t middle = end + (above - end) / 2;
        if (start[middle] - start[low] <= most)
            end = middle;
        else
            above = middle;
    }
    return end;
}

/* The next nodes of each owner; false when there are none left. */
static bool next_pass(job *self)
{
    bool any = false;

    for (unsigned r = 0; r < sna_ranks(); r++) {
        self->low[r] = self->high[r];
        if (self->low[r] == self->bound[r + 1])
            continue;
        self->high[r] = end_of_pass(self->index->start, self->low[r], self->bound[r + 1], self->most);
        any = true;
    }
    return any;
}

/* Reads the next edges of this rank and appends the ranges that end among them. `open`: the one that does not yet. */
static int find_ranges(job *self, uint64_t *at, uint64_t end, range *open)
{
    const uint64_t now = end - *at < BLOCK ? end - *at : BLOCK;
    int status = now > 0 ? sna_edge_writer_read_back(self->index->ids, *at, now, self->id) : 0;

    self->founds = 0;
    for (uint64_t i = 0; i < now && status == 0; i++) {
        const uint64_t edge = *at + i, node = self->id[i];
        if (node >= self->index->node_count)
            return sna_error(SNA_EIO, "%s: edge %" PRIu64 " has changed while the file was written",
                             self->index->file->path, edge);
        if (open->end > open->first && open->node == node) {
            open->end = edge + 1;
        } else {
            if (open->end > open->first)
                self->found[self->founds++] = *open;
            *open = (range){node, edge, edge + 1};
        }
    }
    *at += now;
    if (*at == end && open->end > open->first) {
        open->end += self->index->more;
        self->found[self->founds++] = *open;
        *open = (range){0};
    }
    return status;
}

/* The owner of a node in this pass, or the number of ranks when it has none. */
static unsigned owner_of(const job *self, uint64_t node)
{
    for (unsigned r = 0; r < sna_ranks(); r++) {
        if (node >= self->low[r] && node < self->high[r])
            return r;
    }
    return sna_ranks();
}

/* The ranges that were found, in the order of their owners. */
static void address(job *self)
{
    const unsigned ranks = sna_ranks();

    for (unsigned r = 0; r < ranks; r++)
        self->out_count[r] = 0;
    for (uint64_t i = 0; i < self->founds; i++) {
        const unsigned to = owner_of(self, self->found[i].node);
        if (to < ranks)
            self->out_count[to] += WORDS;
    }
    for (unsigned r = 0; r < ranks; r++)
        self->place[r] = r == 0 ? 0 : self->place[r - 1] + self->out_count[r - 1];
    for (uint64_t i = 0; i < self->founds; i++) {
        const range *one = &self->found[i];
        const unsigned to = owner_of(self, one->node);
        uint64_t *out = self->out + (to < ranks ? self->place[to] : 0);
        if (to == ranks)
            continue;
        out[0] = one->node;
        out[1] = one->first;
        out[2] = one->end;
        self->place[to] += WORDS;
    }
}

static int take_in(job *self)
{
    const uint64_t *in = self->in;
    int status = 0;

    for (unsigned r = 0; r < sna_ranks() && status == 0; r++) {
        inbox *box = &self->box[r];
        const uint64_t count = self->in_count[r] / WORDS;
        range *grown = box->item;
        if (box->count + count > box->capacity)
            grown = sna_grow(box->item, &box->capacity, box->count + count, sizeof *grown);
        if (grown == NULL && count > 0)
            return SNA_ENOMEM;
        box->item = grown;
        for (uint64_t i = 0; i < count; i++, in += WORDS)
            box->item[box->count++] = (range){in[0], in[1], in[2]};
    }
    return status;
}

/* ---- one pass ----------------------------------------------------------------------------------------------- */

/* Ranges of all ranks, one after the other, sorted by node by counting: those of a node keep the order of edges. */
static int write_own(job *self)
{
    const sna_index_share *index = self->index;
    const uint64_t low = self->low[sna_rank()], high = self->high[sna_rank()], *start = index->start;
    const uint64_t ranges = start[high] - start[low];
    uint64_t came = 0;
    int status = sna_allocate(&self->sorted, 2 * ranges, sizeof *self->sorted);

    if (status == 0)
        status = sna_allocate(&self->next, high - low, sizeof *self->next);
    for (uint64_t n = low; n < high && status == 0; n++)
        self->next[n - low] = start[n] - start[low];
    for (unsigned r = 0; r < sna_ranks() && status == 0; r++) {
        const inbox *box = &self->box[r];
        came += box->count;
        for (uint64_t i = 0; i < box->count && status == 0; i++) {
            const range *one = &box->item[i];
            const uint64_t at = self->next[one->node - low]++;
            if (at >= start[one->node + 1] - start[low]) {
                status = sna_error(SNA_EIO, "%s: edges have changed while the file was written", index->file->path);
                break;
            }
            self->sorted[2 * at] = (int64_t)one->first;
            self->sorted[2 * at + 1] = (int64_t)one->end;
        }
    }
    if (status == 0 && came != ranges)
        status = sna_error(SNA_EIO, "%s: edges have changed while the file was written", index->file->path);
    if (status == 0)
        status = sna_column_writer_integers(&self->ranges, self->sorted, ranges);
    for (uint64_t n = low; n < high && status == 0; n++) {
        const int64_t row[2] = {(int64_t)start[n], (int64_t)start[n + 1]};
        status = sna_column_writer_integers(&self->nodes, row, 1);
    }
    free(self->sorted);
    free(self->next);
    self->sorted = NULL;
    self->next = NULL;
    return status;
}

static int run_pass(job *self)
{
    const sna_index_share *index = self->index;
    const uint64_t rounds = (index->most + BLOCK - 1) / BLOCK, end = index->first + index->count;
    uint64_t at = index->first + index->skip;
    range open = {0};
    int status = 0;

    for (unsigned r = 0; r < sna_ranks(); r++)
        self->box[r].count = 0;
    /* A rank that fails does not leave the others waiting: they hear of it at the next round. */
    for (uint64_t round = 0; round < rounds; round++) {
        self->founds = 0;
        if (status == 0 && at < end)
            status = find_ranges(self, &at, end, &open);
        if (status == 0)
            status = sna_check_cancelled();
        status = sna_ranks_agree(status);
        if (status != 0)
            break;
        address(self);
        status = sna_ranks_exchange(self->out, self->out_count, &self->in, &self->in_capacity, self->in_count);
        if (status == 0)
            status = take_in(self);
    }
    if (status == 0)
        status = write_own(self);
    return sna_ranks_agree(status);
}

static int job_create(job *out, sna_index_share *index)
{
    const uint64_t ranks = sna_ranks(), memory = index->memory > 0 ? index->memory : SNA_INDEX_MEMORY;
    int status = 0;

    /* A range takes its place among what has come, which grows by doubling, and among what is sorted. */
    *out = (job){.index = index, .most = memory / (2 * sizeof(range) + 2 * sizeof(int64_t)) + 1};
    status = sna_allocate(&out->low, ranks, sizeof *out->low);
    if (status == 0)
        status = sna_allocate(&out->high, ranks, sizeof *out->high);
    if (status == 0)
        status = sna_allocate(&out->bound, ranks + 1, sizeof *out->bound);
    if (status == 0)
        status = sna_allocate(&out->id, BLOCK, sizeof *out->id);
    if (status == 0)
        status = sna_allocate(&out->found, BLOCK + 1, sizeof *out->found);
    if (status == 0)
        status = sna_allocate(&out->out, WORDS * (BLOCK + 1), sizeof *out->out);
    if (status == 0)
        status = sna_allocate(&out->out_count, ranks, sizeof *out->out_count);
    if (status == 0)
        status = sna_allocate(&out->place, ranks, sizeof *out->place);
    if (status == 0)
        status = sna_allocate(&out->in_count, ranks, sizeof *out->in_count);
    if (status == 0)
        status = sna_allocate(&out->box, ranks, sizeof *out->box);
    return status;
}

static void job_free(job *self)
{
    for (unsigned r = 0; self->box != NULL && r < sna_ranks(); r++)
        free(self->box[r].item);
    free(self->box);
    free(self->low);
    free(self->high);
    free(self->bound);
    free(self->id);
    free(self->found);
    free(self->out);
    free(self->out_count);
    free(self->place);
    free(self->in);
    free(self->in_count);
    sna_column_writer_close(&self->nodes);
    sna_column_writer_close(&self->ranges);
}

int sna_index_share_build(sna_index_share *self)
{
    char *place = NULL;
    job work = {0};
    int status = job_create(&work, self);

    if (status == 0)
        share_nodes(&work);
    if (status == 0)
        status = open_tables(self, H5I_INVALID_HID, &work.nodes, &work.ranges, &place);
    if (status == 0)
        status = sna_column_writer_attach(&work.nodes, work.bound[sna_rank()]);
    if (status == 0)
        status = sna_column_writer_attach(&work.ranges, self->start[work.bound[sna_rank()]]);
    if (status == 0)
        status = sna_column_writer_attach(self->ids, self->first);
    status = sna_ranks_agree(status);
    while (status == 0 && next_pass(&work))
        status = run_pass(&work);
    if (status == 0)
        status = sna_column_writer_finish(&work.nodes);
    if (status == 0)
        status = sna_column_writer_finish(&work.ranges);
    sna_column_writer_detach(self->ids);
    job_free(&work);
    free(place);
    return sna_ranks_agree(status);
}

void sna_index_share_free(sna_index_share *self)
{
    free(self->start);
    self->start = NULL;
}
