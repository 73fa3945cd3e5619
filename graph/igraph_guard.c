/* igraph_guard.c: igraph must never end the program, nor leave its global state changed. */
#include "graph/internal.h"

#include <string.h>

/* What igraph said last; igraph itself is for one thread. */
static char reason_text[512];

static void note_error(const char *reason, const char *file, int line, igraph_error_t error)
{
    (void)file;
    (void)line;
    (void)error;
    (void)snprintf(reason_text, sizeof reason_text, "%s", reason);
    IGRAPH_FINALLY_FREE();
}

static igraph_error_t note_interruption(void *data)
{
    (void)data;
    if (!sna_cancelled())
        return IGRAPH_SUCCESS;
    IGRAPH_FINALLY_FREE();
    return IGRAPH_INTERRUPTED;
}

int sna_igraph_enter(sna_igraph_guard *self, uint64_t seed, const char *purpose)
{
    int status = 0;
    sna_random random;

    memset(self, 0, sizeof *self);
    reason_text[0] = '\0';
    self->errors = igraph_set_error_handler(note_error);
    self->warnings = igraph_set_warning_handler(igraph_warning_handler_ignore);
    self->interruptions = igraph_set_interruption_handler(note_interruption);
    self->before = igraph_rng_default();
    self->saved = *self->before;
    status = sna_igraph_status(igraph_rng_init(&self->own, &igraph_rngtype_pcg64), "random numbers");
    if (status != 0) {
        /* A build of igraph without 128-bit integers. */
        status = sna_igraph_status(igraph_rng_init(&self->own, &igraph_rngtype_pcg32), "random numbers");
    }
    if (status == 0) {
        self->seeded = true;
        sna_random_start(&random, seed, sna_random_purpose(purpose), 0, 0);
        status =
            sna_igraph_status(igraph_rng_seed(&self->own, (igraph_uint_t)sna_random_bits(&random)), "random numbers");
    }
    if (status == 0)
        igraph_rng_set_default(&self->own);
    return status;
}

void sna_igraph_leave(sna_igraph_guard *self)
{
    if (self->seeded) {
        /* Some versions of igraph keep the address of a default generator, others copy it over the one they have. */
        igraph_rng_set_default(igraph_rng_default() == &self->own ? self->before : &self->saved);
        igraph_rng_destroy(&self->own);
    }
    (void)igraph_set_interruption_handler(self->interruptions);
    (void)igraph_set_warning_handler(self->warnings);
    (void)igraph_set_error_handler(self->errors);
}

int sna_igraph_status(igraph_error_t error, const char *what)
{
    int status = 0;

    if (error == IGRAPH_SUCCESS)
        status = 0;
    else if (error == IGRAPH_INTERRUPTED)
        status = sna_error(SNA_ECANCELLED, "stopped before the end");
    else if (error == IGRAPH_ENOMEM)
        status = sna_error(SNA_ENOMEM, "%s: no memory", what);
    else
        status = sna_error(SNA_EEXTERNAL, "%s: igraph: %s", what,
                           reason_text[0] != '\0' ? reason_text : igraph_strerror(error));
    return status;
}
