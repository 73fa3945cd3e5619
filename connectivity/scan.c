/* scan.c: reads the edges of a population block by block, as node rows, on several threads.
 *
 * The rows are cut into chunks of a fixed size, dealt to the threads in turn. What is counted in whole numbers can be
 * added up in any order; sums of reals are made chunk by chunk and put together in the order of the chunks, so that the
 * number of threads changes no result. Reading itself goes one block at a time: HDF5 is for one thread. */
#include "connectivity/internal.h"

#include <inttypes.h>
#include <math.h>
#include <omp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A whole number of blocks: a block never reaches over the end of a chunk. */
enum { BLOCK_ROWS = 1 << 15, CHUNK_ROWS = SNA_SCAN_CHUNK };

static const char gap_name[] = "is_gap_junction", synapses_name[] = "nsyns";

/* What the threads of a scan share. */
typedef struct {
    const sna_scan *scan;
    const char **attribute; /* [attributes] asked of the stream: the caller's, then these two */
    uint64_t attributes;
    int64_t gap_column, synapses_column; /* -1: none */
    bool all_gap;                        /* the population is electrical */
    uint64_t edges;
    unsigned threads;
    pthread_mutex_t reading, ordering;
    pthread_cond_t turned;
    uint64_t turn;       /* chunks that are through */
    uint64_t done;       /* edges that are through */
    sna_failure failure; /* under `ordering` */
} shared_scan;

/* What each thread has of its own. */
typedef struct {
    uint64_t *source, *target; /* [BLOCK_ROWS] */
    uint64_t *synapses;
    uint8_t *gap;
} scratch;

void sna_failure_note(sna_failure *self, int status)
{
    if (self->status == 0 && status != 0) {
        self->status = status;
        (void)snprintf(self->message, sizeof self->message, "%s", sna_error_message());
    }
}

int sna_failure_raise(const sna_failure *self)
{
    return self->status == 0 ? 0 : sna_error(self->status, "%s", self->message);
}

/* Turns node ids into rows: *row is `id` itself where ids are rows. */
static int translate(const shared_scan *self, const sna_nodes *nodes, const char *end, const sna_edge_block *block,
                     const uint64_t *id, uint64_t *room, const uint64_t **row)
{
    int status = 0;
    const uint64_t count = sna_nodes_count(nodes);

    if (sna_nodes_ids_are_rows(nodes)) {
        uint64_t largest = 0;
        for (uint64_t i = 0; i < block->count; i++)
            largest = id[i] > largest ? id[i] : largest;
        *row = id;
        for (uint64_t i = 0; block->count > 0 && largest >= count && i < block->count && status == 0; i++) {
            if (id[i] >= count)
                status = sna_error(SNA_EFORMAT,
                                   "%s: /edges/%s: edge %" PRIu64 ": %s_node_id is %" PRIu64
                                   ", but population `%s` has %" PRIu64 " nodes",
                                   sna_edges_file(self->scan->link->edges), sna_edges_name(self->scan->link->edges),
                                   block->first + i, end, id[i], sna_nodes_name(nodes), count);
        }
    } else {
        *row = room;
        status = sna_nodes_rows(nodes, id, block->count, room);
        if (status == SNA_ERANGE) /* an input that is not valid, here */
            status = SNA_EFORMAT;
        status = sna_error_in(status, "%s: /edges/%s: %s_node_id from edge %" PRIu64 " on",
                              sna_edges_file(self->scan->link->edges), sna_edges_name(self->scan->link->edges), end,
                              block->first);
    }
    return status;
}

/* nsyns of each edge; 1 where an edge has none. */
static int read_synapses(const shared_scan *self, const sna_edge_block *block, uint64_t *out)
{
    int status = 0;
    const sna_column *column = &block->column[self->synapses_column];

    for (uint64_t i = 0; i < block->count && status == 0; i++) {
        const double value = column->type == SNA_TEXT ? NAN : sna_column_real(column, i);
        if (column->missing != NULL && column->missing[i]) {
            out[i] = 1;
        } else if (value >= 0 && value <= UINT32_MAX && value == floor(value)) {
            out[i] = (uint64_t)value;
        } else {
            char text[SNA_NUMBER_SIZE];
            status = sna_error(SNA_EFORMAT, "%s: /edges/%s: edge %" PRIu64 ": nsyns is %s, expected a count",
                               sna_edges_file(self->scan->link->edges), sna_edges_name(self->scan->link->edges),
                               block->first + i,
                               column->type == SNA_TEXT ? sna_column_text(column, i) : sna_number_text(text, value));
        }
    }
    return status;
}

static int take_block(const shared_scan *self, unsigned thread, const sna_edge_block *block, scratch *room)
{
    int status = 0;
    sna_edge_rows rows = {.first = block->first, .count = block->count, .column = block->column};

    status = translate(self, self->scan->source, "source", block, block->source, room->source, &rows.source);
    if (status == 0)
        status = translate(self, self->scan->target, "target", block, block->target, room->target, &rows.target);
    if (status != 0)
        goto out;
    if (self->scan->gap && (self->all_gap || self->gap_column >= 0)) {
        for (uint64_t i = 0; i < block->count; i++)
            room->gap[i] = self->all_gap || sna_column_is_true(&block->column[self->gap_column], i);
        rows.gap = room->gap;
    }
    if (self->synapses_column >= 0) {
        status = read_synapses(self, block, room->synapses);
        if (status != 0)
            goto out;
        rows.synapses = room->synapses;
    }
    status = self->scan->take(self->scan->context, thread, &rows);
out:
    return status;
}

/* The rows of every chunk that is this thread's. */
static int choose_rows(const shared_scan *self, unsigned thread, sna_selection *out)
{
    int status = 0;

    for (uint64_t first = (uint64_t)thread * CHUNK_ROWS; first < self->edges && status == 0;
         first += (uint64_t)self->threads * CHUNK_ROWS) {
        const uint64_t end = self->edges - first < CHUNK_ROWS ? self->edges : first + CHUNK_ROWS;
        status = sna_selection_add(out, first, end);
    }
    return status;
}

/* Waits for the turn of a chunk, and passes it on when its owner is done with it. Returns false after a failure. */
static bool await_turn(shared_scan *self, uint64_t chunk)
{
    bool go;

    (void)pthread_mutex_lock(&self->ordering);
    while (self->turn != chunk && self->failure.status == 0)
        (void)pthread_cond_wait(&self->turned, &self->ordering);
    go = self->failure.status == 0;
    (void)pthread_mutex_unlock(&self->ordering);
    return go;
}

static void end_turn(shared_scan *self, int status, uint64_t rows)
{
    (void)pthread_mutex_lock(&self->ordering);
    sna_failure_note(&self->failure, status);
    self->turn++;
    self->done += rows;
    if (self->scan->progress != NULL)
        sna_progress_update(self->scan->progress, self->scan->progress->done + rows);
    (void)pthread_cond_broadcast(&self->turned);
    (void)pthread_mutex_unlock(&self->ordering);
}

static void fail(shared_scan *self, int status)
{
    (void)pthread_mutex_lock(&self->ordering);
    sna_failure_note(&self->failure, status);
    (void)pthread_cond_broadcast(&self->turned);
    (void)pthread_mutex_unlock(&self->ordering);
}

static bool has_failed(shared_scan *self)
{
    bool failed;

    (void)pthread_mutex_lock(&self->ordering);
    failed = self->failure.status != 0;
    (void)pthread_mutex_unlock(&self->ordering);
    return failed;
}

static int read_block(shared_scan *self, sna_edge_stream *stream, sna_edge_block *block)
{
    int status;

    (void)pthread_mutex_lock(&self->reading);
    status = sna_edge_stream_next(stream, block);
    (void)pthread_mutex_unlock(&self->reading);
    return status;
}

static int run_thread(shared_scan *self, unsigned thread)
{
    int status = 0;
    sna_selection rows = SNA_SELECTION;
    sna_edge_stream *stream = NULL;
    scratch room = {NULL, NULL, NULL, NULL};
    const sna_edge_request request = {.parts = SNA_EDGE_SOURCE | SNA_EDGE_TARGET,
                                      .attribute = self->attribute,
                                      .attribute_count = self->attributes,
                                      .selection = self->threads > 1 ? &rows : NULL,
                                      .block = BLOCK_ROWS};

    if (self->threads > 1)
        status = choose_rows(self, thread, &rows);
    if (status == 0)
        status = sna_allocate(&room.source, BLOCK_ROWS, sizeof *room.source);
    if (status == 0)
        status = sna_allocate(&room.target, BLOCK_ROWS, sizeof *room.target);
    if (status == 0)
        status = sna_allocate(&room.synapses, BLOCK_ROWS, sizeof *room.synapses);
    if (status == 0)
        status = sna_allocate(&room.gap, BLOCK_ROWS, sizeof *room.gap);
    if (status != 0)
        goto out;
    (void)pthread_mutex_lock(&self->reading);
    status = sna_edge_stream_open(&stream, self->scan->link->edges, &request);
    (void)pthread_mutex_unlock(&self->reading);
    while (status == 0 && !has_failed(self)) {
        sna_edge_block block;
        uint64_t end;
        status = read_block(self, stream, &block);
        if (status != 0 || block.count == 0)
            break;
        status = sna_check_cancelled();
        if (status == 0)
            status = take_block(self, thread, &block, &room);
        end = block.first + block.count;
        if (status == 0 && (end % CHUNK_ROWS == 0 || end == self->edges)) {
            const uint64_t chunk = block.first / CHUNK_ROWS;
            if (!await_turn(self, chunk))
                break;
            if (self->scan->chunk != NULL)
                status = self->scan->chunk(self->scan->context, thread);
            end_turn(self, status, end - chunk * CHUNK_ROWS);
        }
    }
out:
    (void)pthread_mutex_lock(&self->reading);
    sna_edge_stream_close(stream);
    (void)pthread_mutex_unlock(&self->reading);
    sna_selection_free(&rows);
    free(room.source);
    free(room.target);
    free(room.synapses);
    free(room.gap);
    return status;
}

static int choose_columns(shared_scan *self)
{
    int status = 0;
    const sna_edges *edges = self->scan->link->edges;
    const char *kind = sna_circuit_edge_property(self->scan->circuit, self->scan->link->index, "type");

    self->gap_column = self->synapses_column = -1;
    /* The BBP family says it of a whole population. */
    self->all_gap = kind != NULL && strncmp(kind, "electrical", strlen("electrical")) == 0;
    status = sna_allocate(&self->attribute, self->scan->attributes + 2, sizeof(const char *));
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < self->scan->attributes; i++)
        self->attribute[self->attributes++] = self->scan->attribute[i];
    if (self->scan->gap && !self->all_gap && sna_edges_find_attribute(edges, gap_name) != NULL) {
        self->gap_column = (int64_t)self->attributes;
        self->attribute[self->attributes++] = gap_name;
    }
    if (self->scan->synapses && sna_edges_find_attribute(edges, synapses_name) != NULL) {
        self->synapses_column = (int64_t)self->attributes;
        self->attribute[self->attributes++] = synapses_name;
    }
out:
    return status;
}

int sna_scan_run(const sna_scan *scan)
{
    int status = 0;
    shared_scan self = {.scan = scan,
                        .edges = sna_edges_count(scan->link->edges),
                        .reading = PTHREAD_MUTEX_INITIALIZER,
                        .ordering = PTHREAD_MUTEX_INITIALIZER,
                        .turned = PTHREAD_COND_INITIALIZER};
    const uint64_t chunks = self.edges / CHUNK_ROWS + (self.edges % CHUNK_ROWS != 0);

    self.threads = chunks < scan->threads ? (unsigned)chunks : scan->threads;
    status = choose_columns(&self);
    if (status != 0 || self.edges == 0)
        goto out;
    /* Threads that take turns must all be there: where fewer could be started, one does it all. */
    if (self.threads > 1) {
        bool short_handed = false;
        const unsigned wanted = self.threads;
#pragma omp parallel num_threads(wanted)
        {
            if ((unsigned)omp_get_num_threads() < wanted) {
#pragma omp single
                short_handed = true;
            } else {
                const int own = run_thread(&self, (unsigned)omp_get_thread_num());
                if (own != 0)
                    fail(&self, own);
            }
        }
        if (short_handed)
            self.threads = 1;
        else
            status = sna_failure_raise(&self.failure);
    }
    if (self.threads == 1)
        status = run_thread(&self, 0);
out:
    free(self.attribute);
    return status;
}
