/* h5write.h: HDF5 files being written. Private to sonata/. */
#ifndef SNA_H5WRITE_H
#define SNA_H5WRITE_H

#include <hdf5.h>

#include "sonata.h"

typedef struct sna_chunk_writer sna_chunk_writer;

/* A file of a set of outputs: written under a temporary name, called by its final one. */
typedef struct {
    hid_t id;
    char *path;               /* final */
    char *temporary;          /* where it is now */
    bool failed;              /* a write failed: nothing more reaches the file */
    bool in_memory;           /* there is no such file */
    bool shared;              /* several processes have it open together, see h5share.h */
    sna_chunk_writer *chunks; /* compressed chunks under way; NULL before the first */
} sna_h5_output;

/* Creates the file, with `magic` and `version`. */
int sna_h5_output_create(sna_h5_output *self, sna_outputs *outputs, const char *path) SNA_CHECK_RESULT;
/* Closes it, checking that everything reached the file. */
int sna_h5_output_finish(sna_h5_output *self) SNA_CHECK_RESULT;
/* Closes what finish has not, whatever happens. */
void sna_h5_output_free(sna_h5_output *self);

/* SNA_EIO with "path: place: cannot write: reason". Call it where HDF5 fails to write, before anything else: libhdf5
 * holds data that it would try to write again when things are closed, fail, and crash at exit. From here on what it
 * writes goes nowhere, and the file cannot be finished. */
int sna_h5_write_error(sna_h5_output *self, const char *place);
/* A group that must not be there yet. */
int sna_h5_write_group(sna_h5_output *self, hid_t parent, const char *name, const char *place,
                       hid_t *out) SNA_CHECK_RESULT;
/* Attributes of one value: a variable-length UTF-8 string, an integer. */
int sna_h5_write_text_attribute(sna_h5_output *self, hid_t object, const char *place, const char *name,
                                const char *value) SNA_CHECK_RESULT;
int sna_h5_write_integer_attribute(sna_h5_output *self, hid_t object, const char *place, const char *name, hid_t type,
                                   int64_t value) SNA_CHECK_RESULT;
/* The type of a storage in files (little endian); strings: a copy that must be closed. */
hid_t sna_h5_file_type(sna_storage storage);
/* A variable-length UTF-8 string type; close it. */
hid_t sna_h5_string_type(void);
/* May `name` be the name of one object? Errors: SNA_EINVAL. */
int sna_h5_check_name(const char *name, const char *what) SNA_CHECK_RESULT;

/* ---- columns ------------------------------------------------------------------------------------------------ */

/* A dataset written from the front, in bounded memory. Little data become contiguous; more become chunks, of which
 * those that hold only the first value of the column are left out: the fill value stands for them. */
typedef struct {
    sna_h5_output *file;
    hid_t parent, dataset, type; /* dataset is invalid until something must be written */
    char *name, *place;
    sna_storage storage;
    uint32_t width;
    size_t size;         /* bytes of a value */
    uint64_t chunk_rows; /* rows of a chunk, and at most in the buffer */
    uint64_t allocated_rows;
    unsigned char *room;        /* buffered values; for strings char * that it owns */
    uint64_t buffered, written; /* rows */
    unsigned char fill[8];
    unsigned compress; /* deflate level, 0: none */
    bool attached;     /* to a dataset that is as long as it will be */
    unsigned pending;  /* chunks given to the file's chunk writer that are not written yet */
} sna_column_writer;

/* `place` is the path of the parent, for messages. */
int sna_column_writer_open(sna_column_writer *self, sna_h5_output *file, hid_t parent, const char *place,
                           const char *name, sna_storage storage, uint32_t width, unsigned compress) SNA_CHECK_RESULT;
/* Appends `count` rows [count * width]. Values must fit: see sna_storage_check. */
int sna_column_writer_integers(sna_column_writer *self, const int64_t *value, uint64_t count) SNA_CHECK_RESULT;
int sna_column_writer_ids(sna_column_writer *self, const uint64_t *value, uint64_t count) SNA_CHECK_RESULT;
int sna_column_writer_reals(sna_column_writer *self, const double *value, uint64_t count) SNA_CHECK_RESULT;
int sna_column_writer_texts(sna_column_writer *self, const char *const *value, uint64_t count) SNA_CHECK_RESULT;
/* By the kind of the storage. */
int sna_column_writer_values(sna_column_writer *self, sna_values values, uint64_t count) SNA_CHECK_RESULT;
/* The same value `count` times. */
int sna_column_writer_repeat(sna_column_writer *self, int64_t value, uint64_t count) SNA_CHECK_RESULT;
/* Instead of appending to a dataset of its own: makes it, `rows` long and not written; or goes on with one of that name
 * that is in the (shared) file already, from row `first` on. Not for strings: SNA_EUNSUPPORTED. */
int sna_column_writer_reserve(sna_column_writer *self, uint64_t rows) SNA_CHECK_RESULT;
int sna_column_writer_attach(sna_column_writer *self, uint64_t first) SNA_CHECK_RESULT;
/* Closes the dataset; what is buffered stays. */
void sna_column_writer_detach(sna_column_writer *self);
/* Writes what is buffered; the dataset stays open (`dataset`) until close. */
int sna_column_writer_finish(sna_column_writer *self) SNA_CHECK_RESULT;
void sna_column_writer_close(sna_column_writer *self);
/* Writes the chunk that starts at `row`, as it is to stand in the file. For chunk_writer.c. */
int sna_column_writer_chunk(sna_column_writer *self, uint64_t row, const void *data, size_t bytes) SNA_CHECK_RESULT;

/* Do `count` values fit the storage? Errors: SNA_ERANGE naming the first that does not, by its row. */
int sna_storage_check(sna_storage storage, sna_values values, uint64_t count, uint32_t width,
                      const char *name) SNA_CHECK_RESULT;
bool sna_storage_is_real(sna_storage storage);

#endif
