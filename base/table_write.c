/* table_write.c: a table as aligned text, CSV, JSON or Markdown. */
#include "table.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

int sna_format_parse(sna_format *out, const char *name)
{
    static const char *const known[] = {"text", "csv", "json", "md", "markdown"};
    static const sna_format format[] = {SNA_FORMAT_TEXT, SNA_FORMAT_CSV, SNA_FORMAT_JSON, SNA_FORMAT_MARKDOWN,
                                        SNA_FORMAT_MARKDOWN};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(name, known[i]) == 0) {
            *out = format[i];
            return 0;
        }
    }
    return sna_error(SNA_EINVAL, "unknown format `%s`: one of text, csv, json, md", name);
}

int sna_stream_check(FILE *stream)
{
    return ferror(stream) ? sna_error(SNA_EIO, "writing the result failed: %s", strerror(errno)) : 0;
}

uint64_t sna_text_width(const char *text)
{
    uint64_t width = 0;

    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

enum { TEXT_DIGITS = 6 };

/* A cell as a text: rounded for people, exact for programs. `buffer` may or may not be used. */
static const char *cell_text(const sna_table *self, uint64_t row, uint64_t column, char buffer[SNA_NUMBER_SIZE],
                             bool rounded)
{
    const sna_cell *cell = sna_table_cell(self, row, column);

    if (!cell->present)
        return rounded ? "-" : NULL;
    switch (self->column[column].type) {
    case SNA_INTEGER:
        (void)snprintf(buffer, SNA_NUMBER_SIZE, "%" PRId64, cell->value.integer);
        return buffer;
    case SNA_REAL:
        return rounded ? sna_number_round(buffer, cell->value.real, TEXT_DIGITS)
                       : sna_number_text(buffer, cell->value.real);
    case SNA_BOOLEAN:
        return cell->value.boolean ? (rounded ? "yes" : "true") : (rounded ? "no" : "false");
    case SNA_TEXT:
        break;
    }
    return cell->value.text;
}

static int column_heading(const sna_column *column, sna_string *out)
{
    out->length = 0;
    if (column->unit == NULL || column->unit[0] == '\0')
        return sna_string_append(out, column->name);
    return sna_string_format(out, "%s (%s)", column->name, column->unit);
}

static void put_padded(FILE *stream, const char *text, uint64_t width, bool right)
{
    const uint64_t own = sna_text_width(text);
    const int pad = own < width ? (int)(width - own) : 0;

    (void)fprintf(stream, "%*s%s%*s", right ? pad : 0, "", text, right ? 0 : pad, "");
}

static int write_text(const sna_table *self, FILE *stream)
{
    int status = 0;
    uint64_t *width = NULL;
    uint64_t label_width = 0;
    sna_string heading = SNA_STRING;
    char buffer[SNA_NUMBER_SIZE];

    status = sna_allocate(&width, self->column_count + 1, sizeof *width);
    if (status != 0)
        goto out;
    if (self->label_header != NULL) {
        label_width = sna_text_width(self->label_header);
        for (uint64_t row = 0; row < self->row_count; row++) {
            const uint64_t own = sna_text_width(self->label.text[row]);
            label_width = own > label_width ? own : label_width;
        }
    }
    for (uint64_t i = 0; i < self->column_count; i++) {
        status = column_heading(&self->column[i], &heading);
        if (status != 0)
            goto out;
        width[i] = sna_text_width(sna_string_text(&heading));
        for (uint64_t row = 0; row < self->row_count; row++) {
            const uint64_t own = sna_text_width(cell_text(self, row, i, buffer, true));
            width[i] = own > width[i] ? own : width[i];
        }
    }
    if (self->title != NULL)
        (void)fprintf(stream, "%s\n\n", self->title);
    for (uint64_t row = 0; row <= self->row_count; row++) {
        bool first = true;
        if (self->label_header != NULL) {
            const bool alone = self->column_count == 0;
            put_padded(stream, row == 0 ? self->label_header : self->label.text[row - 1], alone ? 0 : label_width,
                       false);
            first = false;
        }
        for (uint64_t i = 0; i < self->column_count; i++) {
            const bool right = self->column[i].type == SNA_INTEGER || self->column[i].type == SNA_REAL;
            const bool last = i + 1 == self->column_count;
            const char *text;

            if (row == 0) {
                status = column_heading(&self->column[i], &heading);
                if (status != 0)
                    goto out;
                text = sna_string_text(&heading);
            } else {
                text = cell_text(self, row - 1, i, buffer, true);
            }
            if (!first)
                (void)fputs("  ", stream);
            put_padded(stream, text, last && !right ? 0 : width[i], right);
            first = false;
        }
        (void)fputc('\n', stream);
    }
    for (uint64_t i = 0; i < self->note.count; i++)
        (void)fprintf(stream, "%s%s\n", i == 0 ? "\n" : "", self->note.text[i]);
out:
    sna_string_free(&heading);
    free(width);
    return status;
}

static int write_csv(const sna_table *self, FILE *stream)
{
    int status = 0;
    char buffer[SNA_NUMBER_SIZE];

    for (uint64_t row = 0; row <= self->row_count && status == 0; row++) {
        bool first = true;
        if (self->label_header != NULL) {
            status = sna_csv_write_field(stream, row == 0 ? self->label_header : self->label.text[row - 1], ',');
            first = false;
        }
        for (uint64_t i = 0; i < self->column_count && status == 0; i++) {
            if (!first)
                (void)fputc(',', stream);
            first = false;
            status = sna_csv_write_field(
                stream, row == 0 ? self->column[i].name : cell_text(self, row - 1, i, buffer, false), ',');
        }
        (void)fputc('\n', stream);
    }
    return status;
}

/* A bar would end the cell, a line break the row. */
static void put_markdown(FILE *stream, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '|')
            (void)fputs("\\|", stream);
        else if (*text == '\n')
            (void)fputs("<br>", stream);
        else if (*text == '<')
            (void)fputs("&lt;", stream);
        else if (*text != '\r')
            (void)fputc(*text, stream);
    }
}

static int write_markdown(const sna_table *self, FILE *stream)
{
    int status = 0;
    sna_string heading = SNA_STRING;
    char buffer[SNA_NUMBER_SIZE];

    if (self->title != NULL) {
        (void)fputs("**", stream);
        put_markdown(stream, self->title);
        (void)fputs("**\n\n", stream);
    }
    for (uint64_t row = 0; row <= self->row_count; row++) {
        (void)fputc('|', stream);
        if (self->label_header != NULL) {
            (void)fputc(' ', stream);
            put_markdown(stream, row == 0 ? self->label_header : self->label.text[row - 1]);
            (void)fputs(" |", stream);
        }
        for (uint64_t i = 0; i < self->column_count; i++) {
            (void)fputc(' ', stream);
            if (row == 0) {
                status = column_heading(&self->column[i], &heading);
                if (status != 0)
                    goto out;
                put_markdown(stream, sna_string_text(&heading));
            } else {
                put_markdown(stream, cell_text(self, row - 1, i, buffer, true));
            }
            (void)fputs(" |", stream);
        }
        (void)fputc('\n', stream);
        if (row == 0) {
            (void)fputs(self->label_header != NULL ? "| --- |" : "|", stream);
            for (uint64_t i = 0; i < self->column_count; i++) {
                const bool right = self->column[i].type == SNA_INTEGER || self->column[i].type == SNA_REAL;
                (void)fputs(right ? " ---: |" : " --- |", stream);
            }
            (void)fputc('\n', stream);
        }
    }
    for (uint64_t i = 0; i < self->note.count; i++) {
        (void)fputc('\n', stream);
        put_markdown(stream, self->note.text[i]);
        (void)fputc('\n', stream);
    }
out:
    sna_string_free(&heading);
    return status;
}

static cJSON *json_cell(const sna_table *self, uint64_t row, uint64_t column)
{
    const sna_cell *cell = sna_table_cell(self, row, column);

    if (!cell->present)
        return cJSON_CreateNull();
    switch (self->column[column].type) {
    case SNA_INTEGER:
        return sna_json_make_integer(cell->value.integer);
    case SNA_REAL:
        return sna_json_make_real(cell->value.real);
    case SNA_BOOLEAN:
        return cJSON_CreateBool(cell->value.boolean);
    case SNA_TEXT:
        break;
    }
    return cJSON_CreateString(cell->value.text);
}

/* Adds `item` (NULL: out of memory) under a key; it is freed when it cannot be added. */
static bool add(cJSON *object, const char *key, cJSON *item)
{
    const bool added = item != NULL && cJSON_AddItemToObject(object, key, item);

    if (!added)
        cJSON_Delete(item);
    return added;
}

int sna_table_json(const sna_table *self, struct cJSON **out)
{
    int status = 0;
    bool good = true;
    cJSON *root = cJSON_CreateObject();
    cJSON *units = NULL, *rows = NULL, *notes = NULL;

    *out = NULL;
    good = root != NULL;
    if (good && self->title != NULL)
        good = add(root, "title", cJSON_CreateString(self->title));
    for (uint64_t i = 0; i < self->column_count && good; i++) {
        if (self->column[i].unit != NULL && self->column[i].unit[0] != '\0') {
            if (units == NULL)
                units = cJSON_AddObjectToObject(root, "units");
            good = units != NULL && add(units, self->column[i].name, cJSON_CreateString(self->column[i].unit));
        }
    }
    if (good) {
        rows = cJSON_AddArrayToObject(root, "rows");
        good = rows != NULL;
    }
    for (uint64_t row = 0; row < self->row_count && good; row++) {
        cJSON *object = cJSON_CreateObject();
        good = object != NULL;
        if (good && self->label_header != NULL)
            good = add(object, self->label_header, cJSON_CreateString(self->label.text[row]));
        for (uint64_t i = 0; i < self->column_count && good; i++)
            good = add(object, self->column[i].name, json_cell(self, row, i));
        if (!good || !cJSON_AddItemToArray(rows, object)) {
            cJSON_Delete(object);
            good = false;
        }
    }
    if (good && self->note.count > 0) {
        notes = cJSON_AddArrayToObject(root, "notes");
        good = notes != NULL;
        for (uint64_t i = 0; i < self->note.count && good; i++) {
            cJSON *note = cJSON_CreateString(self->note.text[i]);
            good = note != NULL && cJSON_AddItemToArray(notes, note);
            if (!good)
                cJSON_Delete(note);
        }
    }
    if (!good) {
        status = sna_error(SNA_ENOMEM, "no memory for a table as JSON");
        cJSON_Delete(root);
    } else {
        *out = root;
    }
    return status;
}

static int write_json(const sna_table *self, FILE *stream)
{
    cJSON *root = NULL;
    int status = sna_table_json(self, &root);

    if (status == 0)
        status = sna_json_print(root, stream);
    cJSON_Delete(root);
    return status;
}

int sna_table_write(const sna_table *self, FILE *stream, sna_format format)
{
    int status = 0;

    switch (format) {
    case SNA_FORMAT_TEXT:
        status = write_text(self, stream);
        break;
    case SNA_FORMAT_CSV:
        status = write_csv(self, stream);
        break;
    case SNA_FORMAT_JSON:
        status = write_json(self, stream);
        break;
    case SNA_FORMAT_MARKDOWN:
        status = write_markdown(self, stream);
        break;
    }
    return status != 0 ? status : sna_stream_check(stream);
}
