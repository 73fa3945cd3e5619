/* report.c: sonatina report */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "commands.h"
#include "connection.h"
#include "graph.h"

static const char doc[] =
    "A page that shows a network: populations, validation, matrices of connections, distributions, positions, graph "
    "measures.\v"
    "HTML is one file that works offline, with charts by Plotly.js where sonatina was built with it, else (and with "
    "--pictures) with pictures. It prints on A4 or letter, with all matrices as tables. Markdown has its pictures "
    "beside it, in the folder NAME_files; pictures need gnuplot. Cells are grouped by pop_name, or by "
    "node_type_id where there is none, unless --sids or --tids says otherwise.\n\n"
    "Example:\n  sonatina report circuit_config.json -o report.html";

enum { KEY_FORMAT = 0x1a01, KEY_PICTURES, KEY_TITLE, KEY_NO_GRAPH, KEY_CELLS };

/* Clustering and path lengths of more edges than this take longer than the rest of the report. */
enum { GRAPH_MOST_EDGES = 2000000 };

static const struct argp_option option[] = {
    {"output", 'o', "FILE", 0, "Where to write the report (default: report.html, report.md)", 1},
    {"format", KEY_FORMAT, "FORMAT", 0, "html or md (default: by the ending of FILE)", 1},
    {"title", KEY_TITLE, "TEXT", 0, "Title of the page", 1},
    {"pictures", KEY_PICTURES, NULL, 0, "Pictures instead of charts in HTML too", 1},
    {"no-graph", KEY_NO_GRAPH, NULL, 0, "Leave graph measures out", 1},
    {"cells", KEY_CELLS, "N", 0, "Cells shown in space at most (default 20000)", 1},
    {0}};

typedef struct {
    connection_options shared;
    const char *output, *format, *title;
    bool pictures, no_graph;
    uint64_t cells;
} report_options;

static bool ends_in(const char *path, const char *ending)
{
    const size_t length = strlen(path), own = strlen(ending);

    return length > own && strcasecmp(path + length - own, ending) == 0;
}

/* The file and the format must agree, where both are given. */
static void check_output(const struct argp_state *state, report_options *options)
{
    const bool markdown = options->format != NULL && strcmp(options->format, "md") == 0;

    if (options->format != NULL && !markdown && strcmp(options->format, "html") != 0)
        argp_error(state, "--format: `%s` is no format of a report; give html or md", options->format);
    if (options->output == NULL)
        options->output = markdown ? "report.md" : "report.html";
    if (!ends_in(options->output, ".html") && !ends_in(options->output, ".htm") && !ends_in(options->output, ".md"))
        argp_error(state, "--output: the name of a report ends in .html, .htm or .md, found `%s`", options->output);
    if (options->format != NULL && markdown != ends_in(options->output, ".md"))
        argp_error(state, "--format %s does not fit the name `%s`", options->format, options->output);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    report_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->shared;
        state->child_inputs[1] = NULL;
        return 0;
    case 'o':
        options->output = text;
        return 0;
    case KEY_FORMAT:
        options->format = text;
        return 0;
    case KEY_TITLE:
        options->title = text;
        return 0;
    case KEY_PICTURES:
        options->pictures = true;
        return 0;
    case KEY_NO_GRAPH:
        options->no_graph = true;
        return 0;
    case KEY_CELLS:
        options->cells = command_unsigned(state, "--cells", text);
        if (options->cells == 0)
            argp_error(state, "--cells: must be at least 1");
        return 0;
    case ARGP_KEY_END:
        check_output(state, options);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Plotly.js as it is installed, or in the build folder; NULL where there is none. */
static int find_plotly(char **out)
{
    static const char *const place[] = {"../share/sonatina/plotly.min.js", "share/sonatina/plotly.min.js"};
    int status = 0;
    char *program = NULL, *folder = NULL;

    *out = NULL;
    status = sna_path_real(&program, "/proc/self/exe");
    if (status == 0)
        status = sna_path_folder(&folder, program);
    for (size_t i = 0; i < sizeof place / sizeof *place && status == 0 && *out == NULL; i++) {
        char *path = NULL;
        status = sna_path_join(&path, folder, place[i]);
        if (status == 0 && sna_path_real(out, path) != 0)
            *out = NULL;
        free(path);
    }
    free(program);
    free(folder);
    return status;
}

/* The measures of the network as a graph, or why there are none: that is no failure of the report. */
static int measure_graph(sna_record **out, char **note, const report_options *options, sna_circuit *circuit)
{
    int status = 0;
    graph_session session = {NULL, NULL, NULL, NULL};
    const sna_survey_request *survey = &options->shared.request;
    const sna_graph_request request = {
        .sources = survey->sources, .targets = survey->targets, .edges = survey->edges, .no_gap = survey->no_gap};
    bool more;

    status = graph_load(&session);
    if (status == SNA_EMISSING)
        return sna_text_format(note, "No measures: %s.", sna_error_message());
    if (status == 0)
        status = session.library->create(&session.graph, circuit, &request);
    if (status != 0)
        goto out;
    more = session.library->edges(session.graph) <= GRAPH_MOST_EDGES;
    if (!more)
        status =
            sna_text_copy(note, "Clustering and path lengths are left out of a graph of this size; `sonatina graph "
                                "summary` computes them.");
    if (status == 0)
        status = session.library->summary(session.graph, more, 0, out);
out:
    graph_close(&session);
    return status;
}

/* The command line as one would type it. */
static int quote_command(sna_string *out, int argc, char **argv)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./,=+:@%-";
    int status = sna_string_append(out, argv[0]);

    for (int i = 1; i < argc && status == 0; i++) {
        const bool bare = argv[i][0] != '\0' && argv[i][strspn(argv[i], safe)] == '\0';
        status = sna_string_append(out, bare ? " " : " '");
        for (const char *at = argv[i]; *at != '\0' && status == 0; at++)
            status = *at == '\'' ? sna_string_append(out, "'\\''") : sna_string_append_bytes(out, at, 1);
        if (status == 0 && !bare)
            status = sna_string_append(out, "'");
    }
    return status;
}

int report(int argc, char **argv)
{
    static const struct argp_child children[] = {
        {&connection_choice_argp, 0, NULL, 0}, {&thread_argp, 0, NULL, 30}, {0}};
    static const struct argp argp = {.options = option, .parser = parse, .doc = doc, .children = children};
    int status = 0;
    report_options options = {.output = NULL};
    sna_connectivity_report wanted = {.title = NULL};
    sna_circuit *circuit = NULL;
    sna_record *graph = NULL;
    sna_string typed = SNA_STRING;
    char *plotly = NULL, *note = NULL;

    status = quote_command(&typed, argc, argv); /* before argp puts the options first */
    if (status == 0)
        status = command_parse(&argp, argc, argv, &options);
    if (status == 0 && !options.pictures)
        status = find_plotly(&plotly);
    if (status == 0)
        status = sna_circuit_open(&circuit, options.shared.config);
    if (status == 0 && !options.no_graph)
        status = measure_graph(&graph, &note, &options, circuit);
    if (status != 0)
        goto out;
    wanted.survey = options.shared.request;
    wanted.title = options.title;
    wanted.config = options.shared.config;
    wanted.command = typed.text;
    wanted.plotly = plotly;
    wanted.graph = graph;
    wanted.graph_note = note;
    wanted.most_cells = options.cells;
    status = sna_connectivity_report_write(&wanted, circuit, options.output);
out:
    sna_record_free(graph);
    sna_circuit_close(circuit);
    sna_string_free(&typed);
    free(plotly);
    free(note);
    return status;
}
