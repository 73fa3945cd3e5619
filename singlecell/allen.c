/* allen.c: the parameters of a fit of the Allen cell types database (JSON) as hoc statements. The statements are those
 * that the database's own models are built with (perisomatic and all-active), made safe against missing ions. */
#include "internal.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *other;
} PROCESSINGS[] = {{"perisomatic", "aibs_perisomatic"},
                   {"all-active", "aibs_allactive"},
                   {"perisomatic-directed", "aibs_perisomatic_directed"},
                   {"all-active-directed", "aibs_allactive_directed"}};
enum { PROCESSING_COUNT = sizeof PROCESSINGS / sizeof *PROCESSINGS };

int sna_processing_parse(sna_processing *out, const char *name)
{
    for (int i = 0; i < PROCESSING_COUNT; i++) {
        if (strcmp(name, PROCESSINGS[i].name) == 0 || strcmp(name, PROCESSINGS[i].other) == 0) {
            *out = (sna_processing)i;
            return 0;
        }
    }
    return sna_error(SNA_EINVAL,
                     "there is no way `%s` to apply a fit; there are: perisomatic, all-active, "
                     "perisomatic-directed, all-active-directed",
                     name);
}

const char *sna_processing_name(sna_processing processing)
{
    return PROCESSINGS[processing].name;
}

/* Kinds of sections by their first four letters; the lists of cell.c are sna_soma_, sna_axon_... */
static const char *const KINDS[] = {"soma", "axon", "dend", "apic"};
enum { KIND_COUNT = 4 };

typedef struct {
    sna_cell_model *model;
    const sna_json *json;
    bool has[KIND_COUNT]; /* of the cell as it will be */
    bool strict;          /* perisomatic: every key must be there */
} fit;

/* Published fits hold many of their numbers as text. */
static int number(const fit *self, const cJSON *item, double *out)
{
    int status = 0;

    if (cJSON_IsString(item)) {
        if (sna_number_parse(out, item->valuestring) != 0)
            status = sna_json_error(self->json, item, SNA_EFORMAT, "a number is expected, found \"%.40s\"",
                                    item->valuestring);
    } else {
        status = sna_json_real(self->json, item, out);
    }
    if (status == 0 && !isfinite(*out))
        status = sna_json_error(self->json, item, SNA_EFORMAT, "a finite number is expected");
    return status;
}

static int add_step(fit *self, const cJSON *item, const char *format, ...) SNA_PRINTF(3, 4) SNA_CHECK_RESULT;
static int add_step(fit *self, const cJSON *item, const char *format, ...)
{
    int status = 0;
    va_list arguments;
    char *text = NULL, *key = NULL, *place = NULL;
    uint64_t line = 0;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
        status = sna_error(SNA_ENOMEM, "out of memory");
    }
    va_end(arguments);
    if (status == 0)
        status = sna_json_place(self->json, item, &key, &line);
    if (status == 0)
        status = sna_text_format(&place, "%s:%llu: %s", sna_json_name(self->json), (unsigned long long)line, key);
    if (status == 0)
        status = sna_list_add(&self->model->steps, text);
    if (status == 0)
        status = sna_list_add(&self->model->places, place);
    free(place);
    free(key);
    free(text);
    return status;
}

static int add_note(fit *self, const char *format, ...) SNA_PRINTF(2, 3) SNA_CHECK_RESULT;
static int add_note(fit *self, const char *format, ...)
{
    int status = 0;
    va_list arguments;
    char *text = NULL;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
        status = sna_error(SNA_ENOMEM, "out of memory");
    }
    va_end(arguments);
    if (status == 0 && sna_list_find(&self->model->notes, text) < 0)
        status = sna_list_add(&self->model->notes, text);
    free(text);
    return status;
}

/* The kind that an entry is for; -1 for one that is to be left out, with a note. */
static int find_kind(fit *self, const cJSON *entry, int *out)
{
    int status = 0;
    const cJSON *item = NULL;
    const char *name = NULL;

    *out = -1;
    status = sna_json_require(self->json, entry, "section", &item);
    if (status == 0)
        status = sna_json_text(self->json, item, &name);
    if (status != 0)
        goto out;
    for (int i = 0; i < KIND_COUNT; i++)
        *out = strcmp(name, KINDS[i]) == 0 ? i : *out;
    if (*out >= 0 && !self->has[*out]) {
        status = add_note(self, "the fit has parameters for `%s`, but the morphology has no such sections", name);
        *out = -1;
    } else if (*out < 0 && strcmp(name, "glob") == 0) {
        status = add_note(self, "the parameters that the fit has for `glob` were left out: they are not for sections");
    } else if (*out < 0) {
        status = sna_json_error(self->json, item, SNA_EFORMAT,
                                "`section` must be soma, axon, dend, apic or glob, found \"%s\"", name);
    }
out:
    return status;
}

/* The only element of an array that is there, NULL when the key may be and is missing. */
static int first_of(const fit *self, const cJSON *root, const char *key, bool required, const cJSON **out)
{
    int status = 0;
    const cJSON *array = sna_json_member(root, key);

    *out = NULL;
    if (array == NULL && required)
        status = sna_json_require(self->json, root, key, &array);
    if (status != 0 || array == NULL)
        goto out;
    status = sna_json_expect_array(self->json, array);
    if (status == 0 && cJSON_GetArraySize(array) == 0)
        status = required ? sna_json_error(self->json, array, SNA_EFORMAT, "`%s` is empty", key) : 0;
    else if (status == 0)
        *out = array->child;
    if (status == 0 && *out != NULL)
        status = sna_json_expect_object(self->json, *out);
out:
    return status;
}

/* A number of the passive part for all sections. */
static int add_passive(fit *self, const cJSON *passive, const char *key, const char *variable)
{
    int status = 0;
    const cJSON *item = passive == NULL ? NULL : sna_json_member(passive, key);
    double value = 0;
    char text[SNA_NUMBER_SIZE];

    if (item == NULL && self->strict)
        status = sna_json_require(self->json, passive, key, &item);
    if (status != 0 || item == NULL)
        goto out;
    status = number(self, item, &value);
    if (status == 0)
        status = add_step(self, item, "forsec sna_all_ { %s = %s }\n", variable, sna_number_text(text, value));
out:
    return status;
}

static int add_capacitance(fit *self, const cJSON *passive)
{
    int status = 0;
    const cJSON *array = passive == NULL ? NULL : sna_json_member(passive, "cm"), *entry, *item = NULL;
    bool given[KIND_COUNT] = {false};
    double value = 0;
    char text[SNA_NUMBER_SIZE];
    int kind = -1;

    if (array == NULL && self->strict)
        status = sna_json_require(self->json, passive, "cm", &array);
    if (status != 0 || array == NULL)
        goto out;
    status = sna_json_expect_array(self->json, array);
    if (status != 0)
        goto out;
    cJSON_ArrayForEach(entry, array)
    {
        status = find_kind(self, entry, &kind);
        if (status == 0)
            status = sna_json_require(self->json, entry, "cm", &item);
        if (status == 0)
            status = number(self, item, &value);
        if (status == 0 && kind >= 0) {
            given[kind] = true;
            status = add_step(self, item, "forsec sna_%s_ { cm = %s }\n", KINDS[kind], sna_number_text(text, value));
        }
        if (status != 0)
            goto out;
    }
    for (int i = 0; i < KIND_COUNT && self->strict; i++) {
        if (self->has[i] && !given[i]) {
            status =
                sna_json_error(self->json, array, SNA_EFORMAT, "the membrane capacitance of `%s` is missing", KINDS[i]);
            goto out;
        }
    }
out:
    return status;
}

static int name_of(const fit *self, const cJSON *entry, const char *key, bool may_be_empty, const char **out)
{
    int status = 0;
    const cJSON *item = NULL;

    status = sna_json_require(self->json, entry, key, &item);
    if (status == 0)
        status = sna_json_text(self->json, item, out);
    if (status == 0 && !(may_be_empty && (*out)[0] == '\0') && !sna_hoc_is_name(*out))
        status = sna_json_error(self->json, item, SNA_EFORMAT, "\"%.60s\" cannot be a name in NEURON", *out);
    return status;
}

static int add_genome(fit *self, const cJSON *root)
{
    int status = 0;
    const cJSON *genome = NULL, *entry, *item = NULL;

    status = sna_json_require(self->json, root, "genome", &genome);
    if (status == 0)
        status = sna_json_expect_array(self->json, genome);
    if (status != 0)
        goto out;
    cJSON_ArrayForEach(entry, genome)
    {
        const char *mechanism = "", *name = "";
        double value = 0;
        char text[SNA_NUMBER_SIZE];
        int kind = -1;
        status = sna_json_expect_object(self->json, entry);
        if (status == 0)
            status = find_kind(self, entry, &kind);
        if (status == 0 && kind < 0)
            continue;
        if (status == 0)
            status = name_of(self, entry, "mechanism", true, &mechanism);
        if (status == 0)
            status = name_of(self, entry, "name", false, &name);
        if (status == 0)
            status = sna_json_require(self->json, entry, "value", &item);
        if (status == 0)
            status = number(self, item, &value);
        if (status == 0 && mechanism[0] != '\0')
            status = add_step(self, entry, "forsec sna_%s_ { insert %s }\n", KINDS[kind], mechanism);
        if (status == 0)
            status =
                add_step(self, entry, "forsec sna_%s_ { %s = %s }\n", KINDS[kind], name, sna_number_text(text, value));
        if (status != 0)
            goto out;
    }
out:
    return status;
}

/* Reversal potentials, each where its ion is. */
static int add_reversals(fit *self, const cJSON *conditions)
{
    int status = 0;
    const cJSON *array = conditions == NULL ? NULL : sna_json_member(conditions, "erev"), *entry, *item;

    if (array == NULL)
        goto out;
    status = sna_json_expect_array(self->json, array);
    if (status != 0)
        goto out;
    cJSON_ArrayForEach(entry, array)
    {
        int kind = -1;
        status = sna_json_expect_object(self->json, entry);
        if (status == 0)
            status = find_kind(self, entry, &kind);
        if (status != 0)
            goto out;
        cJSON_ArrayForEach(item, entry)
        {
            double value = 0;
            char text[SNA_NUMBER_SIZE];
            if (kind < 0 || strcmp(item->string, "section") == 0)
                continue;
            if (item->string[0] != 'e' || !sna_hoc_is_name(item->string) || item->string[1] == '\0') {
                status = sna_json_error(self->json, item, SNA_EFORMAT,
                                        "`%.60s` is no reversal potential (ena, ek, ...)", item->string);
                goto out;
            }
            status = number(self, item, &value);
            if (status == 0)
                status = add_step(self, item, "forsec sna_%s_ { if (ismembrane(\"%s_ion\")) { %s = %s } }\n",
                                  KINDS[kind], item->string + 1, item->string, sna_number_text(text, value));
            if (status != 0)
                goto out;
        }
    }
out:
    return status;
}

static int take_condition(const fit *self, const cJSON *conditions, const char *key, sna_cell_condition *out)
{
    const cJSON *item = conditions == NULL ? NULL : sna_json_member(conditions, key);
    double value = 0;
    int status = 0;

    if (item != NULL && !cJSON_IsNull(item))
        status = number(self, item, &value);
    /* What is there already (a circuit's) stands above the fit's. */
    if (status == 0 && item != NULL && !cJSON_IsNull(item) && isnan(out->value))
        *out = (sna_cell_condition){value, SNA_FROM_FIT};
    return status;
}

int sna_allen_read(sna_cell_model *model, const sna_swc *swc)
{
    int status = 0;
    sna_json *json = NULL;
    fit self = {.model = model};
    const cJSON *root, *passive = NULL, *conditions = NULL;

    status = sna_json_read(&json, model->fit);
    if (status != 0)
        goto out;
    self.json = json;
    self.strict = model->processing == SNA_PERISOMATIC || model->processing == SNA_PERISOMATIC_DIRECTED;
    self.has[0] = swc->has[1];
    self.has[1] = true;
    self.has[3] = swc->has[4];
    for (int type = 0; type < SNA_SWC_TYPES; type++)
        self.has[2] = self.has[2] || (swc->has[type] && (type < 1 || type == 3 || type > 4));
    root = sna_json_root(json);
    status = sna_json_expect_object(json, root);
    if (status == 0)
        status = first_of(&self, root, "passive", self.strict, &passive);
    if (status == 0)
        status = first_of(&self, root, "conditions", false, &conditions);
    if (status == 0)
        status = add_step(&self, passive == NULL ? root : passive, "forsec sna_all_ { insert pas }\n");
    if (status == 0)
        status = add_passive(&self, passive, "ra", "Ra");
    if (status == 0)
        status = add_capacitance(&self, passive);
    if (status == 0)
        status = add_passive(&self, passive, "e_pas", "e_pas");
    if (status == 0)
        status = add_genome(&self, root);
    if (status == 0)
        status = add_reversals(&self, conditions);
    if (status == 0)
        status = take_condition(&self, conditions, "celsius", &model->celsius);
    if (status == 0)
        status = take_condition(&self, conditions, "v_init", &model->v_init);
out:
    sna_json_free(json);
    return status;
}
