/* page_html.c: what stands around the body of an HTML page. */
#include "page.h"

/* Readable on a phone and on paper; nothing is fetched from anywhere. */
static const char style[] =
    "body { font: 16px/1.5 \"DejaVu Sans\", Verdana, sans-serif; color: #202020; background: #fff;"
    " max-width: 72rem; margin: 0 auto; padding: 1rem; }\n"
    "h1, h2, h3, h4 { line-height: 1.2; margin: 1.6em 0 0.6em; overflow-wrap: anywhere; }\n"
    "h1 { margin-top: 0.4em; }\n"
    "h2 { border-bottom: 1px solid #ccc; padding-bottom: 0.2em; }\n"
    "a { color: #005a8c; }\n"
    "a:focus-visible, button:focus-visible, [tabindex]:focus-visible { outline: 3px solid #e69f00; outline-offset: "
    "2px; }\n"
    "nav ul { padding-left: 1.2em; columns: 16rem; }\n"
    "p, li { max-width: 44rem; overflow-wrap: anywhere; }\n"
    "figure { margin: 1.2em 0; }\n"
    "figure svg, figure img { max-width: 100%; height: auto; }\n"
    "figcaption { font-size: 0.875rem; color: #505050; max-width: 44rem; }\n"
    ".table, pre { overflow-x: auto; margin: 1em 0; }\n"
    "pre { background: #f5f5f5; padding: 0.6em 0.8em; font: 0.875rem/1.4 \"DejaVu Sans Mono\", monospace; }\n"
    "table { border-collapse: collapse; font-size: 0.875rem; border-top: 2px solid #303030;"
    " border-bottom: 2px solid #303030; }\n"
    "caption { text-align: left; font-weight: bold; padding-bottom: 0.4em; }\n"
    "th, td { text-align: left; padding: 0.25em 0.8em; vertical-align: top; }\n"
    "thead { border-bottom: 1px solid #303030; }\n"
    "tbody tr:nth-child(even) { background: #f5f5f5; }\n"
    ".number { text-align: right; font-variant-numeric: tabular-nums; }\n"
    ".long { min-width: 14em; overflow-wrap: anywhere; }\n"
    "@media (max-width: 700px) { th, td { padding: 0.25em 0.4em; } .table, pre { font-size: 0.9em; } }\n"
    "@page { margin: 15mm; }\n"
    "@media print { body { max-width: none; padding: 0; font-size: 10pt; } nav { display: none; }"
    " h2, h3, h4, caption { break-after: avoid; } figure, tr { break-inside: avoid; } .table, pre { overflow: visible; "
    "}"
    " pre { white-space: pre-wrap; } table { font-size: 7.5pt; } th, td { padding: 0.2em 0.4em; }"
    " .long { min-width: 11em; } }\n";

int sna_page_html(const sna_page *self, sna_string *out)
{
    int status = sna_string_append(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                                        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                                        "<meta name=\"generator\" content=\"sonatina ");

    if (status == 0)
        status = sna_string_format(out, "%s\">\n<title>", sna_version());
    if (status == 0)
        status = sna_html_escape(out, self->title);
    if (status == 0)
        status = sna_string_format(out, "</title>\n<style>\n%s%s</style>\n</head>\n<body>\n<main>\n<h1>", style,
                                   sna_string_text(&self->style));
    if (status == 0)
        status = sna_html_escape(out, self->title);
    if (status == 0)
        status = sna_string_append(out, "</h1>\n");
    /* A list of contents where there is more than one thing to go to. */
    if (status == 0 && self->id.count > 1 && self->contents.length > 0)
        status = sna_string_format(out, "<nav aria-label=\"Contents\"><ul>\n%s</ul></nav>\n", self->contents.text);
    if (status == 0)
        status = sna_string_append_bytes(out, sna_string_text(&self->body), self->body.length);
    if (status == 0)
        status = sna_string_append(out, "</main>\n");
    if (status == 0)
        status = sna_string_append_bytes(out, sna_string_text(&self->script), self->script.length);
    if (status == 0)
        status = sna_string_append(out, "</body>\n</html>\n");
    return status;
}
