/* test_sonata_libsonata.c: libsonata's own expectations (a file of cases: file, query, result) asked of our readers.
 * Where we differ on purpose, the case and the reason are in the list below; a case in the list that no longer differs
 * fails, so that the list stays true. */
#include "support.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "sonata/sonata.h"

static const struct {
    const char *id, *reason;
} differences[] = {
    {"n.dtype.A-enum", "HDF5 enumerations are read as their integers"},
    {"n.match.enum-by-int", "a number matches no text: an empty selection, not an error"},
    {"n.match.str-on-int", "a text matches no number: an empty selection, not an error"},
    {"n.match.float-by-int", "numbers are compared as numbers"},
    {"n.enum.as-string-codes", "the texts of an enumeration are what a column gives"},
    {"e.noindex.aff", "an index is made in memory"},
    {"e.noindex.eff", "an index is made in memory"},
    {"e.write_index.overwrite", "an index can be replaced"},
    {"e.csv", "types CSVs are supported"},
    {"s.empty-range", "empty ranges are left out"},
    {"s.inverted", "empty ranges are left out"},
    {"so.invt", "an empty time window is empty"},
    {"el.invt", "an empty time window is empty"},
    {"so.late", "an empty time window is empty"},
    {"el.late", "an empty time window is empty"},
    {"el.t5", "an empty time window is empty"},
    {"so.neg", "an empty time window is empty"},
    {"el.neg", "an empty time window is empty"},
    {"so.inv", "empty ranges of nodes are left out"},
    {"el.inv", "empty ranges of nodes are left out"},
    {"so.f64", "double precision is read"},
    {"so.map.gap-", "there is no gap limit"},
    {"ns.e.two-ops", "several operators must all hold"},
    {"ns.lib-int", "a number matches no text: an empty selection, not an error"},
    {"ns.lib-ints", "a number matches no text: an empty selection, not an error"},
    {"cc.e.nonodes", "a circuit may have no nodes"},
    {"cc.e.noedges", "a circuit may have no edges"},
    {"cc.e.nomorph", "components are the validator's business"},
    {"cc.e.nobio", "components are the validator's business"},
    {"sc.out.spikes_file", "paths are made absolute, in output_dir"},
    {"sc.rep.axonal_comp_centers.file", "names of report files are left as they are"},
};

static char *data; /* the folder of libsonata's files */

/* ---- making results ----------------------------------------------------------------------------------------- */

static cJSON *result_error(void)
{
    cJSON *result = cJSON_CreateObject();

    cJSON_AddTrueToObject(result, "error");
    return result;
}

static cJSON *result_of(const char *key, cJSON *value)
{
    cJSON *result = cJSON_CreateObject();

    cJSON_AddItemToObject(result, key, value);
    return result;
}

static cJSON *ranges_json(const sna_selection *selection)
{
    cJSON *list = cJSON_CreateArray();

    for (uint64_t i = 0; i < selection->count; i++) {
        cJSON *pair = cJSON_CreateArray();
        cJSON_AddItemToArray(pair, cJSON_CreateNumber((double)selection->range[i].first));
        cJSON_AddItemToArray(pair, cJSON_CreateNumber((double)selection->range[i].end));
        cJSON_AddItemToArray(list, pair);
    }
    return list;
}

static cJSON *ids_json(const uint64_t *id, uint64_t count)
{
    cJSON *list = cJSON_CreateArray();

    for (uint64_t i = 0; i < count; i++)
        cJSON_AddItemToArray(list, cJSON_CreateNumber((double)id[i]));
    return list;
}

static cJSON *texts_json(const sna_list *texts)
{
    cJSON *list = cJSON_CreateArray();

    for (uint64_t i = 0; i < texts->count; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(texts->text[i]));
    return list;
}

static void read_ranges(const cJSON *list, sna_selection *out)
{
    for (const cJSON *pair = list == NULL ? NULL : list->child; pair != NULL; pair = pair->next)
        assert_done(sna_selection_add(out, (uint64_t)cJSON_GetArrayItem(pair, 0)->valuedouble,
                                      (uint64_t)cJSON_GetArrayItem(pair, 1)->valuedouble));
}

static uint64_t read_ids(const cJSON *list, uint64_t id[64])
{
    uint64_t count = 0;

    for (const cJSON *item = list == NULL ? NULL : list->child; item != NULL && count < 64; item = item->next)
        id[count++] = (uint64_t)item->valuedouble;
    return count;
}

static const char *text_arg(const cJSON *args, const char *key)
{
    const cJSON *item = sna_json_member(args, key);

    return cJSON_IsString(item) ? item->valuestring : NULL;
}

static char *case_path(const cJSON *item)
{
    char *path = NULL;
    const char *file = text_arg(item, "file");

    assert_done(sna_path_join(&path, data, file == NULL ? "nodes1.h5" : file));
    return path;
}

/* ---- nodes and edges ---------------------------------------------------------------------------------------- */

/* The rows of a selection of a column; a row without a value is an error. */
static cJSON *column_values(const sna_column *column, const sna_selection *rows)
{
    cJSON *list = cJSON_CreateArray();
    bool misses = false;

    for (uint64_t r = 0; r < rows->count; r++)
        for (uint64_t i = rows->range[r].first; i < rows->range[r].end; i++) {
            misses = misses || sna_column_is_missing(column, i);
            cJSON_AddItemToArray(list, column->type == SNA_TEXT ? cJSON_CreateString(sna_column_text(column, i))
                                                                : cJSON_CreateNumber(sna_column_real(column, i)));
        }
    if (misses) {
        cJSON_Delete(list);
        return result_error();
    }
    return result_of("values", list);
}

static cJSON *node_attribute(sna_nodes *nodes, const char *op, const cJSON *args)
{
    const sna_column *column = NULL;
    const char *name = text_arg(args, "name"), *as = text_arg(args, "as");
    const bool wants_text = as != NULL && strcmp(as, "string") == 0;
    const sna_attribute *attribute = NULL;
    sna_selection rows = SNA_SELECTION;
    char *full = NULL;
    cJSON *result = NULL;
    int status = 0;

    assert_done(strcmp(op, "get_dynamics_attribute") == 0 ? sna_text_format(&full, "dynamics_params/%s", name)
                                                          : sna_text_copy(&full, name));
    attribute = sna_nodes_find_attribute(nodes, full);
    if (strcmp(op, "get_enumeration") == 0 ||
        (attribute != NULL && attribute->enumeration && as != NULL && !wants_text))
        status = sna_nodes_codes(nodes, full, &column);
    else
        status = sna_nodes_column(nodes, full, &column);
    read_ranges(sna_json_member(args, "ranges"), &rows);
    result = status != 0 ? result_error() : column_values(column, &rows);
    sna_selection_free(&rows);
    free(full);
    return result;
}

static cJSON *attribute_names(sna_nodes *nodes, const char *op)
{
    sna_list names = SNA_LIST;
    cJSON *result;
    static const char prefix[] = "dynamics_params/";

    for (uint64_t i = 0; i < sna_nodes_attributes(nodes); i++) {
        const sna_attribute *attribute = sna_nodes_attribute(nodes, i);
        const bool is_parameter = strncmp(attribute->name, prefix, strlen(prefix)) == 0;
        if (strcmp(op, "dynamics_attribute_names") == 0 ? is_parameter
            : strcmp(op, "enumeration_names") == 0      ? attribute->enumeration
                                                        : !is_parameter)
            assert_done(sna_list_add(&names, attribute->name + (is_parameter ? strlen(prefix) : 0)));
    }
    result = result_of("set", texts_json(&names));
    sna_list_free(&names);
    return result;
}

static cJSON *attribute_storage(sna_nodes *nodes, const char *op, const cJSON *args)
{
    char *name = NULL;
    const sna_attribute *attribute = NULL;
    cJSON *result = NULL;

    assert_done(sna_text_format(&name, "%s%s", strcmp(op, "attribute_dtype") == 0 ? "" : "dynamics_params/",
                                text_arg(args, "name")));
    attribute = sna_nodes_find_attribute(nodes, name);
    if (attribute == NULL)
        result = result_error();
    else if (cJSON_IsTrue(sna_json_member(args, "translate_enumeration")))
        result = result_of("value", cJSON_CreateString(attribute->type == SNA_TEXT ? "string" : "number"));
    else
        result = result_of("value", cJSON_CreateString(sna_storage_name(attribute->storage)));
    free(name);
    return result;
}

/* A node set `{"S": {name: value}}`, which is what matching values is. */
static cJSON *match_values(sna_nodes *nodes, const cJSON *args)
{
    cJSON *root = cJSON_CreateObject(), *set = cJSON_AddObjectToObject(root, "S"), *result = NULL;
    sna_node_sets *sets = NULL;
    sna_selection found = SNA_SELECTION;
    char *text = NULL;

    cJSON_AddItemToObject(set, text_arg(args, "name"), cJSON_Duplicate(sna_json_member(args, "value"), 1));
    text = cJSON_PrintUnformatted(root);
    assert_done(sna_node_sets_create(&sets));
    if (sna_node_sets_parse(sets, text, strlen(text), "case", NULL, NULL) != 0 ||
        sna_node_sets_select(sets, "S", nodes, true, &found) != 0)
        result = result_error();
    else
        result = result_of("ranges", ranges_json(&found));
    sna_selection_free(&found);
    sna_node_sets_free(sets);
    cJSON_free(text);
    cJSON_Delete(root);
    return result;
}

static cJSON *ask_nodes(const char *path, const char *population, const char *op, const cJSON *args)
{
    sna_nodes *nodes = NULL;
    cJSON *result = NULL;

    if (sna_nodes_open(&nodes, path, NULL, population, NULL) != 0)
        return result_error();
    if (strcmp(op, "name") == 0)
        result = result_of("value", cJSON_CreateString(sna_nodes_name(nodes)));
    else if (strcmp(op, "size") == 0)
        result = result_of("value", cJSON_CreateNumber((double)sna_nodes_count(nodes)));
    else if (strcmp(op, "attribute_names") == 0 || strcmp(op, "dynamics_attribute_names") == 0 ||
             strcmp(op, "enumeration_names") == 0)
        result = attribute_names(nodes, op);
    else if (strcmp(op, "get_attribute") == 0 || strcmp(op, "get_enumeration") == 0 ||
             strcmp(op, "get_dynamics_attribute") == 0)
        result = node_attribute(nodes, op, args);
    else if (strcmp(op, "attribute_dtype") == 0 || strcmp(op, "dynamics_attribute_dtype") == 0)
        result = attribute_storage(nodes, op, args);
    else if (strcmp(op, "match_values") == 0)
        result = match_values(nodes, args);
    else if (strcmp(op, "enumeration_values") == 0) {
        const sna_list *texts = NULL;
        result = sna_nodes_library(nodes, text_arg(args, "name"), &texts) != 0 ? result_error()
                                                                               : result_of("values", texts_json(texts));
    } else if (strcmp(op, "select_all") == 0) {
        sna_selection all = SNA_SELECTION;
        assert_done(sna_selection_parse(&all, "all", sna_nodes_count(nodes)));
        result = result_of("ranges", ranges_json(&all));
        sna_selection_free(&all);
    }
    sna_nodes_close(nodes);
    return result;
}

static cJSON *edge_ends(sna_edges *edges, bool is_source, const cJSON *args)
{
    sna_selection rows = SNA_SELECTION;
    sna_edge_request request = {.parts = is_source ? SNA_EDGE_SOURCE : SNA_EDGE_TARGET, .selection = &rows};
    sna_edge_stream *stream = NULL;
    sna_edge_block block;
    cJSON *list = cJSON_CreateArray();

    read_ranges(sna_json_member(args, "ranges"), &rows);
    assert_done(sna_edge_stream_open(&stream, edges, &request));
    for (;;) {
        assert_done(sna_edge_stream_next(stream, &block));
        if (block.count == 0)
            break;
        for (uint64_t i = 0; i < block.count; i++)
            cJSON_AddItemToArray(list, cJSON_CreateNumber((double)(is_source ? block.source[i] : block.target[i])));
    }
    sna_edge_stream_close(stream);
    sna_selection_free(&rows);
    return result_of("values", list);
}

static cJSON *ask_index(sna_edges *edges, const char *op, const cJSON *args)
{
    sna_selection found = SNA_SELECTION;
    uint64_t a[64], b[64];
    cJSON *result = NULL;
    const uint64_t count = read_ids(sna_json_member(args, "node_ids"), a);
    int status = 0;

    if (strcmp(op, "afferent_edges") == 0) {
        status = sna_edges_afferent(edges, a, count, &found);
    } else if (strcmp(op, "efferent_edges") == 0) {
        status = sna_edges_efferent(edges, a, count, &found);
    } else {
        const uint64_t sources = read_ids(sna_json_member(args, "source"), a);
        const uint64_t targets = read_ids(sna_json_member(args, "target"), b);
        status = sna_edges_connecting(edges, a, sources, b, targets, &found);
    }
    result = status != 0 ? result_error() : result_of("ranges", ranges_json(&found));
    sna_selection_free(&found);
    return result;
}

static cJSON *ask_edges(const char *path, const char *population, const char *op, const cJSON *args)
{
    sna_edges *edges = NULL;
    cJSON *result = NULL;

    if (sna_edges_open(&edges, path, NULL, population, NULL) != 0)
        return result_error();
    if (strcmp(op, "name") == 0)
        result = result_of("value", cJSON_CreateString(sna_edges_name(edges)));
    else if (strcmp(op, "size") == 0)
        result = result_of("value", cJSON_CreateNumber((double)sna_edges_count(edges)));
    else if (strcmp(op, "source_population") == 0)
        result = result_of("value", cJSON_CreateString(sna_edges_source_population(edges)));
    else if (strcmp(op, "target_population") == 0)
        result = result_of("value", cJSON_CreateString(sna_edges_target_population(edges)));
    else if (strcmp(op, "source_nodes") == 0 || strcmp(op, "target_nodes") == 0)
        result = edge_ends(edges, strcmp(op, "source_nodes") == 0, args);
    else if (strcmp(op, "afferent_edges") == 0 || strcmp(op, "efferent_edges") == 0 ||
             strcmp(op, "connecting_edges") == 0)
        result = ask_index(edges, op, args);
    else if (strcmp(op, "select_all") == 0) {
        sna_selection all = SNA_SELECTION;
        assert_done(sna_selection_parse(&all, "all", sna_edges_count(edges)));
        result = result_of("ranges", ranges_json(&all));
        sna_selection_free(&all);
    } else if (strcmp(op, "open") == 0)
        result = result_of("ok", cJSON_CreateTrue());
    sna_edges_close(edges);
    return result;
}

/* Writes an index into a copy of the file, and asks it. */
static cJSON *write_index(const char *path, const char *population, const char *op, const cJSON *args)
{
    char *folder = test_folder(), *copy = NULL, *bytes = NULL;
    uint64_t size = 0;
    cJSON *result = NULL;
    int status = 0;

    assert_done(sna_path_join(&copy, folder, "edges.h5"));
    assert_done(sna_file_read(&bytes, &size, path));
    assert_done(sna_file_write(copy, bytes, size));
    status = sna_index_write(copy, population, 4, 4, false, NULL);
    if (status == 0 && strcmp(op, "write_indices twice") == 0) {
        const bool replace = cJSON_IsTrue(sna_json_member(args, "overwrite"));
        status = sna_index_write(copy, population, 4, 4, replace, NULL);
        result = status != 0 ? result_error() : result_of("ok", cJSON_CreateTrue());
    } else {
        sna_edges *edges = NULL;
        assert_done(status);
        assert_done(sna_edges_open(&edges, copy, NULL, population, NULL));
        assert_true(sna_edges_has_index(edges, SNA_AFFERENT) && sna_edges_has_index(edges, SNA_EFFERENT));
        result = ask_index(edges, strstr(op, "afferent") != NULL ? "afferent_edges" : "efferent_edges", args);
        assert_int_equal(sna_edges_index_source(edges, strstr(op, "afferent") != NULL ? SNA_AFFERENT : SNA_EFFERENT),
                         SNA_INDEX_FILE);
        sna_edges_close(edges);
    }
    free(bytes);
    free(copy);
    test_folder_remove(folder);
    return result;
}

/* ---- selections --------------------------------------------------------------------------------------------- */

static cJSON *flat_json(const sna_selection *selection)
{
    cJSON *list = cJSON_CreateArray();

    for (uint64_t r = 0; r < selection->count; r++)
        for (uint64_t i = selection->range[r].first; i < selection->range[r].end; i++)
            cJSON_AddItemToArray(list, cJSON_CreateNumber((double)i));
    return list;
}

static cJSON *ask_selection(const char *op, const cJSON *args)
{
    sna_selection a = SNA_SELECTION, b = SNA_SELECTION, out = SNA_SELECTION;
    cJSON *result = NULL;

    if (strcmp(op, "selection.from_values") == 0) {
        uint64_t id[64], count = 0;
        for (const cJSON *item = sna_json_member(args, "values")->child; item != NULL; item = item->next)
            id[count++] = item->valuedouble < 0 ? UINT64_MAX : (uint64_t)item->valuedouble;
        if (sna_selection_add_rows(&out, id, count) != 0)
            result = result_error();
    } else if (strcmp(op, "selection.from_ranges") == 0) {
        read_ranges(sna_json_member(args, "ranges"), &out);
    } else {
        read_ranges(sna_json_member(args, "a"), &a);
        read_ranges(sna_json_member(args, "b"), &b);
        assert_done(strcmp(op, "selection.and") == 0 ? sna_selection_and(&out, &a, &b)
                                                     : sna_selection_or(&out, &a, &b));
    }
    if (result == NULL) {
        result = result_of("ranges", ranges_json(&out));
        cJSON_AddItemToObject(result, "flatten", flat_json(&out));
        cJSON_AddNumberToObject(result, "flat_size", (double)sna_selection_rows(&out));
        cJSON_AddBoolToObject(result, "empty", out.count == 0);
    }
    sna_selection_free(&a);
    sna_selection_free(&b);
    sna_selection_free(&out);
    return result;
}

/* ---- spikes and reports ------------------------------------------------------------------------------------- */

static double number_arg(const cJSON *args, const char *key)
{
    const cJSON *item = sna_json_member(args, key);

    return cJSON_IsNumber(item) ? item->valuedouble : (double)NAN;
}

static cJSON *ask_spikes(const char *path, const char *population, const char *op, const cJSON *args)
{
    static const char *const orders[] = {"none", "by_id", "by_time"};
    sna_spikes *spikes = NULL;
    sna_spike_list list = {0};
    uint64_t index = 0, node[64];
    cJSON *result = NULL;
    const cJSON *ids = sna_json_member(args, "node_ids");
    const uint64_t count = read_ids(ids, node);

    assert_done(sna_spikes_open(&spikes, path, NULL));
    if (sna_spikes_find(spikes, population, &index) != 0) {
        result = result_error();
    } else if (strcmp(op, "spikes.sorting") == 0) {
        result = result_of("value", cJSON_CreateString(orders[sna_spikes_order(spikes, index)]));
    } else if (strcmp(op, "spikes.time_units") == 0) {
        result = result_of("value", cJSON_CreateString(sna_spikes_unit(spikes, index)));
    } else {
        assert_done(sna_spikes_read(spikes, index, number_arg(args, "tstart"), number_arg(args, "tstop"),
                                    ids == NULL ? NULL : node, count, &list));
        if (strcmp(op, "spikes.times") == 0) {
            assert_done(sna_spike_list_sort(&list, SNA_ORDER_TIME));
            result =
                result_of("values", cJSON_CreateDoubleArray((double[]){list.time[0], list.time[list.count - 1]}, 2));
        } else if (strcmp(op, "spikes.get_arrays") == 0) {
            result = result_of("node_ids", ids_json(list.node, list.count));
            cJSON_AddItemToObject(result, "timestamps", cJSON_CreateDoubleArray(list.time, (int)list.count));
        } else {
            cJSON *pairs = cJSON_CreateArray();
            for (uint64_t i = 0; i < list.count; i++)
                cJSON_AddItemToArray(pairs, cJSON_CreateDoubleArray((double[]){(double)list.node[i], list.time[i]}, 2));
            result = result_of("pairs", pairs);
        }
    }
    sna_spike_list_free(&list);
    sna_spikes_close(spikes);
    return result;
}

/* Ids of columns: node ids where each node has one element, else pairs of node and element id. */
static cJSON *column_ids(const sna_report *report, const sna_selection *columns)
{
    cJSON *list = cJSON_CreateArray();
    const uint64_t *pointer = sna_report_pointers(report);
    const bool soma = sna_report_elements(report) == sna_report_nodes(report);

    for (uint64_t r = 0; r < columns->count; r++)
        for (uint64_t c = columns->range[r].first; c < columns->range[r].end; c++)
            for (uint64_t n = 0; n < sna_report_nodes(report); n++)
                if (pointer[n] <= c && c < pointer[n + 1]) {
                    const double id = (double)sna_report_node_ids(report)[n];
                    cJSON_AddItemToArray(
                        list,
                        soma ? cJSON_CreateNumber(id)
                             : cJSON_CreateDoubleArray((double[]){id, (double)sna_report_element_ids(report)[c]}, 2));
                }
    return list;
}

static cJSON *report_values(sna_report *report, const sna_selection *columns, const cJSON *args, const cJSON *expect)
{
    uint64_t first = 0, count = 0, width = sna_selection_rows(columns), frames = 0;
    const uint64_t stride =
        cJSON_IsNumber(sna_json_member(args, "tstride")) ? (uint64_t)number_arg(args, "tstride") : 1;
    double *value = NULL;
    cJSON *result = NULL, *rows = cJSON_CreateArray(), *times = cJSON_CreateArray();
    int status = 0;

    sna_report_window(report, number_arg(args, "tstart"), number_arg(args, "tstop"), &first, &count);
    frames = width == 0 ? 0 : stride == 0 ? count : (count + stride - 1) / stride;
    assert_done(sna_allocate(&value, frames * width, sizeof *value));
    status = sna_report_read(report, first, frames, stride, columns, value);
    for (uint64_t i = 0; i < frames && status == 0; i++) {
        cJSON_AddItemToArray(rows, cJSON_CreateDoubleArray(value + i * width, (int)width));
        cJSON_AddItemToArray(times, cJSON_CreateNumber(sna_report_start(report) +
                                                       (double)(first + i * stride) * sna_report_step(report)));
    }
    if (status != 0) {
        cJSON_Delete(rows);
        cJSON_Delete(times);
        result = result_error();
    } else {
        const cJSON *row = sna_json_member(expect, "row");
        result = result_of("data", rows);
        cJSON_AddItemToObject(result, "times", times);
        cJSON_AddItemToObject(result, "ids", column_ids(report, columns));
        cJSON_AddNumberToObject(result, "n_times", (double)frames);
        cJSON_AddNumberToObject(result, "n_ids", (double)width);
        if (frames > 0 && width >= 10) {
            cJSON_AddItemToObject(result, "first_row_first_10", cJSON_CreateDoubleArray(value, 10));
            cJSON_AddItemToObject(result, "last_row_last_10", cJSON_CreateDoubleArray(value + frames * width - 10, 10));
        }
        if (row != NULL) {
            const uint64_t at = (uint64_t)cJSON_GetArrayItem(row, 0)->valuedouble;
            cJSON *pair = cJSON_CreateArray();
            cJSON_AddItemToArray(pair, cJSON_CreateNumber((double)at));
            cJSON_AddItemToArray(pair, cJSON_CreateDoubleArray(value + at * width, (int)width));
            cJSON_AddItemToObject(result, "row", pair);
        }
    }
    free(value);
    return result;
}

static cJSON *ask_report(const char *path, const char *population, const char *op, const cJSON *args,
                         const cJSON *expect)
{
    sna_report *report = NULL;
    sna_selection columns = SNA_SELECTION;
    uint64_t node[64];
    const cJSON *ids = sna_json_member(args, "node_ids");
    const uint64_t count = read_ids(ids, node);
    cJSON *result = NULL;

    if (sna_report_open(&report, path, population, NULL) != 0)
        return result_error();
    if (ids != NULL || sna_json_member(args, "node_ranges") != NULL)
        assert_done(sna_report_columns(report, node, count, &columns));
    else
        assert_done(sna_selection_add(&columns, 0, sna_report_elements(report)));
    if (strcmp(op, "report.times") == 0)
        result = result_of(
            "value", cJSON_CreateDoubleArray(
                         (double[]){sna_report_start(report), sna_report_stop(report), sna_report_step(report)}, 3));
    else if (strcmp(op, "report.time_units") == 0)
        result = result_of("value", cJSON_CreateString(sna_report_time_unit(report)));
    else if (strcmp(op, "report.data_units") == 0)
        result = result_of("value", cJSON_CreateString(sna_report_unit(report)));
    else if (strcmp(op, "report.sorted") == 0)
        result = result_of("value", cJSON_CreateBool(sna_report_is_sorted(report)));
    else if (strcmp(op, "report.node_ids") == 0)
        result = result_of("values", ids_json(sna_report_node_ids(report), sna_report_nodes(report)));
    else if (strcmp(op, "report.id_mapping") == 0)
        result = result_of("ids", column_ids(report, &columns));
    else if (strcmp(op, "report.get") == 0)
        result = report_values(report, &columns, args, expect);
    sna_selection_free(&columns);
    sna_report_close(report);
    return result;
}

/* ---- node sets ---------------------------------------------------------------------------------------------- */

static int add_sets(sna_node_sets *sets, const cJSON *json, sna_list *replaced)
{
    char *text = cJSON_PrintUnformatted(json);
    const int status = sna_node_sets_parse(sets, text, strlen(text), "case", replaced, NULL);

    cJSON_free(text);
    return status;
}

static cJSON *ask_sets(const char *path, const char *population, const char *op, const cJSON *args)
{
    sna_node_sets *sets = NULL;
    sna_list replaced = SNA_LIST, names = SNA_LIST;
    sna_selection found = SNA_SELECTION;
    sna_nodes *nodes = NULL;
    cJSON *result = NULL;
    int status = 0;

    assert_done(sna_node_sets_create(&sets));
    if (strcmp(op, "nodesets.names") == 0 || strcmp(op, "nodesets.from_file") == 0)
        status = sna_node_sets_read(sets, path, NULL, NULL);
    else if (strcmp(op, "nodesets.update then materialize") == 0) {
        status = add_sets(sets, sna_json_member(args, "base"), NULL);
        if (status == 0)
            status = add_sets(sets, sna_json_member(args, "other"), &replaced);
    } else {
        status = add_sets(sets, sna_json_member(args, "json"), NULL);
    }
    if (status == 0)
        status = sna_node_sets_check(sets, NULL);
    if (status == 0 && strcmp(op, "nodesets.names") == 0) {
        for (uint64_t i = 0; i < sna_node_sets_count(sets); i++)
            assert_done(sna_list_add(&names, sna_node_sets_name(sets, i)));
        result = result_of("set", texts_json(&names));
    } else if (status == 0 && strstr(op, "materialize") != NULL) {
        assert_done(sna_nodes_open(&nodes, path, NULL, population, NULL));
        status = sna_node_sets_select(sets, text_arg(args, "name"), nodes, true, &found);
        if (status == 0) {
            result = result_of("ranges", ranges_json(&found));
            cJSON_AddItemToObject(result, "duplicates", texts_json(&replaced));
        }
    } else if (status == 0) {
        result = result_of("ok", cJSON_CreateTrue());
    }
    if (status != 0)
        result = result_error();
    sna_nodes_close(nodes);
    sna_selection_free(&found);
    sna_list_free(&replaced);
    sna_list_free(&names);
    sna_node_sets_free(sets);
    return result;
}

/* ---- configs ------------------------------------------------------------------------------------------------ */

/* The value at a JSON pointer. */
static const cJSON *at_pointer(const cJSON *item, const char *pointer)
{
    while (*pointer == '/' && item != NULL) {
        char key[128];
        const size_t length = strcspn(++pointer, "/");
        snprintf(key, sizeof key, "%.*s", (int)length, pointer);
        item = cJSON_IsArray(item) ? cJSON_GetArrayItem(item, atoi(key)) : sna_json_member(item, key);
        pointer += length;
    }
    return item;
}

static cJSON *population_property(sna_circuit *circuit, const char *population, const cJSON *args)
{
    const bool is_nodes = strcmp(text_arg(args, "kind"), "nodes") == 0;
    const char *key = text_arg(args, "key"), *value = NULL;
    uint64_t index = 0;
    sna_nodes *nodes = NULL;
    sna_edges *edges = NULL;

    while (strcmp(is_nodes ? sna_circuit_node_population(circuit, index) : sna_circuit_edge_population(circuit, index),
                  population) != 0)
        index++;
    if (strcmp(key, "elements_path") == 0) {
        if (is_nodes) {
            assert_done(sna_circuit_nodes_at(circuit, index, &nodes));
            value = sna_nodes_file(nodes);
        } else {
            assert_done(sna_circuit_edges_at(circuit, index, &edges));
            value = sna_edges_file(edges);
        }
    } else if (strcmp(key, "types_path") != 0) {
        value =
            is_nodes ? sna_circuit_node_property(circuit, index, key) : sna_circuit_edge_property(circuit, index, key);
    }
    if (strcmp(key, "alternate_morphology_formats") == 0)
        return NULL;
    return result_of("value", cJSON_CreateString(value == NULL ? "" : value));
}

static cJSON *open_circuit_text(const cJSON *json)
{
    char *folder = test_folder(), *config = NULL, *text = cJSON_Print(json);
    sna_circuit *circuit = NULL;
    cJSON *result = NULL;
    char *link = NULL;
    static const char *const files[] = {"nodes1.h5", "edges1.h5"};

    config = test_file(folder, "circuit_config.json", text);
    for (int i = 0; i < 2; i++) {
        char *from = NULL, *bytes = NULL;
        uint64_t size = 0;
        assert_done(sna_path_join(&from, data, files[i]));
        assert_done(sna_path_join(&link, folder, files[i]));
        assert_done(sna_file_read(&bytes, &size, from));
        assert_done(sna_file_write(link, bytes, size));
        free(bytes);
        free(from);
        free(link);
    }
    if (sna_circuit_open(&circuit, config) != 0) {
        result = result_error();
    } else {
        result = result_of("node_populations", cJSON_CreateArray());
        cJSON_AddItemToObject(result, "edge_populations", cJSON_CreateArray());
        if (sna_config_text(sna_circuit_config(circuit), "metadata.status") != NULL)
            cJSON_AddStringToObject(result, "status", sna_config_text(sna_circuit_config(circuit), "metadata.status"));
    }
    sna_circuit_close(circuit);
    free(config);
    cJSON_free(text);
    test_folder_remove(folder);
    return result;
}

static cJSON *ask_circuit(const char *path, const char *population, const char *op, const cJSON *args)
{
    sna_circuit *circuit = NULL;
    cJSON *result = NULL;
    sna_list names = SNA_LIST;

    if (strcmp(op, "circuit_config.parse") == 0)
        return open_circuit_text(sna_json_member(args, "json"));
    assert_done(sna_circuit_open(&circuit, path));
    if (strcmp(op, "circuit_config.population_property") == 0) {
        result = population_property(circuit, population, args);
    } else if (strcmp(op, "circuit_config.node_sets_path") == 0) {
        result = result_of("value", cJSON_CreateString(sna_config_text(sna_circuit_config(circuit), "node_sets_file")));
    } else if (strcmp(op, "circuit_config.expanded_json") == 0) {
        const cJSON *item = at_pointer(sna_config_root(sna_circuit_config(circuit)), text_arg(args, "pointer"));
        result = result_of("path", cJSON_Duplicate(item, 1));
    } else {
        const bool is_nodes = strcmp(op, "circuit_config.node_populations") == 0;
        const uint64_t count = is_nodes ? sna_circuit_node_populations(circuit) : sna_circuit_edge_populations(circuit);
        for (uint64_t i = 0; i < count; i++)
            assert_done(sna_list_add(&names, is_nodes ? sna_circuit_node_population(circuit, i)
                                                      : sna_circuit_edge_population(circuit, i)));
        result = result_of("set", texts_json(&names));
    }
    sna_list_free(&names);
    sna_circuit_close(circuit);
    return result;
}

/* What the file says; defaults that libsonata fills in are not in it, and not ours to give. */
static cJSON *ask_simulation(const char *path, const char *op, const cJSON *args)
{
    sna_config *config = NULL;
    const cJSON *root = NULL, *item = NULL;
    cJSON *result = NULL;
    char pointer[256] = "";

    assert_done(sna_config_read(&config, path, NULL));
    root = sna_config_root(config);
    if (strcmp(op, "simulation_config.get") == 0)
        snprintf(pointer, sizeof pointer, "%s", text_arg(args, "pointer"));
    else if (strcmp(op, "simulation_config.input") == 0)
        snprintf(pointer, sizeof pointer, "/inputs/%s/%s", text_arg(args, "input"), text_arg(args, "key"));
    else if (strcmp(op, "simulation_config.report") == 0)
        snprintf(pointer, sizeof pointer, "/reports/%s/%s", text_arg(args, "report"), text_arg(args, "key"));
    else if (strcmp(op, "simulation_config.connection_override") == 0)
        snprintf(pointer, sizeof pointer, "/connection_overrides/%d/%s",
                 (int)sna_json_member(args, "index")->valuedouble, text_arg(args, "key"));
    else if (strcmp(op, "simulation_config.input_names") == 0 || strcmp(op, "simulation_config.report_names") == 0) {
        cJSON *names = cJSON_CreateArray();
        item = sna_json_member(root, strcmp(op, "simulation_config.input_names") == 0 ? "inputs" : "reports");
        for (item = item->child; item != NULL; item = item->next)
            cJSON_AddItemToArray(names, cJSON_CreateString(item->string));
        result = result_of("set", names);
    } else {
        snprintf(pointer, sizeof pointer, "/%s", op + strlen("simulation_config."));
    }
    item = result == NULL ? at_pointer(root, pointer) : NULL;
    if (item != NULL)
        result = result_of("value", cJSON_Duplicate(item, 1));
    sna_config_free(config);
    return result;
}

/* ---- comparing ---------------------------------------------------------------------------------------------- */

static bool same(const cJSON *a, const cJSON *b)
{
    bool equal = true;

    if (cJSON_IsNumber(a) && cJSON_IsNumber(b))
        return fabs(a->valuedouble - b->valuedouble) <= 1e-6 * fmax(1e-6, fabs(a->valuedouble));
    if (cJSON_IsString(a) && cJSON_IsString(b))
        return strcmp(a->valuestring, b->valuestring) == 0;
    if (cJSON_IsArray(a) && cJSON_IsArray(b)) {
        equal = cJSON_GetArraySize(a) == cJSON_GetArraySize(b);
        for (a = a->child, b = b->child; equal && a != NULL; a = a->next, b = b->next)
            equal = same(a, b);
        return equal;
    }
    return cJSON_Compare(a, b, true);
}

static bool same_set(const cJSON *a, const cJSON *b)
{
    bool equal = cJSON_GetArraySize(a) == cJSON_GetArraySize(b);

    for (const cJSON *x = a->child; x != NULL && equal; x = x->next) {
        bool found = false;
        for (const cJSON *y = b->child; y != NULL && !found; y = y->next)
            found = same(x, y);
        equal = found;
    }
    return equal;
}

/* The end of a path of libsonata's tree, in ours. */
static bool path_ends(const cJSON *found, const char *end)
{
    const char *prefix = "tests/data/";
    size_t length, end_length;

    if (!cJSON_IsString(found))
        return false;
    if (strncmp(end, prefix, strlen(prefix)) == 0)
        end += strlen(prefix);
    while (strncmp(end, "../", 3) == 0)
        end += 3;
    length = strlen(found->valuestring);
    end_length = strlen(end);
    return length >= end_length && strcmp(found->valuestring + length - end_length, end) == 0;
}

static bool agrees(const cJSON *expect, const cJSON *found)
{
    bool ok = true;

    if (sna_json_member(expect, "error") != NULL)
        return sna_json_member(found, "error") != NULL;
    for (const cJSON *item = expect->child; item != NULL && ok; item = item->next) {
        const cJSON *mine = sna_json_member(found, item->string);
        if (strcmp(item->string, "note") == 0 || strcmp(item->string, "rtol") == 0 ||
            strcmp(item->string, "absolute") == 0)
            continue;
        if (sna_json_member(found, "path") != NULL && cJSON_IsString(item))
            ok = path_ends(sna_json_member(found, "path"), item->valuestring);
        else if (sna_json_member(found, "path") != NULL)
            ok = same(item, sna_json_member(found, "path"));
        else if (strcmp(item->string, "path_ends_with") == 0)
            ok = path_ends(sna_json_member(found, "value"), item->valuestring);
        else if (strcmp(item->string, "set") == 0)
            ok = mine != NULL && same_set(item, mine);
        else if (strcmp(item->string, "ok") == 0)
            ok = sna_json_member(found, "error") == NULL;
        else
            ok = mine != NULL && same(item, mine);
    }
    return ok;
}

/* ---- running ------------------------------------------------------------------------------------------------ */

/* NULL for a case that is not ours to answer. */
static cJSON *run_case(const cJSON *item)
{
    const char *op = text_arg(item, "op"), *population = text_arg(item, "population"), *file = text_arg(item, "file");
    const cJSON *args = sna_json_member(item, "args");
    const bool is_edges = file != NULL && strncmp(file, "edges", 5) == 0;
    char *path = case_path(item);
    cJSON *result = NULL;

    if (strncmp(op, "selection.", 10) == 0) {
        result = ask_selection(op, args);
    } else if (strncmp(op, "spikes.", 7) == 0) {
        result = ask_spikes(path, population, op, args);
    } else if (strncmp(op, "report.", 7) == 0) {
        result = ask_report(path, population, op, args, sna_json_member(item, "expect"));
    } else if (strncmp(op, "nodesets.", 9) == 0) {
        result = ask_sets(path, population, op, args);
    } else if (strncmp(op, "circuit_config.", 15) == 0) {
        result = ask_circuit(path, population, op, args);
    } else if (strcmp(op, "simulation_config.parse") == 0 || strcmp(op, "simulation_config.modifications") == 0 ||
               strcmp(op, "simulation_config.network") == 0) {
        result = NULL; /* the validator's business; defaults */
    } else if (strncmp(op, "simulation_config.", 18) == 0) {
        result = ask_simulation(path, op, args);
    } else if (strcmp(op, "population_names") == 0) {
        const char *kind = text_arg(args, "kind");
        sna_list names = SNA_LIST;
        assert_done(sna_populations_list(&names, path, strstr(kind, "report") != NULL ? "report" : kind));
        result = result_of("set", texts_json(&names));
        cJSON_AddItemToObject(result, "values", texts_json(&names));
        sna_list_free(&names);
    } else if (strncmp(op, "write_indices", 13) == 0) {
        result = write_index(path, population, op, args);
    } else if (strcmp(op, "open storage with a types csv") == 0) {
        sna_edges *edges = NULL;
        char *folder = test_folder(), *csv = test_file(folder, "types.csv", "edge_type_id a\n-1 2\n");
        result = sna_edges_open(&edges, path, csv, "edges-AB", NULL) != 0 ? result_error()
                                                                          : result_of("ok", cJSON_CreateTrue());
        sna_edges_close(edges);
        free(csv);
        test_folder_remove(folder);
    } else {
        result = is_edges ? ask_edges(path, population, op, args) : ask_nodes(path, population, op, args);
    }
    free(path);
    return result;
}

static const char *difference(const char *id)
{
    for (size_t i = 0; i < sizeof differences / sizeof *differences; i++)
        if (strcmp(differences[i].id, id) == 0)
            return differences[i].reason;
    return NULL;
}

static void test_cases(void **state)
{
    char *golden = test_shared_path("golden/sonata/libsonata-expectations.json");
    sna_json *json = NULL;
    int agreed = 0, differed = 0, wrong = 0, left = 0;

    (void)state;
    data = test_shared_path("data/libsonata");
    if (golden == NULL || data == NULL)
        skip();
    assert_done(sna_json_read(&json, golden));
    for (const cJSON *item = sna_json_member(sna_json_root(json), "cases")->child; item != NULL; item = item->next) {
        const char *id = text_arg(item, "id"), *reason = difference(id);
        cJSON *found = run_case(item);
        const bool ok = found != NULL && agrees(sna_json_member(item, "expect"), found);
        if (found == NULL) {
            left++;
        } else if (ok && reason == NULL) {
            agreed++;
        } else if (!ok && reason != NULL) {
            differed++;
        } else {
            char *mine = cJSON_PrintUnformatted(found),
                 *theirs = cJSON_PrintUnformatted(sna_json_member(item, "expect"));
            print_error("%s: found %.300s, expected %.300s%s%s\n", id, mine, theirs,
                        reason != NULL ? "; listed as a difference: " : "", reason != NULL ? reason : "");
            cJSON_free(mine);
            cJSON_free(theirs);
            wrong++;
        }
        cJSON_Delete(found);
    }
    print_message("%d cases agree, %d differ on purpose, %d are not asked of the readers\n", agreed, differed, left);
    assert_int_equal(wrong, 0);
    assert_true(agreed > 300);
    sna_json_free(json);
    free(golden);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
