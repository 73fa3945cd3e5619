/* test_nmodl_neuron.c: the reader against NEURON itself. Mod files are compiled, NEURON is asked through hoc what it
 * made of them (MechanismType, MechanismStandard), and names, kinds, sizes, defaults and units must be those of the
 * reader. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "neuron/neuron.h"
#include "nmodl/nmodl.h"

/* Prints "M artificial point name" for each mechanism and "V mechanism kind variable size value unit" for each
 * variable: kind -1 is global, 1 PARAMETER, 2 ASSIGNED, 3 STATE. */
static const char question[] = "objref types, standard\n"
                               "strdef mechanism, variable, unit\n"
                               "proc report() { local i, j, k, n, size, value\n"
                               "    for k = 0, 1 {\n"
                               "        types = new MechanismType(k)\n"
                               "        for i = 0, types.count() - 1 {\n"
                               "            types.select(i)\n"
                               "            types.selected(mechanism)\n"
                               "            printf(\"M %d %d %s\\n\", types.is_artificial(i), k, mechanism)\n"
                               "            for j = -1, 3 if (j != 0) {\n"
                               "                standard = new MechanismStandard(mechanism, j)\n"
                               "                for n = 0, standard.count() - 1 {\n"
                               "                    size = standard.name(variable, n)\n"
                               "                    value = 0\n"
                               "                    unit = \"?\"\n"
                               "                    if (j > 0) value = standard.get(variable)\n"
                               "                    if (j == -1 || k == 0) unit = units(variable)\n"
                               "                    printf(\"V %s %d %s %d %.17g [%s]\\n\", mechanism, j, variable, "
                               "size, value, unit)\n"
                               "                }\n"
                               "            }\n"
                               "        }\n"
                               "    }\n"
                               "}\n"
                               "report()\n"
                               "quit()\n";

/* What NEURON says of one mechanism, as lines "kind variable size". */
typedef struct {
    sna_list range, global;
} answer;

static sna_neuron_installation neuron;
static char *folder;

/* NEURON's answer to the question, with the mechanisms of a library. */
static char *ask(const char *library)
{
    char *script = test_file(folder, "question.hoc", question);
    const char *argv[] = {"nrniv", "-nopython", "-nobanner", "-dll", library, script, NULL};
    sna_process process;
    char *out = NULL;

    assert_done(sna_process_run(&process, argv, folder, NULL, NULL));
    if (process.exit_status != 0)
        print_error("%s\n", sna_string_text(&process.output));
    assert_int_equal(process.exit_status, 0);
    assert_done(sna_text_copy(&out, sna_string_text(&process.output)));
    sna_process_free(&process);
    free(script);
    return out;
}

/* The default that NEURON has is what nocmodl prints with %g. */
static double as_translated(double value)
{
    char text[64];
    double back = 0;

    (void)snprintf(text, sizeof text, "%g", value);
    assert_done(sna_number_parse(&back, text));
    return back;
}

/* Checks what NEURON says of one variable beyond its name. */
static void check_values(const sna_nmodl *file, int kind, const char *name, double value, const char *unit)
{
    for (uint64_t i = 0; i < file->variable_count; i++) {
        const sna_nmodl_variable *variable = &file->variable[i];
        if (variable->hoc_name == NULL || strcmp(variable->hoc_name, name) != 0)
            continue;
        if (kind == SNA_NMODL_PARAMETER && variable->size == 0)
            assert_float_equal(value, as_translated(variable->value), 0);
        /* nocmodl loses units with blanks, and takes a limit for one where there is none */
        if (strcmp(unit, "?") != 0 && variable->unit != NULL && strchr(variable->unit, ' ') == NULL)
            assert_string_equal(unit, variable->unit);
        return;
    }
    fail_msg("%s: NEURON has %s, the reader has not", file->path, name);
}

static void take_answer(answer *out, const sna_nmodl *file, const char *text)
{
    bool found = false;
    char *copy = NULL, *rest = NULL;

    *out = (answer){.range = SNA_LIST, .global = SNA_LIST};
    assert_done(sna_text_copy(&copy, text));
    for (char *line = strtok_r(copy, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        char mechanism[128], name[128], unit[128] = "", entry[300];
        int kind, size, artificial, point;
        double value;
        if (sscanf(line, "M %d %d %127s", &artificial, &point, mechanism) == 3 && strcmp(mechanism, file->name) == 0) {
            found = true;
            assert_int_equal(file->kind, artificial ? SNA_MECHANISM_ARTIFICIAL
                                         : point    ? SNA_MECHANISM_POINT
                                                    : SNA_MECHANISM_DENSITY);
        } else if (sscanf(line, "V %127s %d %127s %d %lf [%127[^]]", mechanism, &kind, name, &size, &value, unit) >=
                       5 &&
                   strcmp(mechanism, file->name) == 0) {
            (void)snprintf(entry, sizeof entry, "%d %s %d", kind, name, size);
            assert_done(sna_list_add(kind < 0 ? &out->global : &out->range, entry));
            check_values(file, kind, name, value, unit);
        }
    }
    if (!found)
        fail_msg("NEURON has no mechanism %s (%s)", file->name, file->path);
    free(copy);
}

/* The same lines from the reader: range variables by kind, each in the order of the file; scalars before arrays among
 * the globals. */
static void take_reading(answer *out, const sna_nmodl *file)
{
    char entry[300];

    *out = (answer){.range = SNA_LIST, .global = SNA_LIST};
    for (int pass = SNA_NMODL_PARAMETER; pass <= SNA_NMODL_STATE; pass++) {
        for (uint64_t i = 0; i < file->variable_count; i++) {
            const sna_nmodl_variable *variable = &file->variable[i];
            const uint64_t size = variable->size > 0 ? variable->size : 1;
            if (variable->scope == SNA_NMODL_RANGE && (int)variable->declared == pass) {
                (void)snprintf(entry, sizeof entry, "%d %s %d", pass, variable->hoc_name, (int)size);
                assert_done(sna_list_add(&out->range, entry));
            }
            if (variable->scope == SNA_NMODL_GLOBAL && (pass == 1 || pass == 2) &&
                (variable->size == 0) == (pass == 1)) {
                (void)snprintf(entry, sizeof entry, "-1 %s %d", variable->hoc_name, (int)size);
                assert_done(sna_list_add(&out->global, entry));
            }
        }
    }
}

static void check_same(const char *path, const sna_list *neurons, const sna_list *readers)
{
    sna_string left = SNA_STRING, right = SNA_STRING;

    assert_done(sna_list_join(neurons, UINT64_MAX, &left));
    assert_done(sna_list_join(readers, UINT64_MAX, &right));
    if (strcmp(sna_string_text(&left), sna_string_text(&right)) != 0)
        print_error("%s: NEURON and the reader disagree\n", path);
    assert_string_equal(sna_string_text(&left), sna_string_text(&right));
    sna_string_free(&left);
    sna_string_free(&right);
}

/* Compiles all mod files of a folder and compares each. */
static void compare_folder(const char *mechanisms, uint64_t least)
{
    sna_list names = SNA_LIST;
    sna_mechanism_library library = {0};
    const sna_mechanism_options options = {.neuron_library = neuron.library, .cache = folder};
    char *text;

    assert_done(sna_path_list(&names, mechanisms, ".mod"));
    assert_true(names.count >= least);
    assert_done(sna_mechanism_compile(&library, &mechanisms, 1, &options));
    text = ask(library.path);
    for (uint64_t i = 0; i < names.count; i++) {
        answer neurons, readers;
        sna_nmodl *file = NULL;
        char *path = NULL;
        assert_done(sna_path_join(&path, mechanisms, names.text[i]));
        assert_done(sna_nmodl_read(&file, path));
        if (file->kind != SNA_MECHANISM_NOTHING) {
            take_answer(&neurons, file, text);
            take_reading(&readers, file);
            check_same(path, &neurons.range, &readers.range);
            check_same(path, &neurons.global, &readers.global);
            sna_list_free(&neurons.range);
            sna_list_free(&neurons.global);
            sna_list_free(&readers.range);
            sna_list_free(&readers.global);
        }
        sna_nmodl_free(file);
        free(path);
    }
    print_message("%s: %d mod files as NEURON has them\n", mechanisms, (int)names.count);
    free(text);
    sna_mechanism_library_free(&library);
    sna_list_free(&names);
}

static void compare_ours(const char *relative, uint64_t least)
{
    char *path = test_source_path(relative);

    compare_folder(path, least);
    free(path);
}

static void the_examples(void **state)
{
    (void)state;
    compare_ours("examples/cells/mechanisms", 11);
}

static void every_form(void **state)
{
    (void)state;
    compare_ours("tests/models/nmodl", 3);
}

static void spread_over_files(void **state)
{
    (void)state;
    compare_ours("tests/models/mod", 3);
}

/* The folder of NEURON's demonstration models, NULL when it is not there. */
static char *find_demo(void)
{
    static const char *const place[] = {"/usr/share/nrn/demo/release", "/usr/local/share/nrn/demo/release"};
    char *found = NULL;

    for (size_t i = 0; i < sizeof place / sizeof *place && found == NULL; i++) {
        if (access(place[i], R_OK) == 0)
            assert_done(sna_text_copy(&found, place[i]));
    }
    return found;
}

static void neurons_demo(void **state)
{
    char *path = find_demo();

    (void)state;
    if (path == NULL) {
        print_message("skipped: NEURON's demo/release is not there\n");
        skip();
    }
    compare_folder(path, 10);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples),
        cmocka_unit_test(every_form),
        cmocka_unit_test(spread_over_files),
        cmocka_unit_test(neurons_demo),
    };
    char *program = NULL;
    int failed;

    if (sna_neuron_find(&neuron, NULL) != 0 || sna_process_find(&program, "nrniv") != 0) {
        print_message("skipped: %s\n", sna_error_message());
        sna_neuron_installation_free(&neuron);
        return 77;
    }
    folder = test_folder();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    test_folder_remove(folder);
    free(program);
    sna_neuron_installation_free(&neuron);
    return failed;
}
