/* network.c: what the commands on networks share. */
#include "network.h"

#include "command.h"

#include <inttypes.h>
#include <string.h>

/* The only name of a list of populations. */
static int only_one(sna_circuit *circuit, uint64_t count, const char *(*name_of)(const sna_circuit *, uint64_t),
                    const char *kind)
{
    int status = 0;
    sna_list names = SNA_LIST;
    sna_string text = SNA_STRING;

    if (count == 0) {
        status = sna_error(SNA_ENOTFOUND, "there is no %s population", kind);
        goto out;
    }
    for (uint64_t i = 0; i < count && status == 0; i++)
        status = sna_list_add(&names, name_of(circuit, i));
    if (status == 0)
        status = sna_list_join(&names, 20, &text);
    if (status == 0 && count > 1)
        status = sna_error(SNA_EINVAL, "there are %" PRIu64 " %s populations, name one with --population: %s", count,
                           kind, sna_string_text(&text));
out:
    sna_list_free(&names);
    sna_string_free(&text);
    return status;
}

int network_nodes_of(sna_circuit *circuit, const char *name, sna_nodes **out)
{
    int status = 0;

    if (name != NULL)
        return sna_circuit_nodes(circuit, name, out);
    status = only_one(circuit, sna_circuit_node_populations(circuit), sna_circuit_node_population, "node");
    return status == 0 ? sna_circuit_nodes_at(circuit, 0, out) : status;
}

int network_edges_of(sna_circuit *circuit, const char *name, sna_edges **out)
{
    int status = 0;

    if (name != NULL)
        return sna_circuit_edges(circuit, name, out);
    status = only_one(circuit, sna_circuit_edge_populations(circuit), sna_circuit_edge_population, "edge");
    return status == 0 ? sna_circuit_edges_at(circuit, 0, out) : status;
}

static int end_of(sna_circuit *circuit, const char *name, sna_nodes **out)
{
    *out = NULL;
    for (uint64_t i = 0; name != NULL && i < sna_circuit_node_populations(circuit); i++)
        if (strcmp(sna_circuit_node_population(circuit, i), name) == 0)
            return sna_circuit_nodes_at(circuit, i, out);
    return 0;
}

int network_ends(sna_circuit *circuit, const sna_edges *edges, sna_nodes **source, sna_nodes **target)
{
    int status = end_of(circuit, sna_edges_source_population(edges), source);

    return status == 0 ? end_of(circuit, sna_edges_target_population(edges), target) : status;
}

int network_choose_ids(sna_circuit *circuit, sna_nodes *nodes, const char *option, const char *text, sna_selection *out)
{
    int status = 0;
    sna_node_sets *sets = NULL;
    sna_selection rows = SNA_SELECTION;

    if (nodes == NULL) {
        status = sna_selection_parse(out, text, UINT64_MAX);
        if (status == 0)
            status = sna_selection_sort(out);
        if (status == SNA_EINVAL)
            status = sna_error(SNA_EINVAL,
                               "`%s` is no list of node ids, and without the nodes (give a circuit config "
                               "that has them) nothing else is understood",
                               text);
    } else {
        status = sna_circuit_node_sets(circuit, &sets);
        if (status == 0)
            status = sna_nodes_choose(nodes, sets, text, &rows);
        if (status == 0)
            status = sna_nodes_ids_of(nodes, &rows, out);
    }
    sna_selection_free(&rows);
    return sna_error_in(status, "%s", option);
}

const char *network_unit(const char *attribute)
{
    static const struct {
        const char *name, *unit;
    } known[] = {{"x", "um"},
                 {"y", "um"},
                 {"z", "um"},
                 {"positions", "um"},
                 {"delay", "ms"},
                 {"rotation_angle_xaxis", "rad"},
                 {"rotation_angle_yaxis", "rad"},
                 {"rotation_angle_zaxis", "rad"},
                 {"afferent_center_x", "um"},
                 {"afferent_center_y", "um"},
                 {"afferent_center_z", "um"},
                 {"efferent_center_x", "um"},
                 {"efferent_center_y", "um"},
                 {"efferent_center_z", "um"},
                 {"afferent_surface_x", "um"},
                 {"afferent_surface_y", "um"},
                 {"afferent_surface_z", "um"},
                 {"efferent_surface_x", "um"},
                 {"efferent_surface_y", "um"},
                 {"efferent_surface_z", "um"}};

    if (strncmp(attribute, "source.", 7) == 0 || strncmp(attribute, "target.", 7) == 0)
        attribute += 7;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(attribute, known[i].name) == 0)
            return known[i].unit;
    return NULL;
}

int network_print_report(const sna_table *report, sna_format format)
{
    static const char *const edges[] = {"class", "source",    "target", "possible", "expected",  "sd",
                                        "made",  "deviation", "p",      "synapses", "draw_time", NULL},
                             *const pairs[] = {"reciprocal_expected",
                                               "reciprocal_sd",
                                               "reciprocal_made",
                                               "reciprocal_deviation",
                                               "rho_expected",
                                               "rho",
                                               NULL},
                             *const degrees[] = {"in_degree_mean", "in_degree_sd", "out_degree_mean", "out_degree_sd",
                                                 NULL};
    static const struct {
        const char *title, *const *column;
    } part[] = {{NULL, edges}, {"Pairs connected both ways", pairs}, {"Degrees of targets and sources", degrees}};
    int status = 0;

    if (format != SNA_FORMAT_TEXT)
        return sna_table_write(report, stdout, format);
    for (unsigned i = 0; i < sizeof part / sizeof *part && status == 0; i++) {
        sna_table *table = NULL;
        status = sna_table_pick(report, i == 0 ? sna_table_title(report) : part[i].title, part[i].column, &table);
        if (status == 0 && (i == 0 || sna_table_rows(table) > 0)) {
            (void)fputs(i == 0 ? "" : "\n", stdout);
            status = sna_table_write(table, stdout, format);
        }
        sna_table_free(table);
    }
    for (uint64_t i = 0; i < sna_table_notes(report) && status == 0; i++)
        (void)printf("%s%s\n", i == 0 ? "\n" : "", sna_table_note(report, i));
    return status;
}

unsigned network_compress_level(const struct argp_state *state, const char *text)
{
    const uint64_t level = text == NULL ? 4 : command_unsigned(state, "--compress", text);

    if (level < 1 || level > 9)
        argp_error(state, "--compress: must be from 1 to 9, found %s", text);
    return (unsigned)level;
}

error_t listing_parse(listing_options *options, const char *which, int key, char *text, struct argp_state *state)
{
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        break;
    case LISTING_POPULATION:
        options->population = text;
        break;
    case LISTING_WHERE:
        options->where = text;
        break;
    case LISTING_ATTRIBUTES:
        options->attributes = text;
        break;
    case LISTING_COUNT:
        options->count = true;
        break;
    case LISTING_LIMIT:
        options->limit = command_unsigned(state, "--limit", text);
        break;
    case ARGP_KEY_ARG:
        if (options->config != NULL)
            argp_error(state, "one network at a time: `%s` is too much", text);
        options->config = text;
        break;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "%s", which);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

int listing_print_count(const listing_options *options, const char *things, const char *population, uint64_t count,
                        uint64_t total)
{
    char label[64];
    sna_record *record = NULL;
    int status = sna_record_create(&record, NULL);

    if (status == 0)
        status = sna_record_text(record, "population", "Population", population);
    (void)snprintf(label, sizeof label, "%s chosen", things);
    if (status == 0)
        status = sna_record_integer(record, "count", label, NULL, (int64_t)count);
    (void)snprintf(label, sizeof label, "%s in all", things);
    if (status == 0)
        status = sna_record_integer(record, "total", label, NULL, (int64_t)total);
    if (status == 0)
        status = sna_record_write(record, stdout, options->output.format);
    sna_record_free(record);
    return status;
}
