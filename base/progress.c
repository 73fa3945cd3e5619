/* progress.c: the line on a terminal that says how far long work has come. */
#include "base.h"

#include <inttypes.h>
#include <math.h>
#include <unistd.h>

/* Work that is shorter than this stays silent; the line is redrawn this often. */
static const double first_after = 0.5, again_after = 0.2;

static void write_count(char buffer[16], double count)
{
    static const char *const suffix[] = {"", "k", "M", "G", "T"};
    size_t order = 0;

    while (count >= 10000 && order + 1 < sizeof suffix / sizeof *suffix) {
        count /= 1000;
        order++;
    }
    (void)snprintf(buffer, 16, "%.4g%s", count, suffix[order]);
}

static void draw(const sna_progress *self, double now)
{
    char done[16], total[16], rate[16];
    const double elapsed = now - self->started;
    const double per_second = elapsed > 0 ? (double)self->done / elapsed : 0;

    write_count(done, (double)self->done);
    write_count(rate, per_second);
    if (self->total > 0) {
        const double share = (double)self->done / (double)self->total;
        const double left = per_second > 0 ? ((double)self->total - (double)self->done) / per_second : 0;
        write_count(total, (double)self->total);
        (void)fprintf(stderr, "\r\033[K%s: %3.0f %%  %s of %s %s, %s/s, %.0f s left", self->label, 100 * share, done,
                      total, self->unit, rate, ceil(left));
    } else {
        (void)fprintf(stderr, "\r\033[K%s: %s %s, %s/s", self->label, done, self->unit, rate);
    }
    (void)fflush(stderr);
}

void sna_progress_start(sna_progress *self, const char *label, const char *unit, uint64_t total)
{
    *self = (sna_progress){.label = label, .unit = unit, .total = total};
    self->visible = isatty(STDERR_FILENO) == 1;
    self->started = sna_clock();
}

void sna_progress_update(sna_progress *self, uint64_t done)
{
    self->done = done;
    if (self->visible) {
        const double now = sna_clock();
        const double since = now - (self->shown > 0 ? self->shown : self->started);
        if (since >= (self->shown > 0 ? again_after : first_after)) {
            self->shown = now;
            draw(self, now);
        }
    }
}

void sna_progress_end(sna_progress *self)
{
    if (self->visible && self->shown > 0) {
        (void)fprintf(stderr, "\r\033[K");
        (void)fflush(stderr);
    }
    self->visible = false;
}
