/* times.c: options of commands that print what happens over time. */
#include "times.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

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
