/* bench_network.c: building 1e7 edges against writing the same bytes, and counting them against reading the ids. */
#include "bench.h"

#include <math.h>
#include <stdlib.h>

/* Other kinds of `connection` on the same network. */
typedef struct {
    const char *name, *kind, *option, *value;
    double limit, limit_mib;
} connection_kind;

/* Looking for the way back of each connection may take 24 bytes an edge; everything else, 200 MiB. */
#define bytes_24 (24 * 1e7 / (1 << 20))
static const connection_kind kinds[] = {
    {"connection convergence, 1e7 edges", "convergence", "--method", "mean", 1.5, 200},
    {"connection percent, both directions, 1e7 edges", "percent", "--method", "bi", 6, bytes_24},
    {"connection all, 1e7 edges", "all", "--format", "csv", 10, bytes_24},
};

static int measure_kind(bench *self, const connection_kind *kind, const char *config, double peer)
{
    int status = 0;
    char *memory = NULL;
    measurement ours;
    const char *const argv[] = {self->program, "connection", kind->kind,  config, "--sids",
                                "pop_name",    kind->option, kind->value, NULL};

    status = bench_program(&ours, 5, argv);
    if (status == 0)
        status = bench_report(self, kind->name, ours, "H5Dread of both id columns", peer, kind->limit);
    if (status == 0)
        status = sna_text_format(&memory, "%s, memory", kind->name);
    if (status == 0)
        status = bench_report_memory(self, memory, ours, kind->limit_mib);
    free(memory);
    return status;
}

int bench_network(bench *self)
{
    /* 10,000 cells of four kinds; p = 0.1 over all ordered pairs is 1e7 edges. */
    static const char spec[] =
        "{\"sonatina\": 1, \"seed\": 1, \"populations\": {\"cells\": {\"nodes\": [\n"
        "  {\"pop_name\": \"A\", \"count\": 4000, \"model_type\": \"virtual\"},\n"
        "  {\"pop_name\": \"B\", \"count\": 3000, \"model_type\": \"virtual\"},\n"
        "  {\"pop_name\": \"C\", \"count\": 2000, \"model_type\": \"virtual\"},\n"
        "  {\"pop_name\": \"D\", \"count\": 1000, \"model_type\": \"virtual\"}]}},\n"
        " \"edges\": [{\"source\": {\"population\": \"cells\"}, \"target\": {\"population\": \"cells\"},\n"
        "  \"connector\": {\"type\": \"unidirectional\", \"p\": 0.1}, \"properties\": {\"syn_weight\": 1.0}}]}\n";
    int status = 0;
    char *network = NULL, *edges = NULL, *config = NULL;
    uint64_t bytes = 0;
    measurement build, total, peer_write, peer_read;

    status = bench_timed_build(self, &build, 3, "network", spec, NULL, &network);
    if (status == 0)
        status = sna_path_join(&edges, network, "cells_cells_edges.h5");
    if (status == 0)
        status = sna_path_join(&config, network, "circuit_config.json");
    if (status == 0)
        status = bench_folder_bytes(network, &bytes);
    if (status == 0)
        status = bench_plain_write(self, &peer_write, 3, bytes);
    if (status == 0)
        status = bench_report(self, "network build, 1e7 edges, both indices", build, "H5Dwrite of the same bytes",
                              peer_write.seconds, 3);
    if (status == 0) {
        const char *const argv[] = {self->program, "connection", "total",    config, "--sids",
                                    "pop_name",    "--tids",     "pop_name", NULL};
        status = bench_program(&total, 5, argv);
    }
    if (status == 0)
        status = bench_function(&peer_read, 5, bench_read_ids, &(read_job){.path = edges});
    if (status == 0)
        status = bench_report(self, "connection total, 1e7 edges, 4 labels", total, "H5Dread of both id columns",
                              peer_read.seconds, 1.5);
    if (status == 0)
        status = bench_report_memory(self, "connection total, 1e7 edges, memory", total, 200);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds && status == 0; k++)
        status = measure_kind(self, &kinds[k], config, peer_read.seconds);
    free(network);
    free(edges);
    free(config);
    return status;
}
