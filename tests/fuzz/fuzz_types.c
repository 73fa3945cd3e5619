/* fuzz_types.c: node_types.csv and edge_types.csv. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    sna_types *types = NULL;
    sna_notes notes = SNA_NOTES;
    fuzz_file file;

    if (fuzz_file_open(&file, bytes, size) != 0)
        return 0;
    if (sna_types_read(&types, file.path, "node_type_id", NULL, &notes) == 0) {
        for (uint64_t column = 0; column < sna_types_columns(types); column++) {
            for (uint64_t row = 0; row < sna_types_count(types); row++) {
                fuzz_use(sna_types_text(types, row, column) != NULL);
                fuzz_use(sna_column_is_true(sna_types_column(types, column), row));
            }
        }
        fuzz_use((uint64_t)sna_types_row(types, 100));
    }
    sna_types_free(types);
    sna_notes_free(&notes);
    fuzz_file_close(&file);
    return 0;
}
