/* test_neuron.c: the driver with the real NEURON: values in and out, and every way in which a model can go wrong. */
#include "support.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "neuron/neuron.h"
#include "nmodl/nmodl.h"

static sna_neuron_installation neuron;
static sna_mechanism_library mechanisms;
static char *cache;

/* What the jobs of a test do. */
typedef struct {
    const char *hoc;       /* file to load, NULL: none */
    const char *prepare;   /* statements in the loader, NULL: none */
    const char *statement; /* statements in each job, with %llu for its number; NULL: none */
    uint64_t wrong_job;    /* whose membrane misbehaves ... */
    int act;               /* ... in this way (misbehave.mod); 0: none does */
    const char *insert;    /* another mechanism for it */
    uint64_t steps;        /* 0: no simulation */
    double atol;           /* > 0: variable steps to `steps` ms */
} scenario;

static int prepare(sna_neuron *self, void *context)
{
    int status = 0;
    const scenario *what = context;

    if (what->hoc != NULL)
        status = sna_neuron_load_hoc(self, what->hoc);
    if (status == 0 && what->prepare != NULL)
        status = sna_neuron_execute(self, "%s", what->prepare);
    return status;
}

/* A soma with Hodgkin-Huxley channels, a current clamp of 0.02 nA times its number, and a recording for each job. */
static int simulate(sna_neuron *self, uint64_t first, uint64_t count, const scenario *what)
{
    int status = 0;

    status = sna_neuron_execute(self, "create cell_[%d]\nobjref trace_[%d], clamp_[%d]\n", (int)count, (int)count,
                                (int)count);
    for (uint64_t i = 0; i < count && status == 0; i++) {
        const int k = (int)i;
        const bool wrong = first + i == what->wrong_job;
        status =
            sna_neuron_execute(self, "cell_[%d] { L = 20 diam = 20 insert hh insert misbehave act_misbehave = %d }\n",
                               k, wrong ? what->act : 0);
        if (status == 0 && wrong && what->insert != NULL)
            status = sna_neuron_execute(self, "cell_[%d] insert %s\n", k, what->insert);
        if (status == 0)
            status = sna_neuron_execute(self,
                                        "cell_[%d] clamp_[%d] = new IClamp(0.5)\n"
                                        "{ clamp_[%d].del = 1 clamp_[%d].dur = 1e9 clamp_[%d].amp = %g }\n"
                                        "trace_[%d] = new Vector()\n{ trace_[%d].record(&cell_[%d].v(0.5)) }\n",
                                        k, k, k, k, k, 0.02 * (double)(first + i), k, k, k);
    }
    if (status == 0 && what->atol > 0)
        status = sna_neuron_execute(self, "{ cvode_active(1) cvode.atol(%g) }", what->atol);
    if (status == 0)
        status = sna_neuron_execute(self, "{ stdinit() }");
    if (status == 0)
        status = what->atol > 0 ? sna_neuron_solve(self, (double)what->steps) : sna_neuron_steps(self, what->steps);
    for (uint64_t i = 0; i < count && status == 0; i++) {
        const double *value;
        uint64_t length;
        char name[32];
        (void)snprintf(name, sizeof name, "trace_[%d]", (int)i);
        status = sna_neuron_vector(self, &value, &length, name);
        if (status == 0)
            status = sna_neuron_deliver(self, first + i, "v", value, length);
    }
    return status;
}

static int run(sna_neuron *self, uint64_t first, uint64_t count, void *context)
{
    int status = 0;
    const scenario *what = context;

    for (uint64_t i = first; i < first + count && status == 0 && what->statement != NULL; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        status = sna_neuron_execute(self, what->statement, (unsigned long long)i);
#pragma GCC diagnostic pop
    }
    if (status == 0 && what->steps > 0)
        status = simulate(self, first, count, what);
    return status;
}

static sna_neuron_plan plan_of(scenario *what, uint64_t jobs)
{
    static const char *library[1];

    library[0] = mechanisms.path;
    return (sna_neuron_plan){.library = neuron.library,
                             .mechanisms = library,
                             .mechanism_count = 1,
                             .jobs = jobs,
                             .workers = 2,
                             .timeout = 20,
                             .prepare = prepare,
                             .run = run,
                             .context = what};
}

/* Runs one job and expects it to fail with a message that contains `part`. */
static void expect_failure(scenario *what, int expected, const char *part)
{
    sna_neuron_plan plan = plan_of(what, 1);
    sna_neuron_results *results = NULL;

    assert_int_equal(sna_neuron_run(&results, &plan), expected);
    assert_contains(sna_error_message(), part);
    sna_neuron_results_free(results);
}

/* ---- what works ----------------------------------------------------------------------------------------------- */

static void values_go_in_and_out(sna_neuron *self)
{
    const double given[] = {1.5, -2, 1e-300, INFINITY};
    const double *value;
    uint64_t count;
    double number;
    char *text = NULL;

    assert_done(sna_neuron_number(self, &number, "1.5 * 2"));
    assert_true(number == 3);
    assert_done(sna_neuron_execute(self, "x_ = 41\nx_ += 1\n"));
    assert_done(sna_neuron_number(self, &number, "x_"));
    assert_true(number == 42);
    assert_done(sna_neuron_text(self, &text, "\"%s\"", "a word"));
    assert_string_equal(text, "a word");
    free(text);
    assert_done(sna_neuron_execute(self, "objref list_\nlist_ = new Vector(5, 2.5)\n"));
    assert_done(sna_neuron_vector(self, &value, &count, "list_"));
    assert_int_equal(count, 5);
    assert_true(value[4] == 2.5);
    assert_done(sna_neuron_fill_vector(self, "list_", given, 4));
    assert_done(sna_neuron_vector(self, &value, &count, "list_"));
    assert_int_equal(count, 4);
    assert_memory_equal(value, given, sizeof given);
    assert_done(sna_neuron_fill_vector(self, "list_", given, 0));
    /* After an error the interpreter is as good as before. */
    assert_int_equal(sna_neuron_execute(self, "y_ = (3 +\n"), SNA_EEXTERNAL);
    assert_contains(sna_error_message(), "syntax error");
    assert_int_equal(sna_neuron_number(self, &number, "not_a_name_"), SNA_EEXTERNAL);
    assert_done(sna_neuron_number(self, &number, "x_"));
    assert_true(number == 42);
    /* Recursion as deep as a model may want, and deeper. */
    assert_done(sna_neuron_execute(self, "func down_() { if ($1 == 0) return 0\n return 1 + down_($1 - 1) }\n"));
    assert_done(sna_neuron_number(self, &number, "down_(5000)"));
    assert_true(number == 5000);
    assert_int_equal(sna_neuron_execute(self, "proc forever_() { forever_() }\nforever_()\n"), SNA_EEXTERNAL);
    assert_contains(sna_error_message(), "nested too deeply");
    assert_done(sna_neuron_number(self, &number, "x_"));
}

static int check_values(sna_neuron *self, uint64_t first, uint64_t count, void *context)
{
    (void)count;
    (void)context;
    values_go_in_and_out(self);
    assert_done(sna_neuron_deliver_text(self, first, "verdict", "good"));
    return 0;
}

static void hoc_takes_and_gives_values(void **state)
{
    scenario nothing = {0};
    sna_neuron_plan plan = plan_of(&nothing, 1);
    sna_neuron_results *results = NULL;

    (void)state;
    plan.run = check_values;
    assert_done(sna_neuron_run(&results, &plan));
    assert_string_equal(sna_neuron_results_text(results, 0, "verdict"), "good");
    assert_null(sna_neuron_results_text(results, 0, "something else"));
    assert_true(strlen(sna_neuron_results_version(results)) > 2);
    assert_string_equal(sna_neuron_results_library(results), neuron.library);
    sna_neuron_results_free(results);
}

static sna_neuron_results *run_all(uint64_t jobs, unsigned workers, bool isolate)
{
    scenario good = {.steps = 2000};
    sna_neuron_plan plan = plan_of(&good, jobs);
    sna_neuron_results *results = NULL;

    plan.workers = workers;
    plan.isolate = isolate;
    assert_done(sna_neuron_run(&results, &plan));
    assert_false(sna_neuron_results_retried(results));
    return results;
}

static void results_do_not_depend_on_how_they_are_run(void **state)
{
    enum { JOBS = 7 };
    sna_neuron_results *reference = run_all(JOBS, 1, true);
    uint64_t spikes = 0;

    (void)state;
    for (unsigned workers = 1; workers <= 9; workers += 2) {
        sna_neuron_results *other = run_all(JOBS, workers, false);
        for (uint64_t job = 0; job < JOBS; job++) {
            uint64_t n, m;
            const double *a = sna_neuron_results_array(reference, job, "v", &n);
            const double *b = sna_neuron_results_array(other, job, "v", &m);
            assert_non_null(a);
            assert_non_null(b);
            assert_int_equal(n, 2001);
            assert_int_equal(m, 2001);
            assert_memory_equal(a, b, (size_t)n * sizeof *a);
            for (uint64_t i = 1; i < n; i++)
                spikes += a[i - 1] <= 0 && a[i] > 0;
        }
        sna_neuron_results_free(other);
    }
    assert_true(spikes > 0); /* it was worth comparing */
    sna_neuron_results_free(reference);
}

static void no_jobs_are_no_work(void **state)
{
    scenario good = {.steps = 10};
    sna_neuron_plan plan = plan_of(&good, 0);
    sna_neuron_results *results = NULL;

    (void)state;
    assert_done(sna_neuron_run(&results, &plan));
    assert_int_equal(sna_neuron_results_check(results, 0), SNA_ERANGE);
    sna_neuron_results_free(results);
}

/* AddressSanitizer keeps freed memory for a while. */
#ifdef __SANITIZE_ADDRESS__
#define ALLOWED_KIB "400000"
#else
#define ALLOWED_KIB "4096"
#endif

static void many_cells_come_and_go_without_growth(void **state)
{
    scenario cycles = {.prepare = "begintemplate Cycle\npublic soma\ncreate soma\n"
                                  "proc init() { soma { insert hh nseg = 5 } }\nendtemplate Cycle\n"
                                  "objref cycle_\nfunc resident_() { local kib localobj f, s, w\n"
                                  "    f = new File()\n"
                                  "    f.ropen(\"/proc/self/statm\")\n"
                                  "    f.scanvar()\n"
                                  "    kib = f.scanvar() * 4\n"
                                  "    f.close()\n"
                                  "    return kib\n}\n"
                                  "proc cycles_() { local i\n"
                                  "    for i = 1, $1 {\n"
                                  "        cycle_ = new Cycle()\n"
                                  "        finitialize(-65)\n"
                                  "        fadvance()\n"
                                  "    }\n}\n",
                       .statement =
                           "{ cycles_(200) }\nbefore_ = resident_()\n{ cycles_(1000) }\n"
                           "if (resident_() - before_ > " ALLOWED_KIB " + %llu) execerror(\"memory\", \"grows\")\n"};
    sna_neuron_plan plan = plan_of(&cycles, 1);
    sna_neuron_results *results = NULL;

    (void)state;
    assert_done(sna_neuron_run(&results, &plan));
    sna_neuron_results_free(results);
}

/* ---- what goes wrong, as NEURON does it ----------------------------------------------------------------------- */

static void bad_files_are_named_with_their_line(void **state)
{
    static const struct {
        const char *file, *part;
        int status;
    } cases[] = {
        {"syntax.hoc", "syntax.hoc:4: syntax error", SNA_EEXTERNAL},
        {"no_mechanism.hoc", "no_mechanism.hoc:5: there_is_no_such_mechanism is not a MECHANISM", SNA_EEXTERNAL},
        {"quit.hoc", "quit() in hoc or exit() in a mechanism was called", SNA_EEXTERNAL},
        {"not_there.hoc", "not_there.hoc: No such file", SNA_ENOTFOUND},
        /* In a file that this one loads; a template whose definition failed would crash NEURON when it is used. */
        {"loads_broken.hoc", "syntax.hoc:4: syntax error", SNA_EEXTERNAL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *folder = test_source_path("tests/models/hoc"), *path = NULL;
        scenario what;
        assert_done(sna_path_join(&path, folder, cases[i].file));
        what = (scenario){.hoc = path};
        expect_failure(&what, cases[i].status, cases[i].part);
        assert_contains(sna_error_message(), path);
        free(path);
        free(folder);
    }
}

static void run_time_errors_say_their_cause(void **state)
{
    char *path = test_source_path("tests/models/hoc/runtime.hoc");
    static const struct {
        const char *statement, *part;
    } cases[] = {
        {"objref c_\nc_ = new Runtime()\nc_.fail()\n", "object prefix is NULL"},
        {"objref c_\nc_ = new Nowhere_%llu()\n", "is not a template"},
        {"objref c_\nc_ = new Runtime()\nc_.soma { gnabar_hh = 3 }\n", "hh mechanism not inserted"},
        {"execerror(\"alas\", \"poor cell\")\n", "alas poor cell"},
        {"x_ = (%llu +\n", "syntax error"},
        {"objref c_\nc_ = new Runtime()\nx_ = c_.nothing\n", "nothing not a public member of Runtime"},
        /* Deep recursion is allowed, endless recursion is told. */
        {"func deep_() { if ($1 > 0) return deep_($1 - 1) return 7 }\n"
         "if (deep_(4000) != 7) execerror(\"not\", \"deep\")\nx_ = deep_(1e9)\n",
         "nested too deeply"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scenario what = {.hoc = path, .statement = cases[i].statement};
        expect_failure(&what, SNA_EEXTERNAL, cases[i].part);
    }
    free(path);
}

static void strange_paths_are_refused(void **state)
{
    scenario what = {.hoc = "relative.hoc"};

    (void)state;
    expect_failure(&what, SNA_EINVAL, "absolute path");
    what.hoc = "/tmp/a$b.hoc";
    expect_failure(&what, SNA_EINVAL, "quotes, backslashes, $");
}

static void mechanisms_that_misbehave_are_named(void **state)
{
    static const struct {
        int act;
        const char *part;
    } cases[] = {
        {1, "in the mechanism of misbehave.mod"},
        {3, "in the mechanism of misbehave.mod"},
        {4, "quit() in hoc or exit() in a mechanism was called"},
        {6, "the mechanism refuses because the test wants it"},
        {7, "quit() in hoc or exit() in a mechanism was called"},
        {8, "NEURON crashed (Segmentation fault) in a mechanism"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        /* Alone, and as one of several in a batch: the others deliver. */
        scenario what = {.act = cases[i].act, .steps = 400};
        sna_neuron_plan plan = plan_of(&what, 6);
        sna_neuron_results *results = NULL;

        expect_failure(&what, SNA_EEXTERNAL, cases[i].part);
        what.wrong_job = 4;
        assert_int_equal(sna_neuron_run(&results, &plan), SNA_EEXTERNAL);
        assert_contains(sna_error_message(), cases[i].part);
        assert_true(sna_neuron_results_retried(results));
        for (uint64_t job = 0; job < 6; job++) {
            uint64_t count;
            if (job == 4) {
                assert_int_equal(sna_neuron_results_check(results, job), SNA_EEXTERNAL);
                assert_contains(sna_error_message(), cases[i].part);
            } else {
                assert_done(sna_neuron_results_check(results, job));
                assert_non_null(sna_neuron_results_array(results, job, "v", &count));
                assert_int_equal(count, 401);
            }
        }
        sna_neuron_results_free(results);
    }
}

static void printed_text_is_kept(void **state)
{
    scenario what = {.act = 5, .steps = 400};
    sna_neuron_plan plan = plan_of(&what, 1);
    sna_neuron_results *results = NULL;

    (void)state;
    assert_done(sna_neuron_run(&results, &plan));
    assert_contains(sna_neuron_results_log(results), "said on stdout");
    assert_contains(sna_neuron_results_log(results), "said on stderr");
    sna_neuron_results_free(results);
}

static void not_a_number_is_an_error_with_variable_steps(void **state)
{
    scenario what = {.insert = "notanumber", .steps = 10, .atol = 1e-3};

    (void)state;
    expect_failure(&what, SNA_EEXTERNAL, "variable step integrator error");
}

/* With fixed steps NEURON goes on with NaN: the driver hands it over, protocols check for it. */
static void not_a_number_with_fixed_steps_is_visible(void **state)
{
    scenario what = {.insert = "notanumber", .steps = 40};
    sna_neuron_plan plan = plan_of(&what, 1);
    sna_neuron_results *results = NULL;
    const double *v;
    uint64_t count;

    (void)state;
    assert_done(sna_neuron_run(&results, &plan));
    v = sna_neuron_results_array(results, 0, "v", &count);
    assert_non_null(v);
    assert_true(isnan(v[count - 1]));
    sna_neuron_results_free(results);
}

static void input_graphics_and_python_do_no_harm(void **state)
{
    scenario what = {.statement = "objref g_\ng_ = new Graph()\n{ g_.begin() }\nload_file(\"nrngui.hoc\")\n"
                                  "{ xpanel(\"panel %llu\") xpanel() }\n"
                                  "{ nrnpython(\"import os\") }\n"};
    sna_neuron_plan plan = plan_of(&what, 1);
    sna_neuron_results *results = NULL;

    (void)state;
    assert_done(sna_neuron_run(&results, &plan));
    sna_neuron_results_free(results);
    what.statement = "x_ = fscan() + %llu\n"; /* standard input is empty */
    assert_int_not_equal(sna_neuron_run(&results, &plan), 0);
    sna_neuron_results_free(results);
}

static int eat_memory(sna_neuron *self, uint64_t first, uint64_t count, void *context)
{
    const struct rlimit two_gibibytes = {UINT64_C(1) << 31, UINT64_C(1) << 31};

    (void)first;
    (void)count;
    (void)context;
    if (setrlimit(RLIMIT_AS, &two_gibibytes) != 0)
        return sna_error(SNA_EIO, "no limit");
    return sna_neuron_execute(self, "objref big_\nbig_ = new Vector(1e9)\n");
}

/* 8.2 aborts, 9 raises an error. */
static void memory_that_is_not_there(void **state)
{
    scenario nothing = {0};
    sna_neuron_plan plan = plan_of(&nothing, 1);
    sna_neuron_results *results = NULL;

    (void)state;
    plan.run = eat_memory;
    assert_int_equal(sna_neuron_run(&results, &plan), SNA_EEXTERNAL);
    assert_true(strlen(sna_error_message()) > 0);
    sna_neuron_results_free(results);
}

static void mechanism_libraries_that_do_not_fit(void **state)
{
    scenario nothing = {0};
    sna_neuron_plan plan = plan_of(&nothing, 1);
    sna_neuron_results *results = NULL;
    sna_mechanism_library clash;
    const sna_mechanism_options options = {.neuron_library = neuron.library, .cache = cache};
    char *folder = test_source_path("tests/models/clash_mod"), *own = test_folder(), *text;
    const char *library, *source = folder;

    (void)state;
    assert_done(sna_mechanism_compile(&clash, &source, 1, &options));
    library = clash.path;
    plan.mechanisms = &library;
    assert_int_equal(sna_neuron_run(&results, &plan), SNA_EEXTERNAL);
    assert_contains(sna_error_message(), "the name `hh` is taken already");
    sna_neuron_results_free(results);
    sna_mechanism_library_free(&clash);

    /* The same library twice, by two names. */
    {
        const char *const twice[] = {mechanisms.path, mechanisms.path};
        plan.mechanisms = twice;
        plan.mechanism_count = 2;
        assert_int_equal(sna_neuron_run(&results, &plan), SNA_EEXTERNAL);
        assert_contains(sna_error_message(), "is taken already");
        sna_neuron_results_free(results);
    }
    plan.mechanism_count = 1;
    /* One that wants what this NEURON does not have, as the libraries of another version do. */
    library = SONATINA_BINARY_DIR "/tests/libfake_neuron_broken.so";
    plan.mechanisms = &library;
    assert_int_equal(sna_neuron_run(&results, &plan), SNA_EEXTERNAL);
    assert_contains(sna_error_message(), "was it built for another NEURON?");
    assert_contains(sna_error_message(), "a_function_that_nobody_has");
    sna_neuron_results_free(results);
    text = test_file(own, "text.so", "not a library\n");
    library = text;
    plan.mechanisms = &library;
    assert_int_equal(sna_neuron_run(&results, &plan), SNA_EEXTERNAL);
    assert_contains(sna_error_message(), "the mechanism library cannot be loaded");
    assert_contains(sna_error_message(), "text.so");
    sna_neuron_results_free(results);
    free(text);
    test_folder_remove(own);
    free(folder);
}

/* ---- time, stopping, orphans ---------------------------------------------------------------------------------- */

/* True when no process of this one's is left. */
static void check_no_children(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void the_time_limit_holds(void **state)
{
    char *path = test_source_path("tests/models/hoc/endless.hoc");
    scenario loading = {.hoc = path}, looping = {.statement = "while (%llu >= 0) { }\n"},
             stuck = {.act = 2, .steps = 400}, slow = {.steps = UINT64_C(4000000000)};
    scenario *cases[] = {&loading, &looping, &stuck, &slow};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sna_neuron_plan plan = plan_of(cases[i], 3);
        sna_neuron_results *results = NULL;
        const double started = sna_clock();
        plan.timeout = 0.7;
        assert_int_equal(sna_neuron_run(&results, &plan), SNA_ETIMEOUT);
        assert_contains(sna_error_message(), "the time limit of 0.7 s ran out while NEURON was");
        /* hoc loops and simulations obey the polite signal; a mechanism that spins is killed half a second later. */
        assert_true(sna_clock() - started < (i == 2 ? 3.0 : 2.0));
        sna_neuron_results_free(results);
        check_no_children();
    }
    free(path);
}

static void *cancel_soon(void *unused)
{
    (void)unused;
    (void)usleep(400000);
    sna_cancel();
    return NULL;
}

/* In a process of its own, because cancelling cannot be taken back. */
static void cancelling_leaves_no_process(void **state)
{
    int ended = 0;
    pid_t child;

    (void)state;
    (void)fflush(NULL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        scenario slow = {.steps = UINT64_C(4000000000)};
        sna_neuron_plan plan = plan_of(&slow, 3);
        sna_neuron_results *results = NULL;
        pthread_t thread;
        const double started = sna_clock();
        bool good = pthread_create(&thread, NULL, cancel_soon, NULL) == 0;
        good = sna_neuron_run(&results, &plan) == SNA_ECANCELLED && good;
        good = good && sna_clock() - started < 3 && waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD;
        sna_neuron_results_free(results);
        (void)pthread_join(thread, NULL);
        _exit(good ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_int_equal(ended, 0);
}

/* Processes whose environment holds a mark that this test gave them. */
static uint64_t count_marked(const char *mark)
{
    const char *const argv[] = {"sh", "-c", "grep -lsF \"$0\" /proc/[0-9]*/environ | wc -l", mark, NULL};
    sna_process search = {.output = SNA_STRING};
    uint64_t count = 0;

    /* grep itself has the mark as an argument, not in its environment. */
    assert_done(sna_process_run(&search, argv, NULL, NULL, NULL));
    assert_done(sna_unsigned_parse(&count, sna_string_text(&search.output)));
    sna_process_free(&search);
    return count;
}

/* /proc/PID/environ shows what a process was started with, so the mark is set by an exec: the test runs itself. */
static void a_killed_parent_takes_neuron_with_it(void **state)
{
    char mark[64];
    char path[4096];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    uint64_t seen = 0, left = 1;
    pid_t child;

    (void)state;
    assert_true(length > 0);
    path[length] = '\0';
    (void)snprintf(mark, sizeof mark, "SONATINA_TEST_MARK=%ld", (long)getpid());
    (void)fflush(NULL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)putenv(mark);
        (void)execl(path, path, "endless", mechanisms.path, (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 100 && seen < 4; i++) { /* program, loader, two workers */
        (void)usleep(50000);
        seen = count_marked(mark);
    }
    assert_int_equal(seen, 4);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    for (int i = 0; i < 100 && left > 0; i++) {
        (void)usleep(20000);
        left = count_marked(mark);
    }
    assert_int_equal(left, 0);
}

static int run_endless(const char *library)
{
    scenario slow = {.steps = UINT64_C(4000000000)};
    sna_neuron_plan plan = plan_of(&slow, 4);
    sna_neuron_results *results = NULL;

    plan.mechanisms = &library;
    plan.timeout = 60;
    return sna_neuron_run(&results, &plan);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hoc_takes_and_gives_values),
        cmocka_unit_test(results_do_not_depend_on_how_they_are_run),
        cmocka_unit_test(no_jobs_are_no_work),
        cmocka_unit_test(many_cells_come_and_go_without_growth),
        cmocka_unit_test(bad_files_are_named_with_their_line),
        cmocka_unit_test(run_time_errors_say_their_cause),
        cmocka_unit_test(strange_paths_are_refused),
        cmocka_unit_test(mechanisms_that_misbehave_are_named),
        cmocka_unit_test(printed_text_is_kept),
        cmocka_unit_test(not_a_number_is_an_error_with_variable_steps),
        cmocka_unit_test(not_a_number_with_fixed_steps_is_visible),
        cmocka_unit_test(input_graphics_and_python_do_no_harm),
        cmocka_unit_test(memory_that_is_not_there),
        cmocka_unit_test(mechanism_libraries_that_do_not_fit),
        cmocka_unit_test(the_time_limit_holds),
        cmocka_unit_test(cancelling_leaves_no_process),
        cmocka_unit_test(a_killed_parent_takes_neuron_with_it),
    };
    sna_mechanism_options options = {0};
    char *folder;
    const char *source;
    int failed;

    if (sna_neuron_find(&neuron, NULL) != 0) {
        print_message("skipped: %s\n", sna_error_message());
        return 77;
    }
    if (argc > 2 && strcmp(argv[1], "endless") == 0)
        return run_endless(argv[2]);
    cache = test_folder();
    folder = test_source_path("tests/models/mod");
    source = folder;
    options.neuron_library = neuron.library;
    options.cache = cache;
    if (sna_mechanism_compile(&mechanisms, &source, 1, &options) != 0) {
        print_message("skipped: %s\n", sna_error_message());
        return 77;
    }
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    sna_mechanism_library_free(&mechanisms);
    sna_neuron_installation_free(&neuron);
    test_folder_remove(cache);
    free(folder);
    return failed;
}
