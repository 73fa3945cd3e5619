/* describe.c: what a cell is made of: its sections, mechanisms, parameters and shape, as tables. */
#include "cell.h"

#include <stdlib.h>
#include <string.h>

/* ---- in the NEURON process ----------------------------------------------------------------------------------------
 */

typedef struct {
    const sna_cell_model *model;
    const sna_cell_setup *setup;
} study;

enum { AT_CELSIUS, AT_V_INIT, CONDITIONS };

static int prepare(sna_neuron *neuron, void *context)
{
    const study *self = context;
    int status = sna_cell_prepare(neuron);

    return status == 0 ? sna_cell_load(neuron, self->model) : status;
}

static int run(sna_neuron *neuron, uint64_t first, uint64_t count, void *context)
{
    int status = 0;
    const study *self = context;
    static const char *const names[CONDITIONS] = {"celsius", "v_init"};
    const double wanted[CONDITIONS] = {isnan(self->setup->celsius) ? self->model->celsius.value : self->setup->celsius,
                                       isnan(self->setup->v_init) ? self->model->v_init.value : self->setup->v_init};
    double conditions[CONDITIONS];
    char text[SNA_NUMBER_SIZE];

    (void)count;
    for (int i = 0; i < CONDITIONS && status == 0; i++) {
        if (!isnan(wanted[i]))
            status = sna_neuron_execute(neuron, "%s = %s\n", names[i], sna_number_text(text, wanted[i]));
    }
    if (status == 0)
        status = sna_cell_create(neuron, self->model);
    for (int i = 0; i < CONDITIONS && status == 0; i++) {
        conditions[i] = wanted[i];
        if (isnan(wanted[i]))
            status = sna_neuron_number(neuron, &conditions[i], "%s", names[i]);
    }
    if (status == 0)
        status = sna_neuron_deliver(neuron, first, "conditions", conditions, CONDITIONS);
    sna_neuron_doing(neuron, "looking at the cell %s", self->model->template_name);
    if (status == 0)
        status = sna_cell_read_description(neuron, first);
    return status;
}

/* ---- in the process that asked ------------------------------------------------------------------------------------
 */

static int make_tables(sna_cell_description *out)
{
    static const struct {
        const char *name, *unit;
        sna_type type;
    } sections[] = {{"parent", NULL, SNA_TEXT},  {"length", "um", SNA_REAL},    {"diameter", "um", SNA_REAL},
                    {"nseg", NULL, SNA_INTEGER}, {"area", "um2", SNA_REAL},     {"Ra", "ohm cm", SNA_REAL},
                    {"cm", "uF/cm2", SNA_REAL},  {"mechanisms", NULL, SNA_TEXT}},
      parameters[] = {{"mechanism", NULL, SNA_TEXT}, {"parameter", NULL, SNA_TEXT}, {"value", NULL, SNA_REAL},
                      {"unit", NULL, SNA_TEXT},      {"lowest", NULL, SNA_REAL},    {"highest", NULL, SNA_REAL}};
    int status = 0;

    status = sna_table_create(&out->sections, "Sections", "section");
    for (size_t i = 0; i < sizeof sections / sizeof *sections && status == 0; i++)
        status = sna_table_add_column(out->sections, sections[i].name, sections[i].unit, sections[i].type);
    if (status == 0)
        status = sna_table_create(&out->parameters, "Parameters", "section");
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters && status == 0; i++)
        status = sna_table_add_column(out->parameters, parameters[i].name, parameters[i].unit, parameters[i].type);
    return status;
}

static int set_number(sna_table *table, uint64_t row, uint64_t column, const char *text)
{
    double value = NAN;
    int status = sna_number_parse(&value, text);

    if (status == 0 && sna_table_column_type(table, column) == SNA_INTEGER)
        status = sna_table_set_integer(table, row, column, (int64_t)value);
    else if (status == 0 && !isnan(value))
        status = sna_table_set_real(table, row, column, value);
    return status;
}

/* One line of sna_cell_read_description. */
static int take_line(sna_cell_description *out, char *const field[], int fields)
{
    int status = 0;
    sna_table *table = NULL;
    uint64_t row;

    if (fields == 10 && strcmp(field[0], "S") == 0) {
        table = out->sections;
        row = sna_table_rows(table);
        status = sna_table_add_row(table, field[1]);
        if (status == 0 && field[2][0] != '\0')
            status = sna_table_set_text(table, row, 0, field[2]);
        for (uint64_t i = 1; i < 7 && status == 0; i++)
            status = set_number(table, row, i, field[2 + i]);
        if (status == 0)
            status = sna_table_set_text(table, row, 7, field[9]);
    } else if (fields == 8 && strcmp(field[0], "P") == 0) {
        table = out->parameters;
        row = sna_table_rows(table);
        status = sna_table_add_row(table, field[1]);
        if (status == 0)
            status = sna_table_set_text(table, row, 0, field[2]);
        if (status == 0)
            status = sna_table_set_text(table, row, 1, field[3]);
        if (status == 0)
            status = set_number(table, row, 2, field[5]);
        if (status == 0 && field[4][0] != '\0')
            status = sna_table_set_text(table, row, 3, field[4]);
        for (uint64_t i = 4; i < 6 && status == 0; i++)
            status = set_number(table, row, i, field[2 + i]);
    } else {
        status = sna_error(SNA_EEXTERNAL, "NEURON delivered a description that makes no sense");
    }
    return status;
}

static int take_text(sna_cell_description *out, const double *bytes, uint64_t count)
{
    int status = 0;
    char *text = NULL, *field[16];
    int fields = 0;

    status = sna_allocate(&text, count + 1, 1);
    for (uint64_t i = 0; i < count && status == 0; i++)
        text[i] = (char)bytes[i];
    field[0] = text;
    for (uint64_t i = 0; i < count && status == 0; i++) {
        if (text[i] != '\t' && text[i] != '\n')
            continue;
        fields += fields < 15;
        if (text[i] == '\n') {
            text[i] = '\0';
            status = take_line(out, field, fields);
            fields = 0;
        }
        text[i] = '\0';
        field[fields] = text + i + 1;
    }
    free(text);
    return status;
}

static int take_points(sna_cell_description *out, const double *value, uint64_t count)
{
    int status = 0;

    out->points = count / 5;
    status = sna_allocate(&out->x, out->points, sizeof *out->x);
    if (status == 0)
        status = sna_allocate(&out->y, out->points, sizeof *out->y);
    if (status == 0)
        status = sna_allocate(&out->z, out->points, sizeof *out->z);
    if (status == 0)
        status = sna_allocate(&out->diameter, out->points, sizeof *out->diameter);
    if (status == 0)
        status = sna_allocate(&out->section, out->points, sizeof *out->section);
    for (uint64_t i = 0; i < out->points && status == 0; i++) {
        out->x[i] = value[5 * i];
        out->y[i] = value[5 * i + 1];
        out->z[i] = value[5 * i + 2];
        out->diameter[i] = value[5 * i + 3];
        out->section[i] = (uint32_t)value[5 * i + 4];
    }
    return status;
}

static int add_totals(sna_cell_description *out, const double *conditions)
{
    int status = 0;
    double length = 0, area = 0, segments = 0;

    for (uint64_t i = 0; i < sna_table_rows(out->sections); i++) {
        length += sna_table_real(out->sections, i, 1);
        segments += sna_table_real(out->sections, i, 3);
        area += sna_table_real(out->sections, i, 4);
    }
    status = sna_record_integer(out->record, "sections", "Sections", NULL, (int64_t)sna_table_rows(out->sections));
    if (status == 0)
        status = sna_record_integer(out->record, "segments", "Segments", NULL, (int64_t)segments);
    if (status == 0)
        status = sna_record_real(out->record, "length", "Length", "um", length);
    if (status == 0)
        status = sna_record_real(out->record, "area", "Area", "um2", area);
    if (status == 0)
        status = sna_record_real(out->record, "celsius", "Temperature", "degC", conditions[AT_CELSIUS]);
    if (status == 0)
        status = sna_record_real(out->record, "v_init", "Initial voltage", "mV", conditions[AT_V_INIT]);
    return status;
}

static int take_results(sna_cell_description *out, const sna_neuron_results *results, const sna_cell_model *model)
{
    int status = 0;
    uint64_t count = 0, bytes = 0, points = 0;
    const double *conditions = sna_neuron_results_array(results, 0, "conditions", &count);
    const double *text = sna_neuron_results_array(results, 0, "text", &bytes);
    const double *point = sna_neuron_results_array(results, 0, "points", &points);
    sna_record *provenance = NULL;

    if (conditions == NULL || count != CONDITIONS || text == NULL) {
        status = sna_error(SNA_EEXTERNAL, "NEURON delivered nothing");
        goto out;
    }
    status = make_tables(out);
    if (status == 0)
        status = take_text(out, text, bytes);
    if (status == 0 && point != NULL)
        status = take_points(out, point, points);
    if (status == 0)
        status = sna_record_create(&out->record, "Cell");
    if (status == 0)
        status = add_totals(out, conditions);
    if (status == 0)
        status = sna_cell_make_provenance(&provenance, sna_neuron_results_version(results),
                                          sna_neuron_results_library(results), model);
    if (status == 0) {
        status = sna_record_record(out->record, "provenance", "Provenance", provenance);
        provenance = NULL; /* taken over, also when it fails */
    }
    for (uint64_t i = 0; i < model->notes.count && status == 0; i++)
        status = sna_record_add_note(out->record, "%s", model->notes.text[i]);
out:
    sna_record_free(provenance);
    return status;
}

int sna_cell_describe(sna_cell_description *out, const sna_cell_model *model, const sna_cell_setup *setup)
{
    int status = 0;
    study self = {.model = model, .setup = setup};
    const char *mechanisms[1] = {model->mechanisms};
    const sna_neuron_plan plan = {.library = model->neuron,
                                  .mechanisms = mechanisms,
                                  .mechanism_count = model->mechanisms != NULL && model->definition == NULL,
                                  .jobs = 1,
                                  .workers = 1,
                                  .timeout = setup->timeout,
                                  .prepare = prepare,
                                  .run = run,
                                  .context = &self};
    sna_neuron_results *results = NULL;

    memset(out, 0, sizeof *out);
    status = sna_neuron_run(&results, &plan);
    if (results != NULL && sna_text_copy(&out->log, sna_neuron_results_log(results)) != 0 && status == 0)
        status = SNA_ENOMEM;
    if (status == 0)
        status = take_results(out, results, model);
    sna_neuron_results_free(results);
    return status;
}

void sna_cell_description_free(sna_cell_description *self)
{
    sna_record_free(self->record);
    sna_table_free(self->sections);
    sna_table_free(self->parameters);
    free(self->x);
    free(self->y);
    free(self->z);
    free(self->diameter);
    free(self->section);
    free(self->log);
    memset(self, 0, sizeof *self);
}
