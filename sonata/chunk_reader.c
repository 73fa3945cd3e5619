/* chunk_reader.c: compressed chunks are fetched through HDF5 as they stand in the file, which is quick and for one
 * thread, and inflated by all threads, those that will be needed next while the first ones are used. */
#include "sonata/chunk_reader.h"

#include <inttypes.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/chunk_codec.h"

/* Inflated chunks that are kept: scattered rows come back to them, and blocks of a scan share them. Not more than stay
 * in a processor's cache, but for those that are inflated early. */
enum { MOST_SLOTS = 64, KEPT_BYTES = 1024 * 1024 };

#define NO_CHUNK UINT64_MAX

typedef struct {
    sna_task task; /* first: a task is its slot */
    sna_chunk_reader *owner;
    uint64_t chunk; /* NO_CHUNK: none */
    uint64_t used;  /* when, by the reader's clock */
    bool waiting;   /* fetched and not given to the threads */
    unsigned char *packed;
    uint64_t packed_room, packed_bytes;
    bool shuffled, deflated; /* this chunk: a filter may be left out of one */
    unsigned char *values;   /* [chunk_bytes] */
    int status;              /* of inflating it */
} slot;

struct sna_chunk_reader {
    sna_dataset *dataset;
    uint64_t chunk_bytes, chunks;
    slot slot[MOST_SLOTS];
    unsigned slots, ahead; /* chunks to inflate before they are needed */
    uint64_t clock;
    sna_codecs codecs;
};

/* ---- one chunk ---------------------------------------------------------------------------------------------- */

/* In any thread. */
static void inflate_chunk(sna_task *task)
{
    slot *self = (slot *)task;
    const sna_dataset *dataset = self->owner->dataset;
    const uint64_t bytes = self->owner->chunk_bytes;

    self->status = sna_codecs_unpack(&self->owner->codecs, self->packed, (size_t)self->packed_bytes, self->deflated,
                                     self->shuffled, dataset->size, self->values, bytes);
    if (self->status == 0 && dataset->swap)
        sna_dataset_swap(self->values, dataset->size, bytes / dataset->size);
}

static void fill_chunk(slot *self)
{
    const sna_dataset *dataset = self->owner->dataset;

    for (uint64_t at = 0; at < self->owner->chunk_bytes; at += dataset->size)
        memcpy(self->values + at, dataset->fill, dataset->size);
}

/* What HDF5 makes of a chunk of which it cannot tell the size. Others are kept from it: where filters give less than a
 * whole chunk it reads past the end of what they have given. */
static int read_by_hdf5(slot *self)
{
    const sna_dataset *dataset = self->owner->dataset;
    const uint64_t first = self->chunk * dataset->chunk_rows, left = dataset->rows - first;

    return sna_dataset_read_by_hdf5(dataset, first, left < dataset->chunk_rows ? left : dataset->chunk_rows,
                                    self->values, NULL);
}

static int cannot_fetch(const slot *self)
{
    char reason[SNA_H5_REASON_SIZE];
    const sna_dataset *dataset = self->owner->dataset;

    return sna_error(SNA_EFORMAT, "%s: %s: HDF5 cannot read the chunk of row %" PRIu64 ": %s", dataset->file->path,
                     dataset->place, self->chunk * dataset->chunk_rows, sna_h5_reason(reason));
}

/* Brings the bytes of a chunk from the file: afterwards it waits for being inflated, or is there. */
static int fetch(slot *self)
{
    int status = 0;
    const sna_dataset *dataset = self->owner->dataset;
    const hsize_t place[2] = {self->chunk * dataset->chunk_rows, 0};
    hsize_t bytes = 0;
    uint32_t left_out = 0;

    self->status = 0;
    self->waiting = false;
    if (self->values == NULL)
        status = sna_allocate(&self->values, self->owner->chunk_bytes, 1);
    if (status != 0)
        goto out;
    sna_h5_quiet();
    /* It says so too of a chunk that is not in the file, among others that are. */
    if (H5Dget_chunk_storage_size(dataset->id, place, &bytes) < 0) {
        status = read_by_hdf5(self);
        goto out;
    }
    if (bytes == 0) {
        fill_chunk(self);
        goto out;
    }
    /* Deflate makes what it cannot compress a little longer; what is much longer is no such stream. */
    if (bytes > self->owner->chunk_bytes + self->owner->chunk_bytes / 8 + 1024) {
        self->status = SNA_EFORMAT;
        goto out;
    }
    if (bytes > self->packed_room) {
        free(self->packed);
        self->packed_room = 0;
        status = sna_allocate(&self->packed, bytes, 1);
        if (status != 0)
            goto out;
        self->packed_room = bytes;
    }
    if (H5Dread_chunk(dataset->id, H5P_DEFAULT, place, &left_out, self->packed) < 0) {
        status = cannot_fetch(self);
        goto out;
    }
    /* One bit for each filter, the first one lowest. */
    self->shuffled = dataset->shuffled && (left_out & 1) == 0;
    self->deflated = (left_out >> dataset->shuffled & 1) == 0;
    self->packed_bytes = bytes;
    self->waiting = true;
out:
    return status;
}

/* ---- the kept ones ------------------------------------------------------------------------------------------ */

static slot *find(sna_chunk_reader *self, uint64_t chunk)
{
    slot *found = NULL;

    for (unsigned i = 0; i < self->slots && found == NULL; i++)
        if (self->slot[i].chunk == chunk)
            found = &self->slot[i];
    return found;
}

/* Fetches a chunk, unless it is there, in the place of the one that was not used for longest. */
static int bring(sna_chunk_reader *self, uint64_t chunk, bool early)
{
    int status = 0;
    slot *here = find(self, chunk);

    if (here == NULL) {
        here = &self->slot[0];
        for (unsigned i = 1; i < self->slots; i++)
            if (self->slot[i].used < here->used)
                here = &self->slot[i];
        sna_task_wait(&here->task);
        here->chunk = chunk;
        status = fetch(here);
        if (status != 0) {
            here->chunk = NO_CHUNK;
            goto out;
        }
    }
    here->used = ++self->clock;
    if (here->waiting && early) {
        here->waiting = false;
        sna_task_start(&here->task);
    }
out:
    return status;
}

/* The values of a chunk that was brought. */
static int finish(sna_chunk_reader *self, uint64_t chunk, const unsigned char **values)
{
    int status = 0;
    slot *here = find(self, chunk);
    const sna_dataset *dataset = self->dataset;

    if (here->waiting)
        inflate_chunk(&here->task);
    else
        sna_task_wait(&here->task);
    here->waiting = false;
    if (here->status == SNA_ENOMEM)
        status = sna_error(SNA_ENOMEM, "no memory for inflating %s", dataset->place);
    else if (here->status != 0)
        status = sna_error(SNA_EFORMAT, "%s: %s: the compressed chunk of row %" PRIu64 " is damaged",
                           dataset->file->path, dataset->place, chunk * dataset->chunk_rows);
    *values = here->values;
    if (status != 0)
        here->chunk = NO_CHUNK;
    return status;
}

/* ---- runs --------------------------------------------------------------------------------------------------- */

/* The chunks that runs of rows need, in their order. */
typedef struct {
    const sna_range *run;
    uint64_t runs, at;
    bool within;    /* `next` is in this run */
    uint64_t next;  /* chunk to look at */
    uint64_t chunk; /* the one found last */
} walk;

/* To the next chunk that is another one; false at the end. */
static bool walk_on(walk *self, uint64_t chunk_rows)
{
    bool found = false;

    while (self->at < self->runs && !found) {
        const sna_range run = self->run[self->at];
        if (run.first == run.end || (self->within && self->next > (run.end - 1) / chunk_rows)) {
            self->at++;
            self->within = false;
            continue;
        }
        if (!self->within)
            self->next = run.first / chunk_rows;
        self->within = true;
        found = self->next != self->chunk;
        self->chunk = self->next++;
    }
    return found;
}

/* Does this request go on where another one ended? Then what comes next will be asked for soon. */
static bool goes_on(sna_chunk_reader *self, const sna_range *run, uint64_t runs)
{
    const uint64_t rows = self->dataset->chunk_rows;

    return runs > 0 && run[0].first > 0 && run[0].end - run[0].first > rows / 8 &&
           find(self, (run[0].first - 1) / rows) != NULL;
}

/* What fails here will fail again when it is asked for. */
static void read_ahead(sna_chunk_reader *self, uint64_t chunk, unsigned count)
{
    while (count-- > 0 && chunk < self->chunks && bring(self, chunk, true) == 0)
        chunk++;
}

static int create_reader(sna_chunk_reader **out, sna_dataset *dataset)
{
    const unsigned threads = sna_threads();
    sna_chunk_reader *self = NULL;
    int status = sna_allocate(&self, 1, sizeof *self);

    if (status == 0)
        status = sna_codecs_init(&self->codecs);
    if (status != 0) {
        free(self);
        goto out;
    }
    self->dataset = dataset;
    self->chunk_bytes = dataset->chunk_rows * dataset->width * dataset->size;
    self->chunks = dataset->rows / dataset->chunk_rows + (dataset->rows % dataset->chunk_rows != 0);
    /* Where several threads read, each has work of its own meanwhile. */
    self->ahead = threads == 1 ? 0 : omp_in_parallel() ? 2 : 2 * threads;
    if (self->ahead > MOST_SLOTS - 2)
        self->ahead = MOST_SLOTS - 2;
    self->slots = MOST_SLOTS;
    while (self->slots > self->ahead + 2 && self->slots * self->chunk_bytes > KEPT_BYTES)
        self->slots--;
    for (unsigned i = 0; i < self->slots; i++)
        self->slot[i] = (slot){.task.run = inflate_chunk, .owner = self, .chunk = NO_CHUNK};
    *out = self;
out:
    return status;
}

int sna_chunk_reader_runs(sna_dataset *dataset, const sna_range *run, uint64_t runs, unsigned char *out)
{
    int status = 0;
    const uint64_t rows = dataset->chunk_rows, row_bytes = (uint64_t)dataset->width * dataset->size;
    walk lead = {.run = run, .runs = runs, .chunk = NO_CHUNK};
    uint64_t current = NO_CHUNK;
    const unsigned char *values = NULL;
    unsigned ahead = 0; /* chunks that `lead` is past the current one */
    bool more = true, goes_on_here;
    sna_chunk_reader *self = dataset->reader;

    if (self == NULL) {
        status = create_reader(&dataset->reader, dataset);
        if (status != 0)
            goto out;
        self = dataset->reader;
    }
    goes_on_here = goes_on(self, run, runs);
    for (uint64_t r = 0; r < runs; r++) {
        for (uint64_t row = run[r].first; row < run[r].end;) {
            const uint64_t chunk = row / rows, within = row % rows;
            const uint64_t left = run[r].end - row, now = left < rows - within ? left : rows - within;
            if (chunk != current) {
                if (ahead > 0)
                    ahead--;
                else if (walk_on(&lead, rows))
                    status = bring(self, chunk, false);
                while (status == 0 && more && ahead < self->ahead) {
                    more = walk_on(&lead, rows);
                    if (more) {
                        status = bring(self, lead.chunk, true);
                        ahead++;
                    }
                }
                if (status == 0 && !more && goes_on_here)
                    read_ahead(self, lead.chunk + 1, self->ahead - ahead);
                if (status == 0)
                    status = finish(self, chunk, &values);
                if (status != 0)
                    goto out;
                current = chunk;
            }
            memcpy(out, values + within * row_bytes, (size_t)(now * row_bytes));
            out += now * row_bytes;
            row += now;
        }
    }
out:
    return status;
}

void sna_chunk_reader_free(sna_chunk_reader *self)
{
    if (self == NULL)
        return;
    for (unsigned i = 0; i < self->slots; i++) {
        sna_task_wait(&self->slot[i].task);
        free(self->slot[i].packed);
        free(self->slot[i].values);
    }
    sna_codecs_free(&self->codecs);
    free(self);
}
