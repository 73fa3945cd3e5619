/* node_sets_select.c: which nodes of a population are in a node set. */
#include "sonata/node_sets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- one value ---------------------------------------------------------------------------------------------- */

static bool compare_reals(sna_operator operator, double value, double with)
{
    switch (operator) {
    case SNA_IS:
        return value >= with && value <= with;
    case SNA_GREATER:
        return value > with;
    case SNA_LESS:
        return value < with;
    case SNA_AT_LEAST:
        return value >= with;
    case SNA_AT_MOST:
        return value <= with;
    case SNA_MATCHES:
        break;
    }
    return false;
}

static bool compare_integers(sna_operator operator, int64_t value, int64_t with)
{
    switch (operator) {
    case SNA_IS:
        return value == with;
    case SNA_GREATER:
        return value > with;
    case SNA_LESS:
        return value < with;
    case SNA_AT_LEAST:
        return value >= with;
    case SNA_AT_MOST:
        return value <= with;
    case SNA_MATCHES:
        break;
    }
    return false;
}

static bool integer_fits(int64_t value, const sna_criterion *criterion)
{
    if (criterion->type == SNA_INTEGER)
        return compare_integers(criterion->operator, value, criterion->integer);
    if (criterion->type == SNA_BOOLEAN)
        return (value != 0) == (criterion->integer != 0);
    return criterion->type == SNA_REAL && compare_reals(criterion->operator,(double) value, criterion->real);
}

/* A number in a file of single precision is the nearest one to what the set says. */
static bool real_fits(double value, const sna_criterion *criterion, bool is_single)
{
    const double with = is_single ? (double)(float)criterion->real : criterion->real;

    if (criterion->type == SNA_INTEGER || criterion->type == SNA_REAL)
        return compare_reals(criterion->operator, value, with);
    return criterion->type == SNA_BOOLEAN && (fpclassify(value) != FP_ZERO) == (criterion->integer != 0);
}

static bool text_fits(const char *text, const sna_criterion *criterion)
{
    char *end = NULL;
    double number = 0;

    if (criterion->operator== SNA_MATCHES)
        return sna_pattern_matches(criterion->pattern, text);
    if (criterion->type == SNA_TEXT)
        return strcmp(text, criterion->text) == 0;
    if (criterion->type == SNA_BOOLEAN)
        return strcasecmp(text, criterion->integer != 0 ? "true" : "false") == 0;
    /* A column that has words among its numbers is a column of texts. */
    number = strtod(text, &end);
    return end != text && *end == '\0' && compare_reals(criterion->operator, number, criterion->real);
}

/* ---- one clause --------------------------------------------------------------------------------------------- */

/* Do the operators of a clause all fit, or any of its values? */
#define FITS(clause, call)                                                    \
    bool fits = (clause)->all;                                                \
    for (uint64_t k = 0; k < (clause)->count && fits == (clause)->all; k++) { \
        const sna_criterion *criterion = &(clause)->criterion[k];             \
        fits = (call);                                                        \
    }

static int apply_texts(const sna_clause *clause, const sna_column *column, uint8_t *in)
{
    uint8_t *of_code = NULL;
    int status = sna_allocate(&of_code, column->texts->count, 1);

    for (uint64_t c = 0; c < column->texts->count && status == 0; c++) {
        FITS(clause, text_fits(column->texts->text[c], criterion))
        of_code[c] = fits;
    }
    for (uint64_t i = 0; i < column->count && status == 0; i++)
        in[i] = in[i] && !sna_column_is_missing(column, i) && of_code[column->code[i * column->width]];
    free(of_code);
    return status;
}

static int apply_attribute(const sna_clause *clause, sna_nodes *nodes, bool strict, uint8_t *in)
{
    int status = 0;
    const uint64_t count = sna_nodes_count(nodes);
    const sna_attribute *attribute = sna_nodes_find_attribute(nodes, clause->attribute);
    const sna_column *column = NULL;
    bool is_single = false;

    status = sna_nodes_column(nodes, clause->attribute, &column);
    if (status == SNA_ENOTFOUND && !strict) {
        memset(in, 0, (size_t)count);
        status = 0;
        goto out;
    }
    if (status != 0)
        goto out;
    if (column->type == SNA_TEXT) {
        status = apply_texts(clause, column, in);
        goto out;
    }
    is_single = attribute != NULL && attribute->storage == SNA_F32;
    for (uint64_t i = 0; i < count; i++) {
        if (!in[i])
            continue;
        if (sna_column_is_missing(column, i)) {
            in[i] = 0;
        } else if (column->type == SNA_INTEGER) {
            FITS(clause, integer_fits(sna_column_integer(column, i), criterion))
            in[i] = fits;
        } else {
            FITS(clause, real_fits(sna_column_real(column, i), criterion, is_single))
            in[i] = fits;
        }
    }
out:
    return status;
}

static int apply_ids(const sna_clause *clause, const sna_nodes *nodes, uint8_t *in)
{
    uint8_t *named = NULL;
    const uint64_t count = sna_nodes_count(nodes);
    int status = sna_allocate(&named, count, 1);

    if (status != 0)
        goto out;
    for (uint64_t k = 0; k < clause->count; k++) {
        const int64_t row = sna_nodes_row(nodes, clause->criterion[k].id);
        if (row >= 0)
            named[row] = 1;
    }
    for (uint64_t i = 0; i < count; i++)
        in[i] = in[i] && named[i];
out:
    free(named);
    return status;
}

static bool names_population(const sna_clause *clause, const char *population)
{
    for (uint64_t k = 0; k < clause->count; k++)
        if (strcmp(clause->criterion[k].text, population) == 0)
            return true;
    return false;
}

static int select_basic(const sna_node_set *set, sna_nodes *nodes, bool strict, sna_selection *out)
{
    int status = 0;
    uint8_t *in = NULL;
    const uint64_t count = sna_nodes_count(nodes);

    /* Of another population nothing has to be known. */
    for (uint64_t c = 0; c < set->count; c++)
        if (set->clause[c].kind == SNA_POPULATION_CLAUSE && !names_population(&set->clause[c], sna_nodes_name(nodes)))
            goto out;
    status = sna_allocate(&in, count, 1);
    if (status != 0 || count == 0)
        goto out;
    memset(in, 1, (size_t)count);
    for (uint64_t c = 0; c < set->count && status == 0; c++) {
        const sna_clause *clause = &set->clause[c];
        if (clause->kind == SNA_ID_CLAUSE)
            status = apply_ids(clause, nodes, in);
        else if (clause->kind == SNA_ATTRIBUTE_CLAUSE)
            status = apply_attribute(clause, nodes, strict, in);
    }
    status = sna_error_in(status, "%s", set->place);
    for (uint64_t i = 0; i < count && status == 0; i++)
        if (in[i])
            status = sna_selection_add(out, i, i + 1);
out:
    free(in);
    return status;
}

/* ---- compound sets ------------------------------------------------------------------------------------------ */

typedef enum { NEW, OPEN, DONE } progress;

typedef struct {
    uint64_t set, member; /* the member that comes next */
} frame;

/* Called when all members of a set are done. */
typedef int (*set_visitor)(void *context, const sna_node_sets *self, uint64_t set);
/* Called for a member that is no set; says whether that is all right. */
typedef int (*stranger_visitor)(void *context, const sna_node_set *set, const char *name);

/* Visits a set and those in it, members first, each once. Its own stack: sets may be nested deeper than C's. */
static int walk(const sna_node_sets *self, uint64_t start, uint8_t *done, set_visitor visit, stranger_visitor strange,
                void *context)
{
    int status = 0;
    uint64_t depth = 0, capacity = 0;
    frame *stack = NULL, *grown = NULL;

    if (done[start] == DONE)
        goto out;
    grown = sna_grow(stack, &capacity, 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    stack = grown;
    stack[depth++] = (frame){start, 0};
    done[start] = OPEN;
    while (depth > 0 && status == 0) {
        frame *top = &stack[depth - 1];
        const sna_node_set *set = &self->set[top->set], *member = NULL;
        uint64_t index = 0;
        if (!set->is_compound || top->member == set->members.count) {
            status = visit(context, self, top->set);
            done[top->set] = DONE;
            depth--;
            continue;
        }
        member = sna_node_sets_find(self, set->members.text[top->member]);
        if (member == NULL) {
            status = strange(context, set, set->members.text[top->member]);
            top->member++;
            continue;
        }
        top->member++;
        index = (uint64_t)(member - self->set);
        if (done[index] == DONE)
            continue;
        if (done[index] == OPEN) {
            status = sna_error(SNA_EFORMAT, "%s: it contains itself, through `%s`", set->place, member->name);
            break;
        }
        grown = sna_grow(stack, &capacity, depth + 1, sizeof *grown);
        if (grown == NULL) {
            status = SNA_ENOMEM;
            break;
        }
        stack = grown;
        stack[depth++] = (frame){index, 0};
        done[index] = OPEN;
    }
out:
    free(stack);
    return status;
}

static int no_set(const sna_node_sets *self, const char *name, const char *place)
{
    int status = 0;
    const char *guess = NULL;
    sna_list names = SNA_LIST;
    sna_string text = SNA_STRING;

    for (uint64_t i = 0; i < self->count && status == 0; i++)
        status = sna_list_add(&names, self->set[i].name);
    if (status == 0)
        status = sna_list_join(&names, 30, &text);
    if (status == 0) {
        guess = sna_closest(name, (const char *const *)names.text, names.count);
        status = sna_error(
            place != NULL ? SNA_EFORMAT : SNA_ENOTFOUND, "%s%sthere is no node set `%s`%s%s%s (there is: %s)",
            place != NULL ? place : "", place != NULL ? ": " : "", name, guess != NULL ? "; is it `" : "",
            guess != NULL ? guess : "", guess != NULL ? "`?" : "", names.count > 0 ? sna_string_text(&text) : "none");
    }
    sna_string_free(&text);
    sna_list_free(&names);
    return status;
}

/* ---- checking ----------------------------------------------------------------------------------------------- */

typedef struct {
    const sna_node_sets *sets;
    const sna_list *populations;
} check_context;

static int visit_nothing(void *context, const sna_node_sets *self, uint64_t set)
{
    (void)context;
    (void)self;
    (void)set;
    return 0;
}

static int check_stranger(void *context, const sna_node_set *set, const char *name)
{
    const check_context *check = context;

    if (strcmp(name, "all") == 0 || (check->populations != NULL && sna_list_find(check->populations, name) >= 0))
        return 0;
    return no_set(check->sets, name, set->place);
}

int sna_node_sets_check(const sna_node_sets *self, const sna_list *populations)
{
    uint8_t *done = NULL;
    check_context context = {self, populations};
    int status = sna_allocate(&done, self->count, 1);

    for (uint64_t i = 0; i < self->count && status == 0; i++)
        status = walk(self, i, done, visit_nothing, check_stranger, &context);
    free(done);
    return status;
}

/* ---- selecting ---------------------------------------------------------------------------------------------- */

typedef struct {
    sna_nodes *nodes;
    bool strict;
    sna_selection *result; /* [sets] */
    const sna_node_sets *sets;
} select_context;

/* Is `name` a set without being defined: the population's name, or "all"? */
static bool is_implicit(const sna_nodes *nodes, const char *name)
{
    return strcmp(name, "all") == 0 || strcmp(name, sna_nodes_name(nodes)) == 0;
}

static int visit_select(void *context, const sna_node_sets *self, uint64_t set)
{
    select_context *select = context;
    const sna_node_set *s = &self->set[set];
    sna_selection *result = &select->result[set];
    int status = 0;

    if (!s->is_compound) {
        status = select_basic(s, select->nodes, select->strict, result);
        goto out;
    }
    for (uint64_t i = 0; i < s->members.count && status == 0; i++) {
        const sna_node_set *member = sna_node_sets_find(self, s->members.text[i]);
        const sna_selection *from = member == NULL ? NULL : &select->result[member - self->set];
        if (from == NULL) {
            if (is_implicit(select->nodes, s->members.text[i]))
                status = sna_selection_add(result, 0, sna_nodes_count(select->nodes));
            continue;
        }
        for (uint64_t r = 0; r < from->count && status == 0; r++)
            status = sna_selection_add(result, from->range[r].first, from->range[r].end);
    }
    if (status == 0)
        status = sna_selection_sort(result);
out:
    return status;
}

/* Another population's name is an empty set here; whether it is one is for sna_node_sets_check to say. */
static int accept_stranger(void *context, const sna_node_set *set, const char *name)
{
    (void)context;
    (void)set;
    (void)name;
    return 0;
}

int sna_node_sets_select(const sna_node_sets *self, const char *name, sna_nodes *nodes, bool strict, sna_selection *out)
{
    int status = 0;
    uint8_t *done = NULL;
    const sna_node_set *set = sna_node_sets_find(self, name);
    select_context context = {.nodes = nodes, .strict = strict, .sets = self};

    out->count = 0;
    if (set == NULL) {
        status =
            is_implicit(nodes, name) ? sna_selection_add(out, 0, sna_nodes_count(nodes)) : no_set(self, name, NULL);
        goto out;
    }
    status = sna_allocate(&done, self->count, 1);
    if (status == 0)
        status = sna_allocate(&context.result, self->count, sizeof *context.result);
    if (status == 0)
        status = walk(self, (uint64_t)(set - self->set), done, visit_select, accept_stranger, &context);
    if (status == 0) {
        sna_selection *result = &context.result[set - self->set];
        for (uint64_t i = 0; i < result->count && status == 0; i++)
            status = sna_selection_add(out, result->range[i].first, result->range[i].end);
    }
out:
    for (uint64_t i = 0; context.result != NULL && i < self->count; i++)
        sna_selection_free(&context.result[i]);
    free(context.result);
    free(done);
    return status;
}
