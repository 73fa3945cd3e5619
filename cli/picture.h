/* picture.h: options of commands that can draw their result. */
#ifndef SNA_CLI_PICTURE_H
#define SNA_CLI_PICTURE_H

#include "command.h"
#include "plot/plot.h"

/* --plot, --ascii, --show, --script, --title; to be used as a child of a command's argp, with this as its input. */
typedef struct {
    const char *file;   /* NULL: none */
    const char *script; /* NULL: none */
    const char *title;  /* NULL: the figure's own */
    bool ascii, show;
} picture_options;
extern const struct argp picture_argp;

/* Is any picture asked for? */
bool picture_wanted(const picture_options *options);
/* Draws the figure wherever the options say: into the file, a window, characters on standard output. */
int picture_draw(const picture_options *options, const sna_figure *figure) SNA_CHECK_RESULT;

#endif
