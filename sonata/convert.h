/* convert.h: writing what was read in another dialect. Private to sonata/. */
#ifndef SNA_CONVERT_H
#define SNA_CONVERT_H

#include "edges.h"
#include "h5write.h"
#include "nodes.h"

typedef struct {
    sna_dialect dialect;
    sna_write_options write;
    const char *population; /* for what has no name; may be NULL */
    sna_outputs *outputs;
    sna_table *done; /* what was written */
} sna_conversion;

/* Notes that a file was written. */
int sna_conversion_wrote(sna_conversion *self, const char *what, const char *population, uint64_t count,
                         const char *path) SNA_CHECK_RESULT;

/* ---- columns ------------------------------------------------------------------------------------------------ */

/* All groups as one; else the position of a group in the population. */
enum { SNA_ALL_GROUPS = -1 };

/* How an attribute is to be written for one group or for all as one: `storage` holds the values of all that contribute
 * (datasets of groups, dynamics_params, the types CSV where a group lacks it) exactly. */
typedef struct {
    bool has;      /* some dataset of the group(s) holds it */
    bool complete; /* every row has a value, as far as the shapes say; else a whole number must be written as real */
    sna_storage storage;
} sna_column_plan;

int sna_column_plan_make(sna_population *population, int64_t group, const char *name,
                         sna_column_plan *out) SNA_CHECK_RESULT;
/* May an attribute of that name stand in a group? (dynamics_params of a types CSV may not: that is a subgroup.) */
bool sna_column_can_be_dataset(const char *name);

/* Values of a column on their way to a file; start from {0}. */
typedef struct {
    void *room;
    uint64_t capacity; /* values */
    sna_values values;
} sna_value_room;

/* Rows row[0] .. row[count-1] of a column (`row` NULL: the first ones) in the kind of a storage: a missing number is
 * NaN, a missing text is empty. Errors: SNA_EUNSUPPORTED (a whole number that is missing, or too large for a real). */
int sna_value_room_fill(sna_value_room *self, const sna_column *column, const uint64_t *row, uint64_t count,
                        sna_storage storage) SNA_CHECK_RESULT;
/* The same values from the `first` on. */
sna_values sna_value_room_from(const sna_value_room *self, sna_storage storage, uint64_t first);
void sna_value_room_free(sna_value_room *self);

/* ---- parts -------------------------------------------------------------------------------------------------- */

int sna_convert_types(sna_conversion *self, const sna_types *types, const char *id_column,
                      const char *path) SNA_CHECK_RESULT;
int sna_convert_nodes(sna_conversion *self, sna_nodes *nodes, const char *path) SNA_CHECK_RESULT;
/* `source` and `target` may be NULL: ids are looked through then. The names are those of the node populations. */
int sna_convert_edges(sna_conversion *self, sna_edges *edges, const sna_nodes *source, const sna_nodes *target,
                      const char *source_name, const char *target_name, const char *path) SNA_CHECK_RESULT;
int sna_convert_gaps(sna_conversion *self, const char *from, const char *path) SNA_CHECK_RESULT;
int sna_convert_spikes(sna_conversion *self, const char *from, const char *path) SNA_CHECK_RESULT;
int sna_convert_report(sna_conversion *self, const char *from, const char *population,
                       const char *path) SNA_CHECK_RESULT;
/* A config with all that it names, or a nodes or edges file, into a folder. */
int sna_convert_network(sna_conversion *self, const char *from, const char *folder) SNA_CHECK_RESULT;

#endif
