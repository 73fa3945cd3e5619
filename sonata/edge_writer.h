/* edge_writer.h: an edges file that is being written. Private to sonata/. */
#ifndef SNA_EDGE_WRITER_H
#define SNA_EDGE_WRITER_H

#include "sonata/h5write.h"

typedef struct sna_edge_share sna_edge_share;

typedef struct {
    uint32_t number;
    hid_t id, dynamics;
    char *place;
    sna_column_writer *attribute; /* [attributes] in the order of declaration */
    uint64_t attributes, capacity;
    uint64_t rows;
} sna_edge_group;

struct sna_edge_writer {
    sna_h5_output file;
    char *place, *source_population, *target_population;
    hid_t population;
    sna_write_options options;
    sna_column_writer source, target, type, group_id, group_index;
    sna_edge_group *group; /* [groups] */
    uint64_t groups, group_capacity;
    uint64_t *source_edges, *target_edges; /* edges of each node */
    uint64_t source_count, target_count, count;
    bool sources_sorted, targets_sorted;
    uint64_t last_source, last_target;
    bool finished, failed;
    sna_edge_share *share; /* the part of this process in a file of several; NULL in a file of its own */
};

/* Steps of the writer. A group is there even where no attribute is: readers expect it. */
int sna_edge_writer_need_group(sna_edge_writer *self) SNA_CHECK_RESULT;
int sna_edge_writer_name_populations(sna_edge_writer *self) SNA_CHECK_RESULT;
void sna_edge_writer_close_groups(sna_edge_writer *self);
enum { SNA_EDGE_OWN_COLUMNS = 5 };
/* The columns that every edge has, and those of the groups, one after another: the i-th, NULL behind the last. */
sna_column_writer *sna_edge_writer_column(sna_edge_writer *self, uint64_t i);
/* Ids read back from a column of the file. */
int sna_edge_writer_read_back(const sna_column_writer *column, uint64_t first, uint64_t count,
                              uint64_t *out) SNA_CHECK_RESULT;

/* edge_share.c: the same steps where several processes write the file. */
void sna_edge_share_count(sna_edge_writer *self, const uint64_t *source, const uint64_t *target, uint64_t count);
int sna_edge_share_finish(sna_edge_writer *self) SNA_CHECK_RESULT;
uint64_t sna_edge_share_total(const sna_edge_writer *self);
void sna_edge_share_free(sna_edge_share *self);

#endif
