/* select.c: the nodes that an edge entry's `source` or `target` stands for. */
#include <stdlib.h>
#include <string.h>

#include "node_sets.h"
#include "node_values.h"

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

/* ---- conditions --------------------------------------------------------------------------------------------- */

static bool scalar_matches(const cJSON *wanted, sna_type type, int64_t integer, double real, const char *text)
{
    if (type == SNA_TEXT)
        return cJSON_IsString(wanted) && text != NULL && strcmp(text, wanted->valuestring) == 0;
    if (cJSON_IsBool(wanted))
        return type == SNA_INTEGER && integer == (cJSON_IsTrue(wanted) ? 1 : 0);
    return cJSON_IsNumber(wanted) && wanted->valuedouble == (type == SNA_INTEGER ? (double)integer : real);
}

/* Does a node match one value? */
static bool node_matches(const sna_condition *condition, const cJSON *wanted, const sna_node_type *type, uint64_t id)
{
    const sna_constant *constant;

    if (condition->file != NULL) {
        if (sna_column_is_missing(condition->file, id))
            return cJSON_IsNull(wanted);
        return scalar_matches(wanted, condition->file->type, sna_column_integer(condition->file, id),
                              sna_column_real(condition->file, id), sna_column_text(condition->file, id));
    }
    if (strcmp(condition->name, "node_id") == 0)
        return cJSON_IsNumber(wanted) && wanted->valuedouble == (double)id;
    if (condition->column != NULL && sna_node_type_generates(type, condition->name)) {
        const sna_node_column *column = condition->column;
        return scalar_matches(wanted, column->type, column->integer != NULL ? column->integer[id] : 0,
                              column->real != NULL ? column->real[id] : 0,
                              column->text != NULL ? column->text[id] : NULL);
    }
    constant = sna_constants_find(&type->constant, condition->name);
    return constant != NULL && sna_constant_matches(constant, wanted);
}

bool sna_condition_holds(const sna_condition *condition, const sna_node_type *type, uint64_t id)
{
    if (!cJSON_IsArray(condition->wanted))
        return node_matches(condition, condition->wanted, type, id);
    for (const cJSON *item = condition->wanted->child; item != NULL; item = item->next) {
        if (node_matches(condition, item, type, id))
            return true;
    }
    return false;
}

/* Every property that nodes of the population have. */
static int property_names(const sna_population *population, sna_list *out)
{
    int status = 0;

    for (uint64_t i = 0; population->nodes != NULL && i < sna_nodes_attributes(population->nodes) && status == 0; i++)
        status = sna_list_add(out, sna_nodes_attribute(population->nodes, i)->name);
    for (uint64_t i = 0; i < population->types && status == 0; i++) {
        const sna_constants *constants = &population->type[i].constant;
        for (uint64_t k = 0; k < constants->count && status == 0; k++) {
            if (sna_list_find(out, constants->item[k].name) < 0)
                status = sna_list_add(out, constants->item[k].name);
        }
    }
    for (uint64_t c = 0; c < population->columns && status == 0; c++) {
        if (sna_list_find(out, population->column[c].name) < 0)
            status = sna_list_add(out, population->column[c].name);
    }
    return status;
}

/* A condition on a property that no node has is a misspelling, not a condition that nobody meets. */
static int unknown_property(const sna_network *self, const sna_population *population, const cJSON *item,
                            const char *name)
{
    sna_list names = SNA_LIST;
    sna_string text = SNA_STRING;
    int status = property_names(population, &names);

    if (status == 0)
        status = sna_list_join(&names, 20, &text);
    if (status == 0) {
        const char *guess = sna_closest(name, (const char *const *)names.text, names.count);
        status = sna_json_error(self->json, item, SNA_EFORMAT, "no node of %s has this property%s%s%s; there are: %s",
                                population->name, guess == NULL ? "" : ", did you mean `", guess == NULL ? "" : guess,
                                guess == NULL ? "" : "`?", names.count == 0 ? "none" : sna_string_text(&text));
    }
    sna_list_free(&names);
    sna_string_free(&text);
    return status;
}

int sna_condition_find(const sna_network *self, const sna_population *population, const cJSON *item, sna_condition *out)
{
    const char *name = item->string;
    int status = 0;

    *out = (sna_condition){.name = name, .wanted = item};
    if (population->nodes != NULL) {
        if (sna_nodes_find_attribute(population->nodes, name) == NULL && strcmp(name, "node_id") != 0 &&
            strcmp(name, "node_type_id") != 0)
            status = unknown_property(self, population, item, name);
        else
            status = sna_nodes_column(population->nodes, name, &out->file);
        goto out;
    }
    out->column = sna_node_values_find(population, name);
    if (out->column != NULL || strcmp(name, "node_id") == 0)
        goto out;
    for (uint64_t i = 0; i < population->types; i++) {
        if (sna_constants_find(&population->type[i].constant, name) != NULL)
            goto out;
    }
    status = unknown_property(self, population, item, name);
out:
    return status;
}

/* ---- selectors ---------------------------------------------------------------------------------------------- */

/* What stands for the nodes themselves, not for a condition on them. */
static bool is_condition(const cJSON *item)
{
    return strcmp(item->string, "population") != 0 && strcmp(item->string, "node_set") != 0;
}

typedef struct {
    sna_condition *condition; /* [count] */
    uint64_t count;
    const uint8_t *in_set; /* [nodes] NULL: no node set was named */
} member_filter;

/* Ids first .. end-1 that are members, found and added up. */
typedef struct {
    uint64_t *out; /* NULL while they are only counted */
    uint64_t count, first, last;
} collection;

static void collect_range(collection *self, uint64_t first, uint64_t end)
{
    if (first >= end)
        return;
    if (self->count == 0)
        self->first = first;
    self->last = end - 1;
    for (uint64_t id = first; self->out != NULL && id < end; id++)
        self->out[self->count + id - first] = id;
    self->count += end - first;
}

static bool depends_on_node(const sna_condition *condition, const sna_node_type *type)
{
    return type == NULL || strcmp(condition->name, "node_id") == 0 ||
           (condition->column != NULL && sna_node_type_generates(type, condition->name));
}

/* Nodes first .. end-1, all of one type (NULL in a population that exists). */
static void collect_type(collection *self, const member_filter *filter, const sna_node_type *type, uint64_t first,
                         uint64_t end)
{
    bool each = filter->in_set != NULL;

    for (uint64_t c = 0; c < filter->count && first < end; c++) {
        if (depends_on_node(&filter->condition[c], type))
            each = true;
        else if (!sna_condition_holds(&filter->condition[c], type, first))
            return;
    }
    if (!each) {
        collect_range(self, first, end);
        return;
    }
    for (uint64_t id = first; id < end; id++) {
        bool all = filter->in_set == NULL || filter->in_set[id] != 0;
        for (uint64_t c = 0; c < filter->count && all; c++)
            all = sna_condition_holds(&filter->condition[c], type, id);
        if (all)
            collect_range(self, id, id + 1);
    }
}

static void collect(collection *self, const member_filter *filter, const sna_population *population)
{
    self->count = 0;
    if (population->nodes != NULL)
        collect_type(self, filter, NULL, 0, population->count);
    for (uint64_t t = 0; t < population->types; t++) {
        const sna_node_type *type = &population->type[t];
        collect_type(self, filter, type, type->first, type->end);
    }
}

int sna_select(const sna_network *self, const sna_selector *selector, bool *none, sna_members *out)
{
    const sna_population *population = &self->population[selector->population];
    const cJSON *set = sna_json_member(selector->item, "node_set");
    member_filter all = {NULL, 0, NULL};
    uint8_t *in_set = NULL;
    collection found = {NULL, 0, 0, 0};
    uint64_t conditions = 0;
    int status = 0;

    *out = (sna_members){.position = (const double(*)[3])population->position};
    for (const cJSON *item = selector->item->child; item != NULL; item = item->next)
        conditions++;
    status = sna_allocate(&all.condition, conditions, sizeof *all.condition);
    for (const cJSON *item = selector->item->child; item != NULL && status == 0; item = item->next) {
        if (is_condition(item))
            status = sna_condition_find(self, population, item, &all.condition[all.count++]);
    }
    if (status == 0 && set != NULL) {
        status = sna_allocate(&in_set, population->count, sizeof *in_set);
        if (status == 0)
            status = sna_node_set_mark(self, population, set, in_set);
        all.in_set = in_set;
    }
    if (status != 0)
        goto out;
    collect(&found, &all, population);
    out->count = found.count;
    out->first = found.first;
    if (out->count == 0 && none != NULL)
        *none = true;
    else if (out->count == 0)
        status = sna_json_error(self->json, selector->item, SNA_EFORMAT, "no node of %s matches", population->name);
    if (status != 0 || out->count == 0 || found.last - found.first + 1 == found.count)
        goto out;
    status = sna_allocate(&out->id, out->count, sizeof *out->id);
    found.out = out->id;
    if (status == 0)
        collect(&found, &all, population);
out:
    free(all.condition);
    free(in_set);
    return status;
}
