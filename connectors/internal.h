/* internal.h: what the files of this room share: the specification as it was read, and the network made from it. */
#ifndef SNA_CONNECTORS_INTERNAL_H
#define SNA_CONNECTORS_INTERNAL_H

#include <math.h>

#include <cjson/cJSON.h>

#include "connectors.h"
#include "sonata/sonata.h"

/* BMTK counts types from here. Edge types are numbered through the whole network, in the order of projections. */
enum { SNA_FIRST_TYPE_ID = 100 };

/* ---- constants ---------------------------------------------------------------------------------------------- */

/* A property with one value for all nodes of a type, or all edges of an entry. */
typedef struct {
    const char *name;  /* in the JSON document */
    const cJSON *item; /* for messages */
    bool missing;      /* null */
    sna_type type;
    int64_t integer;
    double real; /* of an integer too */
    bool boolean;
    char *text; /* of any type: what a types CSV shows; NULL when missing */
} sna_constant;

typedef struct {
    sna_constant *item; /* [count] */
    uint64_t count, capacity;
} sna_constants;

/* Adds the property `item` under its key; a list becomes text, as Python and JSON readers of a types CSV expect it. A
 * property that is there already stays as it is. */
int sna_constants_add(sna_constants *self, const sna_json *json, const cJSON *item) SNA_CHECK_RESULT;
/* The same for a value that stands somewhere else, e.g. in a list. */
int sna_constants_add_as(sna_constants *self, const sna_json *json, const cJSON *item,
                         const char *name) SNA_CHECK_RESULT;
/* The property `name`, true, where it is not there already. */
int sna_constants_add_true(sna_constants *self, const char *name) SNA_CHECK_RESULT;
const sna_constant *sna_constants_find(const sna_constants *self, const char *name);
void sna_constants_free(sna_constants *self);
/* Is the scalar in the JSON document (text, number, boolean, null) this value? */
bool sna_constant_matches(const sna_constant *self, const cJSON *wanted);
/* Columns of a types CSV for several sets of constants, one row each, behind the columns that the table has. */
int sna_constants_table(sna_table *table, const sna_constants *const *row, uint64_t rows) SNA_CHECK_RESULT;

/* ---- counts ------------------------------------------------------------------------------------------------- */

/* How many synapses a connected pair has. */
typedef struct {
    enum { SNA_COUNT_CONSTANT, SNA_COUNT_UNIFORM, SNA_COUNT_POISSON, SNA_COUNT_CHOOSE } kind;
    uint64_t low, high; /* constant: both */
    double mean;        /* poisson */
    uint64_t *choice;   /* [choices] */
    double *cumulative; /* [choices] */
    uint64_t choices;
    uint64_t purpose;
} sna_count;

int sna_count_read(sna_count *out, const sna_json *json, const cJSON *item) SNA_CHECK_RESULT;
/* `copy` numbers parallel edges of one pair. */
uint64_t sna_count_draw(const sna_count *self, uint64_t seed, uint64_t source, uint64_t target, uint64_t copy);
double sna_count_mean(const sna_count *self);
double sna_count_variance(const sna_count *self);
/* Can a pair have so many? */
bool sna_count_allows(const sna_count *self, uint64_t synapses);
void sna_count_free(sna_count *self);

struct sna_generator;
/* Generators of the properties of a node type or an entry, see generator.h. */
typedef struct {
    struct sna_generator *item; /* [count] */
    uint64_t count, capacity;
} sna_generators;

/* ---- nodes -------------------------------------------------------------------------------------------------- */

struct sna_place;
struct sna_node_column;

/* Nodes of one type are the ids first .. end-1 of their population. */
typedef struct {
    const cJSON *item;
    sna_constants constant;
    sna_generators generators;
    bool has_count;
    double share;
    uint64_t count, first, end;
    struct sna_place *place; /* of its own; NULL: the population's */
} sna_node_type;

typedef struct {
    const char *name;
    const cJSON *item;
    uint64_t count;        /* nodes */
    double (*position)[3]; /* [count] NaN for nodes without; NULL when none has one */
    /* One that is built: */
    sna_node_type *type; /* [types] */
    uint64_t types;
    bool has_count;
    struct sna_place *place;        /* where its nodes are; NULL: nowhere */
    struct sna_node_column *column; /* [columns] what differs from node to node */
    uint64_t columns;
    /* One that exists already: */
    sna_nodes *nodes; /* NULL for one that is built */
    char *nodes_file, *types_file;
} sna_population;

/* Before a connector says what it expects. */
#define SNA_EXPECT_NOTHING                         \
    ((sna_expectation){.possible = NAN,            \
                       .edges = NAN,               \
                       .variance = NAN,            \
                       .reciprocal = NAN,          \
                       .reciprocal_variance = NAN, \
                       .independent = NAN,         \
                       .spread = NAN})

/* ---- edges -------------------------------------------------------------------------------------------------- */

/* Which nodes of a population: those that match every condition. */
typedef struct {
    const cJSON *item;
    uint64_t population;
} sna_selector;

typedef struct {
    const cJSON *item, *rule; /* rule: NULL without */
    const char *name;         /* NULL without */
    char *label;              /* for people: the name, or "edges[3]" */
    sna_selector source, target;
    sna_fields fields; /* of its connector */
    const sna_connector *connector;
    void *state;
    sna_count n_syn[2]; /* forward, backward */
    bool has_n_syn;     /* the entry says it */
    sna_constants constant;
    sna_generators generators;
    sna_ends ends;
    sna_expectation expected[2]; /* forward, backward */
    const cJSON *shell;          /* the `edges_from_shell` that it is made from, NULL for one of its own */
    bool optional;               /* it goes when its source selects nothing */
    uint64_t reverse;            /* the entry that has its backward direction; its own index when it has it itself */
    sna_adjacency *adjacency;    /* its edges, where another entry depends on them */
    enum { SNA_NOT_READY, SNA_GETTING_READY, SNA_READY } stage;
} sna_entry;

/* What there is of a projection: made by a build, or found in the files of one. */
typedef struct {
    uint64_t edges, synapses;
    uint64_t reciprocal; /* pairs connected both ways, where they are counted */
    double in_squares;   /* sum of the squared in-degrees of its targets */
    double out_squares;  /* of the out-degrees of its sources */
    uint64_t in_class[SNA_CLASSES_MOST];
    double seconds; /* that drawing took, of all threads together; NaN where nothing was drawn */
    bool merged;    /* several edges between two nodes count as one: what they are made of does not tell them apart */
} sna_made;

/* The edges of an entry in one direction. */
typedef struct {
    sna_entry *entry;  /* whose properties the edges have */
    sna_entry *drawer; /* whose connector draws them */
    bool backward;
    const sna_count *n_syn;
    const sna_members *source, *target;
    uint64_t source_population, target_population;
    uint64_t file;              /* index in the network's files */
    uint64_t block;             /* targets, by id, that its connector draws at once */
    const char *const *classes; /* of its pairs, that the report tells apart; NULL for none */
    int64_t type_id;
    sna_expectation expected;
    sna_made made; /* by the last build */
} sna_projection;

/* One edges file: every projection from one population to another. */
typedef struct {
    uint64_t source_population, target_population;
    uint64_t *projection; /* [projections] in the order of entries */
    uint64_t projections;
    uint64_t block; /* targets, by id, that are drawn at once */
    bool has_gaps;  /* some of its edges are gap junctions */
} sna_edge_file;

/* example.json */
extern const char sna_example[];

/* Folders that a circuit config names. */
enum { SNA_COMPONENTS = 7 };
extern const char *const sna_component_keys[SNA_COMPONENTS + 1]; /* ended by NULL */

struct sna_network {
    sna_json *json;
    char *folder; /* of the specification */
    sna_network_options options;
    uint64_t seed;
    sna_population *population; /* [populations] */
    uint64_t populations;
    const cJSON *rules; /* NULL without */
    const cJSON *sets;  /* named node sets, NULL without; in sets_json, which is `json` or sets_document */
    const sna_json *sets_json;
    sna_json *sets_document;
    const char *component[SNA_COMPONENTS]; /* as the specification names them, NULL for those that it does not */
    sna_list notes;                        /* what was decided on the way that the user should know */
    sna_entry *entry;                      /* [entries] */
    uint64_t entries, entry_capacity;
    sna_projection *projection;
    uint64_t projections;
    sna_edge_file *file;
    uint64_t files;
    sna_circuit *circuit; /* a network that was built, which nodes and edges are taken from; NULL: they are drawn */
    bool built;
    uint64_t rows; /* of all edge files */
};

/* spec_nodes.c, spec_edges.c: read their part of the document into the network. */
int sna_spec_read_populations(sna_network *self) SNA_CHECK_RESULT;
int sna_spec_read_edges(sna_network *self) SNA_CHECK_RESULT;
int sna_spec_find_population(const sna_network *self, const cJSON *item, uint64_t *out) SNA_CHECK_RESULT;
/* Numbers of synapses by n_syn, or n_syn0 and n_syn1 (`flipped`: the other way round); properties and generators. */
int sna_spec_read_counts(const sna_network *self, sna_entry *entry, const sna_fields *fields,
                         bool flipped) SNA_CHECK_RESULT;
int sna_spec_read_properties(sna_network *self, sna_entry *entry) SNA_CHECK_RESULT;
/* components.c: the folders of `components`. */
int sna_spec_read_components(sna_network *self) SNA_CHECK_RESULT;
/* spec_shell.c: adds the entries that `edges_from_shell` stands for; the others know their nodes by then. */
int sna_spec_read_shells(sna_network *self) SNA_CHECK_RESULT;
/* Is a population placed around another one? */
bool sna_population_is_shell(const sna_population *self, uint64_t *core);
/* Takes a fault note of and says that all is well, where faults are collected; else gives `status` back. What comes
 * next must not depend on what failed. */
int sna_network_collect(sna_network *self, int status) SNA_CHECK_RESULT;
/* SNA_EFORMAT when faults were collected, before something that depends on all of what was read so far. */
int sna_network_check_faults(const sna_network *self) SNA_CHECK_RESULT;
/* Something that the user should know, below the report. */
int sna_network_note(sna_network *self, const char *format, ...) SNA_CHECK_RESULT SNA_PRINTF(2, 3);
/* node_sets.c */
int sna_spec_read_node_sets(sna_network *self) SNA_CHECK_RESULT;
/* Places the nodes of every population and draws what differs among them. */
int sna_network_place(sna_network *self) SNA_CHECK_RESULT;
/* The members of a selector. Errors: SNA_EFORMAT (no such property; nothing matches, where `none` is NULL). */
int sna_select(const sna_network *self, const sna_selector *selector, bool *none, sna_members *out) SNA_CHECK_RESULT;
void sna_entry_free(sna_entry *self);
/* prepare.c: makes projections and files from the entries. */
int sna_network_prepare(sna_network *self) SNA_CHECK_RESULT;
/* ready.c: the last step, in which entries look at the edges of others. */
int sna_network_make_ready(sna_network *self) SNA_CHECK_RESULT;
/* Index of the entry whose name stands at `item`. Errors: SNA_EFORMAT with the list and a guess. */
int sna_entry_find(const sna_network *self, const cJSON *item, uint64_t *out) SNA_CHECK_RESULT;
bool sna_members_equal(const sna_members *a, const sna_members *b);

/* adjacency.c: the edges of all projections that an entry draws, which must lie within one population. */
int sna_adjacency_create(sna_adjacency **out, const sna_network *self, uint64_t entry) SNA_CHECK_RESULT;
void sna_adjacency_free(sna_adjacency *self);

/* The kind of connector of that name, NULL when there is none; and a list of all names for messages. */
const sna_connector *sna_connector_find(const sna_network *network, const char *type);
int sna_connector_names(const sna_network *network, sna_list *out) SNA_CHECK_RESULT;

/* nodes.c: the nodes file and types CSV of a population, and its model type where all its types share one (else NULL).
 */
int sna_population_write(const sna_network *self, uint64_t population, const char *nodes, const char *types,
                         sna_outputs *outputs) SNA_CHECK_RESULT;
const char *sna_population_model_type(const sna_population *self);
/* left_behind.c: notes files in the folder that look like a network's and are not this one's. */
int sna_network_note_left_behind(sna_network *self, const char *folder) SNA_CHECK_RESULT;
/* report.c: the report as a file, without what differs from one run to the next. */
int sna_network_write_report(const sna_network *self, const char *path, sna_outputs *outputs) SNA_CHECK_RESULT;
/* edges.c: one edges file, its types CSV, and where it has gap junctions (`gaps` not NULL) the file of their ids. */
int sna_edge_file_write(sna_network *self, uint64_t file, const char *edges, const char *types, const char *gaps,
                        sna_outputs *outputs, sna_progress *progress) SNA_CHECK_RESULT;

#endif
