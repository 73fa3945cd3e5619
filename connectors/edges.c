/* edges.c: one edges file: every projection from one population to another, drawn block by block of targets and
 * appended in the order of targets, and of sources within a target. */
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "connector.h"

/* What one thread needs to make the edges of a block. */
typedef struct {
    sna_rows *rows;    /* [projections] what was drawn */
    uint64_t *target;  /* [projections] position in the projection's targets: first of the block, then the next one */
    uint64_t *first;   /* [projections] the same at the block's start */
    uint64_t *cursor;  /* [projections] while rows of one target are merged */
    uint64_t *active;  /* [projections] those with a row for this target */
    uint64_t count, capacity;
    uint64_t *source_id, *target_id; /* [count] the block's edges */
    int64_t *type_id, *synapses;
    uint64_t *edges, *total; /* [projections] made in this block: edges and synapses */
    uint64_t *gap_node[2], gap_capacity; /* of its gap junctions, source and target */
    int64_t *gap[2];
} worker;

typedef struct {
    sna_network *network;
    const sna_edge_file *file;
    sna_edge_writer *writer;
    sna_gap_writer *gap_writer; /* NULL without gap junctions */
    int64_t gap_id;             /* the next one to give */
    worker *worker; /* [threads] */
    unsigned threads;
    sna_progress *progress;
    bool failed; /* read without waiting, so that blocks behind a failure are not drawn */
    int status;  /* of the first block that failed */
    char *message;
} job;

static void worker_free(worker *self, uint64_t projections)
{
    for (uint64_t i = 0; self->rows != NULL && i < projections; i++)
        sna_rows_free(&self->rows[i]);
    free(self->rows);
    free(self->target);
    free(self->first);
    free(self->cursor);
    free(self->active);
    free(self->source_id);
    free(self->target_id);
    free(self->type_id);
    free(self->synapses);
    free(self->edges);
    free(self->total);
    for (unsigned k = 0; k < 2; k++) {
        free(self->gap_node[k]);
        free(self->gap[k]);
    }
}

static int worker_create(worker *self, uint64_t projections)
{
    uint64_t **const column[] = {&self->target, &self->first, &self->cursor, &self->active, &self->edges, &self->total};
    int status = sna_allocate(&self->rows, projections, sizeof *self->rows);

    for (unsigned i = 0; i < sizeof column / sizeof *column && status == 0; i++)
        status = sna_allocate(column[i], projections, sizeof **column[i]);
    return status;
}

static int worker_reserve(worker *self, uint64_t needed)
{
    int status = 0;
    uint64_t grown = self->capacity + self->capacity / 2;

    if (needed <= self->capacity)
        goto out;
    grown = grown > needed ? grown : needed;
    free(self->source_id);
    free(self->target_id);
    free(self->type_id);
    free(self->synapses);
    self->source_id = self->target_id = NULL;
    self->type_id = self->synapses = NULL;
    self->capacity = 0;
    status = sna_allocate(&self->source_id, grown, sizeof *self->source_id);
    if (status == 0)
        status = sna_allocate(&self->target_id, grown, sizeof *self->target_id);
    if (status == 0)
        status = sna_allocate(&self->type_id, grown, sizeof *self->type_id);
    if (status == 0)
        status = sna_allocate(&self->synapses, grown, sizeof *self->synapses);
    if (status == 0)
        self->capacity = grown;
out:
    return status;
}

static uint64_t row_start(const sna_rows *rows, uint64_t row)
{
    return row == 0 ? 0 : rows->end[row - 1];
}

/* Draws every projection's rows for the targets first_id .. end_id-1. */
static int draw_rows(const job *self, worker *mine, uint64_t first_id, uint64_t end_id, uint64_t *edges)
{
    int status = 0;

    *edges = 0;
    for (uint64_t i = 0; i < self->file->projections && status == 0; i++) {
        const sna_projection *projection = &self->network->projection[self->file->projection[i]];
        const sna_entry *drawer = projection->drawer;
        const uint64_t first = sna_members_from(projection->target, first_id),
                       end = sna_members_from(projection->target, end_id);
        sna_rows_clear(&mine->rows[i]);
        mine->target[i] = mine->first[i] = first;
        mine->edges[i] = mine->total[i] = 0;
        if (first == end)
            continue;
        status = drawer->connector->draw(drawer->state, &drawer->ends, projection->backward, first, end, &mine->rows[i]);
        *edges += mine->rows[i].count;
    }
    return status;
}

/* Takes the edge at `at` of projection i's rows over into the block. */
static inline void take(const job *self, worker *mine, uint64_t i, uint64_t at, uint64_t source, uint64_t target)
{
    const sna_projection *projection = &self->network->projection[self->file->projection[i]];
    const sna_rows *rows = &mine->rows[i];
    const uint64_t n = mine->count++;
    const uint64_t synapses = rows->synapses != NULL
                                  ? rows->synapses[at]
                                  : sna_count_draw(projection->n_syn, self->network->seed, source, target);

    mine->source_id[n] = source;
    mine->target_id[n] = target;
    mine->type_id[n] = projection->type_id;
    mine->synapses[n] = (int64_t)synapses;
    mine->edges[i]++;
    mine->total[i] += synapses;
}

/* A target of one projection only: its row as it is. */
static void take_row(const job *self, worker *mine, uint64_t i, uint64_t target)
{
    const sna_projection *projection = &self->network->projection[self->file->projection[i]];
    const sna_rows *rows = &mine->rows[i];
    const uint64_t row = mine->target[i] - mine->first[i], end = rows->end[row];

    for (uint64_t at = row_start(rows, row); at < end; at++)
        take(self, mine, i, at, sna_members_id(projection->source, rows->source[at]), target);
}

/* A target of several: their rows merged by source, entries in order where a source is in several. */
static void merge_rows(const job *self, worker *mine, uint64_t active, uint64_t target)
{
    for (uint64_t a = 0; a < active; a++) {
        const uint64_t i = mine->active[a];
        mine->cursor[i] = row_start(&mine->rows[i], mine->target[i] - mine->first[i]);
    }
    for (;;) {
        uint64_t best = UINT64_MAX, best_source = UINT64_MAX;
        for (uint64_t a = 0; a < active; a++) {
            const uint64_t i = mine->active[a];
            const sna_rows *rows = &mine->rows[i];
            uint64_t source;
            if (mine->cursor[i] == rows->end[mine->target[i] - mine->first[i]])
                continue;
            source = sna_members_id(self->network->projection[self->file->projection[i]].source,
                                    rows->source[mine->cursor[i]]);
            if (best == UINT64_MAX || source < best_source) {
                best = i;
                best_source = source;
            }
        }
        if (best == UINT64_MAX)
            break;
        take(self, mine, best, mine->cursor[best]++, best_source, target);
    }
}

/* The edges of the targets first_id .. end_id-1. */
static int make_block(const job *self, worker *mine, uint64_t first_id, uint64_t end_id)
{
    uint64_t edges = 0;
    int status = draw_rows(self, mine, first_id, end_id, &edges);

    mine->count = 0;
    if (status == 0)
        status = worker_reserve(mine, edges);
    for (uint64_t id = first_id; status == 0 && mine->count < edges; id++) {
        uint64_t active = 0;
        for (uint64_t i = 0; i < self->file->projections; i++) {
            const sna_projection *projection = &self->network->projection[self->file->projection[i]];
            const sna_rows *rows = &mine->rows[i];
            const uint64_t row = mine->target[i] - mine->first[i];
            if (row < rows->rows && sna_members_id(projection->target, mine->target[i]) == id)
                mine->active[active++] = i;
        }
        if (active == 1)
            take_row(self, mine, mine->active[0], id);
        else
            merge_rows(self, mine, active, id);
        for (uint64_t a = 0; a < active; a++)
            mine->target[mine->active[a]]++;
    }
    return status;
}

/* Each end of a gap junction has an id of its own, even at the source and odd at the target, as BMTK counts them. */
static int append_gaps(job *self, worker *mine)
{
    uint64_t count = 0;
    int status = 0;

    for (uint64_t n = 0; n < mine->count; n++) {
        const sna_projection *projection = &self->network->projection[mine->type_id[n] - SNA_FIRST_TYPE_ID];
        if (projection->entry->connector == &sna_gap_junction)
            count++;
    }
    if (count > mine->gap_capacity) {
        for (unsigned k = 0; k < 2; k++) {
            free(mine->gap_node[k]);
            free(mine->gap[k]);
            mine->gap_node[k] = NULL;
            mine->gap[k] = NULL;
        }
        mine->gap_capacity = 0;
        for (unsigned k = 0; k < 2 && status == 0; k++) {
            status = sna_allocate(&mine->gap_node[k], count, sizeof *mine->gap_node[k]);
            if (status == 0)
                status = sna_allocate(&mine->gap[k], count, sizeof *mine->gap[k]);
        }
        if (status != 0)
            goto out;
        mine->gap_capacity = count;
    }
    count = 0;
    for (uint64_t n = 0; n < mine->count; n++) {
        const sna_projection *projection = &self->network->projection[mine->type_id[n] - SNA_FIRST_TYPE_ID];
        if (projection->entry->connector != &sna_gap_junction)
            continue;
        mine->gap_node[0][count] = mine->source_id[n];
        mine->gap_node[1][count] = mine->target_id[n];
        mine->gap[0][count] = self->gap_id++;
        mine->gap[1][count++] = self->gap_id++;
    }
    if (count > 0)
        status = sna_gap_writer_append(self->gap_writer, count, mine->gap_node[0], mine->gap_node[1], mine->gap[0],
                                       mine->gap[1]);
out:
    return status;
}

/* Appends a finished block. Called for one block at a time, in their order. */
static int append_block(job *self, worker *mine)
{
    const sna_values values = {.integer = mine->synapses};
    int status = sna_check_cancelled();

    if (status == 0 && mine->count > 0)
        status = sna_edge_writer_append(self->writer, 0, mine->count, mine->source_id, mine->target_id, mine->type_id,
                                        &values);
    if (status == 0 && self->gap_writer != NULL)
        status = append_gaps(self, mine);
    for (uint64_t i = 0; i < self->file->projections && status == 0; i++) {
        sna_projection *projection = &self->network->projection[self->file->projection[i]];
        projection->edges += mine->edges[i];
        projection->synapses += mine->total[i];
        projection->reciprocal += mine->rows[i].reciprocal;
    }
    if (status == 0)
        sna_progress_update(self->progress, self->progress->done + mine->count);
    return status;
}

/* One thread appends while the others draw. */
static int make_edges(job *self)
{
    const uint64_t nodes = self->network->population[self->file->target_population].count;
    const int64_t blocks = (int64_t)((nodes + self->file->block - 1) / self->file->block);

#pragma omp parallel for ordered schedule(dynamic, 1) num_threads(self->threads)
    for (int64_t b = 0; b < blocks; b++) {
        worker *mine = &self->worker[omp_get_thread_num()];
        const uint64_t first = (uint64_t)b * self->file->block;
        const uint64_t end = first + self->file->block < nodes ? first + self->file->block : nodes;
        bool failed;
        int status = 0;

#pragma omp atomic read
        failed = self->failed;
        if (!failed)
            status = make_block(self, mine, first, end);
#pragma omp ordered
        {
            if (self->status == 0) {
                if (status == 0)
                    status = append_block(self, mine);
                if (status != 0) {
                    self->status = status;
                    self->message = strdup(sna_error_message());
#pragma omp atomic write
                    self->failed = true;
                }
            }
        }
    }
    /* The sentence was left in the thread that failed. */
    if (self->status != 0)
        self->status = sna_error(self->status, "%s", self->message == NULL ? "out of memory" : self->message);
    return self->status;
}

/* pop_name=='PN' as BMTK writes it: conditions joined by &, a list in brackets, * for none. */
static int query(sna_string *out, const sna_json *json, const sna_selector *selector)
{
    int status = 0;
    bool first = true;

    for (const cJSON *item = selector->item->child; item != NULL && status == 0; item = item->next) {
        sna_constants one = {0};
        const cJSON *value = item;
        if (strcmp(item->string, "population") == 0)
            continue;
        if (cJSON_IsArray(item) && item->child->next == NULL)
            value = item->child;
        status = sna_constants_add_as(&one, json, value, item->string);
        if (status == 0)
            status = sna_string_format(out, "%s%s=='%s'", first ? "" : "&", item->string,
                                       one.item[0].text == NULL ? "None" : one.item[0].text);
        sna_constants_free(&one);
        first = false;
    }
    if (status == 0 && first)
        status = sna_string_append(out, "*");
    return status;
}

static int write_types(const job *self, const char *path, sna_outputs *outputs)
{
    static const char *const column[] = {"target_query", "source_query"};
    const uint64_t rows = self->file->projections;
    int status = 0;
    sna_table *table = NULL;
    const sna_constants **constants = NULL;

    status = sna_allocate(&constants, rows, sizeof *constants);
    if (status == 0)
        status = sna_table_create(&table, NULL, NULL);
    if (status == 0)
        status = sna_table_add_column(table, "edge_type_id", NULL, SNA_INTEGER);
    for (unsigned k = 0; k < 2 && status == 0; k++)
        status = sna_table_add_column(table, column[k], NULL, SNA_TEXT);
    for (uint64_t i = 0; i < rows && status == 0; i++) {
        const sna_projection *projection = &self->network->projection[self->file->projection[i]];
        const sna_entry *entry = projection->entry;
        const sna_selector *end[2] = {projection->backward ? &entry->source : &entry->target,
                                      projection->backward ? &entry->target : &entry->source};
        constants[i] = &entry->constant;
        status = sna_table_add_row(table, NULL);
        if (status == 0)
            status = sna_table_set_integer(table, i, 0, projection->type_id);
        for (unsigned k = 0; k < 2 && status == 0; k++) {
            sna_string text = SNA_STRING;
            status = query(&text, self->network->json, end[k]);
            if (status == 0)
                status = sna_table_set_text(table, i, k + 1, sna_string_text(&text));
            sna_string_free(&text);
        }
    }
    if (status == 0)
        status = sna_constants_table(table, constants, rows);
    if (status == 0)
        status = sna_types_write(outputs, path, table);
    free(constants);
    sna_table_free(table);
    return status;
}

int sna_edge_file_write(sna_network *network, uint64_t index, const char *edges, const char *types, const char *gaps,
                        sna_outputs *outputs, sna_progress *progress)
{
    const sna_edge_file *file = &network->file[index];
    const sna_population *source = &network->population[file->source_population],
                         *target = &network->population[file->target_population];
    const sna_write_options options = {.compress = network->options.compress, .memory = network->options.memory / 4};
    job self = {.network = network, .file = file, .threads = sna_threads(), .progress = progress};
    int status = 0;
    char *name = NULL;

    status = sna_text_format(&name, "%s_to_%s", source->name, target->name);
    if (status == 0)
        status = sna_allocate(&self.worker, self.threads, sizeof *self.worker);
    for (unsigned i = 0; i < self.threads && status == 0; i++)
        status = worker_create(&self.worker[i], file->projections);
    if (status == 0)
        status = write_types(&self, types, outputs);
    if (status == 0)
        status = sna_edge_writer_open(&self.writer, outputs, edges, name, source->name, source->count, target->name,
                                      target->count, &options);
    if (status == 0)
        status = sna_edge_writer_attribute(self.writer, 0, "nsyns", SNA_U32);
    if (status == 0 && gaps != NULL)
        status = sna_gap_writer_open(&self.gap_writer, outputs, gaps, &options);
    if (status == 0)
        status = make_edges(&self);
    if (status == 0 && gaps != NULL)
        status = sna_gap_writer_finish(self.gap_writer);
    if (status == 0)
        network->rows += sna_edge_writer_count(self.writer);
    if (status == 0)
        status = sna_edge_writer_finish(self.writer);
    sna_edge_writer_close(self.writer);
    sna_gap_writer_close(self.gap_writer);
    for (unsigned i = 0; self.worker != NULL && i < self.threads; i++)
        worker_free(&self.worker[i], file->projections);
    free(self.worker);
    free(self.message);
    free(name);
    return status;
}
