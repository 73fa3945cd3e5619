/* dictionary.h: distinct texts and their codes. Private to sonata/. */
#ifndef SNA_DICTIONARY_H
#define SNA_DICTIONARY_H

#include "sonata.h"

/* Texts in order of first appearance, found by hash. Start from SNA_DICTIONARY. */
typedef struct {
    sna_list texts;
    uint32_t *slot; /* [slots] code + 1, 0 for empty; slots is a power of two */
    uint64_t slots;
} sna_dictionary;
#define SNA_DICTIONARY ((sna_dictionary){{NULL, 0, 0}, NULL, 0})

/* The code of a text of `length` bytes (up to a NUL byte in it), added when new. Errors: SNA_ERANGE past 2^32 - 2. */
int sna_dictionary_code(sna_dictionary *self, const char *text, uint64_t length, uint32_t *code) SNA_CHECK_RESULT;
/* The code of a text, or -1. */
int64_t sna_dictionary_find(const sna_dictionary *self, const char *text);
void sna_dictionary_free(sna_dictionary *self);

#endif
