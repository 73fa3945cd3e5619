/* picture.h: options of commands that can draw their result. */
#ifndef SNA_CLI_PICTURE_H
#define SNA_CLI_PICTURE_H

#include "command.h"
#include "plot/plot.h"

/* Where and how to draw. */
typedef struct {
    const char *file;     /* NULL: none */
    const char *script;   /* where to keep the gnuplot script; NULL: nowhere */
    const char *title;    /* NULL: the figure's own */
    double width, height; /* of the picture in pixels; 0: what it needs */
    bool ascii, show;
    bool alone; /* the picture is the result: no table is printed */
} picture_options;

/* --plot, --ascii, --show, --script, --size, --title of a command that prints a table (or a record) and can draw it
 * too; to be used as a child of the command's argp, with a picture_options as input. */
extern const struct argp picture_argp;
/* The same of a command that only draws: --plot is called --output, -o too, and without any of these options the
 * picture is printed in characters. */
extern const struct argp picture_alone_argp;

/* Is any picture asked for? Make a figure only then. */
bool picture_wanted(const picture_options *options);
/* Shall the table be printed? Not where its picture stands on standard output instead. */
bool picture_prints(const picture_options *options);
/* Draws the figure wherever the options say: into the file, a window, characters on standard output. Sets its size and
 * title. */
int picture_draw(const picture_options *options, sna_figure *figure) SNA_CHECK_RESULT;
/* Prints a table where it is to be printed, and draws the figure (NULL: nothing to draw). */
int picture_show(const picture_options *options, const output_options *output, const sna_table *table,
                 sna_figure *figure) SNA_CHECK_RESULT;

#endif
