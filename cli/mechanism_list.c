/* mechanism_list.c: sonatina mechanism list: the mod files of a folder at a glance. */
#include "command.h"
#include "commands.h"

#include "nmodl/nmodl.h"

typedef struct {
    const char *const *source; /* points into argv */
    uint64_t count;
    output_options output;
} list_options;

static const char description[] =
    "Lists mod files, one a line: the mechanism's name and kind, the currents that it makes, the ions that it reads "
    "and "
    "writes, its range variables (PARAMETER, ASSIGNED, STATE), its global parameters and variables, and whether it is "
    "declared THREADSAFE. Of a folder DIR every .mod file is listed, not those in folders below. NEURON is not needed."
    "\v"
    "A file that is not valid NMODL is listed by its name only; what is wrong with it is said below the table, with "
    "line "
    "and column.\n"
    "\n"
    "Example: a folder at a glance, and its point processes:\n"
    "\n"
    "  sonatina mechanism list examples/cells/mechanisms\n"
    "  sonatina mechanism list examples/cells/mechanisms --format json |\n"
    "      jq -r '.rows[] | select(.kind == \"point process\") | .name'\n"
    "\n"
    "Exit status: 0 done, 1 it failed, 2 the command line was wrong, 3 a file is not valid NMODL.";

static error_t parse_option(int key, char *text, struct argp_state *state)
{
    list_options *options = state->input;

    (void)text;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        return 0;
    case ARGP_KEY_ARGS:
        options->source = (const char *const *)(state->argv + state->next);
        options->count = (uint64_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which folder?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int mechanism_list(int argc, char **argv)
{
    static const struct argp_child children[] = {{&output_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        .parser = parse_option, .args_doc = "DIR|FILE...", .doc = description, .children = children};
    int status = 0;
    list_options options = {0};
    sna_table *table = NULL;
    uint64_t failed = 0;

    status = command_parse(&argp, argc, argv, &options);
    if (status == 0)
        status = sna_nmodl_list(&table, &failed, options.source, options.count);
    if (status == 0)
        status = sna_table_write(table, stdout, options.output.format);
    if (status == 0 && failed > 0)
        status = EXIT_INVALID;
    sna_table_free(table);
    return status;
}
