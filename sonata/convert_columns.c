/* convert_columns.c: in what storage an attribute is written, and its values on the way. */
#include "sonata/convert.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- plans -------------------------------------------------------------------------------------------------- */

static const char prefix[] = "dynamics_params/";

/* The storage that holds the values of both. */
static sna_storage join(sna_storage a, sna_storage b)
{
    if (a == b)
        return a;
    if (a == SNA_UTF8 || b == SNA_UTF8)
        return SNA_UTF8;
    if (sna_storage_is_real(a) || sna_storage_is_real(b))
        return SNA_F64;
    return SNA_I64;
}

static void contribute(sna_column_plan *plan, bool *first, sna_storage storage)
{
    const sna_storage written = storage == SNA_F16 ? SNA_F32 : storage;

    plan->storage = *first ? written : join(plan->storage, written);
    *first = false;
}

/* The storage of a dataset, as text where it is an enumeration, and whether it has all rows. */
static int dataset_storage(sna_population *population, const sna_group *group, hid_t parent, const char *name,
                           bool is_parameter, sna_storage *out, bool *complete)
{
    int status = 0;
    char *place = NULL;
    sna_dataset *dataset = NULL;

    status = sna_text_format(&place, "%s/%s%s", group->place, is_parameter ? prefix : "", name);
    if (status == 0)
        status = sna_dataset_open(&dataset, population->file, parent, name, place);
    if (status != 0)
        goto out;
    *out = dataset->storage;
    /* How many rows a group needs is known without looking where there is only one. */
    *complete = population->group_count > 1 || dataset->rows >= population->count;
    if (!is_parameter && sna_list_find(&group->libraries, name) >= 0 && sna_dataset_type(dataset) == SNA_INTEGER)
        *out = SNA_UTF8;
    if (dataset->raw == SNA_RAW_NONE)
        status = sna_error(SNA_EUNSUPPORTED,
                           "%s: %s: values of this type or shape cannot be read, so they cannot be "
                           "written",
                           population->file->path, place);
out:
    sna_dataset_close(dataset);
    free(place);
    return status;
}

/* What one group has of it. */
static int look_at_group(sna_population *population, const sna_group *group, const char *name, sna_column_plan *plan,
                         bool *first)
{
    int status = 0;
    const bool only_parameter = strncmp(name, prefix, sizeof prefix - 1) == 0;
    const char *parameter = only_parameter ? name + sizeof prefix - 1 : name;
    const bool own = !only_parameter && sna_list_find(&group->attributes, name) >= 0;
    const bool has_parameter = sna_list_find(&group->parameters, parameter) >= 0;
    bool own_complete = false, parameter_complete = false;
    sna_storage storage = SNA_F64;

    if (own) {
        status = dataset_storage(population, group, group->id, name, false, &storage, &own_complete);
        if (status == 0)
            contribute(plan, first, storage);
    }
    if (has_parameter && status == 0) {
        status = dataset_storage(population, group, group->dynamics, parameter, true, &storage, &parameter_complete);
        if (status == 0)
            contribute(plan, first, storage);
    }
    plan->has = plan->has || own || has_parameter;
    plan->complete = plan->complete && (own_complete || parameter_complete);
    return status;
}

/* Where a group lacks it, the types CSV may have it. */
static void look_at_types(const sna_population *population, const char *name, sna_column_plan *plan, bool *first)
{
    const int64_t at = population->types == NULL ? -1 : sna_types_find_column(population->types, name);
    const sna_column *column = at < 0 ? NULL : sna_types_column(population->types, (uint64_t)at);
    bool any = false, all = true;

    if (column == NULL || plan->complete)
        return;
    for (uint64_t i = 0; i < column->count; i++) {
        any = any || !sna_column_is_missing(column, i);
        all = all && !sna_column_is_missing(column, i);
    }
    if (any)
        contribute(plan, first, column->type == SNA_INTEGER ? SNA_I64 : column->type == SNA_REAL ? SNA_F64 : SNA_UTF8);
    plan->complete = all && any;
}

/* Reading the attribute may give another type than the shapes promise (another group holds texts, a dataset is short).
 */
static int fit_to_reader(sna_population *population, const char *name, sna_column_plan *plan)
{
    sna_attribute_reader *reader = NULL;
    int status = sna_attribute_reader_open(&reader, population, name, false);

    if (status != 0)
        goto out;
    switch (sna_attribute_reader_column(reader)->type) {
    case SNA_TEXT:
        plan->storage = SNA_UTF8;
        break;
    case SNA_REAL:
        if (!sna_storage_is_real(plan->storage))
            plan->storage = SNA_F64;
        break;
    default:
        break;
    }
out:
    sna_attribute_reader_close(reader);
    return status;
}

int sna_column_plan_make(sna_population *population, int64_t group, const char *name, sna_column_plan *out)
{
    int status = 0;
    bool first = true;

    *out = (sna_column_plan){.complete = true, .storage = SNA_UTF8};
    for (uint64_t g = 0; g < population->group_count && status == 0; g++)
        if (group == SNA_ALL_GROUPS || g == (uint64_t)group)
            status = look_at_group(population, &population->group[g], name, out, &first);
    out->complete = out->complete && !first;
    if (status == 0) {
        look_at_types(population, name, out, &first);
        status = fit_to_reader(population, name, out);
    }
    return status;
}

bool sna_column_can_be_dataset(const char *name)
{
    return strcmp(name, "dynamics_params") != 0 && strcmp(name, "@library") != 0 && strcmp(name, "population") != 0 &&
           strchr(name, '/') == NULL && name[0] != '\0' && strcmp(name, ".") != 0;
}

/* ---- values ------------------------------------------------------------------------------------------------- */

static int set_integer(int64_t *out, const sna_column *column, uint64_t row, uint64_t at)
{
    if (sna_column_is_missing(column, row))
        return sna_error(SNA_EUNSUPPORTED,
                         "`%s` has no value at row %" PRIu64
                         " of what is read, and a whole number cannot be missing in a file",
                         column->name, row);
    *out = column->integer[at];
    return 0;
}

static int set_real(double *out, const sna_column *column, uint64_t row, uint64_t at)
{
    const int64_t most = INT64_C(1) << 53;

    if (sna_column_is_missing(column, row)) {
        *out = (double)NAN;
    } else if (column->real != NULL) {
        *out = column->real[at];
    } else if (column->integer[at] > most || column->integer[at] < -most) {
        return sna_error(SNA_EUNSUPPORTED, "`%s`: %" PRId64 " is too large to stand in one column with what is missing",
                         column->name, column->integer[at]);
    } else {
        *out = (double)column->integer[at];
    }
    return 0;
}

int sna_value_room_fill(sna_value_room *self, const sna_column *column, const uint64_t *row, uint64_t count,
                        sna_storage storage)
{
    int status = 0;
    const uint64_t width = column->width;
    int64_t *integer = NULL;
    double *real = NULL;
    const char **text = NULL;

    if (count * width > self->capacity) {
        free(self->room);
        self->room = NULL;
        self->capacity = 0;
        status = sna_allocate(&self->room, count * width, 8);
        if (status != 0)
            goto out;
        self->capacity = count * width;
    }
    integer = self->room;
    real = self->room;
    text = self->room;
    for (uint64_t i = 0; i < count && status == 0; i++) {
        const uint64_t from = row == NULL ? i : row[i];
        for (uint64_t k = 0; k < width && status == 0; k++) {
            const uint64_t at = from * width + k, to = i * width + k;
            if (storage == SNA_UTF8)
                text[to] = sna_column_is_missing(column, from) ? "" : column->texts->text[column->code[at]];
            else if (sna_storage_is_real(storage))
                status = set_real(&real[to], column, from, at);
            else
                status = set_integer(&integer[to], column, from, at);
        }
    }
    self->values = sna_value_room_from(self, storage, 0);
out:
    return status;
}

sna_values sna_value_room_from(const sna_value_room *self, sna_storage storage, uint64_t first)
{
    sna_values values = {NULL};

    if (self->room == NULL)
        return values;
    if (storage == SNA_UTF8)
        values.text = (const char *const *)self->room + first;
    else if (sna_storage_is_real(storage))
        values.real = (const double *)self->room + first;
    else
        values.integer = (const int64_t *)self->room + first;
    return values;
}

void sna_value_room_free(sna_value_room *self)
{
    free(self->room);
    *self = (sna_value_room){0};
}
