/* task.c: pieces of work handed to a few threads that stay. */
#include "base/base.h"

#include <pthread.h>
#include <signal.h>

enum { IDLE, QUEUED, RUNNING, DONE };

/* Tasks take a millisecond, so that one lock will do. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t queued, done;
    sna_task *first, *last;
    unsigned workers; /* threads that were started */
} pool = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL, NULL, 0};

/* The functions below are called under the lock. */

static void take_out(sna_task *task)
{
    if (task->before != NULL)
        task->before->after = task->after;
    else
        pool.first = task->after;
    if (task->after != NULL)
        task->after->before = task->before;
    else
        pool.last = task->before;
    task->before = task->after = NULL;
}

static void run_queued(sna_task *task)
{
    take_out(task);
    task->state = RUNNING;
    (void)pthread_mutex_unlock(&pool.lock);
    task->run(task);
    (void)pthread_mutex_lock(&pool.lock);
    task->state = DONE;
    (void)pthread_cond_broadcast(&pool.done);
}

static void *work(void *nothing)
{
    (void)pthread_mutex_lock(&pool.lock);
    for (;;) {
        while (pool.first == NULL)
            (void)pthread_cond_wait(&pool.queued, &pool.lock);
        run_queued(pool.first);
    }
    return nothing;
}

/* Who waits for a task works too, so that one thread less is needed, and none is missed where none can be started. */
static void start_workers(void)
{
    const unsigned wanted = sna_threads() - 1;
    sigset_t all, before;

    /* Signals are for the threads of the program. */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    while (pool.workers < wanted) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, work, NULL) != 0)
            break;
        (void)pthread_detach(thread);
        pool.workers++;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* ------------------------------------------------------------------------------------------------------------- */

void sna_task_start(sna_task *self)
{
    (void)pthread_mutex_lock(&pool.lock);
    self->state = QUEUED;
    self->after = NULL;
    self->before = pool.last;
    if (pool.last != NULL)
        pool.last->after = self;
    else
        pool.first = self;
    pool.last = self;
    if (pool.workers + 1 < sna_threads())
        start_workers();
    (void)pthread_cond_signal(&pool.queued);
    (void)pthread_mutex_unlock(&pool.lock);
}

void sna_task_wait(sna_task *self)
{
    (void)pthread_mutex_lock(&pool.lock);
    while (self->state == QUEUED || self->state == RUNNING) {
        if (self->state == QUEUED)
            run_queued(self);
        else if (pool.first != NULL)
            run_queued(pool.first);
        else
            (void)pthread_cond_wait(&pool.done, &pool.lock);
    }
    self->state = IDLE;
    (void)pthread_mutex_unlock(&pool.lock);
}
