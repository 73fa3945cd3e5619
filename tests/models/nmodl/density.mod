TITLE A density mechanism in which most declarations occur ! not a model of anything
? The other form of a comment

COMMENT
Letters outside ASCII are allowed here: µ, é.
ENDCOMMENTARY is no end, since the word is longer.
  ENDCOMMENT what follows on this line is thrown away

DEFINE SHELLS 4
DEFINE MANY 12

INDEPENDENT {t FROM 0 TO 1 WITH 1 (ms)}

NEURON {
    SUFFIX forms
    USEION ca READ cai, ica WRITE cai
    USEION x READ ex, xo WRITE ix VALENCE -1
    NONSPECIFIC_CURRENT il
    RANGE gbar, g, n0, weights, profile, missing, ix, nstart
    GLOBAL shared, table_, weird, h0
    EXTERNAL amount_nothing_at_all
    THREADSAFE
    POINTER far
}

INCLUDE "shared.inc"

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (mM) = (milli/liter)
    (um) = (micron)
    F = (faraday) (coulomb)
    R = (k-mole) (joule/degC)
    PI = 3.14159 (1)
    inch2foot = (inch) -> (foot)
}

CONSTANT {
    half = .5
    tenth = -1.e-1 (mV)
}

PARAMETER {
    gbar = 1e-3 (S/cm2) <0, 1e9>
    nothing_given (mV)
    spread = SHELLS
    sign = -2.50E+1 (mV)
    shared = 3 (/mM-s) : a comment behind
    h0 = .25
    weights[3] (1) <0,10>
    dotted = 5. (1) ? another one
    celsius = 36 (degC)
    v (mV)
    profile[MANY]
    ex (mV)
}

STATE {
    n START .125 (1) <1e-4>
    h
    cai (mM) <1e-6>
    shell[SHELLS] (mM) <1e-3>
    p FROM 0 TO 1
    q r
}

ASSIGNED {
    g (S/cm2)
    il (mA/cm2)
    ix (mA/cm2)
    ica (mA/cm2)
    xo (mM)
    diam (um)
    table_[SHELLS]
    hidden (ms)
    weird FROM -1 TO 1 (mV)
    far
    area
    ninf hinf
}

LOCAL once, twice[MANY]

INITIAL {
    LOCAL a, b[2]
    n = n0
    h = h0
    cai = 1e-4
    FROM i = 0 TO SHELLS - 1 {
        shell[i] = cai
        if (i == 2 || !(i < 3) && i != 0) { once = i } else if (i >= 3) { once = 2*i } ELSE { once = -i }
    }
    a = 0
    WHILE (a < 3) { a = a + 1 }
    { b[0] = 1 }
    SOLVE scheme STEADYSTATE sparse
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    SOLVE scheme METHOD sparse
    CONDUCTANCE g
    g = gbar*n^3*h
    il = g*(v - -70(mV))*2^-(1 - !0)
    ix = 0
    VERBATIM
    /* } this brace counts for nobody */
    ENDVERBATIM
}

DERIVATIVE states {
    rates(v)
    n' = (ninf - n)/2
    h' = (hinf - h)/10
}

KINETIC scheme {
    COMPARTMENT i, diam*diam*(i + 1)*1(um) {shell}
    COMPARTMENT 2 {q r}
    LONGITUDINAL_DIFFUSION i, 0.1*diam {shell}
    ~ shell[0] << (-(ica)*PI*diam/(2*F))
    FROM i = 0 TO SHELLS-2 BY 1 {
        ~ shell[i] <-> shell[i + 1] (1(um), 2)
    }
    ~ 2 q <-> r (3, 4)
    ~ q -> (.1)
    CONSERVE q + r = 1
    cai = shell[0]
}

LINEAR balance {
    ~ p + q = 1
    ~ q = 2*(g)
}

PROCEDURE rates(v (mV)) {
    TABLE ninf, hinf DEPEND celsius, shared FROM -100 TO 100 WITH 200
    UNITSOFF
    ninf = alpha(v) hinf = 1 - alpha(v)
    UNITSON
}

FUNCTION alpha(x (mV)) (/ms) {
    alpha = 1/(1 + exp(-(x + 40)/5))
}

FUNCTION_TABLE looked_up(a (mV), b) (mV)

FUNCTION none() (mM) {
    none = fabs(cai)
    printf("%g\n", none)
}
