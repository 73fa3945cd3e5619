/* space.c: where cells are, and how far from one another. */
#include "connectivity/internal.h"

#include <math.h>

int sna_span_open(sna_span *out, sna_nodes *source, sna_nodes *target, unsigned axes)
{
    int status = 0;
    const double(*from)[3] = NULL, (*to)[3] = NULL;
    unsigned dimensions_from = 0, dimensions_to = 0, both, there;

    *out = (sna_span){NULL, NULL, 0};
    status = sna_nodes_positions(source, &from, &dimensions_from);
    if (status == 0)
        status = sna_nodes_positions(target, &to, &dimensions_to);
    if (status != 0)
        goto out;
    both = dimensions_from < dimensions_to ? dimensions_from : dimensions_to;
    there = (1u << both) - 1; /* x, y and z are the bits in this order */
    if (both > 0 && (axes & ~there) == 0)
        *out = (sna_span){from, to, axes != 0 ? axes : there};
out:
    return status;
}

bool sna_span_is_empty(const sna_span *self)
{
    return self->axes == 0;
}

double sna_span_distance(const sna_span *self, uint64_t source, uint64_t target)
{
    double square = 0;

    if (self->axes == 0)
        return NAN;
    for (int k = 0; k < 3; k++) {
        if ((self->axes & (1u << k)) != 0) {
            const double step = self->source[source][k] - self->target[target][k];
            square += step * step;
        }
    }
    return sqrt(square);
}
