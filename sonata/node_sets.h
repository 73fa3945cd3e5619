/* node_sets.h: node sets from inside. Private to sonata/. */
#ifndef SNA_NODE_SETS_H
#define SNA_NODE_SETS_H

#include "sonata.h"

typedef enum { SNA_IS, SNA_MATCHES, SNA_GREATER, SNA_LESS, SNA_AT_LEAST, SNA_AT_MOST } sna_operator;

/* What one value of a clause is compared with. */
typedef struct {
    sna_operator operator;
    sna_type type;   /* SNA_INTEGER, SNA_REAL, SNA_TEXT, SNA_BOOLEAN */
    int64_t integer; /* and SNA_BOOLEAN */
    uint64_t id;     /* of node_id, where all 64 bits count */
    double real;     /* of numbers */
    char *text;
    sna_pattern *pattern; /* of SNA_MATCHES */
} sna_criterion;

typedef enum { SNA_ATTRIBUTE_CLAUSE, SNA_POPULATION_CLAUSE, SNA_ID_CLAUSE } sna_clause_kind;

/* `attribute: value`: any of the values, or all of the operators. */
typedef struct {
    sna_clause_kind kind;
    char *attribute;
    bool all; /* operators */
    sna_criterion *criterion;
    uint64_t count, capacity;
} sna_clause;

typedef struct {
    char *name, *place; /* file and key, for messages */
    bool is_compound;
    sna_list members;   /* of a compound set */
    sna_clause *clause; /* of a basic one */
    uint64_t count, capacity;
} sna_node_set;

struct sna_node_sets {
    sna_node_set *set;
    uint64_t count, capacity;
};

/* Adds the sets in an object of a document. */
int sna_node_sets_add(sna_node_sets *self, const sna_json *json, const struct cJSON *object, sna_list *replaced,
                      sna_notes *notes) SNA_CHECK_RESULT;
const sna_node_set *sna_node_sets_find(const sna_node_sets *self, const char *name);

#endif
