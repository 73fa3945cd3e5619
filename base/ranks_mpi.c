/* ranks_mpi.c: several processes that share one task, by MPI.
 *
 * Every operation is started without waiting and then asked for, with pauses: a rank that waits for the others leaves
 * its processor to them, and sees that it was asked to stop. */
#include "base.h"

#include <limits.h>
#include <mpi.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Seconds that an interrupted rank waits for the others; rank 0 does not. Launchers kill what has not ended about one
 * second after they asked for it, and until then rank 0 has files to remove. */
static const double patience = 0.3;

enum { SENTENCE = 4096 };

static struct {
    MPI_Comm all;
    int rank, count;
    bool joined, own; /* own: MPI was started, and will be ended, here */
    bool parted;      /* an operation was given up: there is no sense in another one */
} ranks = {.count = 1};

unsigned sna_rank(void)
{
    return (unsigned)ranks.rank;
}

unsigned sna_ranks(void)
{
    return (unsigned)ranks.count;
}

void sna_ranks_leave(void)
{
    int ended = 0;

    if (!ranks.joined || MPI_Finalized(&ended) != MPI_SUCCESS || ended)
        return;
    /* The others may still wait for this one. */
    if (ranks.parted)
        MPI_Abort(ranks.all, EXIT_FAILURE);
    MPI_Comm_free(&ranks.all);
    if (ranks.own)
        MPI_Finalize();
    ranks.joined = false;
}

/* MPI takes its time to start: only where a launcher says that there is something to join. */
static bool is_launched(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_FD", NULL};
    bool found = false;

    for (unsigned i = 0; names[i] != NULL; i++)
        found = found || getenv(names[i]) != NULL;
    return found;
}

int sna_ranks_join(void)
{
    int status = 0, started = 0, level = MPI_THREAD_SINGLE;

    if (ranks.count > 1 || ranks.joined || MPI_Initialized(&started) != MPI_SUCCESS || (!started && !is_launched()))
        goto out;
    /* Edges are written by one thread at a time, but not always by the same. */
    if (!started && MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level) != MPI_SUCCESS) {
        status = sna_error(SNA_EEXTERNAL, "MPI cannot start");
        goto out;
    }
    ranks.own = !started;
    if (MPI_Query_thread(&level) != MPI_SUCCESS || MPI_Comm_dup(MPI_COMM_WORLD, &ranks.all) != MPI_SUCCESS ||
        MPI_Comm_rank(ranks.all, &ranks.rank) != MPI_SUCCESS || MPI_Comm_size(ranks.all, &ranks.count) != MPI_SUCCESS) {
        status = sna_error(SNA_EEXTERNAL, "MPI does not say which processes there are");
        goto out;
    }
    ranks.joined = true;
    if (level < MPI_THREAD_SERIALIZED)
        sna_threads_set(1);
    if (atexit(sna_ranks_leave) != 0)
        status = sna_error(SNA_ENOMEM, "no memory for what is to be done at exit");
out:
    return status;
}

/* Waits for what was started; `started` is what MPI said to that. */
static int finish(int started, MPI_Request *request)
{
    struct timespec pause = {0, 10000};
    double since = 0;
    int done = 0, status = 0;

    if (started != MPI_SUCCESS)
        status = sna_error(SNA_EEXTERNAL, "MPI refuses to send");
    while (status == 0 && !done) {
        if (MPI_Test(request, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS)
            status = sna_error(SNA_EEXTERNAL, "MPI lost another process");
        else if (!done && sna_cancelled()) {
            const double now = sna_clock();
            since = since > 0 ? since : now;
            if (ranks.rank == 0 || now - since > patience)
                status = sna_check_cancelled();
        }
        if (status == 0 && !done) {
            (void)nanosleep(&pause, NULL);
            if (pause.tv_nsec < 1000000)
                pause.tv_nsec *= 2;
        }
    }
    ranks.parted = ranks.parted || status != 0;
    return status;
}

/* Is there anybody left, and anybody else? The sentence for those who have parted is there already. */
static int begin(bool *alone)
{
    *alone = ranks.count == 1;
    return ranks.parted ? SNA_ECANCELLED : 0;
}

static int send_from(int root, void *bytes, uint64_t size)
{
    MPI_Request request;
    int status = 0;

    for (uint64_t done = 0; done < size && status == 0;) {
        const uint64_t left = size - done;
        const int now = left < INT_MAX ? (int)left : INT_MAX;
        status = finish(MPI_Ibcast((char *)bytes + done, now, MPI_BYTE, root, ranks.all, &request), &request);
        done += (uint64_t)now;
    }
    return status;
}

int sna_ranks_agree(int status)
{
    /* Not on the stack: MPI may still know these when the wait was given up. */
    static int mine, first, code;
    static char sentence[SENTENCE];
    MPI_Request request;
    bool alone;
    int failed = 0;

    if (ranks.count == 1 || (status != 0 && ranks.parted))
        return status;
    if (ranks.parted)
        return begin(&alone);
    mine = status == 0 ? INT_MAX : ranks.rank;
    failed = finish(MPI_Iallreduce(&mine, &first, 1, MPI_INT, MPI_MIN, ranks.all, &request), &request);
    if (failed != 0)
        return status != 0 ? status : failed;
    if (first == INT_MAX)
        return 0;
    code = status;
    if (first == ranks.rank)
        (void)snprintf(sentence, sizeof sentence, "%s", sna_error_message());
    failed = send_from(first, &code, sizeof code);
    if (failed == 0)
        failed = send_from(first, sentence, sizeof sentence);
    if (failed != 0)
        return status != 0 ? status : failed;
    return first == ranks.rank ? status : sna_error(code, "%s", sentence);
}

int sna_ranks_share(int status, char **text)
{
    uint64_t length = 0;
    bool alone;

    status = sna_ranks_agree(status);
    if (status == 0)
        status = begin(&alone);
    if (status != 0 || alone)
        goto out;
    if (ranks.rank == 0)
        length = strlen(*text) + 1;
    status = send_from(0, &length, sizeof length);
    if (status == 0 && ranks.rank > 0)
        status = sna_allocate(text, length, 1);
    status = sna_ranks_agree(status);
    if (status == 0)
        status = send_from(0, *text, length);
out:
    return status;
}

int sna_ranks_before(const uint64_t *mine, uint64_t count, uint64_t *before, uint64_t *total)
{
    MPI_Request request;
    bool alone;
    int status = begin(&alone);

    memset(before, 0, (size_t)count * sizeof *before);
    memcpy(total, mine, (size_t)count * sizeof *total);
    if (status != 0 || alone)
        goto out;
    status = finish(MPI_Iexscan(mine, before, (int)count, MPI_UINT64_T, MPI_SUM, ranks.all, &request), &request);
    /* MPI leaves open what the first rank gets. */
    if (ranks.rank == 0)
        memset(before, 0, (size_t)count * sizeof *before);
    if (status == 0)
        status = sna_ranks_sum(total, count);
out:
    return status;
}

int sna_ranks_gather(const uint64_t *mine, uint64_t count, uint64_t *all)
{
    MPI_Request request;
    bool alone;
    int status = begin(&alone);

    if (status == 0 && alone)
        memcpy(all, mine, (size_t)count * sizeof *all);
    else if (status == 0)
        status =
            finish(MPI_Iallgather(mine, (int)count, MPI_UINT64_T, all, (int)count, MPI_UINT64_T, ranks.all, &request),
                   &request);
    return status;
}

static int sum(void *value, uint64_t count, MPI_Datatype type, size_t size)
{
    const uint64_t most = 1 << 24; /* at once: MPI may need as much again */
    MPI_Request request;
    bool alone;
    int status = begin(&alone);

    for (uint64_t done = 0; done < count && status == 0 && !alone;) {
        const uint64_t now = count - done < most ? count - done : most;
        status = finish(
            MPI_Iallreduce(MPI_IN_PLACE, (char *)value + done * size, (int)now, type, MPI_SUM, ranks.all, &request),
            &request);
        done += now;
    }
    return status;
}

int sna_ranks_sum(uint64_t *value, uint64_t count)
{
    return sum(value, count, MPI_UINT64_T, sizeof *value);
}

int sna_ranks_sum_32(uint32_t *value, uint64_t count)
{
    return sum(value, count, MPI_UINT32_T, sizeof *value);
}

int sna_ranks_exchange(const uint64_t *out, const uint64_t *out_count, uint64_t **in, uint64_t *in_capacity,
                       uint64_t *in_count)
{
    const unsigned n = sna_ranks();
    MPI_Request request;
    uint64_t total = 0;
    int *number = NULL; /* [4][n] sent and received: counts and places */
    bool alone;
    int status = begin(&alone);

    if (status == 0 && alone)
        in_count[0] = out_count[0];
    else if (status == 0)
        status =
            finish(MPI_Ialltoall(out_count, 1, MPI_UINT64_T, in_count, 1, MPI_UINT64_T, ranks.all, &request), &request);
    if (status != 0)
        goto out;
    for (unsigned r = 0; r < n; r++)
        total += in_count[r];
    status = sna_allocate(&number, 4 * (uint64_t)n, sizeof *number);
    if (status == 0 && *in_capacity < total) {
        uint64_t *grown = sna_grow(*in, in_capacity, total, sizeof **in);
        if (grown == NULL)
            status = SNA_ENOMEM;
        else
            *in = grown;
    }
    status = sna_ranks_agree(status);
    if (status != 0)
        goto out;
    for (unsigned r = 0; r < n; r++) {
        number[r] = (int)out_count[r];
        number[2 * n + r] = (int)in_count[r];
        if (r > 0) {
            number[n + r] = number[n + r - 1] + number[r - 1];
            number[3 * n + r] = number[3 * n + r - 1] + number[2 * n + r - 1];
        }
    }
    if (alone && total > 0)
        memcpy(*in, out, (size_t)total * sizeof *out);
    else if (!alone)
        status = finish(MPI_Ialltoallv(out, number, number + n, MPI_UINT64_T, *in, number + 2 * n, number + 3 * n,
                                       MPI_UINT64_T, ranks.all, &request),
                        &request);
out:
    free(number);
    return status;
}
