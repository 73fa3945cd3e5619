/* generator.h: values that differ from one node, or one synapse, to the next. */
#ifndef SNA_CONNECTORS_GENERATOR_H
#define SNA_CONNECTORS_GENERATOR_H

#include "internal.h"

/* Properties that one generator can choose together. */
enum { SNA_COLUMNS_MOST = 16 };

/* A property that a generator gives a value. */
typedef struct {
    const char *name; /* in the JSON document */
    sna_type type;    /* SNA_INTEGER, SNA_REAL or SNA_TEXT */
    sna_storage storage;
    /* Values to choose from, or listed: [values] of the type. Texts belong to the document, or to the CSV file. */
    int64_t *integer;
    double *real;
    const char **text;
} sna_generated;

/* One value of any type. */
typedef union {
    int64_t integer;
    double real;
    const char *text;
} sna_value;

typedef struct sna_generator {
    const cJSON *item;
    enum {
        SNA_VALUE_CONSTANT,
        SNA_VALUE_UNIFORM,
        SNA_VALUE_UNIFORM_INTEGER,
        SNA_VALUE_NORMAL,
        SNA_VALUE_LOGNORMAL,
        SNA_VALUE_CHOOSE,
        SNA_VALUE_LIST,
        SNA_VALUE_DISTANCE,
        SNA_VALUE_DELAY,
        SNA_VALUE_PAIRS
    } kind;
    sna_generated *column; /* [columns]; more than one for a choice of several properties only */
    uint64_t columns;
    uint64_t values;                  /* to choose from, or in the list */
    double *cumulative;               /* [values] of a choice */
    double low, high;                 /* uniform: limits; else clipped to these */
    double mean, sd;                  /* normal; lognormal: of the logarithm; delay: sd of its noise, ms */
    double velocity, least, distance; /* delay: um/ms, ms, um (NaN: that of the pair) */
    unsigned axes;                    /* that a distance is measured along */
    struct sna_pair_value *pair;      /* [values] SNA_VALUE_PAIRS: from a CSV, by source and target, sorted */
    sna_csv *csv;                     /* that it was read from, NULL without */
    uint64_t purpose;
} sna_generator;

/* Reads a generator and adds it; one of the same key that is there already stays. `edges`: it is for synapses (which
 * have distances). Files are looked for in `folder`. */
int sna_generators_add(sna_generators *self, const sna_json *json, const cJSON *item, const char *folder,
                       bool edges) SNA_CHECK_RESULT;
void sna_generators_free(sna_generators *self);
/* The generator and its column that give a property; NULL when none does. */
const sna_generator *sna_generators_find(const sna_generators *self, const char *name, uint64_t *column);
/* Does any need distances? */
bool sna_generators_need_distance(const sna_generators *self);
/* Is its value that with the next number of its list? */
static inline bool sna_generator_counts(const sna_generator *self)
{
    return self->kind == SNA_VALUE_LIST;
}

/* A stream of values for one node (target 0) or the synapses of one pair; `copy` numbers parallel edges. */
void sna_generator_start(const sna_generator *self, sna_random *random, uint64_t seed, uint64_t source, uint64_t target,
                         uint64_t copy);
/* The next value of every column. `number`: position in a list. `source` and `target`: where the two nodes are, NULL
 * where nothing needs it. */
void sna_generator_draw(const sna_generator *self, sna_random *random, uint64_t number, const double *source,
                        const double *target, sna_value *out);
/* The values of a pair of nodes from a CSV file. Errors: SNA_EFORMAT (the file has none for it). */
int sna_generator_look_up(const sna_generator *self, const sna_json *json, uint64_t source, uint64_t target,
                          sna_value *out) SNA_CHECK_RESULT;

#endif
