/* ranks.c: several processes that share one task, in a build without MPI: there is just this one. */
#include "base.h"

#include <stdlib.h>
#include <string.h>

unsigned sna_rank(void)
{
    return 0;
}

unsigned sna_ranks(void)
{
    return 1;
}

/* Each of several processes would do all of the work, and write over what the others write. */
int sna_ranks_join(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", NULL};
    int status = 0;

    for (unsigned i = 0; names[i] != NULL && status == 0; i++) {
        const char *text = getenv(names[i]);
        uint64_t count = 0;
        if (text != NULL && sna_unsigned_parse(&count, text) == 0 && count > 1)
            status =
                sna_error(SNA_EUNSUPPORTED,
                          "this is one of %s processes, but the program was built without MPI, so that they cannot "
                          "share the work: build it with -DSONATINA_MPI=ON",
                          text);
    }
    return status;
}

void sna_ranks_leave(void)
{
}

int sna_ranks_agree(int status)
{
    return status;
}

int sna_ranks_share(int status, char **text)
{
    (void)text;
    return status;
}

int sna_ranks_before(const uint64_t *mine, uint64_t count, uint64_t *before, uint64_t *total)
{
    memset(before, 0, (size_t)count * sizeof *before);
    memcpy(total, mine, (size_t)count * sizeof *total);
    return 0;
}

int sna_ranks_gather(const uint64_t *mine, uint64_t count, uint64_t *all)
{
    memcpy(all, mine, (size_t)count * sizeof *all);
    return 0;
}

int sna_ranks_sum(uint64_t *value, uint64_t count)
{
    (void)value;
    (void)count;
    return 0;
}

int sna_ranks_sum_32(uint32_t *value, uint64_t count)
{
    (void)value;
    (void)count;
    return 0;
}

int sna_ranks_exchange(const uint64_t *out, const uint64_t *out_count, uint64_t **in, uint64_t *in_capacity,
                       uint64_t *in_count)
{
    in_count[0] = out_count[0];
    if (*in_capacity < out_count[0]) {
        uint64_t *grown = sna_grow(*in, in_capacity, out_count[0], sizeof **in);
        if (grown == NULL)
            return SNA_ENOMEM;
        *in = grown;
    }
    if (out_count[0] > 0)
        memcpy(*in, out, (size_t)out_count[0] * sizeof *out);
    return 0;
}
