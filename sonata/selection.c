/* selection.c: rows as lists of ranges. */
#include "sonata/sonata.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

int sna_selection_add(sna_selection *self, uint64_t first, uint64_t end)
{
    int status = 0;
    sna_range *grown = NULL;

    if (first >= end)
        goto out;
    if (self->count > 0 && self->range[self->count - 1].end == first) {
        self->range[self->count - 1].end = end;
        goto out;
    }
    grown = sna_grow(self->range, &self->capacity, self->count + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->range = grown;
    self->range[self->count++] = (sna_range){first, end};
out:
    return status;
}

int sna_selection_add_rows(sna_selection *self, const uint64_t *row, uint64_t count)
{
    int status = 0;

    for (uint64_t i = 0; i < count && status == 0; i++)
        status = row[i] == UINT64_MAX ? sna_error(SNA_ERANGE, "%" PRIu64 " cannot be a row", row[i])
                                      : sna_selection_add(self, row[i], row[i] + 1);
    return status;
}

uint64_t sna_selection_rows(const sna_selection *self)
{
    uint64_t rows = 0;

    for (uint64_t i = 0; i < self->count; i++)
        rows += self->range[i].end - self->range[i].first;
    return rows;
}

static int compare_ranges(const void *a, const void *b)
{
    const sna_range *x = a, *y = b;

    return x->first < y->first ? -1 : x->first > y->first ? 1 : x->end < y->end ? -1 : x->end > y->end;
}

int sna_selection_sort(sna_selection *self)
{
    uint64_t kept = 0;
    bool is_sorted = true;

    for (uint64_t i = 1; i < self->count && is_sorted; i++)
        is_sorted = self->range[i - 1].end < self->range[i].first;
    if (is_sorted)
        goto out;
    qsort(self->range, self->count, sizeof *self->range, compare_ranges);
    for (uint64_t i = 1; i < self->count; i++) {
        if (self->range[i].first <= self->range[kept].end) {
            if (self->range[i].end > self->range[kept].end)
                self->range[kept].end = self->range[i].end;
        } else {
            self->range[++kept] = self->range[i];
        }
    }
    self->count = kept + 1;
out:
    return 0;
}

static int copy(sna_selection *out, const sna_selection *from)
{
    int status = 0;

    *out = SNA_SELECTION;
    if (from->count > 0) {
        status = sna_allocate(&out->range, from->count, sizeof *out->range);
        if (status == 0) {
            memcpy(out->range, from->range, (size_t)from->count * sizeof *out->range);
            out->count = out->capacity = from->count;
            status = sna_selection_sort(out);
        }
    }
    return status;
}

int sna_selection_and(sna_selection *out, const sna_selection *a, const sna_selection *b)
{
    sna_selection x = SNA_SELECTION, y = SNA_SELECTION;
    int status = copy(&x, a);

    if (status == 0)
        status = copy(&y, b);
    for (uint64_t i = 0, j = 0; status == 0 && i < x.count && j < y.count;) {
        const uint64_t first = x.range[i].first > y.range[j].first ? x.range[i].first : y.range[j].first;
        const uint64_t end = x.range[i].end < y.range[j].end ? x.range[i].end : y.range[j].end;
        status = sna_selection_add(out, first, end);
        if (x.range[i].end < y.range[j].end)
            i++;
        else
            j++;
    }
    sna_selection_free(&x);
    sna_selection_free(&y);
    return status;
}

int sna_selection_or(sna_selection *out, const sna_selection *a, const sna_selection *b)
{
    int status = 0;

    for (uint64_t i = 0; i < a->count && status == 0; i++)
        status = sna_selection_add(out, a->range[i].first, a->range[i].end);
    for (uint64_t i = 0; i < b->count && status == 0; i++)
        status = sna_selection_add(out, b->range[i].first, b->range[i].end);
    if (status == 0)
        status = sna_selection_sort(out);
    return status;
}

bool sna_selection_has(const sna_selection *self, uint64_t row)
{
    uint64_t low = 0, high = self->count;

    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (self->range[middle].end <= row)
            low = middle + 1;
        else
            high = middle;
    }
    return low < self->count && self->range[low].first <= row;
}

/* "7" or "7-9" (both ends included). */
static int parse_piece(sna_selection *self, const char *piece, uint64_t count)
{
    int status = 0;
    const char *dash = strchr(piece, '-');
    char *low = NULL;
    uint64_t first = 0, last = 0;

    status = sna_text_format(&low, "%.*s", dash == NULL ? (int)strlen(piece) : (int)(dash - piece), piece);
    if (status != 0)
        goto out;
    if (sna_unsigned_parse(&first, low) != 0 || (dash != NULL && sna_unsigned_parse(&last, dash + 1) != 0)) {
        status = sna_error(SNA_EINVAL, "`%s` is no selection: expected rows such as 3,7,10-20 or all", piece);
        goto out;
    }
    if (dash == NULL)
        last = first;
    if (first > last)
        status = sna_error(SNA_EINVAL, "`%s`: the first row is behind the last", piece);
    else if (last >= count)
        status = sna_error(SNA_ERANGE, "`%s`: there are %" PRIu64 " rows, 0 to %" PRIu64, piece, count,
                           count == 0 ? 0 : count - 1);
    else
        status = sna_selection_add(self, first, last + 1);
out:
    free(low);
    return status;
}

int sna_selection_parse(sna_selection *self, const char *text, uint64_t count)
{
    int status = 0;
    sna_list pieces = SNA_LIST;

    if (strcmp(text, "all") == 0) {
        status = sna_selection_add(self, 0, count);
        goto out;
    }
    status = sna_list_split(&pieces, text, ',');
    if (status == 0 && pieces.count == 0)
        status = sna_error(SNA_EINVAL, "`%s` is no selection: expected rows such as 3,7,10-20 or all", text);
    for (uint64_t i = 0; i < pieces.count && status == 0; i++)
        status = parse_piece(self, pieces.text[i], count);
out:
    sna_list_free(&pieces);
    return status;
}

void sna_selection_free(sna_selection *self)
{
    free(self->range);
    *self = SNA_SELECTION;
}
