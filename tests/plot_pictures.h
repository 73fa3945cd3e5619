/* plot_pictures.h: figures of every kind, and looking into the pictures that they make: what the tests of plot share.
 */
#ifndef SNA_TESTS_PLOT_PICTURES_H
#define SNA_TESTS_PLOT_PICTURES_H

#include "support.h"

#include "plot/plot.h"

/* ---- looking into pictures ---------------------------------------------------------------------------------- */

typedef struct {
    unsigned width, height, channels;
    unsigned char *pixel; /* [height * width * channels] */
} picture_image;

/* An 8 bit PNG without interlacing, as gnuplot writes them; free() the pixels. */
picture_image picture_read_png(const char *path);
/* How many pixels have a colour (within 3 of each channel). */
size_t picture_count_colour(const picture_image *self, unsigned rgb);
/* Width and height of a PNG by its head alone. */
void picture_png_size(const char *path, unsigned *width, unsigned *height);
char *picture_read_text(const char *path);
size_t picture_count_text(const char *text, const char *part);

/* ---- figures ------------------------------------------------------------------------------------------------ */

sna_table *picture_matrix(uint64_t rows, uint64_t columns);
sna_figure *picture_heat(uint64_t rows, uint64_t columns);
sna_panel *picture_panel(sna_figure *figure, const char *title);
sna_figure *picture_lines(void);
sna_figure *picture_raster(uint64_t count);
/* One of each kind: 0 .. PICTURE_KINDS - 1. */
enum { PICTURE_KINDS = 7 };
sna_figure *picture_kind(int kind);

/* ---- folders ------------------------------------------------------------------------------------------------ */

/* A test in a new empty folder, which is the current one. */
int picture_enter(void **state);
int picture_leave(void **state);
#define PICTURE_TEST(test) cmocka_unit_test_setup_teardown(test, picture_enter, picture_leave)

#endif
