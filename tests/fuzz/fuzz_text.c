/* fuzz_text.c: the JSON and CSV readers themselves. */
#include "fuzz.h"

#include <stdlib.h>

#include <cjson/cJSON.h>

static void use_json(const sna_json *json, const cJSON *item)
{
    char *path = NULL;
    uint64_t line = 0, number = 0;
    double real = 0;

    if (sna_json_place(json, item, &path, &line) == 0)
        fuzz_use(line);
    free(path);
    fuzz_use((uint64_t)sna_json_unsigned(json, item, &number) + (uint64_t)sna_json_real(json, item, &real));
    if (cJSON_IsObject(item) || cJSON_IsArray(item)) {
        for (const cJSON *child = item->child; child != NULL; child = child->next)
            use_json(json, child);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    sna_json *json = NULL;
    sna_csv *csv = NULL;

    if (sna_json_parse(&json, (const char *)bytes, size, "fuzz.json") == 0)
        use_json(json, sna_json_root(json));
    sna_json_free(json);
    if (sna_csv_parse(&csv, (const char *)bytes, size, size % 2 == 0 ? ' ' : ',', "fuzz.csv") == 0) {
        for (uint64_t row = 0; row < sna_csv_rows(csv); row++) {
            for (uint64_t i = 0; i < sna_csv_fields(csv, row); i++)
                fuzz_use(sna_csv_field(csv, row, i) != NULL);
        }
    }
    sna_csv_free(csv);
    return 0;
}
