TITLE Fast sodium current of a fast-spiking interneuron

COMMENT
I_Na = gbar m^3 h (v - ena)

Rate functions and the speed factor phi = 5: Wang X-J, Buzsaki G (1996) Gamma oscillation by synaptic inhibition in a
hippocampal interneuronal network model. J Neurosci 16:6402-6413, Methods, equations of I_Na (alpha_m, beta_m, alpha_h,
beta_h, phi).

One thing differs. The paper puts m at its steady state; here m follows its own rates, sped up by the same phi (at most
0.1 ms, so nearly the same). A current that follows v at once has a negative slope conductance on the way up, which a
fixed step of 0.025 ms does not survive.

The source gives no temperature factor, so none is applied.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX fsna
    USEION na READ ena WRITE ina
    RANGE gbar, phi, g
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.035 (S/cm2) <0, 1e9>
    phi = 5 (1) <1e-9, 1e9>
}

ASSIGNED {
    v (mV)
    ena (mV)
    ina (mA/cm2)
    g (S/cm2)
    minf (1)
    mtau (ms)
    hinf (1)
    htau (ms)
}

STATE {
    m (1)
    h (1)
}

INITIAL {
    rates(v)
    m = minf
    h = hinf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gbar*m^3*h
    ina = g*(v - ena)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m)/mtau
    h' = (hinf - h)/htau
}

PROCEDURE rates(v (mV)) {
    LOCAL a, b
    a = 0.1(/ms/mV)*linoid(-(v + 35(mV)), 10(mV))
    b = 4(/ms)*exp(-(v + 60(mV))/18(mV))
    minf = a/(a + b)
    mtau = 1/(phi*(a + b))
    a = 0.07(/ms)*exp(-(v + 58(mV))/20(mV))
    b = 1(/ms)/(1 + exp(-(v + 28(mV))/10(mV)))
    hinf = a/(a + b)
    htau = 1/(phi*(a + b))
}

: x/(exp(x/k) - 1), by its series next to the removable singularity at x = 0
FUNCTION linoid(x (mV), k (mV)) (mV) {
    LOCAL z
    z = x/k
    if (fabs(z) < 1e-4) {
        linoid = k*(1 - z/2 + z*z/12)
    } else {
        linoid = x/(exp(z) - 1)
    }
}
