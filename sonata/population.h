/* population.h: what node and edge populations share: groups, attributes, types. Private to sonata/. */
#ifndef SNA_POPULATION_H
#define SNA_POPULATION_H

#include "dataset.h"

/* A numbered group of a population: some of its rows, with their attributes. */
typedef struct {
    uint32_t number;
    char *place;
    hid_t id, dynamics, library; /* the group, its dynamics_params and @library; the last two may be absent */
    sna_list attributes, parameters, libraries; /* names of the datasets in each */
} sna_group;

typedef struct {
    sna_h5_file *file;
    char *name, *place;     /* "cortex", "/nodes/cortex" */
    const char *kind, *one; /* "nodes", "node" */
    hid_t id;
    sna_notes *notes;
    sna_types *types; /* NULL without */
    uint64_t count;
    sna_group *group; /* [group_count] by number */
    uint64_t group_count;
    sna_attribute *attribute; /* [attribute_count] by name */
    uint64_t attribute_count, attribute_capacity;
    sna_list extra; /* children of the population that are neither groups nor known datasets */
} sna_population;

/* Opens /kind/name of a file that is used by one more then. `known` are the datasets that belong to this kind of
 * population, NULL-terminated. Row count is left to the caller. */
int sna_population_open(sna_population *self, sna_h5_file *file, const char *kind, const char *one, const char *name,
                        const char *types_file, const char *const *known, sna_notes *notes) SNA_CHECK_RESULT;
void sna_population_close(sna_population *self);
const sna_attribute *sna_population_find(const sna_population *self, const char *name);
/* The error for an attribute that is not there, with the list and a guess. */
int sna_population_no_attribute(const sna_population *self, const char *name);
/* Opens the dataset `name` right below the population; *out is NULL when there is none and it is not `required`. Its
 * rank must be 1, its values whole numbers, and its length at least `count` (UINT64_MAX: any; more is noted). */
int sna_population_dataset(sna_population *self, const char *name, bool required, uint64_t count,
                           sna_dataset **out) SNA_CHECK_RESULT;
/* The only population below /kind, or `wanted` where that is not NULL, in *name. */
int sna_population_choose(char **name, sna_h5_file *file, const char *kind, const char *wanted) SNA_CHECK_RESULT;

/* ---- rows of a block ---------------------------------------------------------------------------------------- */

/* Some rows of a population and what belongs to them, read when it is asked for. */
typedef struct {
    sna_population *population;
    sna_dataset *type_id, *group_id, *group_index; /* NULL where the file has none */
    const sna_range *run;                          /* [runs] the rows, in order */
    uint64_t runs, count;
    bool type_opened, groups_opened, types_read, members_read;
    int64_t *type;         /* [count] */
    uint32_t *group;       /* [count] positions in population->group, SNA_NO_GROUP where there is no such group */
    uint64_t *index;       /* [count] rows in the group */
    bool groups_are_first; /* every entry of `group` is 0 */
    bool all_identity;     /* all rows are in the only group, at their own row */
    uint64_t capacity;
    uint64_t *running, counted; /* [group_count] members of each group before row `counted` */
} sna_rows;
#define SNA_NO_GROUP UINT32_MAX

/* Opens nothing yet: columns are opened when they are asked for. */
void sna_rows_open(sna_rows *self, sna_population *population);
/* Are the columns of types and groups there, of whole numbers, and of the right length? */
int sna_rows_check(sna_population *population) SNA_CHECK_RESULT;
/* Takes other rows; the array of runs must stay as long as they are used. */
int sna_rows_set(sna_rows *self, const sna_range *run, uint64_t runs) SNA_CHECK_RESULT;
int sna_rows_types(sna_rows *self, const int64_t **type) SNA_CHECK_RESULT;
/* Reads group and index. */
int sna_rows_members(sna_rows *self) SNA_CHECK_RESULT;
void sna_rows_close(sna_rows *self);

/* ---- one attribute ------------------------------------------------------------------------------------------ */

/* Reads one attribute of blocks of rows, from wherever each row has it. */
typedef struct sna_attribute_reader sna_attribute_reader;

/* With `codes`, enumerations give their integer codes. */
int sna_attribute_reader_open(sna_attribute_reader **out, sna_population *population, const char *name,
                              bool codes) SNA_CHECK_RESULT;
int sna_attribute_reader_fill(sna_attribute_reader *self, sna_rows *rows) SNA_CHECK_RESULT;
/* What the last fill read. */
const sna_column *sna_attribute_reader_column(const sna_attribute_reader *self);
/* Moves the column out (for keeping). */
void sna_attribute_reader_take(sna_attribute_reader *self, sna_column_room *out);
/* Texts of an enumeration, appended. Errors: SNA_ENOTFOUND. */
int sna_population_library(sna_population *self, const char *name, sna_list *out) SNA_CHECK_RESULT;
void sna_attribute_reader_close(sna_attribute_reader *self);

#endif
