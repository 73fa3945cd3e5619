/* h5_make.c: making HDF5 files of any shape, for tests of readers. */
#include "support.h"

#include "h5_make.h"

#include <stdlib.h>
#include <string.h>

static hid_t good(hid_t id)
{
    assert_true(id >= 0);
    return id;
}

hid_t h5_new(const char *path)
{
    return good(H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
}

static hid_t with_parents(void)
{
    const hid_t links = good(H5Pcreate(H5P_LINK_CREATE));

    assert_true(H5Pset_create_intermediate_group(links, 1) >= 0);
    return links;
}

void h5_group(hid_t file, const char *path)
{
    const hid_t links = with_parents();

    H5Gclose(good(H5Gcreate2(file, path, links, H5P_DEFAULT, H5P_DEFAULT)));
    H5Pclose(links);
}

void h5_array(hid_t file, const char *path, hid_t file_type, hid_t memory_type, uint64_t rows, uint64_t width,
              const void *values)
{
    const hsize_t extent[2] = {rows, width};
    const hid_t links = with_parents(), space = good(H5Screate_simple(width > 0 ? 2 : 1, extent, NULL));
    const hid_t dataset = good(H5Dcreate2(file, path, file_type, space, links, H5P_DEFAULT, H5P_DEFAULT));

    if (rows > 0)
        assert_true(H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    H5Dclose(dataset);
    H5Sclose(space);
    H5Pclose(links);
}

void h5_integers(hid_t file, const char *path, hid_t file_type, uint64_t rows, const int64_t *values)
{
    h5_array(file, path, file_type, H5T_NATIVE_INT64, rows, 0, values);
}

void h5_reals(hid_t file, const char *path, hid_t file_type, uint64_t rows, const double *values)
{
    h5_array(file, path, file_type, H5T_NATIVE_DOUBLE, rows, 0, values);
}

void h5_constant(hid_t file, const char *path, hid_t file_type, uint64_t rows, int64_t value)
{
    const hsize_t extent = rows, chunk = rows < 1 << 20 ? rows : 1 << 20;
    const hid_t links = with_parents(), space = good(H5Screate_simple(1, &extent, NULL));
    const hid_t creation = good(H5Pcreate(H5P_DATASET_CREATE));

    assert_true(H5Pset_chunk(creation, 1, &chunk) >= 0);
    assert_true(H5Pset_fill_value(creation, H5T_NATIVE_INT64, &value) >= 0);
    H5Dclose(good(H5Dcreate2(file, path, file_type, space, links, creation, H5P_DEFAULT)));
    H5Pclose(creation);
    H5Sclose(space);
    H5Pclose(links);
}

void h5_texts(hid_t file, const char *path, size_t size, H5T_str_t padding, uint64_t rows, const char *const *values)
{
    const hid_t type = good(H5Tcopy(H5T_C_S1));
    char *fixed = NULL;

    if (size == 0) {
        assert_true(H5Tset_size(type, H5T_VARIABLE) >= 0 && H5Tset_cset(type, H5T_CSET_UTF8) >= 0);
        h5_array(file, path, type, type, rows, 0, values);
    } else {
        assert_true(H5Tset_size(type, size) >= 0 && H5Tset_strpad(type, padding) >= 0);
        fixed = calloc(rows, size);
        assert_non_null(fixed);
        for (uint64_t i = 0; i < rows; i++) {
            memset(fixed + i * size, padding == H5T_STR_SPACEPAD ? ' ' : 0, size);
            memcpy(fixed + i * size, values[i], strnlen(values[i], size));
        }
        h5_array(file, path, type, type, rows, 0, fixed);
        free(fixed);
    }
    H5Tclose(type);
}

void h5_text_attribute(hid_t file, const char *path, const char *name, const char *value)
{
    const hid_t object = good(H5Oopen(file, path, H5P_DEFAULT)), space = good(H5Screate(H5S_SCALAR));
    const hid_t type = good(H5Tcopy(H5T_C_S1));
    hid_t attribute;

    assert_true(H5Tset_size(type, H5T_VARIABLE) >= 0);
    attribute = good(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT));
    assert_true(H5Awrite(attribute, type, &value) >= 0);
    H5Aclose(attribute);
    H5Tclose(type);
    H5Sclose(space);
    H5Oclose(object);
}

void h5_done(hid_t file)
{
    assert_true(H5Fclose(file) >= 0);
}
