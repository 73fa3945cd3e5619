/* spec.h: small readers that the parts of a specification share. */
#ifndef SNA_CONNECTORS_SPEC_H
#define SNA_CONNECTORS_SPEC_H

#include <cjson/cJSON.h>

#include "base/base.h"

/* The only member of an object, which must be one of the NULL-terminated list of keys. */
int sna_spec_one_key(const sna_json *json, const cJSON *item, const char *const *keys,
                     const cJSON **out) SNA_CHECK_RESULT;
/* A list of exactly `count` numbers. */
int sna_spec_read_numbers(const sna_json *json, const cJSON *item, double *out, uint64_t count) SNA_CHECK_RESULT;
/* [low, high] with low <= high. */
int sna_spec_read_pair(const sna_json *json, const cJSON *item, double out[2]) SNA_CHECK_RESULT;
/* A list of probabilities that add up to 1, as cumulative sums (the last is 1); free() it. */
int sna_spec_read_weights(const sna_json *json, const cJSON *item, double **out, uint64_t *count) SNA_CHECK_RESULT;
/* `item` must be a list as long as the one at `other`. */
int sna_spec_expect_length(const sna_json *json, const cJSON *item, uint64_t count, const char *other) SNA_CHECK_RESULT;
/* The first position whose cumulative sum is above u. */
uint64_t sna_spec_choose(const double *cumulative, uint64_t count, double u);
/* "there is no WHAT `word`, did you mean ...?; there are: ..." at the item. */
int sna_spec_unknown(const sna_json *json, const cJSON *item, const char *what, const char *word,
                     const sna_list *known);
/* The length of a list. */
uint64_t sna_spec_length(const cJSON *list);
/* The NULL-terminated keys as "a, b, c". */
int sna_spec_join(const char *const *keys, sna_string *out) SNA_CHECK_RESULT;

#endif
