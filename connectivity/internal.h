/* internal.h: what the files of connectivity share. */
#ifndef SNA_CONNECTIVITY_INTERNAL_H
#define SNA_CONNECTIVITY_INTERNAL_H

#include "connectivity/connectivity.h"
#include "connectivity/values.h"

/* ---- side.c: groups of cells -------------------------------------------------------------------------------- */

/* One node population on one side. A *slot* numbers the nodes of all chosen populations of a side. */
typedef struct {
    sna_nodes *nodes; /* NULL until a survey needs the population */
    uint64_t count;
    bool chosen;
    uint32_t *group;     /* [count] of each row; the side's `groups` for nodes in none */
    uint64_t first_slot; /* of row 0 */
} sna_side_population;

typedef struct {
    sna_group *group; /* [groups] */
    uint64_t groups, group_capacity;
    sna_side_population *population; /* [populations], as in the circuit */
    uint64_t populations;
    uint64_t slots;
    uint64_t *member; /* slots of the cells of group 0, 1... in node order */
    uint64_t *first;  /* [groups + 1] where each group starts in `member` */
} sna_side;

/* An edge population and the positions of the node populations at its ends. */
typedef struct {
    sna_edges *edges;
    uint64_t index; /* in the circuit */
    uint64_t source, target;
} sna_link;

typedef struct {
    sna_link *link; /* [count] */
    uint64_t count;
} sna_links;

/* Edge populations of a circuit, `name` (NULL: all) only. */
int sna_links_list(sna_links *out, sna_circuit *circuit, const char *name) SNA_CHECK_RESULT;
void sna_links_free(sna_links *self);

/* Chooses populations for both sides, and sets their `populations`; no groups yet. */
int sna_sides_choose(sna_side *source, sna_side *target, sna_circuit *circuit, const sna_links *links,
                     const sna_survey_request *request) SNA_CHECK_RESULT;
/* Chooses populations and groups for both sides. */
int sna_sides_create(sna_side *source, sna_side *target, sna_circuit *circuit, const sna_links *links,
                     const sna_survey_request *request) SNA_CHECK_RESULT;
/* One side by itself, for the populations and groups of the request (which nodes it names does not matter). */
int sna_side_create(sna_side *self, sna_circuit *circuit, const sna_cell_request *request) SNA_CHECK_RESULT;
/* Makes sure that a population that was not chosen can be looked up: all of its nodes are in no group. */
int sna_side_complete(sna_side *self, sna_circuit *circuit, uint64_t population) SNA_CHECK_RESULT;
void sna_side_free(sna_side *self);

/* ---- scan.c: edges, block by block -------------------------------------------------------------------------- */

enum { SNA_SCAN_CHUNK = 1 << 18 }; /* rows a chunk; see sna_scan.chunk */

/* Some consecutive edges of one population, as node rows. Valid during the call that gets it. */
typedef struct {
    uint64_t first; /* row of the first edge */
    uint64_t count;
    const uint64_t *source, *target;
    const uint8_t *gap;       /* [count] 1 for gap junctions; NULL: none is one, or it was not asked for */
    const uint64_t *synapses; /* [count]; NULL: one each, or not asked for */
    const sna_column *column; /* [attributes] */
} sna_edge_rows;

typedef struct {
    sna_circuit *circuit;
    const sna_link *link;
    sna_nodes *source, *target;
    bool gap, synapses;           /* read these */
    const char *const *attribute; /* [attributes] and these */
    uint64_t attributes;
    unsigned threads; /* 1 .. */
    void *context;
    /* Takes edges; `thread` is below `threads`, calls with the same one do not overlap. */
    int (*take)(void *context, unsigned thread, const sna_edge_rows *rows);
    /* Called when a chunk (a fixed number of rows) is through, in the order of the chunks; calls do not overlap. NULL:
     * nothing to do. */
    int (*chunk)(void *context, unsigned thread);
    sna_progress *progress; /* NULL: none */
} sna_scan;

int sna_scan_run(const sna_scan *self) SNA_CHECK_RESULT;

/* ---- pairs.c: which cells are connected, and which way ------------------------------------------------------- */

/* Connections between two node populations P and Q (or within P = Q), brought together by unordered pair. */
typedef struct sna_pairs sna_pairs;

/* What connects a pair (i in P, j in Q; where P = Q, i <= j). */
typedef struct {
    uint64_t i, j;
    uint32_t forward, backward; /* i to j, j to i: rows, gap junctions aside */
    uint32_t gap_forward, gap_backward;
} sna_pair;

typedef int (*sna_pair_visitor)(void *context, unsigned thread, const sna_pair *pair);

/* `edges` is how many will be added at most. */
int sna_pairs_create(sna_pairs **out, uint64_t nodes_p, uint64_t nodes_q, bool same, uint64_t edges,
                     uint64_t memory) SNA_CHECK_RESULT;
/* Each pass over the edges: begin, add (from several threads), end; and again while sna_pairs_more says so. A pair is
 * visited once in all; visits of different pairs may overlap in time. */
bool sna_pairs_more(const sna_pairs *self);
int sna_pairs_begin(sna_pairs *self) SNA_CHECK_RESULT;
/* `reversed`: from Q to P. `gap` may be NULL. */
int sna_pairs_add(sna_pairs *self, const uint64_t *source, const uint64_t *target, const uint8_t *gap, uint64_t count,
                  bool reversed) SNA_CHECK_RESULT;
int sna_pairs_end(sna_pairs *self, unsigned threads, sna_pair_visitor visit, void *context) SNA_CHECK_RESULT;
void sna_pairs_free(sna_pairs *self);

/* ---- degrees.c: what each cell has --------------------------------------------------------------------------- */

/* For each node (slot) of one side and each group of the other. NULL where not measured. */
typedef struct {
    uint64_t slots, groups;
    uint32_t *rows; /* [slots * groups] */
    uint64_t *synapses;
    uint32_t *others; /* distinct other cells connected to it */
    uint32_t *self;   /* [slots] of a cell connected to itself: its group on the other side, plus 1; else 0 */
    uint32_t *gaps;   /* distinct cells that gap junctions join it with */
} sna_degrees;

void sna_degrees_free(sna_degrees *self);

/* ---- errors out of threads ----------------------------------------------------------------------------------- */

/* The first failure of several threads; `message` belongs to the one that failed first. */
typedef struct {
    int status;
    char message[1024];
} sna_failure;
/* Call it inside a critical section. */
void sna_failure_note(sna_failure *self, int status);
int sna_failure_raise(const sna_failure *self) SNA_CHECK_RESULT;

/* ---- space.c: where cells are --------------------------------------------------------------------------------- */

/* Distances between the cells of two populations, along the axes that are asked for. */
typedef struct {
    const double (*source)[3], (*target)[3]; /* [nodes]; NULL where a population lacks an axis */
    unsigned axes;
} sna_span;

/* `axes` 0: those that both populations have. A population without positions, or without an axis asked for, makes the
 * span empty, which is no error. */
int sna_span_open(sna_span *out, sna_nodes *source, sna_nodes *target, unsigned axes) SNA_CHECK_RESULT;
bool sna_span_is_empty(const sna_span *self);
/* um; NaN where one of the cells lacks a coordinate. */
double sna_span_distance(const sna_span *self, uint64_t source, uint64_t target);

/* ---- edge_values.c: properties and lengths of edges, while the edges are read ---------------------------------- */

/* What value. */
typedef enum { SNA_VALUE_PROPERTY, SNA_VALUE_DISTANCE, SNA_VALUE_DELAY } sna_value_kind;

typedef struct {
    sna_value_kind kind;
    const char *name; /* of the property; "delay" */
    bool text;        /* values are positions in `texts` */
    sna_list texts;
    sna_values_store *store; /* of blocks source * targets + target; delay with distance beside it */
} sna_edge_value;

typedef struct sna_edge_values sna_edge_values;
/* NULL in *out where none is asked for. Errors: SNA_ENOTFOUND (a property that no edge population has). */
int sna_edge_values_create(sna_edge_values **out, sna_survey *survey, const sna_survey_request *request,
                           const sna_links *links, unsigned threads) SNA_CHECK_RESULT;
/* The attributes to read from a population: names, for sna_scan. Those it lacks are left out. */
int sna_edge_values_begin(sna_edge_values *self, const sna_link *link, const char *const **attribute,
                          uint64_t *attributes) SNA_CHECK_RESULT;
/* For sna_scan.take and .chunk. */
int sna_edge_values_take(sna_edge_values *self, unsigned thread, const sna_edge_rows *rows) SNA_CHECK_RESULT;
int sna_edge_values_chunk(sna_edge_values *self, unsigned thread) SNA_CHECK_RESULT;
int sna_edge_values_finish(sna_edge_values *self) SNA_CHECK_RESULT;
/* The value of a kind (and name, for properties), NULL when it was not gathered. */
const sna_edge_value *sna_edge_values_find(const sna_edge_values *self, sna_value_kind kind, const char *name);
void sna_edge_values_free(sna_edge_values *self);

/* ---- extent.c: how near and how far cells are -------------------------------------------------------------------- */

/* Cells in space. */
typedef struct {
    const double *x, *y, *z; /* [count] um, finite */
    uint64_t count;
} sna_cloud;

/* The smallest and the largest distance of a cell of `a` and one of `b`, each of which has at least one; 0 where a cell
 * is in both. */
int sna_cloud_extent(double *nearest, double *farthest, const sna_cloud *a, const sna_cloud *b) SNA_CHECK_RESULT;

/* ---- proximity.c: connections by distance ---------------------------------------------------------------------- */

/* Of a block. */
typedef struct {
    uint64_t bins;       /* 0: no pair with positions */
    double *edge;        /* [bins + 1] um */
    double *possible;    /* [bins] pairs of different cells */
    double *error;       /* [bins] standard error of these; 0 where all pairs were counted */
    double *mean;        /* [bins] their mean distance, to a 4000th of all that the bins span */
    uint64_t *connected; /* [bins] of them */
    uint64_t samples;    /* random pairs that `possible` is estimated from; 0: all were counted */
} sna_proximity;

typedef struct {
    sna_proximity *block; /* [source groups * target groups] */
    uint64_t blocks;
    bool sampled; /* blocks of more pairs than samples */
} sna_proximities;

/* Bins and possible pairs of every block; nothing connected yet. */
int sna_proximities_create(sna_proximities *out, sna_survey *survey,
                           const sna_survey_request *request) SNA_CHECK_RESULT;
/* Adds a connected pair; distance in um (NaN: none). May be called from several threads. */
void sna_proximity_add(sna_proximity *self, double distance);
void sna_proximities_free(sna_proximities *self);

/* ---- bins.c ---------------------------------------------------------------------------------------------------- */

/* Edges [*bins + 1] of bins over low .. high, free() them: `*bins` of equal width, or where that is 0: one for each
 * whole number (edges at halves) where all values are whole and these are at most 100, else as many as Freedman &
 * Diaconis (1981) say for `count` values with the given quartiles, 1 .. 100. Where low and high differ by no more than
 * rounding, the bins lie around them: half a unit, or half of a value that is smaller than 1. */
int sna_bins_make(double **edge, uint64_t *bins, double low, double high, bool whole, double count, double quartile_1,
                  double quartile_3) SNA_CHECK_RESULT;
/* The bin of a value, `bins` when it is outside. */
uint64_t sna_bins_find(const double *edge, uint64_t bins, double value);

/* ---- survey.c ------------------------------------------------------------------------------------------------ */

struct sna_survey {
    sna_circuit *circuit;
    unsigned measure;
    sna_side source, target;
    sna_block *block;        /* [source groups * target groups] */
    sna_degrees in, out;     /* of target slots by source group, of source slots by target group */
    sna_edge_values *values; /* NULL where none were asked for */
    sna_proximities proximities;
};

#endif
