/* cells.c: chosen cells with their groups, and where they are. */
#include "connectivity/internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- choosing ----------------------------------------------------------------------------------------------- */

/* Marks the rows of each population that are asked for. What one population does not have (an attribute, an id) another
 * may: only if none has it is it a mistake, and the first one's complaint is passed on. */
static int mark_rows(uint8_t **keep, const sna_side *side, sna_circuit *circuit, const char *text)
{
    int status = 0, complaint = 0;
    bool any = false, understood = false;
    char *message = NULL;
    sna_node_sets *sets = NULL;

    status = sna_circuit_node_sets(circuit, &sets);
    for (uint64_t p = 0; p < side->populations && status == 0; p++) {
        const sna_side_population *population = &side->population[p];
        sna_selection rows = SNA_SELECTION;
        if (!population->chosen)
            continue;
        status = sna_allocate(&keep[p], population->count, sizeof *keep[p]);
        if (status == 0)
            status = sna_nodes_choose(population->nodes, sets, text, &rows);
        for (uint64_t r = 0; r < rows.count && status == 0; r++)
            memset(keep[p] + rows.range[r].first, 1, (size_t)(rows.range[r].end - rows.range[r].first));
        any = any || (status == 0 && rows.count > 0);
        understood = understood || status == 0;
        if (status == SNA_ENOTFOUND || status == SNA_ERANGE) {
            complaint = complaint == 0 ? status : complaint;
            status = message == NULL ? sna_text_copy(&message, sna_error_message()) : 0;
        }
        sna_selection_free(&rows);
    }
    if (status == 0 && !any)
        status = !understood ? sna_error(complaint, "%s", message)
                             : sna_error(SNA_ENOTFOUND, "no node of the chosen populations is in `%s`", text);
    free(message);
    return status;
}

/* Cells of the side that are kept, and groups that have any of them. */
static int take_cells(sna_cells *self, sna_side *side, uint8_t *const *keep)
{
    int status = 0;
    uint64_t *size = NULL, count = 0;
    uint32_t *number = NULL;

    status = sna_allocate(&size, side->groups + 1, sizeof *size); /* one more for cells in no group */
    if (status == 0)
        status = sna_allocate(&number, side->groups + 1, sizeof *number);
    if (status == 0)
        status = sna_allocate(&self->nodes, side->populations, sizeof(sna_nodes *));
    if (status != 0)
        goto out;
    for (uint64_t p = 0; p < side->populations; p++) {
        const sna_side_population *population = &side->population[p];
        for (uint64_t i = 0; population->chosen && i < population->count; i++)
            size[population->group[i]] += keep[p] == NULL || keep[p][i] != 0;
    }
    status = sna_allocate(&self->group, side->groups, sizeof *self->group);
    for (uint64_t g = 0; g < side->groups && status == 0; g++) {
        if (size[g] == 0)
            continue;
        number[g] = (uint32_t)self->groups;
        self->group[self->groups++] = side->group[g]; /* with its texts */
        self->group[self->groups - 1].count = size[g];
        side->group[g].label = side->group[g].value = NULL;
        count += size[g];
    }
    if (status == 0)
        status = sna_allocate(&self->population, count, sizeof *self->population);
    if (status == 0)
        status = sna_allocate(&self->row, count, sizeof *self->row);
    if (status == 0)
        status = sna_allocate(&self->group_of, count, sizeof *self->group_of);
    for (uint64_t p = 0; p < side->populations && status == 0; p++) {
        const sna_side_population *population = &side->population[p];
        if (!population->chosen)
            continue;
        self->nodes[self->populations] = population->nodes;
        for (uint64_t i = 0; i < population->count; i++) {
            const uint32_t group = population->group[i];
            if (group >= side->groups || (keep[p] != NULL && keep[p][i] == 0))
                continue;
            self->population[self->count] = (uint32_t)self->populations;
            self->row[self->count] = i;
            self->group_of[self->count++] = number[group];
        }
        self->populations++;
    }
out:
    free(size);
    free(number);
    return status;
}

int sna_cells_choose(sna_cells *out, sna_circuit *circuit, const sna_cell_request *request)
{
    int status = 0;
    sna_side side = {0};
    uint8_t **keep = NULL; /* [populations][nodes]; NULL: all */

    *out = (sna_cells){0};
    status = sna_side_create(&side, circuit, request);
    if (status == 0)
        status = sna_allocate(&keep, side.populations, sizeof *keep);
    if (status == 0 && request->nodes != NULL)
        status = mark_rows(keep, &side, circuit, request->nodes);
    if (status == 0)
        status = take_cells(out, &side, keep);
    for (uint64_t p = 0; keep != NULL && p < side.populations; p++)
        free(keep[p]);
    free(keep);
    sna_side_free(&side);
    if (status != 0)
        sna_cells_free(out);
    return status;
}

int sna_cells_labels(const sna_cells *self, const char ***out)
{
    int status = sna_allocate(out, self->groups, sizeof(const char *));

    for (uint64_t g = 0; g < self->groups && status == 0; g++)
        (*out)[g] = self->group[g].label;
    return status;
}

void sna_cells_free(sna_cells *self)
{
    for (uint64_t g = 0; g < self->groups; g++) {
        free((char *)self->group[g].label);
        free((char *)self->group[g].value);
    }
    free(self->group);
    free(self->population);
    free(self->row);
    free(self->group_of);
    free(self->nodes);
    *self = (sna_cells){0};
}

/* ---- places ------------------------------------------------------------------------------------------------- */

typedef struct {
    const double (*position)[3]; /* NULL: none */
    unsigned dimensions;
} population_places;

static bool has_place(const population_places *all, uint64_t row)
{
    const double *position = all->dimensions >= 2 ? all->position[row] : NULL;

    return position != NULL && isfinite(position[0]) && isfinite(position[1]) &&
           (all->dimensions < 3 || isfinite(position[2]));
}

int sna_places_collect(sna_places *out, const sna_cells *cells, uint64_t most)
{
    int status = 0;
    population_places *from = NULL;
    uint64_t room, seen = 0;

    *out = (sna_places){0};
    status = sna_allocate(&from, cells->populations, sizeof *from);
    for (uint64_t p = 0; p < cells->populations && status == 0; p++)
        status = sna_nodes_positions(cells->nodes[p], &from[p].position, &from[p].dimensions);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < cells->count; i++) {
        const population_places *own = &from[cells->population[i]];
        if (has_place(own, cells->row[i])) {
            out->all++;
            out->dimensions = own->dimensions > out->dimensions ? own->dimensions : out->dimensions;
        }
    }
    room = out->all < most ? out->all : most;
    status = sna_allocate(&out->x, room, sizeof *out->x);
    if (status == 0)
        status = sna_allocate(&out->y, room, sizeof *out->y);
    if (status == 0)
        status = sna_allocate(&out->z, room, sizeof *out->z);
    if (status == 0)
        status = sna_allocate(&out->group, room, sizeof *out->group);
    if (status == 0)
        status = sna_allocate(&out->cell, room, sizeof *out->cell);
    if (status == 0)
        status = sna_allocate(&out->id, room, sizeof *out->id);
    for (uint64_t i = 0; i < cells->count && status == 0; i++) {
        const population_places *own = &from[cells->population[i]];
        const uint64_t k = out->count;
        if (!has_place(own, cells->row[i]))
            continue;
        /* One is taken each time that the share of those seen passes a whole number. */
        if (++seen * room / out->all <= k)
            continue;
        out->x[k] = own->position[cells->row[i]][0];
        out->y[k] = own->position[cells->row[i]][1];
        out->z[k] = own->dimensions < 3 ? 0 : own->position[cells->row[i]][2];
        out->group[k] = cells->group_of[i];
        out->cell[k] = i;
        out->id[k] = sna_nodes_id(cells->nodes[cells->population[i]], cells->row[i]);
        out->count++;
    }
out:
    free(from);
    return status;
}

void sna_places_free(sna_places *self)
{
    free(self->x);
    free(self->y);
    free(self->z);
    free(self->group);
    free(self->cell);
    free(self->id);
    free(self->dx);
    free(self->dy);
    free(self->dz);
    *self = (sna_places){0};
}

/* ---- orientations ------------------------------------------------------------------------------------------- */

/* How the cells of a population are turned. */
typedef struct {
    const sna_column *quaternion[4]; /* w, x, y, z; NULL unless all four are there */
    const sna_column *angle[3];      /* about x, y, z; NULL where the population lacks it */
    bool any;
} turning;

static int find_turning(turning *out, sna_nodes *nodes)
{
    static const char *const quaternion[] = {"orientation_w", "orientation_x", "orientation_y", "orientation_z"};
    static const char *const angle[] = {"rotation_angle_xaxis", "rotation_angle_yaxis", "rotation_angle_zaxis"};
    int status = 0, found = 0;

    *out = (turning){.any = false};
    for (int k = 0; k < 4; k++)
        found += sna_nodes_find_attribute(nodes, quaternion[k]) != NULL;
    for (int k = 0; k < 4 && found == 4 && status == 0; k++)
        status = sna_nodes_column(nodes, quaternion[k], &out->quaternion[k]);
    for (int k = 0; k < 3 && found < 4 && status == 0; k++) {
        if (sna_nodes_find_attribute(nodes, angle[k]) == NULL)
            continue;
        status = sna_nodes_column(nodes, angle[k], &out->angle[k]);
        out->any = true;
    }
    out->any = out->any || found == 4;
    return status;
}

/* v + 2 w (u x v) + 2 u x (u x v) of the unit quaternion (w, u); NaN for one of length 0. */
static void turn_by_quaternion(const double q[4], const double v[3], double out[3])
{
    const double length = sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
    const double scale = length > 0 ? 1 / length : NAN;
    const double w = q[0] * scale, u[3] = {q[1] * scale, q[2] * scale, q[3] * scale};
    const double t[3] = {2 * (u[1] * v[2] - u[2] * v[1]), 2 * (u[2] * v[0] - u[0] * v[2]),
                         2 * (u[0] * v[1] - u[1] * v[0])};

    out[0] = v[0] + w * t[0] + u[1] * t[2] - u[2] * t[1];
    out[1] = v[1] + w * t[1] + u[2] * t[0] - u[0] * t[2];
    out[2] = v[2] + w * t[2] + u[0] * t[1] - u[1] * t[0];
}

/* About z, then y, then x. */
static void turn_by_angles(const double angle[3], const double v[3], double out[3])
{
    memcpy(out, v, 3 * sizeof *out);
    for (int axis = 2; axis >= 0; axis--) {
        const int i = (axis + 1) % 3, j = (axis + 2) % 3;
        const double c = cos(angle[axis]), s = sin(angle[axis]), a = out[i], b = out[j];
        out[i] = c * a - s * b;
        out[j] = s * a + c * b;
    }
}

static void turn(const turning *how, uint64_t row, const double vector[3], double out[3])
{
    double number[4] = {0, 0, 0, 0};

    if (!how->any) {
        out[0] = out[1] = out[2] = NAN;
    } else if (how->quaternion[0] != NULL) {
        for (int k = 0; k < 4; k++)
            number[k] = sna_column_real(how->quaternion[k], row);
        turn_by_quaternion(number, vector, out);
    } else {
        for (int k = 0; k < 3; k++)
            number[k] = how->angle[k] == NULL ? 0 : sna_column_real(how->angle[k], row);
        turn_by_angles(number, vector, out);
    }
}

int sna_places_turn(sna_places *self, const sna_cells *cells, const double vector[3])
{
    int status = 0;
    bool any = false;
    turning *how = NULL;

    status = sna_allocate(&how, cells->populations, sizeof *how);
    for (uint64_t p = 0; p < cells->populations && status == 0; p++) {
        status = find_turning(&how[p], cells->nodes[p]);
        any = any || how[p].any;
    }
    if (status == 0 && !any)
        status = sna_error(SNA_ENOTFOUND,
                           "no chosen population says how its cells are turned: there is no rotation_angle_xaxis, "
                           "rotation_angle_yaxis or rotation_angle_zaxis, nor orientation_w, _x, _y and _z");
    if (status == 0)
        status = sna_allocate(&self->dx, self->count, sizeof *self->dx);
    if (status == 0)
        status = sna_allocate(&self->dy, self->count, sizeof *self->dy);
    if (status == 0)
        status = sna_allocate(&self->dz, self->count, sizeof *self->dz);
    for (uint64_t k = 0; k < self->count && status == 0; k++) {
        const uint64_t cell = self->cell[k];
        double out[3];
        turn(&how[cells->population[cell]], cells->row[cell], vector, out);
        self->dx[k] = out[0];
        self->dy[k] = out[1];
        self->dz[k] = out[2];
    }
    free(how);
    return status;
}
