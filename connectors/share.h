/* share.h: which targets of an edges file this process makes, where several make it, and where its edges stand. */
#ifndef SNA_CONNECTORS_SHARE_H
#define SNA_CONNECTORS_SHARE_H

#include "block.h"

typedef struct {
    uint64_t first_block, end_block; /* of targets, that this rank makes */
    /* Where there are several ranks, else zero and NULL: */
    uint64_t *rows_before, *rows; /* [projections] of the file: of the ranks before this one, and of all */
    uint64_t gaps_before, gaps;   /* gap junctions */
    uint64_t *group_rows;         /* [2 * groups] what `part` points to */
    sna_edge_part part;
} sna_share;

/* Shares the targets out and counts the edges; call it on all ranks. `block` [threads]: one for each thread. */
int sna_share_create(sna_share *out, const sna_network *network, const sna_edge_file *file,
                     const sna_edge_layout *layout, sna_target_block *block, unsigned threads) SNA_CHECK_RESULT;
void sna_share_free(sna_share *self);

#endif
