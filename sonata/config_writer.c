/* config_writer.c: a circuit_config.json that both families read. */
#include "sonata/sonata.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char *file, *types_file; /* types_file NULL without */
    cJSON *populations;      /* name: {type} */
} network_file;

typedef struct {
    network_file *item;
    uint64_t count, capacity;
} network;

struct sna_config_writer {
    network nodes, edges;
    sna_list component_keys, component_paths, gap_files;
    char *node_sets, *target_simulator;
    bool has_biophysical; /* a population that libsonata wants folders for */
};

int sna_config_writer_create(sna_config_writer **out)
{
    return sna_allocate(out, 1, sizeof **out);
}

int sna_config_writer_component(sna_config_writer *self, const char *key, const char *path)
{
    int status = 0;

    if (sna_list_find(&self->component_keys, key) >= 0)
        status = sna_error(SNA_EINVAL, "the component `%s` is given twice", key);
    if (status == 0)
        status = sna_list_add(&self->component_keys, key);
    if (status == 0)
        status = sna_list_add(&self->component_paths, path);
    return status;
}

/* The entry of a file, made when there is none. */
static int find_file(network *list, const char *file, const char *types_file, network_file **out)
{
    int status = 0;
    network_file *grown = NULL;

    *out = NULL;
    for (uint64_t i = 0; i < list->count; i++) {
        network_file *item = &list->item[i];
        if (strcmp(item->file, file) != 0)
            continue;
        if ((item->types_file == NULL) != (types_file == NULL) ||
            (types_file != NULL && strcmp(item->types_file, types_file) != 0)) {
            status = sna_error(SNA_EINVAL, "%s: one file cannot have two types files", file);
            goto out;
        }
        *out = item;
        goto out;
    }
    grown = sna_grow(list->item, &list->capacity, list->count + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    list->item = grown;
    grown = &list->item[list->count++];
    *grown = (network_file){.populations = cJSON_CreateObject()};
    status = sna_text_copy(&grown->file, file);
    if (status == 0 && types_file != NULL)
        status = sna_text_copy(&grown->types_file, types_file);
    if (status == 0 && grown->populations == NULL)
        status = sna_error(SNA_ENOMEM, "no memory for the config");
    *out = grown;
out:
    return status;
}

static int add_population(network *list, const char *file, const char *types_file, const char *population,
                          const char *type)
{
    network_file *item = NULL;
    cJSON *properties = NULL;
    int status = find_file(list, file, types_file, &item);

    if (status != 0)
        goto out;
    if (cJSON_GetObjectItemCaseSensitive(item->populations, population) != NULL) {
        status = sna_error(SNA_EINVAL, "%s: population `%s` is given twice", file, population);
        goto out;
    }
    properties = cJSON_AddObjectToObject(item->populations, population);
    if (properties == NULL || (type != NULL && cJSON_AddStringToObject(properties, "type", type) == NULL))
        status = sna_error(SNA_ENOMEM, "no memory for the config");
out:
    return status;
}

int sna_config_writer_nodes(sna_config_writer *self, const char *file, const char *types_file, const char *population,
                            const char *type)
{
    self->has_biophysical = self->has_biophysical || type == NULL || strcmp(type, "biophysical") == 0;
    return add_population(&self->nodes, file, types_file, population, type);
}

int sna_config_writer_edges(sna_config_writer *self, const char *file, const char *types_file, const char *population,
                            const char *type)
{
    return add_population(&self->edges, file, types_file, population, type);
}

int sna_config_writer_gaps(sna_config_writer *self, const char *file)
{
    return sna_list_add(&self->gap_files, file);
}

int sna_config_writer_node_sets(sna_config_writer *self, const char *file)
{
    free(self->node_sets);
    self->node_sets = NULL;
    return sna_text_copy(&self->node_sets, file);
}

int sna_config_writer_target_simulator(sna_config_writer *self, const char *name)
{
    free(self->target_simulator);
    self->target_simulator = NULL;
    return sna_text_copy(&self->target_simulator, name);
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

static const char *skip_here(const char *path)
{
    while (path[0] == '.' && path[1] == '/')
        for (path += 2; *path == '/'; path++)
            ;
    return path;
}

/* "$BASE_DIR/nodes.h5" for a path inside the config's folder, else the absolute path. */
static int config_path(char **out, const char *folder, const char *path)
{
    int status = 0;
    char *working = NULL;
    size_t length = 0;

    folder = skip_here(folder);
    path = skip_here(path);
    length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    if (length == 1 && folder[0] == '.')
        length = 0;
    if (length == 0 && path[0] != '/' && strncmp(path, "../", 3) != 0) {
        status = sna_text_format(out, "$BASE_DIR/%s", path);
    } else if (length > 0 && strncmp(path, folder, length) == 0 && path[length] == '/') {
        status = sna_text_format(out, "$BASE_DIR/%s", path + length + strspn(path + length, "/"));
    } else if (path[0] == '/') {
        status = sna_text_copy(out, path);
    } else {
        working = getcwd(NULL, 0);
        status = working == NULL ? sna_error(SNA_EIO, "cannot find the working folder: %s", strerror(errno))
                                 : sna_path_join(out, working, path);
    }
    free(working);
    return status;
}

static int add_text(cJSON *object, const char *key, const char *text)
{
    return cJSON_AddStringToObject(object, key, text) == NULL ? sna_error(SNA_ENOMEM, "no memory for the config") : 0;
}

static int add_path(cJSON *object, const char *key, const char *folder, const char *path)
{
    char *text = NULL;
    int status = config_path(&text, folder, path);

    if (status == 0)
        status = add_text(object, key, text);
    free(text);
    return status;
}

static int add_object(cJSON *parent, const char *key, bool is_array, cJSON **out)
{
    *out = is_array ? cJSON_AddArrayToObject(parent, key) : cJSON_AddObjectToObject(parent, key);
    return *out == NULL ? sna_error(SNA_ENOMEM, "no memory for the config") : 0;
}

static int append_object(cJSON *array, cJSON **out)
{
    *out = cJSON_CreateObject();
    if (*out != NULL && cJSON_AddItemToArray(array, *out))
        return 0;
    cJSON_Delete(*out);
    *out = NULL;
    return sna_error(SNA_ENOMEM, "no memory for the config");
}

static int add_network(cJSON *networks, const char *key, const char *one, const network *list, const char *folder)
{
    cJSON *array = NULL;
    char name[32];
    int status = add_object(networks, key, true, &array);

    for (uint64_t i = 0; i < list->count && status == 0; i++) {
        const network_file *file = &list->item[i];
        cJSON *item = NULL, *populations = NULL;
        status = append_object(array, &item);
        snprintf(name, sizeof name, "%ss_file", one);
        if (status == 0)
            status = add_path(item, name, folder, file->file);
        snprintf(name, sizeof name, "%s_types_file", one);
        if (status == 0 && file->types_file != NULL)
            status = add_path(item, name, folder, file->types_file);
        else if (status == 0 && cJSON_AddNullToObject(item, name) == NULL)
            status = sna_error(SNA_ENOMEM, "no memory for the config");
        if (status == 0) {
            populations = cJSON_Duplicate(file->populations, 1);
            if (populations == NULL || !cJSON_AddItemToObject(item, "populations", populations)) {
                cJSON_Delete(populations);
                status = sna_error(SNA_ENOMEM, "no memory for the config");
            }
        }
    }
    return status;
}

static int add_components(const sna_config_writer *self, cJSON *root, const char *folder)
{
    static const char *const wanted[][2] = {
        {"morphologies_dir", "$BASE_DIR/components/morphologies"},
        {"biophysical_neuron_models_dir", "$BASE_DIR/components/biophysical_neuron_models"}};
    int status = 0;
    cJSON *components = NULL;

    status = add_object(root, "components", false, &components);
    for (uint64_t i = 0; i < self->component_keys.count && status == 0; i++)
        status = add_path(components, self->component_keys.text[i], folder, self->component_paths.text[i]);
    /* libsonata refuses a biophysical population without these two. */
    for (size_t i = 0; i < 2 && status == 0 && self->has_biophysical; i++)
        if (sna_list_find(&self->component_keys, wanted[i][0]) < 0)
            status = add_text(components, wanted[i][0], wanted[i][1]);
    return status;
}

int sna_config_writer_write(const sna_config_writer *self, sna_outputs *outputs, const char *path)
{
    int status = 0;
    char *folder = NULL;
    const char *temporary = NULL;
    cJSON *root = cJSON_CreateObject(), *object = NULL, *array = NULL;

    if (root == NULL)
        status = sna_error(SNA_ENOMEM, "no memory for the config");
    if (status == 0)
        status = sna_path_folder(&folder, path);
    if (status == 0)
        status = add_object(root, "manifest", false, &object);
    if (status == 0)
        status = add_text(object, "$BASE_DIR", ".");
    if (status == 0 && self->target_simulator != NULL)
        status = add_text(root, "target_simulator", self->target_simulator);
    if (status == 0)
        status = add_components(self, root, folder);
    if (status == 0)
        status = add_object(root, "networks", false, &object);
    if (status == 0)
        status = add_network(object, "nodes", "node", &self->nodes, folder);
    if (status == 0)
        status = add_network(object, "edges", "edge", &self->edges, folder);
    if (status == 0 && self->gap_files.count > 0)
        status = add_object(object, "gap_juncs", true, &array);
    for (uint64_t i = 0; i < self->gap_files.count && status == 0; i++) {
        cJSON *item = NULL;
        status = append_object(array, &item);
        if (status == 0)
            status = add_path(item, "gap_juncs_file", folder, self->gap_files.text[i]);
    }
    if (status == 0 && self->node_sets != NULL)
        status = add_path(root, "node_sets_file", folder, self->node_sets);
    if (status == 0)
        status = sna_outputs_add(outputs, path, &temporary);
    if (status == 0)
        status = sna_error_in(sna_json_write(root, temporary), "%s", path);
    free(folder);
    cJSON_Delete(root);
    return status;
}

static void free_network(network *list)
{
    for (uint64_t i = 0; i < list->count; i++) {
        free(list->item[i].file);
        free(list->item[i].types_file);
        cJSON_Delete(list->item[i].populations);
    }
    free(list->item);
}

void sna_config_writer_free(sna_config_writer *self)
{
    if (self == NULL)
        return;
    free_network(&self->nodes);
    free_network(&self->edges);
    sna_list_free(&self->component_keys);
    sna_list_free(&self->component_paths);
    sna_list_free(&self->gap_files);
    free(self->node_sets);
    free(self->target_simulator);
    free(self);
}
