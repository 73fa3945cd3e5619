/* test_swc.c: morphologies as the programs of the field write them, and what is wrong with those that cannot be read.
 */
#include "cell_support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A soma of one point, a dendrite that branches, an axon. */
static const char PLAIN[] = "# a cell\n1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n3 3 110 0 0 1 2\n4 3 210 50 0 0.5 3\n"
                            "5 3 310 50 0 0.5 4\n6 3 210 -50 0 0.5 3\n7 2 0 -10 0 0.5 1\n8 2 0 -110 0 0.5 7\n";

/* The sections as text, and the points of the shape. */
static char *print_cell(const char *text, sna_cell_description *cell, uint64_t *notes)
{
    char *folder = test_folder(), *path = test_file(folder, "x.swc", text), *printed = NULL;
    const char *const insert[] = {"pas"};
    const sna_cell_source source = {.swc = path, .insert = insert, .insert_count = 1};
    const sna_cell_setup setup = setup_of(NAN, NAN, NAN);
    sna_cell_model *model = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&printed, &size);
    char *json = NULL;
    FILE *record = open_memstream(&json, &size);

    assert_non_null(stream);
    assert_non_null(record);
    assert_done(sna_cell_model_create(&model, &source));
    assert_done(sna_cell_describe(cell, model, &setup));
    assert_done(sna_table_write(cell->sections, stream, SNA_FORMAT_CSV));
    (void)fclose(stream);
    assert_done(sna_record_write(cell->record, record, SNA_FORMAT_JSON));
    (void)fclose(record);
    *notes = 0;
    for (const char *at = json; (at = strstr(at, "has no parent")) != NULL; at++)
        (*notes)++;
    free(json);
    sna_cell_model_free(model);
    free(path);
    test_folder_remove(folder);
    return printed;
}

/* However the file is written, it is the same cell, section by section. */
static void the_same_cell_in_any_spelling(void **state)
{
    static const struct {
        const char *what, *text;
        uint64_t notes;
    } spellings[] = {
        {"commas",
         "1,1,0,0,0,10,-1\n2, 3, 10, 0, 0, 1, 1\n3 ,3 ,110 ,0 ,0 ,1 ,2\n4,3,210,50,0,0.5,3\n5,3,310,50,0,0.5,4,\n"
         "6,3,210,-50,0,0.5,3\n7,2,0,-10,0,0.5,1\n8,2,0,-110,0,0.5,7\n",
         0},
        {"Windows",
         "\xef\xbb\xbf# a cell\r\n\r\n1 1 0 0 0 10 -1\r\n2 3 10 0 0 1 1\r\n3 3 110 0 0 1 2 # trunk\r\n"
         "4 3 210 50 0 0.5 3\r\n5 3 310 50 0 0.5 4\r\n  \t\r\n6 3 210 -50 0 0.5 3\r\n7 2 0 -10 0 0.5 1\r\n"
         "8 2 0 -110 0 0.5 7\r\n",
         0},
        {"remarks, blanks, more columns, no end of the last line",
         "; a cell\n% of whom\n// and when\n\n   1\t1 0 0 0 10 -1 7 8\n\n2 3 10 0 0 1 1\n3 3 1.1e2 0 0 1.0 2\n"
         "4 3 210 50 0 0.5 3\n5 3 310 50 0 0.5 4\n6 3 210 -50 0 0.5 3\n7 2 0 -10 0 0.5 1\n8 2 0 -110 0 0.5 7",
         0},
        {"ids from 0",
         "0 1 0 0 0 10 -1\n1 3 10 0 0 1 0\n2 3 110 0 0 1 1\n3 3 210 50 0 0.5 2\n4 3 310 50 0 0.5 3\n"
         "5 3 210 -50 0 0.5 2\n6 2 0 -10 0 0.5 0\n7 2 0 -110 0 0.5 6\n",
         0},
        {"ids with gaps",
         "10 1 0 0 0 10 -1\n20 3 10 0 0 1 10\n30 3 110 0 0 1 20\n44 3 210 50 0 0.5 30\n50 3 310 50 0 0.5 44\n"
         "60 3 210 -50 0 0.5 30\n71 2 0 -10 0 0.5 10\n123456789012 2 0 -110 0 0.5 71\n",
         0},
        {"children first",
         "8 2 0 -110 0 0.5 7\n3 3 110 0 0 1 2\n4 3 210 50 0 0.5 3\n6 3 210 -50 0 0.5 3\n5 3 310 50 0 0.5 4\n"
         "2 3 10 0 0 1 1\n7 2 0 -10 0 0.5 1\n1 1 0 0 0 10 -1\n",
         0},
        {"branches without a parent",
         "1 1 0 0 0 10 -1\n2 3 10 0 0 1 -1\n3 3 110 0 0 1 2\n4 3 210 50 0 0.5 3\n5 3 310 50 0 0.5 4\n"
         "6 3 210 -50 0 0.5 3\n7 2 0 -10 0 0.5 -1\n8 2 0 -110 0 0.5 7\n",
         2},
        {"branches before the soma",
         "2 3 10 0 0 1 -1\n3 3 110 0 0 1 2\n4 3 210 50 0 0.5 3\n5 3 310 50 0 0.5 4\n"
         "6 3 210 -50 0 0.5 3\n7 2 0 -10 0 0.5 1\n8 2 0 -110 0 0.5 7\n1 1 0 0 0 10 -1\n",
         1},
    };
    sna_cell_description plain;
    uint64_t notes = 0;
    char *expected = print_cell(PLAIN, &plain, &notes);

    (void)state;
    assert_int_equal(notes, 0);
    assert_int_equal(sna_table_rows(plain.sections), 5);
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        sna_cell_description cell;
        char *found = print_cell(spellings[i].text, &cell, &notes);
        if (strcmp(found, expected) != 0 || notes != spellings[i].notes)
            print_error("%s:\n%s\nexpected:\n%s\n", spellings[i].what, found, expected);
        assert_string_equal(found, expected);
        assert_int_equal(notes, spellings[i].notes);
        assert_int_equal(cell.points, plain.points);
        assert_memory_equal(cell.x, plain.x, (size_t)plain.points * sizeof *plain.x);
        assert_memory_equal(cell.y, plain.y, (size_t)plain.points * sizeof *plain.y);
        assert_memory_equal(cell.diameter, plain.diameter, (size_t)plain.points * sizeof *plain.diameter);
        sna_cell_description_free(&cell);
        free(found);
    }
    sna_cell_description_free(&plain);
    free(expected);
}

/* One point and three points as NeuroMorpho.Org has them stand for a ball; two and more are what they are: cones. */
static void somata_of_one_two_and_three_points(void **state)
{
    static const double pi = 3.14159265358979323846;
    static const struct {
        const char *text;
        double area, tolerance;
    } somata[] = {
        {"1 1 0 0 0 8 -1\n2 3 8 0 0 1 1\n3 3 108 0 0 1 2\n", 4 * 64, 1e-6},
        {"1 1 0 -8 0 8 -1\n2 1 0 8 0 8 1\n3 3 8 0 0 1 1\n4 3 108 0 0 1 3\n", 2 * 8 * 16, 1e-6},
        {"1 1 0 0 0 8 -1\n2 1 0 -8 0 8 1\n3 1 0 8 0 8 1\n4 3 8 0 0 1 1\n5 3 108 0 0 1 4\n", 4 * 64, 1e-6},
        {"1 1 0 -8 0 4 -1\n2 1 0 0 0 8 1\n3 1 0 8 0 4 2\n4 3 8 0 0 1 2\n5 3 108 0 0 1 4\n",
         2 * (4 + 8) * 8.94427190999916, 1e-3},
        /* The same three points with other ids, in another order. */
        {"50 3 108 0 0 1 40\n30 1 0 8 0 8 10\n40 3 8 0 0 1 10\n20 1 0 -8 0 8 10\n10 1 0 0 0 8 -1\n", 4 * 64, 1e-6},
    };

    (void)state;
    for (size_t i = 0; i < sizeof somata / sizeof *somata; i++) {
        sna_cell_description cell;
        uint64_t notes = 0;
        double area = 0;
        char *printed = print_cell(somata[i].text, &cell, &notes);
        for (uint64_t k = 0; k < sna_table_rows(cell.sections); k++) {
            if (strncmp(sna_table_row_label(cell.sections, k), "soma", 4) == 0)
                area += sna_table_real(cell.sections, k, 4);
        }
        assert_near(area, pi * somata[i].area, somata[i].tolerance * pi * somata[i].area);
        sna_cell_description_free(&cell);
        free(printed);
    }
}

static void broken_files_are_told_by_the_line(void **state)
{
    static const struct {
        const char *text, *said;
    } swc[] = {
        {"1 1 0 0 0 5 -1\n2 3 5 0 0 1\n", "x.swc:2: a point has 7 numbers (id type x y z radius parent), found 6"},
        {"1 1 0 0 0 5 -1\n2 3 5 0 0 one 1\n", "x.swc:2: the radius must be a number, found `one`"},
        {"1 1 0 0 0 5 -1\n2 3 5 0 nan 1 1\n", "x.swc:2: z must be a number, found `nan`"},
        {"1 1 0 0 0 5 -1\n2 3 5 0 0 0 1\n", "x.swc:2: the radius must be above 0 um, found 0"},
        {"1 1 0 0 0 5 -1\n2 1000000000 5 0 0 1 1\n", "x.swc:2: the type of a point must be from 0 to 100"},
        {"1 1 0 0 0 5 -1\n2.5 3 5 0 0 1 1\n", "x.swc:2: the id of a point must be a whole number, found `2.5`"},
        {"1 1 0 0 0 5 -1\n-3 3 5 0 0 1 1\n", "x.swc:2: the id of a point must not be negative, found -3"},
        {"1 1 0 0 0 5 -1\n2 3 5 0 0 1 7\n", "x.swc:2: the parent of point 2 is 7, but there is no such point"},
        {"1 1 0 0 0 5 -1\n2 3 5 0 0 1 2\n", "x.swc:2: the parent of point 2 is 2, which is itself"},
        {"1 1 0 0 0 5 -1\n2 3 5 0 0 1 -5\n", "x.swc:2: the parent of point 2 is -5, but there is no such point"},
        {"1 1 0 0 0 5 -1\n# twice\n2 3 5 0 0 1 1\n2 3 9 0 0 1 1\n", "x.swc:4: there is a point 2 in line 3 already"},
        {"1 1 0 0 0 5 -1\n2 3 5 0 0 1 4\n3 3 9 0 0 1 2\n4 3 9 9 0 1 3\n",
         "x.swc:2: point 2 hangs on a ring: going from parent to parent never ends"},
        {"1 1 0 0 0 5 2\n2 3 5 0 0 1 1\n", "x.swc:1: no point has the parent -1, so the morphology starts nowhere"},
        {"1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n3 1 50 0 0 5 -1\n",
         "x.swc:3: point 3 has no parent, and neither has point 1 in line 1: a cell is one tree with one soma"},
        {"1 3 0 0 0 5 -1\n2 3 5 0 0 1 1\n3 3 50 0 0 5 -1\n4 3 60 0 0 1 3\n",
         "x.swc:3: point 3 has no parent, and neither has point 1 in line 1: a cell is one tree, and there is no soma"},
        {"1 1 0,5 0 0 5 -1\n", "x.swc:1: there are commas in this line, but not just between its 7 numbers"},
        {"1 1 0,5 0,5 0,5 5,5 -1\n", "x.swc:1: there are commas in this line"},
        {"1,1,0,5,0,0,5,-1\n", "x.swc:1: there are commas in this line"},
        {"", "the morphology has 0 points, which make no cell"},
        {"1 3 0 0 0 5 -1\n", "the morphology has 1 points, which make no cell"},
    };
    char *folder = test_folder();

    (void)state;
    for (size_t i = 0; i < sizeof swc / sizeof *swc; i++) {
        char *path = test_file(folder, "x.swc", swc[i].text);
        const sna_cell_source source = {.swc = path};
        sna_cell_model *model = NULL;
        assert_int_equal(sna_cell_model_create(&model, &source), SNA_EFORMAT);
        assert_contains(sna_error_message(), swc[i].said);
        assert_null(model);
        free(path);
    }
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_cell_in_any_spelling),
        cmocka_unit_test(somata_of_one_two_and_three_points),
        cmocka_unit_test(broken_files_are_told_by_the_line),
    };

    return run_cell_tests(tests);
}
