/* found.h: what the files of a network that was built hold, read without the builder's help. */
#ifndef SNA_CONNECTORS_FOUND_H
#define SNA_CONNECTORS_FOUND_H

#include "internal.h"

/* Gives the nodes of a population the places and values that they have in the files. Errors: SNA_EFORMAT (they are not
 * those of the specification). */
int sna_found_nodes(const sna_network *self, sna_population *population) SNA_CHECK_RESULT;

/* One edge: a row that says how many synapses it has, or consecutive rows with one synapse each. */
typedef struct {
    uint64_t row, rows;      /* the first one, and how many */
    uint64_t projection;     /* UINT64_MAX where the file has an edge type that is none of the specification's there */
    uint64_t source, target; /* node ids */
    uint64_t synapses;
    bool ordered;  /* it comes behind the one before it, by target, then source */
    bool repeated; /* the one before it is of the same projection, between the same nodes */
    int64_t type_id;
} sna_found_edge;

typedef int (*sna_found_edge_taker)(void *context, const sna_found_edge *edge);

/* Every edge of one of the network's edges files, in the order of rows, until `take` does not return 0. Errors:
 * SNA_EFORMAT (no such edges), those of reading, and what `take` returns. */
int sna_found_edges(const sna_network *self, uint64_t file, sna_found_edge_taker take, void *context) SNA_CHECK_RESULT;

/* Rows of all edges files that can be opened. */
uint64_t sna_found_rows(const sna_network *self);

#endif
