/* cell_common.c: the options of all cell commands, and what they do with a result. */
#include "cell_common.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEY_HOC = 0x3001,
    KEY_HOC_FOLDER,
    KEY_MOD_FOLDER,
    KEY_MECHANISMS,
    KEY_CACHE,
    KEY_TEMPLATE,
    KEY_ARGUMENTS,
    KEY_POST_INIT,
    KEY_NEURON,
    KEY_CELSIUS,
    KEY_V_INIT,
    KEY_DT,
    KEY_CVODE,
    KEY_INJECT,
    KEY_RECORD,
    KEY_JOBS,
    KEY_ISOLATE,
    KEY_TIMEOUT,
    KEY_SWC,
    KEY_FIT,
    KEY_PROCESSING,
    KEY_NSEG_ONE,
    KEY_INSERT,
    KEY_SET,
    KEY_CONFIG,
    KEY_NODE,
    KEY_TRACES,
    KEY_PLOT,
    KEY_SCRIPT,
    KEY_SHOW,
    KEY_VERBOSE
};

static const struct argp_option OPTIONS[] = {
    {NULL, 0, NULL, 0, "The cell:", 20},
    {"hoc", KEY_HOC, "FILE", 0, "Hoc file to load; may be given several times, the order counts", 20},
    {"hoc-folder", KEY_HOC_FOLDER, "DIR", 0,
     "Where --hoc files are looked for first; without --hoc, those files of the folder "
     "are loaded that --template needs",
     20},
    {"mod-folder", KEY_MOD_FOLDER, "DIR", 0, "Mod files to compile (they are cached) and load", 20},
    {"mechanisms", KEY_MECHANISMS, "LIBRARY", 0, "Library of mechanisms that was compiled before", 20},
    {"cache", KEY_CACHE, "DIR", 0, "Where compiled mechanisms are kept", 20},
    {"template", KEY_TEMPLATE, "NAME", 0, "The cell's template; not needed where the files define only one", 20},
    {"arguments", KEY_ARGUMENTS, "TEXT", 0, "Arguments of the template, as hoc has them: \"1, 0.5\"", 20},
    {"post-init", KEY_POST_INIT, "CALL", 0, "A call on the new cell: \"insert_mechs(123)\"", 20},
    {"swc", KEY_SWC, "FILE", 0, "A morphology instead of a template; with --fit, or with --insert", 20},
    {"fit", KEY_FIT, "FILE.json", 0,
     "Fit of the Allen cell types database: parameters, temperature and initial voltage of "
     "--swc",
     20},
    {"processing", KEY_PROCESSING, "NAME", 0,
     "How the fit is applied: perisomatic (default), all-active, "
     "perisomatic-directed, all-active-directed (the stub that replaces the axon goes where the axon went)",
     20},
    {"nseg-one", KEY_NSEG_ONE, NULL, 0, "One segment a section of --swc, as bmtool has it (default: the d-lambda rule)",
     20},
    {"insert", KEY_INSERT, "MECH", 0, "Mechanism to insert into all sections; may be given several times", 20},
    {"set", KEY_SET, "NAME=VALUE", 0,
     "Parameter to set in all sections that have it, or in some: dend.Ra=150; may be given "
     "several times",
     20},
    {"config", KEY_CONFIG, "FILE", 0, "SONATA config whose folders of templates and mechanisms are used", 20},
    {"node", KEY_NODE, "POP:ID", 0, "The model of that node of --config's circuit, under its conditions", 20},
    {NULL, 0, NULL, 0, "Conditions (where they are not given the model's hold, else NEURON's defaults):", 21},
    {"celsius", KEY_CELSIUS, "DEGREES", 0, "Temperature (6.3)", 21},
    {"v-init", KEY_V_INIT, "MV", 0, "Voltage at t = 0 (-65 mV)", 21},
    {"dt", KEY_DT, "MS", 0, "Time step (0.025 ms)", 21},
    {"cvode", KEY_CVODE, "ATOL", 0, "Variable time steps with this absolute tolerance (1e-3 is usual)", 21},
    {"inject", KEY_INJECT, "SITE", 0, "Where the current goes: soma(0.5) (default), dend[3](0.9), all[12]", 21},
    {"record", KEY_RECORD, "SITE", 0, "Where the voltage is measured: soma(0.5) (default)", 21},
    {NULL, 0, NULL, 0, "Running:", 22},
    {"jobs", KEY_JOBS, "N", 0, "Processes at a time (default: all processors); never changes a result", 22},
    {"isolate", KEY_ISOLATE, NULL, 0, "One process for each simulation, for models that share state between cells", 22},
    {"timeout", KEY_TIMEOUT, "S", 0, "Give up after that many seconds", 22},
    {"neuron", KEY_NEURON, "PATH", 0, "The NEURON to use: libnrniv.so, or the folder of an installation", 22},
    {"verbose", KEY_VERBOSE, NULL, 0, "Show what NEURON and the model print (on stderr)", 22},
    {NULL, 0, NULL, 0, "Output:", 23},
    {"traces", KEY_TRACES, "FILE", 0, "Write the voltage traces: FILE.csv or FILE.h5", 23},
    {"plot", KEY_PLOT, "FILE", 0, "Draw the result: FILE.png, FILE.svg or FILE.pdf", 23},
    {"script", KEY_SCRIPT, "FILE", 0, "Keep the gnuplot script of --plot", 23},
    {"show", KEY_SHOW, NULL, 0, "Draw the result in a window", 23},
    {0}};

/* Appends to one of the lists that grow with each use of an option. */
static void add_word(const struct argp_state *state, const char *option, const char ***list, uint64_t *capacity,
                     uint64_t *count, const char *text)
{
    const char **grown = sna_grow(*list, capacity, *count + 1, sizeof **list);

    if (grown == NULL)
        command_bad_value(state, option);
    *list = grown;
    grown[(*count)++] = text;
}

static void parse_site(const struct argp_state *state, const char *option, const char *text)
{
    sna_cell_site site;

    if (sna_cell_site_parse(&site, text) != 0)
        command_bad_value(state, option);
}

static void check_picture(const struct argp_state *state, const char *path)
{
    sna_picture kind;

    if (sna_picture_parse(&kind, path) != 0)
        command_bad_value(state, "--plot");
}

static bool ends_with(const char *path, const char *ending)
{
    const char *dot = strrchr(sna_path_name(path), '.');

    return dot != NULL && strcmp(dot, ending) == 0;
}

static bool is_hdf5(const char *path)
{
    return ends_with(path, ".h5") || ends_with(path, ".hdf5");
}

static error_t parse_conditions(int key, char *text, struct argp_state *state)
{
    cell_options *self = state->input;

    switch (key) {
    case KEY_CELSIUS:
        self->setup.celsius = command_real(state, "--celsius", text);
        break;
    case KEY_V_INIT:
        self->setup.v_init = command_real(state, "--v-init", text);
        break;
    case KEY_DT:
        self->setup.dt = command_real(state, "--dt", text);
        if (!(self->setup.dt > 0))
            argp_error(state, "--dt: the time step must be above 0 ms, found %s", text);
        break;
    case KEY_CVODE:
        self->setup.cvode_atol = command_real(state, "--cvode", text);
        if (!(self->setup.cvode_atol > 0))
            argp_error(state, "--cvode: the tolerance must be above 0, found %s", text);
        break;
    case KEY_INJECT:
        parse_site(state, "--inject", text);
        self->setup.inject = text;
        break;
    case KEY_RECORD:
        parse_site(state, "--record", text);
        self->setup.record = text;
        break;
    case KEY_JOBS: {
        const uint64_t jobs = command_unsigned(state, "--jobs", text);
        if (jobs == 0 || jobs > 4096)
            argp_error(state, "--jobs: must be from 1 to 4096, found %s", text);
        self->setup.jobs = (unsigned)jobs;
        sna_threads_set((unsigned)jobs); /* for the compiler of mod files */
        break;
    }
    case KEY_ISOLATE:
        self->setup.isolate = true;
        break;
    case KEY_TIMEOUT:
        self->setup.timeout = command_real(state, "--timeout", text);
        if (!(self->setup.timeout > 0))
            argp_error(state, "--timeout: must be above 0 s, found %s", text);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static error_t parse_model(int key, char *text, struct argp_state *state)
{
    cell_options *self = state->input;

    switch (key) {
    case KEY_SWC:
        self->source.swc = text;
        break;
    case KEY_FIT:
        self->source.fit = text;
        break;
    case KEY_PROCESSING:
        if (sna_processing_parse(&self->source.processing, text) != 0)
            command_bad_value(state, "--processing");
        self->processing_given = true;
        break;
    case KEY_NSEG_ONE:
        self->source.nseg_one = true;
        break;
    case KEY_INSERT:
        add_word(state, "--insert", &self->insert, &self->insert_capacity, &self->source.insert_count, text);
        self->source.insert = self->insert;
        break;
    case KEY_SET:
        add_word(state, "--set", &self->set, &self->set_capacity, &self->source.set_count, text);
        self->source.set = self->set;
        break;
    case KEY_CONFIG:
        self->source.config = text;
        break;
    case KEY_NODE:
        self->source.node = text;
        break;
    default:
        return parse_conditions(key, text, state);
    }
    return 0;
}

static void check_model(const cell_options *self, const struct argp_state *state)
{
    const sna_cell_source *source = &self->source;

    if (source->hoc_count == 0 && source->hoc_folder == NULL && source->swc == NULL && source->config == NULL)
        argp_error(state, "which cell? Name the file of its template with --hoc, a folder of them with --hoc-folder, a "
                          "morphology with --swc, or the node of a circuit with --config and --node");
    if (source->node != NULL && source->config == NULL)
        argp_error(state, "--node needs --config");
    if (source->fit != NULL && source->swc == NULL)
        argp_error(state, "--fit needs --swc");
    if (self->processing_given && source->fit == NULL)
        argp_error(state, "--processing needs --fit");
    if (source->swc != NULL && (source->hoc_count > 0 || source->hoc_folder != NULL))
        argp_error(state, "the cell is either --swc or a template of --hoc, not both");
    if (self->script != NULL && self->plot == NULL)
        argp_error(state, "--script needs --plot");
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    cell_options *self = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &self->output;
        break;
    case KEY_HOC:
        add_word(state, "--hoc", &self->hoc, &self->hoc_capacity, &self->source.hoc_count, text);
        self->source.hoc = self->hoc;
        break;
    case KEY_HOC_FOLDER:
        self->source.hoc_folder = text;
        break;
    case KEY_MOD_FOLDER:
        self->source.mod_folder = text;
        break;
    case KEY_MECHANISMS:
        self->source.mechanisms = text;
        break;
    case KEY_CACHE:
        self->source.cache = text;
        break;
    case KEY_TEMPLATE:
        self->source.template_name = text;
        break;
    case KEY_ARGUMENTS:
        self->source.arguments = text;
        break;
    case KEY_POST_INIT:
        self->source.post_init = text;
        break;
    case KEY_NEURON:
        self->source.neuron = text;
        break;
    case KEY_TRACES:
        if (!is_hdf5(text) && !ends_with(text, ".csv"))
            argp_error(state, "--traces: the name of a file of traces ends in .csv or .h5, found %s", text);
        self->traces = text;
        break;
    case KEY_PLOT:
        check_picture(state, text);
        self->plot = text;
        break;
    case KEY_SCRIPT:
        self->script = text;
        break;
    case KEY_SHOW:
        self->show = true;
        break;
    case KEY_VERBOSE:
        self->verbose = true;
        break;
    case ARGP_KEY_END:
        check_model(self, state);
        break;
    default:
        return parse_model(key, text, state);
    }
    return 0;
}

static const struct argp_child CHILDREN[] = {{&output_argp, 0, NULL, 23}, {0}};
const struct argp cell_argp = {OPTIONS, parse, NULL, NULL, CHILDREN, NULL, NULL};

error_t cell_parse_number(const struct argp_option *options, const cell_number *numbers, int key, char *text,
                          struct argp_state *state)
{
    char name[64];

    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = state->input;
        return 0;
    }
    while (numbers->key != 0 && numbers->key != key)
        numbers++;
    if (numbers->key == 0)
        return ARGP_ERR_UNKNOWN;
    while (options->key != key)
        options++;
    (void)snprintf(name, sizeof name, "--%s", options->name);
    *(double *)(void *)((char *)state->input + numbers->place) = command_real(state, name, text);
    return 0;
}

int cell_write_figure(const cell_options *options, const sna_figure *figure)
{
    return options->plot == NULL ? 0 : sna_figure_write(figure, options->plot, options->script);
}

int cell_show_figure(const cell_options *options, const sna_figure *figure)
{
    return options->show ? sna_figure_show(figure) : 0;
}

static int print(sna_cell_result *result, sna_format format, unsigned tables, const char *table_name)
{
    int status = 0;
    const bool people = format == SNA_FORMAT_TEXT || format == SNA_FORMAT_MARKDOWN;

    if (format == SNA_FORMAT_CSV && (tables & CELL_TABLE_CSV) != 0) {
        status = sna_table_write(result->table, stdout, format);
        goto out;
    }
    if (format == SNA_FORMAT_JSON && (tables & CELL_TABLE_JSON) != 0) {
        sna_table *given = result->table;
        result->table = NULL; /* the record takes it over */
        status = sna_record_table(result->record, table_name, NULL, given);
    }
    if (status == 0)
        status = sna_record_write(result->record, stdout, format);
    if (status == 0 && people && (tables & CELL_TABLE_TEXT) != 0 && sna_table_rows(result->table) > 0) {
        (void)fputc('\n', stdout);
        status = sna_table_write(result->table, stdout, format);
    }
out:
    return status;
}

int cell_command(int argc, char **argv, const struct argp *arguments, cell_options *options, cell_protocol protocol,
                 const void *protocol_options, cell_figure figure, unsigned tables, const char *table_name)
{
    int status = 0;
    sna_cell_model *model = NULL;
    sna_cell_result result = {0};
    sna_figure *picture = NULL;

    status = command_parse(arguments, argc, argv, options);
    if (status == 0)
        status = sna_cell_model_create(&model, &options->source);
    if (status == 0)
        status = protocol(&result, model, &options->setup, protocol_options);
    if (options->verbose && result.simulation.log != NULL)
        (void)fputs(result.simulation.log, stderr);
    if (status == 0 && options->traces != NULL)
        status = is_hdf5(options->traces) ? sna_cell_result_write_hdf5(&result, options->traces)
                                          : sna_cell_result_write_traces(&result, options->traces);
    if (status == 0 && (options->plot != NULL || options->show))
        status = figure(&picture, &result);
    if (status == 0)
        status = cell_write_figure(options, picture);
    if (status == 0)
        status = print(&result, options->output.format, tables, table_name);
    /* Last, so that the numbers are there while the window is open, or where there can be none. */
    if (status == 0)
        status = cell_show_figure(options, picture);
    sna_figure_free(picture);
    sna_cell_result_free(&result);
    sna_cell_model_free(model);
    cell_options_free(options);
    return status;
}

void cell_options_free(cell_options *self)
{
    free(self->hoc);
    free(self->insert);
    free(self->set);
    self->hoc = self->insert = self->set = NULL;
}
