/* json.h: a JSON document and the places of its values, for the files of this folder. */
#ifndef SNA_BASE_JSON_H
#define SNA_BASE_JSON_H

#include "base.h"

typedef struct {
    const struct cJSON *item, *parent;
    uint64_t offset; /* of the value in the text */
} sna_json_entry;

struct sna_json {
    char *name, *text; /* the text with its comments blanked out, offsets as in the file */
    uint64_t length;
    struct cJSON *root;
    sna_json_entry *entry; /* sorted by item */
    uint64_t entry_count, entry_capacity;
};

/* Finds where every value of the parsed tree stands, and refuses duplicate keys. */
int sna_json_map(sna_json *self) SNA_CHECK_RESULT;
/* The entry of a value; NULL for one of another document. */
const sna_json_entry *sna_json_find(const sna_json *self, const struct cJSON *item);
/* The line (1-based) of an offset. */
uint64_t sna_json_line(const sna_json *self, uint64_t offset);

#endif
