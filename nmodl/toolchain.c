/* toolchain.c: finds nocmodl, the compilers and NEURON's headers, and says which package brings what is missing. */
#include "internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Sets *out to `root`/`name` for the first of root = the library's folder and the three above it (short of /), and each
 * name, that exists; leaves it NULL when none does. That covers /usr, a prefix of one's own, and a Python wheel's .data
 * folder. */
static int find_beside(char **out, const char *library_folder, const char *const *name, int access_mode)
{
    int status = 0;
    char *root = NULL;

    status = sna_text_copy(&root, library_folder);
    for (int up = 0; up < 4 && status == 0 && *out == NULL && strcmp(root, "/") != 0; up++) {
        char *above = NULL;
        for (int i = 0; name[i] != NULL && status == 0 && *out == NULL; i++) {
            status = sna_path_join(out, root, name[i]);
            if (status == 0 && access(*out, access_mode) != 0) {
                free(*out);
                *out = NULL;
            }
        }
        if (status == 0)
            status = sna_path_folder(&above, root);
        free(root);
        root = above;
    }
    free(root);
    return status;
}

/* The first line that `program --version` prints, in *out; NULL when there is no such program. */
static int first_line(char **out, const char *program)
{
    int status = 0;
    const char *const argv[] = {program, "--version", NULL};
    const char *const environment[] = {"LC_ALL=C", NULL};
    sna_process run = {.output = SNA_STRING};
    const char *text;

    *out = NULL;
    status = sna_process_run(&run, argv, NULL, environment, NULL);
    if (status == SNA_EMISSING) {
        status = 0;
        goto out;
    }
    if (status != 0)
        goto out;
    text = sna_string_text(&run.output);
    status = sna_text_format(out, "%.*s", (int)strcspn(text, "\n"), text);
out:
    sna_process_free(&run);
    return status;
}

static int find_translator(sna_toolchain *self, const sna_mechanism_options *options)
{
    static const char *const translators[] = {"bin/nocmodl", NULL};
    static const char *const wrappers[] = {"bin/nrnivmodl", NULL};
    int status = 0;

    if (options->translator != NULL) {
        status = sna_process_find(&self->translator, options->translator);
        goto out;
    }
    status = find_beside(&self->translator, self->library_folder, translators, X_OK);
    if (status == 0 && self->translator == NULL) {
        status = sna_process_find(&self->translator, "nocmodl");
        status = status == SNA_EMISSING ? 0 : status;
    }
    if (status != 0 || self->translator != NULL)
        goto out;
    status = find_beside(&self->wrapper, self->library_folder, wrappers, X_OK);
    if (status == 0 && self->wrapper == NULL) {
        status = sna_process_find(&self->wrapper, "nrnivmodl");
        if (status == SNA_EMISSING)
            status = sna_error(SNA_EMISSING, "cannot compile mod files: NEURON's translator nocmodl is not installed "
                                             "(Debian package neuron-dev)");
    }
out:
    return status;
}

int sna_toolchain_find(sna_toolchain *out, const sna_mechanism_options *options)
{
    static const char *const headers[] = {"include/nrniv_mf.h", "include/nrn/nrniv_mf.h", NULL};
    static const char *const units[] = {"share/nrn/lib/nrnunits.lib", "lib/nrnunits.lib", NULL};
    int status = 0;
    char *header = NULL;
    struct stat about;

    memset(out, 0, sizeof *out);
    if (options->neuron_library == NULL) {
        status = sna_error(SNA_EINVAL, "mechanisms are compiled for one NEURON: its library must be named");
        goto out;
    }
    status = sna_path_real(&out->library, options->neuron_library);
    if (status == 0)
        status = sna_path_folder(&out->library_folder, out->library);
    if (status != 0)
        goto out;
    if (stat(out->library, &about) != 0) {
        status = sna_error(SNA_EIO, "%s cannot be read", out->library);
        goto out;
    }
    status = sna_text_format(&out->library_stamp, "%s %" PRId64 " %" PRId64 ".%09ld", out->library,
                             (int64_t)about.st_size, (int64_t)about.st_mtim.tv_sec, about.st_mtim.tv_nsec);
    if (status == 0)
        status = find_translator(out, options);
    if (status == 0 && out->translator != NULL)
        status = first_line(&out->translator_version, out->translator);
    if (status == 0)
        status = first_line(&out->compiler_version, "cc");
    if (status == 0)
        status = first_line(&out->cxx_version, "c++");
    if (status == 0)
        status = find_beside(&header, out->library_folder, headers, R_OK);
    if (status == 0)
        status = find_beside(&out->units, out->library_folder, units, R_OK);
    if (status != 0)
        goto out;
    if (out->compiler_version == NULL) {
        status = sna_error(SNA_EMISSING, "cannot compile mod files: there is no C compiler `cc` (Debian package gcc)");
        goto out;
    }
    if (header == NULL) {
        status = sna_error(SNA_EMISSING,
                           "cannot compile mod files: NEURON's header nrniv_mf.h is not in an include "
                           "folder near %s (Debian package neuron-dev)",
                           out->library);
        goto out;
    }
    status = sna_path_folder(&out->include, header);
out:
    free(header);
    return status;
}

void sna_toolchain_free(sna_toolchain *self)
{
    free(self->translator);
    free(self->translator_version);
    free(self->wrapper);
    free(self->compiler_version);
    free(self->cxx_version);
    free(self->include);
    free(self->units);
    free(self->library);
    free(self->library_folder);
    free(self->library_stamp);
    memset(self, 0, sizeof *self);
}
