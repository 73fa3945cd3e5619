/* validate_base.h: a small circuit without any fault, made by plain HDF5 calls, for the tests of the validator to
 * break. */
#ifndef SNA_TESTS_VALIDATE_BASE_H
#define SNA_TESTS_VALIDATE_BASE_H

#include "support.h"

#include <hdf5.h>

#include "sonata/sonata.h"

/* Nodes A (10, biophysical) and V (4, virtual) in one file; edges A__A__chemical (30) and V__A__chemical (12) in
 * another, with indices in both spellings; types CSVs; node sets; components; configs of circuit and simulation; its
 * results. It satisfies every dialect. */
typedef struct {
    char *folder, *config, *simulation, *nodes, *edges, *node_types, *edge_types, *node_sets;
    char *input, *spikes, *report; /* spikes that are played in, and what the simulation has written */
} base_circuit;

enum { BASE_A = 10, BASE_V = 4, BASE_AA = 30, BASE_VA = 12, BASE_SPIKES = 6, BASE_FRAMES = 20 };

void base_circuit_make(base_circuit *circuit);
void base_circuit_remove(base_circuit *circuit);

/* Opens a file to break it; close with base_close. */
hid_t base_open(const char *path);
void base_close(hid_t file);
/* A dataset, in place of what is there. Groups above it are made. */
void base_put(hid_t file, const char *place, hid_t file_type, hid_t memory_type, int rank, const hsize_t *extent,
              const void *values);
/* `count` strings of variable length. */
void base_put_texts(hid_t file, const char *place, uint64_t count, const char *const *text);
/* `count` times the same text. */
void base_fill_texts(hid_t file, const char *place, uint64_t count, const char *text);
/* float32 values value + i * step. */
void base_put_reals(hid_t file, const char *place, uint64_t count, double value, double step);
/* One value of a dataset of numbers, any rank: element `at` of all. */
void base_set_real(hid_t file, const char *place, uint64_t at, double value);
void base_set_integer(hid_t file, const char *place, uint64_t at, int64_t value);
void base_drop(hid_t file, const char *place);
/* The text attribute of an object, in place of what is there. */
void base_put_attribute(hid_t file, const char *place, const char *name, const char *text);
/* Builds both indices of an edge population from its ids. */
void base_put_index(hid_t file, const char *population, uint64_t sources, uint64_t targets);

#endif
