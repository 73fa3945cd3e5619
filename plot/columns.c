/* columns.c: figures of the columns of a table, a panel each. */
#include "internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_number(const sna_table *table, uint64_t column)
{
    const sna_type type = sna_table_column_type(table, column);

    return type == SNA_INTEGER || type == SNA_REAL;
}

static int find_number(const sna_table *table, const char *name, uint64_t *out)
{
    const int64_t column = sna_table_find_column(table, name);

    *out = (uint64_t)column;
    return column >= 0 && is_number(table, *out)
               ? 0
               : sna_error(SNA_EINVAL, "the table `%s` has no column of numbers `%s` to draw",
                           sna_table_title(table) != NULL ? sna_table_title(table) : "", name);
}

/* The values of a column, NaN for missing ones; free() them. */
static int read_column(double **out, const sna_table *table, uint64_t column)
{
    int status = sna_allocate(out, sna_table_rows(table), sizeof **out);

    for (uint64_t row = 0; row < sna_table_rows(table) && status == 0; row++)
        (*out)[row] = sna_table_is_missing(table, row, column) ? NAN : sna_table_real(table, row, column);
    return status;
}

static int start(sna_figure **out, const sna_table *table, const char *title, uint64_t columns)
{
    int status = sna_figure_create(out, title != NULL ? title : sna_table_title(table));

    if (status == 0)
        status = sna_figure_set_columns(*out, columns);
    for (uint64_t i = 0; i < sna_table_notes(table) && status == 0; i++)
        status = sna_figure_add_note(*out, "%s", sna_table_note(table, i));
    return status;
}

/* ---- bars --------------------------------------------------------------------------------------------------- */

/* What stands below the bars: texts as they are, numbers as texts. */
static int list_names(sna_list *out, const sna_table *table, const char *column)
{
    int status = 0;
    const int64_t at = sna_table_find_column(table, column);
    const char *const header = sna_table_label_header(table);
    const bool labels = at < 0 && header != NULL && strcmp(header, column) == 0;
    char number[SNA_NUMBER_SIZE];

    if (at < 0 && !labels)
        return sna_error(SNA_EINVAL, "the table `%s` has no column `%s` to draw",
                         sna_table_title(table) != NULL ? sna_table_title(table) : "", column);
    for (uint64_t row = 0; row < sna_table_rows(table) && status == 0; row++) {
        const char *text = labels ? sna_table_row_label(table, row) : sna_table_text(table, row, (uint64_t)at);
        if (!labels && is_number(table, (uint64_t)at))
            text = sna_number_round(number, sna_table_real(table, row, (uint64_t)at), 6);
        status = sna_list_add(out, text != NULL ? text : "");
    }
    return status;
}

/* Bars far enough apart for their names, where that is not too wide. */
static double bars_width(const sna_list *names)
{
    double step = 24;

    for (uint64_t i = 0; i < names->count; i++)
        step = fmax(step, sna_lettering_width(names->text[i], SIZE_TICK, false) + 10);
    return fmax(300, fmin(900, step * (double)names->count));
}

static int add_bars(sna_figure *figure, const sna_table *table, const sna_list *names, const char *names_label,
                    uint64_t column)
{
    int status = 0;
    sna_panel *panel = NULL;
    const sna_style style = {.colour = SNA_COLOUR(0)};
    double *x = NULL, *y = NULL;

    status = sna_allocate(&x, names->count, sizeof *x);
    for (uint64_t i = 0; i < names->count && status == 0; i++)
        x[i] = (double)i;
    if (status == 0)
        status = read_column(&y, table, column);
    if (status == 0)
        status = sna_figure_add_panel(figure, NULL, &panel);
    if (status == 0)
        status = sna_panel_set_size(panel, bars_width(names), 180);
    if (status == 0)
        status = sna_panel_set_axis(panel, SNA_AXIS_X, names_label, NULL);
    if (status == 0)
        status = sna_panel_set_axis(panel, SNA_AXIS_Y, sna_table_column_name(table, column),
                                    sna_table_column_unit(table, column));
    if (status == 0)
        status = sna_panel_set_names(panel, SNA_AXIS_X, (const char *const *)names->text, names->count);
    if (status == 0)
        status = sna_panel_add_bars(panel, &style, x, y, 0, names->count);
    free(x);
    free(y);
    return status;
}

int sna_bars_figure(sna_figure **out, const sna_table *table, const char *names, const char *const *column,
                    uint64_t columns, const char *title)
{
    int status = 0;
    sna_figure *figure = NULL;
    sna_list list = SNA_LIST;

    *out = NULL;
    status = list_names(&list, table, names);
    if (status == 0 && (list.count == 0 || columns == 0))
        status = sna_error(SNA_EINVAL, "the table `%s` has nothing to draw",
                           sna_table_title(table) != NULL ? sna_table_title(table) : "");
    if (status == 0)
        status = start(&figure, table, title, 1);
    for (uint64_t k = 0; k < columns && status == 0; k++) {
        uint64_t at = 0;
        status = find_number(table, column[k], &at);
        if (status == 0)
            status = add_bars(figure, table, &list, names, at);
    }
    if (status != 0)
        goto out;
    sna_figure_share_axes(figure, true, false);
    *out = figure;
    figure = NULL;
out:
    sna_figure_free(figure);
    sna_list_free(&list);
    return status;
}

/* ---- distributions ------------------------------------------------------------------------------------------ */

static bool has_value(const double *value, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        if (isfinite(value[i]))
            return true;
    }
    return false;
}

static int add_distribution(sna_figure *figure, const sna_table *table, uint64_t column)
{
    int status = 0;
    sna_panel *panel = NULL;
    double *value = NULL, *edge = NULL, *count = NULL;
    uint64_t bins = 0;
    const uint64_t rows = sna_table_rows(table);

    status = read_column(&value, table, column);
    if (status == 0)
        status = sna_figure_add_panel(figure, NULL, &panel);
    if (status == 0)
        status = sna_panel_set_size(panel, 300, 180);
    if (status == 0)
        status = sna_panel_set_axis(panel, SNA_AXIS_X, sna_table_column_name(table, column),
                                    sna_table_column_unit(table, column));
    if (status == 0)
        status = sna_panel_set_axis(panel, SNA_AXIS_Y, "Cells", NULL);
    if (status == 0 && has_value(value, rows))
        status = sna_histogram_count(&edge, &count, &bins, NAN, NAN, value, rows);
    if (status == 0 && bins > 0)
        status = sna_panel_add_histogram(panel, NULL, edge, count, bins);
    free(value);
    free(edge);
    free(count);
    return status;
}

int sna_distribution_figure(sna_figure **out, const sna_table *table, uint64_t first, const char *title)
{
    enum { PANELS_MOST = 60 };
    int status = 0;
    uint64_t panels = 0;
    sna_figure *figure = NULL;

    *out = NULL;
    for (uint64_t c = first; c < sna_table_columns(table); c++)
        panels += is_number(table, c);
    if (panels == 0 || panels > PANELS_MOST)
        status = sna_error(SNA_EINVAL, "distributions of %" PRIu64 " columns of the table `%s` (1 to %d)", panels,
                           sna_table_title(table) != NULL ? sna_table_title(table) : "", PANELS_MOST);
    if (status == 0)
        status = start(&figure, table, title, panels == 1 ? 1 : panels < 5 ? 2 : 3);
    for (uint64_t c = first; c < sna_table_columns(table) && status == 0; c++) {
        if (is_number(table, c))
            status = add_distribution(figure, table, c);
    }
    if (status != 0)
        goto out;
    *out = figure;
    figure = NULL;
out:
    sna_figure_free(figure);
    return status;
}
