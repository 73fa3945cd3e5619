/* circuit.c: the populations that a config names, opened when they are asked for. */
#include "sonata/config.h"
#include "sonata/edges.h"
#include "sonata/node_sets.h"
#include "sonata/nodes.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* One population of the circuit. */
typedef struct {
    char *name, *types_file; /* types_file NULL without */
    uint64_t file;           /* which of the circuit's files */
    const cJSON *properties; /* in the config's tree; NULL where the config lists no populations */
    sna_nodes *nodes;        /* opened on demand: one of the two */
    sna_edges *edges;
} entry;

typedef struct {
    entry *entry;
    uint64_t count, capacity;
} entries;

struct sna_circuit {
    char *path;
    sna_config *config; /* NULL for a single HDF5 file */
    sna_notes notes;
    sna_h5_file **file; /* [files] */
    uint64_t files, file_capacity;
    entries nodes, edges;
    sna_list gap_files;
    sna_node_sets *node_sets; /* read on demand */
};

/* ---- opening ------------------------------------------------------------------------------------------------ */

static int open_file(sna_circuit *self, const char *path, uint64_t *index)
{
    int status = 0;
    sna_h5_file *file = NULL, **grown = NULL;

    for (uint64_t i = 0; i < self->files; i++)
        if (strcmp(self->file[i]->path, path) == 0) {
            *index = i;
            goto out;
        }
    grown = sna_grow(self->file, &self->file_capacity, self->files + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->file = grown;
    status = sna_h5_open(&file, path);
    if (status != 0)
        goto out;
    *index = self->files;
    self->file[self->files++] = file;
out:
    return status;
}

static int add_entry(sna_circuit *self, entries *list, const char *name, const char *types_file, uint64_t file,
                     const cJSON *properties)
{
    int status = 0;
    const bool is_nodes = list == &self->nodes;
    entry *grown = NULL;

    for (uint64_t i = 0; i < list->count; i++) {
        const entry *other = &list->entry[i];
        if (strcmp(other->name, name) != 0 || (!is_nodes && other->file != file))
            continue;
        status = other->file == file
                     ? sna_error(SNA_EFORMAT, "%s: %s population `%s` of %s is listed twice", self->path,
                                 is_nodes ? "node" : "edge", name, self->file[file]->path)
                     : sna_error(SNA_EFORMAT, "%s: node population `%s` is in two files, %s and %s", self->path, name,
                                 self->file[other->file]->path, self->file[file]->path);
        goto out;
    }
    grown = sna_grow(list->entry, &list->capacity, list->count + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    list->entry = grown;
    grown = &list->entry[list->count];
    *grown = (entry){.file = file, .properties = properties};
    status = sna_text_copy(&grown->name, name);
    if (status == 0 && types_file != NULL && types_file[0] != '\0')
        status = sna_text_copy(&grown->types_file, types_file);
    list->count++;
out:
    return status;
}

static int list_populations(sna_list *out, const sna_h5_file *file, const char *kind)
{
    int status = 0;
    char place[32];
    hid_t root = H5I_INVALID_HID;
    sna_list names = SNA_LIST;

    if (sna_h5_kind_of(file->id, kind) != SNA_H5_GROUP)
        goto out;
    snprintf(place, sizeof place, "/%s", kind);
    status = sna_h5_open_group(&root, file, file->id, kind, place);
    if (status == 0)
        status = sna_h5_children(&names, file, root, place);
    for (uint64_t i = 0; i < names.count && status == 0; i++)
        if (sna_h5_kind_of(root, names.text[i]) == SNA_H5_GROUP)
            status = sna_list_add(out, names.text[i]);
out:
    sna_list_free(&names);
    sna_h5_close_group(&root);
    return status;
}

int sna_populations_list(sna_list *out, const char *path, const char *kind)
{
    sna_h5_file *file = NULL;
    int status = sna_h5_open(&file, path);

    if (status == 0)
        status = list_populations(out, file, kind);
    sna_h5_release(file);
    return status;
}

static int add_all(sna_circuit *self, entries *list, const char *kind, const char *types_file, uint64_t file)
{
    sna_list names = SNA_LIST;
    int status = list_populations(&names, self->file[file], kind);

    if (status == 0 && names.count == 0)
        status = sna_notes_add(&self->notes, "file.no-population", self->file[file]->path, kind,
                               "the file has no %s populations", kind);
    for (uint64_t i = 0; i < names.count && status == 0; i++)
        status = add_entry(self, list, names.text[i], types_file, file, NULL);
    sna_list_free(&names);
    return status;
}

/* The populations that the config lists for a file. */
static int add_listed(sna_circuit *self, entries *list, const char *kind, const char *types_file, uint64_t file,
                      const cJSON *listed)
{
    int status = 0;
    sna_list names = SNA_LIST;
    sna_string text = SNA_STRING;

    status = list_populations(&names, self->file[file], kind);
    if (status == 0)
        status = sna_list_join(&names, 20, &text);
    for (const cJSON *item = listed->child; item != NULL && status == 0; item = item->next) {
        if (sna_list_find(&names, item->string) < 0)
            status =
                sna_error(SNA_EFORMAT, "%s: the config lists the population `%s`, but %s has no /%s/%s (it has: %s)",
                          self->path, item->string, self->file[file]->path, kind, item->string,
                          names.count > 0 ? sna_string_text(&text) : "none");
        else
            status = add_entry(self, list, item->string, types_file, file, item);
    }
    for (uint64_t i = 0; i < names.count && status == 0; i++)
        if (cJSON_GetObjectItemCaseSensitive(listed, names.text[i]) == NULL)
            status = sna_notes_add(&self->notes, "config.population-not-listed", self->file[file]->path, names.text[i],
                                   "the config does not list this population of the file; it is left aside");
    sna_string_free(&text);
    sna_list_free(&names);
    return status;
}

static const char *text_of(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

    return cJSON_IsString(item) ? item->valuestring : NULL;
}

/* One item of networks.nodes or networks.edges. */
static int add_item(sna_circuit *self, entries *list, const char *kind, const cJSON *item, uint64_t number)
{
    int status = 0;
    uint64_t file = 0;
    const bool is_nodes = list == &self->nodes;
    const char *path = text_of(item, is_nodes ? "nodes_file" : "edges_file");
    const char *types_file = text_of(item, is_nodes ? "node_types_file" : "edge_types_file");
    const cJSON *listed = cJSON_GetObjectItemCaseSensitive(item, "populations");

    if (cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(item, "enabled"))) {
        status = sna_notes_add(&self->notes, "config.disabled", self->path, path != NULL ? path : "",
                               "`enabled` is false; the file is left aside");
        goto out;
    }
    if (path == NULL || path[0] == '\0') {
        status = sna_error(SNA_EFORMAT, "%s: networks.%s[%" PRIu64 "] needs `%s`, the path of an HDF5 file", self->path,
                           kind, number, is_nodes ? "nodes_file" : "edges_file");
        goto out;
    }
    if (listed != NULL && !cJSON_IsObject(listed) && !cJSON_IsNull(listed)) {
        status = sna_error(SNA_EFORMAT, "%s: networks.%s[%" PRIu64 "].populations must be an object of populations",
                           self->path, kind, number);
        goto out;
    }
    status = open_file(self, path, &file);
    if (status != 0) {
        status = sna_error_in(status, "%s: networks.%s[%" PRIu64 "]", self->path, kind, number);
        goto out;
    }
    if (listed != NULL && cJSON_IsObject(listed) && listed->child != NULL) {
        status = add_listed(self, list, kind, types_file, file, listed);
    } else {
        if (cJSON_IsObject(listed))
            status = sna_notes_add(&self->notes, "config.populations-empty", self->path, path,
                                   "`populations` is empty; all of the file are taken");
        if (status == 0)
            status = add_all(self, list, kind, types_file, file);
    }
out:
    return status;
}

static int add_network(sna_circuit *self, const cJSON *networks, const char *kind, entries *list)
{
    int status = 0;
    uint64_t number = 0;
    const cJSON *items = cJSON_GetObjectItemCaseSensitive(networks, kind);

    if (items == NULL || cJSON_IsNull(items))
        goto out;
    if (!cJSON_IsArray(items)) {
        status = sna_error(SNA_EFORMAT, "%s: networks.%s must be a list", self->path, kind);
        goto out;
    }
    for (const cJSON *item = items->child; item != NULL && status == 0; item = item->next)
        status = add_item(self, list, kind, item, number++);
out:
    return status;
}

/* networks.gap_juncs (or gap_juncs itself): a list of objects, or of paths. */
static int add_gap_files(sna_circuit *self, const cJSON *list)
{
    int status = 0;

    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item != NULL && status == 0; item = item->next) {
        const char *path = text_of(item, "gap_juncs_file");
        if (path == NULL)
            path = text_of(item, "gap_junctions_file");
        if (path == NULL && cJSON_IsString(item))
            path = item->valuestring;
        if (path != NULL && path[0] != '\0')
            status = sna_list_add(&self->gap_files, path);
    }
    return status;
}

static int open_config(sna_circuit *self)
{
    int status = 0;
    const cJSON *networks = NULL, *state = NULL;
    const char *said = NULL;

    status = sna_config_read(&self->config, self->path, &self->notes);
    if (status != 0)
        goto out;
    said = sna_config_text(self->config, "metadata.status");
    if (said != NULL && strcmp(said, "complete") != 0 && strcmp(said, "partial") != 0)
        status = sna_notes_add(&self->notes, "config.status", self->path, "metadata.status",
                               "`%s` is neither complete nor partial", said);
    networks = sna_config_find(self->config, "networks");
    state = sna_config_find(self->config, "metadata.status");
    if (status == 0 && !cJSON_IsObject(networks)) {
        if (networks == NULL && cJSON_IsString(state) && strcmp(state->valuestring, "partial") == 0)
            goto out;
        status = sna_error(SNA_EFORMAT, "%s: there is no `networks` object in it%s", self->path,
                           networks != NULL ? " (it is of another type)" : ", nor in a config that it names");
    }
    if (status == 0)
        status = add_network(self, networks, "nodes", &self->nodes);
    if (status == 0)
        status = add_network(self, networks, "edges", &self->edges);
    if (status == 0)
        status = add_gap_files(self, cJSON_GetObjectItemCaseSensitive(networks, "gap_juncs"));
    if (status == 0)
        status = add_gap_files(self, sna_config_find(self->config, "gap_juncs"));
out:
    return status;
}

int sna_circuit_open(sna_circuit **out, const char *path)
{
    int status = 0;
    uint64_t file = 0;
    sna_circuit *self = NULL;

    sna_h5_quiet();
    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status == 0)
        status = sna_text_copy(&self->path, path);
    if (status != 0)
        goto out;
    if (H5Fis_hdf5(path) > 0) {
        status = open_file(self, path, &file);
        if (status == 0 && sna_h5_kind_of(self->file[file]->id, "nodes") != SNA_H5_GROUP &&
            sna_h5_kind_of(self->file[file]->id, "edges") != SNA_H5_GROUP)
            status = sna_error(SNA_EFORMAT, "%s: neither /nodes nor /edges is in it", path);
        if (status == 0 && sna_h5_kind_of(self->file[file]->id, "nodes") == SNA_H5_GROUP)
            status = add_all(self, &self->nodes, "nodes", NULL, file);
        if (status == 0 && sna_h5_kind_of(self->file[file]->id, "edges") == SNA_H5_GROUP)
            status = add_all(self, &self->edges, "edges", NULL, file);
    } else {
        status = open_config(self);
    }
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_circuit_close(self);
    return status;
}

/* ---- asking ------------------------------------------------------------------------------------------------- */

const char *sna_circuit_path(const sna_circuit *self)
{
    return self->path;
}

const sna_config *sna_circuit_config(const sna_circuit *self)
{
    return self->config;
}

const sna_notes *sna_circuit_notes(const sna_circuit *self)
{
    return &self->notes;
}

sna_notes *sna_circuit_notes_list(sna_circuit *self)
{
    return &self->notes;
}

uint64_t sna_circuit_node_populations(const sna_circuit *self)
{
    return self->nodes.count;
}

const char *sna_circuit_node_population(const sna_circuit *self, uint64_t index)
{
    return index < self->nodes.count ? self->nodes.entry[index].name : NULL;
}

uint64_t sna_circuit_edge_populations(const sna_circuit *self)
{
    return self->edges.count;
}

const char *sna_circuit_edge_population(const sna_circuit *self, uint64_t index)
{
    return index < self->edges.count ? self->edges.entry[index].name : NULL;
}

static const char *find_property(const sna_circuit *self, const entries *list, uint64_t index, const char *key,
                                 const char *default_type)
{
    const char *text = NULL;
    const cJSON *components = NULL;

    if (index >= list->count || self->config == NULL)
        goto out;
    text = text_of(list->entry[index].properties, key);
    if (text != NULL)
        goto out;
    if (strcmp(key, "type") == 0) {
        text = list->entry[index].properties != NULL ? default_type : NULL;
        goto out;
    }
    components = sna_config_find(self->config, "components");
    text = text_of(components, key);
out:
    return text;
}

const char *sna_circuit_node_property(const sna_circuit *self, uint64_t index, const char *key)
{
    return find_property(self, &self->nodes, index, key, "biophysical");
}

const char *sna_circuit_edge_property(const sna_circuit *self, uint64_t index, const char *key)
{
    return find_property(self, &self->edges, index, key, "chemical");
}

const char *sna_circuit_family(const sna_circuit *self)
{
    const char *text = NULL;
    sna_config_styles styles = {0, 0, 0};

    if (self->config != NULL)
        sna_config_style(self->config, &styles);
    switch (sna_config_family(&styles)) {
    case SNA_FAMILY_NONE:
        break;
    case SNA_FAMILY_ALLEN:
        text = "Allen Institute / BMTK";
        break;
    case SNA_FAMILY_BBP:
        text = "BBP / OBI";
        break;
    case SNA_FAMILY_BOTH:
        text = "both";
        break;
    }
    return text;
}

int sna_circuit_nodes_at(sna_circuit *self, uint64_t index, sna_nodes **out)
{
    int status = 0;
    entry *e = NULL;

    *out = NULL;
    if (index >= self->nodes.count) {
        status = sna_error(SNA_ERANGE, "%s: node population %" PRIu64 " is asked for, but there are %" PRIu64,
                           self->path, index, self->nodes.count);
        goto out;
    }
    e = &self->nodes.entry[index];
    if (e->nodes == NULL)
        status = sna_nodes_open_in(&e->nodes, self->file[e->file], e->types_file, e->name, &self->notes);
    *out = e->nodes;
out:
    return status;
}

int sna_circuit_edges_at(sna_circuit *self, uint64_t index, sna_edges **out)
{
    int status = 0;
    entry *e = NULL;

    *out = NULL;
    if (index >= self->edges.count) {
        status = sna_error(SNA_ERANGE, "%s: edge population %" PRIu64 " is asked for, but there are %" PRIu64,
                           self->path, index, self->edges.count);
        goto out;
    }
    e = &self->edges.entry[index];
    if (e->edges == NULL)
        status = sna_edges_open_in(&e->edges, self->file[e->file], e->types_file, e->name, &self->notes);
    *out = e->edges;
out:
    return status;
}

/* Index of the population of that name; an edge population's may be there twice. */
static int find_entry(const sna_circuit *self, const entries *list, const char *name, uint64_t *index)
{
    int status = 0;
    uint64_t found = 0;
    const char *guess = NULL, *kind = list == &self->nodes ? "node" : "edge";
    sna_list names = SNA_LIST;
    sna_string text = SNA_STRING;

    for (uint64_t i = 0; i < list->count; i++)
        if (strcmp(list->entry[i].name, name) == 0 && found++ == 0)
            *index = i;
    if (found == 1)
        goto out;
    if (found > 1) {
        status = sna_error(SNA_EINVAL, "%s: %" PRIu64 " files have an edge population `%s`", self->path, found, name);
        goto out;
    }
    for (uint64_t i = 0; i < list->count && status == 0; i++)
        status = sna_list_add(&names, list->entry[i].name);
    if (status == 0)
        status = sna_list_join(&names, 20, &text);
    if (status != 0)
        goto out;
    guess = sna_closest(name, (const char *const *)names.text, names.count);
    status = sna_error(SNA_ENOTFOUND, "%s: there is no %s population `%s`%s%s%s (there is: %s)", self->path, kind, name,
                       guess != NULL ? "; is it `" : "", guess != NULL ? guess : "", guess != NULL ? "`?" : "",
                       names.count > 0 ? sna_string_text(&text) : "none");
out:
    sna_string_free(&text);
    sna_list_free(&names);
    return status;
}

int sna_circuit_nodes(sna_circuit *self, const char *name, sna_nodes **out)
{
    uint64_t index = 0;
    int status = find_entry(self, &self->nodes, name, &index);

    *out = NULL;
    if (status == 0)
        status = sna_circuit_nodes_at(self, index, out);
    return status;
}

int sna_circuit_edges(sna_circuit *self, const char *name, sna_edges **out)
{
    uint64_t index = 0;
    int status = find_entry(self, &self->edges, name, &index);

    *out = NULL;
    if (status == 0)
        status = sna_circuit_edges_at(self, index, out);
    return status;
}

static int open_end(sna_circuit *self, const sna_edges *edges, const char *name, const char *end, sna_nodes **out)
{
    int status = 0;

    *out = NULL;
    if (name == NULL && self->nodes.count == 1)
        name = self->nodes.entry[0].name; /* the only candidate */
    if (name == NULL)
        status = sna_error(SNA_ENOTFOUND, "%s: edges `%s` do not say which population their %s nodes are in",
                           sna_edges_file(edges), sna_edges_name(edges), end);
    else
        status = sna_circuit_nodes(self, name, out);
    return sna_error_in(status, "the %s nodes of edges `%s`", end, sna_edges_name(edges));
}

int sna_circuit_ends(sna_circuit *self, sna_edges *edges, sna_nodes **source, sna_nodes **target)
{
    int status = open_end(self, edges, sna_edges_source_population(edges), "source", source);

    *target = NULL;
    if (status == 0)
        status = open_end(self, edges, sna_edges_target_population(edges), "target", target);
    return status;
}

static int read_node_sets(sna_circuit *self, sna_node_sets *sets)
{
    int status = 0;
    sna_list names = SNA_LIST;

    for (uint64_t i = 0; self->config != NULL && i < self->config->node_sets_files.count && status == 0; i++)
        status = sna_node_sets_read(sets, self->config->node_sets_files.text[i], NULL, &self->notes);
    for (uint64_t i = 0; self->config != NULL && i < self->config->documents && status == 0; i++) {
        const sna_json *json = self->config->document[i].json;
        const cJSON *item = sna_json_member(sna_json_root(json), "node_sets");
        if (item != NULL)
            status = sna_node_sets_add(sets, json, item, NULL, &self->notes);
    }
    for (uint64_t i = 0; i < self->nodes.count && status == 0; i++)
        status = sna_list_add(&names, self->nodes.entry[i].name);
    if (status == 0)
        status = sna_node_sets_check(sets, &names);
    sna_list_free(&names);
    return status;
}

int sna_circuit_node_sets(sna_circuit *self, sna_node_sets **out)
{
    int status = 0;
    sna_node_sets *sets = NULL;

    *out = NULL;
    if (self->node_sets == NULL) {
        status = sna_node_sets_create(&sets);
        if (status == 0)
            status = read_node_sets(self, sets);
        if (status != 0)
            goto out;
        self->node_sets = sets;
        sets = NULL;
    }
    *out = self->node_sets;
out:
    sna_node_sets_free(sets);
    return status;
}

uint64_t sna_circuit_gap_files(const sna_circuit *self)
{
    return self->gap_files.count;
}

const char *sna_circuit_gap_file(const sna_circuit *self, uint64_t index)
{
    return index < self->gap_files.count ? self->gap_files.text[index] : NULL;
}

static void free_entries(entries *list)
{
    for (uint64_t i = 0; i < list->count; i++) {
        sna_nodes_close(list->entry[i].nodes);
        sna_edges_close(list->entry[i].edges);
        free(list->entry[i].name);
        free(list->entry[i].types_file);
    }
    free(list->entry);
}

void sna_circuit_close(sna_circuit *self)
{
    if (self == NULL)
        return;
    free_entries(&self->nodes);
    free_entries(&self->edges);
    for (uint64_t i = 0; i < self->files; i++)
        sna_h5_release(self->file[i]);
    free(self->file);
    sna_list_free(&self->gap_files);
    sna_node_sets_free(self->node_sets);
    sna_config_free(self->config);
    sna_notes_free(&self->notes);
    free(self->path);
    free(self);
}
