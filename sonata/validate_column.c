/* validate_column.c: one dataset: is it there, of the right type and shape, and are its values in the file. */
#include "sonata/validate.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- storage ------------------------------------------------------------------------------------------------ */

/* Filters beyond those that every HDF5 has. */
static int check_filters(sna_validator *self, const sna_dataset *dataset, hid_t creation, sna_place where, bool *usable)
{
    int status = 0;
    const int count = H5Pget_nfilters(creation);

    if (dataset->lacks != NULL) {
        *usable = false;
        status = sna_find(self, "dataset.filter", where, NULL,
                          "compressed with filter %s, which this HDF5 does not have", dataset->lacks);
        goto out;
    }
    for (int i = 0; i < count && status == 0; i++) {
        char name[64] = "";
        unsigned flags = 0, config = 0;
        size_t elements = 0;
        const H5Z_filter_t filter =
            H5Pget_filter2(creation, (unsigned)i, &flags, &elements, NULL, sizeof name, name, &config);
        if (filter > H5Z_FILTER_SCALEOFFSET)
            status = sna_find(self, "dataset.filter-uncommon", where, NULL, "compressed with filter %d (%s)",
                              (int)filter, name);
    }
out:
    return status;
}

/* Deflate makes at most 1032 bytes of one, other filters less: what claims a gibibyte more than four times that holds
 * nothing, or is made up. Constant columns may really hold nothing: only `dense` ones are measured by this. */
static bool is_made_up(uint64_t claimed, uint64_t stored)
{
    return claimed / 4096 > stored + ((uint64_t)1 << 18);
}

static int check_extent(sna_validator *self, const sna_dataset *dataset, unsigned what, sna_place where, bool *usable)
{
    int status = 0;
    struct stat info;
    const uint64_t row_bytes = (uint64_t)dataset->width * (dataset->size == 0 ? 1 : dataset->size);
    const uint64_t stored = H5Dget_storage_size(dataset->id);

    if (dataset->rows > (uint64_t)INT64_MAX / row_bytes) {
        *usable = false;
        status = sna_find(self, "dataset.extent", where, NULL,
                          "it claims %" PRIu64 " rows, more than any file can hold", dataset->rows);
        goto out;
    }
    if (dataset->direct && fstat(dataset->file->fd, &info) == 0 &&
        dataset->offset + dataset->rows * row_bytes > (uint64_t)info.st_size) {
        *usable = false;
        status = sna_find(self, "dataset.extent", where, NULL,
                          "its %" PRIu64 " rows would end at byte %" PRIu64 " of a file of %" PRIu64 " bytes",
                          dataset->rows, dataset->offset + dataset->rows * row_bytes, (uint64_t)info.st_size);
        goto out;
    }
    if ((what & SNA_COLUMN_DENSE) != 0 && is_made_up(dataset->rows * row_bytes, stored)) {
        *usable = false;
        status = sna_find(self, "dataset.extent", where, NULL,
                          "it claims %" PRIu64 " rows (%" PRIu64 " bytes), but %" PRIu64 " bytes are stored for it",
                          dataset->rows, dataset->rows * row_bytes, stored);
    }
out:
    return status;
}

static int check_storage(sna_validator *self, const sna_dataset *dataset, unsigned what, sna_place where, bool *usable)
{
    int status = 0;
    const hid_t creation = H5Dget_create_plist(dataset->id);

    if (creation < 0)
        goto out;
    if (H5Pget_layout(creation) == H5D_VIRTUAL || H5Pget_external_count(creation) > 0) {
        *usable = false;
        status = sna_find(self, "dataset.external-storage", where, NULL,
                          "its values lie in other files; they were not looked at");
    } else {
        status = check_filters(self, dataset, creation, where, usable);
        if (status == 0 && *usable)
            status = check_extent(self, dataset, what, where, usable);
    }
out:
    if (creation >= 0)
        H5Pclose(creation);
    return status;
}

/* ---- type and shape ----------------------------------------------------------------------------------------- */

static int check_type(sna_validator *self, const sna_dataset *dataset, unsigned what, sna_place where, bool *usable)
{
    int status = 0;
    const bool is_number = sna_dataset_is_number(dataset);

    *usable = false;
    if ((what & SNA_COLUMN_READABLE) != 0 && dataset->raw == SNA_RAW_NONE)
        status = sna_find(self, "attribute.unreadable", where, NULL, "values of this type or shape cannot be read");
    else if ((what & SNA_COLUMN_READABLE) != 0 && dataset->width > SNA_CHECK_ROWS)
        status =
            sna_find(self, "attribute.unreadable", where, NULL, "it has %" PRIu32 " values in a row", dataset->width);
    else if ((what & (SNA_COLUMN_INTEGER | SNA_COLUMN_NUMBER)) != 0 && !is_number)
        status = sna_find(self, "dataset.type", where, NULL, "%s are expected, but its type is %s",
                          (what & SNA_COLUMN_INTEGER) != 0 ? "whole numbers" : "numbers",
                          sna_storage_name(dataset->storage));
    else if ((what & SNA_COLUMN_TEXT) != 0 && (is_number || dataset->raw == SNA_RAW_NONE))
        status = sna_find(self, "dataset.type", where, NULL, "texts are expected, but its type is %s",
                          sna_storage_name(dataset->storage));
    else
        *usable = true;
    if (status != 0 || !*usable)
        goto out;
    if ((what & SNA_COLUMN_INTEGER) != 0 && dataset->raw == SNA_RAW_FLOAT)
        status = sna_find(self, "dataset.float-integers", where, NULL, "whole numbers are stored as %s",
                          sna_storage_name(dataset->storage));
    if (status == 0 && dataset->big_endian && is_number && dataset->size > 1)
        status = sna_find(self, "dataset.big-endian", where, NULL, "stored big-endian");
out:
    return status;
}

static int check_shape(sna_validator *self, const sna_dataset *dataset, uint32_t rank, uint64_t rows, sna_place where,
                       bool *usable)
{
    int status = 0;

    if (rank > 0 && dataset->rank != rank) {
        *usable = false;
        status = sna_find(self, "dataset.rank", where, NULL,
                          "an array of rank %" PRIu32 " is expected, but it has rank %" PRIu32, rank, dataset->rank);
    } else if (rank == 2 && dataset->width != 2) {
        *usable = false;
        status = sna_find(self, "dataset.rank", where, NULL, "two columns are expected, but it has %" PRIu32,
                          dataset->width);
    } else if (rows != SNA_ANY_ROWS && dataset->rows != rows) {
        *usable = false;
        status = sna_find(self, "dataset.length", where, NULL, "it has %" PRIu64 " %s, but the population has %" PRIu64,
                          dataset->rows, sna_plural(dataset->rows, "row", "rows"), rows);
    }
    return status;
}

int sna_check_column(sna_validator *self, const sna_checked_file *file, hid_t parent, const char *name,
                     const char *place, unsigned what, uint32_t rank, uint64_t rows, sna_dataset **out)
{
    int status = 0;
    bool usable = false, foreign = false;
    sna_dataset *dataset = NULL;
    const sna_place where = {file->path, place, 0};

    *out = NULL;
    switch (sna_checked_kind(file, parent, name, &foreign)) {
    case SNA_H5_NONE:
        if ((what & SNA_COLUMN_REQUIRED) != 0 && !foreign)
            status = sna_find(self, "dataset.missing", where, NULL, "there is no dataset %s", place);
        goto out;
    case SNA_H5_GROUP:
    case SNA_H5_OTHER:
        status = sna_find(self, "dataset.wrong-kind", where, NULL, "this is not a dataset");
        goto out;
    case SNA_H5_DATASET:
        break;
    }
    status = sna_dataset_open(&dataset, file->h5, parent, name, place);
    if (status == SNA_EFORMAT || status == SNA_ENOTFOUND) {
        status = sna_find(self, "dataset.unreadable", where, NULL, "%s", sna_error_message());
        goto out;
    }
    if (status == 0)
        status = check_type(self, dataset, what, where, &usable);
    if (status == 0 && usable)
        status = check_storage(self, dataset, what, where, &usable);
    if (status == 0 && usable)
        status = check_shape(self, dataset, rank, rows, where, &usable);
    if (status == 0 && usable) {
        *out = dataset;
        dataset = NULL;
    }
out:
    sna_dataset_close(dataset);
    return status;
}

/* ---- values ------------------------------------------------------------------------------------------------- */

/* Turns what a read said into a finding; what ends everything stays. */
static int read_failed(sna_validator *self, const sna_dataset *dataset, int status, bool *readable)
{
    if (status == 0 || status == SNA_ENOMEM || status == SNA_ECANCELLED)
        return status;
    *readable = false;
    return sna_find(self, "dataset.unreadable", (sna_place){dataset->file->path, dataset->place, 0}, NULL, "%s",
                    sna_error_message());
}

bool sna_column_is_constant(const sna_dataset *dataset)
{
    return dataset->chunked && dataset->rows > 0 && H5Dget_storage_size(dataset->id) == 0;
}

int sna_check_reals(sna_validator *self, sna_dataset *dataset, uint64_t first, uint64_t count, double *out,
                    bool *readable)
{
    return read_failed(self, dataset, sna_dataset_reals(dataset, first, count, out), readable);
}

int sna_check_texts(sna_validator *self, sna_dataset *dataset, uint64_t first, uint64_t count, sna_dictionary *texts,
                    uint32_t *out, bool *readable)
{
    return read_failed(self, dataset, sna_dataset_texts(dataset, first, count, texts, out), readable);
}

/* Floating point that ought to be whole numbers, in place. */
static void reals_to_ids(uint64_t *id, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        double v;
        memcpy(&v, &id[i], sizeof v);
        if (v >= -0x1p63 && v < 0x1p63 && !(v < trunc(v)) && !(v > trunc(v)))
            id[i] = (uint64_t)(int64_t)v;
        else
            id[i] = SNA_NO_ID;
    }
}

int sna_check_ids(sna_validator *self, sna_dataset *dataset, uint64_t first, uint64_t count, uint64_t *out,
                  bool *readable)
{
    int status = 0;

    _Static_assert(sizeof(double) == sizeof(uint64_t), "ids and reals share their room");
    if (dataset->storage == SNA_U64) {
        status = sna_dataset_ids(dataset, first, count, out);
    } else if (dataset->raw == SNA_RAW_FLOAT) {
        status = sna_dataset_reals(dataset, first, count, (double *)out);
        if (status == 0)
            reals_to_ids(out, count);
    } else {
        status = sna_dataset_integers(dataset, first, count, (int64_t *)out);
    }
    return read_failed(self, dataset, status, readable);
}
