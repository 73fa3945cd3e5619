/* validate_node_sets.c: node sets: what they are made of, and what they select. */
#include "sonata/node_sets.h"
#include "sonata/nodes.h"
#include "sonata/validate.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* An object of node sets in a document. */
typedef struct {
    sna_validator *validator;
    const sna_json *json;
    const cJSON *sets;
    sna_list *known; /* names of the sets of all documents */
    bool incomplete; /* there may be others */
} set_check;

static int find_at(const set_check *check, const cJSON *item, const char *code, const char *sentence, const char *text)
{
    char *path = NULL;
    uint64_t line = 0;
    int status = sna_json_place(check->json, item, &path, &line);

    if (status == 0)
        status =
            sna_find(check->validator, code, (sna_place){sna_json_name(check->json), path, line}, NULL, sentence, text);
    free(path);
    return status;
}

/* ---- what a set says ---------------------------------------------------------------------------------------- */

static bool is_scalar(const cJSON *item)
{
    return cJSON_IsString(item) || cJSON_IsNumber(item) || cJSON_IsBool(item);
}

static const char *describe(const cJSON *item)
{
    return cJSON_IsNull(item)     ? "null"
           : cJSON_IsObject(item) ? "an object"
           : cJSON_IsArray(item)  ? "a list"
                                  : "a value";
}

static int check_population_name(const set_check *check, const cJSON *item)
{
    int status = 0;

    if (!cJSON_IsString(item))
        status =
            find_at(check, item, "node-sets.value", "a population is named by a text, but this is %s", describe(item));
    else if (check->validator->nodes_complete && sna_checked_nodes(check->validator, item->valuestring) == NULL)
        status = find_at(check, item, "node-sets.unknown-population", "there is no population `%s`", item->valuestring);
    return status;
}

/* A node id, and whether any population has it. */
static int check_id(const set_check *check, const cJSON *item)
{
    int status = 0;
    uint64_t id = 0;
    bool found = false, all_known = check->validator->nodes_complete;

    if (!cJSON_IsNumber(item) || sna_json_unsigned(check->json, item, &id) != 0) {
        status = find_at(check, item, "node-sets.value", "a node id is a whole number from 0 on%s", "");
        goto out;
    }
    for (uint64_t i = 0; i < check->validator->nodes.count && !found; i++) {
        const sna_id_set *ids = &check->validator->nodes.population[i].ids;
        all_known = all_known && ids->known;
        found = ids->known && sna_id_set_has(ids, id);
    }
    if (!found && all_known)
        status = find_at(check, item, "node-sets.id-range", "no population has a node of this id%s", "");
out:
    return status;
}

static int check_operators(const set_check *check, const cJSON *item)
{
    static const char *const names[] = {"$regex", "$gt", "$lt", "$gte", "$lte"};
    int status = 0;

    for (const cJSON *child = item->child; child != NULL && status == 0; child = child->next) {
        size_t i = 0;
        while (i < 5 && strcmp(names[i], child->string) != 0)
            i++;
        if (i == 5)
            status = find_at(check, child, "node-sets.operator", "`%s` is no operator", child->string);
        else if (i == 0 ? !cJSON_IsString(child) : !cJSON_IsNumber(child))
            status = find_at(check, child, "node-sets.value",
                             i == 0 ? "a pattern is a text, but this is %s" : "a number is expected, but this is %s",
                             describe(child));
    }
    if (status == 0 && item->child == NULL)
        status = find_at(check, item, "node-sets.value", "an operator is expected in here%s", "");
    return status;
}

/* Is the attribute in any population? */
static int check_attribute(const set_check *check, const cJSON *item)
{
    int status = 0;
    bool found = false, all_known = check->validator->nodes_complete;

    for (uint64_t i = 0; i < check->validator->nodes.count && status == 0 && !found; i++) {
        sna_nodes *nodes = NULL;
        status = sna_checked_nodes_open(check->validator, &check->validator->nodes.population[i], &nodes);
        all_known = all_known && nodes != NULL;
        found =
            nodes != NULL && (sna_nodes_find_attribute(nodes, item->string) != NULL ||
                              strcmp(item->string, "node_type_id") == 0 || strcmp(item->string, "node_group_id") == 0);
        /* One in dynamics_params is found by its bare name, too. */
        for (uint64_t g = 0; nodes != NULL && !found && g < nodes->population.group_count; g++)
            found = sna_list_find(&nodes->population.group[g].parameters, item->string) >= 0;
    }
    if (status == 0 && !found && all_known)
        status =
            find_at(check, item, "node-sets.unknown-attribute", "no population has an attribute `%s`", item->string);
    return status;
}

static int check_clause(const set_check *check, const cJSON *item)
{
    int status = 0;
    const bool is_population = strcmp(item->string, "population") == 0 || strcmp(item->string, "populations") == 0;
    const bool is_id = strcmp(item->string, "node_id") == 0 || strcmp(item->string, "node_ids") == 0;
    const cJSON *first = cJSON_IsArray(item) ? item->child : item;

    if (strcmp(item->string, "populations") == 0 || strcmp(item->string, "node_ids") == 0)
        status = find_at(check, item, "node-sets.synonym", "`%s` is BMTK's word", item->string);
    if (status == 0 && !is_population && !is_id)
        status = check_attribute(check, item);
    if (status != 0)
        goto out;
    if (cJSON_IsObject(item)) {
        status = is_population || is_id
                     ? find_at(check, item, "node-sets.value", "%s takes a value or a list of them", item->string)
                     : check_operators(check, item);
        goto out;
    }
    for (const cJSON *value = first; value != NULL && status == 0; value = cJSON_IsArray(item) ? value->next : NULL) {
        if (is_population)
            status = check_population_name(check, value);
        else if (is_id)
            status = check_id(check, value);
        else if (!is_scalar(value))
            status = find_at(check, value, "node-sets.value",
                             "a number, a text, true or false is expected, but this is %s", describe(value));
    }
out:
    return status;
}

static int check_members(const set_check *check, const cJSON *set)
{
    int status = 0;
    uint64_t numbers = 0, others = 0;

    for (const cJSON *child = set->child; child != NULL; child = child->next)
        if (cJSON_IsNumber(child))
            numbers++;
        else
            others++;
    if (numbers > 0 && others == 0) {
        status =
            find_at(check, set, "node-sets.id-list", "a list of numbers, which only BMTK takes for node ids%s", "");
        goto out;
    }
    for (const cJSON *child = set->child; child != NULL && status == 0; child = child->next) {
        if (!cJSON_IsString(child))
            status = find_at(check, child, "node-sets.value", "the name of a set is expected, but this is %s",
                             describe(child));
        else if (!check->incomplete && sna_list_find(check->known, child->valuestring) < 0 &&
                 sna_checked_nodes(check->validator, child->valuestring) == NULL &&
                 strcmp(child->valuestring, "all") != 0)
            status = find_at(check, child, "node-sets.unknown-set", "there is no node set `%s`", child->valuestring);
    }
out:
    return status;
}

static int check_set(const set_check *check, const cJSON *set)
{
    int status = 0;

    if (sna_checked_nodes(check->validator, set->string) != NULL)
        status = find_at(check, set, "node-sets.population-name",
                         "`%s` is also a population, which it hides in BMTK and the guide's reading", set->string);
    if (status != 0)
        goto out;
    if (cJSON_IsArray(set))
        status = check_members(check, set);
    else if (!cJSON_IsObject(set))
        status =
            find_at(check, set, "node-sets.value", "a node set is an object or a list, but this is %s", describe(set));
    else if (set->child == NULL)
        status = find_at(check, set, "node-sets.value", "a node set needs at least one condition%s", "");
    for (const cJSON *clause = cJSON_IsObject(set) ? set->child : NULL; clause != NULL && status == 0;
         clause = clause->next)
        status = check_clause(check, clause);
out:
    return status;
}

/* ---- circles ------------------------------------------------------------------------------------------------ */

typedef enum { NEW, OPEN, DONE } visit_state;

/* The set of that name, in the order of the object; -1 for none. */
static int64_t index_of(const cJSON *const *set, uint64_t count, const char *name)
{
    for (uint64_t i = 0; i < count; i++)
        if (strcmp(set[i]->string, name) == 0)
            return (int64_t)i;
    return -1;
}

typedef struct {
    uint64_t set;
    const cJSON *member; /* that comes next */
} visit_frame;

/* Goes through the compound sets that `start` leads to, with a stack of its own: files may nest deeper than C. */
static int follow(const set_check *check, const cJSON *const *set, uint64_t count, uint64_t start, uint8_t *state,
                  visit_frame *stack)
{
    int status = 0;
    uint64_t depth = 0;

    if (state[start] != NEW)
        goto out;
    state[start] = OPEN;
    stack[depth++] = (visit_frame){start, cJSON_IsArray(set[start]) ? set[start]->child : NULL};
    while (depth > 0 && status == 0) {
        visit_frame *top = &stack[depth - 1];
        const cJSON *member = top->member;
        int64_t next = -1;
        if (member == NULL) {
            state[top->set] = DONE;
            depth--;
            continue;
        }
        top->member = member->next;
        next = cJSON_IsString(member) ? index_of(set, count, member->valuestring) : -1;
        if (next < 0 || state[next] == DONE)
            continue;
        if (state[next] == OPEN) {
            status = find_at(check, member, "node-sets.cycle", "`%s` contains itself by this", member->valuestring);
            continue;
        }
        state[next] = OPEN;
        stack[depth++] = (visit_frame){(uint64_t)next, cJSON_IsArray(set[next]) ? set[next]->child : NULL};
    }
out:
    return status;
}

static int check_cycles(const set_check *check)
{
    int status = 0;
    uint64_t count = 0;
    const cJSON **set = NULL;
    uint8_t *state = NULL;
    visit_frame *stack = NULL;

    for (const cJSON *item = check->sets->child; item != NULL; item = item->next)
        count++;
    status = sna_allocate(&set, count, sizeof *set);
    if (status == 0)
        status = sna_allocate(&state, count, sizeof *state);
    if (status == 0)
        status = sna_allocate(&stack, count, sizeof *stack);
    if (status != 0)
        goto out;
    count = 0;
    for (const cJSON *item = check->sets->child; item != NULL; item = item->next)
        set[count++] = item;
    for (uint64_t i = 0; i < count && status == 0; i++)
        status = follow(check, set, count, i, state, stack);
out:
    free(stack);
    free(state);
    free(set);
    return status;
}

/* ---- what they select --------------------------------------------------------------------------------------- */

/* Sets that hold no node of any population. */
static int check_matches(const set_check *check, const sna_node_sets *sets)
{
    int status = 0;
    sna_validator *self = check->validator;

    for (const cJSON *set = check->sets->child; set != NULL && status == 0; set = set->next) {
        uint64_t nodes = 0;
        bool all = self->nodes_complete;
        for (uint64_t i = 0; i < self->nodes.count && status == 0 && nodes == 0; i++) {
            sna_nodes *population = NULL;
            sna_selection rows = SNA_SELECTION;
            status = sna_checked_nodes_open(self, &self->nodes.population[i], &population);
            all = all && population != NULL;
            if (status == 0 && population != NULL) {
                status = sna_node_sets_select(sets, set->string, population, false, &rows);
                if (status != 0 && status != SNA_ENOMEM && status != SNA_ECANCELLED) {
                    all = false;
                    status = find_at(check, set, "node-sets.invalid", "%s", sna_error_message());
                }
                nodes += sna_selection_rows(&rows);
            }
            sna_selection_free(&rows);
        }
        if (status == 0 && nodes == 0 && all)
            status = find_at(check, set, "node-sets.empty", "`%s` holds no node", set->string);
    }
    return status;
}

/* ---- the documents ------------------------------------------------------------------------------------------ */

typedef struct {
    sna_json *json; /* owned for a file, NULL else */
    const sna_json *document;
    const cJSON *sets;
} set_source;

typedef struct {
    set_source *source;
    uint64_t count, capacity;
    bool incomplete; /* a file could not be read: it may hold any set */
} set_sources;

static int add_source(set_sources *self, set_source source)
{
    int status = 0;
    set_source *grown = sna_grow(self->source, &self->capacity, self->count + 1, sizeof *grown);

    if (grown == NULL) {
        sna_json_free(source.json);
        status = SNA_ENOMEM;
        goto out;
    }
    self->source = grown;
    self->source[self->count++] = source;
out:
    return status;
}

static int read_source(sna_validator *self, set_sources *sources, const char *path)
{
    sna_json *json = NULL;
    int status = sna_json_read(&json, path);
    const sna_place where = {path, NULL, 0};

    sources->incomplete = sources->incomplete || status != 0 || !cJSON_IsObject(sna_json_root(json));
    if (status == SNA_ENOTFOUND || status == SNA_EIO)
        status = sna_find(self, "file.missing", where, NULL, "%s", sna_error_message());
    else if (status == SNA_EFORMAT)
        status = sna_find(self, "json.invalid", where, NULL, "%s", sna_error_message());
    else if (status == 0 && !cJSON_IsObject(sna_json_root(json)))
        status = sna_find(self, "node-sets.value", where, NULL, "the file must hold an object of node sets");
    else if (status == 0) {
        status = add_source(sources, (set_source){json, json, sna_json_root(json)});
        json = NULL;
    }
    sna_json_free(json);
    return status;
}

static int list_known(const set_sources *sources, sna_list *known)
{
    int status = 0;

    for (uint64_t i = 0; i < sources->count && status == 0; i++)
        for (const cJSON *set = sources->source[i].sets->child; set != NULL && status == 0; set = set->next)
            status = sna_list_add(known, set->string);
    return status;
}

static int check_sources(sna_validator *self, const set_sources *sources, sna_node_sets **kept)
{
    int status = 0;
    sna_list known = SNA_LIST;
    sna_notes notes = SNA_NOTES;
    sna_node_sets *sets = NULL;
    const uint64_t errors = sna_validator_errors(self);

    status = list_known(sources, &known);
    for (uint64_t i = 0; i < sources->count && status == 0; i++) {
        const set_check check = {self, sources->source[i].document, sources->source[i].sets, &known,
                                 sources->incomplete};
        for (const cJSON *set = check.sets->child; set != NULL && status == 0; set = set->next)
            status = check_set(&check, set);
        if (status == 0)
            status = check_cycles(&check);
    }
    if (status == 0)
        status = sna_node_sets_create(&sets);
    for (uint64_t i = 0; i < sources->count && status == 0; i++) {
        status = sna_node_sets_add(sets, sources->source[i].document, sources->source[i].sets, NULL, &notes);
        if (status == 0 || status == SNA_ENOMEM)
            continue;
        /* The reader refuses: for what was found above, or for something else. */
        sna_node_sets_free(sets);
        sets = NULL;
        status =
            sna_validator_errors(self) > errors
                ? 0
                : sna_find(self, "node-sets.invalid", (sna_place){sna_json_name(sources->source[i].document), NULL, 0},
                           NULL, "%s", sna_error_message());
        goto out;
    }
    for (uint64_t i = 0; i < sources->count && status == 0 && !self->options.headers_only; i++) {
        const set_check check = {self, sources->source[i].document, sources->source[i].sets, &known,
                                 sources->incomplete};
        if (sna_validator_errors(self) == errors)
            status = check_matches(&check, sets);
    }
    if (status == 0 && kept != NULL && !sources->incomplete) {
        *kept = sets;
        sets = NULL;
    }
out:
    sna_node_sets_free(sets);
    sna_notes_free(&notes);
    sna_list_free(&known);
    return status;
}

static void free_sources(set_sources *sources)
{
    for (uint64_t i = 0; i < sources->count; i++)
        sna_json_free(sources->source[i].json);
    free(sources->source);
}

int sna_check_node_sets(sna_validator *self)
{
    int status = 0;
    set_sources sources = {NULL, 0, 0, false};

    for (uint64_t i = 0; i < self->config->node_sets_files.count && status == 0; i++)
        status = read_source(self, &sources, self->config->node_sets_files.text[i]);
    for (uint64_t i = 0; i < self->config->documents && status == 0; i++) {
        const sna_json *json = self->config->document[i].json;
        const cJSON *sets = sna_json_member(sna_json_root(json), "node_sets");
        if (cJSON_IsObject(sets))
            status = add_source(&sources, (set_source){NULL, json, sets});
    }
    if (status == 0)
        status = check_sources(self, &sources, &self->sets);
    free_sources(&sources);
    return status;
}

int sna_check_node_sets_file(sna_validator *self, const char *path)
{
    set_sources sources = {NULL, 0, 0, false};
    int status = read_source(self, &sources, path);

    if (status == 0 && sources.count > 0)
        status = check_sources(self, &sources, NULL);
    free_sources(&sources);
    return status;
}

bool sna_is_node_set(const sna_validator *self, const char *name)
{
    return self->sets == NULL || !self->nodes_complete || sna_node_sets_find(self->sets, name) != NULL ||
           sna_checked_nodes(self, name) != NULL || strcmp(name, "all") == 0;
}
