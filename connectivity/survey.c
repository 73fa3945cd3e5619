/* survey.c: one pass over the edges, and what it counts of blocks and of single cells. */
#include "connectivity/internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Threads keep counts of their own; where these would take more than this, one thread does the counting. */
enum { MOST_THREAD_BYTES = 64 << 20 };

/* What one thread has counted. Blocks are numbered source * (target groups + 1) + target, with one row and column more
 * than there are groups, for nodes in none: nothing has to be asked for each edge. */
typedef struct {
    uint64_t *rows, *synapses; /* [blocks] */
    uint64_t *pairs, *self_pairs, *two_way, *either, *gap_pairs;
    uint32_t *in_rows, *out_rows; /* as in sna_degrees */
    uint64_t *in_synapses, *out_synapses;
    uint64_t *kept_source, *kept_target, *kept_synapses; /* [kept_room] edges that are no gap junctions */
    uint64_t kept_room;
} tally;

/* A pass over the edges between two node populations, P and Q (or within P). */
typedef struct {
    sna_survey *survey;
    const sna_survey_request *request;
    tally *tally; /* [threads] */
    unsigned threads;
    uint64_t blocks, width;
    uint64_t p, q;        /* positions of the node populations in the circuit */
    sna_pairs *pairs;     /* NULL: not measured */
    sna_span span;        /* from P to Q */
    const sna_link *link; /* the edge population being read */
    bool counting;        /* this pass counts rows; a later one only brings pairs together */
} pass;

/* ---- edges -------------------------------------------------------------------------------------------------- */

/* Leaves gap junctions out. */
static int keep_chemical(tally *own, const sna_edge_rows *rows, sna_edge_rows *out)
{
    int status = 0;
    uint64_t kept = 0;

    if (own->kept_room < rows->count) {
        uint64_t room = own->kept_room, same = room, again = room;
        uint64_t *grown = sna_grow(own->kept_source, &room, rows->count, sizeof *grown);
        own->kept_source = grown != NULL ? grown : own->kept_source;
        if (grown != NULL)
            grown = sna_grow(own->kept_target, &same, rows->count, sizeof *grown);
        own->kept_target = grown != NULL ? grown : own->kept_target;
        if (grown != NULL)
            grown = sna_grow(own->kept_synapses, &again, rows->count, sizeof *grown);
        own->kept_synapses = grown != NULL ? grown : own->kept_synapses;
        if (grown == NULL) {
            status = SNA_ENOMEM;
            goto out;
        }
        own->kept_room = rows->count;
    }
    for (uint64_t i = 0; i < rows->count; i++) {
        own->kept_source[kept] = rows->source[i];
        own->kept_target[kept] = rows->target[i];
        own->kept_synapses[kept] = rows->synapses != NULL ? rows->synapses[i] : 1;
        kept += !rows->gap[i];
    }
    *out = *rows;
    out->count = kept;
    out->source = own->kept_source;
    out->target = own->kept_target;
    out->synapses = rows->synapses != NULL ? own->kept_synapses : NULL;
    out->gap = NULL;
out:
    return status;
}

static void count_blocks(const pass *self, tally *own, const sna_edge_rows *rows, const uint32_t *source_group,
                         const uint32_t *target_group)
{
    for (uint64_t i = 0; i < rows->count; i++)
        own->rows[source_group[rows->source[i]] * self->width + target_group[rows->target[i]]]++;
    if ((self->survey->measure & SNA_MEASURE_SYNAPSES) == 0)
        return;
    for (uint64_t i = 0; i < rows->count; i++)
        own->synapses[source_group[rows->source[i]] * self->width + target_group[rows->target[i]]] +=
            rows->synapses != NULL ? rows->synapses[i] : 1;
}

static void count_cells(const pass *self, tally *own, const sna_edge_rows *rows, const sna_side_population *source,
                        const sna_side_population *target)
{
    const uint64_t sources = self->survey->source.groups, targets = self->survey->target.groups;

    for (uint64_t i = 0; i < rows->count; i++) {
        const uint64_t a = source->group[rows->source[i]], b = target->group[rows->target[i]];
        const uint64_t synapses = rows->synapses != NULL ? rows->synapses[i] : 1;
        if (a >= sources || b >= targets)
            continue;
        if (own->in_rows != NULL) {
            const uint64_t at = (target->first_slot + rows->target[i]) * sources + a;
            own->in_rows[at]++;
            if (own->in_synapses != NULL)
                own->in_synapses[at] += synapses;
        }
        if (own->out_rows != NULL) {
            const uint64_t at = (source->first_slot + rows->source[i]) * targets + b;
            own->out_rows[at]++;
            if (own->out_synapses != NULL)
                own->out_synapses[at] += synapses;
        }
    }
}

static int take_edges(void *context, unsigned thread, const sna_edge_rows *rows)
{
    int status = 0;
    const pass *self = context;
    tally *own = &self->tally[thread];
    const sna_side_population *source = &self->survey->source.population[self->link->source];
    const sna_side_population *target = &self->survey->target.population[self->link->target];
    sna_edge_rows counted = *rows;

    if (self->pairs != NULL)
        status = sna_pairs_add(self->pairs, rows->source, rows->target, rows->gap, rows->count,
                               self->link->source != self->p);
    if (status != 0 || !self->counting)
        goto out;
    if (self->survey->values != NULL) {
        status = sna_edge_values_take(self->survey->values, thread, rows);
        if (status != 0)
            goto out;
    }
    if (self->request->no_gap && rows->gap != NULL)
        status = keep_chemical(own, rows, &counted);
    if (status != 0)
        goto out;
    count_blocks(self, own, &counted, source->group, target->group);
    if (own->in_rows != NULL || own->out_rows != NULL)
        count_cells(self, own, &counted, source, target);
out:
    return status;
}

static int end_chunk(void *context, unsigned thread)
{
    const pass *self = context;

    return self->counting && self->survey->values != NULL ? sna_edge_values_chunk(self->survey->values, thread) : 0;
}

/* ---- pairs -------------------------------------------------------------------------------------------------- */

/* Cells of the two populations may be reached from several threads at once. */
static void add_one(uint32_t *count)
{
#pragma omp atomic
    (*count)++;
}

/* Cell i is connected to cell j (and maybe the other way too): what that means for the block they are in. */
static void count_pair(const pass *self, tally *own, uint64_t source_population, uint64_t source,
                       uint64_t target_population, uint64_t target, bool there, bool back, bool gap, bool self_pair,
                       double distance)
{
    const sna_side_population *from = &self->survey->source.population[source_population];
    const sna_side_population *to = &self->survey->target.population[target_population];
    const uint64_t a = from->group[source], b = to->group[target];
    const uint64_t sources = self->survey->source.groups, targets = self->survey->target.groups;
    const uint64_t block = a * self->width + b;
    sna_degrees *in = &self->survey->in, *out = &self->survey->out;

    if (a >= sources || b >= targets)
        return;
    own->pairs[block] += there;
    if (self_pair) {
        own->self_pairs[block] += there;
        if (there && in->self != NULL)
            in->self[to->first_slot + target] = (uint32_t)a + 1;
        if (there && out->self != NULL)
            out->self[from->first_slot + source] = (uint32_t)b + 1;
        return;
    }
    own->two_way[block] += there && back;
    own->either[block] += there || back;
    own->gap_pairs[block] += gap;
    if (there && self->survey->proximities.block != NULL)
        sna_proximity_add(&self->survey->proximities.block[a * targets + b], distance);
    if (there && in->others != NULL)
        add_one(&in->others[(to->first_slot + target) * sources + a]);
    if (there && out->others != NULL)
        add_one(&out->others[(from->first_slot + source) * targets + b]);
    if (gap && in->gaps != NULL)
        add_one(&in->gaps[(to->first_slot + target) * sources + a]);
}

static int visit_pair(void *context, unsigned thread, const sna_pair *pair)
{
    const pass *self = context;
    tally *own = &self->tally[thread];
    const bool gaps = !self->request->no_gap;
    const bool forward = pair->forward > 0 || (gaps && pair->gap_forward > 0);
    const bool backward = pair->backward > 0 || (gaps && pair->gap_backward > 0);
    const bool joined = pair->gap_forward > 0 || pair->gap_backward > 0;

    if (self->p == self->q && pair->i == pair->j) {
        count_pair(self, own, self->p, pair->i, self->p, pair->i, forward, false, false, true, NAN);
    } else {
        const double distance = sna_span_distance(&self->span, pair->i, pair->j);
        count_pair(self, own, self->p, pair->i, self->q, pair->j, forward, backward, joined, false, distance);
        count_pair(self, own, self->q, pair->j, self->p, pair->i, backward, forward, joined, false, distance);
    }
    return 0;
}

/* ---- the pass ----------------------------------------------------------------------------------------------- */

static bool takes_pairs(const sna_survey *self)
{
    return (self->measure &
            (SNA_MEASURE_PAIRS | SNA_MEASURE_INNERVATION | SNA_MEASURE_GAP | SNA_MEASURE_PROBABILITY)) != 0;
}

/* Do edges of this population say anything about the blocks asked for? Of pairs, those of the other direction do. */
static bool is_needed(const sna_survey *self, const sna_link *link)
{
    const bool there = self->source.population[link->source].chosen && self->target.population[link->target].chosen;
    const bool back = self->source.population[link->target].chosen && self->target.population[link->source].chosen;

    return there || (takes_pairs(self) && back);
}

static int scan_link(pass *self, const sna_link *link, sna_progress *progress)
{
    int status = 0;
    const sna_survey *survey = self->survey;
    sna_scan scan = {.circuit = survey->circuit,
                     .link = link,
                     .source = survey->source.population[link->source].nodes,
                     .target = survey->target.population[link->target].nodes,
                     .gap = self->request->no_gap || (survey->measure & SNA_MEASURE_GAP) != 0,
                     .synapses = self->counting && (survey->measure & SNA_MEASURE_SYNAPSES) != 0,
                     .threads = self->threads,
                     .context = self,
                     .take = take_edges,
                     .chunk = end_chunk,
                     .progress = progress};

    self->link = link;
    if (self->counting && survey->values != NULL)
        status = sna_edge_values_begin(survey->values, link, &scan.attribute, &scan.attributes);
    if (status == 0)
        status = sna_scan_run(&scan);
    return status;
}

/* Everything between one pair of node populations. */
static int run_between(pass *self, const sna_links *links, uint64_t p, uint64_t q, sna_progress *progress)
{
    int status = 0;
    sna_survey *survey = self->survey;
    uint64_t edges = 0;
    sna_pairs *pairs = NULL;

    self->p = p;
    self->q = q;
    self->counting = true;
    for (uint64_t i = 0; i < links->count; i++) {
        const sna_link *link = &links->link[i];
        if ((link->source == p && link->target == q) || (link->source == q && link->target == p))
            edges += sna_edges_count(link->edges);
    }
    if ((survey->measure & SNA_MEASURE_PROBABILITY) != 0)
        status = sna_span_open(&self->span, survey->source.population[p].nodes, survey->target.population[q].nodes,
                               self->request->axes);
    if (status == 0 && takes_pairs(survey))
        status = sna_pairs_create(&pairs, survey->source.population[p].count, survey->source.population[q].count,
                                  p == q, edges, self->request->memory);
    do {
        if (status == 0 && pairs != NULL)
            status = sna_pairs_begin(pairs);
        self->pairs = pairs;
        for (uint64_t i = 0; i < links->count && status == 0; i++) {
            const sna_link *link = &links->link[i];
            const bool here = (link->source == p && link->target == q) || (link->source == q && link->target == p);
            if (here && is_needed(survey, link))
                status = scan_link(self, link, progress);
        }
        if (status == 0 && pairs != NULL)
            status = sna_pairs_end(pairs, self->threads, visit_pair, self);
        self->counting = false;
    } while (status == 0 && pairs != NULL && sna_pairs_more(pairs));
    sna_pairs_free(pairs);
    return status;
}

static int run_pass(pass *self, const sna_links *links)
{
    int status = 0;
    sna_progress progress;
    uint64_t edges = 0;

    for (uint64_t i = 0; i < links->count; i++)
        edges += is_needed(self->survey, &links->link[i]) ? sna_edges_count(links->link[i].edges) : 0;
    sna_progress_start(&progress, "reading edges", "edges", edges);
    /* Each unordered pair of populations once, at the first of its edge populations. */
    for (uint64_t i = 0; i < links->count && status == 0; i++) {
        const sna_link *link = &links->link[i];
        const uint64_t p = link->source < link->target ? link->source : link->target;
        const uint64_t q = link->source < link->target ? link->target : link->source;
        bool first = true;
        if (!is_needed(self->survey, link))
            continue;
        for (uint64_t k = 0; k < i && first; k++) {
            const sna_link *before = &links->link[k];
            first = !is_needed(self->survey, before) ||
                    !((before->source == p && before->target == q) || (before->source == q && before->target == p));
        }
        for (int end = 0; end < 2 && status == 0 && first; end++) {
            const uint64_t population = end == 0 ? p : q;
            status = sna_side_complete(&self->survey->source, self->survey->circuit, population);
            if (status == 0)
                status = sna_side_complete(&self->survey->target, self->survey->circuit, population);
        }
        if (status == 0 && first)
            status = run_between(self, links, p, q, &progress);
    }
    sna_progress_end(&progress);
    return status;
}

/* ---- room and results --------------------------------------------------------------------------------------- */

/* slots * groups, or SNA_ENOMEM. */
static int cells(uint64_t slots, uint64_t groups, uint64_t *out)
{
    return __builtin_mul_overflow(slots, groups, out)
               ? sna_error(SNA_ENOMEM, "no memory for %" PRIu64 " cells by %" PRIu64 " groups", slots, groups)
               : 0;
}

static int make_degrees(const sna_survey *self, sna_degrees *out, const sna_side *own, const sna_side *other,
                        unsigned measured)
{
    int status = 0;
    uint64_t size = 0;
    const bool rows = (self->measure & measured) != 0;
    const bool others = (rows && (self->measure & SNA_MEASURE_PAIRS) != 0) ||
                        (measured == SNA_MEASURE_CONVERGENCE && (self->measure & SNA_MEASURE_INNERVATION) != 0);
    const bool gaps = measured == SNA_MEASURE_CONVERGENCE && (self->measure & SNA_MEASURE_GAP) != 0;

    out->slots = own->slots;
    out->groups = other->groups;
    status = cells(own->slots, other->groups, &size);
    if (status == 0 && rows)
        status = sna_allocate(&out->rows, size, sizeof *out->rows);
    if (status == 0 && rows && (self->measure & SNA_MEASURE_SYNAPSES) != 0)
        status = sna_allocate(&out->synapses, size, sizeof *out->synapses);
    if (status == 0 && others)
        status = sna_allocate(&out->others, size, sizeof *out->others);
    if (status == 0 && others)
        status = sna_allocate(&out->self, own->slots, sizeof *out->self);
    if (status == 0 && gaps)
        status = sna_allocate(&out->gaps, size, sizeof *out->gaps);
    return status;
}

static uint64_t bytes_of(const sna_degrees *self)
{
    const uint64_t size = self->slots * self->groups;

    return (self->rows != NULL ? size * sizeof *self->rows : 0) +
           (self->synapses != NULL ? size * sizeof *self->synapses : 0);
}

/* The first thread counts into the survey itself. */
static int make_tally(tally *out, const pass *self, bool first)
{
    int status = 0;
    uint64_t **const counts[] = {&out->rows,    &out->synapses, &out->pairs,    &out->self_pairs,
                                 &out->two_way, &out->either,   &out->gap_pairs};
    sna_degrees *in = &self->survey->in, *to = &self->survey->out;

    for (size_t i = 0; i < sizeof counts / sizeof *counts && status == 0; i++)
        status = sna_allocate(counts[i], self->blocks, sizeof **counts[i]);
    if (first) {
        out->in_rows = in->rows;
        out->in_synapses = in->synapses;
        out->out_rows = to->rows;
        out->out_synapses = to->synapses;
    } else {
        if (status == 0 && in->rows != NULL)
            status = sna_allocate(&out->in_rows, in->slots * in->groups, sizeof *out->in_rows);
        if (status == 0 && in->synapses != NULL)
            status = sna_allocate(&out->in_synapses, in->slots * in->groups, sizeof *out->in_synapses);
        if (status == 0 && to->rows != NULL)
            status = sna_allocate(&out->out_rows, to->slots * to->groups, sizeof *out->out_rows);
        if (status == 0 && to->synapses != NULL)
            status = sna_allocate(&out->out_synapses, to->slots * to->groups, sizeof *out->out_synapses);
    }
    return status;
}

static void free_tally(tally *self, bool first)
{
    uint64_t *const counts[] = {self->rows,        self->synapses,     self->pairs,     self->self_pairs,
                                self->two_way,     self->either,       self->gap_pairs, self->kept_source,
                                self->kept_target, self->kept_synapses};

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        free(counts[i]);
    if (!first) {
        free(self->in_rows);
        free(self->in_synapses);
        free(self->out_rows);
        free(self->out_synapses);
    }
}

static void add_32(uint32_t *to, const uint32_t *from, uint64_t count)
{
    for (uint64_t i = 0; to != NULL && i < count; i++)
        to[i] += from[i];
}

static void add_64(uint64_t *to, const uint64_t *from, uint64_t count)
{
    for (uint64_t i = 0; to != NULL && i < count; i++)
        to[i] += from[i];
}

static void merge(const pass *self, const tally *from)
{
    tally *to = &self->tally[0];
    const sna_degrees *in = &self->survey->in, *out = &self->survey->out;

    add_64(to->rows, from->rows, self->blocks);
    add_64(to->synapses, from->synapses, self->blocks);
    add_64(to->pairs, from->pairs, self->blocks);
    add_64(to->self_pairs, from->self_pairs, self->blocks);
    add_64(to->two_way, from->two_way, self->blocks);
    add_64(to->either, from->either, self->blocks);
    add_64(to->gap_pairs, from->gap_pairs, self->blocks);
    add_32(to->in_rows, from->in_rows, in->slots * in->groups);
    add_64(to->in_synapses, from->in_synapses, in->slots * in->groups);
    add_32(to->out_rows, from->out_rows, out->slots * out->groups);
    add_64(to->out_synapses, from->out_synapses, out->slots * out->groups);
}

/* Cells that are in group a of the sources and in group b of the targets, into `common` [blocks]. */
static void count_common(const pass *self, uint64_t *common)
{
    const sna_side *source = &self->survey->source, *target = &self->survey->target;

    for (uint64_t p = 0; p < source->populations; p++) {
        const sna_side_population *one = &source->population[p], *other = &target->population[p];
        for (uint64_t i = 0; one->chosen && other->chosen && i < one->count; i++)
            common[one->group[i] * self->width + other->group[i]]++;
    }
}

static void count_innervated(const sna_survey *self, uint64_t source, uint64_t target, sna_block *block)
{
    for (uint64_t m = self->target.first[target]; m < self->target.first[target + 1]; m++)
        block->innervated += self->in.others[self->target.member[m] * self->in.groups + source] > 0;
}

static int fill_blocks(const pass *self)
{
    int status = 0;
    sna_survey *survey = self->survey;
    const uint64_t sources = survey->source.groups, targets = survey->target.groups;
    const tally *all = &self->tally[0];
    uint64_t *common = NULL;

    status = sna_allocate(&survey->block, sources * targets, sizeof *survey->block);
    if (status == 0)
        status = sna_allocate(&common, self->blocks, sizeof *common);
    if (status != 0)
        goto out;
    count_common(self, common);
    for (uint64_t a = 0; a < sources; a++) {
        for (uint64_t b = 0; b < targets; b++) {
            const uint64_t at = a * self->width + b, n_a = survey->source.group[a].count,
                           n_b = survey->target.group[b].count;
            sna_block *block = &survey->block[a * targets + b];
            *block = (sna_block){.rows = all->rows[at],
                                 .synapses = all->synapses[at],
                                 .possible = n_a * n_b - common[at],
                                 .same = common[at] == n_a && common[at] == n_b,
                                 .pairs = all->pairs[at],
                                 .self_pairs = all->self_pairs[at],
                                 .two_way = all->two_way[at],
                                 .either = all->either[at],
                                 .gap_pairs = all->gap_pairs[at]};
            if ((survey->measure & SNA_MEASURE_INNERVATION) != 0)
                count_innervated(survey, a, b, block);
        }
    }
out:
    free(common);
    return status;
}

/* ---- public ------------------------------------------------------------------------------------------------- */

static int count_everything(sna_survey *self, const sna_survey_request *request, const sna_links *links)
{
    int status = 0;
    pass work = {.survey = self, .request = request, .threads = sna_threads()};

    work.width = self->target.groups + 1;
    work.blocks = (self->source.groups + 1) * work.width;
    status = make_degrees(self, &self->in, &self->target, &self->source, SNA_MEASURE_CONVERGENCE);
    if (status == 0)
        status = make_degrees(self, &self->out, &self->source, &self->target, SNA_MEASURE_DIVERGENCE);
    if (status == 0 && (bytes_of(&self->in) + bytes_of(&self->out) + 56 * work.blocks) * (work.threads - 1) >
                           (uint64_t)MOST_THREAD_BYTES)
        work.threads = 1;
    if (status == 0)
        status = sna_allocate(&work.tally, work.threads, sizeof *work.tally);
    for (unsigned t = 0; t < work.threads && status == 0; t++)
        status = make_tally(&work.tally[t], &work, t == 0);
    if (status == 0)
        status = sna_edge_values_create(&self->values, self, request, links, work.threads);
    if (status == 0 && (self->measure & SNA_MEASURE_PROBABILITY) != 0)
        status = sna_proximities_create(&self->proximities, self, request);
    if (status == 0)
        status = run_pass(&work, links);
    if (status == 0 && self->values != NULL)
        status = sna_edge_values_finish(self->values);
    for (unsigned t = 1; t < work.threads && status == 0; t++)
        merge(&work, &work.tally[t]);
    if (status == 0)
        status = fill_blocks(&work);
    for (unsigned t = 0; t < work.threads && work.tally != NULL; t++)
        free_tally(&work.tally[t], t == 0);
    free(work.tally);
    return status;
}

int sna_survey_run(sna_survey **out, sna_circuit *circuit, const sna_survey_request *request)
{
    int status = 0;
    sna_survey *self = NULL;
    sna_links links = {NULL, 0};

    *out = NULL;
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->circuit = circuit;
    self->measure = request->measure;
    status = sna_links_list(&links, circuit, request->edges);
    if (status == 0)
        status = sna_sides_create(&self->source, &self->target, circuit, &links, request);
    if (status == 0)
        status = count_everything(self, request, &links);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_links_free(&links);
    sna_survey_free(self);
    return status;
}

void sna_survey_free(sna_survey *self)
{
    if (self == NULL)
        return;
    sna_side_free(&self->source);
    sna_side_free(&self->target);
    sna_degrees_free(&self->in);
    sna_degrees_free(&self->out);
    sna_edge_values_free(self->values);
    sna_proximities_free(&self->proximities);
    free(self->block);
    free(self);
}

uint64_t sna_survey_sources(const sna_survey *self)
{
    return self->source.groups;
}

uint64_t sna_survey_targets(const sna_survey *self)
{
    return self->target.groups;
}

const sna_group *sna_survey_source(const sna_survey *self, uint64_t index)
{
    return index < self->source.groups ? &self->source.group[index] : NULL;
}

const sna_group *sna_survey_target(const sna_survey *self, uint64_t index)
{
    return index < self->target.groups ? &self->target.group[index] : NULL;
}

const sna_block *sna_survey_block(const sna_survey *self, uint64_t source, uint64_t target)
{
    const bool there = source < self->source.groups && target < self->target.groups;

    return there ? &self->block[source * self->target.groups + target] : NULL;
}
