/* graph_communities.c: sonatina graph communities */
#include "commands.h"
#include "graph.h"

static const char doc[] = "Groups of cells that connect more among themselves than with others.\v"
                          "Example:\n  sonatina graph communities config.json --method leiden --format csv";

enum { KEY_METHOD = 0x1701, KEY_MEMBERS };

static const struct argp_option option[] = {
    {"method", KEY_METHOD, "NAME", 0,
     "louvain (default), leiden (both maximise modularity, without directions) or infomap", 1},
    {"members", KEY_MEMBERS, NULL, 0, "Print the community of each cell", 1},
    {0}};

typedef struct {
    graph_options shared;
    const char *method;
    bool members;
} community_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    community_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->shared;
        return 0;
    case KEY_METHOD:
        options->method = text;
        return 0;
    case KEY_MEMBERS:
        options->members = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int graph_communities(int argc, char **argv)
{
    static const struct argp_child children[] = {{&graph_picture_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {.options = option, .parser = parse, .doc = doc, .children = children};
    static const char *const column[] = {"cells", "edges_within", "edges_leaving"};
    int status = 0;
    community_options options = {.method = "louvain"};
    graph_session session = {NULL, NULL, NULL, NULL};
    sna_table *table = NULL, *members = NULL;
    sna_figure *figure = NULL;

    status = command_parse(&argp, argc, argv, &options);
    if (status == 0)
        status = graph_open(&session, &options.shared);
    if (status == 0)
        status = session.library->communities(session.graph, options.method, &table, options.members ? &members : NULL);
    if (status == 0 && picture_wanted(&options.shared.picture))
        status = sna_bars_figure(&figure, table, "community", column, sizeof column / sizeof *column, NULL);
    if (status == 0)
        status =
            picture_show(&options.shared.picture, &options.shared.output, options.members ? members : table, figure);
    sna_figure_free(figure);
    sna_table_free(table);
    sna_table_free(members);
    graph_close(&session);
    return status;
}
