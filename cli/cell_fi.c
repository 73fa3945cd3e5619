/* cell_fi.c: sonatina cell fi. */
#include "cell_common.h"
#include "commands.h"

#include <stddef.h>

typedef struct {
    cell_options cell;
    sna_fi_options protocol;
} cell_fi_options;

enum {
    KEY_START = 0x4001,
    KEY_STOP,
    KEY_INCREMENT,
    KEY_DELAY,
    KEY_DURATION,
    KEY_THRESHOLD,
    KEY_RHEOBASE,
    KEY_PRECISION
};

static const struct argp_option OPTIONS[] = {
    {NULL, 0, NULL, 0, "The protocol:", 10},
    {"i-start", KEY_START, "PA", 0, "First current (0 pA)", 10},
    {"min-pa", KEY_START, "PA", OPTION_ALIAS, NULL, 10},
    {"i-stop", KEY_STOP, "PA", 0, "Last current; it is one of them where the increment leads there (1050 pA)", 10},
    {"max-pa", KEY_STOP, "PA", OPTION_ALIAS, NULL, 10},
    {"i-increment", KEY_INCREMENT, "PA", 0, "From one to the next (100 pA)", 10},
    {"increment", KEY_INCREMENT, "PA", OPTION_ALIAS, NULL, 10},
    {"tstart", KEY_DELAY, "MS", 0, "The current starts at (50 ms)", 10},
    {"tdur", KEY_DURATION, "MS", 0, "It lasts, and with it the simulation (1000 ms)", 10},
    {"threshold", KEY_THRESHOLD, "MV", 0, "A spike is a rise through this voltage (0 mV)", 10},
    {"rheobase", KEY_RHEOBASE, NULL, 0,
     "Search the rheobase between the last current that is silent and the first that is not", 10},
    {"rheobase-precision", KEY_PRECISION, "PA", 0, "How exactly (1 pA)", 10},
    {0}};

static const cell_number NUMBERS[] = {{KEY_START, offsetof(cell_fi_options, protocol.start)},
                                      {KEY_STOP, offsetof(cell_fi_options, protocol.stop)},
                                      {KEY_INCREMENT, offsetof(cell_fi_options, protocol.increment)},
                                      {KEY_DELAY, offsetof(cell_fi_options, protocol.delay)},
                                      {KEY_DURATION, offsetof(cell_fi_options, protocol.duration)},
                                      {KEY_THRESHOLD, offsetof(cell_fi_options, protocol.threshold)},
                                      {KEY_PRECISION, offsetof(cell_fi_options, protocol.rheobase_precision)},
                                      {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    cell_fi_options *self = state->input;

    switch (key) {
    case KEY_RHEOBASE:
        self->protocol.rheobase = true;
        break;
    case KEY_PRECISION:
        self->protocol.rheobase = true;
        return cell_parse_number(OPTIONS, NUMBERS, key, text, state);
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
    "Counts a cell's spikes for a range of currents: the curve of firing rate over current, its slope, and the "
    "rheobase.\v"
    "Rates count the spikes in the stimulus; the whole run's are there too. The currents are exact decimal numbers, "
    "both ends included. All processors work on them together.\n\n"
    "Example:\n"
    "  sonatina cell fi --hoc examples/cells/FSInterneuron.hoc \\\n"
    "      --mod-folder examples/cells/mechanisms --v-init -70 \\\n"
    "      --i-start 0 --i-stop 600 --i-increment 50 --rheobase --plot fi.png",
    CHILDREN,
    NULL,
    NULL};

static int run(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup, const void *options)
{
    return sna_cell_fi(out, model, setup, options);
}

int cell_fi(int argc, char **argv)
{
    cell_fi_options self = {.cell = CELL_OPTIONS, .protocol = SNA_FI_DEFAULT};

    return cell_command(argc, argv, &ARGUMENTS, &self.cell, run, &self.protocol, cell_figure_fi,
                        CELL_TABLE_TEXT | CELL_TABLE_CSV, NULL);
}
