/* modfile.c: a mod file after it has been read: looking up, writing back, freeing. */
#include "nmodl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

int64_t sna_nmodl_find(const sna_nmodl *self, const char *name)
{
    for (uint64_t i = 0; i < self->variable_count; i++) {
        if (self->variable[i].declared != SNA_NMODL_LOCAL && strcmp(self->variable[i].name, name) == 0)
            return (int64_t)i;
    }
    return -1;
}

int sna_nmodl_text(const sna_nmodl *self, uint64_t at, sna_string *out)
{
    int status = 0;
    const sna_nmodl_source *source;

    if (at >= self->source_count) {
        status = sna_error(SNA_ERANGE, "%s: source %" PRIu64 " of %" PRIu64, self->path, at, self->source_count);
        goto out;
    }
    source = &self->source[at];
    for (uint64_t i = 0; status == 0 && i < source->count; i++) {
        const sna_nmodl_token *token = &source->token[i];
        status = token->replacement != NULL ? sna_string_append(out, token->replacement)
                                            : sna_string_append_bytes(out, source->text + token->start, token->length);
    }
out:
    return status;
}

int sna_nmodl_replace(sna_nmodl *self, uint64_t source, uint64_t token, const char *text)
{
    int status = 0;
    char *copy = NULL;

    if (source >= self->source_count || token >= self->source[source].count) {
        status =
            sna_error(SNA_ERANGE, "%s: there is no token %" PRIu64 " in source %" PRIu64, self->path, token, source);
        goto out;
    }
    if (text != NULL)
        status = sna_text_copy(&copy, text);
    if (status != 0)
        goto out;
    free(self->source[source].token[token].replacement);
    self->source[source].token[token].replacement = copy;
out:
    return status;
}

static void free_sources(sna_nmodl *self)
{
    for (uint64_t i = 0; i < self->source_count; i++) {
        sna_nmodl_source *source = &self->source[i];
        for (uint64_t j = 0; j < source->count; j++)
            free(source->token[j].replacement);
        free(source->token);
        free(source->path);
        free(source->text);
    }
    free(self->source);
}

static void free_blocks(sna_nmodl *self)
{
    for (uint64_t i = 0; i < self->block_count; i++) {
        sna_nmodl_block *block = &self->block[i];
        for (uint64_t j = 0; j < block->argument_count; j++) {
            free(block->argument[j].name);
            free(block->argument[j].unit);
        }
        free(block->argument);
        free(block->name);
        free(block->unit);
    }
    free(self->block);
}

void sna_nmodl_free(sna_nmodl *self)
{
    if (self == NULL)
        return;
    free_sources(self);
    free_blocks(self);
    for (uint64_t i = 0; i < self->variable_count; i++) {
        free(self->variable[i].name);
        free(self->variable[i].hoc_name);
        free(self->variable[i].unit);
    }
    free(self->variable);
    for (uint64_t i = 0; i < self->ion_count; i++) {
        free(self->ion[i].name);
        free(self->ion[i].curie);
        sna_list_free(&self->ion[i].read);
        sna_list_free(&self->ion[i].write);
    }
    free(self->ion);
    for (uint64_t i = 0; i < self->current_count; i++)
        free(self->current[i].name);
    free(self->current);
    for (uint64_t i = 0; i < self->solve_count; i++) {
        free(self->solve[i].block);
        free(self->solve[i].method);
    }
    free(self->solve);
    for (uint64_t i = 0; i < self->define_count; i++)
        free(self->define[i].name);
    free(self->define);
    for (uint64_t i = 0; i < self->include_count; i++) {
        free(self->include[i].name);
        free(self->include[i].path);
    }
    free(self->include);
    sna_list_free(&self->note);
    free(self->path);
    free(self->title);
    free(self->name);
    free(self->curie);
    free(self);
}
