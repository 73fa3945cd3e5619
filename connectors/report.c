/* report.c: what was expected of each projection, and what was made. */
#include <math.h>
#include <string.h>

#include "internal.h"

/* Further off than this is no accident. */
static const double deviation_most = 5;

enum {
    COLUMN_SOURCE,
    COLUMN_TARGET,
    COLUMN_POSSIBLE,
    COLUMN_EXPECTED,
    COLUMN_MADE,
    COLUMN_DEVIATION,
    COLUMN_RECIPROCAL_EXPECTED,
    COLUMN_RECIPROCAL_MADE,
    COLUMN_SYNAPSES
};

static int add_columns(sna_table *table)
{
    static const struct {
        const char *name, *unit;
        sna_type type;
    } column[] = {{"source", NULL, SNA_TEXT},
                  {"target", NULL, SNA_TEXT},
                  {"possible", NULL, SNA_REAL},
                  {"expected", NULL, SNA_REAL},
                  {"made", NULL, SNA_INTEGER},
                  {"deviation", "sd", SNA_REAL},
                  {"reciprocal_expected", NULL, SNA_REAL},
                  {"reciprocal_made", NULL, SNA_INTEGER},
                  {"synapses", NULL, SNA_INTEGER}};
    int status = 0;

    for (uint64_t i = 0; i < sizeof column / sizeof *column && status == 0; i++)
        status = sna_table_add_column(table, column[i].name, column[i].unit, column[i].type);
    return status;
}

/* Standard deviations between made and expected: 0 where both must be, and are, equal. */
static double deviation(const sna_projection *projection)
{
    const sna_expectation *expected = &projection->expected;
    const double off = (double)projection->edges - expected->edges;
    const double sd = sqrt(expected->variance + expected->error * expected->error);

    if (fabs(off) < 1e-6 * fmax(1, expected->edges) && !(sd > 0))
        return 0;
    return off / sd;
}

static int set_real(sna_table *table, uint64_t row, uint64_t column, double value)
{
    return isnan(value) ? 0 : sna_table_set_real(table, row, column, value);
}

static int add_projection(const sna_network *self, sna_table *table, const sna_projection *projection)
{
    const uint64_t row = sna_table_rows(table);
    const sna_expectation *expected = &projection->expected;
    const double off = self->built ? deviation(projection) : NAN;
    int status = sna_table_add_row(table, projection->entry->label);

    if (status == 0)
        status = sna_table_set_text(table, row, COLUMN_SOURCE, self->population[projection->source_population].name);
    if (status == 0)
        status = sna_table_set_text(table, row, COLUMN_TARGET, self->population[projection->target_population].name);
    if (status == 0)
        status = set_real(table, row, COLUMN_POSSIBLE, expected->possible);
    if (status == 0)
        status = set_real(table, row, COLUMN_EXPECTED, expected->edges);
    if (status == 0)
        status = set_real(table, row, COLUMN_DEVIATION, off);
    if (status == 0)
        status = set_real(table, row, COLUMN_RECIPROCAL_EXPECTED, expected->reciprocal);
    if (status == 0 && self->built) {
        status = sna_table_set_integer(table, row, COLUMN_MADE, (int64_t)projection->edges);
        if (status == 0)
            status = sna_table_set_integer(table, row, COLUMN_SYNAPSES, (int64_t)projection->synapses);
        if (status == 0 && !isnan(expected->reciprocal))
            status = sna_table_set_integer(table, row, COLUMN_RECIPROCAL_MADE, (int64_t)projection->reciprocal);
    }
    if (status == 0 && expected->error > 0)
        status = sna_table_add_note(table,
                                    "%s: what is expected was estimated from a sample of pairs, with a standard "
                                    "error of %.3g edges",
                                    projection->entry->label, expected->error);
    if (status == 0 && expected->clipped > 0 && !projection->backward)
        status = sna_table_add_note(table, "%s: pr was clipped to what p0 and p1 allow for %.0f pairs",
                                    projection->entry->label, expected->clipped);
    if (status == 0 && fabs(off) > deviation_most)
        status = sna_table_add_note(table, "%s: the edges made are %.1f standard deviations from what was expected",
                                    projection->entry->label, off);
    return status;
}

int sna_network_report(const sna_network *self, sna_table **out)
{
    int status = 0;
    sna_table *table = NULL;

    *out = NULL;
    status = sna_table_create(&table, self->built ? "Edges made" : "Edges expected", "entry");
    if (status == 0)
        status = add_columns(table);
    for (uint64_t i = 0; i < self->projections && status == 0; i++)
        status = add_projection(self, table, &self->projection[i]);
    for (uint64_t i = 0; i < self->notes.count && status == 0; i++)
        status = sna_table_add_note(table, "%s", self->notes.text[i]);
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}
