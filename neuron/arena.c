/* arena.c: memory that grows while several processes write to it: results come home through it. */
#include "internal.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int sna_arena_create(sna_arena *self)
{
    int status = 0;
    void *shared = mmap(NULL, sizeof *self->used, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    *self = (sna_arena){.file = -1};
    if (shared == MAP_FAILED) {
        status = sna_error(SNA_ENOMEM, "no shared memory for results: %s", strerror(errno));
        goto out;
    }
    self->used = shared;
    atomic_init(self->used, 0);
    self->file = memfd_create("sonatina results", MFD_CLOEXEC);
    if (self->file < 0)
        status = sna_error(SNA_ENOMEM, "no shared memory for results: %s", strerror(errno));
out:
    if (status != 0)
        sna_arena_free(self);
    return status;
}

int sna_arena_append(sna_arena *self, const double *value, uint64_t count, uint64_t *offset)
{
    int status = 0;
    const char *bytes = (const char *)value;
    uint64_t left, at;

    if (count > INT64_MAX / sizeof *value) {
        status = sna_error(SNA_ENOMEM, "a result of %llu values is too large", (unsigned long long)count);
        goto out;
    }
    left = count * sizeof *value;
    at = atomic_fetch_add(self->used, left);
    *offset = at;
    while (left > 0) {
        const ssize_t written = pwrite(self->file, bytes, (size_t)left, (off_t)at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            status = sna_error(SNA_ENOMEM, "no memory for %llu values of results: %s", (unsigned long long)count,
                               strerror(errno));
            goto out;
        }
        bytes += written;
        at += (uint64_t)written;
        left -= (uint64_t)written;
    }
out:
    return status;
}

int sna_arena_map(const sna_arena *self, const unsigned char **bytes, uint64_t *size)
{
    int status = 0;
    struct stat about;
    void *mapped;

    *bytes = NULL;
    *size = 0;
    if (fstat(self->file, &about) != 0) {
        status = sna_error(SNA_EIO, "the results cannot be read: %s", strerror(errno));
        goto out;
    }
    if (about.st_size == 0)
        goto out;
    mapped = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_SHARED, self->file, 0);
    if (mapped == MAP_FAILED) {
        status = sna_error(SNA_ENOMEM, "the results cannot be mapped: %s", strerror(errno));
        goto out;
    }
    *bytes = mapped;
    *size = (uint64_t)about.st_size;
out:
    return status;
}

void sna_arena_free(sna_arena *self)
{
    if (self->used != NULL)
        (void)munmap(self->used, sizeof *self->used);
    if (self->file >= 0)
        (void)close(self->file);
    *self = (sna_arena){.file = -1};
}
