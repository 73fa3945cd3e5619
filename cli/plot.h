/* plot.h: what the commands of the group `plot` share. */
#ifndef SNA_CLI_PLOT_H
#define SNA_CLI_PLOT_H

#include "connectivity/connectivity.h"
#include "picture.h"

/* One file, how to draw, and, for commands on cells, which and in what groups. Input of the argps; the strings belong
 * to argv. */
typedef struct {
    const char *file;
    sna_cell_request cells;
    picture_options picture;
} plot_options;

/* The file and how to draw. */
extern const struct argp plot_argp;
/* The same, and the choice of cells. */
extern const struct argp plot_cells_argp;
/* The choice of cells alone; its input is a sna_cell_request. */
extern const struct argp plot_choice_argp;

/* Does the name of a file end like that of an HDF5 or CSV file, not a config? */
bool plot_is_data(const char *path);

#endif
