/* nmodl.h: mechanisms written in NMODL: mod files compiled to libraries that NEURON loads. */
#ifndef SNA_NMODL_H
#define SNA_NMODL_H

#include <base/base.h>

#ifdef __cplusplus
extern "C" {
#endif

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
    uint64_t cached;          /* how many objects came from the cache */
    bool linked;              /* false: the very library was there already */
    char *translator;         /* "nocmodl 7.7.0 (/usr/bin/nocmodl)" */
    char *compiler;           /* first line of its --version */
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
 * Errors, each naming the mod file and where possible its line: SNA_ENOTFOUND (no such file or folder), SNA_EMISSING (no
 * nocmodl, compiler or headers; with the Debian package), SNA_EFORMAT (a file is no valid NMODL, two files of the same
 * name, a name that is no C identifier), SNA_EIO, SNA_ENOMEM, SNA_EEXTERNAL (the linker), SNA_ECANCELLED. */
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
