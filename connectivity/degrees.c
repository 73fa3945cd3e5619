/* degrees.c: convergence, divergence and gap-junction partners of single cells, and their summaries. */
#include "connectivity/internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void sna_degrees_free(sna_degrees *self)
{
    free(self->rows);
    free(self->synapses);
    free(self->others);
    free(self->self);
    free(self->gaps);
    memset(self, 0, sizeof *self);
}

static const char *const summary_names[] = {"mean", "std", "min", "max", "median", "mean+std"};

int sna_summary_parse(sna_summary *out, const char *name)
{
    const uint64_t count = sizeof summary_names / sizeof *summary_names;

    for (uint64_t i = 0; i < count; i++) {
        if (strcmp(name, summary_names[i]) == 0) {
            *out = (sna_summary)i;
            return 0;
        }
    }
    return sna_error(SNA_EINVAL, "`%s` is no summary; there is: mean, std, min, max, median, mean+std", name);
}

const char *sna_summary_name(sna_summary summary)
{
    return summary_names[summary];
}

static const char *const count_names[] = {"rows", "pairs", "synapses"};

int sna_count_parse(sna_count *out, const char *name)
{
    for (size_t i = 0; i < sizeof count_names / sizeof *count_names; i++) {
        if (strcmp(name, count_names[i]) == 0) {
            *out = (sna_count)i;
            return 0;
        }
    }
    return sna_error(SNA_EINVAL, "`%s` cannot be counted; there is: rows, pairs, synapses", name);
}

/* ---- the numbers of the cells of a block -------------------------------------------------------------------- */

/* Which number of a cell. */
typedef enum { OF_ROWS, OF_PAIRS, OF_SYNAPSES, OF_GAPS } quantity;

typedef struct {
    const sna_degrees *degrees;
    const sna_side *own, *other; /* of the cells; of what they are connected with */
} cell_side;

static cell_side side_of(const sna_survey *self, sna_direction direction)
{
    return direction == SNA_AFFERENT ? (cell_side){&self->in, &self->target, &self->source}
                                     : (cell_side){&self->out, &self->source, &self->target};
}

static int check_measured(const cell_side *side, quantity what)
{
    const void *const numbers[] = {side->degrees->rows, side->degrees->others, side->degrees->synapses,
                                   side->degrees->gaps};
    const bool none = side->degrees->slots == 0 || side->degrees->groups == 0;

    return numbers[what] != NULL || none ? 0 : sna_error(SNA_EINVAL, "the survey did not measure that of single cells");
}

/* Cells of group `own` of a side, each with its number of connections with group `other` of the other side. */
static void gather(const cell_side *side, quantity what, uint64_t own, uint64_t other, double *value)
{
    const sna_degrees *degrees = side->degrees;

    for (uint64_t m = side->own->first[own]; m < side->own->first[own + 1]; m++) {
        const uint64_t slot = side->own->member[m], at = slot * degrees->groups + other;
        switch (what) {
        case OF_ROWS:
            *value++ = degrees->rows[at];
            break;
        case OF_PAIRS:
            *value++ = (double)degrees->others[at] + (degrees->self[slot] == other + 1 ? 1 : 0);
            break;
        case OF_SYNAPSES:
            *value++ = (double)degrees->synapses[at];
            break;
        case OF_GAPS:
            *value++ = degrees->gaps[at];
            break;
        }
    }
}

static int compare_reals(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

typedef struct {
    double mean, sd, min, max, median;
} numbers;

/* Of `count` values; all NaN for none. The median is found only where it is asked for: it puts them in order. */
static numbers summarise(double *value, uint64_t count, bool median)
{
    numbers out = {NAN, NAN, NAN, NAN, NAN};
    double sum = 0, squares = 0;

    if (count == 0)
        return out;
    out.min = out.max = value[0];
    for (uint64_t i = 0; i < count; i++) {
        sum += value[i];
        out.min = fmin(out.min, value[i]);
        out.max = fmax(out.max, value[i]);
    }
    out.mean = sum / (double)count;
    for (uint64_t i = 0; i < count; i++)
        squares += (value[i] - out.mean) * (value[i] - out.mean);
    if (count > 1)
        out.sd = sqrt(squares / (double)(count - 1));
    if (median) {
        qsort(value, count, sizeof *value, compare_reals);
        out.median = 0.5 * (value[(count - 1) / 2] + value[count / 2]);
    }
    return out;
}

static double pick(const numbers *all, sna_summary summary)
{
    switch (summary) {
    case SNA_SUMMARY_SD:
        return all->sd;
    case SNA_SUMMARY_MIN:
        return all->min;
    case SNA_SUMMARY_MAX:
        return all->max;
    case SNA_SUMMARY_MEDIAN:
        return all->median;
    default:
        return all->mean;
    }
}

/* ---- tables ------------------------------------------------------------------------------------------------- */

static int add_columns(const sna_survey *self, sna_summary summary, sna_table *table)
{
    int status = 0;
    sna_string name = SNA_STRING;

    for (uint64_t b = 0; b < self->target.groups && status == 0; b++) {
        const char *label = self->target.group[b].label;
        if (summary != SNA_SUMMARY_MEAN_SD) {
            status = sna_table_add_column(table, label, NULL, SNA_REAL);
            continue;
        }
        for (int part = 0; part < 2 && status == 0; part++) {
            sna_string_free(&name);
            name = SNA_STRING;
            status = sna_string_format(&name, "%s %s", label, part == 0 ? "mean" : "std");
            if (status == 0)
                status = sna_table_add_column(table, sna_string_text(&name), NULL, SNA_REAL);
        }
    }
    sna_string_free(&name);
    return status;
}

static int set_real(sna_table *table, uint64_t row, uint64_t column, double value)
{
    return isnan(value) ? 0 : sna_table_set_real(table, row, column, value);
}

static int make_table(const sna_survey *self, sna_direction direction, quantity what, sna_summary summary,
                      bool connected_only, const char *title, sna_table **out)
{
    int status = 0;
    const cell_side which = side_of(self, direction);
    sna_table *table = NULL;
    double *value = NULL;
    uint64_t most = 0;

    *out = NULL;
    status = check_measured(&which, what);
    for (uint64_t g = 0; g < which.own->groups; g++)
        most = which.own->group[g].count > most ? which.own->group[g].count : most;
    if (status == 0)
        status = sna_allocate(&value, most, sizeof *value);
    if (status == 0)
        status = sna_table_create(&table, title, "source");
    if (status == 0)
        status = add_columns(self, summary, table);
    for (uint64_t a = 0; a < self->source.groups && status == 0; a++) {
        status = sna_table_add_row(table, self->source.group[a].label);
        for (uint64_t b = 0; b < self->target.groups && status == 0; b++) {
            const uint64_t own = direction == SNA_AFFERENT ? b : a, other = direction == SNA_AFFERENT ? a : b;
            const uint64_t cells = which.own->group[own].count;
            uint64_t count = 0;
            numbers all;
            gather(&which, what, own, other, value);
            for (uint64_t i = 0; i < cells; i++) {
                value[count] = value[i];
                count += !connected_only || value[i] > 0;
            }
            all = summarise(value, count, summary == SNA_SUMMARY_MEDIAN);
            if (summary == SNA_SUMMARY_MEAN_SD) {
                status = set_real(table, a, 2 * b, all.mean);
                if (status == 0)
                    status = set_real(table, a, 2 * b + 1, all.sd);
            } else {
                status = set_real(table, a, b, pick(&all, summary));
            }
        }
    }
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    free(value);
    return status;
}

static const char *const summary_titles[] = {"Mean",   "Standard deviation of", "Smallest", "Largest",
                                             "Median", "Mean and deviation of"};

int sna_survey_degree(const sna_survey *self, sna_direction direction, sna_count count, sna_summary summary,
                      bool connected_only, sna_table **out)
{
    static const quantity what[] = {OF_ROWS, OF_PAIRS, OF_SYNAPSES};
    static const char *const of[] = {"", " in pairs", " in synapses"};
    char title[128];

    (void)snprintf(title, sizeof title, "%s %s%s%s", summary_titles[summary],
                   direction == SNA_AFFERENT ? "convergence" : "divergence", of[count],
                   connected_only ? ", connected cells only" : "");
    return make_table(self, direction, what[count], summary, connected_only, title, out);
}

int sna_survey_gap_degree(const sna_survey *self, sna_summary summary, bool connected_only, sna_table **out)
{
    char title[128];

    (void)snprintf(title, sizeof title, "%s gap-junction convergence%s", summary_titles[summary],
                   connected_only ? ", connected cells only" : "");
    return make_table(self, SNA_AFFERENT, OF_GAPS, summary, connected_only, title, out);
}

int sna_survey_degree_values(const sna_survey *self, sna_direction direction, sna_count count, uint64_t source,
                             uint64_t target, double **value, uint64_t *values)
{
    static const quantity what[] = {OF_ROWS, OF_PAIRS, OF_SYNAPSES};
    int status = 0;
    const cell_side which = side_of(self, direction);
    const uint64_t own = direction == SNA_AFFERENT ? target : source;
    const uint64_t other = direction == SNA_AFFERENT ? source : target;

    *value = NULL;
    *values = 0;
    status = check_measured(&which, what[count]);
    if (status == 0 && (own >= which.own->groups || other >= which.other->groups))
        status = sna_error(SNA_ERANGE, "the survey has no such block");
    if (status == 0)
        status = sna_allocate(value, which.own->group[own].count, sizeof **value);
    if (status == 0) {
        *values = which.own->group[own].count;
        gather(&which, what[count], own, other, *value);
    }
    return status;
}

int sna_survey_mean_texts(const sna_table *table, sna_table **means, sna_table **texts)
{
    int status = 0;
    const uint64_t columns = sna_table_columns(table) / 2;
    sna_table *mean = NULL, *text = NULL;
    sna_string name = SNA_STRING;

    *means = *texts = NULL;
    status = sna_table_create(&mean, sna_table_title(table), sna_table_label_header(table));
    if (status == 0)
        status = sna_table_create(&text, sna_table_title(table), sna_table_label_header(table));
    for (uint64_t b = 0; b < columns && status == 0; b++) {
        const char *whole = sna_table_column_name(table, 2 * b);
        const size_t length = strlen(whole), tail = strlen(" mean");
        sna_string_free(&name);
        name = SNA_STRING;
        status = sna_string_append_bytes(&name, whole, length > tail ? length - tail : 0);
        if (status == 0)
            status = sna_table_add_column(mean, sna_string_text(&name), NULL, SNA_REAL);
        if (status == 0)
            status = sna_table_add_column(text, sna_string_text(&name), NULL, SNA_TEXT);
    }
    for (uint64_t a = 0; a < sna_table_rows(table) && status == 0; a++) {
        status = sna_table_add_row(mean, sna_table_row_label(table, a));
        if (status == 0)
            status = sna_table_add_row(text, sna_table_row_label(table, a));
        for (uint64_t b = 0; b < columns && status == 0; b++) {
            const double value = sna_table_real(table, a, 2 * b), sd = sna_table_real(table, a, 2 * b + 1);
            char value_text[SNA_NUMBER_SIZE], sd_text[SNA_NUMBER_SIZE], cell[2 * SNA_NUMBER_SIZE + 8];
            if (isnan(value))
                continue;
            (void)snprintf(cell, sizeof cell, isnan(sd) ? "%s" : "%s\n±%s", sna_number_round(value_text, value, 3),
                           sna_number_round(sd_text, sd, 2));
            status = sna_table_set_real(mean, a, b, value);
            if (status == 0)
                status = sna_table_set_text(text, a, b, cell);
        }
    }
    if (status != 0)
        goto out;
    *means = mean;
    *texts = text;
    mean = text = NULL;
out:
    sna_table_free(mean);
    sna_table_free(text);
    sna_string_free(&name);
    return status;
}
