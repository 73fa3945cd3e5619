/* cell_info.c: sonatina cell info. */
#include "cell_common.h"
#include "commands.h"

typedef struct {
    cell_options cell;
    bool parameters;
} cell_info_options;

enum { KEY_PARAMETERS = 0x4501 };

static const struct argp_option OPTIONS[] = {
    {NULL, 0, NULL, 0, "What to print:", 10},
    {"parameters", KEY_PARAMETERS, NULL, 0, "The parameters of all mechanisms too (CSV: instead of the sections)", 10},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    cell_info_options *self = state->input;

    (void)text;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &self->cell;
        break;
    case KEY_PARAMETERS:
        self->parameters = true;
        break;
    case ARGP_KEY_END:
        if (self->cell.traces != NULL)
            argp_error(state, "--traces: nothing is simulated here");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_child CHILDREN[] = {{&cell_argp, 0, NULL, 0}, {0}};
static const struct argp ARGUMENTS = {
    OPTIONS,
    parse,
    NULL,
    "Shows what a cell is made of: its sections with their geometry, areas and mechanisms, and their parameters.\v"
    "--plot draws the morphology, seen along the z axis.\n\n"
    "Example:\n"
    "  sonatina cell info --hoc examples/cells/RSPyramidal.hoc \\\n"
    "      --mod-folder examples/cells/mechanisms --parameters --plot cell.png",
    CHILDREN,
    NULL,
    NULL};

static int print(sna_cell_description *cell, sna_format format, bool parameters)
{
    int status = 0;

    if (format == SNA_FORMAT_CSV) {
        status = sna_table_write(parameters ? cell->parameters : cell->sections, stdout, format);
        goto out;
    }
    if (format == SNA_FORMAT_JSON) {
        sna_table *given = cell->sections;
        cell->sections = NULL; /* the record takes it over */
        status = sna_record_table(cell->record, "section_table", NULL, given);
        if (status == 0 && parameters) {
            given = cell->parameters;
            cell->parameters = NULL;
            status = sna_record_table(cell->record, "parameter_table", NULL, given);
        }
    }
    if (status == 0)
        status = sna_record_write(cell->record, stdout, format);
    if (status != 0 || format == SNA_FORMAT_JSON)
        goto out;
    (void)fputc('\n', stdout);
    status = sna_table_write(cell->sections, stdout, format);
    if (status == 0 && parameters) {
        (void)fputc('\n', stdout);
        status = sna_table_write(cell->parameters, stdout, format);
    }
out:
    return status;
}

int cell_info(int argc, char **argv)
{
    int status = 0;
    cell_info_options self = {.cell = CELL_OPTIONS};
    sna_cell_model *model = NULL;
    sna_cell_description cell = {0};
    sna_figure *figure = NULL;

    status = command_parse(&ARGUMENTS, argc, argv, &self);
    if (status == 0)
        status = sna_cell_model_create(&model, &self.cell.source);
    if (status == 0)
        status = sna_cell_describe(&cell, model, &self.cell.setup);
    if (self.cell.verbose && cell.log != NULL)
        (void)fputs(cell.log, stderr);
    if (status == 0 && (self.cell.plot != NULL || self.cell.show))
        status = cell_figure_morphology(&figure, &cell);
    if (status == 0)
        status = cell_write_figure(&self.cell, figure);
    if (status == 0)
        status = print(&cell, self.cell.output.format, self.parameters);
    if (status == 0)
        status = cell_show_figure(&self.cell, figure);
    sna_figure_free(figure);
    sna_cell_description_free(&cell);
    sna_cell_model_free(model);
    cell_options_free(&self.cell);
    return status;
}
