/* test_cell_golden.c: protocols against the results of an independent program on the same cells. */
#include "cell_support.h"

#include <cjson/cJSON.h>
#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *reference_cells; /* the hoc file */

static sna_cell_model *make_model(const char *template_name)
{
    const char *const hoc[] = {reference_cells};
    const sna_cell_source source = {.hoc = hoc, .hoc_count = 1, .template_name = template_name};
    sna_cell_model *model = NULL;

    assert_done(sna_cell_model_create(&model, &source));
    return model;
}
static double number(const cJSON *object, const char *key, double missing)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

    return cJSON_IsNumber(item) ? item->valuedouble : missing;
}

static const char *word(const cJSON *object, const char *key, const char *missing)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

    return cJSON_IsString(item) ? item->valuestring : missing;
}

/* Its samples of the voltage are ours, to rounding. */
static void check_samples(const cJSON *run, const sna_cell_trace *trace)
{
    const cJSON *index = cJSON_GetObjectItemCaseSensitive(run, "trace_index");
    const cJSON *voltage = cJSON_GetObjectItemCaseSensitive(run, "trace_v");

    assert_true(cJSON_GetArraySize(index) > 10);
    for (int i = 0; i < cJSON_GetArraySize(index); i++) {
        const uint64_t at = (uint64_t)cJSON_GetArrayItem(index, i)->valuedouble;
        const double expected = cJSON_GetArrayItem(voltage, i)->valuedouble;
        assert_true(at < trace->count);
        assert_near(trace->voltage[at], expected, 1e-9 * fabs(expected));
    }
}

static void golden_passive(const cJSON *run, const cJSON *arguments, const sna_cell_model *model,
                           const sna_cell_setup *setup)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(run, "results");
    const cJSON *fit = cJSON_GetObjectItemCaseSensitive(found, "popt");
    sna_passive_options options = SNA_PASSIVE_DEFAULT;
    sna_cell_result result;
    const sna_record *ours;
    double tau;

    options.amplitude = number(arguments, "inj_amp", -100);
    options.delay = number(arguments, "inj_delay", 200);
    options.duration = number(arguments, "inj_dur", 1000);
    options.stop = number(arguments, "tstop", 1200);
    assert_done(sna_tau_method_parse(&options.method, word(arguments, "method", "simple")));
    assert_done(sna_cell_passive(&result, model, setup, &options));
    tau = sna_record_get_real(result.record, "tau");
    if (!isnan(number(found, "r_in", NAN))) {
        check_samples(run, &result.simulation.trace[0]);
        assert_near(sna_record_get_real(result.record, "v_rest"), number(found, "v_rest", NAN), 1e-9);
        assert_near(sna_record_get_real(result.record, "r_in"), number(found, "r_in", NAN),
                    1e-8 * number(found, "r_in", NAN));
    }
    if (options.amplitude > 0) {
        assert_true(tau > 1); /* theirs is 0 or an exception */
    } else if (options.method == SNA_TAU_SIMPLE) {
        /* Theirs is the first sample beyond the crossing. */
        assert_true(tau <= number(found, "tau", NAN) + 1e-6 && tau > number(found, "tau", NAN) - setup->dt - 1e-6);
    } else {
        ours = sna_record_get_record(result.record, "fit");
        assert_near(sna_record_get_real(result.record, "v_sag"), number(found, "v_sag", NAN), 1e-9);
        assert_near(sna_record_get_real(result.record, "sag_ratio"), number(found, "sag_norm", NAN), 1e-9);
        if (options.method == SNA_TAU_EXP) {
            assert_near(sna_record_get_real(ours, "amplitude_1"), cJSON_GetArrayItem(fit, 1)->valuedouble, 1e-5);
            assert_near(tau, number(found, "tau", NAN), 1e-5 * tau);
        } else if (strcmp(word(run, "fit_quality", "ok"), "ok") == 0) {
            double fast = cJSON_GetArrayItem(fit, 3)->valuedouble, slow = cJSON_GetArrayItem(fit, 4)->valuedouble;
            double a_fast = cJSON_GetArrayItem(fit, 1)->valuedouble, a_slow = cJSON_GetArrayItem(fit, 2)->valuedouble;
            if (fast > slow) {
                const double t = fast, a = a_fast;
                fast = slow;
                slow = t;
                a_fast = a_slow;
                a_slow = a;
            }
            assert_near(sna_record_get_real(ours, "tau_1"), fast, 1e-4 * fast);
            assert_near(sna_record_get_real(ours, "tau_2"), slow, 1e-4 * slow);
            assert_near(sna_record_get_real(ours, "amplitude_1"), a_fast, 1e-4 * fabs(a_fast));
            assert_near(sna_record_get_real(ours, "amplitude_2"), a_slow, 1e-4 * fabs(a_slow));
            /* The slowest that charges the membrane: the other sign is sag, which they report instead. */
            assert_near(tau, a_slow > 0 ? slow : fast, 1e-4 * slow);
        } else if (strcmp(sna_cell_model_template(model), "PassiveSoma") == 0) {
            /* Theirs is the time constant of an empty component. */
            assert_near(tau, setup->dt / log1p(setup->dt / 10), 1e-6);
        } else {
            assert_true(tau > 0.5 && tau < 5); /* a swinging membrane: see the note */
        }
    }
    sna_cell_result_free(&result);
}

/* Spikes of the trace are theirs; NEURON reports the step after the crossing. */
static void check_spikes(const cJSON *run, const sna_cell_setup *setup, const sna_cell_trace *trace)
{
    const cJSON *times = cJSON_GetObjectItemCaseSensitive(run, "spike_times");
    double *time = NULL;
    uint64_t count = 0;

    assert_done(sna_spikes_detect(&time, &count, trace, number(run, "spike_threshold_mV", NAN)));
    assert_int_equal(count, cJSON_GetArraySize(times));
    for (uint64_t i = 0; i < count; i++) {
        const double theirs = cJSON_GetArrayItem(times, (int)i)->valuedouble;
        assert_true(time[i] <= theirs + 1e-6 && time[i] > theirs - setup->dt - 1e-6);
    }
    free(time);
}

static void golden_clamp(const cJSON *run, const cJSON *arguments, const sna_cell_model *model,
                         const sna_cell_setup *setup)
{
    sna_clamp_options options = SNA_CLAMP_DEFAULT;
    sna_cell_result result;

    options.amplitude = number(arguments, "inj_amp", 100);
    options.delay = number(arguments, "inj_delay", 100);
    options.duration = number(arguments, "inj_dur", 1000);
    options.stop = number(arguments, "tstop", 1000);
    options.threshold = number(run, "spike_threshold_mV", NAN);
    assert_done(sna_cell_clamp(&result, model, setup, &options));
    check_samples(run, &result.simulation.trace[0]);
    check_spikes(run, setup, &result.simulation.trace[0]);
    assert_true(sna_record_get_real(result.record, "spike_count") == number(run, "n_spikes", NAN));
    sna_cell_result_free(&result);
}

static void golden_synaptic(const cJSON *run, const cJSON *arguments, const sna_cell_model *model,
                            const sna_cell_setup *setup)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(run, "results");
    sna_synaptic_options options = SNA_SYNAPTIC_DEFAULT;
    sna_cell_result result;

    assert_true(cJSON_GetObjectItemCaseSensitive(arguments, "syn_sec") == NULL);
    options.threshold = number(run, "spike_threshold_mV", NAN);
    assert_done(sna_cell_synaptic(&result, model, setup, &options));
    check_samples(run, &result.simulation.trace[0]);
    check_spikes(run, setup, &result.simulation.trace[0]);
    assert_true(sna_record_get_real(result.record, "events") == number(found, "nstim_number", NAN));
    assert_true(sna_record_get_real(result.record, "spike_count") == number(run, "n_spikes", NAN));
    sna_cell_result_free(&result);
}

static void golden_fi(const cJSON *run, const cJSON *arguments, const sna_cell_model *model,
                      const sna_cell_setup *setup)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(run, "results");
    const cJSON *theirs = cJSON_GetObjectItemCaseSensitive(found, "nspks");
    const cJSON *current = cJSON_GetObjectItemCaseSensitive(found, "amps_pA_returned");
    sna_fi_options options = SNA_FI_DEFAULT;
    sna_cell_result result;

    options.start = number(arguments, "i_start", 0);
    options.stop = number(arguments, "i_stop", 1050);
    options.increment = number(arguments, "i_increment", 100);
    options.delay = number(arguments, "tstart", 50);
    options.duration = number(arguments, "tdur", 1000);
    options.threshold = number(arguments, "threshold", 0);
    assert_done(sna_cell_fi(&result, model, setup, &options));
    /* Theirs loses the last current where the division rounds down. */
    assert_true(sna_table_rows(result.table) >= (uint64_t)cJSON_GetArraySize(theirs));
    assert_true(sna_table_rows(result.table) <= (uint64_t)cJSON_GetArraySize(theirs) + 1);
    for (int i = 0; i < cJSON_GetArraySize(theirs); i++) {
        assert_near(sna_table_real(result.table, (uint64_t)i, 0), cJSON_GetArrayItem(current, i)->valuedouble, 1e-9);
        assert_true(sna_table_real(result.table, (uint64_t)i, 2) == cJSON_GetArrayItem(theirs, i)->valuedouble);
    }
    sna_cell_result_free(&result);
}

/* Their impedance, computed as they do from our trace: the transform of the chirp's own samples only. */
static void check_their_bins(const cJSON *found, const sna_cell_result *result)
{
    const uint64_t first = (uint64_t)number(found, "index_v_rest", NAN), count = (uint64_t)number(found, "n_fft", NAN);
    const sna_cell_trace *trace = &result->simulation.trace[0];
    const cJSON *bin;

    assert_true(first + count <= trace->count);
    cJSON_ArrayForEach(bin, cJSON_GetObjectItemCaseSensitive(found, "Z_bins"))
    {
        const double angle = -2 * acos(-1) * cJSON_GetArrayItem(bin, 0)->valuedouble / (double)count;
        const double complex theirs =
            cJSON_GetArrayItem(bin, 2)->valuedouble + I * cJSON_GetArrayItem(bin, 3)->valuedouble;
        const double turn[2] = {cos(angle), sin(angle)};
        double v[2] = {0, 0}, i[2] = {0, 0}, factor[2] = {1, 0};
        /* Complex numbers by hand: as the compiler multiplies them this takes most of the test's time. */
        for (uint64_t k = 0; k < count; k++) {
            const double voltage = trace->voltage[first + k] - trace->voltage[first];
            const double current = result->current[0][first + k] / 1000, kept = factor[0];
            for (int part = 0; part < 2; part++) {
                v[part] += factor[part] * voltage;
                i[part] += factor[part] * current;
            }
            factor[0] = kept * turn[0] - factor[1] * turn[1];
            factor[1] = kept * turn[1] + factor[1] * turn[0];
            if (k % 256 == 255) {
                factor[0] = cos(angle * (double)(k + 1));
                factor[1] = sin(angle * (double)(k + 1));
            }
        }
        assert_near(cabs((v[0] + I * v[1]) / (i[0] + I * i[1]) - theirs), 0, 1e-6 * cabs(theirs) + 1e-6);
    }
}

static void golden_zap(const cJSON *run, const cJSON *arguments, const sna_cell_model *model,
                       const sna_cell_setup *setup)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(run, "results");
    const cJSON *samples =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(found, "smooth1"), "samples");
    sna_zap_options options = SNA_ZAP_DEFAULT;
    sna_cell_result result;
    uint64_t k = 0;

    options.amplitude = number(arguments, "inj_amp", 100);
    options.delay = number(arguments, "inj_delay", 200);
    options.duration = number(arguments, "inj_dur", 15000);
    options.stop = number(arguments, "tstop", 15500);
    options.fstart = number(arguments, "fstart", 0);
    options.fend = number(arguments, "fend", 15);
    assert_done(sna_chirp_parse(&options.chirp, word(arguments, "chirp_type", "linear")));
    assert_done(sna_cell_zap(&result, model, setup, &options));
    check_samples(run, &result.simulation.trace[0]);
    check_their_bins(found, &result);
    /* Theirs cuts the response off at the end of the chirp, which leaves ripples of some percent, more where the cell
     * resonates. */
    for (int i = 0; i < cJSON_GetArraySize(samples) && strncmp(sna_cell_model_template(model), "Passive", 7) == 0;
         i++) {
        const cJSON *pair = cJSON_GetArrayItem(samples, i);
        const double f = cJSON_GetArrayItem(pair, 0)->valuedouble, theirs = cJSON_GetArrayItem(pair, 1)->valuedouble;
        if (f < options.fstart + 0.03 * (options.fend - options.fstart) || f > options.fend * 0.97)
            continue;
        while (k + 1 < sna_table_rows(result.table) && sna_table_real(result.table, k + 1, 0) < f)
            k++;
        assert_near(sna_table_real(result.table, k, 1), theirs, 0.06 * theirs);
    }
    sna_cell_result_free(&result);
}

static void results_of_an_independent_program(void **state)
{
    static const char *const cells[] = {"PassiveSoma", "PassiveCable", "PassiveBallStick", "HHSoma", "HHSomaDend"};
    char site[2][64];

    (void)state;
    for (size_t c = 0; c < sizeof cells / sizeof *cells; c++) {
        char name[128], *path;
        sna_json *json = NULL;
        sna_cell_model *model;
        const cJSON *run;
        int runs = 0;

        (void)snprintf(name, sizeof name, "golden/singlecell/%s.json", cells[c]);
        path = test_shared_path(name);
        if (path == NULL)
            continue;
        model = make_model(cells[c]);
        assert_done(sna_json_read(&json, path));
        cJSON_ArrayForEach(run, sna_json_member(sna_json_root(json), "runs"))
        {
            const cJSON *arguments = cJSON_GetObjectItemCaseSensitive(run, "kwargs");
            const char *call = word(run, "call", "");
            sna_cell_setup setup =
                setup_of(number(run, "celsius", NAN), number(run, "v_init", NAN), number(run, "dt", NAN));

            (void)snprintf(site[0], sizeof site[0], "%s(%g)", word(arguments, "inj_sec", "soma"),
                           number(arguments, "inj_loc", 0.5));
            (void)snprintf(site[1], sizeof site[1], "%s(%g)", word(arguments, "record_sec", "soma"),
                           number(arguments, "record_loc", 0.5));
            setup.inject = site[0];
            setup.record = site[1];
            runs++;
            if (strncmp(call, "Passive(", 8) == 0)
                golden_passive(run, arguments, model, &setup);
            else if (strncmp(call, "CurrentClamp(", 13) == 0)
                golden_clamp(run, arguments, model, &setup);
            else if (strncmp(call, "FI(", 3) == 0)
                golden_fi(run, arguments, model, &setup);
            else if (strncmp(call, "ZAP(", 4) == 0)
                golden_zap(run, arguments, model, &setup);
            else if (strncmp(call, "SynapticInput(", 14) == 0)
                golden_synaptic(run, arguments, model, &setup);
            else
                fail_msg("nothing checks %s", call);
        }
        assert_true(runs > 10);
        sna_json_free(json);
        sna_cell_model_free(model);
        free(path);
    }
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_of_an_independent_program),
    };
    int failed;

    reference_cells = test_source_path("tests/models/hoc/reference_cells.hoc");
    failed = run_cell_tests(tests);
    free(reference_cells);
    return failed;
}
