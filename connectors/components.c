/* components.c: the folders of morphologies, synapses... that the specification names and the circuit config will. */
#include <stdlib.h>
#include <sys/stat.h>

#include "internal.h"

const char *const sna_component_keys[] = {"morphologies_dir",    "biophysical_neuron_models_dir",
                                          "synaptic_models_dir", "point_neuron_models_dir",
                                          "mechanisms_dir",      "templates_dir",
                                          "filter_models_dir",   NULL};
_Static_assert(sizeof sna_component_keys / sizeof *sna_component_keys == SNA_COMPONENTS + 1, "one path for each key");

static int read_component(sna_network *self, const cJSON *item, const char **name)
{
    char *path = NULL;
    struct stat info;
    int status = sna_json_text(self->json, item, name);

    if (status == 0)
        status = sna_path_join(&path, self->folder, *name);
    /* It may be made later, by whoever simulates the network. */
    if (status == 0 && !(stat(path, &info) == 0 && S_ISDIR(info.st_mode)))
        status = sna_network_note(self, "components.%s: there is no folder %s", item->string, path);
    free(path);
    return status;
}

int sna_spec_read_components(sna_network *self)
{
    const cJSON *components = sna_json_member(sna_json_root(self->json), "components");
    int status = 0;

    if (components == NULL)
        goto out;
    status = sna_json_expect_object(self->json, components);
    if (status == 0)
        status = sna_json_check_keys(self->json, components, sna_component_keys);
    for (unsigned k = 0; k < SNA_COMPONENTS && status == 0; k++) {
        const cJSON *item = sna_json_member(components, sna_component_keys[k]);
        if (item != NULL)
            status = read_component(self, item, &self->component[k]);
    }
out:
    return status;
}
