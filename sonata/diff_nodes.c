/* diff_nodes.c: what differs between two node populations, node by node as their ids say. */
#include "sonata/diff.h"

#include <inttypes.h>
#include <stdlib.h>

/* Rows of the nodes that both have. */
typedef struct {
    uint64_t *a, *b; /* [count] */
    uint64_t count;
} common_rows;

/* Nodes of one side that the other has not: how many, and the first. */
static int report_lost(const sna_nodes *of, uint64_t lost, uint64_t first, int side, sna_differences *out)
{
    if (lost == 0)
        return 0;
    return sna_differences_add(out, "id", sna_nodes_name(of), lost,
                               "%" PRIu64 " node %s only in %s; the first: %" PRIu64, lost,
                               sna_one_or_many(lost, "id is", "ids are"), side == 0 ? "A" : "B", first);
}

static int match(sna_nodes *a, sna_nodes *b, common_rows *common, sna_differences *out)
{
    int status = 0;
    uint64_t lost_a = 0, first_a = 0, lost_b = 0, first_b = 0;

    status = sna_allocate(&common->a, sna_nodes_count(a), sizeof *common->a);
    if (status == 0)
        status = sna_allocate(&common->b, sna_nodes_count(a), sizeof *common->b);
    for (uint64_t i = 0; i < sna_nodes_count(a) && status == 0; i++) {
        const int64_t row = sna_nodes_row(b, sna_nodes_id(a, i));
        if (row < 0) {
            first_a = lost_a == 0 ? sna_nodes_id(a, i) : first_a;
            lost_a++;
            continue;
        }
        common->a[common->count] = i;
        common->b[common->count++] = (uint64_t)row;
    }
    for (uint64_t i = 0; i < sna_nodes_count(b) && status == 0; i++)
        if (sna_nodes_row(a, sna_nodes_id(b, i)) < 0) {
            first_b = lost_b == 0 ? sna_nodes_id(b, i) : first_b;
            lost_b++;
        }
    if (status == 0)
        status = report_lost(a, lost_a, first_a, 0, out);
    if (status == 0)
        status = report_lost(b, lost_b, first_b, 1, out);
    return status;
}

/* The names of all attributes, the type id among them. */
static int list_attributes(const sna_nodes *nodes, sna_list *names, sna_differences *out)
{
    int status = sna_list_add(names, "node_type_id");

    for (uint64_t i = 0; i < sna_nodes_attributes(nodes) && status == 0; i++) {
        const sna_attribute *attribute = sna_nodes_attribute(nodes, i);
        if (attribute->storage == SNA_NOT_SUPPORTED)
            status = sna_differences_note(out, "`%s` of %s is of a type that cannot be read: it was not compared",
                                          attribute->name, sna_nodes_name(nodes));
        else
            status = sna_list_add(names, attribute->name);
    }
    return status;
}

static int compare_attribute(sna_nodes *a, sna_nodes *b, const common_rows *common, sna_attribute_pair *pair)
{
    int status = 0;
    const sna_column *x = NULL, *y = NULL;
    sna_string text = SNA_STRING;

    if (pair->in[0] >= 0)
        status = sna_nodes_column(a, pair->name, &x);
    if (status == 0 && pair->in[1] >= 0)
        status = sna_nodes_column(b, pair->name, &y);
    for (uint64_t i = 0; i < common->count && status == 0; i++) {
        if (sna_value_is_equal(x, common->a[i], y, common->b[i]) || pair->differs++ > 0)
            continue;
        status = sna_string_format(&text, "the first: node %" PRIu64 " has ", sna_nodes_id(a, common->a[i]));
        if (status == 0)
            status = sna_value_print(x, common->a[i], &text);
        if (status == 0)
            status = sna_string_append(&text, " in A, ");
        if (status == 0)
            status = sna_value_print(y, common->b[i], &text);
        if (status == 0)
            status = sna_string_append(&text, " in B");
        if (status == 0)
            status = sna_text_copy(&pair->example, sna_string_text(&text));
    }
    sna_string_free(&text);
    return status;
}

int sna_diff_nodes(sna_nodes *a, sna_nodes *b, sna_differences *out)
{
    int status = 0;
    common_rows common = {NULL, NULL, 0};
    sna_list names[2] = {SNA_LIST, SNA_LIST};
    sna_attribute_pairs pairs = {NULL, 0, 0};

    if (sna_nodes_count(a) != sna_nodes_count(b))
        status = sna_differences_add(out, "count", sna_nodes_name(a), 1, "A has %" PRIu64 " nodes, B has %" PRIu64,
                                     sna_nodes_count(a), sna_nodes_count(b));
    if (status == 0)
        status = match(a, b, &common, out);
    if (status == 0)
        status = list_attributes(a, &names[0], out);
    if (status == 0)
        status = list_attributes(b, &names[1], out);
    if (status == 0)
        status = sna_attribute_pairs_make(&pairs, &names[0], &names[1]);
    for (uint64_t i = 0; i < pairs.count && status == 0; i++)
        status = compare_attribute(a, b, &common, &pairs.pair[i]);
    if (status == 0)
        status = sna_attribute_pairs_report(&pairs, out, sna_nodes_name(a), "node");
    sna_attribute_pairs_free(&pairs);
    sna_list_free(&names[0]);
    sna_list_free(&names[1]);
    free(common.a);
    free(common.b);
    return status;
}
