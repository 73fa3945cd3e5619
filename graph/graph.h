/* graph.h: a network as a graph: vertices are cells, known by population and node id; edges are connected (source,
 * target) pairs. Measures are igraph's.
 *
 * This header belongs to libsonatina-graph, which is linked with igraph. A program that does not always need it may
 * load it when it does: dlopen("libsonatina-graph.so.0"), then dlsym(..., "sna_graph_library"), whose value gives every
 * function below.
 *
 * igraph keeps its random numbers and its error handler in global variables: calls from several threads must not
 * overlap. Both are put back as they were when a call returns. */
#ifndef SNA_GRAPH_H
#define SNA_GRAPH_H

#include "base/base.h"
#include "connectivity/connectivity.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sna_graph sna_graph;

typedef struct {
    /* As in sna_survey_request. Vertices are the cells of all populations chosen as sources or targets. */
    const char *sources, *targets;
    const char *edges;
    bool no_gap;
    const char
        *label;    /* node property that labels cells; NULL: pop_name where any population has it, else node_type_id */
    uint64_t seed; /* of everything random below */
} sna_graph_request;

/* Reads the edges. The circuit must outlive the graph. Errors: as for sna_survey_run, and SNA_EEXTERNAL for what igraph
 * refuses, here and below. */
int sna_graph_create(sna_graph **out, sna_circuit *circuit, const sna_graph_request *request) SNA_CHECK_RESULT;
uint64_t sna_graph_vertices(const sna_graph *self);
/* Connected ordered pairs, self connections included. */
uint64_t sna_graph_edges(const sna_graph *self);
void sna_graph_free(sna_graph *self);

/* Vertices, edges, density, reciprocity, components and degrees; with `more` also degree correlation and assortativity,
 * clustering, path lengths, and the small-world index sigma = (C / C_r) / (L / L_r) (Humphries & Gurney 2008, eq. 3) of
 * the graph without directions, against random graphs of as many vertices and edges.
 * Density and reciprocity leave self connections out; in a degree each counts once in and once out. Path lengths are
 * means over pairs that are connected, from `samples` random vertices where there are more than that (0: 100). */
int sna_graph_summary(const sna_graph *self, bool more, uint64_t samples, sna_record **out) SNA_CHECK_RESULT;

/* One row a cell: population, node id, label, and the number of cells of each label that connect to it ("LABEL incoming
 * Connections", the column names of bmtool's CSV); a cell connected to itself counts. */
int sna_graph_table(const sna_graph *self, sna_table **out) SNA_CHECK_RESULT;

/* One row a cell: population, node id, label, in- and out-degree: cells that connect to it, and that it connects to. */
int sna_graph_degrees(const sna_graph *self, sna_table **out) SNA_CHECK_RESULT;

/* The 16 kinds of triads (M-A-N labels of Holland & Leinhardt 1970) with their counts; for the kinds that are connected
 * also mean and standard deviation over `random` graphs (edges swapped 10 times each), and the z-score. Self
 * connections are left out. `random` 0: no null. What the random graphs have in common with the network is `null`:
 * "degrees" (or NULL), in- and out-degree of every cell: z then shows what reciprocity does, too; "mutual", for every
 * cell the connections that go out only, that come in only and that go both ways (Milo et al. 2002): z then shows what
 * is beyond reciprocity. Errors: SNA_EINVAL (another null). */
int sna_graph_motifs(const sna_graph *self, uint64_t random, const char *null, sna_table **out) SNA_CHECK_RESULT;

/* "louvain" (Blondel et al. 2008) and "leiden" (Traag et al. 2019) maximise modularity without regard to direction,
 * "infomap" (Rosvall & Bergstrom 2008) follows it. One row a community, largest first: size, cells of each label, edges
 * within and leaving. `members` (may be NULL): one row a cell with its community. */
int sna_graph_communities(const sna_graph *self, const char *method, sna_table **out,
                          sna_table **members) SNA_CHECK_RESULT;

/* One row a cell: in- and out-degree, PageRank (damping 0.85), betweenness (share of shortest paths that pass
 * through), harmonic closeness (mean of 1 / distance from all others), core number. Of more than `samples` cells
 * betweenness and closeness are estimated from so many random sources, which a note says. 0: 2000, fewer (100 at
 * least) where that would follow more than 2e8 edges, which takes some ten seconds. `sort` (may be NULL)
 * is the column to sort by, largest first; `most` rows at most (0: all). */
int sna_graph_centrality(const sna_graph *self, uint64_t samples, const char *sort, uint64_t most,
                         sna_table **out) SNA_CHECK_RESULT;

/* Writes the graph for other programs, by the ending of the path: .graphml, .gml, or .csv (a list of edges). Vertices
 * have population, node_id and label; edges population and id of both ends, multiplicity (rows), nsyns, weight (sum of
 * syn_weight) and gap_junction. Chemical connections and gap junctions of a pair are two edges. Errors: SNA_EINVAL
 * (another ending), SNA_EIO. */
int sna_graph_export(const sna_graph *self, const char *path) SNA_CHECK_RESULT;

/* All of the above for a program that loads the library. */
typedef struct {
    int (*create)(sna_graph **out, sna_circuit *circuit, const sna_graph_request *request);
    uint64_t (*vertices)(const sna_graph *self);
    uint64_t (*edges)(const sna_graph *self);
    void (*free)(sna_graph *self);
    int (*summary)(const sna_graph *self, bool more, uint64_t samples, sna_record **out);
    int (*table)(const sna_graph *self, sna_table **out);
    int (*degrees)(const sna_graph *self, sna_table **out);
    int (*motifs)(const sna_graph *self, uint64_t random, const char *null, sna_table **out);
    int (*communities)(const sna_graph *self, const char *method, sna_table **out, sna_table **members);
    int (*centrality)(const sna_graph *self, uint64_t samples, const char *sort, uint64_t most, sna_table **out);
    int (*export)(const sna_graph *self, const char *path);
    const char *igraph_version;
} sna_graph_functions;
extern const sna_graph_functions sna_graph_library;

#ifdef __cplusplus
}
#endif
#endif
