/* traces.c: the traces of a result as an HDF5 file. */
#include "internal.h"

#include <hdf5.h>
#include <string.h>

/* One array as a dataset of doubles with the attribute `unit`. False when libhdf5 failed. */
static bool write_array(hid_t parent, const char *name, const char *unit, const double *value, uint64_t count)
{
    const hsize_t size = count;
    const hid_t space = H5Screate_simple(1, &size, NULL), one = H5Screate(H5S_SCALAR), text = H5Tcopy(H5T_C_S1);
    hid_t data = H5I_INVALID_HID, attribute = H5I_INVALID_HID;
    bool good = space >= 0 && one >= 0 && text >= 0 && H5Tset_size(text, strlen(unit)) >= 0;

    if (good)
        data = H5Dcreate2(parent, name, H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    good = good && data >= 0 && H5Dwrite(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) >= 0;
    if (good)
        attribute = H5Acreate2(data, "units", text, one, H5P_DEFAULT, H5P_DEFAULT);
    good = good && attribute >= 0 && H5Awrite(attribute, text, unit) >= 0;
    if (attribute >= 0)
        good = H5Aclose(attribute) >= 0 && good;
    if (data >= 0)
        good = H5Dclose(data) >= 0 && good;
    if (text >= 0)
        (void)H5Tclose(text);
    if (one >= 0)
        (void)H5Sclose(one);
    if (space >= 0)
        (void)H5Sclose(space);
    return good;
}

/* The label of a stimulus as attribute of its group. */
static bool write_label(hid_t group, const char *label)
{
    const hid_t one = H5Screate(H5S_SCALAR), text = H5Tcopy(H5T_C_S1);
    hid_t attribute = H5I_INVALID_HID;
    bool good = one >= 0 && text >= 0 && H5Tset_size(text, strlen(label)) >= 0;

    if (good)
        attribute = H5Acreate2(group, "stimulus", text, one, H5P_DEFAULT, H5P_DEFAULT);
    good = good && attribute >= 0 && H5Awrite(attribute, text, label) >= 0;
    if (attribute >= 0)
        good = H5Aclose(attribute) >= 0 && good;
    if (text >= 0)
        (void)H5Tclose(text);
    if (one >= 0)
        (void)H5Sclose(one);
    return good;
}

static bool write_trace(hid_t file, const sna_cell_result *self, uint64_t k)
{
    const sna_cell_trace *trace = &self->simulation.trace[k];
    char name[32];
    hid_t group;
    bool good;

    (void)snprintf(name, sizeof name, "trace_%llu", (unsigned long long)k);
    group = H5Gcreate2(file, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    good = group >= 0 && write_label(group, self->label[k]) &&
           write_array(group, "time", "ms", trace->time, trace->count) &&
           write_array(group, "voltage", "mV", trace->voltage, trace->count) &&
           write_array(group, "current", "pA", self->current[k], trace->count);
    if (good && k == 0 && self->fit_count > 0)
        good = write_array(group, "fit_time", "ms", self->fit_time, self->fit_count) &&
               write_array(group, "fit_voltage", "mV", self->fit_voltage, self->fit_count);
    if (group >= 0)
        good = H5Gclose(group) >= 0 && good;
    return good;
}

int sna_cell_result_write_hdf5(const sna_cell_result *self, const char *path)
{
    int status = 0;
    sna_outputs *outputs = NULL;
    const char *temporary;
    hid_t file = H5I_INVALID_HID;
    bool good = true;

    status = sna_outputs_create(&outputs);
    if (status == 0)
        status = sna_outputs_add(outputs, path, &temporary);
    if (status != 0)
        goto out;
    /* What fails is said in one sentence below, not in libhdf5's stack. */
    H5E_BEGIN_TRY
    {
        file = H5Fcreate(temporary, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
        good = file >= 0;
        for (uint64_t k = 0; k < self->simulation.traces && good; k++)
            good = write_trace(file, self, k);
        if (file >= 0)
            good = H5Fclose(file) >= 0 && good;
    }
    H5E_END_TRY
    if (!good)
        status = sna_error(SNA_EIO, "%s: the traces cannot be written", path);
    if (status == 0)
        status = sna_outputs_commit(outputs);
out:
    sna_outputs_free(outputs);
    return status;
}
