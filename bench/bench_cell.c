/* bench_cell.c: cells in NEURON against nrniv running the same model: one long current clamp, a curve of firing rate
 * over current, and the way from the command to the first number. */
#include "bench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char *template, *mechanisms; /* of the example */
    char *library;               /* the mechanisms compiled */
} example;

/* The path of the library that the mechanisms of the example were compiled to. */
static int compile(const bench *self, example *out)
{
    const char *const argv[] = {self->program, "mechanism", "compile", out->mechanisms, NULL};
    sna_process process;
    int status = sna_process_run(&process, argv, NULL, NULL, NULL);

    if (status == 0 && process.exit_status != 0)
        status = sna_error(SNA_EEXTERNAL, "mechanism compile failed: %s", sna_string_text(&process.output));
    if (status == 0) {
        const char *text = sna_string_text(&process.output);
        const char *slash = strchr(text, '/');
        status = slash == NULL ? sna_error(SNA_EEXTERNAL, "mechanism compile printed no path: %s", text)
                               : sna_text_copy(&out->library, slash);
    }
    if (status == 0)
        out->library[strcspn(out->library, " \n")] = '\0';
    sna_process_free(&process);
    return status;
}

/* What the peer runs: the example's cell with a clamp in its soma and the voltage recorded, then `statements`. */
static int write_script(char **path, const bench *self, const example *cell, const char *name, const char *statements)
{
    static const char script[] = "{load_file(\"stdrun.hoc\")}\n{load_file(\"%s\")}\n"
                                 "objref cell, clamp, vt, vv, times, spikes, nobody\ncell = new RSPyramidal()\n"
                                 "cell.soma[0] clamp = new IClamp(0.5)\n"
                                 "{vt = new Vector() vv = new Vector() times = new Vector()}\n"
                                 "{vt.record(&t) vv.record(&cell.soma[0].v(0.5))}\n"
                                 "{celsius = 34 v_init = -70 dt = 0.025 steps_per_ms = 40}\n%squit()\n";
    char *text = NULL;
    int status = sna_path_join(path, self->folder, name);

    if (status == 0)
        status = sna_text_format(&text, script, cell->template, statements);
    if (status == 0)
        status = sna_file_write(*path, text, strlen(text));
    free(text);
    return status;
}

static int long_clamp(bench *self, const example *cell)
{
    int status = 0;
    char *hoc = NULL;
    measurement ours, peer;

    status = write_script(&hoc, self, cell, "clamp.hoc",
                          "{clamp.del = 200 clamp.dur = 2600 clamp.amp = 0.3}\n{tstop = 3000 run()}\n"
                          "print vv.size()\n");
    if (status == 0) {
        const char *const argv[] = {
            self->program, "cell",      "clamp",       "--hoc",    cell->template, "--mod-folder", cell->mechanisms,
            "--inj-amp",   "300",       "--inj-delay", "200",      "--inj-dur",    "2600",         "--tstop",
            "3000",        "--celsius", "34",          "--v-init", "-70",          "--dt",         "0.025",
            NULL};
        const char *const nrniv[] = {"nrniv", "-nopython", "-nobanner", "-nogui", "-dll", cell->library, hoc, NULL};
        status = bench_programs(&ours, &peer, 5, argv, nrniv);
    }
    if (status == 0)
        status = bench_report(self, "cell clamp, 3,000 ms, dt 0.025", ours, "nrniv -nopython", peer.seconds, 1.1);
    free(hoc);
    return status;
}

/* As promised at least 1.8 times as fast, on 2 cores; with more cores there is more to gain, with one nothing is
 * promised. */
static int firing_curve(bench *self, const example *cell)
{
    int status = 0;
    char *hoc = NULL;
    measurement ours, peer;

    status = write_script(&hoc, self, cell, "fi.hoc",
                          "{clamp.del = 50 clamp.dur = 1000 tstop = 1050}\n"
                          "cell.soma[0] spikes = new NetCon(&v(0.5), nobody)\n{spikes.record(times)}\n"
                          "for i = 0, 19 {\n    clamp.amp = 0.05 * i\n    run()\n    print times.size()\n}\n");
    if (status == 0) {
        const char *const argv[] = {self->program,  "cell",           "fi",       "--hoc",    cell->template,
                                    "--mod-folder", cell->mechanisms, "--i-stop", "950",      "--i-increment",
                                    "50",           "--celsius",      "34",       "--v-init", "-70",
                                    "--dt",         "0.025",          NULL};
        const char *const nrniv[] = {"nrniv", "-nopython", "-nobanner", "-nogui", "-dll", cell->library, hoc, NULL};
        status = bench_programs(&ours, &peer, 3, argv, nrniv);
    }
    if (status == 0)
        status = bench_report(self, "cell fi, 20 x 1,050 ms", ours, "nrniv, one after the other", peer.seconds,
                              sna_threads() > 1 ? 1 / 1.8 : NAN);
    free(hoc);
    return status;
}

/* From the command to the first number of a small cell. */
static int first_result(bench *self)
{
    int status = 0;
    char *hoc = NULL;
    measurement ours;

    status = sna_path_join(&hoc, self->examples, "cells/PassiveCell.hoc");
    if (status == 0) {
        const char *const argv[] = {self->program, "cell",      "clamp", "--hoc",   hoc, "--inj-delay",
                                    "1",           "--inj-dur", "1",     "--tstop", "3", NULL};
        status = bench_program(&ours, 30, argv);
    }
    if (status == 0)
        status = bench_report(self, "first result of a small cell", ours, "limit: 30 ms", 0.030, 1);
    free(hoc);
    return status;
}

int bench_cell(bench *self)
{
    int status = 0;
    example cell = {NULL, NULL, NULL};

    status = sna_path_join(&cell.template, self->examples, "cells/RSPyramidal.hoc");
    if (status == 0)
        status = sna_path_join(&cell.mechanisms, self->examples, "cells/mechanisms");
    if (status == 0)
        status = compile(self, &cell);
    if (status == 0)
        status = long_clamp(self, &cell);
    if (status == 0)
        status = firing_curve(self, &cell);
    if (status == 0)
        status = first_result(self);
    free(cell.template);
    free(cell.mechanisms);
    free(cell.library);
    return status;
}
