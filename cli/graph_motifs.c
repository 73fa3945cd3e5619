/* graph_motifs.c: sonatina graph motifs */
#include "commands.h"
#include "graph.h"

static const char doc[] =
    "How often each of the 16 kinds of triads occurs, and how far that is from random graphs of the same degrees.\v"
    "The random graphs have the in- and out-degree of every cell, so that z = (count - mean) / standard deviation "
    "shows "
    "what reciprocity does to the triads, too. With --null mutual every cell also keeps how many of its connections go "
    "both ways, and z shows what is beyond reciprocity.\n\n"
    "Example:\n  sonatina graph motifs config.json --random 100 --seed 1 --null mutual --plot triads.png";

enum { KEY_RANDOM = 0x1601, KEY_NULL, DEFAULT_RANDOM = 20 };

static const struct argp_option option[] = {
    {"random", KEY_RANDOM, "N", 0, "Random graphs to compare with (default 20; 0: none)", 1},
    {"null", KEY_NULL, "KIND", 0, "What random graphs keep: degrees (default), or mutual connections too", 1},
    {0}};

typedef struct {
    graph_options shared;
    uint64_t random;
    const char *null;
} motif_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    motif_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->shared;
        return 0;
    case KEY_RANDOM:
        options->random = command_unsigned(state, "--random", text);
        return 0;
    case KEY_NULL:
        options->null = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int graph_motifs(int argc, char **argv)
{
    static const struct argp_child children[] = {{&graph_picture_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {.options = option, .parser = parse, .doc = doc, .children = children};
    static const char *const column[] = {"count", "z"};
    int status = 0;
    motif_options options = {.random = DEFAULT_RANDOM};
    graph_session session = {NULL, NULL, NULL, NULL};
    sna_table *table = NULL;
    sna_figure *figure = NULL;

    status = command_parse(&argp, argc, argv, &options);
    if (status == 0)
        status = graph_open(&session, &options.shared);
    if (status == 0)
        status = session.library->motifs(session.graph, options.random, options.null, &table);
    if (status == 0 && picture_wanted(&options.shared.picture))
        status = sna_bars_figure(&figure, table, "triad", column, options.random > 0 ? 2 : 1, NULL);
    if (status == 0)
        status = picture_show(&options.shared.picture, &options.shared.output, table, figure);
    sna_figure_free(figure);
    sna_table_free(table);
    graph_close(&session);
    return status;
}
