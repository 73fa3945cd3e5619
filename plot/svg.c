/* svg.c: gnuplot's SVG made fit for a page. */
#include "internal.h"

#include <string.h>

typedef struct {
    const char *match, *add; /* what `add` is put behind, or takes the place of */
    bool replaces;
} rule;

/* Copies one tag. */
static int copy_tag(sna_string *out, const char *tag, size_t length, const rule *rules, size_t count)
{
    int status = 0;
    size_t done = 0, i = 0;

    while (i < length && status == 0) {
        const rule *found = NULL;

        for (size_t k = 0; k < count && found == NULL; k++) {
            if (length - i >= strlen(rules[k].match) && strncmp(tag + i, rules[k].match, strlen(rules[k].match)) == 0)
                found = &rules[k];
        }
        if (found == NULL) {
            i++;
            continue;
        }
        status = sna_string_append_bytes(out, tag + done, i + (found->replaces ? 0 : strlen(found->match)) - done);
        if (status == 0)
            status = sna_string_append(out, found->add);
        done = i = i + strlen(found->match);
    }
    if (status == 0)
        status = sna_string_append_bytes(out, tag + done, length - done);
    return status;
}

static bool starts(const char *at, const char *end, const char *word)
{
    return (size_t)(end - at) >= strlen(word) && strncmp(at, word, strlen(word)) == 0;
}

int sna_svg_tidy(sna_string *out, const char *svg, uint64_t size, const char *title, const char *prefix,
                 bool inline_only)
{
    int status = 0;
    const char *at = svg, *end = svg + size;
    const char *root = strstr(svg, "<svg");
    /* Fallbacks for the font, its boldness said in CSS's way, and a prefix for names of elements and what points to
     * them. */
    const rule rules[] = {
        {"font-family=\"DejaVu Sans:Bold\"", "font-family=\"DejaVu Sans, Verdana, sans-serif\" font-weight=\"bold\"",
         true},
        {"font-family=\"DejaVu Sans\"", "font-family=\"DejaVu Sans, Verdana, sans-serif\"", true},
        {" shape-rendering='crispEdges'", "", true}, /* rims of discs and slanting edges become coarse by it */
        {" id=\"", prefix, false},
        {" id='", prefix, false},
        {" xlink:href='#", prefix, false},
        {" xlink:href=\"#", prefix, false},
        {"url(#", prefix, false},
    };
    const size_t count = prefix == NULL ? 3 : sizeof rules / sizeof *rules;

    if (root == NULL) {
        status = sna_error(SNA_EEXTERNAL, "gnuplot's picture has no <svg> tag");
        goto out;
    }
    if (inline_only)
        at = root;
    while (at < end && status == 0) {
        const char *tag = memchr(at, '<', (size_t)(end - at)), *close;

        if (tag == NULL)
            tag = end;
        status = sna_string_append_bytes(out, at, (uint64_t)(tag - at));
        at = tag;
        if (status != 0 || tag == end)
            continue;
        /* gnuplot writes the plot command as a tooltip, and its own name as the title and description. */
        if (starts(tag, end, "<title>") || starts(tag, end, "<desc>")) {
            close = strstr(tag, tag[1] == 't' ? "</title>" : "</desc>");
            at = close == NULL ? end : close + (tag[1] == 't' ? 8 : 7);
            continue;
        }
        close = memchr(tag, '>', (size_t)(end - tag));
        close = close == NULL ? end : close + 1;
        status = copy_tag(out, tag, (size_t)(close - tag), rules, count);
        if (status == 0 && tag == root && title != NULL && title[0] != '\0') {
            status = sna_string_append(out, "\n<title>");
            if (status == 0)
                status = sna_html_escape(out, title);
            if (status == 0)
                status = sna_string_append(out, "</title>");
        }
        at = close;
    }
out:
    return status;
}
