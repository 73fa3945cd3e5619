/* cell.c: inside a NEURON process: makes a cell, finds places on it, puts current in and reads voltage. */
#include "cell.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

int sna_cell_site_parse(sna_cell_site *out, const char *text)
{
    int status = 0;
    const char *at = text;
    size_t length = 0;
    char number[64], *close;

    *out = (sna_cell_site){.index = -1, .position = 0.5};
    while (isalnum((unsigned char)at[length]) || at[length] == '_')
        length++;
    if (length == 0 || length >= sizeof out->name || isdigit((unsigned char)at[0]))
        goto wrong;
    memcpy(out->name, at, length);
    out->name[length] = '\0';
    at += length;
    if (*at == '[') {
        length = strcspn(at, "]");
        if (at[length] != ']' || length < 2 || length > 10)
            goto wrong;
        (void)snprintf(number, sizeof number, "%.*s", (int)(length - 1), at + 1);
        if (sna_integer_parse(&out->index, number) != 0 || out->index < 0 || out->index > INT32_MAX)
            goto wrong;
        at += length + 1;
    }
    if (*at == '(') {
        close = strchr(at, ')');
        if (close == NULL || (size_t)(close - at) >= sizeof number)
            goto wrong;
        (void)snprintf(number, sizeof number, "%.*s", (int)(close - at - 1), at + 1);
        if (sna_number_parse(&out->position, number) != 0 || !(out->position >= 0 && out->position <= 1))
            goto wrong;
        at = close + 1;
    }
    if (*at == '\0')
        goto out;
wrong:
    status = sna_error(SNA_EINVAL,
                       "`%s` is no place on a cell: places are written section(position), section[index](position) "
                       "or list[index](position), with a position from 0 to 1, e.g. soma(0.5), dend[3](0.9), "
                       "all[12](0.5)",
                       text);
out:
    return status;
}

int sna_cell_prepare(sna_neuron *neuron)
{
    /* Lists keep alive what the simulation needs; the others hold what is being worked on. */
    return sna_neuron_execute(
        neuron,
        "objref sna_cells_, sna_traces_, sna_keep_, sna_times_\n"
        "objref sna_cell_, sna_object_, sna_section_, sna_clamp_, sna_trace_, sna_wave_, "
        "sna_base_\n"
        "objref sna_own_, sna_all_, sna_soma_, sna_axon_, sna_dend_, sna_apic_, sna_kind_, sna_events_, sna_current_, "
        "sna_standard_, sna_source_\n"
        "strdef sna_word_, sna_words_\n"
        "sna_count_ = 0\n"
        "sna_before_ = 0\n"
        "sna_area_ = 0\n"
        "sna_cells_ = new List()\n"
        "sna_traces_ = new List()\n"
        "sna_keep_ = new List()\n");
}

/* An artificial cell receives and sends events and has no membrane. */
static int check_sections(sna_neuron *neuron, const sna_cell_model *model)
{
    double sections = 0;
    int status = sna_neuron_execute(neuron, "sna_count_ = -sna_before_\nforall sna_count_ += 1\n");

    if (status == 0)
        status = sna_neuron_number(neuron, &sections, "sna_count_");
    if (status == 0 && sections <= 0)
        status =
            sna_error(SNA_EUNSUPPORTED,
                      "the cell %s has no sections, so it has no membrane to measure: it is an artificial cell, or "
                      "its template makes its sections later",
                      model->template_name);
    return status;
}

int sna_cell_create(sna_neuron *neuron, const sna_cell_model *model)
{
    int status = 0;
    double declared = 0;

    sna_neuron_doing(neuron, "creating the cell %s(%s)", model->template_name, model->arguments);
    status = sna_neuron_number(neuron, &declared, "name_declared(\"%s\")", model->template_name);
    if (status == 0 && declared == 0)
        status =
            sna_error(SNA_ENOTFOUND, "there is no template `%s`: the hoc files do not define it", model->template_name);
    if (status != 0)
        goto out;
    status = sna_neuron_execute(neuron, "sna_before_ = 0\nforall sna_before_ += 1\n");
    if (status == 0)
        status = sna_neuron_execute(neuron, "sna_cell_ = new %s(%s)\n{ sna_cells_.append(sna_cell_) }\n",
                                    model->template_name, model->arguments);
    status = sna_error_in(status, "creating the cell %s(%s)", model->template_name, model->arguments);
    if (status == 0)
        status = sna_cell_build(neuron, model);
    if (status == 0 && model->post_init != NULL) {
        sna_neuron_doing(neuron, "calling %s of the new cell", model->post_init);
        status = sna_neuron_execute(neuron, "{ sna_cell_.%s }\n", model->post_init);
        status = sna_error_in(status, "calling %s of the new cell", model->post_init);
    }
    if (status == 0)
        status = check_sections(neuron, model);
out:
    return status;
}

/* Makes sna_section_ refer to a place on sna_cell_. */
static int find_section(sna_neuron *neuron, const sna_cell_site *site)
{
    int status = 0;
    char *class_name = NULL;
    double found = 0;
    const long long index = site->index < 0 ? 0 : (long long)site->index;

    /* Only an object can be assigned: a list of sections. Here an error is an answer. */
    if (sna_neuron_execute(neuron, "sna_object_ = sna_cell_.%s\n{ classname(sna_object_, sna_word_) }\n", site->name) ==
        0) {
        status = sna_neuron_text(neuron, &class_name, "sna_word_");
        if (status == 0 && strcmp(class_name, "SectionList") != 0)
            status = sna_error(SNA_ENOTFOUND, "`%s` of the cell is a %s, neither a section nor a list of sections",
                               site->name, class_name);
        if (status == 0)
            status = sna_neuron_execute(neuron,
                                        "sna_count_ = 0\n"
                                        "forsec sna_object_ {\n"
                                        "    if (sna_count_ == %lld) sna_section_ = new SectionRef()\n"
                                        "    sna_count_ += 1\n"
                                        "}\n",
                                        index);
        if (status == 0)
            status = sna_neuron_number(neuron, &found, "sna_count_");
        if (status == 0 && !((double)index < found))
            status = sna_error(SNA_ENOTFOUND, "the list `%s` of the cell has %g sections, counted from 0", site->name,
                               found);
        goto out;
    }
    if (site->index >= 0) {
        status = sna_neuron_execute(neuron, "sna_cell_.%s[%lld] sna_section_ = new SectionRef()\n", site->name, index);
        if (status == 0 || strstr(sna_error_message(), "subscript out of range") != NULL) {
            if (status != 0)
                status = sna_error(SNA_ENOTFOUND, "the cell has no section `%s[%lld]`: that array is shorter",
                                   site->name, index);
            goto out;
        }
    }
    /* A section that is no array, or the first of one. */
    if (index == 0)
        status = sna_neuron_execute(neuron, "sna_cell_.%s sna_section_ = new SectionRef()\n", site->name);
    if (status == SNA_EEXTERNAL)
        status = sna_error(SNA_ENOTFOUND, "the cell has no public section or list of sections `%s%s`", site->name,
                           index > 0 ? "[...]" : "");
out:
    free(class_name);
    return status;
}

int sna_cell_go_to(sna_neuron *neuron, const char *text, const char *purpose, char **canonical)
{
    int status = 0;
    sna_cell_site site;
    char *name = NULL, number[SNA_NUMBER_SIZE];
    const char *bare;

    status = sna_cell_site_parse(&site, text);
    if (status == 0)
        status = find_section(neuron, &site);
    if (status == 0)
        status = sna_neuron_execute(neuron, "sna_section_.sec { sna_word_ = secname() }\n");
    if (status == 0)
        status = sna_neuron_text(neuron, &name, "sna_word_");
    if (status == 0) {
        bare = strchr(name, '.'); /* CP_Cell[0].soma[0] */
        status = sna_text_format(canonical, "%s(%s)", bare == NULL ? name : bare + 1,
                                 sna_number_text(number, site.position));
    }
    status = sna_error_in(status, "site of %s %s", purpose, text);
    free(name);
    return status;
}

int sna_cell_inject(sna_neuron *neuron, double position, const sna_cell_stimulus *stimulus, double step, uint64_t steps,
                    bool held)
{
    int status = 0;
    char place[SNA_NUMBER_SIZE], delay[SNA_NUMBER_SIZE], duration[SNA_NUMBER_SIZE], amplitude[SNA_NUMBER_SIZE];
    double *current = NULL;

    (void)sna_number_text(place, position);
    (void)sna_number_text(delay, stimulus->delay);
    (void)sna_number_text(duration, stimulus->duration);
    (void)sna_number_text(amplitude, stimulus->amplitude);
    status = sna_neuron_execute(
        neuron, "sna_section_.sec sna_clamp_ = new IClamp(%s)\n{ sna_keep_.append(sna_clamp_) }\n", place);
    if (status != 0)
        goto out;
    if (stimulus->wave == NULL) {
        status = sna_neuron_execute(neuron, "{ sna_clamp_.del = %s sna_clamp_.dur = %s sna_clamp_.amp = %s }\n", delay,
                                    duration, amplitude);
        goto out;
    }
    status = sna_allocate(&current, steps + 1, sizeof *current);
    if (status != 0)
        goto out;
    stimulus->wave(current, steps + 1, step, stimulus->context);
    status = sna_neuron_execute(neuron, "{ sna_clamp_.del = 0 sna_clamp_.dur = 1e9 sna_clamp_.amp = 0 }\n"
                                        "sna_wave_ = new Vector()\n{ sna_keep_.append(sna_wave_) }\n");
    if (status == 0)
        status = sna_neuron_fill_vector(neuron, "sna_wave_", current, steps + 1);
    if (status == 0 && held) {
        status = sna_neuron_execute(neuron, "{ sna_wave_.play(&sna_clamp_.amp, dt) }\n");
    } else if (status == 0) {
        for (uint64_t i = 0; i <= steps; i++)
            current[i] = (double)i * step;
        status = sna_neuron_execute(neuron, "sna_base_ = new Vector()\n{ sna_keep_.append(sna_base_) }\n");
        if (status == 0)
            status = sna_neuron_fill_vector(neuron, "sna_base_", current, steps + 1);
        if (status == 0)
            status = sna_neuron_execute(neuron, "{ sna_wave_.play(&sna_clamp_.amp, sna_base_, 1) }\n");
    }
out:
    free(current);
    return status;
}

/* A synapse is a point process that receives events and sits in a membrane. Which there are is said when it is none. */
static int check_synapse(sna_neuron *neuron, const char *mechanism)
{
    int status = 0;
    char *selected = NULL, *known = NULL;
    double receives = 0;

    /* What is not known cannot be selected: the one selected before stays. */
    status = sna_neuron_execute(neuron,
                                "sna_kind_ = new MechanismType(1)\n"
                                "{ sna_kind_.select(\"%s\") sna_kind_.selected(sna_word_) }\n"
                                "sna_count_ = sna_kind_.selected()\n"
                                "sna_count_ = sna_kind_.is_netcon_target(sna_count_) && "
                                "!sna_kind_.is_artificial(sna_count_)\n",
                                mechanism);
    if (status == 0)
        status = sna_neuron_text(neuron, &selected, "sna_word_");
    if (status == 0)
        status = sna_neuron_number(neuron, &receives, "sna_count_");
    if (status != 0 || (receives != 0 && strcmp(selected, mechanism) == 0))
        goto out;
    status = sna_neuron_execute(
        neuron, "sna_words_ = \"\"\n"
                "for sna_count_ = 0, sna_kind_.count() - 1 {\n"
                "    if (sna_kind_.is_netcon_target(sna_count_) && !sna_kind_.is_artificial(sna_count_)) {\n"
                "        sna_kind_.select(sna_count_)\n"
                "        sna_kind_.selected(sna_word_)\n"
                "        sprint(sna_words_, \"%%s, %%s\", sna_words_, sna_word_)\n"
                "    }\n}\n");
    if (status == 0)
        status = sna_neuron_text(neuron, &known, "sna_words_");
    if (status == 0)
        status = sna_error(SNA_ENOTFOUND,
                           "`%s` is no synapse that NEURON knows (a point process that receives events); there are: "
                           "%s, and those of the mod files that are given (--mod-folder)",
                           mechanism, known[0] == ',' ? known + 2 : "none");
out:
    free(known);
    free(selected);
    return status;
}

/* Makes the synapse that sna_clamp_ refers to. */
static int make_synapse(sna_neuron *neuron, double position, const sna_cell_synapse *synapse)
{
    int status = 0;
    char place[SNA_NUMBER_SIZE];

    status = check_synapse(neuron, synapse->mechanism);
    if (status == 0) {
        status =
            sna_neuron_execute(neuron, "sna_section_.sec sna_clamp_ = new %s(%s)\n{ sna_keep_.append(sna_clamp_) }\n",
                               synapse->mechanism, sna_number_text(place, position));
        status = sna_error_in(status, "making the synapse %s", synapse->mechanism);
    }
    for (uint64_t i = 0; i < synapse->parameter_count && status == 0; i++) {
        status = sna_neuron_execute(neuron, "sna_clamp_.%s\n", synapse->parameter[i]);
        if (status == SNA_EEXTERNAL)
            status = sna_error(SNA_ENOTFOUND, "the synapse %s has no such parameter: %s", synapse->mechanism,
                               synapse->parameter[i]);
    }
    return status;
}

int sna_cell_stimulate(sna_neuron *neuron, double position, const sna_cell_stimulus *stimulus)
{
    int status = 0;
    const sna_cell_synapse *synapse = stimulus->synapse;
    char start[SNA_NUMBER_SIZE], interval[SNA_NUMBER_SIZE], weight[SNA_NUMBER_SIZE], noise[SNA_NUMBER_SIZE];

    status = make_synapse(neuron, position, synapse);
    if (status == 0)
        status =
            sna_neuron_execute(neuron,
                               "sna_source_ = new NetStim()\n"
                               "{ sna_source_.start = %s sna_source_.interval = %s sna_source_.number = %llu "
                               "sna_source_.noise = %s }\n"
                               "{ sna_keep_.append(sna_source_) }\n",
                               sna_number_text(start, stimulus->delay), sna_number_text(interval, synapse->interval),
                               (unsigned long long)synapse->events, sna_number_text(noise, synapse->noise));
    /* A stream of its own, so that the events do not depend on what else draws random numbers. */
    if (status == 0 && synapse->noise > 0)
        status = sna_neuron_execute(neuron, "{ sna_source_.noiseFromRandom123(%llu, 0, 0) }\n",
                                    (unsigned long long)(synapse->seed & 0xffffffff));
    if (status == 0)
        status = sna_neuron_execute(neuron,
                                    "sna_events_ = new NetCon(sna_source_, sna_clamp_, 0, 0, %s)\n"
                                    "{ sna_keep_.append(sna_events_) }\n"
                                    "sna_current_ = new Vector()\n",
                                    sna_number_text(weight, synapse->weight));
    /* An error is an answer: no current of that name. The Vector stays empty. */
    if (status == 0 && sna_neuron_execute(neuron, "{ sna_current_.record(&sna_clamp_.i) }\n") == SNA_ECANCELLED)
        status = SNA_ECANCELLED;
    return status;
}

int sna_cell_record(sna_neuron *neuron, double position)
{
    char place[SNA_NUMBER_SIZE];

    return sna_neuron_execute(neuron,
                              "sna_trace_ = new Vector()\n{ sna_traces_.append(sna_trace_) }\n"
                              "sna_section_.sec { sna_trace_.record(&v(%s)) }\n",
                              sna_number_text(place, position));
}
