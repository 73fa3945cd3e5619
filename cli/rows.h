/* rows.h: printing any number of rows as they are read. */
#ifndef SNA_CLI_ROWS_H
#define SNA_CLI_ROWS_H

#include "sonata/sonata.h"

/* Prints to standard output in one of the formats of tables, with the same shape: CSV and JSON row by row, in no
 * memory; text and Markdown, whose columns are aligned, from a table of at most ROWS_FOR_PEOPLE rows where no limit is
 * given. */
typedef struct row_printer row_printer;
enum { ROWS_FOR_PEOPLE = 200 };

/* `title` may be NULL. `limit`: rows to print, UINT64_MAX for no limit. */
int row_printer_open(row_printer **out, sna_format format, const char *title, uint64_t limit) SNA_CHECK_RESULT;
/* Before the first row. A column of `width` > 1 values a row is shown as name[0], name[1]... `unit` may be NULL. */
int row_printer_column(row_printer *self, const char *name, const char *unit, sna_type type,
                       uint32_t width) SNA_CHECK_RESULT;
/* Rows 0 .. count-1 of the views, one for each column; those past the limit are counted only. */
int row_printer_put(row_printer *self, const sna_view *view, uint64_t count) SNA_CHECK_RESULT;
/* Nothing more will be printed: the limit (the one given, or the one for people) is reached. */
bool row_printer_is_full(const row_printer *self);
int row_printer_note(row_printer *self, const char *format, ...) SNA_CHECK_RESULT SNA_PRINTF(2, 3);
/* Ends the output. `total` is how many rows there are in all, UINT64_MAX where that is not known: where more than are
 * printed, a note says so (for CSV on standard error). */
int row_printer_finish(row_printer *self, uint64_t total) SNA_CHECK_RESULT;
void row_printer_close(row_printer *self);

#endif
