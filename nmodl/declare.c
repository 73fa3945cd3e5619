/* declare.c: the blocks that declare: NEURON, PARAMETER, ASSIGNED, STATE, UNITS, CONSTANT, INDEPENDENT. */
#include "reader.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- NEURON ------------------------------------------------------------------------------------------------- */

/* What NEURON { } says of a name; where it is declared is not known yet. */
static void promise(nmodl_reader *self, uint64_t index, uint32_t flag, const sna_nmodl_place *place)
{
    nmodl_name *name = &self->names.name[index];

    name->flags |= flag;
    if (name->about.place.line == 0)
        name->about.place = *place;
}

/* name, name, ...: every one gets the flag. Called at the first one. */
static int take_list(nmodl_reader *self, uint32_t flag)
{
    int status = 0;
    uint64_t name = 0;

    for (;;) {
        const sna_nmodl_place place = nmodl_place(self);
        status = nmodl_take_name(self, &name, "a name");
        if (status != 0)
            break;
        promise(self, name, flag, &place);
        if (self->symbol != ',')
            break;
        status = nmodl_next(self);
        if (status != 0)
            break;
    }
    return status;
}

static int take_currents(nmodl_reader *self, bool electrode)
{
    int status = 0;
    sna_nmodl *file = self->file;

    for (;;) {
        const sna_nmodl_place place = nmodl_place(self);
        sna_nmodl_current *grown;
        uint64_t name = 0;
        status = nmodl_take_name(self, &name, "the name of a current");
        if (status != 0)
            break;
        if ((self->names.name[name].flags & NAME_CURRENT) == 0) {
            grown = sna_grow(file->current, &file->current_capacity, file->current_count + 1, sizeof *file->current);
            if (grown == NULL) {
                status = SNA_ENOMEM;
                break;
            }
            file->current = grown;
            file->current[file->current_count] = (sna_nmodl_current){.electrode = electrode, .place = place};
            status = sna_text_copy(&file->current[file->current_count].name, nmodl_name_text(self, name));
            if (status != 0)
                break;
            file->current_count++;
            /* a current is a range variable without being called one */
            promise(self, name, NAME_CURRENT | NAME_RANGE, &place);
        }
        if (self->symbol != ',')
            break;
        status = nmodl_next(self);
        if (status != 0)
            break;
    }
    return status;
}

/* What a name is of an ion: NAME_ION_CURRENT for ica, NAME_ION_VALUE for eca, cai, cao; 0 for anything else. */
static uint32_t ion_part(const char *name, const char *ion)
{
    const size_t length = strlen(ion);

    if (strlen(name) != length + 1)
        return 0;
    if (strcmp(name + 1, ion) == 0 && (name[0] == 'i' || name[0] == 'e'))
        return name[0] == 'i' ? NAME_ION_CURRENT : NAME_ION_VALUE;
    return strncmp(name, ion, length) == 0 && (name[length] == 'i' || name[length] == 'o') ? NAME_ION_VALUE : 0;
}

/* The list behind READ or WRITE; called at that word. */
static int take_ion_list(nmodl_reader *self, sna_nmodl_ion *ion, sna_list *list)
{
    int status = 0;

    do {
        sna_nmodl_place place;
        uint64_t name = 0;
        uint32_t part;
        status = nmodl_next(self);
        if (status != 0)
            break;
        place = nmodl_place(self);
        status = nmodl_take_name(self, &name, "a name");
        if (status != 0)
            break;
        part = ion_part(nmodl_name_text(self, name), ion->name);
        if (part == 0) {
            status = nmodl_error_at(self, &place, SNA_EFORMAT, "%s is none of the ion's variables: i%s, e%s, %si, %so",
                                    nmodl_name_text(self, name), ion->name, ion->name, ion->name, ion->name);
            break;
        }
        promise(self, name, part, &place);
        /* at most four different ones */
        if (sna_list_find(list, nmodl_name_text(self, name)) < 0)
            status = sna_list_add(list, nmodl_name_text(self, name));
    } while (status == 0 && self->symbol == ',');
    return status;
}

static int take_curie(nmodl_reader *self, char **out)
{
    int status = nmodl_next(self);
    sna_string text = SNA_STRING;

    if (status == 0)
        status = nmodl_as_curie(self);
    if (status == 0)
        status = sna_string_append_bytes(&text, nmodl_token_text(self), nmodl_token(self)->length);
    if (status == 0) {
        free(*out);
        *out = text.text;
        status = nmodl_next(self);
    }
    return status;
}

/* USEION ca READ cai, cao WRITE ica VALENCE 2: called at USEION. */
static int take_ion(nmodl_reader *self)
{
    int status = 0;
    sna_nmodl *file = self->file;
    sna_nmodl_ion *ion;
    uint64_t name = 0;
    sna_nmodl_place place;

    status = nmodl_next(self);
    if (status != 0)
        goto out;
    place = nmodl_place(self);
    status = nmodl_take_name(self, &name, "the name of an ion");
    if (status != 0)
        goto out;
    if ((self->names.name[name].flags & NAME_ION) != 0) {
        status = nmodl_error_at(self, &place, SNA_EFORMAT, "the ion %s is used twice", nmodl_name_text(self, name));
        goto out;
    }
    self->names.name[name].flags |= NAME_ION;
    ion = sna_grow(file->ion, &file->ion_capacity, file->ion_count + 1, sizeof *file->ion);
    if (ion == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    file->ion = ion;
    ion = &file->ion[file->ion_count++];
    *ion = (sna_nmodl_ion){.read = SNA_LIST, .write = SNA_LIST, .place = place};
    status = sna_text_copy(&ion->name, nmodl_name_text(self, name));
    if (status != 0)
        goto out;
    if (self->word != WORD_READ && self->word != WORD_WRITE) {
        status = nmodl_expected(self, "READ or WRITE");
        goto out;
    }
    if (self->word == WORD_READ)
        status = take_ion_list(self, ion, &ion->read);
    if (status == 0 && self->word == WORD_WRITE)
        status = take_ion_list(self, ion, &ion->write);
    if (status == 0 && (self->word == WORD_VALENCE || self->word == WORD_CHARGE)) {
        ion->has_valence = true;
        status = nmodl_next(self);
        if (status == 0)
            status = nmodl_take_number(self, &ion->valence, true);
    }
    if (status == 0 && self->word == WORD_REPRESENTS)
        status = take_curie(self, &ion->curie);
out:
    return status;
}

static int take_mechanism_name(nmodl_reader *self)
{
    int status = 0;
    sna_nmodl *file = self->file;
    const nmodl_word word = self->word;
    uint64_t name = 0;

    status = nmodl_next(self);
    if (status == 0)
        status = nmodl_take_name(self, &name, "the name of the mechanism");
    if (status != 0)
        goto out;
    free(file->name);
    file->name = NULL;
    status = sna_text_copy(&file->name, nmodl_name_text(self, name));
    if (word == WORD_ARTIFICIAL_CELL)
        file->kind = SNA_MECHANISM_ARTIFICIAL;
    else if (word == WORD_POINT_PROCESS && file->kind != SNA_MECHANISM_ARTIFICIAL)
        file->kind = SNA_MECHANISM_POINT;
out:
    return status;
}

/* Lists of names behind a word. */
static uint32_t list_flag(nmodl_word word)
{
    switch (word) {
    case WORD_RANGE:
        return NAME_RANGE;
    case WORD_GLOBAL:
        return NAME_GLOBAL;
    case WORD_POINTER:
        return NAME_POINTER;
    case WORD_BBCOREPOINTER:
        return NAME_BBCOREPOINTER;
    case WORD_EXTERNAL:
        return NAME_EXTERNAL;
    default:
        return 0;
    }
}

static bool at_random(const nmodl_reader *self)
{
    const sna_nmodl_token *token = nmodl_token(self);

    return token->kind == SNA_NMODL_WORD && token->length == strlen("RANDOM") &&
           memcmp(nmodl_token_text(self), "RANDOM", strlen("RANDOM")) == 0;
}

static int take_neuron_statement(nmodl_reader *self)
{
    int status = 0;
    const uint32_t flag = list_flag(self->word);

    if (flag != 0 || at_random(self)) {
        status = nmodl_next(self);
        return status == 0 ? take_list(self, flag != 0 ? flag : NAME_RANDOM) : status;
    }
    switch (self->word) {
    case WORD_SUFFIX:
    case WORD_POINT_PROCESS:
    case WORD_ARTIFICIAL_CELL:
        return take_mechanism_name(self);
    case WORD_USEION:
        return take_ion(self);
    case WORD_NONSPECIFIC_CURRENT:
    case WORD_ELECTRODE_CURRENT: {
        const bool electrode = self->word == WORD_ELECTRODE_CURRENT;
        status = nmodl_next(self);
        return status == 0 ? take_currents(self, electrode) : status;
    }
    case WORD_THREADSAFE:
        self->file->thread_safe = true;
        status = nmodl_next(self);
        /* nocmodl of NEURON 8 takes names here, and does nothing with them */
        return status == 0 && nmodl_at_name(self) && !at_random(self) ? take_list(self, 0) : status;
    case WORD_REPRESENTS:
        return take_curie(self, &self->file->curie);
    default:
        return nmodl_expected(self, "SUFFIX, USEION, RANGE or another statement of NEURON { }");
    }
}

int nmodl_parse_neuron(nmodl_reader *self, uint64_t block)
{
    int status = nmodl_take_symbol(self, '{', "`{`");

    while (status == 0 && self->symbol != '}')
        status = take_neuron_statement(self);
    return status == 0 ? nmodl_close_block(self, block) : status;
}

/* ---- PARAMETER ---------------------------------------------------------------------------------------------- */

/* The value under the eyes, with the tokens that hold it. */
static int take_value(nmodl_reader *self, uint64_t name, bool sign)
{
    const uint64_t first = self->at;
    double value = 0;
    const int status = nmodl_take_number(self, &value, sign);

    if (status == 0) {
        sna_nmodl_variable *variable = &self->names.name[name].about;
        variable->value = value;
        variable->value_first = first;
        variable->value_last = self->before;
    }
    return status;
}

/* [10] when it is there. */
static int take_size(nmodl_reader *self, uint64_t name)
{
    int status = 0;
    int64_t size = 0;

    if (self->symbol != '[')
        return 0;
    status = nmodl_next(self);
    if (status == 0)
        status = nmodl_take_integer(self, &size, 1);
    if (status == 0)
        status = nmodl_take_symbol(self, ']', "`]`");
    if (status == 0)
        self->names.name[name].about.size = (uint64_t)size;
    return status;
}

/* <low, high> when it is there. */
static int take_limits(nmodl_reader *self, uint64_t name)
{
    int status = 0;
    const sna_nmodl_place place = nmodl_place(self);
    double low = NAN, high = NAN;

    if (self->symbol != '<')
        return 0;
    status = nmodl_next(self);
    if (status == 0)
        status = nmodl_take_number(self, &low, true);
    if (status == 0)
        status = nmodl_take_symbol(self, ',', "`,` and the upper limit");
    if (status == 0)
        status = nmodl_take_number(self, &high, true);
    if (status == 0)
        status = nmodl_take_symbol(self, '>', "`>`");
    if (status == 0 && (signbit(low) || signbit(high)))
        status = nmodl_note(self, &place, "a negative limit of %s; NEURON's nocmodl refuses those",
                            nmodl_name_text(self, name));
    self->names.name[name].about.low = low;
    self->names.name[name].about.high = high;
    return status;
}

static int take_parameter(nmodl_reader *self)
{
    int status = 0;
    const sna_nmodl_place place = nmodl_place(self);
    uint64_t name = 0;

    status = nmodl_take_name(self, &name, "the name of a parameter or `}`");
    if (status == 0)
        status = nmodl_declare(self, name, NAME_PARAMETER, &place);
    if (status != 0)
        goto out;
    self->names.name[name].about.value = 0; /* NEURON's value for one without */
    if (self->symbol == '=') {
        status = nmodl_next(self);
        if (status == 0)
            status = take_value(self, name, true);
    } else {
        status = take_size(self, name);
    }
    if (status == 0)
        status = nmodl_take_unit(self, &self->names.name[name].about.unit);
    if (status == 0)
        status = take_limits(self, name);
out:
    return status;
}

int nmodl_parse_parameters(nmodl_reader *self, uint64_t block)
{
    int status = nmodl_take_symbol(self, '{', "`{`");

    while (status == 0 && self->symbol != '}')
        status = take_parameter(self);
    return status == 0 ? nmodl_close_block(self, block) : status;
}

/* A parameter that the file does not write: the caller holds its name's bytes. */
static int imply_parameter(nmodl_reader *self, uint64_t *out, const char *text, const sna_nmodl_place *place)
{
    int status = nmodl_names_add(&self->names, out, text, strlen(text));
    nmodl_name *name;

    if (status != 0)
        goto out;
    name = &self->names.name[*out];
    if ((name->flags & NAME_PARAMETER) != 0)
        goto out;
    if ((name->flags & (NAME_VARIABLE | NAME_BLOCK | NAME_DEFINE)) != 0) {
        status = nmodl_error_at(self, place, SNA_EFORMAT,
                                "this needs a parameter named %s, but that name is taken on line %" PRIu64, text,
                                name->about.place.line);
        goto out;
    }
    status = nmodl_declare(self, *out, NAME_PARAMETER, place);
    name->about.implicit = true;
    name->about.value = 0;
out:
    return status;
}

int nmodl_imply_usetable(nmodl_reader *self, const sna_nmodl_place *place)
{
    uint64_t name = 0;
    const int status = imply_parameter(self, &name, "usetable", place);

    if (status == 0) {
        nmodl_name *usetable = &self->names.name[name];
        usetable->flags |= NAME_GLOBAL;
        if (usetable->about.implicit) {
            usetable->about.value = 1;
            usetable->about.low = 0;
            usetable->about.high = 1;
        }
    }
    return status;
}

/* ---- ASSIGNED, STATE ---------------------------------------------------------------------------------------- */

/* Every state m has a parameter m0, its value at the start; START gives it another value than 0. */
static int imply_start(nmodl_reader *self, uint64_t state, const sna_nmodl_place *place, const double *value)
{
    int status = 0;
    char *text = NULL;
    uint64_t name = 0;
    bool fresh;

    status = sna_text_format(&text, "%s0", nmodl_name_text(self, state));
    if (status != 0)
        goto out;
    fresh = nmodl_names_find(&self->names, text, strlen(text)) == NULL ||
            (nmodl_names_find(&self->names, text, strlen(text))->flags & NAME_PARAMETER) == 0;
    status = imply_parameter(self, &name, text, place);
    if (status == 0 && value != NULL)
        self->names.name[name].about.value = *value;
    if (status == 0 && fresh && self->names.name[state].about.unit != NULL)
        status = sna_text_copy(&self->names.name[name].about.unit, self->names.name[state].about.unit);
out:
    free(text);
    return status;
}

/* FROM low TO high, when it is there. */
static int take_span(nmodl_reader *self, uint64_t name)
{
    int status = 0;
    double low = NAN, high = NAN;

    if (self->word != WORD_FROM)
        return 0;
    status = nmodl_next(self);
    if (status == 0)
        status = nmodl_take_number(self, &low, true);
    if (status == 0 && self->word != WORD_TO)
        status = nmodl_expected(self, "TO");
    if (status == 0)
        status = nmodl_next(self);
    if (status == 0)
        status = nmodl_take_number(self, &high, true);
    self->names.name[name].about.low = low;
    self->names.name[name].about.high = high;
    return status;
}

/* <tolerance> when it is there. */
static int take_tolerance(nmodl_reader *self, uint64_t name)
{
    int status = 0;
    double tolerance = NAN;

    if (self->symbol != '<')
        return 0;
    status = nmodl_next(self);
    if (status == 0)
        status = nmodl_take_number(self, &tolerance, false);
    if (status == 0)
        status = nmodl_take_symbol(self, '>', "`>` behind the absolute tolerance");
    self->names.name[name].about.tolerance = tolerance;
    return status;
}

static int take_dependent(nmodl_reader *self, bool state)
{
    int status = 0;
    const sna_nmodl_place place = nmodl_place(self);
    uint64_t name = 0;
    double start = 0;
    bool has_start = false;

    if (nmodl_token(self)->kind == SNA_NMODL_PRIME) {
        status = nmodl_names_add(&self->names, &name, nmodl_token_text(self), nmodl_token(self)->length);
        if (status == 0)
            status = nmodl_next(self);
    } else {
        status = nmodl_take_name(self, &name, state ? "the name of a state or `}`" : "the name of a variable or `}`");
    }
    if (status == 0)
        status = nmodl_declare(self, name, (state ? NAME_STATE : NAME_ASSIGNED), &place);
    if (status == 0)
        status = take_size(self, name);
    if (status == 0)
        status = take_span(self, name);
    if (status == 0 && state && self->word == WORD_START) {
        has_start = true;
        status = nmodl_next(self);
        if (status == 0)
            status = nmodl_take_number(self, &start, true);
    }
    if (status == 0)
        status = nmodl_take_unit(self, &self->names.name[name].about.unit);
    if (status == 0 && state)
        status = take_tolerance(self, name);
    if (status == 0 && state)
        status = imply_start(self, name, &place, has_start ? &start : NULL);
    return status;
}

int nmodl_parse_dependents(nmodl_reader *self, uint64_t block, bool states)
{
    int status = nmodl_take_symbol(self, '{', "`{`");

    while (status == 0 && self->symbol != '}')
        status = take_dependent(self, states);
    return status == 0 ? nmodl_close_block(self, block) : status;
}

/* ---- UNITS, CONSTANT, INDEPENDENT --------------------------------------------------------------------------- */

static int take_needed_unit(nmodl_reader *self, char **out)
{
    return self->symbol == '(' ? nmodl_take_unit(self, out) : nmodl_expected(self, "a unit in parentheses");
}

/* (mV) = (millivolt) */
static int take_unit_definition(nmodl_reader *self)
{
    char *unit = NULL;
    int status = nmodl_take_unit(self, &unit);

    if (status == 0)
        status = nmodl_take_symbol(self, '=', "`=` and the unit's definition");
    if (status == 0)
        status = take_needed_unit(self, &unit);
    free(unit);
    return status;
}

/* F = 96485 (coulomb), R = (k-mole) (joule/degC), inch = (foot) -> (inch) */
static int take_factor(nmodl_reader *self)
{
    int status = 0;
    const sna_nmodl_place place = nmodl_place(self);
    uint64_t name = 0;

    status = nmodl_take_name(self, &name, "a unit in parentheses, a name or `}`");
    if (status == 0)
        status = nmodl_declare(self, name, NAME_FACTOR, &place);
    if (status == 0)
        status = nmodl_take_symbol(self, '=', "`=`");
    if (status != 0)
        goto out;
    if (self->symbol != '(') {
        status = take_value(self, name, false);
    } else {
        status = nmodl_take_unit(self, &self->names.name[name].about.unit);
        if (status == 0 && self->symbol == '-') {
            status = nmodl_next(self);
            if (status == 0)
                status = nmodl_take_symbol(self, '>', "`->`");
        }
    }
    if (status == 0)
        status = take_needed_unit(self, &self->names.name[name].about.unit);
out:
    return status;
}

int nmodl_parse_units(nmodl_reader *self, uint64_t block)
{
    int status = nmodl_take_symbol(self, '{', "`{`");

    while (status == 0 && self->symbol != '}')
        status = self->symbol == '(' ? take_unit_definition(self) : take_factor(self);
    return status == 0 ? nmodl_close_block(self, block) : status;
}

int nmodl_parse_constants(nmodl_reader *self, uint64_t block)
{
    int status = nmodl_take_symbol(self, '{', "`{`");

    while (status == 0 && self->symbol != '}') {
        const sna_nmodl_place place = nmodl_place(self);
        uint64_t name = 0;
        status = nmodl_take_name(self, &name, "the name of a constant or `}`");
        if (status == 0)
            status = nmodl_declare(self, name, NAME_CONSTANT, &place);
        if (status == 0)
            status = nmodl_take_symbol(self, '=', "`=`");
        if (status == 0)
            status = take_value(self, name, true);
        if (status == 0)
            status = nmodl_take_unit(self, &self->names.name[name].about.unit);
    }
    return status == 0 ? nmodl_close_block(self, block) : status;
}

/* t FROM 0 TO 1 WITH 1 (ms) */
static int take_independent(nmodl_reader *self)
{
    int status = 0;
    sna_nmodl_place place;
    uint64_t name = 0;
    int64_t steps = 0;
    double start = 0;

    if (self->word == WORD_SWEEP)
        status = nmodl_next(self);
    if (status != 0)
        goto out;
    place = nmodl_place(self);
    status = nmodl_take_name(self, &name, "the name of the independent variable or `}`");
    if (status == 0)
        status = nmodl_declare(self, name, NAME_INDEPENDENT, &place);
    if (status == 0 && self->word != WORD_FROM)
        status = nmodl_expected(self, "FROM");
    if (status == 0)
        status = take_span(self, name);
    if (status == 0 && self->word != WORD_WITH)
        status = nmodl_expected(self, "WITH");
    if (status == 0)
        status = nmodl_next(self);
    if (status == 0)
        status = nmodl_take_integer(self, &steps, 0);
    if (status == 0 && self->word == WORD_START) {
        status = nmodl_next(self);
        if (status == 0)
            status = nmodl_take_number(self, &start, true);
    }
    if (status == 0)
        status = nmodl_take_unit(self, &self->names.name[name].about.unit);
out:
    return status;
}

int nmodl_parse_independent(nmodl_reader *self, uint64_t block)
{
    int status = nmodl_take_symbol(self, '{', "`{`");

    while (status == 0 && self->symbol != '}')
        status = take_independent(self);
    return status == 0 ? nmodl_close_block(self, block) : status;
}
