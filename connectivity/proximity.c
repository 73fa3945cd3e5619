/* proximity.c: how many pairs of cells there are at each distance, and how many of them are connected. */
#include "connectivity/internal.h"

#include <inttypes.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEFAULT_BINS = 8,
    ALL_SAMPLES = 1 << 22,   /* pairs to draw, over all blocks */
    LEAST_SAMPLES = 1 << 14, /* and in each */
    TILE = 512,              /* distances computed at a time */
    LEAST_SLOTS = 2048       /* of a ruler */
};
/* Distances that two processors compute in about three seconds. */
static const double most_distances = 1.5e9;

/* ---- cells of a group --------------------------------------------------------------------------------------- */

/* Where the cells of a side are, by slot, and which they are. */
typedef struct {
    double (*position)[3]; /* [slots] */
    uint64_t *cell;        /* [slots] the same for a cell on both sides, ascending */
} places;

static void free_places(places *self)
{
    free(self->position);
    free(self->cell);
}

static int find_places(places *out, const sna_side *side)
{
    int status = 0;

    status = sna_allocate(&out->position, side->slots, sizeof *out->position);
    if (status == 0)
        status = sna_allocate(&out->cell, side->slots, sizeof *out->cell);
    for (uint64_t p = 0; p < side->populations && status == 0; p++) {
        const sna_side_population *population = &side->population[p];
        const double(*position)[3] = NULL;
        unsigned dimensions = 0;
        if (!population->chosen)
            continue;
        status = sna_nodes_positions(population->nodes, &position, &dimensions);
        for (uint64_t i = 0; i < population->count && status == 0; i++) {
            memcpy(out->position[population->first_slot + i], position[i], sizeof position[i]);
            out->cell[population->first_slot + i] = p << 44 | i;
        }
    }
    return status;
}

/* The cells of a group that have all coordinates asked for; the other coordinates are 0. */
typedef struct {
    sna_cloud cloud;
    double *room;
    uint64_t *cell; /* [cloud.count] */
} members;

static void free_members(members *self)
{
    free(self->room);
    free(self->cell);
}

static int gather(members *out, const sna_side *side, const places *where, uint64_t group, unsigned axes)
{
    int status = 0;
    const uint64_t *slot = side->member + side->first[group], count = side->group[group].count;
    uint64_t n = 0;

    status = sna_allocate(&out->room, 3 * count, sizeof *out->room);
    if (status == 0)
        status = sna_allocate(&out->cell, count, sizeof *out->cell);
    for (uint64_t m = 0; m < count && status == 0; m++) {
        bool whole = true;
        for (uint64_t k = 0; k < 3; k++) {
            const double value = (axes & (1u << k)) != 0 ? where->position[slot[m]][k] : 0;
            out->room[k * count + n] = value;
            whole = whole && isfinite(value);
        }
        out->cell[n] = where->cell[slot[m]];
        n += whole;
    }
    if (status == 0)
        out->cloud = (sna_cloud){out->room, out->room + count, out->room + 2 * count, n};
    return status;
}

/* How many cells are in both; the cells of a group ascend. */
static uint64_t count_common(const members *a, const members *b)
{
    uint64_t common = 0;

    for (uint64_t i = 0, j = 0; i < a->cloud.count && j < b->cloud.count;) {
        common += a->cell[i] == b->cell[j];
        if (a->cell[i] <= b->cell[j])
            i++;
        else
            j++;
    }
    return common;
}

/* Do a group of sources and one of targets consist of the same cells? */
static bool are_same(const sna_survey *survey, const places *from, const places *to, uint64_t source, uint64_t target)
{
    const uint64_t *a = survey->source.member + survey->source.first[source],
                   *b = survey->target.member + survey->target.first[target];
    const uint64_t count = survey->source.group[source].count;
    bool same = count == survey->target.group[target].count;

    for (uint64_t m = 0; m < count && same; m++)
        same = from->cell[a[m]] == to->cell[b[m]];
    return same;
}

/* ---- bins --------------------------------------------------------------------------------------------------- */

/* Slots of equal width, finer than the bins, which are found by one multiplication. A slot that no edge of a bin is in
 * or near belongs to one bin as a whole; of the few others, each distance is held against the edges. */
typedef struct {
    const double *edge; /* [bins + 1] */
    uint64_t bins;
    double low, scale; /* slots to an um; distances below `low` are in slot 0, the first ones above it in slot 1 */
    uint64_t slots;    /* with those outside */
    uint64_t *bin;     /* [slots] of the whole slot; `bins`: none, or not of one */
    bool *mixed;       /* [slots] holds an edge */
} ruler;

static void free_ruler(ruler *self)
{
    free(self->bin);
    free(self->mixed);
}

/* The slot of a distance; the same for one distance as for many at once. */
static inline uint32_t slot_of(const ruler *self, double distance)
{
    const double most = (double)(self->slots - 1);
    double slot = (distance - self->low) * self->scale + 1;

    slot = slot < 0 ? 0 : slot;
    slot = slot > most ? most : slot;
    return (uint32_t)(int32_t)slot;
}

static int make_ruler(ruler *self, const double *edge, uint64_t bins)
{
    int status = 0;
    const uint64_t inside = LEAST_SLOTS > 16 * bins ? LEAST_SLOTS : 16 * bins;

    self->edge = edge;
    self->bins = bins;
    self->low = edge[0];
    self->scale = (double)inside / (edge[bins] - edge[0]);
    self->slots = inside + 3; /* below; above; and the upper end, which rounding may take into one of its own */
    status = sna_allocate(&self->bin, self->slots, sizeof *self->bin);
    if (status == 0)
        status = sna_allocate(&self->mixed, self->slots, sizeof *self->mixed);
    if (status != 0)
        return status;
    for (uint64_t s = 0; s < self->slots; s++)
        self->bin[s] = sna_bins_find(edge, bins, self->low + ((double)s - 0.5) / self->scale);
    for (uint64_t e = 0; e <= bins; e++) {
        /* Rounding may put a distance on the wrong side of an edge, but no further than into the next slot. */
        const uint64_t at = slot_of(self, edge[e]), first = at > 0 ? at - 1 : 0;
        for (uint64_t s = first; s <= at + 1 && s < self->slots; s++)
            self->mixed[s] = true;
    }
    return 0;
}

/* Distances from cell i of `a` to the cells first .. first + count - 1 of `b`, and their slots. */
static inline void measure_tile(double *distance, uint32_t *slot, const ruler *measure, const sna_cloud *a, uint64_t i,
                                const sna_cloud *b, uint64_t first, uint64_t count)
{
    const double x = a->x[i], y = a->y[i], z = a->z[i];
    const double *to_x = b->x + first, *to_y = b->y + first, *to_z = b->z + first;

#pragma omp simd
    for (uint64_t j = 0; j < count; j++) {
        const double dx = x - to_x[j], dy = y - to_y[j], dz = z - to_z[j];
        distance[j] = sqrt(dx * dx + dy * dy + dz * dz);
        slot[j] = slot_of(measure, distance[j]);
    }
}

/* ---- counting pairs ----------------------------------------------------------------------------------------- */

/* The pairs of a block. */
typedef struct {
    const members *source, *target;
    bool same;        /* the same cells: half the pairs say it all */
    uint64_t samples; /* 0: all pairs */
    uint64_t block;   /* for random numbers */
} pair_set;

/* What one thread counts: pairs by slot; those in mixed slots by bin, with the sum of their slots. Whole numbers add up
 * to the same in any order. */
typedef struct {
    uint64_t *slot;          /* [slots] */
    uint64_t *bin, *bin_sum; /* [bins + 1], the last for none */
} tally;

static int make_tally(tally *out, const ruler *measure)
{
    int status = sna_allocate(&out->slot, measure->slots, sizeof *out->slot);

    if (status == 0)
        status = sna_allocate(&out->bin, measure->bins + 1, sizeof *out->bin);
    if (status == 0)
        status = sna_allocate(&out->bin_sum, measure->bins + 1, sizeof *out->bin_sum);
    return status;
}

static void free_tally(tally *self)
{
    free(self->slot);
    free(self->bin);
    free(self->bin_sum);
}

static inline void count_pair(tally *out, const ruler *measure, double distance, uint32_t slot)
{
    if (measure->mixed[slot]) {
        const uint64_t bin = sna_bins_find(measure->edge, measure->bins, distance);
        out->bin[bin]++;
        out->bin_sum[bin] += slot;
    } else {
        out->slot[slot]++;
    }
}

/* All targets of source cell i; those behind it where both sides are the same cells. */
static void count_row(const pair_set *self, const ruler *measure, tally *out, uint64_t i)
{
    const uint64_t targets = self->target->cloud.count;
    double distance[TILE];
    uint32_t slot[TILE];

    for (uint64_t first = self->same ? i + 1 : 0; first < targets; first += TILE) {
        const uint64_t count = targets - first < TILE ? targets - first : TILE;
        measure_tile(distance, slot, measure, &self->source->cloud, i, &self->target->cloud, first, count);
        for (uint64_t j = 0; j < count; j++)
            count_pair(out, measure, distance[j], slot[j]);
    }
}

/* A random pair, the same for the same number. */
static void count_sample(const pair_set *self, const ruler *measure, tally *out, uint64_t purpose, uint64_t number)
{
    sna_random random;
    uint64_t i, j;
    double distance;
    uint32_t slot;

    sna_random_start(&random, 0, purpose, self->block, number);
    i = sna_random_below(&random, self->source->cloud.count);
    j = sna_random_below(&random, self->target->cloud.count);
    measure_tile(&distance, &slot, measure, &self->source->cloud, i, &self->target->cloud, j, 1);
    if (self->source->cell[i] != self->target->cell[j])
        count_pair(out, measure, distance, slot);
}

/* Adds what a thread has counted: pairs of different cells in each bin, and the sum of their slots. */
static void add_tally(const ruler *measure, const tally *from, uint64_t *count, uint64_t *sum)
{
    for (uint64_t s = 0; s < measure->slots; s++) {
        if (measure->bin[s] < measure->bins && !measure->mixed[s]) {
            count[measure->bin[s]] += from->slot[s];
            sum[measure->bin[s]] += s * from->slot[s];
        }
    }
    for (uint64_t b = 0; b < measure->bins; b++) {
        count[b] += from->bin[b];
        sum[b] += from->bin_sum[b];
    }
}

static int count_pairs(const pair_set *self, const ruler *measure, uint64_t *count, uint64_t *sum)
{
    int status = 0;
    const uint64_t rows = self->samples > 0 ? self->samples : self->source->cloud.count;
    const uint64_t purpose = sna_random_purpose("probability by distance");
    const uint64_t common = self->samples > 0 || self->same ? 0 : count_common(self->source, self->target);

#pragma omp parallel num_threads(sna_threads())
    {
        tally own = {NULL, NULL, NULL};
        const int made = make_tally(&own, measure);
        if (made != 0) {
#pragma omp atomic write
            status = made;
        }
#pragma omp for schedule(dynamic, 64)
        for (uint64_t r = 0; r < rows; r++) {
            if (made != 0 || sna_cancelled())
                continue;
            if (self->samples > 0)
                count_sample(self, measure, &own, purpose, r);
            else
                count_row(self, measure, &own, r);
        }
#pragma omp critical(sna_probability_merge)
        if (made == 0)
            add_tally(measure, &own, count, sum);
        free_tally(&own);
    }
    /* A cell is at no distance from itself. */
    if (common > 0) {
        const uint64_t bin = sna_bins_find(measure->edge, measure->bins, 0);
        if (bin < measure->bins) {
            count[bin] -= common;
            sum[bin] -= common * slot_of(measure, 0);
        }
    }
    return status == 0 ? sna_check_cancelled() : sna_error(SNA_ENOMEM, "no memory for the bins of distances");
}

/* ---- blocks ------------------------------------------------------------------------------------------------- */

static int check_edges(const double *edge, uint64_t bins)
{
    for (uint64_t b = 0; b <= bins; b++) {
        if (!isfinite(edge[b]) || (b > 0 && !(edge[b] > edge[b - 1])))
            return sna_error(SNA_EINVAL, "edges of bins are finite numbers that ascend, found %g as edge %" PRIu64,
                             edge[b], b + 1);
    }
    return 0;
}

static int make_edges(sna_proximity *out, const pair_set *pairs, const sna_survey_request *request)
{
    int status = 0;
    uint64_t bins = request->bins > 0 ? request->bins : DEFAULT_BINS;
    double low = 0, high = 0;

    if (request->bin_edges != NULL) {
        status = check_edges(request->bin_edges, bins);
        if (status == 0)
            status = sna_allocate(&out->edge, bins + 1, sizeof *out->edge);
        if (status == 0)
            memcpy(out->edge, request->bin_edges, (bins + 1) * sizeof *out->edge);
    } else {
        status = sna_cloud_extent(&low, &high, &pairs->source->cloud, &pairs->target->cloud);
        if (status == 0)
            status = sna_bins_make(&out->edge, &bins, low, high, false, 0, 0, 0);
    }
    out->bins = status == 0 ? bins : 0;
    return status;
}

static int fill_block(sna_proximity *out, const pair_set *pairs, const sna_survey_request *request)
{
    int status = 0;
    uint64_t *count = NULL, *sum = NULL;
    ruler measure = {.bin = NULL, .mixed = NULL};
    const double all = (double)pairs->source->cloud.count * (double)pairs->target->cloud.count;
    const double share = pairs->samples > 0 ? all / (double)pairs->samples : pairs->same ? 2 : 1;

    status = make_edges(out, pairs, request);
    if (status == 0)
        status = sna_allocate(&count, out->bins, sizeof *count);
    if (status == 0)
        status = sna_allocate(&sum, out->bins, sizeof *sum);
    if (status == 0)
        status = sna_allocate(&out->possible, out->bins, sizeof *out->possible);
    if (status == 0)
        status = sna_allocate(&out->error, out->bins, sizeof *out->error);
    if (status == 0)
        status = sna_allocate(&out->mean, out->bins, sizeof *out->mean);
    if (status == 0)
        status = sna_allocate(&out->connected, out->bins, sizeof *out->connected);
    if (status == 0)
        status = make_ruler(&measure, out->edge, out->bins);
    if (status == 0)
        status = count_pairs(pairs, &measure, count, sum);
    if (status != 0)
        goto out;
    out->samples = pairs->samples;
    for (uint64_t b = 0; b < out->bins; b++) {
        out->possible[b] = share * (double)count[b];
        /* Of the middles of their slots. */
        out->mean[b] = count[b] > 0 ? measure.low + ((double)sum[b] / (double)count[b] - 0.5) / measure.scale : NAN;
        if (pairs->samples > 0) {
            const double part = (double)count[b] / (double)pairs->samples;
            out->error[b] = all * sqrt(part * (1 - part) / (double)pairs->samples);
        }
    }
out:
    free_ruler(&measure);
    free(count);
    free(sum);
    return status;
}

/* What is found from a to b is there from b to a too. */
static int copy_block(sna_proximity *out, const sna_proximity *from)
{
    double **const part[] = {&out->edge, &out->possible, &out->error, &out->mean};
    const double *const source[] = {from->edge, from->possible, from->error, from->mean};
    int status = 0;

    if (from->bins == 0)
        return 0;
    for (size_t i = 0; i < sizeof part / sizeof *part && status == 0; i++) {
        const uint64_t count = from->bins + (i == 0); /* of edges there is one more */
        status = sna_allocate(part[i], count, sizeof **part[i]);
        if (status == 0)
            memcpy(*part[i], source[i], count * sizeof **part[i]);
    }
    if (status == 0)
        status = sna_allocate(&out->connected, from->bins, sizeof *out->connected);
    if (status == 0) {
        out->bins = from->bins;
        out->samples = from->samples;
    }
    return status;
}

/* The axes that the cells of two groups have, judged by their populations. */
static int common_axes(const sna_survey *survey, uint64_t source, uint64_t target, unsigned asked, unsigned *out)
{
    int status = 0;
    sna_nodes *ends[2] = {NULL, NULL};
    sna_span span;

    for (uint64_t p = 0; p < survey->source.populations; p++) {
        const char *name = sna_circuit_node_population(survey->circuit, p);
        if (strcmp(name, survey->source.group[source].population) == 0)
            ends[0] = survey->source.population[p].nodes;
        if (strcmp(name, survey->target.group[target].population) == 0)
            ends[1] = survey->target.population[p].nodes;
    }
    status = sna_span_open(&span, ends[0], ends[1], asked);
    *out = span.axes;
    return status;
}

/* A survey while its blocks are gone through. */
typedef struct {
    const sna_survey *survey;
    const sna_survey_request *request;
    places from, to;
    bool *aligned; /* [the fewer groups] group g of the sources is the cells of group g of the targets */
} walk;

static bool is_aligned(const walk *self, uint64_t group)
{
    return group < self->survey->source.groups && group < self->survey->target.groups && self->aligned[group];
}

/* Is block (target, source), which comes before, the same pairs the other way round? */
static bool is_mirrored(const walk *self, uint64_t source, uint64_t target)
{
    return target < source && is_aligned(self, source) && is_aligned(self, target);
}

/* Distances to compute for a block. */
static double work_of(const walk *self, uint64_t source, uint64_t target)
{
    const double all =
        (double)self->survey->source.group[source].count * (double)self->survey->target.group[target].count;

    return is_mirrored(self, source, target) ? 0 : source == target && is_aligned(self, source) ? all / 2 : all;
}

static int measure_block(sna_proximities *out, const walk *self, uint64_t source, uint64_t target)
{
    int status = 0;
    const uint64_t targets = self->survey->target.groups, block = source * targets + target;
    const uint64_t share = ALL_SAMPLES / out->blocks, samples = share > LEAST_SAMPLES ? share : LEAST_SAMPLES;
    unsigned axes = 0;
    members a = {{NULL, NULL, NULL, 0}, NULL, NULL}, b = a;
    pair_set pairs = {&a, &b, source == target && is_aligned(self, source), 0, block};

    if (is_mirrored(self, source, target))
        return copy_block(&out->block[block], &out->block[target * targets + source]);
    if (out->sampled && work_of(self, source, target) > (double)samples)
        pairs.samples = samples;
    status = common_axes(self->survey, source, target, self->request->axes, &axes);
    if (status != 0 || axes == 0)
        goto out;
    status = gather(&a, &self->survey->source, &self->from, source, axes);
    if (status == 0)
        status = gather(&b, &self->survey->target, &self->to, target, axes);
    if (status == 0 && a.cloud.count > 0 && b.cloud.count > 0)
        status = fill_block(&out->block[block], &pairs, self->request);
out:
    free_members(&a);
    free_members(&b);
    return status;
}

int sna_proximities_create(sna_proximities *out, sna_survey *survey, const sna_survey_request *request)
{
    int status = 0;
    const uint64_t sources = survey->source.groups, targets = survey->target.groups,
                   fewer = sources < targets ? sources : targets;
    const double most = request->most_distances > 0 ? (double)request->most_distances : most_distances;
    walk work = {survey, request, {NULL, NULL}, {NULL, NULL}, NULL};
    double distances = 0;
    sna_progress progress;

    out->blocks = sources * targets;
    status = sna_allocate(&out->block, out->blocks, sizeof *out->block);
    if (status == 0)
        status = find_places(&work.from, &survey->source);
    if (status == 0)
        status = find_places(&work.to, &survey->target);
    if (status == 0)
        status = sna_allocate(&work.aligned, fewer, sizeof *work.aligned);
    if (status != 0)
        goto out;
    for (uint64_t g = 0; g < fewer; g++)
        work.aligned[g] = are_same(survey, &work.from, &work.to, g, g);
    for (uint64_t b = 0; b < out->blocks; b++)
        distances += work_of(&work, b / targets, b % targets);
    out->sampled = distances > most;
    sna_progress_start(&progress, "measuring distances", "blocks", out->blocks);
    for (uint64_t b = 0; b < out->blocks && status == 0; b++) {
        status = sna_check_cancelled();
        if (status == 0)
            status = measure_block(out, &work, b / targets, b % targets);
        sna_progress_update(&progress, b + 1);
    }
    sna_progress_end(&progress);
out:
    free_places(&work.from);
    free_places(&work.to);
    free(work.aligned);
    return status;
}

void sna_proximity_add(sna_proximity *self, double distance)
{
    uint64_t bin;

    if (self->bins == 0 || isnan(distance))
        return;
    bin = sna_bins_find(self->edge, self->bins, distance);
    if (bin < self->bins) {
#pragma omp atomic
        self->connected[bin]++;
    }
}

void sna_proximities_free(sna_proximities *self)
{
    for (uint64_t b = 0; self->block != NULL && b < self->blocks; b++) {
        free(self->block[b].edge);
        free(self->block[b].possible);
        free(self->block[b].error);
        free(self->block[b].mean);
        free(self->block[b].connected);
    }
    free(self->block);
    *self = (sna_proximities){0};
}
