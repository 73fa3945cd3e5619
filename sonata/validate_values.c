/* validate_values.c: values of attributes by the rules for their names. */
#include "sonata/validate.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the values of an attribute may be. */
typedef struct {
    const char *name;
    const char *code; /* of the finding */
    double low, high; /* both included */
    bool finite;      /* NaN is a fault too */
} value_rule;

static const double turn = 6.2832; /* 2 pi, and a little for single precision */

static const value_rule of_nodes[] = {{"x", "nodes.coordinate", -INFINITY, INFINITY, true},
                                      {"y", "nodes.coordinate", -INFINITY, INFINITY, true},
                                      {"z", "nodes.coordinate", -INFINITY, INFINITY, true},
                                      {"positions", "nodes.coordinate", -INFINITY, INFINITY, true},
                                      {"rotation_angle_xaxis", "nodes.angle", -turn, turn, true},
                                      {"rotation_angle_yaxis", "nodes.angle", -turn, turn, true},
                                      {"rotation_angle_zaxis", "nodes.angle", -turn, turn, true},
                                      {NULL, NULL, 0, 0, false}};

static const value_rule of_edges[] = {{"delay", "edges.delay", 0, INFINITY, true},
                                      {"syn_weight", "edges.weight", -INFINITY, INFINITY, true},
                                      {"weight", "edges.weight", -INFINITY, INFINITY, true},
                                      {"afferent_section_id", "edges.section-id", 0, INFINITY, true},
                                      {"efferent_section_id", "edges.section-id", 0, INFINITY, true},
                                      {"sec_id", "edges.section-id", 0, INFINITY, true},
                                      {"afferent_section_pos", "edges.section-pos", 0, 1, true},
                                      {"efferent_section_pos", "edges.section-pos", 0, 1, true},
                                      {"sec_x", "edges.section-pos", 0, 1, true},
                                      {"afferent_center_x", "edges.coordinate", -INFINITY, INFINITY, true},
                                      {"afferent_center_y", "edges.coordinate", -INFINITY, INFINITY, true},
                                      {"afferent_center_z", "edges.coordinate", -INFINITY, INFINITY, true},
                                      {"afferent_surface_x", "edges.coordinate", -INFINITY, INFINITY, true},
                                      {"afferent_surface_y", "edges.coordinate", -INFINITY, INFINITY, true},
                                      {"afferent_surface_z", "edges.coordinate", -INFINITY, INFINITY, true},
                                      {"efferent_center_x", "edges.coordinate", -INFINITY, INFINITY, true},
                                      {"efferent_center_y", "edges.coordinate", -INFINITY, INFINITY, true},
                                      {"efferent_center_z", "edges.coordinate", -INFINITY, INFINITY, true},
                                      {"efferent_surface_x", "edges.coordinate", -INFINITY, INFINITY, true},
                                      {"efferent_surface_y", "edges.coordinate", -INFINITY, INFINITY, true},
                                      {"efferent_surface_z", "edges.coordinate", -INFINITY, INFINITY, true},
                                      {"conductance", "edges.dynamics", 0, INFINITY, true},
                                      {"decay_time", "edges.dynamics", 0, INFINITY, true},
                                      {"depression_time", "edges.dynamics", 0, INFINITY, true},
                                      {"facilitation_time", "edges.dynamics", 0, INFINITY, true},
                                      {"u_syn", "edges.dynamics", 0, INFINITY, true},
                                      {"n_rrp_vesicles", "edges.dynamics", 0, INFINITY, true},
                                      {"nsyns", "edges.dynamics", 0, INFINITY, true},
                                      {NULL, NULL, 0, 0, false}};

/* Attributes that hold texts (or codes with a library). */
static const char *const texts[] = {"model_type",  "model_template", "model_processing", "morphology", "mtype", "etype",
                                    "morph_class", "synapse_class",  "region",           "pop_name",   "ei",    NULL};

static const value_rule *find_rule(const value_rule *rule, const char *name)
{
    while (rule->name != NULL && strcmp(rule->name, name) != 0)
        rule++;
    return rule->name == NULL ? NULL : rule;
}

static bool is_text_name(const char *name)
{
    for (size_t i = 0; texts[i] != NULL; i++)
        if (strcmp(texts[i], name) == 0)
            return true;
    return false;
}

/* ---- one dataset -------------------------------------------------------------------------------------------- */

typedef struct {
    sna_validator *validator;
    const char *file;
    bool unreadable; /* some dataset was */
    double *value;   /* [capacity] */
    uint64_t capacity;
} value_pass;

/* Are all of the values in [low, high] (no NaN)? Without branches: the compiler makes it eight values at a time. */
static bool all_within(const double *value, uint64_t count, double low, double high)
{
    uint64_t bad = 0;

    for (uint64_t i = 0; i < count; i++)
        bad += !(value[i] >= low) | !(value[i] <= high);
    return bad == 0;
}

/* What cannot be in range: integers of a type without negative values, for rules that start at 0. */
static bool cannot_fail(const sna_dataset *dataset, const value_rule *rule)
{
    return dataset->raw != SNA_RAW_FLOAT &&
           (rule == NULL || ((rule->low < 0 || dataset->raw == SNA_RAW_UNSIGNED) && rule->high > 1));
}

static int check_numbers(value_pass *pass, sna_dataset *dataset, const value_rule *rule)
{
    int status = 0;
    bool readable = true;
    sna_tally bad = {0};
    const uint64_t rows = SNA_CHECK_ROWS / dataset->width > 0 ? SNA_CHECK_ROWS / dataset->width : 1;
    const double low = rule == NULL ? -INFINITY : rule->low, high = rule == NULL ? INFINITY : rule->high;
    /* The extremes of double stand for "finite". */
    const double least = isinf(low) ? -1.7976931348623157e308 : low, most = isinf(high) ? 1.7976931348623157e308 : high;

    const uint64_t total = sna_column_is_constant(dataset) ? 1 : dataset->rows;

    if (cannot_fail(dataset, rule) && !dataset->filtered)
        goto out; /* a chunk that is compressed may be damaged */
    if (pass->capacity < rows * dataset->width) {
        free(pass->value);
        pass->capacity = 0;
        status = sna_allocate(&pass->value, rows * dataset->width, sizeof *pass->value);
        if (status != 0)
            goto out;
        pass->capacity = rows * dataset->width;
    }
    for (uint64_t first = 0; first < total && status == 0 && readable; first += rows) {
        const uint64_t left = total - first, count = left < rows ? left : rows;
        status = sna_check_reals(pass->validator, dataset, first, count, pass->value, &readable);
        if (status != 0 || !readable)
            break;
        if (!all_within(pass->value, count * dataset->width, least, most))
            for (uint64_t i = 0; i < count * dataset->width; i++)
                if (!(pass->value[i] >= least && pass->value[i] <= most))
                    sna_tally_value(&bad, first + i / dataset->width, pass->value[i]);
        status = sna_check_cancelled();
    }
    pass->unreadable = pass->unreadable || !readable;
    if (status != 0)
        goto out;
    if (rule == NULL)
        status = sna_find(pass->validator, "attribute.not-finite", (sna_place){pass->file, dataset->place, 0}, &bad,
                          "%" PRIu64 " %s not finite", bad.count, sna_plural(bad.count, "value is", "values are"));
    else
        status = sna_find(pass->validator, rule->code, (sna_place){pass->file, dataset->place, 0}, &bad,
                          "%" PRIu64 " %s out of range or not finite", bad.count,
                          sna_plural(bad.count, "value is", "values are"));
out:
    return status;
}

/* Texts may be anything, but they must be there: in the heap of the file, or in chunks. */
static int check_texts(value_pass *pass, sna_dataset *dataset)
{
    int status = 0;
    bool readable = true;
    uint32_t *code = NULL;
    sna_dictionary different = SNA_DICTIONARY;
    const uint64_t rows = SNA_CHECK_ROWS / dataset->width > 0 ? SNA_CHECK_ROWS / dataset->width : 1;
    const uint64_t total = sna_column_is_constant(dataset) ? 1 : dataset->rows;

    status = sna_allocate(&code, rows * dataset->width, sizeof *code);
    for (uint64_t first = 0; first < total && status == 0 && readable; first += rows) {
        const uint64_t left = total - first, count = left < rows ? left : rows;
        status = sna_check_texts(pass->validator, dataset, first, count, &different, code, &readable);
        if (different.texts.count > SNA_CHECK_ROWS)
            sna_dictionary_free(&different);
        if (status == 0)
            status = sna_check_cancelled();
    }
    pass->unreadable = pass->unreadable || !readable;
    sna_dictionary_free(&different);
    free(code);
    return status;
}

static int check_dataset(value_pass *pass, const sna_checked_file *file, const sna_checked_group *group, hid_t parent,
                         const char *folder, const char *name, const value_rule *rules)
{
    int status = 0;
    char *place = NULL;
    sna_dataset *dataset = NULL;
    const value_rule *rule = find_rule(rules, name);
    const bool is_code = sna_list_find(&group->libraries, name) >= 0;
    const sna_place where = {file->path, NULL, 0};

    status = sna_text_format(&place, "%s%s/%s", group->place, folder, name);
    if (status == 0)
        status = sna_dataset_open(&dataset, file->h5, parent, name, place);
    if (status == SNA_EFORMAT || status == SNA_ENOTFOUND) {
        status = 0; /* found when the group was measured */
        goto out;
    }
    if (status != 0 || dataset->raw == SNA_RAW_NONE || dataset->lacks != NULL || dataset->rows != group->rows)
        goto out;
    if (!sna_dataset_is_number(dataset) && rule != NULL && dataset->rows > 0)
        status =
            sna_find(pass->validator, "attribute.number", (sna_place){where.file, place, 0}, NULL, "this holds texts");
    else if (sna_dataset_is_number(dataset) && is_text_name(name) && !is_code && dataset->rows > 0)
        status =
            sna_find(pass->validator, "attribute.text", (sna_place){where.file, place, 0}, NULL,
                     "this holds numbers (%s) and there is no @library for them", sna_storage_name(dataset->storage));
    if (status != 0 || pass->validator->options.headers_only)
        goto out;
    if (!sna_dataset_is_number(dataset))
        status = check_texts(pass, dataset);
    else if (!is_code)
        status = check_numbers(pass, dataset, rule);
out:
    sna_dataset_close(dataset);
    free(place);
    return status;
}

/* ---- quaternions -------------------------------------------------------------------------------------------- */

typedef struct {
    sna_dataset *part[4]; /* w, x, y, z */
    double *value[4];     /* [SNA_CHECK_ROWS] */
} quaternion_columns;

static int check_norms(sna_validator *self, const sna_checked_file *file, const sna_checked_group *group,
                       quaternion_columns *q)
{
    int status = 0;
    bool readable = true;
    sna_tally zero = {0}, off = {0};
    const sna_place where = {file->path, group->place, 0};

    for (uint64_t first = 0; first < group->rows && status == 0 && readable; first += SNA_CHECK_ROWS) {
        const uint64_t left = group->rows - first, count = left < SNA_CHECK_ROWS ? left : SNA_CHECK_ROWS;
        for (unsigned k = 0; k < 4 && status == 0 && readable; k++)
            status = sna_check_reals(self, q->part[k], first, count, q->value[k], &readable);
        for (uint64_t i = 0; i < count && status == 0 && readable; i++) {
            double squares = 0;
            for (unsigned k = 0; k < 4; k++)
                squares += q->value[k][i] * q->value[k][i];
            if (!isfinite(squares) || squares < 1e-12)
                sna_tally_value(&zero, first + i, sqrt(squares));
            else if (fabs(squares - 1) > 2e-3)
                sna_tally_value(&off, first + i, sqrt(squares));
        }
    }
    if (status == 0)
        status = sna_find(self, "nodes.quaternion-zero", where, &zero, "%" PRIu64 " %s of length 0 or not finite",
                          zero.count, sna_plural(zero.count, "quaternion is", "quaternions are"));
    if (status == 0)
        status = sna_find(self, "nodes.quaternion-norm", where, &off, "%" PRIu64 " %s not of length 1", off.count,
                          sna_plural(off.count, "quaternion is", "quaternions are"));
    return status;
}

static bool has_attribute(const sna_checked_group *group, const char *name)
{
    return sna_list_find(&group->attributes, name) >= 0;
}

static int check_rotations(sna_validator *self, const sna_checked_file *file, const sna_checked_group *group)
{
    static const char *const names[] = {"orientation_w", "orientation_x", "orientation_y", "orientation_z"};
    int status = 0;
    unsigned parts = 0, usable = 0;
    quaternion_columns q = {{NULL}, {NULL}};
    sna_string missing = SNA_STRING;
    const sna_place where = {file->path, group->place, 0};
    const bool has_angles = has_attribute(group, "rotation_angle_xaxis") ||
                            has_attribute(group, "rotation_angle_yaxis") ||
                            has_attribute(group, "rotation_angle_zaxis");

    for (unsigned k = 0; k < 4 && status == 0; k++) {
        parts += has_attribute(group, names[k]);
        if (!has_attribute(group, names[k]))
            status = sna_string_format(&missing, "%s%s", missing.length > 0 ? ", " : "", names[k]);
    }
    if (status != 0 || parts == 0)
        goto out;
    if (has_angles)
        status = sna_find(self, "nodes.two-rotations", where, NULL,
                          "the group has orientation_* and rotation_angle_* at once");
    if (status == 0 && parts < 4)
        status = sna_find(self, "nodes.quaternion-partial", where, NULL, "%s missing: %s",
                          parts == 3 ? "a component is" : "components are", sna_string_text(&missing));
    if (status != 0 || parts < 4 || self->options.headers_only)
        goto out;
    for (unsigned k = 0; k < 4 && status == 0; k++) {
        char *place = NULL;
        status = sna_text_format(&place, "%s/%s", group->place, names[k]);
        if (status == 0)
            status = sna_dataset_open(&q.part[k], file->h5, group->id, names[k], place);
        if (status == SNA_EFORMAT || status == SNA_ENOTFOUND)
            status = 0;
        else if (status == 0)
            usable += sna_dataset_is_number(q.part[k]) && q.part[k]->rows == group->rows && q.part[k]->width == 1 &&
                      q.part[k]->lacks == NULL;
        if (status == 0)
            status = sna_allocate(&q.value[k], SNA_CHECK_ROWS, sizeof *q.value[k]);
        free(place);
    }
    if (status == 0 && usable == 4)
        status = check_norms(self, file, group, &q);
out:
    for (unsigned k = 0; k < 4; k++) {
        sna_dataset_close(q.part[k]);
        free(q.value[k]);
    }
    sna_string_free(&missing);
    return status;
}

int sna_check_values(sna_validator *self, const sna_checked_population *population, sna_checked_body *body)
{
    int status = 0;
    const bool is_nodes = strcmp(body->one, "node") == 0;
    const value_rule *rules = is_nodes ? of_nodes : of_edges;
    value_pass pass = {.validator = self, .file = population->file->path};

    for (uint64_t g = 0; g < body->groups && status == 0; g++) {
        const sna_checked_group *group = &body->group[g];
        for (uint64_t i = 0; i < group->attributes.count && status == 0; i++)
            status = check_dataset(&pass, population->file, group, group->id, "", group->attributes.text[i], rules);
        for (uint64_t i = 0; i < group->parameters.count && status == 0; i++)
            status = check_dataset(&pass, population->file, group, group->dynamics, "/dynamics_params",
                                   group->parameters.text[i], rules);
        if (is_nodes && status == 0)
            status = check_rotations(self, population->file, group);
    }
    body->broken = body->broken || pass.unreadable;
    free(pass.value);
    return status;
}
