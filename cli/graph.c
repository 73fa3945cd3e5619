/* graph.c: what the commands of the group `graph` share: their options, and loading the graph library. */
#include "graph.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_SOURCES = 0x1401, KEY_TARGETS, KEY_EDGES, KEY_NO_GAP, KEY_LABEL, KEY_SEED };

static const struct argp_option graph_option[] = {
    {NULL, 0, NULL, 0, "Cells and edges:", 10},
    {"sources", KEY_SOURCES, "POPULATIONS", 0,
     "Node populations that edges come from, separated by commas (default: all that have any)", 10},
    {"targets", KEY_TARGETS, "POPULATIONS", 0, "Node populations that edges go to", 10},
    {"edges", KEY_EDGES, "NAME", 0, "This edge population only (default: all)", 10},
    {"no-gap", KEY_NO_GAP, NULL, 0, "Leave gap junctions out", 10},
    {"label", KEY_LABEL, "PROPERTY", 0, "Node property that labels cells (default: pop_name, or node_type_id)", 10},
    {"seed", KEY_SEED, "N", 0, "Seed of everything random (default 0)", 10},
    {0}};

static error_t parse_graph(int key, char *text, struct argp_state *state)
{
    graph_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        return 0;
    case KEY_SOURCES:
        options->request.sources = text;
        return 0;
    case KEY_TARGETS:
        options->request.targets = text;
        return 0;
    case KEY_EDGES:
        options->request.edges = text;
        return 0;
    case KEY_NO_GAP:
        options->request.no_gap = true;
        return 0;
    case KEY_LABEL:
        options->request.label = text;
        return 0;
    case KEY_SEED:
        options->request.seed = command_unsigned(state, "--seed", text);
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

static const struct argp_child graph_children[] = {{&output_argp, 0, NULL, 30}, {0}};
const struct argp graph_argp = {
    .options = graph_option, .parser = parse_graph, .args_doc = "CONFIG", .children = graph_children};

static error_t parse_graph_picture(int key, char *text, struct argp_state *state)
{
    graph_options *options = state->input;

    (void)text;
    if (key != ARGP_KEY_INIT)
        return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = options;
    state->child_inputs[1] = &options->picture;
    return 0;
}

static const struct argp_child picture_children[] = {{&graph_argp, 0, NULL, 0}, {&picture_argp, 0, NULL, 30}, {0}};
const struct argp graph_picture_argp = {.parser = parse_graph_picture, .children = picture_children};

/* The folder of libsonatina, NULL where that cannot be told. */
static char *library_folder(void)
{
    const char *(*function)(void) = sna_version;
    void *address = NULL;
    char *folder = NULL;
    Dl_info about;

    memcpy(&address, &function, sizeof address); /* C has no cast from a function to an object */
    if (dladdr(address, &about) != 0 && about.dli_fname != NULL && sna_path_folder(&folder, about.dli_fname) != 0)
        folder = NULL;
    return folder;
}

/* The library stands beside libsonatina: the program's run path finds both. It is looked for in that folder too, since
 * a sanitizer's dlopen does not know whose run path to follow. */
int graph_load(graph_session *self)
{
    static const char name[] = "libsonatina-graph.so.0";
    int status = 0;
    char *folder = NULL, *path = NULL;

    self->handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (self->handle == NULL) {
        folder = library_folder();
        status = folder != NULL ? sna_path_join(&path, folder, name) : 0;
        if (status != 0)
            goto out;
        if (path != NULL)
            self->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    }
    if (self->handle == NULL) {
        status = sna_error(SNA_EMISSING,
                           "the graph library cannot be loaded: %s. It comes with sonatina where igraph 0.10 is "
                           "there when it is built (Debian: libigraph-dev), and needs libigraph3 to run",
                           dlerror());
        goto out;
    }
    self->library = dlsym(self->handle, "sna_graph_library");
    if (self->library == NULL)
        status = sna_error(SNA_EMISSING, "the graph library found is not one of sonatina: %s", dlerror());
out:
    free(folder);
    free(path);
    return status;
}

int graph_open(graph_session *self, const graph_options *options)
{
    int status = 0;

    memset(self, 0, sizeof *self);
    status = graph_load(self);
    if (status == 0)
        status = sna_circuit_open(&self->circuit, options->config);
    if (status == 0)
        status = self->library->create(&self->graph, self->circuit, &options->request);
    return status;
}

void graph_close(graph_session *self)
{
    if (self->library != NULL)
        self->library->free(self->graph);
    sna_circuit_close(self->circuit);
    /* The library stays loaded: unloading OpenBLAS with its threads is not worth the risk at the end of a program. */
    memset(self, 0, sizeof *self);
}
