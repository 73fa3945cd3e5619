/* graph.h: what the commands of the group `graph` share. */
#ifndef SNA_CLI_GRAPH_H
#define SNA_CLI_GRAPH_H

#include "graph/graph.h"
#include "picture.h"

/* CONFIG, the choice of cells and edges, --seed, --format. Input of graph_argp, and with how to draw of
 * graph_picture_argp. */
typedef struct {
    const char *config;
    sna_graph_request request;
    output_options output;
    picture_options picture;
} graph_options;
extern const struct argp graph_argp, graph_picture_argp;

/* A graph and the library that it is from. */
typedef struct {
    void *handle;
    const sna_graph_functions *library;
    sna_circuit *circuit;
    sna_graph *graph;
} graph_session;

/* Loads libsonatina-graph alone. Errors: SNA_EMISSING. */
int graph_load(graph_session *self) SNA_CHECK_RESULT;
/* Loads libsonatina-graph, opens the circuit and makes the graph. Errors: SNA_EMISSING (no such library, or no igraph).
 * Close it, also after a failure. */
int graph_open(graph_session *self, const graph_options *options) SNA_CHECK_RESULT;
void graph_close(graph_session *self);

#endif
