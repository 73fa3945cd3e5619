/* test_neuron_fake.c: finding and driving NEURON where there is none: a library of our own plays its part. */
#include "support.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "neuron/neuron.h"

#define FAKE(name) SONATINA_BINARY_DIR "/tests/lib" name ".so"

/* ---- finding -------------------------------------------------------------------------------------------------- */

/* An environment in which no NEURON is: empty folders everywhere. Restored by `restore`. */
static char *kept_path, *empty;

static void clear_environment(void)
{
    assert_done(sna_text_copy(&kept_path, getenv("PATH") == NULL ? "/usr/bin:/bin" : getenv("PATH")));
    empty = test_folder();
    assert_int_equal(setenv("PATH", empty, 1), 0);
    assert_int_equal(unsetenv("SONATINA_NEURON"), 0);
    assert_int_equal(unsetenv("NRNHOME"), 0);
    assert_int_equal(unsetenv("LD_LIBRARY_PATH"), 0);
}

static void restore_environment(void)
{
    assert_int_equal(setenv("PATH", kept_path, 1), 0);
    assert_int_equal(unsetenv("SONATINA_NEURON"), 0);
    assert_int_equal(unsetenv("NRNHOME"), 0);
    free(kept_path);
    test_folder_remove(empty);
}

/* folder/inside/libnrniv.so as a link to a fake; returns the folder that holds it. */
static void plant(const char *folder, const char *inside, const char *fake)
{
    char *path = NULL, *library = NULL;

    assert_done(sna_path_join(&path, folder, inside));
    assert_done(sna_path_make_folder(path));
    assert_done(sna_path_join(&library, path, "libnrniv.so"));
    assert_int_equal(symlink(fake, library), 0);
    free(library);
    free(path);
}

static void check_found(const char *wanted, const char *library, const char *by)
{
    sna_neuron_installation found;

    assert_done(sna_neuron_find(&found, wanted));
    assert_string_equal(found.library, library);
    assert_contains(found.found_by, by);
    sna_neuron_installation_free(&found);
}

static void a_library_is_found_where_it_may_be(void **state)
{
    static const char *const inside[] = {"", "lib", "lib64", "lib/nrn", "x86_64/lib", "neuron/.data/lib"};
    char *real8 = NULL, *real9 = NULL;

    (void)state;
    assert_done(sna_path_real(&real8, FAKE("fake_neuron_8")));
    assert_done(sna_path_real(&real9, FAKE("fake_neuron_9")));
    clear_environment();
    check_found(FAKE("fake_neuron_8"), real8, "asked for");
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
        char *folder = test_folder();
        plant(folder, inside[i], real8);
        check_found(folder, real8, "asked for");
        assert_int_equal(setenv("NRNHOME", folder, 1), 0);
        check_found(NULL, real8, "$NRNHOME");
        /* Our own variable goes first, and the option before it. */
        assert_int_equal(setenv("SONATINA_NEURON", real9, 1), 0);
        check_found(NULL, real9, "$SONATINA_NEURON");
        check_found(folder, real8, "asked for");
        assert_int_equal(unsetenv("SONATINA_NEURON"), 0);
        assert_int_equal(unsetenv("NRNHOME"), 0);
        test_folder_remove(folder);
    }
    restore_environment();
    free(real8);
    free(real9);
}

static void a_library_is_found_beside_nrniv(void **state)
{
    static const char *const inside[] = {"lib", "lib/python3.11/site-packages/neuron/.data/lib"};
    char *real = NULL;

    (void)state;
    assert_done(sna_path_real(&real, FAKE("fake_neuron_9")));
    clear_environment();
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
        char *prefix = test_folder(), *bin = NULL, *program, *linked = test_folder(), *link = NULL;
        plant(prefix, inside[i], real);
        assert_done(sna_path_join(&bin, prefix, "bin"));
        assert_done(sna_path_make_folder(bin));
        program = test_file(bin, "nrniv", "#!/bin/sh\n");
        assert_int_equal(chmod(program, 0755), 0);
        assert_int_equal(setenv("PATH", bin, 1), 0);
        check_found(NULL, real, "nrniv on PATH");
        /* The same through a link in another folder. */
        assert_done(sna_path_join(&link, linked, "nrniv"));
        assert_int_equal(symlink(program, link), 0);
        assert_int_equal(setenv("PATH", linked, 1), 0);
        check_found(NULL, real, "nrniv on PATH");
        free(link);
        free(program);
        free(bin);
        test_folder_remove(linked);
        test_folder_remove(prefix);
    }
    restore_environment();
    free(real);
}

static void the_python_package_is_the_last_resort(void **state)
{
    char *real = NULL, *package = test_folder(), *script = NULL, *program;
    sna_neuron_installation found;

    (void)state;
    assert_done(sna_path_real(&real, FAKE("fake_neuron_9")));
    clear_environment();
    plant(package, ".data/lib", real);
    assert_done(sna_text_format(&script, "#!/bin/sh\necho %s\n", package));
    program = test_file(empty, "python3", script);
    assert_int_equal(chmod(program, 0755), 0);
    assert_done(sna_neuron_find(&found, NULL));
    if (strcmp(found.found_by, "system folder") != 0) { /* where NEURON is installed */
        assert_string_equal(found.library, real);
        assert_contains(found.found_by, "Python package");
    }
    sna_neuron_installation_free(&found);
    free(program);
    free(script);
    restore_environment();
    test_folder_remove(package);
    free(real);
}

static void versions_are_read_without_loading(void **state)
{
    sna_neuron_installation found;

    (void)state;
    assert_done(sna_neuron_find(&found, FAKE("fake_neuron_8")));
    assert_string_equal(found.version, "8.2.99-fake");
    sna_neuron_installation_free(&found);
    assert_done(sna_neuron_find(&found, FAKE("fake_neuron_9")));
    assert_string_equal(found.version, "9");
    sna_neuron_installation_free(&found);
}

static void what_is_no_neuron_is_refused(void **state)
{
    char *folder = test_folder(), *text = test_file(folder, "libnrniv.so",
                                                    "I am a library, honestly.\n" /* not */
                                                    "................................................................");
    sna_neuron_installation found;
    char *cut = NULL, *bytes = NULL;
    uint64_t size;

    (void)state;
    assert_int_equal(sna_neuron_find(&found, "/nonexistent/libnrniv.so"), SNA_EMISSING);
    assert_contains(sna_error_message(), "/nonexistent/libnrniv.so");
    assert_int_equal(sna_neuron_find(&found, text), SNA_EMISSING);
    assert_contains(sna_error_message(), "is not a 64-bit shared library");
    assert_int_equal(sna_neuron_find(&found, SONATINA_BINARY_DIR "/libsonatina.so"), SNA_EMISSING);
    assert_contains(sna_error_message(), "is a shared library, but not NEURON's");
    /* A library that breaks off anywhere, and one with wild offsets, is refused and no more. */
    assert_done(sna_file_read(&bytes, &size, FAKE("fake_neuron_8")));
    assert_done(sna_path_join(&cut, folder, "cut.so"));
    for (uint64_t length = 0; length < size; length += 1 + size / 61) {
        assert_done(sna_file_write(cut, bytes, length));
        if (sna_neuron_find(&found, cut) == 0) {
            assert_true(length > size / 2); /* only the very end is missing, where nothing is read */
            sna_neuron_installation_free(&found);
        }
    }
    for (uint64_t i = 16; i < 64; i++) { /* the ELF header behind its magic number */
        const char kept = bytes[i];
        bytes[i] = (char)0xff;
        assert_done(sna_file_write(cut, bytes, size));
        if (sna_neuron_find(&found, cut) == 0)
            sna_neuron_installation_free(&found);
        bytes[i] = kept;
    }
    free(bytes);
    free(cut);
    free(text);
    test_folder_remove(folder);
}

static void an_empty_machine_is_told_what_to_install(void **state)
{
    sna_neuron_installation found;
    run_result result;

    (void)state;
    clear_environment();
    if (sna_neuron_find(&found, NULL) == 0) {
        sna_neuron_installation_free(&found); /* in a system folder */
    } else {
        assert_contains(sna_error_message(), "Debian packages neuron and neuron-dev");
    }
    restore_environment();
    /* The same for the program, with a NEURON that is not there. */
    {
        const char *const settings[] = {"SONATINA_NEURON=/nonexistent", NULL};
        char *hoc = test_source_path("tests/models/hoc/reference_cells.hoc");
        const char *const words[] = {"cell", "passive", "--hoc", hoc, "--template", "HHSoma", NULL};
        const char *const others[] = {"--help", NULL};
        run_program(&result, NULL, settings, words);
        assert_int_equal(result.status, 1);
        assert_contains(result.err, "/nonexistent ($SONATINA_NEURON): there is no such NEURON library or folder");
        assert_string_equal(result.out, "");
        run_free(&result);
        run_program(&result, NULL, settings, others);
        assert_int_equal(result.status, 0);
        run_free(&result);
        free(hoc);
    }
}

/* ---- driving -------------------------------------------------------------------------------------------------- */

typedef struct {
    const char *prepare, *statement; /* in the loader, in each job; NULL: none */
    uint64_t only;                   /* the job that runs the statement; UINT64_MAX: all */
    const char *hoc;
} script;

static int prepare(sna_neuron *self, void *context)
{
    const script *what = context;
    int status = 0;

    if (what->hoc != NULL)
        status = sna_neuron_load_hoc(self, what->hoc);
    if (status == 0 && what->prepare != NULL) {
        sna_neuron_doing(self, "getting ready");
        status = sna_neuron_execute(self, "%s", what->prepare);
    }
    return status;
}

static int run(sna_neuron *self, uint64_t first, uint64_t count, void *context)
{
    const script *what = context;
    int status = 0;

    for (uint64_t job = first; job < first + count && status == 0; job++) {
        const double value[] = {(double)job, (double)count};
        double read = 0;
        if (what->statement != NULL && (what->only == job || what->only == UINT64_MAX)) {
            sna_neuron_doing(self, "working on job %llu", (unsigned long long)job);
            status = sna_neuron_execute(self, "%s", what->statement);
        }
        if (status == 0)
            status = sna_neuron_number(self, &read, "42.5");
        if (status == 0 && read != 42.5)
            status = sna_error(SNA_EEXTERNAL, "read %g", read);
        if (status == 0)
            status = sna_neuron_steps(self, 4000);
        if (status == 0)
            status = sna_neuron_deliver(self, job, "value", value, 2);
    }
    return status;
}

static sna_neuron_plan plan_of(const char *library, script *what, uint64_t jobs)
{
    return (sna_neuron_plan){
        .library = library, .jobs = jobs, .workers = 3, .timeout = 20, .prepare = prepare, .run = run, .context = what};
}

static const char *const FAKES[] = {FAKE("fake_neuron_8"), FAKE("fake_neuron_9")};

static void check_no_children(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void both_kinds_are_driven(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        script good = {.prepare = "get ready"};
        sna_neuron_plan plan = plan_of(FAKES[i], &good, 10);
        sna_neuron_results *results = NULL;
        assert_done(sna_neuron_run(&results, &plan));
        assert_string_equal(sna_neuron_results_version(results), "99.1-fake");
        for (uint64_t job = 0; job < 10; job++) {
            uint64_t count;
            const double *value = sna_neuron_results_array(results, job, "value", &count);
            assert_non_null(value);
            assert_int_equal(count, 2);
            assert_true(value[0] == (double)job);
            assert_true(value[1] == (job < 4 ? 4 : 3)); /* shares of 4, 3 and 3 */
        }
        sna_neuron_results_free(results);
        plan.isolate = true;
        assert_done(sna_neuron_run(&results, &plan));
        for (uint64_t job = 0; job < 10; job++) {
            uint64_t count;
            assert_true(sna_neuron_results_array(results, job, "value", &count)[1] == 1);
        }
        sna_neuron_results_free(results);
        check_no_children();
    }
}

static void a_neuron_that_is_too_strange_is_refused(void **state)
{
    static const struct {
        const char *library, *part;
    } cases[] = {{FAKE("fake_neuron_no_print"), "it has no function to redirect printed text (`nrnpy_set_pr_etal`)"},
                 {FAKE("fake_neuron_no_statement"), "it has no function to run a statement"},
                 {FAKE("fake_neuron_no_register"), "it has no function to register functions"},
                 {FAKE("fake_neuron_broken"), "NEURON cannot be loaded"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        script good = {NULL, NULL, 0, NULL};
        sna_neuron_plan plan = plan_of(cases[i].library, &good, 1);
        sna_neuron_results *results = NULL;
        assert_int_equal(sna_neuron_run(&results, &plan), SNA_EMISSING);
        assert_contains(sna_error_message(), cases[i].part);
        sna_neuron_results_free(results);
    }
    assert_int_equal(setenv("FAKE_NEURON_REFUSES", "1", 1), 0);
    for (int i = 0; i < 2; i++) {
        script good = {NULL, NULL, 0, NULL};
        sna_neuron_plan plan = plan_of(FAKES[i], &good, 1);
        sna_neuron_results *results = NULL;
        assert_int_equal(sna_neuron_run(&results, &plan), SNA_EEXTERNAL);
        assert_contains(sna_error_message(), "its initialisation returned 7");
        sna_neuron_results_free(results);
    }
    assert_int_equal(unsetenv("FAKE_NEURON_REFUSES"), 0);
}

/* What a statement does to its process, and what is said about it. */
static const struct {
    const char *statement, *part;
    int status;
    bool doing; /* the message says what the process was at */
} FAULTS[] = {
    {"crash", "NEURON crashed (Segmentation fault) while ", SNA_EEXTERNAL, true},
    {"abort", "NEURON crashed (Aborted) while ", SNA_EEXTERNAL, true},
    {"leave", "the model ended the NEURON process while ", SNA_EEXTERNAL, true},
    {"vanish", "the model ended the NEURON process with exit status 0 while ", SNA_EEXTERNAL, true},
    {"kill", "the NEURON process was killed from outside", SNA_EEXTERNAL, false},
    {"wrong here", "it is wrong here", SNA_EEXTERNAL, false},
    {"wrong in file", "cell.hoc:12: it is wrong", SNA_EEXTERNAL, false},
    {"cause above", "the cause stands above", SNA_EEXTERNAL, false},
    {"cause on stderr", "the cause is on stderr", SNA_EEXTERNAL, false},
    {"silently", "hoc failed at `silently` without saying why", SNA_EEXTERNAL, false},
};

static void faults_in_the_loader_are_told(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        for (size_t k = 0; k < sizeof FAULTS / sizeof *FAULTS; k++) {
            script bad = {.prepare = FAULTS[k].statement};
            sna_neuron_plan plan = plan_of(FAKES[i], &bad, 4);
            sna_neuron_results *results = NULL;
            assert_int_equal(sna_neuron_run(&results, &plan), FAULTS[k].status);
            assert_contains(sna_error_message(), FAULTS[k].part);
            if (FAULTS[k].doing)
                assert_contains(sna_error_message(), "getting ready");
            assert_int_equal(sna_neuron_results_check(results, 2), FAULTS[k].status);
            sna_neuron_results_free(results);
            check_no_children();
        }
    }
}

static void faults_in_one_job_spare_the_others(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        for (size_t k = 0; k < sizeof FAULTS / sizeof *FAULTS; k++) {
            for (int isolate = 0; isolate < 2; isolate++) {
                script bad = {.statement = FAULTS[k].statement, .only = 5};
                sna_neuron_plan plan = plan_of(FAKES[i], &bad, 9);
                sna_neuron_results *results = NULL;
                plan.isolate = isolate == 1;
                assert_int_equal(sna_neuron_run(&results, &plan), FAULTS[k].status);
                assert_contains(sna_error_message(), FAULTS[k].part);
                assert_int_equal(sna_neuron_results_retried(results), isolate == 0);
                for (uint64_t job = 0; job < 9; job++) {
                    uint64_t count;
                    if (job == 5) {
                        assert_int_equal(sna_neuron_results_check(results, job), FAULTS[k].status);
                        assert_contains(sna_error_message(), FAULTS[k].part);
                        if (FAULTS[k].doing)
                            assert_contains(sna_error_message(), "working on job 5");
                    } else {
                        assert_done(sna_neuron_results_check(results, job));
                        assert_non_null(sna_neuron_results_array(results, job, "value", &count));
                    }
                }
                sna_neuron_results_free(results);
                check_no_children();
            }
        }
    }
}

static void loops_end_with_the_time_limit(void **state)
{
    static const struct {
        const char *statement;
        double most; /* seconds beyond the limit */
    } cases[] = {{"obedient loop", 0.4}, {"stubborn loop", 1.5}};

    (void)state;
    for (int i = 0; i < 4; i++) {
        for (int in_loader = 0; in_loader < 2; in_loader++) {
            script loop = {.only = UINT64_MAX};
            sna_neuron_plan plan = plan_of(FAKES[i / 2], &loop, 6);
            sna_neuron_results *results = NULL;
            const double started = sna_clock();
            double took;
            if (in_loader)
                loop.prepare = cases[i % 2].statement;
            else
                loop.statement = cases[i % 2].statement;
            plan.timeout = 0.3;
            assert_int_equal(sna_neuron_run(&results, &plan), SNA_ETIMEOUT);
            took = sna_clock() - started;
            assert_contains(sna_error_message(), "the time limit of 0.3 s ran out while NEURON was ");
            assert_contains(sna_error_message(), in_loader ? "getting ready" : "working on job 0");
            assert_true(took >= 0.3 && took < 0.3 + cases[i % 2].most);
            assert_int_equal(sna_neuron_results_check(results, 0), SNA_ETIMEOUT);
            sna_neuron_results_free(results);
            check_no_children();
        }
    }
}

/* A program that a model leaves in the background holds the pipe; it must not hold us, and does not survive. */
static void background_programs_hold_nobody_up(void **state)
{
    script stray = {.statement = "background", .only = 0};
    sna_neuron_plan plan = plan_of(FAKES[0], &stray, 1);
    sna_neuron_results *results = NULL;
    const double started = sna_clock();

    (void)state;
    plan.timeout = 0;
    assert_done(sna_neuron_run(&results, &plan));
    assert_true(sna_clock() - started < 5);
    sna_neuron_results_free(results);
}

static void much_output_is_cut_not_lost(void **state)
{
    script loud = {.statement = "shout", .only = 1};
    sna_neuron_plan plan = plan_of(FAKES[1], &loud, 2);
    sna_neuron_results *results = NULL;

    (void)state;
    assert_done(sna_neuron_run(&results, &plan));
    assert_contains(sna_neuron_results_log(results), "the last line");
    assert_true(strlen(sna_neuron_results_log(results)) < 200000);
    sna_neuron_results_free(results);
}

static int deliver_much(sna_neuron *self, uint64_t first, uint64_t count, void *context)
{
    int status = 0;
    double *value = NULL;
    enum { MANY = 300000 };

    (void)context;
    status = sna_allocate(&value, MANY, sizeof *value);
    for (uint64_t job = first; job < first + count && status == 0; job++) {
        for (uint64_t i = 0; i < MANY; i++)
            value[i] = (double)(job * MANY + i);
        status = sna_neuron_fill_vector(self, "vector", value, MANY);
        if (status == 0) {
            const double *back;
            uint64_t length;
            status = sna_neuron_vector(self, &back, &length, "vector");
            if (status == 0)
                status = sna_neuron_deliver(self, job, "much", back, length);
        }
        if (status == 0)
            status = sna_neuron_deliver(self, job, "none", NULL, 0);
        if (status == 0)
            status = sna_neuron_deliver_text(self, job, "name", "a text\nof two lines");
        if (status == 0 && sna_neuron_deliver(self, job, "", value, 1) != SNA_EINVAL)
            status = sna_error(SNA_EEXTERNAL, "an empty name was taken");
    }
    free(value);
    return status;
}

static void large_results_come_home_whole(void **state)
{
    script nothing = {NULL, NULL, 0, NULL};
    sna_neuron_plan plan = plan_of(FAKES[0], &nothing, 12);
    sna_neuron_results *results = NULL;

    (void)state;
    plan.run = deliver_much;
    assert_done(sna_neuron_run(&results, &plan));
    for (uint64_t job = 0; job < 12; job++) {
        uint64_t count;
        const double *value = sna_neuron_results_array(results, job, "much", &count);
        assert_non_null(value);
        assert_int_equal(count, 300000);
        for (uint64_t i = 0; i < count; i += 1000)
            assert_true(value[i] == (double)(job * 300000 + i));
        assert_non_null(sna_neuron_results_array(results, job, "none", &count));
        assert_int_equal(count, 0);
        assert_string_equal(sna_neuron_results_text(results, job, "name"), "a text\nof two lines");
        assert_null(sna_neuron_results_array(results, job, "nothing", &count));
    }
    sna_neuron_results_free(results);
}

static void files_that_hoc_cannot_load(void **state)
{
    char *folder = test_folder(), *missing = test_file(folder, "missing.hoc", "// the fake does not find it\n"),
         *gone = NULL;
    script bad = {.hoc = missing};
    sna_neuron_plan plan = plan_of(FAKES[0], &bad, 1);
    sna_neuron_results *results = NULL;

    (void)state;
    assert_int_equal(sna_neuron_run(&results, &plan), SNA_EEXTERNAL);
    assert_contains(sna_error_message(), missing);
    assert_contains(sna_error_message(), "Couldn't find");
    sna_neuron_results_free(results);
    assert_done(sna_path_join(&gone, folder, "gone.hoc"));
    bad.hoc = gone;
    assert_int_equal(sna_neuron_run(&results, &plan), SNA_ENOTFOUND);
    sna_neuron_results_free(results);
    free(gone);
    free(missing);
    test_folder_remove(folder);
}

/* A program whose locale has a decimal comma gets the same numbers: inside NEURON processes it is always C. */
static void a_decimal_comma_does_no_harm(void **state)
{
    script good = {NULL, NULL, 0, NULL};
    sna_neuron_plan plan = plan_of(FAKES[0], &good, 3);
    sna_neuron_results *results = NULL;

    (void)state;
    assert_int_equal(setenv("LC_ALL", "de_DE.UTF-8", 1), 0);
    assert_done(sna_neuron_run(&results, &plan));
    sna_neuron_results_free(results);
    assert_int_equal(unsetenv("LC_ALL"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_library_is_found_where_it_may_be),
        cmocka_unit_test(a_library_is_found_beside_nrniv),
        cmocka_unit_test(the_python_package_is_the_last_resort),
        cmocka_unit_test(versions_are_read_without_loading),
        cmocka_unit_test(what_is_no_neuron_is_refused),
        cmocka_unit_test(an_empty_machine_is_told_what_to_install),
        cmocka_unit_test(both_kinds_are_driven),
        cmocka_unit_test(a_neuron_that_is_too_strange_is_refused),
        cmocka_unit_test(faults_in_the_loader_are_told),
        cmocka_unit_test(faults_in_one_job_spare_the_others),
        cmocka_unit_test(loops_end_with_the_time_limit),
        cmocka_unit_test(background_programs_hold_nobody_up),
        cmocka_unit_test(much_output_is_cut_not_lost),
        cmocka_unit_test(large_results_come_home_whole),
        cmocka_unit_test(files_that_hoc_cannot_load),
        cmocka_unit_test(a_decimal_comma_does_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
