/* network.h: what the commands on networks share. */
#ifndef SNA_CLI_NETWORK_H
#define SNA_CLI_NETWORK_H

#include <argp.h>

#include "command.h"
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

/* What commands that print nodes or edges take. Start from NO_LISTING_OPTIONS. */
typedef struct {
    output_options output;
    const char *config, *population, *where, *attributes;
    bool count;
    uint64_t limit; /* rows */
} listing_options;
#define NO_LISTING_OPTIONS                               \
    {                                                    \
        .output = {SNA_FORMAT_TEXT}, .limit = UINT64_MAX \
    }
enum {
    LISTING_POPULATION = 0x2001,
    LISTING_WHERE,
    LISTING_ATTRIBUTES,
    LISTING_COUNT,
    LISTING_LIMIT,
    LISTING_OF_COMMAND
};
/* The part of an argp parser for --population, --where, --attributes, --count, --limit, the network and the child
 * output_argp; `which` asks for a network where none is given. Other keys are ARGP_ERR_UNKNOWN. */
error_t listing_parse(listing_options *options, const char *which, int key, char *text, struct argp_state *state);
/* The record that --count prints; `things` is "Nodes" or "Edges". */
int listing_print_count(const listing_options *options, const char *things, const char *population, uint64_t count,
                        uint64_t total) SNA_CHECK_RESULT;

#endif
