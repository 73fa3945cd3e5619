/* types_write.c: writing node_types.csv and edge_types.csv. */
#include "sonata/sonata.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Words that every reader takes for a missing value, and nobody writes to mean one. */
static bool reads_as_missing(const char *text)
{
    static const char *const words[] = {"NaN", "nan", "NA", "N/A", "null"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i]) == 0)
            return true;
    return false;
}

/* The text of a cell; NULL stands for missing. A real number always looks like one, or its column would be read as
 * whole numbers. */
static int cell_text(const sna_table *table, uint64_t row, uint64_t column, char buffer[SNA_NUMBER_SIZE + 2],
                     const char **out)
{
    int status = 0;

    *out = "NULL";
    if (sna_table_is_missing(table, row, column))
        goto out;
    switch (sna_table_column_type(table, column)) {
    case SNA_INTEGER:
        snprintf(buffer, SNA_NUMBER_SIZE, "%" PRId64, sna_table_integer(table, row, column));
        *out = buffer;
        break;
    case SNA_REAL:
        sna_number_text(buffer, sna_table_real(table, row, column));
        if (strcmp(buffer, "nan") == 0)
            break;
        if (buffer[strspn(buffer, "-0123456789")] == '\0')
            memcpy(buffer + strlen(buffer), ".0", 3);
        *out = buffer;
        break;
    case SNA_BOOLEAN:
        *out = sna_table_boolean(table, row, column) ? "True" : "False";
        break;
    case SNA_TEXT:
        *out = sna_table_text(table, row, column);
        if (reads_as_missing(*out))
            status = sna_error(SNA_EINVAL, "column `%s`: a reader takes the text \"%s\" for a missing value",
                               sna_table_column_name(table, column), *out);
        break;
    }
out:
    return status;
}

static int check_ids(const sna_table *table, const char *path)
{
    int status = 0;

    if (sna_table_columns(table) == 0 || sna_table_column_type(table, 0) != SNA_INTEGER)
        status = sna_error(SNA_EINVAL, "%s: the first column of a table of types must be its whole-number id", path);
    for (uint64_t i = 0; status == 0 && i < sna_table_rows(table); i++) {
        if (sna_table_is_missing(table, i, 0))
            status = sna_error(SNA_EINVAL, "%s: row %" PRIu64 " has no %s", path, i, sna_table_column_name(table, 0));
        for (uint64_t k = 0; status == 0 && k < i; k++)
            if (sna_table_integer(table, i, 0) == sna_table_integer(table, k, 0))
                status = sna_error(SNA_EINVAL, "%s: %s %" PRId64 " is there twice", path,
                                   sna_table_column_name(table, 0), sna_table_integer(table, i, 0));
    }
    return status;
}

static int write_row(const sna_table *table, uint64_t row, bool is_header, FILE *stream, const char *path)
{
    int status = 0;
    char buffer[SNA_NUMBER_SIZE + 2];

    for (uint64_t c = 0; c < sna_table_columns(table) && status == 0; c++) {
        const char *text = sna_table_column_name(table, c);
        if (!is_header)
            status = cell_text(table, row, c, buffer, &text);
        if (status == 0 && c > 0 && fputc(' ', stream) == EOF)
            status = sna_error(SNA_EIO, "%s: cannot write: %s", path, strerror(errno));
        if (status == 0)
            status = sna_csv_write_field(stream, text, ' ');
    }
    if (status == 0 && fputc('\n', stream) == EOF)
        status = sna_error(SNA_EIO, "%s: cannot write: %s", path, strerror(errno));
    return status;
}

int sna_types_write(sna_outputs *outputs, const char *path, const sna_table *table)
{
    int status = 0, closed = 0;
    const char *temporary = NULL;
    FILE *stream = NULL;

    status = check_ids(table, path);
    if (status == 0)
        status = sna_outputs_add(outputs, path, &temporary);
    if (status == 0)
        status = sna_stream_open(&stream, temporary);
    if (status != 0)
        goto out;
    status = write_row(table, 0, true, stream, path);
    for (uint64_t row = 0; row < sna_table_rows(table) && status == 0; row++)
        status = write_row(table, row, false, stream, path);
    closed = sna_stream_close(stream, path);
    if (status == 0)
        status = closed;
out:
    return status;
}
