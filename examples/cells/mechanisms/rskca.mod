TITLE Small-conductance calcium-activated potassium current (SK): after-hyperpolarization

COMMENT
I_SK = gbar z (v - ek)

Kohler M et al. (1996) Small-conductance, calcium-activated potassium channels from mammalian brain. Science
273:1709-1714, with the activation curve and time constant of Hay E et al. (2011) PLoS Comput Biol 7:e1002107, Methods,
equations of I_SK: z_inf = 1/(1 + (0.43 uM/[Ca])^4.8), tau_z = 1 ms.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX rskca
    USEION k READ ek WRITE ik
    USEION ca READ cai
    RANGE gbar, khalf, hill, tau, g
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
    (mM) = (milli/liter)
}

PARAMETER {
    gbar = 1e-4 (S/cm2) <0, 1e9>
    khalf = 4.3e-4 (mM) <1e-9, 1e9>
    hill = 4.8 (1)
    tau = 1 (ms) <1e-9, 1e9>
}

ASSIGNED {
    v (mV)
    ek (mV)
    cai (mM)
    ik (mA/cm2)
    g (S/cm2)
}

STATE {
    z (1)
}

INITIAL {
    z = zinf(cai)
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gbar*z
    ik = g*(v - ek)
}

DERIVATIVE states {
    z' = (zinf(cai) - z)/tau
}

: no calcium, no activation: the power is not defined below zero, where an integrator may step for a moment
FUNCTION zinf(ca (mM)) (1) {
    if (ca <= 0) {
        zinf = 0
    } else {
        zinf = 1/(1 + (khalf/ca)^hill)
    }
}
