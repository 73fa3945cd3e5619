/* connector.h: the kinds of connectors that come with the library, each in the file of its name. */
#ifndef SNA_CONNECTORS_CONNECTOR_H
#define SNA_CONNECTORS_CONNECTOR_H

#include "internal.h"

extern const sna_connector sna_unidirectional;

/* Number of ordered pairs between the ends, without a node and itself unless `autapses`. */
double sna_ends_pairs(const sna_ends *ends, bool autapses);

#endif
