/* test_report.c: the connectivity report: its numbers are those of the tables, it is whole, and a browser draws it. */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "micro_network.h"

/* Not inlined: gcc 12 takes the pointer it returns for one to its own variable. */
static __attribute__((noinline)) char *read_text(const char *path)
{
    char *text = NULL;
    uint64_t size = 0;

    assert_done(sna_file_read(&text, &size, path));
    return text;
}

static char *join(const char *folder, const char *name)
{
    char *path = NULL;

    assert_done(sna_path_join(&path, folder, name));
    return path;
}

/* Does the build have Plotly.js? */
static bool has_plotly(void)
{
    const bool there = access(SONATINA_BINARY_DIR "/share/sonatina/plotly.min.js", R_OK) == 0;

    if (!there)
        print_message("built without Plotly.js: skipped\n");
    return there;
}

/* Writes the report of a network, as a page with charts. */
static char *make_report(const char *folder, const char *config, const char *option, const char *value)
{
    char *path = join(folder, "report.html");
    run_result run;

    run_words(&run, "report", config, "-o", path, "--sids", "pop_name", option, value, NULL);
    assert_string_equal(run.err, "");
    assert_int_equal(run.status, 0);
    assert_string_equal(run.out, "");
    run_free(&run);
    return path;
}

/* The numbers for the scripts of a page. */
static cJSON *page_data(const char *page)
{
    static const char start[] = "<script type=\"application/json\" id=\"report-data\">";
    const char *from = strstr(page, start);
    cJSON *data = NULL;

    assert_non_null(from);
    data = cJSON_Parse(from + strlen(start));
    assert_non_null(data);
    return data;
}

static cJSON *table_named(const cJSON *list, const char *name)
{
    cJSON *table = NULL;

    cJSON_ArrayForEach(table, list)
    {
        if (strcmp(cJSON_GetObjectItemCaseSensitive(table, "name")->valuestring, name) == 0)
            return table;
    }
    return NULL;
}

/* The same cell of the two: number, text or nothing. */
static void check_cell(const cJSON *page, const cJSON *table)
{
    assert_non_null(page);
    assert_non_null(table);
    assert_int_equal(page->type, table->type);
    if (cJSON_IsNumber(page))
        assert_true(page->valuedouble == table->valuedouble);
    else if (cJSON_IsString(page))
        assert_string_equal(page->valuestring, table->valuestring);
}

/* A table of the page against one of `connection all --format json`; returns how many cells were compared. */
static int check_table(const cJSON *page, const cJSON *table)
{
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(page, "rows"),
                *columns = cJSON_GetObjectItemCaseSensitive(page, "columns"),
                *labels = cJSON_GetObjectItemCaseSensitive(page, "labels"),
                *header = cJSON_GetObjectItemCaseSensitive(page, "header"),
                *expected = cJSON_GetObjectItemCaseSensitive(table, "rows");
    int cells = 0;

    assert_int_equal(cJSON_GetArraySize(rows), cJSON_GetArraySize(expected));
    for (int r = 0; r < cJSON_GetArraySize(rows); r++) {
        const cJSON *row = cJSON_GetArrayItem(expected, r);
        if (cJSON_IsString(header))
            check_cell(cJSON_GetArrayItem(labels, r), cJSON_GetObjectItemCaseSensitive(row, header->valuestring));
        for (int c = 0; c < cJSON_GetArraySize(columns); c++, cells++)
            check_cell(cJSON_GetArrayItem(cJSON_GetArrayItem(rows, r), c),
                       cJSON_GetObjectItemCaseSensitive(row, cJSON_GetArrayItem(columns, c)->valuestring));
    }
    return cells;
}

static void test_numbers(void **state)
{
    char *folder = test_folder(), *config = micro_network(folder, true), *path = NULL, *page = NULL;
    cJSON *data = NULL, *tables = NULL, *matrix = NULL;
    const cJSON *matrices = NULL, *degrees = NULL;
    run_result run;
    int count = 0;

    (void)state;
    if (!has_plotly())
        goto out;
    path = make_report(folder, config, NULL, NULL);
    page = read_text(path);
    data = page_data(page);
    run_words(&run, "connection", "all", config, "--sids", "pop_name", "--format", "json", NULL);
    assert_int_equal(run.status, 0);
    tables = cJSON_Parse(run.out);
    assert_non_null(tables);
    matrices = cJSON_GetObjectItemCaseSensitive(data, "matrices");
    cJSON_ArrayForEach(matrix, matrices)
    {
        const char *name = cJSON_GetObjectItemCaseSensitive(matrix, "name")->valuestring;
        assert_int_equal(check_table(matrix, cJSON_GetObjectItemCaseSensitive(tables, name)), 4);
        count++;
    }
    /* rows, pairs, synapses; five percentages; five summaries each way; two of gap junctions. */
    assert_int_equal(count, 3 + 5 + 10 + 2);
    degrees = cJSON_GetObjectItemCaseSensitive(data, "degrees");
    assert_in_range(check_table(table_named(degrees, "convergence"),
                                cJSON_GetObjectItemCaseSensitive(tables, "histogram_convergence")),
                    20, 1000);
    assert_in_range(check_table(table_named(degrees, "divergence"),
                                cJSON_GetObjectItemCaseSensitive(tables, "histogram_divergence")),
                    20, 1000);
    assert_in_range(check_table(cJSON_GetObjectItemCaseSensitive(data, "probability"),
                                cJSON_GetObjectItemCaseSensitive(tables, "probability")),
                    9, 1000);
    run_free(&run);
out:
    cJSON_Delete(data);
    cJSON_Delete(tables);
    free(page);
    free(path);
    free(config);
    test_folder_remove(folder);
}

static void test_known(void **state)
{
    char *folder = test_folder(), *config = micro_network(folder, false), *path = NULL, *page = NULL, hex[65];
    cJSON *data = NULL;
    const cJSON *places = NULL, *rows = NULL;

    (void)state;
    if (!has_plotly())
        goto out;
    path = make_report(folder, config, "--cells", "3");
    page = read_text(path);
    data = page_data(page);
    /* A to A 3, A to B 3, B to A 1: from the drawing in micro_network.h. */
    rows = cJSON_GetObjectItemCaseSensitive(
        table_named(cJSON_GetObjectItemCaseSensitive(data, "matrices"), "total_rows"), "rows");
    assert_int_equal(cJSON_GetArrayItem(cJSON_GetArrayItem(rows, 0), 0)->valueint, 3);
    assert_int_equal(cJSON_GetArrayItem(cJSON_GetArrayItem(rows, 0), 1)->valueint, 3);
    assert_int_equal(cJSON_GetArrayItem(cJSON_GetArrayItem(rows, 1), 0)->valueint, 1);
    assert_null(table_named(cJSON_GetObjectItemCaseSensitive(data, "matrices"), "gap_percent"));
    places = cJSON_GetObjectItemCaseSensitive(data, "positions");
    assert_int_equal(cJSON_GetObjectItemCaseSensitive(places, "all")->valueint, 5);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(places, "x")), 3);
    assert_contains(page, "Down-sampled: 3 of 5 cells");
    assert_contains(page, "5 cells in 1 node population, ");
    assert_done(sna_hash_file(config, hex));
    assert_contains(page, hex);
    assert_contains(page, sna_version());
    assert_contains(page, " --cells 3"); /* the command */
    /* Nothing is fetched: no link, script or picture from elsewhere. */
    assert_null(strstr(page, "<link"));
    assert_null(strstr(page, "<script src"));
    assert_null(strstr(page, "<img src=\"http"));
out:
    cJSON_Delete(data);
    free(page);
    free(path);
    free(config);
    test_folder_remove(folder);
}

static void test_pictures(void **state)
{
    char *folder = test_folder(), *config = micro_network(folder, true), *path = join(folder, "p.html"),
         *markdown = join(folder, "m.md"), *files = join(folder, "m_files"), *page = NULL;
    run_result run;

    (void)state;
    run_words(&run, "report", config, "-o", path, "--pictures", "--title", "Five <cells>", NULL);
    assert_int_equal(run.status, 0);
    run_free(&run);
    page = read_text(path);
    assert_contains(page, "<title>Five &lt;cells&gt;</title>");
    assert_contains(page, "<svg");
    assert_null(strstr(page, "report-data"));
    assert_null(strstr(page, "<script"));
    /* The first matrices are shown at once, the others are folded away; none is left out. */
    assert_non_null(strstr(page, "aria-label=\"Connections (rows)\""));
    assert_true(strstr(page, "aria-label=\"Connections (rows)\"") < strstr(page, "<summary>More matrices"));
    assert_true(strstr(page, "aria-label=\"Synapses\"") > strstr(page, "<summary>More matrices"));
    assert_contains(page, "aria-label=\"Mean gap-junction convergence\"");
    assert_contains(page, "aria-label=\"Connections that a target cell receives\"");
    assert_contains(page, "aria-label=\"Positions of cells\"");
    free(page);
    run_words(&run, "report", config, "--format", "md", "-o", markdown, "--sids", "pop_name", NULL);
    assert_int_equal(run.status, 0);
    run_free(&run);
    page = read_text(markdown);
    assert_contains(page, "## Connections between groups");
    assert_contains(page, "](m_files/figure-1.png)");
    assert_in_range(test_folder_count(files), 22, 40);
    assert_null(strstr(page, "<details"));
    free(page);
    free(files);
    free(markdown);
    free(path);
    free(config);
    test_folder_remove(folder);
}

/* The page of a network with this report of the builder beside its config. */
static char *page_with_built(const char *folder, const char *config, const char *built)
{
    char *file = test_file(folder, "build_report.json", built), *path = join(folder, "built.html"), *page = NULL;
    run_result run;

    run_words(&run, "report", config, "-o", path, "--pictures", "--no-graph", NULL);
    assert_int_equal(run.status, 0);
    run_free(&run);
    page = read_text(path);
    free(path);
    free(file);
    return page;
}

static void test_built(void **state)
{
    static const char good[] =
        "{\"build_report\": 1, \"specification\": \"m & m.json\", \"seed\": \"17\", \"nodes\": {\"rows\": "
        "[{\"population\": \"m\", \"nodes\": 5, \"built\": true}]}, \"edges\": {\"units\": {\"deviation\": \"sd\"}, "
        "\"rows\": "
        "[{\"entry\": \"A<B\", \"class\": null, \"expected\": 2.5, \"made\": 3, \"deviation\": 0.5, \"rho\": null}, "
        "{\"entry\": \"gaps\", \"class\": \"no synapse\", \"expected\": 1, \"made\": 1, \"deviation\": null, \"rho\": "
        "0.25}], "
        "\"notes\": [\"a note of the builder\"]}}";
    static const char *const bad[][2] = {
        {"{\"build_report\": 2}", "version 2 of the layout"},
        {"{\"build_report\": 1}", "`edges` is missing"},
        {"{\"build_report\": 1, \"edges\": {\"rows\": [{\"made\": 1}]}}", "`entry` is missing"},
        {"{\"build_report\": 1, \"edges\": {\"rows\": [{\"entry\": \"a\", \"made\": []}]}}", "made"},
        {"{\"build_report\": 1, \"edges\": {\"rows\": [7]}}", "rows[0]"},
        {"{\"build_report\":", "build_report.json:1"},
    };
    char *folder = test_folder(), *config = micro_network(folder, false), *page = NULL, *path = join(folder, "o.html"),
         hex[65];
    run_result run;

    (void)state;
    run_words(&run, "report", config, "-o", path, "--pictures", "--no-graph", NULL);
    run_free(&run);
    page = read_text(path);
    assert_null(strstr(page, "As it was built"));
    free(page);
    free(path);
    page = page_with_built(folder, config, good);
    assert_contains(page, ">As it was built</h2>");
    assert_contains(page, "From the specification m &amp; m.json with the seed 17.");
    assert_contains(page,
                    "<th scope=\"row\">A&lt;B</th><td>–</td><td class=\"number\">2.5</td><td class=\"number\">3</td>"
                    "<td class=\"number\">0.5</td></tr>");
    assert_contains(page, "<th scope=\"row\">gaps</th><td class=\"number\">0.25</td></tr>");
    assert_contains(page, "a note of the builder");
    assert_null(strstr(page, "was changed since"));
    path = join(folder, "build_report.json");
    assert_done(sna_hash_file(path, hex));
    assert_contains(page, hex);
    free(page);
    free(path);
    page = page_with_built(folder, config,
                           "{\"build_report\": 1, \"nodes\": {\"rows\": [{\"population\": \"m\", \"nodes\": "
                           "6}]}, \"edges\": {\"rows\": []}}");
    assert_contains(page, "The network was changed since: m had 6 nodes when it was built and has 5 now.");
    free(page);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        page = page_with_built(folder, config, bad[i][0]);
        assert_contains(page, "The builder&#39;s report cannot be read: ");
        assert_contains(page, bad[i][1]);
        free(page);
    }
    free(config);
    test_folder_remove(folder);
}

static void test_refused(void **state)
{
    char *folder = test_folder(), *config = micro_network(folder, false), *path = join(folder, "r.html");
    run_result run;

    (void)state;
    run_words(&run, "report", config, "-o", path, "--format", "pdf", NULL);
    assert_int_equal(run.status, 2);
    assert_contains(run.err, "`pdf` is no format of a report");
    run_free(&run);
    run_words(&run, "report", config, "-o", path, "--format", "md", NULL);
    assert_int_equal(run.status, 2);
    assert_contains(run.err, "does not fit the name");
    run_free(&run);
    run_words(&run, "report", config, "-o", "no/such/folder/r.html", NULL);
    assert_int_equal(run.status, 1);
    assert_contains(run.err, "the report cannot be written: no/such/folder: No such file or directory");
    run_free(&run);
    run_words(&run, "report", config, "-o", "report.txt", NULL);
    assert_int_equal(run.status, 2);
    run_free(&run);
    run_words(&run, "report", "-o", path, NULL);
    assert_int_equal(run.status, 2);
    assert_contains(run.err, "CONFIG is missing");
    run_free(&run);
    run_words(&run, "report", config, "-o", path, "--sids", "kindness", NULL);
    assert_int_equal(run.status, 1);
    assert_contains(run.err, "kindness");
    assert_int_not_equal(access(path, F_OK), 0); /* nothing half-written */
    run_free(&run);
    free(path);
    free(config);
    test_folder_remove(folder);
}

/* Turns every switch and notes what is then drawn, in the page itself, for --dump-dom to print. */
static const char probe[] =
    "<script>(function () {\n"
    "const data = JSON.parse(document.getElementById('report-data').textContent);\n"
    "const choice = document.querySelector('#chart-matrices select'), plot = "
    "document.getElementById('plot-matrices');\n"
    "let same = 0, other = 0;\n"
    "function turn(each, i) { each.value = String(i); each.dispatchEvent(new Event('change')); }\n"
    "data.matrices.forEach(function (table, i) {\n"
    "  turn(choice, i);\n"
    "  if (JSON.stringify(plot.data[0].z) === JSON.stringify(table.rows) &&\n"
    "      document.getElementById('title-matrices').textContent.indexOf(table.title) === 0) { same++; } else { "
    "other++; }\n"
    "});\n"
    "document.querySelectorAll('.chart select').forEach(function (each) {\n"
    "  for (let i = 0; i < each.options.length; i++) { turn(each, i); }\n"
    "});\n"
    "document.title = 'switched: ' + same + ' same, ' + other + ' other, ' +\n"
    "  document.querySelectorAll('.plot.js-plotly-plot').length + ' plots';\n"
    "}());</script>\n";

static void test_browser(void **state)
{
    char *folder = test_folder(), *config = micro_network(folder, false), *path = NULL, *page = NULL, *browser = NULL,
         *address = NULL, *profile = NULL, *end = NULL, *probed = NULL;
    sna_string text = SNA_STRING;
    sna_process process = {.output = SNA_STRING};

    (void)state;
    if (!has_plotly())
        goto out;
    if (sna_process_find(&browser, "chromium") != 0) {
        print_message("chromium is not installed: skipped\n");
        goto out;
    }
    path = make_report(folder, config, NULL, NULL);
    page = read_text(path);
    end = strstr(page, "</body>\n</html>");
    assert_non_null(end);
    assert_done(sna_string_append_bytes(&text, page, (uint64_t)(end - page)));
    assert_done(sna_string_append(&text, probe));
    assert_done(sna_string_append(&text, end));
    probed = test_file(folder, "probed.html", text.text);
    assert_done(sna_text_format(&address, "file://%s", probed));
    assert_done(sna_text_format(&profile, "--user-data-dir=%s/profile", folder));
    {
        const char *const words[] = {browser,
                                     "--headless",
                                     "--no-sandbox",
                                     "--disable-gpu",
                                     "--enable-logging=stderr",
                                     profile,
                                     "--disable-crash-reporter",
                                     "--dump-dom",
                                     address,
                                     NULL};
        assert_done(sna_process_run(&process, words, folder, NULL, NULL));
    }
    assert_int_equal(process.exit_status, 0);
    /* 3 totals, 5 percentages, 5 summaries each way; matrices, degrees, probability, properties, positions. */
    assert_contains(process.output.text, "<title>switched: 18 same, 0 other, 5 plots</title>");
    assert_null(strstr(process.output.text, "Uncaught"));
    assert_null(strstr(process.output.text, "ERROR:CONSOLE"));
out:
    sna_process_free(&process);
    sna_string_free(&text);
    free(probed);
    free(profile);
    free(address);
    free(browser);
    free(page);
    free(path);
    free(config);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers), cmocka_unit_test(test_known),   cmocka_unit_test(test_pictures),
        cmocka_unit_test(test_built),   cmocka_unit_test(test_refused), cmocka_unit_test(test_browser),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
