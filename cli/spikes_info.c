/* spikes_info.c: sonatina spikes info. */
#include "command.h"
#include "commands.h"

#include <math.h>

#include "sonata/sonata.h"

typedef struct {
    output_options output;
    const char *file;
} spikes_info_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    spikes_info_options *options = state->input;

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
        argp_error(state, "which spike file? (HDF5 or CSV)");
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
    "SPIKES",
    "Says what is in a spike file: for each population how many spikes of how many nodes, from when to when, in what "
    "order.\v"
    "HDF5 files of every age and family, and CSV. `stated_order` is what the file claims, `order` what is true; "
    "busiest_id is the node with most spikes.\n\n"
    "Example:\n  sonatina spikes info output/spikes.h5",
    CHILDREN,
    NULL,
    NULL};

static const char *order_name(sna_spike_order order)
{
    static const char *const names[] = {"none", "by id", "by time"};

    return names[order];
}

static const char *true_order(const sna_spike_summary *summary)
{
    return summary->by_id && summary->by_time ? "both"
           : summary->by_time                 ? "by time"
           : summary->by_id                   ? "by id"
                                              : "none";
}

static int add_row(sna_table *table, sna_spikes *spikes, uint64_t population)
{
    int status = 0;
    sna_spike_summary summary;
    const uint64_t row = sna_table_rows(table);

    status = sna_spikes_summarise(spikes, population, &summary);
    if (status == 0)
        status = sna_table_add_row(table, NULL);
    if (status == 0)
        status = sna_table_set_text(table, row, 0, sna_spikes_population(spikes, population));
    if (status == 0)
        status = sna_table_set_integer(table, row, 1, (int64_t)summary.count);
    if (status == 0)
        status = sna_table_set_integer(table, row, 2, (int64_t)summary.nodes);
    if (status == 0 && summary.count > 0) {
        status = sna_table_set_integer(table, row, 3, (int64_t)summary.least);
        if (status == 0)
            status = sna_table_set_integer(table, row, 4, (int64_t)summary.most);
        if (status == 0)
            status = sna_table_set_real(table, row, 5, summary.first);
        if (status == 0)
            status = sna_table_set_real(table, row, 6, summary.last);
        if (status == 0)
            status = sna_table_set_integer(table, row, 7, (int64_t)summary.busiest);
        if (status == 0)
            status = sna_table_set_integer(table, row, 8, (int64_t)summary.busiest_count);
    }
    if (status == 0)
        status = sna_table_set_text(table, row, 9, order_name(sna_spikes_order(spikes, population)));
    if (status == 0)
        status = sna_table_set_text(table, row, 10, true_order(&summary));
    if (status == 0)
        status = sna_table_set_text(table, row, 11, sna_spikes_unit(spikes, population));
    return status;
}

static int make_table(sna_table **out)
{
    static const struct {
        const char *name, *unit;
        sna_type type;
    } columns[] = {
        {"population", NULL, SNA_TEXT},   {"spikes", NULL, SNA_INTEGER},     {"nodes", NULL, SNA_INTEGER},
        {"least_id", NULL, SNA_INTEGER},  {"largest_id", NULL, SNA_INTEGER}, {"first", "ms", SNA_REAL},
        {"last", "ms", SNA_REAL},         {"busiest_id", NULL, SNA_INTEGER}, {"its_spikes", NULL, SNA_INTEGER},
        {"stated_order", NULL, SNA_TEXT}, {"order", NULL, SNA_TEXT},         {"file_unit", NULL, SNA_TEXT}};
    int status = sna_table_create(out, NULL, NULL);

    for (size_t i = 0; i < sizeof columns / sizeof *columns && status == 0; i++)
        status = sna_table_add_column(*out, columns[i].name, columns[i].unit, columns[i].type);
    return status;
}

int spikes_info(int argc, char **argv)
{
    int status = 0;
    spikes_info_options options = {.output = {SNA_FORMAT_TEXT}};
    sna_spikes *spikes = NULL;
    sna_notes notes = SNA_NOTES;
    sna_table *table = NULL;

    status = command_parse(&ARGUMENTS, argc, argv, &options);
    if (status == 0)
        status = sna_spikes_open(&spikes, options.file, &notes);
    if (status == 0)
        status = make_table(&table);
    for (uint64_t i = 0; status == 0 && i < sna_spikes_populations(spikes); i++)
        status = add_row(table, spikes, i);
    for (uint64_t i = 0; i < notes.count && status == 0; i++)
        status = sna_table_add_note(table, "%s%s%s", notes.note[i].place, notes.note[i].place[0] != '\0' ? ": " : "",
                                    notes.note[i].text);
    if (status == 0)
        status = sna_table_write(table, stdout, options.output.format);
    sna_table_free(table);
    sna_spikes_close(spikes);
    sna_notes_free(&notes);
    return status;
}
