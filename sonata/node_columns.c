/* node_columns.c: attributes of all nodes: columns, labels, positions. */
#include "sonata/nodes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int read_column(sna_nodes *self, const char *name, bool codes, const sna_column **out)
{
    int status = 0;
    sna_kept_column *kept = NULL, **grown = NULL;
    sna_attribute_reader *reader = NULL;

    *out = NULL;
    for (uint64_t i = 0; i < self->columns; i++)
        if (self->column[i]->codes == codes && strcmp(self->column[i]->name, name) == 0) {
            *out = &self->column[i]->room.column;
            goto out;
        }
    status = sna_attribute_reader_open(&reader, &self->population, name, codes);
    if (status == 0)
        status = sna_attribute_reader_fill(reader, &self->rows);
    if (status != 0)
        goto out;
    grown = sna_grow(self->column, &self->column_capacity, self->columns + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->column = grown;
    status = sna_allocate(&kept, 1, sizeof *kept);
    if (status == 0)
        status = sna_text_copy(&kept->name, name);
    if (status != 0)
        goto out;
    kept->codes = codes;
    sna_attribute_reader_take(reader, &kept->room);
    self->column[self->columns++] = kept;
    *out = &kept->room.column;
    kept = NULL;
out:
    free(kept);
    sna_attribute_reader_close(reader);
    return status;
}

int sna_nodes_column(sna_nodes *self, const char *name, const sna_column **out)
{
    return read_column(self, name, false, out);
}

int sna_nodes_codes(sna_nodes *self, const char *name, const sna_column **out)
{
    return read_column(self, name, true, out);
}

int sna_nodes_library(sna_nodes *self, const char *name, const sna_list **out)
{
    int status = 0;
    sna_list texts = SNA_LIST, *kept = NULL, **grown = NULL;
    const int64_t at = sna_list_find(&self->library_names, name);

    *out = NULL;
    if (at >= 0) {
        *out = self->library[at];
        goto out;
    }
    status = sna_population_library(&self->population, name, &texts);
    if (status != 0)
        goto out;
    grown = sna_grow(self->library, &self->library_capacity, self->libraries + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->library = grown;
    status = sna_allocate(&kept, 1, sizeof *kept);
    if (status == 0)
        status = sna_list_add(&self->library_names, name);
    if (status != 0)
        goto out;
    *kept = texts;
    texts = SNA_LIST;
    self->library[self->libraries++] = kept;
    *out = kept;
    kept = NULL;
out:
    free(kept);
    sna_list_free(&texts);
    return status;
}

int sna_nodes_labels(sna_nodes *self, const char *name, const uint32_t **code, const sna_list **texts)
{
    int status = 0;
    const sna_column *column = NULL;
    sna_kept_labels *kept = NULL, **grown = NULL;

    *code = NULL;
    *texts = NULL;
    for (uint64_t i = 0; i < self->label_count; i++)
        if (strcmp(self->labels[i]->name, name) == 0) {
            *code = self->labels[i]->code;
            *texts = &self->labels[i]->texts.texts;
            goto out;
        }
    status = sna_nodes_column(self, name, &column);
    if (status != 0)
        goto out;
    grown = sna_grow(self->labels, &self->label_capacity, self->label_count + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->labels = grown;
    status = sna_allocate(&kept, 1, sizeof *kept);
    if (status != 0)
        goto out;
    kept->texts = SNA_DICTIONARY;
    status = sna_text_copy(&kept->name, name);
    if (status == 0)
        status = sna_allocate(&kept->code, self->population.count, sizeof *kept->code);
    if (status == 0)
        status = sna_column_to_texts(column, &kept->texts, kept->code);
    if (status != 0)
        goto out;
    self->labels[self->label_count++] = kept;
    *code = kept->code;
    *texts = &kept->texts.texts;
    kept = NULL;
out:
    if (kept != NULL) {
        free(kept->name);
        free(kept->code);
        sna_dictionary_free(&kept->texts);
        free(kept);
    }
    return status;
}

/* ---- positions ---------------------------------------------------------------------------------------------- */

static int take_coordinate(sna_nodes *self, const char *name, unsigned axis)
{
    const sna_column *column = NULL;
    int status = sna_nodes_column(self, name, &column);

    for (uint64_t i = 0; i < self->population.count && status == 0; i++)
        self->position[i][axis] = sna_column_real(column, i);
    return status;
}

static int take_positions(sna_nodes *self)
{
    const sna_column *column = NULL;
    int status = sna_nodes_column(self, "positions", &column);

    if (status != 0 || column->type == SNA_TEXT)
        goto out;
    self->dimensions = column->width < 3 ? column->width : 3;
    for (uint64_t i = 0; i < self->population.count; i++)
        for (unsigned axis = 0; axis < self->dimensions && !sna_column_is_missing(column, i); axis++) {
            const uint64_t at = i * column->width + axis;
            self->position[i][axis] = column->real != NULL ? column->real[at] : (double)column->integer[at];
        }
out:
    return status;
}

/* Is there an attribute of that name, of numbers? */
static bool has_number(const sna_nodes *self, const char *name)
{
    const sna_attribute *attribute = sna_nodes_find_attribute(self, name);

    return attribute != NULL && attribute->type != SNA_TEXT;
}

int sna_nodes_positions(sna_nodes *self, const double (**out)[3], unsigned *dimensions)
{
    static const char *const names[][3] = {{"x", "y", "z"}, {"pos_x", "pos_y", "pos_z"}};
    int status = 0;

    *out = NULL;
    *dimensions = 0;
    if (!self->positions_read) {
        if (self->position == NULL)
            status = sna_allocate(&self->position, self->population.count, sizeof *self->position);
        if (status != 0)
            goto out;
        self->dimensions = 0;
        for (uint64_t i = 0; i < self->population.count; i++)
            for (unsigned axis = 0; axis < 3; axis++)
                self->position[i][axis] = (double)NAN;
        for (size_t k = 0; k < sizeof names / sizeof *names && self->dimensions == 0; k++)
            for (unsigned axis = 0; axis < 3 && status == 0; axis++)
                if (has_number(self, names[k][axis])) {
                    status = take_coordinate(self, names[k][axis], axis);
                    self->dimensions++;
                }
        if (status == 0 && self->dimensions == 0 && has_number(self, "positions"))
            status = take_positions(self);
        if (status != 0)
            goto out;
        self->positions_read = true;
    }
    *out = (const double(*)[3])self->position;
    *dimensions = self->dimensions;
out:
    return status;
}
