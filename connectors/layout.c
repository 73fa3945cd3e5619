/* layout.c: the columns of an edges file. */
#include "layout.h"

#include <stdlib.h>
#include <string.h>

#include "connector.h"

static const sna_entry *entry_of(const sna_network *network, const sna_edge_file *file, uint64_t projection)
{
    return network->projection[file->projection[projection]].entry;
}

/* The type of a column that holds values of two types; false when there is none. */
static bool join_types(sna_edge_column *self, sna_type type, sna_storage storage)
{
    if (self->type == type) {
        if (self->storage != storage)
            self->storage = type == SNA_INTEGER ? SNA_I64 : type == SNA_REAL ? SNA_F64 : SNA_UTF8;
        return true;
    }
    if (self->type == SNA_TEXT || type == SNA_TEXT)
        return false;
    self->type = SNA_REAL;
    self->storage = SNA_F64;
    return true;
}

/* Finds or adds a column; NULL with *status set, or (0) when one of that name holds another kind of values. */
static sna_edge_column *find_column(sna_edge_layout *self, const char *name, sna_type type, sna_storage storage,
                                    int *status)
{
    sna_edge_column *grown;

    *status = 0;
    for (uint64_t c = 0; c < self->columns; c++) {
        if (strcmp(self->column[c].name, name) == 0)
            return join_types(&self->column[c], type, storage) ? &self->column[c] : NULL;
    }
    grown = realloc(self->column, (self->columns + 1) * sizeof *self->column);
    if (grown == NULL) {
        *status = sna_error(SNA_ENOMEM, "no memory for the columns of an edges file");
        return NULL;
    }
    self->column = grown;
    self->column[self->columns] = (sna_edge_column){name, type, storage};
    return &self->column[self->columns++];
}

/* The columns that a projection must have. `*joined` is false when one cannot be joined with another's. */
static int add_columns(sna_edge_layout *self, const sna_entry *entry, bool *joined)
{
    int status = 0;

    if (entry->generators.count == 0)
        *joined = find_column(self, "nsyns", SNA_INTEGER, SNA_U32, &status) != NULL && *joined;
    for (uint64_t g = 0; g < entry->generators.count; g++) {
        const sna_generator *generator = &entry->generators.item[g];
        for (uint64_t c = 0; c < generator->columns && status == 0; c++) {
            const sna_generated *from = &generator->column[c];
            *joined = find_column(self, from->name, from->type, from->storage, &status) != NULL && *joined;
        }
    }
    return status;
}

/* How an entry fills a column that it need not have; false when it cannot. */
static bool find_fill(const sna_entry *entry, const sna_edge_column *column, sna_edge_fill *out)
{
    const sna_constant *constant = sna_constants_find(&entry->constant, column->name);
    uint64_t from = 0;
    const sna_generator *generator = sna_generators_find(&entry->generators, column->name, &from);

    *out = (sna_edge_fill){.kind = SNA_FILL_VALUE};
    if (generator != NULL) {
        out->kind = SNA_FILL_GENERATED;
        out->generator = (uint64_t)(generator - entry->generators.item);
        out->from = from;
    } else if (strcmp(column->name, "nsyns") == 0) {
        out->kind = entry->generators.count == 0 ? SNA_FILL_SYNAPSES : SNA_FILL_VALUE;
        out->value.integer = 1;
    } else if (constant != NULL && !constant->missing) {
        if ((column->type == SNA_TEXT) != (constant->type == SNA_TEXT))
            return false;
        if (column->type == SNA_TEXT)
            out->value.text = constant->text;
        else if (column->type == SNA_REAL)
            out->value.real = constant->type == SNA_BOOLEAN ? constant->boolean : constant->real;
        else if (constant->type == SNA_INTEGER)
            out->value.integer = constant->integer;
        else if (constant->type == SNA_BOOLEAN)
            out->value.integer = constant->boolean;
        else
            return false; /* a real number in a column of whole ones */
    } else if (entry->connector == &sna_gap_junction && strcmp(column->name, "delay") == 0) {
        out->value.real = 0; /* an electrical synapse has none; nobody reads it */
    } else {
        return false;
    }
    return true;
}

/* One group, where every projection can fill every column. */
static bool fill_one_group(sna_edge_layout *self, const sna_network *network, const sna_edge_file *file)
{
    for (uint64_t p = 0; p < file->projections; p++) {
        for (uint64_t c = 0; c < self->columns; c++) {
            if (!find_fill(entry_of(network, file, p), &self->column[c], &self->fill[p * self->columns + c]))
                return false;
        }
    }
    self->groups = 1;
    for (uint64_t c = 0; c < self->columns; c++)
        self->has[c] = true;
    return true;
}

/* Does a projection have a column of its own accord? */
static bool is_own(const sna_entry *entry, const sna_edge_column *column)
{
    uint64_t from;

    if (strcmp(column->name, "nsyns") == 0 && entry->generators.count == 0)
        return true;
    return sna_generators_find(&entry->generators, column->name, &from) != NULL;
}

/* A group for each different set of columns, numbered in order of first use, as BMTK does. */
static void fill_groups(sna_edge_layout *self, const sna_network *network, const sna_edge_file *file)
{
    self->groups = 0;
    for (uint64_t p = 0; p < file->projections; p++) {
        const sna_entry *entry = entry_of(network, file, p);
        uint64_t group = 0;
        for (; group < self->groups; group++) {
            bool same = true;
            for (uint64_t c = 0; c < self->columns && same; c++)
                same = self->has[group * self->columns + c] == is_own(entry, &self->column[c]);
            if (same)
                break;
        }
        if (group == self->groups) {
            for (uint64_t c = 0; c < self->columns; c++)
                self->has[group * self->columns + c] = is_own(entry, &self->column[c]);
            self->groups++;
        }
        self->group[p] = group;
        for (uint64_t c = 0; c < self->columns; c++) {
            sna_edge_fill *fill = &self->fill[p * self->columns + c];
            *fill = (sna_edge_fill){.kind = SNA_FILL_NOT};
            if (is_own(entry, &self->column[c]))
                (void)find_fill(entry, &self->column[c], fill);
        }
    }
}

static int check_joined(const sna_network *network, const sna_edge_file *file, bool joined)
{
    if (joined)
        return 0;
    return sna_json_error(network->json, entry_of(network, file, 0)->item, SNA_EFORMAT,
                          "entries from %s to %s generate texts and numbers for the same property",
                          network->population[file->source_population].name,
                          network->population[file->target_population].name);
}

int sna_edge_layout_create(sna_edge_layout *out, const sna_network *network, const sna_edge_file *file)
{
    bool joined = true;
    int status = 0;

    *out = (sna_edge_layout){0};
    for (uint64_t p = 0; p < file->projections && status == 0; p++)
        status = add_columns(out, entry_of(network, file, p), &joined);
    if (status == 0)
        status = check_joined(network, file, joined);
    if (status == 0)
        status = sna_allocate(&out->has, file->projections * out->columns, sizeof *out->has);
    if (status == 0)
        status = sna_allocate(&out->group, file->projections, sizeof *out->group);
    if (status == 0)
        status = sna_allocate(&out->fill, file->projections * out->columns, sizeof *out->fill);
    if (status == 0)
        status = sna_allocate(&out->per_synapse, file->projections, sizeof *out->per_synapse);
    if (status != 0)
        goto out;
    if (!fill_one_group(out, network, file))
        fill_groups(out, network, file);
    for (uint64_t p = 0; p < file->projections; p++) {
        out->per_synapse[p] = entry_of(network, file, p)->generators.count > 0;
        out->any_per_synapse = out->any_per_synapse || out->per_synapse[p];
    }
out:
    if (status != 0)
        sna_edge_layout_free(out);
    return status;
}

void sna_edge_layout_free(sna_edge_layout *self)
{
    free(self->column);
    free(self->has);
    free(self->group);
    free(self->fill);
    free(self->per_synapse);
    *self = (sna_edge_layout){0};
}
