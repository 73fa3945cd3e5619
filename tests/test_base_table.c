/* test_base_table.c: tables and records in their four formats. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *written(const sna_table *table, const sna_record *record, sna_format format)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);

    assert_non_null(stream);
    assert_done(table != NULL ? sna_table_write(table, stream, format) : sna_record_write(record, stream, format));
    assert_int_equal(fclose(stream), 0);
    return text;
}

static sna_table *example(void)
{
    sna_table *table = NULL;

    assert_done(sna_table_create(&table, "Edges", "source"));
    assert_done(sna_table_add_column(table, "PopA", NULL, SNA_INTEGER));
    assert_done(sna_table_add_row(table, "A|x"));
    assert_done(sna_table_add_column(table, "mean", "mV", SNA_REAL)); /* after a row: allowed */
    assert_done(sna_table_add_column(table, "name", NULL, SNA_TEXT));
    assert_done(sna_table_add_column(table, "ok", NULL, SNA_BOOLEAN));
    assert_done(sna_table_add_row(table, "BB"));
    assert_done(sna_table_set_integer(table, 0, 0, 12));
    assert_done(sna_table_set_real(table, 0, 1, 1.0 / 3));
    assert_done(sna_table_set_text(table, 0, 2, "first"));
    assert_done(sna_table_set_text(table, 0, 2, "a, \"b\"")); /* replaces */
    assert_done(sna_table_set_boolean(table, 1, 3, true));
    assert_done(sna_table_set_integer(table, 1, 1, 5)); /* an integer fits a real column */
    assert_done(sna_table_add_note(table, "%d edges", 12));
    return table;
}

static void tables_in_every_format(void **state)
{
    static const char *const expected[] = {
        [SNA_FORMAT_TEXT] = "Edges\n\n"
                            "source  PopA  mean (mV)  name    ok\n"
                            "A|x       12   0.333333  a, \"b\"  -\n"
                            "BB         -          5  -       yes\n"
                            "\n12 edges\n",
        [SNA_FORMAT_CSV] = "source,PopA,mean,name,ok\nA|x,12,0.3333333333333333,\"a, \"\"b\"\"\",\nBB,,5,,true\n",
        [SNA_FORMAT_JSON] =
            "{\n  \"title\": \"Edges\",\n  \"units\": {\n    \"mean\": \"mV\"\n  },\n  \"rows\": [\n"
            "    {\n      \"source\": \"A|x\",\n      \"PopA\": 12,\n      \"mean\": 0.3333333333333333,\n"
            "      \"name\": \"a, \\\"b\\\"\",\n      \"ok\": null\n    },\n"
            "    {\n      \"source\": \"BB\",\n      \"PopA\": null,\n      \"mean\": 5,\n      \"name\": null,\n"
            "      \"ok\": true\n    }\n  ],\n  \"notes\": [\"12 edges\"]\n}\n",
        [SNA_FORMAT_MARKDOWN] =
            "**Edges**\n\n| source | PopA | mean (mV) | name | ok |\n| --- | ---: | ---: | --- | --- |\n"
            "| A\\|x | 12 | 0.333333 | a, \"b\" | - |\n| BB | - | 5 | - | yes |\n\n12 edges\n",
    };
    sna_table *table = example();

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        char *text = written(table, NULL, (sna_format)i);
        assert_string_equal(text, expected[i]);
        free(text);
    }
    sna_table_free(table);
}

static void cells_are_checked(void **state)
{
    sna_table *table = example();

    (void)state;
    assert_int_equal(sna_table_set_integer(table, 2, 0, 1), SNA_ERANGE);
    assert_int_equal(sna_table_set_real(table, 0, 0, 1.5), SNA_EINVAL);
    assert_contains(sna_error_message(), "column `PopA` holds integers, not numbers");
    assert_int_equal(sna_table_set_text(table, 0, 0, "x"), SNA_EINVAL);
    assert_true(sna_table_integer(table, 0, 0) == 12);
    assert_true(sna_table_real(table, 0, 0) == 12);
    assert_true(isnan(sna_table_real(table, 0, 2)));
    assert_true(sna_table_is_missing(table, 9, 9));
    assert_null(sna_table_text(table, 1, 2));
    assert_int_equal(sna_table_find_column(table, "mean"), 1);
    assert_int_equal(sna_table_find_column(table, "nobody"), -1);
    assert_done(sna_table_set_real(table, 0, 1, NAN));
    assert_true(sna_table_is_missing(table, 0, 1));
    sna_table_free(table);
}

static void records_in_every_format(void **state)
{
    static const double spikes[] = {1.5, 2, 3, 4, 5, 6, 7, 8, 9};
    sna_record *record = NULL, *child = NULL;
    sna_table *table = example();
    char *text;

    (void)state;
    assert_done(sna_record_create(&record, "Passive"));
    assert_done(sna_record_create(&child, NULL));
    assert_done(sna_record_real(child, "celsius", "Temperature", "degC", 34));
    assert_done(sna_record_real(record, "r_in", "Input resistance", "MOhm", 1.0));
    assert_done(sna_record_real(record, "r_in", "Input resistance", "MOhm", 83.125)); /* replaces */
    assert_done(sna_record_real(record, "tau", "Time constant", "ms", NAN));
    assert_done(sna_record_array(record, "spike_times", "Spike times", "ms", spikes, 9));
    assert_done(sna_record_text(record, "method", NULL, "exp"));
    assert_done(sna_record_boolean(record, "rest", "At rest", true));
    assert_done(sna_record_record(record, "conditions", "Conditions", child));
    assert_done(sna_record_add_note(record, "not at rest"));
    text = written(NULL, record, SNA_FORMAT_TEXT);
    assert_string_equal(text, "Passive\n\n"
                              "Input resistance  83.125 MOhm\n"
                              "Time constant     - ms\n"
                              "Spike times       1.5 2 3 4 5 6 7 8 ... (9 values) ms\n"
                              "method            exp\n"
                              "At rest           yes\n"
                              "\nConditions\n"
                              "  Temperature  34 degC\n"
                              "\nnot at rest\n");
    free(text);
    text = written(NULL, record, SNA_FORMAT_CSV);
    assert_string_equal(text, "name,value,unit\nr_in,83.125,MOhm\ntau,,ms\nspike_times,1.5 2 3 4 5 6 7 8 9,ms\n"
                              "method,exp,\nrest,true,\nconditions.celsius,34,degC\n");
    free(text);
    text = written(NULL, record, SNA_FORMAT_JSON);
    assert_contains(text, "\"tau\": null");
    assert_contains(text, "\"spike_times\": [1.5,2,3,4,5,6,7,8,9]");
    assert_contains(text, "\"units\": {\n    \"r_in\": \"MOhm\"");
    assert_contains(text, "\"notes\": [\"not at rest\"]");
    free(text);
    text = written(NULL, record, SNA_FORMAT_MARKDOWN);
    assert_contains(text, "# Passive\n\n| quantity | value |");
    assert_contains(text, "## Conditions");
    free(text);
    assert_true(sna_record_get_real(record, "r_in") == 83.125);
    assert_true(isnan(sna_record_get_real(record, "nobody")));
    assert_true(sna_record_get_real(sna_record_get_record(record, "conditions"), "celsius") == 34);
    assert_done(sna_record_table(record, "edges", "Edges", table));
    assert_true(sna_record_get_table(record, "edges") == table);
    sna_record_free(record);
}

static void formats_by_name(void **state)
{
    sna_format format;

    (void)state;
    assert_done(sna_format_parse(&format, "md"));
    assert_int_equal(format, SNA_FORMAT_MARKDOWN);
    assert_int_equal(sna_format_parse(&format, "xml"), SNA_EINVAL);
    assert_contains(sna_error_message(), "text, csv, json, md");
}

static void parts_of_tables(void **state)
{
    static const char *const some[] = {"name", "nothing", "PopA", "empty", NULL}, *const none[] = {"empty", NULL};
    sna_table *table = example(), *picked = NULL;

    (void)state;
    assert_done(sna_table_add_column(table, "empty", "mV", SNA_REAL));
    assert_done(sna_table_add_row(table, "C"));
    assert_done(sna_table_set_integer(table, 2, 0, -3));
    assert_done(sna_table_pick(table, "Part", some, &picked));
    assert_string_equal(sna_table_title(picked), "Part");
    assert_int_equal(sna_table_columns(picked), 2);
    assert_int_equal(sna_table_rows(picked), 2);
    assert_int_equal(sna_table_notes(picked), 0);
    assert_string_equal(sna_table_row_label(picked, 1), "C");
    assert_string_equal(sna_table_text(picked, 0, 0), "a, \"b\"");
    assert_true(sna_table_is_missing(picked, 1, 0));
    assert_int_equal(sna_table_integer(picked, 1, 1), -3);
    sna_table_free(picked);
    assert_done(sna_table_pick(table, NULL, none, &picked));
    assert_int_equal(sna_table_columns(picked), 0);
    assert_int_equal(sna_table_rows(picked), 0);
    sna_table_free(picked);
    sna_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_in_every_format), cmocka_unit_test(parts_of_tables),
        cmocka_unit_test(cells_are_checked),      cmocka_unit_test(records_in_every_format),
        cmocka_unit_test(formats_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
