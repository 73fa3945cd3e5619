/* h5ranks.c: opening a file that several processes write, in a build without MPI: there is just this one. */
#include "sonata/h5share.h"

#include "sonata/h5file.h"

hid_t sna_h5_ranks_access(void)
{
    return sna_h5_access();
}
