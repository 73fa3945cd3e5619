/* network_info.c: sonatina network info */
#include "command.h"
#include "commands.h"
#include "connectivity/connectivity.h"

static const char doc[] =
    "What a network consists of: its node and edge populations, their attributes with the range of the values, and the "
    "kinds of cells.\v"
    "CONFIG is a circuit or simulation config, or a single nodes or edges file (.h5). Every attribute is read once, in "
    "bounded memory. `from` says where it stands: in a group of the HDF5 file, in the group's dynamics_params, in the "
    "types CSV; a row has the first of them that says something. What the files do differently from the format, and "
    "how that was read, is listed at the end.\n\n"
    "Examples:\n"
    "  sonatina network info config.json\n"
    "  sonatina network info config.json --quick --format json";

enum { KEY_QUICK = 0x2001 };

static const struct argp_option option[] = {
    {"quick", KEY_QUICK, NULL, 0, "Which attributes there are, not what their values are: takes no time on any file",
     0},
    {0}};

typedef struct {
    const char *config;
    bool quick;
    output_options output;
} info_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    info_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        return 0;
    case KEY_QUICK:
        options->quick = true;
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

int network_info(int argc, char **argv)
{
    static const struct argp_child children[] = {{&output_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        .options = option, .parser = parse, .args_doc = "CONFIG", .doc = doc, .children = children};
    int status = 0;
    bool damaged = false;
    info_options options = {.config = NULL};
    sna_circuit *circuit = NULL;
    sna_record *record = NULL;
    sna_table *table = NULL;

    status = command_parse(&argp, argc, argv, &options);
    if (status == 0)
        status = sna_circuit_open(&circuit, options.config);
    if (status == 0)
        status = sna_circuit_describe(circuit, !options.quick, options.output.format, &record);
    if (status != 0)
        goto out;
    damaged = sna_notes_find(sna_circuit_notes(circuit), "population.unreadable") != NULL;
    if (!damaged)
        status = sna_circuit_cell_table(circuit, &table);
    if (status == 0 && table != NULL && (sna_table_rows(table) > 0 || options.output.format == SNA_FORMAT_JSON)) {
        status = sna_record_table(record, "cells", "Cells", table);
        table = NULL;
    }
    if (status == 0)
        status = sna_record_write(record, stdout, options.output.format);
    if (status == 0 && damaged)
        status = EXIT_INVALID;
out:
    sna_table_free(table);
    sna_record_free(record);
    sna_circuit_close(circuit);
    return status;
}
