/* block.h: the edges that end on one block of targets, as they go into an edges file. */
#ifndef SNA_CONNECTORS_BLOCK_H
#define SNA_CONNECTORS_BLOCK_H

#include "layout.h"

/* What one thread needs to make a block; used again for the next one. */
typedef struct {
    const sna_network *network;
    const sna_edge_file *file;
    const sna_edge_layout *layout;

    /* Of each projection of the file: */
    sna_rows *rows;            /* what was drawn, which may be more than this block */
    uint64_t *first, *end;     /* for these of its targets, by position */
    uint64_t *target, *stop;   /* the next one of this block, and the one behind its last */
    uint64_t *cursor, *active; /* while the rows of one target are merged */
    sna_made *made;            /* in this block; out_squares are another's business */

    uint64_t *counted; /* rows of the file that this block has, see sna_target_block_count */

    /* Connected pairs, by target, then source, then entry: */
    uint64_t pairs, pair_capacity;
    uint64_t *source, *to, *synapses;
    uint32_t *projection, *copy; /* copy: which of several edges of this entry between the same two nodes */

    /* Rows of the file; the ids are those of the pairs where each pair has one row: */
    uint64_t count, capacity;
    uint64_t *source_id, *target_id;
    int64_t *type_id;
    uint32_t *row_projection;
    struct sna_block_column {
        int64_t *integer; /* [count] of the column's type, the others NULL */
        double *real;
        const char **text;
    } * column; /* [columns] */
} sna_target_block;

int sna_target_block_create(sna_target_block *out, const sna_network *network, const sna_edge_file *file,
                            const sna_edge_layout *layout) SNA_CHECK_RESULT;
/* The edges that end on the nodes first_id .. end_id-1. Values from lists are left out: see sna_target_block_number. */
int sna_target_block_make(sna_target_block *self, uint64_t first_id, uint64_t end_id) SNA_CHECK_RESULT;
/* Draws the same edges, only to know how many rows of the file each projection has: `counted`. */
int sna_target_block_count(sna_target_block *self, uint64_t first_id, uint64_t end_id) SNA_CHECK_RESULT;
/* Fills in values from lists, of which `used` [projections] have been taken by the blocks before this one. */
int sna_target_block_number(sna_target_block *self, uint64_t *used) SNA_CHECK_RESULT;
/* The sources of a projection's edges in this block, as positions: those at *first .. *end-1 of the array. */
const uint64_t *sna_target_block_sources(const sna_target_block *self, uint64_t projection, uint64_t *first,
                                         uint64_t *end);
void sna_target_block_free(sna_target_block *self);

#endif
