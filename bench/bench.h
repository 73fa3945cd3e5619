/* bench.h: measure the program and its peers in the same run, and print ratios. */
#ifndef SNA_BENCH_H
#define SNA_BENCH_H

#include "base/base.h"

/* The best of several runs of a child process. */
typedef struct {
    double seconds;
    double cpu;      /* seconds of all its threads, in the program and in the system */
    double peak_mib; /* resident */
} measurement;

/* Runs the words (NULL-terminated, argv[0] a path or a name on PATH) `repeats` times, output to /dev/null; a failing
 * run is an error that shows what it printed. */
int bench_program(measurement *out, unsigned repeats, const char *const *argv) SNA_CHECK_RESULT;
/* The same for a program and its peer, run by turns, so that what else the machine does hits both. */
int bench_programs(measurement *ours, measurement *peer, unsigned repeats, const char *const *argv,
                   const char *const *peer_argv) SNA_CHECK_RESULT;
/* The same for a function in a forked child; it returns a status with the error set. */
int bench_function(measurement *out, unsigned repeats, int (*function)(void *), void *context) SNA_CHECK_RESULT;

/* One line of the report. `limit` is the largest ratio that is good enough, NaN for none. */
typedef struct {
    sna_table *table;
    const char *program;  /* the sonatina under test */
    const char *examples; /* the project's examples folder */
    char *folder;         /* scratch, removed at the end */
    bool failed;          /* a limit was missed */
} bench;
int bench_report(bench *self, const char *name, measurement ours, const char *peer_name, double peer_seconds,
                 double limit) SNA_CHECK_RESULT;
/* Like bench_report for a limit in memory: `limit_mib` is what the run may hold at most. */
int bench_report_memory(bench *self, const char *name, measurement ours, double limit_mib) SNA_CHECK_RESULT;

/* Builds a network from a specification in the folder NAME of the scratch folder; *config is its config, free() it. */
int bench_build(bench *self, const char *name, const char *spec, char **config) SNA_CHECK_RESULT;

/* The same timed, with one more option (NULL: none); *network is its folder, free() it. */
int bench_timed_build(bench *self, measurement *out, unsigned repeats, const char *name, const char *spec,
                      const char *option, char **network) SNA_CHECK_RESULT;
/* All regular files of a folder, in bytes on the disk. */
int bench_folder_bytes(const char *path, uint64_t *out) SNA_CHECK_RESULT;
/* The peer of what writes: that many bytes as one contiguous dataset, written in blocks, flushed to the disk, renamed.
 */
int bench_plain_write(bench *self, measurement *out, unsigned repeats, uint64_t bytes) SNA_CHECK_RESULT;

/* Reading an edges file of the population cells_to_cells, a context for bench_function. */
typedef struct {
    const char *path; /* of the edges file */
    const char *copy; /* of the same without indices, for indexing */
    uint64_t nodes;
    uint64_t queries;
} read_job;
int bench_read_ids(void *context);       /* both id columns, by HDF5 */
int bench_stream_ids(void *context);     /* the same, by sonata */
int bench_query_efferent(void *context); /* `queries` nodes, target ids of the edges of each */
/* Reports the time of one query: that of many less that of none. */
int bench_time_queries(bench *self, read_job *work, const char *name, int (*function)(void *), uint64_t queries,
                       double limit_seconds) SNA_CHECK_RESULT;

/* The benchmarks, by topic. */
int bench_startup(bench *self) SNA_CHECK_RESULT;
int bench_cell(bench *self) SNA_CHECK_RESULT;
int bench_mechanism(bench *self) SNA_CHECK_RESULT;
int bench_network(bench *self) SNA_CHECK_RESULT;
int bench_make(bench *self) SNA_CHECK_RESULT;
int bench_compress(bench *self) SNA_CHECK_RESULT;
/* Prints docs/performance.md. Takes minutes: run when it is asked for. */
int bench_performance(bench *self) SNA_CHECK_RESULT;
int bench_graph(bench *self) SNA_CHECK_RESULT;
int bench_look(bench *self) SNA_CHECK_RESULT;
int bench_sonata(bench *self) SNA_CHECK_RESULT;

#endif
