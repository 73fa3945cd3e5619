/* internal.h: what the files of report/ share. */
#ifndef SNA_REPORT_INTERNAL_H
#define SNA_REPORT_INTERNAL_H

#include "report/report.h"

/* ---- data.c: numbers for the scripts of the page ---------------------------------------------------------------- */

/* Appends a text as a JSON string; a number as its shortest exact text, null where it is not finite. */
int sna_data_text(sna_string *out, const char *text) SNA_CHECK_RESULT;
int sna_data_number(sna_string *out, double value) SNA_CHECK_RESULT;
/* Appends {"name", "title", "header", "labels": [..], "columns": [..], "units": [..], "rows": [[..]], "notes": [..]};
 * "header" is null and "labels" empty in a table without row labels, a missing cell is null. */
int sna_data_table(sna_string *out, const char *name, const sna_table *table) SNA_CHECK_RESULT;

/* ---- places.c --------------------------------------------------------------------------------------------------- */

/* Appends {"all", "groups": [..], "x": [..], "y", "z", "group", "id"} of cells in space. */
int sna_data_places(sna_string *out, const sna_places *self, const sna_cells *cells) SNA_CHECK_RESULT;

/* ---- built.c ---------------------------------------------------------------------------------------------------- */

/* The path of the builder's report beside a config (NULL: none is known); NULL where there is none. free() it. */
int sna_built_find(char **out, const char *config) SNA_CHECK_RESULT;
/* Adds what the builder expected and made, as that report says. A report that cannot be read is no error: the page says
 * why. */
int sna_built_add(sna_page *page, const char *path, sna_circuit *circuit) SNA_CHECK_RESULT;

/* ---- origin.c --------------------------------------------------------------------------------------------------- */

/* The files that the circuit consists of, and `built` (may be NULL): one row each with size in bytes and SHA-256. */
int sna_origin_files(sna_table **out, sna_circuit *circuit, const char *config, const char *built) SNA_CHECK_RESULT;

/* ---- script.c --------------------------------------------------------------------------------------------------- */

/* page.js and page.css, as built in. */
extern const char sna_report_script[], sna_report_style[];

#endif
