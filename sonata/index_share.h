/* index_share.h: the index of one direction of an edges file that several processes write. Private to sonata/. */
#ifndef SNA_INDEX_SHARE_H
#define SNA_INDEX_SHARE_H

#include "sonata/h5write.h"

/* The ids at one end of this rank's edges, in their order. */
typedef struct {
    uint64_t count, first_id, last_id;
    uint64_t lead; /* edges that have first_id before the first that has not; 0: there is none that has not */
} sna_index_part;

/* Adds ids, and to ranges [nodes] where a run of one id begins. */
void sna_index_part_count(sna_index_part *self, uint64_t *ranges, const uint64_t *id, uint64_t count);

/* Calls, on all ranks: prepare; reserve (rank 0 alone, which has the file open by itself); build (when the file is
 * shared again); free. */
typedef struct {
    sna_h5_output *file;
    const char *place; /* path of the population */
    sna_direction direction;
    sna_column_writer *ids; /* the column that is indexed; detached between the calls */
    uint64_t first, count;  /* edges of this rank */
    uint64_t node_count;
    uint64_t *ranges; /* [node_count] of this rank; after prepare of all */
    sna_index_part *part;
    uint64_t memory; /* 0: SNA_INDEX_MEMORY */
    /* Set by prepare: */
    uint64_t skip, more; /* edges at the beginning that belong to a range of a rank before; edges of ranks behind that
                            belong to this rank's last range */
    uint64_t most;       /* edges of the rank that has most */
    uint64_t *start;     /* [node_count + 1] ranges of the nodes before */
} sna_index_share;

int sna_index_share_prepare(sna_index_share *self) SNA_CHECK_RESULT;
int sna_index_share_reserve(sna_index_share *self) SNA_CHECK_RESULT;
int sna_index_share_build(sna_index_share *self) SNA_CHECK_RESULT;
void sna_index_share_free(sna_index_share *self);

#endif
