/* constant.c: properties with one value for all nodes of a type or all edges of an entry, and the types CSV they fill.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static int append_scalar(sna_string *out, const sna_json *json, const cJSON *item)
{
    int status = 0;
    char number[SNA_NUMBER_SIZE];

    if (cJSON_IsNumber(item)) {
        status = sna_string_append(out, sna_number_text(number, item->valuedouble));
    } else if (cJSON_IsBool(item)) {
        status = sna_string_append(out, cJSON_IsTrue(item) ? "True" : "False");
    } else if (cJSON_IsString(item)) {
        /* In single quotes a list is read by Python's literal_eval, which is what BMTK uses. */
        const char quote = strchr(item->valuestring, '\'') == NULL ? '\'' : '"';
        if (quote == '"' && strchr(item->valuestring, '"') != NULL)
            status = sna_json_error(json, item, SNA_EFORMAT, "a text in a list may not hold both kinds of quotes");
        else
            status = sna_string_format(out, "%c%s%c", quote, item->valuestring, quote);
    } else {
        status = sna_json_error(json, item, SNA_EFORMAT,
                                "a list may hold numbers, texts and true or false, but no lists or objects");
    }
    return status;
}

/* [0, 150] and ['basal', 'apical'] */
static int list_text(char **out, const sna_json *json, const cJSON *list)
{
    int status = 0;
    sna_string text = SNA_STRING;

    *out = NULL;
    status = sna_string_append(&text, "[");
    for (const cJSON *item = list->child; item != NULL && status == 0; item = item->next) {
        status = append_scalar(&text, json, item);
        if (status == 0 && item->next != NULL)
            status = sna_string_append(&text, ", ");
    }
    if (status == 0)
        status = sna_string_append(&text, "]");
    if (status != 0)
        goto out;
    *out = text.text;
    text = SNA_STRING;
out:
    sna_string_free(&text);
    return status;
}

static int constant_read(sna_constant *out, const sna_json *json, const cJSON *item, const char *name)
{
    int status = 0;
    char number[SNA_NUMBER_SIZE];

    *out = (sna_constant){.name = name, .item = item};
    if (cJSON_IsNull(item)) {
        out->missing = true;
        out->type = SNA_TEXT;
    } else if (cJSON_IsBool(item)) {
        out->type = SNA_BOOLEAN;
        out->boolean = cJSON_IsTrue(item);
        status = sna_text_copy(&out->text, out->boolean ? "True" : "False");
    } else if (cJSON_IsNumber(item)) {
        status = sna_json_real(json, item, &out->real);
        out->type = out->real == floor(out->real) && fabs(out->real) < 0x1p63 ? SNA_INTEGER : SNA_REAL;
        /* Through the document, where 64 bits are exact; 1e18 is not written as digits there and stays real. */
        if (status == 0 && out->type == SNA_INTEGER && sna_json_integer(json, item, &out->integer) != 0)
            out->type = SNA_REAL;
        if (status == 0 && out->type == SNA_INTEGER)
            status = sna_text_format(&out->text, "%" PRId64, out->integer);
        else if (status == 0)
            status = sna_text_copy(&out->text, sna_number_text(number, out->real));
    } else if (cJSON_IsString(item)) {
        out->type = SNA_TEXT;
        status = sna_text_copy(&out->text, item->valuestring);
    } else if (cJSON_IsArray(item)) {
        out->type = SNA_TEXT;
        status = list_text(&out->text, json, item);
    } else {
        status =
            sna_json_error(json, item, SNA_EFORMAT,
                           "must be one value or a list; what differs from one to the next goes into `per_node` or "
                           "`per_edge`");
    }
    return status;
}

int sna_constants_add(sna_constants *self, const sna_json *json, const cJSON *item)
{
    return sna_constants_add_as(self, json, item, item->string);
}

int sna_constants_add_as(sna_constants *self, const sna_json *json, const cJSON *item, const char *name)
{
    int status = 0;
    sna_constant *grown;

    if (sna_constants_find(self, name) != NULL)
        goto out;
    grown = sna_grow(self->item, &self->capacity, self->count + 1, sizeof *self->item);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->item = grown;
    status = constant_read(&self->item[self->count], json, item, name);
    self->count++;
out:
    return status;
}

int sna_constants_add_true(sna_constants *self, const char *name)
{
    int status = 0;
    sna_constant *grown;

    if (sna_constants_find(self, name) != NULL)
        goto out;
    grown = sna_grow(self->item, &self->capacity, self->count + 1, sizeof *self->item);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->item = grown;
    self->item[self->count] = (sna_constant){.name = name, .type = SNA_BOOLEAN, .boolean = true};
    status = sna_text_copy(&self->item[self->count++].text, "True");
out:
    return status;
}

const sna_constant *sna_constants_find(const sna_constants *self, const char *name)
{
    for (uint64_t i = 0; i < self->count; i++) {
        if (strcmp(self->item[i].name, name) == 0)
            return &self->item[i];
    }
    return NULL;
}

void sna_constants_free(sna_constants *self)
{
    for (uint64_t i = 0; i < self->count; i++)
        free(self->item[i].text);
    free(self->item);
    *self = (sna_constants){0};
}

bool sna_constant_matches(const sna_constant *self, const cJSON *wanted)
{
    if (self->missing || cJSON_IsNull(wanted))
        return self->missing && cJSON_IsNull(wanted);
    if (cJSON_IsString(wanted))
        return self->type == SNA_TEXT && strcmp(self->text, wanted->valuestring) == 0;
    if (cJSON_IsBool(wanted))
        return self->type == SNA_BOOLEAN && self->boolean == (bool)cJSON_IsTrue(wanted);
    return cJSON_IsNumber(wanted) && (self->type == SNA_INTEGER || self->type == SNA_REAL) &&
           self->real == wanted->valuedouble;
}

/* The type of a column that holds all values of a property. */
static sna_type column_type(const sna_constants *const *row, uint64_t rows, const char *name)
{
    sna_type type = SNA_TEXT;
    bool first = true;

    for (uint64_t i = 0; i < rows; i++) {
        const sna_constant *constant = sna_constants_find(row[i], name);
        if (constant == NULL || constant->missing)
            continue;
        if (first)
            type = constant->type;
        else if (type != constant->type) {
            const bool numbers = (type == SNA_INTEGER || type == SNA_REAL) &&
                                 (constant->type == SNA_INTEGER || constant->type == SNA_REAL);
            type = numbers ? SNA_REAL : SNA_TEXT;
        }
        first = false;
    }
    return type;
}

static int set_cell(sna_table *table, uint64_t row, uint64_t column, sna_type type, const sna_constant *constant)
{
    switch (type) {
    case SNA_INTEGER:
        return sna_table_set_integer(table, row, column, constant->integer);
    case SNA_REAL:
        return sna_table_set_real(table, row, column, constant->real);
    case SNA_BOOLEAN:
        return sna_table_set_boolean(table, row, column, constant->boolean);
    default:
        return sna_table_set_text(table, row, column, constant->text);
    }
}

int sna_constants_table(sna_table *table, const sna_constants *const *row, uint64_t rows)
{
    int status = 0;

    for (uint64_t i = 0; i < rows; i++) {
        for (uint64_t k = 0; k < row[i]->count; k++) {
            const char *name = row[i]->item[k].name;
            const sna_type type = column_type(row, rows, name);
            const uint64_t column = sna_table_columns(table);

            if (sna_table_find_column(table, name) >= 0)
                continue;
            status = sna_table_add_column(table, name, NULL, type);
            for (uint64_t r = 0; r < rows && status == 0; r++) {
                const sna_constant *constant = sna_constants_find(row[r], name);
                if (constant != NULL && !constant->missing)
                    status = set_cell(table, r, column, type, constant);
            }
            if (status != 0)
                goto out;
        }
    }
out:
    return status;
}
