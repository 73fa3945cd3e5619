/* neuron.h: NEURON driven from C: found, loaded at run time in processes of its own, its errors turned into sentences.
 *
 * NEURON exits, aborts, spins and crashes on bad models in ways that nothing inside its process can catch, so the
 * process that calls sna_neuron_run never loads it. It starts a loader process, which loads NEURON, mechanisms and
 * models once, and forks one process for each batch of jobs. What goes wrong there is an error message here.
 *
 * Both NEURON 8.2 and 9 are driven through hoc text and a dozen functions that are looked up when the library is
 * loaded. */
#ifndef SNA_NEURON_H
#define SNA_NEURON_H

#include <base/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- where NEURON is ------------------------------------------------------------------------------------------ */

typedef struct {
    char *library;  /* libnrniv.so, absolute, links resolved */
    char *version;  /* as the library spells it, e.g. "8.2.2.dev0"; "9" or "8" where it cannot be told */
    char *found_by; /* "$SONATINA_NEURON", "$NRNHOME", "nrniv on PATH", "system folder"... */
} sna_neuron_installation;

/* Finds the NEURON that sna_neuron_run would load, without loading it (a few milliseconds). Looked at, in this order:
 * `wanted` (a library or the folder of an installation; NULL: not given) or, without it, $SONATINA_NEURON; $NRNHOME;
 * the installation to which `nrniv` on PATH belongs, Python packages included; the usual folders; the Python package
 * `neuron` of python3. A library counts when it is a shared object for this machine that exports NEURON's entry points.
 * Errors: SNA_EMISSING (none, with what to install; or the one that was asked for is none), SNA_ENOMEM. */
int sna_neuron_find(sna_neuron_installation *out, const char *wanted) SNA_CHECK_RESULT;
void sna_neuron_installation_free(sna_neuron_installation *self);

/* ---- inside a NEURON process ---------------------------------------------------------------------------------- */

/* The interpreter, as the callbacks of a plan get it. All functions fail with SNA_EEXTERNAL when hoc reports an error
 * (its cause, file and line are the message), SNA_ECANCELLED when the process was told to stop, and SNA_ENOMEM. */
typedef struct sna_neuron sna_neuron;

/* Runs hoc statements (several lines are allowed). */
int sna_neuron_execute(sna_neuron *self, const char *format, ...) SNA_CHECK_RESULT SNA_PRINTF(2, 3);
/* The value of an expression / of a string (strdef, or a literal in quotes). free() the text. */
int sna_neuron_number(sna_neuron *self, double *out, const char *format, ...) SNA_CHECK_RESULT SNA_PRINTF(3, 4);
int sna_neuron_text(sna_neuron *self, char **out, const char *format, ...) SNA_CHECK_RESULT SNA_PRINTF(3, 4);
/* The elements of a hoc Vector, borrowed: valid until NEURON next changes it. */
int sna_neuron_vector(sna_neuron *self, const double **value, uint64_t *count, const char *expression) SNA_CHECK_RESULT;
/* Makes the hoc Vector `name` hold `count` values. */
int sna_neuron_fill_vector(sna_neuron *self, const char *name, const double *value, uint64_t count) SNA_CHECK_RESULT;
/* Loads a hoc file, or a mechanism library, by its absolute path. After a failure the interpreter is not to be trusted:
 * return the error. Errors besides: SNA_EINVAL (a path that hoc cannot spell: quotes, backslashes, $ or line
 * breaks). */
int sna_neuron_load_hoc(sna_neuron *self, const char *path) SNA_CHECK_RESULT;
int sna_neuron_load_mechanisms(sna_neuron *self, const char *path) SNA_CHECK_RESULT;
/* Advances the simulation `count` steps of fixed length, with progress and a look at cancelling every 50 ms of model
 * time. */
int sna_neuron_steps(sna_neuron *self, uint64_t count) SNA_CHECK_RESULT;
/* Advances a simulation with variable steps to `stop` ms, the way NEURON's own continuerun does. */
int sna_neuron_solve(sna_neuron *self, double stop) SNA_CHECK_RESULT;
/* Hands an array over to the process that called sna_neuron_run, as `name` (shorter than 64 bytes) of job `job`. */
int sna_neuron_deliver(sna_neuron *self, uint64_t job, const char *name, const double *value,
                       uint64_t count) SNA_CHECK_RESULT;
int sna_neuron_deliver_text(sna_neuron *self, uint64_t job, const char *name, const char *text) SNA_CHECK_RESULT;
/* What this process is at, for the message of a crash or a time-out: "loading cell.hoc". */
void sna_neuron_doing(sna_neuron *self, const char *format, ...) SNA_PRINTF(2, 3);
/* "8.2.2.dev0": NEURON's own word, and the library it came from. */
const char *sna_neuron_version(const sna_neuron *self);
const char *sna_neuron_library(const sna_neuron *self);

/* ---- running jobs --------------------------------------------------------------------------------------------- */

/* What to run. The callbacks are called in child processes: what they change in memory is lost, except for what they
 * deliver. They return 0 or an error with its message set, as everywhere. */
typedef struct {
    const char *library;           /* libnrniv, as sna_neuron_find says; NULL: find it */
    const char *const *mechanisms; /* [mechanism_count] absolute paths of libraries to load first */
    uint64_t mechanism_count;
    uint64_t jobs;              /* numbered from 0 */
    unsigned workers;           /* processes at a time; 0: sna_threads() */
    bool isolate;               /* one process for each job. Without it each worker gets its share of the jobs in one
                                 * process, to run in one simulation: faster, for jobs that share nothing */
    double timeout;             /* seconds of real time for everything; 0: no limit */
    const char *progress_label; /* NULL: no progress line */
    double progress_total;      /* ms of model time of all jobs */
    int (*prepare)(sna_neuron *neuron, void *context); /* once, before the jobs; may be NULL */
    /* Runs `count` jobs (consecutive numbers from `first`). */
    int (*run)(sna_neuron *neuron, uint64_t first, uint64_t count, void *context);
    void *context; /* handed to both */
} sna_neuron_plan;

typedef struct sna_neuron_results sna_neuron_results;

/* Runs all jobs. A batch of several jobs that fails is run again job by job, so that one bad job does not take others
 * with it. *out, NULL only when nothing was started, holds what was delivered, also after a failure.
 * Errors: that of the loader or of the first job that failed: SNA_EEXTERNAL (hoc errors, crashes, exits from inside a
 * model; naming the mod file where a crash was in a mechanism), SNA_ETIMEOUT, SNA_ECANCELLED (sna_cancel),
 * SNA_EMISSING, SNA_EIO, SNA_ENOMEM, and whatever the callbacks return. */
int sna_neuron_run(sna_neuron_results **out, const sna_neuron_plan *plan) SNA_CHECK_RESULT;

/* The array that a job delivered under a name, owned by the results; NULL when there is none. */
const double *sna_neuron_results_array(const sna_neuron_results *self, uint64_t job, const char *name, uint64_t *count);
const char *sna_neuron_results_text(const sna_neuron_results *self, uint64_t job, const char *name);
/* 0, or the error of that job with its message set. */
int sna_neuron_results_check(const sna_neuron_results *self, uint64_t job) SNA_CHECK_RESULT;
/* The first job that failed by itself (not because the loader did, nor because the run was stopped); the number of jobs
 * when there is none. */
uint64_t sna_neuron_results_first_failure(const sna_neuron_results *self);
/* What model and NEURON printed (its last 64 KiB), "" when nothing. */
const char *sna_neuron_results_log(const sna_neuron_results *self);
/* True when a batch failed and its jobs were run again one by one. */
bool sna_neuron_results_retried(const sna_neuron_results *self);
/* Of the NEURON that ran: sna_neuron_version and sna_neuron_library; "" when it did not get that far. */
const char *sna_neuron_results_version(const sna_neuron_results *self);
const char *sna_neuron_results_library(const sna_neuron_results *self);
void sna_neuron_results_free(sna_neuron_results *self);

/* NEURON's library calls this function of the program that loads it; sonatina's does nothing. It must be visible to the
 * dynamic linker: a program that links libsonatina.a needs -Wl,--export-dynamic-symbol=modl_reg. */
void modl_reg(void);

#ifdef __cplusplus
}
#endif
#endif
