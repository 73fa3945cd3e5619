/* plot_report.c: sonatina plot report */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "plot.h"
#include "times.h"

static const char doc[] =
    "Draws what a simulation has recorded over time: membrane voltage and other values of cells and compartments, or "
    "extracellular potentials.\v"
    "The file is a report, or a simulation config, whose report --report names. Without --elements, the first "
    "element of each cell is drawn. Long recordings are thinned to the lowest and highest value in each of 4000 spans "
    "of time, which looks the same.\n\n"
    "Example:\n  sonatina plot report output/membrane_potential.h5 --nodes 0-3 --times 100:200 -o traces.png";

enum {
    KEY_POPULATION = 0x2401,
    KEY_REPORT,
    KEY_CONFIG,
    KEY_NODES,
    KEY_ELEMENTS,
    KEY_TIMES,
    KEY_MOST,
    KEY_APART,
    KEY_LABEL
};

static const struct argp_option option[] = {
    {"population", KEY_POPULATION, "NAME", 0, "The population (default: the only one)", 1},
    {"report", KEY_REPORT, "NAME", 0, "With a simulation config: the report (default: the only one)", 1},
    {"config", KEY_CONFIG, "CONFIG", 0, "The circuit, for --nodes by node set or condition", 1},
    {"nodes", KEY_NODES, "NODES", 0,
     "Only these: node ids (channels of extracellular potentials) such as 0-9,12; with a config also a node set, or a "
     "condition",
     1},
    {"elements", KEY_ELEMENTS, "IDS", 0, "Elements (sections) of each cell: ids such as 0,3-5, or all", 1},
    {"times", KEY_TIMES, "START:STOP", 0, "From START to STOP, in ms; either may be left out", 1},
    {"max-traces", KEY_MOST, "N", 0, "Draw so many traces at most (default 12)", 1},
    {"apart", KEY_APART, NULL, 0, "Each trace in a panel of its own", 1},
    {"label", KEY_LABEL, "TEXT", 0, "What the values are (default: the name of the report)", 1},
    {0}};

typedef struct {
    plot_options shared;
    const char *report, *config, *nodes, *label;
    sna_selection elements;
    sna_recording_request request;
    bool apart;
} report_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    report_options *options = state->input;
    time_window times;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->shared;
        return 0;
    case KEY_POPULATION:
        options->request.population = text;
        return 0;
    case KEY_REPORT:
        options->report = text;
        return 0;
    case KEY_CONFIG:
        options->config = text;
        return 0;
    case KEY_NODES:
        options->nodes = text;
        return 0;
    case KEY_ELEMENTS:
        options->request.all_elements = strcmp(text, "all") == 0;
        sna_selection_free(&options->elements);
        options->elements = SNA_SELECTION;
        if (!options->request.all_elements)
            command_ids(state, "--elements", text, &options->elements);
        options->request.elements = options->request.all_elements ? NULL : &options->elements;
        return 0;
    case KEY_TIMES:
        times = command_times(state, "--times", text);
        options->request.start = times.start;
        options->request.stop = times.stop;
        return 0;
    case KEY_MOST:
        options->request.most = command_unsigned(state, "--max-traces", text);
        if (options->request.most == 0 || options->request.most > 10000)
            argp_error(state, "--max-traces: must be from 1 to 10000, found %s", text);
        return 0;
    case KEY_APART:
        options->apart = true;
        return 0;
    case KEY_LABEL:
        options->label = text;
        return 0;
    case ARGP_KEY_END:
        if (options->shared.file != NULL && options->config == NULL && !plot_is_data(options->shared.file))
            options->config = options->shared.file;
        if (options->report != NULL && options->config != options->shared.file)
            argp_error(state, "--report needs a simulation config, %s is a report itself", options->shared.file);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The report file: the one that was given, or the one that the config names; free() it. */
static int find_report(const report_options *options, sna_circuit *circuit, char **out)
{
    const sna_config *const config = circuit != NULL ? sna_circuit_config(circuit) : NULL;

    if (options->config != options->shared.file)
        return sna_text_copy(out, options->shared.file);
    if (config == NULL)
        return sna_error(SNA_EINVAL, "%s is neither a report nor a simulation config", options->shared.file);
    return sna_config_report_file(config, options->report, out);
}

/* The ids that --nodes chooses, by the nodes of the circuit where there is one. */
static int choose_nodes(const report_options *options, sna_circuit *circuit, const char *path, sna_selection *out)
{
    int status = 0;
    sna_report *report = NULL;
    sna_nodes *nodes = NULL;
    sna_node_sets *sets = NULL;
    sna_selection rows = SNA_SELECTION;

    if (circuit == NULL) {
        status = sna_selection_parse(out, options->nodes, UINT64_MAX);
        return status == 0 ? sna_selection_sort(out) : sna_error_in(status, "--nodes (without --config)");
    }
    status = sna_report_open(&report, path, options->request.population, NULL);
    if (status == 0)
        status = sna_circuit_nodes(circuit, sna_report_population(report), &nodes);
    if (status == 0)
        status = sna_circuit_node_sets(circuit, &sets);
    if (status == 0)
        status = sna_nodes_choose(nodes, sets, options->nodes, &rows);
    if (status == 0)
        status = sna_nodes_ids_of(nodes, &rows, out);
    sna_selection_free(&rows);
    sna_report_close(report);
    return status;
}

static int add_notes(sna_figure *figure, const sna_recording *recording)
{
    int status = 0;

    if (recording->count < recording->all)
        status = sna_figure_add_note(figure, "The first %" PRIu64 " of %" PRIu64 " traces are shown.", recording->count,
                                     recording->all);
    if (status == 0 && recording->first_only)
        status = sna_figure_add_note(figure, "The first element of each cell is shown.");
    if (status == 0 && recording->points < recording->frames)
        status = sna_figure_add_note(figure, "Thinned: the lowest and highest value of each %" PRIu64 " frames.",
                                     (2 * recording->frames + recording->points - 1) / recording->points);
    return status;
}

static int draw(const report_options *options, const sna_recording *recording, const char *path)
{
    int status = 0;
    sna_curve *curve = NULL;
    char *label = NULL;
    const char *const name = sna_path_name(path), *const dot = strrchr(name, '.');
    sna_figure *figure = NULL;

    status = options->label != NULL
                 ? sna_text_copy(&label, options->label)
                 : sna_text_format(&label, "%.*s", (int)(dot != NULL ? (size_t)(dot - name) : strlen(name)), name);
    if (status == 0)
        status = sna_allocate(&curve, recording->count, sizeof *curve);
    for (uint64_t i = 0; i < recording->count && status == 0; i++)
        curve[i] = (sna_curve){.name = recording->name.text[i],
                               .time = recording->time + i * recording->points,
                               .value = recording->value + i * recording->points,
                               .count = recording->points};
    if (status == 0)
        status = sna_figure_traces(&figure, NULL, curve, recording->count, label, recording->unit, options->apart);
    if (status == 0)
        status = add_notes(figure, recording);
    if (status == 0)
        status = picture_draw(&options->shared.picture, figure);
    free(curve);
    free(label);
    sna_figure_free(figure);
    return status;
}

int plot_report(int argc, char **argv)
{
    static const struct argp_child children[] = {{&plot_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        .options = option, .parser = parse, .args_doc = "REPORT|CONFIG", .doc = doc, .children = children};
    int status = 0;
    report_options options = {.elements = SNA_SELECTION, .request = {.start = NAN, .stop = NAN}};
    sna_circuit *circuit = NULL;
    sna_recording recording = {.name = SNA_LIST};
    sna_selection nodes = SNA_SELECTION;
    char *path = NULL;

    status = command_parse(&argp, argc, argv, &options);
    if (status == 0 && options.config != NULL)
        status = sna_circuit_open(&circuit, options.config);
    if (status == 0)
        status = find_report(&options, circuit, &path);
    if (status == 0 && options.nodes != NULL)
        status = choose_nodes(&options, circuit, path, &nodes);
    if (status == 0) {
        options.request.path = path;
        options.request.nodes = options.nodes != NULL ? &nodes : NULL;
        status = sna_recording_read(&recording, &options.request);
    }
    if (status == 0)
        status = draw(&options, &recording, path);
    sna_recording_free(&recording);
    sna_selection_free(&nodes);
    sna_selection_free(&options.elements);
    sna_circuit_close(circuit);
    free(path);
    return status;
}
