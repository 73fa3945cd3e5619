/* spec_nodes.c: the `populations` of a specification: node types, how many nodes each has, where they are. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "found.h"
#include "node_values.h"
#include "place.h"
#include "spec.h"

/* More nodes than any machine holds, few enough that sums and products of counts fit. */
static const uint64_t nodes_most = UINT64_C(1) << 40;

void sna_proportions(uint64_t *out, const double *share, uint64_t count, uint64_t total)
{
    double whole = 0, sum = 0;
    uint64_t before = 0;

    for (uint64_t i = 0; i < count; i++)
        whole += share[i];
    for (uint64_t i = 0; i < count; i++) {
        uint64_t upto;
        sum += share[i];
        upto = i + 1 == count ? total : (uint64_t)rint((double)total * sum / whole);
        out[i] = upto - before;
        before = upto;
    }
}

static int read_count(const sna_network *self, const cJSON *item, uint64_t *out)
{
    int status = sna_json_unsigned(self->json, item, out);

    if (status == 0 && *out > nodes_most)
        status = sna_json_error(self->json, item, SNA_EFORMAT, "must be at most %" PRIu64 " nodes", nodes_most);
    return status;
}

static int check_property_name(const sna_network *self, const cJSON *item)
{
    /* Names that the files use themselves. */
    static const char *const reserved[] = {"node_id",          "node_type_id", "node_group_id",
                                           "node_group_index", "population",   NULL};

    for (uint64_t i = 0; reserved[i] != NULL; i++) {
        if (strcmp(item->string, reserved[i]) == 0)
            return sna_json_error(self->json, item, SNA_EFORMAT,
                                  "is a name that the files use themselves, no property can have it");
    }
    return 0;
}

static int read_generators(const sna_network *self, sna_node_type *out, const cJSON *item)
{
    int status = sna_json_expect_object(self->json, item);

    for (const cJSON *child = status == 0 ? item->child : NULL; child != NULL && status == 0; child = child->next) {
        status = check_property_name(self, child);
        if (status == 0)
            status = sna_generators_add(&out->generators, self->json, child, self->folder, false);
    }
    return status;
}

static int read_type(sna_network *self, sna_node_type *out, const cJSON *item)
{
    int status = sna_json_expect_object(self->json, item);

    out->item = item;
    for (const cJSON *child = status == 0 ? item->child : NULL; child != NULL && status == 0; child = child->next) {
        if (strcmp(child->string, "count") == 0) {
            out->has_count = true;
            status = read_count(self, child, &out->count);
        } else if (strcmp(child->string, "share") == 0) {
            status = sna_json_real(self->json, child, &out->share);
            if (status == 0 && !(out->share >= 0 && out->share <= 1e12))
                status = sna_json_error(self->json, child, SNA_EFORMAT, "must be a share of at least 0");
        } else if (strcmp(child->string, "positions") == 0) {
            status = sna_place_read(&out->place, self, child);
        } else if (strcmp(child->string, "per_node") == 0) {
            status = read_generators(self, out, child);
        } else {
            status = check_property_name(self, child);
            if (status == 0)
                status = sna_constants_add(&out->constant, self->json, child);
        }
    }
    if (status == 0 && out->has_count && sna_json_member(item, "share") != NULL)
        status = sna_json_error(self->json, item, SNA_EFORMAT, "has both `count` and `share`, one of them must go");
    if (status == 0 && !out->has_count && sna_json_member(item, "share") == NULL)
        status = sna_json_error(self->json, item, SNA_EFORMAT,
                                "needs `count` (a number of nodes) or `share` (of the population's `count`)");
    return status;
}

/* Gives every type its number of nodes: those with a share divide what the others leave of the total. */
static int divide(sna_network *self, sna_population *population)
{
    int status = 0;
    double *share = NULL;
    uint64_t *part = NULL;
    uint64_t given = 0, first = 0;
    double shares = 0;
    bool any_share = false;

    for (uint64_t i = 0; i < population->types; i++) {
        const sna_node_type *type = &population->type[i];
        given += type->count;
        shares += type->share;
        any_share = any_share || !type->has_count;
    }
    if (any_share && !population->has_count) {
        status = sna_json_error(self->json, population->item, SNA_EFORMAT,
                                "has types with a `share`, so it needs a `count` to divide");
        goto out;
    }
    if (population->has_count && (given > population->count || (!any_share && given != population->count))) {
        status =
            sna_json_error(self->json, sna_json_member(population->item, "count"), SNA_EFORMAT,
                           "is %" PRIu64 ", but the counts of the types add up to %" PRIu64, population->count, given);
        goto out;
    }
    if (any_share && !(shares > 0) && population->count > given) {
        status = sna_json_error(self->json, population->item, SNA_EFORMAT, "all shares of its types are 0");
        goto out;
    }
    if (any_share && shares > 0) {
        status = sna_allocate(&share, population->types, sizeof *share);
        if (status == 0)
            status = sna_allocate(&part, population->types, sizeof *part);
        if (status != 0)
            goto out;
        for (uint64_t i = 0; i < population->types; i++)
            share[i] = population->type[i].has_count ? 0 : population->type[i].share;
        sna_proportions(part, share, population->types, population->count - given);
    }
    for (uint64_t i = 0; i < population->types; i++) {
        sna_node_type *type = &population->type[i];
        if (!type->has_count && part != NULL)
            type->count = part[i];
        type->first = first;
        first += type->count;
        type->end = first;
    }
    population->count = first;
    if (population->count == 0)
        status = sna_json_error(self->json, population->item, SNA_EFORMAT, "has no nodes");
    else if (population->count > nodes_most)
        status =
            sna_json_error(self->json, population->item, SNA_EFORMAT, "has more than %" PRIu64 " nodes", nodes_most);
out:
    free(share);
    free(part);
    return status;
}

/* A population's name becomes part of file names and HDF5 paths. */
static int check_name(const sna_network *self, const cJSON *item)
{
    const char *name = item->string;

    if (name[0] == '\0' || name[0] == '.' || strpbrk(name, "/\\ \t\n\r\"'") != NULL || strlen(name) > 100)
        return sna_json_error(
            self->json, item, SNA_EFORMAT,
            "names a population and files: it may not be empty or longer than 100 bytes, start with a "
            "dot, or contain blanks, quotes or slashes");
    return 0;
}

/* The number of nodes of a shell follows from the core's density. */
static int read_shell_count(const sna_network *self, sna_population *out)
{
    int status = 0;

    if (out->place == NULL || !out->place->same_density)
        goto out;
    if (out->has_count) {
        status = sna_json_error(self->json, sna_json_member(out->item, "count"), SNA_EFORMAT,
                                "follows from `same_density`: one of the two must go");
        goto out;
    }
    out->has_count = true;
    out->count = sna_place_shell_count(out->place, self);
    if (out->count == 0)
        status = sna_json_error(self->json, out->place->item, SNA_EFORMAT,
                                "at the density of what it is around, the shell has no node");
out:
    return status;
}

static int read_built(sna_network *self, sna_population *out)
{
    static const char *const keys[] = {"positions", "count", "nodes", NULL};
    const cJSON *item = out->item, *list = NULL, *count, *positions;
    int status = sna_json_check_keys(self->json, item, keys);

    if (status == 0)
        status = sna_json_require(self->json, item, "nodes", &list);
    if (status == 0)
        status = sna_json_expect_array(self->json, list);
    if (status == 0 && list->child == NULL)
        status = sna_json_error(self->json, list, SNA_EFORMAT, "must list at least one node type");
    if (status != 0)
        goto out;
    count = sna_json_member(item, "count");
    if (count != NULL) {
        out->has_count = true;
        status = read_count(self, count, &out->count);
    }
    positions = sna_json_member(item, "positions");
    if (status == 0 && positions != NULL)
        status = sna_place_read(&out->place, self, positions);
    if (status == 0)
        status = read_shell_count(self, out);
    if (status == 0)
        status = sna_allocate(&out->type, sna_spec_length(list), sizeof *out->type);
    for (const cJSON *child = status == 0 ? list->child : NULL; child != NULL && status == 0; child = child->next)
        status = read_type(self, &out->type[out->types++], child);
    for (uint64_t i = 0; i < out->types && status == 0; i++) {
        if (out->place != NULL && out->type[i].place != NULL)
            status = sna_json_error(self->json, out->type[i].place->item, SNA_EFORMAT,
                                    "the population has `positions` already");
    }
    if (status == 0)
        status = divide(self, out);
out:
    return status;
}

/* The absolute path of a file that the specification names. */
static int find_file(const sna_network *self, const cJSON *item, const char *name, char **out)
{
    char *path = NULL;
    int status = sna_path_join(&path, self->folder, name);

    if (status == 0) {
        status = sna_path_real(out, path);
        if (status == SNA_ENOTFOUND)
            status = sna_json_error(self->json, item, SNA_EFORMAT, "there is no file %s", path);
    }
    free(path);
    return status;
}

/* A population of an existing network: it is referred to, and not written. */
static int read_existing(sna_network *self, sna_population *out)
{
    static const char *const keys[] = {"nodes_file", "node_types_file", NULL};
    const cJSON *file = NULL, *types = sna_json_member(out->item, "node_types_file");
    const char *name = NULL;
    int status = sna_json_check_keys(self->json, out->item, keys);

    if (status == 0)
        status = sna_json_require(self->json, out->item, "nodes_file", &file);
    if (status == 0)
        status = sna_json_text(self->json, file, &name);
    if (status == 0)
        status = find_file(self, file, name, &out->nodes_file);
    if (status == 0 && types != NULL) {
        status = sna_json_text(self->json, types, &name);
        if (status == 0)
            status = find_file(self, types, name, &out->types_file);
    }
    if (status == 0) {
        status = sna_nodes_open(&out->nodes, out->nodes_file, out->types_file, out->name, NULL);
        if (status == SNA_ENOTFOUND)
            status = sna_json_error(self->json, file, SNA_EFORMAT, "%s", sna_error_message());
    }
    if (status != 0)
        goto out;
    out->count = sna_nodes_count(out->nodes);
    if (out->count == 0)
        status = sna_json_error(self->json, file, SNA_EFORMAT, "population %s has no nodes", out->name);
    else if (!sna_nodes_ids_are_rows(out->nodes))
        status = sna_json_error(self->json, file, SNA_EUNSUPPORTED,
                                "the node ids of population %s are not 0, 1, 2... in order", out->name);
out:
    return status;
}

static int read_population(sna_network *self, sna_population *out, const cJSON *item)
{
    int status = 0;

    out->name = item->string;
    out->item = item;
    status = check_name(self, item);
    if (status == 0)
        status = sna_json_expect_object(self->json, item);
    if (status == 0)
        status = sna_json_member(item, "nodes_file") != NULL ? read_existing(self, out) : read_built(self, out);
    return status;
}

int sna_spec_read_populations(sna_network *self)
{
    const cJSON *item = NULL;
    int status = sna_json_require(self->json, sna_json_root(self->json), "populations", &item);

    if (status == 0)
        status = sna_json_expect_object(self->json, item);
    if (status == 0 && item->child == NULL)
        status = sna_json_error(self->json, item, SNA_EFORMAT, "must name at least one population");
    if (status == 0)
        status = sna_allocate(&self->population, sna_spec_length(item), sizeof *self->population);
    for (const cJSON *child = status == 0 ? item->child : NULL; child != NULL && status == 0; child = child->next) {
        /* Counted only when it is read: a shell can be around earlier ones only. */
        status = sna_network_collect(self, read_population(self, &self->population[self->populations], child));
        self->populations++;
    }
    return status;
}

/* ---- placing ------------------------------------------------------------------------------------------------ */

static int allocate_positions(sna_population *population)
{
    int status = sna_allocate(&population->position, population->count, sizeof *population->position);

    for (uint64_t i = 0; i < population->count && status == 0; i++)
        population->position[i][0] = population->position[i][1] = population->position[i][2] = NAN;
    return status;
}

static int place_existing(sna_population *population)
{
    const double(*position)[3] = NULL;
    unsigned dimensions = 0;
    int status = sna_nodes_positions(population->nodes, &position, &dimensions);

    if (status != 0 || dimensions == 0)
        goto out;
    status = sna_allocate(&population->position, population->count, sizeof *population->position);
    /* A coordinate that the population does not have is the same for all; the lattice works with 32-bit floats. */
    for (uint64_t i = 0; i < population->count && status == 0; i++) {
        for (unsigned d = 0; d < 3; d++)
            population->position[i][d] = d < dimensions ? sna_stored(position[i][d]) : 0;
    }
out:
    return status;
}

static int place_population(const sna_network *self, sna_population *population)
{
    int status = 0;

    if (population->nodes != NULL)
        return place_existing(population);
    if (self->circuit != NULL)
        return 0; /* they are where the files say, see found.c */
    if (population->place != NULL) {
        status = allocate_positions(population);
        if (status == 0)
            status =
                sna_place_fill(population->place, self, population->name, 0, population->count, population->position);
    }
    for (uint64_t i = 0; i < population->types && status == 0; i++) {
        const sna_node_type *type = &population->type[i];
        if (type->place == NULL)
            continue;
        if (population->position == NULL)
            status = allocate_positions(population);
        if (status == 0)
            status = sna_place_fill(type->place, self, population->name, type->first, type->count,
                                    population->position + type->first);
    }
    return status;
}

int sna_network_place(sna_network *self)
{
    int status = 0;

    for (uint64_t i = 0; i < self->populations && status == 0; i++) {
        status = place_population(self, &self->population[i]);
        if (status == 0 && self->population[i].nodes == NULL)
            status = sna_node_values_make(self, &self->population[i]);
        if (status == 0 && self->population[i].nodes == NULL && self->circuit != NULL)
            status = sna_found_nodes(self, &self->population[i]);
        status = sna_network_collect(self, status);
    }
    return status;
}
