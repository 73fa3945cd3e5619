: A mechanism that does, at 5 ms, the thing that its parameter `act` asks for. For tests of what becomes of it.

NEURON {
    SUFFIX misbehave
    RANGE act
}

PARAMETER {
    act = 0 : 1 bad memory access, 2 endless loop, 3 abort, 4 exit(0), 5 prints, 6 hoc error, 7 exit(3), 8 deep recursion
}

ASSIGNED {
    v (millivolt)
}

STATE {
    s
}

INITIAL {
    s = 0
}

BREAKPOINT {
    SOLVE change METHOD cnexp
    if (t > 5) {
        act = deed(act)
    }
}

DERIVATIVE change {
    s' = -s
}

FUNCTION deed(what) {
    deed = what
    if (what != 0) {
VERBATIM
    if (_lwhat == 1) {
        volatile int *nowhere = 0;
        *nowhere = 1;
    }
    if (_lwhat == 2) {
        volatile int forever = 1;
        while (forever) {
        }
    }
    if (_lwhat == 3)
        abort();
    if (_lwhat == 4)
        exit(0);
    if (_lwhat == 5) {
        printf("said on stdout\n");
        fprintf(stderr, "said on stderr\n");
        _ldeed = 0;
    }
    if (_lwhat == 6)
        hoc_execerror("the mechanism refuses", "because the test wants it");
    if (_lwhat == 7)
        exit(3);
ENDVERBATIM
        if (what == 8) {
            deed = deed(what) + 1 + deed(what)
        }
    }
}
