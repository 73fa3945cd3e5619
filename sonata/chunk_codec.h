/* chunk_codec.h: what HDF5's shuffle and deflate filters do to a chunk, and the way back, for several threads at once.
 * Private to sonata/. */
#ifndef SNA_CHUNK_CODEC_H
#define SNA_CHUNK_CODEC_H

#include <pthread.h>

#include "base/base.h"

typedef struct sna_codec sna_codec;

/* What the threads that pack or unpack need, kept for the next chunk. */
typedef struct {
    pthread_mutex_t lock;
    sna_codec *idle; /* under the lock */
} sna_codecs;

int sna_codecs_init(sna_codecs *self) SNA_CHECK_RESULT;
void sna_codecs_free(sna_codecs *self);

/* Shuffles `bytes` bytes of values of `value_size` bytes and deflates them, at level 1 to 9, as zlib writes it. Returns
 * *size bytes, free() them; NULL when there is no memory. In any thread. */
unsigned char *sna_codecs_pack(sna_codecs *self, unsigned level, const unsigned char *raw, uint64_t bytes,
                               size_t value_size, size_t *size);
/* The way back, into exactly `bytes` bytes, of a chunk that is `deflated`, `shuffled`, or neither. Returns 0,
 * SNA_EFORMAT (not a sound stream of that many bytes) or SNA_ENOMEM, without a sentence: in any thread. */
int sna_codecs_unpack(sna_codecs *self, const unsigned char *packed, size_t packed_bytes, bool deflated, bool shuffled,
                      size_t value_size, unsigned char *out, uint64_t bytes) SNA_CHECK_RESULT;

#endif
