/* chunk_codec.c: shuffle and deflate, as HDF5's filters do it. */
#include "sonata/chunk_codec.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

/* ---- there -------------------------------------------------------------------------------------------------- */

/* First bytes of all values, then second ones... */
static void shuffle(unsigned char *out, const unsigned char *value, uint64_t n, size_t size)
{
    for (size_t byte = 0; byte < size; byte++)
        for (uint64_t i = 0; i < n; i++)
            *out++ = value[i * size + byte];
}

static bool reserve(unsigned char **room, uint64_t *size, uint64_t needed)
{
    if (needed > *size) {
        free(*room);
        *room = malloc((size_t)needed);
        *size = *room == NULL ? 0 : needed;
    }
    return *room != NULL;
}

unsigned char *sna_packer_pack(sna_packer *self, unsigned level, const unsigned char *raw, uint64_t bytes,
                               size_t value_size, size_t *size)
{
    unsigned char *out = NULL;

    *size = 0;
    if (self->deflate != NULL && self->level != level) {
        libdeflate_free_compressor(self->deflate);
        self->deflate = NULL;
    }
    if (self->deflate == NULL)
        self->deflate = libdeflate_alloc_compressor((int)level);
    self->level = level;
    if (self->deflate == NULL || !reserve(&self->shuffled, &self->shuffled_size, bytes) ||
        !reserve(&self->packed, &self->packed_size, libdeflate_zlib_compress_bound(self->deflate, (size_t)bytes)))
        goto out;
    shuffle(self->shuffled, raw, bytes / value_size, value_size);
    *size =
        libdeflate_zlib_compress(self->deflate, self->shuffled, (size_t)bytes, self->packed, (size_t)self->packed_size);
    if (*size > 0)
        out = malloc(*size);
    if (out != NULL)
        memcpy(out, self->packed, *size);
out:
    return out;
}

void sna_packer_free(sna_packer *self)
{
    libdeflate_free_compressor(self->deflate);
    free(self->shuffled);
    free(self->packed);
    *self = (sna_packer){0};
}
