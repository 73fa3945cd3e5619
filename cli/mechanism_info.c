/* mechanism_info.c: sonatina mechanism info: what a mod file declares. */
#include "command.h"
#include "commands.h"

#include "nmodl/nmodl.h"

typedef struct {
    const char *file;
    output_options output;
} info_options;

static const char description[] =
    "Shows what the mod file FILE declares: the mechanism's name and kind, its ions and currents, the variables that "
    "hoc "
    "knows (by the names hoc has for them) with units, defaults and limits, the others, functions with their "
    "arguments, "
    "what is solved and how, and where the blocks are. INCLUDEd files are read, too. NEURON is not needed."
    "\v"
    "Of a range variable, `declared` is PARAMETER, ASSIGNED or STATE, which NEURON's MechanismStandard numbers 1, 2, "
    "3. "
    "A limit of \"low\" and \"high\" is what NEURON's panels enforce.\n"
    "\n"
    "Example: the parameters of a mechanism, for a script:\n"
    "\n"
    "  sonatina mechanism info examples/cells/mechanisms/rsih.mod --format json |\n"
    "      jq '.variables.rows[] | select(.declared == \"PARAMETER\") | .variable'\n"
    "\n"
    "Exit status: 0 done, 1 it failed, 2 the command line was wrong, 3 FILE is not valid NMODL.";

static error_t parse_option(int key, char *text, struct argp_state *state)
{
    info_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        return 0;
    case ARGP_KEY_ARG:
        if (options->file != NULL)
            argp_error(state, "one FILE at a time, found a second: %s", text);
        options->file = text;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which mod file?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int mechanism_info(int argc, char **argv)
{
    static const struct argp_child children[] = {{&output_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        .parser = parse_option, .args_doc = "FILE", .doc = description, .children = children};
    int status = 0;
    info_options options = {0};
    sna_nmodl *file = NULL;
    sna_record *record = NULL;

    status = command_parse(&argp, argc, argv, &options);
    if (status == 0)
        status = sna_nmodl_read(&file, options.file);
    if (status == 0)
        status = sna_nmodl_describe(&record, file);
    if (status == 0)
        status = sna_record_write(record, stdout, options.output.format);
    sna_record_free(record);
    sna_nmodl_free(file);
    return status;
}
