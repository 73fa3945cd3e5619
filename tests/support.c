/* support.c: running the program, temporary folders, and assertions that say what went wrong. */
#include "support.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void check_status(int status, const char *file, int line)
{
    if (status != 0)
        print_error("%s:%d: status %d (%s): %s\n", file, line, status, sna_error_name(status), sna_error_message());
    _assert_true(status == 0, "status == 0", file, line);
}

void check_contains(const char *text, const char *part, const char *file, int line)
{
    const bool found = text != NULL && strstr(text, part) != NULL;

    if (!found)
        print_error("%s:%d: `%s` is not in:\n%s\n", file, line, part, text == NULL ? "(nothing)" : text);
    _assert_true(found, "text contains part", file, line);
}

/* What a child left in a temporary file. */
static char *take(FILE *stream)
{
    sna_string text = SNA_STRING;
    char block[4096];
    size_t count;

    rewind(stream);
    assert_done(sna_string_append(&text, ""));
    while ((count = fread(block, 1, sizeof block, stream)) > 0)
        assert_done(sna_string_append_bytes(&text, block, count));
    (void)fclose(stream);
    return text.text;
}

void run_program(run_result *result, const char *folder, const char *const *settings, const char *const *words)
{
    const char *argv[64] = {SONATINA_BINARY_DIR "/sonatina"};
    FILE *out = tmpfile(), *err = tmpfile();
    size_t count = 1;
    int ended = 0;
    pid_t child;

    assert_non_null(out);
    assert_non_null(err);
    for (; words[count - 1] != NULL; count++) {
        assert_true(count + 1 < sizeof argv / sizeof *argv);
        argv[count] = words[count - 1];
    }
    (void)fflush(NULL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const int nothing = open("/dev/null", O_RDONLY);
        if (nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(fileno(out), STDOUT_FILENO) >= 0 &&
            dup2(fileno(err), STDERR_FILENO) >= 0 && (folder == NULL || chdir(folder) == 0)) {
            for (size_t i = 0; settings != NULL && settings[i] != NULL; i++)
                (void)putenv((char *)(uintptr_t)settings[i]);
            (void)execv(argv[0], (char *const *)(uintptr_t)argv);
        }
        _exit(127);
    }
    while (waitpid(child, &ended, 0) < 0)
        assert_int_equal(errno, EINTR);
    result->status = WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended);
    result->out = take(out);
    result->err = take(err);
}

void run_words(run_result *result, ...)
{
    const char *words[62] = {NULL};
    size_t count = 0;
    va_list arguments;

    va_start(arguments, result);
    do {
        assert_true(count < sizeof words / sizeof *words);
        words[count] = va_arg(arguments, const char *);
    } while (words[count++] != NULL);
    va_end(arguments);
    run_program(result, NULL, NULL, words);
}

void run_free(run_result *result)
{
    free(result->out);
    free(result->err);
    *result = (run_result){0};
}

char *test_folder(void)
{
    char *path = NULL;
    const char *base = getenv("TMPDIR");

    assert_done(sna_text_format(&path, "%s/sonatina-test-XXXXXX", base == NULL ? "/tmp" : base));
    assert_non_null(mkdtemp(path));
    return path;
}

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

void test_folder_remove(char *path)
{
    (void)nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(path);
}

uint64_t test_folder_count(const char *path)
{
    uint64_t count = 0;
    DIR *stream = opendir(path);

    assert_non_null(stream);
    for (const struct dirent *entry = readdir(stream); entry != NULL; entry = readdir(stream))
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    (void)closedir(stream);
    return count;
}

char *test_file(const char *folder, const char *name, const char *text)
{
    char *path = NULL;

    assert_done(sna_path_join(&path, folder, name));
    assert_done(sna_file_write(path, text, strlen(text)));
    return path;
}

char *test_source_path(const char *relative)
{
    char *path = NULL;

    assert_done(sna_path_join(&path, SONATINA_SOURCE_DIR, relative));
    return path;
}

char *test_shared_path(const char *relative)
{
    char *path = NULL;

    assert_done(sna_text_format(&path, "%s/../shared/%s", SONATINA_SOURCE_DIR, relative));
    if (access(path, R_OK) != 0) {
        print_message("skipped: %s is not there\n", path);
        free(path);
        path = NULL;
    }
    return path;
}

bool has_h5py(void)
{
    sna_process python = {.exit_status = -1};
    const bool has = sna_process_run(&python, (const char *[]){"/usr/bin/python3", "-c", "import h5py, numpy", NULL},
                                     NULL, NULL, NULL) == 0 &&
                     python.exit_status == 0;

    sna_process_free(&python);
    return has;
}
