/* network_diff.c: sonatina network diff. */
#include "command.h"
#include "commands.h"

#include "sonata/sonata.h"

typedef struct {
    output_options output;
    const char *path[2];
    sna_diff_options diff;
} network_diff_options;

enum { EXIT_DIFFERENT = 1, KEY_POPULATION = 0x2001, KEY_MEMORY };

static const struct argp_option OPTIONS[] = {
    {"population", KEY_POPULATION, "NAME", 0, "Compare only the populations of that name", 0},
    {"memory", KEY_MEMORY, "MIB", 0,
     "Memory for comparing edges that are in another order (default 256); less of it takes more passes", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    network_diff_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        break;
    case KEY_POPULATION:
        options->diff.population = text;
        break;
    case KEY_MEMORY:
        options->diff.memory = command_unsigned(state, "--memory", text);
        if (options->diff.memory == 0 || options->diff.memory > UINT64_C(1) << 24)
            argp_error(state, "--memory: must be from 1 to 16777216 MiB, found %s", text);
        options->diff.memory <<= 20;
        break;
    case ARGP_KEY_ARG:
        if (state->arg_num >= 2)
            argp_error(state, "two networks are compared: `%s` is too much", text);
        options->path[state->arg_num] = text;
        break;
    case ARGP_KEY_END:
        if (state->arg_num < 2)
            argp_error(state, "which two networks or files?");
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
    "A B",
    "Says what differs between two networks (configs or files), two spike files or two reports: by what they say, not "
    "by how "
    "it is stored.\v"
    "Nodes are compared by id with every attribute, wherever it comes from (HDF5 or types CSV); edges as sets of "
    "(source, "
    "target, attributes); spikes as sets; reports node by node. A missing value, NaN and an empty text are the same. "
    "Reports "
    "of which one is stored in single precision are compared in that.\n\n"
    "Exit status: 0 no differences, 1 they differ (or it failed: a message on standard error says so), 2 the command "
    "line "
    "was wrong, 3 an input is not valid.\n\n"
    "Example:\n  sonatina network diff built/circuit_config.json rebuilt/circuit_config.json",
    CHILDREN,
    NULL,
    NULL};

static int print(const sna_differences *found, sna_format format)
{
    static const char *const names[] = {"population", "kind", "count", "difference"};
    int status = 0;
    sna_table *table = NULL;

    status = sna_table_create(&table, NULL, NULL);
    for (size_t i = 0; i < sizeof names / sizeof *names && status == 0; i++)
        status = sna_table_add_column(table, names[i], NULL, i == 2 ? SNA_INTEGER : SNA_TEXT);
    for (uint64_t i = 0; i < found->count && status == 0; i++) {
        const sna_difference *item = &found->item[i];
        status = sna_table_add_row(table, NULL);
        if (status == 0)
            status = sna_table_set_text(table, i, 0, item->place);
        if (status == 0)
            status = sna_table_set_text(table, i, 1, item->kind);
        if (status == 0)
            status = sna_table_set_integer(table, i, 2, (int64_t)item->count);
        if (status == 0)
            status = sna_table_set_text(table, i, 3, item->text);
    }
    for (uint64_t i = 0; i < found->notes.count && status == 0; i++)
        status = sna_table_add_note(table, "%s", found->notes.text[i]);
    if (status == 0 && found->count == 0 && format == SNA_FORMAT_TEXT) {
        (void)printf("No differences.\n");
        for (uint64_t i = 0; i < found->notes.count; i++)
            (void)printf("%s\n", found->notes.text[i]);
    } else if (status == 0) {
        status = sna_table_write(table, stdout, format);
    }
    sna_table_free(table);
    return status;
}

int network_diff(int argc, char **argv)
{
    int status = 0;
    network_diff_options options = {.output = {SNA_FORMAT_TEXT}};
    sna_differences found = SNA_DIFFERENCES;

    status = command_parse(&ARGUMENTS, argc, argv, &options);
    if (status == 0)
        status = sna_diff(options.path[0], options.path[1], &options.diff, &found);
    if (status == 0)
        status = print(&found, options.output.format);
    if (status == 0 && found.count > 0)
        status = EXIT_DIFFERENT;
    sna_differences_free(&found);
    return status;
}
