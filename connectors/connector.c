/* connector.c: the kinds of connectors there are. */
#include <string.h>

#include "connector.h"
#include "spec.h"

static const sna_connector *const built_in[] = {&sna_unidirectional,
                                                &sna_reciprocal,
                                                &sna_reverse_of,
                                                &sna_gap_junction,
                                                &sna_gap_conditional_reciprocal,
                                                &sna_one_to_one,
                                                &sna_all_to_all,
                                                &sna_fixed_indegree,
                                                &sna_fixed_outdegree,
                                                &sna_fixed_total,
                                                &sna_from_file,
                                                NULL};

const sna_connector *sna_connector_find(const sna_network *network, const char *type)
{
    const sna_connector *const *lists[2] = {network->options.connectors, built_in};

    for (unsigned k = 0; k < 2; k++) {
        for (uint64_t i = 0; lists[k] != NULL && lists[k][i] != NULL; i++) {
            if (strcmp(lists[k][i]->type, type) == 0)
                return lists[k][i];
        }
    }
    return NULL;
}

int sna_connector_names(const sna_network *network, sna_list *out)
{
    const sna_connector *const *lists[2] = {built_in, network->options.connectors};
    int status = 0;

    for (unsigned k = 0; k < 2; k++) {
        for (uint64_t i = 0; lists[k] != NULL && lists[k][i] != NULL && status == 0; i++)
            status = sna_list_add(out, lists[k][i]->type);
    }
    return status;
}

int sna_network_connectors(sna_table **out)
{
    int status = 0;
    sna_table *table = NULL;
    sna_string keys = SNA_STRING;

    *out = NULL;
    status = sna_table_create(&table, "Connectors", "type");
    if (status == 0)
        status = sna_table_add_column(table, "keys", NULL, SNA_TEXT);
    for (uint64_t i = 0; built_in[i] != NULL && status == 0; i++) {
        keys.length = 0;
        status = sna_spec_join(built_in[i]->keys, &keys);
        if (status == 0)
            status = sna_table_add_row(table, built_in[i]->type);
        if (status == 0 && built_in[i]->keys[0] != NULL)
            status = sna_table_set_text(table, i, 0, sna_string_text(&keys));
    }
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_string_free(&keys);
    sna_table_free(table);
    return status;
}
