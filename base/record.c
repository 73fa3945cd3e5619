/* record.c: an ordered set of named values with units. */
#include "table.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

typedef enum {
    FIELD_REAL,
    FIELD_INTEGER,
    FIELD_BOOLEAN,
    FIELD_TEXT,
    FIELD_ARRAY,
    FIELD_RECORD,
    FIELD_TABLE
} field_kind;

typedef struct {
    char *name, *label, *unit;
    field_kind kind;
    double real;
    int64_t integer;
    char *text;
    double *array;
    uint64_t count;
    sna_record *record;
    sna_table *table;
} field;

struct sna_record {
    char *title;
    field *item;
    uint64_t count, capacity;
    sna_list note;
};

static void field_free(field *self)
{
    free(self->name);
    free(self->label);
    free(self->unit);
    free(self->text);
    free(self->array);
    sna_record_free(self->record);
    sna_table_free(self->table);
    *self = (field){0};
}

int sna_record_create(sna_record **out, const char *title)
{
    int status = 0;
    sna_record *self = NULL;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status == 0 && title != NULL)
        status = sna_text_copy(&self->title, title);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_record_free(self);
    return status;
}

static field *find(const sna_record *self, const char *name)
{
    for (uint64_t i = 0; i < self->count; i++) {
        if (strcmp(self->item[i].name, name) == 0)
            return &self->item[i];
    }
    return NULL;
}

/* Puts a value in; what `fresh` owns goes over to the record or is freed. */
static int put(sna_record *self, const char *name, const char *label, const char *unit, field fresh)
{
    int status = 0;
    field *place = find(self, name);

    status = sna_text_copy(&fresh.name, name);
    if (status == 0)
        status = sna_text_copy(&fresh.label, label == NULL ? name : label);
    if (status == 0 && unit != NULL && unit[0] != '\0')
        status = sna_text_copy(&fresh.unit, unit);
    if (status != 0)
        goto out;
    if (place == NULL) {
        field *grown = sna_grow(self->item, &self->capacity, self->count + 1, sizeof *self->item);
        if (grown == NULL) {
            status = SNA_ENOMEM;
            goto out;
        }
        self->item = grown;
        place = &self->item[self->count++];
    } else {
        field_free(place);
    }
    *place = fresh;
    fresh = (field){0};
out:
    field_free(&fresh);
    return status;
}

int sna_record_real(sna_record *self, const char *name, const char *label, const char *unit, double value)
{
    return put(self, name, label, unit, (field){.kind = FIELD_REAL, .real = value});
}

int sna_record_integer(sna_record *self, const char *name, const char *label, const char *unit, int64_t value)
{
    return put(self, name, label, unit, (field){.kind = FIELD_INTEGER, .integer = value});
}

int sna_record_boolean(sna_record *self, const char *name, const char *label, bool value)
{
    return put(self, name, label, NULL, (field){.kind = FIELD_BOOLEAN, .integer = value});
}

int sna_record_text(sna_record *self, const char *name, const char *label, const char *value)
{
    field fresh = {.kind = FIELD_TEXT};
    const int status = value == NULL ? 0 : sna_text_copy(&fresh.text, value);

    return status != 0 ? status : put(self, name, label, NULL, fresh);
}

int sna_record_array(sna_record *self, const char *name, const char *label, const char *unit, const double *value,
                     uint64_t count)
{
    field fresh = {.kind = FIELD_ARRAY, .count = count};
    const int status = sna_allocate(&fresh.array, count, sizeof *fresh.array);

    if (status != 0)
        return status;
    if (count > 0)
        memcpy(fresh.array, value, (size_t)count * sizeof *value);
    return put(self, name, label, unit, fresh);
}

int sna_record_record(sna_record *self, const char *name, const char *label, sna_record *child)
{
    /* Under a heading already it needs no second one. */
    char *title = child->title;
    int status;

    child->title = NULL;
    status = put(self, name, label != NULL ? label : title, NULL, (field){.kind = FIELD_RECORD, .record = child});
    free(title);
    return status;
}

sna_record *sna_record_take(sna_record *self, const char *name)
{
    field *item = find(self, name);
    sna_record *taken = NULL;

    if (item != NULL && item->kind == FIELD_RECORD) {
        const uint64_t index = (uint64_t)(item - self->item);
        taken = item->record;
        item->record = NULL;
        field_free(item);
        self->count--;
        memmove(item, item + 1, (size_t)(self->count - index) * sizeof *item);
    }
    return taken;
}

int sna_record_table(sna_record *self, const char *name, const char *label, sna_table *child)
{
    return put(self, name, label, NULL, (field){.kind = FIELD_TABLE, .table = child});
}

int sna_record_add_note(sna_record *self, const char *format, ...)
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

double sna_record_get_real(const sna_record *self, const char *name)
{
    const field *item = find(self, name);

    if (item != NULL && item->kind == FIELD_REAL)
        return item->real;
    if (item != NULL && (item->kind == FIELD_INTEGER || item->kind == FIELD_BOOLEAN))
        return (double)item->integer;
    return NAN;
}

const char *sna_record_get_text(const sna_record *self, const char *name)
{
    const field *item = find(self, name);

    return item != NULL && item->kind == FIELD_TEXT ? item->text : NULL;
}

const sna_record *sna_record_get_record(const sna_record *self, const char *name)
{
    const field *item = find(self, name);

    return item != NULL && item->kind == FIELD_RECORD ? item->record : NULL;
}

const sna_table *sna_record_get_table(const sna_record *self, const char *name)
{
    const field *item = find(self, name);

    return item != NULL && item->kind == FIELD_TABLE ? item->table : NULL;
}

void sna_record_free(sna_record *self)
{
    if (self != NULL) {
        for (uint64_t i = 0; i < self->count; i++)
            field_free(&self->item[i]);
        free(self->item);
        sna_list_free(&self->note);
        free(self->title);
        free(self);
    }
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

enum { TEXT_DIGITS = 6, ARRAY_SHOWN = 8 };

static bool is_plain(const field *item)
{
    return item->kind != FIELD_RECORD && item->kind != FIELD_TABLE;
}

/* A table under its own title needs no second one. */
static bool titles_itself(const field *item)
{
    return item->kind == FIELD_TABLE && sna_table_title(item->table) != NULL &&
           strcmp(sna_table_title(item->table), item->label) == 0;
}

/* A plain value as text; exact numbers for programs, rounded and shortened for people. */
static int value_text(const field *item, bool rounded, sna_string *out)
{
    int status = 0;
    char buffer[SNA_NUMBER_SIZE];

    switch (item->kind) {
    case FIELD_REAL:
        if (isnan(item->real))
            status = sna_string_append(out, rounded ? "-" : "");
        else
            status = sna_string_append(out, rounded ? sna_number_round(buffer, item->real, TEXT_DIGITS)
                                                    : sna_number_text(buffer, item->real));
        break;
    case FIELD_INTEGER:
        status = sna_string_format(out, "%" PRId64, item->integer);
        break;
    case FIELD_BOOLEAN:
        status = sna_string_append(out, item->integer ? (rounded ? "yes" : "true") : (rounded ? "no" : "false"));
        break;
    case FIELD_TEXT:
        status = sna_string_append(out, item->text == NULL ? (rounded ? "-" : "") : item->text);
        break;
    case FIELD_ARRAY:
        if (rounded && item->count == 0)
            status = sna_string_append(out, "none");
        for (uint64_t i = 0; i < item->count && (!rounded || i < ARRAY_SHOWN) && status == 0; i++)
            status = sna_string_format(out, "%s%s", i == 0 ? "" : " ",
                                       rounded ? sna_number_round(buffer, item->array[i], TEXT_DIGITS)
                                               : sna_number_text(buffer, item->array[i]));
        if (status == 0 && rounded && item->count > ARRAY_SHOWN)
            status = sna_string_format(out, " ... (%" PRIu64 " values)", item->count);
        break;
    case FIELD_RECORD:
    case FIELD_TABLE:
        break;
    }
    return status;
}

static int write_text(const sna_record *self, FILE *stream, int depth)
{
    int status = 0;
    uint64_t width = 0;
    sna_string text = SNA_STRING;

    if (self->title != NULL)
        (void)fprintf(stream, "%*s%s\n\n", 2 * depth, "", self->title);
    for (uint64_t i = 0; i < self->count; i++) {
        const uint64_t own = is_plain(&self->item[i]) ? sna_text_width(self->item[i].label) : 0;
        width = own > width ? own : width;
    }
    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        const field *item = &self->item[i];
        if (!is_plain(item))
            continue;
        text.length = 0;
        status = sna_string_append(&text, "");
        if (status == 0)
            status = value_text(item, true, &text);
        if (status == 0)
            (void)fprintf(stream, "%*s%s%*s  %s%s%s\n", 2 * depth, "", item->label,
                          (int)(width - sna_text_width(item->label)), "", text.text, item->unit == NULL ? "" : " ",
                          item->unit == NULL ? "" : item->unit);
    }
    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        const field *item = &self->item[i];
        if (is_plain(item))
            continue;
        (void)fputc('\n', stream);
        if (!titles_itself(item))
            (void)fprintf(stream, "%*s%s\n", 2 * depth, "", item->label);
        if (item->kind == FIELD_RECORD) {
            status = write_text(item->record, stream, depth + 1);
        } else {
            if (!titles_itself(item))
                (void)fputc('\n', stream);
            status = sna_table_write(item->table, stream, SNA_FORMAT_TEXT);
        }
    }
    for (uint64_t i = 0; i < self->note.count; i++)
        (void)fprintf(stream, "%s%*s%s\n", i == 0 ? "\n" : "", 2 * depth, "", self->note.text[i]);
    sna_string_free(&text);
    return status;
}

static int write_csv_rows(const sna_record *self, FILE *stream, const char *prefix)
{
    int status = 0;
    sna_string name = SNA_STRING, text = SNA_STRING;

    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        const field *item = &self->item[i];
        name.length = text.length = 0;
        status = sna_string_format(&name, "%s%s", prefix, item->name);
        if (status == 0)
            status = sna_string_append(&text, "");
        if (status != 0)
            break;
        if (item->kind == FIELD_RECORD) {
            status = sna_string_append(&name, ".");
            if (status == 0)
                status = write_csv_rows(item->record, stream, name.text);
        } else if (item->kind != FIELD_TABLE) {
            status = value_text(item, false, &text);
            if (status == 0)
                status = sna_csv_write_field(stream, name.text, ',');
            (void)fputc(',', stream);
            if (status == 0)
                status = sna_csv_write_field(stream, text.length == 0 ? NULL : text.text, ',');
            (void)fputc(',', stream);
            if (status == 0)
                status = sna_csv_write_field(stream, item->unit, ',');
            (void)fputc('\n', stream);
        }
    }
    sna_string_free(&name);
    sna_string_free(&text);
    return status;
}

static int write_csv(const sna_record *self, FILE *stream)
{
    int status = 0;
    bool only_tables = self->count > 0;

    for (uint64_t i = 0; i < self->count; i++)
        only_tables = only_tables && self->item[i].kind == FIELD_TABLE;
    if (!only_tables) {
        (void)fputs("name,value,unit\n", stream);
        return write_csv_rows(self, stream, "");
    }
    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        if (i > 0)
            (void)fputc('\n', stream);
        status = sna_table_write(self->item[i].table, stream, SNA_FORMAT_CSV);
    }
    return status;
}

static int write_markdown(const sna_record *self, FILE *stream, int level)
{
    int status = 0;
    sna_table *plain = NULL;
    sna_string text = SNA_STRING;

    if (self->title != NULL)
        (void)fprintf(stream, "%.*s %s\n\n", level, "######", self->title);
    status = sna_table_create(&plain, NULL, NULL);
    if (status == 0)
        status = sna_table_add_column(plain, "quantity", NULL, SNA_TEXT);
    if (status == 0)
        status = sna_table_add_column(plain, "value", NULL, SNA_TEXT);
    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        const field *item = &self->item[i];
        const uint64_t row = sna_table_rows(plain);
        if (!is_plain(item))
            continue;
        text.length = 0;
        status = sna_string_append(&text, "");
        if (status == 0)
            status = value_text(item, true, &text);
        if (status == 0 && item->unit != NULL)
            status = sna_string_format(&text, " %s", item->unit);
        if (status == 0)
            status = sna_table_add_row(plain, NULL);
        if (status == 0)
            status = sna_table_set_text(plain, row, 0, item->label);
        if (status == 0)
            status = sna_table_set_text(plain, row, 1, text.text);
    }
    if (status == 0 && sna_table_rows(plain) > 0)
        status = sna_table_write(plain, stream, SNA_FORMAT_MARKDOWN);
    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        const field *item = &self->item[i];
        if (is_plain(item))
            continue;
        (void)fputc('\n', stream);
        if (!titles_itself(item))
            (void)fprintf(stream, "%.*s %s\n\n", level < 5 ? level + 1 : 6, "######", item->label);
        status = item->kind == FIELD_RECORD ? write_markdown(item->record, stream, level < 5 ? level + 1 : 6)
                                            : sna_table_write(item->table, stream, SNA_FORMAT_MARKDOWN);
    }
    for (uint64_t i = 0; i < self->note.count; i++)
        (void)fprintf(stream, "\n%s\n", self->note.text[i]);
    sna_string_free(&text);
    sna_table_free(plain);
    return status;
}

static cJSON *array_json(const field *item)
{
    cJSON *array = cJSON_CreateArray();
    bool good = array != NULL;

    for (uint64_t i = 0; i < item->count && good; i++) {
        cJSON *number = sna_json_make_real(item->array[i]);
        good = number != NULL && cJSON_AddItemToArray(array, number);
        if (!good)
            cJSON_Delete(number);
    }
    if (!good) {
        cJSON_Delete(array);
        array = NULL;
    }
    return array;
}

static int record_json(const sna_record *self, cJSON **out)
{
    int status = 0;
    cJSON *root = cJSON_CreateObject(), *units = NULL;

    *out = NULL;
    for (uint64_t i = 0; i < self->count && root != NULL && status == 0; i++) {
        const field *item = &self->item[i];
        cJSON *value = NULL;

        switch (item->kind) {
        case FIELD_REAL:
            value = sna_json_make_real(item->real);
            break;
        case FIELD_INTEGER:
            value = sna_json_make_integer(item->integer);
            break;
        case FIELD_BOOLEAN:
            value = cJSON_CreateBool(item->integer != 0);
            break;
        case FIELD_TEXT:
            value = item->text == NULL ? cJSON_CreateNull() : cJSON_CreateString(item->text);
            break;
        case FIELD_ARRAY:
            value = array_json(item);
            break;
        case FIELD_RECORD:
            status = record_json(item->record, &value);
            break;
        case FIELD_TABLE:
            status = sna_table_json(item->table, &value);
            break;
        }
        if (status == 0 && (value == NULL || !cJSON_AddItemToObject(root, item->name, value))) {
            cJSON_Delete(value);
            status = sna_error(SNA_ENOMEM, "no memory for a record as JSON");
        }
    }
    for (uint64_t i = 0; i < self->count && root != NULL && status == 0; i++) {
        if (self->item[i].unit == NULL)
            continue;
        if (units == NULL)
            units = cJSON_AddObjectToObject(root, "units");
        if (units == NULL || cJSON_AddStringToObject(units, self->item[i].name, self->item[i].unit) == NULL)
            status = sna_error(SNA_ENOMEM, "no memory for a record as JSON");
    }
    if (root != NULL && status == 0 && self->note.count > 0) {
        cJSON *notes = cJSON_AddArrayToObject(root, "notes");
        for (uint64_t i = 0; i < self->note.count && status == 0; i++) {
            cJSON *note = cJSON_CreateString(self->note.text[i]);
            if (notes == NULL || note == NULL || !cJSON_AddItemToArray(notes, note)) {
                cJSON_Delete(note);
                status = sna_error(SNA_ENOMEM, "no memory for a record as JSON");
            }
        }
    }
    if (root == NULL)
        status = sna_error(SNA_ENOMEM, "no memory for a record as JSON");
    if (status != 0)
        cJSON_Delete(root);
    else
        *out = root;
    return status;
}

int sna_record_write(const sna_record *self, FILE *stream, sna_format format)
{
    int status = 0;
    cJSON *root = NULL;

    switch (format) {
    case SNA_FORMAT_TEXT:
        status = write_text(self, stream, 0);
        break;
    case SNA_FORMAT_CSV:
        status = write_csv(self, stream);
        break;
    case SNA_FORMAT_JSON:
        status = record_json(self, &root);
        if (status == 0)
            status = sna_json_print(root, stream);
        cJSON_Delete(root);
        break;
    case SNA_FORMAT_MARKDOWN:
        status = write_markdown(self, stream, 1);
        break;
    }
    return status != 0 ? status : sna_stream_check(stream);
}
