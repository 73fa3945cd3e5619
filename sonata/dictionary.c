/* dictionary.c: distinct texts and their codes, by open addressing. */
#include "sonata/dictionary.h"

#include <stdlib.h>
#include <string.h>

static uint64_t hash_text(const char *text, uint64_t length)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */

    for (uint64_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    return hash ^ hash >> 32;
}

/* The slot of a text, or the empty one where it belongs. */
static uint64_t find_slot(const sna_dictionary *self, const char *text, uint64_t length)
{
    uint64_t at = hash_text(text, length) & (self->slots - 1);

    while (self->slot[at] != 0) {
        const char *there = self->texts.text[self->slot[at] - 1];
        if (strncmp(there, text, length) == 0 && there[length] == '\0')
            break;
        at = (at + 1) & (self->slots - 1);
    }
    return at;
}

static int enlarge(sna_dictionary *self)
{
    int status = 0;
    uint32_t *old = self->slot;
    const uint64_t old_slots = self->slots, slots = old_slots == 0 ? 64 : old_slots * 2;
    uint32_t *slot = NULL;

    status = sna_allocate(&slot, slots, sizeof *slot);
    if (status != 0)
        goto out;
    self->slot = slot;
    self->slots = slots;
    for (uint64_t i = 0; i < old_slots; i++)
        if (old[i] != 0) {
            const char *text = self->texts.text[old[i] - 1];
            self->slot[find_slot(self, text, strlen(text))] = old[i];
        }
    free(old);
out:
    return status;
}

int sna_dictionary_code(sna_dictionary *self, const char *text, uint64_t length, uint32_t *code)
{
    int status = 0;
    char local[256], *copy = NULL;
    uint64_t at = 0;

    *code = 0;
    length = strnlen(text, length);
    if ((self->texts.count + 1) * 2 > self->slots) {
        status = enlarge(self);
        if (status != 0)
            goto out;
    }
    at = find_slot(self, text, length);
    if (self->slot[at] == 0) {
        if (self->texts.count >= UINT32_MAX - 1) {
            status = sna_error(SNA_ERANGE, "more than 2^32 - 2 different texts");
            goto out;
        }
        if (length >= sizeof local) {
            status = sna_allocate(&copy, length + 1, 1);
            if (status != 0)
                goto out;
        }
        memcpy(copy != NULL ? copy : local, text, length);
        (copy != NULL ? copy : local)[length] = '\0';
        status = sna_list_add(&self->texts, copy != NULL ? copy : local);
        if (status != 0)
            goto out;
        self->slot[at] = (uint32_t)self->texts.count;
    }
    *code = self->slot[at] - 1;
out:
    free(copy);
    return status;
}

int64_t sna_dictionary_find(const sna_dictionary *self, const char *text)
{
    uint64_t at = 0;

    if (self->slots == 0)
        return -1;
    at = find_slot(self, text, strlen(text));
    return (int64_t)self->slot[at] - 1;
}

void sna_dictionary_free(sna_dictionary *self)
{
    sna_list_free(&self->texts);
    free(self->slot);
    *self = SNA_DICTIONARY;
}
