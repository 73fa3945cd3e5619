/* fuzz.c: files in memory for the fuzz targets. */
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

int fuzz_file_open(fuzz_file *out, const uint8_t *bytes, size_t size)
{
    out->descriptor = memfd_create("fuzz", MFD_CLOEXEC);
    if (out->descriptor < 0)
        return -1;
    if (write(out->descriptor, bytes, size) != (ssize_t)size) {
        (void)close(out->descriptor);
        return -1;
    }
    (void)snprintf(out->path, sizeof out->path, "/proc/self/fd/%d", out->descriptor);
    return 0;
}

void fuzz_file_close(fuzz_file *self)
{
    (void)close(self->descriptor);
}

static volatile uint64_t used;

void fuzz_use(uint64_t value)
{
    used += value;
}
