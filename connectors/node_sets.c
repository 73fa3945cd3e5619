/* node_sets.c: named node sets of a specification: `node_sets` in it, or a SONATA file that `node_sets_file` names. */
#include "node_sets.h"

#include <stdlib.h>
#include <string.h>

#include "node_values.h"
#include "spec.h"

int sna_spec_read_node_sets(sna_network *self)
{
    const cJSON *root = sna_json_root(self->json), *sets = sna_json_member(root, "node_sets"),
                *file = sna_json_member(root, "node_sets_file");
    const char *name = NULL;
    char *path = NULL;
    int status = 0;

    if (sets != NULL && file != NULL)
        status = sna_json_error(self->json, file, SNA_EFORMAT, "there are `node_sets` already, one of the two must go");
    self->sets = sets;
    self->sets_json = self->json;
    if (status != 0 || file == NULL)
        goto check;
    status = sna_json_text(self->json, file, &name);
    if (status == 0)
        status = sna_path_join(&path, self->folder, name);
    if (status == 0) {
        status = sna_json_read(&self->sets_document, path);
        if (status == SNA_ENOTFOUND)
            status = sna_json_error(self->json, file, SNA_EFORMAT, "there is no file %s", path);
    }
    if (status == 0) {
        self->sets_json = self->sets_document;
        self->sets = sna_json_root(self->sets_document);
    }
check:
    if (status == 0 && self->sets != NULL)
        status = sna_json_expect_object(self->sets_json, self->sets);
    free(path);
    return status;
}

static bool names_population(const cJSON *item, const char *name)
{
    if (cJSON_IsString(item))
        return strcmp(item->valuestring, name) == 0;
    for (const cJSON *each = cJSON_IsArray(item) ? item->child : NULL; each != NULL; each = each->next) {
        if (cJSON_IsString(each) && strcmp(each->valuestring, name) == 0)
            return true;
    }
    return false;
}

static bool has_property(const sna_population *population, const char *name)
{
    if (strcmp(name, "node_id") == 0)
        return true;
    if (population->nodes != NULL)
        return sna_nodes_find_attribute(population->nodes, name) != NULL;
    for (uint64_t c = 0; c < population->types; c++) {
        if (sna_constants_find(&population->type[c].constant, name) != NULL)
            return true;
    }
    return sna_node_values_find(population, name) != NULL;
}

/* The nodes that meet every condition of a set. */
static int mark_basic(const sna_network *self, const sna_population *population, const cJSON *set, uint8_t *mark)
{
    sna_condition *condition = NULL;
    uint64_t count = 0, type = 0;
    bool empty = false;
    int status = sna_allocate(&condition, sna_spec_length(set), sizeof *condition);

    for (const cJSON *item = status == 0 ? set->child : NULL; item != NULL && status == 0 && !empty;
         item = item->next) {
        if (cJSON_IsObject(item))
            status = sna_json_error(self->sets_json, item, SNA_EUNSUPPORTED,
                                    "conditions with operators are for networks that exist, not for one that is built");
        else if (strcmp(item->string, "population") == 0)
            empty = !names_population(item, population->name);
        else if (!has_property(population, item->string))
            empty = true; /* it may belong to nodes of other populations */
        else
            status = sna_condition_find(self, population, item, &condition[count++]);
    }
    for (uint64_t id = 0; id < population->count && status == 0 && !empty; id++) {
        bool all = true;
        while (population->types > 0 && id >= population->type[type].end)
            type++;
        for (uint64_t c = 0; c < count && all; c++)
            all = sna_condition_holds(&condition[c], population->types > 0 ? &population->type[type] : NULL, id);
        if (all)
            mark[id] = 1;
    }
    free(condition);
    return status;
}

static int mark_set(const sna_network *self, const sna_population *population, const sna_json *json, const cJSON *item,
                    unsigned depth, uint8_t *mark)
{
    sna_list names = SNA_LIST;
    const char *name = NULL;
    const cJSON *set;
    int status = sna_json_text(json, item, &name);

    if (status != 0)
        goto out;
    set = sna_json_member(self->sets, name);
    if (set == NULL) {
        for (const cJSON *each = self->sets == NULL ? NULL : self->sets->child; each != NULL && status == 0;
             each = each->next)
            status = sna_list_add(&names, each->string);
        if (status == 0)
            status = sna_spec_unknown(json, item, "node set", name, &names);
    } else if (depth == 0) {
        status = sna_json_error(json, item, SNA_EFORMAT, "node sets contain each other");
    } else if (cJSON_IsArray(set)) {
        for (const cJSON *each = set->child; each != NULL && status == 0; each = each->next)
            status = mark_set(self, population, self->sets_json, each, depth - 1, mark);
    } else if (cJSON_IsObject(set)) {
        status = mark_basic(self, population, set, mark);
    } else {
        status = sna_json_error(self->sets_json, set, SNA_EFORMAT,
                                "a node set is an object of conditions or a list of other sets");
    }
out:
    sna_list_free(&names);
    return status;
}

int sna_node_set_mark(const sna_network *self, const sna_population *population, const cJSON *item, uint8_t *mark)
{
    const unsigned depth_most = 64;

    return mark_set(self, population, self->json, item, depth_most, mark);
}
