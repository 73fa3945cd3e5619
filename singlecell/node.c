/* node.c: what a SONATA config says about a cell: folders of templates and mechanisms, and the model of one node. */
#include "internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sonata/sonata.h"

enum { TEMPLATE_SIZE = 256 };

/* A copy of a text that lives as long as the choice. */
static int keep(sna_cell_choice *self, const char **out, const char *text)
{
    int status = sna_list_add(&self->owned, text);

    if (status == 0)
        *out = self->owned.text[self->owned.count - 1];
    return status;
}

/* The text of an attribute of a node, NULL where it has none. */
static int node_text(sna_nodes *nodes, uint64_t row, const char *name, const char **out)
{
    int status = 0;
    const sna_column *column = NULL;

    *out = NULL;
    if (sna_nodes_find_attribute(nodes, name) == NULL)
        goto out;
    status = sna_nodes_column(nodes, name, &column);
    if (status == 0 && !sna_column_is_missing(column, row))
        *out = sna_column_text(column, row);
    if (*out != NULL && ((*out)[0] == '\0' || strcmp(*out, "NULL") == 0 || strcmp(*out, "None") == 0))
        *out = NULL;
out:
    return status;
}

/* A file that a node names, in a folder of the config, with or without its ending. */
static int find_file(sna_cell_choice *self, const sna_config *config, const char *key, const char *name,
                     const char *ending, const char **out)
{
    int status = 0;
    const char *folder = sna_config_text(config, key);
    char *path = NULL, *longer = NULL;

    status = sna_path_join(&path, folder, name);
    if (status == 0)
        status = sna_text_format(&longer, "%s%s", path, ending);
    if (status == 0 && access(path, R_OK) == 0)
        status = keep(self, out, path);
    else if (status == 0 && access(longer, R_OK) == 0)
        status = keep(self, out, longer);
    else if (status == 0)
        status = sna_error(SNA_ENOTFOUND, "there is no file %s (`%s` of the config: %s)", path, key,
                           folder == NULL ? "missing" : folder);
    free(longer);
    free(path);
    return status;
}

/* A reconstructed cell with a fit of the Allen cell types database. */
static int take_fitted(sna_cell_choice *self, const sna_config *config, sna_nodes *nodes, uint64_t row)
{
    int status = 0;
    const char *morphology = NULL, *fit = NULL, *processing = NULL;

    status = node_text(nodes, row, "morphology", &morphology);
    if (status == 0)
        status = node_text(nodes, row, "dynamics_params", &fit);
    if (status == 0)
        status = node_text(nodes, row, "model_processing", &processing);
    if (status == 0 && (morphology == NULL || fit == NULL))
        status = sna_error(SNA_EFORMAT, "its model is ctdb:Biophys1.hoc, which needs `%s`, and it has none",
                           morphology == NULL ? "morphology" : "dynamics_params");
    if (status == 0 && processing != NULL && strchr(processing, ':') != NULL)
        processing = strchr(processing, ':') + 1; /* ctdb:aibs_perisomatic */
    if (status == 0 && processing != NULL)
        status = sna_processing_parse(&self->source.processing, processing);
    if (status == 0)
        status = find_file(self, config, "components.morphologies_dir", morphology, ".swc", &self->source.swc);
    if (status == 0)
        status = find_file(self, config, "components.biophysical_neuron_models_dir", fit, ".json", &self->source.fit);
    return status;
}

/* "NAME", "NAME.hoc" or "NAME(1, 0.5)", as nodes name their templates: the name, and the arguments ("" for none). False
 * for anything else. */
static bool read_template(const char *text, char name[TEMPLATE_SIZE], char arguments[TEMPLATE_SIZE])
{
    const size_t length = strcspn(text, "(.");
    const char *rest = text + length, *end = text + strlen(text);

    if (length >= TEMPLATE_SIZE || strlen(rest) >= TEMPLATE_SIZE)
        return false;
    (void)snprintf(name, TEMPLATE_SIZE, "%.*s", (int)length, text);
    arguments[0] = '\0';
    if (rest[0] == '(' && end[-1] == ')')
        (void)snprintf(arguments, TEMPLATE_SIZE, "%.*s", (int)(end - rest - 2), rest + 1);
    else if (rest[0] != '\0' && strcmp(rest, ".hoc") != 0)
        return false;
    return sna_hoc_is_name(name);
}

static int take_template(sna_cell_choice *self, const sna_config *config, const char *name, const char *arguments)
{
    int status = 0;
    char *file = NULL, *path = NULL;
    const char *models = sna_config_text(config, "components.biophysical_neuron_models_dir");

    status = keep(self, &self->source.template_name, name);
    if (status == 0 && arguments[0] != '\0' && self->source.arguments == NULL)
        status = keep(self, &self->source.arguments, arguments);
    /* BMTK keeps templates in templates_dir; the other family keeps each in a file of its name. */
    if (status == 0 && self->source.hoc_count == 0 && self->source.hoc_folder == NULL && models != NULL) {
        status = sna_text_format(&file, "%s.hoc", name);
        if (status == 0)
            status = sna_path_join(&path, models, file);
        if (status == 0 && access(path, R_OK) == 0)
            status = keep(self, &self->file[0], path);
        if (status == 0 && self->file[0] != NULL) {
            self->source.hoc = self->file;
            self->source.hoc_count = 1;
        }
    }
    if (status == 0 && self->source.hoc_count == 0 && self->source.hoc_folder == NULL)
        status =
            sna_error(SNA_ENOTFOUND, "its template is `%s`, but the config names no `components.templates_dir`", name);
    free(path);
    free(file);
    return status;
}

static int take_model(sna_cell_choice *self, const sna_config *config, sna_nodes *nodes, uint64_t row)
{
    int status = 0;
    const char *type = NULL, *template_name = NULL;
    char name[TEMPLATE_SIZE], arguments[TEMPLATE_SIZE];

    status = node_text(nodes, row, "model_type", &type);
    if (status == 0)
        status = node_text(nodes, row, "model_template", &template_name);
    if (status != 0)
        goto out;
    if (type != NULL && strcmp(type, "biophysical") != 0 && strcmp(type, "single_compartment") != 0)
        status = sna_error(SNA_EUNSUPPORTED, "it is no cell of NEURON: its model_type is `%s`, expected `biophysical`",
                           type);
    else if (template_name == NULL)
        status = sna_error(SNA_EFORMAT, "it has no model_template");
    else if (strncmp(template_name, "hoc:", 4) == 0 && read_template(template_name + 4, name, arguments))
        status = take_template(self, config, name, arguments);
    else if (strcmp(template_name, "ctdb:Biophys1.hoc") == 0 || strcmp(template_name, "ctdb:Biophys1") == 0)
        status = take_fitted(self, config, nodes, row);
    else
        status = sna_error(SNA_EUNSUPPORTED,
                           "its model_template is `%s`; hoc:NAME, hoc:NAME(arguments) and ctdb:Biophys1.hoc can be run",
                           template_name);
out:
    return status;
}

static void take_condition(sna_cell_condition *out, const sna_config *config, const char *key)
{
    const double value = sna_config_real(config, key);

    if (isfinite(value))
        *out = (sna_cell_condition){value, SNA_FROM_CONFIG};
}

/* "population:id", or an id alone where there is one population. */
static int find_node(sna_circuit *circuit, const char *text, sna_nodes **nodes, uint64_t *row)
{
    int status = 0;
    const char *colon = strrchr(text, ':');
    char *population = NULL;
    uint64_t id = 0;
    int64_t found;

    if (colon != NULL)
        status = sna_text_format(&population, "%.*s", (int)(colon - text), text);
    if (status == 0 && sna_unsigned_parse(&id, colon == NULL ? text : colon + 1) != 0)
        status = sna_error(SNA_EINVAL, "`%s` is no node: nodes are written population:id, e.g. cortex:12", text);
    if (status == 0 && colon == NULL && sna_circuit_node_populations(circuit) != 1)
        status = sna_error(SNA_EINVAL, "node %s of which population? Nodes are written population:id", text);
    if (status == 0)
        status =
            colon == NULL ? sna_circuit_nodes_at(circuit, 0, nodes) : sna_circuit_nodes(circuit, population, nodes);
    if (status != 0)
        goto out;
    found = sna_nodes_row(*nodes, id);
    if (found < 0)
        status = sna_error(SNA_ENOTFOUND, "population `%s` has no node %" PRIu64 "; it has %" PRIu64 " nodes",
                           sna_nodes_name(*nodes), id, sna_nodes_count(*nodes));
    else
        *row = (uint64_t)found;
out:
    free(population);
    return status;
}

static int take_node(sna_cell_choice *self, const sna_config *config)
{
    int status = 0;
    sna_circuit *circuit = NULL;
    sna_nodes *nodes = NULL;
    uint64_t row = 0;

    if (self->source.swc != NULL || self->source.fit != NULL || self->source.template_name != NULL) {
        status =
            sna_error(SNA_EINVAL, "a node has its model already: morphology, fit and template cannot be given too");
        goto out;
    }
    status = sna_circuit_open(&circuit, self->source.config);
    if (status == 0)
        status = find_node(circuit, self->source.node, &nodes, &row);
    if (status != 0)
        goto out;
    status = sna_error_in(take_model(self, config, nodes, row), "node %s", self->source.node);
    take_condition(&self->celsius, config, "conditions.celsius");
    take_condition(&self->v_init, config, "conditions.v_init");
    take_condition(&self->dt, config, "run.dt");
out:
    sna_circuit_close(circuit);
    return status;
}

/* The folder of mod files: mechanisms_dir itself, or modfiles in it, where BMTK's own examples have them. */
static int take_mechanisms(sna_cell_choice *self, const char *folder)
{
    int status = 0;
    char *below = NULL;
    sna_list names = SNA_LIST;

    if (folder == NULL || self->source.mod_folder != NULL || self->source.mechanisms != NULL ||
        access(folder, R_OK) != 0)
        goto out;
    status = sna_path_list(&names, folder, ".mod");
    if (status == 0)
        status = sna_path_join(&below, folder, "modfiles");
    if (status == 0 && names.count > 0)
        status = keep(self, &self->source.mod_folder, folder);
    else if (status == 0 && access(below, R_OK) == 0)
        status = keep(self, &self->source.mod_folder, below);
out:
    sna_list_free(&names);
    free(below);
    return status;
}

int sna_cell_choose(sna_cell_choice *out, const sna_cell_source *source)
{
    static const sna_cell_condition nothing = {NAN, SNA_FROM_MODEL};
    int status = 0;
    sna_config *config = NULL;
    const char *folder;

    *out =
        (sna_cell_choice){.source = *source, .owned = SNA_LIST, .celsius = nothing, .v_init = nothing, .dt = nothing};
    if (source->config == NULL && source->node != NULL)
        status = sna_error(SNA_EINVAL, "a node needs the config of its circuit");
    if (status != 0 || source->config == NULL)
        goto out;
    status = sna_config_read(&config, source->config, NULL);
    if (status != 0)
        goto out;
    status = take_mechanisms(out, sna_config_text(config, "components.mechanisms_dir"));
    folder = sna_config_text(config, "components.templates_dir");
    if (status == 0 && folder != NULL && source->swc == NULL && source->hoc_folder == NULL && access(folder, R_OK) == 0)
        status = keep(out, &out->source.hoc_folder, folder);
    if (status == 0 && source->node != NULL)
        status = take_node(out, config);
    /* A reconstructed cell needs no templates, even where there are some. */
    if (status == 0 && out->source.swc != NULL)
        out->source.hoc_folder = source->hoc_folder;
    if (status == 0 && out->source.swc == NULL && out->source.hoc_count == 0 && out->source.hoc_folder == NULL)
        status =
            sna_error(SNA_ENOTFOUND, "%s: it names no folder of templates that is there (`components.templates_dir`)",
                      source->config);
out:
    sna_config_free(config);
    return status;
}

void sna_cell_choice_free(sna_cell_choice *self)
{
    sna_list_free(&self->owned);
}
