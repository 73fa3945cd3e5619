/* connection_all.c: sonatina connection all */
#include "commands.h"
#include "connection.h"

#include <stdlib.h>

static const char doc[] =
    "Every table of the group connection at once, from one pass over the edges.\v"
    "Tables that need what the network lacks (positions, delays, gap junctions) are left out. With --output each table "
    "becomes a file NAME.csv (or .json, .md, by --format) of a folder; else all are printed.\n\n"
    "Example:\n  sonatina connection all config.json --sids pop_name -o tables";

static const struct argp_option option[] = {{"output", 'o', "DIR", 0, "Write each table into a file of this folder", 1},
                                            {0}};

typedef struct {
    connection_options shared;
    const char *output;
} all_options;

static error_t parse(int key, char *text, struct argp_state *state)
{
    all_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->shared;
        return 0;
    case 'o':
        options->output = text;
        return 0;
    case ARGP_KEY_END:
        if (picture_wanted(&options->shared.picture))
            argp_error(state, "`connection all` draws nothing; `plot summary` and `report` do");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Writes the tables of a record as files of a folder, all or none. */
static int write_files(const char *folder, const sna_record *record, const sna_list *names, sna_format format)
{
    static const char *const ending[] = {"csv", "csv", "json", "md"};
    int status = 0;
    const sna_format kind = format == SNA_FORMAT_TEXT ? SNA_FORMAT_CSV : format;
    sna_outputs *outputs = NULL;

    status = sna_outputs_create(&outputs);
    if (status == 0)
        status = sna_outputs_folder(outputs, folder);
    for (uint64_t i = 0; i < names->count && status == 0; i++) {
        char *name = NULL, *path = NULL;
        const char *temporary = NULL;
        FILE *stream = NULL;
        status = sna_text_format(&name, "%s.%s", names->text[i], ending[format]);
        if (status == 0)
            status = sna_path_join(&path, folder, name);
        if (status == 0)
            status = sna_outputs_add(outputs, path, &temporary);
        if (status == 0)
            status = sna_stream_open(&stream, temporary);
        if (status == 0) {
            status = sna_table_write(sna_record_get_table(record, names->text[i]), stream, kind);
            if (status == 0)
                status = sna_stream_close(stream, temporary);
            else
                (void)fclose(stream);
        }
        free(name);
        free(path);
    }
    if (status == 0)
        status = sna_outputs_commit(outputs);
    sna_outputs_free(outputs);
    return status;
}

int connection_all(int argc, char **argv)
{
    static const struct argp_child children[] = {{&connection_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {.options = option, .parser = parse, .doc = doc, .children = children};
    int status = 0;
    all_options options = {.output = NULL};
    sna_circuit *circuit = NULL;
    sna_record *record = NULL;
    sna_list names = SNA_LIST;

    status = command_parse(&argp, argc, argv, &options);
    if (status == 0)
        status = sna_circuit_open(&circuit, options.shared.config);
    if (status == 0)
        status = sna_survey_everything(circuit, &options.shared.request, &record, &names);
    if (status == 0)
        status = options.output != NULL ? write_files(options.output, record, &names, options.shared.output.format)
                                        : sna_record_write(record, stdout, options.shared.output.format);
    sna_record_free(record);
    sna_list_free(&names);
    sna_circuit_close(circuit);
    return status;
}
