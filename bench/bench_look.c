/* bench_look.c: looking at networks: as a graph, on a page, by distance; each against the seconds that a user will
 * wait. */
#include "bench.h"

#include "sonata/sonata.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A graph of 84,000 edges in all its numbers, in at most 0.3 s. */
int bench_graph(bench *self)
{
    static const char spec[] =
        "{\"sonatina\": 1, \"seed\": 1, \"populations\": {\"cells\": {\"nodes\": [\n"
        "  {\"pop_name\": \"A\", \"count\": 5000, \"model_type\": \"virtual\"}]}},\n"
        " \"edges\": [{\"source\": {\"population\": \"cells\"}, \"target\": {\"population\": \"cells\"},\n"
        "  \"connector\": {\"type\": \"unidirectional\", \"p\": 0.00336}}]}\n";
    int status = 0;
    char *config = NULL;
    measurement ours;

    status = bench_build(self, "graph", spec, &config);
    if (status == 0) {
        const char *const argv[] = {self->program, "graph", "summary", config, NULL};
        status = bench_program(&ours, 5, argv);
    }
    if (status == 0)
        status = bench_report(self, "graph summary, 84,000 edges", ours, "limit", 0.3, 1);
    free(config);
    return status;
}

/* The page of a network of 84,000 edges with everything that a page can show: groups, positions, weights, delays. */
static int measure_page(bench *self)
{
    static const char spec[] =
        "{\"sonatina\": 1, \"seed\": 1, \"populations\": {\"cells\": {\"positions\": {\"box\": {\"min\": [0, 0, 0], "
        "\"max\": [500, 500, 200]}}, \"nodes\": [\n"
        "  {\"pop_name\": \"A\", \"count\": 2000, \"model_type\": \"virtual\"},\n"
        "  {\"pop_name\": \"B\", \"count\": 1500, \"model_type\": \"virtual\"},\n"
        "  {\"pop_name\": \"C\", \"count\": 1000, \"model_type\": \"virtual\"},\n"
        "  {\"pop_name\": \"D\", \"count\": 500, \"model_type\": \"virtual\"}]}},\n"
        " \"edges\": [{\"source\": {\"population\": \"cells\"}, \"target\": {\"population\": \"cells\"},\n"
        "  \"connector\": {\"type\": \"unidirectional\", \"p\": 0.00336},\n"
        "  \"per_edge\": {\"syn_weight\": {\"lognormal\": {\"mean\": 1, \"sd\": 0.5}}, \"delay\": {\"distance_delay\": "
        "{\"velocity\": 1000, \"min_delay\": 0.8, \"sd\": 0.2, \"clip\": [0.2, 2.0]}}}}]}\n";
    int status = 0;
    char *config = NULL, *html = NULL, *markdown = NULL;
    measurement ours;

    status = bench_build(self, "page", spec, &config);
    if (status == 0)
        status = sna_path_join(&html, self->folder, "page.html");
    if (status == 0)
        status = sna_path_join(&markdown, self->folder, "page.md");
    if (status == 0) {
        const char *const argv[] = {self->program, "report", config, "-o", html, NULL};
        status = bench_program(&ours, 3, argv);
    }
    if (status == 0)
        status = bench_report(self, "report as HTML, 84,000 edges", ours, "limit", 3, 1);
    if (status == 0) {
        const char *const argv[] = {self->program, "report", config, "-o", markdown, NULL};
        status = bench_program(&ours, 1, argv);
    }
    if (status == 0)
        status = bench_report(self, "report as Markdown with its pictures, 84,000 edges", ours, "(no limit)", NAN, NAN);
    free(config);
    free(html);
    free(markdown);
    return status;
}

/* All pairs of 40,000 cells by distance: 1.6e9 ordered ones. */
static int measure_distances(bench *self)
{
    static const char spec[] =
        "{\"sonatina\": 1, \"seed\": 1, \"populations\": {\"cells\": {\"positions\": {\"box\": {\"min\": [0, 0, 0], "
        "\"max\": [1200, 1200, 400]}}, \"nodes\": [\n"
        "  {\"pop_name\": \"A\", \"count\": 30000, \"model_type\": \"virtual\"},\n"
        "  {\"pop_name\": \"B\", \"count\": 10000, \"model_type\": \"virtual\"}]}},\n"
        " \"edges\": [{\"source\": {\"population\": \"cells\"}, \"target\": {\"population\": \"cells\"},\n"
        "  \"connector\": {\"type\": \"unidirectional\", \"p\": {\"gaussian\": {\"sd\": 60, \"pmax\": 0.1}, \"range\": "
        "[0, "
        "250]}}}]}\n";
    int status = 0;
    char *config = NULL;
    measurement ours;

    status = bench_build(self, "distances", spec, &config);
    if (status == 0) {
        const char *const argv[] = {self->program, "connection", "probability", config, "--sids", "pop_name", NULL};
        status = bench_program(&ours, 3, argv);
    }
    if (status == 0)
        status = bench_report(self, "connection probability, 40,000 cells, all pairs", ours, "limit", 5, 1);
    if (status == 0)
        status = bench_report_memory(self, "connection probability, 40,000 cells, memory", ours, 200);
    free(config);
    return status;
}

/* A spike file of `count` spikes of 2000 cells over 10 s. */
static int write_spikes(const char *path, uint64_t count)
{
    int status = 0;
    sna_spike_list list = {.count = count};
    sna_outputs *outputs = NULL;
    sna_spike_writer *writer = NULL;
    sna_random random;

    sna_random_start(&random, 1, sna_random_purpose("bench raster"), 0, 0);
    status = sna_allocate(&list.node, count, sizeof *list.node);
    if (status == 0)
        status = sna_allocate(&list.time, count, sizeof *list.time);
    for (uint64_t i = 0; i < count && status == 0; i++) {
        list.node[i] = sna_random_below(&random, 2000);
        list.time[i] = 10000 * sna_random_uniform(&random);
    }
    if (status == 0)
        status = sna_outputs_create(&outputs);
    if (status == 0)
        status = sna_spike_writer_open(&writer, outputs, path, NULL);
    if (status == 0)
        status = sna_spike_writer_population(writer, "cells", &list);
    if (status == 0)
        status = sna_spike_writer_finish(writer);
    if (status == 0)
        status = sna_outputs_commit(outputs);
    sna_spike_writer_close(writer);
    sna_outputs_free(outputs);
    sna_spike_list_free(&list);
    return status;
}

/* A raster of a million spikes, in at most 3 s. */
static int measure_raster(bench *self)
{
    int status = 0;
    char *spikes = NULL, *picture = NULL;
    measurement ours;

    status = sna_path_join(&spikes, self->folder, "spikes.h5");
    if (status == 0)
        status = sna_path_join(&picture, self->folder, "raster.png");
    if (status == 0)
        status = write_spikes(spikes, 1000000);
    if (status == 0) {
        const char *const argv[] = {self->program, "plot", "raster", spikes, "-o", picture, NULL};
        status = bench_program(&ours, 3, argv);
    }
    if (status == 0)
        status = bench_report(self, "plot raster, 1e6 spikes", ours, "limit", 3, 1);
    free(spikes);
    free(picture);
    return status;
}

int bench_look(bench *self)
{
    int status = measure_page(self);

    if (status == 0)
        status = measure_distances(self);
    return status == 0 ? measure_raster(self) : status;
}
