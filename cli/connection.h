/* connection.h: what the commands of the group `connection` share. */
#ifndef SNA_CLI_CONNECTION_H
#define SNA_CLI_CONNECTION_H

#include "connectivity/connectivity.h"
#include "picture.h"

/* The options of all of them: CONFIG, the choice of cells and edges, and how to show the result. Input of
 * connection_argp; the strings belong to argv. */
typedef struct {
    const char *config;
    sna_survey_request request;
    output_options output;
    picture_options picture;
} connection_options;
extern const struct argp connection_argp;
/* CONFIG and the choice of cells and edges alone, of the same input. */
extern const struct argp connection_choice_argp;

/* Opens the circuit and runs the survey; close and free them, also after a failure. */
int connection_survey(const connection_options *options, sna_circuit **circuit, sna_survey **survey) SNA_CHECK_RESULT;
/* Prints a matrix, and draws it as a heat map where that is asked for (`drawn`: what to draw instead, NULL: the same).
 */
int connection_show(const connection_options *options, const sna_table *table, const sna_table *drawn,
                    const sna_heat_options *heat) SNA_CHECK_RESULT;

/* The same for a table of sna_survey_degree or sna_survey_gap_degree: means are drawn with their deviations. */
int connection_show_summary(const connection_options *options, const sna_table *table,
                            sna_summary summary) SNA_CHECK_RESULT;
/* Prints a table, and draws `figure` where a drawing is asked for; frees the figure. Call it with a figure only then:
 * connection_draws says so. */
bool connection_draws(const connection_options *options);
int connection_show_figure(const connection_options *options, const sna_table *table,
                           sna_figure *figure) SNA_CHECK_RESULT;

/* Options of single commands: axes as "x,z"; or the number of bins. A bad one ends the program with EXIT_USAGE. */
unsigned connection_axes(const struct argp_state *state, const char *text);
uint64_t connection_bins(const struct argp_state *state, const char *text);

#endif
