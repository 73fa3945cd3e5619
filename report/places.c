/* places.c: cells in space, for the scripts of the page. */
#include "report/internal.h"

#include <inttypes.h>

static int add_numbers(sna_string *out, const char *key, const double *value, uint64_t count)
{
    char text[SNA_NUMBER_SIZE];
    int status = sna_string_format(out, ",\"%s\":[", key);

    /* Seven digits place a cell to a ten-thousandth of what a screen can show. */
    for (uint64_t i = 0; i < count && status == 0; i++)
        status = sna_string_format(out, "%s%s", i > 0 ? "," : "", sna_number_round(text, value[i], 7));
    return status == 0 ? sna_string_append(out, "]") : status;
}

int sna_data_places(sna_string *out, const sna_places *self, const sna_cells *cells)
{
    int status = sna_string_format(out, "{\"all\":%" PRIu64 ",\"groups\":[", self->all);

    for (uint64_t i = 0; i < cells->groups && status == 0; i++) {
        if (i > 0)
            status = sna_string_append(out, ",");
        if (status == 0)
            status = sna_data_text(out, cells->group[i].label);
    }
    if (status == 0)
        status = sna_string_append(out, "]");
    if (status == 0)
        status = add_numbers(out, "x", self->x, self->count);
    if (status == 0)
        status = add_numbers(out, "y", self->y, self->count);
    if (status == 0)
        status = add_numbers(out, "z", self->z, self->count);
    if (status == 0)
        status = sna_string_append(out, ",\"group\":[");
    for (uint64_t i = 0; i < self->count && status == 0; i++)
        status = sna_string_format(out, "%s%" PRIu32, i > 0 ? "," : "", self->group[i]);
    if (status == 0)
        status = sna_string_append(out, "],\"id\":[");
    for (uint64_t i = 0; i < self->count && status == 0; i++)
        status = sna_string_format(out, "%s%" PRIu64, i > 0 ? "," : "", self->id[i]);
    return status == 0 ? sna_string_append(out, "]}") : status;
}
