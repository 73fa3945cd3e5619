/* network_build.c: `sonatina network build`: a network from its specification. */
#include <string.h>

#include "command.h"
#include "commands.h"
#include "network.h"

typedef struct {
    output_options output;
    const char *spec, *folder;
    uint64_t seed, memory;
    unsigned compress;
    bool has_seed, force, dry_run;
} build_options;

enum { KEY_SEED = 0x2001, KEY_FORCE, KEY_DRY_RUN, KEY_MEMORY, KEY_COMPRESS };

static const struct argp_option option[] = {
    {"output", 'o', "DIR", 0, "Folder for the network's files; made where it is missing", 0},
    {"seed", KEY_SEED, "N", 0, "Seed of every random choice, instead of the specification's", 0},
    {"force", KEY_FORCE, NULL, 0, "Replace files of an earlier build in DIR", 0},
    {"dry-run", KEY_DRY_RUN, NULL, 0, "Check the specification and print what is expected; write nothing", 0},
    {"compress", KEY_COMPRESS, "LEVEL", 0, "Compress the files, 1 (fast) to 9 (small); default: not at all", 0},
    {"memory", KEY_MEMORY, "SIZE", 0, "Memory to use at most, e.g. 512M or 4G (default: 1G)", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    build_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        break;
    case 'o':
        options->folder = text;
        break;
    case KEY_SEED:
        options->seed = command_unsigned(state, "--seed", text);
        options->has_seed = true;
        break;
    case KEY_FORCE:
        options->force = true;
        break;
    case KEY_DRY_RUN:
        options->dry_run = true;
        break;
    case KEY_COMPRESS:
        options->compress = network_compress_level(state, text);
        break;
    case KEY_MEMORY:
        options->memory = command_size(state, "--memory", text);
        break;
    case ARGP_KEY_ARG:
        if (options->spec != NULL)
            argp_error(state, "one specification at a time, found a second one: %s", text);
        options->spec = text;
        break;
    case ARGP_KEY_END:
        if (options->spec == NULL)
            argp_error(state, "which specification? Give its file");
        if (options->folder == NULL && !options->dry_run)
            argp_error(state, "where to? Give a folder with -o DIR (or --dry-run)");
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
    .args_doc = "SPEC.json",
    .doc =
        "Build a network from its specification and write it as SONATA files.\n\n"
        "Prints for each connection the pairs that could be connected, edges expected and made, the deviation in "
        "standard "
        "deviations, pairs connected both ways, synapses and degrees; csv and json have all of it in one table, which "
        "build_report.json in DIR keeps (without times). The same seed gives the same files, whatever --threads says. "
        "All files appear together at the end, or none. Where it was built with MPI, several processes share the work: "
        "mpirun -n 4 sonatina network build ...; --memory and --threads are for each.\v"
        "Example:\n"
        "  sonatina network build examples/network/first.json -o network\n"
        "  sonatina network info network/circuit_config.json\n",
    .children = child};

int network_build(int argc, char **argv)
{
    build_options options = {.output = {SNA_FORMAT_TEXT}};
    sna_network_options how = {0};
    sna_network *network = NULL;
    sna_table *report = NULL;
    const double started = sna_clock();
    int status = sna_ranks_join();

    if (status == 0)
        status = command_parse(&argp, argc, argv, &options);
    status = sna_ranks_agree(status);
    if (status != 0)
        goto out;
    how = (sna_network_options){
        .seed = options.has_seed ? &options.seed : NULL, .memory = options.memory, .compress = options.compress};
    status = sna_ranks_agree(sna_network_read(&network, options.spec, &how));
    if (status == 0 && !options.dry_run)
        status = sna_network_build(network, options.folder, options.force);
    /* One speaks for all. */
    if (status != 0 || sna_rank() > 0)
        goto out;
    status = sna_network_report(network, &report);
    if (status == 0)
        status = network_print_report(report, options.output.format);
    if (status == 0 && !options.dry_run)
        (void)fprintf(stderr, "%llu edges in %s, %.1f s\n", (unsigned long long)sna_network_made(network),
                      options.folder, sna_clock() - started);
out:
    sna_table_free(report);
    /* MPI ends at exit, when what went wrong has been said: a launcher stops all processes as soon as one has failed.
     */
    sna_network_free(network);
    return status;
}
