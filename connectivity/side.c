/* side.c: which populations take part on which side, and the groups of their cells. */
#include "connectivity/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A matrix of more blocks than this is a mistake (grouping by node id), and would not fit a page or a screen. */
enum { MOST_BLOCKS = 4000000 };

static const char no_value[] = "(none)";

/* ---- edge populations --------------------------------------------------------------------------------------- */

static int find_population(sna_circuit *circuit, const char *name, uint64_t *index)
{
    int status = SNA_ENOTFOUND;

    for (uint64_t i = 0; i < sna_circuit_node_populations(circuit) && status != 0; i++) {
        if (strcmp(sna_circuit_node_population(circuit, i), name) == 0) {
            *index = i;
            status = 0;
        }
    }
    if (status != 0)
        status = sna_error(status, "the circuit has no node population `%s`", name);
    return status;
}

static int list_edge_populations(const sna_circuit *circuit, sna_string *out)
{
    int status = 0;
    sna_list names = SNA_LIST;

    for (uint64_t i = 0; i < sna_circuit_edge_populations(circuit) && status == 0; i++)
        status = sna_list_add(&names, sna_circuit_edge_population(circuit, i));
    if (status == 0 && names.count == 0)
        status = sna_string_append(out, "none");
    if (status == 0)
        status = sna_list_join(&names, 20, out);
    sna_list_free(&names);
    return status;
}

int sna_links_list(sna_links *out, sna_circuit *circuit, const char *name)
{
    int status = 0;
    sna_string known = SNA_STRING;
    const uint64_t populations = sna_circuit_edge_populations(circuit);

    *out = (sna_links){NULL, 0};
    status = sna_allocate(&out->link, populations, sizeof *out->link);
    for (uint64_t i = 0; i < populations && status == 0; i++) {
        sna_link *link = &out->link[out->count];
        sna_nodes *source = NULL, *target = NULL;
        if (name != NULL && strcmp(name, sna_circuit_edge_population(circuit, i)) != 0)
            continue;
        link->index = i;
        status = sna_circuit_edges_at(circuit, i, &link->edges);
        if (status == 0)
            status = sna_circuit_ends(circuit, link->edges, &source, &target);
        if (status == 0)
            status = find_population(circuit, sna_nodes_name(source), &link->source);
        if (status == 0)
            status = find_population(circuit, sna_nodes_name(target), &link->target);
        out->count += status == 0;
    }
    if (status == 0 && name != NULL && out->count == 0) {
        status = list_edge_populations(circuit, &known);
        if (status == 0)
            status = sna_error(SNA_ENOTFOUND, "the circuit has no edge population `%s`; there is: %s", name,
                               sna_string_text(&known));
    }
    if (status != 0)
        sna_links_free(out);
    sna_string_free(&known);
    return status;
}

void sna_links_free(sna_links *self)
{
    free(self->link);
    *self = (sna_links){NULL, 0};
}

/* ---- populations of a side ---------------------------------------------------------------------------------- */

static bool means_all(const char *text)
{
    return text == NULL || strcmp(text, "all") == 0;
}

static int unknown_population(const sna_circuit *circuit, const char *name)
{
    int status = 0;
    sna_list names = SNA_LIST;
    sna_string known = SNA_STRING;

    for (uint64_t i = 0; i < sna_circuit_node_populations(circuit) && status == 0; i++)
        status = sna_list_add(&names, sna_circuit_node_population(circuit, i));
    if (status == 0)
        status = sna_list_join(&names, 20, &known);
    if (status == 0) {
        const char *guess = sna_closest(name, (const char *const *)names.text, names.count);
        status = sna_error(SNA_ENOTFOUND, "the circuit has no node population `%s`%s%s%s; there is: %s", name,
                           guess != NULL ? "; did you mean `" : "", guess != NULL ? guess : "",
                           guess != NULL ? "`?" : "", sna_string_text(&known));
    }
    sna_list_free(&names);
    sna_string_free(&known);
    return status;
}

/* Marks the populations that are named. */
static int choose_named(sna_side *self, const sna_circuit *circuit, const char *text)
{
    int status = 0;
    sna_list names = SNA_LIST;

    status = sna_list_split(&names, text, ',');
    if (status == 0 && names.count == 0)
        status = sna_error(SNA_EINVAL, "no population is named in `%s`", text);
    for (uint64_t n = 0; n < names.count && status == 0; n++) {
        bool found = false;
        for (uint64_t i = 0; i < self->populations; i++) {
            if (strcmp(sna_circuit_node_population(circuit, i), names.text[n]) == 0)
                found = self->population[i].chosen = true;
        }
        if (!found && strcmp(names.text[n], "all") == 0) {
            for (uint64_t i = 0; i < self->populations; i++)
                self->population[i].chosen = true;
        } else if (!found) {
            status = unknown_population(circuit, names.text[n]);
        }
    }
    sna_list_free(&names);
    return status;
}

/* "all" on one side means: those with edges to what is named on the other. */
static void choose_connected(sna_side *source, sna_side *target, const sna_links *links, bool all_sources,
                             bool all_targets)
{
    for (uint64_t i = 0; i < links->count; i++) {
        sna_side_population *from = &source->population[links->link[i].source];
        sna_side_population *to = &target->population[links->link[i].target];
        if ((all_sources || from->chosen) && (all_targets || to->chosen))
            from->chosen = to->chosen = true;
    }
}

static void choose_rest(sna_side *self)
{
    bool any = false;

    for (uint64_t i = 0; i < self->populations; i++)
        any = any || self->population[i].chosen;
    for (uint64_t i = 0; i < self->populations && !any; i++)
        self->population[i].chosen = true;
}

/* ---- groups ------------------------------------------------------------------------------------------------- */

/* How the cells of a side are grouped: a property, or else node sets. */
typedef struct {
    const char *property; /* NULL: sets */
    sna_list sets;
    bool all; /* populations were not chosen by name */
} grouping;

/* "properties of `cortex`: a, b; node sets: ..." */
static int list_groupings(sna_circuit *circuit, const sna_side *self, sna_string *out, sna_list *names)
{
    int status = 0;
    sna_node_sets *sets = NULL;
    sna_list set_names = SNA_LIST;

    for (uint64_t i = 0; i < self->populations && status == 0; i++) {
        const sna_nodes *nodes = self->population[i].nodes;
        sna_list own = SNA_LIST;
        if (!self->population[i].chosen)
            continue;
        status = sna_list_add(&own, "node_type_id");
        for (uint64_t k = 0; k < sna_nodes_attributes(nodes) && status == 0; k++)
            status = sna_list_add(&own, sna_nodes_attribute(nodes, k)->name);
        for (uint64_t k = 0; k < own.count && status == 0; k++)
            status = sna_list_add(names, own.text[k]);
        if (status == 0)
            status = sna_string_format(out, "%s`%s` has: ", out->length > 0 ? "; " : "", sna_nodes_name(nodes));
        if (status == 0)
            status = sna_list_join(&own, 30, out);
        sna_list_free(&own);
    }
    if (status == 0)
        status = sna_circuit_node_sets(circuit, &sets);
    for (uint64_t i = 0; status == 0 && i < sna_node_sets_count(sets); i++) {
        status = sna_list_add(&set_names, sna_node_sets_name(sets, i));
        if (status == 0)
            status = sna_list_add(names, sna_node_sets_name(sets, i));
    }
    if (status == 0 && set_names.count > 0)
        status = sna_string_append(out, "; node sets: ");
    if (status == 0)
        status = sna_list_join(&set_names, 30, out);
    sna_list_free(&set_names);
    return status;
}

/* A property that no population has (`population` NULL), or that one that was asked for by name lacks. */
static int unknown_grouping(sna_circuit *circuit, const sna_side *self, const char *name, const char *population)
{
    int status = 0;
    sna_string known = SNA_STRING;
    sna_list names = SNA_LIST;

    status = list_groupings(circuit, self, &known, &names);
    if (status == 0) {
        const char *guess = sna_closest(name, (const char *const *)names.text, names.count);
        status = sna_error(SNA_ENOTFOUND, "%s%s%s has a property `%s`, and there is no node set of that name%s%s%s; %s",
                           population != NULL ? "not every population (`" : "no population",
                           population != NULL ? population : "", population != NULL ? "` does not)" : "", name,
                           guess != NULL ? "; did you mean `" : "", guess != NULL ? guess : "",
                           guess != NULL ? "`?" : "", sna_string_text(&known));
    }
    sna_string_free(&known);
    sna_list_free(&names);
    return status;
}

static bool has_property(const sna_nodes *nodes, const char *name)
{
    static const char *const own[] = {"node_type_id", "node_id", "node_group_id", "population"};

    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (strcmp(name, own[i]) == 0)
            return true;
    }
    return sna_nodes_find_attribute(nodes, name) != NULL;
}

static int choose_grouping(grouping *out, sna_circuit *circuit, const sna_side *self, const char *name)
{
    int status = 0;
    bool some = false;
    const char *lacking = NULL;
    sna_node_sets *sets = NULL;

    for (uint64_t i = 0; i < self->populations; i++) {
        if (!self->population[i].chosen)
            continue;
        if (has_property(self->population[i].nodes, name))
            some = true;
        else if (lacking == NULL)
            lacking = sna_nodes_name(self->population[i].nodes);
    }
    if (some && (lacking == NULL || out->all)) {
        out->property = name;
    } else {
        bool known = true;
        status = sna_list_split(&out->sets, name, ',');
        if (status == 0)
            status = sna_circuit_node_sets(circuit, &sets);
        for (uint64_t n = 0; n < out->sets.count && status == 0; n++) {
            bool found = false;
            for (uint64_t i = 0; i < sna_node_sets_count(sets) && !found; i++)
                found = strcmp(sna_node_sets_name(sets, i), out->sets.text[n]) == 0;
            known = known && found;
        }
        if (status == 0 && (!known || out->sets.count == 0))
            status = unknown_grouping(circuit, self, name, some ? lacking : NULL);
    }
    return status;
}

static int add_group(sna_side *self, const char *population, const char *value, uint32_t *index)
{
    int status = 0;
    char *copy = NULL, *label = NULL;
    sna_group *grown = sna_grow(self->group, &self->group_capacity, self->groups + 1, sizeof *grown);

    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->group = grown;
    if (self->groups >= MOST_BLOCKS) {
        status = sna_error(SNA_EINVAL, "that makes more than %d groups of cells; group by a property with fewer values",
                           MOST_BLOCKS);
        goto out;
    }
    status = sna_text_copy(&copy, value);
    if (status == 0)
        status = sna_text_format(&label, "%s_%s", population, value[0] == '\0' ? no_value : value);
    if (status != 0)
        goto out;
    *index = (uint32_t)self->groups;
    self->group[self->groups++] = (sna_group){.label = label, .population = population, .value = copy};
    copy = label = NULL;
out:
    free(copy);
    free(label);
    return status;
}

/* Groups by property. Nodes outside every group get UINT32_MAX, replaced when the number of groups is known. */
static int group_by_property(sna_side *self, sna_side_population *population, const char *property)
{
    int status = 0;
    const uint32_t *code = NULL;
    const sna_list *texts = NULL;
    uint32_t *group_of = NULL; /* [texts] */
    const char *name = sna_nodes_name(population->nodes);

    status = sna_nodes_labels(population->nodes, property, &code, &texts);
    if (status == 0)
        status = sna_allocate(&group_of, texts->count, sizeof *group_of);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < texts->count; i++)
        group_of[i] = UINT32_MAX;
    /* In the order in which the cells come, which need not be the order of the texts. */
    for (uint64_t i = 0; i < population->count && status == 0; i++) {
        uint32_t *group = &group_of[code[i]];
        if (*group == UINT32_MAX)
            status = add_group(self, name, texts->text[code[i]], group);
        if (status == 0) {
            population->group[i] = *group;
            self->group[*group].count++;
        }
    }
out:
    free(group_of);
    return status;
}

/* A population without the property, among all populations: one group under its own name. */
static int group_whole(sna_side *self, sna_side_population *population)
{
    int status = 0;
    uint32_t group = 0;
    char *label = NULL;

    status = sna_text_copy(&label, sna_nodes_name(population->nodes));
    if (status == 0)
        status = add_group(self, sna_nodes_name(population->nodes), sna_nodes_name(population->nodes), &group);
    if (status != 0)
        goto out;
    free((char *)self->group[group].label);
    self->group[group].label = label;
    label = NULL;
    self->group[group].count = population->count;
    for (uint64_t i = 0; i < population->count; i++)
        population->group[i] = group;
out:
    free(label);
    return status;
}

static int group_by_sets(sna_side *self, sna_side_population *population, sna_circuit *circuit, const sna_list *names)
{
    int status = 0;
    sna_node_sets *sets = NULL;
    sna_selection rows = SNA_SELECTION;

    for (uint64_t i = 0; i < population->count; i++)
        population->group[i] = UINT32_MAX;
    status = sna_circuit_node_sets(circuit, &sets);
    for (uint64_t n = 0; n < names->count && status == 0; n++) {
        uint32_t group = 0;
        sna_selection_free(&rows);
        rows = SNA_SELECTION;
        status = sna_node_sets_select(sets, names->text[n], population->nodes, false, &rows);
        if (status == 0 && rows.count > 0)
            status = add_group(self, sna_nodes_name(population->nodes), names->text[n], &group);
        for (uint64_t r = 0; r < rows.count && status == 0; r++) {
            for (uint64_t i = rows.range[r].first; i < rows.range[r].end && status == 0; i++) {
                if (population->group[i] != UINT32_MAX)
                    status = sna_error(SNA_EINVAL,
                                       "node %" PRIu64 " of `%s` is in both node sets `%s` and `%s`: sets that "
                                       "group cells must not overlap",
                                       sna_nodes_id(population->nodes, i), sna_nodes_name(population->nodes),
                                       self->group[population->group[i]].value, names->text[n]);
                population->group[i] = group;
                self->group[group].count++;
            }
        }
    }
    sna_selection_free(&rows);
    return status;
}

static int compare_labels(const void *a, const void *b)
{
    return strcmp((*(const sna_group *const *)a)->value, (*(const sna_group *const *)b)->value);
}

/* The value alone, where no other group of the side has it. */
static int shorten_labels(sna_side *self)
{
    int status = 0;
    sna_group **order = NULL;

    status = sna_allocate(&order, self->groups, sizeof(sna_group *));
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < self->groups; i++)
        order[i] = &self->group[i];
    if (self->groups > 0)
        qsort(order, self->groups, sizeof *order, compare_labels);
    for (uint64_t i = 0; i < self->groups && status == 0; i++) {
        const bool shared = (i > 0 && compare_labels(&order[i - 1], &order[i]) == 0) ||
                            (i + 1 < self->groups && compare_labels(&order[i], &order[i + 1]) == 0);
        char *label = NULL;
        if (shared)
            continue;
        status = sna_text_copy(&label, order[i]->value[0] == '\0' ? no_value : order[i]->value);
        if (status == 0) {
            free((char *)order[i]->label);
            order[i]->label = label;
        }
    }
out:
    free(order);
    return status;
}

static int open_population(sna_side_population *self, sna_circuit *circuit, uint64_t index)
{
    int status = 0;

    status = sna_circuit_nodes_at(circuit, index, &self->nodes);
    if (status != 0)
        goto out;
    self->count = sna_nodes_count(self->nodes);
    status = sna_allocate(&self->group, self->count, sizeof *self->group);
out:
    return status;
}

/* The slots of each group, by a counting sort. */
static int list_members(sna_side *self)
{
    int status = 0;
    uint64_t *next = NULL;

    status = sna_allocate(&self->first, self->groups + 1, sizeof *self->first);
    if (status == 0)
        status = sna_allocate(&next, self->groups, sizeof *next);
    if (status != 0)
        goto out;
    for (uint64_t g = 0; g < self->groups; g++) {
        next[g] = self->first[g];
        self->first[g + 1] = self->first[g] + self->group[g].count;
    }
    status = sna_allocate(&self->member, self->first[self->groups], sizeof *self->member);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < self->populations; i++) {
        const sna_side_population *population = &self->population[i];
        for (uint64_t k = 0; population->chosen && k < population->count; k++) {
            const uint32_t group = population->group[k];
            if (group < self->groups)
                self->member[next[group]++] = population->first_slot + k;
        }
    }
out:
    free(next);
    return status;
}

static int make_groups(sna_side *self, sna_circuit *circuit, const char *name, bool all, bool bare)
{
    int status = 0;
    grouping how = {NULL, SNA_LIST, all};

    for (uint64_t i = 0; i < self->populations && status == 0; i++) {
        if (self->population[i].chosen)
            status = open_population(&self->population[i], circuit, i);
    }
    if (status == 0)
        status = choose_grouping(&how, circuit, self, name);
    for (uint64_t i = 0; i < self->populations && status == 0; i++) {
        sna_side_population *population = &self->population[i];
        if (!population->chosen)
            continue;
        population->first_slot = self->slots;
        self->slots += population->count;
        if (how.property == NULL)
            status = group_by_sets(self, population, circuit, &how.sets);
        else if (has_property(population->nodes, name))
            status = group_by_property(self, population, name);
        else
            status = group_whole(self, population);
    }
    if (status == 0 && self->groups == 0 && how.property == NULL)
        status = sna_error(SNA_ENOTFOUND, "the node sets `%s` hold no node of the chosen populations", name);
    if (status == 0 && bare)
        status = shorten_labels(self);
    for (uint64_t i = 0; i < self->populations && status == 0; i++) {
        sna_side_population *population = &self->population[i];
        for (uint64_t k = 0; population->chosen && k < population->count; k++) {
            if (population->group[k] == UINT32_MAX)
                population->group[k] = (uint32_t)self->groups;
        }
    }
    if (status == 0)
        status = list_members(self);
    sna_list_free(&how.sets);
    return status;
}

int sna_sides_choose(sna_side *source, sna_side *target, sna_circuit *circuit, const sna_links *links,
                     const sna_survey_request *request)
{
    int status = 0;
    const uint64_t populations = sna_circuit_node_populations(circuit);
    const bool all_sources = means_all(request->sources), all_targets = means_all(request->targets);

    *source = *target = (sna_side){.populations = populations};
    if (populations == 0) {
        status = sna_error(SNA_ENOTFOUND, "the circuit has no node populations");
        goto out;
    }
    status = sna_allocate(&source->population, populations, sizeof *source->population);
    if (status == 0)
        status = sna_allocate(&target->population, populations, sizeof *target->population);
    if (status == 0 && !all_sources)
        status = choose_named(source, circuit, request->sources);
    if (status == 0 && !all_targets)
        status = choose_named(target, circuit, request->targets);
    if (status != 0)
        goto out;
    choose_connected(source, target, links, all_sources, all_targets);
    choose_rest(source);
    choose_rest(target);
out:
    return status;
}

int sna_sides_create(sna_side *source, sna_side *target, sna_circuit *circuit, const sna_links *links,
                     const sna_survey_request *request)
{
    int status = 0;
    const char *by_source = request->source_groups, *by_target = request->target_groups;

    by_source = by_source != NULL ? by_source : by_target != NULL ? by_target : "node_type_id";
    by_target = by_target != NULL ? by_target : by_source;
    status = sna_sides_choose(source, target, circuit, links, request);
    if (status == 0)
        status = make_groups(source, circuit, by_source, means_all(request->sources), request->bare_labels);
    if (status == 0)
        status = make_groups(target, circuit, by_target, means_all(request->targets), request->bare_labels);
    if (status == 0 && target->groups > 0 && source->groups > MOST_BLOCKS / target->groups)
        status = sna_error(SNA_EINVAL,
                           "grouping by `%s` and `%s` makes %" PRIu64 " x %" PRIu64 " groups of cells; group by "
                           "a property with fewer values",
                           by_source, by_target, source->groups, target->groups);
    return status;
}

/* pop_name where any population has it, else node_type_id: what a person would call a cell's kind. */
static const char *usual_grouping(const sna_side *self)
{
    for (uint64_t i = 0; i < self->populations; i++) {
        if (self->population[i].chosen && has_property(self->population[i].nodes, "pop_name"))
            return "pop_name";
    }
    return "node_type_id";
}

int sna_side_create(sna_side *self, sna_circuit *circuit, const sna_cell_request *request)
{
    int status = 0;
    const bool all = means_all(request->populations);
    const char *groups = request->groups;

    *self = (sna_side){.populations = sna_circuit_node_populations(circuit)};
    if (self->populations == 0) {
        status = sna_error(SNA_ENOTFOUND, "the circuit has no node populations");
        goto out;
    }
    status = sna_allocate(&self->population, self->populations, sizeof *self->population);
    if (status == 0 && !all)
        status = choose_named(self, circuit, request->populations);
    if (status != 0)
        goto out;
    choose_rest(self);
    for (uint64_t i = 0; i < self->populations && status == 0; i++) {
        if (self->population[i].chosen)
            status = sna_circuit_nodes_at(circuit, i, &self->population[i].nodes);
    }
    if (status == 0)
        status = make_groups(self, circuit, groups != NULL ? groups : usual_grouping(self), all || groups == NULL,
                             request->bare_labels);
out:
    return status;
}

int sna_side_complete(sna_side *self, sna_circuit *circuit, uint64_t index)
{
    int status = 0;
    sna_side_population *population = &self->population[index];

    if (population->nodes == NULL) {
        status = open_population(population, circuit, index);
        for (uint64_t i = 0; i < population->count && status == 0; i++)
            population->group[i] = (uint32_t)self->groups;
    }
    return status;
}

void sna_side_free(sna_side *self)
{
    for (uint64_t i = 0; i < self->groups; i++) {
        free((char *)self->group[i].label);
        free((char *)self->group[i].value);
    }
    free(self->group);
    for (uint64_t i = 0; self->population != NULL && i < self->populations; i++)
        free(self->population[i].group);
    free(self->population);
    free(self->member);
    free(self->first);
    *self = (sna_side){0};
}
