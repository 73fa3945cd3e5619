NEURON {
    SUFFIX verbatim
}
ASSIGNED { v (millivolt) }
BREAKPOINT {
VERBATIM
    this is not C;
ENDVERBATIM
}
