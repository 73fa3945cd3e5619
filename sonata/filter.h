/* filter.h: a filter expression as a tree. Private to sonata/. */
#ifndef SNA_FILTER_H
#define SNA_FILTER_H

#include "sonata.h"

typedef enum {
    /* values */
    SNA_FILTER_INTEGER,
    SNA_FILTER_REAL,
    SNA_FILTER_TEXT,
    SNA_FILTER_TRUTH,
    SNA_FILTER_NAME,
    SNA_FILTER_NEGATE,
    SNA_FILTER_ABSOLUTE,
    SNA_FILTER_ADD,
    SNA_FILTER_SUBTRACT,
    SNA_FILTER_MULTIPLY,
    SNA_FILTER_DIVIDE,
    /* conditions */
    SNA_FILTER_EQUAL,
    SNA_FILTER_UNEQUAL,
    SNA_FILTER_LESS,
    SNA_FILTER_LESS_EQUAL,
    SNA_FILTER_GREATER,
    SNA_FILTER_GREATER_EQUAL,
    SNA_FILTER_IN,
    SNA_FILTER_MATCH,
    SNA_FILTER_MISSING,
    SNA_FILTER_AND,
    SNA_FILTER_OR,
    SNA_FILTER_NOT
} sna_filter_op;

/* What a node of the tree gives; settled by sna_filter_bind. A name is a flag where a condition is needed. */
typedef enum { SNA_FILTER_IS_INTEGER, SNA_FILTER_IS_REAL, SNA_FILTER_IS_TEXT, SNA_FILTER_IS_TRUTH } sna_filter_kind;

/* Rows are tested so many at a time: the rooms of a node stay in the cache. */
enum { SNA_FILTER_BATCH = 1024 };
#define SNA_FILTER_NONE UINT32_MAX

typedef struct {
    sna_filter_op op;
    sna_filter_kind kind;
    uint32_t left, right; /* nodes, or SNA_FILTER_NONE */
    int64_t integer;      /* constants */
    double real;
    char *text;
    uint32_t name, part; /* of names: which, and which value of a row */
    bool has_part;
    sna_pattern *pattern; /* of a match */
    /* of a list: texts, or numbers sorted */
    sna_list texts;
    int64_t *integers; /* [number_count]; NULL where one is no integer */
    double *reals;     /* [number_count] */
    uint64_t number_count;
    /* Results of a batch, by kind. */
    void *room;       /* [SNA_FILTER_BATCH] int64_t, double or uint8_t */
    uint8_t *missing; /* [SNA_FILTER_BATCH] for integers of a column */
    /* What a comparison of texts says of each text of the column. */
    uint8_t *verdict; /* [verdict_count] */
    uint64_t verdict_count, verdict_capacity;
    const sna_list *verdict_texts;
} sna_filter_node;

struct sna_filter {
    char *text;
    sna_filter_node *node; /* [count] */
    uint64_t count, capacity;
    uint32_t root;
    sna_list names;
    sna_type *type; /* [names.count] what it was bound to; NULL before */
    uint32_t *width;
};

/* For qsort and bsearch over double and int64_t. */
int sna_filter_compare_reals(const void *a, const void *b);
int sna_filter_compare_integers(const void *a, const void *b);

#endif
