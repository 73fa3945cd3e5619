/* validate_matrix.h: faults, and that each is found, named and survived. */
#ifndef SNA_TESTS_VALIDATE_MATRIX_H
#define SNA_TESTS_VALIDATE_MATRIX_H

#include "validate_base.h"

#define ERROR SNA_SEVERITY_ERROR
#define WARNING SNA_SEVERITY_WARNING
#define NOTE SNA_SEVERITY_NOTE

typedef struct {
    const char *name;
    void (*inject)(const base_circuit *circuit);
    const char *code, *place; /* what must be found ("": nothing), and where: HDF5 path, key path or name of the file */
    sna_severity severity;
    const char *errors; /* codes of the errors that come with it, "" for none */
    unsigned strict;    /* under which it is an error; 0 for one that is always what `severity` says */
} fault;

/* Puts each fault into a fresh circuit and validates that (by its simulation config): the finding is there, at its
 * place, and no error but those that belong to it. Fails when one is missed. */
void check_faults(const fault *faults, size_t count);
/* The finding with that code at a place; NULL for none. */
const sna_finding *find(const sna_findings *findings, const char *code, const char *place);
void validate(const base_circuit *circuit, unsigned strict, sna_findings *findings);
void print_findings(const sna_findings *findings);
/* Overwrites a text file; replaces the first `old` in one. */
void write_text(const char *path, const char *text);
void change_text(const char *path, const char *old, const char *new);

#endif
