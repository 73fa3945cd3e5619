/* connectivity.h: what a network's connections look like: counts, probabilities, convergence, distances, properties.
 *
 * Cells are put into *groups* by a node property (or by node sets), separately as sources and as targets. A *block* is
 * a source group and a target group. A *survey* is one pass over the edges that measures everything that was asked for,
 * for all blocks; functions then turn it into tables.
 *
 * Words: a *row* is a row of an edges file, a *synapse* is one of the `nsyns` that a row stands for (1 where the file
 * does not say), a *pair* is an ordered (source cell, target cell) however many rows connect it. All edge populations
 * between the same two node populations add up. A cell connected to itself is a *self pair*. */
#ifndef SNA_CONNECTIVITY_H
#define SNA_CONNECTIVITY_H

#include "base/base.h"
#include "sonata/sonata.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what a network consists of ----------------------------------------------------------------------------- */

/* One row a node population: nodes, types, attributes, file. */
int sna_circuit_node_table(sna_circuit *circuit, sna_table **out) SNA_CHECK_RESULT;
/* One row an edge population: source and target population, edges, attributes, whether it is indexed, file. */
int sna_circuit_edge_table(sna_circuit *circuit, sna_table **out) SNA_CHECK_RESULT;
/* One row for each different combination of population, node_type_id, pop_name, model_type, model_template and
 * morphology (those of them that any population has), with the number of cells; in order of first appearance. */
int sna_circuit_cell_table(sna_circuit *circuit, sna_table **out) SNA_CHECK_RESULT;

/* ---- surveys ------------------------------------------------------------------------------------------------ */

/* What to measure; or-ed. Rows are always counted. */
enum {
    SNA_MEASURE_SYNAPSES = 1,     /* read nsyns */
    SNA_MEASURE_PAIRS = 2,        /* find pairs and their reciprocals: 16 bytes of memory an edge */
    SNA_MEASURE_CONVERGENCE = 4,  /* counts for each target cell, in rows and in what else is measured */
    SNA_MEASURE_DIVERGENCE = 8,   /* the same for each source cell */
    SNA_MEASURE_INNERVATION = 16, /* target cells with any input; takes pairs too */
    SNA_MEASURE_GAP = 32,         /* gap junctions: pairs, and partners of each cell; takes pairs too */
    SNA_MEASURE_PROBABILITY = 64, /* connected pairs by distance; takes pairs too */
    SNA_MEASURE_DISTANCE = 128,   /* length of each connection */
    SNA_MEASURE_DELAY = 256       /* `delay` of each connection with its length */
};

/* Axes along which distances are measured; or-ed. */
enum { SNA_ALONG_X = 1, SNA_ALONG_Y = 2, SNA_ALONG_Z = 4 };

typedef struct {
    /* Node populations, separated by commas. NULL or "all": every population that is the source (target) of edges to
     * (from) one of the others chosen; all there are where that leaves none. */
    const char *sources, *targets;
    /* What groups the cells of all of them: a node property; or names of node sets, separated by commas, which must
     * not overlap (cells in none of them are left out). NULL: what is given for the other side; "node_type_id" where
     * both are NULL. A cell without a value is in a group "(none)". With all populations chosen, one without the
     * property is a group by itself, under its own name. */
    const char *source_groups, *target_groups;
    const char *edges;           /* one edge population by name; NULL: all */
    bool bare_labels;            /* groups are labelled `value`, not `population_value` (where that is unique) */
    bool no_gap;                 /* leave gap junctions out of everything but SNA_MEASURE_GAP */
    unsigned measure;            /* SNA_MEASURE_... or-ed */
    uint64_t memory;             /* bytes that pairs may take; past that the edges are read several times. 0: 1 GiB */
    const char *const *property; /* [properties] edge attributes to look at */
    uint64_t properties;
    unsigned axes;           /* of distances: SNA_ALONG_... or-ed; 0: all that both populations have */
    uint64_t bins;           /* of distance, for SNA_MEASURE_PROBABILITY; 0: 8 */
    const double *bin_edges; /* [bins + 1] finite, ascending, um; NULL: from the smallest to the largest distance of
                              * each block, as bmtool's (within a group: from 0) */
    uint64_t most_distances; /* of pairs to compute for SNA_MEASURE_PROBABILITY; past that, numbers of pairs are
                              * estimated from random ones. 0: 1.5e9, a few seconds */
    uint64_t most_values;    /* values of a property (a length...) that are kept in memory; 0: 4 million */
} sna_survey_request;

/* A group of cells on one side. */
typedef struct {
    const char *label; /* as tables show it; different for each group of a side, except as bare_labels says */
    const char *population;
    const char *value; /* of the property; name of the node set; "" for cells without a value */
    uint64_t count;    /* cells */
} sna_group;

/* What was counted of a block (a, b). Pairs are ordered (source in a, target in b); where a and b are the same cells,
 * every unordered pair {i, j} therefore stands in it twice, as (i, j) and as (j, i). */
typedef struct {
    uint64_t rows;
    uint64_t synapses; /* SNA_MEASURE_SYNAPSES */
    uint64_t possible; /* pairs of two different cells: n_a n_b less the cells that are in both */
    bool same;         /* a and b are the same cells */
    /* SNA_MEASURE_PAIRS: */
    uint64_t pairs; /* connected pairs, self pairs included */
    uint64_t self_pairs;
    uint64_t two_way; /* pairs of different cells that are connected in both directions */
    uint64_t either;  /* pairs of different cells that are connected in at least one direction */
    /* SNA_MEASURE_INNERVATION: */
    uint64_t innervated; /* target cells with an input from another cell */
    /* SNA_MEASURE_GAP: */
    uint64_t gap_pairs; /* pairs of different cells that a gap junction joins, whichever is its source */
} sna_block;

typedef struct sna_survey sna_survey;

/* Reads all edges between the chosen populations, on sna_threads() threads; their number does not change the result.
 * The circuit must outlive the survey. Errors: SNA_ENOTFOUND (a population, property or node set, with what there is
 * instead; no node populations), SNA_EINVAL (overlapping node sets, more than 4 million blocks), SNA_ERANGE (an edge
 * to a node that does not exist), SNA_EFORMAT (nsyns that is no count), SNA_ECANCELLED. */
int sna_survey_run(sna_survey **out, sna_circuit *circuit, const sna_survey_request *request) SNA_CHECK_RESULT;
void sna_survey_free(sna_survey *self);

uint64_t sna_survey_sources(const sna_survey *self);
uint64_t sna_survey_targets(const sna_survey *self);
const sna_group *sna_survey_source(const sna_survey *self, uint64_t index);
const sna_group *sna_survey_target(const sna_survey *self, uint64_t index);
/* NULL for a block that does not exist. */
const sna_block *sna_survey_block(const sna_survey *self, uint64_t source, uint64_t target);

/* ---- matrices ----------------------------------------------------------------------------------------------- */

/* Tables with one row a source group and one column a target group. What was not measured is SNA_EINVAL; a number that
 * does not exist (the mean of no cells, a percentage of no pairs, the standard deviation of one cell) is missing. */

typedef enum { SNA_COUNT_ROWS, SNA_COUNT_PAIRS, SNA_COUNT_SYNAPSES } sna_count;
int sna_count_parse(sna_count *out, const char *name) SNA_CHECK_RESULT; /* "rows", "pairs", "synapses" */

/* Connections of each block. Self pairs are included. */
int sna_survey_total(const sna_survey *self, sna_count count, sna_table **out) SNA_CHECK_RESULT;

/* Percentages; self pairs are excluded and parallel rows count once.
 *   total        connected pairs of possible pairs (ordered): the connection probability
 *   any          cell pairs connected in at least one direction of cell pairs possible
 *   uni          within a group: unordered pairs connected in exactly one direction of n(n-1)/2; between groups: pairs
 *                connected from a to b only of n_a n_b
 *   bi           cell pairs connected in both directions of cell pairs possible
 *   innervation  target cells with at least one input of target cells */
typedef enum {
    SNA_PERCENT_TOTAL,
    SNA_PERCENT_ANY,
    SNA_PERCENT_UNI,
    SNA_PERCENT_BI,
    SNA_PERCENT_INNERVATION
} sna_percent;
enum { SNA_PERCENT_METHODS = 5 };
int sna_percent_parse(sna_percent *out, const char *name) SNA_CHECK_RESULT;
const char *sna_percent_name(sna_percent percent);
int sna_survey_percent(const sna_survey *self, sna_percent method, sna_table **out) SNA_CHECK_RESULT;

/* How to summarise a number that each cell has. `sd` is the sample standard deviation (n - 1). MEAN_SD makes two
 * columns a target, "LABEL mean" and "LABEL std". */
typedef enum {
    SNA_SUMMARY_MEAN,
    SNA_SUMMARY_SD,
    SNA_SUMMARY_MIN,
    SNA_SUMMARY_MAX,
    SNA_SUMMARY_MEDIAN,
    SNA_SUMMARY_MEAN_SD
} sna_summary;
/* "mean", "std", "min", "max", "median", "mean+std". */
int sna_summary_parse(sna_summary *out, const char *name) SNA_CHECK_RESULT;
const char *sna_summary_name(sna_summary summary);

/* Convergence (SNA_AFFERENT): connections that a target cell receives from the source group. Divergence
 * (SNA_EFFERENT): connections that a source cell makes to the target group. Cells without connections count, unless
 * `connected_only`. Self pairs are included. */
int sna_survey_degree(const sna_survey *self, sna_direction direction, sna_count count, sna_summary summary,
                      bool connected_only, sna_table **out) SNA_CHECK_RESULT;
/* The numbers behind it, one for each cell of the target (AFFERENT) or source (EFFERENT) group in node order; free()
 * them. */
int sna_survey_degree_values(const sna_survey *self, sna_direction direction, sna_count count, uint64_t source,
                             uint64_t target, double **value, uint64_t *values) SNA_CHECK_RESULT;

/* Gap junctions: pairs of cells joined of possible pairs, in percent; and the number of cells of the source group that
 * a cell of the target group is joined with, whichever end of the row it is. */
int sna_survey_gap_percent(const sna_survey *self, sna_table **out) SNA_CHECK_RESULT;
int sna_survey_gap_degree(const sna_survey *self, sna_summary summary, bool connected_only,
                          sna_table **out) SNA_CHECK_RESULT;

/* ---- distributions ------------------------------------------------------------------------------------------ */

/* Tables with one row a block and bin (or kind): `source`, `target`, `low`, `high`, ... Bins are the same for all
 * blocks; the last holds its upper end too. `bins` 0: one for each whole number where values are few whole numbers,
 * else the rule of Freedman & Diaconis (1981). */

/* How many cells (`cells`) have how many connections. */
int sna_survey_degree_histogram(const sna_survey *self, sna_direction direction, sna_count count, uint64_t bins,
                                sna_table **out) SNA_CHECK_RESULT;

/* What values to look at: a property that the request named, or NULL for the length of connections (um, self
 * connections left out). */
/* One row a block: count, missing, mean, std, min, quartiles, max. Of a property of texts: one row a block and text,
 * with its count. */
int sna_survey_values(const sna_survey *self, const char *property, sna_table **out) SNA_CHECK_RESULT;
int sna_survey_values_histogram(const sna_survey *self, const char *property, uint64_t bins,
                                sna_table **out) SNA_CHECK_RESULT;
/* The same for the values of a report of connections (with mapping/src_ids and trg_ids) at a time in ms, or their
 * change from there to another time (NaN: none). The survey has to be of one source and one target population, which
 * the ids are of; connections from outside (-1) are left out. Errors: SNA_EINVAL (more populations, a report of cells),
 * SNA_ERANGE (a time outside the report, an id that no node has). */
int sna_survey_report(const sna_survey *self, const char *path, double time, double other_time,
                      sna_table **out) SNA_CHECK_RESULT;
/* Is a property of texts? */
bool sna_survey_values_are_texts(const sna_survey *self, const char *property);

/* Delay over distance, one row a block: count, mean delay (ms) and distance (um), the least-squares line: slope
 * (ms/um), velocity (um/ms, 1 / slope), intercept (ms), and Pearson's correlation. */
int sna_survey_delay(const sna_survey *self, sna_table **out) SNA_CHECK_RESULT;
/* The points behind it, one row each: `source`, `target`, `distance` (um) and `delay` (ms); up to `most` a block, a
 * fair choice of its edges, with a note where there are more. */
int sna_survey_delay_points(const sna_survey *self, uint64_t most, sna_table **out) SNA_CHECK_RESULT;

/* Connection probability by distance, one row a block and bin: `low`, `high`, pairs (of different cells), connected,
 * probability, and its 95 % interval (Wilson 1927). `pairs_error` is the standard error of the number of pairs: 0 where
 * the distances of all of them were computed; where there are too many (most_distances), 4 million random pairs are
 * looked at, which a note says, and the interval is wider by that error. */
int sna_survey_probability(const sna_survey *self, sna_table **out) SNA_CHECK_RESULT;

/* p(d) = p_max exp(-d^2 / (2 sigma^2)), or p_max exp(-d / lambda). */
typedef enum { SNA_FIT_GAUSSIAN, SNA_FIT_EXPONENTIAL } sna_fit;
int sna_fit_parse(sna_fit *out, const char *name) SNA_CHECK_RESULT; /* "gaussian", "exponential" */
const char *sna_fit_name(sna_fit fit);
/* Maximum likelihood (connections of the pairs of a bin are binomial, at the mean distance of the bin), one row a
 * block: p_max, sigma or lambda (um), their standard errors, deviance and degrees of freedom. A block whose probability
 * does not fall with distance has no fit. */
int sna_survey_probability_fit(const sna_survey *self, sna_fit fit, sna_table **out) SNA_CHECK_RESULT;

/* Texts "mean\n±std" to be written in the cells of a heat map, of a table made with SNA_SUMMARY_MEAN_SD; and the means
 * alone. */
int sna_survey_mean_texts(const sna_table *table, sna_table **means, sna_table **texts) SNA_CHECK_RESULT;

/* The network as a diagram of its groups. `nodes`: a row a group of either side, with its population and number of
 * cells. `links`: a row for each block with connections: source, target, effect, rows, pairs (of different cells),
 * probability (pairs of those possible) and convergence (rows a target cell); and one for each two groups with gap
 * junctions ("gap junction"), with pairs and probability. What was not measured is missing. Survey with no_gap, so that
 * gap junctions are not among the rows too.
 *
 * The effect ("excites", "inhibits") is what the source cells say (their ei, ei_type or synapse_class), or else the
 * names of dynamics_params (with AMPA, NMDA or GABA in it, or ending in "exc" or "inh"), or weights below 0; missing
 * where these say nothing or do not agree. */
int sna_survey_scheme(const sna_survey *self, sna_table **nodes, sna_table **links) SNA_CHECK_RESULT;

/* What groups cells, where the request says nothing: pop_name where every population that counts has it (a population
 * without it is a group by itself while all are chosen), else node_type_id. */
int sna_survey_choose_groups(sna_survey_request *request, sna_circuit *circuit) SNA_CHECK_RESULT;
/* A survey that measures what the table needs of what the network has; what the request says of what to measure, of
 * properties and of gap junctions does not matter, and without groups they are chosen. Errors: as for sna_survey_run.
 */
int sna_survey_run_scheme(sna_survey **out, sna_circuit *circuit, const sna_survey_request *request) SNA_CHECK_RESULT;

/* What a network has to measure. */
enum { SNA_INVENTORY_PROPERTIES = 5 };
typedef struct {
    bool positions, delays, gaps, synapses;         /* delays: with positions, to hold them against */
    const char *property[SNA_INVENTORY_PROPERTIES]; /* [properties] of the well-known ones, those that edges have */
    uint64_t properties;
    unsigned measure; /* everything that it has, SNA_MEASURE_... or-ed */
} sna_inventory;
/* Looks at what the populations chosen have, without reading edges. Errors: as for sna_survey_run. */
int sna_survey_inventory(sna_inventory *out, sna_circuit *circuit, const sna_survey_request *request) SNA_CHECK_RESULT;

/* Every table above from one survey: all counts, methods and directions, and the properties syn_weight, delay, nsyns,
 * conductance and dynamics_params where edges have them. What the network lacks (nsyns, gap junctions, positions,
 * delays) is left out. `measure` and `property` of the request do not matter. `names` (an empty list) gets the names of
 * the tables in the record. */
int sna_survey_everything(sna_circuit *circuit, const sna_survey_request *request, sna_record **out,
                          sna_list *names) SNA_CHECK_RESULT;

/* ---- chosen cells ------------------------------------------------------------------------------------------- */

/* {0} is all cells. */
typedef struct {
    const char *populations; /* separated by commas; NULL or "all": all */
    /* What groups them, as in sna_survey_request; NULL: pop_name where a population has it, else node_type_id. A
     * population without the property is a group by itself where all are chosen or the property was not. */
    const char *groups;
    const char *nodes; /* which of them, as sna_nodes_choose takes it; NULL: all */
    bool bare_labels;  /* as in sna_survey_request */
} sna_cell_request;

/* Cells in the order of populations and rows. Start from {0}. */
typedef struct {
    uint64_t count;
    uint32_t *population; /* [count] position in `nodes` */
    uint64_t *row;        /* [count] in the population */
    uint32_t *group_of;   /* [count] */
    sna_nodes **nodes;    /* [populations] owned by the circuit */
    uint64_t populations;
    sna_group *group; /* [groups] those that have cells, with how many; label and value are owned here */
    uint64_t groups;
} sna_cells;

/* The circuit must outlive the cells. Errors: SNA_ENOTFOUND (a population, property or node set, with what there is; no
 * node that `nodes` names), SNA_EINVAL (overlapping node sets, a condition that makes no sense), SNA_ERANGE (ids that
 * no node has). */
int sna_cells_choose(sna_cells *out, sna_circuit *circuit, const sna_cell_request *request) SNA_CHECK_RESULT;
/* The labels of the groups, [groups]; free() the array alone. */
int sna_cells_labels(const sna_cells *self, const char ***out) SNA_CHECK_RESULT;
void sna_cells_free(sna_cells *self);

/* Cells in space. Start from {0}. */
typedef struct {
    uint64_t count, all;  /* taken; that have positions */
    unsigned dimensions;  /* 2 or 3; 0 where no cell has a position */
    uint64_t *cell;       /* [count] numbers in the cells */
    double *x, *y, *z;    /* [count] um; z is 0 where there are two dimensions only */
    uint32_t *group;      /* [count] */
    uint64_t *id;         /* [count] node id */
    double *dx, *dy, *dz; /* [count] after sna_places_turn, else NULL */
} sna_places;

/* Up to `most` of the cells that have a position (all its coordinates, and x and y at least), at equal steps through
 * them. */
int sna_places_collect(sna_places *out, const sna_cells *cells, uint64_t most) SNA_CHECK_RESULT;
/* Where `vector` points when it is turned as the cells are, NaN for cells of populations that do not say: by
 * orientation_w, _x, _y, _z (a quaternion, of any length but 0), or rotation_angle_zaxis, _yaxis, _xaxis (radians about
 * the axes of the world, in this order, as the SONATA guide says; those that lack are 0). Errors: SNA_ENOTFOUND (no
 * population says how its cells are turned). */
int sna_places_turn(sna_places *self, const sna_cells *cells, const double vector[3]) SNA_CHECK_RESULT;
void sna_places_free(sna_places *self);

/* Spikes with a row for each cell, for a raster. Start from {0}. */
typedef struct {
    uint64_t count;
    double *time;       /* [count] ms */
    double *row;        /* [count] */
    uint32_t *group;    /* [count] */
    uint64_t rows;      /* all are below it */
    sna_list name;      /* of the groups */
    uint64_t *cells;    /* [name.count] in each group; NULL where that is not known */
    uint64_t strangers; /* spikes of nodes that the circuit does not have, which are left out */
} sna_spike_rows;

/* Spikes with start <= time <= stop (ms; NaN: no limit) of the cells: rows are the cells, those of a group together.
 * Populations go by their names (the nameless one of an old file is that of the cells, if it is one). Errors:
 * SNA_ENOTFOUND (no population of the cells is in the file, with what there is). */
int sna_spike_rows_of_cells(sna_spike_rows *out, sna_spikes *spikes, const sna_cells *cells, double start,
                            double stop) SNA_CHECK_RESULT;
/* The same without a circuit: groups are the populations of the file (or the one that is named), rows the node ids;
 * those of the second population lie above those of the first, and so on. `nodes` (NULL: all) are ids, sorted. */
int sna_spike_rows_of_file(sna_spike_rows *out, sna_spikes *spikes, const char *population, const sna_selection *nodes,
                           double start, double stop) SNA_CHECK_RESULT;
void sna_spike_rows_free(sna_spike_rows *self);

/* What to take of a report of cells, or of extracellular potentials (channels are its nodes then). {0} but for the
 * path, with NaN for both times, is the first element of each of the first nodes. */
typedef struct {
    const char *path, *population; /* population NULL: the only one */
    const sna_selection *nodes;    /* ids, sorted; NULL: all */
    const sna_selection *elements; /* element ids (sections), sorted; NULL: the first of each node */
    bool all_elements;
    double start, stop; /* ms; NaN: no limit */
    uint64_t most;      /* traces; 0: 12 */
    uint64_t bins;      /* of time, in each of which a trace keeps its lowest and its highest value; 0: 4000 */
} sna_recording_request;

/* Traces of a report, thinned where there are many frames. Start from {0}. */
typedef struct {
    uint64_t count, all; /* taken; that were asked for */
    sna_list name;       /* "node 3", "node 3, section 5 at 0.25", "channel 2" */
    uint64_t points;     /* of each trace */
    double *time;        /* [count][points] ms, ascending in each trace */
    double *value;       /* [count][points] */
    char *unit;          /* as the file says; NULL: it does not */
    uint64_t frames;     /* read */
    bool first_only;     /* nodes have more elements than the one taken */
} sna_recording;

/* Reads frames in blocks: memory depends on traces and bins. Errors: SNA_EFORMAT (not a report), SNA_ERANGE (a run of
 * node or element ids of which the report has none; no frame between the times). */
int sna_recording_read(sna_recording *out, const sna_recording_request *request) SNA_CHECK_RESULT;
void sna_recording_free(sna_recording *self);

/* ---- cells and arcs ----------------------------------------------------------------------------------------- */

/* Everything between one cell and another: all rows from source to target that are gap junctions, or all that are not.
 */
typedef struct {
    uint64_t source, target; /* numbers of cells in the list */
    uint64_t rows;
    uint64_t synapses; /* sum of nsyns */
    double weight;     /* sum of syn_weight over rows; NaN where no row has one */
    bool gap;
} sna_arc;

/* The cells of some populations, numbered through, and the arcs between them in ascending order of (source, target,
 * gap). */
typedef struct {
    uint64_t populations;
    sna_nodes **nodes; /* [populations], in the order of the circuit */
    uint64_t *first;   /* [populations + 1] number of the first cell of each; the last is the number of cells */
    sna_arc *arc;      /* [count] */
    uint64_t count;
} sna_arcs;

/* Of the request, `sources`, `targets`, `edges` and `no_gap` are used. Cells are those of the chosen sources and
 * targets; arcs go from sources to targets. Takes 80 bytes an edge while it works. Errors: as for sna_survey_run. */
int sna_arcs_collect(sna_arcs *out, sna_circuit *circuit, const sna_survey_request *request) SNA_CHECK_RESULT;
uint64_t sna_arcs_cells(const sna_arcs *self);
/* The population (position in `nodes`) of a cell. */
uint64_t sna_arcs_population(const sna_arcs *self, uint64_t cell);
void sna_arcs_free(sna_arcs *self);

#ifdef __cplusplus
}
#endif
#endif
