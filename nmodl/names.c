/* names.c: the names of a mod file, found by hashing: a hostile file may have millions. */
#include "reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a, 64 bit. */
static uint64_t hash_name(const char *text, uint64_t length)
{
    uint64_t hash = 14695981039346656037u;

    for (uint64_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    return hash;
}

static bool is_name(const nmodl_name *self, const char *text, uint64_t length)
{
    return strncmp(self->about.name, text, (size_t)length) == 0 && self->about.name[length] == '\0';
}

/* The slot of a name, or the empty one where it belongs. `slots` is a power of 2 and never full. */
static uint64_t find_slot(const nmodl_names *self, const char *text, uint64_t length)
{
    uint64_t at = hash_name(text, length) & (self->slots - 1);

    while (self->slot[at] != 0 && !is_name(&self->name[self->slot[at] - 1], text, length))
        at = (at + 1) & (self->slots - 1);
    return at;
}

/* Twice as many slots; the names find their places anew. */
static int enlarge(nmodl_names *self)
{
    int status = 0;
    const uint64_t slots = self->slots == 0 ? 256 : 2 * self->slots;
    uint64_t *slot = NULL;

    status = sna_allocate(&slot, slots, sizeof *slot);
    if (status != 0)
        return status;
    free(self->slot);
    self->slot = slot;
    self->slots = slots;
    for (uint64_t i = 0; i < self->count; i++) {
        const char *text = self->name[i].about.name;
        self->slot[find_slot(self, text, strlen(text))] = i + 1;
    }
    return status;
}

int nmodl_names_add(nmodl_names *self, uint64_t *out, const char *text, uint64_t length)
{
    int status = 0;
    nmodl_name *grown;
    sna_string copy = SNA_STRING;
    uint64_t at;

    if (self->count >= self->slots / 2) {
        status = enlarge(self);
        if (status != 0)
            goto out;
    }
    at = find_slot(self, text, length);
    if (self->slot[at] != 0) {
        *out = self->slot[at] - 1;
        goto out;
    }
    grown = sna_grow(self->name, &self->capacity, self->count + 1, sizeof *self->name);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->name = grown;
    status = sna_string_append_bytes(&copy, text, length);
    if (status != 0)
        goto out;
    self->name[self->count] = (nmodl_name){
        .order = UINT64_MAX, .about = {.name = copy.text, .value = NAN, .low = NAN, .high = NAN, .tolerance = NAN}};
    *out = self->count++;
    self->slot[at] = self->count;
out:
    return status;
}

nmodl_name *nmodl_names_find(const nmodl_names *self, const char *text, uint64_t length)
{
    uint64_t at;

    if (self->slots == 0)
        return NULL;
    at = find_slot(self, text, length);
    return self->slot[at] == 0 ? NULL : &self->name[self->slot[at] - 1];
}

void nmodl_names_free(nmodl_names *self)
{
    for (uint64_t i = 0; i < self->count; i++) {
        free(self->name[i].about.name);
        free(self->name[i].about.hoc_name);
        free(self->name[i].about.unit);
    }
    free(self->name);
    free(self->slot);
    *self = (nmodl_names){0};
}
