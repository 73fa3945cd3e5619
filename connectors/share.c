/* share.c: an edges file made by several processes, each the edges that end on targets of its own.
 *
 * A row's place in the file is the number of rows before it, those of other ranks included, so each rank must know how
 * many edges the others make before it writes. Each therefore draws its edges twice: first only to count them, then,
 * when the counts of the ranks before it are summed, to write them where they belong. The random numbers are functions
 * of seed and nodes, so that both times give the same. The other ways are worse: with edges kept until the counts are
 * known memory would grow with the network, with parts written to files of their own every byte would go to the disk
 * twice, and with counts exchanged for each block all ranks would wait for the slowest one, block after block. Drawing
 * is the cheap part: it is shared among all ranks and threads, and writing, which is not, happens once. */
#include "share.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "connector.h"

/* ---- which targets ------------------------------------------------------------------------------------------ */

/* Rows expected to end on the targets with ids below `id`; a node counts a little even where none is expected. */
static double expected_before(const sna_network *network, const sna_edge_file *file, const sna_edge_layout *layout,
                              uint64_t id)
{
    double rows = 1e-3 * (double)id;

    for (uint64_t i = 0; i < file->projections; i++) {
        const sna_projection *projection = &network->projection[file->projection[i]];
        const double edges = projection->expected.edges;
        const double each = layout->per_synapse[i] ? sna_count_mean(projection->n_syn) : 1;
        if (edges > 0 && projection->target->count > 0)
            rows += edges * each * (double)sna_members_from(projection->target, id) / (double)projection->target->count;
    }
    return rows;
}

/* The first block of a rank: each gets as many rows as the others, or about. */
static uint64_t first_block_of(const sna_network *network, const sna_edge_file *file, const sna_edge_layout *layout,
                               uint64_t blocks, unsigned rank)
{
    const double all = expected_before(network, file, layout, network->population[file->target_population].count);
    const double wanted = all / sna_ranks() * rank;
    uint64_t low = 0, high = blocks;

    if (rank == sna_ranks())
        return blocks;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (expected_before(network, file, layout, middle * file->block) < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- how many edges ----------------------------------------------------------------------------------------- */

typedef struct {
    uint64_t *rows; /* [projections] and one for gap junctions */
    int status;
    char *message;
    bool failed;
} tally;

static void count_block(tally *self, const sna_edge_file *file, sna_target_block *block, uint64_t index, uint64_t nodes)
{
    const uint64_t first = index * file->block, end = first + file->block < nodes ? first + file->block : nodes;
    int status = sna_check_cancelled();

    if (status == 0)
        status = sna_target_block_count(block, first, end);
#pragma omp critical(sna_share_tally)
    {
        for (uint64_t i = 0; i < file->projections && status == 0; i++) {
            self->rows[i] += block->counted[i];
            if (block->network->projection[file->projection[i]].entry->connector == &sna_gap_junction)
                self->rows[file->projections] += block->counted[i];
        }
        if (status != 0 && self->status == 0) {
            self->status = status;
            self->message = strdup(sna_error_message());
#pragma omp atomic write
            self->failed = true;
        }
    }
}

static int count_edges(tally *out, const sna_share *share, const sna_network *network, const sna_edge_file *file,
                       sna_target_block *block, unsigned threads)
{
    const uint64_t nodes = network->population[file->target_population].count;

#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (uint64_t b = share->first_block; b < share->end_block; b++) {
        bool failed;
#pragma omp atomic read
        failed = out->failed;
        if (!failed)
            count_block(out, file, &block[omp_get_thread_num()], b, nodes);
    }
    if (out->status != 0)
        out->status = sna_error(out->status, "%s", out->message == NULL ? "out of memory" : out->message);
    return out->status;
}

/* From the counts of projections to those of groups. */
static void sum_groups(sna_share *self, const sna_edge_file *file, const sna_edge_layout *layout)
{
    uint64_t *first = self->group_rows, *total = self->group_rows + layout->groups;

    self->part = (sna_edge_part){.group_first = first, .group_total = total};
    for (uint64_t i = 0; i < file->projections; i++) {
        first[layout->group[i]] += self->rows_before[i];
        total[layout->group[i]] += self->rows[i];
        self->part.first += self->rows_before[i];
        self->part.total += self->rows[i];
    }
    self->gaps_before = self->rows_before[file->projections];
    self->gaps = self->rows[file->projections];
}

int sna_share_create(sna_share *out, const sna_network *network, const sna_edge_file *file,
                     const sna_edge_layout *layout, sna_target_block *block, unsigned threads)
{
    const uint64_t nodes = network->population[file->target_population].count;
    const uint64_t blocks = (nodes + file->block - 1) / file->block, numbers = file->projections + 1;
    tally counted = {NULL, 0, NULL, false};
    int status = 0;

    *out = (sna_share){.end_block = blocks};
    if (sna_ranks() == 1)
        goto out;
    out->first_block = first_block_of(network, file, layout, blocks, sna_rank());
    out->end_block = first_block_of(network, file, layout, blocks, sna_rank() + 1);
    status = sna_allocate(&counted.rows, numbers, sizeof *counted.rows);
    if (status == 0)
        status = sna_allocate(&out->rows_before, numbers, sizeof *out->rows_before);
    if (status == 0)
        status = sna_allocate(&out->rows, numbers, sizeof *out->rows);
    if (status == 0)
        status = sna_allocate(&out->group_rows, 2 * layout->groups, sizeof *out->group_rows);
    if (status == 0)
        status = count_edges(&counted, out, network, file, block, threads);
    status = sna_ranks_agree(status);
    if (status == 0)
        status = sna_ranks_before(counted.rows, numbers, out->rows_before, out->rows);
    if (status == 0)
        sum_groups(out, file, layout);
out:
    free(counted.rows);
    free(counted.message);
    return status;
}

void sna_share_free(sna_share *self)
{
    free(self->rows_before);
    free(self->rows);
    free(self->group_rows);
    *self = (sna_share){0};
}
