/* test_plot_page.c: pages in HTML and Markdown: what is on them, escaping, all or nothing. */
#include "support.h"

#include "plot/plot.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Not inlined: gcc 12 takes the pointer it returns for one to its own variable. */
static __attribute__((noinline)) char *read_text(const char *path)
{
    char *text = NULL;
    uint64_t size = 0;

    assert_done(sna_file_read(&text, &size, path));
    assert_int_equal(strlen(text), size);
    return text;
}

/* Every element that is opened is closed in its turn (void elements and the doctype aside). */
static void check_nesting(const char *html)
{
    static const char *const alone[] = {"meta", "img", "br", "!DOCTYPE"};
    char open[64][24];
    int depth = 0;

    for (const char *at = strchr(html, '<'); at != NULL; at = strchr(at, '<')) {
        const bool closing = at[1] == '/';
        const char *name = at + 1 + closing, *end = at;
        size_t length = 0;
        bool single = false;
        char quote = 0;

        while (isalnum((unsigned char)name[length]) || name[length] == '!')
            length++;
        assert_in_range(length, 1, 23);
        for (end = at; *end != '\0' && (*end != '>' || quote != 0); end++) {
            if (quote == 0 && (*end == '"' || *end == '\''))
                quote = *end;
            else if (*end == quote)
                quote = 0;
        }
        assert_int_equal(*end, '>');
        for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
            single = single || (strlen(alone[i]) == length && strncmp(alone[i], name, length) == 0);
        if (closing) {
            assert_true(depth > 0);
            depth--;
            if (strncmp(open[depth], name, length) != 0 || open[depth][length] != '\0')
                fail_msg("</%.*s> ends <%s>", (int)length, name, open[depth]);
        } else if (!single && end[-1] != '/') {
            assert_true(depth < 64);
            (void)snprintf(open[depth], sizeof open[depth], "%.*s", (int)length, name);
            if (strcmp(open[depth], "script") == 0 || strcmp(open[depth], "style") == 0) {
                char close[32];
                (void)snprintf(close, sizeof close, "</%s>", open[depth]);
                end = strstr(end, close);
                assert_non_null(end);
                end--;
            }
            depth++;
        }
        at = end + 1;
    }
    assert_int_equal(depth, 0);
}

static sna_figure *make_figure(uint64_t count)
{
    double *value = calloc(count, sizeof *value);
    sna_figure *figure = NULL;
    sna_panel *panel = NULL;

    assert_non_null(value);
    for (uint64_t i = 0; i < count; i++)
        value[i] = (double)(i * 7919 % 10007);
    assert_done(sna_figure_create(&figure, "A <figure>"));
    assert_done(sna_figure_add_panel(figure, NULL, &panel));
    assert_done(sna_panel_add_points(panel, NULL, value, value, count > 1 ? 2 : 1));
    if (count > 2) {
        double *other = calloc(count, sizeof *other);
        assert_non_null(other);
        for (uint64_t i = 0; i < count; i++)
            other[i] = (double)(i * 104729 % 10009);
        assert_done(sna_panel_add_points(panel, &(sna_style){.size = 1}, value, other, count));
        free(other);
    }
    free(value);
    return figure;
}

static sna_table *make_table(uint64_t rows)
{
    sna_table *table = NULL;

    assert_done(sna_table_create(&table, "Cells & <more>", "name"));
    assert_done(sna_table_add_column(table, "rate|x", "Hz", SNA_REAL));
    assert_done(sna_table_add_column(table, "count", NULL, SNA_INTEGER));
    assert_done(sna_table_add_column(table, "type", NULL, SNA_TEXT));
    assert_done(sna_table_add_column(table, "firing", NULL, SNA_BOOLEAN));
    for (uint64_t r = 0; r < rows; r++) {
        assert_done(sna_table_add_row(table, r == 0 ? "<b>first</b>" : "other"));
        assert_done(sna_table_set_real(table, r, 0, -1.5));
        assert_done(sna_table_set_integer(table, r, 1, INT64_MIN));
        if (r > 0)
            assert_done(sna_table_set_text(table, r, 2, "*star* | `code`"));
        assert_done(sna_table_set_boolean(table, r, 3, true));
    }
    assert_done(sna_table_add_note(table, "note of %s", "<the table>"));
    return table;
}

static void fill(sna_page *page)
{
    sna_figure *figure = make_figure(2);
    sna_table *table = make_table(2);
    sna_record *record = NULL;
    sna_list items = SNA_LIST;

    assert_done(sna_page_add_heading(page, 2, "First <part>"));
    assert_done(sna_page_add_paragraph(page, "%s & \"%s\" [link](x) *y*", "<script>alert(1)</script>", "quoted"));
    assert_done(sna_page_add_heading(page, 2, "First <part>"));
    assert_done(sna_page_add_heading(page, 3, "μ"));
    assert_done(sna_list_add(&items, "one <1>"));
    assert_done(sna_list_add(&items, "- two"));
    assert_done(sna_page_add_list(page, &items));
    assert_done(sna_page_add_code(page, "if (a < b && c > d)\n```\n  `x`"));
    assert_done(sna_page_add_table(page, table));
    assert_done(sna_record_create(&record, "Result"));
    assert_done(sna_record_real(record, "r_in", "Input <resistance>", "MOhm", 123.5));
    assert_done(sna_page_add_record(page, record));
    assert_done(sna_page_add_figure(page, figure, "Caption & more", NULL));
    assert_done(sna_page_add_figure(page, figure, NULL, "what \"it\" shows"));
    sna_record_free(record);
    sna_list_free(&items);
    sna_table_free(table);
    sna_figure_free(figure);
}

typedef struct {
    char *folder, *before;
} place;

static int enter(void **state)
{
    place *self = calloc(1, sizeof *self);

    assert_non_null(self);
    self->folder = test_folder();
    self->before = getcwd(NULL, 0);
    assert_non_null(self->before);
    assert_int_equal(chdir(self->folder), 0);
    *state = self;
    return 0;
}

static int leave(void **state)
{
    place *self = *state;

    assert_int_equal(chdir(self->before), 0);
    test_folder_remove(self->folder);
    free(self->before);
    free(self);
    return 0;
}

static void an_html_page_is_whole_and_escaped(void **state)
{
    sna_page *page = NULL;
    char *text;
    (void)state;

    assert_done(sna_page_create(&page, "page.html", "Report on <network> & \"cells\""));
    assert_true(sna_page_is_html(page));
    fill(page);
    assert_done(sna_page_add_html(page, "<div id=\"mine\"></div>\n"));
    assert_done(sna_page_add_markdown(page, "not here"));
    assert_done(sna_page_add_style(page, "#mine { color: red; }\n"));
    assert_done(sna_page_add_data(page, "data", "{\"x\": \"</script><script>alert(2)</script><!--\"}"));
    assert_done(sna_page_add_script(page, "var a = 1 < 2;", 14));
    assert_int_equal(test_folder_count("."), 0);
    assert_done(sna_page_write(page));
    sna_page_free(page);
    assert_int_equal(test_folder_count("."), 1);
    text = read_text("page.html");
    check_nesting(text);
    assert_contains(text, "<title>Report on &lt;network&gt; &amp; &quot;cells&quot;</title>");
    assert_contains(text, "<h2 id=\"first-part\">First &lt;part&gt;</h2>");
    assert_contains(text, "<h2 id=\"first-part-2\">");
    assert_contains(text, "<h3 id=\"section\">μ</h3>");
    assert_contains(text, "<li><a href=\"#first-part-2\">First &lt;part&gt;</a></li>");
    assert_contains(text, "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot;");
    assert_contains(text, "<li>one &lt;1&gt;</li>");
    assert_contains(text, "if (a &lt; b &amp;&amp; c &gt; d)\n```");
    assert_contains(text, "<caption>Cells &amp; &lt;more&gt;</caption>");
    assert_contains(text, "<th scope=\"row\">&lt;b&gt;first&lt;/b&gt;</th><td class=\"number\">-1.5</td>"
                          "<td class=\"number\">-9223372036854775808</td><td>–</td><td>yes</td>");
    assert_contains(text, "<p>note of &lt;the table&gt;</p>");
    assert_contains(text, "Input &lt;resistance&gt;");
    assert_contains(text, "id='figure-1-gpDot'");
    assert_contains(text, "id='figure-2-gpDot'");
    assert_contains(text, "<title>A &lt;figure&gt;</title>");
    assert_contains(text, "aria-label=\"what &quot;it&quot; shows\"");
    assert_contains(text, "<figcaption>Caption &amp; more</figcaption>");
    assert_contains(text, "<div id=\"mine\"></div>");
    assert_contains(text, "#mine { color: red; }");
    assert_contains(text, "\"\\u003c/script>\\u003cscript>alert(2)\\u003c/script>\\u003c!--\"");
    assert_contains(text, "var a = 1 < 2;");
    assert_null(strstr(text, "not here"));
    assert_null(strstr(text, "http://www.gnuplot"));
    free(text);
}

static void a_markdown_page_has_pictures_beside_it(void **state)
{
    sna_page *page = NULL;
    char *text, *picture = NULL;
    uint64_t size = 0;
    (void)state;

    assert_done(sna_page_create(&page, "my page (1).md", "Report_on *cells*"));
    assert_false(sna_page_is_html(page));
    fill(page);
    assert_done(sna_page_add_markdown(page, "\n> raw\n"));
    assert_done(sna_page_add_html(page, "<i>not here</i>"));
    assert_done(sna_page_write(page));
    sna_page_free(page);
    assert_int_equal(test_folder_count("."), 2);
    assert_int_equal(test_folder_count("my page (1)_files"), 2);
    text = read_text("my page (1).md");
    assert_memory_equal(text, "# Report\\_on \\*cells\\*\n", 22);
    assert_contains(text, "\n## First \\<part\\>\n");
    assert_contains(text, "\n\\<script\\>alert(1)\\</script\\> \\& \"quoted\" \\[link\\](x) \\*y\\*\n");
    assert_contains(text, "\n- one \\<1\\>\n- \\- two\n");
    assert_contains(text, "\n````\nif (a < b && c > d)\n```\n  `x`\n````\n");
    assert_contains(text, "| name | rate\\|x (Hz) | count | type | firing |\n| --- | ---: | ---: | --- | --- |\n");
    assert_contains(text, "| other | -1.5 | -9223372036854775808 | \\*star\\* \\| \\`code\\` | yes |\n");
    assert_contains(text, "![A \\<figure\\>](my%20page%20%281%29_files/figure-1.png)\n");
    assert_contains(text, "![what \"it\" shows](my%20page%20%281%29_files/figure-2.png)\n");
    assert_contains(text, "\n> raw\n");
    assert_null(strstr(text, "not here"));
    free(text);
    assert_done(sna_file_read(&picture, &size, "my page (1)_files/figure-2.png"));
    assert_memory_equal(picture, "\x89PNG", 4);
    free(picture);
}

static void a_figure_of_very_many_marks_is_a_png(void **state)
{
    sna_figure *figure = make_figure(20000);
    sna_page *page = NULL;
    char *text;
    (void)state;

    assert_done(sna_page_create(&page, "page.htm", NULL));
    assert_done(sna_page_add_figure(page, figure, NULL, "many \"marks\""));
    assert_done(sna_page_write(page));
    text = read_text("page.htm");
    check_nesting(text);
    assert_contains(text, "\" alt=\"many &quot;marks&quot;\" src=\"data:image/png;base64,iVBORw0KGgo");
    assert_true(strlen(text) < 1500000);
    free(text);
    sna_page_free(page);
    sna_figure_free(figure);
}

static void long_tables_are_cut(void **state)
{
    sna_table *table = make_table(1200);
    (void)state;

    for (int html = 0; html < 2; html++) {
        sna_page *page = NULL;
        char *text;

        assert_done(sna_page_create(&page, html ? "page.html" : "page.md", "t"));
        assert_done(sna_page_add_table(page, table));
        assert_done(sna_page_write(page));
        sna_page_free(page);
        text = read_text(html ? "page.html" : "page.md");
        assert_contains(text, "The first 1000 of 1200 rows.");
        free(text);
    }
    sna_table_free(table);
}

static void what_would_break_a_page_is_refused(void **state)
{
    sna_page *page = NULL;
    (void)state;

    assert_int_equal(sna_page_create(&page, "page.pdf", "t"), SNA_EINVAL);
    assert_null(page);
    assert_int_equal(sna_page_create(&page, ".md", "t"), SNA_EINVAL);
    assert_done(sna_page_create(&page, "page.HTML", "t"));
    assert_int_equal(sna_page_add_heading(page, 1, "t"), SNA_EINVAL);
    assert_int_equal(sna_page_add_heading(page, 5, "t"), SNA_EINVAL);
    assert_int_equal(sna_page_add_script(page, "x = '</SCRIPT>'", 15), SNA_EINVAL);
    assert_int_equal(sna_page_add_script(page, "x = '<!--'", 10), SNA_EINVAL);
    assert_int_equal(sna_page_add_style(page, "a::after { content: '</style>' }"), SNA_EINVAL);
    sna_page_free(page);
    sna_page_free(NULL);
    assert_int_equal(test_folder_count("."), 0);
}

static void what_cannot_be_written_leaves_nothing(void **state)
{
    static const char *const path[] = {"nowhere/page.html", "nowhere/page.md", "file/page.md"};
    char *file = test_file(".", "file", "not a folder");
    (void)state;

    for (size_t i = 0; i < sizeof path / sizeof *path; i++) {
        sna_figure *figure = make_figure(1);
        sna_page *page = NULL;

        assert_done(sna_page_create(&page, path[i], "t"));
        assert_done(sna_page_add_figure(page, figure, NULL, NULL));
        assert_int_equal(sna_page_write(page), SNA_EIO);
        sna_page_free(page);
        sna_figure_free(figure);
    }
    assert_int_equal(test_folder_count("."), 1);
    free(file);
}

static void entities_are_written(void **state)
{
    sna_string out = SNA_STRING;
    (void)state;

    assert_done(sna_html_escape(&out, "a<b>&\"'\xC0\x80\x01μ"));
    assert_string_equal(sna_string_text(&out), "a&lt;b&gt;&amp;&quot;&#39;\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDμ");
    sna_string_free(&out);
    assert_done(sna_html_escape(&out, NULL));
    assert_string_equal(sna_string_text(&out), "");
    sna_string_free(&out);
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter, leave)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(an_html_page_is_whole_and_escaped),    IN_FOLDER(a_markdown_page_has_pictures_beside_it),
        IN_FOLDER(a_figure_of_very_many_marks_is_a_png), IN_FOLDER(long_tables_are_cut),
        IN_FOLDER(what_would_break_a_page_is_refused),   IN_FOLDER(what_cannot_be_written_leaves_nothing),
        cmocka_unit_test(entities_are_written),
    };
    return cmocka_run_group_tests_name("plot_page", tests, NULL, NULL);
}
