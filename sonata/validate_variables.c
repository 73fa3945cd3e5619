/* validate_variables.c: the manifest of a config and the variables in its values, as the document has them. */
#include "sonata/validate.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What goes on with the variables of one document. */
typedef struct {
    sna_validator *validator;
    const sna_json *json;
    const cJSON *manifest; /* NULL without */
    uint64_t braces;
    const cJSON *first_braces;
} variable_check;

static bool is_name_byte(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static const char *bare_name(const char *key)
{
    return key[0] == '$' ? key + 1 : key;
}

static int find_at(variable_check *check, const cJSON *item, const char *code, const char *sentence, const char *name,
                   uint64_t length)
{
    char *path = NULL;
    uint64_t line = 0;
    int status = sna_json_place(check->json, item, &path, &line);

    if (status == 0)
        status = sna_find(check->validator, code, (sna_place){sna_json_name(check->json), path, line}, NULL, sentence,
                          (int)length, name);
    free(path);
    return status;
}

/* The variable of the manifest, NULL for none. */
static const cJSON *find_variable(const variable_check *check, const char *name, uint64_t length)
{
    for (const cJSON *item = check->manifest == NULL ? NULL : check->manifest->child; item != NULL; item = item->next) {
        const char *known = bare_name(item->string);
        if (strlen(known) == length && strncmp(known, name, (size_t)length) == 0)
            return item;
    }
    return NULL;
}

static bool is_built_in(const char *name, uint64_t length)
{
    static const char *const names[] = {"configdir", "configfname", "workingdir", "date", "time", "datetime"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && strncmp(names[i], name, (size_t)length) == 0)
            return true;
    return false;
}

/* The next variable of a text from *at on: its name, and *at moved behind it. */
static bool next_variable(const char **at, const char **name, uint64_t *length, bool *braced)
{
    const char *dollar = strchr(*at, '$');

    for (; dollar != NULL; dollar = strchr(*at, '$')) {
        const char *start = dollar + 1, *end;
        *braced = *start == '{';
        start += *braced;
        end = start;
        while (is_name_byte(*end))
            end++;
        *at = end > start ? end : dollar + 1;
        *name = start;
        *length = (uint64_t)(end - start);
        if (end > start && (!*braced || *end == '}'))
            return true;
    }
    return false;
}

/* ---- the manifest ------------------------------------------------------------------------------------------- */

/* Does the value of `item` lead back to it? */
static bool leads_to(const variable_check *check, const cJSON *from, const cJSON *item, unsigned depth)
{
    const char *at = cJSON_IsString(from) ? from->valuestring : "", *name = NULL;
    uint64_t length = 0;
    bool braced = false;

    while (depth < 64 && next_variable(&at, &name, &length, &braced)) {
        const cJSON *next = find_variable(check, name, length);
        if (next == item || (next != NULL && next != from && leads_to(check, next, item, depth + 1)))
            return true;
    }
    return false;
}

static int check_manifest(variable_check *check)
{
    int status = 0;

    for (const cJSON *item = check->manifest->child; item != NULL && status == 0; item = item->next) {
        const char *name = bare_name(item->string);
        const uint64_t length = strlen(name);
        if (!cJSON_IsString(item))
            status = find_at(check, item, "config.variable-type", "the value of $%.*s is not a text", name, length);
        for (uint64_t i = 0; i < length && status == 0; i++)
            if (!is_name_byte(name[i])) {
                status = find_at(check, item, "config.variable-name", "`%.*s` is no name of a variable", name, length);
                break;
            }
        if (status == 0 && leads_to(check, item, item, 0))
            status = find_at(check, item, "config.variable-cycle", "$%.*s is defined by itself", name, length);
        for (const cJSON *other = check->manifest->child; other != NULL && status == 0; other = other->next) {
            const char *longer = bare_name(other->string);
            if (strlen(longer) > length && length > 0 && strncmp(longer, name, (size_t)length) == 0)
                status = find_at(check, other, "config.variable-prefix",
                                 "its name starts with that of the variable $%.*s", name, length);
        }
    }
    return status;
}

/* ---- values ------------------------------------------------------------------------------------------------- */

static int check_text(variable_check *check, const cJSON *item)
{
    int status = 0;
    const char *at = item->valuestring, *name = NULL, *before = NULL;
    uint64_t length = 0, before_length = 0;
    bool braced = false;

    while (status == 0 && next_variable(&at, &name, &length, &braced)) {
        if (braced && check->braces++ == 0)
            check->first_braces = item;
        if (find_variable(check, name, length) == NULL && !is_built_in(name, length))
            status = find_at(check, item, "config.variable-undefined", "the variable $%.*s is not in the manifest",
                             name, length);
        else if (before != NULL && before_length == length && strncmp(before, name, (size_t)length) == 0)
            status = find_at(check, item, "config.variable-repeated", "$%.*s is there more than once", name, length);
        before = name;
        before_length = length;
    }
    return status;
}

static int check_value(variable_check *check, const cJSON *item)
{
    int status = 0;

    if (cJSON_IsString(item))
        status = check_text(check, item);
    for (const cJSON *child = item->child; child != NULL && status == 0; child = child->next)
        status = check_value(check, child);
    return status;
}

/* Is this path inside the folder of the config, going by its text? */
static bool is_inside(const char *path, const char *folder)
{
    const size_t length = strlen(folder);

    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* Values of the manifest, and others, that are absolute paths to elsewhere: counted, the first one named. */
static void count_absolute(const cJSON *item, const char *folder, sna_tally *tally)
{
    if (cJSON_IsString(item) && item->valuestring[0] == '/' && !is_inside(item->valuestring, folder))
        sna_tally_add(tally, "%.72s", item->valuestring);
    for (const cJSON *child = item->child; child != NULL; child = child->next)
        count_absolute(child, folder, tally);
}

int sna_check_variables(sna_validator *self, const sna_json *json, const char *folder)
{
    int status = 0;
    const cJSON *root = sna_json_root(json);
    sna_tally absolute = {0};
    variable_check check = {.validator = self, .json = json, .manifest = sna_json_member(root, "manifest")};

    if (check.manifest != NULL && !cJSON_IsObject(check.manifest))
        check.manifest = NULL;
    if (check.manifest != NULL)
        status = check_manifest(&check);
    for (const cJSON *item = root->child; item != NULL && status == 0; item = item->next) {
        /* In node sets a $ is an operator or the end of a pattern. */
        if (strcmp(item->string, "node_sets") == 0)
            continue;
        status = check_value(&check, item);
        count_absolute(item, folder, &absolute);
    }
    if (status == 0 && check.braces > 0)
        status =
            find_at(&check, check.first_braces, "config.variable-braces", "variables are written as ${NAME}", "", 0);
    if (status == 0)
        status = sna_find(self, "config.absolute-path", (sna_place){sna_json_name(json), NULL, 0}, &absolute,
                          "%" PRIu64 " %s outside the folder of the config", absolute.count,
                          sna_plural(absolute.count, "value is an absolute path", "values are absolute paths"));
    return status;
}
