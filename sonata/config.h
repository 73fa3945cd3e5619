/* config.h: configs from inside. Private to sonata/. */
#ifndef SNA_CONFIG_H
#define SNA_CONFIG_H

#include "sonata.h"

/* One file of a config: the document as it stands and where it was. */
typedef struct {
    sna_json *json;
    char *folder; /* absolute */
} sna_config_document;

struct sna_config {
    char *file;
    struct cJSON *root;            /* expanded and merged */
    sna_config_document *document; /* [documents] children before parents */
    uint64_t documents, document_capacity;
    sna_list node_sets_files; /* absolute, circuit first */
    sna_notes *notes;
};

/* Of the files of `networks` that are not disabled: how many list populations and how many do not, how many have a
 * types CSV. */
typedef struct {
    uint64_t with_populations, without_populations, with_types;
} sna_config_styles;
void sna_config_style(const sna_config *self, sna_config_styles *out);

/* Who makes such configs. The BBP / OBI family lists populations and has no types CSV, the Allen Institute's does not
 * list them; files that both read have both. */
typedef enum { SNA_FAMILY_NONE, SNA_FAMILY_ALLEN, SNA_FAMILY_BBP, SNA_FAMILY_BOTH } sna_family;
sna_family sna_config_family(const sna_config_styles *styles);

/* The variables of one document: its manifest, and what is built in. */
typedef struct sna_manifest sna_manifest;

/* Resolves the manifest of a document (which may have none). Errors: SNA_EFORMAT (undefined, circular, no object). */
int sna_manifest_create(sna_manifest **out, const sna_json *json, const char *folder,
                        const char *file) SNA_CHECK_RESULT;
/* A copy of a value with every variable in it expanded, at any depth. A text that is just one variable becomes the
 * variable's value with its type. */
int sna_manifest_expand(const sna_manifest *self, const struct cJSON *item, struct cJSON **out) SNA_CHECK_RESULT;
void sna_manifest_free(sna_manifest *self);

#endif
