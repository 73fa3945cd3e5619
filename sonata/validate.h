/* validate.h: the validator from inside. Private to sonata/.
 *
 * A check returns 0 whatever it finds; a status is for what ends the whole (no memory, cancelled, enough found). */
#ifndef SNA_VALIDATE_H
#define SNA_VALIDATE_H

#include "config.h"
#include "dataset.h"

typedef struct sna_validator sna_validator;

/* ---- findings ----------------------------------------------------------------------------------------------- */

/* Counts offenders and keeps the first of them. */
enum { SNA_TALLY_MOST = 16, SNA_TALLY_SIZE = 80 };
typedef struct {
    uint64_t count;
    uint64_t most; /* of `first`; 0 is 5 */
    char first[SNA_TALLY_MOST][SNA_TALLY_SIZE];
} sna_tally;

/* One more. The text is what to call it: "row 17: 3.5". */
void sna_tally_add(sna_tally *self, const char *format, ...) SNA_PRINTF(2, 3);
/* "row R" and "row R: value". */
void sna_tally_row(sna_tally *self, uint64_t row);
void sna_tally_value(sna_tally *self, uint64_t row, double value);

/* Where something is. */
typedef struct {
    const char *file, *place; /* `place` may be NULL for the file as a whole */
    uint64_t line;
} sna_place;

/* Adds a finding; `code` must be one of the kinds. `tally` may be NULL: one, without examples. One with nothing in it
 * adds nothing. Returns 0, SNA_ENOMEM, or SNA_ECANCELLED when this was the error to stop at. */
int sna_find(sna_validator *self, const char *code, sna_place where, const sna_tally *tally, const char *format,
             ...) SNA_CHECK_RESULT SNA_PRINTF(5, 6);
/* Adds a finding, whose texts go over to the list, also when it fails. Does nothing but freeing them for a `status`
 * other than 0, which it returns. */
int sna_findings_take(sna_findings *self, sna_finding *fresh, int status) SNA_CHECK_RESULT;
/* Adds what a reader noted, except what a check has said already. */
int sna_find_notes(sna_validator *self, const sna_notes *notes) SNA_CHECK_RESULT;

/* ---- what is looked at -------------------------------------------------------------------------------------- */

/* An HDF5 file, opened once. */
typedef struct {
    char *path;
    sna_h5_file *h5; /* NULL where it cannot be opened (that is a finding already) */
    bool foreign;    /* links in it lead to other files: they are not followed, nor are soft links then */
    bool root_checked;
} sna_checked_file;

/* The ids that nodes of a population have. */
typedef struct {
    bool known;
    bool are_rows; /* 0 .. count - 1 */
    uint64_t count;
    uint64_t *id; /* [count] sorted; NULL when are_rows */
} sna_id_set;

bool sna_id_set_has(const sna_id_set *self, uint64_t id);

typedef struct {
    char *name;
    sna_checked_file *file;
    char *types_file;             /* NULL without */
    const struct cJSON *settings; /* what the config says of the population, NULL without */
    char *key;                    /* its place in the config, NULL without */
    bool sound;                   /* shapes are right: values may be read */
    uint64_t count;
    sna_id_set ids;   /* of nodes */
    char *type;       /* of nodes: the model_type of all of them, NULL where unknown or mixed */
    sna_nodes *nodes; /* opened by sna_checked_nodes_open */
} sna_checked_population;

typedef struct {
    sna_checked_population *population; /* [count] */
    uint64_t count, capacity;
} sna_checked_populations;

struct sna_validator {
    sna_findings *findings;
    int (*send)(const sna_finding *finding); /* told of each finding; NULL: nobody */
    const sna_list *skip;                    /* files to leave alone, NULL: none */
    sna_validate_options options;
    bool stopped;            /* an error was found and one is enough */
    sna_checked_file **file; /* [files] */
    uint64_t files, file_capacity;
    sna_checked_populations nodes, edges;
    bool nodes_complete; /* all node populations that there are were given: an unknown one is an error */
    sna_config *config;  /* the config at hand, or NULL */
    sna_node_sets *sets; /* of the config, NULL where they could not be read */
};

/* The file, opened and its links looked at on the first call. *out is NULL where it cannot be used. `where` names it,
 * for the finding that it is missing. */
int sna_check_open(sna_validator *self, const char *path, sna_place where, sna_checked_file **out) SNA_CHECK_RESULT;
/* What a name below `parent` is; *foreign says that it is a link that is not followed (SNA_H5_NONE then). */
sna_h5_kind sna_checked_kind(const sna_checked_file *self, hid_t parent, const char *name, bool *foreign);
/* magic, version, what lies at the root. */
int sna_check_root(sna_validator *self, sna_checked_file *file) SNA_CHECK_RESULT;
/* Opens a group where there is one; finds when there is something else, or nothing though it is `required`. *out is
 * invalid then. */
int sna_check_group(sna_validator *self, const sna_checked_file *file, hid_t parent, const char *name,
                    const char *place, bool required, hid_t *out) SNA_CHECK_RESULT;

/* ---- columns ------------------------------------------------------------------------------------------------ */

enum {
    SNA_COLUMN_REQUIRED = 1,
    SNA_COLUMN_INTEGER = 2, /* whole numbers */
    SNA_COLUMN_NUMBER = 4,  /* numbers */
    SNA_COLUMN_DENSE = 8,   /* values differ: what takes next to no room in the file cannot have many rows */
    SNA_COLUMN_TEXT = 16,
    SNA_COLUMN_READABLE = 32 /* anything that can be read */
};
#define SNA_ANY_ROWS UINT64_MAX

/* Opens a dataset and looks at its shape, type and storage. *out is NULL where it is absent or not usable (a finding
 * then, unless it is absent and not required). */
int sna_check_column(sna_validator *self, const sna_checked_file *file, hid_t parent, const char *name,
                     const char *place, unsigned what, uint32_t rank, uint64_t rows,
                     sna_dataset **out) SNA_CHECK_RESULT;

enum { SNA_CHECK_ROWS = 65536 }; /* rows read at once */
#define SNA_NO_ID UINT64_MAX     /* a value that is no whole number */

/* Is nothing stored for the dataset? Then all of its rows are its fill value, and the first one stands for them. */
bool sna_column_is_constant(const sna_dataset *dataset);
/* Rows as ids: a negative value keeps its bits (and is past 2^63 then), what is no whole number is SNA_NO_ID. Where the
 * file cannot be read there, *readable becomes false and there is a finding. */
int sna_check_ids(sna_validator *self, sna_dataset *dataset, uint64_t first, uint64_t count, uint64_t *out,
                  bool *readable) SNA_CHECK_RESULT;
/* The same as real numbers. */
int sna_check_reals(sna_validator *self, sna_dataset *dataset, uint64_t first, uint64_t count, double *out,
                    bool *readable) SNA_CHECK_RESULT;

/* The same as codes of `texts`. */
int sna_check_texts(sna_validator *self, sna_dataset *dataset, uint64_t first, uint64_t count, sna_dictionary *texts,
                    uint32_t *out, bool *readable) SNA_CHECK_RESULT;

/* ---- populations -------------------------------------------------------------------------------------------- */

/* A group of a population and its datasets. */
typedef struct {
    uint64_t number;
    char *place;
    hid_t id, dynamics, library; /* invalid where absent */
    sna_list attributes, parameters, libraries;
    uint64_t members; /* rows of the population in it */
    uint64_t rows;    /* that its datasets should have */
} sna_checked_group;

typedef struct {
    const char *one; /* "node", "edge" */
    char *place;     /* /nodes/NAME */
    hid_t id;
    uint64_t count;
    sna_dataset *type_id, *group_id, *group_index, *own_id; /* NULL where absent or unusable */
    sna_checked_group *group;                               /* [groups] by number */
    uint64_t groups;
    bool broken; /* its shape is wrong: values are not looked at */
} sna_checked_body;

/* The number of rows that the columns of a population agree on (what most of them have, the first of `names` in doubt),
 * in body->count; *found is false where there is none of them, or where they claim more than the file can hold (a
 * finding then). `names` is NULL-terminated. */
int sna_check_size(sna_validator *self, const sna_checked_population *population, sna_checked_body *body,
                   const char *const *names, bool *found) SNA_CHECK_RESULT;
/* Opens the groups of a population, and the columns that nodes and edges have alike, each of body->count rows. */
int sna_check_body(sna_validator *self, const sna_checked_population *population,
                   sna_checked_body *body) SNA_CHECK_RESULT;
/* Which row is in which row of which group; lengths of attributes; codes of libraries. */
int sna_check_groups(sna_validator *self, const sna_checked_population *population,
                     sna_checked_body *body) SNA_CHECK_RESULT;
/* Type ids against the types CSV. */
int sna_check_types(sna_validator *self, const sna_checked_population *population,
                    sna_checked_body *body) SNA_CHECK_RESULT;
/* Values of all datasets of all groups by the rules for their names. */
int sna_check_values(sna_validator *self, const sna_checked_population *population,
                     sna_checked_body *body) SNA_CHECK_RESULT;
void sna_checked_body_free(sna_checked_body *self);

/* Attributes that the type of a population calls for, and what kind of model its nodes are: through the reader, which
 * looks into the types CSV too. */
int sna_check_meaning(sna_validator *self, sna_checked_population *population, bool is_nodes) SNA_CHECK_RESULT;
int sna_check_nodes(sna_validator *self, sna_checked_population *population) SNA_CHECK_RESULT;
int sna_check_edges(sna_validator *self, sna_checked_population *population) SNA_CHECK_RESULT;
/* The node population of that name, NULL for none. */
sna_checked_population *sna_checked_nodes(const sna_validator *self, const char *name);
/* The nodes as a reader has them; *out is NULL where they are not sound. */
int sna_checked_nodes_open(sna_validator *self, sna_checked_population *population, sna_nodes **out) SNA_CHECK_RESULT;
/* How many errors were found so far. */
uint64_t sna_validator_errors(const sna_validator *self);
/* "is" or "are"... */
const char *sna_plural(uint64_t count, const char *one, const char *many);

/* ---- the edge index ----------------------------------------------------------------------------------------- */

/* A digest of the runs of edges that have one node: runs may come in any order, and the digests of two sets of them
 * agree when the sets do (and by chance once in 2^64). Start from SNA_RUN_DIGEST. */
typedef struct {
    uint64_t sum;
    uint64_t first, end, node; /* the run that is open */
} sna_run_digest;
#define SNA_RUN_DIGEST ((sna_run_digest){0, 0, 0, UINT64_MAX})

/* Adds edges from `first_edge` on, where the last ones ended. */
void sna_run_digest_add(sna_run_digest *self, uint64_t first_edge, const uint64_t *node, uint64_t count);

/* One direction of an edge index. */
typedef struct {
    const char *end; /* "source", "target" */
    char *place;     /* of its group */
    sna_dataset *nodes, *ranges;
    bool usable;
    sna_run_digest actual; /* of the edges as they are */
    uint64_t largest_id;   /* that an edge has */
    bool any_edge;
} sna_checked_index;

/* Opens the index of both directions: [0] by source, [1] by target. */
int sna_check_index_open(sna_validator *self, const sna_checked_population *population, hid_t id, const char *place,
                         uint64_t edges, sna_checked_index index[2]) SNA_CHECK_RESULT;
/* Compares one direction with what the edges are; `ids` is the column of its end, `node_count` SNA_ANY_ROWS when
 * unknown. */
int sna_check_index(sna_validator *self, const sna_checked_population *population, sna_checked_index *index,
                    sna_dataset *ids, uint64_t edges, uint64_t node_count) SNA_CHECK_RESULT;
void sna_checked_index_free(sna_checked_index *self);

/* ---- the whole ---------------------------------------------------------------------------------------------- */

/* sna_validate in this process. */
int sna_validate_here(sna_findings *out, const char *const *path, uint64_t count, const sna_validate_options *options,
                      const sna_list *skip, int (*send)(const sna_finding *finding)) SNA_CHECK_RESULT;
/* sna_validate in a child process. */
int sna_validate_isolated(sna_findings *out, const char *const *path, uint64_t count,
                          const sna_validate_options *options) SNA_CHECK_RESULT;

/* ---- configs ------------------------------------------------------------------------------------------------ */

/* A config and everything that it names. */
int sna_check_config(sna_validator *self, const char *path) SNA_CHECK_RESULT;
/* Keys, types and variables of the documents of a config as they stand. */
int sna_check_documents(sna_validator *self) SNA_CHECK_RESULT;
int sna_check_variables(sna_validator *self, const sna_json *json, const char *folder) SNA_CHECK_RESULT;
/* networks: files and populations. */
int sna_check_networks(sna_validator *self) SNA_CHECK_RESULT;
/* Adds the populations of an HDF5 file. `listed` (may be NULL) are those that the config at `where` names. */
int sna_check_listed(sna_validator *self, sna_checked_file *file, const char *kind, const char *types_file,
                     const struct cJSON *listed, sna_place where) SNA_CHECK_RESULT;
/* All populations collected so far. */
int sna_check_populations(sna_validator *self) SNA_CHECK_RESULT;
/* The place of a value of the expanded config in the file that it comes from; `key` is its path. free() *text. */
int sna_config_place(const sna_config *config, const char *key, sna_place *out, char **text) SNA_CHECK_RESULT;
/* Looks at a types CSV. */
int sna_check_types_file(sna_validator *self, const char *path, const char *id_column) SNA_CHECK_RESULT;
/* Folders and files of `components`, and what nodes and edges name of them. */
int sna_check_components(sna_validator *self) SNA_CHECK_RESULT;
/* run, inputs, reports, output... of a simulation. */
int sna_check_simulation(sna_validator *self) SNA_CHECK_RESULT;

/* ---- node sets ---------------------------------------------------------------------------------------------- */

/* All node sets of the config: its files and what stands in it; kept in self->sets. */
int sna_check_node_sets(sna_validator *self) SNA_CHECK_RESULT;
/* One node sets file by itself. */
int sna_check_node_sets_file(sna_validator *self, const char *path) SNA_CHECK_RESULT;
/* Is there such a set, or population, or is it "all"? */
bool sna_is_node_set(const sna_validator *self, const char *name);

/* ---- results ------------------------------------------------------------------------------------------------ */

int sna_check_spikes(sna_validator *self, sna_checked_file *file) SNA_CHECK_RESULT;
int sna_check_spikes_csv(sna_validator *self, const char *path) SNA_CHECK_RESULT;
int sna_check_reports(sna_validator *self, sna_checked_file *file) SNA_CHECK_RESULT;
/* ecp, gap-junction and gid files. */
int sna_check_ecp(sna_validator *self, sna_checked_file *file) SNA_CHECK_RESULT;
int sna_check_gaps(sna_validator *self, sna_checked_file *file) SNA_CHECK_RESULT;
int sna_check_gids(sna_validator *self, sna_checked_file *file) SNA_CHECK_RESULT;
/* Node ids in a results file against the population of that name; `from` is its first row. */
typedef struct {
    const sna_id_set *ids; /* NULL when unknown */
    sna_tally outside, fraction;
} sna_id_check;
/* Finds the population's nodes; one that does not exist is a finding where all are known. */
int sna_id_check_open(sna_validator *self, const char *population, sna_place where, sna_id_check *out) SNA_CHECK_RESULT;
void sna_id_check_add(sna_id_check *self, const sna_dataset *column, uint64_t first, const uint64_t *id,
                      uint64_t count);
int sna_id_check_report(sna_validator *self, const sna_id_check *check, const char *code,
                        sna_place where) SNA_CHECK_RESULT;

#endif
