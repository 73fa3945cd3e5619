/* report.h: the connectivity report: one page with the tables and figures of a circuit; or one picture.
 *
 * An HTML page is one file that needs nothing else, no network either. Its charts are drawn by Plotly.js, which is
 * copied into it, from numbers that stand in the page; without Plotly.js they are pictures. A Markdown page has PNG
 * pictures beside it. */
#ifndef SNA_REPORT_REPORT_H
#define SNA_REPORT_REPORT_H

#include "base/base.h"
#include "connectivity/connectivity.h"
#include "plot/plot.h"
#include "sonata/sonata.h"

#ifdef __cplusplus
extern "C" {
#endif

/* {0} is good. */
typedef struct {
    /* Which cells and edges, and how cells are grouped; what to measure and which properties do not matter. Groups
     * that are NULL on both sides: pop_name where populations have it, else node_type_id. */
    sna_survey_request survey;
    const char *title;       /* NULL: made from the name of the config's folder */
    const char *config;      /* the file that was given, validated and listed; NULL: no validation */
    const char *command;     /* how this report was asked for; NULL: left out */
    const char *plotly;      /* path of plotly.min.js; NULL: pictures */
    const sna_record *graph; /* measures of the network as a graph; NULL: none */
    const char *graph_note;  /* a sentence on them, or on why there are none; NULL: none */
    uint64_t most_cells;     /* shown in space, evenly chosen; 0: 20000 */
} sna_connectivity_report;

/* Measures the circuit (validation aside, the edges are read once) and writes the page: HTML or Markdown by the ending
 * of `path` (.html, .htm, .md), all or nothing. Errors: as for sna_survey_run, sna_validate and sna_page_write. */
int sna_connectivity_report_write(const sna_connectivity_report *self, sna_circuit *circuit,
                                  const char *path) SNA_CHECK_RESULT;

/* A network in one picture, from one pass over its edges: the groups of cells and their connections as a diagram, where
 * cells are, probability and convergence as matrices, the connections that cells receive, probability by distance; what
 * the network lacks is left out. Groups as for the report, gap junctions aside. Errors: as for sna_survey_run. */
int sna_overview_figure(sna_figure **out, sna_circuit *circuit, const sna_survey_request *request,
                        const char *title) SNA_CHECK_RESULT;

#ifdef __cplusplus
}
#endif
#endif
