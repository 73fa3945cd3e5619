/* page.h: what the files that write pages share. */
#ifndef SNA_PLOT_PAGE_H
#define SNA_PLOT_PAGE_H

#include "internal.h"

/* A picture that stands beside a Markdown page. */
typedef struct {
    char *name;
    char *bytes;
    uint64_t size;
} sna_page_picture;

struct sna_page {
    char *path, *title;
    bool html;
    sna_string body, contents, style, script;
    sna_list id; /* of headings, so that none comes twice */
    sna_page_picture *picture;
    uint64_t pictures, capacity;
    uint64_t figures;
};

/* Appends `text` so that Markdown shows it as it is, on one line. */
int sna_markdown_escape(sna_string *out, const char *text) SNA_CHECK_RESULT;
/* The head and the foot of an HTML page around its body. */
int sna_page_html(const sna_page *self, sna_string *out) SNA_CHECK_RESULT;

#endif
