/* file.c: reading whole files, and output files that appear together or not at all. */
#include "path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int sna_file_read(char **out, uint64_t *size, const char *path)
{
    int status = 0;
    sna_string text = SNA_STRING;
    char *block = NULL;
    const size_t block_size = (size_t)1 << 16;
    size_t count;
    struct stat about;
    FILE *stream = NULL;

    *out = NULL;
    *size = 0;
    stream = fopen(path, "rb");
    if (stream == NULL) {
        status =
            sna_error(errno == ENOENT || errno == ENOTDIR ? SNA_ENOTFOUND : SNA_EIO, "%s: %s", path, strerror(errno));
        goto out;
    }
    if (fstat(fileno(stream), &about) == 0 && S_ISDIR(about.st_mode)) {
        status = sna_error(SNA_EIO, "%s is a folder, but a file is needed", path);
        goto out;
    }
    status = sna_allocate(&block, block_size, 1);
    while (status == 0 && (count = fread(block, 1, block_size, stream)) > 0)
        status = sna_string_append_bytes(&text, block, count);
    if (status == 0 && ferror(stream))
        status = sna_error(SNA_EIO, "%s: %s", path, strerror(errno));
    if (status == 0)
        status = sna_string_append_bytes(&text, "", 0);
    if (status != 0)
        goto out;
    *out = text.text;
    *size = text.length;
    text = SNA_STRING;
out:
    free(block);
    sna_string_free(&text);
    if (stream != NULL)
        (void)fclose(stream);
    return status;
}

typedef struct {
    char *path, *temporary;
} output;

struct sna_outputs {
    output *item;
    uint64_t count, capacity;
    sna_list made; /* folders made here, parents first */
    bool committed;
};

int sna_outputs_create(sna_outputs **out)
{
    return sna_allocate(out, 1, sizeof **out);
}

int sna_outputs_folder(sna_outputs *self, const char *path)
{
    return sna_folders_make(path, &self->made);
}

/* ---- leftovers ---------------------------------------------------------------------------------------------- */

/* Temporary files are called .NAME.WHERE-PID.XXXXXX: a process that was killed leaves them behind, and the next one
 * that writes NAME takes them away. Process ids mean something in one process namespace of one run of one system only,
 * which is what WHERE stands for: what another machine writes to a shared folder is left alone. */
enum { NAME_MOST = 200, WHERE_SIZE = 17 };

/* 16 hexadecimal digits, "" where the system does not tell. */
static void find_where(char where[WHERE_SIZE])
{
    char text[128] = "", space[64] = "";
    ssize_t length = readlink("/proc/self/ns/pid", space, sizeof space - 1);
    FILE *stream = fopen("/proc/sys/kernel/random/boot_id", "re");
    const bool good = stream != NULL && fgets(text, sizeof text, stream) != NULL && length > 0;

    where[0] = '\0';
    if (good) {
        const uint64_t boot = sna_random_purpose(text);
        space[length] = '\0';
        (void)snprintf(where, WHERE_SIZE, "%016" PRIx64, boot ^ sna_random_purpose(space));
    }
    if (stream != NULL)
        (void)fclose(stream);
}

/* Is it `prefix`, the number of a process that is no more, a point and six characters? */
static bool is_leftover(const char *name, const char *prefix)
{
    const size_t length = strlen(prefix);
    const char *digits = name + length;
    char *end = NULL;
    long pid = 0;

    if (strncmp(name, prefix, length) != 0 || *digits < '1' || *digits > '9')
        return false;
    errno = 0;
    pid = strtol(digits, &end, 10);
    if (errno != 0 || pid > INT_MAX || *end != '.' || strlen(end) != 7)
        return false;
    return kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

static void remove_leftovers(const char *folder, const char *prefix)
{
    DIR *entries = opendir(folder);
    struct dirent *entry = NULL;

    while (entries != NULL && (entry = readdir(entries)) != NULL)
        if (is_leftover(entry->d_name, prefix))
            (void)unlinkat(dirfd(entries), entry->d_name, 0);
    if (entries != NULL)
        (void)closedir(entries);
}

/* The pattern for mkstemp of a file in `folder` that will be called `name`; what dead processes left of it goes. */
static int make_pattern(char **out, const char *folder, const char *name)
{
    int status = 0;
    char where[WHERE_SIZE], *prefix = NULL;

    find_where(where);
    if (where[0] == '\0') {
        status = sna_text_format(out, "%s/.%.*s.XXXXXX", folder, NAME_MOST, name);
        goto out;
    }
    status = sna_text_format(&prefix, ".%.*s.%s-", NAME_MOST, name, where);
    if (status != 0)
        goto out;
    remove_leftovers(folder, prefix);
    status = sna_text_format(out, "%s/%s%ld.XXXXXX", folder, prefix, (long)getpid());
out:
    free(prefix);
    return status;
}

/* ---- outputs ------------------------------------------------------------------------------------------------ */

int sna_outputs_add(sna_outputs *self, const char *path, const char **temporary)
{
    int status = 0, descriptor = -1;
    char *folder = NULL;
    output fresh = {NULL, NULL};
    struct stat about;
    const mode_t mask = umask(0);
    output *grown;

    (void)umask(mask);
    *temporary = NULL;
    status = sna_path_folder(&folder, path);
    if (status == 0)
        status = sna_text_copy(&fresh.path, path);
    if (status == 0)
        status = make_pattern(&fresh.temporary, folder, sna_path_name(path));
    if (status != 0)
        goto out;
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode)) {
        status = sna_error(SNA_EIO, "%s is a folder, so no file can be written there", path);
        goto out;
    }
    grown = sna_grow(self->item, &self->capacity, self->count + 1, sizeof *self->item);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->item = grown;
    descriptor = mkstemp(fresh.temporary);
    if (descriptor < 0) {
        status = sna_error(SNA_EIO, "cannot write %s: %s", path, strerror(errno));
        goto out;
    }
    /* mkstemp makes private files; an output gets what any new file would. */
    if (fchmod(descriptor, 0666 & ~mask) != 0) {
        status = sna_error(SNA_EIO, "cannot write %s: %s", path, strerror(errno));
        (void)unlink(fresh.temporary);
        goto out;
    }
    self->item[self->count++] = fresh;
    *temporary = fresh.temporary;
    fresh = (output){NULL, NULL};
out:
    if (descriptor >= 0)
        (void)close(descriptor);
    free(fresh.path);
    free(fresh.temporary);
    free(folder);
    return status;
}

/* Flushes what was written under a name (a file or a folder) to the disk. */
static int flush_to_disk(const char *path, const char *named)
{
    int status = 0;
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);

    if (descriptor < 0 || fsync(descriptor) != 0)
        status = sna_error(SNA_EIO, "cannot write %s: %s", named, strerror(errno));
    if (descriptor >= 0)
        (void)close(descriptor);
    return status;
}

int sna_outputs_commit(sna_outputs *self)
{
    int status = 0;

    for (uint64_t i = 0; i < self->count && status == 0; i++)
        status = flush_to_disk(self->item[i].temporary, self->item[i].path);
    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        output *item = &self->item[i];
        if (rename(item->temporary, item->path) != 0) {
            status = sna_error(SNA_EIO, "cannot write %s: %s", item->path, strerror(errno));
        } else {
            free(item->temporary);
            item->temporary = NULL;
        }
    }
    self->committed = status == 0;
    return status;
}

void sna_outputs_free(sna_outputs *self)
{
    if (self == NULL)
        return;
    for (uint64_t i = 0; i < self->count; i++) {
        if (self->item[i].temporary != NULL)
            (void)unlink(self->item[i].temporary);
        free(self->item[i].temporary);
        free(self->item[i].path);
    }
    if (!self->committed) {
        /* Children were made after their parents; a folder that somebody filled meanwhile stays. */
        for (uint64_t i = self->made.count; i > 0; i--)
            (void)rmdir(self->made.text[i - 1]);
    }
    sna_list_free(&self->made);
    free(self->item);
    free(self);
}

int sna_stream_open(FILE **out, const char *path)
{
    *out = fopen(path, "wb");
    return *out == NULL ? sna_error(SNA_EIO, "cannot write %s: %s", path, strerror(errno)) : 0;
}

int sna_stream_close(FILE *stream, const char *path)
{
    int status = 0;
    const int failed = ferror(stream);

    errno = 0;
    if (fclose(stream) != 0 || failed)
        status = sna_error(SNA_EIO, "cannot write %s: %s", path, errno != 0 ? strerror(errno) : "output error");
    return status;
}

int sna_file_write(const char *path, const void *bytes, uint64_t size)
{
    int status = 0;
    sna_outputs *outputs = NULL;
    const char *temporary = NULL;
    FILE *stream = NULL;

    status = sna_outputs_create(&outputs);
    if (status == 0)
        status = sna_outputs_add(outputs, path, &temporary);
    if (status == 0)
        status = sna_stream_open(&stream, temporary);
    if (status != 0)
        goto out;
    if (fwrite(bytes, 1, (size_t)size, stream) != size)
        status = sna_error(SNA_EIO, "cannot write %s: %s", path, strerror(errno));
    if (status == 0)
        status = sna_stream_close(stream, path);
    else
        (void)fclose(stream);
    if (status == 0)
        status = sna_outputs_commit(outputs);
out:
    sna_outputs_free(outputs);
    return status;
}
