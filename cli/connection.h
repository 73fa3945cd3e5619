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

/* Opens the circuit and runs the survey; close and free them, also after a failure. */
int connection_survey(const connection_options *options, sna_circuit **circuit, sna_survey **survey) SNA_CHECK_RESULT;
/* Prints a matrix, and draws it as a heat map where that is asked for (`drawn`: what to draw instead, NULL: the same).
 */
int connection_show(const connection_options *options, const sna_table *table, const sna_table *drawn,
                    const sna_heat_options *heat) SNA_CHECK_RESULT;

#endif
