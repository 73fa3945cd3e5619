/* describe_read.c: inside a NEURON process: reads sections, mechanisms and parameters of a cell. */
#include "cell.h"

#include <stdlib.h>
#include <string.h>

/* A density mechanism and its parameters, as hoc names them. */
typedef struct {
    char *name;
    sna_list parameters, units;
} mechanism;

typedef struct {
    mechanism *list;
    uint64_t count;
} catalogue;

static int add_parameter(sna_neuron *neuron, mechanism *self, const char *name)
{
    int status = 0;
    char *unit = NULL;

    status = sna_list_add(&self->parameters, name);
    /* units() of an element of an array is not to be had. */
    if (status == 0 && strchr(name, '[') == NULL)
        status = sna_neuron_text(neuron, &unit, "units(\"%s\")", name);
    if (status == 0)
        status = sna_list_add(&self->units, unit == NULL ? "" : unit);
    free(unit);
    return status;
}

static int read_parameters(sna_neuron *neuron, mechanism *self)
{
    int status = 0;
    double count = 0, elements = 0;
    const char *ion = strstr(self->name, "_ion");
    char reversal[64];

    if (ion != NULL && ion[4] == '\0') {
        /* An ion has its reversal potential under the name e + ion. */
        (void)snprintf(reversal, sizeof reversal, "e%.*s", (int)(ion - self->name), self->name);
        status = add_parameter(neuron, self, reversal);
        goto out;
    }
    status = sna_neuron_execute(neuron, "sna_standard_ = new MechanismStandard(\"%s\", 1)\n", self->name);
    if (status == 0)
        status = sna_neuron_number(neuron, &count, "sna_standard_.count()");
    for (double i = 0; i < count && status == 0; i++) {
        char *name = NULL, *element = NULL;
        status = sna_neuron_number(neuron, &elements, "sna_standard_.name(sna_word_, %g)", i);
        if (status == 0)
            status = sna_neuron_text(neuron, &name, "sna_word_");
        if (status == 0 && elements <= 1)
            status = add_parameter(neuron, self, name);
        for (double k = 0; k < elements && elements > 1 && status == 0; k++) {
            free(element);
            status = sna_text_format(&element, "%s[%g]", name, k);
            if (status == 0)
                status = add_parameter(neuron, self, element);
        }
        free(element);
        free(name);
    }
out:
    return status;
}

static int read_catalogue(sna_neuron *neuron, catalogue *self)
{
    int status = 0;
    double count = 0;

    status = sna_neuron_execute(neuron, "sna_kind_ = new MechanismType(0)\n");
    if (status == 0)
        status = sna_neuron_number(neuron, &count, "sna_kind_.count()");
    if (status == 0)
        status = sna_allocate(&self->list, (uint64_t)count, sizeof *self->list);
    for (uint64_t i = 0; i < (uint64_t)count && status == 0; i++) {
        mechanism *one = &self->list[self->count++];
        status = sna_neuron_execute(neuron, "{ sna_kind_.select(%llu) sna_kind_.selected(sna_word_) }\n",
                                    (unsigned long long)i);
        if (status == 0)
            status = sna_neuron_text(neuron, &one->name, "sna_word_");
    }
    return status;
}

static void free_catalogue(catalogue *self)
{
    for (uint64_t i = 0; i < self->count; i++) {
        free(self->list[i].name);
        sna_list_free(&self->list[i].parameters);
        sna_list_free(&self->list[i].units);
    }
    free(self->list);
}

/* Name of the section that sna_section_ refers to, without that of the cell. */
static int read_name(sna_neuron *neuron, char **out)
{
    int status = 0;
    char *full = NULL;
    const char *dot;

    *out = NULL;
    status = sna_neuron_text(neuron, &full, "sna_word_");
    if (status == 0) {
        dot = strchr(full, '.');
        status = sna_text_copy(out, dot == NULL ? full : dot + 1);
    }
    free(full);
    return status;
}

static int add_number(sna_string *out, double value)
{
    char text[SNA_NUMBER_SIZE];

    return sna_string_format(out, "\t%s", sna_number_text(text, value));
}

/* Value in the middle and extremes of one parameter in the current section. */
static int read_value(sna_neuron *neuron, const char *name, double value[3])
{
    int status = 0;
    const double *given = NULL;
    uint64_t count = 0;

    status = sna_neuron_execute(neuron,
                                "{ sna_wave_.resize(0) }\n"
                                "sna_section_.sec { sna_wave_.append(%s(0.5)) for (sna_count_, 0) { "
                                "sna_wave_.append(%s(sna_count_)) } }\n",
                                name, name);
    if (status == 0)
        status = sna_neuron_vector(neuron, &given, &count, "sna_wave_");
    if (status != 0)
        goto out;
    value[0] = value[1] = value[2] = given[0];
    for (uint64_t i = 1; i < count; i++) {
        value[1] = given[i] < value[1] ? given[i] : value[1];
        value[2] = given[i] > value[2] ? given[i] : value[2];
    }
out:
    return status;
}

static int read_mechanism(sna_neuron *neuron, sna_string *out, const char *section, mechanism *one)
{
    int status = 0;

    if (one->parameters.count == 0)
        status = read_parameters(neuron, one);
    for (uint64_t k = 0; k < one->parameters.count && status == 0; k++) {
        double value[3] = {NAN, NAN, NAN};
        status = read_value(neuron, one->parameters.text[k], value);
        if (status == 0)
            status = sna_string_format(out, "P\t%s\t%s\t%s\t%s", section, one->name, one->parameters.text[k],
                                       one->units.text[k]);
        for (int i = 0; i < 3 && status == 0; i++)
            status = add_number(out, value[i]);
        if (status == 0)
            status = sna_string_append(out, "\n");
    }
    return status;
}

/* One section: its line, and those of its parameters behind it. */
static int read_section(sna_neuron *neuron, sna_string *out, catalogue *kinds)
{
    int status = 0;
    char *name = NULL, *parent = NULL;
    const double *given = NULL;
    double number[6] = {0}, has_parent = 0, inside = 0;
    uint64_t count = 0;
    sna_string parameters = SNA_STRING, names = SNA_STRING;

    status = sna_neuron_execute(neuron, "sna_section_.sec { sna_word_ = secname() }\n");
    if (status == 0)
        status = read_name(neuron, &name);
    if (status == 0)
        status = sna_neuron_number(neuron, &has_parent, "sna_section_.has_parent()");
    if (status == 0 && has_parent != 0) {
        status = sna_neuron_execute(neuron, "sna_section_.parent { sna_word_ = secname() }\n");
        if (status == 0)
            status = read_name(neuron, &parent);
    }
    if (status == 0)
        status = sna_neuron_execute(neuron, "{ sna_wave_.resize(0) }\n"
                                            "sna_area_ = 0\n"
                                            "sna_section_.sec { for (sna_count_, 0) { sna_area_ += area(sna_count_) }\n"
                                            "sna_wave_.append(L, diam(0.5), nseg, sna_area_, Ra, cm(0.5)) }\n");
    if (status == 0)
        status = sna_neuron_vector(neuron, &given, &count, "sna_wave_");
    if (status == 0 && count == 6)
        memcpy(number, given, sizeof number);
    for (uint64_t i = 0; i < kinds->count && status == 0; i++) {
        mechanism *one = &kinds->list[i];
        /* These two are in every section and have their columns. */
        if (strcmp(one->name, "morphology") == 0 || strcmp(one->name, "capacitance") == 0)
            continue;
        status = sna_neuron_execute(neuron, "sna_section_.sec { sna_count_ = ismembrane(\"%s\") }\n", one->name);
        if (status == 0)
            status = sna_neuron_number(neuron, &inside, "sna_count_");
        if (status == 0 && inside != 0)
            status = sna_string_format(&names, "%s%s", names.length == 0 ? "" : " ", one->name);
        if (status == 0 && inside != 0)
            status = read_mechanism(neuron, &parameters, name, one);
    }
    if (status == 0)
        status = sna_string_format(out, "S\t%s\t%s", name, parent == NULL ? "" : parent);
    for (int i = 0; i < 6 && status == 0; i++)
        status = add_number(out, number[i]);
    if (status == 0)
        status = sna_string_format(out, "\t%s\n%s", sna_string_text(&names), sna_string_text(&parameters));
    sna_string_free(&names);
    sna_string_free(&parameters);
    free(parent);
    free(name);
    return status;
}

static int go_to_section(sna_neuron *neuron, uint64_t index)
{
    return sna_neuron_execute(neuron,
                              "sna_count_ = 0\n"
                              "forsec sna_own_ { if (sna_count_ == %llu) { sna_section_ = new SectionRef() } "
                              "sna_count_ += 1 }\n",
                              (unsigned long long)index);
}

static int deliver_text(sna_neuron *neuron, uint64_t job, const sna_string *text)
{
    int status = 0;
    double *bytes = NULL;

    status = sna_allocate(&bytes, text->length, sizeof *bytes);
    for (uint64_t i = 0; i < text->length && status == 0; i++)
        bytes[i] = (unsigned char)text->text[i];
    if (status == 0)
        status = sna_neuron_deliver(neuron, job, "text", bytes, text->length);
    free(bytes);
    return status;
}

static int deliver_points(sna_neuron *neuron, uint64_t job)
{
    int status = 0;
    const double *value = NULL;
    uint64_t count = 0;

    /* Templates by length and diameter have no points until NEURON makes some. */
    status = sna_neuron_execute(
        neuron, "{ define_shape() }\n"
                "{ sna_wave_.resize(0) }\n"
                "sna_area_ = 0\n"
                "forsec sna_own_ { for sna_count_ = 0, n3d() - 1 { sna_wave_.append(x3d(sna_count_), "
                "y3d(sna_count_), z3d(sna_count_), diam3d(sna_count_), sna_area_) } sna_area_ += 1 }\n");
    if (status == 0)
        status = sna_neuron_vector(neuron, &value, &count, "sna_wave_");
    if (status == 0)
        status = sna_neuron_deliver(neuron, job, "points", value, count);
    return status;
}

int sna_cell_read_description(sna_neuron *neuron, uint64_t job)
{
    int status = 0;
    catalogue kinds = {NULL, 0};
    sna_string text = SNA_STRING;
    double sections = 0;

    status = sna_cell_list_sections(neuron);
    if (status == 0)
        status = sna_neuron_execute(neuron, "sna_wave_ = new Vector()\n"
                                            "sna_area_ = 0\n"
                                            "sna_count_ = 0\n"
                                            "forsec sna_own_ { sna_count_ += 1 }\n");
    if (status == 0)
        status = sna_neuron_number(neuron, &sections, "sna_count_");
    if (status == 0)
        status = read_catalogue(neuron, &kinds);
    for (uint64_t i = 0; i < (uint64_t)sections && status == 0; i++) {
        status = go_to_section(neuron, i);
        if (status == 0)
            status = read_section(neuron, &text, &kinds);
    }
    if (status == 0)
        status = deliver_text(neuron, job, &text);
    if (status == 0)
        status = deliver_points(neuron, job);
    sna_string_free(&text);
    free_catalogue(&kinds);
    return status;
}
