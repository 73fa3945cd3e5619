/* cell_clamp.c: sonatina cell clamp. */
#include "cell_common.h"
#include "commands.h"

#include <stddef.h>

typedef struct {
    cell_options cell;
    sna_clamp_options protocol;
} cell_clamp_options;

enum { KEY_AMPLITUDE = 0x4001, KEY_DELAY, KEY_DURATION, KEY_STOP, KEY_THRESHOLD, KEY_SLOPE };

static const struct argp_option OPTIONS[] = {
    {NULL, 0, NULL, 0, "The protocol:", 10},
    {"inj-amp", KEY_AMPLITUDE, "PA", 0, "Current (100 pA)", 10},
    {"inj-delay", KEY_DELAY, "MS", 0, "It starts at (100 ms)", 10},
    {"inj-dur", KEY_DURATION, "MS", 0, "It lasts (1000 ms)", 10},
    {"tstop", KEY_STOP, "MS", 0, "End of the simulation, at least the end of the current (1000 ms)", 10},
    {"threshold", KEY_THRESHOLD, "MV", 0, "A spike is a rise through this voltage (0 mV)", 10},
    {"dvdt", KEY_SLOPE, "MV/MS", 0, "A spike's own threshold is where dV/dt reaches this (10 mV/ms)", 10},
    {0}};

static const cell_number NUMBERS[] = {{KEY_AMPLITUDE, offsetof(cell_clamp_options, protocol.amplitude)},
                                      {KEY_DELAY, offsetof(cell_clamp_options, protocol.delay)},
                                      {KEY_DURATION, offsetof(cell_clamp_options, protocol.duration)},
                                      {KEY_STOP, offsetof(cell_clamp_options, protocol.stop)},
                                      {KEY_THRESHOLD, offsetof(cell_clamp_options, protocol.threshold)},
                                      {KEY_SLOPE, offsetof(cell_clamp_options, protocol.slope)},
                                      {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    return cell_parse_number(OPTIONS, NUMBERS, key, text, state);
}

static const struct argp_child CHILDREN[] = {{&cell_argp, 0, NULL, 0}, {0}};
static const struct argp ARGUMENTS = {
    OPTIONS,
    parse,
    NULL,
    "Puts a step of current into a cell and measures its spikes.\v"
    "Spike times are where the line between two samples crosses --threshold. Of each spike: threshold (where dV/dt "
    "reaches --dvdt), peak, amplitude (between the two), width at half amplitude, and after-hyperpolarisation "
    "(threshold minus the lowest voltage before the next spike, within 100 ms and the stimulus).\n\n"
    "Example:\n"
    "  sonatina cell clamp --hoc examples/cells/FSInterneuron.hoc \\\n"
    "      --mod-folder examples/cells/mechanisms --v-init -70 --inj-amp 300 \\\n"
    "      --traces clamp.csv --plot clamp.png",
    CHILDREN,
    NULL,
    NULL};

static int run(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup, const void *options)
{
    return sna_cell_clamp(out, model, setup, options);
}

int cell_clamp(int argc, char **argv)
{
    cell_clamp_options self = {.cell = CELL_OPTIONS, .protocol = SNA_CLAMP_DEFAULT};

    return cell_command(argc, argv, &ARGUMENTS, &self.cell, run, &self.protocol, cell_figure_traces,
                        CELL_TABLE_TEXT | CELL_TABLE_JSON, "spikes");
}
