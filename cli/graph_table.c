/* graph_table.c: sonatina graph table */
#include "commands.h"
#include "graph.h"

static const char doc[] = "Every cell, its label, and how many cells of each label connect to it.\v"
                          "Example:\n  sonatina graph table config.json --format csv > cells.csv";

enum { FIRST_LABEL = 3 }; /* column of the table: population, id and label stand before */

static error_t parse(int key, char *text, struct argp_state *state)
{
    (void)text;
    if (key == ARGP_KEY_INIT)
        state->child_inputs[0] = state->input;
    return ARGP_ERR_UNKNOWN;
}

int graph_table(int argc, char **argv)
{
    static const struct argp_child children[] = {{&graph_picture_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {.parser = parse, .doc = doc, .children = children};
    int status = 0;
    graph_options options = {.config = NULL};
    graph_session session = {NULL, NULL, NULL, NULL};
    sna_table *table = NULL;
    sna_figure *figure = NULL;

    status = command_parse(&argp, argc, argv, &options);
    if (status == 0)
        status = graph_open(&session, &options);
    if (status == 0)
        status = session.library->table(session.graph, &table);
    if (status == 0 && picture_wanted(&options.picture))
        status = sna_distribution_figure(&figure, table, FIRST_LABEL, NULL);
    if (status == 0)
        status = picture_show(&options.picture, &options.output, table, figure);
    sna_figure_free(figure);
    sna_table_free(table);
    graph_close(&session);
    return status;
}
