/* test_cell_commands.c: sonatina cell ... as users and scripts meet it. */
#include "support.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "neuron/neuron.h"

static char *cells, *mods, *cache_setting, *here; /* here: an empty folder to work in */

/* Runs `sonatina cell ...` in the empty folder with a cache of the test's own. */
static void run_cell(run_result *result, ...) __attribute__((sentinel));
static void run_cell(run_result *result, ...)
{
    const char *words[62] = {"cell"};
    const char *const settings[] = {cache_setting, NULL};
    size_t count = 1;
    va_list arguments;

    va_start(arguments, result);
    do {
        assert_true(count < sizeof words / sizeof *words);
        words[count] = va_arg(arguments, const char *);
    } while (words[count++] != NULL);
    va_end(arguments);
    run_program(result, here, settings, words);
}

/* A failure: that status, one line on stderr with `part` in it, nothing on stdout, nothing left in the folder. */
static void check_failure(run_result *result, int status, const char *part)
{
    const char *line_end = strchr(result->err, '\n');

    assert_contains(result->err, part);
    assert_int_equal(result->status, status);
    assert_string_equal(result->out, "");
    assert_int_equal(strncmp(result->err, "sonatina: ", 10), 0);
    assert_non_null(line_end);
    assert_true(line_end[1] == '\0'); /* one line */
    assert_int_equal(test_folder_count(here), 0);
    run_free(result);
}

/* ---- results -------------------------------------------------------------------------------------------------- */

static void check_keys(const char *text, const char *const *numbers, const char *const *arrays)
{
    cJSON *root = cJSON_Parse(text);
    const cJSON *conditions, *units;

    assert_non_null(root);
    conditions = cJSON_GetObjectItemCaseSensitive(root, "conditions");
    units = cJSON_GetObjectItemCaseSensitive(root, "units");
    for (; *numbers != NULL; numbers++) {
        if (!cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(root, *numbers)))
            print_error("no number %s in %s\n", *numbers, text);
        assert_true(cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(root, *numbers)));
    }
    for (; *arrays != NULL; arrays++) {
        const cJSON *array = cJSON_GetObjectItemCaseSensitive(root, *arrays);
        assert_true(cJSON_IsArray(array) && cJSON_GetArraySize(array) > 1);
        assert_true(cJSON_IsNumber(cJSON_GetArrayItem(array, 0)));
    }
    assert_true(cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(conditions, "celsius")));
    assert_true(cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(conditions, "v_init")));
    assert_true(cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(conditions, "dt")));
    assert_true(cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(root, "provenance")));
    assert_true(cJSON_IsObject(units));
    cJSON_Delete(root);
}

static void json_has_the_promised_keys(void **state)
{
    static const char *const passive[] = {"v_rest", "r_in", "r_in_peak", "tau", "c_m", "v_sag", "sag_ratio", NULL};
    static const char *const clamp[] = {"spike_count", "rate", NULL}, *const times[] = {"spike_times", NULL};
    static const char *const fi[] = {"rheobase", NULL};
    static const char *const curve[] = {"current", "spike_count", "spike_count_total", "rate", NULL};
    static const char *const zap[] = {"resonance_frequency", "resonance_impedance", NULL};
    static const char *const spectrum[] = {"frequency", "impedance", "phase", NULL}, *const none[] = {NULL};
    run_result result;

    (void)state;
    run_cell(&result, "passive", "--hoc", cells, "--template", "HHSoma", "--method", "exp2", "--format", "json", NULL);
    assert_int_equal(result.status, 0);
    assert_string_equal(result.err, "");
    check_keys(result.out, passive, none);
    assert_contains(result.out, "\"tau_method\"");
    assert_contains(result.out, "\"fit\"");
    run_free(&result);
    run_cell(&result, "clamp", "--hoc", cells, "--template", "HHSoma", "--inj-dur", "100", "--tstop", "200", "--format",
             "json", NULL);
    assert_int_equal(result.status, 0);
    check_keys(result.out, clamp, times);
    assert_contains(result.out, "\"spikes\"");
    run_free(&result);
    run_cell(&result, "fi", "--hoc", cells, "--template", "HHSoma", "--i-stop", "200", "--i-increment", "50", "--tdur",
             "100", "--format", "json", NULL);
    assert_int_equal(result.status, 0);
    check_keys(result.out, fi, curve);
    run_free(&result);
    run_cell(&result, "zap", "--hoc", cells, "--template", "PassiveSoma", "--inj-amp", "10", "--fend", "40", "--format",
             "json", NULL);
    assert_int_equal(result.status, 0);
    check_keys(result.out, zap, spectrum);
    run_free(&result);
}

static uint64_t count_lines(const char *text)
{
    uint64_t lines = 0;

    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

static void tables_and_traces_are_csv(void **state)
{
    run_result result;
    char *path = NULL, *text = NULL;
    uint64_t size;

    (void)state;
    run_cell(&result, "fi", "--hoc", cells, "--template", "HHSoma", "--i-start", "0", "--i-stop", "1", "--i-increment",
             "0.1", "--tdur", "20", "--format", "csv", "--traces", "fi.csv", NULL);
    assert_int_equal(result.status, 0);
    assert_int_equal(strncmp(result.out, "current,spike_count,spike_count_total,rate\n0,", 45), 0);
    assert_int_equal(count_lines(result.out), 12);
    assert_contains(result.out, "\n0.3,"); /* not 0.30000000000000004 */
    run_free(&result);
    assert_done(sna_path_join(&path, here, "fi.csv"));
    assert_done(sna_file_read(&text, &size, path));
    assert_int_equal(strncmp(text, "time,voltage 0 pA,voltage 0.1 pA,", 33), 0);
    assert_int_equal(count_lines(text), 2802); /* 70 ms in steps of 0.025 */
    assert_int_equal(unlink(path), 0);
    free(text);
    free(path);
    text = path = NULL;

    run_cell(&result, "passive", "--hoc", cells, "--template", "PassiveSoma", "--method", "exp", "--dt", "0.1",
             "--traces", "passive.csv", "--format", "csv", NULL);
    assert_int_equal(result.status, 0);
    assert_int_equal(strncmp(result.out, "name,value,unit\n", 16), 0);
    assert_contains(result.out, "\nr_in,795.77");
    assert_contains(result.out, "\nconditions.celsius,6.3,");
    run_free(&result);
    assert_done(sna_path_join(&path, here, "passive.csv"));
    assert_done(sna_file_read(&text, &size, path));
    assert_int_equal(strncmp(text, "time,voltage,current,fit\n0,-65,0,\n", 34), 0);
    assert_contains(text, "\n200,-65,-100,-65\n");
    assert_int_equal(count_lines(text), 12002);
    assert_int_equal(unlink(path), 0);
    free(text);
    free(path);

    run_cell(&result, "zap", "--hoc", cells, "--template", "PassiveSoma", "--inj-amp", "10", "--fend", "40", "--format",
             "csv", "--chirp-type", "exponential", "--fstart", "1", NULL);
    assert_int_equal(result.status, 0);
    assert_int_equal(strncmp(result.out, "frequency,impedance,phase,real,imaginary\n", 41), 0);
    run_free(&result);
    assert_int_equal(test_folder_count(here), 0);
}

static void pictures_are_drawn(void **state)
{
    static const struct {
        const char *command, *file, *magic;
    } cases[] = {{"passive", "p.png", "\x89PNG"},
                 {"clamp", "c.svg", "<?xml"},
                 {"fi", "f.pdf", "%PDF"},
                 {"zap", "z.png", "\x89PNG"}};
    char *gnuplot = NULL;

    (void)state;
    if (sna_process_find(&gnuplot, "gnuplot") != 0) {
        print_message("skipped: no gnuplot\n");
        skip();
    }
    free(gnuplot);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        run_result result;
        char *path = NULL, *bytes = NULL;
        uint64_t size;
        run_cell(&result, cases[i].command, "--hoc", cells, "--template", "HHSoma", "--plot", cases[i].file, "--dt",
                 "0.1", NULL);
        assert_int_equal(result.status, 0);
        run_free(&result);
        assert_done(sna_path_join(&path, here, cases[i].file));
        assert_done(sna_file_read(&bytes, &size, path));
        assert_true(size > 1000);
        if (cases[i].magic[0] == '<')
            assert_non_null(strstr(bytes, "<svg"));
        else
            assert_memory_equal(bytes, cases[i].magic, 4);
        assert_int_equal(unlink(path), 0);
        free(bytes);
        free(path);
    }
    assert_int_equal(test_folder_count(here), 0);
}

static void people_see_notes_and_words(void **state)
{
    run_result result;
    const char *const words[] = {"util",       "cell",   "passive",     "--hoc", cells,
                                 "--template", "HHSoma", "--inj-delay", "1",     NULL};

    (void)state;
    run_cell(&result, "passive", "--hoc", cells, "--template", "PassiveSoma", NULL);
    assert_contains(result.out, "Input resistance");
    assert_contains(result.out, "795.775 MOhm");
    run_free(&result);
    run_cell(&result, "zap", "--hoc", cells, "--template", "HHSoma", NULL);
    assert_contains(result.out, "spikes: its response is not linear");
    run_free(&result);
    run_cell(&result, "fi", "--hoc", cells, "--template", "PassiveSoma", "--i-stop", "10", "--i-increment", "5", NULL);
    assert_contains(result.out, "no current of the grid makes the cell fire");
    run_free(&result);
    /* bmtool's way of saying it. */
    run_program(&result, here, NULL, words);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "the cell was not at rest when the current started");
    run_free(&result);
}

/* ---- cells that cannot be run --------------------------------------------------------------------------------- */

static void broken_models_are_one_sentence(void **state)
{
    static const struct {
        const char *file, *text, *part;
        int status;
    } cases[] = {
        {"a.hoc", "begintemplate A\nproc init() {\n    y = (3 +\n}\nendtemplate A\n", "a.hoc:3: syntax error", 1},
        {"a.hoc", "begintemplate A\npublic soma\ncreate soma\nproc init() { soma { insert nowhere } }\nendtemplate A\n",
         "nowhere is not a MECHANISM", 1},
        {"a.hoc", "begintemplate A\nproc init() {}\nendtemplate A\nquit()\n", "quit() in hoc or exit()", 1},
        {"a.hoc", "begintemplate A\npublic soma\ncreate soma\nproc init() { quit() }\nendtemplate A\n",
         "while creating the cell A()", 1},
        {"a.hoc", "begintemplate A\nproc init() { $o1.call() }\nendtemplate A\n", "creating the cell A()", 1},
        {"a.hoc", "begintemplate A\nproc init() {}\nendtemplate A\n", "the cell A has no sections", 1},
        {"a.hoc", "begintemplate A\ncreate soma\nproc init() {}\nendtemplate A\n", "the cell has no public section", 1},
        {"a.hoc",
         "begintemplate A\npublic soma\nobjref soma\ncreate body\nproc init() { soma = new Vector() }\nendtemplate A\n",
         "is a Vector, neither a section", 1},
        {"a.hoc", "x = 1\n", "defines no template", 1},
        {"a.hoc", "// begintemplate A\n/* begintemplate B */\ns = \"begintemplate C\"\n", "defines no template", 1},
        {"a.hoc", "begintemplate A\nendtemplate A\nbegintemplate B\nendtemplate B\n", "say which one: A, B", 2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *folder = test_folder(), *path = test_file(folder, cases[i].file, cases[i].text);
        run_result result;
        run_cell(&result, "clamp", "--hoc", path, "--timeout", "20", NULL);
        check_failure(&result, cases[i].status, cases[i].part);
        free(path);
        test_folder_remove(folder);
    }
}

static void missing_things_are_named(void **state)
{
    run_result result;

    (void)state;
    run_cell(&result, "clamp", "--hoc", "nowhere.hoc", NULL);
    check_failure(&result, 1, "nowhere.hoc: there is no such hoc file");
    run_cell(&result, "clamp", "--hoc", cells, "--template", "HHSomma", NULL);
    check_failure(&result, 1, "did you mean `HHSoma`?");
    run_cell(&result, "clamp", "--hoc-folder", "/nonexistent", NULL);
    check_failure(&result, 1, "/nonexistent");
    run_cell(&result, "clamp", "--hoc-folder", mods, NULL);
    check_failure(&result, 1, "no .hoc file in this folder defines a template");
    run_cell(&result, "clamp", "--hoc", cells, "--template", "HHSoma", "--record", "axon(0.5)", NULL);
    check_failure(&result, 1, "no public section or list of sections `axon`");
    run_cell(&result, "clamp", "--hoc", cells, "--template", "HHSomaDend", "--inject", "dend[3](0.5)", NULL);
    check_failure(&result, 1, "site of injection dend[3](0.5)");
    run_cell(&result, "clamp", "--hoc", cells, "--template", "HHSoma", "--mechanisms", "/nonexistent.so", NULL);
    check_failure(&result, 1, "/nonexistent.so");
    run_cell(&result, "clamp", "--hoc", cells, "--template", "HHSoma", "--mechanisms", cells, NULL);
    check_failure(&result, 1, "the mechanism library cannot be loaded");
    run_cell(&result, "clamp", "--hoc", cells, "--template", "HHSoma", "--mod-folder", here, NULL);
    check_failure(&result, 1, "there is no mod file in this folder");
    run_cell(&result, "clamp", "--hoc", cells, "--template", "HHSoma", "--post-init", "nothing(3)", NULL);
    check_failure(&result, 1, "calling nothing(3) of the new cell");
    run_cell(&result, "clamp", "--hoc", cells, "--template", "HHSoma", "--traces", "/nonexistent/t.csv", NULL);
    check_failure(&result, 1, "/nonexistent/t.csv");
    /* No synapses: a mechanism of membranes, a point process without events, an artificial cell, nothing at all. */
    {
        static const char *const names[] = {"pas", "AlphaSynapse", "NetStim", "Nowhere"};
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            run_cell(&result, "synaptic", "--hoc", cells, "--template", "HHSoma", "--synapse", names[i], NULL);
            check_failure(&result, 1, "is no synapse that NEURON knows");
        }
    }
    run_cell(&result, "synaptic", "--hoc", cells, "--template", "HHSoma", "--syn-set", "taux=3", NULL);
    check_failure(&result, 1, "the synapse Exp2Syn has no such parameter: taux=3");
}

/* Any point process that receives events is a synapse; its parameters have a record of their own. */
static void a_synapse_may_be_any_that_there_is(void **state)
{
    run_result result;

    (void)state;
    run_cell(&result, "synaptic", "--hoc", cells, "--template", "HHSoma", "--synapse", "ExpSyn", "--syn-set", "tau=3",
             "--weight", "0.0001", "--tstop", "200", "--format", "json", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "\"synapse\": \"ExpSyn\"");
    assert_contains(result.out, "\"parameters\": {\n    \"tau\": 3");
    run_free(&result);
}

/* Without a display a window is one sentence, after the numbers. */
static void a_window_needs_a_display(void **state)
{
    static const char *const settings[] = {"DISPLAY=", "WAYLAND_DISPLAY=", NULL};
    static const char *const commands[] = {"passive", "clamp", "fi", "zap", "synaptic", "info"};
    run_result result;

    (void)state;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const char *const words[] = {"cell",        commands[i], "--hoc", cells,    "--template",
                                     "PassiveSoma", "--dt",      "1",     "--show", NULL};
        run_program(&result, here, settings, words);
        assert_int_equal(result.status, 1);
        assert_contains(result.err, "there is no display to open a window on");
        assert_contains(result.out, "NEURON");
        run_free(&result);
    }
}

static void sites_reach_arrays_lists_and_sections(void **state)
{
    char *folder = test_folder();
    char *path = test_file(folder, "tree.hoc",
                           "begintemplate Tree\npublic soma, dend, all, apical\ncreate soma[1], dend[3]\n"
                           "objref all, apical\nproc init() { local i\n"
                           "    for i = 0, 2 connect dend[i](0), soma[0](1)\n"
                           "    all = new SectionList()\n    apical = new SectionList()\n"
                           "    soma[0] all.append()\n    for i = 0, 2 dend[i] all.append()\n"
                           "    dend[2] apical.append()\n    forsec all { insert pas }\n}\n"
                           "endtemplate Tree\n");
    static const struct {
        const char *site, *canonical;
    } cases[] = {{"soma", "soma[0](0.5)"},         {"soma[0](1)", "soma[0](1)"},    {"dend(0.25)", "dend[0](0.25)"},
                 {"dend[2](0.9)", "dend[2](0.9)"}, {"all[3](0.5)", "dend[2](0.5)"}, {"apical", "dend[2](0.5)"}};
    run_result result;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *expected = NULL;
        run_cell(&result, "clamp", "--hoc", path, "--inj-dur", "10", "--tstop", "20", "--record", cases[i].site,
                 "--format", "csv", NULL);
        assert_int_equal(result.status, 0);
        assert_done(sna_text_format(&expected, "\nconditions.record,%s,", cases[i].canonical));
        assert_contains(result.out, expected);
        free(expected);
        run_free(&result);
    }
    run_cell(&result, "clamp", "--hoc", path, "--record", "dend[3]", NULL);
    check_failure(&result, 1, "no section `dend[3]`: that array is shorter");
    run_cell(&result, "clamp", "--hoc", path, "--record", "all[4]", NULL);
    check_failure(&result, 1, "the list `all` of the cell has 4 sections");
    free(path);
    test_folder_remove(folder);
}

static void mechanisms_that_fail_are_named(void **state)
{
    static const struct {
        const char *insert, *part;
    } cases[] = {
        {"insert misbehave act_misbehave = 1", "in the mechanism of misbehave.mod"},
        {"insert misbehave act_misbehave = 3", "NEURON crashed (Aborted) in the mechanism of misbehave.mod"},
        {"insert misbehave act_misbehave = 4", "quit() in hoc or exit() in a mechanism was called"},
        {"insert misbehave act_misbehave = 6", "the mechanism refuses because the test wants it"},
        {"insert misbehave act_misbehave = 2",
         "the time limit of 1 s ran out while NEURON was simulating the cell Bad"},
        {"insert notanumber", "the membrane voltage is not a number from t = "},
        {"while (1) { }", "the time limit of 1 s ran out while NEURON was creating the cell Bad()"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *folder = test_folder(), *text = NULL, *path;
        run_result result;
        assert_done(sna_text_format(&text,
                                    "begintemplate Bad\npublic soma\ncreate soma\n"
                                    "proc init() { soma { insert pas %s } }\nendtemplate Bad\n",
                                    cases[i].insert));
        path = test_file(folder, "bad.hoc", text);
        run_cell(&result, "clamp", "--hoc", path, "--mod-folder", mods, "--timeout", "1", "--traces", "t.csv", NULL);
        check_failure(&result, 1, cases[i].part);
        if (i == 0) { /* of several currents the one that failed is named */
            run_cell(&result, "fi", "--hoc", path, "--mod-folder", mods, "--timeout", "10", "--i-stop", "200", NULL);
            check_failure(&result, 1, "at 0 pA: NEURON crashed");
        }
        free(path);
        free(text);
        test_folder_remove(folder);
    }
}

static void wrong_options_are_usage_errors(void **state)
{
    static const char *const cases[][4] = {
        {"passive", "--inj-amp", "0", "is not 0 pA"},
        {"passive", "--inj-amp", "ten", "--inj-amp"},
        {"passive", "--inj-dur", "-5", "longer than 0 ms"},
        {"passive", "--method", "exp3", "simple, exp or exp2"},
        {"passive", "--inject", "soma(2)", "--inject"},
        {"passive", "--dt", "0", "--dt"},
        {"passive", "--cvode", "-1", "--cvode"},
        {"passive", "--jobs", "0", "--jobs"},
        {"passive", "--timeout", "0", "--timeout"},
        {"passive", "--plot", "x.bmp", "--plot"},
        {"passive", "--traces", "x.png", "ends in .csv or .h5"},
        {"passive", "--format", "xml", "--format"},
        {"passive", "--frobnicate", "1", "frobnicate"},
        {"passive", "--dt", "1e-12", "more steps than make sense"},
        {"fi", "--i-increment", "0", "must not be 0"},
        {"fi", "--i-increment", "-10", "do not lead from"},
        {"zap", "--chirp-type", "log", "linear or exponential"},
        {"zap", "--fstart", "100", "from one frequency to another"},
        {"zap", "--fend", "-3", "from one frequency to another"},
    };
    run_result result;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        run_cell(&result, cases[i][0], "--hoc", cells, "--template", "HHSoma", cases[i][1], cases[i][2], NULL);
        assert_contains(result.err, cases[i][3]);
        assert_int_equal(result.status, 2);
        assert_string_equal(result.out, "");
        run_free(&result);
    }
    run_cell(&result, "passive", NULL);
    assert_int_equal(result.status, 2);
    assert_contains(result.err, "--hoc");
    run_free(&result);
    assert_int_equal(test_folder_count(here), 0);
}

/* ---- stopping ------------------------------------------------------------------------------------------------- */

static void an_interrupt_ends_it_in_order(void **state)
{
    char *folder = test_folder();
    char *path = test_file(folder, "slow.hoc",
                           "begintemplate Slow\npublic soma\ncreate soma\n"
                           "proc init() { soma { insert hh nseg = 501 } }\nendtemplate Slow\n");
    int ended = 0;
    double started;
    pid_t child;

    (void)state;
    (void)fflush(NULL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        FILE *nothing = freopen("/dev/null", "w", stderr);
        if (nothing != NULL && chdir(here) == 0)
            (void)execl(SONATINA_BINARY_DIR "/sonatina", "sonatina", "cell", "fi", "--hoc", path, "--tdur", "1000000",
                        (char *)NULL);
        _exit(127);
    }
    (void)usleep(700000);
    started = sna_clock();
    assert_int_equal(kill(child, SIGINT), 0);
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_true(sna_clock() - started < 2);
    assert_true(WIFEXITED(ended));
    assert_int_equal(WEXITSTATUS(ended), 1);
    assert_int_equal(test_folder_count(here), 0);
    free(path);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_has_the_promised_keys),
        cmocka_unit_test(tables_and_traces_are_csv),
        cmocka_unit_test(pictures_are_drawn),
        cmocka_unit_test(people_see_notes_and_words),
        cmocka_unit_test(broken_models_are_one_sentence),
        cmocka_unit_test(missing_things_are_named),
        cmocka_unit_test(a_synapse_may_be_any_that_there_is),
        cmocka_unit_test(a_window_needs_a_display),
        cmocka_unit_test(sites_reach_arrays_lists_and_sections),
        cmocka_unit_test(mechanisms_that_fail_are_named),
        cmocka_unit_test(wrong_options_are_usage_errors),
        cmocka_unit_test(an_interrupt_ends_it_in_order),
    };
    sna_neuron_installation neuron;
    char *cache;
    int failed;

    if (sna_neuron_find(&neuron, NULL) != 0) {
        print_message("skipped: %s\n", sna_error_message());
        return 77;
    }
    sna_neuron_installation_free(&neuron);
    cache = test_folder();
    here = test_folder();
    cells = test_source_path("tests/models/hoc/reference_cells.hoc");
    mods = test_source_path("tests/models/mod");
    assert_done(sna_text_format(&cache_setting, "XDG_CACHE_HOME=%s", cache));
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(cache_setting);
    free(cells);
    free(mods);
    test_folder_remove(here);
    test_folder_remove(cache);
    return failed;
}
