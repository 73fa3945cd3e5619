/* spiking.c: spikes in rows, for a raster. */
#include "connectivity/internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- of cells of a circuit ---------------------------------------------------------------------------------- */

/* The row of each cell: cells of a group together, in the order of the groups. */
static int number_rows(uint64_t **out, const sna_cells *cells)
{
    int status = 0;
    uint64_t *next = NULL, first = 0;

    status = sna_allocate(out, cells->count, sizeof **out);
    if (status == 0)
        status = sna_allocate(&next, cells->groups, sizeof *next);
    if (status != 0)
        goto out;
    for (uint64_t g = 0; g < cells->groups; g++) {
        next[g] = first;
        first += cells->group[g].count;
    }
    for (uint64_t i = 0; i < cells->count; i++)
        (*out)[i] = next[cells->group_of[i]]++;
out:
    free(next);
    return status;
}

/* The population of the file that holds spikes of a node population; false where none does. */
static bool find_spikes(const sna_spikes *spikes, const sna_cells *cells, uint64_t population, uint64_t *out)
{
    const char *name = sna_nodes_name(cells->nodes[population]);

    for (*out = 0; *out < sna_spikes_populations(spikes); (*out)++) {
        if (strcmp(sna_spikes_population(spikes, *out), name) == 0)
            return true;
    }
    *out = 0;
    return cells->populations == 1 && sna_spikes_populations(spikes) == 1 &&
           sna_spikes_population(spikes, 0)[0] == '\0';
}

static int no_spikes(const sna_spikes *spikes, const sna_cells *cells)
{
    int status = 0;
    sna_list there = SNA_LIST, wanted = SNA_LIST;
    sna_string text = SNA_STRING, other = SNA_STRING;

    for (uint64_t i = 0; i < sna_spikes_populations(spikes) && status == 0; i++)
        status = sna_list_add(&there, sna_spikes_population(spikes, i));
    for (uint64_t i = 0; i < cells->populations && status == 0; i++)
        status = sna_list_add(&wanted, sna_nodes_name(cells->nodes[i]));
    if (status == 0)
        status = sna_list_join(&there, 20, &text);
    if (status == 0)
        status = sna_list_join(&wanted, 20, &other);
    if (status == 0)
        status = sna_error(SNA_ENOTFOUND, "the spike file has no spikes of %s; its populations: %s",
                           sna_string_text(&other), there.count == 0 ? "none" : sna_string_text(&text));
    sna_list_free(&there);
    sna_list_free(&wanted);
    sna_string_free(&text);
    sna_string_free(&other);
    return status;
}

/* Room for `more` spikes behind those that are there. */
static int make_room(sna_spike_rows *self, uint64_t *capacity, uint64_t more)
{
    const uint64_t needed = self->count + more;
    uint64_t same[2] = {*capacity, *capacity};
    double *time, *row;
    uint32_t *group;

    if (more == 0)
        return 0;
    time = sna_grow(self->time, capacity, needed, sizeof *time);
    if (time == NULL)
        return SNA_ENOMEM;
    self->time = time;
    row = sna_grow(self->row, &same[0], needed, sizeof *row);
    if (row == NULL)
        return SNA_ENOMEM;
    self->row = row;
    group = sna_grow(self->group, &same[1], needed, sizeof *group);
    if (group == NULL)
        return SNA_ENOMEM;
    self->group = group;
    return 0;
}

/* Spikes of one population; cell_of [nodes] is the number of each node's cell, UINT64_MAX for none. */
static int add_spikes(sna_spike_rows *self, uint64_t *capacity, const sna_spike_list *list, const sna_nodes *nodes,
                      const sna_cells *cells, const uint64_t *cell_of, const uint64_t *row)
{
    int status = make_room(self, capacity, list->count);

    for (uint64_t i = 0; i < list->count && status == 0; i++) {
        const int64_t node = sna_nodes_row(nodes, list->node[i]);
        const uint64_t cell = node < 0 ? UINT64_MAX : cell_of[node];
        self->strangers += node < 0;
        if (cell == UINT64_MAX)
            continue;
        self->time[self->count] = list->time[i];
        self->row[self->count] = (double)row[cell];
        self->group[self->count++] = cells->group_of[cell];
    }
    return status;
}

int sna_spike_rows_of_cells(sna_spike_rows *out, sna_spikes *spikes, const sna_cells *cells, double start, double stop)
{
    int status = 0;
    uint64_t *row = NULL, *cell_of = NULL, capacity = 0, found = 0;

    *out = (sna_spike_rows){.name = SNA_LIST, .rows = cells->count};
    status = number_rows(&row, cells);
    if (status == 0)
        status = sna_allocate(&out->cells, cells->groups, sizeof *out->cells);
    for (uint64_t g = 0; g < cells->groups && status == 0; g++) {
        out->cells[g] = cells->group[g].count;
        status = sna_list_add(&out->name, cells->group[g].label);
    }
    for (uint64_t p = 0; p < cells->populations && status == 0; p++) {
        const uint64_t nodes = sna_nodes_count(cells->nodes[p]);
        sna_spike_list list = {0};
        uint64_t population;
        if (!find_spikes(spikes, cells, p, &population))
            continue;
        found++;
        free(cell_of);
        status = sna_allocate(&cell_of, nodes, sizeof *cell_of);
        for (uint64_t i = 0; i < nodes && status == 0; i++)
            cell_of[i] = UINT64_MAX;
        for (uint64_t i = 0; i < cells->count && status == 0; i++) {
            if (cells->population[i] == p)
                cell_of[cells->row[i]] = i;
        }
        if (status == 0)
            status = sna_spikes_read(spikes, population, start, stop, NULL, 0, &list);
        if (status == 0)
            status = add_spikes(out, &capacity, &list, cells->nodes[p], cells, cell_of, row);
        sna_spike_list_free(&list);
    }
    if (status == 0 && found == 0)
        status = no_spikes(spikes, cells);
    free(row);
    free(cell_of);
    return status;
}

/* ---- of a file alone ---------------------------------------------------------------------------------------- */

int sna_spike_rows_of_file(sna_spike_rows *out, sna_spikes *spikes, const char *population, const sna_selection *nodes,
                           double start, double stop)
{
    int status = 0;
    uint64_t only = 0, capacity = 0;

    *out = (sna_spike_rows){.name = SNA_LIST};
    if (population != NULL)
        status = sna_spikes_find(spikes, population, &only);
    for (uint64_t p = 0; p < sna_spikes_populations(spikes) && status == 0; p++) {
        const char *name = sna_spikes_population(spikes, p);
        const uint64_t base = out->rows;
        sna_spike_list list = {0};
        if (population != NULL && p != only)
            continue;
        status = sna_spikes_read(spikes, p, start, stop, NULL, 0, &list);
        if (status == 0)
            status = sna_list_add(&out->name, name[0] == '\0' ? "cells" : name);
        if (status == 0)
            status = make_room(out, &capacity, list.count);
        for (uint64_t i = 0; i < list.count && status == 0; i++) {
            if (nodes != NULL && !sna_selection_has(nodes, list.node[i]))
                continue;
            out->time[out->count] = list.time[i];
            out->row[out->count] = (double)base + (double)list.node[i];
            out->group[out->count++] = (uint32_t)(out->name.count - 1);
            if (list.node[i] >= UINT64_MAX / 4 - base) /* ids that no row can have */
                status = sna_error(SNA_EFORMAT, "%" PRIu64 " cannot be the id of a node", list.node[i]);
            else if (base + list.node[i] + 1 > out->rows)
                out->rows = base + list.node[i] + 1;
        }
        sna_spike_list_free(&list);
    }
    return status;
}

void sna_spike_rows_free(sna_spike_rows *self)
{
    free(self->time);
    free(self->row);
    free(self->group);
    free(self->cells);
    sna_list_free(&self->name);
    *self = (sna_spike_rows){.name = SNA_LIST};
}
