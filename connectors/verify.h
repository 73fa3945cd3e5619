/* verify.h: parts of looking into a network that was built. */
#ifndef SNA_CONNECTORS_VERIFY_H
#define SNA_CONNECTORS_VERIFY_H

#include "internal.h"

/* Counts, from the files, the pairs that an entry of pairs connects both ways; nothing for entries of other kinds. */
int sna_verify_reciprocal(sna_network *self, uint64_t entry) SNA_CHECK_RESULT;

#endif
