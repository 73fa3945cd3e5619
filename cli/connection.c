/* connection.c: what the commands of the group `connection`, and `plot connection`, share. */
#include "connection.h"

#include <stdlib.h>
#include <string.h>

#include "commands.h"

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

/* ---- kinds -------------------------------------------------------------------------------------------------- */

const connection_kind *const connection_kinds[] = {&connection_kind_total,
                                                   &connection_kind_percent,
                                                   &connection_kind_convergence,
                                                   &connection_kind_divergence,
                                                   &connection_kind_gap,
                                                   &connection_kind_probability,
                                                   &connection_kind_histogram,
                                                   &connection_kind_property,
                                                   &connection_kind_distance,
                                                   &connection_kind_delay_distance,
                                                   NULL};

/* Parses CONFIG and the choice; the rest are children, each with the part of the options that it knows. */
static error_t parse_kind(int key, char *text, struct argp_state *state)
{
    connection_options *options = state->input;

    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = options; /* of the kind: a struct that starts with it */
        state->child_inputs[1] = &options->picture;
        state->child_inputs[2] = NULL;
        state->child_inputs[3] = &options->output;
        return 0;
    }
    return parse_connection(key, text, state);
}

static int parse_options(const connection_kind *kind, bool alone, int argc, char **argv, void *options)
{
    const struct argp own = {.options = kind->option, .parser = kind->parse};
    const struct argp_child children[] = {{&own, 0, NULL, 0},
                                          {alone ? &picture_alone_argp : &picture_argp, 0, NULL, 30},
                                          {&thread_argp, 0, NULL, 30},
                                          {alone ? NULL : &output_argp, 0, NULL, 30},
                                          {0}};
    const struct argp argp = {.options = connection_option,
                              .parser = parse_kind,
                              .args_doc = "CONFIG",
                              .doc = kind->doc,
                              .children = children};

    return command_parse(&argp, argc, argv, options);
}

int connection_kind_run(const connection_kind *kind, bool alone, int argc, char **argv)
{
    int status = 0;
    connection_options *options = NULL;
    sna_circuit *circuit = NULL;
    sna_survey *survey = NULL;
    connection_result result = {NULL, NULL};

    status = sna_allocate(&options, 1, kind->size);
    if (status != 0)
        goto out;
    memcpy(options, kind->defaults, kind->size);
    status = parse_options(kind, alone, argc, argv, options);
    if (status != 0)
        goto out;
    kind->measure(options);
    status = sna_circuit_open(&circuit, options->config);
    if (status == 0)
        status = sna_survey_run(&survey, circuit, &options->request);
    if (status == 0)
        status = kind->make(options, survey, &result);
    if (status == 0)
        status = picture_show(&options->picture, &options->output, result.table, result.figure);
out:
    if (options != NULL && kind->release != NULL)
        kind->release(options);
    sna_table_free(result.table);
    sna_figure_free(result.figure);
    sna_survey_free(survey);
    sna_circuit_close(circuit);
    free(options);
    return status;
}

int connection_show(int argc, char **argv)
{
    const char *const name = strrchr(argv[0], ' ') + 1;
    const connection_kind *const *kind = connection_kinds;

    while (strcmp((*kind)->name, name) != 0)
        kind++;
    return connection_kind_run(*kind, false, argc, argv);
}

/* ---- drawings ----------------------------------------------------------------------------------------------- */

int connection_draw_matrix(const connection_options *options, const sna_table *table, const sna_heat_options *heat,
                           sna_figure **out)
{
    sna_heat_options look = heat != NULL ? *heat : (sna_heat_options){0};

    look.row_label = "Source";
    look.column_label = "Target";
    return picture_wanted(&options->picture) ? sna_figure_heat_map(out, NULL, table, &look) : 0;
}

int connection_draw_summary(const connection_options *options, const sna_table *table, sna_summary summary,
                            sna_figure **out)
{
    int status = 0;
    sna_table *means = NULL, *texts = NULL;
    sna_heat_options heat = {.value_label = NULL};

    if (summary != SNA_SUMMARY_MEAN_SD)
        return connection_draw_matrix(options, table, &heat, out);
    status = sna_survey_mean_texts(table, &means, &texts);
    heat.text = texts;
    if (status == 0)
        status = connection_draw_matrix(options, means, &heat, out);
    sna_table_free(means);
    sna_table_free(texts);
    return status;
}

int connection_make_values(const connection_options *options, const sna_survey *survey, const char *property,
                           uint64_t bins, bool histogram, connection_result *out)
{
    int status = 0;
    const bool drawn = picture_wanted(&options->picture);
    sna_table *summary = NULL, *counts = NULL;

    status = sna_survey_values(survey, property, &summary);
    if (status == 0 && (histogram || drawn))
        status = sna_survey_values_histogram(survey, property, bins, &counts);
    if (status == 0 && drawn)
        status = sna_histogram_figure(&out->figure, counts, NULL, property != NULL ? property : "Distance",
                                      property != NULL ? NULL : "um");
    out->table = histogram ? counts : summary;
    sna_table_free(histogram ? summary : counts);
    return status;
}

/* ---- options of single kinds -------------------------------------------------------------------------------- */

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
