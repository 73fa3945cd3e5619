/* cell_zap.c: sonatina cell zap. */
#include "cell_common.h"
#include "commands.h"

#include <stddef.h>

typedef struct {
    cell_options cell;
    sna_zap_options protocol;
} cell_zap_options;

enum { KEY_AMPLITUDE = 0x4001, KEY_DELAY, KEY_DURATION, KEY_STOP, KEY_TAIL, KEY_FSTART, KEY_FEND, KEY_CHIRP };

static const struct argp_option OPTIONS[] = {
    {NULL, 0, NULL, 0, "The protocol:", 10},
    {"inj-amp", KEY_AMPLITUDE, "PA", 0, "Amplitude of the current (100 pA)", 10},
    {"inj-delay", KEY_DELAY, "MS", 0, "It starts at (200 ms)", 10},
    {"inj-dur", KEY_DURATION, "MS", 0, "It lasts (1000 ms)", 10},
    {"tstop", KEY_STOP, "MS", 0, "End of the simulation, at least the end of the tail (1200 ms)", 10},
    {"tail", KEY_TAIL, "MS", 0, "Time for the response to decay after the current, at least (500 ms)", 10},
    {"fstart", KEY_FSTART, "HZ", 0, "First frequency (0 Hz)", 10},
    {"fend", KEY_FEND, "HZ", 0, "Last frequency (100 Hz)", 10},
    {"chirp-type", KEY_CHIRP, "NAME", 0,
     "How the frequency goes from one to the other: linear (default) or exponential", 10},
    {0}};

static const cell_number NUMBERS[] = {{KEY_AMPLITUDE, offsetof(cell_zap_options, protocol.amplitude)},
                                      {KEY_DELAY, offsetof(cell_zap_options, protocol.delay)},
                                      {KEY_DURATION, offsetof(cell_zap_options, protocol.duration)},
                                      {KEY_STOP, offsetof(cell_zap_options, protocol.stop)},
                                      {KEY_TAIL, offsetof(cell_zap_options, protocol.tail)},
                                      {KEY_FSTART, offsetof(cell_zap_options, protocol.fstart)},
                                      {KEY_FEND, offsetof(cell_zap_options, protocol.fend)},
                                      {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    cell_zap_options *self = state->input;

    switch (key) {
    case KEY_CHIRP:
        if (sna_chirp_parse(&self->protocol.chirp, text) != 0)
            command_bad_value(state, "--chirp-type");
        break;
    default:
        return cell_parse_number(OPTIONS, NUMBERS, key, text, state);
    }
    return 0;
}

static const struct argp_child CHILDREN[] = {{&cell_argp, 0, NULL, 0}, {0}};
static const struct argp ARGUMENTS = {
    OPTIONS,
    parse,
    NULL,
    "Measures the impedance of a cell over frequency, and its resonance, with a current that sweeps through the "
    "frequencies.\v"
    "Impedance is the spectrum of the voltage over that of the current, of the whole response with its decay after the "
    "current: nothing is cut off and nothing smoothed. The phase is negative where the voltage lags.\n\n"
    "Example:\n"
    "  sonatina cell zap --hoc examples/cells/RSPyramidal.hoc \\\n"
    "      --mod-folder examples/cells/mechanisms --celsius 34 --v-init -70 \\\n"
    "      --inj-amp 20 --fstart 0.5 --fend 20 --inj-dur 10000 --plot zap.png",
    CHILDREN,
    NULL,
    NULL};

static int run(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup, const void *options)
{
    return sna_cell_zap(out, model, setup, options);
}

int cell_zap(int argc, char **argv)
{
    cell_zap_options self = {.cell = CELL_OPTIONS, .protocol = SNA_ZAP_DEFAULT};

    return cell_command(argc, argv, &ARGUMENTS, &self.cell, run, &self.protocol, cell_figure_zap, CELL_TABLE_CSV, NULL);
}
