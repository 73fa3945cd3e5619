/* csv.c: delimited text, read and written by libcsv. */
#include "base.h"

#include <csv.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    uint64_t first, count, line;
} csv_row;

struct sna_csv {
    char *name;
    sna_string text; /* every field, each with its terminator */
    uint64_t *field; /* [field_count] where in `text`, or `absent` */
    uint64_t field_count, field_capacity;
    csv_row *row;
    uint64_t row_count, row_capacity;
    uint64_t line, row_line; /* the line being read, and where its row began */
    int status;              /* of the callbacks */
};

static const uint64_t absent = UINT64_MAX;

/* libcsv's callbacks cannot fail: the first fault is kept and the rest ignored. */
static void take_field(void *bytes, size_t length, void *context)
{
    sna_csv *self = context;
    uint64_t *grown;

    if (self->status != 0)
        return;
    grown = sna_grow(self->field, &self->field_capacity, self->field_count + 1, sizeof *self->field);
    if (grown == NULL) {
        self->status = SNA_ENOMEM;
        return;
    }
    self->field = grown;
    if (bytes == NULL) {
        self->field[self->field_count++] = absent;
        return;
    }
    self->field[self->field_count++] = self->text.length;
    self->status = sna_string_append_bytes(&self->text, bytes, length);
    if (self->status == 0)
        self->status = sna_string_append_bytes(&self->text, "", 1);
}

static void take_row(int terminator, void *context)
{
    sna_csv *self = context;
    const csv_row *last = self->row_count > 0 ? &self->row[self->row_count - 1] : NULL;
    const uint64_t first = last == NULL ? 0 : last->first + last->count;
    csv_row *grown;

    (void)terminator;
    if (self->status != 0)
        return;
    grown = sna_grow(self->row, &self->row_capacity, self->row_count + 1, sizeof *self->row);
    if (grown == NULL) {
        self->status = SNA_ENOMEM;
        return;
    }
    self->row = grown;
    self->row[self->row_count++] = (csv_row){first, self->field_count - first, self->row_line};
    self->row_line = self->line + 1;
}

/* A line of line ends only. */
static bool is_blank(const char *text, uint64_t count)
{
    uint64_t i = 0;

    while (i < count && (text[i] == '\r' || text[i] == '\n'))
        i++;
    return i == count;
}

static int no_space(unsigned char byte)
{
    (void)byte;
    return 0;
}

int sna_csv_parse(sna_csv **out, const char *text, uint64_t length, char delimiter, const char *name)
{
    int status = 0;
    sna_csv *self = NULL;
    struct csv_parser parser;
    bool started = false;
    uint64_t at = 0;
    const char *nul;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status == 0)
        status = sna_text_copy(&self->name, name);
    if (status != 0)
        goto out;
    nul = memchr(text, '\0', (size_t)length);
    if (nul != NULL) {
        uint64_t line = 1;
        for (const char *c = text; c < nul; c++)
            line += *c == '\n';
        status = sna_error(SNA_EFORMAT, "%s:%" PRIu64 ": a NUL byte: this is not a text file", name, line);
        goto out;
    }
    if (csv_init(&parser, CSV_EMPTY_IS_NULL) != 0) {
        status = sna_error(SNA_ENOMEM, "no memory for reading %s", name);
        goto out;
    }
    started = true;
    csv_set_delim(&parser, (unsigned char)delimiter);
    /* With a blank for a delimiter, no other white space may be trimmed: a field could vanish. */
    if (delimiter == ' ' || delimiter == '\t')
        csv_set_space_func(&parser, no_space);
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        at = 3;
    self->row_line = 1;
    /* Line by line, so that the callbacks know where they are. */
    for (self->line = 1; at < length && status == 0; self->line++) {
        const char *end = memchr(text + at, '\n', (size_t)(length - at));
        const uint64_t count = end == NULL ? length - at : (uint64_t)(end - (text + at)) + 1;
        const uint64_t rows = self->row_count;
        const bool blank = is_blank(text + at, count);

        if (csv_parse(&parser, text + at, (size_t)count, take_field, take_row, self) != count)
            status = sna_error(SNA_ENOMEM, "%s:%" PRIu64 ": %s", name, self->line, csv_strerror(csv_error(&parser)));
        else if (self->status != 0)
            status = self->status;
        if (blank && self->row_count == rows && self->row_line == self->line)
            self->row_line = self->line + 1;
        at += count;
    }
    if (status == 0) {
        const uint64_t open_line = self->row_line;
        int finished;

        /* A stray quote inside a field is taken, one that never closes is not: only the end is strict. */
        (void)csv_set_opts(&parser, CSV_EMPTY_IS_NULL | CSV_STRICT | CSV_STRICT_FINI);
        finished = csv_fini(&parser, take_field, take_row, self);
        status = self->status;
        if (status == 0 && finished != 0)
            status = sna_error(SNA_EFORMAT, "%s:%" PRIu64 ": a quoted field is not closed", name, open_line);
    }
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    if (started)
        csv_free(&parser);
    sna_csv_free(self);
    return status;
}

int sna_csv_read(sna_csv **out, const char *path, char delimiter)
{
    char *text = NULL;
    uint64_t size = 0;
    int status = sna_file_read(&text, &size, path);

    *out = NULL;
    if (status == 0)
        status = sna_csv_parse(out, text, size, delimiter, path);
    free(text);
    return status;
}

uint64_t sna_csv_rows(const sna_csv *self)
{
    return self->row_count;
}

uint64_t sna_csv_fields(const sna_csv *self, uint64_t row)
{
    return row < self->row_count ? self->row[row].count : 0;
}

const char *sna_csv_field(const sna_csv *self, uint64_t row, uint64_t field)
{
    if (row >= self->row_count || field >= self->row[row].count)
        return NULL;
    field += self->row[row].first;
    return self->field[field] == absent ? NULL : self->text.text + self->field[field];
}

uint64_t sna_csv_line(const sna_csv *self, uint64_t row)
{
    return row < self->row_count ? self->row[row].line : 0;
}

int64_t sna_csv_column(const sna_csv *self, const char *name)
{
    int64_t found = -1;

    for (uint64_t i = 0; i < sna_csv_fields(self, 0) && found < 0; i++) {
        const char *field = sna_csv_field(self, 0, i);
        if (field != NULL && strcmp(field, name) == 0)
            found = (int64_t)i;
    }
    return found;
}

int sna_csv_error(const sna_csv *self, uint64_t row, int code, const char *format, ...)
{
    char *sentence = NULL;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&sentence, format, arguments) < 0)
        sentence = NULL;
    va_end(arguments);
    code = sna_error(code, "%s:%" PRIu64 ": %s", self->name, sna_csv_line(self, row),
                     sentence == NULL ? "invalid" : sentence);
    free(sentence);
    return code;
}

void sna_csv_free(sna_csv *self)
{
    if (self != NULL) {
        free(self->name);
        sna_string_free(&self->text);
        free(self->field);
        free(self->row);
        free(self);
    }
}

int sna_csv_write_field(FILE *stream, const char *text, char delimiter)
{
    const char special[] = {delimiter, '"', '\n', '\r', '\0'};
    int result = 0;

    if (text != NULL) {
        /* libcsv's writer quotes always; bare where it can be keeps numbers numbers for every reader. */
        if (text[0] == '\0' || strpbrk(text, special) != NULL || text[0] == ' ' || text[strlen(text) - 1] == ' ')
            result = csv_fwrite(stream, text, strlen(text));
        else
            result = fputs(text, stream);
    }
    return result == EOF ? sna_error(SNA_EIO, "writing failed: %s", strerror(errno)) : 0;
}
