/* test_protocol.c: what the protocols compute from traces, on traces whose answer is known. No NEURON. */
#include "support.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "singlecell/singlecell.h"

/* A trace of count samples, dt apart, from a function. */
static sna_cell_trace make_trace(uint64_t count, double dt, double (*voltage)(double t))
{
    sna_cell_trace trace = {.count = count};

    assert_done(sna_allocate(&trace.time, count, sizeof *trace.time));
    assert_done(sna_allocate(&trace.voltage, count, sizeof *trace.voltage));
    for (uint64_t i = 0; i < count; i++) {
        trace.time[i] = (double)i * dt;
        trace.voltage[i] = voltage(trace.time[i]);
    }
    return trace;
}

static void free_trace(sna_cell_trace *trace)
{
    free(trace->time);
    free(trace->voltage);
}

#define assert_near(value, expected, tolerance) near_value((value), (expected), (tolerance), #value, __LINE__)
static void near_value(double value, double expected, double tolerance, const char *what, int line)
{
    if (!(fabs(value - expected) <= tolerance)) {
        print_error("line %d: %s is %.12g, expected %.12g within %g\n", line, what, value, expected, tolerance);
        fail();
    }
}

/* ---- the grid of currents ------------------------------------------------------------------------------------- */

static void grids_are_exact_and_have_both_ends(void **state)
{
    static const struct {
        double start, stop, increment;
        uint64_t count;
        double last;
    } cases[] = {
        {0, 1050, 100, 11, 1000},  {0, 1000, 100, 11, 1000}, {0, 1000, 50, 21, 1000}, {0, 500, 100, 6, 500},
        {0, 300, 100, 4, 300},     {-100, 800, 20, 46, 800}, {0, 1, 0.1, 11, 1},      {0.1, 0.7, 0.2, 4, 0.7},
        {100, -100, -50, 5, -100}, {5, 5, 0, 1, 5},          {0, 0.3, 0.1, 4, 0.3},   {1e-3, 3e-3, 1e-3, 3, 3e-3},
        {20, 50, 40, 1, 20},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double *current = NULL;
        uint64_t count = 0;
        assert_done(sna_fi_grid(&current, &count, cases[i].start, cases[i].stop, cases[i].increment));
        assert_int_equal(count, cases[i].count);
        assert_true(current[0] == cases[i].start);
        assert_true(current[count - 1] == cases[i].last); /* to the last bit */
        free(current);
    }
}

static void grids_that_make_no_sense_are_refused(void **state)
{
    double *current = NULL;
    uint64_t count = 0;

    (void)state;
    assert_int_equal(sna_fi_grid(&current, &count, 0, 100, 0), SNA_EINVAL);
    assert_int_equal(sna_fi_grid(&current, &count, 0, 100, -10), SNA_EINVAL);
    assert_contains(sna_error_message(), "do not lead from 0 to 100");
    assert_int_equal(sna_fi_grid(&current, &count, 0, 1e9, 1), SNA_EINVAL);
    assert_int_equal(sna_fi_grid(&current, &count, NAN, 100, 1), SNA_EINVAL);
    assert_int_equal(sna_fi_grid(&current, &count, 0, INFINITY, 1), SNA_EINVAL);
    assert_int_equal(sna_fi_grid(&current, &count, 0, 1e300, 1e299), SNA_EINVAL);
    assert_null(current);
}

/* ---- sites ---------------------------------------------------------------------------------------------------- */

static void sites_are_read(void **state)
{
    sna_cell_site site;
    static const char *const wrong[] = {"",          "(0.5)",    "soma[",      "soma[]",   "soma[-1]",
                                        "soma(1.5)", "soma(0.5", "soma(0.5)x", "soma 0.5", "3dend",
                                        "soma[1.5]", "a.b",      "soma(nan)",  "soma()",   "soma[0](0.5)\nquit()",
                                        "quit()"};

    (void)state;
    assert_done(sna_cell_site_parse(&site, "soma"));
    assert_string_equal(site.name, "soma");
    assert_int_equal(site.index, -1);
    assert_true(site.position == 0.5);
    assert_done(sna_cell_site_parse(&site, "apic_2[31](0.25)"));
    assert_string_equal(site.name, "apic_2");
    assert_int_equal(site.index, 31);
    assert_true(site.position == 0.25);
    assert_done(sna_cell_site_parse(&site, "dend(1)"));
    assert_int_equal(site.index, -1);
    assert_true(site.position == 1);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(sna_cell_site_parse(&site, wrong[i]), SNA_EINVAL);
}

/* ---- spikes --------------------------------------------------------------------------------------------------- */

/* Triangles of 2 ms half base and 100 mV height on -60 mV, at 10, 30 and 70 ms, each followed by a dip to -70 at +5
 * ms. */
static double triangles(double t)
{
    static const double at[] = {10, 30, 70};

    for (int i = 0; i < 3; i++) {
        const double s = t - at[i];
        if (s > -2 && s <= 2)
            return -60 + 50 * (2 - fabs(s));
        if (s > 2 && s <= 8)
            return -70 + fabs(s - 5) / 3 * 10;
    }
    return -60;
}

static void spikes_are_measured(void **state)
{
    sna_cell_trace trace = make_trace(10001, 0.01, triangles);
    double *time = NULL;
    sna_spike *spike = NULL;
    uint64_t count = 0;

    (void)state;
    assert_done(sna_spikes_detect(&time, &count, &trace, 0));
    assert_int_equal(count, 3);
    assert_near(time[0], 10 - 0.8, 1e-9); /* 0 mV is 60 of 100 mV up, at 50 mV/ms */
    assert_near(time[2], 70 - 0.8, 1e-9);
    assert_done(sna_spikes_measure(&spike, &trace, time, count, 0, 10, 90));
    for (uint64_t i = 0; i < count; i++) {
        assert_near(spike[i].peak, 40, 1e-6);
        assert_near(spike[i].threshold, -60, 0.3); /* the kink lies between two samples */
        assert_near(spike[i].amplitude, 100, 0.3);
        assert_near(spike[i].half_width, 2, 0.02);
        assert_near(spike[i].ahp, 10, 0.3);
        assert_near(spike[i].ahp_time, 5, 0.02);
    }
    assert_near(spike[1].peak_time, 30, 1e-9);
    free(spike);
    /* A steeper demand than the spike ever meets: no threshold, and nothing that needs it. */
    assert_done(sna_spikes_measure(&spike, &trace, time, count, 0, 1000, 90));
    assert_true(isnan(spike[0].threshold) && isnan(spike[0].half_width) && isnan(spike[0].ahp));
    assert_near(spike[0].peak, 40, 1e-6);
    free(spike);
    free(time);
    /* None above 40 mV; a start above the threshold is no spike. */
    assert_done(sna_spikes_detect(&time, &count, &trace, 40.5));
    assert_int_equal(count, 0);
    free(time);
    assert_done(sna_spikes_detect(&time, &count, &trace, -65));
    assert_int_equal(count, 3); /* out of each dip */
    free(time);
    free_trace(&trace);
}

/* A spike that the trace cuts off has a peak, but no width. */
static void spikes_at_the_end_are_incomplete(void **state)
{
    sna_cell_trace trace = make_trace(1000, 0.01, triangles); /* to 9.99 ms: on the way up */
    double *time = NULL;
    sna_spike *spike = NULL;
    uint64_t count = 0;

    (void)state;
    assert_done(sna_spikes_detect(&time, &count, &trace, 0));
    assert_int_equal(count, 1);
    assert_done(sna_spikes_measure(&spike, &trace, time, count, 0, 10, 90));
    assert_near(spike[0].peak, 39.5, 1e-6);
    assert_true(isnan(spike[0].half_width) && isnan(spike[0].ahp));
    free(spike);
    free(time);
    trace.count = 0;
    assert_done(sna_spikes_detect(&time, &count, &trace, 0));
    assert_int_equal(count, 0);
    assert_null(time);
    trace.count = 1000;
    free_trace(&trace);
}

/* ---- passive properties --------------------------------------------------------------------------------------- */

/* 100 MOhm with 20 ms, -0.1 nA from 100 to 400 ms. */
static double one_exponential(double t)
{
    return -70 - 10 * (t < 100 ? 0 : t <= 400 ? 1 - exp(-(t - 100) / 20) : exp(-(t - 400) / 20));
}

static double upward(double t)
{
    return -140 - one_exponential(t);
}

/* Two charging components, 30 ms and 3 ms. */
static double two_exponentials(double t)
{
    return t < 100 ? -70 : -70 - 8 * -expm1(-(t - 100) / 30) - 2 * -expm1(-(t - 100) / 3);
}

/* A membrane of 10 ms and a sag of 60 ms: slower, but not the membrane's. */
static double sagging(double t)
{
    return t < 100 ? -70 : -70 - 14 * -expm1(-(t - 100) / 10) + 4 * -expm1(-(t - 100) / 60);
}

/* A swinging membrane: no sum of two real exponentials. */
static double swinging(double t)
{
    return t < 100 ? -70 : -70 - 10 * (1 - exp(-(t - 100) / 10) * cos((t - 100) / 8));
}

static void passive_properties_of_known_traces(void **state)
{
    sna_cell_trace trace = make_trace(16001, 0.025, one_exponential);
    sna_passive_measure measure;

    (void)state;
    for (int method = SNA_TAU_SIMPLE; method <= SNA_TAU_EXP2; method++) {
        assert_done(sna_passive_measure_trace(&measure, &trace, 100, 400, -0.1, (sna_tau_method)method));
        assert_near(measure.v_rest, -70, 1e-12);
        assert_near(measure.r_in, 100, 1e-3);
        assert_near(measure.r_in_peak, 100, 1e-3);
        assert_near(measure.tau, 20, method == SNA_TAU_SIMPLE ? 1e-3 : 1e-6);
        assert_near(measure.c_m, 200, 0.02);
        assert_near(measure.v_sag, 0, 1e-9);
        assert_near(measure.drift, 0, 1e-12);
    }
    /* The second exponential has nothing to do: it must not become the membrane's. */
    assert_int_equal(measure.fit.components, 2);
    assert_near(measure.fit.component[measure.fit.membrane].tau, 20, 1e-6);
    free_trace(&trace);

    trace = make_trace(16001, 0.025, upward);
    for (int method = SNA_TAU_SIMPLE; method <= SNA_TAU_EXP2; method++) {
        assert_done(sna_passive_measure_trace(&measure, &trace, 100, 400, 0.1, (sna_tau_method)method));
        assert_near(measure.r_in, 100, 1e-3);
        assert_near(measure.tau, 20, 2e-3);
    }
    free_trace(&trace);

    trace = make_trace(16001, 0.025, two_exponentials);
    assert_done(sna_passive_measure_trace(&measure, &trace, 100, 400, -0.1, SNA_TAU_EXP2));
    assert_near(measure.tau, 30, 1e-5);
    assert_near(measure.fit.component[0].tau, 3, 1e-5);
    assert_near(measure.fit.component[0].amplitude, 2, 1e-5);
    assert_near(measure.fit.component[1].amplitude, 8, 1e-5);
    assert_near(measure.fit.rms, 0, 1e-7);
    assert_true(measure.fit.converged && !measure.fit.degenerate);
    free_trace(&trace);

    trace = make_trace(40001, 0.025, sagging);
    assert_done(sna_passive_measure_trace(&measure, &trace, 100, 1000, -0.1, SNA_TAU_EXP2));
    assert_near(measure.tau, 10, 1e-5);
    assert_near(measure.fit.component[1].tau, 60, 1e-4);
    assert_true(measure.v_sag < -1);
    assert_near(measure.v_final, -80, 1e-5);
    assert_near(measure.sag_ratio, measure.v_sag / (measure.v_peak - measure.v_rest), 1e-12);
    assert_true(measure.r_in_peak > measure.r_in);
    free_trace(&trace);

    trace = make_trace(40001, 0.025, swinging);
    assert_done(sna_passive_measure_trace(&measure, &trace, 100, 1000, -0.1, SNA_TAU_EXP2));
    assert_true(measure.fit.degenerate && measure.tau_from_rise);
    assert_true(measure.tau > 1 && measure.tau < 30);
    free_trace(&trace);
}

/* The same curve sampled unevenly, as with variable steps, has the same time constants. */
static void uneven_samples_weigh_their_time(void **state)
{
    sna_cell_trace trace = {0};
    sna_passive_measure measure;
    double t = 0;

    (void)state;
    assert_done(sna_allocate(&trace.time, 4000, sizeof *trace.time));
    assert_done(sna_allocate(&trace.voltage, 4000, sizeof *trace.voltage));
    while (t < 400) {
        trace.time[trace.count] = t;
        trace.voltage[trace.count++] = two_exponentials(t);
        t += t < 100 ? 5 : t < 120 ? 0.05 : 1;
    }
    assert_done(sna_passive_measure_trace(&measure, &trace, 100, 390, -0.1, SNA_TAU_EXP2));
    assert_near(measure.tau, 30, 1e-4);
    assert_near(measure.fit.component[0].tau, 3, 1e-4);
    free_trace(&trace);
}

static void passive_measures_refuse_nonsense(void **state)
{
    sna_cell_trace trace = make_trace(16001, 0.025, one_exponential);
    sna_passive_measure measure;

    (void)state;
    assert_int_equal(sna_passive_measure_trace(&measure, &trace, 100, 400, 0, SNA_TAU_SIMPLE), SNA_EINVAL);
    assert_int_equal(sna_passive_measure_trace(&measure, &trace, 100, 500, -0.1, SNA_TAU_SIMPLE), SNA_EINVAL);
    assert_int_equal(sna_passive_measure_trace(&measure, &trace, 100, 100.05, -0.1, SNA_TAU_SIMPLE), SNA_EINVAL);
    trace.count = 0;
    assert_int_equal(sna_passive_measure_trace(&measure, &trace, 100, 400, -0.1, SNA_TAU_SIMPLE), SNA_EINVAL);
    /* A flat line has a resistance of 0 and no time constant. */
    trace.count = 4000;
    assert_done(sna_passive_measure_trace(&measure, &trace, 10, 90, -0.1, SNA_TAU_SIMPLE));
    assert_true(measure.r_in == 0 && isnan(measure.tau));
    trace.count = 16001;
    free_trace(&trace);
}

static void names_of_methods(void **state)
{
    sna_tau_method method = SNA_TAU_SIMPLE;
    sna_chirp chirp = SNA_CHIRP_LINEAR;

    (void)state;
    assert_done(sna_tau_method_parse(&method, "exp2"));
    assert_int_equal(method, SNA_TAU_EXP2);
    assert_string_equal(sna_tau_method_name(method), "exp2");
    assert_int_equal(sna_tau_method_parse(&method, "exp3"), SNA_EINVAL);
    assert_contains(sna_error_message(), "simple, exp or exp2");
    assert_done(sna_chirp_parse(&chirp, "exponential"));
    assert_int_equal(chirp, SNA_CHIRP_EXPONENTIAL);
    assert_int_equal(sna_chirp_parse(&chirp, "log"), SNA_EINVAL);
}

/* ---- impedance ------------------------------------------------------------------------------------------------ */

/* An RC membrane (R MOhm, tau ms) under a staircase of current, solved exactly, and sampled at the steps. */
static void impedance_of_a_membrane(void **state)
{
    enum { COUNT = 60000 };
    const double dt = 0.1, r = 100, tau = 15, pi = acos(-1);
    double *current = NULL, *voltage = NULL, *frequency = NULL, *real = NULL, *imaginary = NULL;
    uint64_t bins = 0;

    (void)state;
    assert_done(sna_allocate(&current, COUNT, sizeof *current));
    assert_done(sna_allocate(&voltage, COUNT, sizeof *voltage));
    for (int i = 0; i < 50000; i++) {
        const double s = i * dt / 5000;
        current[i] = 0.05 * sin(pi * 0.1 * s * s * 2500); /* to 100 Hz */
    }
    for (int i = 1; i < COUNT; i++)
        voltage[i] = voltage[i - 1] + (r * current[i - 1] - voltage[i - 1]) * -expm1(-dt / tau);
    assert_done(sna_impedance(&frequency, &real, &imaginary, &bins, voltage, current, COUNT, dt, true, 1, 60));
    assert_true(bins > 300);
    assert_true(frequency[0] >= 1 && frequency[bins - 1] <= 60);
    for (uint64_t k = 0; k < bins; k++) {
        const double complex exact = r / (1 + I * 2 * pi * frequency[k] / 1000 * tau);
        const double complex z = real[k] + I * imaginary[k];
        assert_near(cabs(z) / cabs(exact), 1, 2e-3);
        assert_near(carg(z) - carg(exact), 0, 2e-3);
    }
    free(frequency);
    free(real);
    free(imaginary);
    assert_int_equal(sna_impedance(&frequency, &real, &imaginary, &bins, voltage, current, COUNT, dt, true, 60, 50),
                     SNA_EINVAL);
    assert_int_equal(sna_impedance(&frequency, &real, &imaginary, &bins, voltage, current, 0, dt, true, 1, 50),
                     SNA_EINVAL);
    assert_null(frequency);
    free(current);
    free(voltage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grids_are_exact_and_have_both_ends),
        cmocka_unit_test(grids_that_make_no_sense_are_refused),
        cmocka_unit_test(sites_are_read),
        cmocka_unit_test(spikes_are_measured),
        cmocka_unit_test(spikes_at_the_end_are_incomplete),
        cmocka_unit_test(passive_properties_of_known_traces),
        cmocka_unit_test(uneven_samples_weigh_their_time),
        cmocka_unit_test(passive_measures_refuse_nonsense),
        cmocka_unit_test(names_of_methods),
        cmocka_unit_test(impedance_of_a_membrane),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
