/* report.c: what was expected of each projection, and what was made. */
#include <math.h>
#include <stdlib.h>

#include "connector.h"

/* Further off than so many standard deviations is no accident. A normal number is there once in 3.5 million times;
 * where so few edges are expected that their number is not normal, that is what the probability is held against. */
static const double deviation_most = 5, log_chance_least = -15.06;

enum {
    CLASS,
    SOURCE,
    TARGET,
    POSSIBLE,
    EXPECTED,
    SD,
    MADE,
    DEVIATION,
    P,
    RECIPROCAL_EXPECTED,
    RECIPROCAL_SD,
    RECIPROCAL_MADE,
    RECIPROCAL_DEVIATION,
    RHO_EXPECTED,
    RHO,
    SYNAPSES,
    IN_MEAN,
    IN_SD,
    OUT_MEAN,
    OUT_SD,
    TIME,
    COLUMNS
};

static int add_columns(sna_table *table, bool times)
{
    static const struct {
        const char *name, *unit;
        sna_type type;
    } column[COLUMNS] = {[CLASS] = {"class", NULL, SNA_TEXT},
                         [SOURCE] = {"source", NULL, SNA_TEXT},
                         [TARGET] = {"target", NULL, SNA_TEXT},
                         [POSSIBLE] = {"possible", NULL, SNA_REAL},
                         [EXPECTED] = {"expected", NULL, SNA_REAL},
                         [SD] = {"sd", NULL, SNA_REAL},
                         [MADE] = {"made", NULL, SNA_INTEGER},
                         [DEVIATION] = {"deviation", "sd", SNA_REAL},
                         [P] = {"p", NULL, SNA_REAL},
                         [RECIPROCAL_EXPECTED] = {"reciprocal_expected", NULL, SNA_REAL},
                         [RECIPROCAL_SD] = {"reciprocal_sd", NULL, SNA_REAL},
                         [RECIPROCAL_MADE] = {"reciprocal_made", NULL, SNA_INTEGER},
                         [RECIPROCAL_DEVIATION] = {"reciprocal_deviation", "sd", SNA_REAL},
                         [RHO_EXPECTED] = {"rho_expected", NULL, SNA_REAL},
                         [RHO] = {"rho", NULL, SNA_REAL},
                         [SYNAPSES] = {"synapses", NULL, SNA_INTEGER},
                         [IN_MEAN] = {"in_degree_mean", NULL, SNA_REAL},
                         [IN_SD] = {"in_degree_sd", NULL, SNA_REAL},
                         [OUT_MEAN] = {"out_degree_mean", NULL, SNA_REAL},
                         [OUT_SD] = {"out_degree_sd", NULL, SNA_REAL},
                         [TIME] = {"draw_time", "s", SNA_REAL}};
    int status = 0;

    for (unsigned i = 0; i < (times ? COLUMNS : TIME) && status == 0; i++)
        status = sna_table_add_column(table, column[i].name, column[i].unit, column[i].type);
    return status;
}

/* ---- what is no accident ------------------------------------------------------------------------------------ */

/* A count, what it is expected to be, and how many of it can come together (the two edges of a pair). */
typedef struct {
    double made, expected, variance, error, together;
} comparison;

static double spread(const comparison *self)
{
    return sqrt(self->variance + self->error * self->error);
}

/* Standard deviations between the two: 0 where both must be, and are, equal. */
static double deviation(const comparison *self)
{
    const double off = self->made - self->expected, sd = spread(self);

    if (fabs(off) < 1e-6 * fmax(1, self->expected) && !(sd > 0))
        return 0;
    return off / sd;
}

/* The distance in standard deviations says so, and so does Chernoff's bound, which holds for every sum of independent
 * numbers from 0 to `together` with that mean: P(sum >= made) <= exp(-(made log(made / mean) - made + mean) /
 * together), and the same for <= below the mean. */
static bool is_impossible(const comparison *self)
{
    const double off = deviation(self);
    double mean;

    if (isnan(off) || fabs(off) <= deviation_most)
        return false;
    if (!(self->variance > 0))
        return true;
    mean = self->expected + (off > 0 ? deviation_most : -deviation_most) * self->error;
    if (mean <= 0)
        return self->made > 0;
    return -((self->made > 0 ? self->made * log(self->made / mean) : 0) - self->made + mean) / self->together <
           log_chance_least;
}

static comparison compare_edges(const sna_projection *self)
{
    const sna_expectation *expected = &self->expected;

    if (self->made.merged)
        return (comparison){.made = (double)self->made.edges, .expected = NAN, .variance = NAN};

    return (comparison){.made = (double)self->made.edges,
                        .expected = expected->edges,
                        .variance = expected->variance,
                        .error = expected->error,
                        .together = self->drawer->connector->pairs && self->drawer->ends.same ? 2 : 1};
}

static comparison compare_reciprocal(const sna_projection *self)
{
    const sna_expectation *expected = &self->expected;

    return (comparison){.made = (double)self->made.reciprocal,
                        .expected = expected->reciprocal,
                        .variance = expected->reciprocal_variance,
                        .error = expected->reciprocal_error,
                        .together = 1};
}

/* Given the edges that there are. Numbers that come with the pairs are not drawn. */
static comparison compare_synapses(const sna_projection *self)
{
    const sna_count *n_syn = self->n_syn;
    const double edges = (double)self->made.edges, mean = sna_count_mean(n_syn);
    comparison out = {.made = (double)self->made.synapses,
                      .expected = edges * mean,
                      .variance = edges * sna_count_variance(n_syn),
                      .together = (double)n_syn->high};

    if (self->made.merged || self->drawer->connector == &sna_from_file)
        out.expected = NAN;
    if (n_syn->kind == SNA_COUNT_POISSON)
        out.together = mean + 10 * sqrt(mean) + 10; /* more are out of the question */
    for (uint64_t i = 0; i < n_syn->choices; i++)
        out.together = fmax(out.together, (double)n_syn->choice[i]);
    return out;
}

static comparison compare_class(const sna_projection *self, unsigned class)
{
    const sna_expectation *expected = &self->drawer->connector->class_expected(self->drawer->state)[class];
    comparison out = compare_edges(self);

    out.made = (double)self->made.in_class[class];
    out.expected = expected->edges;
    out.variance = expected->variance;
    out.error = expected->error;
    return out;
}

/* rho from the pairs connected both ways, with the probabilities that the edges speak of: both directions' own shares
 * of what was expected of them. */
static double estimate_rho(const sna_network *self, const sna_projection *projection)
{
    const sna_expectation *expected = &projection->expected;
    double ratio = (double)projection->made.edges / expected->edges, other = ratio;

    for (uint64_t i = 0; i < self->projections && !projection->drawer->ends.same; i++) {
        const sna_projection *backward = &self->projection[i];
        if (backward->drawer == projection->drawer && backward->backward)
            other = (double)backward->made.edges / backward->expected.edges;
    }
    return ((double)projection->made.reciprocal - ratio * other * expected->independent) /
           (sqrt(ratio * other) * expected->spread);
}

uint64_t sna_network_impossible(const sna_network *self)
{
    uint64_t count = 0;

    for (uint64_t i = 0; self->built && i < self->projections; i++) {
        const sna_projection *projection = &self->projection[i];
        const comparison edges = compare_edges(projection), reciprocal = compare_reciprocal(projection),
                         synapses = compare_synapses(projection);
        count += is_impossible(&edges) || is_impossible(&reciprocal) || is_impossible(&synapses);
        for (unsigned c = 0; projection->classes != NULL && projection->classes[c] != NULL; c++) {
            const comparison class = compare_class(projection, c);
            count += is_impossible(&class);
        }
    }
    return count;
}

/* ---- the table ---------------------------------------------------------------------------------------------- */

/* The row that is being filled; the first fault stays. */
typedef struct {
    sna_table *table;
    uint64_t row;
    int status;
} line;

static void start_line(line *self, sna_table *table, const char *label)
{
    *self = (line){.table = table, .row = sna_table_rows(table)};
    self->status = sna_table_add_row(table, label);
}

static void put_text(line *self, unsigned column, const char *text)
{
    if (self->status == 0)
        self->status = sna_table_set_text(self->table, self->row, column, text);
}

static void put_real(line *self, unsigned column, double value)
{
    if (self->status == 0 && isfinite(value))
        self->status = sna_table_set_real(self->table, self->row, column, value);
}

static void put_integer(line *self, unsigned column, uint64_t value)
{
    if (self->status == 0)
        self->status = sna_table_set_integer(self->table, self->row, column, (int64_t)value);
}

/* Mean and sd (n - 1) of degrees, from their sum and the sum of their squares. */
static void put_degrees(line *self, unsigned column, uint64_t edges, double squares, uint64_t nodes)
{
    const double n = (double)nodes, mean = (double)edges / n;

    put_real(self, column, mean);
    if (nodes > 1)
        put_real(self, column + 1, sqrt(fmax(0, squares - n * mean * mean) / (n - 1)));
}

static void put_comparison(line *self, const comparison *compared, double possible, bool built)
{
    put_real(self, POSSIBLE, possible);
    put_real(self, EXPECTED, compared->expected);
    put_real(self, SD, spread(compared));
    if (!built)
        return;
    put_integer(self, MADE, (uint64_t)compared->made);
    put_real(self, DEVIATION, deviation(compared));
    put_real(self, P, compared->made / possible);
}

static void note_impossible(line *self, const sna_projection *projection, const char *what, const char *class,
                            const comparison *compared)
{
    if (self->status == 0 && is_impossible(compared))
        self->status = sna_table_add_note(self->table,
                                          "%s: %s%s%s are %.1f standard deviations from what was expected, which "
                                          "is no accident",
                                          projection->entry->label, what, class == NULL ? "" : " with ",
                                          class == NULL ? "" : class, deviation(compared));
}

static void put_reciprocal(const sna_network *self, line *at, const sna_projection *projection)
{
    const sna_expectation *expected = &projection->expected;
    const comparison reciprocal = compare_reciprocal(projection);

    if (isnan(expected->reciprocal))
        return;
    put_real(at, RECIPROCAL_EXPECTED, reciprocal.expected);
    put_real(at, RECIPROCAL_SD, spread(&reciprocal));
    if (expected->spread > 0)
        put_real(at, RHO_EXPECTED, (expected->reciprocal - expected->independent) / expected->spread);
    if (!self->built)
        return;
    put_integer(at, RECIPROCAL_MADE, projection->made.reciprocal);
    put_real(at, RECIPROCAL_DEVIATION, deviation(&reciprocal));
    if (expected->spread > 0)
        put_real(at, RHO, estimate_rho(self, projection));
    note_impossible(at, projection, "the pairs connected both ways", NULL, &reciprocal);
}

static int add_projection(const sna_network *self, sna_table *table, const sna_projection *projection, bool times)
{
    const sna_expectation *expected = &projection->expected;
    const comparison edges = compare_edges(projection), synapses = compare_synapses(projection);
    const sna_made *made = &projection->made;
    /* An entry that has both directions has two rows. */
    const bool is_second = projection->backward && projection->entry == projection->drawer;
    char *label = NULL;
    line at = {.status = sna_text_format(&label, "%s%s", projection->entry->label, is_second ? " (backward)" : "")};

    if (at.status == 0)
        start_line(&at, table, label);
    free(label);
    put_text(&at, SOURCE, self->population[projection->source_population].name);
    put_text(&at, TARGET, self->population[projection->target_population].name);
    put_comparison(&at, &edges, expected->possible, self->built);
    if (self->built) {
        put_integer(&at, SYNAPSES, made->synapses);
        put_degrees(&at, IN_MEAN, made->edges, made->in_squares, projection->target->count);
        put_degrees(&at, OUT_MEAN, made->edges, made->out_squares, projection->source->count);
        if (times)
            put_real(&at, TIME, made->seconds);
        note_impossible(&at, projection, "the edges", NULL, &edges);
        note_impossible(&at, projection, "the synapses", NULL, &synapses);
        if (at.status == 0 && made->merged)
            at.status = sna_table_add_note(
                table, "%s: several edges between two nodes cannot be told apart here and count as one",
                projection->entry->label);
    }
    put_reciprocal(self, &at, projection);
    if (at.status == 0 && expected->error > 0)
        at.status = sna_table_add_note(table,
                                       "%s: what is expected was estimated from a sample of pairs, with a standard "
                                       "error of %.3g edges",
                                       projection->entry->label, expected->error);
    if (at.status == 0 && expected->cut[1] > 0)
        at.status = sna_table_add_note(table,
                                       "%s: at distances from %.4g to %.4g um the probability would be above 1 and is "
                                       "cut off there, so that its mean is lower than asked for",
                                       projection->entry->label, expected->cut[0], expected->cut[1]);
    if (at.status == 0 && expected->clipped > 0 && !projection->backward)
        at.status = sna_table_add_note(table, "%s: pr was clipped to what p0 and p1 allow for %.0f pairs",
                                       projection->entry->label, expected->clipped);
    return at.status;
}

/* One row for each class of the projection's pairs. */
static int add_classes(const sna_network *self, sna_table *table, const sna_projection *projection)
{
    int status = 0;

    for (unsigned c = 0; projection->classes != NULL && projection->classes[c] != NULL && status == 0; c++) {
        const comparison compared = compare_class(projection, c);
        line at;
        start_line(&at, table, projection->entry->label);
        put_text(&at, CLASS, projection->classes[c]);
        put_comparison(&at, &compared,
                       projection->drawer->connector->class_expected(projection->drawer->state)[c].possible,
                       self->built);
        if (self->built)
            note_impossible(&at, projection, "the edges of pairs", projection->classes[c], &compared);
        status = at.status;
    }
    return status;
}

static int make_table(const sna_network *self, bool times, sna_table **out)
{
    int status = 0;
    sna_table *table = NULL;

    *out = NULL;
    status = sna_table_create(&table, self->built ? "Edges made" : "Edges expected", "entry");
    if (status == 0)
        status = add_columns(table, times);
    for (uint64_t i = 0; i < self->projections && status == 0; i++) {
        status = add_projection(self, table, &self->projection[i], times);
        if (status == 0)
            status = add_classes(self, table, &self->projection[i]);
    }
    for (uint64_t i = 0; i < self->notes.count && status == 0; i++)
        status = sna_table_add_note(table, "%s", self->notes.text[i]);
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}

int sna_network_report(const sna_network *self, sna_table **out)
{
    return make_table(self, true, out);
}

/* ---- the file ----------------------------------------------------------------------------------------------- */

static int make_nodes(const sna_network *self, sna_table **out)
{
    int status = sna_table_create(out, "Nodes", "population");

    if (status == 0)
        status = sna_table_add_column(*out, "nodes", NULL, SNA_INTEGER);
    if (status == 0)
        status = sna_table_add_column(*out, "built", NULL, SNA_BOOLEAN);
    for (uint64_t i = 0; i < self->populations && status == 0; i++) {
        const sna_population *population = &self->population[i];
        status = sna_table_add_row(*out, population->name);
        if (status == 0)
            status = sna_table_set_integer(*out, i, 0, (int64_t)population->count);
        if (status == 0)
            status = sna_table_set_boolean(*out, i, 1, population->nodes == NULL);
    }
    return status;
}

int sna_network_write_report(const sna_network *self, const char *path, sna_outputs *outputs)
{
    int status = 0;
    const char *temporary = NULL;
    char seed[24];
    sna_record *record = NULL;
    sna_table *nodes = NULL, *edges = NULL;
    FILE *stream = NULL;

    /* As text: not every reader of JSON keeps all digits of a large number. */
    (void)snprintf(seed, sizeof seed, "%llu", (unsigned long long)self->seed);
    status = sna_record_create(&record, NULL);
    if (status == 0)
        status = sna_record_integer(record, "build_report", "Version of this layout", NULL, 1);
    if (status == 0)
        status = sna_record_text(record, "specification", "Specification", sna_path_name(sna_json_name(self->json)));
    if (status == 0)
        status = sna_record_text(record, "seed", "Seed", seed);
    if (status == 0)
        status = make_nodes(self, &nodes);
    if (status == 0) {
        status = sna_record_table(record, "nodes", "Nodes", nodes);
        nodes = NULL;
    }
    if (status == 0)
        status = make_table(self, false, &edges);
    if (status == 0) {
        status = sna_record_table(record, "edges", "Edges made", edges);
        edges = NULL;
    }
    if (status == 0)
        status = sna_outputs_add(outputs, path, &temporary);
    if (status == 0)
        status = sna_stream_open(&stream, temporary);
    if (status == 0)
        status = sna_record_write(record, stream, SNA_FORMAT_JSON);
    if (stream != NULL) {
        const int closed = sna_stream_close(stream, path);
        status = status != 0 ? status : closed;
    }
    sna_table_free(edges);
    sna_table_free(nodes);
    sna_record_free(record);
    return status;
}
