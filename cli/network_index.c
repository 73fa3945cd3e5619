/* network_index.c: sonatina network index. */
#include "command.h"
#include "commands.h"
#include "network.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    output_options output;
    const char *path, *population;
    bool only_check, rebuild;
    sna_write_options write;
} network_index_options;

enum { KEY_POPULATION = 0x2001, KEY_CHECK, KEY_REBUILD, KEY_COMPRESS, KEY_MEMORY };

static const struct argp_option OPTIONS[] = {
    {"population", KEY_POPULATION, "NAME", 0, "Only this edge population (default: all)", 0},
    {"check", KEY_CHECK, NULL, 0, "Write nothing, say how the indices stand; status 3 when one is missing or wrong", 0},
    {"rebuild", KEY_REBUILD, NULL, 0, "Build them again even where they are right", 0},
    {"compress", KEY_COMPRESS, "LEVEL", OPTION_ARG_OPTIONAL, "Compress the indices (deflate, level 1-9, default 4)", 0},
    {"memory", KEY_MEMORY, "MIB", 0, "Memory that sorting may take (default 256); more edges are sorted on the disk",
     0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    network_index_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        break;
    case KEY_POPULATION:
        options->population = text;
        break;
    case KEY_CHECK:
        options->only_check = true;
        break;
    case KEY_REBUILD:
        options->rebuild = true;
        break;
    case KEY_COMPRESS:
        options->write.compress = network_compress_level(state, text);
        break;
    case KEY_MEMORY:
        options->write.memory = command_unsigned(state, "--memory", text);
        if (options->write.memory == 0 || options->write.memory > UINT64_C(1) << 24)
            argp_error(state, "--memory: must be from 1 to 16777216 MiB, found %s", text);
        options->write.memory <<= 20;
        break;
    case ARGP_KEY_ARG:
        if (options->path != NULL)
            argp_error(state, "one file at a time: `%s` is too much", text);
        options->path = text;
        break;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which file? (an edges file, or a circuit config for all edges of a circuit)");
        break;
    case ARGP_KEY_END:
        if (options->only_check && options->rebuild)
            argp_error(state, "--check writes nothing, so --rebuild makes no sense with it");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_child CHILDREN[] = {{&output_argp, 0, NULL, 0}, {&thread_argp, 0, NULL, 0}, {0}};
static const struct argp ARGUMENTS = {
    OPTIONS,
    parse,
    "EDGES.h5|CONFIG",
    "Builds the indices of edges by target and by source where they are missing, and mends those that are wrong or "
    "that "
    "not all readers find.\v"
    "An index that is there is held against the ids of all edges first. What is written takes the file's place in one "
    "step when it is complete: whatever happens meanwhile, the file is the old one or the new one. With a config, the "
    "index "
    "has a row for every node.\n\n"
    "Example:\n  sonatina network index cortex_to_cortex_edges.h5",
    CHILDREN,
    NULL,
    NULL};

static const char *state_name(sna_index_state state)
{
    static const char *const names[] = {"missing", "right", "misnamed", "wrong"};

    return names[state];
}

/* How many ids there may be: rows of the index. 0 where that is not known. */
static uint64_t rows_for(const sna_nodes *nodes)
{
    uint64_t most = 0;

    for (uint64_t i = 0; nodes != NULL && i < sna_nodes_count(nodes); i++)
        most = sna_nodes_id(nodes, i) >= most ? sna_nodes_id(nodes, i) + 1 : most;
    return most;
}

/* A line of the table; what was done is its last column. */
static int add_row(sna_table *table, sna_edges *edges, bool *is_right)
{
    int status = 0;
    const uint64_t row = sna_table_rows(table);
    char *reason = NULL;
    sna_string reasons = SNA_STRING;
    static const char *const sides[] = {"by target", "by source"};

    *is_right = true;
    status = sna_table_add_row(table, NULL);
    if (status == 0)
        status = sna_table_set_text(table, row, 0, sna_edges_name(edges));
    if (status == 0)
        status = sna_table_set_integer(table, row, 1, (int64_t)sna_edges_count(edges));
    for (int side = 0; side < 2 && status == 0; side++) {
        sna_index_state state = SNA_INDEX_ABSENT;
        status = sna_index_check(edges, side == 0 ? SNA_AFFERENT : SNA_EFFERENT, &state, &reason);
        if (status == 0)
            status = sna_table_set_text(table, row, 2 + (uint64_t)side, state_name(state));
        if (status == 0 && reason != NULL)
            status = sna_string_format(&reasons, "%s%s: %s", reasons.length > 0 ? "; " : "", sides[side], reason);
        *is_right = *is_right && state == SNA_INDEX_RIGHT;
        free(reason);
        reason = NULL;
    }
    if (status == 0 && reasons.length > 0)
        status = sna_table_add_note(table, "%s: %s.", sna_edges_name(edges), sna_string_text(&reasons));
    sna_string_free(&reasons);
    return status;
}

static int treat(sna_circuit *circuit, uint64_t index, const network_index_options *options, sna_table *table,
                 bool *all_right)
{
    int status = 0;
    bool is_right = false;
    char *real = NULL;
    const char *done = "kept";
    sna_edges *edges = NULL;
    sna_nodes *source = NULL, *target = NULL;

    status = sna_circuit_edges_at(circuit, index, &edges);
    if (status == 0)
        status = network_ends(circuit, edges, &source, &target);
    if (status == 0)
        status = add_row(table, edges, &is_right);
    if (status != 0)
        goto out;
    *all_right = *all_right && is_right;
    if (options->only_check) {
        done = "nothing";
    } else if (!is_right || options->rebuild) {
        /* Behind a link, the file itself is replaced, not the link. */
        status = sna_path_real(&real, sna_edges_file(edges));
        if (status == 0)
            status =
                sna_index_write(real, sna_edges_name(edges), rows_for(source), rows_for(target), true, &options->write);
        done = is_right ? "rebuilt" : "built";
    }
    if (status == 0)
        status = sna_table_set_text(table, sna_table_rows(table) - 1, 4, done);
out:
    free(real);
    return status;
}

static int make_table(sna_table **out)
{
    static const char *const names[] = {"population", "edges", "by_target", "by_source", "done"};
    int status = sna_table_create(out, NULL, NULL);

    for (size_t i = 0; i < sizeof names / sizeof *names && status == 0; i++)
        status = sna_table_add_column(*out, names[i], NULL, i == 1 ? SNA_INTEGER : SNA_TEXT);
    return status;
}

int network_index(int argc, char **argv)
{
    int status = 0;
    bool all_right = true, any = false;
    network_index_options options = {.output = {SNA_FORMAT_TEXT}};
    sna_circuit *circuit = NULL;
    sna_edges *edges = NULL;
    sna_table *table = NULL;

    status = command_parse(&ARGUMENTS, argc, argv, &options);
    if (status == 0)
        status = sna_circuit_open(&circuit, options.path);
    if (status == 0 && options.population != NULL)
        status = sna_circuit_edges(circuit, options.population, &edges); /* is there, and once only */
    if (status == 0 && sna_circuit_edge_populations(circuit) == 0)
        status = sna_error(SNA_ENOTFOUND, "%s: there are no edges", options.path);
    if (status == 0)
        status = make_table(&table);
    for (uint64_t i = 0; status == 0 && i < sna_circuit_edge_populations(circuit); i++) {
        if (options.population != NULL && strcmp(sna_circuit_edge_population(circuit, i), options.population) != 0)
            continue;
        any = true;
        status = treat(circuit, i, &options, table, &all_right);
    }
    if (any && sna_table_rows(table) > 0) {
        /* What was done before a failure is done: it is said. */
        const int written = sna_table_write(table, stdout, options.output.format);
        status = status == 0 ? written : status;
    }
    if (status == 0 && options.only_check && !all_right)
        status = EXIT_INVALID;
    sna_table_free(table);
    sna_circuit_close(circuit);
    return status;
}
