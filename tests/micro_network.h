/* micro_network.h: a network of five cells whose every statistic can be worked out by hand.
 *
 *   cells   0, 1, 2 of kind A at (0,0,0), (30,0,0), (0,40,0); 3, 4 of kind B at (0,0,50), (100,0,0)
 *   A to A  0-1, 1-0, 0-2               A to B  0-3, 1-3, 2-4, each with 2 synapses
 *   B to A  3-0                         and, where asked for, gap junctions 0-1, 1-2
 *
 * Node sets: first (0, 1), second (3, 4), mixed (1, 3), nobody.
 *
 * Written with HDF5 itself, so that it does not depend on what is tested. */
#ifndef SNA_TESTS_MICRO_NETWORK_H
#define SNA_TESTS_MICRO_NETWORK_H

#include <stdbool.h>

/* Writes the files into a folder and returns the path of the circuit config; free() it. */
char *micro_network(const char *folder, bool gap_junctions);

#endif
