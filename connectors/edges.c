/* edges.c: one edges file: every projection from one population to another, drawn block by block of targets and
 * appended in the order of targets, and of sources within a target. */
#include <inttypes.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "build_tally.h"
#include "connector.h"
#include "share.h"

typedef struct {
    sna_network *network;
    const sna_edge_file *file;
    sna_edge_layout layout;
    sna_share share; /* of this process in the edges */
    sna_edge_writer *writer;
    sna_gap_writer *gap_writer;          /* NULL without gap junctions */
    int64_t gap_id;                      /* the next one to give */
    uint64_t *gap_node[2], gap_capacity; /* source and target nodes of a block's gap junctions */
    int64_t *gap[2];                     /* and the ids of both ends */
    uint64_t *used;                      /* [projections] values taken from lists */
    sna_target_block *block;             /* [threads] */
    sna_build_tally tally;
    unsigned threads;
    sna_progress *progress;
    bool failed; /* read without waiting, so that blocks behind a failure are not drawn */
    int status;  /* of the first block that failed */
    char *message;
} job;

static const sna_projection *projection_of(const job *self, uint64_t i)
{
    return &self->network->projection[self->file->projection[i]];
}

/* ---- appending ---------------------------------------------------------------------------------------------- */

/* Rows first .. end-1, all of one group. */
static int append_rows(job *self, const sna_target_block *block, uint64_t group, uint64_t first, uint64_t end)
{
    const sna_edge_layout *layout = &self->layout;
    const bool own_ids = layout->any_per_synapse;
    const uint64_t *source = own_ids ? block->source_id : block->source,
                   *target = own_ids ? block->target_id : block->to;
    sna_values *values = NULL;
    uint64_t count = 0;
    int status = sna_allocate(&values, layout->columns, sizeof *values);

    for (uint64_t c = 0; c < layout->columns && status == 0; c++) {
        if (!layout->has[group * layout->columns + c])
            continue;
        if (layout->column[c].type == SNA_INTEGER)
            values[count].integer = block->column[c].integer + first;
        else if (layout->column[c].type == SNA_REAL)
            values[count].real = block->column[c].real + first;
        else
            values[count].text = block->column[c].text + first;
        count++;
    }
    if (status == 0)
        status = sna_edge_writer_append(self->writer, (uint32_t)group, end - first, source + first, target + first,
                                        block->type_id + first, values);
    free(values);
    return status;
}

/* Each run of rows of one group. */
static int append_groups(job *self, const sna_target_block *block)
{
    int status = 0;

    if (self->layout.groups == 1)
        return block->count > 0 ? append_rows(self, block, 0, 0, block->count) : 0;
    for (uint64_t first = 0, end = 0; first < block->count && status == 0; first = end) {
        const uint64_t group = self->layout.group[block->row_projection[first]];
        while (end < block->count && self->layout.group[block->row_projection[end]] == group)
            end++;
        status = append_rows(self, block, group, first, end);
    }
    return status;
}

static int reserve_gaps(job *self, uint64_t count)
{
    int status = 0;

    if (count <= self->gap_capacity)
        goto out;
    self->gap_capacity = 0;
    for (unsigned k = 0; k < 2 && status == 0; k++) {
        free(self->gap_node[k]);
        free(self->gap[k]);
        self->gap[k] = NULL;
        status = sna_allocate(&self->gap_node[k], count, sizeof *self->gap_node[k]);
        if (status == 0)
            status = sna_allocate(&self->gap[k], count, sizeof *self->gap[k]);
    }
    if (status == 0)
        self->gap_capacity = count;
out:
    return status;
}

/* Each end of a gap junction has an id of its own, even at the source and odd at the target, as BMTK counts them. */
static int append_gaps(job *self, const sna_target_block *block)
{
    uint64_t count = 0;
    int status = reserve_gaps(self, block->pairs);

    for (uint64_t n = 0; n < block->pairs && status == 0; n++) {
        if (projection_of(self, block->projection[n])->entry->connector != &sna_gap_junction)
            continue;
        self->gap_node[0][count] = block->source[n];
        self->gap_node[1][count] = block->to[n];
        self->gap[0][count] = self->gap_id++;
        self->gap[1][count++] = self->gap_id++;
    }
    if (count > 0)
        status = sna_gap_writer_append(self->gap_writer, count, self->gap_node[0], self->gap_node[1], self->gap[0],
                                       self->gap[1]);
    return status;
}

/* Appends a finished block. Called for one block at a time, in their order. */
static int append_block(job *self, sna_target_block *block)
{
    int status = sna_check_cancelled();

    if (status == 0)
        status = sna_target_block_number(block, self->used);
    if (status == 0)
        status = append_groups(self, block);
    if (status == 0 && self->gap_writer != NULL)
        status = append_gaps(self, block);
    if (status == 0)
        sna_build_tally_add(&self->tally, block);
    if (status == 0)
        sna_progress_update(self->progress, self->progress->done + block->pairs);
    return status;
}

/* Lists must have been used up. */
static int check_lists(const job *self)
{
    int status = 0;

    for (uint64_t i = 0; i < self->file->projections; i++) {
        const sna_generators *generators = &projection_of(self, i)->entry->generators;
        for (uint64_t g = 0; g < generators->count && status == 0; g++) {
            const sna_generator *from = &generators->item[g];
            if (sna_generator_counts(from) && from->values != self->used[i])
                status = sna_json_error(self->network->json, from->item, SNA_EFORMAT,
                                        "lists %" PRIu64 " values, but there are %" PRIu64 " synapses", from->values,
                                        self->used[i]);
        }
    }
    return status;
}

/* One thread appends while the others draw. */
static int make_edges(job *self)
{
    const uint64_t nodes = self->network->population[self->file->target_population].count;

#pragma omp parallel for ordered schedule(dynamic, 1) num_threads(self->threads)
    for (uint64_t b = self->share.first_block; b < self->share.end_block; b++) {
        sna_target_block *block = &self->block[omp_get_thread_num()];
        const uint64_t first = b * self->file->block;
        const uint64_t end = first + self->file->block < nodes ? first + self->file->block : nodes;
        bool failed;
        int status = 0;

#pragma omp atomic read
        failed = self->failed;
        if (!failed)
            status = sna_target_block_make(block, first, end);
#pragma omp ordered
        {
            if (self->status == 0) {
                if (status == 0)
                    status = append_block(self, block);
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

/* Where the edges are spread over several processes, this one's go behind those of the ones before it. */
static int share_files(job *self, int status)
{
    status = sna_ranks_agree(status);
    if (status != 0 || sna_ranks() == 1)
        goto out;
    memcpy(self->used, self->share.rows_before, self->file->projections * sizeof *self->used);
    self->gap_id = 2 * (int64_t)self->share.gaps_before;
    status = sna_edge_writer_share(self->writer, &self->share.part);
    if (status == 0 && self->gap_writer != NULL)
        status = sna_gap_writer_share(self->gap_writer, self->share.gaps_before, self->share.gaps);
out:
    return status;
}

/* What all processes have made, on each of them. */
static int sum_up(job *self, int status)
{
    status = sna_ranks_agree(status);
    if (status == 0)
        status = sna_build_tally_finish(&self->tally);
    if (status == 0 && self->share.rows != NULL)
        memcpy(self->used, self->share.rows, self->file->projections * sizeof *self->used);
    return status;
}

/* ---- edge types --------------------------------------------------------------------------------------------- */

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
        const sna_projection *projection = projection_of(self, i);
        const sna_entry *drawer = projection->drawer;
        const sna_selector *end[2] = {projection->backward ? &drawer->source : &drawer->target,
                                      projection->backward ? &drawer->target : &drawer->source};
        constants[i] = &projection->entry->constant;
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

/* ---- the file ----------------------------------------------------------------------------------------------- */

static int open_writer(job *self, const char *path, sna_outputs *outputs, const sna_write_options *options)
{
    const sna_population *source = &self->network->population[self->file->source_population],
                         *target = &self->network->population[self->file->target_population];
    const sna_edge_layout *layout = &self->layout;
    char *name = NULL;
    int status = sna_text_format(&name, "%s_to_%s", source->name, target->name);

    if (status == 0)
        status = sna_edge_writer_open(&self->writer, outputs, path, name, source->name, source->count, target->name,
                                      target->count, options);
    for (uint64_t group = 0; group < layout->groups; group++) {
        for (uint64_t c = 0; c < layout->columns && status == 0; c++) {
            if (layout->has[group * layout->columns + c])
                status = sna_edge_writer_attribute(self->writer, (uint32_t)group, layout->column[c].name,
                                                   layout->column[c].storage);
        }
    }
    free(name);
    return status;
}

static void job_free(job *self)
{
    sna_edge_writer_close(self->writer);
    sna_gap_writer_close(self->gap_writer);
    for (unsigned i = 0; self->block != NULL && i < self->threads; i++)
        sna_target_block_free(&self->block[i]);
    free(self->block);
    for (unsigned k = 0; k < 2; k++) {
        free(self->gap_node[k]);
        free(self->gap[k]);
    }
    sna_build_tally_free(&self->tally);
    free(self->used);
    free(self->message);
    sna_share_free(&self->share);
    sna_edge_layout_free(&self->layout);
}

int sna_edge_file_write(sna_network *network, uint64_t index, const char *edges, const char *types, const char *gaps,
                        sna_outputs *outputs, sna_progress *progress)
{
    const sna_edge_file *file = &network->file[index];
    const sna_write_options options = {
        .compress = network->options.compress, .memory = network->options.memory / 2, .shared = sna_ranks() > 1};
    const uint64_t blocks = (network->population[file->target_population].count + file->block - 1) / file->block;
    job self = {.network = network, .file = file, .threads = sna_threads(), .progress = progress};
    int status = sna_edge_layout_create(&self.layout, network, file);

    self.threads = blocks < self.threads ? (unsigned)blocks : self.threads;
    if (status == 0)
        status = sna_allocate(&self.used, file->projections, sizeof *self.used);
    if (status == 0)
        status = sna_allocate(&self.block, self.threads, sizeof *self.block);
    for (unsigned i = 0; i < self.threads && status == 0; i++)
        status = sna_target_block_create(&self.block[i], network, file, &self.layout);
    if (status == 0)
        status = sna_build_tally_create(&self.tally, network, file);
    status = sna_ranks_agree(status);
    if (status == 0)
        status = sna_share_create(&self.share, network, file, &self.layout, self.block, self.threads);
    if (status == 0 && sna_rank() == 0)
        status = write_types(&self, types, outputs);
    if (status == 0)
        status = open_writer(&self, edges, outputs, &options);
    if (status == 0 && gaps != NULL)
        status = sna_gap_writer_open(&self.gap_writer, outputs, gaps, &options);
    status = share_files(&self, status);
    if (status == 0)
        status = sum_up(&self, make_edges(&self));
    if (status == 0)
        status = check_lists(&self);
    if (status == 0 && gaps != NULL)
        status = sna_gap_writer_finish(self.gap_writer);
    if (status == 0)
        network->rows += sna_edge_writer_count(self.writer);
    if (status == 0)
        status = sna_edge_writer_finish(self.writer);
    job_free(&self);
    return status;
}
