/* wrapper.c: the fallback for installations without nocmodl: nrnivmodl, in a folder of its own. */
#include "internal.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Links every plain file beside a mod file into the folder `work`: nrnivmodl takes the mod files from where it stands
 * and the files they include must be there too. Names that are there already stay: the mod files came first. */
static int link_neighbours(const char *folder, const char *work)
{
    int status = 0;
    sna_list names = SNA_LIST;

    status = sna_path_list(&names, folder, "");
    for (uint64_t i = 0; i < names.count && status == 0; i++) {
        char *from = NULL, *to = NULL;
        const size_t length = strlen(names.text[i]);
        if (length > 4 && strcmp(names.text[i] + length - 4, ".mod") == 0)
            continue;
        status = sna_path_join(&from, folder, names.text[i]);
        if (status == 0)
            status = sna_path_join(&to, work, names.text[i]);
        if (status == 0 && symlink(from, to) != 0 && errno != EEXIST)
            status = sna_error(SNA_EIO, "%s: %s", to, strerror(errno));
        free(to);
        free(from);
    }
    sna_list_free(&names);
    return status;
}

int sna_wrapper_build(const sna_mechanism_library *self, const sna_toolchain *tools, const char *temporary,
                      const char *final)
{
    int status = 0;
    char *work = NULL, *pattern = NULL;
    glob_t found = {0};
    sna_process run = {.output = SNA_STRING};
    const char *const argv[] = {tools->wrapper, NULL};
    const char *const environment[] = {"LC_ALL=C", NULL};

    status = sna_path_join(&work, temporary, "wrapper");
    if (status == 0)
        status = sna_path_make_folder(work);
    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        char *name = NULL, *folder = NULL;
        status = sna_text_format(&name, "%s/%s.mod", work, self->file[i].stem);
        if (status == 0 && symlink(self->file[i].path, name) != 0)
            status = sna_error(SNA_EIO, "%s: %s", name, strerror(errno));
        if (status == 0)
            status = sna_path_folder(&folder, self->file[i].path);
        if (status == 0)
            status = link_neighbours(folder, work);
        free(folder);
        free(name);
    }
    if (status == 0)
        status = sna_process_run(&run, argv, work, environment, NULL);
    if (status == 0)
        status = sna_text_format(&pattern, "%s/*/libnrnmech.so", work);
    if (status != 0)
        goto out;
    /* Its exit status says little: some installations build the library and then fail at `special`. */
    if (glob(pattern, 0, NULL, &found) != 0) {
        const char *text = sna_string_text(&run.output);
        const size_t length = strlen(text);
        status = sna_error(SNA_EEXTERNAL, "%s made no library (status %d): ...%s", tools->wrapper, run.exit_status,
                           length > 400 ? text + length - 400 : text);
        goto out;
    }
    if (rename(found.gl_pathv[0], final) != 0)
        status = sna_error(SNA_EIO, "%s: cannot be put into the cache: %s", final, strerror(errno));
out:
    globfree(&found);
    sna_process_free(&run);
    free(pattern);
    free(work);
    return status;
}
