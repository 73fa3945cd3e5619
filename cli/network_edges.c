/* network_edges.c: sonatina network edges. */
#include "commands.h"
#include "network.h"
#include "rows.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    listing_options shared;
    const char *source, *target;
} network_edges_options;

enum { KEY_SOURCE = LISTING_OF_COMMAND, KEY_TARGET };

static const struct argp_option OPTIONS[] = {
    {"population", LISTING_POPULATION, "NAME", 0, "The edge population (default: the only one)", 0},
    {"where", LISTING_WHERE, "CONDITION", 0,
     "Edges that satisfy a condition on their attributes and those of the nodes at their ends, e.g. \"syn_weight > 0.1 "
     "and "
     "source.pop_name == 'PV'\"",
     0},
    {"source", KEY_SOURCE, "NODES", 0, "Edges from these nodes: ids such as 0-9,12, a node set, or a condition", 0},
    {"target", KEY_TARGET, "NODES", 0, "Edges to these nodes", 0},
    {"attributes", LISTING_ATTRIBUTES, "A,B,...", 0,
     "Attributes to print behind the ids of edge and nodes, also source.NAME and target.NAME (default: all of the "
     "edge)",
     0},
    {"count", LISTING_COUNT, NULL, 0, "Print only how many edges there are", 0},
    {"limit", LISTING_LIMIT, "N", 0, "Print the first N rows only", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    network_edges_options *options = state->input;

    switch (key) {
    case KEY_SOURCE:
        options->source = text;
        return 0;
    case KEY_TARGET:
        options->target = text;
        return 0;
    default:
        return listing_parse(&options->shared, "which network? (a circuit or simulation config, or an edges file)", key,
                             text, state);
    }
}

static const struct argp_child CHILDREN[] = {{&output_argp, 0, NULL, 0}, {0}};
static const struct argp ARGUMENTS = {
    OPTIONS,
    parse,
    "CONFIG|EDGES.h5",
    "Prints the edges of a population, one row an edge, with their attributes: those of the HDF5 file and those of the "
    "types CSV.\v"
    "Text shows the first 200 rows; CSV and JSON have all, written as they are read: any number of edges takes the "
    "same "
    "memory.\n\n"
    "A condition compares attributes (==, !=, <, <=, >, >=, in [...], =~ 'regular expression', missing(x)) with "
    "numbers and quoted texts; and, or, not and parentheses join comparisons. source.NAME and target.NAME are "
    "attributes "
    "of the nodes.\n\n"
    "Example:\n  sonatina network edges circuit_config.json --population cortex_to_cortex --target 0-9 \\\n"
    "    --where \"source.pop_name == 'PV'\" --attributes syn_weight,target.pop_name --format csv",
    CHILDREN,
    NULL,
    NULL};

/* Names of the columns: the ids, then what is asked for. */
static int name_columns(const sna_edges *edges, const char *attributes, sna_list *out)
{
    static const char *const always[] = {"edge_id", "source_node_id", "target_node_id"};
    int status = 0;

    for (size_t i = 0; i < sizeof always / sizeof *always && status == 0; i++)
        status = sna_list_add(out, always[i]);
    if (attributes != NULL)
        return status == 0 ? sna_list_split(out, attributes, ',') : status;
    if (status == 0)
        status = sna_list_add(out, "edge_type_id");
    for (uint64_t i = 0; i < sna_edges_attributes(edges) && status == 0; i++)
        if (sna_edges_attribute(edges, i)->storage != SNA_NOT_SUPPORTED)
            status = sna_list_add(out, sna_edges_attribute(edges, i)->name);
    return status;
}

static int print_rows(sna_edge_scan *scan, const sna_edges *edges, const sna_list *names, bool is_all,
                      const network_edges_options *options)
{
    int status = 0;
    const bool only_count = options->shared.limit == UINT64_MAX; /* rows past those for people are counted */
    uint64_t total = 0;
    bool started = false;
    sna_edge_scan_block block;
    row_printer *printer = NULL;

    status = row_printer_open(&printer, options->shared.output.format, sna_edges_name(edges), options->shared.limit);
    while (status == 0) {
        status = sna_edge_scan_next(scan, &block);
        if (status != 0)
            break;
        /* What the columns are is known with the first block; without one there is nothing but their names. */
        for (uint64_t i = 0; i < names->count && status == 0 && !started; i++) {
            const char *name = names->text[i];
            const sna_column *column = block.count > 0 ? block.view[i].column : NULL;
            status = row_printer_column(printer, name, network_unit(name), column == NULL ? SNA_INTEGER : column->type,
                                        column == NULL ? 1 : column->width);
        }
        started = true;
        if (status != 0 || block.count == 0)
            break;
        total += block.count;
        status = row_printer_put(printer, block.view, block.count);
        if (row_printer_is_full(printer) && (is_all || !only_count)) {
            total = is_all ? sna_edges_count(edges) : UINT64_MAX;
            break;
        }
    }
    if (status == 0)
        status = row_printer_finish(printer, total);
    row_printer_close(printer);
    return status;
}

static int print_count(sna_edge_scan *scan, const sna_edges *edges, bool is_all, const listing_options *options)
{
    int status = 0;
    uint64_t count = 0;
    sna_edge_scan_block block;
    sna_progress progress;

    sna_progress_start(&progress, "counting", "edges", sna_edges_count(edges));
    if (is_all)
        count = sna_edges_count(edges);
    while (!is_all && (status = sna_edge_scan_next(scan, &block)) == 0 && block.count > 0) {
        count += block.count;
        sna_progress_update(&progress, block.edge[block.count - 1]);
    }
    sna_progress_end(&progress);
    if (status == 0)
        status = listing_print_count(options, "Edges", sna_edges_name(edges), count, sna_edges_count(edges));
    return status;
}

int network_edges(int argc, char **argv)
{
    int status = 0;
    network_edges_options options = {.shared = NO_LISTING_OPTIONS};
    bool is_all = false;
    sna_circuit *circuit = NULL;
    sna_edges *edges = NULL;
    sna_nodes *source = NULL, *target = NULL;
    sna_selection from = SNA_SELECTION, to = SNA_SELECTION;
    sna_list names = SNA_LIST;
    sna_edge_scan_request request = {0};
    sna_edge_scan *scan = NULL;

    status = command_parse(&ARGUMENTS, argc, argv, &options);
    if (status == 0)
        status = sna_circuit_open(&circuit, options.shared.config);
    if (status == 0)
        status =
            sna_error_in(network_edges_of(circuit, options.shared.population, &edges), "%s", options.shared.config);
    if (status == 0)
        status = network_ends(circuit, edges, &source, &target);
    if (status == 0 && options.source != NULL) {
        status = network_choose_ids(circuit, source, "--source", options.source, &from);
        request.source = &from;
    }
    if (status == 0 && options.target != NULL) {
        status = network_choose_ids(circuit, target, "--target", options.target, &to);
        request.target = &to;
    }
    if (status == 0 && !options.shared.count)
        status = name_columns(edges, options.shared.attributes, &names);
    if (status != 0)
        goto out;
    is_all = options.shared.where == NULL && request.source == NULL && request.target == NULL;
    request.where = options.shared.where;
    request.column = (const char *const *)names.text;
    request.column_count = names.count;
    status = sna_edge_scan_open(&scan, edges, source, target, &request);
    if (status == 0)
        status = options.shared.count ? print_count(scan, edges, is_all, &options.shared)
                                      : print_rows(scan, edges, &names, is_all, &options);
out:
    sna_edge_scan_close(scan);
    sna_list_free(&names);
    sna_selection_free(&from);
    sna_selection_free(&to);
    sna_circuit_close(circuit);
    return status;
}
