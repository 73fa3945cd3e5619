/* text.c: growing texts, lists of texts, and guessing what a word was meant to be. */
#include "base.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

int sna_string_append_bytes(sna_string *self, const void *bytes, uint64_t count)
{
    int status = 0;
    char *grown;

    if (count > (uint64_t)PTRDIFF_MAX - self->length - 1) {
        status = sna_error(SNA_ENOMEM, "no memory for a text of %" PRIu64 " more bytes", count);
        goto out;
    }
    grown = sna_grow(self->text, &self->capacity, self->length + count + 1, 1);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->text = grown;
    if (count > 0)
        memcpy(self->text + self->length, bytes, (size_t)count);
    self->length += count;
    self->text[self->length] = '\0';
out:
    return status;
}

int sna_string_append(sna_string *self, const char *text)
{
    return sna_string_append_bytes(self, text, strlen(text));
}

int sna_string_format(sna_string *self, const char *format, ...)
{
    int status = 0, length;
    char *grown;
    va_list arguments;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        status = sna_error(SNA_EINVAL, "a text could not be formatted");
        goto out;
    }
    grown = sna_grow(self->text, &self->capacity, self->length + (uint64_t)length + 1, 1);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->text = grown;
    va_start(arguments, format);
    (void)vsnprintf(self->text + self->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    self->length += (uint64_t)length;
out:
    return status;
}

const char *sna_string_text(const sna_string *self)
{
    return self->text == NULL ? "" : self->text;
}

void sna_string_free(sna_string *self)
{
    free(self->text);
    *self = SNA_STRING;
}

int sna_text_copy(char **out, const char *text)
{
    *out = strdup(text);
    return *out == NULL ? sna_error(SNA_ENOMEM, "no memory for a text of %zu bytes", strlen(text)) : 0;
}

int sna_text_format(char **out, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vasprintf(out, format, arguments);
    va_end(arguments);
    if (length < 0) {
        *out = NULL;
        return sna_error(SNA_ENOMEM, "no memory for a text");
    }
    return 0;
}

int sna_list_add(sna_list *self, const char *text)
{
    int status = 0;
    char **grown = sna_grow(self->text, &self->capacity, self->count + 1, sizeof *self->text);

    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->text = grown;
    status = sna_text_copy(&self->text[self->count], text);
    if (status == 0)
        self->count++;
out:
    return status;
}

int64_t sna_list_find(const sna_list *self, const char *text)
{
    int64_t found = -1;

    for (uint64_t i = 0; i < self->count && found < 0; i++) {
        if (strcmp(self->text[i], text) == 0)
            found = (int64_t)i;
    }
    return found;
}

int sna_list_split(sna_list *self, const char *text, char separator)
{
    int status = 0;
    sna_string piece = SNA_STRING;
    const char *start = text;

    for (;;) {
        const char *end = strchr(start, separator);
        const char *next = end == NULL ? NULL : end + 1;
        if (end == NULL)
            end = start + strlen(start);
        while (start < end && isspace((unsigned char)*start))
            start++;
        while (end > start && isspace((unsigned char)end[-1]))
            end--;
        if (end > start) {
            piece.length = 0;
            status = sna_string_append_bytes(&piece, start, (uint64_t)(end - start));
            if (status == 0)
                status = sna_list_add(self, piece.text);
            if (status != 0)
                goto out;
        }
        if (next == NULL)
            break;
        start = next;
    }
out:
    sna_string_free(&piece);
    return status;
}

int sna_list_join(const sna_list *self, uint64_t most, sna_string *out)
{
    int status = 0;

    for (uint64_t i = 0; i < self->count && i < most && status == 0; i++)
        status = sna_string_format(out, "%s%s", i == 0 ? "" : ", ", self->text[i]);
    if (status == 0 && self->count > most)
        status = sna_string_format(out, ", ... (%" PRIu64 " in all)", self->count);
    return status;
}

void sna_list_free(sna_list *self)
{
    for (uint64_t i = 0; i < self->count; i++)
        free(self->text[i]);
    free(self->text);
    *self = SNA_LIST;
}

/* Restricted Damerau-Levenshtein distance of two short words, case ignored. */
enum { WORD_MOST = 64 };

static size_t smallest(size_t a, size_t b, size_t c)
{
    const size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

static size_t word_distance(const char *a, const char *b)
{
    size_t row[3][WORD_MOST + 1];
    const size_t la = strlen(a), lb = strlen(b);
    size_t *before = row[0], *last = row[1], *now = row[2];

    if (la > WORD_MOST || lb > WORD_MOST)
        return SIZE_MAX;
    for (size_t j = 0; j <= lb; j++)
        last[j] = j;
    memset(row[0], 0, sizeof row[0]);
    for (size_t i = 1; i <= la; i++) {
        size_t *spare = before;
        now[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            const int ca = tolower((unsigned char)a[i - 1]), cb = tolower((unsigned char)b[j - 1]);
            now[j] = smallest(last[j] + 1, now[j - 1] + 1, last[j - 1] + (ca != cb));
            if (i > 1 && j > 1 && ca == tolower((unsigned char)b[j - 2]) && cb == tolower((unsigned char)a[i - 2]) &&
                before[j - 2] + 1 < now[j])
                now[j] = before[j - 2] + 1;
        }
        before = last;
        last = now;
        now = spare;
    }
    return last[lb];
}

const char *sna_closest(const char *word, const char *const *candidates, uint64_t count)
{
    const size_t length = strlen(word);
    size_t best = length < 3 ? 1 : length / 3;
    const char *found = NULL;

    for (uint64_t i = 0; i < count; i++) {
        const size_t distance = word_distance(word, candidates[i]);
        if (distance <= best && (found == NULL || distance < best)) {
            best = distance;
            found = candidates[i];
        }
    }
    return found;
}
