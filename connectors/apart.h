/* apart.h: nodes that keep a distance from one another (random sequential addition, "Poisson disc"). */
#ifndef SNA_CONNECTORS_APART_H
#define SNA_CONNECTORS_APART_H

#include "solid.h"

/* Places up to `count` nodes in the region, no two, and none and one of the `others`, closer than `distance` um. Points
 * are drawn evenly and dropped where they are too close to an earlier one; when that hardly ever succeeds any more,
 * only in the cells that still have room (Ebeida et al. 2012, "A simple algorithm for maximal Poisson-disk sampling in
 * high dimensions"). *placed is `count`, or how many fitted. The order of the nodes is shuffled. */
int sna_place_apart(const sna_region *region, double distance, uint64_t count, const double (*others)[3],
                    uint64_t other_count, sna_random *random, double (*out)[3], uint64_t *placed) SNA_CHECK_RESULT;

/* How many nodes are closer than the distance to an earlier one. The region holds them all. */
int sna_count_close(const sna_region *region, double distance, const double (*node)[3], uint64_t count,
                    uint64_t *close) SNA_CHECK_RESULT;

#endif
