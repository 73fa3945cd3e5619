/* population.c: opening a population: its groups and its attributes. */
#include "sonata/population.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- groups ------------------------------------------------------------------------------------------------- */

static bool is_number(const char *name)
{
    return name[0] != '\0' && name[strspn(name, "0123456789")] == '\0';
}

/* The names in `group` that are datasets. */
static int list_datasets(sna_list *out, const sna_h5_file *file, hid_t group, const char *place)
{
    int status = 0;
    sna_list names = SNA_LIST;

    status = sna_h5_children(&names, file, group, place);
    for (uint64_t i = 0; i < names.count && status == 0; i++)
        if (sna_h5_kind_of(group, names.text[i]) == SNA_H5_DATASET)
            status = sna_list_add(out, names.text[i]);
    sna_list_free(&names);
    return status;
}

/* Opens the subgroup `name` of a group and lists its datasets; nothing where there is none. */
static int open_part(const sna_population *self, const sna_group *group, const char *name, hid_t *id, sna_list *names)
{
    int status = 0;
    char *place = NULL;

    if (sna_h5_kind_of(group->id, name) != SNA_H5_GROUP)
        goto out;
    status = sna_text_format(&place, "%s/%s", group->place, name);
    if (status == 0)
        status = sna_h5_open_group(id, self->file, group->id, name, place);
    if (status == 0)
        status = list_datasets(names, self->file, *id, place);
out:
    free(place);
    return status;
}

static int note_strangers(const sna_population *self, const sna_group *group)
{
    int status = 0;
    sna_list names = SNA_LIST;

    status = sna_h5_children(&names, self->file, group->id, group->place);
    for (uint64_t i = 0; i < names.count && status == 0; i++)
        if (strcmp(names.text[i], "dynamics_params") != 0 && strcmp(names.text[i], "@library") != 0 &&
            sna_h5_kind_of(group->id, names.text[i]) != SNA_H5_DATASET)
            status = sna_notes_add(self->notes, "group.unknown-child", self->file->path, group->place,
                                   "`%s` is neither an attribute nor known; it is left aside", names.text[i]);
    sna_list_free(&names);
    return status;
}

static int open_group(sna_population *self, const char *name)
{
    int status = 0;
    uint64_t number = 0;
    sna_group *group = &self->group[self->group_count];

    if (sna_unsigned_parse(&number, name) != 0 || number > INT32_MAX) {
        status =
            sna_error(SNA_EFORMAT, "%s: %s/%s: this group number is too large", self->file->path, self->place, name);
        goto out;
    }
    *group = (sna_group){
        .number = (uint32_t)number, .id = H5I_INVALID_HID, .dynamics = H5I_INVALID_HID, .library = H5I_INVALID_HID};
    self->group_count++;
    status = sna_text_format(&group->place, "%s/%s", self->place, name);
    if (status == 0)
        status = sna_h5_open_group(&group->id, self->file, self->id, name, group->place);
    if (status == 0)
        status = list_datasets(&group->attributes, self->file, group->id, group->place);
    if (status == 0)
        status = open_part(self, group, "dynamics_params", &group->dynamics, &group->parameters);
    if (status == 0)
        status = open_part(self, group, "@library", &group->library, &group->libraries);
    if (status == 0)
        status = note_strangers(self, group);
out:
    return status;
}

static int compare_groups(const void *a, const void *b)
{
    const sna_group *x = a, *y = b;

    return x->number < y->number ? -1 : x->number > y->number;
}

static bool is_known(const char *name, const char *const *known)
{
    for (; *known != NULL; known++)
        if (strcmp(name, *known) == 0)
            return true;
    return false;
}

static int open_groups(sna_population *self, const char *const *known)
{
    int status = 0;
    sna_list names = SNA_LIST;

    status = sna_h5_children(&names, self->file, self->id, self->place);
    if (status == 0)
        status = sna_allocate(&self->group, names.count, sizeof *self->group);
    for (uint64_t i = 0; i < names.count && status == 0; i++) {
        if (is_number(names.text[i]) && sna_h5_kind_of(self->id, names.text[i]) == SNA_H5_GROUP) {
            status = open_group(self, names.text[i]);
        } else if (!is_known(names.text[i], known)) {
            status = sna_list_add(&self->extra, names.text[i]);
            if (status == 0)
                status = sna_notes_add(self->notes, "population.unknown-child", self->file->path, self->place,
                                       "`%s` is not part of SONATA; it is left aside", names.text[i]);
        }
    }
    if (status == 0 && self->group_count > 1)
        qsort(self->group, self->group_count, sizeof *self->group, compare_groups);
    for (uint64_t i = 1; i < self->group_count && status == 0; i++)
        if (self->group[i].number == self->group[i - 1].number)
            status = sna_error(SNA_EFORMAT, "%s: %s and %s have the same number", self->file->path,
                               self->group[i - 1].place, self->group[i].place);
    sna_list_free(&names);
    return status;
}

/* ---- attributes --------------------------------------------------------------------------------------------- */

/* The attribute of that name, made when there is none. `name` is copied. */
static int attribute_of(sna_population *self, const char *name, sna_attribute **out, bool *fresh)
{
    int status = 0;
    char *copy = NULL;
    sna_attribute *grown = NULL;

    *fresh = false;
    for (uint64_t i = 0; i < self->attribute_count; i++)
        if (strcmp(self->attribute[i].name, name) == 0) {
            *out = &self->attribute[i];
            goto out;
        }
    grown = sna_grow(self->attribute, &self->attribute_capacity, self->attribute_count + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->attribute = grown;
    status = sna_text_copy(&copy, name);
    if (status != 0)
        goto out;
    *out = &self->attribute[self->attribute_count++];
    **out = (sna_attribute){.name = copy};
    *fresh = true;
out:
    return status;
}

static int add_dataset(sna_population *self, const sna_group *group, hid_t parent, const char *folder, const char *name,
                       unsigned origin)
{
    int status = 0;
    bool fresh = false;
    char *full = NULL, *place = NULL;
    sna_dataset *dataset = NULL;
    sna_attribute *attribute = NULL;

    status = sna_text_format(&full, "%s%s", folder, name);
    if (status == 0)
        status = sna_text_format(&place, "%s/%s", group->place, full);
    if (status == 0)
        status = sna_dataset_open(&dataset, self->file, parent, name, place);
    if (status == 0)
        status = attribute_of(self, full, &attribute, &fresh);
    if (status != 0)
        goto out;
    attribute->origin |= origin;
    if (fresh) {
        attribute->storage = dataset->storage;
        attribute->width = dataset->width;
        attribute->type = sna_dataset_type(dataset);
        attribute->enumeration = origin == SNA_FROM_GROUP && sna_list_find(&group->libraries, name) >= 0 &&
                                 sna_dataset_type(dataset) == SNA_INTEGER;
        if (attribute->enumeration)
            attribute->type = SNA_TEXT;
    } else {
        const sna_type joined = sna_type_join(attribute->type, sna_dataset_type(dataset));
        if (joined != attribute->type || (joined != sna_dataset_type(dataset) && !attribute->enumeration))
            status = sna_notes_add(self->notes, "attribute.mixed-types", self->file->path, place,
                                   "groups store this attribute in different types; it is read as %s",
                                   sna_column_type_name(joined));
        attribute->type = joined;
    }
    if (dataset->big_endian && status == 0)
        status = sna_notes_add(self->notes, "dataset.big-endian", self->file->path, place,
                               "stored big-endian; SONATA prescribes little-endian");
    if (dataset->raw == SNA_RAW_NONE && status == 0)
        status = sna_notes_add(self->notes, "attribute.unsupported", self->file->path, place,
                               "values of this type or shape cannot be read; the attribute is left aside");
out:
    sna_dataset_close(dataset);
    free(place);
    free(full);
    return status;
}

static int add_types(sna_population *self)
{
    int status = 0;

    for (uint64_t i = 0; i < sna_types_columns(self->types) && status == 0; i++) {
        bool fresh = false;
        sna_attribute *attribute = NULL;
        const sna_column *column = sna_types_column(self->types, i);
        status = attribute_of(self, column->name, &attribute, &fresh);
        if (status != 0)
            break;
        attribute->origin |= SNA_FROM_TYPES;
        if (fresh) {
            attribute->type = column->type;
            attribute->width = 1;
            attribute->storage = column->type == SNA_INTEGER ? SNA_I64 : column->type == SNA_REAL ? SNA_F64 : SNA_UTF8;
        } else if (attribute->width == 1) {
            attribute->type = sna_type_join(attribute->type, column->type);
        }
    }
    return status;
}

static int compare_attributes(const void *a, const void *b)
{
    const sna_attribute *x = a, *y = b;

    return strcmp(x->name, y->name);
}

static int list_attributes(sna_population *self)
{
    int status = 0;

    for (uint64_t g = 0; g < self->group_count && status == 0; g++) {
        const sna_group *group = &self->group[g];
        for (uint64_t i = 0; i < group->attributes.count && status == 0; i++)
            status = add_dataset(self, group, group->id, "", group->attributes.text[i], SNA_FROM_GROUP);
        for (uint64_t i = 0; i < group->parameters.count && status == 0; i++)
            status = add_dataset(self, group, group->dynamics, "dynamics_params/", group->parameters.text[i],
                                 SNA_FROM_DYNAMICS);
        for (uint64_t i = 0; i < group->libraries.count && status == 0; i++)
            if (sna_list_find(&group->attributes, group->libraries.text[i]) < 0)
                status = sna_notes_add(self->notes, "library.orphan", self->file->path, group->place,
                                       "@library/%s names no attribute of the group", group->libraries.text[i]);
    }
    if (status == 0 && self->types != NULL)
        status = add_types(self);
    if (status == 0 && self->attribute_count > 1)
        qsort(self->attribute, self->attribute_count, sizeof *self->attribute, compare_attributes);
    return status;
}

const sna_attribute *sna_population_find(const sna_population *self, const char *name)
{
    for (uint64_t i = 0; i < self->attribute_count; i++)
        if (strcmp(self->attribute[i].name, name) == 0)
            return &self->attribute[i];
    return NULL;
}

int sna_population_no_attribute(const sna_population *self, const char *name)
{
    int status = 0;
    const char **names = NULL, *guess = NULL;
    sna_list list = SNA_LIST;
    sna_string text = SNA_STRING;

    status = sna_allocate(&names, self->attribute_count, sizeof *names);
    for (uint64_t i = 0; i < self->attribute_count && status == 0; i++) {
        names[i] = self->attribute[i].name;
        status = sna_list_add(&list, names[i]);
    }
    if (status == 0)
        status = sna_list_join(&list, 40, &text);
    if (status == 0) {
        guess = sna_closest(name, names, self->attribute_count);
        status = sna_error(SNA_ENOTFOUND, "%s: %s has no attribute `%s`%s%s%s (it has: %s)", self->file->path,
                           self->place, name, guess != NULL ? "; is it `" : "", guess != NULL ? guess : "",
                           guess != NULL ? "`?" : "", list.count > 0 ? sna_string_text(&text) : "none");
    }
    sna_string_free(&text);
    sna_list_free(&list);
    free(names);
    return status;
}

/* ---- opening ------------------------------------------------------------------------------------------------ */

int sna_population_choose(char **name, sna_h5_file *file, const char *kind, const char *wanted)
{
    int status = 0;
    char place[32];
    hid_t root = H5I_INVALID_HID;
    sna_list names = SNA_LIST;
    sna_string text = SNA_STRING;

    *name = NULL;
    if (wanted != NULL) {
        status = sna_text_copy(name, wanted);
        goto out;
    }
    snprintf(place, sizeof place, "/%s", kind);
    status = sna_h5_open_group(&root, file, file->id, kind, place);
    if (status == 0)
        status = sna_h5_children(&names, file, root, place);
    if (status == 0)
        status = sna_list_join(&names, 20, &text);
    if (status != 0)
        goto out;
    if (names.count == 0)
        status = sna_error(SNA_ENOTFOUND, "%s: there is no population in %s", file->path, place);
    else if (names.count > 1)
        status = sna_error(SNA_EINVAL, "%s: %s has %" PRIu64 " populations, name one of them: %s", file->path, place,
                           names.count, sna_string_text(&text));
    else
        status = sna_text_copy(name, names.text[0]);
out:
    sna_string_free(&text);
    sna_list_free(&names);
    sna_h5_close_group(&root);
    return status;
}

/* The error for a population that is not there, with the list and a guess. */
static int no_population(sna_h5_file *file, const char *kind, const char *name)
{
    int status = 0;
    const char *guess = NULL;
    hid_t root = H5I_INVALID_HID;
    sna_list names = SNA_LIST;
    sna_string text = SNA_STRING;

    if (sna_h5_kind_of(file->id, kind) == SNA_H5_GROUP) {
        status = sna_h5_open_group(&root, file, file->id, kind, kind);
        if (status == 0)
            status = sna_h5_children(&names, file, root, kind);
        if (status == 0)
            status = sna_list_join(&names, 20, &text);
    }
    if (status == 0) {
        guess = sna_closest(name, (const char *const *)names.text, names.count);
        status = sna_error(SNA_ENOTFOUND, "%s: there is no population `%s` in /%s%s%s%s (there is: %s)", file->path,
                           name, kind, guess != NULL ? "; is it `" : "", guess != NULL ? guess : "",
                           guess != NULL ? "`?" : "", names.count > 0 ? sna_string_text(&text) : "none");
    }
    sna_string_free(&text);
    sna_list_free(&names);
    sna_h5_close_group(&root);
    return status;
}

int sna_population_open(sna_population *self, sna_h5_file *file, const char *kind, const char *one, const char *name,
                        const char *types_file, const char *const *known, sna_notes *notes)
{
    int status = 0;
    char id_column[32];

    *self = (sna_population){.kind = kind, .one = one, .id = H5I_INVALID_HID, .notes = notes};
    self->file = sna_h5_use(file);
    status = sna_text_copy(&self->name, name);
    if (status == 0)
        status = sna_text_format(&self->place, "/%s/%s", kind, name);
    if (status != 0)
        goto out;
    /* A name is one level below /kind: a slash in it would reach into another population. */
    if (name[0] == '\0' || strchr(name, '/') != NULL || strcmp(name, ".") == 0 ||
        sna_h5_kind_of(file->id, kind) != SNA_H5_GROUP || sna_h5_kind_of(file->id, self->place) == SNA_H5_NONE) {
        status = no_population(file, kind, name);
        goto out;
    }
    status = sna_h5_open_group(&self->id, file, file->id, self->place, self->place);
    if (status == 0)
        status = sna_h5_check_magic(file, notes);
    if (status == 0 && types_file != NULL && types_file[0] != '\0') {
        snprintf(id_column, sizeof id_column, "%s_type_id", one);
        status = sna_types_read(&self->types, types_file, id_column, name, notes);
    }
    if (status == 0)
        status = open_groups(self, known);
    if (status == 0)
        status = list_attributes(self);
out:
    if (status != 0)
        sna_population_close(self);
    return status;
}

int sna_population_dataset(sna_population *self, const char *name, bool required, uint64_t count, sna_dataset **out)
{
    int status = 0;
    char *place = NULL;

    *out = NULL;
    if (!required && sna_h5_kind_of(self->id, name) == SNA_H5_NONE)
        goto out;
    status = sna_text_format(&place, "%s/%s", self->place, name);
    if (status == 0)
        status = sna_dataset_open(out, self->file, self->id, name, place);
    if (status == 0)
        status = sna_dataset_expect_integers(*out, 1);
    if (status != 0)
        goto out;
    if (count != UINT64_MAX && (*out)->rows > count) {
        status = sna_notes_add(self->notes, "dataset.too-long", self->file->path, place,
                               "%" PRIu64 " rows, but the population has %" PRIu64 " %s; the rest is left aside",
                               (*out)->rows, count, self->kind);
        if (status != 0)
            goto out;
    }
    if (count != UINT64_MAX && (*out)->rows < count) {
        status = sna_error(SNA_EFORMAT, "%s: %s has %" PRIu64 " rows, but the population has %" PRIu64 " %s",
                           self->file->path, place, (*out)->rows, count, self->kind);
        goto out;
    }
    if ((*out)->raw == SNA_RAW_FLOAT)
        status = sna_notes_add(self->notes, "dataset.float-integers", self->file->path, place,
                               "whole numbers are stored as %s", sna_storage_name((*out)->storage));
    else if ((*out)->big_endian)
        status = sna_notes_add(self->notes, "dataset.big-endian", self->file->path, place,
                               "stored big-endian; SONATA prescribes little-endian");
out:
    if (status != 0) {
        sna_dataset_close(*out);
        *out = NULL;
    }
    free(place);
    return status;
}

void sna_population_close(sna_population *self)
{
    sna_h5_quiet();
    for (uint64_t i = 0; i < self->group_count; i++) {
        sna_group *group = &self->group[i];
        sna_h5_close_group(&group->library);
        sna_h5_close_group(&group->dynamics);
        sna_h5_close_group(&group->id);
        sna_list_free(&group->attributes);
        sna_list_free(&group->parameters);
        sna_list_free(&group->libraries);
        free(group->place);
    }
    free(self->group);
    for (uint64_t i = 0; i < self->attribute_count; i++) {
        char *name = (char *)(uintptr_t)self->attribute[i].name;
        free(name);
    }
    free(self->attribute);
    sna_list_free(&self->extra);
    sna_types_free(self->types);
    sna_h5_close_group(&self->id);
    free(self->place);
    free(self->name);
    sna_h5_release(self->file);
    *self = (sna_population){.id = H5I_INVALID_HID};
}
