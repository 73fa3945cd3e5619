/* version.c: versions of the program and of what it uses. */
#include "version.h"

#include <cjson/cJSON.h>
#include <csv.h>
#include <gsl/gsl_version.h>
#include <hdf5.h>
#include <libdeflate.h>
#include <nettle/version.h>

#include "graph.h"
#include "neuron/neuron.h"

static void print_igraph(FILE *stream)
{
    graph_session session = {0};

    if (graph_load(&session) != 0)
        (void)fprintf(stream, "igraph: %s\n", sna_error_message());
    else
        (void)fprintf(stream, "igraph %s, loaded by graph commands\n", session.library->igraph_version);
    graph_close(&session);
}

/* The NEURON that `cell` commands would load; its absence is no failure of --version. */
static void print_neuron(FILE *stream)
{
    sna_neuron_installation found;

    if (sna_neuron_find(&found, NULL) != 0) {
        (void)fprintf(stream, "NEURON: %s\n", sna_error_message());
    } else {
        (void)fprintf(stream, "NEURON %s (%s, found by %s)\n", found.version, found.library, found.found_by);
        sna_neuron_installation_free(&found);
    }
}

int version_print(FILE *stream)
{
    unsigned major = 0, minor = 0, release = 0;

    (void)H5get_libversion(&major, &minor, &release);
    (void)fprintf(stream,
                  "sonatina %s\n"
                  "Copyright (C) 2026 the Sonatina authors. Licence GPL-3.0-or-later; no warranty.\n\n"
                  "HDF5 %u.%u.%u, cJSON %s, GSL %s, libcsv %d.%d.%d, nettle %d.%d, libdeflate %s\n",
                  sna_version(), major, minor, release, cJSON_Version(), gsl_version, CSV_MAJOR, CSV_MINOR, CSV_RELEASE,
                  nettle_version_major(), nettle_version_minor(), LIBDEFLATE_VERSION_STRING);
    print_igraph(stream);
    print_neuron(stream);
    return 0;
}
