/* validate_child.c: checks in a child process. libhdf5 crashes on some damaged files: that ends the child, and is a
 * finding here. Then all is looked at again without the file that did it. */
#include "sonata/crash.h"
#include "sonata/validate.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- messages ----------------------------------------------------------------------------------------------- */

/* What the child says, one behind the other. It is a copy of this process: constants (code, expected, mend) are at the
 * same addresses in both, and are sent as such. */
typedef enum { MESSAGE_FINDING, MESSAGE_DONE, MESSAGE_CRASH } message_kind;

typedef struct {
    message_kind kind;
    int number;                         /* the status of MESSAGE_DONE, the signal of MESSAGE_CRASH */
    const char *code, *expected, *mend; /* of a finding */
    sna_severity severity;
    uint64_t line, count, examples, length; /* `length` bytes of texts follow, each with its end */
} message;

static int child_pipe = -1; /* in the child: where messages go */

static bool send_bytes(const void *bytes, size_t count)
{
    const char *left = bytes;

    while (count > 0) {
        const ssize_t written = write(child_pipe, left, count);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            left += written;
            count -= (size_t)written;
        }
    }
    return true;
}

static int add_text(sna_string *out, const char *text)
{
    return sna_string_append_bytes(out, text, strlen(text) + 1);
}

static int send_finding(const sna_finding *finding)
{
    int status = 0;
    sna_string texts = SNA_STRING;
    message head = {.kind = MESSAGE_FINDING,
                    .code = finding->code,
                    .expected = finding->expected,
                    .mend = finding->mend,
                    .severity = finding->severity,
                    .line = finding->line,
                    .count = finding->count,
                    .examples = finding->examples.count};

    status = add_text(&texts, finding->file);
    if (status == 0)
        status = add_text(&texts, finding->place);
    if (status == 0)
        status = add_text(&texts, finding->found);
    for (uint64_t i = 0; i < finding->examples.count && status == 0; i++)
        status = add_text(&texts, finding->examples.text[i]);
    head.length = texts.length;
    if (status == 0 && !(send_bytes(&head, sizeof head) && send_bytes(texts.text, texts.length)))
        status = sna_error(SNA_EIO, "the results of the checks cannot be passed on: %s", strerror(errno));
    sna_string_free(&texts);
    return status;
}

/* In a signal handler. */
static void send_crash(int signal_number, const sna_crash_mark *mark)
{
    const size_t file = strlen(mark->file) + 1, place = strlen(mark->place) + 1;
    const message head = {.kind = MESSAGE_CRASH, .number = signal_number, .length = file + place};

    if (send_bytes(&head, sizeof head) && send_bytes(mark->file, file))
        (void)send_bytes(mark->place, place);
}

/* ---- the child ---------------------------------------------------------------------------------------------- */

enum { CHILD_DONE = 0, CHILD_CRASHED = 1 };

/* Never returns. What was found before a crash is known already: each finding is sent when it is made. */
static void be_child(int fd, pid_t parent, const char *const *path, uint64_t count, const sna_validate_options *options,
                     const sna_list *skip)
{
    int status = 0;
    sna_findings findings = SNA_FINDINGS;
    message head = {.kind = MESSAGE_DONE};

    child_pipe = fd;
    /* Whatever ends the parent ends this too. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
        _exit(CHILD_CRASHED);
    (void)signal(SIGPIPE, SIG_IGN);
    sna_crash_catch(send_crash, CHILD_CRASHED);
    sna_crash_watch(options->patience > 0 ? options->patience : 60);
    status = sna_validate_here(&findings, path, count, options, skip, send_finding);
    head.number = status;
    head.length = status == 0 ? 1 : strlen(sna_error_message()) + 1;
    if (send_bytes(&head, sizeof head))
        (void)send_bytes(status == 0 ? "" : sna_error_message(), head.length);
    _exit(CHILD_DONE);
}

/* ---- the parent --------------------------------------------------------------------------------------------- */

/* How a child ended, and what it had found. */
typedef struct {
    sna_findings findings;
    bool done;
    int status; /* when done, with the error set */
    int signal; /* when not: 0 where it is not known */
    char *file, *place;
} child_result;

static void free_result(child_result *self)
{
    sna_findings_free(&self->findings);
    free(self->file);
    free(self->place);
}

/* The next of the texts of a message. */
static const char *next_text(const char **at)
{
    const char *text = *at;

    *at += strlen(text) + 1;
    return text;
}

static int take_finding(child_result *result, const message *head, const char *texts)
{
    int status = 0;
    sna_finding finding = {.code = head->code,
                           .severity = head->severity,
                           .line = head->line,
                           .expected = head->expected,
                           .mend = head->mend,
                           .count = head->count,
                           .examples = SNA_LIST};

    status = sna_text_copy(&finding.file, next_text(&texts));
    if (status == 0)
        status = sna_text_copy(&finding.place, next_text(&texts));
    if (status == 0)
        status = sna_text_copy(&finding.found, next_text(&texts));
    for (uint64_t i = 0; i < head->examples && status == 0; i++)
        status = sna_list_add(&finding.examples, next_text(&texts));
    return sna_findings_take(&result->findings, &finding, status);
}

/* The last message may be cut off. */
static int take_messages(child_result *result, const char *bytes, uint64_t size)
{
    int status = 0;
    uint64_t at = 0;

    while (size - at >= sizeof(message) && status == 0) {
        message head;
        const char *texts = bytes + at + sizeof head;
        memcpy(&head, bytes + at, sizeof head);
        at += sizeof head;
        if (head.length > size - at)
            break;
        at += head.length;
        if (head.kind == MESSAGE_FINDING) {
            status = take_finding(result, &head, texts);
        } else if (head.kind == MESSAGE_DONE) {
            result->done = true;
            result->status = head.number == 0 ? 0 : sna_error(head.number, "%s", texts);
        } else {
            result->signal = head.number;
            status = sna_text_copy(&result->file, next_text(&texts));
            if (status == 0)
                status = sna_text_copy(&result->place, next_text(&texts));
        }
    }
    return status;
}

/* Collects what the child says until it ends. An interrupt that only this process got is passed on, once. */
static int listen_to(pid_t child, int fd, sna_string *out)
{
    int status = 0;
    bool told = false;
    char block[16384];

    for (;;) {
        const ssize_t got = read(fd, block, sizeof block);
        if (got == 0)
            break;
        if (got > 0)
            status = sna_string_append_bytes(out, block, (uint64_t)got);
        else if (errno != EINTR)
            status = sna_error(SNA_EIO, "the results of the checks cannot be read: %s", strerror(errno));
        if (status != 0)
            break;
        if (sna_cancelled() && !told) {
            (void)kill(child, SIGTERM);
            told = true;
        }
    }
    if (status != 0)
        (void)kill(child, SIGKILL);
    return status;
}

static int run_child(const char *const *path, uint64_t count, const sna_validate_options *options, const sna_list *skip,
                     child_result *result)
{
    int status = 0, ends[2] = {-1, -1}, ended = 0;
    const pid_t parent = getpid();
    pid_t child = -1;
    sna_string said = SNA_STRING;

    *result = (child_result){.findings = SNA_FINDINGS};
    if (pipe(ends) != 0) {
        status = sna_error(SNA_EIO, "no pipe to a process of its own: %s", strerror(errno));
        goto out;
    }
    child = fork();
    if (child == 0) {
        (void)close(ends[0]);
        be_child(ends[1], parent, path, count, options, skip);
    }
    (void)close(ends[1]);
    if (child < 0) {
        status = sna_error(SNA_EIO, "no process of its own for the checks: %s", strerror(errno));
        goto out;
    }
    status = listen_to(child, ends[0], &said);
    while (waitpid(child, &ended, 0) < 0 && errno == EINTR)
        ;
    if (status == 0)
        status = take_messages(result, said.text, said.length);
    if (status == 0 && !result->done && WIFSIGNALED(ended))
        result->signal = WTERMSIG(ended);
    if (status == 0 && !result->done)
        status = sna_check_cancelled();
out:
    if (ends[0] >= 0)
        (void)close(ends[0]);
    sna_string_free(&said);
    return status;
}

/* ---- the whole ---------------------------------------------------------------------------------------------- */

/* Moves findings to `out`: those of one file, or all (NULL). */
static int move_findings(sna_findings *out, sna_findings *from, const char *file)
{
    int status = 0;

    for (uint64_t i = 0; i < from->count && status == 0; i++) {
        if (file != NULL && strcmp(from->finding[i].file, file) != 0)
            continue;
        status = sna_findings_take(out, &from->finding[i], 0);
        from->finding[i] = (sna_finding){.examples = SNA_LIST};
    }
    return status;
}

static int find_crash(sna_findings *out, const child_result *result, const char *file,
                      const sna_validate_options *options)
{
    /* A signal other than those that are caught ended it from outside, or for want of memory. */
    const bool killed = result->signal == SIGKILL || result->signal == SIGTERM;
    sna_validator validator = {.findings = out, .options = {.strict = options->strict}};
    const sna_place where = {file, result->place, 0};

    if (killed)
        return sna_find(&validator, "file.crash", where, NULL,
                        "the process that looked at it was killed: out of memory, or by hand");
    if (result->signal == SIGVTALRM)
        return sna_find(&validator, "file.crash", where, NULL,
                        "the HDF5 library did not come back when this was read: it is in an endless loop");
    return sna_find(&validator, "file.crash", where, NULL, "the HDF5 library crashed (%s) when this was read",
                    result->signal == 0 ? "for an unknown reason" : sna_crash_name(result->signal));
}

int sna_validate_isolated(sna_findings *out, const char *const *path, uint64_t count,
                          const sna_validate_options *options)
{
    int status = 0;
    bool again = true;
    sna_list skip = SNA_LIST;
    child_result result = {.findings = SNA_FINDINGS};

    while (again && status == 0) {
        const char *file = NULL;
        status = run_child(path, count, options, &skip, &result);
        again = status == 0 && !result.done;
        if (again) {
            /* The same file twice, or none that is known: there is nothing to leave out. */
            file = result.file;
            again = file != NULL && file[0] != '\0' && sna_list_find(&skip, file) < 0 && !options->stop_at_error;
            status = move_findings(out, &result.findings, again ? file : NULL);
            if (status == 0)
                status = find_crash(out, &result, file == NULL ? path[0] : file, options);
            if (status == 0 && again)
                status = sna_list_add(&skip, file);
        } else if (status == 0) {
            status = move_findings(out, &result.findings, NULL);
            status = status != 0 ? status : result.status;
        }
        free_result(&result);
    }
    sna_list_free(&skip);
    return status;
}
