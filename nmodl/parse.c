/* parse.c: a mod file as a sequence of blocks, and the small pieces that all blocks are made of. */
#include "reader.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- pieces ------------------------------------------------------------------------------------------------- */

const char *nmodl_name_text(const nmodl_reader *self, uint64_t name)
{
    return self->names.name[name].about.name;
}

int nmodl_take_symbol(nmodl_reader *self, int symbol, const char *what)
{
    return self->symbol == symbol ? nmodl_next(self) : nmodl_expected(self, what);
}

bool nmodl_at_name(const nmodl_reader *self)
{
    return nmodl_token(self)->kind == SNA_NMODL_WORD && self->word == WORD_NONE;
}

int nmodl_take_name(nmodl_reader *self, uint64_t *out, const char *what)
{
    int status = 0;

    if (!nmodl_at_name(self))
        status = nmodl_expected(self, what);
    if (status == 0)
        status = nmodl_names_add(&self->names, out, nmodl_token_text(self), nmodl_token(self)->length);
    if (status == 0)
        status = nmodl_next(self);
    return status;
}

/* The name under the eyes when DEFINE has made it a number, else NULL. */
static const nmodl_name *find_defined(const nmodl_reader *self)
{
    const nmodl_name *name = NULL;

    if (nmodl_at_name(self))
        name = nmodl_names_find(&self->names, nmodl_token_text(self), nmodl_token(self)->length);
    return name != NULL && (name->flags & NAME_DEFINE) != 0 ? name : NULL;
}

bool nmodl_at_number(const nmodl_reader *self)
{
    const sna_nmodl_token_kind kind = nmodl_token(self)->kind;

    return kind == SNA_NMODL_INTEGER || kind == SNA_NMODL_REAL || find_defined(self) != NULL;
}

/* The token under the eyes as a number. */
static int parse_number(const nmodl_reader *self, double *out)
{
    int status = 0;
    const sna_nmodl_place place = nmodl_place(self);
    sna_string text = SNA_STRING;

    status = sna_string_append_bytes(&text, nmodl_token_text(self), nmodl_token(self)->length);
    if (status == 0)
        status = sna_number_parse(out, text.text);
    if (status == SNA_ERANGE)
        status = nmodl_error_at(self, &place, SNA_EFORMAT, "the number %.60s is too large", text.text);
    sna_string_free(&text);
    return status;
}

int nmodl_take_number(nmodl_reader *self, double *out, bool sign)
{
    int status = 0;
    const bool negative = sign && self->symbol == '-';
    const nmodl_name *defined;

    if (negative)
        status = nmodl_next(self);
    if (status != 0)
        goto out;
    defined = find_defined(self);
    if (defined != NULL) {
        *out = (double)defined->integer;
    } else if (nmodl_at_number(self)) {
        status = parse_number(self, out);
    } else {
        status = nmodl_expected(self, "a number");
    }
    if (status == 0) {
        *out = negative ? -*out : *out;
        status = nmodl_next(self);
    }
out:
    return status;
}

int nmodl_take_integer(nmodl_reader *self, int64_t *out, int64_t low)
{
    int status = 0;
    const sna_nmodl_place place = nmodl_place(self);
    double value = 0;

    if (nmodl_token(self)->kind == SNA_NMODL_REAL || !nmodl_at_number(self))
        status = nmodl_expected(self, "an integer");
    if (status == 0)
        status = nmodl_take_number(self, &value, false);
    if (status == 0 && (value < (double)low || value > INT32_MAX))
        status = nmodl_error_at(self, &place, SNA_EFORMAT, "expected an integer from %" PRId64 " to %d, found %.0f",
                                low, INT32_MAX, value);
    if (status == 0)
        *out = (int64_t)value;
    return status;
}

int nmodl_take_unit(nmodl_reader *self, char **out)
{
    int status = 0;
    const char *text;
    uint64_t first = 1, last;
    sna_string unit = SNA_STRING;

    free(*out);
    *out = NULL;
    if (self->symbol != '(')
        goto out;
    status = nmodl_as_unit(self);
    if (status != 0)
        goto out;
    text = nmodl_token_text(self);
    last = nmodl_token(self)->length - 1;
    while (first < last && (text[first] == ' ' || text[first] == '\t'))
        first++;
    while (last > first && (text[last - 1] == ' ' || text[last - 1] == '\t'))
        last--;
    status = sna_string_append_bytes(&unit, text + first, last - first);
    if (status != 0)
        goto out;
    *out = unit.text;
    status = nmodl_next(self);
out:
    return status;
}

int nmodl_take_arguments(nmodl_reader *self, uint64_t at)
{
    int status = nmodl_take_symbol(self, '(', "`(` and the arguments");

    while (status == 0 && self->symbol != ')') {
        sna_nmodl_block *block = &self->file->block[at];
        sna_nmodl_argument *grown =
            sna_grow(block->argument, &block->argument_capacity, block->argument_count + 1, sizeof *block->argument);
        sna_nmodl_argument *argument;
        uint64_t name = 0;
        if (grown == NULL) {
            status = SNA_ENOMEM;
            break;
        }
        block->argument = grown;
        status = nmodl_take_name(self, &name, "the name of an argument");
        if (status != 0)
            break;
        argument = &block->argument[block->argument_count];
        status = sna_text_copy(&argument->name, nmodl_name_text(self, name));
        if (status != 0)
            break;
        block->argument_count++;
        status = nmodl_take_unit(self, &argument->unit);
        if (status == 0 && self->symbol == ',') {
            status = nmodl_next(self);
            if (status == 0 && self->symbol == ')')
                status = nmodl_expected(self, "the name of an argument");
        } else if (status == 0 && self->symbol != ')') {
            status = nmodl_expected(self, "`,` or `)`");
        }
    }
    if (status == 0)
        status = nmodl_next(self);
    return status;
}

static int declared_already(const nmodl_reader *self, const nmodl_name *name, const sna_nmodl_place *place)
{
    const sna_nmodl_place *first = &name->about.place;

    if (name->about.implicit)
        return nmodl_error_at(self, place, SNA_EFORMAT,
                              "%s is the initial value of the STATE declared on line %" PRIu64
                              ", it cannot be anything but a PARAMETER",
                              name->about.name, first->line);
    if (first->source != place->source)
        return nmodl_error_at(self, place, SNA_EFORMAT, "%s is declared already, in %s on line %" PRIu64,
                              name->about.name, self->file->source[first->source].path, first->line);
    return nmodl_error_at(self, place, SNA_EFORMAT, "%s is declared already, on line %" PRIu64, name->about.name,
                          first->line);
}

int nmodl_declare(nmodl_reader *self, uint64_t index, uint32_t flag, const sna_nmodl_place *place)
{
    nmodl_name *name = &self->names.name[index];
    const bool implied = name->about.implicit && (flag & NAME_PARAMETER) != 0;

    if ((name->flags & (NAME_VARIABLE | NAME_BLOCK | NAME_DEFINE)) != 0 && !implied)
        return declared_already(self, name, place);
    name->flags |= flag;
    name->about.implicit = false;
    name->about.place = *place;
    if ((flag & NAME_VARIABLE) != 0 && name->order == UINT64_MAX)
        name->order = self->names.declared++;
    return 0;
}

/* ---- blocks ------------------------------------------------------------------------------------------------- */

int nmodl_open_block(nmodl_reader *self, uint64_t *out)
{
    sna_nmodl *file = self->file;
    sna_nmodl_block *grown = sna_grow(file->block, &file->block_capacity, file->block_count + 1, sizeof *file->block);

    if (grown == NULL)
        return SNA_ENOMEM;
    file->block = grown;
    *out = file->block_count++;
    file->block[*out] = (sna_nmodl_block){.kind = nmodl_word_name(self->word),
                                          .parent = self->block,
                                          .place = nmodl_place(self),
                                          .last = self->at,
                                          .last_line = nmodl_token(self)->line};
    if (self->block < 0)
        self->kind = self->word;
    self->block = (int64_t)*out;
    return 0;
}

static void end_block(nmodl_reader *self, uint64_t at, uint64_t last)
{
    sna_nmodl_block *block = &self->file->block[at];
    const sna_nmodl_source *source = &self->file->source[self->source];

    block->last = last;
    block->last_line = source->token[last].line;
    /* VERBATIM is one token of many lines: it ends where the next one starts */
    if (source->token[last].kind == SNA_NMODL_VERBATIM)
        block->last_line = source->token[last + 1].line;
    self->block = block->parent;
    if (self->block < 0)
        self->kind = WORD_NONE;
}

int nmodl_close_block(nmodl_reader *self, uint64_t at)
{
    if (self->symbol != '}')
        return nmodl_expected(self, "`}`");
    end_block(self, at, self->at);
    return nmodl_next(self);
}

/* A name for a function or for what SOLVE takes: nothing else may have it. */
static int declare_block(nmodl_reader *self, uint64_t at, bool solvable)
{
    int status = 0;
    const sna_nmodl_place place = nmodl_place(self);
    uint64_t index = 0;

    status = nmodl_take_name(self, &index, "a name");
    if (status == 0)
        status = nmodl_declare(self, index, solvable ? NAME_BLOCK | NAME_SOLVABLE : NAME_BLOCK, &place);
    if (status == 0)
        status = sna_text_copy(&self->file->block[at].name, nmodl_name_text(self, index));
    return status;
}

/* FUNCTION f(x (mV)) (1) { }, PROCEDURE, FUNCTION_TABLE (which has no body). */
static int parse_function(nmodl_reader *self, uint64_t block)
{
    int status = 0;
    const nmodl_word kind = self->word;

    status = nmodl_next(self);
    if (status == 0)
        status = declare_block(self, block, kind == WORD_PROCEDURE);
    if (status == 0)
        status = nmodl_take_arguments(self, block);
    if (status != 0)
        goto out;
    status = nmodl_take_unit(self, &self->file->block[block].unit);
    if (status != 0)
        goto out;
    if (kind == WORD_FUNCTION_TABLE)
        end_block(self, block, self->before);
    else
        status = nmodl_parse_body(self, block);
out:
    return status;
}

static int parse_solvable(nmodl_reader *self, uint64_t block)
{
    int status = nmodl_next(self);
    uint64_t name = 0;

    if (status == 0)
        status = declare_block(self, block, true);
    if (status == 0 && self->word == WORD_SOLVEFOR) {
        do {
            status = nmodl_next(self);
            if (status == 0)
                status = nmodl_take_name(self, &name, "the name of a STATE");
        } while (status == 0 && self->symbol == ',');
    }
    if (status == 0)
        status = nmodl_parse_body(self, block);
    return status;
}

/* BEFORE STEP { } */
static int parse_before_after(nmodl_reader *self, uint64_t block)
{
    int status = nmodl_next(self);

    if (status == 0 && self->word != WORD_BREAKPOINT && self->word != WORD_SOLVE && self->word != WORD_INITIAL &&
        self->word != WORD_STEP)
        status = nmodl_expected(self, "BREAKPOINT, SOLVE, INITIAL or STEP");
    if (status == 0)
        status = sna_text_copy(&self->file->block[block].name, nmodl_word_name(self->word));
    if (status == 0)
        status = nmodl_next(self);
    if (status == 0)
        status = nmodl_parse_body(self, block);
    return status;
}

static int parse_net_receive(nmodl_reader *self, uint64_t block)
{
    int status = nmodl_next(self);

    if (status == 0)
        status = nmodl_take_arguments(self, block);
    if (status == 0 && self->file->block[block].argument_count == 0)
        status = nmodl_error_at(self, &self->file->block[block].place, SNA_EFORMAT,
                                "NET_RECEIVE needs at least one argument, the weight");
    if (status == 0)
        status = nmodl_parse_body(self, block);
    return status;
}

/* ---- what stands between blocks ----------------------------------------------------------------------------- */

/* DEFINE NAME 10: called at DEFINE. */
static int parse_define(nmodl_reader *self)
{
    int status = 0;
    sna_nmodl *file = self->file;
    sna_nmodl_define *grown;
    sna_nmodl_place place;
    uint64_t index = 0;
    int64_t value = 0;

    status = nmodl_next(self);
    if (status != 0)
        goto out;
    place = nmodl_place(self);
    status = nmodl_take_name(self, &index, "a name");
    if (status == 0)
        status = nmodl_take_integer(self, &value, 0);
    if (status == 0)
        status = nmodl_declare(self, index, NAME_DEFINE, &place);
    if (status != 0)
        goto out;
    self->names.name[index].integer = value;
    grown = sna_grow(file->define, &file->define_capacity, file->define_count + 1, sizeof *file->define);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    file->define = grown;
    file->define[file->define_count] = (sna_nmodl_define){.value = value, .place = place};
    status = sna_text_copy(&file->define[file->define_count].name, nmodl_name_text(self, index));
    if (status == 0)
        file->define_count++;
out:
    return status;
}

/* TITLE text ! comment: the first one counts, as for nocmodl. */
static int parse_title(nmodl_reader *self)
{
    int status = 0;
    sna_string title = SNA_STRING;
    const char *text = nmodl_token_text(self);
    uint64_t first = strlen("TITLE"), last = nmodl_token(self)->length;
    const char *comment = memchr(text, '!', (size_t)last);

    if (self->file->title == NULL) {
        if (comment != NULL)
            last = (uint64_t)(comment - text);
        while (first < last && (text[first] == ' ' || text[first] == '\t'))
            first++;
        while (last > first && (text[last - 1] == ' ' || text[last - 1] == '\t'))
            last--;
        status = sna_string_append_bytes(&title, text + first, last - first);
        if (status == 0)
            self->file->title = title.text;
    }
    if (status == 0)
        status = nmodl_next(self);
    return status;
}

/* folder/name in *out when that is a file, else NULL. */
static int try_include(char **out, const char *folder, const char *name)
{
    int status = 0;
    struct stat about;

    status = sna_path_join(out, folder, name);
    if (status == 0 && !(stat(*out, &about) == 0 && S_ISREG(about.st_mode))) {
        free(*out);
        *out = NULL;
    }
    return status;
}

/* Looks for an INCLUDEd file where nocmodl does; *out is NULL when it is nowhere. */
static int find_include(const nmodl_reader *self, char **out, const char *name)
{
    int status = 0;
    char *folder = NULL;
    const char *listed = getenv("MODL_INCLUDE");
    sna_list folders = SNA_LIST;

    *out = NULL;
    status = sna_path_folder(&folder, self->file->source[self->source].path);
    if (status == 0)
        status = sna_list_add(&folders, folder);
    if (status == 0)
        status = sna_list_add(&folders, ".");
    if (status == 0)
        status = sna_list_add(&folders, "..");
    if (status == 0 && listed != NULL)
        status = sna_list_split(&folders, listed, ':');
    for (uint64_t i = 0; status == 0 && *out == NULL && i < folders.count; i++)
        status = try_include(out, folders.text[i], name);
    free(folder);
    sna_list_free(&folders);
    return status;
}

static int read_source(nmodl_reader *self, const char *path) SNA_CHECK_RESULT;

/* INCLUDE "name": called at INCLUDE. The text of the other file is read as if it stood here. */
static int parse_include(nmodl_reader *self)
{
    int status = 0;
    sna_nmodl *file = self->file;
    sna_nmodl_include *grown, *include;
    sna_nmodl_place place;
    sna_string name = SNA_STRING;
    char *path = NULL;
    nmodl_reader outer;

    status = nmodl_next(self);
    if (status != 0)
        goto out;
    place = nmodl_place(self);
    if (nmodl_token(self)->kind != SNA_NMODL_STRING) {
        status = nmodl_expected(self, "the name of a file in quotes");
        goto out;
    }
    status = sna_string_append_bytes(&name, nmodl_token_text(self) + 1, nmodl_token(self)->length - 2);
    if (status == 0)
        status = nmodl_next(self);
    if (status != 0)
        goto out;
    if (file->include_count == NMODL_INCLUDES || self->include_depth == NMODL_INCLUDE_DEPTH) {
        status = nmodl_error_at(self, &place, SNA_EFORMAT, "more than %d INCLUDEs%s",
                                file->include_count == NMODL_INCLUDES ? NMODL_INCLUDES : NMODL_INCLUDE_DEPTH,
                                file->include_count == NMODL_INCLUDES ? "" : " inside each other");
        goto out;
    }
    grown = sna_grow(file->include, &file->include_capacity, file->include_count + 1, sizeof *file->include);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    file->include = grown;
    include = &file->include[file->include_count++];
    *include = (sna_nmodl_include){.place = place};
    status = sna_text_copy(&include->name, name.text);
    if (status != 0 || !self->follow)
        goto out;
    status = find_include(self, &path, name.text);
    if (status == 0 && path == NULL)
        status = nmodl_error_at(self, &place, SNA_ENOTFOUND, "the INCLUDEd file `%.200s` is not there", name.text);
    if (status == 0)
        status = sna_text_copy(&include->path, path);
    if (status != 0)
        goto out;
    outer = *self;
    self->include_depth++;
    status = read_source(self, path);
    /* names and notes have grown; the place in this file is as before */
    outer.names = self->names;
    *self = outer;
out:
    free(path);
    sna_string_free(&name);
    return status;
}

/* Constructs of SCoP, the ancestor of NMODL: reserved, but of no use in NEURON. */
static int parse_scop(const nmodl_reader *self)
{
    const sna_nmodl_place place = nmodl_place(self);

    return nmodl_error_at(self, &place, SNA_EUNSUPPORTED, "%s is a construct of SCoP that NEURON does not use",
                          nmodl_word_name(self->word));
}

/* A block of declarations: at its keyword. */
static int parse_declarations(nmodl_reader *self, uint64_t block)
{
    int status = 0;
    const nmodl_word word = self->word;

    status = nmodl_next(self);
    if (status != 0)
        goto out;
    switch (word) {
    case WORD_NEURON:
        status = nmodl_parse_neuron(self, block);
        break;
    case WORD_PARAMETER:
        status = nmodl_parse_parameters(self, block);
        break;
    case WORD_UNITS:
        status = nmodl_parse_units(self, block);
        break;
    case WORD_CONSTANT:
        status = nmodl_parse_constants(self, block);
        break;
    case WORD_INDEPENDENT:
        status = nmodl_parse_independent(self, block);
        break;
    default:
        status = nmodl_parse_dependents(self, block, word == WORD_STATE);
        break;
    }
out:
    return status;
}

static int parse_item(nmodl_reader *self)
{
    int status = 0;
    uint64_t block = 0;

    switch (self->word) {
    case WORD_TITLE:
        return parse_title(self);
    case WORD_DEFINE:
        return parse_define(self);
    case WORD_INCLUDE:
        return parse_include(self);
    case WORD_LOCAL:
        return nmodl_parse_local(self, true);
    case WORD_UNITSON:
    case WORD_UNITSOFF:
        return nmodl_next(self);
    case WORD_EQUATION:
    case WORD_FORALL:
    case WORD_MATCH:
    case WORD_MODEL_LEVEL:
    case WORD_PARTIAL:
    case WORD_PLOT:
    case WORD_SENS:
    case WORD_STEPPED:
        return parse_scop(self);
    default:
        break;
    }
    switch (self->word) {
    case WORD_NEURON:
    case WORD_PARAMETER:
    case WORD_ASSIGNED:
    case WORD_STATE:
    case WORD_UNITS:
    case WORD_CONSTANT:
    case WORD_INDEPENDENT:
        status = nmodl_open_block(self, &block);
        return status == 0 ? parse_declarations(self, block) : status;
    case WORD_VERBATIM:
        status = nmodl_open_block(self, &block);
        if (status == 0)
            status = nmodl_next(self);
        if (status == 0)
            end_block(self, block, self->before);
        return status;
    case WORD_FUNCTION:
    case WORD_PROCEDURE:
    case WORD_FUNCTION_TABLE:
        status = nmodl_open_block(self, &block);
        return status == 0 ? parse_function(self, block) : status;
    case WORD_DERIVATIVE:
    case WORD_KINETIC:
    case WORD_LINEAR:
    case WORD_NONLINEAR:
    case WORD_DISCRETE:
        status = nmodl_open_block(self, &block);
        return status == 0 ? parse_solvable(self, block) : status;
    case WORD_INITIAL:
    case WORD_BREAKPOINT:
    case WORD_CONSTRUCTOR:
    case WORD_DESTRUCTOR:
    case WORD_TERMINAL:
        status = nmodl_open_block(self, &block);
        if (status == 0)
            status = nmodl_next(self);
        return status == 0 ? nmodl_parse_body(self, block) : status;
    case WORD_BEFORE:
    case WORD_AFTER:
        status = nmodl_open_block(self, &block);
        return status == 0 ? parse_before_after(self, block) : status;
    case WORD_NET_RECEIVE:
        status = nmodl_open_block(self, &block);
        return status == 0 ? parse_net_receive(self, block) : status;
    default:
        return nmodl_expected(self, "a block such as NEURON or PARAMETER");
    }
}

/* Reads the source that was added last. */
static int parse_source(nmodl_reader *self)
{
    int status = nmodl_lexer_start(self, self->file->source_count - 1);

    if (status == 0)
        status = nmodl_next(self);
    while (status == 0 && nmodl_token(self)->kind != SNA_NMODL_END)
        status = parse_item(self);
    return status;
}

/* Adds a source; takes the text over, also when it fails. */
static int add_source(nmodl_reader *self, const char *path, char *text, uint64_t size)
{
    int status = 0;
    sna_nmodl *file = self->file;
    sna_nmodl_source *grown =
        sna_grow(file->source, &file->source_capacity, file->source_count + 1, sizeof *file->source);

    if (grown == NULL) {
        free(text);
        return SNA_ENOMEM;
    }
    file->source = grown;
    file->source[file->source_count] = (sna_nmodl_source){.text = text, .size = size};
    status = sna_text_copy(&file->source[file->source_count].path, path);
    if (status == 0)
        file->source_count++;
    else
        free(text);
    return status;
}

static int read_source(nmodl_reader *self, const char *path)
{
    int status = 0;
    char *text = NULL;
    uint64_t size = 0;

    status = sna_file_read(&text, &size, path);
    if (status == 0)
        status = add_source(self, path, text, size);
    if (status == 0)
        status = parse_source(self);
    return status;
}

/* ---- the whole ---------------------------------------------------------------------------------------------- */

static int start(nmodl_reader *self, const char *path)
{
    int status = 0;

    *self = (nmodl_reader){.block = -1, .kind = WORD_NONE, .word = WORD_NONE};
    status = sna_allocate(&self->file, 1, sizeof *self->file);
    if (status == 0)
        status = sna_text_copy(&self->file->path, path);
    return status;
}

static int end(nmodl_reader *self, int status, sna_nmodl **out)
{
    if (status == 0)
        status = nmodl_finish(self);
    nmodl_names_free(&self->names);
    if (status == 0)
        *out = self->file;
    else
        sna_nmodl_free(self->file);
    return status;
}

int sna_nmodl_read(sna_nmodl **out, const char *path)
{
    int status = 0;
    nmodl_reader reader;

    *out = NULL;
    status = start(&reader, path);
    reader.follow = true;
    if (status == 0)
        status = read_source(&reader, path);
    return end(&reader, status, out);
}

int sna_nmodl_parse(sna_nmodl **out, const char *text, uint64_t length, const char *name)
{
    int status = 0;
    nmodl_reader reader;
    sna_string copy = SNA_STRING;

    *out = NULL;
    status = start(&reader, name);
    if (status == 0)
        status = sna_string_append_bytes(&copy, text, length);
    if (status == 0)
        status = add_source(&reader, name, copy.text, length);
    else
        sna_string_free(&copy);
    if (status == 0)
        status = parse_source(&reader);
    return end(&reader, status, out);
}
