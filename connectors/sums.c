/* sums.c: sums over all pairs of nodes, of anything that depends on where the two are. */
#include "sums.h"

#include <math.h>
#include <stdlib.h>

/* Samples of all targets together: about as many as there will be edges, which makes the estimate about as good as the
 * network is like it. A few million pairs, a tenth of a second, are added up one by one. */
static const double samples_least = 1e6, samples_most = 2e6;
enum { CHUNK = 256 };

/* The near cells of a cell that hold nodes; up to and including each, how many nodes they hold, and how many edges they
 * would give if every pair had its cell's bound. */
typedef struct {
    uint64_t *cell, *upto; /* [near cells] */
    double *bound, *weight;
    uint64_t count;
} candidates;

static void candidates_free(candidates *self)
{
    free(self->cell);
    free(self->upto);
    free(self->bound);
    free(self->weight);
}

static int candidates_create(candidates *out, uint64_t most)
{
    int status = sna_allocate(&out->cell, most, sizeof *out->cell);

    if (status == 0)
        status = sna_allocate(&out->upto, most, sizeof *out->upto);
    if (status == 0)
        status = sna_allocate(&out->bound, most, sizeof *out->bound);
    if (status == 0)
        status = sna_allocate(&out->weight, most, sizeof *out->weight);
    return status;
}

static uint64_t find_candidates(const sna_sums *self, uint64_t from, candidates *out)
{
    uint64_t sum = 0;
    double weight = 0;
    int64_t at[3];

    sna_lattice_split(self->lattice, from, at);
    out->count = 0;
    for (uint64_t i = 0; i < self->near->count; i++) {
        const int64_t *offset = self->near->cell[i].offset;
        const int64_t there[3] = {at[0] + offset[0], at[1] + offset[1], at[2] + offset[2]};
        uint64_t c, here;
        if (!sna_lattice_inside(self->lattice, there))
            continue;
        c = sna_lattice_join(self->lattice, there);
        here = self->source->start[c + 1] - self->source->start[c];
        if (here == 0)
            continue;
        sum += here;
        weight += (double)here * self->near->cell[i].bound;
        out->cell[out->count] = c;
        out->bound[out->count] = self->near->cell[i].bound;
        out->weight[out->count] = weight;
        out->upto[out->count++] = sum;
    }
    return sum;
}

/* A target: its id, and where it is. */
typedef struct {
    uint64_t id;
    double place[3];
} one_target;

/* What the pair of a target and of the source at `k` of the grid adds; false: it is no pair. */
static bool value_pair(const sna_sums *self, uint64_t k, const one_target *target, double *value)
{
    const uint64_t source_id = sna_members_id(&self->ends->source, self->source->member[k]);
    const float *at = self->source->place[k];

    if ((self->skip_self && source_id == target->id) || (self->unordered && source_id >= target->id))
        return false;
    self->values(self->context, (const double[3]){(double)at[0], (double)at[1], (double)at[2]}, target->place, value);
    return true;
}

/* Adds every pair of a target. */
static void add_all(const sna_sums *self, const one_target *target, const candidates *near, double *sum)
{
    for (uint64_t i = 0; i < near->count; i++) {
        const uint64_t c = near->cell[i];
        for (uint64_t k = self->source->start[c]; k < self->source->start[c + 1]; k++) {
            double value[SNA_SUMS_MOST];
            if (!value_pair(self, k, target, value))
                continue;
            for (unsigned s = 0; s < self->sums; s++)
                sum[s] += value[s];
        }
    }
}

/* Draws a candidate (its place in the grid), half of the time any, half of the time in proportion to the bound of its
 * cell, and *density, how likely this one was to be drawn: estimates of rare and of common things are good then. */
static uint64_t pick_candidate(const sna_sums *self, const candidates *near, sna_random *random, double *density)
{
    const uint64_t last = near->count - 1, all = near->upto[last];
    const double total = near->weight[last];
    const bool by_weight = sna_random_below(random, 2) == 1;
    const double weight = sna_random_uniform(random) * total;
    const uint64_t pick = sna_random_below(random, all);
    uint64_t low = 0, high = last, first, here;

    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (by_weight ? near->weight[middle] > weight : near->upto[middle] > pick)
            high = middle;
        else
            low = middle + 1;
    }
    first = low > 0 ? near->upto[low - 1] : 0;
    here = near->upto[low] - first;
    *density = 0.5 / (double)all + 0.5 * near->bound[low] / total;
    return self->source->start[near->cell[low]] + (by_weight ? sna_random_below(random, here) : pick - first);
}

/* Adds an estimate from a sample of a target's pairs, and its squared error. */
static void add_sample(const sna_sums *self, const one_target *target, const candidates *near, uint64_t count,
                       double *sum, double *square)
{
    const double n = (double)count;
    double mean[SNA_SUMS_MOST] = {0}, squares[SNA_SUMS_MOST] = {0};
    sna_random random;

    sna_random_start(&random, self->ends->seed, self->ends->purpose ^ sna_random_purpose("sample"), target->id, 0);
    for (uint64_t k = 0; k < count; k++) {
        double value[SNA_SUMS_MOST] = {0}, density = 1;
        const uint64_t source = pick_candidate(self, near, &random, &density);
        (void)value_pair(self, source, target, value);
        for (unsigned s = 0; s < self->sums; s++) {
            const double off = value[s] / density - mean[s];
            mean[s] += off / (double)(k + 1);
            squares[s] += off * (value[s] / density - mean[s]);
        }
    }
    for (unsigned s = 0; s < self->sums; s++) {
        sum[s] += mean[s];
        square[s] += squares[s] / (n - 1) / n;
    }
}

/* Targets first .. end-1 of those sorted by cell: sum[0] the sums, sum[1] the squared errors. */
static int add_targets(const sna_sums *self, const sna_grid *targets, uint64_t first, uint64_t end, uint64_t sample,
                       double sum[2][SNA_SUMS_MOST])
{
    candidates near = {0};
    uint64_t all = 0, last = UINT64_MAX;
    int status = candidates_create(&near, self->near->count);

    for (uint64_t t = first; t < end && status == 0; t++) {
        const uint64_t member = targets->member[t], cell = targets->cell[member];
        const float *at = targets->place[t];
        const one_target target = {sna_members_id(&self->ends->target, member),
                                   {(double)at[0], (double)at[1], (double)at[2]}};
        if (cell != last)
            all = find_candidates(self, cell, &near);
        last = cell;
        if (sample > 0 && all > sample)
            add_sample(self, &target, &near, sample, sum[0], sum[1]);
        else
            add_all(self, &target, &near, sum[0]);
        status = sna_check_cancelled();
    }
    candidates_free(&near);
    return status;
}

/* Pairs in cells near one another, and how many edges they would give if every pair had its cell's bound. */
static int count_pairs(const sna_sums *self, const sna_grid *targets, double *pairs, double *edges)
{
    candidates near = {0};
    int status = candidates_create(&near, self->near->count);

    *pairs = *edges = 0;
    for (uint64_t c = 0; c < self->lattice->total && status == 0; c++) {
        const uint64_t here = targets->start[c + 1] - targets->start[c];
        if (here == 0)
            continue;
        *pairs += (double)here * (double)find_candidates(self, c, &near);
        *edges += near.count > 0 ? (double)here * near.weight[near.count - 1] : 0;
    }
    candidates_free(&near);
    return status;
}

int sna_sums_take(const sna_sums *self, double *sum, double *error)
{
    const uint64_t targets = self->ends->target.count;
    const int64_t chunks = (int64_t)((targets + CHUNK - 1) / CHUNK);
    double(*part)[2][SNA_SUMS_MOST] = NULL;
    double pairs = 0, edges = 0, samples;
    uint64_t sample = 0;
    sna_grid by_cell = {0};
    unsigned threads;
    int status = 0, failed = 0;

    for (unsigned s = 0; s < self->sums; s++)
        sum[s] = error[s] = 0;
    status = sna_allocate(&part, (uint64_t)chunks, sizeof *part);
    if (status == 0)
        status = sna_grid_create(&by_cell, self->lattice, &self->ends->target);
    if (status == 0)
        status = count_pairs(self, &by_cell, &pairs, &edges);
    if (status != 0)
        goto out;
    samples = fmin(fmax(edges, samples_least), samples_most);
    if (pairs > 4 * samples)
        sample = (uint64_t)fmax(8, samples / (double)targets);
    /* Waking threads for less than this costs more than they save. */
    threads = fmin(pairs, samples) < 1e5 ? 1 : sna_threads();
    /* Each chunk has sums of its own, added in order: the same result for any number of threads. */
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) reduction(min : failed)
    for (int64_t c = 0; c < chunks; c++) {
        const uint64_t first = (uint64_t)c * CHUNK, end = first + CHUNK < targets ? first + CHUNK : targets;
        const int code = add_targets(self, &by_cell, first, end, sample, part[c]);
        failed = code < failed ? code : failed;
    }
    if (failed != 0) {
        status = failed == SNA_ECANCELLED ? sna_check_cancelled()
                                          : sna_error(SNA_ENOMEM, "out of memory while summing over pairs");
        goto out;
    }
    for (int64_t c = 0; c < chunks; c++) {
        for (unsigned s = 0; s < self->sums; s++) {
            sum[s] += part[c][0][s];
            error[s] += part[c][1][s];
        }
    }
    for (unsigned s = 0; s < self->sums; s++)
        error[s] = sqrt(error[s]);
out:
    sna_grid_free(&by_cell);
    free(part);
    return status;
}
