/* graph_export.c: sonatina graph export */
#include "commands.h"
#include "graph.h"

static const char doc[] =
    "Writes the graph for other programs: GraphML (.graphml), GML (.gml), or a list of edges (.csv).\v"
    "Vertices have population, node id and label; edges have multiplicity (rows), nsyns, weight (sum of syn_weight) "
    "and "
    "whether they are gap junctions.\n\n"
    "Example:\n  sonatina graph export config.json -o network.graphml";

static const struct argp_option option[] = {{"output", 'o', "FILE", 0, "The file to write", 1}, {0}};

typedef struct {
    graph_options shared;
    const char *output;
} export_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    export_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->shared;
        return 0;
    case 'o':
        options->output = text;
        return 0;
    case ARGP_KEY_END:
        if (options->output == NULL)
            argp_error(state, "--output is missing: the file to write");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int graph_export(int argc, char **argv)
{
    static const struct argp_child children[] = {{&graph_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {.options = option, .parser = parse, .doc = doc, .children = children};
    int status = 0;
    export_options options = {.output = NULL};
    graph_session session = {NULL, NULL, NULL, NULL};

    status = command_parse(&argp, argc, argv, &options);
    if (status == 0)
        status = graph_open(&session, &options.shared);
    if (status == 0)
        status = session.library->export(session.graph, options.output);
    graph_close(&session);
    return status;
}
