/* options.c: options that many commands share. */
#include "command.h"

#include <stdlib.h>
#include <string.h>

int command_parse(const struct argp *argp, int argc, char **argv, void *input)
{
    FILE *const out = stdout, *const err = stderr;
    FILE *nowhere = NULL;
    int failed;

    /* Of several processes with the same options one speaks for all. */
    if (sna_rank() > 0 && (nowhere = fopen("/dev/null", "w")) != NULL)
        stdout = stderr = nowhere;
    argp_err_exit_status = EXIT_USAGE;
    failed = argp_parse(argp, argc, argv, 0, NULL, input);
    stdout = out;
    stderr = err;
    if (nowhere != NULL)
        (void)fclose(nowhere);
    return failed == 0 ? 0 : sna_error(SNA_EINVAL, "the options make no sense");
}

void command_bad_value(const struct argp_state *state, const char *option)
{
    argp_error(state, "%s: %s", option, sna_error_message());
    exit(EXIT_USAGE);
}

double command_real(const struct argp_state *state, const char *option, const char *text)
{
    double value = 0;

    if (sna_number_parse(&value, text) != 0)
        command_bad_value(state, option);
    return value;
}

uint64_t command_unsigned(const struct argp_state *state, const char *option, const char *text)
{
    uint64_t value = 0;

    if (sna_unsigned_parse(&value, text) != 0)
        command_bad_value(state, option);
    return value;
}

uint64_t command_size(const struct argp_state *state, const char *option, const char *text)
{
    static const char units[] = "KMGT";
    const size_t length = strlen(text);
    const char *unit = length > 0 ? strchr(units, text[length - 1] & ~0x20) : NULL;
    const unsigned shift = unit == NULL || *unit == '\0' ? 0 : 10 * (unsigned)(unit - units + 1);
    char digits[SNA_NUMBER_SIZE];
    uint64_t size;

    (void)snprintf(digits, sizeof digits, "%.*s", (int)(length - (shift > 0)), text);
    size = command_unsigned(state, option, digits);
    if (length >= sizeof digits || size > UINT64_MAX >> shift || size << shift < UINT64_C(1) << 20)
        argp_error(state, "%s: must be a size of at least 1M, e.g. 512M or 4G, found %s", option, text);
    return size << shift;
}

enum { KEY_FORMAT = 0x1001, KEY_THREADS };

static const struct argp_option output_option[] = {
    {"format", KEY_FORMAT, "FORMAT", 0, "How to print the result: text (default), csv, json or md", 50}, {0}};

static error_t parse_output(int key, char *text, struct argp_state *state)
{
    output_options *options = state->input;

    if (key != KEY_FORMAT)
        return ARGP_ERR_UNKNOWN;
    if (sna_format_parse(&options->format, text) != 0)
        command_bad_value(state, "--format");
    return 0;
}

const struct argp output_argp = {.options = output_option, .parser = parse_output};

static const struct argp_option thread_option[] = {
    {"threads", KEY_THREADS, "N", 0, "Threads to use (default: all processors); never changes a result", 51}, {0}};

static error_t parse_threads(int key, char *text, struct argp_state *state)
{
    uint64_t count;

    if (key != KEY_THREADS)
        return ARGP_ERR_UNKNOWN;
    count = command_unsigned(state, "--threads", text);
    if (count == 0 || count > 4096)
        argp_error(state, "--threads: must be from 1 to 4096, found %s", text);
    sna_threads_set((unsigned)count);
    return 0;
}

const struct argp thread_argp = {.options = thread_option, .parser = parse_threads};
