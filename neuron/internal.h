/* internal.h: what the files of neuron/ share and nobody else needs. */
#ifndef SNA_NEURON_INTERNAL_H
#define SNA_NEURON_INTERNAL_H

#include "neuron.h"

#include <stdatomic.h>
#include <sys/types.h>

/* ---- elf.c: reading a shared object without loading it -------------------------------------------------------- */

typedef struct {
    const unsigned char *bytes; /* the mapped file */
    uint64_t size;
} sna_elf;

/* Errors: SNA_EIO, SNA_ENOTFOUND, SNA_EFORMAT (no 64-bit shared object for this machine). */
int sna_elf_open(sna_elf *self, const char *path) SNA_CHECK_RESULT;
/* The first of some names that is defined for others to use, as a function or a variable; -1: none. */
int sna_elf_find(const sna_elf *self, const char *const *name, int names);
/* The function that covers an address relative to the start of the library, and the source file it came from (NULL when
 * unknown); pointers into the file. False when there is none. */
bool sna_elf_locate(const sna_elf *self, uint64_t address, const char **function, const char **source);
void sna_elf_close(sna_elf *self);

/* ---- find.c --------------------------------------------------------------------------------------------------- */

/* Whether the file is a library with NEURON's entry points; the reason in the error message when not. */
int sna_neuron_check_library(const char *path) SNA_CHECK_RESULT;
/* sna_neuron_find without the version, which takes longer than the rest; free() the library. *found_by is a constant;
 * it may be NULL. */
int sna_neuron_find_library(char **library, const char **found_by, const char *wanted) SNA_CHECK_RESULT;

/* ---- backend.c: the functions of one loaded NEURON ------------------------------------------------------------ */

typedef struct {
    const char *name;
    void (*function)(void);
} sna_hoc_function;

/* Filled by looking for each role under the names it has in NEURON 8.2 and 9. Pointers are NULL where an optional role
 * is missing. */
typedef struct {
    const char *name; /* "8" or "9" */
    char *library;
    int (*session)(int argc, const char **argv, const char **environment, int start); /* 8.2 */
    int (*initialise)(int argc, const char **argv);                                   /* 9 */
    void (*mpi_stubs)(void);
    bool (*valid_statement)(const char *text, void *object);
    int (*call)(const char *text); /* stands in where valid_statement is missing: 0 is success */
    void (*set_print)(int (*print)(int stream, char *text), int (*pass)(void));
    void (*register_functions)(void *scalars, void *vectors, sna_hoc_function *functions);
    double *(*number_argument)(int index);
    char *(*text_argument)(int index);
    int (*vector_argument)(int index, double **value);
    void (*return_number)(double value);
    int *no_banner, *no_autoload, *python_extension, *interrupt, *stop_run;
} sna_backend;

/* Loads the library and fills the table. Errors: SNA_EMISSING (it does not load, or a role has none of its names). */
int sna_backend_open(sna_backend *self, const char *library) SNA_CHECK_RESULT;
/* Starts NEURON: print callback, session, hoc-callable functions. Once in a process. */
int sna_backend_start(sna_backend *self, int (*print)(int, char *), sna_hoc_function *functions) SNA_CHECK_RESULT;

/* ---- messages between the processes --------------------------------------------------------------------------- */

typedef enum {
    SNA_FRAME_VERSION,  /* text: version, newline, library */
    SNA_FRAME_DOING,    /* text: what the process is at */
    SNA_FRAME_PROGRESS, /* value: ms of model time since the last one */
    SNA_FRAME_ARRAY,    /* text: name; offset and count in the arena */
    SNA_FRAME_TEXT,     /* text: name, newline, content */
    SNA_FRAME_ERROR,    /* code and text; value 1: what was written to stderr last belongs behind the text */
    SNA_FRAME_CRASH,    /* code: signal; text: lines "offset file" from the innermost call outwards */
    SNA_FRAME_EXIT,     /* the model called quit() or exit() */
    SNA_FRAME_DONE,     /* the jobs are finished */
    SNA_FRAME_ENDED,    /* by the loader: a batch process ended without success; code: signal, or -1 - exit status */
    SNA_FRAME_RETRY,    /* by the loader: the jobs will be run one by one */
    SNA_FRAME_LOADED    /* by the loader: ready for jobs */
} sna_frame_kind;

enum { SNA_FRAME_TEXT_SIZE = 4096, SNA_EXIT_GOOD = 42, SNA_EXIT_REPORTED = 43 };

typedef struct {
    uint32_t kind;
    int32_t code;
    uint64_t first, count; /* the jobs it is about; count 0: the loader */
    uint64_t offset, length;
    double value;
    char text[SNA_FRAME_TEXT_SIZE];
} sna_frame;

/* ---- arena.c: memory that the processes share ----------------------------------------------------------------- */

/* A file in memory that grows by whatever the jobs deliver. */
typedef struct {
    int file;
    atomic_uint_fast64_t *used; /* shared by all processes */
} sna_arena;

int sna_arena_create(sna_arena *self) SNA_CHECK_RESULT;
/* Appends the values (any process); *offset in bytes. */
int sna_arena_append(sna_arena *self, const double *value, uint64_t count, uint64_t *offset) SNA_CHECK_RESULT;
/* The whole content, mapped read-only; NULL and 0 when it is empty. */
int sna_arena_map(const sna_arena *self, const unsigned char **bytes, uint64_t *size) SNA_CHECK_RESULT;
void sna_arena_free(sna_arena *self);

/* ---- interpreter.c -------------------------------------------------------------------------------------------- */

struct sna_neuron {
    sna_backend backend;
    char *version;
    sna_string printed; /* by the statement that ran last */
    sna_arena *arena;
    int channel;
    uint64_t first, count; /* jobs of this process */
    bool cause_on_stderr;  /* of the last error */
    const char *loading;   /* the hoc file, NULL: none */
    double unreported;     /* ms of model time done since the last progress frame */
};

/* Starts NEURON in this process and gives it the hoc library's stdrun.hoc. */
int sna_interpreter_start(sna_neuron *self, const char *library) SNA_CHECK_RESULT;
/* Sends a frame about the jobs of this process; `text` may be NULL. */
void sna_neuron_send(const sna_neuron *self, sna_frame_kind kind, int code, double value, const char *text);

/* ---- guard.c: what every NEURON process does to be harmless --------------------------------------------------- */

/* Dies with its parent, leaves no core file, turns a crash into a frame, SIGTERM into the end of the running statement,
 * and an exit() from inside the model into a frame. Again after each fork. */
void sna_guard_process(sna_neuron *neuron, pid_t parent);
/* Whether SIGTERM has come. */
bool sna_guard_stopped(void);

/* ---- loader.c ------------------------------------------------------------------------------------------------- */

/* The life of the loader process; does not return. */
void sna_loader_run(const sna_neuron_plan *plan, const char *library, sna_arena *arena, int channel, pid_t parent)
    __attribute__((noreturn));

#endif
