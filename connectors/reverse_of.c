/* reverse_of.c: the backward direction of an entry that draws both, as an entry of its own. It draws nothing itself:
 * prepare.c gives it the other entry's backward projection. */
#include "connector.h"

static int prepare(void *state, const sna_ends *ends, const sna_fields *fields, sna_expectation *expected)
{
    (void)state;
    (void)ends;
    (void)fields;
    (void)expected;
    return 0;
}

static const char *const keys[] = {"name", "n_syn", NULL};

const sna_connector sna_reverse_of = {.type = "reverse_of", .keys = keys, .prepare = prepare};
