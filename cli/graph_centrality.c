/* graph_centrality.c: sonatina graph centrality */
#include "commands.h"
#include "graph.h"

static const char doc[] = "How central each cell is: degrees, PageRank, betweenness, closeness, core number.\v"
                          "Closeness is harmonic: the mean of 1 / distance from all other cells. Betweenness is the "
                          "share of shortest paths that pass through. Both follow paths from some random "
                          "cells where there are many; a note says from how many.\n\n"
                          "Example:\n  sonatina graph centrality config.json --sort pagerank --top 10";

enum { KEY_SORT = 0x1801, KEY_TOP, KEY_SAMPLES };
enum { FIRST_MEASURE = 3 }; /* column of the table: population, id and label stand before */

static const struct argp_option option[] = {
    {"sort", KEY_SORT, "MEASURE", 0,
     "Sort by in_degree, out_degree, pagerank, betweenness, closeness or core, largest first", 1},
    {"top", KEY_TOP, "N", 0, "Print the first N cells only", 1},
    {"samples", KEY_SAMPLES, "N", 0,
     "Random cells that paths start from in larger graphs (default 2000, down to 100 in very large ones)", 1},
    {0}};

typedef struct {
    graph_options shared;
    const char *sort;
    uint64_t top, samples;
} centrality_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    centrality_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->shared;
        return 0;
    case KEY_SORT:
        options->sort = text;
        return 0;
    case KEY_TOP:
        options->top = command_unsigned(state, "--top", text);
        if (options->top == 0)
            argp_error(state, "--top: must be at least 1");
        return 0;
    case KEY_SAMPLES:
        options->samples = command_unsigned(state, "--samples", text);
        if (options->samples == 0)
            argp_error(state, "--samples: must be at least 1");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int graph_centrality(int argc, char **argv)
{
    static const struct argp_child children[] = {{&graph_picture_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {.options = option, .parser = parse, .doc = doc, .children = children};
    int status = 0;
    centrality_options options = {.sort = NULL};
    graph_session session = {NULL, NULL, NULL, NULL};
    sna_table *table = NULL;
    sna_figure *figure = NULL;

    status = command_parse(&argp, argc, argv, &options);
    if (status == 0)
        status = graph_open(&session, &options.shared);
    if (status == 0)
        status = session.library->centrality(session.graph, options.samples, options.sort, options.top, &table);
    if (status == 0 && picture_wanted(&options.shared.picture))
        status = sna_distribution_figure(&figure, table, FIRST_MEASURE, NULL);
    if (status == 0)
        status = picture_show(&options.shared.picture, &options.shared.output, table, figure);
    sna_figure_free(figure);
    sna_table_free(table);
    graph_close(&session);
    return status;
}
