: no SUFFIX: the mechanism is named after its file
NEURON { RANGE tau }
PARAMETER { tau = 2 (ms) loose = 3 }
STATE { left right }
BREAKPOINT { SOLVE both }
PROCEDURE both() { SOLVE equations METHOD newton }
NONLINEAR equations SOLVEFOR left, right { ~ left + right*right = 2  ~ left - right = tau }
