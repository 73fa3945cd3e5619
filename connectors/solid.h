/* solid.h: the shapes that nodes can fill. */
#ifndef SNA_CONNECTORS_SOLID_H
#define SNA_CONNECTORS_SOLID_H

#include "base/base.h"

typedef struct {
    enum { SNA_BOX, SNA_CYLINDER, SNA_ELLIPSOID } kind;
    double center[3], half[3]; /* um; half: half the extent along each axis, 0 where it is flat */
    unsigned axis;             /* of a cylinder */
    double hole;               /* of a cylinder: radius that stays empty, as a part of the whole */
} sna_solid;

/* A solid, or what it has outside another one in its middle (a shell). */
typedef struct {
    sna_solid outer, inner;
    bool has_inner;
} sna_region;

bool sna_solid_contains(const sna_solid *self, const double at[3]);
/* Volume; area or length of one that is flat along some axes. `axes` (or-ed, x 1, y 2, z 4) are those along which the
 * measure extends. */
double sna_solid_measure(const sna_solid *self, unsigned axes);
unsigned sna_solid_axes(const sna_solid *self);
/* A point anywhere inside, evenly. */
void sna_solid_draw(const sna_solid *self, sna_random *random, double out[3]);

bool sna_region_contains(const sna_region *self, const double at[3]);
double sna_region_measure(const sna_region *self);
void sna_region_draw(const sna_region *self, sna_random *random, double out[3]);

/* A coordinate as files keep it: a 32-bit float. (GCC 12.2 drops (double)(float) of neighbours in an array that is
 * changed in place: its vectoriser takes that for a copy. volatile keeps it from looking.) */
static inline double sna_stored(double coordinate)
{
    const volatile float stored = (float)coordinate;

    return (double)stored;
}

#endif
