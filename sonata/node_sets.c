/* node_sets.c: reading node sets. node_sets_select.c evaluates them. */
#include "sonata/node_sets.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

int sna_node_sets_create(sna_node_sets **out)
{
    return sna_allocate(out, 1, sizeof **out);
}

const sna_node_set *sna_node_sets_find(const sna_node_sets *self, const char *name)
{
    for (uint64_t i = 0; i < self->count; i++)
        if (strcmp(self->set[i].name, name) == 0)
            return &self->set[i];
    return NULL;
}

static void free_set(sna_node_set *set)
{
    for (uint64_t c = 0; c < set->count; c++) {
        sna_clause *clause = &set->clause[c];
        for (uint64_t i = 0; i < clause->count; i++) {
            free(clause->criterion[i].text);
            sna_pattern_free(clause->criterion[i].pattern);
        }
        free(clause->criterion);
        free(clause->attribute);
    }
    free(set->clause);
    sna_list_free(&set->members);
    free(set->name);
    free(set->place);
    *set = (sna_node_set){0};
}

/* ---- patterns ----------------------------------------------------------------------------------------------- */

static int compile(const sna_json *json, const cJSON *item, sna_pattern **out)
{
    int status = sna_pattern_create(out, item->valuestring);

    if (status == SNA_EFORMAT)
        status = sna_json_error(json, item, SNA_EFORMAT, "%s", sna_error_message());
    return status;
}

/* ---- clauses ------------------------------------------------------------------------------------------------ */

static int new_criterion(sna_clause *clause, sna_criterion **out)
{
    sna_criterion *grown = sna_grow(clause->criterion, &clause->capacity, clause->count + 1, sizeof *grown);

    *out = NULL;
    if (grown == NULL)
        return SNA_ENOMEM;
    clause->criterion = grown;
    *out = &clause->criterion[clause->count++];
    **out = (sna_criterion){0};
    return 0;
}

static int read_number(const sna_json *json, const cJSON *item, sna_criterion *criterion)
{
    int status = sna_json_real(json, item, &criterion->real);

    criterion->type = SNA_REAL;
    if (status == 0 && criterion->real >= -0x1p63 && criterion->real < 0x1p63 &&
        (double)(int64_t)criterion->real >= criterion->real && (double)(int64_t)criterion->real <= criterion->real) {
        /* Exactly: a double has 53 bits. What is written as 2.0 is taken as 2. */
        if (sna_json_integer(json, item, &criterion->integer) != 0)
            criterion->integer = (int64_t)criterion->real;
        criterion->type = SNA_INTEGER;
    }
    return status;
}

/* A scalar that the attribute may be equal to. */
static int add_value(const sna_json *json, const cJSON *item, sna_clause *clause)
{
    sna_criterion *criterion = NULL;
    int status = new_criterion(clause, &criterion);

    if (status != 0)
        goto out;
    if (clause->kind == SNA_ID_CLAUSE) {
        status = sna_json_unsigned(json, item, &criterion->id);
    } else if (clause->kind == SNA_POPULATION_CLAUSE || cJSON_IsString(item)) {
        const char *text = NULL;
        status = sna_json_text(json, item, &text);
        criterion->type = SNA_TEXT;
        if (status == 0)
            status = sna_text_copy(&criterion->text, text);
    } else if (cJSON_IsBool(item)) {
        criterion->type = SNA_BOOLEAN;
        criterion->integer = cJSON_IsTrue(item);
    } else if (cJSON_IsNumber(item)) {
        status = read_number(json, item, criterion);
    } else {
        status = sna_json_error(json, item, SNA_EFORMAT, "a number, a text, true or false is expected");
    }
out:
    return status;
}

static int add_operator(const sna_json *json, const cJSON *item, sna_clause *clause)
{
    static const char *const names[] = {"", "$regex", "$gt", "$lt", "$gte", "$lte"};
    sna_criterion *criterion = NULL;
    size_t i = SNA_MATCHES;
    int status = new_criterion(clause, &criterion);

    if (status != 0)
        goto out;
    while (i <= SNA_AT_MOST && strcmp(item->string, names[i]) != 0)
        i++;
    if (i > SNA_AT_MOST) {
        status = sna_json_error(json, item, SNA_EFORMAT,
                                "`%s` is no operator (there are $regex, $gt, $lt, $gte and $lte)", item->string);
        goto out;
    }
    criterion->operator=(sna_operator) i;
    if (criterion->operator== SNA_MATCHES) {
        const char *text = NULL;
        status = sna_json_text(json, item, &text);
        if (status == 0)
            status = compile(json, item, &criterion->pattern);
    } else if (cJSON_IsNumber(item)) {
        status = read_number(json, item, criterion);
    } else {
        status = sna_json_error(json, item, SNA_EFORMAT, "%s needs a number", item->string);
    }
out:
    return status;
}

static int read_clause(const sna_json *json, const cJSON *item, sna_clause *clause)
{
    int status = sna_text_copy(&clause->attribute, item->string);

    if (status != 0)
        goto out;
    if (strcmp(item->string, "population") == 0 || strcmp(item->string, "populations") == 0)
        clause->kind = SNA_POPULATION_CLAUSE;
    else if (strcmp(item->string, "node_id") == 0 || strcmp(item->string, "node_ids") == 0)
        clause->kind = SNA_ID_CLAUSE;
    if (cJSON_IsObject(item) && clause->kind != SNA_ATTRIBUTE_CLAUSE) {
        status = sna_json_error(json, item, SNA_EFORMAT, "%s takes a value or a list", item->string);
    } else if (cJSON_IsObject(item)) {
        clause->all = true;
        if (item->child == NULL)
            status = sna_json_error(json, item, SNA_EFORMAT, "an operator is expected ($regex, $gt, $lt, $gte, $lte)");
        for (const cJSON *child = item->child; child != NULL && status == 0; child = child->next)
            status = add_operator(json, child, clause);
    } else if (cJSON_IsArray(item)) {
        for (const cJSON *child = item->child; child != NULL && status == 0; child = child->next)
            status = add_value(json, child, clause);
    } else {
        status = add_value(json, item, clause);
    }
out:
    return status;
}

static int new_clause(sna_node_set *set, sna_clause **out)
{
    sna_clause *grown = sna_grow(set->clause, &set->capacity, set->count + 1, sizeof *grown);

    *out = NULL;
    if (grown == NULL)
        return SNA_ENOMEM;
    set->clause = grown;
    *out = &set->clause[set->count++];
    **out = (sna_clause){0};
    return 0;
}

/* ---- sets --------------------------------------------------------------------------------------------------- */

static int read_list(const sna_json *json, const cJSON *item, sna_node_set *set, sna_notes *notes)
{
    int status = 0;
    uint64_t numbers = 0, others = 0;
    sna_clause *clause = NULL;

    for (const cJSON *child = item->child; child != NULL; child = child->next)
        if (cJSON_IsNumber(child))
            numbers++;
        else
            others++;
    if (numbers > 0 && others == 0) {
        status = sna_notes_add(notes, "node-sets.id-list", sna_json_name(json), set->name,
                               "a list of numbers is read as node ids, as BMTK does");
        if (status == 0)
            status = new_clause(set, &clause);
        if (status == 0) {
            clause->kind = SNA_ID_CLAUSE;
            status = sna_text_copy(&clause->attribute, "node_id");
        }
        for (const cJSON *child = item->child; child != NULL && status == 0; child = child->next)
            status = add_value(json, child, clause);
        goto out;
    }
    set->is_compound = true;
    for (const cJSON *child = item->child; child != NULL && status == 0; child = child->next) {
        const char *name = NULL;
        status = sna_json_text(json, child, &name);
        if (status == 0)
            status = sna_list_add(&set->members, name);
    }
out:
    return status;
}

static int read_set(const sna_json *json, const cJSON *item, sna_node_set *set, sna_notes *notes)
{
    int status = sna_text_copy(&set->name, item->string);

    if (status == 0)
        status = sna_text_format(&set->place, "%s: node set `%s`", sna_json_name(json), item->string);
    if (status != 0)
        goto out;
    if (cJSON_IsArray(item)) {
        status = read_list(json, item, set, notes);
    } else if (cJSON_IsObject(item)) {
        if (item->child == NULL)
            status = sna_json_error(json, item, SNA_EFORMAT,
                                    "a node set needs at least one condition (all nodes are the set \"all\")");
        for (const cJSON *child = item->child; child != NULL && status == 0; child = child->next) {
            sna_clause *clause = NULL;
            status = new_clause(set, &clause);
            if (status == 0)
                status = read_clause(json, child, clause);
        }
    } else {
        status = sna_json_error(json, item, SNA_EFORMAT,
                                "a node set is an object of conditions or a list of other sets' names");
    }
out:
    return status;
}

static int keep_set(sna_node_sets *self, sna_node_set *set, sna_list *replaced)
{
    int status = 0;
    sna_node_set *grown = NULL;

    for (uint64_t i = 0; i < self->count; i++)
        if (strcmp(self->set[i].name, set->name) == 0) {
            if (replaced != NULL)
                status = sna_list_add(replaced, set->name);
            if (status == 0) {
                free_set(&self->set[i]);
                self->set[i] = *set;
                *set = (sna_node_set){0};
            }
            goto out;
        }
    grown = sna_grow(self->set, &self->capacity, self->count + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->set = grown;
    self->set[self->count++] = *set;
    *set = (sna_node_set){0};
out:
    return status;
}

int sna_node_sets_add(sna_node_sets *self, const sna_json *json, const cJSON *object, sna_list *replaced,
                      sna_notes *notes)
{
    int status = sna_json_expect_object(json, object);

    for (const cJSON *item = status == 0 ? object->child : NULL; item != NULL && status == 0; item = item->next) {
        sna_node_set set = {0};
        status = read_set(json, item, &set, notes);
        if (status == 0)
            status = keep_set(self, &set, replaced);
        free_set(&set);
    }
    return status;
}

int sna_node_sets_read(sna_node_sets *self, const char *path, sna_list *replaced, sna_notes *notes)
{
    sna_json *json = NULL;
    int status = sna_json_read(&json, path);

    if (status == 0)
        status = sna_node_sets_add(self, json, sna_json_root(json), replaced, notes);
    sna_json_free(json);
    return status;
}

int sna_node_sets_parse(sna_node_sets *self, const char *text, uint64_t length, const char *name, sna_list *replaced,
                        sna_notes *notes)
{
    sna_json *json = NULL;
    int status = sna_json_parse(&json, text, length, name);

    if (status == 0)
        status = sna_node_sets_add(self, json, sna_json_root(json), replaced, notes);
    sna_json_free(json);
    return status;
}

uint64_t sna_node_sets_count(const sna_node_sets *self)
{
    return self->count;
}

const char *sna_node_sets_name(const sna_node_sets *self, uint64_t index)
{
    return index < self->count ? self->set[index].name : NULL;
}

void sna_node_sets_free(sna_node_sets *self)
{
    if (self == NULL)
        return;
    for (uint64_t i = 0; i < self->count; i++)
        free_set(&self->set[i]);
    free(self->set);
    free(self);
}
