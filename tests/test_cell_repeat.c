/* test_cell_repeat.c: one process that makes a cell, runs it and drops it, again and again: the same results each time,
 * and neither it nor the NEURON processes it starts grow. SONATINA_TEST_CYCLES sets how often (default 60). */
#include "cell_support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static char *cells; /* a hoc file with several, whose mechanisms are NEURON's own: no compiler runs here */

/* Resident memory of this process, KiB. */
static long resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = 0;

    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*d %ld", &pages), 1);
    (void)fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* The most that any NEURON process has held so far, KiB. */
static long most_of_children(void)
{
    struct rusage usage;

    assert_int_equal(getrusage(RUSAGE_CHILDREN, &usage), 0);
    return usage.ru_maxrss;
}

/* Another cell with spikes and another current, so that a trace of what ran before would show. */
static void run_something_else(void)
{
    const char *const hoc[] = {cells};
    const sna_cell_source source = {.hoc = hoc, .hoc_count = 1, .template_name = "HHSoma"};
    const sna_cell_setup setup = setup_of(22, -60, 0.05);
    const sna_clamp_options options = {900, 5, 20, 30, 0, 10};
    sna_cell_model *model = NULL;
    sna_cell_result result;

    assert_done(sna_cell_model_create(&model, &source));
    assert_done(sna_cell_clamp(&result, model, &setup, &options));
    sna_cell_result_free(&result);
    sna_cell_model_free(model);
}

static void run_cycle(sna_cell_result *out)
{
    const char *const hoc[] = {cells};
    const sna_cell_source source = {.hoc = hoc, .hoc_count = 1, .template_name = "HHSomaDend"};
    sna_cell_setup setup = setup_of(6.3, -65, 0.025);
    const sna_fi_options options = {.stop = 600, .increment = 300, .delay = 5, .duration = 20};
    sna_cell_model *model = NULL;

    setup.jobs = 2;
    assert_done(sna_cell_model_create(&model, &source));
    assert_done(sna_cell_fi(out, model, &setup, &options));
    sna_cell_model_free(model);
}

static void repeated_runs_are_identical_and_hold_nothing(void **state)
{
    const char *wanted = getenv("SONATINA_TEST_CYCLES");
    const long cycles = wanted == NULL ? 60 : strtol(wanted, NULL, 10), warm_up = 10;
    sna_cell_result first;
    long own = 0, children = 0;
    uint64_t files = 0;

    (void)state;
    assert_true(cycles > warm_up);
    run_cycle(&first);
    assert_true(sna_table_integer(first.table, 2, 1) > 0); /* it fires */
    for (long i = 0; i < cycles; i++) {
        sna_cell_result again;
        if (i == warm_up) {
            own = resident();
            children = most_of_children();
            files = test_folder_count("/proc/self/fd");
        }
        if (i % 16 == 3)
            run_something_else();
        run_cycle(&again);
        assert_int_equal(again.simulation.traces, first.simulation.traces);
        for (uint64_t k = 0; k < first.simulation.traces; k++) {
            assert_int_equal(again.simulation.trace[k].count, first.simulation.trace[k].count);
            assert_memory_equal(again.simulation.trace[k].voltage, first.simulation.trace[k].voltage,
                                (size_t)first.simulation.trace[k].count * sizeof(double));
        }
        sna_cell_result_free(&again);
    }
    print_message("%ld cycles: this process %ld -> %ld KiB, largest NEURON process %ld -> %ld KiB\n", cycles, own,
                  resident(), children, most_of_children());
    assert_int_equal(test_folder_count("/proc/self/fd"), files);
    /* AddressSanitizer keeps freed memory for a while; its leak check stands for this one. */
#ifndef __SANITIZE_ADDRESS__
    assert_true(resident() - own < 512);
    assert_true(most_of_children() - children < 512);
#endif
    sna_cell_result_free(&first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeated_runs_are_identical_and_hold_nothing),
    };
    int failed;

    cells = test_source_path("tests/models/hoc/reference_cells.hoc");
    failed = run_cell_tests(tests);
    free(cells);
    return failed;
}
