/* joint.h: a pair of nodes whose two directions go together: forward with p0, backward with p1, both ways with pr. The
 * marginals p0 and p1 are exact whatever pr is: pr is clipped to what they allow. */
#ifndef SNA_CONNECTORS_JOINT_H
#define SNA_CONNECTORS_JOINT_H

#include "connector.h"
#include "pairing.h"
#include "probability.h"
#include "sums.h"

typedef struct {
    sna_probability p0, p1;
    enum { SNA_RULE_PR, SNA_RULE_RHO, SNA_RULE_FACTOR } rule;
    sna_probability pr; /* SNA_RULE_PR: pr; SNA_RULE_FACTOR: how many times p0 p1 */
    double rho;         /* SNA_RULE_RHO */
    bool constant;      /* nothing depends on the distance */
    bool has_p1;        /* it was given */
} sna_joint;

/* Reads p0, p1 (p0 when there is none) and pr by their keys. `rules`: `rho` and `nrr` may stand in place of pr. */
int sna_joint_read(sna_joint *out, const sna_fields *fields, const char *p0, const char *p1, const char *pr,
                   bool rules) SNA_CHECK_RESULT;
void sna_joint_free(sna_joint *self);
/* Source and target must be the same nodes or have none in common; p1 goes with the latter only, positions must be
 * there where they are needed, and what is constant must be possible. */
int sna_joint_check(const sna_joint *self, const sna_ends *ends, const sna_fields *fields, const char *p0,
                    const char *p1, const char *pr) SNA_CHECK_RESULT;

typedef struct {
    double p0, p1, pr, raw; /* raw: pr before it was clipped */
} sna_joint_pair;

/* Of a source and a target at these places (not looked at where everything is constant). */
sna_joint_pair sna_joint_at(const sna_joint *self, const double *source, const double *target);
/* SNA_FORWARD and SNA_BACKWARD, given a number uniform from 0 to 1 (below any bound of p0 + p1 - pr). */
unsigned sna_joint_decide(const sna_joint_pair *pair, double value);
/* The largest probability that a pair of two cells is connected at all. */
double sna_joint_bound(const sna_joint *self, const sna_lattice *lattice, const int64_t offset[3]);

/* Makes lattice, grids and near cells; `decide` and its context are the caller's, and so is `bound`. `blocks` is as for
 * sna_near_choose; before they are known, NULL. */
int sna_joint_make_pairs(const sna_joint *self, sna_pairing *pairs, const sna_ends *ends, sna_near_bound bound,
                         const double blocks[2]) SNA_CHECK_RESULT;

/* What a pair adds to what is expected. */
enum {
    SNA_SUM_POSSIBLE0,
    SNA_SUM_POSSIBLE1,
    SNA_SUM_P0,
    SNA_SUM_P1,
    SNA_SUM_VARIANCE0,
    SNA_SUM_VARIANCE1,
    SNA_SUM_COVARIANCE,
    SNA_SUM_PR,
    SNA_SUM_VARIANCE_PR,
    SNA_SUM_SPREAD,
    SNA_SUM_CLIPPED,
    SNA_JOINT_SUMS
};
void sna_joint_values(const sna_joint_pair *pair, double out[SNA_JOINT_SUMS]);
/* The sums over all pairs (unordered ones where the ends are the same). */
int sna_joint_sums(const sna_joint *self, const sna_pairing *pairs, const sna_ends *ends, double sum[SNA_JOINT_SUMS],
                   double error[SNA_JOINT_SUMS]) SNA_CHECK_RESULT;
/* Turns them into what to expect of each direction. */
void sna_joint_expect(const sna_ends *ends, const double sum[SNA_JOINT_SUMS], const double error[SNA_JOINT_SUMS],
                      sna_expectation expected[2]);

#endif
