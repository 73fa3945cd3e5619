TITLE Hyperpolarization-activated cation current (h current) of layer 5 pyramidal cells

COMMENT
I_h = gbar m (v - eh)

Kinetics: Kole MHP, Hallermann S, Stuart GJ (2006) Single Ih channels in pyramidal neuron dendrites: properties,
distribution, and impact on action potential output. J Neurosci 26:1677-1687; the same rate functions are written out
in Hay E et al. (2011) PLoS Comput Biol 7:e1002107, Methods, equations of I_h (alpha_m, beta_m, reversal at -45 mV).

Temperature: the rates are those of recordings near body temperature. The source gives no factor for others, so none is
applied.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX rsih
    NONSPECIFIC_CURRENT i
    RANGE gbar, eh, g, i
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 1e-4 (S/cm2) <0, 1e9>
    eh = -45 (mV)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    g (S/cm2)
    minf (1)
    mtau (ms)
}

STATE {
    m (1)
}

INITIAL {
    rates(v)
    m = minf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gbar*m
    i = g*(v - eh)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m)/mtau
}

PROCEDURE rates(v (mV)) {
    LOCAL a, b
    a = 0.00643(/ms/mV)*linoid(v + 154.9(mV), 11.9(mV))
    b = 0.193(/ms)*exp(v/33.1(mV))
    minf = a/(a + b)
    mtau = 1/(a + b)
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
