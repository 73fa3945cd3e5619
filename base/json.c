/* json.c: JSON documents on cJSON: stricter where it is lax, exact where it rounds, and with places in its errors. */
#include "json.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "table.h"

/* Blanks out comments, keeping line ends and offsets. */
static int blank_comments(sna_json *self)
{
    int status = 0;
    char *text = self->text;
    uint64_t i = 0;

    while (i < self->length) {
        if (text[i] == '"') {
            for (i++; i < self->length && text[i] != '"'; i++)
                i += text[i] == '\\';
            i++;
        } else if (text[i] == '/' && text[i + 1] == '/') {
            while (i < self->length && text[i] != '\n')
                text[i++] = ' ';
        } else if (text[i] == '/' && text[i + 1] == '*') {
            const uint64_t start = i;
            while (i < self->length && !(text[i] == '*' && text[i + 1] == '/')) {
                if (text[i] != '\n')
                    text[i] = ' ';
                i++;
            }
            if (i >= self->length) {
                status = sna_error(SNA_EFORMAT, "%s:%" PRIu64 ": a comment is not closed", self->name,
                                   sna_json_line(self, start));
                break;
            }
            text[i] = text[i + 1] = ' ';
        } else {
            i++;
        }
    }
    return status;
}

/* The length of the valid UTF-8 sequence at `text`, 0 for an invalid one (overlong, surrogate, past U+10FFFF). */
static unsigned utf8_length(const unsigned char *text, uint64_t left)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned length = text[0] < 0x80       ? 1
                            : text[0] >> 5 == 6  ? 2
                            : text[0] >> 4 == 14 ? 3
                            : text[0] >> 3 == 30 ? 4
                                                 : 0;
    uint32_t point;

    if (length <= 1)
        return length;
    if (left < length)
        return 0;
    point = text[0] & (0xFFU >> (length + 1));
    for (unsigned i = 1; i < length; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return 0;
        point = point << 6 | (text[i] & 0x3FU);
    }
    return point < least[length] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000) ? 0 : length;
}

static int check_text(const sna_json *self)
{
    for (uint64_t i = 0; i < self->length;) {
        const unsigned length = utf8_length((const unsigned char *)self->text + i, self->length - i);
        if (length == 0 || self->text[i] == '\0')
            return sna_error(SNA_EFORMAT, "%s:%" PRIu64 ": %s", self->name, sna_json_line(self, i),
                             length == 0 ? "not valid UTF-8" : "a NUL byte: this is not a JSON file");
        i += length;
    }
    return 0;
}

static int syntax_error(const sna_json *self, const char *end)
{
    uint64_t offset = end == NULL || end < self->text ? 0 : (uint64_t)(end - self->text);
    uint64_t column = 1;
    size_t shown;

    /* cJSON points up to one byte behind a fault at the very end. */
    if (offset >= self->length) {
        for (offset = self->length; offset > 0 && (unsigned char)self->text[offset - 1] <= ' '; offset--) {
        }
        return sna_error(SNA_EFORMAT, "%s:%" PRIu64 ": not valid JSON: it ends too early, or wrongly at `%.1s`",
                         self->name, sna_json_line(self, offset), offset > 0 ? self->text + offset - 1 : "");
    }
    for (uint64_t i = offset; i > 0 && self->text[i - 1] != '\n'; i--)
        column++;
    shown = strcspn(self->text + offset, "\r\n");
    return sna_error(SNA_EFORMAT, "%s:%" PRIu64 ":%" PRIu64 ": not valid JSON at `%.*s`", self->name,
                     sna_json_line(self, offset), column, shown > 30 ? 30 : (int)shown, self->text + offset);
}

int sna_json_parse(sna_json **out, const char *text, uint64_t length, const char *name)
{
    int status = 0;
    sna_json *self = NULL;
    const char *end = NULL;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status == 0)
        status = sna_text_copy(&self->name, name);
    if (status == 0)
        status = sna_allocate(&self->text, length + 2, 1);
    if (status != 0)
        goto out;
    memcpy(self->text, text, (size_t)length);
    self->length = length;
    status = check_text(self);
    if (status == 0)
        status = blank_comments(self);
    if (status != 0)
        goto out;
    if (self->text[strspn(self->text, " \t\r\n")] == '\0') {
        status = sna_error(SNA_EFORMAT, "%s: the file is empty", name);
        goto out;
    }
    self->root = cJSON_ParseWithLengthOpts(self->text, (size_t)length + 1, &end, 1);
    if (self->root == NULL) {
        status = syntax_error(self, end);
        goto out;
    }
    status = sna_json_map(self);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_json_free(self);
    return status;
}

int sna_json_read(sna_json **out, const char *path)
{
    char *text = NULL;
    uint64_t size = 0;
    int status = sna_file_read(&text, &size, path);

    *out = NULL;
    if (status == 0)
        status = sna_json_parse(out, text, size, path);
    free(text);
    return status;
}

const cJSON *sna_json_root(const sna_json *self)
{
    return self->root;
}

const char *sna_json_name(const sna_json *self)
{
    return self->name;
}

void sna_json_free(sna_json *self)
{
    if (self != NULL) {
        cJSON_Delete(self->root);
        free(self->entry);
        free(self->text);
        free(self->name);
        free(self);
    }
}

/* ---- typed reads -------------------------------------------------------------------------------------------- */

static int wrong_type(const sna_json *self, const cJSON *item, const char *expected)
{
    if (cJSON_IsString(item))
        return sna_json_error(self, item, SNA_EFORMAT, "must be %s, found the text \"%.60s\"", expected,
                              item->valuestring);
    return sna_json_error(self, item, SNA_EFORMAT, "must be %s, found %s", expected,
                          cJSON_IsNumber(item)   ? "a number"
                          : cJSON_IsBool(item)   ? "true or false"
                          : cJSON_IsNull(item)   ? "null"
                          : cJSON_IsArray(item)  ? "a list"
                          : cJSON_IsObject(item) ? "an object"
                                                 : "nothing");
}

int sna_json_real(const sna_json *self, const cJSON *item, double *out)
{
    *out = 0;
    if (!cJSON_IsNumber(item))
        return wrong_type(self, item, "a number");
    if (!isfinite(item->valuedouble))
        return sna_json_error(self, item, SNA_EFORMAT, "the number is too large");
    *out = item->valuedouble;
    return 0;
}

/* The text of a number, as it stands in the file. */
static void number_token(const sna_json *self, const cJSON *item, char token[SNA_NUMBER_SIZE])
{
    const sna_json_entry *entry = sna_json_find(self, item);
    size_t n = 0;

    if (entry != NULL) {
        const char *text = self->text + entry->offset;
        while (n + 1 < SNA_NUMBER_SIZE && text[n] != '\0' && strchr("+-.0123456789eE", text[n]) != NULL) {
            token[n] = text[n];
            n++;
        }
    }
    token[n] = '\0';
}

int sna_json_integer(const sna_json *self, const cJSON *item, int64_t *out)
{
    char token[SNA_NUMBER_SIZE];

    *out = 0;
    if (!cJSON_IsNumber(item))
        return wrong_type(self, item, "a whole number");
    number_token(self, item, token);
    if (strpbrk(token, ".eE") != NULL) {
        /* 1e3 and 5.0 are whole too, as far as a double is exact. */
        if (item->valuedouble == floor(item->valuedouble) && fabs(item->valuedouble) <= 0x1p53) {
            *out = (int64_t)item->valuedouble;
            return 0;
        }
        return sna_json_error(self, item, SNA_EFORMAT, "must be a whole number, found %s", token);
    }
    if (sna_integer_parse(out, token) != 0)
        return sna_json_error(self, item, SNA_EFORMAT, "%s does not fit in 64 bits", token);
    return 0;
}

int sna_json_unsigned(const sna_json *self, const cJSON *item, uint64_t *out)
{
    char token[SNA_NUMBER_SIZE];
    int64_t value = 0;
    int status = 0;

    *out = 0;
    if (!cJSON_IsNumber(item)) {
        status = wrong_type(self, item, "a whole number of at least 0");
        goto out;
    }
    number_token(self, item, token);
    if (strpbrk(token, "-.eE") == NULL) {
        if (sna_unsigned_parse(out, token) != 0)
            status = sna_json_error(self, item, SNA_EFORMAT, "%s does not fit in 64 bits", token);
        goto out;
    }
    status = sna_json_integer(self, item, &value);
    if (status == 0 && value < 0)
        status = sna_json_error(self, item, SNA_EFORMAT, "must be a whole number of at least 0, found %s", token);
    if (status == 0)
        *out = (uint64_t)value;
out:
    return status;
}

int sna_json_boolean(const sna_json *self, const cJSON *item, bool *out)
{
    *out = cJSON_IsTrue(item);
    return cJSON_IsBool(item) ? 0 : wrong_type(self, item, "true or false");
}

int sna_json_text(const sna_json *self, const cJSON *item, const char **out)
{
    *out = cJSON_IsString(item) ? item->valuestring : NULL;
    return *out != NULL ? 0 : wrong_type(self, item, "a text");
}

int sna_json_expect_object(const sna_json *self, const cJSON *item)
{
    return cJSON_IsObject(item) ? 0 : wrong_type(self, item, "an object");
}

int sna_json_expect_array(const sna_json *self, const cJSON *item)
{
    return cJSON_IsArray(item) ? 0 : wrong_type(self, item, "a list");
}

const cJSON *sna_json_member(const cJSON *object, const char *key)
{
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

int sna_json_require(const sna_json *self, const cJSON *object, const char *key, const cJSON **out)
{
    int status = sna_json_expect_object(self, object);

    *out = NULL;
    if (status == 0) {
        *out = sna_json_member(object, key);
        if (*out == NULL)
            status = sna_json_error(self, object, SNA_EFORMAT, "the key `%s` is missing", key);
    }
    return status;
}

int sna_json_check_keys(const sna_json *self, const cJSON *object, const char *const *allowed)
{
    int status = sna_json_expect_object(self, object);
    sna_string list = SNA_STRING;
    uint64_t count = 0;

    if (status != 0)
        goto out;
    while (allowed[count] != NULL)
        count++;
    for (const cJSON *child = object->child; child != NULL; child = child->next) {
        const char *guess;
        bool known = false;

        for (uint64_t i = 0; i < count && !known; i++)
            known = strcmp(child->string, allowed[i]) == 0;
        if (known)
            continue;
        for (uint64_t i = 0; i < count && status == 0; i++)
            status = sna_string_format(&list, "%s%s", i == 0 ? "" : ", ", allowed[i]);
        if (status != 0)
            goto out;
        guess = sna_closest(child->string, allowed, count);
        status = sna_json_error(self, child, SNA_EFORMAT, "unknown key%s%s%s; allowed here: %s",
                                guess == NULL ? "" : ", did you mean `", guess == NULL ? "" : guess,
                                guess == NULL ? "" : "`?", sna_string_text(&list));
        goto out;
    }
out:
    sna_string_free(&list);
    return status;
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

cJSON *sna_json_make_real(double value)
{
    char buffer[SNA_NUMBER_SIZE];

    if (!isfinite(value))
        return cJSON_CreateNull();
    return cJSON_CreateRaw(sna_number_text(buffer, value));
}

cJSON *sna_json_make_integer(int64_t value)
{
    char buffer[SNA_NUMBER_SIZE];

    (void)snprintf(buffer, sizeof buffer, "%" PRId64, value);
    return cJSON_CreateRaw(buffer);
}

cJSON *sna_json_make_unsigned(uint64_t value)
{
    char buffer[SNA_NUMBER_SIZE];

    (void)snprintf(buffer, sizeof buffer, "%" PRIu64, value);
    return cJSON_CreateRaw(buffer);
}

static bool is_container(const cJSON *item)
{
    return (cJSON_IsArray(item) || cJSON_IsObject(item)) && item->child != NULL;
}

static int print_compact(const cJSON *item, FILE *stream)
{
    int status = 0;
    char *text = cJSON_PrintUnformatted(item);

    if (text == NULL)
        status = sna_error(SNA_ENOMEM, "no memory for printing JSON");
    else
        (void)fputs(text, stream);
    cJSON_free(text);
    return status;
}

/* Containers of plain values on one line (unless they are the root), others one entry a line. */
static int print_indented(const cJSON *item, FILE *stream, int depth)
{
    int status = 0;
    bool nested = depth == 0 || cJSON_IsObject(item);
    const bool object = cJSON_IsObject(item);

    for (const cJSON *child = item->child; child != NULL && !nested; child = child->next)
        nested = is_container(child);
    if (!is_container(item) || !nested)
        return print_compact(item, stream);
    (void)fputs(object ? "{\n" : "[\n", stream);
    for (const cJSON *child = item->child; child != NULL && status == 0; child = child->next) {
        (void)fprintf(stream, "%*s", 2 * (depth + 1), "");
        if (object) {
            cJSON *key = cJSON_CreateString(child->string);
            status = key == NULL ? sna_error(SNA_ENOMEM, "no memory for printing JSON") : print_compact(key, stream);
            cJSON_Delete(key);
            (void)fputs(": ", stream);
        }
        if (status == 0)
            status = print_indented(child, stream, depth + 1);
        (void)fputs(child->next != NULL ? ",\n" : "\n", stream);
    }
    (void)fprintf(stream, "%*s%s", 2 * depth, "", object ? "}" : "]");
    return status;
}

int sna_json_print(const cJSON *root, FILE *stream)
{
    int status = print_indented(root, stream, 0);

    (void)fputc('\n', stream);
    return status != 0 ? status : sna_stream_check(stream);
}

int sna_json_write(const cJSON *root, const char *path)
{
    int status = 0;
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);

    if (stream == NULL) {
        status = sna_error(SNA_ENOMEM, "no memory for %s: %s", path, strerror(errno));
        goto out;
    }
    status = sna_json_print(root, stream);
    if (fclose(stream) != 0 && status == 0)
        status = sna_error(SNA_ENOMEM, "no memory for %s: %s", path, strerror(errno));
    if (status == 0)
        status = sna_file_write(path, text, size);
out:
    free(text);
    return status;
}
