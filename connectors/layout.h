/* layout.h: the columns of an edges file. Entries may give their edges different properties; where every entry can fill
 * every column, all edges go into one group, which is all that some readers read, else into several. */
#ifndef SNA_CONNECTORS_LAYOUT_H
#define SNA_CONNECTORS_LAYOUT_H

#include "generator.h"

typedef struct {
    const char *name;
    sna_type type;
    sna_storage storage;
} sna_edge_column;

/* How a projection fills a column. */
typedef struct {
    enum {
        SNA_FILL_NOT,      /* the column is none of its group's */
        SNA_FILL_SYNAPSES, /* the pair's number of synapses */
        SNA_FILL_VALUE,    /* always the same */
        SNA_FILL_GENERATED
    } kind;
    sna_value value;
    uint64_t generator, from; /* which of the entry's generators, which of its columns */
} sna_edge_fill;

typedef struct {
    sna_edge_column *column; /* [columns] of all groups */
    uint64_t columns;
    uint64_t groups;
    bool *has;           /* [groups * columns] */
    uint64_t *group;     /* [projections] */
    sna_edge_fill *fill; /* [projections * columns] */
    bool *per_synapse;   /* [projections] a row a synapse, else a row a pair */
    bool any_per_synapse;
} sna_edge_layout;

int sna_edge_layout_create(sna_edge_layout *out, const sna_network *network,
                           const sna_edge_file *file) SNA_CHECK_RESULT;
void sna_edge_layout_free(sna_edge_layout *self);

#endif
