/* dataset.c: opening a dataset: what it holds and how it can be read. dataset_read.c reads it. */
#include "sonata/chunk_reader.h"
#include "sonata/crash.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Is `type` exactly one of the plain types, in either byte order? */
static bool is_plain(hid_t type, hid_t little, hid_t big)
{
    return H5Tequal(type, little) > 0 || H5Tequal(type, big) > 0;
}

/* Values of a size that C has and that fill it: such bytes need no conversion but for their order. */
static bool is_direct_type(const sna_dataset *self, hid_t type)
{
    bool is_direct = false;
    const bool is_signed = self->raw == SNA_RAW_SIGNED;

    if (self->raw == SNA_RAW_FLOAT)
        is_direct = is_plain(type, H5T_IEEE_F32LE, H5T_IEEE_F32BE) || is_plain(type, H5T_IEEE_F64LE, H5T_IEEE_F64BE);
    else if (self->raw == SNA_RAW_SIGNED || self->raw == SNA_RAW_UNSIGNED)
        switch (self->size) {
        case 1:
            is_direct =
                is_signed ? is_plain(type, H5T_STD_I8LE, H5T_STD_I8BE) : is_plain(type, H5T_STD_U8LE, H5T_STD_U8BE);
            break;
        case 2:
            is_direct =
                is_signed ? is_plain(type, H5T_STD_I16LE, H5T_STD_I16BE) : is_plain(type, H5T_STD_U16LE, H5T_STD_U16BE);
            break;
        case 4:
            is_direct =
                is_signed ? is_plain(type, H5T_STD_I32LE, H5T_STD_I32BE) : is_plain(type, H5T_STD_U32LE, H5T_STD_U32BE);
            break;
        case 8:
            is_direct =
                is_signed ? is_plain(type, H5T_STD_I64LE, H5T_STD_I64BE) : is_plain(type, H5T_STD_U64LE, H5T_STD_U64BE);
            break;
        default:
            break;
        }
    return is_direct;
}

static hid_t integer_memory_type(size_t size, bool is_signed)
{
    switch (size) {
    case 1:
        return is_signed ? H5T_NATIVE_INT8 : H5T_NATIVE_UINT8;
    case 2:
        return is_signed ? H5T_NATIVE_INT16 : H5T_NATIVE_UINT16;
    case 4:
        return is_signed ? H5T_NATIVE_INT32 : H5T_NATIVE_UINT32;
    default:
        return is_signed ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64;
    }
}

static void describe_integer(sna_dataset *self, hid_t type)
{
    static const sna_storage of_signed[] = {SNA_I8, SNA_I16, SNA_I32, SNA_I64};
    static const sna_storage of_unsigned[] = {SNA_U8, SNA_U16, SNA_U32, SNA_U64};
    const size_t size = H5Tget_size(type);
    const bool is_signed = H5Tget_sign(type) == H5T_SGN_2;
    unsigned step = 0;

    if (size == 0 || size > 8)
        return;
    while (((size_t)1 << step) < size)
        step++;
    self->raw = is_signed ? SNA_RAW_SIGNED : SNA_RAW_UNSIGNED;
    self->size = (size_t)1 << step;
    self->storage = is_signed ? of_signed[step] : of_unsigned[step];
    self->memory = H5Tcopy(integer_memory_type(self->size, is_signed));
    self->big_endian = H5Tget_order(type) == H5T_ORDER_BE;
}

static void describe_float(sna_dataset *self, hid_t type)
{
    const size_t size = H5Tget_size(type);

    self->raw = SNA_RAW_FLOAT;
    self->storage = size <= 2 ? SNA_F16 : size <= 4 ? SNA_F32 : SNA_F64;
    self->size = size <= 4 ? sizeof(float) : sizeof(double);
    self->memory = H5Tcopy(size <= 4 ? H5T_NATIVE_FLOAT : H5T_NATIVE_DOUBLE);
    self->big_endian = H5Tget_order(type) == H5T_ORDER_BE;
}

static void describe_type(sna_dataset *self, hid_t type)
{
    hid_t base = H5I_INVALID_HID;

    self->raw = SNA_RAW_NONE;
    self->storage = SNA_NOT_SUPPORTED;
    switch (H5Tget_class(type)) {
    case H5T_INTEGER:
        describe_integer(self, type);
        break;
    case H5T_ENUM:
        base = H5Tget_super(type);
        self->enumeration = true;
        if (base >= 0)
            describe_integer(self, base);
        break;
    case H5T_FLOAT:
        describe_float(self, type);
        break;
    case H5T_STRING:
        /* The file's type is the memory's: HDF5 converts neither lengths nor character sets of strings. */
        self->storage = SNA_UTF8;
        self->memory = H5Tcopy(type);
        self->size = H5Tis_variable_str(type) > 0 ? sizeof(char *) : H5Tget_size(type);
        self->raw = H5Tis_variable_str(type) > 0 ? SNA_RAW_VARIABLE : SNA_RAW_FIXED;
        self->padding = H5Tget_strpad(type);
        break;
    default:
        break;
    }
    if (self->raw != SNA_RAW_NONE && self->memory < 0)
        self->raw = SNA_RAW_NONE;
    self->direct = is_direct_type(self, base >= 0 ? base : type);
    self->swap = self->direct && self->size > 1 && self->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
    if (base >= 0)
        H5Tclose(base);
}

static void describe_space(sna_dataset *self, hid_t space)
{
    hsize_t extent[H5S_MAX_RANK] = {0};
    const int rank = H5Sget_simple_extent_type(space) == H5S_NULL ? -1 : H5Sget_simple_extent_dims(space, extent, NULL);

    self->width = 1;
    self->rank = rank < 0 ? 1 : (uint32_t)rank;
    self->rows = rank < 0 ? 0 : rank == 0 ? 1 : extent[0];
    if (rank == 2)
        self->width = extent[1] > 0 && extent[1] <= INT32_MAX ? (uint32_t)extent[1] : 0;
    if (rank > 2 || self->width == 0) {
        self->raw = SNA_RAW_NONE;
        self->storage = SNA_NOT_SUPPORTED;
        self->width = 1;
    }
}

/* The name of the first filter that this HDF5 cannot undo, NULL when it can undo all. */
static int find_lacking_filter(sna_dataset *self, hid_t creation)
{
    int status = 0;
    const int count = H5Pget_nfilters(creation);

    self->filtered = count > 0;
    for (int i = 0; i < count && self->lacks == NULL && status == 0; i++) {
        char name[64] = "";
        unsigned flags = 0, config = 0;
        size_t elements = 0;
        const H5Z_filter_t filter =
            H5Pget_filter2(creation, (unsigned)i, &flags, &elements, NULL, sizeof name, name, &config);
        if (filter >= 0 && H5Zfilter_avail(filter) <= 0)
            status = sna_text_format(&self->lacks, "%d (%s)", (int)filter, name[0] != '\0' ? name : "no name");
    }
    return status;
}

/* Is the pipeline deflate, or shuffle of whole values and then deflate? */
static bool is_deflate(sna_dataset *self, hid_t creation)
{
    const int count = H5Pget_nfilters(creation);
    bool is = count == 1 || count == 2;

    self->shuffled = count == 2;
    for (int i = 0; i < count && is; i++) {
        unsigned flags = 0, value[4] = {0}, config = 0;
        size_t values = sizeof value / sizeof *value;
        const H5Z_filter_t filter = H5Pget_filter2(creation, (unsigned)i, &flags, &values, value, 0, NULL, &config);
        if (i < count - 1)
            is = filter == H5Z_FILTER_SHUFFLE && values == 1 && value[0] == self->size;
        else
            is = filter == H5Z_FILTER_DEFLATE;
    }
    return is;
}

/* Chunks of whole rows, without a filter, are as good as contiguous data once their addresses are known; deflated ones
 * can be inflated here. */
static int describe_chunks(sna_dataset *self, hid_t creation)
{
    int status = 0;
    hsize_t chunk[H5S_MAX_RANK] = {0};
    H5D_fill_value_t fill = H5D_FILL_VALUE_UNDEFINED;
    bool whole;

    self->chunked = true;
    if (H5Pget_chunk(creation, H5S_MAX_RANK, chunk) > 0)
        self->chunk_rows = chunk[0];
    status = find_lacking_filter(self, creation);
    if (status != 0 || !self->direct)
        goto out;
    whole = self->chunk_rows > 0 && (self->rank != 2 || chunk[1] == self->width) &&
            H5Pfill_value_defined(creation, &fill) >= 0 && fill != H5D_FILL_VALUE_UNDEFINED &&
            H5Pget_fill_value(creation, self->memory, self->fill) >= 0;
    self->packed =
        whole && is_deflate(self, creation) && self->chunk_rows <= SNA_CHUNK_READER_MOST / self->size / self->width;
    self->direct = whole && !self->filtered && self->file->fd >= 0;
    self->chunks = self->direct ? self->rows / self->chunk_rows + (self->rows % self->chunk_rows != 0) : 0;
    /* A table of addresses for more chunks than that would be larger than what it saves. */
    if (self->chunks > (uint64_t)1 << 24)
        self->direct = false;
out:
    return status;
}

static int describe_layout(sna_dataset *self, hid_t creation)
{
    int status = 0;
    haddr_t offset = HADDR_UNDEF;

    if (H5Pget_layout(creation) == H5D_CHUNKED) {
        status = describe_chunks(self, creation);
    } else if (self->direct) {
        offset =
            H5Pget_layout(creation) == H5D_CONTIGUOUS && H5Pget_external_count(creation) == 0 && self->file->fd >= 0
                ? H5Dget_offset(self->id)
                : HADDR_UNDEF;
        self->direct = offset != HADDR_UNDEF;
        self->offset = offset;
    }
    return status;
}

/* A chunk that does not fit HDF5's cache is read, and inflated, again for every block that touches it. */
static int reopen_with_cache(sna_dataset *self, hid_t parent, const char *name)
{
    const uint64_t usual = (uint64_t)1 << 20, most = (uint64_t)1 << 26;
    const uint64_t row_bytes = (uint64_t)self->width * self->size;
    hid_t access = H5I_INVALID_HID, again = H5I_INVALID_HID;
    uint64_t bytes = 0;

    if (!self->chunked || !self->filtered || self->packed || self->chunk_rows == 0 ||
        self->chunk_rows > most / row_bytes)
        goto out;
    bytes = 2 * self->chunk_rows * row_bytes;
    if (bytes <= usual)
        goto out;
    access = H5Pcreate(H5P_DATASET_ACCESS);
    if (access < 0 || H5Pset_chunk_cache(access, 521, (size_t)bytes, 1.0) < 0)
        goto out;
    again = H5Dopen2(parent, name, access);
    if (again >= 0) {
        H5Dclose(self->id);
        self->id = again;
    }
out:
    if (access >= 0)
        H5Pclose(access);
    return 0;
}

int sna_dataset_open(sna_dataset **out, sna_h5_file *file, hid_t parent, const char *name, const char *place)
{
    int status = 0;
    char reason[SNA_H5_REASON_SIZE];
    hid_t type = H5I_INVALID_HID, space = H5I_INVALID_HID, creation = H5I_INVALID_HID;
    sna_dataset *self = NULL;

    *out = NULL;
    switch (sna_h5_kind_of(parent, name)) {
    case SNA_H5_DATASET:
        break;
    case SNA_H5_NONE:
        status = sna_error(SNA_ENOTFOUND, "%s: there is no dataset %s", file->path, place);
        goto out;
    case SNA_H5_GROUP:
    case SNA_H5_OTHER:
        status = sna_error(SNA_EFORMAT, "%s: %s is not a dataset", file->path, place);
        goto out;
    }
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->id = self->memory = H5I_INVALID_HID;
    self->file = sna_h5_use(file);
    status = sna_text_copy(&self->place, place);
    if (status != 0)
        goto out;
    sna_crash_enter(file->path, place);
    self->id = H5Dopen2(parent, name, H5P_DEFAULT);
    if (self->id < 0) {
        status = sna_error(SNA_EFORMAT, "%s: %s: HDF5 cannot open the dataset: %s", file->path, place,
                           sna_h5_reason(reason));
        goto out;
    }
    type = H5Dget_type(self->id);
    space = H5Dget_space(self->id);
    creation = H5Dget_create_plist(self->id);
    if (type < 0 || space < 0 || creation < 0) {
        status = sna_error(SNA_EFORMAT, "%s: %s: HDF5 cannot tell its type or shape: %s", file->path, place,
                           sna_h5_reason(reason));
        goto out;
    }
    describe_type(self, type);
    describe_space(self, space);
    status = describe_layout(self, creation);
    if (status == 0)
        status = reopen_with_cache(self, parent, name);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_crash_leave();
    if (creation >= 0)
        H5Pclose(creation);
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    sna_dataset_close(self);
    return status;
}

void sna_dataset_close(sna_dataset *self)
{
    if (self == NULL)
        return;
    sna_h5_quiet();
    if (self->memory >= 0)
        H5Tclose(self->memory);
    if (self->id >= 0)
        H5Dclose(self->id);
    sna_chunk_reader_free(self->reader);
    free(self->window);
    free(self->address);
    free(self->lacks);
    free(self->place);
    sna_h5_release(self->file);
    free(self);
}

sna_type sna_dataset_type(const sna_dataset *self)
{
    return self->raw == SNA_RAW_FLOAT ? SNA_REAL : sna_dataset_is_number(self) ? SNA_INTEGER : SNA_TEXT;
}

bool sna_dataset_is_number(const sna_dataset *self)
{
    return self->raw == SNA_RAW_SIGNED || self->raw == SNA_RAW_UNSIGNED || self->raw == SNA_RAW_FLOAT;
}

int sna_dataset_expect_integers(const sna_dataset *self, uint32_t rank)
{
    int status = 0;

    if (!sna_dataset_is_number(self))
        status = sna_error(SNA_EFORMAT, "%s: %s: whole numbers are expected, but its type is %s", self->file->path,
                           self->place, sna_storage_name(self->storage));
    else if (self->rank != rank && !(self->rank == 0 && rank == 1))
        status = sna_error(SNA_EFORMAT, "%s: %s: an array of rank %" PRIu32 " is expected, but it has rank %" PRIu32,
                           self->file->path, self->place, rank, self->rank);
    return status;
}

const char *sna_storage_name(sna_storage storage)
{
    static const char *const names[] = {"int8",   "int16",   "int32",   "int64",   "uint8",  "uint16",     "uint32",
                                        "uint64", "float16", "float32", "float64", "string", "unsupported"};

    return (unsigned)storage <= SNA_NOT_SUPPORTED ? names[storage] : "unsupported";
}
