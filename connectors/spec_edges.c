/* spec_edges.c: the `edges` of a specification: what connects to what, by which connector, with which properties. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "connector.h"
#include "generator.h"
#include "spec.h"

int sna_spec_find_population(const sna_network *self, const cJSON *item, uint64_t *out)
{
    int status = 0;
    sna_list names = SNA_LIST;
    const char *name = NULL;

    status = sna_json_text(self->json, item, &name);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < self->populations; i++) {
        if (strcmp(self->population[i].name, name) == 0) {
            *out = i;
            goto out;
        }
    }
    for (uint64_t i = 0; i < self->populations && status == 0; i++)
        status = sna_list_add(&names, self->population[i].name);
    if (status == 0)
        status = sna_spec_unknown(self->json, item, "population", name, &names);
out:
    sna_list_free(&names);
    return status;
}

int sna_network_note(sna_network *self, const char *format, ...)
{
    char *text = NULL;
    int status = 0;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    status = text == NULL ? sna_error(SNA_ENOMEM, "no memory for a note") : sna_list_add(&self->notes, text);
    free(text);
    return status;
}

static bool is_scalar(const cJSON *item)
{
    return cJSON_IsString(item) || cJSON_IsNumber(item) || cJSON_IsBool(item) || cJSON_IsNull(item);
}

/* A condition is a value, or a list of values. */
static int check_condition(const sna_network *self, const cJSON *item)
{
    int status = 0;

    if (cJSON_IsArray(item)) {
        if (item->child == NULL)
            status = sna_json_error(self->json, item, SNA_EFORMAT, "is an empty list, which nothing can match");
        for (const cJSON *child = item->child; child != NULL && status == 0; child = child->next) {
            if (!is_scalar(child))
                status =
                    sna_json_error(self->json, child, SNA_EFORMAT, "must be a text, a number, true, false or null");
        }
    } else if (!is_scalar(item)) {
        status = sna_json_error(self->json, item, SNA_EFORMAT,
                                "must be a text, a number, true, false or null, or a list of these");
    }
    return status;
}

static int read_selector(const sna_network *self, sna_selector *out, const cJSON *item)
{
    const cJSON *population = NULL;
    int status = sna_json_require(self->json, item, "population", &population);

    out->item = item;
    if (status == 0)
        status = sna_spec_find_population(self, population, &out->population);
    for (const cJSON *child = status == 0 ? item->child : NULL; child != NULL && status == 0; child = child->next)
        status = check_condition(self, child);
    return status;
}

static int find_rule(const sna_network *self, const cJSON *use, const cJSON **out)
{
    static const char *const keys[] = {"connector", "properties", "per_edge", NULL};
    int status = 0;
    sna_list names = SNA_LIST;
    const char *name = NULL;

    status = sna_json_text(self->json, use, &name);
    if (status != 0)
        goto out;
    *out = sna_json_member(self->rules, name);
    if (*out != NULL) {
        status = sna_json_check_keys(self->json, *out, keys);
        goto out;
    }
    for (const cJSON *rule = self->rules == NULL ? NULL : self->rules->child; rule != NULL && status == 0;
         rule = rule->next)
        status = sna_list_add(&names, rule->string);
    if (status == 0)
        status = sna_spec_unknown(self->json, use, "rule", name, &names);
out:
    sna_list_free(&names);
    return status;
}

static int read_connector_type(const sna_network *self, sna_entry *entry)
{
    int status = 0;
    const cJSON *item = NULL;
    const char *type = NULL;
    sna_list names = SNA_LIST;

    status = sna_fields_require(&entry->fields, "type", &item);
    if (status == 0)
        status = sna_json_text(self->json, item, &type);
    if (status != 0)
        goto out;
    entry->connector = sna_connector_find(self, type);
    if (entry->connector == NULL) {
        status = sna_connector_names(self, &names);
        if (status == 0)
            status = sna_spec_unknown(self->json, item, "connector", type, &names);
    }
out:
    sna_list_free(&names);
    return status;
}

/* Only the keys that this kind of connector takes may stand there. */
static int check_connector_keys(const sna_network *self, const sna_entry *entry)
{
    int status = 0;
    const char **keys = NULL;
    uint64_t count = 0;

    while (entry->connector->keys[count] != NULL)
        count++;
    status = sna_allocate(&keys, count + 2, sizeof *keys);
    if (status != 0)
        goto out;
    keys[0] = "type";
    for (uint64_t i = 0; i < count; i++)
        keys[i + 1] = entry->connector->keys[i];
    if (entry->fields.own != NULL)
        status = sna_json_check_keys(self->json, entry->fields.own, keys);
    if (status == 0 && entry->fields.base != NULL)
        status = sna_json_check_keys(self->json, entry->fields.base, keys);
out:
    free(keys);
    return status;
}

int sna_spec_read_counts(const sna_network *self, sna_entry *entry, const sna_fields *fields, bool flipped)
{
    static const char *const keys[][2] = {{"n_syn", "n_syn0"}, {"n_syn", "n_syn1"}};
    int status = 0;

    for (unsigned d = 0; d < 2 && status == 0; d++) {
        const cJSON *item = NULL;
        for (unsigned k = 0; k < 2 && item == NULL; k++)
            item = sna_fields_find(fields, keys[flipped ? 1 - d : d][k]);
        entry->n_syn[d] = (sna_count){.low = 1, .high = 1};
        entry->has_n_syn = entry->has_n_syn || item != NULL;
        if (item != NULL)
            status = sna_count_read(&entry->n_syn[d], self->json, item);
    }
    return status;
}

/* The entry's own connector takes what it does not say from the rule's, unless it is of another type. */
static int read_connector(sna_network *self, sna_entry *entry)
{
    int status = 0;
    const cJSON *own = sna_json_member(entry->item, "connector"), *base = sna_json_member(entry->rule, "connector");
    const cJSON *own_type, *base_type;

    if (own == NULL && base == NULL) {
        status = sna_json_error(self->json, entry->item, SNA_EFORMAT, "the key `connector` is missing%s",
                                entry->rule == NULL ? "" : ", and the rule that it uses has none");
        goto out;
    }
    if (own != NULL)
        status = sna_json_expect_object(self->json, own);
    if (status == 0 && base != NULL)
        status = sna_json_expect_object(self->json, base);
    if (status != 0)
        goto out;
    own_type = sna_json_member(own, "type");
    base_type = sna_json_member(base, "type");
    if (own_type != NULL && base_type != NULL && !cJSON_Compare(own_type, base_type, true))
        base = NULL;
    entry->fields = (sna_fields){self->json, own, base, self->folder};
    status = read_connector_type(self, entry);
    if (status == 0)
        status = check_connector_keys(self, entry);
    if (status == 0)
        status = sna_spec_read_counts(self, entry, &entry->fields, false);
    if (status == 0 && entry->connector->create != NULL)
        status = entry->connector->create(&entry->state, &entry->fields);
out:
    return status;
}

static int check_property_name(const sna_network *self, const cJSON *item)
{
    static const char *const reserved[] = {"edge_type_id",   "source_query",   "target_query", "edge_group_id",
                                           "source_node_id", "target_node_id", "edge_id",      NULL};

    for (uint64_t i = 0; reserved[i] != NULL; i++) {
        if (strcmp(item->string, reserved[i]) == 0)
            return sna_json_error(self->json, item, SNA_EFORMAT,
                                  "is a name that the files use themselves, no property can have it");
    }
    return 0;
}

/* Properties and generators of the entry, then those of the rule that the entry does not have. */
int sna_spec_read_properties(sna_network *self, sna_entry *entry)
{
    static const char *const key[] = {"properties", "per_edge"};
    const cJSON *owner[2] = {entry->item, entry->rule};
    int status = 0;

    for (unsigned k = 0; k < 4 && status == 0; k++) {
        const bool generators = k / 2 == 1;
        const cJSON *place = sna_json_member(owner[k % 2], key[k / 2]);
        if (place != NULL)
            status = sna_json_expect_object(self->json, place);
        for (const cJSON *child = place != NULL && status == 0 ? place->child : NULL; child != NULL && status == 0;
             child = child->next) {
            status = check_property_name(self, child);
            if (status == 0 && generators)
                status = sna_generators_add(&entry->generators, self->json, child, self->folder, true);
            else if (status == 0)
                status = sna_constants_add(&entry->constant, self->json, child);
        }
    }
    /* What tells readers of the edges file. */
    if (status == 0 && entry->connector == &sna_gap_junction)
        status = sna_constants_add_true(&entry->constant, "is_gap_junction");
    return status;
}

static int read_name(sna_network *self, sna_entry *entry)
{
    int status = 0;
    const cJSON *item = sna_json_member(entry->item, "name");
    const uint64_t index = (uint64_t)(entry - self->entry);
    uint64_t place = 0;

    if (item == NULL) {
        for (const cJSON *before = entry->item->prev; before->next != NULL; before = before->prev)
            place++;
        status = sna_text_format(&entry->label, "edges[%" PRIu64 "]", place);
        goto out;
    }
    status = sna_json_text(self->json, item, &entry->name);
    if (status == 0 && entry->name[0] == '\0')
        status = sna_json_error(self->json, item, SNA_EFORMAT, "must not be empty");
    for (uint64_t i = 0; i < index && status == 0; i++) {
        if (self->entry[i].name != NULL && strcmp(self->entry[i].name, entry->name) == 0)
            status = sna_json_error(self->json, item, SNA_EFORMAT, "an earlier entry has the name %s too", entry->name);
    }
    if (status == 0)
        status = sna_text_copy(&entry->label, entry->name);
out:
    return status;
}

/* The reverse of another entry has the ends of that one, and need not say them. */
static int read_ends(sna_network *self, sna_entry *entry)
{
    static const char *const key[] = {"source", "target"};
    sna_selector *const selector[] = {&entry->source, &entry->target};
    const cJSON *own = sna_json_member(entry->item, "connector"), *base = sna_json_member(entry->rule, "connector");
    const cJSON *type = sna_json_member(sna_json_member(own, "type") != NULL ? own : base, "type");
    const bool may_lack = cJSON_IsString(type) && strcmp(type->valuestring, sna_reverse_of.type) == 0;
    int status = 0;

    for (unsigned k = 0; k < 2 && status == 0; k++) {
        const cJSON *item = sna_json_member(entry->item, key[k]);
        if (item != NULL)
            status = read_selector(self, selector[k], item);
        else if (!may_lack)
            status = sna_json_error(self->json, entry->item, SNA_EFORMAT, "the key `%s` is missing", key[k]);
    }
    return status;
}

static int read_entry(sna_network *self, sna_entry *entry, const cJSON *item)
{
    static const char *const keys[] = {"name", "source", "target", "use", "connector", "properties", "per_edge", NULL};
    int status = 0;
    const cJSON *use;

    entry->item = item;
    status = sna_json_check_keys(self->json, item, keys);
    if (status == 0)
        status = read_name(self, entry);
    use = sna_json_member(item, "use");
    if (status == 0 && use != NULL)
        status = find_rule(self, use, &entry->rule);
    if (status == 0)
        status = read_ends(self, entry);
    if (status == 0)
        status = read_connector(self, entry);
    if (status == 0)
        status = sna_spec_read_properties(self, entry);
    return status;
}

int sna_entry_find(const sna_network *self, const cJSON *item, uint64_t *out)
{
    int status = 0;
    sna_list names = SNA_LIST;
    const char *name = NULL;

    status = sna_json_text(self->json, item, &name);
    for (uint64_t i = 0; i < self->entries && status == 0; i++) {
        if (self->entry[i].name == NULL)
            continue;
        if (strcmp(self->entry[i].name, name) == 0) {
            *out = i;
            goto out;
        }
        status = sna_list_add(&names, self->entry[i].name);
    }
    if (status == 0)
        status = sna_spec_unknown(self->json, item, "edge entry", name, &names);
out:
    sna_list_free(&names);
    return status;
}

int sna_spec_read_edges(sna_network *self)
{
    int status = 0;
    const cJSON *list = sna_json_member(sna_json_root(self->json), "edges");

    if (list == NULL)
        goto out;
    status = sna_json_expect_array(self->json, list);
    for (const cJSON *item = status == 0 ? list->child : NULL; item != NULL && status == 0; item = item->next) {
        sna_entry *grown;
        if (sna_json_member(item, "edges_from_shell") != NULL)
            continue;
        grown = sna_grow(self->entry, &self->entry_capacity, self->entries + 1, sizeof *self->entry);
        if (grown == NULL) {
            status = SNA_ENOMEM;
            goto out;
        }
        self->entry = grown;
        status = sna_network_collect(self, read_entry(self, &self->entry[self->entries++], item));
    }
out:
    return status;
}
