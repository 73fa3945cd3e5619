/* hash.c: SHA-256 of what goes into a cache key or a report. */
#include "base.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/sha2.h>

struct sna_hash {
    struct sha256_ctx context;
};

int sna_hash_create(sna_hash **out)
{
    const int status = sna_allocate(out, 1, sizeof **out);

    if (status == 0)
        sha256_init(&(*out)->context);
    return status;
}

void sna_hash_add(sna_hash *self, const void *bytes, uint64_t count)
{
    sha256_update(&self->context, (size_t)count, bytes);
}

void sna_hash_add_text(sna_hash *self, const char *text)
{
    sna_hash_add(self, text, strlen(text) + 1);
}

void sna_hash_finish(sna_hash *self, char hex[65])
{
    uint8_t digest[SHA256_DIGEST_SIZE];

    sha256_digest(&self->context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

void sna_hash_free(sna_hash *self)
{
    free(self);
}

int sna_hash_file(const char *path, char hex[65])
{
    int status = 0;
    sna_hash *hash = NULL;
    char *block = NULL;
    const size_t block_size = (size_t)1 << 18;
    size_t count;
    FILE *stream = fopen(path, "rb");

    if (stream == NULL) {
        status = sna_error(errno == ENOENT ? SNA_ENOTFOUND : SNA_EIO, "%s: %s", path, strerror(errno));
        goto out;
    }
    status = sna_hash_create(&hash);
    if (status == 0)
        status = sna_allocate(&block, block_size, 1);
    if (status != 0)
        goto out;
    while ((count = fread(block, 1, block_size, stream)) > 0)
        sna_hash_add(hash, block, count);
    if (ferror(stream)) {
        status = sna_error(SNA_EIO, "%s: %s", path, strerror(errno));
        goto out;
    }
    sna_hash_finish(hash, hex);
out:
    if (stream != NULL)
        (void)fclose(stream);
    free(block);
    sna_hash_free(hash);
    return status;
}
