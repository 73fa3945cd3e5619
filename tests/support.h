/* support.h: what the tests share. Include it first: it brings cmocka in the order that cmocka wants. */
#ifndef SNA_TESTS_SUPPORT_H
#define SNA_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"

/* A run of the program (or of another one): what it printed and how it ended. */
typedef struct {
    char *out, *err;
    int status; /* exit status, or 128 + the signal that ended it */
} run_result;

/* Runs build/.../sonatina with the words of a NULL-terminated list behind its name, in a folder (NULL: here), with
 * "NAME=value" settings (NULL: none). Fails the test when it cannot be started. */
void run_program(run_result *result, const char *folder, const char *const *settings, const char *const *words);
/* The same with the words as arguments, ended by NULL, in the current folder. */
void run_words(run_result *result, ...) __attribute__((sentinel));
void run_free(run_result *result);

/* A new empty folder that test_folder_remove deletes with all that is in it. free() the path. */
char *test_folder(void);
void test_folder_remove(char *path);
/* The number of entries (hidden ones too) of a folder. */
uint64_t test_folder_count(const char *path);
/* Writes a text file folder/name and returns its path; free() it. */
char *test_file(const char *folder, const char *name, const char *text);
/* A path below the source folder, or below the shared data; NULL (and a printed "skipped") where that is absent.
 * free() it. */
char *test_source_path(const char *relative);
char *test_shared_path(const char *relative);

/* Can /usr/bin/python3 read HDF5 files? */
bool has_h5py(void);

/* Fails the test with the library's message when `status` is not 0. */
void check_status(int status, const char *file, int line);
#define assert_done(status) check_status((status), __FILE__, __LINE__)
/* Fails unless `text` contains `part`, showing both. */
void check_contains(const char *text, const char *part, const char *file, int line);
#define assert_contains(text, part) check_contains((text), (part), __FILE__, __LINE__)

#endif
