: Bears the name of a mechanism that NEURON has already.
NEURON {
    SUFFIX hh
    RANGE q
}
PARAMETER { q = 0 }
ASSIGNED { v (millivolt) }
BREAKPOINT { q = 1 }
