/* loader.c: the process that loads NEURON and the model once, and forks the processes that run the jobs. */
#include "internal.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A share of the jobs. */
typedef struct {
    uint64_t first, count;
    pid_t process; /* 0: not running */
} batch;

/* The batches that wait; failed ones come back as single jobs. */
typedef struct {
    batch *item;
    uint64_t count, capacity, next;
} queue;

static int queue_add(queue *self, uint64_t first, uint64_t count)
{
    batch *grown = sna_grow(self->item, &self->capacity, self->count + 1, sizeof *self->item);

    if (grown == NULL)
        return SNA_ENOMEM;
    self->item = grown;
    self->item[self->count++] = (batch){first, count, 0};
    return 0;
}

/* Contiguous shares that differ by one job at most, or single jobs. */
static int queue_fill(queue *self, const sna_neuron_plan *plan, unsigned workers)
{
    int status = 0;
    const uint64_t shares = plan->isolate || plan->jobs < workers ? plan->jobs : workers;

    for (uint64_t i = 0; i < shares && status == 0; i++) {
        const uint64_t small = plan->jobs / shares, larger = plan->jobs % shares;
        const uint64_t first = i * small + (i < larger ? i : larger);
        status = queue_add(self, first, small + (i < larger));
    }
    return status;
}

/* The life of a batch process. */
static void __attribute__((noreturn))
run_batch(sna_neuron *neuron, const sna_neuron_plan *plan, const batch *job, pid_t loader)
{
    int status;

    neuron->first = job->first;
    neuron->count = job->count;
    sna_guard_process(neuron, loader);
    sna_neuron_doing(neuron, "running");
    status = plan->run(neuron, job->first, job->count, plan->context);
    if (status != 0)
        sna_neuron_send(neuron, SNA_FRAME_ERROR, status, neuron->cause_on_stderr, sna_error_message());
    else
        sna_neuron_send(neuron, SNA_FRAME_DONE, 0, 0, NULL);
    (void)fflush(stdout);
    (void)fflush(stderr);
    /* Not exit: NEURON's own way out runs a shell script. */
    _exit(status == 0 ? SNA_EXIT_GOOD : SNA_EXIT_REPORTED);
}

static int start_batch(sna_neuron *neuron, const sna_neuron_plan *plan, batch *job)
{
    const pid_t loader = getpid();

    (void)fflush(stdout);
    (void)fflush(stderr);
    job->process = fork();
    if (job->process < 0) {
        job->process = 0;
        return sna_error(SNA_EIO, "no process for NEURON: %s", strerror(errno));
    }
    if (job->process == 0)
        run_batch(neuron, plan, job, loader);
    return 0;
}

/* Waits for one batch process to end; a batch that failed is reported, or queued again job by job. */
static int finish_batch(sna_neuron *neuron, queue *waiting)
{
    int status = 0, ended = 0;
    const pid_t process = waitpid(-1, &ended, 0);
    batch *job = NULL;

    if (process < 0)
        return errno == EINTR ? 0 : sna_error(SNA_EIO, "waiting for NEURON failed: %s", strerror(errno));
    for (uint64_t i = 0; i < waiting->next; i++) {
        if (waiting->item[i].process == process)
            job = &waiting->item[i];
    }
    if (job == NULL)
        return 0; /* a process that the model started */
    job->process = 0;
    if (WIFEXITED(ended) && WEXITSTATUS(ended) == SNA_EXIT_GOOD)
        return 0;
    neuron->first = job->first;
    neuron->count = job->count;
    sna_neuron_send(neuron, SNA_FRAME_ENDED, WIFSIGNALED(ended) ? WTERMSIG(ended) : -1 - WEXITSTATUS(ended), 0, NULL);
    if (job->count > 1 && !sna_guard_stopped()) {
        const batch failed = *job; /* adding moves the queue */
        sna_neuron_send(neuron, SNA_FRAME_RETRY, 0, 0, NULL);
        for (uint64_t i = 0; i < failed.count && status == 0; i++)
            status = queue_add(waiting, failed.first + i, 1);
    }
    neuron->first = neuron->count = 0;
    return status;
}

static int run_jobs(sna_neuron *neuron, const sna_neuron_plan *plan)
{
    int status = 0;
    const unsigned workers = plan->workers > 0 ? plan->workers : sna_threads();
    queue waiting = {NULL, 0, 0, 0};
    uint64_t running;

    status = queue_fill(&waiting, plan, workers);
    while (status == 0) {
        running = 0;
        for (uint64_t i = 0; i < waiting.next; i++)
            running += waiting.item[i].process != 0;
        if (running < workers && waiting.next < waiting.count && !sna_guard_stopped())
            status = start_batch(neuron, plan, &waiting.item[waiting.next++]);
        else if (running > 0)
            status = finish_batch(neuron, &waiting);
        else
            break;
    }
    if (status == 0 && sna_guard_stopped())
        status = sna_error(SNA_ECANCELLED, "NEURON was told to stop");
    free(waiting.item);
    return status;
}

void sna_loader_run(const sna_neuron_plan *plan, const char *library, sna_arena *arena, int channel, pid_t parent)
{
    int status = 0;
    sna_neuron neuron = {.printed = SNA_STRING, .arena = arena, .channel = channel};

    sna_guard_process(&neuron, parent);
    status = sna_interpreter_start(&neuron, library);
    sna_guard_process(&neuron, parent); /* NEURON sets signals of its own while it starts */
    for (uint64_t i = 0; i < plan->mechanism_count && status == 0; i++)
        status = sna_neuron_load_mechanisms(&neuron, plan->mechanisms[i]);
    if (status == 0 && plan->prepare != NULL)
        status = plan->prepare(&neuron, plan->context);
    if (status == 0) {
        sna_neuron_send(&neuron, SNA_FRAME_LOADED, 0, 0, NULL);
        status = run_jobs(&neuron, plan);
    }
    if (status != 0)
        sna_neuron_send(&neuron, SNA_FRAME_ERROR, status, neuron.cause_on_stderr, sna_error_message());
    else
        sna_neuron_send(&neuron, SNA_FRAME_DONE, 0, 0, NULL);
    (void)fflush(stdout);
    (void)fflush(stderr);
    _exit(status == 0 ? SNA_EXIT_GOOD : SNA_EXIT_REPORTED);
}
