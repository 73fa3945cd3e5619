/* cell_figures.c: pictures of what the cell commands measure. */
#include "cell_common.h"

#include <math.h>
#include <stdlib.h>

/* What a clamp injects: each value holds until the next sample. The corners are enough, and the last sample, whose
 * value holds for no time, is not one. */
static int add_stimulus(sna_panel *panel, const sna_style *style, const sna_cell_trace *trace, const double *current)
{
    int status = 0;
    double *time = NULL, *value = NULL;
    uint64_t count = 0;

    status = sna_allocate(&time, trace->count + 1, sizeof *time);
    if (status == 0)
        status = sna_allocate(&value, trace->count + 1, sizeof *value);
    for (uint64_t i = 0; i + 1 < trace->count && status == 0; i++) {
        if (i == 0 || current[i] != current[i - 1]) {
            time[count] = trace->time[i];
            value[count++] = current[i];
        }
    }
    if (status == 0 && count > 0) {
        time[count] = trace->time[trace->count - 1];
        value[count] = value[count - 1];
        status = sna_panel_add_steps(panel, style, time, value, count + 1);
    }
    free(time);
    free(value);
    return status;
}

/* Voltage above, current below, the fit over the voltage. */
int cell_figure_traces(sna_figure **out, const sna_cell_result *result)
{
    int status = 0;
    const sna_cell_simulation *run = &result->simulation;
    const sna_style trace_style = {.name = result->fit_count > 0 ? "voltage" : NULL, .colour = SNA_COLOUR(4)};
    const sna_style fit_style = {.name = "fit", .colour = SNA_COLOUR(5), .dash = SNA_DASHED, .size = 2};
    const sna_style current_style = {.colour = SNA_GREY};
    sna_panel *voltage = NULL, *current = NULL;

    status = sna_figure_create(out, NULL);
    if (status == 0)
        status = sna_figure_add_panel(*out, NULL, &voltage);
    if (status == 0)
        status = sna_figure_add_panel(*out, NULL, &current);
    if (status == 0)
        status = sna_panel_set_size(current, 560, 90);
    if (status != 0)
        goto out;
    sna_figure_share_axes(*out, true, false);
    status = sna_panel_set_axis(voltage, SNA_AXIS_Y, "Membrane voltage", "mV");
    if (status == 0)
        status = sna_panel_set_axis(voltage, SNA_AXIS_X, "Time", "ms");
    if (status == 0)
        status = sna_panel_set_axis(current, SNA_AXIS_X, "Time", "ms");
    if (status == 0)
        status = sna_panel_set_axis(current, SNA_AXIS_Y, "Current", "pA");
    for (uint64_t k = 0; k < run->traces && status == 0; k++) {
        const sna_cell_trace *trace = &run->trace[k];
        status = sna_panel_add_line(voltage, &trace_style, trace->time, trace->voltage, trace->count);
        if (status == 0)
            status = trace->current == NULL
                         ? add_stimulus(current, &current_style, trace, result->current[k])
                         : sna_panel_add_line(current, &current_style, trace->time, result->current[k], trace->count);
    }
    if (status == 0 && result->fit_count > 0)
        status = sna_panel_add_line(voltage, &fit_style, result->fit_time, result->fit_voltage, result->fit_count);
out:
    return status;
}

/* Two columns of a table as arrays. */
static int columns(const sna_table *table, const char *x_name, const char *y_name, double **x, double **y)
{
    int status = 0;
    const uint64_t rows = sna_table_rows(table);
    const int64_t first = sna_table_find_column(table, x_name), second = sna_table_find_column(table, y_name);

    *x = *y = NULL;
    if (first < 0 || second < 0)
        return sna_error(SNA_ENOTFOUND, "the result has no columns %s and %s to draw", x_name, y_name);
    status = sna_allocate(x, rows, sizeof **x);
    if (status == 0)
        status = sna_allocate(y, rows, sizeof **y);
    for (uint64_t i = 0; i < rows && status == 0; i++) {
        (*x)[i] = sna_table_real(table, i, (uint64_t)first);
        (*y)[i] = sna_table_real(table, i, (uint64_t)second);
    }
    return status;
}

int cell_figure_fi(sna_figure **out, const sna_cell_result *result)
{
    int status = 0;
    const sna_style style = {.colour = SNA_COLOUR(4)};
    const sna_style marks = {.colour = SNA_COLOUR(4), .mark = SNA_MARK_DISC, .size = 6};
    const sna_style rule = {.name = "rheobase", .colour = SNA_GREY, .dash = SNA_DOTTED};
    const double rheobase = sna_record_get_real(result->record, "rheobase");
    sna_panel *panel = NULL;
    double *current = NULL, *rate = NULL;
    const uint64_t rows = sna_table_rows(result->table);

    status = columns(result->table, "current", "rate", &current, &rate);
    if (status == 0)
        status = sna_figure_create(out, NULL);
    if (status == 0)
        status = sna_figure_add_panel(*out, NULL, &panel);
    if (status == 0)
        status = sna_panel_set_axis(panel, SNA_AXIS_X, "Current", "pA");
    if (status == 0)
        status = sna_panel_set_axis(panel, SNA_AXIS_Y, "Firing rate", "Hz");
    if (status == 0)
        status = sna_panel_add_line(panel, &style, current, rate, rows);
    if (status == 0)
        status = sna_panel_add_points(panel, &marks, current, rate, rows);
    if (status == 0 && isfinite(rheobase))
        status = sna_panel_add_rule(panel, &rule, SNA_AXIS_X, rheobase);
    free(current);
    free(rate);
    return status;
}

/* Amplitude and phase over frequency, and the voltage they came from. */
int cell_figure_zap(sna_figure **out, const sna_cell_result *result)
{
    int status = 0;
    static const struct {
        const char *column, *label, *unit;
    } curves[] = {{"impedance", "Impedance", "MΩ"}, {"phase", "Phase", "rad"}};
    const sna_style style = {.colour = SNA_COLOUR(4)};
    const sna_style rules[] = {{.name = "resonance", .colour = SNA_GREY, .dash = SNA_DOTTED},
                               {.colour = SNA_GREY, .dash = SNA_DOTTED}};
    const sna_style trace_style = {.colour = SNA_COLOUR(4), .size = 0.8};
    const sna_cell_trace *trace = &result->simulation.trace[0];
    const bool log_axis =
        sna_record_get_text(result->record, "chirp") != NULL && sna_record_get_text(result->record, "chirp")[0] == 'e';
    double *frequency = NULL, *value = NULL;
    sna_panel *panel = NULL;

    status = sna_figure_create(out, NULL);
    for (int i = 0; i < 2 && status == 0; i++) {
        free(frequency);
        free(value);
        status = columns(result->table, "frequency", curves[i].column, &frequency, &value);
        if (status == 0)
            status = sna_figure_add_panel(*out, NULL, &panel);
        if (status == 0)
            status = sna_panel_set_size(panel, 560, 200);
        if (status == 0)
            status = sna_panel_set_axis(panel, SNA_AXIS_X, "Frequency", "Hz");
        if (status == 0)
            status = sna_panel_set_axis(panel, SNA_AXIS_Y, curves[i].label, curves[i].unit);
        if (status == 0 && log_axis)
            sna_panel_set_log(panel, SNA_AXIS_X, true);
        if (status == 0)
            status = sna_panel_add_rule(panel, &rules[i], SNA_AXIS_X,
                                        sna_record_get_real(result->record, "resonance_frequency"));
        if (status == 0)
            status = sna_panel_add_line(panel, &style, frequency, value, sna_table_rows(result->table));
    }
    if (status == 0)
        status = sna_figure_add_panel(*out, NULL, &panel);
    if (status == 0)
        status = sna_panel_set_size(panel, 560, 160);
    if (status == 0)
        status = sna_panel_set_axis(panel, SNA_AXIS_X, "Time", "ms");
    if (status == 0)
        status = sna_panel_set_axis(panel, SNA_AXIS_Y, "Membrane voltage", "mV");
    if (status == 0)
        status = sna_panel_add_line(panel, &trace_style, trace->time, trace->voltage, trace->count);
    free(frequency);
    free(value);
    return status;
}
