/* test_mechanism.c: mod files to libraries: the cache, what it depends on, and what is said when it cannot be done. */
#include "support.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "neuron/neuron.h"
#include "nmodl/nmodl.h"

static sna_neuron_installation neuron;

/* Compiles one folder or file with a cache folder of the test's own. */
static int compile(sna_mechanism_library *library, const char *source, const char *cache)
{
    const sna_mechanism_options options = {.neuron_library = neuron.library, .cache = cache};

    return sna_mechanism_compile(library, &source, 1, &options);
}

static void copy_file(const char *from_folder, const char *to_folder, const char *name)
{
    char *from = NULL, *to = NULL, *bytes = NULL;
    uint64_t size;

    assert_done(sna_path_join(&from, from_folder, name));
    assert_done(sna_path_join(&to, to_folder, name));
    assert_done(sna_file_read(&bytes, &size, from));
    assert_done(sna_file_write(to, bytes, size));
    free(bytes);
    free(to);
    free(from);
}

static void the_cache_knows_what_has_changed(void **state)
{
    char *models = test_source_path("tests/models/mod"), *folder = test_folder(), *cache = test_folder(), *path;
    sna_mechanism_library library;
    char *first = NULL;

    (void)state;
    copy_file(models, folder, "includes.mod");
    copy_file(models, folder, "included.inc");
    copy_file(models, folder, "included.h");
    copy_file(models, folder, "notanumber.mod");

    assert_done(compile(&library, folder, cache));
    assert_int_equal(library.count, 2);
    assert_int_equal(library.cached, 0);
    assert_true(library.linked);
    assert_string_equal(library.file[0].stem, "includes");
    assert_int_equal(access(library.path, R_OK), 0);
    assert_done(sna_text_copy(&first, library.path));
    sna_mechanism_library_free(&library);

    assert_done(compile(&library, folder, cache));
    assert_int_equal(library.cached, 2);
    assert_false(library.linked);
    assert_string_equal(library.path, first);
    sna_mechanism_library_free(&library);

    /* Each of the three files that includes.mod is made of. */
    path = test_file(folder, "included.h", "#define INCLUDED_LEVEL 8\n");
    free(path);
    assert_done(compile(&library, folder, cache));
    assert_int_equal(library.cached, 1);
    assert_true(library.linked);
    assert_false(library.file[0].cached);
    assert_string_not_equal(library.path, first);
    sna_mechanism_library_free(&library);
    path = test_file(folder, "included.inc", "PARAMETER {\n    speed = 2 (1/ms)\n}\n");
    free(path);
    assert_done(compile(&library, folder, cache));
    assert_int_equal(library.cached, 1);
    sna_mechanism_library_free(&library);

    /* Back to the first version: everything is still there. */
    copy_file(models, folder, "included.inc");
    copy_file(models, folder, "included.h");
    assert_done(compile(&library, folder, cache));
    assert_int_equal(library.cached, 2);
    assert_string_equal(library.path, first);
    sna_mechanism_library_free(&library);

    /* The user's folder holds what it held. */
    assert_int_equal(test_folder_count(folder), 4);
    free(first);
    test_folder_remove(cache);
    test_folder_remove(folder);
    free(models);
}

static void an_empty_object_in_the_cache_is_made_again(void **state)
{
    char *models = test_source_path("tests/models/mod/notanumber.mod"), *cache = test_folder(), *object = NULL;
    sna_mechanism_library library;

    (void)state;
    assert_done(compile(&library, models, cache));
    assert_done(sna_text_format(&object, "%s/mechanisms/objects/%s.c.o", cache, library.file[0].key));
    if (truncate(object, 0) == 0) { /* NEURON 8: C */
        assert_int_equal(unlink(library.path), 0);
        sna_mechanism_library_free(&library);
        assert_done(compile(&library, models, cache));
        assert_int_equal(library.cached, 0);
        assert_true(library.linked);
    }
    free(object);
    sna_mechanism_library_free(&library);
    test_folder_remove(cache);
    free(models);
}

static void faults_name_file_and_line(void **state)
{
    char *folder = test_source_path("tests/models/bad_mod"), *cache = test_folder(), *path = NULL;
    sna_mechanism_library library;

    (void)state;
    assert_int_equal(compile(&library, folder, cache), SNA_EFORMAT);
    assert_contains(sna_error_message(), "syntax.mod:7: nocmodl cannot translate this: syntax error");
    assert_contains(sna_error_message(), "2 of 2 mod files failed");
    assert_done(sna_path_join(&path, folder, "verbatim.mod"));
    assert_int_equal(compile(&library, path, cache), SNA_EFORMAT);
    assert_contains(sna_error_message(), "verbatim.mod:7: the C compiler refuses this: unknown type name");
    free(path);
    free(folder);

    folder = test_folder();
    assert_int_equal(compile(&library, folder, cache), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "there is no mod file in this folder");
    assert_int_equal(compile(&library, "/nonexistent/folder", cache), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "/nonexistent/folder: no such mod file or folder");
    path = test_file(folder, "a-b.mod", "NEURON { SUFFIX ab }\n");
    assert_int_equal(compile(&library, path, cache), SNA_EFORMAT);
    assert_contains(sna_error_message(), "letters, digits and _");
    free(path);
    path = test_file(folder, "notes.txt", "no mod file\n");
    assert_int_equal(compile(&library, path, cache), SNA_EINVAL);
    assert_contains(sna_error_message(), "must end in .mod");
    free(path);
    /* Nothing temporary stays behind. */
    assert_done(sna_path_join(&path, cache, "mechanisms"));
    assert_int_equal(test_folder_count(path), 2);
    free(path);
    test_folder_remove(folder);
    test_folder_remove(cache);
}

static void two_files_of_one_name_clash(void **state)
{
    char *folder = test_folder(), *other = test_folder(), *cache = test_folder(), *one, *two;
    const sna_mechanism_options options = {.neuron_library = neuron.library, .cache = cache};
    const char *source[2] = {NULL, NULL};
    sna_mechanism_library library;

    (void)state;
    one = test_file(folder, "same.mod", "NEURON { SUFFIX one }\n");
    two = test_file(other, "same.mod", "NEURON { SUFFIX two }\n");
    source[0] = folder;
    source[1] = two;
    assert_int_equal(sna_mechanism_compile(&library, source, 2, &options), SNA_EFORMAT);
    assert_contains(sna_error_message(), "have the same name");
    /* The same file twice is no clash. */
    source[1] = one;
    assert_done(sna_mechanism_compile(&library, source, 2, &options));
    assert_int_equal(library.count, 1);
    sna_mechanism_library_free(&library);
    free(one);
    free(two);
    test_folder_remove(cache);
    test_folder_remove(other);
    test_folder_remove(folder);
}

/* Several programs that fill one cache at the same time all get a whole library. */
static void programs_share_a_cache(void **state)
{
    enum { PROGRAMS = 4 };
    char *folder = test_source_path("tests/models/mod"), *cache = test_folder(), *path = NULL;
    pid_t child[PROGRAMS];

    (void)state;
    for (int i = 0; i < PROGRAMS; i++) {
        child[i] = fork();
        assert_true(child[i] >= 0);
        if (child[i] == 0) {
            sna_mechanism_library library;
            const bool good = compile(&library, folder, cache) == 0 && access(library.path, R_OK) == 0;
            _exit(good ? 0 : 1);
        }
    }
    for (int i = 0; i < PROGRAMS; i++) {
        int ended = 0;
        assert_int_equal(waitpid(child[i], &ended, 0), child[i]);
        assert_int_equal(ended, 0);
    }
    assert_done(sna_path_join(&path, cache, "mechanisms/libraries"));
    assert_int_equal(test_folder_count(path), 1);
    free(path);
    assert_done(sna_path_join(&path, cache, "mechanisms"));
    assert_int_equal(test_folder_count(path), 2);
    free(path);
    test_folder_remove(cache);
    free(folder);
}

static void default_cache_follows_the_environment(void **state)
{
    char *folder = NULL, *home = getenv("HOME"), *cache = getenv("XDG_CACHE_HOME"), *kept_home = NULL, *kept = NULL;

    (void)state;
    if (home != NULL)
        assert_done(sna_text_copy(&kept_home, home));
    if (cache != NULL)
        assert_done(sna_text_copy(&kept, cache));
    assert_int_equal(setenv("XDG_CACHE_HOME", "/somewhere", 1), 0);
    assert_done(sna_mechanism_cache_folder(&folder));
    assert_string_equal(folder, "/somewhere/sonatina");
    free(folder);
    assert_int_equal(unsetenv("XDG_CACHE_HOME"), 0);
    assert_int_equal(setenv("HOME", "/home/someone", 1), 0);
    assert_done(sna_mechanism_cache_folder(&folder));
    assert_string_equal(folder, "/home/someone/.cache/sonatina");
    free(folder);
    assert_int_equal(unsetenv("HOME"), 0);
    assert_int_equal(sna_mechanism_cache_folder(&folder), SNA_ENOTFOUND);
    assert_contains(sna_error_message(), "--cache");
    if (kept_home != NULL)
        assert_int_equal(setenv("HOME", kept_home, 1), 0);
    if (kept != NULL)
        assert_int_equal(setenv("XDG_CACHE_HOME", kept, 1), 0);
    free(kept_home);
    free(kept);
}

/* A translator that fails in its own way, and one that leaves C++ as NEURON 9's does: both are scripts. */
static void other_translators(void **state)
{
    char *folder = test_folder(), *cache = test_folder(), *mod, *script;
    sna_mechanism_options options = {.neuron_library = neuron.library, .cache = cache};
    sna_mechanism_library library;
    const char *source;

    (void)state;
    mod = test_file(folder, "simple.mod", "NEURON { SUFFIX simple }\n");
    source = mod;
    script = test_file(folder, "nocmodl",
                       "#!/bin/sh\n[ \"$1\" = --version ] && { echo 9.9; exit; }\n"
                       "printf 'extern \"C\" void _simple_reg() {}\\n' > \"$3/simple.cpp\"\n");
    assert_int_equal(chmod(script, 0755), 0);
    options.translator = script;
    assert_done(sna_mechanism_compile(&library, &source, 1, &options));
    assert_int_equal(library.cached, 0);
    assert_contains(library.translator, "nocmodl 9.9");
    sna_mechanism_library_free(&library);
    assert_done(sna_mechanism_compile(&library, &source, 1, &options));
    assert_int_equal(library.cached, 1);
    sna_mechanism_library_free(&library);
    free(script);

    options.translator = script =
        test_file(folder, "nocmodl", "#!/bin/sh\n[ \"$1\" = --version ] && { echo 10.0; exit; }\ntrue\n");
    assert_int_equal(chmod(script, 0755), 0);
    assert_int_equal(sna_mechanism_compile(&library, &source, 1, &options), SNA_EUNSUPPORTED);
    assert_contains(sna_error_message(), "left neither simple.c nor simple.cpp");
    free(script);
    options.translator = script =
        test_file(folder, "nocmodl", "#!/bin/sh\n[ \"$1\" = --version ] && { echo 11.0; exit; }\nkill -SEGV $$\n");
    assert_int_equal(chmod(script, 0755), 0);
    assert_int_equal(sna_mechanism_compile(&library, &source, 1, &options), SNA_EFORMAT);
    assert_contains(sna_error_message(), "simple.mod: nocmodl crashed on it");
    free(script);
    free(mod);
    test_folder_remove(cache);
    test_folder_remove(folder);
}

/* Without nocmodl there is nrnivmodl, which may build the library and yet end with an error. An installation of our
 * own: the real library is only linked to, and the wrapper is a script. */
static void the_wrapper_is_the_last_resort(void **state)
{
    char *folder = test_folder(), *cache = test_folder(), *mods = test_folder(), *own = NULL, *path = NULL,
         *library = NULL;
    char *wrapper, *header, *mod, *compiler = NULL, *bytes = NULL, *kept = NULL;
    sna_mechanism_options options = {.cache = cache};
    sna_mechanism_library made;
    const char *source = mods;
    uint64_t size;

    (void)state;
    assert_done(sna_path_join(&own, folder, "bin"));
    assert_done(sna_path_make_folder(own));
    wrapper = test_file(own, "nrnivmodl",
                        "#!/bin/sh\n[ -f \"$PWD/first.mod\" ] && [ -f \"$PWD/first.inc\" ] || exit 3\n"
                        "/bin/mkdir x86_64 && echo a library > x86_64/libnrnmech.so\nexit 2\n");
    assert_int_equal(chmod(wrapper, 0755), 0);
    free(own);
    assert_done(sna_path_join(&own, folder, "include"));
    assert_done(sna_path_make_folder(own));
    header = test_file(own, "nrniv_mf.h", "");
    assert_done(sna_path_join(&library, folder, "libnrniv.so"));
    assert_done(sna_file_write(library, "not looked into", 15));
    mod = test_file(mods, "first.mod", "INCLUDE \"first.inc\"\n");
    free(mod);
    mod = test_file(mods, "first.inc", "NEURON { SUFFIX first }\n");
    /* A PATH with a compiler and no nocmodl. */
    assert_done(sna_process_find(&compiler, "cc"));
    assert_done(sna_path_join(&path, folder, "path"));
    assert_done(sna_path_make_folder(path));
    free(own);
    assert_done(sna_path_join(&own, path, "cc"));
    assert_int_equal(symlink(compiler, own), 0);
    assert_done(sna_text_copy(&kept, getenv("PATH")));
    assert_int_equal(setenv("PATH", path, 1), 0);
    options.neuron_library = library;
    assert_done(sna_mechanism_compile(&made, &source, 1, &options));
    assert_true(made.linked);
    assert_contains(made.translator, "nrnivmodl");
    assert_done(sna_file_read(&bytes, &size, made.path));
    assert_string_equal(bytes, "a library\n");
    sna_mechanism_library_free(&made);
    assert_done(sna_mechanism_compile(&made, &source, 1, &options));
    assert_false(made.linked);
    sna_mechanism_library_free(&made);
    /* One that builds nothing. */
    assert_done(sna_file_write(wrapper, "#!/bin/sh\necho it does not work\n", 33));
    assert_int_equal(chmod(wrapper, 0755), 0);
    assert_done(sna_file_write(mod, "NEURON { SUFFIX second }\n", 25));
    assert_int_equal(sna_mechanism_compile(&made, &source, 1, &options), SNA_EEXTERNAL);
    assert_contains(sna_error_message(), "made no library (status 0): ...it does not work");
    /* And none at all. */
    assert_int_equal(unlink(wrapper), 0);
    assert_int_equal(sna_mechanism_compile(&made, &source, 1, &options), SNA_EMISSING);
    assert_contains(sna_error_message(), "Debian package neuron-dev");
    assert_int_equal(setenv("PATH", kept, 1), 0);
    free(kept);
    free(bytes);
    free(compiler);
    free(own);
    free(path);
    free(library);
    free(mod);
    free(header);
    free(wrapper);
    test_folder_remove(mods);
    test_folder_remove(cache);
    test_folder_remove(folder);
}

static void the_program_compiles(void **state)
{
    char *folder = test_source_path("tests/models/mod"), *cache = test_folder(), *bad, *setting = NULL;
    run_result result;
    sna_json *json = NULL;
    bool linked = true;
    const char *settings[] = {NULL, NULL};
    const char *const words[] = {"mechanism", "compile", "--cache", cache, folder, NULL};

    (void)state;
    run_words(&result, "mechanism", "compile", "--cache", cache, "--format", "json", folder, NULL);
    assert_int_equal(result.status, 0);
    assert_done(sna_json_parse(&json, result.out, strlen(result.out), "output"));
    assert_done(sna_json_boolean(json, sna_json_member(sna_json_root(json), "linked"), &linked));
    assert_true(linked);
    sna_json_free(json);
    run_free(&result);
    run_words(&result, "mechanism", "compile", "--cache", cache, folder, NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "from the cache");
    run_free(&result);

    bad = test_source_path("tests/models/bad_mod");
    run_words(&result, "mechanism", "compile", "--cache", cache, bad, NULL);
    assert_int_equal(result.status, 3);
    assert_contains(result.err, "syntax.mod:7:");
    assert_string_equal(result.out, "");
    run_free(&result);
    free(bad);
    run_words(&result, "mechanism", "compile", NULL);
    assert_int_equal(result.status, 2);
    run_free(&result);

    /* Without the tools it says which package brings them. */
    assert_done(sna_text_format(&setting, "PATH=%s", cache));
    settings[0] = setting;
    run_program(&result, NULL, settings, words);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "Debian package");
    run_free(&result);
    free(setting);
    test_folder_remove(cache);
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cache_knows_what_has_changed),
        cmocka_unit_test(an_empty_object_in_the_cache_is_made_again),
        cmocka_unit_test(faults_name_file_and_line),
        cmocka_unit_test(two_files_of_one_name_clash),
        cmocka_unit_test(programs_share_a_cache),
        cmocka_unit_test(default_cache_follows_the_environment),
        cmocka_unit_test(other_translators),
        cmocka_unit_test(the_wrapper_is_the_last_resort),
        cmocka_unit_test(the_program_compiles),
    };
    int failed;

    if (sna_neuron_find(&neuron, NULL) != 0) {
        print_message("skipped: %s\n", sna_error_message());
        return 77;
    }
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    sna_neuron_installation_free(&neuron);
    return failed;
}
