/* backend.c: the only place that knows how NEURON 8.2 and 9 differ: the names of their functions. */
#include "internal.h"

#include <dlfcn.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* libnrniv leaves this undefined: where mechanisms are linked into a program it registers them. */
__attribute__((visibility("default"))) void modl_reg(void)
{
}

/* What is needed of NEURON, and what it is called: C name or C++ (Itanium) name, first hit wins. */
typedef struct {
    size_t place; /* of the pointer in sna_backend */
    const char *purpose;
    bool required;
    const char *name[4];
} role;

#define ROLE(member) offsetof(sna_backend, member)
static const role ROLES[] = {
    {ROLE(initialise), "start (9)", false, {"nrn_init"}},
    {ROLE(session), "start (8.2)", false, {"_Z16ivocmain_sessioniPPKcS1_i", "ivocmain_session"}},
    {ROLE(mpi_stubs), "do without MPI", false, {"_Z12nrnmpi_stubsv", "nrnmpi_stubs"}},
    {ROLE(valid_statement), "run a statement", false, {"_Z14hoc_valid_stmtPKcP6Object", "hoc_valid_stmt"}},
    {ROLE(call), "run a statement", false, {"nrn_hoc_call", "hoc_oc", "_Z6hoc_ocPKc"}},
    {ROLE(set_print), "redirect printed text", true, {"nrnpy_set_pr_etal", "_Z17nrnpy_set_pr_etalPFiiPcEPFivE"}},
    {ROLE(register_functions),
     "register functions",
     true,
     {"hoc_register_var", "_Z16hoc_register_varP8DoubScalP7DoubVecP8VoidFunc"}},
    {ROLE(number_argument), "read a number argument", true, {"hoc_getarg", "nrn_getarg", "_Z10hoc_getargi"}},
    {ROLE(text_argument), "read a text argument", true, {"hoc_gargstr", "nrn_gargstr", "_Z11hoc_gargstri"}},
    {ROLE(vector_argument), "read a Vector argument", true, {"vector_arg_px", "_Z13vector_arg_pxiPPd"}},
    {ROLE(return_number), "return a number", true, {"hoc_retpushx", "_Z12hoc_retpushxd"}},
    {ROLE(no_banner), "silence the banner", false, {"nrn_nobanner_"}},
    {ROLE(no_autoload), "keep it from loading mechanisms by itself", false, {"nrn_noauto_dlopen_nrnmech"}},
    {ROLE(python_extension), "redirect printed text", false, {"nrn_is_python_extension"}},
    {ROLE(interrupt), "interrupt a statement", false, {"hoc_intset"}},
    {ROLE(stop_run), "stop a run", false, {"stoprun"}},
};

/* The library looks modl_reg up among the global symbols: where this code came in privately (a library loaded by
 * another program) it is made global first. */
static void make_own_symbols_global(void)
{
    Dl_info own;
    void *address;
    void (*function)(void) = modl_reg;

    memcpy(&address, &function, sizeof address);
    if (dladdr(address, &own) != 0 && own.dli_fname != NULL)
        (void)dlopen(own.dli_fname, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD);
}

/* Whether the library may look up what it needs in itself first and only then in all that this program has loaded: most
 * of its twenty thousand references are to itself, and the search through the others costs a sixth of the time from a
 * command to its first number. Not where this program has something of the C library's in its place: a malloc (a
 * sanitizer's, or one that was preloaded; memory would be freed by another than the one who gave it), or a copy of
 * `environ`. */
static int binding(void)
{
    static const char *const names[] = {"qsort", "malloc", "environ"};
    void *base = NULL;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        void *const address = dlsym(RTLD_DEFAULT, names[i]);
        Dl_info found;
        if (address == NULL || dladdr(address, &found) == 0 || (base != NULL && found.dli_fbase != base))
            return 0;
        base = found.dli_fbase;
    }
    return RTLD_DEEPBIND;
}

int sna_backend_open(sna_backend *self, const char *library)
{
    int status = 0;
    void *handle;

    memset(self, 0, sizeof *self);
    make_own_symbols_global();
    handle = dlopen(library, RTLD_NOW | RTLD_GLOBAL | binding());
    if (handle == NULL) {
        const char *why = dlerror();
        if (strstr(why, "modl_reg") != NULL)
            status = sna_error(SNA_EMISSING,
                               "NEURON (%s) cannot be loaded: this program hides the function modl_reg; link it with "
                               "-Wl,--export-dynamic-symbol=modl_reg",
                               library);
        else
            status = sna_error(SNA_EMISSING, "NEURON cannot be loaded: %s", why);
        goto out;
    }
    for (size_t i = 0; i < sizeof ROLES / sizeof *ROLES; i++) {
        void *found = NULL;
        for (size_t k = 0; k < sizeof ROLES[i].name / sizeof *ROLES[i].name && found == NULL; k++)
            found = ROLES[i].name[k] == NULL ? NULL : dlsym(handle, ROLES[i].name[k]);
        memcpy((char *)self + ROLES[i].place, &found, sizeof found);
        if (found == NULL && ROLES[i].required) {
            status =
                sna_error(SNA_EMISSING, "%s is a NEURON that sonatina does not know: it has no function to %s (`%s`)",
                          library, ROLES[i].purpose, ROLES[i].name[0]);
            goto out;
        }
    }
    if (self->initialise == NULL && self->session == NULL) {
        status = sna_error(SNA_EMISSING,
                           "%s is a NEURON that sonatina does not know: it has no function to start it "
                           "(`nrn_init` or `ivocmain_session`)",
                           library);
        goto out;
    }
    if (self->valid_statement == NULL && self->call == NULL) {
        status = sna_error(SNA_EMISSING,
                           "%s is a NEURON that sonatina does not know: it has no function to run a "
                           "statement (`hoc_valid_stmt` or `hoc_oc`)",
                           library);
        goto out;
    }
    self->name = self->initialise != NULL ? "9" : "8";
    status = sna_text_copy(&self->library, library);
out:
    return status;
}

/* The library has the path of its hoc files compiled in; an installation that was moved needs help: share/nrn in one of
 * the folders above the library. */
static int set_home(const char *library)
{
    int status = 0;
    char *folder = NULL;

    if (getenv("NEURONHOME") != NULL)
        goto out;
    status = sna_path_folder(&folder, library);
    for (int up = 0; up < 4 && status == 0; up++) {
        char *home = NULL, *probe = NULL, *above = NULL;
        bool found = false;
        status = sna_path_join(&home, folder, "share/nrn");
        if (status == 0)
            status = sna_path_join(&probe, home, "lib/hoc/stdrun.hoc");
        if (status == 0) {
            found = access(probe, R_OK) == 0;
            if (found && setenv("NEURONHOME", home, 1) != 0)
                status = sna_error(SNA_ENOMEM, "out of memory");
        }
        if (status == 0)
            status = sna_path_folder(&above, folder);
        free(probe);
        free(home);
        free(folder);
        folder = above;
        if (found)
            break;
    }
out:
    free(folder);
    return status;
}

int sna_backend_start(sna_backend *self, int (*print)(int, char *), sna_hoc_function *functions)
{
    /* NEURON keeps pointers to these and wants a NULL behind the last. The stacks allow recursion 5000 deep. */
    static const char *arguments[] = {"sonatina", "-nogui", "-nobanner", "-notatty", "-nopython",
                                      "-NSTACK",  "100000", "-NFRAME",   "20000",    NULL};
    enum { ARGUMENTS = sizeof arguments / sizeof *arguments - 1 };
    static const char *environment[] = {NULL};
    int status = 0, code, kept = 0;

    /* hoc reads numbers with the C library: with a decimal comma 1.5 would silently be 1. */
    if (setlocale(LC_NUMERIC, "C") == NULL || strcmp(localeconv()->decimal_point, ".") != 0) {
        status = sna_error(SNA_EEXTERNAL, "the number format of the NEURON process cannot be set to the C locale");
        goto out;
    }
    status = set_home(self->library);
    if (status != 0)
        goto out;
    if (self->no_banner != NULL)
        *self->no_banner = 1;
    if (self->no_autoload != NULL)
        *self->no_autoload = 1; /* or it loads x86_64/libnrnmech.so of whatever folder the user stands in */
    if (self->initialise == NULL && self->mpi_stubs != NULL)
        self->mpi_stubs();
    /* 8.2 takes the callback only while it believes to be a Python extension. */
    if (self->python_extension != NULL) {
        kept = *self->python_extension;
        *self->python_extension = 1;
    }
    self->set_print(print, NULL);
    if (self->python_extension != NULL)
        *self->python_extension = kept;
    code = self->initialise != NULL ? self->initialise(ARGUMENTS, arguments)
                                    : self->session(ARGUMENTS, arguments, environment, 0);
    if (code != 0) {
        status =
            sna_error(SNA_EEXTERNAL, "NEURON (%s) does not start: its initialisation returned %d", self->library, code);
        goto out;
    }
    self->register_functions(NULL, NULL, functions);
out:
    return status;
}
