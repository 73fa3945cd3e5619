TITLE Fast sodium current of a regular-spiking pyramidal cell

COMMENT
I_Na = gbar m^3 h (v - ena)

Rate functions: Traub RD, Miles R (1991) Neuronal Networks of the Hippocampus, Cambridge University Press, in the
form of Pospischil M et al. (2008) Minimal Hodgkin-Huxley type models for different classes of cortical and
thalamic neurons. Biol Cybern 99:427-441, equations of I_Na (alpha_m, beta_m, alpha_h, beta_h). vt is V_T there: it
moves the spike threshold.

Temperature: the rates hold at 36 degC. Away from it they change by q10 = 3 every 10 degrees, the factor of Hodgkin AL,
Huxley AF (1952) J Physiol 117:500-544.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX rsna
    USEION na READ ena WRITE ina
    RANGE gbar, vt, g
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.05 (S/cm2) <0, 1e9>
    vt = -56.2 (mV)
    q10 = 3 (1)
}

ASSIGNED {
    v (mV)
    ena (mV)
    celsius (degC)
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
    LOCAL a, b, u, speed
    speed = q10^((celsius - 36(degC))/10(degC))
    u = v - vt
    a = 0.32(/ms/mV)*linoid(13(mV) - u, 4(mV))
    b = 0.28(/ms/mV)*linoid(u - 40(mV), 5(mV))
    minf = a/(a + b)
    mtau = 1/(speed*(a + b))
    a = 0.128(/ms)*exp((17(mV) - u)/18(mV))
    b = 4(/ms)/(1 + exp((40(mV) - u)/5(mV)))
    hinf = a/(a + b)
    htau = 1/(speed*(a + b))
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
