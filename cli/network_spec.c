/* network_spec.c: `sonatina network spec`: what a network specification looks like. */
#include "command.h"
#include "commands.h"
#include "connectors/connectors.h"

typedef struct {
    output_options output;
    bool example;
} spec_options;

enum { KEY_EXAMPLE = 0x2001 };

static const struct argp_option option[] = {
    {"example", KEY_EXAMPLE, NULL, 0, "Print a specification with comments that shows what there is", 0}, {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    spec_options *options = state->input;

    (void)text;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        break;
    case KEY_EXAMPLE:
        options->example = true;
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_child child[] = {{&output_argp, 0, NULL, 0}, {0}};

static const struct argp argp = {
    .options = option,
    .parser = parse,
    .doc = "What a network specification looks like: the connectors and their keys, or an example of a whole one.\n\n"
           "The example can be built as it is; take what you need from it.\v"
           "Example:\n"
           "  sonatina network spec --example > network.json\n"
           "  sonatina network check network.json\n",
    .children = child};

int network_spec(int argc, char **argv)
{
    spec_options options = {.output = {SNA_FORMAT_TEXT}};
    sna_table *table = NULL;
    int status = command_parse(&argp, argc, argv, &options);

    if (status == 0 && options.example) {
        (void)fputs(sna_network_example(), stdout);
    } else if (status == 0) {
        status = sna_network_connectors(&table);
        if (status == 0)
            status = sna_table_write(table, stdout, options.output.format);
    }
    sna_table_free(table);
    return status;
}
