/* nmodl.h: mechanisms written in NMODL: mod files read without losing a byte, and compiled to libraries that NEURON
 * loads. */
#ifndef SNA_NMODL_H
#define SNA_NMODL_H

#include <base/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- reading ------------------------------------------------------------------------------------------------ */

/* What a piece of a mod file is. Every byte of a file belongs to exactly one token. */
typedef enum {
    SNA_NMODL_BLANK,    /* blanks and line ends */
    SNA_NMODL_COMMENT,  /* from `:` or `?` to the end of the line; COMMENT to the line of ENDCOMMENT; all behind a ^Z */
    SNA_NMODL_WORD,     /* a keyword or a name */
    SNA_NMODL_PRIME,    /* a derivative: m', m'' */
    SNA_NMODL_INTEGER,  /* without sign */
    SNA_NMODL_REAL,     /* without sign */
    SNA_NMODL_STRING,   /* with its quotes */
    SNA_NMODL_UNIT,     /* with its parentheses: (mA/cm2) */
    SNA_NMODL_CURIE,    /* behind REPRESENTS: NCIT:C17145 */
    SNA_NMODL_TITLE,    /* TITLE to the end of the line */
    SNA_NMODL_VERBATIM, /* VERBATIM to the line of ENDVERBATIM */
    SNA_NMODL_SYMBOL,   /* an operator or a bracket */
    SNA_NMODL_END       /* the end, no bytes */
} sna_nmodl_token_kind;

typedef struct {
    sna_nmodl_token_kind kind;
    uint64_t start, length; /* bytes of the source's text */
    uint64_t line, column;  /* 1-based; the column counts bytes */
    char *replacement;      /* what sna_nmodl_text gives in its place, NULL for what stands there */
} sna_nmodl_token;

/* A file as it stands: the mod file itself (source 0), and the files that it INCLUDEs. */
typedef struct {
    char *path;
    char *text; /* [size], terminated */
    uint64_t size;
    sna_nmodl_token *token; /* [count], the last one is SNA_NMODL_END */
    uint64_t count, capacity;
} sna_nmodl_source;

typedef struct {
    uint64_t source, token; /* indices */
    uint64_t line, column;
} sna_nmodl_place;

/* How a variable is declared. The first three have NEURON's own numbers (MechanismStandard). */
typedef enum {
    SNA_NMODL_UNDECLARED = 0, /* named in NEURON { } only */
    SNA_NMODL_PARAMETER = 1,
    SNA_NMODL_ASSIGNED = 2,
    SNA_NMODL_STATE = 3,
    SNA_NMODL_CONSTANT,   /* in CONSTANT { } */
    SNA_NMODL_FACTOR,     /* in UNITS { }: FARADAY = (faraday) (coulomb) */
    SNA_NMODL_LOCAL,      /* LOCAL outside any block */
    SNA_NMODL_INDEPENDENT /* in INDEPENDENT { } */
} sna_nmodl_class;

/* Who sees a variable. */
typedef enum {
    SNA_NMODL_HIDDEN, /* this mechanism only */
    SNA_NMODL_RANGE,  /* one in each segment or point process, known to hoc */
    SNA_NMODL_GLOBAL, /* one for all, known to hoc */
    SNA_NMODL_POINTER,
    SNA_NMODL_BBCOREPOINTER,
    SNA_NMODL_RANDOM,
    SNA_NMODL_EXTERNAL, /* another file's */
    SNA_NMODL_ION,      /* concentration, reversal potential or current of an ion, known to hoc as the ion's */
    SNA_NMODL_NEURON    /* NEURON's own: v, t, dt, celsius, diam, area */
} sna_nmodl_scope;

typedef struct {
    char *name;
    char *hoc_name; /* how hoc calls it: gbar_hd, or bare in a point process; NULL when hoc does not know it */
    sna_nmodl_class declared;
    sna_nmodl_scope scope;
    uint64_t size;                    /* of an array; 0 for a scalar */
    double value;                     /* of a PARAMETER, CONSTANT or number in UNITS; NaN without */
    char *unit;                       /* without parentheses, blanks trimmed; NULL without */
    double low, high;                 /* limits of a PARAMETER (or FROM .. TO ..); NaN without */
    double tolerance;                 /* absolute tolerance of a STATE; NaN without */
    bool implicit;                    /* not written in the file: the initial value m0 of a state m, usetable */
    sna_nmodl_place place;            /* of its name; of the name that implies it */
    uint64_t value_first, value_last; /* tokens of the value, in the same source; both 0 without */
} sna_nmodl_variable;

typedef struct {
    char *name;
    sna_list read, write;
    bool has_valence;
    double valence;
    char *curie; /* REPRESENTS; NULL without */
    sna_nmodl_place place;
} sna_nmodl_ion;

/* A current that belongs to no ion. */
typedef struct {
    char *name;
    bool electrode; /* ELECTRODE_CURRENT */
    sna_nmodl_place place;
} sna_nmodl_current;

typedef struct {
    char *name;
    char *unit; /* NULL without */
} sna_nmodl_argument;

/* A block, in the order of their first lines. */
typedef struct {
    const char *kind; /* its keyword: "NEURON", "FUNCTION", "BEFORE", ... */
    char *name;       /* of functions, procedures and what SOLVE names; the moment of BEFORE and AFTER; else NULL */
    sna_nmodl_argument *argument; /* [argument_count] */
    uint64_t argument_count, argument_capacity;
    char *unit;            /* of what a function returns; NULL without */
    bool table;            /* it holds a TABLE statement */
    int64_t parent;        /* the block it stands in (INITIAL in NET_RECEIVE), -1 for none */
    sna_nmodl_place place; /* of its keyword */
    uint64_t last;         /* its last token, in the same source */
    uint64_t last_line;
} sna_nmodl_block;

typedef struct {
    char *block;  /* what is solved */
    char *method; /* NULL without */
    bool steady_state;
    uint64_t inside; /* the block that the statement stands in */
    sna_nmodl_place place;
} sna_nmodl_solve;

typedef struct {
    char *name;
    int64_t value;
    sna_nmodl_place place;
} sna_nmodl_define;

typedef struct {
    char *name; /* as written */
    char *path; /* of the file that was read; NULL when it was not */
    sna_nmodl_place place;
} sna_nmodl_include;

typedef enum {
    SNA_MECHANISM_DENSITY,    /* SUFFIX */
    SNA_MECHANISM_POINT,      /* POINT_PROCESS */
    SNA_MECHANISM_ARTIFICIAL, /* ARTIFICIAL_CELL */
    SNA_MECHANISM_NOTHING     /* SUFFIX nothing: functions only */
} sna_mechanism_kind;

/* A mod file. Read it, do not write into it; free it with sna_nmodl_free. */
typedef struct {
    char *path;
    char *title; /* NULL without */
    char *name;  /* SUFFIX, POINT_PROCESS or ARTIFICIAL_CELL; the file's name without .mod where there is none */
    sna_mechanism_kind kind;
    bool thread_safe; /* declares THREADSAFE */
    char *curie;      /* REPRESENTS in NEURON { }; NULL without */
    sna_nmodl_source *source;
    uint64_t source_count, source_capacity;
    sna_nmodl_variable *variable; /* in the order in which NEURON knows them */
    uint64_t variable_count, variable_capacity;
    sna_nmodl_ion *ion;
    uint64_t ion_count, ion_capacity;
    sna_nmodl_current *current;
    uint64_t current_count, current_capacity;
    sna_nmodl_block *block;
    uint64_t block_count, block_capacity;
    sna_nmodl_solve *solve;
    uint64_t solve_count, solve_capacity;
    sna_nmodl_define *define;
    uint64_t define_count, define_capacity;
    sna_nmodl_include *include;
    uint64_t include_count, include_capacity;
    uint64_t watch_count; /* conditions in WATCH statements */
    sna_list note;        /* sentences: what NEURON's own translator would take differently */
} sna_nmodl;

/* Reads a mod file and the files that it INCLUDEs (looked for, as nocmodl does, in the folder of the file that names
 * it, here, one folder up, and in the folders of MODL_INCLUDE). Writing the tokens back gives the identical file.
 *
 * The language is that of NEURON's translator nocmodl, with what NEURON 9 adds (RANDOM, REPRESENTS). Where nocmodl is
 * stricter for no reason that matters (letters outside ASCII in a comment, a negative limit), the file is read and a
 * note says so. Blocks are checked to be well formed, but what they compute is not analysed.
 *
 * Errors, each "file:line:column: sentence" where it has a place: SNA_ENOTFOUND (the file, or one that it includes),
 * SNA_EIO, SNA_ENOMEM, SNA_EFORMAT, SNA_EUNSUPPORTED (a construct of SCoP that NEURON has not taken over). */
int sna_nmodl_read(sna_nmodl **out, const char *path) SNA_CHECK_RESULT;

/* The same for a text in memory; `name` stands for the file in messages. INCLUDEd files are listed, not read. */
int sna_nmodl_parse(sna_nmodl **out, const char *text, uint64_t length, const char *name) SNA_CHECK_RESULT;

void sna_nmodl_free(sna_nmodl *self);

/* Index of the variable of that name (outermost LOCALs left out), -1 when there is none. */
int64_t sna_nmodl_find(const sna_nmodl *self, const char *name);

/* The text of a source with the replacements in place; without any, the very bytes that were read. Appends to *out.
 * Errors: SNA_ERANGE (no such source), SNA_ENOMEM. */
int sna_nmodl_text(const sna_nmodl *self, uint64_t source, sna_string *out) SNA_CHECK_RESULT;

/* Puts `text` in the place of one token (NULL: what stood there again). The rest of the object still describes the file
 * as it was read. Errors: SNA_ERANGE (no such token), SNA_ENOMEM. */
int sna_nmodl_replace(sna_nmodl *self, uint64_t source, uint64_t token, const char *text) SNA_CHECK_RESULT;

/* Words for reports: "PARAMETER", "RANGE", "point process". */
const char *sna_nmodl_class_name(sna_nmodl_class declared);
const char *sna_nmodl_scope_name(sna_nmodl_scope scope);
const char *sna_mechanism_kind_name(sna_mechanism_kind kind);

/* All that a mod file declares: `file`, `title`, `name`, `kind`, `threadsafe`, and the tables `ions`, `currents`,
 * `variables` (those that hoc knows, by their hoc names), `hidden`, `functions`, `blocks`, `solve`, `defines`,
 * `includes`. Tables without rows are left out. */
int sna_nmodl_describe(sna_record **out, const sna_nmodl *self) SNA_CHECK_RESULT;

/* One row for each mod file: mechanism, kind, currents, ions, range variables, states, globals, threadsafe. `source`
 * holds `count` mod files, or folders of which every .mod file is taken. A file that cannot be read has a row with
 * nothing but its name, and its error as a note of the table; *failed counts those. Errors: SNA_ENOTFOUND (a folder),
 * SNA_EIO, SNA_ENOMEM. */
int sna_nmodl_list(sna_table **out, uint64_t *failed, const char *const *source, uint64_t count) SNA_CHECK_RESULT;

/* ---- compiling ---------------------------------------------------------------------------------------------- */

/* How to compile. All zero but `neuron_library` is a good default. */
typedef struct {
    const char *neuron_library; /* libnrniv.so, as sna_neuron_find says; what is made fits this NEURON only */
    const char *cache;          /* the folder of the cache; NULL: sonatina under $XDG_CACHE_HOME, or under ~/.cache */
    const char *translator;     /* nocmodl; NULL: the one of the installation of neuron_library, else on PATH */
    unsigned jobs;              /* files compiled at a time; 0: sna_threads() */
} sna_mechanism_options;

/* What became of one mod file. */
typedef struct {
    char *path;   /* absolute */
    char *stem;   /* its name without folder and .mod */
    char key[65]; /* SHA-256 of all that its object file depends on, in hexadecimal */
    bool cached;  /* the object was there already */
} sna_mechanism_file;

typedef struct {
    char *path;               /* the library, absolute; NULL when there were no mod files */
    sna_mechanism_file *file; /* [count] in alphabetical order of the stems */
    uint64_t count;
    uint64_t cached;  /* how many objects came from the cache */
    bool linked;      /* false: the very library was there already */
    char *translator; /* "nocmodl 7.7.0 (/usr/bin/nocmodl)" */
    char *compiler;   /* first line of its --version */
} sna_mechanism_library;

/* Makes one loadable library out of mod files. `source` holds `count` mod files, or folders of which every .mod file is
 * taken (not those in folders below).
 *
 * Each file is translated by NEURON's nocmodl and compiled with the system's compiler, several at a time, without
 * nrnivmodl; only where nocmodl is not there, nrnivmodl is tried in a private folder. Object files and libraries are
 * kept in the cache under a hash of everything they depend on: the mod text and name, the files that it names in
 * INCLUDE and in #include "..." of VERBATIM blocks, the versions of translator and compiler, the flags, and size and
 * time of libnrniv. Programs may share a cache at the same time: files appear there complete, by renaming. The user's
 * folder is not written to.
 *
 * Errors, each naming the mod file and where possible its line: SNA_ENOTFOUND (no such file or folder), SNA_EMISSING
 * (no nocmodl, compiler or headers; with the Debian package), SNA_EFORMAT (a file is no valid NMODL, two files of the
 * same name, a name that is no C identifier), SNA_EIO, SNA_ENOMEM, SNA_EEXTERNAL (the linker), SNA_ECANCELLED. */
int sna_mechanism_compile(sna_mechanism_library *out, const char *const *source, uint64_t count,
                          const sna_mechanism_options *options) SNA_CHECK_RESULT;
void sna_mechanism_library_free(sna_mechanism_library *self);

/* The folder of the cache when none is named, as in sna_mechanism_options. free() it. Errors: SNA_ENOTFOUND (neither
 * XDG_CACHE_HOME nor HOME is set), SNA_ENOMEM. */
int sna_mechanism_cache_folder(char **out) SNA_CHECK_RESULT;

#ifdef __cplusplus
}
#endif
#endif
