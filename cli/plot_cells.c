/* plot_cells.c: sonatina plot cells */
#include "commands.h"
#include "plot.h"

static const char doc[] =
    "Draws a table of the kinds of cells of a network: population, type, name, model, template, morphology, and how "
    "many there are.\v"
    "Example:\n  sonatina plot cells config.json -o cells.png";

static error_t parse(int key, char *text, struct argp_state *state)
{
    (void)text;
    if (key == ARGP_KEY_INIT)
        state->child_inputs[0] = state->input;
    return ARGP_ERR_UNKNOWN;
}

int plot_cells(int argc, char **argv)
{
    static const struct argp_child children[] = {{&plot_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {.parser = parse, .args_doc = "CONFIG", .doc = doc, .children = children};
    int status = 0;
    plot_options options = {.file = NULL};
    sna_circuit *circuit = NULL;
    sna_table *table = NULL;
    sna_figure *figure = NULL;
    sna_panel *panel = NULL;

    status = command_parse(&argp, argc, argv, &options);
    if (status == 0)
        status = sna_circuit_open(&circuit, options.file);
    if (status == 0)
        status = sna_circuit_cell_table(circuit, &table);
    if (status == 0)
        status = sna_figure_create(&figure, sna_table_title(table));
    if (status == 0)
        status = sna_figure_add_panel(figure, NULL, &panel);
    if (status == 0)
        status = sna_panel_set_table(panel, table);
    if (status == 0)
        status = picture_draw(&options.picture, figure);
    sna_figure_free(figure);
    sna_table_free(table);
    sna_circuit_close(circuit);
    return status;
}
