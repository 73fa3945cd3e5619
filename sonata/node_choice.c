/* node_choice.c: picking nodes by a condition, by ids or by the name of a set. */
#include "sonata/sonata.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

int sna_nodes_where(sna_nodes *self, const char *condition, sna_selection *out)
{
    int status = 0;
    const uint64_t count = sna_nodes_count(self);
    uint8_t *keep = NULL;
    sna_view *view = NULL;
    sna_filter *filter = NULL;

    status = sna_filter_parse(&filter, condition);
    if (status == 0)
        status = sna_allocate(&view, sna_filter_names(filter), sizeof *view);
    for (uint64_t i = 0; status == 0 && i < sna_filter_names(filter); i++)
        status = sna_nodes_column(self, sna_filter_name(filter, i), &view[i].column);
    if (status == 0)
        status = sna_allocate(&keep, count, sizeof *keep);
    if (status == 0)
        status = sna_filter_run(filter, view, count, keep);
    for (uint64_t row = 0; row < count && status == 0; row++)
        if (keep[row])
            status = sna_selection_add(out, row, row + 1);
    sna_filter_free(filter);
    free(view);
    free(keep);
    return status;
}

/* Rows of the ids first .. end-1; at least one must be there. */
static int add_ids(const sna_nodes *self, sna_range ids, sna_selection *out)
{
    int status = 0;
    const uint64_t count = sna_nodes_count(self);
    bool found = false;

    if (sna_nodes_ids_are_rows(self)) {
        found = ids.first < count;
        status = sna_selection_add(out, ids.first, ids.end < count ? ids.end : count);
    }
    for (uint64_t i = 0; i < count && !sna_nodes_ids_are_rows(self) && status == 0; i++)
        if (sna_nodes_id(self, i) >= ids.first && sna_nodes_id(self, i) < ids.end) {
            found = true;
            status = sna_selection_add(out, i, i + 1);
        }
    if (status == 0 && !found)
        status = sna_error(SNA_ERANGE, "population %s has no node with id %" PRIu64 "%s (it has %" PRIu64 " nodes%s)",
                           sna_nodes_name(self), ids.first,
                           ids.end - ids.first > 1 ? " nor the others that are asked for with it" : "", count,
                           sna_nodes_ids_are_rows(self) ? ", from 0 on" : "");
    return status;
}

static bool is_set(const sna_node_sets *sets, const char *name)
{
    for (uint64_t i = 0; sets != NULL && i < sna_node_sets_count(sets); i++)
        if (strcmp(sna_node_sets_name(sets, i), name) == 0)
            return true;
    return false;
}

int sna_nodes_choose(sna_nodes *self, const sna_node_sets *sets, const char *text, sna_selection *out)
{
    int status = 0;
    sna_selection ids = SNA_SELECTION;

    if (is_set(sets, text)) {
        status = sna_node_sets_select(sets, text, self, true, out);
    } else if (strcmp(text, "all") == 0 || strcmp(text, sna_nodes_name(self)) == 0) {
        status = sna_selection_add(out, 0, sna_nodes_count(self));
    } else if (text[0] != '\0' && text[strspn(text, "0123456789,- ")] == '\0') {
        status = sna_selection_parse(&ids, text, UINT64_MAX);
        for (uint64_t i = 0; i < ids.count && status == 0; i++)
            status = add_ids(self, ids.range[i], out);
        if (status == 0)
            status = sna_selection_sort(out);
    } else {
        status = sna_nodes_where(self, text, out);
        if (status == SNA_ENOTFOUND && text[strcspn(text, " =<>!~()")] == '\0')
            status = sna_error(SNA_ENOTFOUND,
                               "`%s` is no node set and no attribute of population %s; expected `all`, "
                               "node ids such as 0-9,12, a node set, or a condition such as \"pop_name == 'PN'\"",
                               text, sna_nodes_name(self));
    }
    sna_selection_free(&ids);
    return status;
}

int sna_nodes_ids_of(const sna_nodes *self, const sna_selection *rows, sna_selection *out)
{
    int status = 0;

    for (uint64_t i = 0; i < rows->count && status == 0; i++) {
        const sna_range range = rows->range[i];
        if (sna_nodes_ids_are_rows(self)) {
            status = sna_selection_add(out, range.first, range.end);
            continue;
        }
        for (uint64_t row = range.first; row < range.end && status == 0; row++) {
            const uint64_t id = sna_nodes_id(self, row);
            status = sna_selection_add_rows(out, &id, 1);
        }
    }
    return status == 0 ? sna_selection_sort(out) : status;
}
