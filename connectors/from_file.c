/* from_file.c: the pairs that a CSV file lists. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "connector.h"

typedef struct {
    uint64_t target, source, synapses, row; /* positions */
} listed;

typedef struct {
    sna_csv *csv;
    int64_t source, target, n_syn; /* columns; n_syn -1 for none */
    bool relative;
    listed *pair; /* [count] by target, then source */
    uint64_t count;
} from_file;

static int create(void **state, const sna_fields *fields)
{
    from_file *self = NULL;
    const cJSON *item = NULL;
    const char *name = NULL, *ids = NULL;
    char *path = NULL;
    int status = sna_allocate(&self, 1, sizeof *self);

    *state = self;
    if (status == 0)
        status = sna_fields_require(fields, "csv", &item);
    if (status == 0)
        status = sna_json_text(fields->json, item, &name);
    if (status == 0)
        status = sna_fields_text(fields, "ids", "absolute", &ids);
    if (status == 0 && strcmp(ids, "absolute") != 0 && strcmp(ids, "relative") != 0)
        status = sna_fields_error(
            fields, "ids", "must be absolute (node ids) or relative (positions in source and target), found %s", ids);
    if (status == 0)
        status = sna_path_join(&path, fields->folder, name);
    if (status != 0)
        goto out;
    self->relative = strcmp(ids, "relative") == 0;
    status = sna_csv_read(&self->csv, path, ',');
    if (status == SNA_ENOTFOUND)
        status = sna_fields_error(fields, "csv", "there is no file %s", path);
    if (status != 0)
        goto out;
    self->source = sna_csv_column(self->csv, "source_node_id");
    self->target = sna_csv_column(self->csv, "target_node_id");
    self->n_syn = sna_csv_column(self->csv, "n_syn");
    if (self->source < 0 || self->target < 0)
        status = sna_csv_error(self->csv, 0, SNA_EFORMAT, "needs the columns source_node_id and target_node_id");
    else if (self->n_syn >= 0 && sna_fields_find(fields, "n_syn") != NULL)
        status = sna_fields_error(fields, "n_syn", "the file has a column n_syn: only one of the two can hold");
out:
    free(path);
    return status;
}

static int read_number(const from_file *self, uint64_t row, int64_t column, const char *name, uint64_t *out)
{
    const char *text =
        (uint64_t)column < sna_csv_fields(self->csv, row) ? sna_csv_field(self->csv, row, (uint64_t)column) : NULL;

    if (text == NULL || sna_unsigned_parse(out, text) != 0)
        return sna_csv_error(self->csv, row, SNA_EFORMAT, "%s must be a whole number of at least 0, found %s", name,
                             text == NULL ? "nothing" : text);
    return 0;
}

/* The position of a node among the members. */
static int find_node(const from_file *self, uint64_t row, const char *name, const sna_members *members, uint64_t number,
                     uint64_t *out)
{
    *out = self->relative ? number : sna_members_find(members, number);
    if (*out >= members->count)
        return sna_csv_error(self->csv, row, SNA_EFORMAT,
                             self->relative ? "%s %" PRIu64 " is not below %" PRIu64 ", the number of nodes there"
                                            : "%s %" PRIu64 " is none of the %" PRIu64 " nodes selected",
                             name, number, members->count);
    return 0;
}

static int compare(const void *a, const void *b)
{
    const listed *la = a, *lb = b;

    if (la->target != lb->target)
        return la->target < lb->target ? -1 : 1;
    return la->source == lb->source ? 0 : la->source < lb->source ? -1 : 1;
}

static int prepare(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    from_file *self = state;
    const uint64_t rows = sna_csv_rows(self->csv);
    int status = sna_allocate(&self->pair, rows, sizeof *self->pair);

    (void)fields;
    for (uint64_t row = 1; row < rows && status == 0; row++) {
        listed *pair = &self->pair[self->count++];
        uint64_t number = 0;
        *pair = (listed){.synapses = 1, .row = row};
        status = read_number(self, row, self->source, "source_node_id", &number);
        if (status == 0)
            status = find_node(self, row, "source_node_id", &ends->source, number, &pair->source);
        if (status == 0)
            status = read_number(self, row, self->target, "target_node_id", &number);
        if (status == 0)
            status = find_node(self, row, "target_node_id", &ends->target, number, &pair->target);
        if (status == 0 && self->n_syn >= 0)
            status = read_number(self, row, self->n_syn, "n_syn", &pair->synapses);
        if (status == 0 && (pair->synapses < 1 || pair->synapses > 1000000000))
            status = sna_csv_error(self->csv, row, SNA_EFORMAT, "n_syn must be from 1 to 1000000000, found %" PRIu64,
                                   pair->synapses);
    }
    if (status != 0)
        goto out;
    if (self->count > 1)
        qsort(self->pair, self->count, sizeof *self->pair, compare);
    for (uint64_t i = 1; i < self->count && status == 0; i++) {
        const listed *a = &self->pair[i - 1], *b = &self->pair[i];
        if (compare(a, b) == 0)
            status = sna_csv_error(self->csv, a->row > b->row ? a->row : b->row, SNA_EFORMAT,
                                   "repeats the pair of line %" PRIu64 " (several synapses go into a column n_syn)",
                                   sna_csv_line(self->csv, a->row > b->row ? b->row : a->row));
    }
    expected->possible = expected->edges = (double)self->count;
    expected->variance = 0;
out:
    return status;
}

static int draw(const void *state, const sna_ends *ends, bool backward, uint64_t first, uint64_t end, sna_rows *out)
{
    const from_file *self = state;
    uint64_t low = 0, high = self->count;
    int status = 0;

    (void)ends;
    (void)backward;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (self->pair[middle].target < first)
            low = middle + 1;
        else
            high = middle;
    }
    for (uint64_t t = first; t < end && status == 0; t++) {
        for (; low < self->count && self->pair[low].target == t && status == 0; low++)
            status = self->n_syn < 0 ? sna_rows_add(out, self->pair[low].source)
                                     : sna_rows_add_synapses(out, self->pair[low].source, self->pair[low].synapses);
        if (status == 0)
            status = sna_rows_end(out);
    }
    return status;
}

static void destroy(void *state)
{
    from_file *self = state;

    if (self == NULL)
        return;
    sna_csv_free(self->csv);
    free(self->pair);
    free(self);
}

static const char *const keys[] = {"csv", "ids", "n_syn", NULL};

const sna_connector sna_from_file = {
    .type = "from_file", .keys = keys, .create = create, .prepare = prepare, .draw = draw, .free = destroy};
