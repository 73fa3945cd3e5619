/* proximity.c: how many pairs of cells there are at each distance, and how many of them are connected. */
#include "connectivity/internal.h"

#include <inttypes.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_BINS = 8, LEAST_SAMPLES = 1 << 16 };
static const double most_pairs = 5e8, all_samples = 1 << 26;

/* ---- possible pairs ----------------------------------------------------------------------------------------- */

/* Where the cells of a side are, by slot, and which they are. */
typedef struct {
    double (*position)[3]; /* [slots] */
    uint64_t *cell;        /* [slots] the same for a cell on both sides */
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

/* The pairs of a block, and the axes along which they are apart. */
typedef struct {
    const places *source, *target;
    const uint64_t *from, *to; /* slots */
    uint64_t from_count, to_count;
    unsigned axes;
} pair_set;

/* Distance of a pair; NaN where a coordinate misses. */
static double distance_of(const pair_set *self, uint64_t source, uint64_t target)
{
    const double *a = self->source->position[source], *b = self->target->position[target];
    double square = 0;

    for (int k = 0; k < 3; k++) {
        if ((self->axes & (1u << k)) != 0)
            square += (a[k] - b[k]) * (a[k] - b[k]);
    }
    return sqrt(square);
}

/* Pairs to look at: all of them, or `samples` random ones. */
typedef struct {
    uint64_t samples; /* 0: all */
    uint64_t block;   /* for random numbers */
} plan;

/* Calls for rows of the set (all) or slices of the sample; integers are added up, so order does not matter. */
static void extremes(const pair_set *self, const plan *how, double *low, double *high)
{
    const uint64_t rows = how->samples > 0 ? how->samples : self->from_count;
    double least = INFINITY, most = -INFINITY;

#pragma omp parallel for num_threads(sna_threads()) schedule(static) reduction(min : least) reduction(max : most)
    for (uint64_t r = 0; r < rows; r++) {
        uint64_t first = 0, end = self->to_count, i = r;
        if (how->samples > 0) {
            sna_random random;
            sna_random_start(&random, 0, sna_random_purpose("probability by distance"), how->block, r);
            i = sna_random_below(&random, self->from_count);
            first = sna_random_below(&random, self->to_count);
            end = first + 1;
        }
        for (uint64_t j = first; j < end; j++) {
            const double d = distance_of(self, self->from[i], self->to[j]);
            least = d < least ? d : least; /* false for NaN */
            most = d > most ? d : most;
        }
    }
    *low = least;
    *high = most;
}

/* How many pairs of different cells lie in each bin, and the sum of their distances in units of 2^-20 um: whole numbers
 * add up to the same in any order. */
static int count_pairs(const pair_set *self, const plan *how, const double *edge, uint64_t bins, uint64_t *count,
                       uint64_t *sum)
{
    int status = 0;
    const uint64_t rows = how->samples > 0 ? how->samples : self->from_count;
    const double scale = (double)bins / (edge[bins] - edge[0]);
    /* Equal bins are found by a division, others by a search. */
    bool equal = true;

    for (uint64_t b = 0; b < bins; b++)
        equal = equal && fabs((edge[b + 1] - edge[b]) * scale - 1) < 1e-6;
#pragma omp parallel num_threads(sna_threads())
    {
        uint64_t *own_count = NULL, *own_sum = NULL;
        int own = sna_allocate(&own_count, bins + 1, sizeof *own_count);
        if (own == 0)
            own = sna_allocate(&own_sum, bins + 1, sizeof *own_sum);
        if (own != 0) {
#pragma omp atomic write
            status = own;
        }
#pragma omp for schedule(static)
        for (uint64_t r = 0; r < rows; r++) {
            uint64_t first = 0, end = self->to_count, i = r;
            if (own != 0)
                continue;
            if (how->samples > 0) {
                sna_random random;
                sna_random_start(&random, 0, sna_random_purpose("probability by distance"), how->block, r);
                i = sna_random_below(&random, self->from_count);
                first = sna_random_below(&random, self->to_count);
                end = first + 1;
            }
            for (uint64_t j = first; j < end; j++) {
                const double d = distance_of(self, self->from[i], self->to[j]);
                uint64_t bin;
                if (!(d >= edge[0] && d <= edge[bins]) ||
                    self->source->cell[self->from[i]] == self->target->cell[self->to[j]])
                    continue;
                if (equal) {
                    bin = (uint64_t)((d - edge[0]) * scale);
                    bin = bin >= bins ? bins - 1 : bin;
                    bin -= bin > 0 && d < edge[bin];
                    bin += bin + 1 < bins && d >= edge[bin + 1];
                } else {
                    bin = sna_bins_find(edge, bins, d);
                }
                own_count[bin]++;
                own_sum[bin] += (uint64_t)(d * 0x1p20);
            }
        }
#pragma omp critical(sna_probability_merge)
        for (uint64_t b = 0; b < bins && own == 0; b++) {
            count[b] += own_count[b];
            sum[b] += own_sum[b];
        }
        free(own_count);
        free(own_sum);
    }
    return status == 0 ? 0 : sna_error(SNA_ENOMEM, "no memory for the bins of distances");
}

static int make_edges(sna_proximity *out, const pair_set *pairs, const plan *how, const sna_survey_request *request)
{
    int status = 0;
    uint64_t bins = request->bins > 0 ? request->bins : DEFAULT_BINS;
    double low = 0, high = 0;

    if (request->bin_edges != NULL) {
        status = sna_allocate(&out->edge, bins + 1, sizeof *out->edge);
        if (status == 0)
            memcpy(out->edge, request->bin_edges, (bins + 1) * sizeof *out->edge);
    } else {
        extremes(pairs, how, &low, &high);
        if (low > high)
            goto out; /* no pair with positions */
        status = sna_bins_make(&out->edge, &bins, low, high, false, 0, 0, 0);
    }
    if (status == 0) {
        out->bins = bins;
        /* A sample may miss the largest distance. */
        out->open = how->samples > 0 && request->bin_edges == NULL;
    }
out:
    return status;
}

static int fill_block(sna_proximity *out, const pair_set *pairs, const plan *how, const sna_survey_request *request)
{
    int status = 0;
    uint64_t *count = NULL, *sum = NULL;
    double share = 1;

    status = make_edges(out, pairs, how, request);
    if (status != 0 || out->bins == 0)
        goto out;
    status = sna_allocate(&count, out->bins, sizeof *count);
    if (status == 0)
        status = sna_allocate(&sum, out->bins, sizeof *sum);
    if (status == 0)
        status = sna_allocate(&out->possible, out->bins, sizeof *out->possible);
    if (status == 0)
        status = sna_allocate(&out->mean, out->bins, sizeof *out->mean);
    if (status == 0)
        status = sna_allocate(&out->connected, out->bins, sizeof *out->connected);
    if (status == 0)
        status = count_pairs(pairs, how, out->edge, out->bins, count, sum);
    if (status != 0)
        goto out;
    if (how->samples > 0) /* each stands for so many */
        share = (double)pairs->from_count * (double)pairs->to_count / (double)how->samples;
    for (uint64_t b = 0; b < out->bins; b++) {
        out->possible[b] = share * (double)count[b];
        out->mean[b] = count[b] > 0 ? (double)sum[b] / (double)count[b] * 0x1p-20 : NAN;
    }
out:
    free(count);
    free(sum);
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

int sna_proximities_create(sna_proximities *out, sna_survey *survey, const sna_survey_request *request)
{
    int status = 0;
    const sna_side *source = &survey->source, *target = &survey->target;
    places from = {NULL, NULL}, to = {NULL, NULL};
    double pairs = 0;

    out->blocks = source->groups * target->groups;
    status = sna_allocate(&out->block, out->blocks, sizeof *out->block);
    if (status == 0)
        status = find_places(&from, source);
    if (status == 0)
        status = find_places(&to, target);
    for (uint64_t b = 0; b < out->blocks; b++)
        pairs += (double)source->group[b / target->groups].count * (double)target->group[b % target->groups].count;
    out->sampled = pairs > most_pairs;
    for (uint64_t b = 0; b < out->blocks && status == 0; b++) {
        const uint64_t s = b / target->groups, t = b % target->groups;
        pair_set set = {&from,
                        &to,
                        source->member + source->first[s],
                        target->member + target->first[t],
                        source->group[s].count,
                        target->group[t].count,
                        0};
        plan how = {0, b};
        if (out->sampled) {
            const double share = all_samples / (double)out->blocks;
            how.samples = share > LEAST_SAMPLES ? (uint64_t)share : LEAST_SAMPLES;
            if ((double)set.from_count * (double)set.to_count <= (double)how.samples)
                how.samples = 0; /* all of them are fewer */
        }
        status = sna_check_cancelled();
        if (status == 0)
            status = common_axes(survey, s, t, request->axes, &set.axes);
        if (status == 0 && set.axes != 0)
            status = fill_block(&out->block[b], &set, &how, request);
    }
    free_places(&from);
    free_places(&to);
    return status;
}

void sna_proximity_add(sna_proximity *self, double distance)
{
    uint64_t bin;

    if (self->bins == 0 || isnan(distance))
        return;
    bin = sna_bins_find(self->edge, self->bins, distance);
    if (bin == self->bins && self->open && distance > self->edge[self->bins])
        bin--;
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
        free(self->block[b].mean);
        free(self->block[b].connected);
    }
    free(self->block);
    *self = (sna_proximities){0};
}
