/* generator.c: values that differ from one node, or one synapse, to the next. */
#include "generator.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "probability.h"
#include "spec.h"

/* The value of a pair of nodes. */
struct sna_pair_value {
    uint64_t source, target, row; /* row: of the file */
    sna_value value;
};

/* bmtool's defaults: ms, um/ms, ms, ms. */
static const double delay_least = 0.8, delay_velocity = 1000, delay_sd = 0.2, delay_low = 0.2, delay_high = 2;

/* ---- reading ------------------------------------------------------------------------------------------------ */

static int add_column(sna_generator *self, const char *name, sna_type type)
{
    sna_generated *grown = realloc(self->column, (self->columns + 1) * sizeof *self->column);

    if (grown == NULL)
        return sna_error(SNA_ENOMEM, "no memory for a property");
    self->column = grown;
    self->column[self->columns++] = (sna_generated){.name = name,
                                                    .type = type,
                                                    .storage = type == SNA_REAL      ? SNA_F32
                                                               : type == SNA_INTEGER ? SNA_I64
                                                                                     : SNA_UTF8};
    return 0;
}

static int read_number(const sna_json *json, const cJSON *object, const char *key, double fallback, double *out)
{
    const cJSON *item = sna_json_member(object, key);

    *out = fallback;
    return item == NULL ? 0 : sna_json_real(json, item, out);
}

static int read_clip(sna_generator *self, const sna_json *json, const cJSON *object, double low, double high)
{
    const cJSON *item = sna_json_member(object, "clip");
    double bound[2] = {low, high};
    int status = item == NULL ? 0 : sna_spec_read_pair(json, item, bound);

    self->low = bound[0];
    self->high = bound[1];
    return status;
}

static int read_spread(sna_generator *self, const sna_json *json, const cJSON *object, bool logarithmic)
{
    static const char *const keys[] = {"mean", "sd", "clip", NULL};
    const cJSON *mean = NULL, *sd = NULL;
    int status = sna_json_check_keys(json, object, keys);

    if (status == 0)
        status = sna_json_require(json, object, "mean", &mean);
    if (status == 0)
        status = sna_json_require(json, object, "sd", &sd);
    if (status == 0)
        status = sna_json_real(json, mean, &self->mean);
    if (status == 0)
        status = sna_json_real(json, sd, &self->sd);
    if (status == 0 && !(self->sd >= 0))
        status = sna_json_error(json, sd, SNA_EFORMAT, "must be at least 0");
    if (status == 0 && logarithmic && !(self->mean > 0))
        status = sna_json_error(json, mean, SNA_EFORMAT, "must be above 0");
    if (status == 0)
        status = read_clip(self, json, object, -INFINITY, INFINITY);
    if (status == 0 && logarithmic) {
        /* From mean and sd of the value to those of its logarithm. */
        const double variance = log1p(self->sd * self->sd / (self->mean * self->mean));
        self->mean = log(self->mean) - variance / 2;
        self->sd = sqrt(variance);
    }
    return status;
}

static int read_delay(sna_generator *self, const sna_json *json, const cJSON *object, bool constant)
{
    static const char *const keys[] = {"velocity", "min_delay", "sd", "clip", "distance", NULL};
    const cJSON *distance = sna_json_member(object, "distance");
    int status = sna_json_check_keys(json, object, keys);

    self->kind = SNA_VALUE_DELAY;
    self->distance = constant ? 100 : NAN;
    self->axes = SNA_AXES_ALL;
    if (status == 0)
        status = read_number(json, object, "velocity", delay_velocity, &self->velocity);
    if (status == 0 && !(self->velocity > 0))
        status = sna_json_error(json, sna_json_member(object, "velocity"), SNA_EFORMAT, "must be above 0");
    if (status == 0)
        status = read_number(json, object, "min_delay", delay_least, &self->least);
    if (status == 0)
        status = read_number(json, object, "sd", delay_sd, &self->sd);
    if (status == 0 && !(self->sd >= 0))
        status = sna_json_error(json, sna_json_member(object, "sd"), SNA_EFORMAT, "must be at least 0");
    if (status == 0)
        status = read_clip(self, json, object, delay_low, delay_high);
    if (status == 0 && distance != NULL && constant)
        status = sna_json_real(json, distance, &self->distance);
    else if (status == 0 && distance != NULL)
        status = sna_axes_read(&self->axes, json, distance);
    return status;
}

/* Properties that are real numbers whatever values happen to be listed for them. */
static bool is_real(const char *name)
{
    static const char *const real[] = {"delay", "syn_weight", "afferent_section_pos", "efferent_section_pos", NULL};

    for (uint64_t i = 0; real[i] != NULL; i++) {
        if (strcmp(name, real[i]) == 0)
            return true;
    }
    return false;
}

/* A list of values of one type: texts, whole numbers or numbers. */
static int read_values(sna_generator *self, uint64_t column, const sna_json *json, const cJSON *list)
{
    sna_generated *out = &self->column[column];
    bool texts = false, numbers = false, whole = !is_real(out->name);
    uint64_t i = 0;
    int status = 0;

    for (const cJSON *item = list->child; item != NULL; item = item->next) {
        texts = texts || cJSON_IsString(item);
        numbers = numbers || !cJSON_IsString(item);
        whole = whole && cJSON_IsNumber(item) && item->valuedouble == floor(item->valuedouble) &&
                fabs(item->valuedouble) < 0x1p53;
    }
    if (texts && numbers)
        status = sna_json_error(json, list, SNA_EFORMAT, "must list either texts or numbers");
    out->type = texts ? SNA_TEXT : whole ? SNA_INTEGER : SNA_REAL;
    out->storage = texts ? SNA_UTF8 : whole ? SNA_U32 : SNA_F32;
    if (status == 0 && texts)
        status = sna_allocate(&out->text, self->values, sizeof *out->text);
    else if (status == 0 && whole)
        status = sna_allocate(&out->integer, self->values, sizeof *out->integer);
    else if (status == 0)
        status = sna_allocate(&out->real, self->values, sizeof *out->real);
    for (const cJSON *item = list->child; item != NULL && status == 0; item = item->next, i++) {
        if (texts) {
            out->text[i] = item->valuestring;
        } else if (whole) {
            out->integer[i] = (int64_t)item->valuedouble;
            if (out->integer[i] < 0 || out->integer[i] > UINT32_MAX)
                out->storage = SNA_I64;
        } else {
            status = sna_json_real(json, item, &out->real[i]);
        }
    }
    return status;
}

/* {"p": [...], NAME: [...], ...}: for a single property its list may be called `values`. */
static int read_choice(sna_generator *self, const sna_json *json, const cJSON *object)
{
    const char *const key = self->item->string;
    const bool several = key[0] == '*';
    const cJSON *p = NULL;
    int status = sna_json_require(json, object, "p", &p);

    self->kind = SNA_VALUE_CHOOSE;
    if (status == 0)
        status = sna_spec_read_weights(json, p, &self->cumulative, &self->values);
    for (const cJSON *list = status == 0 ? object->child : NULL; list != NULL && status == 0; list = list->next) {
        if (list == p)
            continue;
        if (!several && strcmp(list->string, key) != 0 && strcmp(list->string, "values") != 0) {
            status = sna_json_error(json, list, SNA_EFORMAT,
                                    "unknown key; allowed here: p, values (several properties that are chosen together "
                                    "go below a key that starts with *)");
            break;
        }
        if (!several && self->columns > 0) {
            status = sna_json_error(json, list, SNA_EFORMAT, "is a second list of values");
            break;
        }
        status = sna_spec_expect_length(json, list, self->values, "p");
        if (status == 0)
            status = add_column(self, several ? list->string : key, SNA_REAL);
        if (status == 0)
            status = read_values(self, self->columns - 1, json, list);
    }
    if (status == 0 && self->columns > SNA_COLUMNS_MOST)
        status =
            sna_json_error(json, object, SNA_EFORMAT, "chooses more than %d properties together", SNA_COLUMNS_MOST);
    if (status == 0 && self->columns == 0)
        status = sna_json_error(json, object, SNA_EFORMAT, "has nothing to choose from: give a list `%s` beside `p`",
                                several ? "PROPERTY" : "values");
    return status;
}

static int compare_pairs(const void *a, const void *b)
{
    const struct sna_pair_value *pa = a, *pb = b;

    if (pa->target != pb->target)
        return pa->target < pb->target ? -1 : 1;
    return pa->source == pb->source ? 0 : pa->source < pb->source ? -1 : 1;
}

static const char *field(const sna_generator *self, uint64_t row, int64_t column)
{
    return (uint64_t)column < sna_csv_fields(self->csv, row) ? sna_csv_field(self->csv, row, (uint64_t)column) : NULL;
}

/* The type that all values of a column have: whole numbers, numbers or texts. */
static sna_type csv_type(const sna_generator *self, int64_t column)
{
    sna_type type = is_real(self->item->string) ? SNA_REAL : SNA_INTEGER;

    for (uint64_t row = 1; row < sna_csv_rows(self->csv); row++) {
        const char *text = field(self, row, column);
        int64_t integer;
        double real;
        if (type == SNA_INTEGER && (text == NULL || sna_integer_parse(&integer, text) != 0))
            type = SNA_REAL;
        if (type == SNA_REAL && (text == NULL || sna_number_parse(&real, text) != 0))
            return SNA_TEXT;
    }
    return type;
}

static int csv_value(const sna_generator *self, uint64_t row, int64_t column, sna_type type, sna_value *out)
{
    const char *text = field(self, row, column);

    if (text == NULL)
        return sna_csv_error(self->csv, row, SNA_EFORMAT, "the value is missing");
    if (type == SNA_TEXT)
        out->text = text;
    else if (type == SNA_INTEGER)
        return sna_integer_parse(&out->integer, text);
    else
        return sna_number_parse(&out->real, text);
    return 0;
}

static int csv_list(sna_generator *self, int64_t column)
{
    sna_generated *out = &self->column[0];
    int status = 0;

    self->kind = SNA_VALUE_LIST;
    if (out->type == SNA_TEXT)
        status = sna_allocate(&out->text, self->values, sizeof *out->text);
    else if (out->type == SNA_INTEGER)
        status = sna_allocate(&out->integer, self->values, sizeof *out->integer);
    else
        status = sna_allocate(&out->real, self->values, sizeof *out->real);
    for (uint64_t i = 0; i < self->values && status == 0; i++) {
        sna_value value = {.integer = 0};
        status = csv_value(self, i + 1, column, out->type, &value);
        if (out->type == SNA_TEXT)
            out->text[i] = value.text;
        else if (out->type == SNA_INTEGER)
            out->integer[i] = value.integer;
        else
            out->real[i] = value.real;
    }
    return status;
}

static int csv_pairs(sna_generator *self, int64_t column, int64_t source, int64_t target)
{
    int status = sna_allocate(&self->pair, self->values, sizeof *self->pair);

    self->kind = SNA_VALUE_PAIRS;
    for (uint64_t i = 0; i < self->values && status == 0; i++) {
        struct sna_pair_value *pair = &self->pair[i];
        const char *from = field(self, i + 1, source), *to = field(self, i + 1, target);
        pair->row = i + 1;
        if (from == NULL || to == NULL || sna_unsigned_parse(&pair->source, from) != 0 ||
            sna_unsigned_parse(&pair->target, to) != 0)
            status = sna_csv_error(self->csv, i + 1, SNA_EFORMAT,
                                   "source_node_id and target_node_id must be whole numbers of at least 0");
        if (status == 0)
            status = csv_value(self, i + 1, column, self->column[0].type, &pair->value);
    }
    if (status == 0 && self->values > 1)
        qsort(self->pair, self->values, sizeof *self->pair, compare_pairs);
    for (uint64_t i = 1; i < self->values && status == 0; i++) {
        if (compare_pairs(&self->pair[i - 1], &self->pair[i]) == 0)
            status = sna_csv_error(self->csv, self->pair[i].row, SNA_EFORMAT, "there is a second value for this pair");
    }
    return status;
}

/* {"csv": FILE, "column": NAME}: a value for each pair of nodes where the file says which (edges), else for each node
 * or synapse in order. */
static int read_csv(sna_generator *self, const sna_json *json, const cJSON *item, const char *folder, bool edges)
{
    const cJSON *file = sna_json_member(item, "csv"), *column = NULL;
    const char *name = NULL, *header = NULL;
    char *path = NULL;
    int64_t at, source, target;
    int status = sna_json_require(json, item, "column", &column);

    if (status == 0)
        status = sna_json_text(json, file, &name);
    if (status == 0)
        status = sna_json_text(json, column, &header);
    if (status == 0)
        status = sna_path_join(&path, folder, name);
    if (status != 0)
        goto out;
    status = sna_csv_read(&self->csv, path, ',');
    if (status == SNA_ENOTFOUND)
        status = sna_json_error(json, file, SNA_EFORMAT, "there is no file %s", path);
    if (status != 0)
        goto out;
    at = sna_csv_column(self->csv, header);
    if (at < 0) {
        status = sna_json_error(json, column, SNA_EFORMAT, "%s has no column %s", path, header);
        goto out;
    }
    self->values = sna_csv_rows(self->csv) - 1;
    status = add_column(self, self->item->string, csv_type(self, at));
    if (status != 0)
        goto out;
    source = sna_csv_column(self->csv, "source_node_id");
    target = sna_csv_column(self->csv, "target_node_id");
    status = edges && source >= 0 && target >= 0 ? csv_pairs(self, at, source, target) : csv_list(self, at);
out:
    free(path);
    return status;
}

static int read_constant(sna_generator *self, const sna_json *json, const cJSON *item)
{
    const bool truth = cJSON_IsBool(item);
    int status = 0;

    self->kind = SNA_VALUE_CONSTANT;
    self->values = 1;
    if (!cJSON_IsNumber(item) && !cJSON_IsString(item) && !truth) {
        status = sna_json_error(json, item, SNA_EFORMAT, "must be a value or a generator, found something else");
        goto out;
    }
    status = add_column(self, self->item->string, SNA_REAL);
    if (status == 0 && truth) {
        self->column[0].type = SNA_INTEGER;
        self->column[0].storage = SNA_I8;
        status = sna_allocate(&self->column[0].integer, 1, sizeof *self->column[0].integer);
        if (status == 0)
            self->column[0].integer[0] = cJSON_IsTrue(item);
    } else if (status == 0) {
        cJSON alone = *item, list = {.child = &alone};
        double number;
        alone.next = NULL;
        if (cJSON_IsNumber(item))
            status = sna_json_real(json, item, &number);
        if (status == 0)
            status = read_values(self, 0, json, &list);
    }
out:
    return status;
}

static int read_storage(sna_generator *self, const sna_json *json, const cJSON *item)
{
    static const sna_storage integers[] = {SNA_I8, SNA_I16, SNA_I32, SNA_I64, SNA_U8, SNA_U16, SNA_U32, SNA_U64},
                             reals[] = {SNA_F32, SNA_F64};
    const char *name = NULL;
    int status = sna_json_text(json, item, &name);

    for (uint64_t c = 0; c < self->columns && status == 0; c++) {
        const bool integer = self->column[c].type == SNA_INTEGER;
        const sna_storage *list = integer ? integers : reals;
        const unsigned count = integer ? 8 : 2;
        bool found = false;
        for (unsigned i = 0; i < count && !found; i++) {
            found = strcmp(sna_storage_name(list[i]), name) == 0;
            if (found)
                self->column[c].storage = list[i];
        }
        if (!found || self->column[c].type == SNA_TEXT)
            status =
                sna_json_error(json, item, SNA_EFORMAT,
                               "must be int8 ... int64 or uint8 ... uint64 for whole numbers, float32 or float64 for "
                               "numbers, found %s",
                               name);
    }
    return status;
}

static int read_generator(sna_generator *self, const sna_json *json, const cJSON *item, const char *folder, bool edges)
{
    static const char *const keys[] = {
        "uniform", "uniform_integer", "normal",   "lognormal",      "choose",         "list", "csv",
        "column",  "storage",         "distance", "distance_delay", "constant_delay", NULL};
    const cJSON *kind = NULL, *storage;
    int status = 0;

    self->item = item;
    self->low = -INFINITY;
    self->high = INFINITY;
    if (!cJSON_IsObject(item)) {
        status = read_constant(self, json, item);
        goto out;
    }
    status = sna_json_check_keys(json, item, keys);
    storage = sna_json_member(item, "storage");
    for (const cJSON *child = status == 0 ? item->child : NULL; child != NULL && status == 0; child = child->next) {
        if (child == storage || (strcmp(child->string, "column") == 0 && sna_json_member(item, "csv") != NULL))
            continue;
        if (kind != NULL)
            status = sna_json_error(json, child, SNA_EFORMAT, "is a second generator beside `%s`", kind->string);
        kind = child;
    }
    if (status == 0 && kind == NULL)
        status = sna_json_error(json, item, SNA_EFORMAT, "needs one of uniform, normal, lognormal, choose, list, csv%s",
                                edges ? ", distance, distance_delay, constant_delay" : "");
    if (status == 0 && item->string[0] == '*' && strcmp(kind->string, "choose") != 0)
        status = sna_json_error(json, kind, SNA_EFORMAT, "only `choose` can stand below a key that starts with *");
    if (status != 0)
        goto out;
    if (strcmp(kind->string, "choose") == 0) {
        status = read_choice(self, json, kind);
    } else if (strcmp(kind->string, "csv") == 0) {
        status = read_csv(self, json, item, folder, edges);
    } else if (strcmp(kind->string, "list") == 0) {
        status = sna_json_expect_array(json, kind);
        self->kind = SNA_VALUE_LIST;
        self->values = status == 0 ? sna_spec_length(kind) : 0;
        if (status == 0)
            status = add_column(self, item->string, SNA_REAL);
        if (status == 0)
            status = read_values(self, 0, json, kind);
    } else if (!edges && strstr("distance_delay constant_delay", kind->string) != NULL) {
        status = sna_json_error(json, kind, SNA_EFORMAT, "is for edges, not for nodes");
    } else {
        double bound[2] = {0, 0};
        status = add_column(self, item->string, SNA_REAL);
        if (status != 0)
            goto out;
        switch (kind->string[0]) {
        case 'u':
            status = sna_spec_read_pair(json, kind, bound);
            self->kind = SNA_VALUE_UNIFORM;
            self->low = bound[0];
            self->high = bound[1];
            if (status == 0 && strcmp(kind->string, "uniform_integer") == 0) {
                self->kind = SNA_VALUE_UNIFORM_INTEGER;
                self->column[0].type = SNA_INTEGER;
                self->column[0].storage = bound[0] >= 0 && bound[1] <= UINT32_MAX ? SNA_U32 : SNA_I64;
                if (bound[0] != floor(bound[0]) || bound[1] != floor(bound[1]) || fabs(bound[0]) > 0x1p53 ||
                    fabs(bound[1]) > 0x1p53)
                    status = sna_json_error(json, kind, SNA_EFORMAT, "must be two whole numbers");
            }
            break;
        case 'n':
            self->kind = SNA_VALUE_NORMAL;
            status = read_spread(self, json, kind, false);
            break;
        case 'l':
            self->kind = SNA_VALUE_LOGNORMAL;
            status = read_spread(self, json, kind, true);
            break;
        case 'c':
            status = read_delay(self, json, kind, true);
            break;
        default:
            if (strcmp(kind->string, "distance") == 0) {
                self->kind = SNA_VALUE_DISTANCE;
                status = sna_axes_read(&self->axes, json, kind);
            } else {
                status = read_delay(self, json, kind, false);
            }
            break;
        }
    }
    if (status == 0 && storage != NULL)
        status = read_storage(self, json, storage);
out:
    return status;
}

static void generator_free(sna_generator *self)
{
    for (uint64_t c = 0; c < self->columns; c++) {
        free(self->column[c].integer);
        free(self->column[c].real);
        free(self->column[c].text);
    }
    free(self->column);
    free(self->cumulative);
    free(self->pair);
    sna_csv_free(self->csv);
}

void sna_generators_free(sna_generators *self)
{
    for (uint64_t i = 0; i < self->count; i++)
        generator_free(&self->item[i]);
    free(self->item);
    *self = (sna_generators){0};
}

int sna_generators_add(sna_generators *self, const sna_json *json, const cJSON *item, const char *folder, bool edges)
{
    sna_generator *grown, *added;
    int status = 0;

    for (uint64_t i = 0; i < self->count; i++) {
        if (strcmp(self->item[i].item->string, item->string) == 0)
            goto out;
    }
    grown = sna_grow(self->item, &self->capacity, self->count + 1, sizeof *self->item);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->item = grown;
    added = &self->item[self->count++];
    *added = (sna_generator){0};
    status = read_generator(added, json, item, folder, edges);
    for (uint64_t c = 0; c < added->columns && status == 0; c++) {
        uint64_t column;
        const sna_generator *other = sna_generators_find(self, added->column[c].name, &column);
        if (other != added || column != c)
            status = sna_json_error(json, item, SNA_EFORMAT, "gives `%s` a value, but `%s` does so already",
                                    added->column[c].name, other->item->string);
    }
out:
    return status;
}

const sna_generator *sna_generators_find(const sna_generators *self, const char *name, uint64_t *column)
{
    for (uint64_t i = 0; i < self->count; i++) {
        for (uint64_t c = 0; c < self->item[i].columns; c++) {
            if (strcmp(self->item[i].column[c].name, name) == 0) {
                *column = c;
                return &self->item[i];
            }
        }
    }
    return NULL;
}

bool sna_generators_need_distance(const sna_generators *self)
{
    for (uint64_t i = 0; i < self->count; i++) {
        const sna_generator *item = &self->item[i];
        if (item->kind == SNA_VALUE_DISTANCE || (item->kind == SNA_VALUE_DELAY && isnan(item->distance)))
            return true;
    }
    return false;
}

/* ---- drawing ------------------------------------------------------------------------------------------------ */

void sna_generator_start(const sna_generator *self, sna_random *random, uint64_t seed, uint64_t source, uint64_t target,
                         uint64_t copy)
{
    sna_random_start(random, seed, self->purpose, source, target);
    random->counter[3] = copy; /* nothing else uses this word */
}

static double clip(const sna_generator *self, double value)
{
    return fmin(fmax(value, self->low), self->high);
}

static void take(const sna_generator *self, uint64_t at, sna_value *out)
{
    for (uint64_t c = 0; c < self->columns; c++) {
        const sna_generated *column = &self->column[c];
        if (column->type == SNA_TEXT)
            out[c].text = column->text[at];
        else if (column->type == SNA_INTEGER)
            out[c].integer = column->integer[at];
        else
            out[c].real = column->real[at];
    }
}

void sna_generator_draw(const sna_generator *self, sna_random *random, uint64_t number, const double *source,
                        const double *target, sna_value *out)
{
    double distance = self->distance;

    switch (self->kind) {
    case SNA_VALUE_UNIFORM:
        out->real = self->low + (self->high - self->low) * sna_random_uniform(random);
        break;
    case SNA_VALUE_UNIFORM_INTEGER:
        out->integer = (int64_t)self->low + (int64_t)sna_random_below(random, (uint64_t)(self->high - self->low) + 1);
        break;
    case SNA_VALUE_NORMAL:
        out->real = clip(self, self->mean + self->sd * sna_random_normal(random));
        break;
    case SNA_VALUE_LOGNORMAL:
        out->real = clip(self, exp(self->mean + self->sd * sna_random_normal(random)));
        break;
    case SNA_VALUE_CHOOSE:
        take(self, sna_spec_choose(self->cumulative, self->values, sna_random_uniform(random)), out);
        break;
    case SNA_VALUE_LIST:
        take(self, number, out);
        break;
    case SNA_VALUE_DISTANCE:
        out->real = sna_distance(self->axes, source, target);
        break;
    case SNA_VALUE_DELAY:
        if (isnan(distance))
            distance = sna_distance(self->axes, source, target);
        out->real = distance / self->velocity + self->least;
        if (self->sd > 0)
            out->real += self->sd * sna_random_normal(random);
        out->real = clip(self, out->real);
        break;
    default:
        take(self, 0, out);
        break;
    }
}

int sna_generator_look_up(const sna_generator *self, const sna_json *json, uint64_t source, uint64_t target,
                          sna_value *out)
{
    const struct sna_pair_value key = {.source = source, .target = target};
    const struct sna_pair_value *found =
        self->values == 0 ? NULL : bsearch(&key, self->pair, self->values, sizeof key, compare_pairs);

    if (found == NULL)
        return sna_json_error(json, self->item, SNA_EFORMAT,
                              "the file has no value for the edge from node %" PRIu64 " to node %" PRIu64, source,
                              target);
    *out = found->value;
    return 0;
}
