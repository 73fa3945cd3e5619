/* fuzz_swc.c: morphologies, and the template that is made for them. */
#include "fuzz.h"
#include "singlecell/internal.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    fuzz_file file;
    sna_swc swc = {0};
    char *text = NULL;

    if (fuzz_file_open(&file, bytes, size) != 0)
        return 0;
    if (sna_swc_read(&swc, file.path) == 0) {
        fuzz_use(swc.points + swc.notes.count + (swc.text == NULL ? 0 : strlen(swc.text)));
        if (sna_swc_template(&text, &swc, size % 2 == 0) == 0)
            fuzz_use(strlen(text));
    }
    free(text);
    sna_swc_free(&swc);
    fuzz_file_close(&file);
    return 0;
}
