/* edge_share.c: an edges file that several processes write, each the edges of its own targets. */
#include "sonata/edge_writer.h"

#include <stdlib.h>

#include "sonata/h5share.h"
#include "sonata/index_share.h"

struct sna_edge_share {
    uint64_t first, total;
    sna_index_part source, target; /* what the indices need to know of this rank's edges */
};

/* Rank 0's part: the file as it will be, but for the values. */
static int reserve(sna_edge_writer *self, const sna_edge_part *part)
{
    int status = sna_edge_writer_need_group(self);

    for (uint64_t i = 0; i < SNA_EDGE_OWN_COLUMNS && status == 0; i++)
        status = sna_column_writer_reserve(sna_edge_writer_column(self, i), part->total);
    for (uint64_t g = 0; g < self->groups; g++) {
        for (uint64_t k = 0; k < self->group[g].attributes && status == 0; k++)
            status = sna_column_writer_reserve(&self->group[g].attribute[k], part->group_total[g]);
    }
    if (status == 0)
        status = sna_edge_writer_name_populations(self);
    return status;
}

static int attach(sna_edge_writer *self, const sna_edge_part *part)
{
    int status = 0;

    for (uint64_t i = 0; i < SNA_EDGE_OWN_COLUMNS && status == 0; i++)
        status = sna_column_writer_attach(sna_edge_writer_column(self, i), part->first);
    for (uint64_t g = 0; g < self->groups; g++) {
        self->group[g].rows = part->group_first[g];
        for (uint64_t k = 0; k < self->group[g].attributes && status == 0; k++)
            status = sna_column_writer_attach(&self->group[g].attribute[k], part->group_first[g]);
    }
    return status;
}

static void detach(sna_edge_writer *self)
{
    sna_column_writer *column;

    for (uint64_t i = 0; (column = sna_edge_writer_column(self, i)) != NULL; i++)
        sna_column_writer_detach(column);
}

int sna_edge_writer_share(sna_edge_writer *self, const sna_edge_part *part)
{
    sna_edge_share *share = NULL;
    int status = sna_allocate(&share, 1, sizeof *share);

    if (status == 0 && sna_rank() == 0)
        status = reserve(self, part);
    detach(self);
    sna_edge_writer_close_groups(self);
    status = sna_h5_share(&self->file, status);
    if (status == 0)
        status = attach(self, part);
    status = sna_ranks_agree(status);
    if (status != 0) {
        free(share);
        goto out;
    }
    share->first = self->count = part->first;
    share->total = part->total;
    self->share = share;
out:
    return status;
}

void sna_edge_share_count(sna_edge_writer *self, const uint64_t *source, const uint64_t *target, uint64_t count)
{
    sna_index_part_count(&self->share->source, self->source_edges, source, count);
    sna_index_part_count(&self->share->target, self->target_edges, target, count);
}

uint64_t sna_edge_share_total(const sna_edge_writer *self)
{
    return self->share->total;
}

int sna_edge_share_finish(sna_edge_writer *self)
{
    sna_edge_share *share = self->share;
    sna_column_writer *column;
    sna_index_share job[2] = {{.direction = SNA_AFFERENT,
                               .ids = &self->target,
                               .node_count = self->target_count,
                               .ranges = self->target_edges,
                               .part = &share->target},
                              {.direction = SNA_EFFERENT,
                               .ids = &self->source,
                               .node_count = self->source_count,
                               .ranges = self->source_edges,
                               .part = &share->source}};
    int status = 0;

    for (uint64_t i = 0; status == 0 && (column = sna_edge_writer_column(self, i)) != NULL; i++)
        status = sna_column_writer_finish(column);
    detach(self);
    status = sna_ranks_agree(status);
    for (unsigned k = 0; k < 2 && status == 0; k++) {
        job[k].file = &self->file;
        job[k].place = self->place;
        job[k].first = share->first;
        job[k].count = self->count - share->first;
        job[k].memory = self->options.memory;
        status = sna_index_share_prepare(&job[k]);
    }
    /* How large the tables will be is known now. */
    if (status == 0)
        status = sna_h5_unshare(&self->file, status, true);
    if (status == 0) {
        for (unsigned k = 0; k < 2 && status == 0 && sna_rank() == 0; k++)
            status = sna_index_share_reserve(&job[k]);
        status = sna_h5_share(&self->file, status);
    }
    for (unsigned k = 0; k < 2 && status == 0; k++)
        status = sna_index_share_build(&job[k]);
    for (unsigned k = 0; k < 2; k++)
        sna_index_share_free(&job[k]);
    detach(self);
    if (status == 0)
        status = sna_h5_unshare(&self->file, status, false);
    return status;
}

void sna_edge_share_free(sna_edge_share *self)
{
    free(self);
}
