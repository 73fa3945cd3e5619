/* chunk_reader.h: rows of a dataset whose chunks are compressed, inflated by all threads at once. Private to sonata/.
 */
#ifndef SNA_CHUNK_READER_H
#define SNA_CHUNK_READER_H

#include "dataset.h"

/* A chunk larger than that is left to HDF5. */
enum { SNA_CHUNK_READER_MOST = 16 * 1024 * 1024 };

/* The bytes of all runs, one behind the other, in the machine's byte order; the runs are inside the dataset, which is
 * `packed`. The dataset's reader is made when there is none. Errors: SNA_EFORMAT (a damaged chunk), SNA_ENOMEM. */
int sna_chunk_reader_runs(sna_dataset *dataset, const sna_range *run, uint64_t runs,
                          unsigned char *out) SNA_CHECK_RESULT;
void sna_chunk_reader_free(sna_chunk_reader *self);

#endif
