/* crash.h: what is known when libhdf5 crashes or does not come back. Private to sonata/.
 *
 * libhdf5 1.10 checks most of what it finds in a file, but not all: in a damaged global heap, for one, an index is used
 * as it is, and an object of size 0 is passed by forever. Readers therefore say which file they are about to ask it
 * for, and when it has answered; a signal handler can tell then. */
#ifndef SNA_CRASH_H
#define SNA_CRASH_H

#include "sonata.h"

enum { SNA_CRASH_FILE_SIZE = 1024, SNA_CRASH_PLACE_SIZE = 256 };

/* The last thing that HDF5 was asked for in a thread; longer texts are cut. `file` is "" before the first. */
typedef struct {
    char file[SNA_CRASH_FILE_SIZE], place[SNA_CRASH_PLACE_SIZE];
} sna_crash_mark;

/* Before calls of HDF5, and behind them. */
void sna_crash_enter(const char *file, const char *place);
void sna_crash_enter_again(void); /* of the same file and place */
void sna_crash_leave(void);
/* The file is closed: whatever happens from now on is not its fault. */
void sna_crash_forget(void);

/* Called with the signal (SIGSEGV, SIGBUS, SIGFPE, SIGILL or SIGABRT; SIGVTALRM for what does not come back) in the
 * thread that crashed; it may do only what a signal handler may. Where HDF5 has been asked for nothing, the signal
 * takes its usual course instead. */
typedef void sna_crash_report(int signal_number, const sna_crash_mark *mark);
/* From now on a crash of this process is reported and ends it with `exit_status`. */
void sna_crash_catch(sna_crash_report *report, int exit_status);

/* From now on HDF5 not coming back within about so many seconds of computing is a crash too, in a program of one
 * thread. */
void sna_crash_watch(unsigned seconds);

/* "SIGSEGV"..., "a signal" for others. */
const char *sna_crash_name(int signal_number);

#endif
