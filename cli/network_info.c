/* network_info.c: sonatina network info */
#include "command.h"
#include "commands.h"
#include "connectivity/connectivity.h"

static const char doc[] =
    "What a network consists of: its node and edge populations, and the kinds of cells in them.\v"
    "CONFIG is a circuit or simulation config, or a single nodes or edges file (.h5). What the files do differently "
    "from the format, and how that was read, is listed at the end.\n\n"
    "Example:\n  sonatina network info config.json --format json";

typedef struct {
    const char *config;
    output_options output;
} info_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    info_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        return 0;
    case ARGP_KEY_ARG:
        if (options->config != NULL)
            argp_error(state, "one CONFIG is expected, found `%s` too", text);
        options->config = text;
        return 0;
    case ARGP_KEY_END:
        if (options->config == NULL)
            argp_error(state, "CONFIG is missing: a circuit or simulation config");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int add_notes(const sna_circuit *circuit, sna_record *record)
{
    int status = 0;
    const sna_notes *notes = sna_circuit_notes(circuit);

    for (uint64_t i = 0; i < notes->count && status == 0; i++) {
        const sna_note *note = &notes->note[i];
        status = sna_record_add_note(record, "%s: %s%s%s (%s)", note->file, note->place,
                                     note->place[0] != '\0' ? ": " : "", note->text, note->code);
    }
    return status;
}

int network_info(int argc, char **argv)
{
    static const struct argp_child children[] = {{&output_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {.parser = parse, .args_doc = "CONFIG", .doc = doc, .children = children};
    int status = 0;
    info_options options = {.config = NULL};
    sna_circuit *circuit = NULL;
    sna_record *record = NULL;
    sna_table *table = NULL;

    status = command_parse(&argp, argc, argv, &options);
    if (status == 0)
        status = sna_circuit_open(&circuit, options.config);
    if (status == 0)
        status = sna_record_create(&record, sna_path_name(options.config));
    if (status == 0)
        status = sna_circuit_node_table(circuit, &table);
    if (status == 0)
        status = sna_record_table(record, "nodes", "Node populations", table);
    if (status == 0)
        status = sna_circuit_edge_table(circuit, &table);
    if (status == 0)
        status = sna_record_table(record, "edges", "Edge populations", table);
    if (status == 0)
        status = sna_circuit_cell_table(circuit, &table);
    if (status == 0)
        status = sna_record_table(record, "cells", "Cells", table);
    if (status == 0)
        status = add_notes(circuit, record);
    if (status == 0)
        status = sna_record_write(record, stdout, options.output.format);
    sna_record_free(record);
    sna_circuit_close(circuit);
    return status;
}
