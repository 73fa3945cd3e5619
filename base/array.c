/* array.c: checked allocation and growth. */
#include "base.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A product that malloc can be asked for at all. */
static bool fits(uint64_t count, size_t size)
{
    return size == 0 || count <= (uint64_t)PTRDIFF_MAX / size;
}

static int no_memory(uint64_t count, size_t size)
{
    return sna_error(SNA_ENOMEM, "no memory for %" PRIu64 " items of %zu bytes", count, size);
}

int sna_allocate(void *out, uint64_t count, size_t size)
{
    int status = 0;
    void *block = NULL;

    if (count > 0) {
        if (fits(count, size))
            block = calloc((size_t)count, size);
        if (block == NULL)
            status = no_memory(count, size);
    }
    /* By bytes: `out` may be the address of a pointer of any object type. */
    memcpy(out, &block, sizeof block);
    return status;
}

void *sna_grow(void *array, uint64_t *capacity, uint64_t needed, size_t size)
{
    void *grown = array;
    uint64_t wanted = *capacity < 8 ? 8 : *capacity;

    if (needed > *capacity || array == NULL) {
        while (wanted < needed && wanted <= UINT64_MAX / 2)
            wanted *= 2;
        if (wanted < needed)
            wanted = needed;
        grown = fits(wanted, size) ? realloc(array, (size_t)wanted * size) : NULL;
        if (grown == NULL) {
            (void)no_memory(wanted, size);
        } else {
            const uint64_t old = array == NULL ? 0 : *capacity;
            memset((char *)grown + old * size, 0, (size_t)(wanted - old) * size);
            *capacity = wanted;
        }
    }
    return grown;
}
