/* forecast.c: what building a network would come to, without building it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "connector.h"
#include "node_values.h"

/* What files take besides their columns: superblock, group headers, chunk indices. */
static const double bytes_of_file = 16384;
/* At which columns and indices are written, where the disk is not what limits it. */
static const double bytes_per_second = 4e8;
/* Of drawing, to know how long it takes. */
static const double seconds_to_try = 0.05;
/* A string in a file, with what HDF5 keeps about it. */
static const double bytes_of_text = 32;

/* Files with what they are expected to hold. */
typedef struct {
    sna_table *table;
    double rows, bytes, seconds;
} forecast;

enum { COLUMN_ROWS, COLUMN_BYTES };

static int add_file(forecast *self, char *name, double rows, double bytes)
{
    const uint64_t row = sna_table_rows(self->table);
    int status = name == NULL ? sna_error(SNA_ENOMEM, "no memory for the name of a file") : 0;

    if (status == 0)
        status = sna_table_add_row(self->table, name);
    if (status == 0)
        status = sna_table_set_real(self->table, row, COLUMN_ROWS, round(rows));
    if (status == 0)
        status = sna_table_set_real(self->table, row, COLUMN_BYTES, round(bytes));
    self->bytes += bytes;
    free(name);
    return status;
}

static double column_bytes(sna_storage storage, double rows, uint32_t width, bool constant)
{
    const double bytes = (double)sna_storage_bytes(storage, (uint64_t)rows, width, constant);

    return bytes + (storage == SNA_UTF8 ? rows * bytes_of_text : 0);
}

/* ---- nodes -------------------------------------------------------------------------------------------------- */

static int forecast_nodes(forecast *self, const sna_population *population)
{
    const double rows = (double)population->count;
    double bytes = bytes_of_file + column_bytes(SNA_U64, rows, 1, false) * 2 + column_bytes(SNA_I64, rows, 1, false);
    char *name = NULL;

    if (population->nodes != NULL)
        return 0;
    if (population->position != NULL)
        bytes += 3 * column_bytes(SNA_F32, rows, 1, false);
    for (uint64_t c = 0; c < population->columns; c++)
        bytes += column_bytes(population->column[c].storage, rows, 1, false);
    return sna_text_format(&name, "%s_nodes.h5", population->name) == 0 ? add_file(self, name, rows, bytes)
                                                                        : SNA_ENOMEM;
}

/* ---- edges -------------------------------------------------------------------------------------------------- */

static double edges_of(const sna_projection *projection)
{
    return projection->expected.edges > 0 ? projection->expected.edges : 0;
}

static double rows_of(const sna_edge_layout *layout, const sna_network *network, const sna_edge_file *file, uint64_t i)
{
    const sna_projection *projection = &network->projection[file->projection[i]];

    return edges_of(projection) * (layout->per_synapse[i] ? sna_count_mean(projection->n_syn) : 1);
}

/* Is a column the same in all rows? */
static bool is_constant(const sna_edge_layout *layout, const sna_network *network, const sna_edge_file *file,
                        uint64_t column)
{
    for (uint64_t i = 0; i < file->projections; i++) {
        const sna_count *n_syn = network->projection[file->projection[i]].n_syn,
                        *first = network->projection[file->projection[0]].n_syn;
        if (layout->fill[i * layout->columns + column].kind != SNA_FILL_SYNAPSES || n_syn->kind != SNA_COUNT_CONSTANT ||
            n_syn->low != first->low)
            return false;
    }
    return true;
}

/* Blocks drawn one after another, until it has taken long enough to tell; *each the seconds a row takes. */
static int time_rows(const sna_network *network, const sna_edge_file *file, const sna_edge_layout *layout, double *each)
{
    const uint64_t nodes = network->population[file->target_population].count;
    const double started = sna_clock();
    sna_target_block block = {0};
    double rows = 0;
    int status = sna_target_block_create(&block, network, file, layout);

    for (uint64_t first = 0; status == 0 && first < nodes && sna_clock() - started < seconds_to_try;
         first += file->block) {
        status = sna_target_block_make(&block, first, first + file->block < nodes ? first + file->block : nodes);
        rows += (double)block.count;
    }
    *each = rows > 0 ? (sna_clock() - started) / rows : 0;
    sna_target_block_free(&block);
    return status;
}

static int forecast_edges(forecast *self, const sna_network *network, const sna_edge_file *file)
{
    const sna_population *source = &network->population[file->source_population],
                         *target = &network->population[file->target_population];
    sna_edge_layout layout = {0};
    double rows = 0, pairs = 0, gaps = 0, each = 0, bytes = bytes_of_file;
    char *name = NULL;
    int status = sna_edge_layout_create(&layout, network, file);

    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < file->projections; i++) {
        const sna_projection *projection = &network->projection[file->projection[i]];
        rows += rows_of(&layout, network, file, i);
        pairs += edges_of(projection);
        gaps += projection->entry->connector == &sna_gap_junction ? edges_of(projection) : 0;
    }
    bytes += 3 * column_bytes(SNA_U64, rows, 1, false) + column_bytes(SNA_I64, rows, 1, file->projections == 1) +
             column_bytes(SNA_U32, rows, 1, layout.groups == 1);
    for (uint64_t group = 0; group < layout.groups; group++) {
        double in_group = 0;
        for (uint64_t i = 0; i < file->projections; i++)
            in_group += layout.group[i] == group ? rows_of(&layout, network, file, i) : 0;
        for (uint64_t c = 0; c < layout.columns; c++)
            bytes += layout.has[group * layout.columns + c]
                         ? column_bytes(layout.column[c].storage, in_group, 1, is_constant(&layout, network, file, c))
                         : 0;
    }
    /* Each target's edges are one range, each pair's rows one of its source's. */
    bytes += 2 * column_bytes(SNA_U64, (double)target->count, 2, false) +
             column_bytes(SNA_U64, (double)source->count, 2, false) + column_bytes(SNA_U64, pairs, 2, false);
    status = time_rows(network, file, &layout, &each);
    if (status == 0)
        status = sna_text_format(&name, "%s_%s_edges.h5", source->name, target->name);
    if (status == 0)
        status = add_file(self, name, rows, bytes);
    self->rows += rows;
    self->seconds += each * rows;
    name = NULL;
    if (status == 0 && gaps > 0) {
        status = sna_text_format(&name, "%s_gap_juncs.h5", source->name);
        if (status == 0)
            status = add_file(self, name, gaps, bytes_of_file / 4 + 4 * column_bytes(SNA_U64, gaps, 1, false));
    }
out:
    sna_edge_layout_free(&layout);
    return status;
}

/* ---- the whole ---------------------------------------------------------------------------------------------- */

int sna_network_forecast(const sna_network *self, sna_record **out)
{
    forecast all = {NULL, 0, 0, 0};
    double nodes = 0, edges = 0, variance = 0, writing;
    sna_record *record = NULL;
    int status = sna_record_create(&record, "To be expected");

    *out = NULL;
    if (status == 0)
        status = sna_table_create(&all.table, "Files", "file");
    if (status == 0)
        status = sna_table_add_column(all.table, "rows", NULL, SNA_REAL);
    if (status == 0)
        status = sna_table_add_column(all.table, "size", "bytes", SNA_REAL);
    for (uint64_t i = 0; i < self->populations && status == 0; i++) {
        nodes += (double)self->population[i].count;
        status = forecast_nodes(&all, &self->population[i]);
    }
    for (uint64_t i = 0; i < self->projections; i++) {
        const sna_expectation *expected = &self->projection[i].expected;
        edges += edges_of(&self->projection[i]);
        variance += expected->variance + expected->error * expected->error;
        /* The two directions of an entry go together. */
        if (!isnan(expected->reciprocal) && !self->projection[i].drawer->ends.same)
            variance += 2 * (expected->reciprocal - expected->independent);
    }
    for (uint64_t i = 0; i < self->files && status == 0; i++)
        status = forecast_edges(&all, self, &self->file[i]);
    /* One thread appends while the others draw. */
    writing = all.bytes / bytes_per_second;
    if (status == 0)
        status = sna_record_integer(record, "nodes", "Nodes", NULL, (int64_t)nodes);
    if (status == 0)
        status = sna_record_real(record, "edges", "Edges", NULL, round(edges));
    if (status == 0)
        status = sna_record_real(record, "edges_sd", "Standard deviation", NULL, sqrt(variance));
    if (status == 0)
        status = sna_record_real(record, "rows", "Rows of edge files", NULL, round(all.rows));
    if (status == 0)
        status = sna_record_real(record, "size", "Size of all files", "MB", all.bytes / 1e6);
    if (status == 0)
        status = sna_record_real(record, "time", "Time to build, about", "s",
                                 fmax(writing, (writing + all.seconds) / sna_threads()));
    if (status == 0) {
        status = sna_record_table(record, "files", "Files", all.table);
        all.table = NULL;
    }
    if (status != 0)
        goto out;
    *out = record;
    record = NULL;
out:
    sna_table_free(all.table);
    sna_record_free(record);
    return status;
}
