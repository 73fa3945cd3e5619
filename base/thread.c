/* thread.c: how many workers, whether to stop, and what time it is. */
#include "base.h"

#include <sched.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

static atomic_uint thread_count;
static atomic_bool cancel_asked;

void sna_cancel(void)
{
    atomic_store(&cancel_asked, true);
}

bool sna_cancelled(void)
{
    return atomic_load(&cancel_asked);
}

int sna_check_cancelled(void)
{
    return sna_cancelled() ? sna_error(SNA_ECANCELLED, "stopped before the end") : 0;
}

unsigned sna_threads(void)
{
    unsigned count = atomic_load(&thread_count);

    if (count == 0) {
        cpu_set_t usable;
        if (sched_getaffinity(0, sizeof usable, &usable) == 0) {
            count = (unsigned)CPU_COUNT(&usable);
        } else {
            const long online = sysconf(_SC_NPROCESSORS_ONLN);
            count = online > 0 ? (unsigned)online : 1;
        }
    }
    return count;
}

void sna_threads_set(unsigned count)
{
    atomic_store(&thread_count, count);
}

double sna_clock(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
