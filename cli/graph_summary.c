/* graph_summary.c: sonatina graph summary */
#include "commands.h"
#include "graph.h"

static const char doc[] =
    "The network as a graph, in numbers: vertices, edges, density, reciprocity, components, degrees, clustering, path "
    "lengths.\v"
    "Vertices are cells, edges are connected (source, target) pairs. Clustering and the small-world index do without "
    "directions; the latter is against random graphs of as many vertices and edges (Humphries & Gurney 2008). "
    "The picture shows the degrees.\n\n"
    "Example:\n  sonatina graph summary config.json --format json";

enum { KEY_BRIEF = 0x1501, KEY_SAMPLES };
enum { FIRST_DEGREE = 3 }; /* column of the table: population, id and label stand before */

static const struct argp_option option[] = {
    {"brief", KEY_BRIEF, NULL, 0, "Leave clustering and path lengths out, which take longest", 1},
    {"samples", KEY_SAMPLES, "N", 0, "Random cells that paths start from in larger graphs (default 100)", 1},
    {0}};

typedef struct {
    graph_options shared;
    bool brief;
    uint64_t samples;
} summary_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    summary_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->shared;
        return 0;
    case KEY_BRIEF:
        options->brief = true;
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

int graph_summary(int argc, char **argv)
{
    static const struct argp_child children[] = {{&graph_picture_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {.options = option, .parser = parse, .doc = doc, .children = children};
    int status = 0;
    summary_options options = {.brief = false};
    graph_session session = {NULL, NULL, NULL, NULL};
    sna_record *record = NULL;
    sna_table *degrees = NULL;
    sna_figure *figure = NULL;

    status = command_parse(&argp, argc, argv, &options);
    if (status == 0)
        status = graph_open(&session, &options.shared);
    if (status == 0)
        status = session.library->summary(session.graph, !options.brief, options.samples, &record);
    if (status == 0 && picture_wanted(&options.shared.picture))
        status = session.library->degrees(session.graph, &degrees);
    if (status == 0 && degrees != NULL)
        status = sna_distribution_figure(&figure, degrees, FIRST_DEGREE, NULL);
    if (status == 0 && picture_prints(&options.shared.picture))
        status = sna_record_write(record, stdout, options.shared.output.format);
    if (status == 0 && figure != NULL)
        status = picture_draw(&options.shared.picture, figure);
    sna_figure_free(figure);
    sna_table_free(degrees);
    sna_record_free(record);
    graph_close(&session);
    return status;
}
