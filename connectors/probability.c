/* probability.c: the probability of a connection, a number or a function of the distance between two nodes. */
#include "probability.h"

#include <stdlib.h>
#include <string.h>

#include "spec.h"

/* ---- reading ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    unsigned axes;
} metric[] = {{"spherical", 7}, {"cylindrical_z", 3}, {"cylindrical_y", 5}, {"cylindrical_x", 6}, {"x", 1}, {"y", 2},
              {"z", 4}};
enum { METRICS = sizeof metric / sizeof *metric };

int sna_axes_read(unsigned *out, const sna_json *json, const cJSON *item)
{
    const char *name = NULL;
    int status = sna_json_text(json, item, &name);

    for (unsigned i = 0; status == 0 && i < METRICS; i++) {
        if (strcmp(name, metric[i].name) == 0) {
            *out = metric[i].axes;
            goto out;
        }
    }
    if (status == 0)
        status = sna_json_error(json, item, SNA_EFORMAT,
                                "must be spherical, cylindrical_z (the distance in x and y), cylindrical_y, "
                                "cylindrical_x, x, y or z, found %s",
                                name);
out:
    return status;
}

/* A value of the function: a probability, or any factor of at least 0. */
static int read_value(const sna_json *json, const cJSON *item, double most, double *out)
{
    char number[SNA_NUMBER_SIZE];
    int status = sna_json_real(json, item, out);

    if (status == 0 && !(*out >= 0 && *out <= most))
        status =
            sna_json_error(json, item, SNA_EFORMAT,
                           most > 1 ? "must be at least 0, found %s" : "must be a probability from 0 to 1, found %s",
                           sna_number_text(number, *out));
    return status;
}

static int read_above_zero(const sna_json *json, const cJSON *item, double *out)
{
    int status = sna_json_real(json, item, out);

    if (status == 0 && !(*out > 0))
        status = sna_json_error(json, item, SNA_EFORMAT, "must be above 0");
    return status;
}

/* A pair of distances, 0 <= low < high; null for high means without end. */
static int read_window(const sna_json *json, const cJSON *item, double *low, double *high)
{
    double bound[2];
    int status = 0;

    if (cJSON_IsArray(item) && sna_spec_length(item) == 2 && cJSON_IsNull(item->child->next)) {
        status = sna_json_real(json, item->child, &bound[0]);
        bound[1] = INFINITY;
    } else {
        status = sna_spec_read_pair(json, item, bound);
    }
    if (status == 0 && !(bound[0] >= 0 && bound[0] < bound[1]))
        status = sna_json_error(json, item, SNA_EFORMAT, "must be two distances, 0 <= first < second");
    *low = bound[0];
    *high = bound[1];
    return status;
}

static int read_gaussian(sna_probability *self, const sna_json *json, const cJSON *item)
{
    static const char *const keys[] = {"mean", "sd", "pmax", "ptotal", "within", NULL};
    const cJSON *mean, *sd = NULL, *pmax, *ptotal, *within;
    double r[2] = {self->low, self->high}, total = 0;
    int status = sna_json_check_keys(json, item, keys);

    self->kind = SNA_P_GAUSSIAN;
    if (status == 0)
        status = sna_json_require(json, item, "sd", &sd);
    if (status == 0)
        status = read_above_zero(json, sd, &self->scale);
    mean = sna_json_member(item, "mean");
    if (status == 0 && mean != NULL)
        status = sna_json_real(json, mean, &self->mean);
    if (status != 0)
        goto out;
    pmax = sna_json_member(item, "pmax");
    ptotal = sna_json_member(item, "ptotal");
    within = sna_json_member(item, "within");
    if ((pmax == NULL) == (ptotal == NULL)) {
        status = sna_json_error(json, item, SNA_EFORMAT,
                                "needs either `pmax` (its peak) or `ptotal` (its mean over the distances `within`)");
        goto out;
    }
    if (pmax != NULL) {
        if (within != NULL)
            status = sna_json_error(json, within, SNA_EFORMAT, "goes with `ptotal`, not with `pmax`");
        if (status == 0)
            status = read_value(json, pmax, self->most, &self->peak);
        goto out;
    }
    status = read_value(json, ptotal, self->most, &total);
    if (status == 0 && within != NULL)
        status = read_window(json, within, &r[0], &r[1]);
    if (status == 0 && !isfinite(r[1]))
        status = sna_json_error(json, item, SNA_EFORMAT,
                                "`ptotal` is a mean over distances: give them as `within` (or a `range`)");
    if (status == 0)
        self->peak = sna_gaussian_peak(total, self->mean, self->scale, r[0], r[1],
                                       (self->axes & 1) + (self->axes >> 1 & 1) + (self->axes >> 2 & 1));
    if (status == 0 && !isfinite(self->peak))
        status = sna_json_error(json, item, SNA_EFORMAT, "is zero, to any precision, at all distances `within`");
out:
    return status;
}

static int read_exponential(sna_probability *self, const sna_json *json, const cJSON *item)
{
    static const char *const keys[] = {"scale", "pmax", NULL};
    const cJSON *scale = NULL, *pmax = NULL;
    int status = sna_json_check_keys(json, item, keys);

    self->kind = SNA_P_EXPONENTIAL;
    if (status == 0)
        status = sna_json_require(json, item, "scale", &scale);
    if (status == 0)
        status = sna_json_require(json, item, "pmax", &pmax);
    if (status == 0)
        status = read_above_zero(json, scale, &self->scale);
    if (status == 0)
        status = read_value(json, pmax, self->most, &self->peak);
    return status;
}

static int read_points(sna_probability *self, const sna_json *json, const cJSON *item)
{
    int status = sna_json_expect_array(json, item);

    if (status == 0 && item->child == NULL)
        status = sna_json_error(json, item, SNA_EFORMAT, "must list pairs of a distance and a probability");
    if (status == 0)
        status = sna_allocate(&self->point, sna_spec_length(item), sizeof *self->point);
    for (const cJSON *child = status == 0 ? item->child : NULL; child != NULL && status == 0; child = child->next) {
        double *point = self->point[self->points];
        status = sna_spec_read_numbers(json, child, point, 2);
        if (status == 0 && !(point[0] >= 0 && (self->points == 0 || point[0] > self->point[self->points - 1][0])))
            status = sna_json_error(json, child, SNA_EFORMAT, "distances must be at least 0 and ascend");
        if (status == 0)
            status = read_value(json, child->child->next, self->most, &point[1]);
        if (status == 0 && point[1] > self->peak)
            self->peak = point[1];
        self->points++;
    }
    return status;
}

int sna_probability_read(sna_probability *out, const sna_json *json, const cJSON *item, bool rate)
{
    static const char *const keys[] = {"uniform", "gaussian", "exponential", "table",
                                       "steps",   "range",    "distance",    NULL};
    const cJSON *range, *distance, *shape = NULL;
    int status = 0;

    *out = (sna_probability){.high = INFINITY, .most = rate ? INFINITY : 1, .axes = SNA_AXES_ALL};
    if (cJSON_IsNumber(item)) {
        status = read_value(json, item, out->most, &out->peak);
        goto out;
    }
    if (!cJSON_IsObject(item)) {
        status = sna_json_error(json, item, SNA_EFORMAT,
                                "must be a number or a function of distance: {\"gaussian\": ...}, {\"uniform\": ...}, "
                                "{\"exponential\": ...}, {\"table\": ...} or {\"steps\": ...}");
        goto out;
    }
    status = sna_json_check_keys(json, item, keys);
    range = sna_json_member(item, "range");
    distance = sna_json_member(item, "distance");
    for (const cJSON *child = status == 0 ? item->child : NULL; child != NULL && status == 0; child = child->next) {
        if (child == range || child == distance)
            continue;
        if (shape != NULL)
            status = sna_json_error(json, child, SNA_EFORMAT, "is a second function beside `%s`", shape->string);
        shape = child;
    }
    if (status == 0 && shape == NULL)
        status =
            sna_json_error(json, item, SNA_EFORMAT, "needs one of uniform, gaussian, exponential, table and steps");
    if (status == 0 && range != NULL)
        status = read_window(json, range, &out->low, &out->high);
    if (status == 0 && distance != NULL)
        status = sna_axes_read(&out->axes, json, distance);
    if (status != 0)
        goto out;
    switch (shape->string[0]) {
    case 'g':
        status = read_gaussian(out, json, shape);
        break;
    case 'e':
        status = read_exponential(out, json, shape);
        break;
    case 'u':
        status = read_value(json, shape, out->most, &out->peak);
        break;
    default:
        out->kind = shape->string[0] == 't' ? SNA_P_TABLE : SNA_P_STEPS;
        status = read_points(out, json, shape);
        break;
    }
out:
    if (status != 0)
        sna_probability_free(out);
    return status;
}

void sna_probability_free(sna_probability *self)
{
    free(self->point);
    *self = (sna_probability){.high = INFINITY, .most = 1, .axes = SNA_AXES_ALL};
}

/* ---- values ------------------------------------------------------------------------------------------------- */

bool sna_probability_is_constant(const sna_probability *self)
{
    return self->kind == SNA_P_CONSTANT && self->low <= 0 && isinf(self->high);
}

/* Index of the first point at or beyond a distance; `points` behind the last. */
static uint64_t find_point(const sna_probability *self, double distance)
{
    uint64_t low = 0, high = self->points;

    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (self->point[middle][0] < distance)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Without range and cut. */
static double shape_at(const sna_probability *self, double distance)
{
    double x;
    uint64_t i;

    switch (self->kind) {
    case SNA_P_GAUSSIAN:
        x = (distance - self->mean) / self->scale;
        return self->peak * exp(-x * x / 2);
    case SNA_P_EXPONENTIAL:
        return self->peak * exp(-distance / self->scale);
    case SNA_P_TABLE:
        /* Linear between points; before the first its value, behind the last nothing. */
        i = find_point(self, distance);
        if (i == self->points)
            return 0;
        if (i == 0)
            return self->point[0][1];
        x = (distance - self->point[i - 1][0]) / (self->point[i][0] - self->point[i - 1][0]);
        return self->point[i - 1][1] + x * (self->point[i][1] - self->point[i - 1][1]);
    case SNA_P_STEPS:
        /* Each value holds up to, and at, its distance. */
        i = find_point(self, distance);
        return i == self->points ? 0 : self->point[i][1];
    default:
        return self->peak;
    }
}

double sna_probability_at(const sna_probability *self, double distance)
{
    double value;

    if (distance < self->low || distance > self->high)
        return 0;
    value = shape_at(self, distance);
    return value < self->most ? value : self->most;
}

double sna_probability_most(const sna_probability *self, double low, double high)
{
    double most = 0;

    low = fmax(low, self->low);
    high = fmin(high, self->high);
    if (low > high)
        return 0;
    switch (self->kind) {
    case SNA_P_GAUSSIAN:
        most = shape_at(self, fmin(fmax(self->mean, low), high));
        break;
    case SNA_P_TABLE:
    case SNA_P_STEPS:
        most = fmax(shape_at(self, low), isfinite(high) ? shape_at(self, high) : 0);
        for (uint64_t i = find_point(self, low); i < self->points && self->point[i][0] <= high; i++)
            most = fmax(most, self->point[i][1]);
        break;
    default:
        most = shape_at(self, low);
        break;
    }
    return fmin(most, self->most);
}

double sna_probability_least(const sna_probability *self, double low, double high)
{
    double least;

    if (low < self->low || high > self->high)
        return 0;
    least = fmin(shape_at(self, low), isfinite(high) ? shape_at(self, high) : 0);
    if (self->kind == SNA_P_CONSTANT)
        least = self->peak;
    for (uint64_t i = find_point(self, low); i < self->points && self->point[i][0] <= high; i++) {
        least = fmin(least, self->point[i][1]);
        /* A step's value is that just before its distance; just behind, the next one's holds. */
        if (self->kind == SNA_P_STEPS)
            least = fmin(least, i + 1 < self->points ? self->point[i + 1][1] : 0);
        else if (i + 1 == self->points && self->point[i][0] < high)
            least = 0;
    }
    return fmin(least, self->most);
}

double sna_probability_reach(const sna_probability *self, double level)
{
    double reach = 0;

    if (self->peak < level)
        return 0;
    switch (self->kind) {
    case SNA_P_GAUSSIAN:
        reach = self->mean + self->scale * sqrt(2 * log(self->peak / level));
        break;
    case SNA_P_EXPONENTIAL:
        reach = self->scale * log(self->peak / level);
        break;
    case SNA_P_TABLE:
        for (uint64_t i = self->points; i > 0 && reach <= 0; i--) {
            /* The last segment that reaches the level, to its end: at most one point too far. */
            if (self->point[i - 1][1] >= level)
                reach = self->point[i < self->points ? i : i - 1][0];
        }
        break;
    case SNA_P_STEPS:
        for (uint64_t i = self->points; i > 0 && reach <= 0; i--) {
            if (self->point[i - 1][1] >= level)
                reach = self->point[i - 1][0];
        }
        break;
    default:
        reach = self->high;
        break;
    }
    return fmin(fmax(reach, 0), self->high);
}

void sna_probability_cut(const sna_probability *self, double out[2])
{
    const double half = self->kind == SNA_P_GAUSSIAN && self->peak > self->most
                            ? self->scale * sqrt(2 * log(self->peak / self->most))
                            : 0;

    out[0] = fmax(fmax(self->mean - half, self->low), 0);
    out[1] = fmin(self->mean + half, self->high);
    if (half <= 0 || out[0] >= out[1])
        out[0] = out[1] = 0;
}

double sna_probability_length(const sna_probability *self)
{
    double length = INFINITY;

    if (self->kind == SNA_P_GAUSSIAN || self->kind == SNA_P_EXPONENTIAL)
        length = self->scale;
    else if (self->points > 0)
        length = self->point[self->points - 1][0] / 2;
    return fmin(length, self->high / 2);
}
