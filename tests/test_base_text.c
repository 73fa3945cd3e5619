/* test_base_text.c: errors, memory, text, numbers, paths. */
#include "support.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void errors_gain_context(void **state)
{
    (void)state;
    assert_int_equal(sna_error(SNA_EFORMAT, "line %d is odd", 3), SNA_EFORMAT);
    assert_string_equal(sna_error_message(), "line 3 is odd");
    assert_int_equal(sna_error_in(SNA_EFORMAT, "%s", "file.h5"), SNA_EFORMAT);
    assert_string_equal(sna_error_message(), "file.h5: line 3 is odd");
    assert_int_equal(sna_error_in(0, "nothing"), 0);
    assert_string_equal(sna_error_message(), "file.h5: line 3 is odd");
    /* The old message may be an argument of the new one. */
    (void)sna_error(SNA_EIO, "again: %s", sna_error_message());
    assert_string_equal(sna_error_message(), "again: file.h5: line 3 is odd");
    assert_string_equal(sna_error_name(SNA_ENOMEM), "out of memory");
    assert_string_equal(sna_error_name(12345), "unknown error");
}

static void long_errors_are_cut_not_overrun(void **state)
{
    char text[9000];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    (void)sna_error(SNA_EIO, "%s", text);
    assert_true(strlen(sna_error_message()) < sizeof text);
    for (int i = 0; i < 3; i++)
        (void)sna_error_in(SNA_EIO, "%.3000s", text);
    assert_true(strlen(sna_error_message()) < sizeof text);
}

static void allocation_checks_products(void **state)
{
    double *value = NULL;
    uint64_t capacity = 4;

    (void)state;
    assert_int_equal(sna_allocate(&value, UINT64_MAX / 4, sizeof *value), SNA_ENOMEM);
    assert_null(value);
    assert_done(sna_allocate(&value, 4, sizeof *value));
    assert_true(value[3] == 0);
    value[3] = 7;
    assert_null(sna_grow(value, &capacity, UINT64_MAX / 2, sizeof *value));
    assert_true(capacity == 4 && value[3] == 7);
    value = sna_grow(value, &capacity, 5, sizeof *value);
    assert_non_null(value);
    assert_true(capacity >= 5 && value[3] == 7 && value[4] == 0);
    free(value);
    assert_done(sna_allocate(&value, 0, sizeof *value));
    assert_null(value);
}

static void strings_and_lists(void **state)
{
    sna_string text = SNA_STRING;
    sna_list list = SNA_LIST;

    (void)state;
    assert_string_equal(sna_string_text(&text), "");
    for (int i = 0; i < 1000; i++)
        assert_done(sna_string_format(&text, "%d,", i));
    assert_true(text.length == 3890);
    assert_done(sna_list_split(&list, text.text, ','));
    assert_true(list.count == 1000);
    assert_string_equal(list.text[999], "999");
    assert_int_equal(sna_list_find(&list, "77"), 77);
    assert_int_equal(sna_list_find(&list, "x"), -1);
    text.length = 0;
    assert_done(sna_list_join(&list, 2, &text));
    assert_string_equal(text.text, "0, 1, ... (1000 in all)");
    sna_list_free(&list);
    assert_done(sna_list_split(&list, " a b ,, c", ','));
    assert_true(list.count == 2);
    assert_string_equal(list.text[0], "a b");
    assert_string_equal(list.text[1], "c");
    sna_list_free(&list);
    sna_string_free(&text);
}

static void guesses(void **state)
{
    static const char *const words[] = {"connector", "properties", "source", "target"};

    (void)state;
    assert_string_equal(sna_closest("conector", words, 4), "connector");
    assert_string_equal(sna_closest("Sourec", words, 4), "source");
    assert_null(sna_closest("zzz", words, 4));
    assert_null(sna_closest("", words, 4));
}

static void numbers_read_back(void **state)
{
    static const double value[] = {0,       0.1,     1.0 / 3, 1e300, -2.5e-310,
                                   DBL_MAX, DBL_MIN, 100.5,   1e15,  123456789012345680.0,
                                   -1,      0x1p53,  5e-324,  0.0001};
    char buffer[SNA_NUMBER_SIZE];
    double back;

    (void)state;
    for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
        assert_done(sna_number_parse(&back, sna_number_text(buffer, value[i])));
        assert_true(back == value[i]);
    }
    assert_string_equal(sna_number_text(buffer, 0.1), "0.1");
    assert_string_equal(sna_number_text(buffer, 100), "100");
    assert_string_equal(sna_number_text(buffer, NAN), "nan");
    assert_string_equal(sna_number_text(buffer, -INFINITY), "-inf");
    assert_string_equal(sna_number_round(buffer, 1.0 / 3, 3), "0.333");
    assert_string_equal(sna_number_round(buffer, 123456, 3), "123456");
}

/* The text of `value` and of -value reads back to the same bits, and with one digit less it would not. */
static void check_text(double value)
{
    char text[SNA_NUMBER_SIZE], negative[SNA_NUMBER_SIZE], shorter[SNA_NUMBER_SIZE];
    const double back = strtod(sna_number_text(text, value), NULL);
    int digits = 0;

    if (memcmp(&back, &value, sizeof back) != 0)
        fail_msg("%a is written as %s", value, text);
    for (const char *c = text; *c != '\0' && *c != 'e'; c++)
        digits += *c >= '0' && *c <= '9' && (digits > 0 || *c != '0');
    if (digits > 1) {
        (void)snprintf(shorter, sizeof shorter, "%.*e", digits - 2, value);
        if (!(strtod(shorter, NULL) < value) && !(strtod(shorter, NULL) > value) && strchr(text, 'e') != NULL)
            fail_msg("%a is written as %s, but %s would do", value, text, shorter);
    }
    sna_number_text(negative, -value);
    assert_true(negative[0] == '-' && strcmp(negative + 1, text) == 0);
}

static void numbers_are_short(void **state)
{
    sna_random random;
    char buffer[SNA_NUMBER_SIZE];

    (void)state;
    sna_random_start(&random, 1, sna_random_purpose("texts of numbers"), 0, 0);
    for (int i = 0; i < 100000; i++) {
        const uint64_t bits = sna_random_bits(&random) >> 1;
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value))
            check_text(value);
        check_text(sna_random_open(&random));
        check_text((double)(1 + sna_random_below(&random, 1000000)) / 1000);
        check_text(1e-3 * (double)(1 + sna_random_below(&random, UINT64_C(1) << 52)));
    }
    for (int e = -1074; e < 1024; e++) {
        check_text(ldexp(1, e));
        check_text(nextafter(ldexp(1, e), 0) > 0 ? nextafter(ldexp(1, e), 0) : 5e-324);
        check_text(nextafter(ldexp(1, e), INFINITY));
    }
    for (int e = -323; e <= 308; e++) {
        const double ten = pow(10, e);
        check_text(ten);
        check_text(nextafter(ten, INFINITY));
    }
    assert_string_equal(sna_number_text(buffer, 5e-324), "5e-324");
    assert_string_equal(sna_number_text(buffer, 9007199254740993.0), "9007199254740992");
    assert_string_equal(sna_number_text(buffer, 1e15), "1e+15");
    assert_string_equal(sna_number_text(buffer, 999999999999999), "999999999999999");
    assert_string_equal(sna_number_text(buffer, 0.00012), "0.00012");
    assert_string_equal(sna_number_text(buffer, 0.000012), "1.2e-05");
    assert_string_equal(sna_number_text(buffer, -0.0), "0");
    assert_string_equal(sna_number_text(buffer, -1200.5), "-1200.5");
}

static void bad_numbers_are_refused(void **state)
{
    double real;
    int64_t integer;
    uint64_t natural;

    (void)state;
    assert_int_equal(sna_number_parse(&real, "1.5x"), SNA_EFORMAT);
    assert_int_equal(sna_number_parse(&real, ""), SNA_EFORMAT);
    assert_int_equal(sna_number_parse(&real, "1e999"), SNA_ERANGE);
    assert_int_equal(sna_number_parse(&real, "1,5"), SNA_EFORMAT);
    assert_done(sna_number_parse(&real, " 2e3 "));
    assert_true(real == 2000);
    assert_done(sna_integer_parse(&integer, "-9223372036854775808"));
    assert_true(integer == INT64_MIN);
    assert_int_equal(sna_integer_parse(&integer, "9223372036854775808"), SNA_ERANGE);
    assert_int_equal(sna_integer_parse(&integer, "12.5"), SNA_EFORMAT);
    assert_done(sna_unsigned_parse(&natural, "18446744073709551615"));
    assert_true(natural == UINT64_MAX);
    assert_int_equal(sna_unsigned_parse(&natural, "-1"), SNA_EFORMAT);
    assert_contains(sna_error_message(), "`-1` is not a whole number");
}

static void decimal_comma_changes_nothing(void **state)
{
    char buffer[SNA_NUMBER_SIZE];
    double value;
    const char *set = setlocale(LC_ALL, "de_DE.UTF-8");

    (void)state;
    if (set == NULL)
        set = setlocale(LC_ALL, "C.UTF-8"); /* the same checks, though they prove less */
    assert_non_null(set);
    assert_done(sna_number_parse(&value, "1.5"));
    assert_true(value == 1.5);
    assert_string_equal(sna_number_text(buffer, 2.25), "2.25");
    assert_string_equal(sna_number_round(buffer, 2.25, 3), "2.25");
    (void)setlocale(LC_ALL, "C");
}

static void patterns(void **state)
{
    static const struct {
        const char *pattern, *text;
        bool found;
    } pair[] = {{"^L[23]_", "L2_PC", true},
                {"^L[23]_", "xL2_PC", false},
                {"\\d+$", "cell12", true},
                {"a.c", "xabcx", true},
                {"(?:ab)+?c", "ababc", true},
                {"\\u0041", "A", true},
                {"^$", "", true},
                {"(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", false},
                {"\xc3\xa9", "caf\xc3\xa9", true}};
    sna_pattern *pattern = NULL;
    char *text = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        assert_done(sna_pattern_create(&pattern, pair[i].pattern));
        assert_int_equal(sna_pattern_matches(pattern, pair[i].text), pair[i].found);
        sna_pattern_free(pattern);
    }
    assert_int_equal(sna_pattern_create(&pattern, "a("), SNA_EFORMAT);
    assert_string_equal(sna_error_message(), "`a(` is no pattern: missing closing parenthesis (at character 3)");
    assert_null(pattern);
    /* What exhausts a backtracking compiler or matcher is refused or found out in time. */
    assert_int_equal(sna_pattern_create(&pattern, "((((a{900}){900}){900}){900}){900}"), SNA_EFORMAT);
    assert_done(sna_allocate(&text, 10002, 1));
    memset(text, 'a', 10001);
    assert_int_equal(sna_pattern_create(&pattern, text), SNA_EFORMAT);
    free(text);
}

static void paths(void **state)
{
    char *path = NULL;

    (void)state;
    assert_done(sna_path_join(&path, "a/", "b"));
    assert_string_equal(path, "a/b");
    free(path);
    assert_done(sna_path_join(&path, "a", "/b"));
    assert_string_equal(path, "/b");
    free(path);
    assert_done(sna_path_folder(&path, "b"));
    assert_string_equal(path, ".");
    free(path);
    assert_done(sna_path_folder(&path, "/b"));
    assert_string_equal(path, "/");
    free(path);
    assert_string_equal(sna_path_name("x/y.h5"), "y.h5");
    assert_int_equal(sna_path_real(&path, "/nowhere/at/all"), SNA_ENOTFOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_gain_context),
        cmocka_unit_test(long_errors_are_cut_not_overrun),
        cmocka_unit_test(allocation_checks_products),
        cmocka_unit_test(strings_and_lists),
        cmocka_unit_test(guesses),
        cmocka_unit_test(numbers_read_back),
        cmocka_unit_test(numbers_are_short),
        cmocka_unit_test(bad_numbers_are_refused),
        cmocka_unit_test(decimal_comma_changes_nothing),
        cmocka_unit_test(patterns),
        cmocka_unit_test(paths),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
