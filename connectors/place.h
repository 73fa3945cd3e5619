/* place.h: where the nodes of a population, or of one of its types, are. */
#ifndef SNA_CONNECTORS_PLACE_H
#define SNA_CONNECTORS_PLACE_H

#include "internal.h"
#include "solid.h"

typedef struct sna_place {
    const cJSON *item;
    enum { SNA_PLACE_REGION, SNA_PLACE_GRID, SNA_PLACE_LIST } kind;
    sna_region region;
    double min_distance;          /* 0: none */
    bool around;                  /* the region is a shell */
    uint64_t core;                /* population that it is around */
    bool same_density;            /* it has as many nodes for its volume as the core */
    double origin[3], spacing[3]; /* grid, um */
    uint64_t points[3];           /* grid: number along x, y, z */
    bool shuffled;                /* grid: any of its points, else the first ones, x fastest */
    double (*point)[3];           /* [listed] */
    uint64_t listed;
} sna_place;

/* Reads `positions`; a shell needs a population that was read before. free with sna_place_free. */
int sna_place_read(sna_place **out, const sna_network *network, const cJSON *item) SNA_CHECK_RESULT;
void sna_place_free(sna_place *self);
/* How many nodes a shell of the same density has. */
uint64_t sna_place_shell_count(const sna_place *self, const sna_network *network);
/* Places `count` nodes; `name` is for the random numbers. Errors: SNA_EFORMAT (they do not fit, not as many listed). */
int sna_place_fill(const sna_place *self, const sna_network *network, const char *name, uint64_t first_id,
                   uint64_t count, double (*out)[3]) SNA_CHECK_RESULT;

#endif
