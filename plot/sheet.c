/* sheet.c: a table set in type. */
#include "internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { ROWS_MOST = 200, ROW = 21, BETWEEN = 22 };

void sna_sheet_free(sna_plot_sheet *self)
{
    sna_list_free(&self->heading);
    sna_list_free(&self->text);
    sna_list_free(&self->note);
    free(self->right);
    *self = (sna_plot_sheet){0};
}

/* Decimal places for a column of numbers: five significant digits of the largest, as far as any number needs them; -1
 * where places do not suit it. */
static int column_places(const sna_table *table, uint64_t column, uint64_t rows)
{
    double largest = 0, least = INFINITY;
    int places, needed = 0;

    for (uint64_t r = 0; r < rows; r++) {
        const double value = fabs(sna_table_real(table, r, column));
        if (isfinite(value) && value > 0) {
            largest = fmax(largest, value);
            least = fmin(least, value);
        }
    }
    if (largest >= 1e7 || (largest > 0 && least < largest * 1e-5))
        return -1;
    places = largest > 0 ? 4 - (int)floor(log10(largest)) : 0;
    places = places < 0 ? 0 : places > 9 ? -1 : places;
    for (uint64_t r = 0; r < rows; r++) {
        const double value = fabs(sna_table_real(table, r, column));
        while (isfinite(value) && needed < places &&
               fabs(round(value * pow(10, needed)) / pow(10, needed) - value) > 0.5 * pow(10, -places))
            needed++;
    }
    return places < 0 ? -1 : needed;
}

static int add_cell(sna_list *list, const sna_table *table, uint64_t row, uint64_t column, int places)
{
    char number[SNA_NUMBER_SIZE];
    const char *text = "–";

    if (!sna_table_is_missing(table, row, column)) {
        switch (sna_table_column_type(table, column)) {
        case SNA_INTEGER:
            (void)snprintf(number, sizeof number, "%" PRId64, sna_table_integer(table, row, column));
            text = number;
            break;
        case SNA_REAL:
            text = sna_number_round(number, sna_table_real(table, row, column), 5);
            if (places >= 0 && isfinite(sna_table_real(table, row, column))) {
                sna_lettering_number(number, sizeof number, sna_table_real(table, row, column), places);
                text = number;
            }
            break;
        case SNA_BOOLEAN:
            text = sna_table_boolean(table, row, column) ? "yes" : "no";
            break;
        case SNA_TEXT:
            text = sna_table_text(table, row, column);
            break;
        }
    }
    return sna_lettering_add_name(list, text);
}

int sna_panel_set_table(sna_panel *self, const sna_table *table)
{
    int status = 0;
    sna_plot_sheet sheet = {0};
    int *places = NULL;
    const uint64_t all = sna_table_rows(table), columns = sna_table_columns(table);
    const bool labels = sna_table_label_header(table) != NULL;

    sheet.rows = all > ROWS_MOST ? ROWS_MOST : all;
    sheet.columns = columns + labels;
    if (sheet.columns == 0) {
        status = sna_error(SNA_EINVAL, "a table without columns cannot be drawn");
        goto out;
    }
    status = sna_allocate(&sheet.right, sheet.columns, sizeof *sheet.right);
    if (status == 0)
        status = sna_allocate(&places, sheet.columns, sizeof *places);
    if (status == 0 && labels)
        status = sna_lettering_add_name(&sheet.heading, sna_table_label_header(table));
    for (uint64_t c = 0; c < columns && status == 0; c++) {
        const sna_type type = sna_table_column_type(table, c);
        char *heading = NULL;

        sheet.right[c + labels] = type == SNA_INTEGER || type == SNA_REAL;
        places[c] = type == SNA_REAL ? column_places(table, c, sheet.rows) : -1;
        status = sna_lettering_axis(&heading, sna_table_column_name(table, c), sna_table_column_unit(table, c));
        if (status == 0)
            status = sna_lettering_add_name(&sheet.heading, heading);
        free(heading);
    }
    for (uint64_t r = 0; r < sheet.rows && status == 0; r++) {
        if (labels)
            status = sna_lettering_add_name(&sheet.text, sna_table_row_label(table, r));
        for (uint64_t c = 0; c < columns && status == 0; c++)
            status = add_cell(&sheet.text, table, r, c, places[c]);
    }
    if (status == 0 && sheet.rows < all) {
        char note[80];
        (void)snprintf(note, sizeof note, "… %" PRIu64 " more rows", all - sheet.rows);
        status = sna_lettering_add_name(&sheet.note, note);
    }
    if (status == 0)
        status = sna_panel_claim(self, PANEL_SHEET);
    if (status != 0)
        goto out;
    self->sheet = sheet;
    sheet = (sna_plot_sheet){0};
out:
    free(places);
    sna_sheet_free(&sheet);
    return status;
}

static double column_width(const sna_plot_sheet *sheet, uint64_t column, double font)
{
    double widest = sna_lettering_width(sheet->heading.text[column], font, true);

    for (uint64_t r = 0; r < sheet->rows; r++)
        widest = fmax(widest, sna_lettering_width(sheet->text.text[r * sheet->columns + column], font, false));
    return ceil(widest);
}

int sna_sheet_measure(sna_plot_place *place, double scale)
{
    const sna_plot_sheet *sheet = &place->panel->sheet;

    place->font = fmax(6, floor(SIZE_TICK * fmin(scale, 1) * 2) / 2);
    place->cell_height = ceil(place->font * ROW / SIZE_TICK);
    place->width = 0;
    for (uint64_t c = 0; c < sheet->columns; c++)
        place->width += column_width(sheet, c, place->font) + (c > 0 ? BETWEEN : 0);
    place->width += 12;
    place->height = place->cell_height * (double)(sheet->rows + 1 + sheet->note.count) + 10;
    place->margin[0] = place->margin[1] = 8;
    place->margin[2] = place->margin[3] = 6;
    return 0;
}

void sna_sheet_draw(const sna_plot_place *place, sna_plot_canvas *canvas)
{
    const sna_plot_sheet *sheet = &place->panel->sheet;
    const double right = place->left + place->width, row = place->cell_height, body = place->top + row + 4;
    double x = place->left + 6;

    sna_canvas_line(canvas, place->left, place->top, right, place->top, 1.2, SNA_SOLID, INK);
    sna_canvas_line(canvas, place->left, body - 2, right, body - 2, 0.8, SNA_SOLID, INK);
    sna_canvas_line(canvas, place->left, body + row * (double)sheet->rows + 2, right,
                    body + row * (double)sheet->rows + 2, 1.2, SNA_SOLID, INK);
    for (uint64_t c = 0; c < sheet->columns; c++) {
        const double width = column_width(sheet, c, place->font);
        const double at = sheet->right[c] ? x + width : x;
        const sna_plot_align align = sheet->right[c] ? ALIGN_RIGHT : ALIGN_LEFT;

        sna_canvas_text(canvas, at, place->top + row / 2 + 1, sheet->heading.text[c], place->font, align, 0, 0x000000u,
                        true);
        for (uint64_t r = 0; r < sheet->rows; r++)
            sna_canvas_text(canvas, at, body + row * ((double)r + 0.5), sheet->text.text[r * sheet->columns + c],
                            place->font, align, 0, INK, false);
        x += width + BETWEEN;
    }
    for (uint64_t i = 0; i < sheet->note.count; i++)
        sna_canvas_text(canvas, place->left + 6, body + row * ((double)(sheet->rows + i) + 0.6), sheet->note.text[i],
                        place->font, ALIGN_LEFT, 0, 0x606060u, false);
}
