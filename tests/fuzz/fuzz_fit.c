/* fuzz_fit.c: fits of the Allen cell types database as statements for hoc. */
#include "fuzz.h"
#include "singlecell/internal.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    fuzz_file file;
    sna_swc swc = {0};
    sna_cell_model *model = NULL;

    if (fuzz_file_open(&file, bytes, size) != 0)
        return 0;
    swc.has[1] = true;
    swc.has[3] = size % 3 != 0;
    swc.has[4] = size % 5 != 0;
    if (sna_allocate(&model, 1, sizeof *model) == 0 && sna_text_copy(&model->fit, file.path) == 0) {
        model->plain = -1;
        model->processing = (sna_processing)(size % 4);
        if (sna_allen_read(model, &swc) == 0)
            for (uint64_t i = 0; i < model->steps.count; i++)
                fuzz_use(strlen(model->steps.text[i]));
    }
    sna_cell_model_free(model);
    fuzz_file_close(&file);
    return 0;
}
