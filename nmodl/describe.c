/* describe.c: reports on mod files: all about one, and a table of many. */
#include "nmodl.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- the tables of one file --------------------------------------------------------------------------------- */

/* Sets a text cell, or leaves it missing. */
static int set_text(sna_table *table, uint64_t row, uint64_t column, const char *text)
{
    return text != NULL && text[0] != '\0' ? sna_table_set_text(table, row, column, text) : 0;
}

static int set_real(sna_table *table, uint64_t row, uint64_t column, double value)
{
    return isnan(value) ? 0 : sna_table_set_real(table, row, column, value);
}

static int set_list(sna_table *table, uint64_t row, uint64_t column, const sna_list *list)
{
    sna_string text = SNA_STRING;
    int status = sna_list_join(list, UINT64_MAX, &text);

    if (status == 0)
        status = set_text(table, row, column, sna_string_text(&text));
    sna_string_free(&text);
    return status;
}

static int add_columns(sna_table *table, const char *const *name, const sna_type *type, size_t count)
{
    int status = 0;

    for (size_t i = 0; status == 0 && i < count; i++)
        status = sna_table_add_column(table, name[i], NULL, type[i]);
    return status;
}

/* Adds the table to the record, or frees it where it has no rows or making it failed. */
static int give_table(sna_record *record, const char *name, const char *label, sna_table *table, int status)
{
    if (status != 0 || sna_table_rows(table) == 0) {
        sna_table_free(table);
        return status;
    }
    return sna_record_table(record, name, label, table);
}

static int describe_ions(sna_record *record, const sna_nmodl *self)
{
    static const char *const name[] = {"reads", "writes", "valence", "represents"};
    static const sna_type type[] = {SNA_TEXT, SNA_TEXT, SNA_REAL, SNA_TEXT};
    sna_table *table = NULL;
    int status = sna_table_create(&table, NULL, "ion");

    if (status == 0)
        status = add_columns(table, name, type, sizeof type / sizeof *type);
    for (uint64_t i = 0; status == 0 && i < self->ion_count; i++) {
        const sna_nmodl_ion *ion = &self->ion[i];
        status = sna_table_add_row(table, ion->name);
        if (status == 0)
            status = set_list(table, i, 0, &ion->read);
        if (status == 0)
            status = set_list(table, i, 1, &ion->write);
        if (status == 0)
            status = set_real(table, i, 2, ion->has_valence ? ion->valence : NAN);
        if (status == 0)
            status = set_text(table, i, 3, ion->curie);
    }
    return give_table(record, "ions", "Ions", table, status);
}

static int describe_currents(sna_record *record, const sna_nmodl *self)
{
    sna_table *table = NULL;
    int status = sna_table_create(&table, NULL, "current");

    if (status == 0)
        status = sna_table_add_column(table, "kind", NULL, SNA_TEXT);
    for (uint64_t i = 0; status == 0 && i < self->current_count; i++) {
        status = sna_table_add_row(table, self->current[i].name);
        if (status == 0)
            status = sna_table_set_text(table, i, 0, self->current[i].electrode ? "electrode" : "nonspecific");
    }
    return give_table(record, "currents", "Currents of no ion", table, status);
}

/* The variables that hoc knows, or the others; those that the file does not write only when hoc knows them. */
static int describe_variables(sna_record *record, const sna_nmodl *self, bool known, const char *key, const char *label)
{
    static const char *const name[] = {"declared", "scope", "size", "value", "unit", "low", "high", "line"};
    static const sna_type type[] = {SNA_TEXT, SNA_TEXT, SNA_INTEGER, SNA_REAL,
                                    SNA_TEXT, SNA_REAL, SNA_REAL,    SNA_INTEGER};
    sna_table *table = NULL;
    int status = sna_table_create(&table, NULL, "variable");
    uint64_t row = 0;

    if (status == 0)
        status = add_columns(table, name, type, sizeof type / sizeof *type);
    for (uint64_t i = 0; status == 0 && i < self->variable_count; i++) {
        const sna_nmodl_variable *variable = &self->variable[i];
        if ((variable->hoc_name != NULL) != known || (!known && variable->implicit))
            continue;
        status = sna_table_add_row(table, known ? variable->hoc_name : variable->name);
        if (status == 0)
            status = sna_table_set_text(table, row, 0, sna_nmodl_class_name(variable->declared));
        if (status == 0)
            status = sna_table_set_text(table, row, 1, sna_nmodl_scope_name(variable->scope));
        if (status == 0 && variable->size > 0)
            status = sna_table_set_integer(table, row, 2, (int64_t)variable->size);
        if (status == 0)
            status = set_real(table, row, 3, variable->value);
        if (status == 0)
            status = set_text(table, row, 4, variable->unit);
        if (status == 0)
            status = set_real(table, row, 5, variable->low);
        if (status == 0)
            status = set_real(table, row, 6, variable->high);
        if (status == 0)
            status = sna_table_set_integer(table, row, 7, (int64_t)variable->place.line);
        row++;
    }
    return give_table(record, key, label, table, status);
}

/* "v (mV), i" */
static int format_arguments(sna_string *out, const sna_nmodl_block *block)
{
    int status = 0;

    for (uint64_t i = 0; status == 0 && i < block->argument_count; i++) {
        const sna_nmodl_argument *argument = &block->argument[i];
        status =
            sna_string_format(out, "%s%s%s%s%s", i > 0 ? ", " : "", argument->name, argument->unit != NULL ? " (" : "",
                              argument->unit != NULL ? argument->unit : "", argument->unit != NULL ? ")" : "");
    }
    return status;
}

static bool is_function(const sna_nmodl_block *block)
{
    return strcmp(block->kind, "FUNCTION") == 0 || strcmp(block->kind, "PROCEDURE") == 0 ||
           strcmp(block->kind, "FUNCTION_TABLE") == 0 || strcmp(block->kind, "NET_RECEIVE") == 0;
}

static int describe_functions(sna_record *record, const sna_nmodl *self)
{
    static const char *const name[] = {"kind", "arguments", "unit", "table", "line"};
    static const sna_type type[] = {SNA_TEXT, SNA_TEXT, SNA_TEXT, SNA_BOOLEAN, SNA_INTEGER};
    sna_table *table = NULL;
    sna_string arguments = SNA_STRING;
    int status = sna_table_create(&table, NULL, "function");
    uint64_t row = 0;

    if (status == 0)
        status = add_columns(table, name, type, sizeof type / sizeof *type);
    for (uint64_t i = 0; status == 0 && i < self->block_count; i++) {
        const sna_nmodl_block *block = &self->block[i];
        if (!is_function(block))
            continue;
        sna_string_free(&arguments);
        status = format_arguments(&arguments, block);
        if (status == 0)
            status = sna_table_add_row(table, block->name != NULL ? block->name : "");
        if (status == 0)
            status = sna_table_set_text(table, row, 0, block->kind);
        if (status == 0)
            status = set_text(table, row, 1, sna_string_text(&arguments));
        if (status == 0)
            status = set_text(table, row, 2, block->unit);
        if (status == 0)
            status = sna_table_set_boolean(table, row, 3, block->table);
        if (status == 0)
            status = sna_table_set_integer(table, row, 4, (int64_t)block->place.line);
        row++;
    }
    sna_string_free(&arguments);
    return give_table(record, "functions", "Functions", table, status);
}

static int describe_blocks(sna_record *record, const sna_nmodl *self)
{
    static const char *const name[] = {"name", "inside", "file", "first_line", "last_line"};
    static const sna_type type[] = {SNA_TEXT, SNA_TEXT, SNA_TEXT, SNA_INTEGER, SNA_INTEGER};
    sna_table *table = NULL;
    int status = sna_table_create(&table, NULL, "block");

    if (status == 0)
        status = add_columns(table, name, type, sizeof type / sizeof *type);
    for (uint64_t i = 0; status == 0 && i < self->block_count; i++) {
        const sna_nmodl_block *block = &self->block[i];
        status = sna_table_add_row(table, block->kind);
        if (status == 0)
            status = set_text(table, i, 0, block->name);
        if (status == 0 && block->parent >= 0)
            status = sna_table_set_text(table, i, 1, self->block[block->parent].kind);
        if (status == 0 && block->place.source > 0)
            status = sna_table_set_text(table, i, 2, self->source[block->place.source].path);
        if (status == 0)
            status = sna_table_set_integer(table, i, 3, (int64_t)block->place.line);
        if (status == 0)
            status = sna_table_set_integer(table, i, 4, (int64_t)block->last_line);
    }
    return give_table(record, "blocks", "Blocks", table, status);
}

static int describe_solve(sna_record *record, const sna_nmodl *self)
{
    static const char *const name[] = {"method", "steady_state", "inside", "line"};
    static const sna_type type[] = {SNA_TEXT, SNA_BOOLEAN, SNA_TEXT, SNA_INTEGER};
    sna_table *table = NULL;
    int status = sna_table_create(&table, NULL, "solves");

    if (status == 0)
        status = add_columns(table, name, type, sizeof type / sizeof *type);
    for (uint64_t i = 0; status == 0 && i < self->solve_count; i++) {
        const sna_nmodl_solve *solve = &self->solve[i];
        status = sna_table_add_row(table, solve->block);
        if (status == 0)
            status = set_text(table, i, 0, solve->method);
        if (status == 0)
            status = sna_table_set_boolean(table, i, 1, solve->steady_state);
        if (status == 0)
            status = sna_table_set_text(table, i, 2, self->block[solve->inside].kind);
        if (status == 0)
            status = sna_table_set_integer(table, i, 3, (int64_t)solve->place.line);
    }
    return give_table(record, "solve", "Solved", table, status);
}

static int describe_defines(sna_record *record, const sna_nmodl *self)
{
    sna_table *table = NULL;
    int status = sna_table_create(&table, NULL, "define");

    if (status == 0)
        status = sna_table_add_column(table, "value", NULL, SNA_INTEGER);
    for (uint64_t i = 0; status == 0 && i < self->define_count; i++) {
        status = sna_table_add_row(table, self->define[i].name);
        if (status == 0)
            status = sna_table_set_integer(table, i, 0, self->define[i].value);
    }
    return give_table(record, "defines", "DEFINEd numbers", table, status);
}

static int describe_includes(sna_record *record, const sna_nmodl *self)
{
    sna_table *table = NULL;
    int status = sna_table_create(&table, NULL, "include");

    if (status == 0)
        status = sna_table_add_column(table, "path", NULL, SNA_TEXT);
    for (uint64_t i = 0; status == 0 && i < self->include_count; i++) {
        status = sna_table_add_row(table, self->include[i].name);
        if (status == 0)
            status = set_text(table, i, 0, self->include[i].path);
    }
    return give_table(record, "includes", "Included files", table, status);
}

int sna_nmodl_describe(sna_record **out, const sna_nmodl *self)
{
    int status = 0;
    sna_record *record = NULL;

    *out = NULL;
    status = sna_record_create(&record, NULL);
    if (status == 0)
        status = sna_record_text(record, "file", "File", self->path);
    if (status == 0 && self->title != NULL)
        status = sna_record_text(record, "title", "Title", self->title);
    if (status == 0)
        status = sna_record_text(record, "name", "Mechanism", self->name);
    if (status == 0)
        status = sna_record_text(record, "kind", "Kind", sna_mechanism_kind_name(self->kind));
    if (status == 0 && self->curie != NULL)
        status = sna_record_text(record, "represents", "Represents", self->curie);
    if (status == 0)
        status = sna_record_boolean(record, "threadsafe", "Declared THREADSAFE", self->thread_safe);
    if (status == 0 && self->watch_count > 0)
        status = sna_record_integer(record, "watch_conditions", "WATCH conditions", NULL, (int64_t)self->watch_count);
    if (status == 0)
        status = describe_ions(record, self);
    if (status == 0)
        status = describe_currents(record, self);
    if (status == 0)
        status = describe_variables(record, self, true, "variables", "Variables that hoc knows");
    if (status == 0)
        status = describe_variables(record, self, false, "hidden", "Other variables");
    if (status == 0)
        status = describe_functions(record, self);
    if (status == 0)
        status = describe_solve(record, self);
    if (status == 0)
        status = describe_blocks(record, self);
    if (status == 0)
        status = describe_defines(record, self);
    if (status == 0)
        status = describe_includes(record, self);
    for (uint64_t i = 0; status == 0 && i < self->note.count; i++)
        status = sna_record_add_note(record, "%s", self->note.text[i]);
    if (status == 0)
        *out = record;
    else
        sna_record_free(record);
    return status;
}

/* ---- the table of many files -------------------------------------------------------------------------------- */

enum {
    LIST_NAME,
    LIST_KIND,
    LIST_CURRENTS,
    LIST_IONS,
    LIST_PARAMETERS,
    LIST_ASSIGNED,
    LIST_STATES,
    LIST_GLOBALS,
    LIST_THREADSAFE
};

/* The names of the variables of a class and scope, "vol[10]" for arrays. */
static int set_variables(sna_table *table, uint64_t row, uint64_t column, const sna_nmodl *file,
                         sna_nmodl_class declared, sna_nmodl_scope scope)
{
    int status = 0;
    sna_string text = SNA_STRING;

    for (uint64_t i = 0; status == 0 && i < file->variable_count; i++) {
        const sna_nmodl_variable *variable = &file->variable[i];
        if (variable->scope != scope || (scope == SNA_NMODL_RANGE && variable->declared != declared) ||
            (variable->implicit && scope == SNA_NMODL_GLOBAL))
            continue;
        status = sna_string_format(&text, "%s%s", text.length > 0 ? ", " : "", variable->name);
        if (status == 0 && variable->size > 0)
            status = sna_string_format(&text, "[%" PRIu64 "]", variable->size);
    }
    if (status == 0)
        status = set_text(table, row, column, sna_string_text(&text));
    sna_string_free(&text);
    return status;
}

/* "ca (read cai, cao; write ica)" */
static int format_ion(sna_string *out, const sna_nmodl_ion *ion)
{
    int status = sna_string_format(out, "%s (%s", ion->name, ion->read.count > 0 ? "read " : "");

    if (status == 0)
        status = sna_list_join(&ion->read, UINT64_MAX, out);
    if (status == 0 && ion->write.count > 0)
        status = sna_string_append(out, ion->read.count > 0 ? "; write " : "write ");
    if (status == 0)
        status = sna_list_join(&ion->write, UINT64_MAX, out);
    return status == 0 ? sna_string_append(out, ")") : status;
}

/* The currents that the mechanism makes, and the ions that it has to do with. */
static int set_currents(sna_table *table, uint64_t row, const sna_nmodl *file)
{
    int status = 0;
    sna_list currents = SNA_LIST;
    sna_string ions = SNA_STRING;

    for (uint64_t i = 0; status == 0 && i < file->current_count; i++)
        status = sna_list_add(&currents, file->current[i].name);
    for (uint64_t i = 0; status == 0 && i < file->ion_count; i++) {
        const sna_nmodl_ion *ion = &file->ion[i];
        status = format_ion(&ions, ion);
        if (status == 0 && i + 1 < file->ion_count)
            status = sna_string_append(&ions, ", ");
        for (uint64_t j = 0; status == 0 && j < ion->write.count; j++) {
            const char *name = ion->write.text[j];
            if (name[0] == 'i' && strcmp(name + 1, ion->name) == 0)
                status = sna_list_add(&currents, name);
        }
    }
    if (status == 0)
        status = set_list(table, row, LIST_CURRENTS, &currents);
    if (status == 0)
        status = set_text(table, row, LIST_IONS, sna_string_text(&ions));
    sna_list_free(&currents);
    sna_string_free(&ions);
    return status;
}

static int list_file(sna_table *table, uint64_t *failed, const char *path)
{
    int status = 0, read;
    const uint64_t row = sna_table_rows(table);
    sna_nmodl *file = NULL;

    status = sna_table_add_row(table, sna_path_name(path));
    if (status != 0)
        goto out;
    read = sna_nmodl_read(&file, path);
    if (read != 0) {
        ++*failed;
        status = read == SNA_ENOMEM ? read : sna_table_add_note(table, "%s", sna_error_message());
        goto out;
    }
    status = sna_table_set_text(table, row, LIST_NAME, file->name);
    if (status == 0)
        status = sna_table_set_text(table, row, LIST_KIND, sna_mechanism_kind_name(file->kind));
    if (status == 0)
        status = set_currents(table, row, file);
    if (status == 0)
        status = set_variables(table, row, LIST_PARAMETERS, file, SNA_NMODL_PARAMETER, SNA_NMODL_RANGE);
    if (status == 0)
        status = set_variables(table, row, LIST_ASSIGNED, file, SNA_NMODL_ASSIGNED, SNA_NMODL_RANGE);
    if (status == 0)
        status = set_variables(table, row, LIST_STATES, file, SNA_NMODL_STATE, SNA_NMODL_RANGE);
    if (status == 0)
        status = set_variables(table, row, LIST_GLOBALS, file, SNA_NMODL_UNDECLARED, SNA_NMODL_GLOBAL);
    if (status == 0)
        status = sna_table_set_boolean(table, row, LIST_THREADSAFE, file->thread_safe);
out:
    sna_nmodl_free(file);
    return status;
}

static int list_folder(sna_table *table, uint64_t *failed, const char *folder)
{
    int status = 0;
    sna_list names = SNA_LIST;
    char *path = NULL;

    status = sna_path_list(&names, folder, ".mod");
    if (status == 0 && names.count == 0)
        status = sna_error(SNA_ENOTFOUND, "%s: there is no .mod file in this folder", folder);
    for (uint64_t i = 0; status == 0 && i < names.count; i++) {
        free(path);
        path = NULL;
        status = sna_path_join(&path, folder, names.text[i]);
        if (status == 0)
            status = list_file(table, failed, path);
    }
    free(path);
    sna_list_free(&names);
    return status;
}

int sna_nmodl_list(sna_table **out, uint64_t *failed, const char *const *source, uint64_t count)
{
    static const char *const name[] = {"name",     "kind",   "currents", "ions",      "parameters",
                                       "assigned", "states", "globals",  "threadsafe"};
    static const sna_type type[] = {SNA_TEXT, SNA_TEXT, SNA_TEXT, SNA_TEXT,   SNA_TEXT,
                                    SNA_TEXT, SNA_TEXT, SNA_TEXT, SNA_BOOLEAN};
    int status = 0;
    sna_table *table = NULL;

    *out = NULL;
    *failed = 0;
    status = sna_table_create(&table, NULL, "file");
    if (status == 0)
        status = add_columns(table, name, type, sizeof type / sizeof *type);
    for (uint64_t i = 0; status == 0 && i < count; i++) {
        struct stat about;
        status = stat(source[i], &about) == 0 && !S_ISDIR(about.st_mode) ? list_file(table, failed, source[i])
                                                                         : list_folder(table, failed, source[i]);
    }
    if (status == 0)
        *out = table;
    else
        sna_table_free(table);
    return status;
}
