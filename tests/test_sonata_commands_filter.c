/* test_sonata_commands_filter.c: filter expressions: what they accept, what they select, what they say when wrong. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/sonata.h"

/* Five rows: an integer (one missing), a real (one NaN), a text (one missing), a flag as text, three values a row. */
enum { ROWS = 5 };
static int64_t layer[ROWS] = {4, 5, 0, 4, 9007199254740993};
static uint8_t layer_missing[ROWS] = {0, 0, 1, 0, 0};
static double depth[ROWS] = {-1.5, 0, 100, (double)NAN, 2.5e3};
static uint32_t name_code[ROWS] = {0, 1, 0, 0, 2};
static uint8_t name_missing[ROWS] = {0, 0, 0, 1, 0};
static uint32_t flag_code[ROWS] = {0, 1, 0, 1, 0};
static double place[ROWS * 3] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
static char *name_text[] = {"PN", "PV", "it's"}, *flag_text[] = {"True", "no"};
static const sna_list names = {name_text, 3, 3}, flags = {flag_text, 2, 2};

static const sna_column columns[] = {
    {.name = "layer", .type = SNA_INTEGER, .count = ROWS, .width = 1, .integer = layer, .missing = layer_missing},
    {.name = "depth", .type = SNA_REAL, .count = ROWS, .width = 1, .real = depth},
    {.name = "pop.name",
     .type = SNA_TEXT,
     .count = ROWS,
     .width = 1,
     .code = name_code,
     .texts = &names,
     .missing = name_missing},
    {.name = "flag", .type = SNA_TEXT, .count = ROWS, .width = 1, .code = flag_code, .texts = &flags},
    {.name = "place", .type = SNA_REAL, .count = ROWS, .width = 3, .real = place},
};

static const sna_column *column_of(const char *name)
{
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (strcmp(columns[i].name, name) == 0)
            return &columns[i];
    return NULL;
}

/* Runs a condition over the rows (in a given order) and writes 1 or 0 for each; returns the status. */
static int run_filter(const char *text, const uint64_t *row, char out[ROWS + 1])
{
    sna_filter *filter = NULL;
    sna_view view[8];
    uint8_t keep[ROWS];
    int status = sna_filter_parse(&filter, text);

    for (uint64_t i = 0; status == 0 && i < sna_filter_names(filter); i++) {
        view[i] = (sna_view){column_of(sna_filter_name(filter, i)), row};
        if (view[i].column == NULL)
            fail_msg("no column %s", sna_filter_name(filter, i));
    }
    if (status == 0)
        status = sna_filter_run(filter, view, ROWS, keep);
    for (int i = 0; i < ROWS && status == 0; i++)
        out[i] = keep[i] ? '1' : '0';
    out[ROWS] = '\0';
    sna_filter_free(filter);
    return status;
}

static void conditions_select(void **state)
{
    static const struct {
        const char *text, *selected;
    } cases[] = {
        {"layer == 4", "10010"},
        {"layer = 4", "10010"},
        {"4 == layer", "10010"},
        /* A missing value is unequal to everything, and nothing else. */
        {"layer != 4", "01101"},
        {"layer <> 4", "01101"},
        {"not layer < 5", "01101"},
        {"layer >= 4", "11011"},
        {"missing(layer)", "00100"},
        {"missing(depth) or missing(`pop.name`)", "00010"},
        /* 2^53 + 1 is no double: integers are compared as integers. */
        {"layer == 9007199254740993", "00001"},
        {"layer == 9007199254740992", "00000"},
        {"layer in [9007199254740992, 5]", "01000"},
        {"depth > 0", "00101"},
        {"depth <= 0", "11000"},
        {"depth == 2.5e3", "00001"},
        {"0 <= depth < 1e3", "01100"},
        {"-2 < depth < layer", "11001"},
        {"depth * 2 + 1 == -2", "10000"},
        {"abs(depth) == 1.5", "10000"},
        {"-depth == 1.5", "10000"},
        {"depth / 0 > 1", "00101"},
        {"depth - -1 == 1", "01000"},
        {"pop.name == 'PN'", "10100"},
        {"'PN' == pop.name", "10100"},
        {"pop.name != 'PN'", "01011"},
        {"pop.name < 'PW'", "11100"},
        {"pop.name in ['PV', 'none', \"it's\"]", "01001"},
        {"pop.name in ('PV')", "01000"},
        {"pop.name not in {'PV'}", "10111"},
        {"pop.name == 'it''s'", "00001"},
        {"pop.name == 'it\\'s'", "00001"},
        {"pop.name =~ '^P[NV]$'", "11100"},
        {"pop.name == flag", "00000"},
        {"pop.name == pop.name", "11101"},
        {"flag", "10101"},
        {"flag == true", "10101"},
        {"flag != True", "01010"},
        {"not flag", "01010"},
        {"true", "11111"},
        {"place[0] > 3 and place[2] < 14", "00110"},
        {"layer == 4 and depth < 0", "10000"},
        {"layer == 4 & depth < 0", "10000"},
        {"layer == 4 && depth < 0 || layer == 5", "11000"},
        {"layer == 5 or layer == 4 and depth < 0", "11000"},
        {"(layer == 5 or layer == 4) and depth < 0", "10000"},
        {"~(layer == 5) | false", "10111"},
        {"NOT layer == 5 AND TRUE", "10111"},
        {"layer in [4, -5] and layer == 4.0", "10010"},
    };
    char found[ROWS + 1];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_done(run_filter(cases[i].text, NULL, found));
        if (strcmp(found, cases[i].selected) != 0)
            print_error("%s: found %s, expected %s\n", cases[i].text, found, cases[i].selected);
        assert_string_equal(found, cases[i].selected);
    }
}

static void rows_are_looked_up(void **state)
{
    static const uint64_t backwards[ROWS] = {4, 3, 2, 1, 0};
    char found[ROWS + 1];

    (void)state;
    assert_done(run_filter("pop.name == 'PN' or layer == 5", backwards, found));
    assert_string_equal(found, "00111");
    assert_done(run_filter("0 <= depth < 1e3", backwards, found));
    assert_string_equal(found, "00110");
}

/* More rows than a batch; the list of texts grows between runs, as in a stream. */
static void many_rows_and_growing_texts(void **state)
{
    enum { MANY = 5000 };
    uint32_t *code = NULL;
    uint8_t *keep = NULL;
    sna_list texts = SNA_LIST;
    sna_filter *filter = NULL;
    char text[16];
    uint64_t kept = 0;

    (void)state;
    assert_done(sna_allocate(&code, MANY, sizeof *code));
    assert_done(sna_allocate(&keep, MANY, sizeof *keep));
    assert_done(sna_filter_parse(&filter, "name =~ '7$' and not name in ['7', '17']"));
    for (uint32_t round = 1; round <= 3; round++) {
        sna_column column = {
            .name = "name", .type = SNA_TEXT, .count = MANY, .width = 1, .code = code, .texts = &texts};
        sna_view view = {&column, NULL};
        for (uint32_t i = (uint32_t)texts.count; i < round * 100; i++) {
            snprintf(text, sizeof text, "%u", i);
            assert_done(sna_list_add(&texts, text));
        }
        for (uint32_t i = 0; i < MANY; i++)
            code[i] = i % (round * 100);
        assert_done(sna_filter_run(filter, &view, MANY, keep));
        kept = 0;
        for (uint32_t i = 0; i < MANY; i++) {
            const uint32_t number = i % (round * 100);
            assert_int_equal(keep[i], number % 10 == 7 && number != 7 && number != 17);
            kept += keep[i];
        }
        assert_true(kept > 0);
    }
    sna_filter_free(filter);
    sna_list_free(&texts);
    free(code);
    free(keep);
}

static void wrong_conditions_are_explained(void **state)
{
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"", "it ends, expected a name or a value"},
        {"layer ==", "at character 9 it ends"},
        {"layer == 4)", "at character 11 found `)`, expected `and`, `or` or the end"},
        {"layer == 4 5", "at character 12 found `5`"},
        {"(layer == 4", "expected `)`"},
        {"layer === 4", "found `=`"},
        {"layer ? 4", "found `?`"},
        {"pop.name == 'PN", "the quote at character 13 is never closed"},
        {"layer in 4", "expected a list such as ['PN', 'PV'] or [1, 2]"},
        {"layer in []", "expected at least one value in the list"},
        {"layer in [4, 'PN']", "expected a number, as the others of the list"},
        {"pop.name in ['PN', 4]", "expected a quoted text, as the others of the list"},
        {"layer in [4, ", "it ends"},
        {"layer not 4", "expected `in` behind `not`"},
        {"pop.name =~ '('", "is no pattern: missing closing parenthesis"},
        {"pop.name =~ 4", "expected a quoted regular expression"},
        {"place[x] > 3", "expected the place of a value in its row"},
        {"layer == 1e999", "expected a number that fits"},
        {"in == 4", "is a word of the language"},
        {"layer == 'PN'", "`layer` (a number) is compared with 'PN' (a text)"},
        {"pop.name == 4", "`pop.name` (a text) is compared with 4 (a number)"},
        {"pop.name > true", "`pop.name` (a text) is compared with true (a condition)"},
        {"layer in ['PN']", "`layer` is a number, but is looked for in a list of texts"},
        {"pop.name in [4]", "`pop.name` is a text, but is looked for in a list of numbers"},
        {"'PN' in ['PN']", "only an attribute can be looked for in a list of texts"},
        {"layer =~ '4'", "`layer` is a number, but =~ needs an attribute that is a text"},
        {"pop.name + 1 == 2", "`pop.name` is a text, but is computed with"},
        {"layer + 1", "what was computed stands where a condition is needed"},
        {"layer == 4 and 5", "5 stands where a condition is needed"},
        {"place > 3", "`place` has 3 values a row; say which: place[0] to place[2]"},
        {"place[3] > 3", "`place` has 3 values a row, so there is no place[3]"},
        {"layer[1] > 3", "`layer` has 1 value a row"},
    };
    char found[ROWS + 1];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(run_filter(cases[i].text, NULL, found), SNA_EINVAL);
        assert_contains(sna_error_message(), cases[i].sentence);
    }
}

/* Hostile lengths and depths end in a sentence, not in a full stack. */
static void endless_conditions_are_refused(void **state)
{
    sna_string text = SNA_STRING;
    sna_filter *filter = NULL;

    (void)state;
    for (int i = 0; i < 100000; i++)
        assert_done(sna_string_append(&text, "("));
    assert_int_equal(sna_filter_parse(&filter, sna_string_text(&text)), SNA_EINVAL);
    assert_contains(sna_error_message(), "nested more than");
    text.length = 0;
    for (int i = 0; i < 100000; i++)
        assert_done(sna_string_append(&text, i == 0 ? "x" : " or x"));
    assert_int_equal(sna_filter_parse(&filter, sna_string_text(&text)), SNA_EINVAL);
    assert_contains(sna_error_message(), "is too long");
    text.length = 0;
    for (int i = 0; i < 100000; i++)
        assert_done(sna_string_format(&text, "%s%d", i == 0 ? "layer in [4," : ",", i * 2));
    assert_done(sna_string_append(&text, "]"));
    assert_done(sna_filter_parse(&filter, sna_string_text(&text)));
    sna_filter_free(filter);
    sna_string_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_select),
        cmocka_unit_test(rows_are_looked_up),
        cmocka_unit_test(many_rows_and_growing_texts),
        cmocka_unit_test(wrong_conditions_are_explained),
        cmocka_unit_test(endless_conditions_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
