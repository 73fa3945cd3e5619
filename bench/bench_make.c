/* bench_make.c: building a small network, and one whose connections depend on distance. */
#include "bench.h"

#include <stdlib.h>

/* bmtool and BMTK need 17 s and 725 MiB for this one. */
static int small(bench *self)
{
    static const char spec[] =
        "{\"sonatina\": 1, \"seed\": 1, \"populations\": {\"cells\": {\"nodes\": [\n"
        "  {\"pop_name\": \"A\", \"count\": 4000, \"model_type\": \"virtual\"}]}},\n"
        " \"edges\": [{\"source\": {\"population\": \"cells\"}, \"target\": {\"population\": \"cells\"},\n"
        "  \"connector\": {\"type\": \"unidirectional\", \"p\": 0.1}, \"properties\": {\"syn_weight\": 1.0}}]}\n";
    char *network = NULL;
    measurement ours;
    int status = bench_timed_build(self, &ours, 5, "small", spec, NULL, &network);

    if (status == 0)
        status = bench_report(self, "network build, p = 0.1 among 4,000 cells", ours, "limit: 0.25 s", 0.25, 1);
    free(network);
    return status;
}

/* 1e5 cells of 100,000 in a mm3: 11,300 within reach of each. All pairs would be 1e10. */
static int by_distance(bench *self)
{
    static const char spec[] =
        "{\"sonatina\": 1, \"seed\": 1, \"populations\": {\"cells\": {\n"
        "  \"positions\": {\"box\": {\"min\": [0, 0, 0], \"max\": [1000, 1000, 1000]}},\n"
        "  \"nodes\": [{\"pop_name\": \"A\", \"count\": 100000, \"model_type\": \"virtual\"}]}},\n"
        " \"edges\": [{\"source\": {\"population\": \"cells\"}, \"target\": {\"population\": \"cells\"},\n"
        "  \"connector\": {\"type\": \"unidirectional\",\n"
        "   \"p\": {\"gaussian\": {\"mean\": 0, \"sd\": 120, \"pmax\": 0.06}, \"range\": [0, 300]}},\n"
        "  \"properties\": {\"syn_weight\": 1.0}}]}\n";
    char *network = NULL;
    uint64_t bytes = 0;
    measurement ours, peer;
    int status = bench_timed_build(self, &ours, 3, "distance", spec, NULL, &network);

    if (status == 0)
        status = bench_folder_bytes(network, &bytes);
    if (status == 0)
        status = bench_plain_write(self, &peer, 3, bytes);
    if (status == 0)
        status = bench_report(self, "network build, p by distance up to 300 um among 1e5 cells", ours,
                              "H5Dwrite of the same bytes", peer.seconds, 3);
    free(network);
    return status;
}

int bench_make(bench *self)
{
    const int status = small(self);

    return status != 0 ? status : by_distance(self);
}
