/* cell_passive.c: sonatina cell passive. */
#include "cell_common.h"
#include "commands.h"

#include <stddef.h>

typedef struct {
    cell_options cell;
    sna_passive_options protocol;
} cell_passive_options;

enum { KEY_AMPLITUDE = 0x4001, KEY_DELAY, KEY_DURATION, KEY_STOP, KEY_METHOD };

static const struct argp_option OPTIONS[] = {
    {NULL, 0, NULL, 0, "The protocol:", 10},
    {"inj-amp", KEY_AMPLITUDE, "PA", 0, "Current, of either sign (-100 pA)", 10},
    {"inj-delay", KEY_DELAY, "MS", 0, "It starts at (200 ms)", 10},
    {"inj-dur", KEY_DURATION, "MS", 0, "It lasts (1000 ms)", 10},
    {"tstop", KEY_STOP, "MS", 0, "End of the simulation, at least the end of the current (1200 ms)", 10},
    {"method", KEY_METHOD, "NAME", 0,
     "Of the time constant: simple (time to 1 - 1/e of the way), exp, exp2 (fits of one or two "
     "exponentials); default simple",
     10},
    {0}};

static const cell_number NUMBERS[] = {{KEY_AMPLITUDE, offsetof(cell_passive_options, protocol.amplitude)},
                                      {KEY_DELAY, offsetof(cell_passive_options, protocol.delay)},
                                      {KEY_DURATION, offsetof(cell_passive_options, protocol.duration)},
                                      {KEY_STOP, offsetof(cell_passive_options, protocol.stop)},
                                      {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    cell_passive_options *self = state->input;

    switch (key) {
    case KEY_METHOD:
        if (sna_tau_method_parse(&self->protocol.method, text) != 0)
            command_bad_value(state, "--method");
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
    "Measures resting voltage, input resistance, membrane time constant, capacitance and sag of a cell with a step of "
    "current.\v"
    "The time constant by exp2 is that of the slowest exponential that charges the membrane and carries at least 1 % "
    "of the amplitudes; one of the other sign is sag. Capacitance is time constant over input resistance.\n\n"
    "Example:\n"
    "  sonatina cell passive --hoc examples/cells/RSPyramidal.hoc \\\n"
    "      --mod-folder examples/cells/mechanisms --celsius 34 --v-init -70 \\\n"
    "      --method exp2 --plot passive.png",
    CHILDREN,
    NULL,
    NULL};

static int run(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup, const void *options)
{
    return sna_cell_passive(out, model, setup, options);
}

int cell_passive(int argc, char **argv)
{
    cell_passive_options self = {.cell = CELL_OPTIONS, .protocol = SNA_PASSIVE_DEFAULT};

    return cell_command(argc, argv, &ARGUMENTS, &self.cell, run, &self.protocol, cell_figure_traces, CELL_TABLE_NONE,
                        NULL);
}
