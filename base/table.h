/* table.h: what a table is made of, for the files of this folder. */
#ifndef SNA_BASE_TABLE_H
#define SNA_BASE_TABLE_H

#include "base.h"

typedef struct {
    bool present;
    union {
        int64_t integer;
        double real;
        char *text;
        bool boolean;
    } value;
} sna_cell;

typedef struct {
    char *name, *unit;
    sna_type type;
    sna_cell *cell; /* [capacity], the table's row_count in use */
    uint64_t capacity;
} sna_column;

struct sna_table {
    char *title, *label_header;
    sna_column *column;
    uint64_t column_count, column_capacity, row_count;
    sna_list label, note;
};

/* A missing cell where there is none. */
const sna_cell *sna_table_cell(const sna_table *self, uint64_t row, uint64_t column);

/* The table as a JSON value; the caller owns it. Errors: SNA_ENOMEM. */
int sna_table_json(const sna_table *self, struct cJSON **out) SNA_CHECK_RESULT;

/* Prints a cJSON tree, indented, with a line end, without the tabs cJSON puts after colons. */
int sna_json_print(const struct cJSON *root, FILE *stream) SNA_CHECK_RESULT;

/* Columns of text on a terminal: how many `text` takes (UTF-8, one a code point). */
uint64_t sna_text_width(const char *text);

/* Checks the stream once everything is written. */
int sna_stream_check(FILE *stream) SNA_CHECK_RESULT;

#endif
