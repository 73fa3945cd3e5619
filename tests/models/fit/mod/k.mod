COMMENT
A potassium current under the name k, which NEURON's own reader of morphologies uses for a variable.
ENDCOMMENT
NEURON {
    SUFFIX k
    USEION k READ ek WRITE ik
    RANGE gbar
}
UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}
PARAMETER {
    gbar = 0 (S/cm2)
    celsius (degC)
}
ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    tau (ms)
}
STATE {
    n
}
BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar * n * (v - ek)
}
INITIAL {
    n = 1 / (1 + exp(-(v + 60) / 10))
}
DERIVATIVE states {
    tau = 5 * 2 ^ (-(celsius - 20) / 10)
    n' = (1 / (1 + exp(-(v + 60) / 10)) - n) / tau
}
