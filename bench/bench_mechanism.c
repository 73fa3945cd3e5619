/* bench_mechanism.c: compiling mod files against NEURON's own nrnivmodl: the examples' files and those of NEURON's
 * demonstration, where they are there. */
#include "bench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Copies the mod files of one folder to another; adds their number. */
static int copy_folder(const char *from, const char *to, uint64_t *count)
{
    int status = 0;
    sna_list names = SNA_LIST;

    status = sna_path_list(&names, from, ".mod");
    for (uint64_t i = 0; i < names.count && status == 0; i++) {
        char *source = NULL, *target = NULL, *text = NULL;
        uint64_t size = 0;
        status = sna_path_join(&source, from, names.text[i]);
        if (status == 0)
            status = sna_path_join(&target, to, names.text[i]);
        if (status == 0)
            status = sna_file_read(&text, &size, source);
        if (status == 0)
            status = sna_file_write(target, text, size);
        free(text);
        free(target);
        free(source);
    }
    *count += names.count;
    sna_list_free(&names);
    return status;
}

/* A shell script, for what starts from an empty folder each time. */
static int write_script(char **path, const bench *self, const char *name, const char *text)
{
    char *whole = NULL;
    int status = sna_path_join(path, self->folder, name);

    if (status == 0)
        status = sna_text_format(&whole, "set -e\ncd '%s'\n%s", self->folder, text);
    if (status == 0)
        status = sna_file_write(*path, whole, strlen(whole));
    free(whole);
    return status;
}

/* Debian's nrnivmodl looks for its makefile where it is not, and fails to link the program that it makes besides the
 * library; the folder `shadow` has everything where it looks, and the library is what counts. */
static const char NRNIVMODL[] = "rm -rf work\nmkdir work\ncd work\n"
                                "nrnivmodl ../mods >log 2>&1 || true\n"
                                "if [ ! -e x86_64/libnrnmech.so ] && [ -e /usr/lib/nrn/nrnmech_makefile ]; then\n"
                                "    mkdir -p ../shadow/bin\n"
                                "    ln -sf /usr/lib/nrn/nrnmech_makefile /usr/bin/nocmodl ../shadow/bin/\n"
                                "    ln -sfn /usr/lib/nrn ../shadow/lib\n    ln -sfn /usr/include ../shadow/include\n"
                                "    ln -sfn /usr/share ../shadow/share\n"
                                "    export NRNHOME=\"$PWD/../shadow\"\n    nrnivmodl ../mods >log 2>&1 || true\n"
                                "fi\n"
                                "ls */libnrnmech.so >/dev/null\n";

static int compare(bench *self, const char *folder, uint64_t count)
{
    int status = 0;
    char *ours_text = NULL, *ours_path = NULL, *peer_path = NULL, *cache = NULL, name[64];
    measurement ours, peer;

    status = sna_text_format(&ours_text, "rm -rf cache\n'%s' mechanism compile mods --cache cache >/dev/null\n",
                             self->program);
    if (status == 0)
        status = write_script(&ours_path, self, "ours.sh", ours_text);
    if (status == 0)
        status = write_script(&peer_path, self, "peer.sh", NRNIVMODL);
    if (status == 0)
        status = sna_path_join(&cache, self->folder, "cache");
    if (status == 0) {
        const char *const cold[] = {"bash", ours_path, NULL}, *const nrnivmodl[] = {"bash", peer_path, NULL};
        (void)snprintf(name, sizeof name, "mechanism compile, %llu files, cold", (unsigned long long)count);
        status = bench_programs(&ours, &peer, 3, cold, nrnivmodl);
    }
    if (status == 0)
        status = bench_report(self, name, ours, "nrnivmodl", peer.seconds, 1);
    if (status == 0) {
        const char *const warm[] = {self->program, "mechanism", "compile", folder, "--cache", cache, NULL};
        (void)snprintf(name, sizeof name, "mechanism compile, %llu files, warm", (unsigned long long)count);
        status = bench_program(&ours, 10, warm);
    }
    if (status == 0)
        status = bench_report(self, name, ours, "limit: 0.2 s", 0.2, 1);
    free(cache);
    free(peer_path);
    free(ours_path);
    free(ours_text);
    return status;
}

int bench_mechanism(bench *self)
{
    static const char demo[] = "/usr/share/nrn/demo/release";
    int status = 0;
    char *examples = NULL, *folder = NULL;
    uint64_t count = 0;

    status = sna_path_join(&examples, self->examples, "cells/mechanisms");
    if (status == 0)
        status = sna_path_join(&folder, self->folder, "mods");
    if (status == 0)
        status = sna_path_make_folder(folder);
    if (status == 0)
        status = copy_folder(examples, folder, &count);
    if (status == 0 && access(demo, R_OK) == 0)
        status = copy_folder(demo, folder, &count);
    if (status == 0)
        status = compare(self, folder, count);
    free(folder);
    free(examples);
    return status;
}
