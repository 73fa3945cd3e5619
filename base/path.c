/* path.c: names of files and folders. */
#include "path.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int sna_path_join(char **out, const char *folder, const char *name)
{
    const size_t length = folder == NULL ? 0 : strlen(folder);

    if (length == 0 || name[0] == '/')
        return sna_text_copy(out, name);
    return sna_text_format(out, "%s%s%s", folder, folder[length - 1] == '/' ? "" : "/", name);
}

int sna_path_folder(char **out, const char *path)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL)
        return sna_text_copy(out, ".");
    if (slash == path)
        return sna_text_copy(out, "/");
    return sna_text_format(out, "%.*s", (int)(slash - path), path);
}

const char *sna_path_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

int sna_path_real(char **out, const char *path)
{
    *out = realpath(path, NULL);
    if (*out == NULL)
        return sna_error(errno == ENOENT || errno == ENOTDIR ? SNA_ENOTFOUND
                         : errno == ENOMEM                   ? SNA_ENOMEM
                                                             : SNA_EIO,
                         "%s: %s", path, strerror(errno));
    return 0;
}

int sna_folders_make(const char *path, sna_list *made)
{
    int status = 0;
    char *partial = NULL;
    struct stat about;

    if (stat(path, &about) == 0) {
        if (!S_ISDIR(about.st_mode))
            status = sna_error(SNA_EIO, "%s is a file, but a folder is needed there", path);
        goto out;
    }
    status = sna_text_copy(&partial, path);
    if (status != 0)
        goto out;
    for (char *at = partial + 1;; at++) {
        const char kept = *at;
        if (kept != '/' && kept != '\0')
            continue;
        *at = '\0';
        if (mkdir(partial, 0777) == 0) {
            status = made == NULL ? 0 : sna_list_add(made, partial);
            if (status != 0) {
                (void)rmdir(partial);
                goto out;
            }
        } else if (errno != EEXIST) {
            status = sna_error(SNA_EIO, "cannot make the folder %s: %s", partial, strerror(errno));
            goto out;
        }
        *at = kept;
        if (kept == '\0')
            break;
    }
out:
    free(partial);
    return status;
}

int sna_path_relative(char **out, const char *folder, const char *path)
{
    sna_string text = SNA_STRING;
    size_t common = 0, i = 0;
    int status = 0;

    *out = NULL;
    /* The parts, ended by a slash or the end, that both have. */
    while (folder[i] == path[i] && folder[i] != '\0') {
        i++;
        if ((folder[i] == '/' || folder[i] == '\0') && (path[i] == '/' || path[i] == '\0'))
            common = i;
    }
    for (const char *rest = folder + common; *rest != '\0' && status == 0; rest++) {
        if (*rest == '/' && rest[1] != '\0')
            status = sna_string_append(&text, text.length == 0 ? ".." : "/..");
    }
    path += common + (path[common] == '/');
    if (status == 0 && *path != '\0')
        status = sna_string_format(&text, "%s%s", text.length == 0 ? "" : "/", path);
    if (status == 0)
        status = sna_text_copy(out, text.length == 0 ? "." : sna_string_text(&text));
    sna_string_free(&text);
    return status;
}

int sna_path_make_folder(const char *path)
{
    return sna_folders_make(path, NULL);
}

static int compare_texts(const void *a, const void *b)
{
    const char *const *ta = a, *const *tb = b;

    return strcmp(*ta, *tb);
}

int sna_path_list(sna_list *out, const char *folder, const char *suffix)
{
    int status = 0;
    const uint64_t before = out->count;
    const size_t suffix_length = strlen(suffix);
    struct dirent *entry;
    char *path = NULL;
    DIR *stream = opendir(folder);

    if (stream == NULL) {
        status =
            sna_error(errno == ENOENT || errno == ENOTDIR ? SNA_ENOTFOUND : SNA_EIO, "%s: %s", folder, strerror(errno));
        goto out;
    }
    for (;;) {
        struct stat about;
        size_t length;

        errno = 0;
        entry = readdir(stream);
        if (entry == NULL)
            break;
        length = strlen(entry->d_name);
        if (length < suffix_length || strcmp(entry->d_name + length - suffix_length, suffix) != 0)
            continue;
        free(path);
        path = NULL;
        status = sna_path_join(&path, folder, entry->d_name);
        if (status != 0)
            goto out;
        if (stat(path, &about) == 0 && S_ISREG(about.st_mode)) {
            status = sna_list_add(out, entry->d_name);
            if (status != 0)
                goto out;
        }
    }
    if (errno != 0) {
        status = sna_error(SNA_EIO, "%s: %s", folder, strerror(errno));
        goto out;
    }
    if (out->count > before)
        qsort(out->text + before, (size_t)(out->count - before), sizeof *out->text, compare_texts);
out:
    free(path);
    if (stream != NULL)
        (void)closedir(stream);
    return status;
}
