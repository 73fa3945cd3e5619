TITLE High-voltage-activated calcium current

COMMENT
I_Ca = gbar q^2 r (v - eca)

Kinetics: Reuveni I, Friedman A, Amitai Y, Gutnick MJ (1993) Stepwise repolarization from Ca2+ plateaus in neocortical
pyramidal cells: evidence for nonhomogeneous distribution of HVA Ca2+ channels in dendrites. J Neurosci 13:4609-4621,
as written out in Pospischil M et al. (2008) Biol Cybern 99:427-441, equations of I_L (alpha_q, beta_q, alpha_r,
beta_r). The source gives no temperature factor, so none is applied.

eca is the Nernst potential of the calcium pool where the section has one (rscad), NEURON's default otherwise.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX rsca
    USEION ca READ eca WRITE ica
    RANGE gbar, g
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 1e-4 (S/cm2) <0, 1e9>
}

ASSIGNED {
    v (mV)
    eca (mV)
    ica (mA/cm2)
    g (S/cm2)
    qinf (1)
    qtau (ms)
    rinf (1)
    rtau (ms)
}

STATE {
    q (1)
    r (1)
}

INITIAL {
    rates(v)
    q = qinf
    r = rinf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gbar*q^2*r
    ica = g*(v - eca)
}

DERIVATIVE states {
    rates(v)
    q' = (qinf - q)/qtau
    r' = (rinf - r)/rtau
}

PROCEDURE rates(v (mV)) {
    LOCAL a, b
    a = 0.055(/ms/mV)*linoid(-27(mV) - v, 3.8(mV))
    b = 0.94(/ms)*exp((-75(mV) - v)/17(mV))
    qinf = a/(a + b)
    qtau = 1/(a + b)
    a = 0.000457(/ms)*exp((-13(mV) - v)/50(mV))
    b = 0.0065(/ms)/(1 + exp((-15(mV) - v)/28(mV)))
    rinf = a/(a + b)
    rtau = 1/(a + b)
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
