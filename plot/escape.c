/* escape.c: plain text inside HTML. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

int sna_html_escape(sna_string *out, const char *text)
{
    char *clean = NULL;
    int status = sna_lettering_copy(&clean, text == NULL ? "" : text);

    if (status == 0)
        status = sna_string_append(out, "");
    for (const char *at = clean; status == 0 && *at != '\0'; at++) {
        switch (*at) {
        case '&':
            status = sna_string_append(out, "&amp;");
            break;
        case '<':
            status = sna_string_append(out, "&lt;");
            break;
        case '>':
            status = sna_string_append(out, "&gt;");
            break;
        case '"':
            status = sna_string_append(out, "&quot;");
            break;
        case '\'':
            status = sna_string_append(out, "&#39;");
            break;
        default:
            status = sna_string_append_bytes(out, at, 1);
        }
    }
    free(clean);
    return status;
}
