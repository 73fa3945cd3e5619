/* spikes.c: spike files: HDF5 of any age and family, and CSV. */
#include "sonata/dataset.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sonata/time_unit.h"

enum { BLOCK = 65536 };

typedef struct {
    char *name, *unit;
    sna_spike_order order;
    double to_ms;
    uint64_t count;
    sna_dataset *node, *time; /* in an HDF5 file; NULL where there are no spikes */
    uint64_t *node_list;      /* of a CSV */
    double *time_list;
    uint64_t node_capacity, time_capacity;
} spike_population;

struct sna_spikes {
    char *path;
    sna_notes *notes;
    sna_h5_file *file; /* NULL for a CSV */
    spike_population *population;
    uint64_t populations, capacity;
};

static int new_population(sna_spikes *self, const char *name, spike_population **out)
{
    int status = 0;
    spike_population *grown = sna_grow(self->population, &self->capacity, self->populations + 1, sizeof *grown);

    *out = NULL;
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->population = grown;
    *out = &self->population[self->populations++];
    **out = (spike_population){.to_ms = 1};
    status = sna_text_copy(&(*out)->name, name);
    if (status == 0)
        status = sna_text_copy(&(*out)->unit, "ms");
out:
    return status;
}

/* ---- what the file says about them -------------------------------------------------------------------------- */

static bool parse_order(const char *text, sna_spike_order *out)
{
    static const struct {
        const char *word;
        sna_spike_order order;
    } words[] = {{"none", SNA_ORDER_NONE}, {"na", SNA_ORDER_NONE},      {"", SNA_ORDER_NONE},
                 {"id", SNA_ORDER_ID},     {"by_id", SNA_ORDER_ID},     {"gid", SNA_ORDER_ID},
                 {"by_gid", SNA_ORDER_ID}, {"node_id", SNA_ORDER_ID},   {"node_ids", SNA_ORDER_ID},
                 {"time", SNA_ORDER_TIME}, {"by_time", SNA_ORDER_TIME}, {"timestamps", SNA_ORDER_TIME}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(text, words[i].word) == 0) {
            *out = words[i].order;
            return true;
        }
    return false;
}

/* The name of the value of an enumeration attribute, "" when it is none. */
static void enumeration_name(hid_t object, char *name, size_t size)
{
    unsigned char value[16] = {0};
    hid_t attribute = H5I_INVALID_HID, type = H5I_INVALID_HID, space = H5I_INVALID_HID;

    name[0] = '\0';
    if (H5Aexists(object, "sorting") <= 0)
        return;
    attribute = H5Aopen(object, "sorting", H5P_DEFAULT);
    if (attribute >= 0) {
        type = H5Aget_type(attribute);
        space = H5Aget_space(attribute);
    }
    if (type < 0 || space < 0 || H5Tget_class(type) != H5T_ENUM || H5Tget_size(type) > sizeof value ||
        H5Sget_simple_extent_npoints(space) != 1 || H5Aread(attribute, type, value) < 0 ||
        H5Tenum_nameof(type, value, name, size) < 0)
        name[0] = '\0';
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    if (attribute >= 0)
        H5Aclose(attribute);
}

/* `sorting` of an object, in any of its types; *found says whether it is there. */
static int read_order(sna_spikes *self, hid_t object, const char *place, sna_spike_order *out, bool *found)
{
    int status = 0;
    char name[64] = "";
    char *text = NULL;
    int64_t number = 0;

    *found = H5Aexists(object, "sorting") > 0;
    if (!*found)
        goto out;
    enumeration_name(object, name, sizeof name);
    if (name[0] != '\0' && parse_order(name, out))
        goto out;
    status = sna_h5_text_attribute(&text, object, "sorting");
    if (status == 0 && text != NULL) {
        if (parse_order(text, out))
            status = sna_notes_add(self->notes, "spikes.sorting-string", self->path, place,
                                   "`sorting` is the text \"%s\"; the guide wants an enumeration", text);
        else
            status = sna_notes_add(self->notes, "spikes.sorting-unknown", self->path, place,
                                   "`sorting` is \"%s\", which is taken as none", text);
        goto out;
    }
    if (status == 0)
        status = sna_h5_integer_attribute(&number, found, object, "sorting");
    if (status == 0 && *found && number >= 0 && number <= 2)
        *out = (sna_spike_order)number;
    else if (status == 0)
        status = sna_notes_add(self->notes, "spikes.sorting-unknown", self->path, place,
                               "`sorting` cannot be understood; it is taken as none");
out:
    free(text);
    return status;
}

static int read_unit(sna_spikes *self, spike_population *p)
{
    int status = 0;
    char *unit = NULL;

    status = sna_h5_text_attribute(&unit, p->time->id, "units");
    if (status == 0 && unit == NULL)
        status = sna_notes_add(self->notes, "spikes.no-units", self->path, p->time->place,
                               "there is no `units`; times are taken to be in ms");
    else if (status == 0 && !sna_time_unit(unit, &p->to_ms))
        status = sna_notes_add(self->notes, "spikes.unknown-units", self->path, p->time->place,
                               "the unit \"%s\" is not known; times are taken to be in ms", unit);
    if (status == 0 && unit != NULL) {
        free(p->unit);
        p->unit = unit;
        unit = NULL;
    }
    free(unit);
    return status;
}

/* ---- HDF5 --------------------------------------------------------------------------------------------------- */

static int open_dataset(sna_spikes *self, hid_t group, const char *place, const char *const *names, sna_dataset **out)
{
    int status = 0;
    char *full = NULL;

    *out = NULL;
    while (*names != NULL && sna_h5_kind_of(group, *names) != SNA_H5_DATASET)
        names++;
    if (*names == NULL)
        goto out;
    status = sna_text_format(&full, "%s/%s", place, *names);
    if (status == 0)
        status = sna_dataset_open(out, self->file, group, *names, full);
    if (status == 0)
        status = sna_dataset_expect_integers(*out, 1); /* any numbers: fractions show when they are read */
out:
    free(full);
    return status;
}

static int add_population(sna_spikes *self, hid_t spikes, hid_t group, const char *name, const char *place)
{
    static const char *const nodes[] = {"node_ids", "gids", "node_id", NULL}, *const times[] = {"timestamps", NULL};
    int status = 0;
    bool found = false;
    spike_population *p = NULL;

    status = new_population(self, name, &p);
    if (status == 0)
        status = open_dataset(self, group, place, nodes, &p->node);
    if (status == 0)
        status = open_dataset(self, group, place, times, &p->time);
    if (status != 0)
        goto out;
    if (p->node == NULL || p->time == NULL) {
        if (p->node != NULL || p->time != NULL)
            status =
                sna_error(SNA_EFORMAT, "%s: %s has %s but no %s", self->path, place,
                          p->node != NULL ? "node_ids" : "timestamps", p->node != NULL ? "timestamps" : "node_ids");
        else
            status = sna_notes_add(self->notes, "spikes.empty-group", self->path, place,
                                   "there are no datasets in it; it is taken to have no spikes");
        goto out;
    }
    if (p->node->rows != p->time->rows) {
        status = sna_error(SNA_EFORMAT, "%s: %s: %" PRIu64 " node ids, but %" PRIu64 " times", self->path, place,
                           p->node->rows, p->time->rows);
        goto out;
    }
    p->count = p->node->rows;
    status = read_unit(self, p);
    if (status == 0)
        status = read_order(self, group, place, &p->order, &found);
    if (status == 0 && !found)
        status = read_order(self, p->node->id, place, &p->order, &found);
    if (status == 0 && !found)
        status = read_order(self, p->time->id, place, &p->order, &found);
    if (status == 0 && !found)
        status = read_order(self, spikes, place, &p->order, &found);
out:
    return status;
}

static int open_hdf5(sna_spikes *self)
{
    int status = 0;
    hid_t spikes = H5I_INVALID_HID, group = H5I_INVALID_HID;
    sna_list names = SNA_LIST;
    char *place = NULL;

    status = sna_h5_open(&self->file, self->path);
    if (status == 0)
        status = sna_h5_check_magic(self->file, self->notes);
    if (status == 0)
        status = sna_h5_open_group(&spikes, self->file, self->file->id, "spikes", "/spikes");
    if (status != 0)
        goto out;
    if (sna_h5_kind_of(spikes, "timestamps") == SNA_H5_DATASET) {
        status = sna_notes_add(self->notes, "spikes.old-layout", self->path, "/spikes",
                               "the layout of 2018: spikes without a population");
        if (status == 0)
            status = add_population(self, spikes, spikes, "", "/spikes");
        goto out;
    }
    status = sna_h5_children(&names, self->file, spikes, "/spikes");
    for (uint64_t i = 0; i < names.count && status == 0; i++) {
        if (sna_h5_kind_of(spikes, names.text[i]) != SNA_H5_GROUP)
            continue;
        status = sna_text_format(&place, "/spikes/%s", names.text[i]);
        if (status == 0)
            status = sna_h5_open_group(&group, self->file, spikes, names.text[i], place);
        if (status == 0)
            status = add_population(self, spikes, group, names.text[i], place);
        sna_h5_close_group(&group);
        free(place);
        place = NULL;
    }
out:
    free(place);
    sna_h5_close_group(&group);
    sna_h5_close_group(&spikes);
    sna_list_free(&names);
    return status;
}

/* ---- CSV ---------------------------------------------------------------------------------------------------- */

static int add_spike(sna_spikes *self, const char *population, double time, uint64_t node)
{
    int status = 0;
    spike_population *p = NULL;
    uint64_t *nodes = NULL;
    double *times = NULL;

    for (uint64_t i = 0; i < self->populations && p == NULL; i++)
        if (strcmp(self->population[i].name, population) == 0)
            p = &self->population[i];
    if (p == NULL)
        status = new_population(self, population, &p);
    if (status != 0)
        goto out;
    nodes = sna_grow(p->node_list, &p->node_capacity, p->count + 1, sizeof *nodes);
    if (nodes != NULL) {
        p->node_list = nodes;
        times = sna_grow(p->time_list, &p->time_capacity, p->count + 1, sizeof *times);
    }
    if (times == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    p->time_list = times;
    p->node_list[p->count] = node;
    p->time_list[p->count++] = time;
out:
    return status;
}

/* The delimiter of the first line: a comma or a tab where there is one, else a space. */
static char delimiter_of(const char *text)
{
    const size_t line = strcspn(text, "\r\n");
    char delimiter = ' ';

    if (memchr(text, ',', line) != NULL)
        delimiter = ',';
    else if (memchr(text, '\t', line) != NULL)
        delimiter = '\t';
    return delimiter;
}

static int take_rows(sna_spikes *self, const sna_csv *csv)
{
    int status = 0;
    double number = 0;
    const char *first = sna_csv_field(csv, 0, 0);
    const bool has_header = first == NULL || sna_number_parse(&number, first) != 0;
    int64_t time_at = has_header ? sna_csv_column(csv, "timestamps") : 0;
    int64_t node_at = has_header ? sna_csv_column(csv, "node_ids") : 2;
    int64_t name_at = has_header ? sna_csv_column(csv, "population") : 1;

    if (!has_header && sna_csv_fields(csv, 0) == 2) { /* no population */
        node_at = 1;
        name_at = -1;
    }
    if (has_header && node_at < 0)
        node_at = sna_csv_column(csv, "gids");
    if (has_header && time_at < 0)
        time_at = sna_csv_column(csv, "times");
    if (time_at < 0 || node_at < 0) {
        status = sna_csv_error(csv, 0, SNA_EFORMAT, "not a spike file: the header has no `timestamps` and `node_ids`");
        goto out;
    }
    for (uint64_t row = has_header ? 1 : 0; row < sna_csv_rows(csv) && status == 0; row++) {
        const char *time = sna_csv_field(csv, row, (uint64_t)time_at),
                   *node = sna_csv_field(csv, row, (uint64_t)node_at);
        const char *name = name_at < 0 ? "" : sna_csv_field(csv, row, (uint64_t)name_at);
        uint64_t id = 0;
        if (time == NULL || sna_number_parse(&number, time) != 0)
            status =
                sna_csv_error(csv, row, SNA_EFORMAT, "a time is expected, found \"%.40s\"", time == NULL ? "" : time);
        else if (node == NULL || sna_unsigned_parse(&id, node) != 0)
            status = sna_csv_error(csv, row, SNA_EFORMAT, "a node id is expected, found \"%.40s\"",
                                   node == NULL ? "" : node);
        else
            status = add_spike(self, name == NULL ? "" : name, number, id);
    }
out:
    return status;
}

static int open_csv(sna_spikes *self)
{
    int status = 0;
    char *text = NULL;
    uint64_t size = 0;
    sna_csv *csv = NULL;

    status = sna_file_read(&text, &size, self->path);
    if (status == 0)
        status = sna_csv_parse(&csv, text, size, delimiter_of(text), self->path);
    if (status == 0 && sna_csv_rows(csv) == 0)
        status = sna_error(SNA_EFORMAT, "%s: the file is empty, spikes were expected", self->path);
    if (status == 0)
        status = take_rows(self, csv);
    sna_csv_free(csv);
    free(text);
    return status;
}

/* ---- the public functions ----------------------------------------------------------------------------------- */

int sna_spikes_open(sna_spikes **out, const char *path, sna_notes *notes)
{
    int status = 0;
    sna_spikes *self = NULL;
    const size_t length = strlen(path);
    const bool is_csv = (length > 4 && strcasecmp(path + length - 4, ".csv") == 0) ||
                        (length > 4 && strcasecmp(path + length - 4, ".txt") == 0);

    sna_h5_quiet();
    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->notes = notes;
    status = sna_text_copy(&self->path, path);
    if (status == 0)
        status = is_csv && H5Fis_hdf5(path) <= 0 ? open_csv(self) : open_hdf5(self);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_spikes_close(self);
    return status;
}

uint64_t sna_spikes_populations(const sna_spikes *self)
{
    return self->populations;
}

const char *sna_spikes_population(const sna_spikes *self, uint64_t population)
{
    return population < self->populations ? self->population[population].name : NULL;
}

int sna_spikes_find(const sna_spikes *self, const char *name, uint64_t *population)
{
    int status = 0;
    sna_list names = SNA_LIST;
    sna_string text = SNA_STRING;

    *population = 0;
    for (uint64_t i = 0; i < self->populations && name != NULL; i++)
        if (strcmp(self->population[i].name, name) == 0) {
            *population = i;
            goto out;
        }
    if (name == NULL && self->populations == 1)
        goto out;
    for (uint64_t i = 0; i < self->populations && status == 0; i++)
        status = sna_list_add(&names, self->population[i].name);
    if (status == 0)
        status = sna_list_join(&names, 20, &text);
    if (status != 0)
        goto out;
    if (name == NULL && self->populations > 1)
        status = sna_error(SNA_EINVAL, "%s: there are %" PRIu64 " populations, name one of them: %s", self->path,
                           self->populations, sna_string_text(&text));
    else
        status = sna_error(SNA_ENOTFOUND, "%s: there is no spike population%s%s%s (there is: %s)", self->path,
                           name != NULL ? " `" : "", name != NULL ? name : "", name != NULL ? "`" : "",
                           names.count > 0 ? sna_string_text(&text) : "none");
out:
    sna_string_free(&text);
    sna_list_free(&names);
    return status;
}

uint64_t sna_spikes_count(const sna_spikes *self, uint64_t population)
{
    return population < self->populations ? self->population[population].count : 0;
}

sna_spike_order sna_spikes_order(const sna_spikes *self, uint64_t population)
{
    return population < self->populations ? self->population[population].order : SNA_ORDER_NONE;
}

const char *sna_spikes_unit(const sna_spikes *self, uint64_t population)
{
    return population < self->populations ? self->population[population].unit : NULL;
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

/* Rows first .. first+count-1 into arrays that have room. */
static int read_rows(spike_population *p, uint64_t first, uint64_t count, uint64_t *node, double *time)
{
    int status = 0;

    if (p->node == NULL) {
        if (count > 0) {
            memcpy(node, p->node_list + first, (size_t)count * sizeof *node);
            memcpy(time, p->time_list + first, (size_t)count * sizeof *time);
        }
        goto out;
    }
    status = sna_dataset_ids(p->node, first, count, node);
    if (status == 0)
        status = sna_dataset_reals(p->time, first, count, time);
out:
    for (uint64_t i = 0; i < count && status == 0; i++)
        time[i] *= p->to_ms;
    return status;
}

static int check_population(const sna_spikes *self, uint64_t population)
{
    return population < self->populations
               ? 0
               : sna_error(SNA_ERANGE, "%s: spike population %" PRIu64 " is asked for, but there are %" PRIu64,
                           self->path, population, self->populations);
}

int sna_spikes_block(sna_spikes *self, uint64_t population, uint64_t first, uint64_t most, sna_spike_list *out)
{
    int status = check_population(self, population);
    spike_population *p = NULL;

    *out = (sna_spike_list){0};
    if (status != 0)
        goto out;
    p = &self->population[population];
    out->count = first >= p->count ? 0 : p->count - first < most ? p->count - first : most;
    status = sna_allocate(&out->node, out->count, sizeof *out->node);
    if (status == 0)
        status = sna_allocate(&out->time, out->count, sizeof *out->time);
    if (status == 0)
        status = read_rows(p, first, out->count, out->node, out->time);
    if (status == 0)
        out->order = sna_spike_list_order(out);
out:
    if (status != 0)
        sna_spike_list_free(out);
    return status;
}

static int compare_ids(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static bool is_in(const uint64_t *sorted, uint64_t count, uint64_t id)
{
    return sorted != NULL && bsearch(&id, sorted, count, sizeof *sorted, compare_ids) != NULL;
}

static int append(sna_spike_list *list, uint64_t *node_capacity, uint64_t *time_capacity, uint64_t node, double time)
{
    uint64_t *nodes = sna_grow(list->node, node_capacity, list->count + 1, sizeof *nodes);
    double *times = NULL;

    if (nodes == NULL)
        return SNA_ENOMEM;
    list->node = nodes;
    times = sna_grow(list->time, time_capacity, list->count + 1, sizeof *times);
    if (times == NULL)
        return SNA_ENOMEM;
    list->time = times;
    list->node[list->count] = node;
    list->time[list->count++] = time;
    return 0;
}

int sna_spikes_read(sna_spikes *self, uint64_t population, double start, double stop, const uint64_t *node,
                    uint64_t node_count, sna_spike_list *out)
{
    int status = check_population(self, population);
    uint64_t node_capacity = 0, time_capacity = 0;
    uint64_t *wanted = NULL, *nodes = NULL;
    double *times = NULL;
    spike_population *p = NULL;

    *out = (sna_spike_list){0};
    if (status == 0 && node != NULL)
        status = sna_allocate(&wanted, node_count, sizeof *wanted);
    if (status == 0)
        status = sna_allocate(&nodes, BLOCK, sizeof *nodes);
    if (status == 0)
        status = sna_allocate(&times, BLOCK, sizeof *times);
    if (status != 0)
        goto out;
    if (wanted != NULL) {
        memcpy(wanted, node, (size_t)node_count * sizeof *wanted);
        qsort(wanted, node_count, sizeof *wanted, compare_ids);
    }
    p = &self->population[population];
    for (uint64_t first = 0; first < p->count && status == 0; first += BLOCK) {
        const uint64_t now = p->count - first < BLOCK ? p->count - first : BLOCK;
        status = read_rows(p, first, now, nodes, times);
        for (uint64_t i = 0; i < now && status == 0; i++) {
            /* Written so that a NaN limit is none. */
            if (times[i] < start || times[i] > stop || (node != NULL && !is_in(wanted, node_count, nodes[i])))
                continue;
            status = append(out, &node_capacity, &time_capacity, nodes[i], times[i]);
        }
        if (status == 0)
            status = sna_check_cancelled();
    }
    if (status == 0)
        out->order = sna_spike_list_order(out);
out:
    free(wanted);
    free(nodes);
    free(times);
    if (status != 0)
        sna_spike_list_free(out);
    return status;
}

/* ---- lists -------------------------------------------------------------------------------------------------- */

typedef struct {
    uint64_t node;
    double time;
} spike;

static int compare_times(double a, double b)
{
    return a < b ? -1 : a > b;
}

static int by_time(const void *a, const void *b)
{
    const spike *x = a, *y = b;
    const int order = compare_times(x->time, y->time);

    return order != 0 ? order : compare_ids(&x->node, &y->node);
}

static int by_id(const void *a, const void *b)
{
    const spike *x = a, *y = b;
    const int order = compare_ids(&x->node, &y->node);

    return order != 0 ? order : compare_times(x->time, y->time);
}

sna_spike_order sna_spike_list_order(const sna_spike_list *self)
{
    bool times_ascend = true, ids_ascend = true;

    for (uint64_t i = 1; i < self->count && (times_ascend || ids_ascend); i++) {
        times_ascend = times_ascend && self->time[i] >= self->time[i - 1];
        ids_ascend = ids_ascend && self->node[i] >= self->node[i - 1];
    }
    return times_ascend ? SNA_ORDER_TIME : ids_ascend ? SNA_ORDER_ID : SNA_ORDER_NONE;
}

int sna_spike_list_sort(sna_spike_list *self, sna_spike_order order)
{
    int status = 0;
    spike *list = NULL;

    if (order == SNA_ORDER_NONE || self->count == 0)
        goto out;
    status = sna_allocate(&list, self->count, sizeof *list);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < self->count; i++)
        list[i] = (spike){self->node[i], self->time[i]};
    qsort(list, self->count, sizeof *list, order == SNA_ORDER_TIME ? by_time : by_id);
    for (uint64_t i = 0; i < self->count; i++) {
        self->node[i] = list[i].node;
        self->time[i] = list[i].time;
    }
    self->order = order;
out:
    free(list);
    return status;
}

void sna_spike_list_free(sna_spike_list *self)
{
    free(self->node);
    free(self->time);
    *self = (sna_spike_list){0};
}

void sna_spikes_close(sna_spikes *self)
{
    if (self == NULL)
        return;
    for (uint64_t i = 0; i < self->populations; i++) {
        spike_population *p = &self->population[i];
        sna_dataset_close(p->node);
        sna_dataset_close(p->time);
        free(p->node_list);
        free(p->time_list);
        free(p->name);
        free(p->unit);
    }
    free(self->population);
    sna_h5_release(self->file);
    free(self->path);
    free(self);
}
