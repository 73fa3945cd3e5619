: A current that is not a number.

NEURON {
    SUFFIX notanumber
    NONSPECIFIC_CURRENT i
    RANGE g
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    g = 1e-3 (S/cm2)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
}

BREAKPOINT {
    i = g * log(-1 - v * v)
}
