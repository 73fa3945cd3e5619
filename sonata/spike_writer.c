/* spike_writer.c: spike files. */
#include "sonata/h5write.h"

#include <stdlib.h>
#include <string.h>

#include "sonata/h5file.h"

struct sna_spike_writer {
    sna_h5_output file;
    hid_t spikes;
    sna_write_options options;
    bool failed;
};

int sna_spike_writer_open(sna_spike_writer **out, sna_outputs *outputs, const char *path,
                          const sna_write_options *options)
{
    int status = 0;
    sna_spike_writer *self = NULL;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->spikes = self->file.id = H5I_INVALID_HID;
    self->options = options != NULL ? *options : (sna_write_options){0};
    status = sna_h5_output_create(&self->file, outputs, path);
    if (status == 0)
        status = sna_h5_write_group(&self->file, self->file.id, "spikes", "/spikes", &self->spikes);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_spike_writer_close(self);
    return status;
}

/* The enumeration that the guide describes. */
static hid_t sorting_type(void)
{
    static const char *const names[] = {"none", "by_id", "by_time"};
    hid_t type = H5Tenum_create(H5T_STD_U8LE);

    for (unsigned char value = 0; value < 3 && type >= 0; value++)
        if (H5Tenum_insert(type, names[value], &value) < 0) {
            H5Tclose(type);
            type = H5I_INVALID_HID;
        }
    return type;
}

static int write_sorting(sna_spike_writer *self, hid_t group, const char *place, sna_spike_order order)
{
    static const char *const names[] = {"none", "by_id", "by_time"};
    int status = 0;
    const unsigned char value = (unsigned char)order;
    hid_t type = H5I_INVALID_HID, space = H5I_INVALID_HID, attribute = H5I_INVALID_HID;

    if (self->options.string_sorting) {
        status = sna_h5_write_text_attribute(&self->file, group, place, "sorting", names[order]);
        goto out;
    }
    type = sorting_type();
    space = H5Screate(H5S_SCALAR);
    if (type >= 0 && space >= 0)
        attribute = H5Acreate2(group, "sorting", type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, type, &value) < 0)
        status = sna_h5_write_error(&self->file, place);
out:
    if (attribute >= 0)
        H5Aclose(attribute);
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    return status;
}

int sna_spike_writer_population(sna_spike_writer *self, const char *population, const sna_spike_list *spikes)
{
    int status = 0;
    char *place = NULL;
    hid_t group = H5I_INVALID_HID;
    sna_column_writer node = {.dataset = H5I_INVALID_HID}, time = {.dataset = H5I_INVALID_HID};

    status = sna_h5_check_name(population, "a spike population");
    if (status == 0 && H5Lexists(self->spikes, population, H5P_DEFAULT) > 0)
        status = sna_error(SNA_EINVAL, "%s: spike population `%s` is given twice", self->file.path, population);
    if (status != 0)
        return status;
    status = sna_text_format(&place, "/spikes/%s", population);
    if (status == 0)
        status = sna_h5_write_group(&self->file, self->spikes, population, place, &group);
    if (status == 0)
        status = write_sorting(self, group, place, sna_spike_list_order(spikes));
    if (status == 0)
        status =
            sna_column_writer_open(&node, &self->file, group, place, "node_ids", SNA_U64, 1, self->options.compress);
    if (status == 0)
        status =
            sna_column_writer_open(&time, &self->file, group, place, "timestamps", SNA_F64, 1, self->options.compress);
    if (status == 0)
        status = sna_column_writer_ids(&node, spikes->node, spikes->count);
    if (status == 0)
        status = sna_column_writer_reals(&time, spikes->time, spikes->count);
    if (status == 0)
        status = sna_column_writer_finish(&node);
    if (status == 0)
        status = sna_column_writer_finish(&time);
    if (status == 0)
        status = sna_h5_write_text_attribute(&self->file, time.dataset, place, "units", "ms");
    sna_column_writer_close(&node);
    sna_column_writer_close(&time);
    sna_h5_close_group(&group);
    free(place);
    self->failed = self->failed || status != 0;
    return status;
}

int sna_spike_writer_finish(sna_spike_writer *self)
{
    int status = 0;

    if (self->failed || self->file.id < 0) {
        status = sna_error(SNA_EINVAL, "%s %s", self->file.path,
                           self->failed ? "cannot be finished: writing it failed before" : "is finished already");
        goto out;
    }
    sna_h5_close_group(&self->spikes);
    status = sna_h5_output_finish(&self->file);
out:
    return status;
}

void sna_spike_writer_close(sna_spike_writer *self)
{
    if (self == NULL)
        return;
    sna_h5_quiet();
    sna_h5_close_group(&self->spikes);
    sna_h5_output_free(&self->file);
    free(self);
}
