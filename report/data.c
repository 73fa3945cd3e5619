/* data.c: tables as JSON for the scripts of the page. */
#include "report/internal.h"

#include <inttypes.h>
#include <math.h>

int sna_data_text(sna_string *out, const char *text)
{
    int status = sna_string_append(out, "\"");

    for (const char *at = text; *at != '\0' && status == 0; at++) {
        const unsigned char byte = (unsigned char)*at;
        if (byte == '"' || byte == '\\')
            status = sna_string_format(out, "\\%c", byte);
        else if (byte < 0x20)
            status = sna_string_format(out, "\\u%04x", byte);
        else
            status = sna_string_append_bytes(out, at, 1);
    }
    return status == 0 ? sna_string_append(out, "\"") : status;
}

int sna_data_number(sna_string *out, double value)
{
    char text[SNA_NUMBER_SIZE];

    return sna_string_append(out, isfinite(value) ? sna_number_text(text, value) : "null");
}

static int add_cell(sna_string *out, const sna_table *table, uint64_t row, uint64_t column)
{
    if (sna_table_is_missing(table, row, column))
        return sna_string_append(out, "null");
    switch (sna_table_column_type(table, column)) {
    case SNA_INTEGER:
        return sna_string_format(out, "%" PRId64, sna_table_integer(table, row, column));
    case SNA_REAL:
        return sna_data_number(out, sna_table_real(table, row, column));
    case SNA_BOOLEAN:
        return sna_string_append(out, sna_table_boolean(table, row, column) ? "true" : "false");
    case SNA_TEXT:
        break;
    }
    return sna_data_text(out, sna_table_text(table, row, column));
}

/* A key and a list of texts; NULL is null. */
static int add_texts(sna_string *out, const char *key, const sna_table *table, uint64_t count,
                     const char *(*get)(const sna_table *table, uint64_t index))
{
    int status = sna_string_format(out, ",\"%s\":[", key);

    for (uint64_t i = 0; i < count && status == 0; i++) {
        const char *text = get(table, i);
        if (i > 0)
            status = sna_string_append(out, ",");
        if (status == 0)
            status = text == NULL ? sna_string_append(out, "null") : sna_data_text(out, text);
    }
    return status == 0 ? sna_string_append(out, "]") : status;
}

int sna_data_table(sna_string *out, const char *name, const sna_table *table)
{
    const uint64_t rows = sna_table_rows(table), columns = sna_table_columns(table);
    const char *header = sna_table_label_header(table), *title = sna_table_title(table);
    int status = sna_string_append(out, "{\"name\":");

    if (status == 0)
        status = sna_data_text(out, name);
    if (status == 0)
        status = sna_string_append(out, ",\"title\":");
    if (status == 0)
        status = sna_data_text(out, title != NULL ? title : name);
    if (status == 0)
        status = sna_string_append(out, ",\"header\":");
    if (status == 0)
        status = header == NULL ? sna_string_append(out, "null") : sna_data_text(out, header);
    if (status == 0)
        status = add_texts(out, "labels", table, header == NULL ? 0 : rows, sna_table_row_label);
    if (status == 0)
        status = add_texts(out, "columns", table, columns, sna_table_column_name);
    if (status == 0)
        status = add_texts(out, "units", table, columns, sna_table_column_unit);
    if (status == 0)
        status = add_texts(out, "notes", table, sna_table_notes(table), sna_table_note);
    if (status == 0)
        status = sna_string_append(out, ",\"rows\":[");
    for (uint64_t row = 0; row < rows && status == 0; row++) {
        status = sna_string_append(out, row > 0 ? ",\n[" : "\n[");
        for (uint64_t column = 0; column < columns && status == 0; column++) {
            if (column > 0)
                status = sna_string_append(out, ",");
            if (status == 0)
                status = add_cell(out, table, row, column);
        }
        if (status == 0)
            status = sna_string_append(out, "]");
    }
    return status == 0 ? sna_string_append(out, "]}") : status;
}
