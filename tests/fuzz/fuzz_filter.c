/* fuzz_filter.c: conditions of --where: parsing them, and testing rows with columns of every kind. */
#include "fuzz.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 8 };

/* Extremes of each type; row 3 is missing. */
static int64_t integers[3 * ROWS] = {0, 1, -1, INT64_MAX, INT64_MIN, 5, 7, 42};
static double reals[3 * ROWS] = {0, 0.5, -1e308, NAN, INFINITY, -INFINITY, 3, 1e-320};
static uint32_t codes[3 * ROWS] = {0, 1, 2, 0, 1, 2, 0, 1};
static char *texts[] = {"", "PN", "a long text with blanks"};
static uint8_t missing[ROWS] = {0, 0, 0, 1, 0, 0, 0, 0};

/* What the attribute is depends on its name, so that an input is always the same. */
static void make_column(sna_column *column, const sna_list *list, const char *name)
{
    unsigned hash = 5381;

    for (const char *c = name; *c != '\0'; c++)
        hash = hash * 33 + (unsigned char)*c;
    *column = (sna_column){.name = name, .count = ROWS, .width = hash % 2 == 0 ? 1 : 3};
    if (hash / 2 % 2 == 0)
        column->missing = missing;
    switch (hash / 4 % 3) {
    case 0:
        column->type = SNA_INTEGER;
        column->integer = integers;
        break;
    case 1:
        column->type = SNA_REAL;
        column->real = reals;
        break;
    default:
        column->type = SNA_TEXT;
        column->code = codes;
        column->texts = list;
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const sna_list list = {texts, 3, 3};
    char *text = NULL;
    sna_filter *filter = NULL;
    sna_column *column = NULL;
    sna_view *view = NULL;
    sna_type *type = NULL;
    uint32_t *width = NULL;
    uint8_t keep[ROWS] = {0};
    uint64_t names = 0;

    text = malloc(size + 1);
    if (text == NULL)
        return 0;
    memcpy(text, bytes, size);
    text[size] = '\0';
    if (sna_filter_parse(&filter, text) != 0)
        goto out;
    names = sna_filter_names(filter);
    if (sna_allocate(&column, names, sizeof *column) != 0 || sna_allocate(&view, names, sizeof *view) != 0 ||
        sna_allocate(&type, names, sizeof *type) != 0 || sna_allocate(&width, names, sizeof *width) != 0)
        goto out;
    for (uint64_t i = 0; i < names; i++) {
        make_column(&column[i], &list, sna_filter_name(filter, i));
        view[i] = (sna_view){&column[i], NULL};
        type[i] = column[i].type;
        width[i] = column[i].width;
    }
    if (size % 2 == 0 && sna_filter_bind(filter, type, width) != 0)
        goto out;
    if (sna_filter_run(filter, view, ROWS, keep) == 0)
        for (int i = 0; i < ROWS; i++) {
            if (keep[i] > 1)
                abort();
            fuzz_use(keep[i]);
        }
out:
    sna_filter_free(filter);
    free(column);
    free(view);
    free(type);
    free(width);
    free(text);
    return 0;
}
