/* small_world.c: a kind of connector of one's own, and a program that builds networks with it.
 *
 *     small_world SPEC.json FOLDER
 *
 * builds what `sonatina network build` builds, and knows one more type in the specification:
 *
 *     {"type": "small_world", "neighbours": 10, "rewire": 0.1}
 *
 * The nodes stand on a ring, in the order of their ids. Each hears its `neighbours` nearest ones, half on each side;
 * then each of these edges is, with probability `rewire`, given another source, chosen evenly among all nodes (the
 * directed form of Watts & Strogatz 1998, "Collective dynamics of 'small-world' networks"). No node hears itself, or
 * another one twice. */
#include <math.h>
#include <sonatina/connectors.h>
#include <stdlib.h>

typedef struct {
    uint64_t neighbours;
    double rewire;
} small_world;

/* Reads the keys. Whatever is left in *state is freed by `free`, also after a failure. */
static int create(void **state, const sna_fields *fields)
{
    small_world *self = NULL;
    int status = sna_allocate(&self, 1, sizeof *self);

    *state = self;
    if (status == 0)
        status = sna_fields_unsigned(fields, "neighbours", 10, &self->neighbours);
    if (status == 0)
        status = sna_fields_probability(fields, "rewire", &self->rewire);
    if (status == 0 && (self->neighbours == 0 || self->neighbours % 2 != 0))
        status = sna_fields_error(fields, "neighbours", "must be even and above 0: half of them stand on each side");
    return status;
}

/* The nodes are known now: does the ring close, and how many edges will there be? */
static int prepare(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    const small_world *self = state;
    const uint64_t nodes = ends->target.count;
    int status = 0;

    if (!ends->same)
        status = sna_fields_error(fields, NULL, "a ring needs the same nodes as sources and as targets");
    else if (self->neighbours >= nodes)
        status = sna_fields_error(fields, "neighbours", "must be less than the number of nodes, %llu",
                                  (unsigned long long)nodes);
    /* Rewiring moves edges, so there are exactly as many as on the ring. How many pairs are connected both ways is not
     * said here: that is what the random part changes. */
    *expected = (sna_expectation){.possible = (double)nodes * (double)(nodes - 1),
                                  .edges = (double)nodes * (double)self->neighbours,
                                  .variance = 0,
                                  .reciprocal = NAN,
                                  .reciprocal_variance = NAN};
    return status;
}

static bool is_taken(const sna_rows *rows, uint64_t first, uint64_t source)
{
    for (uint64_t i = first; i < rows->count; i++) {
        if (rows->source[i] == source)
            return true;
    }
    return false;
}

/* The sources of one target. */
static int draw_target(const small_world *self, const sna_ends *ends, uint64_t target, sna_rows *out)
{
    const uint64_t nodes = ends->target.count, half = self->neighbours / 2, first = out->count;
    sna_random random;
    int status = 0;

    /* A stream of its own for each target: whichever thread draws it, and in whatever order, the edges are the same. */
    sna_random_start(&random, ends->seed, ends->purpose, sna_members_id(&ends->target, target), 0);
    for (uint64_t k = 0; k < self->neighbours && status == 0; k++)
        status = sna_rows_add(out, (target + nodes - half + k + (k >= half)) % nodes);
    for (uint64_t i = first; i < out->count && status == 0; i++) {
        uint64_t source;
        if (sna_random_uniform(&random) >= self->rewire)
            continue;
        do
            source = sna_random_below(&random, nodes);
        while (source != out->source[i] && (source == target || is_taken(out, first, source)));
        out->source[i] = source;
    }
    /* Rows are ascending. */
    if (status == 0)
        status = sna_rows_sort(out, first);
    if (status == 0)
        status = sna_rows_end(out);
    return status;
}

static int draw(const void *state, const sna_ends *ends, bool backward, uint64_t first, uint64_t end, sna_rows *out)
{
    int status = 0;

    (void)backward; /* only for kinds that draw both directions of a pair */
    for (uint64_t target = first; target < end && status == 0; target++)
        status = draw_target(state, ends, target, out);
    return status;
}

static const char *const keys[] = {"neighbours", "rewire", "n_syn", NULL};

static const sna_connector kind = {
    .type = "small_world", .keys = keys, .create = create, .prepare = prepare, .draw = draw, .free = free};

int main(int argc, char **argv)
{
    const sna_connector *const kinds[] = {&kind, NULL};
    const sna_network_options options = {.connectors = kinds};
    sna_network *network = NULL;
    sna_table *report = NULL;
    int status = 0;

    if (argc != 3) {
        (void)fprintf(stderr, "Usage: small_world SPEC.json FOLDER\n");
        return 2;
    }
    status = sna_network_read(&network, argv[1], &options);
    if (status == 0)
        status = sna_network_build(network, argv[2], true);
    if (status == 0)
        status = sna_network_report(network, &report);
    if (status == 0)
        status = sna_table_write(report, stdout, SNA_FORMAT_TEXT);
    if (status != 0)
        (void)fprintf(stderr, "small_world: %s\n", sna_error_message());
    sna_table_free(report);
    sna_network_free(network);
    return status == 0 ? 0 : 1;
}
