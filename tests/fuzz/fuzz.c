/* fuzz.c: files in memory for the fuzz targets. */
#include "fuzz.h"

#include <stdlib.h>
#include <unistd.h>

int fuzz_file_open(fuzz_file *out, const uint8_t *bytes, size_t size)
{
    (void)snprintf(out->path, sizeof out->path, "/dev/shm/sonatina-fuzz-XXXXXX");
    out->descriptor = mkstemp(out->path);
    if (out->descriptor < 0)
        return -1;
    if (write(out->descriptor, bytes, size) != (ssize_t)size) {
        fuzz_file_close(out);
        return -1;
    }
    return 0;
}

void fuzz_file_close(fuzz_file *self)
{
    (void)close(self->descriptor);
    (void)unlink(self->path);
}

static volatile uint64_t used;

void fuzz_use(uint64_t value)
{
    used += value;
}
