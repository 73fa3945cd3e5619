/* table.c: labelled rows and columns of typed cells. */
#include "table.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void cell_free(sna_cell *cell, sna_type type)
{
    if (type == SNA_TEXT && cell->present)
        free(cell->value.text);
    *cell = (sna_cell){0};
}

int sna_table_create(sna_table **out, const char *title, const char *label_header)
{
    int status = 0;
    sna_table *self = NULL;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status == 0 && title != NULL)
        status = sna_text_copy(&self->title, title);
    if (status == 0 && label_header != NULL)
        status = sna_text_copy(&self->label_header, label_header);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_table_free(self);
    return status;
}

int sna_table_add_column(sna_table *self, const char *name, const char *unit, sna_type type)
{
    int status = 0;
    sna_column fresh = {.type = type};
    sna_column *grown = sna_grow(self->column, &self->column_capacity, self->column_count + 1, sizeof *self->column);

    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->column = grown;
    status = sna_text_copy(&fresh.name, name);
    if (status == 0 && unit != NULL)
        status = sna_text_copy(&fresh.unit, unit);
    if (status == 0 && self->row_count > 0) {
        fresh.cell = sna_grow(NULL, &fresh.capacity, self->row_count, sizeof *fresh.cell);
        if (fresh.cell == NULL)
            status = SNA_ENOMEM;
    }
    if (status != 0)
        goto out;
    self->column[self->column_count++] = fresh;
    fresh = (sna_column){.type = type};
out:
    free(fresh.name);
    free(fresh.unit);
    free(fresh.cell);
    return status;
}

int sna_table_add_row(sna_table *self, const char *label)
{
    int status = 0;

    for (uint64_t i = 0; i < self->column_count; i++) {
        sna_column *column = &self->column[i];
        sna_cell *grown = sna_grow(column->cell, &column->capacity, self->row_count + 1, sizeof *column->cell);
        if (grown == NULL) {
            status = SNA_ENOMEM;
            goto out;
        }
        column->cell = grown;
        column->cell[self->row_count] = (sna_cell){0};
    }
    if (self->label_header != NULL)
        status = sna_list_add(&self->label, label == NULL ? "" : label);
    if (status == 0)
        self->row_count++;
out:
    return status;
}

int sna_table_add_note(sna_table *self, const char *format, ...)
{
    int status = 0;
    char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    status = text == NULL ? sna_error(SNA_ENOMEM, "no memory for a note") : sna_list_add(&self->note, text);
    free(text);
    return status;
}

/* The cell to set, emptied; a type that cannot hold `type` is refused. */
static int cell_to_set(sna_table *self, uint64_t row, uint64_t column, sna_type type, sna_cell **out)
{
    static const char *const type_name[] = {"integers", "numbers", "texts", "booleans"};
    int status = 0;

    *out = NULL;
    if (row >= self->row_count || column >= self->column_count) {
        status = sna_error(SNA_ERANGE, "cell (%" PRIu64 ", %" PRIu64 ") of a table of %" PRIu64 " x %" PRIu64, row,
                           column, self->row_count, self->column_count);
        goto out;
    }
    if (self->column[column].type != type && !(self->column[column].type == SNA_REAL && type == SNA_INTEGER)) {
        status = sna_error(SNA_EINVAL, "column `%s` holds %s, not %s", self->column[column].name,
                           type_name[self->column[column].type], type_name[type]);
        goto out;
    }
    *out = &self->column[column].cell[row];
    cell_free(*out, self->column[column].type);
out:
    return status;
}

int sna_table_set_integer(sna_table *self, uint64_t row, uint64_t column, int64_t value)
{
    sna_cell *cell;
    const int status = cell_to_set(self, row, column, SNA_INTEGER, &cell);

    if (status == 0) {
        cell->present = true;
        if (self->column[column].type == SNA_REAL)
            cell->value.real = (double)value;
        else
            cell->value.integer = value;
    }
    return status;
}

int sna_table_set_real(sna_table *self, uint64_t row, uint64_t column, double value)
{
    sna_cell *cell;
    const int status = cell_to_set(self, row, column, SNA_REAL, &cell);

    if (status == 0) {
        cell->present = !isnan(value);
        cell->value.real = value;
    }
    return status;
}

int sna_table_set_text(sna_table *self, uint64_t row, uint64_t column, const char *value)
{
    sna_cell *cell;
    char *copy = NULL;
    int status = value == NULL ? 0 : sna_text_copy(&copy, value);

    if (status == 0)
        status = cell_to_set(self, row, column, SNA_TEXT, &cell);
    if (status == 0) {
        cell->present = copy != NULL;
        cell->value.text = copy;
        copy = NULL;
    }
    free(copy);
    return status;
}

int sna_table_set_boolean(sna_table *self, uint64_t row, uint64_t column, bool value)
{
    sna_cell *cell;
    const int status = cell_to_set(self, row, column, SNA_BOOLEAN, &cell);

    if (status == 0) {
        cell->present = true;
        cell->value.boolean = value;
    }
    return status;
}

uint64_t sna_table_rows(const sna_table *self)
{
    return self->row_count;
}

uint64_t sna_table_columns(const sna_table *self)
{
    return self->column_count;
}

const char *sna_table_title(const sna_table *self)
{
    return self->title;
}

const char *sna_table_label_header(const sna_table *self)
{
    return self->label_header;
}

const char *sna_table_row_label(const sna_table *self, uint64_t row)
{
    return row < self->label.count ? self->label.text[row] : "";
}

const char *sna_table_column_name(const sna_table *self, uint64_t column)
{
    return column < self->column_count ? self->column[column].name : "";
}

const char *sna_table_column_unit(const sna_table *self, uint64_t column)
{
    return column < self->column_count ? self->column[column].unit : NULL;
}

sna_type sna_table_column_type(const sna_table *self, uint64_t column)
{
    return column < self->column_count ? self->column[column].type : SNA_TEXT;
}

int64_t sna_table_find_column(const sna_table *self, const char *name)
{
    int64_t found = -1;

    for (uint64_t i = 0; i < self->column_count && found < 0; i++) {
        if (strcmp(self->column[i].name, name) == 0)
            found = (int64_t)i;
    }
    return found;
}

const sna_cell *sna_table_cell(const sna_table *self, uint64_t row, uint64_t column)
{
    static const sna_cell missing;

    return row < self->row_count && column < self->column_count ? &self->column[column].cell[row] : &missing;
}

bool sna_table_is_missing(const sna_table *self, uint64_t row, uint64_t column)
{
    return !sna_table_cell(self, row, column)->present;
}

int64_t sna_table_integer(const sna_table *self, uint64_t row, uint64_t column)
{
    const sna_cell *cell = sna_table_cell(self, row, column);

    return cell->present && self->column[column].type == SNA_INTEGER ? cell->value.integer : 0;
}

double sna_table_real(const sna_table *self, uint64_t row, uint64_t column)
{
    const sna_cell *cell = sna_table_cell(self, row, column);

    if (cell->present && self->column[column].type == SNA_REAL)
        return cell->value.real;
    if (cell->present && self->column[column].type == SNA_INTEGER)
        return (double)cell->value.integer;
    return NAN;
}

const char *sna_table_text(const sna_table *self, uint64_t row, uint64_t column)
{
    const sna_cell *cell = sna_table_cell(self, row, column);

    return cell->present && self->column[column].type == SNA_TEXT ? cell->value.text : NULL;
}

bool sna_table_boolean(const sna_table *self, uint64_t row, uint64_t column)
{
    const sna_cell *cell = sna_table_cell(self, row, column);

    return cell->present && self->column[column].type == SNA_BOOLEAN && cell->value.boolean;
}

uint64_t sna_table_notes(const sna_table *self)
{
    return self->note.count;
}

const char *sna_table_note(const sna_table *self, uint64_t index)
{
    return index < self->note.count ? self->note.text[index] : NULL;
}

/* ---- parts of a table --------------------------------------------------------------------------------------- */

static bool column_is_empty(const sna_table *self, uint64_t column)
{
    for (uint64_t row = 0; row < self->row_count; row++) {
        if (self->column[column].cell[row].present)
            return false;
    }
    return true;
}

static int copy_cell(sna_table *out, uint64_t row, uint64_t column, const sna_cell *from)
{
    switch (out->column[column].type) {
    case SNA_INTEGER:
        return sna_table_set_integer(out, row, column, from->value.integer);
    case SNA_REAL:
        return sna_table_set_real(out, row, column, from->value.real);
    case SNA_TEXT:
        return sna_table_set_text(out, row, column, from->value.text);
    default:
        return sna_table_set_boolean(out, row, column, from->value.boolean);
    }
}

int sna_table_pick(const sna_table *self, const char *title, const char *const *column, sna_table **out)
{
    int status = 0;
    sna_table *picked = NULL;
    uint64_t *from = NULL, count = 0;

    *out = NULL;
    status = sna_table_create(&picked, title, self->label_header);
    if (status == 0)
        status = sna_allocate(&from, self->column_count, sizeof *from);
    for (uint64_t i = 0; column[i] != NULL && status == 0; i++) {
        const int64_t at = sna_table_find_column(self, column[i]);
        if (at < 0 || count == self->column_count || column_is_empty(self, (uint64_t)at))
            continue;
        from[count++] = (uint64_t)at;
        status = sna_table_add_column(picked, column[i], self->column[at].unit, self->column[at].type);
    }
    for (uint64_t row = 0; row < self->row_count && status == 0; row++) {
        bool any = false;
        for (uint64_t c = 0; c < count && !any; c++)
            any = self->column[from[c]].cell[row].present;
        if (any)
            status = sna_table_add_row(picked, sna_table_row_label(self, row));
        for (uint64_t c = 0; c < count && any && status == 0; c++) {
            const sna_cell *cell = &self->column[from[c]].cell[row];
            if (cell->present)
                status = copy_cell(picked, picked->row_count - 1, c, cell);
        }
    }
    if (status != 0)
        goto out;
    *out = picked;
    picked = NULL;
out:
    free(from);
    sna_table_free(picked);
    return status;
}

void sna_table_free(sna_table *self)
{
    if (self == NULL)
        return;
    for (uint64_t i = 0; i < self->column_count; i++) {
        sna_column *column = &self->column[i];
        for (uint64_t row = 0; row < self->row_count; row++)
            cell_free(&column->cell[row], column->type);
        free(column->cell);
        free(column->name);
        free(column->unit);
    }
    free(self->column);
    sna_list_free(&self->label);
    sna_list_free(&self->note);
    free(self->label_header);
    free(self->title);
    free(self);
}
