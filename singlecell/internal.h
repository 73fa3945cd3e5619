/* internal.h: what the files of singlecell/ share and nobody else needs. */
#ifndef SNA_SINGLECELL_INTERNAL_H
#define SNA_SINGLECELL_INTERNAL_H

#include "singlecell.h"

struct sna_cell_model {
    sna_list hoc;          /* absolute paths, in the order of loading */
    char *template_name;
    char *arguments;       /* "" when there are none */
    char *post_init;       /* NULL: none */
    char *mechanisms;      /* library, NULL: none */
    char *mod_folder;      /* NULL: none */
    char *neuron;          /* library */
};

/* ---- fit.c ---------------------------------------------------------------------------------------------------- */

/* Fits `components` (1 or 2) exponentials to count samples from the onset (time[0] = 0) with value[0] = rest exactly;
 * `guess` is a rough time constant. Membrane component not chosen. Errors: SNA_ENOMEM, SNA_EEXTERNAL (GSL). */
int sna_fit_exponentials(sna_exponential_fit *out, const double *time, const double *value, uint64_t count,
                         int components, double guess) SNA_CHECK_RESULT;

/* ---- traces --------------------------------------------------------------------------------------------------- */

/* The voltage at a time: the sample there, or between two samples. */
double sna_trace_at(const sna_cell_trace *self, double time);
/* The first sample at `time` or later (within 1e-6 ms), count when there is none. */
uint64_t sna_trace_find(const sna_cell_trace *self, double time);

/* ---- record.c ------------------------------------------------------------------------------------------------- */

/* Adds `conditions` and `provenance`, and a note when a batch had to be run again. */
int sna_cell_result_add_conditions(sna_cell_result *self, const sna_cell_model *model, const sna_cell_setup *setup)
    SNA_CHECK_RESULT;
/* Fills label[i] and current[i] from the stimuli. */
int sna_cell_result_add_stimuli(sna_cell_result *self, const sna_cell_stimulus *stimulus) SNA_CHECK_RESULT;
/* Notes when the membrane was not at rest at `onset`: it moved, in the 50 ms before or at that rate, by more than
 * `allowed` mV. */
int sna_cell_result_check_rest(sna_cell_result *self, const sna_cell_trace *trace, double onset, double allowed)
    SNA_CHECK_RESULT;

/* delay, duration and stop of an option set must be finite, not negative, the duration positive; SNA_EINVAL. */
int sna_cell_check_times(double delay, double duration, double stop) SNA_CHECK_RESULT;

#endif
