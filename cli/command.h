/* command.h: what a command of the program is, and what commands share. The program holds no science: a command parses
 * its options, calls the library and prints. */
#ifndef SNA_CLI_COMMAND_H
#define SNA_CLI_COMMAND_H

#include <argp.h>

#include "base/base.h"

/* Exit statuses of the program. */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_INVALID = 3 };

typedef struct {
    const char *group, *name; /* `sonatina group name`; name is NULL for a command without a group word */
    const char *purpose;      /* one line, no full stop */
    /* argv[0] is the full command ("sonatina network build"), for usage texts. Returns 0 or an SNA_E... code with the
     * error set; a command that has printed findings of its own (a validator) may return EXIT_INVALID. */
    int (*run)(int argc, char **argv);
} command;

/* Groups in the order of the main help, ended by a NULL name; and all commands, ended by a NULL group. */
typedef struct {
    const char *name, *purpose;
} command_group;
extern const command_group command_groups[];
extern const command commands[];

/* ---- what commands share ------------------------------------------------------------------------------------ */

/* Options that many commands take, to be used as children of their argp: `--format`, and `--threads`. */
typedef struct {
    sna_format format;
} output_options;
/* Its input is an output_options. */
extern const struct argp output_argp;
/* No input: --threads sets the library's number of threads. */
extern const struct argp thread_argp;

/* Parses argv with argp; a usage error ends the program with EXIT_USAGE. A value that is wrong (SNA_EINVAL,
 * SNA_EFORMAT, SNA_ERANGE from a number parser inside the argp parser) is reported with argp_fail_with. Returns 0. */
int command_parse(const struct argp *argp, int argc, char **argv, void *input) SNA_CHECK_RESULT;

/* Inside an argp parser: ends the program with EXIT_USAGE and `option: sentence`, the sentence being the library's last
 * error. */
void command_bad_value(const struct argp_state *state, const char *option) __attribute__((noreturn));

/* Numbers given to options; on a bad one the program ends with EXIT_USAGE. */
double command_real(const struct argp_state *state, const char *option, const char *text);
uint64_t command_unsigned(const struct argp_state *state, const char *option, const char *text);
/* A size in bytes: a whole number, with K, M, G or T behind it for powers of 1024; at least 1 MiB. */
uint64_t command_size(const struct argp_state *state, const char *option, const char *text);

#endif
