/* connector.h: the kinds of connectors that come with the library, each in the file of its name. */
#ifndef SNA_CONNECTORS_CONNECTOR_H
#define SNA_CONNECTORS_CONNECTOR_H

#include "internal.h"

extern const sna_connector sna_unidirectional, sna_reciprocal, sna_reverse_of, sna_gap_junction,
    sna_gap_conditional_reciprocal, sna_one_to_one, sna_all_to_all, sna_fixed_indegree, sna_fixed_outdegree,
    sna_fixed_total, sna_from_file;

struct sna_probability;
/* The probability of an edge in one direction, of a unidirectional or a reciprocal entry. */
const struct sna_probability *sna_unidirectional_probability(const void *state);
const struct sna_probability *sna_reciprocal_probability(const void *state, bool backward);

/* A unidirectional connector with a copy of a probability. */
int sna_unidirectional_create_like(void **state, const struct sna_probability *p) SNA_CHECK_RESULT;
/* The rho that was estimated for a reciprocal entry, NaN where none was. */
double sna_reciprocal_rho(const void *state);

/* Where a one_to_one entry begins, once all entries are prepared: it may continue another. */
int sna_one_to_one_resolve(sna_network *network, uint64_t entry) SNA_CHECK_RESULT;

/* Sorts ids; `other` is room for `count` more. */
void sna_ids_sort(uint64_t *value, uint64_t *other, uint64_t count);
/* Makes room for so many sources in all. */
int sna_rows_reserve(sna_rows *self, uint64_t count) SNA_CHECK_RESULT;

/* Number of ordered pairs between the ends, without a node and itself unless `autapses`. */
double sna_ends_pairs(const sna_ends *ends, bool autapses);
/* Both ends must have positions, because the key depends on the distance. */
int sna_ends_need_positions(const sna_ends *ends, const sna_fields *fields, const char *key) SNA_CHECK_RESULT;

#endif
