TITLE Slow muscarinic potassium current (M current): spike-frequency adaptation

COMMENT
I_M = gbar p (v - ek)

Kinetics: Yamada WM, Koch C, Adams PR (1989) Multiple channels and calcium dynamics. In: Methods in Neuronal Modeling
(Koch C, Segev I, eds), MIT Press, in the form of Pospischil M et al. (2008) Biol Cybern 99:427-441, equations of
I_M (p_inf, tau_p). taumax is tau_max there: tau_p is at most taumax/(2 sqrt(3.3)), near -47 mV.

Temperature: the time constant holds at 36 degC, q10 = 2.3 (the usual assumption for this current in cortical models).
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX rskm
    USEION k READ ek WRITE ik
    RANGE gbar, taumax, g
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 7e-5 (S/cm2) <0, 1e9>
    taumax = 1000 (ms) <1e-9, 1e9>
    q10 = 2.3 (1)
}

ASSIGNED {
    v (mV)
    ek (mV)
    celsius (degC)
    ik (mA/cm2)
    g (S/cm2)
    pinf (1)
    ptau (ms)
}

STATE {
    p (1)
}

INITIAL {
    rates(v)
    p = pinf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gbar*p
    ik = g*(v - ek)
}

DERIVATIVE states {
    rates(v)
    p' = (pinf - p)/ptau
}

PROCEDURE rates(v (mV)) {
    LOCAL speed, z
    speed = q10^((celsius - 36(degC))/10(degC))
    z = (v + 35(mV))/10(mV)
    pinf = 1/(1 + exp(-z))
    ptau = taumax/(speed*(3.3*exp(z/2) + exp(-z/2)))
}
