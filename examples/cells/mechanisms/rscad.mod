TITLE Calcium in a thin shell below the membrane, with first-order removal

COMMENT
d[Ca]/dt = -f I_Ca/(2 F depth) - ([Ca] - cainf)/tau

Destexhe A, Babloyantz A, Sejnowski TJ (1993) Ionic mechanisms for intrinsic slow oscillations in thalamic relay
neurons. Biophys J 65:1538-1552, equation of the intracellular calcium concentration; f (unbound here), the fraction of
the calcium that stays free (not buffered), as in Hay E et al. (2011) PLoS Comput Biol 7:e1002107, Methods, calcium
dynamics.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX rscad
    USEION ca READ ica WRITE cai
    RANGE unbound, depth, tau, cainf
}

UNITS {
    (mA) = (milliamp)
    (mM) = (milli/liter)
    (um) = (micron)
    FARADAY = (faraday) (coulomb)
}

PARAMETER {
    unbound = 0.05 (1) <0, 1>
    depth = 0.1 (um) <1e-9, 1e9>
    tau = 100 (ms) <1e-9, 1e9>
    cainf = 1e-4 (mM) <0, 1e9>
}

ASSIGNED {
    ica (mA/cm2)
}

STATE {
    cai (mM) <1e-5>
}

INITIAL {
    cai = cainf
}

BREAKPOINT {
    SOLVE pool METHOD cnexp
}

DERIVATIVE pool {
    : mA/cm2 / (coulomb um) is 1e4 mM/ms
    cai' = -(1e4)*unbound*ica/(2*FARADAY*depth) - (cai - cainf)/tau
}
