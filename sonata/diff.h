/* diff.h: comparing two networks or files. Private to sonata/. */
#ifndef SNA_DIFF_H
#define SNA_DIFF_H

#include "sonata.h"

/* Adds a difference: `count` things of population `place` differ, as the sentence says. */
int sna_differences_add(sna_differences *self, const char *kind, const char *place, uint64_t count, const char *format,
                        ...) SNA_CHECK_RESULT SNA_PRINTF(5, 6);
int sna_differences_note(sna_differences *self, const char *format, ...) SNA_CHECK_RESULT SNA_PRINTF(2, 3);

/* "node" or "nodes", "is" or "are"; ready for a sentence. */
const char *sna_one_or_many(uint64_t count, const char *one, const char *many);

/* ---- values ------------------------------------------------------------------------------------------------- */

/* Is there no value: the column is NULL, the row is missing, NaN or an empty text (a missing number can only be written
 * as NaN, and readers see a missing text as an empty one)? */
bool sna_value_is_nothing(const sna_column *column, uint64_t row);
/* The same value, whatever it is stored as: 3 is 3.0, nothing is nothing. */
bool sna_value_is_equal(const sna_column *a, uint64_t row_a, const sna_column *b, uint64_t row_b);
/* For sentences: 0.5, 'PN', [1, 2, 3] or nothing. Appended. */
int sna_value_print(const sna_column *column, uint64_t row, sna_string *out) SNA_CHECK_RESULT;

/* An attribute that A or B has. */
typedef struct {
    char *name;
    int64_t in[2];    /* its position among those of A and of B, -1 where it is not there */
    uint64_t differs; /* nodes or edges for which it does */
    char *example;    /* NULL while none does */
} sna_attribute_pair;

typedef struct {
    sna_attribute_pair *pair; /* [count] sorted by name */
    uint64_t count, capacity;
} sna_attribute_pairs;

int sna_attribute_pairs_make(sna_attribute_pairs *self, const sna_list *a, const sna_list *b) SNA_CHECK_RESULT;
/* Adds a difference for each attribute that differs; `thing` is "node" or "edge". */
int sna_attribute_pairs_report(const sna_attribute_pairs *self, sna_differences *out, const char *place,
                               const char *thing) SNA_CHECK_RESULT;
void sna_attribute_pairs_free(sna_attribute_pairs *self);

/* ---- parts -------------------------------------------------------------------------------------------------- */

int sna_diff_nodes(sna_nodes *a, sna_nodes *b, sna_differences *out) SNA_CHECK_RESULT;
/* `memory` in bytes. */
int sna_diff_edges(sna_edges *a, sna_edges *b, uint64_t memory, sna_differences *out) SNA_CHECK_RESULT;
int sna_diff_gaps(sna_circuit *a, sna_circuit *b, sna_differences *out) SNA_CHECK_RESULT;
int sna_diff_spikes(const char *a, const char *b, const char *population, sna_differences *out) SNA_CHECK_RESULT;
int sna_diff_reports(const char *a, const char *b, const char *population, sna_differences *out) SNA_CHECK_RESULT;

/* ---- edges as sets ------------------------------------------------------------------------------------------ */

/* What is told of edges that the other side has not. */
typedef struct {
    int (*changed)(void *context, uint64_t row_a, uint64_t row_b); /* same nodes, other values */
    int (*only)(void *context, int side, uint64_t row);            /* 0: in A only, 1: in B only */
    void *context;
} sna_edge_set_watcher;

/* Holds two populations against each other as multisets of (source, target, values of the attributes paired), whatever
 * their order, in about `memory` bytes: edges are known by 128-bit hashes, in as many passes as that takes. */
int sna_edge_sets_compare(sna_edges *const edges[2], const sna_list attributes[2], const sna_attribute_pairs *pairs,
                          uint64_t memory, const sna_edge_set_watcher *watcher) SNA_CHECK_RESULT;

#endif
