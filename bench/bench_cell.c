/* bench_cell.c: one long current clamp against nrniv running the same model. */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

/* Compiles the example mechanisms and returns the path of the library. */
static int compile(const bench *self, const char *mechanisms, char **out)
{
    const char *const argv[] = {self->program, "mechanism", "compile", mechanisms, NULL};
    sna_process process;
    int status = sna_process_run(&process, argv, NULL, NULL, NULL);

    *out = NULL;
    if (status == 0 && process.exit_status != 0)
        status = sna_error(SNA_EEXTERNAL, "mechanism compile failed: %s", sna_string_text(&process.output));
    if (status == 0) {
        const char *text = sna_string_text(&process.output);
        const char *slash = strchr(text, '/');
        status = slash == NULL ? sna_error(SNA_EEXTERNAL, "mechanism compile printed no path: %s", text)
                               : sna_text_copy(out, slash);
    }
    if (status == 0)
        (*out)[strcspn(*out, " \n")] = '\0';
    sna_process_free(&process);
    return status;
}

int bench_cell(bench *self)
{
    static const char script[] = "{load_file(\"stdrun.hoc\")}\n{load_file(\"%s\")}\n"
                                 "objref cell, clamp, vt, vv\ncell = new RSPyramidal()\n"
                                 "cell.soma[0] clamp = new IClamp(0.5)\n"
                                 "{clamp.del = 200 clamp.dur = 2600 clamp.amp = 0.3}\n"
                                 "{vt = new Vector() vv = new Vector()}\n"
                                 "{vt.record(&t) vv.record(&cell.soma[0].v(0.5))}\n"
                                 "{celsius = 34 v_init = -70 dt = 0.025 steps_per_ms = 40 tstop = 3000}\n"
                                 "{run()}\nprint vv.size()\nquit()\n";
    int status = 0;
    char *template = NULL, *mechanisms = NULL, *library = NULL, *hoc = NULL, *text = NULL;
    measurement ours, peer;

    status = sna_path_join(&template, self->examples, "cells/RSPyramidal.hoc");
    if (status == 0)
        status = sna_path_join(&mechanisms, self->examples, "cells/mechanisms");
    if (status == 0)
        status = sna_path_join(&hoc, self->folder, "clamp.hoc");
    if (status == 0)
        status = sna_text_format(&text, script, template);
    if (status == 0)
        status = sna_file_write(hoc, text, strlen(text));
    if (status == 0)
        status = compile(self, mechanisms, &library);
    if (status == 0) {
        const char *const argv[] = {self->program, "cell",       "clamp",       "--hoc",     template, "--mod-folder",
                                    mechanisms,    "--template", "RSPyramidal", "--inj-amp", "300",    "--inj-delay",
                                    "200",         "--inj-dur",  "2600",        "--tstop",   "3000",   "--celsius",
                                    "34",          "--v-init",   "-70",         "--dt",      "0.025",  NULL};
        status = bench_program(&ours, 5, argv);
    }
    if (status == 0) {
        const char *const argv[] = {"nrniv", "-nopython", "-nobanner", "-nogui", "-dll", library, hoc, NULL};
        status = bench_program(&peer, 5, argv);
    }
    if (status == 0)
        status = bench_report(self, "cell clamp, 3,000 ms, dt 0.025", ours, "nrniv -nopython", peer.seconds, 1.1);
    free(template);
    free(mechanisms);
    free(library);
    free(hoc);
    free(text);
    return status;
}
