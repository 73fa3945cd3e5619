/* test_interrupted.c: what writing leaves behind when it is killed, interrupted, or the disk is full or read-only: the
 * files that were there before, whole, and a message that names the cause. */
#include "support.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* About 6 MB of edges for `cells` 1200: long enough to be hit. */
static char *write_spec(const char *folder, unsigned cells)
{
    char *text = NULL, *path = NULL;

    assert_done(sna_text_format(&text,
                                "{\"sonatina\": 1, \"seed\": 1, \"populations\": {\"cells\": {\"nodes\": [\n"
                                "  {\"pop_name\": \"A\", \"count\": %u, \"model_type\": \"virtual\"}]}},\n"
                                " \"edges\": [{\"source\": {\"population\": \"cells\"}, \"target\": {\"population\": "
                                "\"cells\"},\n  \"connector\": {\"type\": \"unidirectional\", \"p\": 0.1}}]}\n",
                                cells));
    path = test_file(folder, "spec.json", text);
    free(text);
    return path;
}

/* The visible files of a folder and their hashes, sorted. */
typedef struct {
    sna_list name, hash;
    uint64_t hidden;
} inventory;

static inventory take_inventory(const char *folder)
{
    inventory found = {SNA_LIST, SNA_LIST, 0};

    assert_done(sna_path_list(&found.name, folder, ""));
    for (uint64_t i = 0; i < found.name.count; i++) {
        char *path = NULL;
        char hex[65];
        if (found.name.text[i][0] == '.') {
            found.hidden++;
            assert_done(sna_list_add(&found.hash, ""));
            continue;
        }
        assert_done(sna_path_join(&path, folder, found.name.text[i]));
        assert_done(sna_hash_file(path, hex));
        assert_done(sna_list_add(&found.hash, hex));
        free(path);
    }
    return found;
}

static void free_inventory(inventory *self)
{
    sna_list_free(&self->name);
    sna_list_free(&self->hash);
}

/* Every visible file of `now` is one of `before`, or of `after` (NULL: no such thing), whole; none is missing. */
static void assert_whole(const inventory *now, const inventory *before, const inventory *after)
{
    uint64_t seen = 0;

    for (uint64_t i = 0; i < now->name.count; i++) {
        const char *name = now->name.text[i];
        int64_t old, fresh;
        bool whole;
        if (name[0] == '.')
            continue;
        old = sna_list_find(&before->name, name);
        fresh = after == NULL ? -1 : sna_list_find(&after->name, name);
        whole = (old >= 0 && strcmp(now->hash.text[i], before->hash.text[old]) == 0) ||
                (fresh >= 0 && strcmp(now->hash.text[i], after->hash.text[fresh]) == 0);
        if (!whole)
            print_error("%s is neither the old nor the new file\n", name);
        assert_true(whole);
        seen++;
    }
    assert_true(seen == before->name.count - before->hidden);
}

/* `how`: one more word, NULL for none. */
static void build(run_result *result, const char *spec, const char *out, const char *seed, const char *how)
{
    run_words(result, "network", "build", spec, "-o", out, "--seed", seed, "--force", how, NULL);
}

/* Starts a build, sends it a signal after a while, and returns how it ended. */
static int build_and_signal(const char *spec, const char *out, const char *how, long microseconds, int signal_number)
{
    const struct timespec pause = {0, microseconds * 1000};
    int ended = 0;
    const pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        const int nothing = open("/dev/null", O_WRONLY);
        if (nothing >= 0 && dup2(nothing, STDOUT_FILENO) >= 0 && dup2(nothing, STDERR_FILENO) >= 0)
            (void)execl(SONATINA_BINARY_DIR "/sonatina", "sonatina", "network", "build", spec, "-o", out, "--seed", "2",
                        "--force", how, (char *)NULL);
        _exit(127);
    }
    (void)nanosleep(&pause, NULL);
    (void)kill(child, signal_number);
    assert_int_equal(waitpid(child, &ended, 0), child);
    return ended;
}

static void a_kill_leaves_the_old_files(void **state)
{
    const char *how = *state;
    char *folder = test_folder(), *spec = write_spec(folder, 1200), *out = NULL, *other = NULL;
    inventory before, after;
    run_result result;
    unsigned killed = 0;
    sna_random random;

    assert_done(sna_path_join(&out, folder, "network"));
    assert_done(sna_path_join(&other, folder, "other"));
    build(&result, spec, other, "2", how);
    assert_int_equal(result.status, 0);
    run_free(&result);
    after = take_inventory(other);
    build(&result, spec, out, "1", how);
    assert_int_equal(result.status, 0);
    run_free(&result);
    before = take_inventory(out);
    sna_random_start(&random, 1, sna_random_purpose("kill"), 0, 0);
    for (int i = 0; i < 25; i++) {
        const int ended = build_and_signal(spec, out, how, 1000 + (long)sna_random_below(&random, 120000), SIGKILL);
        inventory now = take_inventory(out);
        killed += WIFSIGNALED(ended);
        assert_whole(&now, &before, &after);
        free_inventory(&now);
    }
    assert_true(killed > 0);
    /* Whatever was left, the next build goes through. */
    build(&result, spec, out, "1", how);
    assert_int_equal(result.status, 0);
    run_free(&result);
    free_inventory(&before);
    free_inventory(&after);
    free(out);
    free(other);
    free(spec);
    test_folder_remove(folder);
}

static void an_interrupt_leaves_nothing(void **state)
{
    const char *how = *state;
    char *folder = test_folder(), *spec = write_spec(folder, 6000), *out = NULL;
    int ended = 0;

    assert_done(sna_path_join(&out, folder, "network"));
    /* On a fast machine the build may be done before the signal comes: tried again with less and less patience. */
    for (long pause = 100000; pause > 3000; pause /= 2) {
        ended = build_and_signal(spec, out, how, pause, SIGINT);
        if (!WIFEXITED(ended) || WEXITSTATUS(ended) != 0)
            break;
    }
    assert_true(WIFEXITED(ended));
    assert_int_equal(WEXITSTATUS(ended), 1);
    assert_int_equal(access(out, F_OK), -1);
    free(out);
    free(spec);
    test_folder_remove(folder);
}

/* A small file system of its own; skips where that is not allowed. */
static char *small_disk(const char *folder)
{
    char *path = NULL;

    assert_done(sna_path_join(&path, folder, "disk"));
    assert_done(sna_path_make_folder(path));
    if (mount("none", path, "tmpfs", 0, "size=1m") != 0) {
        print_message("skipped: no file system can be mounted here (%s)\n", strerror(errno));
        free(path);
        path = NULL;
    }
    return path;
}

static void a_full_or_read_only_disk_is_named(void **state)
{
    const char *how = *state;
    char *folder = test_folder(), *disk = small_disk(folder), *spec = NULL, *out = NULL;
    inventory before, now;
    run_result result;

    if (disk == NULL) {
        test_folder_remove(folder);
        skip();
    }
    assert_done(sna_path_join(&out, disk, "network"));
    spec = write_spec(folder, 60);
    build(&result, spec, out, "1", how);
    assert_int_equal(result.status, 0);
    run_free(&result);
    before = take_inventory(out);

    free(spec);
    spec = write_spec(folder, 3000);
    build(&result, spec, out, "2", how);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "No space left on device");
    assert_contains(result.err, out);
    run_free(&result);
    now = take_inventory(out);
    assert_int_equal(now.hidden, 0);
    assert_whole(&now, &before, NULL);
    free_inventory(&now);

    assert_int_equal(mount("none", disk, "tmpfs", MS_REMOUNT | MS_RDONLY, ""), 0);
    build(&result, spec, out, "2", how);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "Read-only file system");
    assert_contains(result.err, out);
    run_free(&result);
    now = take_inventory(out);
    assert_whole(&now, &before, NULL);
    free_inventory(&now);
    free_inventory(&before);
    assert_int_equal(umount(disk), 0);
    free(disk);
    free(out);
    free(spec);
    test_folder_remove(folder);
}

int main(void)
{
    static char compressed[] = "--compress=4";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kill_leaves_the_old_files),
        cmocka_unit_test_prestate(a_kill_leaves_the_old_files, compressed),
        cmocka_unit_test(an_interrupt_leaves_nothing),
        cmocka_unit_test_prestate(an_interrupt_leaves_nothing, compressed),
        cmocka_unit_test(a_full_or_read_only_disk_is_named),
        cmocka_unit_test_prestate(a_full_or_read_only_disk_is_named, compressed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
