NEURON {
    SUFFIX syntax
}
ASSIGNED { v (millivolt) }
BREAKPOINT {
    v = v +
}
