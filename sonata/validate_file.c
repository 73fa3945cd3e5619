/* validate_file.c: HDF5 files as a whole: can they be opened, where do their links lead, what is at their root. */
#include "sonata/crash.h"
#include "sonata/validate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 64 }; /* groups in groups */

/* ---- links -------------------------------------------------------------------------------------------------- */

typedef struct {
    sna_validator *validator;
    sna_checked_file *file;
    haddr_t above[DEEPEST]; /* the groups that the walk is in */
    haddr_t *seen;          /* [seen_count] sorted: objects with several names */
    uint64_t seen_count, seen_capacity;
    sna_list soft; /* paths of soft links */
} link_walk;

/* Was the object seen before? It is from now on. */
static int see(link_walk *walk, haddr_t address, bool *before)
{
    int status = 0;
    uint64_t low = 0, high = walk->seen_count;
    haddr_t *grown = NULL;

    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (walk->seen[middle] < address)
            low = middle + 1;
        else
            high = middle;
    }
    *before = low < walk->seen_count && walk->seen[low] == address;
    if (*before)
        goto out;
    grown = sna_grow(walk->seen, &walk->seen_capacity, walk->seen_count + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    walk->seen = grown;
    memmove(grown + low + 1, grown + low, (size_t)(walk->seen_count - low) * sizeof *grown);
    grown[low] = address;
    walk->seen_count++;
out:
    return status;
}

static int walk_group(link_walk *walk, hid_t group, const char *place, unsigned depth);

/* An object that the group holds itself. */
static int walk_object(link_walk *walk, hid_t group, const char *name, const char *place, unsigned depth)
{
    int status = 0;
    bool before = false, is_above = false;
    hid_t child = H5I_INVALID_HID;
    H5O_info_t info;

    if (H5Oget_info_by_name2(group, name, &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0 || info.type != H5O_TYPE_GROUP)
        goto out; /* what cannot be opened is found where it is needed */
    for (unsigned i = 0; i < depth; i++)
        is_above = is_above || walk->above[i] == info.addr;
    if (is_above || depth >= DEEPEST) {
        status = sna_find(walk->validator, "link.cycle", (sna_place){walk->file->path, place, 0}, NULL,
                          is_above ? "the group is also one of those above it" : "groups are nested too deeply");
        goto out;
    }
    if (info.rc > 1)
        status = see(walk, info.addr, &before);
    if (status != 0 || before)
        goto out;
    child = H5Gopen2(group, name, H5P_DEFAULT);
    if (child < 0)
        goto out;
    walk->above[depth] = info.addr;
    status = walk_group(walk, child, place, depth + 1);
out:
    sna_h5_close_group(&child);
    return status;
}

static int walk_link(link_walk *walk, hid_t group, const char *name, const char *place, unsigned depth)
{
    int status = 0;
    H5L_info_t link;
    char *value = NULL;
    const char *file = NULL, *object = NULL;
    unsigned flags = 0;

    if (H5Lget_info(group, name, &link, H5P_DEFAULT) < 0)
        goto out;
    if (link.type == H5L_TYPE_HARD) {
        status = walk_object(walk, group, name, place, depth);
    } else if (link.type == H5L_TYPE_SOFT) {
        status = sna_list_add(&walk->soft, place);
    } else {
        walk->file->foreign = true;
        status = sna_allocate(&value, (uint64_t)link.u.val_size + 1, 1);
        if (status != 0)
            goto out;
        if (link.type != H5L_TYPE_EXTERNAL || H5Lget_val(group, name, value, link.u.val_size, H5P_DEFAULT) < 0 ||
            H5Lunpack_elink_val(value, link.u.val_size, &flags, &file, &object) < 0)
            file = object = "?";
        status = sna_find(walk->validator, "link.external", (sna_place){walk->file->path, place, 0}, NULL,
                          "a link to %s in the file `%s`; it was not followed", object, file);
    }
out:
    free(value);
    return status;
}

static int walk_group(link_walk *walk, hid_t group, const char *place, unsigned depth)
{
    sna_list names = SNA_LIST;
    int status = sna_h5_children(&names, walk->file->h5, group, place);

    if (status == SNA_EFORMAT)
        status = sna_find(walk->validator, "dataset.unreadable", (sna_place){walk->file->path, place, 0}, NULL, "%s",
                          sna_error_message());
    for (uint64_t i = 0; i < names.count && status == 0; i++) {
        char *child = NULL;
        status = sna_text_format(&child, "%s/%s", strcmp(place, "/") == 0 ? "" : place, names.text[i]);
        if (status == 0)
            status = walk_link(walk, group, names.text[i], child, depth);
        free(child);
    }
    if (status == 0)
        status = sna_check_cancelled();
    sna_list_free(&names);
    return status;
}

static int walk_links(sna_validator *self, sna_checked_file *file)
{
    int status = 0;
    link_walk *walk = NULL;
    H5O_info_t info;

    status = sna_allocate(&walk, 1, sizeof *walk);
    if (status != 0)
        goto out;
    walk->validator = self;
    walk->file = file;
    walk->soft = SNA_LIST;
    if (H5Oget_info2(file->h5->id, &info, H5O_INFO_BASIC) >= 0)
        walk->above[0] = info.addr;
    status = walk_group(walk, file->h5->id, "/", 1);
    /* With links to other files about, a soft link may lead there: then none is followed. */
    for (uint64_t i = 0; i < walk->soft.count && status == 0 && !file->foreign; i++)
        if (H5Oexists_by_name(file->h5->id, walk->soft.text[i], H5P_DEFAULT) <= 0)
            status = sna_find(self, "link.dangling", (sna_place){file->path, walk->soft.text[i], 0}, NULL,
                              "the link leads nowhere, or in a circle");
out:
    if (walk != NULL) {
        sna_list_free(&walk->soft);
        free(walk->seen);
    }
    free(walk);
    return status;
}

sna_h5_kind sna_checked_kind(const sna_checked_file *self, hid_t parent, const char *name, bool *foreign)
{
    H5L_info_t link;
    sna_h5_kind kind = SNA_H5_NONE;

    *foreign = false;
    sna_crash_enter(self->path, name);
    if (H5Lexists(parent, name, H5P_DEFAULT) <= 0 || H5Lget_info(parent, name, &link, H5P_DEFAULT) < 0)
        goto out;
    *foreign = link.type != H5L_TYPE_HARD && (link.type != H5L_TYPE_SOFT || self->foreign);
    kind = *foreign ? SNA_H5_NONE : sna_h5_kind_of(parent, name);
out:
    sna_crash_leave();
    return kind;
}

/* ---- files -------------------------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), end_length = strlen(end);

    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* Opens the file and looks at what concerns all of it; what cannot be opened is a finding. */
static int open_file(sna_validator *self, sna_checked_file *file, sna_place where)
{
    int status = sna_h5_open(&file->h5, file->path);
    const sna_place here = {file->path, NULL, 0};

    if (status == SNA_ENOTFOUND)
        status =
            sna_find(self, "file.missing", where.file == NULL ? here : where, NULL, "%s does not exist", file->path);
    else if (status == SNA_EFORMAT || status == SNA_EIO)
        status = sna_find(self, "file.unreadable", here, NULL, "%s", sna_error_message());
    else if (status == 0)
        status = walk_links(self, file);
    if (status == 0 && file->h5 != NULL && !ends_with(file->path, ".h5") && !ends_with(file->path, ".hdf5"))
        status = sna_find(self, "file.name", here, NULL, "the name of the file does not end in .h5");
    return status;
}

int sna_check_open(sna_validator *self, const char *path, sna_place where, sna_checked_file **out)
{
    int status = 0;
    sna_checked_file *file = NULL, **grown = NULL;

    *out = NULL;
    if (self->skip != NULL && sna_list_find(self->skip, path) >= 0)
        goto out;
    for (uint64_t i = 0; i < self->files; i++)
        if (strcmp(self->file[i]->path, path) == 0) {
            *out = self->file[i]->h5 == NULL ? NULL : self->file[i];
            goto out;
        }
    grown = sna_grow(self->file, &self->file_capacity, self->files + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->file = grown;
    status = sna_allocate(&file, 1, sizeof *file);
    if (status != 0)
        goto out;
    self->file[self->files++] = file;
    status = sna_text_copy(&file->path, path);
    if (status == 0)
        status = open_file(self, file, where);
    if (status == 0 && file->h5 != NULL)
        *out = file;
out:
    return status;
}

/* ---- the root ----------------------------------------------------------------------------------------------- */

/* The two numbers of `version`; false where there is no such attribute. */
static bool read_version(hid_t root, uint64_t version[2])
{
    bool found = false;
    hid_t space = H5I_INVALID_HID, type = H5I_INVALID_HID;
    const hid_t attribute = H5Aexists(root, "version") > 0 ? H5Aopen(root, "version", H5P_DEFAULT) : H5I_INVALID_HID;

    if (attribute < 0)
        goto out;
    space = H5Aget_space(attribute);
    type = H5Aget_type(attribute);
    found = space >= 0 && type >= 0 && H5Tget_class(type) == H5T_INTEGER && H5Sget_simple_extent_npoints(space) == 2 &&
            H5Aread(attribute, H5T_NATIVE_UINT64, version) >= 0;
out:
    if (type >= 0)
        H5Tclose(type);
    if (space >= 0)
        H5Sclose(space);
    if (attribute >= 0)
        H5Aclose(attribute);
    return found;
}

static int check_magic(sna_validator *self, const sna_checked_file *file)
{
    int status = 0;
    bool found = false;
    int64_t magic = 0;
    uint64_t version[2] = {0, 1};
    const sna_place where = {file->path, "/", 0};

    status = sna_h5_integer_attribute(&magic, &found, file->h5->id, "magic");
    if (status != 0)
        goto out;
    if (!found && H5Aexists(file->h5->id, "magic") > 0)
        status = sna_find(self, "file.magic-wrong", where, NULL, "`magic` is not a whole number");
    else if (!found)
        status = sna_find(self, "file.magic-missing", where, NULL, "there is no `magic`");
    else if (magic != 0x0A7A)
        status = sna_find(self, "file.magic-wrong", where, NULL, "`magic` is %" PRId64, magic);
    if (status != 0)
        goto out;
    if (read_version(file->h5->id, version)) {
        if (version[0] != 0 || version[1] != 1)
            status = sna_find(self, "file.version", where, NULL, "`version` is %" PRIu64 ", %" PRIu64, version[0],
                              version[1]);
    } else if (found || H5Aexists(file->h5->id, "version") > 0) {
        status = sna_find(self, "file.version", where, NULL, "`version` is missing, or not two whole numbers");
    }
out:
    return status;
}

int sna_check_root(sna_validator *self, sna_checked_file *file)
{
    int status = 0;
    bool foreign = false;
    sna_list names = SNA_LIST;

    if (file->root_checked)
        goto out;
    file->root_checked = true;
    status = check_magic(self, file);
    if (status == 0 && sna_h5_children(&names, file->h5, file->h5->id, "/") != 0)
        goto out; /* a finding since the links were walked */
    for (uint64_t i = 0; i < names.count && status == 0; i++)
        if (sna_checked_kind(file, file->h5->id, names.text[i], &foreign) == SNA_H5_DATASET)
            status = sna_find(self, "file.stray-root", (sna_place){file->path, "/", 0}, NULL,
                              "the dataset `%s` lies beside nodes and edges", names.text[i]);
out:
    sna_list_free(&names);
    return status;
}

int sna_check_group(sna_validator *self, const sna_checked_file *file, hid_t parent, const char *name,
                    const char *place, bool required, hid_t *out)
{
    int status = 0;
    bool foreign = false;
    const sna_place where = {file->path, place, 0};

    *out = H5I_INVALID_HID;
    switch (sna_checked_kind(file, parent, name, &foreign)) {
    case SNA_H5_GROUP:
        status = sna_h5_open_group(out, file->h5, parent, name, place);
        if (status == SNA_EFORMAT)
            status = sna_find(self, "dataset.unreadable", where, NULL, "%s", sna_error_message());
        break;
    case SNA_H5_NONE:
        if (required && !foreign)
            status = sna_find(self, "dataset.missing", where, NULL, "there is no group %s", place);
        break;
    case SNA_H5_DATASET:
    case SNA_H5_OTHER:
        status = sna_find(self, "dataset.wrong-kind", where, NULL, "this is not a group");
        break;
    }
    return status;
}
