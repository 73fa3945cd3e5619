/* filter_run.c: filter expressions: settling what the names are, and testing rows.
 *
 * Rows go through the tree in batches, each node filling its room with what it gives for the batch. A condition on a
 * text is worked out once for each distinct text of the column, then looked up by code. */
#include "sonata/filter.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- binding ------------------------------------------------------------------------------------------------ */

/* "`x`", "5", "'PN'"... */
static const char *describe(const sna_filter *self, uint32_t at, char *buffer, size_t size)
{
    const sna_filter_node *node = &self->node[at];
    char number[SNA_NUMBER_SIZE];

    switch (node->op) {
    case SNA_FILTER_NAME:
        (void)snprintf(buffer, size, "`%.60s`", self->names.text[node->name]);
        break;
    case SNA_FILTER_INTEGER:
    case SNA_FILTER_REAL:
        (void)snprintf(buffer, size, "%s", sna_number_text(number, node->real));
        break;
    case SNA_FILTER_TEXT:
        (void)snprintf(buffer, size, "'%.60s'", node->text);
        break;
    case SNA_FILTER_TRUTH:
        (void)snprintf(buffer, size, "%s", node->integer != 0 ? "true" : "false");
        break;
    default:
        (void)snprintf(buffer, size, "%s", node->kind == SNA_FILTER_IS_TRUTH ? "a condition" : "what was computed");
    }
    return buffer;
}

static const char *kind_name(sna_filter_kind kind)
{
    static const char *const names[] = {"a number", "a number", "a text", "a condition"};

    return names[kind];
}

static bool is_number(const sna_filter_node *node)
{
    return node->kind == SNA_FILTER_IS_INTEGER || node->kind == SNA_FILTER_IS_REAL;
}

static int bind_name(const sna_filter *self, sna_filter_node *node)
{
    int status = 0;
    const char *name = self->names.text[node->name];
    const uint32_t width = self->width[node->name];

    switch (self->type[node->name]) {
    case SNA_INTEGER:
    case SNA_BOOLEAN:
        node->kind = SNA_FILTER_IS_INTEGER;
        break;
    case SNA_REAL:
        node->kind = SNA_FILTER_IS_REAL;
        break;
    case SNA_TEXT:
        node->kind = SNA_FILTER_IS_TEXT;
        break;
    }
    if (width > 1 && !node->has_part)
        status = sna_error(SNA_EINVAL,
                           "the condition \"%.200s\": `%s` has %" PRIu32
                           " values a row; say which: %s[0] to %s[%" PRIu32 "]",
                           self->text, name, width, name, name, width - 1);
    else if (node->part >= width)
        status = sna_error(
            SNA_EINVAL, "the condition \"%.200s\": `%s` has %" PRIu32 " value%s a row, so there is no %s[%" PRIu32 "]",
            self->text, name, width, width == 1 ? "" : "s", name, node->part);
    return status;
}

static int expect_number(const sna_filter *self, uint32_t at)
{
    char what[80];

    return is_number(&self->node[at])
               ? 0
               : sna_error(SNA_EINVAL, "the condition \"%.200s\": %s is %s, but is computed with", self->text,
                           describe(self, at, what, sizeof what), kind_name(self->node[at].kind));
}

/* A name stands for whether its value is true. */
static bool can_be_truth(const sna_filter_node *node)
{
    return node->kind == SNA_FILTER_IS_TRUTH || node->op == SNA_FILTER_NAME;
}

static int expect_truth(const sna_filter *self, uint32_t at)
{
    char what[80];

    return can_be_truth(&self->node[at])
               ? 0
               : sna_error(SNA_EINVAL, "the condition \"%.200s\": %s stands where a condition is needed", self->text,
                           describe(self, at, what, sizeof what));
}

static int bind_comparison(const sna_filter *self, const sna_filter_node *node)
{
    char a[80], b[80];
    const sna_filter_node *left = &self->node[node->left], *right = &self->node[node->right];
    const bool any_truth = left->kind == SNA_FILTER_IS_TRUTH || right->kind == SNA_FILTER_IS_TRUTH;
    const bool equality = node->op == SNA_FILTER_EQUAL || node->op == SNA_FILTER_UNEQUAL;

    if (any_truth ? equality && can_be_truth(left) && can_be_truth(right) : is_number(left) == is_number(right))
        return 0;
    return sna_error(SNA_EINVAL, "the condition \"%.200s\": %s (%s) is compared with %s (%s)", self->text,
                     describe(self, node->left, a, sizeof a), kind_name(left->kind),
                     describe(self, node->right, b, sizeof b), kind_name(right->kind));
}

static int bind_in(const sna_filter *self, const sna_filter_node *node)
{
    char what[80];
    const sna_filter_node *left = &self->node[node->left];
    const bool texts = node->texts.count > 0;

    if (texts ? left->kind == SNA_FILTER_IS_TEXT && left->op == SNA_FILTER_NAME : is_number(left))
        return 0;
    if (left->op == SNA_FILTER_TEXT)
        return sna_error(SNA_EINVAL, "the condition \"%.200s\": only an attribute can be looked for in a list of texts",
                         self->text);
    return sna_error(SNA_EINVAL, "the condition \"%.200s\": %s is %s, but is looked for in a list of %s", self->text,
                     describe(self, node->left, what, sizeof what), kind_name(left->kind), texts ? "texts" : "numbers");
}

static int bind_node(sna_filter *self, sna_filter_node *node)
{
    int status = 0;
    char what[80];

    switch (node->op) {
    case SNA_FILTER_INTEGER:
        node->kind = SNA_FILTER_IS_INTEGER;
        break;
    case SNA_FILTER_REAL:
        node->kind = SNA_FILTER_IS_REAL;
        break;
    case SNA_FILTER_TEXT:
        node->kind = SNA_FILTER_IS_TEXT;
        break;
    case SNA_FILTER_TRUTH:
    case SNA_FILTER_MISSING:
        node->kind = SNA_FILTER_IS_TRUTH;
        break;
    case SNA_FILTER_NAME:
        status = bind_name(self, node);
        break;
    case SNA_FILTER_NEGATE:
    case SNA_FILTER_ABSOLUTE:
        node->kind = SNA_FILTER_IS_REAL;
        status = expect_number(self, node->left);
        break;
    case SNA_FILTER_ADD:
    case SNA_FILTER_SUBTRACT:
    case SNA_FILTER_MULTIPLY:
    case SNA_FILTER_DIVIDE:
        node->kind = SNA_FILTER_IS_REAL;
        status = expect_number(self, node->left);
        if (status == 0)
            status = expect_number(self, node->right);
        break;
    case SNA_FILTER_IN:
        node->kind = SNA_FILTER_IS_TRUTH;
        status = bind_in(self, node);
        break;
    case SNA_FILTER_MATCH:
        node->kind = SNA_FILTER_IS_TRUTH;
        if (self->node[node->left].kind != SNA_FILTER_IS_TEXT || self->node[node->left].op != SNA_FILTER_NAME)
            status = sna_error(
                SNA_EINVAL, "the condition \"%.200s\": %s is %s, but =~ needs an attribute that is a text", self->text,
                describe(self, node->left, what, sizeof what), kind_name(self->node[node->left].kind));
        break;
    case SNA_FILTER_AND:
    case SNA_FILTER_OR:
        node->kind = SNA_FILTER_IS_TRUTH;
        status = expect_truth(self, node->left);
        if (status == 0)
            status = expect_truth(self, node->right);
        break;
    case SNA_FILTER_NOT:
        node->kind = SNA_FILTER_IS_TRUTH;
        status = expect_truth(self, node->left);
        break;
    default:
        node->kind = SNA_FILTER_IS_TRUTH;
        status = bind_comparison(self, node);
    }
    return status;
}

int sna_filter_bind(sna_filter *self, const sna_type *type, const uint32_t *width)
{
    int status = 0;

    if (self->type == NULL)
        status = sna_allocate(&self->type, self->names.count, sizeof *self->type);
    if (status == 0 && self->width == NULL)
        status = sna_allocate(&self->width, self->names.count, sizeof *self->width);
    for (uint64_t i = 0; i < self->names.count && status == 0; i++) {
        self->type[i] = type[i];
        self->width[i] = width == NULL ? 1 : width[i];
    }
    /* Children stand before their parents. */
    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        sna_filter_node *node = &self->node[i];
        status = bind_node(self, node);
        if (status == 0 && node->room == NULL)
            status = sna_allocate(&node->room, SNA_FILTER_BATCH, sizeof(double));
        if (status == 0 && node->op == SNA_FILTER_NAME && node->missing == NULL)
            status = sna_allocate(&node->missing, SNA_FILTER_BATCH, sizeof *node->missing);
    }
    if (status == 0)
        status = expect_truth(self, self->root);
    return status;
}

/* ---- values ------------------------------------------------------------------------------------------------- */

/* Rows of a batch: the i-th is row[first + i] of each view, or first + i. */
typedef struct {
    sna_filter *filter;
    const sna_view *view;
    uint64_t first, count;
} batch;

static uint64_t row_of(const batch *rows, const sna_view *view, uint64_t i)
{
    return view->row == NULL ? rows->first + i : view->row[rows->first + i];
}

static const int64_t *integers_of(const batch *rows, uint32_t at)
{
    const sna_filter_node *node = &rows->filter->node[at];
    int64_t *out = node->room;
    const sna_view *view = NULL;
    const sna_column *column = NULL;

    if (node->op == SNA_FILTER_INTEGER) {
        for (uint64_t i = 0; i < rows->count; i++)
            out[i] = node->integer;
        return out;
    }
    view = &rows->view[node->name];
    column = view->column;
    for (uint64_t i = 0; i < rows->count; i++) {
        const uint64_t row = row_of(rows, view, i);
        out[i] = column->integer[row * column->width + node->part];
        node->missing[i] = sna_column_is_missing(column, row);
    }
    return out;
}

static const double *reals_of_name(const batch *rows, const sna_filter_node *node)
{
    double *out = node->room;
    const sna_view *view = &rows->view[node->name];
    const sna_column *column = view->column;

    for (uint64_t i = 0; i < rows->count; i++) {
        const uint64_t row = row_of(rows, view, i), place = row * column->width + node->part;
        if (sna_column_is_missing(column, row))
            out[i] = (double)NAN;
        else
            out[i] = column->real != NULL ? column->real[place] : (double)column->integer[place];
    }
    return out;
}

static const double *reals_of(const batch *rows, uint32_t at)
{
    const sna_filter_node *node = &rows->filter->node[at];
    double *out = node->room;
    const double *a = NULL, *b = NULL;

    switch (node->op) {
    case SNA_FILTER_INTEGER:
    case SNA_FILTER_REAL:
        for (uint64_t i = 0; i < rows->count; i++)
            out[i] = node->real;
        return out;
    case SNA_FILTER_NAME:
        return reals_of_name(rows, node);
    default:
        break;
    }
    a = reals_of(rows, node->left);
    b = node->right != SNA_FILTER_NONE ? reals_of(rows, node->right) : a;
    for (uint64_t i = 0; i < rows->count; i++)
        switch (node->op) {
        case SNA_FILTER_NEGATE:
            out[i] = -a[i];
            break;
        case SNA_FILTER_ABSOLUTE:
            out[i] = fabs(a[i]);
            break;
        case SNA_FILTER_ADD:
            out[i] = a[i] + b[i];
            break;
        case SNA_FILTER_SUBTRACT:
            out[i] = a[i] - b[i];
            break;
        case SNA_FILTER_MULTIPLY:
            out[i] = a[i] * b[i];
            break;
        default:
            out[i] = a[i] / b[i];
        }
    return out;
}

/* ---- conditions --------------------------------------------------------------------------------------------- */

static int truths_of(const batch *rows, uint32_t at, const uint8_t **out);

/* Does the order of two values, below, same or above (-1, 0, 1), satisfy the comparison? */
static bool satisfies(sna_filter_op op, int order)
{
    switch (op) {
    case SNA_FILTER_EQUAL:
        return order == 0;
    case SNA_FILTER_UNEQUAL:
        return order != 0;
    case SNA_FILTER_LESS:
        return order < 0;
    case SNA_FILTER_LESS_EQUAL:
        return order <= 0;
    case SNA_FILTER_GREATER:
        return order > 0;
    default:
        return order >= 0;
    }
}

static void compare_integers(const batch *rows, sna_filter_node *node)
{
    uint8_t *out = node->room;
    const int64_t *a = integers_of(rows, node->left), *b = integers_of(rows, node->right);
    const sna_filter_node *left = &rows->filter->node[node->left], *right = &rows->filter->node[node->right];

    for (uint64_t i = 0; i < rows->count; i++) {
        const bool misses =
            (left->missing != NULL && left->missing[i]) || (right->missing != NULL && right->missing[i]);
        out[i] = misses ? node->op == SNA_FILTER_UNEQUAL : satisfies(node->op, a[i] < b[i] ? -1 : a[i] > b[i]);
    }
}

static void compare_reals(const batch *rows, sna_filter_node *node)
{
    uint8_t *out = node->room;
    const double *a = reals_of(rows, node->left), *b = reals_of(rows, node->right);

    for (uint64_t i = 0; i < rows->count; i++)
        out[i] = isnan(a[i]) || isnan(b[i]) ? node->op == SNA_FILTER_UNEQUAL
                                            : satisfies(node->op, a[i] < b[i] ? -1 : a[i] > b[i]);
}

/* A text of a row; NULL where it is missing. */
static const char *text_at(const batch *rows, const sna_filter_node *node, uint64_t i)
{
    const sna_view *view = NULL;
    uint64_t row = 0;

    if (node->op == SNA_FILTER_TEXT)
        return node->text;
    view = &rows->view[node->name];
    row = row_of(rows, view, i);
    if (sna_column_is_missing(view->column, row))
        return NULL;
    return view->column->texts->text[view->column->code[row * view->column->width + node->part]];
}

static void compare_texts(const batch *rows, sna_filter_node *node)
{
    uint8_t *out = node->room;
    const sna_filter_node *left = &rows->filter->node[node->left], *right = &rows->filter->node[node->right];

    for (uint64_t i = 0; i < rows->count; i++) {
        const char *a = text_at(rows, left, i), *b = text_at(rows, right, i);
        const int order = a == NULL || b == NULL ? 0 : strcmp(a, b);
        out[i] = a == NULL || b == NULL ? node->op == SNA_FILTER_UNEQUAL : satisfies(node->op, order);
    }
}

/* What the condition says of one text: it is compared with the node's constant. */
static bool judge(const sna_filter *self, const sna_filter_node *node, const char *text)
{
    const sna_filter_node *left = &self->node[node->left];

    if (node->op == SNA_FILTER_MATCH)
        return sna_pattern_matches(node->pattern, text);
    if (node->op == SNA_FILTER_IN)
        return sna_list_find(&node->texts, text) >= 0;
    return left->op == SNA_FILTER_TEXT ? satisfies(node->op, strcmp(left->text, text))
                                       : satisfies(node->op, strcmp(text, self->node[node->right].text));
}

/* A condition on the texts of one column. */
static int look_up_texts(const batch *rows, sna_filter_node *node, const sna_filter_node *name)
{
    int status = 0;
    uint8_t *out = node->room, *grown = NULL;
    const sna_view *view = &rows->view[name->name];
    const sna_column *column = view->column;

    if (node->verdict_texts != column->texts) {
        node->verdict_texts = column->texts;
        node->verdict_count = 0;
    }
    if (node->verdict_count < column->texts->count) {
        grown = sna_grow(node->verdict, &node->verdict_capacity, column->texts->count, sizeof *grown);
        if (grown == NULL) {
            status = SNA_ENOMEM;
            goto out;
        }
        node->verdict = grown;
        for (; node->verdict_count < column->texts->count; node->verdict_count++)
            node->verdict[node->verdict_count] = judge(rows->filter, node, column->texts->text[node->verdict_count]);
    }
    for (uint64_t i = 0; i < rows->count; i++) {
        const uint64_t row = row_of(rows, view, i);
        out[i] = sna_column_is_missing(column, row) ? node->op == SNA_FILTER_UNEQUAL
                                                    : node->verdict[column->code[row * column->width + name->part]];
    }
out:
    return status;
}

static void look_up_numbers(const batch *rows, sna_filter_node *node)
{
    uint8_t *out = node->room;
    const sna_filter_node *left = &rows->filter->node[node->left];

    if (left->kind == SNA_FILTER_IS_INTEGER && node->integers != NULL) {
        const int64_t *value = integers_of(rows, node->left);
        for (uint64_t i = 0; i < rows->count; i++)
            out[i] = (left->missing == NULL || !left->missing[i]) &&
                     bsearch(&value[i], node->integers, node->number_count, sizeof *value,
                             sna_filter_compare_integers) != NULL;
    } else {
        const double *value = reals_of(rows, node->left);
        for (uint64_t i = 0; i < rows->count; i++)
            out[i] = !isnan(value[i]) && bsearch(&value[i], node->reals, node->number_count, sizeof *value,
                                                 sna_filter_compare_reals) != NULL;
    }
}

static int compare(const batch *rows, sna_filter_node *node)
{
    int status = 0;
    const sna_filter_node *left = &rows->filter->node[node->left], *right = &rows->filter->node[node->right];

    if (left->kind == SNA_FILTER_IS_TRUTH || right->kind == SNA_FILTER_IS_TRUTH) {
        const uint8_t *a = NULL, *b = NULL;
        uint8_t *out = node->room;
        status = truths_of(rows, node->left, &a);
        if (status == 0)
            status = truths_of(rows, node->right, &b);
        for (uint64_t i = 0; i < rows->count && status == 0; i++)
            out[i] = (a[i] == b[i]) == (node->op == SNA_FILTER_EQUAL);
    } else if (left->kind == SNA_FILTER_IS_TEXT) {
        if (left->op == SNA_FILTER_NAME && right->op == SNA_FILTER_TEXT)
            status = look_up_texts(rows, node, left);
        else if (left->op == SNA_FILTER_TEXT && right->op == SNA_FILTER_NAME)
            status = look_up_texts(rows, node, right);
        else
            compare_texts(rows, node);
    } else if (left->kind == SNA_FILTER_IS_INTEGER && right->kind == SNA_FILTER_IS_INTEGER) {
        compare_integers(rows, node);
    } else {
        compare_reals(rows, node);
    }
    return status;
}

static void truths_of_name(const batch *rows, const sna_filter_node *node)
{
    uint8_t *out = node->room;
    const sna_view *view = &rows->view[node->name];

    for (uint64_t i = 0; i < rows->count; i++)
        out[i] = sna_column_is_true(view->column, row_of(rows, view, i));
}

static void missing_of_name(const batch *rows, sna_filter_node *node)
{
    uint8_t *out = node->room;
    const sna_filter_node *name = &rows->filter->node[node->left];
    const sna_view *view = &rows->view[name->name];
    const sna_column *column = view->column;

    for (uint64_t i = 0; i < rows->count; i++) {
        const uint64_t row = row_of(rows, view, i);
        out[i] = sna_column_is_missing(column, row) ||
                 (column->real != NULL && isnan(column->real[row * column->width + name->part]));
    }
}

static int combine(const batch *rows, sna_filter_node *node)
{
    int status = 0;
    uint8_t *out = node->room;
    const uint8_t *a = NULL, *b = NULL;

    status = truths_of(rows, node->left, &a);
    if (status == 0 && node->right != SNA_FILTER_NONE)
        status = truths_of(rows, node->right, &b);
    for (uint64_t i = 0; i < rows->count && status == 0; i++)
        out[i] = node->op == SNA_FILTER_NOT ? !a[i] : node->op == SNA_FILTER_AND ? a[i] && b[i] : a[i] || b[i];
    return status;
}

/* Whether the condition holds for each row of the batch, in the node's room. */
static int truths_of(const batch *rows, uint32_t at, const uint8_t **out)
{
    int status = 0;
    sna_filter_node *node = &rows->filter->node[at];

    *out = node->room;
    switch (node->op) {
    case SNA_FILTER_TRUTH:
        memset(node->room, node->integer != 0, (size_t)rows->count);
        break;
    case SNA_FILTER_NAME:
        truths_of_name(rows, node);
        break;
    case SNA_FILTER_MISSING:
        missing_of_name(rows, node);
        break;
    case SNA_FILTER_AND:
    case SNA_FILTER_OR:
    case SNA_FILTER_NOT:
        status = combine(rows, node);
        break;
    case SNA_FILTER_MATCH:
        status = look_up_texts(rows, node, &rows->filter->node[node->left]);
        break;
    case SNA_FILTER_IN:
        if (node->texts.count > 0)
            status = look_up_texts(rows, node, &rows->filter->node[node->left]);
        else
            look_up_numbers(rows, node);
        break;
    default:
        status = compare(rows, node);
    }
    return status;
}

int sna_filter_run(sna_filter *self, const sna_view *view, uint64_t count, uint8_t *keep)
{
    int status = 0;
    batch rows = {.filter = self, .view = view};
    bool is_bound = self->type != NULL;
    sna_type *type = NULL;
    uint32_t *width = NULL;

    for (uint64_t i = 0; i < self->names.count && is_bound; i++)
        is_bound = self->type[i] == view[i].column->type && self->width[i] == view[i].column->width;
    if (!is_bound) {
        status = sna_allocate(&type, self->names.count, sizeof *type);
        if (status == 0)
            status = sna_allocate(&width, self->names.count, sizeof *width);
        for (uint64_t i = 0; i < self->names.count && status == 0; i++) {
            type[i] = view[i].column->type;
            width[i] = view[i].column->width;
        }
        if (status == 0)
            status = sna_filter_bind(self, type, width);
    }
    for (; rows.first < count && status == 0; rows.first += rows.count) {
        const uint8_t *truth = NULL;
        rows.count = count - rows.first < SNA_FILTER_BATCH ? count - rows.first : SNA_FILTER_BATCH;
        status = truths_of(&rows, self->root, &truth);
        if (status == 0)
            memcpy(keep + rows.first, truth, (size_t)rows.count);
    }
    free(type);
    free(width);
    return status;
}
