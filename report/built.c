/* built.c: what the builder expected of a network and what it made, from the report that it left beside the config. */
#include "report/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cjson/cJSON.h>

/* What a network is expected to have at most; a file of more was not written by the builder. */
enum { MOST_ROWS = 100000, MOST_COLUMNS = 200 };

int sna_built_find(char **out, const char *config)
{
    int status = 0;
    char *folder = NULL, *path = NULL;
    struct stat about;

    *out = NULL;
    if (config == NULL)
        return 0;
    status = sna_path_folder(&folder, config);
    if (status == 0)
        status = sna_path_join(&path, folder, "build_report.json");
    if (status == 0 && stat(path, &about) == 0 && S_ISREG(about.st_mode)) {
        *out = path;
        path = NULL;
    }
    free(path);
    free(folder);
    return status;
}

/* ---- its table -------------------------------------------------------------------------------------------------- */

/* Text where any row has one, else numbers; a column without any value counts as numbers. */
static sna_type type_of(const cJSON *rows, const char *key)
{
    const cJSON *row = NULL;

    cJSON_ArrayForEach(row, rows)
    {
        if (cJSON_IsString(sna_json_member(row, key)))
            return SNA_TEXT;
    }
    return SNA_REAL;
}

static int add_columns(sna_table *table, const sna_json *json, const cJSON *edges, const cJSON *rows)
{
    int status = 0;
    const cJSON *units = sna_json_member(edges, "units"), *key = NULL;

    cJSON_ArrayForEach(key, rows->child)
    {
        const cJSON *unit = sna_json_member(units, key->string);
        if (strcmp(key->string, "entry") == 0)
            continue;
        if (sna_table_columns(table) >= MOST_COLUMNS)
            return sna_json_error(json, rows->child, SNA_EFORMAT, "more than %d columns", MOST_COLUMNS);
        if (sna_table_find_column(table, key->string) < 0)
            status = sna_table_add_column(table, key->string, cJSON_IsString(unit) ? unit->valuestring : NULL,
                                          type_of(rows, key->string));
        if (status != 0)
            break;
    }
    return status;
}

static int set_cell(sna_table *table, const sna_json *json, uint64_t column, const cJSON *value)
{
    int status = 0;
    const uint64_t row = sna_table_rows(table) - 1;
    const char *text = NULL;
    double number = 0;

    if (value == NULL || cJSON_IsNull(value))
        return 0;
    if (sna_table_column_type(table, column) == SNA_TEXT) {
        status = sna_json_text(json, value, &text);
        return status == 0 ? sna_table_set_text(table, row, column, text) : status;
    }
    status = sna_json_real(json, value, &number);
    return status == 0 ? sna_table_set_real(table, row, column, number) : status;
}

static int add_row(sna_table *table, const sna_json *json, const cJSON *row)
{
    int status = 0;
    const cJSON *entry = NULL;
    const char *name = NULL;

    status = sna_json_expect_object(json, row);
    if (status == 0)
        status = sna_json_require(json, row, "entry", &entry);
    if (status == 0)
        status = sna_json_text(json, entry, &name);
    if (status == 0)
        status = sna_table_add_row(table, name);
    for (uint64_t c = 0; c < sna_table_columns(table) && status == 0; c++)
        status = set_cell(table, json, c, sna_json_member(row, sna_table_column_name(table, c)));
    return status;
}

static int read_edges(sna_table **out, const sna_json *json)
{
    int status = 0;
    sna_table *table = NULL;
    const cJSON *version = NULL, *edges = NULL, *rows = NULL, *row = NULL, *note = NULL;
    int64_t number = 0;

    *out = NULL;
    status = sna_json_require(json, sna_json_root(json), "build_report", &version);
    if (status == 0)
        status = sna_json_integer(json, version, &number);
    if (status == 0 && number != 1)
        status =
            sna_json_error(json, version, SNA_EUNSUPPORTED, "version %" PRId64 " of the layout; known is 1", number);
    if (status == 0)
        status = sna_json_require(json, sna_json_root(json), "edges", &edges);
    if (status == 0)
        status = sna_json_expect_object(json, edges);
    if (status == 0)
        status = sna_json_require(json, edges, "rows", &rows);
    if (status == 0)
        status = sna_json_expect_array(json, rows);
    if (status == 0 && cJSON_GetArraySize(rows) > MOST_ROWS)
        status = sna_json_error(json, rows, SNA_EFORMAT, "more than %d rows", MOST_ROWS);
    if (status == 0)
        status = sna_table_create(&table, "Edges made", "entry");
    if (status == 0 && rows->child != NULL) {
        status = sna_json_expect_object(json, rows->child);
        if (status == 0)
            status = add_columns(table, json, edges, rows);
    }
    if (status != 0)
        goto out;
    cJSON_ArrayForEach(row, rows)
    {
        status = add_row(table, json, row);
        if (status != 0)
            goto out;
    }
    cJSON_ArrayForEach(note, sna_json_member(edges, "notes"))
    {
        const char *text = NULL;
        status = sna_json_text(json, note, &text);
        if (status == 0)
            status = sna_table_add_note(table, "%s", text);
        if (status != 0)
            goto out;
    }
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}

/* ---- the page --------------------------------------------------------------------------------------------------- */

/* Populations that have another number of nodes now: the report is of another network, then. */
static int add_changes(sna_page *page, const sna_json *json, sna_circuit *circuit)
{
    int status = 0;
    const cJSON *row = NULL;

    cJSON_ArrayForEach(row, sna_json_member(sna_json_member(sna_json_root(json), "nodes"), "rows"))
    {
        const cJSON *name = sna_json_member(row, "population"), *nodes = sna_json_member(row, "nodes");
        if (!cJSON_IsString(name) || !cJSON_IsNumber(nodes))
            continue;
        for (uint64_t p = 0; p < sna_circuit_node_populations(circuit) && status == 0; p++) {
            sna_nodes *population = NULL;
            if (strcmp(sna_circuit_node_population(circuit, p), name->valuestring) != 0)
                continue;
            status = sna_circuit_nodes_at(circuit, p, &population);
            if (status == 0 && (double)sna_nodes_count(population) != nodes->valuedouble)
                status =
                    sna_page_add_paragraph(page,
                                           "The network was changed since: %s had %.0f nodes when it was built and "
                                           "has %" PRIu64 " now.",
                                           name->valuestring, nodes->valuedouble, sna_nodes_count(population));
        }
        if (status != 0)
            break;
    }
    return status;
}

/* The columns in parts that fit on a page, then the notes. */
static int add_tables(sna_page *page, const sna_table *edges)
{
    static const char *const made[] = {"class", "source",    "target", "possible", "expected", "sd",
                                       "made",  "deviation", "p",      "synapses", NULL},
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
    } part[] = {{"Edges expected and made", made},
                {"Pairs connected both ways", pairs},
                {"Degrees of targets and sources", degrees}};
    int status = 0;

    for (size_t i = 0; i < sizeof part / sizeof *part && status == 0; i++) {
        sna_table *table = NULL;
        status = sna_table_pick(edges, part[i].title, part[i].column, &table);
        if (status == 0 && sna_table_rows(table) > 0 && sna_table_columns(table) > 0)
            status = sna_page_add_table(page, table);
        sna_table_free(table);
    }
    for (uint64_t i = 0; i < sna_table_notes(edges) && status == 0; i++)
        status = sna_page_add_paragraph(page, "%s", sna_table_note(edges, i));
    return status;
}

int sna_built_add(sna_page *page, const char *path, sna_circuit *circuit)
{
    int status = 0;
    sna_json *json = NULL;
    sna_table *edges = NULL;
    const cJSON *specification = NULL, *seed = NULL;

    status = sna_page_add_heading(page, 2, "As it was built");
    if (status != 0)
        goto out;
    status = sna_json_read(&json, path);
    if (status == 0)
        status = read_edges(&edges, json);
    if (status == SNA_EFORMAT || status == SNA_EUNSUPPORTED || status == SNA_EIO) {
        /* The rest of the page is as good without it. */
        status = sna_page_add_paragraph(page, "The builder's report cannot be read: %s", sna_error_message());
        goto out;
    }
    if (status != 0)
        goto out;
    specification = sna_json_member(sna_json_root(json), "specification");
    seed = sna_json_member(sna_json_root(json), "seed");
    if (cJSON_IsString(specification) && cJSON_IsString(seed))
        status = sna_page_add_paragraph(page, "From the specification %s with the seed %s.", specification->valuestring,
                                        seed->valuestring);
    if (status == 0)
        status = add_changes(page, json, circuit);
    if (status == 0)
        status = add_tables(page, edges);
out:
    sna_table_free(edges);
    sna_json_free(json);
    return status;
}
