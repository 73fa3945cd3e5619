/* commands.c: the table of commands. A new command is one file, one declaration and one line here. */
#include "commands.h"

#include "command.h"

const command_group command_groups[] = {
    {"cell", "Single cells: measure them with NEURON"},
    {"mechanism", "Mechanisms (mod files)"},
    {"network", "Networks: build, check, look"},
    {NULL, NULL},
};

const command commands[] = {
    {"cell", "passive", "Input resistance, time constant, sag from a step of current", cell_passive},
    {"cell", "clamp", "Spikes in response to a step of current", cell_clamp},
    {"cell", "fi", "Firing rate over current, rheobase", cell_fi},
    {"cell", "zap", "Impedance over frequency, resonance", cell_zap},
    {"mechanism", "list", "List the mod files of a folder: ions, currents, variables", mechanism_list},
    {"mechanism", "info", "Show all that one mod file declares", mechanism_info},
    {"mechanism", "compile", "Compile mod files to a library that NEURON loads", mechanism_compile},
    {"network", "build", "Build a network from its specification", network_build},
    {NULL, NULL, NULL, NULL},
};
