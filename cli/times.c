/* times.c: options of commands that print what happens over time. */
#include "times.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

time_window command_times(const struct argp_state *state, const char *option, const char *text)
{
    time_window window = ANY_TIME;
    const char *colon = strchr(text, ':');
    char *start = NULL;

    if (colon == NULL || strchr(colon + 1, ':') != NULL || text[1] == '\0')
        argp_error(state, "%s: expected START:STOP in ms (either may be left out), found `%s`", option, text);
    else if (sna_text_format(&start, "%.*s", (int)(colon - text), text) != 0)
        command_bad_value(state, option);
    else {
        if (start[0] != '\0')
            window.start = command_real(state, option, start);
        if (colon[1] != '\0')
            window.stop = command_real(state, option, colon + 1);
        if (window.start > window.stop)
            argp_error(state, "%s: `%s` ends before it starts", option, text);
    }
    free(start);
    return window;
}

void command_ids(const struct argp_state *state, const char *option, const char *text, sna_selection *out)
{
    if (sna_selection_parse(out, text, UINT64_MAX) != 0 || sna_selection_sort(out) != 0)
        command_bad_value(state, option);
}

error_t series_parse(series_options *options, const char *which, int key, char *text, struct argp_state *state)
{
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        break;
    case SERIES_POPULATION:
        options->population = text;
        break;
    case SERIES_NODES:
        options->has_nodes = true;
        options->nodes.count = 0;
        command_ids(state, "--nodes", text, &options->nodes);
        break;
    case SERIES_TIMES:
        options->times = command_times(state, "--times", text);
        break;
    case SERIES_LIMIT:
        options->limit = command_unsigned(state, "--limit", text);
        break;
    case ARGP_KEY_ARG:
        if (options->file != NULL)
            argp_error(state, "one file at a time: `%s` is too much", text);
        options->file = text;
        break;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "%s", which);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}
