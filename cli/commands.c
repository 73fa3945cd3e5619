/* commands.c: the table of commands. A new command is one file, one declaration and one line here. */
#include "commands.h"

#include "command.h"

const command_group command_groups[] = {
    {"cell", "Single cells: measure them with NEURON"},
    {"mechanism", "Mechanisms (mod files)"},
    {"network", "Networks: build, check, look"},
    {"connection", "Connections between groups of cells"},
    {"graph", "The network as a graph"},
    {"report", "Reports"},
    {NULL, NULL},
};

const command commands[] = {
    {"cell", "info", "Sections, geometry, mechanisms and parameters of a cell", cell_info},
    {"cell", "passive", "Input resistance, time constant, sag from a step of current", cell_passive},
    {"cell", "clamp", "Spikes in response to a step of current", cell_clamp},
    {"cell", "fi", "Firing rate over current, rheobase", cell_fi},
    {"cell", "zap", "Impedance over frequency, resonance", cell_zap},
    {"cell", "synaptic", "Response to a train of synaptic events", cell_synaptic},
    {"cell", "profile", "All of these on one page with pictures", cell_profile},
    {"mechanism", "list", "List the mod files of a folder: ions, currents, variables", mechanism_list},
    {"mechanism", "info", "Show all that one mod file declares", mechanism_info},
    {"mechanism", "compile", "Compile mod files to a library that NEURON loads", mechanism_compile},
    {"network", "build", "Build a network from its specification", network_build},
    {"network", "info", "Populations, cells and edges of a network", network_info},
    {"network", "nodes", "Print nodes and their attributes", network_nodes},
    {"network", "edges", "Print edges and their attributes", network_edges},
    {"network", "index", "Build or repair the indices of edges", network_index},
    {"network", "validate", "Look for faults in a network's files", network_validate},
    {"network", "diff", "What differs between two networks or files", network_diff},
    {"network", "convert", "Write a network, spikes or a report so that all tools read it", network_convert},
    {"connection", "total", "Number of connections", connection_total},
    {"connection", "percent", "Share of possible connections: probability, one-way, mutual", connection_percent},
    {"connection", "convergence", "Connections that target cells receive", connection_convergence},
    {"connection", "divergence", "Connections that source cells make", connection_divergence},
    {"connection", "gap", "Gap junctions", connection_gap},
    {"connection", "probability", "Connection probability by distance", connection_probability},
    {"connection", "histogram", "Distribution of convergence or divergence over cells", connection_histogram},
    {"connection", "property", "Weights, delays... by groups", connection_property},
    {"connection", "distance", "Length of connections", connection_distance},
    {"connection", "delay-distance", "Delay over distance", connection_delay_distance},
    {"connection", "all", "All of these at once", connection_all},
    {"graph", "summary", "Density, components, degrees, clustering, path lengths", graph_summary},
    {"graph", "table", "What connects to each cell", graph_table},
    {"graph", "motifs", "Kinds of triads against random graphs", graph_motifs},
    {"graph", "communities", "Groups of cells that connect among themselves", graph_communities},
    {"graph", "centrality", "How central each cell is", graph_centrality},
    {"graph", "export", "Write GraphML, GML or a list of edges", graph_export},
    {"report", NULL, "One page with all of this: matrices, distributions, positions, measures", report},
    {NULL, NULL, NULL, NULL},
};
