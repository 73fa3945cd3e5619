/* diff.c: what differs between two networks; the lists of differences, values and attributes. */
#include "sonata/diff.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- lists -------------------------------------------------------------------------------------------------- */

int sna_differences_add(sna_differences *self, const char *kind, const char *place, uint64_t count, const char *format,
                        ...)
{
    int status = 0;
    sna_difference fresh = {.kind = kind, .count = count};
    sna_difference *grown = NULL;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&fresh.text, format, arguments) < 0) {
        fresh.text = NULL;
        status = sna_error(SNA_ENOMEM, "no memory for a difference");
    }
    va_end(arguments);
    if (status == 0)
        status = sna_text_copy(&fresh.place, place);
    if (status != 0)
        goto out;
    grown = sna_grow(self->item, &self->capacity, self->count + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->item = grown;
    self->item[self->count++] = fresh;
    fresh = (sna_difference){0};
out:
    free(fresh.place);
    free(fresh.text);
    return status;
}

int sna_differences_note(sna_differences *self, const char *format, ...)
{
    int status = 0;
    char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
        status = sna_error(SNA_ENOMEM, "no memory for a note");
    }
    va_end(arguments);
    if (status == 0 && sna_list_find(&self->notes, text) < 0)
        status = sna_list_add(&self->notes, text);
    free(text);
    return status;
}

void sna_differences_free(sna_differences *self)
{
    for (uint64_t i = 0; i < self->count; i++) {
        free(self->item[i].place);
        free(self->item[i].text);
    }
    free(self->item);
    sna_list_free(&self->notes);
    *self = SNA_DIFFERENCES;
}

const char *sna_one_or_many(uint64_t count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}

/* ---- values ------------------------------------------------------------------------------------------------- */

static bool part_is_nothing(const sna_column *column, uint64_t at)
{
    return (column->type == SNA_REAL && isnan(column->real[at])) ||
           (column->type == SNA_TEXT && column->texts->text[column->code[at]][0] == '\0');
}

bool sna_value_is_nothing(const sna_column *column, uint64_t row)
{
    if (column == NULL || sna_column_is_missing(column, row))
        return true;
    for (uint32_t k = 0; k < column->width; k++)
        if (!part_is_nothing(column, row * column->width + k))
            return false;
    return true;
}

/* An integer and a real are the same when the real is that whole number exactly. */
static bool integer_is_real(int64_t integer, double real)
{
    return real >= -0x1p63 && real < 0x1p63 && (int64_t)real == integer && (double)(int64_t)real == real;
}

static bool part_is_equal(const sna_column *a, uint64_t at_a, const sna_column *b, uint64_t at_b)
{
    const bool nothing_a = part_is_nothing(a, at_a), nothing_b = part_is_nothing(b, at_b);

    if (nothing_a || nothing_b)
        return nothing_a && nothing_b;
    if (a->type == SNA_TEXT || b->type == SNA_TEXT)
        return a->type == b->type && strcmp(a->texts->text[a->code[at_a]], b->texts->text[b->code[at_b]]) == 0;
    if (a->type == SNA_REAL)
        return b->type == SNA_REAL ? a->real[at_a] == b->real[at_b] : integer_is_real(b->integer[at_b], a->real[at_a]);
    return b->type == SNA_REAL ? integer_is_real(a->integer[at_a], b->real[at_b])
                               : a->integer[at_a] == b->integer[at_b];
}

bool sna_value_is_equal(const sna_column *a, uint64_t row_a, const sna_column *b, uint64_t row_b)
{
    const bool nothing_a = sna_value_is_nothing(a, row_a), nothing_b = sna_value_is_nothing(b, row_b);

    if (nothing_a || nothing_b)
        return nothing_a && nothing_b;
    if (a->width != b->width)
        return false;
    for (uint32_t k = 0; k < a->width; k++)
        if (!part_is_equal(a, row_a * a->width + k, b, row_b * b->width + k))
            return false;
    return true;
}

static int print_part(const sna_column *column, uint64_t at, sna_string *out)
{
    char number[SNA_NUMBER_SIZE];

    switch (column->type) {
    case SNA_TEXT:
        return sna_string_format(out, "'%.60s'", column->texts->text[column->code[at]]);
    case SNA_REAL:
        return sna_string_append(out, sna_number_text(number, column->real[at]));
    default:
        return sna_string_format(out, "%" PRId64, column->integer[at]);
    }
}

int sna_value_print(const sna_column *column, uint64_t row, sna_string *out)
{
    int status = 0;

    if (sna_value_is_nothing(column, row))
        return sna_string_append(out, "nothing");
    if (column->width > 1)
        status = sna_string_append(out, "[");
    for (uint32_t k = 0; k < column->width && k < 8 && status == 0; k++) {
        if (k > 0)
            status = sna_string_append(out, ", ");
        if (status == 0)
            status = print_part(column, row * column->width + k, out);
    }
    if (status == 0 && column->width > 1)
        status = sna_string_append(out, column->width > 8 ? ", ...]" : "]");
    return status;
}

/* ---- attributes --------------------------------------------------------------------------------------------- */

static int compare_pairs(const void *a, const void *b)
{
    const sna_attribute_pair *x = a, *y = b;

    return strcmp(x->name, y->name);
}

static int add_names(sna_attribute_pairs *self, const sna_list *names, int side)
{
    int status = 0;

    for (uint64_t i = 0; i < names->count && status == 0; i++) {
        sna_attribute_pair *grown = NULL, *pair = NULL;
        for (uint64_t k = 0; k < self->count && pair == NULL; k++)
            if (strcmp(self->pair[k].name, names->text[i]) == 0)
                pair = &self->pair[k];
        if (pair == NULL) {
            grown = sna_grow(self->pair, &self->capacity, self->count + 1, sizeof *grown);
            if (grown == NULL)
                return SNA_ENOMEM;
            self->pair = grown;
            pair = &self->pair[self->count];
            *pair = (sna_attribute_pair){.in = {-1, -1}};
            status = sna_text_copy(&pair->name, names->text[i]);
            self->count += status == 0;
        }
        if (status == 0)
            pair->in[side] = (int64_t)i;
    }
    return status;
}

int sna_attribute_pairs_make(sna_attribute_pairs *self, const sna_list *a, const sna_list *b)
{
    int status = 0;

    *self = (sna_attribute_pairs){NULL, 0, 0};
    status = add_names(self, a, 0);
    if (status == 0)
        status = add_names(self, b, 1);
    if (status == 0 && self->count > 1)
        qsort(self->pair, self->count, sizeof *self->pair, compare_pairs);
    return status;
}

int sna_attribute_pairs_report(const sna_attribute_pairs *self, sna_differences *out, const char *place,
                               const char *thing)
{
    int status = 0;

    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        const sna_attribute_pair *pair = &self->pair[i];
        if (pair->differs == 0)
            continue;
        if (pair->in[0] < 0 || pair->in[1] < 0)
            status = sna_differences_add(
                out, "attribute", place, pair->differs, "`%s` is only in %s, where %" PRIu64 " %s%s %s it; %s",
                pair->name, pair->in[1] < 0 ? "A" : "B", pair->differs, thing, sna_one_or_many(pair->differs, "", "s"),
                sna_one_or_many(pair->differs, "has", "have"), pair->example);
        else
            status = sna_differences_add(out, "attribute", place, pair->differs,
                                         "`%s` differs for %" PRIu64 " %s%s; %s", pair->name, pair->differs, thing,
                                         sna_one_or_many(pair->differs, "", "s"), pair->example);
    }
    return status;
}

void sna_attribute_pairs_free(sna_attribute_pairs *self)
{
    for (uint64_t i = 0; i < self->count; i++) {
        free(self->pair[i].name);
        free(self->pair[i].example);
    }
    free(self->pair);
    *self = (sna_attribute_pairs){NULL, 0, 0};
}

/* ---- networks ----------------------------------------------------------------------------------------------- */

typedef struct {
    uint64_t (*count)(const sna_circuit *);
    const char *(*name)(const sna_circuit *, uint64_t);
    const char *kind; /* "node", "edge" */
} population_list;

static const population_list lists[] = {
    {sna_circuit_node_populations, sna_circuit_node_population, "node"},
    {sna_circuit_edge_populations, sna_circuit_edge_population, "edge"},
};

/* The `nth` population of a name (edge populations of two files may share one), or -1. */
static int64_t find_population(const population_list *list, const sna_circuit *circuit, const char *name, uint64_t nth)
{
    for (uint64_t i = 0; i < list->count(circuit); i++)
        if (strcmp(list->name(circuit, i), name) == 0 && nth-- == 0)
            return (int64_t)i;
    return -1;
}

/* How many populations before this one have its name. */
static uint64_t rank_of(const population_list *list, const sna_circuit *circuit, uint64_t index)
{
    uint64_t rank = 0;

    for (uint64_t i = 0; i < index; i++)
        rank += strcmp(list->name(circuit, i), list->name(circuit, index)) == 0;
    return rank;
}

static int diff_population(const population_list *list, sna_circuit *a, uint64_t index_a, sna_circuit *b,
                           uint64_t index_b, uint64_t memory, sna_differences *out)
{
    int status = 0;

    if (list == &lists[0]) {
        sna_nodes *x = NULL, *y = NULL;
        status = sna_circuit_nodes_at(a, index_a, &x);
        if (status == 0)
            status = sna_circuit_nodes_at(b, index_b, &y);
        if (status == 0)
            status = sna_diff_nodes(x, y, out);
    } else {
        sna_edges *x = NULL, *y = NULL;
        status = sna_circuit_edges_at(a, index_a, &x);
        if (status == 0)
            status = sna_circuit_edges_at(b, index_b, &y);
        if (status == 0)
            status = sna_diff_edges(x, y, memory, out);
    }
    return status;
}

static int diff_populations(const population_list *list, sna_circuit *a, sna_circuit *b,
                            const sna_diff_options *options, bool *found, sna_differences *out)
{
    int status = 0;

    for (uint64_t i = 0; i < list->count(a) && status == 0; i++) {
        const char *name = list->name(a, i);
        const int64_t other = find_population(list, b, name, rank_of(list, a, i));
        if (options->population != NULL && strcmp(options->population, name) != 0)
            continue;
        *found = true;
        if (other < 0)
            status = sna_differences_add(out, "population", name, 1, "the %s population `%s` is only in A", list->kind,
                                         name);
        else
            status = diff_population(list, a, i, b, (uint64_t)other, options->memory, out);
    }
    for (uint64_t i = 0; i < list->count(b) && status == 0; i++) {
        const char *name = list->name(b, i);
        if (options->population != NULL && strcmp(options->population, name) != 0)
            continue;
        *found = true;
        if (find_population(list, a, name, rank_of(list, b, i)) < 0)
            status = sna_differences_add(out, "population", name, 1, "the %s population `%s` is only in B", list->kind,
                                         name);
    }
    return status;
}

/* Rows of a set as ids: rows may stand in another order in the other file. A set that cannot be evaluated is empty. */
static int set_ids(const sna_node_sets *sets, const char *name, sna_nodes *nodes, sna_selection *out)
{
    sna_selection rows = SNA_SELECTION;
    int status = sna_node_sets_select(sets, name, nodes, false, &rows);

    if (status == 0)
        status = sna_nodes_ids_of(nodes, &rows, out);
    sna_selection_free(&rows);
    return status;
}

static int diff_set(const sna_node_sets *sets[2], const char *name, sna_nodes *const nodes[2], sna_differences *out)
{
    sna_selection ids[2] = {SNA_SELECTION, SNA_SELECTION};
    int status = set_ids(sets[0], name, nodes[0], &ids[0]);
    bool same = true;

    if (status == 0)
        status = set_ids(sets[1], name, nodes[1], &ids[1]);
    same = ids[0].count == ids[1].count;
    for (uint64_t i = 0; i < ids[0].count && same; i++)
        same = ids[0].range[i].first == ids[1].range[i].first && ids[0].range[i].end == ids[1].range[i].end;
    if (status == 0 && !same)
        status = sna_differences_add(out, "node set", sna_nodes_name(nodes[0]), 1,
                                     "the node set `%s` holds other nodes: %" PRIu64 " in A, %" PRIu64 " in B", name,
                                     sna_selection_rows(&ids[0]), sna_selection_rows(&ids[1]));
    sna_selection_free(&ids[0]);
    sna_selection_free(&ids[1]);
    return status;
}

static bool has_set(const sna_node_sets *sets, const char *name)
{
    for (uint64_t i = 0; i < sna_node_sets_count(sets); i++)
        if (strcmp(sna_node_sets_name(sets, i), name) == 0)
            return true;
    return false;
}

/* Node sets by the nodes that they hold in the populations of both. */
static int diff_sets(sna_circuit *a, sna_circuit *b, sna_differences *out)
{
    int status = 0;
    sna_node_sets *read[2] = {NULL, NULL};
    const sna_node_sets *sets[2] = {NULL, NULL};

    status = sna_circuit_node_sets(a, &read[0]);
    if (status == 0)
        status = sna_circuit_node_sets(b, &read[1]);
    if (status != 0)
        goto out;
    sets[0] = read[0];
    sets[1] = read[1];
    for (int side = 0; side < 2; side++)
        for (uint64_t i = 0; i < sna_node_sets_count(sets[side]) && status == 0; i++) {
            const char *name = sna_node_sets_name(sets[side], i);
            if (!has_set(sets[1 - side], name)) {
                status = sna_differences_add(out, "node set", "", 1, "the node set `%s` is only in %s", name,
                                             side == 0 ? "A" : "B");
                continue;
            }
            for (uint64_t k = 0; k < sna_circuit_node_populations(a) && side == 0 && status == 0; k++) {
                const int64_t other = find_population(&lists[0], b, sna_circuit_node_population(a, k), 0);
                sna_nodes *nodes[2] = {NULL, NULL};
                if (other < 0)
                    continue;
                status = sna_circuit_nodes_at(a, k, &nodes[0]);
                if (status == 0)
                    status = sna_circuit_nodes_at(b, (uint64_t)other, &nodes[1]);
                if (status == 0)
                    status = diff_set(sets, name, nodes, out);
            }
        }
out:
    return status;
}

static int diff_networks(const char *a, const char *b, const sna_diff_options *options, sna_differences *out)
{
    int status = 0;
    bool found = false;
    sna_circuit *x = NULL, *y = NULL;

    status = sna_circuit_open(&x, a);
    if (status == 0)
        status = sna_circuit_open(&y, b);
    for (size_t i = 0; i < sizeof lists / sizeof *lists && status == 0; i++)
        status = diff_populations(&lists[i], x, y, options, &found, out);
    if (status == 0 && options->population != NULL && !found)
        status = sna_error(SNA_ENOTFOUND, "neither %s nor %s has a population `%s`", a, b, options->population);
    if (status == 0 && options->population == NULL)
        status = diff_sets(x, y, out);
    if (status == 0 && options->population == NULL)
        status = sna_diff_gaps(x, y, out);
    sna_circuit_close(x);
    sna_circuit_close(y);
    return status;
}

int sna_diff(const char *a, const char *b, const sna_diff_options *options, sna_differences *out)
{
    static const char *const names[] = {"a network", "spikes", "a report", "extracellular potentials", "gap junctions"};
    int status = 0;
    sna_file_kind kind[2] = {SNA_FILE_NETWORK, SNA_FILE_NETWORK};
    sna_diff_options chosen = {0};

    if (options != NULL)
        chosen = *options;
    if (chosen.memory == 0)
        chosen.memory = UINT64_C(256) << 20;
    status = sna_file_kind_of(a, &kind[0]);
    if (status == 0)
        status = sna_file_kind_of(b, &kind[1]);
    if (status != 0)
        goto out;
    if (kind[0] != kind[1]) {
        status = sna_error(SNA_EINVAL, "%s holds %s, but %s holds %s: they cannot be compared", a, names[kind[0]], b,
                           names[kind[1]]);
        goto out;
    }
    switch (kind[0]) {
    case SNA_FILE_NETWORK:
        status = diff_networks(a, b, &chosen, out);
        break;
    case SNA_FILE_SPIKES:
        status = sna_diff_spikes(a, b, chosen.population, out);
        break;
    case SNA_FILE_REPORT:
        status = sna_diff_reports(a, b, chosen.population, out);
        break;
    default:
        status = sna_error(SNA_EUNSUPPORTED, "%s and %s hold %s, which are not compared", a, b, names[kind[0]]);
    }
out:
    return status;
}
