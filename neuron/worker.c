/* worker.c: the side that never loads NEURON: starts the loader, listens, sets limits, and collects what comes home. */
#include "internal.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOG_MOST = 1 << 17, LOG_KEPT = 1 << 16, LOOK_MS = 100 };
static const double GRACE = 0.5;   /* seconds between SIGTERM and SIGKILL */
static const double SILENCE = 0.3; /* for a stray process that holds our pipe */

typedef struct {
    bool done;
    int status; /* of its error, 0: none */
    char *message;
    char *doing; /* what its process said last that it is at */
} job_state;

typedef struct {
    uint64_t job;
    char name[64];
    uint64_t offset, count; /* an array in the arena */
    char *text;             /* or a text */
} entry;

struct sna_neuron_results {
    uint64_t jobs;
    job_state *job;   /* [jobs] */
    job_state loader; /* done: everything was run */
    entry *entry;
    uint64_t entries, capacity;
    sna_arena arena;
    const unsigned char *bytes; /* of the arena, mapped when all is over */
    uint64_t size;
    sna_string log;
    char *version, *library;
    bool retried;
};

/* Where the run stands. */
typedef struct {
    const sna_neuron_plan *plan;
    sna_neuron_results *results;
    pid_t loader;
    int channel, log;      /* -1: closed */
    double started, asked; /* asked: when SIGTERM was sent, 0: not yet */
    bool killed;
    int stopped; /* SNA_ETIMEOUT or SNA_ECANCELLED: why */
    double progress_done;
    sna_progress progress;
} run_state;

/* ---- what went wrong ------------------------------------------------------------------------------------------ */

static int set_error(job_state *job, int status, const char *message)
{
    free(job->message);
    job->status = status;
    return sna_text_copy(&job->message, message);
}

/* Whether a crash happened in a mechanism, and what is known of it. */
typedef struct {
    char library[SNA_FRAME_TEXT_SIZE]; /* "" while none was found */
    char function[256];
    char source[256]; /* the translated file, misbehave.c; "" when unknown */
} culprit;

/* Looks at one place of the stack. The innermost function of a mechanism library is kept; where its source file is not
 * known (a global function) a caller in the same library, which must stand in the same file, tells. */
static void look_at_place(culprit *self, const char *path, uint64_t offset, const char *neuron)
{
    static const char *const registration[] = {"modl_reg"}; /* a library of mechanisms has it */
    sna_elf elf = {NULL, 0};
    Dl_info own;
    void (*function)(void) = modl_reg;
    void *address;
    const char *name, *source;

    memcpy(&address, &function, sizeof address);
    if ((neuron != NULL && strcmp(path, neuron) == 0) ||
        (dladdr(address, &own) != 0 && own.dli_fname != NULL && strcmp(path, own.dli_fname) == 0) ||
        (self->library[0] != '\0' && strcmp(path, self->library) != 0) || sna_elf_open(&elf, path) != 0)
        return;
    if (sna_elf_find(&elf, registration, 1) == 0 && sna_elf_locate(&elf, offset, &name, &source)) {
        if (self->library[0] == '\0') {
            (void)snprintf(self->library, sizeof self->library, "%s", path);
            (void)snprintf(self->function, sizeof self->function, "%s", name);
        }
        if (self->source[0] == '\0' && source != NULL)
            (void)snprintf(self->source, sizeof self->source, "%s", sna_path_name(source));
    }
    sna_elf_close(&elf);
}

/* The stack of a crash becomes a sentence that names the innermost mod file in it. */
static int set_crash(const sna_neuron_results *results, job_state *job, int signal_number, const char *stack)
{
    int status = 0;
    char *sentence = NULL, path[SNA_FRAME_TEXT_SIZE];
    culprit guilty = {"", "", ""};

    for (const char *line = stack; *line != '\0' && guilty.source[0] == '\0';) {
        char *end;
        const uint64_t offset = strtoull(line, &end, 16);
        const size_t length = strcspn(end, "\n");
        if (*end == ' ' && length > 1 && length < sizeof path) {
            memcpy(path, end + 1, length - 1);
            path[length - 1] = '\0';
            look_at_place(&guilty, path, offset, results->library);
        }
        line = end + length;
        line += *line == '\n';
    }
    if (guilty.source[0] != '\0')
        status =
            sna_text_format(&sentence, "NEURON crashed (%s) in the mechanism of %.*s.mod (function %s)",
                            strsignal(signal_number), (int)strcspn(guilty.source, "."), guilty.source, guilty.function);
    else if (guilty.library[0] != '\0')
        status = sna_text_format(&sentence, "NEURON crashed (%s) in a mechanism (function %s)",
                                 strsignal(signal_number), guilty.function);
    else
        status = sna_text_format(&sentence, "NEURON crashed (%s)%s%s", strsignal(signal_number),
                                 job->doing != NULL ? " while " : "", job->doing != NULL ? job->doing : "");
    if (status == 0)
        status = set_error(job, SNA_EEXTERNAL, sentence);
    free(sentence);
    return status;
}

/* `code`: a signal, or -1 - exit status. Only where nothing better is known. */
static int set_ended(job_state *job, int code)
{
    int status = 0;
    char *sentence = NULL;

    if (job->status != 0 || job->done)
        return 0;
    if (code == SIGKILL)
        status =
            sna_text_format(&sentence, "the NEURON process was killed from outside; the system may be short of memory");
    else if (code >= 0)
        status = sna_text_format(&sentence, "NEURON crashed (%s)%s%s", strsignal(code),
                                 job->doing != NULL ? " while " : "", job->doing != NULL ? job->doing : "");
    else
        status = sna_text_format(&sentence, "the model ended the NEURON process with exit status %d%s%s", -1 - code,
                                 job->doing != NULL ? " while " : "", job->doing != NULL ? job->doing : "");
    if (status == 0)
        status = set_error(job, SNA_EEXTERNAL, sentence);
    free(sentence);
    return status;
}

static int set_exit(job_state *job)
{
    int status = 0;
    char *sentence = NULL;

    status = sna_text_format(&sentence,
                             "the model ended the NEURON process%s%s: quit() in hoc or exit() in a mechanism was "
                             "called",
                             job->doing != NULL ? " while " : "", job->doing != NULL ? job->doing : "");
    if (status == 0)
        status = set_error(job, SNA_EEXTERNAL, sentence);
    free(sentence);
    return status;
}

/* ---- messages ------------------------------------------------------------------------------------------------- */

static int add_entry(sna_neuron_results *self, const sna_frame *frame)
{
    int status = 0;
    entry *grown = sna_grow(self->entry, &self->capacity, self->entries + 1, sizeof *self->entry), *added;
    const size_t name = strcspn(frame->text, "\n");

    if (grown == NULL)
        return SNA_ENOMEM;
    self->entry = grown;
    added = &self->entry[self->entries];
    *added = (entry){.job = frame->first, .offset = frame->offset, .count = frame->length};
    (void)snprintf(added->name, sizeof added->name, "%.*s", (int)name, frame->text);
    if (frame->kind == SNA_FRAME_TEXT)
        status = sna_text_copy(&added->text, frame->text[name] == '\n' ? frame->text + name + 1 : "");
    if (status == 0)
        self->entries++;
    return status;
}

/* The state that a frame speaks of; NULL for a batch of several jobs (its jobs get another chance) or nonsense. */
static job_state *addressee(sna_neuron_results *self, const sna_frame *frame)
{
    if (frame->count == 0)
        return &self->loader;
    return frame->count == 1 && frame->first < self->jobs ? &self->job[frame->first] : NULL;
}

static int take_version(sna_neuron_results *self, const char *text)
{
    int status = 0;
    const size_t length = strcspn(text, "\n");

    free(self->version);
    free(self->library);
    self->library = NULL;
    status = sna_text_format(&self->version, "%.*s", (int)length, text);
    if (status == 0)
        status = sna_text_copy(&self->library, text[length] == '\n' ? text + length + 1 : "");
    return status;
}

static int read_log(run_state *self)
{
    int status = 0;
    char block[4096];
    sna_string *log = &self->results->log;
    const ssize_t got = read(self->log, block, sizeof block);

    if (got > 0) {
        for (ssize_t i = 0; i < got; i++)
            block[i] = block[i] == '\0' ? ' ' : block[i];
        if (log->length > LOG_MOST) {
            memmove(log->text, log->text + log->length - LOG_KEPT, LOG_KEPT + 1);
            log->length = LOG_KEPT;
        }
        status = sna_string_append_bytes(log, block, (uint64_t)got);
    } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
        (void)close(self->log);
        self->log = -1;
    }
    return status;
}

/* 8.2 says on stderr "x not a public member of Cell", and the error's own text ends with but "Cell x": how long the
 * text is before that, -1 when `line` is no such line. */
static int64_t before_member(const char *line, const char *text)
{
    static const char words[] = " not a public member of ";
    const char *at = strstr(line, words), *owner = at == NULL ? NULL : at + sizeof words - 1;
    const size_t member = at == NULL ? 0 : (size_t)(at - line), length = strlen(text);
    const size_t name = owner == NULL ? 0 : strcspn(owner, "\n"), whole = name + 1 + member;

    if (at == NULL || length < whole || strncmp(text + length - whole, owner, name) != 0 ||
        text[length - member - 1] != ' ' || strncmp(text + length - member, line, member) != 0)
        return -1;
    return (int64_t)(length - whole);
}

/* The error of a frame. Where its cause was written to stderr, past the interpreter, that is the last line there. */
static int take_error(run_state *self, job_state *job, const sna_frame *frame)
{
    int status = 0;
    const int code = frame->code < 0 ? frame->code : SNA_EEXTERNAL;
    const char *text, *line;
    char *sentence = NULL;
    uint64_t before;
    int64_t known;

    do { /* what was written before the frame was sent is in the pipe */
        before = self->results->log.length;
        if (self->log >= 0)
            status = read_log(self);
    } while (status == 0 && self->results->log.length > before);
    text = sna_string_text(&self->results->log);
    if (text[0] == '\0')
        text = "hoc failed without saying why";
    line = text + strlen(text);
    while (line > text && line[-1] == '\n')
        line--;
    while (line > text && line[-1] != '\n')
        line--;
    known = before_member(line, frame->text);
    if (status == 0 && known >= 0)
        status = sna_text_format(&sentence, "%.*s%.*s", (int)known, frame->text, (int)strcspn(line, "\n"), line);
    else if (status == 0)
        status =
            sna_text_format(&sentence, "%s%.*s", frame->text, frame->value == 0 ? 0 : (int)strcspn(line, "\n"), line);
    if (status == 0)
        status = set_error(job, code, sentence);
    free(sentence);
    return status;
}

static int take_frame(run_state *self, const sna_frame *frame)
{
    int status = 0;
    sna_neuron_results *results = self->results;
    job_state *job = addressee(results, frame), *whole;

    /* A batch of several jobs is known by its first when it comes to saying what it was at. */
    whole = job != NULL ? job : frame->first < results->jobs ? &results->job[frame->first] : NULL;
    switch ((sna_frame_kind)frame->kind) {
    case SNA_FRAME_VERSION:
        status = take_version(results, frame->text);
        break;
    case SNA_FRAME_DOING:
        if (whole != NULL) {
            free(whole->doing);
            status = sna_text_copy(&whole->doing, frame->text);
        }
        break;
    case SNA_FRAME_PROGRESS:
        self->progress_done += frame->value;
        if (self->plan->progress_label != NULL && self->progress_done >= 0 &&
            self->progress_done <= self->plan->progress_total)
            sna_progress_update(&self->progress, (uint64_t)self->progress_done);
        break;
    case SNA_FRAME_ARRAY:
    case SNA_FRAME_TEXT:
        if (frame->first < results->jobs)
            status = add_entry(results, frame);
        break;
    case SNA_FRAME_ERROR:
        if (job != NULL && job->status == 0)
            status = take_error(self, job, frame);
        break;
    case SNA_FRAME_CRASH:
        if (job != NULL)
            status = set_crash(results, job, frame->code, frame->text);
        break;
    case SNA_FRAME_EXIT:
        if (job != NULL)
            status = set_exit(job);
        break;
    case SNA_FRAME_ENDED:
        if (job != NULL && self->stopped == 0)
            status = set_ended(job, frame->code);
        break;
    case SNA_FRAME_DONE:
        if (frame->count == 0)
            results->loader.done = true;
        for (uint64_t i = 0; i < frame->count && frame->first + i < results->jobs; i++)
            results->job[frame->first + i].done = true;
        break;
    case SNA_FRAME_RETRY:
        results->retried = true;
        break;
    case SNA_FRAME_LOADED:
        free(results->loader.doing);
        results->loader.doing = NULL;
        break;
    }
    return status;
}

/* ---- listening ------------------------------------------------------------------------------------------------ */

static int read_frame(run_state *self)
{
    int status = 0;
    sna_frame frame;
    const ssize_t got = recv(self->channel, &frame, sizeof frame, 0);

    if (got > (ssize_t)offsetof(sna_frame, text)) {
        ((char *)&frame)[got - 1] = '\0';
        status = take_frame(self, &frame);
    } else if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) {
        (void)close(self->channel);
        self->channel = -1;
    }
    return status;
}

/* Asks the processes to stop when the time is over or the user wants it, and ends them when they do not. */
static void enforce(run_state *self)
{
    const double now = sna_clock();

    if (self->stopped == 0 && sna_cancelled())
        self->stopped = SNA_ECANCELLED;
    if (self->stopped == 0 && self->plan->timeout > 0 && now - self->started > self->plan->timeout)
        self->stopped = SNA_ETIMEOUT;
    if (self->stopped != 0 && self->asked == 0) {
        (void)kill(-self->loader, SIGTERM);
        self->asked = now;
    }
    if (self->asked > 0 && !self->killed && now - self->asked > GRACE) {
        (void)kill(-self->loader, SIGKILL);
        self->killed = true;
    }
}

/* Until all NEURON processes are gone. */
static int listen_to(run_state *self)
{
    int status = 0, after = 0;
    double quiet_since = 0;

    while (self->channel >= 0 || self->log >= 0) {
        struct pollfd wait[2] = {{.fd = self->channel, .events = POLLIN}, {.fd = self->log, .events = POLLIN}};
        siginfo_t ended = {.si_pid = 0};
        int ready;

        enforce(self);
        ready = poll(wait, 2, LOOK_MS);
        if (ready < 0 && errno != EINTR) {
            after = sna_error(SNA_EIO, "waiting for NEURON failed: %s", strerror(errno));
            break;
        }
        if (ready > 0 && wait[0].revents != 0)
            status = read_frame(self);
        if (status == 0 && ready > 0 && wait[1].revents != 0)
            status = read_log(self);
        if (status != 0) {
            after = status;
            break;
        }
        if (ready > 0) {
            quiet_since = 0;
            continue;
        }
        /* A program that the model started in the background may hold the pipe open when all of ours are gone. */
        if (waitid(P_PID, (id_t)self->loader, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid != 0) {
            if (quiet_since == 0)
                quiet_since = sna_clock();
            else if (sna_clock() - quiet_since > SILENCE)
                break;
        }
    }
    return after;
}

/* ---- the run -------------------------------------------------------------------------------------------------- */

static void close_pair(int pair[2])
{
    for (int i = 0; i < 2; i++) {
        if (pair[i] >= 0)
            (void)close(pair[i]);
        pair[i] = -1;
    }
}

/* In the child: its own process group, our ends of the pipes, nothing on standard input. */
static void __attribute__((noreturn))
become_loader(const run_state *self, const char *library, int channel, int log, pid_t parent)
{
    const int nothing = open("/dev/null", O_RDONLY);

    (void)setpgid(0, 0);
    if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0)
        _exit(SNA_EXIT_REPORTED);
    (void)close(nothing);
    (void)close(log);
    (void)close(self->channel);
    (void)close(self->log);
    sna_loader_run(self->plan, library, &self->results->arena, channel, parent);
}

static int start_loader(run_state *self, const char *library)
{
    int status = 0, channel[2] = {-1, -1}, log[2] = {-1, -1};
    const pid_t parent = getpid();

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) != 0 || pipe2(log, O_CLOEXEC) != 0) {
        status = sna_error(SNA_EIO, "no connection to a NEURON process: %s", strerror(errno));
        goto out;
    }
    self->channel = channel[0];
    self->log = log[0];
    /* What is still in our buffers must not be written a second time by the child. */
    (void)fflush(stdout);
    (void)fflush(stderr);
    self->loader = fork();
    if (self->loader < 0) {
        status = sna_error(SNA_EIO, "no process for NEURON: %s", strerror(errno));
        self->channel = self->log = -1;
        goto out;
    }
    if (self->loader == 0)
        become_loader(self, library, channel[1], log[1], parent);
    (void)setpgid(self->loader, self->loader);   /* here too: whoever comes first */
    (void)fcntl(self->log, F_SETFL, O_NONBLOCK); /* read_log must not wait */
    channel[0] = log[0] = -1;
out:
    close_pair(channel);
    close_pair(log);
    return status;
}

/* No process of ours survives this. */
static void end_loader(run_state *self)
{
    int ended = 0;

    /* Its zombie still owns the group's number, so that this cannot hit somebody else. */
    (void)kill(-self->loader, SIGKILL);
    while (waitpid(self->loader, &ended, 0) < 0 && errno == EINTR) {
    }
    if (self->channel >= 0)
        (void)close(self->channel);
    if (self->log >= 0)
        (void)close(self->log);
    self->channel = self->log = -1;
    if (self->stopped == 0 && self->results->loader.status == 0 && !self->results->loader.done)
        (void)set_ended(&self->results->loader, WIFSIGNALED(ended) ? WTERMSIG(ended) : -1 - WEXITSTATUS(ended));
}

/* What a run that was stopped was at: the first unfinished job's word, or the loader's. */
static const char *unfinished_business(const sna_neuron_results *self)
{
    if (self->loader.doing != NULL)
        return self->loader.doing;
    for (uint64_t i = 0; i < self->jobs; i++) {
        if (!self->job[i].done && self->job[i].doing != NULL)
            return self->job[i].doing;
    }
    return "running";
}

static int verdict(const run_state *self)
{
    const sna_neuron_results *results = self->results;
    char number[SNA_NUMBER_SIZE];

    if (self->stopped == SNA_ETIMEOUT)
        return sna_error(SNA_ETIMEOUT, "the time limit of %s s ran out while NEURON was %s",
                         sna_number_round(number, self->plan->timeout, 6), unfinished_business(results));
    if (self->stopped == SNA_ECANCELLED)
        return sna_check_cancelled();
    if (results->loader.status != 0)
        return sna_error(results->loader.status, "%s", results->loader.message);
    for (uint64_t i = 0; i < results->jobs; i++) {
        const int status = sna_neuron_results_check(results, i);
        if (status != 0)
            return status;
    }
    return 0;
}

int sna_neuron_run(sna_neuron_results **out, const sna_neuron_plan *plan)
{
    int status = 0;
    char *library = NULL;
    run_state self = {.plan = plan, .loader = -1, .channel = -1, .log = -1};

    *out = NULL;
    status = sna_check_cancelled();
    if (status == 0)
        status = sna_neuron_find_library(&library, NULL, plan->library);
    if (status == 0)
        status = sna_allocate(&self.results, 1, sizeof *self.results);
    if (status != 0)
        goto out;
    self.results->arena.file = -1;
    self.results->jobs = plan->jobs;
    self.results->log = SNA_STRING;
    status = sna_allocate(&self.results->job, plan->jobs, sizeof *self.results->job);
    if (status == 0)
        status = sna_arena_create(&self.results->arena);
    if (status == 0) {
        self.started = sna_clock();
        status = start_loader(&self, library);
    }
    if (status != 0) {
        sna_neuron_results_free(self.results);
        goto out;
    }
    *out = self.results;
    if (plan->progress_label != NULL)
        sna_progress_start(&self.progress, plan->progress_label, "ms", (uint64_t)plan->progress_total);
    status = listen_to(&self);
    end_loader(&self);
    if (plan->progress_label != NULL)
        sna_progress_end(&self.progress);
    if (status == 0)
        status = sna_arena_map(&self.results->arena, &self.results->bytes, &self.results->size);
    if (status == 0)
        status = verdict(&self);
    if (status != 0 && self.stopped != 0 && set_error(&self.results->loader, status, sna_error_message()) != 0)
        self.results->loader.status = 0;
out:
    free(library);
    return status;
}

/* ---- results -------------------------------------------------------------------------------------------------- */

static const entry *find_entry(const sna_neuron_results *self, uint64_t job, const char *name, bool text)
{
    /* From the end: a job that was run again delivered again. */
    for (uint64_t i = self->entries; i > 0; i--) {
        const entry *one = &self->entry[i - 1];
        if (one->job == job && (one->text != NULL) == text && strcmp(one->name, name) == 0)
            return one;
    }
    return NULL;
}

const double *sna_neuron_results_array(const sna_neuron_results *self, uint64_t job, const char *name, uint64_t *count)
{
    static const double none = 0;
    const entry *one = find_entry(self, job, name, false);

    *count = 0;
    if (one == NULL || one->offset > self->size || one->count > (self->size - one->offset) / sizeof(double))
        return NULL;
    *count = one->count;
    return one->count == 0 ? &none : (const double *)(const void *)(self->bytes + one->offset);
}

const char *sna_neuron_results_text(const sna_neuron_results *self, uint64_t job, const char *name)
{
    const entry *one = find_entry(self, job, name, true);

    return one == NULL ? NULL : one->text;
}

int sna_neuron_results_check(const sna_neuron_results *self, uint64_t job)
{
    if (job >= self->jobs)
        return sna_error(SNA_ERANGE, "job %llu of %llu", (unsigned long long)job, (unsigned long long)self->jobs);
    if (self->job[job].done)
        return 0;
    if (self->job[job].status != 0)
        return sna_error(self->job[job].status, "%s", self->job[job].message);
    if (self->loader.status != 0)
        return sna_error(self->loader.status, "%s", self->loader.message);
    return sna_error(SNA_EEXTERNAL, "NEURON ended before this was run");
}

uint64_t sna_neuron_results_first_failure(const sna_neuron_results *self)
{
    uint64_t job = 0;

    while (job < self->jobs && (self->job[job].done || self->job[job].status == 0))
        job++;
    return job;
}

const char *sna_neuron_results_log(const sna_neuron_results *self)
{
    return sna_string_text(&self->log);
}

bool sna_neuron_results_retried(const sna_neuron_results *self)
{
    return self->retried;
}

const char *sna_neuron_results_version(const sna_neuron_results *self)
{
    return self->version == NULL ? "" : self->version;
}

const char *sna_neuron_results_library(const sna_neuron_results *self)
{
    return self->library == NULL ? "" : self->library;
}

static void free_state(job_state *self)
{
    free(self->message);
    free(self->doing);
}

void sna_neuron_results_free(sna_neuron_results *self)
{
    if (self == NULL)
        return;
    for (uint64_t i = 0; i < self->jobs && self->job != NULL; i++)
        free_state(&self->job[i]);
    free_state(&self->loader);
    free(self->job);
    for (uint64_t i = 0; i < self->entries; i++)
        free(self->entry[i].text);
    free(self->entry);
    if (self->bytes != NULL)
        (void)munmap((void *)(uintptr_t)self->bytes, (size_t)self->size);
    sna_arena_free(&self->arena);
    sna_string_free(&self->log);
    free(self->version);
    free(self->library);
    free(self);
}
