/* block.c: the edges that end on one block of targets, as they go into an edges file. */
#include "block.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const sna_projection *projection_of(const sna_target_block *self, uint64_t i)
{
    return &self->network->projection[self->file->projection[i]];
}

int sna_target_block_create(sna_target_block *out, const sna_network *network, const sna_edge_file *file,
                            const sna_edge_layout *layout)
{
    uint64_t **const each[] = {&out->first,  &out->end,    &out->target, &out->stop,
                               &out->cursor, &out->active, &out->counted};
    int status = 0;

    *out = (sna_target_block){.network = network, .file = file, .layout = layout};
    status = sna_allocate(&out->rows, file->projections, sizeof *out->rows);
    for (unsigned i = 0; i < sizeof each / sizeof *each && status == 0; i++)
        status = sna_allocate(each[i], file->projections, sizeof **each[i]);
    if (status == 0)
        status = sna_allocate(&out->made, file->projections, sizeof *out->made);
    if (status == 0)
        status = sna_allocate(&out->column, layout->columns, sizeof *out->column);
    return status;
}

static void free_pairs(sna_target_block *self)
{
    free(self->source);
    free(self->to);
    free(self->synapses);
    free(self->projection);
    free(self->copy);
    self->source = self->to = self->synapses = NULL;
    self->projection = self->copy = NULL;
    self->pair_capacity = 0;
}

static void free_rows(sna_target_block *self)
{
    free(self->source_id);
    free(self->target_id);
    free(self->type_id);
    free(self->row_projection);
    self->source_id = self->target_id = NULL;
    self->type_id = NULL;
    self->row_projection = NULL;
    for (uint64_t c = 0; self->column != NULL && c < self->layout->columns; c++) {
        free(self->column[c].integer);
        free(self->column[c].real);
        free(self->column[c].text);
        self->column[c] = (struct sna_block_column){NULL, NULL, NULL};
    }
    self->capacity = 0;
}

void sna_target_block_free(sna_target_block *self)
{
    if (self->layout == NULL)
        return;
    for (uint64_t i = 0; self->rows != NULL && i < self->file->projections; i++)
        sna_rows_free(&self->rows[i]);
    free(self->rows);
    free(self->first);
    free(self->end);
    free(self->target);
    free(self->stop);
    free(self->cursor);
    free(self->active);
    free(self->made);
    free(self->counted);
    free_pairs(self);
    free_rows(self);
    free(self->column);
    *self = (sna_target_block){0};
}

/* Room grows by half, and what was in it is not kept. */
static uint64_t grown(uint64_t capacity, uint64_t needed)
{
    return capacity + capacity / 2 > needed ? capacity + capacity / 2 : needed;
}

static int reserve_pairs(sna_target_block *self, uint64_t needed)
{
    const uint64_t count = grown(self->pair_capacity, needed);
    int status = 0;

    if (needed <= self->pair_capacity)
        goto out;
    free_pairs(self);
    status = sna_allocate(&self->source, count, sizeof *self->source);
    if (status == 0)
        status = sna_allocate(&self->to, count, sizeof *self->to);
    if (status == 0)
        status = sna_allocate(&self->synapses, count, sizeof *self->synapses);
    if (status == 0)
        status = sna_allocate(&self->projection, count, sizeof *self->projection);
    if (status == 0)
        status = sna_allocate(&self->copy, count, sizeof *self->copy);
    if (status == 0)
        self->pair_capacity = count;
out:
    return status;
}

static int reserve_rows(sna_target_block *self, uint64_t needed)
{
    const uint64_t count = grown(self->capacity, needed);
    int status = 0;

    if (needed <= self->capacity)
        goto out;
    free_rows(self);
    status = sna_allocate(&self->type_id, count, sizeof *self->type_id);
    if (status == 0 && self->layout->any_per_synapse) {
        status = sna_allocate(&self->source_id, count, sizeof *self->source_id);
        if (status == 0)
            status = sna_allocate(&self->target_id, count, sizeof *self->target_id);
        if (status == 0)
            status = sna_allocate(&self->row_projection, count, sizeof *self->row_projection);
    }
    for (uint64_t c = 0; c < self->layout->columns && status == 0; c++) {
        struct sna_block_column *column = &self->column[c];
        switch (self->layout->column[c].type) {
        case SNA_INTEGER:
            status = sna_allocate(&column->integer, count, sizeof *column->integer);
            break;
        case SNA_REAL:
            status = sna_allocate(&column->real, count, sizeof *column->real);
            break;
        default:
            status = sna_allocate(&column->text, count, sizeof *column->text);
            break;
        }
    }
    if (status == 0)
        self->capacity = count;
out:
    return status;
}

/* ---- connected pairs ---------------------------------------------------------------------------------------- */

static uint64_t row_start(const sna_rows *rows, uint64_t row)
{
    return row == 0 ? 0 : rows->end[row - 1];
}

/* Draws a projection's rows for the targets first_id .. end_id-1, unless they are there already: a connector that draws
 * more at once than a block holds is not asked again for each block. */
static int draw_rows(sna_target_block *self, uint64_t i, uint64_t first_id, uint64_t end_id)
{
    const sna_projection *projection = projection_of(self, i);
    const sna_entry *drawer = projection->drawer;
    const uint64_t at_once = projection->block, before = first_id / at_once * at_once,
                   behind = (end_id + at_once - 1) / at_once * at_once;
    const uint64_t first = sna_members_from(projection->target, before),
                   end = sna_members_from(projection->target, behind);
    int status = 0;

    self->target[i] = sna_members_from(projection->target, first_id);
    self->stop[i] = sna_members_from(projection->target, end_id);
    self->made[i] = (sna_made){0};
    if (first < end && (first != self->first[i] || end != self->end[i])) {
        const double started = sna_clock();
        sna_rows_clear(&self->rows[i]);
        status =
            drawer->connector->draw(drawer->state, &drawer->ends, projection->backward, first, end, &self->rows[i]);
        self->made[i].seconds = sna_clock() - started;
    } else if (first == end) {
        sna_rows_clear(&self->rows[i]);
    }
    self->first[i] = first;
    self->end[i] = end;
    /* What was drawn at once is counted with the first block that has part of it. */
    if (before >= first_id)
        self->made[i].reciprocal = self->rows[i].reciprocal;
    return status;
}

/* Counts a projection's edges in this block. */
static void count_rows(sna_target_block *self, uint64_t i)
{
    const sna_projection *projection = projection_of(self, i);
    const sna_entry *drawer = projection->drawer;
    const sna_rows *rows = &self->rows[i];
    const bool classes = projection->classes != NULL;
    sna_made *made = &self->made[i];

    for (uint64_t t = self->target[i]; t < self->stop[i]; t++) {
        const uint64_t row = t - self->first[i], start = row_start(rows, row), degree = rows->end[row] - start;
        made->edges += degree;
        made->in_squares += (double)degree * (double)degree;
        for (uint64_t at = start; classes && at < rows->end[row]; at++)
            made->in_class[drawer->connector->class_of(drawer->state, &drawer->ends,
                                                       sna_members_id(projection->source, rows->source[at]),
                                                       sna_members_id(projection->target, t))]++;
    }
}

const uint64_t *sna_target_block_sources(const sna_target_block *self, uint64_t i, uint64_t *first, uint64_t *end)
{
    const sna_rows *rows = &self->rows[i];

    /* The next target is the one behind the last by now. */
    *end = self->stop[i] > self->first[i] ? rows->end[self->stop[i] - self->first[i] - 1] : 0;
    *first = *end - self->made[i].edges;
    return rows->source;
}

/* Synapses of the edge at `at` of projection i's rows, whose row starts at `start`; and which of several edges between
 * the same two nodes it is. */
static inline uint64_t synapses_at(const sna_target_block *self, uint64_t i, uint64_t at, uint64_t start,
                                   uint64_t source, uint64_t target, uint64_t *copy)
{
    const sna_rows *rows = &self->rows[i];

    *copy = 0;
    while (at > start + *copy && rows->source[at - *copy - 1] == rows->source[at])
        (*copy)++;
    return rows->synapses != NULL
               ? rows->synapses[at]
               : sna_count_draw(projection_of(self, i)->n_syn, self->network->seed, source, target, *copy);
}

/* Takes the edge at `at` of projection i's rows over, whose row starts at `start`. */
static inline void take(sna_target_block *self, uint64_t i, uint64_t at, uint64_t start, uint64_t source,
                        uint64_t target)
{
    const uint64_t n = self->pairs++;
    uint64_t copy;
    const uint64_t synapses = synapses_at(self, i, at, start, source, target, &copy);

    self->source[n] = source;
    self->to[n] = target;
    self->synapses[n] = synapses;
    self->projection[n] = (uint32_t)i;
    self->copy[n] = (uint32_t)copy;
    self->made[i].synapses += synapses;
}

/* A target of one projection only: its row as it is. */
static void take_row(sna_target_block *self, uint64_t i, uint64_t target)
{
    const sna_members *sources = projection_of(self, i)->source;
    const sna_rows *rows = &self->rows[i];
    const uint64_t row = self->target[i] - self->first[i], start = row_start(rows, row), end = rows->end[row];

    for (uint64_t at = start; at < end; at++)
        take(self, i, at, start, sna_members_id(sources, rows->source[at]), target);
}

/* A target of several: their rows merged by source, entries in order where a source is in several. */
static void merge_rows(sna_target_block *self, uint64_t active, uint64_t target)
{
    for (uint64_t a = 0; a < active; a++) {
        const uint64_t i = self->active[a];
        self->cursor[i] = row_start(&self->rows[i], self->target[i] - self->first[i]);
    }
    for (;;) {
        uint64_t best = UINT64_MAX, best_source = UINT64_MAX;
        for (uint64_t a = 0; a < active; a++) {
            const uint64_t i = self->active[a];
            const sna_rows *rows = &self->rows[i];
            uint64_t source;
            if (self->cursor[i] == rows->end[self->target[i] - self->first[i]])
                continue;
            source = sna_members_id(projection_of(self, i)->source, rows->source[self->cursor[i]]);
            if (best == UINT64_MAX || source < best_source) {
                best = i;
                best_source = source;
            }
        }
        if (best == UINT64_MAX)
            break;
        take(self, best, self->cursor[best], row_start(&self->rows[best], self->target[best] - self->first[best]),
             best_source, target);
        self->cursor[best]++;
    }
}

static int make_pairs(sna_target_block *self, uint64_t first_id, uint64_t end_id)
{
    uint64_t edges = 0;
    int status = 0;

    for (uint64_t i = 0; i < self->file->projections && status == 0; i++) {
        status = draw_rows(self, i, first_id, end_id);
        if (status == 0)
            count_rows(self, i);
        edges += self->made[i].edges;
    }
    self->pairs = 0;
    if (status == 0)
        status = reserve_pairs(self, edges);
    for (uint64_t id = first_id; status == 0 && self->pairs < edges; id++) {
        uint64_t active = 0;
        for (uint64_t i = 0; i < self->file->projections; i++) {
            if (self->target[i] < self->stop[i] &&
                sna_members_id(projection_of(self, i)->target, self->target[i]) == id)
                self->active[active++] = i;
        }
        if (active == 1)
            take_row(self, self->active[0], id);
        else
            merge_rows(self, active, id);
        for (uint64_t a = 0; a < active; a++)
            self->target[self->active[a]]++;
    }
    return status;
}

/* ---- rows of the file --------------------------------------------------------------------------------------- */

static void set(sna_target_block *self, uint64_t column, uint64_t row, sna_value value, sna_type type)
{
    struct sna_block_column *out = &self->column[column];

    if (out->integer != NULL)
        out->integer[row] = value.integer;
    else if (out->real != NULL)
        out->real[row] = type == SNA_INTEGER ? (double)value.integer : value.real;
    else
        out->text[row] = value.text;
}

static const double *place(const sna_members *members, uint64_t id)
{
    return members->position == NULL ? NULL : members->position[id];
}

/* Every column that a generator of the projection fills, for the rows first .. end-1 of one pair. */
static int generate(sna_target_block *self, uint64_t pair, uint64_t generator, uint64_t first, uint64_t end)
{
    const uint64_t i = self->projection[pair], columns = self->layout->columns;
    const sna_projection *projection = projection_of(self, i);
    const sna_generator *from = &projection->entry->generators.item[generator];
    const double *source = place(projection->source, self->source[pair]),
                 *target = place(projection->target, self->to[pair]);
    sna_value value[SNA_COLUMNS_MOST];
    sna_random random;
    int status = 0;

    sna_generator_start(from, &random, self->network->seed, self->source[pair], self->to[pair], self->copy[pair]);
    for (uint64_t row = first; row < end && status == 0; row++) {
        if (from->kind == SNA_VALUE_PAIRS)
            status = sna_generator_look_up(from, self->network->json, self->source[pair], self->to[pair], value);
        else
            sna_generator_draw(from, &random, 0, source, target, value);
        for (uint64_t c = 0; c < columns && status == 0; c++) {
            const sna_edge_fill *fill = &self->layout->fill[i * columns + c];
            if (fill->kind == SNA_FILL_GENERATED && fill->generator == generator)
                set(self, c, row, value[fill->from], from->column[fill->from].type);
        }
    }
    return status;
}

/* The rows of one pair: one for each synapse, or one that says how many there are. */
static int fill_rows(sna_target_block *self, uint64_t pair)
{
    const uint64_t i = self->projection[pair], columns = self->layout->columns;
    const sna_projection *projection = projection_of(self, i);
    const uint64_t first = self->count, end = first + (self->layout->per_synapse[i] ? self->synapses[pair] : 1);
    int status = 0;

    for (uint64_t row = first; row < end; row++) {
        self->source_id[row] = self->source[pair];
        self->target_id[row] = self->to[pair];
        self->type_id[row] = projection->type_id;
        self->row_projection[row] = (uint32_t)i;
        for (uint64_t c = 0; c < columns; c++) {
            const sna_edge_fill *fill = &self->layout->fill[i * columns + c];
            if (fill->kind == SNA_FILL_SYNAPSES)
                set(self, c, row, (sna_value){.integer = (int64_t)self->synapses[pair]}, SNA_INTEGER);
            else if (fill->kind == SNA_FILL_VALUE)
                set(self, c, row, fill->value, self->layout->column[c].type);
        }
    }
    self->count = end;
    for (uint64_t g = 0; g < projection->entry->generators.count && status == 0; g++) {
        if (!sna_generator_counts(&projection->entry->generators.item[g]))
            status = generate(self, pair, g, first, end);
    }
    return status;
}

int sna_target_block_make(sna_target_block *self, uint64_t first_id, uint64_t end_id)
{
    uint64_t rows = 0;
    int status = make_pairs(self, first_id, end_id);

    self->count = 0;
    if (status != 0)
        goto out;
    for (uint64_t n = 0; n < self->pairs; n++)
        rows += self->layout->per_synapse[self->projection[n]] ? self->synapses[n] : 1;
    status = reserve_rows(self, rows);
    if (status != 0)
        goto out;
    if (self->layout->any_per_synapse) {
        for (uint64_t n = 0; n < self->pairs && status == 0; n++)
            status = fill_rows(self, n);
        goto out;
    }
    /* Without generators there is just one column, the number of synapses. */
    for (uint64_t n = 0; n < self->pairs; n++) {
        self->type_id[n] = projection_of(self, self->projection[n])->type_id;
        self->column[0].integer[n] = (int64_t)self->synapses[n];
    }
    self->count = self->pairs;
out:
    return status;
}

/* Synapses of a projection's edges in this block. */
static uint64_t count_synapses(const sna_target_block *self, uint64_t i)
{
    const sna_projection *projection = projection_of(self, i);
    const sna_rows *rows = &self->rows[i];
    uint64_t synapses = 0, copy;

    for (uint64_t t = self->target[i]; t < self->stop[i]; t++) {
        const uint64_t row = t - self->first[i], start = row_start(rows, row);
        for (uint64_t at = start; at < rows->end[row]; at++)
            synapses += synapses_at(self, i, at, start, sna_members_id(projection->source, rows->source[at]),
                                    sna_members_id(projection->target, t), &copy);
    }
    return synapses;
}

int sna_target_block_count(sna_target_block *self, uint64_t first_id, uint64_t end_id)
{
    int status = 0;

    for (uint64_t i = 0; i < self->file->projections && status == 0; i++) {
        status = draw_rows(self, i, first_id, end_id);
        if (status != 0)
            break;
        self->counted[i] = self->stop[i] > self->target[i]
                               ? self->rows[i].end[self->stop[i] - self->first[i] - 1] -
                                     row_start(&self->rows[i], self->target[i] - self->first[i])
                               : 0;
        if (self->layout->per_synapse[i] && self->counted[i] > 0)
            self->counted[i] = count_synapses(self, i);
    }
    return status;
}

int sna_target_block_number(sna_target_block *self, uint64_t *used)
{
    const uint64_t columns = self->layout->columns;
    int status = 0;

    for (uint64_t row = 0; self->layout->any_per_synapse && row < self->count; row++) {
        const uint64_t i = self->row_projection[row], number = used[i]++;
        const sna_generators *generators = &projection_of(self, i)->entry->generators;
        for (uint64_t g = 0; g < generators->count; g++) {
            const sna_generator *from = &generators->item[g];
            sna_value value = {.integer = 0};
            if (!sna_generator_counts(from))
                continue;
            if (number >= from->values) {
                status = sna_json_error(self->network->json, from->item, SNA_EFORMAT,
                                        "lists %" PRIu64 " values, but there are more synapses", from->values);
                goto out;
            }
            sna_generator_draw(from, NULL, number, NULL, NULL, &value);
            for (uint64_t c = 0; c < columns; c++) {
                const sna_edge_fill *fill = &self->layout->fill[i * columns + c];
                if (fill->kind == SNA_FILL_GENERATED && fill->generator == g)
                    set(self, c, row, value, from->column[0].type);
            }
        }
    }
out:
    return status;
}
