/* cell_profile.c: sonatina cell profile: all protocols, one page. */
#include "cell_common.h"
#include "commands.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    cell_options cell;
    const char *page, *title;
    sna_passive_options passive;
    sna_clamp_options clamp;
    sna_fi_options fi;
    sna_zap_options zap;
} cell_profile_options;

enum {
    KEY_PAGE = 0x4701,
    KEY_TITLE,
    KEY_PASSIVE,
    KEY_METHOD,
    KEY_CLAMP,
    KEY_START,
    KEY_STOP,
    KEY_INCREMENT,
    KEY_PRECISION,
    KEY_ZAP,
    KEY_FSTART,
    KEY_FEND,
    KEY_THRESHOLD
};

static const struct argp_option OPTIONS[] = {
    {NULL, 0, NULL, 0, "The page:", 9},
    {"output", KEY_PAGE, "FILE", 0, "Page to write: FILE.html, or FILE.md with its pictures beside it; needed", 9},
    {"title", KEY_TITLE, "TEXT", 0, "Its title", 9},
    {NULL, 0, NULL, 0, "The protocols (the rest is as in the commands of their names):", 10},
    {"passive-amp", KEY_PASSIVE, "PA", 0, "Current of the passive protocol (-100 pA)", 10},
    {"method", KEY_METHOD, "NAME", 0, "Of its time constant: simple (default), exp, exp2", 10},
    {"clamp-amp", KEY_CLAMP, "PA", 0, "Current of the current clamp (100 pA)", 10},
    {"i-start", KEY_START, "PA", 0, "First current of the FI curve (0 pA)", 10},
    {"i-stop", KEY_STOP, "PA", 0, "Last current (1050 pA)", 10},
    {"i-increment", KEY_INCREMENT, "PA", 0, "Step (100 pA)", 10},
    {"rheobase-precision", KEY_PRECISION, "PA", 0, "How exactly the rheobase is searched (1 pA)", 10},
    {"zap-amp", KEY_ZAP, "PA", 0, "Current of the chirp (100 pA)", 10},
    {"fstart", KEY_FSTART, "HZ", 0, "Its first frequency (0 Hz)", 10},
    {"fend", KEY_FEND, "HZ", 0, "Its last frequency (100 Hz)", 10},
    {"threshold", KEY_THRESHOLD, "MV", 0, "A spike is a rise of the voltage through (0 mV)", 10},
    {0}};

static const cell_number NUMBERS[] = {{KEY_PASSIVE, offsetof(cell_profile_options, passive.amplitude)},
                                      {KEY_CLAMP, offsetof(cell_profile_options, clamp.amplitude)},
                                      {KEY_START, offsetof(cell_profile_options, fi.start)},
                                      {KEY_STOP, offsetof(cell_profile_options, fi.stop)},
                                      {KEY_INCREMENT, offsetof(cell_profile_options, fi.increment)},
                                      {KEY_PRECISION, offsetof(cell_profile_options, fi.rheobase_precision)},
                                      {KEY_ZAP, offsetof(cell_profile_options, zap.amplitude)},
                                      {KEY_FSTART, offsetof(cell_profile_options, zap.fstart)},
                                      {KEY_FEND, offsetof(cell_profile_options, zap.fend)},
                                      {KEY_THRESHOLD, offsetof(cell_profile_options, clamp.threshold)},
                                      {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    cell_profile_options *self = state->input;

    switch (key) {
    case KEY_PAGE:
        self->page = text;
        break;
    case KEY_TITLE:
        self->title = text;
        break;
    case KEY_METHOD:
        if (sna_tau_method_parse(&self->passive.method, text) != 0)
            command_bad_value(state, "--method");
        break;
    case ARGP_KEY_END:
        if (self->page == NULL)
            argp_error(state, "where to? Name the page with --output FILE.html or --output FILE.md");
        if (self->cell.plot != NULL || self->cell.traces != NULL || self->cell.show)
            argp_error(state, "--plot, --show and --traces are for one protocol; the page has all pictures");
        self->fi.threshold = self->clamp.threshold;
        break;
    default:
        return cell_parse_number(OPTIONS, NUMBERS, key, text, state);
    }
    return 0;
}

static const struct argp_child CHILDREN[] = {{&cell_argp, 0, NULL, 0}, {0}};
static const struct argp ARGUMENTS = {OPTIONS,
                                      parse,
                                      NULL,
                                      "Measures a cell with all protocols (passive, current clamp, FI curve, ZAP) and "
                                      "writes one page with the numbers and "
                                      "pictures. The numbers are printed too.\v"
                                      "Example:\n"
                                      "  sonatina cell profile --hoc examples/cells/RSPyramidal.hoc \\\n"
                                      "      --mod-folder examples/cells/mechanisms --celsius 34 --v-init -70 \\\n"
                                      "      --clamp-amp 400 --i-stop 600 --output pyramidal.html",
                                      CHILDREN,
                                      NULL,
                                      NULL};

static int run_passive(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup,
                       const void *options)
{
    return sna_cell_passive(out, model, setup, &((const cell_profile_options *)options)->passive);
}

static int run_clamp(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup,
                     const void *options)
{
    return sna_cell_clamp(out, model, setup, &((const cell_profile_options *)options)->clamp);
}

static int run_fi(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup, const void *options)
{
    return sna_cell_fi(out, model, setup, &((const cell_profile_options *)options)->fi);
}

static int run_zap(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup, const void *options)
{
    return sna_cell_zap(out, model, setup, &((const cell_profile_options *)options)->zap);
}

static const struct {
    const char *name, *heading, *caption;
    cell_protocol run;
    cell_figure figure;
    bool table; /* short enough for the page */
} PROTOCOLS[] = {
    {"passive", "Passive properties", "Voltage, and the step of current", run_passive, cell_figure_traces, false},
    {"clamp", "Current clamp", "Voltage, and the step of current", run_clamp, cell_figure_traces, true},
    {"fi", "Firing rate over current", "FI curve", run_fi, cell_figure_fi, true},
    {"zap", "Impedance", "Amplitude and phase of the impedance, and the voltage they come from", run_zap,
     cell_figure_zap, false}};
enum { PROTOCOL_COUNT = sizeof PROTOCOLS / sizeof *PROTOCOLS };

/* The cell itself: its record, which changes hands, goes into `all`. */
static int add_cell(sna_page *page, sna_record *all, const cell_profile_options *self, const sna_cell_model *model)
{
    int status = 0;
    sna_cell_description cell = {0};
    sna_figure *figure = NULL;

    status = sna_cell_describe(&cell, model, &self->cell.setup);
    if (status == 0)
        status = cell_figure_morphology(&figure, &cell);
    if (status == 0)
        status = sna_page_add_heading(page, 2, "The cell");
    if (status == 0)
        status = sna_page_add_figure(page, figure, "Morphology, seen along the z axis", NULL);
    if (status == 0) {
        sna_record *given = cell.record;
        cell.record = NULL;
        status = sna_record_record(all, "cell", "The cell", given);
    }
    if (status == 0)
        status = sna_page_add_record(page, sna_record_get_record(all, "cell"));
    if (status == 0)
        status = sna_page_add_table(page, cell.sections);
    sna_figure_free(figure);
    sna_cell_description_free(&cell);
    return status;
}

/* Runs one protocol, puts it on the page and its record, which changes hands, into `all`. The conditions are the same
 * in all: they are taken out of the first. */
static int add_protocol(sna_page *page, sna_record *all, sna_record **conditions, const cell_profile_options *self,
                        const sna_cell_model *model, int index)
{
    int status = 0;
    const char *name = PROTOCOLS[index].name;
    sna_cell_setup setup = self->cell.setup;
    sna_cell_result result = {0};
    sna_figure *figure = NULL;

    setup.brief = index > 0;
    status = PROTOCOLS[index].run(&result, model, &setup, self);
    status = sna_error_in(status, "%s", name);
    if (self->cell.verbose && result.simulation.log != NULL)
        (void)fputs(result.simulation.log, stderr);
    if (status == 0)
        status = sna_page_add_heading(page, 2, PROTOCOLS[index].heading);
    if (status == 0)
        status = PROTOCOLS[index].figure(&figure, &result);
    if (status == 0)
        status = sna_page_add_figure(page, figure, PROTOCOLS[index].caption, NULL);
    if (status == 0) {
        sna_record *given = result.record;
        result.record = NULL;
        if (index == 0) {
            *conditions = sna_record_take(given, "conditions");
            sna_record_free(sna_record_take(given, "provenance")); /* the cell says it */
        }
        status = sna_record_record(all, name, PROTOCOLS[index].heading, given);
    }
    if (status == 0)
        status = sna_page_add_record(page, sna_record_get_record(all, name));
    if (status == 0 && PROTOCOLS[index].table && result.table != NULL && sna_table_rows(result.table) > 0)
        status = sna_page_add_table(page, result.table);
    sna_figure_free(figure);
    sna_cell_result_free(&result);
    return status;
}

static int add_conditions(sna_page *page, sna_record *all, sna_record *conditions)
{
    int status = sna_record_record(all, "conditions", "Conditions", conditions);

    if (status == 0)
        status = sna_page_add_heading(page, 2, "Conditions");
    if (status == 0)
        status = sna_page_add_record(page, sna_record_get_record(all, "conditions"));
    return status;
}

int cell_profile(int argc, char **argv)
{
    int status = 0;
    cell_profile_options self = {.cell = CELL_OPTIONS,
                                 .passive = SNA_PASSIVE_DEFAULT,
                                 .clamp = SNA_CLAMP_DEFAULT,
                                 .fi = SNA_FI_DEFAULT,
                                 .zap = SNA_ZAP_DEFAULT};
    sna_cell_model *model = NULL;
    sna_page *page = NULL;
    sna_record *all = NULL, *conditions = NULL;

    self.fi.rheobase = true;
    status = command_parse(&ARGUMENTS, argc, argv, &self);
    if (status == 0)
        status = sna_cell_model_create(&model, &self.cell.source);
    if (status == 0)
        status = sna_page_create(&page, self.page, self.title != NULL ? self.title : sna_cell_model_template(model));
    if (status == 0)
        status = sna_record_create(&all, self.title);
    if (status == 0)
        status = add_cell(page, all, &self, model);
    for (int i = 0; i < PROTOCOL_COUNT && status == 0; i++)
        status = add_protocol(page, all, &conditions, &self, model, i);
    if (status == 0) {
        sna_record *given = conditions;
        conditions = NULL;
        status = add_conditions(page, all, given);
    }
    if (status == 0)
        status = sna_page_write(page);
    if (status == 0)
        status = sna_record_write(all, stdout, self.cell.output.format);
    sna_record_free(conditions);
    sna_record_free(all);
    sna_page_free(page);
    sna_cell_model_free(model);
    cell_options_free(&self.cell);
    return status;
}
