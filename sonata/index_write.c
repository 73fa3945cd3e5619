/* index_write.c: building the index of one direction: which edges each node has, as ranges of rows.
 *
 * Ids in order need no sorting. Others are sorted by counting, as long as the order of the edges fits the memory that
 * is given; past that, edges go to buckets in a scratch file first, each with a share of the nodes that fits. */
#include "sonata/index_write.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sonata/dataset.h"

enum { BLOCK = 32768 };

/* What the index tables are written through: nodes are given in order, each with its edges in order. */
typedef struct {
    sna_column_writer nodes, ranges;
    uint64_t range_count;
    int64_t node_rows[BLOCK], range_rows[BLOCK]; /* pairs */
    uint64_t node_room, range_room;              /* values in use */
} table_writer;

static int put_range(table_writer *self, uint64_t first, uint64_t end)
{
    int status = 0;

    self->range_rows[self->range_room++] = (int64_t)first;
    self->range_rows[self->range_room++] = (int64_t)end;
    self->range_count++;
    if (self->range_room == BLOCK) {
        status = sna_column_writer_integers(&self->ranges, self->range_rows, BLOCK / 2);
        self->range_room = 0;
    }
    return status;
}

/* The ranges from `first` to the last one given belong to the next node. */
static int put_node(table_writer *self, uint64_t first)
{
    int status = 0;

    self->node_rows[self->node_room++] = (int64_t)first;
    self->node_rows[self->node_room++] = (int64_t)self->range_count;
    if (self->node_room == BLOCK) {
        status = sna_column_writer_integers(&self->nodes, self->node_rows, BLOCK / 2);
        self->node_room = 0;
    }
    return status;
}

static int finish_tables(table_writer *self)
{
    int status = sna_column_writer_integers(&self->ranges, self->range_rows, self->range_room / 2);

    if (status == 0)
        status = sna_column_writer_integers(&self->nodes, self->node_rows, self->node_room / 2);
    if (status == 0)
        status = sna_column_writer_finish(&self->ranges);
    if (status == 0)
        status = sna_column_writer_finish(&self->nodes);
    return status;
}

/* ---- in order ----------------------------------------------------------------------------------------------- */

static int write_sorted(const sna_index_job *job, table_writer *tables)
{
    int status = 0;
    uint64_t edge = 0;

    for (uint64_t node = 0; node < job->node_count && status == 0; node++) {
        const uint64_t first = tables->range_count;
        if (job->count[node] > 0)
            status = put_range(tables, edge, edge + job->count[node]);
        edge += job->count[node];
        if (status == 0)
            status = put_node(tables, first);
    }
    return status;
}

/* ---- by counting -------------------------------------------------------------------------------------------- */

/* The order of edges: 4 bytes an edge where that is enough. */
typedef struct {
    uint32_t *narrow;
    uint64_t *wide;
} edge_order;

/* It is written all over: pages of 2 MiB, where the system has them to give, save most of the time. */
static void use_large_pages(void *array, uint64_t bytes)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), start = ((uintptr_t)array + page - 1) / page * page;
    const uintptr_t end = ((uintptr_t)array + bytes) / page * page;

    if (end > start)
        (void)madvise((unsigned char *)array + (start - (uintptr_t)array), end - start, MADV_HUGEPAGE);
}

static int allocate_order(edge_order *order, uint64_t count, bool narrow)
{
    int status;

    *order = (edge_order){NULL, NULL};
    status = narrow ? sna_allocate(&order->narrow, count, sizeof *order->narrow)
                    : sna_allocate(&order->wide, count, sizeof *order->wide);
    if (status == 0 && narrow)
        use_large_pages(order->narrow, count * sizeof *order->narrow);
    else if (status == 0)
        use_large_pages(order->wide, count * sizeof *order->wide);
    return status;
}

/* Writes nodes low .. high-1 with their edges: start[n - low] is the end of node n's part of the order. */
static int write_order(const sna_index_job *job, table_writer *tables, const edge_order *order, uint64_t low,
                       uint64_t high)
{
    int status = 0;
    uint64_t at = 0;

    for (uint64_t node = low; node < high && status == 0; node++) {
        const uint64_t first_range = tables->range_count, stop = at + job->count[node];
        while (at < stop && status == 0) {
            const uint64_t first = order->narrow != NULL ? order->narrow[at] : order->wide[at];
            uint64_t end = first + 1;
            for (at++; at < stop && (order->narrow != NULL ? order->narrow[at] : order->wide[at]) == end; at++)
                end++;
            status = put_range(tables, first, end);
        }
        if (status == 0)
            status = put_node(tables, first_range);
    }
    return status;
}

static int outside(const sna_index_job *job, uint64_t edge, uint64_t id)
{
    return sna_error(SNA_ERANGE, "%s: edge %" PRIu64 " has the %s node %" PRIu64 ", but there are %" PRIu64 " nodes",
                     job->file->path, edge, job->direction == SNA_AFFERENT ? "target" : "source", id, job->node_count);
}

static int write_counted(const sna_index_job *job, sna_dataset *ids, table_writer *tables)
{
    int status = 0;
    edge_order order = {NULL, NULL};
    uint64_t *next = NULL, *id = NULL;

    status = allocate_order(&order, job->edge_count, job->edge_count <= UINT32_MAX);
    if (status == 0)
        status = sna_allocate(&next, job->node_count, sizeof *next);
    if (status == 0)
        status = sna_allocate(&id, BLOCK, sizeof *id);
    for (uint64_t node = 0, at = 0; node < job->node_count && status == 0; node++) {
        next[node] = at;
        at += job->count[node];
    }
    for (uint64_t first = 0; first < job->edge_count && status == 0; first += BLOCK) {
        const uint64_t left = job->edge_count - first, now = left < BLOCK ? left : BLOCK;
        status = sna_dataset_ids(ids, first, now, id);
        for (uint64_t i = 0; i < now && status == 0; i++) {
            if (id[i] >= job->node_count)
                status = outside(job, first + i, id[i]);
            else if (order.narrow != NULL)
                order.narrow[next[id[i]]++] = (uint32_t)(first + i);
            else
                order.wide[next[id[i]]++] = first + i;
        }
    }
    free(next);
    if (status == 0)
        status = write_order(job, tables, &order, 0, job->node_count);
    free(id);
    free(order.narrow);
    free(order.wide);
    return status;
}

/* ---- by buckets --------------------------------------------------------------------------------------------- */

/* An edge waits in its bucket as one word, number and node, where numbers fit 32 bits, and as two where they do not.
 * The node is counted from the first of the bucket. */
typedef struct {
    uint64_t low, high; /* nodes low .. high-1 */
    uint64_t edges;
    uint64_t *room; /* [room_size] words waiting to be written */
    uint64_t waiting;
    uint64_t *block; /* [blocks] where in the scratch file, in units of room_size words */
    uint64_t blocks, capacity;
} bucket;

typedef struct {
    bucket *bucket;
    uint64_t count, capacity, room_size;
    bool narrow; /* one word an edge */
    int fd;
    uint64_t blocks_written;
    const char *path; /* of the file that is built, for messages */
} buckets;

static int scratch_error(const buckets *self)
{
    return sna_error(SNA_EIO, "%s: a scratch file for sorting beside it: %s", self->path, strerror(errno));
}

static int transfer(const buckets *self, bool is_write, void *data, uint64_t bytes, uint64_t offset)
{
    int status = 0;
    uint64_t done = 0;

    while (done < bytes) {
        const ssize_t n = is_write
                              ? pwrite(self->fd, (char *)data + done, (size_t)(bytes - done), (off_t)(offset + done))
                              : pread(self->fd, (char *)data + done, (size_t)(bytes - done), (off_t)(offset + done));
        if (n > 0) {
            done += (uint64_t)n;
        } else if (n == 0 || errno != EINTR) {
            if (n == 0)
                errno = EIO;
            status = scratch_error(self);
            goto out;
        }
    }
out:
    return status;
}

static int empty_room(buckets *self, bucket *b)
{
    int status = 0;
    uint64_t *grown = sna_grow(b->block, &b->capacity, b->blocks + 1, sizeof *grown);

    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    b->block = grown;
    status = transfer(self, true, b->room, b->waiting * sizeof *b->room,
                      self->blocks_written * self->room_size * sizeof *b->room);
    if (status == 0) {
        b->block[b->blocks++] = self->blocks_written++;
        b->waiting = 0;
    }
out:
    return status;
}

/* Shares the nodes among buckets of at most `most` edges each (one node may have more). */
static int plan_buckets(const sna_index_job *job, buckets *self, uint64_t most)
{
    int status = 0;
    uint64_t low = 0, edges = 0;

    for (uint64_t node = 0; node <= job->node_count && status == 0; node++) {
        const bool is_end = node == job->node_count;
        if (is_end || (edges > 0 && edges + job->count[node] > most) || node - low > UINT32_MAX) {
            bucket *grown = sna_grow(self->bucket, &self->capacity, self->count + 1, sizeof *grown);
            if (grown == NULL) {
                status = SNA_ENOMEM;
                break;
            }
            self->bucket = grown;
            self->bucket[self->count++] = (bucket){.low = low, .high = node, .edges = edges};
            low = node;
            edges = 0;
        }
        if (!is_end)
            edges += job->count[node];
    }
    return status;
}

static bucket *bucket_of(const buckets *self, uint64_t node)
{
    uint64_t low = 0, high = self->count;

    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        if (self->bucket[middle].low <= node)
            low = middle;
        else
            high = middle;
    }
    return &self->bucket[low];
}

static int open_scratch(buckets *self)
{
    int status = 0;
    char *name = NULL;

    status = sna_text_format(&name, "%s.sort.XXXXXX", self->path);
    if (status != 0)
        goto out;
    self->fd = mkstemp(name);
    if (self->fd < 0)
        status = scratch_error(self);
    else
        (void)unlink(name); /* gone with the descriptor, whatever happens */
out:
    free(name);
    return status;
}

static int fill_buckets(const sna_index_job *job, sna_dataset *ids, buckets *self)
{
    int status = 0;
    uint64_t *id = NULL;

    status = sna_allocate(&id, BLOCK, sizeof *id);
    for (uint64_t i = 0; i < self->count && status == 0; i++)
        status = sna_allocate(&self->bucket[i].room, self->room_size, sizeof *self->bucket[i].room);
    for (uint64_t first = 0; first < job->edge_count && status == 0; first += BLOCK) {
        const uint64_t left = job->edge_count - first, now = left < BLOCK ? left : BLOCK;
        status = sna_dataset_ids(ids, first, now, id);
        for (uint64_t i = 0; i < now && status == 0; i++) {
            bucket *b = NULL;
            if (id[i] >= job->node_count) {
                status = outside(job, first + i, id[i]);
                break;
            }
            b = bucket_of(self, id[i]);
            if (self->narrow) {
                b->room[b->waiting++] = (first + i) << 32 | (id[i] - b->low);
            } else {
                b->room[b->waiting++] = first + i;
                b->room[b->waiting++] = id[i] - b->low;
            }
            if (b->waiting == self->room_size)
                status = empty_room(self, b);
        }
        if (status == 0)
            status = sna_check_cancelled();
    }
    free(id);
    return status;
}

static int sort_bucket(const sna_index_job *job, buckets *self, bucket *b, table_writer *tables)
{
    int status = 0;
    edge_order order = {NULL, NULL};
    uint64_t *next = NULL, *list = NULL;

    status = allocate_order(&order, b->edges, self->narrow);
    if (status == 0)
        status = sna_allocate(&next, b->high - b->low, sizeof *next);
    if (status == 0)
        status = sna_allocate(&list, self->room_size, sizeof *list);
    for (uint64_t node = b->low, at = 0; node < b->high && status == 0; node++) {
        next[node - b->low] = at;
        at += job->count[node];
    }
    for (uint64_t k = 0; k <= b->blocks && status == 0; k++) {
        const bool is_room = k == b->blocks; /* what was never written out comes last */
        const uint64_t n = is_room ? b->waiting : self->room_size;
        const uint64_t *from = is_room ? b->room : list;
        if (!is_room)
            status = transfer(self, false, list, n * sizeof *list, b->block[k] * self->room_size * sizeof *list);
        for (uint64_t i = 0; i < n && status == 0 && order.narrow != NULL; i++)
            order.narrow[next[from[i] & UINT32_MAX]++] = (uint32_t)(from[i] >> 32);
        for (uint64_t i = 0; i < n && status == 0 && order.wide != NULL; i += 2)
            order.wide[next[from[i + 1]]++] = from[i];
    }
    free(next);
    free(list);
    free(b->room);
    b->room = NULL;
    if (status == 0)
        status = write_order(job, tables, &order, b->low, b->high);
    free(order.narrow);
    free(order.wide);
    return status;
}

static int write_bucketed(const sna_index_job *job, sna_dataset *ids, table_writer *tables, uint64_t memory)
{
    int status = 0;
    const uint64_t edge_bytes = job->edge_count <= UINT32_MAX ? 4 : 8;
    buckets self = {.fd = -1, .path = job->file->temporary, .narrow = edge_bytes == 4};

    /* Half of the memory for the order of one bucket, half for the rooms of all. */
    status = plan_buckets(job, &self, memory / 2 / edge_bytes);
    if (status != 0)
        goto out;
    self.room_size = memory / 2 / self.count / sizeof(uint64_t) / 2 * 2;
    if (self.room_size < 128)
        self.room_size = 128;
    if (self.room_size > 1 << 17)
        self.room_size = 1 << 17;
    status = open_scratch(&self);
    if (status == 0)
        status = fill_buckets(job, ids, &self);
    for (uint64_t i = 0; i < self.count && status == 0; i++)
        status = sort_bucket(job, &self, &self.bucket[i], tables);
out:
    for (uint64_t i = 0; i < self.count; i++) {
        free(self.bucket[i].room);
        free(self.bucket[i].block);
    }
    free(self.bucket);
    if (self.fd >= 0)
        (void)close(self.fd);
    return status;
}

/* ---- the index ---------------------------------------------------------------------------------------------- */

static int open_ids(sna_dataset **out, const sna_index_job *job)
{
    const char *name = job->direction == SNA_AFFERENT ? "target_node_id" : "source_node_id";
    const int population_length = (int)(strlen(job->place) - strlen("/indices"));
    char *place = NULL;
    sna_h5_file *view = NULL;
    int status = sna_text_format(&place, "%.*s/%s", population_length, job->place, name);

    if (status == 0)
        status = sna_h5_view(&view, job->file->id, job->file->path);
    if (status == 0)
        status = sna_dataset_open(out, view, job->population, name, place);
    /* The dataset is a user of it now. */
    sna_h5_release(view);
    free(place);
    return status;
}

int sna_index_build(const sna_index_job *job)
{
    int status = 0;
    const char *name = job->direction == SNA_AFFERENT ? "target_to_source" : "source_to_target";
    const uint64_t memory = job->memory > 0 ? job->memory : SNA_INDEX_MEMORY;
    const uint64_t needed = job->edge_count * (job->edge_count <= UINT32_MAX ? 4 : 8);
    char *place = NULL;
    hid_t group = H5I_INVALID_HID;
    table_writer *tables = NULL;
    sna_dataset *ids = NULL;

    sna_h5_quiet();
    status = sna_text_format(&place, "%s/%s", job->place, name);
    if (status == 0)
        status = sna_allocate(&tables, 1, sizeof *tables);
    if (status == 0)
        status = sna_h5_write_group(job->file, job->indices, name, place, &group);
    if (status == 0)
        status = sna_column_writer_open(&tables->nodes, job->file, group, place, "node_id_to_ranges", SNA_U64, 2,
                                        job->compress);
    if (status == 0)
        status = sna_column_writer_open(&tables->ranges, job->file, group, place, "range_to_edge_id", SNA_U64, 2,
                                        job->compress);
    if (status != 0)
        goto out;
    if (!job->sorted)
        status = open_ids(&ids, job);
    if (status != 0)
        goto out;
    if (job->sorted)
        status = write_sorted(job, tables);
    else if (needed <= memory)
        status = write_counted(job, ids, tables);
    else
        status = write_bucketed(job, ids, tables, memory);
    if (status == 0)
        status = finish_tables(tables);
    /* The other family's spelling is another name of the same table. */
    if (status == 0 &&
        H5Lcreate_hard(group, "node_id_to_ranges", group, "node_id_to_range", H5P_DEFAULT, H5P_DEFAULT) < 0)
        status = sna_h5_write_error(job->file, place);
out:
    sna_dataset_close(ids);
    if (tables != NULL) {
        sna_column_writer_close(&tables->nodes);
        sna_column_writer_close(&tables->ranges);
    }
    free(tables);
    sna_h5_close_group(&group);
    free(place);
    return status;
}
