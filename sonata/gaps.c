/* gaps.c: BMTK's gap-junction files, read and written. */
#include "sonata/dataset.h"
#include "sonata/h5share.h"

#include <inttypes.h>
#include <stdlib.h>

static const char *const names[4] = {"source_ids", "target_ids", "src_gap_ids", "trg_gap_ids"};

/* ---- reading ------------------------------------------------------------------------------------------------ */

int sna_gaps_read(sna_gaps *out, const char *path, sna_notes *notes)
{
    int status = 0;
    sna_h5_file *file = NULL;
    sna_dataset *dataset[4] = {NULL, NULL, NULL, NULL};

    *out = (sna_gaps){0};
    status = sna_h5_open(&file, path);
    if (status == 0)
        status = sna_h5_check_magic(file, notes);
    for (size_t i = 0; i < 4 && status == 0; i++) {
        char place[32];
        snprintf(place, sizeof place, "/%s", names[i]);
        status = sna_dataset_open(&dataset[i], file, file->id, names[i], place);
        if (status == 0)
            status = sna_dataset_expect_integers(dataset[i], 1);
        if (status == 0 && dataset[i]->rows != dataset[0]->rows)
            status = sna_error(SNA_EFORMAT, "%s: /%s has %" PRIu64 " rows, but /%s has %" PRIu64, path, names[i],
                               dataset[i]->rows, names[0], dataset[0]->rows);
    }
    if (status != 0)
        goto out;
    out->count = dataset[0]->rows;
    status = sna_allocate(&out->source, out->count, sizeof *out->source);
    if (status == 0)
        status = sna_allocate(&out->target, out->count, sizeof *out->target);
    if (status == 0)
        status = sna_allocate(&out->source_gap, out->count, sizeof *out->source_gap);
    if (status == 0)
        status = sna_allocate(&out->target_gap, out->count, sizeof *out->target_gap);
    if (status == 0)
        status = sna_dataset_ids(dataset[0], 0, out->count, out->source);
    if (status == 0)
        status = sna_dataset_ids(dataset[1], 0, out->count, out->target);
    if (status == 0)
        status = sna_dataset_integers(dataset[2], 0, out->count, out->source_gap);
    if (status == 0)
        status = sna_dataset_integers(dataset[3], 0, out->count, out->target_gap);
out:
    for (size_t i = 0; i < 4; i++)
        sna_dataset_close(dataset[i]);
    sna_h5_release(file);
    if (status != 0)
        sna_gaps_free(out);
    return status;
}

void sna_gaps_free(sna_gaps *self)
{
    free(self->source);
    free(self->target);
    free(self->source_gap);
    free(self->target_gap);
    *self = (sna_gaps){0};
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

struct sna_gap_writer {
    sna_h5_output file;
    sna_column_writer column[4];
    bool failed;
};

int sna_gap_writer_open(sna_gap_writer **out, sna_outputs *outputs, const char *path, const sna_write_options *options)
{
    static const sna_storage storage[4] = {SNA_U64, SNA_U64, SNA_I64, SNA_I64};
    int status = 0;
    sna_gap_writer *self = NULL;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->file.id = H5I_INVALID_HID;
    status = options != NULL && options->shared && sna_rank() > 0 ? sna_h5_scratch_create(&self->file, path)
                                                                  : sna_h5_output_create(&self->file, outputs, path);
    for (size_t i = 0; i < 4 && status == 0; i++)
        status = sna_column_writer_open(&self->column[i], &self->file, self->file.id, "", names[i], storage[i], 1,
                                        options != NULL ? options->compress : 0);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_gap_writer_close(self);
    return status;
}

int sna_gap_writer_append(sna_gap_writer *self, uint64_t count, const uint64_t *source, const uint64_t *target,
                          const int64_t *source_gap, const int64_t *target_gap)
{
    int status = sna_column_writer_ids(&self->column[0], source, count);

    if (status == 0)
        status = sna_column_writer_ids(&self->column[1], target, count);
    if (status == 0)
        status = sna_column_writer_integers(&self->column[2], source_gap, count);
    if (status == 0)
        status = sna_column_writer_integers(&self->column[3], target_gap, count);
    self->failed = self->failed || status != 0;
    return status;
}

int sna_gap_writer_share(sna_gap_writer *self, uint64_t first, uint64_t total)
{
    int status = 0;

    for (size_t i = 0; i < 4 && status == 0 && sna_rank() == 0; i++) {
        status = sna_column_writer_reserve(&self->column[i], total);
        sna_column_writer_detach(&self->column[i]);
    }
    status = sna_h5_share(&self->file, status);
    for (size_t i = 0; i < 4 && status == 0; i++)
        status = sna_column_writer_attach(&self->column[i], first);
    return sna_ranks_agree(status);
}

int sna_gap_writer_finish(sna_gap_writer *self)
{
    int status = 0;

    if (self->failed || self->file.id < 0)
        status = sna_error(SNA_EINVAL, "%s %s", self->file.path,
                           self->failed ? "cannot be finished: writing it failed before" : "is finished already");
    for (size_t i = 0; i < 4 && status == 0; i++) {
        status = sna_column_writer_finish(&self->column[i]);
        sna_column_writer_close(&self->column[i]);
    }
    if (self->file.shared) {
        status = sna_ranks_agree(status);
        if (status == 0)
            status = sna_h5_unshare(&self->file, status, false);
    } else if (status == 0) {
        status = sna_h5_output_finish(&self->file);
    }
    return status;
}

void sna_gap_writer_close(sna_gap_writer *self)
{
    if (self == NULL)
        return;
    for (size_t i = 0; i < 4; i++)
        sna_column_writer_close(&self->column[i]);
    sna_h5_output_free(&self->file);
    free(self);
}
