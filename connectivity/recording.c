/* recording.c: traces of a report, thinned to what a picture can show. */
#include "connectivity/internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TRACES = 12, BINS = 4000, VALUES_AT_ONCE = 1 << 18 };

/* A report or extracellular potentials. */
typedef struct {
    const sna_recording_request *wanted;
    sna_report *report; /* one of the two */
    sna_ecp *ecp;
    uint64_t *column;       /* [count of the recording] */
    sna_selection columns;  /* the same, of the report */
    uint64_t first, frames; /* of the window */
    double start, step;
} tape;

/* ---- choosing ----------------------------------------------------------------------------------------------- */

static bool is_chosen(const sna_selection *ids, uint64_t id)
{
    return ids == NULL || sna_selection_has(ids, id);
}

/* Every run of ids that is asked for has one that is there. */
static int check_ids(const sna_selection *ids, const uint64_t *there, uint64_t count, const char *what,
                     const char *path)
{
    for (uint64_t r = 0; ids != NULL && r < ids->count; r++) {
        const sna_range range = ids->range[r];
        bool found = false;
        for (uint64_t i = 0; i < count && !found; i++)
            found = there[i] >= range.first && there[i] < range.end;
        if (!found)
            return sna_error(SNA_ERANGE, "%s has no %s %" PRIu64 "%s", path, what, range.first,
                             range.end - range.first > 1 ? " nor the others that are asked for with it" : "");
    }
    return 0;
}

/* Takes a column, or only counts it when there are enough. */
static int add_trace(sna_recording *self, tape *from, uint64_t most, uint64_t column, const char *name)
{
    int status = 0;

    if (self->all++ >= most)
        return 0;
    from->column[self->count++] = column;
    status = sna_list_add(&self->name, name);
    if (status == 0 && from->report != NULL)
        status = sna_selection_add(&from->columns, column, column + 1);
    return status;
}

static int choose_elements(sna_recording *self, tape *from, uint64_t most)
{
    int status = 0;
    const sna_recording_request *wanted = from->wanted;
    const uint64_t *node = sna_report_node_ids(from->report), *pointer = sna_report_pointers(from->report),
                   *element = sna_report_element_ids(from->report);
    const double *position = sna_report_element_positions(from->report);
    const uint64_t nodes = sna_report_nodes(from->report);
    const bool first_only = wanted->elements == NULL && !wanted->all_elements;

    status = check_ids(wanted->nodes, node, nodes, "node", wanted->path);
    if (status == 0)
        status = check_ids(wanted->elements, element, sna_report_elements(from->report), "element", wanted->path);
    for (uint64_t n = 0; n < nodes && status == 0; n++) {
        const bool single = pointer[n + 1] - pointer[n] == 1;
        if (!is_chosen(wanted->nodes, node[n]))
            continue;
        self->first_only = self->first_only || (first_only && !single);
        for (uint64_t k = pointer[n]; k < pointer[n + 1] && status == 0; k++) {
            char name[96];
            if (!is_chosen(wanted->elements, element[k]) || (first_only && k > pointer[n]))
                continue;
            if (single || first_only)
                (void)snprintf(name, sizeof name, "node %" PRIu64, node[n]);
            else if (position != NULL)
                (void)snprintf(name, sizeof name, "node %" PRIu64 ", section %" PRIu64 " at %.3g", node[n], element[k],
                               position[k]);
            else
                (void)snprintf(name, sizeof name, "node %" PRIu64 ", element %" PRIu64, node[n], element[k]);
            status = add_trace(self, from, most, k, name);
        }
    }
    return status;
}

static int choose_channels(sna_recording *self, tape *from, uint64_t most)
{
    int status = 0;
    const sna_recording_request *wanted = from->wanted;
    const uint64_t channels = sna_ecp_channels(from->ecp);
    uint64_t *id = NULL;

    status = sna_allocate(&id, channels, sizeof *id);
    for (uint64_t i = 0; i < channels && status == 0; i++)
        id[i] = (uint64_t)sna_ecp_channel_ids(from->ecp)[i];
    if (status == 0)
        status = check_ids(wanted->nodes, id, channels, "channel", wanted->path);
    for (uint64_t i = 0; i < channels && status == 0; i++) {
        char name[48];
        (void)snprintf(name, sizeof name, "channel %" PRIu64, id[i]);
        if (is_chosen(wanted->nodes, id[i]))
            status = add_trace(self, from, most, i, name);
    }
    free(id);
    return status;
}

static int open_tape(tape *self, sna_recording *out)
{
    int status = 0;
    const sna_recording_request *wanted = self->wanted;
    uint64_t most = wanted->most > 0 ? wanted->most : TRACES, there;
    const char *unit = NULL;
    sna_file_kind kind = SNA_FILE_REPORT;

    status = sna_file_kind_of(wanted->path, &kind);
    if (status == 0 && kind != SNA_FILE_REPORT && kind != SNA_FILE_POTENTIAL)
        status = sna_error(SNA_EFORMAT, "%s is no report: there is no /report in it", wanted->path);
    if (status == 0)
        status = kind == SNA_FILE_REPORT ? sna_report_open(&self->report, wanted->path, wanted->population, NULL)
                                         : sna_ecp_open(&self->ecp, wanted->path, NULL);
    if (status != 0)
        return status;
    there = self->report != NULL ? sna_report_elements(self->report) : sna_ecp_channels(self->ecp);
    most = most < there ? most : there;
    status = sna_allocate(&self->column, most, sizeof *self->column);
    if (status == 0)
        status = self->report != NULL ? choose_elements(out, self, most) : choose_channels(out, self, most);
    if (status != 0)
        return status;
    self->start = self->report != NULL ? sna_report_start(self->report) : sna_ecp_start(self->ecp);
    self->step = self->report != NULL ? sna_report_step(self->report) : sna_ecp_step(self->ecp);
    unit = self->report != NULL ? sna_report_unit(self->report) : sna_ecp_unit(self->ecp);
    if (self->report != NULL)
        sna_report_window(self->report, wanted->start, wanted->stop, &self->first, &self->frames);
    else
        sna_ecp_window(self->ecp, wanted->start, wanted->stop, &self->first, &self->frames);
    if (self->frames == 0 && isnan(wanted->start) && isnan(wanted->stop))
        return sna_error(SNA_ERANGE, "%s has no frames", wanted->path);
    if (self->frames == 0)
        return sna_error(SNA_ERANGE, "%s has no frame from %g to %g ms: it starts at %g ms, a frame every %g ms",
                         wanted->path, wanted->start, wanted->stop, self->start, self->step);
    if (out->count == 0)
        return sna_error(SNA_ENOTFOUND, "%s has no element that was asked for", wanted->path);
    return unit != NULL ? sna_text_copy(&out->unit, unit) : 0;
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

/* Frames first .. first + count - 1 of the window, as [count][traces]; `room` has a frame of all channels. */
static int read_frames(tape *self, uint64_t traces, uint64_t first, uint64_t count, double *room, double *out)
{
    int status = 0;

    if (self->report != NULL)
        return sna_report_read(self->report, self->first + first, count, 1, &self->columns, out);
    for (uint64_t i = 0; i < count && status == 0; i++) {
        status = sna_ecp_read(self->ecp, self->first + first + i, 1, room);
        for (uint64_t k = 0; k < traces && status == 0; k++)
            out[i * traces + k] = room[self->column[k]];
    }
    return status;
}

/* The lowest and highest value of one trace in a bin so far, and when they were; NaN before the first. */
typedef struct {
    double low, high, low_time, high_time;
} extremes;
static const extremes no_extremes = {(double)NAN, (double)NAN, (double)NAN, (double)NAN};

static void extremes_add(extremes *self, double time, double value)
{
    if (isnan(self->low) || value < self->low) {
        self->low = value;
        self->low_time = time;
    }
    if (isnan(self->high) || value > self->high) {
        self->high = value;
        self->high_time = time;
    }
}

static void extremes_put(const extremes *self, double *time, double *value)
{
    const bool low_first = self->low_time <= self->high_time;

    time[0] = low_first ? self->low_time : self->high_time;
    time[1] = low_first ? self->high_time : self->low_time;
    value[0] = low_first ? self->low : self->high;
    value[1] = low_first ? self->high : self->low;
}

static int read_all(tape *from, sna_recording *out, uint64_t per_bin)
{
    int status = 0;
    const uint64_t traces = out->count, block = VALUES_AT_ONCE / traces + 1;
    double *values = NULL, *room = NULL;
    extremes *now = NULL;

    status = sna_allocate(&values, block * traces, sizeof *values);
    if (status == 0)
        status = sna_allocate(&room, from->ecp != NULL ? sna_ecp_channels(from->ecp) : 0, sizeof *room);
    if (status == 0)
        status = sna_allocate(&now, traces, sizeof *now);
    for (uint64_t k = 0; k < traces && status == 0; k++)
        now[k] = no_extremes;
    for (uint64_t first = 0; first < from->frames && status == 0; first += block) {
        const uint64_t count = from->frames - first < block ? from->frames - first : block;
        status = read_frames(from, traces, first, count, room, values);
        for (uint64_t i = 0; i < count && status == 0; i++) {
            const uint64_t frame = first + i;
            const double time = from->start + (double)(from->first + frame) * from->step;
            const bool ends = (frame + 1) % per_bin == 0 || frame + 1 == from->frames;
            for (uint64_t k = 0; k < traces; k++) {
                const uint64_t at = k * out->points + (per_bin == 1 ? frame : 2 * (frame / per_bin));
                if (per_bin == 1) {
                    out->time[at] = time;
                    out->value[at] = values[i * traces + k];
                    continue;
                }
                extremes_add(&now[k], time, values[i * traces + k]);
                if (ends) {
                    extremes_put(&now[k], &out->time[at], &out->value[at]);
                    now[k] = no_extremes;
                }
            }
        }
        if (status == 0)
            status = sna_check_cancelled();
    }
    free(values);
    free(room);
    free(now);
    return status;
}

int sna_recording_read(sna_recording *out, const sna_recording_request *request)
{
    int status = 0;
    const uint64_t bins = request->bins > 0 ? request->bins : BINS;
    uint64_t per_bin = 1;
    tape from = {.wanted = request, .columns = SNA_SELECTION};

    *out = (sna_recording){.name = SNA_LIST};
    status = open_tape(&from, out);
    if (status != 0)
        goto out;
    out->frames = from.frames;
    if (from.frames > 2 * bins)
        per_bin = (from.frames + bins - 1) / bins;
    out->points = per_bin == 1 ? from.frames : 2 * ((from.frames + per_bin - 1) / per_bin);
    status = sna_allocate(&out->time, out->count * out->points, sizeof *out->time);
    if (status == 0)
        status = sna_allocate(&out->value, out->count * out->points, sizeof *out->value);
    if (status == 0)
        status = read_all(&from, out, per_bin);
out:
    sna_report_close(from.report);
    sna_ecp_close(from.ecp);
    sna_selection_free(&from.columns);
    free(from.column);
    return status;
}

void sna_recording_free(sna_recording *self)
{
    sna_list_free(&self->name);
    free(self->time);
    free(self->value);
    free(self->unit);
    *self = (sna_recording){.name = SNA_LIST};
}
