/* h5_make.h: making HDF5 files of any shape, for tests of readers. Every function fails the test when HDF5 does. */
#ifndef SNA_TESTS_H5_MAKE_H
#define SNA_TESTS_H5_MAKE_H

#include <hdf5.h>
#include <stdint.h>

hid_t h5_new(const char *path);
/* Makes the groups on the way to `path`. */
void h5_group(hid_t file, const char *path);
/* A dataset of rank 1 (`width` 0) or 2, stored as `file_type`, from values of type `memory_type`. */
void h5_array(hid_t file, const char *path, hid_t file_type, hid_t memory_type, uint64_t rows, uint64_t width,
              const void *values);
/* Signed values stored as `file_type`. */
void h5_integers(hid_t file, const char *path, hid_t file_type, uint64_t rows, const int64_t *values);
void h5_reals(hid_t file, const char *path, hid_t file_type, uint64_t rows, const double *values);
/* `rows` values that are all the same, in chunks none of which is in the file: as long as one likes, for no room. */
void h5_constant(hid_t file, const char *path, hid_t file_type, uint64_t rows, int64_t value);
/* Strings: variable-length UTF-8 for `size` 0, else fixed with the padding of HDF5. */
void h5_texts(hid_t file, const char *path, size_t size, H5T_str_t padding, uint64_t rows, const char *const *values);
void h5_text_attribute(hid_t file, const char *path, const char *name, const char *value);
void h5_done(hid_t file);

#endif
