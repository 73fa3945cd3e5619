/* fuzz_nmodl.c: mod files. What is taken must come back byte for byte. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "nmodl/nmodl.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    sna_nmodl *file = NULL;
    sna_record *record = NULL;
    sna_string text = SNA_STRING;

    if (sna_nmodl_parse(&file, (const char *)bytes, size, "fuzz.mod") == 0) {
        if (sna_nmodl_text(file, 0, &text) != 0 || text.length != size || memcmp(text.text, bytes, size) != 0)
            abort();
        if (sna_nmodl_describe(&record, file) == 0)
            fuzz_use(sna_record_get_text(record, "name") != NULL);
    }
    sna_record_free(record);
    sna_string_free(&text);
    sna_nmodl_free(file);
    return 0;
}
