TITLE Slowly inactivating D-type potassium current: delay to the first spike

COMMENT
I_d = gbar a^3 b (v - ek)

Golomb D, Donner K, Shacham L, Shlosberg D, Amitai Y, Hansel D (2007) Mechanisms of firing patterns in fast-spiking
cortical interneurons. PLoS Comput Biol 3:e156, Materials and Methods, equations of I_d (a_inf, b_inf, tau_a, tau_b).
The source gives no temperature factor, so none is applied.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX fskd
    USEION k READ ek WRITE ik
    RANGE gbar, g
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 3.9e-4 (S/cm2) <0, 1e9>
    avhalf = -50 (mV)
    aslope = 20 (mV)
    atau = 2 (ms) <1e-9, 1e9>
    bvhalf = -70 (mV)
    bslope = -6 (mV)
    btau = 150 (ms) <1e-9, 1e9>
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    g (S/cm2)
}

STATE {
    a (1)
    b (1)
}

INITIAL {
    a = boltzmann(v, avhalf, aslope)
    b = boltzmann(v, bvhalf, bslope)
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gbar*a^3*b
    ik = g*(v - ek)
}

DERIVATIVE states {
    a' = (boltzmann(v, avhalf, aslope) - a)/atau
    b' = (boltzmann(v, bvhalf, bslope) - b)/btau
}

FUNCTION boltzmann(v (mV), vhalf (mV), slope (mV)) (1) {
    boltzmann = 1/(1 + exp(-(v - vhalf)/slope))
}
