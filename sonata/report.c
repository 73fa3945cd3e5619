/* report.c: reports: values of the elements of nodes over time. */
#include "sonata/crash.h"
#include "sonata/dataset.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/time_unit.h"

struct sna_report {
    char *population, *place; /* "soma", "/report/soma" */
    sna_h5_file *file;
    sna_notes *notes;
    sna_dataset *data;
    uint64_t frames, elements, nodes;
    double start, stop, step;
    char *unit, *time_unit;
    uint64_t *node_id, *pointer, *element_id;
    double *element_position;
    int64_t *source_id, *target_id; /* [elements] of connections, or NULL */
    bool is_sorted;
    uint64_t *by_id; /* [nodes] rows in the order of node ids */
};

/* ---- the mapping -------------------------------------------------------------------------------------------- */

/* Opens the first of `names` in a group; NULL where there is none. */
static int open_first(const sna_report *self, hid_t group, const char *place, const char *const *names,
                      sna_dataset **out)
{
    int status = 0;
    char *full = NULL;

    *out = NULL;
    while (*names != NULL && sna_h5_kind_of(group, *names) != SNA_H5_DATASET)
        names++;
    if (*names == NULL)
        goto out;
    status = sna_text_format(&full, "%s/%s", place, *names);
    if (status == 0)
        status = sna_dataset_open(out, self->file, group, *names, full);
    if (status == 0)
        status = sna_dataset_expect_integers(*out, 1);
out:
    free(full);
    return status;
}

static int missing(const sna_report *self, const char *place, const char *name)
{
    return sna_error(SNA_EFORMAT, "%s: %s has no %s", self->file->path, place, name);
}

static int compare_rows(const void *a, const void *b, void *ids)
{
    const uint64_t *id = ids, x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    if (id[x] != id[y])
        return id[x] < id[y] ? -1 : 1;
    return x < y ? -1 : x > y;
}

static int sort_nodes(sna_report *self)
{
    int status = sna_allocate(&self->by_id, self->nodes, sizeof *self->by_id);

    for (uint64_t i = 0; i < self->nodes && status == 0; i++)
        self->by_id[i] = i;
    if (status == 0 && !self->is_sorted)
        qsort_r(self->by_id, self->nodes, sizeof *self->by_id, compare_rows, self->node_id);
    return status;
}

static int read_nodes(sna_report *self, hid_t mapping, const char *place)
{
    static const char *const names[] = {"node_ids", "gids", "node_id", "gid", NULL};
    int status = 0;
    sna_dataset *dataset = NULL;

    status = open_first(self, mapping, place, names, &dataset);
    if (status == 0 && dataset == NULL)
        status = missing(self, place, names[0]);
    if (status != 0)
        goto out;
    self->nodes = dataset->rows;
    status = sna_allocate(&self->node_id, self->nodes, sizeof *self->node_id);
    if (status == 0)
        status = sna_dataset_ids(dataset, 0, self->nodes, self->node_id);
    self->is_sorted = true;
    for (uint64_t i = 1; i < self->nodes && self->is_sorted; i++)
        self->is_sorted = self->node_id[i] > self->node_id[i - 1];
    if (status == 0)
        status = sort_nodes(self);
out:
    sna_dataset_close(dataset);
    return status;
}

/* index_pointers: one more than nodes, or as many (the last is the number of columns then). */
static int read_pointers(sna_report *self, hid_t mapping, const char *place)
{
    static const char *const names[] = {"index_pointers", "index_pointer", NULL};
    int status = 0;
    sna_dataset *dataset = NULL;

    status = open_first(self, mapping, place, names, &dataset);
    if (status == 0 && dataset == NULL)
        status = missing(self, place, names[0]);
    if (status == 0 && dataset->rows != self->nodes && dataset->rows != self->nodes + 1)
        status = sna_error(SNA_EFORMAT, "%s: %s: %" PRIu64 " pointers for %" PRIu64 " nodes (one more is expected)",
                           self->file->path, dataset->place, dataset->rows, self->nodes);
    if (status == 0)
        status = sna_allocate(&self->pointer, self->nodes + 1, sizeof *self->pointer);
    if (status == 0)
        status = sna_dataset_ids(dataset, 0, dataset->rows, self->pointer);
    if (status == 0 && dataset->rows == self->nodes) {
        self->pointer[self->nodes] = self->elements;
        status = sna_notes_add(self->notes, "report.pointers-short", self->file->path, dataset->place,
                               "there are as many pointers as nodes; the last node ends with the data");
    }
    for (uint64_t i = 0; i <= self->nodes && status == 0; i++)
        if (self->pointer[i] > self->elements || (i > 0 && self->pointer[i] < self->pointer[i - 1]))
            status = sna_error(SNA_EFORMAT,
                               "%s: %s: pointer %" PRIu64 " is %" PRIu64 ", but pointers must ascend up to the %" PRIu64
                               " columns of the data",
                               self->file->path, dataset->place, i, self->pointer[i], self->elements);
    if (status == 0 && strcmp(sna_path_name(dataset->place), names[1]) == 0)
        status = sna_notes_add(self->notes, "report.pointer-spelling", self->file->path, dataset->place,
                               "the guide calls this `index_pointers`");
    sna_dataset_close(dataset);
    return status;
}

static int read_elements(sna_report *self, hid_t mapping, const char *place)
{
    static const char *const ids[] = {"element_ids", "element_id", NULL}, *const positions[] = {"element_pos", NULL};
    int status = 0;
    sna_dataset *id = NULL, *position = NULL;

    status = sna_allocate(&self->element_id, self->elements, sizeof *self->element_id);
    if (status == 0)
        status = open_first(self, mapping, place, ids, &id);
    if (status == 0 && id == NULL)
        status = sna_notes_add(self->notes, "report.no-element-ids", self->file->path, place,
                               "there are no element_ids; all are taken to be 0");
    else if (status == 0 && id->rows != self->elements)
        status = sna_error(SNA_EFORMAT, "%s: %s: %" PRIu64 " element ids, but the data have %" PRIu64 " columns",
                           self->file->path, id->place, id->rows, self->elements);
    else if (status == 0)
        status = sna_dataset_ids(id, 0, self->elements, self->element_id);
    if (status == 0)
        status = open_first(self, mapping, place, positions, &position);
    if (status == 0 && position != NULL && position->rows == self->elements) {
        status = sna_allocate(&self->element_position, self->elements, sizeof *self->element_position);
        if (status == 0)
            status = sna_dataset_reals(position, 0, self->elements, self->element_position);
    } else if (status == 0 && position != NULL) {
        status = sna_notes_add(self->notes, "report.element-pos-length", self->file->path, position->place,
                               "%" PRIu64 " positions for %" PRIu64 " columns; they are left aside", position->rows,
                               self->elements);
    }
    sna_dataset_close(id);
    sna_dataset_close(position);
    return status;
}

/* Node ids at one end of the connections that the elements of some reports are; nothing where there are none. */
static int read_ends(sna_report *self, hid_t mapping, const char *place, const char *name, int64_t **out)
{
    const char *const names[] = {name, NULL};
    int status = 0;
    sna_dataset *dataset = NULL;

    status = open_first(self, mapping, place, names, &dataset);
    if (status != 0 || dataset == NULL)
        goto out;
    if (dataset->rows != self->elements) {
        status = sna_error(SNA_EFORMAT, "%s: %s: %" PRIu64 " node ids, but the data have %" PRIu64 " columns",
                           self->file->path, dataset->place, dataset->rows, self->elements);
        goto out;
    }
    status = sna_allocate(out, self->elements, sizeof **out);
    if (status == 0)
        status = sna_dataset_integers(dataset, 0, self->elements, *out);
out:
    sna_dataset_close(dataset);
    return status;
}

/* `time` is [start, stop, step]; old files have the time of each frame instead. */
static int read_time(sna_report *self, hid_t mapping, const char *place)
{
    static const char *const names[] = {"time", NULL};
    int status = 0;
    double value[3] = {0}, to_ms = 1;
    sna_dataset *dataset = NULL;

    status = open_first(self, mapping, place, names, &dataset);
    if (status == 0 && dataset == NULL)
        status = missing(self, place, names[0]);
    if (status == 0)
        status = sna_h5_text_attribute(&self->time_unit, dataset->id, "units");
    if (status != 0)
        goto out;
    if (dataset->rows == 3) {
        status = sna_dataset_reals(dataset, 0, 3, value);
    } else if (dataset->rows >= 2 && dataset->rows == self->frames) {
        status = sna_dataset_reals(dataset, 0, 2, value);
        value[2] = value[1] - value[0];
        value[1] = value[0] + (double)self->frames * value[2];
        if (status == 0)
            status =
                sna_notes_add(self->notes, "report.time-axis", self->file->path, dataset->place,
                              "the time of each frame is given, not start, stop and step; steps are taken as even");
    } else {
        status = sna_error(SNA_EFORMAT, "%s: %s: start, stop and step are expected, but it has %" PRIu64 " values",
                           self->file->path, dataset->place, dataset->rows);
    }
    if (status != 0)
        goto out;
    if (!isfinite(value[0]) || !isfinite(value[2]) || value[2] <= 0) {
        status = sna_error(SNA_EFORMAT, "%s: %s: start %g and step %g make no time axis", self->file->path,
                           dataset->place, value[0], value[2]);
        goto out;
    }
    if (self->time_unit == NULL)
        status = sna_notes_add(self->notes, "report.no-time-units", self->file->path, dataset->place,
                               "there is no `units`; times are taken to be in ms");
    else if (!sna_time_unit(self->time_unit, &to_ms))
        status = sna_notes_add(self->notes, "report.unknown-time-units", self->file->path, dataset->place,
                               "the unit \"%s\" is not known; times are taken to be in ms", self->time_unit);
    if (status == 0 && fabs((value[1] - value[0]) / value[2] - (double)self->frames) > 0.5)
        status = sna_notes_add(self->notes, "report.frames", self->file->path, dataset->place,
                               "%g to %g in steps of %g are not the %" PRIu64 " frames of the data; the data count",
                               value[0], value[1], value[2], self->frames);
    self->start = value[0] * to_ms;
    self->stop = value[1] * to_ms;
    self->step = value[2] * to_ms;
out:
    sna_dataset_close(dataset);
    return status;
}

/* ---- opening ------------------------------------------------------------------------------------------------ */

/* Opens `data` in the group and the mapping beside it. */
static int open_parts(sna_report *self, hid_t group, hid_t mapping_parent)
{
    int status = 0;
    char *place = NULL;
    hid_t mapping = H5I_INVALID_HID;

    status = sna_text_format(&place, "%s/data", self->place);
    if (status == 0)
        status = sna_dataset_open(&self->data, self->file, group, "data", place);
    if (status != 0)
        goto out;
    if (!sna_dataset_is_number(self->data)) {
        status = sna_error(SNA_EFORMAT, "%s: %s: a table of numbers is expected, but its type is %s", self->file->path,
                           place, sna_storage_name(self->data->storage));
        goto out;
    }
    self->frames = self->data->rows;
    self->elements = self->data->width;
    status = sna_h5_text_attribute(&self->unit, self->data->id, "units");
    if (status == 0 && self->unit == NULL)
        status = sna_notes_add(self->notes, "report.no-units", self->file->path, place, "the data have no `units`");
    free(place);
    place = NULL;
    if (status == 0)
        status = sna_text_format(&place, "%s/mapping", group == mapping_parent ? self->place : "");
    if (status == 0)
        status = sna_h5_open_group(&mapping, self->file, mapping_parent, "mapping", place);
    if (status == 0)
        status = read_nodes(self, mapping, place);
    if (status == 0)
        status = read_pointers(self, mapping, place);
    if (status == 0)
        status = read_elements(self, mapping, place);
    if (status == 0)
        status = read_ends(self, mapping, place, "src_ids", &self->source_id);
    if (status == 0)
        status = read_ends(self, mapping, place, "trg_ids", &self->target_id);
    if (status == 0)
        status = read_time(self, mapping, place);
out:
    sna_h5_close_group(&mapping);
    free(place);
    return status;
}

/* The layouts of 2018: /data or /VARIABLE/data, with /mapping. */
static int open_old(sna_report *self)
{
    int status = 0;
    hid_t group = H5I_INVALID_HID;
    sna_list names = SNA_LIST;
    bool opened = false;

    if (sna_h5_kind_of(self->file->id, "mapping") != SNA_H5_GROUP) {
        status = sna_error(SNA_EFORMAT, "%s: there is no /report in it", self->file->path);
        goto out;
    }
    status = sna_notes_add(self->notes, "report.old-layout", self->file->path, "/",
                           "the layout of 2018: a report without a population");
    if (status == 0)
        status = sna_text_copy(&self->population, "");
    if (status == 0)
        status = sna_h5_children(&names, self->file, self->file->id, "/");
    if (status != 0)
        goto out;
    if (sna_h5_kind_of(self->file->id, "data") == SNA_H5_DATASET) {
        status = sna_text_copy(&self->place, "");
        if (status == 0)
            status = open_parts(self, self->file->id, self->file->id);
        goto out;
    }
    for (uint64_t i = 0; i < names.count && !opened && status == 0; i++) {
        if (sna_h5_kind_of(self->file->id, names.text[i]) != SNA_H5_GROUP)
            continue;
        status = sna_text_format(&self->place, "/%s", names.text[i]);
        if (status == 0)
            status = sna_h5_open_group(&group, self->file, self->file->id, names.text[i], self->place);
        opened = status == 0 && sna_h5_kind_of(group, "data") == SNA_H5_DATASET;
        if (opened) {
            status = open_parts(self, group, self->file->id);
        } else {
            free(self->place);
            self->place = NULL;
        }
        sna_h5_close_group(&group);
    }
    if (status == 0 && !opened)
        status = sna_error(SNA_EFORMAT, "%s: there is a /mapping, but no `data` that it could be of", self->file->path);
out:
    sna_list_free(&names);
    return status;
}

/* The population asked for, or the only one, in self->population. */
static int choose_population(sna_report *self, hid_t root, const char *wanted)
{
    int status = 0;
    sna_list names = SNA_LIST;
    sna_string text = SNA_STRING;

    status = sna_h5_children(&names, self->file, root, "/report");
    if (status == 0)
        status = sna_list_join(&names, 20, &text);
    if (status != 0)
        goto out;
    if (wanted == NULL && names.count != 1)
        status = sna_error(names.count == 0 ? SNA_ENOTFOUND : SNA_EINVAL,
                           "%s: there are %" PRIu64 " populations in /report, name one of them: %s", self->file->path,
                           names.count, names.count > 0 ? sna_string_text(&text) : "none");
    else if (wanted != NULL && sna_list_find(&names, wanted) < 0)
        status = sna_error(SNA_ENOTFOUND, "%s: there is no population `%s` in /report (there is: %s)", self->file->path,
                           wanted, names.count > 0 ? sna_string_text(&text) : "none");
    else
        status = sna_text_copy(&self->population, wanted != NULL ? wanted : names.text[0]);
out:
    sna_string_free(&text);
    sna_list_free(&names);
    return status;
}

int sna_report_open(sna_report **out, const char *path, const char *population, sna_notes *notes)
{
    int status = 0;
    hid_t root = H5I_INVALID_HID, group = H5I_INVALID_HID;
    sna_report *self = NULL;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->notes = notes;
    status = sna_h5_open(&self->file, path);
    if (status == 0)
        status = sna_h5_check_magic(self->file, notes);
    if (status != 0)
        goto out;
    if (sna_h5_kind_of(self->file->id, "report") != SNA_H5_GROUP && (population == NULL || population[0] == '\0')) {
        status = open_old(self);
    } else {
        status = sna_h5_open_group(&root, self->file, self->file->id, "report", "/report");
        if (status == 0)
            status = choose_population(self, root, population);
        if (status == 0)
            status = sna_text_format(&self->place, "/report/%s", self->population);
        if (status == 0)
            status = sna_h5_open_group(&group, self->file, root, self->population, self->place);
        if (status == 0)
            status = open_parts(self, group, group);
    }
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_h5_close_group(&group);
    sna_h5_close_group(&root);
    sna_report_close(self);
    return status;
}

/* ---- asking ------------------------------------------------------------------------------------------------- */

const char *sna_report_population(const sna_report *self)
{
    return self->population;
}

uint64_t sna_report_frames(const sna_report *self)
{
    return self->frames;
}

double sna_report_start(const sna_report *self)
{
    return self->start;
}

double sna_report_stop(const sna_report *self)
{
    return self->stop;
}

double sna_report_step(const sna_report *self)
{
    return self->step;
}

const char *sna_report_unit(const sna_report *self)
{
    return self->unit;
}

const char *sna_report_time_unit(const sna_report *self)
{
    return self->time_unit;
}

sna_storage sna_report_storage(const sna_report *self)
{
    return self->data->storage;
}

uint64_t sna_report_nodes(const sna_report *self)
{
    return self->nodes;
}

const uint64_t *sna_report_node_ids(const sna_report *self)
{
    return self->node_id;
}

const uint64_t *sna_report_pointers(const sna_report *self)
{
    return self->pointer;
}

uint64_t sna_report_elements(const sna_report *self)
{
    return self->elements;
}

const uint64_t *sna_report_element_ids(const sna_report *self)
{
    return self->element_id;
}

const int64_t *sna_report_source_ids(const sna_report *self)
{
    return self->source_id;
}

const int64_t *sna_report_target_ids(const sna_report *self)
{
    return self->target_id;
}

const double *sna_report_element_positions(const sna_report *self)
{
    return self->element_position;
}

bool sna_report_is_sorted(const sna_report *self)
{
    return self->is_sorted;
}

int sna_report_columns(const sna_report *self, const uint64_t *node, uint64_t count, sna_selection *out)
{
    int status = 0;

    for (uint64_t i = 0; i < count && status == 0; i++) {
        uint64_t low = 0, high = self->nodes;
        while (low < high) {
            const uint64_t middle = low + (high - low) / 2;
            if (self->node_id[self->by_id[middle]] < node[i])
                low = middle + 1;
            else
                high = middle;
        }
        if (low < self->nodes && self->node_id[self->by_id[low]] == node[i])
            status = sna_selection_add(out, self->pointer[self->by_id[low]], self->pointer[self->by_id[low] + 1]);
    }
    return status;
}

void sna_report_window(const sna_report *self, double start, double stop, uint64_t *first, uint64_t *count)
{
    sna_time_window(self->start, self->step, self->frames, start, stop, first, count);
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

/* Columns first .. end-1 of some frames, by HDF5, into `out` [frames][row_length] at column `at`. */
static int read_columns(sna_report *self, uint64_t first_frame, uint64_t frames, uint64_t stride, sna_range columns,
                        double *out, uint64_t row_length, uint64_t at)
{
    int status = 0;
    char reason[SNA_H5_REASON_SIZE];
    const hsize_t offset[2] = {first_frame, columns.first}, step[2] = {stride, 1};
    const hsize_t extent[2] = {frames, columns.end - columns.first};
    const hsize_t room[2] = {frames, row_length}, to[2] = {0, at};
    hid_t space = H5I_INVALID_HID, memory = H5I_INVALID_HID;

    sna_h5_quiet();
    sna_crash_enter(self->file->path, self->data->place);
    space = H5Dget_space(self->data->id);
    memory = H5Screate_simple(2, room, NULL);
    if (space < 0 || memory < 0 || H5Sselect_hyperslab(space, H5S_SELECT_SET, offset, step, extent, NULL) < 0 ||
        H5Sselect_hyperslab(memory, H5S_SELECT_SET, to, NULL, extent, NULL) < 0 ||
        H5Dread(self->data->id, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, out) < 0)
        status = sna_error(SNA_EFORMAT, "%s: %s: HDF5 cannot read frames from %" PRIu64 " on: %s", self->file->path,
                           self->data->place, first_frame, sna_h5_reason(reason));
    sna_crash_leave();
    if (memory >= 0)
        H5Sclose(memory);
    if (space >= 0)
        H5Sclose(space);
    return status;
}

/* Whole frames, of which the columns are picked: where these are many pieces. */
static int read_frames(sna_report *self, uint64_t first, uint64_t count, uint64_t stride, const sna_selection *columns,
                       double *out)
{
    int status = 0;
    const uint64_t row = self->elements;
    uint64_t block = ((uint64_t)1 << 19) / row;
    double *frame = NULL;

    /* As many frames as a chunk has: each is read, and inflated, once then. */
    if (self->data->chunked && block < self->data->chunk_rows && self->data->chunk_rows <= ((uint64_t)1 << 23) / row)
        block = self->data->chunk_rows;
    if (block == 0 || stride > 1)
        block = 1;
    status = sna_allocate(&frame, block * row, sizeof *frame);
    for (uint64_t done = 0; done < count && status == 0;) {
        const uint64_t now = count - done < block ? count - done : block;
        status = sna_dataset_reals(self->data, first + done * stride, now, frame);
        for (uint64_t i = 0; i < now && status == 0; i++)
            for (uint64_t r = 0; r < columns->count; r++) {
                const uint64_t n = columns->range[r].end - columns->range[r].first;
                memcpy(out, frame + i * row + columns->range[r].first, (size_t)n * sizeof *out);
                out += n;
            }
        done += now;
    }
    free(frame);
    return status;
}

int sna_report_read(sna_report *self, uint64_t first, uint64_t count, uint64_t stride, const sna_selection *columns,
                    double *out)
{
    int status = 0;
    uint64_t width = 0;
    sna_range all = {0, self->elements};
    const sna_selection everything = {&all, self->elements > 0 ? 1 : 0, 0};

    if (columns == NULL)
        columns = &everything;
    width = sna_selection_rows(columns);
    if (count == 0 || width == 0)
        goto out;
    if (stride == 0) {
        status = sna_error(SNA_EINVAL, "a stride of 0 frames makes no sense");
        goto out;
    }
    if (first >= self->frames || (count - 1) > (self->frames - 1 - first) / stride) {
        status = sna_error(SNA_ERANGE,
                           "%s: %s has %" PRIu64 " frames; %" PRIu64 " from %" PRIu64 " on in steps of %" PRIu64
                           " are asked for",
                           self->file->path, self->data->place, self->frames, count, first, stride);
        goto out;
    }
    for (uint64_t r = 0; r < columns->count; r++)
        if (columns->range[r].end > self->elements) {
            status = sna_error(SNA_ERANGE, "%s: %s has %" PRIu64 " columns; column %" PRIu64 " is asked for",
                               self->file->path, self->data->place, self->elements, columns->range[r].end - 1);
            goto out;
        }
    if (self->data->lacks != NULL || (columns->count == 1 && width == self->elements && stride == 1)) {
        status = sna_dataset_reals(self->data, first, count, out); /* says which filter is lacking */
    } else if (columns->count > 16) {
        status = read_frames(self, first, count, stride, columns, out);
    } else {
        uint64_t at = 0;
        for (uint64_t r = 0; r < columns->count && status == 0; r++) {
            status = read_columns(self, first, count, stride, columns->range[r], out, width, at);
            at += columns->range[r].end - columns->range[r].first;
        }
    }
out:
    return status;
}

void sna_report_close(sna_report *self)
{
    if (self == NULL)
        return;
    sna_dataset_close(self->data);
    free(self->unit);
    free(self->time_unit);
    free(self->node_id);
    free(self->by_id);
    free(self->pointer);
    free(self->element_id);
    free(self->element_position);
    free(self->source_id);
    free(self->target_id);
    free(self->population);
    free(self->place);
    sna_h5_release(self->file);
    free(self);
}
