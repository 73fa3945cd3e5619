/* validate_body.c: what nodes and edges have alike: columns, groups and their datasets, type ids. */
#include "sonata/validate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- groups ------------------------------------------------------------------------------------------------- */

static bool is_number(const char *name)
{
    return name[0] != '\0' && name[strspn(name, "0123456789")] == '\0';
}

static bool is_in(const char *name, const char *const *list)
{
    for (; *list != NULL; list++)
        if (strcmp(name, *list) == 0)
            return true;
    return false;
}

/* The names in a group that are datasets. What is a link that is not followed makes the body broken. */
static int list_datasets(const sna_checked_file *file, hid_t group, const char *place, sna_checked_body *body,
                         sna_list *out)
{
    sna_list names = SNA_LIST;
    int status = sna_h5_children(&names, file->h5, group, place);

    if (status == SNA_EFORMAT) {
        body->broken = true; /* found when the links were walked */
        status = 0;
    }
    for (uint64_t i = 0; i < names.count && status == 0; i++) {
        bool foreign = false;
        if (sna_checked_kind(file, group, names.text[i], &foreign) == SNA_H5_DATASET)
            status = sna_list_add(out, names.text[i]);
        body->broken = body->broken || foreign;
    }
    sna_list_free(&names);
    return status;
}

/* Opens dynamics_params or @library of a group and lists what is in it. */
static int open_part(sna_validator *self, const sna_checked_file *file, const sna_checked_group *group,
                     const char *name, sna_checked_body *body, hid_t *id, sna_list *names)
{
    char *place = NULL;
    int status = sna_text_format(&place, "%s/%s", group->place, name);

    if (status == 0)
        status = sna_check_group(self, file, group->id, name, place, false, id);
    if (status == 0 && *id >= 0)
        status = list_datasets(file, *id, place, body, names);
    free(place);
    return status;
}

static int check_strangers(sna_validator *self, const sna_checked_file *file, const sna_checked_group *group)
{
    static const char *const known[] = {"dynamics_params", "@library", NULL};
    sna_list names = SNA_LIST;
    int status = sna_h5_children(&names, file->h5, group->id, group->place);

    if (status == SNA_EFORMAT)
        status = 0;
    for (uint64_t i = 0; i < names.count && status == 0; i++) {
        bool foreign = false;
        const sna_h5_kind kind = sna_checked_kind(file, group->id, names.text[i], &foreign);
        if ((kind == SNA_H5_GROUP || kind == SNA_H5_OTHER) && !is_in(names.text[i], known))
            status = sna_find(self, "group.unknown-child", (sna_place){file->path, group->place, 0}, NULL,
                              "`%s` is neither an attribute nor known", names.text[i]);
    }
    sna_list_free(&names);
    return status;
}

static int open_group(sna_validator *self, const sna_checked_file *file, const char *name, sna_checked_body *body)
{
    int status = 0;
    uint64_t number = 0;
    sna_checked_group *group = &body->group[body->groups];

    *group = (sna_checked_group){.id = H5I_INVALID_HID, .dynamics = H5I_INVALID_HID, .library = H5I_INVALID_HID};
    status = sna_text_format(&group->place, "%s/%s", body->place, name);
    if (status != 0)
        goto out;
    body->groups++;
    if (sna_unsigned_parse(&number, name) != 0 || number > INT32_MAX) {
        body->broken = true;
        status = sna_find(self, "group.unknown-id", (sna_place){file->path, group->place, 0}, NULL,
                          "this group number is too large");
        goto out;
    }
    group->number = number;
    status = sna_check_group(self, file, body->id, name, group->place, true, &group->id);
    if (status != 0)
        goto out;
    if (group->id < 0) {
        body->broken = true;
        goto out;
    }
    status = list_datasets(file, group->id, group->place, body, &group->attributes);
    if (status == 0)
        status = open_part(self, file, group, "dynamics_params", body, &group->dynamics, &group->parameters);
    if (status == 0)
        status = open_part(self, file, group, "@library", body, &group->library, &group->libraries);
    if (status == 0)
        status = check_strangers(self, file, group);
out:
    return status;
}

static int compare_groups(const void *a, const void *b)
{
    const sna_checked_group *x = a, *y = b;

    return x->number < y->number ? -1 : x->number > y->number;
}

static int open_groups(sna_validator *self, const sna_checked_population *population, sna_checked_body *body)
{
    static const char *const of_nodes[] = {"node_id", "node_type_id", "node_group_id", "node_group_index", NULL};
    static const char *const of_edges[] = {"source_node_id", "target_node_id",   "edge_id", "edge_type_id",
                                           "edge_group_id",  "edge_group_index", "indices", "indicies",
                                           "incidies",       "index_pointer",    NULL};
    int status = 0;
    sna_list names = SNA_LIST;
    const sna_checked_file *file = population->file;
    const sna_place where = {file->path, body->place, 0};
    const char *const *known = strcmp(body->one, "node") == 0 ? of_nodes : of_edges;

    status = sna_h5_children(&names, file->h5, body->id, body->place);
    if (status == SNA_EFORMAT) {
        body->broken = true;
        status = 0;
    }
    if (status == 0)
        status = sna_allocate(&body->group, names.count, sizeof *body->group);
    for (uint64_t i = 0; i < names.count && status == 0; i++) {
        bool foreign = false;
        const sna_h5_kind kind = sna_checked_kind(file, body->id, names.text[i], &foreign);
        body->broken = body->broken || foreign;
        if (is_number(names.text[i]) && (kind == SNA_H5_GROUP || kind == SNA_H5_DATASET))
            status = open_group(self, file, names.text[i], body);
        else if (!foreign && !is_in(names.text[i], known))
            status =
                sna_find(self, "population.unknown-child", where, NULL, "`%s` is not part of SONATA", names.text[i]);
    }
    if (status == 0 && body->groups > 1)
        qsort(body->group, body->groups, sizeof *body->group, compare_groups);
    for (uint64_t i = 1; i < body->groups && status == 0; i++)
        if (body->group[i].number == body->group[i - 1].number) {
            body->broken = true;
            status = sna_find(self, "group.unknown-id", where, NULL, "%s and %s have the same number",
                              body->group[i - 1].place, body->group[i].place);
        }
    sna_list_free(&names);
    return status;
}

/* ---- columns ------------------------------------------------------------------------------------------------ */

/* Rows and stored bytes of a dataset; nothing where it cannot be opened. */
static void measure(const sna_checked_file *file, hid_t parent, const char *name, bool *found, uint64_t *rows,
                    uint64_t *stored)
{
    bool foreign = false;
    hsize_t extent[H5S_MAX_RANK] = {0};
    hid_t dataset = H5I_INVALID_HID, space = H5I_INVALID_HID;

    *found = false;
    if (sna_checked_kind(file, parent, name, &foreign) != SNA_H5_DATASET)
        goto out;
    dataset = H5Dopen2(parent, name, H5P_DEFAULT);
    space = dataset < 0 ? H5I_INVALID_HID : H5Dget_space(dataset);
    if (space < 0 || H5Sget_simple_extent_ndims(space) != 1 || H5Sget_simple_extent_dims(space, extent, NULL) < 0)
        goto out;
    *found = true;
    *rows = extent[0];
    *stored = H5Dget_storage_size(dataset);
out:
    if (space >= 0)
        H5Sclose(space);
    if (dataset >= 0)
        H5Dclose(dataset);
}

int sna_check_size(sna_validator *self, const sna_checked_population *population, sna_checked_body *body,
                   const char *const *names, bool *found)
{
    enum { MOST = 8 };
    int status = 0;
    uint64_t rows[MOST], count = 0, votes = 0, stored = 0;

    *found = false;
    for (size_t i = 0; names[i] != NULL && count < MOST; i++) {
        bool there = false;
        uint64_t bytes = 0;
        measure(population->file, body->id, names[i], &there, &rows[count], &bytes);
        count += there;
        stored += there ? bytes : 0;
    }
    for (uint64_t i = 0; i < count; i++) {
        uint64_t same = 0;
        for (uint64_t k = 0; k < count; k++)
            same += rows[k] == rows[i];
        if (same > votes) {
            votes = same;
            body->count = rows[i];
        }
    }
    /* Constant columns take no room in a file, but something must differ between so many. */
    if (count > 0 && body->count / 512 > stored + ((uint64_t)1 << 20))
        status = sna_find(self, "dataset.extent", (sna_place){population->file->path, body->place, 0}, NULL,
                          "its columns claim %" PRIu64 " rows, but %" PRIu64 " bytes are stored for them", body->count,
                          stored);
    else
        *found = count > 0;
    return status;
}

static int open_column(sna_validator *self, const sna_checked_population *population, sna_checked_body *body,
                       const char *end, unsigned what, sna_dataset **out, bool *there)
{
    int status = 0;
    char name[32], *place = NULL;
    bool foreign = false;

    snprintf(name, sizeof name, "%s_%s", body->one, end);
    *there = sna_checked_kind(population->file, body->id, name, &foreign) != SNA_H5_NONE || foreign;
    status = sna_text_format(&place, "%s/%s", body->place, name);
    if (status == 0)
        status = sna_check_column(self, population->file, body->id, name, place, what | SNA_COLUMN_INTEGER, 1,
                                  body->count, out);
    if (*there && *out == NULL)
        body->broken = true;
    free(place);
    return status;
}

int sna_check_body(sna_validator *self, const sna_checked_population *population, sna_checked_body *body)
{
    int status = 0;
    bool has_type = false, has_group = false, has_index = false, has_id = false;
    const sna_place where = {population->file->path, body->place, 0};

    status = open_groups(self, population, body);
    if (status == 0)
        status = open_column(self, population, body, "type_id", 0, &body->type_id, &has_type);
    if (status == 0)
        status = open_column(self, population, body, "group_id", 0, &body->group_id, &has_group);
    if (status == 0)
        status = open_column(self, population, body, "group_index", 0, &body->group_index, &has_index);
    if (status == 0)
        status = open_column(self, population, body, "id", 0, &body->own_id, &has_id);
    if (status == 0 && !has_type)
        status = sna_find(self, "population.no-type-id", where, NULL, "there is no %s_type_id", body->one);
    if (status == 0 && !has_id && strcmp(body->one, "node") == 0)
        status = sna_find(self, "nodes.ids-missing", where, NULL, "there is no node_id: ids are the rows");
    if (status == 0 && (!has_group || !has_index) && body->groups <= 1)
        status = sna_find(self, "group.index-missing", where, NULL, "there is no %s_%s%s", body->one,
                          has_group ? "group_index" : "group_id",
                          has_group || has_index ? "" : ", and no group index either");
    if (status == 0 && body->groups > 1 && !has_group) {
        body->broken = true;
        status = sna_find(self, "group.ids-missing", where, NULL,
                          "there are %" PRIu64 " groups, but no %s_group_id to say which row is in which", body->groups,
                          body->one);
    } else if (status == 0 && body->groups > 1) {
        status = sna_find(self, "group.several", where, NULL, "the population has %" PRIu64 " groups", body->groups);
    } else if (status == 0 && body->groups == 0 && !body->broken) {
        status = sna_find(self, "group.none", where, NULL, "the population has no group");
    }
    return status;
}

void sna_checked_body_free(sna_checked_body *self)
{
    for (uint64_t i = 0; i < self->groups; i++) {
        sna_checked_group *group = &self->group[i];
        sna_h5_close_group(&group->library);
        sna_h5_close_group(&group->dynamics);
        sna_h5_close_group(&group->id);
        sna_list_free(&group->attributes);
        sna_list_free(&group->parameters);
        sna_list_free(&group->libraries);
        free(group->place);
    }
    free(self->group);
    sna_dataset_close(self->type_id);
    sna_dataset_close(self->group_id);
    sna_dataset_close(self->group_index);
    sna_dataset_close(self->own_id);
    sna_h5_close_group(&self->id);
    free(self->place);
    *self = (sna_checked_body){.id = H5I_INVALID_HID};
}
