/* connection.c: what the commands of the group `connection` share. */
#include "connection.h"

#include <string.h>

enum { KEY_SOURCES = 0x1201, KEY_TARGETS, KEY_SIDS, KEY_TIDS, KEY_BARE, KEY_EDGES, KEY_GAP, KEY_NO_GAP };

static const struct argp_option connection_option[] = {
    {NULL, 0, NULL, 0, "Cells and edges:", 10},
    {"sources", KEY_SOURCES, "POPULATIONS", 0,
     "Node populations that connections come from, separated by commas (default: all that have any)", 10},
    {"targets", KEY_TARGETS, "POPULATIONS", 0, "Node populations that connections go to", 10},
    {"sids", KEY_SIDS, "PROPERTY", 0,
     "Group source cells by this node property, or by these node sets, separated by commas (default: what --tids says, "
     "or else node_type_id)",
     10},
    {"tids", KEY_TIDS, "PROPERTY", 0, "The same for target cells (default: what --sids says)", 10},
    {"no-prepend-pop", KEY_BARE, NULL, 0, "Label groups by the value alone, where that is unique", 10},
    {"edges", KEY_EDGES, "NAME", 0, "This edge population only (default: all between two populations add up)", 10},
    {"include-gap", KEY_GAP, NULL, 0, "Count gap junctions as connections too (the default)", 10},
    {"no-gap", KEY_NO_GAP, NULL, 0, "Leave gap junctions out", 10},
    {0}};

static error_t parse_connection(int key, char *text, struct argp_state *state)
{
    connection_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        state->child_inputs[1] = &options->picture;
        state->child_inputs[2] = NULL;
        return 0;
    case KEY_SOURCES:
        options->request.sources = text;
        return 0;
    case KEY_TARGETS:
        options->request.targets = text;
        return 0;
    case KEY_SIDS:
        options->request.source_groups = text;
        return 0;
    case KEY_TIDS:
        options->request.target_groups = text;
        return 0;
    case KEY_BARE:
        options->request.bare_labels = true;
        return 0;
    case KEY_EDGES:
        options->request.edges = text;
        return 0;
    case KEY_GAP:
        options->request.no_gap = false;
        return 0;
    case KEY_NO_GAP:
        options->request.no_gap = true;
        return 0;
    case ARGP_KEY_ARG:
        if (options->config != NULL)
            argp_error(state, "one CONFIG is expected, found `%s` too", text);
        options->config = text;
        return 0;
    case ARGP_KEY_END:
        if (options->config == NULL)
            argp_error(state, "CONFIG is missing: a circuit or simulation config");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The same without what shows a result. */
static error_t parse_choice(int key, char *text, struct argp_state *state)
{
    return key == ARGP_KEY_INIT ? 0 : parse_connection(key, text, state);
}

const struct argp connection_choice_argp = {.options = connection_option, .parser = parse_choice, .args_doc = "CONFIG"};

static const struct argp_child connection_children[] = {
    {&output_argp, 0, NULL, 30}, {&picture_argp, 0, NULL, 30}, {&thread_argp, 0, NULL, 30}, {0}};
const struct argp connection_argp = {
    .options = connection_option, .parser = parse_connection, .args_doc = "CONFIG", .children = connection_children};

int connection_survey(const connection_options *options, sna_circuit **circuit, sna_survey **survey)
{
    int status = 0;

    *circuit = NULL;
    *survey = NULL;
    status = sna_circuit_open(circuit, options->config);
    if (status == 0)
        status = sna_survey_run(survey, *circuit, &options->request);
    return status;
}

int connection_show(const connection_options *options, const sna_table *table, const sna_table *drawn,
                    const sna_heat_options *heat)
{
    int status = 0;
    sna_figure *figure = NULL;

    if (!options->picture.ascii)
        status = sna_table_write(table, stdout, options->output.format);
    if (status == 0 && picture_wanted(&options->picture)) {
        sna_heat_options look = heat != NULL ? *heat : (sna_heat_options){0};
        look.row_label = "Source";
        look.column_label = "Target";
        status = sna_figure_heat_map(&figure, options->picture.title, drawn != NULL ? drawn : table, &look);
        if (status == 0)
            status = picture_draw(&options->picture, figure);
    }
    sna_figure_free(figure);
    return status;
}

int connection_show_summary(const connection_options *options, const sna_table *table, sna_summary summary)
{
    int status = 0;
    sna_table *means = NULL, *texts = NULL;
    sna_heat_options heat = {.value_label = NULL};

    if (summary == SNA_SUMMARY_MEAN_SD) {
        status = sna_survey_mean_texts(table, &means, &texts);
        heat.text = texts;
    }
    if (status == 0)
        status = connection_show(options, table, means, &heat);
    sna_table_free(means);
    sna_table_free(texts);
    return status;
}

bool connection_draws(const connection_options *options)
{
    return picture_wanted(&options->picture);
}

int connection_show_figure(const connection_options *options, const sna_table *table, sna_figure *figure)
{
    int status = 0;

    if (!options->picture.ascii)
        status = sna_table_write(table, stdout, options->output.format);
    if (status == 0 && figure != NULL)
        status = picture_draw(&options->picture, figure);
    sna_figure_free(figure);
    return status;
}

unsigned connection_axes(const struct argp_state *state, const char *text)
{
    static const char *const name[] = {"x", "y", "z"};
    unsigned axes = 0;
    sna_list list = SNA_LIST;

    if (sna_list_split(&list, text, ',') != 0)
        command_bad_value(state, "--axis");
    for (uint64_t i = 0; i < list.count; i++) {
        unsigned k = 0;
        while (k < 3 && strcmp(list.text[i], name[k]) != 0)
            k++;
        if (k == 3)
            argp_error(state, "--axis: `%s` is no axis; give some of x,y,z", list.text[i]);
        axes |= 1u << k;
    }
    sna_list_free(&list);
    if (axes == 0)
        argp_error(state, "--axis: give some of x,y,z");
    return axes;
}

uint64_t connection_bins(const struct argp_state *state, const char *text)
{
    const uint64_t bins = command_unsigned(state, "--bins", text);

    if (bins == 0 || bins > 10000)
        argp_error(state, "--bins: must be from 1 to 10000, found %s", text);
    return bins;
}
