/* network_nodes.c: sonatina network nodes. */
#include "commands.h"
#include "network.h"
#include "rows.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    listing_options shared;
    const char *nodes;
} network_nodes_options;

enum { KEY_NODES = LISTING_OF_COMMAND };

static const struct argp_option OPTIONS[] = {
    {"population", LISTING_POPULATION, "NAME", 0, "The node population (default: the only one)", 0},
    {"where", LISTING_WHERE, "CONDITION", 0,
     "Nodes whose attributes satisfy a condition, e.g. \"pop_name == 'PN' and x > 100\"", 0},
    {"nodes", KEY_NODES, "NODES", 0, "Which nodes: ids such as 0-9,12, a node set, or a condition", 0},
    {"attributes", LISTING_ATTRIBUTES, "A,B,...", 0, "Attributes to print behind the node id (default: all)", 0},
    {"count", LISTING_COUNT, NULL, 0, "Print only how many nodes there are", 0},
    {"limit", LISTING_LIMIT, "N", 0, "Print the first N rows only", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    network_nodes_options *options = state->input;

    if (key != KEY_NODES)
        return listing_parse(&options->shared, "which network? (a circuit or simulation config, or a nodes file)", key,
                             text, state);
    options->nodes = text;
    return 0;
}

static const struct argp_child CHILDREN[] = {{&output_argp, 0, NULL, 0}, {0}};
static const struct argp ARGUMENTS = {
    OPTIONS,
    parse,
    "CONFIG|NODES.h5",
    "Prints the nodes of a population, one row a node, with their attributes: those of the HDF5 file and those of "
    "the types CSV.\v"
    "Text shows the first 200 rows; CSV and JSON have all, written as they are read.\n\n"
    "A condition compares attributes (==, !=, <, <=, >, >=, in [...], =~ 'regular expression', missing(x)) with "
    "numbers and quoted texts; and, or, not and parentheses join comparisons.\n\n"
    "Example:\n  sonatina network nodes circuit_config.json --population cortex \\\n"
    "    --where \"pop_name == 'PN' and x > 100\" --attributes pop_name,x,y,z --format csv",
    CHILDREN,
    NULL,
    NULL};

/* Rows that satisfy both options. */
static int choose(sna_circuit *circuit, sna_nodes *nodes, const network_nodes_options *options, sna_selection *out)
{
    int status = 0;
    sna_node_sets *sets = NULL;
    sna_selection chosen = SNA_SELECTION, matching = SNA_SELECTION;

    if (options->nodes != NULL) {
        status = sna_circuit_node_sets(circuit, &sets);
        if (status == 0)
            status = sna_error_in(sna_nodes_choose(nodes, sets, options->nodes, &chosen), "--nodes");
    } else {
        status = sna_selection_add(&chosen, 0, sna_nodes_count(nodes));
    }
    if (status == 0 && options->shared.where != NULL)
        status = sna_error_in(sna_nodes_where(nodes, options->shared.where, &matching), "--where");
    if (status == 0)
        status = sna_selection_and(out, &chosen, options->shared.where != NULL ? &matching : &chosen);
    sna_selection_free(&chosen);
    sna_selection_free(&matching);
    return status;
}

/* Names of the columns: the id, then what is asked for. */
static int name_columns(const sna_nodes *nodes, const char *attributes, sna_list *out)
{
    int status = sna_list_add(out, "node_id");

    if (attributes != NULL)
        return status == 0 ? sna_list_split(out, attributes, ',') : status;
    if (status == 0)
        status = sna_list_add(out, "node_type_id");
    for (uint64_t i = 0; i < sna_nodes_attributes(nodes) && status == 0; i++)
        if (sna_nodes_attribute(nodes, i)->storage != SNA_NOT_SUPPORTED)
            status = sna_list_add(out, sna_nodes_attribute(nodes, i)->name);
    return status;
}

static int print_rows(sna_nodes *nodes, const sna_selection *chosen, const network_nodes_options *options)
{
    int status = 0;
    enum { BLOCK = 4096 };
    uint64_t row[BLOCK], count = 0;
    sna_list names = SNA_LIST;
    sna_view *view = NULL;
    row_printer *printer = NULL;

    status = name_columns(nodes, options->shared.attributes, &names);
    if (status == 0)
        status = sna_allocate(&view, names.count, sizeof *view);
    if (status == 0)
        status =
            row_printer_open(&printer, options->shared.output.format, sna_nodes_name(nodes), options->shared.limit);
    for (uint64_t i = 0; i < names.count && status == 0; i++) {
        const sna_column *column = NULL;
        status = sna_nodes_column(nodes, names.text[i], &column);
        if (status != 0)
            break;
        view[i] = (sna_view){column, row};
        status = row_printer_column(printer, names.text[i], network_unit(names.text[i]), column->type, column->width);
    }
    for (uint64_t r = 0; r < chosen->count && status == 0 && !row_printer_is_full(printer); r++)
        for (uint64_t at = chosen->range[r].first; at < chosen->range[r].end && status == 0; at++) {
            row[count++] = at;
            if (count == BLOCK) {
                status = row_printer_put(printer, view, count);
                count = 0;
            }
        }
    if (status == 0)
        status = row_printer_put(printer, view, count);
    if (status == 0)
        status = row_printer_finish(printer, sna_selection_rows(chosen));
    row_printer_close(printer);
    sna_list_free(&names);
    free(view);
    return status;
}

int network_nodes(int argc, char **argv)
{
    int status = 0;
    network_nodes_options options = {.shared = NO_LISTING_OPTIONS};
    sna_circuit *circuit = NULL;
    sna_nodes *nodes = NULL;
    sna_selection chosen = SNA_SELECTION;

    status = command_parse(&ARGUMENTS, argc, argv, &options);
    if (status == 0)
        status = sna_circuit_open(&circuit, options.shared.config);
    if (status == 0)
        status =
            sna_error_in(network_nodes_of(circuit, options.shared.population, &nodes), "%s", options.shared.config);
    if (status == 0)
        status = choose(circuit, nodes, &options, &chosen);
    if (status == 0)
        status = options.shared.count ? listing_print_count(&options.shared, "Nodes", sna_nodes_name(nodes),
                                                            sna_selection_rows(&chosen), sna_nodes_count(nodes))
                                      : print_rows(nodes, &chosen, &options);
    sna_selection_free(&chosen);
    sna_circuit_close(circuit);
    return status;
}
