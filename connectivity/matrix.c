/* matrix.c: tables of blocks: totals and percentages. */
#include "connectivity/internal.h"

#include <math.h>
#include <string.h>

/* A table with the labels of a survey, all cells missing. */
static int create(sna_table **out, const sna_survey *self, const char *title, const char *unit, sna_type type)
{
    int status = 0;
    sna_table *table = NULL;

    *out = NULL;
    status = sna_table_create(&table, title, "source");
    for (uint64_t b = 0; b < self->target.groups && status == 0; b++)
        status = sna_table_add_column(table, self->target.group[b].label, unit, type);
    for (uint64_t a = 0; a < self->source.groups && status == 0; a++)
        status = sna_table_add_row(table, self->source.group[a].label);
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}

int sna_survey_total(const sna_survey *self, sna_count count, sna_table **out)
{
    static const char *const title[] = {"Connections (rows)", "Connected pairs", "Synapses"};
    int status = 0;
    sna_table *table = NULL;

    *out = NULL;
    if ((count == SNA_COUNT_PAIRS && (self->measure & SNA_MEASURE_PAIRS) == 0) ||
        (count == SNA_COUNT_SYNAPSES && (self->measure & SNA_MEASURE_SYNAPSES) == 0)) {
        status = sna_error(SNA_EINVAL, "the survey did not count that");
        goto out;
    }
    status = create(&table, self, title[count], NULL, SNA_INTEGER);
    for (uint64_t a = 0; a < self->source.groups && status == 0; a++) {
        for (uint64_t b = 0; b < self->target.groups && status == 0; b++) {
            const sna_block *block = sna_survey_block(self, a, b);
            const uint64_t value = count == SNA_COUNT_ROWS    ? block->rows
                                   : count == SNA_COUNT_PAIRS ? block->pairs
                                                              : block->synapses;
            status = sna_table_set_integer(table, a, b, (int64_t)value);
        }
    }
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}

static const char *const percent_names[] = {"total", "any", "uni", "bi", "innervation"};

int sna_percent_parse(sna_percent *out, const char *name)
{
    for (size_t i = 0; i < sizeof percent_names / sizeof *percent_names; i++) {
        if (strcmp(name, percent_names[i]) == 0) {
            *out = (sna_percent)i;
            return 0;
        }
    }
    return sna_error(SNA_EINVAL, "`%s` is no percentage; there is: total, any, uni, bi, innervation", name);
}

const char *sna_percent_name(sna_percent percent)
{
    return percent_names[percent];
}

/* 100 part / whole; NaN for a whole of 0. */
static double percentage(uint64_t part, uint64_t whole)
{
    return whole == 0 ? NAN : 100 * (double)part / (double)whole;
}

static double percent_of(const sna_survey *self, const sna_block *block, uint64_t target, sna_percent method)
{
    const uint64_t connected = block->pairs - block->self_pairs;

    switch (method) {
    case SNA_PERCENT_TOTAL:
        return percentage(connected, block->possible);
    case SNA_PERCENT_ANY:
        return percentage(block->either, block->possible);
    case SNA_PERCENT_UNI:
        /* Within a group, U pairs of n(n-1)/2 are 2U of the n(n-1) ordered ones. */
        return percentage((block->same ? 2 : 1) * (connected - block->two_way), block->possible);
    case SNA_PERCENT_BI:
        return percentage(block->two_way, block->possible);
    case SNA_PERCENT_INNERVATION:
        return percentage(block->innervated, self->target.group[target].count);
    }
    return NAN;
}

int sna_survey_percent(const sna_survey *self, sna_percent method, sna_table **out)
{
    static const char *const title[] = {"Connection probability", "Connected in at least one direction",
                                        "Connected in one direction", "Connected in both directions",
                                        "Innervated target cells"};
    int status = 0;
    const unsigned needed = method == SNA_PERCENT_INNERVATION ? SNA_MEASURE_INNERVATION : SNA_MEASURE_PAIRS;
    sna_table *table = NULL;

    *out = NULL;
    if ((self->measure & needed) == 0) {
        status = sna_error(SNA_EINVAL, "the survey did not measure that");
        goto out;
    }
    status = create(&table, self, title[method], "%", SNA_REAL);
    for (uint64_t a = 0; a < self->source.groups && status == 0; a++) {
        for (uint64_t b = 0; b < self->target.groups && status == 0; b++) {
            const double value = percent_of(self, sna_survey_block(self, a, b), b, method);
            if (!isnan(value))
                status = sna_table_set_real(table, a, b, value);
        }
    }
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}

int sna_survey_gap_percent(const sna_survey *self, sna_table **out)
{
    int status = 0;
    sna_table *table = NULL;

    *out = NULL;
    if ((self->measure & SNA_MEASURE_GAP) == 0) {
        status = sna_error(SNA_EINVAL, "the survey did not look for gap junctions");
        goto out;
    }
    status = create(&table, self, "Cell pairs joined by a gap junction", "%", SNA_REAL);
    for (uint64_t a = 0; a < self->source.groups && status == 0; a++) {
        for (uint64_t b = 0; b < self->target.groups && status == 0; b++) {
            const sna_block *block = sna_survey_block(self, a, b);
            if (block->possible > 0)
                status = sna_table_set_real(table, a, b, percentage(block->gap_pairs, block->possible));
        }
    }
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}
