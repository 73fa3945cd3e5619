/* report_writer.c: reports that both families read. */
#include "sonata/h5write.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/h5file.h"

struct sna_report_writer {
    sna_h5_output file;
    char *place, *unit;
    hid_t population;
    sna_column_writer data;
    uint64_t elements, frames;
    double start, stop, step;
    sna_storage storage;
    bool failed;
};

static int check_layout(const sna_report_layout *layout)
{
    int status = 0;

    if (!isfinite(layout->start) || !isfinite(layout->stop) || !(layout->step > 0) || layout->stop < layout->start)
        status = sna_error(SNA_EINVAL, "a report from %g to %g ms in steps of %g ms cannot be written", layout->start,
                           layout->stop, layout->step);
    if (status == 0 && layout->pointers[0] != 0)
        status = sna_error(SNA_EINVAL, "the first pointer of a report must be 0");
    for (uint64_t i = 0; i < layout->node_count && status == 0; i++)
        if (layout->pointers[i + 1] < layout->pointers[i])
            status = sna_error(SNA_EINVAL, "the pointers of a report must ascend: pointer %" PRIu64 " does not", i + 1);
    for (uint64_t i = 0; status == 0 && i < layout->pointers[layout->node_count]; i++)
        if (layout->element_ids[i] > UINT32_MAX)
            status = sna_error(SNA_ERANGE, "element id %" PRIu64 " does not fit uint32", layout->element_ids[i]);
    return status;
}

/* One column of the mapping at once. */
static int write_column(sna_h5_output *file, hid_t mapping, const char *place, const char *name, sna_storage storage,
                        sna_values values, uint64_t count, const char *unit)
{
    sna_column_writer column;
    int status = sna_column_writer_open(&column, file, mapping, place, name, storage, 1, 0);

    if (status != 0)
        goto out;
    status = sna_column_writer_values(&column, values, count);
    if (status == 0)
        status = sna_column_writer_finish(&column);
    if (status == 0 && unit != NULL)
        status = sna_h5_write_text_attribute(file, column.dataset, place, "units", unit);
    if (status == 0 && strcmp(name, "node_ids") == 0) {
        bool sorted = true;
        for (uint64_t i = 1; i < count && sorted; i++)
            sorted = values.integer[i] > values.integer[i - 1];
        status = sna_h5_write_integer_attribute(file, column.dataset, place, "sorted", H5T_STD_U8LE, sorted);
    }
    sna_column_writer_close(&column);
out:
    return status;
}

static int write_mapping(sna_report_writer *self, const sna_report_layout *layout)
{
    int status = 0;
    char *place = NULL;
    hid_t mapping = H5I_INVALID_HID;
    const sna_storage storage = layout->double_precision ? SNA_F64 : SNA_F32;
    const double time[3] = {layout->start, layout->stop, layout->step};

    status = sna_text_format(&place, "%s/mapping", self->place);
    if (status == 0)
        status = sna_h5_write_group(&self->file, self->population, "mapping", place, &mapping);
    if (status == 0)
        status = write_column(&self->file, mapping, place, "node_ids", SNA_U64,
                              (sna_values){.integer = (const int64_t *)layout->node_ids}, layout->node_count, NULL);
    if (status == 0)
        status = write_column(&self->file, mapping, place, "index_pointers", SNA_U64,
                              (sna_values){.integer = (const int64_t *)layout->pointers}, layout->node_count + 1, NULL);
    /* The other family's spelling is another name of the same dataset. */
    if (status == 0 &&
        H5Lcreate_hard(mapping, "index_pointers", mapping, "index_pointer", H5P_DEFAULT, H5P_DEFAULT) < 0)
        status = sna_h5_write_error(&self->file, place);
    if (status == 0)
        status = write_column(&self->file, mapping, place, "element_ids", SNA_U32,
                              (sna_values){.integer = (const int64_t *)layout->element_ids}, self->elements, NULL);
    if (status == 0 && layout->element_positions != NULL)
        status = write_column(&self->file, mapping, place, "element_pos", storage,
                              (sna_values){.real = layout->element_positions}, self->elements, NULL);
    if (status == 0)
        status = write_column(&self->file, mapping, place, "time", SNA_F64, (sna_values){.real = time}, 3, "ms");
    sna_h5_close_group(&mapping);
    free(place);
    return status;
}

int sna_report_writer_open(sna_report_writer **out, sna_outputs *outputs, const char *path, const char *population,
                           const sna_report_layout *layout, const sna_write_options *options)
{
    int status = 0;
    hid_t root = H5I_INVALID_HID;
    sna_report_writer *self = NULL;

    *out = NULL;
    status = sna_h5_check_name(population, "a report population");
    if (status == 0)
        status = check_layout(layout);
    if (status == 0)
        status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->population = self->file.id = H5I_INVALID_HID;
    self->elements = layout->pointers[layout->node_count];
    self->start = layout->start;
    self->stop = layout->stop;
    self->step = layout->step;
    self->storage = layout->double_precision ? SNA_F64 : SNA_F32;
    if (self->elements > INT32_MAX) {
        status = sna_error(SNA_ERANGE, "a report of %" PRIu64 " elements cannot be written", self->elements);
        goto out;
    }
    status = sna_text_format(&self->place, "/report/%s", population);
    if (status == 0)
        status = sna_text_copy(&self->unit, layout->unit != NULL ? layout->unit : "");
    if (status == 0)
        status = sna_h5_output_create(&self->file, outputs, path);
    if (status == 0)
        status = sna_h5_write_group(&self->file, self->file.id, "report", "/report", &root);
    if (status == 0)
        status = sna_h5_write_group(&self->file, root, population, self->place, &self->population);
    if (status == 0)
        status = write_mapping(self, layout);
    if (status == 0 && self->elements > 0)
        status = sna_column_writer_open(&self->data, &self->file, self->population, self->place, "data", self->storage,
                                        (uint32_t)self->elements, options != NULL ? options->compress : 0);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_h5_close_group(&root);
    sna_report_writer_close(self);
    return status;
}

int sna_report_writer_append(sna_report_writer *self, uint64_t frames, const double *values)
{
    int status = 0;

    if (self->elements > 0) {
        status =
            sna_storage_check(self->storage, (sna_values){.real = values}, frames, (uint32_t)self->elements, "data");
        if (status == 0) {
            status = sna_column_writer_reals(&self->data, values, frames);
            self->failed = self->failed || status != 0;
        }
    }
    if (status == 0)
        self->frames += frames;
    return status;
}

int sna_report_writer_finish(sna_report_writer *self)
{
    int status = 0;

    if (self->failed || self->file.id < 0) {
        status = sna_error(SNA_EINVAL, "%s %s", self->file.path,
                           self->failed ? "cannot be finished: writing it failed before" : "is finished already");
        goto out;
    }
    if (fabs((self->stop - self->start) / self->step - (double)self->frames) > 0.5) {
        status = sna_error(SNA_EINVAL, "%s: %" PRIu64 " frames were given, but %g to %g ms in steps of %g ms have %.0f",
                           self->file.path, self->frames, self->start, self->stop, self->step,
                           round((self->stop - self->start) / self->step));
        goto out;
    }
    if (self->elements > 0) {
        status = sna_column_writer_finish(&self->data);
        if (status == 0)
            status = sna_h5_write_text_attribute(&self->file, self->data.dataset, self->place, "units", self->unit);
        sna_column_writer_close(&self->data);
    }
    sna_h5_close_group(&self->population);
    if (status == 0)
        status = sna_h5_output_finish(&self->file);
out:
    return status;
}

void sna_report_writer_close(sna_report_writer *self)
{
    if (self == NULL)
        return;
    sna_h5_quiet();
    sna_column_writer_close(&self->data);
    sna_h5_close_group(&self->population);
    sna_h5_output_free(&self->file);
    free(self->place);
    free(self->unit);
    free(self);
}
