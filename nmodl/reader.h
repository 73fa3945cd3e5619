/* reader.h: what the parts of the mod file reader share: the state of a reading, its tokens and its names. */
#ifndef SNA_NMODL_READER_H
#define SNA_NMODL_READER_H

#include "nmodl.h"

/* The words that NMODL reserves, in alphabetical order. Those that NEURON took over from SCoP without a use for them
 * are reserved all the same. */
/* The formatter would indent every line more than the last. */
/* clang-format off */
#define NMODL_WORDS(X)                                                                                                 \
    X(AFTER) X(ARTIFICIAL_CELL) X(ASSIGNED) X(BBCOREPOINTER) X(BEFORE) X(BREAKPOINT) X(BY) X(CHARGE) X(COMMENT)        \
    X(COMPARTMENT) X(CONDUCTANCE) X(CONSERVE) X(CONSTANT) X(CONSTRUCTOR) X(DEFINE) X(DEL) X(DEL2) X(DEPEND)            \
    X(DERIVATIVE) X(DESTRUCTOR) X(DISCRETE) X(ELECTRODE_CURRENT) X(ELSE) X(EQUATION) X(EXTERNAL) X(FIRST) X(FORALL)    \
    X(FOR_NETCONS) X(FROM) X(FUNCTION) X(FUNCTION_TABLE) X(GETQ) X(GLOBAL) X(IF) X(IFERROR) X(INCLUDE)                 \
    X(INDEPENDENT) X(INITIAL) X(INT) X(KINETIC) X(LAG) X(LAST) X(LINEAR) X(LOCAL) X(LONGITUDINAL_DIFFUSION) X(MATCH)   \
    X(METHOD) X(MODEL_LEVEL) X(MUTEXLOCK) X(MUTEXUNLOCK) X(NET_RECEIVE) X(NEURON) X(NONLINEAR)                         \
    X(NONSPECIFIC_CURRENT) X(PARAMETER) X(PARTIAL) X(PLOT) X(POINTER) X(POINT_PROCESS) X(PROCEDURE) X(PROTECT)         \
    X(PUTQ) X(RANGE) X(READ) X(REPRESENTS) X(RESET) X(SECTION) X(SENS) X(SOLVE) X(SOLVEFOR) X(START) X(STATE)          \
    X(STEADYSTATE) X(STEP) X(STEPPED) X(SUFFIX) X(SWEEP) X(TABLE) X(TERMINAL) X(THREADSAFE) X(TITLE) X(TO) X(UNITS)    \
    X(UNITSOFF) X(UNITSON) X(USEION) X(VALENCE) X(VERBATIM) X(VS) X(WATCH) X(WHILE) X(WITH) X(WRITE)
/* clang-format on */

#define NMODL_WORD(name) WORD_##name,
typedef enum { NMODL_WORDS(NMODL_WORD) WORD_COUNT, WORD_NONE = WORD_COUNT } nmodl_word;
#undef NMODL_WORD

/* Symbols of one byte are that byte. */
enum { SYMBOL_NONE = 0, SYMBOL_GE = 256, SYMBOL_LE, SYMBOL_EQ, SYMBOL_NE, SYMBOL_AND, SYMBOL_OR, SYMBOL_REACTION };

/* Deeper nesting of parentheses or statements, and longer chains of INCLUDEs, are refused: the reader recurses. */
enum { NMODL_DEPTH = 200, NMODL_INCLUDE_DEPTH = 16, NMODL_INCLUDES = 256 };

/* What NEURON { } and the other blocks say about a name. */
enum {
    NAME_RANGE = 1 << 0,
    NAME_GLOBAL = 1 << 1,
    NAME_POINTER = 1 << 2,
    NAME_BBCOREPOINTER = 1 << 3,
    NAME_EXTERNAL = 1 << 4,
    NAME_RANDOM = 1 << 5,
    NAME_ION_VALUE = 1 << 6,   /* READ or WRITTEN: a concentration or reversal potential */
    NAME_ION_CURRENT = 1 << 7, /* READ or WRITTEN: the current */
    NAME_CURRENT = 1 << 8,     /* NONSPECIFIC_CURRENT, ELECTRODE_CURRENT */
    NAME_PARAMETER = 1 << 9,
    NAME_ASSIGNED = 1 << 10,
    NAME_STATE = 1 << 11,
    NAME_CONSTANT = 1 << 12,
    NAME_FACTOR = 1 << 13,
    NAME_INDEPENDENT = 1 << 14,
    NAME_BLOCK = 1 << 15, /* a function, procedure or what SOLVE takes */
    NAME_DEFINE = 1 << 16,
    NAME_ION = 1 << 17,
    NAME_SOLVABLE = 1 << 18
};
#define NAME_VARIABLE (NAME_PARAMETER | NAME_ASSIGNED | NAME_STATE | NAME_CONSTANT | NAME_FACTOR | NAME_INDEPENDENT)

/* A name and all that is known about it; `about` becomes an entry of sna_nmodl.variable. */
typedef struct {
    uint32_t flags;
    uint64_t order;  /* rank among the declared variables, UINT64_MAX for others */
    int64_t integer; /* of a DEFINE */
    sna_nmodl_variable about;
} nmodl_name;

/* All names, found by a hash table of indices (0 is an empty slot, else index + 1). */
typedef struct {
    nmodl_name *name;
    uint64_t count, capacity;
    uint64_t *slot;
    uint64_t slots;
    uint64_t declared; /* next rank */
} nmodl_names;

/* Index of the name in *out, a new one where it is not known. Errors: SNA_ENOMEM. */
int nmodl_names_add(nmodl_names *self, uint64_t *out, const char *text, uint64_t length) SNA_CHECK_RESULT;
/* NULL when it is not known. */
nmodl_name *nmodl_names_find(const nmodl_names *self, const char *text, uint64_t length);
void nmodl_names_free(nmodl_names *self);

/* A reading. One source is read at a time; an INCLUDE suspends it. */
typedef struct {
    sna_nmodl *file;
    nmodl_names names;
    bool follow; /* read INCLUDEd files */

    /* the lexer */
    uint64_t source;
    uint64_t position, limit; /* the end is where a ^Z or ^D stands, as for nocmodl */
    uint64_t line, line_start;
    bool said_ascii;

    /* the token under the parser's eyes: its index, and its reserved word or its symbol */
    uint64_t at, before; /* `before`: the token that was taken last */
    nmodl_word word;
    int symbol;

    /* the parser */
    unsigned depth, include_depth;
    int64_t block;   /* index of the block that is open, -1 outside */
    nmodl_word kind; /* of the outermost open block, WORD_NONE outside */
} nmodl_reader;

/* ---- lexer.c: tokens ---- */

/* Puts the reader at the start of a source, before its first token. Errors: SNA_EFORMAT (a NUL byte). */
int nmodl_lexer_start(nmodl_reader *self, uint64_t source) SNA_CHECK_RESULT;
/* The token under the eyes. */
const sna_nmodl_token *nmodl_token(const nmodl_reader *self);
const char *nmodl_token_text(const nmodl_reader *self); /* not terminated at its end */
sna_nmodl_place nmodl_place(const nmodl_reader *self);
/* Steps to the next token that is neither blank nor comment. Errors: SNA_EFORMAT, SNA_ENOMEM. */
int nmodl_next(nmodl_reader *self) SNA_CHECK_RESULT;
/* Reads the token under the eyes, a `(`, again as a unit up to its `)`. */
int nmodl_as_unit(nmodl_reader *self) SNA_CHECK_RESULT;
/* The same for an ontology identifier behind REPRESENTS. */
int nmodl_as_curie(nmodl_reader *self) SNA_CHECK_RESULT;
/* The first byte of the token behind the one under the eyes, 0 at the end. */
char nmodl_peek(const nmodl_reader *self);
/* The spelling of a reserved word. */
const char *nmodl_word_name(nmodl_word word);
/* Raises `code` with "file:line:column: " of a place before the sentence. */
int nmodl_error_at(const nmodl_reader *self, const sna_nmodl_place *place, int code, const char *format, ...)
    SNA_PRINTF(4, 5);
/* SNA_EFORMAT at the token under the eyes: "expected X, found Y". */
int nmodl_expected(const nmodl_reader *self, const char *what);
/* A note with "line N: " before it. */
int nmodl_note(nmodl_reader *self, const sna_nmodl_place *place, const char *format, ...) SNA_CHECK_RESULT
    SNA_PRINTF(3, 4);

/* ---- parse.c: files, blocks, and what the others build on ---- */

int nmodl_take_symbol(nmodl_reader *self, int symbol, const char *what) SNA_CHECK_RESULT;
/* Takes a name that is not reserved: *out is its index among the names. */
int nmodl_take_name(nmodl_reader *self, uint64_t *out, const char *what) SNA_CHECK_RESULT;
/* True when a name that is not reserved is under the eyes. */
bool nmodl_at_name(const nmodl_reader *self);
/* True when a number, or a name that DEFINE made one, is under the eyes. */
bool nmodl_at_number(const nmodl_reader *self);
/* Takes an optional sign (where `sign` allows one) and a number. */
int nmodl_take_number(nmodl_reader *self, double *out, bool sign) SNA_CHECK_RESULT;
/* Takes an integer from `low` to 2147483647 or a DEFINEd name. */
int nmodl_take_integer(nmodl_reader *self, int64_t *out, int64_t low) SNA_CHECK_RESULT;
/* Takes a unit when one is there; *out (freed first) is its text or NULL. */
int nmodl_take_unit(nmodl_reader *self, char **out) SNA_CHECK_RESULT;
/* Takes `(name unit, ...)` into the block. */
int nmodl_take_arguments(nmodl_reader *self, uint64_t block) SNA_CHECK_RESULT;
/* Declares a name in a block, or implies it. Errors: SNA_EFORMAT (it is something else already, or declared twice). */
int nmodl_declare(nmodl_reader *self, uint64_t name, uint32_t flag, const sna_nmodl_place *place) SNA_CHECK_RESULT;
/* A new block with the keyword under the eyes as its kind; it is the open one until nmodl_close_block. */
int nmodl_open_block(nmodl_reader *self, uint64_t *out) SNA_CHECK_RESULT;
/* Takes the `}` of the open block. */
int nmodl_close_block(nmodl_reader *self, uint64_t block) SNA_CHECK_RESULT;
/* The name as text. */
const char *nmodl_name_text(const nmodl_reader *self, uint64_t name);

/* ---- declare.c: blocks of declarations; each is called at the `{` and ends behind the `}` ---- */

int nmodl_parse_neuron(nmodl_reader *self, uint64_t block) SNA_CHECK_RESULT;
int nmodl_parse_parameters(nmodl_reader *self, uint64_t block) SNA_CHECK_RESULT;
int nmodl_parse_dependents(nmodl_reader *self, uint64_t block, bool states) SNA_CHECK_RESULT;
int nmodl_parse_units(nmodl_reader *self, uint64_t block) SNA_CHECK_RESULT;
int nmodl_parse_constants(nmodl_reader *self, uint64_t block) SNA_CHECK_RESULT;
int nmodl_parse_independent(nmodl_reader *self, uint64_t block) SNA_CHECK_RESULT;
/* A parameter that TABLE implies. */
int nmodl_imply_usetable(nmodl_reader *self, const sna_nmodl_place *place) SNA_CHECK_RESULT;

/* ---- statement.c: what functions and equations are made of ---- */

/* Called at the `{`, ends behind the `}`. `block` is the open block, whose end is noted. */
int nmodl_parse_body(nmodl_reader *self, uint64_t block) SNA_CHECK_RESULT;
/* LOCAL a, b[3]: called at LOCAL; `outermost` when it stands outside any block. */
int nmodl_parse_local(nmodl_reader *self, bool outermost) SNA_CHECK_RESULT;

/* ---- catalogue.c ---- */

/* Turns the names into sna_nmodl.variable and checks what can only be checked at the end. */
int nmodl_finish(nmodl_reader *self) SNA_CHECK_RESULT;

#endif
