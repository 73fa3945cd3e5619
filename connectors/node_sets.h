/* node_sets.h: conditions on nodes, alone and as named node sets. */
#ifndef SNA_CONNECTORS_NODE_SETS_H
#define SNA_CONNECTORS_NODE_SETS_H

#include "internal.h"

struct sna_node_column;

/* One property, and the value, or list of values of which any will do, that it must have. */
typedef struct {
    const char *name;
    const cJSON *wanted;
    const struct sna_node_column *column; /* values that differ from node to node, NULL without */
    const sna_column *file;               /* values of a population that exists, NULL for one that is built */
} sna_condition;

/* The condition at `item`, whose key is the property. Errors: SNA_EFORMAT (no node has it). */
int sna_condition_find(const sna_network *self, const sna_population *population, const cJSON *item,
                       sna_condition *out) SNA_CHECK_RESULT;
/* Does a node meet it? `type` is NULL in a population that exists. */
bool sna_condition_holds(const sna_condition *condition, const sna_node_type *type, uint64_t id);

/* Sets marks [nodes] to 1 for the nodes of the population that are in the set whose name stands at `item`. */
int sna_node_set_mark(const sna_network *self, const sna_population *population, const cJSON *item,
                      uint8_t *mark) SNA_CHECK_RESULT;

#endif
