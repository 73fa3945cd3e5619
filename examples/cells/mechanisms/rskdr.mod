TITLE Delayed-rectifier potassium current of a regular-spiking pyramidal cell

COMMENT
I_Kd = gbar n^4 (v - ek)

Rate functions: Traub RD, Miles R (1991) Neuronal Networks of the Hippocampus, Cambridge University Press, in the
form of Pospischil M et al. (2008) Biol Cybern 99:427-441, equations of I_Kd (alpha_n, beta_n). vt is V_T there.

Temperature: the rates hold at 36 degC, q10 = 3 (Hodgkin AL, Huxley AF 1952, J Physiol 117:500-544).
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX rskdr
    USEION k READ ek WRITE ik
    RANGE gbar, vt, g
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.005 (S/cm2) <0, 1e9>
    vt = -56.2 (mV)
    q10 = 3 (1)
}

ASSIGNED {
    v (mV)
    ek (mV)
    celsius (degC)
    ik (mA/cm2)
    g (S/cm2)
    ninf (1)
    ntau (ms)
}

STATE {
    n (1)
}

INITIAL {
    rates(v)
    n = ninf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gbar*n^4
    ik = g*(v - ek)
}

DERIVATIVE states {
    rates(v)
    n' = (ninf - n)/ntau
}

PROCEDURE rates(v (mV)) {
    LOCAL a, b, u, speed
    speed = q10^((celsius - 36(degC))/10(degC))
    u = v - vt
    a = 0.032(/ms/mV)*linoid(15(mV) - u, 5(mV))
    b = 0.5(/ms)*exp((10(mV) - u)/40(mV))
    ninf = a/(a + b)
    ntau = 1/(speed*(a + b))
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
