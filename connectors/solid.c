/* solid.c: the shapes that nodes can fill. */
#include "solid.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

/* Squared distance from the centre, as a part of the extent; outside when it is flat there and the point is not in it.
 */
static double part(const sna_solid *self, unsigned d, const double at[3])
{
    const double off = at[d] - self->center[d];

    /* Positions are 32-bit floats: on the surface they may be rounded outwards. */
    const double slack = 1e-6 * (fabs(self->center[d]) + self->half[d]);
    if (self->half[d] <= slack)
        return fabs(off) <= 2 * slack ? 0 : INFINITY;
    return off * off / (self->half[d] * self->half[d]);
}

bool sna_solid_contains(const sna_solid *self, const double at[3])
{
    const double most = 1 + 1e-6;
    double sum = 0;

    for (unsigned d = 0; d < 3; d++) {
        const double here = part(self, d, at);
        if (here > most)
            return false;
        if (self->kind == SNA_ELLIPSOID || (self->kind == SNA_CYLINDER && d != self->axis))
            sum += here;
    }
    return self->kind == SNA_BOX || (sum <= most && sum >= self->hole * self->hole * (1 - 1e-6));
}

unsigned sna_solid_axes(const sna_solid *self)
{
    unsigned axes = 0;

    for (unsigned d = 0; d < 3; d++)
        axes |= self->half[d] > 0 ? 1U << d : 0;
    return axes;
}

double sna_solid_measure(const sna_solid *self, unsigned axes)
{
    double product = 1;
    unsigned dimensions = 0, round = 0;

    for (unsigned d = 0; d < 3; d++) {
        if ((axes >> d & 1) == 0)
            continue;
        product *= 2 * self->half[d];
        dimensions++;
        round += self->kind == SNA_ELLIPSOID || (self->kind == SNA_CYLINDER && d != self->axis);
    }
    /* A disc has pi / 4 of its square, a ball pi / 6 of its cube. */
    if (round == 2)
        product *= pi / 4;
    else if (round == 3)
        product *= pi / 6;
    if (self->kind == SNA_CYLINDER && round == 2)
        product *= 1 - self->hole * self->hole;
    return dimensions > 0 ? product : 0;
}

void sna_solid_draw(const sna_solid *self, sna_random *random, double out[3])
{
    double unit[3] = {0, 0, 0};

    switch (self->kind) {
    case SNA_BOX:
        for (unsigned d = 0; d < 3; d++)
            unit[d] = 2 * sna_random_uniform(random) - 1;
        break;
    case SNA_CYLINDER: {
        const unsigned a = (self->axis + 1) % 3, b = (self->axis + 2) % 3;
        const double inner = self->hole * self->hole;
        const double radius = sqrt(inner + (1 - inner) * sna_random_uniform(random));
        const double angle = 2 * pi * sna_random_uniform(random);
        unit[a] = radius * cos(angle);
        unit[b] = radius * sin(angle);
        unit[self->axis] = 2 * sna_random_uniform(random) - 1;
        break;
    }
    default: {
        /* In a flat one, evenly over what it extends along: points of the cube until one is inside. */
        double square;
        do {
            square = 0;
            for (unsigned d = 0; d < 3; d++) {
                unit[d] = self->half[d] > 0 ? 2 * sna_random_uniform(random) - 1 : 0;
                square += unit[d] * unit[d];
            }
        } while (square > 1);
        break;
    }
    }
    for (unsigned d = 0; d < 3; d++)
        out[d] = self->center[d] + self->half[d] * unit[d];
}

bool sna_region_contains(const sna_region *self, const double at[3])
{
    return sna_solid_contains(&self->outer, at) && !(self->has_inner && sna_solid_contains(&self->inner, at));
}

double sna_region_measure(const sna_region *self)
{
    const unsigned axes = sna_solid_axes(&self->outer);
    const double outer = sna_solid_measure(&self->outer, axes);

    return self->has_inner ? outer - sna_solid_measure(&self->inner, axes) : outer;
}

void sna_region_draw(const sna_region *self, sna_random *random, double out[3])
{
    do
        sna_solid_draw(&self->outer, random, out);
    while (self->has_inner && sna_solid_contains(&self->inner, out));
}
