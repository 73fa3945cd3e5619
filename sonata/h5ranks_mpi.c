/* h5ranks_mpi.c: opening a file that several processes write, by MPI. */
#include "sonata/h5share.h"

#include <mpi.h>

#include "sonata/h5file.h"

hid_t sna_h5_ranks_access(void)
{
    hid_t access = sna_h5_access();

    if (access >= 0 && H5Pset_fapl_mpio(access, MPI_COMM_WORLD, MPI_INFO_NULL) < 0) {
        H5Pclose(access);
        access = H5I_INVALID_HID;
    }
    return access;
}
