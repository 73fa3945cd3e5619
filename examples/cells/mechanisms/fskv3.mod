TITLE Fast delayed rectifier of Kv3.1-Kv3.2 type: narrow spikes and high rates

COMMENT
I_Kdr = gbar n^2 (v - ek)

Golomb D, Donner K, Shacham L, Shlosberg D, Amitai Y, Hansel D (2007) Mechanisms of firing patterns in fast-spiking
cortical interneurons. PLoS Comput Biol 3:e156, Materials and Methods, equations of I_Kdr (n_inf, tau_n). The source
gives no temperature factor, so none is applied.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX fskv3
    USEION k READ ek WRITE ik
    RANGE gbar, g
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.225 (S/cm2) <0, 1e9>
    vhalf = -12.4 (mV)
    slope = 6.8 (mV)
}

ASSIGNED {
    v (mV)
    ek (mV)
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
    g = gbar*n^2
    ik = g*(v - ek)
}

DERIVATIVE states {
    rates(v)
    n' = (ninf - n)/ntau
}

PROCEDURE rates(v (mV)) {
    LOCAL rise, fall
    ninf = 1/(1 + exp(-(v - vhalf)/slope))
    rise = 0.087 + 11.4/(1 + exp((v + 14.6(mV))/8.6(mV)))
    fall = 0.087 + 11.4/(1 + exp(-(v - 1.3(mV))/18.7(mV)))
    ntau = 1(ms)*rise*fall
}
