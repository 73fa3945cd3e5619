/* column.h: building columns of values. Private to sonata/. */
#ifndef SNA_COLUMN_H
#define SNA_COLUMN_H

#include "dictionary.h"

/* A column with the room it owns; `column` is what readers see. */
typedef struct {
    sna_column column;
    sna_dictionary dictionary;
    char *name;
    uint64_t capacity;     /* rows that there is room for */
    uint8_t *missing_room; /* [capacity], shown in column.missing while any row misses */
} sna_column_room;

int sna_column_room_start(sna_column_room *self, const char *name, sna_type type, uint32_t width) SNA_CHECK_RESULT;
/* Makes the column `count` rows long, none missing; values are undefined, texts stay. */
int sna_column_room_resize(sna_column_room *self, uint64_t count) SNA_CHECK_RESULT;
/* Marks a row as missing, with the value that stands for it. */
void sna_column_room_miss(sna_column_room *self, uint64_t row);
void sna_column_room_free(sna_column_room *self);

/* Makes a column that holds one text of each row, numbers as shortest text, missing rows as "" (not marked). */
int sna_column_to_texts(const sna_column *column, sna_dictionary *texts, uint32_t *code) SNA_CHECK_RESULT;

const char *sna_column_type_name(sna_type type);
/* The type that holds values of both: integer < real < text. */
sna_type sna_type_join(sna_type a, sna_type b);

#endif
