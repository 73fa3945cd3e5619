/* fake_neuron.c: a shared library that looks like NEURON to the driver, so that what the driver does can be tested
 * without it, and what no real NEURON does can be tested at all. FAKE_NEURON is 8 or 9: the names it exports. It
 * understands a few words instead of hoc: see run(). */
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    const char *name;
    void (*function)(void);
} hoc_function;

/* The real library leaves this to the program, too. */
void modl_reg(void);

/* What is read from the file without loading it. */
extern const char fake_version[];
#if FAKE_NEURON == 8
const char fake_version[] = "\0"
                            "8.2.99-fake"
                            "\0"
                            "VERSION %s %s (%s)";
#else
const char fake_version[] = "nothing of the kind";
#endif

/* One of the entry points can be left out. */
#define NOTHING 0
#define PRINT 1
#define STATEMENT 2
#define REGISTER 3
#ifndef FAKE_WITHOUT
#define FAKE_WITHOUT NOTHING
#endif

extern int nrn_nobanner_, nrn_noauto_dlopen_nrnmech, hoc_intset, stoprun;
int nrn_nobanner_, nrn_noauto_dlopen_nrnmech, hoc_intset, stoprun;

static int (*print_callback)(int stream, char *text);
static hoc_function *functions;
static double number, now, vector[1000000];
static int vector_count = 3;
static char argument[4096];

static void say(const char *text)
{
    char copy[8192];

    (void)snprintf(copy, sizeof copy, "%s", text);
    if (print_callback != NULL)
        (void)print_callback(1, copy);
}

static void call(const char *name)
{
    for (const hoc_function *f = functions; f != NULL && f->name != NULL; f++) {
        if (strcmp(f->name, name) == 0)
            f->function();
    }
}

/* The words. True: it went well. */
static bool run(const char *text)
{
    volatile int *nowhere = NULL;
    const char *at;

    hoc_intset = 0;
    if (strstr(text, "crash") != NULL)
        *nowhere = 1;
    if (strstr(text, "abort") != NULL)
        abort();
    if (strstr(text, "leave") != NULL)
        exit(0);
    if (strstr(text, "vanish") != NULL)
        _exit(0);
    if (strstr(text, "kill") != NULL)
        (void)raise(SIGKILL);
    if (strstr(text, "obedient loop") != NULL) {
        while (!hoc_intset)
            (void)usleep(1000);
        say("sonatina: interrupted\n near line 1\n");
        return false;
    }
    if (strstr(text, "stubborn loop") != NULL) {
        for (;;)
            (void)usleep(1000);
    }
    if (strstr(text, "background") != NULL && fork() == 0) {
        (void)signal(SIGTERM, SIG_IGN);
        (void)sleep(60);
        _exit(0);
    }
    if (strstr(text, "wrong in file") != NULL) {
        say("sonatina: it is wrong\n in cell.hoc near line 12\n source\n ^\n");
        return false;
    }
    if (strstr(text, "wrong here") != NULL) {
        say("before\nsonatina: it is wrong here\n near line 1\n wrong here\n ^\n");
        return false;
    }
    if (strstr(text, "cause above") != NULL) {
        say("the cause stands above\nsonatina: \n near line 1\n");
        return false;
    }
    if (strstr(text, "cause on stderr") != NULL) {
        (void)fprintf(stderr, "the cause is on stderr\n");
        say("sonatina: \n near line 1\n");
        return false;
    }
    if (strstr(text, "silently") != NULL)
        return false;
    if (strstr(text, "shout") != NULL) {
        for (int i = 0; i < 20000; i++)
            (void)printf("a long line of raw output number %d\n", i);
        (void)printf("the last line\n");
        (void)fflush(stdout);
        for (int i = 0; i < 20000; i++)
            say("a long line of printed output\n");
    }
    at = strstr(text, "(");
    if (strncmp(text, "{sna_steps_(", 12) == 0) {
        now += 0.025 * atof(text + 12);
    } else if (strncmp(text, "{sna_number_(", 13) == 0) {
        at = text + 13;
        number = strncmp(at, "dt", 2) == 0               ? 0.025
                 : strncmp(at, "t)", 2) == 0             ? now
                 : strncmp(at, "celsius", 7) == 0        ? 6.3
                 : strncmp(at, "v_init", 6) == 0         ? -65
                 : strstr(at, "missing.hoc") != NULL     ? 0
                 : strncmp(at, "load_file", 9) == 0      ? 1
                 : strncmp(at, "nrn_load_dll", 12) == 0  ? 1
                 : strncmp(at, "name_declared", 13) == 0 ? 1
                                                         : atof(at);
        if (strstr(at, "missing.hoc") != NULL)
            say("Couldn't find: missing.hoc\n");
        call("sna_number_");
    } else if (strncmp(text, "{sna_text_(", 11) == 0) {
        (void)snprintf(argument, sizeof argument, "%s", strstr(text, "nrnversion") != NULL ? "99.1-fake" : "some text");
        call("sna_text_");
    } else if (strncmp(text, "{sna_vector_(", 13) == 0) {
        call("sna_vector_");
    } else if (strncmp(text, "{sna_fill_(", 11) == 0) {
        call("sna_fill_");
    } else if (at != NULL && strstr(text, ".resize(") != NULL) {
        vector_count = atoi(strstr(text, ".resize(") + 8);
    }
    return true;
}

/* ---- the names ------------------------------------------------------------------------------------------------ */

#if FAKE_NEURON == 8
#define SESSION __asm__("_Z16ivocmain_sessioniPPKcS1_i")
#define STATEMENT_NAME __asm__("_Z14hoc_valid_stmtPKcP6Object")
#define REGISTER_NAME __asm__("hoc_register_var")
#define NUMBER_NAME __asm__("hoc_getarg")
#define TEXT_NAME __asm__("hoc_gargstr")
#define VECTOR_NAME __asm__("vector_arg_px")
#define RETURN_NAME __asm__("hoc_retpushx")
extern int nrn_is_python_extension;
int nrn_is_python_extension;
#else
#define SESSION __asm__("nrn_init")
#define STATEMENT_NAME __asm__("nrn_hoc_call")
#define REGISTER_NAME __asm__("_Z16hoc_register_varP8DoubScalP7DoubVecP8VoidFunc")
#define NUMBER_NAME __asm__("nrn_getarg")
#define TEXT_NAME __asm__("nrn_gargstr")
#define VECTOR_NAME __asm__("_Z13vector_arg_pxiPPd")
#define RETURN_NAME __asm__("_Z12hoc_retpushxd")
#endif

static int start(int argc, const char **argv)
{
    modl_reg();
    /* What the real one insists on. */
    if (argc < 1 || argv[argc] != NULL || !nrn_nobanner_ || !nrn_noauto_dlopen_nrnmech)
        return 1;
    return getenv("FAKE_NEURON_REFUSES") != NULL ? 7 : 0;
}

#if FAKE_NEURON == 8
int fake_session(int argc, const char **argv, const char **environment, int go) SESSION;
int fake_session(int argc, const char **argv, const char **environment, int go)
{
    (void)environment;
    return go != 0 ? 1 : start(argc, argv);
}
#else
int fake_session(int argc, const char **argv) SESSION;
int fake_session(int argc, const char **argv)
{
    return start(argc, argv);
}
#endif

#if FAKE_WITHOUT == STATEMENT
#undef STATEMENT_NAME
#define STATEMENT_NAME __asm__("a_name_that_nobody_knows")
#endif
#if FAKE_NEURON == 8
bool fake_statement(const char *text, void *object) STATEMENT_NAME;
bool fake_statement(const char *text, void *object)
{
    (void)object;
    return run(text);
}
#else
int fake_statement(const char *text) STATEMENT_NAME;
int fake_statement(const char *text)
{
    return run(text) ? 0 : 1;
}
#endif

#if FAKE_WITHOUT != PRINT
void nrnpy_set_pr_etal(int (*print)(int, char *), int (*pass)(void));
void nrnpy_set_pr_etal(int (*print)(int, char *), int (*pass)(void))
{
    (void)pass;
#if FAKE_NEURON == 8
    if (nrn_is_python_extension == 0)
        return;
#endif
    print_callback = print;
}
#endif

#if FAKE_WITHOUT != REGISTER
void fake_register(void *scalars, void *vectors, hoc_function *list) REGISTER_NAME;
void fake_register(void *scalars, void *vectors, hoc_function *list)
{
    (void)scalars;
    (void)vectors;
    functions = list;
}
#endif

double *fake_number(int index) NUMBER_NAME;
double *fake_number(int index)
{
    (void)index;
    return &number;
}

char *fake_text(int index) TEXT_NAME;
char *fake_text(int index)
{
    (void)index;
    return argument;
}

int fake_vector(int index, double **value) VECTOR_NAME;
int fake_vector(int index, double **value)
{
    (void)index;
    *value = vector;
    return vector_count;
}

void fake_return(double value) RETURN_NAME;
void fake_return(double value)
{
    (void)value;
}
