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

void sna_build_tally_finish(sna_build_tally *self)
{
    for (uint64_t i = 0; i < self->file->projections; i++) {
        sna_projection *projection = projection_of(self, i);
        double squares = 0;
        for (uint64_t s = 0; s < projection->source->count; s++)
            squares += (double)self->out[i][s] * (double)self->out[i][s];
        projection->made.out_squares = squares;
    }
}

void sna_build_tally_free(sna_build_tally *self)
{
    for (uint64_t i = 0; self->out != NULL && i < self->file->projections; i++)
        free(self->out[i]);
    free(self->out);
    *self = (sna_build_tally){0};
}
