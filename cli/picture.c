/* picture.c: options of commands that can draw their result. */
#include "picture.h"

#include <string.h>

enum { KEY_PLOT = 0x1101, KEY_ASCII, KEY_SHOW, KEY_SCRIPT, KEY_TITLE, KEY_SIZE };

static const struct argp_option picture_option[] = {
    {"plot", KEY_PLOT, "FILE", 0, "Draw the result into FILE.png, .svg or .pdf too", 40},
    {"ascii", KEY_ASCII, NULL, 0, "Draw the result in characters instead of printing it", 40},
    {0}};

static const struct argp_option alone_option[] = {
    {"output", 'o', "FILE", 0, "Write the picture to FILE.png, .svg or .pdf", 40},
    {"plot", KEY_PLOT, "FILE", OPTION_ALIAS, NULL, 40},
    {"ascii", KEY_ASCII, NULL, 0, "Print the picture in characters (the default where nothing else is asked for)", 40},
    {0}};

static const struct argp_option look_option[] = {
    {"show", KEY_SHOW, NULL, 0, "Open a window with the picture", 40},
    {"script", KEY_SCRIPT, "FILE", 0, "Keep the gnuplot script that draws the picture, with its data", 40},
    {"size", KEY_SIZE, "WIDTHxHEIGHT", 0, "Size of the picture in pixels (default: what it needs)", 40},
    {"title", KEY_TITLE, "TEXT", 0, "Title of the picture", 40},
    {0}};

/* "1200x800". */
static void parse_size(picture_options *options, const char *text, const struct argp_state *state)
{
    enum { SIDE_MOST = 16384 };
    const char *const times = strchr(text, 'x');
    char width[SNA_NUMBER_SIZE];

    if (times == NULL || (size_t)(times - text) >= sizeof width)
        argp_error(state, "--size: must be two numbers of pixels such as 1200x800, found %s", text);
    (void)snprintf(width, sizeof width, "%.*s", (int)(times - text), text);
    options->width = command_real(state, "--size", width);
    options->height = command_real(state, "--size", times + 1);
    if (!(options->width >= 1 && options->width <= SIDE_MOST && options->height >= 1 && options->height <= SIDE_MOST))
        argp_error(state, "--size: must be from 1 to %d pixels each way, found %s", SIDE_MOST, text);
}

static error_t parse_look(int key, char *text, struct argp_state *state)
{
    picture_options *options = state->input;

    switch (key) {
    case KEY_SHOW:
        options->show = true;
        return 0;
    case KEY_SCRIPT:
        options->script = text;
        return 0;
    case KEY_SIZE:
        parse_size(options, text, state);
        return 0;
    case KEY_TITLE:
        options->title = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_picture(int key, char *text, struct argp_state *state)
{
    picture_options *options = state->input;
    sna_picture kind;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = options;
        return 0;
    case KEY_PLOT:
    case 'o':
        if (sna_picture_parse(&kind, text) != 0)
            command_bad_value(state, options->alone ? "--output" : "--plot");
        options->file = text;
        return 0;
    case KEY_ASCII:
        options->ascii = true;
        return 0;
    case ARGP_KEY_END:
        options->ascii = options->ascii || (options->alone && !picture_wanted(options));
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_alone(int key, char *text, struct argp_state *state)
{
    picture_options *options = state->input;

    if (key == ARGP_KEY_INIT)
        options->alone = true;
    return parse_picture(key, text, state);
}

static const struct argp look_argp = {.options = look_option, .parser = parse_look};
static const struct argp_child picture_children[] = {{&look_argp, 0, NULL, 0}, {0}};
const struct argp picture_argp = {.options = picture_option, .parser = parse_picture, .children = picture_children};
const struct argp picture_alone_argp = {.options = alone_option, .parser = parse_alone, .children = picture_children};

bool picture_wanted(const picture_options *options)
{
    return options->file != NULL || options->script != NULL || options->ascii || options->show;
}

bool picture_prints(const picture_options *options)
{
    return !options->ascii && !options->alone;
}

int picture_draw(const picture_options *options, sna_figure *figure)
{
    int status = 0;

    if (options->title != NULL)
        status = sna_figure_set_title(figure, options->title);
    if (status == 0 && options->width > 0)
        status = sna_figure_set_size(figure, options->width, options->height);
    if (status == 0 && options->file != NULL)
        status = sna_figure_write(figure, options->file, options->script);
    else if (status == 0 && options->script != NULL)
        status = sna_figure_write_script(figure, options->script);
    if (status == 0 && options->show)
        status = sna_figure_show(figure);
    if (status == 0 && options->ascii)
        status = sna_figure_print(figure, stdout, NULL);
    return status;
}

int picture_show(const picture_options *options, const output_options *output, const sna_table *table,
                 sna_figure *figure)
{
    int status = 0;

    if (picture_prints(options))
        status = sna_table_write(table, stdout, output->format);
    if (status == 0 && figure != NULL)
        status = picture_draw(options, figure);
    return status;
}
