/* mechanism_compile.c: sonatina mechanism compile. */
#include "command.h"
#include "commands.h"

#include "neuron/neuron.h"
#include "nmodl/nmodl.h"

#include <string.h>

typedef struct {
    output_options output;
    const char *cache, *neuron;
    const char **source; /* points into argv */
    uint64_t count;
} mechanism_compile_options;

enum { KEY_CACHE = 0x2001, KEY_NEURON, KEY_JOBS };

static const struct argp_option OPTIONS[] = {
    {"cache", KEY_CACHE, "DIR", 0,
     "Where compiled files are kept (default: sonatina in $XDG_CACHE_HOME, or ~/.cache/sonatina)", 0},
    {"neuron", KEY_NEURON, "PATH", 0,
     "The NEURON to compile for: libnrniv.so, or the folder of an installation (default: "
     "$SONATINA_NEURON, $NRNHOME, the one of nrniv on PATH, the usual folders)",
     0},
    {"jobs", KEY_JOBS, "N", 0, "Files compiled at a time (default: all processors)", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    mechanism_compile_options *options = state->input;
    uint64_t jobs;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        break;
    case KEY_CACHE:
        options->cache = text;
        break;
    case KEY_NEURON:
        options->neuron = text;
        break;
    case KEY_JOBS:
        jobs = command_unsigned(state, "--jobs", text);
        if (jobs == 0 || jobs > 4096)
            argp_error(state, "--jobs: must be from 1 to 4096, found %s", text);
        sna_threads_set((unsigned)jobs);
        break;
    case ARGP_KEY_ARGS:
        options->source = (const char **)(state->argv + state->next);
        options->count = (uint64_t)(state->argc - state->next);
        break;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which folder or mod files?");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_child CHILDREN[] = {{&output_argp, 0, NULL, 0}, {0}};
static const struct argp ARGUMENTS = {
    OPTIONS,
    parse,
    "DIR | FILE.mod...",
    "Compiles mod files to one library of mechanisms that NEURON loads, and prints its path.\v"
    "Nothing is written to the folder; files that have not changed come from the cache. Commands that run cells do "
    "this by themselves with --mod-folder.\n\n"
    "Example:\n  sonatina mechanism compile examples/cells/mechanisms",
    CHILDREN,
    NULL,
    NULL};

static int make_table(sna_table **out, const sna_mechanism_library *library)
{
    int status = 0;

    status = sna_table_create(out, NULL, NULL);
    if (status == 0)
        status = sna_table_add_column(*out, "file", NULL, SNA_TEXT);
    if (status == 0)
        status = sna_table_add_column(*out, "object", NULL, SNA_TEXT);
    for (uint64_t i = 0; i < library->count && status == 0; i++) {
        status = sna_table_add_row(*out, NULL);
        if (status == 0)
            status = sna_table_set_text(*out, i, 0, library->file[i].path);
        if (status == 0)
            status = sna_table_set_text(*out, i, 1, library->file[i].cached ? "from the cache" : "compiled");
    }
    return status;
}

static int print(const sna_mechanism_library *library, const sna_neuron_installation *neuron, sna_format format)
{
    int status = 0;
    sna_record *record = NULL;
    sna_table *table = NULL;

    status = sna_record_create(&record, "Mechanism library");
    if (status == 0)
        status = sna_record_text(record, "library", "Library", library->path);
    if (status == 0)
        status = sna_record_integer(record, "files", "Mod files", NULL, (int64_t)library->count);
    if (status == 0)
        status =
            sna_record_integer(record, "compiled", "Compiled now", NULL, (int64_t)(library->count - library->cached));
    if (status == 0)
        status = sna_record_integer(record, "cached", "From the cache", NULL, (int64_t)library->cached);
    if (status == 0)
        status = sna_record_boolean(record, "linked", "Linked now", library->linked);
    if (status == 0)
        status = sna_record_text(record, "neuron", "NEURON", neuron->version);
    if (status == 0)
        status = sna_record_text(record, "neuron_library", "NEURON's library", neuron->library);
    if (status == 0)
        status = sna_record_text(record, "translator", "Translator", library->translator);
    if (status == 0)
        status = sna_record_text(record, "compiler", "Compiler", library->compiler);
    if (status == 0)
        status = make_table(&table, library);
    if (status == 0) {
        sna_table *given = table;
        table = NULL; /* the record takes it over */
        status = sna_record_table(record, "mechanisms", "Mod files", given);
    }
    if (status == 0)
        status = sna_record_write(record, stdout, format);
    sna_table_free(table);
    sna_record_free(record);
    return status;
}

int mechanism_compile(int argc, char **argv)
{
    int status = 0;
    mechanism_compile_options options = {.output = {SNA_FORMAT_TEXT}};
    sna_neuron_installation neuron = {NULL, NULL, NULL};
    sna_mechanism_library library = {0};
    sna_mechanism_options how = {0};

    status = command_parse(&ARGUMENTS, argc, argv, &options);
    if (status == 0)
        status = sna_neuron_find(&neuron, options.neuron);
    if (status != 0)
        goto out;
    how.neuron_library = neuron.library;
    how.cache = options.cache;
    status = sna_mechanism_compile(&library, options.source, options.count, &how);
    if (status == 0)
        status = print(&library, &neuron, options.output.format);
out:
    sna_mechanism_library_free(&library);
    sna_neuron_installation_free(&neuron);
    return status;
}
