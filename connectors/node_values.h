/* node_values.h: properties that differ from node to node. */
#ifndef SNA_CONNECTORS_NODE_VALUES_H
#define SNA_CONNECTORS_NODE_VALUES_H

#include "generator.h"

/* A property of the nodes of a population; types that do not generate it leave their nodes without. */
typedef struct sna_node_column {
    const char *name;
    sna_type type;
    sna_storage storage;
    int64_t *integer; /* [nodes] of the column's type, the others NULL */
    double *real;
    const char **text;
} sna_node_column;

/* Draws the generated values of all types of a population. */
int sna_node_values_make(sna_network *network, sna_population *population) SNA_CHECK_RESULT;
void sna_node_values_free(sna_population *population);
/* The column of a name, NULL when no type generates it; and does this type? */
const sna_node_column *sna_node_values_find(const sna_population *population, const char *name);
bool sna_node_type_generates(const sna_node_type *type, const char *name);

#endif
