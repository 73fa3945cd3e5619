/* place.c: where the nodes of a population, or of one of its types, are. */
#include "place.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "apart.h"
#include "sample.h"
#include "spec.h"

/* ---- reading ------------------------------------------------------------------------------------------------ */

static int read_point(const sna_json *json, const cJSON *object, const char *key, bool required, double out[3])
{
    const cJSON *item = sna_json_member(object, key);
    int status = 0;

    if (item == NULL && required)
        status = sna_json_require(json, object, key, &item);
    if (status == 0 && item != NULL)
        status = sna_spec_read_numbers(json, item, out, 3);
    return status;
}

/* A length of at least 0, or above 0. */
static int read_length(const sna_json *json, const cJSON *object, const char *key, bool zero, double *out)
{
    const cJSON *item = NULL;
    int status = sna_json_require(json, object, key, &item);

    if (status == 0)
        status = sna_json_real(json, item, out);
    if (status == 0 && !(*out > 0 || (zero && *out == 0)))
        status = sna_json_error(json, item, SNA_EFORMAT, zero ? "must be a length of at least 0" : "must be above 0");
    return status;
}

static int read_box(sna_place *self, const sna_json *json, const cJSON *item)
{
    static const char *const keys[] = {"min", "max", NULL};
    double low[3], high[3];
    int status = sna_json_check_keys(json, item, keys);

    self->region.outer.kind = SNA_BOX;
    if (status == 0)
        status = read_point(json, item, "min", true, low);
    if (status == 0)
        status = read_point(json, item, "max", true, high);
    for (unsigned d = 0; d < 3 && status == 0; d++) {
        if (!(low[d] <= high[d]))
            status = sna_json_error(json, item, SNA_EFORMAT, "`min` is above `max` in %c", "xyz"[d]);
        self->region.outer.center[d] = (low[d] + high[d]) / 2;
        self->region.outer.half[d] = (high[d] - low[d]) / 2;
    }
    return status;
}

static int read_axis(const sna_json *json, const cJSON *object, unsigned fallback, unsigned *out)
{
    const cJSON *item = sna_json_member(object, "axis");
    const char *name = NULL;
    int status = 0;

    *out = fallback;
    if (item == NULL)
        goto out;
    status = sna_json_text(json, item, &name);
    if (status == 0 && (strlen(name) != 1 || strchr("xyz", name[0]) == NULL))
        status = sna_json_error(json, item, SNA_EFORMAT, "must be x, y or z, found %s", name);
    if (status == 0)
        *out = (unsigned)(name[0] - 'x');
out:
    return status;
}

/* A cylinder stands along z; a column, as BMTK has it, along y, and may be hollow. */
static int read_cylinder(sna_place *self, const sna_json *json, const cJSON *item, bool column)
{
    static const char *const keys[] = {"center", "radius", "height", "axis", NULL}, *const column_keys[] = {
                                                                                        "center",     "min_radius",
                                                                                        "max_radius", "height",
                                                                                        "axis",       NULL};
    sna_solid *solid = &self->region.outer;
    double radius = 0, height = 0, hole = 0;
    int status = sna_json_check_keys(json, item, column ? column_keys : keys);

    solid->kind = SNA_CYLINDER;
    if (status == 0)
        status = read_point(json, item, "center", false, solid->center);
    if (status == 0)
        status = read_length(json, item, column ? "max_radius" : "radius", false, &radius);
    if (status == 0)
        status = read_length(json, item, "height", true, &height);
    if (status == 0 && column && sna_json_member(item, "min_radius") != NULL)
        status = read_length(json, item, "min_radius", true, &hole);
    if (status == 0 && !(hole < radius))
        status = sna_json_error(json, item, SNA_EFORMAT, "`min_radius` must be below `max_radius`");
    if (status == 0)
        status = read_axis(json, item, column ? 1 : 2, &solid->axis);
    solid->hole = radius > 0 ? hole / radius : 0;
    for (unsigned d = 0; d < 3; d++)
        solid->half[d] = d == solid->axis ? height / 2 : radius;
    return status;
}

static int read_ball(sna_place *self, const sna_json *json, const cJSON *item, bool ellipsoid)
{
    static const char *const keys[] = {"center", "radius", NULL}, *const ellipsoid_keys[] = {"center", "radii", NULL};
    sna_solid *solid = &self->region.outer;
    double radius = 0;
    int status = sna_json_check_keys(json, item, ellipsoid ? ellipsoid_keys : keys);

    solid->kind = SNA_ELLIPSOID;
    if (status == 0)
        status = read_point(json, item, "center", false, solid->center);
    if (status == 0 && ellipsoid) {
        status = read_point(json, item, "radii", true, solid->half);
        if (status == 0 && !(solid->half[0] >= 0 && solid->half[1] >= 0 && solid->half[2] >= 0))
            status = sna_json_error(json, sna_json_member(item, "radii"), SNA_EFORMAT, "must be at least 0");
    } else if (status == 0) {
        status = read_length(json, item, "radius", false, &radius);
        for (unsigned d = 0; d < 3; d++)
            solid->half[d] = radius;
    }
    return status;
}

static int read_grid(sna_place *self, const sna_json *json, const cJSON *item)
{
    static const char *const keys[] = {"origin", "spacing", "size", "shuffle", NULL};
    const cJSON *spacing = NULL, *size = NULL, *shuffle = sna_json_member(item, "shuffle");
    double count[3];
    int status = sna_json_check_keys(json, item, keys);

    self->kind = SNA_PLACE_GRID;
    if (status == 0)
        status = read_point(json, item, "origin", false, self->origin);
    if (status == 0)
        status = sna_json_require(json, item, "spacing", &spacing);
    if (status == 0 && cJSON_IsNumber(spacing)) {
        status = sna_json_real(json, spacing, &self->spacing[0]);
        self->spacing[1] = self->spacing[2] = self->spacing[0];
    } else if (status == 0) {
        status = sna_spec_read_numbers(json, spacing, self->spacing, 3);
    }
    if (status == 0)
        status = sna_json_require(json, item, "size", &size);
    if (status == 0)
        status = sna_spec_read_numbers(json, size, count, 3);
    for (unsigned d = 0; d < 3 && status == 0; d++) {
        if (!(count[d] >= 1 && count[d] <= 1e9 && count[d] == floor(count[d])))
            status = sna_json_error(json, size, SNA_EFORMAT, "must be three whole numbers of points, each at least 1");
        else
            self->points[d] = (uint64_t)count[d];
    }
    if (status == 0 && shuffle != NULL)
        status = sna_json_boolean(json, shuffle, &self->shuffled);
    return status;
}

static int read_list(sna_place *self, const sna_json *json, const cJSON *item)
{
    int status = sna_json_expect_array(json, item);

    self->kind = SNA_PLACE_LIST;
    if (status == 0)
        status = sna_allocate(&self->point, sna_spec_length(item), sizeof *self->point);
    for (const cJSON *child = status == 0 ? item->child : NULL; child != NULL && status == 0; child = child->next)
        status = sna_spec_read_numbers(json, child, self->point[self->listed++], 3);
    return status;
}

static int read_csv(sna_place *self, const sna_network *network, const cJSON *item)
{
    static const char *const names[][3] = {{"x", "y", "z"}, {"pos_x", "pos_y", "pos_z"}};
    const char *name = NULL;
    char *path = NULL;
    sna_csv *csv = NULL;
    int64_t column[3] = {-1, -1, -1};
    int status = sna_json_text(network->json, item, &name);

    self->kind = SNA_PLACE_LIST;
    if (status == 0)
        status = sna_path_join(&path, network->folder, name);
    if (status == 0)
        status = sna_csv_read(&csv, path, ',');
    if (status == SNA_ENOTFOUND)
        status = sna_json_error(network->json, item, SNA_EFORMAT, "there is no file %s", path);
    for (unsigned k = 0; k < 2 && status == 0 && column[0] < 0; k++) {
        for (unsigned d = 0; d < 3; d++)
            column[d] = sna_csv_column(csv, names[k][d]);
    }
    if (status == 0 && (column[0] < 0 || column[1] < 0 || column[2] < 0))
        status = sna_csv_error(csv, 0, SNA_EFORMAT, "needs the columns x, y and z (or pos_x, pos_y and pos_z)");
    if (status == 0)
        status = sna_allocate(&self->point, sna_csv_rows(csv), sizeof *self->point);
    for (uint64_t row = 1; status == 0 && row < sna_csv_rows(csv); row++, self->listed++) {
        for (unsigned d = 0; d < 3 && status == 0; d++) {
            const char *text =
                (uint64_t)column[d] < sna_csv_fields(csv, row) ? sna_csv_field(csv, row, (uint64_t)column[d]) : NULL;
            double *value = &self->point[self->listed][d];
            if (text == NULL || sna_number_parse(value, text) != 0 || !isfinite(*value))
                status = sna_csv_error(csv, row, SNA_EFORMAT, "%c must be a number, found %s", "xyz"[d],
                                       text == NULL ? "nothing" : text);
        }
    }
    sna_csv_free(csv);
    free(path);
    return status;
}

/* The region outside another population's, up to `width` away along each axis. */
static int read_shell(sna_place *self, const sna_network *network, const cJSON *item, const cJSON *width,
                      const cJSON *density)
{
    const sna_json *json = network->json;
    const char *name = NULL;
    double extra[3] = {0};
    const sna_place *core = NULL;
    int status = sna_json_text(json, item, &name);

    self->around = true;
    for (uint64_t i = 0; i < network->populations && core == NULL && status == 0; i++) {
        if (strcmp(network->population[i].name, name) == 0) {
            core = network->population[i].place;
            self->core = i;
        }
    }
    if (status == 0 && (core == NULL || core->kind != SNA_PLACE_REGION || core->around))
        status =
            sna_json_error(json, item, SNA_EFORMAT,
                           "must name a population that stands before this one and fills a box, cylinder, sphere or "
                           "ellipsoid, found %s",
                           name);
    if (status == 0 && width == NULL)
        status = sna_json_require(json, self->item, "width", &width);
    if (status == 0)
        status = sna_spec_read_numbers(json, width, extra, 3);
    if (status == 0 && density != NULL)
        status = sna_json_boolean(json, density, &self->same_density);
    if (status != 0)
        goto out;
    self->region.outer = self->region.inner = core->region.outer;
    self->region.has_inner = true;
    if (core->region.outer.hole > 0)
        status = sna_json_error(json, item, SNA_EFORMAT, "a hollow column has no shell");
    for (unsigned d = 0; d < 3 && status == 0; d++) {
        if (!(extra[d] >= 0))
            status = sna_json_error(json, width, SNA_EFORMAT, "must be at least 0 in every direction");
        self->region.outer.half[d] += extra[d];
    }
    if (status == 0 && !(sna_region_measure(&self->region) > 0))
        status = sna_json_error(json, width, SNA_EFORMAT, "leaves no room around %s", name);
out:
    return status;
}

int sna_place_read(sna_place **out, const sna_network *network, const cJSON *item)
{
    static const char *const keys[] = {"box",  "cylinder", "sphere", "ellipsoid",    "grid",         "columnar", "csv",
                                       "list", "around",   "width",  "same_density", "min_distance", NULL};
    const sna_json *json = network->json;
    const cJSON *shape = NULL, *width = NULL, *density = NULL, *apart = NULL;
    sna_place *self = NULL;
    int status = sna_json_check_keys(json, item, keys);

    if (status == 0)
        status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->item = item;
    width = sna_json_member(item, "width");
    density = sna_json_member(item, "same_density");
    apart = sna_json_member(item, "min_distance");
    for (const cJSON *child = item->child; child != NULL && status == 0; child = child->next) {
        if (child == width || child == density || child == apart)
            continue;
        if (shape != NULL)
            status = sna_json_error(json, child, SNA_EFORMAT, "is a second shape beside `%s`", shape->string);
        shape = child;
    }
    if (status == 0 && shape == NULL)
        status = sna_json_error(json, item, SNA_EFORMAT,
                                "needs one of box, cylinder, sphere, ellipsoid, grid, columnar, csv, list and around");
    if (status == 0 && (width != NULL || density != NULL) && strcmp(shape->string, "around") != 0)
        status = sna_json_error(json, width != NULL ? width : density, SNA_EFORMAT, "goes with `around` only");
    if (status != 0)
        goto out;
    switch (shape->string[0]) {
    case 'a':
        status = read_shell(self, network, shape, width, density);
        break;
    case 'b':
        status = read_box(self, json, shape);
        break;
    case 'c':
        status = shape->string[1] == 's' ? read_csv(self, network, shape)
                                         : read_cylinder(self, json, shape, shape->string[1] == 'o');
        break;
    case 'g':
        status = read_grid(self, json, shape);
        break;
    case 'l':
        status = read_list(self, json, shape);
        break;
    default:
        status = read_ball(self, json, shape, shape->string[0] == 'e');
        break;
    }
    if (status == 0 && apart != NULL)
        status = read_length(json, item, "min_distance", true, &self->min_distance);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_place_free(self);
    return status;
}

void sna_place_free(sna_place *self)
{
    if (self != NULL)
        free(self->point);
    free(self);
}

bool sna_population_is_shell(const sna_population *self, uint64_t *core)
{
    const bool shell = self->place != NULL && self->place->around;

    if (shell)
        *core = self->place->core;
    return shell;
}

uint64_t sna_place_shell_count(const sna_place *self, const sna_network *network)
{
    const double core = sna_solid_measure(&self->region.inner, sna_solid_axes(&self->region.outer));
    const double nodes = (double)network->population[self->core].count;

    /* A core that is flat where its shell is not has no density. */
    return core > 0 ? (uint64_t)rint(nodes * sna_region_measure(&self->region) / core) : 0;
}

/* ---- placing ------------------------------------------------------------------------------------------------ */

/* Files keep positions as 32-bit floats: the network is built on exactly those. */
static void round_places(double (*node)[3], uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        for (unsigned d = 0; d < 3; d++)
            node[i][d] = sna_stored(node[i][d]);
    }
}

static int fill_grid(const sna_place *self, const sna_network *network, sna_random *random, uint64_t count,
                     double (*out)[3])
{
    const double points = (double)self->points[0] * (double)self->points[1] * (double)self->points[2];
    sna_rows chosen = SNA_ROWS;
    sna_sampler sampler = {NULL, 0};
    int status = 0;

    if ((double)count > points) {
        status = sna_json_error(network->json, self->item, SNA_EFORMAT,
                                "the grid has %.0f points, but there are %" PRIu64 " nodes", points, count);
        goto out;
    }
    if (self->shuffled) {
        status = sna_sample(&sampler, random, (uint64_t)points, count, UINT64_MAX, &chosen);
        for (uint64_t i = chosen.count; i > 1 && status == 0; i--) {
            const uint64_t k = sna_random_below(random, i), kept = chosen.source[i - 1];
            chosen.source[i - 1] = chosen.source[k];
            chosen.source[k] = kept;
        }
    }
    for (uint64_t i = 0; i < count && status == 0; i++) {
        uint64_t left = self->shuffled ? chosen.source[i] : i;
        for (unsigned d = 0; d < 3; d++) {
            out[i][d] = self->origin[d] + self->spacing[d] * (double)(left % self->points[d]);
            left /= self->points[d];
        }
    }
out:
    sna_sampler_free(&sampler);
    sna_rows_free(&chosen);
    return status;
}

/* Nodes that were given their places must keep the distance too. */
static int check_apart(const sna_place *self, const sna_network *network, const double (*node)[3], uint64_t count)
{
    sna_region region = {.outer = {.kind = SNA_BOX}};
    double low[3] = {INFINITY, INFINITY, INFINITY}, high[3] = {-INFINITY, -INFINITY, -INFINITY};
    uint64_t close = 0;
    int status = 0;

    for (uint64_t i = 0; i < count; i++) {
        for (unsigned d = 0; d < 3; d++) {
            low[d] = fmin(low[d], node[i][d]);
            high[d] = fmax(high[d], node[i][d]);
        }
    }
    for (unsigned d = 0; d < 3; d++) {
        region.outer.center[d] = (low[d] + high[d]) / 2;
        region.outer.half[d] = (high[d] - low[d]) / 2;
    }
    status = sna_count_close(&region, self->min_distance, node, count, &close);
    if (status == 0 && close > 0)
        status =
            sna_json_error(network->json, sna_json_member(self->item, "min_distance"), SNA_EFORMAT,
                           "%" PRIu64 " of the %" PRIu64 " nodes are closer than this to another one", close, count);
    return status;
}

static int fill_apart(const sna_place *self, const sna_network *network, sna_random *random, uint64_t count,
                      double (*out)[3])
{
    const sna_population *core = &network->population[self->core];
    uint64_t placed = 0;
    char number[SNA_NUMBER_SIZE];
    int status = sna_place_apart(&self->region, self->min_distance, count,
                                 self->around ? (const double(*)[3])core->position : NULL,
                                 self->around ? core->count : 0, random, out, &placed);

    if (status == 0 && placed < count)
        status = sna_json_error(network->json, sna_json_member(self->item, "min_distance"), SNA_EFORMAT,
                                "is too large: of the %" PRIu64 " nodes only %" PRIu64 " fit at %s um from one another",
                                count, placed, sna_number_text(number, self->min_distance));
    return status;
}

int sna_place_fill(const sna_place *self, const sna_network *network, const char *name, uint64_t first_id,
                   uint64_t count, double (*out)[3])
{
    char *text = NULL;
    sna_random random;
    uint64_t purpose = 0;
    int status = sna_text_format(&text, "positions/%s", name);

    if (status != 0)
        goto out;
    purpose = sna_random_purpose(text);
    sna_random_start(&random, network->seed, purpose, UINT64_MAX, first_id);
    if (self->kind == SNA_PLACE_LIST) {
        if (self->listed != count)
            status =
                sna_json_error(network->json, self->item, SNA_EFORMAT,
                               "lists %" PRIu64 " positions, but there are %" PRIu64 " nodes", self->listed, count);
        else if (count > 0)
            memcpy(out, self->point, count * sizeof *out);
    } else if (self->kind == SNA_PLACE_GRID) {
        status = fill_grid(self, network, &random, count, out);
    } else if (self->min_distance > 0) {
        status = fill_apart(self, network, &random, count, out);
    } else {
        for (uint64_t i = 0; i < count; i++) {
            sna_random_start(&random, network->seed, purpose, first_id + i, 0);
            sna_region_draw(&self->region, &random, out[i]);
        }
    }
    if (status == 0)
        round_places(out, count);
    if (status == 0 && self->kind != SNA_PLACE_REGION && self->min_distance > 0)
        status = check_apart(self, network, (const double(*)[3])out, count);
out:
    free(text);
    return status;
}
