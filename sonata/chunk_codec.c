/* chunk_codec.c: shuffle and deflate, as HDF5's filters do it, and the way back. */
#include "sonata/chunk_codec.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    unsigned char *bytes;
    uint64_t size;
} room;

struct sna_codec {
    struct libdeflate_compressor *deflate;
    unsigned level; /* of `deflate` */
    struct libdeflate_decompressor *inflate;
    room shuffled, packed;
    sna_codec *next; /* among the idle ones */
};

int sna_codecs_init(sna_codecs *self)
{
    self->idle = NULL;
    return pthread_mutex_init(&self->lock, NULL) == 0 ? 0 : sna_error(SNA_ENOMEM, "no memory for a lock");
}

void sna_codecs_free(sna_codecs *self)
{
    while (self->idle != NULL) {
        sna_codec *codec = self->idle;
        self->idle = codec->next;
        libdeflate_free_compressor(codec->deflate);
        libdeflate_free_decompressor(codec->inflate);
        free(codec->shuffled.bytes);
        free(codec->packed.bytes);
        free(codec);
    }
    (void)pthread_mutex_destroy(&self->lock);
}

/* One that no other thread uses; NULL when there is no memory. */
static sna_codec *take(sna_codecs *self)
{
    sna_codec *codec;

    (void)pthread_mutex_lock(&self->lock);
    codec = self->idle;
    if (codec != NULL)
        self->idle = codec->next;
    (void)pthread_mutex_unlock(&self->lock);
    return codec != NULL ? codec : calloc(1, sizeof *codec);
}

static void give_back(sna_codecs *self, sna_codec *codec)
{
    if (codec == NULL)
        return;
    (void)pthread_mutex_lock(&self->lock);
    codec->next = self->idle;
    self->idle = codec;
    (void)pthread_mutex_unlock(&self->lock);
}

static bool reserve(room *self, uint64_t needed)
{
    if (needed > self->size) {
        free(self->bytes);
        self->bytes = malloc((size_t)needed);
        self->size = self->bytes == NULL ? 0 : needed;
    }
    return self->bytes != NULL;
}

/* ---- there -------------------------------------------------------------------------------------------------- */

/* Calls with a size that is known to the compiler, which halves the time. */
#define FOR_SIZE(function, to, from, n, size) \
    ((size) == 8   ? function(to, from, n, 8) \
     : (size) == 4 ? function(to, from, n, 4) \
     : (size) == 2 ? function(to, from, n, 2) \
                   : function(to, from, n, size))

/* First bytes of all values, then second ones... */
static inline void shuffle(unsigned char *out, const unsigned char *value, uint64_t n, size_t size)
{
    for (size_t byte = 0; byte < size; byte++)
        for (uint64_t i = 0; i < n; i++)
            *out++ = value[i * size + byte];
}

unsigned char *sna_codecs_pack(sna_codecs *self, unsigned level, const unsigned char *raw, uint64_t bytes,
                               size_t value_size, size_t *size)
{
    unsigned char *out = NULL;
    sna_codec *codec = take(self);

    *size = 0;
    if (codec == NULL)
        goto out;
    if (codec->deflate != NULL && codec->level != level) {
        libdeflate_free_compressor(codec->deflate);
        codec->deflate = NULL;
    }
    if (codec->deflate == NULL)
        codec->deflate = libdeflate_alloc_compressor((int)level);
    codec->level = level;
    if (codec->deflate == NULL || !reserve(&codec->shuffled, bytes) ||
        !reserve(&codec->packed, libdeflate_zlib_compress_bound(codec->deflate, (size_t)bytes)))
        goto out;
    FOR_SIZE(shuffle, codec->shuffled.bytes, raw, bytes / value_size, value_size);
    *size = libdeflate_zlib_compress(codec->deflate, codec->shuffled.bytes, (size_t)bytes, codec->packed.bytes,
                                     (size_t)codec->packed.size);
    if (*size > 0)
        out = malloc(*size);
    if (out != NULL)
        memcpy(out, codec->packed.bytes, *size);
out:
    give_back(self, codec);
    return out;
}

/* ---- and back ----------------------------------------------------------------------------------------------- */

static inline void unshuffle(unsigned char *value, const unsigned char *in, uint64_t n, size_t size)
{
    for (size_t byte = 0; byte < size; byte++)
        for (uint64_t i = 0; i < n; i++)
            value[i * size + byte] = *in++;
}

int sna_codecs_unpack(sna_codecs *self, const unsigned char *packed, size_t packed_bytes, bool deflated, bool shuffled,
                      size_t value_size, unsigned char *out, uint64_t bytes)
{
    int status = SNA_ENOMEM;
    sna_codec *codec = take(self);
    const bool reorder = shuffled && value_size > 1;
    const unsigned char *from = packed;

    if (codec == NULL)
        goto out;
    if (deflated && codec->inflate == NULL)
        codec->inflate = libdeflate_alloc_decompressor();
    if ((deflated && codec->inflate == NULL) || (deflated && reorder && !reserve(&codec->shuffled, bytes)))
        goto out;
    status = SNA_EFORMAT;
    if (deflated) {
        unsigned char *to = reorder ? codec->shuffled.bytes : out;
        if (libdeflate_zlib_decompress(codec->inflate, packed, packed_bytes, to, (size_t)bytes, NULL) !=
            LIBDEFLATE_SUCCESS)
            goto out;
        from = to;
    } else if (packed_bytes != bytes) {
        goto out;
    }
    if (reorder)
        FOR_SIZE(unshuffle, out, from, bytes / value_size, value_size);
    else if (from != out)
        memcpy(out, from, (size_t)bytes);
    status = 0;
out:
    give_back(self, codec);
    return status;
}
