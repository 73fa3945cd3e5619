/* convert_files.c: spikes and reports, written in another dialect. */
#include "sonata/convert.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- spikes ------------------------------------------------------------------------------------------------- */

/* The name to write a population under. */
static int name_of(const sna_conversion *self, const char *file, const char *population, const char **out)
{
    *out = population[0] != '\0' ? population : self->population;
    if (*out == NULL)
        return sna_error(SNA_EINVAL,
                         "%s does not say of which population it is (the layout of 2018): name it with "
                         "--population",
                         file);
    return 0;
}

int sna_convert_spikes(sna_conversion *self, const char *from, const char *path)
{
    int status = 0;
    sna_spikes *spikes = NULL;
    sna_spike_list list = {0};
    sna_spike_writer *writer = NULL;
    sna_write_options options = self->write;

    options.string_sorting = self->dialect == SNA_DIALECT_ALLEN;
    status = sna_spikes_open(&spikes, from, NULL);
    if (status == 0)
        status = sna_spike_writer_open(&writer, self->outputs, path, &options);
    for (uint64_t i = 0; status == 0 && i < sna_spikes_populations(spikes); i++) {
        const char *name = NULL;
        status = name_of(self, from, sna_spikes_population(spikes, i), &name);
        if (status == 0)
            status = sna_spikes_read(spikes, i, (double)NAN, (double)NAN, NULL, 0, &list);
        if (status == 0)
            status = sna_spike_writer_population(writer, name, &list);
        if (status == 0)
            status = sna_conversion_wrote(self, "spikes", name, list.count, path);
        if (status == 0 && strcmp(sna_spikes_unit(spikes, i), "ms") != 0)
            status = sna_table_add_note(self->done, "The times of %s, which were in %s, are in ms.", name,
                                        sna_spikes_unit(spikes, i));
        sna_spike_list_free(&list);
    }
    if (status == 0)
        status = sna_spike_writer_finish(writer);
    sna_spike_writer_close(writer);
    sna_spikes_close(spikes);
    return status;
}

/* ---- reports ------------------------------------------------------------------------------------------------ */

static int copy_frames(sna_report *report, sna_report_writer *writer)
{
    int status = 0;
    enum { VALUES_AT_ONCE = 1 << 20 };
    const uint64_t frames = sna_report_frames(report), elements = sna_report_elements(report);
    const uint64_t block = elements == 0 ? frames + 1 : VALUES_AT_ONCE / elements + 1;
    double *value = NULL;
    sna_progress progress;

    sna_progress_start(&progress, "converting", "frames", frames);
    status = sna_allocate(&value, elements == 0 ? 0 : block * elements, sizeof *value);
    for (uint64_t first = 0; first < frames && status == 0; first += block) {
        const uint64_t now = frames - first < block ? frames - first : block;
        status = sna_report_read(report, first, now, 1, NULL, value);
        if (status == 0)
            status = sna_report_writer_append(writer, now, value);
        sna_progress_update(&progress, first + now);
        if (status == 0)
            status = sna_check_cancelled();
    }
    sna_progress_end(&progress);
    free(value);
    return status;
}

int sna_convert_report(sna_conversion *self, const char *from, const char *population, const char *path)
{
    int status = 0;
    const char *name = NULL;
    sna_report *report = NULL;
    sna_report_writer *writer = NULL;
    sna_report_layout layout = {0};
    bool is_double = false;

    status = sna_report_open(&report, from, population, NULL);
    if (status == 0)
        status = name_of(self, from, sna_report_population(report), &name);
    if (status != 0)
        goto out;
    is_double = sna_report_storage(report) != SNA_F32 && sna_report_storage(report) != SNA_F16;
    layout = (sna_report_layout){.unit = sna_report_unit(report),
                                 .start = sna_report_start(report),
                                 /* Frames are what counts: some writers round `stop`. */
                                 .stop = sna_report_start(report) +
                                         (double)sna_report_frames(report) * sna_report_step(report),
                                 .step = sna_report_step(report),
                                 .node_count = sna_report_nodes(report),
                                 .node_ids = sna_report_node_ids(report),
                                 .pointers = sna_report_pointers(report),
                                 .element_ids = sna_report_element_ids(report),
                                 .element_positions = sna_report_element_positions(report),
                                 .double_precision = is_double && self->dialect == SNA_DIALECT_ALLEN};
    status = sna_report_writer_open(&writer, self->outputs, path, name, &layout, &self->write);
    if (status == 0)
        status = copy_frames(report, writer);
    if (status == 0)
        status = sna_report_writer_finish(writer);
    if (status == 0 && is_double && !layout.double_precision)
        status = sna_table_add_note(self->done,
                                    "The values of %s, which were in double precision, are in single "
                                    "precision: libsonata reads no other.",
                                    name);
    if (status == 0)
        status = sna_conversion_wrote(self, "report", name, sna_report_frames(report), path);
out:
    sna_report_writer_close(writer);
    sna_report_close(report);
    return status;
}
