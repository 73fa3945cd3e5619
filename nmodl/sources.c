/* sources.c: which mod files belong to a library, and everything that each of them depends on. */
#include "internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool ends_in_mod(const char *name)
{
    const size_t length = strlen(name);

    return length > 4 && strcmp(name + length - 4, ".mod") == 0;
}

/* nocmodl makes the function name _STEM_reg. */
static bool is_identifier(const char *text)
{
    if (!isalpha((unsigned char)text[0]) && text[0] != '_')
        return false;
    for (; *text != '\0'; text++) {
        if (!isalnum((unsigned char)*text) && *text != '_')
            return false;
    }
    return true;
}

static int add_file(sna_mechanism_library *self, uint64_t *capacity, const char *path)
{
    int status = 0;
    sna_mechanism_file *grown, *file;
    const char *name = sna_path_name(path);

    if (!ends_in_mod(name)) {
        status = sna_error(SNA_EINVAL, "%s: a mod file is expected, its name must end in .mod", path);
        goto out;
    }
    grown = sna_grow(self->file, capacity, self->count + 1, sizeof *self->file);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->file = grown;
    file = &self->file[self->count++];
    memset(file, 0, sizeof *file);
    status = sna_path_real(&file->path, path);
    if (status == 0)
        status = sna_text_format(&file->stem, "%.*s", (int)(strlen(name) - 4), name);
    if (status != 0)
        goto out;
    if (!is_identifier(file->stem))
        status = sna_error(SNA_EFORMAT,
                           "%s: NEURON makes a C function of a mod file's name, so that must consist of "
                           "letters, digits and _, and not start with a digit: rename the file",
                           path);
out:
    return status;
}

static int add_folder(sna_mechanism_library *self, uint64_t *capacity, const char *folder)
{
    int status = 0;
    sna_list names = SNA_LIST;
    char *path = NULL;

    status = sna_path_list(&names, folder, ".mod");
    if (status == 0 && names.count == 0)
        status = sna_error(SNA_ENOTFOUND, "%s: there is no mod file in this folder", folder);
    for (uint64_t i = 0; i < names.count && status == 0; i++) {
        free(path);
        path = NULL;
        status = sna_path_join(&path, folder, names.text[i]);
        if (status == 0)
            status = add_file(self, capacity, path);
    }
    free(path);
    sna_list_free(&names);
    return status;
}

static int compare_stems(const void *a, const void *b)
{
    const sna_mechanism_file *fa = a, *fb = b;
    const int order = strcmp(fa->stem, fb->stem);

    return order != 0 ? order : strcmp(fa->path, fb->path);
}

int sna_sources_collect(sna_mechanism_library *self, const char *const *source, uint64_t count)
{
    int status = 0;
    uint64_t capacity = 0, kept = 0;

    for (uint64_t i = 0; i < count && status == 0; i++) {
        struct stat about;
        if (stat(source[i], &about) != 0)
            status = sna_error(SNA_ENOTFOUND, "%s: no such mod file or folder", source[i]);
        else if (S_ISDIR(about.st_mode))
            status = add_folder(self, &capacity, source[i]);
        else
            status = add_file(self, &capacity, source[i]);
    }
    if (status != 0 || self->count == 0)
        goto out;
    qsort(self->file, (size_t)self->count, sizeof *self->file, compare_stems);
    for (uint64_t i = 0; i < self->count; i++) {
        sna_mechanism_file *file = &self->file[i];
        if (kept > 0 && strcmp(self->file[kept - 1].stem, file->stem) == 0) {
            if (strcmp(self->file[kept - 1].path, file->path) != 0) {
                status = sna_error(SNA_EFORMAT, "%s and %s have the same name: both cannot be in one library",
                                   self->file[kept - 1].path, file->path);
                goto out;
            }
            free(file->path); /* the same file, given twice */
            free(file->stem);
            memset(file, 0, sizeof *file);
            continue;
        }
        if (kept != i) {
            self->file[kept] = *file;
            memset(file, 0, sizeof *file);
        }
        kept++;
    }
    self->count = kept;
out:
    return status;
}

/* The name between quotes that follows `at`, blanks aside, as in INCLUDE "x.inc"; false when there is none. */
static bool quoted_name(const char *at, const char **name, size_t *length)
{
    while (*at == ' ' || *at == '\t')
        at++;
    if (*at != '"')
        return false;
    *name = at + 1;
    *length = strcspn(at + 1, "\"\n");
    return *length > 0 && (*name)[*length] == '"';
}

enum { DEEPEST_INCLUDE = 20 };

static int hash_includes(sna_hash *hash, const char *folder, const char *text, int depth);

/* A file that is not there is no fault here: it may stand in one of the system's folders, which go with the compiler's
 * version, or the translator will complain. */
static int hash_include(sna_hash *hash, const char *folder, const char *name, size_t length, int depth)
{
    int status = 0;
    char *relative = NULL, *path = NULL, *below = NULL, *text = NULL;
    uint64_t size = 0;

    status = sna_text_format(&relative, "%.*s", (int)length, name);
    if (status == 0)
        status = sna_path_join(&path, folder, relative);
    if (status != 0)
        goto out;
    sna_hash_add_text(hash, relative);
    status = sna_file_read(&text, &size, path);
    if (status == SNA_ENOTFOUND || status == SNA_EIO) {
        sna_hash_add_text(hash, "is not there");
        status = 0;
        goto out;
    }
    if (status != 0)
        goto out;
    sna_hash_add(hash, &size, sizeof size);
    sna_hash_add(hash, text, size);
    status = sna_path_folder(&below, path);
    if (status == 0 && depth < DEEPEST_INCLUDE)
        status = hash_includes(hash, below, text, depth + 1);
out:
    free(text);
    free(below);
    free(path);
    free(relative);
    return status;
}

/* Every INCLUDE and #include at the start of a line; a commented one costs at most a needless compilation. */
static int hash_includes(sna_hash *hash, const char *folder, const char *text, int depth)
{
    int status = 0;

    for (const char *line = text; line != NULL && status == 0;) {
        const char *at = line + strspn(line, " \t"), *name;
        size_t length;
        if (strncmp(at, "INCLUDE", 7) == 0) {
            if (quoted_name(at + 7, &name, &length))
                status = hash_include(hash, folder, name, length, depth);
        } else if (*at == '#') {
            at += 1 + strspn(at + 1, " \t");
            if (strncmp(at, "include", 7) == 0 && quoted_name(at + 7, &name, &length))
                status = hash_include(hash, folder, name, length, depth);
        }
        line = strchr(line, '\n');
        if (line != NULL)
            line++;
    }
    return status;
}

int sna_source_hash(sna_hash *hash, const sna_mechanism_file *file)
{
    int status = 0;
    char *text = NULL, *folder = NULL;
    uint64_t size = 0;

    status = sna_file_read(&text, &size, file->path);
    if (status != 0)
        goto out;
    if (memchr(text, '\0', (size_t)size) != NULL) {
        status = sna_error(SNA_EFORMAT, "%s is not a text file", file->path);
        goto out;
    }
    sna_hash_add_text(hash, file->stem);
    sna_hash_add(hash, &size, sizeof size);
    sna_hash_add(hash, text, size);
    status = sna_path_folder(&folder, file->path);
    if (status == 0)
        status = hash_includes(hash, folder, text, 0);
out:
    free(folder);
    free(text);
    return status;
}
