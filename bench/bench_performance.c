/* bench_performance.c: time and memory of networks of 1e5 to 1e8 edges, as the page docs/performance.md. */
#include "bench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>

typedef struct {
    const char *edges; /* about how many, for people */
    uint64_t cells;
    double p;
    unsigned repeats;
} size;

static const size sizes[] = {
    {"1e5", 1000, 0.1, 5}, {"1e6", 3162, 0.1, 5}, {"1e7", 10000, 0.1, 3}, {"1e8", 100000, 0.01, 1}};
enum { SIZES = sizeof sizes / sizeof *sizes };

static int write_spec(char **out, const size *s)
{
    char number[SNA_NUMBER_SIZE];

    return sna_text_format(out,
                           "{\"sonatina\": 1, \"seed\": 1, \"populations\": {\"cells\": {\"nodes\": [\n"
                           "  {\"pop_name\": \"A\", \"count\": %llu, \"model_type\": \"virtual\"}]}},\n"
                           " \"edges\": [{\"source\": {\"population\": \"cells\"}, \"target\": {\"population\": "
                           "\"cells\"},\n  \"connector\": {\"type\": \"unidirectional\", \"p\": %s}, \"properties\": "
                           "{\"syn_weight\": 1.0}}]}\n",
                           (unsigned long long)s->cells, sna_number_text(number, s->p));
}

/* ---- the machine -------------------------------------------------------------------------------------------- */

static int print_machine(const bench *self)
{
    char *text = NULL;
    uint64_t length = 0;
    struct sysinfo system;
    struct statfs disk;
    const bool memory_disk = statfs(self->folder, &disk) == 0 && disk.f_type == 0x01021994; /* TMPFS_MAGIC */
    int status = sna_file_read(&text, &length, "/proc/cpuinfo");
    const char *model = status == 0 ? strstr(text, "model name") : NULL;

    if (status != 0 || sysinfo(&system) != 0)
        goto out;
    model = model == NULL ? NULL : strchr(model, ':');
    (void)printf("Measured on %u processors (%.*s), %.0f GiB of memory, files %s. Load average before: %.1f",
                 sna_threads(), model == NULL ? 7 : (int)strcspn(model + 2, "\n"),
                 model == NULL ? "unknown" : model + 2, (double)system.totalram * system.mem_unit / 0x1p30,
                 memory_disk ? "in memory (tmpfs)" : "on a disk", (double)system.loads[0] / 65536);
    (void)printf(
        " (of %u without waiting);\nwhat other programs take makes the times longer, the processor times hardly. A "
        "processor time is the sum over all threads, in the program and in the\nsystem: half of it is what "
        "two processors would need that have nothing else to do.\n",
        sna_threads());
out:
    free(text);
    return status;
}

/* ---- building ----------------------------------------------------------------------------------------------- */

typedef struct {
    const char *title, *text, *option;
} way;

static const way ways[] = {
    {"Building", "`network build`, both indices: drawn, sorted, flushed to the disk, renamed.", NULL},
    {"Building, compressed", "The same with `--compress=4`; the plain write is of the uncompressed bytes.",
     "--compress=4"},
    {"Building in little memory",
     "The same as the first with `--memory=64M`: past that, edges are sorted in a scratch "
     "file.",
     "--memory=64M"},
};
enum { PLAIN, COMPRESSED, SMALL_MEMORY, WAYS };

static void print_head(const way *w)
{
    (void)printf("\n## %s\n\n%s\n\n", w->title, w->text);
    (void)printf("| edges | time (s) | processor time (s) | million edges/s | peak memory (MiB) | files (MB) | plain "
                 "write (s) | its processor time (s) | ratio of times |\n"
                 "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
}

static int build_size(bench *self, const size *s, const way *w, measurement *ours, measurement *peer, double *edges)
{
    char *spec = NULL, *network = NULL;
    uint64_t bytes = 0;
    int status = write_spec(&spec, s);

    *edges = (double)s->cells * (double)(s->cells - 1) * s->p;
    if (status == 0)
        status = bench_timed_build(self, ours, s->repeats, "performance", spec, w->option, &network);
    if (status == 0)
        status = bench_folder_bytes(network, &bytes);
    /* The peer of all ways is what the first has written. */
    if (status == 0 && w == &ways[PLAIN])
        status = bench_plain_write(self, peer, s->repeats, bytes);
    if (status == 0)
        (void)printf("| %s | %.2f | %.2f | %.1f | %.0f | %.1f | %.2f | %.2f | %.2f |\n", s->edges, ours->seconds,
                     ours->cpu, *edges / ours->seconds / 1e6, ours->peak_mib, (double)bytes / 1e6, peer->seconds,
                     peer->cpu, ours->seconds / peer->seconds);
    (void)fflush(stdout);
    free(spec);
    free(network);
    return status;
}

static int build_all(bench *self)
{
    measurement peer[SIZES], ours = {NAN, NAN, NAN};
    double edges = 0;
    int status = 0;

    for (int w = 0; w < WAYS && status == 0; w++) {
        print_head(&ways[w]);
        for (int i = 0; i < SIZES && status == 0; i++)
            status = build_size(self, &sizes[i], &ways[w], &ours, &peer[i], &edges);
        if (status == 0 && w == PLAIN) {
            status = bench_report(self, "network build, 1e8 edges, both indices", ours, "H5Dwrite of the same bytes",
                                  peer[SIZES - 1].seconds, 3);
            if (status == 0)
                status =
                    bench_report(self, "network build, 1e8 edges, 8 million a second", ours, "limit", edges / 8e6, 1);
            if (status == 0)
                status = bench_report_memory(self, "network build, 1e8 edges, memory", ours, 1024);
        }
    }
    return status;
}

/* ---- looking ------------------------------------------------------------------------------------------------ */

static int look_at(bench *self, const size *s, const char *option)
{
    char *spec = NULL, *network = NULL, *config = NULL;
    measurement build, total, validate, info;
    int status = write_spec(&spec, s);

    if (status == 0)
        status = bench_timed_build(self, &build, 1, "performance", spec, option, &network);
    if (status == 0)
        status = sna_path_join(&config, network, "circuit_config.json");
    if (status == 0) {
        const char *const argv[] = {self->program, "network", "info", config, NULL};
        status = bench_program(&info, s->repeats, argv);
    }
    if (status == 0) {
        const char *const argv[] = {self->program, "connection", "total",    config, "--sids",
                                    "pop_name",    "--tids",     "pop_name", NULL};
        status = bench_program(&total, s->repeats, argv);
    }
    if (status == 0) {
        const char *const argv[] = {self->program, "network", "validate", config, NULL};
        status = bench_program(&validate, s->repeats, argv);
    }
    if (status == 0)
        (void)printf("| %s%s | %.2f | %.2f | %.0f | %.2f | %.0f |\n", s->edges, option == NULL ? "" : ", compressed",
                     info.seconds, total.seconds, total.peak_mib, validate.seconds, validate.peak_mib);
    (void)fflush(stdout);
    free(spec);
    free(network);
    free(config);
    return status;
}

int bench_performance(bench *self)
{
    int status = 0;

    (void)printf("# Time and memory\n\nWritten by `bench/run performance`. One population, constant probability, one "
                 "weight for all: 40 bytes an edge, of which 16 are the index by source.\nWhole processes, the best of "
                 "several runs (of one for 1e8 edges). A plain write is one contiguous HDF5 dataset of as many bytes, "
                 "flushed to the disk and\nrenamed like ours. ");
    status = print_machine(self);
    if (status == 0)
        status = build_all(self);
    if (status == 0) {
        (void)printf("\n## Looking\n\n`network info`, `connection total` (labels by `pop_name`) and `network "
                     "validate`, which reads everything; the files are in the page cache.\n\n"
                     "| edges | info (s) | total (s) | peak (MiB) | validate (s) | peak (MiB) |\n"
                     "| --- | --- | --- | --- | --- | --- |\n");
    }
    for (int i = 0; i < SIZES && status == 0; i++) {
        status = look_at(self, &sizes[i], NULL);
        if (status == 0)
            status = look_at(self, &sizes[i], "--compress=4");
    }
    if (status == 0)
        (void)printf("\n## Limits\n\n");
    return status;
}
