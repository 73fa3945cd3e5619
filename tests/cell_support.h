/* cell_support.h: what the tests of cells share. */
#ifndef SNA_TESTS_CELL_SUPPORT_H
#define SNA_TESTS_CELL_SUPPORT_H

#include "support.h"

#include "singlecell/singlecell.h"

/* Fails unless `value` is within `tolerance` of `expected`, naming it. */
void near_value(double value, double expected, double tolerance, const char *what, const char *file, int line);
#define assert_near(value, expected, tolerance) near_value((value), (expected), (tolerance), #value, __FILE__, __LINE__)

/* These conditions (NaN: not given) and a time limit. */
sna_cell_setup setup_of(double celsius, double v_init, double dt);

/* Runs a script in `nrniv -nopython`, with a library of mechanisms (NULL: none) and "NAME=value" settings (NULL: none),
 * and reads the numbers that it prints, one a line, behind a line "TRACE". free() them. */
uint64_t run_nrniv_with(const char *library, const char *const *settings, const char *script, double **value);
uint64_t run_nrniv(const char *library, const char *script, double **value);

/* What a cell is made of; a row of a table by its label (which must be there); the value of a parameter in the middle
 * of a section, NaN where it has none. */
void describe(sna_cell_description *out, const sna_cell_source *source);
uint64_t row_of(const sna_table *table, const char *label);
double value_of(const sna_cell_description *cell, const char *section, const char *parameter);

/* The tests of a program, with a cache of mechanisms of their own; 77 where there is no NEURON. */
#define run_cell_tests(tests) run_cell_tests_with(tests, NULL, NULL)
#define run_cell_tests_with(tests, before, after) \
    run_cell_test_group(tests, sizeof(tests) / sizeof *(tests), (before), (after))
int run_cell_test_group(const struct CMUnitTest *tests, size_t count, CMFixtureFunction before,
                        CMFixtureFunction after);

#endif
