/* process.c: run another program to its end. */
#include "base.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int sna_process_find(char **out, const char *program)
{
    int status = 0;
    sna_list folders = SNA_LIST;
    const char *search = getenv("PATH");

    *out = NULL;
    if (strchr(program, '/') != NULL) {
        if (access(program, X_OK) == 0)
            status = sna_text_copy(out, program);
        goto out;
    }
    status = sna_list_split(&folders, search == NULL ? "/usr/local/bin:/usr/bin:/bin" : search, ':');
    for (uint64_t i = 0; i < folders.count && status == 0 && *out == NULL; i++) {
        char *path = NULL;
        status = sna_path_join(&path, folders.text[i], program);
        if (status == 0 && access(path, X_OK) == 0)
            *out = path;
        else
            free(path);
    }
out:
    if (status == 0 && *out == NULL)
        status = sna_error(SNA_EMISSING, "the program `%s` is not installed (not on PATH)", program);
    sna_list_free(&folders);
    return status;
}

/* In the child, between fork and exec: only async-signal-safe calls. */
static void become(const char *path, const char *const *argv, const char *folder, char **environment, int input,
                   int output, int report)
{
    int error;

    if (dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 && dup2(output, STDERR_FILENO) >= 0 &&
        (folder == NULL || chdir(folder) == 0)) {
        (void)signal(SIGPIPE, SIG_DFL);
        /* execve wants char *const *; it does not write to the texts. */
        (void)execve(path, (char *const *)(uintptr_t)argv, environment);
    }
    error = errno;
    if (write(report, &error, sizeof error) != (ssize_t)sizeof error)
        _exit(126);
    _exit(127);
}

/* The parent's environment with the given settings in front (the first of a name counts for getenv). */
static int make_environment(char ***out, const char *const *settings)
{
    int status = 0;
    uint64_t own = 0, added = 0, n = 0;

    while (environ[own] != NULL)
        own++;
    while (settings != NULL && settings[added] != NULL)
        added++;
    status = sna_allocate(out, own + added + 1, sizeof **out);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < added; i++)
        (*out)[n++] = (char *)(uintptr_t)settings[i];
    for (uint64_t i = 0; i < own; i++) {
        bool replaced = false;
        const size_t name = strcspn(environ[i], "=") + 1;
        for (uint64_t k = 0; k < added; k++)
            replaced = replaced || strncmp(settings[k], environ[i], name) == 0;
        if (!replaced)
            (*out)[n++] = environ[i];
    }
out:
    return status;
}

/* Feeds the input and collects the output until the child closes its end. */
static int exchange(sna_process *out, const char *argv0, int input, int output, const char *text)
{
    int status = 0;
    const char *left = text == NULL ? "" : text;
    size_t count = strlen(left);
    char block[16384];

    for (;;) {
        struct pollfd wait[2] = {{.fd = output, .events = POLLIN}, {.fd = count > 0 ? input : -1, .events = POLLOUT}};

        if (count == 0 && input >= 0) {
            (void)close(input);
            input = -1;
            wait[1].fd = -1;
        }
        status = sna_check_cancelled();
        if (status != 0)
            break;
        if (poll(wait, 2, 200) < 0) {
            if (errno == EINTR)
                continue;
            status = sna_error(SNA_EIO, "%s: waiting for it failed: %s", argv0, strerror(errno));
            break;
        }
        if (wait[1].revents != 0) {
            const ssize_t written = write(input, left, count);
            if (written > 0) {
                left += written;
                count -= (size_t)written;
            } else if (written < 0 && errno != EINTR && errno != EAGAIN) {
                count = 0; /* it does not want the rest: its own status tells why */
            }
        }
        if (wait[0].revents != 0) {
            const ssize_t got = read(output, block, sizeof block);
            if (got == 0)
                break;
            if (got > 0) {
                status = sna_string_append_bytes(&out->output, block, (uint64_t)got);
                if (status != 0)
                    break;
            } else if (errno != EINTR && errno != EAGAIN) {
                status = sna_error(SNA_EIO, "%s: reading its output failed: %s", argv0, strerror(errno));
                break;
            }
        }
    }
    if (input >= 0)
        (void)close(input);
    return status;
}

static void close_pair(int pair[2])
{
    for (int i = 0; i < 2; i++) {
        if (pair[i] >= 0)
            (void)close(pair[i]);
        pair[i] = -1;
    }
}

int sna_process_run(sna_process *out, const char *const *argv, const char *folder, const char *const *environment,
                    const char *input)
{
    int status = 0, exec_error = 0, ended = 0;
    int to[2] = {-1, -1}, from[2] = {-1, -1}, report[2] = {-1, -1};
    char *path = NULL, **settings = NULL;
    pid_t child = -1;
    struct sigaction ignore = {.sa_handler = SIG_IGN}, old_pipe;
    bool pipe_ignored = false;

    *out = (sna_process){.output = SNA_STRING, .exit_status = -1};
    status = sna_process_find(&path, argv[0]);
    if (status == 0)
        status = make_environment(&settings, environment);
    if (status != 0)
        goto out;
    if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0 || pipe2(report, O_CLOEXEC) != 0) {
        status = sna_error(SNA_EIO, "%s: no pipe for it: %s", argv[0], strerror(errno));
        goto out;
    }
    pipe_ignored = sigaction(SIGPIPE, &ignore, &old_pipe) == 0;
    (void)fflush(NULL);
    child = fork();
    if (child < 0) {
        status = sna_error(SNA_EIO, "%s: no process for it: %s", argv[0], strerror(errno));
        goto out;
    }
    if (child == 0)
        become(path, argv, folder, settings, to[0], from[1], report[1]);
    /* A long input is written bit by bit, so that the output can be read meanwhile. */
    (void)fcntl(to[1], F_SETFL, O_NONBLOCK);
    (void)close(to[0]);
    (void)close(from[1]);
    (void)close(report[1]);
    to[0] = from[1] = report[1] = -1;
    status = exchange(out, argv[0], to[1], from[0], input);
    to[1] = -1;
    if (status != 0)
        (void)kill(child, SIGTERM);
    if (read(report[0], &exec_error, sizeof exec_error) != (ssize_t)sizeof exec_error)
        exec_error = 0;
    while (waitpid(child, &ended, 0) < 0 && errno == EINTR) {
    }
    if (status != 0)
        goto out;
    if (exec_error != 0) {
        status = sna_error(SNA_EIO, "%s: %s", folder != NULL && exec_error == ENOENT ? folder : argv[0],
                           strerror(exec_error));
        goto out;
    }
    if (WIFEXITED(ended))
        out->exit_status = WEXITSTATUS(ended);
    else
        out->signal = WTERMSIG(ended);
out:
    if (pipe_ignored)
        (void)sigaction(SIGPIPE, &old_pipe, NULL);
    close_pair(to);
    close_pair(from);
    close_pair(report);
    free(settings);
    free(path);
    return status;
}

void sna_process_free(sna_process *self)
{
    sna_string_free(&self->output);
}
