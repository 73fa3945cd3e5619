/* distribution.c: tables of how values spread: degrees of cells, properties and lengths of connections. */
#include "connectivity/internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A table whose first two columns are the labels of a block. */
static int create(sna_table **out, const char *title)
{
    int status = 0;
    sna_table *table = NULL;

    *out = NULL;
    status = sna_table_create(&table, title, NULL);
    if (status == 0)
        status = sna_table_add_column(table, "source", NULL, SNA_TEXT);
    if (status == 0)
        status = sna_table_add_column(table, "target", NULL, SNA_TEXT);
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}

/* A row for a block; its number is *row. */
static int add_row(const sna_survey *self, sna_table *table, uint64_t block, uint64_t *row)
{
    int status = 0;

    *row = sna_table_rows(table);
    status = sna_table_add_row(table, NULL);
    if (status == 0)
        status = sna_table_set_text(table, *row, 0, self->source.group[block / self->target.groups].label);
    if (status == 0)
        status = sna_table_set_text(table, *row, 1, self->target.group[block % self->target.groups].label);
    return status;
}

static int set_real(sna_table *table, uint64_t row, uint64_t column, double value)
{
    return isnan(value) ? 0 : sna_table_set_real(table, row, column, value);
}

static uint64_t blocks_of(const sna_survey *self)
{
    return self->source.groups * self->target.groups;
}

/* One row a bin. */
static int add_bins(const sna_survey *self, sna_table *table, uint64_t block, const double *edge, const double *count,
                    uint64_t bins)
{
    int status = 0;

    for (uint64_t b = 0; b < bins && status == 0; b++) {
        uint64_t row;
        status = add_row(self, table, block, &row);
        if (status == 0)
            status = sna_table_set_real(table, row, 2, edge[b]);
        if (status == 0)
            status = sna_table_set_real(table, row, 3, edge[b + 1]);
        if (status == 0)
            status = sna_table_set_integer(table, row, 4, (int64_t)(count[b] + 0.5));
    }
    return status;
}

/* ---- degrees ------------------------------------------------------------------------------------------------ */

static int compare_reals(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Bins for the numbers of all blocks together. */
static int degree_bins(const sna_survey *self, sna_direction direction, sna_count count, double **edge, uint64_t *bins)
{
    int status = 0;
    double *all = NULL;
    uint64_t total = 0, capacity = 0;

    *edge = NULL;
    for (uint64_t b = 0; b < blocks_of(self) && status == 0; b++) {
        double *value = NULL;
        uint64_t values = 0;
        status = sna_survey_degree_values(self, direction, count, b / self->target.groups, b % self->target.groups,
                                          &value, &values);
        if (status == 0 && values > 0) {
            double *grown = sna_grow(all, &capacity, total + values, sizeof *grown);
            if (grown == NULL) {
                status = SNA_ENOMEM;
            } else {
                all = grown;
                memcpy(all + total, value, values * sizeof *all);
                total += values;
            }
        }
        free(value);
    }
    if (status != 0)
        goto out;
    if (total == 0) {
        status = sna_error(SNA_ENOTFOUND, "there are no cells");
        goto out;
    }
    qsort(all, total, sizeof *all, compare_reals);
    status = sna_bins_make(edge, bins, all[0], all[total - 1], true, (double)total, all[total / 4],
                           all[total - 1 - total / 4]);
out:
    free(all);
    return status;
}

int sna_survey_degree_histogram(const sna_survey *self, sna_direction direction, sna_count count, uint64_t bins,
                                sna_table **out)
{
    int status = 0;
    sna_table *table = NULL;
    double *edge = NULL, *cells = NULL;

    *out = NULL;
    status = degree_bins(self, direction, count, &edge, &bins);
    if (status == 0)
        status = sna_allocate(&cells, bins, sizeof *cells);
    if (status == 0)
        status = create(&table, direction == SNA_AFFERENT ? "Connections that target cells receive"
                                                          : "Connections that source cells make");
    if (status == 0)
        status = sna_table_add_column(table, "low", NULL, SNA_REAL);
    if (status == 0)
        status = sna_table_add_column(table, "high", NULL, SNA_REAL);
    if (status == 0)
        status = sna_table_add_column(table, "cells", NULL, SNA_INTEGER);
    for (uint64_t b = 0; b < blocks_of(self) && status == 0; b++) {
        double *value = NULL;
        uint64_t values = 0;
        status = sna_survey_degree_values(self, direction, count, b / self->target.groups, b % self->target.groups,
                                          &value, &values);
        memset(cells, 0, bins * sizeof *cells);
        for (uint64_t i = 0; i < values; i++)
            cells[sna_bins_find(edge, bins, value[i])]++;
        if (status == 0)
            status = add_bins(self, table, b, edge, cells, bins);
        free(value);
    }
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    free(edge);
    free(cells);
    return status;
}

/* ---- values of edges ---------------------------------------------------------------------------------------- */

static int find_value(const sna_survey *self, const char *property, const sna_edge_value **out)
{
    *out = sna_edge_values_find(self->values, property != NULL ? SNA_VALUE_PROPERTY : SNA_VALUE_DISTANCE, property);
    return *out != NULL
               ? 0
               : sna_error(SNA_EINVAL, "the survey did not look at %s", property != NULL ? property : "distances");
}

bool sna_survey_values_are_texts(const sna_survey *self, const char *property)
{
    const sna_edge_value *value =
        sna_edge_values_find(self->values, SNA_VALUE_PROPERTY, property != NULL ? property : "");

    return value != NULL && value->text;
}

static int add_thinning(sna_table *table, const sna_edge_value *value)
{
    const uint64_t thinning = sna_values_thinning(value->store);

    return thinning > 1 ? sna_table_add_note(table,
                                             "Quartiles and histograms are of one connection in %" PRIu64
                                             ", chosen at random; all else is of all.",
                                             thinning)
                        : 0;
}

/* Every distance of a survey whose cells have no positions is missing: that is said, not shown as nothing. */
static int check_any(const sna_survey *self, const sna_edge_value *value)
{
    uint64_t count = 0, missing = 0;

    for (uint64_t b = 0; b < blocks_of(self); b++) {
        const sna_moments moments = sna_values_moments(value->store, b);
        count += moments.count;
        missing += moments.missing;
    }
    if (value->kind == SNA_VALUE_PROPERTY || count > 0 || missing == 0)
        return 0;
    return sna_error(SNA_ENOTFOUND,
                     "the cells chosen have no positions (along the axes asked for), so connections have no "
                     "length");
}

static int summary_table(const sna_survey *self, const sna_edge_value *value, const char *title, sna_table **out)
{
    static const char *const column[] = {"mean", "std", "min", "quartile_1", "median", "quartile_3", "max"};
    int status = 0;
    sna_table *table = NULL;

    *out = NULL;
    status = create(&table, title);
    if (status == 0)
        status = sna_table_add_column(table, "count", NULL, SNA_INTEGER);
    if (status == 0)
        status = sna_table_add_column(table, "missing", NULL, SNA_INTEGER);
    for (size_t c = 0; c < sizeof column / sizeof *column && status == 0; c++)
        status = sna_table_add_column(table, column[c], value->kind == SNA_VALUE_DISTANCE ? "um" : NULL, SNA_REAL);
    for (uint64_t b = 0; b < blocks_of(self) && status == 0; b++) {
        const sna_moments moments = sna_values_moments(value->store, b);
        const double number[] = {moments.mean,
                                 moments.sd,
                                 moments.min,
                                 sna_values_quantile(value->store, b, 0.25),
                                 sna_values_quantile(value->store, b, 0.5),
                                 sna_values_quantile(value->store, b, 0.75),
                                 moments.max};
        uint64_t row;
        status = add_row(self, table, b, &row);
        if (status == 0)
            status = sna_table_set_integer(table, row, 2, (int64_t)moments.count);
        if (status == 0)
            status = sna_table_set_integer(table, row, 3, (int64_t)moments.missing);
        for (uint64_t c = 0; c < sizeof number / sizeof *number && status == 0; c++)
            status = set_real(table, row, 4 + c, number[c]);
    }
    if (status == 0)
        status = add_thinning(table, value);
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}

/* One row a block and text. */
static int text_table(const sna_survey *self, const sna_edge_value *value, const char *title, sna_table **out)
{
    int status = 0;
    sna_table *table = NULL;

    *out = NULL;
    status = create(&table, title);
    if (status == 0)
        status = sna_table_add_column(table, value->name, NULL, SNA_TEXT);
    if (status == 0)
        status = sna_table_add_column(table, "count", NULL, SNA_INTEGER);
    for (uint64_t b = 0; b < blocks_of(self) && status == 0; b++) {
        const sna_moments moments = sna_values_moments(value->store, b);
        uint64_t kept, row;
        const sna_kept *text = sna_values_kept(value->store, b, &kept);
        for (uint64_t k = 0; k < kept && status == 0;) {
            uint64_t count = 0;
            const double which = text[k].value;
            for (; k < kept && text[k].value == which; k++)
                count += text[k].weight;
            status = add_row(self, table, b, &row);
            if (status == 0)
                status = sna_table_set_text(table, row, 2, value->texts.text[(uint64_t)which]);
            if (status == 0)
                status = sna_table_set_integer(table, row, 3, (int64_t)count);
        }
        if (status == 0 && moments.missing > 0) {
            status = add_row(self, table, b, &row);
            if (status == 0)
                status = sna_table_set_integer(table, row, 3, (int64_t)moments.missing);
        }
    }
    if (status == 0)
        status = add_thinning(table, value);
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}

int sna_survey_values(const sna_survey *self, const char *property, sna_table **out)
{
    int status = 0;
    const sna_edge_value *value = NULL;
    char title[128];

    *out = NULL;
    (void)snprintf(title, sizeof title, "%s of connections", property != NULL ? property : "Length");
    status = find_value(self, property, &value);
    if (status == 0)
        status = check_any(self, value);
    if (status == 0)
        status = value->text ? text_table(self, value, title, out) : summary_table(self, value, title, out);
    return status;
}

/* ---- values of a report ------------------------------------------------------------------------------------- */

/* The only population chosen on a side. */
static int only_population(const sna_survey *self, const sna_side *side, const sna_side_population **out)
{
    *out = NULL;
    for (uint64_t p = 0; p < side->populations; p++) {
        if (!side->population[p].chosen)
            continue;
        if (*out != NULL)
            return sna_error(SNA_EINVAL,
                             "a report does not say which population its node ids are of: choose one %s population",
                             side == &self->source ? "source" : "target");
        *out = &side->population[p];
    }
    return 0;
}

/* The block of each element, UINT32_MAX for those of none. */
static int place_elements(const sna_survey *self, const sna_report *report, uint32_t *block)
{
    int status = 0;
    const sna_side_population *source = NULL, *target = NULL;
    const int64_t *from = sna_report_source_ids(report), *to = sna_report_target_ids(report);

    if (from == NULL || to == NULL) {
        status = sna_error(SNA_EINVAL, "it is a report of cells: one of connections has mapping/src_ids and trg_ids");
        goto out;
    }
    status = only_population(self, &self->source, &source);
    if (status == 0)
        status = only_population(self, &self->target, &target);
    for (uint64_t e = 0; e < sna_report_elements(report) && status == 0; e++) {
        const int64_t s = from[e] < 0 ? -1 : sna_nodes_row(source->nodes, (uint64_t)from[e]);
        const int64_t t = to[e] < 0 ? -1 : sna_nodes_row(target->nodes, (uint64_t)to[e]);
        block[e] = UINT32_MAX;
        if ((s < 0 && from[e] >= 0) || t < 0) {
            status = sna_error(SNA_ERANGE,
                               "element %" PRIu64 " is a connection from node %" PRId64 " to node %" PRId64
                               ", but there is no such node",
                               e, from[e], to[e]);
        } else if (s >= 0 && source->group[s] < self->source.groups && target->group[t] < self->target.groups) {
            block[e] = (uint32_t)(source->group[s] * self->target.groups + target->group[t]);
        }
    }
out:
    return status;
}

static int read_frame(sna_report *report, double time, double *out)
{
    const double frame = floor((time - sna_report_start(report)) / sna_report_step(report) + 0.5);

    if (!(frame >= 0 && frame < (double)sna_report_frames(report)))
        return sna_error(SNA_ERANGE, "%g ms is outside the report, which goes from %g to %g ms", time,
                         sna_report_start(report), sna_report_stop(report));
    return sna_report_read(report, (uint64_t)frame, 1, 1, NULL, out);
}

int sna_survey_report(const sna_survey *self, const char *path, double time, double other_time, sna_table **out)
{
    int status = 0;
    sna_report *report = NULL;
    sna_edge_value value = {.kind = SNA_VALUE_PROPERTY, .texts = SNA_LIST};
    double *now = NULL, *then = NULL;
    uint32_t *block = NULL;
    uint64_t elements = 0;
    char title[128];

    *out = NULL;
    status = sna_report_open(&report, path, NULL, NULL);
    if (status != 0)
        goto out;
    elements = sna_report_elements(report);
    status = sna_allocate(&block, elements, sizeof *block);
    if (status == 0)
        status = sna_allocate(&now, elements, sizeof *now);
    if (status == 0)
        status = sna_allocate(&then, elements, sizeof *then);
    if (status == 0)
        status = place_elements(self, report, block);
    if (status == 0)
        status = read_frame(report, time, now);
    if (status == 0 && !isnan(other_time))
        status = read_frame(report, other_time, then);
    status = sna_error_in(status, "%s", path);
    for (uint64_t e = 0; e < elements && status == 0 && !isnan(other_time); e++)
        now[e] = then[e] - now[e];
    if (status == 0)
        status = sna_values_create(&value.store, blocks_of(self), elements + 1, false);
    if (status == 0)
        status = sna_values_add(value.store, 0, elements, block, now, NULL);
    if (status == 0)
        status = sna_values_finish(value.store);
    if (isnan(other_time))
        (void)snprintf(title, sizeof title, "%.60s at %g ms", sna_path_name(path), time);
    else
        (void)snprintf(title, sizeof title, "%.60s, change from %g to %g ms", sna_path_name(path), time, other_time);
    if (status == 0)
        status = summary_table(self, &value, title, out);
out:
    sna_values_free(value.store);
    free(block);
    free(now);
    free(then);
    sna_report_close(report);
    return status;
}

/* ---- histograms of values ----------------------------------------------------------------------------------- */

int sna_survey_values_histogram(const sna_survey *self, const char *property, uint64_t bins, sna_table **out)
{
    int status = 0;
    const sna_edge_value *value = NULL;
    sna_table *table = NULL;
    double *edge = NULL, *count = NULL, low, high, quartile_1 = 0, quartile_3 = 0, total = 0;
    bool whole;
    char title[128];

    *out = NULL;
    (void)snprintf(title, sizeof title, "%s of connections", property != NULL ? property : "Length");
    status = find_value(self, property, &value);
    if (status == 0)
        status = check_any(self, value);
    if (status == 0 && value->text)
        status = sna_error(SNA_EINVAL, "property `%s` is text: it has no histogram", property);
    if (status != 0)
        goto out;
    sna_values_range(value->store, &low, &high, &whole);
    /* The bins suit the blocks on average. */
    for (uint64_t b = 0; b < blocks_of(self); b++) {
        const sna_moments moments = sna_values_moments(value->store, b);
        if (moments.count > 0) {
            quartile_1 += sna_values_quantile(value->store, b, 0.25) * (double)moments.count;
            quartile_3 += sna_values_quantile(value->store, b, 0.75) * (double)moments.count;
            total += (double)moments.count;
        }
    }
    if (total == 0) {
        status = sna_error(SNA_ENOTFOUND, "no connection of the groups chosen has a value of %s",
                           property != NULL ? property : "distance");
        goto out;
    }
    status = sna_bins_make(&edge, &bins, low, high, whole, total, quartile_1 / total, quartile_3 / total);
    if (status == 0)
        status = sna_allocate(&count, bins, sizeof *count);
    if (status == 0)
        status = create(&table, title);
    if (status == 0)
        status = sna_table_add_column(table, "low", property == NULL ? "um" : NULL, SNA_REAL);
    if (status == 0)
        status = sna_table_add_column(table, "high", property == NULL ? "um" : NULL, SNA_REAL);
    if (status == 0)
        status = sna_table_add_column(table, "connections", NULL, SNA_INTEGER);
    for (uint64_t b = 0; b < blocks_of(self) && status == 0; b++) {
        memset(count, 0, bins * sizeof *count);
        sna_values_histogram(value->store, b, edge, bins, count);
        status = add_bins(self, table, b, edge, count, bins);
    }
    if (status == 0)
        status = add_thinning(table, value);
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    free(edge);
    free(count);
    return status;
}

/* ---- delay and distance ------------------------------------------------------------------------------------- */

static int find_delay(const sna_survey *self, const sna_edge_value **out)
{
    uint64_t count = 0;

    *out = sna_edge_values_find(self->values, SNA_VALUE_DELAY, NULL);
    if (*out == NULL)
        return sna_error(SNA_EINVAL, "the survey did not look at delays");
    for (uint64_t b = 0; b < blocks_of(self); b++)
        count += sna_values_line((*out)->store, b).count;
    return count > 0
               ? 0
               : sna_error(SNA_ENOTFOUND, "no connection of the groups chosen has both a delay and a length (cells "
                                          "need positions for that)");
}

int sna_survey_delay(const sna_survey *self, sna_table **out)
{
    static const struct {
        const char *name, *unit;
    } column[] = {{"delay_mean", "ms"},  {"distance_mean", "um"}, {"slope", "ms/um"},
                  {"velocity", "um/ms"}, {"intercept", "ms"},     {"correlation", NULL}};
    int status = 0;
    const sna_edge_value *value = NULL;
    sna_table *table = NULL;

    *out = NULL;
    status = find_delay(self, &value);
    if (status == 0)
        status = create(&table, "Delay over distance");
    if (status == 0)
        status = sna_table_add_column(table, "count", NULL, SNA_INTEGER);
    for (size_t c = 0; c < sizeof column / sizeof *column && status == 0; c++)
        status = sna_table_add_column(table, column[c].name, column[c].unit, SNA_REAL);
    for (uint64_t b = 0; b < blocks_of(self) && status == 0; b++) {
        const sna_line line = sna_values_line(value->store, b);
        const double velocity = line.slope > 0 ? 1 / line.slope : NAN;
        const double number[] = {line.mean_y, line.mean_x, line.slope, velocity, line.intercept, line.correlation};
        uint64_t row;
        status = add_row(self, table, b, &row);
        if (status == 0)
            status = sna_table_set_integer(table, row, 2, (int64_t)line.count);
        for (uint64_t c = 0; c < sizeof number / sizeof *number && status == 0; c++)
            status = set_real(table, row, 3 + c, number[c]);
    }
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}

/* The smallest hashes are a fair choice of edges. */
static int compare_hashes(const void *a, const void *b)
{
    const sna_kept *x = *(const sna_kept *const *)a, *y = *(const sna_kept *const *)b;

    return x->hash != y->hash ? (x->hash < y->hash ? -1 : 1) : (x > y) - (x < y);
}

/* Points of a block, at most so many; *more is set where there are more. */
static int add_points(const sna_survey *self, const sna_edge_value *value, uint64_t block, uint64_t most,
                      sna_table *table, bool *more)
{
    int status = 0;
    const sna_kept *kept, **order = NULL;
    uint64_t all = 0;

    kept = sna_values_kept(value->store, block, &all);
    status = sna_allocate(&order, all, sizeof(const sna_kept *));
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < all; i++)
        order[i] = &kept[i];
    if (all > 0)
        qsort(order, all, sizeof *order, compare_hashes);
    *more = *more || all > most;
    for (uint64_t i = 0; i < all && i < most && status == 0; i++) {
        uint64_t row;
        status = add_row(self, table, block, &row);
        if (status == 0)
            status = sna_table_set_real(table, row, 2, order[i]->other);
        if (status == 0)
            status = sna_table_set_real(table, row, 3, order[i]->value);
    }
out:
    free(order);
    return status;
}

int sna_survey_delay_points(const sna_survey *self, uint64_t most, sna_table **out)
{
    int status = 0;
    const sna_edge_value *value = NULL;
    sna_table *table = NULL;
    bool more = false;

    *out = NULL;
    status = find_delay(self, &value);
    if (status == 0)
        status = create(&table, "Delay and distance");
    if (status == 0)
        status = sna_table_add_column(table, "distance", "um", SNA_REAL);
    if (status == 0)
        status = sna_table_add_column(table, "delay", "ms", SNA_REAL);
    for (uint64_t b = 0; b < blocks_of(self) && status == 0; b++)
        status = add_points(self, value, b, most, table, &more);
    if (status == 0 && (more || sna_values_thinning(value->store) > 1))
        status = sna_table_add_note(table, "At most %" PRIu64 " connections of each block are shown.", most);
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}
