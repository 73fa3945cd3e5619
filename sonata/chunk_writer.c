/* chunk_writer.c: chunks compressed by all threads and written in their order.
 *
 * Threads compress, and only the caller's one writes: HDF5 is for one thread. A chunk is written when so many others
 * have been given after it, which does not depend on how long any of them takes: the calls to HDF5, and with them the
 * bytes of the file, are the same for any number of threads. */
#include "sonata/chunk_writer.h"

#include <stdlib.h>

#include "sonata/chunk_codec.h"
#include "sonata/h5file.h"

/* Chunks under way, at most: enough for the threads of any machine, and no more memory than this before compression
 * (but for a chunk that is larger by itself). */
enum { MOST_JOBS = 128, MOST_BYTES = 16 * 1024 * 1024 };

typedef struct {
    sna_task task; /* first: a task is its job */
    sna_chunk_writer *owner;
    sna_column_writer *column;
    uint64_t row;
    unsigned char *raw; /* [bytes], until it is compressed */
    uint64_t bytes;
    size_t value_size;
    unsigned level;
    unsigned char *packed; /* [packed_bytes]; NULL when there was no memory */
    size_t packed_bytes;
} chunk_job;

struct sna_chunk_writer {
    chunk_job job[MOST_JOBS]; /* a ring */
    unsigned first, count;
    uint64_t bytes; /* of all that is in the ring, before compression */
    bool lost;      /* chunks were given that will never be written */
    sna_codecs codecs;
};

/* ---- compressing -------------------------------------------------------------------------------------------- */

/* In any thread. */
static void compress_chunk(sna_task *task)
{
    chunk_job *job = (chunk_job *)task;

    job->packed =
        sna_codecs_pack(&job->owner->codecs, job->level, job->raw, job->bytes, job->value_size, &job->packed_bytes);
    free(job->raw);
    job->raw = NULL;
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

/* Takes the oldest chunk out of the ring, done or not. */
static chunk_job take_job(sna_chunk_writer *self)
{
    chunk_job *job = &self->job[self->first];

    sna_task_wait(&job->task);
    self->first = (self->first + 1) % MOST_JOBS;
    self->count--;
    job->column->pending--;
    self->bytes -= job->bytes;
    return *job;
}

static int write_oldest(sna_chunk_writer *self)
{
    const chunk_job job = take_job(self);
    int status = 0;

    if (job.packed == NULL)
        status = sna_error(SNA_ENOMEM, "no memory for compressing %s", job.column->place);
    else
        status = sna_column_writer_chunk(job.column, job.row, job.packed, job.packed_bytes);
    free(job.packed);
    return status;
}

static int create_writer(sna_chunk_writer **out)
{
    int status = sna_allocate(out, 1, sizeof **out);

    if (status != 0)
        goto out;
    status = sna_codecs_init(&(*out)->codecs);
    if (status != 0) {
        free(*out);
        *out = NULL;
    }
out:
    return status;
}

int sna_chunk_writer_put(sna_column_writer *column, uint64_t row)
{
    int status = 0;
    const uint64_t bytes = column->chunk_rows * column->width * column->size;
    sna_chunk_writer *self = column->file->chunks;
    chunk_job *job = NULL;

    if (self == NULL) {
        status = create_writer(&column->file->chunks);
        if (status != 0)
            goto out;
        self = column->file->chunks;
    }
    while (self->count > 0 && (self->count == MOST_JOBS || self->bytes + bytes > MOST_BYTES)) {
        status = write_oldest(self);
        if (status != 0)
            goto out;
    }
    job = &self->job[(self->first + self->count) % MOST_JOBS];
    *job = (chunk_job){.task.run = compress_chunk,
                       .owner = self,
                       .column = column,
                       .row = row,
                       .raw = column->room,
                       .bytes = bytes,
                       .value_size = column->size,
                       .level = column->compress};
    column->room = NULL;
    column->allocated_rows = 0;
    column->pending++;
    self->count++;
    self->bytes += bytes;
    sna_task_start(&job->task);
out:
    return status;
}

int sna_chunk_writer_drain(sna_h5_output *file)
{
    int status = 0;
    sna_chunk_writer *self = file->chunks;

    while (status == 0 && self != NULL && self->count > 0)
        status = write_oldest(self);
    if (status == 0 && self != NULL && self->lost)
        status = sna_error(SNA_EIO, "%s: writing it failed before", file->path);
    return status;
}

void sna_chunk_writer_discard(sna_h5_output *file)
{
    sna_chunk_writer *self = file->chunks;

    while (self != NULL && self->count > 0) {
        const chunk_job job = take_job(self);
        free(job.packed);
        self->lost = true;
    }
}

void sna_chunk_writer_free(sna_h5_output *file)
{
    sna_chunk_writer *self = file->chunks;

    if (self == NULL)
        return;
    sna_chunk_writer_discard(file);
    sna_codecs_free(&self->codecs);
    free(self);
    file->chunks = NULL;
}
