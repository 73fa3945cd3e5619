/* h5write.c: HDF5 files being written: the file, groups, HDF5 attributes. */
#include "sonata/h5write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sonata/chunk_writer.h"
#include "sonata/h5file.h"

/* Puts a file in memory under HDF5's descriptor. */
static void write_nowhere(sna_h5_output *self)
{
    int *descriptor = NULL;
    int nowhere = -1;

    if (self->failed || self->id < 0)
        return;
    self->failed = true;
    /* No descriptor behind these, and nothing held back. */
    if (self->shared || self->in_memory)
        return;
    if (H5Fget_vfd_handle(self->id, H5P_DEFAULT, (void **)&descriptor) < 0 || descriptor == NULL)
        return;
    nowhere = memfd_create("sonatina", MFD_CLOEXEC);
    if (nowhere >= 0) {
        (void)dup2(nowhere, *descriptor);
        (void)close(nowhere);
    }
}

int sna_h5_write_error(sna_h5_output *self, const char *place)
{
    char reason[SNA_H5_REASON_SIZE];
    const int code = sna_error(SNA_EIO, "%s: %s: cannot write: %s", self->path, place, sna_h5_reason(reason));

    write_nowhere(self);
    return code;
}

static int write_version(sna_h5_output *self)
{
    int status = 0;
    const uint32_t version[2] = {0, 1};
    const hsize_t extent = 2;
    hid_t space = H5I_INVALID_HID, attribute = H5I_INVALID_HID;

    status = sna_h5_write_integer_attribute(self, self->id, "/", "magic", H5T_STD_U32LE, 0x0A7A);
    if (status != 0)
        goto out;
    space = H5Screate_simple(1, &extent, NULL);
    if (space >= 0)
        attribute = H5Acreate2(self->id, "version", H5T_STD_U32LE, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, H5T_NATIVE_UINT32, version) < 0)
        status = sna_h5_write_error(self, "/");
out:
    if (attribute >= 0)
        H5Aclose(attribute);
    if (space >= 0)
        H5Sclose(space);
    return status;
}

int sna_h5_output_create(sna_h5_output *self, sna_outputs *outputs, const char *path)
{
    int status = 0;
    const char *temporary = NULL;
    hid_t access = H5I_INVALID_HID;

    sna_h5_quiet();
    *self = (sna_h5_output){.id = H5I_INVALID_HID};
    status = sna_text_copy(&self->path, path);
    if (status == 0)
        status = sna_outputs_add(outputs, path, &temporary);
    if (status == 0)
        status = sna_text_copy(&self->temporary, temporary);
    if (status != 0)
        goto out;
    access = sna_h5_access();
    if (access >= 0)
        self->id = H5Fcreate(temporary, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    if (self->id < 0) {
        status = sna_h5_write_error(self, "/");
        goto out;
    }
    status = write_version(self);
out:
    if (access >= 0)
        H5Pclose(access);
    if (status != 0)
        sna_h5_output_free(self);
    return status;
}

int sna_h5_output_finish(sna_h5_output *self)
{
    int status = 0;

    sna_h5_quiet();
    if (self->failed)
        status = sna_error(SNA_EIO, "%s: writing it failed before", self->path);
    else
        status = sna_chunk_writer_drain(self);
    if (status == 0 && self->id >= 0 && H5Fflush(self->id, H5F_SCOPE_GLOBAL) < 0)
        status = sna_h5_write_error(self, "/");
    if (self->id >= 0 && H5Fclose(self->id) < 0 && status == 0)
        status = sna_h5_write_error(self, "/");
    self->id = H5I_INVALID_HID;
    return status;
}

void sna_h5_output_free(sna_h5_output *self)
{
    sna_h5_quiet();
    sna_chunk_writer_free(self);
    /* What was not finished is thrown away: it need not be written. */
    write_nowhere(self);
    /* A shared file is closed by all together, or, where they have parted, by nobody. */
    if ((!self->shared || sna_ranks_agree(0) == 0) && self->id >= 0)
        H5Fclose(self->id);
    free(self->path);
    free(self->temporary);
    *self = (sna_h5_output){.id = H5I_INVALID_HID};
}

int sna_h5_write_group(sna_h5_output *self, hid_t parent, const char *name, const char *place, hid_t *out)
{
    *out = H5Gcreate2(parent, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    return *out < 0 ? sna_h5_write_error(self, place) : 0;
}

int sna_h5_write_text_attribute(sna_h5_output *self, hid_t object, const char *place, const char *name,
                                const char *value)
{
    int status = 0;
    hid_t type = sna_h5_string_type(), space = H5Screate(H5S_SCALAR), attribute = H5I_INVALID_HID;

    if (type >= 0 && space >= 0)
        attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, type, &value) < 0)
        status = sna_h5_write_error(self, place);
    if (attribute >= 0)
        H5Aclose(attribute);
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    return status;
}

int sna_h5_write_integer_attribute(sna_h5_output *self, hid_t object, const char *place, const char *name, hid_t type,
                                   int64_t value)
{
    int status = 0;
    hid_t space = H5Screate(H5S_SCALAR), attribute = H5I_INVALID_HID;

    if (space >= 0)
        attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, H5T_NATIVE_INT64, &value) < 0)
        status = sna_h5_write_error(self, place);
    if (attribute >= 0)
        H5Aclose(attribute);
    if (space >= 0)
        H5Sclose(space);
    return status;
}

hid_t sna_h5_file_type(sna_storage storage)
{
    switch (storage) {
    case SNA_I8:
        return H5T_STD_I8LE;
    case SNA_I16:
        return H5T_STD_I16LE;
    case SNA_I32:
        return H5T_STD_I32LE;
    case SNA_I64:
        return H5T_STD_I64LE;
    case SNA_U8:
        return H5T_STD_U8LE;
    case SNA_U16:
        return H5T_STD_U16LE;
    case SNA_U32:
        return H5T_STD_U32LE;
    case SNA_U64:
        return H5T_STD_U64LE;
    case SNA_F32:
        return H5T_IEEE_F32LE;
    case SNA_F64:
        return H5T_IEEE_F64LE;
    default:
        return H5I_INVALID_HID;
    }
}

hid_t sna_h5_string_type(void)
{
    const hid_t type = H5Tcopy(H5T_C_S1);

    if (type >= 0 && (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)) {
        H5Tclose(type);
        return H5I_INVALID_HID;
    }
    return type;
}

int sna_h5_check_name(const char *name, const char *what)
{
    int status = 0;

    if (name == NULL || name[0] == '\0')
        status = sna_error(SNA_EINVAL, "%s needs a name", what);
    else if (strchr(name, '/') != NULL || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        status = sna_error(SNA_EINVAL, "%s cannot be called `%s`: HDF5 takes / and . for paths", what, name);
    return status;
}
