/* validate_findings.c: the list of findings, and counting offenders. */
#include "sonata/validate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- tallies ------------------------------------------------------------------------------------------------ */

static bool has_room(const sna_tally *self)
{
    return self->count < (self->most == 0 ? 5 : self->most);
}

void sna_tally_add(sna_tally *self, const char *format, ...)
{
    va_list arguments;

    if (has_room(self)) {
        va_start(arguments, format);
        (void)vsnprintf(self->first[self->count], SNA_TALLY_SIZE, format, arguments);
        va_end(arguments);
    }
    self->count++;
}

void sna_tally_row(sna_tally *self, uint64_t row)
{
    if (has_room(self))
        sna_tally_add(self, "row %" PRIu64, row);
    else
        self->count++;
}

void sna_tally_value(sna_tally *self, uint64_t row, double value)
{
    char buffer[SNA_NUMBER_SIZE];

    if (has_room(self))
        sna_tally_add(self, "row %" PRIu64 ": %s", row, sna_number_text(buffer, value));
    else
        self->count++;
}

/* ---- findings ----------------------------------------------------------------------------------------------- */

const char *sna_severity_name(sna_severity severity)
{
    return severity == SNA_SEVERITY_ERROR ? "error" : severity == SNA_SEVERITY_WARNING ? "warning" : "note";
}

static void free_finding(sna_finding *finding)
{
    free(finding->file);
    free(finding->place);
    free(finding->found);
    sna_list_free(&finding->examples);
}

int sna_findings_take(sna_findings *self, sna_finding *fresh, int status)
{
    sna_finding *grown = NULL;

    if (status != 0)
        goto out;
    grown = sna_grow(self->finding, &self->capacity, self->count + 1, sizeof *grown);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->finding = grown;
    self->finding[self->count++] = *fresh;
    *fresh = (sna_finding){.examples = SNA_LIST};
out:
    free_finding(fresh);
    return status;
}

/* Takes what `fresh` holds over, also when it fails. */
static int keep(const sna_validator *self, sna_finding *fresh)
{
    return sna_findings_take(self->findings, fresh, self->send == NULL ? 0 : self->send(fresh));
}

static int set_place(sna_finding *finding, sna_place where)
{
    int status = sna_text_copy(&finding->file, where.file);

    if (status == 0)
        status = sna_text_copy(&finding->place, where.place == NULL ? "" : where.place);
    finding->line = where.line;
    return status;
}

int sna_find(sna_validator *self, const char *code, sna_place where, const sna_tally *tally, const char *format, ...)
{
    int status = 0;
    bool is_error = false;
    va_list arguments;
    const sna_finding_kind *kind = sna_finding_kind_find(code);
    sna_finding finding = {
        .code = code, .severity = SNA_SEVERITY_ERROR, .count = tally == NULL ? 1 : tally->count, .examples = SNA_LIST};

    if (finding.count == 0)
        goto out;
    if (kind != NULL) {
        finding.code = kind->code;
        finding.severity = (kind->strict & self->options.strict) != 0 ? SNA_SEVERITY_ERROR : kind->severity;
        finding.expected = kind->expected;
        finding.mend = kind->mend;
    }
    status = set_place(&finding, where);
    if (status != 0)
        goto out;
    va_start(arguments, format);
    if (vasprintf(&finding.found, format, arguments) < 0) {
        finding.found = NULL;
        status = sna_error(SNA_ENOMEM, "no memory for a finding");
    }
    va_end(arguments);
    for (uint64_t i = 0; tally != NULL && i < tally->count && i < self->options.examples && status == 0; i++)
        status = sna_list_add(&finding.examples, tally->first[i]);
    if (status != 0)
        goto out;
    is_error = finding.severity == SNA_SEVERITY_ERROR;
    status = keep(self, &finding);
    if (status == 0 && is_error && self->options.stop_at_error) {
        self->stopped = true;
        status = sna_error(SNA_ECANCELLED, "stopped at the first error");
    }
out:
    free_finding(&finding);
    return status;
}

/* Has a check said what a reader notes: the same code in the same file? */
static bool is_known(const sna_findings *findings, const sna_note *note)
{
    for (uint64_t i = 0; i < findings->count; i++)
        if (strcmp(findings->finding[i].code, note->code) == 0 && strcmp(findings->finding[i].file, note->file) == 0)
            return true;
    return false;
}

int sna_find_notes(sna_validator *self, const sna_notes *notes)
{
    int status = 0;

    for (uint64_t i = 0; i < notes->count && status == 0; i++) {
        const sna_note *note = &notes->note[i];
        const sna_place where = {note->file, note->place, 0};
        sna_finding finding = {.code = note->code, .count = note->count, .examples = SNA_LIST};
        if (is_known(self->findings, note))
            continue;
        if (sna_finding_kind_find(note->code) != NULL) {
            status = sna_find(self, note->code, where, NULL, "%s", note->text);
            continue;
        }
        status = set_place(&finding, where);
        if (status == 0)
            status = sna_text_copy(&finding.found, note->text);
        if (status == 0)
            status = keep(self, &finding);
        else
            free_finding(&finding);
    }
    return status;
}

/* ---- asking ------------------------------------------------------------------------------------------------- */

uint64_t sna_findings_number(const sna_findings *self, sna_severity severity)
{
    uint64_t number = 0;

    for (uint64_t i = 0; i < self->count; i++)
        number += self->finding[i].severity == severity;
    return number;
}

const sna_finding *sna_findings_find(const sna_findings *self, const char *code)
{
    for (uint64_t i = 0; i < self->count; i++)
        if (strcmp(self->finding[i].code, code) == 0)
            return &self->finding[i];
    return NULL;
}

static int set_optional(sna_table *table, uint64_t row, uint64_t column, const char *text)
{
    return text == NULL || text[0] == '\0' ? 0 : sna_table_set_text(table, row, column, text);
}

static int add_row(sna_table *table, const sna_finding *finding)
{
    const uint64_t row = sna_table_rows(table);
    sna_string examples = SNA_STRING;
    int status = sna_table_add_row(table, NULL);

    if (status == 0)
        status = sna_table_set_text(table, row, 0, sna_severity_name(finding->severity));
    if (status == 0)
        status = sna_table_set_text(table, row, 1, finding->code);
    if (status == 0)
        status = sna_table_set_text(table, row, 2, finding->file);
    if (status == 0)
        status = set_optional(table, row, 3, finding->place);
    if (status == 0 && finding->line > 0)
        status = sna_table_set_integer(table, row, 4, (int64_t)finding->line);
    if (status == 0)
        status = sna_table_set_integer(table, row, 5, finding->count > INT64_MAX ? INT64_MAX : (int64_t)finding->count);
    if (status == 0)
        status = sna_table_set_text(table, row, 6, finding->found);
    if (status == 0)
        status = set_optional(table, row, 7, finding->expected);
    if (status == 0)
        status = set_optional(table, row, 8, finding->mend);
    for (uint64_t i = 0; i < finding->examples.count && status == 0; i++)
        status = sna_string_format(&examples, "%s%s", i > 0 ? "; " : "", finding->examples.text[i]);
    if (status == 0)
        status = set_optional(table, row, 9, sna_string_text(&examples));
    sna_string_free(&examples);
    return status;
}

int sna_findings_table(const sna_findings *self, sna_table **out)
{
    static const struct {
        const char *name;
        sna_type type;
    } columns[] = {{"severity", SNA_TEXT}, {"code", SNA_TEXT},     {"file", SNA_TEXT},  {"place", SNA_TEXT},
                   {"line", SNA_INTEGER},  {"count", SNA_INTEGER}, {"found", SNA_TEXT}, {"expected", SNA_TEXT},
                   {"mend", SNA_TEXT},     {"examples", SNA_TEXT}};
    int status = 0;
    sna_table *table = NULL;

    *out = NULL;
    status = sna_table_create(&table, "Findings", NULL);
    for (size_t i = 0; i < sizeof columns / sizeof *columns && status == 0; i++)
        status = sna_table_add_column(table, columns[i].name, NULL, columns[i].type);
    for (uint64_t i = 0; i < self->count && status == 0; i++)
        status = add_row(table, &self->finding[i]);
    if (status != 0)
        goto out;
    *out = table;
    table = NULL;
out:
    sna_table_free(table);
    return status;
}

void sna_findings_free(sna_findings *self)
{
    if (self == NULL)
        return;
    for (uint64_t i = 0; i < self->count; i++)
        free_finding(&self->finding[i]);
    free(self->finding);
    *self = SNA_FINDINGS;
}
