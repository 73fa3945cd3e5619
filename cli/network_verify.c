/* network_verify.c: `sonatina network verify`: does a network hold what its specification says? */
#include <string.h>

#include "command.h"
#include "commands.h"
#include "network.h"

typedef struct {
    output_options output;
    const char *spec, *network;
    uint64_t memory;
} verify_options;

enum { KEY_MEMORY = 0x2001 };

static const struct argp_option option[] = {
    {"memory", KEY_MEMORY, "SIZE", 0, "Memory to use at most, e.g. 512M or 4G (default: 1G)", 0}, {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    verify_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        break;
    case KEY_MEMORY:
        options->memory = command_size(state, "--memory", text);
        break;
    case ARGP_KEY_ARG:
        if (options->spec == NULL)
            options->spec = text;
        else if (options->network == NULL)
            options->network = text;
        else
            argp_error(state, "one specification and one network, found a third: %s", text);
        break;
    case ARGP_KEY_END:
        if (options->network == NULL)
            argp_error(state, "which specification, and which network? Give a file and a folder");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_child child[] = {{&output_argp, 0, NULL, 0}, {&thread_argp, 0, NULL, 0}, {0}};

static const struct argp argp = {
    .options = option,
    .parser = parse,
    .args_doc = "SPEC.json DIR",
    .doc =
        "Hold a network that was built against its specification.\n\n"
        "The nodes and edges of the files are counted anew, whatever the seed was, and the same tables as after a "
        "build "
        "are printed; DIR may also be the circuit config. The exit status is 3 when something contradicts the "
        "specification (a node that an entry does not select, a pair that is there twice...), which is said on stderr, "
        "or when a number is further from what is expected than any chance explains, which a note says. Faults of the "
        "format itself are for `sonatina network validate`.\v"
        "Example:\n"
        "  sonatina network build examples/network/first.json -o network\n"
        "  sonatina network verify examples/network/first.json network\n",
    .children = child};

int network_verify(int argc, char **argv)
{
    verify_options options = {.output = {SNA_FORMAT_TEXT}};
    sna_list faults = SNA_LIST;
    sna_network *network = NULL;
    sna_table *report = NULL;
    int status = command_parse(&argp, argc, argv, &options);

    if (status != 0)
        goto out;
    status = sna_network_read(&network, options.spec,
                              &(sna_network_options){.memory = options.memory, .circuit = options.network});
    if (status == 0)
        status = sna_network_verify(network, &faults);
    if (status == 0)
        status = sna_network_report(network, &report);
    if (status == 0)
        status = network_print_report(report, options.output.format);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < faults.count; i++)
        (void)fprintf(stderr, "%s\n", faults.text[i]);
    if (faults.count > 0 || sna_network_impossible(network) > 0)
        status = EXIT_INVALID;
out:
    sna_table_free(report);
    sna_network_free(network);
    sna_list_free(&faults);
    return status;
}
