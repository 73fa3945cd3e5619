/* ranks.c: several processes that share one task, in a build without MPI: there is just this one. */
#include "base.h"

#include <string.h>

unsigned sna_rank(void)
{
    return 0;
}

unsigned sna_ranks(void)
{
    return 1;
}

int sna_ranks_join(void)
{
    return 0;
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
