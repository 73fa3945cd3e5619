/* origin.c: the files that a circuit consists of, with their hashes. */
#include "report/internal.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <cjson/cJSON.h>

static int add_path(sna_list *list, const char *path)
{
    struct stat about;

    /* "NULL" is how configs say that there are no types. */
    if (path == NULL || sna_list_find(list, path) >= 0 || stat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return 0;
    return sna_list_add(list, path);
}

/* Every text of the tree that names a file which is there: nodes, edges, types, gap junctions. */
static int add_named(sna_list *list, const cJSON *item)
{
    int status = 0;

    if (cJSON_IsString(item))
        return add_path(list, item->valuestring);
    for (const cJSON *child = item != NULL ? item->child : NULL; child != NULL && status == 0; child = child->next)
        status = add_named(list, child);
    return status;
}

static int list_files(sna_list *list, sna_circuit *circuit, const char *config, const char *built)
{
    int status = add_path(list, config);
    const sna_config *read = sna_circuit_config(circuit);

    if (status == 0 && read != NULL) {
        status = add_path(list, sna_config_text(read, "network"));
        if (status == 0)
            status = add_path(list, sna_config_text(read, "node_sets_file"));
        if (status == 0)
            status = add_named(list, sna_config_find(read, "networks"));
    }
    return status == 0 ? add_path(list, built) : status;
}

int sna_origin_files(sna_table **out, sna_circuit *circuit, const char *config, const char *built)
{
    int status = 0;
    sna_list list = SNA_LIST;
    sna_table *table = NULL;

    *out = NULL;
    status = list_files(&list, circuit, config, built);
    if (status == 0)
        status = sna_table_create(&table, "Files", "file");
    if (status == 0)
        status = sna_table_add_column(table, "size", "bytes", SNA_INTEGER);
    if (status == 0)
        status = sna_table_add_column(table, "SHA-256", NULL, SNA_TEXT);
    for (uint64_t i = 0; i < list.count && status == 0; i++) {
        char hex[65];
        struct stat about;
        status = sna_hash_file(list.text[i], hex);
        if (status == 0 && stat(list.text[i], &about) != 0)
            status = sna_error(SNA_EIO, "%s: %s", list.text[i], strerror(errno));
        if (status == 0)
            status = sna_table_add_row(table, list.text[i]);
        if (status == 0)
            status = sna_table_set_integer(table, i, 0, (int64_t)about.st_size);
        if (status == 0)
            status = sna_table_set_text(table, i, 1, hex);
    }
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    sna_list_free(&list);
    return status;
}
