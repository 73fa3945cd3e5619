/* plot_raster.c: sonatina plot raster */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "plot.h"
#include "times.h"

static const char doc[] =
    "Draws spikes over time, a row a cell, with the mean firing rate of each group of cells beneath.\v"
    "The file is a spike file, or a simulation config that says where its spikes are. With a config (given so, or by "
    "--config) cells stand together with the others of their group, rates are of all its cells, silent ones too, "
    "and --populations, --group-by and --nodes choose. Without one, rows are node ids and groups populations.\n\n"
    "Example:\n  sonatina plot raster simulation_config.json --group-by pop_name --times 0:1000 -o raster.png\n"
    "  sonatina plot raster output/spikes.h5 --config circuit_config.json -o raster.png";

enum { KEY_CONFIG = 0x2301, KEY_TIMES, KEY_BIN };

static const struct argp_option option[] = {
    {"config", KEY_CONFIG, "CONFIG", 0, "The circuit or simulation whose cells spike", 1},
    {"times", KEY_TIMES, "START:STOP", 0, "From START to STOP, in ms; either may be left out", 1},
    {"bin", KEY_BIN, "MS", 0, "Width of the bins of the rate (default: a round number near 1/100 of the time shown)",
     1},
    {0}};

typedef struct {
    plot_options shared;
    const char *config;
    time_window times;
    double bin;
} raster_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    raster_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->shared;
        return 0;
    case KEY_CONFIG:
        options->config = text;
        return 0;
    case KEY_TIMES:
        options->times = command_times(state, "--times", text);
        return 0;
    case KEY_BIN:
        options->bin = command_real(state, "--bin", text);
        if (!(options->bin > 0) || isinf(options->bin))
            argp_error(state, "--bin: must be above 0 ms, found %s", text);
        return 0;
    case ARGP_KEY_END:
        if (options->shared.file != NULL && options->config == NULL && !plot_is_data(options->shared.file))
            options->config = options->shared.file;
        if (options->config == NULL && options->shared.cells.groups != NULL)
            argp_error(state, "--group-by needs --config: a spike file does not say what its cells are");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The spike file: the one that was given, or the one that the config names. */
static int find_spikes(const raster_options *options, const sna_circuit *circuit, const char **out)
{
    const sna_config *const config = circuit != NULL ? sna_circuit_config(circuit) : NULL;

    *out = options->shared.file;
    if (options->config != options->shared.file)
        return 0;
    *out = config != NULL ? sna_config_text(config, "output.spikes_file") : NULL;
    if (*out == NULL)
        return sna_error(SNA_ENOTFOUND, "%s names no spike file (output.spikes_file); give one, and --config %s",
                         options->config, options->config);
    return 0;
}

static int collect(sna_spike_rows *out, const raster_options *options, sna_circuit *circuit, sna_spikes *spikes)
{
    int status = 0;
    sna_cells cells = {.count = 0};
    sna_selection nodes = SNA_SELECTION;
    const sna_cell_request *const request = &options->shared.cells;

    if (circuit != NULL) {
        status = sna_cells_choose(&cells, circuit, request);
        if (status == 0)
            status = sna_spike_rows_of_cells(out, spikes, &cells, options->times.start, options->times.stop);
    } else {
        if (request->nodes != NULL)
            status = sna_selection_parse(&nodes, request->nodes, UINT64_MAX);
        if (status == 0)
            status = sna_selection_sort(&nodes);
        if (status == 0)
            status = sna_spike_rows_of_file(out, spikes, request->populations, request->nodes != NULL ? &nodes : NULL,
                                            options->times.start, options->times.stop);
    }
    sna_selection_free(&nodes);
    sna_cells_free(&cells);
    return status;
}

static int draw(const raster_options *options, const sna_spike_rows *rows, const char *file)
{
    int status = 0;
    sna_figure *figure = NULL;
    const sna_raster raster = {.time = rows->time,
                               .row = rows->row,
                               .group = rows->group,
                               .count = rows->count,
                               .name = (const char *const *)rows->name.text,
                               .cells = rows->cells,
                               .groups = rows->name.count,
                               .start = options->times.start,
                               .stop = options->times.stop,
                               .bin = options->bin,
                               .row_label = rows->cells != NULL || rows->name.count > 1 ? "Cell" : "Node id",
                               .rows = (double)rows->rows};

    if (rows->name.count == 0)
        status = sna_error(SNA_ENOTFOUND, "%s has no population of spikes", file);
    if (status == 0)
        status = sna_figure_raster(&figure, "Spikes", &raster);
    if (status == 0 && rows->count == 0)
        status = sna_figure_add_note(figure, "There are no spikes.");
    if (status == 0 && rows->strangers > 0)
        status = sna_figure_add_note(figure, "%" PRIu64 " spikes are of node ids that the circuit does not have.",
                                     rows->strangers);
    if (status == 0)
        status = picture_draw(&options->shared.picture, figure);
    sna_figure_free(figure);
    return status;
}

int plot_raster(int argc, char **argv)
{
    static const struct argp_child children[] = {{&plot_cells_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        .options = option, .parser = parse, .args_doc = "SPIKES|CONFIG", .doc = doc, .children = children};
    int status = 0;
    raster_options options = {.times = ANY_TIME};
    const char *file = NULL;
    sna_circuit *circuit = NULL;
    sna_spikes *spikes = NULL;
    sna_spike_rows rows = {.name = SNA_LIST};

    status = command_parse(&argp, argc, argv, &options);
    if (status == 0 && options.config != NULL)
        status = sna_circuit_open(&circuit, options.config);
    if (status == 0)
        status = find_spikes(&options, circuit, &file);
    if (status == 0)
        status = sna_spikes_open(&spikes, file, NULL);
    if (status == 0)
        status = collect(&rows, &options, circuit, spikes);
    if (status == 0)
        status = draw(&options, &rows, file);
    sna_spike_rows_free(&rows);
    sna_spikes_close(spikes);
    sna_circuit_close(circuit);
    return status;
}
