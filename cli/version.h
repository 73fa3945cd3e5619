/* version.h: what --version prints. */
#ifndef SNA_CLI_VERSION_H
#define SNA_CLI_VERSION_H

#include "base/base.h"

/* Versions of the program, of the libraries in use and of the NEURON that would be loaded. */
int version_print(FILE *stream) SNA_CHECK_RESULT;

#endif
