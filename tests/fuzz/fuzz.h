/* fuzz.h: what the fuzz targets share. Each target is one function that reads hostile bytes with the library. */
#ifndef SNA_TESTS_FUZZ_H
#define SNA_TESTS_FUZZ_H

#include "sonata/sonata.h"

/* Declared by libFuzzer's contract. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* A file in memory with these bytes, under a name that HDF5 can open (it does not take /proc/self/fd of a file without
 * a name). Close it with fuzz_file_close. */
typedef struct {
    int descriptor;
    char path[64];
} fuzz_file;
int fuzz_file_open(fuzz_file *out, const uint8_t *bytes, size_t size);
void fuzz_file_close(fuzz_file *self);

/* Uses a value, so that the compiler may not leave out the read. */
void fuzz_use(uint64_t value);

#endif
