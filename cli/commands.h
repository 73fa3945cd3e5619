/* commands.h: the run functions of all commands, each in the file that bears its name. */
#ifndef SNA_CLI_COMMANDS_H
#define SNA_CLI_COMMANDS_H

int cell_clamp(int argc, char **argv);
int cell_fi(int argc, char **argv);
int cell_info(int argc, char **argv);
int cell_passive(int argc, char **argv);
int cell_profile(int argc, char **argv);
int cell_synaptic(int argc, char **argv);
int cell_zap(int argc, char **argv);
int mechanism_compile(int argc, char **argv);
int mechanism_info(int argc, char **argv);
int mechanism_list(int argc, char **argv);
int network_build(int argc, char **argv);
int network_check(int argc, char **argv);
int network_verify(int argc, char **argv);
int network_spec(int argc, char **argv);
int network_info(int argc, char **argv);
int network_nodes(int argc, char **argv);
int network_edges(int argc, char **argv);
int network_index(int argc, char **argv);
int network_validate(int argc, char **argv);
int network_diff(int argc, char **argv);
int network_convert(int argc, char **argv);
int connection_all(int argc, char **argv);
int connection_show(int argc, char **argv); /* every kind of connection.h */
int graph_summary(int argc, char **argv);
int graph_table(int argc, char **argv);
int graph_motifs(int argc, char **argv);
int graph_communities(int argc, char **argv);
int graph_centrality(int argc, char **argv);
int graph_export(int argc, char **argv);
int plot_cells(int argc, char **argv);
int plot_connection(int argc, char **argv);
int plot_network(int argc, char **argv);
int plot_positions(int argc, char **argv);
int plot_raster(int argc, char **argv);
int plot_report(int argc, char **argv);
int plot_rotation(int argc, char **argv);
int plot_summary(int argc, char **argv);
int report(int argc, char **argv);
int spikes_info(int argc, char **argv);
int spikes_export(int argc, char **argv);
int report_info(int argc, char **argv);
int report_export(int argc, char **argv);

#endif
