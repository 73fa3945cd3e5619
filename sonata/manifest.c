/* manifest.c: variables of a config: $NAME and ${NAME}. */
#include "sonata/config.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef enum { WAITING, RESOLVING, RESOLVED } state;

typedef struct {
    char *name;        /* without the $ */
    const cJSON *item; /* in the document; NULL for what is built in */
    cJSON *value;      /* expanded */
    state state;
} variable;

struct sna_manifest {
    const sna_json *json;
    variable *variable;
    uint64_t count, capacity;
};

static bool is_name_byte(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static int no_memory(void)
{
    return sna_error(SNA_ENOMEM, "no memory for the config");
}

/* Takes `value` over. */
static int add_variable(sna_manifest *self, const char *name, uint64_t length, const cJSON *item, cJSON *value)
{
    int status = 0;
    variable fresh = {.item = item, .value = value, .state = value != NULL ? RESOLVED : WAITING};
    variable *grown = NULL;

    status = sna_text_format(&fresh.name, "%.*s", (int)length, name);
    if (status != 0)
        goto out;
    grown = sna_grow(self->variable, &self->capacity, self->count + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->variable = grown;
    self->variable[self->count++] = fresh;
    fresh = (variable){0};
out:
    free(fresh.name);
    cJSON_Delete(fresh.value);
    return status;
}

/* The variable of that name; one of the manifest hides one that is built in. */
static variable *find_variable(const sna_manifest *self, const char *name, uint64_t length)
{
    for (uint64_t i = 0; i < self->count; i++)
        if (strlen(self->variable[i].name) == length && memcmp(self->variable[i].name, name, (size_t)length) == 0)
            return &self->variable[i];
    return NULL;
}

/* ---- expanding ---------------------------------------------------------------------------------------------- */

static int resolve(const sna_manifest *self, variable *v);

/* The variable that starts at the `$` of *text, with *text moved behind it; NULL for a `$` that starts none. */
static int next_variable(const sna_manifest *self, const cJSON *item, const char **text, variable **out)
{
    int status = 0;
    const char *name = *text + 1, *end = name;
    const bool braced = *name == '{';
    uint64_t length = 0;

    *out = NULL;
    if (braced)
        end = ++name;
    while (is_name_byte(*end))
        end++;
    length = (uint64_t)(end - name);
    if (length == 0 || (braced && *end != '}')) {
        if (braced)
            status = sna_json_error(self->json, item, SNA_EFORMAT, "`%s` has a ${ that names no variable",
                                    item->valuestring);
        goto out;
    }
    *out = find_variable(self, name, length);
    if (*out == NULL) {
        status = sna_json_error(self->json, item, SNA_EFORMAT, "the variable $%.*s is not in the manifest", (int)length,
                                name);
        goto out;
    }
    *text = end + (braced ? 1 : 0);
    status = resolve(self, *out);
out:
    return status;
}

static int append_value(const sna_manifest *self, const cJSON *item, const variable *v, sna_string *text)
{
    int status = 0;
    char *printed = NULL;

    if (cJSON_IsString(v->value)) {
        status = sna_string_append(text, v->value->valuestring);
    } else if (cJSON_IsNumber(v->value) || cJSON_IsBool(v->value)) {
        printed = cJSON_PrintUnformatted(v->value);
        status = printed == NULL ? no_memory() : sna_string_append(text, printed);
        cJSON_free(printed);
    } else {
        status = sna_json_error(self->json, item, SNA_EFORMAT, "the variable $%s is not a text", v->name);
    }
    return status;
}

static int expand_text(const sna_manifest *self, const cJSON *item, cJSON **out)
{
    int status = 0;
    const char *at = item->valuestring;
    sna_string text = SNA_STRING;

    while (*at != '\0' && status == 0) {
        const char *dollar = strchr(at, '$');
        const char *rest = dollar;
        variable *v = NULL;
        if (dollar == NULL) {
            status = sna_string_append(&text, at);
            break;
        }
        status = sna_string_append_bytes(&text, at, (uint64_t)(dollar - at));
        if (status == 0)
            status = next_variable(self, item, &rest, &v);
        if (status != 0)
            break;
        if (v == NULL) {
            status = sna_string_append(&text, "$");
            rest = dollar + 1;
        } else if (dollar == item->valuestring && *rest == '\0') {
            *out = cJSON_Duplicate(v->value, 1);
            status = *out == NULL ? no_memory() : 0;
            goto out;
        } else {
            status = append_value(self, item, v, &text);
        }
        at = rest;
    }
    if (status == 0) {
        *out = cJSON_CreateString(sna_string_text(&text));
        status = *out == NULL ? no_memory() : 0;
    }
out:
    sna_string_free(&text);
    return status;
}

int sna_manifest_expand(const sna_manifest *self, const cJSON *item, cJSON **out)
{
    int status = 0;
    cJSON *copy = NULL;

    *out = NULL;
    if (cJSON_IsString(item)) {
        status = expand_text(self, item, out);
        goto out;
    }
    if (!cJSON_IsObject(item) && !cJSON_IsArray(item)) {
        *out = cJSON_Duplicate(item, 0);
        status = *out == NULL ? no_memory() : 0;
        goto out;
    }
    copy = cJSON_IsObject(item) ? cJSON_CreateObject() : cJSON_CreateArray();
    if (copy == NULL) {
        status = no_memory();
        goto out;
    }
    for (const cJSON *child = item->child; child != NULL; child = child->next) {
        cJSON *expanded = NULL;
        status = sna_manifest_expand(self, child, &expanded);
        if (status != 0)
            goto out;
        if (!(cJSON_IsObject(item) ? cJSON_AddItemToObject(copy, child->string, expanded)
                                   : cJSON_AddItemToArray(copy, expanded))) {
            cJSON_Delete(expanded);
            status = no_memory();
            goto out;
        }
    }
    *out = copy;
    copy = NULL;
out:
    cJSON_Delete(copy);
    return status;
}

static int resolve(const sna_manifest *self, variable *v)
{
    int status = 0;

    if (v->state == RESOLVED)
        goto out;
    if (v->state == RESOLVING) {
        status = sna_json_error(self->json, v->item, SNA_EFORMAT, "the variable $%s is defined by itself", v->name);
        goto out;
    }
    v->state = RESOLVING;
    status = sna_manifest_expand(self, v->item, &v->value);
    if (status == 0)
        v->state = RESOLVED;
out:
    return status;
}

/* ---- what is built in --------------------------------------------------------------------------------------- */

static int add_builtins(sna_manifest *self, const char *folder, const char *file)
{
    static const struct {
        const char *name, *format;
    } clock[] = {{"date", "%Y-%m-%d"}, {"time", "%H-%M-%S"}, {"datetime", "%Y-%m-%d_%H-%M-%S"}};
    int status = 0;
    char stamp[64];
    char *working = NULL;
    const time_t now = time(NULL);
    struct tm parts = {0};

    working = getcwd(NULL, 0);
    if (working == NULL) {
        status = sna_error(SNA_EIO, "cannot find the working folder: %s", strerror(errno));
        goto out;
    }
    status = add_variable(self, "configdir", strlen("configdir"), NULL, cJSON_CreateString(folder));
    if (status == 0)
        status = add_variable(self, "configfname", strlen("configfname"), NULL, cJSON_CreateString(file));
    if (status == 0)
        status = add_variable(self, "workingdir", strlen("workingdir"), NULL, cJSON_CreateString(working));
    localtime_r(&now, &parts);
    for (size_t i = 0; i < sizeof clock / sizeof *clock && status == 0; i++) {
        strftime(stamp, sizeof stamp, clock[i].format, &parts);
        status = add_variable(self, clock[i].name, strlen(clock[i].name), NULL, cJSON_CreateString(stamp));
    }
    for (uint64_t i = 0; i < self->count && status == 0; i++)
        if (self->variable[i].item == NULL && self->variable[i].value == NULL)
            status = no_memory();
out:
    free(working);
    return status;
}

int sna_manifest_create(sna_manifest **out, const sna_json *json, const char *folder, const char *file)
{
    int status = 0;
    const cJSON *manifest = sna_json_member(sna_json_root(json), "manifest");
    sna_manifest *self = NULL;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->json = json;
    if (manifest != NULL) {
        status = sna_json_expect_object(json, manifest);
        if (status != 0)
            goto out;
        for (const cJSON *item = manifest->child; item != NULL; item = item->next) {
            const char *name = item->string[0] == '$' ? item->string + 1 : item->string;
            uint64_t length = strlen(name);
            if (length > 2 && name[0] == '{' && name[length - 1] == '}') {
                name++;
                length -= 2;
            }
            for (uint64_t i = 0; i < length; i++)
                if (!is_name_byte(name[i]))
                    status =
                        sna_json_error(json, item, SNA_EFORMAT, "a variable's name has letters, digits and _ only");
            if (status == 0 && length == 0)
                status = sna_json_error(json, item, SNA_EFORMAT, "a variable needs a name");
            if (status == 0 && find_variable(self, name, length) != NULL)
                status =
                    sna_json_error(json, item, SNA_EFORMAT, "the variable $%.*s is defined twice", (int)length, name);
            if (status == 0)
                status = add_variable(self, name, length, item, NULL);
            if (status != 0)
                goto out;
        }
    }
    status = add_builtins(self, folder, file);
    for (uint64_t i = 0; i < self->count && status == 0; i++)
        status = resolve(self, &self->variable[i]);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_manifest_free(self);
    return status;
}

void sna_manifest_free(sna_manifest *self)
{
    if (self == NULL)
        return;
    for (uint64_t i = 0; i < self->count; i++) {
        free(self->variable[i].name);
        cJSON_Delete(self->variable[i].value);
    }
    free(self->variable);
    free(self);
}
