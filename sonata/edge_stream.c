/* edge_stream.c: reading edges block by block. */
#include "sonata/edges.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_ROWS = 32768 };

struct sna_edge_stream {
    sna_edges *edges;
    sna_rows rows;
    unsigned parts;
    sna_dataset *source, *target;  /* NULL when not asked for */
    sna_attribute_reader **reader; /* [readers] */
    sna_column *column;            /* [readers] */
    uint64_t readers;
    const sna_selection *selection;   /* NULL: all rows */
    uint64_t next_row;                /* without a selection */
    uint64_t next_range, next_offset; /* in the selection */
    uint64_t block;
    sna_range *run; /* the rows of a block */
    uint64_t run_capacity;
    uint64_t *source_id, *target_id, *row; /* [block] */
};

static int check_selection(const sna_edge_stream *self)
{
    const sna_population *population = &self->edges->population;

    for (uint64_t i = 0; self->selection != NULL && i < self->selection->count; i++)
        if (self->selection->range[i].end > population->count)
            return sna_error(SNA_ERANGE, "%s: %s has %" PRIu64 " edges, but rows up to %" PRIu64 " are asked for",
                             population->file->path, population->place, population->count,
                             self->selection->range[i].end - 1);
    return 0;
}

int sna_edge_stream_open(sna_edge_stream **out, sna_edges *edges, const sna_edge_request *request)
{
    int status = 0;
    sna_edge_stream *self = NULL;
    sna_population *population = &edges->population;
    const uint64_t count = population->count;

    sna_h5_quiet();
    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->edges = edges;
    self->parts = request->parts;
    self->selection = request->selection;
    self->block = request->block > 0 ? request->block : BLOCK_ROWS;
    if (self->selection == NULL && self->block > count && count > 0)
        self->block = count;
    sna_rows_open(&self->rows, population);
    status = check_selection(self);
    if (status == 0 && (self->parts & SNA_EDGE_SOURCE) != 0)
        status = sna_population_dataset(population, "source_node_id", true, count, &self->source);
    if (status == 0 && (self->parts & SNA_EDGE_TARGET) != 0)
        status = sna_population_dataset(population, "target_node_id", true, count, &self->target);
    if (status == 0 && self->source != NULL)
        status = sna_allocate(&self->source_id, self->block, sizeof *self->source_id);
    if (status == 0 && self->target != NULL)
        status = sna_allocate(&self->target_id, self->block, sizeof *self->target_id);
    if (status == 0 && self->selection != NULL)
        status = sna_allocate(&self->row, self->block, sizeof *self->row);
    if (status == 0)
        status = sna_allocate(&self->reader, request->attribute_count, sizeof(sna_attribute_reader *));
    if (status == 0)
        status = sna_allocate(&self->column, request->attribute_count, sizeof *self->column);
    for (uint64_t i = 0; i < request->attribute_count && status == 0; i++) {
        const sna_attribute *attribute = sna_population_find(population, request->attribute[i]);
        status = sna_attribute_reader_open(&self->reader[i], population, request->attribute[i],
                                           request->codes && attribute != NULL && attribute->enumeration);
        self->readers += status == 0;
    }
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_edge_stream_close(self);
    return status;
}

static int add_run(sna_edge_stream *self, uint64_t *runs, sna_range run)
{
    sna_range *grown = sna_grow(self->run, &self->run_capacity, *runs + 1, sizeof *grown);

    if (grown == NULL)
        return SNA_ENOMEM;
    self->run = grown;
    self->run[(*runs)++] = run;
    return 0;
}

/* The rows of the next block. */
static int next_runs(sna_edge_stream *self, uint64_t *runs)
{
    int status = 0;
    const uint64_t count = self->edges->population.count;
    uint64_t left = self->block;

    *runs = 0;
    if (self->selection == NULL) {
        const uint64_t end = left < count - self->next_row ? self->next_row + left : count;
        if (end > self->next_row)
            status = add_run(self, runs, (sna_range){self->next_row, end});
        self->next_row = end;
    } else {
        while (left > 0 && self->next_range < self->selection->count && status == 0) {
            const sna_range whole = self->selection->range[self->next_range];
            const uint64_t first = whole.first + self->next_offset;
            const uint64_t now = whole.end - first < left ? whole.end - first : left;
            if (now > 0)
                status = add_run(self, runs, (sna_range){first, first + now});
            left -= now;
            self->next_offset += now;
            if (first + now == whole.end) {
                self->next_range++;
                self->next_offset = 0;
            }
        }
    }
    return status;
}

int sna_edge_stream_next(sna_edge_stream *self, sna_edge_block *block)
{
    int status = 0;
    uint64_t runs = 0;

    *block = (sna_edge_block){0};
    status = next_runs(self, &runs);
    if (status != 0 || runs == 0)
        goto out;
    status = sna_rows_set(&self->rows, self->run, runs);
    if (status != 0)
        goto out;
    if (self->source != NULL) {
        status = sna_dataset_id_runs(self->source, self->run, runs, self->source_id);
        if (status != 0)
            goto out;
        block->source = self->source_id;
    }
    if (self->target != NULL) {
        status = sna_dataset_id_runs(self->target, self->run, runs, self->target_id);
        if (status != 0)
            goto out;
        block->target = self->target_id;
    }
    if ((self->parts & SNA_EDGE_TYPE) != 0) {
        status = sna_rows_types(&self->rows, &block->type);
        if (status != 0)
            goto out;
    }
    for (uint64_t i = 0; i < self->readers; i++) {
        status = sna_attribute_reader_fill(self->reader[i], &self->rows);
        if (status != 0)
            goto out;
        self->column[i] = *sna_attribute_reader_column(self->reader[i]);
    }
    if (self->row != NULL) {
        uint64_t at = 0;
        for (uint64_t r = 0; r < runs; r++)
            for (uint64_t row = self->run[r].first; row < self->run[r].end; row++)
                self->row[at++] = row;
        block->row = self->row;
    }
    block->column = self->column;
    block->first = self->run[0].first;
    block->count = self->rows.count;
out:
    return status;
}

void sna_edge_stream_close(sna_edge_stream *self)
{
    if (self == NULL)
        return;
    sna_dataset_close(self->source);
    sna_dataset_close(self->target);
    for (uint64_t i = 0; i < self->readers; i++)
        sna_attribute_reader_close(self->reader[i]);
    free(self->reader);
    free(self->column);
    free(self->run);
    free(self->source_id);
    free(self->target_id);
    free(self->row);
    sna_rows_close(&self->rows);
    free(self);
}
