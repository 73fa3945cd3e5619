/* validate_components.c: the folders and files of `components`, and what nodes and edges name of them. */
#include "sonata/nodes.h"
#include "sonata/validate.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- existence ---------------------------------------------------------------------------------------------- */

static bool is_folder(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static bool is_file(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), end_length = strlen(end);

    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static int find_in_config(sna_validator *self, const char *key, const char *code, const char *sentence,
                          const char *path)
{
    char *text = NULL;
    sna_place where;
    int status = sna_config_place(self->config, key, &where, &text);

    if (status == 0)
        status = sna_find(self, code, where, NULL, sentence, path);
    free(text);
    return status;
}

/* Every folder and file below `item`; `key` is its path in the config. */
static int check_paths(sna_validator *self, const cJSON *item, const char *key, unsigned depth)
{
    int status = 0;

    for (const cJSON *child = item->child; child != NULL && status == 0; child = child->next) {
        char *inner = NULL;
        const char *name = child->string == NULL ? "" : child->string;
        status = sna_text_format(&inner, "%s.%s", key, name);
        if (status == 0 && cJSON_IsString(child) && child->valuestring[0] != '\0') {
            const char *path = child->valuestring;
            const bool is_dir = ends_with(name, "_dir") || strstr(key, "alternate_morphologies") != NULL;
            /* A container of morphologies is one file. */
            if (is_dir && !is_folder(path) && !(is_file(path) && ends_with(path, ".h5")))
                status = find_in_config(self, inner, "component.folder-missing", "there is no folder %s", path);
            else if (!is_dir && ends_with(name, "_file") && !is_file(path))
                status = find_in_config(self, inner, "component.missing", "there is no file %s", path);
        } else if (status == 0 && cJSON_IsObject(child) && depth < 3 && strcmp(name, "provenance") != 0) {
            status = check_paths(self, child, inner, depth + 1);
        }
        free(inner);
    }
    return status;
}

/* ---- what populations name ---------------------------------------------------------------------------------- */

/* A component of a population: its own, else that of the circuit; NULL where there is no such folder. */
static const char *component_of(const sna_validator *self, const sna_checked_population *population, const char *key)
{
    const cJSON *own = cJSON_GetObjectItemCaseSensitive(population->settings, key);
    char path[128];
    const char *text = NULL;

    if (cJSON_IsString(own))
        text = own->valuestring;
    if (text == NULL) {
        (void)snprintf(path, sizeof path, "components.%s", key);
        text = sna_config_text(self->config, path);
    }
    return text != NULL && is_folder(text) ? text : NULL;
}

/* folder/name with any of the endings ("" is the name as it is). */
static int exists_as(const char *folder, const char *name, const char *const *endings, bool *found)
{
    int status = 0;

    for (; *endings != NULL && status == 0 && !*found; endings++) {
        char *path = NULL;
        status = sna_text_format(&path, "%s/%s%s", folder, name, *endings);
        *found = status == 0 && is_file(path);
        free(path);
    }
    return status;
}

/* Morphologies by name, with or without an ending, in the folder of any format. */
static int has_morphology(const sna_validator *self, const sna_checked_population *population, const char *name,
                          bool *found, bool *known)
{
    static const char *const plain[] = {"", ".swc", ".asc", ".h5", ".SWC", NULL};
    int status = 0;
    const char *folder = component_of(self, population, "morphologies_dir");
    const cJSON *others = cJSON_GetObjectItemCaseSensitive(population->settings, "alternate_morphologies");

    *found = false;
    *known = folder != NULL;
    if (folder != NULL)
        status = exists_as(folder, name, plain, found);
    if (!cJSON_IsObject(others))
        others = sna_config_find(self->config, "components.alternate_morphologies");
    for (const cJSON *other = cJSON_IsObject(others) ? others->child : NULL; other != NULL && status == 0 && !*found;
         other = other->next)
        if (cJSON_IsString(other)) {
            /* A container cannot be looked into without knowing its layout. */
            *known = *known || is_folder(other->valuestring);
            *found = is_file(other->valuestring);
            if (is_folder(other->valuestring))
                status = exists_as(other->valuestring, name, plain, found);
        }
    return status;
}

/* "schema:resource": where the resource ought to be; *known is false for schemas without files, or without a folder. */
static int has_template(const sna_validator *self, const sna_checked_population *population, const char *name,
                        bool *found, bool *known)
{
    static const char *const hoc[] = {".hoc", "", NULL}, *const nml[] = {"", ".nml", ".xml", NULL};
    const char *resource = strchr(name, ':');
    const char *folder = NULL;
    int status = 0;

    *found = *known = false;
    if (resource == NULL)
        goto out;
    resource++;
    if (strncmp(name, "hoc:", 4) == 0 || strncmp(name, "nml:", 4) == 0)
        folder = component_of(self, population, "biophysical_neuron_models_dir");
    else if (strncmp(name, "ctdb:", 5) == 0)
        folder = component_of(self, population, "templates_dir");
    *known = folder != NULL;
    if (folder != NULL)
        status = exists_as(folder, resource, name[0] == 'n' ? nml : hoc, found);
    if (status == 0 && *known && !*found && strncmp(name, "hoc:", 4) == 0) {
        folder = component_of(self, population, "templates_dir");
        if (folder != NULL)
            status = exists_as(folder, resource, hoc, found);
    }
out:
    return status;
}

/* dynamics_params of nodes: a JSON or NeuroML file in one of the folders of models. */
static int has_parameters(const sna_validator *self, const sna_checked_population *population, const char *name,
                          bool *found, bool *known)
{
    static const char *const keys[] = {"biophysical_neuron_models_dir", "point_neuron_models_dir",
                                       "population_models_dir", "filter_models_dir"};
    static const char *const as_is[] = {"", NULL};
    int status = 0;

    *found = *known = false;
    if (!ends_with(name, ".json") && !ends_with(name, ".nml") && !ends_with(name, ".xml"))
        return 0;
    for (size_t i = 0; i < sizeof keys / sizeof *keys && status == 0 && !*found; i++) {
        const char *folder = component_of(self, population, keys[i]);
        *known = *known || folder != NULL;
        if (folder != NULL)
            status = exists_as(folder, name, as_is, found);
    }
    return status;
}

typedef int (*component_test)(const sna_validator *self, const sna_checked_population *population, const char *name,
                              bool *found, bool *known);

/* The distinct texts of an attribute, each tested. */
static int check_texts(sna_validator *self, sna_checked_population *population, sna_nodes *nodes, const char *attribute,
                       component_test test)
{
    int status = 0;
    const sna_column *column = NULL;
    uint8_t *used = NULL;
    sna_tally missing = {0};
    char *place = NULL;
    const sna_attribute *there = sna_nodes_find_attribute(nodes, attribute);

    if (there == NULL || there->type != SNA_TEXT || there->width != 1)
        goto out;
    status = sna_nodes_column(nodes, attribute, &column);
    if (status == SNA_EFORMAT || status == SNA_EUNSUPPORTED || status == SNA_ENOTFOUND) {
        status = 0; /* found with the values */
        goto out;
    }
    if (status == 0)
        status = sna_allocate(&used, column->texts->count, 1);
    for (uint64_t i = 0; status == 0 && i < column->count; i++)
        if (!sna_column_is_missing(column, i))
            used[column->code[i]] = 1;
    for (uint64_t c = 0; status == 0 && c < column->texts->count; c++) {
        bool found = false, known = false;
        const char *text = column->texts->text[c];
        if (!used[c] || text[0] == '\0' || strcmp(text, "NULL") == 0)
            continue;
        status = test(self, population, text, &found, &known);
        if (status == 0 && known && !found)
            sna_tally_add(&missing, "%.72s", text);
    }
    if (status == 0)
        status = sna_text_format(&place, "/nodes/%s", population->name);
    if (status == 0)
        status =
            sna_find(self, "component.missing", (sna_place){population->file->path, place, 0}, &missing,
                     "%" PRIu64 " %s that `%s` names %s not there", missing.count,
                     sna_plural(missing.count, "file", "files"), attribute, sna_plural(missing.count, "is", "are"));
out:
    free(place);
    free(used);
    return status;
}

/* ---- dynamics_params of edges ------------------------------------------------------------------------------- */

static int check_synapse_file(sna_validator *self, const char *folder, const char *name, const char *types_file,
                              sna_tally *missing)
{
    int status = 0;
    char *path = NULL;
    sna_json *json = NULL;

    status = sna_path_join(&path, folder, name);
    if (status != 0)
        goto out;
    if (!is_file(path)) {
        sna_tally_add(missing, "%.72s", name);
    } else if (ends_with(path, ".json")) {
        status = sna_json_read(&json, path);
        if (status == SNA_EFORMAT)
            status = sna_find(self, "component.invalid", (sna_place){path, NULL, 0}, NULL, "%s (named by %s)",
                              sna_error_message(), types_file);
    }
out:
    sna_json_free(json);
    free(path);
    return status;
}

/* The files that the column dynamics_params of an edge types CSV names. */
static int check_synapses(sna_validator *self, const sna_checked_population *population)
{
    int status = 0;
    int64_t column = -1;
    sna_types *types = NULL;
    sna_list seen = SNA_LIST;
    sna_tally missing = {0};
    const char *folder = component_of(self, population, "synaptic_models_dir");

    if (folder == NULL || population->types_file == NULL)
        goto out;
    status = sna_types_read(&types, population->types_file, "edge_type_id", population->name, NULL);
    if (status != 0) {
        status = status == SNA_ENOMEM ? status : 0; /* found with the types */
        goto out;
    }
    column = sna_types_find_column(types, "dynamics_params");
    for (uint64_t row = 0; column >= 0 && row < sna_types_count(types) && status == 0; row++) {
        const char *text = sna_types_text(types, row, (uint64_t)column);
        if (text == NULL || text[0] == '\0' || sna_list_find(&seen, text) >= 0)
            continue;
        status = sna_list_add(&seen, text);
        if (status == 0)
            status = check_synapse_file(self, folder, text, population->types_file, &missing);
    }
    if (status == 0)
        status = sna_find(self, "component.missing", (sna_place){population->types_file, "dynamics_params", 0},
                          &missing, "%" PRIu64 " %s not in %s", missing.count,
                          sna_plural(missing.count, "file is", "files are"), folder);
out:
    sna_list_free(&seen);
    sna_types_free(types);
    return status;
}

/* ---- all of it ---------------------------------------------------------------------------------------------- */

static int check_population(sna_validator *self, sna_checked_population *population)
{
    sna_nodes *nodes = NULL;
    int status = sna_checked_nodes_open(self, population, &nodes);

    if (status != 0 || nodes == NULL)
        goto out;
    status = check_texts(self, population, nodes, "morphology", has_morphology);
    if (status == 0)
        status = check_texts(self, population, nodes, "model_template", has_template);
    if (status == 0)
        status = check_texts(self, population, nodes, "dynamics_params", has_parameters);
out:
    return status;
}

int sna_check_components(sna_validator *self)
{
    int status = 0;
    const cJSON *components = sna_config_find(self->config, "components");

    if (cJSON_IsObject(components))
        status = check_paths(self, components, "components", 0);
    for (uint64_t i = 0; i < self->nodes.count && status == 0; i++) {
        sna_checked_population *population = &self->nodes.population[i];
        if (population->settings != NULL && population->key != NULL)
            status = check_paths(self, population->settings, population->key, 0);
        if (status == 0 && !self->options.headers_only)
            status = check_population(self, population);
    }
    for (uint64_t i = 0; i < self->edges.count && status == 0; i++)
        status = check_synapses(self, &self->edges.population[i]);
    return status;
}
