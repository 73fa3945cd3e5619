/* diff_files.c: what kind of file it is; what differs between spike files, reports and lists of gap junctions. */
#include "sonata/diff.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/h5file.h"

/* ---- kinds -------------------------------------------------------------------------------------------------- */

static int kind_of_hdf5(const sna_h5_file *file, sna_file_kind *kind)
{
    static const struct {
        const char *name;
        sna_h5_kind is;
        sna_file_kind kind;
    } known[] = {{"nodes", SNA_H5_GROUP, SNA_FILE_NETWORK},      {"edges", SNA_H5_GROUP, SNA_FILE_NETWORK},
                 {"spikes", SNA_H5_GROUP, SNA_FILE_SPIKES},      {"report", SNA_H5_GROUP, SNA_FILE_REPORT},
                 {"ecp", SNA_H5_GROUP, SNA_FILE_POTENTIAL},      {"channel_id", SNA_H5_DATASET, SNA_FILE_POTENTIAL},
                 {"src_gap_ids", SNA_H5_DATASET, SNA_FILE_GAPS}, {"mapping", SNA_H5_GROUP, SNA_FILE_REPORT}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (sna_h5_kind_of(file->id, known[i].name) == known[i].is) {
            *kind = known[i].kind;
            return 0;
        }
    return sna_error(SNA_EFORMAT, "%s: there is none of /nodes, /edges, /spikes, /report, /ecp in it", file->path);
}

int sna_file_kind_of(const char *path, sna_file_kind *kind)
{
    int status = 0, c = 0;
    const char *end = strrchr(path, '.');
    sna_h5_file *file = NULL;
    FILE *stream = NULL;

    *kind = SNA_FILE_NETWORK;
    status = sna_h5_open(&file, path);
    if (status == 0) {
        status = kind_of_hdf5(file, kind);
        goto out;
    }
    if (status != SNA_EFORMAT || (end != NULL && strcmp(end, ".h5") == 0))
        goto out;
    stream = fopen(path, "rb");
    if (stream == NULL) {
        status = sna_error(SNA_EIO, "%s cannot be read", path);
        goto out;
    }
    /* A config begins with a brace or a comment; the other text file of SONATA is a list of spikes. */
    do
        c = fgetc(stream);
    while (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0xEF || c == 0xBB || c == 0xBF);
    *kind = c == '{' || c == '/' ? SNA_FILE_NETWORK : SNA_FILE_SPIKES;
    status = 0;
out:
    if (stream != NULL)
        (void)fclose(stream);
    sna_h5_release(file);
    return status;
}

/* ---- gap junctions ------------------------------------------------------------------------------------------ */

typedef struct {
    uint64_t source, target;
    int64_t source_gap, target_gap;
} junction;

typedef struct {
    junction *item;
    uint64_t count, capacity;
} junction_list;

static int compare_junctions(const void *a, const void *b)
{
    const junction *x = a, *y = b;

    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    if (x->target != y->target)
        return x->target < y->target ? -1 : 1;
    if (x->source_gap != y->source_gap)
        return x->source_gap < y->source_gap ? -1 : 1;
    return x->target_gap < y->target_gap ? -1 : x->target_gap > y->target_gap;
}

/* All junctions of a circuit, sorted. */
static int read_junctions(const sna_circuit *circuit, junction_list *out)
{
    int status = 0;
    sna_gaps gaps = {0};

    for (uint64_t f = 0; f < sna_circuit_gap_files(circuit) && status == 0; f++) {
        junction *grown = NULL;
        status = sna_gaps_read(&gaps, sna_circuit_gap_file(circuit, f), NULL);
        if (status != 0)
            break;
        grown = sna_grow(out->item, &out->capacity, out->count + gaps.count + 1, sizeof *grown);
        if (grown == NULL)
            status = SNA_ENOMEM;
        else
            out->item = grown;
        for (uint64_t i = 0; i < gaps.count && status == 0; i++)
            out->item[out->count++] =
                (junction){gaps.source[i], gaps.target[i], gaps.source_gap[i], gaps.target_gap[i]};
        sna_gaps_free(&gaps);
    }
    if (status == 0 && out->count > 1)
        qsort(out->item, out->count, sizeof *out->item, compare_junctions);
    return status;
}

int sna_diff_gaps(sna_circuit *a, sna_circuit *b, sna_differences *out)
{
    int status = 0;
    junction_list list[2] = {{NULL, 0, 0}, {NULL, 0, 0}};
    uint64_t i = 0, j = 0, only[2] = {0, 0};

    status = read_junctions(a, &list[0]);
    if (status == 0)
        status = read_junctions(b, &list[1]);
    while (status == 0 && (i < list[0].count || j < list[1].count)) {
        const int order = i >= list[0].count   ? 1
                          : j >= list[1].count ? -1
                                               : compare_junctions(&list[0].item[i], &list[1].item[j]);
        only[0] += order < 0;
        only[1] += order > 0;
        i += order <= 0;
        j += order >= 0;
    }
    for (int side = 0; side < 2 && status == 0; side++)
        if (only[side] > 0)
            status =
                sna_differences_add(out, "gap junction", "", only[side], "%" PRIu64 " gap %s only in %s", only[side],
                                    sna_one_or_many(only[side], "junction is", "junctions are"), side == 0 ? "A" : "B");
    free(list[0].item);
    free(list[1].item);
    return status;
}

/* ---- spikes ------------------------------------------------------------------------------------------------- */

static const char *shown(const char *population)
{
    return population[0] == '\0' ? "(without a name)" : population;
}

/* Are both the same spikes in the same order? */
static int spikes_in_step(sna_spikes *const spikes[2], const uint64_t population[2], bool *same)
{
    int status = 0;
    enum { BLOCK = 65536 };
    sna_spike_list block[2] = {{0}, {0}};
    const uint64_t count = sna_spikes_count(spikes[0], population[0]);

    *same = count == sna_spikes_count(spikes[1], population[1]);
    for (uint64_t first = 0; first < count && *same && status == 0; first += BLOCK) {
        for (int side = 0; side < 2 && status == 0; side++)
            status = sna_spikes_block(spikes[side], population[side], first, BLOCK, &block[side]);
        if (status == 0)
            *same = block[0].count == block[1].count &&
                    (block[0].count == 0 ||
                     (memcmp(block[0].node, block[1].node, (size_t)block[0].count * sizeof *block[0].node) == 0 &&
                      memcmp(block[0].time, block[1].time, (size_t)block[0].count * sizeof *block[0].time) == 0));
        sna_spike_list_free(&block[0]);
        sna_spike_list_free(&block[1]);
    }
    return status;
}

static int report_spikes(const sna_spike_list *list, uint64_t only, uint64_t first, int side, const char *place,
                         sna_differences *out)
{
    char number[SNA_NUMBER_SIZE];

    if (only == 0)
        return 0;
    return sna_differences_add(out, "spike", place, only,
                               "%" PRIu64 " %s only in %s; the first: node %" PRIu64 " at %s ms", only,
                               sna_one_or_many(only, "spike is", "spikes are"), side == 0 ? "A" : "B",
                               list->node[first], sna_number_text(number, list->time[first]));
}

static int spikes_as_sets(sna_spikes *const spikes[2], const uint64_t population[2], const char *place,
                          sna_differences *out)
{
    int status = 0;
    sna_spike_list list[2] = {{0}, {0}};
    uint64_t at[2] = {0, 0}, only[2] = {0, 0}, first[2] = {0, 0};

    for (int side = 0; side < 2 && status == 0; side++) {
        status = sna_spikes_read(spikes[side], population[side], (double)NAN, (double)NAN, NULL, 0, &list[side]);
        if (status == 0)
            status = sna_spike_list_sort(&list[side], SNA_ORDER_TIME);
    }
    while (status == 0 && (at[0] < list[0].count || at[1] < list[1].count)) {
        int order = at[0] >= list[0].count ? 1 : at[1] >= list[1].count ? -1 : 0;
        if (order == 0 && list[0].time[at[0]] != list[1].time[at[1]])
            order = list[0].time[at[0]] < list[1].time[at[1]] ? -1 : 1;
        if (order == 0 && list[0].node[at[0]] != list[1].node[at[1]])
            order = list[0].node[at[0]] < list[1].node[at[1]] ? -1 : 1;
        for (int side = 0; side < 2; side++) {
            const bool is_alone = side == 0 ? order < 0 : order > 0;
            first[side] = is_alone && only[side] == 0 ? at[side] : first[side];
            only[side] += is_alone;
        }
        at[0] += order <= 0;
        at[1] += order >= 0;
    }
    for (int side = 0; side < 2 && status == 0; side++)
        status = report_spikes(&list[side], only[side], first[side], side, place, out);
    if (status == 0 && only[0] == 0 && only[1] == 0)
        status = sna_differences_note(out, "The spikes of %s are the same, in another order.", shown(place));
    sna_spike_list_free(&list[0]);
    sna_spike_list_free(&list[1]);
    return status;
}

/* The population of the other file that `index` of `side` is to be held against, or -1. One without a name (the layout
 * of 2018) is the only one of its file, and stands for the only one of the other. */
static int64_t find_other(sna_spikes *const spikes[2], int side, uint64_t index)
{
    const sna_spikes *own = spikes[side], *other = spikes[1 - side];
    const char *name = sna_spikes_population(own, index);

    for (uint64_t i = 0; i < sna_spikes_populations(other); i++)
        if (strcmp(sna_spikes_population(other, i), name) == 0)
            return (int64_t)i;
    if (sna_spikes_populations(own) == 1 && sna_spikes_populations(other) == 1 &&
        (name[0] == '\0' || sna_spikes_population(other, 0)[0] == '\0'))
        return 0;
    return -1;
}

static int diff_spike_population(sna_spikes *const spikes[2], const uint64_t at[2], sna_differences *out)
{
    int status = 0;
    bool same = false;
    const char *name = sna_spikes_population(spikes[0], at[0]);
    const uint64_t count[2] = {sna_spikes_count(spikes[0], at[0]), sna_spikes_count(spikes[1], at[1])};

    if (strcmp(name, sna_spikes_population(spikes[1], at[1])) != 0)
        status = sna_differences_note(out, "The population is `%s` in A, `%s` in B.", shown(name),
                                      shown(sna_spikes_population(spikes[1], at[1])));
    if (status == 0 && count[0] != count[1])
        status =
            sna_differences_add(out, "count", name, 1, "A has %" PRIu64 " spikes, B has %" PRIu64, count[0], count[1]);
    if (status == 0)
        status = spikes_in_step(spikes, at, &same);
    if (status == 0 && !same)
        status = spikes_as_sets(spikes, at, name, out);
    return status;
}

int sna_diff_spikes(const char *a, const char *b, const char *population, sna_differences *out)
{
    int status = 0;
    bool found = false;
    sna_spikes *spikes[2] = {NULL, NULL};

    status = sna_spikes_open(&spikes[0], a, NULL);
    if (status == 0)
        status = sna_spikes_open(&spikes[1], b, NULL);
    for (int side = 0; side < 2; side++)
        for (uint64_t i = 0; status == 0 && i < sna_spikes_populations(spikes[side]); i++) {
            const char *name = sna_spikes_population(spikes[side], i);
            const int64_t other = find_other(spikes, side, i);
            const uint64_t at[2] = {i, (uint64_t)other};
            if (population != NULL && strcmp(population, name) != 0)
                continue;
            found = true;
            if (other < 0)
                status = sna_differences_add(out, "population", name, 1, "the population `%s` has spikes in %s only",
                                             shown(name), side == 0 ? "A" : "B");
            else if (side == 0) /* seen from A once is enough */
                status = diff_spike_population(spikes, at, out);
        }
    if (status == 0 && population != NULL && !found)
        status = sna_error(SNA_ENOTFOUND, "neither %s nor %s has spikes of a population `%s`", a, b, population);
    sna_spikes_close(spikes[0]);
    sna_spikes_close(spikes[1]);
    return status;
}

/* ---- reports ------------------------------------------------------------------------------------------------ */

/* What is found while values are compared. */
typedef struct {
    uint64_t exact, rounded; /* values that differ; that differ in single precision too */
    bool single[2];          /* every value of that side is one of single precision */
    uint64_t frame, column;  /* of the first that differs in single precision, or else at all */
    double value[2];
} value_count;

static void count_values(value_count *self, const double *a, const double *b, uint64_t frame, uint64_t frames,
                         uint64_t width)
{
    for (uint64_t i = 0; i < frames * width; i++) {
        const bool nothing = isnan(a[i]) && isnan(b[i]);
        const bool same = nothing || a[i] == b[i], close = same || (float)a[i] == (float)b[i];
        self->single[0] = self->single[0] && (isnan(a[i]) || (double)(float)a[i] == a[i]);
        self->single[1] = self->single[1] && (isnan(b[i]) || (double)(float)b[i] == b[i]);
        if ((!same && self->exact == 0) || (!close && self->rounded == 0)) {
            self->frame = frame + i / width;
            self->column = i % width;
            self->value[0] = a[i];
            self->value[1] = b[i];
        }
        self->exact += !same;
        self->rounded += !close;
    }
}

/* The nodes that can be held against each other: columns of both, in the same order. */
typedef struct {
    sna_selection columns[2];
    uint64_t *node, *element; /* [width] of each column */
    uint64_t width, room;
} common_columns;

static int add_node(common_columns *self, sna_report *const report[2], uint64_t row, uint64_t other)
{
    int status = 0;
    const uint64_t *from = sna_report_pointers(report[0]), *to = sna_report_pointers(report[1]);

    for (uint64_t k = from[row]; k < from[row + 1]; k++) {
        self->node[self->width] = sna_report_node_ids(report[0])[row];
        self->element[self->width++] = sna_report_element_ids(report[0])[k];
    }
    status = sna_selection_add(&self->columns[0], from[row], from[row + 1]);
    if (status == 0)
        status = sna_selection_add(&self->columns[1], to[other], to[other + 1]);
    return status;
}

static bool same_elements(sna_report *const report[2], uint64_t row, uint64_t other)
{
    const uint64_t first = sna_report_pointers(report[0])[row], end = sna_report_pointers(report[0])[row + 1];
    const uint64_t start = sna_report_pointers(report[1])[other], stop = sna_report_pointers(report[1])[other + 1];
    const uint64_t *a = sna_report_element_ids(report[0]), *b = sna_report_element_ids(report[1]);
    const double *x = sna_report_element_positions(report[0]), *y = sna_report_element_positions(report[1]);
    bool same = end - first == stop - start;

    for (uint64_t k = 0; k < end - first && same; k++) {
        same = a[first + k] == b[start + k];
        /* Positions are written in single precision. */
        if (x != NULL && y != NULL)
            same = same && (float)x[first + k] == (float)y[start + k];
    }
    return same;
}

typedef struct {
    uint64_t id, row;
} id_row;

static int compare_ids(const void *a, const void *b)
{
    const id_row *x = a, *y = b;

    return x->id < y->id ? -1 : x->id > y->id;
}

static int sort_nodes(const sna_report *report, id_row **out)
{
    const uint64_t count = sna_report_nodes(report);
    int status = sna_allocate(out, count, sizeof **out);

    for (uint64_t i = 0; i < count && status == 0; i++)
        (*out)[i] = (id_row){sna_report_node_ids(report)[i], i};
    if (status == 0 && count > 1)
        qsort(*out, count, sizeof **out, compare_ids);
    return status;
}

static int match_nodes(common_columns *self, sna_report *const report[2], const char *place, sna_differences *out)
{
    int status = 0;
    id_row *sorted[2] = {NULL, NULL};
    const uint64_t count[2] = {sna_report_nodes(report[0]), sna_report_nodes(report[1])};
    uint64_t i = 0, j = 0, only[2] = {0, 0}, other = 0, first = 0;

    status = sort_nodes(report[0], &sorted[0]);
    if (status == 0)
        status = sort_nodes(report[1], &sorted[1]);
    if (status == 0)
        status = sna_allocate(&self->node, sna_report_elements(report[0]), sizeof *self->node);
    if (status == 0)
        status = sna_allocate(&self->element, sna_report_elements(report[0]), sizeof *self->element);
    while (status == 0 && (i < count[0] || j < count[1])) {
        const int order = i >= count[0] ? 1 : j >= count[1] ? -1 : compare_ids(&sorted[0][i], &sorted[1][j]);
        only[0] += order < 0;
        only[1] += order > 0;
        if (order == 0 && same_elements(report, sorted[0][i].row, sorted[1][j].row)) {
            status = add_node(self, report, sorted[0][i].row, sorted[1][j].row);
        } else if (order == 0) {
            first = other == 0 ? sorted[0][i].id : first;
            other++;
        }
        i += order <= 0;
        j += order >= 0;
    }
    for (int side = 0; side < 2 && status == 0; side++)
        if (only[side] > 0)
            status = sna_differences_add(out, "id", place, only[side], "%" PRIu64 " %s only in %s", only[side],
                                         sna_one_or_many(only[side], "node is", "nodes are"), side == 0 ? "A" : "B");
    if (status == 0 && other > 0)
        status = sna_differences_add(out, "element", place, other,
                                     "%" PRIu64 " %s other elements in A and B; the first: node %" PRIu64, other,
                                     sna_one_or_many(other, "node has", "nodes have"), first);
    free(sorted[0]);
    free(sorted[1]);
    return status;
}

static int compare_times(sna_report *const report[2], const char *place, bool *same, sna_differences *out)
{
    int status = 0;
    char a[SNA_NUMBER_SIZE], b[SNA_NUMBER_SIZE];
    const char *unit[2] = {sna_report_unit(report[0]), sna_report_unit(report[1])};
    const struct {
        const char *what;
        double of[2];
    } times[] = {{"the first frame is at", {sna_report_start(report[0]), sna_report_start(report[1])}},
                 {"the time between frames is", {sna_report_step(report[0]), sna_report_step(report[1])}}};

    *same = true;
    for (size_t i = 0; i < sizeof times / sizeof *times && status == 0; i++)
        if (times[i].of[0] != times[i].of[1]) {
            *same = false;
            status = sna_differences_add(out, "time", place, 1, "%s %s ms in A, %s ms in B", times[i].what,
                                         sna_number_text(a, times[i].of[0]), sna_number_text(b, times[i].of[1]));
        }
    if (status == 0 && sna_report_frames(report[0]) != sna_report_frames(report[1]))
        status = sna_differences_add(out, "count", place, 1, "A has %" PRIu64 " frames, B has %" PRIu64,
                                     sna_report_frames(report[0]), sna_report_frames(report[1]));
    for (int side = 0; side < 2; side++)
        unit[side] = unit[side] == NULL ? "" : unit[side];
    if (status == 0 && strcmp(unit[0], unit[1]) != 0)
        status = sna_differences_add(out, "unit", place, 1, "the unit is \"%s\" in A, \"%s\" in B", unit[0], unit[1]);
    return status;
}

static int compare_values(sna_report *const report[2], const common_columns *common, const char *place,
                          sna_differences *out)
{
    int status = 0;
    enum { VALUES_AT_ONCE = 1 << 20 };
    double *value[2] = {NULL, NULL};
    char a[SNA_NUMBER_SIZE], b[SNA_NUMBER_SIZE], time[SNA_NUMBER_SIZE];
    value_count count = {.single = {true, true}};
    const uint64_t frames = sna_report_frames(report[0]) < sna_report_frames(report[1]) ? sna_report_frames(report[0])
                                                                                        : sna_report_frames(report[1]);
    const uint64_t block = common->width == 0 ? 1 : VALUES_AT_ONCE / common->width + 1;

    for (int side = 0; side < 2 && status == 0; side++)
        status = sna_allocate(&value[side], block * common->width, sizeof *value[side]);
    for (uint64_t first = 0; first < frames && common->width > 0 && status == 0; first += block) {
        const uint64_t now = frames - first < block ? frames - first : block;
        for (int side = 0; side < 2 && status == 0; side++)
            status = sna_report_read(report[side], first, now, 1, &common->columns[side], value[side]);
        if (status == 0)
            count_values(&count, value[0], value[1], first, now, common->width);
        if (status == 0)
            status = sna_check_cancelled();
    }
    if (status == 0 && count.exact > 0 && count.rounded == 0 && (count.single[0] || count.single[1]))
        status = sna_differences_note(out, "The values of %s are the same in single precision, which %s is stored in.",
                                      shown(place), count.single[0] ? "A" : "B");
    else if (status == 0 && count.exact > 0)
        status = sna_differences_add(
            out, "value", place, count.exact,
            "%" PRIu64 " %s; one of them: node %" PRIu64 ", element %" PRIu64 ", %s ms: %s in A, %s in B", count.exact,
            sna_one_or_many(count.exact, "value differs", "values differ"), common->node[count.column],
            common->element[count.column],
            sna_number_text(time, sna_report_start(report[0]) + (double)count.frame * sna_report_step(report[0])),
            sna_number_text(a, count.value[0]), sna_number_text(b, count.value[1]));
    free(value[0]);
    free(value[1]);
    return status;
}

/* `name` NULL: the only one of each. */
static int diff_report(const char *const path[2], const char *name, sna_differences *out)
{
    int status = 0;
    bool same_times = false;
    sna_report *report[2] = {NULL, NULL};
    common_columns common = {{SNA_SELECTION, SNA_SELECTION}, NULL, NULL, 0, 0};
    const char *place = name == NULL ? "" : name;

    for (int side = 0; side < 2 && status == 0; side++)
        status = sna_report_open(&report[side], path[side], name, NULL);
    if (status == 0)
        status = compare_times(report, place, &same_times, out);
    if (status == 0)
        status = match_nodes(&common, report, place, out);
    if (status == 0 && same_times)
        status = compare_values(report, &common, place, out);
    sna_report_close(report[0]);
    sna_report_close(report[1]);
    sna_selection_free(&common.columns[0]);
    sna_selection_free(&common.columns[1]);
    free(common.node);
    free(common.element);
    return status;
}

int sna_diff_reports(const char *a, const char *b, const char *population, sna_differences *out)
{
    int status = 0;
    bool found = false;
    const char *const path[2] = {a, b};
    sna_list names[2] = {SNA_LIST, SNA_LIST};

    for (int side = 0; side < 2 && status == 0; side++)
        status = sna_populations_list(&names[side], path[side], "report");
    /* The layout of 2018 has no populations: such a report stands for the only one of the other file. */
    if (status == 0 && (names[0].count == 0 || names[1].count == 0) && names[0].count <= 1 && names[1].count <= 1 &&
        population == NULL) {
        status = diff_report(path, NULL, out);
        goto out;
    }
    for (int side = 0; side < 2; side++)
        for (uint64_t i = 0; i < names[side].count && status == 0; i++) {
            const char *name = names[side].text[i];
            if (population != NULL && strcmp(population, name) != 0)
                continue;
            found = true;
            if (sna_list_find(&names[1 - side], name) < 0)
                status = sna_differences_add(out, "population", name, 1, "the population `%s` is only in %s", name,
                                             side == 0 ? "A" : "B");
            else if (side == 0)
                status = diff_report(path, name, out);
        }
    if (status == 0 && population != NULL && !found)
        status = sna_error(SNA_ENOTFOUND, "neither %s nor %s has a report of a population `%s`", a, b, population);
out:
    sna_list_free(&names[0]);
    sna_list_free(&names[1]);
    return status;
}
