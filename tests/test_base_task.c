/* test_base_task.c: tasks are each done once, by whichever thread, whoever waits. */
#include "support.h"

#include <omp.h>
#include <stdatomic.h>
#include <time.h>

typedef struct {
    sna_task task; /* first: a task is its sum */
    uint64_t below, result;
    unsigned runs;
} sum;

static void add_up(sna_task *task)
{
    sum *self = (sum *)task;

    for (uint64_t i = 0; i < self->below; i++)
        self->result += i;
    self->runs++;
}

enum { TASKS = 200 };

static void start_and_wait(sum *list, bool backwards)
{
    for (uint64_t i = 0; i < TASKS; i++) {
        list[i] = (sum){.task.run = add_up, .below = 100 * i};
        sna_task_start(&list[i].task);
    }
    for (uint64_t k = 0; k < TASKS; k++) {
        const uint64_t i = backwards ? TASKS - 1 - k : k;
        sna_task_wait(&list[i].task);
        assert_int_equal(list[i].runs, 1);
        assert_int_equal(list[i].result, i == 0 ? 0 : 100 * i * (100 * i - 1) / 2);
    }
}

static void test_any_number_of_threads(void **state)
{
    static sum list[TASKS];

    (void)state;
    for (unsigned threads = 1; threads <= 4; threads++) {
        sna_threads_set(threads);
        for (int i = 0; i < 20; i++)
            start_and_wait(list, i % 2 == 1);
    }
    sna_threads_set(0);
}

/* Where OpenMP itself would start no more threads, and several wait at once. */
static void test_within_a_parallel_region(void **state)
{
    static sum list[4][TASKS];
    unsigned wrong = 0;

    (void)state;
    sna_threads_set(3);
#pragma omp parallel num_threads(4) reduction(+ : wrong)
    {
        sum *own = list[omp_get_thread_num()];
        for (uint64_t i = 0; i < TASKS; i++) {
            own[i] = (sum){.task.run = add_up, .below = i};
            sna_task_start(&own[i].task);
        }
        for (uint64_t i = 0; i < TASKS; i++) {
            sna_task_wait(&own[i].task);
            wrong += own[i].runs != 1 || own[i].result != (i == 0 ? 0 : i * (i - 1) / 2);
        }
    }
    assert_int_equal(wrong, 0);
    sna_threads_set(0);
}

typedef struct {
    sna_task task;
    atomic_bool *go;
} held;

static void hold(sna_task *task)
{
    const struct timespec pause = {0, 1000000};

    while (!atomic_load(((held *)task)->go))
        (void)nanosleep(&pause, NULL);
}

static void let_go(sna_task *task)
{
    atomic_store(((held *)task)->go, true);
}

/* A thread that waits for what another does takes the next task meanwhile: the first cannot end before the second. */
static void test_who_waits_works(void **state)
{
    atomic_bool go = false;
    held first = {.task.run = hold, .go = &go}, second = {.task.run = let_go, .go = &go};

    (void)state;
    sna_threads_set(2);
    sna_task_start(&first.task);
    sna_task_start(&second.task);
    sna_task_wait(&second.task);
    sna_task_wait(&first.task);
    assert_true(atomic_load(&go));
    sna_threads_set(0);
}

static void test_not_started(void **state)
{
    sum one = {.task.run = add_up};

    (void)state;
    sna_task_wait(&one.task);
    assert_int_equal(one.runs, 0);
    start_and_wait((sum[TASKS]){{.runs = 0}}, false);
    sna_task_wait(&one.task);
    assert_int_equal(one.runs, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_number_of_threads),
        cmocka_unit_test(test_within_a_parallel_region),
        cmocka_unit_test(test_who_waits_works),
        cmocka_unit_test(test_not_started),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
