/* index_write.h: building the index of one direction into a file. Private to sonata/. */
#ifndef SNA_INDEX_WRITE_H
#define SNA_INDEX_WRITE_H

#include "h5write.h"

enum { SNA_INDEX_MEMORY = 256 * 1024 * 1024 };

typedef struct {
    sna_h5_output *file;
    hid_t population;  /* the group with the ids, which are in the file */
    hid_t indices;     /* its group `indices` */
    const char *place; /* the path of that one */
    sna_direction direction;
    uint64_t edge_count, node_count;
    const uint64_t *count; /* [node_count] edges of each node */
    bool sorted;           /* ids ascend: nothing has to be sorted */
    uint64_t memory;       /* 0: SNA_INDEX_MEMORY */
    unsigned compress;
} sna_index_job;

/* Writes both tables, under both spellings. The edges of a node ascend. */
int sna_index_build(const sna_index_job *job) SNA_CHECK_RESULT;

#endif
