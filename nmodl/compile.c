/* compile.c: mod files to one loadable library, with a cache. */
#include "internal.h"

#include <errno.h>
#include <ftw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Part of every key: raise the number when the way of compiling changes. */
static const char RECIPE[] = "sonatina mechanisms 1";

/* -O2 and no -march: results are the same on every machine of an architecture. Warnings about generated code would be
 * about lines that nobody wrote. */
static const char *const C_FLAGS[] = {"cc", "-O2", "-fPIC", "-w", "-DHAVE_CONFIG_H", NULL};
static const char *const CXX_FLAGS[] = {
    "c++",           "-O2", "-std=c++17", "-fPIC", "-w", "-DHAVE_CONFIG_H", "-DNRN_ENABLE_THREADS", "-DCORENRN_BUILD=0",
    "-fopenmp-simd", NULL};
static const char *const PLAIN[] = {"LC_ALL=C", NULL};

/* The folders and tools of one call. */
typedef struct {
    const sna_toolchain *tools;
    char *objects;   /* CACHE/mechanisms/objects */
    char *libraries; /* CACHE/mechanisms/libraries */
    char *temporary; /* CACHE/mechanisms/tmp.XXXXXX, this call's own */
} workshop;

int sna_mechanism_cache_folder(char **out)
{
    const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

    *out = NULL;
    if (base != NULL && base[0] == '/')
        return sna_path_join(out, base, "sonatina");
    if (home != NULL && home[0] == '/')
        return sna_path_join(out, home, ".cache/sonatina");
    return sna_error(SNA_ENOTFOUND, "no place for the cache of compiled mechanisms: neither XDG_CACHE_HOME nor HOME is "
                                    "set; name a folder with --cache");
}

static int make_workshop(workshop *self, const sna_toolchain *tools, const char *cache)
{
    int status = 0;
    char *base = NULL, *real = NULL, *mechanisms = NULL;

    *self = (workshop){.tools = tools};
    if (cache != NULL)
        status = sna_text_copy(&base, cache);
    else
        status = sna_mechanism_cache_folder(&base);
    if (status == 0)
        status = sna_path_make_folder(base);
    if (status == 0)
        status = sna_path_real(&real, base);
    if (status == 0)
        status = sna_path_join(&mechanisms, real, "mechanisms");
    if (status == 0)
        status = sna_path_join(&self->objects, mechanisms, "objects");
    if (status == 0)
        status = sna_path_join(&self->libraries, mechanisms, "libraries");
    if (status == 0)
        status = sna_path_make_folder(self->objects);
    if (status == 0)
        status = sna_path_make_folder(self->libraries);
    if (status == 0)
        status = sna_path_join(&self->temporary, mechanisms, "tmp.XXXXXX");
    if (status != 0) {
        free(self->temporary);
        self->temporary = NULL;
        goto out;
    }
    if (mkdtemp(self->temporary) == NULL) {
        status = sna_error(SNA_EIO, "no temporary folder in %s: %s", mechanisms, strerror(errno));
        free(self->temporary);
        self->temporary = NULL;
    }
out:
    free(mechanisms);
    free(real);
    free(base);
    return status;
}

static int remove_entry(const char *path, const struct stat *about, int type, struct FTW *place)
{
    (void)about;
    (void)type;
    (void)place;
    (void)remove(path);
    return 0;
}

static void free_workshop(workshop *self)
{
    if (self->temporary != NULL)
        (void)nftw(self->temporary, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(self->temporary);
    free(self->objects);
    free(self->libraries);
}

/* ---- keys ----------------------------------------------------------------------------------------------------- */

static void add_flags(sna_hash *hash, const char *const *flag)
{
    for (; *flag != NULL; flag++)
        sna_hash_add_text(hash, *flag);
}

static void add_text_or_none(sna_hash *hash, const char *text)
{
    sna_hash_add_text(hash, text == NULL ? "(none)" : text);
}

static int make_key(sna_mechanism_file *file, const sna_toolchain *tools)
{
    int status = 0;
    sna_hash *hash = NULL;

    status = sna_hash_create(&hash);
    if (status != 0)
        goto out;
    sna_hash_add_text(hash, RECIPE);
    add_text_or_none(hash, tools->translator_version);
    add_text_or_none(hash, tools->wrapper);
    add_text_or_none(hash, tools->compiler_version);
    add_text_or_none(hash, tools->cxx_version);
    add_text_or_none(hash, tools->include);
    add_text_or_none(hash, tools->units);
    sna_hash_add_text(hash, tools->library_stamp);
    add_text_or_none(hash, getenv("MODL_INCLUDE")); /* nocmodl's search path for INCLUDE */
    add_flags(hash, C_FLAGS);
    add_flags(hash, CXX_FLAGS);
    status = sna_source_hash(hash, file);
    if (status == 0)
        sna_hash_finish(hash, file->key);
out:
    sna_hash_free(hash);
    return status;
}

/* ---- one object ----------------------------------------------------------------------------------------------- */

static bool is_whole_file(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0;
}

/* The object of a file in the cache, C or C++, in *out; NULL when it is not there. */
static int find_object(char **out, const workshop *shop, const sna_mechanism_file *file)
{
    int status = 0;
    static const char *const ending[] = {"c.o", "cpp.o"};

    *out = NULL;
    for (int i = 0; i < 2 && status == 0 && *out == NULL; i++) {
        status = sna_text_format(out, "%s/%s.%s", shop->objects, file->key, ending[i]);
        if (status == 0 && !is_whole_file(*out)) {
            free(*out);
            *out = NULL;
        }
    }
    return status;
}

/* What nocmodl complains about, in one line: its notices and the caret picture are left out. */
static int summarise(sna_string *out, const char *text)
{
    int status = 0;

    while (*text != '\0' && status == 0 && out->length < 400) {
        size_t length = strcspn(text, "\n");
        const char *line = text, *next = text[length] == '\n' ? text + length + 1 : text + length;
        while (length > 0 && (*line == ' ' || *line == '\t')) {
            line++;
            length--;
        }
        if (length > 0 && *line != '^' && strncmp(line, "Translating ", 12) != 0 && strncmp(line, "Notice: ", 8) != 0)
            status = sna_string_format(out, "%s%.*s", out->length > 0 ? " " : "", (int)length, line);
        text = next;
    }
    return status;
}

/* nocmodl ends its complaints with "at line N in file NAME". */
static int translation_error(const sna_mechanism_file *file, const sna_process *run)
{
    int status = 0;
    const char *text = sna_string_text(&run->output), *at = strstr(text, " at line ");
    sna_string cause = SNA_STRING;
    char *folder = NULL, *path = NULL, name[256];
    unsigned line = 0;

    status = sna_check_cancelled(); /* a terminal interrupts translator and compiler, too */
    if (status != 0)
        goto out;
    if (run->signal != 0) {
        status = sna_error(SNA_EFORMAT, "%s: nocmodl crashed on it (%s)", file->path, strsignal(run->signal));
        goto out;
    }
    if (at != NULL && sscanf(at, " at line %u in file %255[^\n]", &line, name) == 2) {
        status = sna_string_append_bytes(&cause, text, (uint64_t)(at - text));
        if (status == 0)
            status = sna_path_folder(&folder, file->path);
        if (status == 0)
            status = sna_path_join(&path, folder, name); /* may be an INCLUDEd file */
        if (status == 0) {
            sna_string whole = cause;
            cause = SNA_STRING;
            status = summarise(&cause, sna_string_text(&whole));
            sna_string_free(&whole);
        }
        if (status == 0)
            status =
                sna_error(SNA_EFORMAT, "%s:%u: nocmodl cannot translate this: %s", path, line, sna_string_text(&cause));
    } else {
        status = summarise(&cause, text);
        if (status == 0)
            status = sna_error(SNA_EFORMAT, "%s: nocmodl cannot translate it: %s", file->path,
                               cause.length > 0 ? cause.text : "it does not say why");
    }
out:
    sna_string_free(&cause);
    free(path);
    free(folder);
    return status;
}

/* Line `number` (1-based) of a text without its end, NULL when there are fewer. */
static const char *text_line(const char *text, unsigned number, size_t *length)
{
    for (unsigned i = 1; i < number && text != NULL; i++) {
        text = strchr(text, '\n');
        if (text != NULL)
            text++;
    }
    if (text != NULL)
        *length = strcspn(text, "\n");
    return text;
}

/* The line of the mod file that equals line `number` of the generated source: VERBATIM blocks are copied as they stand.
 * 0 when there is none or it is too short to tell. */
static unsigned original_line(const char *source, const char *mod, unsigned number)
{
    char *generated = NULL, *text = NULL;
    uint64_t size;
    size_t length = 0, candidate = 0;
    unsigned found = 0;

    if (sna_file_read(&generated, &size, source) == 0 && sna_file_read(&text, &size, mod) == 0) {
        const char *line = text_line(generated, number, &length);
        for (unsigned i = 1; line != NULL && length > 4 && found == 0; i++) {
            const char *other = text_line(text, i, &candidate);
            if (other == NULL)
                break;
            if (candidate == length && memcmp(line, other, length) == 0)
                found = i;
        }
    }
    free(generated);
    free(text);
    return found;
}

/* The compiler speaks of the generated source; where the fault is in a VERBATIM block the mod file's line is found. */
static int compilation_error(const sna_mechanism_file *file, const sna_process *run, const char *source)
{
    const char *text = sna_string_text(&run->output);
    const char *at = strstr(text, ": error: ");
    const char *fatal = strstr(text, ": fatal error: ");
    const char *line_start;
    unsigned number = 0, line = 0;
    size_t length;

    if (sna_cancelled())
        return sna_check_cancelled();
    if (fatal != NULL && (at == NULL || fatal < at))
        at = fatal;
    if (at == NULL)
        return sna_error(SNA_EFORMAT, "%s: the compiler refuses its translation: %.300s", file->path,
                         text[0] != '\0' ? text : "it does not say why");
    for (line_start = at; line_start > text && line_start[-1] != '\n'; line_start--) {
    }
    length = strlen(source);
    if (strncmp(line_start, source, length) == 0 && sscanf(line_start + length, ":%u:", &number) == 1)
        line = original_line(source, file->path, number);
    else if (strncmp(line_start, file->path, strlen(file->path)) == 0)
        (void)sscanf(line_start + strlen(file->path), ":%u:", &line); /* a translator that writes #line */
    at = strstr(at, "error: ") + strlen("error: ");
    length = strcspn(at, "\n");
    if (line > 0)
        return sna_error(SNA_EFORMAT, "%s:%u: the C compiler refuses this: %.*s", file->path, line, (int)length, at);
    return sna_error(SNA_EFORMAT,
                     "%s: the C compiler refuses what nocmodl made of it (line %u of the translation): %.*s",
                     file->path, number, (int)length, at);
}

/* Compiles the translation to `object`. */
static int compile_source(const sna_mechanism_file *file, const workshop *shop, const char *source, bool cxx,
                          const char *object)
{
    int status = 0;
    const char *argv[32];
    int n = 0;
    char *folder = NULL;
    sna_process run = {.output = SNA_STRING};

    status = sna_path_folder(&folder, file->path);
    if (status != 0)
        goto out;
    if (cxx && shop->tools->cxx_version == NULL) {
        status = sna_error(SNA_EMISSING,
                           "%s: this NEURON translates mod files to C++, but there is no C++ compiler "
                           "`c++` (Debian package g++)",
                           file->path);
        goto out;
    }
    for (const char *const *flag = cxx ? CXX_FLAGS : C_FLAGS; *flag != NULL; flag++)
        argv[n++] = *flag;
    argv[n++] = "-I";
    argv[n++] = folder;
    argv[n++] = "-I";
    argv[n++] = shop->tools->include;
    argv[n++] = "-c";
    argv[n++] = source;
    argv[n++] = "-o";
    argv[n++] = object;
    argv[n] = NULL;
    status = sna_process_run(&run, argv, NULL, PLAIN, NULL);
    if (status == 0 && run.exit_status != 0)
        status = compilation_error(file, &run, source);
out:
    sna_process_free(&run);
    free(folder);
    return status;
}

/* Translates and compiles one file; the object appears in the cache by renaming. */
static int make_object(const sna_mechanism_file *file, const workshop *shop)
{
    int status = 0;
    char *folder = NULL, *name = NULL, *units = NULL, *work = NULL, *source = NULL, *object = NULL, *final = NULL;
    sna_process run = {.output = SNA_STRING};
    bool cxx = false;

    status = sna_path_folder(&folder, file->path);
    if (status == 0)
        status = sna_text_format(&name, "%s.mod", file->stem);
    if (status == 0)
        status = sna_text_format(&work, "%s/%s", shop->temporary, file->stem);
    if (status == 0)
        status = sna_path_make_folder(work);
    if (status == 0 && shop->tools->units != NULL)
        status = sna_text_format(&units, "MODLUNIT=%s", shop->tools->units);
    if (status != 0)
        goto out;
    {
        /* In the mod file's folder, for its INCLUDE. */
        const char *const argv[] = {shop->tools->translator, name, "-o", work, NULL};
        const char *const environment[] = {"LC_ALL=C", units, NULL};
        status = sna_process_run(&run, argv, folder, environment, NULL);
    }
    if (status != 0)
        goto out;
    if (run.exit_status != 0) {
        status = translation_error(file, &run);
        goto out;
    }
    status = sna_text_format(&source, "%s/%s.c", work, file->stem);
    if (status == 0 && !is_whole_file(source)) {
        free(source);
        cxx = true;
        status = sna_text_format(&source, "%s/%s.cpp", work, file->stem);
        if (status == 0 && !is_whole_file(source))
            status = sna_error(SNA_EUNSUPPORTED,
                               "%s: %s left neither %s.c nor %s.cpp: it is not a translator that "
                               "sonatina knows",
                               file->path, shop->tools->translator, file->stem, file->stem);
    }
    if (status == 0)
        status = sna_text_format(&object, "%s/%s.o", work, file->stem);
    if (status == 0)
        status = compile_source(file, shop, source, cxx, object);
    if (status == 0)
        status = sna_text_format(&final, "%s/%s.%s", shop->objects, file->key, cxx ? "cpp.o" : "c.o");
    if (status != 0)
        goto out;
    if (rename(object, final) != 0)
        status = sna_error(SNA_EIO, "%s: cannot be put into the cache: %s", final, strerror(errno));
out:
    sna_process_free(&run);
    free(final);
    free(object);
    free(source);
    free(work);
    free(units);
    free(name);
    free(folder);
    return status;
}

/* ---- all objects ---------------------------------------------------------------------------------------------- */

/* What the threads that compile share. The sentence of an error belongs to its thread, so each file keeps its own. */
typedef struct {
    const sna_mechanism_library *library;
    const workshop *shop;
    int *result;    /* [count] */
    char **message; /* [count] */
    atomic_uint_fast64_t next;
} compilation;

static void *compile_next(void *context)
{
    compilation *self = context;
    uint64_t i;

    while ((i = atomic_fetch_add(&self->next, 1)) < self->library->count) {
        if (self->library->file[i].cached)
            continue;
        self->result[i] = make_object(&self->library->file[i], self->shop);
        if (self->result[i] != 0 && sna_text_copy(&self->message[i], sna_error_message()) != 0)
            self->message[i] = NULL;
    }
    return NULL;
}

/* Runs the compilation on `jobs` threads, this one included. Plain threads that end with the call: a pool that outlives
 * it (OpenMP's) would be lost in a process forked later, and hang there. */
static int compile_all(compilation *self, uint64_t jobs)
{
    int status = 0;
    pthread_t *thread = NULL;
    uint64_t started = 0;

    status = sna_allocate(&thread, jobs, sizeof *thread);
    if (status != 0)
        goto out;
    /* With fewer threads than wanted it only takes longer. */
    while (started + 1 < jobs && pthread_create(&thread[started], NULL, compile_next, self) == 0)
        started++;
    (void)compile_next(self);
    for (uint64_t i = 0; i < started; i++)
        (void)pthread_join(thread[i], NULL);
out:
    free(thread);
    return status;
}

static int make_objects(sna_mechanism_library *self, const workshop *shop, unsigned jobs)
{
    int status = 0;
    compilation work = {.library = self, .shop = shop};
    uint64_t failed = 0, first = 0, missing;

    status = sna_allocate(&work.result, self->count, sizeof *work.result);
    if (status == 0)
        status = sna_allocate(&work.message, self->count, sizeof *work.message);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        char *object = NULL;
        status = find_object(&object, shop, &self->file[i]);
        self->file[i].cached = object != NULL;
        self->cached += object != NULL;
        free(object);
    }
    missing = self->count - self->cached;
    if (status != 0 || missing == 0)
        goto out;
    status = compile_all(&work, missing < jobs ? missing : jobs);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < self->count; i++) {
        if (work.result[i] != 0 && failed++ == 0)
            first = i;
    }
    if (failed > 0) {
        const char *text = work.message[first] == NULL ? "out of memory" : work.message[first];
        if (failed == 1 || work.result[first] == SNA_ECANCELLED)
            status = sna_error(work.result[first], "%s", text);
        else
            status = sna_error(work.result[first], "%s (%llu of %llu mod files failed, this is the first)", text,
                               (unsigned long long)failed, (unsigned long long)self->count);
    }
out:
    for (uint64_t i = 0; work.message != NULL && i < self->count; i++)
        free(work.message[i]);
    free(work.message);
    free(work.result);
    return status;
}

/* ---- the library ---------------------------------------------------------------------------------------------- */

/* Its name is a hash of what it holds, so that another set never gets its place. */
static int library_path(char **out, const sna_mechanism_library *self, const workshop *shop)
{
    int status = 0;
    sna_hash *hash = NULL;
    char key[65];

    status = sna_hash_create(&hash);
    if (status != 0)
        goto out;
    sna_hash_add_text(hash, RECIPE);
    sna_hash_add_text(hash, shop->tools->library_stamp);
    for (uint64_t i = 0; i < self->count; i++) {
        sna_hash_add_text(hash, self->file[i].stem);
        sna_hash_add_text(hash, self->file[i].key);
    }
    sna_hash_finish(hash, key);
    status = sna_text_format(out, "%s/%s.so", shop->libraries, key);
out:
    sna_hash_free(hash);
    return status;
}

/* The function that NEURON calls when it has loaded the library. */
static int write_registration(const sna_mechanism_library *self, const char *path)
{
    int status = 0;
    sna_string text = SNA_STRING;

    for (uint64_t i = 0; i < self->count && status == 0; i++)
        status = sna_string_format(&text, "void _%s_reg(void);\n", self->file[i].stem);
    if (status == 0)
        status = sna_string_append(&text, "void modl_reg(void);\nvoid modl_reg(void)\n{\n");
    for (uint64_t i = 0; i < self->count && status == 0; i++)
        status = sna_string_format(&text, "    _%s_reg();\n", self->file[i].stem);
    if (status == 0)
        status = sna_string_append(&text, "}\n");
    if (status == 0)
        status = sna_file_write(path, text.text, text.length);
    sna_string_free(&text);
    return status;
}

/* Compiles the registration and links all objects in one call of the compiler. libnrniv is named as a dependency:
 * without it the library would still load here, but crash a Python that loads it. */
static int link_library(const sna_mechanism_library *self, const workshop *shop, const char *final)
{
    int status = 0;
    char *registration = NULL, *made = NULL, *object = NULL;
    const char **argv = NULL;
    sna_list objects = SNA_LIST;
    sna_process run = {.output = SNA_STRING};
    uint64_t n = 0;
    bool cxx = false;

    status = sna_text_format(&registration, "%s/registration.c", shop->temporary);
    if (status == 0)
        status = sna_text_format(&made, "%s/library.so", shop->temporary);
    if (status == 0)
        status = write_registration(self, registration);
    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        free(object);
        status = find_object(&object, shop, &self->file[i]);
        if (status == 0 && object == NULL)
            status = sna_error(SNA_EIO, "%s: its object file has vanished from the cache %s", self->file[i].path,
                               shop->objects);
        if (status == 0) {
            cxx = cxx || strcmp(object + strlen(object) - 6, ".cpp.o") == 0;
            status = sna_list_add(&objects, object);
        }
    }
    if (status == 0)
        status = sna_allocate(&argv, self->count + 32, sizeof *argv);
    if (status != 0)
        goto out;
    argv[n++] = cxx ? "c++" : "cc";
    argv[n++] = "-shared";
    argv[n++] = "-fPIC";
    argv[n++] = "-O2";
    argv[n++] = "-o";
    argv[n++] = made;
    argv[n++] = "-x";
    argv[n++] = "c";
    argv[n++] = registration;
    argv[n++] = "-x";
    argv[n++] = "none";
    for (uint64_t i = 0; i < objects.count; i++)
        argv[n++] = objects.text[i];
    argv[n++] = "-L";
    argv[n++] = shop->tools->library_folder;
    argv[n++] = "-lnrniv";
    argv[n++] = "-Xlinker";
    argv[n++] = "-rpath";
    argv[n++] = "-Xlinker";
    argv[n++] = shop->tools->library_folder;
    argv[n++] = "-lm";
    status = sna_process_run(&run, argv, NULL, PLAIN, NULL);
    if (status != 0)
        goto out;
    if (run.exit_status != 0) {
        status = sna_error(SNA_EEXTERNAL, "the mechanisms were compiled but cannot be linked: %.400s",
                           sna_string_text(&run.output));
        goto out;
    }
    if (rename(made, final) != 0)
        status = sna_error(SNA_EIO, "%s: cannot be put into the cache: %s", final, strerror(errno));
out:
    sna_process_free(&run);
    sna_list_free(&objects);
    free(argv);
    free(object);
    free(made);
    free(registration);
    return status;
}

static int describe_tools(sna_mechanism_library *out, const sna_toolchain *tools)
{
    int status = 0;

    if (tools->translator != NULL)
        status = sna_text_format(&out->translator, "nocmodl %s (%s)", tools->translator_version, tools->translator);
    else
        status = sna_text_format(&out->translator, "nrnivmodl (%s)", tools->wrapper);
    if (status == 0)
        status = sna_text_copy(&out->compiler, tools->compiler_version);
    return status;
}

int sna_mechanism_compile(sna_mechanism_library *out, const char *const *source, uint64_t count,
                          const sna_mechanism_options *options)
{
    int status = 0;
    sna_toolchain tools = {0};
    workshop shop = {0};
    const unsigned jobs = options->jobs > 0 ? options->jobs : sna_threads();

    memset(out, 0, sizeof *out);
    status = sna_sources_collect(out, source, count);
    if (status != 0 || out->count == 0)
        goto out;
    status = sna_toolchain_find(&tools, options);
    if (status == 0)
        status = describe_tools(out, &tools);
    if (status == 0)
        status = make_workshop(&shop, &tools, options->cache);
    for (uint64_t i = 0; i < out->count && status == 0; i++)
        status = make_key(&out->file[i], &tools);
    if (status == 0)
        status = library_path(&out->path, out, &shop);
    if (status != 0)
        goto out;
    if (tools.translator == NULL) {
        out->linked = !is_whole_file(out->path);
        out->cached = out->linked ? 0 : out->count;
        if (out->linked)
            status = sna_wrapper_build(out, &tools, shop.temporary, out->path);
        goto out;
    }
    status = make_objects(out, &shop, jobs);
    if (status != 0)
        goto out;
    out->linked = !is_whole_file(out->path);
    if (out->linked)
        status = link_library(out, &shop, out->path);
out:
    free_workshop(&shop);
    sna_toolchain_free(&tools);
    if (status != 0)
        sna_mechanism_library_free(out);
    return status;
}

void sna_mechanism_library_free(sna_mechanism_library *self)
{
    for (uint64_t i = 0; i < self->count; i++) {
        free(self->file[i].path);
        free(self->file[i].stem);
    }
    free(self->file);
    free(self->path);
    free(self->translator);
    free(self->compiler);
    memset(self, 0, sizeof *self);
}
