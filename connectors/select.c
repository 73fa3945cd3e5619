/* select.c: the nodes that an edge entry's `source` or `target` stands for. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

uint64_t sna_members_from(const sna_members *self, uint64_t id)
{
    uint64_t low = 0, high = self->count;

    if (self->id == NULL)
        return id <= self->first ? 0 : id - self->first < self->count ? id - self->first : self->count;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (self->id[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint64_t sna_members_find(const sna_members *self, uint64_t id)
{
    const uint64_t at = sna_members_from(self, id);

    return at < self->count && sna_members_id(self, at) == id ? at : UINT64_MAX;
}

/* A condition is one value, or a list of which any will do. */
static bool matches(const sna_constant *constant, const cJSON *condition)
{
    if (!cJSON_IsArray(condition))
        return sna_constant_matches(constant, condition);
    for (const cJSON *item = condition->child; item != NULL; item = item->next) {
        if (sna_constant_matches(constant, item))
            return true;
    }
    return false;
}

/* A condition on a property that no node has is a misspelling, not a condition that nobody meets. */
static int check_property(const sna_network *self, const sna_population *population, const cJSON *condition)
{
    int status = 0;
    sna_list names = SNA_LIST;
    sna_string text = SNA_STRING;
    const char *guess;

    for (uint64_t i = 0; i < population->types; i++) {
        if (sna_constants_find(&population->type[i].constant, condition->string) != NULL)
            goto out;
    }
    for (uint64_t i = 0; i < population->types && status == 0; i++) {
        const sna_constants *constants = &population->type[i].constant;
        for (uint64_t k = 0; k < constants->count && status == 0; k++) {
            if (sna_list_find(&names, constants->item[k].name) < 0)
                status = sna_list_add(&names, constants->item[k].name);
        }
    }
    if (status == 0)
        status = sna_list_join(&names, 20, &text);
    if (status != 0)
        goto out;
    guess = sna_closest(condition->string, (const char *const *)names.text, names.count);
    status = sna_json_error(self->json, condition, SNA_EFORMAT,
                            "no node of %s has this property%s%s%s; there are: %s", population->name,
                            guess == NULL ? "" : ", did you mean `", guess == NULL ? "" : guess,
                            guess == NULL ? "" : "`?", names.count == 0 ? "none" : sna_string_text(&text));
out:
    sna_list_free(&names);
    sna_string_free(&text);
    return status;
}

static bool is_condition(const cJSON *item)
{
    return strcmp(item->string, "population") != 0;
}

static bool type_matches(const sna_node_type *type, const cJSON *selector)
{
    for (const cJSON *condition = selector->child; condition != NULL; condition = condition->next) {
        const sna_constant *constant;
        if (!is_condition(condition))
            continue;
        constant = sna_constants_find(&type->constant, condition->string);
        if (constant == NULL || !matches(constant, condition))
            return false;
    }
    return true;
}

int sna_select(const sna_network *self, const sna_selector *selector, sna_members *out)
{
    int status = 0;
    const sna_population *population = &self->population[selector->population];
    uint64_t end = 0, count = 0, k = 0;
    bool contiguous = true;

    *out = (sna_members){.position = (const double(*)[3])population->position};
    for (const cJSON *item = selector->item->child; item != NULL && status == 0; item = item->next) {
        if (is_condition(item))
            status = check_property(self, population, item);
    }
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < population->types; i++) {
        const sna_node_type *type = &population->type[i];
        if (type->count == 0 || !type_matches(type, selector->item))
            continue;
        if (count == 0)
            out->first = type->first;
        else if (type->first != end)
            contiguous = false;
        count += type->count;
        end = type->end;
    }
    if (count == 0) {
        status = sna_json_error(self->json, selector->item, SNA_EFORMAT, "no node of %s matches", population->name);
        goto out;
    }
    out->count = count;
    if (contiguous)
        goto out;
    status = sna_allocate(&out->id, count, sizeof *out->id);
    for (uint64_t i = 0; i < population->types && status == 0; i++) {
        const sna_node_type *type = &population->type[i];
        if (type->count == 0 || !type_matches(type, selector->item))
            continue;
        for (uint64_t id = type->first; id < type->end; id++)
            out->id[k++] = id;
    }
out:
    return status;
}
