/* places.c: cells in space, some of them where there are very many. */
#include "report/internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool has_place(const double position[3], unsigned dimensions)
{
    return isfinite(position[0]) && isfinite(position[1]) && (dimensions < 3 || isfinite(position[2]));
}

static int group_number(sna_list *groups, const char *name, uint32_t *out)
{
    int status = 0;

    if (sna_list_find(groups, name) < 0)
        status = sna_list_add(groups, name);
    *out = (uint32_t)sna_list_find(groups, name);
    return status;
}

/* Group of each label of a population: its name and the value, as the tables have it. */
static int group_labels(sna_places *self, const char *population, const sna_list *texts, uint32_t **out)
{
    int status = sna_allocate(out, texts->count, sizeof **out);

    for (uint64_t i = 0; i < texts->count && status == 0; i++) {
        char *name = NULL;
        status = sna_text_format(&name, "%s_%s", population, texts->text[i][0] == '\0' ? "(none)" : texts->text[i]);
        if (status == 0)
            status = group_number(&self->group, name, &(*out)[i]);
        free(name);
    }
    return status;
}

/* The cells of a population; `seen` counts those with a position so far. One is taken each time that their share of
 * `most` passes a whole number. */
static int add_population(sna_places *self, sna_nodes *nodes, const char *property, uint64_t most, uint64_t *seen)
{
    int status = 0;
    const double(*position)[3] = NULL;
    unsigned dimensions = 0;
    const uint32_t *code = NULL;
    const sna_list *texts = NULL;
    uint32_t *group = NULL, alone = 0;

    status = sna_nodes_positions(nodes, &position, &dimensions);
    if (status != 0 || dimensions < 2)
        goto out;
    if (property != NULL && sna_nodes_find_attribute(nodes, property) != NULL) {
        status = sna_nodes_labels(nodes, property, &code, &texts);
        if (status == 0)
            status = group_labels(self, sna_nodes_name(nodes), texts, &group);
    } else {
        status = group_number(&self->group, sna_nodes_name(nodes), &alone);
    }
    for (uint64_t row = 0; row < sna_nodes_count(nodes) && status == 0; row++) {
        const uint64_t k = self->count;
        if (!has_place(position[row], dimensions))
            continue;
        if (++*seen * most / self->all <= k)
            continue;
        self->x[k] = position[row][0];
        self->y[k] = position[row][1];
        self->z[k] = dimensions < 3 ? 0 : position[row][2];
        self->code[k] = code != NULL ? group[code[row]] : alone;
        self->id[k] = sna_nodes_id(nodes, row);
        self->count++;
    }
out:
    free(group);
    return status;
}

int sna_places_collect(sna_places *out, sna_circuit *circuit, const char *property, uint64_t most)
{
    int status = 0;
    uint64_t seen = 0, room;

    memset(out, 0, sizeof *out);
    for (uint64_t p = 0; p < sna_circuit_node_populations(circuit) && status == 0; p++) {
        sna_nodes *nodes = NULL;
        const double(*position)[3] = NULL;
        unsigned dimensions = 0;
        status = sna_circuit_nodes_at(circuit, p, &nodes);
        if (status == 0)
            status = sna_nodes_positions(nodes, &position, &dimensions);
        for (uint64_t row = 0; status == 0 && dimensions >= 2 && row < sna_nodes_count(nodes); row++)
            out->all += has_place(position[row], dimensions);
    }
    room = out->all < most ? out->all : most;
    if (status == 0)
        status = sna_allocate(&out->x, room, sizeof *out->x);
    if (status == 0)
        status = sna_allocate(&out->y, room, sizeof *out->y);
    if (status == 0)
        status = sna_allocate(&out->z, room, sizeof *out->z);
    if (status == 0)
        status = sna_allocate(&out->code, room, sizeof *out->code);
    if (status == 0)
        status = sna_allocate(&out->id, room, sizeof *out->id);
    for (uint64_t p = 0; p < sna_circuit_node_populations(circuit) && status == 0; p++) {
        sna_nodes *nodes = NULL;
        status = sna_circuit_nodes_at(circuit, p, &nodes);
        if (status == 0)
            status = add_population(out, nodes, property, room, &seen);
    }
    return status;
}

static int add_numbers(sna_string *out, const char *key, const double *value, uint64_t count)
{
    char text[SNA_NUMBER_SIZE];
    int status = sna_string_format(out, ",\"%s\":[", key);

    /* Seven digits place a cell to a ten-thousandth of what a screen can show. */
    for (uint64_t i = 0; i < count && status == 0; i++)
        status = sna_string_format(out, "%s%s", i > 0 ? "," : "", sna_number_round(text, value[i], 7));
    return status == 0 ? sna_string_append(out, "]") : status;
}

int sna_places_data(const sna_places *self, sna_string *out)
{
    int status = sna_string_format(out, "{\"all\":%" PRIu64 ",\"groups\":[", self->all);

    for (uint64_t i = 0; i < self->group.count && status == 0; i++) {
        if (i > 0)
            status = sna_string_append(out, ",");
        if (status == 0)
            status = sna_data_text(out, self->group.text[i]);
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
        status = sna_string_format(out, "%s%" PRIu32, i > 0 ? "," : "", self->code[i]);
    if (status == 0)
        status = sna_string_append(out, "],\"id\":[");
    for (uint64_t i = 0; i < self->count && status == 0; i++)
        status = sna_string_format(out, "%s%" PRIu64, i > 0 ? "," : "", self->id[i]);
    return status == 0 ? sna_string_append(out, "]}") : status;
}

int sna_places_figure(sna_figure **out, const sna_places *self)
{
    int status = 0;
    sna_figure *figure = NULL;
    sna_panel *panel = NULL;

    *out = NULL;
    status = sna_figure_create(&figure, "Positions of cells");
    if (status == 0)
        status = sna_figure_add_panel(figure, NULL, &panel);
    if (status == 0)
        status = sna_panel_set_axis(panel, SNA_AXIS_X, "x", "um");
    if (status == 0)
        status = sna_panel_set_axis(panel, SNA_AXIS_Y, "y", "um");
    if (status == 0)
        status = sna_panel_set_axis(panel, SNA_AXIS_Z, "z", "um");
    if (status == 0)
        status = sna_panel_add_cloud(panel, NULL, (const char *const *)self->group.text, self->group.count, self->x,
                                     self->y, self->z, self->code, self->count);
    if (status != 0)
        goto out;
    *out = figure;
    figure = NULL;
out:
    sna_figure_free(figure);
    return status;
}

void sna_places_free(sna_places *self)
{
    sna_list_free(&self->group);
    free(self->x);
    free(self->y);
    free(self->z);
    free(self->code);
    free(self->id);
    memset(self, 0, sizeof *self);
}
