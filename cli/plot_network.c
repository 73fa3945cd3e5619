/* plot_network.c: sonatina plot network, and plot summary */
#include <string.h>

#include "commands.h"
#include "connection.h"
#include "report/report.h"

static const char network_doc[] =
    "Draws the groups of cells of a network and what connects them: circles as large as the groups, lines as wide as "
    "the connections are many.\v"
    "Arrows excite and bars inhibit, where the files say so: by ei, ei_type or synapse_class of the source cells, else "
    "by the names of dynamics_params (with AMPA, NMDA or GABA in them, or ending in exc or inh), else by weights below "
    "0. Gap junctions are dashed lines, with the number of cell pairs that they join.\n\n"
    "Example:\n  sonatina plot network config.json --sids pop_name --value probability -o network.png";

static const char summary_doc[] =
    "Draws a network in one picture: groups of cells and what connects them, positions, connection probability, "
    "convergence, connections received, probability by distance.\v"
    "What the network lacks is left out. Cells are grouped by pop_name, or by node_type_id where there is none, unless "
    "--sids or --tids says otherwise. `sonatina report` makes a page with all numbers.\n\n"
    "Example:\n  sonatina plot summary config.json -o summary.pdf";

enum { KEY_VALUE = 0x2501 };

static const struct argp_option network_option[] = {
    {"value", KEY_VALUE, "WHAT", 0,
     "What lines and their labels show: rows (default), pairs, probability, or convergence (rows a target cell)", 1},
    {0}};

typedef struct {
    connection_options shared;
    const char *value;
} network_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    static const char *const value[] = {"rows", "pairs", "probability", "convergence"};
    network_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = options;
        state->child_inputs[1] = &options->shared.picture;
        return 0;
    case KEY_VALUE:
        for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
            if (strcmp(text, value[i]) == 0)
                options->value = value[i];
        }
        if (strcmp(text, options->value) != 0)
            argp_error(state, "--value: must be rows, pairs, probability or convergence, found `%s`", text);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Parses the command line and opens the circuit. */
static int start(network_options *options, sna_circuit **circuit, const struct argp_option *option, const char *doc,
                 int argc, char **argv)
{
    static const struct argp_child children[] = {
        {&connection_choice_argp, 0, NULL, 0}, {&picture_alone_argp, 0, NULL, 30}, {&thread_argp, 0, NULL, 30}, {0}};
    const struct argp argp = {
        .options = option, .parser = parse, .args_doc = "CONFIG", .doc = doc, .children = children};
    int status = command_parse(&argp, argc, argv, options);

    if (status == 0)
        status = sna_circuit_open(circuit, options->shared.config);
    return status;
}

int plot_network(int argc, char **argv)
{
    int status = 0;
    network_options options = {.value = "rows"};
    sna_circuit *circuit = NULL;
    sna_survey *survey = NULL;
    sna_table *nodes = NULL, *links = NULL;
    sna_figure *figure = NULL;

    status = start(&options, &circuit, network_option, network_doc, argc, argv);
    if (status == 0)
        status = sna_survey_run_scheme(&survey, circuit, &options.shared.request);
    if (status == 0)
        status = sna_survey_scheme(survey, &nodes, &links);
    if (status == 0)
        status = sna_scheme_figure(&figure, nodes, links, options.value, "Groups of cells and their connections");
    if (status == 0)
        status = picture_draw(&options.shared.picture, figure);
    sna_figure_free(figure);
    sna_table_free(nodes);
    sna_table_free(links);
    sna_survey_free(survey);
    sna_circuit_close(circuit);
    return status;
}

int plot_summary(int argc, char **argv)
{
    int status = 0;
    network_options options = {.value = "rows"};
    sna_circuit *circuit = NULL;
    sna_figure *figure = NULL;

    status = start(&options, &circuit, NULL, summary_doc, argc, argv);
    if (status == 0)
        status = sna_overview_figure(&figure, circuit, &options.shared.request, "The network at a glance");
    if (status == 0)
        status = picture_draw(&options.shared.picture, figure);
    sna_figure_free(figure);
    sna_circuit_close(circuit);
    return status;
}
