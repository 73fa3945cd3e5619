/* formula.c: the algebra of connection probabilities. */
#include <math.h>

#include "connectors.h"

static const double root_two_pi = 2.50662827463100050242;

/* exp(-x^2 / 2) integrated from a to b, without the loss that the difference of two erf close to 1 has. */
static double bell(double a, double b)
{
    const double root_half = 0.70710678118654752440;

    if (a > 0)
        return root_two_pi / 2 * (erfc(a * root_half) - erfc(b * root_half));
    if (b < 0)
        return root_two_pi / 2 * (erfc(-b * root_half) - erfc(-a * root_half));
    return root_two_pi / 2 * (erf(b * root_half) - erf(a * root_half));
}

/* With r = mean + sd x, the mean of exp(-x^2 / 2) over the density of distances is the integral of
 * exp(-x^2 / 2) times 1, 2r, 3r^2 over r2 - r1, r2^2 - r1^2, r2^3 - r1^3. By parts, the integrals of x exp(-x^2 / 2)
 * and x^2 exp(-x^2 / 2) are -exp(-x^2 / 2) and bell - x exp(-x^2 / 2) between the limits. */
double sna_gaussian_peak(double mean_value, double mean, double sd, double r1, double r2, unsigned dimensions)
{
    const double a = (r1 - mean) / sd, b = (r2 - mean) / sd, area = bell(a, b);
    const double first = exp(-a * a / 2) - exp(-b * b / 2);
    const double second = area + a * exp(-a * a / 2) - b * exp(-b * b / 2);

    switch (dimensions) {
    case 1:
        return mean_value * (r2 - r1) / (sd * area);
    case 2:
        return mean_value * (r2 * r2 - r1 * r1) / (2 * sd * (mean * area + sd * first));
    default:
        return mean_value * (r2 * r2 * r2 - r1 * r1 * r1) /
               (3 * sd * (mean * mean * area + 2 * mean * sd * first + sd * sd * second));
    }
}

static double spread(double p0, double p1)
{
    return sqrt(p0 * (1 - p0) * p1 * (1 - p1));
}

double sna_rho_from_reciprocal(double p0, double p1, double pr)
{
    const double both = spread(p0, p1);

    return both > 0 ? (pr - p0 * p1) / both : 0;
}

double sna_reciprocal_from_rho(double p0, double p1, double rho)
{
    return sna_reciprocal_clip(p0, p1, p0 * p1 + rho * spread(p0, p1));
}

double sna_reciprocal_clip(double p0, double p1, double pr)
{
    return fmin(fmax(pr, fmax(0, p0 + p1 - 1)), fmin(p0, p1));
}
