/* report_info.c: sonatina report info. */
#include "command.h"
#include "commands.h"

#include "sonata/sonata.h"

typedef struct {
    output_options output;
    const char *file;
} report_info_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    report_info_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        break;
    case ARGP_KEY_ARG:
        if (options->file != NULL)
            argp_error(state, "one file at a time: `%s` is too much", text);
        options->file = text;
        break;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which report? (an HDF5 file of a simulation)");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_child CHILDREN[] = {{&output_argp, 0, NULL, 0}, {0}};
static const struct argp ARGUMENTS = {
    NULL,
    parse,
    "REPORT.h5",
    "Says what is in a report of a simulation (soma or compartment values, extracellular potentials): nodes, elements, "
    "times and units.\v"
    "Reports of every age and family; of extracellular potentials the elements are the channels. Frames are at start, "
    "start + "
    "step, ... before stop.\n\n"
    "Example:\n  sonatina report info output/membrane_potential.h5",
    CHILDREN,
    NULL,
    NULL};

typedef struct {
    const char *population, *unit, *stored;
    uint64_t nodes, elements, frames;
    bool has_nodes;
    double start, stop, step;
} report_line;

static int add_row(sna_table *table, const report_line *line)
{
    const uint64_t row = sna_table_rows(table);
    int status = sna_table_add_row(table, NULL);

    if (status == 0)
        status = sna_table_set_text(table, row, 0, line->population);
    if (status == 0 && line->has_nodes)
        status = sna_table_set_integer(table, row, 1, (int64_t)line->nodes);
    if (status == 0)
        status = sna_table_set_integer(table, row, 2, (int64_t)line->elements);
    if (status == 0)
        status = sna_table_set_integer(table, row, 3, (int64_t)line->frames);
    if (status == 0)
        status = sna_table_set_real(table, row, 4, line->start);
    if (status == 0)
        status = sna_table_set_real(table, row, 5, line->stop);
    if (status == 0)
        status = sna_table_set_real(table, row, 6, line->step);
    if (status == 0 && line->unit != NULL)
        status = sna_table_set_text(table, row, 7, line->unit);
    if (status == 0 && line->stored != NULL)
        status = sna_table_set_text(table, row, 8, line->stored);
    return status;
}

static int add_report(sna_table *table, const char *file, const char *population, sna_notes *notes)
{
    sna_report *report = NULL;
    int status = sna_report_open(&report, file, population, notes);

    if (status == 0) {
        const report_line line = {.population = sna_report_population(report),
                                  .unit = sna_report_unit(report),
                                  .stored = sna_storage_name(sna_report_storage(report)),
                                  .has_nodes = true,
                                  .nodes = sna_report_nodes(report),
                                  .elements = sna_report_elements(report),
                                  .frames = sna_report_frames(report),
                                  .start = sna_report_start(report),
                                  .stop = sna_report_stop(report),
                                  .step = sna_report_step(report)};
        status = add_row(table, &line);
    }
    sna_report_close(report);
    return status;
}

static int add_potential(sna_table *table, const char *file, sna_notes *notes)
{
    sna_ecp *ecp = NULL;
    int status = sna_ecp_open(&ecp, file, notes);

    if (status == 0) {
        const report_line line = {.population = "",
                                  .unit = sna_ecp_unit(ecp),
                                  .elements = sna_ecp_channels(ecp),
                                  .frames = sna_ecp_frames(ecp),
                                  .start = sna_ecp_start(ecp),
                                  .stop = sna_ecp_start(ecp) + (double)sna_ecp_frames(ecp) * sna_ecp_step(ecp),
                                  .step = sna_ecp_step(ecp)};
        status = add_row(table, &line);
    }
    sna_ecp_close(ecp);
    return status;
}

static int fill_table(sna_table *table, const char *file, sna_notes *notes)
{
    int status = 0;
    sna_file_kind kind = SNA_FILE_REPORT;
    sna_list populations = SNA_LIST;

    status = sna_file_kind_of(file, &kind);
    if (status == 0 && kind == SNA_FILE_POTENTIAL) {
        status = add_potential(table, file, notes);
        goto out;
    }
    if (status == 0 && kind != SNA_FILE_REPORT)
        status = sna_error(SNA_EFORMAT, "%s is no report: there is no /report in it", file);
    if (status == 0)
        status = sna_populations_list(&populations, file, "report");
    if (status == 0 && populations.count == 0)
        status = add_report(table, file, NULL, notes);
    for (uint64_t i = 0; i < populations.count && status == 0; i++)
        status = add_report(table, file, populations.text[i], notes);
out:
    sna_list_free(&populations);
    return status;
}

int report_info(int argc, char **argv)
{
    static const struct {
        const char *name, *unit;
        sna_type type;
    } columns[] = {{"population", NULL, SNA_TEXT}, {"nodes", NULL, SNA_INTEGER}, {"elements", NULL, SNA_INTEGER},
                   {"frames", NULL, SNA_INTEGER},  {"start", "ms", SNA_REAL},    {"stop", "ms", SNA_REAL},
                   {"step", "ms", SNA_REAL},       {"unit", NULL, SNA_TEXT},     {"storage", NULL, SNA_TEXT}};
    int status = 0;
    report_info_options options = {.output = {SNA_FORMAT_TEXT}};
    sna_notes notes = SNA_NOTES;
    sna_table *table = NULL;

    status = command_parse(&ARGUMENTS, argc, argv, &options);
    if (status == 0)
        status = sna_table_create(&table, NULL, NULL);
    for (size_t i = 0; i < sizeof columns / sizeof *columns && status == 0; i++)
        status = sna_table_add_column(table, columns[i].name, columns[i].unit, columns[i].type);
    if (status == 0)
        status = fill_table(table, options.file, &notes);
    for (uint64_t i = 0; i < notes.count && status == 0; i++)
        status = sna_table_add_note(table, "%s%s%s", notes.note[i].place, notes.note[i].place[0] != '\0' ? ": " : "",
                                    notes.note[i].text);
    if (status == 0)
        status = sna_table_write(table, stdout, options.output.format);
    sna_table_free(table);
    sna_notes_free(&notes);
    return status;
}
