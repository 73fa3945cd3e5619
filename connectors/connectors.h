/* connectors.h: the network builder: from a specification (one JSON file) to a SONATA network.
 *
 * A specification names node populations and edge entries; docs/network-spec.md describes every key. An entry says
 * which nodes are connected to which, by which kind of connector, and what properties the edges have. Each entry gives
 * one *projection*, the edges from one set of nodes to another (two for the kinds that draw both directions together).
 *
 * Every random number is a pure function of the seed, the name of the entry and the ids of the nodes: neither threads
 * nor the order in which edges are asked for change a result. Cost and memory follow the edges, not the pairs. */
#ifndef SNA_CONNECTORS_H
#define SNA_CONNECTORS_H

#include "base/base.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cJSON;

/* The file beside a network that says what was expected and what was made. */
#define SNA_BUILD_REPORT "build_report.json"

/* ---- networks ----------------------------------------------------------------------------------------------- */

/* A checked specification with its nodes placed and its entries ready to be drawn. */
typedef struct sna_network sna_network;
typedef struct sna_connector sna_connector;

/* {0} is good. */
typedef struct {
    const uint64_t *seed;                   /* instead of the specification's; NULL: that one */
    uint64_t memory;                        /* bytes that may be held at once; 0: 1 GiB */
    unsigned compress;                      /* deflate level of the files, 0: none */
    const sna_connector *const *connectors; /* kinds of connectors to add to those there are, ended by NULL; or NULL */
    sna_list *faults;    /* where to put every fault that can be told from the others, each a sentence with its place;
                            NULL: the first one ends the reading */
    const char *circuit; /* a network that was built from the specification (its folder or config), to look into with
                            sna_network_verify: nodes are where it has them, and edges that others depend on are its;
                            NULL: none */
} sna_network_options;

/* Reads and checks a specification, places its nodes and prepares its entries. Files that it names are looked for in
 * its own folder. Errors: SNA_EFORMAT with the place (`spec.json:12: edges[3].connector.p0: ...`), SNA_ENOTFOUND,
 * SNA_EIO, SNA_ENOMEM. */
int sna_network_read(sna_network **out, const char *path, const sna_network_options *options) SNA_CHECK_RESULT;
/* The same from a text. `name` stands for the file in messages; other files are looked for in `folder` (NULL: here). */
int sna_network_parse(sna_network **out, const char *text, uint64_t length, const char *name, const char *folder,
                      const sna_network_options *options) SNA_CHECK_RESULT;
uint64_t sna_network_seed(const sna_network *self);
/* A specification with comments that shows what there is, and needs no other file. */
const char *sna_network_example(void);
/* The kinds of connectors that come with the library, and the keys that each takes. Free the table. */
int sna_network_connectors(sna_table **out) SNA_CHECK_RESULT;

uint64_t sna_network_populations(const sna_network *self);
const char *sna_network_population(const sna_network *self, uint64_t population);
uint64_t sna_network_nodes(const sna_network *self, uint64_t population);
/* Positions [nodes][3] in um, NULL where the population has none. */
const double (*sna_network_positions(const sna_network *self, uint64_t population))[3];

/* Projections, in the order of their entries. */
uint64_t sna_network_projections(const sna_network *self);
/* The entry's name, "edges[3]" where it has none; two projections of one entry differ in `backward`. */
const char *sna_network_projection(const sna_network *self, uint64_t projection);

/* The edges of a projection that end on its targets first .. end-1 (positions in the list of targets). */
typedef struct {
    uint64_t count, capacity;
    uint64_t *source, *target; /* [count] node ids, by target, then source */
    uint64_t *synapses;        /* [count] */
} sna_edge_list;
#define SNA_EDGE_LIST ((sna_edge_list){0, 0, NULL, NULL, NULL})

uint64_t sna_network_targets(const sna_network *self, uint64_t projection);
/* Replaces what is in `out` by the edges asked for; nothing is written. Different threads may draw at once. */
int sna_network_draw(const sna_network *self, uint64_t projection, uint64_t first, uint64_t end,
                     sna_edge_list *out) SNA_CHECK_RESULT;
void sna_edge_list_free(sna_edge_list *self);

/* What building would come to, without building: nodes, edges, rows and bytes of files, and about how long it takes
 * here, for which some blocks of edges are drawn and timed. Free the record. */
int sna_network_forecast(const sna_network *self, sna_record **out) SNA_CHECK_RESULT;
/* Draws every projection and writes the network into a folder: all its files appear together, or none, with
 * build_report.json among them (SNA_BUILD_REPORT: the seed, the nodes, and the table of sna_network_report without
 * times). Without `replace`, a file that is there already is an error. Errors: SNA_EIO, SNA_ENOMEM, SNA_ECANCELLED,
 * SNA_EFORMAT (an input that can only be checked while building).
 *
 * Several processes (sna_ranks_join) that have read the same specification share the work when all of them call this:
 * each makes the edges of its own targets, what is in the files does not depend on how many they are, and what goes
 * wrong for one goes wrong for all. They cannot compress. */
int sna_network_build(sna_network *self, const char *folder, bool replace) SNA_CHECK_RESULT;

/* Reads the edges of the network that the options named as `circuit` and counts what a build counts, for
 * sna_network_report and sna_network_impossible. What contradicts the specification whatever the chance (an edge of a
 * node that the entry does not select, a pair that is there twice...) is added to `faults`, a sentence each, of which
 * the first 20. Errors: SNA_EINVAL (no such option), SNA_EFORMAT (the circuit lacks edges), those of reading. */
int sna_network_verify(sna_network *self, sna_list *faults) SNA_CHECK_RESULT;
/* What was expected of each projection, and once it is built what was made: pairs that are possible, edges with their
 * standard deviation and the deviation of those made in units of it, the share of possible pairs that is connected,
 * pairs connected both ways and the correlation that they speak of, synapses, degrees, and the time that drawing took.
 * One row a projection; below that of a projection whose pairs fall into classes, one for each class. A note marks what
 * no accident can explain. docs/network-spec.md describes the columns. Free the table. */
int sna_network_report(const sna_network *self, sna_table **out) SNA_CHECK_RESULT;
/* How many of its rows are further from the expectation than chance allows. */
uint64_t sna_network_impossible(const sna_network *self);
/* Edges and synapses made by the last build, and rows of all edge files. */
uint64_t sna_network_made(const sna_network *self);

void sna_network_free(sna_network *self);

/* ---- connectors --------------------------------------------------------------------------------------------- */

/* A set of nodes of one population in the order of their ids. */
typedef struct {
    uint64_t count, first;       /* number; id of the first one */
    uint64_t *id;                /* [count] ascending; NULL where the ids are first, first + 1, ... */
    const double (*position)[3]; /* by node id, um; NULL where the population has no positions */
} sna_members;

static inline uint64_t sna_members_id(const sna_members *self, uint64_t position)
{
    return self->id == NULL ? self->first + position : self->id[position];
}
/* Position of the first member whose id is at least `id`; `count` when there is none. */
uint64_t sna_members_from(const sna_members *self, uint64_t id);
/* Position of the member with that id, UINT64_MAX when there is none. */
uint64_t sna_members_find(const sna_members *self, uint64_t id);

/* The two ends that an entry connects. */
typedef struct {
    const char *name;       /* of the entry, for messages */
    uint64_t seed, purpose; /* the first arguments of every sna_random_start for it */
    sna_members source, target;
    bool one_population; /* both ends lie in one population: equal ids are the same node */
    bool same;           /* both ends are the same nodes */
    /* Nodes come in blocks of so many ids (a power of two), sources and targets each, and edges are asked for in whole
     * blocks of targets: a kind of `pairs` can draw them block by block. They follow from the entry alone, so that no
     * other entry changes what is drawn, and are 1 for other kinds. Known when ready. */
    uint64_t source_block, target_block;
    uint64_t memory;                   /* bytes that the network may take, --memory */
    const struct sna_adjacency *other; /* the edges of the entry that this one depends on, see `needs` */
} sna_ends;

/* The edges of an entry within one population, held in memory. */
typedef struct sna_adjacency sna_adjacency;
/* Nodes that an edge goes to (`outward`) or comes from, ascending. */
const uint32_t *sna_adjacency_nodes(const sna_adjacency *self, uint64_t id, bool outward, uint64_t *count);
/* Is there an edge from one node to another? */
bool sna_adjacency_connects(const sna_adjacency *self, uint64_t source, uint64_t target);

/* Sources of one target after another, each row ascending. */
typedef struct {
    uint64_t rows, row_capacity, count, capacity;
    uint64_t *end;      /* [rows] number of sources up to the end of that row */
    uint64_t *source;   /* [count] positions in the members that the edges come from */
    uint64_t *synapses; /* [count] numbers of synapses; NULL: the entry's n_syn says. All of an entry's edges have one,
                           or none */
    uint64_t synapse_capacity;
    uint64_t reciprocal; /* pairs connected both ways; counted by kinds that draw pairs, in the forward direction */
} sna_rows;
#define SNA_ROWS ((sna_rows){0})

int sna_rows_grow(sna_rows *self) SNA_CHECK_RESULT;
/* Adds a source to the row that is being filled. */
static inline int sna_rows_add(sna_rows *self, uint64_t source)
{
    if (self->count == self->capacity) {
        const int status = sna_rows_grow(self);
        if (status != 0)
            return status;
    }
    self->source[self->count++] = source;
    return 0;
}
/* The same with a number of synapses of its own. Such rows must come in ascending order. */
int sna_rows_add_synapses(sna_rows *self, uint64_t source, uint64_t synapses) SNA_CHECK_RESULT;
/* Closes the row that is being filled: the next source belongs to the next target. */
int sna_rows_end(sna_rows *self) SNA_CHECK_RESULT;
/* Sorts the sources of the row that is being filled, which starts at `first` of `source`. */
int sna_rows_sort(sna_rows *self, uint64_t first) SNA_CHECK_RESULT;
void sna_rows_clear(sna_rows *self);
void sna_rows_free(sna_rows *self);

/* What a projection should come to. NaN where it is not known. */
typedef struct {
    double possible;                        /* pairs that could be connected */
    double edges, variance;                 /* expected number of edges and its variance */
    double reciprocal, reciprocal_variance; /* pairs connected both ways; NaN where that says nothing */
    double independent, spread;             /* of kinds of pairs: the sums of p0 p1 and of sqrt(p0 (1 - p0) p1 (1 - p1))
                                               over the pairs, which tell rho from `reciprocal` */
    double error, reciprocal_error;         /* standard errors of `edges` and `reciprocal` where these are estimates */
    double clipped;                         /* pairs whose pr had to be clipped to what is possible */
    double cut[2];                          /* between these distances the probability is cut off at 1; 0, 0: nowhere */
} sna_expectation;

/* Pairs that an entry can be asked about by themselves, e.g. those with a chemical synapse. */
enum { SNA_CLASSES_MOST = 4 };

/* The keys of a connector: an entry's own, over those of the rule that it uses. */
typedef struct {
    const sna_json *json;
    const struct cJSON *own, *base; /* either may be NULL */
    const char *folder;             /* where files that are named in it are looked for; NULL: here */
} sna_fields;

/* A key's value, NULL when there is none; and the same where its absence is an error. */
const struct cJSON *sna_fields_find(const sna_fields *self, const char *key);
int sna_fields_require(const sna_fields *self, const char *key, const struct cJSON **out) SNA_CHECK_RESULT;
/* Values with a default for an absent key. */
int sna_fields_boolean(const sna_fields *self, const char *key, bool fallback, bool *out) SNA_CHECK_RESULT;
int sna_fields_unsigned(const sna_fields *self, const char *key, uint64_t fallback, uint64_t *out) SNA_CHECK_RESULT;
int sna_fields_text(const sna_fields *self, const char *key, const char *fallback, const char **out) SNA_CHECK_RESULT;
/* A number from 0 to 1. */
int sna_fields_probability(const sna_fields *self, const char *key, double *out) SNA_CHECK_RESULT;
/* Raises SNA_EFORMAT with the place of the key, or of the whole where there is no such key. */
int sna_fields_error(const sna_fields *self, const char *key, const char *format, ...) SNA_PRINTF(3, 4);

/* A kind of connector. Calls: `create` when the entry is read; `prepare` once when all nodes are placed; `ready` once
 * when the blocks are known, and the edges that the entry depends on; then `draw` any number of times, from several
 * threads at once. Everything but `type`, `keys`, `prepare` and `draw` may be NULL. */
struct sna_connector {
    const char *type;        /* its name in a specification */
    const char *const *keys; /* the keys it takes besides `type`, ended by NULL. `n_syn` (or `n_syn0` and `n_syn1`) are
                                read for it where they are listed here. */
    bool pairs;              /* draws both directions of a pair: the entry has a backward projection too, where its
                                two ends differ */
    /* Reads the keys and makes *state, which is freed also after a failure. Errors: sna_fields_error. */
    int (*create)(void **state, const sna_fields *fields);
    /* Checks the ends and says what to expect: expected[0] forward, expected[1] backward (kinds of pairs only). */
    int (*prepare)(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected);
    /* The key that names an entry whose edges it depends on; NULL when (in this state) it depends on none. */
    const char *(*needs)(const void *state);
    /* What was too early for `prepare`; may say better what to expect. */
    int (*ready)(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected);
    /* Appends the rows of targets first .. end-1 (positions in the list of targets; with `backward`, of sources) to
     * `out`. What it gives must depend on nothing but state, ends, and the target. */
    int (*draw)(const void *state, const sna_ends *ends, bool backward, uint64_t first, uint64_t end, sna_rows *out);
    /* Classes of pairs that the report tells apart (at most SNA_CLASSES_MOST names, ended by NULL; NULL for none),
     * asked once the state is ready: which one a pair is in, and what is expected of each (its possible, edges and
     * variance) in the forward direction, or in both where the ends are the same. */
    const char *const *(*classes)(const void *state);
    unsigned (*class_of)(const void *state, const sna_ends *ends, uint64_t source, uint64_t target);
    const sna_expectation *(*class_expected)(const void *state);
    void (*free)(void *state);
};

/* ---- formulas ----------------------------------------------------------------------------------------------- */

/* Splits `total` in proportion to `share` [count] (at least one above 0) so that the parts add up: part k is the
 * difference of the rounded cumulative shares, halves to even. */
void sna_proportions(uint64_t *out, const double *share, uint64_t count, uint64_t total);

/* The peak p that a Gaussian p exp(-((d - mean) / sd)^2 / 2) needs for its mean over distances from r1 to r2 to be
 * `mean_value`, where nodes lie evenly: in a ball (3 dimensions), on a disc (2) or along a line (1). */
double sna_gaussian_peak(double mean_value, double mean, double sd, double r1, double r2, unsigned dimensions);

/* A pair is connected forward with p0, backward with p1 and both ways with pr; rho is the correlation of the two:
 * rho = (pr - p0 p1) / sqrt(p0 (1 - p0) p1 (1 - p1)). 0 where one of them is certain. */
double sna_rho_from_reciprocal(double p0, double p1, double pr);
/* The pr of a rho, clipped to what is possible. */
double sna_reciprocal_from_rho(double p0, double p1, double rho);
/* pr is possible from max(0, p0 + p1 - 1) to min(p0, p1): the value in there that is nearest. */
double sna_reciprocal_clip(double p0, double p1, double pr);

#ifdef __cplusplus
}
#endif
#endif
