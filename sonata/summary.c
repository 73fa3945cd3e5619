/* summary.c: what the values of a population's attributes are: one pass over its rows. */
#include "sonata/edges.h"
#include "sonata/nodes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_ROWS = 32768, MOST_DISTINCT = 65536, MOST_PARTS = 8 };

/* An attribute on its way through the rows. */
typedef struct {
    sna_attribute_summary *out;
    sna_attribute_reader *reader; /* NULL: its values are in the types CSV only, or not read any more */
    int64_t types_column;         /* of one that is in the types CSV only, else -1 */
    uint64_t *tally;              /* [tally_capacity] rows that have each text of the reader's column */
    uint64_t tally_capacity;
} walker;

/* ---- values ------------------------------------------------------------------------------------------------- */

static void add_integer(sna_value_range *range, int64_t value)
{
    range->least_integer = value < range->least_integer ? value : range->least_integer;
    range->most_integer = value > range->most_integer ? value : range->most_integer;
}

static void add_real(sna_value_range *range, double value)
{
    range->least = value < range->least ? value : range->least;
    range->most = value > range->most ? value : range->most;
}

/* A text that `rows` rows have; those behind the first few are counted, not kept. */
static int add_text(sna_attribute_summary *self, const char *text, uint64_t rows)
{
    int status = 0;

    if (self->texts.count < SNA_SUMMARY_TEXTS) {
        status = sna_list_add(&self->texts, text);
        if (status == 0)
            self->text_rows[self->texts.count - 1] = rows;
    }
    self->distinct++;
    return status;
}

/* The values of one row that has some. A row of which no number is one counts as missing. */
static bool add_row(walker *self, const sna_column *column, uint64_t row)
{
    sna_attribute_summary *out = self->out;
    bool any = false;

    for (uint32_t k = 0; k < column->width; k++) {
        const uint64_t at = row * column->width + k;
        sna_value_range *range = &out->range[out->parts == column->width ? k : 0];
        if (column->integer != NULL)
            add_integer(range, column->integer[at]);
        else if (column->real != NULL)
            add_real(range, column->real[at]);
        else
            self->tally[column->code[at]]++;
        any = any || column->real == NULL || !isnan(column->real[at]);
    }
    return any;
}

/* The usual column: a number a row, none missing. */
static uint64_t add_numbers(sna_value_range *range, const sna_column *column)
{
    sna_value_range own = *range; /* in registers */
    uint64_t nan = 0;

    if (column->integer != NULL)
        for (uint64_t i = 0; i < column->count; i++)
            add_integer(&own, column->integer[i]);
    else
        for (uint64_t i = 0; i < column->count; i++) {
            add_real(&own, column->real[i]);
            nan += isnan(column->real[i]) ? 1 : 0;
        }
    *range = own;
    return column->count - nan;
}

static int make_tally(walker *self, uint64_t texts)
{
    uint64_t *grown = self->tally;

    if (texts > self->tally_capacity)
        grown = sna_grow(self->tally, &self->tally_capacity, texts, sizeof *grown);
    if (grown == NULL && texts > 0)
        return SNA_ENOMEM;
    self->tally = grown;
    return 0;
}

static int add_column(walker *self, const sna_column *column)
{
    int status = 0;

    if (column->width == 1 && column->missing == NULL && column->code == NULL) {
        self->out->rows += add_numbers(&self->out->range[0], column);
        goto out;
    }
    if (column->code != NULL)
        status = make_tally(self, column->texts->count);
    for (uint64_t i = 0; i < column->count && status == 0; i++)
        if (!sna_column_is_missing(column, i) && add_row(self, column, i))
            self->out->rows++;
    /* Room for texts is bounded: past it nothing more is to be learnt. */
    if (status == 0 && column->code != NULL && column->texts->count > MOST_DISTINCT)
        self->out->more = true;
out:
    return status;
}

/* The texts that were counted become the summary's. */
static int finish_texts(walker *self)
{
    int status = 0;
    const sna_column *column = NULL;

    if (self->reader == NULL)
        return 0;
    column = sna_attribute_reader_column(self->reader);
    for (uint64_t i = 0; i < self->tally_capacity && column->code != NULL && status == 0; i++)
        if (self->tally[i] > 0)
            status = add_text(self->out, column->texts->text[i], self->tally[i]);
    return status;
}

/* ---- attributes that only types have ------------------------------------------------------------------------ */

/* Rows of each type: of row t of the types CSV. */
static int count_types(const sna_types *types, sna_rows *rows, uint64_t *tally)
{
    int64_t last = -1, row = -1;
    const int64_t *type = NULL;
    const int status = sna_rows_types(rows, &type);

    for (uint64_t i = 0; i < rows->count && status == 0; i++) {
        if (i == 0 || type[i] != last) {
            last = type[i];
            row = sna_types_row(types, last);
        }
        if (row >= 0)
            tally[row]++;
    }
    return status;
}

static int finish_types(walker *self, const sna_types *types, const uint64_t *tally)
{
    int status = 0;
    sna_attribute_summary *out = self->out;
    const uint64_t number = self->types_column < 0 ? 0 : (uint64_t)self->types_column;
    const sna_column *column = NULL;
    sna_dictionary texts = SNA_DICTIONARY;

    if (self->types_column < 0)
        goto out;
    column = sna_types_column(types, number);
    status = make_tally(self, sna_types_count(types));
    for (uint64_t t = 0; t < sna_types_count(types) && status == 0; t++) {
        uint32_t code = 0;
        const char *text = sna_types_text(types, t, number);
        if (tally[t] == 0 || sna_column_is_missing(column, t))
            continue;
        out->rows += tally[t];
        if (column->type == SNA_INTEGER)
            add_integer(&out->range[0], column->integer[t]);
        else if (column->type == SNA_REAL)
            add_real(&out->range[0], column->real[t]);
        else
            status = sna_dictionary_code(&texts, text, strlen(text), &code);
        if (status == 0 && column->type == SNA_TEXT)
            self->tally[code] += tally[t];
    }
    for (uint64_t i = 0; i < texts.texts.count && status == 0; i++)
        status = add_text(out, texts.texts.text[i], self->tally[i]);
out:
    sna_dictionary_free(&texts);
    return status;
}

/* ---- the pass ----------------------------------------------------------------------------------------------- */

/* What cannot be read is said and left aside; the rest is still worth knowing. */
static int excuse(sna_attribute_summary *out, int status)
{
    if (status == SNA_EUNSUPPORTED || status == SNA_EFORMAT || status == SNA_ERANGE)
        status = sna_text_copy(&out->problem, sna_error_message());
    return status;
}

static int start(walker *self, sna_population *population, const sna_attribute *attribute, sna_attribute_summary *out)
{
    int status = 0;

    *self = (walker){.out = out, .types_column = -1};
    out->attribute = attribute;
    out->type = attribute->type;
    if (attribute->origin == SNA_FROM_TYPES)
        self->types_column = sna_types_find_column(population->types, attribute->name);
    else
        status = excuse(out, sna_attribute_reader_open(&self->reader, population, attribute->name, false));
    if (status != 0)
        goto out;
    if (self->reader != NULL)
        out->type = sna_attribute_reader_column(self->reader)->type;
    out->parts = out->type == SNA_TEXT ? 0 : attribute->width <= MOST_PARTS ? attribute->width : 1;
    status = sna_allocate(&out->range, out->parts, sizeof *out->range);
    for (uint32_t k = 0; k < out->parts && status == 0; k++)
        out->range[k] = (sna_value_range){(double)INFINITY, -(double)INFINITY, INT64_MAX, INT64_MIN};
out:
    return status;
}

static void stop_reading(walker *self)
{
    sna_attribute_reader_close(self->reader);
    self->reader = NULL;
}

static int take_block(walker *self, sna_rows *rows)
{
    int status = 0;

    if (self->reader == NULL)
        return 0;
    status = excuse(self->out, sna_attribute_reader_fill(self->reader, rows));
    if (status == 0 && self->out->problem == NULL)
        status = add_column(self, sna_attribute_reader_column(self->reader));
    if (status == 0 && self->out->more)
        status = finish_texts(self);
    if (status == 0 && (self->out->more || self->out->problem != NULL))
        stop_reading(self);
    return status;
}

/* All rows, for all attributes at once: columns that several of them need are read once. */
static int walk(sna_population *population, walker *list, uint64_t count, uint64_t *tally)
{
    int status = 0;
    sna_rows rows;
    sna_range run;
    sna_progress progress;

    sna_rows_open(&rows, population);
    sna_progress_start(&progress, population->name, population->kind, population->count);
    for (uint64_t first = 0; first < population->count && status == 0; first = run.end) {
        const uint64_t left = population->count - first;
        run = (sna_range){first, first + (left < BLOCK_ROWS ? left : BLOCK_ROWS)};
        status = sna_rows_set(&rows, &run, 1);
        if (status == 0 && tally != NULL)
            status = count_types(population->types, &rows, tally);
        for (uint64_t i = 0; i < count && status == 0; i++)
            status = take_block(&list[i], &rows);
        if (status == 0)
            status = sna_check_cancelled();
        sna_progress_update(&progress, run.end);
    }
    sna_progress_end(&progress);
    sna_rows_close(&rows);
    return status;
}

static int summarise(sna_population *population, bool values, sna_population_summary *out)
{
    int status = 0;
    const uint64_t count = population->attribute_count;
    bool any_types = false;
    uint64_t started = 0, *tally = NULL;
    walker *list = NULL;

    *out = SNA_POPULATION_SUMMARY;
    sna_h5_quiet();
    status = sna_allocate(&out->attribute, count, sizeof *out->attribute);
    if (status == 0)
        status = sna_allocate(&list, count, sizeof *list);
    if (status != 0)
        goto out;
    out->count = population->count;
    out->read = values;
    out->attributes = count;
    for (; started < count && status == 0; started++) {
        status = start(&list[started], population, &population->attribute[started], &out->attribute[started]);
        any_types = any_types || list[started].types_column >= 0;
    }
    if (status != 0 || !values)
        goto out;
    if (any_types)
        status = sna_allocate(&tally, sna_types_count(population->types), sizeof *tally);
    if (status == 0)
        status = walk(population, list, count, tally);
    for (uint64_t i = 0; i < count && status == 0; i++) {
        status = finish_texts(&list[i]);
        if (status == 0 && tally != NULL)
            status = finish_types(&list[i], population->types, tally);
    }
out:
    for (uint64_t i = 0; i < started; i++) {
        stop_reading(&list[i]);
        free(list[i].tally);
    }
    free(list);
    free(tally);
    if (status != 0)
        sna_population_summary_free(out);
    return status;
}

int sna_nodes_summarise(sna_nodes *self, bool values, sna_population_summary *out)
{
    return summarise(&self->population, values, out);
}

int sna_edges_summarise(sna_edges *self, bool values, sna_population_summary *out)
{
    return summarise(&self->population, values, out);
}

void sna_population_summary_free(sna_population_summary *self)
{
    for (uint64_t i = 0; i < self->attributes; i++) {
        free(self->attribute[i].range);
        free(self->attribute[i].problem);
        sna_list_free(&self->attribute[i].texts);
    }
    free(self->attribute);
    *self = SNA_POPULATION_SUMMARY;
}
