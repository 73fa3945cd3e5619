/* bench.c: the harness. Usage: bench_sonatina PROGRAM EXAMPLES [--format FORMAT] [TOPIC...] */
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <malloc.h>
#include <math.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The peak of a child begins with that of its parent: gives back what is freed, and lets the peak start anew. */
static void forget_peak(void)
{
    FILE *stream = fopen("/proc/self/clear_refs", "w");

    (void)malloc_trim(0);
    if (stream != NULL) {
        (void)fputs("5", stream);
        (void)fclose(stream);
    }
}

/* Waits for a child and adds its cost to the best so far. */
static int finish(pid_t child, double started, const char *name, measurement *best)
{
    int ended = 0;
    struct rusage usage;
    double seconds, cpu, mib;

    while (wait4(child, &ended, 0, &usage) < 0) {
        if (errno != EINTR)
            return sna_error(SNA_EIO, "%s: %s", name, strerror(errno));
    }
    seconds = sna_clock() - started;
    if (!WIFEXITED(ended) || WEXITSTATUS(ended) != 0)
        return sna_error(SNA_EEXTERNAL, "%s ended with %s %d", name, WIFEXITED(ended) ? "status" : "signal",
                         WIFEXITED(ended) ? WEXITSTATUS(ended) : WTERMSIG(ended));
    mib = (double)usage.ru_maxrss / 1024;
    if (!(best->seconds <= seconds))
        best->seconds = seconds;
    cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
          1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    if (!(best->cpu <= cpu))
        best->cpu = cpu;
    if (!(best->peak_mib >= mib))
        best->peak_mib = mib;
    return 0;
}

/* One run, and its cost where that is the best so far. */
static int run_once(measurement *best, const char *const *argv)
{
    int status = 0, spawned = 0;
    posix_spawn_file_actions_t actions;
    double started;
    pid_t child = 0;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return sna_error(SNA_ENOMEM, "no memory for running %s", argv[0]);
    spawned = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (spawned == 0)
        spawned = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    forget_peak();
    started = sna_clock();
    if (spawned == 0)
        spawned = posix_spawnp(&child, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv, environ);
    status =
        spawned == 0 ? finish(child, started, argv[0], best) : sna_error(SNA_EIO, "%s: %s", argv[0], strerror(spawned));
    (void)posix_spawn_file_actions_destroy(&actions);
    return status;
}

int bench_program(measurement *out, unsigned repeats, const char *const *argv)
{
    int status = 0;

    *out = (measurement){NAN, NAN, NAN};
    for (unsigned i = 0; i < repeats && status == 0; i++)
        status = run_once(out, argv);
    return status;
}

int bench_programs(measurement *ours, measurement *peer, unsigned repeats, const char *const *argv,
                   const char *const *peer_argv)
{
    int status = 0;

    *ours = *peer = (measurement){NAN, NAN, NAN};
    for (unsigned i = 0; i < repeats && status == 0; i++) {
        status = run_once(ours, argv);
        if (status == 0)
            status = run_once(peer, peer_argv);
    }
    return status;
}

int bench_function(measurement *out, unsigned repeats, int (*function)(void *), void *context)
{
    int status = 0;

    *out = (measurement){NAN, NAN, NAN};
    for (unsigned i = 0; i < repeats && status == 0; i++) {
        double started;
        pid_t child;

        forget_peak();
        (void)fflush(NULL);
        started = sna_clock();
        child = fork();
        if (child < 0)
            return sna_error(SNA_EIO, "no process: %s", strerror(errno));
        if (child == 0) {
            const int failed = function(context);
            if (failed != 0)
                (void)fprintf(stderr, "%s\n", sna_error_message());
            _exit(failed != 0);
        }
        status = finish(child, started, "a peer", out);
    }
    return status;
}

enum { NAME, OURS, PEER_NAME, PEER, RATIO, LIMIT, PEAK, VERDICT };

static int add_row(bench *self, const char *name, measurement ours, const char *peer_name, double peer, double ratio,
                   double limit)
{
    sna_table *table = self->table;
    const uint64_t row = sna_table_rows(table);
    const bool missed = ratio > limit;
    int status = sna_table_add_row(table, NULL);

    self->failed = self->failed || missed;
    if (status == 0)
        status = sna_table_set_text(table, row, NAME, name);
    if (status == 0)
        status = sna_table_set_real(table, row, OURS, ours.seconds);
    if (status == 0)
        status = sna_table_set_text(table, row, PEER_NAME, peer_name);
    if (status == 0)
        status = sna_table_set_real(table, row, PEER, peer);
    if (status == 0)
        status = sna_table_set_real(table, row, RATIO, ratio);
    if (status == 0)
        status = sna_table_set_real(table, row, LIMIT, limit);
    if (status == 0)
        status = sna_table_set_real(table, row, PEAK, ours.peak_mib);
    if (status == 0 && !isnan(limit))
        status = sna_table_set_text(table, row, VERDICT, missed ? "MISSED" : "ok");
    return status;
}

int bench_report(bench *self, const char *name, measurement ours, const char *peer_name, double peer_seconds,
                 double limit)
{
    return add_row(self, name, ours, peer_name, peer_seconds, ours.seconds / peer_seconds, limit);
}

int bench_report_memory(bench *self, const char *name, measurement ours, double limit_mib)
{
    char peer[64];

    (void)snprintf(peer, sizeof peer, "limit: %.0f MiB resident", limit_mib);
    return add_row(self, name, ours, peer, NAN, ours.peak_mib / limit_mib, 1);
}

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

static int make_table(sna_table **out)
{
    int status = sna_table_create(out, "Benchmarks: best of several runs, whole processes", NULL);

    if (status == 0)
        status = sna_table_add_column(*out, "benchmark", NULL, SNA_TEXT);
    if (status == 0)
        status = sna_table_add_column(*out, "sonatina", "s", SNA_REAL);
    if (status == 0)
        status = sna_table_add_column(*out, "peer or limit", NULL, SNA_TEXT);
    if (status == 0)
        status = sna_table_add_column(*out, "peer", "s", SNA_REAL);
    if (status == 0)
        status = sna_table_add_column(*out, "ratio", NULL, SNA_REAL);
    if (status == 0)
        status = sna_table_add_column(*out, "at most", NULL, SNA_REAL);
    if (status == 0)
        status = sna_table_add_column(*out, "peak", "MiB", SNA_REAL);
    if (status == 0)
        status = sna_table_add_column(*out, "verdict", NULL, SNA_TEXT);
    return status;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(bench *);
        bool only_named; /* not among those that run when none is named */
    } topic[] = {{"startup", bench_startup, false},     {"cell", bench_cell, false},
                 {"mechanism", bench_mechanism, false}, {"make", bench_make, false},
                 {"compress", bench_compress, false},   {"network", bench_network, false},
                 {"graph", bench_graph, false},         {"look", bench_look, false},
                 {"sonata", bench_sonata, false},       {"performance", bench_performance, true}};
    const size_t topic_count = sizeof topic / sizeof *topic;
    int status = 0;
    sna_format format = SNA_FORMAT_TEXT;
    const char *base = getenv("TMPDIR");
    bench self = {0};

    if (argc < 3) {
        (void)fputs("Usage: bench_sonatina PROGRAM EXAMPLES [--format FORMAT] [TOPIC...]\n", stderr);
        return 2;
    }
    self.program = argv[1];
    self.examples = argv[2];
    if (argc > 4 && strcmp(argv[3], "--format") == 0) {
        status = sna_format_parse(&format, argv[4]);
        argv += 2;
        argc -= 2;
    }
    if (status == 0)
        status = make_table(&self.table);
    if (status == 0)
        status = sna_text_format(&self.folder, "%s/sonatina-bench-XXXXXX", base == NULL ? "/tmp" : base);
    if (status != 0)
        goto out;
    if (mkdtemp(self.folder) == NULL) {
        status = sna_error(SNA_EIO, "%s: %s", self.folder, strerror(errno));
        free(self.folder);
        self.folder = NULL;
        goto out;
    }
    for (size_t i = 0; i < topic_count && status == 0; i++) {
        bool wanted = argc == 3 && !topic[i].only_named;
        for (int k = 3; k < argc; k++)
            wanted = wanted || strcmp(argv[k], topic[i].name) == 0;
        if (wanted)
            status = topic[i].run(&self);
    }
    if (sna_table_rows(self.table) > 0) {
        const int written = sna_table_write(self.table, stdout, format);
        status = status != 0 ? status : written;
    } else if (status == 0) {
        status =
            sna_error(SNA_EINVAL, "no such topic; there are: startup, cell, mechanism, make, compress, network, graph, "
                                  "look, sonata, performance");
    }
out:
    if (status != 0)
        (void)fprintf(stderr, "bench: %s\n", sna_error_message());
    if (self.folder != NULL)
        (void)nftw(self.folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(self.folder);
    sna_table_free(self.table);
    return status != 0 || self.failed;
}
