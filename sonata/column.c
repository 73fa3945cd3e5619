/* column.c: columns of values: reading one value, and building a column. */
#include "sonata/column.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool sna_column_is_missing(const sna_column *self, uint64_t row)
{
    return row >= self->count || (self->missing != NULL && self->missing[row] != 0);
}

int64_t sna_column_integer(const sna_column *self, uint64_t row)
{
    return self->integer == NULL || sna_column_is_missing(self, row) ? 0 : self->integer[row * self->width];
}

double sna_column_real(const sna_column *self, uint64_t row)
{
    double value = (double)NAN;

    if (sna_column_is_missing(self, row))
        goto out;
    if (self->real != NULL)
        value = self->real[row * self->width];
    else if (self->integer != NULL)
        value = (double)self->integer[row * self->width];
out:
    return value;
}

const char *sna_column_text(const sna_column *self, uint64_t row)
{
    return self->code == NULL || sna_column_is_missing(self, row) ? NULL
                                                                  : self->texts->text[self->code[row * self->width]];
}

static bool text_is_true(const char *text)
{
    static const char *const words[] = {"true", "yes", "t", "y"};
    char *end = NULL;
    double number = 0;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    number = strtod(text, &end);
    return end != text && *end == '\0' && !isnan(number) && fpclassify(number) != FP_ZERO;
}

bool sna_column_is_true(const sna_column *self, uint64_t row)
{
    bool is_true = false;

    if (sna_column_is_missing(self, row))
        goto out;
    if (self->integer != NULL)
        is_true = self->integer[row * self->width] != 0;
    else if (self->real != NULL)
        is_true = !isnan(self->real[row * self->width]) && fpclassify(self->real[row * self->width]) != FP_ZERO;
    else
        is_true = text_is_true(self->texts->text[self->code[row * self->width]]);
out:
    return is_true;
}

/* ---- building ----------------------------------------------------------------------------------------------- */

int sna_column_room_start(sna_column_room *self, const char *name, sna_type type, uint32_t width)
{
    *self = (sna_column_room){.column = {.type = type, .width = width}, .dictionary = SNA_DICTIONARY};
    return sna_text_copy(&self->name, name);
}

int sna_column_room_resize(sna_column_room *self, uint64_t count)
{
    int status = 0;
    sna_column *column = &self->column;

    if (count > self->capacity) {
        free(column->integer);
        free(column->real);
        free(column->code);
        free(self->missing_room);
        column->integer = NULL;
        column->real = NULL;
        column->code = NULL;
        self->missing_room = NULL;
        self->capacity = 0;
        if (count > UINT64_MAX / column->width) {
            status = sna_error(SNA_ENOMEM, "no memory for %s", self->name);
            goto out;
        }
        if (column->type == SNA_INTEGER)
            status = sna_allocate(&column->integer, count * column->width, sizeof *column->integer);
        else if (column->type == SNA_REAL)
            status = sna_allocate(&column->real, count * column->width, sizeof *column->real);
        else
            status = sna_allocate(&column->code, count * column->width, sizeof *column->code);
        if (status != 0)
            goto out;
        status = sna_allocate(&self->missing_room, count, 1);
        if (status != 0)
            goto out;
        self->capacity = count;
    } else if (column->missing != NULL) {
        memset(self->missing_room, 0, (size_t)column->count);
    }
    column->missing = NULL;
    column->count = count;
    column->name = self->name;
    column->texts = column->type == SNA_TEXT ? &self->dictionary.texts : NULL;
out:
    return status;
}

void sna_column_room_miss(sna_column_room *self, uint64_t row)
{
    sna_column *column = &self->column;

    column->missing = self->missing_room;
    column->missing[row] = 1;
    for (uint64_t i = row * column->width; i < (row + 1) * column->width; i++) {
        if (column->integer != NULL)
            column->integer[i] = 0;
        else if (column->real != NULL)
            column->real[i] = (double)NAN;
        else
            column->code[i] = 0;
    }
}

void sna_column_room_free(sna_column_room *self)
{
    free(self->column.integer);
    free(self->column.real);
    free(self->column.code);
    free(self->missing_room);
    free(self->name);
    sna_dictionary_free(&self->dictionary);
    *self = (sna_column_room){.dictionary = SNA_DICTIONARY};
}

int sna_column_to_texts(const sna_column *column, sna_dictionary *texts, uint32_t *code)
{
    int status = 0;
    char buffer[SNA_NUMBER_SIZE];
    uint32_t *of_code = NULL; /* code here of each code of the column, + 1 */

    if (column->type == SNA_TEXT) {
        status = sna_allocate(&of_code, column->texts->count, sizeof *of_code);
        if (status != 0)
            goto out;
    }
    for (uint64_t row = 0; row < column->count; row++) {
        const uint64_t at = row * column->width;
        const char *text = "";
        if (sna_column_is_missing(column, row)) {
            text = "";
        } else if (column->type == SNA_INTEGER) {
            snprintf(buffer, sizeof buffer, "%lld", (long long)column->integer[at]);
            text = buffer;
        } else if (column->type == SNA_REAL) {
            text = sna_number_text(buffer, column->real[at]);
        } else if (of_code != NULL && of_code[column->code[at]] != 0) {
            code[row] = of_code[column->code[at]] - 1;
            continue;
        } else {
            text = column->texts->text[column->code[at]];
        }
        status = sna_dictionary_code(texts, text, strlen(text), &code[row]);
        if (status != 0)
            goto out;
        if (of_code != NULL && !sna_column_is_missing(column, row))
            of_code[column->code[at]] = code[row] + 1;
    }
out:
    free(of_code);
    return status;
}

const char *sna_column_type_name(sna_type type)
{
    return type == SNA_INTEGER ? "whole numbers" : type == SNA_REAL ? "numbers" : "texts";
}

sna_type sna_type_join(sna_type a, sna_type b)
{
    if (a == SNA_TEXT || b == SNA_TEXT)
        return SNA_TEXT;
    return a == SNA_REAL || b == SNA_REAL ? SNA_REAL : SNA_INTEGER;
}
