: A mechanism that is spread over several files.

NEURON {
    SUFFIX includes
    RANGE speed, level
}

INCLUDE "included.inc"

ASSIGNED {
    v (millivolt)
    level
}

VERBATIM
#include "included.h"
ENDVERBATIM

INITIAL {
    level = 0
}

BREAKPOINT {
VERBATIM
    level = INCLUDED_LEVEL;
ENDVERBATIM
}
