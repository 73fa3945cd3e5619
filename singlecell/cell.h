/* cell.h: what cell.c does inside a NEURON process for simulate.c. */
#ifndef SNA_SINGLECELL_CELL_H
#define SNA_SINGLECELL_CELL_H

#include "internal.h"
#include "neuron/neuron.h"

/* Declares the hoc names that the others use. Once, before the model is loaded. */
int sna_cell_prepare(sna_neuron *neuron) SNA_CHECK_RESULT;
/* Loads what defines the model. After sna_cell_prepare. */
int sna_cell_load(sna_neuron *neuron, const sna_cell_model *model) SNA_CHECK_RESULT;
/* Makes a cell, the current one from then on, and does its post-init call. */
int sna_cell_create(sna_neuron *neuron, const sna_cell_model *model) SNA_CHECK_RESULT;
/* Gives the current cell its axon, parameters and segments, as far as the model says. */
int sna_cell_build(sna_neuron *neuron, const sna_cell_model *model) SNA_CHECK_RESULT;
/* Fills the list sna_own_ with the sections of the current cell. */
int sna_cell_list_sections(sna_neuron *neuron) SNA_CHECK_RESULT;
/* Goes to a site of the current cell; *canonical is its name as NEURON has it, free() it. */
int sna_cell_go_to(sna_neuron *neuron, const char *text, const char *purpose, char **canonical) SNA_CHECK_RESULT;
/* Puts a current clamp there. `step` and `steps` are for waves: `held` as with fixed steps. */
int sna_cell_inject(sna_neuron *neuron, double position, const sna_cell_stimulus *stimulus, double step, uint64_t steps,
                    bool held) SNA_CHECK_RESULT;
/* Puts a synapse there that gets events from `delay` on, and records its current where it has one. */
int sna_cell_stimulate(sna_neuron *neuron, double position, const sna_cell_stimulus *stimulus) SNA_CHECK_RESULT;
/* Records the voltage there at every step. */
int sna_cell_record(sna_neuron *neuron, double position) SNA_CHECK_RESULT;

/* ---- describe_read.c ---- */

/* Delivers what there is to know of the current cell: "text", the bytes of lines with fields between tabs (S: section,
 * P: parameter), and "points" (x, y, z, diameter, row of the section). */
int sna_cell_read_description(sna_neuron *neuron, uint64_t job) SNA_CHECK_RESULT;

#endif
