/* test_plot_data.c: many data: traces and rasters thinned, values counted. */
#include "plot_pictures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void long_traces_are_thinned_to_what_can_be_seen(void **state)
{
    enum { COUNT = 1000000 };
    double *value = calloc(COUNT, sizeof *value);
    sna_figure *figure = NULL;
    char *text;
    (void)state;

    assert_non_null(value);
    for (int i = 0; i < COUNT; i++)
        value[i] = sin(i * 1e-4);
    value[123456] = 57.25; /* one sample wide */
    value[765432] = -31.5;
    value[500000] = NAN;
    value[500001] = INFINITY;
    assert_done(sna_figure_create(&figure, NULL));
    assert_done(sna_panel_add_trace(picture_panel(figure, NULL), NULL, 0, 0.025, value, COUNT));
    assert_done(sna_figure_write(figure, "a.png", "a.gp"));
    text = picture_read_text("a.gp");
    assert_true(strlen(text) < 200000);
    assert_contains(text, " 57.25\n");
    assert_contains(text, " -31.5\n");
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "inf"));
    free(text);
    sna_figure_free(figure);
    free(value);
}

static void rasters_of_many_spikes_stay_small(void **state)
{
    sna_figure *figure = picture_raster(1000000);
    char *text;
    picture_image png;
    (void)state;

    assert_done(sna_figure_write(figure, "a.png", "a.gp"));
    text = picture_read_text("a.gp");
    assert_true(strlen(text) < 8000000);
    assert_contains(text, "'Rate (Hz)'");
    free(text);
    png = picture_read_png("a.png");
    assert_true(picture_count_colour(&png, 0x0072B2) > 100000); /* the first group fills four fifths */
    assert_true(picture_count_colour(&png, 0xD55E00) > 20000);
    free(png.pixel);
    sna_figure_free(figure);
}

static void histograms_count_everything_once(void **state)
{
    double value[1000], *edge = NULL, *count = NULL, total = 0;
    uint64_t bins = 0;
    (void)state;

    for (int i = 0; i < 1000; i++)
        value[i] = i % 10;
    assert_done(sna_histogram_count(&edge, &count, &bins, NAN, NAN, value, 1000));
    /* Whole numbers: bins around them, and as many in each. */
    assert_int_equal(bins, 10);
    for (uint64_t i = 0; i < bins; i++) {
        assert_true(edge[i] == (double)i - 0.5);
        assert_true(count[i] == 100);
    }
    free(edge);
    free(count);
    value[0] = NAN;
    value[1] = INFINITY;
    bins = 4;
    assert_done(sna_histogram_count(&edge, &count, &bins, 0, 8, value, 1000));
    assert_int_equal(bins, 4);
    assert_true(edge[0] == 0 && edge[4] == 8);
    /* 0 .. 8 are 9 of 10 values; one 0 and one 1 are not finite; the last bin holds its upper end. */
    assert_true(count[0] == 198 && count[1] == 200 && count[3] == 300);
    free(edge);
    free(count);
    bins = 0;
    for (int i = 0; i < 1000; i++)
        value[i] = 0.5 + i * 0.001;
    assert_done(sna_histogram_count(&edge, &count, &bins, NAN, NAN, value, 1000));
    /* Freedman and Diaconis: 2 * 0.4995 / 10 = 0.0999 wide over 0.999. */
    assert_int_equal(bins, 10);
    for (uint64_t i = 0; i < bins; i++)
        total += count[i];
    assert_true(total == 1000);
    free(edge);
    free(count);
    bins = 0;
    assert_int_equal(sna_histogram_count(&edge, &count, &bins, NAN, NAN, value, 0), SNA_EINVAL);
    assert_int_equal(sna_histogram_count(&edge, &count, &bins, 2, 1, value, 3), SNA_EINVAL);
    assert_null(edge);
    bins = 0;
    assert_done(sna_histogram_count(&edge, &count, &bins, NAN, NAN, (double[]){2.5, 2.5}, 2));
    assert_int_equal(bins, 1);
    assert_true(count[0] == 2 && edge[0] < 2.5 && edge[1] > 2.5);
    free(edge);
    free(count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PICTURE_TEST(long_traces_are_thinned_to_what_can_be_seen),
        PICTURE_TEST(rasters_of_many_spikes_stay_small),
        cmocka_unit_test(histograms_count_everything_once),
    };
    return cmocka_run_group_tests_name("plot_data", tests, NULL, NULL);
}
