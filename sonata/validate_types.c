/* validate_types.c: types CSV files, and type ids of a population against them. */
#include "sonata/validate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TYPES = 1 << 20 }; /* distinct ids that are kept; more are no types */

/* ---- the file ----------------------------------------------------------------------------------------------- */

typedef struct {
    int64_t id;
    uint64_t line;
    const char *population; /* points into the CSV; NULL where it does not say */
    bool used;
} type_row;

typedef struct {
    sna_csv *csv;
    type_row *row; /* [count] sorted by id */
    uint64_t count;
} type_list;

static int compare_rows(const void *a, const void *b)
{
    const type_row *x = a, *y = b;

    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

/* The column of that name in the header, not counting fields that are empty for alignment; -1 for none. */
static int64_t find_column(const sna_csv *csv, const char *name)
{
    int64_t at = 0;

    for (uint64_t i = 0; i < sna_csv_fields(csv, 0); i++) {
        const char *field = sna_csv_field(csv, 0, i);
        if (field != NULL && strcmp(field, name) == 0)
            return at;
        at += field != NULL;
    }
    return -1;
}

/* A header with empty fields is aligned by spaces. */
static bool is_aligned(const sna_csv *csv)
{
    for (uint64_t i = 0; i < sna_csv_fields(csv, 0); i++)
        if (sna_csv_field(csv, 0, i) == NULL)
            return true;
    return false;
}

/* A field of a row by its column; the same rule for doubled spaces as when it is read. */
static const char *field_at(const sna_csv *csv, uint64_t row, int64_t column)
{
    const uint64_t fields = sna_csv_fields(csv, row);
    int64_t at = 0;

    if (column < 0)
        return NULL;
    if (fields == sna_csv_fields(csv, 0) && !is_aligned(csv))
        return sna_csv_field(csv, row, (uint64_t)column);
    for (uint64_t i = 0; i < fields; i++) {
        const char *field = sna_csv_field(csv, row, i);
        if (field != NULL && at++ == column)
            return field;
    }
    return NULL;
}

static void free_types(type_list *list)
{
    free(list->row);
    sna_csv_free(list->csv);
    *list = (type_list){0};
}

/* Reads the ids, and finds those that are there twice for one population. *usable is false where the file cannot be
 * read. */
static int read_types(sna_validator *self, const char *path, const char *id_column, type_list *list, bool *usable)
{
    int status = 0;
    int64_t id_at = -1, population_at = -1;
    sna_types *types = NULL;
    sna_tally twice = {0};
    uint64_t line = 0;
    const sna_place where = {path, NULL, 0};

    *usable = false;
    status = sna_csv_read(&list->csv, path, ' ');
    if (status == SNA_ENOTFOUND || status == SNA_EIO)
        status = sna_find(self, "file.missing", where, NULL, "%s", sna_error_message());
    else if (status == SNA_EFORMAT)
        status = sna_find(self, "types.invalid", where, NULL, "%s", sna_error_message());
    if (status != 0 || list->csv == NULL)
        goto out;
    if (sna_csv_rows(list->csv) > 0) {
        id_at = find_column(list->csv, id_column);
        population_at = find_column(list->csv, "population");
    }
    status = sna_allocate(&list->row, sna_csv_rows(list->csv), sizeof *list->row);
    for (uint64_t row = 1; row < sna_csv_rows(list->csv) && status == 0 && id_at >= 0; row++) {
        const char *text = field_at(list->csv, row, id_at);
        int64_t id = 0;
        if (text != NULL && sna_integer_parse(&id, text) == 0)
            list->row[list->count++] = (type_row){
                .id = id, .line = sna_csv_line(list->csv, row), .population = field_at(list->csv, row, population_at)};
    }
    if (status != 0)
        goto out;
    if (list->count > 1)
        qsort(list->row, list->count, sizeof *list->row, compare_rows);
    for (uint64_t i = 1; i < list->count; i++) {
        const type_row *a = &list->row[i - 1], *b = &list->row[i];
        if (a->id == b->id &&
            (a->population == NULL || b->population == NULL || strcmp(a->population, b->population) == 0)) {
            line = line == 0 ? b->line : line;
            sna_tally_add(&twice, "%" PRId64 " in lines %" PRIu64 " and %" PRIu64, a->id, a->line, b->line);
        }
    }
    if (twice.count > 0) {
        status = sna_find(self, "types.duplicate-id", (sna_place){path, id_column, line}, &twice,
                          "%" PRIu64 " %s there more than once", twice.count,
                          sna_plural(twice.count, "type id is", "type ids are"));
        goto out;
    }
    /* Everything else that can be wrong with it, the reader says. */
    status = sna_types_read(&types, path, id_column, NULL, NULL);
    if (status == SNA_EFORMAT) {
        /* One id for two populations is not a fault of the file; the reader sees one population at a time. */
        status = population_at >= 0 ? 0 : sna_find(self, "types.invalid", where, NULL, "%s", sna_error_message());
        *usable = population_at >= 0;
    } else {
        *usable = status == 0;
    }
out:
    sna_types_free(types);
    return status;
}

int sna_check_types_file(sna_validator *self, const char *path, const char *id_column)
{
    int status = 0;
    bool usable = false;
    type_list list = {0};

    status = read_types(self, path, id_column, &list, &usable);
    free_types(&list);
    return status;
}

/* ---- type ids of a population ------------------------------------------------------------------------------- */

typedef struct {
    uint64_t id, count, first_row;
} id_count;

typedef struct {
    id_count *entry; /* [count] sorted by id */
    uint64_t count, capacity;
    uint64_t last; /* where the last id was found */
} id_counts;

static int count_id(id_counts *self, uint64_t id, uint64_t row)
{
    int status = 0;
    uint64_t low = 0, high = self->count;
    id_count *grown = NULL;

    if (self->last < self->count && self->entry[self->last].id == id) {
        self->entry[self->last].count++;
        goto out;
    }
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (self->entry[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    self->last = low;
    if (low < self->count && self->entry[low].id == id) {
        self->entry[low].count++;
        goto out;
    }
    if (self->count >= MOST_TYPES)
        goto out;
    grown = sna_grow(self->entry, &self->capacity, self->count + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->entry = grown;
    memmove(grown + low + 1, grown + low, (size_t)(self->count - low) * sizeof *grown);
    grown[low] = (id_count){id, 1, row};
    self->count++;
out:
    return status;
}

static int count_ids(sna_validator *self, const sna_checked_body *body, id_counts *ids, bool *readable)
{
    int status = 0;
    uint64_t *id = NULL;

    status = sna_allocate(&id, SNA_CHECK_ROWS, sizeof *id);
    if (status == 0 && sna_column_is_constant(body->type_id)) {
        status = sna_check_ids(self, body->type_id, 0, 1, id, readable);
        if (status == 0 && *readable)
            status = count_id(ids, id[0], 0);
        if (status == 0 && *readable)
            ids->entry[ids->last].count = body->count;
        goto out;
    }
    for (uint64_t first = 0; first < body->count && status == 0 && *readable; first += SNA_CHECK_ROWS) {
        const uint64_t left = body->count - first, count = left < SNA_CHECK_ROWS ? left : SNA_CHECK_ROWS;
        uint64_t different = 0;
        status = sna_check_ids(self, body->type_id, first, count, id, readable);
        if (status != 0 || !*readable)
            break;
        for (uint64_t i = 1; i < count; i++)
            different |= id[i] ^ id[0];
        if (different == 0) {
            status = count_id(ids, id[0], first);
            if (status == 0 && ids->last < ids->count)
                ids->entry[ids->last].count += count - 1;
        } else {
            for (uint64_t i = 0; i < count && status == 0; i++)
                status = count_id(ids, id[i], first + i);
        }
        if (status == 0)
            status = sna_check_cancelled();
    }
out:
    free(id);
    return status;
}

/* -1 in whatever unsigned or signed width the column has means no type. */
static bool is_no_type(const sna_dataset *column, uint64_t id)
{
    return id == UINT64_MAX || (column->storage == SNA_U32 && id == UINT32_MAX) ||
           (column->storage == SNA_U16 && id == UINT16_MAX) || (column->storage == SNA_U8 && id == UINT8_MAX);
}

/* The first row of the list whose id is not below `id`. */
static uint64_t first_row(const type_list *list, int64_t id)
{
    uint64_t low = 0, high = list->count;

    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (list->row[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Do several populations take their types from the file? Then each may leave some of them to others. */
static bool is_shared(const sna_validator *self, const char *types_file)
{
    uint64_t users = 0;
    const sna_checked_populations *const lists[] = {&self->nodes, &self->edges};

    for (size_t k = 0; k < 2; k++)
        for (uint64_t i = 0; i < lists[k]->count; i++)
            users += lists[k]->population[i].types_file != NULL &&
                     strcmp(lists[k]->population[i].types_file, types_file) == 0;
    return users > 1;
}

static int compare_ids(sna_validator *self, const sna_checked_population *population, const sna_checked_body *body,
                       const id_counts *ids, type_list *list)
{
    int status = 0;
    uint64_t unknown_rows = 0, foreign_rows = 0;
    sna_tally unknown = {0}, foreign = {0}, unused = {0};
    const sna_place where = {population->file->path, body->type_id->place, 0};
    uint64_t line = 0;

    for (uint64_t i = 0; i < ids->count; i++) {
        const id_count *entry = &ids->entry[i];
        bool found = false, elsewhere = false;
        for (uint64_t r = first_row(list, (int64_t)entry->id); r < list->count; r++) {
            const type_row *row = &list->row[r];
            if (row->id != (int64_t)entry->id)
                break;
            if (row->population == NULL || strcmp(row->population, population->name) == 0)
                found = list->row[r].used = true;
            else
                elsewhere = true;
        }
        if (found || (is_no_type(body->type_id, entry->id) && !elsewhere))
            continue;
        unknown_rows += elsewhere ? 0 : entry->count;
        foreign_rows += elsewhere ? entry->count : 0;
        sna_tally_add(elsewhere ? &foreign : &unknown, "%" PRId64 " (%" PRIu64 " %s, first row %" PRIu64 ")",
                      (int64_t)entry->id, entry->count, sna_plural(entry->count, "row", "rows"), entry->first_row);
    }
    for (uint64_t r = 0; r < list->count; r++) {
        const type_row *row = &list->row[r];
        if (row->used || (row->population != NULL && strcmp(row->population, population->name) != 0))
            continue;
        line = line == 0 ? row->line : line;
        sna_tally_add(&unused, "%" PRId64 " in line %" PRIu64, row->id, row->line);
    }
    status = sna_find(self, "types.unknown-id", where, &unknown, "%" PRIu64 " type %s (of %" PRIu64 " %s) not in %s",
                      unknown.count, sna_plural(unknown.count, "id", "ids"), unknown_rows,
                      sna_plural(unknown_rows, "row", "rows"), population->types_file);
    if (status == 0)
        status = sna_find(self, "types.population", where, &foreign,
                          "%" PRIu64 " type %s (of %" PRIu64 " %s) belong to another population in %s", foreign.count,
                          sna_plural(foreign.count, "id", "ids"), foreign_rows, sna_plural(foreign_rows, "row", "rows"),
                          population->types_file);
    if (status == 0 && body->count > 0 && !is_shared(self, population->types_file))
        status = sna_find(self, "types.unused-row", (sna_place){population->types_file, NULL, line}, &unused,
                          "%" PRIu64 " %s used by no %s of `%s`", unused.count,
                          sna_plural(unused.count, "type is", "types are"), body->one, population->name);
    return status;
}

int sna_check_types(sna_validator *self, const sna_checked_population *population, sna_checked_body *body)
{
    int status = 0;
    bool usable = true, readable = true;
    char column[32];
    id_counts ids = {0};
    type_list list = {0};

    snprintf(column, sizeof column, "%s_type_id", body->one);
    if (population->types_file != NULL) {
        status = read_types(self, population->types_file, column, &list, &usable);
        body->broken = body->broken || !usable;
    }
    if (status != 0 || !usable || body->type_id == NULL || self->options.headers_only)
        goto out;
    status = count_ids(self, body, &ids, &readable);
    if (status != 0)
        goto out;
    if (!readable)
        body->broken = true;
    else if (population->types_file != NULL)
        status = compare_ids(self, population, body, &ids, &list);
    else if (self->config != NULL && ids.count > 0 && !is_no_type(body->type_id, ids.entry[ids.count - 1].id) &&
             (ids.count > 1 || ids.entry[0].id != 0))
        status = sna_find(self, "types.no-file", (sna_place){population->file->path, body->type_id->place, 0}, NULL,
                          "there are type ids, but the config names no types CSV");
out:
    free(ids.entry);
    free_types(&list);
    return status;
}
