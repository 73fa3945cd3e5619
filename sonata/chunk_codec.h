/* chunk_codec.h: what HDF5's shuffle and deflate filters do to a chunk, and the way back. For any thread, each with
 * its own packer or unpacker. Private to sonata/. */
#ifndef SNA_CHUNK_CODEC_H
#define SNA_CHUNK_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct libdeflate_compressor;
struct libdeflate_decompressor;

/* Start from zeros. */
typedef struct sna_packer sna_packer;
struct sna_packer {
    struct libdeflate_compressor *deflate;
    unsigned level;          /* of `deflate` */
    unsigned char *shuffled; /* [shuffled_size] */
    unsigned char *packed;   /* [packed_size] */
    uint64_t shuffled_size, packed_size;
    sna_packer *next; /* in a list */
};

/* Shuffles `bytes` bytes of values of `value_size` bytes and deflates them, at level 1 to 9, as zlib writes it. Returns
 * *size bytes, free() them; NULL when there is no memory. */
unsigned char *sna_packer_pack(sna_packer *self, unsigned level, const unsigned char *raw, uint64_t bytes,
                               size_t value_size, size_t *size);
void sna_packer_free(sna_packer *self);

#endif
