/* filter.c: filter expressions: from text to tree. filter_run.c tests rows with it.
 *
 * By recursive descent, loosest first:
 *     either     = both {("or" | "||" | "|") both}
 *     both       = refusal {("and" | "&&" | "&") refusal}
 *     refusal    = {"not" | "!" | "~"} comparison
 *     comparison = sum {("==" | "=" | "!=" | "<>" | "<" | "<=" | ">" | ">=") sum}
 *                | sum ["not"] "in" list | sum "=~" text
 *     sum        = product {("+" | "-") product}
 *     product    = factor {("*" | "/") factor}
 *     factor     = {"-" | "+"} primary
 *     primary    = number | text | "true" | "false" | name ["[" number "]"] | "abs" "(" either ")"
 *                | "missing" "(" name ")" | "(" either ")" */
#include "sonata/filter.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The tree is walked by recursion: a chain of `or` makes it as deep as the chain is long. */
enum { DEPTH_LIMIT = 200, NODE_LIMIT = 5000 };

typedef enum { END, NUMBER, TEXT, NAME, WORD, SIGN } token_kind;

typedef struct {
    sna_filter *filter;
    const char *text;
    uint64_t at;    /* behind the token */
    uint64_t start; /* of the token */
    token_kind kind;
    char sign[3];     /* of a sign: "<=" */
    sna_string value; /* of a text, a name or a word; a number's digits */
    unsigned depth;
} parser;

/* ---- words -------------------------------------------------------------------------------------------------- */

static int complain(const parser *self, const char *expected)
{
    char found[64];

    if (self->kind == END)
        (void)snprintf(found, sizeof found, "it ends");
    else
        (void)snprintf(found, sizeof found, "found `%.*s`",
                       (int)(self->at - self->start < 40 ? self->at - self->start : 40), self->text + self->start);
    return sna_error(SNA_EINVAL, "the condition \"%.200s\": at character %" PRIu64 " %s, expected %s", self->text,
                     self->start + 1, found, expected);
}

/* A quoted text; its quote doubled or behind a backslash stands for itself. */
static int take_quoted(parser *self, char quote)
{
    int status = 0;

    while (self->text[self->at] != '\0') {
        const char *c = &self->text[self->at];
        uint64_t skip = 1;
        if (*c == quote && c[1] != quote) {
            self->at++;
            goto out;
        }
        if (*c == quote || (*c == '\\' && (c[1] == quote || c[1] == '\\'))) {
            c++;
            skip = 2;
        }
        status = sna_string_append_bytes(&self->value, c, 1);
        if (status != 0)
            goto out;
        self->at += skip;
    }
    status = sna_error(SNA_EINVAL, "the condition \"%.200s\": the quote at character %" PRIu64 " is never closed",
                       self->text, self->start + 1);
out:
    return status;
}

static bool starts_word(char c)
{
    return isalpha((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool continues_word(char c)
{
    return starts_word(c) || isdigit((unsigned char)c) || c == '.';
}

static uint64_t number_length(const char *text)
{
    uint64_t n = strspn(text, "0123456789");

    if (text[n] == '.')
        n += 1 + strspn(text + n + 1, "0123456789");
    if (text[n] == 'e' || text[n] == 'E') {
        const uint64_t sign = text[n + 1] == '+' || text[n + 1] == '-' ? 1 : 0;
        const uint64_t digits = strspn(text + n + 1 + sign, "0123456789");
        n += digits > 0 ? 1 + sign + digits : 0;
    }
    return n;
}

static int take_sign(parser *self)
{
    static const char *const signs[] = {"==", "!=", "<>", "<=", ">=", "=~", "&&", "||", "=", "<", ">", "&", "|",
                                        "!",  "~",  "+",  "-",  "*",  "/",  "(",  ")",  "[", "]", "{", "}", ","};

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        const size_t length = strlen(signs[i]);
        if (strncmp(self->text + self->at, signs[i], length) == 0) {
            memcpy(self->sign, signs[i], length + 1);
            self->at += length;
            return 0;
        }
    }
    self->at++;
    return complain(self, "a name, a value or an operator");
}

/* Reads the next token. */
static int advance(parser *self)
{
    int status = 0;
    uint64_t length = 0;
    char c;

    while (isspace((unsigned char)self->text[self->at]))
        self->at++;
    self->start = self->at;
    self->value.length = 0;
    status = sna_string_append(&self->value, "");
    if (status != 0)
        goto out;
    c = self->text[self->at];
    if (c == '\0') {
        self->kind = END;
    } else if (c == '\'' || c == '"' || c == '`') {
        self->kind = c == '`' ? NAME : TEXT;
        self->at++;
        status = take_quoted(self, c);
    } else if (isdigit((unsigned char)c) || (c == '.' && isdigit((unsigned char)self->text[self->at + 1]))) {
        self->kind = NUMBER;
        length = number_length(self->text + self->at);
    } else if (starts_word(c)) {
        self->kind = WORD;
        while (continues_word(self->text[self->at + length]))
            length++;
    } else {
        self->kind = SIGN;
        status = take_sign(self);
    }
    if (status == 0 && length > 0) {
        status = sna_string_append_bytes(&self->value, self->text + self->at, length);
        self->at += length;
    }
out:
    return status;
}

static bool is_sign(const parser *self, const char *sign)
{
    return self->kind == SIGN && strcmp(self->sign, sign) == 0;
}

static bool is_word(const parser *self, const char *word)
{
    return self->kind == WORD && strcasecmp(sna_string_text(&self->value), word) == 0;
}

/* Steps over a sign that must be there. */
static int expect(parser *self, const char *sign)
{
    char expected[16];

    if (is_sign(self, sign))
        return advance(self);
    (void)snprintf(expected, sizeof expected, "`%s`", sign);
    return complain(self, expected);
}

/* ---- the tree ----------------------------------------------------------------------------------------------- */

static int add_node(parser *self, sna_filter_op op, uint32_t left, uint32_t right, uint32_t *out)
{
    sna_filter *filter = self->filter;
    sna_filter_node *grown = NULL;

    if (filter->count >= NODE_LIMIT)
        return sna_error(SNA_EINVAL, "the condition \"%.100s...\" is too long; `in [...]` takes any number of values",
                         self->text);
    grown = sna_grow(filter->node, &filter->capacity, filter->count + 1, sizeof *grown);
    if (grown == NULL)
        return SNA_ENOMEM;
    filter->node = grown;
    *out = (uint32_t)filter->count;
    filter->node[filter->count++] = (sna_filter_node){.op = op, .left = left, .right = right, .texts = SNA_LIST};
    return 0;
}

static int parse_either(parser *self, uint32_t *out);

/* Reads a number into the constant node `at`. */
static int set_number(parser *self, sna_filter_node *node)
{
    const char *digits = sna_string_text(&self->value);

    node->op = SNA_FILTER_INTEGER;
    if (strspn(digits, "0123456789") != strlen(digits) || sna_integer_parse(&node->integer, digits) != 0) {
        node->op = SNA_FILTER_REAL;
        if (sna_number_parse(&node->real, digits) != 0)
            return complain(self, "a number that fits");
    } else {
        node->real = (double)node->integer;
    }
    return 0;
}

static int parse_name(parser *self, uint32_t *out)
{
    int status = 0;
    const char *name = sna_string_text(&self->value);
    int64_t known = sna_list_find(&self->filter->names, name);
    uint64_t part = 0;

    if (known < 0) {
        known = (int64_t)self->filter->names.count;
        status = sna_list_add(&self->filter->names, name);
    }
    if (status == 0)
        status = add_node(self, SNA_FILTER_NAME, SNA_FILTER_NONE, SNA_FILTER_NONE, out);
    if (status != 0)
        goto out;
    self->filter->node[*out].name = (uint32_t)known;
    status = advance(self);
    if (status != 0 || !is_sign(self, "["))
        goto out;
    status = advance(self);
    if (status == 0 &&
        (self->kind != NUMBER || sna_unsigned_parse(&part, sna_string_text(&self->value)) != 0 || part > UINT32_MAX))
        status = complain(self, "the place of a value in its row: 0, 1, 2...");
    if (status == 0)
        status = advance(self);
    if (status == 0)
        status = expect(self, "]");
    if (status == 0) {
        self->filter->node[*out].part = (uint32_t)part;
        self->filter->node[*out].has_part = true;
    }
out:
    return status;
}

/* abs(value), missing(name) */
static int parse_call(parser *self, sna_filter_op op, uint32_t *out)
{
    int status = 0;
    uint32_t inner = SNA_FILTER_NONE;

    status = advance(self);
    if (status == 0)
        status = expect(self, "(");
    if (status == 0 && op == SNA_FILTER_MISSING && self->kind != WORD && self->kind != NAME)
        status = complain(self, "the name of an attribute");
    if (status == 0)
        status = op == SNA_FILTER_MISSING ? parse_name(self, &inner) : parse_either(self, &inner);
    if (status == 0)
        status = expect(self, ")");
    if (status == 0)
        status = add_node(self, op, inner, SNA_FILTER_NONE, out);
    return status;
}

/* Is the next thing behind this word a parenthesis? */
static bool is_call(const parser *self, const char *word)
{
    return is_word(self, word) && self->text[self->at + strspn(self->text + self->at, " \t")] == '(';
}

static int parse_primary(parser *self, uint32_t *out)
{
    int status = 0;

    if (is_sign(self, "(")) {
        status = advance(self);
        if (status == 0)
            status = parse_either(self, out);
        if (status == 0)
            status = expect(self, ")");
    } else if (self->kind == NUMBER) {
        status = add_node(self, SNA_FILTER_INTEGER, SNA_FILTER_NONE, SNA_FILTER_NONE, out);
        if (status == 0)
            status = set_number(self, &self->filter->node[*out]);
        if (status == 0)
            status = advance(self);
    } else if (self->kind == TEXT) {
        status = add_node(self, SNA_FILTER_TEXT, SNA_FILTER_NONE, SNA_FILTER_NONE, out);
        if (status == 0)
            status = sna_text_copy(&self->filter->node[*out].text, sna_string_text(&self->value));
        if (status == 0)
            status = advance(self);
    } else if (is_word(self, "true") || is_word(self, "false")) {
        status = add_node(self, SNA_FILTER_TRUTH, SNA_FILTER_NONE, SNA_FILTER_NONE, out);
        if (status == 0) {
            self->filter->node[*out].integer = is_word(self, "true");
            status = advance(self);
        }
    } else if (is_call(self, "abs")) {
        status = parse_call(self, SNA_FILTER_ABSOLUTE, out);
    } else if (is_call(self, "missing")) {
        status = parse_call(self, SNA_FILTER_MISSING, out);
    } else if (is_word(self, "and") || is_word(self, "or") || is_word(self, "in") || is_word(self, "not")) {
        status = complain(self, "a name or a value (`...` around a name that is a word of the language)");
    } else if (self->kind == WORD || self->kind == NAME) {
        status = parse_name(self, out);
    } else {
        status = complain(self, "a name or a value");
    }
    return status;
}

static int parse_factor(parser *self, uint32_t *out)
{
    int status = 0;
    bool negative = false;
    sna_filter_node *node = NULL;

    while (status == 0 && (is_sign(self, "-") || is_sign(self, "+"))) {
        negative = negative != is_sign(self, "-");
        status = advance(self);
    }
    if (status == 0)
        status = parse_primary(self, out);
    if (status != 0 || !negative)
        goto out;
    node = &self->filter->node[*out];
    if (node->op == SNA_FILTER_INTEGER || node->op == SNA_FILTER_REAL) {
        node->integer = -node->integer;
        node->real = -node->real;
    } else {
        status = add_node(self, SNA_FILTER_NEGATE, *out, SNA_FILTER_NONE, out);
    }
out:
    return status;
}

static int parse_product(parser *self, uint32_t *out)
{
    int status = parse_factor(self, out);

    while (status == 0 && (is_sign(self, "*") || is_sign(self, "/"))) {
        const sna_filter_op op = is_sign(self, "*") ? SNA_FILTER_MULTIPLY : SNA_FILTER_DIVIDE;
        uint32_t right = SNA_FILTER_NONE;
        status = advance(self);
        if (status == 0)
            status = parse_factor(self, &right);
        if (status == 0)
            status = add_node(self, op, *out, right, out);
    }
    return status;
}

static int parse_sum(parser *self, uint32_t *out)
{
    int status = parse_product(self, out);

    while (status == 0 && (is_sign(self, "+") || is_sign(self, "-"))) {
        const sna_filter_op op = is_sign(self, "+") ? SNA_FILTER_ADD : SNA_FILTER_SUBTRACT;
        uint32_t right = SNA_FILTER_NONE;
        status = advance(self);
        if (status == 0)
            status = parse_product(self, &right);
        if (status == 0)
            status = add_node(self, op, *out, right, out);
    }
    return status;
}

/* ---- comparisons -------------------------------------------------------------------------------------------- */

int sna_filter_compare_reals(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

int sna_filter_compare_integers(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

/* One entry of a list, a text or a number. */
static int parse_entry(parser *self, sna_filter_node *list, uint64_t *integer_capacity, uint64_t *real_capacity,
                       bool *only_integers)
{
    int status = 0;
    bool negative = false;
    sna_filter_node number = {0};
    int64_t *integers = NULL;
    double *reals = NULL;

    if (self->kind == TEXT && list->number_count == 0) {
        status = sna_list_add(&list->texts, sna_string_text(&self->value));
        goto out;
    }
    while (status == 0 && is_sign(self, "-")) {
        negative = !negative;
        status = advance(self);
    }
    if (status == 0 && (self->kind != NUMBER || list->texts.count > 0))
        status = complain(self, list->texts.count > 0    ? "a quoted text, as the others of the list"
                                : list->number_count > 0 ? "a number, as the others of the list"
                                                         : "a quoted text or a number");
    if (status == 0)
        status = set_number(self, &number);
    if (status != 0)
        goto out;
    integers = sna_grow(list->integers, integer_capacity, list->number_count + 1, sizeof *integers);
    list->integers = integers != NULL ? integers : list->integers;
    reals = sna_grow(list->reals, real_capacity, list->number_count + 1, sizeof *reals);
    list->reals = reals != NULL ? reals : list->reals;
    if (integers == NULL || reals == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    *only_integers = *only_integers && number.op == SNA_FILTER_INTEGER;
    list->integers[list->number_count] = negative ? -number.integer : number.integer;
    list->reals[list->number_count++] = negative ? -number.real : number.real;
out:
    if (status == 0)
        status = advance(self);
    return status;
}

/* [a, b], (a, b) or {a, b} */
static int parse_list(parser *self, sna_filter_node *list)
{
    int status = 0;
    const char *close = is_sign(self, "[") ? "]" : is_sign(self, "(") ? ")" : "}";
    uint64_t integer_capacity = 0, real_capacity = 0;
    bool only_integers = true;

    if (!is_sign(self, "[") && !is_sign(self, "(") && !is_sign(self, "{")) {
        status = complain(self, "a list such as ['PN', 'PV'] or [1, 2]");
        goto out;
    }
    status = advance(self);
    while (status == 0 && !is_sign(self, close)) {
        status = parse_entry(self, list, &integer_capacity, &real_capacity, &only_integers);
        if (status != 0 || is_sign(self, close))
            break;
        status = expect(self, ",");
    }
    if (status == 0 && list->texts.count == 0 && list->number_count == 0)
        status = complain(self, "at least one value in the list");
    if (status == 0)
        status = advance(self);
    if (status != 0 || list->number_count == 0)
        goto out;
    qsort(list->reals, list->number_count, sizeof *list->reals, sna_filter_compare_reals);
    if (only_integers) {
        qsort(list->integers, list->number_count, sizeof *list->integers, sna_filter_compare_integers);
    } else {
        free(list->integers);
        list->integers = NULL;
    }
out:
    return status;
}

static int parse_in(parser *self, bool refused, uint32_t *out)
{
    int status = 0;
    sna_filter_node list = {.texts = SNA_LIST};

    status = advance(self);
    if (status == 0)
        status = parse_list(self, &list);
    if (status == 0)
        status = add_node(self, SNA_FILTER_IN, *out, SNA_FILTER_NONE, out);
    if (status != 0)
        goto out;
    self->filter->node[*out].texts = list.texts;
    self->filter->node[*out].integers = list.integers;
    self->filter->node[*out].reals = list.reals;
    self->filter->node[*out].number_count = list.number_count;
    list = (sna_filter_node){.texts = SNA_LIST};
    if (refused)
        status = add_node(self, SNA_FILTER_NOT, *out, SNA_FILTER_NONE, out);
out:
    sna_list_free(&list.texts);
    free(list.integers);
    free(list.reals);
    return status;
}

static int parse_match(parser *self, uint32_t *out)
{
    int status = 0;
    sna_filter_node *node = NULL;

    status = advance(self);
    if (status == 0 && self->kind != TEXT)
        status = complain(self, "a quoted regular expression");
    if (status == 0)
        status = add_node(self, SNA_FILTER_MATCH, *out, SNA_FILTER_NONE, out);
    if (status != 0)
        goto out;
    node = &self->filter->node[*out];
    status = sna_pattern_create(&node->pattern, sna_string_text(&self->value));
    if (status == SNA_EFORMAT)
        status = sna_error(SNA_EINVAL, "the condition \"%.200s\": %s", self->text, sna_error_message());
    if (status != 0)
        goto out;
    status = advance(self);
out:
    return status;
}

/* Is the token a sign of comparison, and which? */
static bool comparison_of(const parser *self, sna_filter_op *op)
{
    static const struct {
        const char *sign;
        sna_filter_op op;
    } known[] = {{"==", SNA_FILTER_EQUAL},   {"=", SNA_FILTER_EQUAL},         {"!=", SNA_FILTER_UNEQUAL},
                 {"<>", SNA_FILTER_UNEQUAL}, {"<", SNA_FILTER_LESS},          {"<=", SNA_FILTER_LESS_EQUAL},
                 {">", SNA_FILTER_GREATER},  {">=", SNA_FILTER_GREATER_EQUAL}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (is_sign(self, known[i].sign)) {
            *op = known[i].op;
            return true;
        }
    return false;
}

/* 0 < x <= 100 is 0 < x and x <= 100. */
static int parse_chain(parser *self, uint32_t *out)
{
    int status = 0;
    uint32_t left = *out, whole = SNA_FILTER_NONE;
    sna_filter_op op = SNA_FILTER_EQUAL;

    while (status == 0 && comparison_of(self, &op)) {
        uint32_t right = SNA_FILTER_NONE, one = SNA_FILTER_NONE;
        status = advance(self);
        if (status == 0)
            status = parse_sum(self, &right);
        if (status == 0)
            status = add_node(self, op, left, right, &one);
        if (status == 0 && whole != SNA_FILTER_NONE)
            status = add_node(self, SNA_FILTER_AND, whole, one, &whole);
        else
            whole = one;
        left = right;
    }
    if (status == 0)
        *out = whole;
    return status;
}

static int parse_comparison(parser *self, uint32_t *out)
{
    int status = parse_sum(self, out);
    sna_filter_op op = SNA_FILTER_EQUAL;

    if (status != 0)
        goto out;
    if (comparison_of(self, &op)) {
        status = parse_chain(self, out);
    } else if (is_sign(self, "=~")) {
        status = parse_match(self, out);
    } else if (is_word(self, "in")) {
        status = parse_in(self, false, out);
    } else if (is_word(self, "not")) {
        status = advance(self);
        if (status == 0)
            status = is_word(self, "in") ? parse_in(self, true, out) : complain(self, "`in` behind `not`");
    }
out:
    return status;
}

/* ---- conditions --------------------------------------------------------------------------------------------- */

static int parse_refusal(parser *self, uint32_t *out)
{
    int status = 0;
    bool refused = false;

    while (status == 0 && (is_word(self, "not") || is_sign(self, "!") || is_sign(self, "~"))) {
        refused = !refused;
        status = advance(self);
    }
    if (status == 0)
        status = parse_comparison(self, out);
    if (status == 0 && refused)
        status = add_node(self, SNA_FILTER_NOT, *out, SNA_FILTER_NONE, out);
    return status;
}

static int parse_both(parser *self, uint32_t *out)
{
    int status = parse_refusal(self, out);

    while (status == 0 && (is_word(self, "and") || is_sign(self, "&&") || is_sign(self, "&"))) {
        uint32_t right = SNA_FILTER_NONE;
        status = advance(self);
        if (status == 0)
            status = parse_refusal(self, &right);
        if (status == 0)
            status = add_node(self, SNA_FILTER_AND, *out, right, out);
    }
    return status;
}

static int parse_either(parser *self, uint32_t *out)
{
    int status = 0;

    if (++self->depth > DEPTH_LIMIT) {
        status =
            sna_error(SNA_EINVAL, "the condition \"%.200s...\" is nested more than %d deep", self->text, DEPTH_LIMIT);
        goto out;
    }
    status = parse_both(self, out);
    while (status == 0 && (is_word(self, "or") || is_sign(self, "||") || is_sign(self, "|"))) {
        uint32_t right = SNA_FILTER_NONE;
        status = advance(self);
        if (status == 0)
            status = parse_both(self, &right);
        if (status == 0)
            status = add_node(self, SNA_FILTER_OR, *out, right, out);
    }
    self->depth--;
out:
    return status;
}

/* ---- whole expressions -------------------------------------------------------------------------------------- */

int sna_filter_parse(sna_filter **out, const char *text)
{
    int status = 0;
    parser self = {.text = text, .value = SNA_STRING};

    *out = NULL;
    status = sna_allocate(&self.filter, 1, sizeof *self.filter);
    if (status != 0)
        goto out;
    self.filter->names = SNA_LIST;
    status = sna_text_copy(&self.filter->text, text);
    if (status == 0)
        status = advance(&self);
    if (status == 0)
        status = parse_either(&self, &self.filter->root);
    if (status == 0 && self.kind != END)
        status = complain(&self, "`and`, `or` or the end");
    if (status != 0)
        goto out;
    *out = self.filter;
    self.filter = NULL;
out:
    sna_string_free(&self.value);
    sna_filter_free(self.filter);
    return status;
}

uint64_t sna_filter_names(const sna_filter *self)
{
    return self->names.count;
}

const char *sna_filter_name(const sna_filter *self, uint64_t index)
{
    return index < self->names.count ? self->names.text[index] : NULL;
}

void sna_filter_free(sna_filter *self)
{
    if (self == NULL)
        return;
    for (uint64_t i = 0; i < self->count; i++) {
        sna_filter_node *node = &self->node[i];
        sna_pattern_free(node->pattern);
        free(node->text);
        sna_list_free(&node->texts);
        free(node->integers);
        free(node->reals);
        free(node->room);
        free(node->missing);
        free(node->verdict);
    }
    free(self->node);
    sna_list_free(&self->names);
    free(self->type);
    free(self->width);
    free(self->text);
    free(self);
}
