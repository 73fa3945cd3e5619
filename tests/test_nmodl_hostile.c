/* test_nmodl_hostile.c: mod files that mean harm, or were cut short: every prefix and many mutations of real ones, deep
 * nesting, long lists. Nothing may crash, hang or lose a byte; a refusal has a sentence with a place. */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nmodl/nmodl.h"

static uint64_t accepted, refused;

/* Reads a text from memory of just its size, so that the sanitizer sees a byte too far. */
static int try_text(const char *text, uint64_t length)
{
    char *exact = malloc(length > 0 ? length : 1);
    sna_nmodl *file = NULL;
    sna_string back = SNA_STRING;
    int status;

    assert_non_null(exact);
    memcpy(exact, text, length);
    status = sna_nmodl_parse(&file, exact, length, "hostile.mod");
    if (status == 0) {
        accepted++;
        assert_done(sna_nmodl_text(file, 0, &back));
        assert_int_equal(back.length, length);
        assert_memory_equal(sna_string_text(&back), exact, length);
        sna_string_free(&back);
        sna_nmodl_free(file);
    } else {
        refused++;
        assert_true(status == SNA_EFORMAT || status == SNA_EUNSUPPORTED);
        assert_true(strncmp(sna_error_message(), "hostile.mod:", strlen("hostile.mod:")) == 0);
        assert_null(file);
    }
    free(exact);
    return status;
}

/* Every prefix, and at every place some other bytes: a fixed set that makes trouble, and random ones. */
static void attack_file(const char *path)
{
    static const char trouble[] = "{}()[]<>\"':?~=+-,'\0\n\x1a\xff"
                                  "e.9_ ";
    char *text = NULL;
    uint64_t size = 0;
    sna_random random;

    assert_done(sna_file_read(&text, &size, path));
    sna_random_start(&random, 1, sna_random_purpose("nmodl mutation"), size, 0);
    for (uint64_t i = 0; i <= size; i++)
        (void)try_text(text, i);
    for (uint64_t i = 0; i < size; i++) {
        const char kept = text[i];
        text[i] = trouble[sna_random_below(&random, sizeof trouble - 1)];
        (void)try_text(text, size);
        text[i] = (char)sna_random_below(&random, 256);
        (void)try_text(text, size);
        text[i] = kept;
        /* and without that byte */
        if (i % 4 == 0) {
            memmove(text + i, text + i + 1, size - i - 1);
            (void)try_text(text, size - 1);
            memmove(text + i + 1, text + i, size - i - 1);
            text[i] = kept;
        }
    }
    free(text);
}

static void attack_folder(const char *folder)
{
    sna_list names = SNA_LIST;
    const double start = sna_clock();

    assert_done(sna_path_list(&names, folder, ".mod"));
    accepted = refused = 0;
    for (uint64_t i = 0; i < names.count; i++) {
        char *path = NULL;
        assert_done(sna_path_join(&path, folder, names.text[i]));
        attack_file(path);
        free(path);
    }
    print_message("%s: %d mod files, %d texts taken, %d refused, %.1f s\n", folder, (int)names.count, (int)accepted,
                  (int)refused, sna_clock() - start);
    assert_true(refused > 0);
    assert_true(accepted > 0);
    sna_list_free(&names);
}

static void our_files(void **state)
{
    static const char *const relative[] = {"tests/models/nmodl", "examples/cells/mechanisms"};

    (void)state;
    for (size_t i = 0; i < sizeof relative / sizeof *relative; i++) {
        char *path = test_source_path(relative[i]);
        attack_folder(path);
        free(path);
    }
}

static void neurons_demo(void **state)
{
    static const char demo[] = "/usr/share/nrn/demo/release";

    (void)state;
    if (access(demo, R_OK) != 0) {
        print_message("skipped: %s is not there\n", demo);
        skip();
    }
    attack_folder(demo);
}

/* `count` times a text between two others. */
static int try_repeated(const char *before, const char *repeated, uint64_t count, const char *after)
{
    sna_string text = SNA_STRING;
    int status;

    assert_done(sna_string_append(&text, before));
    for (uint64_t i = 0; i < count; i++)
        assert_done(sna_string_append(&text, repeated));
    assert_done(sna_string_append(&text, after));
    status = try_text(text.text, text.length);
    sna_string_free(&text);
    return status;
}

static void nesting_is_bounded(void **state)
{
    enum { DEEP = 1000000 };

    (void)state;
    assert_int_equal(try_repeated("FUNCTION f() { f = ", "(", DEEP, ""), SNA_EFORMAT);
    assert_contains(sna_error_message(), "nested more than 200 deep");
    assert_int_equal(try_repeated("FUNCTION f() { f = ", "g(", DEEP, ""), SNA_EFORMAT);
    assert_contains(sna_error_message(), "nested more than 200 deep");
    assert_int_equal(try_repeated("FUNCTION f() { f = ", "a[", DEEP, ""), SNA_EFORMAT);
    assert_contains(sna_error_message(), "nested more than 200 deep");
    assert_int_equal(try_repeated("FUNCTION f() ", "{", DEEP, ""), SNA_EFORMAT);
    assert_contains(sna_error_message(), "nested more than 200 deep");
    assert_int_equal(try_repeated("FUNCTION f() {", "if (1) {", DEEP, ""), SNA_EFORMAT);
    assert_contains(sna_error_message(), "nested more than 200 deep");
    assert_int_equal(try_repeated("NET_RECEIVE (w) {", "INITIAL {", DEEP, ""), SNA_EFORMAT);
    assert_contains(sna_error_message(), "nested more than 200 deep");
    assert_int_equal(try_repeated("NET_RECEIVE (w) {", "FOR_NETCONS (w) {", DEEP, ""), SNA_EFORMAT);
    assert_contains(sna_error_message(), "nested more than 200 deep");
    /* what does not nest may be long */
    assert_int_equal(try_repeated("FUNCTION f() { f = ", "- ", DEEP, "1 }"), 0);
    assert_int_equal(try_repeated("FUNCTION f() { f = 1", " + 1", DEEP, " }"), 0);
    assert_int_equal(try_repeated("FUNCTION f() { if (1) {}", " else if (2) {}", DEEP / 4, " }"), 0);
    assert_int_equal(try_repeated("PROCEDURE f() {", "LOCAL a\n", DEEP / 4, "}"), 0);
    assert_int_equal(try_repeated("", "UNITSON ", DEEP, ""), 0);
    assert_int_equal(try_repeated("", "COMMENT\nENDCOMMENT\n", DEEP / 4, ""), 0);
    assert_int_equal(try_repeated("", "VERBATIM\nENDVERBATIM\n", DEEP / 4, ""), 0);
    assert_int_equal(try_repeated("COMMENT\n", "ENDCOMMENTS\n", DEEP / 4, ""), SNA_EFORMAT);
}

/* A million names must not take the square of that. */
static void many_names(void **state)
{
    enum { MANY = 300000 };
    static const char *const block[] = {"PARAMETER {", "ASSIGNED {", "STATE {"};
    const double start = sna_clock();

    (void)state;
    for (size_t i = 0; i < sizeof block / sizeof *block; i++) {
        sna_string text = SNA_STRING;
        assert_done(sna_string_format(&text, "NEURON { SUFFIX many RANGE x0"));
        for (int j = 1; j < MANY; j++)
            assert_done(sna_string_format(&text, ",x%dx", j));
        assert_done(sna_string_format(&text, "}\n%s\n", block[i]));
        for (int j = 0; j < MANY; j++)
            assert_done(sna_string_format(&text, "x%dx ", j));
        assert_done(sna_string_append(&text, "}\n"));
        assert_int_equal(try_text(text.text, text.length), 0);
        sna_string_free(&text);
    }
    print_message("three files of %d variables: %.1f s\n", (int)MANY, sna_clock() - start);
}

static void nul_bytes(void **state)
{
    static const char text[] = "NEURON { SUFFIX a }\n\0\nPARAMETER { }";

    (void)state;
    assert_int_equal(try_text(text, sizeof text - 1), SNA_EFORMAT);
    assert_string_equal(sna_error_message(), "hostile.mod:2:1: a NUL byte: this is not a text file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_files),  cmocka_unit_test(neurons_demo), cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(many_names), cmocka_unit_test(nul_bytes),
    };

    (void)alarm(280); /* a hang is a failure */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
