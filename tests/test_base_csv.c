/* test_base_csv.c: delimited text. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

static sna_csv *parse(const char *text, char delimiter)
{
    sna_csv *csv = NULL;

    assert_done(sna_csv_parse(&csv, text, strlen(text), delimiter, "types.csv"));
    return csv;
}

static void blanks_separate_and_empties_stay(void **state)
{
    sna_csv *csv = parse("\xEF\xBB\xBFid name  last\r\n\r\n1 \"a \"\"b\"\"\" \"\" \r\r\n2 'x y'\r\n", ' ');

    (void)state;
    assert_true(sna_csv_rows(csv) == 3);
    assert_true(sna_csv_fields(csv, 0) == 4);
    assert_string_equal(sna_csv_field(csv, 0, 0), "id");
    assert_null(sna_csv_field(csv, 0, 2));
    assert_int_equal(sna_csv_column(csv, "last"), 3);
    assert_true(sna_csv_fields(csv, 1) == 4);
    assert_string_equal(sna_csv_field(csv, 1, 1), "a \"b\"");
    assert_string_equal(sna_csv_field(csv, 1, 2), "");
    assert_null(sna_csv_field(csv, 1, 3));
    assert_string_equal(sna_csv_field(csv, 2, 1), "'x");
    assert_true(sna_csv_line(csv, 0) == 1);
    assert_true(sna_csv_line(csv, 1) == 3);
    assert_true(sna_csv_line(csv, 2) == 4);
    assert_int_equal(sna_csv_error(csv, 2, SNA_EFORMAT, "odd"), SNA_EFORMAT);
    assert_string_equal(sna_error_message(), "types.csv:4: odd");
    sna_csv_free(csv);
}

static void lines_are_counted_through_quotes(void **state)
{
    sna_csv *csv = parse("a,b\n\"two\nlines\",2\n3,4", ',');

    (void)state;
    assert_true(sna_csv_rows(csv) == 3);
    assert_string_equal(sna_csv_field(csv, 1, 0), "two\nlines");
    assert_true(sna_csv_line(csv, 1) == 2);
    assert_true(sna_csv_line(csv, 2) == 4);
    assert_string_equal(sna_csv_field(csv, 2, 1), "4");
    sna_csv_free(csv);
}

static void faults_are_refused(void **state)
{
    sna_csv *csv = NULL;

    (void)state;
    assert_int_equal(sna_csv_parse(&csv, "a,b\n1,\"open\n", 12, ',', "types.csv"), SNA_EFORMAT);
    assert_null(csv);
    assert_string_equal(sna_error_message(), "types.csv:2: a quoted field is not closed");
    assert_int_equal(sna_csv_parse(&csv, "a\nb\0c", 5, ',', "types.csv"), SNA_EFORMAT);
    assert_contains(sna_error_message(), "types.csv:2: a NUL byte");
    assert_int_equal(sna_csv_read(&csv, "/nowhere.csv", ','), SNA_ENOTFOUND);
    csv = parse("", ',');
    assert_true(sna_csv_rows(csv) == 0);
    assert_null(sna_csv_field(csv, 0, 0));
    sna_csv_free(csv);
}

static void fields_are_quoted_when_needed(void **state)
{
    static const struct {
        const char *text, *written;
    } field[] = {{"plain", "plain"},
                 {"1.5", "1.5"},
                 {"a,b", "\"a,b\""},
                 {"say \"x\"", "\"say \"\"x\"\"\""},
                 {"", "\"\""},
                 {NULL, ""},
                 {"two\nlines", "\"two\nlines\""}};
    (void)state;
    for (size_t i = 0; i < sizeof field / sizeof *field; i++) {
        char *text = NULL;
        size_t size = 0;
        FILE *stream = open_memstream(&text, &size);
        assert_non_null(stream);
        assert_done(sna_csv_write_field(stream, field[i].text, ','));
        assert_int_equal(fclose(stream), 0);
        assert_string_equal(text, field[i].written);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_separate_and_empties_stay),
        cmocka_unit_test(lines_are_counted_through_quotes),
        cmocka_unit_test(faults_are_refused),
        cmocka_unit_test(fields_are_quoted_when_needed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
