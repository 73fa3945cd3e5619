/* spikes_export.c: sonatina spikes export. */
#include "commands.h"
#include "rows.h"
#include "times.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    series_options shared;
    sna_spike_order order; /* SNA_ORDER_NONE: that of the file */
} spikes_export_options;

enum { KEY_SORT = SERIES_OF_COMMAND, BLOCK = 65536 };

static const struct argp_option OPTIONS[] = {
    {"population", SERIES_POPULATION, "NAME", 0, "Only this population (default: all)", 0},
    {"nodes", SERIES_NODES, "IDS", 0, "Only spikes of these nodes, e.g. 0-9,12", 0},
    {"times", SERIES_TIMES, "START:STOP", 0, "Only spikes from START to STOP, in ms; either may be left out", 0},
    {"sort", KEY_SORT, "ORDER", 0, "time or id (default: the order of the file); takes memory for all spikes", 0},
    {"limit", SERIES_LIMIT, "N", 0, "Print the first N rows only", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    spikes_export_options *options = state->input;

    if (key != KEY_SORT)
        return series_parse(&options->shared, "which spike file? (HDF5 or CSV)", key, text, state);
    if (strcmp(text, "time") != 0 && strcmp(text, "id") != 0)
        argp_error(state, "--sort: time or id, not `%s`", text);
    options->order = text[0] == 't' ? SNA_ORDER_TIME : SNA_ORDER_ID;
    return 0;
}

static const struct argp_child CHILDREN[] = {{&output_argp, 0, NULL, 0}, {0}};
static const struct argp ARGUMENTS = {
    OPTIONS,
    parse,
    "SPIKES",
    "Prints the spikes of a file, one row a spike: time in ms, population, node id.\v"
    "Text shows the first 200 rows; CSV and JSON have all, written as they are read. The CSV is a spike file itself: "
    "what "
    "reads spikes here reads it.\n\n"
    "Example:\n  sonatina spikes export output/spikes.h5 --nodes 0-9 --times 500:1000 --sort time --format csv",
    CHILDREN,
    NULL,
    NULL};

/* Keeps the spikes that are asked for. */
static void keep(sna_spike_list *list, const spikes_export_options *options)
{
    uint64_t kept = 0;

    for (uint64_t i = 0; i < list->count; i++) {
        if ((options->shared.has_nodes && !sna_selection_has(&options->shared.nodes, list->node[i])) ||
            list->time[i] < options->shared.times.start || list->time[i] > options->shared.times.stop)
            continue;
        list->node[kept] = list->node[i];
        list->time[kept++] = list->time[i];
    }
    list->count = kept;
}

/* Prints what a list holds. */
static int print_list(row_printer *printer, const sna_spike_list *list, const char *population)
{
    int status = 0;
    char *name = NULL;
    uint32_t *code = NULL;
    uint64_t done = 0;

    for (uint64_t i = 0; i < list->count && status == 0; i++)
        if (list->node[i] > INT64_MAX)
            status = sna_error(SNA_EFORMAT, "%" PRIu64 " cannot be the id of a node", list->node[i]);
    if (status == 0)
        status = sna_text_copy(&name, population);
    if (status == 0)
        status = sna_allocate(&code, BLOCK, sizeof *code);
    for (; done < list->count && status == 0; done += BLOCK) {
        const uint64_t now = list->count - done < BLOCK ? list->count - done : BLOCK;
        const sna_list texts = {&name, 1, 1};
        const sna_column columns[] = {
            {.type = SNA_REAL, .count = now, .width = 1, .real = list->time + done},
            {.type = SNA_TEXT, .count = now, .width = 1, .code = code, .texts = &texts},
            {.type = SNA_INTEGER, .count = now, .width = 1, .integer = (int64_t *)list->node + done}};
        const sna_view views[] = {{&columns[0], NULL}, {&columns[1], NULL}, {&columns[2], NULL}};
        status = row_printer_put(printer, views, now);
    }
    free(code);
    free(name);
    return status;
}

static int print_sorted(row_printer *printer, sna_spikes *spikes, uint64_t population,
                        const spikes_export_options *options, uint64_t *total)
{
    int status = 0;
    sna_spike_list list = {0};

    status =
        sna_spikes_read(spikes, population, options->shared.times.start, options->shared.times.stop, NULL, 0, &list);
    if (status == 0) {
        keep(&list, options);
        status = sna_spike_list_sort(&list, options->order);
    }
    if (status == 0)
        status = print_list(printer, &list, sna_spikes_population(spikes, population));
    *total += list.count;
    sna_spike_list_free(&list);
    return status;
}

static int print_as_read(row_printer *printer, sna_spikes *spikes, uint64_t population,
                         const spikes_export_options *options, uint64_t *total)
{
    int status = 0;
    const uint64_t count = sna_spikes_count(spikes, population);

    for (uint64_t first = 0; first < count && status == 0; first += BLOCK) {
        sna_spike_list block = {0};
        status = sna_spikes_block(spikes, population, first, BLOCK, &block);
        if (status == 0) {
            keep(&block, options);
            *total += block.count;
            status = print_list(printer, &block, sna_spikes_population(spikes, population));
        }
        sna_spike_list_free(&block);
        if (status == 0)
            status = sna_check_cancelled();
    }
    return status;
}

int spikes_export(int argc, char **argv)
{
    int status = 0;
    uint64_t wanted = 0, total = 0;
    spikes_export_options options = {.shared = NO_SERIES_OPTIONS};
    sna_spikes *spikes = NULL;
    row_printer *printer = NULL;

    status = command_parse(&ARGUMENTS, argc, argv, &options);
    if (status == 0)
        status = sna_spikes_open(&spikes, options.shared.file, NULL);
    if (status == 0 && options.shared.population != NULL)
        status = sna_spikes_find(spikes, options.shared.population, &wanted);
    if (status == 0)
        status = row_printer_open(&printer, options.shared.output.format, NULL, options.shared.limit);
    if (status == 0)
        status = row_printer_column(printer, "timestamps", "ms", SNA_REAL, 1);
    if (status == 0)
        status = row_printer_column(printer, "population", NULL, SNA_TEXT, 1);
    if (status == 0)
        status = row_printer_column(printer, "node_ids", NULL, SNA_INTEGER, 1);
    for (uint64_t i = 0; status == 0 && i < sna_spikes_populations(spikes); i++) {
        if (options.shared.population != NULL && i != wanted)
            continue;
        status = options.order != SNA_ORDER_NONE ? print_sorted(printer, spikes, i, &options, &total)
                                                 : print_as_read(printer, spikes, i, &options, &total);
    }
    if (status == 0)
        status = row_printer_finish(printer, total);
    row_printer_close(printer);
    sna_spikes_close(spikes);
    sna_selection_free(&options.shared.nodes);
    return status;
}
