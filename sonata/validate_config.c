/* validate_config.c: a config: its documents as they stand, and everything that it names. */
#include "sonata/validate.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- known keys --------------------------------------------------------------------------------------------- */

enum { TEXT = 1, NUMBER = 2, BOOLEAN = 4, OBJECT = 8, LIST = 16, NOTHING = 32, ANY = 63 };

/* A key of a section, and what its value may be. The section is a path with * for any key or position. */
typedef struct {
    const char *section, *key;
    unsigned types;
} key_rule;

static const key_rule rules[] = {{"", "version", TEXT | NUMBER},
                                 {"", "metadata", OBJECT},
                                 {"", "target_simulator", TEXT},
                                 {"", "manifest", OBJECT},
                                 {"", "components", OBJECT},
                                 {"", "networks", OBJECT},
                                 {"", "network", TEXT},
                                 {"", "circuit", TEXT},
                                 {"", "simulation", TEXT},
                                 {"", "node_sets_file", TEXT},
                                 {"", "node_sets", OBJECT},
                                 {"", "node_set", TEXT | OBJECT | LIST},
                                 {"", "run", OBJECT},
                                 {"", "conditions", OBJECT},
                                 {"", "output", OBJECT},
                                 {"", "inputs", OBJECT},
                                 {"", "reports", OBJECT},
                                 {"", "connection_overrides", LIST | OBJECT},
                                 {"", "compartment_sets_file", TEXT},
                                 {"", "beta_features", OBJECT},
                                 {"", "gap_juncs", LIST},
                                 {"", "gid_mapping_file", TEXT},
                                 {"", "config_path", TEXT},
                                 {"", "config_dir", TEXT},
                                 {"networks", "nodes", LIST},
                                 {"networks", "edges", LIST},
                                 {"networks", "gap_juncs", LIST},
                                 {"networks.nodes.*", "nodes_file", TEXT},
                                 {"networks.nodes.*", "node_types_file", TEXT | NOTHING},
                                 {"networks.nodes.*", "populations", OBJECT | NOTHING},
                                 {"networks.nodes.*", "enabled", BOOLEAN},
                                 {"networks.nodes.*", "name", TEXT},
                                 {"networks.edges.*", "edges_file", TEXT},
                                 {"networks.edges.*", "edge_types_file", TEXT | NOTHING},
                                 {"networks.edges.*", "populations", OBJECT | NOTHING},
                                 {"networks.edges.*", "enabled", BOOLEAN},
                                 {"networks.edges.*", "name", TEXT},
                                 {"networks.edges.*", "source", TEXT},
                                 {"networks.edges.*", "target", TEXT},
                                 {"networks.nodes.*.populations", "*", OBJECT},
                                 {"networks.edges.*.populations", "*", OBJECT},
                                 {"networks.nodes.*.populations.*", "type", TEXT},
                                 {"networks.edges.*.populations.*", "type", TEXT},
                                 {"components", "*", TEXT | OBJECT | NOTHING},
                                 {"run", "tstart", NUMBER},
                                 {"run", "tstop", NUMBER},
                                 {"run", "dt", NUMBER},
                                 {"run", "dL", NUMBER},
                                 {"run", "spike_threshold", NUMBER},
                                 {"run", "nsteps_block", NUMBER},
                                 {"run", "tsteps_block", NUMBER},
                                 {"run", "duration", NUMBER},
                                 {"run", "random_seed", NUMBER},
                                 {"run", "stimulus_seed", NUMBER},
                                 {"run", "ionchannel_seed", NUMBER},
                                 {"run", "minis_seed", NUMBER},
                                 {"run", "synapse_seed", NUMBER},
                                 {"run", "integration_method", TEXT | NUMBER},
                                 {"run", "forward_skip", NUMBER},
                                 {"run", "electrodes_file", TEXT},
                                 {"run", "overwrite_output_dir", BOOLEAN},
                                 {"output", "output_dir", TEXT},
                                 {"output", "log_file", TEXT},
                                 {"output", "log_level", TEXT},
                                 {"output", "log_to_console", BOOLEAN},
                                 {"output", "spikes_file", TEXT},
                                 {"output", "spikes_file_csv", TEXT},
                                 {"output", "spikes_file_nwb", TEXT},
                                 {"output", "spikes_sort_order", TEXT},
                                 {"output", "overwrite_output_dir", BOOLEAN},
                                 {"output", "quiet_simulator", BOOLEAN},
                                 {"conditions", "celsius", NUMBER},
                                 {"conditions", "v_init", NUMBER},
                                 {"conditions", "spike_location", TEXT},
                                 {"conditions", "extracellular_calcium", NUMBER},
                                 {"conditions", "randomize_gaba_rise_time", BOOLEAN | NUMBER},
                                 {"conditions", "mechanisms", OBJECT},
                                 {"conditions", "modifications", OBJECT | LIST},
                                 {"metadata", "status", TEXT},
                                 {"inputs", "*", OBJECT},
                                 {"reports", "*", OBJECT},
                                 {"inputs.*", "input_type", TEXT},
                                 {"inputs.*", "module", TEXT},
                                 {"inputs.*", "node_set", TEXT | OBJECT | LIST},
                                 {"inputs.*", "delay", NUMBER | TEXT},
                                 {"inputs.*", "duration", NUMBER},
                                 {"inputs.*", "input_file", TEXT},
                                 {"inputs.*", "spike_file", TEXT},
                                 {"reports.*", "cells", TEXT | OBJECT | LIST},
                                 {"reports.*", "variable_name", TEXT | LIST},
                                 {"reports.*", "module", TEXT},
                                 {"reports.*", "sections", TEXT | LIST},
                                 {"reports.*", "type", TEXT},
                                 {"reports.*", "start_time", NUMBER},
                                 {"reports.*", "end_time", NUMBER},
                                 {"reports.*", "dt", NUMBER},
                                 {"reports.*", "unit", TEXT},
                                 {"reports.*", "file_name", TEXT},
                                 {"reports.*", "enabled", BOOLEAN},
                                 {NULL, NULL, 0}};

/* Sections where other keys are free: unknown ones mean nothing. */
static bool is_closed(const char *section)
{
    static const char *const closed[] = {"", "networks", "networks.nodes.*", "networks.edges.*", "run", "output", NULL};

    for (size_t i = 0; closed[i] != NULL; i++)
        if (strcmp(section, closed[i]) == 0)
            return true;
    return false;
}

static unsigned type_of(const cJSON *item)
{
    return cJSON_IsString(item)   ? TEXT
           : cJSON_IsNumber(item) ? NUMBER
           : cJSON_IsBool(item)   ? BOOLEAN
           : cJSON_IsObject(item) ? OBJECT
           : cJSON_IsArray(item)  ? LIST
                                  : NOTHING;
}

/* "a text or an object". */
static const char *type_names(unsigned types, char *buffer, size_t size)
{
    static const char *const names[] = {"a text", "a number", "true or false", "an object", "a list", "null"};
    size_t at = 0;

    buffer[0] = '\0';
    for (unsigned i = 0; i < 6 && at < size; i++)
        if ((types & 1u << i) != 0)
            at += (size_t)snprintf(buffer + at, size - at, "%s%s", at > 0 ? " or " : "", names[i]);
    return buffer;
}

typedef struct {
    sna_validator *validator;
    const sna_json *json;
} key_check;

static int find_at(const key_check *check, const cJSON *item, const char *code, const char *text, const char *a,
                   const char *b)
{
    char *path = NULL;
    uint64_t line = 0;
    int status = sna_json_place(check->json, item, &path, &line);

    if (status == 0)
        status =
            sna_find(check->validator, code, (sna_place){sna_json_name(check->json), path, line}, NULL, text, a, b);
    free(path);
    return status;
}

static int unknown_key(const key_check *check, const cJSON *item, const char *section)
{
    int status = 0;
    uint64_t count = 0;
    const char *candidates[64], *guess;

    for (const key_rule *rule = rules; rule->section != NULL && count < 64; rule++)
        if (strcmp(rule->section, section) == 0 && strcmp(rule->key, "*") != 0)
            candidates[count++] = rule->key;
    guess = sna_closest(item->string, candidates, count);
    if (guess != NULL)
        status = find_at(check, item, "config.unknown-key", "`%s` is not known here; is it `%s`?", item->string, guess);
    else
        status = find_at(check, item, "config.unknown-key", "`%s` is not known here%s", item->string, "");
    return status;
}

/* A value that is only variables may be anything once it is expanded. */
static bool is_variable(const cJSON *item)
{
    return cJSON_IsString(item) && strchr(item->valuestring, '$') != NULL;
}

static int check_keys(const key_check *check, const cJSON *item, const char *section, unsigned depth)
{
    int status = 0;
    char wanted[96], found[32];

    for (const cJSON *child = item->child; child != NULL && status == 0; child = child->next) {
        const char *key = child->string == NULL ? "*" : child->string;
        const key_rule *rule = rules;
        char inner[128];
        bool is_wild = cJSON_IsArray(item);
        while (rule->section != NULL &&
               !(strcmp(rule->section, section) == 0 && (strcmp(rule->key, key) == 0 || strcmp(rule->key, "*") == 0)))
            rule++;
        if (rule->section != NULL && strcmp(rule->key, "*") == 0)
            is_wild = true;
        if (rule->section != NULL && (rule->types & type_of(child)) == 0 && !is_variable(child))
            status = find_at(check, child, "config.type", "this must be %s, but it is %s",
                             type_names(rule->types, wanted, sizeof wanted),
                             type_names(type_of(child), found, sizeof found));
        else if (rule->section == NULL && cJSON_IsObject(item) && is_closed(section))
            status = unknown_key(check, child, section);
        if (status != 0 || child->child == NULL || depth >= 6)
            continue;
        (void)snprintf(inner, sizeof inner, "%s%s%s", section, section[0] == '\0' ? "" : ".", is_wild ? "*" : key);
        status = check_keys(check, child, inner, depth + 1);
    }
    return status;
}

int sna_check_documents(sna_validator *self)
{
    int status = 0;

    for (uint64_t i = 0; i < self->config->documents && status == 0; i++) {
        const sna_config_document *document = &self->config->document[i];
        const key_check check = {self, document->json};
        status = check_keys(&check, sna_json_root(document->json), "", 0);
        if (status == 0)
            status = sna_check_variables(self, document->json, document->folder);
    }
    return status;
}

/* ---- places ------------------------------------------------------------------------------------------------- */

/* The value at a key path like networks.nodes[0].nodes_file; the deepest one that is there. */
static const cJSON *walk_key(const cJSON *item, const char *key, bool *whole)
{
    char name[256];

    *whole = true;
    while (*key != '\0') {
        const cJSON *next = NULL;
        size_t length = 0;
        if (*key == '[') {
            char *end = NULL;
            const unsigned long at = strtoul(key + 1, &end, 10);
            next = cJSON_IsArray(item) && at <= INT32_MAX ? cJSON_GetArrayItem(item, (int)at) : NULL;
            length = *end == ']' ? (size_t)(end + 1 - key) : strlen(key);
        } else {
            length = strcspn(key, ".[");
            (void)snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : 0), key);
            next = cJSON_IsObject(item) ? sna_json_member(item, name) : NULL;
        }
        if (next == NULL) {
            *whole = false;
            break;
        }
        item = next;
        key += length;
        key += *key == '.';
    }
    return item;
}

int sna_config_place(const sna_config *config, const char *key, sna_place *out, char **text)
{
    int status = 0;
    const sna_config_document *best = NULL;
    const cJSON *item = NULL;

    *text = NULL;
    *out = (sna_place){sna_config_file(config), key, 0};
    /* Parents stand behind their children and win. */
    for (uint64_t i = config->documents; i > 0 && best == NULL; i--) {
        const sna_config_document *document = &config->document[i - 1];
        bool whole = false;
        const cJSON *there = walk_key(sna_json_root(document->json), key, &whole);
        if (whole) {
            best = document;
            item = there;
        }
    }
    status = sna_text_copy(text, key);
    if (status == 0 && best != NULL) {
        char *path = NULL;
        status = sna_json_place(best->json, item, &path, &out->line);
        free(path);
        out->file = sna_json_name(best->json);
    }
    out->place = *text;
    return status;
}

/* ---- all of it ---------------------------------------------------------------------------------------------- */

static int check_broken(sna_validator *self, const char *path, unsigned depth);

/* The configs that a broken one names: the fault may be in them. */
static int check_children(sna_validator *self, const cJSON *root, const char *folder, unsigned depth)
{
    static const char *const keys[] = {"network", "circuit", "simulation"};
    int status = 0;

    for (size_t i = 0; i < sizeof keys / sizeof *keys && status == 0 && depth < 8; i++) {
        const cJSON *child = sna_json_member(root, keys[i]);
        char *path = NULL;
        if (!cJSON_IsString(child) || is_variable(child))
            continue;
        status = sna_path_join(&path, folder, child->valuestring);
        if (status == 0)
            status = check_broken(self, path, depth + 1);
        free(path);
    }
    return status;
}

/* A document of a config that could not be read: what is wrong with its text, its variables, or its children's. */
static int check_broken(sna_validator *self, const char *path, unsigned depth)
{
    char *folder = NULL;
    sna_json *json = NULL;
    int status = sna_json_read(&json, path);

    if (status == SNA_EFORMAT)
        status = sna_find(self, "json.invalid", (sna_place){path, NULL, 0}, NULL, "%s", sna_error_message());
    else if (status == SNA_ENOTFOUND || status == SNA_EIO)
        status = sna_find(self, "file.missing", (sna_place){path, NULL, 0}, NULL, "%s", sna_error_message());
    if (status != 0 || json == NULL || !cJSON_IsObject(sna_json_root(json)))
        goto out;
    status = sna_path_folder(&folder, path);
    if (status == 0)
        status = sna_check_variables(self, json, folder);
    if (status == 0)
        status = check_children(self, sna_json_root(json), folder, depth);
out:
    sna_json_free(json);
    free(folder);
    return status;
}

/* Finds why a config cannot be read: by checks of our own, and else in the reader's words. */
static int explain(sna_validator *self, const char *path)
{
    char *said = NULL;
    const uint64_t errors = sna_validator_errors(self);
    int status = sna_text_copy(&said, sna_error_message());

    if (status == 0)
        status = check_broken(self, path, 0);
    if (status == 0 && sna_validator_errors(self) == errors)
        status = sna_find(self, "config.invalid", (sna_place){path, NULL, 0}, NULL, "%s", said);
    free(said);
    return status;
}

int sna_check_config(sna_validator *self, const char *path)
{
    sna_notes notes = SNA_NOTES;
    int status = sna_config_read(&self->config, path, &notes);

    if (status != 0 && status != SNA_ENOMEM && status != SNA_ECANCELLED) {
        status = explain(self, path);
        goto out;
    }
    if (status == 0)
        status = sna_find_notes(self, &notes);
    if (status == 0)
        status = sna_check_documents(self);
    if (status == 0)
        status = sna_check_networks(self);
    if (status == 0)
        status = sna_check_populations(self);
    if (status == 0)
        status = sna_check_node_sets(self);
    if (status == 0)
        status = sna_check_components(self);
    if (status == 0)
        status = sna_check_simulation(self);
out:
    sna_notes_free(&notes);
    return status;
}
