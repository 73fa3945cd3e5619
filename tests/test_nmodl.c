/* test_nmodl.c: reading mod files: every form of declaration, every byte kept, and what is said about mistakes. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nmodl/nmodl.h"

static sna_nmodl *parse(const char *text)
{
    sna_nmodl *file = NULL;

    assert_done(sna_nmodl_parse(&file, text, strlen(text), "test.mod"));
    return file;
}

static sna_nmodl *read_model(const char *name)
{
    sna_nmodl *file = NULL;
    char *path = test_source_path(name);

    assert_done(sna_nmodl_read(&file, path));
    free(path);
    return file;
}

static const sna_nmodl_variable *variable(const sna_nmodl *file, const char *name)
{
    const int64_t index = sna_nmodl_find(file, name);

    if (index < 0)
        fail_msg("there is no variable %s", name);
    return &file->variable[index];
}

/* Checks class, scope and hoc name (NULL: unknown to hoc) of a variable. */
static void check_variable(const sna_nmodl *file, const char *name, sna_nmodl_class declared, sna_nmodl_scope scope,
                           const char *hoc_name)
{
    const sna_nmodl_variable *found = variable(file, name);

    assert_string_equal(sna_nmodl_class_name(found->declared), sna_nmodl_class_name(declared));
    assert_string_equal(sna_nmodl_scope_name(found->scope), sna_nmodl_scope_name(scope));
    if (hoc_name == NULL)
        assert_null(found->hoc_name);
    else
        assert_string_equal(found->hoc_name, hoc_name);
}

static void check_lossless(const sna_nmodl *file)
{
    for (uint64_t i = 0; i < file->source_count; i++) {
        const sna_nmodl_source *source = &file->source[i];
        sna_string text = SNA_STRING;
        uint64_t at = 0, line = 1, line_start = 0;
        assert_done(sna_nmodl_text(file, i, &text));
        assert_int_equal(text.length, source->size);
        if (source->size > 0)
            assert_memory_equal(text.text, source->text, source->size);
        /* the tokens lie end to end, and their places are right */
        for (uint64_t j = 0; j < source->count; j++) {
            const sna_nmodl_token *token = &source->token[j];
            assert_int_equal(token->start, at);
            assert_int_equal(token->line, line);
            assert_int_equal(token->column, at - line_start + 1);
            for (uint64_t k = 0; k < token->length; k++, at++) {
                if (source->text[at] == '\n' || (source->text[at] == '\r' && source->text[at + 1] != '\n')) {
                    line++;
                    line_start = at + 1;
                }
            }
        }
        assert_int_equal(at, source->size);
        assert_int_equal(source->token[source->count - 1].kind, SNA_NMODL_END);
        sna_string_free(&text);
    }
}

/* ---- a file with most declarations -------------------------------------------------------------------------- */

static void names_and_scopes(void **state)
{
    sna_nmodl *file = read_model("tests/models/nmodl/density.mod");

    (void)state;
    assert_string_equal(file->name, "forms");
    assert_int_equal(file->kind, SNA_MECHANISM_DENSITY);
    assert_true(file->thread_safe);
    assert_string_equal(file->title, "A density mechanism in which most declarations occur");
    check_variable(file, "gbar", SNA_NMODL_PARAMETER, SNA_NMODL_RANGE, "gbar_forms");
    check_variable(file, "nothing_given", SNA_NMODL_PARAMETER, SNA_NMODL_GLOBAL, "nothing_given_forms");
    check_variable(file, "shared", SNA_NMODL_PARAMETER, SNA_NMODL_GLOBAL, "shared_forms");
    check_variable(file, "included", SNA_NMODL_PARAMETER, SNA_NMODL_GLOBAL, "included_forms");
    check_variable(file, "nstart", SNA_NMODL_PARAMETER, SNA_NMODL_RANGE, "nstart_forms");
    check_variable(file, "celsius", SNA_NMODL_PARAMETER, SNA_NMODL_NEURON, NULL);
    check_variable(file, "v", SNA_NMODL_PARAMETER, SNA_NMODL_NEURON, NULL);
    check_variable(file, "ex", SNA_NMODL_PARAMETER, SNA_NMODL_ION, NULL);
    check_variable(file, "ix", SNA_NMODL_ASSIGNED, SNA_NMODL_RANGE, "ix_forms");
    check_variable(file, "ica", SNA_NMODL_ASSIGNED, SNA_NMODL_ION, NULL);
    check_variable(file, "il", SNA_NMODL_ASSIGNED, SNA_NMODL_RANGE, "il_forms");
    check_variable(file, "cai", SNA_NMODL_STATE, SNA_NMODL_ION, NULL);
    check_variable(file, "n", SNA_NMODL_STATE, SNA_NMODL_RANGE, "n_forms");
    check_variable(file, "n0", SNA_NMODL_PARAMETER, SNA_NMODL_RANGE, "n0_forms");
    check_variable(file, "p0", SNA_NMODL_PARAMETER, SNA_NMODL_HIDDEN, NULL);
    check_variable(file, "h0", SNA_NMODL_PARAMETER, SNA_NMODL_GLOBAL, "h0_forms");
    check_variable(file, "hidden", SNA_NMODL_ASSIGNED, SNA_NMODL_HIDDEN, NULL);
    check_variable(file, "far", SNA_NMODL_ASSIGNED, SNA_NMODL_POINTER, "far_forms");
    check_variable(file, "missing", SNA_NMODL_UNDECLARED, SNA_NMODL_HIDDEN, NULL);
    check_variable(file, "half", SNA_NMODL_CONSTANT, SNA_NMODL_HIDDEN, NULL);
    check_variable(file, "F", SNA_NMODL_FACTOR, SNA_NMODL_HIDDEN, NULL);
    check_variable(file, "t", SNA_NMODL_INDEPENDENT, SNA_NMODL_NEURON, NULL);
    check_variable(file, "usetable", SNA_NMODL_PARAMETER, SNA_NMODL_GLOBAL, "usetable_forms");
    assert_true(variable(file, "n0")->implicit);
    assert_false(variable(file, "h0")->implicit);
    assert_int_equal(sna_nmodl_find(file, "nobody"), -1);
    assert_int_equal(sna_nmodl_find(file, "once"), -1);
    check_lossless(file);
    sna_nmodl_free(file);
}

static void values_units_limits(void **state)
{
    sna_nmodl *file = read_model("tests/models/nmodl/density.mod");
    const sna_nmodl_variable *gbar = variable(file, "gbar"), *n = variable(file, "n");

    (void)state;
    assert_float_equal(gbar->value, 1e-3, 0);
    assert_string_equal(gbar->unit, "S/cm2");
    assert_float_equal(gbar->low, 0, 0);
    assert_float_equal(gbar->high, 1e9, 0);
    assert_int_equal(gbar->size, 0);
    assert_float_equal(variable(file, "sign")->value, -25, 0);
    assert_float_equal(variable(file, "dotted")->value, 5, 0);
    assert_float_equal(variable(file, "spread")->value, 4, 0);
    assert_float_equal(variable(file, "nothing_given")->value, 0, 0);
    assert_true(isnan(variable(file, "nothing_given")->low));
    assert_null(variable(file, "spread")->unit);
    assert_int_equal(variable(file, "weights")->size, 3);
    assert_int_equal(variable(file, "profile")->size, 12);
    assert_int_equal(variable(file, "shell")->size, 4);
    assert_float_equal(n->tolerance, 1e-4, 0);
    assert_float_equal(variable(file, "n0")->value, 0.125, 0);
    assert_string_equal(variable(file, "n0")->unit, "1");
    assert_float_equal(variable(file, "weird")->low, -1, 0);
    assert_float_equal(variable(file, "half")->value, 0.5, 0);
    assert_float_equal(variable(file, "tenth")->value, -0.1, 0);
    assert_true(isnan(variable(file, "F")->value));
    assert_string_equal(variable(file, "F")->unit, "coulomb");
    assert_string_equal(variable(file, "R")->unit, "joule/degC");
    assert_float_equal(variable(file, "PI")->value, 3.14159, 0);
    assert_string_equal(variable(file, "inch2foot")->unit, "foot");
    assert_int_equal(file->define_count, 2);
    assert_string_equal(file->define[1].name, "MANY");
    assert_int_equal(file->define[1].value, 12);
    sna_nmodl_free(file);
}

static void ions_currents_blocks(void **state)
{
    sna_nmodl *file = read_model("tests/models/nmodl/density.mod");
    const sna_nmodl_ion *ca = &file->ion[0], *x = &file->ion[1];
    const sna_nmodl_block *block = NULL;
    uint64_t verbatim = 0;

    (void)state;
    assert_int_equal(file->ion_count, 2);
    assert_string_equal(ca->name, "ca");
    assert_int_equal(ca->read.count, 2);
    assert_string_equal(ca->read.text[1], "ica");
    assert_int_equal(ca->write.count, 1);
    assert_false(ca->has_valence);
    assert_true(x->has_valence);
    assert_float_equal(x->valence, -1, 0);
    assert_int_equal(file->current_count, 1);
    assert_false(file->current[0].electrode);
    assert_int_equal(file->solve_count, 3);
    assert_string_equal(file->solve[0].block, "scheme");
    assert_true(file->solve[0].steady_state);
    assert_string_equal(file->block[file->solve[1].inside].kind, "BREAKPOINT");
    assert_string_equal(file->solve[1].method, "cnexp");
    for (uint64_t i = 0; i < file->block_count; i++) {
        if (file->block[i].name != NULL && strcmp(file->block[i].name, "looked_up") == 0)
            block = &file->block[i];
        verbatim += strcmp(file->block[i].kind, "VERBATIM") == 0;
    }
    assert_non_null(block);
    assert_string_equal(block->kind, "FUNCTION_TABLE");
    assert_int_equal(block->argument_count, 2);
    assert_string_equal(block->argument[0].unit, "mV");
    assert_null(block->argument[1].unit);
    assert_string_equal(block->unit, "mV");
    assert_int_equal(block->last_line, block->place.line);
    assert_int_equal(verbatim, 0); /* that one stands in a block */
    assert_int_equal(file->include_count, 1);
    assert_string_equal(file->include[0].name, "shared.inc");
    assert_non_null(file->include[0].path);
    assert_int_equal(file->source_count, 2);
    assert_int_equal(variable(file, "included")->place.source, 1);
    assert_int_equal(variable(file, "included")->place.line, 4);
    /* the promise that is not kept is said; the letters outside ASCII in COMMENT are none */
    assert_int_equal(file->note.count, 1);
    assert_contains(file->note.text[0], "missing is RANGE, but no PARAMETER");
    sna_nmodl_free(file);
}

static void point_process(void **state)
{
    sna_nmodl *file = read_model("tests/models/nmodl/point.mod");
    const sna_nmodl_block *receive = NULL;
    uint64_t inner = 0;

    (void)state;
    assert_int_equal(file->kind, SNA_MECHANISM_POINT);
    assert_true(file->current[0].electrode);
    check_variable(file, "del", SNA_NMODL_PARAMETER, SNA_NMODL_RANGE, "del");
    check_variable(file, "everywhere", SNA_NMODL_PARAMETER, SNA_NMODL_GLOBAL, "everywhere_Forms");
    check_variable(file, "stream", SNA_NMODL_ASSIGNED, SNA_NMODL_BBCOREPOINTER, "stream");
    assert_int_equal(file->watch_count, 2);
    for (uint64_t i = 0; i < file->block_count; i++) {
        const sna_nmodl_block *block = &file->block[i];
        if (strcmp(block->kind, "NET_RECEIVE") == 0)
            receive = block;
        if (block->parent >= 0) {
            inner++;
            assert_string_equal(file->block[block->parent].kind, "NET_RECEIVE");
        }
        if (strcmp(block->kind, "BEFORE") == 0)
            assert_string_equal(block->name, "STEP");
        if (strcmp(block->kind, "VERBATIM") == 0)
            assert_int_equal(block->last_line, block->place.line + 3);
    }
    assert_int_equal(inner, 2); /* INITIAL and FOR_NETCONS */
    assert_non_null(receive);
    assert_int_equal(receive->argument_count, 3);
    assert_string_equal(receive->argument[0].unit, "uS");
    check_lossless(file);
    sna_nmodl_free(file);
}

static void other_kinds(void **state)
{
    sna_nmodl *file = parse("NEURON { ARTIFICIAL_CELL Spiker RANGE tau } PARAMETER { tau = 1 (ms) }\n"
                            "NET_RECEIVE (w) { net_event(t) }");

    (void)state;
    assert_int_equal(file->kind, SNA_MECHANISM_ARTIFICIAL);
    check_variable(file, "tau", SNA_NMODL_PARAMETER, SNA_NMODL_RANGE, "tau");
    sna_nmodl_free(file);
    file = parse("NEURON { SUFFIX nothing } PARAMETER { a = 1 } FUNCTION f() { f = a }");
    assert_int_equal(file->kind, SNA_MECHANISM_NOTHING);
    check_variable(file, "a", SNA_NMODL_PARAMETER, SNA_NMODL_GLOBAL, "a");
    sna_nmodl_free(file);
    file = parse("");
    assert_string_equal(file->name, "test");
    check_lossless(file);
    sna_nmodl_free(file);
    file = parse("NEURON { THREADSAFE a, b RANGE a } PARAMETER { a b }");
    assert_true(file->thread_safe);
    check_variable(file, "a", SNA_NMODL_PARAMETER, SNA_NMODL_RANGE, "a_test");
    check_variable(file, "b", SNA_NMODL_PARAMETER, SNA_NMODL_GLOBAL, "b_test");
    sna_nmodl_free(file);
    /* NEURON 9 */
    file = parse("NEURON { SUFFIX nine RANDOM r1, r2 REPRESENTS NCIT:C17145\n"
                 "USEION ca READ cai REPRESENTS [CHEBI:29108]\nUSEION k READ ek }\nASSIGNED { cai (mM) }");
    check_variable(file, "r2", SNA_NMODL_UNDECLARED, SNA_NMODL_RANDOM, "r2_nine");
    assert_string_equal(file->curie, "NCIT:C17145");
    assert_string_equal(file->ion[0].curie, "[CHEBI:29108]");
    assert_int_equal(file->ion_count, 2);
    check_lossless(file);
    sna_nmodl_free(file);
}

/* ---- bytes -------------------------------------------------------------------------------------------------- */

static void every_byte_is_kept(void **state)
{
    static const char *const text[] = {
        "TITLE a\r\nNEURON { SUFFIX a }\r\n: c\r\nPARAMETER { x = 1 (mV) }\r\n",
        "NEURON { SUFFIX a }\rPARAMETER { x = 1 (a:b?c) }\r: end",
        "NEURON { SUFFIX a }\n\x1a what follows a ^Z is kept \x01\n {",
        "COMMENT ENDCOMMENT\nCOMMENT\n x ENDCOMMENT\n\tENDCOMMENT} rest {\nVERBATIM\n{{{ \"\n ENDVERBATIM",
        "STATE { x } FUNCTION f(a(mV), b) ( mV ) { f = x'0 + 1.e3(mV) + .5 + 5.*2E-1 }",
        "PROCEDURE f() { printf(\"a : b { \n\", 1) if(1==1&&2!=3||4>=5){}else if(1<=2){}else{} }",
        ": gr\xc3\xbc\xc3\x9f\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        sna_nmodl *file = parse(text[i]);
        check_lossless(file);
        sna_nmodl_free(file);
    }
}

static void a_token_can_be_replaced(void **state)
{
    sna_nmodl *file = parse("NEURON { SUFFIX a }\nPARAMETER { gbar = .12 (S/cm2) : twelve\n}\n");
    const sna_nmodl_variable *gbar = variable(file, "gbar");
    sna_string text = SNA_STRING;

    (void)state;
    assert_int_equal(gbar->value_first, gbar->value_last);
    assert_done(sna_nmodl_replace(file, 0, gbar->value_first, "0.2"));
    assert_done(sna_nmodl_text(file, 0, &text));
    assert_string_equal(text.text, "NEURON { SUFFIX a }\nPARAMETER { gbar = 0.2 (S/cm2) : twelve\n}\n");
    sna_string_free(&text);
    assert_done(sna_nmodl_replace(file, 0, gbar->value_first, NULL));
    assert_int_equal(sna_nmodl_replace(file, 0, file->source[0].count, "x"), SNA_ERANGE);
    assert_int_equal(sna_nmodl_replace(file, 1, 0, "x"), SNA_ERANGE);
    assert_int_equal(sna_nmodl_text(file, 1, &text), SNA_ERANGE);
    check_lossless(file);
    sna_nmodl_free(file);
}

static void notes_where_nocmodl_is_stricter(void **state)
{
    sna_nmodl *file = parse("NEURON { SUFFIX a }\n: \xc2\xb5m\nPARAMETER { x = 1 (mV) <-3, 3> }\n");

    (void)state;
    assert_int_equal(file->note.count, 2);
    assert_contains(file->note.text[0], "line 2: a letter that is not ASCII");
    assert_contains(file->note.text[1], "line 3: a negative limit of x");
    sna_nmodl_free(file);
}

/* ---- mistakes ----------------------------------------------------------------------------------------------- */

static void mistakes_have_a_place(void **state)
{
    static const struct {
        const char *text, *message;
    } mistake[] = {
        {"NEURON { SUFFIX a",
         "test.mod:1:18: expected SUFFIX, USEION, RANGE or another statement of NEURON { }, but the "
         "file ends here: the NEURON block of line 1 is not closed with `}`"},
        {"PARAMETER {\n a = 1\nSTATE { n }", "test.mod:3:1: expected the name of a parameter or `}`, found the keyword "
                                             "`STATE`"},
        {"NEURON { SUFFIX a RANGE x, }", "test.mod:1:28: expected a name, found `}`"},
        {"NEURON { SUFFIX a USEION ca }", "test.mod:1:29: expected READ or WRITE, found `}`"},
        {"NEURON { USEION ca READ cai, eka }", "test.mod:1:30: eka is none of the ion's variables: ica, eca, cai, cao"},
        {"NEURON { USEION ca READ cai USEION ca READ cao }", "test.mod:1:36: the ion ca is used twice"},
        {"PARAMETER { a = 1 }\nASSIGNED { b a }", "test.mod:2:14: a is declared already, on line 1"},
        {"ASSIGNED { n0 }\nSTATE { n }",
         "test.mod:2:9: this needs a parameter named n0, but that name is taken on line 1"},
        {"STATE { n }\nASSIGNED { n0 }", "test.mod:2:12: n0 is the initial value of the STATE declared on line 1"},
        {"PARAMETER { a = }", "test.mod:1:17: expected a number, found `}`"},
        {"PARAMETER { a = 1e999 }", "test.mod:1:17: the number 1e999 is too large"},
        {"PARAMETER { a = 1 (mV\n) }", "test.mod:1:19: this unit has no closing `)` on its line"},
        {"STATE { a[0] }", "test.mod:1:11: expected an integer from 1 to 2147483647, found 0"},
        {"STATE { a[N] }", "test.mod:1:11: expected an integer, found `N`"},
        {"DEFINE N 99999999999", "test.mod:1:10: expected an integer from 0 to 2147483647, found 99999999999"},
        {"FUNCTION f() { f = 1 + }", "test.mod:1:24: expected an expression, found `}`"},
        {"FUNCTION f() { f = (1 }", "test.mod:1:23: expected an operator or `)`, found `}`"},
        {"FUNCTION f() { f 1 }", "test.mod:1:18: expected `=` or `(`, found `1`"},
        {"FUNCTION f() { a = 1; }", "test.mod:1:21: `;` has no meaning here"},
        {"FUNCTION f() {} PROCEDURE f() {}", "test.mod:1:27: f is declared already, on line 1"},
        {"BREAKPOINT { SOLVE s METHOD cnexq }", "test.mod:1:29: NEURON has no method `cnexq`, did you mean `cnexp`?"},
        {"BREAKPOINT { SOLVE s METHOD cnexp }", "test.mod:1:14: SOLVE needs a DERIVATIVE"},
        {"BREAKPOINT { INITIAL { } }", "test.mod:1:14: INITIAL may stand in NET_RECEIVE only"},
        {"BREAKPOINT { CONSERVE a = 1 }", "test.mod:1:14: CONSERVE may stand in KINETIC only"},
        {"BREAKPOINT { ~ a = 1 }", "test.mod:1:14: an equation may not stand in this block"},
        {"KINETIC k { ~ a = b }", "test.mod:1:17: expected `+`, `<->`, `<<` or `->`, found `=`"},
        {"FUNCTION f() { TABLE FROM 0 TO 1 WITH 2 }", "test.mod:1:16: TABLE needs a FUNCTION or PROCEDURE with one "
                                                      "argument"},
        {"NET_RECEIVE () { }", "test.mod:1:1: NET_RECEIVE needs at least one argument"},
        {"NET_RECEIVE (w) { WATCH (v) 1 }", "test.mod:1:27: expected an operator, `<` or `>`, found `)`"},
        {"NEURON { THREADSAFE a, }", "test.mod:1:24: expected a name, found `}`"},
        {"COMMENT\n\n", "test.mod:1:1: this COMMENT has no ENDCOMMENT"},
        {"COMMENT x ENDCOMMENT\n", "test.mod:1:1: this COMMENT has no end: ENDCOMMENT must be the first word"},
        {"\n VERBATIM\n", "test.mod:2:2: this VERBATIM has no ENDVERBATIM"},
        {"\n\n\f", "test.mod:3:1: the byte 0x0c has no meaning here"},
        {"\xef\xbb\xbfNEURON { }", "test.mod:1:1: the byte 0xef has no meaning here"},
        {"NEURON { RANGE diam }", "test.mod:1:16: diam is NEURON's own and cannot be RANGE"},
        {"foo", "test.mod:1:1: expected a block such as NEURON or PARAMETER, found `foo`"},
        {"INCLUDE x", "test.mod:1:9: expected the name of a file in quotes, found `x`"},
        {"INCLUDE \"x", "test.mod:1:9: this text has no closing quote"},
        {"NEURON { REPRESENTS }", "expected an ontology identifier"},
        {"UNITS { (mV) = millivolt }", "test.mod:1:16: expected a unit in parentheses, found `millivolt`"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof mistake / sizeof *mistake; i++) {
        sna_nmodl *file = NULL;
        const int status = sna_nmodl_parse(&file, mistake[i].text, strlen(mistake[i].text), "test.mod");
        if (status != SNA_EFORMAT)
            print_error("status %d for: %s\n", status, mistake[i].text);
        assert_int_equal(status, SNA_EFORMAT);
        assert_null(file);
        assert_contains(sna_error_message(), mistake[i].message);
    }
}

static void scop_is_not_supported(void **state)
{
    sna_nmodl *file = NULL;

    (void)state;
    assert_int_equal(sna_nmodl_parse(&file, "PLOT x VS t", 11, "test.mod"), SNA_EUNSUPPORTED);
    assert_contains(sna_error_message(), "test.mod:1:1: PLOT is a construct of SCoP");
}

static void includes(void **state)
{
    char *folder = test_folder();
    char *outer = test_file(folder, "outer.mod", "NEURON { SUFFIX a }\nINCLUDE \"inner.inc\"\nPARAMETER { x }\n");
    char *inner = test_file(folder, "inner.inc", "ASSIGNED { y }\n\nSTATE { 1 }\n");
    sna_nmodl *file = NULL;

    (void)state;
    /* the place is that in the other file */
    assert_int_equal(sna_nmodl_read(&file, outer), SNA_EFORMAT);
    assert_contains(sna_error_message(), "inner.inc:3:9: expected the name of a state or `}`, found `1`");
    free(inner);
    inner = test_file(folder, "inner.inc", "ASSIGNED { y }\nINCLUDE \"inner.inc\"\n");
    assert_int_equal(sna_nmodl_read(&file, outer), SNA_EFORMAT); /* y twice, before the depth is used up */
    free(inner);
    inner = test_file(folder, "inner.inc", "INCLUDE \"inner.inc\"\nINCLUDE \"inner.inc\"\n");
    assert_int_equal(sna_nmodl_read(&file, outer), SNA_EFORMAT);
    assert_contains(sna_error_message(), "inner.inc:1:9: more than 16 INCLUDEs inside each other");
    free(inner);
    inner = test_file(folder, "inner.inc", "");
    assert_done(sna_nmodl_read(&file, outer));
    check_lossless(file);
    sna_nmodl_free(file);
    assert_int_equal(remove(inner), 0);
    assert_int_equal(sna_nmodl_read(&file, outer), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "outer.mod:2:9: the INCLUDEd file `inner.inc` is not there");
    assert_int_equal(sna_nmodl_read(&file, folder), SNA_EIO);
    free(inner);
    free(outer);
    test_folder_remove(folder);
}

/* ---- commands ----------------------------------------------------------------------------------------------- */

static void the_command_info(void **state)
{
    char *path = test_source_path("examples/cells/mechanisms/tmsynapse.mod");
    char *folder = test_folder();
    char *bad = test_file(folder, "bad.mod", "NEURON {\n  SUFFIX bad\n  RAGNE x\n}\n");
    run_result result;

    (void)state;
    run_words(&result, "mechanism", "info", path, NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "point process");
    assert_contains(result.out, "tau_rec");
    assert_string_equal(result.err, "");
    run_free(&result);
    run_words(&result, "mechanism", "info", path, "--format", "json", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "\"name\": \"TMSynapse\"");
    assert_contains(result.out, "\"declared\": \"STATE\"");
    run_free(&result);
    run_words(&result, "mechanism", "info", bad, NULL);
    assert_int_equal(result.status, 3);
    assert_contains(result.err, "bad.mod:3:3: expected SUFFIX, USEION, RANGE or another statement");
    assert_string_equal(result.out, "");
    run_free(&result);
    run_words(&result, "mechanism", "info", NULL);
    assert_int_equal(result.status, 2);
    run_free(&result);
    run_words(&result, "mechanism", "info", "/nonexistent.mod", NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "/nonexistent.mod");
    run_free(&result);
    free(path);
    free(bad);
    test_folder_remove(folder);
}

static void the_command_list(void **state)
{
    char *mechanisms = test_source_path("examples/cells/mechanisms");
    char *folder = test_folder();
    char *bad = test_file(folder, "bad.mod", "PARAMETER {");
    char *good = test_file(folder, "good.mod",
                           "NEURON { SUFFIX hd USEION k READ ek WRITE ik RANGE gbar }\n"
                           "PARAMETER { gbar ek (mV) } ASSIGNED { ik } STATE { m[3] }\n");
    run_result result;

    (void)state;
    run_words(&result, "mechanism", "list", mechanisms, NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "tmsynapse.mod");
    assert_contains(result.out, "k (read ek; write ik), ca (read cai)");
    run_free(&result);
    run_words(&result, "mechanism", "list", good, "--format", "csv", NULL);
    assert_int_equal(result.status, 0);
    assert_string_equal(result.out, "file,name,kind,currents,ions,parameters,assigned,states,globals,threadsafe\n"
                                    "good.mod,hd,density,ik,k (read ek; write ik),gbar,,m[3],,false\n");
    run_free(&result);
    /* a bad file hides no good one */
    run_words(&result, "mechanism", "list", folder, NULL);
    assert_int_equal(result.status, 3);
    assert_contains(result.out, "good.mod  hd");
    assert_contains(result.out, "bad.mod:1:12: expected");
    run_free(&result);
    run_words(&result, "mechanism", "list", "/nonexistent", NULL);
    assert_int_equal(result.status, 1);
    run_free(&result);
    run_words(&result, "mechanism", "list", NULL);
    assert_int_equal(result.status, 2);
    run_free(&result);
    run_words(&result, "mechanism", "list", "--help", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "Example");
    run_free(&result);
    free(bad);
    free(good);
    free(mechanisms);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_scopes),
        cmocka_unit_test(values_units_limits),
        cmocka_unit_test(ions_currents_blocks),
        cmocka_unit_test(point_process),
        cmocka_unit_test(other_kinds),
        cmocka_unit_test(every_byte_is_kept),
        cmocka_unit_test(a_token_can_be_replaced),
        cmocka_unit_test(notes_where_nocmodl_is_stricter),
        cmocka_unit_test(mistakes_have_a_place),
        cmocka_unit_test(scop_is_not_supported),
        cmocka_unit_test(includes),
        cmocka_unit_test(the_command_info),
        cmocka_unit_test(the_command_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
