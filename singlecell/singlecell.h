/* singlecell.h: cells, and the protocols that measure them.
 *
 * A cell is a HOC template with its mechanisms, or a morphology (SWC) that is given mechanisms, by a fit of the Allen
 * cell types database or by hand. A protocol runs it in NEURON (in processes of its own), measures the voltage traces,
 * and gives numbers with the conditions under which they hold. What is measured on a trace can also be called on its
 * own, with a trace from anywhere.
 *
 * Units: ms, mV, nA, MOhm, pF, Hz; currents of protocols in pA, as on the command line. */
#ifndef SNA_SINGLECELL_H
#define SNA_SINGLECELL_H

#include <math.h>

#include <base/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- models ------------------------------------------------------------------------------------------------- */

/* How a fit of the Allen cell types database is applied: which parameters it must have, and what stands in for the axon
 * of the reconstruction: two pieces of 30 um, straight out of the soma (1 um thick, or as thick as the axon was), or in
 * the direction in which the axon grew. */
typedef enum { SNA_PERISOMATIC, SNA_ALL_ACTIVE, SNA_PERISOMATIC_DIRECTED, SNA_ALL_ACTIVE_DIRECTED } sna_processing;
/* "perisomatic", "all-active", "perisomatic-directed", "all-active-directed", or as BMTK spells them
 * ("aibs_allactive_directed"). Errors: SNA_EINVAL with the list. */
int sna_processing_parse(sna_processing *out, const char *name) SNA_CHECK_RESULT;
const char *sna_processing_name(sna_processing processing);

/* Where a cell comes from: hoc files, a morphology, or a node of a circuit. All zero but one of these is a good
 * default. */
typedef struct {
    const char *const *hoc; /* [hoc_count] files to load, in this order */
    uint64_t hoc_count;
    const char *hoc_folder;    /* where `hoc` is looked for first; without `hoc`, the .hoc file of the folder that
                                * defines the template is loaded, and before it those that define what it needs: templates
                                * it speaks of, and what it calls external. NULL: none */
    const char *mod_folder;    /* its mod files are compiled (and cached). NULL: none */
    const char *mechanisms;    /* a compiled library of mechanisms. NULL: none */
    const char *cache;         /* as in sna_mechanism_options */
    const char *template_name; /* NULL: the only template of the files */
    const char *arguments;     /* of the template, as hoc text: "1, 0.5". NULL: none */
    const char *post_init;     /* a call on the new cell: "insert_mechs(123)". NULL: none */
    const char *neuron;        /* as in sna_neuron_find. NULL: find it */
    const char *swc;           /* a morphology instead of hoc files. NULL: none */
    const char *fit;           /* its parameters: an Allen fit (JSON). NULL: none */
    sna_processing processing; /* of the fit */
    bool nseg_one;             /* a morphology keeps one segment a section; else the d-lambda rule holds (0.1 lambda at
                                * 100 Hz; Hines & Carnevale 2001) */
    const char *const *insert; /* [insert_count] mechanisms to insert into all sections: "pas" */
    uint64_t insert_count;
    const char *const *set; /* [set_count] parameters to set then: "g_pas=1e-4", in some sections only: "dend.Ra=150" */
    uint64_t set_count;
    const char *config; /* a SONATA config: its folders of templates and mechanisms stand in for those that are
                         * not given. NULL: none */
    const char *node;   /* "population:id": the model of that node of the config's circuit, under the config's
                         * conditions. NULL: none */
} sna_cell_source;

typedef struct sna_cell_model sna_cell_model;

/* Checks files, chooses the template, finds NEURON and compiles mechanisms. Errors: SNA_ENOTFOUND (a file, folder,
 * template or node that is not there, with what there is), SNA_EINVAL (no file; a template name that is no name),
 * SNA_EFORMAT (morphology, fit or config; with the line), SNA_EUNSUPPORTED (a node that is no cell of NEURON),
 * SNA_EMISSING (no NEURON), and those of sna_mechanism_compile. */
int sna_cell_model_create(sna_cell_model **out, const sna_cell_source *source) SNA_CHECK_RESULT;
const char *sna_cell_model_template(const sna_cell_model *self);
void sna_cell_model_free(sna_cell_model *self);

/* ---- conditions --------------------------------------------------------------------------------------------- */

/* Under which conditions, where, and with how many processes. Start from sna_cell_setup_default. */
typedef struct {
    double celsius, v_init, dt;  /* NaN: what the model says, else NEURON's default (6.3, -65, 0.025) */
    double cvode_atol;           /* 0: fixed steps; else variable steps with this absolute tolerance */
    const char *inject, *record; /* sites, e.g. "soma[0](0.5)", "dend(0.9)", "all[3]"; NULL: the middle of the soma */
    unsigned jobs;               /* processes at a time; 0: sna_threads(). Never changes a result */
    bool isolate;                /* one process for each simulation */
    bool brief;                  /* leave conditions and provenance out of the record of a result */
    double timeout;              /* seconds; 0: none */
} sna_cell_setup;
#define SNA_CELL_SETUP_DEFAULT ((sna_cell_setup){.celsius = NAN, .v_init = NAN, .dt = NAN})

/* A place on a cell. */
typedef struct {
    char name[64];   /* a section, an array of sections, or a SectionList of the template */
    int64_t index;   /* in it; -1: not given (the first) */
    double position; /* 0..1 along the section; 0.5 when not given */
} sna_cell_site;
/* Errors: SNA_EINVAL with how sites are written. */
int sna_cell_site_parse(sna_cell_site *out, const char *text) SNA_CHECK_RESULT;

/* ---- simulations -------------------------------------------------------------------------------------------- */

/* Events that a point process receives, instead of a current. */
typedef struct {
    const char *mechanism;        /* "Exp2Syn" */
    const char *const *parameter; /* [parameter_count] "tau1=0.1" */
    uint64_t parameter_count;
    uint64_t events;
    double interval; /* ms between events */
    double weight;   /* uS */
    double noise;    /* 0 .. 1 */
    uint64_t seed;   /* of the noise */
} sna_cell_synapse;

/* A current into the site of injection, or events to a synapse there. */
typedef struct {
    double amplitude;       /* nA */
    double delay, duration; /* ms */
    double stop;            /* end of the simulation, ms */
    /* Instead of a pulse: writes the current (nA) at 0, step, 2 step, ... ms. With fixed steps the step is dt and each
     * value holds until the next; with variable steps it is 0.025 ms (or the dt of the setup), and values are joined by
     * straight lines. Called in a child process and again in the parent. NULL: a pulse. */
    void (*wave)(double *current, uint64_t count, double step, const void *context);
    const void *context;
    const sna_cell_synapse *synapse; /* `delay` is then the time of its first event. NULL: a current */
} sna_cell_stimulus;

typedef struct {
    double *time;    /* [count] ms, ascending */
    double *voltage; /* [count] mV at the recording site */
    uint64_t count;
    double *current; /* [count] nA, of the synapse, negative inwards; NULL: no synapse, or one without a current `i` */
} sna_cell_trace;

/* Where a condition came from. */
typedef enum { SNA_FROM_NEURON, SNA_FROM_MODEL, SNA_FROM_FIT, SNA_FROM_CONFIG, SNA_FROM_USER } sna_cell_origin;

typedef struct {
    sna_cell_trace *trace; /* [traces] one for each stimulus */
    uint64_t traces;
    double celsius, v_init; /* in force */
    double dt;              /* with variable steps that of waves, see sna_cell_stimulus; else 0 */
    sna_cell_origin celsius_from, v_init_from, dt_from;
    char *inject, *record;         /* as NEURON names them: "soma[0](0.5)" */
    char *neuron, *neuron_library; /* version and library that ran */
    bool retried;                  /* a batch failed and its simulations were run again one by one */
    char *log;                     /* what NEURON and the model printed */
} sna_cell_simulation;

/* Runs the cell once for each stimulus, all with the same `stop`. With fixed steps each process holds its share of the
 * cells in one simulation; the traces are the same as from single runs, to the last bit. Errors: SNA_EINVAL (setup),
 * SNA_EEXTERNAL (the model; a voltage that is not a number), and those of sna_neuron_run. Free it, also after a
 * failure. */
int sna_cell_simulate(sna_cell_simulation *out, const sna_cell_model *model, const sna_cell_setup *setup,
                      const sna_cell_stimulus *stimulus, uint64_t stimuli) SNA_CHECK_RESULT;
void sna_cell_simulation_free(sna_cell_simulation *self);

/* ---- what a cell is made of --------------------------------------------------------------------------------- */

typedef struct {
    sna_record *record;  /* totals: sections, segments, length (um), area (um2); celsius and v_init; provenance */
    sna_table *sections; /* a row a section: parent, length, diameter (in the middle, um), segments, area (um2), Ra (ohm
                          * cm), cm (uF/cm2), mechanisms */
    sna_table *parameters;        /* a row for each section and parameter of its mechanisms: value in the middle of the
                                   * section, and        the extremes over its segments */
    uint64_t points;              /* of the shape: */
    double *x, *y, *z, *diameter; /* [points] um */
    uint32_t *section;            /* [points] row of `sections`; the points of a section stand together */
    char *log;                    /* what NEURON and the model printed */
} sna_cell_description;
/* Makes the cell and looks at it. A template without 3-D points gets the shape that NEURON draws it with. Errors: those
 * of sna_cell_simulate. Free it, also after a failure. */
int sna_cell_describe(sna_cell_description *out, const sna_cell_model *model,
                      const sna_cell_setup *setup) SNA_CHECK_RESULT;
void sna_cell_description_free(sna_cell_description *self);

/* ---- measuring spikes --------------------------------------------------------------------------------------- */

/* Times (ms) at which the voltage rises through `threshold`, interpolated linearly between samples; a trace that starts
 * above has to come down first. *time is the caller's to free(). Errors: SNA_ENOMEM. */
int sna_spikes_detect(double **time, uint64_t *count, const sna_cell_trace *trace, double threshold) SNA_CHECK_RESULT;

/* The shape of one action potential. NaN where it has none. */
typedef struct {
    double time;      /* of the crossing, ms */
    double threshold; /* mV: where dV/dt rises through `slope` for the last time before the steepest ascent */
    double threshold_time;
    double peak, peak_time; /* the highest sample */
    double amplitude;       /* peak - threshold, mV */
    double half_width;      /* ms between the crossings of threshold + amplitude / 2 */
    double ahp; /* mV: threshold minus the lowest voltage before the next spike's threshold, and at most 100 ms after
                 * the peak and before `end` */
    double ahp_time; /* ms after the peak */
} sna_spike;
/* Measures the `count` spikes found by sna_spikes_detect with `threshold`. `slope` in mV/ms (10 is usual); `end` in ms:
 * where a stimulus ends that spikes should not be measured across; a spike behind it is measured to the end of the
 * trace. *spike is the caller's to free(). */
int sna_spikes_measure(sna_spike **spike, const sna_cell_trace *trace, const double *time, uint64_t count,
                       double threshold, double slope, double end) SNA_CHECK_RESULT;

/* ---- results ------------------------------------------------------------------------------------------------ */

/* What a protocol found. */
typedef struct {
    sna_record *record;             /* the numbers, with `conditions` and `provenance` */
    sna_table *table;               /* one row a spike, current or frequency; NULL: none */
    sna_cell_simulation simulation; /* the traces */
    char **label;                   /* [simulation.traces] "100 pA" */
    double **current;               /* [simulation.traces][count] stimulus in pA at the samples of the trace */
    double *fit_time, *fit_voltage; /* [fit_count] the fitted curve, NULL: none */
    uint64_t fit_count;
} sna_cell_result;
/* The traces as CSV: time, voltage and current (and fit) of one trace, or for several with fixed steps the common time
 * and a column of voltages for each; with variable steps a time and a voltage column for each. */
int sna_cell_result_write_traces(const sna_cell_result *self, const char *path) SNA_CHECK_RESULT;
/* The same as HDF5: a group trace_0, trace_1... for each trace with the datasets time, voltage, current (and fit_time,
 * fit_voltage), each with its `units`, and the attribute `stimulus`. */
int sna_cell_result_write_hdf5(const sna_cell_result *self, const char *path) SNA_CHECK_RESULT;
void sna_cell_result_free(sna_cell_result *self);

/* ---- protocols ---------------------------------------------------------------------------------------------- */

typedef enum { SNA_TAU_SIMPLE, SNA_TAU_EXP, SNA_TAU_EXP2 } sna_tau_method;
/* "simple", "exp", "exp2". Errors: SNA_EINVAL with the list. */
int sna_tau_method_parse(sna_tau_method *out, const char *name) SNA_CHECK_RESULT;
const char *sna_tau_method_name(sna_tau_method method);

/* One exponential of a fit: amplitude exp(-t / tau). */
typedef struct {
    double amplitude, tau;             /* mV, ms */
    double amplitude_error, tau_error; /* standard errors */
} sna_exponential;

/* v(t) = plateau + sum of exponentials from the onset on, with v(0) = V_rest; least squares over the samples of the
 * pulse, each with the weight of its time. */
typedef struct {
    double plateau;               /* mV */
    sna_exponential component[2]; /* the faster one first */
    int components;               /* 0: no fit */
    double rms;                   /* of the residuals, mV */
    bool converged, degenerate;   /* degenerate: the two exponentials cancel and cannot be told apart */
    int membrane; /* which one is the membrane's: the slowest that charges the membrane (amplitude of the
                   * sign of V_rest - V_final) and carries at least 1 % of the amplitudes */
} sna_exponential_fit;

/* What a step of current says about the membrane. */
typedef struct {
    double v_rest;      /* mV at onset */
    double v_final;     /* mV at the end of the pulse */
    double v_peak;      /* mV, the extreme in the direction of the current */
    double peak_time;   /* ms after onset */
    double r_in;        /* (v_final - v_rest) / I, MOhm */
    double r_in_peak;   /* (v_peak - v_rest) / I */
    double v_sag;       /* v_peak - v_final, mV */
    double sag_ratio;   /* v_sag / (v_peak - v_rest) */
    double tau;         /* membrane time constant, ms */
    bool tau_from_rise; /* the two exponentials were degenerate: it is that of one through the way to v_peak */
    double c_m;         /* tau / r_in, pF */
    double drift;       /* mV that the voltage moved in the 50 ms before onset */
    double late_drift;  /* mV in the last tenth of the pulse */
    sna_exponential_fit fit;
} sna_passive_measure;
/* `current` in nA, either sign; onset and end of the pulse in ms. simple: time to 1 - 1/e of the way to v_final; exp,
 * exp2: of the fit. Errors: SNA_EINVAL (no current, a pulse outside the trace or shorter than 5 samples), SNA_ENOMEM.
 */
int sna_passive_measure_trace(sna_passive_measure *out, const sna_cell_trace *trace, double onset, double end,
                              double current, sna_tau_method method) SNA_CHECK_RESULT;

typedef struct {
    double amplitude;             /* pA; -100 */
    double delay, duration, stop; /* ms; 200, 1000, 1200. stop is at least delay + duration, in all protocols */
    sna_tau_method method;        /* simple */
} sna_passive_options;
#define SNA_PASSIVE_DEFAULT ((sna_passive_options){-100, 200, 1000, 1200, SNA_TAU_SIMPLE})
/* Record: v_rest r_in r_in_peak tau tau_method c_m v_sag sag_ratio v_final v_peak, fit {...}. */
int sna_cell_passive(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup,
                     const sna_passive_options *options) SNA_CHECK_RESULT;

typedef struct {
    double amplitude;             /* pA; 100 */
    double delay, duration, stop; /* ms; 100, 1000, 1000 */
    double threshold;             /* mV; 0 */
    double slope;                 /* mV/ms for the spike threshold; 10 */
} sna_clamp_options;
#define SNA_CLAMP_DEFAULT ((sna_clamp_options){100, 100, 1000, 1000, 0, 10})
/* Record: spike_count (whole run) spike_times spike_count_stimulus rate (Hz, in the stimulus) latency isi_mean isi_sd
 * isi_cv isi_first isi_last adaptation_index (mean of (next - previous) / (next + previous) over successive intervals)
 * v_rest, and means over the spikes. Table: a row a spike. */
int sna_cell_clamp(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup,
                   const sna_clamp_options *options) SNA_CHECK_RESULT;

typedef struct {
    double start, stop, increment; /* pA; 0, 1050, 100 */
    double delay, duration;        /* ms; 50, 1000 */
    double threshold;              /* mV; 0 */
    bool rheobase;             /* search it between the last current of the grid without and the first with a spike */
    double rheobase_precision; /* pA; 1 */
} sna_fi_options;
#define SNA_FI_DEFAULT ((sna_fi_options){0, 1050, 100, 50, 1000, 0, false, 1})
/* start, start + increment, ... up to stop, both ends included where the increment leads there; exact in decimal
 * digits: each value is the double nearest to the decimal number. Errors: SNA_EINVAL (increment 0 or of the wrong sign,
 * more than 100000 values), SNA_ENOMEM. *current is the caller's to free(). */
int sna_fi_grid(double **current, uint64_t *count, double start, double stop, double increment) SNA_CHECK_RESULT;
/* Record: current (pA) spike_count (in the stimulus) spike_count_total rate (Hz) rheobase (pA) rheobase_low slope
 * (Hz/pA). Table: a row a current. */
int sna_cell_fi(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup,
                const sna_fi_options *options) SNA_CHECK_RESULT;

typedef struct {
    const char *mechanism;        /* a point process; "Exp2Syn" */
    const char *const *parameter; /* [parameter_count] "tau1=0.5"; Exp2Syn's own are tau1 0.1, tau2 10 ms, e 0 mV */
    uint64_t parameter_count;
    double frequency;   /* Hz; 20. 0: no events */
    double weight;      /* uS; 0.01 */
    double delay, stop; /* ms; first event at 100, end at 1000 */
    double noise;       /* 0 .. 1: the part of an interval that is exponentially distributed; 0 */
    uint64_t seed;      /* of the noise; 1 */
    double threshold;   /* mV, for spikes; 0 */
} sna_synaptic_options;
#define SNA_SYNAPTIC_DEFAULT \
    ((sna_synaptic_options){ \
        .mechanism = "Exp2Syn", .frequency = 20, .weight = 0.01, .delay = 100, .stop = 1000, .seed = 1})
/* How many events these options make: as many as fit from `delay` to `stop`, both included. Errors: SNA_EINVAL. */
int sna_cell_synaptic_events(uint64_t *out, const sna_synaptic_options *options) SNA_CHECK_RESULT;
/* Record: events v_rest amplitude time_to_peak (of the first response, before the second event) amplitude_last (largest
 * deflection from v_rest after the last event that has a whole interval before the end) v_max v_min spike_count
 * spike_times. The synapse sits at setup->inject. */
int sna_cell_synaptic(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup,
                      const sna_synaptic_options *options) SNA_CHECK_RESULT;

typedef enum { SNA_CHIRP_LINEAR, SNA_CHIRP_EXPONENTIAL } sna_chirp;
int sna_chirp_parse(sna_chirp *out, const char *name) SNA_CHECK_RESULT;
const char *sna_chirp_name(sna_chirp chirp);

typedef struct {
    double amplitude;             /* pA; 100 */
    double delay, duration, stop; /* ms; 200, 1000, 1200 */
    double tail;                  /* ms of silence that are simulated at least after the chirp; 500 */
    double fstart, fend;          /* Hz; 0, 100 */
    sna_chirp chirp;              /* linear */
} sna_zap_options;
#define SNA_ZAP_DEFAULT ((sna_zap_options){100, 200, 1000, 1200, 500, 0, 100, SNA_CHIRP_LINEAR})
/* Impedance from a chirp: Z(f) = V(f) / I(f) of the whole response, its decay after the chirp included, so that nothing
 * is cut off and nothing has to be smoothed. The current is held over each step: its spectrum has the factor sinc(f dt)
 * exp(-i pi f dt), which is taken into account. Record: frequency impedance phase resonance_frequency
 * resonance_impedance resonance_strength (|Z| at the resonance over |Z| at the lowest frequency). Table: a row a
 * frequency: |Z| in MOhm, phase in rad, and both parts of Z. */
int sna_cell_zap(sna_cell_result *out, const sna_cell_model *model, const sna_cell_setup *setup,
                 const sna_zap_options *options) SNA_CHECK_RESULT;

/* Z at the multiples of 1 / (count step) Hz that lie in [low, high] and above 0, from `count` samples of voltage (mV,
 * its rest taken off) and the current (nA) at each, `held` to the next or (false) joined by straight lines; zeros are
 * put behind them for the Fourier transform. Frequencies in Hz, Z in MOhm as real and imaginary part; free() all three.
 * Errors: SNA_EINVAL, SNA_ENOMEM. */
int sna_impedance(double **frequency, double **real, double **imaginary, uint64_t *bins, const double *voltage,
                  const double *current, uint64_t count, double step, bool held, double low,
                  double high) SNA_CHECK_RESULT;

#ifdef __cplusplus
}
#endif
#endif
