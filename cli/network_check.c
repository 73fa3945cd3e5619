/* network_check.c: `sonatina network check`: is a specification right, and what would it come to? */
#include "command.h"
#include "commands.h"
#include "network.h"

typedef struct {
    output_options output;
    const char *spec;
    uint64_t seed;
    bool has_seed;
} check_options;

enum { KEY_SEED = 0x2001 };

static const struct argp_option option[] = {
    {"seed", KEY_SEED, "N", 0, "Seed of every random choice, instead of the specification's", 0}, {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    check_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        break;
    case KEY_SEED:
        options->seed = command_unsigned(state, "--seed", text);
        options->has_seed = true;
        break;
    case ARGP_KEY_ARG:
        if (options->spec != NULL)
            argp_error(state, "one specification at a time, found a second one: %s", text);
        options->spec = text;
        break;
    case ARGP_KEY_END:
        if (options->spec == NULL)
            argp_error(state, "which specification? Give its file");
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
    .doc = "Check a network specification, and say what building it would come to, without building.\n\n"
           "Every fault that can be told from the others is printed with its place, and the exit status is 3. Without "
           "faults: nodes, edges, the files with their rows and bytes, about how long it takes, and for each "
           "connection the pairs that could be connected and the edges expected with their standard deviation.\v"
           "Example:\n"
           "  sonatina network check examples/column/column.json\n",
    .children = child};

/* The forecast is the report's table with more around it. */
static int print(const sna_network *network, sna_format format)
{
    sna_record *forecast = NULL;
    sna_table *report = NULL;
    int status = sna_network_forecast(network, &forecast);

    if (status == 0)
        status = sna_network_report(network, &report);
    if (status == 0 && format == SNA_FORMAT_TEXT) {
        status = sna_record_write(forecast, stdout, format);
        (void)fputc('\n', stdout);
        if (status == 0)
            status = network_print_report(report, format);
    } else if (status == 0) {
        status = sna_record_table(forecast, "connections", "Edges expected", report);
        report = NULL;
        if (status == 0)
            status = sna_record_write(forecast, stdout, format);
    }
    sna_table_free(report);
    sna_record_free(forecast);
    return status;
}

int network_check(int argc, char **argv)
{
    check_options options = {.output = {SNA_FORMAT_TEXT}};
    sna_list faults = SNA_LIST;
    sna_network *network = NULL;
    int status = command_parse(&argp, argc, argv, &options);

    if (status != 0)
        goto out;
    status =
        sna_network_read(&network, options.spec,
                         &(sna_network_options){.seed = options.has_seed ? &options.seed : NULL, .faults = &faults});
    if (status == 0)
        status = print(network, options.output.format);
    if (faults.count > 0) {
        for (uint64_t i = 0; i < faults.count; i++)
            (void)fprintf(stderr, "%s\n", faults.text[i]);
        status = EXIT_INVALID;
    }
out:
    sna_network_free(network);
    sna_list_free(&faults);
    return status;
}
