/* test_cell_examples.c: the numbers in the README of the example cells are those that nrniv measures, and those that
 * the protocols here find. */
#include "cell_support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "neuron/neuron.h"
#include "nmodl/nmodl.h"

static const char *const CELLS[] = {"RSPyramidal", "FSInterneuron", "PassiveCell"};
enum { PYRAMIDAL, INTERNEURON, PASSIVE, CELL_COUNT };

static char *readme, *measured;

/* The cells of a row of the README's tables: the row that starts with `label` behind the text `after`. */
static void read_row(sna_list *out, const char *after, const char *label)
{
    const char *at = strstr(readme, after);
    char *begin = NULL, *row;

    assert_non_null(at);
    assert_done(sna_text_format(&begin, "\n| %s |", label));
    at = strstr(at, begin);
    if (at == NULL)
        print_error("no row %s behind %s\n", label, after);
    assert_non_null(at);
    assert_done(sna_text_format(&row, "%.*s", (int)strcspn(at + 1, "\n"), at + 1));
    *out = SNA_LIST;
    assert_done(sna_list_split(out, row, '|'));
    free(row);
    free(begin);
}

/* What measure.hoc printed of one cell. */
static char *part_of(int cell)
{
    char *begin = NULL, *out = NULL;
    const char *at;
    size_t length;

    assert_done(sna_text_format(&begin, "%s, dt ", CELLS[cell]));
    at = strstr(measured, begin);
    assert_non_null(at);
    length = strcspn(at, "\n") + 1;
    while (strncmp(at + length, "  ", 2) == 0) /* lines of a cell are indented */
        length += strcspn(at + length, "\n") + 1;
    assert_done(sna_text_format(&out, "%.*s", (int)length, at));
    free(begin);
    return out;
}

/* The number behind `words` in a text. */
static double number_behind(const char *text, const char *words)
{
    const char *at = strstr(text, words);

    if (at == NULL)
        print_error("`%s` is not in:\n%s\n", words, text);
    assert_non_null(at);
    return strtod(at + strlen(words), NULL);
}

/* A number as written, "-71.4", is the value rounded to that many places. */
static void assert_rounded(const char *written, double value)
{
    const char *dot = strchr(written, '.');
    const size_t places = dot == NULL ? 0 : strspn(dot + 1, "0123456789");

    assert_near(value, strtod(written, NULL), 0.5001 * pow(10, -(double)places));
}

static void passive_numbers_are_those_of_nrniv(void **state)
{
    static const struct {
        const char *label, *words;
    } rows[] = {{"rest (mV)", "rest "},
                {"input resistance, -100 pA, steady state (MOhm)", "R_in steady "},
                {"input resistance, -100 pA, peak (MOhm)", "MOhm, peak "},
                {"time to 63.2 % of the peak (ms)", "tau "}};

    (void)state;
    for (int cell = 0; cell < CELL_COUNT; cell++) {
        char *part = part_of(cell);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            sna_list row;
            read_row(&row, "## What they do", rows[i].label);
            assert_int_equal(row.count, 1 + CELL_COUNT);
            assert_rounded(row.text[1 + cell], number_behind(part, rows[i].words));
            sna_list_free(&row);
        }
        free(part);
    }
}

static void impedances_are_those_of_nrniv(void **state)
{
    static const char *const words[] = {"at 0.5 Hz: ", ", 2 Hz: ", ", 5 Hz: ", ", 10 Hz: ", ", 20 Hz: "};
    sna_list row;

    (void)state;
    read_row(&row, "## What they do", "impedance at 0.5 / 2 / 5 / 10 / 20 Hz (MOhm)");
    for (int cell = PYRAMIDAL; cell <= INTERNEURON; cell++) {
        char *part = part_of(cell);
        sna_list number = SNA_LIST;
        assert_done(sna_list_split(&number, row.text[1 + cell], '/'));
        assert_int_equal(number.count, 5);
        for (uint64_t i = 0; i < number.count; i++)
            assert_rounded(number.text[i], number_behind(part, words[i]));
        sna_list_free(&number);
        free(part);
    }
    sna_list_free(&row);
    read_row(&row, "## What they do", "resonance");
    {
        char *part = part_of(PYRAMIDAL);
        const char *largest = strstr(part, "largest ");
        assert_non_null(largest);
        assert_rounded(row.text[1], number_behind(largest, "largest "));
        assert_near(number_behind(row.text[1], "MOhm at "), number_behind(largest, " at "), 0);
        assert_near(number_behind(row.text[1], "Hz, "), number_behind(largest, "Hz, "), 0.005);
        free(part);
    }
    sna_list_free(&row);
}

/* Every row of the tables of spikes, number by number as they are printed. */
static void spikes_are_those_of_nrniv(void **state)
{
    (void)state;
    for (int cell = PYRAMIDAL; cell <= INTERNEURON; cell++) {
        char *part = part_of(cell), *after = NULL;
        assert_done(sna_text_format(&after, "`%s`:\n", CELLS[cell]));
        for (int current = 100; current <= 600; current += 100) {
            char label[16], *expected = NULL, *intervals = NULL;
            sna_list row;
            (void)snprintf(label, sizeof label, "%d", current);
            read_row(&row, after, label);
            assert_int_equal(row.count, 10);
            if (strcmp(row.text[3], "-") == 0)
                assert_done(sna_text_copy(&intervals, ""));
            else
                assert_done(sna_text_format(&intervals, ", interval first %s last %s ms (ratio %s)", row.text[3],
                                            row.text[4], row.text[5]));
            assert_done(sna_text_format(
                &expected,
                "  %4s pA: %3s spikes, latency %s ms%s; threshold %s, peak %s mV, half-width %s "
                "ms, AHP to %s mV\n",
                label, row.text[1], row.text[2], intervals, row.text[6], row.text[7], row.text[8], row.text[9]));
            assert_contains(part, expected);
            free(expected);
            free(intervals);
            sna_list_free(&row);
        }
        free(after);
        free(part);
    }
}

/* The protocols here, under the same conditions. */
static void protocols_find_the_same(void **state)
{
    char *mechanisms = test_source_path("examples/cells/mechanisms");

    (void)state;
    for (int cell = PYRAMIDAL; cell <= INTERNEURON; cell++) {
        char *relative = NULL, *path, *after = NULL;
        const char *hoc[1];
        sna_cell_source source = {.hoc = hoc, .hoc_count = 1, .mod_folder = mechanisms};
        const sna_cell_setup setup = setup_of(34, -70, 0.025);
        const sna_passive_options passive = {-100, 500, 1000, 1500, SNA_TAU_SIMPLE};
        const sna_fi_options fi = {.start = 100, .stop = 600, .increment = 100, .delay = 500, .duration = 1000};
        sna_cell_model *model = NULL;
        sna_cell_result result;
        sna_list row;

        assert_done(sna_text_format(&relative, "examples/cells/%s.hoc", CELLS[cell]));
        path = test_source_path(relative);
        hoc[0] = path;
        assert_done(sna_cell_model_create(&model, &source));
        assert_done(sna_cell_passive(&result, model, &setup, &passive));
        read_row(&row, "## What they do", "input resistance, -100 pA, steady state (MOhm)");
        assert_rounded(row.text[1 + cell], sna_record_get_real(result.record, "r_in"));
        sna_list_free(&row);
        read_row(&row, "## What they do", "input resistance, -100 pA, peak (MOhm)");
        assert_rounded(row.text[1 + cell], sna_record_get_real(result.record, "r_in_peak"));
        sna_list_free(&row);
        sna_cell_result_free(&result);
        assert_done(sna_cell_fi(&result, model, &setup, &fi));
        assert_done(sna_text_format(&after, "`%s`:\n", CELLS[cell]));
        for (uint64_t i = 0; i < 6; i++) {
            char label[16];
            (void)snprintf(label, sizeof label, "%d", (int)(100 * (i + 1)));
            read_row(&row, after, label);
            assert_int_equal(sna_table_integer(result.table, i, 1), strtol(row.text[1], NULL, 10));
            sna_list_free(&row);
        }
        sna_cell_result_free(&result);
        sna_cell_model_free(model);
        free(after);
        free(path);
        free(relative);
    }
    free(mechanisms);
}

/* Runs measure.hoc where it lies. */
static int measure(void **state)
{
    char *folder = test_source_path("examples/cells"), *mechanisms = test_source_path("examples/cells/mechanisms");
    char *path = test_source_path("examples/cells/README.md");
    const char *const source[] = {mechanisms};
    sna_neuron_installation neuron;
    sna_mechanism_library library;
    sna_mechanism_options options = {0};
    sna_process process;
    uint64_t size;

    (void)state;
    assert_done(sna_file_read(&readme, &size, path));
    assert_done(sna_neuron_find(&neuron, NULL));
    options.neuron_library = neuron.library;
    assert_done(sna_mechanism_compile(&library, source, 1, &options));
    {
        const char *const argv[] = {"nrniv", "-nopython",  "-nobanner",   "-nogui",
                                    "-dll",  library.path, "measure.hoc", NULL};
        assert_done(sna_process_run(&process, argv, folder, NULL, "quit()\n"));
    }
    assert_done(sna_text_copy(&measured, sna_string_text(&process.output)));
    sna_process_free(&process);
    sna_mechanism_library_free(&library);
    sna_neuron_installation_free(&neuron);
    free(path);
    free(mechanisms);
    free(folder);
    return 0;
}

static int forget(void **state)
{
    (void)state;
    free(readme);
    free(measured);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passive_numbers_are_those_of_nrniv),
        cmocka_unit_test(impedances_are_those_of_nrniv),
        cmocka_unit_test(spikes_are_those_of_nrniv),
        cmocka_unit_test(protocols_find_the_same),
    };
    char *program = NULL;
    int failed;

    if (sna_process_find(&program, "nrniv") != 0) {
        print_message("skipped: %s\n", sna_error_message());
        return 77;
    }
    failed = run_cell_tests_with(tests, measure, forget);
    free(program);
    return failed;
}
