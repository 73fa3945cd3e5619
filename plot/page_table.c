/* page_table.c: tables on a page. */
#include "page.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Texts of more letters may break anywhere, but their column gets some width. */
enum { ROWS_MOST = 1000, LONG_TEXT = 24 };

static const char *cell_text(const sna_table *table, uint64_t row, uint64_t column, char number[SNA_NUMBER_SIZE])
{
    if (sna_table_is_missing(table, row, column))
        return "–";
    switch (sna_table_column_type(table, column)) {
    case SNA_INTEGER:
        (void)snprintf(number, SNA_NUMBER_SIZE, "%" PRId64, sna_table_integer(table, row, column));
        return number;
    case SNA_REAL:
        return sna_number_round(number, sna_table_real(table, row, column), 6);
    case SNA_BOOLEAN:
        return sna_table_boolean(table, row, column) ? "yes" : "no";
    case SNA_TEXT:
        break;
    }
    return sna_table_text(table, row, column);
}

static bool is_number(const sna_table *table, uint64_t column)
{
    const sna_type type = sna_table_column_type(table, column);

    return type == SNA_INTEGER || type == SNA_REAL;
}

static bool is_long(const char *text)
{
    return text != NULL && strlen(text) > LONG_TEXT;
}

/* <td class="number">text</td> and the like. */
static int put_html(sna_string *out, const char *open, const char *text, const char *close)
{
    int status = sna_string_append(out, open);

    if (status == 0)
        status = sna_html_escape(out, text);
    if (status == 0)
        status = sna_string_append(out, close);
    return status;
}

static int html_head(sna_string *out, const sna_table *table)
{
    const char *title = sna_table_title(table), *header = sna_table_label_header(table);
    int status = sna_string_append(out, "<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"");

    if (status == 0)
        status = put_html(out, "", title != NULL ? title : "Table", "\"><table>\n");
    if (status == 0 && title != NULL)
        status = put_html(out, "<caption>", title, "</caption>\n");
    if (status == 0)
        status = sna_string_append(out, "<thead><tr>");
    if (status == 0 && header != NULL)
        status = put_html(out, "<th scope=\"col\">", header, "</th>");
    for (uint64_t c = 0; c < sna_table_columns(table) && status == 0; c++) {
        char *heading = NULL;

        status = sna_lettering_axis(&heading, sna_table_column_name(table, c), sna_table_column_unit(table, c));
        if (status == 0)
            status = put_html(out, is_number(table, c) ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">",
                              heading == NULL ? "" : heading, "</th>");
        free(heading);
    }
    if (status == 0)
        status = sna_string_append(out, "</tr></thead>\n<tbody>\n");
    return status;
}

static int html_row(sna_string *out, const sna_table *table, uint64_t row)
{
    char number[SNA_NUMBER_SIZE];
    int status = sna_string_append(out, "<tr>");

    const char *label = sna_table_row_label(table, row);

    if (status == 0 && sna_table_label_header(table) != NULL)
        status =
            put_html(out, is_long(label) ? "<th scope=\"row\" class=\"long\">" : "<th scope=\"row\">", label, "</th>");
    for (uint64_t c = 0; c < sna_table_columns(table) && status == 0; c++) {
        const char *text = cell_text(table, row, c, number);
        const char *open = is_number(table, c) ? "<td class=\"number\">"
                           : is_long(text)     ? "<td class=\"long\">"
                                               : "<td>";
        status = put_html(out, open, text, "</td>");
    }
    if (status == 0)
        status = sna_string_append(out, "</tr>\n");
    return status;
}

static int markdown_head(sna_string *out, const sna_table *table)
{
    const char *title = sna_table_title(table), *header = sna_table_label_header(table);
    int status = sna_string_append(out, "\n");

    if (status == 0 && title != NULL) {
        status = sna_string_append(out, "**");
        if (status == 0)
            status = sna_markdown_escape(out, title);
        if (status == 0)
            status = sna_string_append(out, "**\n\n");
    }
    if (status == 0)
        status = sna_string_append(out, "|");
    if (status == 0 && header != NULL) {
        status = sna_string_append(out, " ");
        if (status == 0)
            status = sna_markdown_escape(out, header);
        if (status == 0)
            status = sna_string_append(out, " |");
    }
    for (uint64_t c = 0; c < sna_table_columns(table) && status == 0; c++) {
        char *heading = NULL;

        status = sna_lettering_axis(&heading, sna_table_column_name(table, c), sna_table_column_unit(table, c));
        if (status == 0)
            status = sna_string_append(out, " ");
        if (status == 0)
            status = sna_markdown_escape(out, heading == NULL ? "" : heading);
        if (status == 0)
            status = sna_string_append(out, " |");
        free(heading);
    }
    if (status == 0)
        status = sna_string_format(out, "\n|%s", header == NULL ? "" : " --- |");
    for (uint64_t c = 0; c < sna_table_columns(table) && status == 0; c++)
        status = sna_string_append(out, is_number(table, c) ? " ---: |" : " --- |");
    if (status == 0)
        status = sna_string_append(out, "\n");
    return status;
}

static int markdown_row(sna_string *out, const sna_table *table, uint64_t row)
{
    char number[SNA_NUMBER_SIZE];
    int status = sna_string_append(out, "|");

    if (status == 0 && sna_table_label_header(table) != NULL) {
        status = sna_string_append(out, " ");
        if (status == 0)
            status = sna_markdown_escape(out, sna_table_row_label(table, row));
        if (status == 0)
            status = sna_string_append(out, " |");
    }
    for (uint64_t c = 0; c < sna_table_columns(table) && status == 0; c++) {
        status = sna_string_append(out, " ");
        /* A number starts no list here, and its minus needs no backslash. */
        if (status == 0)
            status = is_number(table, c) ? sna_string_append(out, cell_text(table, row, c, number))
                                         : sna_markdown_escape(out, cell_text(table, row, c, number));
        if (status == 0)
            status = sna_string_append(out, " |");
    }
    if (status == 0)
        status = sna_string_append(out, "\n");
    return status;
}

int sna_page_add_table(sna_page *self, const sna_table *table)
{
    const uint64_t all = sna_table_rows(table), rows = all > ROWS_MOST ? ROWS_MOST : all;
    int status = self->html ? html_head(&self->body, table) : markdown_head(&self->body, table);

    for (uint64_t r = 0; r < rows && status == 0; r++)
        status = self->html ? html_row(&self->body, table, r) : markdown_row(&self->body, table, r);
    if (status == 0 && self->html)
        status = sna_string_append(&self->body, "</tbody></table></div>\n");
    if (status == 0 && rows < all)
        status = sna_page_add_paragraph(self, "The first %" PRIu64 " of %" PRIu64 " rows.", rows, all);
    for (uint64_t i = 0; i < sna_table_notes(table) && status == 0; i++)
        status = sna_page_add_paragraph(self, "%s", sna_table_note(table, i));
    return status;
}
