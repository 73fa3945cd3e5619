/* h5file.h: HDF5 files opened for reading, their groups and HDF5 attributes. Private to sonata/. */
#ifndef SNA_H5FILE_H
#define SNA_H5FILE_H

#include <hdf5.h>

#include "sonata.h"

/* An HDF5 file opened read-only, shared by the populations that are read from it. */
typedef struct {
    hid_t id;
    char *path;
    int fd; /* HDF5's own descriptor, for pread; -1 where addresses are not offsets in the file */
    uint64_t users;
} sna_h5_file;

/* Keeps libhdf5 from printing its error stack, in this thread. Every entry to the library's HDF5 calls starts here. */
void sna_h5_quiet(void);

/* How files are opened: without locks (they fail on some network file systems; readers and private temporary files do
 * not need them), and closed with everything in them. Close it. */
hid_t sna_h5_access(void);

/* Opens a file; its first user is the caller. Errors: SNA_ENOTFOUND, SNA_EIO, SNA_EFORMAT (not HDF5, truncated). */
int sna_h5_open(sna_h5_file **out, const char *path) SNA_CHECK_RESULT;
/* A file that is open as `id`, to read what is in it also while it is written; `path` is for messages. */
int sna_h5_view(sna_h5_file **out, hid_t id, const char *path) SNA_CHECK_RESULT;
/* One user more / one less; the last one closes. NULL is nothing. */
sna_h5_file *sna_h5_use(sna_h5_file *file);
void sna_h5_release(sna_h5_file *file);

/* The innermost sentence of libhdf5's error stack (the cause), or "HDF5 gives no reason". */
enum { SNA_H5_REASON_SIZE = 256 };
const char *sna_h5_reason(char buffer[SNA_H5_REASON_SIZE]);

/* What a name below `parent` is; a dangling link is SNA_H5_NONE. */
typedef enum { SNA_H5_NONE, SNA_H5_GROUP, SNA_H5_DATASET, SNA_H5_OTHER } sna_h5_kind;
sna_h5_kind sna_h5_kind_of(hid_t parent, const char *name);
/* Names of the children of a group, sorted, appended. */
int sna_h5_children(sna_list *out, const sna_h5_file *file, hid_t group, const char *place) SNA_CHECK_RESULT;
/* Opens a group; `place` is its path for messages. */
int sna_h5_open_group(hid_t *out, const sna_h5_file *file, hid_t parent, const char *name,
                      const char *place) SNA_CHECK_RESULT;
void sna_h5_close_group(hid_t *group);

/* A string attribute (fixed or variable, scalar or of one element) of an object; *out is NULL when there is none or it
 * is of another type. free() it. */
int sna_h5_text_attribute(char **out, hid_t object, const char *name) SNA_CHECK_RESULT;
/* An integer (or enumeration) attribute; *found says whether there is one. */
int sna_h5_integer_attribute(int64_t *out, bool *found, hid_t object, const char *name) SNA_CHECK_RESULT;

/* Notes a `magic` that is there and wrong, or a `version` other than 0.1. Missing ones are usual: noted too. */
int sna_h5_check_magic(const sna_h5_file *file, sna_notes *notes) SNA_CHECK_RESULT;

#endif
