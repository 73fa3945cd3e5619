/* h5file.c: HDF5 files opened for reading, their groups and HDF5 attributes. */
#include "sonata/h5file.h"
#include "sonata/crash.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void sna_h5_quiet(void)
{
    /* The error stack belongs to the thread, and so does its printing. */
    static _Thread_local bool quiet;

    if (!quiet) {
        H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
        quiet = true;
    }
}

static herr_t keep_description(unsigned n, const H5E_error2_t *error, void *buffer)
{
    (void)n;
    if (error->desc != NULL)
        snprintf(buffer, SNA_H5_REASON_SIZE, "%s", error->desc);
    return 0;
}

const char *sna_h5_reason(char buffer[SNA_H5_REASON_SIZE])
{
    const char *cause = NULL;

    buffer[0] = '\0';
    /* Downward ends at the place where the fault was found. */
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep_description, buffer);
    /* Of a failed write or read, the system's own words are enough. */
    cause = strstr(buffer, "error message = '");
    if (cause != NULL) {
        cause += strlen("error message = '");
        memmove(buffer, cause, strlen(cause) + 1);
        buffer[strcspn(buffer, "'")] = '\0';
    }
    if (buffer[0] == '\0')
        snprintf(buffer, SNA_H5_REASON_SIZE, "HDF5 gives no reason");
    return buffer;
}

hid_t sna_h5_access(void)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);

    if (access >= 0 &&
        (H5Pset_file_locking(access, false, true) < 0 || H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) < 0)) {
        H5Pclose(access);
        access = H5I_INVALID_HID;
    }
    return access;
}

/* The descriptor behind a file opened with the default driver; -1 where a user block shifts every address. */
static int file_descriptor(hid_t file)
{
    int fd = -1;
    int *handle = NULL;
    hsize_t user_block = 0;
    const hid_t creation = H5Fget_create_plist(file);

    if (creation >= 0 && H5Pget_userblock(creation, &user_block) >= 0 && user_block == 0 &&
        H5Fget_vfd_handle(file, H5P_DEFAULT, (void **)&handle) >= 0 && handle != NULL)
        fd = *handle;
    if (creation >= 0)
        H5Pclose(creation);
    return fd;
}

int sna_h5_open(sna_h5_file **out, const char *path)
{
    int status = 0;
    char reason[SNA_H5_REASON_SIZE];
    struct stat info;
    hid_t access = H5I_INVALID_HID;
    sna_h5_file *self = NULL;

    sna_h5_quiet();
    *out = NULL;
    if (stat(path, &info) != 0) {
        status = sna_error(errno == ENOENT ? SNA_ENOTFOUND : SNA_EIO, "%s: %s", path, strerror(errno));
        goto out;
    }
    if (S_ISDIR(info.st_mode)) {
        status = sna_error(SNA_EFORMAT, "%s: this is a folder, an HDF5 file was expected", path);
        goto out;
    }
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    *self = (sna_h5_file){.id = H5I_INVALID_HID, .fd = -1, .users = 1};
    status = sna_text_copy(&self->path, path);
    if (status != 0)
        goto out;
    access = sna_h5_access();
    if (access < 0) {
        status = sna_error(SNA_ENOMEM, "%s: HDF5 cannot prepare to open it: %s", path, sna_h5_reason(reason));
        goto out;
    }
    sna_crash_enter(path, "");
    self->id = H5Fopen(path, H5F_ACC_RDONLY, access);
    if (self->id < 0) {
        sna_h5_reason(reason);
        if (H5Fis_hdf5(path) > 0)
            status = sna_error(SNA_EFORMAT, "%s: HDF5 cannot open it: %s", path, reason);
        else if (info.st_size == 0)
            status = sna_error(SNA_EFORMAT, "%s: the file is empty, an HDF5 file was expected", path);
        else
            status = sna_error(SNA_EFORMAT, "%s: not an HDF5 file (%s)", path, reason);
        goto out;
    }
    self->fd = file_descriptor(self->id);
    *out = self;
    self = NULL;
out:
    sna_crash_leave();
    if (access >= 0)
        H5Pclose(access);
    sna_h5_release(self);
    return status;
}

sna_h5_file *sna_h5_use(sna_h5_file *file)
{
    /* Streams of one population may be opened in different threads. */
    __atomic_add_fetch(&file->users, 1, __ATOMIC_RELAXED);
    return file;
}

int sna_h5_view(sna_h5_file **out, hid_t id, const char *path)
{
    char reason[SNA_H5_REASON_SIZE];
    sna_h5_file *self = NULL;
    int status = sna_allocate(&self, 1, sizeof *self);

    sna_h5_quiet();
    *out = NULL;
    if (status != 0)
        goto out;
    *self = (sna_h5_file){.id = H5I_INVALID_HID, .fd = -1, .users = 1};
    status = sna_text_copy(&self->path, path);
    if (status != 0)
        goto out;
    self->id = H5Freopen(id);
    if (self->id < 0) {
        status = sna_error(SNA_EIO, "%s: HDF5 cannot open it again: %s", path, sna_h5_reason(reason));
        goto out;
    }
    self->fd = file_descriptor(self->id);
    *out = self;
    self = NULL;
out:
    sna_h5_release(self);
    return status;
}

void sna_h5_release(sna_h5_file *file)
{
    if (file == NULL || __atomic_sub_fetch(&file->users, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    sna_h5_quiet();
    sna_crash_enter(file->path == NULL ? "" : file->path, "");
    if (file->id >= 0)
        H5Fclose(file->id);
    sna_crash_forget();
    free(file->path);
    free(file);
}

sna_h5_kind sna_h5_kind_of(hid_t parent, const char *name)
{
    sna_h5_kind kind = SNA_H5_NONE;
    H5O_info_t info;

    if (H5Lexists(parent, name, H5P_DEFAULT) <= 0 || H5Oexists_by_name(parent, name, H5P_DEFAULT) <= 0)
        goto out;
    if (H5Oget_info_by_name2(parent, name, &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0)
        goto out;
    if (info.type == H5O_TYPE_GROUP)
        kind = SNA_H5_GROUP;
    else if (info.type == H5O_TYPE_DATASET)
        kind = SNA_H5_DATASET;
    else
        kind = SNA_H5_OTHER;
out:
    return kind;
}

typedef struct {
    sna_list *list;
    int status;
} child_collector;

static herr_t collect_child(hid_t group, const char *name, const H5L_info_t *info, void *data)
{
    child_collector *collector = data;

    (void)group;
    (void)info;
    collector->status = sna_list_add(collector->list, name);
    return collector->status == 0 ? 0 : -1;
}

int sna_h5_children(sna_list *out, const sna_h5_file *file, hid_t group, const char *place)
{
    int status = 0;
    char reason[SNA_H5_REASON_SIZE];
    child_collector collector = {out, 0};

    sna_crash_enter(file->path, place);
    if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, NULL, collect_child, &collector) < 0) {
        if (collector.status != 0)
            status = collector.status;
        else
            status = sna_error(SNA_EFORMAT, "%s: %s: HDF5 cannot list what is in it: %s", file->path, place,
                               sna_h5_reason(reason));
    }
    sna_crash_leave();
    return status;
}

int sna_h5_open_group(hid_t *out, const sna_h5_file *file, hid_t parent, const char *name, const char *place)
{
    int status = 0;
    char reason[SNA_H5_REASON_SIZE];

    *out = H5I_INVALID_HID;
    sna_crash_enter(file->path, place);
    switch (sna_h5_kind_of(parent, name)) {
    case SNA_H5_GROUP:
        *out = H5Gopen2(parent, name, H5P_DEFAULT);
        if (*out < 0)
            status = sna_error(SNA_EFORMAT, "%s: %s: HDF5 cannot open the group: %s", file->path, place,
                               sna_h5_reason(reason));
        break;
    case SNA_H5_NONE:
        status = sna_error(SNA_ENOTFOUND, "%s: there is no group %s", file->path, place);
        break;
    case SNA_H5_DATASET:
    case SNA_H5_OTHER:
        status = sna_error(SNA_EFORMAT, "%s: %s is not a group", file->path, place);
        break;
    }
    sna_crash_leave();
    return status;
}

void sna_h5_close_group(hid_t *group)
{
    if (*group >= 0)
        H5Gclose(*group);
    *group = H5I_INVALID_HID;
}

/* Opens an attribute of one element; H5I_INVALID_HID when there is none such. The caller says when it leaves HDF5. */
static hid_t open_single(hid_t object, const char *name)
{
    hid_t attribute = H5I_INVALID_HID, space = H5I_INVALID_HID;

    sna_crash_enter_again();
    if (H5Aexists(object, name) <= 0)
        goto out;
    attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0)
        goto out;
    space = H5Aget_space(attribute);
    if (space < 0 || H5Sget_simple_extent_npoints(space) != 1) {
        H5Aclose(attribute);
        attribute = H5I_INVALID_HID;
    }
out:
    if (space >= 0)
        H5Sclose(space);
    return attribute;
}

int sna_h5_text_attribute(char **out, hid_t object, const char *name)
{
    int status = 0;
    char *buffer = NULL, *variable = NULL;
    hid_t type = H5I_INVALID_HID, space = H5I_INVALID_HID;
    const hid_t attribute = open_single(object, name);

    *out = NULL;
    if (attribute < 0)
        goto out;
    /* The file's own type as the memory type: HDF5 converts neither length nor character set of strings. */
    type = H5Aget_type(attribute);
    if (type < 0 || H5Tget_class(type) != H5T_STRING)
        goto out;
    if (H5Tis_variable_str(type) > 0) {
        space = H5Aget_space(attribute);
        if (H5Aread(attribute, type, &variable) < 0 || variable == NULL)
            goto out;
        status = sna_text_copy(out, variable);
    } else {
        const size_t size = H5Tget_size(type);
        status = sna_allocate(&buffer, (uint64_t)size + 1, 1);
        if (status != 0)
            goto out;
        if (H5Aread(attribute, type, buffer) < 0)
            goto out;
        if (H5Tget_strpad(type) == H5T_STR_SPACEPAD)
            for (size_t n = size; n > 0 && buffer[n - 1] == ' '; n--)
                buffer[n - 1] = '\0';
        *out = buffer;
        buffer = NULL;
    }
out:
    sna_crash_leave();
    if (variable != NULL && space >= 0)
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, &variable);
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    if (attribute >= 0)
        H5Aclose(attribute);
    free(buffer);
    return status;
}

int sna_h5_integer_attribute(int64_t *out, bool *found, hid_t object, const char *name)
{
    hid_t type = H5I_INVALID_HID;
    H5T_class_t class = H5T_NO_CLASS;
    const hid_t attribute = open_single(object, name);

    *out = 0;
    *found = false;
    if (attribute < 0)
        goto out;
    type = H5Aget_type(attribute);
    class = type < 0 ? H5T_NO_CLASS : H5Tget_class(type);
    if (class != H5T_INTEGER && class != H5T_ENUM)
        goto out;
    *found = H5Aread(attribute, H5T_NATIVE_INT64, out) >= 0;
out:
    sna_crash_leave();
    if (type >= 0)
        H5Tclose(type);
    if (attribute >= 0)
        H5Aclose(attribute);
    return 0;
}

int sna_h5_check_magic(const sna_h5_file *file, sna_notes *notes)
{
    int status = 0;
    int64_t magic = 0;
    bool found = false;

    status = sna_h5_integer_attribute(&magic, &found, file->id, "magic");
    if (status != 0)
        goto out;
    if (!found)
        status = sna_notes_add(notes, "file.magic-missing", file->path, "/",
                               "the file does not carry SONATA's `magic` attribute; it is read all the same");
    else if (magic != 0x0A7A)
        status =
            sna_notes_add(notes, "file.magic-wrong", file->path, "/",
                          "the `magic` attribute is %" PRId64 " instead of 2682; the file is read all the same", magic);
out:
    return status;
}
