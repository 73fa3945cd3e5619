/* internal.h: what the files of singlecell/ share and nobody else needs. */
#ifndef SNA_SINGLECELL_INTERNAL_H
#define SNA_SINGLECELL_INTERNAL_H

#include "singlecell.h"

/* A condition that comes with the model; NaN: it says nothing. */
typedef struct {
    double value;
    sna_cell_origin from;
} sna_cell_condition;

struct sna_cell_model {
    sna_list hoc; /* absolute paths, in the order of loading */
    char *template_name;
    char *arguments;  /* "" when there are none */
    char *post_init;  /* NULL: none */
    char *mechanisms; /* library, NULL: none */
    char *mod_folder; /* NULL: none */
    char *neuron;     /* library */
    char *swc;        /* absolute path, NULL: a template of hoc files */
    char *definition; /* hoc text of the template that reads the SWC file, NULL without one */
    int plain;        /* file without a name with the morphology as NEURON's reader takes it; -1: it takes `swc` */
    bool nseg_one;
    char *fit; /* absolute path, NULL: none */
    sna_processing processing;
    sna_list steps;  /* hoc statements of the fit, on the lists of sections sna_all_, sna_soma_, sna_axon_... */
    sna_list places; /* where in the fit each comes from */
    sna_list notes;  /* what the fit asks for and was left out */
    sna_list insert, set;
    sna_cell_condition celsius, v_init, dt;
    char *config, *node; /* NULL: none */
};

/* ---- swc.c ---------------------------------------------------------------------------------------------------- */

/* What a morphology is made of. */
enum { SNA_SWC_TYPES = 101 };
typedef struct {
    uint64_t points;
    bool has[SNA_SWC_TYPES]; /* type 1: soma, 2: axon, 3: dend, 4: apic, others: dend_N */
    char *text; /* the morphology as NEURON's reader takes it, where it does not take the file as it is; else NULL */
    sna_list notes; /* what was changed */
} sna_swc;

/* Reads and checks an SWC file, so that NEURON's reader, which goes on after errors, finds none. Taken are any ids in
 * any order, blanks or commas between the numbers, remarks behind #, ; % or //, the line ends and the byte order mark
 * of Windows, and branches without a parent, which belong to the soma. Free it, also after a failure. Errors:
 * SNA_EFORMAT with the line. */
int sna_swc_read(sna_swc *out, const char *path) SNA_CHECK_RESULT;
void sna_swc_free(sna_swc *self);
/* The hoc text of a template whose only argument is the path of the SWC file. `axon`: with an axon even where the
 * file has none. */
int sna_swc_template(char **out, const sna_swc *swc, bool axon) SNA_CHECK_RESULT;
/* Its name. */
extern const char SNA_SWC_TEMPLATE[];

/* ---- allen.c -------------------------------------------------------------------------------------------------- */

/* Reads the fit at model->fit into steps, places, notes, celsius and v_init. */
int sna_allen_read(sna_cell_model *model, const sna_swc *swc) SNA_CHECK_RESULT;

/* ---- node.c --------------------------------------------------------------------------------------------------- */

/* A copy of a source, what it lacks taken from its config. `owned` holds the texts. */
typedef struct {
    sna_cell_source source;
    sna_list owned;
    const char *file[1]; /* what source.hoc points to, where the config chose the file */
    sna_cell_condition celsius, v_init, dt;
} sna_cell_choice;
int sna_cell_choose(sna_cell_choice *out, const sna_cell_source *source) SNA_CHECK_RESULT;
void sna_cell_choice_free(sna_cell_choice *self);

/* Checks the form of a setting "section.name=value"; SNA_EINVAL. */
int sna_cell_check_setting(const char *text) SNA_CHECK_RESULT;

/* ---- templates.c ---------------------------------------------------------------------------------------------- */

/* Is it a name as hoc has them? */
bool sna_hoc_is_name(const char *text);
/* Adds the names of the templates that a hoc file defines. */
int sna_templates_of_file(sna_list *out, const char *path) SNA_CHECK_RESULT;
/* Of the hoc files of a folder leaves those that the template needs, each behind those that it needs itself: others may
 * be broken, or define things twice. Errors: SNA_EINVAL (two files define it). */
int sna_templates_keep_needed(sna_list *hoc, const char *template_name) SNA_CHECK_RESULT;

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
int sna_cell_result_add_conditions(sna_cell_result *self, const sna_cell_model *model,
                                   const sna_cell_setup *setup) SNA_CHECK_RESULT;
/* Where the model came from, and what ran it. */
int sna_cell_make_provenance(sna_record **out, const char *neuron, const char *library,
                             const sna_cell_model *model) SNA_CHECK_RESULT;
/* "option", "fit", "NEURON's default"... */
const char *sna_cell_origin_name(sna_cell_origin origin);
/* Fills label[i] and current[i] from the stimuli. */
int sna_cell_result_add_stimuli(sna_cell_result *self, const sna_cell_stimulus *stimulus) SNA_CHECK_RESULT;
/* Notes when the membrane was not at rest at `onset`: it moved, in the 50 ms before or at that rate, by more than
 * `allowed` mV. */
int sna_cell_result_check_rest(sna_cell_result *self, const sna_cell_trace *trace, double onset,
                               double allowed) SNA_CHECK_RESULT;

/* delay, duration and stop of an option set must be finite, not negative, the duration positive; SNA_EINVAL. */
int sna_cell_check_times(double delay, double duration, double stop) SNA_CHECK_RESULT;

#endif
