/* cell_synaptic.c: sonatina cell synaptic. */
#include "cell_common.h"
#include "commands.h"

#include <stddef.h>
#include <stdlib.h>

typedef struct {
    cell_options cell;
    sna_synaptic_options protocol;
    const char **parameter; /* grows with each --syn-set */
    uint64_t capacity;
} cell_synaptic_options;

enum {
    KEY_MECHANISM = 0x4601,
    KEY_SET,
    KEY_TAU1,
    KEY_TAU2,
    KEY_REVERSAL,
    KEY_SITE,
    KEY_FREQUENCY,
    KEY_WEIGHT,
    KEY_DELAY,
    KEY_STOP,
    KEY_NOISE,
    KEY_SEED,
    KEY_THRESHOLD
};

static const struct argp_option OPTIONS[] = {
    {NULL, 0, NULL, 0, "The protocol:", 10},
    {"synapse", KEY_MECHANISM, "NAME", 0, "Point process that receives the events (Exp2Syn)", 10},
    {"syn-set", KEY_SET, "NAME=VALUE", 0,
     "A parameter of it; may be given several times (Exp2Syn: tau1=0.1, tau2=10, e=0)", 10},
    {"syn-site", KEY_SITE, "SITE", 0, "Where it sits: soma(0.5) (default), dend[3](0.9)", 10},
    {"frequency", KEY_FREQUENCY, "HZ", 0, "Of the events (20 Hz); 0: none", 10},
    {"weight", KEY_WEIGHT, "US", 0, "Of the connection (0.01 uS)", 10},
    {"delay", KEY_DELAY, "MS", 0, "The first event comes at (100 ms)", 10},
    {"tstop", KEY_STOP, "MS", 0, "End of the simulation (1000 ms)", 10},
    {"noise", KEY_NOISE, "FRACTION", 0, "0: regular (default), 1: intervals of a Poisson process", 10},
    {"seed", KEY_SEED, "N", 0, "Of the noise (1)", 10},
    {"threshold", KEY_THRESHOLD, "MV", 0, "A spike is a rise of the voltage through (0 mV)", 10},
    {0}};

static void add_parameter(cell_synaptic_options *self, struct argp_state *state, const char *text)
{
    const char **grown =
        sna_grow(self->parameter, &self->capacity, self->protocol.parameter_count + 1, sizeof *self->parameter);

    if (grown == NULL)
        command_bad_value(state, "--syn-set");
    self->parameter = grown;
    grown[self->protocol.parameter_count++] = text;
    self->protocol.parameter = grown;
}

static const cell_number NUMBERS[] = {{KEY_FREQUENCY, offsetof(cell_synaptic_options, protocol.frequency)},
                                      {KEY_WEIGHT, offsetof(cell_synaptic_options, protocol.weight)},
                                      {KEY_DELAY, offsetof(cell_synaptic_options, protocol.delay)},
                                      {KEY_STOP, offsetof(cell_synaptic_options, protocol.stop)},
                                      {KEY_NOISE, offsetof(cell_synaptic_options, protocol.noise)},
                                      {KEY_THRESHOLD, offsetof(cell_synaptic_options, protocol.threshold)},
                                      {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    cell_synaptic_options *self = state->input;

    switch (key) {
    case KEY_MECHANISM:
        self->protocol.mechanism = text;
        break;
    case KEY_SET:
        add_parameter(self, state, text);
        break;
    case KEY_SITE: {
        sna_cell_site site;
        if (sna_cell_site_parse(&site, text) != 0)
            command_bad_value(state, "--syn-site");
        self->cell.setup.inject = text;
        break;
    }
    case KEY_SEED:
        self->protocol.seed = command_unsigned(state, "--seed", text);
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
    "Measures the response of a cell to synaptic events: the first response, how they add up, spikes.\v"
    "The events come from a NetStim: with a frequency f the interval is 1000 / f ms, and there are as many as fit "
    "before "
    "--tstop. The current in pictures and traces is that of the synapse, negative where it flows in.\n\n"
    "Example:\n"
    "  sonatina cell synaptic --hoc examples/cells/PassiveCell.hoc --weight 0.002 \\\n"
    "      --syn-set tau1=0.5 --syn-set tau2=5 --frequency 50 --plot synaptic.png",
    CHILDREN,
    NULL,
    NULL};

static int run(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup, const void *options)
{
    return sna_cell_synaptic(out, model, setup, options);
}

int cell_synaptic(int argc, char **argv)
{
    int status = 0;
    cell_synaptic_options self = {.cell = CELL_OPTIONS, .protocol = SNA_SYNAPTIC_DEFAULT};

    status = cell_command(argc, argv, &ARGUMENTS, &self.cell, run, &self.protocol, cell_figure_traces, CELL_TABLE_NONE,
                          NULL);
    free(self.parameter);
    return status;
}
