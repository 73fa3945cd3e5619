/* cell_support.c: what the tests of cells share. */
#include "cell_support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "neuron/neuron.h"

void near_value(double value, double expected, double tolerance, const char *what, const char *file, int line)
{
    if (!(fabs(value - expected) <= tolerance)) {
        print_error("%s is %.15g, expected %.15g within %g\n", what, value, expected, tolerance);
        _fail(file, line);
    }
}

sna_cell_setup setup_of(double celsius, double v_init, double dt)
{
    sna_cell_setup setup = SNA_CELL_SETUP_DEFAULT;

    setup.celsius = celsius;
    setup.v_init = v_init;
    setup.dt = dt;
    setup.timeout = 120;
    return setup;
}

void describe(sna_cell_description *out, const sna_cell_source *source)
{
    sna_cell_setup setup = SNA_CELL_SETUP_DEFAULT;
    sna_cell_model *model = NULL;

    setup.timeout = 60;
    assert_done(sna_cell_model_create(&model, source));
    assert_done(sna_cell_describe(out, model, &setup));
    sna_cell_model_free(model);
}

uint64_t row_of(const sna_table *table, const char *label)
{
    for (uint64_t i = 0; i < sna_table_rows(table); i++) {
        if (strcmp(sna_table_row_label(table, i), label) == 0)
            return i;
    }
    print_error("no row %s\n", label);
    fail();
    return 0;
}

double value_of(const sna_cell_description *cell, const char *section, const char *parameter)
{
    for (uint64_t i = 0; i < sna_table_rows(cell->parameters); i++) {
        if (strcmp(sna_table_row_label(cell->parameters, i), section) == 0 &&
            strcmp(sna_table_text(cell->parameters, i, 1), parameter) == 0)
            return sna_table_real(cell->parameters, i, 2);
    }
    return NAN;
}

uint64_t run_nrniv_with(const char *library, const char *const *settings, const char *script, double **value)
{
    char *folder = test_folder(), *path = test_file(folder, "script.hoc", script);
    const char *argv[8] = {"nrniv", "-nopython", "-nogui", "-nobanner", NULL};
    sna_process process;
    uint64_t count = 0, capacity = 0;
    const char *line;
    int n = 4;

    if (library != NULL) {
        argv[n++] = "-dll";
        argv[n++] = library;
    }
    argv[n++] = path;
    assert_done(sna_process_run(&process, argv, NULL, settings, NULL));
    line = strstr(sna_string_text(&process.output), "TRACE\n");
    if (line == NULL)
        print_error("nrniv says: %s\n", sna_string_text(&process.output));
    assert_non_null(line);
    *value = NULL;
    for (line += strlen("TRACE\n"); *line != '\0';) {
        double *grown = sna_grow(*value, &capacity, count + 1, sizeof **value);
        char *end;
        assert_non_null(grown);
        *value = grown;
        grown[count] = strtod(line, &end);
        if (end == line)
            break;
        count++;
        line = end + strspn(end, "\n");
    }
    sna_process_free(&process);
    free(path);
    test_folder_remove(folder);
    return count;
}

uint64_t run_nrniv(const char *library, const char *script, double **value)
{
    return run_nrniv_with(library, NULL, script, value);
}

int run_cell_test_group(const struct CMUnitTest *tests, size_t count, CMFixtureFunction before, CMFixtureFunction after)
{
    sna_neuron_installation neuron;
    char *cache;
    int failed;

    if (sna_neuron_find(&neuron, NULL) != 0) {
        print_message("skipped: %s\n", sna_error_message());
        return 77;
    }
    sna_neuron_installation_free(&neuron);
    cache = test_folder();
    if (setenv("XDG_CACHE_HOME", cache, 1) != 0)
        return 1;
    failed = _cmocka_run_group_tests("cells", tests, count, before, after);
    test_folder_remove(cache);
    return failed;
}
