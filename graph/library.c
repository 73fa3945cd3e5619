/* library.c: the table of functions for programs that load this library when they need it. */
#include "graph/internal.h"

const sna_graph_functions sna_graph_library = {
    .create = sna_graph_create,
    .vertices = sna_graph_vertices,
    .edges = sna_graph_edges,
    .free = sna_graph_free,
    .summary = sna_graph_summary,
    .table = sna_graph_table,
    .degrees = sna_graph_degrees,
    .motifs = sna_graph_motifs,
    .communities = sna_graph_communities,
    .centrality = sna_graph_centrality,
    .export = sna_graph_export,
    .igraph_version = IGRAPH_VERSION,
};
