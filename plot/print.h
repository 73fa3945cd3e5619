/* print.h: what the files that draw with characters share. */
#ifndef SNA_PLOT_PRINT_H
#define SNA_PLOT_PRINT_H

#include "internal.h"

void sna_print_repeat(FILE *stream, const char *text, uint64_t count);
/* The first line of a text in `width` columns, cut with an ellipsis where it is longer, padded where it is shorter. */
void sna_print_cut(FILE *stream, const char *text, uint64_t width, sna_plot_align align, bool unicode);
int sna_print_heat(const sna_plot_heat *heat, FILE *stream, const sna_screen *screen) SNA_CHECK_RESULT;
/* Also a panel in space, seen from above. */
int sna_print_flat(const sna_panel *panel, sna_plot_extent x, sna_plot_extent y, FILE *stream,
                   const sna_screen *screen) SNA_CHECK_RESULT;

#endif
