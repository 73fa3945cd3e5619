/* test_base_random.c: the generator against published answers, the distributions against their exact forms. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

static void known_answers(void **state)
{
    /* Random123's published answers for philox4x64-10: counter and key all zero, and all ones. */
    static const uint64_t zero[] = {0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b};
    sna_random random;

    (void)state;
    sna_random_start(&random, 0, 0, 0, 0);
    for (size_t i = 0; i < 4; i++)
        assert_true(sna_random_bits(&random) == zero[i]);
    /* FNV-1a, 64 bit, of "a" and "foobar" (published test values). */
    assert_true(sna_random_purpose("") == 0xcbf29ce484222325);
    assert_true(sna_random_purpose("a") == 0xaf63dc4c8601ec8c);
    assert_true(sna_random_purpose("foobar") == 0x85944171f73967e8);
}

static void streams_are_apart(void **state)
{
    sna_random a, b;
    uint64_t first;

    (void)state;
    sna_random_start(&a, 1, 2, 3, 4);
    first = sna_random_bits(&a);
    sna_random_start(&b, 1, 2, 3, 4);
    assert_true(sna_random_bits(&b) == first);
    sna_random_start(&b, 1, 2, 4, 3);
    assert_true(sna_random_bits(&b) != first);
    sna_random_start(&b, 2, 2, 3, 4);
    assert_true(sna_random_bits(&b) != first);
    sna_random_start(&b, 1, 3, 3, 4);
    assert_true(sna_random_bits(&b) != first);
}

/* The chance of a chi-square at least this large; the seeds are fixed, so this never flickers. */
static void assert_fits(const uint64_t *seen, const double *expected, size_t count)
{
    double chi2 = 0;

    for (size_t i = 0; i < count; i++) {
        assert_true(expected[i] >= 5);
        chi2 += ((double)seen[i] - expected[i]) * ((double)seen[i] - expected[i]) / expected[i];
    }
    assert_true(gsl_cdf_chisq_Q(chi2, (double)(count - 1)) > 1e-4);
    assert_true(gsl_cdf_chisq_P(chi2, (double)(count - 1)) > 1e-4);
}

enum { DRAWS = 200000 };

static void integers_have_no_bias(void **state)
{
    enum { N = 7 };
    uint64_t seen[N] = {0};
    double expected[N];
    sna_random random;

    (void)state;
    sna_random_start(&random, 1, sna_random_purpose("below"), 0, 0);
    for (int i = 0; i < DRAWS; i++)
        seen[sna_random_below(&random, N)]++;
    for (size_t i = 0; i < N; i++)
        expected[i] = (double)DRAWS / N;
    assert_fits(seen, expected, N);
    assert_true(sna_random_below(&random, 0) == 0);
    assert_true(sna_random_below(&random, 1) == 0);
    for (int i = 0; i < 1000; i++)
        assert_true(sna_random_below(&random, UINT64_MAX) < UINT64_MAX);
}

static void uniform_and_normal(void **state)
{
    enum { BINS = 20 };
    uint64_t flat[BINS] = {0}, bell[BINS] = {0}, wait[BINS] = {0};
    double expected[BINS];
    sna_random random;

    (void)state;
    sna_random_start(&random, 1, sna_random_purpose("uniform"), 0, 0);
    for (int i = 0; i < DRAWS; i++) {
        const double u = sna_random_uniform(&random), v = sna_random_open(&random);
        assert_true(u >= 0 && u < 1 && v > 0 && v <= 1);
        flat[(size_t)(u * BINS)]++;
        /* Through its own distribution function every variable is uniform. */
        bell[(size_t)(gsl_cdf_ugaussian_P(sna_random_normal(&random)) * BINS)]++;
        wait[(size_t)(gsl_cdf_exponential_P(sna_random_exponential(&random), 1) * BINS * (1 - 1e-12))]++;
    }
    for (size_t i = 0; i < BINS; i++)
        expected[i] = (double)DRAWS / BINS;
    assert_fits(flat, expected, BINS);
    assert_fits(bell, expected, BINS);
    assert_fits(wait, expected, BINS);
}

static void skips_are_geometric(void **state)
{
    enum { BINS = 12 };
    const double p = 0.3;
    uint64_t seen[BINS + 1] = {0};
    double expected[BINS + 1];
    sna_random random;

    (void)state;
    sna_random_start(&random, 1, sna_random_purpose("skip"), 0, 0);
    for (int i = 0; i < DRAWS; i++) {
        const uint64_t skip = sna_random_skip(&random, log1p(-p));
        seen[skip < BINS ? skip : BINS]++;
    }
    for (unsigned i = 0; i < BINS; i++)
        expected[i] = DRAWS * p * pow(1 - p, i);
    expected[BINS] = DRAWS * pow(1 - p, BINS);
    assert_fits(seen, expected, BINS + 1);
    for (int i = 0; i < 100; i++) {
        assert_true(sna_random_skip(&random, log1p(-1.0)) == 0);
        assert_true(sna_random_skip(&random, log1p(-0.0)) == UINT64_MAX);
        assert_true(sna_random_skip(&random, log1p(-1e-18)) > UINT64_C(1000000000));
    }
}

static void binomial_and_poisson(void **state)
{
    enum { N = 10, BINS = 10 };
    uint64_t seen[N + 1] = {0}, counts[BINS + 1] = {0};
    double expected[N + 1], sum = 0;
    const uint64_t large = UINT64_C(1) << 33;
    sna_random random;

    (void)state;
    sna_random_start(&random, 1, sna_random_purpose("binomial"), 0, 0);
    for (int i = 0; i < DRAWS; i++) {
        const uint64_t k = sna_random_poisson(&random, 3);
        seen[sna_random_binomial(&random, N, 0.45)]++;
        counts[k < BINS ? k : BINS]++;
    }
    for (unsigned i = 0; i <= N; i++)
        expected[i] = DRAWS * gsl_ran_binomial_pdf(i, 0.45, N);
    assert_fits(seen, expected, N + 1);
    for (unsigned i = 0; i < BINS; i++)
        expected[i] = DRAWS * gsl_ran_poisson_pdf(i, 3);
    expected[BINS] = DRAWS * gsl_cdf_poisson_Q(BINS - 1, 3);
    assert_fits(counts, expected, BINS + 1);
    assert_true(sna_random_binomial(&random, 100, 0) == 0);
    assert_true(sna_random_binomial(&random, 100, 1) == 100);
    assert_true(sna_random_poisson(&random, 0) == 0);
    for (int i = 0; i < 100; i++)
        sum += (double)sna_random_binomial(&random, large, 0.25);
    assert_true(fabs(sum / 100 - 0.25 * (double)large) < 5 * sqrt(0.25 * 0.75 * (double)large / 100));
}

static void hashes_match_published_answers(void **state)
{
    char hex[65];
    sna_hash *hash = NULL;

    (void)state;
    assert_done(sna_hash_create(&hash));
    sna_hash_add(hash, "abc", 3);
    sna_hash_finish(hash, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sna_hash_free(hash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(streams_are_apart),
        cmocka_unit_test(integers_have_no_bias),
        cmocka_unit_test(uniform_and_normal),
        cmocka_unit_test(skips_are_geometric),
        cmocka_unit_test(binomial_and_poisson),
        cmocka_unit_test(hashes_match_published_answers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
