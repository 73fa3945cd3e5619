/* page.c: pages of text, tables and figures, as HTML or Markdown. */
#include "page.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/base64.h>

/* An SVG larger than this (very many marks) is slow in a browser; a PNG of it is not. */
enum { SVG_MOST = 600000 };

static bool ends_in(const char *path, const char *ending)
{
    const size_t length = strlen(path), own = strlen(ending);

    return length > own && strcasecmp(path + length - own, ending) == 0;
}

int sna_page_create(sna_page **out, const char *path, const char *title)
{
    int status = 0;
    sna_page *self = NULL;
    const bool html = ends_in(path, ".html") || ends_in(path, ".htm");

    *out = NULL;
    if (!html && !ends_in(path, ".md")) {
        status = sna_error(SNA_EINVAL, "%s: the name of a page ends in .html, .htm or .md", path);
        goto out;
    }
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->html = html;
    self->body = self->contents = self->style = self->script = SNA_STRING;
    self->id = SNA_LIST;
    status = sna_text_copy(&self->path, path);
    if (status == 0)
        status = sna_lettering_copy(&self->title, title == NULL ? "" : title);
    if (status != 0)
        goto out;
    *out = self;
    self = NULL;
out:
    sna_page_free(self);
    return status;
}

void sna_page_free(sna_page *self)
{
    if (self == NULL)
        return;
    for (uint64_t i = 0; i < self->pictures; i++) {
        free(self->picture[i].name);
        free(self->picture[i].bytes);
    }
    free(self->picture);
    free(self->path);
    free(self->title);
    sna_string_free(&self->body);
    sna_string_free(&self->contents);
    sna_string_free(&self->style);
    sna_string_free(&self->script);
    sna_list_free(&self->id);
    free(self);
}

bool sna_page_is_html(const sna_page *self)
{
    return self->html;
}

/* ---- text --------------------------------------------------------------------------------------------------- */

int sna_markdown_escape(sna_string *out, const char *text)
{
    char *clean = NULL;
    int status = sna_lettering_copy(&clean, text);

    if (status == 0)
        status = sna_string_append(out, "");
    for (const char *at = clean; status == 0 && *at != '\0'; at++) {
        const bool first = at == clean;

        if (*at == '\n')
            status = sna_string_append(out, " ");
        else if (strchr("\\`*_[]<>|~$&", *at) != NULL || (first && strchr("#+-=!", *at) != NULL))
            status = sna_string_format(out, "\\%c", *at);
        else if (*at == '.' && !first && at[-1] >= '0' && at[-1] <= '9' &&
                 strspn(clean, "0123456789") == (size_t)(at - clean))
            status = sna_string_append(out, "\\."); /* "1." would start a list */
        else
            status = sna_string_append_bytes(out, at, 1);
    }
    free(clean);
    return status;
}

static int escape(const sna_page *self, sna_string *out, const char *text)
{
    return self->html ? sna_html_escape(out, text) : sna_markdown_escape(out, text);
}

/* Lower case letters and digits of the heading, blanks as hyphens; a number behind it where it is taken. */
static int make_id(sna_page *self, char **out, const char *text)
{
    int status = 0;
    sna_string plain = SNA_STRING;

    *out = NULL;
    status = sna_string_append(&plain, "");
    for (const char *at = text; *at != '\0' && status == 0; at++) {
        const bool letter = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9');
        const char lower = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);

        if (letter || lower != *at)
            status = sna_string_append_bytes(&plain, &lower, 1);
        else if (plain.length > 0 && plain.text[plain.length - 1] != '-')
            status = sna_string_append(&plain, "-");
    }
    while (plain.length > 0 && plain.text[plain.length - 1] == '-')
        plain.text[--plain.length] = '\0';
    if (status == 0 && plain.length == 0)
        status = sna_string_append(&plain, "section");
    for (uint64_t number = 1; status == 0 && *out == NULL; number++) {
        status = number == 1 ? sna_text_copy(out, plain.text) : sna_text_format(out, "%s-%" PRIu64, plain.text, number);
        if (status == 0 && sna_list_find(&self->id, *out) >= 0) {
            free(*out);
            *out = NULL;
        }
    }
    if (status == 0)
        status = sna_list_add(&self->id, *out);
    sna_string_free(&plain);
    return status;
}

int sna_page_add_heading(sna_page *self, int level, const char *text)
{
    int status = 0;
    char *id = NULL;

    if (level < 2 || level > 4) {
        status = sna_error(SNA_EINVAL, "a heading of level %d (2 to 4)", level);
        goto out;
    }
    if (!self->html) {
        status = sna_string_format(&self->body, "\n%.*s ", level, "####");
        if (status == 0)
            status = escape(self, &self->body, text);
        if (status == 0)
            status = sna_string_append(&self->body, "\n");
        goto out;
    }
    status = make_id(self, &id, text);
    if (status == 0)
        status = sna_string_format(&self->body, "<h%d id=\"%s\">", level, id);
    if (status == 0)
        status = escape(self, &self->body, text);
    if (status == 0)
        status = sna_string_format(&self->body, "</h%d>\n", level);
    if (status == 0 && level == 2) {
        status = sna_string_format(&self->contents, "<li><a href=\"#%s\">", id);
        if (status == 0)
            status = escape(self, &self->contents, text);
        if (status == 0)
            status = sna_string_append(&self->contents, "</a></li>\n");
    }
out:
    free(id);
    return status;
}

int sna_page_add_paragraph(sna_page *self, const char *format, ...)
{
    int status = 0, length;
    char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        text = NULL;
        status = sna_error(SNA_ENOMEM, "no memory for a paragraph");
    }
    if (status == 0)
        status = sna_string_append(&self->body, self->html ? "<p>" : "\n");
    if (status == 0)
        status = escape(self, &self->body, text);
    if (status == 0)
        status = sna_string_append(&self->body, self->html ? "</p>\n" : "\n");
    free(text);
    return status;
}

int sna_page_add_list(sna_page *self, const sna_list *items)
{
    int status = sna_string_append(&self->body, self->html ? "<ul>\n" : "\n");

    for (uint64_t i = 0; i < items->count && status == 0; i++) {
        status = sna_string_append(&self->body, self->html ? "<li>" : "- ");
        if (status == 0)
            status = escape(self, &self->body, items->text[i]);
        if (status == 0)
            status = sna_string_append(&self->body, self->html ? "</li>\n" : "\n");
    }
    if (status == 0 && self->html)
        status = sna_string_append(&self->body, "</ul>\n");
    return status;
}

int sna_page_add_code(sna_page *self, const char *text)
{
    int status = 0;
    char *clean = NULL;
    uint64_t fence = 3, run = 0;

    if (self->html) {
        status = sna_string_append(&self->body, "<pre tabindex=\"0\"><code>");
        if (status == 0)
            status = sna_html_escape(&self->body, text);
        if (status == 0)
            status = sna_string_append(&self->body, "</code></pre>\n");
        goto out;
    }
    status = sna_lettering_copy(&clean, text);
    if (status != 0)
        goto out;
    /* A fence longer than any run of backquotes inside. */
    for (const char *at = clean; *at != '\0'; at++) {
        run = *at == '`' ? run + 1 : 0;
        fence = run >= fence ? run + 1 : fence;
    }
    status = sna_string_append(&self->body, "\n");
    for (uint64_t i = 0; i < fence && status == 0; i++)
        status = sna_string_append(&self->body, "`");
    if (status == 0)
        status = sna_string_format(&self->body, "\n%s%s", clean,
                                   clean[0] != '\0' && clean[strlen(clean) - 1] == '\n' ? "" : "\n");
    for (uint64_t i = 0; i < fence && status == 0; i++)
        status = sna_string_append(&self->body, "`");
    if (status == 0)
        status = sna_string_append(&self->body, "\n");
out:
    free(clean);
    return status;
}

int sna_page_add_record(sna_page *self, const sna_record *record)
{
    int status = 0;
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);

    if (stream == NULL) {
        status = sna_error(SNA_ENOMEM, "no memory for a record");
        goto out;
    }
    status = sna_record_write(record, stream, self->html ? SNA_FORMAT_TEXT : SNA_FORMAT_MARKDOWN);
    if (fclose(stream) != 0 && status == 0)
        status = sna_error(SNA_ENOMEM, "no memory for a record");
    if (status != 0)
        goto out;
    if (self->html) {
        status = sna_page_add_code(self, text);
    } else {
        /* Its headings are those of a page of its own; on this one they come lower. */
        const char *lower = strncmp(text, "# ", 2) == 0 ? "##" : "#", *line = text;
        status = sna_string_append(&self->body, "\n");
        while (*line != '\0' && status == 0) {
            const size_t length = strcspn(line, "\n") + 1;
            if (line[0] == '#')
                status = sna_string_append(&self->body, lower);
            if (status == 0)
                status = sna_string_append_bytes(&self->body, line, length);
            line += length;
        }
    }
out:
    free(text);
    return status;
}

/* ---- figures ------------------------------------------------------------------------------------------------ */

static int append_base64(sna_string *out, const char *bytes, uint64_t size)
{
    enum { CHUNK = 3 * 1024 };
    int status = 0;
    char text[BASE64_ENCODE_RAW_LENGTH(CHUNK)];

    for (uint64_t i = 0; i < size && status == 0; i += CHUNK) {
        const size_t count = size - i < CHUNK ? (size_t)(size - i) : CHUNK;

        base64_encode_raw(text, count, (const uint8_t *)bytes + i);
        status = sna_string_append_bytes(out, text, BASE64_ENCODE_RAW_LENGTH(count));
    }
    return status;
}

/* Pixels across, from the header: two to one of the page. */
static uint64_t png_width(const char *bytes, uint64_t size)
{
    const unsigned char *at = (const unsigned char *)bytes + 16;

    return size < 24 ? 0 : (uint64_t)at[0] << 24 | (uint64_t)at[1] << 16 | (uint64_t)at[2] << 8 | at[3];
}

static int add_html_figure(sna_page *self, const sna_figure *figure, const char *caption, const char *alternative)
{
    int status = 0;
    char *bytes = NULL, prefix[40];
    uint64_t size = 0;

    (void)snprintf(prefix, sizeof prefix, "figure-%" PRIu64 "-", self->figures);
    status = sna_figure_render(figure, SNA_PICTURE_SVG, prefix, &bytes, &size);
    if (status == 0 && size > SVG_MOST) {
        free(bytes);
        bytes = NULL;
        status = sna_figure_render(figure, SNA_PICTURE_PNG, NULL, &bytes, &size);
        if (status == 0)
            status =
                sna_string_format(&self->body, "<figure><img width=\"%" PRIu64 "\" alt=\"", png_width(bytes, size) / 2);
        if (status == 0)
            status = sna_html_escape(&self->body, alternative);
        if (status == 0)
            status = sna_string_append(&self->body, "\" src=\"data:image/png;base64,");
        if (status == 0)
            status = append_base64(&self->body, bytes, size);
        if (status == 0)
            status = sna_string_append(&self->body, "\">\n");
    } else if (status == 0) {
        status = sna_string_append(&self->body, "<figure role=\"img\" aria-label=\"");
        if (status == 0)
            status = sna_html_escape(&self->body, alternative);
        if (status == 0)
            status = sna_string_append(&self->body, "\">\n");
        if (status == 0)
            status = sna_string_append_bytes(&self->body, bytes, size);
        if (status == 0)
            status = sna_string_append(&self->body, "\n");
    }
    if (status == 0 && caption != NULL) {
        status = sna_string_append(&self->body, "<figcaption>");
        if (status == 0)
            status = sna_html_escape(&self->body, caption);
        if (status == 0)
            status = sna_string_append(&self->body, "</figcaption>\n");
    }
    if (status == 0)
        status = sna_string_append(&self->body, "</figure>\n");
    free(bytes);
    return status;
}

/* The folder of a page's pictures: its name without the ending, and _files. */
static int files_folder(const sna_page *self, char **out)
{
    const char *name = sna_path_name(self->path);

    return sna_text_format(out, "%.*s_files", (int)(strlen(name) - strlen(".md")), name);
}

static int add_markdown_figure(sna_page *self, const sna_figure *figure, const char *caption, const char *alternative)
{
    int status = 0;
    sna_page_picture picture = {NULL, NULL, 0}, *grown;
    char *folder = NULL;

    status = sna_figure_render(figure, SNA_PICTURE_PNG, NULL, &picture.bytes, &picture.size);
    if (status == 0)
        status = files_folder(self, &folder);
    if (status == 0)
        status = sna_text_format(&picture.name, "figure-%" PRIu64 ".png", self->figures);
    if (status != 0)
        goto out;
    grown = sna_grow(self->picture, &self->capacity, self->pictures + 1, sizeof *self->picture);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->picture = grown;
    status = sna_string_append(&self->body, "\n![");
    if (status == 0)
        status = sna_markdown_escape(&self->body, alternative);
    if (status == 0)
        status = sna_string_append(&self->body, "](");
    /* In a link only letters, digits and a few signs are safe. */
    for (const char *at = folder; *at != '\0' && status == 0; at++) {
        const bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') ||
                           strchr("._-", *at) != NULL;
        status = plain ? sna_string_append_bytes(&self->body, at, 1)
                       : sna_string_format(&self->body, "%%%02X", (unsigned)(unsigned char)*at);
    }
    if (status == 0)
        status = sna_string_format(&self->body, "/%s)\n", picture.name);
    if (status == 0 && caption != NULL) {
        status = sna_string_append(&self->body, "\n");
        if (status == 0)
            status = sna_markdown_escape(&self->body, caption);
        if (status == 0)
            status = sna_string_append(&self->body, "\n");
    }
    if (status != 0)
        goto out;
    self->picture[self->pictures++] = picture;
    picture = (sna_page_picture){NULL, NULL, 0};
out:
    free(folder);
    free(picture.name);
    free(picture.bytes);
    return status;
}

int sna_page_add_figure(sna_page *self, const sna_figure *figure, const char *caption, const char *alternative)
{
    if (alternative == NULL)
        alternative = figure->title != NULL ? figure->title : caption != NULL ? caption : "";
    self->figures++;
    return self->html ? add_html_figure(self, figure, caption, alternative)
                      : add_markdown_figure(self, figure, caption, alternative);
}

/* ---- raw parts ---------------------------------------------------------------------------------------------- */

int sna_page_add_html(sna_page *self, const char *html)
{
    return self->html ? sna_string_append(&self->body, html) : 0;
}

int sna_page_add_markdown(sna_page *self, const char *markdown)
{
    return self->html ? 0 : sna_string_append(&self->body, markdown);
}

/* What would end the element before its time. */
static int check_element(const char *text, uint64_t size, const char *word)
{
    const size_t length = strlen(word);

    for (uint64_t i = 0; i + length <= size; i++) {
        if (text[i] == '<' && strncasecmp(text + i, word, length) == 0)
            return sna_error(SNA_EINVAL, "a part of a page holds `%s`, which would end it", word);
    }
    return 0;
}

int sna_page_add_style(sna_page *self, const char *css)
{
    int status = check_element(css, strlen(css), "</style");

    if (status == 0 && self->html)
        status = sna_string_append(&self->style, css);
    return status;
}

int sna_page_add_script(sna_page *self, const char *script, uint64_t size)
{
    int status = check_element(script, size, "</script");

    if (status == 0)
        status = check_element(script, size, "<!--");
    if (status != 0 || !self->html)
        return status;
    status = sna_string_append(&self->script, "<script>\n");
    if (status == 0)
        status = sna_string_append_bytes(&self->script, script, size);
    if (status == 0)
        status = sna_string_append(&self->script, "\n</script>\n");
    return status;
}

int sna_page_add_data(sna_page *self, const char *id, const char *json)
{
    int status = 0;
    const char *at = json;

    if (!self->html)
        return 0;
    status = sna_string_append(&self->body, "<script type=\"application/json\" id=\"");
    if (status == 0)
        status = sna_html_escape(&self->body, id);
    if (status == 0)
        status = sna_string_append(&self->body, "\">");
    while (*at != '\0' && status == 0) {
        const size_t plain = strcspn(at, "<");

        status = sna_string_append_bytes(&self->body, at, plain);
        at += plain;
        /* JSON has < only inside texts, where it may be written so. */
        if (status == 0 && *at == '<') {
            status = sna_string_append(&self->body, "\\u003c");
            at++;
        }
    }
    if (status == 0)
        status = sna_string_append(&self->body, "</script>\n");
    return status;
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

static int put_file(sna_outputs *outputs, const char *path, const char *bytes, uint64_t size)
{
    const char *temporary = NULL;
    FILE *stream = NULL;
    int status = sna_outputs_add(outputs, path, &temporary);

    if (status == 0)
        status = sna_stream_open(&stream, temporary);
    if (status != 0)
        return status;
    /* A short write is an error of the stream, which closing it reports. */
    (void)fwrite(bytes, 1, (size_t)size, stream);
    return sna_stream_close(stream, path);
}

static int put_pictures(const sna_page *self, sna_outputs *outputs)
{
    int status = 0;
    char *name = NULL, *base = NULL, *folder = NULL;

    if (self->pictures == 0)
        goto out;
    status = sna_path_folder(&base, self->path);
    if (status == 0)
        status = files_folder(self, &name);
    if (status == 0)
        status = sna_path_join(&folder, base, name);
    if (status == 0)
        status = sna_outputs_folder(outputs, folder);
    for (uint64_t i = 0; i < self->pictures && status == 0; i++) {
        char *path = NULL;

        status = sna_path_join(&path, folder, self->picture[i].name);
        if (status == 0)
            status = put_file(outputs, path, self->picture[i].bytes, self->picture[i].size);
        free(path);
    }
out:
    free(name);
    free(base);
    free(folder);
    return status;
}

int sna_page_write(sna_page *self)
{
    int status = 0;
    sna_outputs *outputs = NULL;
    sna_string text = SNA_STRING;

    if (self->html) {
        status = sna_page_html(self, &text);
    } else {
        status = sna_string_append(&text, "# ");
        if (status == 0)
            status = sna_markdown_escape(&text, self->title);
        if (status == 0)
            status = sna_string_append(&text, "\n");
        if (status == 0)
            status = sna_string_append_bytes(&text, sna_string_text(&self->body), self->body.length);
    }
    if (status == 0)
        status = sna_outputs_create(&outputs);
    /* The page first: where its folder is missing, none is made for the pictures. */
    if (status == 0)
        status = put_file(outputs, self->path, text.text, text.length);
    if (status == 0)
        status = put_pictures(self, outputs);
    if (status == 0)
        status = sna_outputs_commit(outputs);
    sna_outputs_free(outputs);
    sna_string_free(&text);
    return status;
}
