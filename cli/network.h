/* network.h: what the commands on networks share. */
#ifndef SNA_CLI_NETWORK_H
#define SNA_CLI_NETWORK_H

#include <argp.h>

#include "connectors/connectors.h"
#include "sonata/sonata.h"

/* The node (edge) population of that name, or the only one where `name` is NULL. Errors: SNA_EINVAL with the list where
 * there are several, SNA_ENOTFOUND. */
int network_nodes_of(sna_circuit *circuit, const char *name, sna_nodes **out) SNA_CHECK_RESULT;
int network_edges_of(sna_circuit *circuit, const char *name, sna_edges **out) SNA_CHECK_RESULT;
/* The node populations at the ends of edges; NULL for one that the circuit has not. */
int network_ends(sna_circuit *circuit, const sna_edges *edges, sna_nodes **source, sna_nodes **target) SNA_CHECK_RESULT;
/* Node ids that an option names in one word (see sna_nodes_choose), sorted; without nodes only ids are understood. */
int network_choose_ids(sna_circuit *circuit, sna_nodes *nodes, const char *option, const char *text,
                       sna_selection *out) SNA_CHECK_RESULT;
/* The unit of a reserved attribute, e.g. "um" for x; NULL for others. */
const char *network_unit(const char *attribute);
/* What was expected and made of a network (sna_network_report): for people in parts of a width that can be read, else
 * one table. */
int network_print_report(const sna_table *report, sna_format format) SNA_CHECK_RESULT;
/* Inside an argp parser: the level of --compress[=LEVEL], 4 where none is given; ends the program on a bad one. */
unsigned network_compress_level(const struct argp_state *state, const char *text);

#endif
