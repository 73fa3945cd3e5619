/* plot.c: what the commands of the group `plot` share. */
#include "plot.h"

#include <string.h>
#include <strings.h>

enum { KEY_POPULATIONS = 0x2101, KEY_GROUPS, KEY_NODES, KEY_BARE };

static const struct argp_option choice_option[] = {
    {NULL, 0, NULL, 0, "Cells:", 10},
    {"populations", KEY_POPULATIONS, "NAMES", 0, "Node populations, separated by commas (default: all)", 10},
    {"sources", KEY_POPULATIONS, "NAMES", OPTION_ALIAS, NULL, 10},
    {"group-by", KEY_GROUPS, "PROPERTY", 0,
     "Group cells by this node property, or by these node sets, separated by commas (default: pop_name, or else "
     "node_type_id)",
     10},
    {"sids", KEY_GROUPS, "PROPERTY", OPTION_ALIAS, NULL, 10},
    {"group-key", KEY_GROUPS, "PROPERTY", OPTION_ALIAS | OPTION_HIDDEN, NULL, 10}, /* bmtool's name in `plot raster` */
    {"nodes", KEY_NODES, "NODES", 0,
     "Only these: node ids such as 0-9,12, a node set, or a condition such as \"pop_name == 'PN'\"", 10},
    {"no-prepend-pop", KEY_BARE, NULL, 0, "Label groups by the value alone, where that is unique", 10},
    {0}};

static error_t parse_choice(int key, char *text, struct argp_state *state)
{
    sna_cell_request *request = state->input;

    switch (key) {
    case KEY_POPULATIONS:
        request->populations = text;
        return 0;
    case KEY_GROUPS:
        request->groups = text;
        return 0;
    case KEY_NODES:
        request->nodes = text;
        return 0;
    case KEY_BARE:
        request->bare_labels = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_plot(int key, char *text, struct argp_state *state)
{
    plot_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->picture;
        return 0;
    case ARGP_KEY_ARG:
        if (options->file != NULL)
            argp_error(state, "one file is expected, found `%s` too", text);
        options->file = text;
        return 0;
    case ARGP_KEY_END:
        if (options->file == NULL)
            argp_error(state, "a file is missing: %s", state->root_argp->args_doc);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_plot_cells(int key, char *text, struct argp_state *state)
{
    plot_options *options = state->input;

    (void)text;
    if (key != ARGP_KEY_INIT)
        return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = options;
    state->child_inputs[1] = &options->cells;
    return 0;
}

const struct argp plot_choice_argp = {.options = choice_option, .parser = parse_choice};

static const struct argp_child plot_children[] = {{&picture_alone_argp, 0, NULL, 30}, {0}};
const struct argp plot_argp = {.parser = parse_plot, .children = plot_children};

static const struct argp_child cells_children[] = {{&plot_argp, 0, NULL, 0}, {&plot_choice_argp, 0, NULL, 0}, {0}};
const struct argp plot_cells_argp = {.parser = parse_plot_cells, .children = cells_children};

bool plot_is_data(const char *path)
{
    static const char *const ending[] = {".h5", ".hdf5", ".csv", ".nwb"};
    const char *const dot = strrchr(sna_path_name(path), '.');

    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        if (dot != NULL && strcasecmp(dot, ending[i]) == 0)
            return true;
    }
    return false;
}
