/* chunk_writer.h: chunks of an HDF5 file being written, compressed by all threads at once and written in the order in
 * which they were given, so that the bytes of a file do not depend on the number of threads. Private to sonata/. */
#ifndef SNA_CHUNK_WRITER_H
#define SNA_CHUNK_WRITER_H

#include "h5write.h"

/* Compresses the column's buffer, a whole chunk, and writes it as the chunk that starts at `row`. The buffer is taken
 * over. The chunk may reach the file at a later call; until then the column stays where it is. Errors: SNA_EIO,
 * SNA_ENOMEM, also of chunks given before. */
int sna_chunk_writer_put(sna_column_writer *column, uint64_t row) SNA_CHECK_RESULT;
/* Writes what is under way. */
int sna_chunk_writer_drain(sna_h5_output *file) SNA_CHECK_RESULT;
/* Forgets what is under way. */
void sna_chunk_writer_discard(sna_h5_output *file);
void sna_chunk_writer_free(sna_h5_output *file);

#endif
