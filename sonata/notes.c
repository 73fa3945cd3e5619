/* notes.c: the list of what a reader had to be tolerant about. */
#include "sonata/sonata.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Streams in different threads may note at once. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int sna_notes_add(sna_notes *self, const char *code, const char *file, const char *place, const char *format, ...)
{
    int status = 0;
    va_list arguments;
    sna_note note = {.code = code, .count = 1};
    sna_note *grown = NULL;

    if (self == NULL)
        return 0;
    pthread_mutex_lock(&lock);
    for (uint64_t i = 0; i < self->count; i++) {
        sna_note *old = &self->note[i];
        if (strcmp(old->code, code) == 0 && strcmp(old->place, place) == 0 && strcmp(old->file, file) == 0) {
            old->count++;
            goto out;
        }
    }
    status = sna_text_copy(&note.file, file);
    if (status != 0)
        goto out;
    status = sna_text_copy(&note.place, place);
    if (status != 0)
        goto out;
    va_start(arguments, format);
    if (vasprintf(&note.text, format, arguments) < 0) {
        note.text = NULL;
        status = sna_error(SNA_ENOMEM, "no memory for a note");
    }
    va_end(arguments);
    if (status != 0)
        goto out;
    grown = sna_grow(self->note, &self->capacity, self->count + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->note = grown;
    self->note[self->count++] = note;
    note = (sna_note){0};
out:
    pthread_mutex_unlock(&lock);
    free(note.file);
    free(note.place);
    free(note.text);
    return status;
}

const sna_note *sna_notes_find(const sna_notes *self, const char *code)
{
    for (uint64_t i = 0; self != NULL && i < self->count; i++)
        if (strcmp(self->note[i].code, code) == 0)
            return &self->note[i];
    return NULL;
}

void sna_notes_free(sna_notes *self)
{
    if (self == NULL)
        return;
    for (uint64_t i = 0; i < self->count; i++) {
        free(self->note[i].file);
        free(self->note[i].place);
        free(self->note[i].text);
    }
    free(self->note);
    *self = SNA_NOTES;
}
