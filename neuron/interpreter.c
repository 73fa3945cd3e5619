/* interpreter.c: hoc statements in, values and errors out. */
#include "internal.h"

#include <dlfcn.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What the C functions that hoc can call leave here for the function that called hoc. NEURON has global state, so there
 * is one interpreter in a process. */
static struct {
    sna_neuron *neuron;
    bool called;
    double number;
    char *text;
    const double *vector;
    uint64_t vector_count;
    const double *source;
    uint64_t source_count;
    bool out_of_memory;
} mailbox;

enum { PRINTED_MOST = 1 << 18, PRINTED_KEPT = 1 << 16, CHUNK_MS = 50 };

/* hoc prints errors here too, at the end: when there is very much text the last part is kept. */
static int on_print(int stream, char *text)
{
    (void)stream;
    if (mailbox.neuron != NULL && text != NULL) {
        sna_string *printed = &mailbox.neuron->printed;
        if (printed->length > PRINTED_MOST) {
            memmove(printed->text, printed->text + printed->length - PRINTED_KEPT, PRINTED_KEPT + 1);
            printed->length = PRINTED_KEPT;
        }
        if (sna_string_append(printed, text) != 0)
            mailbox.out_of_memory = true;
    }
    return 0;
}

static void take_number(void)
{
    mailbox.number = *mailbox.neuron->backend.number_argument(1);
    mailbox.called = true;
    mailbox.neuron->backend.return_number(0);
}

static void take_text(void)
{
    const char *text = mailbox.neuron->backend.text_argument(1);

    free(mailbox.text);
    mailbox.text = NULL;
    if (sna_text_copy(&mailbox.text, text == NULL ? "" : text) != 0)
        mailbox.out_of_memory = true;
    mailbox.called = true;
    mailbox.neuron->backend.return_number(0);
}

static void take_vector(void)
{
    double *value = NULL;
    const int count = mailbox.neuron->backend.vector_argument(1, &value);

    mailbox.vector = value;
    mailbox.vector_count = count > 0 ? (uint64_t)count : 0;
    mailbox.called = true;
    mailbox.neuron->backend.return_number(0);
}

static void fill_vector(void)
{
    double *value = NULL;
    const int count = mailbox.neuron->backend.vector_argument(1, &value);

    if (count >= 0 && (uint64_t)count == mailbox.source_count) {
        if (count > 0)
            memcpy(value, mailbox.source, (size_t)count * sizeof *value);
        mailbox.called = true;
    }
    mailbox.neuron->backend.return_number(0);
}

static sna_hoc_function FUNCTIONS[] = {{"sna_number_", take_number},
                                       {"sna_text_", take_text},
                                       {"sna_vector_", take_vector},
                                       {"sna_fill_", fill_vector},
                                       {NULL, NULL}};

void sna_neuron_send(const sna_neuron *self, sna_frame_kind kind, int code, double value, const char *text)
{
    sna_frame frame;
    const size_t length = text == NULL ? 0 : strnlen(text, SNA_FRAME_TEXT_SIZE - 1);

    memset(&frame, 0, offsetof(sna_frame, text));
    frame.kind = (uint32_t)kind;
    frame.code = code;
    frame.first = self->first;
    frame.count = self->count;
    frame.value = value;
    if (length > 0)
        memcpy(frame.text, text, length);
    frame.text[length] = '\0';
    while (send(self->channel, &frame, offsetof(sna_frame, text) + length + 1, MSG_NOSIGNAL) < 0) {
        if (errno != EINTR)
            _exit(SNA_EXIT_REPORTED); /* nobody listens any more */
    }
}

/* ---- statements ----------------------------------------------------------------------------------------------- */

/* hoc prints
 *     sonatina: cause
 *      in file.hoc near line 4       (" near line 1" for a statement)
 *      the source line
 *             ^
 *             xopen("file.hoc")      (the hoc call stack)
 * Cause, file and line become the error. `path` (NULL: none) is a file that was being loaded: hoc knows only the last
 * part of its name. */
static int raise_hoc_error(sna_neuron *self, const char *statement, const char *path)
{
    const char *text = sna_string_text(&self->printed), *cause = strstr(text, "sonatina: "), *in, *line;
    int cause_length, shown = (int)strcspn(statement, "\n");

    if (sna_guard_stopped())
        return sna_error(SNA_ECANCELLED, "NEURON was told to stop");
    if (cause == NULL) {
        if (text[0] != '\0')
            return sna_error(SNA_EEXTERNAL, "hoc failed at `%.*s`: %.*s", shown > 200 ? 200 : shown, statement,
                             (int)strcspn(text, "\n"), text);
        return sna_error(SNA_EEXTERNAL, "hoc failed at `%.*s` without saying why", shown > 200 ? 200 : shown,
                         statement);
    }
    cause += strlen("sonatina: ");
    cause_length = (int)strcspn(cause, "\n");
    while (cause_length > 0 && cause[cause_length - 1] == ' ')
        cause_length--;
    in = cause + strcspn(cause, "\n");
    if (cause_length == 0) {
        /* Some causes are printed as a line of their own before the error, or straight to stderr, which the parent
         * reads. */
        const char *start = strstr(text, "sonatina: "), *end = start;
        while (end > text && end[-1] == '\n')
            end--;
        cause = end;
        while (cause > text && cause[-1] != '\n')
            cause--;
        cause_length = (int)(end - cause);
        self->cause_on_stderr = cause_length == 0;
    }
    if (strncmp(in, "\n in ", 5) == 0) {
        in += 5;
        line = strstr(in, " near line ");
        if (line != NULL && line < in + strcspn(in, "\n")) {
            const int file = (int)(line - in);
            const long number = strtol(line + strlen(" near line "), NULL, 10);
            const char *name = path == NULL ? "" : sna_path_name(path);
            if ((int)strlen(name) == file && strncmp(in, name, (size_t)file) == 0)
                return sna_error(SNA_EEXTERNAL, "%s:%ld: %.*s", path, number, cause_length, cause);
            return sna_error(SNA_EEXTERNAL, "%.*s:%ld: %.*s", file, in, number, cause_length, cause);
        }
    }
    return sna_error(SNA_EEXTERNAL, "%.*s", cause_length, cause);
}

/* Whether hoc has reported an error in a file, though what ran came to its end: a file that is loaded by another fails
 * for itself, and goes on. */
static bool has_told_of_error(const sna_neuron *self)
{
    const char *at = sna_string_text(&self->printed);

    while ((at = strstr(at, "sonatina: ")) != NULL) {
        const char *in = at + strcspn(at, "\n"),
                   *line = strncmp(in, "\n in ", 5) == 0 ? strstr(in, " near line ") : NULL;
        if (line != NULL && line < in + 1 + strcspn(in + 1, "\n"))
            return true;
        at = in;
    }
    return false;
}

static int execute(sna_neuron *self, const char *text)
{
    bool good;

    self->cause_on_stderr = false;
    self->printed.length = 0;
    if (self->printed.text != NULL)
        self->printed.text[0] = '\0';
    mailbox.out_of_memory = false;
    if (sna_guard_stopped())
        return sna_error(SNA_ECANCELLED, "NEURON was told to stop");
    good = self->backend.valid_statement != NULL ? self->backend.valid_statement(text, NULL)
                                                 : self->backend.call(text) == 0;
    if (!good)
        return raise_hoc_error(self, text, self->loading);
    if (mailbox.out_of_memory)
        return sna_error(SNA_ENOMEM, "out of memory for the output of NEURON");
    return 0;
}

int sna_neuron_execute(sna_neuron *self, const char *format, ...)
{
    int status = 0;
    va_list arguments;
    char *text = NULL;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
        status = sna_error(SNA_ENOMEM, "out of memory");
    }
    va_end(arguments);
    if (status == 0)
        status = execute(self, text);
    free(text);
    return status;
}

/* Runs {function(expression)}; the function must have been reached. */
static int evaluate(sna_neuron *self, const char *function, const char *expression)
{
    int status = 0;

    mailbox.called = false;
    status = sna_neuron_execute(self, "{%s(%s)}", function, expression);
    if (status == 0 && !mailbox.called)
        status = sna_error(SNA_EEXTERNAL, "hoc has no value for `%.200s`", expression);
    return status;
}

int sna_neuron_number(sna_neuron *self, double *out, const char *format, ...)
{
    int status = 0;
    va_list arguments;
    char *expression = NULL;

    *out = NAN;
    va_start(arguments, format);
    if (vasprintf(&expression, format, arguments) < 0) {
        expression = NULL;
        status = sna_error(SNA_ENOMEM, "out of memory");
    }
    va_end(arguments);
    if (status == 0)
        status = evaluate(self, "sna_number_", expression);
    if (status == 0)
        *out = mailbox.number;
    free(expression);
    return status;
}

int sna_neuron_text(sna_neuron *self, char **out, const char *format, ...)
{
    int status = 0;
    va_list arguments;
    char *expression = NULL;

    *out = NULL;
    va_start(arguments, format);
    if (vasprintf(&expression, format, arguments) < 0) {
        expression = NULL;
        status = sna_error(SNA_ENOMEM, "out of memory");
    }
    va_end(arguments);
    if (status == 0)
        status = evaluate(self, "sna_text_", expression);
    if (status == 0)
        status = sna_text_copy(out, mailbox.text);
    free(expression);
    return status;
}

int sna_neuron_vector(sna_neuron *self, const double **value, uint64_t *count, const char *expression)
{
    int status = 0;

    *value = NULL;
    *count = 0;
    status = evaluate(self, "sna_vector_", expression);
    if (status == 0) {
        *value = mailbox.vector;
        *count = mailbox.vector_count;
    }
    return status;
}

int sna_neuron_fill_vector(sna_neuron *self, const char *name, const double *value, uint64_t count)
{
    int status = 0;

    mailbox.source = value;
    mailbox.source_count = count;
    status = sna_neuron_execute(self, "{%s.resize(%llu)}", name, (unsigned long long)count);
    if (status == 0)
        status = evaluate(self, "sna_fill_", name);
    return status;
}

/* ---- files ---------------------------------------------------------------------------------------------------- */

static int check_path(const char *path)
{
    if (path[0] != '/')
        return sna_error(SNA_EINVAL, "%s: NEURON needs the absolute path", path);
    if (strpbrk(path, "\"\\$\n\r") != NULL)
        return sna_error(SNA_EINVAL, "%s: NEURON cannot read from a path with quotes, backslashes, $ or line breaks",
                         path);
    return 0;
}

int sna_neuron_load_hoc(sna_neuron *self, const char *path)
{
    int status = 0;
    double loaded = 0;

    status = check_path(path);
    if (status != 0)
        goto out;
    if (access(path, R_OK) != 0) {
        status = sna_error(SNA_ENOTFOUND, "%s: %s", path, strerror(errno));
        goto out;
    }
    sna_neuron_doing(self, "loading %s", path);
    /* An error inside the file shows in 8.2 only as the value 0; 9 raises it. */
    self->loading = path;
    status = sna_neuron_number(self, &loaded, "load_file(\"%s\")", path);
    if (status == 0 && (loaded != 1 || has_told_of_error(self)))
        status = raise_hoc_error(self, "load_file", path);
    self->loading = NULL;
    if (status == SNA_EEXTERNAL && strstr(sna_error_message(), path) == NULL)
        status = sna_error_in(status, "%s", path);
out:
    return status;
}

int sna_neuron_load_mechanisms(sna_neuron *self, const char *path)
{
    int status = 0;
    double loaded = 0;
    void *handle;

    status = check_path(path);
    if (status != 0)
        goto out;
    sna_neuron_doing(self, "loading the mechanisms %s", path);
    /* First by ourselves, because NEURON does not pass the reason of a failure on. */
    handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        status = sna_error(access(path, F_OK) != 0 ? SNA_ENOTFOUND : SNA_EEXTERNAL,
                           "the mechanism library cannot be loaded (was it built for another NEURON?): %s", dlerror());
        goto out;
    }
    if (dlsym(handle, "modl_reg") == NULL) {
        status = sna_error(SNA_EEXTERNAL, "%s is not a library of NEURON mechanisms: it has no modl_reg", path);
        goto out;
    }
    status = sna_neuron_number(self, &loaded, "nrn_load_dll(\"%s\")", path);
    if (status == 0 && loaded != 1)
        status = raise_hoc_error(self, "nrn_load_dll", NULL);
    if (status == SNA_EEXTERNAL && strstr(sna_error_message(), "already exists") != NULL) {
        const char *name = strrchr(sna_error_message(), ' ') + 1;
        char taken[128];
        (void)snprintf(taken, sizeof taken, "%s", name);
        status = sna_error(SNA_EEXTERNAL,
                           "the mechanisms cannot be loaded: the name `%s` is taken already, by another mod file, by "
                           "NEURON itself or by hoc (%s)",
                           taken, path);
    }
out:
    return status;
}

/* ---- running -------------------------------------------------------------------------------------------------- */

static void report_progress(sna_neuron *self, double ms)
{
    self->unreported += ms * (double)(self->count > 0 ? self->count : 1);
    sna_neuron_send(self, SNA_FRAME_PROGRESS, 0, self->unreported, NULL);
    self->unreported = 0;
}

int sna_neuron_steps(sna_neuron *self, uint64_t count)
{
    int status = 0;
    double dt = 0;
    uint64_t chunk, done = 0;

    status = sna_neuron_number(self, &dt, "dt");
    if (status != 0)
        goto out;
    chunk = dt > 0 && dt < CHUNK_MS ? (uint64_t)(CHUNK_MS / dt + 0.5) : 1;
    while (done < count) {
        const uint64_t now = count - done < chunk ? count - done : chunk;
        status = sna_neuron_execute(self, "{sna_steps_(%llu)}", (unsigned long long)now);
        if (status != 0)
            goto out;
        done += now;
        report_progress(self, (double)now * dt);
    }
out:
    return status;
}

int sna_neuron_solve(sna_neuron *self, double stop)
{
    int status = 0;
    double t = 0, before = 0, more = 1;
    char limit[SNA_NUMBER_SIZE];

    (void)sna_number_text(limit, stop);
    /* continuerun does the same: an event at the end, single steps up to it, and one more so that all is recorded
     * there. */
    status = sna_neuron_execute(self, "{cvode.event(%s)}", limit);
    if (status == 0)
        status = sna_neuron_number(self, &before, "t");
    while (status == 0) {
        /* hoc's own comparison, which allows for 1e-11: another would wait for a time that never comes. */
        status = sna_neuron_number(self, &more, "t < %s", limit);
        if (status != 0 || more == 0)
            break;
        status = sna_neuron_execute(self, "{sna_solve_(%s)}", limit);
        if (status == 0)
            status = sna_neuron_number(self, &t, "t");
        if (status == 0) {
            report_progress(self, t - before);
            before = t;
        }
    }
    if (status == 0)
        status = sna_neuron_execute(self, "{fadvance()}");
    return status;
}

/* ---- results -------------------------------------------------------------------------------------------------- */

int sna_neuron_deliver(sna_neuron *self, uint64_t job, const char *name, const double *value, uint64_t count)
{
    int status = 0;
    sna_frame frame;
    const size_t length = strlen(name);

    if (length == 0 || length >= 64) {
        status = sna_error(SNA_EINVAL, "the name of a result must have 1 to 63 bytes, not %zu", length);
        goto out;
    }
    memset(&frame, 0, offsetof(sna_frame, text));
    status = sna_arena_append(self->arena, value, count, &frame.offset);
    if (status != 0)
        goto out;
    frame.kind = SNA_FRAME_ARRAY;
    frame.first = job;
    frame.count = 1;
    frame.length = count;
    memcpy(frame.text, name, length + 1);
    while (send(self->channel, &frame, offsetof(sna_frame, text) + length + 1, MSG_NOSIGNAL) < 0) {
        if (errno != EINTR)
            _exit(SNA_EXIT_REPORTED);
    }
out:
    return status;
}

int sna_neuron_deliver_text(sna_neuron *self, uint64_t job, const char *name, const char *text)
{
    int status = 0;
    sna_neuron one = *self;
    char *both = NULL;

    one.first = job;
    one.count = 1;
    if (strlen(name) + strlen(text) + 2 > SNA_FRAME_TEXT_SIZE || strchr(name, '\n') != NULL) {
        status = sna_error(SNA_EINVAL, "the text `%.40s` is too long to be a result", name);
        goto out;
    }
    status = sna_text_format(&both, "%s\n%s", name, text);
    if (status == 0)
        sna_neuron_send(&one, SNA_FRAME_TEXT, 0, 0, both);
out:
    free(both);
    return status;
}

void sna_neuron_doing(sna_neuron *self, const char *format, ...)
{
    char text[SNA_FRAME_TEXT_SIZE];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    sna_neuron_send(self, SNA_FRAME_DOING, 0, 0, text);
}

const char *sna_neuron_version(const sna_neuron *self)
{
    return self->version;
}

const char *sna_neuron_library(const sna_neuron *self)
{
    return self->backend.library;
}

/* ---- starting ------------------------------------------------------------------------------------------------- */

int sna_interpreter_start(sna_neuron *self, const char *library)
{
    int status = 0;
    double loaded = 0;
    char *both = NULL;

    sna_neuron_doing(self, "starting NEURON");
    status = sna_backend_open(&self->backend, library);
    if (status != 0)
        goto out;
    mailbox.neuron = self;
    status = sna_backend_start(&self->backend, on_print, FUNCTIONS);
    if (status == 0)
        status = sna_neuron_number(self, &loaded, "load_file(\"stdrun.hoc\")");
    if (status == 0 && loaded != 1)
        status = sna_error(SNA_EEXTERNAL, "NEURON's own file stdrun.hoc cannot be loaded: is NEURONHOME right?");
    if (status == 0)
        status = sna_neuron_text(self, &self->version, "nrnversion(5)");
    /* The counted loop can be interrupted and does not lose a step, as psolve may. */
    if (status == 0)
        status = sna_neuron_execute(self, "proc sna_steps_() { local i\n"
                                          "    for i = 1, $1 fadvance()\n"
                                          "}\n"
                                          "proc sna_solve_() { local i\n"
                                          "    i = 0\n"
                                          "    while (t < $1 && i < 2000) {\n"
                                          "        fadvance()\n"
                                          "        i += 1\n"
                                          "    }\n"
                                          "}\n");
    if (status == 0)
        status = sna_text_format(&both, "%s\n%s", self->version, self->backend.library);
    if (status == 0)
        sna_neuron_send(self, SNA_FRAME_VERSION, 0, 0, both);
out:
    free(both);
    return status;
}
