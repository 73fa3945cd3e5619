/* catalogue.c: from the names of a mod file to what NEURON makes of them: which variables hoc knows, by which names. */
#include "reader.h"

#include <stdlib.h>
#include <string.h>

const char *sna_nmodl_class_name(sna_nmodl_class declared)
{
    static const char *const name[] = {"undeclared", "PARAMETER", "ASSIGNED", "STATE",
                                       "CONSTANT",   "UNITS",     "LOCAL",    "INDEPENDENT"};

    return (size_t)declared < sizeof name / sizeof *name ? name[declared] : "unknown";
}

const char *sna_nmodl_scope_name(sna_nmodl_scope scope)
{
    static const char *const name[] = {"hidden", "RANGE",    "GLOBAL", "POINTER", "BBCOREPOINTER",
                                       "RANDOM", "EXTERNAL", "ion",    "NEURON"};

    return (size_t)scope < sizeof name / sizeof *name ? name[scope] : "unknown";
}

const char *sna_mechanism_kind_name(sna_mechanism_kind kind)
{
    static const char *const name[] = {"density", "point process", "artificial cell", "functions"};

    return (size_t)kind < sizeof name / sizeof *name ? name[kind] : "unknown";
}

/* ---- who sees what ------------------------------------------------------------------------------------------ */

static sna_nmodl_class class_of(uint32_t flags)
{
    static const struct {
        uint32_t flag;
        sna_nmodl_class declared;
    } class[] = {{NAME_STATE, SNA_NMODL_STATE},       {NAME_PARAMETER, SNA_NMODL_PARAMETER},
                 {NAME_ASSIGNED, SNA_NMODL_ASSIGNED}, {NAME_CONSTANT, SNA_NMODL_CONSTANT},
                 {NAME_FACTOR, SNA_NMODL_FACTOR},     {NAME_INDEPENDENT, SNA_NMODL_INDEPENDENT}};

    for (size_t i = 0; i < sizeof class / sizeof *class; i++) {
        if ((flags & class[i].flag) != 0)
            return class[i].declared;
    }
    return SNA_NMODL_UNDECLARED;
}

static bool is_neurons_own(const char *name)
{
    static const char *const own[] = {"v", "t", "dt", "celsius", "diam", "area"};

    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (strcmp(name, own[i]) == 0)
            return true;
    }
    return false;
}

/* The rules of nocmodl (its nocpout.cpp, nrndeclare): a concentration or reversal potential belongs to the ion,
 * whatever else is said about it; a state is a range variable without being called one; a parameter about which nothing
 * is said is global. */
static sna_nmodl_scope scope_of(const nmodl_name *name)
{
    const uint32_t flags = name->flags;
    const uint32_t said = NAME_RANGE | NAME_GLOBAL | NAME_POINTER | NAME_BBCOREPOINTER | NAME_EXTERNAL | NAME_RANDOM |
                          NAME_ION_VALUE | NAME_ION_CURRENT;
    const bool value = (flags & (NAME_PARAMETER | NAME_ASSIGNED | NAME_STATE)) != 0;

    if ((flags & NAME_POINTER) != 0)
        return SNA_NMODL_POINTER;
    if ((flags & NAME_BBCOREPOINTER) != 0)
        return SNA_NMODL_BBCOREPOINTER;
    if ((flags & NAME_RANDOM) != 0)
        return SNA_NMODL_RANDOM;
    if (strcmp(name->about.name, "v") == 0)
        return SNA_NMODL_NEURON;
    if ((flags & NAME_ION_VALUE) != 0)
        return SNA_NMODL_ION;
    if (value && ((flags & NAME_RANGE) != 0 || ((flags & NAME_STATE) != 0)))
        return SNA_NMODL_RANGE;
    if (value && (flags & NAME_GLOBAL) != 0)
        return SNA_NMODL_GLOBAL;
    if ((flags & NAME_EXTERNAL) != 0)
        return SNA_NMODL_EXTERNAL;
    if (is_neurons_own(name->about.name))
        return SNA_NMODL_NEURON;
    if ((flags & NAME_ION_CURRENT) != 0)
        return SNA_NMODL_ION;
    if ((flags & NAME_PARAMETER) != 0 && !name->about.implicit && (flags & said) == 0)
        return SNA_NMODL_GLOBAL;
    return SNA_NMODL_HIDDEN;
}

/* gbar_hd: the mechanism's name is appended, except to what belongs to a point process. */
static int make_hoc_name(sna_nmodl_variable *variable, const sna_nmodl *file)
{
    const bool range = variable->scope == SNA_NMODL_RANGE || variable->scope == SNA_NMODL_POINTER ||
                       variable->scope == SNA_NMODL_BBCOREPOINTER || variable->scope == SNA_NMODL_RANDOM;
    const bool nothing = file->kind == SNA_MECHANISM_NOTHING;

    if ((!range && variable->scope != SNA_NMODL_GLOBAL) || (range && nothing))
        return 0;
    if (nothing || (range && file->kind != SNA_MECHANISM_DENSITY))
        return sna_text_copy(&variable->hoc_name, variable->name);
    return sna_text_format(&variable->hoc_name, "%s_%s", variable->name, file->name);
}

static int compare_order(const void *left, const void *right)
{
    const nmodl_name *a = *(const nmodl_name *const *)left, *b = *(const nmodl_name *const *)right;

    /* what NEURON { } names and nobody declares comes last, in the order of the addresses: that of the file */
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    return a < b ? -1 : a > b;
}

static int make_variables(nmodl_reader *self)
{
    int status = 0;
    sna_nmodl *file = self->file;
    const uint32_t named = NAME_RANGE | NAME_GLOBAL | NAME_POINTER | NAME_BBCOREPOINTER | NAME_EXTERNAL | NAME_RANDOM |
                           NAME_ION_VALUE | NAME_ION_CURRENT;
    nmodl_name **sorted = NULL;
    uint64_t count = 0;
    sna_nmodl_variable *grown;

    status = sna_allocate(&sorted, self->names.count, sizeof(nmodl_name *));
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < self->names.count; i++) {
        if ((self->names.name[i].flags & (NAME_VARIABLE | named)) != 0)
            sorted[count++] = &self->names.name[i];
    }
    if (count == 0)
        goto out;
    qsort(sorted, (size_t)count, sizeof *sorted, compare_order);
    grown = sna_grow(file->variable, &file->variable_capacity, file->variable_count + count, sizeof *file->variable);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    file->variable = grown;
    for (uint64_t i = 0; status == 0 && i < count; i++) {
        sna_nmodl_variable *variable = &file->variable[file->variable_count++];
        *variable = sorted[i]->about;
        variable->declared = class_of(sorted[i]->flags);
        variable->scope = scope_of(sorted[i]);
        /* the texts are the file's from here on */
        sorted[i]->about.name = NULL;
        sorted[i]->about.unit = NULL;
        status = make_hoc_name(variable, file);
    }
out:
    free(sorted);
    return status;
}

/* ---- checks at the end -------------------------------------------------------------------------------------- */

static int check_solved(const nmodl_reader *self)
{
    int status = 0;
    const sna_nmodl *file = self->file;

    for (uint64_t i = 0; status == 0 && i < file->solve_count; i++) {
        const sna_nmodl_solve *solve = &file->solve[i];
        const nmodl_name *name = nmodl_names_find(&self->names, solve->block, strlen(solve->block));
        if (name == NULL || (name->flags & NAME_SOLVABLE) == 0)
            status = nmodl_error_at(self, &solve->place, SNA_EFORMAT,
                                    "SOLVE needs a DERIVATIVE, KINETIC, LINEAR, NONLINEAR, DISCRETE or PROCEDURE block "
                                    "named %s, and there is none",
                                    solve->block);
    }
    return status;
}

/* Names that NEURON { } promises: those that nothing declares get a note, hoc will not know them. */
static int check_promises(nmodl_reader *self)
{
    int status = 0;

    for (uint64_t i = 0; status == 0 && i < self->names.count; i++) {
        const nmodl_name *name = &self->names.name[i];
        const char *word = (name->flags & NAME_RANGE) != 0 ? "RANGE" : "GLOBAL";
        if ((name->flags & (NAME_RANGE | NAME_GLOBAL)) == 0)
            continue;
        if (strcmp(name->about.name, "diam") == 0 || strcmp(name->about.name, "area") == 0)
            status = nmodl_error_at(self, &name->about.place, SNA_EFORMAT, "%s is NEURON's own and cannot be %s",
                                    name->about.name, word);
        else if ((name->flags & (NAME_PARAMETER | NAME_ASSIGNED | NAME_STATE)) == 0)
            status =
                nmodl_note(self, &name->about.place, "%s is %s, but no PARAMETER, ASSIGNED or STATE block declares it",
                           name->about.name, word);
    }
    return status;
}

/* Without SUFFIX a mechanism has the name of its file. */
static int name_mechanism(sna_nmodl *file)
{
    int status = 0;
    const char *name = sna_path_name(file->path);
    const size_t length = strlen(name);
    sna_string stem = SNA_STRING;

    if (file->name != NULL) {
        if (strcmp(file->name, "nothing") == 0)
            file->kind = SNA_MECHANISM_NOTHING;
        goto out;
    }
    status = sna_string_append_bytes(&stem, name,
                                     length > 4 && strcmp(name + length - 4, ".mod") == 0 ? length - 4 : length);
    if (status == 0)
        file->name = stem.text;
out:
    return status;
}

int nmodl_finish(nmodl_reader *self)
{
    int status = check_solved(self);

    if (status == 0)
        status = check_promises(self);
    if (status == 0)
        status = name_mechanism(self->file);
    if (status == 0)
        status = make_variables(self);
    return status;
}
