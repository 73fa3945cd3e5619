/* convert_network.c: a whole circuit, with its config, types, node sets and gap junctions, in another dialect. */
#include "sonata/config.h"
#include "sonata/convert.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    sna_conversion *conversion;
    sna_circuit *circuit;
    const char *folder;
    sna_config_writer *config;
    sna_list names; /* of files, so that no two are the same */
} network_copy;

/* folder/network/NAME, with _2, _3... before the ending where that is taken already. */
static int choose_path(network_copy *self, const char *stem, const char *ending, char **out)
{
    int status = 0;
    char *name = NULL, *inside = NULL;

    *out = NULL;
    for (int k = 1; status == 0 && *out == NULL; k++) {
        status = k == 1 ? sna_text_format(&name, "%s_%s", stem, ending)
                        : sna_text_format(&name, "%s_%d_%s", stem, k, ending);
        if (status == 0 && sna_list_find(&self->names, name) < 0) {
            status = sna_list_add(&self->names, name);
            if (status == 0)
                status = sna_text_format(&inside, "%s/network", self->folder);
            if (status == 0)
                status = sna_path_join(out, inside, name);
        }
        free(name);
        name = NULL;
    }
    free(inside);
    return status;
}

/* ---- populations -------------------------------------------------------------------------------------------- */

/* The type of a population for BBP's readers: what the config says, else what all its nodes have as model_type. */
static int find_type(const network_copy *self, uint64_t index, sna_nodes *nodes, const char **out)
{
    int status = 0;
    const sna_column *column = NULL;
    const char *type = sna_circuit_node_property(self->circuit, index, "type");

    if (type == NULL && sna_nodes_find_attribute(nodes, "model_type") != NULL) {
        status = sna_nodes_column(nodes, "model_type", &column);
        for (uint64_t i = 0; status == 0 && i < sna_nodes_count(nodes); i++) {
            const char *text = sna_column_text(column, i);
            if (text == NULL || (type != NULL && strcmp(type, text) != 0)) {
                type = NULL;
                break;
            }
            type = text;
        }
        /* BMTK's older word for the same thing. */
        if (type != NULL && strcmp(type, "point_process") == 0)
            type = "point_neuron";
    }
    *out = type;
    return status;
}

static int copy_nodes(network_copy *self, uint64_t index)
{
    int status = 0;
    char *path = NULL, *types = NULL;
    const char *type = NULL;
    sna_nodes *nodes = NULL;

    status = sna_circuit_nodes_at(self->circuit, index, &nodes);
    if (status == 0)
        status = choose_path(self, sna_nodes_name(nodes), "nodes.h5", &path);
    if (status == 0)
        status = sna_convert_nodes(self->conversion, nodes, path);
    if (status == 0 && sna_nodes_types(nodes) != NULL) {
        status = choose_path(self, sna_nodes_name(nodes), "node_types.csv", &types);
        if (status == 0)
            status = sna_convert_types(self->conversion, sna_nodes_types(nodes), "node_type_id", types);
    }
    if (status == 0)
        status = find_type(self, index, nodes, &type);
    if (status == 0)
        status = sna_config_writer_nodes(self->config, path, types, sna_nodes_name(nodes), type);
    free(path);
    free(types);
    return status;
}

/* The node population of that name; NULL when the circuit has none. Where the file does not name it, the circuit's only
 * one is meant. */
static int find_end(const network_copy *self, const sna_edges *edges, const char *name, sna_nodes **nodes,
                    const char **out)
{
    int status = 0;
    const uint64_t count = sna_circuit_node_populations(self->circuit);

    *nodes = NULL;
    *out = name != NULL ? name : count == 1 ? sna_circuit_node_population(self->circuit, 0) : NULL;
    if (*out == NULL)
        status = sna_error(SNA_EFORMAT, "%s does not say of which populations the nodes of %s are",
                           sna_edges_file(edges), sna_edges_name(edges));
    for (uint64_t i = 0; i < count && status == 0 && *nodes == NULL; i++)
        if (strcmp(sna_circuit_node_population(self->circuit, i), *out) == 0)
            status = sna_circuit_nodes_at(self->circuit, i, nodes);
    return status;
}

static int copy_edges(network_copy *self, uint64_t index)
{
    int status = 0;
    char *path = NULL, *types = NULL;
    const char *source_name = NULL, *target_name = NULL;
    sna_edges *edges = NULL;
    sna_nodes *source = NULL, *target = NULL;

    status = sna_circuit_edges_at(self->circuit, index, &edges);
    if (status == 0)
        status = find_end(self, edges, sna_edges_source_population(edges), &source, &source_name);
    if (status == 0)
        status = find_end(self, edges, sna_edges_target_population(edges), &target, &target_name);
    if (status == 0)
        status = choose_path(self, sna_edges_name(edges), "edges.h5", &path);
    if (status == 0)
        status = sna_convert_edges(self->conversion, edges, source, target, source_name, target_name, path);
    if (status == 0 && sna_edges_types(edges) != NULL) {
        status = choose_path(self, sna_edges_name(edges), "edge_types.csv", &types);
        if (status == 0)
            status = sna_convert_types(self->conversion, sna_edges_types(edges), "edge_type_id", types);
    }
    if (status == 0)
        status = sna_config_writer_edges(self->config, path, types, sna_edges_name(edges),
                                         sna_circuit_edge_property(self->circuit, index, "type"));
    free(path);
    free(types);
    return status;
}

static int copy_gaps(network_copy *self)
{
    int status = 0;

    for (uint64_t i = 0; i < sna_circuit_gap_files(self->circuit) && status == 0; i++) {
        char *path = NULL;
        status = choose_path(self, "gap", "juncs.h5", &path);
        if (status == 0)
            status = sna_convert_gaps(self->conversion, sna_circuit_gap_file(self->circuit, i), path);
        if (status == 0)
            status = sna_config_writer_gaps(self->config, path);
        free(path);
    }
    return status;
}

/* ---- the rest of the config --------------------------------------------------------------------------------- */

/* Adds the sets of an object to all sets; a later one replaces one of the same name. */
static int merge_sets(cJSON *all, const cJSON *sets)
{
    for (const cJSON *set = sets == NULL ? NULL : sets->child; set != NULL; set = set->next) {
        cJSON *copy = cJSON_Duplicate(set, true);
        cJSON_DeleteItemFromObjectCaseSensitive(all, set->string);
        if (copy == NULL || !cJSON_AddItemToObject(all, set->string, copy)) {
            cJSON_Delete(copy);
            return sna_error(SNA_ENOMEM, "no memory for the node sets");
        }
    }
    return 0;
}

static int write_text(sna_outputs *outputs, const char *path, const char *text, uint64_t length)
{
    int status = 0;
    const char *temporary = NULL;
    FILE *stream = NULL;

    status = sna_outputs_add(outputs, path, &temporary);
    if (status == 0)
        status = sna_stream_open(&stream, temporary);
    if (status != 0)
        goto out;
    if (fwrite(text, 1, length, stream) != length)
        status = sna_error(SNA_EIO, "%s: cannot write: %s", path, strerror(errno));
    if (status == 0)
        status = sna_stream_close(stream, path);
    else
        (void)fclose(stream);
out:
    return status;
}

/* The text of all node sets: a single file as it stands, else the sets of all of them; NULL where there are none. */
static int gather_sets(const sna_config *config, char **text, uint64_t *length)
{
    int status = 0;
    const cJSON *inlined = sna_json_member(config->root, "node_sets");
    const uint64_t files = config->node_sets_files.count;
    cJSON *all = NULL;
    char *printed = NULL;

    *text = NULL;
    if (!cJSON_IsObject(inlined))
        inlined = NULL;
    if (files == 0 && inlined == NULL)
        goto out;
    if (files == 1 && inlined == NULL) {
        status = sna_file_read(text, length, config->node_sets_files.text[0]);
        goto out;
    }
    all = cJSON_CreateObject();
    if (all == NULL)
        status = sna_error(SNA_ENOMEM, "no memory for the node sets");
    for (uint64_t i = 0; i < files && status == 0; i++) {
        sna_json *json = NULL;
        status = sna_json_read(&json, config->node_sets_files.text[i]);
        if (status == 0)
            status = merge_sets(all, sna_json_root(json));
        sna_json_free(json);
    }
    if (status == 0)
        status = merge_sets(all, inlined);
    if (status == 0) {
        printed = cJSON_Print(all);
        status = printed == NULL ? sna_error(SNA_ENOMEM, "no memory for the node sets") : sna_text_copy(text, printed);
        *length = *text == NULL ? 0 : strlen(*text);
    }
out:
    cJSON_free(printed);
    cJSON_Delete(all);
    return status;
}

static int copy_sets(network_copy *self, const sna_config *config)
{
    int status = 0;
    uint64_t length = 0;
    char *text = NULL, *path = NULL;
    sna_node_sets *sets = NULL;

    /* Read as sets first: what is wrong with them is said now, not by the reader of the copy. */
    status = sna_circuit_node_sets(self->circuit, &sets);
    if (status == 0)
        status = gather_sets(config, &text, &length);
    if (status != 0 || text == NULL)
        goto out;
    status = sna_path_join(&path, self->folder, "node_sets.json");
    if (status == 0)
        status = write_text(self->conversion->outputs, path, text, length);
    if (status == 0)
        status = sna_config_writer_node_sets(self->config, path);
    if (status == 0)
        status = sna_conversion_wrote(self->conversion, "node sets", "", sna_node_sets_count(sets), path);
out:
    free(path);
    free(text);
    return status;
}

/* What the config says besides, and no writer here writes, is named. */
static int note_rest(const network_copy *self, const sna_config *config)
{
    static const char *const known[] = {"manifest",  "components",     "networks",  "network",
                                        "node_sets", "node_sets_file", "gap_juncs", "target_simulator",
                                        "version",   "metadata",       "simulation"};
    int status = 0;
    sna_list rest = SNA_LIST;
    sna_string text = SNA_STRING;

    for (const cJSON *item = config->root->child; item != NULL && status == 0; item = item->next) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            is_known = is_known || strcmp(known[i], item->string) == 0;
        if (!is_known)
            status = sna_list_add(&rest, item->string);
    }
    if (status == 0)
        status = sna_list_join(&rest, 20, &text);
    if (status == 0 && rest.count > 0)
        status = sna_table_add_note(self->conversion->done,
                                    "The new config is that of the circuit; these keys were left "
                                    "out of it: %s.",
                                    sna_string_text(&text));
    sna_list_free(&rest);
    sna_string_free(&text);
    return status;
}

static int copy_components(network_copy *self, const sna_config *config)
{
    int status = 0;
    const cJSON *components = sna_json_member(config->root, "components");
    const char *simulator = sna_config_text(config, "target_simulator");

    for (const cJSON *item = cJSON_IsObject(components) ? components->child : NULL; item != NULL && status == 0;
         item = item->next) {
        if (cJSON_IsString(item))
            status = sna_config_writer_component(self->config, item->string, item->valuestring);
        else
            status = sna_table_add_note(self->conversion->done,
                                        "components.%s was left out of the config: it is no path.", item->string);
    }
    if (status == 0 && simulator != NULL)
        status = sna_config_writer_target_simulator(self->config, simulator);
    if (status == 0)
        status = copy_sets(self, config);
    if (status == 0)
        status = note_rest(self, config);
    return status;
}

/* ---- all of it ---------------------------------------------------------------------------------------------- */

int sna_convert_network(sna_conversion *conversion, const char *from, const char *folder)
{
    int status = 0;
    char *inside = NULL, *path = NULL;
    network_copy self = {.conversion = conversion, .folder = folder, .names = SNA_LIST};

    status = sna_circuit_open(&self.circuit, from);
    if (status == 0)
        status = sna_outputs_folder(conversion->outputs, folder);
    if (status == 0)
        status = sna_text_format(&inside, "%s/network", folder);
    if (status == 0)
        status = sna_outputs_folder(conversion->outputs, inside);
    if (status == 0)
        status = sna_config_writer_create(&self.config);
    for (uint64_t i = 0; status == 0 && i < sna_circuit_node_populations(self.circuit); i++)
        status = copy_nodes(&self, i);
    for (uint64_t i = 0; status == 0 && i < sna_circuit_edge_populations(self.circuit); i++)
        status = copy_edges(&self, i);
    if (status == 0)
        status = copy_gaps(&self);
    if (status == 0 && sna_circuit_config(self.circuit) != NULL)
        status = copy_components(&self, sna_circuit_config(self.circuit));
    if (status == 0)
        status = sna_path_join(&path, folder, "circuit_config.json");
    if (status == 0)
        status = sna_config_writer_write(self.config, conversion->outputs, path);
    if (status == 0)
        status = sna_conversion_wrote(conversion, "config", "", 1, path);
    sna_config_writer_free(self.config);
    sna_circuit_close(self.circuit);
    sna_list_free(&self.names);
    free(inside);
    free(path);
    return status;
}
