/* test_cell_demo.c: the demonstration models of NEURON's own distribution, read where they lie and wrapped in templates
 * in a temporary folder: each runs through passive, clamp, fi and zap, and the traces are those of `nrniv` running the
 * very files, to the last bit. */
#include "cell_support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *demo; /* the folder */

/* ---- from files of statements to templates -------------------------------------------------------------------- */

/* demo/name from the first `from` on, up to the first `to` behind it. */
static char *passage(const char *name, const char *from, const char *to)
{
    char *path = NULL, *text = NULL, *out = NULL, *start, *end;
    uint64_t size;

    assert_done(sna_path_join(&path, demo, name));
    assert_done(sna_file_read(&text, &size, path));
    start = strstr(text, from);
    assert_non_null(start);
    end = strstr(start, to);
    assert_non_null(end);
    assert_done(sna_text_format(&out, "%.*s", (int)(end - start), start));
    free(text);
    free(path);
    return out;
}

/* `forall` means all cells of a simulation; in a template only the own sections are meant. */
static char *own_sections(char *text)
{
    sna_string out = SNA_STRING;
    const char *at = text, *next;

    while ((next = strstr(at, "forall")) != NULL) {
        assert_done(sna_string_append_bytes(&out, at, (uint64_t)(next - at)));
        assert_done(sna_string_append(&out, "forsec all"));
        at = next + strlen("forall");
    }
    assert_done(sna_string_append(&out, at));
    free(text);
    return out.text;
}

/* The Hodgkin-Huxley patch: statements alone, which become the template's init. */
static char *wrap_patch(void)
{
    char *statements = passage("hh.hoc", "access soma", "proc destroy"), *out = NULL;

    assert_done(sna_text_format(&out,
                                "begintemplate Wrapped\npublic soma\nexternal global_ra, set_ra\ncreate soma\n"
                                "proc init() {\n%s}\nendtemplate Wrapped\n",
                                statements));
    free(statements);
    return out;
}

/* A motoneuron in stylised form: procedures, called in the order of the file. */
static char *wrap_stylised(void)
{
    char *functions = passage("dend3/dend3.nrn", "func eq_diam()", "strdef nrnname");
    char *globals = passage("dend3/dend3.nrn", "proc model_globals()", "model_globals()\n\ncreate");
    char *rest = own_sections(passage("dend3/dend3.nrn", "proc mhg()", "mhg()\n\nproc model_defaults"));
    char *out = NULL;

    assert_done(sna_text_format(&out,
                                "begintemplate Wrapped\npublic soma, hillock, axon, myelin, node, dend, all\n"
                                "external global_ra, set_ra, v_init\nobjref all\n"
                                "create soma, hillock, axon, myelin[6], node[6], dend[3]\n%s%s%s"
                                "proc init() {\n    all = new SectionList()\n    model_globals()\n"
                                "    soma all.append()\n    hillock all.append()\n    axon all.append()\n"
                                "    for i = 0, 5 { myelin[i] all.append() node[i] all.append() }\n"
                                "    for i = 0, 2 { dend[i] all.append() }\n"
                                "    access soma\n    mhg()\n}\nendtemplate Wrapped\n",
                                functions, globals, rest));
    free(functions);
    free(globals);
    free(rest);
    return out;
}

/* A reconstruction, whose points stand in the file behind the call that reads them from the file that is running; the
 * template reads them from there too. */
static char *wrap_pyramid(void)
{
    char *sections = passage("pyramid.nrn", "create    soma", "nspine=0");
    char *geometry = passage("pyramid.nrn", "proc chkspine()", "geometry()\n\n\nSOMA");
    char *segments = own_sections(passage("reconst.hoc", "forall nseg", "access soma"));
    char *membrane = own_sections(passage("reconst.hoc", "proc membrane()", "global_ra = 100"));
    char *globals = passage("reconst.hoc", "global_ra = 100", "proc destroy");
    char *out = NULL;

    assert_done(sna_text_format(&out,
                                "begintemplate Wrapped\npublic soma, dendrite_1, dendrite_2, dendrite_3, dendrite_4\n"
                                "public dendrite_5, dendrite_6, dendrite_7, dendrite_8, all\n"
                                "external global_ra, set_ra\nobjref all\nstrdef line\n%s%s%s"
                                "proc init() {\n    nspine = 0\n    ropen(\"%s/pyramid.nrn\")\n    getstr(line)\n"
                                "    while (strcmp(line, \"geometry()\\n\") != 0) { getstr(line) }\n    geometry()\n"
                                "    ropen()\n    all = new SectionList()\n    soma all.wholetree()\n    %s"
                                "    access soma\n%s}\nendtemplate Wrapped\n",
                                sections, geometry, membrane, demo, segments, globals));
    free(sections);
    free(geometry);
    free(membrane);
    free(segments);
    free(globals);
    return out;
}

/* Calcium and transmitter in a terminal, with mechanisms of its own. */
static char *wrap_terminal(void)
{
    char *statements = passage("release.hoc", "access terminal", "proc set_al()");
    char *procedures = passage("release.hoc", "proc set_al()", "default()\n\nproc releasemenubody");
    char *out = NULL;

    assert_done(sna_text_format(&out,
                                "begintemplate Wrapped\npublic terminal\ncreate terminal\n%s"
                                "proc init() {\n%sdefault()\n}\nendtemplate Wrapped\n",
                                procedures, statements));
    free(statements);
    free(procedures);
    return out;
}

/* Channels that are built at run time (KSChan), in their continuous form: the random one draws from the process. */
static char *wrap_channels(void)
{
    char *statements = passage("singhh.hoc", "access soma", "objref nachan");
    char *channels = passage("singhh.hoc", "nachan = new", "proc nsing()");
    char *procedure = passage("singhh.hoc", "proc nsing()", "nsing(1000)");
    char *out = NULL;

    assert_done(sna_text_format(&out,
                                "begintemplate Wrapped\npublic soma\nexternal stdinit\nobjref nachan, kchan\n"
                                "create soma\n%sproc init() {\n%s%snsing(0)\n}\nendtemplate Wrapped\n",
                                procedure, statements, channels));
    free(statements);
    free(channels);
    free(procedure);
    return out;
}

typedef struct {
    const char *name, *site;
    char *(*wrap)(void);
    const char *before; /* hoc file of the demo to load first, NULL: none */
    const char *plain;  /* the statements that run the demo as it is; %1$s is its folder */
    bool mechanisms;    /* it needs those of demo/release */
    double celsius, v_init;
    double step, most; /* pA: of passive, clamp and zap (half); the last of fi */
} demonstration;

static const demonstration DEMOS[] = {
    {"PatchHH", "soma(0.5)", wrap_patch, NULL, "{ xopen(\"%1$s/hh.hoc\") }\n", false, 6.3, -65, 5, 20},
    {"Stylized", "soma(0.5)", wrap_stylised, NULL, "{ xopen(\"%1$s/dend3/dend3.nrn\") }\n", false, 15, -70, 20000,
     60000},
    {"Pyramidal", "soma(0.5)", wrap_pyramid, NULL, "{ xopen(\"%1$s/pyramid.nrn\") }\n{ xopen(\"%1$s/reconst.hoc\") }\n",
     false, 15, -65, 800, 2000},
    {"Release", "terminal(0.5)", wrap_terminal, NULL, "{ xopen(\"%1$s/release.hoc\") }\n", true, 16.3, -65, 5, 40},
    {"SingleChannels", "soma(0.5)", wrap_channels, "singhhchan.hoc",
     "{ load_file(\"%1$s/singhhchan.hoc\") xopen(\"%1$s/singhh.hoc\") }\nnsing(0)\n", false, 6.3, -65, 5, 40},
};
enum { DEMO_COUNT = sizeof DEMOS / sizeof *DEMOS };

/* ---- the protocols --------------------------------------------------------------------------------------------- */

enum { PASSIVE, CLAMP, FI, ZAP, PROTOCOLS };
static const double DELAY = 10, DURATION = 60; /* ms */

static sna_cell_model *make_model(const demonstration *one, const char *folder)
{
    char *text = one->wrap(), *wrapped = test_file(folder, "wrapped.hoc", text), *before = NULL, *mechanisms = NULL;
    const char *hoc[2] = {wrapped, NULL};
    sna_cell_source source = {.hoc = hoc, .hoc_count = 1, .template_name = "Wrapped"};
    sna_cell_model *model = NULL;

    if (one->before != NULL) {
        assert_done(sna_path_join(&before, demo, one->before));
        hoc[0] = before;
        hoc[1] = wrapped;
        source.hoc_count = 2;
    }
    if (one->mechanisms) {
        assert_done(sna_path_join(&mechanisms, demo, "release"));
        source.mod_folder = mechanisms;
    }
    assert_done(sna_cell_model_create(&model, &source));
    free(mechanisms);
    free(before);
    free(wrapped);
    free(text);
    return model;
}

static void run_protocol(sna_cell_result *out, const demonstration *one, const sna_cell_model *model, int protocol)
{
    const double tail = 20;
    sna_cell_setup setup = setup_of(NAN, NAN, NAN);

    setup.inject = setup.record = one->site;
    if (protocol == PASSIVE) {
        const sna_passive_options options = {-one->step / 2, DELAY, DURATION, DELAY + DURATION + tail, SNA_TAU_SIMPLE};
        assert_done(sna_cell_passive(out, model, &setup, &options));
    } else if (protocol == CLAMP) {
        const sna_clamp_options options = {one->step, DELAY, DURATION, DELAY + DURATION + tail, 0, 10};
        assert_done(sna_cell_clamp(out, model, &setup, &options));
    } else if (protocol == FI) {
        const sna_fi_options options = {
            .stop = one->most, .increment = one->most / 4, .delay = DELAY, .duration = DURATION};
        assert_done(sna_cell_fi(out, model, &setup, &options));
    } else {
        const sna_zap_options options = {one->step / 2, DELAY, DURATION, DELAY + DURATION + tail,
                                         tail,          5,     50,       SNA_CHIRP_LINEAR};
        assert_done(sna_cell_zap(out, model, &setup, &options));
    }
}

/* The statements that run the same in nrniv, one trace for each stimulus behind the other. */
static void write_trials(sna_string *script, const demonstration *one, int protocol)
{
    const double stop = protocol == FI ? DELAY + DURATION : DELAY + DURATION + 20;

    if (protocol == ZAP) {
        assert_done(sna_string_format(
            script,
            "sna_.amp = 0\nsna_.del = 0\nsna_.dur = 1e9\nsnaw_ = new Vector(%g / dt + 1)\nsnaT = %g\nsnaf0 = 5 / "
            "1000\nsnaf1 = 50 / 1000\n"
            "for snai = 0, snaw_.size() - 1 {\n"
            "    snas = (snai - %g / dt) * dt\n"
            "    if (snai >= int(%g / dt + 0.5) && snai <= int(%g / dt + 0.5)) {\n"
            "        snaw_.x[snai] = %.17g / 1000 * sin(PI * (2 * snaf0 + (snaf1 - snaf0) * snas / snaT) * snas)\n"
            "    }\n}\n{ snaw_.play(&sna_.amp, dt) }\n{ snatrial(%g) }\n",
            stop, DURATION, DELAY, DELAY, DELAY + DURATION, one->step / 2, stop));
        return;
    }
    for (int k = 0; k < (protocol == FI ? 5 : 1); k++) {
        const double amplitude = protocol == PASSIVE ? -one->step / 2
                                 : protocol == CLAMP ? one->step
                                                     : one->most / 4 * k;
        assert_done(sna_string_format(script, "sna_.amp = %.17g / 1000\n{ snatrial(%g) }\n", amplitude, stop));
    }
}

/* All traces of all protocols as nrniv has them. */
static uint64_t run_plain(const demonstration *one, const char *library, double **value)
{
    const size_t section = strcspn(one->site, "(");
    char *folder = NULL;
    const char *settings[2] = {NULL, NULL};
    sna_string script = SNA_STRING;
    uint64_t count;

    assert_done(sna_text_format(&folder, "NRNDEMO=%s/", demo));
    settings[0] = folder;
    assert_done(sna_string_append(&script, "{ load_file(\"stdrun.hoc\") }\n"));
    assert_done(sna_string_format(&script, one->plain, demo));
    assert_done(sna_string_format(&script,
                                  "objref sna_, snat_, snaw_\n%.*s sna_ = new IClamp(0.5)\n"
                                  "{ sna_.del = %g sna_.dur = %g }\nsnat_ = new Vector()\n"
                                  "%.*s { snat_.record(&v(0.5)) }\ncvode_active(0)\nsteps_per_ms = 40\ndt = 0.025\n"
                                  "print \"TRACE\"\n"
                                  "proc snatrial() { local i\n    tstop = $1\n    run()\n"
                                  "    for i = 0, snat_.size() - 1 { printf(\"%%.17g\\n\", snat_.x[i]) }\n}\n",
                                  (int)section, one->site, DELAY, DURATION, (int)section, one->site));
    for (int protocol = 0; protocol < PROTOCOLS; protocol++)
        write_trials(&script, one, protocol);
    assert_done(sna_string_append(&script, "quit()\n"));
    count = run_nrniv_with(library, settings, sna_string_text(&script), value);
    sna_string_free(&script);
    free(folder);
    return count;
}

static void check_demo(const demonstration *one)
{
    char *folder = test_folder();
    sna_cell_model *model = make_model(one, folder);
    double *expected = NULL;
    uint64_t at = 0, count = 0, spikes = 0;

    for (int protocol = 0; protocol < PROTOCOLS; protocol++) {
        sna_cell_result result;
        const sna_record *conditions;

        run_protocol(&result, one, model, protocol);
        conditions = sna_record_get_record(result.record, "conditions");
        assert_near(sna_record_get_real(conditions, "celsius"), one->celsius, 0);
        assert_near(sna_record_get_real(conditions, "v_init"), one->v_init, 0);
        if (expected == NULL)
            count = run_plain(
                one, sna_record_get_text(sna_record_get_record(result.record, "provenance"), "mechanisms"), &expected);
        for (uint64_t k = 0; k < result.simulation.traces; k++) {
            const sna_cell_trace *trace = &result.simulation.trace[k];
            double *time = NULL;
            uint64_t found = 0;
            assert_true(at + trace->count <= count);
            for (uint64_t i = 0; i < trace->count; i++) {
                if (trace->voltage[i] != expected[at + i]) {
                    print_error("%s, protocol %d, trace %d: sample %d is %.17g, nrniv has %.17g\n", one->name, protocol,
                                (int)k, (int)i, trace->voltage[i], expected[at + i]);
                    fail();
                }
            }
            at += trace->count;
            assert_done(sna_spikes_detect(&time, &found, trace, 0));
            spikes += found;
            free(time);
        }
        sna_cell_result_free(&result);
    }
    assert_int_equal(at, count);
    assert_true(spikes > 0); /* it is worth comparing */
    free(expected);
    sna_cell_model_free(model);
    test_folder_remove(folder);
}

static void demos_run_as_in_nrniv(void **state)
{
    (void)state;
    for (int i = 0; i < DEMO_COUNT; i++)
        check_demo(&DEMOS[i]);
}

/* The demonstration of a network: its cell is one that only NEURON's events know. */
static void an_artificial_cell_is_told(void **state)
{
    char *hoc = NULL, *mechanisms = NULL;
    run_result result;

    (void)state;
    assert_done(sna_path_join(&hoc, demo, "sync/cell.hoc"));
    assert_done(sna_path_join(&mechanisms, demo, "release"));
    run_words(&result, "cell", "clamp", "--hoc", hoc, "--mod-folder", mechanisms, NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "the cell Cell has no sections");
    run_free(&result);
    run_words(&result, "cell", "info", "--hoc", hoc, "--mod-folder", mechanisms, NULL);
    assert_contains(result.err, "the cell Cell has no sections");
    assert_int_equal(result.status, 1);
    run_free(&result);
    free(hoc);
    free(mechanisms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(demos_run_as_in_nrniv),
        cmocka_unit_test(an_artificial_cell_is_told),
    };
    static const char *const places[] = {"/usr/share/nrn/demo", "/usr/local/share/nrn/demo"};
    char *program = NULL;
    int failed;

    for (size_t i = 0; i < sizeof places / sizeof *places && demo == NULL; i++) {
        if (access(places[i], R_OK) == 0 && sna_text_copy(&demo, places[i]) != 0)
            return 1;
    }
    if (demo == NULL || sna_process_find(&program, "nrniv") != 0) {
        print_message("skipped: NEURON's demonstration models or nrniv are not there\n");
        free(demo);
        return 77;
    }
    failed = run_cell_tests(tests);
    free(program);
    free(demo);
    return failed;
}
