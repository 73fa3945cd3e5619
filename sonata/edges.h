/* edges.h: an edge population from inside. Private to sonata/. */
#ifndef SNA_EDGES_H
#define SNA_EDGES_H

#include "population.h"

/* The index of one direction: the edges of each node. */
typedef struct {
    bool looked_for;
    sna_dataset *nodes, *ranges; /* the two tables of the file; NULL where there is none */
    sna_dataset *pointers;       /* the table of 2018: edges pointer[n] .. pointer[n + 1] - 1 */
    sna_index_source source;
    /* In memory: entries start[n] .. start[n + 1] - 1 of `range` are node n's, or of `edge`; with neither, these are
     * the rows of the edges themselves. */
    uint64_t node_count;
    uint64_t *start; /* [node_count + 1] */
    sna_range *range;
    uint64_t *edge;
    bool scan; /* ids are too far apart for a table: every query looks at all edges */
} sna_edge_index;

struct sna_edges {
    sna_population population;
    char *source_population, *target_population; /* NULL when unknown */
    sna_edge_index index[2];                     /* by sna_direction */
};

/* Opens a population of a file that is open already; the file gets one user more. */
int sna_edges_open_in(sna_edges **out, sna_h5_file *file, const char *types_file, const char *population,
                      sna_notes *notes) SNA_CHECK_RESULT;

/* Looks for the tables in the file. Nothing that is wrong with them is an error: it is noted, and they are not used. */
int sna_edge_index_find(sna_edges *self, sna_direction direction) SNA_CHECK_RESULT;
/* Counts and sorts the ids of that side into memory. */
int sna_edge_index_make(sna_edges *self, sna_direction direction) SNA_CHECK_RESULT;
void sna_edge_index_free(sna_edge_index *self);

#endif
