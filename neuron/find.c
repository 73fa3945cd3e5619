/* find.c: where NEURON's library is, told without loading it. */
#include "internal.h"

#include <ctype.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The library inside the folder of an installation. */
static const char *const PLACES[] = {"libnrniv.so",
                                     "lib/libnrniv.so",
                                     "lib64/libnrniv.so",
                                     "lib/nrn/libnrniv.so",
                                     "x86_64/lib/libnrniv.so",
                                     ".data/lib/libnrniv.so",
                                     "neuron/.data/lib/libnrniv.so"};

/* How NEURON is started: 9, and the two spellings of 8. */
static const char *const ENTRY_POINTS[] = {"nrn_init", "_Z16ivocmain_sessioniPPKcS1_i", "ivocmain_session"};

/* A search that ends at the first library that is one. */
typedef struct {
    char *library;
    const char *found_by;
    char *fault; /* why a library that was there cannot be used: the first one's */
} search;

int sna_neuron_check_library(const char *path)
{
    int status = 0;
    sna_elf elf = {NULL, 0};

    status = sna_elf_open(&elf, path);
    if (status != 0) {
        status = SNA_EMISSING;
        goto out;
    }
    if (sna_elf_find(&elf, ENTRY_POINTS, sizeof ENTRY_POINTS / sizeof *ENTRY_POINTS) < 0)
        status =
            sna_error(SNA_EMISSING, "%s is a shared library, but not NEURON's: it has none of its entry points", path);
out:
    sna_elf_close(&elf);
    return status;
}

/* Ends the search when `path` is a library of NEURON. Only running out of memory is an error. */
static int try_file(search *self, const char *path, const char *found_by)
{
    int status = 0;

    if (access(path, F_OK) != 0)
        goto out;
    if (sna_neuron_check_library(path) != 0) {
        if (self->fault == NULL)
            status = sna_text_copy(&self->fault, sna_error_message());
        goto out;
    }
    self->found_by = found_by;
    self->library = realpath(path, NULL);
    if (self->library == NULL)
        status = sna_text_copy(&self->library, path);
out:
    return status;
}

static int try_folder(search *self, const char *folder, const char *found_by)
{
    int status = 0;

    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES && status == 0 && self->library == NULL; i++) {
        char *path = NULL;
        status = sna_path_join(&path, folder, PLACES[i]);
        if (status == 0)
            status = try_file(self, path, found_by);
        free(path);
    }
    return status;
}

/* /usr/bin/nrniv belongs to /usr; a virtual environment's bin/nrniv to a package below its lib. */
static int try_program(search *self)
{
    int status = 0;
    char *program = NULL, *real = NULL, *folder = NULL, *prefix = NULL, *pattern = NULL;
    glob_t found = {0};

    status = sna_process_find(&program, "nrniv");
    if (status == SNA_EMISSING) {
        status = 0;
        goto out;
    }
    /* First the place where it is called, then the place to which a link leads. */
    for (int follow = 0; follow < 2 && status == 0 && self->library == NULL; follow++) {
        free(folder);
        free(prefix);
        free(pattern);
        folder = prefix = pattern = NULL;
        if (follow && sna_path_real(&real, program) != 0)
            break;
        status = sna_path_folder(&folder, follow ? real : program);
        if (status == 0)
            status = sna_path_folder(&prefix, folder);
        if (status == 0)
            status = try_folder(self, prefix, "nrniv on PATH");
        if (status == 0)
            status = sna_text_format(&pattern, "%s/lib/python3*/*-packages/neuron/.data", prefix);
        if (status == 0 && self->library == NULL && glob(pattern, 0, NULL, &found) == 0) {
            for (size_t i = 0; i < found.gl_pathc && status == 0 && self->library == NULL; i++)
                status = try_folder(self, found.gl_pathv[i], "nrniv on PATH");
        }
        globfree(&found);
        found = (glob_t){0};
    }
out:
    free(pattern);
    free(prefix);
    free(folder);
    free(real);
    free(program);
    return status;
}

/* The last resort, for `nrniv` hidden behind a shim: python3 tells where its package is, without importing it. */
static int try_python(search *self)
{
    int status = 0;
    const char *const argv[] = {"python3", "-c",
                                "import importlib.util as u\n"
                                "s = u.find_spec('neuron')\n"
                                "print(s.submodule_search_locations[0] if s and s.submodule_search_locations else '')",
                                NULL};
    sna_process run = {.output = SNA_STRING};
    char *folder = NULL;
    const char *text;

    status = sna_process_run(&run, argv, NULL, NULL, NULL);
    if (status == SNA_EMISSING || (status == 0 && run.exit_status != 0)) {
        status = 0;
        goto out;
    }
    if (status != 0)
        goto out;
    text = sna_string_text(&run.output);
    status = sna_text_format(&folder, "%.*s", (int)strcspn(text, "\n"), text);
    if (status == 0 && folder[0] == '/')
        status = try_folder(self, folder, "Python package neuron");
out:
    free(folder);
    sna_process_free(&run);
    return status;
}

/* `wanted` is a library or a folder; nothing else will do. */
static int try_wanted(search *self, const char *wanted, const char *found_by)
{
    int status = 0;
    struct stat about;

    if (stat(wanted, &about) != 0) {
        status = sna_error(SNA_EMISSING, "%s (%s): there is no such NEURON library or folder", wanted, found_by);
        goto out;
    }
    status = S_ISDIR(about.st_mode) ? try_folder(self, wanted, found_by) : try_file(self, wanted, found_by);
    if (status == 0 && self->library == NULL) {
        if (self->fault != NULL)
            status = sna_error(SNA_EMISSING, "%s: %s", found_by, self->fault);
        else
            status = sna_error(SNA_EMISSING, "%s (%s): there is no libnrniv.so in this folder", wanted, found_by);
    }
out:
    return status;
}

static int look_around(search *self)
{
    static const char *const folders[] = {
        "/usr/lib/nrn", "/usr/local", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64",
        "/usr/lib",     "/opt/nrn"};
    int status = 0;
    const char *home = getenv("NRNHOME"), *path = getenv("LD_LIBRARY_PATH");
    sna_list loaded_from = SNA_LIST;

    if (home != NULL && home[0] != '\0')
        status = try_folder(self, home, "$NRNHOME");
    if (status == 0 && self->library == NULL)
        status = try_program(self);
    if (status == 0 && self->library == NULL && path != NULL)
        status = sna_list_split(&loaded_from, path, ':');
    for (uint64_t i = 0; i < loaded_from.count && status == 0 && self->library == NULL; i++)
        status = try_folder(self, loaded_from.text[i], "$LD_LIBRARY_PATH");
    for (size_t i = 0; i < sizeof folders / sizeof *folders && status == 0 && self->library == NULL; i++)
        status = try_folder(self, folders[i], "system folder");
    if (status == 0 && self->library == NULL)
        status = try_python(self);
    if (status != 0 || self->library != NULL)
        goto out;
    if (self->fault != NULL)
        status = sna_error(SNA_EMISSING, "no usable NEURON: %s", self->fault);
    else
        status =
            sna_error(SNA_EMISSING, "NEURON is not installed: no libnrniv.so beside `nrniv` on PATH or in the usual "
                                    "folders. Install the Debian packages neuron and neuron-dev or the Python package "
                                    "neuron, or name the library in SONATINA_NEURON");
out:
    sna_list_free(&loaded_from);
    return status;
}

/* The text that starts at `at`, if it looks like 8.2.2 or 9.0.0-123-gabc and ends within `room` bytes. */
static size_t version_length(const unsigned char *at, uint64_t room)
{
    size_t length = 0;
    int dots = 0;

    while (length < room && length < 60 &&
           (isalnum(at[length]) || at[length] == '.' || at[length] == '-' || at[length] == '+')) {
        dots += at[length] == '.';
        length++;
    }
    return length < room && at[length] == '\0' && isdigit(at[0]) && dots >= 2 && length < 60 ? length : 0;
}

/* NEURON keeps its version as a constant beside the format in which it prints it. */
static int read_version(char **out, const char *library)
{
    static const char mark[] = "VERSION %s %s (%s)";
    enum { NEAR = 512 };
    int status = 0;
    sna_elf elf = {NULL, 0};
    const unsigned char *found, *best = NULL;
    size_t best_length = 0;
    uint64_t place, from, to;

    status = sna_elf_open(&elf, library);
    if (status != 0)
        goto out;
    found = memmem(elf.bytes, (size_t)elf.size, mark, sizeof mark - 1);
    if (found != NULL) {
        place = (uint64_t)(found - elf.bytes);
        from = place > NEAR ? place - NEAR : 1;
        to = elf.size - place > NEAR ? place + NEAR : elf.size;
        for (uint64_t i = from; i < to; i++) {
            if (elf.bytes[i - 1] == '\0' && version_length(elf.bytes + i, to - i) > 0) {
                best = elf.bytes + i;
                best_length = version_length(best, to - i);
                if (i > place)
                    break;
            }
        }
    }
    if (best != NULL)
        status = sna_text_format(out, "%.*s", (int)best_length, (const char *)best);
    else
        status = sna_text_copy(out, sna_elf_find(&elf, ENTRY_POINTS, 1) == 0 ? "9" : "8");
out:
    sna_elf_close(&elf);
    return status;
}

int sna_neuron_find_library(char **library, const char **found_by, const char *wanted)
{
    int status = 0;
    search self = {NULL, NULL, NULL};
    const char *variable = getenv("SONATINA_NEURON");

    *library = NULL;
    if (wanted != NULL)
        status = try_wanted(&self, wanted, "the NEURON that was asked for");
    else if (variable != NULL && variable[0] != '\0')
        status = try_wanted(&self, variable, "$SONATINA_NEURON");
    else
        status = look_around(&self);
    if (status == 0) {
        *library = self.library;
        self.library = NULL;
        if (found_by != NULL)
            *found_by = self.found_by;
    }
    free(self.library);
    free(self.fault);
    return status;
}

int sna_neuron_find(sna_neuron_installation *out, const char *wanted)
{
    int status = 0;
    const char *found_by = NULL;

    memset(out, 0, sizeof *out);
    status = sna_neuron_find_library(&out->library, &found_by, wanted);
    if (status == 0)
        status = sna_text_copy(&out->found_by, found_by);
    if (status == 0)
        status = read_version(&out->version, out->library);
    if (status != 0)
        sna_neuron_installation_free(out);
    return status;
}

void sna_neuron_installation_free(sna_neuron_installation *self)
{
    free(self->library);
    free(self->version);
    free(self->found_by);
    memset(self, 0, sizeof *self);
}
