/* picture.c: options of commands that can draw their result. */
#include "picture.h"

enum { KEY_PLOT = 0x1101, KEY_ASCII, KEY_SHOW, KEY_SCRIPT, KEY_TITLE };

static const struct argp_option picture_option[] = {
    {"plot", KEY_PLOT, "FILE", 0, "Draw the result into FILE.png, .svg or .pdf too", 40},
    {"ascii", KEY_ASCII, NULL, 0, "Draw the result in characters instead of printing the table", 40},
    {"show", KEY_SHOW, NULL, 0, "Draw the result in a window too", 40},
    {"script", KEY_SCRIPT, "FILE", 0, "With --plot: keep the gnuplot script", 40},
    {"title", KEY_TITLE, "TEXT", 0, "Title of the drawing", 40},
    {0}};

static error_t parse_picture(int key, char *text, struct argp_state *state)
{
    picture_options *options = state->input;
    sna_picture kind;

    switch (key) {
    case KEY_PLOT:
        if (sna_picture_parse(&kind, text) != 0)
            command_bad_value(state, "--plot");
        options->file = text;
        return 0;
    case KEY_ASCII:
        options->ascii = true;
        return 0;
    case KEY_SHOW:
        options->show = true;
        return 0;
    case KEY_SCRIPT:
        options->script = text;
        return 0;
    case KEY_TITLE:
        options->title = text;
        return 0;
    case ARGP_KEY_END:
        if (options->script != NULL && options->file == NULL)
            argp_error(state, "--script needs --plot");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp picture_argp = {.options = picture_option, .parser = parse_picture};

bool picture_wanted(const picture_options *options)
{
    return options->file != NULL || options->ascii || options->show;
}

int picture_draw(const picture_options *options, const sna_figure *figure)
{
    int status = 0;

    if (options->file != NULL)
        status = sna_figure_write(figure, options->file, options->script);
    if (status == 0 && options->show)
        status = sna_figure_show(figure);
    if (status == 0 && options->ascii)
        status = sna_figure_print(figure, stdout, NULL);
    return status;
}
