/* validate_matrix.c: runs the validator on circuits with one fault each. */
#include "validate_matrix.h"

#include <stdlib.h>
#include <string.h>

void print_findings(const sna_findings *findings)
{
    for (uint64_t i = 0; i < findings->count; i++)
        print_error("  %s %s %s: %s: %s\n", sna_severity_name(findings->finding[i].severity), findings->finding[i].code,
                    findings->finding[i].file, findings->finding[i].place, findings->finding[i].found);
}

void validate(const base_circuit *circuit, unsigned strict, sna_findings *findings)
{
    const char *const path[] = {circuit->simulation};
    const sna_validate_options options = {.strict = strict};

    *findings = SNA_FINDINGS;
    assert_done(sna_validate(findings, path, 1, &options));
}

const sna_finding *find(const sna_findings *findings, const char *code, const char *place)
{
    for (uint64_t i = 0; i < findings->count; i++) {
        const sna_finding *finding = &findings->finding[i];
        if (strcmp(finding->code, code) == 0 &&
            (strcmp(finding->place, place) == 0 || strcmp(sna_path_name(finding->file), place) == 0))
            return finding;
    }
    return NULL;
}

/* Is `code` one of the words? */
static bool is_listed(const char *words, const char *code)
{
    sna_list list = SNA_LIST;
    bool listed = false;

    assert_done(sna_list_split(&list, words, ' '));
    listed = sna_list_find(&list, code) >= 0;
    sna_list_free(&list);
    return listed;
}

static bool is_found(const fault *f)
{
    base_circuit circuit;
    sna_findings findings;
    const sna_finding *found;
    bool good = true;

    base_circuit_make(&circuit);
    f->inject(&circuit);
    validate(&circuit, 0, &findings);
    found = find(&findings, f->code, f->place);
    good = f->code[0] == '\0' || (found != NULL && found->severity == f->severity && found->found[0] != '\0');
    for (uint64_t i = 0; i < findings.count; i++) {
        const char *code = findings.finding[i].code;
        if (findings.finding[i].severity == ERROR && strcmp(code, f->code) != 0 && !is_listed(f->errors, code))
            good = false;
    }
    if (!good) {
        print_error("%s: expected %s %s at %s, found:\n", f->name, sna_severity_name(f->severity), f->code, f->place);
        print_findings(&findings);
    }
    sna_findings_free(&findings);
    if (good && f->strict != 0) {
        validate(&circuit, f->strict, &findings);
        found = find(&findings, f->code, f->place);
        good = found != NULL && found->severity == ERROR;
        if (!good)
            print_error("%s: no error under strictness %u\n", f->name, f->strict);
        sna_findings_free(&findings);
    }
    base_circuit_remove(&circuit);
    return good;
}

void check_faults(const fault *faults, size_t count)
{
    size_t missed = 0;

    for (size_t i = 0; i < count; i++)
        missed += !is_found(&faults[i]);
    assert_int_equal(missed, 0);
}

void write_text(const char *path, const char *text)
{
    assert_done(sna_file_write(path, text, strlen(text)));
}

void change_text(const char *path, const char *old, const char *new)
{
    char *text = NULL, *at;
    uint64_t size = 0;
    sna_string changed = SNA_STRING;

    assert_done(sna_file_read(&text, &size, path));
    at = strstr(text, old);
    assert_non_null(at);
    *at = '\0';
    assert_done(sna_string_format(&changed, "%s%s%s", text, new, at + strlen(old)));
    write_text(path, changed.text);
    sna_string_free(&changed);
    free(text);
}
