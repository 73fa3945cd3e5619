/* nodes.h: a node population from inside. Private to sonata/. */
#ifndef SNA_NODES_H
#define SNA_NODES_H

#include "population.h"

typedef struct {
    uint64_t id, row;
} sna_node_place;

typedef struct {
    char *name;
    bool codes;
    sna_column_room room;
} sna_kept_column;

typedef struct {
    char *name;
    sna_dictionary texts;
    uint32_t *code; /* [count] */
} sna_kept_labels;

struct sna_nodes {
    sna_population population;
    sna_rows rows; /* all of them */
    sna_range all;
    uint64_t *id;             /* [count]; NULL where ids are rows */
    sna_node_place *by_id;    /* [count] sorted by id; NULL where ids are rows */
    sna_kept_column **column; /* [columns] */
    uint64_t columns, column_capacity;
    sna_kept_labels **labels; /* [label_count] */
    uint64_t label_count, label_capacity;
    uint32_t *group_number; /* [count] */
    sna_list **library;     /* [libraries] with their names */
    sna_list library_names;
    uint64_t libraries, library_capacity;
    double (*position)[3]; /* [count] */
    unsigned dimensions;
    bool positions_read;
};

/* Opens a population of a file that is open already; the file gets one user more. */
int sna_nodes_open_in(sna_nodes **out, sna_h5_file *file, const char *types_file, const char *population,
                      sna_notes *notes) SNA_CHECK_RESULT;

#endif
