/* network_nodes.c: sonatina network nodes. */
#include "command.h"
#include "commands.h"
#include "network.h"
#include "rows.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    output_options output;
    const char *config, *population, *where, *nodes, *attributes;
    bool count;
    uint64_t limit;
} network_nodes_options;

enum { KEY_POPULATION = 0x2001, KEY_WHERE, KEY_NODES, KEY_ATTRIBUTES, KEY_COUNT, KEY_LIMIT };

static const struct argp_option OPTIONS[] = {
    {"population", KEY_POPULATION, "NAME", 0, "The node population (default: the only one)", 0},
    {"where", KEY_WHERE, "CONDITION", 0,
     "Nodes whose attributes satisfy a condition, e.g. \"pop_name == 'PN' and x > 100\"", 0},
    {"nodes", KEY_NODES, "NODES", 0, "Which nodes: ids such as 0-9,12, a node set, or a condition", 0},
    {"attributes", KEY_ATTRIBUTES, "A,B,...", 0, "Attributes to print behind the node id (default: all)", 0},
    {"count", KEY_COUNT, NULL, 0, "Print only how many nodes there are", 0},
    {"limit", KEY_LIMIT, "N", 0, "Print the first N rows only", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    network_nodes_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        break;
    case KEY_POPULATION:
        options->population = text;
        break;
    case KEY_WHERE:
        options->where = text;
        break;
    case KEY_NODES:
        options->nodes = text;
        break;
    case KEY_ATTRIBUTES:
        options->attributes = text;
        break;
    case KEY_COUNT:
        options->count = true;
        break;
    case KEY_LIMIT:
        options->limit = command_unsigned(state, "--limit", text);
        break;
    case ARGP_KEY_ARG:
        if (options->config != NULL)
            argp_error(state, "one network at a time: `%s` is too much", text);
        options->config = text;
        break;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which network? (a circuit or simulation config, or a nodes file)");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
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
    if (status == 0 && options->where != NULL)
        status = sna_error_in(sna_nodes_where(nodes, options->where, &matching), "--where");
    if (status == 0)
        status = sna_selection_and(out, &chosen, options->where != NULL ? &matching : &chosen);
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

    status = name_columns(nodes, options->attributes, &names);
    if (status == 0)
        status = sna_allocate(&view, names.count, sizeof *view);
    if (status == 0)
        status = row_printer_open(&printer, options->output.format, sna_nodes_name(nodes), options->limit);
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

static int print_count(const sna_nodes *nodes, const sna_selection *chosen, sna_format format)
{
    sna_record *record = NULL;
    int status = sna_record_create(&record, NULL);

    if (status == 0)
        status = sna_record_text(record, "population", "Population", sna_nodes_name(nodes));
    if (status == 0)
        status = sna_record_integer(record, "count", "Nodes chosen", NULL, (int64_t)sna_selection_rows(chosen));
    if (status == 0)
        status = sna_record_integer(record, "total", "Nodes in all", NULL, (int64_t)sna_nodes_count(nodes));
    if (status == 0)
        status = sna_record_write(record, stdout, format);
    sna_record_free(record);
    return status;
}

int network_nodes(int argc, char **argv)
{
    int status = 0;
    network_nodes_options options = {.output = {SNA_FORMAT_TEXT}, .limit = UINT64_MAX};
    sna_circuit *circuit = NULL;
    sna_nodes *nodes = NULL;
    sna_selection chosen = SNA_SELECTION;

    status = command_parse(&ARGUMENTS, argc, argv, &options);
    if (status == 0)
        status = sna_circuit_open(&circuit, options.config);
    if (status == 0)
        status = sna_error_in(network_nodes_of(circuit, options.population, &nodes), "%s", options.config);
    if (status == 0)
        status = choose(circuit, nodes, &options, &chosen);
    if (status == 0)
        status =
            options.count ? print_count(nodes, &chosen, options.output.format) : print_rows(nodes, &chosen, &options);
    sna_selection_free(&chosen);
    sna_circuit_close(circuit);
    return status;
}
