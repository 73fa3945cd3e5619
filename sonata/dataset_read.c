/* dataset_read.c: reading rows of a dataset and converting them. */
#include "sonata/chunk_reader.h"
#include "sonata/crash.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STRINGS_AT_ONCE = 16384 };

/* ---- bytes -------------------------------------------------------------------------------------------------- */

static int check_range(const sna_dataset *self, uint64_t first, uint64_t count)
{
    int status = 0;

    if (self->raw == SNA_RAW_NONE)
        status = sna_error(SNA_EUNSUPPORTED, "%s: %s: values of this type or shape cannot be read", self->file->path,
                           self->place);
    else if (self->lacks != NULL)
        status = sna_error(SNA_EUNSUPPORTED, "%s: %s: compressed with filter %s, which this HDF5 library does not have",
                           self->file->path, self->place, self->lacks);
    else if (count > self->rows || first > self->rows - count)
        status =
            sna_error(SNA_ERANGE, "%s: %s: rows %" PRIu64 " to %" PRIu64 " are asked for, but it has %" PRIu64 " rows",
                      self->file->path, self->place, first, first + count - 1, self->rows);
    return status;
}

void sna_dataset_swap(void *data, size_t size, uint64_t count)
{
    unsigned char *byte = data;

    for (uint64_t i = 0; i < count; i++, byte += size)
        for (size_t low = 0, high = size - 1; low < high; low++, high--) {
            const unsigned char kept = byte[low];
            byte[low] = byte[high];
            byte[high] = kept;
        }
}

/* `count` rows that stand together from `start` on; `first` is for messages. */
static int read_from(const sna_dataset *self, uint64_t start, uint64_t first, uint64_t count, void *out)
{
    int status = 0;
    const uint64_t row_bytes = (uint64_t)self->width * self->size;
    uint64_t done = 0, bytes = count * row_bytes;

    while (done < bytes) {
        const uint64_t left = bytes - done;
        const ssize_t got = pread(self->file->fd, (char *)out + done, left > INT32_MAX ? INT32_MAX : (size_t)left,
                                  (off_t)(start + done));
        if (got > 0) {
            done += (uint64_t)got;
        } else if (got == 0) {
            status = sna_error(SNA_EFORMAT, "%s: %s: the file ends before row %" PRIu64, self->file->path, self->place,
                               first + done / row_bytes);
            goto out;
        } else if (errno != EINTR) {
            status = sna_error(SNA_EIO, "%s: %s: %s", self->file->path, self->place, strerror(errno));
            goto out;
        }
    }
    if (self->swap)
        sna_dataset_swap(out, self->size, count * self->width);
out:
    return status;
}

enum { UNKNOWN = 0 }; /* no chunk is at the start of a file */

/* Where chunk `c` is in the file; HADDR_UNDEF for one that is not in it. */
static int find_chunk(sna_dataset *self, uint64_t c, uint64_t *address)
{
    int status = 0;
    char reason[SNA_H5_REASON_SIZE];
    const hsize_t place[2] = {c * self->chunk_rows, 0};
    unsigned mask = 0;
    haddr_t at = HADDR_UNDEF;
    hsize_t size = 0;

    if (self->address == NULL)
        status = sna_allocate(&self->address, self->chunks, sizeof *self->address);
    if (status == 0 && self->address[c] == UNKNOWN) {
        sna_h5_quiet();
        sna_crash_enter(self->file->path, self->place);
        if (H5Dget_chunk_info_by_coord(self->id, place, &mask, &at, &size) < 0)
            status = sna_error(SNA_EFORMAT, "%s: %s: HDF5 cannot find the chunk of row %" PRIu64 ": %s",
                               self->file->path, self->place, c * self->chunk_rows, sna_h5_reason(reason));
        else if (at != HADDR_UNDEF && size != self->chunk_rows * self->width * self->size)
            status = sna_error(SNA_EFORMAT,
                               "%s: %s: the chunk of row %" PRIu64 " has %" PRIu64 " bytes, which is not its size",
                               self->file->path, self->place, c * self->chunk_rows, (uint64_t)size);
        else
            self->address[c] = at;
        sna_crash_leave();
    }
    *address = status == 0 ? self->address[c] : HADDR_UNDEF;
    return status;
}

static int read_chunks(sna_dataset *self, uint64_t first, uint64_t count, unsigned char *out)
{
    int status = 0;
    const uint64_t row_bytes = (uint64_t)self->width * self->size;

    while (count > 0 && status == 0) {
        const uint64_t c = first / self->chunk_rows, within = first % self->chunk_rows;
        const uint64_t left = self->chunk_rows - within, now = count < left ? count : left;
        uint64_t address = HADDR_UNDEF;
        status = find_chunk(self, c, &address);
        if (status == 0 && address != HADDR_UNDEF)
            status = read_from(self, address + within * row_bytes, first, now, out);
        else if (status == 0)
            for (uint64_t i = 0; i < now * self->width; i++)
                memcpy(out + i * self->size, self->fill, self->size);
        first += now;
        count -= now;
        out += now * row_bytes;
    }
    return status;
}

int sna_dataset_read_by_hdf5(const sna_dataset *self, uint64_t first, uint64_t count, void *out, hid_t *memory_space)
{
    int status = 0;
    char reason[SNA_H5_REASON_SIZE];
    const hsize_t offset[2] = {first, 0}, extent[2] = {count, self->width};
    hid_t space = H5I_INVALID_HID, memory = H5I_INVALID_HID;

    sna_h5_quiet();
    sna_crash_enter(self->file->path, self->place);
    space = H5Dget_space(self->id);
    memory = H5Screate_simple(self->rank == 2 ? 2 : 1, extent, NULL);
    if (space < 0 || memory < 0 ||
        (self->rank > 0 && H5Sselect_hyperslab(space, H5S_SELECT_SET, offset, NULL, extent, NULL) < 0) ||
        H5Dread(self->id, self->memory, memory, space, H5P_DEFAULT, out) < 0)
        status = sna_error(SNA_EFORMAT, "%s: %s: HDF5 cannot read rows %" PRIu64 " to %" PRIu64 ": %s",
                           self->file->path, self->place, first, first + count - 1, sna_h5_reason(reason));
    sna_crash_leave();
    if (space >= 0)
        H5Sclose(space);
    if (status == 0 && memory_space != NULL)
        *memory_space = memory;
    else if (memory >= 0)
        H5Sclose(memory);
    return status;
}

static int read_bytes(sna_dataset *self, uint64_t first, uint64_t count, void *out)
{
    int status = 0;

    if (count == 0)
        goto out;
    if (!self->direct)
        status = sna_dataset_read_by_hdf5(self, first, count, out, NULL);
    else if (self->chunked)
        status = read_chunks(self, first, count, out);
    else
        status = read_from(self, self->offset + first * self->width * self->size, first, count, out);
out:
    return status;
}

/* ---- conversion --------------------------------------------------------------------------------------------- */

/* The values stand at the end of the room of `n` 8-byte values and are widened from the front: what is written never
 * reaches what is still to be read. */
static unsigned char *packed_place(const sna_dataset *self, void *out, uint64_t n)
{
    return (unsigned char *)out + n * (8 - self->size);
}

#define EACH(from, expression)                       \
    for (uint64_t i = 0; i < n; i++) {               \
        from v;                                      \
        memcpy(&v, packed + i * sizeof v, sizeof v); \
        out[i] = (expression);                       \
    }                                                \
    break

/* Each returns the index of the first value that does not fit, or n. */
static uint64_t to_integers(const sna_dataset *self, const unsigned char *packed, uint64_t n, int64_t *out)
{
    uint64_t bad = n;

    switch (self->storage) {
    case SNA_I8:
        EACH(int8_t, (int64_t)v);
    case SNA_I16:
        EACH(int16_t, v);
    case SNA_I32:
        EACH(int32_t, v);
    case SNA_U8:
        EACH(uint8_t, v);
    case SNA_U16:
        EACH(uint16_t, v);
    case SNA_U32:
        EACH(uint32_t, v);
    case SNA_U64:
        for (uint64_t i = 0; i < n && bad == n; i++)
            if (out[i] < 0)
                bad = i;
        break;
    case SNA_F16:
    case SNA_F32:
    case SNA_F64:
        for (uint64_t i = 0; i < n && bad == n; i++) {
            double v = 0;
            if (self->size == sizeof(float)) {
                float narrow;
                memcpy(&narrow, packed + i * sizeof narrow, sizeof narrow);
                v = (double)narrow;
            } else {
                memcpy(&v, packed + i * sizeof v, sizeof v);
            }
            if (v >= -0x1p63 && v < 0x1p63 && !(v < trunc(v)) && !(v > trunc(v)))
                out[i] = (int64_t)v;
            else
                bad = i;
        }
        break;
    default: /* SNA_I64 is there already */
        break;
    }
    return bad;
}

static void to_reals(const sna_dataset *self, const unsigned char *packed, uint64_t n, double *out)
{
    switch (self->storage) {
    case SNA_I8:
        EACH(int8_t, v);
    case SNA_I16:
        EACH(int16_t, v);
    case SNA_I32:
        EACH(int32_t, v);
    case SNA_I64:
        EACH(int64_t, (double)v);
    case SNA_U8:
        EACH(uint8_t, v);
    case SNA_U16:
        EACH(uint16_t, v);
    case SNA_U32:
        EACH(uint32_t, v);
    case SNA_U64:
        EACH(uint64_t, (double)v);
    case SNA_F16:
    case SNA_F32:
        EACH(float, (double)v);
    default: /* SNA_F64 is there already */
        break;
    }
}

/* ---- rows --------------------------------------------------------------------------------------------------- */

static int not_numbers(const sna_dataset *self)
{
    return sna_error(SNA_EFORMAT, "%s: %s: numbers are expected, but its type is %s", self->file->path, self->place,
                     sna_storage_name(self->storage));
}

static int bad_value(const sna_dataset *self, uint64_t row, const char *expected)
{
    return sna_error(self->raw == SNA_RAW_FLOAT ? SNA_EFORMAT : SNA_ERANGE, "%s: %s: row %" PRIu64 " is not %s",
                     self->file->path, self->place, row, expected);
}

/* The row that value `index` of all runs is from. */
static uint64_t row_of(const sna_dataset *self, const sna_range *run, uint64_t runs, uint64_t index)
{
    uint64_t at = index / self->width;

    for (uint64_t r = 0; r < runs; r++) {
        if (at < run[r].end - run[r].first)
            return run[r].first + at;
        at -= run[r].end - run[r].first;
    }
    return 0;
}

/* How many runs, from the first, can be read as one window: they ascend, and little lies between them. */
static uint64_t neighbours(const sna_dataset *self, const sna_range *run, uint64_t runs)
{
    const uint64_t row_bytes = (uint64_t)self->width * self->size;
    const uint64_t gap = (self->direct ? 2048 : (uint64_t)1 << 16) / row_bytes;
    const uint64_t room = ((uint64_t)1 << 20) / row_bytes;
    uint64_t n = 1;

    while (n < runs && run[n].first >= run[n - 1].end && run[n].first - run[n - 1].end <= gap &&
           run[n].end - run[0].first <= room)
        n++;
    return n;
}

/* The bytes of all runs, one behind the other. */
static int read_runs(sna_dataset *self, const sna_range *run, uint64_t runs, unsigned char *out)
{
    int status = check_range(self, 0, 0);
    const uint64_t row_bytes = (uint64_t)self->width * self->size;

    if (status == 0 && self->packed) {
        for (uint64_t r = 0; r < runs && status == 0; r++)
            status = check_range(self, run[r].first, run[r].end - run[r].first);
        if (status == 0)
            status = sna_chunk_reader_runs(self, run, runs, out);
        goto out;
    }
    for (uint64_t r = 0; r < runs && status == 0;) {
        const uint64_t together = runs == 1 ? 1 : neighbours(self, run + r, runs - r);
        const uint64_t first = run[r].first, count = run[r + together - 1].end - first;
        status = check_range(self, first, count);
        if (status != 0)
            goto out;
        if (together == 1) {
            status = read_bytes(self, first, count, out);
            if (status != 0)
                goto out;
            out += count * row_bytes;
        } else {
            if (self->window_size < count * row_bytes) {
                free(self->window);
                self->window_size = 0;
                status = sna_allocate(&self->window, count * row_bytes, 1);
                if (status != 0)
                    goto out;
                self->window_size = count * row_bytes;
            }
            status = read_bytes(self, first, count, self->window);
            if (status != 0)
                goto out;
            for (uint64_t i = r; i < r + together; i++) {
                const uint64_t bytes = (run[i].end - run[i].first) * row_bytes;
                memcpy(out, (const unsigned char *)self->window + (run[i].first - first) * row_bytes, (size_t)bytes);
                out += bytes;
            }
        }
        r += together;
    }
out:
    return status;
}

static uint64_t values_in(const sna_dataset *self, const sna_range *run, uint64_t runs)
{
    uint64_t rows = 0;

    for (uint64_t r = 0; r < runs; r++)
        rows += run[r].end - run[r].first;
    return rows * self->width;
}

static int integer_runs(sna_dataset *self, const sna_range *run, uint64_t runs, int64_t *out)
{
    int status = 0;
    const uint64_t n = values_in(self, run, runs);
    uint64_t bad;

    if (self->raw != SNA_RAW_NONE && !sna_dataset_is_number(self))
        status = not_numbers(self);
    else
        status = read_runs(self, run, runs, packed_place(self, out, n));
    if (status != 0)
        goto out;
    bad = to_integers(self, packed_place(self, out, n), n, out);
    if (bad < n)
        status =
            bad_value(self, row_of(self, run, runs, bad), self->raw == SNA_RAW_FLOAT ? "a whole number" : "below 2^63");
out:
    return status;
}

static int real_runs(sna_dataset *self, const sna_range *run, uint64_t runs, double *out)
{
    int status = 0;
    const uint64_t n = values_in(self, run, runs);

    if (self->raw != SNA_RAW_NONE && !sna_dataset_is_number(self))
        status = not_numbers(self);
    else
        status = read_runs(self, run, runs, packed_place(self, out, n));
    if (status == 0)
        to_reals(self, packed_place(self, out, n), n, out);
    return status;
}

int sna_dataset_id_runs(sna_dataset *self, const sna_range *run, uint64_t runs, uint64_t *out)
{
    int status = 0;
    const uint64_t n = values_in(self, run, runs);

    if (self->storage == SNA_U64) {
        status = read_runs(self, run, runs, (unsigned char *)out);
        goto out;
    }
    /* Same room, other sign: what is negative is refused below. */
    status = integer_runs(self, run, runs, (int64_t *)out);
    if (status != 0 || self->raw == SNA_RAW_UNSIGNED)
        goto out;
    for (uint64_t i = 0; i < n; i++)
        if (((int64_t *)out)[i] < 0) {
            status = sna_error(SNA_ERANGE, "%s: %s: row %" PRIu64 " is %" PRId64 ", which cannot be an id",
                               self->file->path, self->place, row_of(self, run, runs, i), ((int64_t *)out)[i]);
            goto out;
        }
out:
    return status;
}

int sna_dataset_integers(sna_dataset *self, uint64_t first, uint64_t count, int64_t *out)
{
    const sna_range run = {first, first + count};
    return count == 0 ? 0 : integer_runs(self, &run, 1, out);
}

int sna_dataset_ids(sna_dataset *self, uint64_t first, uint64_t count, uint64_t *out)
{
    const sna_range run = {first, first + count};
    return count == 0 ? 0 : sna_dataset_id_runs(self, &run, 1, out);
}

int sna_dataset_reals(sna_dataset *self, uint64_t first, uint64_t count, double *out)
{
    const sna_range run = {first, first + count};
    return count == 0 ? 0 : real_runs(self, &run, 1, out);
}

/* ---- texts -------------------------------------------------------------------------------------------------- */

static int variable_texts(sna_dataset *self, uint64_t first, uint64_t count, sna_dictionary *texts, uint32_t *out)
{
    int status = 0;
    const uint64_t n = count * self->width;
    char **string = NULL;
    const hid_t space = H5Screate_simple(1, &(hsize_t){n}, NULL);

    status = sna_allocate(&string, n, sizeof *string);
    if (status != 0)
        goto out;
    status = sna_dataset_read_by_hdf5(self, first, count, string, NULL);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < n; i++) {
        out[i] = SNA_NO_TEXT;
        if (string[i] != NULL) {
            status = sna_dictionary_code(texts, string[i], strlen(string[i]), &out[i]);
            if (status != 0)
                goto out;
        }
    }
out:
    /* A read that fails on the way has made some of them. */
    if (space >= 0 && string != NULL)
        H5Dvlen_reclaim(self->memory, space, H5P_DEFAULT, string);
    if (space >= 0)
        H5Sclose(space);
    free(string);
    return status;
}

static int fixed_texts(sna_dataset *self, uint64_t first, uint64_t count, sna_dictionary *texts, uint32_t *out)
{
    int status = 0;
    const uint64_t n = count * self->width;
    char *bytes = NULL;

    status = sna_allocate(&bytes, n, self->size);
    if (status != 0)
        goto out;
    status = sna_dataset_read_by_hdf5(self, first, count, bytes, NULL);
    for (uint64_t i = 0; i < n && status == 0; i++) {
        const char *text = bytes + i * self->size;
        uint64_t length = strnlen(text, self->size);
        while (self->padding == H5T_STR_SPACEPAD && length > 0 && text[length - 1] == ' ')
            length--;
        status = sna_dictionary_code(texts, text, length, &out[i]);
    }
out:
    free(bytes);
    return status;
}

static int number_texts(sna_dataset *self, uint64_t first, uint64_t count, sna_dictionary *texts, uint32_t *out)
{
    int status = 0;
    const uint64_t n = count * self->width;
    double *real = NULL;
    int64_t *integer = NULL;
    char buffer[SNA_NUMBER_SIZE];

    if (self->raw == SNA_RAW_FLOAT)
        status = sna_allocate(&real, n, sizeof *real);
    else
        status = sna_allocate(&integer, n, sizeof *integer);
    if (status != 0)
        goto out;
    status =
        real != NULL ? sna_dataset_reals(self, first, count, real) : sna_dataset_integers(self, first, count, integer);
    for (uint64_t i = 0; i < n && status == 0; i++) {
        if (real != NULL)
            sna_number_text(buffer, real[i]);
        else if (integer != NULL)
            snprintf(buffer, sizeof buffer, "%" PRId64, integer[i]);
        status = sna_dictionary_code(texts, buffer, strlen(buffer), &out[i]);
    }
out:
    free(real);
    free(integer);
    return status;
}

int sna_dataset_texts(sna_dataset *self, uint64_t first, uint64_t count, sna_dictionary *texts, uint32_t *out)
{
    int status = check_range(self, first, count);

    while (status == 0 && count > 0) {
        uint64_t now = count > STRINGS_AT_ONCE ? STRINGS_AT_ONCE : count;
        if (self->raw == SNA_RAW_FIXED && now * self->width > ((uint64_t)1 << 22) / self->size)
            now = ((uint64_t)1 << 22) / self->size / self->width;
        if (now == 0)
            now = 1;
        if (self->raw == SNA_RAW_VARIABLE)
            status = variable_texts(self, first, now, texts, out);
        else if (self->raw == SNA_RAW_FIXED)
            status = fixed_texts(self, first, now, texts, out);
        else
            status = number_texts(self, first, now, texts, out);
        first += now;
        count -= now;
        out += now * self->width;
    }
    return status;
}

int sna_dataset_runs(sna_dataset *self, const sna_range *run, uint64_t runs, sna_type type, sna_dictionary *texts,
                     void *out)
{
    int status = 0;
    uint32_t *code = out;

    if (runs == 0)
        goto out;
    if (type == SNA_INTEGER)
        status = integer_runs(self, run, runs, out);
    else if (type == SNA_REAL)
        status = real_runs(self, run, runs, out);
    else
        for (uint64_t r = 0; r < runs && status == 0; r++) {
            status = sna_dataset_texts(self, run[r].first, run[r].end - run[r].first, texts, code);
            code += (run[r].end - run[r].first) * self->width;
        }
out:
    return status;
}
