/* lexer.c: the tokens of a mod file. Nothing is thrown away: blanks and comments are tokens too. Units look like other
 * tokens and are only known as such by the parser, which therefore asks for one token at a time. */
#include "reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || is_line_end(c);
}

/* ---- reserved words ----------------------------------------------------------------------------------------- */

#define WORD_TEXT(name) #name,
static const char *const word_text[] = {NMODL_WORDS(WORD_TEXT) ""};
#undef WORD_TEXT

const char *nmodl_word_name(nmodl_word word)
{
    return word_text[word];
}

static int compare_word(const char *text, uint64_t length, const char *word)
{
    const size_t word_length = strlen(word);
    const int order = memcmp(text, word, length < word_length ? (size_t)length : word_length);

    if (order != 0)
        return order;
    return length < word_length ? -1 : length > word_length;
}

static nmodl_word find_word(const char *text, uint64_t length)
{
    /* the three that nocmodl takes in lower case, too */
    static const struct {
        const char *text;
        nmodl_word word;
    } lower[] = {{"if", WORD_IF}, {"else", WORD_ELSE}, {"while", WORD_WHILE}};
    int low = 0, high = WORD_COUNT - 1;

    for (size_t i = 0; i < sizeof lower / sizeof *lower; i++) {
        if (compare_word(text, length, lower[i].text) == 0)
            return lower[i].word;
    }
    while (low <= high) {
        const int middle = (low + high) / 2, order = compare_word(text, length, word_text[middle]);
        if (order == 0)
            return (nmodl_word)middle;
        if (order < 0)
            high = middle - 1;
        else
            low = middle + 1;
    }
    return WORD_NONE;
}

/* ---- messages ----------------------------------------------------------------------------------------------- */

int nmodl_error_at(const nmodl_reader *self, const sna_nmodl_place *place, int code, const char *format, ...)
{
    char sentence[512];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return sna_error(code, "%s:%" PRIu64 ":%" PRIu64 ": %s", self->file->source[place->source].path, place->line,
                     place->column, sentence);
}

/* An error where the lexer stands. */
static int error_here(const nmodl_reader *self, const char *sentence)
{
    const sna_nmodl_place place = {
        .source = self->source, .line = self->line, .column = self->position - self->line_start + 1};

    return nmodl_error_at(self, &place, SNA_EFORMAT, "%s", sentence);
}

int nmodl_note(nmodl_reader *self, const sna_nmodl_place *place, const char *format, ...)
{
    int status = 0;
    char sentence[512];
    char *note = NULL;
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    if (place->source == 0)
        status = sna_text_format(&note, "line %" PRIu64 ": %s", place->line, sentence);
    else
        status = sna_text_format(&note, "%s, line %" PRIu64 ": %s", self->file->source[place->source].path, place->line,
                                 sentence);
    if (status == 0)
        status = sna_list_add(&self->file->note, note);
    free(note);
    return status;
}

int nmodl_expected(const nmodl_reader *self, const char *what)
{
    enum { MOST = 40 };
    const sna_nmodl_token *token = nmodl_token(self);
    const sna_nmodl_place place = nmodl_place(self);
    const char *text = nmodl_token_text(self);
    int length = 0;

    if (token->kind == SNA_NMODL_END) {
        if (self->block >= 0) {
            const sna_nmodl_block *block = &self->file->block[self->block];
            return nmodl_error_at(self, &place, SNA_EFORMAT,
                                  "expected %s, but the file ends here: the %s block of line %" PRIu64
                                  " is not closed with `}`",
                                  what, block->kind, block->place.line);
        }
        return nmodl_error_at(self, &place, SNA_EFORMAT, "expected %s, but the file ends here", what);
    }
    while (length < MOST && (uint64_t)length < token->length && text[length] >= ' ' && text[length] <= '~')
        length++;
    return nmodl_error_at(self, &place, SNA_EFORMAT, "expected %s, found %s`%.*s%s`", what,
                          self->word != WORD_NONE ? "the keyword " : "", length, text,
                          (uint64_t)length < token->length ? "..." : "");
}

/* ---- tokens ------------------------------------------------------------------------------------------------- */

const sna_nmodl_token *nmodl_token(const nmodl_reader *self)
{
    return &self->file->source[self->source].token[self->at];
}

const char *nmodl_token_text(const nmodl_reader *self)
{
    return self->file->source[self->source].text + nmodl_token(self)->start;
}

sna_nmodl_place nmodl_place(const nmodl_reader *self)
{
    const sna_nmodl_token *token = nmodl_token(self);

    return (sna_nmodl_place){.source = self->source, .token = self->at, .line = token->line, .column = token->column};
}

/* Bytes outside ASCII may stand where they are not looked at, but nocmodl stops at them everywhere except in a COMMENT
 * block. */
static int check_ascii(nmodl_reader *self, const sna_nmodl_token *token)
{
    const char *text = self->file->source[self->source].text + token->start;
    const sna_nmodl_place place = {.source = self->source, .line = token->line};

    if (self->said_ascii || (token->kind == SNA_NMODL_COMMENT && text[0] == 'C'))
        return 0;
    for (uint64_t i = 0; i < token->length; i++) {
        if ((unsigned char)text[i] > 127) {
            self->said_ascii = true;
            return nmodl_note(self, &place,
                              "a letter that is not ASCII; NEURON's nocmodl takes those in COMMENT blocks only");
        }
    }
    return 0;
}

/* Appends the token from the lexer's position to `end`, and moves there. */
static int push(nmodl_reader *self, sna_nmodl_token_kind kind, uint64_t end)
{
    int status = 0;
    sna_nmodl_source *source = &self->file->source[self->source];
    sna_nmodl_token *grown = sna_grow(source->token, &source->capacity, source->count + 1, sizeof *source->token);
    const sna_nmodl_token token = {.kind = kind,
                                   .start = self->position,
                                   .length = end - self->position,
                                   .line = self->line,
                                   .column = self->position - self->line_start + 1};

    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    source->token = grown;
    source->token[source->count++] = token;
    if (kind == SNA_NMODL_COMMENT || kind == SNA_NMODL_UNIT || kind == SNA_NMODL_STRING || kind == SNA_NMODL_TITLE ||
        kind == SNA_NMODL_VERBATIM)
        status = check_ascii(self, &token);
    while (self->position < end) {
        const char c = source->text[self->position++];
        if (c == '\n' || (c == '\r' && source->text[self->position] != '\n')) {
            self->line++;
            self->line_start = self->position;
        }
    }
out:
    return status;
}

/* Position of the end of the line that holds `at`. */
static uint64_t line_end(const nmodl_reader *self, uint64_t at)
{
    const char *text = self->file->source[self->source].text;

    while (at < self->limit && !is_line_end(text[at]))
        at++;
    return at;
}

/* The end of a COMMENT or VERBATIM block whose keyword ends at `at`: the end of the first line whose first word is END
 * and the keyword. Returns false when there is none. */
static bool find_block_end(const nmodl_reader *self, uint64_t at, const char *last, uint64_t *end)
{
    const char *text = self->file->source[self->source].text;

    while (at < self->limit) {
        uint64_t word, behind;
        for (word = at; text[word] == ' ' || text[word] == '\t'; word++)
            ;
        for (behind = word; behind < self->limit && is_letter(text[behind]); behind++)
            ;
        *end = line_end(self, at);
        if (compare_word(text + word, behind - word, last) == 0)
            return true;
        at = *end + 1;
    }
    return false;
}

static int lex_block(nmodl_reader *self, sna_nmodl_token_kind kind, uint64_t word_end)
{
    int status = 0;
    const bool comment = kind == SNA_NMODL_COMMENT;
    const char *last = comment ? "ENDCOMMENT" : "ENDVERBATIM";
    uint64_t end = 0;

    if (find_block_end(self, word_end, last, &end)) {
        status = push(self, kind, end);
    } else {
        const char *text = self->file->source[self->source].text;
        const bool there = memmem(text + word_end, (size_t)(self->limit - word_end), last, strlen(last)) != NULL;
        status =
            error_here(self, comment ? there ? "this COMMENT has no end: ENDCOMMENT must be the first word of its line"
                                             : "this COMMENT has no ENDCOMMENT"
                             : there ? "this VERBATIM has no end: ENDVERBATIM must be the first word of its line"
                                     : "this VERBATIM has no ENDVERBATIM");
    }
    return status;
}

static int lex_word(nmodl_reader *self)
{
    const char *text = self->file->source[self->source].text;
    sna_nmodl_token_kind kind = SNA_NMODL_WORD;
    uint64_t end = self->position;
    nmodl_word word;

    while (end < self->limit && (is_letter(text[end]) || is_digit(text[end]) || text[end] == '_'))
        end++;
    if (end < self->limit && text[end] == '\'') {
        while (end < self->limit && text[end] == '\'')
            end++;
        if (end < self->limit && text[end] == '0') /* m'0, the derivative's initial value */
            end++;
        kind = SNA_NMODL_PRIME;
    }
    word = kind == SNA_NMODL_WORD ? find_word(text + self->position, end - self->position) : WORD_NONE;
    switch (word) {
    case WORD_COMMENT:
        return lex_block(self, SNA_NMODL_COMMENT, end);
    case WORD_VERBATIM:
        self->word = word;
        return lex_block(self, SNA_NMODL_VERBATIM, end);
    case WORD_TITLE:
        self->word = word;
        return push(self, SNA_NMODL_TITLE, line_end(self, end));
    default:
        self->word = word;
        return push(self, kind, end);
    }
}

static uint64_t skip_digits(const nmodl_reader *self, uint64_t at)
{
    const char *text = self->file->source[self->source].text;

    while (at < self->limit && is_digit(text[at]))
        at++;
    return at;
}

static int lex_number(nmodl_reader *self)
{
    const char *text = self->file->source[self->source].text;
    sna_nmodl_token_kind kind = SNA_NMODL_INTEGER;
    uint64_t end = skip_digits(self, self->position);

    if (end < self->limit && text[end] == '.') {
        kind = SNA_NMODL_REAL;
        end = skip_digits(self, end + 1);
    }
    if (end < self->limit && (text[end] == 'e' || text[end] == 'E')) {
        uint64_t digits = end + 1;
        if (digits < self->limit && (text[digits] == '+' || text[digits] == '-'))
            digits++;
        if (digits < self->limit && is_digit(text[digits])) {
            kind = SNA_NMODL_REAL;
            end = skip_digits(self, digits);
        }
    }
    return push(self, kind, end);
}

static int lex_string(nmodl_reader *self)
{
    const char *text = self->file->source[self->source].text;
    const char *end = memchr(text + self->position + 1, '"', (size_t)(self->limit - self->position - 1));

    if (end == NULL)
        return error_here(self, "this text has no closing quote");
    return push(self, SNA_NMODL_STRING, (uint64_t)(end - text) + 1);
}

static int lex_symbol(nmodl_reader *self)
{
    static const struct {
        const char *text;
        int symbol;
    } several[] = {{"<->", SYMBOL_REACTION}, {">=", SYMBOL_GE},  {"<=", SYMBOL_LE}, {"==", SYMBOL_EQ},
                   {"!=", SYMBOL_NE},        {"&&", SYMBOL_AND}, {"||", SYMBOL_OR}};
    const char *text = self->file->source[self->source].text + self->position;
    const uint64_t rest = self->limit - self->position;
    char sentence[64];

    for (size_t i = 0; i < sizeof several / sizeof *several; i++) {
        const size_t length = strlen(several[i].text);
        if (length <= rest && memcmp(text, several[i].text, length) == 0) {
            self->symbol = several[i].symbol;
            return push(self, SNA_NMODL_SYMBOL, self->position + length);
        }
    }
    if (strchr("{}()[]@+-*/^=<>!,~", text[0]) != NULL) {
        self->symbol = (unsigned char)text[0];
        return push(self, SNA_NMODL_SYMBOL, self->position + 1);
    }
    if (text[0] > ' ' && text[0] <= '~')
        (void)snprintf(sentence, sizeof sentence, "`%c` has no meaning here", text[0]);
    else
        (void)snprintf(sentence, sizeof sentence, "the byte 0x%02x has no meaning here", (unsigned char)text[0]);
    return error_here(self, sentence);
}

int nmodl_next(nmodl_reader *self)
{
    int status = 0;
    sna_nmodl_source *source = &self->file->source[self->source];
    sna_nmodl_token_kind kind = SNA_NMODL_BLANK;

    if (source->count > 0 && source->token[source->count - 1].kind == SNA_NMODL_END)
        return 0;
    self->before = self->at;
    while (status == 0 && (kind == SNA_NMODL_BLANK || kind == SNA_NMODL_COMMENT)) {
        const char *text = source->text + self->position;
        self->word = WORD_NONE;
        self->symbol = SYMBOL_NONE;
        if (self->position == self->limit) {
            /* what stands behind a ^Z is kept, but not read */
            status = self->limit < source->size ? push(self, SNA_NMODL_COMMENT, source->size) : 0;
            if (status == 0)
                status = push(self, SNA_NMODL_END, source->size);
        } else if (is_blank(text[0])) {
            uint64_t end = self->position;
            while (end < self->limit && is_blank(source->text[end]))
                end++;
            status = push(self, SNA_NMODL_BLANK, end);
        } else if (text[0] == ':' || text[0] == '?') {
            status = push(self, SNA_NMODL_COMMENT, line_end(self, self->position));
        } else if (is_letter(text[0])) {
            status = lex_word(self);
        } else if (is_digit(text[0]) || (text[0] == '.' && self->position + 1 < self->limit && is_digit(text[1]))) {
            status = lex_number(self);
        } else if (text[0] == '"') {
            status = lex_string(self);
        } else {
            status = lex_symbol(self);
        }
        if (status == 0)
            kind = source->token[source->count - 1].kind;
    }
    if (status == 0)
        self->at = source->count - 1;
    return status;
}

/* Goes back to where the token under the eyes starts, to read it in another way. */
static void back(nmodl_reader *self)
{
    sna_nmodl_source *source = &self->file->source[self->source];
    const sna_nmodl_token token = source->token[self->at];

    source->count = self->at;
    self->position = token.start;
    self->line = token.line;
    self->line_start = token.start + 1 - token.column;
    self->word = WORD_NONE;
    self->symbol = SYMBOL_NONE;
}

int nmodl_as_unit(nmodl_reader *self)
{
    int status = 0;
    const char *text = self->file->source[self->source].text;
    uint64_t end;

    back(self);
    for (end = self->position; end < self->limit && text[end] != ')' && !is_line_end(text[end]); end++)
        ;
    if (end == self->limit || text[end] != ')')
        status = error_here(self, "this unit has no closing `)` on its line");
    else
        status = push(self, SNA_NMODL_UNIT, end + 1);
    return status;
}

int nmodl_as_curie(nmodl_reader *self)
{
    int status = 0;
    const char *text = self->file->source[self->source].text;
    uint64_t end;
    bool colon = false;

    back(self);
    for (end = self->position; end < self->limit && !is_blank(text[end]) && text[end] != '}'; end++)
        colon = colon || text[end] == ':';
    if (end == self->position || !colon)
        status = error_here(self, "expected an ontology identifier such as NCIT:C17145 behind REPRESENTS");
    else
        status = push(self, SNA_NMODL_CURIE, end);
    return status;
}

char nmodl_peek(const nmodl_reader *self)
{
    const char *text = self->file->source[self->source].text;
    uint64_t at = self->position;

    while (at < self->limit && (is_blank(text[at]) || text[at] == ':' || text[at] == '?'))
        at = is_blank(text[at]) ? at + 1 : line_end(self, at);
    return text[at < self->limit ? at : self->file->source[self->source].size];
}

int nmodl_lexer_start(nmodl_reader *self, uint64_t source)
{
    int status = 0;
    const sna_nmodl_source *read = &self->file->source[source];
    const char *zero = memchr(read->text, '\0', (size_t)read->size);

    self->source = source;
    self->position = 0;
    self->limit = read->size;
    self->line = 1;
    self->line_start = 0;
    self->at = 0;
    self->said_ascii = false;
    for (uint64_t i = 0; i < read->size && self->limit == read->size; i++) {
        if (read->text[i] == 26 || read->text[i] == 4)
            self->limit = i;
    }
    if (zero != NULL) {
        for (self->position = 0; read->text + self->position < zero; self->position++) {
            if (read->text[self->position] == '\n') {
                self->line++;
                self->line_start = self->position + 1;
            }
        }
        status = error_here(self, "a NUL byte: this is not a text file");
    }
    return status;
}
