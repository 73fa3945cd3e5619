/* types.c: node_types.csv and edge_types.csv. */
#include "sonata/column.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int64_t id;
    uint64_t row;
} id_row;

struct sna_types {
    sna_csv *csv;          /* holds the texts */
    const char **name;     /* [columns] */
    const char **cell;     /* [count * columns] NULL where missing */
    sna_column_room *room; /* [columns] */
    uint64_t count, columns, cell_capacity;
    int64_t *id; /* [count] */
    uint64_t id_capacity;
    id_row *by_id; /* [count] sorted by id */
};

static bool is_missing_word(const char *text)
{
    static const char *const words[] = {"NULL", "NONE", "NaN", "nan", "NA", "N/A", "null"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i]) == 0)
            return true;
    return false;
}

/* ---- rows --------------------------------------------------------------------------------------------------- */

/* Fields of a row that are not empty. */
static uint64_t filled_fields(const sna_csv *csv, uint64_t row)
{
    uint64_t filled = 0;

    for (uint64_t i = 0; i < sna_csv_fields(csv, row); i++)
        filled += sna_csv_field(csv, row, i) != NULL;
    return filled;
}

/* The fields of a row as one per header column, in *field [header]. "One or more spaces" and "a doubled space is an
 * empty field" contradict each other: the number of fields decides. */
static int match_fields(const sna_csv *csv, uint64_t row, uint64_t header, bool aligned, const char **field)
{
    int status = 0;
    const uint64_t fields = sna_csv_fields(csv, row);
    const uint64_t filled = filled_fields(csv, row);

    if (fields == header && !aligned) {
        for (uint64_t i = 0; i < header; i++)
            field[i] = sna_csv_field(csv, row, i);
    } else if (filled == header) {
        for (uint64_t i = 0, to = 0; i < fields; i++)
            if (sna_csv_field(csv, row, i) != NULL)
                field[to++] = sna_csv_field(csv, row, i);
    } else {
        status = sna_csv_error(csv, row, SNA_EFORMAT,
                               "%" PRIu64 " fields, but the header has %" PRIu64
                               " columns (fields are separated by one space; quote a text that has spaces)",
                               fields, header);
    }
    return status;
}

static int add_row(sna_types *self, uint64_t row, const char *const *field, uint64_t header, uint64_t id_at,
                   const char *id_column)
{
    int status = 0;
    int64_t id = 0;
    int64_t *ids = NULL;
    const char **cells = NULL;

    if (field[id_at] == NULL || sna_integer_parse(&id, field[id_at]) != 0) {
        status = sna_csv_error(self->csv, row, SNA_EFORMAT, "%s must be a whole number, found \"%.60s\"", id_column,
                               field[id_at] == NULL ? "" : field[id_at]);
        goto out;
    }
    ids = sna_grow(self->id, &self->id_capacity, self->count + 1, sizeof *ids);
    if (ids == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->id = ids;
    cells = sna_grow(self->cell, &self->cell_capacity, (self->count + 1) * self->columns + 1, sizeof *cells);
    if (cells == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->cell = cells;
    self->id[self->count] = id;
    for (uint64_t i = 0, to = self->count * self->columns; i < header; i++)
        if (i != id_at)
            self->cell[to++] = field[i] != NULL && !is_missing_word(field[i]) ? field[i] : NULL;
    self->count++;
out:
    return status;
}

static int read_header(sna_types *self, bool *aligned, uint64_t *header, const char ***field, const char *id_column,
                       uint64_t *id_at)
{
    int status = 0;
    const uint64_t fields = sna_csv_fields(self->csv, 0);
    uint64_t to = 0;

    *header = filled_fields(self->csv, 0);
    *aligned = *header != fields;
    *id_at = UINT64_MAX;
    status = sna_allocate(field, *header, sizeof **field);
    if (status == 0)
        status = sna_allocate(&self->name, *header, sizeof *self->name);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < fields; i++) {
        const char *name = sna_csv_field(self->csv, 0, i);
        if (name == NULL)
            continue;
        if (strcmp(name, id_column) == 0 && *id_at == UINT64_MAX)
            *id_at = to;
        (*field)[to++] = name;
    }
    if (*id_at == UINT64_MAX) {
        status = sna_csv_error(self->csv, 0, SNA_EFORMAT, "there is no column %s%s", id_column,
                               *header == 1 ? " (columns are separated by spaces)" : "");
        goto out;
    }
    for (uint64_t i = 0; i < *header; i++) {
        if (i == *id_at)
            continue;
        for (uint64_t k = 0; k < self->columns; k++)
            if (strcmp(self->name[k], (*field)[i]) == 0) {
                status = sna_csv_error(self->csv, 0, SNA_EFORMAT, "two columns are called %s", (*field)[i]);
                goto out;
            }
        self->name[self->columns++] = (*field)[i];
    }
out:
    return status;
}

static int compare_ids(const void *a, const void *b)
{
    const id_row *x = a, *y = b;

    return x->id < y->id ? -1 : x->id > y->id;
}

static int sort_ids(sna_types *self, const char *path, const char *id_column)
{
    int status = sna_allocate(&self->by_id, self->count, sizeof *self->by_id);

    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < self->count; i++)
        self->by_id[i] = (id_row){self->id[i], i};
    if (self->count > 0)
        qsort(self->by_id, self->count, sizeof *self->by_id, compare_ids);
    for (uint64_t i = 1; i < self->count; i++)
        if (self->by_id[i].id == self->by_id[i - 1].id) {
            status = sna_error(SNA_EFORMAT, "%s: %s %" PRId64 " is there twice", path, id_column, self->by_id[i].id);
            goto out;
        }
out:
    return status;
}

/* ---- types of columns --------------------------------------------------------------------------------------- */

static bool has_leading_zero(const char *text)
{
    text += *text == '-' || *text == '+';
    return text[0] == '0' && text[1] >= '0' && text[1] <= '9';
}

static sna_type cell_type(const char *text)
{
    sna_type type = SNA_TEXT;
    int64_t integer = 0;
    double real = 0;

    /* 007 is a label; hexadecimal and "infinity" are words. */
    if (has_leading_zero(text))
        type = SNA_TEXT;
    else if (text[strspn(text, "+-0123456789")] == '\0' && sna_integer_parse(&integer, text) == 0)
        type = SNA_INTEGER;
    else if ((text[strspn(text, "+-0123456789.eE")] == '\0' || strcmp(text, "inf") == 0 || strcmp(text, "-inf") == 0) &&
             sna_number_parse(&real, text) == 0)
        type = SNA_REAL;
    return type;
}

static int fill_column(sna_types *self, uint64_t c)
{
    int status = 0;
    bool any = false;
    sna_type type = SNA_INTEGER;
    sna_column_room *room = &self->room[c];

    for (uint64_t r = 0; r < self->count; r++) {
        const char *text = self->cell[r * self->columns + c];
        if (text != NULL) {
            any = true;
            type = sna_type_join(type, cell_type(text));
        }
    }
    status = sna_column_room_start(room, self->name[c], any ? type : SNA_TEXT, 1);
    if (status == 0)
        status = sna_column_room_resize(room, self->count);
    for (uint64_t r = 0; r < self->count && status == 0; r++) {
        const char *text = self->cell[r * self->columns + c];
        if (text == NULL)
            sna_column_room_miss(room, r);
        else if (room->column.type == SNA_INTEGER)
            status = sna_integer_parse(&room->column.integer[r], text);
        else if (room->column.type == SNA_REAL)
            status = sna_number_parse(&room->column.real[r], text);
        else
            status = sna_dictionary_code(&room->dictionary, text, strlen(text), &room->column.code[r]);
    }
    return status;
}

/* ---- the public functions ----------------------------------------------------------------------------------- */

int sna_types_read(sna_types **out, const char *path, const char *id_column, const char *population, sna_notes *notes)
{
    int status = 0;
    bool aligned = false;
    uint64_t header = 0, id_at = 0, collapsed = 0;
    int64_t population_at = -1;
    const char **field = NULL;
    sna_types *self = NULL;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status == 0)
        status = sna_csv_read(&self->csv, path, ' ');
    if (status != 0)
        goto out;
    if (sna_csv_rows(self->csv) == 0) {
        status = sna_error(SNA_EFORMAT, "%s: the file is empty, a header with %s was expected", path, id_column);
        goto out;
    }
    status = read_header(self, &aligned, &header, &field, id_column, &id_at);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < header; i++)
        if (strcmp(field[i], "population") == 0)
            population_at = (int64_t)i;
    for (uint64_t row = 1; row < sna_csv_rows(self->csv); row++) {
        if (filled_fields(self->csv, row) == 0)
            continue;
        status = match_fields(self->csv, row, header, aligned, field);
        if (status != 0)
            goto out;
        collapsed += sna_csv_fields(self->csv, row) != header;
        if (population_at >= 0 && population != NULL && field[population_at] != NULL &&
            !is_missing_word(field[population_at]) && strcmp(field[population_at], population) != 0)
            continue;
        status = add_row(self, row, field, header, id_at, id_column);
        if (status != 0)
            goto out;
    }
    status = sort_ids(self, path, id_column);
    if (status == 0)
        status = sna_allocate(&self->room, self->columns, sizeof *self->room);
    for (uint64_t c = 0; c < self->columns && status == 0; c++)
        status = fill_column(self, c);
    if (status == 0 && (aligned || collapsed > 0))
        status = sna_notes_add(notes, "types.aligned", path, "",
                               "columns are separated by more than one space in places; they were read as aligned");
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    free(field);
    sna_types_free(self);
    return status;
}

uint64_t sna_types_count(const sna_types *self)
{
    return self->count;
}

int64_t sna_types_id(const sna_types *self, uint64_t row)
{
    return row < self->count ? self->id[row] : -1;
}

int64_t sna_types_row(const sna_types *self, int64_t id)
{
    uint64_t low = 0, high = self->count;

    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (self->by_id[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < self->count && self->by_id[low].id == id ? (int64_t)self->by_id[low].row : -1;
}

uint64_t sna_types_columns(const sna_types *self)
{
    return self->columns;
}

const sna_column *sna_types_column(const sna_types *self, uint64_t column)
{
    return column < self->columns ? &self->room[column].column : NULL;
}

int64_t sna_types_find_column(const sna_types *self, const char *name)
{
    for (uint64_t i = 0; i < self->columns; i++)
        if (strcmp(self->name[i], name) == 0)
            return (int64_t)i;
    return -1;
}

const char *sna_types_text(const sna_types *self, uint64_t row, uint64_t column)
{
    return row < self->count && column < self->columns ? self->cell[row * self->columns + column] : NULL;
}

void sna_types_free(sna_types *self)
{
    if (self == NULL)
        return;
    for (uint64_t i = 0; self->room != NULL && i < self->columns; i++)
        sna_column_room_free(&self->room[i]);
    free(self->room);
    free(self->by_id);
    free(self->id);
    free(self->cell);
    free(self->name);
    sna_csv_free(self->csv);
    free(self);
}
