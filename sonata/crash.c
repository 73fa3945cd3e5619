/* crash.c: crashes of libhdf5 on damaged files get a name. */
#include "sonata/crash.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* In the static part of thread-local storage: a signal handler must not be what allocates it. */
static _Thread_local sna_crash_mark mark __attribute__((tls_model("initial-exec")));

/* For the watch: counts up at each entry and each return, odd while HDF5 is at work. */
static _Thread_local volatile sig_atomic_t calls __attribute__((tls_model("initial-exec")));

void sna_crash_enter(const char *file, const char *place)
{
    (void)snprintf(mark.file, sizeof mark.file, "%s", file);
    (void)snprintf(mark.place, sizeof mark.place, "%s", place);
    sna_crash_enter_again();
}

void sna_crash_enter_again(void)
{
    calls = ((calls + 1) & 0xffff) | 1;
}

void sna_crash_leave(void)
{
    calls = ((calls | 1) + 1) & 0xffff;
}

void sna_crash_forget(void)
{
    mark.file[0] = mark.place[0] = '\0';
    sna_crash_leave();
}

static const struct {
    int number;
    const char *name;
} signals[] = {{SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGFPE, "SIGFPE"}, {SIGILL, "SIGILL"}, {SIGABRT, "SIGABRT"}};

enum { SIGNALS = sizeof signals / sizeof *signals };

const char *sna_crash_name(int signal_number)
{
    for (size_t i = 0; i < SIGNALS; i++)
        if (signals[i].number == signal_number)
            return signals[i].name;
    return "a signal";
}

static struct {
    sna_crash_report *report;
    int exit_status;
} handler;

static void on_crash(int signal_number)
{
    if (mark.file[0] != '\0') {
        handler.report(signal_number, &mark);
        _exit(handler.exit_status);
    }
    /* The default action is in place again: the signal comes once more when this returns. */
    (void)raise(signal_number);
}

void sna_crash_catch(sna_crash_report *report, int exit_status)
{
    /* A stack of its own: endless recursion leaves none. */
    static char stack[65536];
    const stack_t own = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = (int)(SA_RESETHAND | SA_ONSTACK)};

    handler.report = report;
    handler.exit_status = exit_status;
    (void)sigaltstack(&own, NULL);
    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SIGNALS; i++)
        (void)sigaction(signals[i].number, &action, NULL);
}

static unsigned patience; /* seconds */

static void on_tick(int signal_number)
{
    static sig_atomic_t last;
    static unsigned ticks;

    ticks = calls == last && (calls & 1) != 0 ? ticks + 1 : 0;
    last = calls;
    if (ticks >= patience)
        on_crash(signal_number);
}

void sna_crash_watch(unsigned seconds)
{
    struct sigaction action = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
    const struct itimerval every = {{1, 0}, {1, 0}};

    patience = seconds;
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGVTALRM, &action, NULL);
    (void)setitimer(ITIMER_VIRTUAL, &every, NULL);
}

/* ---- for programs ------------------------------------------------------------------------------------------- */

static void put(const char *text)
{
    const size_t length = strlen(text);

    if (write(STDERR_FILENO, text, length) != (ssize_t)length)
        return; /* there is nobody to tell */
}

static void explain(int signal_number, const sna_crash_mark *at)
{
    put("sonatina: ");
    put(at->file);
    if (at->place[0] != '\0') {
        put(": ");
        put(at->place);
    }
    put(": the HDF5 library crashed (");
    put(sna_crash_name(signal_number));
    put(") when this was read: the file is damaged; restore it, or find the damage with `sonatina network validate`\n");
}

void sna_crash_explain(int exit_status)
{
    sna_crash_catch(explain, exit_status);
}
