/* guard.c: what makes a NEURON process harmless: it ends with its parent, leaves no core file, reports its own crash,
 * obeys SIGTERM, and does not take part in an exit() that a model asks for. */
#include "internal.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static sna_neuron *guarded;
static volatile sig_atomic_t stop_asked;

static const int CRASHES[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

static void append(char *text, size_t *length, const char *more)
{
    while (*more != '\0' && *length + 1 < SNA_FRAME_TEXT_SIZE)
        text[(*length)++] = *more++;
    text[*length] = '\0';
}

static void append_hexadecimal(char *text, size_t *length, uintptr_t value)
{
    char digits[2 * sizeof value + 1];
    size_t n = sizeof digits - 1;

    digits[n] = '\0';
    do {
        digits[--n] = "0123456789abcdef"[value & 15];
        value >>= 4;
    } while (value != 0 && n > 0);
    append(text, length, digits + n);
}

/* Sends the call stack as places inside libraries; the parent, which is sound, finds the names. Nothing here
 * allocates. */
static void on_crash(int signal_number)
{
    void *address[48];
    const int count = backtrace(address, 48);
    static char text[SNA_FRAME_TEXT_SIZE];
    size_t length = 0;

    text[0] = '\0';
    for (int i = 0; i < count; i++) {
        Dl_info place;
        if (dladdr(address[i], &place) == 0 || place.dli_fname == NULL)
            continue;
        append_hexadecimal(text, &length, (uintptr_t)address[i] - (uintptr_t)place.dli_fbase);
        append(text, &length, " ");
        append(text, &length, place.dli_fname);
        append(text, &length, "\n");
    }
    if (guarded != NULL)
        sna_neuron_send(guarded, SNA_FRAME_CRASH, signal_number, 0, text);
    (void)signal(signal_number, SIG_DFL);
    (void)raise(signal_number);
}

static void on_terminate(int signal_number)
{
    (void)signal_number;
    stop_asked = 1;
    if (guarded != NULL && guarded->backend.stop_run != NULL)
        *guarded->backend.stop_run = 1;
    if (guarded != NULL && guarded->backend.interrupt != NULL)
        *guarded->backend.interrupt = 1;
}

/* Our own processes leave by _exit: who comes here was sent by a model. Leaving at once also keeps the exit handlers of
 * the program that we were forked from, which were registered earlier, from running twice. */
static void on_exit_call(void)
{
    if (guarded != NULL) {
        sna_neuron_send(guarded, SNA_FRAME_EXIT, 0, 0, NULL);
        _exit(SNA_EXIT_REPORTED);
    }
}

void sna_guard_process(sna_neuron *neuron, pid_t parent)
{
    static char other_stack[65536]; /* a stack overflow is a crash too */
    static bool registered;
    const stack_t stack = {.ss_sp = other_stack, .ss_size = sizeof other_stack};
    const struct rlimit none = {0, 0};
    struct sigaction crash = {.sa_handler = on_crash}, terminate = {.sa_handler = on_terminate};
    void *warm_up[2];

    guarded = neuron;
    /* The one reliable way not to outlive a parent that is killed. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(SNA_EXIT_REPORTED);
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)sigaltstack(&stack, NULL);
    (void)backtrace(warm_up, 2); /* loads what it needs now, not in the handler */
    crash.sa_flags = (int)((unsigned)SA_ONSTACK | (unsigned)SA_RESETHAND | (unsigned)SA_NODEFER);
    for (size_t i = 0; i < sizeof CRASHES / sizeof *CRASHES; i++)
        (void)sigaction(CRASHES[i], &crash, NULL);
    (void)sigaction(SIGTERM, &terminate, NULL);
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGPIPE, SIG_DFL);
    if (!registered) {
        registered = true;
        (void)atexit(on_exit_call);
    }
}

bool sna_guard_stopped(void)
{
    return stop_asked != 0;
}
