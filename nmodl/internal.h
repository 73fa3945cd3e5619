/* internal.h: what the files of nmodl/ share and nobody else needs. */
#ifndef SNA_NMODL_INTERNAL_H
#define SNA_NMODL_INTERNAL_H

#include "nmodl.h"

/* The programs and files that turn mod files into a library for one NEURON. */
typedef struct {
    char *translator;         /* nocmodl, absolute; NULL: only `wrapper` is there */
    char *translator_version; /* what `nocmodl --version` prints */
    char *wrapper;            /* nrnivmodl, NULL when there is none */
    char *compiler_version;   /* first line of `cc --version` */
    char *cxx_version;        /* of `c++ --version`, NULL when there is none */
    char *include;            /* folder of NEURON's headers, NULL when not found */
    char *units;              /* nrnunits.lib, NULL: the translator's own default */
    char *library;            /* libnrniv.so, absolute */
    char *library_folder;
    char *library_stamp; /* its size and time: headers, translator and library go together */
} sna_toolchain;

int sna_toolchain_find(sna_toolchain *out, const sna_mechanism_options *options) SNA_CHECK_RESULT;
void sna_toolchain_free(sna_toolchain *self);

/* The mod files of `source` in alphabetical order of their stems, checked for names that clash. `self->file` and
 * `self->count` are set. */
int sna_sources_collect(sna_mechanism_library *self, const char *const *source, uint64_t count) SNA_CHECK_RESULT;

/* Adds a mod file's text and stem, and the name and content of all files that it includes, to `hash`. */
int sna_source_hash(sna_hash *hash, const sna_mechanism_file *file) SNA_CHECK_RESULT;

/* Lets nrnivmodl make the library of `self->file` in the folder `temporary` and renames it to `final`. */
int sna_wrapper_build(const sna_mechanism_library *self, const sna_toolchain *tools, const char *temporary,
                      const char *final) SNA_CHECK_RESULT;

#endif
