/* test_base_file.c: output files, child processes, folders. */
#include "support.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void outputs_appear_together(void **state)
{
    char *folder = test_folder(), *a = NULL, *b = NULL, *deep = NULL, *text = NULL;
    const char *temporary = NULL;
    sna_outputs *outputs = NULL;
    FILE *stream = NULL;
    uint64_t size = 0;

    (void)state;
    a = test_file(folder, "a.txt", "old");
    assert_done(sna_path_join(&deep, folder, "new/folder"));
    assert_done(sna_path_join(&b, deep, "b.txt"));
    for (int round = 0; round < 2; round++) {
        assert_done(sna_outputs_create(&outputs));
        assert_done(sna_outputs_folder(outputs, deep));
        assert_done(sna_outputs_add(outputs, a, &temporary));
        assert_done(sna_stream_open(&stream, temporary));
        assert_true(fputs("new", stream) >= 0);
        assert_done(sna_stream_close(stream, a));
        assert_done(sna_outputs_add(outputs, b, &temporary));
        if (round == 1)
            assert_done(sna_outputs_commit(outputs));
        sna_outputs_free(outputs);
        /* Round 0 gives up: the old file stands, and nothing new is left behind. */
        assert_int_equal(test_folder_count(folder), round == 0 ? 1 : 2);
        assert_done(sna_file_read(&text, &size, a));
        assert_string_equal(text, round == 0 ? "old" : "new");
        free(text);
    }
    assert_int_equal(test_folder_count(deep), 1);
    assert_int_equal(access(b, R_OK), 0);
    free(a);
    free(b);
    free(deep);
    test_folder_remove(folder);
}

static void refusals_name_the_file(void **state)
{
    char *folder = test_folder(), *path = NULL, *text = NULL;
    uint64_t size = 0;

    (void)state;
    assert_int_equal(sna_file_write("/nowhere/at/all.txt", "x", 1), SNA_EIO);
    assert_contains(sna_error_message(), "cannot write /nowhere/at/all.txt: No such file or directory");
    assert_int_equal(sna_file_write(folder, "x", 1), SNA_EIO);
    assert_contains(sna_error_message(), "is a folder");
    assert_int_equal(sna_file_read(&text, &size, folder), SNA_EIO);
    path = test_file(folder, "file", "x");
    assert_int_equal(sna_path_make_folder(path), SNA_EIO);
    assert_contains(sna_error_message(), "is a file, but a folder is needed there");
    free(path);
    test_folder_remove(folder);
}

static void a_full_disk_is_noticed(void **state)
{
    FILE *stream = NULL;

    (void)state;
    if (access("/dev/full", W_OK) != 0)
        skip();
    assert_done(sna_stream_open(&stream, "/dev/full"));
    (void)fputs("x", stream);
    assert_int_equal(sna_stream_close(stream, "out.csv"), SNA_EIO);
    assert_string_equal(sna_error_message(), "cannot write out.csv: No space left on device");
}

static void folders_are_listed_in_order(void **state)
{
    char *folder = test_folder(), *path = NULL;
    sna_list list = SNA_LIST;

    (void)state;
    free(test_file(folder, "b.mod", ""));
    free(test_file(folder, "a.mod", ""));
    free(test_file(folder, "c.txt", ""));
    assert_done(sna_path_join(&path, folder, "folder.mod"));
    assert_done(sna_path_make_folder(path));
    assert_done(sna_path_list(&list, folder, ".mod"));
    assert_int_equal(list.count, 2);
    assert_string_equal(list.text[0], "a.mod");
    assert_int_equal(sna_path_list(&list, path + 1, ".mod"), SNA_ENOTFOUND);
    free(path);
    sna_list_free(&list);
    test_folder_remove(folder);
}

static void processes_are_run(void **state)
{
    static const char *const echo[] = {"sh", "-c", "cat; echo \"$COLOUR\" >&2; pwd; exit 3", NULL};
    static const char *const die[] = {"sh", "-c", "kill -9 $$", NULL};
    static const char *const nobody[] = {"sonatina-no-such-program", NULL};
    static const char *const settings[] = {"COLOUR=blue", NULL};
    static const char *const ignore[] = {"true", NULL};
    sna_process process;
    char *large = malloc(1 << 20), *path = NULL;

    (void)state;
    assert_done(sna_process_run(&process, echo, "/", settings, "input\n"));
    assert_int_equal(process.exit_status, 3);
    assert_string_equal(sna_string_text(&process.output), "input\nblue\n/\n");
    sna_process_free(&process);
    assert_done(sna_process_run(&process, die, NULL, NULL, NULL));
    assert_int_equal(process.exit_status, -1);
    assert_int_equal(process.signal, 9);
    sna_process_free(&process);
    assert_int_equal(sna_process_run(&process, nobody, NULL, NULL, NULL), SNA_EMISSING);
    assert_contains(sna_error_message(), "`sonatina-no-such-program` is not installed");
    assert_int_equal(sna_process_run(&process, echo, "/nowhere", NULL, NULL), SNA_EIO);
    assert_contains(sna_error_message(), "/nowhere");
    sna_process_free(&process);
    /* A child that does not read its input neither blocks nor kills us. */
    assert_non_null(large);
    memset(large, 'x', (1 << 20) - 1);
    large[(1 << 20) - 1] = '\0';
    assert_done(sna_process_run(&process, ignore, NULL, NULL, large));
    assert_int_equal(process.exit_status, 0);
    sna_process_free(&process);
    free(large);
    assert_done(sna_process_find(&path, "sh"));
    free(path);
}

static void relative_paths(void **state)
{
    static const char *const cases[][3] = {
        {"/a/b", "/a/b/c/d", "c/d"}, {"/a/b", "/a/c", "../c"}, {"/a/b/c", "/a", "../.."}, {"/a", "/a", "."},
        {"/", "/a/b", "a/b"},        {"/a/b", "/", "../.."},   {"/ab", "/a/x", "../a/x"}, {"/a", "/ab/x", "../ab/x"},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path = NULL;
        assert_done(sna_path_relative(&path, cases[i][0], cases[i][1]));
        assert_string_equal(path, cases[i][2]);
        free(path);
    }
}

/* Starts a file in a process that is killed before it is done. */
static void abandon(const char *path)
{
    int ended = 0;
    const pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        const char *temporary = NULL;
        sna_outputs *outputs = NULL;
        if (sna_outputs_create(&outputs) == 0 && sna_outputs_add(outputs, path, &temporary) == 0)
            (void)kill(getpid(), SIGKILL);
        _exit(1);
    }
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_true(WIFSIGNALED(ended));
}

static void leftovers_are_removed(void **state)
{
    char *folder = test_folder(), *path = NULL, *other = NULL, *foreign = NULL, *old = NULL;
    const char *temporary = NULL;
    sna_outputs *outputs = NULL;

    (void)state;
    if (access("/proc/sys/kernel/random/boot_id", R_OK) != 0)
        skip();
    assert_done(sna_path_join(&path, folder, "edges.h5"));
    assert_done(sna_path_join(&other, folder, "edges.h5.csv"));
    abandon(path);
    abandon(path);
    abandon(other);
    assert_int_equal(test_folder_count(folder), 2); /* the second has taken away what the first one left */
    /* Another machine's, and one that says nothing of its process: who knows. */
    foreign = test_file(folder, ".edges.h5.0123456789abcdef-999999.abcdef", "");
    old = test_file(folder, ".edges.h5.abcdef", "");
    /* One that is being written right now, by this process. */
    assert_done(sna_outputs_create(&outputs));
    assert_done(sna_outputs_add(outputs, path, &temporary));
    assert_int_equal(test_folder_count(folder), 4); /* one has gone, one came */
    assert_done(sna_file_write(path, "whole", 5));
    assert_int_equal(test_folder_count(folder), 5);
    assert_int_equal(access(temporary, F_OK), 0);
    assert_int_equal(access(foreign, F_OK), 0);
    assert_int_equal(access(old, F_OK), 0);
    sna_outputs_free(outputs);
    assert_int_equal(test_folder_count(folder), 4);
    assert_done(sna_file_write(other, "whole", 5));
    assert_int_equal(test_folder_count(folder), 4); /* the leftover of this name against the file */
    free(path);
    free(other);
    free(foreign);
    free(old);
    test_folder_remove(folder);
}

/* A name as long as names can be is still written. */
static void long_names_are_written(void **state)
{
    char *folder = test_folder(), *path = NULL, name[256];

    (void)state;
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_done(sna_path_join(&path, folder, name));
    assert_done(sna_file_write(path, "whole", 5));
    assert_int_equal(test_folder_count(folder), 1);
    free(path);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outputs_appear_together), cmocka_unit_test(refusals_name_the_file),
        cmocka_unit_test(a_full_disk_is_noticed),  cmocka_unit_test(folders_are_listed_in_order),
        cmocka_unit_test(processes_are_run),       cmocka_unit_test(relative_paths),
        cmocka_unit_test(leftovers_are_removed),   cmocka_unit_test(long_names_are_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
