/* fuzz_config.c: circuit and simulation configs, in a folder that exists (or nothing of them is read). */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    sna_config *config = NULL;
    sna_notes notes = SNA_NOTES;

    if (sna_config_parse(&config, (const char *)bytes, size, "/", "config.json", &notes) == 0) {
        fuzz_use(sna_config_text(config, "components.templates_dir") != NULL);
        fuzz_use(sna_config_find(config, "networks.nodes[0].nodes_file") != NULL);
        fuzz_use(sna_config_real(config, "run.tstop") > 0);
    }
    sna_config_free(config);
    sna_notes_free(&notes);
    return 0;
}
