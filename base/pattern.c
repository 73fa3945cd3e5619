/* pattern.c: regular expressions, on PCRE2. */
#include "base.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

struct sna_pattern {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
};

/* Patterns and texts come from files: neither may cost more than a moment. */
enum { LENGTH_MOST = 10000, STEPS_MOST = 1000000, WORKSPACE = 4096 };

int sna_pattern_create(sna_pattern **out, const char *text)
{
    int status = 0, code = 0;
    PCRE2_SIZE where = 0;
    sna_pattern *self = NULL;
    /* ECMAScript's escapes and meaning of $; texts of files need not be valid UTF-8. */
    const uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_ALT_BSUX | PCRE2_DOLLAR_ENDONLY |
                             PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_BACKSLASH_C;

    *out = NULL;
    if (strlen(text) > LENGTH_MOST) {
        status = sna_error(SNA_EFORMAT, "a pattern of %zu bytes is too long (at most %d)", strlen(text), LENGTH_MOST);
        goto out;
    }
    status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, options, &code, &where, NULL);
    if (self->code == NULL) {
        PCRE2_UCHAR reason[120] = "";
        (void)pcre2_get_error_message(code, reason, sizeof reason);
        status = sna_error(SNA_EFORMAT, "`%.200s` is no pattern: %s (at character %zu)", text, (const char *)reason,
                           (size_t)where + 1);
        goto out;
    }
    self->data = pcre2_match_data_create_from_pattern(self->code, NULL);
    self->limits = pcre2_match_context_create(NULL);
    if (self->data == NULL || self->limits == NULL) {
        status = sna_error(SNA_ENOMEM, "no memory for a pattern");
        goto out;
    }
    (void)pcre2_set_match_limit(self->limits, STEPS_MOST);
    *out = self;
    self = NULL;
out:
    sna_pattern_free(self);
    return status;
}

bool sna_pattern_matches(sna_pattern *self, const char *text)
{
    int workspace[WORKSPACE];
    int found = pcre2_match(self->code, (PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, 0, 0, self->data, self->limits);

    /* Backtracking can take ages where following all ways at once does not. */
    if (found == PCRE2_ERROR_MATCHLIMIT)
        found = pcre2_dfa_match(self->code, (PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, 0, PCRE2_DFA_SHORTEST, self->data,
                                self->limits, workspace, WORKSPACE);
    return found >= 0;
}

void sna_pattern_free(sna_pattern *self)
{
    if (self != NULL) {
        pcre2_match_context_free(self->limits);
        pcre2_match_data_free(self->data);
        pcre2_code_free(self->code);
        free(self);
    }
}
