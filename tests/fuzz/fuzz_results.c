/* fuzz_results.c: what simulations write: spike files, reports, extracellular potentials, gap-junction files. */
#include "fuzz.h"

#include <math.h>
#include <stdlib.h>

enum { VALUES_MOST = 100000 };

static void use_spikes(const char *path, sna_notes *notes)
{
    sna_spikes *spikes = NULL;
    sna_spike_list list = {0};

    if (sna_spikes_open(&spikes, path, notes) == 0) {
        for (uint64_t i = 0; i < sna_spikes_populations(spikes); i++) {
            if (sna_spikes_block(spikes, i, 0, VALUES_MOST, &list) == 0 &&
                sna_spike_list_sort(&list, SNA_ORDER_TIME) == 0)
                fuzz_use(list.count);
            sna_spike_list_free(&list);
        }
    }
    sna_spikes_close(spikes);
}

static void use_report(const char *path, sna_notes *notes)
{
    sna_list names = SNA_LIST;
    sna_report *report = NULL;

    if (sna_populations_list(&names, path, "report") == 0) {
        for (uint64_t i = 0; i < names.count; i++) {
            if (sna_report_open(&report, path, names.text[i], notes) == 0) {
                const uint64_t elements = sna_report_elements(report), frames = sna_report_frames(report);
                const uint64_t count = frames < 4 ? frames : 4;
                if (elements > 0 && elements <= VALUES_MOST) {
                    double *value = calloc((size_t)(elements * 4), sizeof *value);
                    if (value != NULL && sna_report_read(report, 0, count, 1, NULL, value) == 0 && count > 0)
                        fuzz_use(value[0] > 0);
                    free(value);
                }
            }
            sna_report_close(report);
            report = NULL;
        }
    }
    sna_list_free(&names);
}

static void use_ecp(const char *path, sna_notes *notes)
{
    sna_ecp *ecp = NULL;
    sna_gaps gaps = {0};

    if (sna_ecp_open(&ecp, path, notes) == 0 && sna_ecp_channels(ecp) <= VALUES_MOST && sna_ecp_frames(ecp) > 0) {
        double *value = calloc((size_t)sna_ecp_channels(ecp) + 1, sizeof *value);
        if (value != NULL && sna_ecp_read(ecp, 0, 1, value) == 0)
            fuzz_use(value[0] > 0);
        free(value);
    }
    sna_ecp_close(ecp);
    if (sna_gaps_read(&gaps, path, notes) == 0)
        fuzz_use(gaps.count);
    sna_gaps_free(&gaps);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    sna_notes notes = SNA_NOTES;
    fuzz_file file;

    if (fuzz_file_open(&file, bytes, size) != 0)
        return 0;
    use_spikes(file.path, &notes);
    use_report(file.path, &notes);
    use_ecp(file.path, &notes);
    fuzz_file_close(&file);
    sna_notes_free(&notes);
    return 0;
}
