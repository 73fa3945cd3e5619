/* cell_common.h: what the cell commands share: the options that name a cell and its conditions, and what becomes of a
 * result. */
#ifndef SNA_CLI_CELL_COMMON_H
#define SNA_CLI_CELL_COMMON_H

#include "command.h"

#include "plot/plot.h"
#include "singlecell/singlecell.h"

typedef struct {
    output_options output;
    sna_cell_source source;
    sna_cell_setup setup;
    const char **hoc, **insert, **set; /* grow with each --hoc, --insert, --set */
    uint64_t hoc_capacity, insert_capacity, set_capacity;
    bool processing_given;
    const char *traces, *plot, *script;
    bool show, verbose;
} cell_options;
#define CELL_OPTIONS ((cell_options){.output = {SNA_FORMAT_TEXT}, .setup = SNA_CELL_SETUP_DEFAULT})

/* A child of the commands' argps; its input is a cell_options. */
extern const struct argp cell_argp;

/* What is printed for a result besides its record. */
typedef enum {
    CELL_TABLE_NONE = 0,
    CELL_TABLE_TEXT = 1, /* the table below the record, in text and Markdown */
    CELL_TABLE_CSV = 2,  /* the table instead of the record, as CSV */
    CELL_TABLE_JSON = 4  /* the table as member of the record, as JSON */
} cell_table;

/* A protocol as the commands call it; `options` is the protocol's own set. */
typedef int (*cell_protocol)(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup,
                             const void *options);
typedef int (*cell_figure)(sna_figure **out, const sna_cell_result *result);

/* A number among the options of a command: its key, and where it goes in the struct of the command's options, whose
 * first member is a cell_options. */
typedef struct {
    int key;
    size_t place;
} cell_number;
/* The part of a command's parser that is the same in all: hands the cell's options to cell_argp, and reads the numbers
 * of a list that ends with key 0; `options` has their names. ARGP_ERR_UNKNOWN for other keys. */
error_t cell_parse_number(const struct argp_option *options, const cell_number *numbers, int key, char *text,
                          struct argp_state *state);

/* A command that runs a protocol: parses, makes the model, runs the protocol, writes traces and pictures, prints the
 * result, opens a window. `options` is the struct of the command's options, which starts with a cell_options;
 * `protocol_options` what the protocol gets. `tables` is a sum of cell_table; `table_name` is its key for JSON. */
int cell_command(int argc, char **argv, const struct argp *arguments, cell_options *options, cell_protocol protocol,
                 const void *protocol_options, cell_figure figure, unsigned tables,
                 const char *table_name) SNA_CHECK_RESULT;
void cell_options_free(cell_options *self);

/* --plot and --show: a picture of what a command found. */
int cell_write_figure(const cell_options *options, const sna_figure *figure) SNA_CHECK_RESULT;
int cell_show_figure(const cell_options *options, const sna_figure *figure) SNA_CHECK_RESULT;

/* cell_figures.c: pictures of results. */
int cell_figure_traces(sna_figure **out, const sna_cell_result *result) SNA_CHECK_RESULT;
int cell_figure_fi(sna_figure **out, const sna_cell_result *result) SNA_CHECK_RESULT;
int cell_figure_zap(sna_figure **out, const sna_cell_result *result) SNA_CHECK_RESULT;

/* cell_morphology.c. */
int cell_figure_morphology(sna_figure **out, const sna_cell_description *cell) SNA_CHECK_RESULT;

#endif
