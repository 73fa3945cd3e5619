/* dataset.h: one HDF5 dataset as rows of numbers or texts. Private to sonata/.
 *
 * Integers are read in the type they have in the file and converted here: libhdf5 clips what does not fit, silently.
 * Contiguous data in a plain type are read from the file's descriptor, past libhdf5's copying. */
#ifndef SNA_DATASET_H
#define SNA_DATASET_H

#include "column.h"
#include "h5file.h"

typedef enum {
    SNA_RAW_SIGNED,
    SNA_RAW_UNSIGNED,
    SNA_RAW_FLOAT,
    SNA_RAW_VARIABLE, /* variable-length strings */
    SNA_RAW_FIXED,    /* fixed-length strings */
    SNA_RAW_NONE      /* cannot be read */
} sna_raw;

typedef struct sna_chunk_reader sna_chunk_reader;

typedef struct {
    sna_h5_file *file;
    char *place;      /* its path in the file */
    hid_t id, memory; /* dataset; type of a value in memory */
    sna_raw raw;
    sna_storage storage;
    size_t size;                  /* bytes of a value in memory */
    H5T_str_t padding;            /* of fixed strings */
    bool big_endian, enumeration; /* as stored; HDF5 enumeration */
    bool chunked, filtered;
    uint64_t chunk_rows;
    char *lacks; /* the filter that this HDF5 has not, NULL */
    bool direct; /* values stand in the file as they are: at `offset`, or chunk by chunk at `address` */
    bool packed; /* values stand in chunks that are deflated and nothing else, but for being shuffled before */
    bool shuffled;
    bool swap; /* direct or packed, in the other byte order */
    uint64_t offset;
    uint64_t *address; /* [chunks] of a chunked dataset, found when first needed; NULL for a contiguous one */
    uint64_t chunks;
    unsigned char fill[8]; /* what stands in for a chunk that is not in the file */
    uint64_t rows;
    uint32_t width; /* values a row */
    uint32_t rank;
    sna_chunk_reader *reader; /* of a packed dataset, made when first needed */
    void *window;             /* [window_size] for reading neighbouring runs together */
    uint64_t window_size;
} sna_dataset;

/* Opens the dataset `name` in `parent`; `place` is its whole path. Errors: SNA_ENOTFOUND, SNA_EFORMAT. */
int sna_dataset_open(sna_dataset **out, sna_h5_file *file, hid_t parent, const char *name,
                     const char *place) SNA_CHECK_RESULT;
void sna_dataset_close(sna_dataset *self);

/* Type of the column that the values make: integer, real or text. */
sna_type sna_dataset_type(const sna_dataset *self);
bool sna_dataset_is_number(const sna_dataset *self);
/* Refuses a dataset that is not of whole numbers (floating point is taken where values are whole), or of another rank.
 */
int sna_dataset_expect_integers(const sna_dataset *self, uint32_t rank) SNA_CHECK_RESULT;

/* Rows first .. first+count-1 into `out` [count * width]. Errors: SNA_ERANGE (past the end, a value that does not fit,
 * naming its row), SNA_EFORMAT (a string or fraction where whole numbers are needed), SNA_EUNSUPPORTED. */
int sna_dataset_integers(sna_dataset *self, uint64_t first, uint64_t count, int64_t *out) SNA_CHECK_RESULT;
int sna_dataset_ids(sna_dataset *self, uint64_t first, uint64_t count, uint64_t *out) SNA_CHECK_RESULT;
int sna_dataset_reals(sna_dataset *self, uint64_t first, uint64_t count, double *out) SNA_CHECK_RESULT;
/* Texts as codes of `texts`; a NULL string is SNA_NO_TEXT. Numbers become their shortest text. */
#define SNA_NO_TEXT UINT32_MAX
int sna_dataset_texts(sna_dataset *self, uint64_t first, uint64_t count, sna_dictionary *texts,
                      uint32_t *out) SNA_CHECK_RESULT;

/* Rows picked by ascending or other runs: reads every run in order, one behind the other, into `out`. Neighbouring
 * runs are read as one where that is quicker. Type of `out` as for the functions above, by `type`; texts for
 * SNA_TEXT. */
int sna_dataset_runs(sna_dataset *self, const sna_range *run, uint64_t runs, sna_type type, sna_dictionary *texts,
                     void *out) SNA_CHECK_RESULT;
/* The same as unsigned ids. */
int sna_dataset_id_runs(sna_dataset *self, const sna_range *run, uint64_t runs, uint64_t *out) SNA_CHECK_RESULT;

/* For chunk_reader.c. Rows in the memory type, as HDF5 reads them; the memory space is for vlen_reclaim (may be NULL).
 */
int sna_dataset_read_by_hdf5(const sna_dataset *self, uint64_t first, uint64_t count, void *out,
                             hid_t *memory_space) SNA_CHECK_RESULT;
/* Values of `size` bytes into the other byte order. */
void sna_dataset_swap(void *data, size_t size, uint64_t count);

#endif
