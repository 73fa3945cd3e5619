/* test_base_json.c: JSON documents and the places in their errors. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

static int parse(sna_json **out, const char *text)
{
    return sna_json_parse(out, text, strlen(text), "spec.json");
}

static void places_are_named(void **state)
{
    static const char text[] = "{ // a comment\n"
                               "  \"edges\": [{}, {\"connector\": {\n"
                               "    \"type\": \"uni\", /* two\n lines */ \"p0\": 1.5}}]\n"
                               "}\n";
    sna_json *document = NULL;
    const cJSON *edges, *connector, *p0;

    (void)state;
    assert_done(parse(&document, text));
    assert_done(sna_json_require(document, sna_json_root(document), "edges", &edges));
    connector = sna_json_member(cJSON_GetArrayItem(edges, 1), "connector");
    assert_done(sna_json_require(document, connector, "p0", &p0));
    assert_int_equal(sna_json_error(document, p0, SNA_EFORMAT, "must be at most 1, found %g", 1.5), SNA_EFORMAT);
    assert_string_equal(sna_error_message(), "spec.json:4: edges[1].connector.p0: must be at most 1, found 1.5");
    assert_int_equal(sna_json_require(document, connector, "p1", &p0), SNA_EFORMAT);
    assert_string_equal(sna_error_message(), "spec.json:2: edges[1].connector: the key `p1` is missing");
    sna_json_free(document);
}

static void unknown_keys_are_guessed(void **state)
{
    static const char *const allowed[] = {"source", "target", NULL};
    sna_json *document = NULL;

    (void)state;
    assert_done(parse(&document, "{\"sorce\": 1}"));
    assert_int_equal(sna_json_check_keys(document, sna_json_root(document), allowed), SNA_EFORMAT);
    assert_string_equal(sna_error_message(),
                        "spec.json:1: sorce: unknown key, did you mean `source`?; allowed here: source, target");
    sna_json_free(document);
}

static void faults_are_refused(void **state)
{
    static const struct {
        const char *text, *message;
    } fault[] = {
        {"", "spec.json: the file is empty"},
        {" \n ", "spec.json: the file is empty"},
        {"{\"a\": 1,\n \"a\": 2}", "spec.json:1: the key `a` stands there twice"},
        {"{\"x\": {\"b\": 1, \"c\": 2, \"b\": 3}}", "spec.json:1: x: the key `b` stands there twice"},
        {"{} {}", "spec.json:1:4: not valid JSON at `{}`"},
        {"{\"a\": 1,}", "it ends too early, or wrongly at `}`"},
        {"{\"a\": ", "spec.json:1: not valid JSON: it ends too early"},
        {"{\"a\": \"open", "spec.json:1"},
        {"/* open\n{}", "spec.json:1: a comment is not closed"},
        {"{\"a\": NaN}", "not valid JSON at `NaN}`"},
        {"{\"a\": \"\xff\"}", "spec.json:1: not valid UTF-8"},
        {"[\"\xed\xa0\x80\"]", "spec.json:1: not valid UTF-8"},
    };
    sna_json *document = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof fault / sizeof *fault; i++) {
        assert_int_equal(parse(&document, fault[i].text), SNA_EFORMAT);
        assert_null(document);
        assert_contains(sna_error_message(), fault[i].message);
    }
    assert_int_equal(sna_json_parse(&document, "{}\0", 3, "spec.json"), SNA_EFORMAT);
    assert_contains(sna_error_message(), "NUL byte");
    assert_int_equal(sna_json_read(&document, "/nowhere.json"), SNA_ENOTFOUND);
}

static void depth_is_limited(void **state)
{
    enum { DEEP = 100000 };
    char *text = malloc(DEEP + 1);
    sna_json *document = NULL;

    (void)state;
    assert_non_null(text);
    memset(text, '[', DEEP);
    text[DEEP] = '\0';
    assert_int_equal(parse(&document, text), SNA_EFORMAT);
    free(text);
}

static void types_are_checked(void **state)
{
    sna_json *document = NULL;
    const cJSON *root;
    double real;
    int64_t integer;
    uint64_t natural;
    bool flag;
    const char *text;

    (void)state;
    assert_done(parse(&document,
                      "{\"big\": 9007199254740993, \"most\": 18446744073709551615, \"e\": 1e3, \"half\": 2.5,\n"
                      "\"minus\": -1, \"yes\": true, \"word\": \"a\", \"list\": [1], \"inf\": 1e999}"));
    root = sna_json_root(document);
    assert_done(sna_json_integer(document, sna_json_member(root, "big"), &integer));
    assert_true(integer == INT64_C(9007199254740993));
    assert_done(sna_json_unsigned(document, sna_json_member(root, "most"), &natural));
    assert_true(natural == UINT64_MAX);
    assert_done(sna_json_unsigned(document, sna_json_member(root, "e"), &natural));
    assert_true(natural == 1000);
    assert_int_equal(sna_json_integer(document, sna_json_member(root, "half"), &integer), SNA_EFORMAT);
    assert_contains(sna_error_message(), "half: must be a whole number, found 2.5");
    assert_int_equal(sna_json_unsigned(document, sna_json_member(root, "minus"), &natural), SNA_EFORMAT);
    assert_contains(sna_error_message(), "spec.json:2: minus: must be a whole number of at least 0, found -1");
    assert_int_equal(sna_json_integer(document, sna_json_member(root, "most"), &integer), SNA_EFORMAT);
    assert_done(sna_json_boolean(document, sna_json_member(root, "yes"), &flag));
    assert_true(flag);
    assert_int_equal(sna_json_real(document, sna_json_member(root, "word"), &real), SNA_EFORMAT);
    assert_contains(sna_error_message(), "word: must be a number, found the text \"a\"");
    assert_int_equal(sna_json_real(document, sna_json_member(root, "inf"), &real), SNA_EFORMAT);
    assert_done(sna_json_text(document, sna_json_member(root, "word"), &text));
    assert_string_equal(text, "a");
    assert_int_equal(sna_json_text(document, sna_json_member(root, "list"), &text), SNA_EFORMAT);
    assert_contains(sna_error_message(), "must be a text, found a list");
    assert_int_equal(sna_json_expect_object(document, sna_json_member(root, "list")), SNA_EFORMAT);
    assert_null(sna_json_member(root, "Word"));
    sna_json_free(document);
}

static void byte_order_mark_is_skipped(void **state)
{
    sna_json *document = NULL;
    char *path = NULL;
    uint64_t line = 0;

    (void)state;
    assert_done(parse(&document, "\xEF\xBB\xBF{\"a\":\n[1, 2]}"));
    assert_done(
        sna_json_place(document, cJSON_GetArrayItem(sna_json_member(sna_json_root(document), "a"), 1), &path, &line));
    assert_string_equal(path, "a[1]");
    assert_int_equal(line, 2);
    free(path);
    sna_json_free(document);
}

static void written_numbers_are_exact(void **state)
{
    char *folder = test_folder(), *path = NULL, *text = NULL;
    uint64_t size = 0;
    cJSON *root = cJSON_CreateObject();

    (void)state;
    assert_done(sna_path_join(&path, folder, "out.json"));
    (void)cJSON_AddItemToObject(root, "big", sna_json_make_unsigned(UINT64_MAX));
    (void)cJSON_AddItemToObject(root, "third", sna_json_make_real(1.0 / 3));
    (void)cJSON_AddItemToObject(root, "none", sna_json_make_real(NAN));
    assert_done(sna_json_write(root, path));
    assert_done(sna_file_read(&text, &size, path));
    assert_string_equal(text,
                        "{\n  \"big\": 18446744073709551615,\n  \"third\": 0.3333333333333333,\n  \"none\": null\n}\n");
    cJSON_Delete(root);
    free(text);
    free(path);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_named),          cmocka_unit_test(unknown_keys_are_guessed),
        cmocka_unit_test(faults_are_refused),        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(types_are_checked),         cmocka_unit_test(byte_order_mark_is_skipped),
        cmocka_unit_test(written_numbers_are_exact),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
