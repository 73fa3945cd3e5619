/* config.c: reading circuit and simulation configs: children, paths, lookups. manifest.c expands the variables. */
#include "sonata/config.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEEPEST = 8 }; /* children of children; more is a circle */

/* ---- paths -------------------------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), end_length = strlen(end);

    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* Is the text under this key a path? `inside` is the key of the top level that it is under. */
static bool is_path_key(const char *inside, const char *key)
{
    static const char *const others[] = {"network", "simulation", "circuit", "vasculature_mesh"};

    if (strcmp(inside, "components") == 0)
        return true;
    if (strcmp(inside, "metadata") == 0)
        return false;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(key, others[i]) == 0)
            return true;
    return ends_with(key, "_file") || ends_with(key, "_dir");
}

/* folder/path without "." pieces and doubled slashes; a ".." stays, since it may leave a linked folder. */
static int absolute_path(char **out, const char *folder, const char *path)
{
    int status = 0;
    char *joined = NULL, *to = NULL;

    status = sna_path_join(&joined, folder, path);
    if (status != 0)
        goto out;
    to = joined;
    for (const char *from = joined; *from != '\0';) {
        if (from[0] == '/' && from[1] == '/') {
            from++;
        } else if (from[0] == '/' && from[1] == '.' && (from[2] == '/' || from[2] == '\0')) {
            from += 2;
        } else {
            *to++ = *from++;
        }
    }
    if (to == joined)
        *to++ = '/';
    *to = '\0';
    *out = joined;
out:
    return status;
}

static int set_text(cJSON *item, const char *text)
{
    return cJSON_SetValuestring(item, text) == NULL ? sna_error(SNA_ENOMEM, "no memory for the config") : 0;
}

static int make_absolute(cJSON *item, const char *folder)
{
    int status = 0;
    char *path = NULL;

    if (item->valuestring[0] == '\0')
        return 0; /* "" means that there is none */
    status = absolute_path(&path, folder, item->valuestring);
    if (status == 0)
        status = set_text(item, path);
    free(path);
    return status;
}

/* Makes the paths below `item` absolute. */
static int find_paths(cJSON *item, const char *inside, const char *folder)
{
    int status = 0;

    for (cJSON *child = item->child; child != NULL && status == 0; child = child->next) {
        const char *key = child->string != NULL ? child->string : "";
        const char *top = inside != NULL ? inside : key;
        if (strcmp(top, "manifest") == 0 || strcmp(top, "node_sets") == 0)
            continue;
        if (inside != NULL && strcmp(inside, "output") == 0 && strcmp(key, "output_dir") != 0)
            continue;
        if (cJSON_IsString(child) && is_path_key(inside != NULL ? inside : "", key))
            status = make_absolute(child, folder);
        else if (child->child != NULL)
            status = find_paths(child, top, folder);
    }
    return status;
}

/* log_file and spikes_file... stand in output_dir. */
static int find_output_paths(cJSON *root)
{
    int status = 0;
    cJSON *output = cJSON_GetObjectItemCaseSensitive(root, "output");
    const cJSON *folder = cJSON_GetObjectItemCaseSensitive(output, "output_dir");

    if (!cJSON_IsString(folder))
        return 0;
    for (cJSON *item = output->child; item != NULL && status == 0; item = item->next)
        if (cJSON_IsString(item) &&
            (strcmp(item->string, "log_file") == 0 || strncmp(item->string, "spikes_file", 11) == 0))
            status = make_absolute(item, folder->valuestring);
    return status;
}

/* ---- reading one document ----------------------------------------------------------------------------------- */

static int keep_document(sna_config *self, sna_json *json, const char *folder)
{
    int status = 0;
    char *copy = NULL;
    sna_config_document *grown = NULL;

    status = sna_text_copy(&copy, folder);
    if (status != 0)
        goto out;
    grown = sna_grow(self->document, &self->document_capacity, self->documents + 1, sizeof *grown);
    if (grown == NULL) {
        free(copy);
        status = SNA_ENOMEM;
        goto out;
    }
    self->document = grown;
    self->document[self->documents++] = (sna_config_document){json, copy};
    json = NULL;
out:
    sna_json_free(json);
    return status;
}

/* Every value of a document, expanded, paths absolute. */
static int expand_document(const sna_json *json, const char *folder, const char *file, cJSON **out)
{
    int status = 0;
    sna_manifest *manifest = NULL;
    cJSON *root = cJSON_CreateObject();

    *out = NULL;
    if (root == NULL) {
        status = sna_error(SNA_ENOMEM, "no memory for the config");
        goto out;
    }
    status = sna_json_expect_object(json, sna_json_root(json));
    if (status == 0)
        status = sna_manifest_create(&manifest, json, folder, file);
    if (status != 0)
        goto out;
    for (const cJSON *item = sna_json_root(json)->child; item != NULL && status == 0; item = item->next) {
        cJSON *value = NULL;
        /* In node sets a $ is an operator or the end of a pattern. */
        if (strcmp(item->string, "node_sets") == 0)
            value = cJSON_Duplicate(item, 1);
        else
            status = sna_manifest_expand(manifest, item, &value);
        if (status == 0 && (value == NULL || !cJSON_AddItemToObject(root, item->string, value))) {
            cJSON_Delete(value);
            status = sna_error(SNA_ENOMEM, "no memory for the config");
        }
    }
    if (status == 0)
        status = find_paths(root, NULL, folder);
    if (status == 0)
        status = find_output_paths(root);
    if (status != 0)
        goto out;
    *out = root;
    root = NULL;
out:
    sna_manifest_free(manifest);
    cJSON_Delete(root);
    return status;
}

/* Adds to `into` what `from` has and it has not; objects are merged key by key. `from` is used up. */
static int merge(cJSON *into, cJSON *from)
{
    int status = 0;

    while (from->child != NULL && status == 0) {
        cJSON *item = cJSON_DetachItemViaPointer(from, from->child);
        cJSON *there = cJSON_GetObjectItemCaseSensitive(into, item->string);
        if (there == NULL) {
            if (!cJSON_AddItemToObject(into, item->string, item)) {
                cJSON_Delete(item);
                status = sna_error(SNA_ENOMEM, "no memory for the config");
            }
        } else {
            if (cJSON_IsObject(there) && cJSON_IsObject(item) && strcmp(item->string, "networks") != 0)
                status = merge(there, item);
            cJSON_Delete(item);
        }
    }
    return status;
}

static int read_file(sna_config *self, const char *path, unsigned depth, cJSON **out);

/* Reads the config that `key` of a document names and merges it into the document's tree. */
static int read_child(sna_config *self, const sna_json *json, cJSON *root, const char *key, unsigned depth)
{
    int status = 0;
    char *path = NULL;
    cJSON *child = NULL;
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(root, key);

    if (!cJSON_IsString(item) || item->valuestring[0] == '\0')
        goto out;
    if (depth >= DEEPEST) {
        status = sna_json_error(json, sna_json_member(sna_json_root(json), key), SNA_EFORMAT,
                                "configs name each other in a circle");
        goto out;
    }
    status = sna_text_copy(&path, item->valuestring);
    if (status == 0)
        status = read_file(self, path, depth + 1, &child);
    if (status == 0)
        status = merge(root, child);
    else
        status = sna_error_in(status, "%s: `%s`", sna_json_name(json), key);
out:
    cJSON_Delete(child);
    free(path);
    return status;
}

/* A simulation config that names no network means the circuit_config.json beside it. */
static int read_default_network(sna_config *self, cJSON *root, const char *folder, unsigned depth)
{
    int status = 0;
    char *path = NULL;
    cJSON *child = NULL;

    if (cJSON_GetObjectItemCaseSensitive(root, "run") == NULL || depth >= DEEPEST ||
        cJSON_GetObjectItemCaseSensitive(root, "network") != NULL ||
        cJSON_GetObjectItemCaseSensitive(root, "circuit") != NULL ||
        cJSON_GetObjectItemCaseSensitive(root, "networks") != NULL)
        goto out;
    status = absolute_path(&path, folder, "circuit_config.json");
    if (status != 0 || access(path, F_OK) != 0)
        goto out;
    status = sna_notes_add(self->notes, "config.default-network", self->file, "network",
                           "no network is named; circuit_config.json beside the file is taken");
    if (status == 0)
        status = read_file(self, path, depth + 1, &child);
    if (status == 0)
        status = merge(root, child);
out:
    cJSON_Delete(child);
    free(path);
    return status;
}

static int note_node_sets(sna_config *self, const cJSON *root)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(root, "node_sets_file");

    if (!cJSON_IsString(item) || item->valuestring[0] == '\0' ||
        sna_list_find(&self->node_sets_files, item->valuestring) >= 0)
        return 0;
    return sna_list_add(&self->node_sets_files, item->valuestring);
}

/* Takes `json` over. The tree in *out has the document's children in it. */
static int take_document(sna_config *self, sna_json *json, const char *folder, unsigned depth, cJSON **out)
{
    static const char *const children[] = {"network", "circuit", "simulation"};
    int status = 0;
    cJSON *root = NULL;
    cJSON *own_sets = NULL;

    *out = NULL;
    status = expand_document(json, folder, sna_json_name(json), &root);
    /* What a child says must not count as said here. */
    if (status == 0 && cJSON_GetObjectItemCaseSensitive(root, "node_sets_file") != NULL) {
        own_sets = cJSON_CreateObject();
        if (own_sets == NULL ||
            !cJSON_AddItemToObject(own_sets, "node_sets_file",
                                   cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(root, "node_sets_file"), 1)))
            status = sna_error(SNA_ENOMEM, "no memory for the config");
    }
    for (size_t i = 0; i < sizeof children / sizeof *children && status == 0; i++)
        status = read_child(self, json, root, children[i], depth);
    if (status == 0)
        status = read_default_network(self, root, folder, depth);
    if (status == 0 && own_sets != NULL)
        status = note_node_sets(self, own_sets);
    if (status == 0) {
        status = keep_document(self, json, folder);
        json = NULL;
    }
    if (status != 0)
        goto out;
    *out = root;
    root = NULL;
out:
    cJSON_Delete(own_sets);
    cJSON_Delete(root);
    sna_json_free(json);
    return status;
}

static int read_file(sna_config *self, const char *path, unsigned depth, cJSON **out)
{
    int status = 0;
    char *real = NULL, *folder = NULL;
    sna_json *json = NULL;

    *out = NULL;
    status = sna_json_read(&json, path);
    if (status == 0)
        status = sna_path_real(&real, path);
    if (status == 0)
        status = sna_path_folder(&folder, real);
    if (status == 0) {
        status = take_document(self, json, folder, depth, out);
        json = NULL;
    }
    sna_json_free(json);
    free(folder);
    free(real);
    return status;
}

/* ---- the public functions ----------------------------------------------------------------------------------- */

int sna_config_read(sna_config **out, const char *path, sna_notes *notes)
{
    int status = 0;
    sna_config *self = NULL;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->notes = notes;
    status = sna_text_copy(&self->file, path);
    if (status == 0)
        status = read_file(self, path, 0, &self->root);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_config_free(self);
    return status;
}

int sna_config_parse(sna_config **out, const char *text, uint64_t length, const char *folder, const char *name,
                     sna_notes *notes)
{
    int status = 0;
    char *real = NULL;
    sna_json *json = NULL;
    sna_config *self = NULL;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->notes = notes;
    status = sna_text_copy(&self->file, name);
    if (status == 0)
        status = sna_path_real(&real, folder);
    if (status == 0)
        status = sna_json_parse(&json, text, length, name);
    if (status == 0) {
        status = take_document(self, json, real, 0, &self->root);
        json = NULL;
    }
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    free(real);
    sna_config_free(self);
    return status;
}

const char *sna_config_file(const sna_config *self)
{
    return self->file;
}

const cJSON *sna_config_root(const sna_config *self)
{
    return self->root;
}

const cJSON *sna_config_find(const sna_config *self, const char *path)
{
    const cJSON *item = self->root;
    char key[256];

    while (*path != '\0' && item != NULL) {
        if (*path == '[') {
            char *end = NULL;
            const unsigned long index = strtoul(path + 1, &end, 10);
            if (end == path + 1 || *end != ']' || index > INT32_MAX)
                return NULL;
            item = cJSON_IsArray(item) ? cJSON_GetArrayItem(item, (int)index) : NULL;
            path = end + 1;
        } else {
            const size_t length = strcspn(path, ".[");
            if (length == 0 || length >= sizeof key)
                return NULL;
            memcpy(key, path, length);
            key[length] = '\0';
            item = cJSON_IsObject(item) ? cJSON_GetObjectItemCaseSensitive(item, key) : NULL;
            path += length;
        }
        if (*path == '.')
            path++;
    }
    return item;
}

const char *sna_config_text(const sna_config *self, const char *path)
{
    const cJSON *item = sna_config_find(self, path);

    return cJSON_IsString(item) ? item->valuestring : NULL;
}

double sna_config_real(const sna_config *self, const char *path)
{
    const cJSON *item = sna_config_find(self, path);

    return cJSON_IsNumber(item) ? item->valuedouble : (double)NAN;
}

int sna_config_report_file(const sna_config *self, const char *name, char **out)
{
    int status = 0;
    const cJSON *const reports = sna_config_find(self, "reports"), *report = NULL, *given;
    char *file = NULL;
    sna_list names = SNA_LIST;
    sna_string known = SNA_STRING;

    *out = NULL;
    for (const cJSON *each = reports != NULL ? reports->child : NULL; each != NULL && status == 0; each = each->next) {
        if (name == NULL ? each == reports->child && each->next == NULL : strcmp(each->string, name) == 0)
            report = each;
        status = sna_list_add(&names, each->string);
    }
    if (status == 0 && report == NULL) {
        status = sna_list_join(&names, 20, &known);
        if (status == 0)
            status = sna_error(SNA_ENOTFOUND, "%s has %s%s%s; there is: %s", self->file,
                               name != NULL ? "no report `" : "not just one report", name != NULL ? name : "",
                               name != NULL ? "`" : "", names.count > 0 ? sna_string_text(&known) : "none");
    }
    if (status != 0)
        goto out;
    given = cJSON_GetObjectItemCaseSensitive(report, "file_name");
    name = cJSON_IsString(given) ? given->valuestring : report->string;
    status = sna_text_format(&file, "%s%s", name, strchr(sna_path_name(name), '.') == NULL ? ".h5" : "");
    if (status == 0)
        status = sna_path_join(out, sna_config_text(self, "output.output_dir"), file);
out:
    free(file);
    sna_list_free(&names);
    sna_string_free(&known);
    return status;
}

void sna_config_free(sna_config *self)
{
    if (self == NULL)
        return;
    for (uint64_t i = 0; i < self->documents; i++) {
        sna_json_free(self->document[i].json);
        free(self->document[i].folder);
    }
    free(self->document);
    sna_list_free(&self->node_sets_files);
    cJSON_Delete(self->root);
    free(self->file);
    free(self);
}

/* ---- families ----------------------------------------------------------------------------------------------- */

static bool has_text(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

    return cJSON_IsString(item) && item->valuestring[0] != '\0';
}

static void count_styles(const cJSON *items, const char *file_key, const char *types_key, sna_config_styles *out)
{
    for (const cJSON *item = cJSON_IsArray(items) ? items->child : NULL; item != NULL; item = item->next) {
        const cJSON *listed = cJSON_GetObjectItemCaseSensitive(item, "populations");
        if (cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(item, "enabled")) || !has_text(item, file_key))
            continue;
        if (cJSON_IsObject(listed) && listed->child != NULL)
            out->with_populations++;
        else
            out->without_populations++;
        out->with_types += has_text(item, types_key);
    }
}

void sna_config_style(const sna_config *self, sna_config_styles *out)
{
    *out = (sna_config_styles){0, 0, 0};
    count_styles(sna_config_find(self, "networks.nodes"), "nodes_file", "node_types_file", out);
    count_styles(sna_config_find(self, "networks.edges"), "edges_file", "edge_types_file", out);
}

sna_family sna_config_family(const sna_config_styles *styles)
{
    if (styles->with_populations == 0)
        return styles->without_populations == 0 ? SNA_FAMILY_NONE : SNA_FAMILY_ALLEN;
    return styles->without_populations == 0 && styles->with_types == 0 ? SNA_FAMILY_BBP : SNA_FAMILY_BOTH;
}
