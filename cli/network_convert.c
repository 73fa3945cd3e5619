/* network_convert.c: sonatina network convert. */
#include "command.h"
#include "commands.h"
#include "network.h"

#include <string.h>

typedef struct {
    output_options output;
    const char *from, *to;
    sna_convert_options convert;
} network_convert_options;

enum { KEY_DIALECT = 0x2001, KEY_COMPRESS, KEY_POPULATION };

static const struct argp_option OPTIONS[] = {
    {"output", 'o', "PATH", 0, "Where to write: a folder for a network, a file for spikes or a report", 0},
    {"dialect", KEY_DIALECT, "NAME", 0,
     "Who shall read it: both (default: BMTK and libsonata), allen (BMTK; groups stay), bbp (libsonata; attributes of "
     "the "
     "types CSV go into the files, for edges too)",
     0},
    {"compress", KEY_COMPRESS, "LEVEL", OPTION_ARG_OPTIONAL, "Compress (shuffle and deflate, level 1-9, default 4)", 0},
    {"population", KEY_POPULATION, "NAME", 0, "The population of spikes or a report of 2018, which do not say it", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    network_convert_options *options = state->input;
    static const char *const names[] = {"both", "allen", "bbp"};
    static const sna_dialect dialects[] = {SNA_DIALECT_BOTH, SNA_DIALECT_ALLEN, SNA_DIALECT_BBP};
    size_t i = 0;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        break;
    case 'o':
        options->to = text;
        break;
    case KEY_DIALECT:
        while (i < 3 && strcmp(names[i], text) != 0)
            i++;
        if (i == 3)
            argp_error(state, "--dialect: both, allen or bbp, not `%s`", text);
        else
            options->convert.dialect = dialects[i];
        break;
    case KEY_COMPRESS:
        options->convert.write.compress = network_compress_level(state, text);
        break;
    case KEY_POPULATION:
        options->convert.population = text;
        break;
    case ARGP_KEY_ARG:
        if (options->from != NULL)
            argp_error(state, "one thing at a time: `%s` is too much", text);
        options->from = text;
        break;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "convert what? (a circuit or simulation config, or a nodes, edges, spike or report file)");
        break;
    case ARGP_KEY_END:
        if (options->to == NULL)
            argp_error(state, "where to? (-o PATH)");
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
    "IN -o OUT",
    "Writes a network, spikes or a report so that BMTK, libsonata or both read it.\v"
    "Ids, values and the order of edges stay as they are: `network diff` of IN and OUT finds nothing. A network goes "
    "to a "
    "folder, with circuit_config.json and one file a population in network/; a file of one population goes to a file "
    "where "
    "OUT ends in .h5. Everything appears at the end, or nothing. What is not as it was is noted under the table of "
    "files: reports in double precision are rounded to single for libsonata, which reads no other.\n\n"
    "Example:\n  sonatina network convert bmtk/circuit_config.json -o converted --dialect both --compress",
    CHILDREN,
    NULL,
    NULL};

int network_convert(int argc, char **argv)
{
    int status = 0;
    network_convert_options options = {.output = {SNA_FORMAT_TEXT}};
    sna_table *done = NULL;

    status = command_parse(&ARGUMENTS, argc, argv, &options);
    if (status == 0)
        status = sna_convert(options.from, options.to, &options.convert, &done);
    if (status == 0)
        status = sna_table_write(done, stdout, options.output.format);
    sna_table_free(done);
    return status;
}
