/* build_tally.c: what a build makes of each projection of an edges file, added up block by block. */
#include "build_tally.h"

#include <stdlib.h>

static sna_projection *projection_of(const sna_build_tally *self, uint64_t i)
{
    return &self->network->projection[self->file->projection[i]];
}

int sna_build_tally_create(sna_build_tally *out, sna_network *network, const sna_edge_file *file)
{
    int status = 0;

    *out = (sna_build_tally){.network = network, .file = file};
    status = sna_allocate(&out->out, file->projections, sizeof *out->out);
    for (uint64_t i = 0; i < file->projections && status == 0; i++)
        status = sna_allocate(&out->out[i], projection_of(out, i)->source->count, sizeof **out->out);
    return status;
}

void sna_build_tally_add(sna_build_tally *self, const sna_target_block *block)
{
    for (uint64_t i = 0; i < self->file->projections; i++) {
        const sna_made *made = &block->made[i];
        sna_made *sum = &projection_of(self, i)->made;
        uint64_t first, end;
        const uint64_t *source = sna_target_block_sources(block, i, &first, &end);
        sum->edges += made->edges;
        sum->synapses += made->synapses;
        sum->reciprocal += made->reciprocal;
        sum->in_squares += made->in_squares;
        sum->seconds += made->seconds;
        for (unsigned c = 0; c < SNA_CLASSES_MOST; c++)
            sum->in_class[c] += made->in_class[c];
        for (uint64_t at = first; at < end; at++)
            self->out[i][source[at]]++;
    }
}

/* What the processes have made of a projection, each of its own targets. The sums are of whole numbers, and so exact,
 * but for the time, which is taken in nanoseconds. */
static int sum_over_ranks(sna_build_tally *self, uint64_t i)
{
    enum { OTHERS = 5 };
    sna_made *made = &projection_of(self, i)->made;
    uint64_t number[OTHERS + SNA_CLASSES_MOST] = {made->edges, made->synapses, made->reciprocal,
                                                  (uint64_t)made->in_squares, (uint64_t)(made->seconds * 1e9)};
    int status = 0;

    if (sna_ranks() == 1)
        goto out;
    for (unsigned c = 0; c < SNA_CLASSES_MOST; c++)
        number[OTHERS + c] = made->in_class[c];
    status = sna_ranks_sum(number, OTHERS + SNA_CLASSES_MOST);
    if (status == 0)
        status = sna_ranks_sum_32(self->out[i], projection_of(self, i)->source->count);
    made->edges = number[0];
    made->synapses = number[1];
    made->reciprocal = number[2];
    made->in_squares = (double)number[3];
    made->seconds = (double)number[4] * 1e-9;
    for (unsigned c = 0; c < SNA_CLASSES_MOST; c++)
        made->in_class[c] = number[OTHERS + c];
out:
    return status;
}

int sna_build_tally_finish(sna_build_tally *self)
{
    int status = 0;

    for (uint64_t i = 0; i < self->file->projections && status == 0; i++) {
        sna_projection *projection = projection_of(self, i);
        double squares = 0;
        status = sum_over_ranks(self, i);
        for (uint64_t s = 0; s < projection->source->count; s++)
            squares += (double)self->out[i][s] * (double)self->out[i][s];
        projection->made.out_squares = squares;
    }
    return status;
}

void sna_build_tally_free(sna_build_tally *self)
{
    for (uint64_t i = 0; self->out != NULL && i < self->file->projections; i++)
        free(self->out[i]);
    free(self->out);
    *self = (sna_build_tally){0};
}
