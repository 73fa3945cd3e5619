/* network.c: a specification as a whole: its top level, and the life of the network made from it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "generator.h"
#include "node_values.h"
#include "place.h"

static int check_version(const sna_network *self)
{
    const cJSON *item = NULL;
    uint64_t version = 0;
    int status = sna_json_require(self->json, sna_json_root(self->json), "sonatina", &item);

    if (status == 0)
        status = sna_json_unsigned(self->json, item, &version);
    if (status == 0 && version != 1)
        status = sna_json_error(self->json, item, SNA_EFORMAT,
                                "is the format's version and must be 1 for this program, found %" PRIu64, version);
    return status;
}

/* A rule that no entry uses is not looked into: that it is there may be a misspelling. */
static int check_rules_are_used(sna_network *self)
{
    const cJSON *edges = sna_json_member(sna_json_root(self->json), "edges");
    int status = 0;

    for (const cJSON *rule = self->rules == NULL ? NULL : self->rules->child; rule != NULL && status == 0;
         rule = rule->next) {
        bool used = false;
        for (const cJSON *entry = edges == NULL ? NULL : edges->child; entry != NULL && !used; entry = entry->next) {
            const cJSON *use = sna_json_member(entry, "use");
            used = cJSON_IsString(use) && strcmp(use->valuestring, rule->string) == 0;
        }
        if (!used)
            status = sna_network_note(self, "rules.%s: no entry uses it", rule->string);
    }
    return status;
}

static int read_top(sna_network *self)
{
    static const char *const keys[] = {"sonatina",  "seed",           "populations", "rules", "edges",
                                       "node_sets", "node_sets_file", "components",  NULL};
    int status = 0;
    const cJSON *root = sna_json_root(self->json), *seed;

    status = sna_json_check_keys(self->json, root, keys);
    if (status == 0)
        status = check_version(self);
    if (status != 0)
        goto out;
    seed = sna_json_member(root, "seed");
    if (seed != NULL)
        status = sna_json_unsigned(self->json, seed, &self->seed);
    if (status == 0 && self->options.seed != NULL)
        self->seed = *self->options.seed;
    self->rules = sna_json_member(root, "rules");
    if (status == 0 && self->rules != NULL)
        status = sna_json_expect_object(self->json, self->rules);
    if (status == 0)
        status = check_rules_are_used(self);
out:
    return status;
}

int sna_network_collect(sna_network *self, int status)
{
    if (status == 0 || self->options.faults == NULL || status == SNA_ENOMEM || status == SNA_ECANCELLED)
        return status;
    return sna_list_add(self->options.faults, sna_error_message());
}

int sna_network_check_faults(const sna_network *self)
{
    const sna_list *faults = self->options.faults;

    return faults == NULL || faults->count == 0 ? 0 : sna_error(SNA_EFORMAT, "%s", faults->text[0]);
}

/* The network that was built, by its folder or its config. */
static int open_circuit(sna_network *self)
{
    struct stat about;
    char *path = NULL;
    int status = 0;

    if (stat(self->options.circuit, &about) == 0 && S_ISDIR(about.st_mode))
        status = sna_path_join(&path, self->options.circuit, "circuit_config.json");
    else
        status = sna_text_copy(&path, self->options.circuit);
    if (status == 0)
        status = sna_circuit_open(&self->circuit, path);
    free(path);
    return status;
}

/* Takes the document over, also when it fails. */
static int create(sna_network **out, sna_json *json, const char *folder, const sna_network_options *options)
{
    int status = 0;
    sna_network *self = NULL;

    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0) {
        sna_json_free(json);
        goto out;
    }
    self->json = json;
    if (options != NULL)
        self->options = *options;
    if (self->options.memory == 0)
        self->options.memory = UINT64_C(1) << 30;
    if (folder != NULL)
        status = sna_text_copy(&self->folder, folder);
    if (status == 0 && self->options.circuit != NULL)
        status = open_circuit(self);
    if (status == 0)
        status = read_top(self);
    if (status == 0)
        status = sna_spec_read_populations(self);
    if (status == 0)
        status = sna_network_collect(self, sna_spec_read_node_sets(self));
    if (status == 0)
        status = sna_network_collect(self, sna_spec_read_components(self));
    if (status == 0)
        status = sna_spec_read_edges(self);
    if (status == 0)
        status = sna_network_check_faults(self);
    if (status == 0)
        status = sna_network_place(self);
    if (status == 0)
        status = sna_network_check_faults(self);
    if (status == 0)
        status = sna_network_prepare(self);
    if (status == 0)
        status = sna_network_check_faults(self);
    if (status != 0)
        goto out;
    self->options.seed = NULL; /* the caller's, no longer needed, and so are the faults */
    self->options.faults = NULL;
    self->options.circuit = NULL;
    *out = self;
    self = NULL;
out:
    sna_network_free(self);
    return status;
}

int sna_network_read(sna_network **out, const char *path, const sna_network_options *options)
{
    int status = 0;
    sna_json *json = NULL;
    char *folder = NULL;

    *out = NULL;
    status = sna_path_folder(&folder, path);
    if (status == 0)
        status = sna_json_read(&json, path);
    if (status == 0)
        status = create(out, json, folder, options);
    free(folder);
    return status;
}

int sna_network_parse(sna_network **out, const char *text, uint64_t length, const char *name, const char *folder,
                      const sna_network_options *options)
{
    sna_json *json = NULL;
    int status = 0;

    *out = NULL;
    status = sna_json_parse(&json, text, length, name);
    if (status == 0)
        status = create(out, json, folder, options);
    return status;
}

void sna_entry_free(sna_entry *self)
{
    if (self->connector != NULL && self->connector->free != NULL)
        self->connector->free(self->state);
    free(self->label);
    sna_constants_free(&self->constant);
    sna_generators_free(&self->generators);
    sna_count_free(&self->n_syn[0]);
    sna_count_free(&self->n_syn[1]);
    sna_adjacency_free(self->adjacency);
    free(self->ends.source.id);
    free(self->ends.target.id);
}

void sna_network_free(sna_network *self)
{
    if (self == NULL)
        return;
    for (uint64_t i = 0; i < self->populations; i++) {
        sna_population *population = &self->population[i];
        for (uint64_t k = 0; k < population->types; k++) {
            sna_constants_free(&population->type[k].constant);
            sna_generators_free(&population->type[k].generators);
            sna_place_free(population->type[k].place);
        }
        sna_node_values_free(population);
        free(population->type);
        free(population->position);
        sna_place_free(population->place);
        sna_nodes_close(population->nodes);
        free(population->nodes_file);
        free(population->types_file);
    }
    free(self->population);
    for (uint64_t i = 0; i < self->entries; i++)
        sna_entry_free(&self->entry[i]);
    free(self->entry);
    free(self->projection);
    for (uint64_t i = 0; i < self->files; i++)
        free(self->file[i].projection);
    free(self->file);
    free(self->folder);
    sna_list_free(&self->notes);
    sna_circuit_close(self->circuit);
    sna_json_free(self->sets_document);
    sna_json_free(self->json);
    free(self);
}

uint64_t sna_network_seed(const sna_network *self)
{
    return self->seed;
}

uint64_t sna_network_populations(const sna_network *self)
{
    return self->populations;
}

const char *sna_network_population(const sna_network *self, uint64_t population)
{
    return self->population[population].name;
}

uint64_t sna_network_nodes(const sna_network *self, uint64_t population)
{
    return self->population[population].count;
}

const double (*sna_network_positions(const sna_network *self, uint64_t population))[3]
{
    return (const double(*)[3])self->population[population].position;
}

uint64_t sna_network_projections(const sna_network *self)
{
    return self->projections;
}

const char *sna_network_projection(const sna_network *self, uint64_t projection)
{
    return self->projection[projection].entry->label;
}

uint64_t sna_network_targets(const sna_network *self, uint64_t projection)
{
    return self->projection[projection].target->count;
}

uint64_t sna_network_made(const sna_network *self)
{
    return self->rows;
}

const char *sna_network_example(void)
{
    return sna_example;
}
