TITLE Synapse with short-term depression and facilitation

COMMENT
A spike opens the conductance weight (uS) times R u, which then follows a difference of two exponentials
(normalised: R u = 1 peaks at weight). Between spikes that are dt apart

    u(n+1) = U + u(n) (1 - U) exp(-dt/tau_facil)
    R(n+1) = 1 + (R(n) (1 - u(n)) - 1) exp(-dt/tau_rec)

with u(1) = U, R(1) = 1: Markram H, Wang Y, Tsodyks M (1998) Differential signaling via the same axon of neocortical
pyramidal neurons. Proc Natl Acad Sci USA 95:5323-5328, equations of the dynamic synapse; the model is that of
Tsodyks MV, Markram H (1997) Proc Natl Acad Sci USA 94:719-723. tau_facil = 0 is a synapse that only depresses,
tau_rec = 0 one that never does, U = 1 with tau_rec = 0 a plain two-exponential synapse.

u and R belong to the connection (the NetCon), so that several may share one synapse.
ENDCOMMENT

NEURON {
    THREADSAFE
    POINT_PROCESS TMSynapse
    NONSPECIFIC_CURRENT i
    RANGE tau1, tau2, e, U, tau_rec, tau_facil, g, i
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    tau1 = 0.2 (ms) <1e-9, 1e9>
    tau2 = 2 (ms) <1e-9, 1e9>
    e = 0 (mV)
    U = 0.5 (1) <0, 1>
    tau_rec = 800 (ms) <0, 1e9>
    tau_facil = 0 (ms) <0, 1e9>
}

ASSIGNED {
    v (mV)
    i (nA)
    g (uS)
    rise (ms)
    scale (1)
}

STATE {
    A (uS)
    B (uS)
}

INITIAL {
    LOCAL tpeak
    : equal time constants have no difference of exponentials: take the closest pair that has one
    rise = tau1
    if (rise > 0.9999*tau2) {
        rise = 0.9999*tau2
    }
    tpeak = rise*tau2/(tau2 - rise)*log(tau2/rise)
    scale = 1/(exp(-tpeak/tau2) - exp(-tpeak/rise))
    A = 0
    B = 0
}

BREAKPOINT {
    SOLVE state METHOD cnexp
    g = B - A
    i = g*(v - e)
}

DERIVATIVE state {
    A' = -A/rise
    B' = -B/tau2
}

: u and R are those of the last spike, tlast its time (negative: none yet)
NET_RECEIVE(weight (uS), u, R, tlast (ms)) {
    INITIAL {
        u = U
        R = 1
        tlast = -1(ms)
    }
    if (tlast >= 0) {
        R = 1 + (R*(1 - u) - 1)*decay(t - tlast, tau_rec)
        u = U + u*(1 - U)*decay(t - tlast, tau_facil)
    }
    tlast = t
    A = A + weight*scale*R*u
    B = B + weight*scale*R*u
}

FUNCTION decay(elapsed (ms), tau (ms)) (1) {
    if (tau <= 0) {
        decay = 0
    } else {
        decay = exp(-elapsed/tau)
    }
}
