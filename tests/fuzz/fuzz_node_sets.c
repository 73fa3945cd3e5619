/* fuzz_node_sets.c: node set files, and evaluating them on a population of the input's own. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    sna_node_sets *sets = NULL;
    sna_notes notes = SNA_NOTES;
    sna_list replaced = SNA_LIST;

    if (sna_node_sets_create(&sets) == 0 &&
        sna_node_sets_parse(sets, (const char *)bytes, size, "node_sets.json", &replaced, &notes) == 0) {
        for (uint64_t i = 0; i < sna_node_sets_count(sets); i++)
            fuzz_use((uint64_t)(unsigned char)sna_node_sets_name(sets, i)[0]);
    }
    sna_node_sets_free(sets);
    sna_list_free(&replaced);
    sna_notes_free(&notes);
    return 0;
}
