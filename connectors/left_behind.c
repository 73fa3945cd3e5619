/* left_behind.c: files of an earlier build beside those of this one, which some simulators would take for its own. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static int add(sna_list *out, char *name)
{
    const int status = name == NULL ? SNA_ENOMEM : sna_list_add(out, name);

    free(name);
    return status;
}

static char *join(const char *a, const char *b, const char *suffix)
{
    char *name = NULL;

    return sna_text_format(&name, "%s%s%s%s", a, b == NULL ? "" : "_", b == NULL ? "" : b, suffix) == 0 ? name : NULL;
}

/* The names that this network gives its files, and those of the nodes that it takes from others. */
static int own_names(const sna_network *self, sna_list *out)
{
    int status = 0;

    for (uint64_t i = 0; i < self->populations && status == 0; i++) {
        const sna_population *population = &self->population[i];
        status = add(out, join(population->name, NULL, "_nodes.h5"));
        if (status == 0)
            status = add(out, join(population->name, NULL, "_node_types.csv"));
        if (status == 0 && population->nodes_file != NULL)
            status = sna_list_add(out, sna_path_name(population->nodes_file));
        if (status == 0 && population->types_file != NULL)
            status = sna_list_add(out, sna_path_name(population->types_file));
    }
    for (uint64_t i = 0; i < self->files && status == 0; i++) {
        const sna_edge_file *file = &self->file[i];
        const char *source = self->population[file->source_population].name,
                   *target = self->population[file->target_population].name;
        status = add(out, join(source, target, "_edges.h5"));
        if (status == 0)
            status = add(out, join(source, target, "_edge_types.csv"));
        if (status == 0 && file->has_gaps)
            status = add(out, join(source, NULL, "_gap_juncs.h5"));
    }
    return status;
}

int sna_network_note_left_behind(sna_network *self, const char *folder)
{
    static const char *const suffix[] = {"_nodes.h5", "_node_types.csv", "_edges.h5", "_edge_types.csv",
                                         "_gap_juncs.h5"};
    sna_list own = SNA_LIST, found = SNA_LIST, left = SNA_LIST;
    sna_string text = SNA_STRING;
    int status = own_names(self, &own);

    for (unsigned i = 0; i < sizeof suffix / sizeof *suffix && status == 0; i++)
        status = sna_path_list(&found, folder, suffix[i]);
    for (uint64_t i = 0; i < found.count && status == 0; i++) {
        if (sna_list_find(&own, found.text[i]) < 0)
            status = sna_list_add(&left, found.text[i]);
    }
    if (status == 0 && left.count > 0)
        status = sna_list_join(&left, 10, &text);
    if (status == 0 && left.count > 0)
        status = sna_network_note(self, "%s holds files of another network, which this one has no part in: %s", folder,
                                  sna_string_text(&text));
    sna_string_free(&text);
    sna_list_free(&own);
    sna_list_free(&found);
    sna_list_free(&left);
    return status;
}
