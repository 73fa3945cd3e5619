/* probability.h: the probability of a connection, a number or a function of the distance between two nodes. */
#ifndef SNA_CONNECTORS_PROBABILITY_H
#define SNA_CONNECTORS_PROBABILITY_H

#include <math.h>

#include "internal.h"

/* Axes that a distance is measured along, or-ed: x 1, y 2, z 4. */
enum { SNA_AXES_ALL = 7 };

typedef struct sna_probability {
    enum { SNA_P_CONSTANT, SNA_P_GAUSSIAN, SNA_P_EXPONENTIAL, SNA_P_TABLE, SNA_P_STEPS } kind;
    double peak;        /* the constant, or the largest value; of a Gaussian it may be above 1: cut off there */
    double mean, scale; /* Gaussian: mean and sd; exponential: scale, um */
    double low, high;   /* zero at distances outside, um; a constant has 0 and inf */
    double most;        /* values are cut off there: 1 for a probability */
    unsigned axes;
    double (*point)[2]; /* [points] distance and value, distances ascending */
    uint64_t points;
} sna_probability;

/* Reads a probability: a number or a function. `rate`: it is a factor instead, which may be above 1. */
int sna_probability_read(sna_probability *out, const sna_json *json, const cJSON *item, bool rate) SNA_CHECK_RESULT;
void sna_probability_free(sna_probability *self);
/* Does it need no distance? */
bool sna_probability_is_constant(const sna_probability *self);
/* Its value at a distance. */
double sna_probability_at(const sna_probability *self, double distance);
/* Its largest and its least value in [low, high] (a bound that may lie a little outside). */
double sna_probability_most(const sna_probability *self, double low, double high);
double sna_probability_least(const sna_probability *self, double low, double high);
/* The distance beyond which it stays below `level` (> 0); 0 where it is nowhere above. */
double sna_probability_reach(const sna_probability *self, double level);
/* Between which distances it would be above 1, and is cut off there; 0, 0 where it is nowhere. */
void sna_probability_cut(const sna_probability *self, double out[2]);
/* A length over which it changes little, to choose the size of a grid; inf for a constant. */
double sna_probability_length(const sna_probability *self);

/* "spherical" (all axes), "cylindrical_z" (x and y), "x", ... */
int sna_axes_read(unsigned *out, const sna_json *json, const cJSON *item) SNA_CHECK_RESULT;

static inline double sna_distance(unsigned axes, const double a[3], const double b[3])
{
    double sum = 0;

    for (unsigned d = 0; d < 3; d++) {
        if (axes >> d & 1)
            sum += (a[d] - b[d]) * (a[d] - b[d]);
    }
    return sqrt(sum);
}

#endif
