/* fields.c: the keys of a connector, an entry's own over those of the rule that it uses. */
#include <stdlib.h>

#include "internal.h"

const cJSON *sna_fields_find(const sna_fields *self, const char *key)
{
    const cJSON *item = sna_json_member(self->own, key);

    return item != NULL ? item : sna_json_member(self->base, key);
}

int sna_fields_error(const sna_fields *self, const char *key, const char *format, ...)
{
    const cJSON *item = key == NULL ? NULL : sna_fields_find(self, key);
    const char *sentence = "invalid";
    char *text = NULL;
    int code;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    if (text != NULL)
        sentence = text;
    if (item == NULL)
        item = self->own != NULL ? self->own : self->base;
    code = sna_json_error(self->json, item, SNA_EFORMAT, "%s", sentence);
    free(text);
    return code;
}

int sna_fields_require(const sna_fields *self, const char *key, const cJSON **out)
{
    *out = sna_fields_find(self, key);
    return *out != NULL ? 0 : sna_fields_error(self, NULL, "the key `%s` is missing", key);
}

int sna_fields_boolean(const sna_fields *self, const char *key, bool fallback, bool *out)
{
    const cJSON *item = sna_fields_find(self, key);

    *out = fallback;
    return item == NULL ? 0 : sna_json_boolean(self->json, item, out);
}

int sna_fields_unsigned(const sna_fields *self, const char *key, uint64_t fallback, uint64_t *out)
{
    const cJSON *item = sna_fields_find(self, key);

    *out = fallback;
    return item == NULL ? 0 : sna_json_unsigned(self->json, item, out);
}

int sna_fields_text(const sna_fields *self, const char *key, const char *fallback, const char **out)
{
    const cJSON *item = sna_fields_find(self, key);

    *out = fallback;
    return item == NULL ? 0 : sna_json_text(self->json, item, out);
}

int sna_fields_probability(const sna_fields *self, const char *key, double *out)
{
    const cJSON *item = NULL;
    char number[SNA_NUMBER_SIZE];
    int status = sna_fields_require(self, key, &item);

    if (status == 0)
        status = sna_json_real(self->json, item, out);
    if (status == 0 && !(*out >= 0 && *out <= 1))
        status =
            sna_fields_error(self, key, "must be a probability from 0 to 1, found %s", sna_number_text(number, *out));
    return status;
}
