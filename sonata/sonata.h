/* sonata.h: the SONATA format: read every dialect, write one that all read.
 *
 * Two families of files exist, one written by BMTK, one by the BBP / OBI tools, and neither family's readers take the
 * other's files. These readers take both, and what both get wrong in ways that can be understood; each such tolerance
 * is recorded as a note with a stable code (sna_notes). The writers make files that both families read.
 *
 * A *population* is a set of nodes or of edges in one HDF5 file. A *row* is a position in a population, 0 .. count-1. A
 * node *id* is what edges, spikes and reports name a node by; it is the row, except where the file's node_id says
 * otherwise: sna_nodes_rows translates. All positions are 64 bit.
 *
 * Reading opens files read-only and without locks. Objects given out by const pointer belong to the object that gave
 * them and live as long as it. One object is for one thread at a time, with one exception: different edge streams of
 * one population may run in different threads.
 *
 * Errors beyond those a comment names: SNA_ENOMEM, SNA_EIO, and SNA_EFORMAT for a file that is not what it should be;
 * the sentence names file and dataset. */
#ifndef SNA_SONATA_H
#define SNA_SONATA_H

#include "base/base.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cJSON;

/* ---- notes -------------------------------------------------------------------------------------------------- */

/* One thing that a reader had to be tolerant about. The code is stable ("index.spelling"); the same code at the same
 * place is kept once and counted. */
typedef struct {
    const char *code; /* a constant, see docs */
    char *file;
    char *place; /* HDF5 path, JSON key path or column; "" for the file as a whole */
    char *text;  /* a sentence: what was found and how it was read */
    uint64_t count;
} sna_note;

/* A list of notes that the caller owns and hands to the functions that open files; it must outlive what they open.
 * Start from SNA_NOTES. Wherever a `notes` argument is taken it may be NULL: nothing is recorded then. */
typedef struct {
    sna_note *note; /* [count] */
    uint64_t count, capacity;
} sna_notes;
#define SNA_NOTES ((sna_notes){NULL, 0, 0})

int sna_notes_add(sna_notes *self, const char *code, const char *file, const char *place, const char *format,
                  ...) SNA_CHECK_RESULT SNA_PRINTF(5, 6);
/* The first note with that code, or NULL. */
const sna_note *sna_notes_find(const sna_notes *self, const char *code);
void sna_notes_free(sna_notes *self);

/* ---- selections --------------------------------------------------------------------------------------------- */

/* Rows first .. end-1. */
typedef struct {
    uint64_t first, end;
} sna_range;

/* Rows as a list of ranges, none of them empty. Order and repetition are kept by the functions that build one, except
 * where sorted is said: ranges ascend then, do not touch and do not overlap. Start from SNA_SELECTION. */
typedef struct {
    sna_range *range; /* [count] */
    uint64_t count, capacity;
} sna_selection;
#define SNA_SELECTION ((sna_selection){NULL, 0, 0})

/* Appends rows first .. end-1; joined to the last range where it continues that. Nothing for first >= end. */
int sna_selection_add(sna_selection *self, uint64_t first, uint64_t end) SNA_CHECK_RESULT;
/* Appends single rows in the order given. */
int sna_selection_add_rows(sna_selection *self, const uint64_t *row, uint64_t count) SNA_CHECK_RESULT;
/* Number of rows, repeated ones counted each time. */
uint64_t sna_selection_rows(const sna_selection *self);
/* Makes it sorted. */
int sna_selection_sort(sna_selection *self) SNA_CHECK_RESULT;
/* Rows of both / of either, sorted, in the empty selection *out; `a` and `b` need not be sorted. */
int sna_selection_and(sna_selection *out, const sna_selection *a, const sna_selection *b) SNA_CHECK_RESULT;
int sna_selection_or(sna_selection *out, const sna_selection *a, const sna_selection *b) SNA_CHECK_RESULT;
/* Is `row` in a sorted selection? */
bool sna_selection_has(const sna_selection *self, uint64_t row);
/* "3,7,10-20" (10-20 includes 20) or "all", with `count` rows in the population. Errors: SNA_EINVAL, SNA_ERANGE. */
int sna_selection_parse(sna_selection *self, const char *text, uint64_t count) SNA_CHECK_RESULT;
void sna_selection_free(sna_selection *self);

/* ---- columns and attributes --------------------------------------------------------------------------------- */

/* How a dataset is stored in the file. Any byte order is read; little endian is written. */
typedef enum {
    SNA_I8,
    SNA_I16,
    SNA_I32,
    SNA_I64,
    SNA_U8,
    SNA_U16,
    SNA_U32,
    SNA_U64,
    SNA_F16,
    SNA_F32,
    SNA_F64,          /* half precision is read only */
    SNA_UTF8,         /* variable-length UTF-8; fixed and ASCII strings are read as this */
    SNA_NOT_SUPPORTED /* compound, opaque, reference...: listed, not read */
} sna_storage;

/* "int8" ... "float64", "string", "unsupported". */
const char *sna_storage_name(sna_storage storage);
/* Bytes that `rows` rows of `width` values take in a file that this library writes uncompressed; a long column of one
 * value takes none. Of strings, what stands in the dataset itself: they lie elsewhere. */
uint64_t sna_storage_bytes(sna_storage storage, uint64_t rows, uint32_t width, bool constant);

/* Values of one attribute, one row for each row of what was read. An integer of the file is an integer here, floating
 * point is real, strings (and enumerations through @library) are text, as codes into a list of the distinct texts in
 * order of first appearance: equal texts have equal codes. */
typedef struct {
    const char *name;
    sna_type type;         /* SNA_INTEGER, SNA_REAL or SNA_TEXT */
    uint64_t count;        /* rows */
    uint32_t width;        /* values a row: 1, or d for an N x d dataset */
    int64_t *integer;      /* [count * width] for SNA_INTEGER, else NULL */
    double *real;          /* [count * width] for SNA_REAL, else NULL */
    uint32_t *code;        /* [count * width] for SNA_TEXT, else NULL: positions in *texts */
    const sna_list *texts; /* for SNA_TEXT, else NULL */
    uint8_t *missing; /* [count] 1 where a row has no value (the value is 0, NaN, code 0); NULL where none misses */
} sna_column;

/* First value of a row: missing / 0 / NaN / NULL where the row has none or the type is another (integers are reals
 * too). */
bool sna_column_is_missing(const sna_column *self, uint64_t row);
int64_t sna_column_integer(const sna_column *self, uint64_t row);
double sna_column_real(const sna_column *self, uint64_t row);
const char *sna_column_text(const sna_column *self, uint64_t row);
/* A flag, e.g. is_gap_junction: a number other than 0 (and not NaN), or the text true, yes, t, y or a number other than
 * 0, in any case. Missing is false. */
bool sna_column_is_true(const sna_column *self, uint64_t row);

/* Where an attribute comes from; a population may have one from several places, and each row takes the first that has
 * it: the row's group, the group's dynamics_params, the row of its type in the types CSV. */
enum { SNA_FROM_GROUP = 1, SNA_FROM_DYNAMICS = 2, SNA_FROM_TYPES = 4 };

typedef struct {
    const char *name;
    sna_type type;       /* of the column that reading it gives */
    sna_storage storage; /* in the first group that has it; SNA_UTF8, SNA_I64, SNA_F64 for a types CSV only */
    uint32_t width;
    unsigned origin;  /* SNA_FROM_... or-ed */
    bool enumeration; /* integer codes with a @library of texts */
} sna_attribute;

/* ---- types CSV ---------------------------------------------------------------------------------------------- */

/* A node_types.csv or edge_types.csv: one row a type. Columns are separated by one space; a doubled space is a missing
 * value where that makes the number of fields right, else it is alignment. NULL, NONE, NaN, nan, NA, N/A, null and
 * nothing at all are missing. */
typedef struct sna_types sna_types;

/* `id_column` is "node_type_id" or "edge_type_id". `population` (may be NULL) picks rows where the file has a column
 * `population`. Errors: SNA_ENOTFOUND, SNA_EFORMAT (no id column, an id twice, a ragged row; with the line). */
int sna_types_read(sna_types **out, const char *path, const char *id_column, const char *population,
                   sna_notes *notes) SNA_CHECK_RESULT;
uint64_t sna_types_count(const sna_types *self);
int64_t sna_types_id(const sna_types *self, uint64_t row);
/* Row of a type id, -1 when there is none. */
int64_t sna_types_row(const sna_types *self, int64_t id);
/* Columns without the id column, in file order. A column of whole numbers is SNA_INTEGER, of numbers SNA_REAL, else
 * SNA_TEXT; one that is missing everywhere is SNA_TEXT. */
uint64_t sna_types_columns(const sna_types *self);
const sna_column *sna_types_column(const sna_types *self, uint64_t column);
int64_t sna_types_find_column(const sna_types *self, const char *name);
/* The text as it stands in the file, quotes removed; NULL where it is missing. */
const char *sna_types_text(const sna_types *self, uint64_t row, uint64_t column);
void sna_types_free(sna_types *self);

/* Writes a types CSV that both families read: single spaces, LF, quotes where needed, NULL for missing, True and False
 * for booleans. The first column of the table is the id column (SNA_INTEGER, no missing, no id twice). */
int sna_types_write(sna_outputs *outputs, const char *path, const sna_table *table) SNA_CHECK_RESULT;

/* ---- configs ------------------------------------------------------------------------------------------------ */

/* A circuit or simulation config (or BMTK's one that names both) with its children read, the manifest expanded
 * everywhere ($NAME, ${NAME}, configdir and workingdir built in), and paths made absolute: relative ones against the
 * folder of the file they stand in, log and spikes files against output_dir. Where parent and child both have a key,
 * the parent's wins (`components`, `run`, ... key by key). Unknown keys are kept. */
typedef struct sna_config sna_config;

/* Errors: SNA_ENOTFOUND (it, or a child), SNA_EFORMAT (not JSON, a key twice, an undefined or circular variable, with
 * place). The files it names need not exist. */
int sna_config_read(sna_config **out, const char *path, sna_notes *notes) SNA_CHECK_RESULT;
/* The same from a text; `folder` is the base of relative paths, `name` stands for the file in messages. */
int sna_config_parse(sna_config **out, const char *text, uint64_t length, const char *folder, const char *name,
                     sna_notes *notes) SNA_CHECK_RESULT;
const char *sna_config_file(const sna_config *self);
/* The expanded tree (cJSON's, read-only). */
const struct cJSON *sna_config_root(const sna_config *self);
/* A value by its path, e.g. "components.templates_dir" or "networks.nodes[0].nodes_file"; NULL when there is none. A
 * key with a dot in it is not found this way: use sna_json_member. */
const struct cJSON *sna_config_find(const sna_config *self, const char *path);
/* The text / number at a path; NULL / NaN when there is none or it is of another kind. */
const char *sna_config_text(const sna_config *self, const char *path);
double sna_config_real(const sna_config *self, const char *path);
/* The file that a simulation writes one of its `reports` to: file_name, or its name with .h5, in output_dir; free() it.
 * `name` NULL means the only one. Errors: SNA_ENOTFOUND with the list. */
int sna_config_report_file(const sna_config *self, const char *name, char **out) SNA_CHECK_RESULT;
void sna_config_free(sna_config *self);

/* ---- circuits ----------------------------------------------------------------------------------------------- */

typedef struct sna_circuit sna_circuit;
typedef struct sna_nodes sna_nodes;
typedef struct sna_edges sna_edges;
typedef struct sna_node_sets sna_node_sets;

/* Opens the circuit of a circuit or simulation config, or a single nodes or edges file (.h5). Populations are listed
 * now and opened when first asked for. Errors: SNA_ENOTFOUND (config or a file that it names), SNA_EFORMAT (also a
 * population that is listed but not in its file, one node population in two files). */
int sna_circuit_open(sna_circuit **out, const char *path) SNA_CHECK_RESULT;
/* As it was given. */
const char *sna_circuit_path(const sna_circuit *self);
/* NULL for a circuit opened from an HDF5 file. */
const sna_config *sna_circuit_config(const sna_circuit *self);
/* What had to be tolerated so far. */
const sna_notes *sna_circuit_notes(const sna_circuit *self);
sna_notes *sna_circuit_notes_list(sna_circuit *self);

/* Node and edge populations in the order of the config. Edge populations of two files may share a name. */
uint64_t sna_circuit_node_populations(const sna_circuit *self);
const char *sna_circuit_node_population(const sna_circuit *self, uint64_t index);
uint64_t sna_circuit_edge_populations(const sna_circuit *self);
const char *sna_circuit_edge_population(const sna_circuit *self, uint64_t index);
/* A property of a population in the config: "type", an own component path...; falls back to `components`. NULL when
 * there is none. For "type" the default is "biophysical" / "chemical" where the config lists populations. */
const char *sna_circuit_node_property(const sna_circuit *self, uint64_t index, const char *key);
const char *sna_circuit_edge_property(const sna_circuit *self, uint64_t index, const char *key);

/* Whose circuit it is by its config: "Allen Institute / BMTK" (populations are not listed), "BBP / OBI" (they are, and
 * there is no types CSV) or "both"; NULL without a config, or one without files. */
const char *sna_circuit_family(const sna_circuit *self);

/* The population, owned by the circuit, opened on the first call. By name: SNA_ENOTFOUND with the list and a guess,
 * SNA_EINVAL for an edge population whose name two files share. */
int sna_circuit_nodes(sna_circuit *self, const char *name, sna_nodes **out) SNA_CHECK_RESULT;
int sna_circuit_nodes_at(sna_circuit *self, uint64_t index, sna_nodes **out) SNA_CHECK_RESULT;
int sna_circuit_edges(sna_circuit *self, const char *name, sna_edges **out) SNA_CHECK_RESULT;
int sna_circuit_edges_at(sna_circuit *self, uint64_t index, sna_edges **out) SNA_CHECK_RESULT;
/* The node populations at the ends of an edge population, in one call. Errors: SNA_ENOTFOUND when the circuit has no
 * such population or the file does not name it. */
int sna_circuit_ends(sna_circuit *self, sna_edges *edges, sna_nodes **source, sna_nodes **target) SNA_CHECK_RESULT;

/* Node sets of circuit and simulation together (the simulation's win), never NULL after success; read and checked on
 * the first call. */
int sna_circuit_node_sets(sna_circuit *self, sna_node_sets **out) SNA_CHECK_RESULT;
/* Files of gap-junction ids (`networks.gap_juncs`). */
uint64_t sna_circuit_gap_files(const sna_circuit *self);
const char *sna_circuit_gap_file(const sna_circuit *self, uint64_t index);
void sna_circuit_close(sna_circuit *self);

/* Names of the populations below `/nodes` ("nodes"), `/edges`, `/spikes` or `/report` of a file, in the order of
 * their names. A file without such a group has none. */
int sna_populations_list(sna_list *out, const char *path, const char *kind) SNA_CHECK_RESULT;

/* ---- nodes -------------------------------------------------------------------------------------------------- */

/* Opens one node population of a file: `population` NULL means the only one; `types_file` NULL or "" means none. */
int sna_nodes_open(sna_nodes **out, const char *path, const char *types_file, const char *population,
                   sna_notes *notes) SNA_CHECK_RESULT;
const char *sna_nodes_name(const sna_nodes *self);
const char *sna_nodes_file(const sna_nodes *self);
uint64_t sna_nodes_count(const sna_nodes *self);
/* The types CSV, NULL without. */
const sna_types *sna_nodes_types(const sna_nodes *self);

/* Node ids by row. True when they are just the rows (ids[i] = i): nothing needs translating then. */
bool sna_nodes_ids_are_rows(const sna_nodes *self);
uint64_t sna_nodes_id(const sna_nodes *self, uint64_t row);
/* Row of a node id, or -1. */
int64_t sna_nodes_row(const sna_nodes *self, uint64_t id);
/* Rows of many ids; `row` may be `id`. Errors: SNA_ERANGE for an id that no node has. */
int sna_nodes_rows(const sna_nodes *self, const uint64_t *id, uint64_t count, uint64_t *row) SNA_CHECK_RESULT;
/* node_type_id [count], -1 for none. */
int sna_nodes_type_ids(sna_nodes *self, const int64_t **out) SNA_CHECK_RESULT;
/* node_group_id [count] and row in the group [count]. */
int sna_nodes_groups(sna_nodes *self, const uint32_t **group, const uint64_t **index) SNA_CHECK_RESULT;

/* Every attribute, those of the types CSV included, sorted by name. One in dynamics_params is listed as
 * "dynamics_params/NAME" (and found as NAME too, behind the group's own). */
uint64_t sna_nodes_attributes(const sna_nodes *self);
const sna_attribute *sna_nodes_attribute(const sna_nodes *self, uint64_t index);
/* NULL when there is none of that name. */
const sna_attribute *sna_nodes_find_attribute(const sna_nodes *self, const char *name);

/* One attribute of all nodes, read once and kept. "node_id", "node_type_id", "node_group_id" and "population" are
 * attributes too. A row past the end of a dataset that is too short is missing, with a note. Errors: SNA_ENOTFOUND
 * with the list and a guess, SNA_EUNSUPPORTED. */
int sna_nodes_column(sna_nodes *self, const char *name, const sna_column **out) SNA_CHECK_RESULT;
/* The integer codes of an enumeration (sna_nodes_column gives its texts), and the texts. Errors: SNA_ENOTFOUND. */
int sna_nodes_codes(sna_nodes *self, const char *name, const sna_column **out) SNA_CHECK_RESULT;
int sna_nodes_library(sna_nodes *self, const char *name, const sna_list **out) SNA_CHECK_RESULT;
/* The same attribute as text labels whatever its type: numbers as the shortest text. A node without a value has the
 * label "" (in `texts` only where there is such a node). Labels are in order of first appearance. */
int sna_nodes_labels(sna_nodes *self, const char *name, const uint32_t **code, const sna_list **texts) SNA_CHECK_RESULT;
/* Coordinates [count][3] in um from x y z, pos_x pos_y pos_z or an N x 2, N x 3 `positions`; NaN where a node lacks
 * one. *dimensions is how many of the three the population has (0: none, all NaN). */
int sna_nodes_positions(sna_nodes *self, const double (**out)[3], unsigned *dimensions) SNA_CHECK_RESULT;
void sna_nodes_close(sna_nodes *self);

/* ---- node sets ---------------------------------------------------------------------------------------------- */

int sna_node_sets_create(sna_node_sets **out) SNA_CHECK_RESULT;
/* Adds the sets of a file / a text; a set that is there already is replaced, and its name added to `replaced` (may be
 * NULL). Values, operators and patterns are checked here, names of other sets by sna_node_sets_check: they may be in
 * the next file. `name` stands for the file in messages. Errors: SNA_EFORMAT with place, SNA_EUNSUPPORTED (a pattern
 * with look-around). */
int sna_node_sets_read(sna_node_sets *self, const char *path, sna_list *replaced, sna_notes *notes) SNA_CHECK_RESULT;
int sna_node_sets_parse(sna_node_sets *self, const char *text, uint64_t length, const char *name, sna_list *replaced,
                        sna_notes *notes) SNA_CHECK_RESULT;
/* Every set that another one names exists (as a set, or in `populations`, which may be NULL), and none contains itself.
 * Errors: SNA_EFORMAT. */
int sna_node_sets_check(const sna_node_sets *self, const sna_list *populations) SNA_CHECK_RESULT;
uint64_t sna_node_sets_count(const sna_node_sets *self);
const char *sna_node_sets_name(const sna_node_sets *self, uint64_t index);
/* Rows of a population that are in a set, sorted, in the empty selection *out. A population's name is a set that holds
 * all of it, "all" too, where no set is called so. Errors: SNA_ENOTFOUND (no such set; with `strict` also an attribute
 * that the population lacks, which otherwise matches nothing), SNA_EFORMAT (sets that contain each other). */
int sna_node_sets_select(const sna_node_sets *self, const char *name, sna_nodes *nodes, bool strict,
                         sna_selection *out) SNA_CHECK_RESULT;
void sna_node_sets_free(sna_node_sets *self);

/* ---- edges -------------------------------------------------------------------------------------------------- */

/* Opens one edge population of a file: arguments as for sna_nodes_open. */
int sna_edges_open(sna_edges **out, const char *path, const char *types_file, const char *population,
                   sna_notes *notes) SNA_CHECK_RESULT;
const char *sna_edges_name(const sna_edges *self);
const char *sna_edges_file(const sna_edges *self);
uint64_t sna_edges_count(const sna_edges *self);
const sna_types *sna_edges_types(const sna_edges *self);
/* Node populations at both ends; NULL where the file does not say (and the name A_to_B does not either). */
const char *sna_edges_source_population(const sna_edges *self);
const char *sna_edges_target_population(const sna_edges *self);
/* As for nodes. */
uint64_t sna_edges_attributes(const sna_edges *self);
const sna_attribute *sna_edges_attribute(const sna_edges *self, uint64_t index);
const sna_attribute *sna_edges_find_attribute(const sna_edges *self, const char *name);

/* What to read of each edge. "edge_id", "edge_type_id", "edge_group_id", "source_node_id" and "target_node_id" are
 * attributes too, but `parts` is the quick way. */
enum { SNA_EDGE_SOURCE = 1, SNA_EDGE_TARGET = 2, SNA_EDGE_TYPE = 4 };

typedef struct {
    unsigned parts;               /* SNA_EDGE_... or-ed */
    const char *const *attribute; /* [attribute_count] names; a name that the population lacks is SNA_ENOTFOUND */
    uint64_t attribute_count;
    const sna_selection *selection; /* rows, read in this order; NULL: all. Must outlive the stream. */
    uint64_t block;                 /* rows a block at most; 0: a good number */
    bool codes;                     /* enumerations as integer codes, not texts */
} sna_edge_request;

/* Rows of a block are consecutive where there is no selection: edge i is row `first` + i. Everything is valid until the
 * next call with the stream. */
typedef struct {
    uint64_t first;           /* row of the first edge */
    uint64_t count;           /* 0: no more */
    const uint64_t *row;      /* [count] with a selection, else NULL */
    const uint64_t *source;   /* [count] node ids; NULL when not asked for */
    const uint64_t *target;   /* [count] */
    const int64_t *type;      /* [count] -1 for none */
    const sna_column *column; /* [attribute_count] of `count` rows each, in the order asked for. Codes of texts stay the
                                 same through the stream; the list of texts grows. */
} sna_edge_block;

/* Reads edges block by block in memory that depends only on the block: contiguous and unfiltered data straight from the
 * file, compressed data chunk by chunk.
 *     while ((status = sna_edge_stream_next(stream, &block)) == 0 && block.count > 0) ...
 * Errors: SNA_ENOTFOUND, SNA_ERANGE (a selection past the end), SNA_EUNSUPPORTED (a filter that this HDF5 lacks). */
typedef struct sna_edge_stream sna_edge_stream;
int sna_edge_stream_open(sna_edge_stream **out, sna_edges *edges, const sna_edge_request *request) SNA_CHECK_RESULT;
int sna_edge_stream_next(sna_edge_stream *self, sna_edge_block *block) SNA_CHECK_RESULT;
void sna_edge_stream_close(sna_edge_stream *self);

/* Rows of the edges that end on (afferent) / start at (efferent) any of the nodes, sorted, from the file's index, or
 * from one built in memory where the file has none (8 bytes an edge) or says what cannot be. Ids that no edge has
 * select nothing. */
int sna_edges_afferent(sna_edges *self, const uint64_t *target, uint64_t count, sna_selection *out) SNA_CHECK_RESULT;
int sna_edges_efferent(sna_edges *self, const uint64_t *source, uint64_t count, sna_selection *out) SNA_CHECK_RESULT;
/* Rows of the edges from any of the sources to any of the targets, sorted. */
int sna_edges_connecting(sna_edges *self, const uint64_t *source, uint64_t source_count, const uint64_t *target,
                         uint64_t target_count, sna_selection *out) SNA_CHECK_RESULT;

/* Which index answers: none asked for yet, the file's read on demand, the file's held in memory, one built here. */
typedef enum { SNA_INDEX_NONE, SNA_INDEX_FILE, SNA_INDEX_LOADED, SNA_INDEX_BUILT } sna_index_source;
typedef enum { SNA_AFFERENT, SNA_EFFERENT } sna_direction;
bool sna_edges_has_index(const sna_edges *self, sna_direction direction);
/* Brings an index into memory, for many queries. */
int sna_edges_load_index(sna_edges *self, sna_direction direction) SNA_CHECK_RESULT;
sna_index_source sna_edges_index_source(const sna_edges *self, sna_direction direction);
void sna_edges_close(sna_edges *self);

/* ---- writing ------------------------------------------------------------------------------------------------ */

/* How to write. {0} is good: no compression, 256 MiB of memory for sorting. */
typedef struct {
    unsigned compress; /* deflate level 1-9 behind shuffle, chunks compressed on all cores; 0: none */
    uint64_t memory;   /* bytes that building an index may take; past that it sorts through scratch files. 0: 256 MiB */
    bool string_sorting; /* spikes: `sorting` as BMTK's string instead of the enumeration */
    bool shared;         /* edges and gap junctions: all ranks write the file together, see sna_edge_writer_share */
} sna_write_options;

/* Values of an attribute on their way to a file: `integer` for SNA_I8 ... SNA_U64, `real` for SNA_F32 and SNA_F64,
 * `text` for SNA_UTF8 (NULL is written as a missing string, which h5py reads as ""). */
typedef union {
    const int64_t *integer;
    const double *real;
    const char *const *text;
} sna_values;

/* A nodes file with one population. Files go through `outputs`: they appear together when that is committed.
 * Calls: open, then any of the others, then finish. */
typedef struct sna_node_writer sna_node_writer;

/* `count` nodes; ids are 0 .. count-1, every type is -1 and all are in group 0 until said otherwise. */
int sna_node_writer_open(sna_node_writer **out, sna_outputs *outputs, const char *path, const char *population,
                         uint64_t count, const sna_write_options *options) SNA_CHECK_RESULT;
/* [count] each. Ids must differ from one another. Group ids are small numbers; libsonata reads group 0 only. */
int sna_node_writer_ids(sna_node_writer *self, const uint64_t *id) SNA_CHECK_RESULT;
int sna_node_writer_type_ids(sna_node_writer *self, const int64_t *type_id) SNA_CHECK_RESULT;
int sna_node_writer_groups(sna_node_writer *self, const uint32_t *group) SNA_CHECK_RESULT;
/* One attribute of a group: one row for each of its nodes, in the order of nodes (with one group: [count * width]);
 * after sna_node_writer_groups. `width` > 1 makes a rank-2 dataset. A name "dynamics_params/NAME" goes there.
 * Errors: SNA_ERANGE (a value that the storage cannot hold; SNA_F32 rounds), SNA_EINVAL (a name twice, a name that
 * HDF5 cannot take). */
int sna_node_writer_attribute(sna_node_writer *self, uint32_t group, const char *name, sna_storage storage,
                              uint32_t width, sna_values values) SNA_CHECK_RESULT;
/* An enumeration: codes [rows of the group] into `texts`, written with its @library. */
int sna_node_writer_enumeration(sna_node_writer *self, uint32_t group, const char *name, const uint32_t *code,
                                const sna_list *texts) SNA_CHECK_RESULT;
/* Writes what is left and closes the file. */
int sna_node_writer_finish(sna_node_writer *self) SNA_CHECK_RESULT;
void sna_node_writer_close(sna_node_writer *self);

/* An edges file with one population, appended to block by block: any number of edges in bounded memory. A chunk of a
 * column that holds one value only (a group id, the type id of a single type, a weight) takes no room in the file.
 * Calls: open, add groups' attributes, append..., finish. */
typedef struct sna_edge_writer sna_edge_writer;

/* `source_count` and `target_count` are the numbers of nodes: both index tables get so many rows, and an id at or past
 * that is SNA_ERANGE. (Ids that are no rows: give largest id + 1.) */
int sna_edge_writer_open(sna_edge_writer **out, sna_outputs *outputs, const char *path, const char *population,
                         const char *source_population, uint64_t source_count, const char *target_population,
                         uint64_t target_count, const sna_write_options *options) SNA_CHECK_RESULT;
/* Declares an attribute of a group before the first append; groups are 0, 1, 2... in any order, a group is made by its
 * first attribute or its first edge. A name "dynamics_params/NAME" goes there. The values given to append follow the
 * order of declaration. libsonata reads populations with group 0 only. */
int sna_edge_writer_attribute(sna_edge_writer *self, uint32_t group, const char *name,
                              sna_storage storage) SNA_CHECK_RESULT;
/* Appends `count` edges of one group: `source`, `target` and `type_id` [count], `values` [attributes of the group],
 * each [count]. Give edges in the order of targets, and of sources within a target: that is how readers want them, and
 * the target index costs nothing then; any other order is written as it comes and both indices are sorted. A block is
 * checked before anything of it is kept. Errors: SNA_ERANGE (an id outside its population, a value that the storage
 * cannot hold), SNA_EIO. */
int sna_edge_writer_append(sna_edge_writer *self, uint32_t group, uint64_t count, const uint64_t *source,
                           const uint64_t *target, const int64_t *type_id, const sna_values *values) SNA_CHECK_RESULT;
/* Where the edges of one process stand in an edges file that several write together (ranks, see base.h). */
typedef struct {
    uint64_t first, total;                     /* edges of the ranks before this one, and of all */
    const uint64_t *group_first, *group_total; /* [groups] the same of each group, in the order of their declaration */
} sna_edge_part;
/* Makes one file of what the ranks append, in their order: call it on all ranks, which have opened the file with the
 * option `shared` and declared the same attributes, before the first append. How many edges there will be must be known
 * then. Open, share, finish and close are calls for all ranks, and up to the first failure, which all agree on, no rank
 * may leave one out. Columns are neither compressed nor chunked. Errors: SNA_EUNSUPPORTED (an attribute of texts). */
int sna_edge_writer_share(sna_edge_writer *self, const sna_edge_part *part) SNA_CHECK_RESULT;
/* Edges so far; in a shared file those that there will be in all. */
uint64_t sna_edge_writer_count(const sna_edge_writer *self);
/* Writes what is left, builds the indices and closes the file. */
int sna_edge_writer_finish(sna_edge_writer *self) SNA_CHECK_RESULT;
void sna_edge_writer_close(sna_edge_writer *self);

/* BMTK's gap-junction file: one row a junction, each end with an id of its own. */
typedef struct sna_gap_writer sna_gap_writer;
int sna_gap_writer_open(sna_gap_writer **out, sna_outputs *outputs, const char *path,
                        const sna_write_options *options) SNA_CHECK_RESULT;
/* [count] each: node ids and gap ids of both ends. */
int sna_gap_writer_append(sna_gap_writer *self, uint64_t count, const uint64_t *source, const uint64_t *target,
                          const int64_t *source_gap, const int64_t *target_gap) SNA_CHECK_RESULT;
/* As sna_edge_writer_share: `first` junctions stand in the file before this rank's, `total` are there in all. */
int sna_gap_writer_share(sna_gap_writer *self, uint64_t first, uint64_t total) SNA_CHECK_RESULT;
int sna_gap_writer_finish(sna_gap_writer *self) SNA_CHECK_RESULT;
void sna_gap_writer_close(sna_gap_writer *self);

/* A circuit_config.json that both families read. Paths are as this process sees them; those inside the config's folder
 * are written relative to it, others absolute. Where a population is biophysical and `morphologies_dir` or
 * `biophysical_neuron_models_dir` is not given, components/morphologies... is written: libsonata wants both. */
typedef struct sna_config_writer sna_config_writer;
int sna_config_writer_create(sna_config_writer **out) SNA_CHECK_RESULT;
/* A key of `components`, e.g. "morphologies_dir". */
int sna_config_writer_component(sna_config_writer *self, const char *key, const char *path) SNA_CHECK_RESULT;
/* `types_file` may be NULL; `type` is the population's model type ("biophysical", "virtual", "point_neuron"...) or kind
 * of edge ("chemical", "electrical"), NULL to leave it out. Populations of one file go into one entry. */
int sna_config_writer_nodes(sna_config_writer *self, const char *file, const char *types_file, const char *population,
                            const char *type) SNA_CHECK_RESULT;
int sna_config_writer_edges(sna_config_writer *self, const char *file, const char *types_file, const char *population,
                            const char *type) SNA_CHECK_RESULT;
int sna_config_writer_gaps(sna_config_writer *self, const char *file) SNA_CHECK_RESULT;
int sna_config_writer_node_sets(sna_config_writer *self, const char *file) SNA_CHECK_RESULT;
int sna_config_writer_target_simulator(sna_config_writer *self, const char *name) SNA_CHECK_RESULT;
int sna_config_writer_write(const sna_config_writer *self, sna_outputs *outputs, const char *path) SNA_CHECK_RESULT;
void sna_config_writer_free(sna_config_writer *self);

/* Builds both indices of an edge population into its file, or replaces what is there (`replace`), through a copy that
 * takes the file's place. R is the number of nodes, or largest id + 1 where that is more (or 0 is given). */
int sna_index_write(const char *path, const char *population, uint64_t source_count, uint64_t target_count,
                    bool replace, const sna_write_options *options) SNA_CHECK_RESULT;

/* ---- gap junctions ------------------------------------------------------------------------------------------ */

typedef struct {
    uint64_t count;
    uint64_t *source, *target;        /* [count] node ids */
    int64_t *source_gap, *target_gap; /* [count] ids of the two ends */
} sna_gaps;
int sna_gaps_read(sna_gaps *out, const char *path, sna_notes *notes) SNA_CHECK_RESULT;
void sna_gaps_free(sna_gaps *self);

/* ---- spikes ------------------------------------------------------------------------------------------------- */

typedef enum { SNA_ORDER_NONE, SNA_ORDER_ID, SNA_ORDER_TIME } sna_spike_order;

/* The spikes of a file: HDF5 (any `sorting`, the layout of 2018 as one population named ""), or a CSV of timestamps,
 * population and node_ids. */
typedef struct sna_spikes sna_spikes;
int sna_spikes_open(sna_spikes **out, const char *path, sna_notes *notes) SNA_CHECK_RESULT;
uint64_t sna_spikes_populations(const sna_spikes *self);
const char *sna_spikes_population(const sna_spikes *self, uint64_t population);
/* Index of a population by name, or SNA_ENOTFOUND with the list; NULL means the only one. */
int sna_spikes_find(const sna_spikes *self, const char *name, uint64_t *population) SNA_CHECK_RESULT;
uint64_t sna_spikes_count(const sna_spikes *self, uint64_t population);
/* What the file claims (a claim can be false: sna_spikes_read says), and its unit of time, "ms" where it says none. */
sna_spike_order sna_spikes_order(const sna_spikes *self, uint64_t population);
const char *sna_spikes_unit(const sna_spikes *self, uint64_t population);

typedef struct {
    uint64_t count;
    uint64_t *node;        /* [count] node ids */
    double *time;          /* [count] ms, whatever the file's unit */
    sna_spike_order order; /* what is true of these (both true: SNA_ORDER_TIME) */
} sna_spike_list;

/* Spikes with start <= time <= stop (ms; NaN: no limit) of the nodes in `node` [node_count] (NULL: all), in file order.
 * Free the list. */
int sna_spikes_read(sna_spikes *self, uint64_t population, double start, double stop, const uint64_t *node,
                    uint64_t node_count, sna_spike_list *out) SNA_CHECK_RESULT;
/* The same in blocks of bounded memory: rows from `first` on, at most `most` of them, all nodes and times. */
int sna_spikes_block(sna_spikes *self, uint64_t population, uint64_t first, uint64_t most,
                     sna_spike_list *out) SNA_CHECK_RESULT;
/* The order that is true of a list; both: SNA_ORDER_TIME. */
sna_spike_order sna_spike_list_order(const sna_spike_list *self);
/* Sorts by time (then node id) or by node id (then time). */
int sna_spike_list_sort(sna_spike_list *self, sna_spike_order order) SNA_CHECK_RESULT;
void sna_spike_list_free(sna_spike_list *self);
void sna_spikes_close(sna_spikes *self);

/* A spike file, one or more populations, each from one list (written in the order it is in). */
typedef struct sna_spike_writer sna_spike_writer;
int sna_spike_writer_open(sna_spike_writer **out, sna_outputs *outputs, const char *path,
                          const sna_write_options *options) SNA_CHECK_RESULT;
int sna_spike_writer_population(sna_spike_writer *self, const char *population,
                                const sna_spike_list *spikes) SNA_CHECK_RESULT;
int sna_spike_writer_finish(sna_spike_writer *self) SNA_CHECK_RESULT;
void sna_spike_writer_close(sna_spike_writer *self);

/* ---- reports ------------------------------------------------------------------------------------------------ */

/* One population of a report: frames (times) x elements (compartments of nodes). */
typedef struct sna_report sna_report;
/* `population` NULL means the only one; the layout of 2018 has one named "". */
int sna_report_open(sna_report **out, const char *path, const char *population, sna_notes *notes) SNA_CHECK_RESULT;
const char *sna_report_population(const sna_report *self);
/* Frame i is at start + i * step (ms). */
uint64_t sna_report_frames(const sna_report *self);
double sna_report_start(const sna_report *self);
double sna_report_stop(const sna_report *self);
double sna_report_step(const sna_report *self);
/* Unit of the values and of time as the file says; NULL where it does not. */
const char *sna_report_unit(const sna_report *self);
const char *sna_report_time_unit(const sna_report *self);
/* How the values are stored. */
sna_storage sna_report_storage(const sna_report *self);
/* The nodes in file order; elements of node n are columns pointer[n] .. pointer[n + 1] - 1. */
uint64_t sna_report_nodes(const sna_report *self);
const uint64_t *sna_report_node_ids(const sna_report *self);
const uint64_t *sna_report_pointers(const sna_report *self); /* [nodes + 1] */
uint64_t sna_report_elements(const sna_report *self);
const uint64_t *sna_report_element_ids(const sna_report *self);     /* [elements] */
const double *sna_report_element_positions(const sna_report *self); /* [elements] or NULL */
/* Of a report of connections (BMTK's netcon reports): node ids of their sources (-1: not in the circuit) and targets
 * [elements]; NULL otherwise. */
const int64_t *sna_report_source_ids(const sna_report *self);
const int64_t *sna_report_target_ids(const sna_report *self);
bool sna_report_is_sorted(const sna_report *self); /* node ids ascend (looked at, not believed) */
/* Columns of the elements of the nodes asked for, in the order asked for, each node as often as asked; unknown ids
 * select nothing. */
int sna_report_columns(const sna_report *self, const uint64_t *node, uint64_t count,
                       sna_selection *out) SNA_CHECK_RESULT;
/* Frames whose time is in [start, stop] (NaN: no limit): first and number. */
void sna_report_window(const sna_report *self, double start, double stop, uint64_t *first, uint64_t *count);
/* Values [frames read][columns] of every `stride`-th frame from `first`, `count` of them, for the columns of a
 * selection (NULL: all) into `out`, which has room for them. */
int sna_report_read(sna_report *self, uint64_t first, uint64_t count, uint64_t stride, const sna_selection *columns,
                    double *out) SNA_CHECK_RESULT;
void sna_report_close(sna_report *self);

typedef struct {
    const char *unit;         /* of the values, e.g. "mV" */
    double start, stop, step; /* ms */
    uint64_t node_count;
    const uint64_t *node_ids;        /* [node_count] */
    const uint64_t *pointers;        /* [node_count + 1] */
    const uint64_t *element_ids;     /* [pointers[node_count]] */
    const double *element_positions; /* the same, or NULL */
    bool double_precision;           /* values and positions as float64, which libsonata refuses; else float32 */
} sna_report_layout;

/* A report with one population, frames appended in order of time. */
typedef struct sna_report_writer sna_report_writer;
int sna_report_writer_open(sna_report_writer **out, sna_outputs *outputs, const char *path, const char *population,
                           const sna_report_layout *layout, const sna_write_options *options) SNA_CHECK_RESULT;
/* `frames` rows of all elements [frames][elements]. */
int sna_report_writer_append(sna_report_writer *self, uint64_t frames, const double *values) SNA_CHECK_RESULT;
int sna_report_writer_finish(sna_report_writer *self) SNA_CHECK_RESULT;
void sna_report_writer_close(sna_report_writer *self);

/* Extracellular potential: frames x channels, whichever way round the file has them. */
typedef struct sna_ecp sna_ecp;
int sna_ecp_open(sna_ecp **out, const char *path, sna_notes *notes) SNA_CHECK_RESULT;
uint64_t sna_ecp_frames(const sna_ecp *self);
uint64_t sna_ecp_channels(const sna_ecp *self);
const int64_t *sna_ecp_channel_ids(const sna_ecp *self); /* [channels] */
double sna_ecp_start(const sna_ecp *self);               /* ms */
double sna_ecp_step(const sna_ecp *self);
const char *sna_ecp_unit(const sna_ecp *self); /* NULL where the file does not say */
/* As sna_report_window. */
void sna_ecp_window(const sna_ecp *self, double start, double stop, uint64_t *first, uint64_t *count);
/* Values [count][channels] of frames first .. first+count-1. */
int sna_ecp_read(sna_ecp *self, uint64_t first, uint64_t count, double *out) SNA_CHECK_RESULT;
void sna_ecp_close(sna_ecp *self);

/* ---- filter expressions ------------------------------------------------------------------------------------- */

/* A condition on attributes, as one would write it for pandas:
 *     pop_name == 'PN' and x > 100        layer in [4, 5] or not is_inhibitory      0 <= afferent_section_pos < 0.5
 * Comparisons are == != < <= > >= (= is ==, they may be chained), `in [...]`, `not in [...]` and =~ 'extended regular
 * expression' (found anywhere in the text); they are joined by and, or, not (&, |, ~ too; `not` binds tightest, then
 * and). Values are numbers with + - * / and abs(), quoted texts, true and false, and names of attributes; one with
 * other characters in it than letters, digits, _ and . stands between `backquotes`; positions[0] is one value of a row
 * that has several. A name alone is true where its value is (sna_column_is_true). Integers are compared exactly, texts
 * by their bytes. A missing value (or NaN) is unequal to everything and nothing else: `x != 3` and `not (x > 3)` hold
 * for it; missing(x) finds it. */
typedef struct sna_filter sna_filter;

/* Values to test or to print: row i is row `row[i]` of the column, or row i where `row` is NULL. */
typedef struct {
    const sna_column *column;
    const uint64_t *row;
} sna_view;

/* Errors: SNA_EINVAL, with the place in the text and what was expected there. */
int sna_filter_parse(sna_filter **out, const char *text) SNA_CHECK_RESULT;
/* The attributes that it uses. */
uint64_t sna_filter_names(const sna_filter *self);
const char *sna_filter_name(const sna_filter *self, uint64_t index);
/* Says what the attributes are (values a row in `width`, NULL for 1 each), to find a number that is compared with a
 * text before any row is read. sna_filter_run does it itself otherwise. Errors: SNA_EINVAL. */
int sna_filter_bind(sna_filter *self, const sna_type *type, const uint32_t *width) SNA_CHECK_RESULT;
/* Tests `count` rows: `view` is one for each name; keep[i] is 1 where the condition holds, else 0. */
int sna_filter_run(sna_filter *self, const sna_view *view, uint64_t count, uint8_t *keep) SNA_CHECK_RESULT;
void sna_filter_free(sna_filter *self);

/* Rows of the nodes for which a condition holds, sorted. Errors: SNA_EINVAL, SNA_ENOTFOUND (no such attribute). */
int sna_nodes_where(sna_nodes *self, const char *condition, sna_selection *out) SNA_CHECK_RESULT;
/* Rows of nodes named in one word on a command line, sorted: "all"; node ids such as 3,7,10-20 (10-20 includes 20; ids
 * that no node has are passed over, but a run of which none is there is SNA_ERANGE); the name of a node set; or a
 * condition. `sets` may be NULL. */
int sna_nodes_choose(sna_nodes *self, const sna_node_sets *sets, const char *text, sna_selection *out) SNA_CHECK_RESULT;
/* The ids of rows, as a sorted selection. */
int sna_nodes_ids_of(const sna_nodes *self, const sna_selection *rows, sna_selection *out) SNA_CHECK_RESULT;

/* ---- edges with their nodes --------------------------------------------------------------------------------- */

/* Which edges to read, and what of them. A name is an attribute of the edge, or "source.NAME" or "target.NAME" for an
 * attribute of the node at that end. */
typedef struct {
    const char *where;                    /* a condition; NULL: all */
    const sna_selection *source, *target; /* node ids, sorted; NULL: all */
    const char *const *column;            /* [column_count] */
    uint64_t column_count;
} sna_edge_scan_request;

typedef struct {
    uint64_t count;       /* 0: no more */
    const uint64_t *edge; /* [count] rows in the population, ascending */
    const sna_view *view; /* [column_count] of `count` rows each */
} sna_edge_scan_block;

/* Reads the edges that satisfy a request block by block, in memory that depends on the nodes and the block only; few
 * nodes are looked up in the file's index, else all edges are gone through. The node populations may be NULL where no
 * name needs them. Everything in a block is valid until the next call.
 * Errors: SNA_EINVAL (the condition; a name needs a node population that is NULL), SNA_ENOTFOUND (a name),
 * SNA_EFORMAT (an edge whose node is not there, where a name needs the node). */
typedef struct sna_edge_scan sna_edge_scan;
int sna_edge_scan_open(sna_edge_scan **out, sna_edges *edges, sna_nodes *source, sna_nodes *target,
                       const sna_edge_scan_request *request) SNA_CHECK_RESULT;
int sna_edge_scan_next(sna_edge_scan *self, sna_edge_scan_block *block) SNA_CHECK_RESULT;
void sna_edge_scan_close(sna_edge_scan *self);

/* ---- checking indices --------------------------------------------------------------------------------------- */

/* How the index of a direction stands in a file: none; right, under the names of both families; right, but under names
 * that some readers do not know; wrong. */
typedef enum { SNA_INDEX_ABSENT, SNA_INDEX_RIGHT, SNA_INDEX_NAMED, SNA_INDEX_WRONG } sna_index_state;

/* Holds the index that the file has against the ids of its edges, all of them, in bounded memory. *reason is a sentence
 * (NULL when it is right); free() it. sna_index_write mends what is not right. */
int sna_index_check(sna_edges *edges, sna_direction direction, sna_index_state *state, char **reason) SNA_CHECK_RESULT;

/* ---- validating --------------------------------------------------------------------------------------------- */

typedef enum { SNA_SEVERITY_NOTE, SNA_SEVERITY_WARNING, SNA_SEVERITY_ERROR } sna_severity;

/* "note", "warning", "error". */
const char *sna_severity_name(sna_severity severity);

/* Whose rules a deviation is measured by: the Allen Institute's developer guide, its extension by BBP / OBI (which
 * libsonata and bluepysnap follow), BMTK's readers. OWN, in the options only, is the guide and the rules of the family
 * that the circuit belongs to: the extension's where its config lists populations and it has no types CSV, else BMTK's.
 */
enum { SNA_STRICT_GUIDE = 1, SNA_STRICT_EXT = 2, SNA_STRICT_BMTK = 4, SNA_STRICT_OWN = 8 };

/* One kind of finding. What is wrong for every reader is an error; what only some readers mind is an error under
 * their strictness. */
typedef struct {
    const char *code;      /* stable, e.g. "index.uncovered" */
    sna_severity severity; /* without strictness */
    unsigned strict;       /* SNA_STRICT_... under which it is an error */
    const char *expected;  /* what a valid file has */
    const char *mend;      /* how to mend it */
} sna_finding_kind;

/* All kinds, sorted by code; NULL past the last. */
const sna_finding_kind *sna_finding_kind_at(uint64_t index);
/* The kind with that code, NULL for none (a note of a reader). */
const sna_finding_kind *sna_finding_kind_find(const char *code);

/* One thing that was found, once for each place. */
typedef struct {
    const char *code;
    sna_severity severity; /* with the strictness asked for */
    char *file;
    char *place;   /* HDF5 path, key path of a JSON file or column of a CSV file; "" for the file as a whole */
    uint64_t line; /* of a text file, from 1; 0 where it means nothing */
    char *found;   /* a sentence */
    const char *expected, *mend; /* NULL for a note of a reader */
    uint64_t count;              /* how many rows, values, ids...: 1 for what is there or not */
    sna_list examples;           /* the first of them */
} sna_finding;

/* Start from SNA_FINDINGS. */
typedef struct {
    sna_finding *finding; /* [count] in the order in which they were found */
    uint64_t count, capacity;
} sna_findings;
#define SNA_FINDINGS ((sna_findings){NULL, 0, 0})

/* How many have just that severity. */
uint64_t sna_findings_number(const sna_findings *self, sna_severity severity);
/* The first with that code, or NULL. */
const sna_finding *sna_findings_find(const sna_findings *self, const char *code);
/* A row each: severity, code, file, place, line, count, found, expected, mend, examples. */
int sna_findings_table(const sna_findings *self, sna_table **out) SNA_CHECK_RESULT;
void sna_findings_free(sna_findings *self);

/* {0} is good. */
typedef struct {
    unsigned strict;    /* SNA_STRICT_... or-ed */
    uint64_t examples;  /* kept of each finding, at most 16; 0: 5 */
    bool headers_only;  /* shapes, types and what belongs together; no pass over nodes, edges, spikes */
    bool stop_at_error; /* nothing more is looked at behind the first error */
    bool isolate;       /* look in a child process, so that a damaged file on which libhdf5 crashes is a finding
                           ("file.crash") and not the end: for programs that have not used HDF5 or threads before */
    unsigned patience;  /* isolated, seconds of computing that one call of HDF5 may take until it counts as a crash;
                           0: 60 */
} sna_validate_options;

/* Looks at files and appends what is wrong with them, or worth knowing. Each of `path` [count] is a circuit or
 * simulation config, a nodes, edges, spike or report file, a types CSV or a node sets file; configs are looked at with
 * all that they name, HDF5 files given side by side are taken to be one circuit. A fault never ends it: files that
 * cannot be opened are findings too. Each edge is read once, in memory that depends on the number of nodes (a few bits
 * to 8 bytes each) but not of edges. `options` may be NULL. Errors: SNA_ENOTFOUND (one of `path`), SNA_EINVAL (none),
 * SNA_ENOMEM, SNA_ECANCELLED. */
int sna_validate(sna_findings *out, const char *const *path, uint64_t count,
                 const sna_validate_options *options) SNA_CHECK_RESULT;

/* From now on, when this process crashes while libhdf5 reads a file, it ends with `exit_status` and one sentence on
 * stderr that names the file; any other crash takes its usual course. libhdf5 1.10 does not survive every damage. */
void sna_crash_explain(int exit_status);

/* ---- differences -------------------------------------------------------------------------------------------- */

/* What a file holds. */
typedef enum {
    SNA_FILE_NETWORK, /* nodes or edges, or a config that names such files */
    SNA_FILE_SPIKES,
    SNA_FILE_REPORT,
    SNA_FILE_POTENTIAL,
    SNA_FILE_GAPS
} sna_file_kind;
/* Errors: SNA_ENOTFOUND (no such file), SNA_EFORMAT (none of these). */
int sna_file_kind_of(const char *path, sna_file_kind *kind) SNA_CHECK_RESULT;

typedef struct {
    const char *kind; /* a constant: "population", "count", "id", "attribute", "edge", "node set", "spike"... */
    char *place;      /* the population; "" for the whole */
    uint64_t count;   /* how many things it concerns */
    char *text;       /* the sentence */
} sna_difference;

/* Start from SNA_DIFFERENCES. */
typedef struct {
    sna_difference *item; /* [count] */
    uint64_t count, capacity;
    sna_list notes; /* what is not the same and no difference, e.g. another order of edges */
} sna_differences;
#define SNA_DIFFERENCES ((sna_differences){NULL, 0, 0, {NULL, 0, 0}})

typedef struct {
    const char *population; /* only this one; NULL: all */
    uint64_t memory;        /* bytes for comparing edges that are in another order; 0: 256 MiB */
} sna_diff_options;

/* What differs between two networks (configs or files), spike files or reports, by what they say, not by how they store
 * it: nodes by id with every attribute wherever it comes from, edges as multisets of (source, target, attributes),
 * spikes as multisets, reports by node. Numbers are compared exactly. A missing value, NaN and an empty text are the
 * same. Reports of which one is stored in single precision are compared in that. Errors: those of opening and reading
 * both, SNA_EINVAL (they hold different kinds of things). */
int sna_diff(const char *a, const char *b, const sna_diff_options *options, sna_differences *out) SNA_CHECK_RESULT;
void sna_differences_free(sna_differences *self);

/* ---- converting --------------------------------------------------------------------------------------------- */

/* Who shall read it. BOTH: what is read by both families: one group, with the attributes of the types CSV that every
 * node has in the file too; enumerations as texts. ALLEN: for BMTK: groups as they are, attributes where they are,
 * `sorting` as a text, reports in double precision where they were. BBP: for libsonata: all attributes of the types CSV
 * in the files (for edges too), enumerations kept. In every dialect both spellings of an index and of report pointers
 * are there, and the types CSV stay. */
typedef enum { SNA_DIALECT_BOTH, SNA_DIALECT_ALLEN, SNA_DIALECT_BBP } sna_dialect;

typedef struct {
    sna_dialect dialect;
    sna_write_options write; /* string_sorting goes by the dialect */
    const char *population;  /* the name of a spike or report population that has none; may be NULL */
} sna_convert_options;

/* Writes what `from` holds (a config with all that it names, a nodes or edges file, spikes, a report, gap junctions) to
 * `to`: a folder for a network (circuit_config.json and network/), else a file; one nodes or edges population goes to a
 * file too where `to` ends in .h5. Values, ids and the order of edges stay as they are: sna_diff of the two finds
 * nothing. Everything takes its place at the end, or nothing. *done is a table of the files written, with a note on
 * what is not as it was; free it. Errors: those of reading and writing, SNA_EINVAL (`to` does not suit),
 * SNA_EUNSUPPORTED (an attribute that cannot be written). */
int sna_convert(const char *from, const char *to, const sna_convert_options *options,
                sna_table **done) SNA_CHECK_RESULT;

/* ---- summaries ---------------------------------------------------------------------------------------------- */

/* What a population of spikes is like, seen in one pass: memory depends on the number of nodes that spike. */
typedef struct {
    uint64_t count, nodes;           /* spikes; nodes that have at least one */
    uint64_t least, most;            /* their ids; 0 without spikes */
    double first, last;              /* times of the first and the last, ms; NaN without spikes */
    bool by_id, by_time;             /* which order they are really in (both where it is both) */
    uint64_t busiest, busiest_count; /* the node with most spikes (the lowest id of several), and how many */
} sna_spike_summary;

int sna_spikes_summarise(sna_spikes *self, uint64_t population, sna_spike_summary *out) SNA_CHECK_RESULT;

/* The extremes of numbers: of integers the one pair, of reals (NaN aside) the other. With no value the least is above
 * the most. */
typedef struct {
    double least, most;
    int64_t least_integer, most_integer;
} sna_value_range;

enum { SNA_SUMMARY_TEXTS = 64 };

/* What the values of one attribute are, wherever each row has it from. */
typedef struct {
    const sna_attribute *attribute; /* the population's */
    sna_type type;                  /* of the values; that of the attribute, but for one of which the CSV has none */
    uint64_t rows;                  /* that have a value (one that is not NaN) */
    uint32_t parts;                 /* of numbers: the width up to 8, one for all values of wider ones; of texts 0 */
    sna_value_range *range;         /* [parts] */
    uint64_t distinct;              /* different texts */
    bool more;                      /* it stopped at 65536 texts: `rows`, `distinct` and `text_rows` are of so many */
    sna_list texts;                 /* the first SNA_SUMMARY_TEXTS of them in the order in which they came... */
    uint64_t text_rows[SNA_SUMMARY_TEXTS]; /* ... and how many rows have each (values, where a row has several) */
    char *problem;                         /* why it cannot be read, NULL where it can */
} sna_attribute_summary;

/* Start from SNA_POPULATION_SUMMARY. */
typedef struct {
    uint64_t count;                   /* rows of the population */
    bool read;                        /* values were looked at */
    sna_attribute_summary *attribute; /* [attributes] by name */
    uint64_t attributes;
} sna_population_summary;
#define SNA_POPULATION_SUMMARY ((sna_population_summary){0, false, NULL, 0})

/* All attributes of a population in one pass over its rows, in memory that does not depend on their number; without
 * `values` only which there are. The population must outlive the summary. What cannot be read is told as such and no
 * error. */
int sna_nodes_summarise(sna_nodes *self, bool values, sna_population_summary *out) SNA_CHECK_RESULT;
int sna_edges_summarise(sna_edges *self, bool values, sna_population_summary *out) SNA_CHECK_RESULT;
void sna_population_summary_free(sna_population_summary *self);

/* What a circuit consists of: the family of its config, its node and edge populations, their attributes with what their
 * values are (left out without `values`: then only headers and types are read), what the readers noted. For
 * SNA_FORMAT_TEXT and _MARKDOWN the tables are made for people, one a population; for the others values have columns of
 * their own. A population that is damaged is listed without anything, and noted as
 * "population.unreadable". */
int sna_circuit_describe(sna_circuit *circuit, bool values, sna_format format, sna_record **out) SNA_CHECK_RESULT;

#ifdef __cplusplus
}
#endif
#endif
