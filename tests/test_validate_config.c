/* test_validate_config.c: faults of configs, node sets, components and simulations. */
#include "validate_matrix.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AA "/edges/A__A__chemical"
#define VA "/edges/V__A__chemical"

static void config_no_json(const base_circuit *c)
{
    change_text(c->config, "\"networks\"", "networks");
}

static void config_key_twice(const base_circuit *c)
{
    change_text(c->config, "\"networks\"", "\"networks\": {}, \"networks\"");
}

static void config_unknown_key(const base_circuit *c)
{
    change_text(c->config, "\"networks\"", "\"componets\": {}, \"networks\"");
}

static void config_wrong_type(const base_circuit *c)
{
    change_text(c->config, "{\"type\": \"virtual\"}", "{\"type\": 3}");
}

static void config_variable_undefined(const base_circuit *c)
{
    change_text(c->config, "$NETWORK_DIR/edges.h5", "$NETWROK_DIR/edges.h5");
}

static void config_variable_cycle(const base_circuit *c)
{
    change_text(c->config, "\"$NETWORK_DIR\": \".\"", "\"$NETWORK_DIR\": \"$B/x\", \"$B\": \"$NETWORK_DIR/y\"");
}

static void config_variable_prefix(const base_circuit *c)
{
    change_text(c->config, "\"$NETWORK_DIR\": \".\"", "\"$NETWORK_DIR\": \".\", \"$NETWORK\": \".\"");
}

static void config_variable_braces(const base_circuit *c)
{
    change_text(c->config, "$NETWORK_DIR/edges.h5", "${NETWORK_DIR}/edges.h5");
}

static void config_variable_number(const base_circuit *c)
{
    change_text(c->config, "\"$NETWORK_DIR\": \".\"", "\"$NETWORK_DIR\": \".\", \"$N\": 3");
}

static void config_absolute(const base_circuit *c)
{
    change_text(c->config, "\"$NETWORK_DIR\": \".\"", "\"$NETWORK_DIR\": \".\", \"$ELSEWHERE\": \"/opt/models\"");
}

static void config_file_missing(const base_circuit *c)
{
    change_text(c->config, "$NETWORK_DIR/edges.h5", "$NETWORK_DIR/edge.h5");
}

static void config_population_absent(const base_circuit *c)
{
    change_text(c->config, "\"V\": {\"type\": \"virtual\"}", "\"V\": {\"type\": \"virtual\"}, \"W\": {}");
}

static void config_population_unlisted(const base_circuit *c)
{
    change_text(c->config, ", \"V__A__chemical\": {\"type\": \"chemical\"}", "");
}

static void config_population_twice(const base_circuit *c)
{
    change_text(c->config, "\"nodes\": [{",
                "\"nodes\": [{\"nodes_file\": \"$NETWORK_DIR/nodes.h5\", \"populations\": "
                "{\"A\": {\"type\": \"biophysical\"}}}, {");
}

static void config_populations_missing(const base_circuit *c)
{
    change_text(c->config,
                "\"populations\": {\"A__A__chemical\": {\"type\": \"chemical\"}, \"V__A__chemical\": {\"type\": "
                "\"chemical\"}}",
                "\"name\": \"all of them\"");
}

static void config_no_networks(const base_circuit *c)
{
    write_text(c->config, "{\"manifest\": {}}");
}

static void config_bad_type(const base_circuit *c)
{
    change_text(c->config, "{\"type\": \"virtual\"}", "{\"type\": \"virtuel\"}");
}

static void config_no_file(const base_circuit *c)
{
    change_text(c->config, "\"edges_file\"", "\"edge_file\"");
}

/* ---- components --------------------------------------------------------------------------------------------- */

static void component_folder_missing(const base_circuit *c)
{
    change_text(c->config, "$MODELS/morphologies", "$MODELS/morphology");
}

static void morphology_missing(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_fill_texts(file, "/nodes/A/0/morphology", BASE_A, "cell7");
    base_close(file);
}

static void template_missing(const base_circuit *c)
{
    const hid_t file = base_open(c->nodes);

    base_fill_texts(file, "/nodes/A/0/model_template", BASE_A, "hoc:Pyramidal");
    base_close(file);
}

/* Removes a file, or overwrites it. */
static void remove_file(const base_circuit *c, const char *name, const char *text)
{
    char *path = NULL;

    assert_done(sna_path_join(&path, c->folder, name));
    if (text == NULL)
        assert_int_equal(unlink(path), 0);
    else
        write_text(path, text);
    free(path);
}

static void synapse_missing(const base_circuit *c)
{
    remove_file(c, "models/synapses/AMPA.json", NULL);
}

static void synapse_broken(const base_circuit *c)
{
    remove_file(c, "models/synapses/AMPA.json", "{\"tau1\": 0.1,}");
}

/* ---- node sets ---------------------------------------------------------------------------------------------- */

static void sets_no_json(const base_circuit *c)
{
    write_text(c->node_sets, "{\"Excitatory\": ");
}

static void sets_missing(const base_circuit *c)
{
    assert_int_equal(unlink(c->node_sets), 0);
}

static void sets_unknown(const base_circuit *c)
{
    change_text(c->node_sets, "[\"Few\", \"Upper\"]", "[\"Few\", \"Uper\"]");
}

static void sets_cycle(const base_circuit *c)
{
    change_text(c->node_sets, "[\"Few\", \"Upper\"]", "[\"Few\", \"More\"], \"More\": [\"All\"], \"All\": [\"Both\"]");
}

static void sets_null(const base_circuit *c)
{
    change_text(c->node_sets, "\"ei\": \"e\"", "\"ei\": null");
}

static void sets_operator(const base_circuit *c)
{
    change_text(c->node_sets, "$lt", "$below");
}

static void sets_pattern(const base_circuit *c)
{
    change_text(c->node_sets, "{\"$lt\": 100}", "{\"$regex\": \"(\"}");
}

static void sets_attribute(const base_circuit *c)
{
    change_text(c->node_sets, "\"layer\"", "\"layr\"");
}

static void sets_nothing(const base_circuit *c)
{
    change_text(c->node_sets, "100", "-100");
}

static void sets_id(const base_circuit *c)
{
    change_text(c->node_sets, "[1, 2, 3]", "[1, 2, 10]");
}

static void sets_id_text(const base_circuit *c)
{
    change_text(c->node_sets, "[1, 2, 3]", "[1, \"two\"]");
}

static void sets_population(const base_circuit *c)
{
    change_text(c->node_sets, "\"Excitatory\": {\"population\": \"A\"",
                "\"Excitatory\": {\"population\": [\"A\", \"B\"]");
}

static void sets_named_like_population(const base_circuit *c)
{
    change_text(c->node_sets, "\"Both\"", "\"V\"");
}

static void sets_synonym(const base_circuit *c)
{
    change_text(c->node_sets, "\"node_id\"", "\"node_ids\"");
}

static void sets_id_list(const base_circuit *c)
{
    change_text(c->node_sets, "[\"Few\", \"Upper\"]", "[0, 1]");
}

static void sets_number(const base_circuit *c)
{
    change_text(c->node_sets, "[\"Few\", \"Upper\"]", "3");
}

/* ---- simulations -------------------------------------------------------------------------------------------- */

static void run_without_dt(const base_circuit *c)
{
    change_text(c->simulation, "\"dt\": 0.05, ", "");
}

static void run_without_seed(const base_circuit *c)
{
    change_text(c->simulation, ", \"random_seed\": 7", "");
}

static void run_backwards(const base_circuit *c)
{
    change_text(c->simulation, "\"tstop\": 100.0", "\"tstop\": 100.0, \"tstart\": 200");
}

static void set_unknown(const base_circuit *c)
{
    change_text(c->simulation, "\"duration\": 50, \"node_set\": \"Excitatory\"",
                "\"duration\": 50, \"node_set\": \"Exitatory\"");
}

static void cells_unknown(const base_circuit *c)
{
    change_text(c->simulation, "\"cells\": \"Excitatory\"", "\"cells\": \"excitatory\"");
}

static void modified_unknown(const base_circuit *c)
{
    change_text(c->simulation, "\"node_set\": \"Excitatory\", \"type\"", "\"node_set\": \"some\", \"type\"");
}

static void input_file_missing(const base_circuit *c)
{
    assert_int_equal(unlink(c->input), 0);
}

static void input_keys(const base_circuit *c)
{
    change_text(c->simulation, "\"mean\": 0.1, ", "");
}

static void input_wrong_type(const base_circuit *c)
{
    change_text(c->simulation, "\"current_clamp\"", "\"voltage_clamp\"");
}

static void input_without_module(const base_circuit *c)
{
    change_text(c->simulation, "\"module\": \"noise\", ", "");
}

static void input_into_cells(const base_circuit *c)
{
    change_text(c->simulation, "\"node_set\": \"V\"", "\"node_set\": \"A\"");
}

static void report_window(const base_circuit *c)
{
    change_text(c->simulation, "\"end_time\": 2.0", "\"end_time\": 200.0");
}

static void report_backwards(const base_circuit *c)
{
    change_text(c->simulation, "\"start_time\": 0", "\"start_time\": 3");
}

static void report_step(const base_circuit *c)
{
    change_text(c->simulation, "\"dt\": 0.1}", "\"dt\": 0.13}");
}

static void report_small_step(const base_circuit *c)
{
    change_text(c->simulation, "\"dt\": 0.1}", "\"dt\": 0.01}");
}

static void report_collision(const base_circuit *c)
{
    change_text(c->simulation, "\"dt\": 0.1}", "\"dt\": 0.1, \"file_name\": \"spikes\"}");
    assert_int_equal(unlink(c->spikes), 0);
}

static void output_order(const base_circuit *c)
{
    change_text(c->simulation, "\"by_time\"", "\"by_age\"");
}

/* ---- the matrix --------------------------------------------------------------------------------------------- */

static const fault faults[] = {
    {"config: no JSON", config_no_json, "json.invalid", "circuit_config.json", ERROR, "", 0},
    {"config: key twice", config_key_twice, "json.invalid", "circuit_config.json", ERROR, "", 0},
    {"config: unknown key", config_unknown_key, "config.unknown-key", "componets", NOTE, "", 0},
    {"config: wrong type", config_wrong_type, "config.type", "networks.nodes[0].populations.V.type", ERROR, "", 0},
    {"config: undefined variable", config_variable_undefined, "config.variable-undefined",
     "networks.edges[0].edges_file", ERROR, "", 0},
    {"config: circle", config_variable_cycle, "config.variable-cycle", "manifest.$NETWORK_DIR", ERROR, "", 0},
    {"config: prefix", config_variable_prefix, "config.variable-prefix", "manifest.$NETWORK_DIR", WARNING, "",
     SNA_STRICT_EXT},
    {"config: braces", config_variable_braces, "config.variable-braces", "networks.edges[0].edges_file", NOTE, "",
     SNA_STRICT_EXT},
    {"config: number", config_variable_number, "config.variable-type", "manifest.$N", WARNING, "", SNA_STRICT_EXT},
    {"config: absolute path", config_absolute, "config.absolute-path", "circuit_config.json", NOTE, "", 0},
    {"config: file missing", config_file_missing, "file.missing", "networks.edges[0]", ERROR, "", 0},
    {"config: population absent", config_population_absent, "config.population-absent",
     "networks.nodes[0].populations.W", ERROR, "", 0},
    {"config: population unlisted", config_population_unlisted, "config.population-not-listed", "networks.edges[0]",
     WARNING, "", SNA_STRICT_EXT},
    {"config: population twice", config_population_twice, "config.population-twice", "networks.nodes[1].populations.A",
     ERROR, "", 0},
    {"config: no populations", config_populations_missing, "config.populations-missing", "networks", NOTE, "",
     SNA_STRICT_EXT},
    {"config: no networks", config_no_networks, "config.no-networks", "simulation_config.json", ERROR, "", 0},
    {"config: bad type", config_bad_type, "population.type", "networks.nodes[0].populations.V", WARNING, "",
     SNA_STRICT_EXT},
    {"config: no file", config_no_file, "config.key", "networks.edges[0]", ERROR, "", 0},
    {"components: folder missing", component_folder_missing, "component.folder-missing", "components.morphologies_dir",
     WARNING, "", SNA_STRICT_EXT},
    {"components: morphology missing", morphology_missing, "component.missing", "/nodes/A", WARNING, "",
     SNA_STRICT_EXT},
    {"components: template missing", template_missing, "component.missing", "/nodes/A", WARNING, "", SNA_STRICT_EXT},
    {"components: synapse missing", synapse_missing, "component.missing", "edge_types.csv", WARNING, "",
     SNA_STRICT_EXT},
    {"components: synapse broken", synapse_broken, "component.invalid", "AMPA.json", ERROR, "", 0},
    {"node sets: no JSON", sets_no_json, "json.invalid", "node_sets.json", ERROR, "", 0},
    {"node sets: missing", sets_missing, "file.missing", "node_sets.json", ERROR, "", 0},
    {"node sets: unknown set", sets_unknown, "node-sets.unknown-set", "Both[1]", ERROR, "", 0},
    {"node sets: circle", sets_cycle, "node-sets.cycle", "All[0]", ERROR, "", 0},
    {"node sets: null", sets_null, "node-sets.value", "Excitatory.ei", ERROR, "", 0},
    {"node sets: operator", sets_operator, "node-sets.operator", "Upper.x.$below", ERROR, "", 0},
    {"node sets: pattern", sets_pattern, "node-sets.invalid", "node_sets.json", ERROR, "", 0},
    {"node sets: attribute", sets_attribute, "node-sets.unknown-attribute", "Upper.layr", WARNING, "", 0},
    {"node sets: nothing", sets_nothing, "node-sets.empty", "Upper", WARNING, "", 0},
    {"node sets: id", sets_id, "node-sets.id-range", "Few.node_id[2]", WARNING, "", 0},
    {"node sets: id text", sets_id_text, "node-sets.value", "Few.node_id[1]", ERROR, "", 0},
    {"node sets: population", sets_population, "node-sets.unknown-population", "Excitatory.population[1]", WARNING, "",
     0},
    {"node sets: name of a population", sets_named_like_population, "node-sets.population-name", "V", NOTE, "", 0},
    {"node sets: synonym", sets_synonym, "node-sets.synonym", "Few.node_ids", NOTE, "", SNA_STRICT_EXT},
    {"node sets: list of ids", sets_id_list, "node-sets.id-list", "Both", NOTE, "", SNA_STRICT_EXT},
    {"node sets: number", sets_number, "node-sets.value", "Both", ERROR, "", 0},
    {"run: no dt", run_without_dt, "config.key", "run", ERROR, "", 0},
    {"run: no seed", run_without_seed, "simulation.key-ext", "run", NOTE, "", SNA_STRICT_EXT},
    {"run: backwards", run_backwards, "config.value", "run.tstop", ERROR, "", 0},
    {"input: set unknown", set_unknown, "simulation.node-set", "inputs.noise.node_set", ERROR, "", 0},
    {"report: set unknown", cells_unknown, "simulation.node-set", "reports.voltage.cells", ERROR, "", 0},
    {"modification: set unknown", modified_unknown, "simulation.node-set", "conditions.modifications[0].node_set",
     ERROR, "", 0},
    {"input: file missing", input_file_missing, "file.missing", "inputs.thalamus.input_file", ERROR, "", 0},
    {"input: keys", input_keys, "simulation.key-ext", "inputs.noise", NOTE, "", SNA_STRICT_EXT},
    {"input: wrong type", input_wrong_type, "simulation.input-type", "inputs.noise", WARNING, "", SNA_STRICT_EXT},
    {"input: no module", input_without_module, "config.key", "inputs.noise", ERROR, "", 0},
    {"input: into cells", input_into_cells, "simulation.spikes-target", "inputs.thalamus", WARNING, "",
     SNA_STRICT_BMTK},
    {"report: window", report_window, "simulation.window", "reports.voltage", WARNING, "", 0},
    {"report: backwards", report_backwards, "config.value", "reports.voltage", ERROR, "", 0},
    {"report: step", report_step, "simulation.report-dt", "reports.voltage", WARNING, "", SNA_STRICT_EXT},
    {"report: small step", report_small_step, "simulation.report-dt", "reports.voltage", WARNING, "", SNA_STRICT_EXT},
    {"report: collision", report_collision, "simulation.output-collision", "reports.voltage", ERROR, "", 0},
    {"output: order", output_order, "config.value", "output.spikes_sort_order", ERROR, "", 0},
};

static void faults_of_configs_are_found(void **state)
{
    (void)state;
    check_faults(faults, sizeof faults / sizeof *faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults_of_configs_are_found)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
