/* test_validate_crash.c: files on which libhdf5 crashes: the validator names them and goes on, other commands end with
 * a sentence. */
#include "support.h"

#include <hdf5.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sonata/sonata.h"
#include "validate_base.h"

enum { NODES = 40 };

/* A nodes file with a text that HDF5 keeps in its global heap. */
static char *text_file(const char *folder, const char *name, const char *population)
{
    const char *text[NODES];
    char *path = NULL;
    sna_outputs *outputs = NULL;
    sna_node_writer *writer = NULL;

    for (int i = 0; i < NODES; i++)
        text[i] = i % 3 == 0 ? "pyramidal" : "basket";
    assert_done(sna_path_join(&path, folder, name));
    assert_done(sna_outputs_create(&outputs));
    assert_done(sna_node_writer_open(&writer, outputs, path, population, NODES, NULL));
    assert_done(sna_node_writer_attribute(writer, 0, "mtype", SNA_UTF8, 1, (sna_values){.text = text}));
    assert_done(sna_node_writer_finish(writer));
    sna_node_writer_close(writer);
    assert_done(sna_outputs_commit(outputs));
    sna_outputs_free(outputs);
    return path;
}

static void put_byte(const char *path, uint64_t at, unsigned char value)
{
    FILE *stream = fopen(path, "r+b");

    assert_non_null(stream);
    assert_int_equal(fseek(stream, (long)at, SEEK_SET), 0);
    assert_int_equal(fputc(value, stream), value);
    assert_int_equal(fclose(stream), 0);
}

/* Where the texts' references are (4 bytes of length, 8 of the heap's address, 4 of the number in the heap; each text
 * of an attribute), and where their heap. */
static void find_heap(const char *path, uint64_t *references, uint64_t *heap)
{
    char *bytes = NULL;
    uint64_t size = 0;
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    const hid_t dataset = H5Dopen2(file, "/nodes/cells/0/mtype", H5P_DEFAULT);

    assert_true(dataset >= 0);
    *references = H5Dget_offset(dataset);
    assert_true(*references != HADDR_UNDEF);
    H5Dclose(dataset);
    H5Fclose(file);
    assert_done(sna_file_read(&bytes, &size, path));
    memcpy(heap, bytes + *references + 4, sizeof *heap);
    assert_true(*heap + 4 < size && memcmp(bytes + *heap, "GCOL", 4) == 0);
    free(bytes);
}

/* Makes the reference of node 7 point far past the end of its heap. */
static void damage(const char *path)
{
    uint64_t references = 0, heap = 0;

    find_heap(path, &references, &heap);
    for (uint64_t i = 0; i < 3; i++)
        put_byte(path, references + 7 * 16 + 12 + i, 0xf7);
}

/* Does libhdf5 by itself crash on it? (Later versions may not.) */
static bool hdf5_crashes(const char *path)
{
    int ended = 0;
    const pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        char *text[NODES] = {NULL};
        hid_t file, dataset, type;
        (void)signal(SIGSEGV, SIG_DFL);
        file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
        dataset = H5Dopen2(file, "/nodes/cells/0/mtype", H5P_DEFAULT);
        type = H5Dget_type(dataset);
        (void)H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &ended, 0), child);
    return WIFSIGNALED(ended) && WTERMSIG(ended) == SIGSEGV;
}

static void test_finding(void **state)
{
    char *folder = test_folder(), *bad = text_file(folder, "bad.h5", "cells"),
         *good = text_file(folder, "good.h5", "others");
    const char *path[] = {bad, good};
    run_result result;
    sna_findings findings = SNA_FINDINGS;
    const sna_finding *crash;

    (void)state;
    damage(bad);
    if (!hdf5_crashes(bad)) {
        print_message("this HDF5 library does not crash on the damage\n");
        skip();
    }
    assert_done(sna_validate(&findings, path, 2, &(sna_validate_options){.isolate = true}));
    crash = sna_findings_find(&findings, "file.crash");
    assert_non_null(crash);
    assert_int_equal(crash->severity, SNA_SEVERITY_ERROR);
    assert_string_equal(crash->file, bad);
    assert_string_equal(crash->place, "/nodes/cells/0/mtype");
    assert_contains(crash->found, "SIGSEGV");
    assert_non_null(crash->mend);
    /* What is there of the other file is what there is of it alone. */
    for (uint64_t i = 0; i < findings.count; i++)
        assert_true(findings.finding[i].severity != SNA_SEVERITY_ERROR || &findings.finding[i] == crash);
    sna_findings_free(&findings);

    run_words(&result, "network", "validate", good, bad, NULL);
    assert_int_equal(result.status, 3);
    assert_contains(result.out, "error file.crash");
    assert_contains(result.out, "to mend: ");
    assert_contains(result.out, "1 error,");
    run_free(&result);
    run_words(&result, "network", "validate", "--stop-at-error", bad, good, NULL);
    assert_int_equal(result.status, 3);
    assert_contains(result.out, "file.crash");
    run_free(&result);

    /* Commands that read it end with a sentence. */
    run_words(&result, "network", "nodes", bad, NULL);
    assert_int_equal(result.status, 3);
    assert_contains(result.err, "bad.h5: /nodes/cells/0/mtype: the HDF5 library crashed (SIGSEGV)");
    run_free(&result);
    run_words(&result, "network", "info", bad, NULL);
    assert_int_equal(result.status, 3);
    assert_contains(result.err, "the HDF5 library crashed");
    run_free(&result);
    free(bad);
    free(good);
    test_folder_remove(folder);
}

/* A fault of another file is found although one crashes, and the same things are found in a process of its own. */
static void test_same_findings(void **state)
{
    base_circuit circuit;
    sna_findings here = SNA_FINDINGS, apart = SNA_FINDINGS;
    hid_t file;

    (void)state;
    base_circuit_make(&circuit);
    file = base_open(circuit.edges);
    base_drop(file, "/edges/A__A__chemical/target_node_id");
    base_close(file);
    assert_done(sna_validate(&here, (const char *const[]){circuit.simulation}, 1, NULL));
    assert_done(
        sna_validate(&apart, (const char *const[]){circuit.simulation}, 1, &(sna_validate_options){.isolate = true}));
    assert_true(sna_findings_number(&here, SNA_SEVERITY_ERROR) > 0 && here.count > 1);
    assert_int_equal(here.count, apart.count);
    for (uint64_t i = 0; i < here.count; i++) {
        const sna_finding *a = &here.finding[i], *b = &apart.finding[i];
        assert_string_equal(a->code, b->code);
        assert_string_equal(a->file, b->file);
        assert_string_equal(a->place, b->place);
        assert_string_equal(a->found, b->found);
        assert_ptr_equal(a->expected, b->expected);
        assert_ptr_equal(a->mend, b->mend);
        assert_int_equal(a->severity, b->severity);
        assert_int_equal(a->count, b->count);
        assert_int_equal(a->line, b->line);
        assert_int_equal(a->examples.count, b->examples.count);
        for (uint64_t k = 0; k < a->examples.count; k++)
            assert_string_equal(a->examples.text[k], b->examples.text[k]);
    }
    sna_findings_free(&here);
    sna_findings_free(&apart);
    /* An error of the checks themselves comes back too. */
    assert_int_equal(
        sna_validate(&apart, (const char *const[]){"/nowhere"}, 1, &(sna_validate_options){.isolate = true}),
        SNA_ENOTFOUND);
    base_circuit_remove(&circuit);
}

/* Every bit of a piece of a file, flipped; the validator comes back each time. */
static void flip_bits(const char *path, uint64_t from, uint64_t count, uint64_t *crashes)
{
    char *bytes = NULL;
    uint64_t size = 0;

    assert_done(sna_file_read(&bytes, &size, path));
    assert_true(from + count <= size);
    for (uint64_t at = from; at < from + count; at++)
        for (unsigned bit = 0; bit < 8; bit++) {
            sna_findings findings = SNA_FINDINGS;
            put_byte(path, at, (unsigned char)((unsigned char)bytes[at] ^ 1u << bit));
            assert_done(sna_validate(&findings, &path, 1, &(sna_validate_options){.isolate = true, .patience = 1}));
            *crashes += sna_findings_find(&findings, "file.crash") != NULL;
            sna_findings_free(&findings);
            put_byte(path, at, (unsigned char)bytes[at]);
        }
    free(bytes);
}

static void test_bit_flips(void **state)
{
    char *folder = test_folder(), *path = text_file(folder, "flipped.h5", "cells");
    uint64_t references = 0, heap = 0, crashes = 0;

    (void)state;
    find_heap(path, &references, &heap);
    flip_bits(path, references, 16, &crashes);
    flip_bits(path, heap, 40, &crashes);
    print_message("%d bits flipped, HDF5 crashed on %d\n", 8 * 56, (int)crashes);
    free(path);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_finding), cmocka_unit_test(test_same_findings),
                                       cmocka_unit_test(test_bit_flips)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
