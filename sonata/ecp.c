/* ecp.c: extracellular potentials. The guide has channels x time, BMTK writes time x channels. */
#include "sonata/crash.h"
#include "sonata/dataset.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/time_unit.h"

struct sna_ecp {
    sna_h5_file *file;
    sna_dataset *data;
    bool channels_first;
    uint64_t frames, channels;
    int64_t *channel_id;
    double start, step;
    char *unit;
};

static int open_numbers(sna_ecp *self, hid_t group, const char *place, const char *name, sna_dataset **out)
{
    int status = 0;
    char *full = NULL;

    *out = NULL;
    if (sna_h5_kind_of(group, name) == SNA_H5_NONE)
        goto out;
    status = sna_text_format(&full, "%s/%s", place, name);
    if (status == 0)
        status = sna_dataset_open(out, self->file, group, name, full);
    if (status == 0 && !sna_dataset_is_number(*out))
        status = sna_error(SNA_EFORMAT, "%s: %s: numbers are expected, but its type is %s", self->file->path, full,
                           sna_storage_name((*out)->storage));
out:
    free(full);
    return status;
}

/* Which of the two dimensions is time? The channels say; where they fit both, the time axis does; else BMTK's way. */
static void orient(sna_ecp *self, uint64_t channels, uint64_t steps)
{
    const uint64_t rows = self->data->rows, columns = self->data->width;

    if (channels > 0 && rows != columns && (rows == channels) != (columns == channels))
        self->channels_first = rows == channels;
    else if (steps > 0 && rows != columns && (rows == steps) != (columns == steps))
        self->channels_first = columns == steps;
    self->frames = self->channels_first ? columns : rows;
    self->channels = self->channels_first ? rows : columns;
}

static int read_channels(sna_ecp *self, sna_dataset *dataset)
{
    int status = sna_allocate(&self->channel_id, self->channels, sizeof *self->channel_id);

    if (status != 0)
        goto out;
    if (dataset != NULL && dataset->rows != self->channels)
        status = sna_error(SNA_EFORMAT, "%s: %s: %" PRIu64 " channel ids, but the data are %" PRIu64 " x %" PRIu32,
                           self->file->path, dataset->place, dataset->rows, self->data->rows, self->data->width);
    else if (dataset != NULL)
        status = sna_dataset_integers(dataset, 0, self->channels, self->channel_id);
    else
        for (uint64_t i = 0; i < self->channels; i++)
            self->channel_id[i] = (int64_t)i;
out:
    return status;
}

static int read_time(sna_ecp *self, sna_dataset *dataset, sna_notes *notes)
{
    int status = 0;
    double value[3] = {0}, to_ms = 1;
    char *unit = NULL;

    if (dataset->rows == 3) {
        status = sna_dataset_reals(dataset, 0, 3, value);
    } else if (dataset->rows >= 2) {
        status = sna_dataset_reals(dataset, 0, 2, value);
        value[2] = value[1] - value[0];
    } else {
        status = sna_error(SNA_EFORMAT, "%s: %s: start, stop and step are expected", self->file->path, dataset->place);
    }
    if (status == 0 && (!isfinite(value[0]) || !(value[2] > 0)))
        status = sna_error(SNA_EFORMAT, "%s: %s: start %g and step %g make no time axis", self->file->path,
                           dataset->place, value[0], value[2]);
    if (status == 0)
        status = sna_h5_text_attribute(&unit, dataset->id, "units");
    if (status == 0 && unit == NULL)
        status = sna_notes_add(notes, "ecp.no-time-units", self->file->path, dataset->place,
                               "there is no `units`; times are taken to be in ms");
    else if (status == 0 && !sna_time_unit(unit, &to_ms))
        status = sna_notes_add(notes, "ecp.unknown-time-units", self->file->path, dataset->place,
                               "the unit \"%s\" is not known; times are taken to be in ms", unit);
    self->start = value[0] * to_ms;
    self->step = value[2] * to_ms;
    free(unit);
    return status;
}

int sna_ecp_open(sna_ecp **out, const char *path, sna_notes *notes)
{
    int status = 0;
    hid_t group = H5I_INVALID_HID;
    const char *place = "";
    double value[3] = {0};
    uint64_t steps = 0;
    sna_dataset *channels = NULL, *time = NULL;
    sna_ecp *self = NULL;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    status = sna_h5_open(&self->file, path);
    if (status == 0)
        status = sna_h5_check_magic(self->file, notes);
    if (status != 0)
        goto out;
    if (sna_h5_kind_of(self->file->id, "ecp") == SNA_H5_GROUP) {
        place = "/ecp";
        status = sna_h5_open_group(&group, self->file, self->file->id, "ecp", place);
    } else {
        status = sna_h5_open_group(&group, self->file, self->file->id, "/", "/");
    }
    if (status == 0)
        status = open_numbers(self, group, place, "data", &self->data);
    if (status == 0)
        status = open_numbers(self, group, place, "channel_id", &channels);
    if (status == 0)
        status = open_numbers(self, group, place, "time", &time);
    if (status == 0 && (self->data == NULL || time == NULL))
        status = sna_error(SNA_EFORMAT, "%s: %s/%s is missing: not a file of potentials", path, place,
                           self->data == NULL ? "data" : "time");
    if (status == 0 && time->rows == 3) {
        status = sna_dataset_reals(time, 0, 3, value);
        if (value[2] > 0 && value[1] > value[0] && (value[1] - value[0]) / value[2] < 0x1p53)
            steps = (uint64_t)llround((value[1] - value[0]) / value[2]);
    } else if (status == 0) {
        steps = time->rows;
    }
    if (status != 0)
        goto out;
    orient(self, channels == NULL ? 0 : channels->rows, steps);
    if (self->channels_first)
        status = sna_notes_add(notes, "ecp.channels-first", path, self->data->place,
                               "the data are channels x time; they are given as time x channels");
    if (status == 0)
        status = read_channels(self, channels);
    if (status == 0)
        status = read_time(self, time, notes);
    if (status == 0)
        status = sna_h5_text_attribute(&self->unit, self->data->id, "units");
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_h5_close_group(&group);
    sna_dataset_close(channels);
    sna_dataset_close(time);
    sna_ecp_close(self);
    return status;
}

uint64_t sna_ecp_frames(const sna_ecp *self)
{
    return self->frames;
}

uint64_t sna_ecp_channels(const sna_ecp *self)
{
    return self->channels;
}

const int64_t *sna_ecp_channel_ids(const sna_ecp *self)
{
    return self->channel_id;
}

double sna_ecp_start(const sna_ecp *self)
{
    return self->start;
}

double sna_ecp_step(const sna_ecp *self)
{
    return self->step;
}

const char *sna_ecp_unit(const sna_ecp *self)
{
    return self->unit;
}

/* Columns first .. first+count-1 of channels x time, turned. */
static int read_turned(sna_ecp *self, uint64_t first, uint64_t count, double *out)
{
    int status = 0;
    char reason[SNA_H5_REASON_SIZE];
    const hsize_t offset[2] = {0, first}, extent[2] = {self->channels, count};
    double *block = NULL;
    hid_t space = H5I_INVALID_HID, memory = H5I_INVALID_HID;

    status = sna_allocate(&block, self->channels, (size_t)count * sizeof *block);
    if (status != 0)
        goto out;
    sna_h5_quiet();
    sna_crash_enter(self->file->path, self->data->place);
    space = H5Dget_space(self->data->id);
    memory = H5Screate_simple(2, extent, NULL);
    if (space < 0 || memory < 0 || H5Sselect_hyperslab(space, H5S_SELECT_SET, offset, NULL, extent, NULL) < 0 ||
        H5Dread(self->data->id, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, block) < 0) {
        status = sna_error(SNA_EFORMAT, "%s: %s: HDF5 cannot read it: %s", self->file->path, self->data->place,
                           sna_h5_reason(reason));
        goto out;
    }
    for (uint64_t c = 0; c < self->channels; c++)
        for (uint64_t i = 0; i < count; i++)
            out[i * self->channels + c] = block[c * count + i];
out:
    sna_crash_leave();
    if (memory >= 0)
        H5Sclose(memory);
    if (space >= 0)
        H5Sclose(space);
    free(block);
    return status;
}

void sna_ecp_window(const sna_ecp *self, double start, double stop, uint64_t *first, uint64_t *count)
{
    sna_time_window(self->start, self->step, self->frames, start, stop, first, count);
}

int sna_ecp_read(sna_ecp *self, uint64_t first, uint64_t count, double *out)
{
    int status = 0;

    if (count > self->frames || first > self->frames - count)
        status = sna_error(SNA_ERANGE, "%s: %s has %" PRIu64 " frames; %" PRIu64 " from %" PRIu64 " on are asked for",
                           self->file->path, self->data->place, self->frames, count, first);
    else if (count > 0)
        status = self->channels_first ? read_turned(self, first, count, out)
                                      : sna_dataset_reals(self->data, first, count, out);
    return status;
}

void sna_ecp_close(sna_ecp *self)
{
    if (self == NULL)
        return;
    sna_dataset_close(self->data);
    free(self->channel_id);
    free(self->unit);
    sna_h5_release(self->file);
    free(self);
}
