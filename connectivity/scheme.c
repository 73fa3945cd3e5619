/* scheme.c: a survey as nodes and links: the groups, what connects them, and whether it excites. */
#include "connectivity/internal.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef enum { EFFECT_UNKNOWN, EFFECT_EXCITES, EFFECT_INHIBITS } effect;

/* ---- what connections do ------------------------------------------------------------------------------------ */

static bool has_word(const char *text, const char *word)
{
    const size_t length = strlen(word);

    for (; *text != '\0'; text++) {
        if (strncasecmp(text, word, length) == 0)
            return true;
    }
    return false;
}

static bool starts(const char *text, const char *with)
{
    return strncasecmp(text, with, strlen(with)) == 0;
}

/* What the value of a node's `ei`, `ei_type` or `synapse_class` says. */
static effect effect_of_class(const char *value)
{
    if (strcasecmp(value, "e") == 0 || starts(value, "exc"))
        return EFFECT_EXCITES;
    if (strcasecmp(value, "i") == 0 || starts(value, "inh"))
        return EFFECT_INHIBITS;
    return EFFECT_UNKNOWN;
}

/* What the name of a synapse's parameters says: its receptors, or "exc" or "inh" at its end ("instantaneousInh.json").
 */
static effect effect_of_parameters(const char *name)
{
    const char *const dot = strrchr(name, '.');
    const size_t length = dot != NULL ? (size_t)(dot - name) : strlen(name);
    const bool gaba = has_word(name, "GABA"), glutamate = has_word(name, "AMPA") || has_word(name, "NMDA");

    if (gaba != glutamate)
        return gaba ? EFFECT_INHIBITS : EFFECT_EXCITES;
    if (length >= 3 && strncasecmp(name + length - 3, "inh", 3) == 0)
        return EFFECT_INHIBITS;
    if (length >= 3 && strncasecmp(name + length - 3, "exc", 3) == 0)
        return EFFECT_EXCITES;
    return EFFECT_UNKNOWN;
}

/* What the cells of the source groups say themselves; what not all cells of a group agree on is unknown. */
static int effects_of_cells(const sna_survey *self, effect *out)
{
    static const char *const property[] = {"ei", "ei_type", "synapse_class"};
    int status = 0;
    const sna_side *side = &self->source;
    uint8_t *mixed = NULL;

    status = sna_allocate(&mixed, side->groups, sizeof *mixed);
    for (uint64_t p = 0; p < side->populations && status == 0; p++) {
        const sna_side_population *population = &side->population[p];
        const uint32_t *code = NULL;
        const sna_list *texts = NULL;
        const char *name = NULL;
        if (!population->chosen)
            continue;
        for (size_t k = 0; k < sizeof property / sizeof *property && name == NULL; k++)
            name = sna_nodes_find_attribute(population->nodes, property[k]) != NULL ? property[k] : NULL;
        if (name == NULL)
            continue;
        status = sna_nodes_labels(population->nodes, name, &code, &texts);
        for (uint64_t i = 0; i < population->count && status == 0; i++) {
            const uint32_t group = population->group[i];
            const effect own = effect_of_class(texts->text[code[i]]);
            if (group >= side->groups)
                continue;
            mixed[group] |= own == EFFECT_UNKNOWN || (out[group] != EFFECT_UNKNOWN && out[group] != own);
            out[group] = own;
        }
    }
    for (uint64_t g = 0; g < side->groups && status == 0; g++)
        out[g] = mixed[g] != 0 ? EFFECT_UNKNOWN : out[g];
    free(mixed);
    return status;
}

/* By the parameters of the connections of a block, if they agree; else by weights that are all below 0. */
static effect effect_of_block(const sna_survey *self, uint64_t block)
{
    const sna_edge_value *names = sna_edge_values_find(self->values, SNA_VALUE_PROPERTY, "dynamics_params"),
                         *weights = sna_edge_values_find(self->values, SNA_VALUE_PROPERTY, "syn_weight");
    effect out = EFFECT_UNKNOWN;
    bool agree = true;

    if (names != NULL && names->text) {
        uint64_t count;
        const sna_kept *kept = sna_values_kept(names->store, block, &count);
        for (uint64_t k = 0; k < count; k++) {
            const effect own = effect_of_parameters(names->texts.text[(uint64_t)kept[k].value]);
            agree = agree && own != EFFECT_UNKNOWN && (k == 0 || own == out);
            out = own;
        }
        out = agree ? out : EFFECT_UNKNOWN;
    }
    if (out == EFFECT_UNKNOWN && weights != NULL && !weights->text && sna_values_moments(weights->store, block).max < 0)
        out = EFFECT_INHIBITS;
    return out;
}

/* ---- tables ------------------------------------------------------------------------------------------------- */

/* The label of a target group in the diagram: that of the source group with the same cells, where there is one; with
 * labels of values alone, the two may be called differently. */
static const char *target_label(const sna_survey *self, uint64_t target)
{
    const sna_group *own = &self->target.group[target];

    for (uint64_t a = 0; a < self->source.groups; a++) {
        const sna_group *other = &self->source.group[a];
        if (strcmp(own->population, other->population) == 0 && strcmp(own->value, other->value) == 0)
            return other->label;
    }
    return own->label;
}

static bool has_row(const sna_table *nodes, const char *label)
{
    for (uint64_t row = 0; row < sna_table_rows(nodes); row++) {
        if (strcmp(sna_table_row_label(nodes, row), label) == 0)
            return true;
    }
    return false;
}

static int add_group(sna_table *nodes, const char *label, const sna_group *group)
{
    const uint64_t row = sna_table_rows(nodes);
    int status = 0;

    if (has_row(nodes, label))
        return 0;
    status = sna_table_add_row(nodes, label);
    if (status == 0)
        status = sna_table_set_text(nodes, row, 0, group->population);
    if (status == 0)
        status = sna_table_set_integer(nodes, row, 1, (int64_t)group->count);
    return status;
}

/* Sources first, then targets that are no sources. */
static int add_groups(sna_table *nodes, const sna_survey *self)
{
    int status = 0;

    for (uint64_t a = 0; a < self->source.groups && status == 0; a++)
        status = add_group(nodes, self->source.group[a].label, &self->source.group[a]);
    for (uint64_t b = 0; b < self->target.groups && status == 0; b++)
        status = add_group(nodes, target_label(self, b), &self->target.group[b]);
    return status;
}

/* What a link says of a block. */
typedef struct {
    const char *effect; /* NULL: not known */
    uint64_t rows, pairs, possible;
    double convergence; /* NaN: not measured */
    bool measured;      /* pairs and possible */
} link_numbers;

static int add_link(sna_table *links, const char *source, const char *target, const link_numbers *numbers)
{
    const uint64_t row = sna_table_rows(links);
    int status = sna_table_add_row(links, NULL);

    if (status == 0)
        status = sna_table_set_text(links, row, 0, source);
    if (status == 0)
        status = sna_table_set_text(links, row, 1, target);
    if (status == 0 && numbers->effect != NULL)
        status = sna_table_set_text(links, row, 2, numbers->effect);
    if (status == 0 && numbers->rows > 0)
        status = sna_table_set_integer(links, row, 3, (int64_t)numbers->rows);
    if (status == 0 && numbers->measured)
        status = sna_table_set_integer(links, row, 4, (int64_t)numbers->pairs);
    if (status == 0 && numbers->measured && numbers->possible > 0)
        status = sna_table_set_real(links, row, 5, (double)numbers->pairs / (double)numbers->possible);
    if (status == 0 && isfinite(numbers->convergence))
        status = sna_table_set_real(links, row, 6, numbers->convergence);
    return status;
}

static int add_links(sna_table *links, const sna_survey *self, const effect *of_group)
{
    static const char *const name[] = {[EFFECT_EXCITES] = "excites", [EFFECT_INHIBITS] = "inhibits"};
    int status = 0;

    for (uint64_t a = 0; a < self->source.groups; a++) {
        for (uint64_t b = 0; b < self->target.groups && status == 0; b++) {
            const sna_block *block = sna_survey_block(self, a, b);
            const uint64_t cells = self->target.group[b].count;
            const effect known =
                of_group[a] != EFFECT_UNKNOWN ? of_group[a] : effect_of_block(self, a * self->target.groups + b);
            const link_numbers numbers = {
                .effect = known == EFFECT_UNKNOWN ? NULL : name[known],
                .rows = block->rows,
                .pairs = block->pairs - block->self_pairs,
                .possible = block->possible,
                .convergence = cells > 0 ? (double)block->rows / (double)cells : NAN,
                .measured = (self->measure & SNA_MEASURE_PAIRS) != 0,
            };
            if (block->rows > 0)
                status = add_link(links, self->source.group[a].label, target_label(self, b), &numbers);
        }
    }
    return status;
}

/* Gap junctions have no direction: two groups that are on both sides have one link. */
static int add_gaps(sna_table *links, const sna_survey *self)
{
    int status = 0;
    const uint64_t first = sna_table_rows(links);

    for (uint64_t a = 0; a < self->source.groups; a++) {
        for (uint64_t b = 0; b < self->target.groups && status == 0; b++) {
            const sna_block *block = sna_survey_block(self, a, b);
            const char *const from = self->source.group[a].label, *const to = target_label(self, b);
            const link_numbers numbers = {.effect = "gap junction",
                                          .pairs = block->same ? block->gap_pairs / 2 : block->gap_pairs,
                                          .possible = block->same ? block->possible / 2 : block->possible,
                                          .convergence = NAN,
                                          .measured = true};
            bool there = false;
            for (uint64_t row = first; row < sna_table_rows(links) && !there; row++)
                there =
                    strcmp(sna_table_text(links, row, 0), to) == 0 && strcmp(sna_table_text(links, row, 1), from) == 0;
            if (block->gap_pairs > 0 && !there)
                status = add_link(links, from, to, &numbers);
        }
    }
    return status;
}

int sna_survey_scheme(const sna_survey *self, sna_table **nodes, sna_table **links)
{
    int status = 0;
    sna_table *groups = NULL, *joins = NULL;
    effect *of_group = NULL;

    *nodes = *links = NULL;
    status = sna_table_create(&groups, "Groups of cells", "group");
    if (status == 0)
        status = sna_table_add_column(groups, "population", NULL, SNA_TEXT);
    if (status == 0)
        status = sna_table_add_column(groups, "cells", NULL, SNA_INTEGER);
    if (status == 0)
        status = add_groups(groups, self);
    if (status == 0)
        status = sna_table_create(&joins, "Connections between groups", NULL);
    if (status == 0)
        status = sna_table_add_column(joins, "source", NULL, SNA_TEXT);
    if (status == 0)
        status = sna_table_add_column(joins, "target", NULL, SNA_TEXT);
    if (status == 0)
        status = sna_table_add_column(joins, "effect", NULL, SNA_TEXT);
    if (status == 0)
        status = sna_table_add_column(joins, "rows", NULL, SNA_INTEGER);
    if (status == 0)
        status = sna_table_add_column(joins, "pairs", NULL, SNA_INTEGER);
    if (status == 0)
        status = sna_table_add_column(joins, "probability", NULL, SNA_REAL);
    if (status == 0)
        status = sna_table_add_column(joins, "convergence", NULL, SNA_REAL);
    if (status == 0)
        status = sna_allocate(&of_group, self->source.groups, sizeof *of_group);
    if (status == 0)
        status = effects_of_cells(self, of_group);
    if (status == 0)
        status = add_links(joins, self, of_group);
    if (status == 0 && (self->measure & SNA_MEASURE_GAP) != 0)
        status = add_gaps(joins, self);
    if (status != 0)
        goto out;
    *nodes = groups;
    *links = joins;
    groups = joins = NULL;
out:
    free(of_group);
    sna_table_free(groups);
    sna_table_free(joins);
    return status;
}

int sna_survey_run_scheme(sna_survey **out, sna_circuit *circuit, const sna_survey_request *request)
{
    int status = 0;
    sna_survey_request own = *request;
    sna_inventory what;
    const char *property[2];

    *out = NULL;
    status = sna_survey_choose_groups(&own, circuit);
    if (status == 0)
        status = sna_survey_inventory(&what, circuit, request);
    if (status != 0)
        return status;
    own.measure = SNA_MEASURE_PAIRS | (what.gaps ? SNA_MEASURE_GAP : 0u);
    own.no_gap = true;
    own.property = property;
    own.properties = 0;
    for (uint64_t k = 0; k < what.properties; k++) {
        if (strcmp(what.property[k], "dynamics_params") == 0 || strcmp(what.property[k], "syn_weight") == 0)
            property[own.properties++] = what.property[k];
    }
    return sna_survey_run(out, circuit, &own);
}
