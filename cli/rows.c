/* rows.c: printing any number of rows as they are read. */
#include "rows.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 1 << 16 };

typedef struct {
    char *name;
    char *unit; /* NULL without */
    sna_type type;
    uint64_t view;
    uint32_t part;
} printed_column;

struct row_printer {
    sna_format format;
    char *title;
    uint64_t limit, printed;
    bool limit_is_given, started;
    printed_column *column;
    uint64_t columns, capacity, views;
    sna_list notes;
    sna_table *table; /* for text and Markdown */
    char *room;       /* [ROOM] on its way to standard output */
    uint64_t used;
};

/* ---- bytes -------------------------------------------------------------------------------------------------- */

static int flush(row_printer *self)
{
    int status = 0;

    errno = 0;
    if (self->used > 0 && fwrite(self->room, 1, self->used, stdout) != self->used)
        status = sna_error(SNA_EIO, "writing the result failed: %s", errno != 0 ? strerror(errno) : "output error");
    self->used = 0;
    return status;
}

static int put_bytes(row_printer *self, const char *bytes, uint64_t count)
{
    int status = 0;

    while (count > 0 && status == 0) {
        const uint64_t now = count < ROOM - self->used ? count : ROOM - self->used;
        memcpy(self->room + self->used, bytes, (size_t)now);
        self->used += now;
        bytes += now;
        count -= now;
        if (self->used == ROOM)
            status = flush(self);
    }
    return status;
}

static int put(row_printer *self, const char *text)
{
    return put_bytes(self, text, strlen(text));
}

static int put_integer(row_printer *self, int64_t value)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (value < 0)
        digits[--at] = '-';
    return put_bytes(self, digits + at, sizeof digits - at);
}

/* A CSV field: quotes only where something in it needs them. */
static int put_field(row_printer *self, const char *text)
{
    int status = 0;
    const size_t length = strlen(text);

    if (length > 0 && text[0] != ' ' && text[length - 1] != ' ' && strcspn(text, ",\"\r\n") == length)
        return put_bytes(self, text, length);
    status = put(self, "\"");
    while (status == 0 && *text != '\0') {
        const size_t plain = strcspn(text, "\"");
        status = put_bytes(self, text, plain);
        text += plain;
        if (status == 0 && *text == '"') {
            status = put(self, "\"\"");
            text++;
        }
    }
    return status == 0 ? put(self, "\"") : status;
}

/* Bytes of the UTF-8 character at `text`; 0 where there is none. */
static size_t character_length(const char *text)
{
    const unsigned char lead = (unsigned char)text[0];
    const size_t length = lead < 0x80                   ? 1
                          : lead >= 0xC2 && lead < 0xE0 ? 2
                          : lead >= 0xE0 && lead < 0xF0 ? 3
                          : lead >= 0xF0 && lead < 0xF5 ? 4
                                                        : 0;

    for (size_t i = 1; i < length; i++)
        if (((unsigned char)text[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

/* A JSON string; bytes that are no UTF-8 become the replacement character. */
static int put_string(row_printer *self, const char *text)
{
    int status = put(self, "\"");
    char escape[8];

    while (status == 0 && *text != '\0') {
        const size_t length = character_length(text);
        if (length == 0) {
            status = put(self, "\xEF\xBF\xBD");
        } else if (*text == '"' || *text == '\\') {
            escape[0] = '\\';
            escape[1] = *text;
            status = put_bytes(self, escape, 2);
        } else if ((unsigned char)*text < 0x20) {
            (void)snprintf(escape, sizeof escape, "\\u%04x", (unsigned)(unsigned char)*text);
            status = put(self, escape);
        } else {
            status = put_bytes(self, text, length);
        }
        text += length == 0 ? 1 : length;
    }
    return status == 0 ? put(self, "\"") : status;
}

/* ---- columns ------------------------------------------------------------------------------------------------ */

int row_printer_open(row_printer **out, sna_format format, const char *title, uint64_t limit)
{
    int status = 0;
    row_printer *self = NULL;
    const bool for_people = format == SNA_FORMAT_TEXT || format == SNA_FORMAT_MARKDOWN;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->format = format;
    self->notes = SNA_LIST;
    self->limit_is_given = limit != UINT64_MAX;
    self->limit = for_people && !self->limit_is_given ? ROWS_FOR_PEOPLE : limit;
    if (title != NULL)
        status = sna_text_copy(&self->title, title);
    if (status == 0)
        status = for_people ? sna_table_create(&self->table, title, NULL) : sna_allocate(&self->room, ROOM, 1);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    row_printer_close(self);
    return status;
}

static int add_column(row_printer *self, const char *name, const char *unit, sna_type type, uint32_t part)
{
    int status = 0;
    printed_column *grown = sna_grow(self->column, &self->capacity, self->columns + 1, sizeof *grown);
    printed_column fresh = {.type = type, .view = self->views, .part = part};

    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->column = grown;
    status = sna_text_copy(&fresh.name, name);
    if (status == 0 && unit != NULL)
        status = sna_text_copy(&fresh.unit, unit);
    if (status == 0 && self->table != NULL)
        status = sna_table_add_column(self->table, name, unit, type);
    if (status != 0)
        goto out;
    self->column[self->columns++] = fresh;
    fresh = (printed_column){0};
out:
    free(fresh.name);
    free(fresh.unit);
    return status;
}

int row_printer_column(row_printer *self, const char *name, const char *unit, sna_type type, uint32_t width)
{
    int status = 0;
    char *full = NULL;

    for (uint32_t part = 0; part < width && status == 0; part++) {
        if (width > 1)
            status = sna_text_format(&full, "%s[%" PRIu32 "]", name, part);
        if (status == 0)
            status = add_column(self, width > 1 ? full : name, unit, type, part);
        free(full);
        full = NULL;
    }
    self->views++;
    return status;
}

/* ---- rows --------------------------------------------------------------------------------------------------- */

static int start_json(row_printer *self)
{
    int status = put(self, "{\n");
    bool any = false;

    if (status == 0 && self->title != NULL) {
        status = put(self, "  \"title\": ");
        if (status == 0)
            status = put_string(self, self->title);
        if (status == 0)
            status = put(self, ",\n");
    }
    for (uint64_t i = 0; i < self->columns && status == 0; i++) {
        if (self->column[i].unit == NULL)
            continue;
        status = put(self, any ? ", " : "  \"units\": {");
        any = true;
        if (status == 0)
            status = put_string(self, self->column[i].name);
        if (status == 0)
            status = put(self, ": ");
        if (status == 0)
            status = put_string(self, self->column[i].unit);
    }
    if (status == 0 && any)
        status = put(self, "},\n");
    return status == 0 ? put(self, "  \"rows\": [") : status;
}

static int start(row_printer *self)
{
    int status = 0;

    self->started = true;
    if (self->format == SNA_FORMAT_JSON) {
        status = start_json(self);
    } else if (self->format == SNA_FORMAT_CSV) {
        for (uint64_t i = 0; i < self->columns && status == 0; i++) {
            status = i > 0 ? put(self, ",") : 0;
            if (status == 0)
                status = put_field(self, self->column[i].name);
        }
        if (status == 0)
            status = put(self, "\n");
    }
    return status;
}

/* A value for programs: numbers exactly, nothing (JSON: null) where it is missing. */
static int put_value(row_printer *self, const sna_column *column, uint64_t row, uint32_t part)
{
    const bool json = self->format == SNA_FORMAT_JSON;
    const uint64_t at = row * column->width + part;
    char buffer[SNA_NUMBER_SIZE];
    const char *text = NULL;

    if (sna_column_is_missing(column, row))
        return json ? put(self, "null") : 0;
    switch (column->type) {
    case SNA_REAL:
        if (json && !isfinite(column->real[at]))
            return put(self, "null");
        return put(self, sna_number_text(buffer, column->real[at]));
    case SNA_TEXT:
        text = column->texts->text[column->code[at]];
        return json ? put_string(self, text) : put_field(self, text);
    default:
        return put_integer(self, column->integer[at]);
    }
}

static int put_row(row_printer *self, const sna_view *view, uint64_t i)
{
    int status = 0;
    const bool json = self->format == SNA_FORMAT_JSON;

    if (json)
        status = put(self, self->printed > 0 ? ",\n    {" : "\n    {");
    for (uint64_t k = 0; k < self->columns && status == 0; k++) {
        const printed_column *column = &self->column[k];
        const sna_view *from = &view[column->view];
        if (k > 0)
            status = put(self, json ? ", " : ",");
        if (json && status == 0)
            status = put_string(self, column->name);
        if (json && status == 0)
            status = put(self, ": ");
        if (status == 0)
            status = put_value(self, from->column, from->row == NULL ? i : from->row[i], column->part);
    }
    return status == 0 ? put(self, json ? "}" : "\n") : status;
}

static int set_row(row_printer *self, const sna_view *view, uint64_t i)
{
    int status = sna_table_add_row(self->table, NULL);

    for (uint64_t k = 0; k < self->columns && status == 0; k++) {
        const sna_view *from = &view[self->column[k].view];
        const sna_column *column = from->column;
        const uint64_t row = from->row == NULL ? i : from->row[i], at = row * column->width + self->column[k].part;
        if (sna_column_is_missing(column, row))
            continue;
        if (column->type == SNA_REAL)
            status = sna_table_set_real(self->table, self->printed, k, column->real[at]);
        else if (column->type == SNA_TEXT)
            status = sna_table_set_text(self->table, self->printed, k, column->texts->text[column->code[at]]);
        else
            status = sna_table_set_integer(self->table, self->printed, k, column->integer[at]);
    }
    return status;
}

int row_printer_put(row_printer *self, const sna_view *view, uint64_t count)
{
    int status = self->started ? 0 : start(self);

    for (uint64_t i = 0; i < count && status == 0 && self->printed < self->limit; i++) {
        status = self->table != NULL ? set_row(self, view, i) : put_row(self, view, i);
        self->printed++;
    }
    return status;
}

bool row_printer_is_full(const row_printer *self)
{
    return self->printed >= self->limit;
}

/* ---- the end ------------------------------------------------------------------------------------------------ */

int row_printer_note(row_printer *self, const char *format, ...)
{
    int status = 0;
    char *sentence = NULL;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&sentence, format, arguments) < 0) {
        sentence = NULL;
        status = sna_error(SNA_ENOMEM, "no memory for a note");
    }
    va_end(arguments);
    if (status == 0)
        status = sna_list_add(&self->notes, sentence);
    free(sentence);
    return status;
}

static int note_rest(row_printer *self, uint64_t total)
{
    int status = 0;

    if (total == UINT64_MAX && self->limit_is_given && row_printer_is_full(self))
        status = row_printer_note(self, "Reading stopped at the limit of %" PRIu64 " rows.", self->limit);
    else if (total != UINT64_MAX && total > self->printed)
        status = row_printer_note(self, "The first %" PRIu64 " of %" PRIu64 " rows%s.", self->printed, total,
                                  self->limit_is_given ? "" : "; --limit N shows more, --format csv or json all");
    return status;
}

static int finish_json(row_printer *self)
{
    int status = put(self, self->printed > 0 ? "\n  ]" : "]");

    for (uint64_t i = 0; i < self->notes.count && status == 0; i++) {
        status = put(self, i > 0 ? ", " : ",\n  \"notes\": [");
        if (status == 0)
            status = put_string(self, self->notes.text[i]);
    }
    if (status == 0 && self->notes.count > 0)
        status = put(self, "]");
    return status == 0 ? put(self, "\n}\n") : status;
}

int row_printer_finish(row_printer *self, uint64_t total)
{
    int status = self->started ? 0 : start(self);

    if (status == 0)
        status = note_rest(self, total);
    if (status != 0)
        goto out;
    if (self->table != NULL) {
        for (uint64_t i = 0; i < self->notes.count && status == 0; i++)
            status = sna_table_add_note(self->table, "%s", self->notes.text[i]);
        if (status == 0)
            status = sna_table_write(self->table, stdout, self->format);
    } else if (self->format == SNA_FORMAT_JSON) {
        status = finish_json(self);
    } else {
        for (uint64_t i = 0; i < self->notes.count; i++)
            (void)fprintf(stderr, "%s\n", self->notes.text[i]);
    }
    if (status == 0 && self->table == NULL)
        status = flush(self);
out:
    return status;
}

void row_printer_close(row_printer *self)
{
    if (self == NULL)
        return;
    for (uint64_t i = 0; i < self->columns; i++) {
        free(self->column[i].name);
        free(self->column[i].unit);
    }
    free(self->column);
    sna_list_free(&self->notes);
    sna_table_free(self->table);
    free(self->title);
    free(self->room);
    free(self);
}
