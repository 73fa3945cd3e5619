/* build.c: inside a NEURON process: turns a bare morphology into a cell (axon, parameters, segments), and inserts and
 * sets what was asked for on any cell. */
#include "cell.h"

#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_matrix.h>

static const double STUB = 30; /* um, the length of each of the two pieces that stand in for the axon */

/* Adds to hoc's complaint about a mechanism what is mostly the matter. */
static int hint_at_mechanisms(int status)
{
    char unknown[512];

    if (status != SNA_EEXTERNAL || strstr(sna_error_message(), "is not a MECHANISM") == NULL)
        return status;
    (void)snprintf(unknown, sizeof unknown, "%s", sna_error_message());
    return sna_error(SNA_ENOTFOUND, "%s: are its mod files given (--mod-folder)?", unknown);
}

int sna_cell_load(sna_neuron *neuron, const sna_cell_model *model)
{
    int status = 0;
    double loaded = 0;

    if (model->definition == NULL) {
        for (uint64_t i = 0; i < model->hoc.count && status == 0; i++)
            status = hint_at_mechanisms(sna_neuron_load_hoc(neuron, model->hoc.text[i]));
        goto out;
    }
    /* NEURON's reader first: its hoc files use names (`k`) that a mechanism may take. */
    sna_neuron_doing(neuron, "loading NEURON's reader of morphologies");
    status = sna_neuron_number(neuron, &loaded, "load_file(\"import3d.hoc\")");
    if (status == 0 && loaded != 1)
        status = sna_error(SNA_EEXTERNAL, "NEURON's own file import3d.hoc cannot be loaded: is NEURONHOME right?");
    if (status == 0 && model->mechanisms != NULL)
        status = sna_neuron_load_mechanisms(neuron, model->mechanisms);
    if (status == 0)
        status = sna_neuron_execute(neuron, "%s", model->definition);
out:
    return status;
}

int sna_cell_list_sections(sna_neuron *neuron)
{
    /* The sections of a new cell are the last ones of all. */
    return sna_neuron_execute(neuron,
                              "sna_own_ = new SectionList()\n"
                              "sna_count_ = 0\n"
                              "forall { if (sna_count_ >= sna_before_) { sna_own_.append() } sna_count_ += 1 }\n");
}

/* ---- the axon -----------------------------------------------------------------------------------------------------
 */

/* The 3-D points of the section that sna_section_ refers to, [*count][3]. */
static int read_points(sna_neuron *neuron, double (**out)[3], uint64_t *count)
{
    int status = 0;
    const double *value = NULL;

    *out = NULL;
    *count = 0;
    status =
        sna_neuron_execute(neuron, "sna_wave_ = new Vector()\n"
                                   "sna_section_.sec for sna_count_ = 0, n3d() - 1 { sna_wave_.append(x3d(sna_count_), "
                                   "y3d(sna_count_), z3d(sna_count_)) }\n");
    if (status == 0)
        status = sna_neuron_vector(neuron, &value, count, "sna_wave_");
    if (status != 0)
        goto out;
    *count /= 3;
    status = sna_allocate(out, *count, sizeof **out);
    if (status == 0 && *count > 0)
        memcpy(*out, value, (size_t)*count * sizeof **out);
out:
    return status;
}

/* The first principal component of points, of length 1. */
static int principal_axis(const double (*points)[3], uint64_t count, double axis[3])
{
    int status = 0;
    double mean[3] = {0, 0, 0}, spread[9] = {0};
    gsl_matrix_view matrix = gsl_matrix_view_array(spread, 3, 3);
    gsl_vector *values = gsl_vector_alloc(3);
    gsl_matrix *vectors = gsl_matrix_alloc(3, 3);
    gsl_eigen_symmv_workspace *space = gsl_eigen_symmv_alloc(3);

    if (values == NULL || vectors == NULL || space == NULL) {
        status = sna_error(SNA_ENOMEM, "out of memory");
        goto out;
    }
    for (uint64_t i = 0; i < count; i++) {
        for (int k = 0; k < 3; k++)
            mean[k] += points[i][k] / (double)count;
    }
    for (uint64_t i = 0; i < count; i++) {
        for (int k = 0; k < 9; k++)
            spread[k] += (points[i][k / 3] - mean[k / 3]) * (points[i][k % 3] - mean[k % 3]);
    }
    if (gsl_eigen_symmv(&matrix.matrix, values, vectors, space) != 0 ||
        gsl_eigen_symmv_sort(values, vectors, GSL_EIGEN_SORT_VAL_DESC) != 0) {
        status = sna_error(SNA_EEXTERNAL, "the direction of the axon cannot be computed");
        goto out;
    }
    for (size_t k = 0; k < 3; k++)
        axis[k] = gsl_matrix_get(vectors, k, 0);
out:
    gsl_eigen_symmv_free(space);
    gsl_matrix_free(vectors);
    gsl_vector_free(values);
    return status;
}

/* Where the axon starts (the last point of the soma) and where it goes: along the principal component of the middle of
 * the soma and the points of the last axon section, towards the end of that section. */
static int find_direction(sna_neuron *neuron, double start[3], double direction[3])
{
    int status = 0;
    double(*soma)[3] = NULL, (*axon)[3] = NULL, (*both)[3] = NULL, ahead = 0;
    uint64_t somata = 0, count = 0;

    status = sna_neuron_execute(neuron, "forsec sna_soma_ { sna_section_ = new SectionRef() }\n");
    if (status == 0)
        status = read_points(neuron, &soma, &somata);
    if (status == 0)
        status = sna_neuron_execute(neuron, "forsec sna_axon_ { sna_section_ = new SectionRef() }\n");
    if (status == 0)
        status = read_points(neuron, &axon, &count);
    if (status == 0 && (somata == 0 || count == 0))
        status = sna_error(SNA_EFORMAT, "soma and axon have no points, so the axon has no direction");
    if (status == 0)
        status = sna_allocate(&both, count + 1, sizeof *both);
    if (status != 0)
        goto out;
    memcpy(both[0], soma[somata / 2], sizeof both[0]);
    memcpy(both + 1, axon, (size_t)count * sizeof *both);
    status = principal_axis((const double(*)[3])both, count + 1, direction);
    if (status != 0)
        goto out;
    for (int k = 0; k < 3; k++) {
        start[k] = soma[somata - 1][k];
        ahead += direction[k] * (axon[count - 1][k] - both[0][k]);
    }
    for (int k = 0; k < 3 && ahead < 0; k++)
        direction[k] = -direction[k];
out:
    free(both);
    free(axon);
    free(soma);
    return status;
}

static int give_points(sna_neuron *neuron, int piece, const double start[3], const double direction[3], double diameter)
{
    int status = 0;
    char number[4][SNA_NUMBER_SIZE];

    (void)sna_number_text(number[3], diameter);
    status = sna_neuron_execute(neuron, "sna_cell_.axon[%d] { pt3dclear() }\n", piece);
    for (int end = 0; end < 2 && status == 0; end++) {
        for (int k = 0; k < 3; k++)
            (void)sna_number_text(number[k], start[k] + (piece + end) * STUB * direction[k]);
        status = sna_neuron_execute(neuron, "sna_cell_.axon[%d] { pt3dadd(%s, %s, %s, %s) }\n", piece, number[0],
                                    number[1], number[2], number[3]);
    }
    return status;
}

static int replace_axon(sna_neuron *neuron, const sna_cell_model *model)
{
    int status = 0;
    const bool active = model->processing == SNA_ALL_ACTIVE || model->processing == SNA_ALL_ACTIVE_DIRECTED;
    const bool directed = model->processing == SNA_PERISOMATIC_DIRECTED || model->processing == SNA_ALL_ACTIVE_DIRECTED;
    double diameter[2] = {1, 1}, start[3] = {0, 0, 0}, direction[3] = {0, 0, 0};
    char text[SNA_NUMBER_SIZE], length[SNA_NUMBER_SIZE];

    sna_neuron_doing(neuron, "replacing the axon");
    if (active) {
        status = sna_neuron_execute(neuron, "sna_cell_.axon[0] { sna_count_ = diam(0.5) }\n");
        if (status == 0)
            status = sna_neuron_number(neuron, &diameter[0], "sna_count_");
        if (status == 0)
            status = sna_neuron_execute(neuron, "forsec sna_axon_ { sna_count_ = diam(0.5) }\n");
        if (status == 0)
            status = sna_neuron_number(neuron, &diameter[1], "sna_count_");
    }
    if (status == 0 && directed)
        status = find_direction(neuron, start, direction);
    if (status == 0)
        status = sna_neuron_execute(neuron, "{ execute(\"create axon[2]\", sna_cell_) }\n"
                                            "sna_cell_.axonal = new SectionList()\n");
    for (int i = 0; i < 2 && status == 0; i++)
        status = sna_neuron_execute(neuron,
                                    "sna_cell_.axon[%d] { L = %s diam = %s sna_cell_.axonal.append() "
                                    "sna_cell_.all.append() }\n",
                                    i, sna_number_text(length, STUB), sna_number_text(text, diameter[i]));
    if (status == 0)
        status = sna_neuron_execute(neuron,
                                    "{ execute(\"soma[0] connect axon[0](0), %s\", sna_cell_) }\n"
                                    "{ execute(\"axon[0] connect axon[1](0), 1\", sna_cell_) }\n",
                                    active ? "1" : "0.5");
    for (int i = 0; i < 2 && status == 0 && directed; i++)
        status = give_points(neuron, i, start, direction, diameter[i]);
    if (status == 0 && directed)
        status =
            sna_neuron_execute(neuron, "for sna_count_ = 0, 1 { sna_cell_.axon[sna_count_] { L = %s } }\n", length);
    if (status == 0)
        status = sna_neuron_execute(neuron, "{ define_shape() }\n");
    return status;
}

/* ---- parameters -----------------------------------------------------------------------------------------------------
 */

/* Lists of the sections by kind, for the statements of a fit. */
static int list_kinds(sna_neuron *neuron)
{
    return sna_neuron_execute(neuron, "sna_all_ = sna_cell_.all\n"
                                      "sna_soma_ = new SectionList()\n"
                                      "sna_axon_ = new SectionList()\n"
                                      "sna_dend_ = new SectionList()\n"
                                      "sna_apic_ = new SectionList()\n"
                                      "forsec sna_all_ {\n"
                                      "    ifsec \".soma\" sna_soma_.append()\n"
                                      "    ifsec \".axon\" sna_axon_.append()\n"
                                      "    ifsec \".dend\" sna_dend_.append()\n"
                                      "    ifsec \".apic\" sna_apic_.append()\n"
                                      "}\n");
}

static int apply_fit(sna_neuron *neuron, const sna_cell_model *model)
{
    int status = 0;

    sna_neuron_doing(neuron, "applying the fit %s", model->fit);
    for (uint64_t i = 0; i < model->steps.count && status == 0; i++) {
        status = hint_at_mechanisms(sna_neuron_execute(neuron, "%s", model->steps.text[i]));
        status = sna_error_in(status, "%s", model->places.text[i]);
    }
    return status;
}

static int insert_mechanism(sna_neuron *neuron, const char *name)
{
    int status = 0;
    char *selected = NULL;

    /* What is not known cannot be selected: the one selected before stays. */
    status = sna_neuron_execute(neuron,
                                "sna_kind_ = new MechanismType(0)\n"
                                "{ sna_kind_.select(\"%s\") sna_kind_.selected(sna_word_) }\n",
                                name);
    if (status == 0)
        status = sna_neuron_text(neuron, &selected, "sna_word_");
    if (status == 0 && strcmp(selected, name) != 0)
        status = sna_error(SNA_ENOTFOUND,
                           "--insert %s: NEURON knows no density mechanism of that name; are its mod files given "
                           "(--mod-folder)?",
                           name);
    if (status == 0)
        status = sna_neuron_execute(neuron, "forsec sna_own_ { insert %s }\n", name);
    free(selected);
    return status;
}

/* "g_pas=1e-4", "dend.Ra=150"; the form was checked when the model was made. */
static int set_parameter(sna_neuron *neuron, const char *text)
{
    int status = 0;
    const char *equals = strchr(text, '='), *dot = memchr(text, '.', (size_t)(equals - text));
    char *name = NULL, *section = NULL;
    double declared = 0, sections = 0, matched = 0, done = 0;

    status =
        sna_text_format(&name, "%.*s", (int)(equals - (dot == NULL ? text : dot + 1)), dot == NULL ? text : dot + 1);
    if (status == 0)
        status = sna_text_format(&section, "%.*s", dot == NULL ? 0 : (int)(dot - text), text);
    if (status == 0)
        status = sna_neuron_number(neuron, &declared, "name_declared(\"%s\")", name);
    if (status == 0 && declared == 0)
        status = sna_error(SNA_ENOTFOUND, "--set %s: NEURON knows no `%s`", text, name);
    if (status == 0)
        status = sna_neuron_execute(neuron, "sna_count_ = 0\nforsec sna_own_ { sna_count_ += 1 }\n");
    if (status == 0)
        status = sna_neuron_number(neuron, &sections, "sna_count_");
    for (double i = 0; i < sections && status == 0; i++) {
        char *full = NULL;
        const char *own;
        size_t length;
        status = sna_neuron_execute(neuron,
                                    "sna_count_ = 0\n"
                                    "forsec sna_own_ { if (sna_count_ == %g) { sna_section_ = new SectionRef() "
                                    "sna_word_ = secname() } sna_count_ += 1 }\n",
                                    i);
        if (status == 0)
            status = sna_neuron_text(neuron, &full, "sna_word_");
        if (status != 0)
            break;
        own = strchr(full, '.') == NULL ? full : strchr(full, '.') + 1;
        length = strcspn(own, "[");
        if (section[0] == '\0' || (strlen(section) == length && strncmp(section, own, length) == 0)) {
            matched++;
            /* A section that lacks the mechanism is no error, unless all do. */
            status = sna_neuron_execute(neuron, "sna_section_.sec { %s = %s }\n", name, equals + 1);
            done += status == 0;
            if (status == SNA_EEXTERNAL && strstr(sna_error_message(), "not inserted") != NULL)
                status = 0;
        }
        free(full);
    }
    if (status == 0 && matched == 0)
        status = sna_error(SNA_ENOTFOUND, "--set %s: the cell has no sections `%s`", text, section);
    else if (status == 0 && done == 0)
        status = sna_error(SNA_ENOTFOUND, "--set %s: no section has `%s`; --insert its mechanism first", text, name);
    free(section);
    free(name);
    return status;
}

int sna_cell_build(sna_neuron *neuron, const sna_cell_model *model)
{
    int status = 0;
    double somata = 0;

    if (model->fit != NULL) {
        status = list_kinds(neuron);
        if (status == 0)
            status = sna_neuron_execute(neuron, "sna_count_ = 0\nforsec sna_soma_ { sna_count_ += 1 }\n");
        if (status == 0)
            status = sna_neuron_number(neuron, &somata, "sna_count_");
        if (status == 0 && somata == 0)
            status = sna_error(SNA_EFORMAT, "%s: the morphology has no soma, which a fit needs", model->swc);
        if (status == 0)
            status = replace_axon(neuron, model);
        if (status == 0)
            status = list_kinds(neuron);
        if (status == 0)
            status = apply_fit(neuron, model);
    }
    if (status == 0 && (model->insert.count > 0 || model->set.count > 0))
        status = sna_cell_list_sections(neuron);
    for (uint64_t i = 0; i < model->insert.count && status == 0; i++)
        status = insert_mechanism(neuron, model->insert.text[i]);
    for (uint64_t i = 0; i < model->set.count && status == 0; i++)
        status = set_parameter(neuron, model->set.text[i]);
    /* Last, because the rule depends on Ra and cm. */
    if (status == 0 && model->definition != NULL && !model->nseg_one)
        status = sna_neuron_execute(
            neuron, "forsec sna_cell_.all { nseg = int((L / (0.1 * lambda_f(100)) + 0.999) / 2) * 2 + 1 }\n");
    return status;
}
