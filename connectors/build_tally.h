/* build_tally.h: what a build makes of each projection of an edges file, added up block by block. */
#ifndef SNA_CONNECTORS_BUILD_TALLY_H
#define SNA_CONNECTORS_BUILD_TALLY_H

#include "block.h"

typedef struct {
    sna_network *network;
    const sna_edge_file *file;
    uint32_t **out; /* [projections][sources] out-degrees */
} sna_build_tally;

int sna_build_tally_create(sna_build_tally *out, sna_network *network, const sna_edge_file *file) SNA_CHECK_RESULT;
/* For one block at a time. */
void sna_build_tally_add(sna_build_tally *self, const sna_target_block *block);
/* When all blocks are in, those of all processes: adds theirs up. */
int sna_build_tally_finish(sna_build_tally *self) SNA_CHECK_RESULT;
void sna_build_tally_free(sna_build_tally *self);

#endif
