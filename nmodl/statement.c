/* statement.c: what functions and equations are made of. Statements are checked to be well formed; of what they mean,
 * only what they declare is kept: SOLVE, WATCH, TABLE, inner blocks. */
#include "reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int parse_braces(nmodl_reader *self) SNA_CHECK_RESULT;

/* One level deeper into what calls itself; `depth` goes down again only where all went well. */
static int enter(nmodl_reader *self)
{
    const sna_nmodl_place place = nmodl_place(self);

    if (self->depth >= NMODL_DEPTH)
        return nmodl_error_at(self, &place, SNA_EFORMAT, "nested more than %d deep", NMODL_DEPTH);
    self->depth++;
    return 0;
}

/* ---- expressions -------------------------------------------------------------------------------------------- */

static int parse_expression(nmodl_reader *self) SNA_CHECK_RESULT;

static int take_word(nmodl_reader *self, nmodl_word word, const char *expected)
{
    return self->word == word ? nmodl_next(self) : nmodl_expected(self, expected);
}

/* TO expression, FROM expression... */
static int parse_after_word(nmodl_reader *self, nmodl_word word, const char *expected)
{
    const int status = take_word(self, word, expected);

    return status == 0 ? parse_expression(self) : status;
}

/* = expression, (expression... */
static int parse_after_symbol(nmodl_reader *self, int symbol, const char *expected)
{
    const int status = nmodl_take_symbol(self, symbol, expected);

    return status == 0 ? parse_expression(self) : status;
}

static int parse_parentheses(nmodl_reader *self)
{
    int status = enter(self);

    if (status == 0)
        status = parse_after_symbol(self, '(', "`(`");
    if (status == 0)
        status = nmodl_take_symbol(self, ')', "an operator or `)`");
    if (status == 0)
        self->depth--;
    return status;
}

/* (a, "text", ...) */
static int parse_call(nmodl_reader *self)
{
    int status = enter(self);

    if (status == 0)
        status = nmodl_take_symbol(self, '(', "`(`");
    while (status == 0 && self->symbol != ')') {
        status = nmodl_token(self)->kind == SNA_NMODL_STRING ? nmodl_next(self) : parse_expression(self);
        if (status == 0 && self->symbol == ',') {
            status = nmodl_next(self);
            if (status == 0 && self->symbol == ')')
                status = nmodl_expected(self, "an argument");
        } else if (status == 0 && self->symbol != ')') {
            status = nmodl_expected(self, "an operator, `,` or `)`");
        }
    }
    if (status == 0)
        status = nmodl_next(self);
    if (status == 0)
        self->depth--;
    return status;
}

/* [i + 1], or @2 of DISCRETE blocks, when they are there. */
static int parse_index(nmodl_reader *self)
{
    int status = 0;
    int64_t back = 0;

    if (self->symbol == '@') {
        status = nmodl_next(self);
        if (status == 0)
            status = nmodl_take_integer(self, &back, 0);
    }
    if (status == 0 && self->symbol == '[') {
        status = enter(self);
        if (status == 0)
            status = nmodl_next(self);
        if (status == 0)
            status = parse_expression(self);
        if (status == 0)
            status = nmodl_take_symbol(self, ']', "an operator or `]`");
        if (status == 0)
            self->depth--;
    }
    return status;
}

static bool at_variable(const nmodl_reader *self)
{
    return nmodl_at_name(self) || nmodl_token(self)->kind == SNA_NMODL_PRIME;
}

static int take_variable(nmodl_reader *self)
{
    int status = at_variable(self) ? nmodl_next(self) : nmodl_expected(self, "a variable");

    return status == 0 ? parse_index(self) : status;
}

static int parse_operand(nmodl_reader *self)
{
    int status = 0;

    if (nmodl_at_number(self)) {
        double value = 0;
        char *unit = NULL;
        status = nmodl_take_number(self, &value, false);
        if (status == 0)
            status = nmodl_take_unit(self, &unit);
        free(unit);
    } else if (at_variable(self) || self->word == WORD_INT) {
        const bool conversion = self->word == WORD_INT;
        status = nmodl_next(self);
        if (status == 0)
            status = conversion || self->symbol == '(' ? parse_call(self) : parse_index(self);
    } else if (self->symbol == '(') {
        status = parse_parentheses(self);
    } else {
        status = nmodl_expected(self, "an expression");
    }
    return status;
}

static bool at_arithmetic(const nmodl_reader *self)
{
    return self->symbol == '+' || self->symbol == '-' || self->symbol == '*' || self->symbol == '/' ||
           self->symbol == '^';
}

static bool at_operator(const nmodl_reader *self)
{
    switch (self->symbol) {
    case '<':
    case '>':
    case SYMBOL_GE:
    case SYMBOL_LE:
    case SYMBOL_EQ:
    case SYMBOL_NE:
    case SYMBOL_AND:
    case SYMBOL_OR:
        return true;
    default:
        return at_arithmetic(self);
    }
}

/* Precedence does not matter to what is kept, so that an expression is operands with operators between them. An
 * arithmetic one ends before a comparison. */
static int parse_operands(nmodl_reader *self, bool (*goes_on)(const nmodl_reader *))
{
    int status = 0;

    for (;;) {
        while (status == 0 && (self->symbol == '-' || self->symbol == '!'))
            status = nmodl_next(self);
        if (status == 0)
            status = parse_operand(self);
        if (status != 0 || !goes_on(self))
            break;
        status = nmodl_next(self);
    }
    return status;
}

static int parse_expression(nmodl_reader *self)
{
    return parse_operands(self, at_operator);
}

static int parse_arithmetic(nmodl_reader *self)
{
    return parse_operands(self, at_arithmetic);
}

/* ---- statements of reactions and equations ------------------------------------------------------------------ */

/* 2 a + b[i] */
static int parse_reactants(nmodl_reader *self)
{
    int status = 0;

    for (;;) {
        int64_t count = 0;
        if (nmodl_at_number(self))
            status = nmodl_take_integer(self, &count, 0);
        if (status == 0)
            status = take_variable(self);
        if (status != 0 || self->symbol != '+')
            break;
        status = nmodl_next(self);
        if (status != 0)
            break;
    }
    return status;
}

/* a + b <-> c (kf, kb), a << (flux), a -> (k): called behind the `~`. */
static int parse_reaction(nmodl_reader *self)
{
    int status = parse_reactants(self);

    if (status != 0)
        goto out;
    if (self->symbol == SYMBOL_REACTION) {
        status = nmodl_next(self);
        if (status == 0)
            status = parse_reactants(self);
        if (status == 0)
            status = parse_after_symbol(self, '(', "`(` and the two rates");
        if (status == 0)
            status = parse_after_symbol(self, ',', "an operator, or `,` and the backward rate");
        if (status == 0)
            status = nmodl_take_symbol(self, ')', "an operator or `)`");
    } else if (self->symbol == '<' || self->symbol == '-') {
        const int second = self->symbol == '<' ? '<' : '>';
        status = nmodl_next(self);
        if (status == 0)
            status = nmodl_take_symbol(self, second, "`<->`, `<<` or `->`");
        if (status == 0)
            status = parse_parentheses(self);
    } else {
        status = nmodl_expected(self, "`+`, `<->`, `<<` or `->`");
    }
out:
    return status;
}

/* ~ left = right; ~+ left = right goes on with the equation before. */
static int parse_equation(nmodl_reader *self)
{
    int status = nmodl_next(self);

    if (status == 0 && self->kind == WORD_KINETIC)
        return parse_reaction(self);
    if (status == 0 && self->symbol == '+')
        status = nmodl_next(self);
    if (status == 0)
        status = parse_expression(self);
    return status == 0 ? parse_after_symbol(self, '=', "an operator or `=`") : status;
}

/* CONSERVE a + b = c */
static int parse_conserve(nmodl_reader *self)
{
    int status = nmodl_next(self);

    if (status == 0)
        status = parse_reactants(self);
    return status == 0 ? parse_after_symbol(self, '=', "`+` or `=`") : status;
}

/* COMPARTMENT i, volume[i] {a b}, LONGITUDINAL_DIFFUSION i, D {a}; the index is left out for scalars. */
static int parse_compartment(nmodl_reader *self)
{
    int status = nmodl_next(self);

    if (status == 0 && nmodl_at_name(self) && nmodl_peek(self) == ',') {
        status = nmodl_next(self);
        if (status == 0)
            status = nmodl_next(self);
    }
    if (status == 0)
        status = parse_expression(self);
    if (status == 0)
        status = nmodl_take_symbol(self, '{', "an operator, or `{` and the names of states");
    if (status == 0 && !nmodl_at_name(self))
        status = nmodl_expected(self, "the name of a state");
    while (status == 0 && nmodl_at_name(self))
        status = nmodl_next(self);
    if (status == 0)
        status = nmodl_take_symbol(self, '}', "a name or `}`");
    return status;
}

/* ---- statements that are kept ------------------------------------------------------------------------------- */

/* The numerical methods that nocmodl knows. */
static int check_method(const nmodl_reader *self)
{
    static const char *const method[] = {"adams",         "runge",  "euler",   "adeuler",     "heun",    "adrunge",
                                         "gear",          "newton", "simplex", "simeq",       "seidel",  "sparse",
                                         "derivimplicit", "cnexp",  "clsoda",  "after_cvode", "cvode_t", "cvode_t_v"};
    const size_t count = sizeof method / sizeof *method;
    const sna_nmodl_token *token = nmodl_token(self);
    const sna_nmodl_place place = nmodl_place(self);
    const char *text = nmodl_token_text(self), *guess;
    char word[32];

    if (!nmodl_at_name(self))
        return nmodl_expected(self, "a method of integration");
    for (size_t i = 0; i < count; i++) {
        if (strlen(method[i]) == token->length && memcmp(method[i], text, (size_t)token->length) == 0)
            return 0;
    }
    (void)snprintf(word, sizeof word, "%.*s", token->length < 31 ? (int)token->length : 31, text);
    guess = sna_closest(word, method, count);
    return nmodl_error_at(self, &place, SNA_EFORMAT, "NEURON has no method `%s`%s%s%s", word,
                          guess != NULL ? ", did you mean `" : "", guess != NULL ? guess : "",
                          guess != NULL ? "`?" : "");
}

/* SOLVE states METHOD cnexp: called at SOLVE. */
static int parse_solve(nmodl_reader *self)
{
    int status = 0;
    sna_nmodl *file = self->file;
    const sna_nmodl_place place = nmodl_place(self);
    sna_nmodl_solve *solve;
    uint64_t name = 0;

    status = nmodl_next(self);
    if (status == 0)
        status = nmodl_take_name(self, &name, "the name of the block to solve");
    if (status != 0)
        goto out;
    solve = sna_grow(file->solve, &file->solve_capacity, file->solve_count + 1, sizeof *file->solve);
    if (solve == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    file->solve = solve;
    solve = &file->solve[file->solve_count++];
    *solve = (sna_nmodl_solve){.inside = (uint64_t)self->block, .place = place};
    status = sna_text_copy(&solve->block, nmodl_name_text(self, name));
    if (status == 0 && (self->word == WORD_METHOD || self->word == WORD_STEADYSTATE)) {
        solve->steady_state = self->word == WORD_STEADYSTATE;
        status = nmodl_next(self);
        if (status == 0)
            status = check_method(self);
        if (status == 0)
            status = nmodl_take_name(self, &name, "a method of integration");
        if (status == 0)
            status = sna_text_copy(&solve->method, nmodl_name_text(self, name));
    }
    if (status == 0 && self->word == WORD_IFERROR) {
        status = nmodl_next(self);
        if (status == 0)
            status = parse_braces(self);
    }
out:
    return status;
}

/* a, b, c */
static int take_names(nmodl_reader *self)
{
    int status = 0;
    uint64_t name = 0;

    for (;;) {
        status = nmodl_take_name(self, &name, "a name");
        if (status != 0 || self->symbol != ',')
            break;
        status = nmodl_next(self);
        if (status != 0)
            break;
    }
    return status;
}

/* TABLE minf, mtau DEPEND celsius FROM -100 TO 100 WITH 200 */
static int parse_table(nmodl_reader *self)
{
    int status = 0;
    const sna_nmodl_place place = nmodl_place(self);
    sna_nmodl_block *block = &self->file->block[self->block];
    const bool function = self->kind == WORD_FUNCTION;
    int64_t count = 0;

    if ((!function && self->kind != WORD_PROCEDURE) || block->argument_count != 1 || block->table) {
        status = nmodl_error_at(self, &place, SNA_EFORMAT, "%s",
                                block->table ? "only one TABLE is allowed in a block"
                                             : "TABLE needs a FUNCTION or PROCEDURE with one argument");
        goto out;
    }
    block->table = true;
    status = nmodl_next(self);
    if (status == 0 && function && nmodl_at_name(self))
        status = nmodl_expected(self, "DEPEND or FROM (a FUNCTION's TABLE holds the function)");
    if (status == 0 && !function)
        status = take_names(self);
    if (status == 0 && self->word == WORD_DEPEND) {
        status = nmodl_next(self);
        if (status == 0)
            status = take_names(self);
    }
    if (status == 0)
        status = parse_after_word(self, WORD_FROM, "`,`, DEPEND or FROM");
    if (status == 0)
        status = parse_after_word(self, WORD_TO, "an operator or TO");
    if (status == 0)
        status = take_word(self, WORD_WITH, "an operator or WITH");
    if (status == 0)
        status = nmodl_take_integer(self, &count, 1);
    if (status == 0)
        status = nmodl_imply_usetable(self, &place);
out:
    return status;
}

/* WATCH (v > threshold) 2, (v < rest) 3 */
static int parse_watch(nmodl_reader *self)
{
    int status = 0;

    do {
        double flag = 0;
        status = nmodl_next(self);
        if (status == 0)
            status = nmodl_take_symbol(self, '(', "`(` and a comparison");
        if (status == 0)
            status = parse_arithmetic(self);
        if (status == 0 && self->symbol != '<' && self->symbol != '>')
            status = nmodl_expected(self, "an operator, `<` or `>`");
        if (status == 0)
            status = nmodl_next(self);
        if (status == 0)
            status = parse_arithmetic(self);
        if (status == 0)
            status = nmodl_take_symbol(self, ')', "an operator or `)`");
        if (status == 0)
            status = nmodl_take_number(self, &flag, false);
        self->file->watch_count++;
    } while (status == 0 && self->symbol == ',');
    return status;
}

int nmodl_parse_local(nmodl_reader *self, bool outermost)
{
    int status = 0;
    sna_nmodl *file = self->file;

    do {
        sna_nmodl_variable variable = {
            .declared = SNA_NMODL_LOCAL, .value = NAN, .low = NAN, .high = NAN, .tolerance = NAN};
        uint64_t name = 0;
        int64_t size = 0;
        status = nmodl_next(self);
        if (status != 0)
            break;
        variable.place = nmodl_place(self);
        status = nmodl_take_name(self, &name, "the name of a local variable");
        if (status == 0 && self->symbol == '[') {
            status = nmodl_next(self);
            if (status == 0)
                status = nmodl_take_integer(self, &size, 1);
            if (status == 0)
                status = nmodl_take_symbol(self, ']', "`]`");
        }
        if (status == 0 && outermost) {
            sna_nmodl_variable *grown =
                sna_grow(file->variable, &file->variable_capacity, file->variable_count + 1, sizeof *file->variable);
            if (grown == NULL) {
                status = SNA_ENOMEM;
                break;
            }
            file->variable = grown;
            variable.size = (uint64_t)size;
            status = sna_text_copy(&variable.name, nmodl_name_text(self, name));
            if (status == 0)
                file->variable[file->variable_count++] = variable;
        }
    } while (status == 0 && self->symbol == ',');
    return status;
}

/* INITIAL { } and FOR_NETCONS (arguments) { } inside NET_RECEIVE: blocks of their own. */
static int parse_inner_block(nmodl_reader *self)
{
    int status = 0;
    const sna_nmodl_place place = nmodl_place(self);
    const nmodl_word word = self->word;
    uint64_t block = 0;

    if (self->kind != WORD_NET_RECEIVE) {
        status = nmodl_error_at(self, &place, SNA_EFORMAT, "%s may stand in NET_RECEIVE only", nmodl_word_name(word));
        goto out;
    }
    status = enter(self);
    if (status == 0)
        status = nmodl_open_block(self, &block);
    if (status == 0)
        status = nmodl_next(self);
    if (status == 0 && word == WORD_FOR_NETCONS)
        status = nmodl_take_arguments(self, block);
    if (status == 0)
        status = nmodl_parse_body(self, block);
    if (status == 0)
        self->depth--;
out:
    return status;
}

/* ---- other statements --------------------------------------------------------------------------------------- */

/* FROM i = 0 TO n - 1 BY 2 { } */
static int parse_from(nmodl_reader *self)
{
    int status = nmodl_next(self);

    if (status == 0)
        status = nmodl_at_name(self) ? nmodl_next(self) : nmodl_expected(self, "the name of the loop's variable");
    if (status == 0)
        status = parse_after_symbol(self, '=', "`=`");
    if (status == 0)
        status = parse_after_word(self, WORD_TO, "an operator or TO");
    if (status == 0 && self->word == WORD_BY)
        status = parse_after_word(self, WORD_BY, "BY");
    return status == 0 ? parse_braces(self) : status;
}

static int parse_while(nmodl_reader *self)
{
    int status = nmodl_next(self);

    if (status == 0)
        status = parse_parentheses(self);
    return status == 0 ? parse_braces(self) : status;
}

static int parse_if(nmodl_reader *self)
{
    int status = parse_while(self);

    while (status == 0 && self->word == WORD_ELSE) {
        status = nmodl_next(self);
        if (status == 0 && self->word == WORD_IF) {
            status = parse_while(self);
        } else if (status == 0) {
            status = parse_braces(self);
            break;
        }
    }
    return status;
}

/* CONDUCTANCE g USEION ca */
static int parse_conductance(nmodl_reader *self)
{
    int status = nmodl_next(self);
    uint64_t name = 0;

    if (status == 0)
        status = nmodl_take_name(self, &name, "the name of a conductance");
    if (status == 0 && self->word == WORD_USEION) {
        status = nmodl_next(self);
        if (status == 0)
            status = nmodl_take_name(self, &name, "the name of an ion");
    }
    return status;
}

/* LAG a BY b */
static int parse_lag(nmodl_reader *self)
{
    int status = nmodl_next(self);

    if (status == 0)
        status = at_variable(self) ? nmodl_next(self) : nmodl_expected(self, "a variable");
    if (status == 0)
        status = take_word(self, WORD_BY, "BY");
    if (status == 0)
        status = nmodl_at_name(self) ? nmodl_next(self) : nmodl_expected(self, "a name");
    return status;
}

/* a = expression, or f(x). */
static int parse_assignment(nmodl_reader *self)
{
    int status = 0;

    if (!at_variable(self)) {
        status = nmodl_expected(self, self->block >= 0 && self->depth == 0 ? "a statement or `}`" : "a statement");
        goto out;
    }
    status = nmodl_next(self);
    if (status == 0 && self->symbol == '(') {
        status = parse_call(self);
        goto out;
    }
    if (status == 0)
        status = parse_index(self);
    if (status == 0)
        status = parse_after_symbol(self, '=', "`=` or `(`");
out:
    return status;
}

static int parse_word_statement(nmodl_reader *self)
{
    int status = 0;
    const sna_nmodl_place place = nmodl_place(self);

    switch (self->word) {
    case WORD_LOCAL:
        return nmodl_parse_local(self, false);
    case WORD_FROM:
        return parse_from(self);
    case WORD_WHILE:
        return parse_while(self);
    case WORD_IF:
        return parse_if(self);
    case WORD_SOLVE:
        return parse_solve(self);
    case WORD_CONDUCTANCE:
        return parse_conductance(self);
    case WORD_TABLE:
        return parse_table(self);
    case WORD_WATCH:
        return parse_watch(self);
    case WORD_INITIAL:
    case WORD_FOR_NETCONS:
        return parse_inner_block(self);
    case WORD_LAG:
        return parse_lag(self);
    case WORD_COMPARTMENT:
    case WORD_LONGITUDINAL_DIFFUSION:
    case WORD_CONSERVE:
        if (self->kind != WORD_KINETIC)
            return nmodl_error_at(self, &place, SNA_EFORMAT, "%s may stand in KINETIC only",
                                  nmodl_word_name(self->word));
        return self->word == WORD_CONSERVE ? parse_conserve(self) : parse_compartment(self);
    case WORD_PROTECT:
        status = nmodl_next(self);
        return status == 0 ? parse_assignment(self) : status;
    case WORD_VERBATIM:
    case WORD_UNITSON:
    case WORD_UNITSOFF:
    case WORD_MUTEXLOCK:
    case WORD_MUTEXUNLOCK:
        return nmodl_next(self);
    case WORD_FORALL:
    case WORD_GETQ:
    case WORD_PUTQ:
    case WORD_RESET:
        return nmodl_error_at(self, &place, SNA_EUNSUPPORTED, "%s is a construct of SCoP that NEURON does not use",
                              nmodl_word_name(self->word));
    default:
        return nmodl_expected(self, "a statement or `}`");
    }
}

static int parse_statement(nmodl_reader *self)
{
    const sna_nmodl_place place = nmodl_place(self);

    if (self->word != WORD_NONE)
        return parse_word_statement(self);
    if (self->symbol == '{')
        return parse_braces(self);
    if (self->symbol == '~') {
        if (self->kind != WORD_KINETIC && self->kind != WORD_LINEAR && self->kind != WORD_NONLINEAR &&
            self->kind != WORD_DERIVATIVE)
            return nmodl_error_at(self, &place, SNA_EFORMAT, "an equation may not stand in this block");
        return parse_equation(self);
    }
    return parse_assignment(self);
}

static int parse_braces(nmodl_reader *self)
{
    int status = enter(self);

    if (status == 0)
        status = nmodl_take_symbol(self, '{', "`{`");
    while (status == 0 && self->symbol != '}')
        status = parse_statement(self);
    if (status == 0)
        status = nmodl_next(self);
    if (status == 0)
        self->depth--;
    return status;
}

int nmodl_parse_body(nmodl_reader *self, uint64_t block)
{
    int status = nmodl_take_symbol(self, '{', "`{`");

    while (status == 0 && self->symbol != '}')
        status = parse_statement(self);
    return status == 0 ? nmodl_close_block(self, block) : status;
}
