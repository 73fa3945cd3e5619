/* swc.c: checks a morphology and writes the hoc template that reads it with NEURON's own reader. */
#include "internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char SNA_SWC_TEMPLATE[] = "SonatinaCell";

typedef struct {
    int64_t parent; /* place in the list, -1: a root */
    int type;
    uint64_t line;
} point;

typedef struct {
    const char *path;
    point *list;
    uint64_t count, capacity;
    int64_t first; /* id of the first point */
} reader;

static int number_at(const reader *self, uint64_t line, const char *text, const char *what, double *out)
{
    if (sna_number_parse(out, text) != 0 || !isfinite(*out))
        return sna_error(SNA_EFORMAT, "%s:%" PRIu64 ": %s must be a number, found `%.40s`", self->path, line, what,
                         text);
    return 0;
}

static int whole_number_at(const reader *self, uint64_t line, const char *text, const char *what, int64_t *out)
{
    double value = 0;
    int status = number_at(self, line, text, what, &value);

    *out = 0;
    if (status == 0 && (value != floor(value) || fabs(value) > 1e15))
        status = sna_error(SNA_EFORMAT, "%s:%" PRIu64 ": %s must be a whole number, found `%.40s`", self->path, line,
                           what, text);
    if (status == 0)
        *out = (int64_t)value;
    return status;
}

/* id, type, x, y, z, radius, parent. */
static int add_point(reader *self, uint64_t line, char *const field[7])
{
    static const char *const coordinates[] = {"x", "y", "z", "the radius"};
    int status = 0;
    int64_t id = 0, type = 0, parent = 0;
    double value = 0;
    point *grown;

    status = whole_number_at(self, line, field[0], "the id of a point", &id);
    if (status == 0)
        status = whole_number_at(self, line, field[1], "the type of a point", &type);
    for (int i = 0; i < 4 && status == 0; i++)
        status = number_at(self, line, field[2 + i], coordinates[i], &value);
    if (status == 0)
        status = whole_number_at(self, line, field[6], "the parent of a point", &parent);
    if (status != 0)
        goto out;
    if (type < 0 || type >= SNA_SWC_TYPES) {
        status = sna_error(SNA_EFORMAT,
                           "%s:%" PRIu64 ": the type of a point must be from 0 to %d (1 soma, 2 axon, 3 dendrite, "
                           "4 apical dendrite), found %" PRId64,
                           self->path, line, SNA_SWC_TYPES - 1, type);
        goto out;
    }
    if (!(value > 0)) {
        status =
            sna_error(SNA_EFORMAT, "%s:%" PRIu64 ": the radius must be above 0 um, found %g", self->path, line, value);
        goto out;
    }
    if (self->count == 0)
        self->first = id;
    if (id != self->first + (int64_t)self->count) {
        status = sna_error(SNA_EFORMAT,
                           "%s:%" PRIu64 ": the ids of points must go up by one from line to line: expected %" PRId64
                           ", found %" PRId64,
                           self->path, line, self->first + (int64_t)self->count, id);
        goto out;
    }
    grown = sna_grow(self->list, &self->capacity, self->count + 1, sizeof *self->list);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->list = grown;
    self->list[self->count++] = (point){parent == -1 ? -1 : parent - self->first, (int)type, line};
    /* A file whose ids start at 0 has -1 for no parent too. */
    if (parent != -1 && parent < self->first)
        status = sna_error(SNA_EFORMAT,
                           "%s:%" PRIu64 ": the parent of point %" PRId64 " is %" PRId64 ", but there is no such point",
                           self->path, line, id, parent);
out:
    return status;
}

static int read_line(reader *self, uint64_t line, char *text)
{
    int status = 0;
    char *field[7], *at = text;
    int count = 0;

    while (count < 7) {
        at += strspn(at, " \t\r\v\f");
        if (*at == '\0' || *at == '#')
            break;
        field[count++] = at;
        at += strcspn(at, " \t\r\v\f");
        if (*at != '\0')
            *at++ = '\0';
    }
    if (count == 7)
        status = add_point(self, line, field);
    else if (count > 0)
        status = sna_error(SNA_EFORMAT, "%s:%" PRIu64 ": a point has 7 numbers (id type x y z radius parent), found %d",
                           self->path, line, count);
    return status;
}

/* NEURON's reader wants each parent before its children, which also means that nothing is its own ancestor. It says so
 * in a flag that it sets for mere remarks as well, which is why all is checked here. */
static int check_tree(const reader *self)
{
    int status = 0;
    uint64_t roots = 0;

    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        const point *own = &self->list[i];
        if (own->parent < 0)
            roots++;
        else if ((uint64_t)own->parent >= i)
            status = sna_error(SNA_EFORMAT, "%s:%" PRIu64 ": the parent of point %" PRId64 " is %" PRId64 ", %s",
                               self->path, own->line, (int64_t)i + self->first, own->parent + self->first,
                               (uint64_t)own->parent >= self->count ? "but there is no such point"
                               : (uint64_t)own->parent == i         ? "which is itself"
                                                                    : "but a parent must stand before its children");
    }
    if (status == 0 && roots != 1)
        status =
            sna_error(SNA_EFORMAT, "%s: the morphology is in %" PRIu64 " pieces: only one point may have the parent -1",
                      self->path, roots);
    return status;
}

int sna_swc_read(sna_swc *out, const char *path)
{
    int status = 0;
    reader self = {.path = path};
    char *text = NULL, *at;
    uint64_t size = 0, line = 0;

    memset(out, 0, sizeof *out);
    status = sna_file_read(&text, &size, path);
    if (status != 0)
        goto out;
    if (strlen(text) != size) {
        status = sna_error(SNA_EFORMAT, "%s: this is no SWC file: it holds zero bytes", path);
        goto out;
    }
    for (at = text; *at != '\0' && status == 0;) {
        char *end = at + strcspn(at, "\n");
        const bool last = *end == '\0';
        *end = '\0';
        status = read_line(&self, ++line, at);
        at = last ? end : end + 1;
    }
    if (status == 0 && self.count < 2)
        status = self.count == 1 && self.list[0].type == 1
                     ? 0
                     : sna_error(SNA_EFORMAT, "%s: the morphology has %" PRIu64 " points, which make no cell", path,
                                 self.count);
    if (status == 0)
        status = check_tree(&self);
    for (uint64_t i = 0; i < self.count; i++)
        out->has[self.list[i].type] = true;
    out->points = self.count;
out:
    free(text);
    free(self.list);
    return status;
}

/* Room for "dendritic_" and any int. */
enum { NAME_SIZE = 32 };

/* The names that NEURON's reader gives to the sections of a type, and to their list. */
static void names_of(int type, char section[NAME_SIZE], char list[NAME_SIZE])
{
    static const char *const sections[] = {"soma", "axon", "dend", "apic"};
    static const char *const lists[] = {"somatic", "axonal", "basal", "apical"};

    if (type >= 1 && type <= 4) {
        (void)snprintf(section, NAME_SIZE, "%s", sections[type - 1]);
        (void)snprintf(list, NAME_SIZE, "%s", lists[type - 1]);
    } else {
        (void)snprintf(section, NAME_SIZE, "dend_%d", type);
        (void)snprintf(list, NAME_SIZE, "dendritic_%d", type);
    }
}

int sna_swc_template(char **out, const sna_swc *swc, bool axon)
{
    int status = 0;
    sna_string declared = SNA_STRING, made = SNA_STRING;
    char section[NAME_SIZE], list[NAME_SIZE];

    *out = NULL;
    for (int type = 0; type < SNA_SWC_TYPES && status == 0; type++) {
        /* The lists of the four kinds are always there: models count on them. */
        const bool sections = swc->has[type] || (axon && type == 2);
        if (!sections && !(type >= 1 && type <= 4))
            continue;
        names_of(type, section, list);
        status = sna_string_format(&declared, "public %s\nobjref %s\n", list, list);
        if (status == 0 && sections)
            status = sna_string_format(&declared, "public %s\ncreate %s[1]\n", section, section);
        if (status == 0)
            status = sna_string_format(&made, "    %s = new SectionList()\n", list);
    }
    if (status == 0)
        status =
            sna_text_format(out,
                            "begintemplate %s\n"
                            "public all\n"
                            "objref all, this\n"
                            "%s"
                            "proc init() { localobj reader, maker\n"
                            "    all = new SectionList()\n"
                            "%s"
                            "    reader = new Import3d_SWC_read()\n"
                            "    reader.quiet = 1\n"
                            "    reader.input($s1)\n"
                            "    maker = new Import3d_GUI(reader, 0)\n"
                            "    maker.instantiate(this)\n"
                            "}\n"
                            "endtemplate %s\n",
                            SNA_SWC_TEMPLATE, sna_string_text(&declared), sna_string_text(&made), SNA_SWC_TEMPLATE);
    sna_string_free(&made);
    sna_string_free(&declared);
    return status;
}
