/* report_export.c: sonatina report export. */
#include "commands.h"
#include "rows.h"
#include "times.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    series_options shared;
    bool wide;
    uint64_t stride;
} report_export_options;

enum { KEY_STRIDE = SERIES_OF_COMMAND, KEY_WIDE, VALUES_AT_ONCE = 65536 };

static const struct argp_option OPTIONS[] = {
    {"population", SERIES_POPULATION, "NAME", 0, "The population (default: the only one)", 0},
    {"nodes", SERIES_NODES, "IDS", 0, "Only these nodes (channels of extracellular potentials), e.g. 0-9,12", 0},
    {"times", SERIES_TIMES, "START:STOP", 0, "Only frames from START to STOP, in ms; either may be left out", 0},
    {"stride", KEY_STRIDE, "N", 0, "Only every N-th frame", 0},
    {"wide", KEY_WIDE, NULL, 0, "One row a frame with a column for each element, instead of one row a value", 0},
    {"limit", SERIES_LIMIT, "N", 0, "Print the first N rows only", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    report_export_options *options = state->input;

    switch (key) {
    case KEY_STRIDE:
        options->stride = command_unsigned(state, "--stride", text);
        if (options->stride == 0)
            argp_error(state, "--stride: must be at least 1");
        return 0;
    case KEY_WIDE:
        options->wide = true;
        return 0;
    default:
        return series_parse(&options->shared, "which report? (an HDF5 file of a simulation)", key, text, state);
    }
}

static const struct argp_child CHILDREN[] = {{&output_argp, 0, NULL, 0}, {0}};
static const struct argp ARGUMENTS = {
    OPTIONS,
    parse,
    "REPORT.h5",
    "Prints the values of a report of a simulation (soma or compartment values, extracellular potentials), one row a "
    "value: "
    "time, node, element, value.\v"
    "Text shows the first 200 rows; CSV and JSON have all, written as they are read. With --wide, the column of the "
    "k-th "
    "element of a node is called NODE[k], or NODE where each node has one.\n\n"
    "Example:\n  sonatina report export output/membrane_potential.h5 --nodes 0-3 --times 100:200 --wide --format csv",
    CHILDREN,
    NULL,
    NULL};

/* ---- what is read ------------------------------------------------------------------------------------------- */

/* Either kind of file, as frames of chosen columns. */
typedef struct {
    sna_report *report; /* one of the two */
    sna_ecp *ecp;
    sna_selection columns;
    uint64_t width;          /* columns chosen */
    int64_t *node, *element; /* [width] node (or channel), and element id */
    double *position;        /* [width], NULL without */
    uint64_t *place;         /* [width] position of the element in its node */
    bool is_single;          /* each node has one element */
    uint64_t first, frames;  /* of the window */
    double start, step;
    const char *unit;
    double *frame; /* of potentials: one frame of all channels */
} frame_source;

static bool is_chosen(const report_export_options *options, uint64_t node)
{
    return !options->shared.has_nodes || sna_selection_has(&options->shared.nodes, node);
}

/* A run of ids of which none is there is a mistake; others are passed over. */
static int check_nodes(const frame_source *self, const report_export_options *options)
{
    for (uint64_t i = 0; options->shared.has_nodes && i < options->shared.nodes.count; i++) {
        const sna_range range = options->shared.nodes.range[i];
        bool found = false;
        for (uint64_t k = 0; k < self->width && !found; k++)
            found = (uint64_t)self->node[k] >= range.first && (uint64_t)self->node[k] < range.end;
        if (!found)
            return sna_error(SNA_ERANGE, "%s has no %s %" PRIu64 "%s", options->shared.file,
                             self->ecp != NULL ? "channel" : "node", range.first,
                             range.end - range.first > 1 ? " nor the others that are asked for with it" : "");
    }
    return 0;
}

static int add_column(frame_source *self, uint64_t column, uint64_t node, uint64_t element, uint64_t place)
{
    if (node > INT64_MAX || element > INT64_MAX)
        return sna_error(SNA_EFORMAT, "%" PRIu64 " cannot be an id", node > INT64_MAX ? node : element);
    self->node[self->width] = (int64_t)node;
    self->element[self->width] = (int64_t)element;
    self->place[self->width++] = place;
    return sna_selection_add(&self->columns, column, column + 1);
}

static int make_room(frame_source *self, uint64_t columns)
{
    int status = sna_allocate(&self->node, columns, sizeof *self->node);

    if (status == 0)
        status = sna_allocate(&self->element, columns, sizeof *self->element);
    if (status == 0)
        status = sna_allocate(&self->place, columns, sizeof *self->place);
    return status;
}

static int open_report(frame_source *self, const report_export_options *options)
{
    int status = 0;
    const uint64_t *pointer = NULL, *node = NULL, *element = NULL;
    const double *position = NULL;

    status = sna_report_open(&self->report, options->shared.file, options->shared.population, NULL);
    if (status == 0)
        status = make_room(self, sna_report_elements(self->report));
    if (status != 0)
        goto out;
    pointer = sna_report_pointers(self->report);
    node = sna_report_node_ids(self->report);
    element = sna_report_element_ids(self->report);
    position = sna_report_element_positions(self->report);
    self->is_single = true;
    if (position != NULL)
        status = sna_allocate(&self->position, sna_report_elements(self->report), sizeof *self->position);
    for (uint64_t n = 0; n < sna_report_nodes(self->report) && status == 0; n++) {
        if (!is_chosen(options, node[n]))
            continue;
        self->is_single = self->is_single && pointer[n + 1] - pointer[n] == 1;
        for (uint64_t k = pointer[n]; k < pointer[n + 1] && status == 0; k++) {
            if (position != NULL)
                self->position[self->width] = position[k];
            status = add_column(self, k, node[n], element[k], k - pointer[n]);
        }
    }
    self->start = sna_report_start(self->report);
    self->step = sna_report_step(self->report);
    self->unit = sna_report_unit(self->report);
    sna_report_window(self->report, options->shared.times.start, options->shared.times.stop, &self->first,
                      &self->frames);
out:
    return status;
}

static int open_potential(frame_source *self, const report_export_options *options)
{
    int status = sna_ecp_open(&self->ecp, options->shared.file, NULL);

    if (status == 0)
        status = make_room(self, sna_ecp_channels(self->ecp));
    if (status == 0)
        status = sna_allocate(&self->frame, sna_ecp_channels(self->ecp), sizeof *self->frame);
    self->is_single = true;
    for (uint64_t i = 0; status == 0 && i < sna_ecp_channels(self->ecp); i++) {
        const int64_t channel = sna_ecp_channel_ids(self->ecp)[i];
        if (channel < 0)
            status =
                sna_error(SNA_EFORMAT, "%s: %" PRId64 " cannot be the id of a channel", options->shared.file, channel);
        else if (is_chosen(options, (uint64_t)channel))
            status = add_column(self, i, (uint64_t)channel, 0, 0);
    }
    if (status == 0) {
        self->start = sna_ecp_start(self->ecp);
        self->step = sna_ecp_step(self->ecp);
        self->unit = sna_ecp_unit(self->ecp);
        sna_ecp_window(self->ecp, options->shared.times.start, options->shared.times.stop, &self->first, &self->frames);
    }
    return status;
}

static int open_source(frame_source *self, const report_export_options *options)
{
    int status = 0;
    sna_file_kind kind = SNA_FILE_REPORT;

    status = sna_file_kind_of(options->shared.file, &kind);
    if (status == 0 && kind == SNA_FILE_POTENTIAL)
        status = open_potential(self, options);
    else if (status == 0 && kind == SNA_FILE_REPORT)
        status = open_report(self, options);
    else if (status == 0)
        status = sna_error(SNA_EFORMAT, "%s is no report: there is no /report in it", options->shared.file);
    if (status == 0)
        status = check_nodes(self, options);
    return status;
}

/* `count` frames of the window from the `first`, every `stride`-th of them. */
static int read_frames(frame_source *self, uint64_t first, uint64_t count, uint64_t stride, double *out)
{
    int status = 0;

    if (self->report != NULL)
        return sna_report_read(self->report, self->first + first, count, stride, &self->columns, out);
    for (uint64_t i = 0; i < count && status == 0; i++) {
        status = sna_ecp_read(self->ecp, self->first + first + i * stride, 1, self->frame);
        for (uint64_t r = 0; r < self->columns.count && status == 0; r++)
            for (uint64_t k = self->columns.range[r].first; k < self->columns.range[r].end; k++)
                *out++ = self->frame[k];
    }
    return status;
}

static void close_source(frame_source *self)
{
    sna_report_close(self->report);
    sna_ecp_close(self->ecp);
    sna_selection_free(&self->columns);
    free(self->node);
    free(self->element);
    free(self->position);
    free(self->place);
    free(self->frame);
}

/* ---- what is printed ---------------------------------------------------------------------------------------- */

static int name_long(const frame_source *self, row_printer *printer)
{
    int status = row_printer_column(printer, "time", "ms", SNA_REAL, 1);

    if (status == 0)
        status = row_printer_column(printer, self->ecp != NULL ? "channel_id" : "node_id", NULL, SNA_INTEGER, 1);
    if (status == 0 && self->ecp == NULL)
        status = row_printer_column(printer, "element_id", NULL, SNA_INTEGER, 1);
    if (status == 0 && self->position != NULL)
        status = row_printer_column(printer, "element_pos", NULL, SNA_REAL, 1);
    if (status == 0)
        status = row_printer_column(printer, "value", self->unit, SNA_REAL, 1);
    return status;
}

static int name_wide(const frame_source *self, row_printer *printer)
{
    int status = row_printer_column(printer, "time", "ms", SNA_REAL, 1);

    for (uint64_t k = 0; k < self->width && status == 0; k++) {
        char name[48];
        if (self->is_single)
            (void)snprintf(name, sizeof name, "%" PRId64, self->node[k]);
        else
            (void)snprintf(name, sizeof name, "%" PRId64 "[%" PRIu64 "]", self->node[k], self->place[k]);
        status = row_printer_column(printer, name, self->unit, SNA_REAL, 1);
    }
    return status;
}

/* Room for one block, and the columns that stand in it. */
typedef struct {
    double *value, *turned, *time;    /* [frames * width], the same by columns, [frames] */
    uint64_t *frame_row, *column_row; /* [frames * width] */
    sna_column *column;               /* [width + 1] */
    sna_view *view;
    uint64_t frames;
} block_room;

static int make_block(block_room *self, const frame_source *source)
{
    int status = 0;
    const uint64_t width = source->width;

    self->frames = width == 0 ? 1 : VALUES_AT_ONCE / width + 1;
    status = sna_allocate(&self->value, self->frames * width, sizeof *self->value);
    if (status == 0)
        status = sna_allocate(&self->turned, self->frames * width, sizeof *self->turned);
    if (status == 0)
        status = sna_allocate(&self->time, self->frames, sizeof *self->time);
    if (status == 0)
        status = sna_allocate(&self->frame_row, self->frames * width, sizeof *self->frame_row);
    if (status == 0)
        status = sna_allocate(&self->column_row, self->frames * width, sizeof *self->column_row);
    if (status == 0)
        status = sna_allocate(&self->column, width + 1, sizeof *self->column);
    if (status == 0)
        status = sna_allocate(&self->view, width + 1, sizeof *self->view);
    return status;
}

static void free_block(block_room *self)
{
    free(self->value);
    free(self->turned);
    free(self->time);
    free(self->frame_row);
    free(self->column_row);
    free(self->column);
    free(self->view);
}

static int put_long(const frame_source *source, block_room *room, uint64_t frames, row_printer *printer)
{
    const uint64_t width = source->width, rows = frames * width;
    const sna_column time = {.type = SNA_REAL, .count = frames, .width = 1, .real = room->time},
                     node = {.type = SNA_INTEGER, .count = width, .width = 1, .integer = source->node},
                     element = {.type = SNA_INTEGER, .count = width, .width = 1, .integer = source->element},
                     position = {.type = SNA_REAL, .count = width, .width = 1, .real = source->position},
                     value = {.type = SNA_REAL, .count = rows, .width = 1, .real = room->value};
    sna_view view[5];
    size_t views = 0;

    for (uint64_t i = 0; i < rows; i++) {
        room->frame_row[i] = i / width;
        room->column_row[i] = i % width;
    }
    view[views++] = (sna_view){&time, room->frame_row};
    view[views++] = (sna_view){&node, room->column_row};
    if (source->ecp == NULL)
        view[views++] = (sna_view){&element, room->column_row};
    if (source->position != NULL)
        view[views++] = (sna_view){&position, room->column_row};
    view[views++] = (sna_view){&value, NULL};
    return row_printer_put(printer, view, rows);
}

static int put_wide(const frame_source *source, block_room *room, uint64_t frames, row_printer *printer)
{
    const uint64_t width = source->width;

    for (uint64_t i = 0; i < frames; i++)
        for (uint64_t k = 0; k < width; k++)
            room->turned[k * frames + i] = room->value[i * width + k];
    room->column[0] = (sna_column){.type = SNA_REAL, .count = frames, .width = 1, .real = room->time};
    for (uint64_t k = 0; k < width; k++)
        room->column[k + 1] =
            (sna_column){.type = SNA_REAL, .count = frames, .width = 1, .real = room->turned + k * frames};
    for (uint64_t k = 0; k <= width; k++)
        room->view[k] = (sna_view){&room->column[k], NULL};
    return row_printer_put(printer, room->view, frames);
}

static int print(frame_source *source, const report_export_options *options, row_printer *printer)
{
    int status = 0;
    block_room room = {0};
    const uint64_t frames = (source->frames + options->stride - 1) / options->stride;

    status = options->wide ? name_wide(source, printer) : name_long(source, printer);
    if (status == 0)
        status = make_block(&room, source);
    for (uint64_t first = 0; first < frames && status == 0 && !row_printer_is_full(printer); first += room.frames) {
        const uint64_t now = frames - first < room.frames ? frames - first : room.frames;
        status =
            source->width == 0 ? 0 : read_frames(source, first * options->stride, now, options->stride, room.value);
        /* Times are multiplied out, never added up. */
        for (uint64_t i = 0; i < now; i++)
            room.time[i] = source->start + (double)(source->first + (first + i) * options->stride) * source->step;
        if (status == 0)
            status = options->wide ? put_wide(source, &room, now, printer) : put_long(source, &room, now, printer);
        if (status == 0)
            status = sna_check_cancelled();
    }
    if (status == 0)
        status = row_printer_finish(printer, options->wide ? frames : frames * source->width);
    free_block(&room);
    return status;
}

int report_export(int argc, char **argv)
{
    int status = 0;
    report_export_options options = {.shared = NO_SERIES_OPTIONS, .stride = 1};
    frame_source source = {.columns = SNA_SELECTION};
    row_printer *printer = NULL;

    status = command_parse(&ARGUMENTS, argc, argv, &options);
    if (status == 0)
        status = open_source(&source, &options);
    if (status == 0)
        status = row_printer_open(&printer, options.shared.output.format, NULL, options.shared.limit);
    if (status == 0)
        status = print(&source, &options, printer);
    row_printer_close(printer);
    close_source(&source);
    sna_selection_free(&options.shared.nodes);
    return status;
}
