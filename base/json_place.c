/* json_place.c: where in its file each value of a JSON document stands. */
#include "json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

uint64_t sna_json_line(const sna_json *self, uint64_t offset)
{
    uint64_t line = 1;

    for (uint64_t i = 0; i < offset && i < self->length; i++)
        line += self->text[i] == '\n';
    return line;
}

/* cJSON has accepted the text, so what follows only steps over it. */

static uint64_t skip_blank(const sna_json *self, uint64_t at)
{
    while (at < self->length && (unsigned char)self->text[at] <= ' ')
        at++;
    return at;
}

static uint64_t skip_string(const sna_json *self, uint64_t at)
{
    for (at++; at < self->length && self->text[at] != '"'; at++)
        at += self->text[at] == '\\';
    return at + 1;
}

static uint64_t skip_scalar(const sna_json *self, uint64_t at)
{
    if (at < self->length && self->text[at] == '"')
        return skip_string(self, at);
    while (at < self->length && strchr(",]}", self->text[at]) == NULL && (unsigned char)self->text[at] > ' ')
        at++;
    return at;
}

static int compare_keys(const void *a, const void *b)
{
    const cJSON *const *ka = a, *const *kb = b;

    return strcmp((*ka)->string, (*kb)->string);
}

static int check_duplicates(const sna_json *self, const cJSON *object)
{
    int status = 0;
    const cJSON **key = NULL;
    uint64_t count = 0;

    for (const cJSON *child = object->child; child != NULL; child = child->next)
        count++;
    if (count < 2)
        goto out;
    status = sna_allocate(&key, count, sizeof *key);
    if (status != 0)
        goto out;
    count = 0;
    for (const cJSON *child = object->child; child != NULL; child = child->next)
        key[count++] = child;
    qsort(key, (size_t)count, sizeof *key, compare_keys);
    for (uint64_t i = 1; i < count && status == 0; i++) {
        if (strcmp(key[i - 1]->string, key[i]->string) == 0)
            status = sna_json_error(self, object, SNA_EFORMAT, "the key `%s` stands there twice", key[i]->string);
    }
out:
    free(key);
    return status;
}

/* Records the value at *at and what is inside it, and moves *at behind it. cJSON limits the depth to 1000. */
static int map_value(sna_json *self, const cJSON *item, const cJSON *parent, uint64_t *at)
{
    int status = 0;
    sna_json_entry *grown = sna_grow(self->entry, &self->entry_capacity, self->entry_count + 1, sizeof *self->entry);

    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->entry = grown;
    *at = skip_blank(self, *at);
    self->entry[self->entry_count++] = (sna_json_entry){item, parent, *at};
    if (!cJSON_IsObject(item) && !cJSON_IsArray(item)) {
        *at = skip_scalar(self, *at);
        goto out;
    }
    ++*at;
    for (const cJSON *child = item->child; child != NULL; child = child->next) {
        if (cJSON_IsObject(item)) {
            *at = skip_string(self, skip_blank(self, *at));
            *at = skip_blank(self, *at) + 1; /* the colon */
        }
        status = map_value(self, child, item, at);
        if (status != 0)
            goto out;
        *at = skip_blank(self, *at);
        if (child->next != NULL)
            ++*at; /* the comma */
    }
    *at = skip_blank(self, *at) + 1;
out:
    return status;
}

static int compare_entries(const void *a, const void *b)
{
    const uintptr_t ia = (uintptr_t)((const sna_json_entry *)a)->item,
                    ib = (uintptr_t)((const sna_json_entry *)b)->item;

    return (ia > ib) - (ia < ib);
}

int sna_json_map(sna_json *self)
{
    uint64_t at = self->length >= 3 && memcmp(self->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    int status = map_value(self, self->root, NULL, &at);

    if (status == 0)
        qsort(self->entry, (size_t)self->entry_count, sizeof *self->entry, compare_entries);
    for (uint64_t i = 0; i < self->entry_count && status == 0; i++) {
        if (cJSON_IsObject(self->entry[i].item))
            status = check_duplicates(self, self->entry[i].item);
    }
    return status;
}

const sna_json_entry *sna_json_find(const sna_json *self, const cJSON *item)
{
    const sna_json_entry key = {item, NULL, 0};

    return self->entry_count == 0 ? NULL
                                  : bsearch(&key, self->entry, (size_t)self->entry_count, sizeof key, compare_entries);
}

static int append_path(const sna_json *self, const sna_json_entry *entry, sna_string *path)
{
    int status = 0;
    const sna_json_entry *parent = entry->parent == NULL ? NULL : sna_json_find(self, entry->parent);

    if (parent == NULL)
        goto out;
    status = append_path(self, parent, path);
    if (status != 0)
        goto out;
    if (cJSON_IsArray(entry->parent)) {
        uint64_t index = 0;
        for (const cJSON *child = entry->parent->child; child != NULL && child != entry->item; child = child->next)
            index++;
        status = sna_string_format(path, "[%" PRIu64 "]", index);
    } else {
        status = sna_string_format(path, "%s%s", path->length == 0 ? "" : ".", entry->item->string);
    }
out:
    return status;
}

int sna_json_place(const sna_json *self, const cJSON *item, char **path, uint64_t *line)
{
    int status = 0;
    sna_string text = SNA_STRING;
    const sna_json_entry *entry = sna_json_find(self, item);

    *path = NULL;
    *line = 0;
    status = sna_string_append(&text, "");
    if (status == 0 && entry != NULL) {
        *line = sna_json_line(self, entry->offset);
        status = append_path(self, entry, &text);
    }
    if (status != 0) {
        sna_string_free(&text);
        goto out;
    }
    *path = text.text;
out:
    return status;
}

int sna_json_error(const sna_json *self, const cJSON *item, int code, const char *format, ...)
{
    char *sentence = NULL, *path = NULL;
    uint64_t line = 0;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&sentence, format, arguments) < 0)
        sentence = NULL;
    va_end(arguments);
    if (sna_json_place(self, item, &path, &line) != 0 || line == 0)
        code = sna_error(code, "%s: %s", self->name, sentence == NULL ? "invalid" : sentence);
    else
        code = sna_error(code, "%s:%" PRIu64 ": %s%s%s", self->name, line, path, path[0] == '\0' ? "" : ": ",
                         sentence == NULL ? "invalid" : sentence);
    free(sentence);
    free(path);
    return code;
}
