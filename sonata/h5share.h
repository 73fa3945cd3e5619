/* h5share.h: one file written by several processes (ranks, see base.h). Private to sonata/.
 *
 * Rank 0 makes the file by itself, with every dataset at the size that it will have, and closes it. Then all ranks open
 * it together, and each writes rows of its own into those datasets, whenever it likes. HDF5 wants every change of
 * a file's structure to be made by all ranks together, where one that fails leaves the others waiting; this way there
 * is no such change. */
#ifndef SNA_H5SHARE_H
#define SNA_H5SHARE_H

#include "sonata/h5write.h"

/* How all ranks open a file together; close it. */
hid_t sna_h5_ranks_access(void);

/* A file in memory, in place of the one that rank 0 makes: so that all ranks can go through the same steps. */
int sna_h5_scratch_create(sna_h5_output *self, const char *path) SNA_CHECK_RESULT;
/* Closes the file, a rank's own, and opens rank 0's by all. `status`: this rank's so far. What was opened in the file
 * must be closed. */
int sna_h5_share(sna_h5_output *self, int status) SNA_CHECK_RESULT;
/* Closes the shared file on all ranks; where `again` says so, rank 0 then has it open by itself, to add to it. */
int sna_h5_unshare(sna_h5_output *self, int status, bool again) SNA_CHECK_RESULT;

#endif
