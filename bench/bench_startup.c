/* bench_startup.c: how long a command takes that does nothing. */
#include "bench.h"

#include <math.h>
#include <stddef.h>

int bench_startup(bench *self)
{
    const char *const help[] = {self->program, "--help", NULL};
    const char *const nothing[] = {"true", NULL};
    measurement ours, peer;
    int status = bench_program(&ours, 50, help);

    if (status == 0)
        status = bench_program(&peer, 50, nothing);
    if (status == 0)
        status = bench_report(self, "sonatina --help", ours, "limit: 10 ms", 0.010, 1);
    if (status == 0)
        status = bench_report(self, "sonatina --help", ours, "/bin/true", peer.seconds, NAN);
    return status;
}
