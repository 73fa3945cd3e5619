/* internal.h: what the files of connectivity share. */
#ifndef SNA_CONNECTIVITY_INTERNAL_H
#define SNA_CONNECTIVITY_INTERNAL_H

#include "connectivity/connectivity.h"

/* ---- axis.c: groups of cells -------------------------------------------------------------------------------- */

/* One node population on one axis. A *slot* numbers the nodes of all chosen populations of an axis. */
typedef struct {
    sna_nodes *nodes; /* NULL until a survey needs the population */
    uint64_t count;
    bool chosen;
    uint32_t *group;     /* [count] of each row; the axis's `groups` for nodes in none */
    uint64_t first_slot; /* of row 0 */
} sna_axis_population;

typedef struct {
    sna_group *group; /* [groups] */
    uint64_t groups, group_capacity;
    sna_axis_population *population; /* [populations], as in the circuit */
    uint64_t populations;
    uint64_t slots;
    uint64_t *member; /* slots of the cells of group 0, 1... in node order */
    uint64_t *first;  /* [groups + 1] where each group starts in `member` */
} sna_axis;

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

/* Chooses populations for both axes, and sets their `populations`; no groups yet. */
int sna_axes_choose(sna_axis *source, sna_axis *target, sna_circuit *circuit, const sna_links *links,
                    const sna_survey_request *request) SNA_CHECK_RESULT;
/* Chooses populations and groups for both axes. */
int sna_axes_create(sna_axis *source, sna_axis *target, sna_circuit *circuit, const sna_links *links,
                    const sna_survey_request *request) SNA_CHECK_RESULT;
/* Makes sure that a population that was not chosen can be looked up: all of its nodes are in no group. */
int sna_axis_complete(sna_axis *self, sna_circuit *circuit, uint64_t population) SNA_CHECK_RESULT;
void sna_axis_free(sna_axis *self);

/* ---- scan.c: edges, block by block -------------------------------------------------------------------------- */

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

/* For each node (slot) of one axis and each group of the other. NULL where not measured. */
typedef struct {
    uint64_t slots, groups;
    uint32_t *rows; /* [slots * groups] */
    uint64_t *synapses;
    uint32_t *others; /* distinct other cells connected to it */
    uint32_t *self;   /* [slots] of a cell connected to itself: its group on the other axis, plus 1; else 0 */
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

/* ---- survey.c ------------------------------------------------------------------------------------------------ */

struct sna_survey {
    sna_circuit *circuit;
    unsigned measure;
    sna_axis source, target;
    sna_block *block;    /* [source groups * target groups] */
    sna_degrees in, out; /* of target slots by source group, of source slots by target group */
};

#endif
