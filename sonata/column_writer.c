/* column_writer.c: datasets written from the front, in chunks. */
#include "sonata/h5write.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/chunk_writer.h"
#include "sonata/h5file.h"

/* What is compressed comes in smaller chunks: who wants one row of it inflates a whole one. */
enum { CHUNK_ROWS = 32768, PACKED_CHUNK_ROWS = 8192, STRING_CHUNK_ROWS = 4096, LITTLE_BYTES = 4096 };

bool sna_storage_is_real(sna_storage storage)
{
    return storage == SNA_F16 || storage == SNA_F32 || storage == SNA_F64;
}

static size_t storage_size(sna_storage storage)
{
    static const size_t sizes[] = {1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8, sizeof(char *)};

    return sizes[storage];
}

/* Rows of a chunk: a power of two, few enough of wide rows that it stays small. */
static uint64_t rows_of_chunk(sna_storage storage, uint32_t width, unsigned compress)
{
    uint64_t rows = storage == SNA_UTF8 ? STRING_CHUNK_ROWS : compress > 0 ? PACKED_CHUNK_ROWS : CHUNK_ROWS;

    while (rows > 1 && rows * width > (uint64_t)CHUNK_ROWS * 16)
        rows /= 2;
    return rows;
}

uint64_t sna_storage_bytes(sna_storage storage, uint64_t rows, uint32_t width, bool constant)
{
    const uint64_t row_bytes = (storage == SNA_UTF8 ? 16 : storage_size(storage)) * width,
                   chunk_rows = rows_of_chunk(storage, width, 0);

    if (rows <= chunk_rows)
        return rows * row_bytes;
    return constant && storage != SNA_UTF8 ? 0 : (rows + chunk_rows - 1) / chunk_rows * chunk_rows * row_bytes;
}

/* Least and greatest integer of a storage; SNA_U64 takes what an int64_t can say. */
static void storage_range(sna_storage storage, int64_t *least, int64_t *most)
{
    static const int64_t range[][2] = {{INT8_MIN, INT8_MAX},   {INT16_MIN, INT16_MAX}, {INT32_MIN, INT32_MAX},
                                       {INT64_MIN, INT64_MAX}, {0, UINT8_MAX},         {0, UINT16_MAX},
                                       {0, UINT32_MAX},        {0, INT64_MAX}};

    *least = range[storage][0];
    *most = range[storage][1];
}

int sna_storage_check(sna_storage storage, sna_values values, uint64_t count, uint32_t width, const char *name)
{
    int status = 0;
    int64_t least = 0, most = 0;
    char number[SNA_NUMBER_SIZE];
    const uint64_t n = count * width;

    if (storage == SNA_F32) {
        for (uint64_t i = 0; i < n && status == 0; i++)
            if (isfinite(values.real[i]) && fabs(values.real[i]) > 3.4028235677973366e38)
                status = sna_error(SNA_ERANGE, "`%s`, row %" PRIu64 ": %s is too large for float32", name, i / width,
                                   sna_number_text(number, values.real[i]));
    } else if (storage < SNA_F16) {
        storage_range(storage, &least, &most);
        for (uint64_t i = 0; i < n && status == 0; i++)
            if (values.integer[i] < least || values.integer[i] > most)
                status = sna_error(SNA_ERANGE, "`%s`, row %" PRIu64 ": %" PRId64 " does not fit %s", name, i / width,
                                   values.integer[i], sna_storage_name(storage));
    } else if (storage == SNA_F16 || storage == SNA_NOT_SUPPORTED) {
        status = sna_error(SNA_EINVAL, "`%s`: %s cannot be written", name, sna_storage_name(storage));
    }
    return status;
}

/* ---- opening ------------------------------------------------------------------------------------------------ */

int sna_column_writer_open(sna_column_writer *self, sna_h5_output *file, hid_t parent, const char *place,
                           const char *name, sna_storage storage, uint32_t width, unsigned compress)
{
    int status = 0;

    *self = (sna_column_writer){.file = file,
                                .parent = parent,
                                .dataset = H5I_INVALID_HID,
                                .type = H5I_INVALID_HID,
                                .storage = storage,
                                .width = width,
                                .compress = compress > 9 ? 9 : compress};
    if (storage == SNA_F16 || storage >= SNA_NOT_SUPPORTED || width == 0) {
        status = sna_error(SNA_EINVAL, "`%s`: %s with %" PRIu32 " values a row cannot be written", name,
                           sna_storage_name(storage), width);
        goto out;
    }
    self->size = storage_size(storage);
    self->chunk_rows = rows_of_chunk(storage, width, self->compress);
    status = sna_text_copy(&self->name, name);
    if (status == 0)
        status = sna_text_format(&self->place, "%s/%s", place, name);
    if (status != 0)
        goto out;
    sna_h5_quiet();
    self->type = storage == SNA_UTF8 ? sna_h5_string_type() : H5Tcopy(sna_h5_file_type(storage));
    if (self->type < 0)
        status = sna_h5_write_error(file, self->place);
out:
    if (status != 0)
        sna_column_writer_close(self);
    return status;
}

/* ---- the dataset -------------------------------------------------------------------------------------------- */

/* Properties of a chunked dataset. */
static hid_t chunked_properties(const sna_column_writer *self)
{
    const hsize_t chunk[2] = {self->chunk_rows, self->width};
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);

    if (creation < 0)
        goto out;
    if (H5Pset_chunk(creation, self->width > 1 ? 2 : 1, chunk) < 0 ||
        (self->storage != SNA_UTF8 && H5Pset_fill_value(creation, self->type, self->fill) < 0) ||
        (self->compress > 0 && self->storage != SNA_UTF8 &&
         (H5Pset_shuffle(creation) < 0 || H5Pset_deflate(creation, self->compress) < 0)) ||
        (self->compress > 0 && self->storage == SNA_UTF8 && H5Pset_deflate(creation, self->compress) < 0)) {
        H5Pclose(creation);
        creation = H5I_INVALID_HID;
    }
out:
    return creation;
}

static int create_dataset(sna_column_writer *self, bool chunked, uint64_t rows)
{
    int status = 0;
    const hsize_t extent[2] = {rows, self->width}, most[2] = {H5S_UNLIMITED, self->width};
    const int rank = self->width > 1 ? 2 : 1;
    hid_t space = H5I_INVALID_HID, creation = H5I_INVALID_HID;

    space = H5Screate_simple(rank, extent, chunked ? most : NULL);
    creation = chunked ? chunked_properties(self) : H5Pcreate(H5P_DATASET_CREATE);
    /* Other processes will find the room there already, and write all of it. */
    if (self->attached && creation >= 0 &&
        (H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY) < 0 || H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER) < 0))
        status = sna_h5_write_error(self->file, self->place);
    /* Without the time of writing: the same data make the same bytes. */
    if (status == 0 && space >= 0 && creation >= 0 && H5Pset_obj_track_times(creation, false) >= 0)
        self->dataset = H5Dcreate2(self->parent, self->name, self->type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    if (status == 0 && self->dataset < 0)
        status = sna_h5_write_error(self->file, self->place);
    if (creation >= 0)
        H5Pclose(creation);
    if (space >= 0)
        H5Sclose(space);
    return status;
}

static void free_texts(sna_column_writer *self)
{
    if (self->storage != SNA_UTF8 || self->room == NULL)
        return;
    for (uint64_t i = 0; i < self->buffered * self->width; i++)
        free(((char **)(void *)self->room)[i]);
}

/* Writes the buffered rows behind those written, through HDF5. */
static int write_rows(sna_column_writer *self)
{
    int status = 0;
    const hsize_t offset[2] = {self->written, 0}, extent[2] = {self->buffered, self->width};
    const int rank = self->width > 1 ? 2 : 1;
    hid_t space = H5I_INVALID_HID, memory = H5I_INVALID_HID;

    space = H5Dget_space(self->dataset);
    memory = H5Screate_simple(rank, extent, NULL);
    if (space < 0 || memory < 0 || H5Sselect_hyperslab(space, H5S_SELECT_SET, offset, NULL, extent, NULL) < 0 ||
        H5Dwrite(self->dataset, self->type, memory, space, H5P_DEFAULT, self->room) < 0)
        status = sna_h5_write_error(self->file, self->place);
    if (memory >= 0)
        H5Sclose(memory);
    if (space >= 0)
        H5Sclose(space);
    return status;
}

/* ---- chunks ------------------------------------------------------------------------------------------------- */

/* Is the first value the fill value, and each of the others the one before it? */
static bool is_fill(const sna_column_writer *self, const unsigned char *value, uint64_t n)
{
    return memcmp(value, self->fill, self->size) == 0 &&
           memcmp(value, value + self->size, (size_t)(n - 1) * self->size) == 0;
}

int sna_column_writer_chunk(sna_column_writer *self, uint64_t row, const void *data, size_t bytes)
{
    const hsize_t offset[2] = {row, 0};

    return H5Dwrite_chunk(self->dataset, H5P_DEFAULT, 0, offset, bytes, data) < 0
               ? sna_h5_write_error(self->file, self->place)
               : 0;
}

/* Writes the buffered rows as a chunk. */
static int flush_chunk(sna_column_writer *self)
{
    int status = 0;
    const uint64_t row_bytes = (uint64_t)self->width * self->size, values = self->chunk_rows * self->width;
    const hsize_t extent[2] = {self->written + self->buffered, self->width};
    const uint64_t rest = self->chunk_rows - self->buffered;

    /* A chunk is written whole: behind the last row stands the fill value, so that a constant one can be left out. */
    for (uint64_t i = 0; i < rest * self->width; i++)
        memcpy(self->room + self->buffered * row_bytes + i * self->size, self->fill, self->size);
    if (H5Dset_extent(self->dataset, extent) < 0)
        status = sna_h5_write_error(self->file, self->place);
    else if (is_fill(self, self->room, values))
        status = 0;
    else if (self->compress > 0)
        status = sna_chunk_writer_put(self, self->written);
    else
        status = sna_column_writer_chunk(self, self->written, self->room, (size_t)(values * self->size));
    return status;
}

static int flush(sna_column_writer *self)
{
    int status = 0;
    const hsize_t extent[2] = {self->written + self->buffered, self->width};

    if (self->buffered == 0)
        goto out;
    sna_h5_quiet();
    if (self->dataset < 0)
        status = create_dataset(self, true, 0);
    if (status != 0)
        goto out;
    if (self->attached) {
        status = write_rows(self);
    } else if (self->storage == SNA_UTF8) {
        if (H5Dset_extent(self->dataset, extent) < 0)
            status = sna_h5_write_error(self->file, self->place);
        else
            status = write_rows(self);
    } else {
        status = flush_chunk(self);
    }
    if (status != 0)
        goto out;
    free_texts(self);
    self->written += self->buffered;
    self->buffered = 0;
out:
    return status;
}

/* ---- appending ---------------------------------------------------------------------------------------------- */

/* Room for up to `count` more rows: how many can be put into the buffer now. The buffer grows as far as it must. */
static int make_room(sna_column_writer *self, uint64_t count, uint64_t *now)
{
    int status = 0;
    uint64_t rows = 0, bytes = 0;
    unsigned char *grown = NULL;

    if (self->buffered == self->chunk_rows)
        status = flush(self);
    if (status != 0)
        goto out;
    *now = self->chunk_rows - self->buffered;
    if (*now > count)
        *now = count;
    rows = self->buffered + *now;
    if (rows > self->allocated_rows) {
        uint64_t wanted = self->allocated_rows == 0 ? 256 : self->allocated_rows;
        while (wanted < rows)
            wanted *= 2;
        if (wanted > self->chunk_rows || self->written > 0)
            wanted = self->chunk_rows;
        bytes = wanted * self->width * self->size;
        grown = bytes == 0 ? NULL : realloc(self->room, (size_t)bytes);
        if (grown == NULL) {
            status = sna_error(SNA_ENOMEM, "no memory for writing %s", self->place);
            goto out;
        }
        self->room = grown;
        self->allocated_rows = wanted;
    }
out:
    return status;
}

/* Where the next rows go, when they are of fixed size. */
static unsigned char *next_place(const sna_column_writer *self)
{
    return self->room + self->buffered * self->width * self->size;
}

static void took(sna_column_writer *self, uint64_t rows)
{
    if (self->written == 0 && self->buffered == 0 && rows > 0 && self->storage != SNA_UTF8)
        memcpy(self->fill, self->room, self->size);
    self->buffered += rows;
}

#define NARROW(to)                                  \
    for (uint64_t i = 0; i < n; i++) {              \
        const to v = (to)value[i];                  \
        memcpy(place + i * sizeof v, &v, sizeof v); \
    }                                               \
    break

static void put_integers(sna_column_writer *self, const int64_t *value, uint64_t n)
{
    unsigned char *place = next_place(self);

    switch (self->storage) {
    case SNA_I8:
        NARROW(int8_t);
    case SNA_I16:
        NARROW(int16_t);
    case SNA_I32:
        NARROW(int32_t);
    case SNA_U8:
        NARROW(uint8_t);
    case SNA_U16:
        NARROW(uint16_t);
    case SNA_U32:
        NARROW(uint32_t);
    default:
        memcpy(place, value, (size_t)n * sizeof *value);
        break;
    }
}

static void put_reals(sna_column_writer *self, const double *value, uint64_t n)
{
    unsigned char *place = next_place(self);

    if (self->storage == SNA_F64)
        memcpy(place, value, (size_t)n * sizeof *value);
    else
        for (uint64_t i = 0; i < n; i++) {
            const float v = (float)value[i];
            memcpy(place + i * sizeof v, &v, sizeof v);
        }
}

int sna_column_writer_integers(sna_column_writer *self, const int64_t *value, uint64_t count)
{
    int status = 0;
    uint64_t now = 0;

    while (count > 0 && status == 0) {
        status = make_room(self, count, &now);
        if (status != 0)
            break;
        put_integers(self, value, now * self->width);
        took(self, now);
        value += now * self->width;
        count -= now;
    }
    return status;
}

int sna_column_writer_ids(sna_column_writer *self, const uint64_t *value, uint64_t count)
{
    return sna_column_writer_integers(self, (const int64_t *)value, count);
}

int sna_column_writer_reals(sna_column_writer *self, const double *value, uint64_t count)
{
    int status = 0;
    uint64_t now = 0;

    while (count > 0 && status == 0) {
        status = make_room(self, count, &now);
        if (status != 0)
            break;
        put_reals(self, value, now * self->width);
        took(self, now);
        value += now * self->width;
        count -= now;
    }
    return status;
}

int sna_column_writer_texts(sna_column_writer *self, const char *const *value, uint64_t count)
{
    int status = 0;
    uint64_t now = 0;

    while (count > 0 && status == 0) {
        char **place = NULL;
        status = make_room(self, count, &now);
        if (status != 0)
            break;
        place = (char **)(void *)next_place(self);
        for (uint64_t i = 0; i < now * self->width && status == 0; i++) {
            place[i] = NULL;
            if (value[i] != NULL)
                status = sna_text_copy(&place[i], value[i]);
            if (status != 0)
                while (i-- > 0)
                    free(place[i]);
            if (status != 0)
                goto out;
        }
        took(self, now);
        value += now * self->width;
        count -= now;
    }
out:
    return status;
}

int sna_column_writer_values(sna_column_writer *self, sna_values values, uint64_t count)
{
    if (self->storage == SNA_UTF8)
        return sna_column_writer_texts(self, values.text, count);
    return sna_storage_is_real(self->storage) ? sna_column_writer_reals(self, values.real, count)
                                              : sna_column_writer_integers(self, values.integer, count);
}

int sna_column_writer_repeat(sna_column_writer *self, int64_t value, uint64_t count)
{
    int status = 0;
    int64_t block[1024];

    for (size_t i = 0; i < sizeof block / sizeof *block; i++)
        block[i] = value;
    while (count > 0 && status == 0) {
        const uint64_t now = count < sizeof block / sizeof *block ? count : sizeof block / sizeof *block;
        status = sna_column_writer_integers(self, block, now);
        count -= now;
    }
    return status;
}

/* ---- of a file that several processes write ----------------------------------------------------------------- */

int sna_column_writer_reserve(sna_column_writer *self, uint64_t rows)
{
    int status = 0;

    if (self->storage == SNA_UTF8)
        status = sna_error(SNA_EUNSUPPORTED, "%s: %s: HDF5 cannot write texts from several processes; one process can",
                           self->file->path, self->place);
    self->attached = true;
    if (status == 0)
        status = create_dataset(self, false, rows);
    return status;
}

int sna_column_writer_attach(sna_column_writer *self, uint64_t first)
{
    sna_h5_quiet();
    self->dataset = H5Dopen2(self->file->id, self->place, H5P_DEFAULT);
    self->attached = true;
    self->written = first;
    return self->dataset < 0 ? sna_h5_write_error(self->file, self->place) : 0;
}

void sna_column_writer_detach(sna_column_writer *self)
{
    if (self->dataset >= 0)
        H5Dclose(self->dataset);
    self->dataset = H5I_INVALID_HID;
}

int sna_column_writer_finish(sna_column_writer *self)
{
    int status = 0;
    const uint64_t bytes = self->buffered * self->width * self->size;

    sna_h5_quiet();
    if (self->attached)
        return flush(self);
    if (self->dataset >= 0) {
        status = flush(self);
    } else if (bytes > LITTLE_BYTES && self->compress > 0) {
        /* One chunk that is as large as the data; its buffer ends with them. */
        if (self->buffered < self->chunk_rows && self->storage != SNA_UTF8)
            self->chunk_rows = self->buffered;
        status = flush(self);
    } else {
        /* Everything is here: as large as it is, and in one piece. */
        status = create_dataset(self, false, self->buffered);
        if (status == 0 && self->buffered > 0)
            status = write_rows(self);
        if (status == 0) {
            free_texts(self);
            self->written += self->buffered;
            self->buffered = 0;
        }
    }
    if (status == 0)
        status = sna_chunk_writer_drain(self->file);
    /* Here a failing write can still be told; when the dataset is closed it is too late. */
    if (status == 0 && H5Dflush(self->dataset) < 0)
        status = sna_h5_write_error(self->file, self->place);
    return status;
}

void sna_column_writer_close(sna_column_writer *self)
{
    if (self->name == NULL)
        return; /* never opened */
    sna_h5_quiet();
    /* Closed before it is finished: its chunks have nowhere to go, and the file is of no use without them. */
    if (self->pending > 0)
        sna_chunk_writer_discard(self->file);
    if (self->dataset >= 0)
        H5Dclose(self->dataset);
    if (self->type >= 0)
        H5Tclose(self->type);
    free_texts(self);
    free(self->room);
    free(self->name);
    free(self->place);
    *self = (sna_column_writer){.dataset = H5I_INVALID_HID, .type = H5I_INVALID_HID};
}
