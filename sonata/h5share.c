/* h5share.c: one file written by several processes. */
#include "sonata/h5share.h"

#include <stdlib.h>

#include "sonata/h5file.h"

int sna_h5_scratch_create(sna_h5_output *self, const char *path)
{
    hid_t access = H5I_INVALID_HID;
    int status = 0;

    sna_h5_quiet();
    *self = (sna_h5_output){.id = H5I_INVALID_HID};
    status = sna_text_copy(&self->path, path);
    if (status != 0)
        goto out;
    access = H5Pcreate(H5P_FILE_ACCESS);
    /* Grows by 64 KiB, and is never written out. */
    if (access >= 0 && H5Pset_fapl_core(access, (size_t)1 << 16, false) >= 0 &&
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0)
        self->id = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    self->in_memory = true;
    if (self->id < 0)
        status = sna_h5_write_error(self, "/");
out:
    if (access >= 0)
        H5Pclose(access);
    return status;
}

static int open_by(sna_h5_output *self, hid_t access)
{
    if (access >= 0)
        self->id = H5Fopen(self->temporary, H5F_ACC_RDWR, access);
    if (access >= 0)
        H5Pclose(access);
    return self->id < 0 ? sna_h5_write_error(self, "/") : 0;
}

int sna_h5_share(sna_h5_output *self, int status)
{
    if (status == 0)
        status = sna_h5_output_finish(self);
    if (sna_rank() > 0) {
        free(self->temporary);
        self->temporary = NULL;
    }
    status = sna_ranks_share(status, &self->temporary);
    if (status != 0)
        goto out;
    self->shared = true;
    self->in_memory = false;
    status = open_by(self, sna_h5_ranks_access());
    status = sna_ranks_agree(status);
out:
    return status;
}

int sna_h5_unshare(sna_h5_output *self, int status, bool again)
{
    /* All ranks close together, also after a failure. */
    if (self->id >= 0 && H5Fclose(self->id) < 0 && status == 0)
        status = sna_h5_write_error(self, "/");
    self->id = H5I_INVALID_HID;
    self->shared = false;
    if (status == 0 && again && sna_rank() == 0)
        status = open_by(self, sna_h5_access());
    return sna_ranks_agree(status);
}
