/* model.c: which files, which template, which mechanisms make the cell. */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "neuron/neuron.h"
#include "nmodl/nmodl.h"

/* `name` inside the folder if it is there, else from where we stand. */
static int add_hoc_file(sna_cell_model *self, const char *folder, const char *name)
{
    int status = 0;
    char *path = NULL, *real = NULL;
    struct stat about;

    if (folder != NULL) {
        status = sna_path_join(&path, folder, name);
        if (status != 0)
            goto out;
    }
    if (path == NULL || stat(path, &about) != 0) {
        free(path);
        status = sna_text_copy(&path, name);
        if (status != 0)
            goto out;
    }
    if (stat(path, &about) != 0) {
        if (folder != NULL)
            status = sna_error(SNA_ENOTFOUND, "%s: there is no such hoc file, neither in %s nor here", name, folder);
        else
            status = sna_error(SNA_ENOTFOUND, "%s: there is no such hoc file", name);
        goto out;
    }
    if (!S_ISREG(about.st_mode)) {
        status = sna_error(SNA_EINVAL, "%s: a hoc file is expected, this is none", path);
        goto out;
    }
    status = sna_path_real(&real, path);
    if (status == 0)
        status = sna_list_add(&self->hoc, real);
out:
    free(real);
    free(path);
    return status;
}

/* All files of the folder that define templates. Others may be scripts that run and plot: they are for --hoc. */
static int add_hoc_folder(sna_cell_model *self, const char *folder)
{
    int status = 0;
    sna_list names = SNA_LIST;

    status = sna_path_list(&names, folder, ".hoc");
    for (uint64_t i = 0; i < names.count && status == 0; i++) {
        sna_list templates = SNA_LIST;
        char *path = NULL;
        status = sna_path_join(&path, folder, names.text[i]);
        if (status == 0)
            status = sna_templates_of_file(&templates, path);
        if (status == 0 && templates.count > 0)
            status = add_hoc_file(self, folder, names.text[i]);
        free(path);
        sna_list_free(&templates);
    }
    if (status == 0 && self->hoc.count == 0)
        status = sna_error(SNA_ENOTFOUND, "%s: no .hoc file in this folder defines a template", folder);
    sna_list_free(&names);
    return status;
}

static int choose_template(sna_cell_model *self, const char *wanted)
{
    int status = 0;
    sna_list templates = SNA_LIST;
    sna_string names = SNA_STRING;

    for (uint64_t i = 0; i < self->hoc.count && status == 0; i++)
        status = sna_templates_of_file(&templates, self->hoc.text[i]);
    if (status == 0)
        status = sna_list_join(&templates, 20, &names);
    if (status != 0)
        goto out;
    if (wanted != NULL && !sna_hoc_is_name(wanted)) {
        status = sna_error(SNA_EINVAL, "`%s` cannot be the name of a template", wanted);
    } else if (wanted != NULL && (templates.count == 0 || sna_list_find(&templates, wanted) >= 0)) {
        /* With none in sight the files may load others that define it. */
        status = sna_text_copy(&self->template_name, wanted);
    } else if (wanted != NULL) {
        const char *guess = sna_closest(wanted, (const char *const *)templates.text, templates.count);
        status = sna_error(SNA_ENOTFOUND, "there is no template `%s` in the hoc files%s%s%s define: %s", wanted,
                           guess == NULL ? "" : ", did you mean `", guess == NULL ? "" : guess,
                           guess == NULL ? "; they" : "`? They", names.text);
    } else if (templates.count == 1) {
        status = sna_text_copy(&self->template_name, templates.text[0]);
    } else if (templates.count == 0) {
        status = sna_error(SNA_ENOTFOUND, "%s defines no template (begintemplate ... endtemplate)", self->hoc.text[0]);
    } else {
        status = sna_error(SNA_EINVAL, "the hoc files define several templates, say which one: %s", names.text);
    }
out:
    sna_string_free(&names);
    sna_list_free(&templates);
    return status;
}

/* The interpreter would run what stands behind a line break as another statement. */
static int copy_hoc_text(char **out, const char *text, const char *what)
{
    if (text != NULL && strpbrk(text, "\n\r") != NULL)
        return sna_error(SNA_EINVAL, "the %s must stand on one line", what);
    return sna_text_copy(out, text == NULL ? "" : text);
}

static int add_mechanisms(sna_cell_model *self, const sna_cell_source *source)
{
    int status = 0;
    const sna_mechanism_options options = {.neuron_library = self->neuron, .cache = source->cache};
    sna_mechanism_library library = {0};

    if (source->mechanisms != NULL && source->mod_folder != NULL) {
        status = sna_error(SNA_EINVAL, "give the mechanisms either as a folder of mod files or as a library, not both");
    } else if (source->mechanisms != NULL) {
        status = sna_error_in(sna_path_real(&self->mechanisms, source->mechanisms), "library of mechanisms");
    } else if (source->mod_folder != NULL) {
        status = sna_mechanism_compile(&library, &source->mod_folder, 1, &options);
        if (status == 0)
            status = sna_text_copy(&self->mechanisms, library.path);
        if (status == 0)
            status = sna_path_real(&self->mod_folder, source->mod_folder);
    }
    sna_mechanism_library_free(&library);
    return status;
}

/* A path that NEURON's own reader can be given. */
static int add_path(char **out, const char *path, const char *what)
{
    int status = sna_path_real(out, path);

    if (status == 0 && strpbrk(*out, "\"\\$\n\r") != NULL)
        status = sna_error(SNA_EINVAL, "%s: NEURON cannot read from a path with quotes, backslashes, $ or line breaks",
                           *out);
    return sna_error_in(status, "%s", what);
}

/* Puts a text into a file that has no name but can be opened as *path by this process and those that it forks. */
static int keep_text(int *file, char **path, const char *text)
{
    int status = 0;
    const size_t size = strlen(text);
    size_t done = 0;

    *file = memfd_create("sonatina morphology", MFD_CLOEXEC);
    while (*file >= 0 && done < size) {
        const ssize_t written = write(*file, text + done, size - done);
        if (written < 0 && errno != EINTR)
            break;
        done += written > 0 ? (size_t)written : 0;
    }
    if (*file < 0 || done < size)
        status = sna_error(SNA_EIO, "no room for a morphology: %s", strerror(errno));
    else
        status = sna_text_format(path, "/proc/self/fd/%d", *file);
    return status;
}

static int add_morphology(sna_cell_model *self, const sna_cell_source *source)
{
    int status = 0;
    sna_swc swc = {.notes = SNA_LIST};
    char *plain = NULL;

    if (source->hoc_count > 0 || source->hoc_folder != NULL || source->template_name != NULL) {
        status = sna_error(SNA_EINVAL, "the cell is either a morphology (SWC) or a template of hoc files, not both");
        goto out;
    }
    status = add_path(&self->swc, source->swc, "morphology");
    if (status == 0)
        status = sna_swc_read(&swc, self->swc);
    for (uint64_t i = 0; i < swc.notes.count && status == 0; i++)
        status = sna_list_add(&self->notes, swc.notes.text[i]);
    if (status == 0 && swc.text != NULL)
        status = keep_text(&self->plain, &plain, swc.text);
    if (status == 0 && source->fit != NULL)
        status = add_path(&self->fit, source->fit, "fit");
    if (status != 0)
        goto out;
    self->nseg_one = source->nseg_one;
    self->processing = source->processing;
    if (self->fit != NULL && source->processing != SNA_PERISOMATIC && !swc.has[2]) {
        status =
            sna_error(SNA_EFORMAT, "%s: the morphology has no axon (type 2), which the %s way to apply a fit needs",
                      self->swc, sna_processing_name(source->processing));
        goto out;
    }
    status = sna_swc_template(&self->definition, &swc, self->fit != NULL);
    if (status == 0 && self->fit != NULL)
        status = sna_allen_read(self, &swc);
    if (status == 0)
        status = sna_text_copy(&self->template_name, SNA_SWC_TEMPLATE);
    if (status == 0)
        status = sna_text_format(&self->arguments, "\"%s\"", plain != NULL ? plain : self->swc);
out:
    free(plain);
    sna_swc_free(&swc);
    return status;
}

static int add_template(sna_cell_model *self, const sna_cell_source *source)
{
    int status = 0;

    if (source->fit != NULL || source->nseg_one) {
        status = sna_error(SNA_EINVAL, "%s is for a morphology (SWC), not for a template",
                           source->fit != NULL ? "a fit"
                                               : "one "
                                                 "segment a section");
        goto out;
    }
    if (source->hoc_count == 0 && source->hoc_folder == NULL) {
        status =
            sna_error(SNA_EINVAL, "which cell? Name the hoc file of its template, a folder of them, or an SWC file");
        goto out;
    }
    for (uint64_t i = 0; i < source->hoc_count && status == 0; i++)
        status = add_hoc_file(self, source->hoc_folder, source->hoc[i]);
    if (status == 0 && source->hoc_count == 0)
        status = add_hoc_folder(self, source->hoc_folder);
    if (status == 0)
        status = choose_template(self, source->template_name);
    if (status == 0 && source->hoc_count == 0)
        status = sna_templates_keep_needed(&self->hoc, self->template_name);
    if (status == 0)
        status = copy_hoc_text(&self->arguments, source->arguments, "arguments of the template");
out:
    return status;
}

static int add_changes(sna_cell_model *self, const sna_cell_source *source)
{
    int status = 0;

    for (uint64_t i = 0; i < source->insert_count && status == 0; i++) {
        if (!sna_hoc_is_name(source->insert[i]))
            status = sna_error(SNA_EINVAL, "`%s` cannot be the name of a mechanism", source->insert[i]);
        else
            status = sna_list_add(&self->insert, source->insert[i]);
    }
    for (uint64_t i = 0; i < source->set_count && status == 0; i++) {
        status = sna_cell_check_setting(source->set[i]);
        if (status == 0)
            status = sna_list_add(&self->set, source->set[i]);
    }
    return status;
}

int sna_cell_check_setting(const char *text)
{
    int status = 0;
    const char *equals = strchr(text, '=');
    char *name = NULL, *dot;
    double value;

    if (equals == NULL)
        goto wrong;
    status = sna_text_format(&name, "%.*s", (int)(equals - text), text);
    if (status != 0)
        goto out;
    dot = strchr(name, '.');
    if (dot != NULL)
        *dot = '\0';
    if (!sna_hoc_is_name(name) || (dot != NULL && !sna_hoc_is_name(dot + 1)) ||
        sna_number_parse(&value, equals + 1) != 0 || !isfinite(value))
        goto wrong;
    goto out;
wrong:
    status = sna_error(SNA_EINVAL,
                       "`%s` sets nothing: settings are written name=value or section.name=value, e.g. g_pas=1e-4, "
                       "dend.Ra=150",
                       text);
out:
    free(name);
    return status;
}

int sna_cell_model_create(sna_cell_model **out, const sna_cell_source *given)
{
    int status = 0;
    sna_neuron_installation found = {NULL, NULL, NULL};
    sna_cell_model *self = NULL;
    sna_cell_choice choice;
    const sna_cell_source *source = &choice.source;

    *out = NULL;
    status = sna_cell_choose(&choice, given);
    if (status == 0)
        status = sna_allocate(&self, 1, sizeof *self);
    if (status != 0)
        goto out;
    self->plain = -1;
    self->celsius = choice.celsius;
    self->v_init = choice.v_init;
    self->dt = choice.dt;
    status = source->swc != NULL ? add_morphology(self, source) : add_template(self, source);
    if (status == 0)
        status = add_changes(self, source);
    if (status == 0 && source->post_init != NULL)
        status = copy_hoc_text(&self->post_init, source->post_init, "call after construction");
    if (status == 0 && source->config != NULL)
        status = sna_path_real(&self->config, source->config);
    if (status == 0 && source->node != NULL)
        status = sna_text_copy(&self->node, source->node);
    if (status == 0)
        status = sna_neuron_find(&found, source->neuron);
    if (status == 0)
        status = sna_text_copy(&self->neuron, found.library);
    if (status == 0)
        status = add_mechanisms(self, source);
    if (status == 0) {
        *out = self;
        self = NULL;
    }
out:
    sna_neuron_installation_free(&found);
    sna_cell_choice_free(&choice);
    sna_cell_model_free(self);
    return status;
}

const char *sna_cell_model_template(const sna_cell_model *self)
{
    return self->template_name;
}

void sna_cell_model_free(sna_cell_model *self)
{
    if (self == NULL)
        return;
    if (self->plain >= 0)
        (void)close(self->plain);
    sna_list_free(&self->hoc);
    free(self->template_name);
    free(self->arguments);
    free(self->post_init);
    free(self->mechanisms);
    free(self->mod_folder);
    free(self->neuron);
    free(self->swc);
    free(self->definition);
    free(self->fit);
    sna_list_free(&self->steps);
    sna_list_free(&self->places);
    sna_list_free(&self->notes);
    sna_list_free(&self->insert);
    sna_list_free(&self->set);
    free(self->config);
    free(self->node);
    free(self);
}
