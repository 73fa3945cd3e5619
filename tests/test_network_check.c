/* test_network_check.c: `sonatina network check` and `network spec`: faults with their places, forecasts that come
 * true, an example that can be built. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cjson/cJSON.h>

#include "connectors/connectors.h"

static void check(run_result *result, const char *folder, const char *text)
{
    char *file = test_file(folder, "spec.json", text);

    run_words(result, "network", "check", file, NULL);
    free(file);
}

/* Each fault that does not follow from another is there, in the order of the file. */
static void every_fault_is_listed(void **state)
{
    static const char *const fault[] = {
        ":2: populations.a.nodes[0].count: must be a whole number of at least 0, found -1",
        ":3: populations.b.positions.bxo: unknown key, did you mean `box`?",
        ":7: edges[0].target.population: there is no population `x`",
        ":8: edges[1].connector.p: must be a probability from 0 to 1, found 1.1",
        ":9: edges[2].connector.type: there is no connector `unidirektional`",
    };
    char *folder = test_folder();
    const char *at;
    run_result result;

    (void)state;
    check(&result, folder,
          "{\"sonatina\": 1, \"populations\": {\n"
          "  \"a\": {\"nodes\": [{\"count\": -1}]},\n"
          "  \"b\": {\"positions\": {\"bxo\": {}}, \"nodes\": [{\"count\": 3}]},\n"
          "  \"c\": {\"nodes\": [{\"count\": 5}]}},\n"
          " \"edges\": [\n"
          "  // what is wrong with a and b is not said again for these\n"
          "  {\"source\": {\"population\": \"a\"}, \"target\": {\"population\": \"x\"}, \"connector\": {}},\n"
          "  {\"source\": {\"population\": \"a\"}, \"target\": {\"population\": \"b\"}, \"connector\": {\"type\": "
          "\"unidirectional\", \"p\": 1.1}},\n"
          "  {\"source\": {\"population\": \"c\"}, \"target\": {\"population\": \"c\"}, \"connector\": {\"type\": "
          "\"unidirektional\"}},\n"
          "  {\"source\": {\"population\": \"c\"}, \"target\": {\"population\": \"c\"}, \"connector\": {\"type\": "
          "\"unidirectional\", \"p\": 1}}]}\n");
    assert_int_equal(result.status, 3);
    assert_string_equal(result.out, "");
    at = result.err;
    for (unsigned i = 0; i < sizeof fault / sizeof *fault; i++) {
        at = strstr(at, fault[i]);
        if (at == NULL)
            print_error("missing: %s\nin: %s\n", fault[i], result.err);
        assert_non_null(at);
    }
    assert_null(strchr(strchr(at, '\n') + 1, '\n')); /* no more */
    run_free(&result);
    test_folder_remove(folder);
}

/* Faults that only show when nodes are selected, and when connectors are prepared. */
static void later_faults_are_listed(void **state)
{
    char *folder = test_folder();
    run_result result;

    (void)state;
    check(&result, folder,
          "{\"sonatina\": 1, \"populations\": {\"c\": {\"nodes\": [{\"t\": 1, \"count\": 5}]}}, \"edges\": [\n"
          "  {\"source\": {\"population\": \"c\", \"t\": 2}, \"target\": {\"population\": \"c\"}, \"connector\": "
          "{\"type\": \"all_to_all\"}},\n"
          "  {\"source\": {\"population\": \"c\"}, \"target\": {\"population\": \"c\", \"u\": 2}, \"connector\": "
          "{\"type\": \"all_to_all\"}}]}");
    assert_int_equal(result.status, 3);
    assert_contains(result.err, "edges[0].source: no node of c matches");
    assert_contains(result.err, "edges[1].target.u: no node of c has this property");
    run_free(&result);
    check(&result, folder,
          "{\"sonatina\": 1, \"populations\": {\"c\": {\"nodes\": [{\"count\": 5}]}}, \"rules\": {\"old\": {}}, "
          "\"edges\": [\n"
          "  {\"source\": {\"population\": \"c\"}, \"target\": {\"population\": \"c\"}, \"connector\": "
          "{\"type\": \"reciprocal\", \"p0\": 0.2, \"pr\": 0.3}},\n"
          "  {\"source\": {\"population\": \"c\"}, \"target\": {\"population\": \"c\"}, \"connector\": "
          "{\"type\": \"unidirectional\", \"p\": {\"gaussian\": {\"sd\": 3, \"pmax\": 1}}}}]}");
    assert_int_equal(result.status, 3);
    assert_contains(result.err,
                    "edges[0].connector.pr: pr = 0.3 is not possible with p0 = 0.2 and p1 = 0.2: it must be "
                    "from 0 to 0.2");
    assert_contains(result.err, "edges[1].connector.p: depends on the distance, but the population of the source");
    run_free(&result);
    check(&result, folder,
          "{\"sonatina\": 1, \"populations\": {\"c\": {\"nodes\": [{\"count\": 5}]}}, \"rules\": "
          "{\"old\": {}}}");
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "rules.old: no entry uses it");
    run_free(&result);
    run_words(&result, "network", "check", "nowhere.json", NULL);
    assert_int_equal(result.status, 1);
    assert_contains(result.err, "nowhere.json");
    run_free(&result);
    run_words(&result, "network", "check", NULL);
    assert_int_equal(result.status, 2);
    run_free(&result);
    test_folder_remove(folder);
}

static double size_of(const char *folder, const char *name)
{
    char *path = NULL;
    struct stat about;

    assert_done(sna_path_join(&path, folder, name));
    assert_int_equal(stat(path, &about), 0);
    free(path);
    return (double)about.st_size;
}

static double number(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItem(object, key);

    assert_true(cJSON_IsNumber(item));
    return item->valuedouble;
}

/* What `check` says of a specification is what `build` then makes of it. */
static void forecast_comes_true(const char *file, const char *folder)
{
    char *out = NULL;
    cJSON *said, *made;
    run_result result;
    double edges = 0;

    assert_done(sna_path_join(&out, folder, "network"));
    run_words(&result, "network", "check", file, "--format", "json", NULL);
    assert_int_equal(result.status, 0);
    said = cJSON_Parse(result.out);
    assert_non_null(said);
    run_free(&result);
    run_words(&result, "network", "build", file, "-o", out, "--force", "--format", "json", NULL);
    assert_int_equal(result.status, 0);
    made = cJSON_Parse(result.out);
    assert_non_null(made);
    run_free(&result);
    for (const cJSON *row = cJSON_GetObjectItem(made, "rows")->child; row != NULL; row = row->next)
        edges += cJSON_IsNull(cJSON_GetObjectItem(row, "class")) ? number(row, "made") : 0;
    assert_true(fabs(edges - number(said, "edges")) <= 5 * number(said, "edges_sd") + 0.5);
    assert_true(number(said, "time") > 0);
    for (const cJSON *row = cJSON_GetObjectItem(cJSON_GetObjectItem(said, "files"), "rows")->child; row != NULL;
         row = row->next) {
        const char *name = cJSON_GetObjectItem(row, "file")->valuestring;
        const double size = size_of(out, name), expected = number(row, "size");
        if (fabs(size - expected) > 0.15 * expected + 16384)
            print_error("%s: %g bytes, but %g were expected\n", name, size, expected);
        assert_true(fabs(size - expected) <= 0.15 * expected + 16384);
    }
    cJSON_Delete(said);
    cJSON_Delete(made);
    free(out);
}

static void forecasts(void **state)
{
    static const char *const file[] = {"examples/network/connectors.json", "examples/column/column.json"};
    char *folder = test_folder();

    (void)state;
    for (unsigned i = 0; i < sizeof file / sizeof *file; i++) {
        char *path = test_source_path(file[i]);
        forecast_comes_true(path, folder);
        free(path);
    }
    test_folder_remove(folder);
}

/* The example is what `spec` prints, and a network that no validator has anything against. */
static void example_can_be_built(void **state)
{
    char *folder = test_folder(), *file, *config = NULL;
    run_result result;

    (void)state;
    run_words(&result, "network", "spec", "--example", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "// A network specification that shows what there is.");
    file = test_file(folder, "example.json", result.out);
    run_free(&result);
    forecast_comes_true(file, folder);
    assert_done(sna_path_join(&config, folder, "network/circuit_config.json"));
    run_words(&result, "network", "validate", "--strict", config, NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "0 errors");
    run_free(&result);
    free(config);
    free(file);
    test_folder_remove(folder);
}

/* From `at` to the end of its line, and of the next comment where a comma stands there; free() it. */
static char *commented(const char *at)
{
    const char *end = strchr(at, '\n'), *rest = strstr(end, "// ") + 3;
    char *text = NULL;

    if (end[-1] == ',')
        assert_done(sna_text_format(&text, "%.*s%.*s", (int)(end - at), at, (int)(strchr(rest, '\n') - rest), rest));
    else
        assert_done(sna_text_format(&text, "%.*s", (int)(end - at), at));
    return text;
}

/* Other ways that the example shows in comments are right as well. */
static void comments_are_right(void **state)
{
#define N "{\"population\": \"n\"}"
    static const struct {
        const char *start, *before, *after;
        unsigned count;
    } kind[] = {
        {"\"positions\": {", "{\"sonatina\": 1, \"populations\": {\"n\": {", ", \"nodes\": [{\"count\": 2}]}}}", 7},
        {"{\"type\": ",
         "{\"sonatina\": 1, \"populations\": {\"n\": {\"nodes\": [{\"count\": 9}]}}, \"edges\": [{\"name\": "
         "\"PN_gap\", \"source\": " N ", \"target\": " N ", \"connector\": {\"type\": \"gap_junction\", \"p\": 0.5}}, "
         "{\"source\": " N ", \"target\": " N ", \"connector\": ",
         "}]}", 3}};

    (void)state;
    for (unsigned k = 0; k < 2; k++) {
        unsigned count = 0;
        for (const char *at = sna_network_example(); (at = strstr(at, kind[k].start)) != NULL; at++) {
            const char *line = at;
            sna_network *network = NULL;
            char *text = NULL, *piece;
            int status;
            while (line[-1] != '\n')
                line--;
            if (line[strspn(line, " ")] != '/')
                continue;
            piece = commented(at);
            assert_done(sna_text_format(&text, "%s%s%s", kind[k].before, piece, kind[k].after));
            status = sna_network_parse(&network, text, strlen(text), "example", "/nowhere", NULL);
            /* The files that it names are not there. */
            if (status != 0)
                assert_contains(sna_error_message(), "there is no file /nowhere/");
            sna_network_free(network);
            free(piece);
            free(text);
            count++;
        }
        assert_int_equal(count, kind[k].count);
    }
}

static void connectors_are_listed(void **state)
{
    run_result result;

    (void)state;
    run_words(&result, "network", "spec", "--format", "csv", NULL);
    assert_int_equal(result.status, 0);
    assert_contains(result.out, "type,keys\nunidirectional,\"p, n_syn, autapses\"\n");
    assert_contains(result.out, "\nfrom_file,\"csv, ids, n_syn\"\n");
    run_free(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_is_listed),
        cmocka_unit_test(later_faults_are_listed),
        cmocka_unit_test(forecasts),
        cmocka_unit_test(example_can_be_built),
        cmocka_unit_test(connectors_are_listed),
        cmocka_unit_test(comments_are_right),
    };
    return cmocka_run_group_tests_name("network_check", tests, NULL, NULL);
}
