/* network_validate.c: sonatina network validate. */
#include "command.h"
#include "commands.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/sonata.h"

typedef struct {
    output_options output;
    sna_validate_options validate;
    sna_severity least; /* findings below it are counted, not shown */
    bool list_kinds;
    const char *const *path; /* points into argv */
    uint64_t count;
} network_validate_options;

enum { KEY_STRICT = 0x2001, KEY_LEVEL, KEY_EXAMPLES, KEY_HEADERS, KEY_STOP, KEY_KINDS };

static const struct argp_option OPTIONS[] = {
    {"strict", KEY_STRICT, "RULES", OPTION_ARG_OPTIONAL,
     "Deviations from these rules are errors: guide (the SONATA developer guide), ext (its extension by BBP / OBI, as "
     "libsonata and bluepysnap want it), bmtk (what BMTK's readers need), all, or own (the guide and what the "
     "circuit's own "
     "family needs); a list with commas; own without RULES",
     0},
    {"level", KEY_LEVEL, "SEVERITY", 0, "Show findings from this severity on: note (default), warning, error", 0},
    {"examples", KEY_EXAMPLES, "N", 0, "Offenders to name in each finding, 1 to 16 (default: 5)", 0},
    {"headers-only", KEY_HEADERS, NULL, 0, "Look at shapes, types and names, not at values: takes no time on any file",
     0},
    {"stop-at-error", KEY_STOP, NULL, 0, "End at the first error", 0},
    {"kinds", KEY_KINDS, NULL, 0, "List all kinds of findings instead, with what is expected and how to mend it", 0},
    {0}};

/* "guide,ext". */
static void parse_strict(network_validate_options *options, const char *text, struct argp_state *state)
{
    static const struct {
        const char *name;
        unsigned rules;
    } known[] = {{"guide", SNA_STRICT_GUIDE},
                 {"ext", SNA_STRICT_EXT},
                 {"bmtk", SNA_STRICT_BMTK},
                 {"own", SNA_STRICT_OWN | SNA_STRICT_GUIDE},
                 {"all", SNA_STRICT_GUIDE | SNA_STRICT_EXT | SNA_STRICT_BMTK}};
    sna_list words = SNA_LIST;

    if (sna_list_split(&words, text == NULL ? "own" : text, ',') != 0)
        command_bad_value(state, "--strict");
    for (uint64_t i = 0; i < words.count; i++) {
        unsigned rules = 0;
        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            rules |= strcmp(words.text[i], known[k].name) == 0 ? known[k].rules : 0;
        if (rules == 0)
            argp_error(state, "--strict: must be guide, ext, bmtk, own or all, found %s", words.text[i]);
        options->validate.strict |= rules;
    }
    sna_list_free(&words);
}

static void parse_level(network_validate_options *options, const char *text, struct argp_state *state)
{
    for (int i = SNA_SEVERITY_NOTE; i <= SNA_SEVERITY_ERROR; i++)
        if (strcmp(text, sna_severity_name((sna_severity)i)) == 0) {
            options->least = (sna_severity)i;
            return;
        }
    argp_error(state, "--level: must be note, warning or error, found %s", text);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    network_validate_options *options = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->output;
        break;
    case KEY_STRICT:
        parse_strict(options, text, state);
        break;
    case KEY_LEVEL:
        parse_level(options, text, state);
        break;
    case KEY_EXAMPLES:
        options->validate.examples = command_unsigned(state, "--examples", text);
        if (options->validate.examples == 0 || options->validate.examples > 16)
            argp_error(state, "--examples: must be from 1 to 16, found %s", text);
        break;
    case KEY_HEADERS:
        options->validate.headers_only = true;
        break;
    case KEY_STOP:
        options->validate.stop_at_error = true;
        break;
    case KEY_KINDS:
        options->list_kinds = true;
        break;
    case ARGP_KEY_ARGS:
        options->path = (const char *const *)(state->argv + state->next);
        options->count = (uint64_t)(state->argc - state->next);
        break;
    case ARGP_KEY_END:
        if (options->count == 0 && !options->list_kinds)
            argp_error(state, "which config or files?");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_child CHILDREN[] = {{&output_argp, 0, NULL, 0}, {0}};
static const struct argp ARGUMENTS = {OPTIONS,
                                      parse,
                                      "CONFIG | FILE...",
                                      "Looks for what is wrong with a network: its config, nodes, edges, indices and "
                                      "types, whichever family of tools wrote "
                                      "it.\v"
                                      "A config is looked at with all that it names; nodes and edges files given side "
                                      "by side are taken to be one circuit. "
                                      "Each finding has a stable code, the place, what was found, what was expected "
                                      "and how to mend it. Every edge is read "
                                      "once; memory does not grow with their number. The exit status is 3 when there "
                                      "are errors, 0 otherwise: warnings and "
                                      "notes are no failure.\n\n"
                                      "Examples:\n"
                                      "  sonatina network validate network/circuit_config.json\n"
                                      "  sonatina network validate --strict=ext --format json nodes.h5 edges.h5",
                                      CHILDREN,
                                      NULL,
                                      NULL};

/* ---- printing ----------------------------------------------------------------------------------------------- */

/* Names come from files: what a terminal would act on is shown as a question mark. */
static void print_clean(const char *text)
{
    for (; *text != '\0'; text++)
        (void)putchar((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text);
}

static void print_line(const char *label, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    (void)printf("    %s", label);
    print_clean(text);
    (void)putchar('\n');
}

static void print_finding(const sna_finding *finding)
{
    (void)printf("%s %s  ", sna_severity_name(finding->severity), finding->code);
    print_clean(finding->file);
    if (finding->line > 0)
        (void)printf(":%" PRIu64, finding->line);
    if (finding->place[0] != '\0') {
        (void)fputs(": ", stdout);
        print_clean(finding->place);
    }
    (void)putchar('\n');
    print_line("", finding->found);
    if (finding->examples.count > 0) {
        (void)fputs("    first: ", stdout);
        for (uint64_t i = 0; i < finding->examples.count; i++) {
            (void)fputs(i > 0 ? "; " : "", stdout);
            print_clean(finding->examples.text[i]);
        }
        (void)putchar('\n');
    }
    if (finding->severity > SNA_SEVERITY_NOTE) {
        print_line("expected: ", finding->expected);
        print_line("to mend: ", finding->mend);
    }
}

static void print_text(const sna_findings *findings, sna_severity least)
{
    const uint64_t errors = sna_findings_number(findings, SNA_SEVERITY_ERROR);
    const uint64_t warnings = sna_findings_number(findings, SNA_SEVERITY_WARNING);
    const uint64_t notes = sna_findings_number(findings, SNA_SEVERITY_NOTE);

    for (int severity = SNA_SEVERITY_ERROR; severity >= (int)least; severity--)
        for (uint64_t i = 0; i < findings->count; i++)
            if ((int)findings->finding[i].severity == severity)
                print_finding(&findings->finding[i]);
    (void)printf("%" PRIu64 " %s, %" PRIu64 " %s, %" PRIu64 " %s\n", errors, errors == 1 ? "error" : "errors", warnings,
                 warnings == 1 ? "warning" : "warnings", notes, notes == 1 ? "note" : "notes");
}

static int print_table(const sna_findings *findings, const network_validate_options *options)
{
    int status = 0;
    sna_findings shown = SNA_FINDINGS;
    sna_table *table = NULL;

    /* A view of those that are to be shown: the texts stay where they are. */
    status = sna_allocate(&shown.finding, findings->count, sizeof *shown.finding);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < findings->count; i++)
        if (findings->finding[i].severity >= options->least)
            shown.finding[shown.count++] = findings->finding[i];
    status = sna_findings_table(&shown, &table);
    if (status == 0)
        status = sna_table_write(table, stdout, options->output.format);
out:
    sna_table_free(table);
    free(shown.finding);
    return status;
}

/* "guide, ext". */
static int strict_text(unsigned strict, sna_string *out)
{
    static const char *const names[] = {"guide", "ext", "bmtk"};
    int status = 0;

    for (unsigned i = 0; i < 3 && status == 0; i++)
        if ((strict & 1u << i) != 0)
            status = sna_string_format(out, "%s%s", out->length > 0 ? ", " : "", names[i]);
    return status;
}

static int print_kinds(sna_format format)
{
    static const char *const columns[] = {"code", "severity", "error under", "expected", "to mend"};
    int status = 0;
    sna_table *table = NULL;

    status = sna_table_create(&table, NULL, NULL);
    for (size_t i = 0; i < sizeof columns / sizeof *columns && status == 0; i++)
        status = sna_table_add_column(table, columns[i], NULL, SNA_TEXT);
    for (uint64_t i = 0; sna_finding_kind_at(i) != NULL && status == 0; i++) {
        const sna_finding_kind *kind = sna_finding_kind_at(i);
        sna_string strict = SNA_STRING;
        status = strict_text(kind->strict, &strict);
        if (status == 0)
            status = sna_table_add_row(table, NULL);
        if (status == 0)
            status = sna_table_set_text(table, i, 0, kind->code);
        if (status == 0)
            status = sna_table_set_text(table, i, 1, sna_severity_name(kind->severity));
        if (status == 0)
            status = sna_table_set_text(table, i, 2, sna_string_text(&strict));
        if (status == 0)
            status = sna_table_set_text(table, i, 3, kind->expected);
        if (status == 0)
            status = sna_table_set_text(table, i, 4, kind->mend);
        sna_string_free(&strict);
    }
    if (status == 0)
        status = sna_table_write(table, stdout, format);
    sna_table_free(table);
    return status;
}

int network_validate(int argc, char **argv)
{
    network_validate_options options = {.least = SNA_SEVERITY_NOTE};
    sna_findings findings = SNA_FINDINGS;
    int status = command_parse(&ARGUMENTS, argc, argv, &options);

    if (status != 0)
        goto out;
    if (options.list_kinds) {
        status = print_kinds(options.output.format);
        goto out;
    }
    options.validate.isolate = true;
    status = sna_validate(&findings, options.path, options.count, &options.validate);
    if (status != 0)
        goto out;
    if (options.output.format == SNA_FORMAT_TEXT)
        print_text(&findings, options.least);
    else
        status = print_table(&findings, &options);
    if (status == 0 && sna_findings_number(&findings, SNA_SEVERITY_ERROR) > 0)
        status = EXIT_INVALID;
out:
    sna_findings_free(&findings);
    return status;
}
