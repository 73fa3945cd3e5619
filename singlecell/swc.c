/* swc.c: reads a morphology as SWC files are written in practice, checks it, and writes the hoc template that reads it
 * with NEURON's own reader. */
#include "internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char SNA_SWC_TEMPLATE[] = "SonatinaCell";

static const int SOMA = 1;

typedef struct {
    int64_t id, parent_id; /* as in the file; -1: a root */
    uint64_t parent;       /* place in the list */
    int type;
    double at[4]; /* x, y, z, radius; um */
    uint64_t line;
    bool reached;
} point;

/* A place in the list, to look points up by their id. */
typedef struct {
    int64_t id;
    uint64_t place;
} label;

typedef struct {
    const char *path;
    point *list; /* [count] in the order of the file */
    uint64_t count, capacity;
    label *label; /* [count] in the order of the ids */
    bool odd;     /* written in a way that NEURON's reader does not take */
} reader;

/* ---- lines ------------------------------------------------------------------------------------------------------ */

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
    point own = {.line = line};
    int64_t type = 0;
    point *grown;

    status = whole_number_at(self, line, field[0], "the id of a point", &own.id);
    if (status == 0)
        status = whole_number_at(self, line, field[1], "the type of a point", &type);
    for (int i = 0; i < 4 && status == 0; i++)
        status = number_at(self, line, field[2 + i], coordinates[i], &own.at[i]);
    if (status == 0)
        status = whole_number_at(self, line, field[6], "the parent of a point", &own.parent_id);
    if (status != 0)
        goto out;
    if (own.id < 0)
        status = sna_error(SNA_EFORMAT, "%s:%" PRIu64 ": the id of a point must not be negative, found %" PRId64,
                           self->path, line, own.id);
    else if (type < 0 || type >= SNA_SWC_TYPES)
        status = sna_error(SNA_EFORMAT,
                           "%s:%" PRIu64 ": the type of a point must be from 0 to %d (1 soma, 2 axon, 3 dendrite, "
                           "4 apical dendrite), found %" PRId64,
                           self->path, line, SNA_SWC_TYPES - 1, type);
    else if (!(own.at[3] > 0))
        status = sna_error(SNA_EFORMAT, "%s:%" PRIu64 ": the radius must be above 0 um, found %g", self->path, line,
                           own.at[3]);
    if (status != 0)
        goto out;
    own.type = (int)type;
    grown = sna_grow(self->list, &self->capacity, self->count + 1, sizeof *self->list);
    if (grown == NULL) {
        status = SNA_ENOMEM;
        goto out;
    }
    self->list = grown;
    self->list[self->count++] = own;
out:
    return status;
}

/* Where the remark starts that a line ends with. Besides # some programs write ; % or // in front of a remark. */
static char *find_remark(reader *self, char *text)
{
    char *at = text + strspn(text, " \t\r\v\f");

    if (*at == ';' || *at == '%' || strncmp(at, "//", 2) == 0) {
        self->odd = true;
        return at;
    }
    return text + strcspn(text, "#");
}

/* Numbers stand between blanks, or between commas. A comma in a number is not read, and not taken for a gap either. */
static int read_line(reader *self, uint64_t line, char *text)
{
    int status = 0;
    char *field[7], *at = text;
    int count = 0, commas = 0;
    double number;

    *find_remark(self, text) = '\0';
    while (*at != '\0') {
        const size_t gap = strspn(at, " \t\r\v\f,");
        for (size_t i = 0; i < gap; i++)
            commas += at[i] == ',';
        at += gap;
        if (*at == '\0')
            break;
        if (count < 7)
            field[count] = at;
        count++;
        at += strcspn(at, " \t\r\v\f,");
        if (*at == ',')
            commas++;
        if (*at != '\0')
            *at++ = '\0';
    }
    if (commas > 0)
        self->odd = true;
    if (count > 0 && sna_number_parse(&number, field[0]) != 0)
        status =
            sna_error(SNA_EFORMAT, "%s:%" PRIu64 ": a point has 7 numbers (id type x y z radius parent), found `%.40s`",
                      self->path, line, field[0]);
    else if (commas > 0 && (count != 7 || commas < 6 || commas > 7))
        status = sna_error(SNA_EFORMAT,
                           "%s:%" PRIu64 ": there are commas in this line, but not just between its 7 numbers (numbers "
                           "are written with a decimal point)",
                           self->path, line);
    else if (count >= 7)
        status = add_point(self, line, field);
    else if (count > 0)
        status = sna_error(SNA_EFORMAT, "%s:%" PRIu64 ": a point has 7 numbers (id type x y z radius parent), found %d",
                           self->path, line, count);
    return status;
}

static int read_points(reader *self)
{
    static const char mark[] = "\xef\xbb\xbf"; /* the byte order mark of Windows' editors */
    int status = 0;
    char *text = NULL, *at;
    uint64_t size = 0, line = 0;

    status = sna_file_read(&text, &size, self->path);
    if (status != 0)
        goto out;
    if (strlen(text) != size) {
        status = sna_error(SNA_EFORMAT, "%s: this is no SWC file: it holds zero bytes", self->path);
        goto out;
    }
    at = text;
    if (strncmp(at, mark, sizeof mark - 1) == 0) {
        at += sizeof mark - 1;
        self->odd = true;
    }
    while (*at != '\0' && status == 0) {
        char *end = at + strcspn(at, "\n");
        const bool last = *end == '\0';
        *end = '\0';
        status = read_line(self, ++line, at);
        at = last ? end : end + 1;
    }
    if (status == 0 && (self->count == 0 || (self->count == 1 && self->list[0].type != SOMA)))
        status = sna_error(SNA_EFORMAT, "%s: the morphology has %" PRIu64 " points, which make no cell", self->path,
                           self->count);
out:
    free(text);
    return status;
}

/* ---- the tree --------------------------------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    const int64_t left = ((const label *)a)->id, right = ((const label *)b)->id;

    return (left > right) - (left < right);
}

/* Finds each point's parent by its id. */
static int find_parents(reader *self)
{
    int status = 0;

    status = sna_allocate(&self->label, self->count, sizeof *self->label);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < self->count; i++)
        self->label[i] = (label){self->list[i].id, i};
    qsort(self->label, (size_t)self->count, sizeof *self->label, by_id);
    for (uint64_t i = 1; i < self->count; i++) {
        if (self->label[i].id == self->label[i - 1].id) {
            const uint64_t a = self->list[self->label[i - 1].place].line, b = self->list[self->label[i].place].line;
            status = sna_error(SNA_EFORMAT, "%s:%" PRIu64 ": there is a point %" PRId64 " in line %" PRIu64 " already",
                               self->path, a > b ? a : b, self->label[i].id, a > b ? b : a);
            goto out;
        }
    }
    for (uint64_t i = 0; i < self->count; i++) {
        point *own = &self->list[i];
        const label wanted = {own->parent_id, 0};
        const label *found;
        if (own->parent_id == -1)
            continue;
        found = bsearch(&wanted, self->label, (size_t)self->count, sizeof *self->label, by_id);
        if (found == NULL || found->place == i) {
            status = sna_error(SNA_EFORMAT, "%s:%" PRIu64 ": the parent of point %" PRId64 " is %" PRId64 ", %s",
                               self->path, own->line, own->id, own->parent_id,
                               found == NULL ? "but there is no such point" : "which is itself");
            goto out;
        }
        own->parent = found->place;
    }
out:
    return status;
}

/* One tree out of one or several: a branch without a parent belongs to the soma. *root is where the tree starts. */
static int join_trees(reader *self, uint64_t *root, sna_list *notes)
{
    int status = 0;
    uint64_t roots = 0;

    for (uint64_t i = 0; i < self->count; i++) {
        const point *own = &self->list[i];
        if (own->parent_id != -1)
            continue;
        if (roots++ == 0 || (own->type == SOMA && self->list[*root].type != SOMA))
            *root = i;
    }
    if (roots == 0) {
        status = sna_error(SNA_EFORMAT, "%s:%" PRIu64 ": no point has the parent -1, so the morphology starts nowhere",
                           self->path, self->list[0].line);
        goto out;
    }
    for (uint64_t i = 0; i < self->count && roots > 1; i++) {
        point *own = &self->list[i];
        char *note = NULL;
        if (own->parent_id != -1 || i == *root)
            continue;
        if (self->list[*root].type != SOMA || own->type == SOMA) {
            status = sna_error(SNA_EFORMAT,
                               "%s:%" PRIu64 ": point %" PRId64 " has no parent, and neither has point %" PRId64
                               " in line %" PRIu64 ": a cell is one tree%s",
                               self->path, own->line, own->id, self->list[*root].id, self->list[*root].line,
                               own->type == SOMA ? " with one soma" : ", and there is no soma to connect it to");
            goto out;
        }
        own->parent_id = self->list[*root].id;
        own->parent = *root;
        self->odd = true;
        status = sna_text_format(&note,
                                 "line %" PRIu64 " of the morphology: point %" PRId64
                                 " has no parent; its branch was connected to the soma",
                                 own->line, own->id);
        if (status == 0)
            status = sna_list_add(notes, note);
        free(note);
        if (status != 0)
            goto out;
    }
out:
    return status;
}

/* The points in the order in which NEURON's reader wants them, each behind its parent and branch after branch, the
 * soma's before others: *order is theirs, by place. */
static int walk(reader *self, uint64_t root, uint64_t **order)
{
    int status = 0;
    uint64_t *child = NULL, *next = NULL, *stack = NULL, waiting = 0, done = 0;
    const uint64_t none = UINT64_MAX;

    status = sna_allocate(order, self->count, sizeof **order);
    if (status == 0)
        status = sna_allocate(&child, self->count, sizeof *child);
    if (status == 0)
        status = sna_allocate(&next, self->count, sizeof *next);
    if (status == 0)
        status = sna_allocate(&stack, self->count, sizeof *stack);
    if (status != 0)
        goto out;
    for (uint64_t i = 0; i < self->count; i++)
        child[i] = none;
    /* Lists are filled at their heads and go through a stack, so that what was put in first comes out first. */
    for (int soma = 1; soma >= 0; soma--) {
        for (uint64_t i = 0; i < self->count; i++) {
            const point *own = &self->list[i];
            if (own->parent_id == -1 || (own->type == SOMA) != (soma == 1))
                continue;
            next[i] = child[own->parent];
            child[own->parent] = i;
        }
    }
    stack[waiting++] = root;
    while (waiting > 0) {
        const uint64_t place = stack[--waiting];
        self->list[place].reached = true;
        (*order)[done++] = place;
        for (uint64_t at = child[place]; at != none; at = next[at])
            stack[waiting++] = at;
    }
    for (uint64_t i = 0; i < self->count && done < self->count; i++) {
        if (!self->list[i].reached) {
            status =
                sna_error(SNA_EFORMAT,
                          "%s:%" PRIu64 ": point %" PRId64 " hangs on a ring: going from parent to parent never ends",
                          self->path, self->list[i].line, self->list[i].id);
            break;
        }
    }
out:
    free(stack);
    free(next);
    free(child);
    return status;
}

/* Whether NEURON's reader takes the file as it stands: ids that go up by one, each parent before its children. */
static bool is_plain(const reader *self)
{
    for (uint64_t i = 0; i < self->count; i++) {
        const point *own = &self->list[i];
        if (own->id != self->list[0].id + (int64_t)i || (own->parent_id != -1 && own->parent >= i))
            return false;
    }
    return !self->odd;
}

/* The morphology as NEURON's reader takes it. */
static int write_plain(const reader *self, const uint64_t *order, char **out)
{
    int status = 0;
    sna_string text = SNA_STRING;
    uint64_t *id = NULL;
    char number[4][SNA_NUMBER_SIZE];

    status = sna_allocate(&id, self->count, sizeof *id);
    for (uint64_t i = 0; i < self->count && status == 0; i++) {
        const point *own = &self->list[order[i]];
        id[order[i]] = i + 1;
        for (int k = 0; k < 4; k++)
            (void)sna_number_text(number[k], own->at[k]);
        status =
            sna_string_format(&text, "%" PRIu64 " %d %s %s %s %s %" PRId64 "\n", i + 1, own->type, number[0], number[1],
                              number[2], number[3], own->parent_id == -1 ? -1 : (int64_t)id[own->parent]);
    }
    free(id);
    if (status == 0)
        *out = text.text;
    else
        sna_string_free(&text);
    return status;
}

int sna_swc_read(sna_swc *out, const char *path)
{
    int status = 0;
    reader self = {.path = path};
    uint64_t root = 0, *order = NULL;

    *out = (sna_swc){.notes = SNA_LIST};
    status = read_points(&self);
    if (status == 0)
        status = find_parents(&self);
    if (status == 0)
        status = join_trees(&self, &root, &out->notes);
    if (status == 0)
        status = walk(&self, root, &order);
    if (status == 0 && !is_plain(&self))
        status = write_plain(&self, order, &out->text);
    for (uint64_t i = 0; i < self.count; i++)
        out->has[self.list[i].type] = true;
    out->points = self.count;
    free(order);
    free(self.label);
    free(self.list);
    if (status != 0)
        sna_swc_free(out);
    return status;
}

void sna_swc_free(sna_swc *self)
{
    free(self->text);
    self->text = NULL;
    sna_list_free(&self->notes);
}

/* ---- the template ----------------------------------------------------------------------------------------------- */

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
