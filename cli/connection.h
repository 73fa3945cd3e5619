/* connection.h: what the commands of the group `connection`, and `plot connection`, share. */
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

/* What came out. */
typedef struct {
    sna_table *table;   /* to be printed */
    sna_figure *figure; /* NULL where picture_wanted says no */
} connection_result;

/* One kind of looking at connections: `sonatina connection NAME` prints it, `sonatina plot connection NAME` draws it.
 */
typedef struct {
    const char *name;
    const char *doc;                  /* as argp's */
    const struct argp_option *option; /* of this kind only */
    argp_parser_t parse;              /* takes them; its input is this kind's options */
    const void *defaults;             /* the options of this kind: a struct with a connection_options first */
    size_t size;                      /* of that struct */
    void (*measure)(void *options);   /* says in options->request what to measure */
    int (*make)(const void *options, const sna_survey *survey, connection_result *out);
    void (*release)(void *options); /* NULL: the options own nothing */
} connection_kind;
/* All of them, ended by NULL. */
extern const connection_kind *const connection_kinds[];
extern const connection_kind connection_kind_convergence, connection_kind_delay_distance, connection_kind_distance,
    connection_kind_divergence, connection_kind_gap, connection_kind_histogram, connection_kind_percent,
    connection_kind_probability, connection_kind_property, connection_kind_total;

/* Runs a kind: parses its options, measures, prints and draws; only draws where `alone`. */
int connection_kind_run(const connection_kind *kind, bool alone, int argc, char **argv) SNA_CHECK_RESULT;

/* A matrix as a heat map, where a drawing is asked for. `heat` may be NULL. */
int connection_draw_matrix(const connection_options *options, const sna_table *table, const sna_heat_options *heat,
                           sna_figure **out) SNA_CHECK_RESULT;
/* The same for a table of sna_survey_degree or sna_survey_gap_degree: means are drawn with their deviations. */
int connection_draw_summary(const connection_options *options, const sna_table *table, sna_summary summary,
                            sna_figure **out) SNA_CHECK_RESULT;
/* Values of a property (NULL: lengths) of the survey: their summary, or with `histogram` what is drawn of them. */
int connection_make_values(const connection_options *options, const sna_survey *survey, const char *property,
                           uint64_t bins, bool histogram, connection_result *out) SNA_CHECK_RESULT;

/* Options of single kinds: axes as "x,z"; or the number of bins. A bad one ends the program with EXIT_USAGE. */
unsigned connection_axes(const struct argp_state *state, const char *text);
uint64_t connection_bins(const struct argp_state *state, const char *text);

#endif
