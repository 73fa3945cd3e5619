/* attribute.c: one attribute of blocks of rows: from the row's group, its dynamics_params or the types CSV. */
#include "sonata/population.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What one group has of the attribute. */
typedef struct {
    sna_dataset *own, *parameter; /* either may be NULL */
    sna_list library;             /* texts of the codes in `own` */
    uint32_t *library_code;       /* [library.count] their codes in the column */
    bool is_enumeration;
} part;

/* Attributes that are not in a group but belong to the population itself. */
typedef enum { GROUPED, ROW_NUMBER, GROUP_NUMBER, POPULATION_NAME, POPULATION_DATASET, TYPE_NUMBER } special;

struct sna_attribute_reader {
    sna_population *population;
    special special;
    sna_dataset *dataset; /* of POPULATION_DATASET */
    part *part;           /* [group_count] of GROUPED */
    uint64_t part_count;
    int64_t types_column; /* -1 without */
    sna_column_room room;
    bool codes;
    /* Rows that have no value yet, and the scratch room for those of one group. */
    uint8_t *filled;            /* [capacity] */
    uint64_t *position, *index; /* [capacity] */
    sna_range *run;             /* [capacity] */
    void *value;                /* [capacity * width] of 8 bytes */
    uint64_t capacity;
};

/* ---- opening ------------------------------------------------------------------------------------------------ */

static int open_dataset(const sna_attribute_reader *self, hid_t parent, const char *group_place, const char *name,
                        sna_dataset **out)
{
    int status = 0;
    char *place = NULL;

    status = sna_text_format(&place, "%s/%s", group_place, name);
    if (status == 0)
        status = sna_dataset_open(out, self->population->file, parent, name, place);
    free(place);
    return status;
}

static int read_library(const sna_attribute_reader *self, const sna_group *group, const char *name, part *p)
{
    int status = 0;
    char *place = NULL;
    uint32_t *code = NULL;
    sna_dataset *dataset = NULL;
    sna_dictionary texts = SNA_DICTIONARY;

    status = sna_text_format(&place, "%s/@library", group->place);
    if (status == 0)
        status = open_dataset(self, group->library, place, name, &dataset);
    if (status == 0 && sna_dataset_type(dataset) != SNA_TEXT)
        status = sna_error(SNA_EFORMAT, "%s: %s: a library holds texts, but this is %s", self->population->file->path,
                           dataset->place, sna_storage_name(dataset->storage));
    if (status == 0)
        status = sna_allocate(&code, dataset->rows * dataset->width, sizeof *code);
    if (status == 0)
        status = sna_dataset_texts(dataset, 0, dataset->rows, &texts, code);
    for (uint64_t i = 0; status == 0 && i < dataset->rows; i++)
        status = sna_list_add(&p->library, code[i] == SNA_NO_TEXT ? "" : texts.texts.text[code[i]]);
    p->is_enumeration = true;
    sna_dictionary_free(&texts);
    sna_dataset_close(dataset);
    free(code);
    free(place);
    return status;
}

static int open_part(sna_attribute_reader *self, const sna_group *group, const char *name, part *p)
{
    int status = 0;
    static const char prefix[] = "dynamics_params/";
    const bool only_parameter = strncmp(name, prefix, sizeof prefix - 1) == 0;
    const char *parameter = only_parameter ? name + sizeof prefix - 1 : name;
    char *place = NULL;

    if (!only_parameter && sna_list_find(&group->attributes, name) >= 0) {
        status = open_dataset(self, group->id, group->place, name, &p->own);
        if (status == 0 && sna_list_find(&group->libraries, name) >= 0 && sna_dataset_type(p->own) == SNA_INTEGER)
            status = read_library(self, group, name, p);
    }
    if (status == 0 && sna_list_find(&group->parameters, parameter) >= 0) {
        status = sna_text_format(&place, "%s/dynamics_params", group->place);
        if (status == 0)
            status = open_dataset(self, group->dynamics, place, parameter, &p->parameter);
    }
    free(place);
    return status;
}

static int check_width(const sna_attribute_reader *self, const sna_dataset *dataset, uint32_t *width)
{
    int status = 0;

    if (dataset == NULL)
        return 0;
    if (dataset->raw == SNA_RAW_NONE)
        status = sna_error(SNA_EUNSUPPORTED, "%s: %s: values of this type or shape cannot be read",
                           self->population->file->path, dataset->place);
    else if (*width != 0 && dataset->width != *width)
        status = sna_error(SNA_EUNSUPPORTED, "%s: %s has %" PRIu32 " values a row, but another group's has %" PRIu32,
                           self->population->file->path, dataset->place, dataset->width, *width);
    *width = dataset->width;
    return status;
}

static sna_type part_type(const sna_attribute_reader *self, const part *p, sna_type type)
{
    if (p->own != NULL)
        type = sna_type_join(type, p->is_enumeration && !self->codes ? SNA_TEXT : sna_dataset_type(p->own));
    if (p->parameter != NULL)
        type = sna_type_join(type, sna_dataset_type(p->parameter));
    return type;
}

static int open_grouped(sna_attribute_reader *self, const char *name)
{
    int status = 0;
    sna_population *population = self->population;
    uint32_t width = 0;
    bool any = false, any_library = false;
    sna_type type = SNA_INTEGER;

    status = sna_allocate(&self->part, population->group_count, sizeof *self->part);
    if (status != 0)
        goto out;
    self->part_count = population->group_count;
    for (uint64_t g = 0; g < self->part_count; g++) {
        part *p = &self->part[g];
        p->library = SNA_LIST;
        status = open_part(self, &population->group[g], name, p);
        if (status == 0)
            status = check_width(self, p->own, &width);
        if (status == 0)
            status = check_width(self, p->parameter, &width);
        if (status != 0)
            goto out;
        any = any || p->own != NULL || p->parameter != NULL;
        any_library = any_library || p->is_enumeration;
        type = part_type(self, p, type);
    }
    if (population->types != NULL && width <= 1 && !self->codes)
        self->types_column = sna_types_find_column(population->types, name);
    if (self->types_column >= 0) {
        const sna_column *column = sna_types_column(population->types, (uint64_t)self->types_column);
        bool is_empty = true;
        for (uint64_t i = 0; i < column->count && is_empty; i++)
            is_empty = sna_column_is_missing(column, i);
        if (!is_empty || !any)
            type = any ? sna_type_join(type, column->type) : column->type;
        any = true;
    }
    if (self->codes && any && !any_library)
        status = sna_error(SNA_ENOTFOUND, "%s: %s: `%s` is not an enumeration (there is no @library for it)",
                           population->file->path, population->place, name);
    else if (!any)
        status = sna_population_no_attribute(population, name);
    else
        status = sna_column_room_start(&self->room, name, type, width == 0 ? 1 : width);
out:
    return status;
}

/* Is `name` a column of the population itself? */
static int open_special(sna_attribute_reader *self, const char *name, bool *found)
{
    int status = 0;
    const char *one = self->population->one;
    const size_t length = strlen(one);
    sna_type type = SNA_INTEGER;

    *found = true;
    if (strcmp(name, "population") == 0) {
        self->special = POPULATION_NAME;
        type = SNA_TEXT;
    } else if (strncmp(name, one, length) == 0 && strcmp(name + length, "_type_id") == 0) {
        self->special = TYPE_NUMBER;
    } else if (strncmp(name, one, length) == 0 && strcmp(name + length, "_group_id") == 0) {
        self->special = GROUP_NUMBER;
    } else if ((strncmp(name, one, length) == 0 && strcmp(name + length, "_id") == 0) ||
               (strcmp(one, "edge") == 0 &&
                (strcmp(name, "source_node_id") == 0 || strcmp(name, "target_node_id") == 0))) {
        status = sna_population_dataset(self->population, name, false, self->population->count, &self->dataset);
        self->special = self->dataset != NULL ? POPULATION_DATASET : ROW_NUMBER;
    } else {
        *found = false;
    }
    if (status == 0 && *found)
        status = sna_column_room_start(&self->room, name, type, 1);
    return status;
}

int sna_attribute_reader_open(sna_attribute_reader **out, sna_population *population, const char *name, bool codes)
{
    int status = 0;
    bool found = false;
    sna_attribute_reader *self = NULL;

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    *self = (sna_attribute_reader){
        .population = population, .types_column = -1, .codes = codes, .room = {.dictionary = SNA_DICTIONARY}};
    if (!codes)
        status = open_special(self, name, &found);
    if (status == 0 && !found)
        status = open_grouped(self, name);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_attribute_reader_close(self);
    return status;
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

static int make_room(sna_attribute_reader *self, uint64_t count)
{
    int status = 0;

    if (count <= self->capacity)
        goto out;
    self->capacity = 0;
    free(self->filled);
    free(self->position);
    free(self->index);
    free(self->run);
    free(self->value);
    self->filled = NULL;
    self->position = self->index = NULL;
    self->run = NULL;
    self->value = NULL;
    status = sna_allocate(&self->filled, count, 1);
    if (status == 0)
        status = sna_allocate(&self->position, count, sizeof *self->position);
    if (status == 0)
        status = sna_allocate(&self->index, count, sizeof *self->index);
    if (status == 0)
        status = sna_allocate(&self->run, count, sizeof *self->run);
    if (status == 0)
        status = sna_allocate(&self->value, count, (size_t)8 * self->room.column.width);
    if (status == 0)
        self->capacity = count;
out:
    return status;
}

/* The room of a column's values. */
static void *values_of(sna_column *column)
{
    return column->integer != NULL ? (void *)column->integer
           : column->real != NULL  ? (void *)column->real
                                   : (void *)column->code;
}

typedef struct {
    uint64_t index, position;
} member;

static int compare_members(const void *a, const void *b)
{
    const member *x = a, *y = b;

    return x->index < y->index ? -1 : x->index > y->index;
}

/* Sorts the pairs (index, position) by index; mostly they are already. */
static int sort_members(sna_attribute_reader *self, uint64_t n)
{
    int status = 0;
    bool is_sorted = true;
    member *list = NULL;

    for (uint64_t i = 1; i < n && is_sorted; i++)
        is_sorted = self->index[i - 1] <= self->index[i];
    if (is_sorted)
        goto out;
    status = sna_allocate(&list, n, sizeof *list);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < n; i++)
        list[i] = (member){self->index[i], self->position[i]};
    qsort(list, n, sizeof *list, compare_members);
    for (uint64_t i = 0; i < n; i++) {
        self->index[i] = list[i].index;
        self->position[i] = list[i].position;
    }
out:
    free(list);
    return status;
}

/* Runs of the sorted indices; one that is there twice starts a new run. */
static uint64_t make_runs(sna_attribute_reader *self, uint64_t n)
{
    uint64_t runs = 0;

    for (uint64_t i = 0; i < n; i++) {
        if (runs > 0 && self->run[runs - 1].end == self->index[i])
            self->run[runs - 1].end++;
        else
            self->run[runs++] = (sna_range){self->index[i], self->index[i] + 1};
    }
    return runs;
}

/* Codes of the library's texts in the column. */
static int map_library(sna_attribute_reader *self, part *p)
{
    int status = 0;

    if (p->library_code != NULL || p->library.count == 0)
        goto out;
    status = sna_allocate(&p->library_code, p->library.count, sizeof *p->library_code);
    for (uint64_t i = 0; i < p->library.count && status == 0; i++)
        status = sna_dictionary_code(&self->room.dictionary, p->library.text[i], strlen(p->library.text[i]),
                                     &p->library_code[i]);
out:
    return status;
}

/* Puts `n` values, read in the order of members, where they belong. */
static int scatter(sna_attribute_reader *self, part *p, const sna_dataset *dataset, bool is_enumeration, uint64_t n)
{
    int status = 0;
    sna_column *column = &self->room.column;
    const uint32_t width = column->width;
    const int64_t *integer = self->value;
    const uint32_t *code = self->value;

    if (is_enumeration)
        status = map_library(self, p);
    for (uint64_t i = 0; i < n && status == 0; i++) {
        const uint64_t to = self->position[i];
        bool has = true;
        for (uint32_t k = 0; k < width; k++) {
            const uint64_t at = i * width + k;
            if (is_enumeration) {
                has = integer[at] >= 0 && (uint64_t)integer[at] < p->library.count;
                if (has)
                    column->code[to * width + k] = p->library_code[integer[at]];
                else
                    status = sna_notes_add(
                        self->population->notes, "library.code-range", dataset->file->path, dataset->place,
                        "code %" PRId64 " is not in the library of %" PRIu64 " texts; the value is missing",
                        integer[at], p->library.count);
            } else if (column->code != NULL) {
                has = code[at] != SNA_NO_TEXT;
                column->code[to * width + k] = has ? code[at] : 0;
            } else {
                memcpy((char *)values_of(column) + (to * width + k) * 8, (const char *)self->value + at * 8, 8);
            }
        }
        self->filled[to] = has;
    }
    return status;
}

/* Reads what `dataset` has for rows of group `g` without a value. */
static int fill_from(sna_attribute_reader *self, const sna_rows *rows, uint64_t g, sna_dataset *dataset)
{
    int status = 0;
    part *p = &self->part[g];
    const bool is_enumeration = dataset == p->own && p->is_enumeration && !self->codes;
    uint64_t n = 0, runs = 0, past = 0;

    for (uint64_t i = 0; i < rows->count; i++)
        if (rows->group[i] == g && !self->filled[i]) {
            if (rows->index[i] < dataset->rows) {
                self->position[n] = i;
                self->index[n++] = rows->index[i];
            } else {
                past++;
            }
        }
    if (past > 0)
        status = sna_notes_add(self->population->notes, "attribute.short", dataset->file->path, dataset->place,
                               "the dataset has %" PRIu64 " rows, but %s rows point past its end; they are missing",
                               dataset->rows, self->population->one);
    if (status == 0)
        status = sort_members(self, n);
    if (status != 0)
        goto out;
    runs = make_runs(self, n);
    status = sna_dataset_runs(dataset, self->run, runs, is_enumeration ? SNA_INTEGER : self->room.column.type,
                              &self->room.dictionary, self->value);
    if (status == 0)
        status = scatter(self, p, dataset, is_enumeration, n);
out:
    return status;
}

static int set_from_types(sna_attribute_reader *self, uint64_t i, uint64_t row)
{
    int status = 0;
    sna_column *column = &self->room.column;
    const sna_column *types = sna_types_column(self->population->types, (uint64_t)self->types_column);

    if (sna_column_is_missing(types, row))
        goto out;
    if (column->type == SNA_INTEGER) {
        column->integer[i] = types->integer[row];
    } else if (column->type == SNA_REAL) {
        column->real[i] = sna_column_real(types, row);
    } else {
        const char *text = sna_types_text(self->population->types, row, (uint64_t)self->types_column);
        status = sna_dictionary_code(&self->room.dictionary, text, strlen(text), &column->code[i]);
    }
    self->filled[i] = 1;
out:
    return status;
}

/* What the groups do not have, the row of the type may. */
static int fill_from_types(sna_attribute_reader *self, sna_rows *rows)
{
    int status = 0;
    const int64_t *type = NULL;
    int64_t last = -1, row = -1;
    uint64_t same = UINT64_MAX; /* a row of the block with the same type and a value */

    status = sna_rows_types(rows, &type);
    for (uint64_t i = 0; i < rows->count && status == 0; i++) {
        if (self->filled[i])
            continue;
        if (type[i] != last || i == 0) {
            last = type[i];
            same = UINT64_MAX;
            row = sna_types_row(self->population->types, last);
            if (row < 0 && last != -1)
                status = sna_notes_add(self->population->notes, "types.unknown-id", self->population->file->path,
                                       self->population->place,
                                       "type %" PRId64 " (and maybe others) is not in the types CSV", last);
        }
        if (row < 0 || status != 0)
            continue;
        if (same != UINT64_MAX && self->room.column.code != NULL) {
            self->room.column.code[i] = self->room.column.code[same];
            self->filled[i] = 1;
        } else {
            status = set_from_types(self, i, (uint64_t)row);
            same = self->filled[i] ? i : UINT64_MAX;
        }
    }
    return status;
}

/* The usual case: one group whose rows are the population's, with all the values. */
static int fill_straight(sna_attribute_reader *self, const sna_rows *rows, bool *done)
{
    int status = 0;
    part *p = self->part_count == 1 ? &self->part[0] : NULL;
    sna_column *column = &self->room.column;

    *done = false;
    if (p == NULL || p->own == NULL || !rows->all_identity || (p->is_enumeration && !self->codes) ||
        p->own->raw == SNA_RAW_VARIABLE)
        goto out;
    for (uint64_t r = 0; r < rows->runs; r++)
        if (rows->run[r].end > p->own->rows)
            goto out;
    status = sna_dataset_runs(p->own, rows->run, rows->runs, column->type, &self->room.dictionary, values_of(column));
    *done = true;
out:
    return status;
}

static int fill_grouped(sna_attribute_reader *self, sna_rows *rows)
{
    int status = 0;
    bool done = false, any = false;

    for (uint64_t g = 0; g < self->part_count; g++)
        any = any || self->part[g].own != NULL || self->part[g].parameter != NULL;
    if (any) {
        status = sna_rows_members(rows);
        if (status == 0)
            status = fill_straight(self, rows, &done);
        if (status != 0 || done)
            goto out;
    }
    status = make_room(self, rows->count);
    if (status != 0)
        goto out;
    memset(self->filled, 0, (size_t)rows->count);
    for (uint64_t g = 0; g < self->part_count && status == 0; g++) {
        if (self->part[g].own != NULL)
            status = fill_from(self, rows, g, self->part[g].own);
        if (status == 0 && self->part[g].parameter != NULL)
            status = fill_from(self, rows, g, self->part[g].parameter);
    }
    if (status == 0 && self->types_column >= 0)
        status = fill_from_types(self, rows);
    for (uint64_t i = 0; i < rows->count && status == 0; i++)
        if (!self->filled[i])
            sna_column_room_miss(&self->room, i);
out:
    return status;
}

static int fill_special(sna_attribute_reader *self, sna_rows *rows)
{
    int status = 0;
    uint32_t code = 0;
    const int64_t *type = NULL;
    sna_column *column = &self->room.column;
    const sna_population *population = self->population;

    switch (self->special) {
    case POPULATION_DATASET:
        status = sna_dataset_runs(self->dataset, rows->run, rows->runs, SNA_INTEGER, NULL, column->integer);
        break;
    case ROW_NUMBER:
        for (uint64_t r = 0, at = 0; r < rows->runs; r++)
            for (uint64_t row = rows->run[r].first; row < rows->run[r].end; row++)
                column->integer[at++] = (int64_t)row;
        break;
    case TYPE_NUMBER:
        status = sna_rows_types(rows, &type);
        if (status == 0 && rows->count > 0)
            memcpy(column->integer, type, (size_t)rows->count * sizeof *type);
        break;
    case GROUP_NUMBER:
        status = sna_rows_members(rows);
        for (uint64_t i = 0; i < rows->count && status == 0; i++) {
            if (rows->group[i] == SNA_NO_GROUP)
                sna_column_room_miss(&self->room, i);
            else
                column->integer[i] = population->group[rows->group[i]].number;
        }
        break;
    case POPULATION_NAME:
        status = sna_dictionary_code(&self->room.dictionary, population->name, strlen(population->name), &code);
        for (uint64_t i = 0; i < rows->count && status == 0; i++)
            column->code[i] = code;
        break;
    case GROUPED:
        break;
    }
    return status;
}

int sna_attribute_reader_fill(sna_attribute_reader *self, sna_rows *rows)
{
    int status = sna_column_room_resize(&self->room, rows->count);

    if (status == 0)
        status = self->special == GROUPED ? fill_grouped(self, rows) : fill_special(self, rows);
    return status;
}

const sna_column *sna_attribute_reader_column(const sna_attribute_reader *self)
{
    return &self->room.column;
}

void sna_attribute_reader_take(sna_attribute_reader *self, sna_column_room *out)
{
    *out = self->room;
    /* The list of texts moves with its dictionary. */
    if (out->column.texts != NULL)
        out->column.texts = &out->dictionary.texts;
    self->room = (sna_column_room){.dictionary = SNA_DICTIONARY};
}

int sna_population_library(sna_population *self, const char *name, sna_list *out)
{
    int status = 0;
    bool found = false;
    sna_attribute_reader *reader = NULL;

    status = sna_attribute_reader_open(&reader, self, name, true);
    for (uint64_t g = 0; status == 0 && g < reader->part_count && !found; g++) {
        const part *p = &reader->part[g];
        found = p->is_enumeration;
        for (uint64_t i = 0; i < p->library.count && status == 0; i++)
            status = sna_list_add(out, p->library.text[i]);
    }
    sna_attribute_reader_close(reader);
    return status;
}

void sna_attribute_reader_close(sna_attribute_reader *self)
{
    if (self == NULL)
        return;
    for (uint64_t g = 0; g < self->part_count; g++) {
        sna_dataset_close(self->part[g].own);
        sna_dataset_close(self->part[g].parameter);
        sna_list_free(&self->part[g].library);
        free(self->part[g].library_code);
    }
    free(self->part);
    sna_dataset_close(self->dataset);
    sna_column_room_free(&self->room);
    free(self->filled);
    free(self->position);
    free(self->index);
    free(self->run);
    free(self->value);
    free(self);
}
