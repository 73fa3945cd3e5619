NEURON {
    THREADSAFE POINT_PROCESS Forms
    ELECTRODE_CURRENT i
    RANGE del, i, e, level, count, w
    GLOBAL everywhere, total
    BBCOREPOINTER stream
    POINTER vpre
}
UNITS { (nA) = (nanoamp) (mV) = (millivolt) }
PARAMETER { del (ms) e = -70 (mV) everywhere = 2 w[2] }
ASSIGNED { v (mV) i (nA) level vpre (mV) count total stream }
STATE { s (1) }
CONSTRUCTOR { level = 0 }
DESTRUCTOR { level = 1 }
INITIAL { s = 0 count = 0 net_send(1, 2) }
BEFORE STEP { count = count + 1 }
AFTER SOLVE { level = s }
BREAKPOINT { SOLVE state METHOD cnexp  i = s*(v - e) }
DERIVATIVE state { s' = -s/2 }
NET_RECEIVE (weight (uS), u, tlast (ms)) {
    INITIAL { u = 1 tlast = t }
    if (flag == 0) {
        s = s + weight
        state_discontinuity(s, s)
    } else if (flag == 2) {
        WATCH (v > -20) 3, (v < e - 5) 4
    } else {
        net_event(t)
        FOR_NETCONS (wgt, a, b) { wgt = 0 }
    }
}
VERBATIM
static void bbcore_write(double* x, int* d, int* xx, int* offset, _threadargsproto_) {}
static void bbcore_read(double* x, int* d, int* xx, int* offset, _threadargsproto_) {}
ENDVERBATIM
