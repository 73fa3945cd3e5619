/* internal.h: what the files of graph share. */
#ifndef SNA_GRAPH_INTERNAL_H
#define SNA_GRAPH_INTERNAL_H

#include <igraph/igraph.h>

#include "graph/graph.h"

struct sna_graph {
    sna_arcs arcs;
    igraph_t directed; /* every connected pair once, self connections included */
    bool made;         /* `directed` exists */
    uint64_t self_connections;
    uint64_t seed;
    uint32_t *label; /* [cells] position in `labels` */
    sna_list labels; /* in order of first appearance */
};

/* ---- igraph_guard.c: igraph's habits kept from the caller ---------------------------------------------------- */

/* Around every use of igraph: errors return instead of ending the program, an interrupt is seen, random numbers come
 * from a generator of our own, started from (seed, purpose). */
typedef struct {
    igraph_error_handler_t *errors;
    igraph_warning_handler_t *warnings;
    igraph_interruption_handler_t *interruptions;
    igraph_rng_t *before, saved, own; /* saved: what `before` points to */
    bool seeded;
} sna_igraph_guard;
int sna_igraph_enter(sna_igraph_guard *self, uint64_t seed, const char *purpose) SNA_CHECK_RESULT;
void sna_igraph_leave(sna_igraph_guard *self);

/* Our status for igraph's, with igraph's sentence behind `what` ("counting triads"); 0 for success. */
int sna_igraph_status(igraph_error_t error, const char *what) SNA_CHECK_RESULT;

/* ---- triads.c ------------------------------------------------------------------------------------------------ */

/* The triad census of a directed graph without self connections and parallel edges, in igraph's order of kinds; on
 * sna_threads() threads, in time that goes with the sum of the degrees at both ends of every edge. */
int sna_triads_count(const igraph_t *graph, double out[16]) SNA_CHECK_RESULT;

/* ---- rewire.c ------------------------------------------------------------------------------------------------ */

/* A graph whose connections are swapped so that every vertex keeps the number of its connections that go out only, come
 * in only, and go both ways (Milo et al. 2002). */
typedef struct sna_rewiring sna_rewiring;
/* `simple` is directed, without self connections and parallel edges. */
int sna_rewiring_create(sna_rewiring **out, const igraph_t *simple) SNA_CHECK_RESULT;
void sna_rewiring_swap(sna_rewiring *self, uint64_t tries, sna_random *random);
/* The graph as it is now; igraph_destroy it. */
int sna_rewiring_graph(const sna_rewiring *self, igraph_t *out) SNA_CHECK_RESULT;
void sna_rewiring_free(sna_rewiring *self);

/* ---- graph.c ------------------------------------------------------------------------------------------------- */

/* A graph of the same pairs without direction and without self connections; igraph_destroy it. */
int sna_graph_undirected(const sna_graph *self, igraph_t *out) SNA_CHECK_RESULT;
/* The directed graph without self connections. */
int sna_graph_simple(const sna_graph *self, igraph_t *out) SNA_CHECK_RESULT;

/* `count` different numbers below `vertices` in ascending order (all of them where count >= vertices), into *out. */
int sna_graph_sample(const sna_graph *self, const char *purpose, uint64_t vertices, uint64_t count,
                     igraph_vector_int_t *out) SNA_CHECK_RESULT;

#endif
