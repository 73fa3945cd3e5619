/* validate_networks.c: the files and populations that a config names, or that are given. */
#include "sonata/validate.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- collecting populations --------------------------------------------------------------------------------- */

sna_checked_population *sna_checked_nodes(const sna_validator *self, const char *name)
{
    for (uint64_t i = 0; i < self->nodes.count; i++)
        if (strcmp(self->nodes.population[i].name, name) == 0)
            return &self->nodes.population[i];
    return NULL;
}

/* Adds one population; one that is there already is a finding (nodes: also in another file). */
static int add_population(sna_validator *self, bool is_nodes, sna_checked_file *file, const char *name,
                          const char *types_file, const cJSON *settings, sna_place where)
{
    int status = 0;
    sna_checked_populations *list = is_nodes ? &self->nodes : &self->edges;
    sna_checked_population *grown = NULL;
    const sna_checked_population *other = NULL;

    for (uint64_t i = 0; i < list->count && other == NULL; i++)
        if (strcmp(list->population[i].name, name) == 0 && (is_nodes || list->population[i].file == file))
            other = &list->population[i];
    if (other != NULL) {
        if (other->file == file)
            status = sna_find(self, "config.population-twice", where, NULL, "%s population `%s` of %s is listed twice",
                              is_nodes ? "node" : "edge", name, file->path);
        else
            status = sna_find(self, "config.population-twice", where, NULL,
                              "node population `%s` is in two files, %s and %s", name, other->file->path, file->path);
        goto out;
    }
    grown = sna_grow(list->population, &list->capacity, list->count + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    list->population = grown;
    grown += list->count++;
    *grown = (sna_checked_population){.file = file, .settings = settings};
    status = sna_text_copy(&grown->name, name);
    if (status == 0 && types_file != NULL && types_file[0] != '\0')
        status = sna_text_copy(&grown->types_file, types_file);
    if (status == 0 && where.place != NULL)
        status = sna_text_copy(&grown->key, where.place);
out:
    return status;
}

/* Names of the groups below /kind. What is no group, or a link elsewhere, is a finding or was one. */
static int list_names(sna_validator *self, const sna_checked_file *file, const char *kind, sna_list *out)
{
    int status = 0;
    char place[32];
    hid_t root = H5I_INVALID_HID;
    sna_list names = SNA_LIST;

    snprintf(place, sizeof place, "/%s", kind);
    status = sna_check_group(self, file, file->h5->id, kind, place, false, &root);
    if (status != 0 || root < 0)
        goto out;
    status = sna_h5_children(&names, file->h5, root, place);
    if (status == SNA_EFORMAT)
        status = 0; /* found when the links were walked */
    for (uint64_t i = 0; i < names.count && status == 0; i++) {
        bool foreign = false;
        const sna_h5_kind kind_of = sna_checked_kind(file, root, names.text[i], &foreign);
        char *child = NULL;
        if (kind_of == SNA_H5_GROUP) {
            status = sna_list_add(out, names.text[i]);
        } else if (kind_of != SNA_H5_NONE) {
            status = sna_text_format(&child, "%s/%s", place, names.text[i]);
            if (status == 0)
                status = sna_find(self, "dataset.wrong-kind", (sna_place){file->path, child, 0}, NULL,
                                  "this is not a group");
            free(child);
        }
    }
out:
    sna_list_free(&names);
    sna_h5_close_group(&root);
    return status;
}

/* "key.population", the place of what the config says of one. */
static int place_of_name(sna_place where, const char *name, sna_place *out, char **text)
{
    int status = 0;

    *text = NULL;
    *out = where;
    if (where.place != NULL) {
        status = sna_text_format(text, "%s.populations.%s", where.place, name);
        out->place = *text;
    }
    return status;
}

int sna_check_listed(sna_validator *self, sna_checked_file *file, const char *kind, const char *types_file,
                     const cJSON *listed, sna_place where)
{
    int status = 0;
    const bool is_nodes = strcmp(kind, "nodes") == 0;
    const bool has_list = cJSON_IsObject(listed) && listed->child != NULL;
    sna_list names = SNA_LIST;
    sna_string text = SNA_STRING;
    sna_tally unlisted = {0};

    status = list_names(self, file, kind, &names);
    if (status == 0)
        status = sna_list_join(&names, 20, &text);
    if (status == 0 && names.count == 0 && !file->foreign)
        status = sna_find(self, "file.no-population", (sna_place){file->path, kind, 0}, NULL,
                          "the file has no %s populations", kind);
    for (const cJSON *item = has_list ? listed->child : NULL; item != NULL && status == 0; item = item->next) {
        char *place_text = NULL;
        sna_place place;
        status = place_of_name(where, item->string, &place, &place_text);
        if (status == 0 && sna_list_find(&names, item->string) >= 0)
            status = add_population(self, is_nodes, file, item->string, types_file, item, place);
        else if (status == 0 && !file->foreign)
            status = sna_find(self, "config.population-absent", place, NULL, "%s has no /%s/%s (it has: %s)",
                              file->path, kind, item->string, names.count > 0 ? sna_string_text(&text) : "none");
        free(place_text);
    }
    for (uint64_t i = 0; i < names.count && status == 0; i++) {
        if (!has_list)
            status = add_population(self, is_nodes, file, names.text[i], types_file, NULL, where);
        else if (cJSON_GetObjectItemCaseSensitive(listed, names.text[i]) == NULL)
            sna_tally_add(&unlisted, "%.72s", names.text[i]);
    }
    if (status == 0)
        status = sna_find(self, "config.population-not-listed", where, &unlisted, "%" PRIu64 " %s of %s %s not listed",
                          unlisted.count, sna_plural(unlisted.count, "population", "populations"), file->path,
                          sna_plural(unlisted.count, "is", "are"));
    sna_string_free(&text);
    sna_list_free(&names);
    return status;
}

/* ---- networks of a config ----------------------------------------------------------------------------------- */

static const char *text_of(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

    return cJSON_IsString(item) ? item->valuestring : NULL;
}

/* One item of networks.nodes or networks.edges, the item itself at `where`. */
static int check_item(sna_validator *self, const cJSON *item, const char *kind, sna_place where)
{
    int status = 0;
    char file_key[32], types_key[32];
    const char *path = NULL;
    const cJSON *listed = cJSON_GetObjectItemCaseSensitive(item, "populations");
    sna_checked_file *file = NULL;

    snprintf(file_key, sizeof file_key, "%s_file", kind);
    snprintf(types_key, sizeof types_key, "%.4s_types_file", kind);
    path = text_of(item, file_key);
    if (cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(item, "enabled"))) {
        status = sna_find(self, "config.disabled", where, NULL, "`enabled` is false");
        goto out;
    }
    if (path == NULL || path[0] == '\0') {
        status = sna_find(self, "config.key", where, NULL, "`%s` is missing", file_key);
        goto out;
    }
    status = sna_check_open(self, path, where, &file);
    if (status == 0 && file != NULL)
        status = sna_check_root(self, file);
    if (status == 0 && file != NULL)
        status = sna_check_listed(self, file, kind, text_of(item, types_key), listed, where);
    if (file == NULL && strcmp(kind, "nodes") == 0)
        self->nodes_complete = false; /* whatever was in it */
out:
    return status;
}

static int check_kind(sna_validator *self, const cJSON *networks, const char *kind)
{
    int status = 0;
    uint64_t number = 0;
    const cJSON *items = cJSON_GetObjectItemCaseSensitive(networks, kind);

    for (const cJSON *item = cJSON_IsArray(items) ? items->child : NULL; item != NULL && status == 0;
         item = item->next, number++) {
        char key[64], *text = NULL;
        sna_place where;
        snprintf(key, sizeof key, "networks.%s[%" PRIu64 "]", kind, number);
        status = sna_config_place(self->config, key, &where, &text);
        if (status == 0 && !cJSON_IsObject(item))
            status = sna_find(self, "config.type", where, NULL, "this must be an object");
        else if (status == 0)
            status = check_item(self, item, kind, where);
        free(text);
    }
    return status;
}

static int check_dialect(sna_validator *self, const sna_config_styles *styles)
{
    static const char *const sentence[] = {"", "a circuit of the Allen Institute / BMTK family",
                                           "a circuit of the BBP / OBI family",
                                           "a circuit with traits of both families"};
    int status = 0;
    char *text = NULL;
    sna_place where;

    status = sna_config_place(self->config, "networks", &where, &text);
    if (status == 0 && styles->without_populations > 0)
        status = sna_find(self, "config.populations-missing", where, NULL,
                          "%" PRIu64 " of %" PRIu64 " files come without `populations`: all that is in them is taken",
                          styles->without_populations, styles->without_populations + styles->with_populations);
    if (status == 0)
        status = sna_find(self, "config.dialect", where, NULL, "%s", sentence[sna_config_family(styles)]);
    free(text);
    return status;
}

int sna_check_networks(sna_validator *self)
{
    int status = 0;
    sna_config_styles styles;
    const cJSON *networks = sna_config_find(self->config, "networks");
    const char *state = sna_config_text(self->config, "metadata.status");

    if (state != NULL && strcmp(state, "complete") != 0 && strcmp(state, "partial") != 0) {
        char *text = NULL;
        sna_place where;
        status = sna_config_place(self->config, "metadata.status", &where, &text);
        if (status == 0)
            status = sna_find(self, "config.status", where, NULL, "`%s` is neither complete nor partial", state);
        free(text);
    }
    if (status != 0)
        goto out;
    if (!cJSON_IsObject(networks)) {
        if (networks == NULL && (state == NULL || strcmp(state, "partial") != 0))
            status = sna_find(self, "config.no-networks", (sna_place){sna_config_file(self->config), NULL, 0}, NULL,
                              "there is no `networks` in it, nor in a config that it names");
        goto out;
    }
    self->nodes_complete = true;
    status = check_kind(self, networks, "nodes");
    if (status == 0)
        status = check_kind(self, networks, "edges");
    sna_config_style(self->config, &styles);
    if (status == 0 && styles.with_populations + styles.without_populations > 0)
        status = check_dialect(self, &styles);
    if ((self->options.strict & SNA_STRICT_OWN) != 0)
        self->options.strict |=
            SNA_STRICT_GUIDE |
            (unsigned)(sna_config_family(&styles) == SNA_FAMILY_BBP ? SNA_STRICT_EXT : SNA_STRICT_BMTK);
out:
    return status;
}

int sna_check_populations(sna_validator *self)
{
    int status = 0;

    for (uint64_t i = 0; i < self->nodes.count && status == 0; i++)
        status = sna_check_nodes(self, &self->nodes.population[i]);
    for (uint64_t i = 0; i < self->edges.count && status == 0; i++)
        status = sna_check_edges(self, &self->edges.population[i]);
    return status;
}
